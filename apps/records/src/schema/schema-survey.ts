import { jsonPointer, type ValidationIssue } from '@gantry/errors';
import { isJsonObject, type JsonObject, type JsonValue } from '../domain/json.ts';
import * as keywords from './keywords.ts';
import { PatternBudgetExceeded, SchemaPatterns } from './schema-patterns.ts';

/** What one look at a whole schema tells about it. */
export interface SchemaSurvey {
  /** What keeps it from being used, by the place in the schema. */
  readonly issues: readonly ValidationIssue[];
  /** Steps that checking one character of a document can take at most, if {@link linear}. */
  readonly weight: number;
  /** Whether the time to check a document only grows in proportion to its size. */
  readonly linear: boolean;
  /** Its patterns, compiled. */
  readonly patterns: SchemaPatterns;
}

/** How much longer an instruction of a pattern takes than what one character of a schema asks for. */
const STEPS_PER_INSTRUCTION = 4;

/** @param schema - valid by the 2020-12 meta-schema */
export function surveySchema(schema: JsonObject): SchemaSurvey {
  const survey = new Survey();
  survey.visit(schema, []);
  if (schema['type'] !== 'object') survey.report(['type'], 'must be "object": a record is a JSON object');
  survey.resolveReferences();
  return {
    issues: survey.issues,
    weight: JSON.stringify(schema).length + survey.patterns.size * STEPS_PER_INSTRUCTION,
    linear: survey.linear,
    patterns: survey.patterns,
  };
}

class Survey {
  readonly issues: ValidationIssue[] = [];
  linear = true;
  readonly patterns = new SchemaPatterns();
  #overBudget = false;
  readonly #schemas = new Set<string>();
  readonly #references: { from: readonly string[]; to: string }[] = [];

  report(path: readonly string[], message: string): void {
    this.issues.push({ path: jsonPointer(path), message });
  }

  visit(schema: JsonValue, path: readonly string[]): void {
    this.#schemas.add(jsonPointer(path));
    if (!isJsonObject(schema)) return; // true or false
    for (const [keyword, value] of Object.entries(schema)) {
      const here = [...path, keyword];
      this.#checkKeyword(schema, keyword, value, here);
      if (keywords.HOLDS_SCHEMA.has(keyword)) this.visit(value, here);
      else if (keywords.HOLDS_SCHEMA_LIST.has(keyword) || keywords.HOLDS_SCHEMA_MAP.has(keyword)) {
        for (const [name, inner] of Object.entries(value as JsonObject)) this.visit(inner, [...here, name]);
      }
    }
  }

  resolveReferences(): void {
    for (const { from, to } of this.#references) {
      if (!to.startsWith('#')) this.report(from, 'must be a local reference like "#/$defs/name"');
      else if (!this.#schemas.has(decoded(to.slice(1))))
        this.report(from, 'refers to no schema in this document');
    }
  }

  #checkKeyword(schema: JsonObject, keyword: string, value: JsonValue, here: readonly string[]): void {
    if (keywords.NOT_SUPPORTED.has(keyword)) {
      this.report(here, `is not supported; use "$ref" with a local reference like "#/$defs/name"`);
    } else if (!isKnown(keyword)) {
      this.report(here, 'is not a keyword of JSON Schema 2020-12');
    }
    const needed = Object.hasOwn(keywords.NEEDS_BESIDE, keyword) ? keywords.NEEDS_BESIDE[keyword] : undefined;
    if (needed && !needed.some((other) => Object.hasOwn(schema, other)))
      this.report(
        here,
        `has no effect without ${needed.map((other) => `"${other}"`).join(' or ')} beside it`,
      );
    if (keyword === '$schema' && (here.length > 1 || value !== keywords.DIALECT))
      this.report(here, `must be "${keywords.DIALECT}" and stand at the root, or be left out`);
    if (keyword === '$ref') {
      this.linear = false;
      this.#references.push({ from: here, to: value as string });
    }
    if (keyword === 'uniqueItems') this.linear = false;
    if (keyword === 'format' && !(keywords.FORMATS as readonly JsonValue[]).includes(value))
      this.report(here, `is not a format that can be checked; there are ${keywords.FORMATS.join(', ')}`);
    if (keyword === 'pattern') this.#checkPattern(value as string, here);
    if (keyword === 'patternProperties')
      for (const pattern of Object.keys(value as JsonObject)) this.#checkPattern(pattern, [...here, pattern]);
  }

  #checkPattern(pattern: string, here: readonly string[]): void {
    if (this.#overBudget) return;
    try {
      this.patterns.compile(pattern);
    } catch (error) {
      this.#overBudget = error instanceof PatternBudgetExceeded;
      this.report(
        here,
        this.#overBudget
          ? 'makes the patterns too large, together with those before it: use fewer, or fewer repetitions like {1000}'
          : 'is not a regular expression that can be used here: no look-around, no back-references',
      );
    }
  }
}

function isKnown(keyword: string): boolean {
  const { HOLDS_NO_SCHEMA, HOLDS_SCHEMA, HOLDS_SCHEMA_LIST, HOLDS_SCHEMA_MAP } = keywords;
  return [HOLDS_NO_SCHEMA, HOLDS_SCHEMA, HOLDS_SCHEMA_LIST, HOLDS_SCHEMA_MAP].some((known) =>
    known.has(keyword),
  );
}

/** A URI fragment as the JSON Pointer it stands for. */
function decoded(fragment: string): string {
  try {
    return decodeURIComponent(fragment);
  } catch {
    return fragment; // not a pointer to anything: a place in a schema that has "%" is written "%25"
  }
}
