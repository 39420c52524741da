-- Customers, products and their stock.
--
-- What must hold whatever the service does is held here: there is never more reserved than there is, and what there is
-- is what its movements come to. The service has no right to write either number.

create table customers (
  tenant_id text not null default current_setting('gantry.tenant'),
  -- TypeID: sorts by the time of creation.
  id text not null collate "C" check (id ~ '^cus_[0-7][0-9a-hjkmnp-tv-z]{25}$'),
  -- The number that the team itself knows the customer by. Never looks like an id, so that either finds a customer.
  reference text collate "C" check (
    char_length(reference) between 1 and 64 and reference !~ '^cus_|^ | $|[\x01-\x1f\x7f]'
  ),
  name text not null check (char_length(name) between 1 and 200),
  email text check (char_length(email) between 3 and 254),
  address_line text check (char_length(address_line) between 1 and 200),
  city text check (char_length(city) between 1 and 100),
  region text check (char_length(region) between 1 and 100),
  postal_code text check (char_length(postal_code) between 1 and 20),
  country text check (char_length(country) between 1 and 100),
  created_at timestamptz not null default statement_timestamp(),
  updated_at timestamptz not null default statement_timestamp(),
  primary key (tenant_id, id),
  constraint customers_by_reference unique (tenant_id, reference)
);

create table products (
  tenant_id text not null default current_setting('gantry.tenant'),
  id text not null collate "C" check (id ~ '^prd_[0-7][0-9a-hjkmnp-tv-z]{25}$'),
  -- Never looks like an id, so that either finds a product.
  sku text not null collate "C" check (char_length(sku) between 1 and 64 and sku !~ '^prd_|^ | $|[\x01-\x1f\x7f]'),
  name text not null check (char_length(name) between 1 and 200),
  description text check (char_length(description) between 1 and 2000),
  category text collate "C" check (char_length(category) between 1 and 100),
  -- Minor units of the currency, for one piece.
  unit_price bigint not null check (unit_price between 0 and 999999999999),
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  -- False: no longer sold. What has been ordered of it goes on.
  is_active boolean not null default true,
  -- Pieces there are, and those of them that are promised to orders. Written by triggers alone.
  on_hand bigint not null default 0,
  reserved bigint not null default 0,
  created_at timestamptz not null default statement_timestamp(),
  updated_at timestamptz not null default statement_timestamp(),
  primary key (tenant_id, id),
  constraint products_by_sku unique (tenant_id, sku),
  constraint products_never_oversold check (
    0 <= reserved and reserved <= on_hand and on_hand <= 9007199254740991
  )
);

create index products_by_category on products (tenant_id, category, sku);

-- The words that a product is found by, folded by the service: lower case, without accents.
--
-- An index of words by hand, because row-level security lets the planner use an index only for operators that are known
-- to leak nothing: comparing text is one of them, matching a tsvector is not.
create table product_words (
  tenant_id text not null default current_setting('gantry.tenant'),
  word text not null collate "C" check (char_length(word) between 1 and 40),
  product_id text not null collate "C",
  primary key (tenant_id, word, product_id),
  foreign key (tenant_id, product_id) references products (tenant_id, id)
);

create index product_words_of_product on product_words (tenant_id, product_id);

-- Pieces promised to an order, until they are shipped or released.
create table reservations (
  tenant_id text not null default current_setting('gantry.tenant'),
  order_id text not null collate "C" check (order_id ~ '^ord_[0-7][0-9a-hjkmnp-tv-z]{25}$'),
  product_id text not null collate "C",
  quantity bigint not null check (quantity between 1 and 1000000000),
  state text not null default 'held' check (state in ('held', 'released', 'consumed')),
  -- When somebody should ask whether the order still needs them; nothing happens by itself.
  expires_at timestamptz not null,
  created_at timestamptz not null default statement_timestamp(),
  primary key (tenant_id, order_id, product_id),
  foreign key (tenant_id, product_id) references products (tenant_id, id)
);

create index reservations_by_expiry on reservations (tenant_id, expires_at) where state = 'held';
create index reservations_of_product on reservations (tenant_id, product_id);

