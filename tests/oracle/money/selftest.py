#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The oracle of money against cases worked by hand."""
import os
import sys

sys.dont_write_bytecode = True
sys.path[0] = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from fractions import Fraction as F

from oracle.calendar import DAY, HOUR, MIN, Rules, Zone, day_of
from oracle.money.amounts import Flat, Money, PerUnit, Row, Tiers, decimals, money, rounded
from oracle.money.charges import Charge, Free, Labour, Quantity
from oracle.money.credits import Bands, Cap, Rent, Share, Steps
from oracle.money.dates import add_months, iso, period_of, share
from oracle.money.ledger import Agreement, Book, Interest

failed = 0
UTC = Zone('UTC')


def check(name, got, want):
    global failed
    if got == want:
        print('ok money-' + name)
    else:
        failed += 1
        print('not ok money-%s: got %s, expected %s' % (name, got, want))


def agreement(first, months, charges, billing='month', places=2, mode='half up'):
    return Agreement(UTC, Money('EUR', places), mode, first, add_months(first, months) - 1, billing, charges)


def at(y, m, d, us=0):
    return day_of(y, m, d) * DAY + us


def found(a, events=(), as_of=day_of(2030, 1, 1)):
    return {(iso(d), c, p): str(x) for (d, c, p), x in Book(a, list(events), as_of).lines.items()}


cents = F(1, 100)
check('rounding', [str(rounded(F(x), cents, m)) for m in ('half up', 'half even', 'down', 'up') for x in ('0.125', '-0.125', '0.1251', '0.135')],
      ['13/100', '-13/100', '13/100', '7/50', '3/25', '-3/25', '13/100', '7/50', '3/25', '-3/25', '3/25', '13/100', '13/100', '-13/100', '13/100', '7/50'])
check('text', [money(F(4500), 2, 'USD'), money(F('1234567.125'), 2, 'USD'), money(F(1000), 0, 'JPY'), decimals(F('0.05'))],
      ['USD 4,500.00', 'USD 1,234,567.125', 'JPY 1,000', '0.05'])
check('months', [iso(add_months(day_of(2024, 1, 31), n)) for n in (1, 2, 13)], ['2024-02-29', '2024-03-31', '2025-02-28'])
check('contract months', [period_of('contract month', day_of(2024, m, d), day_of(2024, 1, 31)).name for m, d in ((2, 28), (2, 29), (3, 31))],
      ['2024-01-31 to 2024-02-28', '2024-02-29 to 2024-03-30', '2024-03-31 to 2024-04-29'])
feb = period_of('month', day_of(2026, 2, 1), 0)
check('shares', [str(share(feb, feb.first + 14, feb.last, b)) for b in ('day', 'thirtieths', 'none')], ['1/2', '8/15', '1'])

# Graduated with flat parts, and a quantity that changes in mid-period.
rows = [Row(F(4), F(6), F(3)), Row(F(6), None, F('2.5')), Row(None, None, F(1), ('started', F(5)))]
t = Tiers('graduated', 'devices', 'device', rows)
check('graduated', [str(t.value(F(n))) for n in (0, 4, 5, 10, 11)], ['6', '18', '41/2', '33', '34'])
t = Tiers('graduated', 'seats', 'seat', [Row(F(4), None, F(12)), Row(None, None, F(8))])
a = agreement(day_of(2026, 4, 1), 1, [Charge('x', every='month', advance=False, price=t)])
a.quantities = {'seats': Quantity('seats', 'seat')}
check('mid-period', found(a, [{'t': at(2026, 4, 1), 'event': 'seats_changed', 'seats': F(3)}, {'t': at(2026, 4, 11), 'event': 'seats_changed', 'seats': F(6)}]),
      {('2026-04-30', 'x', '2026-04'): str(F('54.67'))})

# In advance: what was known, then the difference.
a = agreement(day_of(2026, 1, 16), 3, [Charge('flat', every='month', advance=True, price=Flat(F(310)))])
check('partial months', found(a), {('2026-01-16', 'flat', '2026-01'): '160', ('2026-02-01', 'flat', '2026-02'): '310', ('2026-03-01', 'flat', '2026-03'): '310',
                                   ('2026-04-01', 'flat', '2026-04'): '155'})
