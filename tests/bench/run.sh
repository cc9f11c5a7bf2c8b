#!/bin/sh
# SPDX-License-Identifier: MIT
# make bench: the time msa takes for a million events, beside a peer written by hand for exactly this job, in pairs in the same
# run. Figures are for reading, not for passing: nothing fails here but a difference in what was found.
cd "$(dirname "$0")/../.." || exit 1
MSA=${MSA:-build/release/msa}
EVENTS=${EVENTS:-1000000}
RUNS=${RUNS:-5}
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
CC=${CC:-gcc}
"$CC" -O2 -o "$dir/generate" tests/bench/generate.c || exit 1
"$CC" -O3 -std=gnu17 -I. -o "$dir/peer" tests/bench/peer.c build/release/libmsa-run.a -lcctz -lstdc++ || exit 1
"$dir/generate" "$EVENTS" > "$dir/events.ndjson"
bytes=$(wc -c < "$dir/events.ndjson")
echo "$EVENTS events, $((bytes / EVENTS)) bytes each, one core, best of $RUNS paired runs"

now() { date +%s%N; }
best_peer=0 best_msa=0 best_quiet=0
i=0
while [ "$i" -lt "$RUNS" ]; do
    a=$(now); "$dir/peer" "$dir/events.ndjson" > "$dir/peer.out" 2> "$dir/peer.counts"
    b=$(now); "$MSA" eval tests/bench/agreement.msa "$dir/events.ndjson" --format ndjson > "$dir/msa.out"
    c=$(now); "$MSA" eval tests/bench/agreement.msa "$dir/events.ndjson" --summary > "$dir/summary.out"
    d=$(now)
    peer=$((b - a)) msa=$((c - b)) quiet=$((d - c))
    if [ "$best_peer" -eq 0 ] || [ "$peer" -lt "$best_peer" ]; then best_peer=$peer; fi
    if [ "$best_msa" -eq 0 ] || [ "$msa" -lt "$best_msa" ]; then best_msa=$msa; fi
    if [ "$best_quiet" -eq 0 ] || [ "$quiet" -lt "$best_quiet" ]; then best_quiet=$quiet; fi
    i=$((i + 1))
done
line() { echo "$1: $(($2 / 1000000)) ms, $((EVENTS * 1000 / ($2 / 1000000))) events/s, $(($2 * 100 / best_peer / 100)).$(printf %02d $(($2 * 100 / best_peer % 100))) x the peer"; }
line "peer, by hand in C, two short lines a ticket" "$best_peer"
line "msa eval, every result as NDJSON ($(wc -c < "$dir/msa.out") bytes)" "$best_msa"
line "msa eval --summary" "$best_quiet"

# The same verdicts?
count() { grep -c "\"kind\":\"clock\".*\"clock\":\"$1\".*\"state\":\"$2\"" "$dir/msa.out"; }
found="response met $(count response met) missed $(count response breached), resolution met $(count resolution met) missed $(count resolution breached)"
echo "msa:  $found"
echo "peer: $(cat "$dir/peer.counts")"
[ "$found" = "$(cat "$dir/peer.counts")" ] || { echo "the two differ"; exit 1; }

# Memory of an open ticket: the difference of two runs that only open tickets.
opened() { "$dir/generate" $(($1 * 8)) | grep '"event":"opened"' | head -n "$1"; }
state() { opened "$1" > "$dir/open.ndjson"; "$MSA" eval tests/bench/agreement.msa "$dir/open.ndjson" --format none --verbose 2>&1 | sed -n 's/^msa: state of open things: *\([0-9]*\) bytes.*/\1/p'; }
if one=$(state 10000) && [ -n "$one" ]; then echo "an open ticket: $((one / 10000)) bytes"; fi

a=$(now); i=0
while [ "$i" -lt 100 ]; do "$MSA" version > /dev/null; i=$((i + 1)); done
b=$(now)
echo "start-up: $(((b - a) / 100000)) us"
"$MSA" compile tests/bench/agreement.msa -o "$dir/a.msac"
a=$(now); i=0
while [ "$i" -lt 100 ]; do "$MSA" eval "$dir/a.msac" /dev/null > /dev/null; i=$((i + 1)); done
b=$(now)
echo "start-up with a compiled agreement and no events: $(((b - a) / 100000)) us"
