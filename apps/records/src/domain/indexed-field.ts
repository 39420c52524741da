import { jsonPointer, type ValidationIssue } from '@gantry/errors';
import { indexKey, MISSING_KEY, type KeyType } from './index-key.ts';
import { isJsonObject, type JsonObject, type JsonValue } from './json.ts';

/** How many fields of a collection can be indexed: the records table has this many key columns. */
export const SLOTS = 8;

/** A field that records are to be found and sorted by. */
export interface IndexDeclaration {
  /** Name of a property of the document, or names from the outside in, separated by dots. */
  readonly field: string;
  readonly type: KeyType;
}

/** A declared field and the key column that holds its keys. */
export interface IndexedField extends IndexDeclaration {
  /** 1 to {@link SLOTS}. */
  readonly slot: number;
}

/** Keys of one document, slot 1 first; null where the collection uses no such slot. */
export type SlotKeys = readonly (string | null)[];

/**
 * Gives each declared field a slot. A field that was declared before with the same type keeps its slot, and
 * with it the keys that are already there.
 */
export function assignSlots(
  current: readonly IndexedField[],
  declared: readonly IndexDeclaration[],
): IndexedField[] {
  const kept = declared.map((wanted) =>
    current.find((old) => old.field === wanted.field && old.type === wanted.type),
  );
  const taken = new Set(kept.map((field) => field?.slot));
  const free = Array.from({ length: SLOTS }, (_, index) => index + 1).filter((slot) => !taken.has(slot));
  return declared.map(({ field, type }, index) => ({
    field,
    type,
    slot: kept[index]?.slot ?? free.shift()!,
  }));
}

/** Whether both lists put the same fields, of the same types, into the same slots. */
export function sameSlots(one: readonly IndexedField[], other: readonly IndexedField[]): boolean {
  return (
    one.length === other.length &&
    one.every(({ field, type, slot }) =>
      other.some((o) => o.field === field && o.type === type && o.slot === slot),
    )
  );
}

/** The keys of a document, and which of its fields are of another type than the index. */
export interface DocumentKeys {
  readonly keys: SlotKeys;
  readonly issues: readonly ValidationIssue[];
}

/** Files a document. What is absent, null or of another type is filed as missing. */
export function documentKeys(document: JsonObject, fields: readonly IndexedField[]): DocumentKeys {
  const keys: (string | null)[] = Array.from({ length: SLOTS }, () => null);
  const issues: ValidationIssue[] = [];
  for (const { field, type, slot } of fields) {
    const key = indexKey(type, valueAt(document, field));
    keys[slot - 1] = key ?? MISSING_KEY;
    if (key === undefined)
      issues.push({
        path: jsonPointer(field.split('.')),
        message: `must be ${NAMES[type]}: the collection indexes it`,
      });
  }
  return { keys, issues };
}

const NAMES: Record<KeyType, string> = {
  string: 'a string',
  number: 'a number',
  boolean: 'true or false',
  'date-time': 'an RFC 3339 date-time with zone, like 2026-01-31T12:00:00Z',
};

function valueAt(document: JsonObject, field: string): JsonValue | undefined {
  let value: JsonValue | undefined = document;
  for (const name of field.split('.')) {
    if (!isJsonObject(value) || !Object.hasOwn(value, name)) return undefined;
    value = value[name];
  }
  return value;
}
