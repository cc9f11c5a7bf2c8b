#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Compares msa with the oracle on random agreements about money; see README.md. A case is one sum of lines.

    run.py [--cases N] [--seed S] [--msa PATH] [--seconds T] [--jobs J] [--only FAMILY] [--chunk I] [--keep DIR] [--texts N]
"""
import os
import sys

sys.dont_write_bytecode = True
sys.path[0] = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
import argparse
import json
import random
import re
import subprocess
import tempfile
import time
from fractions import Fraction

from oracle.calendar import DAY, show
from oracle.money import families as G
from oracle.money.amounts import plain
from oracle.money.dates import iso
from oracle.money.ledger import Book
from oracle.money.text import agreement_text, event_line


OTHER = ('carried over', 'left for the next invoice', 'forfeited', 'paid out')


def settled(out):
    """An invoice that comes to nothing says nothing."""
    return {k: x for k, x in out.items() if k[2] != 'due' or k[:2] + ('total',) in out}


class Broken(Exception):
    """msa did not answer."""


def ask(msa, where, a, events, as_of):
    """What msa bills, in the oracle's form."""
    source, log = os.path.join(where, 'money.msa'), os.path.join(where, 'events.ndjson')
    with open(source, 'w') as f:
        f.write(agreement_text(a))
    with open(log, 'w') as f:
        f.write(''.join(event_line(a, e) + '\n' for e in events))
    status, text, err = run(msa, where, a, as_of, [log])
    if status != 0:
        raise Broken('status %d\n%s' % (status, err[:3000] + ''.join(x for x in text.splitlines(True) if '"reject"' in x)[:900]))
    out = {}
    recurring = {c.name for c in a.charges if c.every} | {'minimum'} | {d.name for d in a.duties}
    for line in text.splitlines():
        x = json.loads(line)
        if x['kind'] == 'line' and x.get('invoice') and x.get('charge'):
            k = (x['issued'], x['charge'], x.get('period', '') if x['charge'] in recurring else '')
            out[k] = out.get(k, Fraction(0)) + Fraction(x['amount'])
        elif x['kind'] == 'invoice':
            what = (x['issued'], 'invoice')
            if x.get('final'):
                out[what + ('total',)] = Fraction(x['total'])
                out[what + ('due',)] = x['due']
            else:
                out[what + ('open',)] = Fraction(x['open'])
        elif x['kind'] == 'limit':
            k = (x['day'], 'limit %d' % (1 + len({y[:2] for y in out if y[1].startswith('limit ')})))
            out.update({k + (n,): Fraction(x[n]) for n in ('amount', 'total', 'open')})
        elif x['kind'] == 'refused' and any(q.fall or q.rise for q in a.quantities.values()):
            k = (x['day'], x['clause'], 'refused')
            out[k] = out.get(k, 0) + 1
        elif x['kind'] in ('right', 'state', 'refused') and a.powers:
            state = x.get('state', x['kind'])
            who, what = (x['invoice'], 'overdue') if state == 'overdue' else (x.get('clause') or x.get('reason') or '', state)
            who = 'invoices' if who.startswith('invoices at') else who
            if state not in ('renewed', 'ended'):
                k = (x['day'], who, what)
                out[k] = out.get(k, 0) + 1
    return settled({k: x for k, x in out.items() if x and k[1] not in OTHER})


