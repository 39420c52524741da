import { defineSettings, setting } from '@gantry/config';
import { z } from 'zod';

/** What an operator can set about rate limits. The limits themselves are part of the tools' contracts. */
export const rateLimitSettings = defineSettings('rate-limit', {
  enabled: setting(
    'MCP_RATE_LIMITS',
    z
      .enum(['on', 'off'])
      .default('on')
      .transform((choice) => choice === 'on'),
    { description: 'on, or off: no call is refused because there were many.' },
  ),
});
