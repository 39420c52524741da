import { defineQueue } from '@gantry/jobs';
import { z } from 'zod';

/** A provider that is back is asked again within half a minute; of one that stays away a person hears in two hours. */
const PATIENCE = { retries: 240, retryDelayMaxSeconds: 30 } as const;

/** Operations that have to be brought to their end. One job for each, whoever asks for it. */
export const unfinishedOperations = defineQueue({
  name: 'unfinished-payment-operations',
  payload: z.strictObject({ operation_id: z.string() }),
  policy: 'exclusive',
  ...PATIENCE,
  retryDelaySeconds: 2,
  notify: true,
});

/** Payments of which the provider has told that something has happened to them. */
export const providerNews = defineQueue({
  name: 'provider-news',
  payload: z.strictObject({
    payment_id: z.string(),
    /** Of the refund that it is about, if it is about one. */
    operation_id: z.string().optional(),
  }),
  ...PATIENCE,
});
