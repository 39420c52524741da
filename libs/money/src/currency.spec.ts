import { describe, expect, it } from '@jest/globals';
import { CURRENCIES, decimalsOf, isCurrency } from './currency.ts';

/** What ICU lists as well but nobody pays with any more, or ever did: a unit of account. */
const NOT_MONEY = ['ANG', 'BGN', 'CUC', 'HRK', 'SLL', 'ZWL', 'XDR', 'XSU'];

function everydayDecimals(currency: string): number {
  return new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions()
    .maximumFractionDigits!;
}

describe('currencies', () => {
  it.each([
    ['EUR', 2],
    ['JPY', 0],
    ['KWD', 3],
    // Where daily life, or a provider, counts differently than ISO 4217.
    ['HUF', 2],
    ['TWD', 2],
    ['IDR', 2],
    ['COP', 2],
    ['IQD', 3],
    ['ISK', 0],
    ['UGX', 0],
    ['MGA', 2],
  ])('%s has %i decimals', (currency, decimals) => {
    expect(decimalsOf(currency)).toBe(decimals);
  });

  it('are all that ICU knows, but for what nobody pays with', () => {
    const missing = Intl.supportedValuesOf('currency').filter((code) => !isCurrency(code));
    expect(missing.filter((code) => !NOT_MONEY.includes(code))).toEqual([]);
  });

  it('have no fewer decimals than daily life uses', () => {
    expect(CURRENCIES.filter((code) => everydayDecimals(code) > decimalsOf(code))).toEqual([]);
  });

  it('are listed once each', () => {
    expect(new Set(CURRENCIES).size).toBe(CURRENCIES.length);
    expect(CURRENCIES).toHaveLength(155);
  });

  it.each(['XXX', 'XAU', 'CLF', 'UYW', 'BGN', 'eur', ' EUR', 'EURO', '', '__proto__', 'toString'])(
    '"%s" is none',
    (code) => {
      expect(isCurrency(code)).toBe(false);
      expect(() => decimalsOf(code)).toThrow(RangeError);
    },
  );
});
