import { closeSync, ftruncateSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Change } from './books.ts';

/** The file that the books are kept in: a line of JSON for each request that changed something. */
export class Journal {
  /** What happened before this start. */
  readonly history: readonly Change[];
  readonly #file: number;

  /**
   * Opens the file, or makes it. A last line that is not whole was being written when the process was killed; its
   * request was never answered, so it is dropped.
   *
   * @throws Error if another line is not one of a journal
   */
  constructor(path: string) {
    mkdirSync(dirname(path), { recursive: true });
    this.#file = openSync(path, 'a+', 0o600);
    const text = readFileSync(path, 'utf8');
    const whole = text.slice(0, text.lastIndexOf('\n') + 1);
    if (whole.length < text.length) ftruncateSync(this.#file, Buffer.byteLength(whole));
    this.history = whole
      .split('\n')
      .filter((line) => line !== '')
      .flatMap((line) => JSON.parse(line) as Change[]);
  }

  write(changes: readonly Change[]): void {
    writeSync(this.#file, `${JSON.stringify(changes)}\n`);
  }

  close(): void {
    closeSync(this.#file);
  }
}
