import { z } from 'zod';
import { defineSettings, setting } from './settings.ts';

/** The configuration's own settings; always loaded. */
export const configSettings = defineSettings('config', {
  secretPollSeconds: setting('MCP_SECRET_POLL_SECONDS', z.coerce.number().min(0.1).max(3_600).default(10), {
    description: 'Seconds between two looks at the secret files.',
  }),
});
