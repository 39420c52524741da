import { Database } from '@gantry/postgres';
import { Injectable } from '@nestjs/common';
import { typeid } from 'typeid-js';
import type { Author } from '../domain/author.ts';
import { insufficientStock, productNotFound } from '../domain/catalogue-refusals.ts';
import type { Product } from '../domain/product.ts';
import { inLockOrder, type ShortProduct, type StockLine } from '../domain/stock.ts';
import { ProductStore } from './product.store.ts';

type MovementKind = 'restock' | 'correction' | 'ship' | 'return';

/** What an order has reserved of a product. */
export interface Reservation extends StockLine {
  readonly state: 'held' | 'released' | 'consumed';
  /** ISO 8601, UTC. */
  readonly expiresAt: string;
}

/**
 * What there is of products and what is promised to orders, in the current unit of work. The database keeps both
 * numbers itself and refuses to promise or take what is not there.
 *
 * Rows are locked in one order everywhere, product by product, each with its reservation. So the work on one order
 * never waits in a circle for that on another; a unit of work that changes the stock of several orders could.
 */
@Injectable()
export class Stock {
  constructor(
    private readonly database: Database,
    private readonly products: ProductStore,
  ) {}

  /**
   * Promises pieces to an order that has none yet. Lines of the same product are added up.
   *
   * @throws GantryError `insufficient_stock` with all products that are short; `product_not_found`
   */
  async reserve(orderId: string, lines: readonly StockLine[], expiresAt: Date): Promise<void> {
    const wanted = inLockOrder(lines);
    const found = await this.#lock(wanted.map(({ productId }) => productId));
    const short = wanted.flatMap(({ productId, quantity }): ShortProduct[] => {
      const product = found.get(productId);
      if (!product) throw productNotFound(productId);
      const { sku, available } = product;
      return quantity > available ? [{ product_id: productId, sku, wanted: quantity, available }] : [];
    });
    if (short.length > 0) throw insufficientStock(short);
    await this.database.sql`
      insert into reservations (order_id, product_id, quantity, expires_at)
      select ${orderId}, "productId", quantity, ${expiresAt}::timestamptz
      from json_to_recordset(${JSON.stringify(wanted)}::text::json) as wanted ("productId" text, quantity bigint)
      order by 2`;
  }

  /** What an order has reserved, in the order of product ids. */
  async reservations(orderId: string): Promise<Reservation[]> {
    return this.database.sql<Reservation[]>`
      select product_id as "productId", quantity, state, expires_at as "expiresAt"
      from reservations where order_id = ${orderId}
      order by product_id`;
  }

  /** Gives back what an order still holds; nothing happens if it holds nothing. */
  async release(orderId: string): Promise<void> {
    await this.#lockHeld(orderId);
    await this.database.sql`
      update reservations set state = 'released' where order_id = ${orderId} and state = 'held'`;
  }

  /**
   * Lets an order hold on to what it has reserved.
   *
   * @returns false if it holds nothing any more
   */
  async extend(orderId: string, expiresAt: Date): Promise<boolean> {
    const extended = await this.database.sql`
      with held as materialized (
        select product_id from reservations
        where order_id = ${orderId} and state = 'held'
        order by product_id
        for no key update
      )
      update reservations set expires_at = ${expiresAt}::timestamptz
      where order_id = ${orderId} and product_id in (select product_id from held)
      returning product_id`;
    return extended.length > 0;
  }

  /**
   * Ships what an order has reserved: it is neither promised nor there any more.
   *
   * @throws Error if the order does not hold all of it
   */
  async consume(orderId: string, by: Author): Promise<void> {
    await this.#lockHeld(orderId);
    const reserved = await this.reservations(orderId);
    if (reserved.length === 0 || reserved.some(({ state }) => state !== 'held'))
      throw new Error(`Order ${orderId} does not hold its stock any more.`);
    const shipped = reserved.map(({ productId, quantity }) => ({ productId, quantity: -quantity }));
    await this.#move('ship', shipped, by, orderId);
  }

  /** Takes back what an order was shipped, all of it or less, once. */
  async putBack(orderId: string, lines: readonly StockLine[], by: Author): Promise<void> {
    const returned = inLockOrder(lines);
    await this.#lock(returned.map(({ productId }) => productId));
    await this.#move('return', returned, by, orderId);
  }

  /**
   * Adds pieces that have arrived.
   *
   * @throws GantryError `product_not_found`
   */
  async restock(productId: string, quantity: number, by: Author): Promise<Product> {
    await this.#move('restock', [await this.#only(productId, quantity)], by);
    return (await this.products.find(productId))!;
  }

  /**
   * Sets right what somebody has counted: pieces that were found, or with a negative quantity are missing. What is
   * promised to orders cannot be missing: it has to be cancelled first.
   *
   * @throws GantryError `product_not_found`, `insufficient_stock`
   */
  async correct(productId: string, quantity: number, by: Author): Promise<Product> {
    await this.#move('correction', [await this.#only(productId, quantity)], by);
    return (await this.products.find(productId))!;
  }

  /** One line of a movement, of a product that is locked and has as many pieces as the movement takes. */
  async #only(productId: string, quantity: number): Promise<StockLine> {
    const product = (await this.#lock([productId])).get(productId);
    if (!product) throw productNotFound(productId);
    const { sku, available } = product;
    if (-quantity > available)
      throw insufficientStock([{ product_id: productId, sku, wanted: -quantity, available }]);
    return { productId, quantity };
  }

  /** Products, for this unit of work alone to move; as they are once nobody else does. */
  async #lock(ids: readonly string[]): Promise<ReadonlyMap<string, { sku: string; available: number }>> {
    const rows = await this.database.sql<{ id: string; sku: string; available: number }[]>`
      select id, sku, on_hand - reserved as available
      from products where id = any(${[...ids]}::text[])
      order by id
      for no key update`;
    return new Map(rows.map(({ id, ...product }) => [id, product]));
  }

  /** What an order holds, with the products, for this unit of work alone to change. */
  async #lockHeld(orderId: string): Promise<void> {
    await this.database.sql`
      select from reservations join products on products.id = product_id
      where order_id = ${orderId} and state = 'held'
      order by product_id
      for no key update of products, reservations`;
  }

  async #move(kind: MovementKind, lines: readonly StockLine[], by: Author, orderId?: string): Promise<void> {
    const rows = lines.map((line) => ({ ...line, id: typeid('stk').toString() }));
    await this.database.sql`
      insert into stock_movements (id, product_id, kind, quantity, order_id, by_subject, by_client)
      select id, "productId", ${kind}, quantity, ${orderId ?? null}, ${by.subject}, ${by.client}
      from json_to_recordset(${JSON.stringify(rows)}::text::json) as moved (id text, "productId" text, quantity bigint)
      order by 2`;
  }
}
