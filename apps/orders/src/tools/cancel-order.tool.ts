import {
  defineTool,
  Tool,
  type InputOf,
  type OutputOf,
  type ToolCall,
  type ToolHandler,
} from '@gantry/pipeline';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { OrderDesk } from '../desk/order-desk.ts';
import { OrderSummary, orderSummary } from '../desk/order.view.ts';
import { orderId, PAYMENT_PENDING_TOLD, reason } from './order-inputs.ts';

const cancelOrder = defineTool({
  name: 'cancel_order',
  title: 'Cancel an order',
  description:
    'Cancels an order that has not been sent: releases its stock and, if it was paid, gives the money back. Use ' +
    'return_order for one that was sent and came back. Returns the order, cancelled; refund_state is pending until ' +
    'the money has gone back, which get_order shows. Errors: order_not_found (see list_orders), order_not_cancellable ' +
    `(its state says what to do instead), ${PAYMENT_PENDING_TOLD}. At most 60 calls a minute.`,
  input: z.strictObject({ order_id: orderId, reason }),
  output: OrderSummary,
  scopes: ['orders:write'],
  effect: 'update',
  errors: ['order_not_found', 'order_not_cancellable', 'order_payment_pending'],
  limits: { callsPerMinute: 60 },
});

/** Cancels orders. */
@Injectable()
@Tool(cancelOrder)
export class CancelOrderTool implements ToolHandler<typeof cancelOrder> {
  constructor(private readonly desk: OrderDesk) {}

  async call(
    { order_id: id, reason: why }: InputOf<typeof cancelOrder>,
    { principal }: ToolCall,
  ): Promise<OutputOf<typeof cancelOrder>> {
    return orderSummary(await this.desk.cancel(principal, id, why));
  }
}
