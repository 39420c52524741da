create table things (
  tenant_id text not null,
  name text not null,
  -- Which process added it.
  pid integer not null
);

alter table things enable row level security;
alter table things force row level security;

create policy tenant on things
  using (tenant_id = current_setting('gantry.tenant', true))
  with check (tenant_id = current_setting('gantry.tenant', true));

grant select, insert on things to gantry_service;
