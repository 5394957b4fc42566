# shellcheck shell=bash
# Format and lint: C++ with clang-format, protos with buf (npm, in tools/), scripts with shellcheck.

readonly NODE_MAJOR_MIN=18
readonly BUF=$IEUM_ROOT/tools/node_modules/.bin/buf

# check_files TEST…: hand-written files for which these tests of find(1) hold, NUL between them.
# Third-party protos keep the shape in which they came.
check_files() {
  (cd "$IEUM_ROOT" && find . \( -path ./.git -o -path ./build -o -path ./.ieum -o -path ./out \
    -o -path ./proto/third_party -o -name node_modules \) -prune -o -type f "$@" -print0)
}

node_major() { node --version 2>/dev/null | sed -n 's/^v\([0-9]*\).*/\1/p'; }

# npm_tools: what tools/package-lock.json pins, installed when it is not there already.
npm_tools() {
  local lock=$IEUM_ROOT/tools/package-lock.json done_mark=$IEUM_ROOT/tools/node_modules/.package-lock.json
  [[ -f $lock ]] || die "$lock is missing" "Restore it: git checkout -- tools"
  if ! command -v npm >/dev/null || (($(node_major || true) + 0 < NODE_MAJOR_MIN)); then
    step "Node for the proto tools"
    printf '%s\n' "nodejs $NODE_MAJOR_MIN -" 'npm 9 -' | deps_install_packages
  fi
  [[ ! $done_mark -nt $lock || ! -x $BUF ]] || return 0
  step "npm tools of tools/package-lock.json"
  (cd "$IEUM_ROOT/tools" && npm ci --ignore-scripts --no-audit --no-fund </dev/null >&2) ||
    die "npm ci failed in tools/" "Check the network, or the registry in ~/.npmrc, and try again."
}

check_format() {
  [[ ${1:-} == '' || ${1:-} == --check ]] || die "fmt knows only --check" "./ieum fmt [--check]"
  deps_install
  if [[ ${1:-} == --check ]]; then
    step "Format of C++"
    (cd "$IEUM_ROOT" && check_files \( -name '*.h' -o -name '*.cc' \) | xargs -0 -r -P 2 -n 40 clang-format --dry-run -Werror) ||
      die "some files are not formatted" "Run ./ieum fmt."
    return
  fi
  (cd "$IEUM_ROOT" && check_files \( -name '*.h' -o -name '*.cc' \) | xargs -0 -r -P 2 -n 40 clang-format -i)
  if [[ -x $BUF ]]; then
    (cd "$IEUM_ROOT" && "$BUF" format -w)
  else
    note "protos were not formatted: run ./ieum lint once, it installs buf"
  fi
}

# Scripts by their ending or, without one, by their first line.
check_script_files() {
  check_files -name '*.sh'
  check_files ! -name '*.*' | (cd "$IEUM_ROOT" && xargs -0 -r grep -lZE '^#!.*\bbash\b') || true
}

check_scripts() {
  step "Scripts"
  (cd "$IEUM_ROOT" && check_script_files | xargs -0 -r shellcheck -x -P SCRIPTDIR -S style) ||
    die "shellcheck found faults" "Each has a page: https://www.shellcheck.net/wiki/SCnnnn"
}

check_protos() {
  local released=proto/released/v1.binpb
  step "Protos: lint, format, compatibility with $released"
  cd "$IEUM_ROOT" || exit
  "$BUF" lint || die "buf lint found faults in proto/" "They are above."
  "$BUF" format -d --exit-code || die "protos are not formatted" "Run ./ieum fmt."
  [[ -f $released ]] || die "$released is missing" "Restore it: git checkout -- proto/released"
  # An image is compared with an image: the workspace has a second module, of third-party protos.
  "$BUF" build --path proto/ieum -o - |
    "$BUF" breaking '-#format=binpb' --against "$released" --exclude-imports ||
    die "a contract was broken for those who use it already" "Add instead of changing, or open a v2 package."
}

check_lint() {
  deps_install
  check_scripts
  npm_tools
  (check_protos)
}
