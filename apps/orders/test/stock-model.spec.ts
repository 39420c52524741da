import { describe, expect, it } from '@jest/globals';
import { asGantryError } from '@gantry/errors';
import { ANN, orderId, TOMORROW, useCatalogueDatabase } from './catalogue-database.ts';

/** Random work on stock, many at once, against what arithmetic says. */
const the = useCatalogueDatabase();
const WORKERS = 8;
const STEPS = 60;
const PRODUCTS = 5;

type State = 'held' | 'released' | 'shipped' | 'returned';

/** An order as its worker remembers it: of every product at most one line. */
interface ModelOrder {
  readonly id: string;
  readonly lines: readonly { readonly productId: string; readonly quantity: number }[];
  state: State;
}

/** Mulberry32: a failure is repeated by its seed. */
function randomFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/** One of several who do as they like with stock that all of them share, each with orders of its own. */
class Worker {
  readonly orders: ModelOrder[] = [];
  /** Pieces that it has added or found missing, by product. */
  readonly counted = new Map<string, number>();
  refused = 0;

  constructor(
    readonly random: (below: number) => number,
    readonly products: readonly string[],
  ) {}

  async work(): Promise<void> {
    for (let step = 0; step < STEPS; step++) {
      const order = this.orders[this.random(Math.max(1, this.orders.length))];
      const action = this.random(10);
      if (action < 4 || !order) await this.#reserve();
      else if (action < 5) await this.#count();
      else if (action < 6) await this.#release(order);
      else if (action < 8) await this.#consume(order);
      else if (action < 9) await this.#putBack(order);
      else expect(await the.write(() => the.stock.extend(order.id, TOMORROW))).toBe(order.state === 'held');
    }
  }

  async #reserve(): Promise<void> {
    // In any order, and the same product in several lines.
    const lines = Array.from({ length: 1 + this.random(6) }, () => ({
      productId: this.products[this.random(this.products.length)]!,
      quantity: 1 + this.random(4),
    }));
    const id = orderId();
    const undo = this.random(8) === 0;
    const reserving = the.write(async () => {
      await the.stock.reserve(id, lines, TOMORROW);
      if (undo) throw new Error('crash');
    });
    const error = await reserving.then(
      () => undefined,
      (reason: Error) => reason,
    );
    if (error === undefined) this.orders.push({ id, lines, state: 'held' });
    else if (error.message !== 'crash') {
      expect(asGantryError(error).code).toBe('insufficient_stock');
      this.refused++;
    }
  }

  async #count(): Promise<void> {
    const productId = this.products[this.random(this.products.length)]!;
    const quantity = this.random(25) - 8;
    if (quantity === 0) return;
    const kind = quantity > 0 ? 'restock' : 'correct';
    try {
      await the.write(() => the.stock[kind](productId, quantity, ANN));
      this.counted.set(productId, (this.counted.get(productId) ?? 0) + quantity);
    } catch (error) {
      expect(asGantryError(error).code).toBe('insufficient_stock');
    }
  }

  async #release(order: ModelOrder): Promise<void> {
    await the.write(() => the.stock.release(order.id));
    if (order.state === 'held') order.state = 'released';
  }

  async #consume(order: ModelOrder): Promise<void> {
    const shipping = the.write(() => the.stock.consume(order.id, ANN));
    if (order.state !== 'held') return expect(shipping).rejects.toThrow(/does not hold/);
    await shipping;
    order.state = 'shipped';
  }

  async #putBack(order: ModelOrder): Promise<void> {
    const returning = the.write(() => the.stock.putBack(order.id, order.lines, ANN));
    if (order.state !== 'shipped') return expect(returning).rejects.toThrow();
    await returning;
    order.state = 'returned';
  }
}

/** Sums of the lines of all orders in a state, by product. */
function piecesIn(workers: readonly Worker[], state: State, productId: string): number {
  return workers
    .flatMap(({ orders }) => orders)
    .filter((order) => order.state === state)
    .flatMap(({ lines }) => lines)
    .filter((line) => line.productId === productId)
    .reduce((sum, { quantity }) => sum + quantity, 0);
}

describe('stock', () => {
  it.each([1, 2, 3])(
    'is what arithmetic says after random work of many at once, seed %d',
    async (seed) => {
      const products: string[] = [];
      for (let made = 0; made < PRODUCTS; made++) products.push((await the.stocked(20)).id);
      const workers = Array.from(
        { length: WORKERS },
        (_, index) => new Worker(randomFrom(1_000 * seed + index), products),
      );
      let isOver = false;
      // Whoever looks at any moment sees stock that adds up.
      const watching = (async () => {
        for (let looks = 0; !isOver; looks++) {
          const wrong = await the.byHand(
            (sql) => sql`
              select id from products
              where on_hand <> (select sum(quantity) from stock_movements where product_id = products.id)
                or reserved <> (
                  select coalesce(sum(quantity), 0) from reservations
                  where product_id = products.id and state = 'held'
                )`,
          );
          expect(wrong).toHaveLength(0);
        }
      })();
      try {
        await Promise.all(workers.map((worker) => worker.work()));
      } finally {
        isOver = true;
      }
      await watching;
      for (const id of products) {
        const counted = workers.reduce((sum, worker) => sum + (worker.counted.get(id) ?? 0), 20);
        expect(await the.stockOf(id)).toEqual([
          counted - piecesIn(workers, 'shipped', id),
          piecesIn(workers, 'held', id),
        ]);
      }
      // Otherwise nobody was ever short, and nothing was tried.
      expect(workers.reduce((sum, { refused }) => sum + refused, 0)).toBeGreaterThan(0);
    },
    60_000,
  );

  it('of the last fifty pieces is sold once, to two hundred at once', async () => {
    const { id } = await the.stocked(50);
    const attempts = Array.from({ length: 200 }, () => the.holding(id, 1));
    const outcomes = await Promise.allSettled(attempts);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(50);
    const refusals = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []));
    expect(new Set(refusals.map((reason) => asGantryError(reason).code))).toEqual(
      new Set(['insufficient_stock']),
    );
    expect(await the.stockOf(id)).toEqual([50, 50]);
  }, 60_000);

  it('is reserved, shipped and released in any order of products, without a deadlock', async () => {
    const products = await Promise.all(Array.from({ length: 12 }, () => the.stocked(10_000)));
    const shuffled = randomFrom(7);
    const rounds = Array.from({ length: 80 }, async (_, index) => {
      const lines = products
        .map(({ id }) => ({ productId: id, quantity: 1, at: shuffled(1_000) }))
        .sort((a, b) => a.at - b.at)
        .map(({ productId, quantity }) => ({ productId, quantity }));
      const order = orderId();
      await the.write(() => the.stock.reserve(order, lines, TOMORROW));
      const ships = index % 2 === 0;
      await Promise.all([
        the.write(() => (ships ? the.stock.consume(order, ANN) : the.stock.release(order))),
        the.write(() => the.stock.extend(order, TOMORROW)),
      ]);
      if (ships) await the.write(() => the.stock.putBack(order, lines.toReversed(), ANN));
    });
    await Promise.all(rounds);
    for (const { id } of products) expect(await the.stockOf(id)).toEqual([10_000, 0]);
    const [{ deadlocks }] = await the.superuser<[{ deadlocks: number }]>`
      select deadlocks::int from pg_stat_database where datname = current_database()`;
    expect(deadlocks).toBe(0);
  }, 60_000);
});
