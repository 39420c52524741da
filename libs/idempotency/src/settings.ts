import { defineSettings, setting } from '@gantry/config';
import { z } from 'zod';

/** What an operator can set about idempotency keys. */
export const idempotencySettings = defineSettings('idempotency', {
  waitMs: setting('MCP_IDEMPOTENCY_WAIT_MS', z.coerce.number().int().min(0).max(30_000).default(2_000), {
    description:
      'How long a repeated call waits for the first one with its key before it is told to come back.',
  }),
  retentionHours: setting(
    'MCP_IDEMPOTENCY_RETENTION_HOURS',
    z.coerce.number().int().min(24).max(8_760).default(24),
    {
      description: 'Hours for which a used key is remembered. After that, the same call takes effect again.',
    },
  ),
});
