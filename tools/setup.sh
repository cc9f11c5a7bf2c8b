#!/bin/sh
# SPDX-License-Identifier: MIT
# Installs the Debian packages that are missing, and says which. Silent when all is there.
#     setup.sh build     what the program is built with
#     setup.sh test      that, and what the tests use
set -eu

packages='
flex bison gcc g++ make pkg-config
libgc-dev libsimdjson-dev libcctz-dev libcsv-dev libxxhash-dev libmd-dev libgmp-dev zlib1g-dev tzdata'
for_tests='libcmocka-dev python3 xz-utils'
[ "${1-test}" = build ] || packages="$packages $for_tests"

# Another system: the build itself will say what it lacks.
command -v dpkg-query >/dev/null 2>&1 || exit 0

missing=
for package in $packages; do
    # ii: wanted and installed. A package may also be provided by another (gcc by a newer gcc); Debian's names are meant here.
    state=$(dpkg-query -W -f='${db:Status-Abbrev}' "$package" 2>/dev/null || true)
    case $state in ii*) ;; *) missing="$missing $package" ;; esac
done
[ -n "$missing" ] || exit 0

if [ "$(id -u)" = 0 ]; then
    as_root=
elif command -v sudo >/dev/null 2>&1; then
    as_root=sudo
else
    echo "setup: packages are missing, installing them needs root, and there is no sudo. As root, run:" >&2
    echo "    apt-get install --no-install-recommends$missing" >&2
    exit 1
fi
echo "setup: installing the missing Debian packages$missing"
# sudo drops the environment, so the variable goes on its command line.
# shellcheck disable=SC2086 # words are meant
install() { $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $missing; }
# The lists may be missing or stale: fetch them once and try again.
install >/dev/null 2>&1 || { $as_root apt-get update -q && install; }
