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
import { orderId, PAYMENT_PENDING_TOLD } from './order-inputs.ts';

const shipOrder = defineTool({
  name: 'ship_order',
  title: 'Ship an order',
  description:
    'Notes that a paid order was sent, as a whole; its stock leaves. Call it again with delivered true once the order ' +
    'has arrived. It sends nothing itself: use it after the parcel was handed over. Returns the order, shipped or ' +
    'delivered. Errors: order_not_found (see list_orders), order_not_shippable (not paid, or sent already: its state ' +
    `says what to do instead), order_not_deliverable (not on its way), ${PAYMENT_PENDING_TOLD}. At most 120 calls a minute.`,
  input: z
    .strictObject({
      order_id: orderId,
      carrier: z.string().min(1).max(100).optional().describe('Who carries it, for example "DHL".'),
      tracking_number: z.string().min(1).max(100).optional().describe("The carrier's number of the parcel."),
      delivered: z
        .boolean()
        .default(false)
        .describe(
          'true: the order, shipped before, has arrived. Leave out carrier and tracking_number then.',
        ),
    })
    .refine(
      ({ carrier, tracking_number, delivered }) => !delivered || (carrier ?? tracking_number) === undefined,
      {
        path: ['delivered'],
        message: 'must be false with a carrier or a tracking_number: they are given when the order is sent',
      },
    ),
  output: OrderSummary,
  scopes: ['orders:write'],
  effect: 'update',
  errors: ['order_not_found', 'order_not_shippable', 'order_not_deliverable', 'order_payment_pending'],
});

/** Ships orders. */
@Injectable()
@Tool(shipOrder)
export class ShipOrderTool implements ToolHandler<typeof shipOrder> {
  constructor(private readonly desk: OrderDesk) {}

  async call(
    { order_id: id, carrier, tracking_number, delivered }: InputOf<typeof shipOrder>,
    { principal }: ToolCall,
  ): Promise<OutputOf<typeof shipOrder>> {
    if (delivered) return orderSummary(await this.desk.deliver(principal, id));
    const shipment = { carrier: carrier ?? null, trackingNumber: tracking_number ?? null };
    return orderSummary(await this.desk.ship(principal, id, shipment));
  }
}
