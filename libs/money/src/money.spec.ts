import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { CURRENCIES, decimalsOf } from './currency.ts';
import { formatMoney, isAmount, MAX_AMOUNT, minorUnits, money } from './money.ts';

/** With 0, 2 and 3 decimals, small amounts and the largest often enough. */
const anyMoney = fc.record({
  amount: fc.oneof(fc.integer({ min: 1, max: 2_000 }), fc.integer({ min: 1, max: MAX_AMOUNT })),
  currency: fc.oneof(fc.constantFrom('JPY', 'EUR', 'KWD'), fc.constantFrom(...CURRENCIES)),
});

describe('money', () => {
  it.each([1, 999, MAX_AMOUNT])('may be %d', (amount) => {
    expect(money(amount, 'EUR')).toEqual({ amount, currency: 'EUR' });
  });

  it.each([0, -1, 0.5, MAX_AMOUNT + 1, Number.NaN, Infinity, 1e300, -0])('is never %d', (amount) => {
    expect(isAmount(amount)).toBe(false);
    expect(() => money(amount, 'EUR')).toThrow(RangeError);
  });

  it('is of a currency that exists', () => {
    expect(() => money(1, 'eur')).toThrow(RangeError);
  });
});

describe('formatMoney', () => {
  it.each([
    [1234, 'EUR', '12.34 EUR'],
    [5, 'EUR', '0.05 EUR'],
    [1234, 'JPY', '1234 JPY'],
    [1234, 'KWD', '1.234 KWD'],
    [7, 'KWD', '0.007 KWD'],
    [0, 'USD', '0.00 USD'],
    [-5, 'USD', '-0.05 USD'],
    [MAX_AMOUNT, 'USD', '9999999999.99 USD'],
  ])('writes %d of %s as %s', (amount, currency, text) => {
    expect(formatMoney({ amount, currency })).toBe(text);
  });

  it('can be read back to the last digit', () => {
    fc.assert(
      fc.property(anyMoney, (some) => {
        const [number, currency] = formatMoney(some).split(' ') as [string, string];
        const [, fraction = ''] = number.split('.');
        expect(fraction).toHaveLength(decimalsOf(currency));
        expect({ amount: Number(number.replace('.', '')), currency }).toEqual(some);
      }),
    );
  });
});

describe('minorUnits', () => {
  it.each([
    ['12.34', 'EUR', 1234],
    ['-12.34', 'EUR', -1234],
    ['12', 'EUR', 1200],
    ['12.3', 'EUR', 1230],
    ['0.07', 'EUR', 7],
    ['0012.30', 'EUR', 1230],
    ['1000.00', 'JPY', 1000],
    ['1000', 'JPY', 1000],
    ['1.234', 'KWD', 1234],
    ['1.2340000', 'KWD', 1234],
    ['0.00', 'EUR', 0],
    ['-0.00', 'EUR', 0],
    ['9999999999.99', 'USD', MAX_AMOUNT],
    ['-9999999999.99', 'USD', -MAX_AMOUNT],
  ])('reads %s %s as %i', (decimal, currency, amount) => {
    expect(minorUnits(decimal, currency)).toBe(amount);
  });

  it.each([
    ['12.345', 'EUR'],
    ['0.5', 'JPY'],
    ['1.2345', 'KWD'],
    ['10000000000.00', 'USD'],
    ['99999999999999999999', 'USD'],
    ['', 'EUR'],
    ['.5', 'EUR'],
    ['5.', 'EUR'],
    ['+5', 'EUR'],
    [' 5', 'EUR'],
    ['1,234.00', 'EUR'],
    ['1e3', 'EUR'],
    ['--1', 'EUR'],
    ['١', 'EUR'],
  ])('finds no amount of money in "%s" %s', (decimal, currency) => {
    expect(minorUnits(decimal, currency)).toBeUndefined();
  });

  it('reads what formatMoney writes, with any number of zeros behind it', () => {
    const anyZeros = fc.integer({ min: 0, max: 5 }).map((zeros) => '0'.repeat(zeros));
    fc.assert(
      fc.property(anyMoney, fc.constantFrom(1, -1), anyZeros, (some, sign, zeros) => {
        const money = { ...some, amount: sign * some.amount };
        const [number] = formatMoney(money).split(' ') as [string];
        const point = number.includes('.') || zeros === '' ? '' : '.';
        expect(minorUnits(`${number}${point}${zeros}`, some.currency)).toBe(money.amount);
      }),
    );
  });

  it('is never of a currency that does not exist', () => {
    expect(() => minorUnits('1.00', 'eur')).toThrow(RangeError);
  });
});
