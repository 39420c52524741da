import { beforeAll, describe, expect, it } from '@jest/globals';
import type postgres from 'postgres';
import { typeid } from 'typeid-js';
import type { PaymentOperation } from '../src/domain/operation.ts';
import { statusAfter, type Payment } from '../src/domain/payment.ts';
import { capturePosting } from '../src/domain/posting.ts';
import { usePaymentsDatabase } from './payments-database.ts';

/** What a bug in the service, or somebody with its password, could do to the ledger: nothing. */
const the = usePaymentsDatabase();
const DENIED = { code: '42501' };

interface Line {
  line?: number;
  account?: string;
  direction?: string;
  amount?: number | string;
  currency?: string;
}

const DEBIT: Line = {
  line: 1,
  account: 'provider_clearing',
  direction: 'debit',
  amount: 10,
  currency: 'EUR',
};
const CREDIT: Line = { ...DEBIT, line: 2, account: 'merchant_balance', direction: 'credit' };

let payment: Payment;
let operation: PaymentOperation;
/** A transaction that stands. */
let posted: string;

beforeAll(async () => {
  ({ payment, operation } = await the.begin({ amount: 100 }));
  posted = await the.write(async () => {
    await the.payments.save(payment, {
      ...statusAfter(payment, { type: 'captured', amount: 10 }),
      providerIntentId: 'pi_1',
    });
    const of = { operationId: operation.id, paymentId: payment.id };
    return the.ledger.post(of, capturePosting({ amount: 10, currency: 'EUR' }));
  });
});

/** A transaction with these entries, with the amounts of a payment changed to fit. */
async function post(sql: postgres.Sql, lines: readonly Line[], declared = lines.length): Promise<string> {
  const { payment: other, operation: another } = await the.begin({ amount: 100 });
  const id = typeid('ltx').toString();
  await sql`
    insert into ledger_transactions (id, kind, operation_id, payment_id, lines)
    values (${id}, 'capture', ${another.id}, ${other.id}, ${declared})`;
  if (lines.length > 0)
    await sql`insert into ledger_entries ${sql(lines.map((line) => ({ transaction_id: id, ...line })) as never)}`;
  // Last, so that it is checked last.
  await sql`
    update payments set state = 'captured', amount_authorized = 10, amount_captured = 10, version = 2,
      provider_intent_id = ${other.id}
    where id = ${other.id}`;
  return id;
}

const balances = () =>
  the.byHand(
    async (sql) => [...(await sql`select * from ledger_balances order by account, currency`)],
    the.service,
  );

describe('a ledger transaction written by hand', () => {
  it('stands if it is whole, balanced and agrees with the payment', async () => {
    const id = await the.byHand((sql) => post(sql, [DEBIT, CREDIT]));
    expect(
      await the.byHand((sql) => sql`select from ledger_entries where transaction_id = ${id}`),
    ).toHaveLength(2);
  });

  it.each<[string, readonly Line[], number?]>([
    ['amounts that differ', [DEBIT, { ...CREDIT, amount: 9 }]],
    ['two debits', [DEBIT, { ...CREDIT, direction: 'debit' }]],
    ['another currency on the other side', [DEBIT, { ...CREDIT, currency: 'USD' }]],
    [
      'a balance over currencies, but not in each',
      [
        DEBIT,
        { ...CREDIT, currency: 'USD' },
        { ...CREDIT, line: 3, currency: 'USD', amount: 5 },
        { ...DEBIT, line: 4, amount: 5 },
      ],
    ],
  ])('is refused with %s', async (_, lines) => {
    const before = await balances();
    await expect(the.byHand((sql) => post(sql, lines))).rejects.toThrow(/not balanced/);
    expect(await balances()).toEqual(before);
  });

  it.each<[string, readonly Line[], number]>([
    ['no entries', [], 2],
    ['fewer entries than it says', [DEBIT, CREDIT], 4],
    ['more entries than it says', [DEBIT, CREDIT, { ...DEBIT, line: 3 }, { ...CREDIT, line: 4 }], 2],
  ])('is refused with %s', async (_, lines, declared) => {
    await expect(the.byHand((sql) => post(sql, lines, declared))).rejects.toThrow(/entries it says/);
  });

  it.each<[string, Line]>([
    ['a negative amount', { amount: -10 }],
    ['nothing', { amount: 0 }],
    ['more than twelve digits', { amount: '1000000000000' }],
    ['an unknown account', { account: 'my_pocket' }],
    ['no direction', { direction: 'sideways' }],
    ['no currency', { currency: 'eur' }],
    ['a line of another one', { line: 1 }],
  ])('is refused with an entry of %s', async (_, flaw) => {
    await expect(the.byHand((sql) => post(sql, [DEBIT, { ...CREDIT, ...flaw }]))).rejects.toMatchObject({
      code: expect.stringMatching(/^23514|23505$/),
    });
  });

  it('is refused with other amounts or another currency than the payment has', async () => {
    const scaled = (amount: number, currency = 'EUR') => [
      { ...DEBIT, amount, currency },
      { ...CREDIT, amount, currency },
    ];
    for (const lines of [scaled(11), scaled(10, 'USD')])
      await expect(the.byHand((sql) => post(sql, lines))).rejects.toThrow(/and the ledger disagree/);
  });

  it('is refused if nothing on the provider side moved', async () => {
    const lines = [{ ...DEBIT, account: 'merchant_balance' }, CREDIT];
    await expect(the.byHand((sql) => post(sql, lines))).rejects.toThrow(/disagree/);
  });

  it('is refused for an operation of another payment', async () => {
    const { payment: other } = await the.begin();
    await expect(
      the.byHand(
        (sql) => sql`
          insert into ledger_transactions (id, kind, operation_id, payment_id, lines)
          values (${typeid('ltx').toString()}, 'refund', ${operation.id}, ${other.id}, 2)`,
      ),
    ).rejects.toMatchObject({ code: '23503' });
  });

  it('is checked although somebody had the checks made early', async () => {
    const attempt = the.byHand(async (sql) => {
      const id = await post(sql, [DEBIT, CREDIT]);
      await sql`set constraints all immediate`;
      const more = [
        { ...DEBIT, line: 3 },
        { ...CREDIT, line: 4 },
      ].map((line) => ({ transaction_id: id, ...line }));
      await sql`insert into ledger_entries ${sql(more as never)}`;
    });
    await expect(attempt).rejects.toThrow(/entries it says/);
  });

  it('is refused if the tenant is changed before the checks, which then see nothing', async () => {
    const attempt = the.byHand(async (sql) => {
      await post(sql, [DEBIT, { ...CREDIT, amount: 9 }]);
      await sql`select set_config('gantry.tenant', 'globex', true)`;
    });
    await expect(attempt).rejects.toMatchObject({ code: '23000' });
  });
});

