import { defineSettings, setting } from '@gantry/config';
import { z } from 'zod';

/** Settings of this service alone; everything else is set through the libraries it is made of. */
export const recordsSettings = defineSettings('records', {
  compiledSchemas: setting(
    'MCP_RECORDS_COMPILED_SCHEMAS',
    z.coerce.number().int().min(1).max(10_000).default(200),
    {
      description:
        'How many collections keep their schema compiled in memory; the rest is compiled when used.',
    },
  ),
});
