import { defineSettings, setting } from '@gantry/config';
import { z } from 'zod';
import { ApprovalRule } from './domain/approval.ts';

/** Settings of this service alone; everything else is set through the libraries it is made of. */
export const paymentsSettings = defineSettings('payments', {
  approvalRule: setting(
    'MCP_PAYMENTS_APPROVAL_THRESHOLDS',
    z
      .string()
      .default('')
      .transform((text, context) => {
        try {
          return ApprovalRule.parse(text);
        } catch (error) {
          context.addIssue({ code: 'custom', message: (error as Error).message });
          return z.NEVER;
        }
      }),
    {
      description:
        'Above which amounts somebody has to approve, in minor units: EUR=100000,JPY=150000. Empty: nothing needs approval. As soon as one is set, currencies without one always need it.',
    },
  ),
  approvalHours: setting(
    'MCP_PAYMENTS_APPROVAL_HOURS',
    z.coerce.number().int().min(1).max(8_760).default(72),
    {
      description: 'How long a payment waits for somebody to approve it. After that it is cancelled.',
    },
  ),
  stepSeconds: setting('MCP_PAYMENTS_STEP_SECONDS', z.coerce.number().int().min(1).max(300).default(25), {
    description: 'How long one attempt to bring an operation to its end may take at the provider.',
  }),
  completeAfterSeconds: setting(
    'MCP_PAYMENTS_COMPLETE_AFTER_SECONDS',
    z.coerce.number().int().min(1).max(3_600).default(30),
    { description: 'When a job looks after an operation that its call has not brought to an end.' },
  ),
  giveUpSeconds: setting(
    'MCP_PAYMENTS_GIVE_UP_SECONDS',
    z.coerce.number().int().min(1).max(86_400).default(3_600),
    {
      description:
        'How long a payment that the provider has not been told to take may wait for it. After that it is cancelled there and fails.',
    },
  ),
});
