import postgres, { type Sql } from 'postgres';

/** A role that can log in. */
export interface LoginRole {
  readonly name: string;
  readonly password: string;
}

/** What {@link ensureDatabase} makes. */
export interface DatabaseSpec {
  readonly database: string;
  /** Owns the database and runs migrations; may create roles, is no superuser. */
  readonly owner: LoginRole;
  /** What the service logs in as: a member of `gantry_service` and nothing else. */
  readonly service: LoginRole;
}

/** URLs of one database, by the role that connects. */
export interface DatabaseUrls {
  readonly ownerUrl: string;
  readonly serviceUrl: string;
}

/** Group role that migrations grant table rights to; every service's login role is a member of it. */
export const SERVICE_GROUP = 'gantry_service';

/** duplicate_object, duplicate_database, and unique_violation, which the loser of a race gets. */
const ALREADY_THERE = new Set(['42710', '42P04', '23505']);
/** Two writers of one catalogue row: one of them fails with this text (and no code of its own). */
const CONCURRENT = /tuple concurrently (updated|deleted)/;
const ATTEMPTS = 10;

/**
 * Makes a database with the roles that a service runs with in production, so that development and tests
 * have no more rights than production has. What exists is brought up to date; concurrent calls are safe.
 */
export async function ensureDatabase(superuserUrl: string, spec: DatabaseSpec): Promise<DatabaseUrls> {
  const sql = postgres(superuserUrl, {
    max: 1,
    onnotice: () => {},
    // Nothing of this in the server's log: some failures are expected, and some statements contain passwords.
    connection: { log_min_messages: 'panic' },
  });
  const { database, owner, service } = spec;
  try {
    await settle(() => sql`create role ${sql(SERVICE_GROUP)} nologin`);
    await ensureLogin(sql, owner, 'createrole');
    await ensureLogin(sql, service, 'nocreaterole');
    await settle(() => sql`grant ${sql(SERVICE_GROUP)} to ${sql(service.name)}`);
    // From template0, because nobody can be connected to it: a template in use cannot be copied.
    await settle(() => sql`create database ${sql(database)} owner ${sql(owner.name)} template template0`);
    await settle(() => sql`revoke all on database ${sql(database)} from public`);
    await settle(() => sql`grant connect on database ${sql(database)} to ${sql(service.name)}`);
  } finally {
    await sql.end();
  }
  return {
    ownerUrl: urlFor(superuserUrl, database, owner),
    serviceUrl: urlFor(superuserUrl, database, service),
  };
}

async function ensureLogin(
  sql: Sql,
  role: LoginRole,
  createRole: 'createrole' | 'nocreaterole',
): Promise<void> {
  const password = `'${role.password.replaceAll("'", "''")}'`; // utility statements take no parameters
  const attributes = sql.unsafe(
    `login nosuperuser nobypassrls nocreatedb ${createRole} password ${password}`,
  );
  await settle(() => sql`create role ${sql(role.name)}`);
  await settle(() => sql`alter role ${sql(role.name)} ${attributes}`);
}

/** Runs a statement whose effect may be there already or be made by somebody else at this moment. */
async function settle(statement: () => PromiseLike<unknown>): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await statement();
      return;
    } catch (error) {
      const { code, message } = error as { code?: string; message: string };
      if (code !== undefined && ALREADY_THERE.has(code)) return;
      if (!CONCURRENT.test(message) || attempt === ATTEMPTS) throw error;
    }
  }
}

function urlFor(superuserUrl: string, database: string, role: LoginRole): string {
  const url = new URL(superuserUrl);
  url.username = encodeURIComponent(role.name);
  url.password = encodeURIComponent(role.password);
  url.pathname = `/${encodeURIComponent(database)}`;
  return url.href;
}
