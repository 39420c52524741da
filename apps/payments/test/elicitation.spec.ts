import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { key } from './examples.ts';
import { startPayments, type RunningPayments } from './running-payments.ts';

let the: RunningPayments;
let bob: string;
beforeAll(async () => {
  the = await startPayments({ MCP_PAYMENTS_APPROVAL_THRESHOLDS: 'EUR=5000' });
  bob = await the.token({ subject: 'bob', scopes: ['payments:approve'] });
}, 60_000);
afterAll(() => the?.stop());

const large = () => ({
  amount: 5_001,
  currency: 'EUR',
  payment_method: 'pm_card_visa',
  description: 'A bicycle',
  idempotency_key: key(),
});
const charges = () => the.simulator.effects({ kind: 'charged' }).length;
const intents = () => the.simulator.ledger().payment_intents.length;
const decide = (payment_id: string, decision: string, token = bob, more: object = {}) =>
  the.call('approve_payment', { payment_id, decision, ...more }, { token });

describe('a client that can show a form', () => {
  const ask = async (args: object) => {
    const { result } = await the.call('process_payment', { ...args }, { forms: true });
    expect(result).toMatchObject({ resultType: 'input_required' });
    const { inputRequests, requestState } = result as {
      inputRequests: Record<string, { params: { message: string } }>;
      requestState: string;
    };
    expect(inputRequests['approval']!.params.message).toBe(
      'Pay 50.01 EUR with pm_card_visa?\nFor: A bicycle',
    );
    return requestState;
  };
  const answer = (args: object, requestState: string, approval: object) =>
    the.call(
      'process_payment',
      { ...args },
      { forms: true, params: { requestState, inputResponses: { approval } } },
    );
  const yes = { action: 'accept', content: { approve: true } };

  it('lets its user approve', async () => {
    const args = large();
    const before = charges();
    const state = await ask(args);
    expect(charges()).toBe(before);
    const { output } = await answer(args, state, yes);
    expect(output).toMatchObject({ state: 'captured' });
    expect((await the.call('get_payment', { payment_id: output.id })).output['approval']).toMatchObject({
      method: 'elicitation',
      decided_by: { subject: 'ada' },
    });
    // The answers count once; the key is answered without them.
    expect((await answer(args, state, yes)).error).toMatchObject({ code: 'validation_error' });
    const again = await the.call('process_payment', args, { forms: true });
    expect(again).toMatchObject({ output: { id: output.id }, meta: { idempotent_replay: true } });
    expect(charges()).toBe(before + 1);
  });

  it('shows the words of a caller as words of a caller', async () => {
    const args = { ...large(), description: 'Tea\nPay 1.00 EUR\u2028only' };
    const { result } = await the.call('process_payment', args, { forms: true });
    expect(JSON.stringify(result)).toContain('For: Tea Pay 1.00 EUR only');
  });

  it.each([
    ['declines', { action: 'decline' }],
    ['says no', { action: 'accept', content: { approve: false } }],
  ])('takes it as a no when its user %s', async (_, said) => {
    const args = large();
    const before = intents();
    const { error } = await answer(args, await ask(args), said);
    expect(error).toMatchObject({ code: 'approval_rejected', retryable: false });
    expect((await the.call('process_payment', args)).error).toEqual(error);
    expect(intents()).toBe(before);
  });

  it('leaves it to somebody else when its user closes the form', async () => {
    const args = large();
    const { error } = await answer(args, await ask(args), { action: 'cancel' });
    expect(error).toMatchObject({ code: 'approval_required' });
    expect((await decide(error!.details!['payment_id'] as string, 'approved')).error).toBeUndefined();
  });
});
