-- Orders and their stock say the same, whatever the service does; and which orders have kept theirs for too long.

-- What an order has of its stock, by its state.
create function stock_state_of(order_state text) returns text
  language sql
  immutable
  strict
  parallel safe
  return case order_state
    when 'cancelled' then 'released'
    when 'shipped' then 'consumed'
    when 'delivered' then 'consumed'
    when 'returned' then 'consumed'
    else 'held'
  end;

-- Stock is neither forgotten nor let go too early: at commit, what an order has in stock is what its state says.
create function orders_agree_with_stock() returns trigger
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
begin
  -- Moved on in the same transaction: its last step decides.
  if exists (select from public.orders where tenant_id = new.tenant_id and id = new.id and version > new.version) then
    return null;
  end if;
  if exists (
    select
    from (
      select product_id, sum(quantity) as quantity from public.order_lines
      where tenant_id = new.tenant_id and order_id = new.id
      group by product_id
    ) as ordered
    full join (
      select product_id, quantity, state from public.reservations
      where tenant_id = new.tenant_id and order_id = new.id
    ) as reserved using (product_id)
    where ordered.quantity is distinct from reserved.quantity
      or reserved.state is distinct from public.stock_state_of(new.state)
  ) then
    raise exception 'order % is %, and its stock is not', new.id, new.state
      using errcode = 'integrity_constraint_violation';
  end if;
  if new.state = 'returned' and exists (
    select from public.reservations as gone
    where gone.tenant_id = new.tenant_id and gone.order_id = new.id and not exists (
      select from public.stock_movements as back
      where back.tenant_id = gone.tenant_id and back.order_id = gone.order_id
        and back.product_id = gone.product_id and back.kind = 'return' and back.quantity = gone.quantity
    )
  ) then
    raise exception 'order % is returned, and its stock is not back', new.id
      using errcode = 'integrity_constraint_violation';
  end if;
  return null;
end
$$;

-- And the other way round. Stock does not ask whether there is an order; of one that there is, nothing is let go alone.
create function reservations_agree_with_order() returns trigger
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
begin
  if exists (
    select
    from public.reservations as reserved
    join public.orders as ordered on ordered.tenant_id = reserved.tenant_id and ordered.id = reserved.order_id
    where reserved.tenant_id = new.tenant_id and reserved.order_id = new.order_id
      and reserved.product_id = new.product_id and reserved.state <> public.stock_state_of(ordered.state)
  ) then
    raise exception 'the stock of order % is %, and the order is not', new.order_id, new.state
      using errcode = 'integrity_constraint_violation';
  end if;
  return null;
end
$$;

create constraint trigger orders_agree_with_stock
  after insert or update on orders
  deferrable initially deferred
  for each row execute function orders_agree_with_stock();
create constraint trigger reservations_agree_with_order
  after update on reservations
  deferrable initially deferred
  for each row when (new.state <> old.state) execute function reservations_agree_with_order();

-- Expired reservations -----------------------------------------------------------------------------------------------

-- Row-level security binds the owner as well. These show it, and through it the function below, what it needs of all
-- tenants.
create policy unpaid on orders for select to current_user
  using (state in ('placed', 'payment_failed'));
create policy held on reservations for select to current_user
  using (state = 'held');

-- Orders of all tenants that nobody has paid in time, the oldest first.
create function expired_orders(wanted integer)
  returns table (tenant_id text, id text)
  language sql
  stable
  security definer
  set search_path = pg_catalog, pg_temp
begin atomic
  select unpaid.tenant_id, unpaid.id
  from orders as unpaid
  where unpaid.state in ('placed', 'payment_failed') and exists (
    select from reservations as reserved
    where reserved.tenant_id = unpaid.tenant_id and reserved.order_id = unpaid.id
      and reserved.state = 'held' and reserved.expires_at <= now()
  )
  order by unpaid.id
  limit wanted;
end;

revoke all on function expired_orders(integer) from public;
grant execute on function expired_orders(integer) to gantry_service;
