#!/bin/sh
# SPDX-License-Identifier: MIT
# Each kind of expectation holds where it should, and fails where it should not; an adapter for nested JSON gives the results
# beside it (BLESS=1 writes them anew; read the difference).
set -u
cd "$(dirname "$0")/../.." || exit 1
MSA=${MSA:-build/release/msa}
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT

say() { if [ "$2" -eq 0 ]; then echo "ok $1"; else echo "not ok $1: $(head -1 "$3" | cut -c1-200)"; cat "$3" >&2; fi; }

"$MSA" test tests/data/expectations.msa >"$work/out" 2>&1
say expectations-hold $? "$work/out"

# With the opposite of a line, just that line must fail.
grep -n '^    expect ' tests/data/expectations.msa | cut -d: -f1 | while read -r line; do
    sed "${line}{
        s/ is P1\$/ is P2/; s/ is Gold\$/ is Silver/; t; s/ is Silver\$/ is Gold/; t; s/ is no\$/ is yes/; t; s/ is \"HQ\"/ is \"X\"/
        s/ 10:00\$/ 10:01/; t; s/due 2026-03-06 18:05/due 2026-03-06 18:06/; t; s/ closed at / open at /; t; s/ open at / closed at /; t
        s/is 100%/is 99%/; t; s/1 of 1\$/0 of 1/; t; s/1 of 2\$/2 of 2/; t; s/no data/100%/; t; s/1.5 h\$/1.6 h/; t; s/is 1\$/is 2/; t
        s/breached\$/met/; t; s/expect notify/expect no notify/; t; s/expect no notify/expect notify/
    }" tests/data/expectations.msa >"$work/other.msa"
    "$MSA" test "$work/other.msa" >"$work/out" 2>&1
    status=$?
    [ $status -eq 1 ] && grep -q "other.msa:$line\$" "$work/out" && [ "$(grep -c '^    .*other.msa:' "$work/out")" -eq 1 ]
    say "expectations-fail-$line" $? "$work/out"
done

"$MSA" test tests/data/expect_money.msa >"$work/out" 2>&1
say expectations-of-money-hold $? "$work/out"
grep -n '^    expect ' tests/data/expect_money.msa | cut -d: -f1 | while read -r line; do
    sed "${line}{
        s/expect active/expect suspended/; t; s/expect suspended/expect active/; t; s/expect terminated/expect active/; t; s/expect no right/expect right/; t
        s/expect right/expect no right/; t; s/expect refused/expect reject/; t; s/0\$/1/; t; s/1\$/2/; t; s/5\$/6/; t; s/7\$/8/; t; s/9\$/8/
    }" tests/data/expect_money.msa >"$work/other.msa"
    "$MSA" test "$work/other.msa" >"$work/out" 2>&1
    status=$?
    [ $status -eq 1 ] && grep -q "other.msa:$line\$" "$work/out" && [ "$(grep -c '^    .*other.msa:' "$work/out")" -eq 1 ]
    say "expectations-of-money-fail-$line" $? "$work/out"
done

"$MSA" eval tests/data/adapters/nested.msa tests/data/adapters/nested.ndjson --adapter nested --format ndjson >"$work/out" 2>&1
if [ -n "${BLESS:-}" ]; then cp "$work/out" tests/data/adapters/nested.expect; fi
cmp -s "$work/out" tests/data/adapters/nested.expect
say adapter-nested $? "$work/out"
