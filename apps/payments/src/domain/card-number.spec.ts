import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { findCardNumber, holdsCardNumber } from './card-number.ts';

/** Made at run time from what networks publish for tests, so that no scanner takes this file for a leak. */
function withCheckDigit(digits: string): string {
  for (let check = 0; check < 10; check++) {
    const sum = [...`${digits}${check}`].reverse().reduce((total, digit, index) => {
      const value = Number(digit) * (index % 2 === 0 ? 1 : 2);
      return total + (value > 9 ? value - 9 : value);
    }, 0);
    if (sum % 10 === 0) return `${digits}${check}`;
  }
  throw new Error('There always is one.');
}

const VISA = withCheckDigit('424242424242424');
const AMEX = withCheckDigit('37828224631000');

const anyDigits = (length: number) =>
  fc.array(fc.integer({ min: 0, max: 9 }), { minLength: length, maxLength: length });

/** Numbers as the networks issue them. */
const anyCard = fc
  .constantFrom(
    ['4', 13],
    ['4', 16],
    ['4', 19],
    ['51', 16],
    ['2720', 16],
    ['34', 15],
    ['37', 15],
    ['3000', 14],
    ['36', 14],
    ['3528', 16],
    ['6011', 16],
    ['62', 16],
    ['62', 19],
    ['5018', 13],
    ['2200', 16],
    ['9792', 16],
    ['81', 16],
    ['1', 15],
  )
  .chain(([prefix, length]) =>
    anyDigits((length as number) - (prefix as string).length - 1).map((rest) =>
      withCheckDigit(`${prefix}${rest.join('')}`),
    ),
  );

const anyGap = fc.constantFrom(' ', '-', '  ', ' - ', '\u00a0', '\u2013', '\u2011', '\t', '\u200b');

/** A card number with gaps wherever its writer liked. */
const anyWrittenCard = fc
  .tuple(anyCard, fc.array(fc.integer({ min: 1, max: 18 }), { maxLength: 6 }), anyGap)
  .map(([card, places, gap]) =>
    [...card].map((digit, index) => (places.includes(index) ? `${gap}${digit}` : digit)).join(''),
  );

describe('holdsCardNumber', () => {
  it.each([
    VISA,
    `Card ${VISA}, exp 12/30`,
    `card${VISA}x`,
    `pan=${VISA.replace(/(....)(?=.)/g, '$1 ')}`,
    VISA.replace(/(....)(?=.)/g, '$1-'),
    `${AMEX.slice(0, 4)} ${AMEX.slice(4, 10)} ${AMEX.slice(10)}`,
    `item 7 ${VISA} 99`,
    `2026-11-21 ${VISA}`,
    [...VISA].join(' '),
    [...VISA].map((digit) => String.fromCodePoint(0xff10 + Number(digit))).join(''),
  ])('finds one in "%s"', (text) => {
    expect(holdsCardNumber(text)).toBe(true);
  });

  it.each([
    '',
    'order-cart-7f3a',
    '1763732195200', // milliseconds
    '1763732195200000', // microseconds
    '2026-11-21T13:42:08.123456Z',
    'pay-20261121-134208-000123-4',
    '20261121134208',
    '0000000000000000',
    `${VISA}0000`, // twenty digits
    `${VISA.slice(0, -1)}${(Number(VISA.at(-1)) + 1) % 10}`, // wrong check digit
    `${VISA.slice(0, 8)} / ${VISA.slice(8)}`,
    `${VISA.slice(0, 8)}    ${VISA.slice(8)}`,
    'pay_01kafh3m8ze5h8q2v9r7x1c4tn',
  ])('finds none in "%s"', (text) => {
    expect(holdsCardNumber(text)).toBe(false);
  });

  it('finds any, however it is written, in whatever text', () => {
    const anyText = fc.string().map((text) => text.replaceAll(/[\d\s\p{Pd}]/gu, 'x'));
    fc.assert(
      fc.property(anyWrittenCard, anyText, anyText, (card, before, after) => {
        expect(holdsCardNumber(`${before}x${card}x${after}`)).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });

  it('finds none in UUIDs, though their groups of digits may look like one', () => {
    fc.assert(
      fc.property(fc.uuid(), (id) => {
        expect(holdsCardNumber(`key-${id}`)).toBe(false);
      }),
      { numRuns: 1_000 },
    );
    const group = (start: number, end: number) => VISA.slice(start, end);
    expect(holdsCardNumber(`${group(0, 8)}-${group(8, 12)}-${group(12, 16)}-8aaa-aaaaaaaaaaaa`)).toBe(false);
  });
});

describe('findCardNumber', () => {
  it.each<[unknown, readonly (string | number)[] | undefined]>([
    [VISA, []],
    [Number(VISA), []],
    [-Number(VISA), []],
    [Number(`${VISA}00`), []], // its last digits are lost
    [{ a: { b: [1, `x ${VISA}`] } }, ['a', 'b', 1]],
    [{ a: { [`card ${VISA}`]: 1 } }, ['a']],
    [
      [[], {}, [{ deep: Number(AMEX) }]],
      [2, 0, 'deep'],
    ],
    [{ amount: 999_999_999_999, currency: 'EUR', note: null, ok: true, rate: 4.242424242424242 }, undefined],
    [1e300, undefined],
    [undefined, undefined],
    [null, undefined],
  ])('looks into %j', (value, path) => {
    expect(findCardNumber(value)).toEqual(path);
  });

  it('names a place by what is no card number', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), anyWrittenCard, (rest, card) => {
        const path = findCardNumber({ rest, [`x${card}`]: [{ [card]: rest }] });
        expect(path?.filter((step) => holdsCardNumber(String(step)))).toEqual([]);
      }),
    );
  });

  it('leaves JSON without long runs of digits alone', () => {
    const json = fc.jsonValue().filter((value) => !/\d(\D{0,3}\d){12}/.test(JSON.stringify(value)));
    fc.assert(
      fc.property(json, (value) => {
        expect(findCardNumber(value)).toBeUndefined();
      }),
    );
  });

  it('bears what is large: long runs, many groups, great depth', () => {
    let deep: unknown = 'x';
    for (let depth = 0; depth < 200_000; depth++) deep = [deep];
    const large = [
      '4'.repeat(1_000_000),
      '4 '.repeat(500_000).replaceAll('4 4', '4 1'),
      '1 '.repeat(500_000),
      '-'.repeat(1_000_000),
      `${' '.repeat(500_000)}4`,
      deep,
    ];
    for (const value of large) expect(typeof findCardNumber(value)).toMatch(/undefined|object/);
    let innermost: unknown = VISA;
    for (let depth = 0; depth < 50_000; depth++) innermost = [innermost];
    expect(findCardNumber(innermost)).toHaveLength(50_000);
  });
});
