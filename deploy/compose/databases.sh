#!/bin/sh
# Makes the database of each service and its two roles, or brings their passwords up to date: the owner, who migrates,
# and the one that the service has, which owns nothing and is bound by row-level security.
set -eu

PGPASSWORD=$(cat /run/secrets/postgres_password)
export PGPASSWORD

password_in() { sed 's|^postgres://[^:]*:\([^@]*\)@.*|\1|' "/run/secrets/$1"; }

for service in records payments orders; do
  # In the environment, because everybody on the machine can read arguments.
  OWNER_PASSWORD=$(password_in "${service}_migration_database_url") \
    SERVICE_PASSWORD=$(password_in "${service}_database_url") \
    psql --quiet --no-psqlrc --set ON_ERROR_STOP=1 --set database="$service" \
    --set owner="${service}_owner" --set service="${service}_service" --dbname postgres <<'SQL'
\getenv owner_password OWNER_PASSWORD
\getenv service_password SERVICE_PASSWORD
-- Statements with passwords stay out of the server's log.
set log_min_error_statement = panic;

select 'create role gantry_service nologin'
  where not exists (select from pg_roles where rolname = 'gantry_service') \gexec
select format('create role %I', name) from (values (:'owner'), (:'service')) as role (name)
  where not exists (select from pg_roles where rolname = name) \gexec
alter role :"owner" login nosuperuser nobypassrls nocreatedb createrole password :'owner_password';
alter role :"service" login nosuperuser nobypassrls nocreatedb nocreaterole password :'service_password';
grant gantry_service to :"service";

select format('create database %I owner %I', :'database', :'owner')
  where not exists (select from pg_database where datname = :'database') \gexec
revoke all on database :"database" from public;
grant connect on database :"database" to :"service";
SQL
  echo "$service: ready"
done
