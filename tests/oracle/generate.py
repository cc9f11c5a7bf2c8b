# SPDX-License-Identifier: MIT
"""Seeded random calendars, clocks, tickets and questions. All `.msa` text is written here and nowhere else."""
from oracle.calendar import (DAY, HOUR, MIN, US, Algebra, Always, Dates, Rules, Zone, day_of, easter, month_length, show,
                             union, weekday, ymd)
from oracle.clock import Clock, Step, Target

ZONES = ('America/New_York', 'Europe/Berlin', 'Australia/Lord_Howe', 'Pacific/Apia', 'America/Sao_Paulo', 'Asia/Tehran',
         'Asia/Kathmandu', 'Africa/Casablanca', 'UTC')
WEEK = ('mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun')
MONTHS = ('january', 'february', 'march', 'april', 'may', 'june', 'july', 'august', 'september', 'october', 'november', 'december')
NTH = ('first', 'second', 'third', 'fourth')
YEARS = {'Pacific/Apia': (2010, 2013), 'America/Sao_Paulo': (2016, 2019), 'Asia/Tehran': (2019, 2023)}


# ---- spelling -------------------------------------------------------------------------------------------------------------
def clock_time(us):
    s = us // US
    return '%02d:%02d' % (s // 3600, s // 60 % 60) + (':%02d' % (s % 60) if s % 60 else '')


def hours_text(hours):
    return ', '.join('%s to %s' % (clock_time(f), clock_time(t if t <= DAY else t - DAY)) for f, t in hours)


def iso(day):
    return '%04d-%02d-%02d' % ymd(day)


def week_text(week):
    """One line for each set of weekdays with the same hours."""
    out, seen = [], []
    for hours in week:
        if hours and hours not in seen:
            seen.append(hours)
            days = ', '.join(WEEK[i] for i in range(7) if week[i] == hours)
            out.append('%s %s' % (days, hours_text(hours)))
    return out


def calendar_text(name, c):
    if isinstance(c, Algebra):
        return 'calendar %s = %s' % (name, algebra_text(c, True))
    lines = week_text(c.weekly)
    for dates, week in c.during:
        lines.append('during %s { %s }' % (dates.text, ' ; '.join(week_text(week))))
    for dates, part, cut in c.closed:
        text = 'closed ' + ', '.join(d.text for d in dates)
        if part:
            f, t = part
            text += (' from %s' % clock_time(f) if t > 2 * DAY else ' until %s' % clock_time(t) if f <= 0 else
                     ' %s to %s' % (clock_time(f), clock_time(t)))
        lines.append(text + (', cut at midnight' if cut else ''))
    for day, hours in c.opened:
        lines.append('open %s' % iso(day) + (' ' + hours_text(hours) if hours is not None else ''))
    for day, hours in c.also:
        lines.append('also open %s %s' % (iso(day), hours_text(hours)))
    if c.service_day:
        lines.append('a service day is ' + duration_text(c.service_day))
    lines.append('zone "%s"' % c.zone.name)
    return 'calendar %s {\n    %s\n}' % (name, '\n    '.join(lines))


def algebra_text(c, top=False):
    """By name where there is one, unless it is the declaration itself."""
    if not isinstance(c, Algebra) or (not top and hasattr(c, 'name')):
        return '24x7' if isinstance(c, Always) else c.name
    text = '%s %s %s' % (algebra_text(c.a), c.op, algebra_text(c.b))
    return text if top else '(%s)' % text


def decimal(us):
    return ('%d.%06d' % divmod(us, US)).rstrip('0').rstrip('.')


def duration_text(us):
    if us % HOUR == 0:
        return '%d h' % (us // HOUR)
    if us % MIN == 0:
        return '%d min' % (us // MIN)
    return decimal(us) + ' s'


# ---- rules for dates --------------------------------------------------------------------------------------------------------
def nth_weekday(y, m, n, w):
    """n from 1; 0 is the last."""
    days = [day_of(y, m, d) for d in range(1, month_length(y, m) + 1) if weekday(day_of(y, m, d)) == w]
    return days[n - 1]


def last_of(y, m, d):
    """A range until february 29 ends a day earlier where there is none."""
    return day_of(y, m, min(d, month_length(y, m)))


def on_or_after(day, w):
    return day + (w - weekday(day)) % 7


def observed(r, rule):
    """On the next such weekday too (observed) or instead (moved). A date may land in another year."""
    k, was = r.randrange(3), rule.of
    if k == 0:
        return Dates(rule.text + ' observed on the nearest weekday',
                     lambda y: [e for d in was(y) for e in (d, d - 1 if weekday(d) == 5 else d + 1 if weekday(d) == 6 else d)])
    word = ('observed', 'moved')[k - 1]
    f, t = r.sample(range(7), 2)
    return Dates('%s %s %s when %s' % (rule.text, word, WEEK[t], WEEK[f]),
                 lambda y: [e for d in was(y) for e in ([d] if k == 1 or weekday(d) != f else []) +
                            ([on_or_after(d, t)] if weekday(d) == f else [])])


def random_dates(r, years, zone=None):
    """A rule whose meaning the spelling settles."""
    k = r.randrange(12)
    m, w = r.randrange(1, 13), r.randrange(7)
    d = r.randrange(1, 29)
    if k <= 1:
        rule = Dates('%s %d' % (MONTHS[m - 1], d), lambda y: [day_of(y, m, d)])
    elif k == 2:
        n = r.randrange(1, 5)
        rule = Dates('%s %s of %s' % (NTH[n - 1], WEEK[w], MONTHS[m - 1]), lambda y: [nth_weekday(y, m, n, w)])
    elif k == 3:
        rule = Dates('last %s of %s' % (WEEK[w], MONTHS[m - 1]), lambda y: [nth_weekday(y, m, 0, w)])
    elif k == 4:
        n = r.choice([-2, 0, 1, 39, 50])
        rule = Dates('easter' + (' %s %d %s' % ('+' if n > 0 else '-', abs(n), 'day' if abs(n) == 1 else 'days') if n else ''),
                     lambda y: [easter(y) + n])
    elif k == 5:
        rule = Dates('first %s on or after %s %d' % (WEEK[w], MONTHS[m - 1], d), lambda y: [on_or_after(day_of(y, m, d), w)])
    elif k == 6:
        rule = Dates('last %s before %s %d' % (WEEK[w], MONTHS[m - 1], d), lambda y: [on_or_after(day_of(y, m, d) - 7, w)])
    elif k == 7:
        rule = Dates('first %s of %s + 1 day' % (WEEK[w], MONTHS[m - 1]), lambda y: [nth_weekday(y, m, 1, w) + 1])
    elif k == 8:
        m2, d2 = (m, min(28, d + r.randrange(1, 9))) if r.random() < .6 else (m % 12 + 1, r.randrange(1, 10))
        if (m2, d2) == (m, d):
            d2 += 1
        rule = Dates('%s %d to %s %d' % (MONTHS[m - 1], d, MONTHS[m2 - 1], d2),
                     lambda y: range(day_of(y, m, d), last_of(y + ((m2, d2) < (m, d)), m2, d2) + 1))
        return rule
    elif k == 9 and zone and zone.changes:
        near = [zone.date(t) for t in zone.changes if years[0] <= ymd(zone.date(t))[0] <= years[1]]
        if not near:
            return random_dates(r, years)
        x = r.choice(near) + r.choice([-1, 0, 0, 1])
        return Dates(iso(x), lambda y: [x] if ymd(x)[0] == y else [])
    else:
        x = day_of(r.randrange(years[0], years[1] + 1), m, d)
        if r.random() < .3:
            n = r.randrange(1, 6)
            return Dates('%s to %s' % (iso(x), iso(x + n)), lambda y: [i for i in range(x, x + n + 1) if ymd(i)[0] == y])
        return Dates(iso(x), lambda y: [x] if ymd(x)[0] == y else [])
    if r.random() < .2:
        rule = observed(r, rule)
    if r.random() < .15:
        rule.since = r.randrange(years[0], years[1] + 1)
        rule.text += ' from %d' % rule.since
    if r.random() < .1:
        rule.unless = (r.randrange(years[0], years[1] + 1),)
        rule.text += ' unless in %d' % rule.unless
    return rule


# ---- calendars ---------------------------------------------------------------------------------------------------------------
def random_hours(r, overnight=True, fine=False):
    step = r.choice([5, 15, 30, 60]) if fine else r.choice([30, 60])
    k = r.randrange(10)
    if overnight and k == 0:
        return [(r.randrange(18, 24) * HOUR, DAY + r.randrange(1, 8) * HOUR)]
    if overnight and k == 1:
        return [(r.randrange(8, 10) * HOUR, 12 * HOUR), (r.randrange(20, 24) * HOUR, DAY + r.randrange(1, 6) * HOUR)]
    if k == 2:
        f = r.choice([1, 2, 2, 3]) * HOUR + r.choice([0, 15, 30, 45]) * MIN     # begins where clocks are changed
        return [(f, f + r.choice([15, 30, 45, 60, 240, 600]) * MIN)]
    if k == 3:
        return [(0, DAY)] if r.random() < .5 else [(0, r.choice([1, 2, 3, 6]) * HOUR), (r.choice([12, 20]) * HOUR, DAY)]
    cuts = sorted(r.sample(range(0, 24 * 60 // step + 1), r.choice([2, 2, 2, 4, 4, 6])))
    return [(a * step * MIN, b * step * MIN) for a, b in zip(cuts[::2], cuts[1::2]) if a < b]


def clash(a, b):
    """Do hours of one date, laid out on every date of the week, run into those of the next?"""
    return any(t - DAY > f for _, t in a for f, _ in b)


def random_week(r, allow_clash=False):
    while True:
        k = r.randrange(4)
        if k == 0:
            h = random_hours(r, fine=True)
            week = [h] * 5 + [[], []]
        elif k == 1:
            h, g = random_hours(r), random_hours(r)
            week = [h] * 5 + [g, []] if r.random() < .7 else [h] * 4 + [g, g, []]
        elif k == 2:
            week = [random_hours(r)] * 7
        else:
            week = [random_hours(r, fine=True) if r.random() < .8 else [] for _ in range(7)]
        if any(week) and (allow_clash or not any(clash(week[i], week[(i + 1) % 7]) for i in range(7))):
            return week


def random_rules(r, name, zone):
    years = YEARS.get(zone.name, (2023, 2027))
    week = random_week(r, allow_clash=r.random() < .1)
    during, closed, opened, also = [], [], [], []
    if r.random() < .25:
        m, n = r.randrange(1, 11), r.randrange(1, 3)
        d1, d2 = r.randrange(1, 20), r.randrange(20, 29)
        dates = Dates('%s %d to %s %d' % (MONTHS[m - 1], d1, MONTHS[m + n - 2], d2),
                      lambda y: range(day_of(y, m, d1), day_of(y, m + n - 1, d2) + 1))
        during.append((dates, random_week(r)))
    taken = set()   # dates of closures with an effect of their own: two that disagree on one date are an error

    def days_of(dates):
        return {x for y in range(1995, 2037) for d in dates for x in d.in_year(y)}

    whole, whole_days = [], set()
    for _ in range(r.randrange(0, 7)):
        d = random_dates(r, years, zone)
        whole.append(d)
        whole_days |= days_of([d])
    if whole:
        closed.append((whole, None, False))
        taken |= whole_days
    for _ in range(r.randrange(0, 4)):
        dates = [random_dates(r, years, zone)]
        mine = days_of(dates)
        if mine & taken or not mine:
            continue
        taken |= mine
        k = r.randrange(5)
        t = r.randrange(1, 24) * HOUR + r.choice([0, 0, 30]) * MIN
        if k == 0:
            closed.append((dates, None, True))
        elif k <= 2:
            closed.append((dates, (t, 10 * DAY), False))
        elif k == 3:
            closed.append((dates, (0, t), False))
        else:
            closed.append((dates, (t, min(DAY - 30 * MIN, t + r.randrange(1, 8) * HOUR)), False))
            if closed[-1][1][1] <= t:
                closed.pop()
    used = set()
    special = sorted(x for x in taken if years[0] <= ymd(x)[0] <= years[1])
    changes = [zone.date(t) for t in zone.changes if years[0] <= ymd(zone.date(t))[0] <= years[1]]
    for _ in range(r.randrange(0, 4)):
        pool = special if special and r.random() < .6 else changes if changes and r.random() < .5 else None
        day = r.choice(pool) if pool else day_of(r.randrange(years[0], years[1] + 1), r.randrange(1, 13), r.randrange(1, 29))
        if day in used:
            continue
        used.add(day)
        k = r.randrange(3)
        if k == 0:
            opened.append((day, random_hours(r)))
        elif k == 1:
            opened.append((day, None))
        else:
            also.append((day, random_hours(r)))
    c = Rules(zone, week, during, closed, opened, also, r.choice([None, 8 * HOUR, 7 * HOUR + 30 * MIN]))
    c.name, c.years = name, years
    return c


def often_open(c):
    a = day_of(c.years[0], 1, 1) * DAY
    return c.elapsed(a, a + 400 * DAY) > 2 * DAY


def random_calendars(r, n, zone_names=ZONES):
    """Name → calendar; later ones are made of earlier ones now and then. The agreement's zone comes first."""
    home = Zone(r.choice(zone_names))
    out = {}
    for i in range(n):
        name = 'cal%d' % i
        if i >= 2 and r.random() < .3:
            known = list(out.values())
            a = r.choice(known)
            b = r.choice([c for c in known if c.zone is a.zone] if r.random() < .6 else known)
            if r.random() < .1:
                a = Always(home)
            c = Algebra(r.choice(['and', 'or', 'except']), a, b, home)
            if r.random() < .2:
                third = r.choice(known)
                c = Algebra(r.choice(['and', 'or', 'except']), c, third, home)
            c.name, c.years = name, getattr(a, 'years', b.years)
            if not often_open(c):
                continue
        else:
            c = random_rules(r, name, home if r.random() < .5 else Zone(r.choice(zone_names)))
            if not often_open(c):
                continue
        out[name] = c
    return home, out


LONG = (day_of(2000, 1, 1), None)    # a term that begins and ends far from everything


def agreement_text(home, body, term=LONG):
    """term: first day, weeks."""
    first, weeks = term
    return ('agreement "Oracle" {\n    provider "Provider"\n    customer "Customer"\n    effective %04d-%02d-%02d\n'
            '    term %s\n    currency USD\n    timezone "%s"\n}\n\n%s\n'
            % (*ymd(first), '%d weeks' % weeks if weeks else '600 months', home.name, '\n\n'.join(body)))


def settled_days(c):
    """Are the dates of this calendar's pieces settled by one zone?"""
    return not isinstance(c, Algebra) or all(isinstance(x, Always) or x.zone is c.zone and settled_days(x) for x in (c.a, c.b))


# ---- instants worth asking about -------------------------------------------------------------------------------------------
def random_instant(r, c, years=None):
    y0, y1 = years or c.years
    k = r.randrange(10)
    zone = c.zone
    if k <= 2:
        near = [t for t in zone.changes if day_of(y0, 1, 1) * DAY <= t < day_of(y1 + 1, 1, 1) * DAY]
        if near:
            return r.choice(near) + r.choice([0, 1, -1]) * r.choice([0, 1, MIN, HOUR, r.randrange(30 * HOUR)]) // US * US
    day = r.randrange(day_of(y0, 1, 1), day_of(y1, 12, 31))
    if k <= 5:
        # the edges of an interval
        for d in range(day, day + 10):
            p = c.pieces(d)
            if p:
                return r.choice(r.choice(p)) + r.choice([0, 0, 0, US, -US, MIN, -MIN, -1000, 1000])
    if k == 6 and getattr(c, 'closed', None):
        dates = r.choice(r.choice(c.closed)[0])
        days = sorted(dates.in_year(r.randrange(y0, y1 + 1)))
        if days:
            day = r.choice(days) + r.choice([-1, 0, 0, 1])
    t = day * DAY + r.randrange(DAY // MIN) * MIN
    if r.random() < .3:
        t += r.randrange(60) * US
    if r.random() < .1:
        t += r.randrange(1000) * 1000
    return t


def random_span(r):
    k = r.randrange(10)
    if k <= 3:
        return r.randrange(1, 49) * 15 * MIN
    if k <= 6:
        return r.randrange(1, 200) * HOUR
    if k == 7:
        return r.randrange(1, 100_000) * US
    if k == 8:
        return r.randrange(1, 5000) * MIN
    return r.randrange(1, 120_000) * MIN


def show_some(r, t, zone):
    return show(t, zone) if r.random() < .5 else show(t)


def random_question(r, c):
    """(text, answer)."""
    a = random_instant(r, c)
    k = r.randrange(20)
    if k < 7:
        b = a + random_span(r) if r.random() < .6 else random_instant(r, c)
        if b < a and r.random() < .9:
            a, b = b, a
        return 'elapsed\t%s\t%s' % (show_some(r, a, c.zone), show_some(r, b, c.zone)), ('seconds', c.elapsed(a, b))
    if k < 14:
        d = 0 if r.random() < .05 else random_span(r)
        if r.random() < .25:        # used up exactly at a closing
            inside = [p for x in range(a // DAY, a // DAY + 12) for p in c.pieces(x) if p[1] > a]
            if inside:
                d = c.elapsed(a, r.choice(inside)[1])
        return 'due\t%s\t%s' % (show_some(r, a, c.zone), duration_text(d)), ('instant', c.due(a, d))
    if k < 16 or not settled_days(c):
        return 'open\t%s' % show_some(r, a, c.zone), ('flag', c.is_open(a))
    n = r.choice([1, 1, 2, 3, 5, 10, 20])
    mode = r.choice(['same', 'same', 'end', 'by'])
    by = r.randrange(0, 24) * HOUR + r.choice([0, 30]) * MIN if mode == 'by' else None
    return ('days\t%s\t%d\t%s' % (show_some(r, a, c.zone), n, clock_time(by) if by is not None else mode),
            ('instant', c.business_days(a, n, mode, by)))


# ---- clocks ------------------------------------------------------------------------------------------------------------------
def by_customer(e):
    return e['event'] == 'message' and e['sender'] == 'customer'


def by_provider(e):
    return e['event'] == 'message' and e['sender'] == 'provider' and bool(e.get('public')) and not e.get('automatic')


def named(name):
    return lambda e: e['event'] == name


ANSWER = 'message from provider when public and not automatic'
PRIORITIES = ('P1', 'P2', 'P3', 'P4')
POLICIES = ('recompute', 'keep the time used', 'restart', 'keep the share used', 'never lengthen', 'count as in force')


def random_target(r, cals, kinds):
    cal = r.choice(cals)
    kind = r.choice(kinds)
    days = getattr(cal, 'zone', None) and settled_days(cal)
    if kind == 'service' and getattr(cal, 'service_day', None):
        n = r.randrange(1, 6)
        t = Target('open', cal, cal.service_day * n)
        t.text = '%d service day%s' % (n, '' if n == 1 else 's')
    elif kind == 'bdays' and days and not isinstance(cal, Always):
        n = r.choice([1, 1, 2, 3, 5])
        mode = r.choice(['same', 'end', 'by'])
        by = r.randrange(8, 21) * HOUR if mode == 'by' else None
        cutoff = r.randrange(9, 18) * HOUR if mode != 'same' and r.random() < .3 else None
        t = Target('bdays', cal, n=n, mode=mode, by=by, cutoff=cutoff)
        t.text = '%d business day%s, %s' % (n, '' if n == 1 else 's',
                                            {'same': 'same time of day', 'end': 'end of day'}.get(mode) or 'by ' + clock_time(by))
        if cutoff:
            t.text += ', cut-off ' + clock_time(cutoff)
    elif kind == 'days':
        unit = r.choice(['days', 'weeks', 'months'])
        n = r.randrange(1, 40) if unit == 'days' else r.randrange(1, 4)
        t = Target('days', cal, n=n, unit=unit)
        t.text = '%d %s' % (n, unit[:-1] if n == 1 else unit)
    else:
        amount = r.choice([r.randrange(1, 33) * 15 * MIN, r.randrange(1, 60) * HOUR, r.randrange(61, 3000) * MIN])
        below = r.random() < .2
        t = Target('open', cal, amount, below=below)
        t.text = ('below ' if below else r.choice(['', 'within '])) + duration_text(amount)
    return t


def random_clock(r, name, cals, always, home):
    c = Clock(name, (named('opened'),), (), home=home, always=always)
    c.lines = []
    kind = r.choice(['resolution', 'resolution', 'resolution', 'response', 'next', 'periodic', 'measured'])
    c.kind = kind
    c.on_closed = r.choice(['stop', 'stop', 'cancel', 'pause', 'ignore'])
    if kind == 'next':
        c.starts, c.repeats = (by_customer,), True
        c.stops = (by_provider, named('resolved')) if r.random() < .7 else (by_provider,)
        c.lines += ['repeats', 'starts on message from customer', 'stops on ' + ANSWER]
        if len(c.stops) > 1:
            c.lines.append('stops on resolved')
    elif kind == 'response':
        c.stops = (by_provider, named('responded'))
        c.lines += ['starts on opened', 'stops on ' + ANSWER, 'stops on responded']
    elif kind == 'periodic':
        c.stops, c.restarts = (named('resolved'),), (by_provider,)
        c.only_running = r.random() < .5
        c.lines += ['starts on opened', 'restarts on ' + ANSWER + (' while running' if c.only_running else ''), 'stops on resolved']
        if r.random() < .5:
            c.starts, c.repeats = c.starts + (named('reopened'),), True
            c.lines += ['starts on reopened', 'repeats']
    else:
        c.stops = (named('resolved'),)
        c.lines += ['starts on opened', 'stops on resolved']
        k = r.random()
        if k < .6:
            c.continues = (named('reopened'),)
            c.lines.append('continues on reopened')
        elif k < .75:
            c.restarts = (named('reopened'),)
            c.lines.append('restarts on reopened')
    k = r.randrange(6)
    if k <= 1:
        c.pause_on = ()
        c.lines.append('pauses while waiting')
    elif k <= 3:
        c.pause_on = set(r.sample(['customer', 'vendor', 'agreed_date'], r.choice([1, 2])))
        c.lines.append('pauses while waiting on ' + ', '.join(sorted(c.pause_on)))
    if r.random() < .3:
        c.held = True
        c.lines += ['pauses on held', 'resumes on released']
    if r.random() < .15:
        c.hidden = set(r.sample(['customer', 'vendor', 'agreed_date'], r.choice([1, 2])))
        c.lines.append('hidden while waiting on ' + ', '.join(sorted(c.hidden)))
    c.lines.append('on closed ' + c.on_closed)
    if c.on_closed == 'pause':
        c.lines.append('resumes on reopened')
    if kind == 'measured':
        c.measured = c.cal = r.choice(cals)
        c.lines.append('measured only, counted in ' + algebra_text(c.measured))
        c.steps = tuple(random_offset(r, c, 'start', [15, 60, 120, 600], [c.measured], 'E') for _ in range(r.randrange(0, 3)))
        return c
    policy = r.choice(POLICIES + (None,))
    dates = policy in ('recompute', 'restart', 'never lengthen', None) and r.random() < .4
    kinds = ['bdays', 'bdays', 'days', 'open', 'service'] if dates else ['open', 'open', 'open', 'service']
    pool = cals + [always] if r.random() < .7 else [r.choice(cals)]
    if r.random() < .2:
        both = Algebra(r.choice(['and', 'or', 'except']), r.choice(cals), r.choice(cals), home)
        both.years = getattr(both.a, 'years', (2024, 2026))
        if both.a is not both.b and often_open(both):
            pool.append(both)
    c.policy = policy
    if policy:
        c.lines.append('on change of priority ' + policy)
    c.share = r.random() < .25
    if r.random() < .2:
        c.judged = True
        c.lines.append('judged at the stop')
    if r.random() < .2:
        c.excused = ('third_party', 'force_majeure')
        c.lines.append('excused when cause in third_party, force_majeure')
    if r.random() < .2:
        c.from_attachment = True
        c.lines.append('counts from attachment')
    if policy in ('recompute', 'restart', 'never lengthen', None) and r.random() < .15:
        # The date stands in the record.
        cal = r.choice(pool) if r.random() < .5 else None
        c.by_record = Target('record', cal or always)
        c.by_record.moved = cal is not None
        c.lines = [x.replace('change of priority', 'change of due_at') for x in c.lines]
        c.lines.append('target due_at of ticket' + (', moved to the next opening in ' + algebra_text(cal) if cal else '') + ', missing none')
        random_steps(r, c, pool, always, [c.by_record])
        return c
    rows = []
    for p in PRIORITIES:
        t = c.targets[p] = None if p == 'P4' and r.random() < .15 else random_target(r, pool, kinds)
        rows.append('%s | %s | %s' % (p, t.text if t else 'none', algebra_text(t.cal) if t else ''))
    if policy == 'count as in force' or policy is None and r.random() < .4:
        # The calendar alone changes.
        t = random_target(r, pool, ['open'])
        rows = []
        for p in PRIORITIES:
            u = c.targets[p] = Target('open', r.choice(pool), t.amount, below=t.below)
            u.text = t.text
            rows.append('%s | %s | %s' % (p, u.text, algebra_text(u.cal)))
    c.lines.append('target by priority {\n        priority | within | counted in\n        %s\n    }' % '\n        '.join(rows))
    random_steps(r, c, pool, always, [t for t in c.targets.values() if t])
    return c


def random_offset(r, c, kind, amounts, pool, who, counted=()):
    """`30 min before due`, `1 business day after breach`, `2 days after start`, some on another calendar, some held."""
    tail = {'before': ' before due', 'after': ' after breach', 'start': ' after start'}[kind]
    other = r.choice(pool) if r.random() < .25 else None
    tail += ' in ' + algebra_text(other) if other else ''
    if other is None and r.random() < .3 and not any(isinstance(x, Always) or not settled_days(x) for x in counted):
        n = r.randrange(1, 4)
        step = Step(kind, '%d business day%s%s' % (n, '' if n == 1 else 's', tail), n, unit='business')
    elif other is None and r.random() < .15 and all(settled_days(x) for x in counted):
        n = r.randrange(1, 4)
        step = Step(kind, '%d day%s%s' % (n, '' if n == 1 else 's', tail), n, unit='days')
    else:
        d = r.choice(amounts) * MIN
        step = Step(kind, duration_text(d) + tail, d, named=other)
    text = '%s notify "%s"' % (step.text, who)
    if r.random() < .15:
        step.held = r.choice(pool)
        text += ', held until open in ' + algebra_text(step.held)
    c.lines.append(text)
    return step


def random_steps(r, c, pool, always, targets):
    steps = []
    for p in r.sample([10, 25, 50, 75, 80, 90, 95], r.randrange(0, 4)):
        steps.append(Step('percent', '%d%% of target' % p, p))
        c.lines.append('at %d%% of target notify "A"' % p)
    least = min([t.amount for t in targets if t.kind == 'open'] + [2 * HOUR])
    counted = [t.cal for t in targets] or [always]
    others = [x for x in pool + [always] if isinstance(x, Always) or hasattr(x, 'name')]
    if r.random() < .4 and least > 10 * MIN:
        steps.append(random_offset(r, c, 'before', [d for d in (5, 10, 30, 60) if d * MIN < least], others, 'B', counted))
    if r.random() < .5:
        steps.append(Step('breach', 'breach'))
        c.lines.append('at breach notify "C"')
    if r.random() < .4:
        steps.append(random_offset(r, c, 'after', [15, 60, 120, 600], others, 'D', counted))
    if r.random() < .3:
        steps.append(random_offset(r, c, 'start', [15, 60, 120, 600], others, 'E', counted))
    c.steps = tuple(steps)


def hours_and_minutes(n):
    return ' '.join(['%d h' % (n // 60)] * (n >= 60) + ['%d min' % (n % 60)] * (n % 60 > 0))


def random_chain(r, name, always, home):
    """A clock without a target that only counts its steps."""
    c = Clock(name, (lambda e: e['event'] == 'opened' and e.get('priority') == 'P1',), (), home=home, always=always)
    ends = r.sample(['acknowledged', 'resolved', 'responded'], 2)
    c.kind, c.measured, c.cal, c.on_closed = 'chain', always, always, 'stop'
    c.stops = tuple(named(x) for x in ends)
    links = [r.choice([1, 5, 12, 30, 90, 600]) for _ in range(r.randrange(1, 4))]
    again = r.randrange(0, 3)
    steps, at = [], 0
    for n in links * (again + 1):
        steps.append(Step('start', hours_and_minutes(at) + ' after start' if at else 'start', at * MIN))
        at += n
    c.steps = tuple(steps)
    c.text = 'chain %s of ticket on opened when priority is P1 {\n    %s\n}' % (name, '\n    '.join(
        ['"Who" for %d min' % n for n in links] + ([('again once', 'again twice')[again - 1]] if again else []) + ['until ' + ', '.join(ends)]))
    return c


def clock_text(c):
    if c.kind == 'chain':
        return c.text
    return clock_lines(c) + ('\n\nmeasure m_%s { share of %s met ; by priority ; each month }' % (c.name, c.name) if c.share else '')


def clock_lines(c):
    return 'clock %s of ticket {\n    %s\n}' % (c.name, '\n    '.join(c.lines))


HEAD = """use itil

event held of ticket { note : text }
event released of ticket { note : text }"""


# ---- tickets -------------------------------------------------------------------------------------------------------------------
def random_ticket(r, key, cal, until):
    """Events of one ticket in input order, each with `t`."""
    t = random_instant(r, cal)
    if r.random() < .35:
        t = t // MIN * MIN
    events = []
    state = {'waits': {}, 'held': False, 'priority': r.choice(PRIORITIES), 'open': True}
    ids = r.random() < .1

    def add(name, **fields):
        e = {'t': t, 'event': name, 'ticket': key}
        e.update(fields)
        if ids:
            e['id'] = '%s-%d' % (key, len(events))
        events.append(e)

    def fields():
        out = {}
        if r.random() < .93:
            out['priority'] = r.choice(PRIORITIES)
        if r.random() < .3:
            out['due_at'] = t + r.randrange(1, 400) * HOUR
        return out

    add('opened', **fields())
    reopened = 0
    shape = r.random()
    for _ in range(r.randrange(1, 14)):
        k = r.randrange(10)
        if k == 0:
            pass                                    # the same instant
        elif k == 1:
            t += r.randrange(1, 120) * US
        elif k <= 5:
            t += r.randrange(1, 300) * MIN
        elif k <= 7:
            t += r.randrange(1, 4000) * MIN
        elif k == 8:
            inside = [p for x in range(t // DAY, t // DAY + 8) for p in cal.pieces(x) if p[1] > t]
            if inside:
                t = max(t, r.choice(r.choice(inside)))   # an edge
        else:
            t += r.randrange(1, 20) * DAY
        if not state['open']:
            # after resolving
            if r.random() < .25:
                add('changed', **fields())
                continue
            if reopened < 2 and r.random() < .6:
                reopened += 1
                state['open'] = True
                add('reopened')
            elif r.random() < .5:
                add('closed')
                if r.random() < .3 and reopened < 2:
                    reopened += 1
                    t += r.randrange(1, 3000) * MIN
                    state['open'] = True
                    add('reopened')
                    continue
                break
            continue
        k = r.random()
        if k < .25:
            w = r.choice(['customer', 'customer', 'vendor', 'agreed_date'])
            if shape < .5:
                add('waiting', awaiting=w, wait='w%d' % r.randrange(4))
                state['waits'][events[-1]['wait']] = w
            else:
                add('waiting', awaiting=w)
                state['waits'][w] = w
        elif k < .45:
            named_ones = [w for w in state['waits'] if w.startswith('w')]
            if shape < .5 and named_ones and r.random() < .8:
                w = r.choice(named_ones)
                del state['waits'][w]
                add('resumed', wait=w)
                if r.random() < .2:
                    add('waiting', awaiting='vendor', wait='w9')
                    state['waits']['w9'] = 'vendor'
            else:
                state['waits'].clear()
                add('resumed')
        elif k < .58:
            add('changed', **fields())
        elif k < .65:
            add('message', sender='customer', public=True)
        elif k < .76:
            add('message', sender='provider', public=r.random() < .8, automatic=r.random() < .15)
        elif k < .82:
            add('released' if state['held'] else 'held')
            state['held'] = not state['held']
        elif k < .84:
            add('responded')
        elif k < .94:
            state['open'] = False
            add('resolved')
            if r.random() < .5:
                events[-1]['cause'] = r.choice(['provider_side', 'third_party', 'force_majeure'])
        elif k < .97:
            add('closed')
            if r.random() < .5:
                break
            state['open'] = False
        else:
            add(r.choice(['cancelled', 'merged']), **({}))
            if events[-1]['event'] == 'merged':
                events[-1]['target'] = 'X' + key
            if r.random() < .5:
                break
            state['open'] = False
    events = [e for e in events if e['t'] <= until]
    if ids and events and r.random() < .5:
        events.append(dict(r.choice(events)))       # a duplicate counts once
    return events


def event_text(r, e, zone):
    fields = ['"at":"%s"' % show_some(r, e['t'], zone)]
    for k, v in e.items():
        if k == 'due_at':
            fields.append('"due_at":"%s"' % show_some(r, v, zone))
        elif k != 't':
            fields.append('"%s":%s' % (k, 'true' if v is True else 'false' if v is False else '"%s"' % v))
    return '{%s}' % ','.join(fields)
