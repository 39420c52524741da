import { z } from 'zod';
import { availableOf, type Product } from '../domain/product.ts';

/** A product as callers see it. */
export const ProductView = z.object({
  id: z.string(),
  sku: z.string(),
  name: z.string(),
  description: z.string().optional(),
  category: z.string().optional(),
  unit_price: z
    .int()
    .describe(
      'For one piece, in minor units: cents of EUR, whole JPY, thousandths of KWD. So are all amounts.',
    ),
  currency: z.string(),
  is_active: z.boolean().describe('false: no longer sold.'),
  available: z.int().describe('Pieces that can be ordered: on_hand less reserved.'),
  on_hand: z.int(),
  reserved: z.int().describe('Pieces promised to orders that have not shipped.'),
  created_at: z.string().describe('ISO 8601, UTC.'),
  updated_at: z.string().describe('When it was last described; its stock changes all the time.'),
});

/** See {@link ProductView}. */
export type ProductOutput = z.input<typeof ProductView>;

/** Presents a product. */
export function productView(product: Product): ProductOutput {
  const { description, category } = product;
  return {
    id: product.id,
    sku: product.sku,
    name: product.name,
    ...(description !== null && { description }),
    ...(category !== null && { category }),
    unit_price: product.unitPrice,
    currency: product.currency,
    is_active: product.isActive,
    available: availableOf(product),
    on_hand: product.onHand,
    reserved: product.reserved,
    created_at: product.createdAt,
    updated_at: product.updatedAt,
  };
}
