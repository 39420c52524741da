import { ResourceTemplate, type ResourceTemplateHandler } from '@gantry/mcp';
import { Injectable } from '@nestjs/common';
import { PRODUCT_PREFIX } from '../domain/product.ts';
import { ProductStore } from '../store/product.store.ts';
import { productView } from '../tools/product.view.ts';

/** Names that are offered at once. */
const OFFERED = 20;

/** A product of the catalogue. */
@Injectable()
@ResourceTemplate({
  uriTemplate: 'orders://products/{product}',
  name: 'product',
  title: 'Product',
  description:
    'A product with its price and stock, as get_product returns it, by its id or SKU. Subscribe by the id to hear when it is described anew or restocked.',
  mimeType: 'application/json',
  scopes: ['orders:read'],
  // Every order changes what is available.
  ttlMs: 1_000,
  cache: 'none',
})
export class ProductResource implements ResourceTemplateHandler {
  constructor(private readonly products: ProductStore) {}

  async read({ product: idOrSku }: { product: string }): Promise<string | undefined> {
    const product = await this.products.find(idOrSku);
    return product && JSON.stringify(productView(product));
  }

  /** SKUs, which say more than ids, unless it is an id that was begun. */
  complete(_variable: string, prefix: string): Promise<string[]> {
    return this.products.namesFrom(prefix.startsWith(PRODUCT_PREFIX) ? 'id' : 'sku', prefix, OFFERED);
  }
}
