import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { canonicalJson } from './canonical-json.ts';

/** The same value with the keys of every object in another order. */
function shuffled(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shuffled);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, inner]) => [key, shuffled(inner)]),
  );
}

/** What JSON can tell apart: -0 is 0. */
function asJson(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

describe('canonicalJson', () => {
  it('writes keys in the order of their UTF-16 code units and no white space', () => {
    // The example of RFC 8785, section 3.2.3: U+1F600 is D83D DE00, so it stands before U+FB33.
    const keys = { '\u20ac': 5, '\r': 2, '\ufb33': 7, '1': 3, '\u{1f600}': 6, '\u0080': 4, '\u00f6': 1 };
    expect(canonicalJson(keys)).toBe(
      '{"\\r":2,"1":3,"\u0080":4,"\u00f6":1,"\u20ac":5,"\u{1f600}":6,"\ufb33":7}',
    );
  });

  it('writes numbers as ECMAScript does, and -0 as 0', () => {
    expect(canonicalJson([Number('333333333.33333329'), 1e30, 4.5, 2e-3, 1e-27, -0])).toBe(
      '[333333333.3333333,1e+30,4.5,0.002,1e-27,0]',
    );
  });

  it('leaves out what is undefined, as JSON does', () => {
    expect(canonicalJson({ a: undefined, b: 1 })).toBe(canonicalJson({ b: 1 }));
  });

  it('takes any depth and any length', () => {
    let deep: unknown = 1;
    for (let depth = 0; depth < 100_000; depth++) deep = depth % 2 ? [deep] : { deep };
    expect(canonicalJson(deep)).toHaveLength(50_000 * '[{"deep":}]'.length + 1);
    expect(JSON.parse(canonicalJson(new Array(300_000).fill(1)))).toHaveLength(300_000);
  });

  it('takes the same object twice', () => {
    const shared = { a: 1 };
    expect(canonicalJson([shared, shared])).toBe('[{"a":1},{"a":1}]');
  });

  const cycle: unknown[] = [];
  cycle.push({ cycle });
  it.each([
    ['undefined', undefined],
    ['a hole in an array', [1, , 2]], // eslint-disable-line no-sparse-arrays
    ['NaN', { a: Number.NaN }],
    ['infinity', [Number.POSITIVE_INFINITY]],
    ['a bigint', 1n],
    ['a function', () => 1],
    ['a symbol', Symbol('s')],
    ['a date', new Date(0)],
    ['a map', new Map()],
    ['an instance of a class', new (class Money {})()],
    ['a cycle', cycle],
  ])('refuses %s', (_, value) => {
    expect(() => canonicalJson(value)).toThrow(TypeError);
  });

  it('is JSON of the same value', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
        expect(JSON.parse(canonicalJson(value))).toEqual(asJson(value));
      }),
    );
  });

  it('does not depend on the order of keys', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
        expect(canonicalJson(shuffled(value))).toBe(canonicalJson(value));
      }),
    );
  });

  it('tells different values apart', () => {
    // Few keys and few values, so that near misses such as {"a":"1"} and {"a":1} are frequent.
    const small = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 3 },
        fc.constantFrom(0, 1, '0', '1', '', null, true, 'true', '[]', '{}', '\ud800', '\\ud800'),
        fc.array(tie('value'), { maxLength: 2 }),
        fc.dictionary(fc.constantFrom('a', 'b', '__proto__'), tie('value'), { maxKeys: 2 }),
      ),
    })).value;
    fc.assert(
      fc.property(small, small, (one, other) => {
        const same = JSON.stringify(one) === JSON.stringify(other) || isEqual(one, other);
        expect(canonicalJson(one) === canonicalJson(other)).toBe(same);
      }),
      { numRuns: 2_000 },
    );
  });
});

/** Deep equality of JSON values, written apart from the code under test. */
function isEqual(one: unknown, other: unknown): boolean {
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null)
    return one === other;
  if (Array.isArray(one) !== Array.isArray(other)) return false;
  const keys = Object.keys(one);
  return (
    keys.length === Object.keys(other).length &&
    keys.every(
      (key) =>
        Object.hasOwn(other, key) &&
        isEqual((one as Record<string, unknown>)[key], (other as Record<string, unknown>)[key]),
    )
  );
}
