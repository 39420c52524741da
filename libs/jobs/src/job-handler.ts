import { classMark } from '@gantry/pipeline';
import type { z } from 'zod';
import type { Queue } from './queue.ts';

/** One attempt at a job, as its handler sees it. */
export interface Job {
  readonly id: string;
  /** 1 for the first. */
  readonly attempt: number;
  readonly tenant: string;
  /** Aborted when the attempt takes too long, another replica has got the job, or this one stops. */
  readonly signal: AbortSignal;
}

/** Handles the jobs of a queue. */
export interface HandlesJob<Of extends Queue> {
  /**
   * Runs in a unit of work of the tenant that enqueued the job. What it writes commits together with the end of the
   * job: once, or, if it rejects, not at all. A final refusal goes to the dead letter queue at once, everything else
   * is tried again.
   */
  handle(payload: z.output<Of['payload']>, job: Job): Promise<void>;
}

/** How a handler is run. */
export interface JobHandlerOptions<Of extends Queue = Queue> {
  readonly queue: Of;
  /** Jobs at once on each replica; 1 unless told. */
  readonly concurrency?: number;
  /**
   * The handler opens its units of work itself, because it waits for something outside of the database, and a
   * transaction must not. Then it may run again after it has succeeded: what it does must bear that.
   */
  readonly ownTransactions?: boolean;
}

const handlers = classMark<JobHandlerOptions>('job-handler');

/**
 * Marks a provider as the one that handles the jobs of a queue.
 *
 * @example
 * ```ts
 * \@JobHandler({ queue: receipts, concurrency: 5 })
 * export class WriteReceipt implements HandlesJob<typeof receipts> { … }
 * ```
 */
export function JobHandler<Of extends Queue>(options: JobHandlerOptions<Of>) {
  return (target: abstract new (...args: never[]) => HandlesJob<Of>): void => handlers.on(target, options);
}

/** What a class was marked with, if it was. */
export function jobHandlerOptionsOf(type: unknown): JobHandlerOptions | undefined {
  return handlers.of(type);
}
