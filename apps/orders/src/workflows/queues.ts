import { defineQueue } from '@gantry/jobs';
import { z } from 'zod';

/** A service that is back is asked again within half a minute; of one that stays away a person hears in two hours. */
const PATIENCE = { retries: 240, retryDelaySeconds: 2, retryDelayMaxSeconds: 30 } as const;

/** Orders whose money has to be given back. One job for each order, whoever asks for it. */
export const refundOrder = defineQueue({
  name: 'refund-order',
  payload: z.strictObject({ order_id: z.string() }),
  policy: 'exclusive',
  ...PATIENCE,
  notify: true,
});

/** Attempts to pay whose outcome has to be found out. One job for each, whoever asks for it. */
export const unfinishedPaymentAttempts = defineQueue({
  name: 'unfinished-payment-attempts',
  payload: z.strictObject({ attempt_id: z.string() }),
  policy: 'exclusive',
  ...PATIENCE,
});

/** Paid orders that need a receipt. One job for each order, whoever asks for it. */
export const unwrittenReceipts = defineQueue({
  name: 'unwritten-receipts',
  payload: z.strictObject({ order_id: z.string() }),
  policy: 'exclusive',
  ...PATIENCE,
});
