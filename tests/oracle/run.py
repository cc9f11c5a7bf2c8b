#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Compares msa with the oracle on random cases; see README.md. A case is one calendar question or one cycle of a clock.

    run.py [--cases N] [--seed S] [--msa PATH] [--seconds T] [--jobs J] [--only calendars|clocks] [--chunk I] [--keep DIR]
"""
import os
import sys

sys.dont_write_bytecode = True

sys.path[0] = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
import argparse
import copy
import random
import re
import subprocess
import tempfile
import time

from oracle import generate as G
from oracle.calendar import DAY, MIN, US, Ambiguous, Always, Algebra, day_of, month_length, parse_instant, show, ymd
from oracle.clock import Life

try:
    from json import loads

    def parse_json(line):
        return loads(line, parse_float=str, parse_int=str)
except ImportError:     # Python without its library
    TOKEN = re.compile(r'\s*(?:([{}\[\]:,])|"((?:[^"\\]|\\.)*)"|(true|false|null)|(-?[0-9.eE+-]+))')
    ESCAPE = re.compile(r'\\(u[0-9a-fA-F]{4}|.)')

    def parse_json(line):
        tokens = [m.groups() for m in TOKEN.finditer(line)]
        at = [0]

        def value():
            mark, text, word, number = tokens[at[0]]
            at[0] += 1
            if text is not None:
                return ESCAPE.sub(lambda m: chr(int(m[1][1:], 16)) if m[1][0] == 'u' and len(m[1]) > 1 else
                                  {'n': '\n', 't': '\t', 'r': '\r'}.get(m[1], m[1]), text)
            if word:
                return {'true': True, 'false': False, 'null': None}[word]
            if number:
                return number
            out = {} if mark == '{' else []
            while tokens[at[0]][0] not in ('}', ']'):
                if tokens[at[0]][0] == ',':
                    at[0] += 1
                elif mark == '{':
                    name = value()
                    at[0] += 1
                    out[name] = value()
                else:
                    out.append(value())
            at[0] += 1
            return out
        return value()


def seconds(text):
    """Exact decimal seconds as microseconds."""
    sign = -1 if text.startswith('-') else 1
    whole, _, part = text.lstrip('-').partition('.')
    return sign * (int(whole) * US + int((part + '000000')[:6]))


def call(args, text=None):
    p = subprocess.run(args, input=text, stdout=subprocess.PIPE, stderr=subprocess.PIPE, universal_newlines=True)
    return p.returncode, p.stdout, p.stderr


class Report:
    def __init__(self, most):
        self.cases = self.skipped = self.differ = 0
        self.most = most
        self.kinds = {}
        self.why = {}

    def skip(self, why):
        self.skipped += 1
        self.why[why] = self.why.get(why, 0) + 1

    def difference(self, kind, text):
        self.differ += 1
        self.kinds[kind] = self.kinds.get(kind, 0) + 1
        if self.kinds[kind] <= self.most:
            print('DIFFERENCE (%s) %s' % (kind, text), flush=True)


def chunk_calendars(r, where, msa, report, label):
    home, cals = G.random_calendars(r, 6)
    path = os.path.join(where, 'calendars.msa')
    source = G.agreement_text(home, [G.calendar_text(n, c) for n, c in cals.items()])
    with open(path, 'w') as f:
        f.write(source)
    for name, c in cals.items():
        asked = []
        for _ in range(500):
            try:
                asked.append(G.random_question(r, c))
            except Ambiguous as why:
                report.skip(str(why))
        status, out, err = call([msa, 'calendar', path, name], ''.join(q + '\n' for q, _ in asked))
        answers = out.split('\n')[:-1]
        if status != 0 or len(answers) != len(asked):
            report.difference('calendar does not run', '%s %s: status %d, %d answers to %d questions\n%s\n%s' % (
                label, name, status, len(answers), len(asked), err[:2000], source))
            return
        for (question, (kind, want)), got in zip(asked, answers):
            report.cases += 1
            try:
                if kind == 'seconds':
                    same = seconds(got) == want
                elif kind == 'flag':
                    same = got == ('yes' if want else 'no')
                else:
                    same = got == 'never' if want is None else parse_instant(got) == want
            except (ValueError, IndexError):
                same = False
            if not same:
                shown = G.decimal(want) if kind == 'seconds' else ('yes' if want else 'no') if kind == 'flag' else show(want, c.zone)
                parts = '\n'.join(G.calendar_text(n, x) for n, x in cals.items() if n == name or isinstance(c, Algebra))
                report.difference(question.split('\t')[0], '%s %s\n  %s\n  oracle: %s\n  msa:    %s\n%s\n' % (
                    label, name, question, shown, got, parts))


def at_an_edge(r, events, clock, key, until):
    """Puts an event exactly where something happens by itself."""
    life = Life(clock)
    found = []
    for y in life.run([dict(e) for e in events], until):
        found += [y['due']] * 3 + [at for _, _, at in life.escalations]
    found = [t for t in found if t is not None and t > events[0]['t']]
    if not found:
        return events
    t = r.choice(found) + r.choice([0, 0, 0, 0, 1000, -1000, US])
    if t > until:
        return events
    last = r.choice(['resolved', 'resolved', 'resolved', 'message', 'waiting', 'resumed', 'changed', 'closed', 'held', 'again'])
    kept = [e for e in events if e['t'] <= t and e['event'] not in ('cancelled', 'merged', 'closed')] + \
           ([] if last in ('resolved', 'closed') else [e for e in events if e['t'] > t])
    state = None
    for e in kept:
        if e['t'] <= t and e['event'] in ('resolved', 'reopened'):
            state = e['event']
    if state == 'resolved' and last in ('resolved', 'changed', 'held'):
        return events
    e = {'t': t, 'event': last, 'ticket': key}
    if last == 'again':
        return kept + [{'t': t, 'event': 'waiting', 'ticket': key, 'awaiting': 'customer'},
                       {'t': t, 'event': 'resumed', 'ticket': key}]
    if last == 'message':
        e.update(sender='provider', public=True)
    elif last == 'waiting':
        e.update(awaiting='customer')
    elif last == 'changed':
        e.update(priority=r.choice(G.PRIORITIES))
    return kept + [e]


INSTANTS = ('started', 'due', 'due_first', 'stopped', 'breached_at')
SPANS = ('elapsed', 'paused')


def record_of(got):
    out = {'cycle': int(got['cycle']), 'state': got['state']}
    for n in INSTANTS:
        v = got.get(n)
        out[n] = None if v in (None, '', 'never') else parse_instant(v)
    for n in SPANS:
        v = got.get(n)
        out[n] = None if v in (None, '') else seconds(v)
    out['priority'] = got.get('by', {}).get('priority') or None
    # Only of a cycle that ended with a verdict.
    out['excused'] = truth(got.get('excused')) if out['stopped'] is not None and out['state'] in ('met', 'breached') else None
    return out


def truth(v):
    return v in (True, 'true', 'yes')


def words(record, zone):
    return ', '.join('%s %s' % (n, (show(v, zone) if v is not None else '-') if n in INSTANTS else
                                '-' if v is None else G.decimal(v) + ' s' if n in SPANS else str(v)) for n, v in record.items())


def chunk_clocks(r, where, msa, report, label):
    home, cals = G.random_calendars(r, 4)
    always = Always(home)
    always.name, always.years = '24x7', next(iter(cals.values())).years if cals else (2024, 2026)
    pool = list(cals.values()) or [always]
    clocks = [G.random_clock(r, 'clock%d' % i, pool, always, home) for i in range(8)] + [G.random_chain(r, 'chain0', always, home)]
    tickets = {}
    year0, year1 = pool[0].years
    until = r.randrange(day_of(year0, 6, 1), day_of(year1, 12, 31)) * DAY + r.randrange(DAY // MIN) * MIN
    for i in range(140):
        key = 'T%d' % i
        events = []
        while not events:
            events = G.random_ticket(r, key, r.choice(pool), until)
        try:
            for _ in range(r.choice([0, 0, 1, 1, 2])):
                events = at_an_edge(r, events, r.choice(clocks), key, until)
        except Ambiguous:
            pass
        tickets[key] = events
    for found in compare_clocks(r, where, msa, report, label, home, cals, clocks, tickets, until):
        show_case(r, where, msa, report, label, home, cals, tickets, until, found)


def compare_clocks(r, where, msa, report, label, home, cals, clocks, tickets, until):
    """All clocks against all tickets; the cycles that differ."""
    path, log = os.path.join(where, 'clocks.msa'), os.path.join(where, 'events.ndjson')
    with open(path, 'w') as f:
        term = random_term(home, tickets)
        f.write(G.agreement_text(home, [G.HEAD] + [G.calendar_text(n, c) for n, c in cals.items()] + [G.clock_text(c) for c in clocks], term))
    # Each ticket in its own order, the tickets mixed.
    queues = [list(v) for v in tickets.values()]
    lines = {}
    with open(log, 'w') as f:
        while queues:
            q = r.choice(queues)
            for _ in range(r.randrange(1, 9)):
                if q:
                    e = q.pop(0)
                    line = G.event_text(r, e, home)
                    lines.setdefault(e['ticket'], []).append(line)
                    f.write(line + '\n')
            queues = [q for q in queues if q]
    status, out, err = call([msa, 'eval', path, log, '--format', 'ndjson', '--as-of', show(until)])
    got, told, figures = {}, {}, {}
    for line in out.split('\n'):
        if not line:
            continue
        try:
            x = parse_json(line)
        except Exception:
            report.difference('not JSON', line)
            continue
        if x.get('kind') == 'clock':
            got[key_of(x), x['clock'], int(x['cycle'])] = x
        elif x.get('kind') == 'escalation':
            told.setdefault((key_of(x), x['clock'], int(x['cycle'])), []).append((parse_instant(x['at']), x['step']))
        elif x.get('kind') in ('measure', 'correction') and x.get('measure'):
            # The last word on a period holds (R1).
            figures[x['measure'][2:], x['period'], x.get('by', {}).get('priority') or None] = [int(x.get(n, 0)) for n in FIGURES]
        elif x.get('kind') == 'reject':
            report.difference('reject', line)
    found = []
    if status not in (0, 1) or not got:
        report.difference('eval does not run', '%s: status %d\n%s\n%s' % (label, status, err[:3000], open(path).read()))
        return found
    for c in clocks:
        share = Share(home, tickets, until, term) if c.share else None
        for key, events in tickets.items():
            life = Life(c)
            try:
                wanted = life.run(events, until, share.ends if share else ())
                if share:
                    share.add(life)
            except Ambiguous as why:
                share = None
                report.skip(str(why))
                for k in [k for k in got if k[0] == key and k[1] == c.name]:
                    del got[k]
                continue
            steps = {}
            for number, text, at in life.escalations:
                steps.setdefault(number, []).append((at, text))
            for want in wanted:
                report.cases += 1
                k = (key, c.name, want['cycle'])
                if c.kind == 'chain':
                    mine, theirs = sorted(steps.get(want['cycle'], [])), sorted(told.get(k, []))
                    if mine != theirs:
                        found.append(('steps', k, c, events, lines[key], None, None, mine, theirs))
                    continue
                x = got.pop(k, None)
                if x is None and want['state'] == 'no target':
                    continue
                have = record_of(x) if x else None
                if have and want['state'] == have['state'] == 'no target':
                    # A ticket that is closed long enough is forgotten; its record is as of then.
                    want = life.record(life.cycles[want['cycle'] - 1], parse_instant(x['at']))
                mine, theirs = sorted(steps.get(want['cycle'], [])), sorted(told.get(k, []))
                if have != want or mine != theirs:
                    kind = 'missing' if x is None else 'steps' if have == want else '/'.join(n for n in want if have[n] != want[n])
                    found.append((kind, k, c, events, lines[key], want, have, mine, theirs))
        if share:
            theirs = {k[1:]: v for k, v in figures.items() if k[0] == c.name and any(v)}
            report.cases += len(share.cells)
            for cell in sorted(set(theirs) | set(share.cells), key=str):
                mine, have = share.cells.get(cell, [0] * len(FIGURES)), theirs.get(cell, [0] * len(FIGURES))
                if mine != have:
                    found.append(('measure', (None, c.name, cell), c, None, None, dict(zip(FIGURES, mine)), dict(zip(FIGURES, have)), [], []))
                    break
    for k, x in got.items():
        c = [c for c in clocks if c.name == k[1]][0]
        if x['state'] != 'no target':
            found.append(('extra', k, c, tickets[k[0]], lines[k[0]], None, record_of(x), [], []))
    return found


FIGURES = 'met', 'breached', 'cancelled', 'n_excused', 'running', 'n_paused'


def random_term(home, tickets):
    """Often one that begins or ends amid the events. The same for the same tickets, so that reduced cases keep it."""
    first = min(e['t'] for events in tickets.values() for e in events)
    r = random.Random(first)
    return G.LONG if r.random() < .3 else (home.date(first) + r.randrange(-60, 30), r.randrange(1, 12))


class Share:
    """M1: verdicts by the month in which they were decided and by the priority that chose the target they were decided under.
    A month is cut where the agreement takes effect and where its term ends; its part outside the term is named by its days."""

    def __init__(self, home, tickets, until, term):
        self.home, self.cells, self.ends, self.until = home, {}, [], until
        first = min(e['t'] for events in tickets.values() for e in events)
        self.begins, self.over = term[0], term[0] + 7 * term[1] if term[1] else None    # days: first, first after
        y, m, _ = ymd(home.date(first))
        cuts = [home.instant(d * DAY) for d in (self.begins, self.over) if d]
        while not self.ends or self.ends[-1] <= until:
            y, m = y + m // 12, m % 12 + 1
            self.ends.append(home.instant(day_of(y, m, 1) * DAY))
        self.ends = sorted(set(self.ends + [t for t in cuts if first < t < self.ends[-1]]))
        while len(self.ends) > 1 and self.ends[-2] > until:
            self.ends.pop()
        self.last = self.ends.pop()

    def month(self, day):
        y, m, _ = ymd(day)
        first = day_of(y, m, 1)
        last = first + month_length(y, m) - 1
        a = max(first, self.over) if self.over and day >= self.over else first
        z = min(last, self.begins - 1) if day < self.begins else last
        if (a, z) != (first, last):
            return '%04d-%02d-%02d to %04d-%02d-%02d' % (*ymd(a), *ymd(z))
        return '%04d-%02d' % (y, m)

    def cell(self, t, priority):
        return self.cells.setdefault((self.month(self.home.date(t)), priority), [0] * len(FIGURES))

    def add(self, life):
        for y in life.cycles:
            if y.counted:
                verdict, at, priority = y.counted
                verdict = 'n_excused' if y.excused and verdict != 'cancelled' else verdict
                self.cell(at, priority)[FIGURES.index(verdict)] += 1
        looks = dict(life.looks)
        if self.until < self.last:
            looks[self.until + 1] = life.look()
        for end, look in looks.items():
            if look:
                self.cell(end - 1, look[1])[FIGURES.index('running' if look[0] == 'running' else 'n_paused')] += 1


def reduced(r, where, msa, home, cals, tickets, until, found):
    """The same difference with fewer events and fewer steps."""
    kind, k, c, events = found[:4]
    key = k[0]

    def still(clock, events):
        for f in compare_clocks(r, where, msa, Report(0), '', home, cals, [clock], {key: events}, until):
            if f[0] == kind:
                return f if k[0] is not None else f[:3] + (events, [G.event_text(r, e, home) for e in events]) + f[5:]
        return None

    if k[0] is None:        # of all tickets together: is there one that differs alone?
        for key in tickets:
            found = still(c, tickets[key]) or found
            if found[3]:
                events = found[3]
                break
        else:
            return found

    at, best = len(events) - 1, found
    while at >= 0:
        fewer = events[:at] + events[at + 1:]
        f = still(c, fewer) if fewer and fewer[0]['event'] == 'opened' else None
        if f:
            events, best = fewer, f
        at -= 1
    for i in reversed(range(len(c.steps) if c.kind != 'chain' else 0)):
        less = copy.copy(c)
        less.steps = c.steps[:i] + c.steps[i + 1:]
        lines = [n for n, line in enumerate(c.lines) if ' notify ' in line]
        less.lines = [line for n, line in enumerate(c.lines) if n != lines[i]]
        f = still(less, events)
        if f:
            c, best = less, f
    return best


def key_of(x):
    return x.get('key') or x.get('ticket') or x.get('entity')


def show_case(r, where, msa, report, label, home, cals, tickets, until, found):
    kind = '%s %s' % (found[0], found[2].kind)
    if report.kinds.get(kind, 0) < report.most:
        found = reduced(r, where, msa, home, cals, tickets, until, found)
    _, k, c, _, lines, want, have, mine, theirs = found
    lines = lines or []
    if k[0] is None:
        want, have = ({n: str(v) for n, v in x.items()} for x in (want, have))
    text = '%s %s cycle %s, as of %s\n' % (label, k[0], k[2], show(until, home))
    text += '  oracle: %s\n  msa:    %s\n' % (words(want, home) if want else 'no record', words(have, home) if have else 'no record')
    if mine != theirs:
        text += '  oracle steps: %s\n  msa steps:    %s\n' % tuple(
            '; '.join('%s %s' % (s, show(at, home)) for at, s in x) or '-' for x in (mine, theirs))
    used = [x for x in cals.values() if re.search(r'\b%s\b' % x.name, G.clock_text(c))]
    parts = [G.calendar_text(n, x) for n, x in cals.items() if x in used or any(isinstance(y, Algebra) for y in used)]
    report.difference(kind, text + '\n'.join(lines) + '\n' + '\n'.join(parts) + '\n' + G.clock_text(c) + '\n')


def worker(o, shard):
    report = Report(o.show)
    began = time.time()
    with tempfile.TemporaryDirectory() as where:
        chunk = o.chunk if o.chunk is not None else shard
        while report.cases < o.cases / o.jobs and time.time() - began < o.seconds:
            label = '--seed %d --chunk %d' % (o.seed, chunk)
            r = random.Random(o.seed * 1_000_003 + chunk)
            # Chunks in turn: calendars, clocks. A worker's share has both.
            kind = o.only or ('calendars', 'clocks')[(chunk // o.jobs) % 2 if o.chunk is None else chunk % 2]
            if o.only is None:
                label += ' --only ' + kind
            place = where
            if o.keep:
                place = os.path.join(o.keep, str(chunk))
                os.makedirs(place, exist_ok=True)
            (chunk_calendars if kind == 'calendars' else chunk_clocks)(r, place, o.msa, report, label)
            if o.chunk is not None:
                break
            if report.cases == 0 and report.differ > 5:
                break
            chunk += o.jobs
    print('RESULT %d %d %d' % (report.cases, report.skipped, report.differ))
    for kind, n in sorted(report.kinds.items()):
        print('KIND %d %s' % (n, kind))
    for why, n in sorted(report.why.items()):
        print('SKIP %d %s' % (n, why))


def main():
    p = argparse.ArgumentParser()
    p.add_argument('--cases', type=int, default=100_000)
    p.add_argument('--seed', type=int, default=1)
    p.add_argument('--msa', default=os.environ.get('MSA') or os.path.join(sys.path[0], '..', 'build', 'release', 'msa'))
    p.add_argument('--seconds', type=float, default=230)
    p.add_argument('--jobs', type=int, default=os.cpu_count() or 1)
    p.add_argument('--only', choices=('calendars', 'clocks'))
    p.add_argument('--chunk', type=int)
    p.add_argument('--keep')
    p.add_argument('--show', type=int, default=3, help='how many differences of a kind are printed')
    p.add_argument('--shard', type=int, help=argparse.SUPPRESS)
    o = p.parse_args()
    if o.chunk is not None:
        o.jobs = 1
    if o.shard is not None:
        return worker(o, o.shard)
    began = time.time()
    jobs = [subprocess.Popen([sys.executable, os.path.abspath(__file__)] + sys.argv[1:] + ['--jobs', str(o.jobs), '--shard', str(i)],
                             stdout=subprocess.PIPE, universal_newlines=True) for i in range(o.jobs)]
    total, kinds, why, bad = [0, 0, 0], {}, {}, False
    for job in jobs:
        text = job.communicate()[0]
        bad |= job.returncode != 0
        for line in text.split('\n'):
            if line.startswith('RESULT '):
                total = [a + int(b) for a, b in zip(total, line.split()[1:])]
            elif line.startswith(('KIND ', 'SKIP ')):
                n, kind = line[5:].split(' ', 1)
                into = kinds if line.startswith('KIND ') else why
                into[kind] = into.get(kind, 0) + int(n)
            elif line:
                print(line)
    for kind, n in sorted(kinds.items(), key=lambda x: -x[1]):
        print('%7d  %s' % (n, kind))
    for kind, n in sorted(why.items(), key=lambda x: -x[1]):
        print('%7d  left out: %s' % (n, kind))
    print('seed %d: %d cases compared, %d not settled by the rules and left out, %d differences, %.0f s' % (
        o.seed, total[0], total[1], total[2], time.time() - began))
    return 1 if bad or total[2] or not total[0] else 0


sys.exit(main())
