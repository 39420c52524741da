import { describe, expect, it } from '@jest/globals';
import { typeid } from 'typeid-js';
import { aCustomer, ANN, TOMORROW, useCatalogueDatabase } from '../../test/catalogue-database.ts';
import { aLine, place } from '../../test/orders-database.ts';
import type { Order, OrderProgress } from '../domain/order.ts';
import { OrderStore, type OrderWindow } from './order.store.ts';

const the = useCatalogueDatabase();
const orders = () => new OrderStore(the.database);
const find = (id: string, tenant?: string) => the.read(() => orders().find(id), tenant);

/** Moves an order on as the desk does. */
const save = (id: string, change: Partial<OrderProgress>) =>
  the.write(async () => orders().save((await orders().lock(id))!, change));

describe('OrderStore', () => {
  it('gives back what was placed, its lines in their order', async () => {
    const products = [await the.stocked(9), await the.stocked(9), await the.stocked(9)].reverse();
    const wanted = products.map(({ id }, index) => aLine(id, { quantity: index + 1, unitPrice: index }));
    const order = await place(the, { reference: "it's 100 %" }, wanted);
    expect(order).toMatchObject({
      state: 'placed',
      version: 1,
      lineCount: 3,
      total: 0 + 2 + 6,
      reference: "it's 100 %",
      placedBy: ANN,
      pricedBy: ANN,
      paymentAttempt: 0,
      shipment: { carrier: null, trackingNumber: null },
      createdAt: expect.stringMatching(/^20.*Z$/),
      reservedUntil: expect.any(String),
    });
    expect(Date.parse(order.reservedUntil!)).toBe(TOMORROW.getTime());
    expect(order.lines.map(({ productId, quantity, lineTotal }) => [productId, quantity, lineTotal])).toEqual(
      products.map(({ id }, index) => [id, index + 1, index * (index + 1)]),
    );
    expect(await find(order.id)).toEqual(order);
    expect(await find(typeid('ord').toString())).toBeUndefined();
  });

  it('keeps what a product was called and cost when it was ordered', async () => {
    const product = await the.stocked(5, { name: 'Tea' });
    const { id } = await place(the, {}, [aLine(product.id)]);
    await the.write(() => the.products.upsertMany([{ ...product, name: 'Coffee', unitPrice: 1 }]));
    expect((await find(id))!.lines).toMatchObject([{ name: 'Tea', listPrice: 1_800, unitPrice: 1_800 }]);
  });

  it('counts versions and attempts, and stops saying until when stock is kept', async () => {
    const { id } = await place(the);
    expect(await save(id, { state: 'payment_pending', paymentAttempt: 1 })).toMatchObject({
      version: 2,
      paymentAttempt: 1,
      reservedUntil: null,
    });
    const failed = await save(id, { state: 'payment_failed', paymentError: 'card_declined' });
    expect(failed).toMatchObject({ version: 3, paymentError: 'card_declined' });
    expect(Date.parse(failed.reservedUntil!)).toBe(TOMORROW.getTime());
    await save(id, { state: 'payment_pending', paymentAttempt: 2, paymentError: null });
    const paid = await save(id, { state: 'paid', paymentId: 'pay_1' });
    expect(paid).toMatchObject({ version: 5, paymentId: 'pay_1', paidAt: paid.updatedAt });
  });

  it('saves nothing over what somebody else has saved', async () => {
    const order = await place(the);
    await save(order.id, { state: 'payment_pending', paymentAttempt: 1 });
    await expect(
      the.write(() => orders().save(order, { state: 'payment_pending', paymentAttempt: 1 })),
    ).rejects.toThrow('as it was read');
  });

  it('lists the latest first, by state, customer and reference, from an order on', async () => {
    const tenant = 'lister';
    const customerId = (await the.write(async () => the.customers.insert(aCustomer({})), tenant))!.id;
    const placed: Order[] = [];
    for (let index = 0; index < 5; index += 1)
      placed.push(
        await place(
          the,
          { reference: index < 2 ? 'PO-1' : null, ...(index > 2 && { customerId }) },
          undefined,
          tenant,
        ),
      );
    const list = (window: Partial<OrderWindow>) =>
      the.read(async () => {
        const everything = {
          state: undefined,
          customerId: undefined,
          reference: undefined,
          before: undefined,
        };
        const found = await orders().list({ ...everything, limit: 10, ...window });
        return found.map(({ id }) => placed.findIndex((order) => order.id === id));
      }, tenant);
    expect(await list({})).toEqual([4, 3, 2, 1, 0]);
    expect(await list({ limit: 2, before: placed[3]!.id })).toEqual([2, 1]);
    expect(await list({ customerId })).toEqual([4, 3]);
    expect(await list({ reference: 'PO-1', state: 'placed' })).toEqual([1, 0]);
    expect(await list({ state: 'paid' })).toEqual([]);
    expect(await the.read(() => orders().idsFrom('ord_', 2), tenant)).toEqual([placed[4]!.id, placed[3]!.id]);
    expect(await the.read(() => orders().idsFrom(placed[1]!.id, 5), tenant)).toEqual([placed[1]!.id]);
  });

  it('finds what nobody has paid in time, of all tenants', async () => {
    const expire = (id: string) =>
      the.byHand(
        (sql) => sql`update reservations set expires_at = now() - interval '1 second' where order_id = ${id}`,
        the.superuser,
      );
    const [ours, theirs] = [await place(the), await place(the, {}, undefined, 'globex')];
    const [early, paying] = [await place(the), await place(the)];
    await save(paying.id, { state: 'payment_pending', paymentAttempt: 1 });
    for (const { id } of [ours, theirs, paying]) await expire(id);
    const expired = await orders().expired(10);
    expect(expired).toEqual([
      { tenant: 'acme', id: ours.id },
      { tenant: 'globex', id: theirs.id },
    ]);
    expect(await orders().expired(1)).toEqual(expired.slice(0, 1));
    expect((await find(early.id))!.state).toBe('placed');
  });

  it('shows a tenant nothing of another, even by id', async () => {
    const { id } = await place(the);
    expect(await find(id, 'globex')).toBeUndefined();
    expect(await the.write(() => orders().lock(id), 'globex')).toBeUndefined();
    expect(await the.read(() => orders().idsFrom(id, 1), 'globex')).toEqual([]);
  });
});
