#!/bin/sh
# SPDX-License-Identifier: MIT
# Wrong programs: each tests/wrong/*.msa has one mistake, marked `#~ CODE words` on the line where the message must point.
# Its message must be the only one (no cascade), have that code and those words in its first line, and be word for word what
# lies beside the program in .expect (BLESS=1 rewrites that file; read the difference). tests/wrong/several_*.msa have
# several mistakes, each with its mark: all of them must be found in one run, and nothing else.
# A mark in a module that is used, tests/wrong/lib/*.msa, is written `#~ FILE:LINE CODE words` in the program.
cd "$(dirname "$0")/../.." || exit 1
MSA=${MSA:-build/release/msa}
got=$(mktemp) || exit 1
trap 'rm -f "$got"' EXIT
for f in tests/wrong/*.msa; do
    name=wrong/$(basename "$f" .msa)
    "$MSA" check --color=never "$f" > "$got" 2>&1
    status=$?
    why=$(awk -v file="$f" -v status="$status" '
        FILENAME == file && match($0, /#~ */) {
            mark = substr($0, RSTART + RLENGTH)
            sub(/[ \t]+$/, "", mark)
            n++
            place[n] = file ":" FNR
            if (match(mark, /^[^ ]*\.msa:[0-9]+ /)) { place[n] = substr(mark, 1, RLENGTH - 1); mark = substr(mark, RLENGTH + 1) }
            code[n] = substr(mark, 1, index(mark " ", " ") - 1)
            words[n] = substr(mark, length(code[n]) + 2)
            if (code[n] !~ /^W/) want = 65
        }
        FILENAME == file { next }
        /^(error|warning)\[/ {
            m++
            head[m] = $0
            got[m] = substr($0, index($0, "[") + 1, 5)
        }
        /^ *--> / && m > 0 && at[m] == "" { at[m] = $2 }
        END {
            if (n == 0) { print "no line is marked with #~"; exit }
            for (i = 1; i <= n; i++) {
                found = 0
                for (k = 1; k <= m && !found; k++) {
                    if (seen[k] || index(at[k], place[i] ":") != 1 || got[k] != code[i] || index(head[k], words[i]) == 0) continue
                    seen[k] = found = 1
                }
                if (!found) { lost = lost "; " place[i] ": no " code[i] " `" words[i] "`" }
            }
            for (k = 1; k <= m; k++) {
                if (!seen[k]) { lost = lost "; not marked: " head[k] " at " at[k] }
            }
            if (lost != "") { print substr(lost, 3); exit }
            if (status != want + 0) { print "exit status " status ", expected " want + 0 }
        }' "$f" "$got")
    if [ -n "$why" ]; then echo "not ok $name: $why"
    elif [ -n "${BLESS:-}" ]; then cp "$got" "${f%.msa}.expect"; echo "ok $name"
    elif ! cmp -s "$got" "${f%.msa}.expect"; then echo "not ok $name: differs from ${f%.msa}.expect"
    else echo "ok $name"; fi
done
