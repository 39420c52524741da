-- One row per set of answers that was used. It is written in the transaction of the effect that the answers allowed
-- (or, for an external effect, before it), so the same answers cannot allow a second one.
create table used_tickets (
  tenant_id text not null,
  id text not null check (char_length(id) between 1 and 100),
  -- The call that used it: finds its log lines and audit rows.
  request_id text not null,
  used_at timestamptz not null default now(),
  -- From then on nobody takes the answers any more, and the row can go.
  expires_at timestamptz not null,
  primary key (tenant_id, id)
);

create index used_tickets_expires_at on used_tickets (expires_at);

alter table used_tickets enable row level security;
alter table used_tickets force row level security;

create policy tenant on used_tickets
  using (tenant_id = current_setting('gantry.tenant', true))
  with check (tenant_id = current_setting('gantry.tenant', true));

-- Shows the owner, and through it the function below, the expired rows of all tenants, and lets it write none.
create policy expired on used_tickets to current_user
  using (expires_at <= now())
  with check (false);

grant select, insert, update on used_tickets to gantry_service;

-- Runs as the owner because the service sees one tenant at a time.
create function purge_expired_tickets(batch integer) returns integer
  language sql
  security definer
  set search_path = pg_catalog, pg_temp
begin atomic
  with expired as (
    select tenant_id, id
    from used_tickets
    where expires_at <= now()
    order by expires_at
    limit batch
    for update skip locked
  ),
  purged as (
    delete from used_tickets as held
    using expired
    where held.tenant_id = expired.tenant_id and held.id = expired.id
    returning 1
  )
  select count(*)::integer from purged;
end;

revoke all on function purge_expired_tickets(integer) from public;
grant execute on function purge_expired_tickets(integer) to gantry_service;
