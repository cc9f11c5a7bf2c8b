# SPDX-License-Identifier: MIT
"""Limits of liability at incidents, and duties by a day of each period (items 10, 12)."""
from fractions import Fraction

from oracle.money.dates import iso, periods


class Limit:
    """Of one party, to a sum as of the first incident or an amount; claims use it up, or each has all of it."""

    def __init__(self, of=None, amount=None, per_claim=False):
        self.of, self.amount, self.per_claim = of, amount, per_claim

    def incidents(self, a, book):
        out, left = {}, None
        mine = [f for f in book.facts if f['event'] == 'harm']
        for i, f in enumerate(mine):
            if left is None:
                day = a.zone.date(f['t'])
                total = a.round(self.amount if self.of is None else self.of.value(a, book, day, book.facts))
                left = total
            had = total if self.per_claim else left
            x = min(f['amount'], had)
            left = had - x
            k = (iso(a.zone.date(f['t'])), 'limit %d' % (i + 1))
            out.update({k + ('amount',): x, k + ('total',): total, k + ('open',): left})
        return out

    def text(self, cash):
        what = cash(self.amount) if self.of is None else self.of.text()
        return 'event harm { means incident ; kind : text ; amount : money }\nlimit liability of provider to %s%s' % (what, ' per claim' if self.per_claim else '')


class Duty:
    """By a day of every period, or its last; else something is owed."""

    def __init__(self, title, by, every, event, amount, credit):
        self.title, self.by, self.every, self.event, self.amount, self.credit = title, by, every, event, amount, credit
        self.name = title.lower().replace(' ', '_')

    def missed(self, a, known):
        for p in periods(self.every, a.effective, a.last, a.effective):
            day = min(p.first + self.by - 1, p.last)
            if not max(p.first, a.effective) <= day <= a.last:
                continue
            done = any(f['event'] == self.event and p.first <= a.zone.date(f['t']) <= day for f in known)
            yield p, min(p.last, a.last), Fraction(0) if done else self.amount

    def text(self, cash):
        return '%s must "%s" { by day %d of every %s ; done on %s ; else %s %s }' % (
            'provider' if self.credit else 'customer', self.title, self.by, self.every, self.event, 'credit' if self.credit else 'charge', cash(self.amount))
