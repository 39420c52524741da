import { randomBytes } from 'node:crypto';
import { ensureDatabase } from '@gantry/dev-postgres';
import postgres, { type Sql } from 'postgres';

/** A database of one test file's own. */
export interface TestDatabase {
  readonly name: string;
  /** Connects as the owner, who migrates and may create roles. */
  readonly ownerUrl: string;
  /** Connects as a role that is a member of `gantry_service` and nothing else. */
  readonly serviceUrl: string;
  /** Connects as whoever runs the server: for what no role of production may do, such as letting time pass. */
  readonly superuserUrl: string;
  /** Removes the database, with connections that are still open, and its roles. */
  drop(): Promise<void>;
}

/**
 * Makes a fresh, empty database with the roles of production on the server that the jest global setup
 * started (`globalSetup: '@gantry/testing/jest-postgres'`).
 */
export async function createTestDatabase(): Promise<TestDatabase> {
  const superuserUrl = process.env['GANTRY_TEST_POSTGRES_URL'];
  if (!superuserUrl) {
    throw new Error(
      "No test server: add globalSetup: '@gantry/testing/jest-postgres' to this project's jest.config.js.",
    );
  }
  const name = `test_${randomBytes(6).toString('hex')}`;
  const owner = { name: `${name}_owner`, password: randomBytes(18).toString('base64url') };
  const service = { name: `${name}_service`, password: randomBytes(18).toString('base64url') };
  const urls = await ensureDatabase(superuserUrl, { database: name, owner, service });
  return {
    name,
    ...urls,
    superuserUrl: inDatabase(superuserUrl, name),
    async drop() {
      const sql = postgres(superuserUrl, { max: 1, onnotice: () => {} });
      try {
        await sql`drop database if exists ${sql(name)} with (force)`;
        await sql`drop role if exists ${sql(service.name)}`;
        await dropUnlessGrantor(sql, owner.name);
      } finally {
        await sql.end();
      }
    },
  };
}

function inDatabase(serverUrl: string, database: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/${database}`;
  return url.href;
}

/** An owner that granted roles to others cannot be dropped; it goes with the server. */
async function dropUnlessGrantor(sql: Sql, role: string): Promise<void> {
  try {
    await sql`drop role if exists ${sql(role)}`;
  } catch (error) {
    if ((error as { code?: string }).code !== '2BP01') throw error;
  }
}
