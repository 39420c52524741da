import type { FaultPlan } from '@gantry/psp-simulator';
import { randomInt } from 'node:crypto';
import type { Fault } from './fault.ts';
import { pause } from './pause.ts';

/** What the payment provider does to a call, by turns: slow, dead before or after it has charged, flapping. */
const TROUBLES: Readonly<Record<string, FaultPlan>> = {
  slow: { kind: 'latency', milliseconds: 3_000, probability: 0.5 },
  'dead before': { kind: 'reset_before' },
  'dead after': { kind: 'reset_after' },
  silent: { kind: 'hang_after', probability: 0.5 },
  flapping: { kind: 'error_before', status: 503, probability: 0.5 },
  limited: { kind: 'rate_limited', retryAfterSeconds: 1, probability: 0.7 },
};
const TROUBLED_MS = [1_000, 4_000] as const;
const BETWEEN_MS = [200, 1_500] as const;

/** The payment provider is slow, away, or does not say what it has done. */
export const troubleProvider: Fault = {
  name: 'provider',
  async strike({ simulator }, signal) {
    const troubles: string[] = [];
    const names = Object.keys(TROUBLES);
    while (await pause(randomInt(...BETWEEN_MS), signal)) {
      const name = names[troubles.length % names.length]!;
      simulator.faults.plan(TROUBLES[name]!);
      troubles.push(name);
      await pause(randomInt(...TROUBLED_MS), signal);
      simulator.faults.clear();
    }
    return troubles;
  },
};
