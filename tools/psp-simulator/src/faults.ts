import { z } from 'zod';
import { ENDPOINT_NAMES, type EndpointName } from './endpoints.ts';

const KINDS = [
  'latency',
  'rate_limited',
  'lock_timeout',
  'reset_before',
  'error_before',
  'hang_before',
  'reset_after',
  'error_after',
  'hang_after',
] as const;

/** A fault to be played, as the control API takes it. The README says what each kind does. */
export const faultPlan = z.strictObject({
  kind: z.enum(KINDS),
  /** All endpoints if there is none. */
  endpoint: z.enum(ENDPOINT_NAMES as [EndpointName, ...EndpointName[]]).optional(),
  /** How many requests it hits; all if there is none. */
  count: z.int().min(1).optional(),
  /** The share of requests that it hits. */
  probability: z.number().min(0).max(1).default(1),
  /** For `latency`. */
  milliseconds: z.int().min(0).max(600_000).default(100),
  /** For `error_before` and `error_after`. */
  status: z.int().min(500).max(599).default(500),
  /** For `rate_limited`. */
  retryAfterSeconds: z.int().min(0).max(3_600).default(1),
});

/** A fault as it is asked for. */
export type FaultPlan = z.input<typeof faultPlan>;

/** A fault as it is played. */
export type Fault = Omit<z.output<typeof faultPlan>, 'endpoint' | 'count' | 'probability'>;

type Planned = z.output<typeof faultPlan>;

/** The faults that wait for their requests. */
export class Faults {
  #plans: Planned[] = [];
  readonly #random: () => number;

  /** @param seed - the same seed and the same requests get the same faults */
  constructor(seed: number) {
    this.#random = mulberry32(seed);
  }

  /** Adds faults; those that were added first are played first. */
  plan(...faults: readonly FaultPlan[]): void {
    this.#plans.push(...faults.map((fault) => faultPlan.parse(fault)));
  }

  /** From now on all goes well. */
  clear(): void {
    this.#plans = [];
  }

  /** What is still planned. */
  get planned(): readonly Planned[] {
    return this.#plans;
  }

  /** What happens to this request: all its latencies and at most one fault more. */
  draw(endpoint: EndpointName): { readonly latencyMs: number; readonly fault: Fault | undefined } {
    let latencyMs = 0;
    let fault: Planned | undefined;
    for (const plan of this.#plans) {
      if (plan.endpoint !== undefined && plan.endpoint !== endpoint) continue;
      if (fault !== undefined && plan.kind !== 'latency') continue;
      if (plan.probability < 1 && this.#random() >= plan.probability) continue;
      if (plan.count !== undefined) plan.count -= 1;
      if (plan.kind === 'latency') latencyMs += plan.milliseconds;
      else fault = plan;
    }
    this.#plans = this.#plans.filter((plan) => plan.count !== 0);
    return { latencyMs, fault };
  }
}

/** A small generator of random numbers that can be seeded, which `Math.random` cannot. */
export function mulberry32(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
