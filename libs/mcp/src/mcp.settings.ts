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
});
