# shellcheck shell=bash
# A private PostgreSQL 15: own data, own socket, own port on 127.0.0.1; never the system's one.

readonly PG_MAJOR=15
readonly PG_BIN=/usr/lib/postgresql/$PG_MAJOR/bin
readonly PG_ADMIN=ieum_admin

# pg_works_here /proc/PID…: every process of a cluster works inside its data folder, so a pid that was
# given to something else since does not pass. Asked as its own user: in a container not even root
# may look at another user's process.
pg_works_here() {
  as_pg_user readlink -- "${@/%//cwd}" 2>/dev/null | grep -qxF -- "$(readlink -f "$PLACE/pg/data")"
}

pg_pid() {
  local pid
  [[ -f $PLACE/pg/data/postmaster.pid ]] || return 1
  read -r pid <"$PLACE/pg/data/postmaster.pid" || return 1
  process_start_time "$pid" >/dev/null && pg_works_here "/proc/$pid" || return 1
  printf '%s\n' "$pid"
}

pg_nobody_works_here() { ! pg_works_here /proc/[0-9]*; }

# pg_make AUTH [INITDB-OPTION…]: a new cluster; it gets its name only when it is complete.
pg_make() {
  local fresh=$PLACE/pg/data.new auth=$1
  shift
  rm -rf -- "$fresh"
  mkdir -p "$PLACE/pg/run"
  is_root && chown postgres "$PLACE/pg" "$PLACE/pg/run"
  chmod 700 "$PLACE/pg/run"
  as_pg_user "$PG_BIN/initdb" -D "$fresh" -U "$PG_ADMIN" -E UTF8 --locale=C.UTF-8 --data-checksums \
    --auth="$auth" "$@" >"$PLACE/log/initdb.log" 2>&1 || {
    tail -n 15 "$PLACE/log/initdb.log" >&2
    die "initdb could not make a PostgreSQL cluster" "The reason is above; the folder is $fresh."
  }
  mv -- "$fresh" "$PLACE/pg/data"
}

# A stale folder is either repaired (a lock file of a process that is gone) or named.
pg_inspect() {
  local data=$PLACE/pg/data version
  version=$(cat "$data/PG_VERSION" 2>/dev/null) || die "$data is no whole PostgreSQL cluster" \
    "Nothing was changed. To begin with empty databases: ./ieum down && rm -r '$PLACE/pg'"
  [[ $version == "$PG_MAJOR" ]] || die "$data holds data of PostgreSQL $version, and this is $PG_MAJOR" \
    "Nothing was changed. To begin with empty databases: ./ieum down && rm -r '$PLACE/pg'"
  [[ -f $data/postmaster.pid ]] || return 0
  note "PostgreSQL was not stopped cleanly last time; it recovers from its log now"
  # Its children end by themselves when it dies; a second server beside them would ruin the data.
  wait_until 10 pg_nobody_works_here || die "processes of a dead PostgreSQL still use $data" \
    "Find them with: ls -l /proc/*/cwd | grep pg/data   and end them."
  # PostgreSQL itself takes a dead but unreaped process for a living one.
  rm -f -- "$data/postmaster.pid" "$PLACE"/pg/run/.s.PGSQL.*
}

# pg_start SETTING…: starts and waits until it answers; each SETTING is name=value.
pg_start() {
  local setting options=()
  if pg_pid >/dev/null; then
    note "PostgreSQL runs already"
    return
  fi
  pg_inspect
  for setting in "unix_socket_directories=$PLACE/pg/run" timezone=UTC log_timezone=UTC \
    log_min_duration_statement=1000 "log_line_prefix=%m [%p] %q%u@%d " "$@"; do
    options+=("-c '$setting'")
  done
  # The server makes its own session; pg_ctl returns when it takes connections.
  as_pg_user "$PG_BIN/pg_ctl" -D "$PLACE/pg/data" -l "$PLACE/pg/postgres.log" -w -t 60 -s \
    -o "${options[*]}" start </dev/null >/dev/null 2>&1 8>&- 9>&- || {
    tail -n 15 "$PLACE/pg/postgres.log" >&2
    die "PostgreSQL did not start" "The reason is above, and in $PLACE/pg/postgres.log."
  }
}

# pg_stop MODE: fast keeps the data whole; immediate is for clusters that are thrown away.
pg_stop() {
  pg_pid >/dev/null || return 0
  as_pg_user "$PG_BIN/pg_ctl" -D "$PLACE/pg/data" -m "$1" -w -t 60 -s stop >/dev/null 2>&1 ||
    warn "PostgreSQL did not stop: $PLACE/pg/postgres.log"
}

pg_port() { port_of POSTGRES; }

# pg_admin ARG…: psql as the cluster's administrator, stopping at the first error.
pg_admin() {
  PGPASSFILE=$PLACE/secret/pgpass "$PG_BIN/psql" -X -q -v ON_ERROR_STOP=1 \
    -h "$PLACE/pg/run" -p "$(pg_port)" -U "$PG_ADMIN" "$@"
}

# pg_as SVC ARG…: psql as the service's own role in its own database.
pg_as() {
  local service=$1
  shift
  PGPASSFILE=$PLACE/secret/pgpass "$PG_BIN/psql" -X \
    -h "$PLACE/pg/run" -p "$(pg_port)" -U "ieum_$service" -d "ieum_$service" "$@"
}

# The passwords of the administrator and of each role; psql reads pgpass, services their own file.
pg_make_passwords() {
  local name roles=("${IEUM_SERVICES[@]/#/ieum_}")
  for name in "$PG_ADMIN" "${roles[@]}" "${roles[@]/%/_owner}"; do
    [[ -f $PLACE/secret/db-$name ]] || secret_password | private_file "$PLACE/secret/db-$name"
    printf '*:*:*:%s:%s\n' "$name" "$(<"$PLACE/secret/db-$name")"
  done | private_file "$PLACE/secret/pgpass"
}

# pg_make_database SVC: its database, the role that owns it and the one that works in it.
pg_make_database() {
  local service=$1
  IEUM_ROLE_PASSWORD=$(<"$PLACE/secret/db-ieum_$service") \
    IEUM_OWNER_PASSWORD=$(<"$PLACE/secret/db-ieum_${service}_owner") \
    pg_admin -d postgres -o /dev/null -v service="$service" -f "$IEUM_ROOT/deploy/postgres/roles.sql"
}

pg_make_databases() {
  local service
  for service in "${IEUM_SERVICES[@]}"; do pg_make_database "$service"; done
}

pg_up() {
  if [[ ! -d $PLACE/pg/data ]]; then
    local password=$PLACE/pg/password
    mkdir -p "$PLACE/pg"
    private_file "$password" <"$PLACE/secret/db-$PG_ADMIN"
    is_root && chown postgres "$password"
    pg_make scram-sha-256 --pwfile="$password"
    rm -f -- "$password"
  fi
  pg_start "listen_addresses=127.0.0.1" "port=$(pg_port)" max_connections=200 shared_buffers=128MB \
    max_wal_size=512MB
  pg_make_databases
}
