#!/usr/bin/env bash
# Runs validate-diff.mjs where node and the npm tools are; 77, ctest's "skipped", where they are not.
set -euo pipefail
here=$(cd -- "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")" && pwd)
if ! command -v node >/dev/null || [[ ! -d $here/node_modules/@bufbuild/protovalidate ]]; then
  echo 'skipped: node or the npm tools are not here; ./ieum lint installs them'
  exit 77
fi
exec node "$here/validate-diff.mjs" "$@"
