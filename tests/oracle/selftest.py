#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The oracle against cases worked by hand from semantics.md, against its own law, and against a walk by minutes."""
import os
import sys

sys.dont_write_bytecode = True

sys.path[0] = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
import random

from oracle import generate as G
from oracle.calendar import (DAY, HOUR, MIN, US, Algebra, Always, Ambiguous, Dates, Rules, Zone, day_of, easter, parse_instant, show,
                             segments_by_file, weekday)
from oracle.clock import Clock, Life, Step, Target

failed = 0


def check(name, got, want):
    global failed
    if got != want:
        failed += 1
        print('not ok %s: got %s, expected %s' % (name, got, want))
    else:
        print('ok %s' % name)


NY, BERLIN = Zone('America/New_York'), Zone('Europe/Berlin')


def week(hours, sat=(), sun=()):
    return [hours] * 5 + [list(sat), list(sun)]


OFFICE = Rules(NY, week([(9 * HOUR, 17 * HOUR)]))


def at(text, zone=NY):
    day = day_of(*(int(x) for x in text[:10].split('-')))
    h, m = text[11:16].split(':')
    return zone.instant(day * DAY + int(h) * HOUR + int(m) * MIN)


def said(t, zone=NY):
    return 'never' if t is None else show(t, zone)[:16].replace('T', ' ')


