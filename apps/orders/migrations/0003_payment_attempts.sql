-- Attempts to pay orders at the payments server, each exactly once.

-- One row per intent of a caller, kept for ever: this is what makes a call with the same key the same call.
create table payment_attempts (
  tenant_id text not null default current_setting('gantry.tenant'),
  id text not null collate "C" check (id ~ '^pat_[0-7][0-9a-hjkmnp-tv-z]{25}$'),
  order_id text not null collate "C",
  -- 1 for the first of its order. With the order's id it is the key by which the payments server knows the attempt.
  attempt integer not null check (attempt >= 1),
  subject text not null,
  client text not null,
  idempotency_key text not null collate "C" check (char_length(idempotency_key) between 8 and 200),
  -- SHA-256 of the arguments.
  fingerprint bytea not null check (octet_length(fingerprint) = 32),
  request_id text not null,
  -- W3C trace context of the call that began it: jobs go on with its trace.
  traceparent text check (octet_length(traceparent) <= 100),
  tracestate text check (octet_length(tracestate) <= 512),
  amount bigint not null,
  currency text not null,
  -- A token of the payment provider, never a card number.
  payment_method text not null check (payment_method ~ '^(pm|card|src|ba)_\w{1,200}$'),
  phase text not null default 'started' check (phase in ('started', 'finished')),
  -- In the payments service, as soon as it has told us.
  payment_id text collate "C" check (char_length(payment_id) between 1 and 100),
  -- {"output": …} or {"error": …}. json, not jsonb: a repeated call gets the same text.
  answer json check (octet_length(answer::text) <= 262144),
  -- Until then somebody is asking. Only so that two do not ask at once: that it is paid once does not depend on it.
  leased_until timestamptz not null,
  created_at timestamptz not null default statement_timestamp(),
  -- Also when somebody has asked for the last time.
  updated_at timestamptz not null default statement_timestamp(),
  finished_at timestamptz,
  primary key (tenant_id, id),
  constraint payment_attempts_key unique (tenant_id, subject, client, idempotency_key),
  constraint payment_attempts_number unique (tenant_id, order_id, attempt),
  foreign key (tenant_id, order_id) references orders (tenant_id, id),
  check ((phase = 'finished') = (answer is not null) and (phase = 'finished') = (finished_at is not null)),
  check (tracestate is null or traceparent is not null)
);

-- One at a time: while the outcome of one is open, another could pay twice.
create unique index payment_attempts_one_unfinished on payment_attempts (tenant_id, order_id)
  where phase = 'started';
create index payment_attempts_unfinished on payment_attempts (updated_at) where phase = 'started';

-- An attempt moves ---------------------------------------------------------------------------------------------------

create function payment_attempts_step() returns trigger
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
begin
  if tg_op = 'INSERT' then
    if new.phase <> 'started' or new.payment_id is not null then
      raise exception 'an attempt begins with nothing paid' using errcode = 'integrity_constraint_violation';
    end if;
    return new;
  end if;
  if old.phase = 'finished' then
    raise exception 'an attempt that is finished never changes' using errcode = 'integrity_constraint_violation';
  end if;
  if (new.tenant_id, new.id, new.order_id, new.attempt, new.subject, new.client, new.idempotency_key, new.fingerprint,
      new.request_id, new.traceparent, new.tracestate, new.amount, new.currency, new.payment_method, new.created_at)
    is distinct from
     (old.tenant_id, old.id, old.order_id, old.attempt, old.subject, old.client, old.idempotency_key, old.fingerprint,
      old.request_id, old.traceparent, old.tracestate, old.amount, old.currency, old.payment_method, old.created_at) then
    raise exception 'what an attempt is never changes' using errcode = 'integrity_constraint_violation';
  end if;
  if old.payment_id is not null and new.payment_id is distinct from old.payment_id then
    raise exception 'an attempt is one payment' using errcode = 'integrity_constraint_violation';
  end if;
  new.updated_at := statement_timestamp();
  new.finished_at := case when new.phase = 'finished' then statement_timestamp() end;
  return new;
end
$$;

create trigger payment_attempts_step
  before insert or update on payment_attempts
  for each row execute function payment_attempts_step();

-- An attempt and its order say the same, at commit: it is open as long as the order waits for it, and for all of it.
create function payment_attempts_agree_with_order() returns trigger
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
begin
  if not exists (
    select
    from public.payment_attempts as attempt
    join public.orders as ordered on ordered.tenant_id = attempt.tenant_id and ordered.id = attempt.order_id
    where attempt.tenant_id = new.tenant_id and attempt.id = new.id
      and attempt.amount = ordered.total and attempt.currency = ordered.currency
      and attempt.attempt <= ordered.payment_attempt
      and (attempt.phase = 'started')
        = (ordered.state = 'payment_pending' and ordered.payment_attempt = attempt.attempt)
  ) then
    raise exception 'attempt % and order % do not say the same', new.id, new.order_id
      using errcode = 'integrity_constraint_violation';
  end if;
  return null;
