# SPDX-License-Identifier: MIT
"""Sums of lines, and what is made of them: discounts, floors over several fees, tax."""
from fractions import Fraction

from oracle.money.dates import add_months, period_of, periods, share


class Sum:
    """A named amount: so much of these fees, counted in one way, in one window. counted: earned, scheduled, invoiced, paid;
    window: month, contract year, term, or a number of months before the day."""

    def __init__(self, name, fees, counted='earned', window='month'):
        self.name, self.fees, self.counted, self.window = name, fees, counted, window

    def days(self, a, day):
        if self.window == 'term':
            return a.effective, a.last
        if isinstance(self.window, int):
            return add_months(day, -self.window), day - 1
        p = period_of(self.window, day, a.effective)
        return p.first, p.last

    def value(self, a, book, day, known):
        first, last = self.days(a, day)
        return sum((self.of(a, book, c, first, last, known) for c in a.charges if c.kind == 'fee' and (self.fees is None or c.name in self.fees)), Fraction(0))

    def of(self, a, book, c, first, last, known):
        if self.counted == 'invoiced':
            return sum((x for (d, name, _), x in book.lines.items() if name == c.name and first <= d <= last), Fraction(0))
        if self.counted == 'paid':
            total = Fraction(0)
            for v in book.invoices:
                mine = sum((x for (d, name, _), x in book.lines.items() if name == c.name and d == v.day), Fraction(0))
                got = sum((x for d, x in v.paid if first <= d <= last), Fraction(0))
                total += mine * got / v.total if v.total else 0
            return total
        f, l = c.stretch(a)
        f, l = max(f, first), min(l, last)
        if f > l:
            return Fraction(0)
        if c.once is not None:
            on = a.effective if c.once == 'effective' else a.last if c.once == 'end' else c.once
            if not c.stretch(a)[0] <= on <= c.stretch(a)[1]:
                return Fraction(0)
            if c.spread:
                return sum((x * days(b, e, f, l) for _, b, e, x in c.parts(a, on)), Fraction(0))
            return a.round(c.around(c.price.value(None))) if f <= on <= l else Fraction(0)
        if not c.every:
            return sum((a.round(x) for fact, x in c.of_facts(a, known) if f <= a.zone.date(fact['t']) <= l), Fraction(0))
        total = Fraction(0)
        mine = [x for x in known if c.price.units and x['event'].startswith(c.price.units + '_')]
        for p in periods(c.every, f, l, a.effective):
            b, e = max(p.first, c.stretch(a)[0]), min(p.last, c.stretch(a)[1])
            total += a.round(c.of_period(a, p, b, e, mine)) * days(b, e, f, l)
        return total

    def text(self):
        window = {'month': 'that month', 'contract year': 'the contract year', 'term': 'the term'}.get(self.window) or 'the %d months before' % self.window
        return '(%s, %s in %s)' % ('charges' if self.fees is None else ', '.join(self.fees), self.counted, window)


def days(b, e, f, l):
    """The share of the dates from b to e that lie between f and l."""
    n = min(e, l) - max(b, f) + 1
    return Fraction(max(n, 0), e - b + 1)


class Off:
    """What a discount takes off: a share of a sum, or an amount."""
    units = None

    def __init__(self, part=None, of=None, amount=None):
        self.part, self.of, self.amount = part, of, amount

    def credit(self, a, book, c, p, f, l, known):
        return self.amount if self.amount is not None else self.part * self.of.value(a, book, l, known)

    def text(self, percent, cash):
        return [cash(self.amount) if self.amount is not None else '%s of %s' % (percent(self.part), self.of.text())]


class Floor:
    """At least so much in each period for some fees together; by day in a part of one."""

    def __init__(self, amount, fees, every='month'):
        self.amount, self.every, self.sum = amount, every, Sum(None, fees)

    def periods(self, a, bill):
        for p in periods(self.every, a.effective, a.last, a.effective):
            if min(p.last, a.last) < bill.day or bill.last:
                yield p

    def lacks(self, a, book, p, known):
        f, l = max(p.first, a.effective), min(p.last, a.last)
        had = sum((self.sum.of(a, book, c, f, l, known) for c in a.charges if c.kind == 'fee' and c.name in self.sum.fees), Fraction(0))
        # Rounded, then less the rounded lines.
        return max(a.round(self.amount * share(p, f, l, 'day')) - a.round(had), Fraction(0))

    def text(self, cash):
        return 'minimum %s in each %s over %s' % (cash(self.amount), self.every, ', '.join(self.sum.fees))


class Tax:
    """On the fees, discounts and credits of an invoice: of their sum, or of each line; of lines whose day is one on which it holds."""

    def __init__(self, name, rate, each_line=False, first=None, last=None):
        self.name, self.rate, self.each_line, self.first, self.last = name, rate, each_line, first, last
        self.number = None

    def of(self, a, lines):
        mine = [x for day, x in lines if (self.first is None or day >= self.first) and (self.last is None or day <= self.last)]
        if not self.each_line:
            return a.round(self.rate * sum(mine, Fraction(0)))
        return sum((a.round(self.rate * x) for x in mine), Fraction(0))

    def text(self, percent):
        return 'tax %s { %s of (charges less credits)%s }' % (self.name, percent(self.rate), ' ; rounded on each line' if self.each_line else '')
