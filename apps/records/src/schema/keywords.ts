/** Keywords of JSON Schema 2020-12 whose value is a schema. */
export const HOLDS_SCHEMA: ReadonlySet<string> = new Set([
  ...['additionalProperties', 'propertyNames', 'unevaluatedProperties'],
  ...['items', 'contains', 'unevaluatedItems'],
  ...['not', 'if', 'then', 'else', 'contentSchema'],
]);

/** Keywords whose value is a list of schemas. */
export const HOLDS_SCHEMA_LIST: ReadonlySet<string> = new Set(['allOf', 'anyOf', 'oneOf', 'prefixItems']);

/** Keywords whose value maps names to schemas. */
export const HOLDS_SCHEMA_MAP: ReadonlySet<string> = new Set([
  ...['properties', 'patternProperties', 'dependentSchemas', '$defs', 'definitions'],
]);

/** Keywords whose value holds no schema. */
export const HOLDS_NO_SCHEMA: ReadonlySet<string> = new Set([
  ...['$schema', '$ref', '$comment', 'type', 'enum', 'const', 'format', 'pattern', 'minLength', 'maxLength'],
  ...['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'],
  ...['required', 'dependentRequired', 'minProperties', 'maxProperties'],
  ...['minItems', 'maxItems', 'uniqueItems', 'minContains', 'maxContains'],
  ...['title', 'description', 'default', 'examples', 'deprecated', 'readOnly', 'writeOnly'],
  ...['contentMediaType', 'contentEncoding'],
]);

/** Keywords that change what a reference means, or where it leads to: a schema is read on its own, top to bottom. */
export const NOT_SUPPORTED: ReadonlySet<string> = new Set([
  ...['$id', '$anchor', '$dynamicRef', '$dynamicAnchor', '$recursiveRef', '$recursiveAnchor', '$vocabulary'],
]);

/** Keywords that do nothing unless one of the others stands beside them: most likely a slip. */
export const NEEDS_BESIDE: Readonly<Record<string, readonly string[]>> = {
  if: ['then', 'else'],
  then: ['if'],
  else: ['if'],
  minContains: ['contains'],
  maxContains: ['contains'],
};

/** Formats that are checked. */
export const FORMATS = [
  ...(['date-time', 'date', 'time', 'duration', 'email', 'hostname', 'ipv4', 'ipv6'] as const),
  ...(['uri', 'uri-reference', 'uuid', 'json-pointer'] as const),
];

/** The only dialect there is. */
export const DIALECT = 'https://json-schema.org/draft/2020-12/schema';
