import { randomUUID } from 'node:crypto';
import { ToolRefusal } from './call-tool.ts';
import { DEMO_CUSTOMERS, DEMO_PRODUCTS } from './demo-catalogue.ts';
import { importEnd, type CATALOGUE_KINDS, type ImportOperation } from './import-catalogue.ts';
import type { CallTool } from './tool-request.ts';

/**
 * Fills in the products and customers of the demo catalogue that are missing, and gives a product stock of which there
 * is none: a run that was interrupted in between is completed, and what is sold out can be tried again. What is there
 * is left as it is now.
 */
export async function seedOrders(call: CallTool): Promise<string> {
  const customers = await missing(DEMO_CUSTOMERS, ({ reference }) =>
    found(call('get_customer', { customer: reference }), 'customer_not_found'),
  );
  await importRows('customers', customers, call);
  const products = await missing(DEMO_PRODUCTS, ({ row }) =>
    found(call('get_product', { product: row.sku }), 'product_not_found'),
  );
  await importRows(
    'products',
    products.map(({ row }) => row),
    call,
  );
  const restocked = await missing(DEMO_PRODUCTS, async ({ row }) => {
    return Number((await call('get_product', { product: row.sku }))['on_hand']) > 0;
  });
  for (const { row, stock } of restocked) {
    // Another key each time: it may have been sold out before.
    await call('restock_product', { product: row.sku, quantity: stock, idempotency_key: randomUUID() });
  }
  const made = [
    ...(products.length > 0 ? [`${products.length} products`] : []),
    ...(customers.length > 0 ? [`${customers.length} customers`] : []),
    ...(restocked.length > products.length ? ['stock'] : []),
  ];
  return made.join(', ') || 'all there';
}

async function missing<Item>(
  items: readonly Item[],
  isThere: (item: Item) => Promise<boolean>,
): Promise<Item[]> {
  const absent: Item[] = [];
  for (const item of items) if (!(await isThere(item))) absent.push(item);
  return absent;
}

async function found(look: Promise<unknown>, refusal: string): Promise<boolean> {
  try {
    await look;
    return true;
  } catch (error) {
    if (error instanceof ToolRefusal && error.code === refusal) return false;
    throw error;
  }
}

async function importRows(
  kind: (typeof CATALOGUE_KINDS)[number],
  rows: readonly object[],
  call: CallTool,
): Promise<void> {
  if (rows.length === 0) return;
  const { operation } = await call('import_catalogue', {
    kind,
    format: 'ndjson',
    content: rows.map((row) => `${JSON.stringify(row)}\n`).join(''),
    idempotency_key: randomUUID(),
  });
  const { rejected, rejections } = await importEnd(operation as ImportOperation, call, () => {});
  if (rejected > 0) throw new Error(`The demo catalogue is wrong: ${rejections[0]?.reason}`);
}
