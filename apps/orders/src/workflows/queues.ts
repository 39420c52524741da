import { defineQueue } from '@gantry/jobs';
import { z } from 'zod';

/** Orders whose money has to be given back. One job for each order, whoever asks for it. */
export const refundOrder = defineQueue({
  name: 'refund-order',
  payload: z.strictObject({ order_id: z.string() }),
  policy: 'exclusive',
  retries: 20,
  retryDelaySeconds: 2,
  notify: true,
});

/** Attempts to pay whose outcome has to be found out. One job for each, whoever asks for it. */
export const unfinishedPaymentAttempts = defineQueue({
  name: 'unfinished-payment-attempts',
  payload: z.strictObject({ attempt_id: z.string() }),
  policy: 'exclusive',
  retries: 20,
  retryDelaySeconds: 2,
});

/** Paid orders that need a receipt. One job for each order, whoever asks for it. */
export const unwrittenReceipts = defineQueue({
  name: 'unwritten-receipts',
  payload: z.strictObject({ order_id: z.string() }),
  policy: 'exclusive',
  retries: 20,
  retryDelaySeconds: 2,
});
