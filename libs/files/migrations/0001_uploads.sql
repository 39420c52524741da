-- Files on their way in: kept until the operation that works on them is forgotten, in parts of a size that can be held
-- in memory.

-- A file that is being sent, or is being worked on.
create table uploads (
  tenant_id text not null default current_setting('gantry.tenant'),
  -- TypeID: 74 random bits, so nobody finds one by guessing.
  id text not null check (id ~ '^upl_[0-7][0-9a-hjkmnp-tv-z]{25}$'),
  -- Who sends it. Nobody else can add to it.
  subject text not null,
  client text not null,
  -- The tool that takes it, and what the tool is told of it with every part.
  purpose text not null,
  parameters jsonb not null check (jsonb_typeof(parameters) = 'object'),
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
  unique (tenant_id, operation_id)
);

create index uploads_expired on uploads (expires_at);
create index uploads_begun on uploads (tenant_id, subject, client) where operation_id is null;

-- The text of it. A part is deleted in the transaction that works on the last of it.
create table upload_parts (
  tenant_id text not null default current_setting('gantry.tenant'),
  upload_id text not null,
  part integer not null check (part >= 1),
  -- Where in the file the part ends, in UTF-16 units: the next one begins there.
  ends_at bigint not null,
  content text not null,
  primary key (tenant_id, upload_id, part),
  foreign key (tenant_id, upload_id) references uploads (tenant_id, id) on delete cascade
);

-- What of it was not taken, and why.
create table upload_rejections (
  tenant_id text not null default current_setting('gantry.tenant'),
  operation_id text not null,
  -- Where in the file the rejected record begins; the first line is 1.
  line bigint not null check (line >= 1),
  reason text not null check (char_length(reason) <= 300),
  primary key (tenant_id, operation_id, line),
  foreign key (tenant_id, operation_id) references uploads (tenant_id, operation_id) on delete cascade
);

alter table uploads enable row level security;
alter table uploads force row level security;
create policy tenant on uploads
  using (tenant_id = current_setting('gantry.tenant', true))
  with check (tenant_id = current_setting('gantry.tenant', true));

alter table upload_parts enable row level security;
alter table upload_parts force row level security;
create policy tenant on upload_parts
  using (tenant_id = current_setting('gantry.tenant', true))
  with check (tenant_id = current_setting('gantry.tenant', true));

alter table upload_rejections enable row level security;
alter table upload_rejections force row level security;
create policy tenant on upload_rejections
  using (tenant_id = current_setting('gantry.tenant', true))
  with check (tenant_id = current_setting('gantry.tenant', true));

grant select, insert on uploads to gantry_service;
grant update (parts, length, bytes, newlines, operation_id, expires_at) on uploads to gantry_service;
grant select, insert, delete on upload_parts to gantry_service;
grant select, insert on upload_rejections to gantry_service;

-- The purge belongs to no tenant and the service sees one at a time, so it runs as the owner, whom forced row-level
-- security binds as well. This shows it the expired uploads of all tenants, and lets it write none.
create policy expired on uploads to current_user
  using (expires_at <= now())
  with check (false);

-- Each goes with its parts and rejections. The body is bound to this table when the function is made (begin atomic), so
-- no search_path can lead it elsewhere.
create function purge_expired_uploads(batch integer) returns integer
  language sql
  security definer
  set search_path = pg_catalog, pg_temp
begin atomic
  with expired as (
    select tenant_id, id
    from uploads
    where expires_at <= now()
    order by expires_at
    limit batch
    for update skip locked
  ),
  purged as (
    delete from uploads as held
    using expired
    where held.tenant_id = expired.tenant_id and held.id = expired.id
    returning 1
  )
  select count(*)::integer from purged;
end;

revoke all on function purge_expired_uploads(integer) from public;
grant execute on function purge_expired_uploads(integer) to gantry_service;