-- Every piece that came or went.
create table stock_movements (
  tenant_id text not null default current_setting('gantry.tenant'),
  id text not null collate "C" check (id ~ '^stk_[0-7][0-9a-hjkmnp-tv-z]{25}$'),
  product_id text not null collate "C",
  kind text not null,
  quantity bigint not null check (quantity between -1000000000 and 1000000000),
  order_id text collate "C",
  by_subject text not null,
  by_client text not null,
  created_at timestamptz not null default statement_timestamp(),
  primary key (tenant_id, id),
  foreign key (tenant_id, product_id) references products (tenant_id, id),
  -- Only what was reserved is shipped and comes back.
  foreign key (tenant_id, order_id, product_id) references reservations (tenant_id, order_id, product_id),
  -- And once.
  constraint stock_movements_once unique (tenant_id, order_id, product_id, kind),
  constraint stock_movements_of_kind check (
    case kind
      when 'restock' then order_id is null and quantity > 0
      -- Somebody counted, and there were more or fewer.
      when 'correction' then order_id is null and quantity <> 0
      when 'ship' then order_id is not null and quantity < 0
      when 'return' then order_id is not null and quantity > 0
      else false
    end
  )
);

create index stock_movements_of_product on stock_movements (tenant_id, product_id, id);

-- Stock -----------------------------------------------------------------------------------------------------------

-- Both numbers of a product are right because nobody can forget or falsify them: the service has no right to write
-- them, so what keeps them runs as the owner. The owner is held to the tenant, too.

create function reservations_step() returns trigger
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
begin
  if tg_op = 'INSERT' then
    if new.state <> 'held' then
      raise exception 'a reservation begins held' using errcode = 'integrity_constraint_violation';
    end if;
    return new;
  end if;
  if (new.tenant_id, new.order_id, new.product_id, new.quantity, new.created_at)
    is distinct from (old.tenant_id, old.order_id, old.product_id, old.quantity, old.created_at) then
    raise exception 'what a reservation is never changes' using errcode = 'integrity_constraint_violation';
  end if;
  if old.state <> 'held' then
    raise exception 'a reservation that is % stays as it is', old.state
      using errcode = 'integrity_constraint_violation';
  end if;
  -- The movement makes it so, as it is posted. Nobody else can, for there is none for a reservation that is held.
  if new.state = 'consumed' and not exists (
    select from public.stock_movements
    where tenant_id = new.tenant_id and order_id = new.order_id and product_id = new.product_id and kind = 'ship'
  ) then
    raise exception 'a reservation is consumed by shipping alone' using errcode = 'integrity_constraint_violation';
  end if;
  return new;
end
$$;

create function reservations_keep_reserved() returns trigger
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
declare
  change constant bigint := case tg_op when 'INSERT' then new.quantity else -new.quantity end;
begin
  update public.products set reserved = reserved + change where tenant_id = new.tenant_id and id = new.product_id;
  if not found then
    raise exception 'product % cannot be reserved', new.product_id using errcode = 'integrity_constraint_violation';
  end if;
  return null;
end
$$;

create function stock_movements_keep_on_hand() returns trigger
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
begin
  if new.kind = 'ship' then
    -- First: what is promised falls before what there is, so that it is never more.
    update public.reservations set state = 'consumed'
    where tenant_id = new.tenant_id and order_id = new.order_id and product_id = new.product_id
      and state = 'held' and quantity = -new.quantity;
    if not found then
      raise exception 'order % ships what it has reserved, all of it and once', new.order_id
        using errcode = 'integrity_constraint_violation';
    end if;
  elsif new.kind = 'return' and not exists (
    select from public.reservations
    where tenant_id = new.tenant_id and order_id = new.order_id and product_id = new.product_id
      and state = 'consumed' and quantity >= new.quantity
  ) then
    raise exception 'order % returns what it was shipped', new.order_id
      using errcode = 'integrity_constraint_violation';
  end if;
  update public.products set on_hand = on_hand + new.quantity
  where tenant_id = new.tenant_id and id = new.product_id;
  if not found then
    raise exception 'product % cannot be moved', new.product_id using errcode = 'integrity_constraint_violation';
  end if;
  return null;
