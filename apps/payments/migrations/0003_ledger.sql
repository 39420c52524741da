-- The ledger of the money that moved: double entry, append-only. Whole, balanced per currency and in agreement with
-- the payments whenever a transaction of the database commits, whatever the service does.

-- A movement of money. It says how many entries it has, so that none can be added later.
create table ledger_transactions (
  tenant_id text not null default current_setting('gantry.tenant'),
  id text not null collate "C" check (id ~ '^ltx_[0-7][0-9a-hjkmnp-tv-z]{25}$'),
  kind text not null check (kind in ('capture', 'refund', 'refund_failed')),
  operation_id text not null collate "C",
  payment_id text not null collate "C",
  lines smallint not null check (lines between 2 and 100),
  posted_at timestamptz not null default statement_timestamp(),
  primary key (tenant_id, id),
  -- Nothing is posted twice.
  constraint ledger_transactions_once unique (tenant_id, operation_id, kind),
  foreign key (tenant_id, operation_id, payment_id) references payment_operations (tenant_id, id, payment_id)
);

create index ledger_transactions_of_payment on ledger_transactions (tenant_id, payment_id, id);

create table ledger_entries (
  tenant_id text not null default current_setting('gantry.tenant'),
  transaction_id text not null collate "C",
  line smallint not null check (line >= 1),
  account text not null check (account in ('provider_clearing', 'merchant_balance')),
  direction text not null check (direction in ('debit', 'credit')),
  amount bigint not null check (amount between 1 and 999999999999),
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  primary key (tenant_id, transaction_id, line),
  foreign key (tenant_id, transaction_id) references ledger_transactions (tenant_id, id)
);

create index ledger_entries_of_account on ledger_entries (tenant_id, account, currency, transaction_id, line);

-- What all entries of an account come to. Written by a trigger alone.
create table ledger_balances (
  tenant_id text not null,
  account text not null,
  currency text not null,
  debits bigint not null default 0 check (debits >= 0),
  credits bigint not null default 0 check (credits >= 0),
  primary key (tenant_id, account, currency)
);

-- Checks ----------------------------------------------------------------------------------------------------------

-- The checks below look at what a transaction has come to, so they run when it commits. Each of them fails if it
-- cannot see what it has to check.

create function check_ledger_agrees(of_tenant text, of_payment text) returns void
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
declare
  payment public.payments;
  posted record;
begin
  select * into payment from public.payments where tenant_id = of_tenant and id = of_payment;
  if not found then
    raise exception 'payment % cannot be checked against the ledger', of_payment
      using errcode = 'integrity_constraint_violation';
  end if;
  select
    coalesce(sum(amount) filter (where kind = 'capture' and direction = 'debit'), 0) as captured,
    coalesce(sum(case direction when 'debit' then amount else -amount end), 0) as kept,
    coalesce(bool_and(currency = payment.currency), true) as same_currency
  into posted
  from public.ledger_transactions
  join public.ledger_entries on ledger_entries.tenant_id = ledger_transactions.tenant_id
    and ledger_entries.transaction_id = ledger_transactions.id
  where ledger_transactions.tenant_id = of_tenant and payment_id = of_payment and account = 'provider_clearing';
  if not posted.same_currency or posted.captured <> payment.amount_captured
    or posted.kept <> payment.amount_captured - payment.amount_refunded then
    raise exception 'payment % and the ledger disagree', of_payment using errcode = 'integrity_constraint_violation';
  end if;
end
$$;

create function check_ledger_transaction(of_tenant text, checked text) returns void
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
declare
  movement public.ledger_transactions;
begin
  select * into movement from public.ledger_transactions where tenant_id = of_tenant and id = checked;
  if not found
    or movement.lines <> (
      select count(*) from public.ledger_entries where tenant_id = of_tenant and transaction_id = checked
    ) then
    raise exception 'ledger transaction % does not have the entries it says', checked
      using errcode = 'integrity_constraint_violation';
  end if;
  if exists (
    select from public.ledger_entries
    where tenant_id = of_tenant and transaction_id = checked
    group by currency
    having sum(case direction when 'debit' then amount else -amount end) <> 0
  ) then
    raise exception 'ledger transaction % is not balanced', checked using errcode = 'integrity_constraint_violation';
  end if;
  perform public.check_ledger_agrees(of_tenant, movement.payment_id);
