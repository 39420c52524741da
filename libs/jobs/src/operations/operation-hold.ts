import { sharedError } from '@gantry/errors';
import type { Log } from '@gantry/observability';
import type { Claim, Hold, OperationStore } from './operation-store.ts';

/** How soon a run notices that its operation was cancelled. */
const LOOK_MS = 500;

/** The operation is not this run's any more: cancelled, or taken over by another replica. */
export class OperationLost extends Error {
  override readonly name = 'OperationLost';

  constructor() {
    super('The operation was cancelled or is run by another replica now.');
  }
}

/** Keeps a claim alive while its run works, and tells the run when it is over. */
export class OperationHold {
  readonly #stop = new AbortController();
  readonly #abort = new AbortController();
  readonly #watching: Promise<void>;
  #heldAt = performance.now();

  constructor(
    private readonly store: OperationStore,
    private readonly claim: Claim,
    private readonly leaseSeconds: number,
    private readonly log: Log,
  ) {
    this.#watching = this.#watch();
  }

  /** Aborted when the run has to stop; the reason says why. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** Makes the run stop. */
  abort(reason: Error): void {
    this.#abort.abort(reason);
  }

  /** Ends the watch: the run is over. */
  async release(): Promise<void> {
    this.#stop.abort();
    await this.#watching;
  }

  async #watch(): Promise<void> {
    for (;;) {
      await this.#pause();
      if (this.#stop.signal.aborted || this.signal.aborted) return;
      try {
        this.#judge(await this.#ask());
      } catch (error) {
        this.log.warn({ err: error, operation: this.claim.id }, 'An operation could not be kept alive.');
      }
      // Cut off from the database for so long, others take it for dead. They are right to.
      if (performance.now() - this.#heldAt > this.leaseSeconds * 1_000) this.abort(new OperationLost());
    }
  }

  /** Writes only as often as the lease needs it. */
  async #ask(): Promise<Hold> {
    const isFresh = performance.now() - this.#heldAt < (this.leaseSeconds * 1_000) / 3;
    if (isFresh) return this.store.look(this.claim);
    const asked = performance.now();
    const hold = await this.store.extend(this.claim, this.leaseSeconds);
    this.#heldAt = asked;
    return hold;
  }

  #judge(hold: Hold): void {
    if (hold === 'lost') this.abort(new OperationLost());
    if (hold === 'overdue') this.abort(overdue());
  }

  #pause(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, LOOK_MS);
      this.#stop.signal.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true });
    });
  }
}

/** What an operation fails with that was not finished in time. */
export function overdue(): Error {
  return sharedError('timeout', 'The operation took longer than it may.', {
    hint: 'What it had done up to its last progress stays. Start a new one for the rest.',
  });
}
