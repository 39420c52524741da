import { waitFor } from '@gantry/testing';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { send } from './raw-call.ts';
import { startReplica, type Replica } from './replica.ts';
import { startPayments, type RunningPayments } from './running-payments.ts';

// Starting a process compiles its sources, and the leases of one that was killed have to run out.
jest.setTimeout(120_000);

let the: RunningPayments;
beforeAll(async () => {
  the = await startPayments({ MCP_PAYMENTS_COMPLETE_AFTER_SECONDS: '5', MCP_PAYMENTS_STEP_SECONDS: '10' });
});
afterAll(() => the?.stop());

const key = () => `key-${randomUUID()}`;
const ten = { amount: 1_000, currency: 'EUR', payment_method: 'pm_card_visa' };

/** Where a process is when it is killed: what it does, and the request that it never gets an answer to. */
const MOMENTS = [
  ['process_payment', 'payment_intents.create', 'hang_before'],
  ['process_payment', 'payment_intents.create', 'hang_after'],
  ['process_payment', 'payment_intents.confirm', 'hang_before'],
  ['process_payment', 'payment_intents.confirm', 'hang_after'],
  ['authorize_payment', 'payment_intents.confirm', 'hang_after'],
  ['capture_payment', 'payment_intents.capture', 'hang_before'],
  ['capture_payment', 'payment_intents.capture', 'hang_after'],
  ['cancel_payment', 'payment_intents.cancel', 'hang_before'],
  ['cancel_payment', 'payment_intents.cancel', 'hang_after'],
  ['refund_payment', 'refunds.create', 'hang_before'],
  ['refund_payment', 'refunds.create', 'hang_after'],
] as const;

const EFFECTS: Record<(typeof MOMENTS)[number][0], readonly string[]> = {
  process_payment: ['charged'],
  authorize_payment: ['authorized'],
  capture_payment: ['authorized', 'captured'],
  cancel_payment: ['authorized', 'canceled'],
  refund_payment: ['charged', 'refunded'],
};

async function argumentsFor(tool: (typeof MOMENTS)[number][0]): Promise<Record<string, unknown>> {
  if (tool === 'process_payment' || tool === 'authorize_payment') return { ...ten, idempotency_key: key() };
  const first = tool === 'refund_payment' ? 'process_payment' : 'authorize_payment';
  const { output } = await the.call(first, { ...ten, idempotency_key: key() });
  return { payment_id: output.id, idempotency_key: key() };
}

describe('a process that is killed between any two phases', () => {
  it('leaves nothing undone and nothing to be done twice: another replica goes on', async () => {
    const doomed: Replica = await startReplica(the, {
      MCP_PAYMENTS_COMPLETE_AFTER_SECONDS: '5',
      MCP_PAYMENTS_STEP_SECONDS: '10',
      MCP_PAYMENTS_STRIPE_TIMEOUT_MS: '60000',
    });
    const token = await the.token();
    const begun: { tool: (typeof MOMENTS)[number][0]; args: Record<string, unknown> }[] = [];
    for (const [tool, endpoint, kind] of MOMENTS) {
      const args = await argumentsFor(tool);
      the.simulator.faults.plan({ kind, endpoint, count: 1 });
      // Nobody will ever answer this.
      send(doomed.url, token, { name: tool, args }).catch(() => {});
      await waitFor(() => the.simulator.faults.planned.length === 0);
      begun.push({ tool, args });
    }
    await doomed.kill();

    const succeeded = async ({ tool, args }: (typeof begun)[number]) => {
      const { output } = await the.call('find_payment_by_key', { key: args['idempotency_key'] });
      const [item] = output['items'] as { tool: string; status: string; payment: { id: string } }[];
      return item?.tool === tool && item.status === 'succeeded' ? item.payment.id : undefined;
    };
    // Nobody repeats any call: jobs do it all.
    const ids: string[] = [];
    for (const operation of begun) ids.push(await waitFor(() => succeeded(operation), 90_000));
    for (const [index, { tool, args }] of begun.entries()) {
      const payment_id = ids[index]!;
      const effects = the.simulator.effects({ metadata: { payment_id } }).map(({ kind }) => kind);
      expect([MOMENTS[index], effects.filter((kind) => kind !== 'intent_created')]).toEqual([
        MOMENTS[index],
        EFFECTS[tool],
      ]);
      const repeated = await the.call(tool, args);
      expect(repeated).toMatchObject({ output: { id: payment_id }, meta: { idempotent_replay: true } });
    }
  });
});
