# SPDX-License-Identifier: MIT
"""Invoices of an agreement: on each of its days, every formula again with what is known, less what was billed before (A4);
then payments, what is open, and interest on it."""
from fractions import Fraction

from oracle.calendar import day_of, ymd
from oracle.money.amounts import rounded
from oracle.money.charges import Charge
from oracle.money.dates import add_months, days_360, period_of, periods, share, start_of
from oracle.money.powers import Standing


class Agreement:
    def __init__(self, zone, cash, mode, effective, last, billing, charges):
        self.zone, self.cash, self.mode, self.effective, self.last, self.billing = zone, cash, mode, effective, last, billing
        self.charges = list(charges)
        self.quantities, self.calendars, self.rates, self.measures = {}, {}, {}, {}
        self.amendments = []    # (date, [(verb, number, what)])
        self.limits, self.duties = [], []
        self.caps, self.unused, self.together = [], 'forfeited', None
        self.due = ('days', 30)
        self.allocation, self.interest = 'oldest', None
        self.pays, self.disputes, self.rent = False, False, None
        self.sums, self.floors, self.taxes, self.powers = {}, [], [], []
        self.way_out = None     # WayOut
        self.minor = Fraction(1, 10 ** cash.places)

    def round(self, x):
        return rounded(x, self.minor, self.mode)


class WayOut:
    """A power to terminate: days of notice, months before which it does not end, a share of what remains of a fee (A6, A7)."""

    def __init__(self, title, notice, months, part, fee):
        self.title, self.notice, self.months, self.part, self.fee = title, notice, months, part, fee

    def last_day(self, a, given):
        """The day of the notice is day zero, the last of its days ends the agreement."""
        earliest = add_months(a.effective, self.months) - 1 if self.months else a.effective
        return max(given + self.notice, earliest)

    def remaining(self, a, last, term_last):
        """What the fee would have cost from the day after to the last day of the term."""
        c = next(c for c in a.charges if c.name == self.fee)
        total = Fraction(0)
        for p in periods(c.every, last + 1, term_last, a.effective):
            # By day: the line of the period over the days that it is for.
            first, l = max(p.first, a.effective), min(p.last, term_last)
            line = a.round(c.price.value(None, p) * share(p, first, l, c.prorated or 'day'))
            total += line * Fraction(l - max(p.first, last + 1) + 1, l - first + 1)
        return self.part * total


class Bill:
    """What an invoice of this day bills."""

    def __init__(self, a, day):
        self.day, self.last = day, day >= a.last
        self.period = period_of(a.billing, day, a.effective)
        self.name = self.period.name


def bills(a, as_of):
    """Effective date, first day of each billing period, last day of the agreement; later ones bring corrections only. An
    invoice is made at the end of its day, so the day before `as_of` is the last that can have one."""
    days, day = set(), a.effective
    while day < as_of:
        days.add(day)
        day = period_of(a.billing, day, a.effective).last + 1
    if a.last < as_of:
        days.add(a.last)
    return [Bill(a, day) for day in sorted(days)]


def ordered(events):
    """In order of time, by the log's order at one instant; each with its number in the log."""
    return [dict(events[i], number_=i) for i in sorted(range(len(events)), key=lambda i: (events[i]['t'], i))]


def known_by(facts, instant):
    return [f for f in facts if (f['known'] if f.get('known') is not None else f['t']) < instant]


def due_day(a, issued):
    """The last day for paying (A7): the day of the event is day zero."""
    kind, n = a.due[:2]
    if kind == 'days':
        return issued + n
    if kind == 'business':
        return a.calendars[a.due[2]].next_business_date(issued, n)
    day = issued + 1
    while ymd(day)[2] != n:
        day += 1
    return day


class Invoice:
    def __init__(self, bill, due):
        self.day, self.name, self.due = bill.day, bill.name, due
        self.total = self.interest = self.tax = Fraction(0)
        self.paid = []          # (day, amount)
        self.contested = None   # the part in dispute, or 'all'
        self.accrued = None     # (day, interest before it, the part of it that bears interest)

    def open(self, day):
        """When that day begins."""
        return self.total - sum((x for d, x in self.paid if d < day), Fraction(0))


