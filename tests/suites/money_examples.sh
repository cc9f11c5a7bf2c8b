#!/bin/sh
# SPDX-License-Identifier: MIT
# Money by example: each file of tests/data/money holds, and there are at least 150 expectations of amounts, days and states in all.
set -u
cd "$(dirname "$0")/../.." || exit 1
MSA=${MSA:-build/release/msa}
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT

all=0
for file in tests/data/money/*.msa; do
    name=$(basename "$file" .msa)
    "$MSA" test "$file" >"$work/out" 2>&1
    status=$?
    n=$(sed -n 's/^[0-9]* passed, 0 failed; \([0-9]*\) expectations\{0,1\}$/\1/p' "$work/out")
    if [ $status -eq 0 ] && [ "${n:-0}" -gt 0 ]; then
        echo "ok $name"
        all=$((all + n))
    else
        echo "not ok $name: $(grep -v '^ok ' "$work/out" | head -4 | tr '\n' ' ')"
        cat "$work/out" >&2
    fi
done
if [ "$all" -ge 150 ]; then echo "ok enough-examples"; else echo "not ok enough-examples: $all of 150 hold"; fi
