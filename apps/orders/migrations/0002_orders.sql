-- Orders and their lines.
--
-- What must hold whatever the service does is held here, by checks and triggers: states and sums.

-- Unit price × quantity × (1 − discount), rounded once, half to even. numeric, so that nothing is too large on the way.
create function order_line_total(unit_price bigint, quantity bigint, discount_basis_points integer) returns numeric
  language sql
  immutable
  strict
  parallel safe
  return (
    select whole + case when rest > 5000 or (rest = 5000 and mod(whole, 2) = 1) then 1 else 0 end
    from (
      select div(exact, 10000), mod(exact, 10000)
      from (select unit_price::numeric * quantity * (10000 - discount_basis_points)) as price (exact)
    ) as parts (whole, rest)
  );

create table orders (
  tenant_id text not null default current_setting('gantry.tenant'),
  -- TypeID: sorts by the time of creation.
  id text not null collate "C" check (id ~ '^ord_[0-7][0-9a-hjkmnp-tv-z]{25}$'),
  customer_id text not null collate "C",
  state text not null default 'placed' check (state in (
    'placed', 'payment_pending', 'paid', 'payment_failed', 'shipped', 'delivered', 'cancelled', 'returned'
  )),
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  -- Minor units of the currency; what payments takes at most.
  total bigint not null check (total between 1 and 999999999999),
  line_count integer not null check (line_count between 1 and 100),
  -- The caller's own name for the order.
  reference text collate "C" check (char_length(reference) between 1 and 200),
  placed_by_subject text not null,
  placed_by_client text not null,
  -- Who gave prices that are not the catalogue's; null if nobody did.
  priced_by_subject text,
  priced_by_client text,
  payment_attempt integer not null default 0 check (payment_attempt >= 0),
  -- The one that was paid with.
  payment_id text collate "C" check (char_length(payment_id) between 1 and 100),
  -- Why the last attempt to pay failed.
  payment_error text check (payment_error ~ '^[a-z][a-z0-9_]{0,99}$'),
  -- In the records service.
  receipt_record_id text collate "C" check (char_length(receipt_record_id) between 1 and 100),
  refund_state text check (refund_state in ('pending', 'refunded', 'failed')),
  carrier text check (char_length(carrier) between 1 and 100),
  tracking_number text check (char_length(tracking_number) between 1 and 100),
  cancel_reason text check (char_length(cancel_reason) between 1 and 500),
  return_reason text check (char_length(return_reason) between 1 and 500),
  version integer not null default 1,
  created_at timestamptz not null default statement_timestamp(),
  paid_at timestamptz,
  shipped_at timestamptz,
  delivered_at timestamptz,
  cancelled_at timestamptz,
  returned_at timestamptz,
  updated_at timestamptz not null default statement_timestamp(),
  primary key (tenant_id, id),
  foreign key (tenant_id, customer_id) references customers (tenant_id, id),
  constraint orders_priced_by_somebody check ((priced_by_subject is null) = (priced_by_client is null)),
  constraint orders_attempt_of_state check (
    case state when 'placed' then payment_attempt = 0 when 'cancelled' then true else payment_attempt > 0 end
  ),
  constraint orders_payment_of_state check (
    (payment_id is not null) = (paid_at is not null)
    and case
      when state in ('placed', 'payment_pending', 'payment_failed') then payment_id is null
      when state = 'cancelled' then true
      else payment_id is not null
    end
  ),
  constraint orders_error_of_state check (
    case state
      when 'payment_failed' then payment_error is not null
      when 'cancelled' then payment_error is null or payment_id is null
      else payment_error is null
    end
  ),
  constraint orders_refund_of_state check (
    (refund_state is not null) = (payment_id is not null and state in ('cancelled', 'returned'))
  ),
  constraint orders_receipt_if_paid check (receipt_record_id is null or payment_id is not null),
  constraint orders_shipment_of_state check (
    (shipped_at is not null) = (state in ('shipped', 'delivered', 'returned'))
    and (shipped_at is not null or (carrier is null and tracking_number is null))
    and case state when 'delivered' then delivered_at is not null when 'returned' then true else delivered_at is null end
  ),
  constraint orders_end_of_state check (
    (cancelled_at is not null) = (state = 'cancelled') and (cancel_reason is not null) = (state = 'cancelled')
    and (returned_at is not null) = (state = 'returned') and (return_reason is not null) = (state = 'returned')
  )
);

