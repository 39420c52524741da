import { expectEcmaScript, LinearRegExp } from './linear-regexp.ts';
import { patternCost } from './pattern-cost.ts';

/** What all patterns of a schema may cost together; a usual one costs 60 to 400. */
export const PATTERN_BUDGET = 10_000;

/** The patterns of a schema would cost more than they may; those before this one do not. */
export class PatternBudgetExceeded extends Error {
  override readonly name = 'PatternBudgetExceeded';
}

/** The patterns of one schema: each is compiled once, and all together within {@link PATTERN_BUDGET}. */
export class SchemaPatterns {
  readonly #compiled = new Map<string, LinearRegExp>();
  /** What they cost. */
  cost = 0;
  /** Number of steps that one character can take at most. */
  size = 0;

  /**
   * @throws PatternBudgetExceeded
   * @throws Error if it cannot be matched in linear time
   */
  compile(pattern: string): LinearRegExp {
    const known = this.#compiled.get(pattern);
    if (known) return known;
    expectEcmaScript(pattern);
    const cost = this.cost + patternCost(pattern);
    if (cost > PATTERN_BUDGET) throw new PatternBudgetExceeded(pattern);
    const compiled = new LinearRegExp(pattern);
    this.#compiled.set(pattern, compiled);
    this.cost = cost;
    this.size += compiled.size;
    return compiled;
  }

  /** To be called when a match was interrupted. */
  forget(): void {
    for (const pattern of this.#compiled.values()) pattern.forget();
  }
}
