-- What is done with payments at the provider, each exactly once.

-- One row per intent of a caller, kept for ever: this is what makes a call with the same key the same call.
create table payment_operations (
  tenant_id text not null default current_setting('gantry.tenant'),
  id text not null collate "C" check (id ~ '^pop_[0-7][0-9a-hjkmnp-tv-z]{25}$'),
  payment_id text not null collate "C",
  kind text not null check (kind in ('authorize', 'process', 'capture', 'cancel', 'refund')),
  subject text not null,
  client text not null,
  tool text not null,
  idempotency_key text not null collate "C" check (char_length(idempotency_key) between 8 and 200),
  -- SHA-256 of the arguments.
  fingerprint bytea not null check (octet_length(fingerprint) = 32),
  request_id text not null,
  amount bigint check (amount between 1 and 999999999999),
  phase text not null check (phase in ('awaiting_approval', 'started', 'intent_created', 'finished')),
  provider_reference text check (char_length(provider_reference) between 1 and 255),
  -- {"output": …} or {"error": …}. json, not jsonb: a repeated call gets the same text.
  answer json check (octet_length(answer::text) <= 65536),
  created_at timestamptz not null default statement_timestamp(),
  updated_at timestamptz not null default statement_timestamp(),
  finished_at timestamptz,
  primary key (tenant_id, id),
  -- The key before the tool: a key is looked up with and without one.
  constraint payment_operations_key unique (tenant_id, subject, client, idempotency_key, tool),
  -- For the ledger to refer to.
  unique (tenant_id, id, payment_id),
  -- At commit: the operation claims its key before there is a payment.
  foreign key (tenant_id, payment_id) references payments (tenant_id, id) deferrable initially deferred,
  check ((amount is null) = (kind = 'cancel')),
  check ((phase = 'finished') = (answer is not null) and (phase = 'finished') = (finished_at is not null)),
  check (phase not in ('awaiting_approval', 'intent_created') or kind in ('authorize', 'process')),
  check (phase <> 'intent_created' or provider_reference is not null)
);

-- A payment is begun once,
create unique index payment_operations_one_beginning on payment_operations (tenant_id, payment_id)
  where kind in ('authorize', 'process');
-- and one thing at a time is done with it at the provider: amounts are checked against what is certain.
create unique index payment_operations_one_at_provider on payment_operations (tenant_id, payment_id)
  where phase in ('started', 'intent_created');
create index payment_operations_of_payment on payment_operations (tenant_id, payment_id, id);
create index payment_operations_unfinished on payment_operations (updated_at)
  where phase in ('started', 'intent_created');

create function payment_operations_step() returns trigger
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
declare
  phases constant text[] := array['awaiting_approval', 'started', 'intent_created', 'finished'];
begin
  if tg_op = 'INSERT' then
    if new.phase not in ('awaiting_approval', 'started') or new.provider_reference is not null then
      raise exception 'an operation begins with nothing at the provider'
        using errcode = 'integrity_constraint_violation';
    end if;
    return new;
  end if;
  if (new.tenant_id, new.id, new.payment_id, new.kind, new.subject, new.client, new.tool, new.idempotency_key,
      new.fingerprint, new.request_id, new.amount, new.created_at)
    is distinct from
     (old.tenant_id, old.id, old.payment_id, old.kind, old.subject, old.client, old.tool, old.idempotency_key,
      old.fingerprint, old.request_id, old.amount, old.created_at) then
    raise exception 'what an operation is never changes' using errcode = 'integrity_constraint_violation';
  end if;
  if array_position(phases, new.phase) <= array_position(phases, old.phase) then
    raise exception 'an operation that is % does not become %', old.phase, new.phase
      using errcode = 'integrity_constraint_violation';
  end if;
  if old.provider_reference is not null and new.provider_reference is distinct from old.provider_reference then
    raise exception 'an operation is one thing at the provider' using errcode = 'integrity_constraint_violation';
  end if;
  new.updated_at := statement_timestamp();
  new.finished_at := case when new.phase = 'finished' then statement_timestamp() end;
  return new;
end
$$;

create trigger payment_operations_step
  before insert or update on payment_operations
  for each row execute function payment_operations_step();

create trigger kept before delete or truncate on payment_operations
  for each statement execute function refuse_payments_change();

alter table payment_operations enable row level security;
alter table payment_operations force row level security;
create policy tenant on payment_operations
  using (tenant_id = current_setting('gantry.tenant', true))
  with check (tenant_id = current_setting('gantry.tenant', true));

grant select on payment_operations to gantry_service;
grant insert (
  id, payment_id, kind, subject, client, tool, idempotency_key, fingerprint, request_id, amount, phase
) on payment_operations to gantry_service;
grant update (phase, provider_reference, answer) on payment_operations to gantry_service;

-- Row-level security binds the owner as well. This shows it, and through it the function below, what it needs of all
-- tenants.
create policy unfinished on payment_operations for select to current_user
  using (phase in ('started', 'intent_created'));

-- Operations of all tenants that nobody has taken further for a while, the oldest first.
create function stuck_payment_operations(quiet interval, wanted integer)
  returns table (tenant_id text, id text)
  language sql
  stable
  security definer
  set search_path = pg_catalog, pg_temp
begin atomic
  select stuck.tenant_id, stuck.id
  from payment_operations as stuck
  where stuck.phase in ('started', 'intent_created') and stuck.updated_at < now() - quiet
  order by stuck.updated_at
  limit wanted;
end;

revoke all on function stuck_payment_operations(interval, integer) from public;
grant execute on function stuck_payment_operations(interval, integer) to gantry_service;
