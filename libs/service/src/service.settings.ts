import { defineSettings, setting } from '@gantry/config';
import { z } from 'zod';

/** Settings of the process itself. */
export const serviceSettings = defineSettings('service', {
  transport: setting('MCP_TRANSPORT', z.enum(['http', 'stdio']).default('http'), {
    description:
      'http serves many clients on MCP_PORT; stdio serves one over stdin and stdout. Default: http.',
  }),
  host: setting('MCP_HOST', z.string().min(1).max(255).default('127.0.0.1'), {
    description: 'Address to listen on. Default: 127.0.0.1, reachable from this machine only.',
  }),
  port: setting('MCP_PORT', z.coerce.number().int().min(0).max(65_535).default(7401), {
    description: 'Port to listen on; 0 takes a free one. Default: 7401.',
  }),
  shutdownDelayMs: setting('MCP_SHUTDOWN_DELAY_MS', z.coerce.number().int().min(0).max(60_000).default(0), {
    description:
      'How long to go on serving after readiness has turned false, so that load balancers notice. Default: 0.',
  }),
  shutdownTimeoutMs: setting(
    'MCP_SHUTDOWN_TIMEOUT_MS',
    z.coerce.number().int().min(100).max(300_000).default(10_000),
    {
      description:
        'How long calls in flight may take to finish when the process stops; then they are rolled back. Default: 10000.',
    },
  ),
});
