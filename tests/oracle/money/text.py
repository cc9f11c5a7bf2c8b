# SPDX-License-Identifier: MIT
"""The `.msa` text of an agreement about money, and the events of its log."""
from fractions import Fraction as F

from oracle import generate as G
from oracle.calendar import HOUR, show
from oracle.money.amounts import decimals, plain
from oracle.money.dates import add_months, iso


def percent(x):
    return decimals(x * 100) + '%'


def hours(h):
    return G.duration_text(int(h * HOUR))


def labour_text(l, cash):
    rate = 'rate(role)' if isinstance(l.rate, dict) else cash(l.rate) + ' per hour'
    words = ['charge time at ' + rate]
    for word, v in l.steps:
        words.append({'steps': lambda: 'in steps of ' + hours(v), 'least': lambda: 'minimum ' + hours(v), 'counts': lambda: 'counts %s times' % decimals(v),
                      'times': lambda: 'times ' + decimals(v), 'least_money': lambda: 'minimum ' + cash(v), 'most_money': lambda: 'maximum ' + cash(v)}[word]())
    if l.at_end:
        words.append('added at the end')
    out = [', '.join(words)]
    if hasattr(l.free, 'accounts'):
        out[0] += ', drawn from ' + ', '.join(x.name for x in l.free.accounts)
    elif l.free:
        out.append('%s h free in each %s%s' % (decimals(l.free.hours), l.free.period, '' if not l.free.carry else
                                               ', unused carries over %d month%s' % (l.free.carry, '' if l.free.carry == 1 else 's')))
    return out


def charge_text(c, cash):
    """Slots in an order that the charge's own name decides: they mean the same in any."""
    slots = []
    if c.every:
        text = 'every %s in %s' % (c.every, 'advance' if c.advance else 'arrears')
        if c.kind == 'credit':
            text = 'every ' + c.every
        if c.kind == 'discount':
            slots.append([text])
            slots.append(c.price.text(percent, cash))
        else:
            slots.append([text + {None: '', 'day': ', prorated by day', 'thirtieths': ', prorated by thirtieths', 'none': ', not prorated'}[c.prorated]])
            slots.append(c.price.text(percent if c.kind == 'credit' else cash))
    elif c.once is not None:
        slots.append(['once ' + ('on effective' if c.once == 'effective' else 'at the end' if c.once == 'end' else 'on ' + iso(c.once))])
        slots.append(c.price.text(cash))
        if c.spread:
            slots.append(['spread over %d months' % c.spread])
    elif c.event == 'overdue':
        slots += [['once on overdue'], c.price.text(cash)]
    elif c.labour:
        slots.append(['on ' + c.event + (', the part %s %s' % (c.labour.part, c.labour.calendar) if c.labour.part else '')])
        slots.append(labour_text(c.labour, cash))
    elif c.kind == 'credit':
        slots += [['on ' + c.event], c.price.text(percent, cash)]
    else:
        slots.append(['on ' + c.event])
        slots.append([c.price.text(cash, percent)])
    if c.claim is not None:
        slots.append(['claimed within %d days after that month, else lapses' % c.claim])
    if c.counted:
        slots.append([{'first': 'counted on the first day', 'last': 'counted on the last day', 'peak': 'counted at the peak',
                       'average': 'counted on average', 'by day': 'counted by day'}[c.counted]])
    if c.free is not None:
        slots.append(['%s %s free in each %s' % (decimals(c.free), c.price.unit, c.every)])
    if c.factor is not None:
        slots.append(['times ' + decimals(c.factor)])
    if c.least is not None:
        slots.append(['minimum ' + cash(c.least)])
    if c.most is not None:
        slots.append(['maximum ' + cash(c.most)])
    if c.sum_most is not None:
        slots.append(['maximum %s in each %s' % (cash(c.sum_most[1]), c.sum_most[0])])
    if c.unless_above is not None:
        slots.append(['nothing unless above ' + cash(c.unless_above)])
    if c.waived is not None:
        slots.append(['waived until ' + iso(c.waived)])
    if c.first is not None:
        slots.append(['from ' + iso(c.first)])
    if c.last is not None:
        slots.append(['until ' + iso(c.last)])
    k = sum(map(ord, c.name)) % len(slots)
    slots = slots[k:] + slots[:k]
    return '%s %s {\n%s\n}' % (c.kind, c.name, '\n'.join('    ' + x for s in slots for x in s))


DAYS = {'365': 'days over 365', '360': 'days over 360', 'actual': 'days of the year'}


def interest_text(i):
    if i.series:
        head = '%s points above base_rate per %s' % (percent(i.rate).rstrip('%'), i.per)
    else:
        head = '%s per %s' % (percent(i.rate), i.per)
    return 'interest on overdue {\n    %s, %s, %s%s\n    from the day after due to the day of payment%s\n    rounded %s\n}' % (
        head, 'compound each ' + i.compound if i.compound else 'simple', DAYS.get(i.basis, i.basis), ', as of each half year' if i.half_year else '',
        '\n    on net' if i.net else '', 'for each day' if i.daily else 'once')


