-- Payments, who approved them, and which webhooks were handled.
--
-- What must hold whatever the service does is held here, by checks and triggers: amounts and states.

create table payments (
  tenant_id text not null default current_setting('gantry.tenant'),
  -- TypeID: sorts by the time of creation.
  id text not null collate "C" check (id ~ '^pay_[0-7][0-9a-hjkmnp-tv-z]{25}$'),
  state text not null check (state in (
    'approval_required', 'processing', 'unknown', 'authorized', 'captured', 'declined', 'cancelled', 'failed'
  )),
  -- Minor units of the currency. Twelve digits, as card networks have them.
  amount bigint not null check (amount between 1 and 999999999999),
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  amount_authorized bigint not null default 0,
  amount_captured bigint not null default 0,
  amount_refunded bigint not null default 0,
  capture_method text not null check (capture_method in ('automatic', 'manual')),
  -- The provider's token. Begins with a letter, so a card number does not fit.
  payment_method text not null check (payment_method ~ '^[A-Za-z][A-Za-z0-9_]{2,254}$'),
  description text check (char_length(description) between 1 and 500),
  reference text collate "C" check (char_length(reference) between 1 and 200),
  decline_code text check (decline_code ~ '^[a-z_]{1,50}$'),
  provider_intent_id text collate "C" check (char_length(provider_intent_id) between 1 and 255),
  created_by_subject text not null,
  created_by_client text not null,
  version integer not null default 1,
  created_at timestamptz not null default statement_timestamp(),
  updated_at timestamptz not null default statement_timestamp(),
  primary key (tenant_id, id),
  -- One charge, one payment.
  unique (tenant_id, provider_intent_id),
  -- For approvals to refer to.
  unique (tenant_id, id, created_by_subject),
  constraint payments_never_beyond check (
    0 <= amount_refunded and amount_refunded <= amount_captured
    and amount_captured <= amount_authorized and amount_authorized <= amount
  ),
  constraint payments_amounts_of_state check (
    case state
      when 'captured' then amount_captured > 0
      when 'authorized' then amount_authorized > 0 and amount_captured = 0
      when 'cancelled' then amount_captured = 0
      when 'unknown' then amount_captured = 0
      else amount_authorized = 0
    end
  ),
  constraint payments_decline_code_if_declined check ((decline_code is not null) = (state = 'declined')),
  constraint payments_intent_if_money check (state not in ('authorized', 'captured') or provider_intent_id is not null)
);

create index payments_by_state on payments (tenant_id, state, id);
create index payments_by_reference on payments (tenant_id, reference, id) where reference is not null;

create table payment_approvals (
  tenant_id text not null default current_setting('gantry.tenant'),
  -- One decision per payment.
  payment_id text not null collate "C",
  decision text not null check (decision in ('approved', 'rejected')),
  method text not null check (method in ('second_principal', 'elicitation')),
  requested_by_subject text not null,
  decided_by_subject text not null,
  decided_by_client text not null,
  reason text check (char_length(reason) between 1 and 500),
  request_id text not null,
  decided_at timestamptz not null default statement_timestamp(),
  primary key (tenant_id, payment_id),
  -- With the subject, so that it is the requester's and nobody can pretend.
  foreign key (tenant_id, payment_id, requested_by_subject) references payments (tenant_id, id, created_by_subject),
  -- A second principal is another one; the caller's own user is asked through the caller.
  constraint payment_approvals_by_whom check ((method = 'elicitation') = (decided_by_subject = requested_by_subject))
);

-- Webhooks that were handled: their effects were committed with the row.
create table provider_events (
  tenant_id text not null default current_setting('gantry.tenant'),
  id text not null collate "C" check (char_length(id) between 1 and 255),
  type text not null check (char_length(type) between 1 and 255),
  -- By the clock of the provider.
  occurred_at timestamptz not null,
  received_at timestamptz not null default statement_timestamp(),
  primary key (tenant_id, id)
);

-- Payments --------------------------------------------------------------------------------------------------------

