import { decimalsOf, isCurrency } from './currency.ts';

/** An amount of one currency. */
export interface Money {
  /** Minor units: cents of EUR, whole yen of JPY, thousandths of KWD. Always an integer. */
  readonly amount: number;
  /** ISO 4217 code. */
  readonly currency: string;
}

/** The largest amount of one movement: twelve digits, which is what card networks (ISO 8583) have room for. */
export const MAX_AMOUNT = 999_999_999_999;

/** Can this be moved: a positive integer within bounds? */
export function isAmount(amount: number): boolean {
  return Number.isInteger(amount) && amount >= 1 && amount <= MAX_AMOUNT;
}

/**
 * Money that can be moved.
 *
 * @throws RangeError if the amount or the currency is none; what comes from a caller is checked before
 */
export function money(amount: number, currency: string): Money {
  if (!isAmount(amount)) throw new RangeError('The amount is no positive integer within bounds.');
  if (!isCurrency(currency)) throw new RangeError('There is no such currency.');
  return { amount, currency };
}

/** For a person to read: `12.34 EUR`, `1234 JPY`, `1.234 KWD`. Written from digits, so nothing is ever rounded. */
export function formatMoney({ amount, currency }: Money): string {
  const decimals = decimalsOf(currency);
  if (decimals === 0) return `${amount} ${currency}`;
  const digits = String(Math.abs(amount)).padStart(decimals + 1, '0');
  const sign = amount < 0 ? '-' : '';
  return `${sign}${digits.slice(0, -decimals)}.${digits.slice(-decimals)} ${currency}`;
}

/** As many digits as any amount has; more could only be zeros. */
const DECIMAL = /^(-?)(\d{1,16})(?:\.(\d{1,16}))?$/;

/**
 * An amount that is written in major units, such as `-12.34`, in minor ones. Made of digits, so nothing is ever rounded:
 * decimals beyond those of the currency have to be zeros.
 *
 * @returns `undefined` if it is none, or out of bounds
 * @throws RangeError if there is no such currency
 */
export function minorUnits(decimal: string, currency: string): number | undefined {
  const decimals = decimalsOf(currency);
  const [, sign, whole, fraction = ''] = DECIMAL.exec(decimal) ?? [];
  if (whole === undefined || /[^0]/.test(fraction.slice(decimals))) return undefined;
  const amount = Number(whole + fraction.slice(0, decimals).padEnd(decimals, '0'));
  if (amount > MAX_AMOUNT) return undefined;
  return sign && amount > 0 ? -amount : amount;
}
