#!/bin/sh
# SPDX-License-Identifier: MIT
# Bad input: a reject or a clear message, the right exit status, nothing lost (B1: records = events + rejected + duplicates
# + ignored), nothing crashes, memory stays small. Then the laws of order (R1): however the same events come, the same bytes.
set -u
cd "$(dirname "$0")/../.." || exit 1
fast=${MSA:-build/release/msa}
msa=${MSA_ASAN:-build/asan/msa}
[ -x "$msa" ] || msa=$fast
work=$(mktemp -d) || exit 1
trap 'chmod -R u+rwx "$work"; rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
acme=$work/acme.msac
if ! "$fast" compile examples/acme/agreement.msa -o "$acme"; then
    echo "not ok compile: there is no module to test with"
    exit 1
fi

ok() { echo "ok $1"; }
bad() { # name, why
    echo "not ok $1: $2"
    cat "$work/err" >&2 2>/dev/null
}

# Runs eval on acme; the counts go to $records $events $rejected $duplicates $ignored.
counted() { # name, wanted status, arguments of eval behind the agreement; false: told
    name=$1
    wanted=$2
    shift 2
    rm -f "$work/rejects"
    "$msa" eval "$acme" "$@" --format ndjson --rejects "$work/rejects" --verbose >"$work/out" 2>"$work/err"
    status=$?
    if [ $status -ne "$wanted" ]; then
        bad "$name" "exit status $status, expected $wanted: $(head -1 "$work/err" | cut -c1-150)"
        return 1
    fi
    set -- $(sed -n 's/^msa: \([0-9]*\) records, \([0-9]*\) events, [0-9]* results, \([0-9]*\) rejected, \([0-9]*\) duplicates, \([0-9]*\) ignored$/\1 \2 \3 \4 \5/p' "$work/err")
    if [ $# -ne 5 ]; then
        bad "$name" "no counts: $(head -1 "$work/err" | cut -c1-150)"
        return 1
    fi
    records=$1 events=$2 rejected=$3 duplicates=$4 ignored=$5
    if [ "$records" -ne $((events + rejected + duplicates + ignored)) ]; then
        bad "$name" "$records records, but $events events, $rejected rejected, $duplicates duplicates, $ignored ignored"
        return 1
    fi
    if [ "$(wc -l <"$work/rejects")" -ne "$rejected" ]; then
        bad "$name" "$rejected rejected, $(wc -l <"$work/rejects") in the file of rejects"
        return 1
    fi
}

# records events rejected duplicates ignored
are() { # name, numbers
    if [ "$records $events $rejected $duplicates $ignored" = "$2" ]; then
        ok "$1"
    else
        bad "$1" "records, events, rejected, duplicates, ignored are $records $events $rejected $duplicates $ignored, expected $2"
    fi
}

opened='{"at":"2026-03-06T17:50:00-05:00","event":"opened","ticket":"T1","impact":"high","urgency":"high","site":"HQ"}'
closed='{"at":"2026-03-09T09:00:00-04:00","event":"resolved","ticket":"T1"}'

# One bad line among good ones: it is rejected with these words, the others count.
line() { # name, words of the reason; the line is $work/line
    { echo "$opened"; cat "$work/line"; echo; echo "$closed"; } >"$work/in.ndjson"
    for way in file pipe; do
        if [ $way = file ]; then
            counted "$1" 65 "$work/in.ndjson" || return
        else
            counted "$1" 65 --input ndjson - <"$work/in.ndjson" || return
        fi
        if [ "$records $events $rejected" != "3 2 1" ]; then
            bad "$1" "$way: records, events, rejected are $records $events $rejected, expected 3 2 1"
            return
        fi
        if ! grep -q "\"reason\":\".*$2" "$work/rejects"; then
            bad "$1" "$way: the reason lacks \"$2\": $(cut -c1-200 "$work/rejects")"
            return
        fi
        grep -q '"clock":"resolution".*"state":"' "$work/out" || { bad "$1" "$way: the good events did not count"; return; }
    done
    ok "$1"
}
json() { # name, words, line
    printf '%s' "$3" >"$work/line"
    line "$1" "$2"
}
at() { # name, words, instant
    json "$1" "$2" "{\"at\":\"$3\",\"event\":\"closed\",\"ticket\":\"T1\"}"
}

json truncated-json "" '{"at":"2026-03-06T18:50:00-05:00","event":"closed","tick'
json truncated-in-key "" '{"at":"2026-03-06T18:50:00-05:00","event"'
json no-brace "" '"at":"2026-03-06T18:50:00-05:00","event":"closed","ticket":"T1"}'
json array "" '[1,2,3]'
json number-alone "" '17'
json two-objects "" "$closed$closed"
json trailing-comma "" '{"at":"2026-03-06T18:50:00-05:00","event":"closed","ticket":"T1",}'
json single-quotes "" "{'at':'2026-03-06T18:50:00-05:00'}"
json bad-escape "" '{"at":"2026-03-06T18:50:00-05:00","event":"closed","ticket":"T\q1"}'
json lone-surrogate "" '{"at":"2026-03-06T18:50:00-05:00","event":"closed","ticket":"T\ud8001"}'
json escaped-nul "u0000" '{"at":"2026-03-06T18:50:00-05:00","event":"closed","ticket":"T\u0000"}'
json key-twice "twice" '{"at":"2026-03-06T18:50:00-05:00","event":"closed","ticket":"T1","ticket":"T2"}'
json key-twice-escaped "twice" '{"at":"2026-03-06T18:50:00-05:00","event":"closed","ticket":"T1","t\u0069cket":"T2"}'
json not-a-number "" '{"at":"2026-03-06T18:50:00-05:00","event":"closed","ticket":"T1","x":01}'
json nan "" '{"at":"2026-03-06T18:50:00-05:00","event":"closed","ticket":"T1","x":NaN}'
json wrong-type-at "at" '{"at":[2026],"event":"closed","ticket":"T1"}'
json wrong-type-event "event" '{"at":"2026-03-06T18:50:00-05:00","event":{"a":1},"ticket":"T1"}'
json wrong-type-key "ticket" '{"at":"2026-03-06T18:50:00-05:00","event":"closed","ticket":{"a":"T1"}}'
json wrong-type-flag "public" '{"at":"2026-03-06T18:50:00-05:00","event":"message","ticket":"T1","sender":"provider","public":"perhaps"}'
json wrong-type-scale "impact" '{"at":"2026-03-06T18:50:00-05:00","event":"changed","ticket":"T1","impact":"enormous"}'
json no-at "no .at" '{"event":"closed","ticket":"T1"}'
json no-event "no .event" '{"at":"2026-03-06T18:50:00-05:00","ticket":"T1"}'
json no-key "needs .ticket" '{"at":"2026-03-06T18:50:00-05:00","event":"closed"}'
json empty-key "needs .ticket" '{"at":"2026-03-06T18:50:00-05:00","event":"closed","ticket":""}'
json unknown-event "did you mean .closed" '{"at":"2026-03-06T18:50:00-05:00","event":"clsoed","ticket":"T1"}'
json unknown-ticket "T9" '{"at":"2026-03-06T18:50:00-05:00","event":"closed","ticket":"T9"}'
json wrong-type-id "id" '{"at":"2026-03-06T18:50:00-05:00","event":"closed","ticket":"T1","id":[1]}'
at february-30 "february" 2026-02-30T10:00:00Z
at february-29 "february" 2026-02-29T10:00:00Z
at month-13 "month" 2026-13-01T10:00:00Z
at month-0 "month" 2026-00-01T10:00:00Z
at day-0 "" 2026-01-00T10:00:00Z
at hour-25 "hour" 2026-03-06T25:00:00Z
at hour-24 "24" 2026-03-06T24:00:00Z
at minute-60 "minute" 2026-03-06T10:60:00Z
at leap-second "second" 2016-12-31T23:59:60Z
at no-offset "" 2026-03-06T18:50:00
at offset-of-a-day "" 2026-03-06T18:50:00+25:00
at year-1 "1700 to 2500" 0001-01-01T00:00:00Z
at year-9999 "1700 to 2500" 9999-12-31T23:59:59Z
at year-10000 "" 10000-01-01T00:00:00Z
at no-time "" yesterday
at empty-time "" ""
printf '{"at":"2026-03-06T18:50:00-05:00","event":"closed","ticket":"T\0001"}' >"$work/line"
line nul-byte "NUL"
printf '\000\000\000' >"$work/line"
line nul-bytes-alone ""
printf '{"at":"2026-03-06T18:50:00-05:00","event":"closed","ticket":"\377T1"}' >"$work/line"
line not-utf8 "UTF-8"
printf '{"at":"2026-03-06T18:50:00-05:00","event":"closed","ticket":"\300\200T1"}' >"$work/line"
line overlong-utf8 "UTF-8"
printf '{"at":"2026-03-06T18:50:00-05:00","event":"closed","ticket":"\355\240\200T1"}' >"$work/line"
line surrogate-utf8 "UTF-8"
printf '{"at":"2026-03-06T18:50:00-05:00","event":"closed","ticket":"T\0331"}' >"$work/line"
line raw-control "control"
{ printf '{"at":"2026-03-06T18:50:00-05:00","event":"closed","ticket":"T1","x":'; head -c 100000 /dev/zero | tr '\0' '['; } >"$work/line"
line deep-open "" # 100,000 brackets, never closed
{ printf '{"at":"2026-03-06T18:50:00-05:00","event":"closed","ticket":"T1","x":'; head -c 100000 /dev/zero | tr '\0' '['; head -c 100000 /dev/zero | tr '\0' ']'; printf '}'; } >"$work/line"
line deep-closed "deep"
{ head -c 17000000 /dev/zero | tr '\0' x; } >"$work/line"
line long-line "longer than 16 MiB"

# Fields of every type.
cat >"$work/types.msa" <<END
agreement "Types" { provider "P" ; customer "C" ; effective 2026-01-01 ; timezone "UTC" }
use itil
event measured of ticket { amount : count ; size : number ; part : percent ; day : date ; hour : time ; seen : instant ; span : duration ; flag : flag }
clock resolution of ticket { starts on opened ; stops on resolved ; on closed stop ; target 4 h in 24x7 }
rule "reads all" { # what an agreement does not look at is not read
    on measured when amount is missing or size is missing or part is missing or day is missing or hour is missing or seen is missing or span is missing or flag
    notify "somebody"
}
END
keep=$acme
acme=$work/types.msac
"$fast" compile "$work/types.msa" -o "$acme" || bad types "does not compile"
field() { # name, field, value
    json "$1" ".$2." "{\"at\":\"2026-03-06T18:50:00-05:00\",\"event\":\"measured\",\"ticket\":\"T1\",\"$2\":$3}"
}
field count-is-text amount '"many"'
field count-has-a-fraction amount 1.5
field count-is-huge amount 99999999999999999999999
field count-is-past-64-bits amount 9223372036854775808
field count-has-an-exponent amount 1e999999999
field count-is-an-array amount '[1]'
field number-is-huge size 99999999999999999999999.5
field number-is-past-64-bits size 9223372036854.775808
field number-is-tiny size 1e-999999999
field number-has-two-points size '"1.2.3"'
field percent-is-text part '"most"'
field date-is-impossible day '"2026-02-30"'
field date-is-a-number day 20260230
field time-is-25 hour '"25:00"'
field instant-is-impossible seen '"2026-02-30T10:00:00Z"'
field duration-is-huge span '"9999999999999999999 h"'
field flag-is-text flag '"perhaps"'
field flag-is-an-object flag '{"a":true}'
acme=$keep

# What is odd and yet good.
good() { # name, counts; stdin is the file
    cat >"$work/in.ndjson"
    status_wanted=${3:-0}
    counted "$1" "$status_wanted" "$work/in.ndjson" && are "$1" "$2"
}
printf '\357\273\277%s\r\n\r\n   \n%s\r\n' "$opened" "$closed" | good bom-crlf-blank-lines "2 2 0 0 0"
printf '%s\n%s' "$opened" "$closed" | good no-last-line-end "2 2 0 0 0"
{ echo "$closed"; echo "$opened"; } | good out-of-order "2 2 0 0 0"
: | good empty-file "0 0 0 0 0"
printf '\357\273\277' | good bom-alone "0 0 0 0 0"
printf '\n\n\n' | good line-ends-alone "0 0 0 0 0"
{ echo "$opened"; echo "${closed%\}},\"unknown\":{\"deep\":[1,2,{\"x\":null}]},\"impact\":null}"; } | good unknown-fields-and-null "2 2 0 0 0"
{ echo "${opened%\}},\"id\":\"7\"}"; echo "${closed%\}},\"id\":\"8\"}"; echo "${closed%\}},\"id\":\"8\"}"; echo "${opened%\}},\"id\":7}"; } | good same-id "4 2 0 2 0"
{ echo "$opened"; echo "$opened"; echo "$closed"; } | good opened-twice "3 3 0 0 0" # facts given again
{ echo "$opened"; echo "${closed%\}},\"agreement\":\"Another\"}"; } | good another-agreement "2 1 0 0 1"
{ printf '{"at":"2026-03-06T17:50:00-05:00","event":"opened","impact":"high","urgency":"high","ticket":"'; head -c 1000000 /dev/zero | tr '\0' k; printf '"}\n'; } | good key-of-1-mb "1 1 0 0 0"
{ echo "$opened"; echo "$closed"; } >"$work/in.ndjson"
counted after-as-of 0 "$work/in.ndjson" --as-of 2026-03-07 && are after-as-of "2 1 0 0 1"
counted before-everything 0 "$work/in.ndjson" --as-of 2020-01-01 && are before-everything "2 0 0 0 2"
counted late-in-a-stream 65 --stream=1min --input ndjson - <<END
$opened
$closed
{"at":"2026-03-08T18:50:00-05:00","event":"message","ticket":"T1","sender":"provider","public":true}
END
[ $? -eq 0 ] && are late-in-a-stream "3 2 1 0 0"
counted far-time-in-a-stream 65 --stream --input ndjson - <<END
$opened
{"at":"9999-12-31T00:00:00Z","event":"closed","ticket":"T1"}
$closed
END
[ $? -eq 0 ] && are far-time-in-a-stream "3 2 1 0 0"

# CSV: status, counts or a message.
head='at,event,ticket,impact,urgency,site'
first='2026-03-06T17:50:00-05:00,opened,T1,high,high,HQ'
last='2026-03-09T09:00:00-04:00,resolved,T1,,,'
csv() { # name, status, counts, words of the reject; stdin is the file
    cat >"$work/in.csv"
    for way in file pipe; do
        if [ $way = file ]; then
            counted "$1" "$2" "$work/in.csv" || return
        else
            counted "$1" "$2" --input csv - <"$work/in.csv" || return
        fi
        if [ "$records $events $rejected $duplicates $ignored" != "$3" ]; then
            bad "$1" "$way: records, events, rejected, duplicates, ignored are $records $events $rejected $duplicates $ignored, expected $3"
            return
        fi
        if ! grep -q "\"reason\":\".*$4" "$work/rejects" && [ "$rejected" -gt 0 ]; then
            bad "$1" "$way: the reason lacks \"$4\": $(cut -c1-200 "$work/rejects")"
            return
        fi
    done
    ok "$1"
}
printf '%s\n' "$head" "$first" "$last" | csv csv-plain 0 "2 2 0 0 0"
printf '\357\273\277%s\r\n%s\r\n\r\n%s' "$head" "$first" "$last" | csv csv-bom-crlf 0 "2 2 0 0 0"
printf '%s\n' "$head" | csv csv-only-header 0 "0 0 0 0 0"
printf '%s\n' "$head" '2026-03-06T17:50:00-05:00,opened,T1,high,high,"HQ, ""main""
second line"' "$last" | csv csv-quotes-and-line-ends 0 "2 2 0 0 0"
printf '%s\n' "$head" "$first" '2026-03-07T17:50:00-05:00,closed,T1' "$last" | csv csv-short-row 65 "3 2 1 0 0" "3 values where the header names 6"
printf '%s\n' "$head" "$first" '2026-03-07T17:50:00-05:00,closed,T1,,,,,' "$last" | csv csv-long-row 65 "3 2 1 0 0" "8 values where the header names 6"
printf '%s\n' "$head" "$first" '2026-03-07T17:50:00-05:00,closed,T1,,,a"b' "$last" | csv csv-stray-quote 65 "3 2 1 0 0" "quote"
printf '%s\n' "$head" "$first" '2026-03-07T17:50:00-05:00,closed,T1,,,"ab' "$last" | csv csv-open-quote 65 "3 2 1 0 0" "never closed"
printf '%s\n' "$head" "$first" '2026-03-07T17:50:00-05:00,closed,T1,,,"ab"c' "$last" | csv csv-text-behind-quote 65 "3 2 1 0 0" "quote"
printf '%s\n%s\n2026-03-07T17:50:00-05:00,closed,T\0001,,,\n%s\n' "$head" "$first" "$last" | csv csv-nul 65 "3 2 1 0 0" "NUL"
printf '%s\n%s\n2026-03-07T17:50:00-05:00,closed,T\3771,,,\n%s\n' "$head" "$first" "$last" | csv csv-not-utf8 65 "3 2 1 0 0" "UTF-8"
printf '%s\n%s\n2026-02-30T10:00:00Z,closed,T1,,,\n%s\n' "$head" "$first" "$last" | csv csv-february-30 65 "3 2 1 0 0" "february"
{ printf '%s\n%s\n' "$head" "$first"; head -c 17000000 /dev/zero | tr '\0' x; printf '\n%s\n' "$last"; } | csv csv-long-line 65 "3 2 1 0 0" "longer than 16 MiB"
{ printf '%s\n%s\n"' "$head" "$first"; head -c 17000000 /dev/zero | tr '\0' x; printf '\n%s\n' "$last"; } | csv csv-long-quoted-line 65 "3 2 1 0 0" "16 MiB"

# Commands that cannot do what they are asked to: a message with these words, and this status.
says() { # name, status, words, command…
    name=$1 wanted=$2 words=$3
    shift 3
    "$@" >"$work/out" 2>"$work/err"
    status=$?
    if [ $status -ne "$wanted" ]; then
        bad "$name" "exit status $status, expected $wanted: $(head -1 "$work/err" | cut -c1-150)"
    elif ! grep -q -- "$words" "$work/err"; then
        bad "$name" "the message lacks \"$words\": $(head -1 "$work/err" | cut -c1-150)"
    elif grep -q 'mistake of this program' "$work/err"; then
        bad "$name" "says that it is a mistake of the program"
    else
        ok "$name"
    fi
}
: >"$work/empty.csv"
says csv-empty 74 "is empty" "$msa" eval "$acme" "$work/empty.csv"
printf 'at,ticket\n' >"$work/in.csv"
says csv-no-event-column 74 'no column `event`' "$msa" eval "$acme" "$work/in.csv"
printf 'at,event,ticket,at\n' >"$work/in.csv"
says csv-header-twice 74 "occurs twice" "$msa" eval "$acme" "$work/in.csv"
printf '"at,event\n' >"$work/in.csv"
says csv-header-unreadable 74 "header" "$msa" eval "$acme" "$work/in.csv"
says events-folder 74 "directory" "$msa" eval "$acme" "$work"
says events-missing 66 "No such file" "$msa" eval "$acme" "$work/nowhere.ndjson"
says agreement-folder 66 "directory" "$msa" eval "$work" "$work/in.ndjson"
says agreement-missing 66 "No such file" "$msa" check "$work/nowhere.msa"
says output-folder 74 "" "$msa" compile examples/hello/agreement.msa -o "$work"
says standard-input-twice 64 "once" "$msa" eval "$acme" - -
says standard-input-for-both 64 "once" "$msa" eval - - 
says as-of-impossible 64 "as-of" "$msa" eval "$acme" "$work/in.ndjson" --as-of 2026-02-30
says as-of-far 64 "1700 to 2500" "$msa" eval "$acme" "$work/in.ndjson" --as-of 9999-01-01
{ echo "$opened"; echo nonsense; echo "$closed"; } >"$work/in.ndjson"
says strict 65 "in.ndjson:2" "$msa" eval "$acme" "$work/in.ndjson" --strict
if [ "$(id -u)" != 0 ]; then
    : >"$work/secret"
    chmod 0 "$work/secret"
    says events-unreadable 66 "ermission" "$msa" eval "$acme" "$work/secret"
fi

# Compiled modules: cut, changed, of another version, something else.
size=$(wc -c <"$acme")
for n in 8 9 23 24 100 700 $((size / 2)) $((size - 1)); do
    head -c "$n" "$acme" >"$work/cut.msac"
    says "module-cut-at-$(if [ "$n" -gt 700 ]; then [ "$n" -eq $((size - 1)) ] && echo last || echo half; else echo "$n"; fi)" 65 "" \
        "$msa" eval "$work/cut.msac" examples/acme/events.ndjson
done
for n in 8 12 16 20 24 44 1000 $((size / 2)) $((size - 5)); do
    { head -c "$n" "$acme"; tail -c +$((n + 1)) "$acme" | head -c 1 | tr '\000-\377' '\001-\377\000'; tail -c +$((n + 2)) "$acme"; } >"$work/bad.msac"
    case $n in 8) words="compile the agreement again" ;; *) words="" ;; esac
    says "module-changed-at-$(if [ "$n" -gt 1000 ]; then [ "$n" -eq $((size - 5)) ] && echo end || echo half; else echo "$n"; fi)" 65 "$words" \
        "$msa" eval "$work/bad.msac" examples/acme/events.ndjson
