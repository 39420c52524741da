import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { anyLife, firstOf, grant, type Life } from './model.ts';
import { send, type ToolReply } from './raw-call.ts';
import { startReplica, type Replica } from './replica.ts';
import { startPayments, type RunningPayments } from './running-payments.ts';

/** How many lives are lived; so many at the same time. */
const RUNS = Number(process.env['PAYMENTS_MODEL_RUNS'] ?? 100);
const AT_ONCE = 4;

/** Share of requests whose answer is lost. With many more, the breaker would keep most requests from being made. */
const MOST_FAULTS = 0.06;

/** Whoever repeats a call for as long as this has a reason to complain. */
const PATIENCE_MS = 90_000;

/** One batch of lives in so many sees a process killed. */
const KILL_EVERY = 20;

// Slow answers are late effects: the request is given up, and what it does happens after that.
const env = {
  MCP_PAYMENTS_STRIPE_TIMEOUT_MS: '250',
  MCP_PAYMENTS_COMPLETE_AFTER_SECONDS: '3',
  MCP_PAYMENTS_STEP_SECONDS: '2',
};

let the: RunningPayments;
let doomed: Replica | undefined;
let token: string;
beforeAll(async () => {
  the = await startPayments(env);
  doomed = await startReplica(the, env);
  token = await the.token();
}, 60_000);
afterAll(async () => {
  await doomed?.kill();
  await the?.stop();
});

/** Calls until there is a final answer, always with the same key, at whichever replica. */
async function finally_(tool: string, args: object): Promise<ToolReply> {
  const idempotent = { idempotency_key: `key-${randomUUID()}`, ...args };
  const giveUp = performance.now() + PATIENCE_MS;
  for (;;) {
    const { url } = (Math.random() < 0.5 && doomed) || the;
    // No answer if the process is killed: whoever called does not know more than that.
    const reply = await send(url, token, { name: tool, args: idempotent }).catch(() => undefined);
    if (reply && reply.status !== 200) throw new Error(`${tool} was not even heard: ${reply.text}`);
    if (reply && !reply.error?.retryable) return reply;
    if (performance.now() > giveUp) throw new Error(`${tool} never ended: ${reply?.text}`);
    await pause(50);
  }
}

/** Several copies of a call at once come to the same. */
async function agreed(tool: string, args: object, copies: number): Promise<ToolReply> {
  const same = { ...args, idempotency_key: `key-${randomUUID()}` };
  const replies = await Promise.all(Array.from({ length: copies }, () => finally_(tool, same)));
  for (const reply of replies)
    expect([reply.output, reply.error]).toEqual([replies[0]!.output, replies[0]!.error]);
  return replies[0]!;
}

/** Kills a replica in the middle of what it does, and starts another one. */
async function killOne(): Promise<void> {
  await pause(100 + Math.random() * 200);
  const killed = doomed;
  doomed = undefined;
  await killed?.kill();
  doomed = await startReplica(the, env);
}

async function live(life: Life): Promise<void> {
  const expected = firstOf(life);
  const made = await agreed(
    `${life.first}_payment`,
    {
      amount: life.amount,
      currency: 'EUR',
      payment_method: life.isDeclined ? 'pm_card_chargeDeclined' : 'pm_card_visa',
    },
    2,
  );
  expect(made.error?.code).toBe(life.isDeclined ? 'card_declined' : undefined);
  const payment_id = life.isDeclined ? (made.error!.details!['payment_id'] as string) : made.output.id;
  for (const wish of life.wishes) {
    const amount = wish.kind === 'cancel' ? undefined : wish.amount;
    const refusal = grant(expected, life.amount, wish);
    const args = { payment_id, ...(amount !== undefined && { amount }) };
    const reply = await agreed(`${wish.kind}_payment`, args, wish.copies);
    expect([wish, reply.error?.code]).toEqual([wish, refusal]);
  }
  await compare(payment_id, expected);
}

/** Provider, payment and ledger say the same, to the cent, and nothing happened twice. */
async function compare(
  payment_id: string,
  { state, captured, refunded }: ReturnType<typeof firstOf>,
): Promise<void> {
  const { output } = await the.call('get_payment', { payment_id });
  expect(output).toMatchObject({ state, amount_captured: captured, amount_refunded: refunded });
  expect(output['under_way']).toBeUndefined();

  const effects = the.simulator.effects({ metadata: { payment_id } });
  const sum = (...kinds: string[]) =>
    effects.filter(({ kind }) => kinds.includes(kind)).reduce((total, { amount }) => total + amount, 0);
  const count = (...kinds: string[]) => effects.filter(({ kind }) => kinds.includes(kind)).length;
  expect(sum('charged', 'captured')).toBe(captured);
  expect(sum('refunded')).toBe(refunded);
  expect(count('charged', 'authorized')).toBe(state === 'declined' ? 0 : 1);
  expect(count('captured', 'charged')).toBe(captured > 0 ? 1 : 0);
  expect(count('canceled')).toBe(state === 'cancelled' ? 1 : 0);

  const { output: ledger } = await the.call('list_ledger_entries', {
    payment_id,
    account: 'merchant_balance',
    limit: 100,
  });
  const entries = ledger['items'] as { direction: string; amount: number }[];
  const posted = (side: string) =>
    entries.filter(({ direction }) => direction === side).reduce((total, { amount }) => total + amount, 0);
  expect([posted('credit'), posted('debit')]).toEqual([captured, refunded]);
}

describe('payments', () => {
  it(
    `agree with a simple model after ${RUNS} lives with faults, repetitions, copies and kills`,
    async () => {
      let batch = 0;
      const faults = fc.record({ probability: fc.double({ min: 0, max: MOST_FAULTS, noNaN: true }) });
      await fc.assert(
        fc.asyncProperty(
          fc.array(anyLife, { minLength: AT_ONCE, maxLength: AT_ONCE }),
          faults,
          async (lives, { probability }) => {
            the.simulator.faults.clear();
            the.simulator.faults.plan(
              { kind: 'reset_after', probability },
              { kind: 'error_after', probability: probability / 2 },
              { kind: 'reset_before', probability: probability / 2 },
              { kind: 'error_before', probability: probability / 2 },
              { kind: 'rate_limited', retryAfterSeconds: 0, probability: probability / 2 },
              { kind: 'latency', milliseconds: 350, probability: probability / 4 },
            );
            batch += 1;
            await Promise.all([...lives.map(live), batch % KILL_EVERY === KILL_EVERY / 2 && killOne()]);
          },
        ),
        { numRuns: Math.ceil(RUNS / AT_ONCE), endOnFailure: RUNS > 500 },
      );
    },
    RUNS * 2_000 + 60_000,
  );
});
