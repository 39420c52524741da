import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { typeid } from 'typeid-js';
import { usePaymentsDatabase } from '../../test/payments-database.ts';
import type { ProviderMovement } from '../domain/settlement.ts';
import { ReconciliationStore, type ComparePosition } from './reconciliation.store.ts';

const the = usePaymentsDatabase();
const PERIOD = { from: '2020-01-01T00:00:00Z', to: '2099-01-01T00:00:00Z' };
const LATER = '2099-01-01T00:00:00Z';

const store = () => new ReconciliationStore(the.database);

async function begun(keepUntil = LATER, tenant?: string): Promise<string> {
  const operationId = typeid('op').toString();
  await the.write(() => store().insert(operationId, PERIOD, keepUntil), tenant);
  return operationId;
}

const staged = (operationId: string) =>
  the.read(
    () => the.database.sql<
      { kind: string; reference: string; amount: number; currency: string | null; lines: number }[]
    >`
      select kind, reference, amount, currency, lines from reconciliation_movements
      where operation_id = ${operationId} order by kind, reference`,
  );

const capture = (reference: string, amount: number, currency = 'EUR'): ProviderMovement => ({
  ...{ kind: 'capture', reference, amount, currency },
});

/** A captured payment, whose intent is called after it. */
async function captured(amount = 1_000, currency = 'EUR') {
  const { payment } = await the.begin({ amount, currency });
  await the.happen(payment, { type: 'authorized', amount });
  const done = await the.happen(payment, { type: 'captured', amount });
  return { ...done, reference: `pi_${payment.id}` };
}

const step = (operationId: string, limit = 100) => ({ operationId, after: undefined, known: 0, limit });

describe('staged movements', () => {
  it('add up, line by line and batch by batch, each in one statement', async () => {
    const anyLine = fc.record({
      kind: fc.constantFrom('capture' as const, 'refund' as const),
      reference: fc.constantFrom('a', 'b', 'c'),
      amount: fc.integer({ min: -5, max: 5 }),
      currency: fc.constantFrom('EUR', 'EUR', 'EUR', 'JPY'),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(anyLine, { minLength: 1 }), { maxLength: 4 }), async (batches) => {
        const operationId = await begun();
        for (const batch of batches) await the.write(() => store().stage(operationId, batch));
        const expected = new Map<string, object>();
        for (const { kind, reference } of batches
          .flat()
          .sort((a, b) => (`${a.kind} ${a.reference}` < `${b.kind} ${b.reference}` ? -1 : 1))) {
          const lines = batches.flat().filter((line) => line.kind === kind && line.reference === reference);
          const currencies = new Set(lines.map(({ currency }) => currency));
          expected.set(`${kind} ${reference}`, {
            kind,
            reference,
            amount: lines.reduce((sum, { amount }) => sum + amount, 0),
            currency: currencies.size === 1 ? lines[0]!.currency : null,
            lines: lines.length,
          });
        }
        expect([...(await staged(operationId))]).toEqual([...expected.values()]);
      }),
      { numRuns: 30 },
    );
  });

  it('bear a million of the largest lines', async () => {
    const operationId = await begun();
    const batch = Array.from({ length: 500 }, () => capture('pi_1', 999_999_999_999));
    await the.write(() => store().stage(operationId, batch));
    await the.byHand(
      (sql) =>
        sql`update reconciliation_movements set amount = amount * 2000 where operation_id = ${operationId}`,
    );
    await the.write(() => store().compareReport(step(operationId)));
    const [difference] = await the.read(() => store().differences(operationId, 0, 1));
    expect(difference).toMatchObject({ provider: { amount: '999999999999000000', currency: 'EUR' } });
  });
});

