#!/bin/sh
# SPDX-License-Identifier: MIT
# What the documentation shows is true: agreements in it compile and their examples hold, commands print what stands behind
# them, wrong examples are refused with the code that is named, links lead somewhere, no word of the language is left out.
#
#     ```msa                an agreement: must compile, its examples must hold       ```msa NAME.msa   … and is kept under NAME
#     ```msa fragment       declarations; a header, `use itil` and hours are put around them
#     ```msa clock          lines of a clock; likewise `calendar`, `measure`, `adapter`, `example`, `condition` (one a line)
#     ```msa wrong E0404    must be refused with this code (`wrong clock E0606`: lines of a clock; `wrong E0404 NAME.msa`: kept)
#     ```msa failing NAME.msa   kept, not checked: its examples fail on purpose
#     ```console            `$ command` and what it prints, in the folder of the page's files; a line `…` stands for any lines
#                           (`examples` and `stdlib` are there, too)
#     ```csv NAME.csv       a file that commands of the page use; any language, when the second word has a point in it
#
# BLESS=1 writes what commands print into the pages; read the difference. Arguments: pages instead of all.
set -u
cd "$(dirname "$0")/../.." || exit 1
root=$PWD
MSA=${MSA:-build/release/msa}
case $MSA in /*) ;; *) MSA=$root/$MSA ;; esac
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
mkdir "$work/bin"
ln -s "$MSA" "$work/bin/msa"
PATH=$work/bin:$PATH
NO_COLOR=1
COLUMNS=
export PATH NO_COLOR

pages=${*:-$(find README.md CHANGELOG.md CONTRIBUTING.md docs examples stdlib tests -name '*.md' | sort)}

# Block number n of a page goes to n.text, what its first line says to n.info: line, indent, words.
split_page() {
    awk -v to="$2" '
        !inside && /^ *```[a-z]/ { inside = 1; n++; info = $0; sub(/^ *```/, "", info); print NR, info > (to "/" n ".info"); close(to "/" n ".info")
            out = to "/" n ".text"; printf "" > out; next }
        inside && /^ *```$/ { inside = 0; close(out); next }
        inside { print > out }
        END { print n + 0 > (to "/count") }' "$1"
}

header() {
    printf 'agreement "Docs" { provider "P" ; customer "C" ; effective 2026-01-01 ; term 36 months ; timezone "America/New_York" }\n'
}
# $1 a word that must not be declared yet in $2: what to write then.
unless_there() {
    grep -Eq "$1" "$2" || printf '%s\n' "$3"
}
wrap() { # kind, text, result
    {
        header
        unless_there '^ *use itil' "$2" 'use itil'
        case $1 in
        calendar)
            unless_there '^ *use holidays.us' "$2" 'use holidays.us'
            printf 'calendar docs_calendar {\n' && cat "$2" && printf '}\n' ;;
        condition)
            printf 'calendar support { mon to fri 08:00 to 18:00 }\n'
            awk 'NF && !/^ *#/ { printf "value v%d of ticket = %s\n", ++n, $0 }' "$2" ;;
        clock)
            printf 'calendar support { mon to fri 08:00 to 18:00 ; a service day is 10 h }\nclock docs_clock of ticket {\n'
            unless_there '^ *starts ' "$2" 'starts on opened'
            unless_there '^ *(stops|measured) ' "$2" 'stops on resolved'
            unless_there '^ *on closed' "$2" 'on closed stop'
            unless_there '^ *(target|measured)' "$2" 'target 4 h in support'
            cat "$2" && printf '}\n' ;;
        measure)
            printf 'calendar support { mon to fri 08:00 to 18:00 }\n'
            printf 'clock response of ticket { starts on opened ; stops on responded ; on closed stop ; target 4 h in support }\n'
            grep -Eq 'share of time' "$2" && of='of service' || of=
            printf 'measure docs_measure %s {\n' "$of" && cat "$2"
            unless_there '^ *(each|over)|; *(each|over)' "$2" 'each month'
            printf '}\n' ;;
        adapter)
            printf 'adapter docs_adapter {\n'
            unless_there '^ *reads' "$2" 'reads csv'
            unless_there '^ *entity' "$2" 'entity ticket from number'
            unless_there '^ *time ' "$2" 'time stored = "yyyy-MM-dd HH:mm" in "UTC"'
            cat "$2" && printf '}\n' ;;
        example)
            printf 'calendar support { mon to fri 08:00 to 18:00 }\n'
            printf 'clock response of ticket { starts on opened ; stops on responded ; on closed stop ; target 4 h in support }\n'
            printf 'example "docs" {\n' && cat "$2" && printf '}\n' ;;
        fragment)
            unless_there 'calendar support' "$2" 'calendar support { mon to fri 08:00 to 18:00 ; a service day is 10 h }'
            cat "$2" ;;
        *) printf 'this kind of block is not known to tests/suites/docs.sh: %s\n' "$1" ;;
        esac
    } >"$3"
}

say() { # name, page:line, status, file with the reason
    if [ "$3" -eq 0 ]; then echo "ok $1"; else echo "not ok $1: $2: $(grep -m 1 . "$4" | cut -c1-160)"; cat "$4" >&2; fi
}

# Runs the commands of a block; writes the block anew as it came out.
run_console() { # block, new block
    : >"$2"
    grep '^ *\$ ' "$1" | sed 's/^ *\$ //' | while IFS= read -r command; do
        printf '$ %s\n' "$command" >>"$2"
        (cd "$place" && timeout 60 sh -c "$command") >"$work/out" 2>&1 </dev/null
        tr -d '\r' <"$work/out" >>"$2" # CSV ends its lines with CR LF
        [ -s "$work/out" ] && [ "$(tail -c 1 "$work/out" | wc -l)" -eq 0 ] && echo >>"$2"
    done
    return 0
}
# Equal but for lines `…` in the first.
same() {
    awk 'NR == FNR { want[++n] = $0; next } { got[++m] = $0 }
        function match_from(i, j,  k) {
            for (; i <= n; i++) {
                if (want[i] == "…") { for (k = j; k <= m + 1; k++) if (match_from(i + 1, k)) return 1; return 0 }
                if (j > m || want[i] != got[j]) { where = i; return 0 }
                j++
            }
            return j > m
        }
        END { if (match_from(1, 1)) exit 0; print "expected: " want[where ? where : n]; exit 1 }' "$1" "$2"
}

# C programs in pages are built against an installed copy.
if grep -q '^```c ' $pages; then
    make -s install MODE=release PREFIX="$work/root" >"$work/out" 2>&1 || cat "$work/out" >&2
    PKG_CONFIG_PATH=$work/root/lib/pkgconfig
    export PKG_CONFIG_PATH
fi

for page in $pages; do
    name=$(printf %s "${page%.md}" | sed 's|^docs/||; s|/|-|g')
    blocks=$work/blocks.$name
    place=$work/files.$name
    mkdir "$blocks" "$place"
    ln -s "$root/examples" "$place/examples"
    ln -s "$root/stdlib" "$place/stdlib"
    split_page "$page" "$blocks"
    i=0
    while [ $((i += 1)) -le "$(cat "$blocks/count")" ]; do
        read -r line language second third fourth <<END
$(cat "$blocks/$i.info")
END
        text=$blocks/$i.text
        check=$name-$line
        case $language:$second in
        msa:wrong)
            kind=whole code=$third
            case $third in E* | W*) ;; *) kind=$third code=$fourth ;; esac
            case $fourth in *.*) cp "$text" "$place/$fourth" ;; esac
            if [ "$kind" = whole ]; then cp "$text" "$work/a.msa"; else wrap "$kind" "$text" "$work/a.msa"; fi
            msa check "$work/a.msa" >"$work/out" 2>&1
            grep -Eq "^(error|warning)\[$code\]" "$work/out"
            status=$?
            { echo "not refused with $code"; cat "$work/out"; } >"$work/why"
            say "$check" "$page:$line" $status "$work/why" ;;
        msa:failing) cp "$text" "$place/$third" ;;
        msa:* | msa:)
            case $second in
            '' | *.*)
                file=${second:-a.msa}
                mkdir -p "$place/$(dirname "$file")"
                cp "$text" "$place/$file" && file=$place/$file
                if ! grep -q '^agreement' "$file" && [ -n "$second" ]; then continue; fi ;; # a module beside an agreement
            *) file=$work/a.msa && wrap "$second" "$text" "$file" ;;
            esac
            msa check "$file" >"$work/out" 2>&1
            status=$?
            if [ $status -eq 0 ] && grep -Eq '^ *([0-9.]+ )?(example|test) *(".*")? *\{' "$file"; then
                msa test "$file" >"$work/out" 2>&1
                status=$?
            fi
            say "$check" "$page:$line" $status "$work/out" ;;
        console:)
            run_console "$text" "$work/new"
            if [ -n "${BLESS:-}" ] && ! grep -q '^…$' "$text"; then cp "$work/new" "$text"; touch "$blocks/blessed"; fi
            same "$text" "$work/new" >"$work/why"
            status=$?
            [ $status -eq 0 ] || diff "$text" "$work/new" >>"$work/why"
            say "$check" "$page:$line" $status "$work/why" ;;
        *:*.*)
            mkdir -p "$place/$(dirname "$second")"
            cp "$text" "$place/$second" ;;
        esac
    done
    if [ -f "$blocks/blessed" ]; then
        awk -v from="$blocks" '
            !inside && /^ *```[a-z]/ { inside = 1; n++; print; while ((getline line < (from "/" n ".text")) > 0) print line; close(from "/" n ".text"); next }
            inside && /^ *```$/ { inside = 0 }
            !inside' "$page" >"$work/page" && cat "$work/page" >"$page"
    fi

    # Links: [text](path#heading), outside code.
    awk '/^ *```/ { inside = !inside; next } !inside' "$page" | sed 's/`[^`]*`//g' | grep -o '](\([^)]*\))' | sed 's/^](//; s/)$//' |
        grep -v '^[a-z]*:' >"$work/links"
    : >"$work/why"
    while IFS= read -r link; do
        file=${link%%#*}
        if [ -z "$file" ]; then target=$page; else target=$(dirname "$page")/$file; fi
        if [ ! -e "$target" ]; then echo "$link leads nowhere" >>"$work/why"; continue; fi
        case $link in
        *#*)
            awk '/^ *```/ { inside = !inside; next } !inside && /^#+ / { sub(/^#+ /, ""); print tolower($0) }' "$target" |
                sed 's/[^a-z0-9 _-]//g; s/ /-/g' | grep -Fqx "${link#*#}" || echo "$link: no such heading" >>"$work/why" ;;
        esac
    done <"$work/links"
    [ ! -s "$work/why" ]
    say "$name-links" "$page" $? "$work/why"
done

# The rest looks at all pages together.
[ $# -eq 0 ] || exit 0

# Every word of the grammar stands in the index of words, and no other.
awk '/^%token WORDS_OF_DECLARATIONS/ { on = 1; next } /^%token WORDS_END/ { on = 0 } /^%token WORDS_/ { next }
    on { while (match($0, /"[^"]*"/)) { print substr($0, RSTART + 1, RLENGTH - 2); $0 = substr($0, RSTART + RLENGTH) } }' grammar/msa.y | sort -u >"$work/words"
echo 24x7 >>"$work/words"
sort -u -o "$work/words" "$work/words"
sed -n 's/^| `\([^`]*\)` |.*/\1/p' docs/language/words.md | sort -u >"$work/listed"
diff "$work/words" "$work/listed" >"$work/why"
say words-of-the-language docs/language/words.md $? "$work/why"

