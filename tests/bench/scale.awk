# SPDX-License-Identifier: MIT
# Agreements that are large in one dimension: awk -v kind=KIND -v n=N -f scale.awk </dev/null. tests/suites/scaling.sh holds the
# compiler's work on each of them to a multiple of N. Kinds ending in `-wrong` are not correct: messages must scale as well.
function head() {
    print "agreement \"Scale\" { provider \"P\"; customer \"C\"; effective 2026-01-01; timezone \"UTC\" }\nuse itil\nscale level: low, high"
}
function repeat(text, k,    s) {
    s = ""
    for (; k > 0; k = int(k / 2)) { if (k % 2) s = s text; text = text text }
    return s
}
BEGIN {
    if (kind != "lines-before") head()
    if (kind == "values") for (i = 0; i < n; i++) print "value v" i " = " i " + 1"
    if (kind == "values-forward") { for (i = 0; i < n; i++) print "value v" i " = v" i + 1 " + 1"; print "value v" n " = 1" }
    if (kind == "values-backward") { print "value v0 = 1"; for (i = 1; i < n; i++) print "value v" i " = v" i - 1 " + 1" }
    if (kind == "values-long") { printf "value v = 1"; for (i = 0; i < n; i++) printf " + 1"; print "" }
    if (kind == "values-same-wrong") for (i = 0; i < n; i++) print "value v = 1"
    if (kind == "names-wrong") for (i = 0; i < n; i++) print "value v" i " = w" i
    if (kind == "comments") { for (i = 0; i < n; i++) print "# a line of comment\n"; print "value v = 1" }
    if (kind == "blank-lines") { for (i = 0; i < n; i++) print ""; print "value v = 1" }
    if (kind == "lines-before") { for (i = 0; i < n; i++) print "# a line of comment\n"; head(); print "value v = 1" }
    if (kind == "blank-lines-between") for (i = 0; i < n; i++) print "\n\nvalue v" i " = 1\n"
    if (kind == "separators") { for (i = 0; i < n; i++) printf ";"; print "" }
    if (kind == "long-name") { printf "value "; for (i = 0; i < n; i++) printf "abcdefghij"; print " = 1" }
    if (kind == "long-names-wrong") { for (k = 0; k < 20; k++) { printf "value v" k " = "; for (i = 0; i < n; i++) printf "abcdefghij"; print "" } }
    if (kind == "long-text") { printf "party p \""; for (i = 0; i < n; i++) printf "abcdefghij"; print "\"" }
    if (kind == "names-with-blanks-wrong") for (i = 0; i < n; i++) print "clock time to fix" i " of ticket { starts on opened; stops on closed; target 4 h in 24x7 }"
    if (kind == "brackets-wrong") { print "value v = " repeat("(", n) "1" repeat(")", n) }
    if (kind == "braces-wrong") print repeat("section 1 \"a\" {\n", n) repeat("}\n", n)
    if (kind == "braces-open-wrong") print repeat("section 1 \"a\" {\n", n)
    if (kind == "braces-closed-wrong") print repeat("}\n", n)
    if (kind == "not-wrong") print "value v = " repeat("not ", n) "yes"
    if (kind == "minus-wrong") print "value v = " repeat("-", n) "1"
    if (kind == "conditions") { printf "value v = all of {\n"; for (i = 0; i < n; i++) print "  1 is " i; print "}" }
    if (kind == "tables") for (i = 0; i < n; i++) print "table t" i " by impact {\n  impact | level\n  high | high\n  medium, low | low\n}"
    if (kind == "rows-text") { print "table t by site {\n  site | level"; for (i = 0; i < n; i++) print "  \"Site " i "\" | " (i % 2 ? "low" : "high"); print "  otherwise | low\n}" }
    if (kind == "rows-number") { print "entity box { key id; size : count }\nevent boxed of box { creates; sets size }\ntable t by size {\n  size | level"; for (i = 0; i < n; i++) print "  " i " | " (i % 2 ? "low" : "high"); print "  otherwise | low\n}" }
    if (kind == "rows-first") { print "table t by site, first match {\n  site | level"; for (i = 0; i < n; i++) print "  \"Site " i "\" | " (i % 2 ? "low" : "high"); print "  otherwise | low\n}" }
    if (kind == "rows-collect") { print "table t by site, collect {\n  site | note"; for (i = 0; i < n; i++) print "  \"Site " i "\" | \"note " i "\""; print "}" }
    if (kind == "rows-two-inputs") { print "table t by site, impact {\n  site | impact | level"; for (i = 0; i < n; i++) print "  \"Site " i "\" | any | " (i % 2 ? "low" : "high"); print "  otherwise | | low\n}" }
    if (kind == "rows-one-cell") { printf "table t by site {\n  site | level\n"; for (i = 0; i < n; i++) printf "%s\"Site %d\"", (i ? ", " : "  "), i; print " | low\n  otherwise | high\n}" }
    if (kind == "rows-overlap-wrong") { print "table t by site {\n  site | level"; for (i = 0; i < n; i++) print "  \"Site\" | low"; print "  otherwise | high\n}" }
    if (kind == "rows-broken-wrong") { print "table t by site {\n  site | level"; for (i = 0; i < n; i++) print "  \"Site " i "\" | nothing"; print "  otherwise | high\n}" }
    if (kind == "rows-target") { print "clock c of ticket { starts on opened; stops on closed; target by site {\n  site | within | counted in"; for (i = 0; i < n; i++) print "  \"Site " i "\" | " 1 + i " min | 24x7"; print "  otherwise | 1 h | 24x7\n} }" }
    if (kind == "columns") { printf "table t by impact {\n  impact"; for (i = 0; i < n; i++) printf " | c" i; printf "\n  any"; for (i = 0; i < n; i++) printf " | 1"; print "\n}" }
    if (kind == "map-rows") { print "adapter log \"L\" {\n  reads csv\n  entity ticket from Number\n  map e {"; for (i = 0; i < n; i++) print "    \"Word " i "\" | opened"; print "  }\n}" }
    if (kind == "scale-values") { printf "choice many: "; for (i = 0; i < n; i++) printf "%sm%d", (i ? ", " : ""), i; print "" }
    if (kind == "scales") for (i = 0; i < n; i++) print "scale s" i ": a" i ", b" i
    if (kind == "parties") for (i = 0; i < n; i++) print "party p" i " \"Party " i "\""
    if (kind == "events") for (i = 0; i < n; i++) print "event e" i " of ticket"
    if (kind == "entities") for (i = 0; i < n; i++) print "entity thing" i " { key id" i "; size : count }\nevent made" i " of thing" i " { creates; sets size }"
    if (kind == "fields") { print "event e of ticket {"; for (i = 0; i < n; i++) print "  f" i " : count"; print "}" }
    if (kind == "attributes") { print "entity thing { key id"; for (i = 0; i < n; i++) print "  a" i " : count"; print "}\nevent made of thing { creates"; for (i = 0; i < n; i++) print "  sets a" i; print "}\nrule \"r\" { on made when any of {"; for (i = 0; i < n; i++) print "  a" i " is 1"; print "}\nnotify \"Somebody\" }" }
    if (kind == "spans") for (i = 0; i < n; i++) print "spans s" i " of ticket { from opened; to closed }"
    if (kind == "rules") for (i = 0; i < n; i++) print "rule \"r" i "\" { on opened when impact is high; notify \"Somebody " i "\" }"
    if (kind == "rule-actions") { print "rule \"r\" { on opened when impact is high"; for (i = 0; i < n; i++) print "  notify \"Somebody " i "\""; print "}" }
    if (kind == "clocks") for (i = 0; i < n; i++) print "clock c" i " of ticket { starts on opened; stops on closed; target " 1 + i % 9 " h in 24x7 }"
    if (kind == "clock-events") { printf "clock c of ticket { starts on opened\nstops"; printf " "; for (i = 0; i < n; i++) print " on closed when impact is high; stops"; print " on resolved\ntarget 4 h in 24x7 }" }
    if (kind == "steps") { print "clock c of ticket { starts on opened; stops on closed; target 4 h in 24x7"; for (i = 0; i < n; i++) print "  " i + 1 " min after breach notify \"Somebody " i "\""; print "}" }
    if (kind == "exceptions") { print "section 1 \"One\" {\n1.1 clock c of ticket { starts on opened; stops on closed; target 4 h in 24x7 }"; for (i = 0; i < n; i++) print "1." i + 2 " exception to 1.1 \"X" i "\" { when impact is high; target " 1 + i % 9 " h in 24x7 }"; print "}" }
    if (kind == "exceptions-chain-wrong") { print "section 1 \"One\" {\n1.1 clock c of ticket { starts on opened; stops on closed; target 4 h in 24x7 }"; for (i = 0; i < n; i++) print "1." i + 2 " exception to 1." i + 1 " \"X" i "\" { when impact is high; target " 1 + i % 9 " h in 24x7 }"; print "}" }
    if (kind == "measures") for (i = 0; i < n; i++) print "measure m" i " { count of opened; each month }"
    if (kind == "chains") for (i = 0; i < n; i++) print "chain c" i " of ticket on opened { \"A\" for 5 min; until closed }"
    if (kind == "calendars") for (i = 0; i < n; i++) print "calendar c" i " { mon to fri 08:00 to 18:00 }"
    if (kind == "calendars-chain") { print "calendar c0 { mon to fri 08:00 to 18:00 }"; for (i = 1; i <= n; i++) print "calendar c" i " = c" i - 1 " and 24x7" }
    if (kind == "calendars-forward") { for (i = 0; i < n; i++) print "calendar c" i " = c" i + 1 " and 24x7"; print "calendar c" n " { mon to fri 08:00 to 18:00 }" }
    if (kind == "calendar-lines") { print "calendar c { mon to fri 08:00 to 18:00"; for (i = 0; i < n; i++) print "  closed " sprintf("%04d-%02d-%02d", 2026 + i % 100, 1 + int(i / 100) % 12, 1 + int(i / 1200) % 28); print "}" }
    if (kind == "calendar-hours") { print "calendar c {"; for (i = 0; i < n; i++) printf "  open %s 08:%02d to 09:00\n", sprintf("%04d-%02d-%02d", 2026 + i % 100, 1 + int(i / 100) % 12, 1 + int(i / 1200) % 28), i % 60; print "}" }
    if (kind == "holidays") { print "holidays h {"; for (i = 0; i < n; i++) print "  " sprintf("%04d-%02d-%02d", 2026 + i % 100, 1 + int(i / 100) % 12, 1 + int(i / 1200) % 28) " \"Day " i "\""; print "}\ncalendar c { mon to fri 08:00 to 18:00; closed h }" }
    if (kind == "sections") for (i = 1; i <= n; i++) print "section " i " \"S" i "\" {\n" i ".1 value v" i " = 1\n}"
    if (kind == "clauses") { print "section 1 \"S\" {"; for (i = 1; i <= n; i++) print "1." i " value v" i " = 1"; print "}" }
    if (kind == "prose") for (i = 1; i <= n; i++) print "text \"This is said, too, " i ".\""
    if (kind == "examples") { print "clock c of ticket { starts on opened; stops on closed; target 4 h in 24x7 }"; for (i = 0; i < n; i++) print "example \"e" i "\" { 2026-03-02 09:00 opened \"T\"; 2026-03-02 10:00 closed \"T\"; expect c of \"T\" met }" }
    if (kind == "example-lines") { print "clock c of ticket { starts on opened; stops on closed; target 4 h in 24x7 }\nexample \"e\" {"; for (i = 0; i < n; i++) print "2026-03-02 09:00 opened \"T" i "\""; for (i = 0; i < n; i++) print "expect c of \"T" i "\" running"; print "}" }
    if (kind == "in-list") { printf "value v of ticket = site in "; for (i = 0; i < n; i++) printf "%s\"S%d\"", (i ? ", " : ""), i; print "" }
    if (kind == "use-same") for (i = 0; i < n; i++) print "use itil"
    if (kind == "use-with") { print "use incidents with {"; for (i = 0; i < n; i++) print "  scale x" i ": a" i ", b" i; print "}" }
    if (kind == "words-wrong") for (i = 0; i < n; i++) print "frobnicate " i " with things"
    if (kind == "junk-wrong") print repeat("\\ ", n)
    if (kind == "lines-one-wrong") { for (i = 0; i < n; i++) printf "value v" i " = 1; "; print "" }
    if (kind == "doubling") { print "value v0 = 1"; for (i = 1; i <= n; i++) print "value v" i " = v" i - 1 " + v" i - 1; print "rule \"r\" { on opened when v" n " is 7; notify \"Somebody\" }" }
}
