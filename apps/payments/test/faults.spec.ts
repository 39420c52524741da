import { waitFor } from '@gantry/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import postgres from 'postgres';
import { FindStuckOperations } from '../src/workflows/find-stuck-operations.ts';
import { startPayments, type RunningPayments } from './running-payments.ts';

// A job looks after what a call has left within a second, and gives up soon.
const QUICK = { MCP_PAYMENTS_COMPLETE_AFTER_SECONDS: '1', MCP_PAYMENTS_STEP_SECONDS: '3' };
let the: RunningPayments;
beforeAll(async () => {
  the = await startPayments({ MCP_PAYMENTS_COMPLETE_AFTER_SECONDS: '600' });
}, 60_000);
afterAll(() => the?.stop());
afterEach(() => the.simulator.faults.clear());

const key = () => `key-${randomUUID()}`;
const newPayment = () => ({
  amount: 1_000,
  currency: 'EUR',
  payment_method: 'pm_card_visa',
  idempotency_key: key(),
});
const effects = (payment_id: string) =>
  the.simulator
    .effects({ metadata: { payment_id } })
    .filter(({ kind }) => kind !== 'intent_created')
    .map(({ kind, amount }) => `${kind} ${amount}`);
const stateOf = async (payment_id: string) => (await the.call('get_payment', { payment_id })).output.state;
const charges = () => the.simulator.effects({ kind: 'charged' }).length;

describe('fifty calls with one key over two replicas', () => {
  it('charge once', async () => {
    const other = await startPayments({ MCP_PAYMENTS_COMPLETE_AFTER_SECONDS: '600' }, the);
    try {
      const before = charges();
      const args = newPayment();
      const replies = await Promise.all(
        Array.from({ length: 50 }, (_, index) => (index % 2 ? other : the).call('process_payment', args)),
      );
      expect(charges() - before).toBe(1);
      const answers = replies.filter(({ error }) => !error).map(({ output }) => JSON.stringify(output));
      expect(new Set(answers).size).toBe(1);
      for (const { error } of replies)
        if (error) expect(error).toMatchObject({ code: 'idempotency_in_flight', retryable: true });
      const { output } = await the.call('process_payment', args);
      expect(JSON.stringify(output)).toBe(answers[0]);
    } finally {
      await other.stop();
    }
  }, 60_000);
});

describe('a connection that breaks after the charge', () => {
  it('leads to the true result if the provider can be asked', async () => {
    the.simulator.faults.plan({ kind: 'reset_after', endpoint: 'payment_intents.confirm', count: 1 });
    const { output } = await the.call('process_payment', newPayment());
    expect(output).toMatchObject({ state: 'captured' });
    expect(effects(output.id)).toEqual(['charged 1000']);
  });

  it('leads to an error that says to repeat, and the repetition to the one payment', async () => {
    the.simulator.faults.plan(
      { kind: 'reset_after', endpoint: 'payment_intents.confirm' },
      { kind: 'error_before', endpoint: 'payment_intents.retrieve' },
    );
    const args = newPayment();
    const { error } = await the.call('process_payment', args);
    expect(error).toMatchObject({
      code: 'dependency_unavailable',
      retryable: true,
      retry_after_seconds: 5,
      hint: expect.stringMatching(/same idempotency_key.*get_payment/s),
    });
    const payment_id = error!.details!['payment_id'] as string;
    expect(await stateOf(payment_id)).toBe('unknown');
    the.simulator.faults.clear();
    const again = await the.call('process_payment', args);
    expect(again.output).toMatchObject({ id: payment_id, state: 'captured', amount_captured: 1_000 });
    expect(effects(payment_id)).toEqual(['charged 1000']);
  });

  it.each([
    ['capture_payment', 'payment_intents.capture', 'captured 1000'],
    ['cancel_payment', 'payment_intents.cancel', 'canceled 1000'],
  ] as const)('in %s does not hide what was done', async (tool, endpoint, effect) => {
    const { output } = await the.call('authorize_payment', newPayment());
    the.simulator.faults.plan({ kind: 'error_after', endpoint, count: 1 });
    const done = await the.call(tool, { payment_id: output.id, idempotency_key: key() });
    expect(done.error).toBeUndefined();
    expect(effects(output.id).at(-1)).toMatch(effect.split(' ')[0]!);
    expect(effects(output.id)).toHaveLength(2);
  });

  it('in refund_payment gives back once', async () => {
    const { output } = await the.call('process_payment', newPayment());
    the.simulator.faults.plan({
      kind: 'rate_limited',
      endpoint: 'refunds.list',
      retryAfterSeconds: 0,
      count: 3,
    });
    const args = { payment_id: output.id, amount: 400, idempotency_key: key() };
    expect((await the.call('refund_payment', args)).error).toMatchObject({ retryable: true });
    expect((await the.call('refund_payment', { ...args, idempotency_key: key() })).error).toMatchObject({
      code: 'payment_busy',
      retryable: true,
    });
    the.simulator.faults.plan({ kind: 'error_after', endpoint: 'refunds.create', count: 1 });
    expect((await the.call('refund_payment', args)).output).toMatchObject({ amount_refunded: 400 });
    expect(effects(output.id)).toEqual(['charged 1000', 'refunded 400']);
  });
});

