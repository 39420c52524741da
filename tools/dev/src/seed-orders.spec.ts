import { describe, expect, it } from '@jest/globals';
import { ToolRefusal } from './call-tool.ts';
import { DEMO_CUSTOMERS, DEMO_PRODUCTS } from './demo-catalogue.ts';
import { seedOrders } from './seed-orders.ts';
import type { CallTool } from './tool-request.ts';

interface Shop {
  customers: Set<string>;
  /** Pieces by SKU. */
  stock: Map<string, number>;
  calls: [tool: string, args: Record<string, unknown>][];
}

const shop = (customers: string[] = [], stock: [string, number][] = []): Shop => ({
  customers: new Set(customers),
  stock: new Map(stock),
  calls: [],
});

/** As much of orders as the demo data meets. */
const callsTo =
  ({ customers, stock, calls }: Shop): CallTool =>
  async (tool, args) => {
    calls.push([tool, args]);
    const product = args['product'] as string;
    if (tool === 'get_customer')
      return inThere(customers.has(args['customer'] as string), 'customer_not_found');
    if (tool === 'restock_product') return stock.set(product, Number(args['quantity'])) && {};
    if (tool === 'get_product')
      return { on_hand: stock.get(product), ...inThere(stock.has(product), 'product_not_found') };
    expect(tool).toBe('import_catalogue');
    const rows = (args['content'] as string)
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as never);
    for (const { sku, reference } of rows as { sku: string; reference: string }[]) {
      if (args['kind'] === 'products') stock.set(sku, 0);
      else customers.add(reference);
    }
    const result = { created: rows.length, updated: 0, unchanged: 0, rejected: 0, rejections: [] };
    return { operation: { operation_id: 'op_1', status: 'succeeded', progress: {}, result } };
  };

function inThere(there: boolean, code: string): Record<string, unknown> {
  if (!there) throw new ToolRefusal(code, { code });
  return {};
}

const references = DEMO_CUSTOMERS.map(({ reference }) => reference);
const fullStock = DEMO_PRODUCTS.map(({ row, stock }): [string, number] => [row.sku, stock]);
const changes = ({ calls }: Shop) => calls.filter(([tool]) => !tool.startsWith('get_'));

describe('seedOrders', () => {
  it('makes a catalogue with stock', async () => {
    const empty = shop();
    expect(await seedOrders(callsTo(empty))).toBe('12 products, 5 customers');
    expect([...empty.customers]).toEqual(references);
    expect([...empty.stock]).toEqual(fullStock);
  });

  it('changes nothing where all of it is there, however little is left', async () => {
    const full = shop(
      references,
      fullStock.map(([sku]) => [sku, 1]),
    );
    expect(await seedOrders(callsTo(full))).toBe('all there');
    expect(changes(full)).toEqual([]);
  });

  it('completes what was interrupted, and imports only what is missing', async () => {
    const half = shop(references.slice(1), [...fullStock.slice(2), ['BEANS-DECAF', 0]]);
    expect(await seedOrders(callsTo(half))).toBe('1 products, 1 customers, stock');
    expect(changes(half).map(([tool, { content, product }]) => [tool, content ?? product])).toEqual([
      ['import_catalogue', expect.stringMatching(/^\{"reference":"C-1001".*\}\n$/)],
      ['import_catalogue', expect.stringMatching(/^\{"sku":"BEANS-ESPRESSO".*\}\n$/)],
      ['restock_product', 'BEANS-DECAF'],
      ['restock_product', 'BEANS-ESPRESSO'],
    ]);
    expect(new Map([...half.stock].sort())).toEqual(new Map(fullStock));
  });

  it('does not take another refusal for something missing', async () => {
    const call: CallTool = () => Promise.reject(new ToolRefusal('no', { code: 'permission_denied' }));
    await expect(seedOrders(call)).rejects.toThrow('no');
  });

  it('says so when the catalogue is refused', async () => {
    const empty = shop();
    const rejections = [{ line: 1, reason: 'sku is too long' }];
    const call: CallTool = async (tool, args) => {
      if (tool !== 'import_catalogue') return callsTo(empty)(tool, args);
      const result = { created: 0, updated: 0, unchanged: 0, rejected: 1, rejections };
      return { operation: { operation_id: 'op_1', status: 'succeeded', progress: {}, result } };
    };
    await expect(seedOrders(call)).rejects.toThrow('sku is too long');
  });
});
