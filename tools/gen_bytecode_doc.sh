#!/bin/sh
# SPDX-License-Identifier: MIT
# Prints docs/bytecode.md with the tables between its marks made anew from bytecode/*.def.
#   sh tools/gen_bytecode_doc.sh > new && mv new docs/bytecode.md
set -eu
cd "$(dirname "$0")/.."

sections() {
    # Continued lines are joined; FIELDS_X come first, then SECTION(X, …) in the order of the file.
    awk '
        { while (sub(/\\$/, "")) { if ((getline more) <= 0) break; $0 = $0 more } }
        /^#define FIELDS_/ {
            name = $2; sub(/^FIELDS_/, "", name); sub(/\(F\)$/, "", name)
            rest = $0; sub(/^#define +[^ ]+ +/, "", rest); list = ""
            while (match(rest, /F\([^()]*\)/)) {
                f = substr(rest, RSTART + 2, RLENGTH - 3); rest = substr(rest, RSTART + RLENGTH)
                split(f, p, / *, */)
                if (p[1] == "IDX") t = " → " p[3]
                else if (p[1] == "REF") t = " → " p[3] "?"
                else if (p[1] == "ARR") t = " → " p[3] "\\*"
                else t = " " tolower(p[1])
                list = list (list == "" ? "" : ", ") "`" p[2] "`" t
            }
            fields[name] = list
        }
        /^SECTION\(/ {
            line = $0; sub(/^SECTION\(/, "", line)
            name = line; sub(/,.*/, "", name)
            tag = line; sub(/^[^"]*"/, "", tag); doc = tag; sub(/".*/, "", tag)
            sub(/^[^"]*", *"/, "", doc); sub(/"\) *$/, "", doc)
            print "| `" tag "` | " name " | " doc " | " fields[name] " |"
        }' bytecode/sections.def
}

opcodes() {
    awk '
        /^OP\(/ {
            line = $0; sub(/^OP\(/, "", line)
            name = line; sub(/,.*/, "", name)
            sub(/^[^"]*"/, "", line); mnemonic = line; sub(/".*/, "", mnemonic); sub(/^[^"]*", *"/, "", line)
            shape = line; sub(/".*/, "", shape); sub(/^[^"]*", */, "", line)
            flag = line; sub(/,.*/, "", flag)
            sub(/^[^"]*"/, "", line); sub(/"\) *$/, "", line)
            print "| " n++ " | " name " | `" mnemonic "` | " (shape == "" ? "" : "`" shape "`") " | " flag " | " line " |"
        }' bytecode/opcodes.def
}

while IFS= read -r line; do
    case $line in
    '<!-- sections -->')
        printf '%s\n' "$line" '| tag | section | what it is | fields |' '|---|---|---|---|'
        sections
        skip=1
        ;;
    '<!-- opcodes -->')
        printf '%s\n' "$line" '| no. | name | mnemonic | shape | | what it does |' '|---|---|---|---|---|---|'
        opcodes
        skip=1
        ;;
    '<!-- end -->')
        skip=
        printf '%s\n' "$line"
        ;;
    *) [ -n "${skip:-}" ] || printf '%s\n' "$line" ;;
    esac
done < docs/bytecode.md
