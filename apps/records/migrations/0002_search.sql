-- Full-text search over the documents of a collection.
--
-- The words of each live document are in a table of their own, so that a change of a record that leaves its words alone
-- (its keys are filed anew, a number of a version goes up) does not touch the index, which is dear to write.

create table record_texts (
  tenant_id text not null,
  record_id text not null collate "C",
  -- The words of the document, with places, and the scope that it belongs to.
  search tsvector not null,
  -- The record first: nothing is to be found by walking through all of a tenant.
  primary key (record_id, tenant_id)
);

-- Without fastupdate: the list of what is still to be filed makes a write cheaper (0.2 ms instead of 0.3 ms), but every
-- search reads all of it, which costs 60 ms right after an import, and the write that overfills it files it all.
create index record_texts_by_word on record_texts using gin (search) with (fastupdate = off);

-- One word that all documents of one collection of one tenant have and no others, so that the index narrows a search
-- down to them by itself. It begins with a space, as no word of a document and none that is searched for ever does.
create function record_scope(collection text, tenant text default current_setting('gantry.tenant')) returns text
  language sql immutable parallel safe
  return ' ' || left(encode(sha256(convert_to(tenant || ' ' || collection, 'UTF8')), 'hex'), 32);

-- The words and numbers in the values of a document, without the names of its properties. ASCII punctuation and the most
-- usual beyond it count as space. So report.pdf has the word pdf, where the parser would see a host, and a hostile text
-- costs no more than another, where the parser tries for minutes whether 256 KB of ~/~/~/ are a path. What it takes for
-- letters beyond ASCII also depends on the locale of the database. parseSearchQuery does the same to queries.
--
-- A tsvector has at most 1 MB, which must not keep a document from being stored. Words need at most three times their
-- own bytes; a document of 256 KiB can have more text than that only in numbers like 1e308, which are written out here.
create function record_words(data json) returns tsvector
  language plpgsql immutable parallel safe
  set search_path = pg_catalog, pg_temp
as $$
declare
  -- No value has a slash any more, so it can stand between them: no phrase goes from one value over to the next.
  boundary constant text := '/x';
  punctuation constant text :=
    U&'!"#$%&''()*+,-./:;<=>?@[\\]^_`{|}~\00A0\00AB\00B7\00BB\2013\2014\2018\2019\201A\201C\201D\201E\2022\2026\202F\2039\203A';
  spaces constant text := repeat(' ', 49);
begin
  return ts_delete(to_tsvector('simple', coalesce((
    -- An array of them first: as rows of jsonb_path_query they would take time with the square of their number.
    select left(string_agg(translate(value, punctuation, spaces), ' ' || boundary || ' '), 550000)
    from jsonb_array_elements_text(
      jsonb_path_query_array(data::jsonb, 'strict $.** ? (@.type() == "string" || @.type() == "number")')
    ) as value
  ), '')), boundary);
end
$$;

-- Runs as the owner: the service itself has no right to write what is found by, so it cannot differ from what is there.
create function records_keep_text() returns trigger
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
begin
  if tg_op = 'DELETE' or new.deleted_at is not null then
    delete from public.record_texts where record_id = old.id and tenant_id = old.tenant_id;
  else
    insert into public.record_texts as kept (tenant_id, record_id, search)
    values (
      new.tenant_id, new.id,
      array_to_tsvector(array[public.record_scope(new.collection, new.tenant_id)]) || public.record_words(new.data)
    )
    on conflict (record_id, tenant_id) do update
      set search = excluded.search where kept.search <> excluded.search;
  end if;
  return null;
end
$$;

create trigger records_keep_text
  after insert or delete on records
  for each row execute function records_keep_text();

create trigger records_keep_changed_text
  after update on records
  for each row when (new.version <> old.version) execute function records_keep_text();

-- What is there already, of all tenants: the one statement that row-level security must not confine.
alter table records no force row level security;
insert into record_texts (tenant_id, record_id, search)
select tenant_id, id, array_to_tsvector(array[record_scope(collection, tenant_id)]) || record_words(data)
from records
where deleted_at is null;
alter table records force row level security;

-- Row-level security lets the planner use an index only for what the policies ask themselves, or for operators that
-- are known to leak nothing: @@ is not one of them. So the search is part of the policy. The service puts it into
-- gantry.search for the transaction; without one it sees no row, and with any it sees only rows of its tenant.
--
-- A function that searches with the rights of the owner would do, too. But it would have to be exempt from row-level
-- security to use the index, and each tenant's rows would be as safe as the where clause in it.
alter table record_texts enable row level security;
alter table record_texts force row level security;
create policy tenant on record_texts to current_user
  using (tenant_id = current_setting('gantry.tenant', true))
  with check (tenant_id = current_setting('gantry.tenant', true));
create policy search on record_texts for select to gantry_service
  using (
    tenant_id = current_setting('gantry.tenant', true)
    -- Selected, so that it is read once and not for each row.
    and search @@ (select current_setting('gantry.search', true)::tsquery)
  );

grant select on record_texts to gantry_service;
revoke all on function records_keep_text() from public;
