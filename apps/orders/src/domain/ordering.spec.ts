import { asGantryError } from '@gantry/errors';
import { describe, expect, it } from '@jest/globals';
import { orderLines, type WantedLine } from './ordering.ts';
import type { Product } from './product.ts';

const product = (id: string, different: Partial<Product> = {}): Product => ({
  id: `prd_${id}`,
  sku: `SKU-${id}`,
  name: `Product ${id}`,
  description: null,
  category: null,
  unitPrice: 1_000,
  currency: 'EUR',
  isActive: true,
  onHand: 0,
  reserved: 0,
  createdAt: '2026-11-21T12:00:00Z',
  updatedAt: '2026-11-21T12:00:00Z',
  ...different,
});

const CATALOGUE = [
  product('a'),
  product('b', { unitPrice: 250 }),
  product('old', { isActive: false }),
  product('us', { currency: 'USD' }),
];

const line = (name: string, different: Partial<WantedLine> = {}): WantedLine => ({
  product: name,
  quantity: 1,
  unitPrice: undefined,
  discountBasisPoints: undefined,
  ...different,
});

function refusal(...lines: WantedLine[]) {
  try {
    orderLines(lines, CATALOGUE, false);
  } catch (error) {
    return asGantryError(error);
  }
  throw new Error('It was allowed.');
}

describe('orderLines', () => {
  it('keeps what the catalogue says of what is ordered, by id or SKU', () => {
    expect(orderLines([line('prd_a', { quantity: 2 }), line('SKU-b')], CATALOGUE, false)).toEqual({
      lines: [
        {
          productId: 'prd_a',
          sku: 'SKU-a',
          name: 'Product a',
          quantity: 2,
          listPrice: 1_000,
          unitPrice: 1_000,
          discountBasisPoints: 0,
          lineTotal: 2_000,
        },
        expect.objectContaining({ productId: 'prd_b', lineTotal: 250 }),
      ],
      currency: 'EUR',
      total: 2_250,
      isNegotiated: false,
    });
  });

  it('lets a product stand on two lines with two prices', () => {
    const { lines } = orderLines(
      [line('prd_a'), line('SKU-a', { discountBasisPoints: 10_000 })],
      CATALOGUE,
      true,
    );
    expect(lines.map(({ lineTotal }) => lineTotal)).toEqual([1_000, 0]);
  });

  it('names all products that there are not, or that are no longer sold', () => {
    expect(refusal(line('prd_a'), line('x'), line('y'), line('x'))).toMatchObject({
      code: 'product_not_found',
      details: { products: ['x', 'y'] },
    });
    expect(refusal(line('prd_a'), line('prd_old'))).toMatchObject({
      code: 'product_not_available',
      details: { skus: ['SKU-old'] },
    });
  });

  it('knows one currency', () => {
    expect(refusal(line('prd_a'), line('prd_us'))).toMatchObject({
      code: 'currency_mismatch',
      details: { currencies: ['EUR', 'USD'] },
    });
  });

  it('asks who may give prices', () => {
    expect(refusal(line('prd_a', { unitPrice: 1 }))).toMatchObject({ code: 'pricing_not_permitted' });
  });
});
