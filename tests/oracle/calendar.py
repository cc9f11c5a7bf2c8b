# SPDX-License-Identifier: MIT
"""A slow, obvious evaluator of calendars, written from semantics.md (T1 to T6) alone.

Instants are integers: microseconds since 1970 in UTC. A wall reading is the same number read off a local clock. Dates are
days since 1970. Every question walks dates and intervals; nothing is summed in advance. Only what a date's intervals are is
remembered.
"""
import bisect
import os
import struct

US = 1_000_000
DAY = 86_400 * US
HOUR = 3_600 * US
MIN = 60 * US
NEVER = None
PLACES = ('/usr/share/zoneinfo', '/usr/lib/zoneinfo', '/usr/share/lib/zoneinfo', '/etc/zoneinfo')
FIRST_YEAR, LAST_YEAR = 1995, 2037


class Ambiguous(Exception):
    """The rules do not settle this question; it is not asked."""


# ---- dates: the proleptic Gregorian calendar, by the plain rules ---------------------------------------------------------
def leap(y):
    return y % 4 == 0 and (y % 100 != 0 or y % 400 == 0)


LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
YEAR_STARTS = [0]
for _y in range(1970, 2101):
    YEAR_STARTS.append(YEAR_STARTS[-1] + (366 if leap(_y) else 365))


def month_length(y, m):
    return 29 if m == 2 and leap(y) else LENGTHS[m - 1]


def day_of(y, m, d):
    return YEAR_STARTS[y - 1970] + sum(month_length(y, i) for i in range(1, m)) + d - 1


def ymd(day):
    y = 1970 + bisect.bisect_right(YEAR_STARTS, day) - 1
    rest = day - YEAR_STARTS[y - 1970]
    m = 1
    while rest >= month_length(y, m):
        rest -= month_length(y, m)
        m += 1
    return y, m, rest + 1


def weekday(day):
    """0 is monday; 1970-01-01 was a thursday."""
    return (day + 3) % 7


