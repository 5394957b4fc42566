# shellcheck shell=bash
# Faults: a suite of its own is tormented by a seeded schedule while clients work with it, and then
# audited. Everything lies in one temporary folder that is gone afterwards.

faults_run() {
  local preset
  preset=$(test_preset)
  deps_install
  build_preset "$preset" ieum-faults
  trap test_clean_up EXIT
  trap 'exit 130' INT TERM
  test_place
  step "Faults${*:+: $*}"
  # Journal and logs stay only when a law was broken.
  run_interruptible env IEUM_TEST_RUN="$PLACE" TMPDIR="$PLACE/tmp" \
    "$IEUM_ROOT/build/$preset/bin/ieum-faults" --keep "$IEUM_ROOT/out/faults" "$@"
}
