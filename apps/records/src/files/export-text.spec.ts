import { describe, expect, it } from '@jest/globals';
import { ExportText } from './export-text.ts';

describe('exported NDJSON', () => {
  it('is one document a line, whole or its fields', () => {
    expect(new ExportText('ndjson', undefined).header).toBe('');
    expect(new ExportText('ndjson', undefined).lineOf({ b: 1e308, a: 'x\ny' })).toBe(
      '{"b":1e+308,"a":"x\\ny"}\n',
    );
    expect(new ExportText('ndjson', ['a', 'toString']).lineOf({ b: 1, a: null })).toBe('{"a":null}\n');
  });
});

describe('exported CSV', () => {
  const text = new ExportText('csv', ['a', 'b, "c"', 'toString']);

  it('has a header and quotes where they are needed', () => {
    expect(text.header).toBe('a,"b, ""c""",toString\n');
    expect(text.lineOf({ a: 'x\r', 'b, "c"': 'y\nz' })).toBe('"x\r","y\nz",\n');
  });

  it('tells the empty text from nothing', () => {
    expect(text.lineOf({ a: '', 'b, "c"': null })).toBe('"",,\n');
  });

  it('has values as they are', () => {
    expect(text.lineOf({ a: false, 'b, "c"': -1.5, toString: { x: [1] } })).toBe(
      'false,-1.5,"{""x"":[1]}"\n',
    );
    expect(text.lineOf({ a: '=1+2', 'b, "c"': '@x', toString: ' y ' })).toBe('=1+2,@x, y \n');
  });
});
