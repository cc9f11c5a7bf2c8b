#!/bin/sh
# SPDX-License-Identifier: MIT
# The agreements of examples/ on whole public logs, against the outcomes that the logs themselves record. The logs are not
# part of the repository: MSA_SHARED names the folder that has them (data/uci-incidents/…), otherwise ../shared.
set -u
cd "$(dirname "$0")/../.." || exit 1
msa=${MSA:-build/release/msa}
data=${MSA_SHARED:-../shared}/data
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

skipped() { # name, why
    echo "skipped: $1 $2"
    echo "ok $1 # skipped: $2"
}

# Unpacks into the work folder; false, after a line that says so, when it is not there.
unpack() { # name of the check, file below data
    if [ ! -f "$data/$2" ]; then
        skipped "$1" "is not here"
        return 1
    fi
    if ! command -v xz >/dev/null 2>&1; then
        skipped "$1" "needs xz"
        return 1
    fi
    xz -dc "$data/$2" >"$work/$(basename "$2" .xz)"
}

evaluate() { # name, agreement, more arguments…
    name=$1
    agreement=$2
    shift 2
    "$msa" eval "examples/$agreement/agreement.msa" "$@" --format ndjson --summary --rejects "$work/$name.rejects" \
        >"$work/$name.out" 2>"$work/$name.err"
    status=$?
    # 65 with results: records were rejected, which is looked at by itself.
    if [ $status -ne 0 ] && ! { [ $status -eq 65 ] && [ -s "$work/$name.out" ]; }; then
        cat "$work/$name.err" >&2
        echo "not ok $name: ended with status $status: $(tail -1 "$work/$name.err" | cut -c1-160)"
        return 1
    fi
}

# `recorded N, equal M`, wherever the program puts its summary.
recorded() { sed -n 's/.*recorded \([0-9,]*\), equal \([0-9,]*\).*/\1/p' "$work/$1.err" "$work/$1.out" | tr -d , | tail -1; }
equal() { sed -n 's/.*recorded \([0-9,]*\), equal \([0-9,]*\).*/\2/p' "$work/$1.err" "$work/$1.out" | tr -d , | tail -1; }
differences() { # name, clock
    grep '"kind":"difference"' "$work/$1.out" | grep -c "\"clock\":\"$2\""
}

at_least() { # name, found, wanted, of
    echo "$1: $2 of $4 (wanted: at least $3)"
    if [ "${2:-0}" -ge "$3" ] && [ "${2:-0}" -le "$4" ]; then echo "ok $1"; else echo "not ok $1: $2 of $4, wanted at least $3"; fi
}

# tests/data/logs/rejects.txt: log, reason (a part of it), how many, why that is right.
no_reject_unexplained() { # name
    [ -f "$work/$1.rejects" ] || : >"$work/$1.rejects"
    awk -v log_name="$1" '
        FILENAME ~ /rejects.txt$/ {
            if ($0 !~ /^#/ && split($0, part, "\t") == 4 && part[1] == log_name) { reason[++n] = part[2]; allowed[n] = part[3] }
            next
        }
        { hit = 0; for (i = 1; i <= n && !hit; i++) if (index($0, reason[i])) { found[i]++; hit = 1 } if (!hit) { if (!bad++) first = $0 } total++ }
        END {
            for (i = 1; i <= n; i++) if (found[i] != allowed[i]) { bad++; first = "`" reason[i] "` " found[i] " times, not " allowed[i] }
            printf "%s: %d rejects, %d unexplained\n", log_name, total, bad
            if (bad) { print "not ok " log_name "-rejects: " substr(first, 1, 200) } else { print "ok " log_name "-rejects" }
        }' tests/data/logs/rejects.txt "$work/$1.rejects"
}

if unpack uci uci-incidents/incident_event_log.half-a.csv.xz; then
    if evaluate uci servicenow "$work/incident_event_log.half-a.csv" --adapter servicenow_audit; then
        at_least uci "$(equal uci)" 12380 "$(recorded uci)"
        no_reject_unexplained uci
    fi
fi

if unpack boston311 boston311/boston311_sample.csv.xz; then
    if evaluate boston311 boston311 "$work/boston311_sample.csv" --adapter boston311; then
        at_least boston311-on-time $((4994 - $(differences boston311 promise))) 4990 4994
        at_least boston311-due $((4284 - $(differences boston311 service))) 4156 4284 # 97 %
        no_reject_unexplained boston311
    fi
fi

if unpack bpic2014 bpic2014-incidents/bpic2014_sample_incidents.csv.xz && unpack bpic2014 bpic2014-incidents/bpic2014_clock.csv.xz; then
    if evaluate bpic2014 rabobank "$work/bpic2014_sample_incidents.csv" "$work/bpic2014_clock.csv"; then
        at_least bpic2014 "$(equal bpic2014)" 3970 "$(recorded bpic2014)"
        no_reject_unexplained bpic2014
    fi
fi

if unpack bpic2013 bpic2013-incidents/bpic2013_incidents.csv.xz; then
    evaluate bpic2013 volvo "$work/bpic2013_incidents.csv" --adapter vinst && no_reject_unexplained bpic2013
fi
if unpack helpdesk-italian helpdesk-italian/finale.csv.xz; then
    evaluate helpdesk-italian helpdesk "$work/finale.csv" --adapter helpdesk_italian && no_reject_unexplained helpdesk-italian
fi
if unpack jira-worklog jira-worklog/jira_issues.csv.xz; then
    evaluate jira-worklog jira "$work/jira_issues.csv" --adapter jira_worklog && no_reject_unexplained jira-worklog
fi
