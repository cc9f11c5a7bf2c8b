#!/bin/sh
# SPDX-License-Identifier: MIT
# Every module of the standard library compiles as its first lines say it is used. Every example is checked, its own expectations hold, and the command in its README gives the results beside it.
# BLESS=1 writes those results anew; read the difference before committing it.
set -u
cd "$(dirname "$0")/../.." || exit 1
MSA=${MSA:-build/release/msa}
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

verdict() { # name, status, file with the reason
    if [ "$2" -eq 0 ]; then echo "ok $1"; else echo "not ok $1: $(head -1 "$3" | cut -c1-200)"; fi
}

# The first `msa eval` in a README, on one line.
command_of() {
    awk '
        /^    msa eval / || more { sub(/^ +/, ""); more = sub(/ *\\$/, " "); line = line $0; if (!more) { print line; exit } }' "$1"
}

msa() {
    "$MSA" "$@"
}

# The first indented block in a module's opening comment, with an agreement around it.
used_as_said() {
    printf 'agreement "A" { provider "P" ; customer "C" ; effective 2026-01-01 ; timezone "UTC" }\n'
    awk '/^#     / { if (!/^#     msa /) print substr($0, 7); on = 1; next } on { exit }' "$1"
}
for module in $(find stdlib -name '*.msa' | sort); do
    name=$(printf %s "${module#stdlib/}" | sed 's|/|.|g; s|.msa$||')
    used_as_said "$module" >"$work/module.msa"
    "$MSA" check "$work/module.msa" >"$work/out" 2>&1
    status=$?
    [ $status -eq 0 ] || cat "$work/out" >&2
    verdict "stdlib-$name" $status "$work/out"
done

# What the modules mean, with an agreement's figures.
for agreement in tests/data/stdlib/*.msa; do
    "$MSA" test "$agreement" >"$work/out" 2>&1
    status=$?
    [ $status -eq 0 ] || cat "$work/out" >&2
    grep '^not ok' "$work/out" >"$work/why" || cp "$work/out" "$work/why"
    verdict "stdlib-test-$(basename "$agreement" .msa)" $status "$work/why"
done

# What a reader of the agreement would ask about; not where in the files it stands, which every comment moves.
columns=kind,clause,at,key,clock,cycle,state,due,stopped,elapsed,paused,by,step,recipients,reason,measure,period,part,whole
columns=$columns,value,aspect,recorded,computed,charge,line,invoice,issued,last_day,quantity,price,amount,total,open,note

for folder in examples/*; do
    name=$(basename "$folder")
    [ -f "$folder/agreement.msa" ] || continue

    "$MSA" check "$folder/agreement.msa" >"$work/out" 2>&1
    status=$?
    [ $status -eq 0 ] || cat "$work/out" >&2
    verdict "$name-check" $status "$work/out"
    [ $status -eq 0 ] || continue

    if grep -q '^ *\(example\|test\) "' "$folder/agreement.msa"; then
        "$MSA" test "$folder/agreement.msa" >"$work/out" 2>&1
        status=$?
        [ $status -eq 0 ] || cat "$work/out" >&2
        grep '^not ok' "$work/out" >"$work/why" || cp "$work/out" "$work/why"
        verdict "$name-test" $status "$work/why"
    fi

    command=$(command_of "$folder/README.md")
    if [ -z "$command" ]; then
        echo "not ok $name-results: its README has no command"
        continue
    fi
    eval "$command --format ndjson --columns $columns" >"$work/found" 2>"$work/err"
    status=$?
    if [ $status -ne 0 ]; then
        cat "$work/err" >&2
        echo "not ok $name-results: status $status: $(tail -1 "$work/err" | cut -c1-160)"
        continue
    fi
    expected=$folder/expected.ndjson
    if [ -n "${BLESS:-}" ]; then cp "$work/found" "$expected"; fi
    if [ ! -f "$expected" ]; then
        echo "not ok $name-results: $expected is not there"
        continue
    fi
    diff "$expected" "$work/found" >"$work/diff"
    status=$?
    [ $status -eq 0 ] || head -20 "$work/diff" >&2
    sed -n '2p' "$work/diff" >"$work/why"
    verdict "$name-results" $status "$work/why"
done
