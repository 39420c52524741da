import { describe, expect, it } from '@jest/globals';
import type postgres from 'postgres';
import { typeid } from 'typeid-js';
import {
  INITIAL_STATES,
  PAYMENT_STATES,
  PAYMENT_TRANSITIONS,
  isFinalState,
  type PaymentState,
} from '../src/domain/payment-state-machine.ts';
import { addsUp, type Payment } from '../src/domain/payment.ts';
import { usePaymentsDatabase } from './payments-database.ts';

/** What a bug in the service, or somebody with its password, could do to payments: nothing that must not be. */
const the = usePaymentsDatabase();
const DENIED = { code: '42501' };

/** Amounts that fit a state. */
function amountsIn(state: PaymentState, from?: PaymentState) {
  const wasAuthorized = from === 'authorized' || state === 'authorized' || state === 'captured';
  return {
    amount_authorized: wasAuthorized ? 1000 : 0,
    amount_captured: state === 'captured' ? 1000 : 0,
    decline_code: state === 'declined' ? 'card_declined' : null,
    provider_intent_id: typeid('pi').toString(),
  };
}

class Undone extends Error {}

/** Does the database let a payment go from one state to another? Tried with a payment that is really there. */
async function lets(from: PaymentState, to: PaymentState): Promise<boolean> {
  const { payment } = await the.begin({}, from === 'approval_required' ? from : 'processing');
  try {
    await the.byHand(async (sql) => {
      // The ledger is not the question here; its checks come at commit, and there is none.
      const isThere = from === 'processing' || from === 'approval_required';
      if (!isThere) await step(sql, payment, from);
      if (from === 'approval_required')
        await sql`
          insert into payment_approvals (payment_id, decision, method, requested_by_subject, decided_by_subject, decided_by_client, request_id)
          values (${payment.id}, 'approved', 'second_principal', ${payment.createdBy.subject}, 'bob', 'desk', 'req_1')`;
      await step(sql, payment, to, from);
      throw new Undone();
    });
    return false;
  } catch (error) {
    if (error instanceof Undone) return true;
    expect(error).toMatchObject({
      code: '23000',
      message: expect.stringMatching(/does not go from|stays as it is/),
    });
    return false;
  }
}

/** The intent is set once, so later steps leave it out. */
async function step(
  sql: postgres.Sql,
  { id }: Payment,
  to: PaymentState,
  from?: PaymentState,
): Promise<void> {
  const { provider_intent_id: intent, ...amounts } = amountsIn(to, from);
  await sql`
    update payments set ${sql({ state: to, ...amounts })}, version = version + 1,
      provider_intent_id = coalesce(provider_intent_id, ${intent})
    where id = ${id}`;
}

describe('the states of a payment', () => {
  it.each(PAYMENT_STATES)('lead from %s where the machine draws an arrow, and nowhere else', async (from) => {
    const allowed: PaymentState[] = [];
    for (const to of PAYMENT_STATES) if (await lets(from, to)) allowed.push(to);
    const drawn = PAYMENT_TRANSITIONS.filter((arrow) => arrow.from === from).map(({ to }) => to);
    // A payment may change without leaving its state, such as by getting its intent; not once it is over.
    const expected = new Set(isFinalState(from) ? drawn : [...drawn, from]);
    expect(new Set(allowed)).toEqual(expected);
  });

  it.each(PAYMENT_STATES)('begin with %s only if the machine does', async (state) => {
    const attempt = the.byHand(async (sql) => {
      await sql`
        insert into payments (id, state, amount, currency, capture_method, payment_method, created_by_subject, created_by_client)
        values (${typeid('pay').toString()}, ${state}, 1, 'EUR', 'manual', 'pm_1', 'ann', 'shop')`;
      throw new Undone();
    });
    if ((INITIAL_STATES as readonly string[]).includes(state))
      await expect(attempt).rejects.toBeInstanceOf(Undone);
    else await expect(attempt).rejects.toMatchObject({ code: expect.stringMatching(/^23/) });
  });

  it('go with the amounts that the domain lets them go with', async () => {
    // The checks of the table, without its trigger, against the rule of the domain.
    const rows = PAYMENT_STATES.flatMap((state) =>
      [0, 1, 2, 3].flatMap((authorized) =>
        [0, 1, 2, 3].flatMap((captured) =>
          [-1, 0, 1, 2].map((refunded) => ({ state, authorized, captured, refunded })),
        ),
      ),
    );
    const verdicts = await the.superuser.begin(async (sql) => {
      await sql`create temporary table tried (like payments including constraints including defaults) on commit drop`;
      await sql`select set_config('gantry.tenant', 'acme', true)`;
      const results: boolean[] = [];
      for (const { state, authorized, captured, refunded } of rows) {
        const row = {
          id: typeid('pay').toString(),
          state,
          amount: 2,
          currency: 'EUR',
          amount_authorized: authorized,
          amount_captured: captured,
          amount_refunded: refunded,
          decline_code: state === 'declined' ? 'card_declined' : null,
          provider_intent_id: 'pi_1',
          capture_method: 'manual',
          payment_method: 'pm_1',
          created_by_subject: 'ann',
          created_by_client: 'shop',
        };
        results.push(
          await sql
            .savepoint((inner) => inner`insert into tried ${inner(row as never)}`)
            .then(
              () => true,
              () => false,
            ),
        );
      }
      return results;
    });
    const expected = rows.map(({ state, authorized, captured, refunded }) =>
      addsUp(
        {
          state,
          amountAuthorized: authorized,
          amountCaptured: captured,
          amountRefunded: refunded,
          declineCode: state === 'declined' ? 'card_declined' : null,
        },
        2,
      ),
    );
    expect(verdicts).toEqual(expected);
    expect(expected.filter(Boolean).length).toBeGreaterThan(10);
  }, 60_000);
});

