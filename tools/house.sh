#!/bin/sh
# SPDX-License-Identifier: MIT
# The rules of the house that a program can check: who may include whom, headers that compile alone, nothing generated
# in the repository, a licence line in each file. One line each: `ok NAME` or `not ok NAME: why`; status 1 on any failure.
set -u
cd "$(dirname "$0")/.." || exit 1
out=$(mktemp -d) || exit 1
trap 'rm -rf "$out"' EXIT
failed=0

# report NAME FILE: fine when the file is empty; else its lines are the reasons.
report() {
    if [ -s "$2" ]; then
        sed 's/^/    /' "$2"
        echo "not ok $1: $(wc -l <"$2" | tr -d ' ') found"
        failed=1
    else
        echo "ok $1"
    fi
}

sources() { find "$@" \( -name '*.[chly]' -o -name '*.cc' -o -name '*.def' \) 2>/dev/null | LC_ALL=C sort; }

# --- layers: folder, what it may include besides itself and the system ---
layer() {
    folder=$1
    allowed=$2
    for file in $(sources "$folder"); do
        sed -n 's/^ *# *include *"\([^"]*\)".*/\1/p' "$file" | while read -r header; do
            case $header in
            */*) echo "$header" | grep -Eq "^($allowed)" || echo "$file includes $header" ;;
            msa.tab.h | msa.lex.h)
                case $file in
                grammar/*) ;;
                *) echo "$file includes $header, which is grammar/'s own" ;;
                esac ;;
            *) echo "$file includes $header without its folder" ;;
            esac
        done
    done >"$out/layer"
    report "layer-$folder" "$out/layer"
}
layer base 'base/'
layer grammar 'base/|grammar/'
layer bytecode 'base/|bytecode/'
layer compiler 'base/|grammar/|bytecode/|compiler/|msa/(compile|diag)\.h$'
layer runtime 'base/|bytecode/|runtime/|msa/(run|diag)\.h$'
layer cli 'cli/|base/|msa/'

grep -nE '^ *# *include *<(gc|gc/.*)\.h>' $(sources base grammar bytecode compiler runtime cli) /dev/null |
    grep -v '^runtime/heap_gc\.c:' >"$out/gc"
report only-heap-gc-includes-gc "$out/gc"

# --- a .c file includes its own header first, so that a header which needs another is found out ---
for file in $(sources base grammar bytecode compiler runtime cli | grep '\.cc*$'); do
    own=${file%.*}.h
    [ -f "$own" ] || continue
    first=$(sed -n 's/^ *# *include *["<]\([^">]*\)[">].*/\1/p' "$file" | head -n 1)
    [ "$first" = "$own" ] || echo "$file includes $first before $own"
done >"$out/own"
report own-header-first "$out/own"

# --- each header compiles alone ---
packages=$(pkg-config --cflags simdjson libxxhash libmd zlib gmp bdw-gc 2>/dev/null)
for header in $(sources base grammar bytecode compiler runtime cli include | grep '\.h$'); do
    # shellcheck disable=SC2086 # words are meant
    printf '#include "%s"\n' "${header#include/}" |
        ${CC:-gcc} -std=c17 -D_POSIX_C_SOURCE=200809L -Wall -Wextra -Werror -iquote . -Iinclude $packages -fsyntax-only \
            -x c - >"$out/one" 2>&1 || { echo "$header"; grep -m 2 error "$out/one"; }
done >"$out/alone"
report headers-compile-alone "$out/alone"

# What is installed must also serve C++.
for header in $(sources include | grep '\.h$'); do
    printf '#include "%s"\n' "${header#include/}" |
        ${CXX:-g++} -std=c++17 -Wall -Wextra -Werror -Iinclude -fsyntax-only -x c++ - >"$out/one" 2>&1 ||
        { echo "$header"; grep -m 2 error "$out/one"; }
done >"$out/cxx"
report installed-headers-serve-cxx "$out/cxx"

# --- the repository ---
if git rev-parse --is-inside-work-tree >/dev/null 2>&1; then
    git ls-files | grep -E '(^|/)(msa\.tab\.[ch]|msa\.lex\.c|stdlib_data\.c)$|\.(o|a|so|d|output)$|^build/' >"$out/generated"
    report nothing-generated-is-committed "$out/generated"
    # Texts that stand for what people write (typos, trees, the README's twelve lines, what fuzzing found) are as they would be.
    for file in $(git ls-files | grep -vE '^(tests/(parse|typos|fuzz/found)|examples/hello)/' | grep -E '\.(c|h|cc|def|l|y|msa|sh)$|^Makefile$'); do
        [ -f "$file" ] || continue
        head -n 3 "$file" | grep -q 'SPDX-License-Identifier: MIT' || echo "$file"
    done >"$out/spdx"
    report licence-line "$out/spdx"
fi

exit $failed
