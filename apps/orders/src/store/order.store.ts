import { Database, NO_TENANT } from '@gantry/postgres';
import { Injectable } from '@nestjs/common';
import type { OrderState } from '../domain/order-state-machine.ts';
import type { NewOrder, Order, OrderLine, OrderProgress, OrderWithLines } from '../domain/order.ts';

/** Sorts after every other character, as ids are sorted. */
const LAST_CHARACTER = '\u{10FFFF}';

/** Which orders to list, the latest first. */
export interface OrderWindow {
  readonly state: OrderState | undefined;
  readonly customerId: string | undefined;
  readonly reference: string | undefined;
  /** Orders placed before the one with this id. */
  readonly before: string | undefined;
  readonly limit: number;
}

/** An order of some tenant. */
export interface OrderOfTenant {
  readonly tenant: string;
  readonly id: string;
}

/** The rows of `orders` and `order_lines`, in the current unit of work. */
@Injectable()
export class OrderStore {
  constructor(private readonly database: Database) {}

  /** Keeps an order that has just been placed. Its stock has to be reserved in the same unit of work. */
  async insert(order: NewOrder, lines: readonly OrderLine[]): Promise<Order> {
    const { sql } = this.database;
    const numbered = lines.map((line, index) => ({ ...line, line: index + 1 }));
    const [inserted] = await sql<Order[]>`
      insert into orders (
        id, customer_id, currency, total, line_count, reference, placed_by_subject, placed_by_client,
        priced_by_subject, priced_by_client
      )
      values (
        ${order.id}, ${order.customerId}, ${order.currency}, ${order.total}, ${lines.length}, ${order.reference},
        ${order.placedBy.subject}, ${order.placedBy.client}, ${order.pricedBy?.subject ?? null},
        ${order.pricedBy?.client ?? null}
      )
      returning ${this.#columns}`;
    await sql`
      insert into order_lines (
        order_id, line, product_id, sku, name, quantity, list_price, unit_price, discount_basis_points, line_total
      )
      select
        ${order.id}, line, "productId", sku, name, quantity, "listPrice", "unitPrice", "discountBasisPoints",
        "lineTotal"
      from json_to_recordset(${JSON.stringify(numbered)}::text::json) as ordered (
        line integer, "productId" text, sku text, name text, quantity bigint, "listPrice" bigint,
        "unitPrice" bigint, "discountBasisPoints" integer, "lineTotal" bigint
      )`;
    return inserted!;
  }

  /** The order with this id. */
  async find(id: string): Promise<OrderWithLines | undefined> {
    const [found] = await this.database.sql<OrderWithLines[]>`
      select ${this.#columns}, ${this.#lines} from orders where id = ${id}`;
    return found;
  }

  /** The order with this id, for this unit of work alone to change. */
  async lock(id: string): Promise<Order | undefined> {
    const [found] = await this.database.sql<Order[]>`
      select ${this.#columns} from orders where id = ${id} for no key update`;
    return found;
  }

  /** Moves a locked order to its next version. What is not said of it stays. */
  async save(order: Order, change: Partial<OrderProgress>): Promise<OrderWithLines> {
    const next = { ...order, ...change };
    const [saved] = await this.database.sql<OrderWithLines[]>`
      update orders set
        state = ${next.state},
        payment_attempt = ${next.paymentAttempt},
        payment_id = ${next.paymentId},
        payment_error = ${next.paymentError},
        receipt_record_id = ${next.receiptRecordId},
        refund_state = ${next.refundState},
        carrier = ${next.shipment.carrier},
        tracking_number = ${next.shipment.trackingNumber},
        cancel_reason = ${next.cancelReason},
        return_reason = ${next.returnReason},
        version = version + 1
      where id = ${order.id} and version = ${order.version}
      returning ${this.#columns}, ${this.#lines}`;
    if (!saved) throw new Error('A locked order must be there, as it was read.');
    return saved;
  }

  /** Orders, the latest first. */
  async list({ state, customerId, reference, before, limit }: OrderWindow): Promise<Order[]> {
    const { sql } = this.database;
    return sql<Order[]>`
      select ${this.#columns} from orders
      where true
        ${state === undefined ? sql`` : sql`and state = ${state}`}
        ${customerId === undefined ? sql`` : sql`and customer_id = ${customerId}`}
        ${reference === undefined ? sql`` : sql`and reference = ${reference}`}
        ${before === undefined ? sql`` : sql`and id < ${before}`}
      order by id desc
      limit ${limit}`;
  }

  /** Ids that begin with a prefix, the latest first. */
  async idsFrom(prefix: string, limit: number): Promise<string[]> {
    const rows = await this.database.sql<{ id: string }[]>`
      select id from orders
      where id >= ${prefix} and id < ${prefix + LAST_CHARACTER}
      order by id desc
      limit ${limit}`;
    return rows.map(({ id }) => id);
  }

  /** Orders of all tenants that nobody has paid in time, the oldest first. In a unit of work of its own. */
  expired(limit: number): Promise<OrderOfTenant[]> {
    return this.database.read({ tenant: NO_TENANT }, async () => {
      const { sql } = this.database;
      return sql<OrderOfTenant[]>`select tenant_id as tenant, id from expired_orders(${limit})`;
    });
  }

  get #lines() {
    return this.database.sql`
      (
        select json_agg(json_build_object(
          'productId', product_id, 'sku', sku, 'name', name, 'quantity', quantity, 'listPrice', list_price,
          'unitPrice', unit_price, 'discountBasisPoints', discount_basis_points, 'lineTotal', line_total
        ) order by line)
        from order_lines where order_id = orders.id
      ) as lines`;
  }

  get #columns() {
    return this.database.sql`
      id, customer_id as "customerId", state, currency, total, line_count as "lineCount", reference,
      json_build_object('subject', placed_by_subject, 'client', placed_by_client) as "placedBy",
      case when priced_by_subject is not null then
        json_build_object('subject', priced_by_subject, 'client', priced_by_client)
      end as "pricedBy",
      payment_attempt as "paymentAttempt", payment_id as "paymentId", payment_error as "paymentError",
      receipt_record_id as "receiptRecordId", refund_state as "refundState",
      json_build_object('carrier', carrier, 'trackingNumber', tracking_number) as shipment,
      cancel_reason as "cancelReason", return_reason as "returnReason", version,
      case when state in ('placed', 'payment_failed') then
        (select min(expires_at) from reservations where order_id = orders.id and reservations.state = 'held')
      end as "reservedUntil",
      created_at as "createdAt", paid_at as "paidAt", shipped_at as "shippedAt", delivered_at as "deliveredAt",
      cancelled_at as "cancelledAt", returned_at as "returnedAt", updated_at as "updatedAt"`;
  }
}
