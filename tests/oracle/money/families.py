# SPDX-License-Identifier: MIT
"""Families of random agreements: those of generate.py and what is built of several charges."""
from fractions import Fraction as F

from oracle.calendar import DAY, HOUR, MIN, US, ymd
from oracle.money import generate as G
from oracle.money.accounts import Account, Drawn
from oracle.money.amounts import Flat, PerUnit
from oracle.money.charges import Charge
from oracle.money.credits import Cap, Miss
from oracle.money.dates import periods
from oracle.money.generate import payable, random_agreement
from oracle.money.ledger import Book, Interest
from oracle.money.limits import Duty, Limit
from oracle.money.powers import Overdue, Power, Suspended
from oracle.money.sums import Floor, Off, Sum, Tax
from oracle.money.text import percent


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


def some_payments(r, a, events, as_of, share):
    """Of some of the invoices, late and in parts, at instants of their own."""
    for v in Book(a, events, as_of).invoices:
        if r.random() > share:
            continue
        day, left = v.due + r.randrange(-8, 60), v.total
        while left > 0 and a.effective < day < as_of:
            x = left if r.random() < .7 else min(left, payable(r, a.cash, 1, 900))
            add(r, a, events, day, 'paid', amount=x, invoice=v.name if r.random() < .5 else None)
            left -= x
            day += r.randrange(1, 30)


def add(r, a, events, day, event, **fields):
    """At an instant of that date that no other event has."""
    for _ in range(9):
        t = a.zone.instant(day * DAY + r.choice([0, 9 * HOUR, 10 * HOUR + 7 * MIN, 17 * HOUR + 13 * MIN, 23 * HOUR, DAY - US]))
        if a.zone.date(t) == day and all(e['t'] != t for e in events):
            events.append(dict(t=t, event=event, **fields))
            return


def suspensions(r):
    """Overdue debts, disputes, powers to suspend and to terminate for it, fees that stand still (item 9)."""
    a = random_agreement(r)
    a.billing = r.choice(['month'] * 4 + ['quarter', 'contract month'])
    a.pays = a.disputes = True
    a.due = ('days', r.choice([0, 7, 14, 30]))
    a.allocation = r.choice(['oldest', 'largest', 'told'])
    for i in range(r.randrange(2, 4)):
        a.charges.append(Charge('flat%d' % i, every=r.choice(['month'] * 4 + ['quarter', 'contract month']), advance=r.random() < .7, prorated=r.choice([None, 'day']),
                                price=Flat(payable(r, a.cash, 1, 900))))
    fees = [c.name for c in a.charges]
    if r.random() < .3:
        a.charges.append(Charge('reminder', event='overdue', price=Flat(payable(r, a.cash, 1, 40))))
    if r.random() < .4:
        a.interest = Interest(F(r.randrange(10, 240), 1000), 'year', r.choice(['365', '360']))
    days = r.choice([0, 5, 10, 15])
    going = r.choice([None, r.sample(fees, r.randrange(1, len(fees)))])
    a.powers.append(Power('suspend', 'Stop', Overdue(days, r.random() < .4, r.random() < .7), r.choice([0, 3, 5, 14]), going))
    if r.random() < .3:
        when = Overdue(None, amount=payable(r, a.cash, 100, 900)) if r.random() < .4 else Overdue(days + r.randrange(0, 20))
        a.powers.append(Power('suspend', 'Halt', when, r.choice([1, 7]), r.choice([None, r.sample(fees, r.randrange(1, len(fees)))])))
    if r.random() < .6:
        a.powers.append(Power('terminate', 'Leave', Suspended(r.choice([5, 20, 30])), r.choice([3, 10])))
    as_of = r.randrange(a.effective + 60, a.last + 60)
    events = []
    some_payments(r, a, events, as_of, r.choice([.5, .8, .95]))
    for v in Book(a, events, as_of).invoices:
        if r.random() < .2:
            day = v.day + r.randrange(0, 50)
            if day < as_of:
                add(r, a, events, day, 'contested', invoice=v.name, amount=payable(r, a.cash, 1, int(max(v.total, 2))) if r.random() < .5 else None)
            if r.random() < .7 and day + 40 < as_of:
                add(r, a, events, day + r.randrange(1, 40), 'agreed', invoice=v.name)
    for _ in range(r.randrange(0, 7)):
        said = [(day, who) for (day, who, what) in Book(a, events, as_of).said if what == 'arisen']
        day, who = r.choice(said) if said and r.random() < .9 else (r.randrange(a.effective, as_of), r.choice(a.powers).title)
        day += r.choice([0, 0, 1, 2, 5, 20])
        if day < as_of:
            add(r, a, events, day, 'told', giver='provider', right=who)
    r.shuffle(events)
    return a, events, as_of


