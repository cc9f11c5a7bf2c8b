#!/bin/sh
# SPDX-License-Identifier: MIT
# Writes the C file that carries the pages about messages inside the program. Arguments: the pages, named by their code.
set -eu
LC_ALL=C
export LC_ALL
cat <<'HEAD'
/* Made by tools/embed_errors.sh. */
#include "cli/error_pages.h"

HEAD
codes=
for file in $(printf '%s\n' "$@" | sort); do
    code=$(basename "$file" .md)
    printf 'static const unsigned char page_%s[] = {\n' "$code"
    od -An -v -tu1 "$file" | awk '{ for (k = 1; k <= NF; k++) printf "%s,", $k; print "" }'
    printf '0 };\n'
    codes="$codes $code"
done
count=0
printf 'const struct error_page error_pages[] = {\n'
for code in $codes; do
    printf '    { "%s", (const char *)page_%s, sizeof page_%s - 1 },\n' "$code" "$code" "$code"
    count=$((count + 1))
done
printf '    { 0, 0, 0 }\n};\nconst size_t error_page_count = %d;\n' "$count"