describe('a transaction that stands', () => {
  it.each<[string, readonly Line[]]>([
    ['one entry', [{ ...DEBIT, line: 3 }]],
    [
      'balanced entries',
      [
        { ...DEBIT, line: 3 },
        { ...CREDIT, line: 4 },
      ],
    ],
  ])('takes no more: %s', async (_, lines) => {
    const rows = lines.map((line) => ({ transaction_id: posted, ...line }));
    await expect(the.byHand((sql) => sql`insert into ledger_entries ${sql(rows as never)}`)).rejects.toThrow(
      /entries it says/,
    );
  });

  const CHANGES = [
    'update ledger_entries set amount = 1',
    'update ledger_entries set amount = amount where false',
    'delete from ledger_entries',
    'truncate ledger_entries',
    'update ledger_transactions set lines = 4',
    'delete from ledger_transactions',
    'truncate ledger_transactions cascade',
    'update ledger_balances set debits = debits + 1',
    "insert into ledger_balances (tenant_id, account, currency) values ('acme', 'x', 'EUR')",
    'delete from ledger_balances',
    'truncate ledger_balances',
  ];

  it.each(CHANGES)('cannot be changed, by the service or the owner: %s', async (change) => {
    const before = await balances();
    for (const role of [the.service, the.owner])
      await expect(the.byHand((sql) => sql.unsafe(change), role)).rejects.toMatchObject(DENIED);
    expect(await balances()).toEqual(before);
  });

  it.each(CHANGES.filter((change) => !change.includes('balances')))(
    'cannot be changed by a superuser, as a replica too: %s',
    async (change) => {
      await expect(the.byHand((sql) => sql.unsafe(change), the.superuser)).rejects.toMatchObject(DENIED);
      const asReplica = the.byHand(async (sql) => {
        await sql`set local session_replication_role = replica`;
        await sql.unsafe(change);
      }, the.superuser);
      await expect(asReplica).rejects.toMatchObject(DENIED);
    },
  );

  it.each([
    ['payments', 'update payments set amount_refunded = 5, version = version + 1 where amount_captured = 10'],
    ['times', 'update ledger_transactions set posted_at = now()'],
    ['triggers', 'alter table ledger_entries disable trigger all'],
    ['replication', 'set session_replication_role = replica'],
    ['the sum', 'select ledger_entries_add_up()'],
  ])('cannot be got around by way of %s', async (_, change) => {
    await expect(the.byHand((sql) => sql.unsafe(change))).rejects.toMatchObject({
      code: expect.stringMatching(/^(42501|23000|0A000)$/),
    });
  });

  it('is not seen by another tenant, and takes nothing from it', async () => {
    const theirs = await the.byHand(
      async (sql) => [
        await sql`select from ledger_entries`,
        await sql`select from ledger_transactions`,
        await sql`select from ledger_balances`,
      ],
      the.service,
      'globex',
    );
    expect(theirs.map((rows) => rows.length)).toEqual([0, 0, 0]);
    await expect(
      the.byHand(
        (sql) =>
          sql`insert into ledger_entries ${sql({ transaction_id: posted, ...DEBIT, line: 3 } as never)}`,
        the.service,
        'globex',
      ),
    ).rejects.toMatchObject({ code: expect.stringMatching(/^(23503|23000)$/) });
  });
});