def agreement_text(a):
    cash = a.cash
    months = 0
    while add_months(a.effective, months) <= a.last:
        months += 1
    out = ['agreement "Money" {\n    provider "P"\n    customer "C"\n    effective %s\n    term %d months\n    currency %s, rounding %s\n    timezone "%s"\n}' % (
        iso(a.effective), months, cash.code, a.mode, a.zone.name)]
    for q in a.quantities.values():
        for verb in ['changed'] + (['added', 'taken'] if q.adds else []):
            out.append('event %s_%s { %s : number, required ; known : instant }' % (q.name, verb, q.name))
        out.append('\n'.join(q.text(decimals, cash)))
    for name, c in a.calendars.items():
        out.append(G.calendar_text(name, c))
    if any(c.labour for c in a.charges):
        out.append('entity job { key job }')
        for name in sorted({c.event for c in a.charges if c.labour}):
            out.append('event %s of job { creates ; start : instant ; time : duration ; role : text ; known : instant }' % name)
        out += ['rate %s %s per hour' % (n, cash(x[0][1] if isinstance(x, list) else x)) for n, x in a.rates.items() if not a.amendments]
    for m in a.measures.values():
        out.append('event %s { good : flag, required ; known : instant }' % m.event)
        out.append('measure %s { share of %s where good ; each month }' % (m.name, m.event))
    for name in sorted({c.event for c in a.charges if c.event and c.kind == 'credit'}):
        out.append('event %s { known : instant }' % name)
    if a.rent:
        out.append('amount %s = (%s, earned in that month)' % (a.rent.name, ', '.join(a.rent.fees)))
    for name in sorted({c.event for c in a.charges if c.event and c.event != 'overdue' and not c.labour and c.kind == 'fee'}):
        out.append('event %s { worth : money ; pieces : number ; known : instant }' % name)
    def numbered(things):
        """Clauses that an amendment can name stand in a section."""
        return things if not a.amendments else ['5.%d %s' % (x, text) for x, text in sorted(things)]

    if a.amendments:
        out.append('section 5 "Fees" {')
        first = [(c.number, charge_text(c, cash)) for c in a.charges if c.begins is None]
        first += [(c.number, c.text(percent, cash)) for c in a.caps] + [(x.number, x.text(percent)) for x in a.taxes if x.first is None]
        first += [(number, 'rate %s %s per hour' % (n, cash(x[0][1]))) for number, (n, x) in enumerate(sorted(a.rates.items()), 90)]
        out += numbered(first) + ['}']
    else:
        out += [charge_text(c, cash) for c in a.charges]
        out += [c.text(percent, cash) for c in a.caps]
        out += [x.text(percent) for x in a.taxes]
    out += [f.text(cash) for f in a.floors]
    for i, (day, clauses) in enumerate(a.amendments):
        out.append('amendment %d effective %s "Change" {' % (i + 1, iso(day)))
        for verb, number, what in clauses:
            text = '' if verb == 'remove' else charge_text(what, cash) if hasattr(what, 'every') else what
            out.append('%s 5.%d %s' % (verb, number, text))
        out.append('}')
    out += [x.text(cash) for x in a.powers + a.limits]
    for c in a.charges:
        if c.labour and hasattr(c.labour.free, 'accounts'):
            out += [x.text(hours) for x in c.labour.free.accounts]
    out += ['event %s { known : instant }' % x for x in sorted({d.event for d in a.duties})] + [d.text(cash) for d in a.duties]
    if a.disputes:
        out.append('event contested { means dispute ; amount : money ; invoice : text, required }\nevent agreed { means settled ; invoice : text, required }')
    if any(c.kind == 'credit' for c in a.charges) or any(d.credit for d in a.duties):
        out.append('unused credits ' + a.unused)
    if any(c.claim is not None for c in a.charges):
        out.append('event asked { means claim ; credit : text, required ; period : date }')
    if a.together:
        out.append('credits ' + a.together)
    kind, n = a.due[:2]
    out.append('invoices every %s, due %s' % (a.billing, '%d days after issue' % n if kind == 'days' else 'on day %d' % n if kind == 'day' else
                                              '%d business days in %s after issue' % (n, a.due[2])))
    if a.pays:
        out.append('event paid { means payment ; amount : money, required ; invoice : text }')
        out.append('payments ' + {'oldest': 'oldest first', 'largest': 'largest first', 'told': 'as told'}[a.allocation])
    if a.way_out or a.powers:
        out.append('event told { means notice ; by giver : party ; right : text }')
    if a.way_out:
        w = a.way_out
        out.append('customer may terminate "Out" {\n    notice %d days\n%s    settles %s of remaining %s "%s"\n}' % (
            w.notice, '    ends not before %d months after the start\n' % w.months if w.months else '', percent(w.part), w.fee, w.title))
    if a.interest:
        if a.interest.series:
            out.append('series base_rate {\n    from | rate\n%s\n}' % '\n'.join('    %s | %s' % (iso(d), percent(x)) for d, x in a.interest.series))
        out.append(interest_text(a.interest))
    return '\n'.join(out) + '\n'


def event_line(a, e):
    fields = ['"at":"%s"' % show(e['t'], a.zone), '"event":"%s"' % e['event']]
    for k, v in e.items():
        if k in ('t', 'event') or v is None:
            continue
        if k == 'period':
            v = '"%s"' % iso(v)
        elif k in ('known', 'start'):
            v = '"%s"' % show(v, a.zone)
        elif k == 'time' or e['event'].endswith('_bought') and e['event'] == k + '_bought':
            v = '"%s"' % G.duration_text(v)
        elif k in ('worth', 'amount'):
            v = '"%s"' % plain(v, a.cash.places)
        elif isinstance(v, F):
            v = decimals(v)
        elif k == 'good':
            v = 'true' if v == 'yes' else 'false'
        else:
            v = '"%s"' % v
        fields.append('"%s":%s' % (k, v))
    return '{%s}' % ','.join(fields)
