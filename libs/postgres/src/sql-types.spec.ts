import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { arrayOids, sqlTypes } from './sql-types.ts';

const ofOid = (oid: number) => sqlTypes[`oid${oid}`]!;

describe('array types', () => {
  const texts = ofOid(1009);

  it.each([
    ['{}', []],
    ['{a,b}', ['a', 'b']],
    ['{"a,b","c\\"d","e\\\\f",""}', ['a,b', 'c"d', 'e\\f', '']],
    ['{NULL,"NULL"}', [null, 'NULL']],
    [
      '{{a,b},{c,d}}',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    ['[2:3]={a,b}', ['a', 'b']],
    ['{"{}","two\nlines"}', ['{}', 'two\nlines']],
  ])('reads %s', (text, value) => {
    expect(texts.parse(text)).toEqual(value);
  });

  it('reads elements as their type', () => {
    expect(ofOid(1007).parse('{1,-2,NULL}')).toEqual([1, -2, null]);
    expect(ofOid(1016).parse('{9007199254740991}')).toEqual([9007199254740991]);
    expect(ofOid(1000).parse('{t,f}')).toEqual([true, false]);
    expect(ofOid(3807).parse('{"{\\"a\\": [1]}",null}')).toEqual([{ a: [1] }, null]);
    expect(ofOid(1185).parse('{"2026-01-02 03:04:05.5+00"}')).toEqual(['2026-01-02T03:04:05.5Z']);
    expect(ofOid(1001).parse('{"\\\\x0aff"}')).toEqual([Buffer.from([10, 255])]);
  });

  it('reads what it wrote', () => {
    fc.assert(
      fc.property(fc.array(fc.option(fc.string({ unit: 'binary' }))), (value) => {
        expect(texts.parse(texts.serialize(value))).toEqual(value);
      }),
    );
    const json = ofOid(3807);
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.string(), fc.dictionary(fc.string(), fc.jsonValue()), fc.constant(null))),
        (value) => {
          expect(json.parse(json.serialize(value))).toEqual(JSON.parse(JSON.stringify(value)));
        },
      ),
    );
  });

  it('writes elements as their type', () => {
    expect(ofOid(1185).serialize([new Date('2026-01-02T03:04:05Z')])).toBe('{"2026-01-02T03:04:05.000Z"}');
    expect(ofOid(1001).serialize([new Uint8Array([10, 255])])).toBe('{"\\\\x0aff"}');
    expect(ofOid(1000).serialize([true, [false]])).toBe('{"t",{"f"}}');
  });

  it('passes a literal of Postgres through', () => {
    expect(texts.serialize('{a,b}')).toBe('{a,b}');
  });

  it('refuses undefined', () => {
    expect(() => texts.serialize(['a', undefined])).toThrow('must not contain undefined');
  });

  it('is found by the type of its elements', () => {
    expect(arrayOids[25]).toBe(1009);
  });
});