create index orders_by_state on orders (tenant_id, state, id);
create index orders_by_customer on orders (tenant_id, customer_id, id);
create index orders_by_reference on orders (tenant_id, reference, id) where reference is not null;
-- Few at any time: who does not pay is cancelled.
create index orders_unpaid on orders (id) where state in ('placed', 'payment_failed');

create table order_lines (
  tenant_id text not null default current_setting('gantry.tenant'),
  order_id text not null collate "C",
  line integer not null check (line >= 1),
  product_id text not null collate "C",
  -- As they were when it was ordered: the catalogue goes on.
  sku text not null collate "C",
  name text not null,
  quantity bigint not null check (quantity between 1 and 1000000),
  list_price bigint not null check (list_price between 0 and 999999999999),
  unit_price bigint not null check (unit_price between 0 and 999999999999),
  discount_basis_points integer not null check (discount_basis_points between 0 and 10000),
  line_total bigint not null,
  primary key (tenant_id, order_id, line),
  foreign key (tenant_id, order_id) references orders (tenant_id, id),
  foreign key (tenant_id, product_id) references products (tenant_id, id),
  constraint order_lines_exact check (
    line_total = order_line_total(unit_price, quantity, discount_basis_points)
  )
);

-- What a customer is told of an order that was placed.
create table order_confirmations (
  tenant_id text not null default current_setting('gantry.tenant'),
  -- Once, however often the event comes.
  order_id text not null collate "C",
  message text not null check (char_length(message) between 1 and 500),
  created_at timestamptz not null default statement_timestamp(),
  primary key (tenant_id, order_id),
  foreign key (tenant_id, order_id) references orders (tenant_id, id)
);

-- An order moves -----------------------------------------------------------------------------------------------------

create function orders_step() returns trigger
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
begin
  if tg_op = 'INSERT' then
    if new.state <> 'placed' or new.version <> 1 then
      raise exception 'an order begins placed, at version 1' using errcode = 'integrity_constraint_violation';
    end if;
    return new;
  end if;
  if (new.tenant_id, new.id, new.customer_id, new.currency, new.total, new.line_count, new.reference,
      new.placed_by_subject, new.placed_by_client, new.priced_by_subject, new.priced_by_client, new.created_at)
    is distinct from
     (old.tenant_id, old.id, old.customer_id, old.currency, old.total, old.line_count, old.reference,
      old.placed_by_subject, old.placed_by_client, old.priced_by_subject, old.priced_by_client, old.created_at) then
    raise exception 'what an order is never changes' using errcode = 'integrity_constraint_violation';
  end if;
  if new.version <> old.version + 1 then
    raise exception 'versions of an order follow one another without a gap'
      using errcode = 'integrity_constraint_violation';
  end if;
  -- The arrows of ORDER_MACHINE; a test compares them. Without one, only a receipt and the end of a refund may come.
  if new.state = old.state then
    if (new.payment_id, new.payment_error, new.carrier, new.tracking_number, new.cancel_reason, new.return_reason)
      is distinct from
       (old.payment_id, old.payment_error, old.carrier, old.tracking_number, old.cancel_reason, old.return_reason) then
      raise exception 'an order that is % stays as it is', old.state using errcode = 'integrity_constraint_violation';
    end if;
  elsif (old.state, new.state) not in (
    ('placed', 'payment_pending'), ('placed', 'cancelled'),
    ('payment_pending', 'paid'), ('payment_pending', 'payment_failed'),
    ('payment_failed', 'payment_pending'), ('payment_failed', 'cancelled'),
    ('paid', 'shipped'), ('paid', 'cancelled'),
    ('shipped', 'delivered'), ('shipped', 'returned'),
    ('delivered', 'returned')
  ) then
    raise exception 'an order does not go from % to %', old.state, new.state
      using errcode = 'integrity_constraint_violation';
  end if;
  if new.payment_attempt - old.payment_attempt
    <> (case when new.state = 'payment_pending' and old.state <> new.state then 1 else 0 end) then
    raise exception 'every attempt to pay is counted, once' using errcode = 'integrity_constraint_violation';
  end if;
  if (old.payment_id is not null and new.payment_id is distinct from old.payment_id)
    or (old.receipt_record_id is not null and new.receipt_record_id is distinct from old.receipt_record_id)
    or (old.shipped_at is not null
      and (new.carrier, new.tracking_number) is distinct from (old.carrier, old.tracking_number)) then
    raise exception 'what an order was paid and sent with never changes'
      using errcode = 'integrity_constraint_violation';
  end if;
  if new.refund_state is distinct from old.refund_state and not coalesce(
    case when old.refund_state is null then new.refund_state = 'pending' else
      old.refund_state = 'pending' and new.refund_state in ('refunded', 'failed') end, false) then
    raise exception 'a refund begins pending and ends once' using errcode = 'integrity_constraint_violation';
  end if;
  if new.state <> old.state then
    case new.state
      when 'paid' then new.paid_at := statement_timestamp();
      when 'shipped' then new.shipped_at := statement_timestamp();
      when 'delivered' then new.delivered_at := statement_timestamp();
      when 'cancelled' then new.cancelled_at := statement_timestamp();
      when 'returned' then new.returned_at := statement_timestamp();
      else null;
    end case;
  end if;
  new.updated_at := statement_timestamp();
  return new;