class Interest:
    """Of a year or a month; compound: None, day, month; basis: 365, 360, actual, thirtieths, full months, started months."""

    def __init__(self, rate, per, basis, compound=None, daily=False):
        self.rate, self.per, self.basis, self.compound, self.daily = rate, per, basis, compound, daily
        self.half_year = self.net = False
        self.series = None      # [(first day, points)] for a rate that floats; `rate` is added

    def of_year(self, day, due):
        if self.half_year:
            # As of the last 1 January or 1 July before it was due.
            y, m, _ = ymd(due - 1)
            day = day_of(y, 1 if m < 7 else 7, 1)
        points = [x for d, x in self.series if d <= day][-1] if self.series else 0
        return (self.rate + points) * (12 if self.per == 'month' else 1)

    def months(self, due, day):
        """Whole months from due to that day, and started ones."""
        full = 0
        while add_months(due, full + 1) <= day:
            full += 1
        return full, full + (add_months(due, full) < day)

    def upto(self, a, invoice, last):
        """From the day after due to this day, both in."""
        due = invoice.due
        first, total, extra = invoice.accrued or (due + 1, Fraction(0), Fraction(0))
        for day in range(first, last + 1):
            base = min(invoice.open(day), invoice.total - invoice.interest)
            if self.net:
                base = base * (invoice.total - invoice.tax - invoice.interest) / (invoice.total - invoice.interest) if base > 0 else base
            if base <= 0:
                break
            year = self.of_year(add_months(due, self.months(due, day - 1)[0]) + 1 if 'months' in self.basis else day, due)
            if self.basis in ('full months', 'started months'):
                # What each day adds to the number of months.
                k = self.basis == 'started months'
                part = Fraction(self.months(due, day)[k] - self.months(due, day - 1)[k], 12)
            elif self.basis == 'thirtieths':
                part = Fraction(days_360(due, day) - days_360(due, day - 1), 360)
            else:
                y = ymd(day)[0]
                part = Fraction(1, {'365': 365, '360': 360, 'actual': 366 if y % 4 == 0 and (y % 100 or y % 400 == 0) else 365}[self.basis])
            x = (base + extra) * year * part
            if self.daily:
                x = a.round(x)
            total += x
            if self.compound == 'day' or self.compound == 'month' and self.months(due, day)[0] > self.months(due, day - 1)[0]:
                extra = total
        # What a day brings does not change later: a payment counts from its own day on.
        invoice.accrued = last + 1, total, extra
        return total


