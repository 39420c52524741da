import { isJsonObject } from './json.ts';

/** How large a JSON object may be. */
export interface JsonBounds {
  /** The object itself is at depth 1. */
  readonly maxDepth: number;
  /** Of its JSON text in UTF-8. */
  readonly maxBytes: number;
}

/** Bounds of a document. */
export const DOCUMENT_BOUNDS: JsonBounds = { maxDepth: 32, maxBytes: 256 * 1024 };

/** Bounds of a collection's JSON Schema. */
export const SCHEMA_BOUNDS: JsonBounds = { maxDepth: 16, maxBytes: 32 * 1024 };

/** Something wrong at a place inside a JSON value. */
export interface PlacedIssue {
  /** Keys and indexes from the value down; empty for the value itself. */
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** Looking on after this many issues helps nobody. */
const ENOUGH_ISSUES = 20;

/**
 * What keeps a value from being stored and given back with the same value: size, depth, text that is no Unicode,
 * numbers beyond double precision's range, and the one key that JavaScript readers of it could trip over.
 *
 * @returns at most 20 issues; empty if the value is fine
 */
export function boundIssues(value: unknown, bounds: JsonBounds): PlacedIssue[] {
  if (!isJsonObject(value)) return [{ path: [], message: 'must be a JSON object' }];
  const issues: PlacedIssue[] = [];
  visit(value, [], bounds.maxDepth, issues);
  // Writing a value out recurses as deep as the value goes, so its depth has to be known to be harmless first.
  return issues.length > 0 ? issues : sizeIssues(value, bounds.maxBytes);
}

function visit(value: unknown, path: (string | number)[], depthLeft: number, issues: PlacedIssue[]): void {
  if (issues.length >= ENOUGH_ISSUES) return;
  if (typeof value === 'object' && value !== null) {
    if (depthLeft === 0) issues.push({ path: [...path], message: 'is nested too deeply' });
    else visitInside(value, path, depthLeft - 1, issues);
    return;
  }
  const flaw = valueFlaw(value);
  if (flaw) issues.push({ path: [...path], message: flaw });
}

function visitInside(
  value: object,
  path: (string | number)[],
  depthLeft: number,
  issues: PlacedIssue[],
): void {
  const isArray = Array.isArray(value);
  for (const key of Object.keys(value)) {
    const flaw = isArray ? undefined : keyFlaw(key);
    if (flaw) issues.push({ path: [...path], message: flaw });
    path.push(isArray ? Number(key) : key);
    visit((value as Record<string, unknown>)[key], path, depthLeft, issues);
    path.pop();
  }
}

function valueFlaw(value: unknown): string | undefined {
  if (typeof value === 'string') return textFlaw(value);
  if (typeof value === 'number' && !Number.isFinite(value)) return 'is a number too large for a double';
  return undefined;
}

function keyFlaw(key: string): string | undefined {
  if (key === '__proto__') return 'has a key "__proto__", which is not allowed';
  const flaw = textFlaw(key);
  return flaw && `has a key that ${flaw}`;
}

function textFlaw(text: string): string | undefined {
  if (text.includes('\0')) return 'contains a NUL character (\\u0000)';
  if (!text.isWellFormed()) return 'contains half of a surrogate pair';
  return undefined;
}

function sizeIssues(value: unknown, maxBytes: number): PlacedIssue[] {
  const bytes = Buffer.byteLength(JSON.stringify(value));
  return bytes > maxBytes
    ? [{ path: [], message: `has ${bytes} bytes as JSON; at most ${maxBytes} are allowed` }]
    : [];
}
