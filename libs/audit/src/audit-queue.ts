import { isOrdinaryRead, type AuditEntry } from './audit-entry.ts';

/**
 * Entries that wait to be written, at most `capacity` of them, those being written included. When there are more
 * the oldest successful read goes; an entry of another kind only if no read is left.
 */
export class AuditQueue {
  #reads: AuditEntry[] = [];
  #others: AuditEntry[] = [];
  #taken = 0;

  constructor(private readonly capacity: number) {}

  /** Entries that can be taken. */
  get waiting(): number {
    return this.#reads.length + this.#others.length;
  }

  /** Entries that a crash would lose. */
  get length(): number {
    return this.waiting + this.#taken;
  }

  /**
   * Adds an entry.
   *
   * @returns the one that had to go for it
   */
  add(entry: AuditEntry): AuditEntry | undefined {
    (isOrdinaryRead(entry) ? this.#reads : this.#others).push(entry);
    if (this.length <= this.capacity) return undefined;
    return this.#reads.shift() ?? this.#others.shift();
  }

  /** Takes up to `count` entries to be written, in the order in which their calls began. Each is given back or done. */
  take(count: number): AuditEntry[] {
    const others = this.#others.splice(0, count);
    const batch = [...others, ...this.#reads.splice(0, count - others.length)];
    this.#taken += batch.length;
    return batch.sort((a, b) => (a.at < b.at ? -1 : Number(a.at > b.at)));
  }

  /** Entries that were taken are in the database. */
  done(entries: readonly AuditEntry[]): void {
    this.#taken -= entries.length;
  }

  /** Entries that were taken could not be written: they wait again, as the oldest. */
  giveBack(entries: readonly AuditEntry[]): void {
    this.#taken -= entries.length;
    this.#reads = [...entries.filter(isOrdinaryRead), ...this.#reads];
    this.#others = [...entries.filter((entry) => !isOrdinaryRead(entry)), ...this.#others];
  }
}