class Book:
    """All invoices of a log."""

    def __init__(self, a, events, as_of):
        self.a, self.as_of = a, as_of
        self.facts = ordered(events)
        self.lines, self.invoices, self.billed, self.remembered = {}, [], {}, {}
        self.each = {}          # by day of issue: what taxed lines come to
        self.said = {}          # (day, who, what): states, powers, what was refused
        self.standing = [Standing(p) for p in a.powers]
        self.stops = []         # [first day, last day or None, fees that go on]: suspensions
        self.stopped = None     # the first day of the one that lasts
        self.reminded = []
        self.credit_left = self.balance = Fraction(0)
        self.money = [f for f in self.facts if f['event'] in ('paid', 'contested', 'agreed') or f['event'] == 'told' and a.powers]
        if a.powers or any(c.event == 'overdue' for c in a.charges):
            return self.day_by_day()
        term_last, told = a.last, [f for f in self.facts if f['event'] == 'told'][:1]
        given = a.zone.date(told[0]['t']) if told else None
        end = a.way_out.last_day(a, given) if told else term_last
        a.last = end
        days = bills(a, as_of)
        for bill in days:
            # An invoice knows the end when it knows the notice.
            a.last = term_last if told and bill.day < given else end
            self.payments(start_of(a.zone, bill.day + 1))
            self.issue(bill, a.way_out.remaining(a, end, term_last) if told and bill.day == end else 0)
        a.last = term_last
        self.payments(start_of(a.zone, as_of))

    def day_by_day(self):
        """Where a power can change what follows."""
        a = self.a
        term_last, day = a.last, a.effective
        while day < self.as_of:
            self.payments(start_of(a.zone, day + 1))
            for s in self.standing:
                self.notice_ends(s, day)
            for s in self.standing:
                self.restored(s, day)
            for s in self.standing:
                self.arises(s, day)
            if day == a.effective or day == period_of(a.billing, day, a.effective).first or day == a.last:
                self.issue(Bill(a, day), 0)
            for v in self.invoices:
                # At the end of the first day after the last for paying.
                if v.due + 1 == day and v.open(day + 1) > 0:
                    self.say(day, 'overdue', v.name)
                    self.reminded.append(day)
            day += 1
        self.payments(start_of(a.zone, self.as_of))
        a.last = term_last

    # ---- powers ----
    def say(self, day, who, what):
        k = (day, who, what)
        self.said[k] = self.said.get(k, 0) + 1

    def owed(self, invoice, day, undisputed):
        """What is open of it when the day's payments until now are in."""
        x = invoice.open(day + 1)
        if undisputed and invoice.contested is not None:
            x = Fraction(0) if invoice.contested == 'all' else max(Fraction(0), x - invoice.contested)
        return x

    def paid_in_full(self, day):
        return not any(v.due < day and self.owed(v, day, True) > 0 for v in self.invoices)

    def noticed(self, f):
        day = self.a.zone.date(f['t'])
        s = next((s for s in self.standing if s.power.title == f['right']), None)
        p = s.power
        if day > self.a.last:
            pass
        elif s.last_day is None and not s.on and p.when.holds(self, day) and (p.within is None or s.since is None or day <= s.since + p.within):
            s.last_day, s.since = day + p.notice, None
            if p.verb == 'terminate':
                self.a.last = min(self.a.last, s.last_day)      # invoices made from now on know it
            self.say(day, p.title, 'notice')
            return
        self.say(day, p.title, 'refused')

    def notice_ends(self, s, day):
        if s.last_day is not None and s.power.verb == 'suspend' and self.paid_in_full(day):
            s.last_day = None
            self.say(day, s.power.title, 'cured')
        if s.last_day != day:
            return
        s.last_day = None
        p = s.power
        if p.verb == 'terminate':
            self.say(day, p.title, 'terminated')
        else:
            s.on = True
            self.say(day, p.title, 'suspended')
            self.stops.append([day + 1, None, p.goes_on, s])
            self.stopped = self.stopped if self.stopped is not None else day + 1

    def restored(self, s, day):
        if s.on and self.paid_in_full(day):
            s.on = False
            s.since = None
            self.say(day, s.power.title, 'restored')
            for stop in self.stops:
                if stop[3] is s and stop[1] is None:
                    stop[1] = day
            if not any(x.on for x in self.standing):
                self.stopped = None

    def arises(self, s, day):
        """When its condition begins to hold. A power that is being used neither arises nor lapses."""
        holds, held = s.power.when.holds(self, day), s.held
        s.held = holds
        if s.on or s.last_day is not None:
            return
        if holds and not held and s.since is None and day < self.a.last:
            s.since = day
            self.say(day, s.power.title, 'arisen')
        elif not holds and s.since is not None:
            s.since = None
            self.say(day, s.power.title, 'lapsed')

    def stands_still(self, c):
        """Its dates in suspensions, as far as they are known: one that lasts goes on."""
        return tuple((f, l) for f, l, goes_on, _ in self.stops if goes_on is not None and c.name not in goes_on)

    # ---- lines ----
    def line(self, bill, name, key, x, period, day=None):
        due = self.a.round(x) - self.billed.get(key, 0)
        if due:
            self.billed[key] = self.billed.get(key, 0) + due
            k = (bill.day, name, period)
            self.lines[k] = self.lines.get(k, 0) + due
            if key[0] not in ('interest', 'settled'):
                self.each.setdefault(bill.day, []).append((day, due))
        return due

    def issue(self, bill, settled):
        a = self.a
        known = known_by(self.facts, start_of(a.zone, bill.day + 1))
        fees, due = Fraction(0), due_day(a, bill.day)
        for c in a.charges:
            if c.kind in ('fee', 'discount'):
                gone = {k for k in self.billed if k[0] == c.ident}
                for key, x, period, day in self.worth(c, bill, known):
                    fees += self.line(bill, c.name, key, x, period, day)
                    gone.discard(key)
                for key in sorted(gone) if c.every else ():
                    # Billed ahead, and nothing is owed for it any more.
                    fees += self.line(bill, c.name, key, Fraction(0), key[1], bill.day)
        for floor in a.floors:
            for p in floor.periods(a, bill):
                fees += self.line(bill, 'minimum', ('minimum', floor, p.name), floor.lacks(a, self, p, known), p.name, min(p.last, a.last))
        for d in a.duties:
            for p, day, x in d.missed(a, known) if not d.credit else ():
                if day < bill.day or bill.last:
                    fees += self.line(bill, d.name, (d.name, p.name), x, p.name, day)
        if settled:
            fees += self.line(bill, a.way_out.title, ('settled',), settled, '')
        interest = Fraction(0)
        if a.interest:
            for invoice in self.invoices:
                if invoice.due < bill.day:
                    interest += self.line(bill, 'interest', ('interest', invoice.day), a.interest.upto(a, invoice, bill.day), '')
        fees += interest
        earned = self.credits(bill, known)
        made = Invoice(bill, due)
        same = sum(v.period == bill.period.first for v in self.invoices)
        made.period = bill.period.first
        if same:
            made.name += '-%d' % (same + 1)     # 2027-12-2: the second of its period
        made.interest = interest
        used = self.apply(bill, fees, earned)
        made.total = fees - used
        for tax in a.taxes:
            x = tax.of(a, self.each.get(bill.day, []))
            if x:
                self.lines[bill.day, tax.name, ''] = self.lines.get((bill.day, tax.name, ''), 0) + x
            made.tax += x
        made.total += made.tax
        if any(k[0] == bill.day for k in self.lines) or made.total:
            self.invoices.append(made)
            if made.total < 0:
                # Set against what is open, the rest against the next.
                made.paid.append((bill.day, made.total))
                self.balance += self.allot(-made.total, bill.day, None)
            elif self.balance:
                x = min(self.balance, made.total)
                made.paid.append((bill.day, x))
                self.balance -= x

    def worth(self, c, bill, known):
        a = self.a
        if c.every:
            q = c.price.units if c.kind == 'fee' else None
            mine = [f for f in known if f['event'].startswith(q + '_')] if q else []
            for p, f, l in c.due_periods(a, bill):
                if c.kind == 'discount':
                    yield (c.ident, p.name), -c.around(c.price.credit(a, self, c, p, f, l, known) * c.of_text(a, p, f, l)), p.name, l
                    continue
                still = self.stands_still(c)
                what = (c.ident, p.name, f, l, still, tuple(x['number_'] for x in mine if a.zone.date(x['t']) <= l))
                if what not in self.remembered:
                    self.remembered[what] = c.of_period(a, p, f, l, mine, still)
                yield (c.ident, p.name), self.remembered[what], p.name, l
        elif c.once is not None:
            on = a.effective if c.once == 'effective' else a.last if c.once == 'end' else c.once
            first, last = c.stretch(a)
            if not first <= on <= last:
                return
            if c.spread:
                for k, f, l, x in c.parts(a, on):
                    if f <= bill.day:
                        yield (c.ident, k), x, '', l
            elif on <= bill.day:
                yield (c.ident,), c.around(c.price.value(None)), '', on
        elif c.event == 'overdue':
            for i, day in enumerate(self.reminded):
                if day <= a.last and (period_of('month', day, a.effective).last < bill.day or bill.last):
                    yield (c.ident, i), c.around(c.price.value(None)), '', day
        else:
            for f, x in c.of_facts(a, known):
                p = period_of(c.bundle(), a.zone.date(f['t']), a.effective)
                if min(p.last, c.stretch(a)[1]) < bill.day or bill.last:
                    yield (c.ident, f['number_']), x, '', a.zone.date(f['t'])

    # ---- credits ----
    def credits(self, bill, known):
        """What credits bring with this invoice: caps take them in the order of days, then as written (A5)."""
        a = self.a
        found = []
        for i, c in enumerate(a.charges):
            if c.kind != 'credit':
                continue
            if c.every:
                for p, f, l in c.due_periods(a, bill):
                    found.append(((l, i, 0), c, (c.ident, p.name), c.around(c.price.credit(a, self, c, p, f, l, known)), p.name, l))
            else:
                for f in known:
                    day = a.zone.date(f['t'])
                    first, last = c.stretch(a)
                    p = period_of('month', day, a.effective)
                    if f['event'] == c.event and first <= day <= last and (min(p.last, last) < bill.day or bill.last):
                        x = c.around(c.price.credit(a, self, c, p, day, day, known))
                        found.append(((day, i, f['t']), c, (c.ident, f['number_']), x, '', day))
        for i, d in enumerate(a.duties):
            for p, day, x in d.missed(a, known) if d.credit else ():
                if day < bill.day or bill.last:
                    found.append(((day, len(a.charges) + i, 0), Charge(d.name), (d.name, p.name), x, p.name, day))
        earned, taken = Fraction(0), []
        found = [y for y in found if self.claimed(y[1], y[5], known)]
        if a.together == 'largest only':
            found = self.largest(found)
        for _, c, key, x, period, day in sorted(found, key=lambda y: y[0]):
            for cap in a.caps:
                x = min(x, max(Fraction(0), cap.limit(a, self, day, known) - sum((y for d, y in taken if cap.within(a, d, day)), Fraction(0))))
            x = a.round(x)
            taken.append((day, x))
            earned -= self.line(bill, c.name, key, -x, period, day)
        return earned

    def claimed(self, c, day, known):
        """Asked for by the last day, in, for the month (A7, A8)."""
        if c.claim is None:
            return True
        zone, p = self.a.zone, period_of('month', day, self.a.effective)
        return any(f['event'] == 'asked' and f['credit'] == c.name and p.first <= f['period'] <= p.last and zone.date(f['t']) <= p.last + c.claim for f in known)

    def largest(self, found):
        """Of the credits of a month one, the first of those that are equal."""
        best = {}
        for y in sorted(found, key=lambda y: y[0]):
            month = period_of('month', y[5], self.a.effective).first
            if month not in best or self.a.round(y[3]) > self.a.round(best[month][3]):
                best[month] = y
        return [y if best[period_of('month', y[5], self.a.effective).first] is y else y[:3] + (Fraction(0),) + y[4:] for y in found]

    def apply(self, bill, fees, earned):
        """How much credit this invoice takes; it does not go below zero for it unless the rest is paid out."""
        pool = self.credit_left + earned
        end = bill.last and 'paid out at the end' in self.a.unused
        used = pool if end else min(pool, max(fees, Fraction(0)))
        # Lines of their own: what comes from the invoice before, what waits or is forfeited.
        self.each.setdefault(bill.day, []).extend([(bill.day, -self.credit_left), (bill.day, pool - used)])
        self.credit_left = pool - used if 'carry over' in self.a.unused else Fraction(0)
        return used

    # ---- payments ----
    def payments(self, until):
        while self.money and self.money[0]['t'] < until:
            f = self.money.pop(0)
            day = self.a.zone.date(f['t'])
            if f['event'] == 'told':
                self.noticed(f)
                continue
            if f['event'] != 'paid':
                if all(v.name != f['invoice'] for v in self.invoices):
                    self.say(day, 'invoices', 'refused')
                for v in self.invoices:
                    if v.name == f['invoice']:
                        v.contested = None if f['event'] == 'agreed' else f.get('amount') or 'all'
                continue
            self.balance += self.allot(f['amount'], day, f.get('invoice'))

    def allot(self, left, day, told):
        """Pays what is open; what is left over is given back."""
        for invoice in self.targets(told, day):
            x = min(left, invoice.open(day + 1))
            if x:
                invoice.paid.append((day, x))
                left -= x
        return left

    def targets(self, told, day):
        them = [v for v in self.invoices if v.open(day + 1) > 0]
        if self.a.allocation == 'largest':
            them.sort(key=lambda v: (-v.open(day + 1), v.day))
        elif self.a.allocation == 'told' and told:
            them.sort(key=lambda v: v.name != told)
        return them
