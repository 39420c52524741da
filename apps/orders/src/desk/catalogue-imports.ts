import type { FileRow, Rejection } from '@gantry/files';
import { ResourceChanges } from '@gantry/mcp';
import { Injectable } from '@nestjs/common';
import type { CatalogueKind } from '../domain/catalogue-import.ts';
import { expectColumns, readRows } from '../files/catalogue-rows.ts';
import { customerRow } from '../files/customer-row.ts';
import { productRow } from '../files/product-row.ts';
import { customerUri, productUri } from '../resources/catalogue-uris.ts';
import { CustomerStore } from '../store/customer.store.ts';
import { ProductStore } from '../store/product.store.ts';

/** What became of rows. */
export interface ImportOutcome {
  readonly created: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly rejections: readonly Rejection[];
}

/** Makes products and customers of the rows of files, or describes anew those that are known. */
@Injectable()
export class CatalogueImports {
  constructor(
    private readonly products: ProductStore,
    private readonly customers: CustomerStore,
    private readonly changes: ResourceChanges,
  ) {}

  /**
   * Takes rows in, in the current unit of work.
   *
   * @param columns - of a CSV file
   * @throws GantryError `catalogue_columns_invalid`
   */
  async store(
    tenant: string,
    kind: CatalogueKind,
    rows: readonly FileRow[],
    columns: readonly string[] | undefined,
  ): Promise<ImportOutcome> {
    return kind === 'products'
      ? this.#storeProducts(tenant, rows, columns)
      : this.#storeCustomers(tenant, rows, columns);
  }

  async #storeProducts(tenant: string, rows: readonly FileRow[], columns: readonly string[] | undefined) {
    if (columns) expectColumns(columns, productRow.in.shape, ['sku', 'name', 'unit_price', 'currency']);
    const { entries, rejections } = readRows(rows, columns ?? [], productRow);
    const { updated, ...counts } = await this.products.upsertMany(entries);
    await this.changes.updated(tenant, updated.map(productUri));
    return { ...counts, updated: updated.length, rejections };
  }

  async #storeCustomers(tenant: string, rows: readonly FileRow[], columns: readonly string[] | undefined) {
    if (columns) expectColumns(columns, customerRow.in.shape, ['reference', 'name']);
    const { entries, rejections } = readRows(rows, columns ?? [], customerRow);
    const { updated, ...counts } = await this.customers.upsertMany(entries);
    await this.changes.updated(tenant, updated.map(customerUri));
    return { ...counts, updated: updated.length, rejections };
  }
}
