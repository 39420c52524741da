import type { FaultPlan } from '@gantry/psp-simulator';
import type { Fault } from './fault.ts';
import { byTurns, wait } from './wait.ts';

/** What the payment provider does to a call, by turns. */
const TROUBLES: readonly (readonly [name: string, plan: FaultPlan])[] = [
  ['slow', { kind: 'latency', milliseconds: 3_000, probability: 0.5 }],
  ['dead before', { kind: 'reset_before' }],
  ['dead after', { kind: 'reset_after' }],
  ['silent', { kind: 'hang_after', probability: 0.5 }],
  ['flapping', { kind: 'error_before', status: 503, probability: 0.5 }],
  ['limited', { kind: 'rate_limited', retryAfterSeconds: 1, probability: 0.7 }],
];

/** The payment provider is slow, dead before or after it has charged, silent, or flapping. */
export const troubleProvider: Fault = {
  name: 'provider',
  // In trouble half of the time: any longer, and the breaker keeps nearly all calls from meeting it.
  betweenMs: [1_000, 4_000],
  ways: TROUBLES.length,
  async strike({ simulator }, turn) {
    const [name, plan] = byTurns(TROUBLES, turn);
    simulator.faults.plan(plan);
    await wait([1_000, 4_000]);
    simulator.faults.clear();
    return name;
  },
};
