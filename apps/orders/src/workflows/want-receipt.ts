import { EventHandler, Jobs, type HandlesEvent } from '@gantry/jobs';
import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { orderPaid } from '../events/order-events.ts';
import { unwrittenReceipts } from './queues.ts';

/** Sees to it that every paid order gets a receipt. */
@Injectable()
@EventHandler({ event: orderPaid, subscriber: 'want-receipt' })
export class WantReceipt implements HandlesEvent<typeof orderPaid> {
  constructor(private readonly jobs: Jobs) {}

  async handle({ order_id }: z.output<(typeof orderPaid)['payload']>): Promise<void> {
    await this.jobs.enqueue(unwrittenReceipts, { order_id }, { singletonKey: order_id });
  }
}