describe('a comparison', () => {
  it('goes step by step, in any size of steps, to the same end', async () => {
    const payments = [];
    for (let n = 0; n < 7; n++) payments.push(await captured(1_000 + n));
    const ends = [];
    for (const limit of [1, 3, 100]) {
      const operationId = await begun();
      const report = payments
        .slice(1)
        .map(({ reference, amount }, n) => capture(reference, amount + (n === 0 ? 1 : 0)));
      await the.write(() => store().stage(operationId, [...report, capture('pi_none', 5)]));
      const seen = { known: 0, looked: 0, lines: 0, matched: 0 };
      let after: ComparePosition | undefined;
      for (;;) {
        const found = await the.write(() =>
          store().compareLedger(PERIOD, { operationId, after, known: seen.known, limit }),
        );
        if (!found.last) break;
        expect(found.looked).toBeLessThanOrEqual(limit);
        after = found.last;
        seen.known += found.missing;
        seen.looked += found.looked;
      }
      after = undefined;
      for (;;) {
        const found = await the.write(() =>
          store().compareReport({ operationId, after, known: seen.known, limit }),
        );
        if (!found.last) break;
        expect(found.lines).toBeLessThanOrEqual(limit);
        after = found.last;
        seen.known += found.different + found.missing;
        seen.lines += found.lines;
        seen.matched += found.matched;
      }
      expect(seen).toEqual({ known: 3, looked: 7, lines: 7, matched: 5 });
      ends.push(await the.read(() => store().differences(operationId, 0, 100)));
      expect(await staged(operationId)).toHaveLength(0);
    }
    const [first, ...others] = ends[0]!;
    expect(first).toMatchObject({ number: 1, finding: 'missing_at_provider', payment_id: payments[0]!.id });
    expect(others.map(({ number }) => number)).toEqual([2, 3]);
    expect(others).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ finding: 'missing_in_ledger', reference: 'pi_none', payment_id: null }),
        expect.objectContaining({ finding: 'different', payment_id: payments[1]!.id }),
      ]),
    );
    expect(ends[1]).toEqual(ends[0]);
    expect(ends[2]).toEqual(ends[0]);
  });

  it('names rows by whole keys, whatever the planner believes of a table that has just been filled', async () => {
    const plan = (query: string) =>
      the.byHand(async (sql) => JSON.stringify(await sql.unsafe(`explain ${query}`)));
    const movements = await plan(`delete from reconciliation_movements
      where operation_id = 'x' and (kind, reference) > ('a', 'b')
        and (kind, reference) <= (select kind, reference from reconciliation_differences limit 1)`);
    expect(movements).toMatch(
      /Index Cond: [^"]*tenant_id = [^"]*operation_id = [^"]*ROW\(kind, reference\) > [^"]*ROW\(kind, reference\) <= /,
    );
    const lookUp = await plan(`select payment_id from provider_movements where reference = 'x'`);
    expect(lookUp).toMatch(/Index Cond: [^"]*provider_reference\)::text = /);
    const postings =
      await plan(`select id from ledger_transactions where posted_at >= now() and posted_at < now()
      and (posted_at, id) > (now(), 'a') order by posted_at, id limit 5`);
    expect(postings).toMatch(
      /Index Only Scan using ledger_transactions_by_time[^}]*}[^}]*Index Cond: [^"]*ROW\(posted_at, id\) > /,
    );
  });
});

describe('what the service may do', () => {
  it('is to add findings, and never to change or delete one', async () => {
    const operationId = await begun();
    await the.write(() => store().stage(operationId, [capture('pi_nobody', 1)]));
    await the.write(() => store().compareReport(step(operationId)));
    for (const change of [
      `update reconciliation_differences set finding = 'different'`,
      `delete from reconciliation_differences`,
      `delete from reconciliations`,
      `update reconciliations set expires_at = now()`,
    ])
      await expect(the.byHand((sql) => sql.unsafe(change))).rejects.toMatchObject({ code: '42501' });
  });

  it('is what a tenant may see', async () => {
    const operationId = await begun();
    await the.write(() => store().stage(operationId, [capture('pi_nobody', 1)]));
    await the.write(() => store().compareReport(step(operationId)));
    expect(await the.read(() => store().differences(operationId, 0, 10))).toHaveLength(1);
    expect(await the.read(() => store().differences(operationId, 0, 10), 'globex')).toEqual([]);
    await expect(
      the.write(() => store().stage(operationId, [capture('pi_1', 1)]), 'globex'),
    ).rejects.toMatchObject({ code: '23503' });
  });
});

describe('the purge', () => {
  it('deletes what has expired of all tenants, in bounded steps, and nothing else', async () => {
    const kept = await begun();
    const past = '2020-02-01T00:00:00Z';
    for (const tenant of ['acme', 'globex']) {
      const operationId = await begun(past, tenant);
      const movements = Array.from({ length: 7 }, (_, n) => capture(`pi_${n}`, 1));
      await the.write(() => store().stage(operationId, movements), tenant);
      await the.write(() => store().compareReport(step(operationId, 4)), tenant);
    }
    await the.write(() => store().stage(kept, [capture('pi_1', 1)]));
    const rows = async () => {
      const counts = await the.superuser<{ count: number }[]>`
        select count(*)::integer as count from reconciliations where expires_at < now()
        union all select count(*)::integer from reconciliation_movements
        union all select count(*)::integer from reconciliation_differences`;
      return counts.map(({ count }) => count);
    };
    const [expired, movements, differences] = await rows();
    expect(expired).toBe(2);
    let before = movements! + differences!;
    let steps = 0;
    while (await the.database.write({ tenant: '(none)' }, () => store().purge(2))) {
      const [, ...left] = await rows();
      const now = left.reduce((sum, count) => sum + count, 0);
      expect(before - now).toBeLessThanOrEqual(4);
      before = now;
      steps++;
    }
    expect(steps).toBeGreaterThan(2);
    expect((await rows())[0]).toBe(0);
    expect(movements! + differences! - before).toBe(2 * 7);
    expect(await staged(kept)).toHaveLength(1);
  });
});