def interest(r):
    """Late interest: compound, by a rate that changes, on what is without tax (item 9)."""
    a = random_agreement(r)
    a.billing = r.choice(['month'] * 4 + ['quarter', 'contract month'])
    a.pays = True
    for i in range(2):
        a.charges.append(Charge('flat%d' % i, every='month', advance=r.random() < .7, price=Flat(payable(r, a.cash, 1, 9000))))
    a.due = ('days', r.choice([0, 7, 14, 30]))
    a.allocation = r.choice(['oldest', 'largest', 'told'])
    i = a.interest = Interest(F(r.randrange(10, 240), 1000), 'year', r.choice(['365', '360', 'actual', 'thirtieths', 'full months', 'started months']))
    if r.random() < .5:
        i.compound = r.choice(['month', 'day']) if 'months' not in i.basis else 'month'
    if r.random() < .25 and 'months' not in i.basis:
        i.daily = True
    if r.random() < .5:
        day, i.series = a.effective - r.randrange(190, 400), []
        for _ in range(r.randrange(1, 6)):
            i.series.append((day, F(r.randrange(0, 800), 10000)))
            day += r.randrange(1, 200)
        i.half_year = r.random() < .4
    if r.random() < .4:
        a.taxes.append(Tax('vat', F(r.choice([7, 19, 20, 21, 25]), 100)))
        i.net = r.random() < .6
    as_of = r.randrange(a.effective + 60, a.last + 150)
    events = []
    some_payments(r, a, events, as_of, .8)
    r.shuffle(events)
    return a, events, as_of


def claims(r):
    """Credits that have to be claimed, one of a month only, taxed fees (item 8)."""
    a, events, as_of = G.credits(r)
    if r.random() < .5:
        for c in [c for c in a.charges if c.kind == 'credit' and c.event]:
            a.charges.remove(c)
        events = [e for e in events if not e['event'].startswith('missed')]
        a.together = 'largest only'
    for c in a.charges:
        if c.kind == 'credit' and r.random() < .7:
            c.claim = r.choice([5, 20, 30, 60])
            for p in periods('month', a.effective, min(a.last, as_of - 1), a.effective):
                day = p.last + r.choice([-5, 0, 1, c.claim - 1, c.claim, c.claim + 1, r.randrange(0, 90)])
                if a.effective <= day < as_of and r.random() < .8:
                    add(r, a, events, day, 'asked', credit=c.name, period=r.randrange(max(p.first, a.effective), p.last + 1))
    if r.random() < .5:
        a.taxes.append(Tax('vat', F(r.choice([7, 19, 20, 21, 25]), 100), r.random() < .3))
    r.shuffle(events)
    return a, events, as_of


