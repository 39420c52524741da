import { describe, expect, it } from '@jest/globals';
import { assignSlots, documentKeys, sameSlots, type IndexDeclaration } from './indexed-field.ts';
import { indexKey, MISSING_KEY } from './index-key.ts';

const string = (field: string): IndexDeclaration => ({ field, type: 'string' });

describe('assignSlots', () => {
  it('numbers new fields from 1', () => {
    expect(assignSlots([], [string('a'), string('b')])).toEqual([
      { field: 'a', type: 'string', slot: 1 },
      { field: 'b', type: 'string', slot: 2 },
    ]);
  });

  it('keeps the slots of fields that stay, and reuses those of fields that go', () => {
    const current = assignSlots([], [string('a'), string('b'), string('c')]);
    expect(assignSlots(current, [string('d'), string('c'), string('e'), string('a')])).toEqual([
      { field: 'd', type: 'string', slot: 2 },
      { field: 'c', type: 'string', slot: 3 },
      { field: 'e', type: 'string', slot: 4 },
      { field: 'a', type: 'string', slot: 1 },
    ]);
  });

  it('takes a field of another type for another field', () => {
    const current = assignSlots([], [string('a'), string('b')]);
    expect(assignSlots(current, [{ field: 'a', type: 'number' }, string('b')])).toEqual([
      { field: 'a', type: 'number', slot: 1 },
      { field: 'b', type: 'string', slot: 2 },
    ]);
  });

  it('has room for eight fields, replaced all at once', () => {
    const eight = (prefix: string) => Array.from({ length: 8 }, (_, index) => string(`${prefix}${index}`));
    const slots = assignSlots(assignSlots([], eight('a')), eight('b')).map(({ slot }) => slot);
    expect(slots).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });
});

describe('sameSlots', () => {
  const fields = assignSlots([], [string('a'), string('b')]);

  it('does not mind the order', () => {
    expect(sameSlots(fields, fields.toReversed())).toBe(true);
  });

  it.each([
    [assignSlots([], [string('a')])],
    [assignSlots([], [string('a'), string('c')])],
    [assignSlots([], [string('b'), string('a')])],
  ])('tells other fields apart: %j', (other) => {
    expect(sameSlots(fields, other)).toBe(false);
  });
});

describe('documentKeys', () => {
  const fields = assignSlots(
    [],
    [string('name.common'), { field: 'area', type: 'number' }, { field: 'since', type: 'date-time' }],
  );

  it('files each field in its slot and leaves the others empty', () => {
    const { keys, issues } = documentKeys(
      { name: { common: 'Aruba' }, area: 180, since: '1986-01-01T00:00:00Z' },
      fields,
    );
    expect(issues).toEqual([]);
    expect(keys).toEqual([
      '=Aruba',
      indexKey('number', 180),
      indexKey('date-time', '1986-01-01T00:00:00Z'),
      null,
      null,
      null,
      null,
      null,
    ]);
  });

  it.each([[{}], [{ name: null, area: null }], [{ name: 'Aruba' }], [{ name: ['common'] }], [{ name: {} }]])(
    'takes %j for missing',
    (document) => {
      expect(documentKeys(document, fields).keys.slice(0, 3)).toEqual([
        MISSING_KEY,
        MISSING_KEY,
        MISSING_KEY,
      ]);
    },
  );

  it('finds no field that only Object.prototype has', () => {
    const inherited = assignSlots([], [string('constructor.name'), string('toString')]);
    expect(documentKeys({}, inherited)).toEqual({
      keys: [MISSING_KEY, MISSING_KEY, null, null, null, null, null, null],
      issues: [],
    });
  });

  it('points at every field of another type', () => {
    expect(documentKeys({ name: { common: 1 }, area: '180', since: 'once' }, fields).issues).toEqual([
      { path: '/name/common', message: 'must be a string: the collection indexes it' },
      { path: '/area', message: 'must be a number: the collection indexes it' },
      { path: '/since', message: expect.stringContaining('RFC 3339') },
    ]);
  });
});
