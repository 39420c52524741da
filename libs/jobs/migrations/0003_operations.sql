-- Work that outlives the call that asked for it. The row is the whole truth about it: who may see it, who runs it,
-- how far it is, what came of it.
create table operations (
  tenant_id text not null,
  -- TypeID: 74 random bits, so nobody finds one by guessing.
  id text not null check (id ~ '^op_[0-7][0-9a-hjkmnp-tv-z]{25}$'),
  kind text not null,
  -- Who started it, and with which call.
  subject text not null,
  client text not null,
  tool text not null,
  request_id text not null,
  input jsonb not null,
  status text not null default 'queued' check (status in ('queued', 'running', 'succeeded', 'failed', 'cancelled')),
  -- What the next run goes on from.
  state jsonb,
  done bigint not null default 0 check (done >= 0),
  total bigint check (total >= 0),
  message text check (char_length(message) <= 500),
  -- json, not jsonb: given back as it was. Anything large belongs into a table of its own.
  result json check (octet_length(result::text) <= 1048576),
  error json,
  -- The run that has it. Whoever writes for an operation names its run, so a run that lost it cannot.
  run uuid,
  -- Runs since the last progress: an operation that kills its replica again and again is given up.
  attempts integer not null default 0,
  -- When a worker may take it: at once, after a pause, or when the replica that runs it has been silent for too long.
  due_at timestamptz not null default now(),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  finished_at timestamptz,
  -- Unfinished: it fails then. Finished: it is forgotten then.
  expires_at timestamptz not null,
  primary key (tenant_id, id),
  check ((finished_at is not null) = (status in ('succeeded', 'failed', 'cancelled'))),
  check ((result is not null) = (status = 'succeeded')),
  check ((error is not null) = (status = 'failed'))
);

create index operations_due on operations (due_at) where status in ('queued', 'running');
create index operations_expired on operations (expires_at) where status in ('succeeded', 'failed', 'cancelled');

alter table operations enable row level security;
alter table operations force row level security;

create policy tenant on operations
  using (tenant_id = current_setting('gantry.tenant', true))
  with check (tenant_id = current_setting('gantry.tenant', true));

create function keep_finished_operation() returns trigger
  language plpgsql
as $$
begin
  raise exception 'Operation % is %; a finished operation never changes.', old.id, old.status
    using errcode = 'integrity_constraint_violation';
end
$$;

create trigger keep_finished before update on operations
  for each row when (old.status in ('succeeded', 'failed', 'cancelled'))
  execute function keep_finished_operation();

-- Who started what, and with which input, is never rewritten: the service may update the rest.
grant select, insert on operations to gantry_service;
grant update (status, state, done, total, message, result, error, run, attempts, due_at, updated_at, finished_at, expires_at)
  on operations to gantry_service;

-- Row-level security binds the owner as well. These show it, and through it the two functions below, what they need
-- of all tenants.
create policy claim on operations to current_user
  using (status in ('queued', 'running'))
  with check (status = 'running');
create policy forget on operations to current_user
  using (status in ('succeeded', 'failed', 'cancelled') and expires_at <= now())
  with check (false);

-- Takes operations that are due: of these kinds, or of any kind once they have expired, so that somebody fails them.
create function claim_operations(kinds text[], wanted integer, lease interval)
  returns table (tenant_id text, id text, run uuid)
  language sql
  security definer
  set search_path = pg_catalog, pg_temp
begin atomic
  update operations as taken
  set status = 'running', run = gen_random_uuid(), attempts = taken.attempts + 1, due_at = now() + lease,
      updated_at = now()
  from (
    select due.tenant_id, due.id
    from operations as due
    where due.status in ('queued', 'running')
      and due.due_at <= now()
      and (due.kind = any (kinds) or due.expires_at <= now())
    order by due.due_at
    limit wanted
    for update skip locked
  ) as due
  where taken.tenant_id = due.tenant_id and taken.id = due.id
  returning taken.tenant_id, taken.id, taken.run;
end;

create function forget_expired_operations(batch integer) returns integer
  language sql
  security definer
  set search_path = pg_catalog, pg_temp
begin atomic
  with expired as (
    select tenant_id, id
    from operations
    where status in ('succeeded', 'failed', 'cancelled') and expires_at <= now()
    order by expires_at
    limit batch
    for update skip locked
  ),
  forgotten as (
    delete from operations as held
    using expired
    where held.tenant_id = expired.tenant_id and held.id = expired.id
    returning 1
  )
  select count(*)::integer from forgotten;
end;

revoke all on function claim_operations(text[], integer, interval) from public;
revoke all on function forget_expired_operations(integer) from public;
grant execute on function claim_operations(text[], integer, interval) to gantry_service;
grant execute on function forget_expired_operations(integer) to gantry_service;