done
cat "$acme" "$acme" >"$work/bad.msac"
says module-and-more 65 "bytes" "$msa" eval "$work/bad.msac" examples/acme/events.ndjson
: >"$work/empty.msa"
says agreement-empty 65 "" "$msa" eval "$work/empty.msa" examples/acme/events.ndjson
says agreement-is-a-program 65 "" "$msa" check "$fast"

# Output that cannot be written.
if [ -c /dev/full ]; then
    full() { # name, command…
        name=$1
        shift
        "$@" >/dev/full 2>"$work/err"
        status=$?
        if [ $status -eq 74 ] && [ -s "$work/err" ]; then ok "full-$name"; else bad "full-$name" "exit status $status, expected 74 and a message"; fi
    }
    e=examples/acme/events.ndjson
    full ndjson "$msa" eval "$acme" $e --format ndjson
    full csv "$msa" eval "$acme" $e --format csv
    full table "$msa" eval "$acme" $e --format table
    full summary "$msa" eval "$acme" $e --summary
    full explain "$msa" explain "$acme" $e --ticket T1002
    full disasm "$msa" disasm "$acme"
    full test "$msa" test examples/acme/agreement.msa
    full calendar "$msa" calendar "$acme" support show 2026-03
    full compile "$msa" compile examples/hello/agreement.msa -o -
    full version "$msa" version
    full help "$msa" help
    full explain-error "$msa" explain-error
    full dump "$msa" check --dump ast examples/hello/agreement.msa
    full check-sarif "$msa" check --format sarif examples/hello/agreement.msa
    "$msa" eval "$acme" "$work/in.ndjson" --rejects /dev/full >"$work/out" 2>"$work/err"
    status=$?
    if [ $status -eq 74 ]; then ok full-rejects; else bad full-rejects "exit status $status, expected 74"; fi