end
$$;

create constraint trigger payment_attempts_agree_with_order
  after insert or update on payment_attempts
  deferrable initially deferred
  for each row execute function payment_attempts_agree_with_order();

-- And the other way round: no order goes on while an attempt to pay it is open.
create function orders_await_payment() returns trigger
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
begin
  if exists (
    select
    from public.payment_attempts as attempt
    join public.orders as ordered on ordered.tenant_id = attempt.tenant_id and ordered.id = attempt.order_id
    where attempt.tenant_id = new.tenant_id and attempt.order_id = new.id and attempt.phase = 'started'
      and ordered.state <> 'payment_pending'
  ) then
    raise exception 'order % is being paid', new.id using errcode = 'integrity_constraint_violation';
  end if;
  return null;
end
$$;

create constraint trigger orders_await_payment
  after update on orders
  deferrable initially deferred
  for each row when (old.state = 'payment_pending' and new.state <> old.state) execute function orders_await_payment();

create trigger kept before delete or truncate on payment_attempts
  for each statement execute function refuse_orders_change();

-- Tenants and grants -------------------------------------------------------------------------------------------------

alter table payment_attempts enable row level security;
alter table payment_attempts force row level security;
create policy tenant on payment_attempts
  using (tenant_id = current_setting('gantry.tenant', true))
  with check (tenant_id = current_setting('gantry.tenant', true));

grant select on payment_attempts to gantry_service;
grant insert (
  id, order_id, attempt, subject, client, idempotency_key, fingerprint, request_id, traceparent, tracestate, amount,
  currency, payment_method, leased_until
) on payment_attempts to gantry_service;
grant update (phase, payment_id, answer, leased_until) on payment_attempts to gantry_service;

-- What is not done yet -----------------------------------------------------------------------------------------------

create index orders_without_receipt on orders (paid_at) where payment_id is not null and receipt_record_id is null;
create index orders_to_refund on orders (updated_at) where refund_state = 'pending';

-- Row-level security binds the owner as well. These show it, and through it the functions below, what they need of all
-- tenants.
create policy unfinished on payment_attempts for select to current_user
  using (phase = 'started');
create policy without_receipt on orders for select to current_user
  using (payment_id is not null and receipt_record_id is null);
create policy to_refund on orders for select to current_user
  using (refund_state = 'pending');

-- Attempts of all tenants whose outcome nobody has asked for in a while: the longer one is open, the more seldom it is
-- asked for, as some wait for people.
create function unfinished_payment_attempts(quiet interval, wanted integer)
  returns table (tenant_id text, id text)
  language sql
  stable
  security definer
  set search_path = pg_catalog, pg_temp
begin atomic
  select unfinished.tenant_id, unfinished.id
  from payment_attempts as unfinished
  where unfinished.phase = 'started'
    and unfinished.updated_at
      < now() - greatest(quiet, least((now() - unfinished.created_at) / 4, interval '10 minutes'))
  order by unfinished.updated_at
  limit wanted;
end;

-- Paid orders of all tenants that have been without a receipt for a while.
create function orders_without_receipt(quiet interval, wanted integer)
  returns table (tenant_id text, id text)
  language sql
  stable
  security definer
  set search_path = pg_catalog, pg_temp
begin atomic
  select paid.tenant_id, paid.id
  from orders as paid
  where paid.payment_id is not null and paid.receipt_record_id is null and paid.paid_at < now() - quiet
  order by paid.paid_at
  limit wanted;
end;

-- Orders of all tenants whose money should have gone back a while ago.
create function orders_to_refund(quiet interval, wanted integer)
  returns table (tenant_id text, id text)
  language sql
  stable
  security definer
  set search_path = pg_catalog, pg_temp
begin atomic
  select due.tenant_id, due.id
  from orders as due
  where due.refund_state = 'pending' and due.updated_at < now() - quiet
  order by due.updated_at
  limit wanted;
end;

revoke all on function unfinished_payment_attempts(interval, integer) from public;
revoke all on function orders_without_receipt(interval, integer) from public;
revoke all on function orders_to_refund(interval, integer) from public;
grant execute on function unfinished_payment_attempts(interval, integer) to gantry_service;
grant execute on function orders_without_receipt(interval, integer) to gantry_service;
grant execute on function orders_to_refund(interval, integer) to gantry_service;
