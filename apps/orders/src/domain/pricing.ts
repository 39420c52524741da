import { orderTotalOutOfRange, pricingNotPermitted } from './order-refusals.ts';

/** The largest total of an order, in minor units: the largest amount that payments takes. */
export const MAX_TOTAL = 999_999_999_999;

/** The whole, in the hundredths of a percent in which discounts are given. */
export const WHOLE_BASIS_POINTS = 10_000;

/** What the catalogue says of what is ordered. */
export interface CataloguePrice {
  /** Minor units of the order's currency. */
  readonly listPrice: number;
}

/** What a line costs. Amounts are in minor units of the order's currency. */
export interface LinePrice extends CataloguePrice {
  readonly quantity: number;
  /** The list price, unless another was negotiated. */
  readonly unitPrice: number;
  /** Hundredths of a percent off: 1250 is 12.5 %. */
  readonly discountBasisPoints: number;
  readonly lineTotal: number;
}

/** What a caller wants of a line. */
export interface WantedPrice {
  readonly quantity: number;
  /** Negotiated; the list price unless given. */
  readonly unitPrice: number | undefined;
  /** Negotiated; none unless given. */
  readonly discountBasisPoints: number | undefined;
}

/**
 * What a line costs: unit price × quantity × (1 − discount), rounded once, half to even. Integers throughout, and
 * exact whatever their size; the database computes the same.
 */
export function lineTotal(unitPrice: number, quantity: number, discountBasisPoints: number): bigint {
  const whole = BigInt(WHOLE_BASIS_POINTS);
  const exact = BigInt(unitPrice) * BigInt(quantity) * (whole - BigInt(discountBasisPoints));
  const floor = exact / whole;
  const twiceTheRest = 2n * (exact % whole);
  const isUp = twiceTheRest > whole || (twiceTheRest === whole && floor % 2n === 1n);
  return isUp ? floor + 1n : floor;
}

/** Does a line cost something else than the catalogue says? */
export function isNegotiated({ listPrice, unitPrice, discountBasisPoints }: Omit<LinePrice, 'lineTotal'>) {
  return unitPrice !== listPrice || discountBasisPoints > 0;
}

/**
 * Prices the lines of an order.
 *
 * @param mayNegotiate - may whoever asks give lines a price of their own?
 * @throws GantryError `pricing_not_permitted`, `order_total_out_of_range`
 */
export function priceLines<Line extends WantedPrice & CataloguePrice>(
  wanted: readonly Line[],
  mayNegotiate: boolean,
): { lines: (Line & LinePrice)[]; total: number; isNegotiated: boolean } {
  const lines = wanted.map((line) => {
    const unitPrice = line.unitPrice ?? line.listPrice;
    const discountBasisPoints = line.discountBasisPoints ?? 0;
    // Of a line alone beyond what is exact, the total is out of range, and nothing of it is kept.
    const total = Number(lineTotal(unitPrice, line.quantity, discountBasisPoints));
    return { ...line, unitPrice, discountBasisPoints, lineTotal: total };
  });
  const negotiated = lines.flatMap((line, index) => (isNegotiated(line) ? [index + 1] : []));
  if (negotiated.length > 0 && !mayNegotiate) throw pricingNotPermitted(negotiated);
  const total = lines.reduce((sum, line) => sum + line.lineTotal, 0);
  // Nothing of nothing can be paid: an order that is free as a whole is none.
  if (total < 1 || total > MAX_TOTAL) throw orderTotalOutOfRange(total, MAX_TOTAL);
  return { lines, total, isNegotiated: negotiated.length > 0 };
}
