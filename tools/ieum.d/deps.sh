# shellcheck shell=bash
# What apt.txt names: compared with what is installed, and only the missing part installed. No
# system service comes to life by it: no PostgreSQL cluster is made, nats-server is not started.

# deps_lacking: prints `package minimum installed|-` for each line of apt.txt that is not met.
deps_lacking() {
  command -v dpkg-query >/dev/null ||
    die "dpkg is not here: Ieum is built from Debian 12 packages" "Use Debian 12 or an image of it."
  local package minimum installed name version
  declare -A have=()
  while IFS=$'\t' read -r name version; do
    have[$name]=${version#*:}
  done < <(dpkg-query -W -f '${db:Status-Abbrev}\t${Package}\t${Version}\n' | sed -n 's/^ii *\t//p')
  while read -r package minimum _; do
    [[ -n $package && $package != \#* ]] || continue
    installed=${have[$package]:-}
    if [[ -z $installed ]] || ! dpkg --compare-versions "$installed" ge "$minimum"; then
      printf '%s %s %s\n' "$package" "$minimum" "${installed:--}"
    fi
  done <"$IEUM_ROOT/apt.txt"
}

# deps_apt_knows PACKAGE MINIMUM: whether the package lists at hand offer it new enough.
deps_apt_knows() {
  local candidate
  # apt-cache takes an unknown name for a pattern ("g++") and answers for others too.
  candidate=$(apt-cache policy "$1" 2>/dev/null |
    awk -v head="$1:" '/^[^ ]/ { wanted = $0 == head } wanted && $1 == "Candidate:" { print $2 }')
  [[ -n $candidate && $candidate != '(none)' ]] && dpkg --compare-versions "${candidate#*:}" ge "$2"
}

deps_apt() {
  as_root env DEBIAN_FRONTEND=noninteractive UCF_FORCE_CONFFOLD=1 apt-get -q -o DPkg::Lock::Timeout=300 \
    -o Dpkg::Use-Pty=0 "$@" </dev/null >>"$deps_log" 2>&1
}

deps_fail() {
  tail -n 25 "$deps_log" >&2 || true
  die "$1" "The whole output is in $deps_log." \
    "Check the network and /etc/apt/sources.list, then run the same command again."
}

# Before postgresql is unpacked: its package would make and start a cluster otherwise. A file that
# is already there is the owner's and stays.
deps_forbid_cluster() {
  [[ -e /etc/postgresql-common/createcluster.conf ]] && return
  as_root mkdir -p /etc/postgresql-common
  printf '%s\n' '# Written by ieum: it runs private clusters of its own and needs no system one.' \
    'create_main_cluster = false' | as_root tee /etc/postgresql-common/createcluster.conf >/dev/null
}

# policy-rc.d answering 101 keeps maintainer scripts from starting daemons. An existing one stays.
deps_forbid_starts() {
  [[ -e /usr/sbin/policy-rc.d ]] && return
  printf '%s\n' '#!/bin/sh' '# Temporary, by ieum, while it installs packages.' 'exit 101' |
    as_root tee /usr/sbin/policy-rc.d >/dev/null
  as_root chmod 755 /usr/sbin/policy-rc.d
  deps_wrote_policy=yes
}

deps_allow_starts() {
  [[ ${deps_wrote_policy:-no} == yes ]] || return 0
  as_root rm -f /usr/sbin/policy-rc.d
  deps_wrote_policy=no
}

# A package also asks to be started at the next boot; take that back, but only for what this very
# run brought onto the machine.
deps_disable_units() {
  local unit
  for unit in nats-server:nats-server postgresql:postgresql-15; do
    [[ " $* " == *" ${unit#*:} "* ]] || continue
    unit=${unit%%:*}
    # What `systemctl disable` does, also where systemctl is not there (an image, a container).
    as_root rm -f "/etc/systemd/system/multi-user.target.wants/$unit.service"
    [[ ! -x /etc/init.d/$unit ]] || as_root update-rc.d "$unit" disable >>"$deps_log" 2>&1 || true
  done
}

# dpkg holds a conffile question when the package brings its own createcluster.conf: keep ours.
deps_apt_install() {
  deps_apt install -y --no-install-recommends -o Dpkg::Options::=--force-confold "$@"
}

deps_install_packages() (
  deps_log=$(mktemp "${TMPDIR:-/tmp}/ieum-apt.XXXXXX.log")
  deps_wrote_policy=no
  trap deps_allow_starts EXIT
  trap 'exit 130' INT TERM
  local packages=() package minimum stale=no
  while read -r package minimum _; do
    packages+=("$package")
    deps_apt_knows "$package" "$minimum" || stale=yes
  done
  if [[ $stale == yes ]]; then
    note "fetching package lists"
    deps_apt update || deps_fail "apt-get update failed"
  fi
  note "installing ${#packages[@]} packages: ${packages[*]}"
  deps_forbid_cluster
  deps_forbid_starts
  if ! deps_apt_install "${packages[@]}"; then
    # Old lists name files that the mirror no longer has.
    { deps_apt update && deps_apt_install "${packages[@]}"; } || deps_fail "apt-get install failed"
  fi
  deps_disable_units "${packages[@]}"
  rm -f -- "$deps_log"
)

deps_say_lacking() {
  printf '%s\n' "$1" | while read -r package minimum installed; do
    note "$package >= $minimum ($([[ $installed == - ]] && echo 'not installed' || echo "has $installed"))"
  done
}

# deps_install: nothing to do is the common case and costs one dpkg-query.
deps_install() {
  local lacking
  lacking=$(deps_lacking)
  [[ -n $lacking ]] || return 0
  step "Packages of apt.txt that are missing"
  deps_say_lacking "$lacking"
  if ! is_root && ! command -v sudo >/dev/null; then
    die "installing packages needs root, and sudo is not here" \
      "As root: apt-get install --no-install-recommends $(cut -d' ' -f1 <<<"$lacking" | tr '\n' ' ')"
  fi
  deps_install_packages <<<"$lacking"
  lacking=$(deps_lacking)
  [[ -z $lacking ]] || die "apt offers older versions than apt.txt asks for: ${lacking//$'\n'/; }" \
    "Ieum is built and tested on Debian 12 (bookworm) with its updates."
}

deps_command() {
  local lacking
  if [[ ${1:-} == --check ]]; then
    lacking=$(deps_lacking)
    [[ -n $lacking ]] || { note "everything that apt.txt names is installed"; return 0; }
    deps_say_lacking "$lacking"
    die "packages are missing or too old" "Run ./ieum deps."
  fi
  deps_install
  note "everything that apt.txt names is installed"
}
