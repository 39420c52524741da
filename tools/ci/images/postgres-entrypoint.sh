#!/bin/bash
# The part of the public postgres image's entry point that tests rely on: POSTGRES_USER, POSTGRES_PASSWORD and
# POSTGRES_DB, options after `postgres` on the command line, and "ready to accept connections" logged twice
# (once by the server that sets up, once by the one that stays), which is what wait strategies count.
set -euo pipefail

[[ ${1:-} == -* ]] && set -- postgres "$@"
[[ ${1:-} == postgres ]] || exec "$@"

if [[ $(id -u) == 0 ]]; then
  mkdir -p "$PGDATA" /var/run/postgresql
  chown -R postgres: "$PGDATA" /var/run/postgresql
  exec gosu postgres "$0" "$@"
fi

if [[ ! -s $PGDATA/PG_VERSION ]]; then
  : "${POSTGRES_PASSWORD:?set POSTGRES_PASSWORD}"
  user=${POSTGRES_USER:-postgres}
  initdb --pgdata "$PGDATA" --username "$user" --pwfile <(printf '%s\n' "$POSTGRES_PASSWORD") \
    --auth-local trust --auth-host scram-sha-256 --encoding UTF8 --no-sync
  echo "host all all all scram-sha-256" >>"$PGDATA/pg_hba.conf"

  pg_ctl --pgdata "$PGDATA" --wait --options "-c listen_addresses=''" start
  database=${POSTGRES_DB:-$user}
  if [[ $database != postgres ]]; then
    psql --username "$user" --dbname postgres --set ON_ERROR_STOP=1 --set name="$database" \
      <<<'CREATE DATABASE :"name"'
  fi
  pg_ctl --pgdata "$PGDATA" --wait --mode fast stop
fi

exec "$@" -c listen_addresses='*'
