import type { Money } from '@gantry/money';

/**
 * Currencies that Stripe counts in other units than ISO 4217 does: how many of its units one of ours is. Krónur and
 * shillings have no smaller unit any more, but Stripe still writes two zeros behind them; ariary it takes whole.
 */
const UNITS: Readonly<Record<string, number>> = { ISK: 100, UGX: 100, MGA: 1 / 100 };

/** An amount as Stripe counts it; undefined if Stripe cannot express it. */
export function toStripeAmount({ amount, currency }: Money): number | undefined {
  const units = UNITS[currency] ?? 1;
  const converted = units < 1 ? amount / Math.round(1 / units) : amount * units;
  return Number.isSafeInteger(converted) ? converted : undefined;
}

/** What Stripe says, in minor units of ISO 4217. */
export function fromStripeAmount(amount: number, stripeCurrency: string): Money {
  const currency = stripeCurrency.toUpperCase();
  const units = UNITS[currency] ?? 1;
  return { amount: units < 1 ? amount * Math.round(1 / units) : amount / units, currency };
}
