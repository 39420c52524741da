import { describe, expect, it } from '@jest/globals';
import { typeid } from 'typeid-js';
import { ANN, orderId, TOMORROW, useCatalogueDatabase } from '../../test/catalogue-database.ts';

const the = useCatalogueDatabase();
const line = (productId: string, quantity: number) => ({ productId, quantity });

describe('an order that reserves', () => {
  it('is promised the pieces, which are then there for nobody else', async () => {
    const { id } = await the.stocked(10);
    const order = await the.holding(id, 7);
    expect(await the.stockOf(id)).toEqual([10, 7]);
    expect(await the.read(() => the.stock.reservations(order))).toEqual([
      { productId: id, quantity: 7, state: 'held', expiresAt: expect.stringMatching(/Z$/) },
    ]);
    await expect(the.holding(id, 4)).rejects.toMatchObject({ code: 'insufficient_stock' });
    await the.holding(id, 3);
    expect(await the.stockOf(id)).toEqual([10, 10]);
  });

  it('hears of all products that are short, and is promised nothing then', async () => {
    const [some, few, none] = [await the.stocked(5), await the.stocked(2), await the.stocked(0)];
    const lines = [line(none.id, 1), line(some.id, 5), line(few.id, 3)];
    const refusal = the.write(() => the.stock.reserve(orderId(), lines, TOMORROW));
    await expect(refusal).rejects.toMatchObject({
      code: 'insufficient_stock',
      details: {
        products: [
          { product_id: few.id, sku: few.sku, wanted: 3, available: 2 },
          { product_id: none.id, sku: none.sku, wanted: 1, available: 0 },
        ],
      },
    });
    expect(await the.stockOf(some.id)).toEqual([5, 0]);
  });

  it('has its lines of one product added up', async () => {
    const { id } = await the.stocked(5);
    const lines = [line(id, 3), line(id, 3)];
    await expect(the.write(() => the.stock.reserve(orderId(), lines, TOMORROW))).rejects.toMatchObject({
      details: { products: [{ wanted: 6, available: 5 }] },
    });
    await the.write(() => the.stock.reserve(orderId(), [line(id, 3), line(id, 2)], TOMORROW));
    expect(await the.stockOf(id)).toEqual([5, 5]);
  });

  it('is refused a product that there is not, or of another tenant', async () => {
    const { id } = await the.stocked(5, {}, 'globex');
    for (const unknown of [id, typeid('prd').toString()])
      await expect(the.holding(unknown, 1)).rejects.toMatchObject({ code: 'product_not_found' });
  });

  it('reserves once', async () => {
    const { id } = await the.stocked(5);
    const order = await the.holding(id, 1);
    await expect(the.write(() => the.stock.reserve(order, [line(id, 1)], TOMORROW))).rejects.toMatchObject({
      code: '23505',
    });
  });
});

describe('stock that an order holds', () => {
  it('is released, as often as one likes', async () => {
    const { id } = await the.stocked(5);
    const order = await the.holding(id, 4);
    await the.write(() => the.stock.release(order));
    await the.write(() => the.stock.release(order));
    expect(await the.stockOf(id)).toEqual([5, 0]);
    expect(await the.read(() => the.stock.reservations(order))).toMatchObject([{ state: 'released' }]);
  });

  it('is held for longer, while it is held', async () => {
    const { id } = await the.stocked(5);
    const order = await the.holding(id, 4);
    const later = new Date(TOMORROW.getTime() + 60_000);
    expect(await the.write(() => the.stock.extend(order, later))).toBe(true);
    const [reservation] = await the.read(() => the.stock.reservations(order));
    expect(new Date(reservation!.expiresAt)).toEqual(later);
    await the.write(() => the.stock.release(order));
    expect(await the.write(() => the.stock.extend(order, later))).toBe(false);
  });

  it('is shipped: neither there nor promised any more', async () => {
    const { id } = await the.stocked(5);
    const other = await the.stocked(9);
    const order = orderId();
    await the.write(() => the.stock.reserve(order, [line(id, 4), line(other.id, 9)], TOMORROW));
    await the.write(() => the.stock.consume(order, ANN));
    expect(await the.stockOf(id)).toEqual([1, 0]);
    expect(await the.stockOf(other.id)).toEqual([0, 0]);
    const movements = await the.byHand(
      (sql) => sql`
        select product_id, kind, quantity::int, by_subject, by_client from stock_movements
        where order_id = ${order} order by product_id`,
    );
    const by = { kind: 'ship', by_subject: ANN.subject, by_client: ANN.client };
    expect([...movements]).toEqual([
      { product_id: id, quantity: -4, ...by },
      { product_id: other.id, quantity: -9, ...by },
    ]);
  });

  it('is shipped once, not after it was released, and never if there is none', async () => {
    const { id } = await the.stocked(9);
    const [shipped, released] = [await the.holding(id, 2), await the.holding(id, 2)];
    await the.write(() => the.stock.consume(shipped, ANN));
    await the.write(() => the.stock.release(released));
    for (const order of [shipped, released, orderId()])
      await expect(the.write(() => the.stock.consume(order, ANN))).rejects.toThrow(/does not hold its stock/);
    // What is shipped is not released either.
    await the.write(() => the.stock.release(shipped));
    expect(await the.stockOf(id)).toEqual([7, 0]);
  });

  it('comes back, once, and not before it was shipped', async () => {
    const { id } = await the.stocked(5);
    const order = await the.holding(id, 4);
    const putBack = (quantity: number) =>
      the.write(() => the.stock.putBack(order, [line(id, quantity)], ANN));
    await expect(putBack(4)).rejects.toThrow(/returns what it was shipped/);
    await the.write(() => the.stock.consume(order, ANN));
    await expect(putBack(5)).rejects.toThrow(/returns what it was shipped/);
    await putBack(4);
    expect(await the.stockOf(id)).toEqual([5, 0]);
    await expect(putBack(1)).rejects.toMatchObject({ code: '23505' });
  });
});

describe('pieces that arrive, or that somebody counted', () => {
  it('are added', async () => {
    const { id } = await the.stocked(5);
    expect(await the.write(() => the.stock.restock(id, 3, ANN))).toMatchObject({ onHand: 8, reserved: 0 });
    expect(await the.write(() => the.stock.correct(id, 2, ANN))).toMatchObject({ onHand: 10 });
  });

  it('are missing only if they are not promised', async () => {
    const { id, sku } = await the.stocked(5);
    await the.holding(id, 3);
    await expect(the.write(() => the.stock.correct(id, -3, ANN))).rejects.toMatchObject({
      code: 'insufficient_stock',
      details: { products: [{ product_id: id, sku, wanted: 3, available: 2 }] },
    });
    expect(await the.write(() => the.stock.correct(id, -2, ANN))).toMatchObject({ onHand: 3, reserved: 3 });
  });

  it('belong to a product', async () => {
    const unknown = typeid('prd').toString();
    for (const move of ['restock', 'correct'] as const)
      await expect(the.write(() => the.stock[move](unknown, 1, ANN))).rejects.toMatchObject({
        code: 'product_not_found',
      });
  });
});
