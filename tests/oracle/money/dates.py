# SPDX-License-Identifier: MIT
"""Periods and shares of them, by dates (days since 1970) alone: A4, A7."""
from fractions import Fraction

from oracle.calendar import DAY, day_of, month_length, ymd

MONTHS = {'month': 1, 'quarter': 3, 'year': 12, 'contract month': 1, 'contract year': 12}


def iso(day):
    return '%04d-%02d-%02d' % ymd(day)


def add_months(day, n):
    """31 January and a month is the last day of February."""
    y, m, d = ymd(day)
    k = y * 12 + m - 1 + n
    y, m = k // 12, k % 12 + 1
    return day_of(y, m, min(d, month_length(y, m)))


class Period:
    def __init__(self, kind, first, last, name, number):
        self.kind, self.first, self.last, self.name, self.number = kind, first, last, name, number

    @property
    def days(self):
        return self.last - self.first + 1

    @property
    def months(self):
        return MONTHS[self.kind]


def period_of(kind, day, effective):
    """The period that holds this date."""
    if kind in ('contract month', 'contract year'):
        n, k = MONTHS[kind], 0
        while add_months(effective, (k + 1) * n) <= day:
            k += 1
        while add_months(effective, k * n) > day:
            k -= 1
        first, last = add_months(effective, k * n), add_months(effective, (k + 1) * n) - 1
        return Period(kind, first, last, '%s to %s' % (iso(first), iso(last)), k + 1)
    y, m, _ = ymd(day)
    n = MONTHS[kind]
    m0 = (m - 1) // n * n + 1
    first = day_of(y, m0, 1)
    name = {'month': '%04d-%02d' % (y, m), 'quarter': '%04d-Q%d' % (y, (m + 2) // 3), 'year': '%04d' % y}[kind]
    return Period(kind, first, add_months(first, n) - 1, name, m)


def periods(kind, first, last, effective):
    out, day = [], first
    while day <= last:
        out.append(period_of(kind, day, effective))
        day = out[-1].last + 1
    return out


def share(period, first, last, basis):
    """Which part of the period its dates from first to last are."""
    if first <= period.first and last >= period.last or basis == 'none':
        return Fraction(1)
    if basis == 'day':
        return Fraction(last - first + 1, period.days)
    return Fraction(thirtieths(first, last) + 1, 30 * period.months)


def thirtieths(a, b):
    """Days from a to b where each month has thirty: the last day of a month ends it."""
    (y1, m1, d1), (y2, m2, d2) = ymd(a), ymd(b)
    d2 = 30 if d2 == month_length(y2, m2) else d2
    return 360 * (y2 - y1) + 30 * (m2 - m1) + d2 - min(d1, 30)


def days_360(a, b):
    """The same as lenders count it (30E/360): the 31st is a 30th, and february ends where it ends."""
    (y1, m1, d1), (y2, m2, d2) = ymd(a), ymd(b)
    return 360 * (y2 - y1) + 30 * (m2 - m1) + min(d2, 30) - min(d1, 30)


def start_of(zone, day):
    """The instant at which a date begins."""
    return zone.instant(day * DAY)
