-- What ends by itself: payments that nobody decides about, and the memory of webhooks.

-- Row-level security binds the owner as well. These show it, and through it the functions below, what they need of
-- all tenants.
create policy awaiting_approval on payment_operations for select to current_user
  using (phase = 'awaiting_approval');
create policy old on provider_events to current_user
  using (received_at < now() - interval '7 days')
  with check (false);

create index payment_operations_awaiting_approval on payment_operations (created_at)
  where phase = 'awaiting_approval';
create index provider_events_old on provider_events (received_at);

-- Operations of all tenants that have waited for approval for long, the oldest first.
create function payment_operations_awaiting_approval(patience interval, wanted integer)
  returns table (tenant_id text, id text)
  language sql
  stable
  security definer
  set search_path = pg_catalog, pg_temp
begin atomic
  select waiting.tenant_id, waiting.id
  from payment_operations as waiting
  where waiting.phase = 'awaiting_approval' and waiting.created_at < now() - patience
  order by waiting.created_at
  limit wanted;
end;

-- Whatever is asked for, the last week is kept: a copy of an event that is forgotten would count as new.
create function forget_provider_events(older_than interval, batch integer) returns integer
  language sql
  security definer
  set search_path = pg_catalog, pg_temp
begin atomic
  with old as (
    select tenant_id, id
    from provider_events
    where received_at < now() - older_than
    order by received_at
    limit batch
    for update skip locked
  ),
  forgotten as (
    delete from provider_events as held
    using old
    where held.tenant_id = old.tenant_id and held.id = old.id
    returning 1
  )
  select count(*)::integer from forgotten;
end;

revoke all on function
  payment_operations_awaiting_approval(interval, integer), forget_provider_events(interval, integer) from public;
grant execute on function
  payment_operations_awaiting_approval(interval, integer), forget_provider_events(interval, integer)
  to gantry_service;
