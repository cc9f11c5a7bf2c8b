# SPDX-License-Identifier: MIT
"""What a charge is worth for a period or for something that happened, with what is known: A1 to A4, A8."""
from fractions import Fraction

from oracle.calendar import DAY, union
from oracle.money.dates import add_months, period_of, periods, share


class Quantity:
    """A level that facts set, raise and lower. A change counts from its date on."""

    def __init__(self, name, unit, starts=None, committed=None, adds=None, takes=None):
        self.name, self.unit, self.starts, self.committed, self.adds, self.takes = name, unit, starts, committed, adds, takes
        self.fall = self.rise = None    # (share of the level or number, is it a share, period)
        self.effective, self.refused = None, []

    def text(self, number, cash):
        lines = ['quantity %s from %s_changed {' % (self.name, self.name), '    unit %s' % self.unit]
        if self.starts is not None:
            lines.append('    starts at %s' % number(self.starts))
        if self.committed is not None:
            lines.append('    committed minimum %s' % number(self.committed))
        if self.adds:
            lines += ['    adds on %s_added' % self.name, '    takes on %s_taken' % self.name]
        for word, x in (('fall', self.fall), ('rise', self.rise)):
            if x:
                lines.append('    may %s by %s in each %s' % (word, number(x[0] * 100) + '% of ' + self.name if x[1] else number(x[0]), x[2]))
        return lines + ['}']

    def bounded(self, n, day, history):
        """As far as it may fall or rise in the period of this day: from the level on the day before it, in whole units."""
        asked = n
        for x, sign in ((self.fall, -1), (self.rise, 1)):
            if x:
                first = period_of(x[2], day, self.effective).first
                base = [level for d, level in history if d < first][-1]
                bound = base + sign * (base * x[0] if x[1] else x[0])
                whole = bound.numerator // bound.denominator
                n = max(n, Fraction(whole + (bound > whole))) if sign < 0 else min(n, Fraction(whole))
        if n != asked:
            self.refused.append(day)
        return n

    def levels(self, facts, zone, first, last):
        """The level of each of these dates."""
        out, at, level = [], 0, self.starts or Fraction(0)
        mine = [f for f in facts if f['event'].startswith(self.name + '_')]
        history, self.refused = [(-10 ** 6, level)], []
        for day in range(first, last + 1):
            while at < len(mine) and zone.date(mine[at]['t']) <= day:
                f = mine[at]
                n = f[self.name]
                level = n if f['event'].endswith('_changed') else level + n if f['event'].endswith('_added') else level - n
                if self.fall or self.rise:
                    history.append((zone.date(f['t']), self.bounded(level, zone.date(f['t']), history)))
                at += 1
            if self.fall or self.rise:      # what is there, and what it counts as
                out.append(max(history[-1][1], self.committed) if self.committed is not None else history[-1][1])
                continue
            out.append(max(level, self.committed) if self.committed is not None else level)
        return out


