# SPDX-License-Identifier: MIT
"""A slow, obvious evaluator of clocks, written from semantics.md (T6 to T8, C1 to C10, E1) alone.

All events of one ticket are in memory. A cycle keeps its whole life as a list of stretches; every question (how much is
used, when is it due, when is a step reached) walks that list again from its beginning.
"""
from oracle.calendar import DAY, Algebra, Ambiguous, Rules, month_length, ymd, day_of


class Target:
    """open: amount of open time. bdays: n, mode, by, cutoff. days: n, unit (days, weeks, months)."""

    def __init__(self, kind, cal, amount=None, below=False, n=None, mode=None, by=None, cutoff=None, unit=None):
        self.kind, self.cal, self.amount, self.below = kind, cal, amount, below
        self.n, self.mode, self.by, self.cutoff, self.unit = n, mode, by, cutoff, unit

    def date(self, start, home, record):
        """Where a target of dates ends, pauses aside."""
        if self.kind == 'record':
            return self.cal.due(record, 0) if self.moved else record
        return self.date_due(start, home)

    def size(self):
        return self.kind, self.amount, self.below, self.n, self.mode, self.by, self.cutoff, self.unit

    def date_due(self, start, home):
        if self.kind == 'bdays':
            return self.cal.business_days(start, self.n, self.mode, self.by, self.cutoff)
        # The date moves by the wall clock of the calendar named, if it names a zone of its own, else of the agreement.
        home = self.cal.zone if isinstance(self.cal, Rules) else home
        day, time = divmod(home.wall(start), DAY)
        if self.unit == 'months':
            y, m, d = ymd(day)
            y, m = y + (m - 1 + self.n) // 12, (m - 1 + self.n) % 12 + 1
            day = day_of(y, m, min(d, month_length(y, m)))
        else:
            day += self.n * (7 if self.unit == 'weeks' else 1)
        return home.instant(day * DAY + time)


class Step:
    """percent (of the target), before (due), breach, after (breach), start (after start). `text` as written. Counted on the
    clock's calendar unless another is named; with a unit the value is a number of `business` or calendar `days`."""

    def __init__(self, kind, text, value=0, unit=None, named=None):
        self.kind, self.text, self.value, self.unit, self.named = kind, text, value, unit, named
        self.held = None                # until open in this calendar

    def cal(self, target):
        return self.named or target.cal


def same_calendar(a, b):
    return a is b or (isinstance(a, Algebra) and isinstance(b, Algebra) and a.op == b.op and same_calendar(a.a, b.a) and same_calendar(a.b, b.b))


class Clock:
    def __init__(self, name, starts, stops, **more):
        self.name, self.starts, self.stops = name, starts, stops
        self.restarts, self.continues, self.cancels = (), (), ()
        self.only_running = False       # an event of `restarts` begins nothing after an end
        self.pause_on = None            # None: never; (): any wait; else a set of reasons
        self.held = False               # pauses on held, resumes on released
        self.on_closed = None
        self.excused = ()               # causes
        self.policy = None              # None: as the default has it
        self.repeats = False
        self.share = False              # a measure counts its verdicts
        self.hidden = ()                # reasons of waits
        self.from_attachment = False
        self.by_record = None           # a target whose date stands in the record
        self.judged = False             # at the stop
        self.targets = {}               # priority → Target or None
        self.measured = None            # calendar: measured only
        self.steps = ()
        self.cal = None                 # where steps are counted when there is no target: `measured`
        self.home = None                # zone of the agreement
        self.__dict__.update(more)


COUNT, SPENT, PAUSE, CLOSED = 'count', 'spent', 'pause', 'closed'      # spent: counted, and since then in `base`
RUNS = COUNT, SPENT


class Cycle:
    def __init__(self, number, now, target):
        self.number, self.started, self.from_ = number, now, now
        self.target = target
        self.real = 0                   # open time counted before base was set
        self.base = 0                   # used before the stretches, by `keep the share used`
        self.stretches = []             # [from, to or None, what, calendar]
        self.due = self.due_first = self.breached_at = self.stopped = None
        self.passed = None              # since when it is late; with `judged at the stop` not a verdict yet
        self.changed = None             # when the target came that is in force, if not at the start
        self.promised = None            # the date in the record by which it is judged
        self.seen = (target, None)      # what the contract said last, taken or not
        self.excused = False
        self.counted = None             # verdict, instant, priority: what a measure has of it (M1)
        self.chosen = None              # the priority that chose the target it has (R3)
        self.state = 'running'          # running, stopped, cancelled
        self.fired = set()


