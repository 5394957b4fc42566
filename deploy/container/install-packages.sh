#!/bin/sh
# install-packages.sh LIST: what the list names and the image lacks. A base that was made with them
# (build-offline) is left as it is, to the byte.
set -eu
lacking=
# shellcheck disable=SC2013  # names of packages hold no spaces
for package in $(sed 's/#.*//' "$1"); do
  dpkg-query -W -f '${db:Status-Status}\n' "$package" 2>/dev/null | grep -qx installed || lacking="$lacking $package"
done
[ -n "$lacking" ] || exit 0
# No cluster of PostgreSQL comes with its package.
mkdir -p /etc/postgresql-common
echo 'create_main_cluster = false' >/etc/postgresql-common/createcluster.conf
apt-get update -q
# shellcheck disable=SC2086
DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $lacking
rm -rf /var/lib/apt/lists/* /var/cache/apt/archives/*.deb /var/log/*.log /var/log/apt