def amended(r):
    """Amendments in mid-period: fees, credits, rates, caps and taxes from a day on (item 14)."""
    a = random_agreement(r)
    a.billing = r.choice(['month'] * 4 + ['quarter', 'contract month'])
    q = G.random_quantity(r, 0)
    a.quantities = {q.name: q}
    a.unused = r.choice(['are forfeited', 'carry over'])
    numbers = iter(range(1, 90))

    def one(i):
        k = r.randrange(6)
        if k == 5:
            c = Charge('less%d' % i, every='month', price=Off(None, None, payable(r, a.cash, 1, 90)))
            c.kind = 'discount'
            return c
        if k <= 1:
            return Charge('flat%d' % i, every=r.choice(['month'] * 3 + ['quarter', 'contract month']), advance=r.random() < .6, prorated=r.choice(['day', 'day', 'none']), price=Flat(payable(r, a.cash, 1, 900)))
        if k == 2:
            return Charge('seat%d' % i, every=r.choice(['month', 'month', 'quarter']), advance=r.random() < .5,
                          price=PerUnit(G.unit_price(r, a.cash, 100), q.name, q.unit) if r.random() < .5 else G.random_tiers(r, a.cash, q))
        if k == 3:
            return Charge('work%d' % i, event='logged', labour=G.Labour(a.rates, []))
        c = Charge('miss%d' % i, event='missed', price=Miss(payable(r, a.cash, 1, 200)))
        c.kind = 'credit'
        return c

    a.rates = {n: [(0, payable(r, a.cash, 20, 300))] for n in G.RATES}
    rate_numbers = {n: k for k, n in enumerate(sorted(a.rates), 90)}
    names = iter(range(100))
    for _ in range(r.randrange(3, 8)):
        c = one(next(names))
        c.number = next(numbers)
        a.charges.append(c)
    if r.random() < .6 and any(c.kind == 'credit' for c in a.charges):
        a.caps.append(Cap(r.choice(['month', 'contract year', 3]), payable(r, a.cash, 50, 1000)))
        a.caps[0].number = next(numbers)
    if r.random() < .5 and a.charges[0].kind == 'fee':
        a.taxes.append(Tax('vat', F(r.choice([7, 19, 20, 21, 25]), 100), r.random() < .4))
        a.taxes[0].number = next(numbers)
    live, text = {c.number: c for c in a.charges}, 1
    for day in sorted(r.sample(range(a.effective + 1, a.last), r.randrange(1, 4))):
        clauses, seen = [], set()
        for _ in range(r.randrange(1, 5)):
            k = r.randrange(8)
            if k <= 2 and live:
                n = r.choice(sorted(live))
                if n in seen:
                    continue
                old, seen = live[n], seen | {n}
                new = one(int(old.name[4:]))
                while new.name != old.name:
                    new = one(int(old.name[4:]))
                new.every, new.advance = old.every, old.advance
                new.number, new.begins, new.ident = n, day, '%s#%d' % (old.name, text)
                if new.kind == 'fee' and 'none' in (old.prorated, new.prorated):
                    new.prorated = old.prorated         # two ways of counting days need not add up
                old.ends, live[n], text = day - 1, new, text + 1
                old.texts.append(new)
                new.texts = old.texts
                a.charges.append(new)
                clauses.append(('replace', n, new))
            elif k == 3 and len(live) > 1:
                n = r.choice(sorted(live))
                if n in seen:
                    continue
                seen.add(n)
                live.pop(n).ends = day - 1
                clauses.append(('remove', n, None))
            elif k == 4:
                new = one(next(names))
                new.number, new.begins = next(numbers), day
                live[new.number] = new
                seen.add(new.number)
                a.charges.append(new)
                clauses.append(('add', new.number, new))
            elif k == 5:
                name = r.choice(G.RATES)
                if name in seen:
                    continue
                seen.add(name)
                a.rates[name].append((day, payable(r, a.cash, 20, 300)))
                clauses.append(('replace', rate_numbers[name], 'rate %s %s per hour' % (name, a.cash(a.rates[name][-1][1]))))
            elif k == 6 and a.caps and 'cap' not in seen:
                seen.add('cap')
                cap = a.caps[0]
                cap.changes = tuple(cap.changes) + ((day, payable(r, a.cash, 50, 1000)),)
                words = cap.text(percent, a.cash)
                clauses.append(('replace', cap.number, words.replace(a.cash(cap.amount), a.cash(cap.changes[-1][1]))))
            elif k == 7 and a.taxes and 'tax' not in seen:
                seen.add('tax')
                old = a.taxes[-1]
                new = Tax('vat', F(r.choice([7, 19, 20, 21, 25]), 100), r.random() < .4, day)
                old.last, new.number = day - 1, old.number
                a.taxes.append(new)
                clauses.append(('replace', old.number, new.text(percent)))
        if clauses:
            a.amendments.append((day, clauses))
    as_of = r.randrange(a.effective + 30, a.last + 60)
    events, level = [], F(0)
    for t in G.random_instants(r, a, r.randrange(0, 9), as_of):
        events.append({'t': t, 'event': '%s_changed' % q.name, q.name: F(r.randrange(0, 60)), 'known': G.late(r, a, t, as_of, .2)})
    if any(c.labour for c in a.charges):
        for i, t in enumerate(G.random_instants(r, a, r.randrange(5, 30), as_of)):
            events.append({'t': t, 'event': 'logged', 'job': 'J%d' % i, 'time': r.randrange(0, 600) * MIN, 'role': r.choice(G.RATES), 'start': t, 'known': G.late(r, a, t, as_of, .2)})
    if any(c.event == 'missed' for c in a.charges):
        for t in G.random_instants(r, a, r.randrange(0, 12), as_of):
            events.append({'t': t, 'event': 'missed', 'known': G.late(r, a, t, as_of, .2)})
    seen = set()
    events = [e for e in events if not (e['t'] in seen or seen.add(e['t']))]
    r.shuffle(events)
    return a, events, as_of


