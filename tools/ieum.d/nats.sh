# shellcheck shell=bash
# A private nats-server with JetStream on 127.0.0.1, over TLS: each service has a room of its own there and
# shows who it is with a seed (deploy/broker); the auditor only reads.

# Four streams of 4 GiB and room for none other; see deploy/local/nats.conf.in.
readonly NATS_STREAM_BYTES=$((4 * 1024 * 1024 * 1024))

nats_seed_file() { printf '%s/secret/seed-%s' "$PLACE" "$1"; }

# nats_accounts: the accounts of the suite's seeds, which are made when they are not there.
nats_accounts() {
  local name keys=()
  for name in "${IEUM_SERVICES[@]}" auditor; do
    keys+=("$name=$(/usr/bin/python3 "$IEUM_ROOT/deploy/broker/nkey.py" new "$(nats_seed_file "$name")")")
  done
  /usr/bin/python3 "$IEUM_ROOT/deploy/broker/accounts.py" "${keys[@]}"
}

nats_config() {
  local text accounts bytes=$((NATS_STREAM_BYTES * ${#IEUM_SERVICES[@]}))
  accounts=$(nats_accounts) || die "the broker's accounts could not be written" "The reason is above."
  text=$(<"$IEUM_ROOT/deploy/local/nats.conf.in")
  text=${text//@PORT@/$(port_of NATS)}
  text=${text//@STORE@/$PLACE/nats/store}
  text=${text//@FILE_STORE_BYTES@/$bytes}
  text=${text//@CERTIFICATE@/$(tls_file nats crt)}
  text=${text//@KEY@/$(tls_file nats key)}
  text=${text//@AUTHORITY@/$(tls_ca_file)}
  printf '%s\n' "${text//@ACCOUNTS@/"$accounts"}" | private_file "$PLACE/nats/nats.conf"
}

# A full disk makes JetStream stop until a restart, so say it before it can happen.
nats_check_disk() {
  local free_kb
  free_kb=$(df --output=avail -k "$PLACE" | tail -n 1)
  ((free_kb > 2 * 1024 * 1024)) || warn "only $((free_kb / 1024)) MiB are free under $PLACE"
}

# Before there were rooms the streams lay elsewhere; services fill the new ones from their ledgers.
nats_forget_old_store() {
  # shellcheck disable=SC2016  # the account's name
  rm -rf -- "$PLACE/nats/store/jetstream/"'$G'
}

nats_up() {
  local pid before
  before=$(cat -- "$PLACE/nats/nats.conf" 2>/dev/null || true)
  nats_config
  if pid=$(pid_alive "$PLACE/run/nats.pid"); then
    note "nats-server runs already"
    # It reads its configuration again; those whom it still knows notice nothing.
    if [[ " ${tls_renewed[*]-} " == *' nats '* || $(<"$PLACE/nats/nats.conf") != "$before" ]]; then
      kill -HUP "$pid"
    fi
    return
  fi
  nats_forget_old_store
  nats_check_disk
  daemon nats /usr/sbin/nats-server -c "$PLACE/nats/nats.conf"
  wait_for_port nats "$(port_of NATS)"
}

nats_url() { printf 'nats://127.0.0.1:%s' "$(port_of NATS)"; }