fi
"$msa" eval "$acme" "$work/in.ndjson" --format ndjson --rejects "$work/rejects" >&- 2>"$work/err"
status=$?
if [ $status -ne 74 ]; then
    bad closed-stdout "exit status $status, expected 74"
elif grep -q '"kind"' "$work/rejects"; then
    bad closed-stdout "results went into the file of rejects"
else
    ok closed-stdout
fi
"$msa" eval "$acme" "$work/in.ndjson" --format ndjson --rejects "$work/rejects" 2>&- >"$work/out"
status=$?
if [ $status -ne 65 ]; then
    bad closed-stderr "exit status $status, expected 65"
elif ! grep -q '^{"input"' "$work/rejects" || grep -q '^msa' "$work/rejects"; then
    bad closed-stderr "messages went into the file of rejects"
else
    ok closed-stderr
fi
# A reader that goes away: no message, no report of a bug.
i=0
while [ $i -lt 3000 ]; do
    printf '{"at":"2026-03-06T17:50:00-05:00","event":"opened","ticket":"T%d","impact":"high","urgency":"high"}\n' $i
    i=$((i + 1))
done >"$work/many.ndjson"
{ "$msa" eval "$acme" "$work/many.ndjson" --format ndjson 2>"$work/err"; echo $? >"$work/status"; } | head -1 >"$work/out"
if [ "$(cat "$work/status")" -ne 74 ] && [ "$(cat "$work/status")" -ne 141 ]; then
    bad reader-goes-away "exit status $(cat "$work/status"), expected 74 or the signal"
