# shellcheck shell=bash
# Faults: a suite of its own is tormented by a seeded schedule while clients work with it, and then
# audited. Everything lies in one temporary folder that is gone afterwards.

# faults_help: without a build, which takes minutes.
faults_help() {
  cat <<'TEXT'
./ieum faults [OPTION…]   a suite of its own under kills, halts and losses while clients work, then the audit

  --seed N            of load and schedule; may be repeated, each makes a run
  --random            one more run with a random seed
  --minutes M         length of each run, without set-up and audit (2)
  --only T1,T4        these kinds of fault only (docs/reliability.md has the list)
  --every-failpoint   kill a process at each failpoint, once, instead of what chance brings (T2)
  --soak              kinds T1 to T9, for eight hours unless told otherwise (T30)
  --clients N         that work at once
  --slack X           times as long to recover, on a busy machine
  --report FILE       the report of the last run
  --keep FOLDER       journal and logs when a law is broken (out/faults)
  --dry-run           print seed and schedule only
TEXT
}

faults_run() {
  local preset word
  for word in "$@"; do
    case $word in -h | --help) faults_help && return ;; esac
  done
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
