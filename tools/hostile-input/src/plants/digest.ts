import postgres, { type Sql } from 'postgres';
import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';

const REST_WITHIN_MS = 30_000;
const REST_MS = 1_500;

/** Everything a tenant has in a database, as a digest of each table. */
export type TenantDigest = ReadonlyMap<string, string>;

/** Looks into a database with the eyes of its superuser, whom no policy keeps from anything. */
export class TenantEyes {
  readonly #sql: Sql;

  constructor(superuserUrl: string) {
    this.#sql = postgres(superuserUrl, { max: 1, onnotice: () => {} });
  }

  /** Names of the tables that the service made. */
  async tables(): Promise<string[]> {
    const rows = await this.#sql<{ table: string }[]>`
      select table_name as table from information_schema.tables where table_schema = 'public' order by 1`;
    return rows.map(({ table }) => table);
  }

  async digest(tenant: string): Promise<TenantDigest> {
    const sql = this.#sql;
    const tables = await sql<{ table: string }[]>`
      select table_name as table from information_schema.columns
      where table_schema = 'public' and column_name = 'tenant_id' order by 1`;
    const digest = new Map<string, string>();
    for (const { table } of tables) {
      const [row] = await sql<[{ count: string; md5: string }]>`
        select count(*), md5(coalesce(string_agg(t::text, e'\n' order by t::text), '')) as md5
        from ${sql(table)} t where tenant_id = ${tenant}`;
      digest.set(table, `${row.count} rows, ${row.md5}`);
    }
    return digest;
  }

  /** The same as soon as jobs have finished what calls have begun. */
  async digestAtRest(tenant: string): Promise<TenantDigest> {
    const giveUp = performance.now() + REST_WITHIN_MS;
    for (let before = await this.digest(tenant); ;) {
      await sleep(REST_MS);
      const now = await this.digest(tenant);
      if (isDeepStrictEqual(before, now) || performance.now() > giveUp) return now;
      before = now;
    }
  }

  close(): Promise<void> {
    return this.#sql.end();
  }
}

/** Tables in which something is not as it was. */
export function changedTables(before: TenantDigest, after: TenantDigest): string[] {
  return [...new Set([...before.keys(), ...after.keys()])].filter(
    (table) => before.get(table) !== after.get(table),
  );
}
