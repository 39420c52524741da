import { describe, expect, it } from '@jest/globals';
import { CsvColumns, schemaColumns } from './csv-document.ts';

const schema = {
  type: 'object',
  properties: {
    name: { type: 'string' },
    count: { type: 'integer' },
    size: { type: ['number', 'null'] },
    open: { type: 'boolean' },
    tags: { type: 'array' },
    place: { type: 'object' },
    code: { type: ['string', 'integer'] },
    any: true,
  },
  required: ['name', 'size'],
};
const names = Object.keys(schema.properties);

const documentOf = (...cells: (string | null)[]) => new CsvColumns(names, schema).documentOf(cells);
const propertyOf = (name: string, cell: string | null) =>
  (new CsvColumns([name], schema).documentOf([cell]) as Record<string, unknown>)[name];

describe('the document of CSV cells', () => {
  it('has values of the types in the schema', () => {
    expect(documentOf('x', '3', '-1.5e3', 'false', '["a",1]', '{"a":{}}', '12', '12')).toEqual({
      name: 'x',
      count: 3,
      size: -1500,
      open: false,
      tags: ['a', 1],
      place: { a: {} },
      code: 12,
      any: '12',
    });
  });

  it('leaves out what is empty, or has null where there has to be something', () => {
    expect(documentOf(null, null, null, null, null, null, null, null)).toEqual({ size: null });
    expect(propertyOf('name', '')).toBe('');
  });

  it.each([
    ['count', '1.5'],
    ['count', '007'],
    ['count', ''],
    ['size', '0x10'],
    ['size', ' 1'],
    ['open', 'TRUE'],
    ['tags', '{"a":1}'],
    ['tags', '[1'],
    ['place', '[]'],
    ['place', '1'],
    ['code', '01'],
    ['name', '1'],
    ['toString', '1'],
  ])('keeps the text where it is no such value: %s %j', (name, cell) => {
    expect(propertyOf(name, cell)).toBe(cell);
  });

  it('takes no trick with names', () => {
    const document = new CsvColumns(['__proto__'], {}).documentOf(['x']);
    expect(Object.getPrototypeOf(document)).toBe(Object.prototype);
    expect(Object.keys(document)).toEqual(['__proto__']);
  });

  it('is none if the number of cells is wrong', () => {
    expect(documentOf('x')).toBe('has 1 cells; the header has 8');
  });
});

describe('columns of a schema', () => {
  it('are its top-level properties', () => {
    expect(schemaColumns(schema)).toEqual(names);
    expect(schemaColumns({ type: 'object' })).toEqual([]);
  });
});