def calendars():
    due = lambda c, a, d: said(c.due(at(a, c.zone), d), c.zone)
    check('friday-evening', due(OFFICE, '2026-03-06 16:30', HOUR), '2026-03-09 09:30')
    check('due-at-closing', due(OFFICE, '2026-03-06 16:30', 30 * MIN), '2026-03-06 17:00')
    check('due-of-nothing', due(OFFICE, '2026-03-06 17:00', 0), '2026-03-09 09:00')
    check('before-due', said(OFFICE.before(at('2026-03-09 09:30'), 30 * MIN)), '2026-03-06 17:00')
    check('before-due-longer', said(OFFICE.before(at('2026-03-09 09:30'), HOUR)), '2026-03-06 16:30')
    check('elapsed-weekend', OFFICE.elapsed(at('2026-03-06 16:00'), at('2026-03-09 10:00')), 2 * HOUR)
    check('elapsed-backwards', OFFICE.elapsed(at('2026-03-09 10:00'), at('2026-03-06 16:00')), 0)
    day = Rules(NY, [[(0, DAY)]] * 7)
    check('spring-day', day.elapsed(at('2026-03-08 00:00'), at('2026-03-09 00:00')), 23 * HOUR)
    check('autumn-day', day.elapsed(at('2026-11-01 00:00'), at('2026-11-02 00:00')), 25 * HOUR)
    gap = Rules(NY, [[(2 * HOUR + 30 * MIN, 10 * HOUR)]] * 7)
    check('begins-in-a-gap', [said(t) for t in gap.pieces(day_of(2026, 3, 8))[0]], ['2026-03-08 03:00', '2026-03-08 10:00'])
    twice = Rules(NY, [[(HOUR, HOUR + 30 * MIN)]] * 7)
    check('open-twice', len(twice.pieces(day_of(2026, 11, 1))), 2)
    check('open-twice-counts', twice.elapsed(at('2026-11-01 00:00'), at('2026-11-02 00:00')), HOUR)
    lost = Rules(Zone('Pacific/Apia'), [[(9 * HOUR, 17 * HOUR)]] * 7)
    check('lost-date', lost.pieces(day_of(2011, 12, 30)), [])
    night = Dates('x', lambda y: [day_of(2026, 12, 25)] if y == 2026 else [])
    nights = [[(22 * HOUR, 30 * HOUR)]] * 7
    tail = Rules(NY, nights, closed=[([night], None, False)])
    check('tail-runs-on', tail.elapsed(at('2026-12-25 00:00'), at('2026-12-26 12:00')), 6 * HOUR)
    cut = Rules(NY, nights, closed=[([night], None, True)])
    check('tail-is-cut', cut.elapsed(at('2026-12-25 00:00'), at('2026-12-26 12:00')), 0)
    part = Rules(NY, nights, closed=[([night], (23 * HOUR, 10 * DAY), False)])
    check('closed-in-part', part.elapsed(at('2026-12-25 12:00'), at('2026-12-26 12:00')), HOUR)
    d = day_of(2026, 12, 25)
    check('open-beats-closed', Rules(NY, nights, closed=[([night], None, False)], opened=[(d, None)]).hours(d), [(22 * HOUR, 30 * HOUR)])
    check('replaced', Rules(NY, nights, closed=[([night], None, False)], opened=[(d, [(HOUR, 2 * HOUR)])]).hours(d), [(HOUR, 2 * HOUR)])
    check('also-open', Rules(NY, nights, closed=[([night], None, False)], also=[(d, [(HOUR, 2 * HOUR)])]).hours(d), [(HOUR, 2 * HOUR)])
    check('easter', [easter(y) for y in (2024, 2025, 2026)], [day_of(2024, 3, 31), day_of(2025, 4, 20), day_of(2026, 4, 5)])
    both = Algebra('except', Always(NY), OFFICE, NY)
    check('except', both.elapsed(at('2026-03-09 00:00'), at('2026-03-10 00:00')), 16 * HOUR)
    check('moved-start', both.date_of(at('2026-03-09 18:00')), day_of(2026, 3, 9))
    check('never', said(Rules(NY, [[]] * 7, also=[(d, [(HOUR, 2 * HOUR)])]).due(at('2026-12-25 01:00'), 2 * HOUR)), 'never')
    days = lambda c, a, *more: said(c.business_days(at(a), *more))
    check('same-time', days(OFFICE, '2026-03-06 16:30', 1, 'same'), '2026-03-09 16:30')
    check('end-of-day', days(OFFICE, '2026-03-06 16:30', 1, 'end'), '2026-03-09 17:00')
    check('by', days(OFFICE, '2026-03-06 16:30', 1, 'by', 20 * HOUR), '2026-03-09 20:00')
    check('saturday-same', days(OFFICE, '2026-03-07 12:00', 1, 'same'), '2026-03-10 09:00')
    check('saturday-end', days(OFFICE, '2026-03-07 12:00', 1, 'end'), '2026-03-09 17:00')
    check('at-closing', days(OFFICE, '2026-03-06 17:00', 1, 'end'), '2026-03-09 17:00')
    check('cut-off-in-time', days(OFFICE, '2026-03-05 14:00', 1, 'end', None, 14 * HOUR), '2026-03-06 17:00')
    check('cut-off-after', days(OFFICE, '2026-03-05 14:01', 1, 'end', None, 14 * HOUR), '2026-03-09 17:00')
    short = Rules(NY, [[(9 * HOUR, 17 * HOUR)]] * 4 + [[(9 * HOUR, 14 * HOUR)], [], []])
    check('clamped', days(short, '2026-03-05 15:30', 1, 'same'), '2026-03-06 14:00')
    check('months', said(Target('days', OFFICE, n=1, unit='months').date_due(at('2026-01-31 10:00'), NY)), '2026-02-28 10:00')
    try:
        import zoneinfo  # noqa: F401
        check('zone-files', [[(a * US, b * US) for a, b in segments_by_file(z)][1:] == list(zip(Zone(z).starts, Zone(z).offsets))[1:]
                             for z in G.ZONES], [True] * len(G.ZONES))
    except ImportError:
        pass
    r, wrong, n = random.Random(7), [], 0
    for _ in range(40):
        _, cals = G.random_calendars(r, 4)
        for c in cals.values():
            a = G.random_instant(r, c) // MIN * MIN
            b = a + r.randrange(1, 600) * MIN
            n += 1
            if c.elapsed(a, b) != c.elapsed_by_minutes(a, b):
                wrong.append((c.name, a, b))
            for d in (1, r.randrange(1, 90_000) * US):
                try:
                    t, s = c.due(a, d), c.before(a, d)
                except Ambiguous:
                    continue
                if t is not None and (c.elapsed(a, t) != d or c.elapsed(a, t - 1) >= d):
                    wrong.append((c.name, a, d))
                if s is not None and (c.elapsed(s, a) != d or c.elapsed(s - 1, a) <= d and c.is_open(s - 1)):
                    wrong.append(('before', c.name, a, d))
    check('law-and-minutes', wrong, [])


