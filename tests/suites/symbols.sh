#!/bin/sh
# SPDX-License-Identifier: MIT
# The installed libraries: each exports what its header declares and nothing else, and a program that links both may have
# functions of the names that we use inside.
set -u
cd "$(dirname "$0")/../.." || exit 1
CC=${CC:-gcc}
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
if ! ${MAKE:-make} --no-print-directory -s install MODE=release DESTDIR="$work" PREFIX=/usr libdir=/usr/lib >"$work/log" 2>&1; then
    cat "$work/log"
    echo 'not ok symbols: it could not be installed'
    exit 1
fi

exported() { nm -g --defined-only "$work/usr/lib/libmsa-$1.a" | awk 'NF == 3 { print $3 }' | sort -u; }
# Functions and tables that a header declares.
declared() { grep -o '\<msa_[a-z0-9_]* *[([]' "include/msa/$1.h" | tr -d ' ([' | sort -u; }

for library in compile run; do
    exported $library >"$work/exported"
    declared $library >"$work/declared"
    more=$(comm -23 "$work/exported" "$work/declared" | tr '\n' ' ')
    if [ ! -s "$work/exported" ]; then
        echo "not ok symbols-$library: it exports nothing"
    elif [ -n "$more" ]; then
        echo "not ok symbols-$library: the header does not declare $more"
    else
        echo "ok symbols-$library"
    fi
done

cat >"$work/program.c" <<'TEXT'
#include <msa/compile.h>
#include <msa/run.h>
#include <stdio.h>
/* Ours have these names, too. */
int sb_put(int a);
int sb_put(int a) { return a + 1; }
int arena_alloc(int a);
int arena_alloc(int a) { return sb_put(a) + 1; }
int main(void)
{
    static const char text[] = "agreement \"A\" { timezone \"UTC\" }\n";
    struct msa_compilation *c = msa_compile_text("a.msa", text, sizeof text - 1, &(struct msa_compile_options){0});
    size_t n = 0;
    const void *bytes = msa_compilation_module(c, &n);
    printf("%d %d %s\n", arena_alloc(0), bytes != NULL && n > 0, msa_module_format());
    msa_compilation_free(c);
    return 0;
}
TEXT
export PKG_CONFIG_PATH="$work/usr/lib/pkgconfig" PKG_CONFIG_SYSROOT_DIR=
libs=$(sed -n 's/^Libs.*: *//p' "$work/usr/lib/pkgconfig/msa.pc" | tr '\n' ' ' | sed 's/-L[^ ]* *//g')
requires=$(sed -n 's/^Requires.*: *//p' "$work/usr/lib/pkgconfig/msa.pc" | tr ',\n' '  ')
# shellcheck disable=SC2086
if "$CC" -std=c17 -I"$work/usr/include" -o "$work/program" "$work/program.c" -L"$work/usr/lib" $libs $(pkg-config --libs $requires) >"$work/log" 2>&1 &&
    "$work/program" >"$work/out" && grep -q '^2 1 ' "$work/out"; then
    echo 'ok symbols-program'
else
    cat "$work/log"
    echo 'not ok symbols-program: a program with functions of our names does not link or run'
fi
