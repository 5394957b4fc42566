# shellcheck shell=bash
# Keys, tokens, ports and environment of the services; how a process starts and becomes ready.

readonly READY_SECONDS_MAX=60
readonly LOCAL_ISSUER=https://ieum.local # a name, not an address
readonly LOG_BYTES_MAX=$((64 * 1024 * 1024)) # looked at when a process starts
# shellcheck disable=SC2034  # read by suite.sh
# Within 10 s on an idle machine, but for a mail that a slow server takes up to 30 s to take.
readonly DRAIN_SECONDS_MAX=45

secret_random() { head -c 32 /dev/urandom | base64 -w 0; }

# A password stands in URLs and config files: only letters, digits, - and _.
secret_password() { secret_random | tr '+/' '-_' | tr -d '='; }

# One key per file, 0600, made once: a lost vault key makes every stored name unreadable.
secrets_make() {
  local name
  for name in seal.key "${IEUM_SERVICES[@]/#/vault-}"; do
    [[ -s $PLACE/secret/$name ]] || secret_random | private_file "$PLACE/secret/$name"
  done
  # With certificates services need no tokens; whoever runs them in plaintext does (deploy/k8s, dev).
  for name in token-driver token-supervisor "${IEUM_SERVICES[@]/#/token-}"; do
    [[ -s $PLACE/secret/$name ]] || secret_password | private_file "$PLACE/secret/$name"
  done
  tokens_json | private_file "$PLACE/secret/tokens.json"
  issuer_make
}

# What stands in for an identity provider on this machine: a key that ./ieum token signs with, and
# the key set by which the services check.
issuer_make() {
  local key=$PLACE/secret/issuer.key keys=$PLACE/secret/issuer-keys.json
  [[ ! -s $key || ! -s $keys ]] || return 0
  [[ -x $(ieumctl_binary) ]] || { warn "no signed tokens: ieumctl is not built" && return 0; }
  rm -f -- "$key" "$keys"
  "$(ieumctl_binary)" token-key --key "$key" --keys "$keys"
}

ieumctl_binary() { printf '%s/build/%s/bin/ieumctl' "$IEUM_ROOT" "${IEUM_PRESET:-release}"; }

# Who may call: the driver of scenarios with every role of staff, a supervisor who decides about what
# the driver asks for, and one identity per service.
tokens_json() {
  local service roles='"centre_staff", "case_manager", "supervisor", "conference_member"'
  roles+=', "centre_head", "programme_manager", "judge", "consultant", "auditor", "operator"'
  printf '[\n  {"token": "%s", "subject": "demo/driver", "roles": [%s], "centres": ["*"]}' \
    "$(<"$PLACE/secret/token-driver")" "$roles"
  printf ',\n  {"token": "%s", "subject": "demo/supervisor", "roles": ["supervisor", "case_manager"], "centres": ["*"]}' \
    "$(<"$PLACE/secret/token-supervisor")"
  for service in "${IEUM_SERVICES[@]}"; do
    printf ',\n  {"token": "%s", "subject": "service/%s", "roles": ["service"], "centres": ["*"]}' \
      "$(<"$PLACE/secret/token-$service")" "$service"
  done
  printf '\n]\n'
}

port_names() {
  local service
  printf '%s\n' POSTGRES NATS SMTP
  for service in "${IEUM_SERVICES[@]}"; do
    printf '%s\n' "${service^^}_GRPC" "${service^^}_HEALTH" "${service^^}_ADMIN"
  done
}

port_of() {
  local port
  port=$(sed -n "s/^$1=\([0-9]*\)$/\1/p" "$PLACE/run/ports" 2>/dev/null)
  [[ -n $port ]] || die "no port of $1 is known in $PLACE" "Run ./ieum down and ./ieum up."
  printf '%s\n' "$port"
}

