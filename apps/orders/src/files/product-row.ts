import { decimalsOf, isCurrency, minorUnits } from '@gantry/money';
import { z } from 'zod';
import { PRODUCT_PREFIX, type ProductDescription } from '../domain/product.ts';
import { optionalText, requiredText, rowName } from './row-text.ts';

const YES_OR_NO = { true: true, false: false };

/** A product as a file has it: prices in major units, so that nobody has to multiply. */
export const productRow = z
  .strictObject({
    sku: rowName(PRODUCT_PREFIX),
    name: requiredText(200),
    description: optionalText(2_000),
    category: optionalText(100),
    // JSON writes the shortest digits that mean the number, so the text of a number is what stood there.
    unit_price: z.preprocess(
      (price) => (typeof price === 'number' ? String(price) : price),
      requiredText(30),
    ),
    currency: requiredText(3).refine(isCurrency, 'must be an ISO 4217 code in upper case'),
    is_active: z
      .preprocess(
        (value) => (value === 'true' || value === 'false' ? YES_OR_NO[value] : value),
        z.boolean('must be true or false').nullish(),
      )
      .optional(),
  })
  .transform((row, context): ProductDescription => {
    const { sku, name, description, category, currency } = row;
    const unitPrice = minorUnits(row.unit_price, currency);
    if (unitPrice !== undefined && unitPrice >= 0)
      return { sku, name, description, category, unitPrice, currency, isActive: row.is_active ?? true };
    context.addIssue({
      code: 'custom',
      path: ['unit_price'],
      message: `must be a price with at most ${decimalsOf(currency)} decimals`,
    });
    return z.NEVER;
  });