def falls(r):
    """Quantities that may fall or rise so far in each period (item 7)."""
    a = random_agreement(r)
    for i in range(r.randrange(1, 3)):
        q = G.random_quantity(r, i)
        q.adds, q.effective, q.starts = r.random() < .3, a.effective, F(r.randrange(0, 120))
        bound = lambda: (F(r.randrange(1, 60), 100), True, r.choice(['month', 'quarter', 'contract year'])) if r.random() < .6 else (
            F(r.randrange(1, 30)), False, r.choice(['month', 'quarter', 'contract year']))
        q.fall = bound() if r.random() < .8 else None
        q.rise = bound() if r.random() < .3 or not q.fall else None
        a.quantities[q.name] = q
    qs = list(a.quantities.values())
    for i in range(4):
        q = r.choice(qs)
        a.charges.append(Charge('fee%d' % i, every=r.choice(['month', 'month', 'quarter']), advance=r.random() < .5,
                                price=PerUnit(G.unit_price(r, a.cash, 100), q.name, q.unit) if r.random() < .5 else G.random_tiers(r, a.cash, q)))
    as_of = r.randrange(a.effective + 30, a.last + 60)
    events, seen = [], set()
    for q in qs:
        there = q.starts
        for t in G.random_instants(r, a, r.randrange(1, 20), as_of):
            if t not in seen:
                seen.add(t)
                verb = r.choice(['added', 'taken', 'changed']) if q.adds else 'changed'
                n = F(r.randrange(0, 120 if verb == 'changed' else 15))
                n = min(n, there) if verb == 'taken' else n
                there = n if verb == 'changed' else there + n if verb == 'added' else there - n
                events.append({'t': t, 'event': '%s_%s' % (q.name, verb), q.name: n})
    r.shuffle(events)
    return a, events, as_of


def liability(r):
    """Limits of liability at several incidents, over sums counted in different ways (item 10)."""
    a = random_agreement(r)
    a.billing, a.pays = r.choice(['month'] * 4 + ['quarter', 'contract month']), True
    a.allocation = r.choice(['oldest', 'largest', 'told'])
    for i in range(r.randrange(1, 4)):
        a.charges.append(Charge('flat%d' % i, every=r.choice(['month', 'month', 'quarter', 'year', 'contract month']), advance=r.random() < .6,
                                prorated=r.choice([None, 'day']), price=Flat(payable(r, a.cash, 1, 900))))
    if r.random() < .3:
        a.charges.append(Charge('setup', once=r.choice(['effective', r.randrange(a.effective, a.last + 1)]), price=Flat(payable(r, a.cash, 1, 900)), spread=r.choice([None, 5])))
    if r.random() < .3:
        a.taxes.append(Tax('vat', F(r.choice([7, 21]), 100)))
    fees = r.choice([None, r.sample([c.name for c in a.charges], r.randrange(1, len(a.charges) + 1))])
    counted = r.choice(['invoiced', 'earned', 'paid'])
    a.limits.append(Limit(FirstIncident(None, fees, counted, r.choice([3, 6, 12]))) if r.random() < .8 else Limit(None, payable(r, a.cash, 100, 5000)))
    a.limits[0].per_claim = 'per claim' not in G.OPEN and r.random() < .3
    as_of = r.randrange(a.effective + 60, a.last + 60)
    events = []
    some_payments(r, a, events, as_of, .8)
    for _ in range(r.randrange(1, 6)):
        add(r, a, events, r.randrange(a.effective + 1, min(as_of, a.last)), 'harm', kind='outage', amount=payable(r, a.cash, 1, 4000))
    r.shuffle(events)
    return a, events, as_of


class FirstIncident(Sum):
    def text(self):
        return super().text().replace('the %d months before' % self.window, 'the %d months before the first incident' % self.window)


