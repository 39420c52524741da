import { Database } from '@gantry/postgres';
import { Injectable } from '@nestjs/common';
import { typeid } from 'typeid-js';
import type { Product, ProductDescription } from '../domain/product.ts';
import { searchWords } from '../domain/search-words.ts';
import { upserted, upsertInRounds, type Upserted } from './upsert.ts';

/** Sorts after every other character, as words, ids and SKUs are sorted. */
const LAST_CHARACTER = '\u{10FFFF}';

/** What products to look for. */
export interface ProductFilter {
  /** Words that all must begin a word of the product, as `searchWords` makes them; none finds all products. */
  readonly words: readonly string[];
  readonly category: string | undefined;
  /** Only those of which there are pieces that are not promised to anybody. */
  readonly inStock: boolean;
  /** Those that are no longer sold, too. */
  readonly includeInactive: boolean;
}

/** Which part of what was found to read, in the order of SKUs. */
export interface ProductWindow {
  /** Products beyond the one with this SKU. */
  readonly after: string | undefined;
  readonly limit: number;
}

/** The rows of `products`, in the current unit of work. Their stock is written by no one but the database. */
@Injectable()
export class ProductStore {
  constructor(private readonly database: Database) {}

  /** The product with this id or SKU. */
  async find(idOrSku: string): Promise<Product | undefined> {
    return (await this.findMany([idOrSku]))[0];
  }

  /** Those of the products with these ids or SKUs that there are, each once, in no particular order. */
  async findMany(idsOrSkus: readonly string[]): Promise<Product[]> {
    const wanted = [...idsOrSkus];
    return this.database.sql<Product[]>`
      select ${this.#columns} from products where id = any(${wanted}::text[]) or sku = any(${wanted}::text[])`;
  }

  /** Products that satisfy a filter. */
  async search(filter: ProductFilter, { after, limit }: ProductWindow): Promise<Product[]> {
    const { sql } = this.database;
    const { words, category, inStock, includeInactive } = filter;
    const conditions = [
      // Never none: an empty list would not be taken for a part of the statement.
      sql`true`,
      ...(includeInactive ? [] : [sql`and is_active`]),
      ...(inStock ? [sql`and on_hand > reserved`] : []),
      ...(category === undefined ? [] : [sql`and category = ${category}`]),
      ...(after === undefined ? [] : [sql`and sku > ${after}`]),
      ...words.map(
        (word) => sql`and id in (
          select product_id from product_words where word >= ${word} and word < ${word + LAST_CHARACTER}
        )`,
      ),
    ];
    return sql<Product[]>`
      select ${this.#columns} from products where ${conditions} order by sku limit ${limit}`;
  }

  /**
   * Makes products, or describes anew those whose SKU is known; their stock stays. In the order given: what comes
   * later of the same SKU replaces what came before.
   */
  async upsertMany(products: readonly ProductDescription[]): Promise<Upserted> {
    return upsertInRounds(
      products,
      ({ sku }) => sku,
      (round) => this.#upsert(round),
    );
  }

  /** Ids, or SKUs, that begin with a prefix. */
  async namesFrom(column: 'id' | 'sku', prefix: string, limit: number): Promise<string[]> {
    const { sql } = this.database;
    const rows = await sql<{ name: string }[]>`
      select ${sql(column)} as name from products
      where ${sql(column)} >= ${prefix} and ${sql(column)} < ${prefix + LAST_CHARACTER}
      order by 1
      limit ${limit}`;
    return rows.map(({ name }) => name);
  }

  /** No SKU twice. */
  async #upsert(products: readonly ProductDescription[]): Promise<Upserted> {
    const { sql } = this.database;
    const rows = products.map((product) => ({ id: typeid('prd').toString(), ...product }));
    // Known ones are locked in the order in which orders lock them.
    await sql`
      select from products where sku = any(${products.map(({ sku }) => sku)}::text[])
      order by id
      for no key update`;
    const written = await sql<{ id: string; sku: string }[]>`
      insert into products as known (id, sku, name, description, category, unit_price, currency, is_active)
      select id, sku, name, description, category, "unitPrice", currency, "isActive"
      from json_to_recordset(${JSON.stringify(rows)}::text::json) as given (
        id text, sku text, name text, description text, category text, "unitPrice" bigint, currency text,
        "isActive" boolean
      )
      -- Two imports meet in one order.
      order by sku collate "C"
      on conflict (tenant_id, sku) do update set
        name = excluded.name, description = excluded.description, category = excluded.category,
        unit_price = excluded.unit_price, currency = excluded.currency, is_active = excluded.is_active
      where (known.name, known.description, known.category, known.unit_price, known.currency, known.is_active)
        is distinct from (
          excluded.name, excluded.description, excluded.category, excluded.unit_price, excluded.currency,
          excluded.is_active
        )
      returning id, sku`;
    const given = new Map(rows.map((row) => [row.sku, row]));
    await this.#file(written.map(({ id, sku }) => [id, given.get(sku)!]));
    return upserted(rows, written);
  }

  /** Files products under the words they have now. */
  async #file(products: readonly (readonly [id: string, ProductDescription])[]): Promise<void> {
    const { sql } = this.database;
    const filed = products.flatMap(([product_id, { sku, name, category, description }]) =>
      searchWords([sku, name, category, description].join(' ')).map((word) => ({ product_id, word })),
    );
    await sql`delete from product_words where product_id = any(${products.map(([id]) => id)}::text[])`;
    await sql`
      insert into product_words (word, product_id)
      select word, product_id
      from json_to_recordset(${JSON.stringify(filed)}::text::json) as filed (word text, product_id text)`;
  }

  get #columns() {
    return this.database.sql`
      id, sku, name, description, category, unit_price as "unitPrice", currency, is_active as "isActive",
      on_hand as "onHand", reserved, created_at as "createdAt", updated_at as "updatedAt"`;
  }
}
