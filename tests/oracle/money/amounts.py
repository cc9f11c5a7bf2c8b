# SPDX-License-Identifier: MIT
"""Exact amounts, their rounding, and models of price. A price gives, for so many units, what a whole period costs."""
from fractions import Fraction

UP, EVEN, DOWN, AWAY = 'half up', 'half even', 'down', 'up'
CURRENCIES = (('USD', 2), ('EUR', 2), ('JPY', 0), ('KWD', 3), ('CLF', 4))


def rounded(x, unit, mode):
    """x to a multiple of the unit, by its amount without the sign."""
    n = abs(Fraction(x)) / unit
    k, rest = n.numerator // n.denominator, n - n.numerator // n.denominator
    if mode == UP:
        k += rest >= Fraction(1, 2)
    elif mode == EVEN:
        k += rest > Fraction(1, 2) or (rest == Fraction(1, 2) and k % 2 == 1)
    elif mode == AWAY:
        k += rest > 0
    return k * unit * (-1 if x < 0 else 1)


def decimals(x):
    """A decimal fraction as text, as short as it goes."""
    x = Fraction(x)
    n = 0
    while (x * 10 ** n).denominator != 1:
        n += 1
        assert n < 20
    k = abs(x * 10 ** n).numerator
    s = str(k).rjust(n + 1, '0')
    return ('-' if x < 0 else '') + (s[:-n] + '.' + s[-n:] if n else s)


def plain(x, places):
    """With so many decimals, as in a result."""
    k = abs(x * 10 ** places)
    assert k.denominator == 1, x
    s = str(k.numerator).rjust(places + 1, '0')
    return ('-' if x < 0 else '') + (s[:-places] + '.' + s[-places:] if places else s)


def money(x, places, code):
    """As in an agreement: USD 4,500.00."""
    s = decimals(x)
    whole, _, part = s.partition('.')
    part = part.ljust(places, '0') if part or places else ''
    groups = ''
    while len(whole) > 3:
        groups, whole = ',' + whole[-3:] + groups, whole[:-3]
    return '%s %s%s%s' % (code, whole, groups, '.' + part if part else '')


class Money:
    """Writes amounts of one currency."""

    def __init__(self, code, places):
        self.code, self.places = code, places

    def __call__(self, x):
        return money(x, self.places, self.code)


class Flat:
    units = None

    def __init__(self, amount):
        self.amount = amount

    def value(self, _units, _period=None):
        return self.amount

    def text(self, cash):
        return [cash(self.amount)]


class PerUnit:
    """Each unit costs the same."""

    def __init__(self, amount, quantity, unit):
        self.amount, self.units, self.unit = amount, quantity, unit

    def value(self, units, _period=None):
        return units * self.amount

    def text(self, cash):
        return ['charge %s at %s per %s' % (self.units, cash(self.amount), self.unit)]


class Row:
    """Of a table of prices: `size` units (None: beyond), a flat part, an amount for each unit or each step of some."""

    def __init__(self, size, flat, each=None, step=None):
        self.size, self.flat, self.each, self.step = size, flat, each, step

    def price(self, units):
        total = self.flat or Fraction(0)
        if self.each is not None and self.step is None:
            total += units * self.each
        elif self.each is not None:
            word, n = self.step
            k = units / n
            whole = k.numerator // k.denominator
            total += self.each * (k if word == 'exact' else whole if word == 'whole' else whole + (k > whole))
        return total

    def text(self, cash, unit, units):
        parts = []
        if self.flat is not None:
            parts.append(cash(self.flat))
        if self.each is not None and self.step is None:
            parts.append('%s per %s' % (cash(self.each), unit))
        elif self.each is not None:
            parts.append('%s per %s %d %s' % (cash(self.each), self.step[0], self.step[1], units))
        return ' + '.join(parts)


class Tiers:
    """graduated: each row prices the units in its band. volume, stairstep: the row reached prices all."""

    def __init__(self, kind, quantity, unit, rows):
        self.kind, self.units, self.unit, self.rows = kind, quantity, unit, rows

    def value(self, units, _period=None):
        total, low = Fraction(0), Fraction(0)
        for i, row in enumerate(self.rows):
            high = None if row.size is None else low + row.size
            reached = i == 0 or units > low
            if self.kind == 'graduated':
                if reached:
                    total += row.price((units if high is None else min(units, high)) - low)
            elif reached and (high is None or units <= high):
                return row.price(units)
            low = high
        return total

    def text(self, cash):
        lines = ['%s by %s {' % (self.kind, self.units), '    %s | price' % self.units]
        for i, row in enumerate(self.rows):
            head = 'beyond' if row.size is None else '%s %s' % ('first' if i == 0 else 'next', decimals(row.size))
            lines.append('    %s | %s' % (head, row.text(cash, self.unit, self.units)))
        return lines + ['}']


class ByContractYear:
    units = None

    def __init__(self, first, then):
        self.first, self.then = first, then

    def value(self, _units, period):
        k = period.contract_year - 1
        return self.first[k] if k < len(self.first) else self.then

    def text(self, cash):
        return ['by contract year {', '    contract year | price'] + ['    %d | %s' % (i + 1, cash(x)) for i, x in enumerate(self.first)] + \
            ['    otherwise | %s' % cash(self.then), '}']
