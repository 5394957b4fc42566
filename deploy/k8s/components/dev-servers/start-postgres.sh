#!/usr/bin/env bash
# A PostgreSQL for trying: makes a cluster where there is none, a role and a database for each file of
# passwords, then becomes the server. Repeating it changes nothing but passwords.
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
for file in /etc/postgres-secrets/*; do
  name=ieum_${file##*/}
  "$bin/psql" -X -q -v ON_ERROR_STOP=1 -h /tmp -U postgres -d postgres -v name="$name" \
    -v password="$(<"$file")" <<'SQL'
SELECT format('CREATE ROLE %I LOGIN', :'name')
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'name') \gexec
ALTER ROLE :"name" PASSWORD :'password';
SELECT format('CREATE DATABASE %I OWNER %I', :'name', :'name')
 WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'name') \gexec
REVOKE ALL ON DATABASE :"name" FROM PUBLIC;
SQL
done
"$bin/pg_ctl" -D "$PGDATA" -w -s -m fast stop

exec "$bin/postgres" -D "$PGDATA" -c 'listen_addresses=*' -c unix_socket_directories=/tmp \
  -c max_connections=200 -c shared_buffers=128MB -c max_wal_size=512MB -c timezone=UTC
