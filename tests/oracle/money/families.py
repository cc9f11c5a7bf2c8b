# SPDX-License-Identifier: MIT
"""Families of random agreements: those of generate.py and what is built of several charges."""
from fractions import Fraction as F

from oracle.money import generate as G
from oracle.money.amounts import Flat
from oracle.money.charges import Charge
from oracle.money.dates import add_months
from oracle.money.generate import payable, random_agreement, random_instants
from oracle.money.sums import Floor, Off, Sum, Tax


def sums(r):
    """Discounts, fees that are spread or waived, floors over several fees, tax (items 2, 4, 9)."""
    a = random_agreement(r)
    a.billing = r.choice(['month'] * 3 + ['quarter', 'contract month'])
    for i in range(r.randrange(2, 5)):
        c = Charge('flat%d' % i, every=r.choice(['month'] * 3 + ['quarter', 'contract month']), advance=r.random() < .5, prorated=r.choice([None, 'day']),
                   price=Flat(payable(r, a.cash, 1, 900)))
        G.random_stretch(r, a, c)
        first, last = c.stretch(a)
        if r.random() < .2 and first < last:
            c.waived = r.randrange(first, last)
        a.charges.append(c)
    for i in range(r.randrange(0, 3)):
        on = r.choice(['effective', r.randrange(a.effective, a.last + 1)])
        a.charges.append(Charge('setup%d' % i, once=on, price=Flat(payable(r, a.cash, 1, 900)), spread=r.choice([None, 2, 3, 7, 12])))
    fees = [c.name for c in a.charges]
    for i in range(r.randrange(0, 3)):
        c = Charge('off%d' % i, every='month', advance=False)
        c.kind = 'discount'
        if r.random() < .3:
            c.price = Off(None, None, payable(r, a.cash, 1, 90))
        else:
            c.price = Off(F(r.randrange(1, 500), 1000), Sum(None, r.sample(fees, r.randrange(1, len(fees) + 1)), 'earned', 'month'))
        G.random_stretch(r, a, c)
        a.charges.append(c)
    if r.random() < .5:
        a.floors.append(Floor(payable(r, a.cash, 50, 2500), r.sample(fees, r.randrange(1, len(fees) + 1)), r.choice(['month', 'month', 'quarter'])))
    if r.random() < .5:
        a.taxes.append(Tax('vat', F(r.choice([7, 19, 20, 21, 25]), 100), r.random() < .5))
    as_of = r.randrange(a.effective + 5, a.last + 100)
    return a, [], as_of


FAMILIES = dict(G.FAMILIES, sums=sums)