elif [ -s "$work/err" ]; then
    bad reader-goes-away "said $(head -1 "$work/err")"
else
    ok reader-goes-away
fi

# Texts with everything in them, in every form of output.
nasty='T\"1\\\u001b[31mred\u0007\r\n\t,;=\u202e\u0085\u009b2J'
printf '{"at":"2026-03-06T17:50:00-05:00","event":"opened","ticket":"%s","impact":"high","urgency":"high","site":"=HYPERLINK(1)"}\n' "$nasty" >"$work/nasty.ndjson"
printf '{"at":"2026-03-06T17:51:00-05:00","event":"opened","ticket":"=1+2","impact":"high","urgency":"high"}\n' >>"$work/nasty.ndjson"
printf '{"at":"2026-03-06T17:51:00-05:00","event":"opened\\u001b[2J","ticket":"\033[2J\233"}\n' >>"$work/nasty.ndjson"
control=$(printf '[\001-\010\013-\037\177]')
for format in ndjson csv table; do
    "$msa" eval "$acme" "$work/nasty.ndjson" --format $format --summary --color=never >"$work/out" 2>"$work/err"
    cat "$work/err" >>"$work/out"
    case $format in
    csv) tr -d '\r\033\007' <"$work/out" >"$work/plain" ;; # CSV holds the bytes as they are, quoted
    *) cp "$work/out" "$work/plain" ;;
    esac
    if LC_ALL=C grep -q "$control" "$work/plain"; then
        bad "control-characters-$format" "$(LC_ALL=C grep -n "$control" "$work/plain" | head -1 | cut -c1-150 | od -c | head -5)"
    elif [ $format = table ] && LC_ALL=C grep -q "$(printf '\342\200\256\\|\302[\200-\237]')" "$work/out"; then
        bad "control-characters-$format" "a character that turns or moves text came through"
    else
        ok "control-characters-$format"
    fi
