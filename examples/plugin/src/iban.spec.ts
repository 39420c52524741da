import { describe, expect, it } from '@jest/globals';
import { checkIban } from './iban.ts';

describe('checkIban', () => {
  // Examples of the registry.
  it.each([
    'NO93 8601 1117 947',
    'BE68 5390 0754 7034',
    'DE89 3704 0044 0532 0130 00',
    'GB29 NWBK 6016 1331 9268 19',
    'gb29nwbk60161331926819',
    'FR14 2004 1010 0505 0001 3M02 606',
    'MT84 MALT 0110 0001 2345 MTLC AST0 01S',
    'LC55-HEMM-0001-0001-0012-0012-0002-3015',
  ])('accepts %s', (text) => {
    const iban = text.replaceAll(/[ -]/g, '').toUpperCase();
    expect(checkIban(text)).toEqual({ iban, country: iban.slice(0, 2) });
  });

  it.each([
    ['a digit that was mistyped', 'DE89 3704 0044 0532 0130 01', 'wrong_check_digits'],
    ['two digits that were swapped', 'DE89 3704 0044 0532 0103 00', 'wrong_check_digits'],
    ['check digits that nobody makes', 'NL01 ABNA 0000 0000 46', 'wrong_check_digits'],
    ['a digit too few', 'DE89 3704 0044 0532 0130 0', 'wrong_length'],
    ['a country without IBANs', 'US89 3704 0044 0532 0130 00', 'unknown_country'],
    ['what is no country', 'constructor', 'wrong_characters'],
    ['a letter of another script', 'DE89 3704 0044 0532 0130 0О', 'wrong_characters'],
    ['nothing', ' ', 'wrong_characters'],
  ])('finds %s', (_, text, problem) => {
    expect(checkIban(text)).toMatchObject({ problem });
  });

  it('finds every single digit that was mistyped', () => {
    const right = 'DE89370400440532013000';
    for (let place = 2; place < right.length; place++) {
      const wrong = (Number(right[place]) + 1) % 10;
      expect(checkIban(right.slice(0, place) + wrong + right.slice(place + 1)).problem).toBeDefined();
    }
  });
});
