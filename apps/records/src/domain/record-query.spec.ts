import { GantryError } from '@gantry/errors';
import { describe, expect, it } from '@jest/globals';
import { indexKey, MISSING_KEY } from './index-key.ts';
import { assignSlots } from './indexed-field.ts';
import { planQuery, type FilterClause } from './record-query.ts';

const fields = assignSlots(
  [],
  [
    { field: 'name', type: 'string' },
    { field: 'area', type: 'number' },
    { field: 'since', type: 'date-time' },
    { field: 'landlocked', type: 'boolean' },
  ],
);
const ten = indexKey('number', 10)!;

const conditionsOf = (clause: FilterClause) => planQuery(fields, [clause], undefined).conditions;

function issuesOf(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    expect(error).toBeInstanceOf(GantryError);
    expect((error as GantryError).code).toBe('validation_error');
    return (error as GantryError).details?.['issues'];
  }
  throw new Error('not refused');
}

describe('planQuery', () => {
  it('reads in order of creation if nothing is asked for', () => {
    expect(planQuery(fields, [], undefined)).toEqual({
      conditions: [],
      sortedBy: undefined,
      direction: 'asc',
    });
  });

  it('sorts by an indexed field', () => {
    expect(planQuery(fields, [], { field: 'area', direction: 'desc' })).toEqual({
      conditions: [],
      sortedBy: { field: 'area', type: 'number', slot: 2 },
      direction: 'desc',
    });
  });

  it('reads the latest first without a field to sort by', () => {
    expect(planQuery(fields, [], { direction: 'desc' })).toEqual({
      conditions: [],
      sortedBy: undefined,
      direction: 'desc',
    });
  });

  it.each<[FilterClause, unknown[]]>([
    [{ field: 'area', op: 'eq', value: 10 }, [{ slot: 2, compare: '=', key: ten }]],
    [{ field: 'area', op: 'eq', value: null }, [{ slot: 2, compare: '=', key: MISSING_KEY }]],
    [{ field: 'area', op: 'in', value: [10, null] }, [{ slot: 2, compare: 'in', keys: [ten, MISSING_KEY] }]],
    [{ field: 'area', op: 'lt', value: 10 }, [{ slot: 2, compare: '<', key: ten }]],
    [{ field: 'area', op: 'lte', value: 10 }, [{ slot: 2, compare: '<=', key: ten }]],
    [
      { field: 'area', op: 'gt', value: 10 },
      [
        { slot: 2, compare: '>', key: ten },
        { slot: 2, compare: '<', key: MISSING_KEY },
      ],
    ],
    [
      { field: 'area', op: 'gte', value: 10 },
      [
        { slot: 2, compare: '>=', key: ten },
        { slot: 2, compare: '<', key: MISSING_KEY },
      ],
    ],
    [
      { field: 'name', op: 'starts_with', value: 'Ar' },
      [
        { slot: 1, compare: '>=', key: '=Ar' },
        { slot: 1, compare: '<', key: '=As' },
      ],
    ],
    [{ field: 'landlocked', op: 'eq', value: true }, [{ slot: 4, compare: '=', key: '=1' }]],
    [
      { field: 'since', op: 'lt', value: '2026-01-01T01:00:00+01:00' },
      [{ slot: 3, compare: '<', key: indexKey('date-time', '2026-01-01T00:00:00Z') }],
    ],
  ])('translates %j', (clause, conditions) => {
    expect(conditionsOf(clause)).toEqual(conditions);
  });

  it.each<[FilterClause, string, string]>([
    [
      { field: 'capital', op: 'eq', value: 'x' },
      '/filter/0/field',
      '"capital" is not indexed; indexed are name, area, since, landlocked',
    ],
    [{ field: 'area', op: 'eq', value: 'big' }, '/filter/0/value', 'must be of type number'],
    [{ field: 'area', op: 'eq', value: [1] }, '/filter/0/value', 'must not be an array for "eq"'],
    [{ field: 'area', op: 'in', value: 1 }, '/filter/0/value', 'must be an array for "in"'],
    [{ field: 'area', op: 'in', value: [1, 'x'] }, '/filter/0/value', 'must hold values of type number'],
    [
      { field: 'area', op: 'gt', value: null },
      '/filter/0/value',
      'must not be null for "gt"; use "eq" to find records without the field',
    ],
    [{ field: 'since', op: 'gt', value: 'now' }, '/filter/0/value', 'must be of type date-time'],
    [
      { field: 'since', op: 'starts_with', value: '2026-01-01T00:00:00Z' },
      '/filter/0/value',
      expect.stringContaining('starts_with') as never,
    ],
    [
      { field: 'area', op: 'starts_with', value: 1 },
      '/filter/0/value',
      expect.stringContaining('starts_with') as never,
    ],
    [
      { field: 'name', op: 'gt', value: 'x'.repeat(201) },
      '/filter/0/value',
      'must have at most 200 characters for "gt"',
    ],
  ])('refuses %j', (clause, path, message) => {
    expect(issuesOf(() => conditionsOf(clause))).toEqual([{ path, message }]);
  });

  it('names everything that is wrong at once', () => {
    const filter: FilterClause[] = [
      { field: 'area', op: 'eq', value: 1 },
      { field: 'x', op: 'eq', value: 1 },
    ];
    expect(issuesOf(() => planQuery(fields, filter, { field: 'y', direction: 'asc' }))).toEqual([
      { path: '/filter/1/field', message: expect.stringContaining('"x"') },
      { path: '/sort/field', message: expect.stringContaining('"y"') },
    ]);
  });

  it('says so if a collection has no indexed field', () => {
    expect(issuesOf(() => planQuery([], [], { field: 'y', direction: 'asc' }))).toEqual([
      { path: '/sort/field', message: '"y" is not indexed; no field of this collection is' },
    ]);
  });
});