def life(clock, *events, until='2026-04-30 00:00'):
    made = []
    for text, name, *more in events:
        e = {'t': at(text), 'event': name}
        for m in more:
            e.update(m)
        made.append(e)
    x = Life(clock)
    records = x.run(made, at(until))
    y = records[-1]
    return (y['state'], said(y['due']) if y['due'] else '-', y['elapsed'] // MIN), [(s, said(t)) for _, s, t in x.escalations]


def clocks():
    by = lambda n: (G.named(n),)
    always = Always(NY)

    def clock(targets, **more):
        return Clock('c', by('opened'), by('resolved'), home=NY, always=always, targets=targets, pause_on=(), **more)

    def opened(text, p='P1'):
        return text, 'opened', {'priority': p}

    four = {'P1': Target('open', OFFICE, 4 * HOUR), 'P2': Target('open', OFFICE, 2 * HOUR)}
    wait = {'awaiting': 'customer'}
    check('met-at-due', life(clock(four), opened('2026-03-06 16:00'), ('2026-03-09 12:00', 'resolved'))[0], ('met', '2026-03-09 12:00', 240))
    check('late', life(clock(four), opened('2026-03-06 16:00'), ('2026-03-09 12:01', 'resolved'))[0], ('breached', '2026-03-09 12:00', 241))
    below = {'P1': Target('open', OFFICE, 4 * HOUR, below=True)}
    check('below', life(clock(below), opened('2026-03-06 16:00'), ('2026-03-09 12:00', 'resolved'))[0], ('breached', '2026-03-09 12:00', 240))
    check('night-not-credited', life(clock(four), opened('2026-03-06 16:00'), ('2026-03-06 16:30', 'waiting', wait),
                                     ('2026-03-09 10:00', 'resumed'))[0][1], '2026-03-09 13:30')
    check('two-waits', life(clock(four), opened('2026-03-06 10:00'), ('2026-03-06 11:00', 'waiting', wait, {'wait': 'a'}),
                            ('2026-03-06 12:00', 'waiting', wait, {'wait': 'b'}), ('2026-03-06 12:00', 'resumed', {'wait': 'a'}),
                            ('2026-03-06 13:00', 'resumed', {'wait': 'b'}))[0][1], '2026-03-06 16:00')
    check('paused-has-no-due', life(clock(four), opened('2026-03-06 10:00'), ('2026-03-06 11:00', 'waiting', wait))[0], ('paused', '-', 60))
    check('breach-stands', life(clock(four), opened('2026-03-05 10:00'), ('2026-03-05 15:00', 'waiting', wait))[0], ('breached', '2026-03-05 14:00', 300))
    change = lambda p: {'priority': p}
    check('recompute-past', life(clock(four), opened('2026-03-05 10:00'), ('2026-03-05 13:00', 'changed', change('P2')),
                                 ('2026-03-05 13:00', 'resolved'))[0], ('breached', '2026-03-05 12:00', 180))
    share = clock(four, policy='keep the share used')
    check('share', life(share, opened('2026-03-05 10:00'), ('2026-03-05 12:00', 'changed', change('P2')))[0][1], '2026-03-05 13:00')
    kept = clock(four, policy='keep the time used')
    check('time-used', life(kept, opened('2026-03-05 10:00'), ('2026-03-05 11:00', 'changed', change('P2')))[0][1], '2026-03-05 12:00')
    again = clock(four, policy='restart')
    check('restart', life(again, opened('2026-03-05 10:00'), ('2026-03-05 11:00', 'changed', change('P2')))[0][1], '2026-03-05 13:00')
    longer = clock(four, policy='never lengthen')
    check('never-lengthen', life(longer, opened('2026-03-05 10:00', 'P2'), ('2026-03-05 11:00', 'changed', change('P1')))[0][1], '2026-03-05 12:00')
    on = clock(four, continues=by('reopened'))
    check('continues', life(on, opened('2026-03-05 10:00'), ('2026-03-05 11:00', 'resolved'), ('2026-03-06 10:00', 'reopened'))[0][1], '2026-03-06 13:00')
    dates = clock({'P1': Target('bdays', OFFICE, n=1, mode='end')})
    check('pause-after-date', life(dates, opened('2026-03-05 10:00'), ('2026-03-06 16:00', 'waiting', wait), ('2026-03-09 10:00', 'resumed'))[0][1],
          '2026-03-09 11:00')
    steps = clock(four, steps=(Step('percent', '50%', 50), Step('before', '30 min before', 30 * MIN), Step('breach', 'breach'), Step('after', '2 h', 2 * HOUR)))
    check('steps', life(steps, opened('2026-03-06 16:00'))[1],
          [('50%', '2026-03-09 10:00'), ('30 min before', '2026-03-09 11:30'), ('breach', '2026-03-09 12:00'), ('2 h', '2026-03-09 14:00')])
    check('no-steps-while-paused', life(steps, opened('2026-03-06 16:00'), ('2026-03-09 09:30', 'waiting', wait), ('2026-03-09 11:00', 'resumed'))[1][0],
          ('50%', '2026-03-09 11:30'))
    reply = Clock('n', (G.by_customer,), (G.by_provider,), home=NY, always=always, targets=four, repeats=True)
    customer, provider = {'sender': 'customer'}, {'sender': 'provider', 'public': True}
    x = Life(reply)
    records = x.run([dict(t=at(t), event=e, **m) for t, e, m in (
        ('2026-03-05 09:00', 'opened', {'priority': 'P1'}), ('2026-03-05 10:00', 'message', customer), ('2026-03-05 11:00', 'message', customer),
        ('2026-03-05 12:00', 'message', provider), ('2026-03-05 13:00', 'message', customer))], at('2026-03-05 14:00'))
    check('next-reply', [(y['state'], y['elapsed'] // MIN) for y in records], [('met', 120), ('running', 60)])


calendars()
clocks()
sys.exit(1 if failed else 0)
