#!/bin/sh
# SPDX-License-Identifier: MIT
# Wrong programs: each tests/wrong/*.msa has one mistake, marked `#~ CODE words` on the line where the message must point.
# The message must be the only one (no cascade), have that code and those words, and be word for word what lies beside the
# program in .expect (BLESS=1 rewrites that file; read the difference).
cd "$(dirname "$0")/../.." || exit 1
MSA=${MSA:-build/release/msa}
got=$(mktemp) || exit 1
trap 'rm -f "$got"' EXIT
for f in tests/wrong/*.msa; do
    name=wrong/$(basename "$f" .msa)
    line=$(grep -n '#~' "$f" | head -1 | cut -d: -f1)
    mark=$(sed -n "${line}p" "$f" | sed 's/.*#~ *//; s/[[:space:]]*$//')
    code=${mark%% *}
    words=${mark#* }
    "$MSA" check --color=never "$f" > "$got" 2>&1
    status=$?
    count=$(grep -cE '^(error|warning)\[' "$got")
    case $code in W*) want=0 ;; *) want=65 ;; esac
    if [ "$status" -ne "$want" ]; then echo "not ok $name: exit status $status, expected $want"
    elif [ "$count" -ne 1 ]; then echo "not ok $name: $count messages, expected one: $(grep -E '^(error|warning)\[' "$got" | tr '\n' ' ')"
    elif ! grep -qE "^(error|warning)\[$code" "$got"; then echo "not ok $name: $(grep -E '^(error|warning)\[' "$got"), expected $code"
    elif ! grep -qF -- "$words" "$got"; then echo "not ok $name: the message lacks \`$words\`: $(head -1 "$got")"
    elif ! grep -qE -- "--> $f:$line:" "$got"; then echo "not ok $name: the message points at $(grep -e '-->' "$got" | head -1), expected line $line"
    elif [ -n "$BLESS" ]; then cp "$got" "${f%.msa}.expect"; echo "ok $name"
    elif ! cmp -s "$got" "${f%.msa}.expect"; then echo "not ok $name: differs from ${f%.msa}.expect"
    else echo "ok $name"; fi
done
