#!/bin/sh
# SPDX-License-Identifier: MIT
# The holiday rules of the standard library against lists of dates: every weekday from 2010 to 2030 in every jurisdiction.
set -u
cd "$(dirname "$0")/../.." || exit 1
msa=${MSA:-build/release/msa}
data=tests/data/holidays
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

# Every weekday of the years, as questions; noon, so that no zone matters.
awk 'BEGIN {
    split("31 28 31 30 31 30 31 31 30 31 30 31", days)
    weekday = 4 # 2010-01-01 was a friday; 0 is monday
    for (y = 2010; y <= 2030; y++)
        for (m = 1; m <= 12; m++)
            for (d = 1; d <= days[m] + (m == 2 && y % 4 == 0); d++) {
                if (weekday < 5) printf "%04d-%02d-%02d\n", y, m, d
                weekday = (weekday + 1) % 7
            }
}' >"$work/dates"
sed 's/.*/open\t&T12:00:00Z/' "$work/dates" >"$work/questions"

for jurisdiction in $(awk '!/^#/ && !seen[$1]++ { print $1 }' $data/weekdays.txt); do
    name=$(printf %s "$jurisdiction" | tr 'A-Z-' 'a-z_')
    if ! "$msa" calendar $data/jurisdictions.msa "$name" <"$work/questions" >"$work/answers" 2>"$work/err"; then
        cat "$work/err" >&2
        echo "not ok $jurisdiction: no answer"
        continue
    fi
    paste -d ' ' "$work/dates" "$work/answers" | awk -v j="$jurisdiction" '{ print j, $1, $NF == "closed" || $NF == "no" || $NF == "false" ? "closed" : "open" }' >"$work/found"
    awk -v j="$jurisdiction" '
        FILENAME ~ /weekdays/ { if ($1 == j) for (i = 3; i <= NF; i++) listed[$2 "-" $i] = 1; next }
        FILENAME ~ /explained/ { if ($1 == j) explained[$2] = $3; next }
        {
            n++
            says = ($2 in listed) ? "closed" : "open"
            closed += $3 == "closed"
            if ($2 in explained) {
                known++
                if ($3 != explained[$2] || $3 == says) { print "explained, but not so: " $2 " is " $3; bad++ }
            } else if ($3 != says) { print $2 " is " $3 ", the list says " says; bad++ }
        }
        END {
            printf "%s: %d weekdays, %d closed, %d differences explained, %d not\n", j, n, closed, known, bad
            exit bad > 0 || n != 5478
        }' $data/weekdays.txt $data/explained.txt "$work/found" >"$work/said"
    if [ $? -eq 0 ]; then echo "ok $jurisdiction"; else echo "not ok $jurisdiction: $(head -1 "$work/said")"; fi
    cat "$work/said"
done
