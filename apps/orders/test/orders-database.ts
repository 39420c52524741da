import type postgres from 'postgres';
import { typeid } from 'typeid-js';
import type { OrderState } from '../src/domain/order-state-machine.ts';
import { orderLines, type WantedLine } from '../src/domain/ordering.ts';
import type { NewOrder, OrderWithLines } from '../src/domain/order.ts';
import { OrderStore } from '../src/store/order.store.ts';
import { aCustomer, ANN, TENANT, TOMORROW, type CatalogueDatabase } from './catalogue-database.ts';

/** A line of one piece at the price of the catalogue, but for what is said to differ. */
export function aLine(product: string, different: Partial<WantedLine> = {}): WantedLine {
  return { product, quantity: 1, unitPrice: undefined, discountBasisPoints: undefined, ...different };
}

/** Places an order as the desk does: two pieces of a new product unless lines are given. */
export async function place(
  the: CatalogueDatabase,
  different: Partial<NewOrder> = {},
  wanted?: readonly WantedLine[],
  tenant = TENANT,
): Promise<OrderWithLines> {
  const orders = new OrderStore(the.database);
  const lines = wanted ?? [aLine((await the.stocked(10, {}, tenant)).id, { quantity: 2 })];
  return the.write(async () => {
    const products = await the.products.findMany(lines.map(({ product }) => product));
    const ordered = orderLines(lines, products, true);
    const id = typeid('ord').toString();
    const order = {
      id,
      customerId: different.customerId ?? (await the.customers.insert(aCustomer({})))!.id,
      reference: null,
      currency: ordered.currency,
      total: ordered.total,
      placedBy: ANN,
      pricedBy: ordered.isNegotiated ? ANN : null,
      ...different,
    };
    await orders.insert(order, ordered.lines);
    await the.stock.reserve(id, ordered.lines, TOMORROW);
    return (await orders.find(id))!;
  }, tenant);
}

/** What changes as an order comes into a state. */
const ENTERING: Record<OrderState, string> = {
  placed: '',
  payment_pending: ', payment_attempt = payment_attempt + 1, payment_error = null',
  paid: ", payment_id = 'pay_1'",
  payment_failed: ", payment_error = 'card_declined'",
  shipped: '',
  delivered: '',
  cancelled:
    ", cancel_reason = 'why', refund_state = case when payment_id is not null then 'pending' end, payment_error = null",
  returned: ", return_reason = 'why', refund_state = 'pending'",
};

/** Moves an order by hand; without an arrow if it is in this state already. */
export function step(sql: postgres.Sql, id: string, to: OrderState, from?: OrderState) {
  return sql.unsafe(
    `update orders set state = '${to}', version = version + 1 ${from === to ? '' : ENTERING[to]} where id = '${id}'`,
  );
}
