# shellcheck shell=bash
# Tests: one throw-away PostgreSQL for all of them (each test makes databases of its own), brokers by
# the tests themselves, everything in one temporary folder that is gone afterwards.

# test_place: sets PLACE. Short, because sockets lie in it; open to PostgreSQL's user.
test_place() {
  local base=${TMPDIR:-/tmp}
  place_fits "$base" || base=/tmp
  place_sweep "$base/ieum-test"
  place_new "$base/ieum-test"
  mkdir -m 1777 "$PLACE/tmp"
  chmod 1777 "$PLACE/tmp"
}

# Nothing here has to survive a power cut, and nobody but its owner reaches the socket.
test_postgres() {
  pg_make trust --no-sync
  pg_start listen_addresses= port=5432 unix_socket_permissions=0700 max_connections=300 \
    shared_buffers=128MB fsync=off full_page_writes=off max_wal_size=1GB
}

# Processes that carry this run's mark: a test that ends must have ended what it started.
test_leftovers() {
  local file pid
  # Looked at as both users that tests run processes as; what neither may read is not ours.
  { grep -zlxF "IEUM_TEST_RUN=$PLACE" /proc/[0-9]*/environ 2>/dev/null || true
    as_pg_user grep -zlxF "IEUM_TEST_RUN=$PLACE" /proc/[0-9]*/environ 2>/dev/null || true; } |
    sort -u | while IFS= read -r file; do
    pid=${file//[!0-9]/}
    ! process_start_time "$pid" >/dev/null || printf '%s\n' "$pid"
  done
}

test_kill_leftovers() {
  local pid
  for pid in $(test_leftovers); do
    kill -KILL "$pid" 2>/dev/null || true
  done
}

test_no_leftovers() { [[ -z $(test_leftovers) ]]; }

test_clean_up() {
  local status=$? pid
  trap - EXIT
  trap '' INT TERM
  interrupt_running
  # An interrupted run has processes left, of course; a finished one must not.
  if ((status < 128)) && [[ -n $PLACE ]] && ! wait_until 5 test_no_leftovers; then
    for pid in $(test_leftovers); do
      warn "a test left a process behind: $pid $(tr '\0' ' ' <"/proc/$pid/cmdline" 2>/dev/null | cut -c1-150)"
      ((status != 0)) || status=1
    done
  fi
  if [[ -n $PLACE ]]; then
    test_kill_leftovers
    pg_stop immediate || true
    rm -rf -- "$PLACE"
  fi
  exit "$status"
}

# Which build the tests come from: dev, or asan or tsan (IEUM_TEST_PRESET).
test_preset() { printf '%s' "${IEUM_TEST_PRESET:-dev}"; }

# test_select NAME…: sets test_selection, what ctest takes to run those that match any of the names,
# and test_wanted, what has to be built for them. Both are empty for everything.
test_select() {
  local IFS='|' folder names name targets
  folder=$IEUM_ROOT/build/$(test_preset)
  test_selection=() test_wanted=()
  [[ $# -gt 0 ]] || return 0
  build_preset "$(test_preset)" build.ninja
  test_selection=(-R "$*")
  names=$(ctest --test-dir "$folder" -N "${test_selection[@]}" 2>&1 | sed -n 's/^ *Test *#[0-9]*: *//p')
  [[ -n $names ]] || die "no test matches: $*" "All names: ctest --test-dir build/$(test_preset) -N"
  targets=$'\n'$(ninja -C "$folder" -t targets all)
  while IFS= read -r name; do
    # A test that is no program of its own may need any of the programs.
    [[ $targets == *$'\n'"$name: phony"* ]] || { test_wanted=() && return 0; }
    test_wanted+=("$name")
  done <<<"$names"
}

test_ctest() {
  local jobs
  jobs=$(nproc)
  ((jobs < 4)) || jobs=4
  run_interruptible env IEUM_TEST_RUN="$PLACE" TMPDIR="$PLACE/tmp" \
    IEUM_TEST_PG="host=$PLACE/pg/run port=5432 user=$PG_ADMIN" \
    LSAN_OPTIONS="suppressions=$IEUM_ROOT/tests/lsan.supp:print_suppressions=0" \
    UBSAN_OPTIONS=print_stacktrace=1 TSAN_OPTIONS="suppressions=$IEUM_ROOT/tests/tsan.supp" \
    ctest --test-dir "$IEUM_ROOT/build/$(test_preset)" --output-on-failure --no-tests=error -j "$jobs" \
    "${test_selection[@]}"
}

test_run() {
  deps_install
  test_select "$@"
  build_preset "$(test_preset)" "${test_wanted[@]}"
  trap test_clean_up EXIT
  trap 'exit 130' INT TERM
  test_place
  test_postgres
  step "Tests${*:+ matching: $*}"
  test_ctest
}
