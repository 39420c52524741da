create table approved_payments (
  tenant_id text not null,
  name text not null,
  note text
);

alter table approved_payments enable row level security;
alter table approved_payments force row level security;

create policy tenant on approved_payments
  using (tenant_id = current_setting('gantry.tenant', true))
  with check (tenant_id = current_setting('gantry.tenant', true));

grant select, insert on approved_payments to gantry_service;
