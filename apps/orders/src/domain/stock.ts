/** Pieces of a product. */
export interface StockLine {
  readonly productId: string;
  readonly quantity: number;
}

/** A product of which there are too few for an order. */
export interface ShortProduct {
  readonly product_id: string;
  readonly sku: string;
  readonly wanted: number;
  readonly available: number;
}

/** Pieces that one line of an order, or one delivery, has at most. */
export const MAX_QUANTITY = 1_000_000;

/** One line a product, in the order in which their rows are locked, so that no two orders wait for each other. */
export function inLockOrder(lines: readonly StockLine[]): StockLine[] {
  const quantities = new Map<string, number>();
  for (const { productId, quantity } of lines)
    quantities.set(productId, (quantities.get(productId) ?? 0) + quantity);
  return [...quantities]
    .map(([productId, quantity]) => ({ productId, quantity }))
    .sort((a, b) => (a.productId < b.productId ? -1 : 1));
}
