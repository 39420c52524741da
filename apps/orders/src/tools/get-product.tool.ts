import { defineTool, Tool, type InputOf, type OutputOf, type ToolHandler } from '@gantry/pipeline';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { productNotFound } from '../domain/catalogue-refusals.ts';
import { ProductStore } from '../store/product.store.ts';
import { product } from './catalogue-inputs.ts';
import { ProductView, productView } from './product.view.ts';

const getProduct = defineTool({
  name: 'get_product',
  title: 'Look at a product',
  description:
    'Shows a product of the catalogue: its price, whether it is still sold, and how many pieces can be ordered right ' +
    'now. Use it with an id or SKU; use search_products if you know only what it is called. Errors: product_not_found ' +
    '(check the id or SKU, see search_products). At most 300 calls a minute.',
  input: z.strictObject({ product }),
  output: ProductView,
  scopes: ['orders:read'],
  effect: 'read',
  errors: ['product_not_found'],
  limits: { callsPerMinute: 300 },
});

/** Shows products. */
@Injectable()
@Tool(getProduct)
export class GetProductTool implements ToolHandler<typeof getProduct> {
  constructor(private readonly products: ProductStore) {}

  async call({ product: idOrSku }: InputOf<typeof getProduct>): Promise<OutputOf<typeof getProduct>> {
    const found = await this.products.find(idOrSku);
    if (!found) throw productNotFound(idOrSku);
    return productView(found);
  }
}
