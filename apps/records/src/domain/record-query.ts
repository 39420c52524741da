import { validationError, type ValidationIssue } from '@gantry/errors';
import { indexKey, MAX_KEY_TEXT, MISSING_KEY, prefixBounds } from './index-key.ts';
import type { IndexedField } from './indexed-field.ts';

/** How a filter compares. */
export const FILTER_OPERATORS = ['eq', 'in', 'gt', 'gte', 'lt', 'lte', 'starts_with'] as const;

/** A value to compare with. */
export type FilterValue = string | number | boolean | null;

/** One condition on an indexed field, as a caller writes it. */
export interface FilterClause {
  readonly field: string;
  readonly op: (typeof FILTER_OPERATORS)[number];
  readonly value: FilterValue | readonly FilterValue[];
}

/** The order to read in, as a caller writes it. */
export interface SortClause {
  /** Without it, the order of creation. */
  readonly field?: string;
  readonly direction: 'asc' | 'desc';
}

/** One condition on a key column. */
export type KeyCondition = { readonly slot: number } & (
  | { readonly compare: '=' | '>' | '>=' | '<' | '<='; readonly key: string }
  | { readonly compare: 'in'; readonly keys: readonly string[] }
);

/** What to read, in terms of key columns. */
export interface RecordQuery {
  readonly conditions: readonly KeyCondition[];
  /** The field whose keys give the order; without it, the order of creation. */
  readonly sortedBy: IndexedField | undefined;
  readonly direction: 'asc' | 'desc';
}

/**
 * Translates a filter and a sort into conditions on key columns.
 *
 * @throws GantryError `validation_error` if a field is not indexed or a value does not fit its field
 */
export function planQuery(
  fields: readonly IndexedField[],
  filter: readonly FilterClause[],
  sort: SortClause | undefined,
): RecordQuery {
  const issues: ValidationIssue[] = [];
  const conditions = filter.flatMap((clause, index) => {
    const place = `/filter/${index}`;
    const field = fields.find((candidate) => candidate.field === clause.field);
    if (!field) issues.push(notIndexed(`${place}/field`, clause.field, fields));
    const found = field && keyConditions(field, clause);
    if (typeof found === 'string') issues.push({ path: `${place}/value`, message: found });
    return Array.isArray(found) ? found : [];
  });
  const sortedBy = sort && fields.find((candidate) => candidate.field === sort.field);
  if (sort?.field !== undefined && !sortedBy) issues.push(notIndexed('/sort/field', sort.field, fields));
  if (issues.length > 0)
    throw validationError('The filter or sort cannot be used on this collection.', issues);
  return { conditions, sortedBy, direction: sort?.direction ?? 'asc' };
}

/** The conditions that a clause amounts to, or what is wrong with its value. */
function keyConditions({ slot, type }: IndexedField, { op, value }: FilterClause): KeyCondition[] | string {
  if (op === 'in') {
    if (!Array.isArray(value)) return 'must be an array for "in"';
    const keys = (value as readonly FilterValue[]).map((item) => indexKey(type, item));
    return keys.every((key) => key !== undefined)
      ? [{ slot, compare: 'in', keys }]
      : `must hold values of type ${type}`;
  }
  if (Array.isArray(value)) return `must not be an array for "${op}"`;
  const single = value as FilterValue;
  const key = indexKey(type, single);
  if (key === undefined) return `must be of type ${type}`;
  if (op === 'eq') return [{ slot, compare: '=', key }];
  if (single === null) return `must not be null for "${op}"; use "eq" to find records without the field`;
  if (typeof single === 'string' && [...single].length > MAX_KEY_TEXT)
    return `must have at most ${MAX_KEY_TEXT} characters for "${op}"`;
  if (op === 'starts_with') {
    if (type !== 'string') return 'cannot be compared with "starts_with": the field is not indexed as string';
    const [from, before] = prefixBounds(single as string);
    return [
      { slot, compare: '>=', key: from },
      { slot, compare: '<', key: before },
    ];
  }
  return rangeConditions(slot, op, key);
}

/** A record without the field is in no range, although its key is greater than every other. */
function rangeConditions(slot: number, op: 'gt' | 'gte' | 'lt' | 'lte', key: string): KeyCondition[] {
  const compare = ({ gt: '>', gte: '>=', lt: '<', lte: '<=' } as const)[op];
  const condition: KeyCondition = { slot, compare, key };
  return op === 'gt' || op === 'gte' ? [condition, { slot, compare: '<', key: MISSING_KEY }] : [condition];
}

function notIndexed(path: string, field: string, fields: readonly IndexedField[]): ValidationIssue {
  const names = fields.map((indexed) => indexed.field).join(', ');
  return {
    path,
    message: `"${field}" is not indexed; ${names ? `indexed are ${names}` : 'no field of this collection is'}`,
  };
}
