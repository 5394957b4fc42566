#!/usr/bin/env bash
# Compares apt.txt (name and minimum version) with what is installed; installs nothing.
exec "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")/../ieum" deps --check
