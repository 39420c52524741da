import { jsonPointer, type ValidationIssue } from '@gantry/errors';
import { boundIssues, SCHEMA_BOUNDS } from '../domain/json-bounds.ts';
import type { JsonObject } from '../domain/json.ts';
import { schemaTooCostly } from '../domain/refusals.ts';
import { issuesOf } from './ajv-issues.ts';
import type { SchemaPatterns } from './schema-patterns.ts';
import { surveySchema } from './schema-survey.ts';
import { COMPILE_MS, TimeLimitExceeded, withinTime } from './time-limit.ts';
import { compileValidator, metaValidator } from './validator.ts';

/**
 * What keeps a JSON Schema from being used: size, nesting, misspelt or unsupported keywords, references that lead
 * out of it or nowhere, patterns that cannot be matched in linear time, formats that nobody checks.
 *
 * @throws GantryError `schema_too_costly` if it cannot be told in reasonable time
 * @returns issues with pointers into the schema; empty if documents can be checked against it
 */
export function schemaIssues(schema: JsonObject): ValidationIssue[] {
  const outOfBounds = boundIssues(schema, SCHEMA_BOUNDS);
  if (outOfBounds.length > 0)
    return outOfBounds.map(({ path, message }) => ({ path: jsonPointer(path), message }));
  const validate = metaValidator();
  if (!validate(schema)) return issuesOf(validate);
  try {
    return withinTime(COMPILE_MS, () => {
      const { issues, patterns } = surveySchema(schema);
      return issues.length > 0 ? [...issues] : compileIssues(schema, patterns);
    });
  } catch (error) {
    // How long it takes depends on how busy the machine is, so this says nothing about the schema for good.
    throw error instanceof TimeLimitExceeded ? schemaTooCostly() : error;
  }
}

/** What the compiler itself has to say, which knows of places only in its own words. */
function compileIssues(schema: JsonObject, patterns: SchemaPatterns): ValidationIssue[] {
  try {
    compileValidator(schema, patterns)({});
    return [];
  } catch (error) {
    const reason = error instanceof RangeError ? 'it refers to itself without end' : String(error);
    return [{ path: '', message: `cannot be used: ${reason}` }];
  }
}
