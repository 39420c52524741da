/** What a catalogue says of a product. */
export interface ProductDescription {
  /** The team's own name for it; unique. */
  readonly sku: string;
  readonly name: string;
  readonly description: string | null;
  readonly category: string | null;
  /** For one piece, in minor units of the currency. */
  readonly unitPrice: number;
  /** ISO 4217. */
  readonly currency: string;
  /** False: no longer sold. */
  readonly isActive: boolean;
}

/** Something that is sold by the piece. */
export interface Product extends ProductDescription {
  /** TypeID `prd_…`; sorts by the time of creation. */
  readonly id: string;
  /** Pieces there are. */
  readonly onHand: number;
  /** Those of them that are promised to orders. */
  readonly reserved: number;
  /** ISO 8601, UTC. */
  readonly createdAt: string;
  /** When it was last described; its stock changes all the time. */
  readonly updatedAt: string;
}

/** Ids begin so, and no SKU does: either of them finds a product. */
export const PRODUCT_PREFIX = 'prd_';

/** Pieces that can still be ordered. */
export function availableOf({ onHand, reserved }: Pick<Product, 'onHand' | 'reserved'>): number {
  return onHand - reserved;
}
