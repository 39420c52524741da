import type { ValidationIssue } from '@gantry/errors';
import type { JsonObject } from '../domain/json.ts';
import { schemaTooCostly } from '../domain/refusals.ts';
import { issuesOf } from './ajv-issues.ts';
import { surveySchema } from './schema-survey.ts';
import { isRunaway, withinTime } from './time-limit.ts';
import { compileValidator } from './validator.ts';

/**
 * Tells what in a document does not fit a schema; empty if it fits.
 *
 * Throws `schema_too_costly` if that cannot be found out in reasonable time.
 */
export type DocumentCheck = (document: JsonObject) => ValidationIssue[];

/** Longest time to check one document: beyond it, a schema is a trap. */
const CHECK_MS = 500;

/** Longest time to look for more than the first misfit; also bounds the memory that a list of misfits takes. */
const EXPLAIN_MS = 50;

/**
 * Characters of a document times weight of a schema: below it, checking takes far less than {@link CHECK_MS} and
 * finds no more misfits than can be held.
 */
const HARMLESS_WORK = 4_000_000;

/** Runs work, for a limited time or, if it is known to be harmless, without the cost of a limit. */
type Runner = (milliseconds: number, work: () => boolean) => boolean;

const unlimited: Runner = (_milliseconds, work) => work();

/** Makes the check of documents against a schema that has no `schemaIssues`. */
export function compileCheck(schema: JsonObject): DocumentCheck {
  const { weight, linear } = surveySchema(schema);
  let validate = compileValidator(schema);
  let explain: typeof validate | undefined;

  function fits(document: JsonObject, run: Runner): boolean {
    try {
      return run(CHECK_MS, () => validate(document));
    } catch (error) {
      if (!isRunaway(error)) throw error;
      validate = compileValidator(schema); // what was interrupted may be half done inside
      throw schemaTooCostly();
    }
  }

  function allMisfits(document: JsonObject, run: Runner): ValidationIssue[] {
    const explaining = (explain ??= compileValidator(schema, { allErrors: true }));
    try {
      run(EXPLAIN_MS, () => explaining(document));
      return issuesOf(explaining);
    } catch (error) {
      if (!isRunaway(error)) throw error;
      explain = undefined;
      return [];
    }
  }

  return (document) => {
    const harmless = linear && JSON.stringify(document).length * weight <= HARMLESS_WORK;
    const run = harmless ? unlimited : withinTime;
    if (fits(document, run)) return [];
    const first = issuesOf(validate);
    const all = allMisfits(document, run);
    return all.length > 0 ? all : first;
  };
}
