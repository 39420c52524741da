import type { ValidationIssue } from '@gantry/errors';
import type { ValidateFunction } from 'ajv/dist/2020.js';
import type { JsonObject } from '../domain/json.ts';
import { schemaTooCostly } from '../domain/refusals.ts';
import { issuesOf } from './ajv-issues.ts';
import { surveySchema, type SchemaSurvey } from './schema-survey.ts';
import { COMPILE_MS, isRunaway, withinTime } from './time-limit.ts';
import { compileValidator } from './validator.ts';

/**
 * Tells what in a document does not fit a schema; empty if it fits.
 *
 * Throws `schema_too_costly` if that cannot be found out in reasonable time.
 */
export interface DocumentCheck {
  (document: JsonObject): ValidationIssue[];
  /** How much memory it takes, compared with others. */
  readonly weight: number;
}

/** Longest time to check one document: beyond it, a schema is a trap. Nothing else runs meanwhile. */
const CHECK_MS = 100;

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

/**
 * Makes the check of documents against a schema that has no `schemaIssues`.
 *
 * @throws GantryError `schema_too_costly` if that takes too long
 */
export function compileCheck(schema: JsonObject): DocumentCheck {
  const { survey, validate } = compiled(schema);
  let explain: typeof validate | undefined;

  function fits(document: JsonObject, run: Runner): boolean {
    try {
      return run(CHECK_MS, () => validate(document));
    } catch (error) {
      if (!isRunaway(error)) throw error;
      survey.patterns.forget();
      throw schemaTooCostly();
    }
  }

  function allMisfits(document: JsonObject, run: Runner): ValidationIssue[] {
    try {
      explain ??= withinTime(COMPILE_MS, () =>
        compileValidator(schema, survey.patterns, { allErrors: true }),
      );
      const explaining = explain;
      run(EXPLAIN_MS, () => explaining(document));
      return issuesOf(explaining);
    } catch (error) {
      if (!isRunaway(error)) throw error;
      survey.patterns.forget();
      return [];
    }
  }

  function check(document: JsonObject): ValidationIssue[] {
    const { linear, weight } = survey;
    const harmless = linear && JSON.stringify(document).length * weight <= HARMLESS_WORK;
    const run = harmless ? unlimited : withinTime;
    if (fits(document, run)) return [];
    const first = issuesOf(validate);
    const all = allMisfits(document, run);
    return all.length > 0 ? all : first;
  }

  return Object.assign(check, { weight: JSON.stringify(schema).length + survey.patterns.cost });
}

function compiled(schema: JsonObject): { survey: SchemaSurvey; validate: ValidateFunction } {
  try {
    return withinTime(COMPILE_MS, () => {
      const survey = surveySchema(schema);
      const validate = compileValidator(schema, survey.patterns);
      validate({}); // the engine compiles its code only now
      return { survey, validate };
    });
  } catch (error) {
    throw isRunaway(error) ? schemaTooCostly() : error;
  }
}