end
$$;

create function ledger_transactions_check() returns trigger
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
begin
  perform public.check_ledger_transaction(new.tenant_id, new.id);
  return null;
end
$$;

create function ledger_entries_check() returns trigger
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
begin
  perform public.check_ledger_transaction(new.tenant_id, new.transaction_id);
  return null;
end
$$;

create function payments_agree_with_ledger() returns trigger
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
begin
  perform public.check_ledger_agrees(new.tenant_id, new.id);
  return null;
end
$$;

create constraint trigger ledger_transactions_check
  after insert on ledger_transactions deferrable initially deferred
  for each row execute function ledger_transactions_check();
-- Entries ask again: a transaction of the database may have its constraints checked early, then add entries.
create constraint trigger ledger_entries_check
  after insert on ledger_entries deferrable initially deferred
  for each row execute function ledger_entries_check();
create constraint trigger payments_agree_with_ledger
  after update on payments deferrable initially deferred
  for each row when (
    new.amount_captured <> old.amount_captured or new.amount_refunded <> old.amount_refunded
  ) execute function payments_agree_with_ledger();

-- Balances are right because nobody can forget or falsify them: the service has no right to write them, so this runs
-- as the owner. Accounts in one order, so that two postings never wait for each other.
create function ledger_entries_add_up() returns trigger
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
begin
  insert into public.ledger_balances as held (tenant_id, account, currency, debits, credits)
  select
    tenant_id, account, currency,
    coalesce(sum(amount) filter (where direction = 'debit'), 0),
    coalesce(sum(amount) filter (where direction = 'credit'), 0)
  from posted
  group by tenant_id, account, currency
  order by tenant_id, account, currency
  on conflict (tenant_id, account, currency) do update
  set debits = held.debits + excluded.debits, credits = held.credits + excluded.credits;
  return null;
end
$$;

create trigger ledger_entries_add_up
  after insert on ledger_entries
  referencing new table as posted
  for each statement execute function ledger_entries_add_up();

-- Only ever added to ----------------------------------------------------------------------------------------------

create trigger append_only before update or delete or truncate on ledger_transactions
  for each statement execute function refuse_payments_change();
create trigger append_only before update or delete or truncate on ledger_entries
  for each statement execute function refuse_payments_change();
-- At depth 0 it is a statement of a session, not of the trigger above.
create trigger by_trigger_alone before insert or update or delete on ledger_balances
  for each statement when (pg_trigger_depth() = 0) execute function refuse_payments_change();
create trigger kept before truncate on ledger_balances
  for each statement execute function refuse_payments_change();
alter table ledger_transactions enable always trigger append_only;
alter table ledger_entries enable always trigger append_only;

-- Tenants and grants ----------------------------------------------------------------------------------------------

alter table ledger_transactions enable row level security;
alter table ledger_transactions force row level security;
create policy tenant on ledger_transactions
  using (tenant_id = current_setting('gantry.tenant', true))
  with check (tenant_id = current_setting('gantry.tenant', true));

alter table ledger_entries enable row level security;
alter table ledger_entries force row level security;
create policy tenant on ledger_entries
  using (tenant_id = current_setting('gantry.tenant', true))
  with check (tenant_id = current_setting('gantry.tenant', true));

alter table ledger_balances enable row level security;
alter table ledger_balances force row level security;
create policy tenant on ledger_balances
  using (tenant_id = current_setting('gantry.tenant', true))
  with check (tenant_id = current_setting('gantry.tenant', true));

grant select on ledger_transactions, ledger_entries, ledger_balances to gantry_service;
grant insert (id, kind, operation_id, payment_id, lines) on ledger_transactions to gantry_service;
grant insert (transaction_id, line, account, direction, amount, currency) on ledger_entries to gantry_service;
revoke all on function ledger_entries_add_up() from public;
