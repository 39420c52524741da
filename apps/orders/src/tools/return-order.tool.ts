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

const returnOrder = defineTool({
  name: 'return_order',
  title: 'Take an order back',
  description:
    'Notes that an order that was sent came back, as a whole: puts its stock back and gives the money back. Use it once ' +
    'the goods are there and can be sold again; use cancel_order for an order that was never sent. Returns the order, ' +
    'returned; refund_state is pending until the money has gone back, which get_order shows. Errors: order_not_found ' +
    `(see list_orders), order_not_returnable (its state says what to do instead), ${PAYMENT_PENDING_TOLD}. At most 60 calls a minute.`,
  input: z.strictObject({ order_id: orderId, reason }),
  output: OrderSummary,
  scopes: ['orders:write'],
  effect: 'update',
  errors: ['order_not_found', 'order_not_returnable', 'order_payment_pending'],
  limits: { callsPerMinute: 60 },
});

/** Takes orders back. */
@Injectable()
@Tool(returnOrder)
export class ReturnOrderTool implements ToolHandler<typeof returnOrder> {
  constructor(private readonly desk: OrderDesk) {}

  async call(
    { order_id: id, reason: why }: InputOf<typeof returnOrder>,
    { principal }: ToolCall,
  ): Promise<OutputOf<typeof returnOrder>> {
    return orderSummary(await this.desk.takeBack(principal, id, why));
  }
}
