-- One row per intent that was carried out. It is written in the transaction of the call it belongs to, so
-- whoever sees a row sees its answer, and the effects the answer speaks of have been committed with it.
create table idempotency_keys (
  tenant_id text not null,
  -- SHA-256 of subject and client, base64url: of fixed length, and tells nobody's name.
  principal text not null,
  tool text not null,
  key text not null check (char_length(key) between 8 and 200),
  -- SHA-256 of the arguments.
  fingerprint bytea not null check (octet_length(fingerprint) = 32),
  -- {"output": …} or {"error": …}. json, not jsonb: a replay is the same text as the first answer, with its
  -- order of keys, and characters that jsonb refuses (\u0000) are kept.
  answer json,
  -- The call that was carried out: finds its log lines and audit rows.
  request_id text not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  primary key (tenant_id, principal, tool, key)
);

create index idempotency_keys_expires_at on idempotency_keys (expires_at);

alter table idempotency_keys enable row level security;
alter table idempotency_keys force row level security;

create policy tenant on idempotency_keys
  using (tenant_id = current_setting('gantry.tenant', true))
  with check (tenant_id = current_setting('gantry.tenant', true));

-- Row-level security is forced, so it binds the owner as well. This shows the owner, and through it the
-- function below, the expired rows of all tenants, and lets it write none.
create policy expired on idempotency_keys to current_user
  using (expires_at <= now())
  with check (false);

grant select, insert, update on idempotency_keys to gantry_service;

-- Runs as the owner because the service sees one tenant at a time. The body is bound to this table when the
-- function is made (begin atomic), so no search_path can lead it elsewhere.
create function purge_expired_idempotency_keys(batch integer) returns integer
  language sql
  security definer
  set search_path = pg_catalog, pg_temp
begin atomic
  with expired as (
    select tenant_id, principal, tool, key
    from idempotency_keys
    where expires_at <= now()
    order by expires_at
    limit batch
    for update skip locked
  ),
  purged as (
    delete from idempotency_keys as held
    using expired
    where held.tenant_id = expired.tenant_id
      and held.principal = expired.principal
      and held.tool = expired.tool
      and held.key = expired.key
    returning 1
  )
  select count(*)::integer from purged;
end;

revoke all on function purge_expired_idempotency_keys(integer) from public;
grant execute on function purge_expired_idempotency_keys(integer) to gantry_service;
