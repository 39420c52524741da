import { createContext, Script } from 'node:vm';

/** Longest time to compile a schema. Nothing else runs meanwhile; bounds of schemas keep it much shorter. */
export const COMPILE_MS = 1_000;

/** The work did not end within its time. What it was working on may be left in any state. */
export class TimeLimitExceeded extends Error {
  override readonly name = 'TimeLimitExceeded';
}

const sandbox = createContext({ work: undefined as (() => unknown) | undefined });
const script = new Script('work()');

/**
 * Runs synchronous work and stops it when its time is up, wherever it is: V8's watchdog ends loops, recursion and
 * regular expressions alike. Costs about a quarter of a millisecond, so use it only where work can get out of hand.
 *
 * @throws TimeLimitExceeded
 */
export function withinTime<T>(milliseconds: number, work: () => T): T {
  sandbox['work'] = work;
  try {
    return script.runInContext(sandbox, { timeout: milliseconds }) as T;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT')
      throw new TimeLimitExceeded(`not done after ${milliseconds} ms`, { cause: error });
    throw error;
  } finally {
    sandbox['work'] = undefined;
  }
}

/** Tells work that had no end in sight: out of time, or, where it recursed, out of stack. */
export function isRunaway(error: unknown): boolean {
  return error instanceof TimeLimitExceeded || error instanceof RangeError;
}
