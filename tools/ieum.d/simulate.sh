# shellcheck shell=bash
# The simulator by command: as many schedules as wanted, or one of them again.

# simulate_run [--schedules N] [--seed N] [--replay SCHEDULE] [--go-on]: a thread a core.
simulate_run() {
  local binary=$IEUM_ROOT/build/dev/bin/ieum-simulate
  deps_install
  build_preset dev ieum-simulate
  "$binary" --threads "$(nproc)" "$@"
}
