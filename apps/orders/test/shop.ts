import { Database } from '@gantry/postgres';
import type { Type } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { OrderPayments } from '../src/desk/order-payments.ts';
import type { Customer } from '../src/domain/customer.ts';
import type { Product, ProductDescription } from '../src/domain/product.ts';
import { CustomerStore } from '../src/store/customer.store.ts';
import { ProductStore } from '../src/store/product.store.ts';
import { Stock } from '../src/store/stock.store.ts';
import { refundOrder } from '../src/workflows/queues.ts';
import { aCustomer, ANN, aProduct } from './catalogue-database.ts';
import type { ToolReply } from './raw-call.ts';
import { startOrders, type RunningOrders } from './running-orders.ts';

/** A key that nobody has used. */
export function key(): string {
  return `key-${randomUUID()}`;
}

/** A running service with something to sell, somebody to sell it to, and payments that do as they are told. */
export class Shop {
  constructor(
    readonly running: RunningOrders,
    readonly tenant = 'acme',
  ) {}

  static async open(env: Record<string, string> = {}): Promise<Shop> {
    return new Shop(await startOrders(env));
  }

  /** Of the service's container. */
  get<T>(type: { readonly prototype: T }): T {
    return this.running.service.app.get(type as Type<T>);
  }

  /** In a unit of work. */
  write<T>(work: () => Promise<T>): Promise<T> {
    return this.get(Database).write({ tenant: this.tenant }, work);
  }

  /** A product of 18.00 EUR with so many pieces, but for what is said to differ. */
  product(pieces: number, different: Partial<ProductDescription> = {}): Promise<Product> {
    const description = aProduct(different);
    return this.write(async () => {
      await this.get(ProductStore).upsertMany([description]);
      const product = (await this.get(ProductStore).find(description.sku))!;
      return pieces > 0 ? this.get(Stock).restock(product.id, pieces, ANN) : product;
    });
  }

  customer(): Promise<Customer> {
    return this.write(async () => (await this.get(CustomerStore).insert(aCustomer({})))!);
  }

  /** Pieces there are of a product, and those of them that are promised. */
  async stockOf({ id }: { id: string }): Promise<readonly [onHand: number, reserved: number]> {
    const { onHand, reserved } = (await this.write(() => this.get(ProductStore).find(id)))!;
    return [onHand, reserved];
  }

  call(name: string, args: Record<string, unknown>, how?: { token?: string }): Promise<ToolReply> {
    return this.running.call(name, args, how);
  }

  /** Places an order: two pieces of a product of which there are enough, unless lines are given. */
  async place(
    different: Record<string, unknown> = {},
    how?: { token?: string },
  ): Promise<ToolReply['output']> {
    const customer_id = different['customer_id'] ?? (await this.customer()).id;
    const lines = different['lines'] ?? [{ product_id: (await this.product(10)).id, quantity: 2 }];
    const args = { customer_id, lines, idempotency_key: key(), ...different };
    const reply = await this.call('create_order', args, how);
    if (!reply.output) throw new Error(reply.text);
    return reply.output;
  }

  /** An order in a state, by the way that leads there. */
  async orderThatIs(state: string): Promise<string> {
    const { id } = (await this.place()) as { id: string };
    const payments = this.get(OrderPayments);
    const tell = (name: string, args: object = {}) => this.call(name, { order_id: id, ...args });
    if (state === 'placed') return id;
    if (state === 'cancelled') return (await tell('cancel_order', { reason: 'changed my mind' }), id);
    await this.write(() => payments.begin(this.tenant, id));
    if (state === 'payment_pending') return id;
    if (state === 'payment_failed') {
      await this.write(() => payments.failed(this.tenant, id, 1, 'card_declined'));
      return id;
    }
    await this.write(() => payments.succeeded(this.tenant, id, `pay_of_${id}`));
    if (state === 'paid') return id;
    await tell('ship_order');
    if (state === 'delivered') await tell('ship_order', { delivered: true });
    if (state === 'returned') await tell('return_order', { reason: 'too small' });
    return id;
  }

  /** Pays an order. */
  async pay(id: string): Promise<void> {
    const payments = this.get(OrderPayments);
    await this.write(() => payments.begin(this.tenant, id));
    await this.write(() => payments.succeeded(this.tenant, id, `pay_of_${id}`));
  }

  /** Jobs that are to give the money of an order back. */
  async refundsAskedFor(id: string): Promise<number> {
    return this.write(async () => {
      const { sql } = this.get(Database);
      const [row] = await sql<[{ count: number }]>`
        select count(*) from pgboss.job
        where name = ${refundOrder.name} and data -> 'payload' ->> 'order_id' = ${id}`;
      return row.count;
    });
  }

  /** How an order stands. */
  async look(id: string): Promise<ToolReply['output']> {
    return (await this.call('get_order', { order_id: id })).output;
  }

  close(): Promise<void> {
    return this.running.stop();
  }
}