class Life:
    """One clock of one ticket."""

    def __init__(self, clock):
        self.c = clock
        self.cycles = []
        self.escalations = []           # (cycle, step text, at)
        self.priority = self.promised = None
        self.cause = None
        self.waits = {}                 # identity → reason
        self.is_held = False
        self.is_closed = False          # paused by closing
        self.now = None

    # ---- the ledger ----
    def used(self, y, t):
        return y.base + sum(cal.elapsed(f, t if e is None else min(e, t)) for f, e, what, cal in y.stretches if what == COUNT)

    def paused(self, y, t):
        """As reported: plain time."""
        return sum((t if e is None else min(e, t)) - f for f, e, what, _ in y.stretches if what == PAUSE)

    def reach(self, y, amount):
        """When the time used reaches amount, by the stretches so far, the last one going on for ever. None: not while it
        stands still."""
        need = amount - y.base
        for f, e, what, cal in y.stretches:
            if what != COUNT or e == f:
                continue
            if need < 0:
                return f
            t = cal.due(f, need)
            if e is None:
                if t is None:
                    raise Ambiguous('never')
                return t
            if t is not None and t <= e:
                return t            # T3: the earliest instant; used up just where a pause begins, it is due there
            need -= cal.elapsed(f, e)
        return None

    def running(self, y):
        return y.state == 'running' and y.stretches[-1][2] == COUNT

    def compute_due(self, y):
        t = y.target
        if t is None or not self.running(y):
            return None
        if t.kind == 'open':
            return self.reach(y, t.amount)
        date = t.date(y.from_, self.c.home, y.promised)
        if date is None:
            raise Ambiguous('never')
        return self.with_pauses(y, t, date)

    def with_pauses(self, y, t, date):
        """T8: the date first, then the open time of each pause that began before it."""
        return self.later_by_pauses(y, t.cal, date, None)

    def standing(self, y):
        """When it did not count. C4: a set of instants, so what follows each other at once is one."""
        out = []
        for f, e, what, _ in y.stretches:
            e = self.now if e is None else e
            if what in RUNS or e == f:
                continue
            if out and out[-1][1] == f:
                out[-1][1] = e
            else:
                out.append([f, e])
        return out

    def later_by_pauses(self, y, cal, date, since):
        for f, e in self.standing(y):
            open_ = cal.elapsed(f if since is None else max(f, since), e) if f < date else 0
            if open_:
                date = cal.due(date, open_)
                if date is None:
                    raise Ambiguous('never')
        return date

    def refresh(self, y):
        if y.breached_at is not None:
            return
        y.due = self.compute_due(y)
        if y.passed is not None and y.due is not None:
            y.passed = None if y.due > self.now else max(y.due, y.passed)

    def stretch(self, y, what, cal=None):
        """From now on `what`."""
        if y.stretches:
            y.stretches[-1][1] = self.now
        y.stretches.append([self.now, None, what, cal or (y.target.cal if y.target else self.c.measured or self.c.always)])

    def should_pause(self):
        c = self.c
        waiting = c.pause_on is not None and any(not c.pause_on or r in c.pause_on for r in self.waits.values())
        return waiting or self.is_held or self.is_closed

    def settle(self, y):
        """Pauses and counts as the ticket's state says."""
        want = PAUSE if self.should_pause() else COUNT
        if y.state == 'running' and y.stretches[-1][2] != want:
            stood_since = self.still_since(y)
            self.stretch(y, want, y.stretches[-1][3])
            if want == COUNT:
                self.count_on(y, stood_since)

    # ---- timers ----
    def step_at(self, y, s):
        at = self.step_unheld(y, s)
        # Asked for before there was a clock: at once. Held: at the next opening.
        at = max(at, y.started) if at is not None else None
        return s.held.due(at, 0) if s.held and at is not None else at

    def step_unheld(self, y, s):
        t = y.target
        if s.kind == 'percent':
            if t.kind == 'open':
                return self.reach(y, -(-t.amount * s.value // 100))
            # Of dates: the open time from start to due, and what is used of it, both on the calendar of the target.
            whole = t.cal.elapsed(y.from_, t.date(y.from_, self.c.home, y.promised))
            z = Cycle(0, y.started, t)
            z.stretches = [[f, e, what, t.cal] for f, e, what, _ in y.stretches]
            return self.reach(z, -(-whole * s.value // 100))
        if s.kind == 'before':
            # E1: one that due moved back past comes late, also after the breach.
            if y.due is None:
                return None
            return self.behind(y, s, y.due, -s.value) if s.unit else s.cal(t or self.c).before(y.due, s.value)
        if s.kind == 'start':
            return self.behind(y, s, y.from_, s.value)
        late = y.breached_at if y.breached_at is not None else y.passed
        if late is None or s.kind == 'breach':
            return late
        return self.behind(y, s, late, s.value)

    def behind(self, y, s, since, value):
        """value behind an instant, or before it with days. T8: days first, then the open time paused; C4: paused time is
        taken out of whichever calendar counts."""
        cal = s.cal(y.target or self.c)
        if s.unit:
            day = cal.shift_days(since, value) if s.unit == 'business' else self.same_time(cal, since, value)
            return self.later_by_pauses(y, cal, day, since) if value > 0 else day
        for f, e, what, _ in y.stretches:
            f = max(f, since)
            if what not in RUNS or e is not None and e <= f:
                continue
            at = cal.due(f, value)
            if e is None or at is not None and at <= e:
                return at               # T3: the earliest instant
            value -= cal.elapsed(f, e)
        return None

    def same_time(self, cal, t, days):
        zone = cal.zone if isinstance(cal, Rules) else self.c.home
        day, time = divmod(zone.wall(t), DAY)
        return zone.instant((day + days) * DAY + time)

    def timers(self, limit, inclusive, only_below=False):
        """Fires what comes before limit, in order."""
        for y in self.cycles:
            while self.running(y) and (y.target or self.c.measured):      # T7: without a target there is no clock
                best = None
                if y.breached_at is None and y.passed is None and y.due is not None and not (only_below and not y.target.below):
                    best = (max(y.due, self.now), y.due, -1, 'due')
                if not only_below:
                    for i, s in enumerate(self.c.steps):
                        if i not in y.fired:
                            at = self.step_at(y, s)
                            if at is not None and (best is None or (max(at, self.now), at, i) < best[:3]):
                                best = (max(at, self.now), at, i, s)
                if best is None or best[0] > limit or (best[0] == limit and not inclusive):
                    break
                if best[2] == -1:
                    # C8: at due, whenever it is noticed; C5: not before the target was there.
                    y.passed = max(y.due, y.changed) if y.changed is not None else y.due
                    if not self.c.judged:
                        y.breached_at = y.passed
                        y.excused = self.cause in self.c.excused    # for now
                        y.counted = 'breached', y.breached_at, self.group(y)
                    if only_below:      # `at breach` goes with it, whatever the events of this instant do
                        for i, s in enumerate(self.c.steps):
                            if s.kind == 'breach' and i not in y.fired:
                                y.fired.add(i)
                                self.escalations.append((y.number, s.text, best[0]))
                else:
                    y.fired.add(best[2])
                    self.escalations.append((y.number, best[3].text, best[0]))

    # ---- events ----
    def said(self):
        """The target by what the ticket is now."""
        if self.c.measured:
            return None, None
        if self.c.by_record:
            return (self.c.by_record, self.promised) if self.promised is not None else (None, None)
        return self.c.targets.get(self.priority), None

    def group(self, y):
        """M1: by the priority that chose the target; one that chose nothing, as it is."""
        return self.priority if self.c.by_record or self.c.measured else y.chosen

    def start(self):
        target, promised = self.said()
        y = Cycle(len(self.cycles) + 1, self.now, target)
        y.promised, y.seen = promised, (target, promised)
        y.chosen = self.priority
        self.cycles.append(y)
        self.stretch(y, PAUSE if self.should_pause() else COUNT)
        self.refresh(y)

    def still_since(self, y):
        """Where a clock that stands still last counted."""
        since = y.stretches[0][0]
        for f, e, what, _ in y.stretches:
            if what in RUNS and e is not None and e > f:
                since = e
        return since

    def stop(self, y):
        if y.target and y.breached_at is None:
            # C4: a paused clock cannot breach, so nothing in the pause itself can be missed.
            running = self.running(y)
            moment = self.now if running else self.still_since(y)
            due = y.due if running else self.would_be(y, y.target, y.promised)
            if due < moment or due == moment and y.target.below:
                y.due = due
                if self.c.judged:
                    y.breached_at = due         # the target in force at the stop decides
                elif running:
                    y.breached_at = due if y.changed is None else max(due, y.changed)
                    self.timers(self.now, True)     # E1: what due has moved back past is told, late, before the end
                else:
                    y.breached_at = self.now    # only a change in the pause can have brought this
                # What is judged at the stop is decided there (M1).
                y.counted = 'breached', self.now if self.c.judged else y.breached_at, self.group(y)
            else:
                y.counted = 'met', self.now, self.group(y)
        y.stretches[-1][1] = self.now
        y.state, y.stopped = 'stopped', self.now
        y.excused = self.cause in self.c.excused

    def count_on(self, y, stood_since):
        """It counts again. C5: a target that came while it stood still, and was past, is missed now (a paused clock cannot be)."""
        self.refresh(y)
        if y.changed is not None and y.changed >= stood_since and y.due is not None and y.due < y.changed:
            y.changed = self.now

    def go_on(self, y):
        """C7. What has changed in between is a change of now; what a stop had judged is judged again."""
        new = self.said()[0]
        if y.state == 'cancelled' and y.breached_at is None and y.target and new is None:
            return              # C6: still no target. A breach stands, and goes on
        y.state, stopped, y.stopped = 'running', y.stopped, None
        if self.c.judged:
            y.breached_at = None
        if y.breached_at is None:
            y.counted = None
        stood_since = self.still_since(y)
        cal = y.stretches[-1][3]
        y.stretches.append([stopped, self.now, CLOSED, cal])
        y.stretches.append([self.now, None, PAUSE if self.should_pause() else COUNT, cal])
        if y.breached_at is None and new is None:
            y.due = None        # nothing is due from a reopening that ends it again at once
        elif self.running(y):
            self.count_on(y, stood_since)
        else:
            self.refresh(y)
        self.change(y)

    def cancel(self, y):
        y.stretches[-1][1] = self.now
        y.state, y.stopped = 'cancelled', self.now
        if y.breached_at is not None:
            y.excused = self.cause in self.c.excused
        else:
            y.counted = 'cancelled', self.now, self.group(y)

    def change(self, y):
        """C5: another target while it runs."""
        new, promised = said = self.said()
        if y.breached_at is not None:
            return      # once a breach stands, the target and calendar that it was judged by stay, also when none applies
        if said == y.seen:
            if said == (y.target, y.promised):
                y.chosen = self.priority        # other words for the target it has; not for one that was refused
            return
        y.seen = said
        old = y.target
        policy = self.c.policy
        if new is None:
            if old is not None:
                self.cancel(y)
            return
        if old is None:
            policy = 'restart' if self.c.from_attachment else 'recompute'      # C9
            y.chosen = self.priority
        elif policy != 'restart' and old.size() == new.size() and same_calendar(old.cal, new.cal) and promised == y.promised:
            y.target, y.chosen = new, self.priority
            return      # another row that says the same
        if policy is None:
            policy = 'count as in force' if old.size() == new.size() else 'recompute'
        if policy == 'never lengthen':
            if self.would_be(y, new, promised) > self.would_be(y, old, y.promised):
                return
            policy = 'recompute'
        y.target, y.promised, y.changed, y.chosen = new, promised, self.now, self.priority
        if policy == 'recompute':
            for s in y.stretches:
                s[3] = new.cal
        elif policy == 'restart':
            what = y.stretches[-1][2]
            y.stretches, y.base, y.real, y.from_ = [], 0, 0, self.now
            y.started = self.now    # READING: the cycle begins again
            self.stretch(y, what)
        elif policy in ('keep the time used', 'count as in force'):
            self.stretch(y, y.stretches[-1][2], new.cal)
        elif policy == 'keep the share used':
            share = self.used(y, self.now) * new.amount // old.amount
            what = y.stretches[-1][2]
            y.real += self.used(y, self.now) - y.base
            y.stretches[-1][1] = self.now
            y.base = share
            for s in y.stretches:
                s[2] = SPENT if s[2] == COUNT else s[2]
            y.stretches.append([self.now, None, what, new.cal])
        if y.passed is not None and self.would_be(y, new, promised) > self.now:
            y.passed = None

    def would_be(self, y, target, promised):
        """The due instant of a target if it counted from now on."""
        z = Cycle(0, y.started, target)
        z.from_, z.base, z.promised = y.from_, y.base, promised
        z.stretches = [[f, self.now if e is None else e, w, target.cal if target is not y.target else cal] for f, e, w, cal in y.stretches]
        z.stretches.append([self.now, None, COUNT, target.cal])
        return self.compute_due(z)

    def event(self, e):
        """The ticket's own state first, then what the clock makes of it; a stop precedes a start."""
        c = self.c
        name = e['event']
        if name in ('opened', 'changed') and 'priority' in e:
            self.priority = e['priority']
        if name in ('opened', 'changed') and 'due_at' in e:
            self.promised = e['due_at']
        self.cause = e.get('cause', self.cause)
        if name == 'waiting':
            self.waits[e.get('wait', e['awaiting'])] = e['awaiting']
        elif name == 'resumed':
            if 'wait' in e:
                self.waits.pop(e['wait'], None)
            else:
                self.waits.clear()
        elif name == 'held' and c.held:
            self.is_held = True
        elif name == 'released' and c.held:
            self.is_held = self.is_closed = False
        last = self.cycles[-1] if self.cycles else None
        live = last is not None and last.state == 'running'
        if name == 'reopened' and c.on_closed == 'pause':
            self.is_held = self.is_closed = False
        if name in ('cancelled', 'merged') or any(f(e) for f in c.cancels):
            if live:
                self.cancel(last)
                return
        if name == 'closed' and live:
            if c.on_closed == 'stop':
                self.stop(last)
            elif c.on_closed == 'cancel':
                self.cancel(last)
            elif c.on_closed == 'pause':
                self.is_closed = True
            live = last.state == 'running'
        if live and any(f(e) for f in c.stops):
            self.stop(last)
            live = False
        if live and any(f(e) for f in c.restarts):
            self.stop(last)
            self.start()
            live, last = True, self.cycles[-1]
        elif last is not None and not live and not c.only_running and any(f(e) for f in c.restarts):
            self.start()            # READING: a clock that has ended begins a new cycle
            live, last = True, self.cycles[-1]
        elif not live and any(f(e) for f in c.starts) and (last is None or c.repeats):
            self.start()
            live, last = True, self.cycles[-1]
        if not live and last is not None and any(f(e) for f in c.continues):
            self.go_on(last)        # C7: whatever had ended it
            live = last.state == 'running'
        if live:
            if name == 'changed':
                self.change(last)
            if last.state == 'running':
                self.settle(last)
                self.refresh(last)

    def look(self):
        """M1: what is open at the end of a period is shown beside the share: neither decided nor without a target."""
        y = self.cycles[-1] if self.cycles else None
        if y is None or y.state != 'running' or y.breached_at is not None or not y.target:
            return None
        return 'running' if self.running(y) else 'paused', self.group(y)

    def run(self, events, as_of, ends=()):
        """events: dicts with `t`, in input order. ends: of periods; how it stands just before each goes into `looks`."""
        ends, self.looks = list(ends), {}

        def look_before(t):
            while ends and ends[0] <= t:
                if self.now is not None:
                    self.timers(ends[0], False)
                    self.move_to(ends[0])
                    self.looks[ends[0]] = self.look()
                del ends[0]
        order = sorted(range(len(events)), key=lambda i: (events[i]['t'], events[i]['event'] != 'opened', i))
        seen = set()
        i = 0
        while i < len(order):
            t = events[order[i]]['t']
            look_before(t)
            if self.now is None:
                self.now = t
            self.timers(t, False)
            self.timers(t, True, only_below=True)
            self.move_to(t)
            while i < len(order) and events[order[i]]['t'] == t:
                e = events[order[i]]
                i += 1
                if 'id' in e:
                    if e['id'] in seen:
                        continue
                    seen.add(e['id'])
                self.event(e)
            self.timers(t, True)
        look_before(as_of)
        self.timers(as_of, True)
        self.move_to(as_of)
        return [self.record(y, as_of) for y in self.cycles]

    def move_to(self, t):
        """What was due and outlasts its instant has been promised."""
        for y in self.cycles:
            if t > self.now and y.due_first is None:
                y.due_first = y.due
        self.now = t

    def record(self, y, as_of):
        end = y.stopped if y.stopped is not None else as_of
        if y.state == 'cancelled' and y.breached_at is None:
            state = 'cancelled'     # READING: a breach stands through a later cancellation
        elif self.c.measured:
            state = 'stopped' if y.state == 'stopped' else 'running' if self.running(y) else 'paused'
        elif y.target is None:
            state = 'no target'
        elif y.breached_at is not None:
            state = 'breached'
        elif y.state == 'stopped':
            state = 'met'
        else:
            state = 'running' if self.running(y) else 'paused'
        hidden = y.state == 'running' and any(x in self.c.hidden for x in self.waits.values())
        return {'cycle': y.number, 'state': state, 'started': y.started, 'due': None if hidden else y.due,
                'due_first': y.due if y.due_first is None else y.due_first,
                'stopped': y.stopped, 'elapsed': self.used(y, end) - y.base + y.real, 'paused': self.paused(y, end),
                'breached_at': y.breached_at, 'priority': None if self.c.measured or self.c.by_record else y.chosen, 'excused': y.excused if y.stopped is not None and state in ('met', 'breached') else None}
