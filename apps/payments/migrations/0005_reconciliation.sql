-- Reconciliations: the ledger compared with what the provider reports of a period. Each belongs to the operation that
-- makes it, and is kept until that is forgotten.

create table reconciliations (
  tenant_id text not null default current_setting('gantry.tenant'),
  operation_id text not null collate "C",
  -- The period that the report covers: from the first moment on, up to but without the second.
  period_from timestamptz not null,
  period_to timestamptz not null,
  created_at timestamptz not null default statement_timestamp(),
  expires_at timestamptz not null,
  primary key (tenant_id, operation_id),
  check (period_from < period_to)
);

create index reconciliations_expired on reconciliations (expires_at);

-- What the lines of a report come to, movement by movement. A movement is deleted when it is compared with the ledger,
-- so nothing is left of a reconciliation that has ended.
create table reconciliation_movements (
  tenant_id text not null default current_setting('gantry.tenant'),
  operation_id text not null collate "C",
  kind text not null collate "C" check (kind in ('capture', 'refund', 'refund_failed')),
  -- What the provider calls it: the id of an intent or a refund.
  reference text not null collate "C" check (char_length(reference) between 1 and 255),
  -- Minor units; of all lines together. Twelve digits each, so a million of them fit.
  amount bigint not null,
  -- Null if the lines are of several currencies: that is no movement of the ledger.
  currency text check (currency ~ '^[A-Z]{3}$'),
  lines integer not null check (lines >= 1),
  primary key (tenant_id, operation_id, kind, reference),
  foreign key (tenant_id, operation_id) references reconciliations (tenant_id, operation_id)
);

-- What is not the same on both sides, in the order in which it was found.
create table reconciliation_differences (
  tenant_id text not null default current_setting('gantry.tenant'),
  operation_id text not null collate "C",
  number bigint not null check (number >= 1),
  finding text not null check (finding in ('missing_in_ledger', 'missing_at_provider', 'different')),
  kind text not null check (kind in ('capture', 'refund', 'refund_failed')),
  reference text collate "C",
  payment_id text collate "C",
  ledger_amount bigint,
  ledger_currency text,
  provider_amount bigint,
  provider_currency text,
  primary key (tenant_id, operation_id, number),
  foreign key (tenant_id, operation_id) references reconciliations (tenant_id, operation_id),
  check ((finding = 'missing_in_ledger') = (ledger_amount is null)),
  check ((finding = 'missing_in_ledger') = (payment_id is null)),
  check ((finding = 'missing_at_provider') = (provider_amount is null))
);

-- The ledger as the provider sees it ------------------------------------------------------------------------------

-- A posting reduces or increases what the provider still has to pay out: one movement of its balance. What the provider
-- calls a capture is the payment's intent; a refund, also one that has failed, is what its operation was told.
create view provider_movements with (security_invoker = true) as
  select
    ledger_transactions.tenant_id, ledger_transactions.id as transaction_id, ledger_transactions.kind,
    payments.provider_intent_id as reference, ledger_transactions.payment_id, ledger_entries.amount,
    ledger_entries.currency
  from ledger_transactions
  join payments on payments.tenant_id = ledger_transactions.tenant_id
    and payments.id = ledger_transactions.payment_id
  join ledger_entries on ledger_entries.tenant_id = ledger_transactions.tenant_id
    and ledger_entries.transaction_id = ledger_transactions.id and ledger_entries.account = 'provider_clearing'
  where ledger_transactions.kind = 'capture'
  union all
  select
    ledger_transactions.tenant_id, ledger_transactions.id, ledger_transactions.kind,
    payment_operations.provider_reference collate "C", ledger_transactions.payment_id, ledger_entries.amount,
    ledger_entries.currency
  from ledger_transactions
  join payment_operations on payment_operations.tenant_id = ledger_transactions.tenant_id
    and payment_operations.id = ledger_transactions.operation_id and payment_operations.kind = 'refund'
  join ledger_entries on ledger_entries.tenant_id = ledger_transactions.tenant_id
    and ledger_entries.transaction_id = ledger_transactions.id and ledger_entries.account = 'provider_clearing'
  where ledger_transactions.kind in ('refund', 'refund_failed');

