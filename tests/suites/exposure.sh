#!/bin/sh
# SPDX-License-Identifier: MIT
# The worst case against the ledger: small ranges of quantities tried out whole (tests/oracle/exposure.py).
set -u
cd "$(dirname "$0")/../.." || exit 1
python=
for p in /usr/bin/python3 python3; do
    command -v "$p" >/dev/null 2>&1 && { python=$p; break; }
done
[ -n "$python" ] || { echo "not ok every-case: there is no python3"; exit 1; }
PYTHONDONTWRITEBYTECODE=1
export PYTHONDONTWRITEBYTECODE
out=$("$python" tests/oracle/exposure.py --msa "${MSA:-build/release/msa}" 2>&1)
status=$?
last=$(printf '%s\n' "$out" | tail -n 1)
if [ $status -eq 0 ]; then
    echo "ok every-case"
    echo "$last" >&2
else
    printf '%s\n' "$out" >&2
    echo "not ok every-case: $last"
fi
