#!/bin/sh
# SPDX-License-Identifier: MIT
# Speed without a clock: instructions an event stay within tests/bench/budget.txt. Noise cannot move them.
set -u
cd "$(dirname "$0")/../.." || exit 1
MSA=${MSA:-build/release/msa}
CC=${CC:-gcc}
EVENTS=20000
if ! command -v valgrind >/dev/null 2>&1; then
    echo "ok budget # skipped: no valgrind"
    exit 0
fi
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

# Instructions of a run over a file of events; nothing when it failed.
count() { # events, arguments…
    events=$1
    shift
    valgrind --tool=callgrind --callgrind-out-file=/dev/null "$MSA" eval "$work/a.msac" "$events" --input ndjson "$@" 2>&1 >/dev/null |
        sed -n 's/.*Collected : *\([0-9]*\).*/\1/p'
}

check() { # name in budget.txt, arguments…
    name=$1
    most=$(sed -n "s/^$name //p" tests/bench/budget.txt)
    shift
    none=$(count /dev/null "$@")
    all=$(count "$work/events.ndjson" "$@")
    if [ -z "$all" ] || [ -z "$none" ]; then
        echo "not ok budget-$name: the run could not be measured"
        return
    fi
    each=$(((all - none) / EVENTS))
    if [ "$each" -le "$most" ]; then
        echo "ok budget-$name"
        echo "budget: $name $each instructions an event of $most" >&2
    else
        echo "not ok budget-$name: $each instructions an event, the budget is $most"
    fi
}

"$CC" -O2 -o "$work/generate" tests/bench/generate.c && "$work/generate" $EVENTS >"$work/events.ndjson" &&
    "$MSA" compile tests/bench/agreement.msa -o "$work/a.msac" || { echo "not ok budget: no events"; exit 1; }
check summary --summary
check ndjson --format ndjson
