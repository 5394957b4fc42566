# shellcheck shell=bash
# Ground of the script: words to the user, who we are, processes known by pid and start time.

# The services, in the order in which they start: those of CMakeLists.txt.
read -ra IEUM_SERVICES < <(sed -n 's/^set(IEUM_SERVICES \(.*\))$/\1/p' "$IEUM_ROOT/CMakeLists.txt") || true
readonly IEUM_SERVICES

step() { printf '==> %s\n' "$*" >&2; }
note() { printf '    %s\n' "$*" >&2; }
warn() { printf '  ! %s\n' "$*" >&2; }

# die WHAT NEXT…: says what went wrong and what to do next, then ends the script.
die() {
  printf '\nieum: %s\n' "$1" >&2
  shift
  [[ $# -eq 0 ]] || printf '  -> %s\n' "$@" >&2
  exit 1
}

# no_words COMMAND WORD…: for commands that take nothing more.
no_words() {
  [[ $# -eq 1 ]] || die "$1 takes no more words: ${*:2}" "./ieum $1"
}

is_root() { [[ $(id -u) -eq 0 ]]; }

# as_root CMD…: as root directly or through sudo; dies when neither is possible.
as_root() {
  if is_root; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo -- "$@"
  else
    die "this needs root: $*" "Run it as root, or install sudo and allow it for $(id -un)."
  fi
}

# A service name may stand in a file name, a role and a command line: only known ones pass.
require_service() {
  local known
  for known in "${IEUM_SERVICES[@]}"; do
    [[ $known == "$1" ]] && return 0
  done
  die "there is no service '$1'" "The services are: ${IEUM_SERVICES[*]}."
}

# Field 22 of /proc/PID/stat: the pid alone may have been given to another process since.
process_start_time() {
  local stat
  # Not $(<file): where there is no such file, bash 5.2 ends the whole script without a word.
  stat=$(cat -- "/proc/$1/stat" 2>/dev/null) || return 1
  stat=${stat##*) }
  # shellcheck disable=SC2086
  set -- $stat
  [[ $1 != Z && $1 != X ]] || return 1
  printf '%s\n' "${20}"
}

# pid_remember FILE PID: so that later only this very process counts as ours.
pid_remember() {
  local started
  started=$(process_start_time "$2") || return 1
  printf '%s %s\n' "$2" "$started" >"$1"
}

# pid_alive FILE: prints the pid when the process written there still runs.
pid_alive() {
  local pid started
  [[ -f $1 ]] || return 1
  read -r pid started <"$1" || return 1
  [[ $(process_start_time "$pid") == "$started" ]] || return 1
  printf '%s\n' "$pid"
}

# pid_stop FILE SECONDS: TERM, wait, KILL; a file of a dead process is only removed.
pid_stop() {
  local pid tick
  if pid=$(pid_alive "$1"); then
    kill -TERM "$pid" 2>/dev/null || true
    for ((tick = 0; tick < $2 * 20; tick++)); do
      pid_alive "$1" >/dev/null || break
      sleep 0.05
    done
    if pid_alive "$1" >/dev/null; then
      warn "process $pid did not stop within $2 s and was killed"
      kill -KILL "$pid" 2>/dev/null || true
    fi
  fi
  rm -f -- "$1"
}

# run_interruptible CMD…: as if in the foreground, but a TERM or Ctrl-C is heard at once, not after
# the command's end. interrupt_running ends it in a clean-up; a later sweep finds its pid.
run_interruptible() {
  local status=0
  "$@" 8>&- 9>&- &
  running_pid=$!
  pid_remember "$PLACE/run/running.pid" "$running_pid" || true
  wait "$running_pid" || status=$?
  running_pid=
  return "$status"
}

interrupt_running() { [[ -z ${running_pid:-} ]] || kill -TERM "$running_pid" 2>/dev/null || true; }

# wait_until SECONDS CMD…: polls; 1 when the time is over.
wait_until() {
  local tick seconds=$1
  shift
  for ((tick = 0; tick < seconds * 20; tick++)); do
    "$@" && return 0
    sleep 0.05
  done
  return 1
}

# free_ports N [PORT…]: N loopback ports nobody listens on; the given ones are kept where still free.
free_ports() { /usr/bin/python3 "$IEUM_ROOT/deploy/local/free_ports.py" "$@"; }

# private_file FILE: stdin into a file that only its owner reads, never half written.
private_file() {
  local temporary=$1.$$
  (
    umask 077
    cat >"$temporary"
  )
  mv -f -- "$temporary" "$1"
}
