#!/bin/sh
# SPDX-License-Identifier: MIT
# Writes the C file that carries the standard library inside the program. Arguments: folder, then its .msa files.
# The order is that of the names, so that two builds give the same bytes.
set -eu
LC_ALL=C
export LC_ALL
folder=$1
shift
cat <<'HEAD'
/* Made by tools/embed_stdlib.sh. */
#include "base/stdlib_data.h"

HEAD
i=0
names=
for file in $(printf '%s\n' "$@" | sort); do
    name=${file#"$folder"/}
    name=$(printf '%s' "${name%.msa}" | tr / .)
    printf 'static const unsigned char text_%d[] = {\n' "$i"
    od -An -v -tu1 "$file" | awk '{ for (k = 1; k <= NF; k++) printf "%s,", $k; print "" }'
    printf '0 };\n'
    names="$names $name"
    i=$((i + 1))
done
printf '\nconst struct stdlib_module stdlib_modules[] = {\n'
i=0
for name in $names; do
    printf '    { "%s", (const char *)text_%d, sizeof text_%d - 1 },\n' "$name" "$i" "$i"
    i=$((i + 1))
done
printf '    { 0, 0, 0 }\n};\nconst size_t stdlib_module_count = %d;\n' "$i"
