#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The worst case against the ledger: every quantity of small ranges is tried, one run of `msa eval` each, and what is charged in a
month must not come to more than `msa exposure` says for it. For the charges named in `reached` some case must come to exactly
that. The sums are added up here, from the lines alone."""
import argparse
import collections
import decimal
import itertools
import json
import os
import subprocess
import sys
import tempfile

HEAD = '''agreement "Bounds" { provider "P" ; customer "C" ; effective 2026-01-01 ; term 12 months ; currency EUR, rounding half up ; timezone "UTC" }
use itil
'''

PRICES = HEAD + '''event travelled { km : number, required }
clock response of ticket { starts on opened ; stops on responded ; on closed stop ; target 4 h in 24x7 }
measure quality { share of response met ; each month }
section 5 "Fees" {
    5.1 quantity seats from seats_changed
    5.2 fee flat { EUR 1,000.00 every month in arrears }
    5.3 fee tiers { every month in arrears ; counted on the last day ; graduated by seats { seats | price ; first 4 | EUR 10.00 per seat ; next 3 | EUR 8.00 per seat ; beyond | EUR 6.00 per seat } }
    5.4 fee all_units { every month in arrears ; counted on the last day ; volume by seats { seats | price ; first 5 | EUR 10.00 per seat ; beyond | EUR 4.00 per seat } }
    5.5 fee stairs { every month in arrears ; counted on the last day ; stairstep by seats { seats | price ; first 3 | EUR 20.00 ; beyond | EUR 45.00 } }
    5.6 fee boxes { every month in arrears ; counted on the last day ; EUR 7.00 per started 5 of seats }
    5.7 fee bounded { every month in arrears ; counted on the last day ; EUR 3.00 per seat ; minimum EUR 5.00 ; maximum EUR 20.00 }
    5.8 fee trips { on travelled ; charge km at EUR 0.42 per km ; maximum EUR 9.00 }
    5.9 fee rides { on travelled ; charge km at EUR 0.42 per km ; maximum EUR 12.00 in each month }
    5.10 fee spare { every month in arrears ; counted on the last day ; if seats below 4 then (6 - seats) * EUR 2.00 per seat else EUR 1.00 }
    5.11 fee by_day { every month in arrears ; EUR 3.10 per seat ; counted by day }
    5.12 tax vat { 20% of (charges less credits) }
    5.13 amount rent = (flat, earned in that month)
}
section 6 "Credits" {
    6.1 credit slow { every month by quality { quality | credit ; at least 95% | 0% of rent ; from 50% to below 95% | 5% of rent ; below 50% | 8% of rent ; no data | 0% of rent } }
    6.2 credit sorry { on response breached ; EUR 15.00 }
    6.3 cap sorry at EUR 25.00 in each month
}
section 7 "Payment" { 7.1 invoices every month, due 30 days after issue }
section 8 "Liability" { 8.1 limit liability of provider to EUR 5,000.00 }
'''

WORK = HEAD + '''section 5 "Fees" {
    5.1 rate junior EUR 60.00 per hour
    5.2 rate senior EUR 100.00 per hour
    5.3 fee work { on worked ; charge time at rate(role) times 1.5, in steps of 15 min, minimum 1 h }
    5.4 fee rent { EUR 90.00 every month in arrears }
    5.5 discount loyal { 10% of rent_fee }
    5.6 minimum EUR 500.00 in each month over rent, work "At least"
    5.7 amount rent_fee = (rent, earned in that month)
}
section 7 "Payment" {
    7.1 invoices every month, due 5 days after issue
    7.2 interest on overdue { 12% per year, simple, days over 365 ; from the day after due to the day of payment }
}
liability of provider is not limited
'''


def price_cases():
    for seats, kms, missed in itertools.product(range(0, 10), ((), (30,), (1, 30), (30, 30)), range(0, 3)):
        events = [{"at": "2026-01-01T00:00:00Z", "event": "seats_changed", "seats": seats}]
        events += [{"at": "2026-01-05T1%d:00:00Z" % i, "event": "travelled", "km": km} for i, km in enumerate(kms)]
        for i in range(2):
            events.append({"at": "2026-01-06T10:00:00Z", "event": "opened", "ticket": "T%d" % i})
            events.append({"at": "2026-01-06T%d:00:00Z" % (20 if i < missed else 11), "event": "responded", "ticket": "T%d" % i})
        yield events


def work_cases():
    for role, minutes, times in itertools.product(("junior", "senior"), (10, 61, 120, 180), range(0, 3)):
        events = [{"at": "2026-01-02T08:00:00Z", "event": "opened", "ticket": "T1"}]
        for i in range(times):
            events.append({"at": "2026-01-%02dT10:00:00Z" % (7 + i), "event": "worked", "ticket": "T1", "role": role, "time": "%d min" % minutes})
        yield events


FAMILIES = [
    ("prices", PRICES, price_cases, "seats=0..9,trips=..2,rides=..2,km=0..30,sorry=..2,quality=0%..100%",
     ["flat", "tiers", "all_units", "stairs", "boxes", "bounded", "trips", "rides", "spare", "by_day", "slow", "sorry"]),
    ("work", WORK, work_cases, "time=0..3,work=..2,owed=..1000", ["work", "rent", "loyal"]),
]


def run(command, status=(0,)):
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode not in status:
        sys.exit("%s: status %d\n%s" % (" ".join(command), done.returncode, done.stderr[:2000]))
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]


def bounds(msa, path, given):
    most = {}
    for e in run([msa, "exposure", path, "--with", given, "--format", "json"]):
        if e["what"] != "liability" and not e.get("together"):
            most[e.get("name", "interest")] = decimal.Decimal(e["most"]) if "most" in e else None
    return most


def family(msa, folder, name, text, cases, given, reached):
    path, log = os.path.join(folder, name + ".msa"), os.path.join(folder, name + ".ndjson")
    with open(path, "w") as f:
        f.write(text)
    most, largest, n, wrong = bounds(msa, path, given), {}, 0, []
    for events in cases():
        n += 1
        with open(log, "w") as f:
            f.writelines(json.dumps(e) + "\n" for e in events)
        sums = collections.defaultdict(decimal.Decimal)
        for r in run([msa, "eval", path, log, "--as-of", "2026-03-15", "--format", "ndjson"]):
            if r["kind"] == "line" and "amount" in r:
                sums[r["charge"] if r["line"] != "interest" else "interest", r["period"]] += abs(decimal.Decimal(r["amount"]))
        for (charge, period), amount in sums.items():
            if charge not in most:
                wrong.append("%s: %s is charged and has no bound" % (name, charge))
            elif most[charge] is not None and amount > most[charge]:
                wrong.append("%s: %s of %s is %s, above its bound %s, with %s" % (name, charge, period, amount, most[charge], events))
            largest[charge] = max(largest.get(charge, decimal.Decimal(0)), amount)
    for charge in reached:
        if most.get(charge) is None or largest.get(charge) != most[charge]:
            wrong.append("%s: the bound of %s is %s, and %s is the largest that came about" % (name, charge, most.get(charge), largest.get(charge)))
    return n, wrong, most, largest


def main():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--msa", default="build/release/msa")
    p.add_argument("--show", action="store_true", help="print every bound beside the largest amount that came about")
    a = p.parse_args()
    total, bad = 0, []
    with tempfile.TemporaryDirectory() as folder:
        for f in FAMILIES:
            n, wrong, most, largest = family(a.msa, folder, *f)
            total += n
            bad += wrong
            if a.show:
                for charge in sorted(most):
                    print("%s %s: bound %s, largest %s" % (f[0], charge, most[charge], largest.get(charge)))
    for w in bad[:20]:
        print(w)
    print("%d cases, %d wrong" % (total, len(bad)))
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
