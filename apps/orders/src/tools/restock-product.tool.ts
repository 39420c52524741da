import { validationError } from '@gantry/errors';
import { ResourceChanges } from '@gantry/mcp';
import {
  defineTool,
  Tool,
  type InputOf,
  type OutputOf,
  type ToolCall,
  type ToolHandler,
} from '@gantry/pipeline';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { authorOf } from '../desk/author.ts';
import { productNotFound } from '../domain/catalogue-refusals.ts';
import { MAX_QUANTITY } from '../domain/stock.ts';
import { productUri } from '../resources/catalogue-uris.ts';
import { ProductStore } from '../store/product.store.ts';
import { Stock } from '../store/stock.store.ts';
import { product } from './catalogue-inputs.ts';
import { ProductView, productView } from './product.view.ts';

const restockProduct = defineTool({
  name: 'restock_product',
  title: 'Add stock',
  description:
    'Adds pieces of a product that have arrived, or with correction sets right what a count has found. Use it when goods ' +
    'come in; not for what customers send back (use return_order) nor for orders that are called off (cancel_order gives ' +
    'their pieces back). Returns the product with its new stock. Errors: product_not_found (check the id or SKU, see ' +
    'search_products), insufficient_stock (more are missing than details.products says is available; the rest is ' +
    'promised to orders: tell the user). At most 60 calls a minute.',
  input: z.strictObject({
    product,
    quantity: z
      .int()
      .min(-MAX_QUANTITY)
      .max(MAX_QUANTITY)
      .describe('Pieces to add, 1 or more; with correction negative if pieces are missing.'),
    correction: z.boolean().default(false).describe('true: somebody counted. false: pieces have arrived.'),
  }),
  output: ProductView,
  scopes: ['orders:admin'],
  effect: 'create',
  errors: ['product_not_found', 'insufficient_stock'],
  limits: { callsPerMinute: 60 },
});

/** Adds stock. */
@Injectable()
@Tool(restockProduct)
export class RestockProductTool implements ToolHandler<typeof restockProduct> {
  constructor(
    private readonly products: ProductStore,
    private readonly stock: Stock,
    private readonly changes: ResourceChanges,
  ) {}

  async call(
    { product: idOrSku, quantity, correction }: InputOf<typeof restockProduct>,
    { principal }: ToolCall,
  ): Promise<OutputOf<typeof restockProduct>> {
    if (quantity === 0 || (quantity < 0 && !correction))
      throw validationError('There is nothing to add.', [
        { path: '/quantity', message: 'must be 1 or more, or with correction less than 0' },
      ]);
    const found = await this.products.find(idOrSku);
    if (!found) throw productNotFound(idOrSku);
    await this.changes.updated(principal.tenant, [productUri(found.id)]);
    const by = authorOf(principal);
    return productView(
      correction
        ? await this.stock.correct(found.id, quantity, by)
        : await this.stock.restock(found.id, quantity, by),
    );
  }
}
