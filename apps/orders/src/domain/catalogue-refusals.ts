import { businessError, type GantryError } from '@gantry/errors';
import type { ShortProduct } from './stock.ts';

/** No such product, or none that this tenant may know of. */
export function productNotFound(idOrSku: string): GantryError {
  return businessError(
    'product_not_found',
    `There is no product ${idOrSku}.`,
    'Check the id or SKU; call search_products to find it by its name.',
  );
}

/** No such customer, or none that this tenant may know of. */
export function customerNotFound(idOrReference: string): GantryError {
  return businessError(
    'customer_not_found',
    `There is no customer ${idOrReference}.`,
    'Check the id or reference; make the customer with create_customer if there is none yet.',
  );
}

/** Another customer has this reference. */
export function customerReferenceTaken(reference: string, customerId: string): GantryError {
  return businessError(
    'customer_reference_taken',
    `Customer ${customerId} has the reference ${reference} already.`,
    'Look at that customer with get_customer: use it if it is the same, or choose another reference.',
    { details: { customer_id: customerId, reference } },
  );
}

/** There are too few pieces. Says of which products, all at once. */
export function insufficientStock(products: readonly ShortProduct[]): GantryError {
  return businessError(
    'insufficient_stock',
    products.length === 1
      ? `There are only ${products[0]!.available} of ${products[0]!.sku} available.`
      : `There are too few of ${products.length} products.`,
    'Take at most what details.products says is available of each, or look for others with search_products (in_stock). Pieces come back when orders are cancelled and with restock_product.',
    { details: { products } },
  );
}

/** The header of a CSV file names other columns than it should. */
export function catalogueColumnsInvalid(
  columns: readonly string[],
  unknown: readonly string[],
  missing: readonly string[],
): GantryError {
  const flaws = [
    ...(missing.length > 0 ? [`does not have ${missing.join(', ')}`] : []),
    ...(unknown.length > 0 ? ['has columns that mean nothing here'] : []),
  ];
  return businessError(
    'catalogue_columns_invalid',
    `The header of the file ${flaws.join(' and ')}; nothing was imported.`,
    'Name the columns as in details.columns, leave out those in details.unknown, and send the file again.',
    { details: { columns, missing, unknown: unknown.slice(0, 20).map((column) => column.slice(0, 100)) } },
  );
}