done
"$msa" eval "$acme" "$work/nasty.ndjson" --format csv --columns ticket,kind >"$work/out" 2>"$work/err"
if grep -q "^'=1+2," "$work/out" && ! grep -q '^"*=' "$work/out"; then ok csv-formula; else bad csv-formula "a text that begins like a formula came through"; fi
"$msa" explain "$acme" "$work/nasty.ndjson" --ticket "$(printf 'T"1\\\033[31mred\007\r\n\t,;=\342\200\256\302\205\302\2332J')" --color=never >"$work/out" 2>"$work/err"
status=$?
cat "$work/err" >>"$work/out"
if LC_ALL=C grep -q "$control" "$work/out"; then
    bad control-characters-explain "came through"
elif ! grep -q 'First response' "$work/out"; then
    bad control-characters-explain "the ticket was not found: status $status"
else
    ok control-characters-explain
fi

# Memory and time: lines of 1 GB with 400 MB of address space.
small() { # name, counts; stdin is the input, arguments of eval follow
    name=$1 counts=$2
    shift 2
    (ulimit -v 400000; exec timeout 120 "$fast" eval "$acme" "$@" --format none --verbose) >"$work/out" 2>"$work/err"
    status=$?
    if [ $status -ne 65 ]; then
        bad "$name" "exit status $status, expected 65: $(head -1 "$work/err" | cut -c1-150)"
    elif ! grep -q "$counts" "$work/err"; then
        bad "$name" "$(tail -1 "$work/err"), expected $counts"
    else
        ok "$name"
    fi
}
gigabyte() { head -c 1073741824 /dev/zero; }
{ echo "$opened"; printf '{"x":"'; gigabyte | tr '\0' a; printf '"}\n'; echo "$closed"; } | small line-of-1-gb "^msa: 3 records, 2 events, [0-9]* results, 1 rejected" --input ndjson -
{ echo "$head"; echo "$first"; gigabyte | tr '\0' ','; echo; echo "$last"; } | small csv-line-of-1-gb "^msa: 3 records, 2 events, [0-9]* results, 1 rejected" --input csv -
{ echo "$opened"; head -c 100000000 /dev/zero | tr "\0" "\n"; echo x; echo "$closed"; } | small empty-lines-of-100-mb "^msa: 3 records, 2 events, [0-9]* results, 1 rejected" --input ndjson -
if truncate -s 1G "$work/hole.ndjson" 2>/dev/null; then
    small file-of-1-gb-nul "^msa: 1 records, 0 events, [0-9]* results, 1 rejected" "$work/hole.ndjson"
    says agreement-of-1-gb 66 "" sh -c "ulimit -v 900000; exec $fast check $work/hole.ndjson"
    rm -f "$work/hole.ndjson"
fi

# ---- the laws of order ----

# One table of events, as NDJSON and as CSV.
awk -v json="$work/o.ndjson" -v csv="$work/o.csv" 'BEGIN {
    print "at,event,ticket,impact,urgency,site,sender,public,awaiting" > csv
    split("opened message waiting resumed changed message resolved reopened closed", event)
    split("high medium low", level)
    for (k = 0; k < 9; k++)
        for (t = 0; t < 40; t++) {
            e = event[k + 1]; d = 1 + k * 3 + int(t / 20); h = 7 + t % 20 % 12
            at = sprintf("2026-03-%02dT%02d:%02d:%02d-05:00", d, h, (t * 7 + k * 13) % 60, t)
            n = e == "opened" ? "impact " level[t % 3 + 1] " urgency " level[int(t / 3) % 3 + 1] " site " (t % 2 ? "HQ" : "Branch") : e == "message" ? "sender " (k == 1 ? "provider" : "customer") " public true" : e == "waiting" ? "awaiting " (t % 4 ? "customer" : "vendor") : e == "changed" ? "impact " level[(t + 1) % 3 + 1] : ""
            split("", f); m = split(n, w, " ")
            line = "{\"at\":\"" at "\",\"event\":\"" e "\",\"ticket\":\"T" t "\""
            for (i = 1; i < m; i += 2) { f[w[i]] = w[i + 1]; line = line ",\"" w[i] "\":" (w[i + 1] == "true" ? "true" : "\"" w[i + 1] "\"") }
            print line "}" > json
            print at "," e ",T" t "," f["impact"] "," f["urgency"] "," f["site"] "," f["sender"] "," f["public"] "," f["awaiting"] > csv
        }
}'
[ "$(cut -d, -f1 "$work/o.csv" | sort | uniq -d | wc -l)" -eq 0 ] || bad order-events "two events of the test tie"
columns=kind,clause,at,id,ticket,clock,cycle,state,started,due,stopped,elapsed,paused,overrun,calendar,by,step,recipients,reason,withdraws,period,part,whole
eval_as() { # result, arguments
    result=$1
    shift
    "$fast" eval "$@" --format ndjson --columns $columns >"$result" 2>"$work/err"
}
eval_as "$work/base" "$acme" "$work/o.ndjson" || bad order-base "exit status $?"
sort "$work/base" >"$work/base.sorted"
same() { # name, how the result came; sorted when a third argument is given
    if [ -n "${3:-}" ]; then
        sort "$work/is" >"$work/is.sorted"
        cmp -s "$work/base.sorted" "$work/is.sorted"
    else
        cmp -s "$work/base" "$work/is"
    fi
    if [ $? -eq 0 ]; then ok "$1"; else bad "$1" "$2 gives other results: $(diff "$work/base" "$work/is" | head -2 | tail -1 | cut -c1-150)"; fi
}
if [ "$(wc -l <"$work/base")" -lt 200 ]; then bad order-enough "only $(wc -l <"$work/base") results"; else ok order-enough; fi
for seed in 1 2 3 4 5 6 7 8; do
    awk -v s=$seed 'BEGIN { srand(s) } { printf "%.9f\t%s\n", rand(), $0 }' "$work/o.ndjson" | sort | cut -f2- >"$work/shuffled.ndjson"
    eval_as "$work/is" "$acme" "$work/shuffled.ndjson"
    same order-shuffled-$seed "another order of lines" sorted
    cmp -s "$work/base" "$work/is" || bad order-shuffled-$seed-bytes "another order of lines gives another order of results"
