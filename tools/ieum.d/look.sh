# shellcheck shell=bash
# Looking at the running suite: status, logs, psql, events.

look_row() { printf '  %-10s %-9s %-8s %s\n' "$@"; }

look_status() {
  local service pid state broken=0
  no_words status "$@"
  place_need_running
  look_row PROCESS STATE PID ADDRESSES
  if pid=$(pg_pid); then
    look_row postgres running "$pid" "127.0.0.1:$(port_of POSTGRES), socket in $PLACE/pg/run"
  else
    look_row postgres stopped - -
    broken=1
  fi
  for service in nats smtp; do
    if pid=$(pid_alive "$PLACE/run/$service.pid"); then
      look_row "$service" running "$pid" "127.0.0.1:$(port_of "${service^^}")"
    else
      look_row "$service" stopped - -
      broken=1
    fi
  done
  for service in "${IEUM_SERVICES[@]}"; do
    look_service "$service" || broken=1
  done
  return "$broken"
}

look_service() {
  local pid state=ready addresses
  if ! pid=$(pid_alive "$PLACE/run/$1.pid"); then
    look_row "$1" stopped - -
    return 1
  fi
  service_ready "$1" || state=unready
  service_outdated "$1" && state=$state,old
  addresses="grpc 127.0.0.1:$(port_of "${1^^}_GRPC"), health :$(port_of "${1^^}_HEALTH")"
  look_row "$1" "$state" "$pid" "$addresses, admin http://127.0.0.1:$(port_of "${1^^}_ADMIN")"
  [[ $state != unready* ]]
}

look_log_file() {
  case $1 in
    postgres) printf '%s\n' "$PLACE/pg/postgres.log" ;;
    nats | smtp) printf '%s\n' "$PLACE/log/$1.log" ;;
    *)
      require_service "$1"
      printf '%s\n' "$PLACE/log/$1.log"
      ;;
  esac
}

# look_logs [NAME] [-f]: one whole log, or the last lines of each.
look_logs() {
  local name='' follow='' file
  for name in "$@"; do
    case $name in
      -f | --follow) follow=yes ;;
      *) file=$name ;;
    esac
  done
  place_need_running
  if [[ -z ${file:-} ]]; then
    for name in postgres $(suite_names); do
      step "$name ($(look_log_file "$name"))"
      tail -n 10 "$(look_log_file "$name")" 2>/dev/null || true
    done
    return
  fi
  file=$(look_log_file "$file")
  [[ -f $file ]] || die "there is no log yet: $file" "Run ./ieum up."
  if [[ -n $follow ]]; then tail -n 200 -F "$file"; else cat -- "$file"; fi
}

look_psql() {
  [[ $# -gt 0 ]] || die "psql of which service?" "One of: ${IEUM_SERVICES[*]}, for instance ./ieum psql registry"
  require_service "$1"
  place_need_running
  pg_pid >/dev/null || die "PostgreSQL is not running" "Run ./ieum up."
  pg_as "$@"
}

# look_audit [ARG…]: the laws on the suite of `up`; the exit code is the auditor's.
look_audit() {
  local ctl=$IEUM_ROOT/build/${IEUM_PRESET:-release}/bin/ieumctl
  place_need_running
  pg_pid >/dev/null || die "PostgreSQL is not running" "Run ./ieum up."
  [[ -f $PLACE/suite.json ]] || die "the suite is not described: $PLACE/suite.json" "Run ./ieum up again."
  [[ -x $ctl ]] || die "not built: $ctl" "Run ./ieum build ${IEUM_PRESET:-release}."
  "$ctl" audit --suite "$PLACE/suite.json" "$@"
}

# look_token SUBJECT [ARG…]: a signed token for the suite of `up`; the words are those of ieumctl token.
look_token() {
  [[ $# -gt 0 && $1 != -* ]] || die "a token for whom?" \
    "For instance ./ieum token staff/kim --role case_manager --centre '*'"
  place_need_running
  [[ -s $PLACE/secret/issuer.key ]] || die "there is no key to sign with yet" "Run ./ieum down && ./ieum up."
  [[ -x $(ieumctl_binary) ]] || die "not built: $(ieumctl_binary)" "Run ./ieum build ${IEUM_PRESET:-release}."
  "$(ieumctl_binary)" token --key "$PLACE/secret/issuer.key" --issuer "$LOCAL_ISSUER" --subject "$@"
}

# look_events_since SVC FROM: rows after the positions named in FROM, as `time type subject svc/shard/pos`.
look_events_since() {
  pg_as "$1" -qAt -F $'\t' -v ON_ERROR_STOP=1 -v since="$2" -v service="$1" <<'SQL'
SELECT to_char(recorded_at AT TIME ZONE 'Asia/Seoul', 'YYYY-MM-DD HH24:MI:SS.MS'), type, subject,
       :'service' || '/' || shard || '/' || pos
  FROM event_log
 WHERE pos > coalesce((:'since'::jsonb ->> shard::text)::bigint, 0)
 ORDER BY recorded_at, shard, pos;
SQL
}

# look_positions ROWS: the highest position of each producer and shard, `svc shard pos` a line.
look_positions() {
  printf '%s\n' "$1" | awk -F '[\t/ ]' 'NF >= 3 { key = $(NF - 2) " " $(NF - 1)
    if ($NF > top[key]) top[key] = $NF } END { for (key in top) print key, top[key] }'
}

# look_since SVC POSITIONS: the same as JSON, {"shard": pos}, for one producer.
look_since() {
  printf '%s\n' "$2" | awk -v service="$1" '$1 == service {
    out = out (out == "" ? "" : ", ") "\"" $2 "\": " $3 } END { print "{" out "}" }'
}

look_events() {
  local follow='' service rows positions='' first=yes
  case "$*" in
    '') ;;
    --follow | -f) follow=yes ;;
    *) die "events knows only --follow" "./ieum events --follow" ;;
  esac
  place_need_running
  pg_pid >/dev/null || die "PostgreSQL is not running" "Run ./ieum up."
  while true; do
    rows=$(for service in "${IEUM_SERVICES[@]}"; do
      look_events_since "$service" "$(look_since "$service" "$positions")" 2>/dev/null ||
        [[ -z $first ]] || warn "the ledger of $service cannot be read (yet): ./ieum status"
    done | sort -s -t $'\t' -k1,1)
    [[ -z $rows ]] || printf '%s\n' "$rows" |
      awk -F '\t' '{ printf "%s  %-48s %-60s %s\n", $1, $2, $3, $4 }'
    [[ -n $follow ]] || return 0
    positions=$(look_positions "$positions"$'\n'"$rows")
    first=
    sleep 1
  done
}
