#!/bin/sh
# SPDX-License-Identifier: MIT
# Every message of base/diag.def: is made somewhere; has a page in docs/errors with the same title; the page's bad example
# (```msa wrong CODE) gives this message and no other; its good example (```msa) gives none; some program in tests/wrong,
# tests/typos or below gives it.
set -u
cd "$(dirname "$0")/../.." || exit 1
MSA=${MSA:-build/release/msa}
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT

# Codes that nothing gives, or that no agreement can give.
exception() {
    case $1 in
    E0005) echo "would need files of gigabytes" ;;
    E0007) echo "an agreement that gives it would be a mistake of the program" ;;
    *) return 1 ;;
    esac
}

# Programs that are too long, or not fit, to lie in tests/wrong. Each gives its code and nothing else.
large_program() {
    case $1 in
    E0001) ;; # a file that is not there
    E0002) printf 'text "caf\351"\n' ;;
    E0003) printf 'text "a\342\200\256b"\n' ;;
    E0004) printf 'text "a\001b"\n' ;;
    E0119) awk 'BEGIN { s = "vip"; for (i = 0; i < 400; i++) s = "(" s ")"; print "use itil\nvalue v of ticket = " s }' ;;
    E0213) awk 'BEGIN { for (i = 0; i < 600; i++) print "value v" i " = v" i + 1 " + 1"; print "value v600 = 1" }' ;;
    E0407) awk 'BEGIN {
        print "entity e { key e ; a : count ; b : count ; c : count }\nevent x of e { creates ; sets a, b, c }\ntable t by a, b, c {\na | b | c | t"
        for (i = 1; i < 120; i++) print i " | " i " | " i " | 1"
        print "otherwise | | | 2\n}" }' ;;
    E0623) awk 'BEGIN {
        print "use itil"
        for (i = 0; i < 256; i++) print "clock c" i " of ticket { starts on opened ; stops on resolved ; on closed stop ; target 4 h in 24x7 }" }' ;;
    E0626) awk 'BEGIN {
        print "use itil\nclock c of ticket {\nstarts on opened ; stops on resolved ; on closed stop ; target 400 h in 24x7"
        for (i = 1; i <= 65; i++) print i " h before due notify \"Lead\""
        print "}" }' ;;
    E0630) awk 'BEGIN {
        print "use itil"
        for (i = 0; i < 256; i++) print "spans s" i " of ticket { from opened; to closed }" }' ;; # itil has one of its own
    E0701) awk 'BEGIN { # each value is wanted again when the next one is made: 300 registers
        print "use itil\nvalue v0 of ticket = length(category)"
        for (i = 1; i <= 300; i++) print "value v" i " of ticket = v" i - 1 " + v" i - 1
        print "rule \"R\" { on opened when v300 is 7 ; notify \"Lead\" }" }' ;;
    *) return 1 ;;
    esac
}

# The codes of the messages about a file, in one line; everything else that was said to out.
codes_of() {
    "$MSA" check --color=never "$1" >"$work/out" 2>&1
    sed -n 's/^[a-z]*\[\([EW][0-9]*\)\].*/\1/p' "$work/out" | sort | uniq -c | awk '{ printf "%s%s%s", sep, $2, ($1 > 1 ? " (" $1 " times)" : ""); sep = " " }'
}
say() { # name, why not
    if [ -z "$2" ]; then echo "ok $1"; else echo "not ok $1: $2"; fi
}

sed -n 's/^DIAG( *\([EW]\), *\([0-9]*\), *\([A-Z0-9_]*\), *"[^"]*", *"\(.*\)" )$/\1\2 \1\2_\3 \4/p' base/diag.def >"$work/codes"
[ "$(grep -c '^DIAG(' base/diag.def)" -eq "$(wc -l <"$work/codes")" ]
say all-lines-read "$([ $? -eq 0 ] || echo 'a line of base/diag.def is written in another way')"

cat base/*.c grammar/*.c grammar/*.l grammar/*.y compiler/*.[ch] runtime/*.c cli/*.c 2>/dev/null | grep -o '[EW][0-9][0-9][0-9][0-9]_[A-Z0-9_]*' | sort -u >"$work/made"
sed -n 's/^[a-z]*\[\([EW][0-9]*\)\].*/\1/p' tests/wrong/*.expect tests/typos/*.expect | sort -u >"$work/tested"

while read -r code constant title; do
    grep -qx "$constant" "$work/made" || exception "$code" >"$work/reason"
    say "made-$code" "$([ $? -eq 0 ] || echo "nothing makes $constant")"

    why=
    if grep -qx "$code" "$work/tested"; then :
    elif large_program "$code" >"$work/large.msa"; then
        [ -s "$work/large.msa" ] || rm "$work/large.msa"
        got=$(codes_of "$work/large.msa")
        # What cannot be opened at all is told by the command itself.
        [ "$code" = E0001 ] && [ -z "$got" ] && grep -qi 'no such file' "$work/out" && got=$code
        [ "$got" = "$code" ] || why="its program gives ${got:-nothing}"
    elif ! exception "$code" >"$work/reason"; then why="no program in tests/wrong or tests/typos gives it"
    fi
    say "tested-$code" "$why"

    page=docs/errors/$code.md
    if [ ! -f "$page" ]; then
        say "page-$code" "there is no $page"
        continue
    fi
    why=
    [ "$(head -n 1 "$page")" = "# $code: $title" ] || why="its first line is not \`# $code: $title\`"
    rm -f "$work"/*.msa
    awk -v bad="$work/bad.msa" -v good="$work/good.msa" -v fence='```msa wrong '"$code" '
        $0 == fence { to = bad; printf "" > to; next }
        $0 == "```msa" { to = good; printf "" > to; next }
        /^```/ { to = ""; next }
        to != "" { print > to }' "$page"
    if grep -q '^no example: .' "$page"; then
        [ ! -f "$work/bad.msa" ] || why="it says that there is no example, and has one"
        say "page-$code" "$why"
        continue
    fi
    if [ ! -f "$work/bad.msa" ] || [ ! -f "$work/good.msa" ]; then
        why="it lacks a bad or a good example, or a line \`no example: why\`"
    fi
    say "page-$code" "$why"
    [ -z "$why" ] || continue
    got=$(codes_of "$work/bad.msa")
    say "bad-$code" "$([ "$got" = "$code" ] || echo "the bad example of $page gives ${got:-nothing}")"
    got=$(codes_of "$work/good.msa")
    say "good-$code" "$([ -z "$got" ] && grep -q 'no mistakes$' "$work/out" || echo "the good example of $page gives ${got:-$(head -n 1 "$work/out")}")"
done <"$work/codes"

for page in docs/errors/*.md; do
    code=$(basename "$page" .md)
    grep -q "^$code " "$work/codes" || say "page-$code" "$page is about no message of base/diag.def"
done
