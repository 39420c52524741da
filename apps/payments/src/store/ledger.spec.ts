import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { newOperation, usePaymentsDatabase } from '../../test/payments-database.ts';
import { statusAfter, type Payment, type PaymentEvent } from '../domain/payment.ts';
import { balanceOf, capturePosting } from '../domain/posting.ts';
import type { EntryWindow } from './ledger.ts';

const the = usePaymentsDatabase();

const everything = { account: undefined, currency: undefined, paymentId: undefined, before: undefined };
const entries = (window: Partial<EntryWindow>, tenant?: string) =>
  the.read(() => the.ledger.entries({ ...everything, limit: 100, ...window }), tenant);

async function balances(currency: string): Promise<Record<string, bigint>> {
  const totals = await the.read(() => the.ledger.totals({ currency }));
  return Object.fromEntries(totals.map((sum) => [sum.account, balanceOf(sum)]));
}

/** A payment whose money was taken. */
async function captured(different: Partial<Payment> = {}): Promise<Payment> {
  const { payment } = await the.begin(different);
  await the.happen(payment, { type: 'authorized', amount: payment.amount });
  return the.happen(payment, { type: 'captured', amount: payment.amount });
}

describe('Ledger', () => {
  it('posts what moved, and shows it', async () => {
    const payment = await captured({ currency: 'CHF', amount: 700 });
    await the.happen(payment, { type: 'refunded', amount: 200 });
    const posted = await entries({ paymentId: payment.id });
    expect(posted).toMatchObject([
      { line: 2, kind: 'refund', account: 'provider_clearing', direction: 'credit', amount: 200 },
      { line: 1, kind: 'refund', account: 'merchant_balance', direction: 'debit', amount: 200 },
      { line: 2, kind: 'capture', account: 'merchant_balance', direction: 'credit', amount: 700 },
      { line: 1, kind: 'capture', account: 'provider_clearing', direction: 'debit', amount: 700 },
    ]);
    expect(posted[0]).toEqual({
      transactionId: expect.stringMatching(/^ltx_/),
      line: 2,
      kind: 'refund',
      operationId: expect.stringMatching(/^pop_/),
      paymentId: payment.id,
      account: 'provider_clearing',
      direction: 'credit',
      amount: 200,
      currency: 'CHF',
      postedAt: expect.stringMatching(/^20.*Z$/),
    });
    expect(await balances('CHF')).toEqual({ provider_clearing: 500n, merchant_balance: 500n });
  });

  it('lists by account and currency, from an entry on', async () => {
    for (const amount of [1, 2, 3]) await captured({ currency: 'SEK', amount });
    const all = await entries({ currency: 'SEK' });
    expect(all.map(({ amount }) => amount)).toEqual([3, 3, 2, 2, 1, 1]);
    for (const [index, { transactionId, line }] of all.entries())
      expect(await entries({ currency: 'SEK', before: [transactionId, line], limit: 2 })).toEqual(
        all.slice(index + 1, index + 3),
      );
    expect(await entries({ currency: 'SEK', account: 'merchant_balance' })).toEqual(
      all.filter(({ account }) => account === 'merchant_balance'),
    );
  });

  it('keeps balances beyond what a number holds exactly', async () => {
    const payments = await Promise.all(
      Array.from({ length: 3 }, () => captured({ currency: 'IDR', amount: 999_999_999_999 })),
    );
    expect(await balances('IDR')).toMatchObject({ provider_clearing: 2_999_999_999_997n });
    await the.byHand(async (sql) => {
      // As if there had been nine thousand more.
      await sql`alter table ledger_balances disable trigger by_trigger_alone`;
      await sql`update ledger_balances set debits = 9007199254740993 where account = 'provider_clearing' and currency = 'IDR'`;
      await sql`alter table ledger_balances enable trigger by_trigger_alone`;
    }, the.owner);
    expect((await balances('IDR'))['provider_clearing']).toBe(9_007_199_254_740_993n);
    await the.happen(payments[0]!, { type: 'refunded', amount: 1 });
    expect((await balances('IDR'))['provider_clearing']).toBe(9_007_199_254_740_992n);
  });

  it('reads the balance of one account', async () => {
    await captured({ currency: 'PLN', amount: 5 });
    expect(await the.read(() => the.ledger.totals({ account: 'merchant_balance', currency: 'PLN' }))).toEqual(
      [{ account: 'merchant_balance', currency: 'PLN', debits: 0n, credits: 5n }],
    );
    const all = await the.read(() => the.ledger.totals());
    expect(all).toContainEqual({ account: 'provider_clearing', currency: 'PLN', debits: 5n, credits: 0n });
    expect(await the.read(() => the.ledger.totals(), 'globex')).toEqual([]);
    expect(await entries({}, 'globex')).toEqual([]);
  });

  it('posts an operation once, though two try at the same time', async () => {
    const { payment, operation } = await the.begin({ currency: 'NOK' });
    const status = {
      ...statusAfter(payment, { type: 'captured', amount: 1000 }),
      providerIntentId: 'pi_nok',
    };
    const of = { operationId: operation.id, paymentId: payment.id };
    const posting = capturePosting({ amount: 1000, currency: 'NOK' });
    const attempts = await Promise.allSettled(
      [1, 2].map(() =>
        the.write(async () => {
          await the.ledger.post(of, posting);
          // Whoever is second never comes here.
          await the.payments.save((await the.payments.lock(payment.id))!, status);
        }),
      ),
    );
    expect(attempts.map(({ status: end }) => end).sort()).toEqual(['fulfilled', 'rejected']);
    const { reason } = attempts.find((attempt) => attempt.status === 'rejected')!;
    expect(reason).toMatchObject({ code: '23505', constraint_name: 'ledger_transactions_once' });
    expect(await balances('NOK')).toEqual({ provider_clearing: 1000n, merchant_balance: 1000n });
  });

  it('agrees with the payments, to the cent, whatever happens to them', async () => {
    const currencies = ['JPY', 'EUR', 'KWD'];
    const anyEvent = fc.record({
      which: fc.nat({ max: 5 }),
      type: fc.constantFrom(
        'authorized',
        'captured',
        'refunded',
        'refund_failed',
        'cancelled',
        'outcome_lost',
      ),
      amount: fc.integer({ min: 1, max: 60 }),
    });
    const before = Object.fromEntries(
      await Promise.all(currencies.map(async (currency) => [currency, await balances(currency)] as const)),
    );
    const expected: Record<string, bigint> = {};
    await fc.assert(
      fc.asyncProperty(fc.array(anyEvent, { maxLength: 25 }), async (sequence) => {
        const payments = await Promise.all(
          Array.from({ length: 6 }, async (_, index) => {
            const { payment } = await the.begin({ amount: 50, currency: currencies[index % 3]! });
            return payment;
          }),
        );
        for (const { which, type, amount } of sequence) {
          const payment = payments[which]!;
          const event = { type, amount } as PaymentEvent;
          try {
            statusAfter(payment, event);
          } catch {
            continue; // cannot happen
          }
          payments[which] = await the.happen(payment, event);
        }
        for (const { currency, amountCaptured, amountRefunded } of payments)
          expected[currency] = (expected[currency] ?? 0n) + BigInt(amountCaptured - amountRefunded);
      }),
      { numRuns: 15 },
    );
    for (const currency of currencies) {
      const { provider_clearing: clearing = 0n, merchant_balance: merchant = 0n } = await balances(currency);
      expect(clearing).toBe((before[currency]!['provider_clearing'] ?? 0n) + expected[currency]!);
      expect(merchant).toBe(clearing);
    }
    // The balances are what summing history comes to.
    const wrong = await the.byHand(
      (sql) => sql`
        select account, currency from ledger_balances
        full join (
          select account, currency,
            coalesce(sum(amount) filter (where direction = 'debit'), 0) as debits,
            coalesce(sum(amount) filter (where direction = 'credit'), 0) as credits
          from ledger_entries group by account, currency
        ) as history using (account, currency)
        where (ledger_balances.debits, ledger_balances.credits) is distinct from (history.debits, history.credits)
          and currency <> 'IDR'`,
    );
    expect([...wrong]).toEqual([]);
  }, 120_000);
});

describe('a capture', () => {
  it('is taken once of two that come at the same time, whatever they have read before', async () => {
    const { payment, operation } = await the.begin({ currency: 'DKK' });
    const authorized = await the.happen(payment, { type: 'authorized', amount: 1000 });
    await the.write(() => the.operations.finish(operation, { output: {} }));
    const attempts = await Promise.allSettled(
      [600, 700].map((amount) =>
        the.write(async () => {
          const capture = newOperation({ paymentId: payment.id, kind: 'capture', amount });
          const begun = await the.operations.begin(capture);
          await the.ledger.post(
            { operationId: capture.id, paymentId: payment.id },
            capturePosting({ amount, currency: 'DKK' }),
          );
          // Neither has locked it.
          await the.payments.save(authorized, statusAfter(authorized, { type: 'captured', amount }));
          await the.operations.finish(begun.operation, { output: {} });
        }),
      ),
    );
    expect(attempts.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const { amountCaptured } = (await the.read(() => the.payments.find(payment.id)))!;
    expect(await balances('DKK')).toEqual({
      provider_clearing: BigInt(amountCaptured),
      merchant_balance: BigInt(amountCaptured),
    });
  });
});
