#!/bin/sh
# SPDX-License-Identifier: MIT
# The independent oracle of money: first against hand-worked cases, then msa against it on random agreements and logs.
# MONEY_CASES, MONEY_SEED, MONEY_SECONDS change the run.
set -u
cd "$(dirname "$0")/../.." || exit 1
msa=${MSA:-$PWD/build/release/msa}
python=
for p in /usr/bin/python3 python3; do
    command -v "$p" >/dev/null 2>&1 && { python=$p; break; }
done
if [ -z "$python" ]; then
    echo "not ok random-agreements: there is no python3"
    exit 1
fi
PYTHONDONTWRITEBYTECODE=1
export PYTHONDONTWRITEBYTECODE
"$python" tests/oracle/money/selftest.py || [ $? -eq 1 ] || echo "not ok selftest: ended early"
if ! [ -x "$msa" ]; then
    echo "not ok random-agreements: there is no $msa"
    exit 1
fi
out=$("$python" tests/oracle/money/run.py --msa "$msa" --cases "${MONEY_CASES:-50000}" --seed "${MONEY_SEED:-1}" \
    --seconds "${MONEY_SECONDS:-60}" 2>&1)
status=$?
last=$(printf '%s\n' "$out" | tail -n 1)
if [ $status -eq 0 ]; then
    echo "ok random-agreements"
    echo "$last" >&2
else
    printf '%s\n' "$out" >&2
    echo "not ok random-agreements: $last"
fi

# Two years of a whole agreement, worked out a second time.
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
"$msa" eval examples/northwind/agreement.msa examples/northwind/events.ndjson --as-of 2028-02-20T00:00:00-05:00 --format ndjson >"$work/results" 2>"$work/err"
if "$python" tests/oracle/northwind.py examples/northwind/events.ndjson "$work/results" >"$work/found"; then
    echo "ok northwind"
else
    cat "$work/found" >&2
    echo "not ok northwind: $(tail -n 1 "$work/found")"
fi
