#!/bin/sh
# SPDX-License-Identifier: MIT
# The tables of docs/bytecode.md are those of bytecode/*.def, and no row was lost on the way.
set -u
cd "$(dirname "$0")/../.." || exit 1
new=$(mktemp) || exit 1
trap 'rm -f "$new"' EXIT
if sh tools/gen_bytecode_doc.sh >"$new" && cmp -s "$new" docs/bytecode.md; then
    echo "ok bytecode-doc-is-current"
else
    echo "not ok bytecode-doc-is-current: sh tools/gen_bytecode_doc.sh > new && mv new docs/bytecode.md"
fi
rows=$(sed -n '/^<!-- sections/,/^<!-- end/p' "$new" | grep -c '^| `')
wanted=$(grep -c '^SECTION(' bytecode/sections.def)
ops=$(sed -n '/^<!-- opcodes/,/^<!-- end/p' "$new" | grep -c '^| [0-9]')
wanted_ops=$(grep -c '^OP(' bytecode/opcodes.def)
if [ "$rows $ops" = "$wanted $wanted_ops" ]; then
    echo "ok bytecode-doc-is-complete"
else
    echo "not ok bytecode-doc-is-complete: $rows of $wanted sections, $ops of $wanted_ops instructions"
fi
