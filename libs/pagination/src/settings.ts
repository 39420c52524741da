import { defineSettings, secret, setting, signingKeyList } from '@gantry/config';
import { z } from 'zod';

/** What an operator can set about pages. */
export const paginationSettings = defineSettings('pagination', {
  cursorKeys: secret('MCP_CURSOR_KEYS', signingKeyList.optional(), {
    description:
      'Comma-separated keys that sign page cursors, the same on all replicas. The first signs, all verify: ' +
      'to rotate, put a new key in front and drop the last one a day later.',
  }),
  byteBudget: setting(
    'MCP_RESPONSE_BYTE_BUDGET',
    z.coerce.number().int().min(1_024).max(16_777_216).default(262_144),
    {
      description:
        'Bytes of JSON that the items of one page may have. A page over it is cut and goes on with its cursor.',
    },
  ),
});
