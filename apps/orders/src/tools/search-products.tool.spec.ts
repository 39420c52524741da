import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Shop } from '../../test/shop.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await Shop.open();
  await shop.product(5, { sku: 'A-1', name: 'Chai', category: 'Beverages' });
  await shop.product(0, { sku: 'A-2', name: 'Chang', category: 'Beverages' });
  await shop.product(0, { sku: 'A-3', name: 'Chartreuse', category: 'Spirits', isActive: false });
  await shop.product(9, { sku: 'B-1', name: 'Konbu', description: 'Kelp' });
}, 60_000);
afterAll(() => shop?.close());

async function search(args: Record<string, unknown>, token?: string) {
  const { output, error } = await shop.call('search_products', args, token ? { token } : {});
  return { skus: (output?.['items'] as { sku: string }[] | undefined)?.map(({ sku }) => sku), output, error };
}

describe('search_products', () => {
  it('finds by words, category and stock', async () => {
    expect((await search({ text: 'cha' })).skus).toEqual(['A-1', 'A-2']);
    expect((await search({ text: 'KELP' })).skus).toEqual(['B-1']);
    expect((await search({ category: 'Beverages', in_stock: true })).skus).toEqual(['A-1']);
    expect((await search({ text: 'cha', include_inactive: true })).skus).toEqual(['A-1', 'A-2', 'A-3']);
    // All there are: the one search without any condition.
    expect((await search({ include_inactive: true })).skus).toEqual(
      expect.arrayContaining(['A-1', 'A-2', 'A-3']),
    );
    expect((await search({})).skus).toEqual(['A-1', 'A-2', 'B-1']);
    expect((await search({ text: 'cheese' })).output).toEqual({ items: [], has_more: false });
  });

  it('answers in pages, with the fields that are wanted', async () => {
    const { output } = await search({ limit: 2, fields: ['available'] });
    expect(output).toMatchObject({ has_more: true });
    expect(output['items']).toEqual([
      { id: expect.any(String), sku: 'A-1', available: 5 },
      { id: expect.any(String), sku: 'A-2', available: 0 },
    ]);
    const cursor = output['next_cursor'] as string;
    expect((await search({ limit: 2, cursor })).skus).toEqual(['B-1']);
    expect((await search({ limit: 2, cursor, in_stock: true })).error).toMatchObject({
      code: 'validation_error',
    });
  });

  it.each(['--', 'a b c d e f g h i j k'])('refuses to search for "%s"', async (text) => {
    expect((await search({ text })).error).toMatchObject({
      code: 'validation_error',
      details: { issues: [{ path: '/text', message: 'must have 1 to 10 words' }] },
    });
  });

  it('shows nothing of another tenant', async () => {
    const token = await shop.running.token({ tenant: 'globex' });
    expect((await search({}, token)).skus).toEqual([]);
  });
});
