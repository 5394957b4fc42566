# shellcheck shell=bash
# Certificates of a suite on one machine, by an authority of its own: for each service, for the broker,
# and for callers. Renewed by ./ieum up when they are near their end; services see that by themselves.

readonly TLS_DAYS=30 TLS_RENEW_DAYS=10
readonly TLS_AUTHORITY_DAYS=3650 # its key lies beside what it signs: renewing it would win nothing

tls_ca_file() { printf '%s/secret/tls/ca.crt' "$PLACE"; }
tls_file() { printf '%s/secret/tls/%s/tls.%s' "$PLACE" "$1" "$2"; }

# tls_names NAME: what its certificate says it is.
tls_names() {
  case $1 in
    nats) echo IP:127.0.0.1,DNS:localhost ;;
    caller) echo DNS:caller ;;
    # Services look at the first; what else calls looks at the address.
    *) echo "URI:spiffe://ieum/service/$1,IP:127.0.0.1,DNS:localhost" ;;
  esac
}

tls_openssl() {
  openssl "$@" >>"$PLACE/log/openssl.log" 2>&1 || {
    tail -n 15 "$PLACE/log/openssl.log" >&2
    die "openssl could not make the suite's certificates" "The reason is above, and in $PLACE/log/openssl.log."
  }
}

tls_authority() {
  local tls=$PLACE/secret/tls host
  [[ ! -s $tls/ca.crt || ! -s $tls/ca.key ]] || return 0
  host=$(uname -n)  # a common name has 64 characters at most, a host's name may have them alone
  tls_openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=Ieum on ${host:0:50}" \
    -days "$TLS_AUTHORITY_DAYS" -addext keyUsage=critical,keyCertSign -keyout "$tls/ca.key" -out "$tls/ca.crt"
}

# tls_issue NAME: into a new folder, which a link then names: certificate and key change at once.
tls_issue() {
  local name=$1 tls=$PLACE/secret/tls fresh
  fresh=$(mktemp -d "$tls/$name.XXXXXX")
  printf 'subjectAltName=%s\nbasicConstraints=critical,CA:FALSE\nextendedKeyUsage=serverAuth,clientAuth\n' \
    "$(tls_names "$name")" >"$fresh/extensions"
  tls_openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=$name" \
    -keyout "$fresh/tls.key" -out "$fresh/request"
  tls_openssl x509 -req -in "$fresh/request" -CA "$tls/ca.crt" -CAkey "$tls/ca.key" -CAcreateserial \
    -days "$TLS_DAYS" -extfile "$fresh/extensions" -out "$fresh/tls.crt"
  find "$tls" -mindepth 1 -maxdepth 1 -type d -name "$name.*" ! -path "$fresh" ! -path "$(readlink -f "$tls/$name")" \
    -exec rm -rf -- {} +
  ln -sfn -- "$fresh" "$tls/.$name"
  mv -fT -- "$tls/.$name" "$tls/$name"
}

# tls_make: what is missing, near its end or of another authority is made; sets tls_renewed to those names.
tls_make() {
  local name
  tls_renewed=()
  (umask 077 && mkdir -p "$PLACE/secret/tls")
  tls_authority
  for name in "${IEUM_SERVICES[@]}" nats caller; do
    if ! openssl x509 -in "$(tls_file "$name" crt)" -noout -checkend $((TLS_RENEW_DAYS * 86400)) >/dev/null 2>&1 ||
      ! openssl verify -CAfile "$(tls_ca_file)" "$(tls_file "$name" crt)" >/dev/null 2>&1; then
      tls_issue "$name"
      tls_renewed+=("$name")
    fi
  done
}
