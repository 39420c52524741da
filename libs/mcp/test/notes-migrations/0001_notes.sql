create table notes (
  tenant_id text not null,
  folder text not null,
  id text not null,
  body text not null,
  primary key (tenant_id, folder, id)
);
alter table notes enable row level security;
alter table notes force row level security;
create policy tenant on notes
  using (tenant_id = current_setting('gantry.tenant', true))
  with check (tenant_id = current_setting('gantry.tenant', true));
grant select, insert, update on notes to gantry_service;