def run(msa, where, a, as_of, logs):
    p = subprocess.run([msa, 'eval', os.path.join(where, 'money.msa')] + logs +
                       ['--as-of', show(a.zone.instant(as_of * DAY + DAY // 2), a.zone), '--format', 'ndjson'],
                       stdout=subprocess.PIPE, stderr=subprocess.PIPE, universal_newlines=True)
    return p.returncode, p.stdout, p.stderr


PLACE = re.compile(r',?"input":"[^"]*"')


def order_matters(r, msa, where, a, events, as_of):
    """The same log in another order and in two files gives the same bytes, but for the places that results name (R1)."""
    logs = [os.path.join(where, n) for n in ('events.ndjson', 'one.ndjson', 'two.ndjson')]
    moved = list(events)
    r.shuffle(moved)
    cut = r.randrange(len(moved) + 1)
    for path, part in zip(logs[1:], (moved[:cut], moved[cut:])):
        with open(path, 'w') as f:
            f.write(''.join(event_line(a, e) + '\n' for e in part))
    first, second = (PLACE.sub('', run(msa, where, a, as_of, which)[1]) for which in (logs[:1], logs[1:]))
    if first == second:
        return None
    x, y = first.splitlines(), second.splitlines()
    at = next((i for i in range(min(len(x), len(y))) if x[i] != y[i]), min(len(x), len(y)))
    return 'line %d:\n  %s\n  %s' % (at + 1, x[at] if at < len(x) else '-', y[at] if at < len(y) else '-')


def answer(a, events, as_of):
    book = Book(a, events, as_of)
    out = {(iso(d), c, p): x for (d, c, p), x in book.lines.items()}
    for v in book.invoices:
        what = (iso(v.day), 'invoice')
        out.update({what + ('total',): v.total, what + ('due',): iso(v.due), what + ('open',): v.open(as_of)})
    for (day, who, what), n in book.said.items():
        out[(iso(day), what, who) if who == 'overdue' else (iso(day), who, what)] = n
    for x in a.limits:
        out.update(x.incidents(a, book))
    for q in a.quantities.values():
        if q.fall or q.rise:
            q.levels(book.facts, a.zone, a.effective, as_of)
            for day in q.refused:
                out[iso(day), q.name, 'refused'] = out.get((iso(day), q.name, 'refused'), 0) + 1
    return settled({k: x for k, x in out.items() if x})


def differing(want, got):
    return sorted(k for k in set(want) | set(got) if want.get(k) != got.get(k))


def smallest(msa, where, a, events, as_of, charge):
    """One charge and the fewest events that still differ."""
    def differs(kept_events):
        try:
            return [k for k in differing(answer(a, kept_events, as_of), ask(msa, where, a, kept_events, as_of))]
        except (Broken, AttributeError):      # something needs what was left out
            return []
    parts = ('floors', 'taxes', 'caps', 'powers', 'duties', 'charges')
    whole = {p: getattr(a, p) for p in parts}
    for part in () if a.amendments else parts:       # their clauses stand in other places, too
        for c in [c for c in getattr(a, part) if getattr(c, 'name', None) != charge]:
            kept = getattr(a, part)
            setattr(a, part, [x for x in kept if x is not c])
            if a.rent and c in kept and getattr(c, 'name', None) in a.rent.fees or a.way_out and part == 'charges' and c.name == a.way_out.fee or not differs(events):
                setattr(a, part, kept)
    n = len(events)
    while n > 0:
        at = 0
        while at < len(events):
            fewer = events[:at] + events[at + n:]
            if differs(fewer):
                events = fewer
            else:
                at += n
        n //= 2
    return events, differs(events), whole


def shown(x, a):
    return plain(x, a.cash.places) if isinstance(x, Fraction) else str(x)


class Report:
    def __init__(self, most):
        self.cases = self.differ = 0
        self.most, self.kinds = most, {}

    def difference(self, kind, text):
        self.differ += 1
        self.kinds[kind] = self.kinds.get(kind, 0) + 1
        if self.kinds[kind] <= self.most:
            print('DIFFERENCE (%s) %s' % (kind, text), flush=True)


def chunk(r, family, where, msa, report, label):
    a, events, as_of = G.FAMILIES[family](r)
    want = answer(a, events, as_of)
    try:
        got = ask(msa, where, a, events, as_of)
    except Broken as why:
        report.difference(family + ': does not run', '%s\n%s\n%s' % (label, why, agreement_text(a)))
        return
    report.cases += len(set(want) | set(got))
    # At one instant the order of the log decides (C1), so only logs without such pairs.
    if len({e['t'] for e in events}) == len(events) > 1 and r.random() < .5:
        report.cases += 1
        said = order_matters(r, msa, where, a, events, as_of)
        if said:
            report.difference(family + ': another order of the log', '%s\n%s\n%s%s\n' % (
                label, said, agreement_text(a), '\n'.join(event_line(a, e) for e in events)))
    bad = differing(want, got)
    for charge in sorted({k[1] for k in bad}):
        kind = '%s: %s' % (family, charge.rstrip('0123456789'))
        if report.kinds.get(kind, 0) >= report.most:
            report.difference(kind, '')
            continue
        fewer, left, whole = smallest(msa, where, a, events, as_of, charge)
        w, g = answer(a, fewer, as_of), ask(msa, where, a, fewer, as_of)
        said = '\n'.join('  invoice of %s, %s %s: oracle %s, msa %s' % (k + tuple(shown(x.get(k), a) for x in (w, g))) for k in left[:12])
        report.difference(kind, '%s as of %s\n%s\n%s%s\n' % (label, iso(as_of), said, agreement_text(a), '\n'.join(event_line(a, e) for e in fewer)))
        for part, all_of_it in whole.items():
            setattr(a, part, all_of_it)


def worker(o, shard):
    report = Report(o.show)
    began = time.time()
    families = [o.only] if o.only else list(G.FAMILIES)
    with tempfile.TemporaryDirectory() as where:
        n = o.chunk if o.chunk is not None else shard
        while report.cases < o.cases / o.jobs and time.time() - began < o.seconds:
            family = families[(n // o.jobs) % len(families)]
            place = where
            if o.keep:
                place = os.path.join(o.keep, str(n))
                os.makedirs(place, exist_ok=True)
            chunk(random.Random('%d %d %s' % (o.seed, n, family)), family, place, o.msa, report, '--seed %d --chunk %d --only %s' % (o.seed, n, family))
            if o.chunk is not None or report.cases == 0 and report.differ > 5:
                break
            n += o.jobs
    print('RESULT %d %d' % (report.cases, report.differ))
    for kind, k in sorted(report.kinds.items()):
        print('KIND %d %s' % (k, kind))


def main():
    p = argparse.ArgumentParser()
    p.add_argument('--cases', type=int, default=50_000)
    p.add_argument('--seed', type=int, default=1)
    p.add_argument('--msa', default=os.environ.get('MSA') or os.path.join(sys.path[0], '..', 'build', 'release', 'msa'))
    p.add_argument('--seconds', type=float, default=60)
    p.add_argument('--jobs', type=int, default=os.cpu_count() or 1)
    p.add_argument('--only', choices=list(G.FAMILIES))
    p.add_argument('--chunk', type=int)
    p.add_argument('--keep')
    p.add_argument('--show', type=int, default=2, help='how many differences of a kind are printed')
    p.add_argument('--shard', type=int, help=argparse.SUPPRESS)
    o = p.parse_args()
    if o.chunk is not None:
        o.jobs = 1
    if o.shard is not None:
        return worker(o, o.shard)
    began = time.time()
    jobs = [subprocess.Popen([sys.executable, os.path.abspath(__file__)] + sys.argv[1:] + ['--jobs', str(o.jobs), '--shard', str(i)],
                             stdout=subprocess.PIPE, universal_newlines=True) for i in range(o.jobs)]
    total, kinds, bad = [0, 0], {}, False
    for job in jobs:
        text = job.communicate()[0]
        bad |= job.returncode != 0
        for line in text.split('\n'):
            if line.startswith('RESULT '):
                total = [x + int(y) for x, y in zip(total, line.split()[1:])]
            elif line.startswith('KIND '):
                n, kind = line[5:].split(' ', 1)
                kinds[kind] = kinds.get(kind, 0) + int(n)
            elif line:
                print(line)
    for kind, n in sorted(kinds.items(), key=lambda x: -x[1]):
        print('%7d  %s' % (n, kind))
    print('seed %d: %d cases of money compared, %d differences, %.0f s' % (o.seed, total[0], total[1], time.time() - began))
    return 1 if bad or total[1] or not total[0] else 0


sys.exit(main())
