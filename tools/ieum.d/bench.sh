# shellcheck shell=bash
# The benchmark: a suite of the release build on servers of its own, measured beside what the same
# machine can do at most. Everything lies in one temporary folder that is gone afterwards.

readonly BENCH_PAGE=docs/performance.md
readonly BENCH_BEGIN='<!-- measured: begin -->' BENCH_END='<!-- measured: end -->'

# bench_keep FOLDER COMMAND: puts the table of FOLDER into the page, with the command that made it.
bench_keep() {
  local page=$IEUM_ROOT/$BENCH_PAGE fresh=$PLACE/tmp/page
  if ! grep -qxF -- "$BENCH_BEGIN" "$page" || ! grep -qxF -- "$BENCH_END" "$page"; then
    die "$BENCH_PAGE has no place for a table" "It stands between $BENCH_BEGIN and $BENCH_END."
  fi
  {
    sed "/^$BENCH_BEGIN\$/q" "$page"
    # shellcheck disable=SC2016  # backquotes of Markdown
    printf '\nMeasured on %s with `%s`.\n\n' "$(date -u +%F)" "$2"
    cat "$1/bench.md"
    printf '\n'
    sed -n "/^$BENCH_END\$/,\$p" "$page"
  } >"$fresh"
  cat "$fresh" >"$page"
  note "the table stands in $BENCH_PAGE now"
}

# bench_help: without a build, which takes minutes.
bench_help() {
  cat <<'TEXT'
./ieum bench [--keep] [OPTION…] [ROW…]   measures the suite beside what this machine can do at most

  --keep                 write the table into docs/performance.md
  --quick                short rounds, small tables: for trying, not for saying
  --locked               calls over mutual TLS, as ./ieum up has them
  --rounds N             alternating rounds of each comparison
  --seconds S            seconds of each round
  --rebuild-events N     events of g6
  --organizations N      rows of the largest table of reads
  --people N             people of the larger registry of people
  --idle-transaction S   seconds of g10

Rows; all when none is named:
TEXT
  sed -n 's/^ *{"\([a-z0-9]*\)", "\(.*\)", Run.*/  \1\t\2/p' "$IEUM_ROOT/bench/rows/rows.cc" | expand -t 12
}

# bench_run [--keep] [ARG…]: builds and runs; --keep writes the table into the page.
bench_run() {
  local keep=no word words=() command="./ieum bench${*:+ $*}" out=$IEUM_ROOT/out/bench
  for word in "$@"; do
    case $word in
      -h | --help) bench_help && return ;;
      --keep) keep=yes ;;
      G[0-9]*) words+=("${word,,}") ;;
      *) words+=("$word") ;;
    esac
  done
  deps_install
  build_preset release ieum-bench
  # What is left behind when a run is interrupted is found by the mark that test runs carry, too.
  trap test_clean_up EXIT
  trap 'exit 130' INT TERM
  test_place
  mkdir -p "$out"
  step "Benchmark${*:+: $*}"
  run_interruptible env IEUM_TEST_RUN="$PLACE" TMPDIR="$PLACE/tmp" \
    "$IEUM_ROOT/build/release/bin/ieum-bench" --out "$out" "${words[@]}"
  note "table and figures: out/bench/bench.md, out/bench/bench.json"
  [[ $keep == no ]] || bench_keep "$out" "$command"
}
