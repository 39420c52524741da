import type { Sql } from '../driver.ts';

/**
 * Makes the group role that migrations grant to, and lets it into the schema. Roles belong to the whole server, so
 * a migrator of another database may be doing the same right now.
 */
export async function ensureServiceGroup(sql: Sql): Promise<void> {
  const [group] = await sql`select from pg_roles where rolname = 'gantry_service'`;
  if (!group) {
    await sql`
      do $$
      begin
        create role gantry_service nologin nosuperuser nobypassrls nocreatedb nocreaterole;
      exception
        when duplicate_object or unique_violation then null;
      end
      $$`;
  }
  const [schema] = await sql<[{ name: string }]>`select current_schema() as name`;
  await sql`grant usage on schema ${sql(schema.name)} to gantry_service`;
}
