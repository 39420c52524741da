import { Config } from '@gantry/config';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { ANN, examplePayment } from '../../test/examples.ts';
import type { PaymentOperation } from '../domain/operation.ts';
import { paymentsSettings } from '../payments.config.ts';
import type { PaymentProvider, ProviderIntent, ProviderRefund } from '../provider/payment-provider.ts';
import {
  ProviderDeclined,
  ProviderOutcomeUnknown,
  ProviderUnavailable,
} from '../provider/provider-failures.ts';
import { ProviderSteps, type Errand } from './provider-steps.ts';

const intent: ProviderIntent = {
  id: 'pi_1',
  status: 'requires_confirmation',
  money: { amount: 1_000, currency: 'EUR' },
  amountCapturable: 0,
  amountCaptured: 0,
};
const captured: ProviderIntent = { ...intent, status: 'captured', amountCaptured: 1_000 };
const given: ProviderRefund = {
  id: 're_1',
  intentId: 'pi_1',
  status: 'succeeded',
  money: { amount: 400, currency: 'EUR' },
};
const lost = new ProviderOutcomeUnknown();
const over = new ProviderOutcomeUnknown(undefined, { isOver: true });

/** What the provider says, call by call; and what it was asked, with which key. */
let script: unknown[];
let asked: string[];
beforeEach(() => {
  script = [];
  asked = [];
});

async function say(what: string, key = ''): Promise<never> {
  asked.push(key ? `${what} ${key}` : what);
  const said = script.shift();
  if (said instanceof Error) throw said;
  return said as never;
}

const provider = {
  create: (_: unknown, { idempotencyKey }) => say('create', idempotencyKey),
  confirm: (_: unknown, { idempotencyKey }) => say('confirm', idempotencyKey),
  cancel: (_: unknown, { idempotencyKey }) => say('cancel', idempotencyKey),
  capture: (_: unknown, __: unknown, { idempotencyKey }) => say('capture', idempotencyKey),
  refund: (_: unknown, { idempotencyKey }) => say('refund', idempotencyKey),
  retrieve: () => say('retrieve'),
  findRefund: () => say('findRefund'),
  parseWebhook: () => {
    throw new Error('Nobody sends any here.');
  },
} as PaymentProvider;

const config = Config.of([paymentsSettings], {
  MCP_PAYMENTS_GIVE_UP_SECONDS: '60',
  MCP_PAYMENTS_STEP_SECONDS: '10',
});
const steps = new ProviderSteps(provider, config);

function errand(kind: PaymentOperation['kind'], quietSeconds = 0): Errand {
  const operation: PaymentOperation = {
    id: 'pop_1',
    paymentId: 'pay_1',
    kind,
    requestedBy: ANN,
    tool: `${kind}_payment`,
    idempotencyKey: 'a key of ann',
    fingerprint: Buffer.alloc(32),
    requestId: 'req_1',
    amount: 400,
    phase: 'started',
    providerReference: null,
    answer: null,
    createdAt: '2026-11-21T12:00:00.000000Z',
    updatedAt: new Date(Date.now() - quietSeconds * 1_000).toISOString(),
    finishedAt: null,
  };
  const payment = examplePayment({ providerIntentId: 'pi_1' });
  return { tenant: 'acme', operation, payment, deadline: performance.now() + 10_000 };
}

describe('a step whose outcome is lost', () => {
  it('is asked for before it is tried again', async () => {
    script = [lost, captured];
    expect(await steps.confirm(errand('process'), intent)).toBe(captured);
    expect(asked).toEqual(['confirm pop_1:confirm:1', 'retrieve']);
  });

  it('is tried again with the same key as long as it may still be under way', async () => {
    script = [lost, intent, lost, intent, captured];
    expect(await steps.confirm(errand('process'), intent)).toBe(captured);
    expect(asked.filter((call) => call !== 'retrieve')).toEqual([
      'confirm pop_1:confirm:1',
      'confirm pop_1:confirm:1',
      'confirm pop_1:confirm:1',
    ]);
  });

  it('is tried with the next key once the provider has proved that it is over', async () => {
    script = [undefined, lost, undefined, over, undefined, given];
    expect(await steps.refund(errand('refund'))).toBe(given);
    expect(asked).toEqual([
      'findRefund',
      'refund pop_1:refund:1',
      'findRefund',
      'refund pop_1:refund:1',
      'findRefund',
      'refund pop_1:refund:2',
    ]);
  });

  it('is not tried again if nobody can be asked', async () => {
    script = [undefined, over, new ProviderUnavailable()];
    await expect(steps.refund(errand('refund'))).rejects.toBe(over);
    expect(asked).toEqual(['findRefund', 'refund pop_1:refund:1', 'findRefund']);
  });

  it('stays lost if the next try comes to nothing', async () => {
    script = [lost, intent, new ProviderUnavailable(), intent];
    await expect(steps.confirm(errand('process'), intent)).rejects.toBe(lost);
  });

  it('is the truth even if the next try is refused', async () => {
    script = [undefined, lost, undefined, new ProviderDeclined('amount_exceeds_captured'), given];
    expect(await steps.refund(errand('refund'))).toBe(given);
  });

  it('is left to a later attempt after some tries', async () => {
    script = Array.from({ length: 20 }, (_, index) => (index % 2 ? intent : lost));
    await expect(steps.confirm(errand('process'), intent)).rejects.toBe(lost);
    expect(asked).toHaveLength(8);
  });
});

describe('a refund', () => {
  it('that was made before is found, and not made again', async () => {
    script = [given];
    expect(await steps.refund(errand('refund'))).toBe(given);
    expect(asked).toEqual(['findRefund']);
  });

  it('is not made if the provider cannot say whether it was', async () => {
    script = [new ProviderUnavailable()];
    await expect(steps.refund(errand('refund'))).rejects.toBeInstanceOf(ProviderUnavailable);
    expect(asked).toEqual(['findRefund']);
  });
});

describe('an intent', () => {
  it('that nobody knows of is worth nothing, so it counts as not made', async () => {
    script = [lost, lost, lost, lost];
    await expect(steps.intend(errand('process'))).rejects.toBeInstanceOf(ProviderUnavailable);
  });

  it('that is refused is refused', async () => {
    const refusal = new ProviderDeclined('amount_not_accepted');
    script = [refusal];
    await expect(steps.intend(errand('process'))).rejects.toBe(refusal);
  });

  it('that was confirmed is not confirmed again', async () => {
    expect(await steps.confirm(errand('process'), captured)).toBe(captured);
    expect(asked).toEqual([]);
  });

  it('that waited for too long is cancelled, but not while a confirmation may be under way', async () => {
    await expect(steps.confirm(errand('process', 65), intent)).rejects.toBeInstanceOf(ProviderUnavailable);
    expect(asked).toEqual([]);
    const cancelled = { ...intent, status: 'cancelled' } as const;
    script = [cancelled];
    expect(await steps.confirm(errand('process', 80), intent)).toBe(cancelled);
    expect(asked).toEqual(['cancel pop_1:give-up:1']);
  });

  it('that was taken after all is not lost when it is given up', async () => {
    script = [lost, captured];
    expect(await steps.confirm(errand('process', 80), intent)).toBe(captured);
  });
});
