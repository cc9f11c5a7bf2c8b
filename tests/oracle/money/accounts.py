# SPDX-License-Identifier: MIT
"""Prepaid hours: lots that come in and end, and what is drawn from them (item 5)."""
from fractions import Fraction

from oracle.money.dates import add_months, periods


class Lot:
    def __init__(self, first, last, hours):
        self.first, self.last, self.left = first, last, hours


class Account:
    """opening: hours; each: (hours, period); carry: months that unused hours of a period last longer; expires: months of a lot.
    order: oldest, newest, soonest."""

    def __init__(self, name, opening=None, each=None, carry=0, expires=None, order=None, whole=False):
        self.name, self.opening, self.each, self.carry, self.expires, self.order, self.whole = name, opening, each, carry, expires, order, whole

    def lots(self, a, facts):
        """Whatever is there for all of its first day and through its last."""
        def ends(day):
            return add_months(day, self.expires) if self.expires else 10 ** 6
        out = []
        if self.opening:
            out.append(Lot(a.effective, ends(a.effective), self.opening))
        if self.each:
            for p in periods(self.each[1], a.effective, a.last, a.effective):
                # To the end of the period, or of the month so many later.
                last = add_months(p.last + 1, self.carry) - 1
                out.append(Lot(max(p.first, a.effective), last, self.each[0]))
        for f in facts:
            if f['event'] == self.name + '_bought':
                day = a.zone.date(f['t'])
                out.append(Lot(day, ends(day), Fraction(f[self.name], 3_600_000_000)))
        return out

    def take(self, lots, day, hours):
        """What is left to be charged."""
        there = [x for x in lots if x.first <= day <= x.last and x.left]
        there.sort(key=lambda x: x.first)
        if self.order == 'newest':
            there.reverse()
        elif self.order == 'soonest':
            there.sort(key=lambda x: x.last)
        if self.whole and sum((x.left for x in there), Fraction(0)) < hours:
            return hours
        for x in there:
            took = min(x.left, hours)
            x.left -= took
            hours -= took
        return hours

    def text(self, hours):
        out = ['event %s_bought { %s : duration, required ; known : instant }' % (self.name, self.name), 'account %s {' % self.name, '    adds on %s_bought' % self.name]
        if self.opening:
            out.append('    opening ' + hours(self.opening))
        if self.each:
            out.append('    %s in each %s' % (hours(self.each[0]), self.each[1]))
            if self.carry:
                out.append('    unused carries over %d month%s' % (self.carry, '' if self.carry == 1 else 's'))
        if self.expires:
            out.append('    expires after %d month%s' % (self.expires, '' if self.expires == 1 else 's'))
        if self.order:
            out.append({'oldest': '    oldest first', 'newest': '    newest first', 'soonest': '    soonest to expire first'}[self.order])
        if self.whole:
            out.append('    whole entries only')
        return '\n'.join(out + ['    rest is forfeited', '}'])


class Drawn:
    """In the place of free hours: accounts, the second for what the first does not hold."""
    period = 'month'

    def __init__(self, accounts):
        self.accounts = accounts

    def open(self, a, facts):
        return [x.lots(a, facts) for x in self.accounts]

    def take(self, a, f, hours, used, _first):
        day = a.zone.date(f['start'])
        for x, lots in zip(self.accounts, used['lots']):
            hours = x.take(lots, day, hours)
        return hours
