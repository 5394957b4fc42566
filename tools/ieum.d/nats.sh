# shellcheck shell=bash
# A private nats-server with JetStream on 127.0.0.1: one user per service, who publishes only what
# is the service's own, and one who only reads.

# Four streams of 4 GiB and room for none other; see deploy/local/nats.conf.in.
readonly NATS_STREAM_BYTES=$((4 * 1024 * 1024 * 1024))

# nats_user SVC: its permissions. Streams of others are read through pull consumers.
nats_user() {
  local service=$1 stream=EV_${1^^}
  cat <<CONF
    { user: "$service", password: "$(<"$PLACE/secret/nats-$service")", permissions: {
        publish: { allow: [ "ev.$service.>", "mark.$service", "wake.$service", "\$JS.API.INFO",
          "\$JS.API.STREAM.CREATE.$stream", "\$JS.API.STREAM.UPDATE.$stream",
          "\$JS.API.STREAM.INFO.*", "\$JS.API.STREAM.NAMES", "\$JS.API.STREAM.LIST",
          "\$JS.API.STREAM.MSG.GET.*", "\$JS.API.DIRECT.GET.>", "\$JS.API.CONSUMER.>" ] }
        subscribe: { allow: [ "_INBOX.>", "wake.$service", "mark.>" ] } } }
CONF
}

# The auditor looks at streams and at nothing else.
nats_auditor() {
  cat <<CONF
    { user: "auditor", password: "$(<"$PLACE/secret/nats-auditor")", permissions: {
        publish: { allow: [ "\$JS.API.INFO", "\$JS.API.STREAM.INFO.*", "\$JS.API.STREAM.MSG.GET.*",
          "\$JS.API.CONSUMER.>" ] }
        subscribe: { allow: [ "_INBOX.>" ] } } }
CONF
}

nats_config() {
  local service users='  users: ['$'\n' bytes=$((NATS_STREAM_BYTES * ${#IEUM_SERVICES[@]}))
  for service in "${IEUM_SERVICES[@]}" auditor; do
    [[ -f $PLACE/secret/nats-$service ]] || secret_password | private_file "$PLACE/secret/nats-$service"
  done
  for service in "${IEUM_SERVICES[@]}"; do
    users+=$(nats_user "$service")$'\n'
  done
  users+=$(nats_auditor)$'\n'
  users+='  ]'
  local text
  text=$(<"$IEUM_ROOT/deploy/local/nats.conf.in")
  text=${text//@PORT@/$(port_of NATS)}
  text=${text//@STORE@/$PLACE/nats/store}
  text=${text//@FILE_STORE_BYTES@/$bytes}
  printf '%s\n' "${text//@USERS@/"$users"}" | private_file "$PLACE/nats/nats.conf"
}

# A full disk makes JetStream stop until a restart, so say it before it can happen.
nats_check_disk() {
  local free_kb
  free_kb=$(df --output=avail -k "$PLACE" | tail -n 1)
  ((free_kb > 2 * 1024 * 1024)) || warn "only $((free_kb / 1024)) MiB are free under $PLACE"
}

nats_up() {
  if pid_alive "$PLACE/run/nats.pid" >/dev/null; then
    note "nats-server runs already"
    return
  fi
  nats_config
  nats_check_disk
  daemon nats /usr/sbin/nats-server -c "$PLACE/nats/nats.conf"
  wait_for_port nats "$(port_of NATS)"
}

nats_url() { printf 'nats://%s:%s@127.0.0.1:%s' "$1" "$(<"$PLACE/secret/nats-$1")" "$(port_of NATS)"; }
