import { Secret } from '@gantry/config';
import { Database, migrate } from '@gantry/postgres';
import { createTestDatabase, type TestDatabase } from '@gantry/testing';
import { afterAll, beforeAll } from '@jest/globals';
import postgres from 'postgres';
import { typeid } from 'typeid-js';
import type { CustomerDescription } from '../src/domain/customer.ts';
import type { Product, ProductDescription } from '../src/domain/product.ts';
import { migrations } from '../src/orders.module.ts';
import { CustomerStore } from '../src/store/customer.store.ts';
import { ProductStore } from '../src/store/product.store.ts';
import { Stock } from '../src/store/stock.store.ts';

/** The tenant that tests work for unless they say otherwise. */
export const TENANT = 'acme';

/** Who moves stock in tests. */
export const ANN = { subject: 'ann', client: 'depot' };

/** Far enough away. */
export const TOMORROW = new Date(Date.now() + 86_400_000);

/** The id of an order that there is not: stock does not ask. */
export const orderId = () => typeid('ord').toString();

/** A product, but for what is said to differ. */
export function aProduct(different: Partial<ProductDescription> = {}): ProductDescription {
  return {
    sku: `sku ${typeid().toString()}`,
    name: 'Tea',
    description: null,
    category: null,
    unitPrice: 1800,
    currency: 'EUR',
    isActive: true,
    ...different,
  };
}

/** A customer, but for what is said to differ. */
export function aCustomer<T extends Partial<CustomerDescription>>(different: T): CustomerDescription & T {
  const address = { line: null, city: null, region: null, postalCode: null, country: null };
  return { reference: null, name: 'Ada', email: null, address, ...different };
}

/** The stores over a database of the test file's own, and sessions of every role. */
export class CatalogueDatabase {
  readonly products: ProductStore;
  readonly customers: CustomerStore;
  readonly stock: Stock;

  constructor(
    readonly database: Database,
    /** Of the service's own role: what a bug in the service could do. */
    readonly service: postgres.Sql,
    readonly owner: postgres.Sql,
    readonly superuser: postgres.Sql,
  ) {
    this.products = new ProductStore(database);
    this.customers = new CustomerStore(database);
    this.stock = new Stock(database, this.products);
  }

  write<T>(work: () => Promise<T>, tenant = TENANT): Promise<T> {
    return this.database.write({ tenant }, work);
  }

  read<T>(work: () => Promise<T>, tenant = TENANT): Promise<T> {
    return this.database.read({ tenant }, work);
  }

  /** Hand-written SQL in one transaction of a role. */
  async byHand<T>(
    work: (sql: postgres.Sql) => Promise<T>,
    role: postgres.Sql = this.service,
    tenant = TENANT,
  ): Promise<T> {
    return role.begin(async (sql) => {
      await sql`select set_config('gantry.tenant', ${tenant}, true)`;
      return work(sql as unknown as postgres.Sql);
    }) as Promise<T>;
  }

  /** A product with so many pieces. */
  async stocked(
    pieces: number,
    different: Partial<ProductDescription> = {},
    tenant = TENANT,
  ): Promise<Product> {
    const description = aProduct(different);
    return this.write(async () => {
      await this.products.upsertMany([description]);
      const product = (await this.products.find(description.sku))!;
      return pieces > 0 ? this.stock.restock(product.id, pieces, ANN) : product;
    }, tenant);
  }

  /** An order that holds pieces of a product. */
  async holding(productId: string, quantity: number): Promise<string> {
    const order = orderId();
    await this.write(() => this.stock.reserve(order, [{ productId, quantity }], TOMORROW));
    return order;
  }

  /** What there is of a product and what is promised of it. */
  async stockOf(id: string): Promise<readonly [onHand: number, reserved: number]> {
    const { onHand, reserved } = (await this.read(() => this.products.find(id)))!;
    return [onHand, reserved];
  }
}

/** A fresh database for the tests of a file. */
export function useCatalogueDatabase(): CatalogueDatabase {
  let testDatabase: TestDatabase;
  let opened: CatalogueDatabase;
  const connect = (url: string) => postgres(url, { max: 4, onnotice: () => {} });
  beforeAll(async () => {
    testDatabase = await createTestDatabase();
    await migrate({ url: testDatabase.ownerUrl, sources: migrations });
    const database = Database.open({
      databaseUrl: Secret.of(testDatabase.serviceUrl),
      poolSize: 8,
      connectTimeoutMs: 10_000,
      maxLifetimeSeconds: 600,
      statementTimeoutMs: 20_000,
      applicationName: 'orders-test',
    });
    opened = new CatalogueDatabase(
      database,
      connect(testDatabase.serviceUrl),
      connect(testDatabase.ownerUrl),
      connect(testDatabase.superuserUrl),
    );
  }, 120_000);
  afterAll(async () => {
    await opened?.database.close();
    await Promise.all([opened?.service.end(), opened?.owner.end(), opened?.superuser.end()]);
    await testDatabase?.drop();
  });
  // Known only once the tests run.
  return new Proxy({} as CatalogueDatabase, { get: (_, name) => Reflect.get(opened, name) as unknown });
}
