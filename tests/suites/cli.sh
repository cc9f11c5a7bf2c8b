#!/bin/sh
# SPDX-License-Identifier: MIT
# Transcripts of the command line: tests/cli/*.t. Lines that begin with two spaces and a dollar sign are commands, `  > ` goes on
# with one, other lines with two spaces are what it prints (both outputs) and, in brackets, its status when that is not 0.
# All commands of a transcript run in one folder with the files of tests/cli/files. BLESS=1 writes the transcripts anew.
set -u
cd "$(dirname "$0")/../.." || exit 1
root=$PWD
msa=${MSA:-build/release/msa}
case $msa in /*) ;; *) msa=$root/$msa ;; esac
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
unset NO_COLOR COLUMNS TZ 2>/dev/null
mkdir "$work/bin"
cp "$msa" "$work/bin/msa"
PATH=$work/bin:$PATH
export PATH

run_command() {
    [ -n "$command" ] || return 0
    (cd "$work/here" && sh -c "$command") >"$work/out" 2>&1 </dev/null
    status=$?
    [ -s "$work/out" ] && sed 's/^/  /' "$work/out"
    # A last line without its end would swallow what follows.
    [ -s "$work/out" ] && [ -n "$(tail -c 1 "$work/out")" ] && echo
    [ $status -ne 0 ] && echo "  [$status]"
    command=
}

replay() {
    command=
    while IFS= read -r line; do
        case $line in
        '  $ '*) run_command; command=${line#'  $ '}; printf '%s\n' "$line" ;;
        '  > '*) command="$command
${line#'  > '}"; printf '%s\n' "$line" ;;
        '  '*) ;;
        *) run_command; printf '%s\n' "$line" ;;
        esac
    done <"$1"
    run_command
}

for transcript in tests/cli/*.t; do
    name=$(basename "$transcript" .t)
    rm -rf "$work/here"
    cp -R tests/cli/files "$work/here"
    replay "$transcript" >"$work/found"
    if [ -n "${BLESS:-}" ]; then cp "$work/found" "$transcript"; fi
    if diff -u "$transcript" "$work/found" >"$work/diff"; then
        echo "ok $name"
    else
        cat "$work/diff" >&2
        echo "not ok $name: $(sed -n '4,$p' "$work/diff" | grep -m 1 '^[-+]' | cut -c1-160)"
    fi
done

# The manual page names every command, option and field.
missing=$(sed -n -e 's/^COMMAND([A-Z_]*, "\([a-z-]*\)".*/msa \1/p' -e 's/^OPTION([A-Z_]*, [^"]*, "\([a-z-]*\)".*/--\1/p' cli/options.def
          sed -n 's/^FIELD([A-Z_]*, *"\([a-z_]*\)".*/.B \1/p' cli/fields.def)
missing=$(printf '%s\n' "$missing" | while IFS= read -r word; do
    sed 's/\\-/-/g' docs/man/msa.1 | grep -qF -e "$word" || printf '%s, ' "$word"
done)
if [ -z "$missing" ]; then echo "ok manual-is-complete"; else echo "not ok manual-is-complete: it lacks $missing"; fi
