# shellcheck shell=bash
# What operators ask of the suite of `up`, through ieumctl: doctor, progress, deadletters, erasures, backup,
# restore, vault, mails.

# operate_keys: the files that a backup takes, as a JSON object, by their names. What was put aside there
# (vault-registry.before-…: a key that was replaced, perhaps because somebody knew it) and what was left half
# written (….new) is not among them: its names go on behind a dot.
operate_keys() {
  local path comma=
  printf '{'
  for path in "$PLACE"/secret/vault-* "$PLACE"/secret/seal.key "$PLACE"/secret/issuer.key \
    "$PLACE"/secret/issuer-keys.json "$PLACE"/secret/seed-*; do
    [[ -f $path ]] || continue
    case ${path##*/} in vault-*.* | seed-*.*) continue ;; esac
    printf '%s"%s": "%s"' "$comma" "${path##*/}" "$path"
    comma=', '
  done
  printf '}'
}

# operate WORD…: the same words to ieumctl, which is told where the suite is.
operate() {
  place_need_running
  [[ -x $(ieumctl_binary) ]] || die "not built: $(ieumctl_binary)" "Run ./ieum build ${IEUM_PRESET:-release}."
  [[ -f $PLACE/suite.json ]] || die "the suite is not described: $PLACE/suite.json" "Run ./ieum up again."
  if [[ "$*" == 'backup verify'* ]]; then
    "$(ieumctl_binary)" "$@"
    return
  fi
  if [[ $1 == restore ]]; then
    pg_pid >/dev/null || pg_up
  fi
  "$(ieumctl_binary)" "$@" --suite "$PLACE/suite.json"
}
