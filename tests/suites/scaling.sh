#!/bin/sh
# SPDX-License-Identifier: MIT
# Four times the agreement is about four times the work, in whatever dimension it is large (tests/bench/scale.awk): instructions
# counted, no clock. What has no end is refused, with a message.
set -u
cd "$(dirname "$0")/../.." || exit 1
MSA=${MSA:-build/release/msa}
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
generate() { awk -v kind="$1" -v n="$2" -f tests/bench/scale.awk </dev/null >"$work/$2.msa"; }

# The values of `doubling` are worked out once each, and rightly: 3 doubled ten times.
{
    printf 'agreement "D" { provider "P"; customer "C"; effective 2026-01-01; timezone "UTC" }\nuse itil\nvalue v0 of ticket = length(category)\n'
    for i in 1 2 3 4 5 6 7 8 9 10; do echo "value v$i of ticket = v$((i - 1)) + v$((i - 1))"; done
    echo 'rule "R" { on opened when v10 is 3072 and v9 is 1536 and not (v10 + v9 is 4607); notify "Right" }'
    echo 'example "doubled" { 2026-03-02 09:00 opened "T", category "abc"; expect notify "Right" at 2026-03-02 09:00 for "T" }'
    echo 'example "of another length" { 2026-03-02 09:00 opened "T", category "ab"; expect no notify "Right" for "T" }'
} >"$work/doubled.msa"
if "$MSA" test "$work/doubled.msa" >"$work/out" 2>&1; then echo "ok doubled-values"; else cat "$work/out" >&2; echo "not ok doubled-values: see above"; fi

refused() { # kind, n, code
    generate "$1" "$2"
    "$MSA" check "$work/$2.msa" >"$work/out" 2>&1
    status=$?
    if [ $status -eq 65 ] && grep -q "^error\[$3\]" "$work/out"; then echo "ok refused-$1"; else echo "not ok refused-$1: status $status, $(head -1 "$work/out")"; fi
}
refused values-forward 100000 E0213
refused values-backward 100000 E0213
refused calendars-chain 100000 E0213
refused calendars-forward 100000 E0213
refused doubling 400 E0701
generate doubling 40
if "$MSA" check "$work/40.msa" >/dev/null 2>&1; then echo "ok doubling-40"; else echo "not ok doubling-40: refused"; fi

if ! command -v valgrind >/dev/null 2>&1; then
    echo "ok scaling # skipped: no valgrind"
    exit 0
fi
count() {
    generate "$1" "$2"
    valgrind --tool=callgrind --callgrind-out-file=/dev/null "$MSA" check "$work/$2.msa" 2>&1 >/dev/null | sed -n 's/.*Collected : *\([0-9]*\).*/\1/p'
}
for kind in values clauses comments lines-before blank-lines-between separators braces-closed-wrong rows-text rows-collect rows-first rows-one-cell \
    rows-two-inputs rows-target rows-broken-wrong map-rows scale-values example-lines examples fields attributes calendars conditions in-list prose long-name; do
    base=$(count $kind 1) small=$(count $kind 500) large=$(count $kind 2000)
    if [ -z "$base" ] || [ -z "$small" ] || [ -z "$large" ]; then
        echo "not ok scaling-$kind: could not be measured"
    elif [ $(((large - base) * 10)) -le $(((small - base) * 52 + 2000000)) ]; then
        echo "ok scaling-$kind"
    else
        echo "not ok scaling-$kind: $((small - base)) instructions for 500, $((large - base)) for 2000"
    fi
done
