/** A JSON Schema (2020-12), as far as contracts have it. */
export interface Schema {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema | boolean;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly [keyword: string]: unknown;
}

/** No JSON value can be told from its neighbours beyond it, so a bound there bounds nothing. */
const SAFE = Number.MAX_SAFE_INTEGER;

/** One way to write what can be written in several: `true`, `const`, bounds that bound nothing. Not the parts. */
export function normal(schema: Schema | boolean | undefined): Schema {
  if (schema === false) return { enum: [] };
  if (schema === true || schema === undefined) return {};
  const { $schema: _dialect, const: only, ...rest } = schema;
  const { minimum, maximum, ...unbounded } = rest;
  return {
    ...unbounded,
    ...(typeof minimum === 'number' && minimum > -SAFE && { minimum }),
    ...(typeof maximum === 'number' && maximum < SAFE && { maximum }),
    ...('const' in schema && { enum: [only] }),
  };
}

/** What stands beside the rules of a schema: texts, and what is taken for a value that is left out. */
export const ANNOTATIONS = ['title', 'description', 'examples', '$comment', 'default'];

/** The rules of a schema alone. */
export function withoutAnnotations(schema: Schema): Schema {
  return Object.fromEntries(Object.entries(schema).filter(([keyword]) => !ANNOTATIONS.includes(keyword)));
}

/** Is it one of several schemas? */
export function isUnion(schema: Schema): boolean {
  return schema.anyOf !== undefined || schema.oneOf !== undefined;
}

/**
 * What a value may be, each on its own: the parts of a union, or the schema itself.
 *
 * @returns `undefined` if that cannot be told: rules of the union as a whole are also rules of its parts
 */
export function alternatives(schema: Schema): readonly Schema[] | undefined {
  if (!isUnion(schema)) return [schema];
  const { anyOf, oneOf, ...common } = schema;
  const parts = anyOf ?? oneOf ?? [];
  const clash = parts.some((part) => Object.keys(common).some((keyword) => keyword in part));
  if (clash || (anyOf && oneOf)) return undefined;
  return parts.map((part) => normal({ ...common, ...part }));
}
