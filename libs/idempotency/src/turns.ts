/** Ends a turn. */
export type EndTurn = () => void;

/**
 * Lets calls with the same key go one after the other within this process. A call that waits here holds no
 * connection, so a storm of repetitions cannot empty the pool. That is all it is for: that a key takes effect
 * once is the database's doing, and a call that has waited long enough goes on without its turn.
 */
export class Turns {
  readonly #running = new Map<string, Promise<void>>();

  /**
   * Waits until nobody else has the turn for `key`.
   *
   * @param until - when to stop waiting, in milliseconds of `performance.now()`
   * @returns what ends the turn
   */
  async take(key: string, until: number, signal: AbortSignal): Promise<EndTurn> {
    for (let running = this.#running.get(key); running; running = this.#running.get(key)) {
      if (!(await settlesBefore(running, until, signal))) return () => {};
    }
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#running.set(key, promise);
    return () => {
      this.#running.delete(key);
      resolve();
    };
  }
}

function settlesBefore(running: Promise<void>, until: number, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const end = (settled: boolean): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', giveUp);
      resolve(settled);
    };
    const giveUp = (): void => end(false);
    const timer = setTimeout(giveUp, Math.max(0, until - performance.now()));
    signal.addEventListener('abort', giveUp, { once: true });
    if (signal.aborted) giveUp();
    void running.then(() => end(true));
  });
}
