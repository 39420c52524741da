import { validationError } from '@gantry/errors';
import { pageInput, pageOutput, Pages, pickFields } from '@gantry/pagination';
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
import { searchWords } from '../domain/search-words.ts';
import { ProductStore } from '../store/product.store.ts';
import { ProductView, productView } from './product.view.ts';

const FIELDS = { allowed: Object.keys(ProductView.shape), always: ['id', 'sku'] } as const;

/** Each word is looked up by itself. */
const MAX_WORDS = 10;

const searchProducts = defineTool({
  name: 'search_products',
  title: 'Search products',
  description:
    'Finds products of the catalogue by words in their SKU, name, category and description, in pages, in the order of ' +
    'SKUs. Use it to find what a customer means, what there is in a category, or a replacement that is in stock; use ' +
    'get_product if you have the id or SKU. Without text it lists all. Name fields to keep pages small. At most 120 ' +
    'calls a minute.',
  input: z.strictObject({
    text: z
      .string()
      .min(1)
      .max(200)
      .optional()
      .describe('Words, or beginnings of words, that must all occur; case and accents do not matter.'),
    category: z.string().min(1).max(100).optional().describe('Only products of exactly this category.'),
    in_stock: z.boolean().default(false).describe('Only products of which pieces are available.'),
    include_inactive: z.boolean().default(false).describe('Products that are no longer sold, too.'),
    ...pageInput,
  }),
  output: pageOutput(ProductView, FIELDS.always),
  scopes: ['orders:read'],
  effect: 'read',
});

/** Searches products. */
@Injectable()
@Tool(searchProducts)
export class SearchProductsTool implements ToolHandler<typeof searchProducts> {
  constructor(
    private readonly products: ProductStore,
    private readonly pages: Pages,
  ) {}

  async call(
    input: InputOf<typeof searchProducts>,
    call: ToolCall,
  ): Promise<OutputOf<typeof searchProducts>> {
    const { text, category, in_stock: inStock, include_inactive: includeInactive, limit, cursor } = input;
    const pick = pickFields(input.fields, FIELDS);
    const words = text === undefined ? [] : wordsOf(text);
    const query = { words, category, inStock, includeInactive };
    const after = this.pages.position<[string]>(call, query, cursor)?.[0];
    const rows = await this.products.search(query, { after, limit: limit + 1 });
    return this.pages.page({
      call,
      query,
      rows,
      limit,
      positionOf: ({ sku }) => [sku],
      toItem: (product) => pick(productView(product)),
    });
  }
}

/** @throws GantryError `validation_error` if there is nothing to look for, or too much */
function wordsOf(text: string): string[] {
  const words = searchWords(text);
  if (words.length >= 1 && words.length <= MAX_WORDS) return words;
  const message = `must have 1 to ${MAX_WORDS} words`;
  throw validationError('The text cannot be searched for.', [{ path: '/text', message }]);
}
