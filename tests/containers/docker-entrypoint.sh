#!/bin/sh
# Makes a data folder unless there is one, and becomes the server. The variables are those of the official image:
# POSTGRES_PASSWORD, the superuser's; POSTGRES_HOST_AUTH_METHOD, `scram-sha-256` unless given; POSTGRES_INITDB_ARGS.
set -eu
[ "${1:-}" = postgres ] || exec "$@"
as_postgres() { setpriv --reuid=postgres --regid=postgres --init-groups env HOME=/var/lib/postgresql "$@"; }
if [ ! -s "$PGDATA/PG_VERSION" ]; then
  method=${POSTGRES_HOST_AUTH_METHOD:-scram-sha-256}
  if [ "$method" != trust ] && [ -z "${POSTGRES_PASSWORD:-}" ]; then
    echo 'set POSTGRES_PASSWORD, or POSTGRES_HOST_AUTH_METHOD=trust' >&2
    exit 1
  fi
  install -d -o postgres -g postgres -m 700 "$PGDATA"
  secret=$(mktemp)
  printf '%s\n' "${POSTGRES_PASSWORD:-postgres}" > "$secret"
  chown postgres "$secret"
  # shellcheck disable=SC2086 # the arguments are words
  as_postgres initdb --username=postgres --pwfile="$secret" --auth-local=trust --auth-host="$method" \
    ${POSTGRES_INITDB_ARGS:-} --pgdata="$PGDATA"
  rm "$secret"
  printf 'host all all all %s\n' "$method" >> "$PGDATA/pg_hba.conf"
  printf "listen_addresses = '*'\n" >> "$PGDATA/postgresql.conf"
fi
install -d -o postgres -g postgres -m 2775 /var/run/postgresql
exec setpriv --reuid=postgres --regid=postgres --init-groups env HOME=/var/lib/postgresql "$@"
