import { describe, expect, it } from '@jest/globals';
import {
  ANN,
  aProduct,
  orderId,
  TENANT,
  TOMORROW,
  useCatalogueDatabase,
} from '../../test/catalogue-database.ts';
import type { ProductDescription } from '../domain/product.ts';
import { searchWords } from '../domain/search-words.ts';
import type { ProductFilter } from './product.store.ts';

const the = useCatalogueDatabase();
const ALL: ProductFilter = { words: [], category: undefined, inStock: false, includeInactive: false };

const upsert = (products: readonly ProductDescription[], tenant = TENANT) =>
  the.write(() => the.products.upsertMany(products), tenant);

/** SKUs of what is found, in a tenant of the test's own. */
async function found(tenant: string, filter: Partial<ProductFilter>, after?: string, limit = 100) {
  const rows = await the.read(() => the.products.search({ ...ALL, ...filter }, { after, limit }), tenant);
  return rows.map(({ sku }) => sku);
}

describe('products', () => {
  it('are made, described anew, or left alone, and keep their stock', async () => {
    const [tea, rum] = [aProduct({ sku: 'T-1' }), aProduct({ sku: 'R-1', name: 'Rum', currency: 'USD' })];
    expect(await upsert([tea, rum])).toEqual({ created: 2, updated: [], unchanged: 0 });
    const before = (await the.read(() => the.products.find('T-1')))!;
    await the.write(() => the.stock.restock(before.id, 7, ANN));
    const dearer = { ...tea, unitPrice: 2000, description: 'Green', category: 'Drinks', isActive: false };
    expect(await upsert([dearer, rum])).toEqual({ created: 0, updated: [before.id], unchanged: 1 });
    const after = (await the.read(() => the.products.find(before.id)))!;
    expect(after).toEqual({ ...before, ...dearer, onHand: 7, updatedAt: expect.any(String) });
    expect(after.updatedAt > before.updatedAt).toBe(true);
  });

  it('are described by the last row of a SKU', async () => {
    const [first, second, third] = [1, 2, 3].map((unitPrice) => aProduct({ sku: 'X-1', unitPrice }));
    const { created, updated, unchanged } = await upsert([first!, second!, third!, third!]);
    expect([created, updated.length, unchanged]).toEqual([1, 2, 1]);
    expect(await the.read(() => the.products.find('X-1'))).toMatchObject({ unitPrice: 3 });
  });

  it('are found by id and SKU, each once', async () => {
    const { id, sku } = await the.stocked(0);
    const rows = await the.read(() => the.products.findMany([sku, id, 'nothing', 'prd_nothing']));
    expect(rows).toHaveLength(1);
    expect(await the.read(() => the.products.findMany([]))).toEqual([]);
    expect(await the.read(() => the.products.findMany([id]), 'globex')).toEqual([]);
  });

  it('are taken in by two imports at once, in opposite orders, while orders reserve them', async () => {
    const skus = Array.from({ length: 40 }, (_, index) => `both-${index}`);
    const priced = (unitPrice: number) => skus.map((sku) => aProduct({ sku, unitPrice }));
    const known = await Promise.all(
      priced(1)
        .slice(0, 20)
        .map((product) => the.stocked(6, product)),
    );
    const lines = known.map(({ id: productId }) => ({ productId, quantity: 1 }));
    await Promise.all([
      upsert(priced(2)),
      upsert(priced(3).toReversed()),
      ...known
        .slice(0, 6)
        .map((_, index) =>
          the.write(() =>
            the.stock.reserve(orderId(), index % 2 === 0 ? lines : lines.toReversed(), TOMORROW),
          ),
        ),
    ]);
    const rows = await the.read(() => the.products.findMany(skus));
    expect(rows).toHaveLength(40);
    // One of them came last, for all.
    expect(new Set(rows.map(({ unitPrice }) => unitPrice)).size).toBe(1);
    expect(rows.filter(({ reserved }) => reserved === 6)).toHaveLength(20);
  });

  it('have names that begin with a prefix', async () => {
    await upsert([aProduct({ sku: 'pre-b' }), aProduct({ sku: 'pre-a' }), aProduct({ sku: 'prf' })], 'pre');
    const named = (column: 'id' | 'sku', prefix: string, limit = 10) =>
      the.read(() => the.products.namesFrom(column, prefix, limit), 'pre');
    expect(await named('sku', 'pre')).toEqual(['pre-a', 'pre-b']);
    expect(await named('sku', 'pre', 1)).toEqual(['pre-a']);
    expect(await named('sku', '')).toHaveLength(3);
    expect(await named('id', 'prd_')).toHaveLength(3);
    expect(await named('sku', '%')).toEqual([]);
  });
});

