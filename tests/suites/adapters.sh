#!/bin/sh
# SPDX-License-Identifier: MIT
# Exports as ticket tools write them, with adapters that are right and that are not: what is judged, what is rejected, and
# what the run says by itself.
set -u
cd "$(dirname "$0")/../.." || exit 1
MSA=${MSA:-build/release/msa}
case $MSA in /*) ;; *) MSA=$PWD/$MSA ;; esac
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
cd "$work" || exit 1

# An agreement with an adapter: $1 its lines, $2 more for its time.
agreement() {
    printf '%s\n' 'agreement "Desk" { provider "P" ; customer "C" ; effective 2026-01-01 ; timezone "Europe/Berlin" }' 'use itil' \
        'clock fix of ticket { starts on opened ; stops on resolved ; pauses while waiting ; on closed stop ; target 4 h in 24x7 }' \
        'adapter a {' 'reads csv' 'entity ticket from Nr' "time t = \"dd.MM.yyyy HH:mm\" in \"Europe/Berlin\"$2" "$1" '}' >a.msa
}
rules='map priority { "high" | P1 ; otherwise | reject }
when State becomes "New" opened at Time { priority from Prio }
when State becomes "Wait" waiting at Time { awaiting customer, wait "u" }
when State was "Wait" and State differs resumed at Time { wait "u" }
when State becomes "Done" resolved at Time'
newest_first='Nr;Time;State;Prio
T1;02.03.2026 13:30;Done;high
T1;02.03.2026 13:00;Busy;high
T1;02.03.2026 10:00;Wait;high
T1;02.03.2026 09:00;New;high'

evaluate() { # more arguments…
    "$MSA" eval a.msa a.csv --adapter a "$@" >out 2>err
    status=$?
}
gives() { # name, file, text that must be in it
    if grep -qF -- "$3" "$2"; then echo "ok $1"; else cat out err >&2; echo "not ok $1: no \`$3\` in $(head -1 "$2" | cut -c1-120)"; fi
}
gives_not() { # name, file, text that must not be in it
    if grep -qF -- "$3" "$2"; then cat out err >&2; echo "not ok $1: \`$3\` in $(head -1 "$2" | cut -c1-120)"; else echo "ok $1"; fi
}

agreement "$rules
stream each ticket by Time then file order" ''
printf '%s\n' "$newest_first" >a.csv
evaluate --format csv --columns kind,ticket,state,elapsed
gives sorted-by-time out "$(printf 'clock,T1,met,5400\r')"
gives_not sorted-is-quiet err warning
evaluate --format csv --columns kind,ticket,state,elapsed --stream
gives sorted-not-in-a-stream err 'warning: 3 rows are older'

agreement "$rules" ''
evaluate --format csv --columns kind,ticket,state,elapsed
gives steps-back-told err 'warning: 3 rows are older than the row of their ticket that stands before them, first at a.csv:3; changes'
gives steps-back-what-to-do err '`stream each ticket by "Time" then file order`'
evaluate --format ndjson --summary
gives steps-back-in-summary err '3 rows are older'
{ printf '%s\n' "$newest_first" | head -1; printf '%s\n' "$newest_first" | tail -4 | sort -t ';' -k 2; } >a.csv
evaluate --format csv --columns kind,ticket,state,elapsed
gives sorted-file out "$(printf 'clock,T1,met,5400\r')"
gives_not sorted-file-is-quiet err warning

# A map that rejects does so though no clause uses the priority; without the map the column need not be there.
printf 'Nr;Time;State;Prio\nT1;02.03.2026 09:00;New;low\nT2;02.03.2026 09:00;New;high\n' >a.csv
evaluate --format ndjson --summary
gives unused-map-rejects out 'the map `priority` has no row for `low`'
gives unused-map-counts err 'records 2, events 1, rejected 1, duplicates 0'
agreement 'when State becomes "New" opened at Time { priority from Prio }' ''
printf 'Nr\tTime\tState\nT1\t02.03.2026 09:00\tNew\n' >a.csv
evaluate --format ndjson --summary
gives unused-column-not-needed err 'records 1, events 1, rejected 0'

# One row, several events, one reject.
agreement 'row changed at Time { priority from Prio }
row assigned at Time { group "G" }
row resolved at Time' ''
printf 'Nr;Time;State;Prio\nT1;02.03.2026 09:00;New;P1\n' >a.csv
evaluate --format ndjson --summary
gives one-reject-a-row err 'records 1, events 0, rejected 1'

# Rules that never held.
agreement "$rules
stream each ticket by Time then file order" ''
printf 'Nr;Time;State;Prio\nT1;02.03.2026 09:00;New;high\nT1;02.03.2026 10:00;waiting;high\nT1;02.03.2026 11:00;Done;high\n' >a.csv
evaluate --format ndjson --summary
gives never-held err 'this rule held for none of 3 rows; `State` has `waiting` (1 row), which no rule names'
gives never-held-place err 'a.msa:10: this rule'
gives_not never-held-others err 'a.msa:9: this rule'

# Hours that do not exist, and that exist twice.
printf 'Nr;Time;State;Prio\nT1;29.03.2026 02:30;New;high\nT2;25.10.2026 02:30;New;high\n' >a.csv
evaluate --format csv --columns kind,ticket,started --as-of 2026-10-26
gives skipped-hour-forward out "$(printf 'clock,T1,2026-03-29T03:30:00+02:00\r')"
gives repeated-hour-first out "$(printf 'clock,T2,2026-10-25T02:30:00+02:00\r')"
agreement "$rules" ', repeated hour reject'
evaluate --format ndjson --summary --as-of 2026-10-26
gives skipped-hour-rejected out 'does not occur in Europe/Berlin, where the clocks went forward'
gives repeated-hour-rejected out 'occurs twice in Europe/Berlin, where the clocks went back'

agreement "$rules
stream each ticket by State then file order" ''
evaluate --format ndjson --summary
gives order-is-no-number out '`New` is not a number; rows are sorted by this column, which holds a number in each row'
