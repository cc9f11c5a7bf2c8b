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

# The ledger: four times the entries and changes within the same three years, and four times the years in which a debt is unpaid.
money() { # kind, n: what a run of `eval` takes
    case $1 in
    entries)
        cat >"$work/money.msa" <<'E'
agreement "Bench" { provider "P" ; customer "C" ; effective 2026-01-01 ; term 36 months ; currency USD, rounding half up ; timezone "America/New_York" }
use itil
calendar support { mon to fri 08:00 to 18:00 }
event work { start : instant ; time : duration, required ; role : text }
event hosts { host : text, required ; n : count, required }
rate engineer USD 150.00 per hour
rate senior USD 210.00 per hour
quantity seats from seats_changed { committed minimum 20 ; may fall by 10% of seats in each quarter }
quantity machines from hosts { by host }
fee per_seat { every month in advance ; graduated by seats { seats | price ; first 25 | USD 89.00 per seat ; beyond | USD 69.00 per seat } }
fee per_machine { every month in arrears ; USD 3.00 per machine }
fee after_hours { on work, the part outside support ; charge time at rate(role) times 1.5, in steps of 15 min, minimum 1 h }
fee in_hours { on work, the part inside support ; charge time at rate(role) ; 10 h free in each month }
invoices every month, due 30 days after issue
E
        awk -v n="$2" 'BEGIN {
            for (i = 0; i < n; i++) {
                s = int(i * 90000000 / n)
                at = sprintf("%04d-%02d-%02dT%02d:%02d:00Z", 2026 + int(s / 31104000), int(s / 2592000) % 12 + 1, int(s / 86400) % 28 + 1, int(s / 3600) % 24, int(s / 60) % 60)
                printf "{\"event\":\"work\",\"at\":\"%s\",\"start\":\"%s\",\"time\":\"%d min\",\"role\":\"%s\"}\n", at, at, 15 + i % 200, i % 2 ? "engineer" : "senior"
                if (i % 5 == 0) printf "{\"event\":\"seats_changed\",\"at\":\"%s\",\"seats\":%d}\n", at, 50 + i * 7 % 30
                if (i % 10 == 0) printf "{\"event\":\"hosts\",\"at\":\"%s\",\"host\":\"h%d\",\"n\":%d}\n", at, i % 1000, 1 + i % 5
            }
        }' </dev/null >"$work/money.ndjson"
        until=2029-02-01 ;;
    *)
        cat >"$work/money.msa" <<'E'
agreement "Debts" { provider "P" ; customer "C" ; effective 2026-01-01 ; term 3 months ; currency USD, rounding half up ; timezone "UTC" }
use itil
fee flat { USD 500.00 every month in advance }
fee reminder { once on overdue ; USD 40.00 }
series base_rate { from | rate ; 2026-01-01 | 3.00% ; 2030-07-01 | 2.00% }
invoices every month, due 30 days after issue
E
        case $1 in
        debt-floating) echo 'interest on overdue { 5 points above base_rate per year, simple, days over 365; from the day after due to the day of payment }' ;;
        debt-compound) echo 'interest on overdue { 9% per year, compound each year, days over 360; from the day after due to the day of payment ; rounded for each day }' ;;
        debt-months) echo 'interest on overdue { 1% per month, simple, started months; from the day after due to the day of payment }' ;;
        esac >>"$work/money.msa"
        : >"$work/money.ndjson"
        until=$((2026 + $2 / 50))-02-01 ;;
    esac
    valgrind --tool=callgrind --callgrind-out-file=/dev/null "$MSA" eval "$work/money.msa" "$work/money.ndjson" --as-of "$until" --format ndjson 2>&1 >/dev/null | sed -n 's/.*Collected : *\([0-9]*\).*/\1/p'
}
for kind in entries debt-floating debt-compound debt-months; do
    base=$(money $kind 1) small=$(money $kind 500) large=$(money $kind 2000)
    if [ -z "$base" ] || [ -z "$small" ] || [ -z "$large" ]; then
        echo "not ok money-$kind: could not be measured"
    elif [ $(((large - base) * 10)) -le $(((small - base) * 52 + 2000000)) ]; then
        echo "ok money-$kind"
    else
        echo "not ok money-$kind: $((small - base)) instructions for 500, $((large - base)) for 2000"
    fi
done
