import { EventHandler, type HandlesEvent } from '@gantry/jobs';
import { formatMoney } from '@gantry/money';
import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { orderPlaced } from '../events/order-events.ts';
import { ConfirmationStore } from '../store/confirmation.store.ts';

/** Confirms orders to their customers: the message that whatever sends mail picks up. */
@Injectable()
@EventHandler({ event: orderPlaced, subscriber: 'confirm-order' })
export class ConfirmOrder implements HandlesEvent<typeof orderPlaced> {
  constructor(private readonly confirmations: ConfirmationStore) {}

  async handle({
    order_id: id,
    line_count: lines,
    total,
    currency,
  }: z.output<(typeof orderPlaced)['payload']>): Promise<void> {
    const size = lines === 1 ? 'one line' : `${lines} lines`;
    await this.confirmations.keep(
      id,
      `We have your order ${id}: ${size}, ${formatMoney({ amount: total, currency })} in all. The goods are kept for you until it is paid.`,
    );
  }
}
