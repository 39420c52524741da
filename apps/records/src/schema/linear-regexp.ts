import { RE2JS } from 're2js';

/** What a pattern keeps of what it learnt from earlier texts, in bytes; the engine itself would keep up to 8 MB. */
const KEPT_BYTES = 16_384;

/**
 * A regular expression that takes time proportional to the text, whatever the pattern: callers write the patterns,
 * and JavaScript's own engine can be made to backtrack for ages.
 */
export class LinearRegExp {
  readonly #program: RE2JS;

  /**
   * @param pattern - as JSON Schema has it: ECMAScript, without look-around and back-references
   * @throws Error if it is no such pattern
   */
  constructor(private readonly pattern: string) {
    expectEcmaScript(pattern);
    this.#program = RE2JS.compile(RE2JS.translateRegExp(pattern));
  }

  /** Number of steps that one character can cost at most. */
  get size(): number {
    return this.#program.programSize();
  }

  /** Whether the pattern matches anywhere in the text. */
  test(text: string): boolean {
    const matches = this.#program.test(text);
    if (this.keptBytes > KEPT_BYTES) this.forget();
    return matches;
  }

  /** What it keeps of what it learnt from earlier texts. */
  get keptBytes(): number {
    const states = this.#program.re2().lazyDFA;
    return states ? states.maxMem - states.memBudget : 0;
  }

  /** Drops what it learnt from earlier texts: half done where a match was interrupted, and of any size. */
  forget(): void {
    this.#program.re2().lazyDFA?.clearCache();
    this.#program.re2().reset();
  }

  /** Ajv keeps one object for all patterns of the same name. */
  toString(): string {
    return this.pattern;
  }
}

/** @throws Error if it is no pattern of ECMAScript, or one that its translation would change instead of refusing */
export function expectEcmaScript(pattern: string): void {
  new RegExp(pattern, 'u');
  if (/\\k</.test(pattern)) throw new SyntaxError('back-references are not supported');
}