def easter(y):
    """Gregorian Easter Sunday by the anonymous algorithm."""
    a, b, c = y % 19, y // 100, y % 100
    d, e = b // 4, b % 4
    f = (b + 8) // 25
    g = (b - f + 1) // 3
    h = (19 * a + b - d - g + 15) % 30
    i, k = c // 4, c % 4
    l = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * l) // 451
    n = h + l - 7 * m + 114
    return day_of(y, n // 31, n % 31 + 1)


def parse_instant(s):
    """ISO 8601 with Z or an offset."""
    date, rest = s[:10], s[11:]
    if rest.endswith('Z'):
        rest, off = rest[:-1], 0
    else:
        at = max(rest.rfind('+'), rest.rfind('-'))
        o = rest[at:].replace(':', '')
        off = (int(o[1:3]) * 3600 + int(o[3:5] or 0) * 60 + int(o[5:7] or 0)) * (-1 if o[0] == '-' else 1)
        rest = rest[:at]
    parts = rest.split(':')
    sec = parts[2] if len(parts) > 2 else '0'
    whole, _, frac = sec.partition('.')
    us = int((frac + '000000')[:6])
    y, m, d = (int(x) for x in date.split('-'))
    return day_of(y, m, d) * DAY + ((int(parts[0]) * 60 + int(parts[1])) * 60 + int(whole) - off) * US + us


def show_wall(wall):
    day, us = divmod(wall, DAY)
    y, m, d = ymd(day)
    s, frac = divmod(us, US)
    t = '%04d-%02d-%02dT%02d:%02d:%02d' % (y, m, d, s // 3600, s // 60 % 60, s % 60)
    return t + (('.%06d' % frac).rstrip('0') if frac else '')


def show(t, zone=None):
    if t is None:
        return 'never'
    if zone is None:
        return show_wall(t) + 'Z'
    off = zone.offset(t)
    o = abs(off) // US
    return show_wall(t + off) + ('-' if off < 0 else '+') + '%02d:%02d' % (o // 3600, o // 60 % 60) + (':%02d' % (o % 60) if o % 60 else '')


HORIZON = day_of(LAST_YEAR - 2, 1, 1) * DAY


# ---- zones -------------------------------------------------------------------------------------------------------------
def segments_by_scan(name):
    """Stretches of constant offset, found by looking at the offset every six hours and halving where it differs."""
    import datetime
    import zoneinfo
    zone = zoneinfo.ZoneInfo(name)
    epoch = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)

    def offset(sec):
        d = (epoch + datetime.timedelta(seconds=sec)).astimezone(zone).utcoffset()
        return d.days * 86400 + d.seconds

    first, last = (day_of(y, 1, 1) * 86400 for y in (FIRST_YEAR, LAST_YEAR))
    out = [(first, offset(first))]
    for sec in range(first, last, 21600):
        if offset(sec + 21600) == out[-1][1]:
            continue
        low, high = sec, sec + 21600
        while high - low > 1:
            mid = (low + high) // 2
            if offset(mid) == out[-1][1]:
                low = mid
            else:
                high = mid
        out.append((high, offset(high)))
    return out


def segments_by_file(name):
    """The same from the compiled file, where Python comes without its zone module."""
    for place in PLACES:
        path = os.path.join(place, name)
        if os.path.exists(path):
            break
    with open(path, 'rb') as f:
        data = f.read()
    head = struct.unpack('>4s1s15x6l', data[:44])
    isut, isstd, leaps, times, types, chars = head[2:8]
    at = 44 + times * 5 + types * 6 + chars + leaps * 8 + isstd + isut
    isut, isstd, leaps, times, types, chars = struct.unpack('>4s1s15x6l', data[at:at + 44])[2:8]
    at += 44
    when = struct.unpack('>%dq' % times, data[at:at + 8 * times])
    kinds = data[at + 8 * times:at + 9 * times]
    at += 9 * times
    offsets = [struct.unpack('>lbb', data[at + 6 * i:at + 6 * i + 6])[0] for i in range(types)]
    footer = data[data.rindex(b'\n', 0, len(data) - 1) + 1:-1]
    if b',' in footer and (not when or when[-1] < day_of(LAST_YEAR - 1, 1, 1) * 86400):
        raise SystemExit('the zone file of %s gives its later changes as a rule; this needs the python module zoneinfo' % name)
    first, last = (day_of(y, 1, 1) * 86400 for y in (FIRST_YEAR, LAST_YEAR))
    out = [(first, offsets[0])]
    for t, k in zip(when, kinds):
        if t <= first:
            out[0] = (first, offsets[k])
        elif t < last and offsets[k] != out[-1][1]:
            out.append((t, offsets[k]))
    return out


class Zone:
    made = {}

    def __new__(cls, name):
        if name not in cls.made:
            z = cls.made[name] = object.__new__(cls)
            z.name = name
            try:
                import zoneinfo  # noqa: F401
                found = segments_by_scan(name)
            except ImportError:
                found = segments_by_file(name)
            z.starts = [s * US for s, _ in found]
            z.starts[0] = -10 ** 19
            z.offsets = [o * US for _, o in found]
            z.changes = z.starts[1:]
        return cls.made[name]

    def segment(self, t):
        return bisect.bisect_right(self.starts, t) - 1

    def offset(self, t):
        return self.offsets[self.segment(t)]

    def wall(self, t):
        return t + self.offset(t)

    def date(self, t):
        return self.wall(t) // DAY

    def near(self, wall):
        """Segments that a wall reading can lie in: (start, end, offset); no offset is above a day."""
        i, last = self.segment(wall - 2 * DAY), self.segment(wall + 2 * DAY)
        return [(self.starts[k], self.starts[k + 1] if k + 1 < len(self.starts) else 10 ** 19, self.offsets[k])
                for k in range(i, last + 1)]

    def instant(self, wall):
        """The earlier of two; the change where the reading is skipped."""
        near = self.near(wall)
        for start, end, off in near:
            if start <= wall - off < end:
                return wall - off
        for (_, end, off), (_, _, off2) in zip(near, near[1:]):
            if wall - off >= end and wall - off2 < end:
                return end
        raise AssertionError('no instant')

    def pieces(self, a, b):
        """The instants whose wall reading lies in [a, b), as intervals in order."""
        out = []
        for start, end, off in self.near(a) if b - a < DAY else sorted(set(self.near(a) + self.near(b))):
            f, t = max(start, a - off), min(end, b - off)
            if f >= t:
                continue
            if out and out[-1][1] == f:
                out[-1] = (out[-1][0], t)
            else:
                out.append((f, t))
        return out


# ---- sets of numbers: lists of disjoint [from, to) in order ---------------------------------------------------------------
def union(xs):
    out = []
    for f, t in sorted(xs):
        if f >= t:
            continue
        if out and f <= out[-1][1]:
            out[-1] = (out[-1][0], max(t, out[-1][1]))
        else:
            out.append((f, t))
    return out


def minus(xs, ys):
    for yf, yt in ys:
        nxt = []
        for f, t in xs:
            if f < min(t, yf):
                nxt.append((f, min(t, yf)))
            if max(f, yt) < t:
                nxt.append((max(f, yt), t))
        xs = nxt
    return xs


def meet(xs, ys):
    return union([(max(a, c), min(b, d)) for a, b in xs for c, d in ys])


# ---- rules for dates ---------------------------------------------------------------------------------------------------------
class Dates:
    """A date rule: `of(y)` gives the dates that it names in the year y."""

    def __init__(self, text, of, since=None, until=None, unless=()):
        self.text, self.of = text, of
        self.since, self.until, self.unless = since, until, unless
        self.years = {}

    def in_year(self, y):
        if y not in self.years:
            ok = (self.since is None or y >= self.since) and (self.until is None or y <= self.until) and y not in self.unless
            self.years[y] = frozenset(self.of(y)) if ok else frozenset()
        return self.years[y]

    def has(self, day):
        y = ymd(day)[0]
        return any(day in self.in_year(k) for k in (y - 1, y, y + 1))


# ---- calendars -------------------------------------------------------------------------------------------------------------
class Calendar:
    """Base: dated pieces for a date, and every question by walking them."""

    zone = None
    service_day = None

    def __init__(self):
        self.known = {}

    def pieces(self, day):
        """The open intervals that belong to this date: disjoint, in order, as instants."""
        p = self.known.get(day)
        if p is None:
            p = self.known[day] = self.make(day)
        return p

    def walk(self, a):
        """Disjoint open intervals in order, from the one that holds a or follows it."""
        day = a // DAY - 5
        waiting, current, idle = [], None, 0
        while idle < 366 * 6:
            found = self.pieces(day)
            idle = 0 if found else idle + 1
            waiting += found
            day += 1
            # What later dates bring starts after this: no zone is more than a day off, with a day to spare.
            known_to = (day - 3) * DAY
            waiting.sort()
            while waiting and waiting[0][0] < known_to:
                f, t = waiting.pop(0)
                if current and f <= current[1]:
                    current = (current[0], max(current[1], t))
                    continue
                if current and current[1] > a:
                    yield max(current[0], a), current[1]
                current = (f, t)
            if day * DAY > HORIZON + 400 * DAY:
                raise Ambiguous('too far for this oracle')
        if current and current[1] > a:
            yield max(current[0], a), current[1]

    def elapsed(self, a, b):
        total = 0
        if b <= a:
            return 0
        for f, t in union([p for day in range(a // DAY - 5, b // DAY + 4) for p in self.pieces(day)]):
            total += max(0, min(t, b) - max(f, a))
        return total

    def due(self, a, d):
        for f, t in self.walk(a):
            if d <= t - f:
                if f + d > HORIZON:
                    raise Ambiguous('too far for this oracle')
                return f + d
            d -= t - f
        return NEVER

    def before(self, due, d):
        """The earliest t with elapsed(t, due) = d."""
        if d == 0:
            return due
        back = 8
        while back < 366 * 9:
            inside = union([p for day in range(due // DAY - back - 5, due // DAY + 4) for p in self.pieces(day)])
            left = d
            for f, t in reversed(inside):
                t = min(t, due)
                if f >= t or t < due - back * DAY:
                    continue
                if left == 0:
                    return t  # used up at an opening: nothing is open from the close before until then
                if left < t - f:
                    return t - left
                left -= t - f
            back *= 2
        raise Ambiguous('too long ago for this oracle')

    def is_open(self, t):
        return any(f <= t < e for day in range(t // DAY - 4, t // DAY + 3) for f, e in self.pieces(day))

    def date_of(self, t):
        """The date whose interval holds t, or None when closed."""
        days = [day for day in range(t // DAY - 4, t // DAY + 4) if any(f <= t < e for f, e in self.pieces(day))]
        if len(days) > 1:
            raise Ambiguous('intervals of two dates overlap')
        return days[0] if days else None

    def between(self, t):
        """The date between two intervals of which t falls."""
        days = [day for day in range(t // DAY - 4, t // DAY + 4) if self.pieces(day) and self.pieces(day)[0][0] <= t < self.pieces(day)[-1][1]]
        if len(days) > 1:
            raise Ambiguous('intervals of two dates overlap')
        return days[0] if days else None

    def next_business_date(self, day, n):
        """The n-th date with an opening after this one."""
        limit = day + 366 * 9
        while n:
            day += 1
            if day > limit:
                return NEVER
            if self.pieces(day):
                n -= 1
                limit = day + 366 * 9
        return day

    def business_days(self, a, n, mode, by=None, cutoff=None):
        """mode: same, end, by (wall microseconds of the day). None: never."""
        zone = self.zone
        zero = self.date_of(a)
        opened = zero is not None
        if cutoff is not None:
            # Up to the cut-off of a date with an opening that date is day zero, whether open just then or not; later the next.
            today = zero if opened else self.between(a)
            today = zone.date(a) if today is None else today
            zero = today
            if not self.pieces(today) or zone.wall(a) - today * DAY > cutoff:
                zero = self.next_business_date(today, 1)
            opened = True
        elif not opened:
            opening = self.due(a, 0)
            if opening is NEVER:
                return NEVER
            first = self.date_of(opening)
            if self.pieces(first)[0][0] < a:
                zero, opened, a = first, True, opening      # between two intervals of a date: as from its next opening
        if opened:
            day = self.next_business_date(zero, n) if zero is not None else NEVER
        elif mode == 'same':
            day = self.next_business_date(first, n)
        else:
            day = self.next_business_date(first, n - 1)
        if day is NEVER:
            return NEVER
        inside = self.pieces(day)
        if mode == 'end':
            return inside[-1][1]
        if mode == 'by':
            return zone.instant(day * DAY + by)
        if not opened:
            return inside[0][0]
        t = zone.instant(day * DAY + zone.wall(a) - zero * DAY)
        if t >= inside[-1][1]:
            return inside[-1][1]
        for f, e in inside:
            if t < e:
                return max(t, f)
        raise AssertionError

    def shift_days(self, t, n):
        """n business days after (before, when negative) a due instant: the wall clock kept, clamped to that date's hours.
        An instant of closing belongs to the date that closes."""
        near = [(day, self.pieces(day)) for day in range(t // DAY - 4, t // DAY + 4)]
        days = ([day for day, p in near if any(f < t <= e for f, e in p)] or [day for day, p in near if any(f == t for f, _ in p)])
        if len(days) > 1:
            raise Ambiguous('intervals of two dates overlap')
        zero = days[0] if days else self.between(t)
        day = zero = self.zone.date(t) if zero is None else zero        # in closed time: the date on the wall
        left = abs(n)
        while left:
            day += 1 if n > 0 else -1
            if abs(day - zero) > 366 * 6:
                raise Ambiguous('too far for this oracle')
            left -= bool(self.pieces(day))
        inside = self.pieces(day)
        u = self.zone.instant(day * DAY + self.zone.wall(t) - zero * DAY)
        for f, e in inside:
            if u <= e:
                return max(u, f)
        return inside[-1][1]

    # ---- a second opinion for small spans: minute by minute through is_open ----
    def elapsed_by_minutes(self, a, b):
        return sum(MIN for t in range(a, b, MIN) if self.is_open(t))


class Rules(Calendar):
    """Weekly hours and what changes them. Hours are (from, to) in microseconds of the local date; to may pass 24:00."""

    def __init__(self, zone, weekly, during=(), closed=(), opened=(), also=(), service_day=None):
        super().__init__()
        self.zone = zone
        self.weekly = weekly    # 7 lists of hours, monday first
        self.during = during    # (Dates, 7 lists)
        self.closed = closed    # (list of Dates, (from, to) or None for the whole date, cut at midnight)
        self.opened = opened    # (day, hours or None)
        self.also = also        # (day, hours)
        self.service_day = service_day

    def open_rule(self, day):
        return [hours for d, hours in self.opened if d == day]

    def closures(self, day):
        if self.open_rule(day):
            return []           # open beats closed
        return [(part, cut) for dates, part, cut in self.closed if any(d.has(day) for d in dates)]

    def hours(self, day):
        rule = self.open_rule(day)
        if rule and rule[0] is not None:
            hours = list(rule[0])
        else:
            week = self.weekly
            for dates, replaced in self.during:
                if dates.has(day):
                    week = replaced
            hours = list(week[weekday(day)])
            for part, _ in self.closures(day):
                hours = minus(hours, [part]) if part else []
        for d, more in self.also:
            if d == day:
                hours = hours + list(more)
        hours = union(hours)
        if any(cut for _, cut in self.closures(day + 1)):
            hours = meet(hours, [(0, DAY)])
        return hours

    def make(self, day):
        return union([p for f, t in self.hours(day) for p in self.zone.pieces(day * DAY + f, day * DAY + t)])


class Always(Rules):
    def __init__(self, zone):
        super().__init__(zone, [[(0, DAY)]] * 7)

    # The same answers without the walk: every instant is open.
    def elapsed(self, a, b):
        return max(0, b - a)

    def due(self, a, d):
        return a + d

    def before(self, due, d):
        return due - d


class Never(Rules):
    def __init__(self, zone):
        super().__init__(zone, [[]] * 7)


class Algebra(Calendar):
    """`a and b`, `a or b`, `a except b`."""

    def __init__(self, op, a, b, zone):
        super().__init__()
        self.op, self.a, self.b, self.zone = op, a, b, zone

    def make(self, day):
        if self.op == 'or':
            return union(self.a.pieces(day) + self.b.pieces(day))
        out = []
        for left in range(day - 3, day + 4):
            for f, t in self.a.pieces(left):
                other = union([p for k in range(f // DAY - 5, t // DAY + 5) for p in self.b.pieces(k)])
                for g, u in (meet if self.op == 'and' else minus)([(f, t)], other):
                    if (left if g == f else self.zone.date(g)) == day:
                        out.append((g, u))
        return union(out)