done
for size in 1 7 4093; do
    dd if="$work/o.ndjson" bs=$size status=none | eval_as "$work/is" "$acme" --input ndjson -
    same order-pipe-in-pieces-of-$size "a pipe"
done
eval_as "$work/is" "$acme" "$work/o.csv"
same order-csv "the same as CSV"
dd if="$work/o.csv" bs=11 status=none | eval_as "$work/is" "$acme" --input csv -
same order-csv-pipe "CSV from a pipe"
sed -n 'p;n' "$work/o.ndjson" >"$work/odd.ndjson"
sed -n 'n;p' "$work/o.ndjson" >"$work/even.ndjson"
eval_as "$work/is" "$acme" "$work/even.ndjson" "$work/odd.ndjson"
same order-two-files "two files"
sed 1q "$work/o.csv" >"$work/even.csv"
sed -n '1d;n;p' "$work/o.csv" >"$work/tail.csv"
sed -n '2,$p' "$work/o.csv" | sed -n 'n;p' >>"$work/even.csv"
eval_as "$work/is" "$acme" "$work/even.csv" "$work/odd.ndjson"
same order-two-formats "NDJSON beside CSV"
sort -t'"' -k4,4 "$work/o.ndjson" | eval_as "$work/is" "$acme" --stream=72h --input ndjson -
same order-stream "a stream" sorted
eval_as "$work/is" examples/acme/agreement.msa "$work/o.ndjson"
same order-source "the source instead of the module"
eval_as "$work/is" "$acme" "$work/o.ndjson"
same order-again "a second run"
TZ=Asia/Tokyo LC_ALL=tr_TR.UTF-8 LANG=de_DE.UTF-8 eval_as "$work/is" "$acme" "$work/o.ndjson"
same order-environment "another environment"
"$msa" eval "$acme" "$work/o.ndjson" --format ndjson --columns $columns >"$work/is" 2>"$work/err"
same order-other-heap "the sanitizer build"
"$fast" compile examples/acme/agreement.msa -o "$work/again.msac" && TZ=Asia/Tokyo LC_ALL=C "$msa" compile examples/acme/agreement.msa -o "$work/other.msac"
if cmp -s "$acme" "$work/again.msac" && cmp -s "$acme" "$work/other.msac"; then ok module-same-bytes; else bad module-same-bytes "a module compiled again has other bytes"; fi
