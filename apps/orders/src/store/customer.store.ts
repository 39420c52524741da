import { Database } from '@gantry/postgres';
import { Injectable } from '@nestjs/common';
import { typeid } from 'typeid-js';
import type { Customer, CustomerDescription, ReferencedCustomer } from '../domain/customer.ts';
import { upserted, upsertInRounds, type Upserted } from './upsert.ts';

/** Sorts after every other character, as ids and references are sorted. */
const LAST_CHARACTER = '\u{10FFFF}';

/** The rows of `customers`, in the current unit of work. */
@Injectable()
export class CustomerStore {
  constructor(private readonly database: Database) {}

  /** The customer with this id or reference. */
  async find(idOrReference: string): Promise<Customer | undefined> {
    const [found] = await this.database.sql<Customer[]>`
      select ${this.#columns} from customers where id = ${idOrReference} or reference = ${idOrReference}`;
    return found;
  }

  /**
   * Makes a customer.
   *
   * @returns `undefined` if another one has the reference
   */
  async insert(customer: CustomerDescription): Promise<Customer | undefined> {
    const { reference, name, email, address } = customer;
    const [inserted] = await this.database.sql<Customer[]>`
      insert into customers (id, reference, name, email, address_line, city, region, postal_code, country)
      values (
        ${typeid('cus').toString()}, ${reference}, ${name}, ${email}, ${address.line}, ${address.city},
        ${address.region}, ${address.postalCode}, ${address.country}
      )
      on conflict (tenant_id, reference) do nothing
      returning ${this.#columns}`;
    return inserted;
  }

  /**
   * Makes customers, or describes anew those whose reference is known. In the order given: what comes later of the
   * same reference replaces what came before.
   */
  async upsertMany(customers: readonly ReferencedCustomer[]): Promise<Upserted> {
    return upsertInRounds(
      customers,
      ({ reference }) => reference,
      (round) => this.#upsert(round),
    );
  }

  /** Ids, or references, that begin with a prefix. */
  async namesFrom(column: 'id' | 'reference', prefix: string, limit: number): Promise<string[]> {
    const { sql } = this.database;
    const rows = await sql<{ name: string }[]>`
      select ${sql(column)} as name from customers
      where ${sql(column)} >= ${prefix} and ${sql(column)} < ${prefix + LAST_CHARACTER}
      order by 1
      limit ${limit}`;
    return rows.map(({ name }) => name);
  }

  /** No reference twice. */
  async #upsert(customers: readonly ReferencedCustomer[]): Promise<Upserted> {
    const { sql } = this.database;
    const rows = customers.map(({ address, ...customer }) => ({
      ...customer,
      ...address,
      id: typeid('cus').toString(),
    }));
    const written = await sql<{ id: string }[]>`
      insert into customers as known (
        id, reference, name, email, address_line, city, region, postal_code, country
      )
      select id, reference, name, email, line, city, region, "postalCode", country
      from json_to_recordset(${JSON.stringify(rows)}::text::json) as given (
        id text, reference text, name text, email text, line text, city text, region text, "postalCode" text,
        country text
      )
      -- Two imports meet in one order.
      order by reference collate "C"
      on conflict (tenant_id, reference) do update set
        name = excluded.name, email = excluded.email, address_line = excluded.address_line, city = excluded.city,
        region = excluded.region, postal_code = excluded.postal_code, country = excluded.country
      where (
          known.name, known.email, known.address_line, known.city, known.region, known.postal_code, known.country
        ) is distinct from (
          excluded.name, excluded.email, excluded.address_line, excluded.city, excluded.region,
          excluded.postal_code, excluded.country
        )
      returning id`;
    return upserted(rows, written);
  }

  get #columns() {
    return this.database.sql`
      id, reference, name, email,
      json_build_object(
        'line', address_line, 'city', city, 'region', region, 'postalCode', postal_code, 'country', country
      ) as address,
      created_at as "createdAt", updated_at as "updatedAt"`;
  }
}
