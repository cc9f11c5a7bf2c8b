#!/bin/sh
# SPDX-License-Identifier: MIT
# Laws of the ledger: however a log is ordered or split, the same results (R1), over every example of money and every agreement
# of examples/ with a log; and what cannot be worked out is rejected whole (B1): all is as if the event had never come.
set -u
cd "$(dirname "$0")/../.." || exit 1
MSA=${MSA:-$PWD/build/release/msa}
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
if command -v python3 >/dev/null 2>&1; then
    PYTHONDONTWRITEBYTECODE=1 python3 tests/oracle/laws.py "$MSA" tests/data/money/*.msa examples/*/agreement.msa
else
    echo "ok order # skipped: there is no python3"
fi

cat >"$work/a.msa" <<'E'
agreement "T" { provider "P" ; customer "C" ; effective 2026-01-01 ; term 12 months ; currency USD, rounding half up ; timezone "UTC" }
use itil
event metered { units : number, required ; part : number }
event counted { seats : count, required }
fee fine { on metered ; charge units at USD 1,000,000.00 }
fee split { on metered when part is given ; USD 100.00 / part }
quantity seats from counted { may fall by 10% of seats in each quarter }
fee s { every month in arrears ; USD 1.00 per seat }
measure units_in_all { sum of units of metered ; each month }
rule "Told" { on metered when units above 1 ; notify "Someone" }
invoices every month, due 30 days after issue
E
# One line for each: good, or `!` and the reason.
cat >"$work/log" <<'E'
{"event":"metered","at":"2026-01-02T00:00:00Z","units":"1"}
!larger than 10^15 {"event":"metered","at":"2026-01-03T00:00:00Z","units":"90000000000"}
!division by zero {"event":"metered","at":"2026-01-04T00:00:00Z","units":"2","part":"0"}
{"event":"counted","at":"2026-01-05T00:00:00Z","seats":40}
!larger than 10^12 {"event":"counted","at":"2026-01-06T00:00:00Z","seats":9000000000000}
!larger than 10^15 {"event":"payment","at":"2026-01-07T00:00:00Z","amount":"99000000000000.00"}
{"event":"payment","at":"2026-01-07T00:00:00Z","amount":"10.00"}
{"event":"metered","at":"2026-02-02T00:00:00Z","units":"3","part":"3"}
E
sed 's/^![^{]*//' "$work/log" >"$work/all.ndjson"
sed 's/^!.*//' "$work/log" >"$work/good.ndjson"
for which in all good; do
    "$MSA" eval "$work/a.msa" "$work/$which.ndjson" --as-of 2026-03-02 --format ndjson --rejects "$work/$which.rejects" >"$work/$which.out" 2>"$work/$which.err"
    echo $? >"$work/$which.status"
    grep -v '"kind":"reject"' "$work/$which.out" | sed "s/$which\.ndjson//g" >"$work/$which.results"
    [ -f "$work/$which.rejects" ] || : >"$work/$which.rejects"
done
if [ "$(cat "$work/all.status" "$work/good.status" | tr '\n' ' ')" != "65 0 " ]; then
    cat "$work/all.err" "$work/good.err" >&2
    echo "not ok rejected-whole: status $(cat "$work/all.status") and $(cat "$work/good.status"), not 65 and 0"
elif ! cmp -s "$work/all.results" "$work/good.results"; then
    diff "$work/all.results" "$work/good.results" >&2
    echo "not ok rejected-whole: events that are rejected leave something behind"
else
    echo "ok rejected-whole"
fi
n=0
sed -n 's/^!\([^{]*\) {.*/\1/p' "$work/log" >"$work/reasons"
while read -r reason; do
    n=$((n + 1))
    if sed -n "${n}p" "$work/all.rejects" | grep -qF "$reason"; then echo "ok reason-$n"; else echo "not ok reason-$n: $(sed -n "${n}p" "$work/all.rejects" | cut -c1-200)"; fi
done <"$work/reasons"
