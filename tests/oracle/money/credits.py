# SPDX-License-Identifier: MIT
"""Credits by a figure of a period, by its steps, for each miss; caps on them: M1, A2, A5, A8."""
from fractions import Fraction

from oracle.money.dates import add_months, period_of, share


class Share:
    """A measure: of the events of a month, those that were good."""

    def __init__(self, name, event):
        self.name, self.event = name, event

    def value(self, a, p, facts):
        mine = [f for f in facts if f['event'] == self.event and p.first <= a.zone.date(f['t']) <= p.last and a.effective <= a.zone.date(f['t']) <= a.last]
        return Fraction(sum(f['good'] == 'yes' for f in mine), len(mine)) if mine else None


class Rent:
    """A named amount: what some fees earned in the month of a date."""

    def __init__(self, name, fees):
        self.name, self.fees = name, fees

    def value(self, a, book, day, known):
        month = period_of('month', day, a.effective)
        total = Fraction(0)
        for c in a.charges:
            if c.name in self.fees:
                first, last = c.stretch(a)
                f, l = max(first, month.first), min(last, month.last)
                if f > l:
                    continue
                p = period_of(c.every, f, a.effective)
                # By day: the line of the period over the days that it is for.
                line = c.around(c.price.value(None, p) * share(p, max(p.first, first), min(p.last, last), c.prorated or 'day'))
                total += a.round(line) * Fraction(l - f + 1, min(p.last, last) - max(p.first, first) + 1)
        return total


class Bands:
    """A share of an amount, by the band that holds the figure. Bands from the best down: (lower bound, that is in, share)."""
    units = None

    def __init__(self, measure, rent, bands, none):
        self.measure, self.rent, self.bands, self.none = measure, rent, bands, none

    def credit(self, a, book, c, p, f, l, known):
        v = a.measures[self.measure].value(a, p, known)
        part = self.none if v is None else next(x for low, x in self.bands if low is None or v >= low)
        return part * a.rent.value(a, book, l, known)

    def text(self, percent):
        rows = ['by %s {' % self.measure, '    %s | credit' % self.measure]
        for i, (low, x) in enumerate(self.bands):
            band = 'at least %s' % percent(low) if i == 0 else 'below %s' % percent(self.bands[i - 1][0]) if low is None else \
                'from %s to below %s' % (percent(low), percent(self.bands[i - 1][0]))
            rows.append('    %s | %s of %s' % (band, percent(x), self.rent))
        return rows + ['    no data | %s of %s' % (percent(self.none), self.rent), '}']


class Steps:
    """So much for each step of the figure below a bound."""
    units = None

    def __init__(self, measure, rent, part, word, step, below):
        self.measure, self.rent, self.part, self.word, self.step, self.below = measure, rent, part, word, step, below

    def credit(self, a, book, c, p, f, l, known):
        v = a.measures[self.measure].value(a, p, known)
        if v is None or v >= self.below:
            return Fraction(0)
        k = (self.below - v) / self.step
        whole = k.numerator // k.denominator
        n = k if self.word == 'exact' else whole if self.word == 'whole' else whole + (k > whole)
        return n * self.part * a.rent.value(a, book, l, known)

    def text(self, percent):
        return ['%s of %s per %s %s of %s below %s' % (percent(self.part), self.rent, self.word, percent(self.step), self.measure, percent(self.below))]


class Miss:
    """Of each happening: a fixed amount or a share."""
    units = None

    def __init__(self, amount=None, part=None, rent=None):
        self.amount, self.part, self.rent = amount, part, rent

    def credit(self, a, book, c, p, f, l, known):
        return self.amount if self.amount is not None else self.part * a.rent.value(a, book, l, known)

    def text(self, percent, cash):
        return [cash(self.amount) if self.amount is not None else '%s of %s' % (percent(self.part), self.rent)]


class Cap:
    """window: month, contract year, term, or a number of months: this one and those before."""

    def __init__(self, window, amount=None, part=None, rent=None):
        self.window, self.amount, self.part, self.rent = window, amount, part, rent

    number = None
    changes = ()                # (date, amount) of amendments

    def limit(self, a, book, day, known):
        later = [x for d, x in self.changes if d <= day]
        if later:
            return later[-1]
        return self.amount if self.amount is not None else self.part * a.rent.value(a, book, day, known)

    def within(self, a, d, day):
        """Does a credit of the date d use up room of one of `day`?"""
        if self.window == 'term':
            return True
        if isinstance(self.window, int):
            month = period_of('month', day, a.effective)
            return add_months(month.first, 1 - self.window) <= d <= month.last
        p = period_of(self.window, day, a.effective)
        return p.first <= d <= p.last

    def text(self, percent, cash):
        what = cash(self.amount) if self.amount is not None else '%s of %s' % (percent(self.part), self.rent)
        return 'cap credits at %s %s' % (what, 'over the term' if self.window == 'term' else 'in any %d months' % self.window if isinstance(
            self.window, int) else 'in each %s' % self.window)
