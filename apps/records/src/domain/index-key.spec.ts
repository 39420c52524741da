import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { epochSeconds } from './date-time.ts';
import { indexKey, MISSING_KEY, prefixBounds, type KeyType } from './index-key.ts';
import type { JsonValue } from './json.ts';

/** The order of Postgres' "C" collation, which is that of code points. */
const compareBytes = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b));

const keyOf = (type: KeyType, value: JsonValue) => indexKey(type, value)!;

/** Asserts that keys are in the order of their values, and equal only if those are. */
function keepsOrder<T extends JsonValue>(
  type: KeyType,
  values: fc.Arbitrary<T>,
  compare: (a: T, b: T) => number,
): void {
  fc.assert(
    fc.property(values, values, (a, b) => {
      expect(Math.sign(compareBytes(keyOf(type, a), keyOf(type, b)))).toBe(Math.sign(compare(a, b)));
      expect(compareBytes(keyOf(type, a), MISSING_KEY)).toBe(-1);
    }),
    { numRuns: 2_000 },
  );
}

const text = fc.string({ unit: 'binary', maxLength: 12 });

describe('indexKey', () => {
  it('keeps the order of numbers', () => {
    const near = fc.integer({ min: -3, max: 3 });
    keepsOrder('number', fc.oneof(fc.double({ noNaN: true }), near), (a, b) => (a < b ? -1 : a > b ? 1 : 0));
  });

  it('has one key for 0 and -0', () => {
    expect(keyOf('number', -0)).toBe(keyOf('number', 0));
  });

  it('keeps the order of strings by code points', () => {
    const alike = fc.string({
      unit: fc.constantFrom('a', 'b', '\u0001', '\uffff', '😀', '~', '='),
      maxLength: 5,
    });
    keepsOrder('string', fc.oneof(text, alike), compareBytes);
  });

  it('keeps the order of long strings as far as 200 characters, and tells them apart beyond', () => {
    const long = fc
      .tuple(fc.constantFrom('a', 'b', '😀'), fc.integer({ min: 195, max: 205 }), text)
      .map(([unit, count, tail]) => unit.repeat(count) + tail);
    fc.assert(
      fc.property(long, long, (a, b) => {
        const head = (value: string) => [...value].slice(0, 200).join('');
        const order = compareBytes(head(a), head(b));
        const keys = compareBytes(keyOf('string', a), keyOf('string', b));
        if (order !== 0) expect(keys).toBe(order);
        expect(keys === 0).toBe(a === b);
      }),
    );
  });

  it('keeps a key short enough for an index', () => {
    expect(Buffer.byteLength(keyOf('string', '😀'.repeat(100_000)))).toBeLessThan(1_000);
  });

  it('puts false before true', () => {
    keepsOrder('boolean', fc.boolean(), (a, b) => Number(a) - Number(b));
  });

  it('keeps the order of time, whatever the zone', () => {
    const part = (max: number, min = 0) =>
      fc.integer({ min, max }).map((number) => String(number).padStart(2, '0'));
    const dateTime = fc
      .tuple(
        fc.integer({ min: 0, max: 9999 }),
        part(12, 1),
        part(28, 1),
        part(23),
        part(59),
        part(59),
        fc.constantFrom('', '.5', '.50', '.499999999', '.000000001'),
        fc.constantFrom('Z', '+00:00', '-12:30', '+14:00'),
      )
      .map(
        ([y, mo, d, h, mi, s, f, z]) => `${String(y).padStart(4, '0')}-${mo}-${d}T${h}:${mi}:${s}${f}${z}`,
      );
    const close = fc
      .tuple(part(3), fc.constantFrom('.5', '', '.499999999'), fc.constantFrom('Z', '+01:00', '+02:00'))
      .map(([h, f, z]) => `2026-01-01T${h}:00:00${f}${z}`);
    const compareInstants = (a: string, b: string) => {
      const [one, other] = [epochSeconds(a)!, epochSeconds(b)!];
      return (
        one.seconds - other.seconds || Number(`0.${one.fraction || 0}`) - Number(`0.${other.fraction || 0}`)
      );
    };
    keepsOrder('date-time', fc.oneof(dateTime, close), compareInstants);
  });

  it('files what is absent or null behind everything', () => {
    expect([indexKey('string', undefined), indexKey('number', null)]).toEqual([MISSING_KEY, MISSING_KEY]);
    expect(compareBytes(keyOf('string', '\u{10ffff}'.repeat(10)), MISSING_KEY)).toBe(-1);
  });

  it.each<[KeyType, JsonValue]>([
    ['string', 1],
    ['string', {}],
    ['number', '1'],
    ['boolean', 0],
    ['date-time', 'yesterday'],
    ['date-time', 0],
  ])('has no key of type %s for %j', (type, value) => {
    expect(indexKey(type, value)).toBeUndefined();
  });
});

describe('prefixBounds', () => {
  it('bounds exactly the strings with the prefix', () => {
    const unit = fc.constantFrom('a', 'b', '\ud7ff', '\ue000', '\uffff', '\u{10000}', '\u{10ffff}');
    const short = fc.string({ unit, maxLength: 4 });
    fc.assert(
      fc.property(short, short, (prefix, value) => {
        const [from, before] = prefixBounds(prefix);
        const key = keyOf('string', value);
        expect(compareBytes(key, from) >= 0 && compareBytes(key, before) < 0).toBe(value.startsWith(prefix));
        expect(compareBytes(MISSING_KEY, before)).toBe(1);
      }),
      { numRuns: 2_000 },
    );
  });
});