-- Captures are found by payments (tenant_id, provider_intent_id), which is unique. Collated like that one, and like what
-- is looked for: otherwise the index is of no use.
create index payment_operations_refunds on payment_operations (tenant_id, provider_reference collate "C")
  where kind = 'refund';
create index ledger_transactions_by_time on ledger_transactions (tenant_id, posted_at, id);

-- Tenants and grants ----------------------------------------------------------------------------------------------

alter table reconciliations enable row level security;
alter table reconciliations force row level security;
create policy tenant on reconciliations
  using (tenant_id = current_setting('gantry.tenant', true))
  with check (tenant_id = current_setting('gantry.tenant', true));

alter table reconciliation_movements enable row level security;
alter table reconciliation_movements force row level security;
create policy tenant on reconciliation_movements
  using (tenant_id = current_setting('gantry.tenant', true))
  with check (tenant_id = current_setting('gantry.tenant', true));

alter table reconciliation_differences enable row level security;
alter table reconciliation_differences force row level security;
create policy tenant on reconciliation_differences
  using (tenant_id = current_setting('gantry.tenant', true))
  with check (tenant_id = current_setting('gantry.tenant', true));

grant select on reconciliations, reconciliation_movements, reconciliation_differences, provider_movements
  to gantry_service;
grant insert (operation_id, period_from, period_to, expires_at) on reconciliations to gantry_service;
grant insert (operation_id, kind, reference, amount, currency, lines), update (amount, currency, lines), delete
  on reconciliation_movements to gantry_service;
grant insert (
  operation_id, number, finding, kind, reference, payment_id, ledger_amount, ledger_currency, provider_amount,
  provider_currency
) on reconciliation_differences to gantry_service;

-- Purge -----------------------------------------------------------------------------------------------------------

-- The purge belongs to no tenant and the service sees one at a time, so it runs as the owner, whom forced row-level
-- security binds as well. These show it what has expired of all tenants, and let it write nothing.
create policy expired on reconciliations to current_user
  using (expires_at <= now())
  with check (false);
create policy expired on reconciliation_movements to current_user
  using (exists (
    select from reconciliations as expired
    where expired.tenant_id = reconciliation_movements.tenant_id
      and expired.operation_id = reconciliation_movements.operation_id and expired.expires_at <= now()
  ))
  with check (false);
create policy expired on reconciliation_differences to current_user
  using (exists (
    select from reconciliations as expired
    where expired.tenant_id = reconciliation_differences.tenant_id
      and expired.operation_id = reconciliation_differences.operation_id and expired.expires_at <= now()
  ))
  with check (false);

-- Deletes some rows of the reconciliation that expired first, and itself once nothing else is left of it.
create function purge_expired_reconciliation(batch integer) returns boolean
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
declare
  expired public.reconciliations;
  purged integer;
begin
  select * into expired from public.reconciliations
  where expires_at <= now()
  order by expires_at
  limit 1
  for update skip locked;
  if not found then
    return false;
  end if;
  delete from public.reconciliation_movements
  where tenant_id = expired.tenant_id and operation_id = expired.operation_id
    and (kind, reference) <= (
      select kind, reference from (
        select kind, reference from public.reconciliation_movements
        where tenant_id = expired.tenant_id and operation_id = expired.operation_id
        order by kind, reference
        limit batch
      ) as next
      order by kind desc, reference desc
      limit 1
    );
  get diagnostics purged = row_count;
  if purged < batch then
    delete from public.reconciliation_differences
    where tenant_id = expired.tenant_id and operation_id = expired.operation_id
      and number < batch + (
        select min(number) from public.reconciliation_differences
        where tenant_id = expired.tenant_id and operation_id = expired.operation_id
      );
    get diagnostics purged = row_count;
  end if;
  if purged < batch then
    delete from public.reconciliations
    where tenant_id = expired.tenant_id and operation_id = expired.operation_id;
  end if;
  return true;
end
$$;

revoke all on function purge_expired_reconciliation(integer) from public;
grant execute on function purge_expired_reconciliation(integer) to gantry_service;
