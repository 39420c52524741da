-- Files on their way in and out: kept until the operation that reads or writes them is forgotten, in parts of a size
-- that can be held in memory.

-- A file that is being sent, or is being imported.
create table record_imports (
  tenant_id text not null default current_setting('gantry.tenant'),
  id text not null check (id ~ '^imp_[0-7][0-9a-hjkmnp-tv-z]{25}$'),
  -- Who sends it. Nobody else can add to it.
  subject text not null,
  client text not null,
  collection text not null collate "C",
  format text not null check (format in ('ndjson', 'csv')),
  -- What has arrived.
  parts integer not null default 0,
  -- As JavaScript counts: UTF-16 units.
  length bigint not null default 0,
  bytes bigint not null default 0,
  newlines bigint not null default 0,
  -- Set with the last part.
  operation_id text,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  primary key (tenant_id, id),
  unique (tenant_id, operation_id),
  foreign key (tenant_id, collection) references collections (tenant_id, name)
);

create index record_imports_expired on record_imports (expires_at);
create index record_imports_begun on record_imports (tenant_id, subject, client) where operation_id is null;

-- The text of it. A part is deleted in the transaction that imports the last of it.
create table record_import_parts (
  tenant_id text not null default current_setting('gantry.tenant'),
  import_id text not null,
  part integer not null check (part >= 1),
  -- Where in the file the part ends, in UTF-16 units: the next one begins there.
  ends_at bigint not null,
  content text not null,
  primary key (tenant_id, import_id, part),
  foreign key (tenant_id, import_id) references record_imports (tenant_id, id) on delete cascade
);

-- What of it could not be imported, and why.
create table record_import_rejections (
  tenant_id text not null default current_setting('gantry.tenant'),
  operation_id text not null,
  -- Where in the file the rejected record begins; the first line is 1.
  line bigint not null check (line >= 1),
  reason text not null check (char_length(reason) <= 300),
  primary key (tenant_id, operation_id, line),
  foreign key (tenant_id, operation_id) references record_imports (tenant_id, operation_id) on delete cascade
);

create table record_exports (
  tenant_id text not null default current_setting('gantry.tenant'),
  operation_id text not null,
  format text not null check (format in ('ndjson', 'csv')),
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  primary key (tenant_id, operation_id)
);

create index record_exports_expired on record_exports (expires_at);

create table record_export_parts (
  tenant_id text not null default current_setting('gantry.tenant'),
  operation_id text not null,
  part integer not null check (part >= 1),
  content text not null,
  primary key (tenant_id, operation_id, part),
  foreign key (tenant_id, operation_id) references record_exports (tenant_id, operation_id) on delete cascade
);

alter table record_imports enable row level security;
alter table record_imports force row level security;
create policy tenant on record_imports
  using (tenant_id = current_setting('gantry.tenant', true))
  with check (tenant_id = current_setting('gantry.tenant', true));

alter table record_import_parts enable row level security;
alter table record_import_parts force row level security;
create policy tenant on record_import_parts
  using (tenant_id = current_setting('gantry.tenant', true))
  with check (tenant_id = current_setting('gantry.tenant', true));

alter table record_import_rejections enable row level security;
alter table record_import_rejections force row level security;
create policy tenant on record_import_rejections
  using (tenant_id = current_setting('gantry.tenant', true))
  with check (tenant_id = current_setting('gantry.tenant', true));

alter table record_exports enable row level security;
alter table record_exports force row level security;
create policy tenant on record_exports
  using (tenant_id = current_setting('gantry.tenant', true))
  with check (tenant_id = current_setting('gantry.tenant', true));

alter table record_export_parts enable row level security;
alter table record_export_parts force row level security;
create policy tenant on record_export_parts
  using (tenant_id = current_setting('gantry.tenant', true))
  with check (tenant_id = current_setting('gantry.tenant', true));

grant select, insert on record_imports to gantry_service;
grant update (parts, length, bytes, newlines, operation_id, expires_at) on record_imports to gantry_service;
grant select, insert, delete on record_import_parts to gantry_service;
grant select, insert on record_import_rejections, record_exports, record_export_parts to gantry_service;

-- The purge belongs to no tenant and the service sees one at a time, so it runs as the owner, whom forced row-level
-- security binds as well. These show it the expired files of all tenants, and let it write none.
create policy expired on record_imports to current_user
  using (expires_at <= now())
  with check (false);
create policy expired on record_exports to current_user
  using (expires_at <= now())
  with check (false);

-- Each file goes with its parts and rejections.
create function purge_expired_files(batch integer) returns integer
  language sql
  security definer
  set search_path = pg_catalog, pg_temp
begin atomic
  with expired_imports as (
    select tenant_id, id
    from record_imports
    where expires_at <= now()
    order by expires_at
    limit batch
    for update skip locked
  ),
  purged_imports as (
    delete from record_imports as held
    using expired_imports as expired
    where held.tenant_id = expired.tenant_id and held.id = expired.id
    returning 1
  ),
  expired_exports as (
    select tenant_id, operation_id
    from record_exports
    where expires_at <= now()
    order by expires_at
    limit batch
    for update skip locked
  ),
  purged_exports as (
    delete from record_exports as held
    using expired_exports as expired
    where held.tenant_id = expired.tenant_id and held.operation_id = expired.operation_id
    returning 1
  )
  select ((select count(*) from purged_imports) + (select count(*) from purged_exports))::integer;
end;

revoke all on function purge_expired_files(integer) from public;
grant execute on function purge_expired_files(integer) to gantry_service;
