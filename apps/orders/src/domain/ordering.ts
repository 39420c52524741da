import { currencyMismatch, orderedProductsNotFound, productsNotSold } from './order-refusals.ts';
import type { OrderLine } from './order.ts';
import { priceLines, type WantedPrice } from './pricing.ts';
import type { Product } from './product.ts';

/** A line as a caller wants it. */
export interface WantedLine extends WantedPrice {
  /** Id or SKU: either of them names a product. */
  readonly product: string;
}

/** The lines of an order, with what they cost. */
export interface OrderedLines {
  readonly lines: readonly OrderLine[];
  readonly currency: string;
  readonly total: number;
  /** Does any line cost something else than the catalogue says? */
  readonly isNegotiated: boolean;
}

/**
 * Works out what is ordered.
 *
 * @param products - those of the catalogue that the lines name, as far as there are any
 * @param mayNegotiate - may whoever orders give lines a price of their own?
 * @throws GantryError `product_not_found`, `product_not_available`, `currency_mismatch`, `pricing_not_permitted`,
 *   `order_total_out_of_range`
 */
export function orderLines(
  wanted: readonly WantedLine[],
  products: readonly Product[],
  mayNegotiate: boolean,
): OrderedLines {
  const catalogue = new Map(
    products.flatMap((product) => [
      [product.id, product],
      [product.sku, product],
    ]),
  );
  const unknown = wanted.filter(({ product }) => !catalogue.has(product));
  if (unknown.length > 0) throw orderedProductsNotFound(distinct(unknown.map(({ product }) => product)));
  const chosen = wanted.map((line) => ({ line, product: catalogue.get(line.product)! }));
  const retired = chosen.filter(({ product }) => !product.isActive);
  if (retired.length > 0) throw productsNotSold(distinct(retired.map(({ product }) => product.sku)));
  const currencies = distinct(chosen.map(({ product }) => product.currency));
  if (currencies.length > 1) throw currencyMismatch(currencies);
  const priced = priceLines(
    chosen.map(({ line, product: { id, sku, name, unitPrice: listPrice } }) => ({
      productId: id,
      sku,
      name,
      quantity: line.quantity,
      listPrice,
      unitPrice: line.unitPrice,
      discountBasisPoints: line.discountBasisPoints,
    })),
    mayNegotiate,
  );
  return { ...priced, currency: currencies[0]! };
}

function distinct(names: readonly string[]): string[] {
  return [...new Set(names)];
}
