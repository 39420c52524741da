import { setImmediate } from 'node:timers/promises';
import { schemaTooCostly } from '../domain/refusals.ts';

/** Longest time to work before others get their turn. */
const TURN_MS = 20;

/** A check that takes longer than this is a costly one. */
const COSTLY_MS = 1;

/** Time that all costly checks of one pass may take together. */
const COSTLY_BUDGET_MS = 5_000;

/** Keeps a long pass over documents from holding up all other calls, and ends it when it is over or costs too much. */
export class Pace {
  #turn = performance.now();
  #costly = 0;

  constructor(private readonly signal: AbortSignal) {}

  /** To be called before each document: lets others have their turn when it is time. */
  async keep(): Promise<void> {
    this.signal.throwIfAborted();
    if (performance.now() - this.#turn < TURN_MS) return;
    await setImmediate();
    this.signal.throwIfAborted();
    this.#turn = performance.now();
  }

  /** @throws GantryError `schema_too_costly` once the costly checks have used up their time */
  time<T>(check: () => T): T {
    const start = performance.now();
    const result = check();
    const took = performance.now() - start;
    if (took > COSTLY_MS) this.#costly += took;
    if (this.#costly > COSTLY_BUDGET_MS) throw schemaTooCostly();
    return result;
  }
}