# A page for every command, and every option in one of them.
: >"$work/why"
for command in $(sed -n 's/^COMMAND([A-Z_]*, "\([a-z-]*\)".*/\1/p' cli/options.def); do
    [ "$command" = help ] || [ -f "docs/commands/$command.md" ] || echo "no page for msa $command" >>"$work/why"
done
for option in $(sed -n 's/^OPTION([A-Z_]*, [^"]*"\([a-z-]*\)".*/\1/p' cli/options.def); do
    grep -q -e "--$option" docs/commands/*.md || echo "--$option is on no page" >>"$work/why"
done
[ ! -s "$work/why" ]
say commands-and-options docs/commands $? "$work/why"

# Every field and kind of result, every step of an explanation, every module of the library, every message.
: >"$work/why"
for field in $(sed -n 's/^FIELD([A-Z_]*, *"\([a-z_]*\)".*/\1/p' cli/fields.def); do
    grep -q "\`$field\`" docs/results.md || echo "docs/results.md does not have the field $field" >>"$work/why"
done
for step in $(sed -n '/msa_step_kind_name\[MSA/,/^}/s/.*MSA_STEP.*/&/p' runtime/explain.c | grep -o '"[a-z_]*"' | tr -d '"'); do
    grep -q "^| \`$step\` |" docs/commands/explain.md || echo "docs/commands/explain.md does not have the step $step" >>"$work/why"
done
for module in $(find stdlib -name '*.msa' | sed 's|^stdlib/||; s|/|.|g; s|.msa$||' | sort); do
    grep -q "\`$module\`" docs/language/library.md || echo "docs/language/library.md does not have $module" >>"$work/why"
done
for code in $(grep -rhoE '\b[EW]0[0-9]{3}\b' README.md docs/*.md docs/language docs/commands | sort -u); do
    grep -Eq "^DIAG\( *${code%????}, *${code#?}," base/diag.def || echo "there is no message $code" >>"$work/why"
done
[ ! -s "$work/why" ]
say fields-modules-and-codes docs $? "$work/why"
