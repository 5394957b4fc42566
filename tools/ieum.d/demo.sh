# shellcheck shell=bash
# The demo: a suite of its own under a simulated clock, a programme year played through gRPC, the
# results in out/demo/. Whatever it started is stopped and removed, however it ends.

DEMO_SCENARIO=scenarios/bsn-2023

# demo_choose [YEAR]: a folder of scenarios/ that holds one.
demo_choose() {
  [[ $# -le 1 ]] || die "demo plays one year: $*" "./ieum demo [YEAR]"
  [[ $# -eq 0 || -f $IEUM_ROOT/scenarios/$1/scenario.json ]] || die "there is no year '$1'" \
    "One of: $(cd -- "$IEUM_ROOT/scenarios" && printf '%s\n' */scenario.json | sed 's|/.*||' | paste -sd' ')."
  DEMO_SCENARIO=scenarios/${1:-bsn-2023}
}

demo_clean_up() {
  local status=$?
  trap - EXIT
  trap '' INT TERM
  interrupt_running
  if [[ -n ${PLACE:-} && -d $PLACE ]]; then
    step "Stopping what the demo started"
    suite_stop || true
    mkdir -p "$IEUM_ROOT/out/demo/log"
    cp -f -- "$PLACE"/log/*.log "$PLACE"/pg/postgres.log "$IEUM_ROOT/out/demo/log/" 2>/dev/null || true
    rm -rf -- "$PLACE"
  fi
  ((status == 0)) || warn "the demo did not come to its end; logs: out/demo/log/"
  exit "$status"
}

demo_play() {
  local player=$IEUM_ROOT/build/release/bin/ieum-play out=$IEUM_ROOT/out/demo
  [[ -x $player ]] || die "the player is not built: $player" "See the build's output, or run ./ieum build release."
  [[ -d $IEUM_ROOT/$DEMO_SCENARIO ]] || die "$DEMO_SCENARIO is missing" "Restore it: git checkout -- scenarios"
  step "Playing $DEMO_SCENARIO"
  run_interruptible "$player" --scenario "$IEUM_ROOT/$DEMO_SCENARIO" --suite "$PLACE/suite.json" --out "$out" ||
    die "the player gave up" "Its reason is above; the services' logs are in out/demo/log/."
}

demo_keep_mails() {
  local out=$IEUM_ROOT/out/demo/mail
  mkdir -p "$out"
  find "$PLACE/mail" -name '*.eml' -exec cp -t "$out" -- {} +
  find "$out" -name '*.eml' | wc -l
}

demo_run() {
  local state started=$SECONDS mails
  demo_choose "$@"
  deps_install
  build_preset release
  state=$(place_state)
  suite_lock "$state" demo
  place_sweep "$state/demo"
  rm -rf -- "$IEUM_ROOT/out/demo"
  mkdir -p "$IEUM_ROOT/out/demo"
  trap demo_clean_up EXIT
  trap 'exit 130' INT TERM
  place_new "$state/demo"
  # The demo shows its own build and its own mails, whatever is set for `up`.
  unset IEUM_PRESET IEUM_SMTP_URL
  # shellcheck disable=SC2034  # read by suite.sh and services.sh
  SUITE_CLOCK=simulated
  suite_start
  demo_play
  mails=$(demo_keep_mails)
  step "Done in $((SECONDS - started)) s"
  note "report: out/demo/report.html"
  note "mails:  out/demo/mail/ ($mails files)"
  note "logs:   out/demo/log/"
}
