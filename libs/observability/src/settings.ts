import { defineSettings, setting } from '@gantry/config';
import { z } from 'zod';
import { LOG_LEVELS } from './log.ts';

/** What an operator may say about logs and traces. */
export const observabilitySettings = defineSettings('observability', {
  logLevel: setting('MCP_LOG_LEVEL', z.enum(LOG_LEVELS).default('info'), {
    description: 'The least severe level that is logged.',
  }),
  otlpEndpoint: setting('MCP_OTLP_ENDPOINT', z.url({ protocol: /^https?$/ }).optional(), {
    description:
      'Base URL of an OTLP/HTTP collector, such as http://collector:4318. Without it there are no spans.',
  }),
  tracesSampleRatio: setting('MCP_TRACES_SAMPLE_RATIO', z.coerce.number().min(0).max(1).default(1), {
    description: 'Share of traces recorded, 0 to 1. A caller that has decided already is followed.',
  }),
});