class Charge:
    """A fee or a credit. Slots that are absent are None."""
    kind = 'fee'
    every = advance = once = event = None
    prorated = None             # day, thirtieths, none; None: no word, by day
    price = counted = free = factor = None
    least = most = unless_above = None
    sum_most = None             # (period, amount)
    first = last = None
    labour = None
    measure = None
    requires = None
    spread = None               # months in which a single sum is paid
    waived = None               # the last date on which nothing is asked for
    claim = None                # days after the month to claim a credit in
    title = None
    begins = ends = None        # by an amendment: the first and last dates of this text of it
    number = None               # of its clause

    def __init__(self, name, **slots):
        self.name = self.ident = name
        self.texts = [self]         # of one clause: what amendments made of it
        for k, v in slots.items():
            assert hasattr(self, k), k
            setattr(self, k, v)

    def stretch(self, a):
        """The dates on which it can be owed."""
        first = max(a.effective, self.first if self.first is not None else a.effective, self.waived + 1 if self.waived is not None else a.effective,
                    self.begins or a.effective)
        return first, min(a.last, self.last if self.last is not None else a.last, self.ends or a.last)

    def parts(self, a, on):
        """Of a single sum that is spread, for the months from its date on: what is left by the last day is owed with the last
        part that begins before it. The parts add up, and the first ones have what cannot be divided."""
        whole = a.round(self.around(self.price.value(None)))
        cents = abs(whole) / a.minor
        each, more = divmod(int(cents), self.spread)
        sizes = [(each + (k < more)) * a.minor * (-1 if whole < 0 else 1) for k in range(self.spread)]
        last = self.stretch(a)[1]
        begun = [k for k in range(self.spread) if add_months(on, k) <= last]
        for k in begun:
            yield k, add_months(on, k), min(add_months(on, k + 1) - 1, last), sum(sizes[k:]) if k == begun[-1] else sizes[k]

    # ---- recurring ----
    def due_periods(self, a, bill):
        """Periods that an invoice bills, with the dates of each on which the charge is owed."""
        first, last = self.stretch(a)
        for p in periods(self.every, first, last, a.effective):
            f, l = max(p.first, first), min(p.last, last)
            if f <= bill.period.last if self.advance else l < bill.day or bill.last:
                yield p, f, l

    def of_text(self, a, p, f, l):
        """What is owed whole for a part of a period is owed once: the texts of a clause share it by their days."""
        days = [min(c.stretch(a)[1], p.last) - max(c.stretch(a)[0], p.first) + 1 for c in self.texts]
        return Fraction(l - f + 1, sum(max(n, 0) for n in days))

    def of_period(self, a, p, f, l, facts, still=()):
        """`still`: dates on which it stands still, from and to (None: on and on)."""
        p.contract_year = period_of('contract year', f, a.effective).number
        basis = self.prorated or 'day'
        if self.price.units is None or self.price.units not in a.quantities:
            x = self.price.value(None, p) * (share(p, f, l, basis) if basis != 'none' else self.of_text(a, p, f, l))
            if still:
                going = [d for d in range(f, l + 1) if not any(b <= d and (e is None or d <= e) for b, e in still)]
                x = self.price.value(None, p) * Fraction(len(going), p.days)
        else:
            levels = a.quantities[self.price.units].levels(facts, a.zone, f, l)
            if self.counted is None or self.counted == 'by day':
                worth = {}
                for n in levels:
                    worth[n] = worth.get(n, 0) + 1
                days = p.days if basis == 'day' else len(levels)
                x = sum((self.price.value(self.after_free(n), p) * k for n, k in worth.items()), Fraction(0)) / days
            else:
                n = {'first': levels[0], 'last': levels[-1], 'peak': max(levels), 'average': sum(levels, Fraction(0)) / len(levels)}[self.counted]
                x = self.price.value(self.after_free(n), p) * share(p, f, l, basis)
        return self.around(x)

    def after_free(self, n):
        return max(n - self.free, Fraction(0)) if self.free is not None else n

    def around(self, x):
        """The pipeline: factor, floor and ceiling of each, nothing unless above."""
        if self.factor is not None:
            x *= self.factor
        if self.least is not None:
            x = max(x, self.least)
        if self.most is not None:
            x = min(x, self.most)
        if self.unless_above is not None and not x > self.unless_above:
            x = Fraction(0)
        return x

    # ---- of what happened ----
    def bundle(self):
        """Facts are billed when this period of theirs has ended."""
        return self.sum_most[0] if self.sum_most else self.labour.free.period if self.labour and self.labour.free else 'month'

    def of_facts(self, a, facts):
        """Each fact that is charged with what it is worth, in order of time. A ceiling over a period leaves
        what the lines before did not take, as they are billed."""
        first, last = self.stretch(a)
        left, used = {}, {}
        if self.labour and hasattr(self.labour.free, 'open'):
            used['lots'] = self.labour.free.open(a, facts)
        for f in facts:
            day = a.zone.date(f['t'])
            if f['event'] != self.event or not first <= day <= last:
                continue
            if self.labour:
                x = self.labour.worth(a, f, used, first)
            else:
                x = self.price.of_fact(f)
            x = self.around(x)
            if self.sum_most is not None:
                key = period_of(self.sum_most[0], day, a.effective).first
                x = min(x, left.setdefault(key, self.sum_most[1]))
                left[key] -= a.round(x)
            yield f, x


