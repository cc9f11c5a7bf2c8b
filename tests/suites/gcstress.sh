#!/bin/sh
# SPDX-License-Identifier: MIT
# The build that collects garbage at nearly every allocation of a run: the engine's unit tests, and every example, whose results must be
# those of the other builds, with and without a collector. The sanitizer build runs the same commands: no error, no leak.
set -u
cd "$(dirname "$0")/../.." || exit 1
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
msa=${MSA:-build/release/msa}
asan=${MSA_ASAN:-build/asan/msa}
stress=build/gcstress/msa
units=$(for f in tests/unit/test_engine*.c tests/unit/test_input*.c; do echo "build/gcstress/unit/$(basename "$f" .c)"; done)
if ! ${MAKE:-make} --no-print-directory -s -j2 MODE=gcstress $stress $units >"$work/make" 2>&1; then
    tail -n 20 "$work/make" >&2
    echo "not ok build: MODE=gcstress does not build"
    exit 1
fi
for unit in $units; do
    if "$unit" >"$work/unit" 2>&1; then
        echo "ok $(basename "$unit")"
    else
        cat "$work/unit" >&2
        echo "not ok $(basename "$unit"): $(grep -m 1 -E 'FAILED|ERROR' "$work/unit")"
    fi
done

# The commands of the READMEs, as in examples.sh, with the first rows of long files.
command_of() {
    awk '/^    msa eval / || more { sub(/^ +/, ""); more = sub(/ *\\$/, " "); line = line $0; if (!more) { print line; exit } }' "$1"
}
for folder in examples/*/; do
    name=$(basename "$folder")
    [ -f "$folder/agreement.msa" ] || continue
    mkdir "$work/$name"
    set --
    for word in $(command_of "$folder/README.md" | sed 's/^msa eval //'); do
        case $word in
        *.csv | *.ndjson)
            head -n 300 "$word" >"$work/$name/$(basename "$word")"
            word=$work/$name/$(basename "$word")
            ;;
        --summary) continue ;;
        esac
        set -- "$@" "$word"
    done
    if [ $# -lt 2 ]; then
        echo "not ok $name: its README has no command"
        continue
    fi
    "$msa" eval "$@" --format ndjson >"$work/released" 2>"$work/err"
    wanted=$?
    for build in stress asan; do
        case $build in stress) program=$stress ;; *) program=$asan ;; esac
        "$program" eval "$@" --format ndjson >"$work/out" 2>"$work/err"
        status=$?
        if [ $status -ne $wanted ]; then
            cat "$work/err" >&2
            echo "not ok $name-$build: exit status $status, the release build's is $wanted"
        elif ! [ -s "$work/out" ]; then
            echo "not ok $name-$build: no results"
        elif cmp -s "$work/released" "$work/out"; then
            echo "ok $name-$build"
        else
            diff "$work/released" "$work/out" | head -5 >&2
            echo "not ok $name-$build: other results than the release build"
        fi
    done
    # Every kind of output and the other commands, for the sanitizer's sake.
    key=$(sed -n 's/.*"key":"\([^"\\]*\)".*/\1/p; s/.*"ticket":"\([^"\\]*\)".*/\1/p' "$work/released" | head -1)
    bad=
    for command in "check" "test" "disasm" "calendar"; do
        "$asan" $command "$folder/agreement.msa" >"$work/out" 2>"$work/err"
        status=$?
        [ $status -le 1 ] || bad="$bad $command ($status)"
    done
    for format in table csv none; do
        "$asan" eval "$@" --format $format --summary >"$work/out" 2>"$work/err"
        status=$?
        [ $status -eq $wanted ] || bad="$bad $format ($status)"
    done
    if [ -n "$key" ]; then
        "$asan" explain "$@" --key "$key" >"$work/out" 2>"$work/err"
        status=$?
        [ $status -le 1 ] || [ $status -eq 65 ] || bad="$bad explain ($status)"
    fi
    if [ -z "$bad" ]; then
        echo "ok $name-clean"
    else
        cat "$work/err" >&2
        echo "not ok $name-clean:$bad"
    fi
done
