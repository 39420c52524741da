import { defineSettings, setting } from '@gantry/config';
import { z } from 'zod';

/** What an operator can set about the audit trail. */
export const auditSettings = defineSettings('audit', {
  flushMs: setting('MCP_AUDIT_FLUSH_MS', z.coerce.number().int().min(10).max(60_000).default(200), {
    description:
      'How long the entry of a read or a refusal may wait to be written with others. A crash loses what waits.',
  }),
  batchRows: setting('MCP_AUDIT_BATCH_ROWS', z.coerce.number().int().min(1).max(5_000).default(500), {
    description: 'So many waiting entries are written at once, without waiting longer.',
  }),
  queueRows: setting('MCP_AUDIT_QUEUE_ROWS', z.coerce.number().int().min(1).max(100_000).default(10_000), {
    description:
      'Most entries that wait while the database is slow or away. Beyond that the oldest are dropped, reads first.',
  }),
});
