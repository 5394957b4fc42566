# shellcheck shell=bash
# The whole suite: PostgreSQL, broker, mail sink, services. `up` and `down`, and what `demo` uses.

# Business time of the services: `demo` sets simulated, where the driver says what time it is.
SUITE_CLOCK=system

suite_names() { printf '%s\n' nats smtp "${IEUM_SERVICES[@]}"; }

suite_anything_runs() {
  local name
  pg_pid >/dev/null && return 0
  for name in $(suite_names); do
    pid_alive "$PLACE/run/$name.pid" >/dev/null && return 0
  done
  return 1
}

# suite_start: everything, in the order of need. Needs PLACE and a finished build.
suite_start() {
  local service missing=()
  for service in "${IEUM_SERVICES[@]}"; do
    [[ -x $(service_binary "$service") ]] || missing+=("$service")
  done
  secrets_make
  tls_make
  suite_anything_runs || ports_choose
  step "PostgreSQL, NATS, mail sink"
  pg_make_passwords
  pg_up
  nats_up
  smtp_up
  step "Services: ${IEUM_SERVICES[*]}"
  for service in "${IEUM_SERVICES[@]}"; do
    if [[ " ${missing[*]-} " == *" $service "* ]]; then
      warn "$service is not started and its database not migrated: $(service_binary "$service") is missing"
    else
      service_start "$service"
    fi
  done
  for service in "${IEUM_SERVICES[@]}"; do
    [[ " ${missing[*]-} " == *" $service "* ]] || service_wait_ready "$service"
  done
  suite_describe | private_file "$PLACE/suite.json"
  [[ ${#missing[@]} -eq 0 ]] || die "not built: ${missing[*]}" \
    "What could start is running (./ieum status). Build the rest: ./ieum build ${IEUM_PRESET:-release}"
}

# suite_describe: addresses and secrets' places as JSON, for ieum-play and ieumctl.
suite_describe() {
  local service comma=
  printf '{\n  "clock": "%s",\n  "token_file": "%s",\n  "mail_dir": "%s",\n' \
    "$SUITE_CLOCK" "$PLACE/secret/token-driver" "$PLACE/mail"
  printf '  "accounts": {"SUPERVISOR": {"token_file": "%s"}},\n' "$PLACE/secret/token-supervisor"
  printf '  "tls": {"cert_file": "%s", "key_file": "%s", "ca_file": "%s"},\n' \
    "$(tls_file caller crt)" "$(tls_file caller key)" "$(tls_ca_file)"
  printf '  "nats": {"url": "%s", "room": "auditor", "seed_file": "%s", "ca_file": "%s",\n' \
    "$(nats_url)" "$(nats_seed_file auditor)" "$(tls_ca_file)"
  printf '           "cert_file": "%s", "key_file": "%s"},\n' \
    "$(tls_file caller crt)" "$(tls_file caller key)"
  printf '  "disks": {"postgresql": "%s", "broker": "%s"},\n  "keys": %s,\n  "attachments": "%s",\n  "services": {' \
    "$PLACE/pg" "$PLACE/nats" "$(operate_keys)" "$PLACE/attachments"
  for service in "${IEUM_SERVICES[@]}"; do
    printf '%s\n    "%s": {"grpc": "127.0.0.1:%s", "health": "127.0.0.1:%s", "admin": "127.0.0.1:%s",' \
      "$comma" "$service" "$(port_of "${service^^}_GRPC")" "$(port_of "${service^^}_HEALTH")" \
      "$(port_of "${service^^}_ADMIN")"
    printf '\n      "db": "host=%s port=%s dbname=ieum_%s user=ieum_%s", "db_password_file": "%s",' \
      "$PLACE/pg/run" "$(port_of POSTGRES)" "$service" "$service" "$PLACE/secret/db-ieum_$service"
    printf '\n      "owner_db": "host=%s port=%s dbname=ieum_%s user=ieum_%s_owner", "owner_db_password_file": "%s"}' \
      "$PLACE/pg/run" "$(port_of POSTGRES)" "$service" "$service" "$PLACE/secret/db-ieum_${service}_owner"
    comma=,
  done
  printf '\n  }\n}\n'
}

# suite_stop: in the other direction; services first, so that each can still hand over its events.
suite_stop() {
  local service name
  for service in "${IEUM_SERVICES[@]}"; do
    pid_alive "$PLACE/run/$service.pid" >/dev/null && kill -TERM "$(pid_alive "$PLACE/run/$service.pid")"
  done
  for name in "${IEUM_SERVICES[@]}" smtp nats; do
    pid_stop "$PLACE/run/$name.pid" "$DRAIN_SECONDS_MAX"
  done
  pg_stop fast
}

# suite_lock STATE KIND: two of a kind at once would start everything twice, or write one out/demo.
suite_lock() {
  exec 9>"$1/$2.lock"
  flock -n 9 || {
    note "another ./ieum of this clone is at work on the same ($2); waiting for it"
    flock 9
  }
}

suite_up_command() {
  local state
  no_words up "$@"
  deps_install
  build_preset "${IEUM_PRESET:-release}"
  state=$(place_state)
  suite_lock "$state" suite
  place_open "$state/suite"
  suite_start
  look_status
  note "stop with ./ieum down; mails arrive in $PLACE/mail"
}

suite_down_command() {
  local state
  no_words down "$@"
  state=$(place_state)
  suite_lock "$state" suite
  PLACE=$state/suite
  if [[ ! -d $PLACE ]] || ! suite_anything_runs; then
    note "nothing is running"
    return
  fi
  step "Stopping services, mail sink, NATS, PostgreSQL"
  suite_stop
  note "stopped; the data stays in $PLACE"
}

# suite_service_command SVC stop | WORD…: one service by itself. Words other than `stop` go to its
# program, under the environment that `up` gives it.
suite_service_command() {
  local service=${1-} service_command
  [[ $# -gt 1 ]] || die "a service and what to say to it, please" \
    "For instance ./ieum service registry stop; ${IEUM_SERVICES[*]}"
  require_service "$service"
  shift
  place_need_running
  if [[ $1 == stop ]]; then
    pid_stop "$PLACE/run/$service.pid" "$DRAIN_SECONDS_MAX"
    note "$service is stopped; ./ieum up starts it again"
    return
  fi
  if [[ $1 == migrate ]]; then
    service_migrate "$service"
    note "the database of $service is up to date"
    return
  fi
  service_env_command "$service"
  "${service_command[@]}" "$@"
}
