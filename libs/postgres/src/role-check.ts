import type { Sql } from './driver.ts';

interface Role {
  readonly name: string;
  readonly is_superuser: boolean;
  readonly bypasses_rls: boolean;
}

interface Relation {
  readonly name: string;
}

/**
 * Refuses a database in which one tenant could see the rows of another: the check that a service makes before it
 * answers anything.
 *
 * @throws Error that lists everything wrong, for the operator
 */
export async function assertTenantsAreIsolated(sql: Sql): Promise<void> {
  const problems = [
    ...(await powersOfRole(sql)),
    ...(await ownedTables(sql)),
    ...(await unprotectedTables(sql)),
    ...(await definerViews(sql)),
  ];
  if (problems.length > 0) {
    throw new Error(
      `The service refuses to run, because tenants would not be isolated:\n- ${problems.join('\n- ')}`,
    );
  }
}

/** Its own, and those of every role that it could switch to. */
async function powersOfRole(sql: Sql): Promise<string[]> {
  const roles = await sql<Role[]>`
    select rolname as name, rolsuper as is_superuser, rolbypassrls as bypasses_rls
    from pg_roles
    where (rolsuper or rolbypassrls) and (rolname = current_user or pg_has_role(current_user, oid, 'member'))`;
  // A superuser is a member of every role; one line says it.
  const superuser = roles.find((role) => role.is_superuser);
  if (superuser) return [`The service connects as the superuser "${superuser.name}", or can become it.`];
  return roles.map(({ name }) => `The service connects as "${name}" with BYPASSRLS, or can become it.`);
}

/** An owner can switch row-level security off. */
async function ownedTables(sql: Sql): Promise<string[]> {
  const tables = await sql<Relation[]>`
    select c.oid::regclass::text as name
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p', 'v', 'm', 'f')
      and n.nspname not in ('pg_catalog', 'information_schema') and n.nspname not like 'pg\\_%'
      and pg_has_role(current_user, c.relowner, 'member')
      and not (select rolsuper from pg_roles where rolname = current_user)
    order by 1`;
  if (tables.length === 0) return [];
  return [`The service connects as a role that owns ${list(tables)}.`];
}

/** Partitions count: they can be read directly. Materialized views and foreign tables cannot be protected at all. */
async function unprotectedTables(sql: Sql): Promise<string[]> {
  const tables = await sql<Relation[]>`
    select c.oid::regclass::text as name
    from pg_class c
    join pg_namespace n on n.oid = c.relnamespace
    join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped
    where c.relkind in ('r', 'p', 'm', 'f')
      and n.nspname not in ('pg_catalog', 'information_schema') and n.nspname not like 'pg\\_%'
      and not (c.relrowsecurity and c.relforcerowsecurity)
    order by 1`;
  if (tables.length === 0) return [];
  return [`Row-level security is not enabled and forced on ${list(tables)}, which hold a tenant_id.`];
}

/** A view reads with the rights of its owner, whom row-level security may not stop. */
async function definerViews(sql: Sql): Promise<string[]> {
  const views = await sql<Relation[]>`
    select c.oid::regclass::text as name
    from pg_class c
    join pg_namespace n on n.oid = c.relnamespace
    join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped
    where c.relkind = 'v'
      and n.nspname not in ('pg_catalog', 'information_schema') and n.nspname not like 'pg\\_%'
      and not coalesce(c.reloptions && array['security_invoker=true', 'security_invoker=on', 'security_invoker=1'], false)
    order by 1`;
  if (views.length === 0) return [];
  return [`The views ${list(views)} hold a tenant_id but are not security_invoker.`];
}

function list(relations: readonly Relation[]): string {
  return relations.map(({ name }) => name).join(', ');
}
