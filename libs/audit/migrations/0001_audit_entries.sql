-- One row per tool call, refusals included. Rows are only ever added. See the README for who may do what.
create table audit_entries (
  -- Ascending as rows were added. The order of calls is that of `at`: rows of one batch arrive together.
  id bigint generated always as identity,
  tenant_id text not null,
  request_id text not null,
  -- When the call began, by the clock of the replica.
  at timestamptz not null,
  -- By the clock of the database; retention goes by it.
  recorded_at timestamptz not null default now(),
  subject text not null,
  client text not null,
  tool text not null,
  effect text not null check (effect in ('read', 'create', 'update', 'delete', 'external')),
  -- 'ok' or the code of the error.
  outcome text not null,
  category text check (category in ('client_error', 'business_error', 'server_error')),
  duration_ms double precision not null check (duration_ms >= 0),
  error_id text,
  trace_id text,
  -- SHA-256. The key is the caller's text and may hold anything.
  idempotency_key_hash bytea check (octet_length(idempotency_key_hash) = 32),
  -- SHA-256 of the canonical JSON of the arguments; null if they were no JSON.
  arguments_hash bytea check (octet_length(arguments_hash) = 32),
  -- Answered with the kept answer of an earlier call.
  replayed boolean not null,
  primary key (tenant_id, id),
  -- One call, one row: of two attempts to record it, the second finds this in its way.
  unique (tenant_id, request_id),
  check ((outcome = 'ok') = (category is null) and (outcome = 'ok') = (error_id is null))
);

-- Rows arrive in the order of time, so a few pages find all that are old.
create index audit_entries_recorded_at on audit_entries using brin (recorded_at);

-- Not on `id` and `recorded_at`: the service chooses neither the place of a row nor how old it looks.
grant select on audit_entries to gantry_service;
grant insert (
  tenant_id, request_id, at, subject, client, tool, effect, outcome, category, duration_ms, error_id, trace_id,
  idempotency_key_hash, arguments_hash, replayed
) on audit_entries to gantry_service;

alter table audit_entries enable row level security;
alter table audit_entries force row level security;

create policy tenant_reads on audit_entries for select
  using (tenant_id = current_setting('gantry.tenant', true));
create policy tenant_appends on audit_entries for insert
  with check (tenant_id = current_setting('gantry.tenant', true));

-- Row-level security binds the owner as well: of what is younger than this it can delete nothing.
create policy owner_sees_old on audit_entries for select to current_user
  using (recorded_at < now() - interval '90 days');
create policy owner_deletes_old on audit_entries for delete to current_user
  using (recorded_at < now() - interval '90 days');

-- Grants do not bind an owner, and policies no superuser; a trigger binds both.
create function refuse_audit_change() returns trigger
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
begin
  if tg_op = 'DELETE' and current_setting('gantry.audit_purge', true) = 'on' then
    return null;
  end if;
  raise exception 'audit_entries is append-only: % is refused', lower(tg_op)
    using errcode = 'insufficient_privilege', hint = 'purge_audit_entries() removes old entries.';
end
$$;

-- For statements, not rows: one that finds no row is refused as well.
create trigger append_only before update or delete or truncate on audit_entries
  for each statement execute function refuse_audit_change();
alter table audit_entries enable always trigger append_only;

-- Removes up to `batch` entries older than `older_than`, of all tenants, and returns how many. Never one younger
-- than 90 days. Not granted to the service: retention is the operator's. Bound to the table when it is made (begin
-- atomic), so no search_path can lead it elsewhere.
create function purge_audit_entries(older_than interval, batch integer) returns integer
  language sql
  security definer
  set search_path = pg_catalog, pg_temp
begin atomic
  -- For the trigger, until the transaction ends. Whoever sets it by hand is still bound by the policies above.
  select set_config('gantry.audit_purge', 'on', true);
  with purged as (
    delete from audit_entries
    where (tenant_id, id) in (
      select tenant_id, id
      from audit_entries
      where recorded_at < now() - greatest(older_than, interval '90 days')
      limit batch
    )
    returning 1
  )
  select count(*)::integer from purged;
end;

revoke all on function purge_audit_entries(interval, integer) from public;
