# shellcheck shell=bash
# Builds, one at a time per clone: two compilers in one build folder would break each other.

# Compiling a file that speaks gRPC takes up to 1.2 GB; more jobs than fit would end in swap.
readonly BUILD_JOB_MB=1200

build_jobs() {
  local cores memory_mb jobs
  cores=$(nproc)
  memory_mb=$(awk '/^MemAvailable:/ {print int($2 / 1024)}' /proc/meminfo)
  jobs=$((memory_mb / BUILD_JOB_MB))
  ((jobs < cores)) || jobs=$cores
  ((jobs > 0)) || jobs=1
  printf '%s\n' "${IEUM_JOBS:-$jobs}"
}

# Ninja's own line on a terminal; elsewhere a line every 25 steps and whatever is not progress.
build_progress() {
  if [[ -t 2 ]]; then
    cat >&2
  else
    awk '/^\[[0-9]+\/[0-9]+\] / { split($1, n, /[][\/]/)
           if (n[2] % 25 == 0 || n[2] == n[3]) { print "    " $1 " built"; fflush() } next }
         { print; fflush() }' >&2
  fi
}

build_ninja() {
  if [[ -t 2 ]]; then
    ninja -C "$1" -j "$(build_jobs)" "${@:2}" >&2
  else
    ninja -C "$1" -j "$(build_jobs)" "${@:2}" 2>&1 | build_progress
  fi
}

# build_preset PRESET [TARGET…]: configures when needed and builds; a lock makes others wait.
build_preset() {
  local preset=$1 folder=$IEUM_ROOT/build/$1 started=$SECONDS
  shift
  case $preset in
    dev | release | asan | tsan) ;;
    *) die "there is no build '$preset'" "One of: dev, release, asan, tsan." ;;
  esac
  mkdir -p "$folder" || die "cannot write $folder" "Whoever built first owns it: work as that user."
  exec 8>"$IEUM_ROOT/build/.lock"
  if ! flock -n 8; then
    note "another build of this clone is running; waiting for it"
    flock 8
  fi
  step "Build ($preset, $(build_jobs) jobs)"
  if [[ ! -f $folder/build.ninja ]]; then
    (cd "$IEUM_ROOT" && cmake --preset "$preset") >"$folder/configure.log" 2>&1 || {
      tail -n 25 "$folder/configure.log" >&2
      die "cmake could not configure" "The whole output is in $folder/configure.log."
    }
  fi
  build_ninja "$folder" "$@" || die "the build failed" "The first error is above; mend it and run again."
  note "built in $((SECONDS - started)) s"
  exec 8>&-
}
