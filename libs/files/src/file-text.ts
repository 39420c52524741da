/** Longest record of a file, in UTF-16 units: as long as the longest part. */
export const MAX_RECORD_LENGTH = 700_000;

/** Where in a file something begins. */
export interface TextPlace {
  /** UTF-16 units before it. */
  readonly offset: number;
  /** The first line is 1. */
  readonly line: number;
}

/** The part of a long text that is in memory: what arrives is appended, what is read is dropped. */
export class FileText {
  #text = '';
  #at = 0;
  #ended = false;
  #offset: number;
  #line: number;
  /** Of a line that is being skipped: what of it is gone from memory. */
  #skipped: number | undefined;

  constructor({ offset, line }: TextPlace) {
    this.#offset = offset;
    this.#line = line;
  }

  /** Where the text goes on. */
  get place(): TextPlace {
    return { offset: this.#offset, line: this.#line };
  }

  /** No more text will come. */
  get ended(): boolean {
    return this.#ended;
  }

  /** How much is in memory from here on. */
  get ahead(): number {
    return this.#text.length - this.#at;
  }

  /** Adds what follows in the file. */
  append(text: string): void {
    this.#text = this.#text.slice(this.#at) + text;
    this.#at = 0;
    // A byte order mark is no part of the first line.
    if (this.#offset === 0 && !this.isSkipping && this.#text.startsWith('\uFEFF')) this.#advance(1);
  }

  /** Says that the file ends here. */
  end(): void {
    this.#ended = true;
  }

  /**
   * The length up to the end of the line that begins `from` units from here, line break included; `undefined` if that
   * is not in memory. The end of the file ends a line as well, unless that line is empty.
   */
  lineEnd(from = 0): number | undefined {
    const found = this.#text.indexOf('\n', this.#at + from);
    if (found >= 0) return found + 1 - this.#at;
    return this.#ended && from < this.ahead ? this.ahead : undefined;
  }

  /** What lies ahead, without reading it. */
  peek(from: number, to: number): string {
    return this.#text.slice(this.#at + from, this.#at + to);
  }

  /** Reads whole lines, without the last line break. */
  takeLines(length: number, lines = 1): string {
    const text = this.peek(0, length);
    this.#advance(length);
    this.#line += lines;
    return text.replace(/\r?\n$/, '');
  }

  /** Reads a line and keeps nothing of it. False if its end has not arrived yet: call it again then. */
  skipLine(): boolean {
    const length = this.lineEnd();
    const isOver = length !== undefined || this.#ended;
    this.#skipped = (this.#skipped ?? 0) + (length ?? this.ahead);
    this.#at += length ?? this.ahead;
    if (!isOver) return false;
    this.#offset += this.#skipped;
    this.#line++;
    this.#skipped = undefined;
    return true;
  }

  /** A line is being skipped. */
  get isSkipping(): boolean {
    return this.#skipped !== undefined;
  }

  #advance(length: number): void {
    this.#at += length;
    this.#offset += length;
  }
}
