-- Collections of JSON documents, the documents, and every version they ever had.
--
-- JSON is kept as json, not jsonb: a document keeps the order of its keys (those that look like integers come first,
-- as everywhere in JavaScript) and its numbers stay short (1e308 has five characters; out of jsonb it would come with 309). Nothing is ever searched inside
-- it: what can be found is in key columns.

create table collections (
  tenant_id text not null default current_setting('gantry.tenant'),
  name text not null collate "C" check (char_length(name) between 1 and 63),
  version integer not null default 1 check (version >= 1),
  title text,
  description text,
  -- JSON Schema 2020-12 that every live document satisfies.
  json_schema json not null,
  -- [{ "field", "type", "slot" }]: the value of this field is filed, encoded by type, in column key_<slot>.
  indexed_fields json not null,
  created_at timestamptz not null default statement_timestamp(),
  updated_at timestamptz not null default statement_timestamp(),
  primary key (tenant_id, name)
);

create table records (
  tenant_id text not null default current_setting('gantry.tenant'),
  -- TypeID: sorts by the time of creation.
  id text not null collate "C",
  collection text not null collate "C",
  version integer not null default 1,
  data json not null,
  created_at timestamptz not null default statement_timestamp(),
  updated_at timestamptz not null default statement_timestamp(),
  deleted_at timestamptz,
  -- Who made this version.
  changed_by_subject text not null,
  changed_by_client text not null,
  -- What each collection files in its slots, as text whose byte order is the order of the values. Null only where
  -- the collection has no such slot, so that indexes hold no entries of collections that do not use them.
  key_1 text collate "C",
  key_2 text collate "C",
  key_3 text collate "C",
  key_4 text collate "C",
  key_5 text collate "C",
  key_6 text collate "C",
  key_7 text collate "C",
  key_8 text collate "C",
  primary key (tenant_id, id),
  -- Also makes every insert wait while a definition is being changed: the check takes a key share lock.
  foreign key (tenant_id, collection) references collections (tenant_id, name)
);

create index records_by_creation on records (tenant_id, collection, id);
create index records_by_key_1 on records (tenant_id, collection, key_1, id) where key_1 is not null;
create index records_by_key_2 on records (tenant_id, collection, key_2, id) where key_2 is not null;
create index records_by_key_3 on records (tenant_id, collection, key_3, id) where key_3 is not null;
create index records_by_key_4 on records (tenant_id, collection, key_4, id) where key_4 is not null;
create index records_by_key_5 on records (tenant_id, collection, key_5, id) where key_5 is not null;
create index records_by_key_6 on records (tenant_id, collection, key_6, id) where key_6 is not null;
create index records_by_key_7 on records (tenant_id, collection, key_7, id) where key_7 is not null;
create index records_by_key_8 on records (tenant_id, collection, key_8, id) where key_8 is not null;

create table record_history (
  tenant_id text not null,
  record_id text not null collate "C",
  version integer not null,
  change text not null check (change in ('create', 'update', 'delete', 'restore')),
  data json not null,
  changed_by_subject text not null,
  changed_by_client text not null,
  changed_at timestamptz not null,
  primary key (tenant_id, record_id, version)
);

-- A record only ever moves to its next version. Keys alone may be filed anew without one.
create function records_step_version() returns trigger
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
begin
  if tg_op = 'INSERT' then
    if new.version <> 1 or new.deleted_at is not null then
      raise exception 'a record starts live, at version 1';
    end if;
    return new;
  end if;
  if (new.tenant_id, new.id, new.collection, new.created_at)
    is distinct from (old.tenant_id, old.id, old.collection, old.created_at) then
    raise exception 'what a record is never changes';
  end if;
  if new.version = old.version then
    if (new.data::text, new.updated_at, new.deleted_at, new.changed_by_subject, new.changed_by_client)
      is distinct from (old.data::text, old.updated_at, old.deleted_at, old.changed_by_subject, old.changed_by_client) then
      raise exception 'a changed record needs a new version';
    end if;
  elsif new.version <> old.version + 1 then
    raise exception 'versions of a record follow one another without a gap';
  end if;
  return new;
end
$$;

create trigger records_step_version
  before insert or update on records
  for each row execute function records_step_version();

-- History is complete because nobody can forget to write it: the service itself has no right to. So this runs as
-- the owner, and names its table in full to find no other of that name.
create function records_keep_history() returns trigger
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
begin
  insert into public.record_history
    (tenant_id, record_id, version, change, data, changed_by_subject, changed_by_client, changed_at)
  values (
    new.tenant_id, new.id, new.version,
    case
      when tg_op = 'INSERT' then 'create'
      when new.deleted_at is not null and old.deleted_at is null then 'delete'
      when new.deleted_at is null and old.deleted_at is not null then 'restore'
      else 'update'
    end,
    new.data, new.changed_by_subject, new.changed_by_client, new.updated_at
  );
  return null;
end
$$;

create trigger records_keep_creation
  after insert on records
  for each row execute function records_keep_history();

create trigger records_keep_change
  after update on records
  for each row when (new.version <> old.version) execute function records_keep_history();

create function record_history_is_final() returns trigger
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
begin
  raise exception 'history is only ever added to';
end
$$;

create trigger record_history_is_final
  before update or delete or truncate on record_history
  for each statement execute function record_history_is_final();

alter table collections enable row level security;
alter table collections force row level security;
create policy tenant on collections
  using (tenant_id = current_setting('gantry.tenant', true))
  with check (tenant_id = current_setting('gantry.tenant', true));

alter table records enable row level security;
alter table records force row level security;
create policy tenant on records
  using (tenant_id = current_setting('gantry.tenant', true))
  with check (tenant_id = current_setting('gantry.tenant', true));

alter table record_history enable row level security;
alter table record_history force row level security;
create policy tenant on record_history
  using (tenant_id = current_setting('gantry.tenant', true))
  with check (tenant_id = current_setting('gantry.tenant', true));

grant select, insert, update on collections to gantry_service;
grant select, insert, update on records to gantry_service;
grant select on record_history to gantry_service;
revoke all on function records_keep_history() from public;
