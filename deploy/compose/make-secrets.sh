#!/bin/sh
# Makes the secrets that can be made up, each once, and says which ones only you can have.
set -eu
cd "$(dirname "$0")"

# Each file is mounted by itself and read by the user of a container, so it can be read by all who get to it; the
# folder is what keeps everybody else out.
umask 022
mkdir -p secrets tls
chmod 700 secrets tls

random() { od -An -N32 -tx1 /dev/urandom | tr -d ' \n'; }
keep() { [ -s "secrets/$1" ] || printf %s "$2" >"secrets/$1"; }

keep postgres_password "$(random)"
for service in records payments orders; do
  keep "${service}_database_url" "postgres://${service}_service:$(random)@postgres:5432/$service"
  keep "${service}_migration_database_url" "postgres://${service}_owner:$(random)@postgres:5432/$service"
  keep "${service}_cursor_keys" "$(random)"
  keep "${service}_request_state_keys" "$(random)"
done

for file in secrets/payments_stripe_key secrets/payments_stripe_webhook_secret secrets/orders_client_secret \
  tls/tls.crt tls/tls.key; do
  [ -s "$file" ] || echo "missing: $file"
done
