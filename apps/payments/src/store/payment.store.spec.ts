import { describe, expect, it } from '@jest/globals';
import { typeid } from 'typeid-js';
import { ANN, BOB, examplePayment } from '../../test/examples.ts';
import { usePaymentsDatabase } from '../../test/payments-database.ts';
import type { PaymentWindow } from './payment.store.ts';

const the = usePaymentsDatabase();

const authorized = {
  state: 'authorized' as const,
  amountAuthorized: 1000,
  amountCaptured: 0,
  amountRefunded: 0,
  declineCode: null,
};

describe('PaymentStore', () => {
  it('gives back what was stored', async () => {
    const request = examplePayment({
      id: typeid('pay').toString(),
      amount: 999_999_999_999,
      currency: 'KWD',
      captureMethod: 'automatic',
      description: "it's 100 %",
      reference: 'ord_1',
      createdBy: BOB,
    });
    const inserted = await the.write(async () => the.payments.insert(request));
    expect(inserted).toEqual({
      ...request,
      createdAt: expect.stringMatching(/^20.*Z$/),
      updatedAt: inserted.createdAt,
    });
    expect(await the.read(() => the.payments.find(request.id))).toEqual(inserted);
    expect(await the.read(() => the.payments.find(typeid('pay').toString()))).toBeUndefined();
  });

  it('counts versions, and keeps the intent once it is known', async () => {
    const { payment } = await the.begin();
    const known = await the.write(() => the.payments.save(payment, { ...payment, providerIntentId: 'pi_1' }));
    expect(known).toMatchObject({ version: 2, state: 'processing', providerIntentId: 'pi_1' });
    const saved = await the.write(() => the.payments.save(known!, authorized));
    expect(saved).toMatchObject({ version: 3, ...authorized, providerIntentId: 'pi_1' });
    expect(saved!.updatedAt > payment.updatedAt).toBe(true);
    expect(saved!.createdAt).toBe(payment.createdAt);
    expect(await the.write(() => the.payments.lockByIntent('pi_1'))).toEqual(saved);
    expect(await the.write(() => the.payments.lockByIntent('pi_2'))).toBeUndefined();
  });

  it('lets one of two who have read the same version save', async () => {
    const { payment } = await the.begin();
    const change = { ...authorized, providerIntentId: typeid('pi').toString() };
    const saved = await Promise.all([1, 2].map(() => the.write(() => the.payments.save(payment, change))));
    expect(saved.filter(Boolean)).toHaveLength(1);
  });

  it('lets those that lock a payment take turns', async () => {
    const { payment } = await the.begin();
    await the.happen(payment, { type: 'authorized', amount: 1000 });
    await the.happen(payment, { type: 'captured', amount: 1000 });
    await Promise.all([1, 2, 3, 4].map((amount) => the.happen(payment, { type: 'refunded', amount })));
    expect(await the.read(() => the.payments.find(payment.id))).toMatchObject({ amountRefunded: 10 });
  });

  it('lists the latest first, by state, currency and reference, from a payment on', async () => {
    const tenant = 'lister';
    const requests = Array.from({ length: 6 }, (_, index) =>
      examplePayment({
        id: typeid('pay').toString(),
        currency: index % 2 ? 'EUR' : 'JPY',
        reference: index < 2 ? 'ord_1' : null,
        createdBy: ANN,
      }),
    );
    await the.write(async () => {
      for (const request of requests)
        await the.payments.insert(request, request === requests[5] ? 'approval_required' : 'processing');
    }, tenant);
    const list = (window: Partial<PaymentWindow>) =>
      the.read(async () => {
        const everything = { state: undefined, currency: undefined, reference: undefined, before: undefined };
        const found = await the.payments.list({ ...everything, limit: 10, ...window });
        return found.map(({ id }) => requests.findIndex((request) => request.id === id));
      }, tenant);
    expect(await list({})).toEqual([5, 4, 3, 2, 1, 0]);
    expect(await list({ limit: 2, before: requests[4]!.id })).toEqual([3, 2]);
    expect(await list({ state: 'approval_required' })).toEqual([5]);
    expect(await list({ state: 'processing', currency: 'JPY' })).toEqual([4, 2, 0]);
    expect(await list({ reference: 'ord_1' })).toEqual([1, 0]);
  });

  it('shows a tenant nothing of another, even by id', async () => {
    const { payment } = await the.begin();
    const theirs = await the.write(async () => {
      const { payments } = the;
      return [
        await payments.find(payment.id),
        await payments.lock(payment.id),
        await payments.lockByIntent('pi_1'),
        await payments.save(payment, authorized),
      ];
    }, 'globex');
    expect(theirs).toEqual([undefined, undefined, undefined, undefined]);
  });
});
