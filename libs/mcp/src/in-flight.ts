import { sharedError } from '@gantry/errors';
import { Injectable } from '@nestjs/common';

/** How long an aborted call may take to roll back and answer. */
const ROLLBACK_MS = 2_000;

/** What is being served right now, so that a stopping service can wait for it, and then end it. */
@Injectable()
export class InFlight {
  readonly #exchanges = new Set<AbortController>();
  readonly #endless = new Set<() => void>();
  #whenIdle: (() => void)[] = [];
  #isDraining = false;

  /** Number of exchanges being served. */
  get size(): number {
    return this.#exchanges.size;
  }

  /** Registers an exchange. Abort the controller when its client has gone; call {@link end} when it is over. */
  begin(): AbortController {
    const exchange = new AbortController();
    this.#exchanges.add(exchange);
    return exchange;
  }

  /** An exchange is over. */
  end(exchange: AbortController): void {
    this.#exchanges.delete(exchange);
    if (this.#exchanges.size > 0) return;
    for (const resolve of this.#whenIdle) resolve();
    this.#whenIdle = [];
  }

  /** Is the service waiting for what is being served to end? */
  get isDraining(): boolean {
    return this.#isDraining;
  }

  /** Has `end` called when the service stops: for what would go on for ever. @returns what undoes that */
  onDrain(end: () => void): () => void {
    this.#endless.add(end);
    return () => this.#endless.delete(end);
  }

  /**
   * Waits until nothing is served any more. What is still running after `timeoutMs` is aborted, so that it
   * rolls back, and gets a moment to do so.
   *
   * @returns how many exchanges had to be aborted
   */
  async drain(timeoutMs: number): Promise<number> {
    this.#isDraining = true;
    try {
      for (const end of this.#endless) end();
      if (await this.#idleWithin(timeoutMs)) return 0;
      return await this.#abortAll();
    } finally {
      this.#isDraining = false;
    }
  }

  async #abortAll(): Promise<number> {
    const overdue = [...this.#exchanges];
    const reason = sharedError('dependency_unavailable', 'The service is stopping.', {
      retryAfterSeconds: 1,
    });
    for (const exchange of overdue) exchange.abort(reason);
    await this.#idleWithin(ROLLBACK_MS);
    return overdue.length;
  }

  async #idleWithin(timeoutMs: number): Promise<boolean> {
    if (this.#exchanges.size === 0) return true;
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<false>((resolve) => (timer = setTimeout(() => resolve(false), timeoutMs)));
    const idle = new Promise<true>((resolve) => this.#whenIdle.push(() => resolve(true)));
    const result = await Promise.race([idle, timeout]);
    clearTimeout(timer);
    return result;
  }
}
