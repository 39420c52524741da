-- Who takes an operation further at the moment. Only so that two do not ask the provider for the same thing at once:
-- that it is done once does not depend on it.

create table payment_operation_leases (
  tenant_id text not null default current_setting('gantry.tenant'),
  operation_id text not null collate "C",
  holder uuid not null default gen_random_uuid(),
  held_until timestamptz not null,
  primary key (tenant_id, operation_id),
  foreign key (tenant_id, operation_id) references payment_operations (tenant_id, id)
);

alter table payment_operation_leases enable row level security;
alter table payment_operation_leases force row level security;
create policy tenant on payment_operation_leases
  using (tenant_id = current_setting('gantry.tenant', true))
  with check (tenant_id = current_setting('gantry.tenant', true));

grant select, delete on payment_operation_leases to gantry_service;
grant insert (operation_id, held_until), update (holder, held_until) on payment_operation_leases to gantry_service;
