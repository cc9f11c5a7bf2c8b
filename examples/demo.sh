#!/bin/sh
# SPDX-License-Identifier: MIT
# An agreement at work: read aloud, evaluated against a real log, and one verdict explained. MSA names the program.
set -u
here=$(cd "$(dirname "$0")" && pwd) || exit 1
msa=${MSA:-msa}
case $msa in */*) msa=$(cd "$(dirname "$msa")" && pwd)/$(basename "$msa") ;; esac
cd "$here/servicenow" || exit 1
log=incidents-sample.csv

heading() {
    printf '\n== %s\n\n' "$1"
}

heading 'The clause, as it stands in the agreement'
sed -n '/ 2\.1 clock/,/^        }/p' agreement.msa
echo '    }'

heading "The agreement on $(grep -c . $log) rows of a real incident log"
"$msa" eval agreement.msa $log --adapter servicenow_audit --summary || exit

heading 'Why incident INC0003451 was late, step by step'
"$msa" explain agreement.msa $log --adapter servicenow_audit --ticket INC0003451