create function payments_step() returns trigger
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
begin
  if tg_op = 'INSERT' then
    if new.state not in ('processing', 'approval_required') or new.version <> 1 or new.amount_authorized <> 0
      or new.provider_intent_id is not null then
      raise exception 'a payment begins at version 1, without money or provider'
        using errcode = 'integrity_constraint_violation';
    end if;
    return new;
  end if;
  if (new.tenant_id, new.id, new.amount, new.currency, new.capture_method, new.payment_method, new.description,
      new.reference, new.created_by_subject, new.created_by_client, new.created_at)
    is distinct from
     (old.tenant_id, old.id, old.amount, old.currency, old.capture_method, old.payment_method, old.description,
      old.reference, old.created_by_subject, old.created_by_client, old.created_at) then
    raise exception 'what a payment is never changes' using errcode = 'integrity_constraint_violation';
  end if;
  if new.version <> old.version + 1 then
    raise exception 'versions of a payment follow one another without a gap'
      using errcode = 'integrity_constraint_violation';
  end if;
  -- The arrows of PAYMENT_MACHINE; a test compares them.
  if new.state = old.state then
    if old.state in ('declined', 'cancelled', 'failed') then
      raise exception 'a payment that is % stays as it is', old.state using errcode = 'integrity_constraint_violation';
    end if;
  elsif (old.state, new.state) not in (
    ('approval_required', 'processing'), ('approval_required', 'cancelled'),
    ('processing', 'authorized'), ('processing', 'captured'), ('processing', 'declined'),
    ('processing', 'cancelled'), ('processing', 'failed'), ('processing', 'unknown'),
    ('unknown', 'authorized'), ('unknown', 'captured'), ('unknown', 'declined'),
    ('unknown', 'cancelled'), ('unknown', 'failed'),
    ('authorized', 'captured'), ('authorized', 'cancelled'), ('authorized', 'unknown')
  ) then
    raise exception 'a payment does not go from % to %', old.state, new.state
      using errcode = 'integrity_constraint_violation';
  end if;
  if old.state = 'approval_required' and new.state = 'processing' and not exists (
    select from public.payment_approvals
    where tenant_id = new.tenant_id and payment_id = new.id and decision = 'approved'
  ) then
    raise exception 'a payment that needs approval goes on with it alone'
      using errcode = 'integrity_constraint_violation';
  end if;
  if (new.amount_authorized <> old.amount_authorized and old.amount_authorized > 0)
    or (new.amount_captured <> old.amount_captured and old.state = 'captured') then
    raise exception 'money is authorized and captured once' using errcode = 'integrity_constraint_violation';
  end if;
  if old.provider_intent_id is not null and new.provider_intent_id is distinct from old.provider_intent_id then
    raise exception 'a payment has one intent at the provider' using errcode = 'integrity_constraint_violation';
  end if;
  new.updated_at := statement_timestamp();
  return new;
end
$$;

create trigger payments_step
  before insert or update on payments
  for each row execute function payments_step();

-- Only ever added to ----------------------------------------------------------------------------------------------

-- Grants do not bind an owner, and policies no superuser; a trigger binds both.
create function refuse_payments_change() returns trigger
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
begin
  raise exception '%: % is refused', tg_table_name, lower(tg_op) using errcode = 'insufficient_privilege';
end
$$;

-- For statements, not rows: one that finds no row is refused as well.
create trigger append_only before update or delete or truncate on payment_approvals
  for each statement execute function refuse_payments_change();
create trigger kept before delete or truncate on payments
  for each statement execute function refuse_payments_change();
alter table payment_approvals enable always trigger append_only;

-- Tenants and grants ----------------------------------------------------------------------------------------------

alter table payments enable row level security;
alter table payments force row level security;
create policy tenant on payments
  using (tenant_id = current_setting('gantry.tenant', true))
  with check (tenant_id = current_setting('gantry.tenant', true));

alter table payment_approvals enable row level security;
alter table payment_approvals force row level security;
create policy tenant on payment_approvals
  using (tenant_id = current_setting('gantry.tenant', true))
  with check (tenant_id = current_setting('gantry.tenant', true));

alter table provider_events enable row level security;
alter table provider_events force row level security;
create policy tenant on provider_events
  using (tenant_id = current_setting('gantry.tenant', true))
  with check (tenant_id = current_setting('gantry.tenant', true));

-- The service chooses no times, and changes nothing but what has to change.
grant select on payments, payment_approvals, provider_events to gantry_service;
grant insert (
  id, state, amount, currency, capture_method, payment_method, description, reference, created_by_subject,
  created_by_client
) on payments to gantry_service;
grant update (
  state, amount_authorized, amount_captured, amount_refunded, decline_code, provider_intent_id, version
) on payments to gantry_service;
grant insert (
  payment_id, decision, method, requested_by_subject, decided_by_subject, decided_by_client, reason, request_id
) on payment_approvals to gantry_service;
grant insert (id, type, occurred_at) on provider_events to gantry_service;
