# shellcheck shell=bash
# The platform without any service: a copy of the tree from which the services and their contracts
# are left out must build, and its tests must pass. They bring a small service of their own.

platform_alone() {
  local copy skip
  skip="^(services/($(IFS='|' && printf '%s' "${IEUM_SERVICES[*]}"))/|proto/ieum/($(IFS='|' && printf '%s' "${IEUM_SERVICES[*]}"))/)"
  copy=$(mktemp -d "${TMPDIR:-/tmp}/ieum-platform.XXXXXX")
  # shellcheck disable=SC2064  # the folder of this run
  trap "rm -rf -- '$copy'" EXIT
  step "A copy without services: $copy"
  (cd "$IEUM_ROOT" && git ls-files -z | grep -zvE "$skip" | xargs -0 cp --parents -t "$copy")
  "$copy/ieum" test unit_test integration_test simulation_test
}
