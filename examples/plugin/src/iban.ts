import { IBAN_LENGTHS } from './iban-lengths.ts';

/** What can be wrong with an IBAN. */
export const IBAN_PROBLEMS = [
  'wrong_characters',
  'unknown_country',
  'wrong_length',
  'wrong_check_digits',
] as const;

/** An IBAN in the form in which it is sent, and the first thing that is wrong with it. */
export interface CheckedIban {
  readonly iban: string;
  readonly country: string;
  readonly problem?: (typeof IBAN_PROBLEMS)[number];
}

/** Checks characters, country, length and check digits. Only the bank can tell if there is such an account. */
export function checkIban(text: string): CheckedIban {
  const iban = text.replaceAll(/[\s-]/g, '').toUpperCase();
  const country = iban.slice(0, 2);
  const length = IBAN_LENGTHS.get(country);
  if (!/^[A-Z]{2}\d{2}[A-Z0-9]+$/.test(iban)) return { iban, country, problem: 'wrong_characters' };
  if (length === undefined) return { iban, country, problem: 'unknown_country' };
  if (iban.length !== length) return { iban, country, problem: 'wrong_length' };
  if (!hasRightCheckDigits(iban)) return { iban, country, problem: 'wrong_check_digits' };
  return { iban, country };
}

/** ISO 7064 MOD 97-10. Made right, check digits are 02 to 98: 00, 01 and 99 leave the same remainder as others. */
function hasRightCheckDigits(iban: string): boolean {
  const checkDigits = Number(iban.slice(2, 4));
  return checkDigits >= 2 && checkDigits <= 98 && remainder(iban.slice(4) + iban.slice(0, 4)) === 1;
}

/** Of the number that it is with A as 10 … Z as 35, divided by 97; digit by digit, as it has up to 60 of them. */
function remainder(text: string): number {
  const digits = [...text].map((character) => Number.parseInt(character, 36)).join('');
  return [...digits].reduce((rest, digit) => (rest * 10 + Number(digit)) % 97, 0);
}