# ports_choose: the same ports as last time where nobody else took them. Only asked when nothing of
# the suite runs: its own processes would look like strangers.
ports_choose() {
  local names old=() new=() index new_text
  mapfile -t names < <(port_names)
  if [[ -f $PLACE/run/ports ]]; then
    for index in "${!names[@]}"; do
      old[index]=$(sed -n "s/^${names[index]}=//p" "$PLACE/run/ports")
      [[ ${old[index]} =~ ^[0-9]+$ ]] || old[index]=0
    done
  fi
  new_text=$(free_ports "${#names[@]}" "${old[@]}") ||
    die "there are not enough free ports on 127.0.0.1" "Stop some servers and try again."
  mapfile -t new <<<"$new_text"
  for index in "${!names[@]}"; do
    if [[ ${old[index]:-0} -ne 0 && ${old[index]} -ne ${new[index]} ]]; then
      note "port ${old[index]} of ${names[index]} is in use by another program; taking ${new[index]}"
    fi
    printf '%s=%s\n' "${names[index]}" "${new[index]}"
  done | private_file "$PLACE/run/ports"
}

# daemon NAME CMD…: in the background, in a session of its own, log and pid kept. It hears no
# Ctrl-C of this terminal and holds none of our locks (descriptors 8 and 9).
daemon() {
  local name=$1 pid
  shift
  if [[ $(stat -c %s "$PLACE/log/$name.log" 2>/dev/null || echo 0) -gt $LOG_BYTES_MAX ]]; then
    mv -f -- "$PLACE/log/$name.log" "$PLACE/log/$name.log.1"
  fi
  setsid -- "$@" >>"$PLACE/log/$name.log" 2>&1 </dev/null 8>&- 9>&- &
  pid=$!
  pid_remember "$PLACE/run/$name.pid" "$pid" || daemon_died "$name"
}

daemon_died() {
  tail -n 15 "$PLACE/log/$1.log" >&2
  die "$1 ended right after its start" "The reason is above, and in $PLACE/log/$1.log." \
    "Where a port is in use: ./ieum down && ./ieum up takes another one."
}

port_open() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# port_open_or_gone NAME PORT: over as soon as the port answers or the process is dead.
port_open_or_gone() { port_open "$2" || ! pid_alive "$PLACE/run/$1.pid" >/dev/null; }

wait_for_port() {
  wait_until 30 port_open_or_gone "$1" "$2" || die "$1 does not answer on port $2" "See $PLACE/log/$1.log."
  pid_alive "$PLACE/run/$1.pid" >/dev/null || daemon_died "$1"
}

service_binary() { printf '%s/build/%s/bin/ieum-%s' "$IEUM_ROOT" "${IEUM_PRESET:-release}" "$1"; }

service_ready() {
  [[ $(curl --noproxy '*' -s -o /dev/null -m 2 -w '%{http_code}' "http://127.0.0.1:$(port_of "${1^^}_ADMIN")/readyz") == 200 ]]
}

service_ready_or_gone() { service_ready "$1" || ! pid_alive "$PLACE/run/$1.pid" >/dev/null; }

