import { RE2JS } from 're2js';

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
    new RegExp(pattern, 'u');
    // The one construct that ECMAScript has and the translation would change instead of refusing.
    if (/\\k</.test(pattern)) throw new SyntaxError('back-references are not supported');
    this.#program = RE2JS.compile(RE2JS.translateRegExp(pattern));
  }

  /** Number of steps that one character can cost at most. */
  get size(): number {
    return this.#program.programSize();
  }

  /** Whether the pattern matches anywhere in the text. */
  test(text: string): boolean {
    return this.#program.test(text);
  }

  /** Ajv keeps one object for all patterns of the same name. */
  toString(): string {
    return this.pattern;
  }
}
