/**
 * ISO 4217 as of 2026, by the number of decimals: what people pay with, so neither funds nor metals nor units of
 * account. `Intl` would know these codes too, but not their decimals: it says how prices are written in daily life
 * (HUF, IDR and COP without any), while providers and settlement files count in the minor units of ISO.
 */
const CODES = {
  0: 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF',
  2:
    'AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY COP CRC ' +
    'CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR ' +
    'JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD ' +
    'NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN ' +
    'SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG',
  3: 'BHD IQD JOD KWD LYD OMR TND',
} as const;

/** Digits behind the decimal point of a major unit. */
export type Decimals = 0 | 2 | 3;

const DECIMALS: ReadonlyMap<string, Decimals> = new Map(
  ([0, 2, 3] as const).flatMap((decimals) => CODES[decimals].split(' ').map((code) => [code, decimals])),
);

/** Every currency that can be paid in, by its ISO 4217 code, in alphabetical order. */
export const CURRENCIES: readonly string[] = [...DECIMALS.keys()].sort();

/** Is this the code of a currency that can be paid in? In upper case only. */
export function isCurrency(code: string): boolean {
  return DECIMALS.has(code);
}

/**
 * How many minor units make a major one, as a power of ten: 2 for EUR, 0 for JPY, 3 for KWD.
 *
 * @throws RangeError if there is no such currency
 */
export function decimalsOf(currency: string): Decimals {
  const decimals = DECIMALS.get(currency);
  if (decimals === undefined) throw new RangeError('There is no such currency.');
  return decimals;
}