describe('a provider that does nothing', () => {
  it('leaves the payment to be made by the same key', async () => {
    the.simulator.faults.plan({ kind: 'rate_limited', retryAfterSeconds: 0 });
    const args = newPayment();
    const { error } = await the.call('process_payment', args);
    expect(error).toMatchObject({ code: 'dependency_unavailable', retryable: true });
    const payment_id = error!.details!['payment_id'] as string;
    expect(await stateOf(payment_id)).toBe('processing');
    the.simulator.faults.clear();
    expect((await the.call('process_payment', args)).output).toMatchObject({
      id: payment_id,
      state: 'captured',
    });
    expect(effects(payment_id)).toEqual(['charged 1000']);
  });

  it('but says so is asked again in the same call', async () => {
    the.simulator.faults.plan({ kind: 'error_before', endpoint: 'payment_intents.confirm', count: 2 });
    const { output } = await the.call('process_payment', newPayment());
    expect(output).toMatchObject({ state: 'captured' });
    expect(effects(output.id)).toEqual(['charged 1000']);
  });
});

describe('an operation that its call has left', () => {
  it('is brought to its end by a job', async () => {
    const quick = await startPayments(QUICK, the);
    try {
      the.simulator.faults.plan(
        { kind: 'reset_after', endpoint: 'payment_intents.confirm' },
        { kind: 'error_before', endpoint: 'payment_intents.retrieve', count: 8 },
      );
      const args = newPayment();
      const { error } = await quick.call('process_payment', args);
      const payment_id = error!.details!['payment_id'] as string;
      the.simulator.faults.clear();
      await waitFor(async () => (await stateOf(payment_id)) === 'captured', 20_000);
      const again = await quick.call('process_payment', args);
      expect(again).toMatchObject({ output: { id: payment_id }, meta: { idempotent_replay: true } });
      expect(effects(payment_id)).toEqual(['charged 1000']);
    } finally {
      await quick.stop();
    }
  }, 60_000);

  it('is found even if its job is lost', async () => {
    const alone = await startPayments({
      MCP_PAYMENTS_COMPLETE_AFTER_SECONDS: '1',
      MCP_PAYMENTS_STEP_SECONDS: '1',
    });
    const sql = postgres(alone.database.superuserUrl, { max: 1 });
    try {
      alone.simulator.faults.plan({ kind: 'rate_limited', retryAfterSeconds: 0 });
      const { error } = await alone.call('process_payment', newPayment());
      const payment_id = error!.details!['payment_id'] as string;
      const { count } = await sql`delete from pgboss.job where name = 'unfinished-payment-operations'`;
      expect(count).toBe(1);
      alone.simulator.faults.clear();
      await waitFor(async () => {
        await alone.service.app.get(FindStuckOperations).run(new AbortController().signal);
        return (await alone.call('get_payment', { payment_id })).output.state === 'captured';
      }, 40_000);
      expect(alone.simulator.effects({ kind: 'charged' })).toHaveLength(1);
    } finally {
      await sql.end();
      await alone.stop();
    }
  }, 60_000);

  it('is given up if nobody could confirm it for too long', async () => {
    // Alone: the job runs on any replica, and all have to agree when it is too late.
    const impatient = await startPayments({
      MCP_PAYMENTS_COMPLETE_AFTER_SECONDS: '8',
      MCP_PAYMENTS_GIVE_UP_SECONDS: '1',
      MCP_PAYMENTS_STEP_SECONDS: '1',
    });
    try {
      const { faults } = impatient.simulator;
      faults.plan({
        kind: 'rate_limited',
        endpoint: 'payment_intents.confirm',
        retryAfterSeconds: 0,
        count: 3,
      });
      const args = newPayment();
      const { error } = await impatient.call('process_payment', args);
      const payment_id = error!.details!['payment_id'] as string;
      await waitFor(
        async () => (await impatient.call('get_payment', { payment_id })).output.state === 'failed',
        30_000,
      );
      expect((await impatient.call('process_payment', args)).error).toMatchObject({ code: 'payment_failed' });
      const effects = impatient.simulator.effects({ metadata: { payment_id } });
      expect(effects.map(({ kind }) => kind)).toEqual(['intent_created', 'canceled']);
    } finally {
      await impatient.stop();
    }
  }, 60_000);
});
