-- What the tools of these tests change. Without a primary key on name: a call that takes effect twice shows.
create table things (
  tenant_id text not null,
  name text not null
);

alter table things enable row level security;
alter table things force row level security;
create policy tenant on things
  using (tenant_id = current_setting('gantry.tenant', true))
  with check (tenant_id = current_setting('gantry.tenant', true));
grant select, insert on things to gantry_service;

-- A commit that takes a second, so that a test can break the connection in the middle of it.
create function commit_slowly() returns trigger language plpgsql as $$
begin
  perform pg_sleep(1);
  return null;
end
$$;
create constraint trigger commit_slowly after insert on things
  deferrable initially deferred
  for each row when (new.name like 'slow commit%') execute function commit_slowly();

-- A commit that is refused.
create function refuse_commit() returns trigger language plpgsql as $$
begin
  raise exception 'refused at commit';
end
$$;
create constraint trigger refuse_commit after insert on things
  deferrable initially deferred
  for each row when (new.name = 'refused at commit') execute function refuse_commit();
