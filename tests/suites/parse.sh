#!/bin/sh
# SPDX-License-Identifier: MIT
# Trees (tests/parse), messages (tests/typos: exactly one each) and prefixes of all examples: PREFIXES of each at the most,
# 4000 in the gate. BLESS=1 rewrites expectations.
set -u
cd "$(dirname "$0")/../.." || exit 1
build=build/${MODE:-asan}
tool=$(mktemp -d) || exit 1
trap 'rm -rf "$tool"' EXIT
case $build in */asan) sanitize=-fsanitize=address,undefined ;; *) sanitize= ;; esac
if ! ${CC:-gcc} -std=c17 -g -D_POSIX_C_SOURCE=200809L -iquote . $sanitize -o "$tool/grammar" tests/tools/grammar.c \
    $build/libmsa-compile.a $(pkg-config --libs libxxhash libmd zlib) -lcctz -lstdc++ -lm >"$tool/cc" 2>&1; then
    cat "$tool/cc" >&2
    echo "not ok tool: tests/tools/grammar.c does not build"
    exit 1
fi

most=${PREFIXES:-$(if [ "${CI:-}" ]; then echo 4000; else echo 500; fi)}

compare() { # name, expectation
    if [ "${BLESS:-}" ]; then cp "$tool/out" "$2"; fi
    if [ ! -f "$2" ]; then
        echo "not ok $1: there is no $2"
    elif diff -u "$2" "$tool/out" >&2; then
        echo "ok $1"
    else
        echo "not ok $1: differs from $2"
    fi
}

for file in tests/parse/*.msa; do
    "$tool/grammar" tree "$file" >"$tool/out" 2>&1
    compare "tree-$(basename "$file" .msa)" "${file%.msa}.ast"
done
for file in tests/typos/*.msa; do
    name=typo-$(basename "$file" .msa)
    "$tool/grammar" messages "$file" >"$tool/out" 2>&1
    if [ "$(tail -n 1 "$tool/out")" = "1 error" ]; then
        compare "$name" "${file%.msa}.expect"
    else
        cat "$tool/out" >&2
        echo "not ok $name: not exactly one message"
    fi
done
find tests/parse tests/typos stdlib examples -name '*.msa' 2>/dev/null | sort | while read -r file; do
    if "$tool/grammar" prefixes "$most" "$file" >"$tool/out" 2>&1; then
        echo "ok prefixes-$(echo "${file%.msa}" | tr / -)"
    else
        head -n 40 "$tool/out" >&2
        echo "not ok prefixes-$(echo "${file%.msa}" | tr / -): see above"
    fi
done
