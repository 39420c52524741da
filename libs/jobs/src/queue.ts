import type { z } from 'zod';

/**
 * How many jobs with the same singleton key, or without one, a tenant may have in a queue: any number; one waiting;
 * one running; one of each; one at all.
 */
export type QueuePolicy = 'standard' | 'short' | 'singleton' | 'stately' | 'exclusive';

/** A queue and what its jobs carry: pure data, shared by those who enqueue and the one who handles. */
export interface Queue<Payload extends z.ZodType = z.ZodType> {
  /** Stable, also across versions: letters, digits, `_`, `-` and `.`. */
  readonly name: string;
  /** Jobs outlive versions: what is in the queue must still be valid after a change. */
  readonly payload: Payload;
  /** Cannot be changed once the queue exists. */
  readonly policy: QueuePolicy;
  /** Attempts after the first; then the job goes to the dead letter queue. */
  readonly retries: number;
  /** Pause before the first retry; each further one doubles it, jittered. */
  readonly retryDelaySeconds: number;
  readonly retryDelayMaxSeconds: number;
  /** An attempt that takes longer is given up and undone. */
  readonly timeoutSeconds: number;
  /**
   * Wakes a worker at the commit instead of within a second. Not for queues that many transactions add to: Postgres
   * lets transactions that notify commit only one after another.
   */
  readonly notify: boolean;
}

/** A queue as it is written: all but name and payload may be left out. */
export type QueueInput<Payload extends z.ZodType> = Pick<Queue<Payload>, 'name' | 'payload'> &
  Partial<Omit<Queue<Payload>, 'name' | 'payload'>>;

const DEFAULTS = {
  policy: 'standard',
  retries: 10,
  retryDelaySeconds: 1,
  retryDelayMaxSeconds: 600,
  timeoutSeconds: 300,
  notify: false,
} as const;

/**
 * Completes a queue with defaults: ten retries over about a quarter of an hour.
 *
 * @example
 * ```ts
 * export const receipts = defineQueue({ name: 'receipts', payload: z.strictObject({ order_id: z.string() }) });
 * ```
 */
export function defineQueue<Payload extends z.ZodType>(queue: QueueInput<Payload>): Queue<Payload> {
  return { ...DEFAULTS, ...queue };
}

/** Where the jobs of a queue end that nobody could handle. */
export function deadLetterQueue({ name }: Queue): string {
  return `${name}.dead`;
}