class OfFact:
    """An amount of one happening: a share of its amount, so much for each of its number, a fixed part."""
    units = None

    def __init__(self, share_of=None, each=None, fixed=None):
        self.share_of, self.each, self.fixed = share_of, each, fixed

    def of_fact(self, f):
        return (self.share_of * f['worth'] if self.share_of is not None else 0) + (self.each * f['pieces'] if self.each is not None else 0) + (
            self.fixed or Fraction(0))

    def text(self, cash, percent):
        parts = []
        if self.share_of is not None:
            parts.append('%s of worth' % percent(self.share_of))
        if self.each is not None:
            parts.append('pieces * %s' % cash(self.each))
        if self.fixed is not None:
            parts.append(cash(self.fixed))
        return ' + '.join(parts)


class Labour:
    """Work time as a pipeline in the order written (A3)."""

    def __init__(self, rate, steps, at_end=False, part=None, calendar=None, free=None):
        self.rate = rate            # amount an hour, or a dict by role
        self.steps = steps          # (word, value): steps, least, counts, times: hours or a number; least_money, most_money
        self.at_end, self.part, self.calendar, self.free = at_end, part, calendar, free

    def parts(self, a, f):
        b, e = f['start'], f['start'] + f['time']
        if self.part is None:
            return [Fraction(e - b, 3_600_000_000)]
        c = a.calendars[self.calendar]
        opened = union([x for day in range(b // DAY - 5, e // DAY + 4) for x in c.pieces(day)])
        inside = [(max(x, b), min(y, e)) for x, y in opened if max(x, b) < min(y, e)]
        if self.part == 'outside':
            cuts, at = [], b
            for x, y in inside + [(e, e)]:
                if at < x:
                    cuts.append((at, x))
                at = y
            inside = cuts
        return [Fraction(y - x, 3_600_000_000) for x, y in inside]

    def worth(self, a, f, used, first):
        hours = self.parts(a, f)
        if not hours:
            return Fraction(0)
        if self.at_end:
            hours = [sum(hours, Fraction(0))]
        rate = self.rate[f['role']] if isinstance(self.rate, dict) else self.rate
        if isinstance(rate, list):      # of the day on which the work begins
            rate = [x for day, x in rate if day <= a.zone.date(f['start'])][-1]
        done = [self.count(h) for h in hours]
        if self.free:
            done = [self.free.take(a, f, sum(done, Fraction(0)), used, first)]
        return sum((self.price(h * rate) for h in done), Fraction(0))

    def count(self, h):
        """What is written about time acts on time, in the order written."""
        for word, v in self.steps:
            if word == 'steps':
                k = h / v
                h = -(-k.numerator // k.denominator) * v
            elif word == 'least':
                h = max(h, v)
            elif word == 'counts':
                h *= v
        return h

    def price(self, x):
        """Factors, minimum and maximum amounts act on the money, in the order written."""
        for word, v in self.steps:
            x = x * v if word == 'times' else max(x, v) if word == 'least_money' else min(x, v) if word == 'most_money' else x
        return x


class Free:
    """So many hours free in each period; what is left of one can be used for some more, the oldest first."""

    def __init__(self, hours, period, carry=0):
        self.hours, self.period, self.carry = hours, period, carry

    def take(self, a, f, h, used, first):
        p = period_of(self.period, a.zone.date(f['t']), a.effective)
        known, q = [p], p
        for _ in range(self.carry):
            if q.first <= first:
                break
            q = period_of(self.period, q.first - 1, a.effective)
            known.append(q)
        for q in reversed(known):
            left = used.setdefault(q.first, self.hours)
            took = min(left, h)
            used[q.first] -= took
            h -= took
        return h
