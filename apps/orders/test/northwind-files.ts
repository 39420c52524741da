import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const directory =
  process.env['GANTRY_NORTHWIND_DIR'] ??
  fileURLToPath(new URL('../../../../shared/data/northwind', import.meta.url));

/** What a product is, and how many of it are there before anybody orders. */
export interface NorthwindProduct {
  readonly sku: string;
  readonly name: string;
  readonly listPrice: number;
  readonly inStock: number;
}

/** A line of an order; amounts are cents. */
export interface NorthwindLine {
  readonly sku: string;
  readonly quantity: number;
  readonly unitPrice: number;
  readonly discountBasisPoints: number;
}

/** An order that somebody placed in the nineties. */
export interface NorthwindOrder {
  readonly reference: string;
  readonly customer: string;
  readonly lines: readonly NorthwindLine[];
}

/** The Northwind sample company: what it sold, and whom to. */
export interface Northwind {
  readonly customers: readonly { readonly reference: string; readonly name: string }[];
  readonly products: readonly NorthwindProduct[];
  readonly orders: readonly NorthwindOrder[];
  /** Both as `import_catalogue` takes them. */
  readonly customersCsv: string;
  readonly productsCsv: string;
}

/** Reads the files; undefined, said aloud, where there are none. */
export function readNorthwind(): Northwind | undefined {
  if (existsSync(directory)) {
    const [customers, products] = [rowsOf('customers'), rowsOf('products')];
    return {
      customers: customers.map((row) => ({ reference: row['customer_id']!, name: row['company_name']! })),
      products: products.map(productOf),
      orders: orders(),
      customersCsv: customersCsv(customers),
      productsCsv: productsCsv(products),
    };
  }
  process.stderr.write(
    `SKIPPED: the replay of the Northwind orders, because there is no folder ${directory}. Not covered: 830 real orders ` +
      'with negotiated prices and discounts, placed, paid and shipped by 8 clients, against totals, stock, ledger and ' +
      'receipts. Name a folder with its CSV files in GANTRY_NORTHWIND_DIR.\n',
  );
  return undefined;
}

type Row = Readonly<Record<string, string>>;

function rowsOf(name: string): Row[] {
  const [header, ...lines] = readFileSync(join(directory, `${name}.csv`), 'utf8')
    .split(/\r?\n/)
    .filter((line) => line !== '')
    .map(cellsOf);
  return lines.map((cells) => Object.fromEntries(header!.map((column, index) => [column, cells[index]!])));
}

/** The cells of a line; none of these files has a line break within one. */
function cellsOf(line: string): string[] {
  const cells = `,${line}`.matchAll(/,(?:"((?:[^"]|"")*)"|([^,]*))/g);
  return Array.from(cells, ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain!);
}

function orders(): NorthwindOrder[] {
  const lines = Map.groupBy(rowsOf('order_details'), (row) => row['order_id']!);
  return rowsOf('orders').map((row) => ({
    reference: row['order_id']!,
    customer: row['customer_id']!,
    lines: lines.get(row['order_id']!)!.map((line) => ({
      sku: line['product_id']!,
      quantity: Number(line['quantity']),
      unitPrice: hundredths(line['unit_price']!),
      discountBasisPoints: hundredths(line['discount']!) * 100,
    })),
  }));
}

function productOf(row: Row): NorthwindProduct {
  return {
    sku: row['product_id']!,
    name: row['product_name']!,
    listPrice: hundredths(row['unit_price']!),
    inStock: Number(row['units_in_stock']),
  };
}

/** By the digits: 0.07 times 100 is more than 7. */
function hundredths(decimal: string): number {
  if (!/^\d+\.\d\d$/.test(decimal)) throw new Error(`Not a number with two decimals: ${decimal}`);
  return Number(decimal.replace('.', ''));
}

function customersCsv(customers: readonly Row[]): string {
  const columns = { reference: 'customer_id', name: 'company_name', address_line: 'address' };
  const same = ['city', 'region', 'postal_code', 'country'];
  return csv([
    [...Object.keys(columns), ...same],
    ...customers.map((row) => [...Object.values(columns), ...same].map((column) => row[column]!)),
  ]);
}

/** All of them are for sale, as they were when they were ordered. */
function productsCsv(products: readonly Row[]): string {
  const categories = new Map(rowsOf('categories').map((row) => [row['category_id'], row['category_name']!]));
  return csv([
    ['sku', 'name', 'description', 'category', 'unit_price', 'currency'],
    ...products.map((row) => [
      row['product_id']!,
      row['product_name']!,
      row['quantity_per_unit']!,
      categories.get(row['category_id'])!,
      row['unit_price']!,
      'USD',
    ]),
  ]);
}

function csv(rows: readonly (readonly string[])[]): string {
  const quoted = (cell: string) => `"${cell.replaceAll('"', '""')}"`;
  return rows.map((row) => `${row.map(quoted).join(',')}\n`).join('');
}