# service_environment SVC [ROLE]: prints NAME=value lines. What all get, then the peers, then its own.
# ROLE: whom it is at PostgreSQL, else the service's own role, which cannot change tables.
service_environment() {
  local service=$1 role=${2:-ieum_$1} upper=${1^^} peer
  cat <<ENV
IEUM_LISTEN=127.0.0.1
IEUM_GRPC_PORT=$(port_of "${upper}_GRPC")
IEUM_HEALTH_PORT=$(port_of "${upper}_HEALTH")
IEUM_ADMIN_PORT=$(port_of "${upper}_ADMIN")
IEUM_PORTS_FILE=$PLACE/run/$service.ports.json
IEUM_DB=host=$PLACE/pg/run port=$(port_of POSTGRES) dbname=ieum_$service user=$role
IEUM_DB_PASSWORD_FILE=$PLACE/secret/db-$role
IEUM_NATS_URL=$(nats_url)
IEUM_NATS_SEED_FILE=$(nats_seed_file "$service")
IEUM_NATS_CA_FILE=$(tls_ca_file)
IEUM_TLS_CERT_FILE=$(tls_file "$service" crt)
IEUM_TLS_KEY_FILE=$(tls_file "$service" key)
IEUM_TLS_CA_FILE=$(tls_ca_file)
IEUM_CLOCK=$SUITE_CLOCK
IEUM_TOKENS_FILE=$PLACE/secret/tokens.json
IEUM_STATIC_TOKENS_ALLOWED=true
IEUM_ROLES_FILE=$IEUM_ROOT/deploy/roles.json
IEUM_VAULT_KEY_FILE=$PLACE/secret/vault-$service
IEUM_SEAL_KEY_FILE=$PLACE/secret/seal.key
ENV
  if [[ -s $PLACE/secret/issuer-keys.json ]]; then
    printf 'IEUM_OIDC_ISSUER=%s\nIEUM_OIDC_KEYS_FILE=%s\n' "$LOCAL_ISSUER" "$PLACE/secret/issuer-keys.json"
    echo 'IEUM_OIDC_CLAIMED_ROLES=*' # ./ieum token says what its bearer may do
  fi
  [[ $SUITE_CLOCK != simulated ]] || echo IEUM_SIMULATED_CLOCK_ALLOWED=true
  for peer in "${IEUM_SERVICES[@]}"; do
    printf 'IEUM_PEER_%s=127.0.0.1:%s\n' "${peer^^}" "$(port_of "${peer^^}_GRPC")"
  done
  if [[ $service == casemgmt ]]; then
    # Nobody looks for malware here.
    printf 'IEUM_ATTACHMENTS_DIR=%s\nIEUM_ATTACHMENTS_READ_UNSCANNED=true\n' "$PLACE/attachments"
  fi
  if [[ $service == notify ]]; then
    printf 'IEUM_SMTP_URL=%s\nIEUM_MAIL_FROM=ieum@localhost.localdomain\n' "$(smtp_url)"
  fi
}

# service_env_command SVC [ROLE]: fills service_command with the binary under its environment; IEUM_*
# settings of the caller's shell do not leak into it, but for the log level.
service_env_command() {
  local line
  service_command=(env)
  while IFS= read -r line; do
    service_command+=(-u "${line%%=*}")
  done < <(env | grep '^IEUM_' | grep -v '^IEUM_LOG_LEVEL=' || true)
  while IFS= read -r line; do
    service_command+=("$line")
  done < <(service_environment "$@")
  service_command+=("$(service_binary "$1")")
}

service_migrate() {
  local service_command
  service_env_command "$1" "ieum_${1}_owner"
  "${service_command[@]}" migrate >>"$PLACE/log/$1.log" 2>&1 || {
    tail -n 15 "$PLACE/log/$1.log" >&2
    die "the database of $1 could not be migrated" "The reason is above, and in $PLACE/log/$1.log."
  }
  pg_make_database "$1"
}

# service_start SVC: does not wait, so that all become ready side by side.
service_start() {
  local service_command
  if pid_alive "$PLACE/run/$1.pid" >/dev/null; then
    note "$1 runs already$(service_outdated "$1" && echo ', from an older build: ./ieum down && ./ieum up')"
    return
  fi
  service_migrate "$1"
  service_env_command "$1"
  daemon "$1" "${service_command[@]}"
}

# A binary that was replaced under a running process shows as "(deleted)".
service_outdated() {
  local pid
  pid=$(pid_alive "$PLACE/run/$1.pid") || return 1
  [[ $(readlink "/proc/$pid/exe") == *' (deleted)' ]]
}

service_wait_ready() {
  wait_until "$READY_SECONDS_MAX" service_ready_or_gone "$1" || {
    tail -n 15 "$PLACE/log/$1.log" >&2
    die "$1 did not become ready within $READY_SECONDS_MAX s" "Its log: ./ieum logs $1"
  }
  pid_alive "$PLACE/run/$1.pid" >/dev/null || daemon_died "$1"
}