describe('a search', () => {
  const tenant = 'shop';
  const catalogue = [
    aProduct({ sku: 'B-1', name: 'Côte de Blaye', category: 'Beverages', description: 'Wine, 12 bottles' }),
    aProduct({ sku: 'B-2', name: 'Chai', category: 'Beverages', description: 'Tea in boxes' }),
    aProduct({ sku: 'B-3', name: 'Chang', category: 'Beverages', isActive: false }),
    aProduct({ sku: 'S-1', name: 'Genen Shouyu', category: 'Condiments', description: 'Sauce, no tea' }),
  ];

  it('finds by beginnings of words in any of the texts, all of which must occur', async () => {
    await upsert(catalogue, tenant);
    await upsert([aProduct({ sku: 'O-1', name: 'Chai' })], 'other');
    const words = (text: string) => found(tenant, { words: searchWords(text) });
    expect(await words('')).toEqual(['B-1', 'B-2', 'S-1']);
    expect(await words('COTE')).toEqual(['B-1']);
    expect(await words('ch')).toEqual(['B-2']);
    expect(await words('tea')).toEqual(['B-2', 'S-1']);
    expect(await words('tea box')).toEqual(['B-2']);
    expect(await words('tea wine')).toEqual([]);
    expect(await words('beverages 12')).toEqual(['B-1']);
    expect(await words('b-2')).toEqual(['B-2']);
    expect(await words('hai')).toEqual([]);
    expect(await words('%')).toEqual(['B-1', 'B-2', 'S-1']);
  });

  it('is narrowed to a category, what is in stock, and what is sold', async () => {
    expect(await found(tenant, { category: 'Beverages' })).toEqual(['B-1', 'B-2']);
    expect(await found(tenant, { category: 'beverages' })).toEqual([]);
    expect(await found(tenant, { words: ['ch'], includeInactive: true })).toEqual(['B-2', 'B-3']);
    expect(await found(tenant, { inStock: true })).toEqual([]);
    await the.write(async () => {
      const { id } = (await the.products.find('S-1'))!;
      await the.stock.restock(id, 2, ANN);
    }, tenant);
    expect(await found(tenant, { inStock: true })).toEqual(['S-1']);
  });

  it('goes on behind a SKU', async () => {
    expect(await found(tenant, {}, undefined, 2)).toEqual(['B-1', 'B-2']);
    expect(await found(tenant, {}, 'B-2', 2)).toEqual(['S-1']);
  });

  it('finds a product by the words that it has now', async () => {
    await upsert([{ ...catalogue[1]!, name: 'Matcha', description: null }], tenant);
    expect(await found(tenant, { words: ['chai'] })).toEqual([]);
    expect(await found(tenant, { words: ['tea'] })).toEqual(['S-1']);
    expect(await found(tenant, { words: ['matcha'] })).toEqual(['B-2']);
  });

  it('reads the words by their index, under row-level security', async () => {
    const plan = await the.byHand(async (sql) => {
      await sql`set local enable_seqscan = off`;
      const rows = await sql<{ 'QUERY PLAN': string }[]>`
        explain select from product_words where word >= 'ch' and word < 'ch\u{10FFFF}'`;
      return rows.map((row) => row['QUERY PLAN']).join('\n');
    });
    expect(plan).toMatch(/Index Cond: .*word >= 'ch'/);
  });
});
