/**
 * A bucket of tokens: every call puts a part of one in, every retry takes a whole one out. So over any stretch of
 * time there are at most `burst + ratio × calls` retries, without a clock.
 */
export class RetryBudget {
  #tokens: number;

  constructor(private readonly options: { readonly ratio: number; readonly burst: number }) {
    this.#tokens = options.burst;
  }

  /** A call was made. */
  earn(): void {
    this.#tokens = Math.min(this.options.burst, this.#tokens + this.options.ratio);
  }

  /** May a retry be made? */
  spend(): boolean {
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }
}
