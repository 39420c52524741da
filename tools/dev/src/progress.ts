/** Tells on the terminal what is being done and how long it took: `[1/5] Postgres … 0.9 s`. */
export class Progress {
  readonly #total: number;
  readonly #write: (text: string) => void;
  #done = 0;

  constructor(total: number, write: (text: string) => void) {
    this.#total = total;
    this.#write = write;
  }

  /** Runs one step. What it resolves with may carry a `note`, which is printed behind the time. */
  async step<T>(title: string, work: () => Promise<T>, note: (result: T) => string = () => ''): Promise<T> {
    this.#done += 1;
    this.#write(`[${this.#done}/${this.#total}] ${title} … `);
    const started = performance.now();
    try {
      const result = await work();
      const detail = note(result);
      this.#write(`${((performance.now() - started) / 1000).toFixed(1)} s${detail && `, ${detail}`}\n`);
      return result;
    } catch (error) {
      this.#write('failed\n');
      throw error;
    }
  }
}