a = agreement(day_of(2026, 1, 1), 2, [Charge('s', every='month', advance=True, price=PerUnit(F(31), 'seats', 'seat'))])
a.quantities = {'seats': Quantity('seats', 'seat', starts=F(10))}
late = {'t': at(2026, 1, 30), 'event': 'seats_changed', 'seats': F(12)}
check('difference on the next', found(a, [late]), {('2026-01-01', 's', '2026-01'): '310', ('2026-02-01', 's', '2026-01'): '4', ('2026-02-01', 's', '2026-02'): '372'})
check('known later', found(a, [dict(late, known=at(2026, 2, 2))]), {('2026-01-01', 's', '2026-01'): '310', ('2026-02-01', 's', '2026-02'): '310',
                                                                    ('2026-02-28', 's', '2026-01'): '4', ('2026-02-28', 's', '2026-02'): '62'})

# Work time: split, steps, minimum, in the written order.
office = Rules(UTC, [[(8 * HOUR, 18 * HOUR)]] * 7)
work = {'t': at(2026, 3, 2, 7 * HOUR + 20 * MIN), 'start': at(2026, 3, 2, 7 * HOUR + 20 * MIN), 'time': 11 * HOUR, 'event': 'logged', 'job': 'J'}


def labour(*steps, **more):
    a = agreement(day_of(2026, 3, 1), 2, [Charge('w', event='logged', labour=Labour(F(60), list(steps), part='outside', calendar='office', **more))])
    a.calendars = {'office': office}
    return list(found(a, [work]).values())


check('outside', labour(), ['60'])
check('steps of each part', labour(('steps', F(1, 2))), ['90'])
check('steps at the end', labour(('steps', F(1, 2)), at_end=True), ['60'])
check('minimum of each part', labour(('least', F(1))), ['120'])
check('counted first', labour(('counts', F(3, 2)), ('steps', F(1))), ['120'])
check('steps first', labour(('steps', F(1)), ('counts', F(3, 2))), ['180'])
check('a factor is on the money', labour(('times', F(3, 2)), ('steps', F(1))), ['180'])
check('minimum amount, then factor', labour(('least_money', F(50)), ('times', F(2))), ['200'])
check('free', labour(free=Free(F(1, 2), 'month')), ['30'])

# Credits and their caps.
def credited(v, price, caps=()):
    a = agreement(day_of(2026, 3, 1), 2, [Charge('rent', every='month', advance=True, price=Flat(F(1000)))])
    a.rent, a.measures, a.caps = Rent('base', ['rent']), {'q': Share('q', 'call')}, list(caps)
    c = Charge('c', every='month', price=price)
    c.kind = 'credit'
    a.charges.append(c)
    events = [{'t': at(2026, 3, 2 + i), 'event': 'call', 'good': 'yes' if i < v else 'no'} for i in range(20)]
    return found(a, events).get(('2026-04-01', 'c', '2026-03'))


bands = Bands('q', 'base', [(F('0.95'), F(0)), (F('0.9'), F('0.05')), (None, F('0.15'))], F(0))
check('bands', [credited(n, bands) for n in (20, 19, 18, 17)], [None, None, '-50', '-150'])
check('cap', credited(17, bands, [Cap('month', None, F('0.1'), 'base')]), '-100')
check('steps of a figure', credited(17, Steps('q', 'base', F('0.04'), 'whole', F('0.02'), F('0.9'))), '-80')


# 2,400.00 for 40 days.
def interest(basis, rate=F('0.144'), amount=F(2400), days=40, due=day_of(2026, 4, 15), **more):
    a = agreement(day_of(2026, 1, 1), 1, [])
    bill = type('Bill', (), {'day': due - 30, 'name': ''})
    from oracle.money.ledger import Invoice
    v = Invoice(bill, due)
    v.total, v.paid = amount, [(due + days, amount)]
    return str(a.round(Interest(rate, 'year', basis, **more).upto(a, v, due + 400)))


check('interest', [interest(b) for b in ('365', '360', 'thirtieths', 'started months', 'full months')],
      [str(F(x)) for x in ('37.87', '38.40', '38.40', '57.60', '28.80')])
check('interest of each day', [interest('365', F('0.08'), F(5000), 60, daily=d) for d in (False, True)], [str(F('65.75')), '66'])
sys.exit(1 if failed else 0)
