import { InvalidParameter } from './stripe-error.ts';

/** Least amounts, in the smallest unit. A currency that is not listed has none. */
const LEAST: Readonly<Record<string, number>> = {
  aed: 200,
  aud: 50,
  bgn: 100,
  brl: 50,
  cad: 50,
  chf: 50,
  czk: 1_500,
  dkk: 250,
  eur: 50,
  gbp: 30,
  hkd: 400,
  huf: 17_500,
  inr: 50,
  jpy: 50,
  mxn: 1_000,
  myr: 200,
  nok: 300,
  nzd: 50,
  pln: 200,
  ron: 200,
  sek: 300,
  sgd: 50,
  thb: 1_000,
  usd: 50,
};

/** Eight digits. */
const MOST = 99_999_999;

/** Currencies with a thousandth part: card networks settle them to the hundredth, so the last digit must be 0. */
const THREE_DECIMALS = new Set(['bhd', 'jod', 'kwd', 'omr', 'tnd']);

/** Currencies without a smaller unit that Stripe counts in hundredths nevertheless, so the last two digits must be 0. */
const WHOLE_IN_HUNDREDTHS = new Set(['isk', 'ugx']);

const CURRENCIES = new Set(Intl.supportedValuesOf('currency').map((code) => code.toLowerCase()));

/** Refuses what Stripe refuses: unknown currencies, amounts out of bounds, amounts that card networks cannot settle. */
export function checkAmount(amount: number, currency: string): void {
  if (!CURRENCIES.has(currency))
    throw new InvalidParameter('currency', `Invalid currency: ${currency}.`, 'invalid_currency');
  if (amount > MOST)
    throw new InvalidParameter('amount', `Amount must be no more than ${MOST}`, 'amount_too_large');
  if (amount < (LEAST[currency] ?? 1))
    throw new InvalidParameter(
      'amount',
      `Amount must be at least ${LEAST[currency]} ${currency}`,
      'amount_too_small',
    );
  const step = THREE_DECIMALS.has(currency) ? 10 : WHOLE_IN_HUNDREDTHS.has(currency) ? 100 : 1;
  if (amount % step !== 0)
    throw new InvalidParameter('amount', `Invalid amount: must be divisible by ${step} in ${currency}`);
}
