# SPDX-License-Identifier: MIT
"""R1 over every example that has events: however its log is ordered and split into files, the same results.

Two records of one instant keep their order (C1: input order decides); where from an event was read (line, file) is no part
of what it means. Usage: laws.py MSA AGREEMENT...; prints `ok NAME` or `not ok NAME: why`."""
import json
import os
import random
import re
import subprocess
import sys
import tempfile
from datetime import datetime, timezone

PLACE = re.compile(r',?"(?:input|line|file)":(?:"[^"]*"|\d+)|[^ "]*\.ndjson:\d+')


def run(*args):
    done = subprocess.run(args, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding='utf-8')
    if done.returncode not in (0, 65):
        raise RuntimeError('status %d: %s' % (done.returncode, done.stderr[:300]))
    return done.stdout


def examples(msa, module):
    """(name, events, as of) of each, from the listing of the module."""
    text = run(msa, 'disasm', module)
    for name, events, until in re.findall(r'^ +\d+  name "(.*?)", events "((?:\{.*?\}\\u\{a\})+)"(?:, as_of (\d+))?', text, re.M):
        at = datetime.fromtimestamp(int(until) / 1e6, timezone.utc).strftime('%Y-%m-%dT%H:%M:%SZ') if until else None
        yield name, events.split('\\u{a}')[:-1], at


def logs(path):
    """The log that stands beside an agreement of examples/."""
    log = os.path.join(os.path.dirname(path), 'events.ndjson')
    if os.path.basename(path) == 'agreement.msa' and os.path.exists(log):
        with open(log, encoding='utf-8') as file:
            yield 'log', [x for x in file.read().splitlines() if x], None


def key(line):
    """Its instant, in UTC: which records are of one instant."""
    at = json.loads(line)['at']
    return datetime.fromisoformat(at.replace('Z', '+00:00')).astimezone(timezone.utc)


def shuffled(lines, seed):
    order = list(range(len(lines)))
    random.Random(seed).shuffle(order)
    places = {}
    for i in order:
        places.setdefault(key(lines[i]), []).append(i)
    for same in places.values():
        same.sort()
    return [lines[places[key(lines[i])].pop(0)] for i in order]


def evaluate(msa, module, until, parts, work):
    files = []
    for i, part in enumerate(parts):
        files.append(os.path.join(work, '%d.ndjson' % i))
        with open(files[-1], 'w', encoding='utf-8') as file:
            file.write(''.join(x + '\n' for x in part))
    return PLACE.sub('', run(msa, 'eval', module, *files, '--format', 'ndjson', *(['--as-of', until] if until else [])))


def judge(msa, path, work):
    module = os.path.join(work, 'x.msac')
    run(msa, 'compile', path, '-o', module)
    n = 0
    for name, lines, until in list(examples(msa, module)) + list(logs(path)):
        if len(lines) < 2:
            continue
        n += 1
        base = evaluate(msa, module, until, [lines], work)
        for seed in (1, 2):
            other = shuffled(lines, seed)
            ties = len({key(x) for x in lines}) < len(lines)
            cut = len(other) // 2 if not ties else len(other)
            if evaluate(msa, module, until, [other], work) != base:
                return 'another order of "%s" (seed %d) gives other results' % (name, seed)
            if cut < len(other) and evaluate(msa, module, until, [other[cut:], other[:cut]], work) != base:
                return '"%s" split in two (seed %d) gives other results' % (name, seed)
    return None, n


def main(msa, paths):
    total = 0
    with tempfile.TemporaryDirectory() as work:
        for path in paths:
            name = os.path.splitext(os.path.basename(path))[0]
            name = os.path.basename(os.path.dirname(path)) if name == 'agreement' else name
            try:
                found = judge(msa, path, work)
            except RuntimeError as error:
                found = str(error)
            if isinstance(found, tuple):
                total += found[1]
            print('ok order-' + name if isinstance(found, tuple) else 'not ok order-%s: %s' % (name, found))
    print('%d logs, each in two other orders and split in two' % total, file=sys.stderr)


main(sys.argv[1], sys.argv[2:])