end
$$;

create trigger reservations_step
  before insert or update on reservations
  for each row execute function reservations_step();
create trigger reservations_keep_reserved
  after insert on reservations
  for each row execute function reservations_keep_reserved();
create trigger reservations_give_back
  after update on reservations
  for each row when (new.state <> old.state) execute function reservations_keep_reserved();
create trigger stock_movements_keep_on_hand
  after insert on stock_movements
  for each row execute function stock_movements_keep_on_hand();

-- When somebody last described it; what is in stock changes all the time.
create function set_updated_at() returns trigger
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
begin
  new.updated_at := statement_timestamp();
  return new;
end
$$;

create trigger set_updated_at before update of name, description, category, unit_price, currency, is_active on products
  for each row execute function set_updated_at();
create trigger set_updated_at before update on customers
  for each row execute function set_updated_at();

-- Only ever added to ----------------------------------------------------------------------------------------------

-- Grants do not bind an owner, and policies no superuser; a trigger binds both.
create function refuse_orders_change() returns trigger
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
begin
  raise exception '%: % is refused', tg_table_name, lower(tg_op) using errcode = 'insufficient_privilege';
end
$$;

-- For statements, not rows: one that finds no row is refused as well.
create trigger append_only before update or delete or truncate on stock_movements
  for each statement execute function refuse_orders_change();
create trigger kept before delete or truncate on reservations
  for each statement execute function refuse_orders_change();
create trigger kept before delete or truncate on products
  for each statement execute function refuse_orders_change();
create trigger kept before delete or truncate on customers
  for each statement execute function refuse_orders_change();
alter table stock_movements enable always trigger append_only;
-- At depth 0 it is a statement of a session, not of the triggers above.
create trigger by_trigger_alone before update of on_hand, reserved on products
  for each statement when (pg_trigger_depth() = 0) execute function refuse_orders_change();
create trigger begins_empty before insert on products
  for each row when (new.on_hand <> 0 or new.reserved <> 0) execute function refuse_orders_change();

-- Tenants and grants ----------------------------------------------------------------------------------------------

alter table customers enable row level security;
alter table customers force row level security;
create policy tenant on customers
  using (tenant_id = current_setting('gantry.tenant', true))
  with check (tenant_id = current_setting('gantry.tenant', true));

alter table products enable row level security;
alter table products force row level security;
create policy tenant on products
  using (tenant_id = current_setting('gantry.tenant', true))
  with check (tenant_id = current_setting('gantry.tenant', true));

alter table product_words enable row level security;
alter table product_words force row level security;
create policy tenant on product_words
  using (tenant_id = current_setting('gantry.tenant', true))
  with check (tenant_id = current_setting('gantry.tenant', true));

alter table reservations enable row level security;
alter table reservations force row level security;
create policy tenant on reservations
  using (tenant_id = current_setting('gantry.tenant', true))
  with check (tenant_id = current_setting('gantry.tenant', true));

alter table stock_movements enable row level security;
alter table stock_movements force row level security;
create policy tenant on stock_movements
  using (tenant_id = current_setting('gantry.tenant', true))
  with check (tenant_id = current_setting('gantry.tenant', true));

-- The service chooses no times, and changes nothing but what has to change.
grant select on customers, products, product_words, reservations, stock_movements to gantry_service;
grant insert (id, reference, name, email, address_line, city, region, postal_code, country)
  on customers to gantry_service;
grant update (name, email, address_line, city, region, postal_code, country) on customers to gantry_service;
grant insert (id, sku, name, description, category, unit_price, currency, is_active) on products to gantry_service;
grant update (name, description, category, unit_price, currency, is_active) on products to gantry_service;
grant insert (word, product_id), delete on product_words to gantry_service;
grant insert (order_id, product_id, quantity, expires_at) on reservations to gantry_service;
grant update (state, expires_at) on reservations to gantry_service;
grant insert (id, product_id, kind, quantity, order_id, by_subject, by_client) on stock_movements to gantry_service;
revoke all on function reservations_keep_reserved() from public;
revoke all on function stock_movements_keep_on_hand() from public;
