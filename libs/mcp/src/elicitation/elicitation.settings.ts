import { defineSettings, secret, setting, signingKeyList } from '@gantry/config';
import { z } from 'zod';

/** What an operator can set about questions to people. */
export const elicitationSettings = defineSettings('elicitation', {
  stateKeys: secret('MCP_REQUEST_STATE_KEYS', signingKeyList.optional(), {
    description:
      'Comma-separated keys that sign what a client sends back with the answers of a person, the same on all ' +
      'replicas. The first signs, all verify: to rotate, put a new key in front and drop the last one a day later.',
  }),
  stateSeconds: setting(
    'MCP_REQUEST_STATE_SECONDS',
    z.coerce.number().int().min(1).max(86_400).default(600),
    {
      description: 'How long a person may take to answer a question.',
    },
  ),
});
