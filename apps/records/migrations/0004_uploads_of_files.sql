-- Files on their way in are the business of the library `files` now, whose tables are there before those of this service
-- are migrated: what was begun goes on from them. An upload keeps its id but for the prefix.

-- Row-level security binds the owner as well, and shows it the rows of no tenant. Nobody else sees these tables in
-- between: the transaction has them to itself.
alter table record_imports no force row level security;
alter table record_import_parts no force row level security;
alter table record_import_rejections no force row level security;
alter table uploads no force row level security;
alter table upload_parts no force row level security;
alter table upload_rejections no force row level security;
alter table operations no force row level security;

insert into uploads
  (tenant_id, id, subject, client, purpose, parameters, parts, length, bytes, newlines, operation_id, created_at, expires_at)
select
  tenant_id, 'upl' || substr(id, 4), subject, client,
  'import_records', jsonb_build_object('collection', collection, 'format', format),
  parts, length, bytes, newlines, operation_id, created_at, expires_at
from record_imports;

insert into upload_parts (tenant_id, upload_id, part, ends_at, content)
select tenant_id, 'upl' || substr(import_id, 4), part, ends_at, content
from record_import_parts;

insert into upload_rejections (tenant_id, operation_id, line, reason)
select tenant_id, operation_id, line, reason
from record_import_rejections;

-- Imports that are not finished name their file anew.
update operations
set input = input - '{import_id,length,lines}'::text[] || jsonb_build_object(
  'file', jsonb_build_object(
    'upload_id', 'upl' || substr(input ->> 'import_id', 4),
    'length', input -> 'length',
    'lines', input -> 'lines'
  )
)
where kind = 'import_records' and status in ('queued', 'running');

alter table uploads force row level security;
alter table upload_parts force row level security;
alter table upload_rejections force row level security;
alter table operations force row level security;

-- Of files on their way out alone.
create or replace function purge_expired_files(batch integer) returns integer
  language sql
  security definer
  set search_path = pg_catalog, pg_temp
begin atomic
  with expired as (
    select tenant_id, operation_id
    from record_exports
    where expires_at <= now()
    order by expires_at
    limit batch
    for update skip locked
  ),
  purged as (
    delete from record_exports as held
    using expired
    where held.tenant_id = expired.tenant_id and held.operation_id = expired.operation_id
    returning 1
  )
  select count(*)::integer from purged;
end;

drop table record_import_rejections;
drop table record_import_parts;
drop table record_imports;