end
$$;

create trigger orders_step
  before insert or update on orders
  for each row execute function orders_step();

-- An order adds up ---------------------------------------------------------------------------------------------------

-- With as many lines as it says, no order has room for another one later.
create function order_lines_have_room() returns trigger
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
begin
  if not exists (
    select from public.orders
    where tenant_id = new.tenant_id and id = new.order_id and line_count >= new.line
  ) then
    raise exception 'order % has no line %', new.order_id, new.line using errcode = 'integrity_constraint_violation';
  end if;
  return new;
end
$$;

create function orders_add_up() returns trigger
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
declare
  lines record;
begin
  select count(*) as count, sum(line_total) as total,
    coalesce(bool_or(unit_price <> list_price or discount_basis_points > 0), false) as negotiated
  into lines
  from public.order_lines
  where tenant_id = new.tenant_id and order_id = new.id;
  if lines.count <> new.line_count or lines.total <> new.total then
    raise exception 'order % does not add up', new.id using errcode = 'integrity_constraint_violation';
  end if;
  if lines.negotiated <> (new.priced_by_subject is not null) then
    raise exception 'order % says wrongly who priced it', new.id using errcode = 'integrity_constraint_violation';
  end if;
  return null;
end
$$;

create trigger order_lines_have_room
  before insert on order_lines
  for each row execute function order_lines_have_room();
create constraint trigger orders_add_up
  after insert on orders
  deferrable initially deferred
  for each row execute function orders_add_up();

-- Only ever added to -------------------------------------------------------------------------------------------------

create trigger append_only before update or delete or truncate on order_lines
  for each statement execute function refuse_orders_change();
create trigger append_only before update or delete or truncate on order_confirmations
  for each statement execute function refuse_orders_change();
create trigger kept before delete or truncate on orders
  for each statement execute function refuse_orders_change();
alter table order_lines enable always trigger append_only;

-- Tenants and grants -------------------------------------------------------------------------------------------------

alter table orders enable row level security;
alter table orders force row level security;
create policy tenant on orders
  using (tenant_id = current_setting('gantry.tenant', true))
  with check (tenant_id = current_setting('gantry.tenant', true));

alter table order_lines enable row level security;
alter table order_lines force row level security;
create policy tenant on order_lines
  using (tenant_id = current_setting('gantry.tenant', true))
  with check (tenant_id = current_setting('gantry.tenant', true));

alter table order_confirmations enable row level security;
alter table order_confirmations force row level security;
create policy tenant on order_confirmations
  using (tenant_id = current_setting('gantry.tenant', true))
  with check (tenant_id = current_setting('gantry.tenant', true));

-- The service chooses no times, and changes nothing but what has to change.
grant select on orders, order_lines, order_confirmations to gantry_service;
grant insert (
  id, customer_id, currency, total, line_count, reference, placed_by_subject, placed_by_client, priced_by_subject,
  priced_by_client
) on orders to gantry_service;
grant update (
  state, payment_attempt, payment_id, payment_error, receipt_record_id, refund_state, carrier, tracking_number,
  cancel_reason, return_reason, version
) on orders to gantry_service;
grant insert (
  order_id, line, product_id, sku, name, quantity, list_price, unit_price, discount_basis_points, line_total
) on order_lines to gantry_service;
grant insert (order_id, message) on order_confirmations to gantry_service;
