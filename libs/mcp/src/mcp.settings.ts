import { defineSettings, list, setting } from '@gantry/config';
import { z } from 'zod';

const LOOPBACK = 'localhost,127.0.0.1,[::1]';

/** Settings of the HTTP endpoint. */
export const mcpSettings = defineSettings('mcp', {
  allowedHosts: setting('MCP_ALLOWED_HOSTS', list(z.string().max(255)).default(LOOPBACK.split(',')), {
    description: `Host names (without port) that requests may be addressed to, comma-separated. Default: ${LOOPBACK}, and the host of MCP_AUTH_AUDIENCE.`,
  }),
  allowedOrigins: setting('MCP_ALLOWED_ORIGINS', list(z.string().max(255)).default(LOOPBACK.split(',')), {
    description: `Host names (without scheme and port) that an Origin header may name, comma-separated; others are refused. Default: ${LOOPBACK}.`,
  }),
  maxBodyBytes: setting(
    'MCP_MAX_BODY_BYTES',
    z.coerce.number().int().min(1_024).max(67_108_864).default(1_048_576),
    {
      description: 'Largest request body in bytes. Default: 1048576 (1 MiB).',
    },
  ),
  keepAliveSeconds: setting('MCP_KEEP_ALIVE_SECONDS', z.coerce.number().int().min(1).max(300).default(15), {
    description:
      'Seconds between two comments on an event stream, which keep proxies from closing it. Default: 15.',
  }),
  listenMaxMinutes: setting('MCP_LISTEN_MAX_MINUTES', z.coerce.number().positive().max(1_440).default(30), {
    description:
      'How long a subscriptions/listen stream stays open at most, in minutes; it also ends with the token. Default: 30.',
  }),
  maxListeners: setting('MCP_MAX_LISTENERS', z.coerce.number().int().min(0).max(100_000).default(1_000), {
    description: 'How many subscriptions/listen streams may be open in this replica at once. Default: 1000.',
  }),
  maxListenersPerPrincipal: setting(
    'MCP_MAX_LISTENERS_PER_PRINCIPAL',
    z.coerce.number().int().min(0).max(1_000).default(10),
    {
      description: 'How many of them one principal may have open in this replica at once. Default: 10.',
    },
  ),
});
