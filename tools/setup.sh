#!/bin/sh
# SPDX-License-Identifier: MIT
# Installs the Debian packages this project is built with. `--check` only says what is missing (status 1 if anything).
set -eu

packages='
flex bison gcc g++ make pkg-config
libgc-dev libsimdjson-dev libcctz-dev libcsv-dev libxxhash-dev libmd-dev zlib1g-dev tzdata
libcmocka-dev'

if ! command -v dpkg-query >/dev/null 2>&1; then
    if [ "${1-}" = --check ]; then exit 0; fi # another system: the build itself will say what it lacks
    echo "setup: this is not a Debian system; install what corresponds to:" $packages >&2
    exit 1
fi

missing=
for package in $packages; do
    # ii: wanted and installed. A package may also be provided by another (gcc by a newer gcc); Debian's names are meant here.
    state=$(dpkg-query -W -f='${db:Status-Abbrev}' "$package" 2>/dev/null || true)
    case $state in ii*) ;; *) missing="$missing $package" ;; esac
done
[ -n "$missing" ] || { [ "${1-}" = --check ] || echo "setup: everything is installed"; exit 0; }

if [ "${1-}" = --check ]; then
    echo "missing Debian packages:$missing" >&2
    echo "run: make setup" >&2
    exit 1
fi

if [ "$(id -u)" = 0 ]; then
    as_root=
elif command -v sudo >/dev/null 2>&1; then
    as_root=sudo
else
    echo "setup: installing packages needs root, and there is no sudo. As root, run:" >&2
    echo "    apt-get install --no-install-recommends$missing" >&2
    exit 1
fi
echo "setup: installing$missing"
# sudo drops the environment, so the variable goes on its command line.
# shellcheck disable=SC2086 # words are meant
install() { $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $missing; }
# The lists may be missing or stale: fetch them once and try again.
install || { $as_root apt-get update && install; }