describe('a payment', () => {
  const refusedChange = async (change: string, code: RegExp, role = the.service) => {
    const { payment } = await the.begin();
    await expect(
      the.byHand((sql) => sql.unsafe(`update payments set ${change} where id = '${payment.id}'`), role),
    ).rejects.toMatchObject({ code: expect.stringMatching(code) });
  };

  it.each([
    "id = 'pay_00000000000000000000000000', version = 2",
    "tenant_id = 'globex', version = 2",
    'amount = 1, version = 2',
    "currency = 'USD', version = 2",
    "payment_method = 'pm_other', version = 2",
    "capture_method = 'automatic', version = 2",
    "description = 'x', version = 2",
    "reference = 'x', version = 2",
    "created_by_subject = 'bob', version = 2",
    'created_at = now(), version = 2',
  ])('is what it is: %s', async (change) => {
    await refusedChange(change, /^42501$/);
    await refusedChange(change, /^(23000|42501)$/, the.owner);
  });

  it.each([
    "state = 'cancelled'",
    "state = 'cancelled', version = 3",
    "state = 'cancelled', version = 1",
    "state = 'gone', version = 2",
    "state = 'authorized', amount_authorized = 1001, version = 2, provider_intent_id = 'pi_x'",
    "state = 'authorized', amount_authorized = 1000, version = 2",
    "state = 'captured', amount_authorized = 5, amount_captured = 6, version = 2, provider_intent_id = 'pi_x'",
    "state = 'declined', version = 2",
    "decline_code = 'card_declined', version = 2",
  ])('does not become impossible: %s', async (change) => {
    await refusedChange(change, /^23/);
  });

  it('is captured, and authorized, once', async () => {
    const { payment } = await the.begin();
    await the.happen(payment, { type: 'authorized', amount: 500 });
    const hand = (change: string) =>
      the.byHand((sql) =>
        sql.unsafe(`update payments set version = version + 1, ${change} where id = '${payment.id}'`),
      );
    await expect(hand('amount_authorized = 600')).rejects.toThrow('once');
    await the.happen(payment, { type: 'captured', amount: 300 });
    await expect(hand('amount_captured = 400')).rejects.toThrow('once');
    await expect(hand('amount_refunded = 301')).rejects.toMatchObject({
      constraint_name: 'payments_never_beyond',
    });
    await expect(hand("provider_intent_id = 'pi_other'")).rejects.toThrow('one intent');
    // What moves money without the ledger does not commit.
    await expect(hand('amount_refunded = 300')).rejects.toThrow('disagree');
  });

  it('never shares its charge with another', async () => {
    const [one, other] = [await the.begin(), await the.begin()];
    const intend = (id: string) =>
      the.byHand(
        (sql) => sql`update payments set version = 2, provider_intent_id = 'pi_shared' where id = ${id}`,
      );
    await intend(one.payment.id);
    await expect(intend(other.payment.id)).rejects.toMatchObject({ code: '23505' });
  });

  it('has no room for a card number where a payment method goes', async () => {
    const { payment } = await the.begin();
    const attempt = the.write(() =>
      the.payments.insert({ ...payment, id: typeid('pay').toString(), paymentMethod: '4242424242424242' }),
    );
    await expect(attempt).rejects.toMatchObject({ code: '23514' });
  });

  it.each(['payments', 'payment_operations', 'payment_approvals'])(
    'leaves %s only with the database',
    async (table) => {
      for (const change of [`delete from ${table}`, `truncate ${table} cascade`])
        for (const role of [the.service, the.owner])
          await expect(the.byHand((sql) => sql.unsafe(change), role)).rejects.toMatchObject(DENIED);
    },
  );

  it('has an approval that nobody rewrites', async () => {
    for (const role of [the.service, the.owner, the.superuser])
      await expect(
        the.byHand((sql) => sql`update payment_approvals set decision = 'approved'`, role),
      ).rejects.toMatchObject(DENIED);
  });
});
