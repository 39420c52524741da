import { jsonPointer, type ValidationIssue } from '@gantry/errors';
import { boundIssues, SCHEMA_BOUNDS } from '../domain/json-bounds.ts';
import type { JsonObject } from '../domain/json.ts';
import { issuesOf } from './ajv-issues.ts';
import { surveySchema } from './schema-survey.ts';
import { isRunaway, withinTime } from './time-limit.ts';
import { compileValidator, metaValidator } from './validator.ts';

/** Longest time to compile a schema. */
const COMPILE_MS = 1_000;

/**
 * What keeps a JSON Schema from being used: size, nesting, misspelt or unsupported keywords, references that lead
 * out of it or nowhere, patterns that cannot be matched in linear time, formats that nobody checks.
 *
 * @returns issues with pointers into the schema; empty if documents can be checked against it
 */
export function schemaIssues(schema: JsonObject): ValidationIssue[] {
  const outOfBounds = boundIssues(schema, SCHEMA_BOUNDS);
  if (outOfBounds.length > 0)
    return outOfBounds.map(({ path, message }) => ({ path: jsonPointer(path), message }));
  if (!metaValidator(schema)) return issuesOf(metaValidator);
  const { issues } = surveySchema(schema);
  return issues.length > 0 ? [...issues] : compileIssues(schema);
}

/** What the compiler itself has to say, which knows of places only in its own words. */
function compileIssues(schema: JsonObject): ValidationIssue[] {
  try {
    withinTime(COMPILE_MS, () => compileValidator(schema)({}));
    return [];
  } catch (error) {
    const reason = isRunaway(error) ? 'it refers to itself without end' : String(error);
    return [{ path: '', message: `cannot be used: ${reason}` }];
  }
}
