interface Window {
  count: number;
  endsAt: number;
}

/** The length of every window. */
export const WINDOW_SECONDS = 60;

const WINDOW_MS = WINDOW_SECONDS * 1_000;

/**
 * What this replica knows of the windows of one tool: the calls it let pass by itself, or what it last heard from
 * Redis. A window begins with the first call of a principal and lasts a minute.
 *
 * Memory is bounded: there are two generations, and when the younger holds half of `capacity`, the older one is
 * forgotten whole. That needs neither timers nor a search for what is over.
 */
export class LocalWindows {
  #young = new Map<string, Window>();
  #old = new Map<string, Window>();

  constructor(
    private readonly limit: number,
    private readonly capacity: number,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** Lets one call pass and counts it. Returns 0 if it did, else the milliseconds until the next one may pass. */
  take(key: string): number {
    const now = this.now();
    const window = this.#find(key);
    if (window === undefined || window.endsAt <= now) this.#open(key, 1, now + WINDOW_MS);
    else if (window.count >= this.limit) return window.endsAt - now;
    else window.count++;
    return 0;
  }

  /** Milliseconds until the next call may pass; 0 if one may now. Counts nothing. */
  wait(key: string): number {
    const window = this.#find(key);
    return window === undefined || window.count < this.limit ? 0 : Math.max(0, window.endsAt - this.now());
  }

  /** Takes over what Redis knows of a window. */
  learn(key: string, count: number, msLeft: number): void {
    const now = this.now();
    const window = this.#find(key);
    if (window === undefined || window.endsAt <= now) return this.#open(key, count, now + msLeft);
    window.count = count;
    window.endsAt = now + msLeft;
  }

  #find(key: string): Window | undefined {
    return this.#young.get(key) ?? this.#old.get(key);
  }

  #open(key: string, count: number, endsAt: number): void {
    if (this.#young.size >= this.capacity / 2) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(key, { count, endsAt });
  }
}
