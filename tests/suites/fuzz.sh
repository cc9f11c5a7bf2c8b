#!/bin/sh
# SPDX-License-Identifier: MIT
# The fuzz targets of tests/fuzz. Inputs that once broke something (tests/fuzz/found/TARGET/NAME) and the seeds always run, in
# the sanitizer build; with clang and its fuzzer library each target also searches for MSA_FUZZ_SECONDS (20).
set -u
cd "$(dirname "$0")/../.." || exit 1
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
msa=${MSA:-build/release/msa}
seconds=${MSA_FUZZ_SECONDS:-20}
targets=$(for f in tests/fuzz/fuzz_*.c; do basename "$f" .c | sed 's/^fuzz_//'; done)

# Seeds: small ones are worth more than many.
for t in $targets; do mkdir -p "$work/$t/seeds" "$work/$t/corpus"; done
i=0
for f in examples/*/agreement.msa tests/parse/*.msa tests/wrong/*.msa stdlib/*.msa stdlib/*/*.msa; do
    i=$((i + 1))
    cp "$f" "$work/source/seeds/$i.msa"
done
cp examples/*/events.ndjson "$work/ndjson/seeds" 2>/dev/null # one of them; the others follow line by line
cat examples/*/events.ndjson | awk -v to="$work/ndjson/seeds/" 'NR <= 60 { print > (to NR); close(to NR) }'
for e in volvo helpdesk servicenow; do
    for n in 3 20; do head -n $n examples/$e/*-sample.csv >"$work/csv/seeds/$e$n"; done
done
printf 'at,event,ticket,impact,urgency,site,id\n2026-03-06T17:50:00-05:00,opened,T1,high,high,HQ,1\n2026-03-06T18:50:00-05:00,"resolved",T1,,,,2\n' >"$work/csv/seeds/events"
for e in acme uptime volvo helpdesk; do "$msa" compile examples/$e/agreement.msa -o "$work/module/seeds/$e"; done
awk -v to="$work/module/seeds/s" 'BEGIN { srand(7); for (f = 0; f < 20; f++) { for (i = 0; i < 1 + 8 * (f + 1); i++) printf "%c", 33 + int(rand() * 90) > (to f); close(to f) } }'
printf '2026-03-06T17:50:00.123456-05:00' >"$work/instant/seeds/a"
printf '0001-01-01 00:00Z' >"$work/instant/seeds/b"

for t in $targets; do
    if ! ${CC:-gcc} -std=c17 -g -O1 -D_POSIX_C_SOURCE=200809L -iquote . -Iinclude -fsanitize=address,undefined -fno-sanitize-recover=all -o "$work/$t/replay" \
        "tests/fuzz/fuzz_$t.c" tests/tools/replay.c build/asan/libmsa-compile.a build/asan/libmsa-run.a \
        $(pkg-config --libs simdjson libxxhash libmd zlib gmp) -lcctz -lcsv -lstdc++ -lm >"$work/$t/cc" 2>&1; then
        cat "$work/$t/cc" >&2
        echo "not ok replay-$t: does not build"
        continue
    fi
    find "tests/fuzz/found/$t" "$work/$t/seeds" -type f 2>/dev/null | sort >"$work/$t/list"
    if xargs "$work/$t/replay" <"$work/$t/list" >"$work/$t/said" 2>&1; then
        echo "ok replay-$t"
    else
        tail -n 40 "$work/$t/said" >&2
        echo "not ok replay-$t: $(grep -E 'promise|ERROR|runtime error' "$work/$t/said" | head -1 | cut -c1-150)"
    fi
done

echo 'int LLVMFuzzerTestOneInput(const unsigned char *p, unsigned long n) { (void)p; return n > 1u << 30; }' >"$work/try.c"
if [ "$seconds" -eq 0 ] || ! clang -fsanitize=fuzzer,address -o "$work/try" "$work/try.c" >/dev/null 2>&1; then
    echo "ok search # skipped: no clang with libFuzzer, or MSA_FUZZ_SECONDS=0"
    exit 0
fi
if ! ${MAKE:-make} --no-print-directory -s -j2 MODE=fuzz fuzz >"$work/make" 2>&1; then
    tail -n 20 "$work/make" >&2
    echo "not ok search: the targets do not build"
    exit 1
fi
# What the grammar calls its tokens are the words of the language.
grep -oE '"[^"]+"' grammar/msa.y | sort -u | grep -v '[%\\]' >"$work/words"
export work seconds
printf '%s\n' $targets | xargs -P 2 -I{} sh -c '
    t={}
    words=
    [ $t = source ] && words=-dict=$work/words
    ASAN_OPTIONS=detect_leaks=1 build/fuzz/fuzz/fuzz_$t -max_total_time=$seconds -timeout=25 -rss_limit_mb=3000 -artifact_prefix=$work/$t/ -print_final_stats=0 \
        $words $work/$t/corpus $work/$t/seeds >$work/$t/log 2>&1
    echo $? >$work/$t/status'
for t in $targets; do
    if [ "$(cat "$work/$t/status")" -eq 0 ]; then
        echo "ok search-$t"
    else
        tail -n 60 "$work/$t/log" >&2
        for f in "$work/$t"/crash-* "$work/$t"/leak-* "$work/$t"/timeout-* "$work/$t"/oom-*; do
            [ -f "$f" ] && { echo "$f:"; base64 "$f"; } >&2
        done
        echo "not ok search-$t: $(grep -E 'promise|ERROR|runtime error' "$work/$t/log" | head -1 | cut -c1-150)"
    fi
done
