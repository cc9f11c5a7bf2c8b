#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The two years of examples/northwind, worked out a second time: fractions, dates and the clauses read by hand.

    northwind.py EVENTS.ndjson            prints one line for each amount: invoice, clause, what it is for, amount
    northwind.py EVENTS.ndjson RESULTS    compares them with the results of `msa eval --format ndjson`

It knows this one agreement and nothing of msa. Dates are local (America/New_York).
"""
import datetime as dt
import json
import sys
import zoneinfo
from fractions import Fraction as F

ZONE = zoneinfo.ZoneInfo("America/New_York")
START = dt.date(2026, 1, 1)
TERM_LAST = dt.date(2028, 12, 31)
HOLIDAYS = {dt.date.fromisoformat(d) for d in """2026-01-01 2026-01-19 2026-02-16 2026-05-25 2026-06-19 2026-07-03 2026-09-07 2026-10-12 2026-11-11 2026-11-26 2026-12-25
2027-01-01 2027-01-18 2027-02-15 2027-05-31 2027-06-18 2027-07-05 2027-09-06 2027-10-11 2027-11-11 2027-11-25 2027-12-24 2027-12-31""".split()}
DAY = dt.timedelta(days=1)


def cents(q):
    """Half up, away from zero."""
    n = abs(q) * 100
    whole = n.numerator // n.denominator
    if (n - whole) * 2 >= 1:
        whole += 1
    return -whole if q < 0 else whole


def month_first(d):
    return d.replace(day=1)


def next_month(d):
    return (d.replace(day=28) + 4 * DAY).replace(day=1)


def month_last(d):
    return next_month(d) - DAY


def hours(day):
    """Open minutes [from, to) of a date, or None."""
    if day in HOLIDAYS:
        return None
    if (day.month, day.day) >= (7, 1) and (day.month, day.day) <= (8, 31):
        return (480, 960) if day.weekday() < 5 else None
    if day.weekday() < 5:
        return (480, 720) if (day.month, day.day) == (12, 24) else (480, 1080)
    return (540, 780) if day.weekday() == 5 else None


def parts(start, minutes, inside):
    """Stretches of work within one day, in minutes."""
    a = start.hour * 60 + start.minute
    b = a + minutes
    open_ = hours(start.date())
    if not open_:
        return [] if inside else [minutes]
    lo, hi = open_
    if inside:
        n = min(b, hi) - max(a, lo)
        return [n] if n > 0 else []
    return [n for n in (min(b, lo) - a, b - max(a, hi)) if n > 0]


def open_minutes(a, b):
    n, day = 0, a.date()
    while day <= b.date():
        span = hours(day)
        lo = a.hour * 60 + a.minute if day == a.date() else 0
        hi = b.hour * 60 + b.minute if day == b.date() else 1440
        n += max(0, min(hi, span[1]) - max(lo, span[0])) if span else 0
        day += DAY
    return n


class Ledger:
    def __init__(self, events):
        self.events = events
        self.seats = {}
        level = base = 0
        quarter = None
        for e in self.of("seats_changed"):
            d = e["when"].date()
            q = (d.year, (d.month - 1) // 3)
            if q != quarter:
                quarter, base = q, level
            least = -((-base * 9) // 10)  # up to whole seats
            level = max(e["seats"], least) if e["seats"] < level else e["seats"]
            self.seats[d] = level
        self.tickets = {e["ticket"]: e for e in self.of("opened")}
        self.end = None
        for e in self.of("notice_given"):
            if e["right"] == "convenience":
                self.end = max(e["when"].date() + 90 * DAY, dt.date(2026, 12, 31))

    def of(self, kind):
        return [e for e in self.events if e["event"] == kind]

    def level(self, day, known):
        """Seats on a day as known at the end of another, at least 20."""
        n = 0
        for d, v in sorted(self.seats.items()):
            if d <= min(day, known):
                n = v
        return max(n, 20)

    # --- each charge: {key: cents} of a month, as known at the end of a day
    def flat(self, m, known):
        fee = F(4725) if m.year >= 2027 else F(4500)
        days = (month_last(m) - m).days + 1
        last = min(month_last(m), self.end_known(known))
        n = (last - m).days + 1
        return cents(fee * F(n, days)) if n > 0 else 0

    def end_known(self, known):
        for e in self.of("notice_given"):
            if e["right"] == "convenience" and e["when"].date() <= known:
                return self.end
        return dt.date(9999, 1, 1)

    def rate(self, e):
        return {"engineer": F(150), "senior": F(210)}[e["role"]]

    def after_hours(self, m):
        out = {}
        for e in self.of("worked"):
            if month_first(e["when"].date()) == m:
                units = sum((max(F(-(-n // 15) * 15, 60), F(1)) for n in parts(e["when"], e["minutes_"], False)), F(0))
                if units:
                    out[e["id"]] = cents(units * self.rate(e) * F(3, 2))
        return out

    def covered(self, e):
        t = self.tickets[e["ticket"]]
        return t["category"] in ("server", "workstation", "network") and t["kind"] in ("incident", "request")

    def out_of_scope(self, upto):
        """By month and event, free hours carried over two months."""
        lots, out, m = [], {}, START
        while m <= upto:
            lots = [x for x in lots if x[0] >= self.months_before(m, 2)] + [[m, F(10)]]
            out[m] = {}
            for e in self.of("worked"):
                if month_first(e["when"].date()) != m or self.covered(e):
                    continue
                inside = parts(e["when"], e["minutes_"], True)
                if not inside:
                    continue
                units = sum((F(-(-n // 15) * 15, 60) for n in inside), F(0))
                for lot in lots:
                    used = min(lot[1], units)
                    lot[1] -= used
                    units -= used
                amount = cents(units * self.rate(e))
                out[m][e["id"]] = 0 if m == START else amount
            m = next_month(m)
        return out

    @staticmethod
    def months_before(m, n):
        for _ in range(n):
            m = month_first(m - DAY)
        return m

    def attainment(self, m):
        met = missed = 0
        for t in self.of("opened"):
            if t["impact"] != "high" or month_first(t["when"].date()) != m:
                continue
            reply = next(e for e in self.of("message") if e["ticket"] == t["ticket"])
            if reply["when"] - t["when"] <= dt.timedelta(hours=1):
                met += 1
            else:
                missed += 1
        return F(met, met + missed) if met + missed else None

    def recoveries(self, m):
        """Of the outages of a month those with a credit: (day of it, back late, data old). Late is missed on the day it is due."""
        out, began = [], None
        for e in self.events:
            if e.get("service") != "ERP":
                continue
            if e["event"] == "outage_started":
                began = e["when"]
            if e["event"] == "outage_ended":
                n, unit = e.get("data_lost", "0 min").split()
                old = int(n) * {"h": 60, "min": 1}[unit] > 60
                late = e["when"] - began > dt.timedelta(hours=4)
                day = ((began + dt.timedelta(hours=4)) if late else e["when"]).date()
                if (late or old) and month_first(day) == m:
                    out.append((day, late, old))
        return out

    def answers(self):
        """Each question to the customer: ticket, due, when it was answered, minutes of support that its ticket took without the
        time in which the answer was late."""
        out = []
        for e in self.of("info_requested"):
            day, n = e["when"].date(), 0
            while n < 2:
                day += DAY
                n += hours(day) is not None
            due = dt.datetime.combine(day, dt.time(hours(day)[1] // 60, hours(day)[1] % 60), ZONE)
            given = next(x["when"] for x in self.of("info_given") if x["ticket"] == e["ticket"])
            solved = next(x["when"] for x in self.of("resolved") if x["ticket"] == e["ticket"])
            opened = self.tickets[e["ticket"]]["when"]
            used = open_minutes(opened, solved) - (open_minutes(due, given) if given > due else 0)
            out.append((e["ticket"], due, given, used))
        return out

    def missed_response(self, m, known):
        a = self.attainment(m)
        share = F(0) if a is None or a >= F(95, 100) else F(5, 100) if a >= F(90, 100) else F(15, 100)
        return -cents(F(self.flat(m, known), 100) * share)


def read(path):
    out = []
    with open(path, encoding="utf-8") as f:
        for line in f:
            e = json.loads(line)
            e["when"] = dt.datetime.fromisoformat(e.get("start", e["at"])).astimezone(ZONE)
            if e["event"] == "worked":
                e["minutes_"] = int(e["time"].split()[0])
            out.append(e)
    return out


class Books:
    """Invoice after invoice: what each charge comes to with what is known, less what was billed."""

    def __init__(self, ledger):
        self.l = ledger
        self.billed = {}
        self.lines = []       # (invoice, clause, about, cents)
        self.invoices = []    # dicts
        self.payments = sorted((e["when"], int(e["amount"].replace(".", "")), e["invoice"]) for e in ledger.of("payment"))
        self.stops = []

    def per_seat(self, m, known):
        days = (month_last(m) - m).days + 1
        total, d = F(0), m
        while d <= min(month_last(m), self.l.end_known(known)):
            n = self.l.level(d, known)
            if not any(a <= d <= (b if b <= known else dt.date(9999, 1, 1)) and a - DAY <= known for a, b in self.stops):
                total += (min(n, 25) * 89 + max(0, min(n, 100) - 25) * 79 + max(0, n - 100) * 69) * F(1, days)
            d += DAY
        return cents(total)

    def credits(self, m, known):
        """Section 6 and 10 of a month, in the order of days, then clauses, under 15 % of rent together."""
        rent = F(self.l.flat(m, known), 100)
        room = cents(rent * F(15, 100))
        found = []
        last = min(month_last(m), self.l.end_known(known))
        if last >= m.replace(day=15) and not any(m <= e["when"].date() <= m.replace(day=15) for e in self.l.of("patched")):
            found.append((last, "10.1", 10000))
        found.append((last, "6.3", -self.l.missed_response(m, known)))
        for day, _, _ in self.l.recoveries(m):
            found.append((day, "10.3", cents(rent * F(20, 100))))
        out = {}
        for _, clause, amount in sorted(found, key=lambda x: (x[0], [int(n) for n in x[1].split(".")])):
            amount = min(amount, room)
            room -= amount
            out[clause] = out.get(clause, 0) - amount
        return out

    def post(self, name, clause, about, now):
        key = (clause, about)
        diff = now - self.billed.get(key, 0)
        if diff:
            self.billed[key] = now
            self.lines.append((name, clause, about, diff))
        return diff

    def pay(self, upto):
        """Named invoices first, what is left to the oldest."""
        for p in [p for p in self.payments if p[0].date() <= upto]:
            left = p[1]
            for inv in [i for i in self.invoices if i["name"] == p[2]] + sorted(self.invoices, key=lambda i: i["due"]):
                n = min(left, inv["open"])
                if n > 0:
                    inv["open"] -= n
                    inv["paid"].append((p[0].date(), n))
                    left -= n
            self.payments.remove(p)

    def interest(self, inv, upto):
        total, d = F(0), inv["due"] + DAY
        while d <= upto:
            base = min(inv["total"] - sum(n for day, n in inv["paid"] if day < d), inv["bearing"])
            total += F(max(base, 0), 100) * F(18, 100) / 365
            d += DAY
        return cents(total)

    def issue(self, day, last):
        self.pay(day)
        m0 = month_first(day)
        name = m0.strftime("%Y-%m") + ("-2" if any(i["name"] == m0.strftime("%Y-%m") for i in self.invoices) else "")
        total = 0
        m = START
        while m <= m0:
            about = m.strftime("%Y-%m")
            total += self.post(name, "5.3", about, self.l.flat(m, day))
            total += self.post(name, "5.6", about, self.per_seat(m, day))
            if m < m0 or last:
                for e, v in self.l.after_hours(m).items():
                    total += self.post(name, "5.7", e, v)
                for e, v in self.l.out_of_scope(m)[m].items():
                    total += self.post(name, "5.8", e, v)
                for clause, v in self.credits(m, day).items():
                    total += self.post(name, clause, about, v)
            m = next_month(m)
        if day == START:
            total += self.post(name, "5.4", "once", 750000)
        if last:
            remaining, m = F(0), m0
            while m <= TERM_LAST:
                fee = F(4725) if m.year >= 2027 else F(4500)
                days = (month_last(m) - m).days + 1
                first = max(m, day + DAY)
                if first <= month_last(m):
                    remaining += F(cents(fee), 100) * F((month_last(m) - first).days + 1, days)
                m = next_month(m)
            total += self.post(name, "9.1", "settlement", cents(remaining / 2))
        bearing = total
        for inv in self.invoices:
            total += self.post(name, "7.2", inv["name"], self.interest(inv, day))
        if total or any(x[0] == name for x in self.lines):
            self.invoices.append({"name": name, "issued": day, "due": day + 30 * DAY, "total": total, "bearing": bearing, "open": total, "paid": []})

    def overdue_days(self, day):
        late = [(day - i["due"]).days for i in self.invoices if i["due"] < day and i["open"] > 0]
        return max(late) if late else -1

    def run(self, until):
        notice = None
        day = START
        suspended = False
        while day <= until:
            self.pay(day)
            for e in self.l.of("notice_given"):
                if e["right"] == "7.3" and e["when"].date() == day and self.overdue_days(day) >= 15:
                    notice = day + 5 * DAY
            if notice == day:
                self.stops.append([day + DAY, dt.date(9999, 1, 1)])
                notice, suspended = None, True
            elif suspended and self.overdue_days(day) < 0:
                self.stops[-1][1] = day
                suspended = False
            if day == self.l.end:
                self.issue(day, True)
            elif day == START or (day.day == 1 and day < self.l.end):
                self.issue(day, False)
            elif day.day == 1 and day > self.l.end:
                self.after(day)
            day += DAY

    def after(self, day):
        self.pay(day)
        name, total = day.strftime("%Y-%m"), 0
        for inv in list(self.invoices):
            total += self.post(name, "7.2", inv["name"], self.interest(inv, day))
        if total:
            self.invoices.append({"name": name, "issued": day, "due": day + 30 * DAY, "total": total, "bearing": 0, "open": total, "paid": []})


def compare(books, path):
    """Against the lines of `msa eval --format ndjson`: sums by invoice and clause. Gives the number of differences."""
    def by(lines):
        out = {}
        for name, clause, amount in lines:
            out[name, clause] = out.get((name, clause), 0) + amount
        return {k: v for k, v in out.items() if v}
    mine = by((n, c, a) for n, c, _, a in books.lines)
    theirs, totals, clocks = [], {}, {}
    with open(path, encoding="utf-8") as f:
        for line in f:
            r = json.loads(line)
            if r["kind"] == "line" and r.get("final"):
                theirs.append((r["invoice"], r["clause"], int(r["amount"].replace(".", ""))))
            if r["kind"] == "clock" and r["clock"] in ("answer_questions", "resolution"):
                clocks[r["clock"], r["ticket"]] = r
            if r["kind"] == "invoice" and r.get("final"):
                totals[r["invoice"]] = int(r["total"].replace(".", ""))
    theirs = by(theirs)
    wrong = 0
    for key in sorted(set(mine) | set(theirs)):
        if mine.get(key) != theirs.get(key):
            wrong += 1
            print("invoice %s, clause %s: %s here, %s there" % (*key, mine.get(key), theirs.get(key)))
    n_amounts, answers = len(set(mine) | set(theirs)), books.l.answers()
    for ticket, due, given, used in answers:
        here = ("met" if given <= due else "breached", due.isoformat(), "met" if used <= 24 * 60 else "breached", used * 60)
        answer, fix = clocks["answer_questions", ticket], clocks["resolution", ticket]
        there = (answer["state"], answer["due"], fix["state"], fix["elapsed"])
        if here != there:
            wrong += 1
            print("ticket %s: %s here, %s there" % (ticket, here, there))
    for inv in books.invoices:
        if totals.get(inv["name"]) != inv["total"]:
            wrong += 1
            print("invoice %s: %s here, %s there" % (inv["name"], inv["total"], totals.get(inv["name"])))
    print("%d amounts of %d invoices and %d duties compared, %d differences" % (n_amounts, len(books.invoices), len(answers), wrong))
    return wrong


def main():
    events = read(sys.argv[1])
    books = Books(Ledger(events))
    books.run(dt.date(2028, 2, 19))
    if len(sys.argv) > 2:
        sys.exit(1 if compare(books, sys.argv[2]) else 0)
    for line in books.lines:
        print("%s %-4s %-12s %10.2f" % (line[0], line[1], line[2], line[3] / 100))


main()
