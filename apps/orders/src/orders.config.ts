import { defineSettings, setting, type Config } from '@gantry/config';
import { z } from 'zod';

/** Settings of this service alone; everything else is set through the libraries it is made of. */
export const ordersSettings = defineSettings('orders', {
  reservationMinutes: setting(
    'MCP_ORDERS_RESERVATION_MINUTES',
    z.coerce.number().int().min(1).max(43_200).default(60),
    {
      description:
        'How long an order keeps its stock while nobody pays it; each attempt to pay begins this time anew. After that the order is cancelled.',
    },
  ),
  completePaymentAfterSeconds: setting(
    'MCP_ORDERS_COMPLETE_PAYMENT_AFTER_SECONDS',
    z.coerce.number().int().min(1).max(3_600).default(30),
    { description: 'When a job looks after an attempt to pay that its call has not brought to an end.' },
  ),
  receiptsCollection: setting(
    'MCP_ORDERS_RECEIPTS_COLLECTION',
    z
      .string()
      .regex(/^[a-z][a-z0-9_]{0,62}$/, 'must be lower-case letters, digits and _, starting with a letter')
      .default('receipts'),
    { description: 'Collection of the records server that receipts are written to; made if there is none.' },
  ),
});

/** Until when stock that is reserved now is kept. */
export function reservationEnd(config: Config): Date {
  return new Date(Date.now() + config.get(ordersSettings).reservationMinutes * 60_000);
}
