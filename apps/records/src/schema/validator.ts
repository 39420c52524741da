import { fullFormats } from 'ajv-formats/dist/formats.js';
import { Ajv2020, type Options, type ValidateFunction } from 'ajv/dist/2020.js';
import type { JsonObject } from '../domain/json.ts';
import { DIALECT, FORMATS } from './keywords.ts';
import type { SchemaPatterns } from './schema-patterns.ts';

const OPTIONS: Options = {
  strict: true,
  strictTypes: false,
  strictTuples: false,
  strictRequired: false,
  allowUnionTypes: true,
  allowMatchingProperties: true,
  // A property of Object.prototype, like "constructor", is not a property of the document.
  ownProperties: true,
  // One function for each definition: copies of it at every reference could make the code very long.
  inlineRefs: false,
  // Checked before, and the meta-schema would have to be compiled anew for every schema.
  validateSchema: false,
  meta: false,
  logger: false,
  formats: Object.fromEntries(FORMATS.map((name) => [name, fullFormats[name]])),
  // Optimising takes longer than all else: the largest schema compiles in a quarter of the time without.
  code: { optimize: false },
};

let ofDialect: ValidateFunction | undefined;

/** Validates JSON Schemas by the meta-schema of their dialect. Compiled when first needed, which a start does not wait for. */
export function metaValidator(): ValidateFunction {
  ofDialect ??= new Ajv2020({ allErrors: true, validateFormats: false, logger: false }).getSchema(DIALECT)!;
  return ofDialect;
}

/**
 * Compiles a schema into code. Each has an Ajv of its own, so nothing of one schema can be seen from another, and
 * all of it is freed with the validator.
 *
 * @param patterns - those of the schema, compiled already by the survey
 */
export function compileValidator(
  schema: JsonObject,
  patterns: SchemaPatterns,
  options: Pick<Options, 'allErrors'> = {},
): ValidateFunction {
  const regExp = Object.assign((pattern: string) => patterns.compile(pattern), { code: 'LinearRegExp' });
  return new Ajv2020({ ...OPTIONS, ...options, code: { ...OPTIONS.code, regExp } }).compile(schema);
}
