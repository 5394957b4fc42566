#!/usr/bin/env bash
# A PostgreSQL for trying: makes a cluster where there is none, a database and two roles for each service
# (files SERVICE and SERVICE_owner hold passwords), then becomes the server. Repeating it changes nothing but passwords.
set -euo pipefail
bin=/usr/lib/postgresql/15/bin

if [[ ! -s $PGDATA/PG_VERSION ]]; then
  rm -rf -- "$PGDATA.new"
  "$bin/initdb" -D "$PGDATA.new" -U postgres -E UTF8 --locale=C.UTF-8 --data-checksums \
    --auth-local=peer --auth-host=scram-sha-256 >/dev/null
  echo 'host all all all scram-sha-256' >>"$PGDATA.new/pg_hba.conf"
  # The one who runs the server is its administrator, by the socket.
  echo 'admin ieum postgres' >>"$PGDATA.new/pg_ident.conf"
  sed -i 's/^local  *all  *all  *peer$/local all all peer map=admin/' "$PGDATA.new/pg_hba.conf"
  mv -- "$PGDATA.new" "$PGDATA"
fi

"$bin/pg_ctl" -D "$PGDATA" -w -s -o "-c listen_addresses= -c unix_socket_directories=/tmp" start
for file in /etc/postgres-secrets/*_owner; do
  service=$(basename "$file" _owner)
  IEUM_ROLE_PASSWORD=$(<"${file%_owner}") IEUM_OWNER_PASSWORD=$(<"$file") \
    "$bin/psql" -X -q -o /dev/null -v ON_ERROR_STOP=1 -h /tmp -U postgres -d postgres -v service="$service" \
    -f /etc/postgres-roles/roles.sql
done
"$bin/pg_ctl" -D "$PGDATA" -w -s -m fast stop

exec "$bin/postgres" -D "$PGDATA" -c 'listen_addresses=*' -c unix_socket_directories=/tmp \
  -c max_connections=260 -c shared_buffers=128MB -c max_wal_size=512MB -c timezone=UTC
