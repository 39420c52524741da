import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startSimulator, type EffectKind, type FaultPlan, type Simulator } from '@gantry/psp-simulator';
import { setTimeout as pause } from 'node:timers/promises';
import { command, eur, failureOf, held, made, paid, providerOf, visa } from '../../test/stripe.ts';
import type { ProviderQuery } from './payment-provider.ts';
import { ProviderOutcomeUnknown, ProviderUnavailable } from './provider-failures.ts';
import type { StripeProvider } from './stripe-provider.ts';

/** No retries and, as far as these tests go, no breaker, so that each fault is seen. */
const UNPROTECTED = { attempts: 1, breaker: { opensAfter: { failuresInARow: 100 } } };

let simulator: Simulator;
let provider: StripeProvider;

beforeEach(async () => {
  simulator = await startSimulator();
  provider = providerOf(simulator.url, UNPROTECTED);
});

afterEach(() => simulator.close());

/** Each step as one call that would succeed, what it is at the simulator, and the effect it has there. */
const STEPS = {
  create: [
    'payment_intents.create',
    'intent_created',
    async () => (by: StripeProvider, query?: ProviderQuery) =>
      by.create(visa({ operationId: 'pop_c' }), command(query)),
  ],
  confirm: [
    'payment_intents.confirm',
    'charged',
    async () => {
      const { id } = await made(provider);
      return (by: StripeProvider, query?: ProviderQuery) => by.confirm(id, command(query));
    },
  ],
  capture: [
    'payment_intents.capture',
    'captured',
    async () => {
      const { id } = await held(provider);
      return (by: StripeProvider, query?: ProviderQuery) => by.capture(id, eur(1_500), command(query));
    },
  ],
  cancel: [
    'payment_intents.cancel',
    'canceled',
    async () => {
      const { id } = await made(provider);
      return (by: StripeProvider, query?: ProviderQuery) => by.cancel(id, command(query));
    },
  ],
  refund: [
    'refunds.create',
    'refunded',
    async () => {
      const { id: intentId } = await paid(provider);
      const refund = { operationId: 'pop_r', intentId, money: eur(500) };
      return (by: StripeProvider, query?: ProviderQuery) => by.refund(refund, command(query));
    },
  ],
} as const satisfies Record<
  string,
  readonly [
    NonNullable<FaultPlan['endpoint']>,
    EffectKind,
    () => Promise<(by: StripeProvider, query?: ProviderQuery) => Promise<unknown>>,
  ]
>;

const names = Object.keys(STEPS) as (keyof typeof STEPS)[];

describe('a fault of the provider', () => {
  const once = (kind: FaultPlan['kind'], more: Partial<FaultPlan> = {}): FaultPlan => ({
    kind,
    count: 1,
    ...more,
  });

  it.each<[FaultPlan, typeof ProviderOutcomeUnknown | typeof ProviderUnavailable, 0 | 1]>([
    [once('reset_before'), ProviderOutcomeUnknown, 0],
    [once('reset_after'), ProviderOutcomeUnknown, 1],
    [once('error_before'), ProviderOutcomeUnknown, 0],
    [once('error_before', { status: 503 }), ProviderOutcomeUnknown, 0],
    [once('error_after'), ProviderOutcomeUnknown, 1],
    [once('hang_before'), ProviderOutcomeUnknown, 0],
    [once('hang_after'), ProviderOutcomeUnknown, 1],
    [once('rate_limited'), ProviderUnavailable, 0],
    [once('lock_timeout'), ProviderUnavailable, 0],
  ])('%j is %p for every step, with %d effects', async (fault, failure, effects) => {
    const steps = await Promise.all(
      names.map(async (name) => [...STEPS[name], await STEPS[name][2]()] as const),
    );
    const before = simulator.effects();
    simulator.faults.plan(...steps.map(([endpoint]) => ({ ...fault, endpoint })));
    const gone = new AbortController();
    const failing = steps.map(([, , , call]) => failureOf(call(provider, { signal: gone.signal })));
    if (fault.kind.startsWith('hang')) {
      while (simulator.faults.planned.length > 0) await pause(5);
      gone.abort();
    }
    const errors = await Promise.all(failing);
    for (const error of errors) expect(error.constructor).toBe(failure);
    expect(simulator.faults.planned).toEqual([]);
    const kinds = simulator
      .effects()
      .slice(before.length)
      .map(({ kind }) => kind);
    expect(kinds.sort()).toEqual(effects === 1 ? steps.map(([, kind]) => kind).sort() : []);
  });

  it('never makes a question more than unavailable', async () => {
    const { id } = await paid(provider);
    const hasty = providerOf(simulator.url, UNPROTECTED, 1_500);
    for (const kind of [
      'reset_before',
      'reset_after',
      'error_after',
      'hang_after',
      'rate_limited',
    ] as const) {
      simulator.faults.plan(
        once(kind, { endpoint: 'payment_intents.retrieve' }),
        once(kind, { endpoint: 'refunds.list' }),
      );
      for (const question of [hasty.retrieve(id, {}), hasty.findRefund(id, 'pop', {})])
        expect(await failureOf(question)).toBeInstanceOf(ProviderUnavailable);
    }
  });

  it('that came too late to matter still happens: what was given up may be done afterwards', async () => {
    const { id } = await made(provider);
    simulator.faults.plan({ kind: 'latency', milliseconds: 4_000, endpoint: 'payment_intents.confirm' });
    const hasty = providerOf(simulator.url, UNPROTECTED, 2_000);
    expect(await failureOf(hasty.confirm(id, command()))).toBeInstanceOf(ProviderOutcomeUnknown);
    expect(await provider.retrieve(id, {})).toMatchObject({ status: 'requires_confirmation' });
    while (simulator.effects({ kind: 'charged' }).length === 0) await pause(20);
    expect(await provider.retrieve(id, {})).toMatchObject({ status: 'captured' });
  });

  it('by chance leaves no doubt about what was done: a soak', async () => {
    const chance = { probability: 0.12, endpoint: 'payment_intents.confirm' } as const;
    const intents = await Promise.all(Array.from({ length: 120 }, () => made(provider)));
    simulator.faults.plan(
      ...(['reset_before', 'reset_after', 'error_before', 'error_after', 'rate_limited'] as const).map(
        (kind) => ({
          kind,
          retryAfterSeconds: 0,
          ...chance,
        }),
      ),
    );
    const patient = providerOf(simulator.url, {
      ...UNPROTECTED,
      attempts: 3,
      bulkhead: { concurrent: 10, queued: 200 },
    });
    const seen = new Set<string>();
    await Promise.all(
      intents.map(async ({ id }) => {
        const told = await patient.confirm(id, command()).catch((error: Error) => error);
        const charges = simulator.effects({ kind: 'charged', payment_intent: id }).length;
        seen.add(`${told.constructor.name} ${charges}`);
        expect((await provider.retrieve(id, {})).status).toBe(
          charges === 1 ? 'captured' : 'requires_confirmation',
        );
      }),
    );
    // A success was done once, what is unavailable was not done, and only what is unknown may be either.
    for (const what of ['Object 1', 'ProviderOutcomeUnknown 0', 'ProviderOutcomeUnknown 1'])
      expect(seen).toContain(what);
    seen.delete('ProviderUnavailable 0');
    expect(seen.size).toBe(3);
  });
});
