/** What clients lived through. */
export class LoadFigures {
  /** Calls that got a final answer. */
  acknowledged = 0;
  /** Attempts whose token was refused. */
  refused = 0;
  /** Attempts without any answer within the deadline of the tool and a second, each with what was called. */
  readonly hung: string[] = [];
  /** Answers that nobody may give: neither result nor error envelope, or to a token that deserves another one. */
  readonly wrong: string[] = [];
  readonly #repetitions = new Map<string, number>();
  readonly #durations: number[] = [];

  /** An attempt came to nothing and is made again. */
  repeated(because: string): void {
    this.#repetitions.set(because, (this.#repetitions.get(because) ?? 0) + 1);
  }

  /** An attempt was answered after so many milliseconds. */
  took(milliseconds: number): void {
    this.#durations.push(milliseconds);
  }

  get attempts(): number {
    return this.acknowledged + this.repetitions;
  }

  get repetitions(): number {
    return [...this.#repetitions.values()].reduce((sum, count) => sum + count, 0);
  }

  /** Why attempts were made again, the most frequent reason first. */
  get reasons(): readonly (readonly [because: string, count: number])[] {
    return [...this.#repetitions].sort(([, a], [, b]) => b - a);
  }

  /** What no client may live through: a call may hang only where whoever should answer it is frozen. */
  violations(mayHang = false): string[] {
    return [...this.wrong, ...(mayHang ? [] : this.hung)];
  }

  /** The duration, in milliseconds, that this share of the answered attempts did not exceed. */
  quantile(share: number): number {
    const sorted = this.#durations.toSorted((a, b) => a - b);
    return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  }
}