def duties(r):
    """What has to be done by a day of each period, and what is owed otherwise (item 12)."""
    a = random_agreement(r)
    a.billing = r.choice(['month'] * 4 + ['quarter', 'contract month'])
    a.charges.append(Charge('flat', every='month', advance=r.random() < .6, price=Flat(payable(r, a.cash, 1, 900))))
    for i in range(r.randrange(1, 4)):
        credit = r.random() < .7
        a.duties.append(Duty('Do it %d' % i, r.randrange(1, 32), r.choice(['month', 'month', 'quarter', 'contract month']), 'done%d' % i, payable(r, a.cash, 1, 300), credit))
    if any(d.credit for d in a.duties):
        a.unused = r.choice(['are forfeited', 'carry over', 'carry over, paid out at the end'])
        if r.random() < .4:
            a.caps.append(Cap(r.choice(['month', 'contract year', 'term', 3]), payable(r, a.cash, 50, 1000)))
    if r.random() < .3:
        a.taxes.append(Tax('vat', F(r.choice([7, 21]), 100)))
    as_of = r.randrange(a.effective + 30, a.last + 60)
    events = []
    for d in a.duties:
        for p in periods(d.every, a.effective, min(a.last, as_of - 1), a.effective):
            if r.random() < .6:
                day = p.first + d.by - 1 + r.choice([-20, -3, -1, 0, 0, 1, 2])
                if a.effective <= day < min(as_of, a.last + 1):
                    add(r, a, events, day, d.event)
                    if events and r.random() < .2:
                        events[-1]['known'] = G.late(r, a, events[-1]['t'], as_of, 1)
    r.shuffle(events)
    return a, events, as_of


def accounts(r):
    """Prepaid hours: lots, their expiry and order, what work draws from them (item 5)."""
    a = random_agreement(r)
    a.rates = {n: payable(r, a.cash, 20, 300) for n in G.RATES}
    c = G.G.random_rules(r, 'office', a.zone)
    c.name = 'office'
    a.calendars = {'office': c}
    as_of = r.randrange(a.effective + 5, a.last + 100)
    events = []
    hour = lambda n: F(r.randrange(1, n), 2)
    for i in range(2):
        one = G.random_labour(r, a, a.rates, 'office')
        one.steps = [s for s in one.steps if s[0] in ('steps', 'least', 'counts', 'times')]
        if one.steps and one.steps[-1][0] == 'times' and len([s for s in one.steps if s[0] == 'times']) > 1:
            one.steps.pop()
        some = []
        for k in range(r.choice([1, 1, 2])):
            x = Account('prepaid%d%d' % (i, k), hour(60) if r.random() < .4 else None, (hour(30), r.choice(['month', 'month', 'quarter'])) if r.random() < .5 else None)
            x.carry = r.randrange(1, 4) if x.each and x.each[1] == 'month' and r.random() < .5 else 0
            x.expires = r.choice([None, 1, 2, 6])
            x.order, x.whole = r.choice([None, 'oldest', 'newest', 'soonest']), r.random() < .2
            days = set()
            for _ in range(r.randrange(0, 6)):
                day = r.randrange(a.effective + 1, min(a.last, as_of - 1) + 1)
                if ymd(day)[2] != 1 and day not in days:
                    days.add(day)
                    add(r, a, events, day, x.name + '_bought', **{x.name: r.randrange(1, 80) * 15 * MIN})
            some.append(x)
        for x in some[1:]:
            x.order, x.whole = some[0].order, False     # one way of drawing for all of them
            some[0].whole = False
        one.free = Drawn(some)
        a.charges.append(Charge('work%d' % i, event='logged%d' % i, labour=one))
    for i in range(2):
        for k, t in enumerate(G.random_instants(r, a, r.randrange(5, 50), as_of)):
            if all(e['t'] != t for e in events):
                events.append({'t': t, 'event': 'logged%d' % i, 'job': 'J%d_%d' % (i, k), 'time': 15 * r.randrange(0, 50) * MIN, 'role': r.choice(G.RATES), 'start': t,
                               'known': G.late(r, a, t, as_of, .1)})
    r.shuffle(events)
    return a, events, as_of


FAMILIES = dict(G.FAMILIES, sums=sums, suspensions=suspensions, interest=interest, claims=claims, amended=amended, falls=falls,
                liability=liability, duties=duties,
                accounts=accounts)
