#!/bin/sh
# SPDX-License-Identifier: MIT
# Amendments: each clause is charged by the version in force, a rate by that of the day of the work.
set -u
cd "$(dirname "$0")/../.." || exit 1
MSA=${MSA:-build/release/msa}
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT

cat >"$work/a.msa" <<'END'
agreement "A" { provider "P" ; customer "C" ; effective 2026-01-01 ; term 24 months ; currency EUR ; timezone "Europe/Berlin" }
use itil
section 5 "Fees" {
    5.1 rate engineer EUR 90.00 per hour
    5.3 fee flat { EUR 900.00 every month in advance, prorated by day }
    5.4 fee hours { on worked ; charge time at rate(role) }
    5.5 fee parking { EUR 10.00 every month in advance }
}
amendment 1 effective 2026-06-16 "Index" {
    replace 5.1 rate engineer EUR 95.00 per hour
    replace 5.3 fee flat { EUR 945.00 every month in advance, prorated by day }
    remove 5.5
    add 5.6 fee storage { EUR 30.00 every month in advance, prorated by day }
}
END
cat >"$work/events" <<'END'
{"at":"2026-06-01T10:00:00+02:00","event":"opened","ticket":"T1"}
{"at":"2026-06-15T12:00:00+02:00","event":"worked","ticket":"T1","start":"2026-06-15T10:00:00+02:00","time":"2 h","role":"engineer"}
{"at":"2026-06-16T12:00:00+02:00","event":"worked","ticket":"T1","start":"2026-06-16T10:00:00+02:00","time":"2 h","role":"engineer"}
END
cat >"$work/wanted" <<'END'
2026-05 flat 900.00
2026-05 parking 10.00
2026-06 flat 450.00
2026-06 flat 472.50
2026-06 hours 180.00
2026-06 hours 190.00
2026-06 parking 5.00
2026-06 storage 15.00
2026-07 flat 945.00
2026-07 storage 30.00
END
"$MSA" eval "$work/a.msa" "$work/events" --as-of=2026-07-31 --format=csv --columns=kind,period,charge,amount >"$work/all" 2>"$work/said" &&
    tr -d '\r' <"$work/all" | awk -F, '$1 == "line" && $2 >= "2026-05" && $2 <= "2026-07" { print $2, $3, $4 }' | sort >"$work/got"
if cmp -s "$work/wanted" "$work/got"; then echo "ok amendments-by-date"
else echo "not ok amendments-by-date: $(diff "$work/wanted" "$work/got" | tr '\n' ' '; head -c 300 "$work/said")"; fi

# A minimum over several fees is a fee: taxed like them.
cat >"$work/m.msa" <<'END'
agreement "A" { provider "P" ; customer "C" ; effective 2026-01-01 ; term 24 months ; currency EUR ; timezone "Europe/Berlin" }
fee flat { EUR 100.00 every month }
tax vat { 20% of (charges less credits) }
minimum EUR 150.00 in each month over flat
END
"$MSA" eval "$work/m.msa" /dev/null --as-of=2026-02-03 --format=csv --columns=kind,charge,amount >"$work/all" 2>"$work/said"
if grep -q '^line,vat,30.00' "$work/all"; then echo "ok minimum-is-taxed"; else echo "not ok minimum-is-taxed: $(head -c 300 "$work/all" "$work/said" | tr '\n' ' ')"; fi
