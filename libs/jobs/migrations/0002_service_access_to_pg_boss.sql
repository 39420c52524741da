-- The service works queues; it owns nothing here and makes no tables.
grant usage on schema pgboss to gantry_service;
grant select, update on pgboss.version to gantry_service;
grant select, insert, update on pgboss.queue to gantry_service;
grant select, insert, update, delete on pgboss.schedule, pgboss.subscription to gantry_service;
grant select, insert, update, delete on pgboss.job, pgboss.job_common, pgboss.job_dependency to gantry_service;

revoke all on all functions in schema pgboss from public;
grant execute on function pgboss.job_now(), pgboss.create_queue(text, jsonb) to gantry_service;

-- Jobs have no tenant_id: the tenant is part of what the library wraps around a payload. Inside a unit of work a
-- session sees and makes the jobs of its own tenant alone, so no payload can carry a foreign one. The connections
-- of pg-boss itself serve all tenants; they never set a tenant, and no tool can run SQL on them.
alter table pgboss.job enable row level security;
alter table pgboss.job_common enable row level security;

create policy tenant on pgboss.job
  using (coalesce((select current_setting('gantry.tenant', true)), '') in ('', data ->> 'tenant'))
  with check (coalesce((select current_setting('gantry.tenant', true)), '') in ('', data ->> 'tenant'));

create policy tenant on pgboss.job_common
  using (coalesce((select current_setting('gantry.tenant', true)), '') in ('', data ->> 'tenant'))
  with check (coalesce((select current_setting('gantry.tenant', true)), '') in ('', data ->> 'tenant'));
