/* SPDX-License-Identifier: MIT */
/* Periods: true lengths in the agreement's zone, names, contract months from a day that not every month has. */
#include "runtime/period.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

static const struct { enum period_kind kind; int n; const char *expected; } cases[] = {
    {PERIOD_DAY, 1, "2026-03-06 [2026-03-06T05:00:00Z, 2026-03-07T05:00:00Z)"},
    {PERIOD_WEEK, 1, "2026-W10 [2026-03-02T05:00:00Z, 2026-03-09T04:00:00Z)"},
    {PERIOD_MONTH, 1, "2026-03 [2026-03-01T05:00:00Z, 2026-04-01T04:00:00Z)"},
    {PERIOD_MONTH, 2, "2026-03-01 to 2026-04-30 [2026-03-01T05:00:00Z, 2026-05-01T04:00:00Z)"},
    {PERIOD_QUARTER, 1, "2026-Q1 [2026-01-01T05:00:00Z, 2026-04-01T04:00:00Z)"},
    {PERIOD_YEAR, 1, "2026 [2026-01-01T05:00:00Z, 2027-01-01T05:00:00Z)"},
    {PERIOD_CONTRACT_MONTH, 1, "2026-02-28 to 2026-03-30 [2026-02-28T05:00:00Z, 2026-03-31T04:00:00Z)"},
    {PERIOD_CONTRACT_MONTH, 3, "2026-01-31 to 2026-04-29 [2026-01-31T05:00:00Z, 2026-04-30T04:00:00Z)"},
    {PERIOD_CONTRACT_YEAR, 1, "2026-01-31 to 2027-01-30 [2026-01-31T05:00:00Z, 2027-01-31T05:00:00Z)"},
};

static void named(void **state)
{
    const char *why;
    instant t = civil_read_instant("2026-03-06T22:00:00Z", 20, &why);
    (void)state;
    for (size_t i = 0; i < countof(cases); i++) {
        struct period_rule r = {cases[i].kind, cases[i].n, zone_load("America/New_York"), .anchor = civil_date(2026, 1, 31)};
        struct period p = period_at(&r, t);
        char name[PERIOD_NAME_MAX], from[CIVIL_TEXT_MAX], to[CIVIL_TEXT_MAX], text[256];
        int n = period_name(&r, &p, name), a = civil_write_instant(from, p.from, 0, true), b = civil_write_instant(to, p.to, 0, true);
        snprintf(text, sizeof text, "%.*s [%.*s, %.*s)", n, name, a, from, b, to);
        assert_string_equal(text, cases[i].expected);
    }
}

/* Cut where the term begins (10 March) and ends (20 March): what lies outside has names of its own. */
static const struct { enum period_kind kind; const char *at, *expected; } in_term[] = {
    {PERIOD_MONTH, "2026-03-09T23:00:00Z", "2026-03-01 to 2026-03-09 outside [2026-03-01T00:00:00Z, 2026-03-10T00:00:00Z)"},
    {PERIOD_MONTH, "2026-03-10T00:00:00Z", "2026-03 [2026-03-10T00:00:00Z, 2026-03-21T00:00:00Z)"},
    {PERIOD_MONTH, "2026-03-21T00:00:00Z", "2026-03-21 to 2026-03-31 outside [2026-03-21T00:00:00Z, 2026-04-01T00:00:00Z)"},
    {PERIOD_MONTH, "2026-04-21T00:00:00Z", "2026-04 outside [2026-04-01T00:00:00Z, 2026-05-01T00:00:00Z)"},
    {PERIOD_WEEK, "2026-03-12T00:00:00Z", "2026-W11 [2026-03-10T00:00:00Z, 2026-03-16T00:00:00Z)"},
    {PERIOD_WEEK, "2026-03-09T00:00:00Z", "2026-03-09 to 2026-03-09 outside [2026-03-09T00:00:00Z, 2026-03-10T00:00:00Z)"},
    {PERIOD_DAY, "2026-03-20T23:59:59Z", "2026-03-20 [2026-03-20T00:00:00Z, 2026-03-21T00:00:00Z)"},
    {PERIOD_CONTRACT_MONTH, "2026-03-10T00:00:00Z", "2026-03-10 to 2026-03-20 [2026-03-10T00:00:00Z, 2026-03-21T00:00:00Z)"},
    {PERIOD_ALL, "2026-03-10T00:00:00Z", "all [2026-03-10T00:00:00Z, 2026-03-21T00:00:00Z)"},
};

static void in_the_term(void **state)
{
    const char *why;
    (void)state;
    for (size_t i = 0; i < countof(in_term); i++) {
        struct period_rule r = {in_term[i].kind, 1, zone_load("UTC"), civil_date(2026, 3, 10), .begins = true, .ends = true, .last = civil_date(2026, 3, 20)};
        struct period p = period_at(&r, civil_read_instant(in_term[i].at, 20, &why));
        char name[PERIOD_NAME_MAX], from[CIVIL_TEXT_MAX], to[CIVIL_TEXT_MAX], text[256];
        int n = period_name(&r, &p, name), a = civil_write_instant(from, p.from, 0, true), b = civil_write_instant(to, p.to, 0, true);
        snprintf(text, sizeof text, "%.*s%s [%.*s, %.*s)", n, name, p.outside ? " outside" : "", a, from, b, to);
        assert_string_equal(text, in_term[i].expected);
    }
}

/* One begins where the other ends, over the changes of the clocks, leap years and years before 1970. */
static void without_gaps(void **state)
{
    (void)state;
    for (int kind = PERIOD_DAY; kind < PERIOD_ALL; kind++) {
        for (int n = 1; n < 4; n++) {
            struct period_rule r = {(enum period_kind)kind, n, zone_load("Europe/Berlin"), .anchor = civil_date(2024, 2, 29)};
            struct period p = period_at(&r, (int64_t)civil_date(1960, 1, 1) * DAY_US);
            for (int i = 0; i < 400; i++) {
                struct period next = period_at(&r, p.to);
                assert_true(p.from < p.to && next.from == p.to && next.first == p.last + 1);
                struct period again = period_at(&r, p.to - 1);
                assert_true(again.from == p.from && again.to == p.to);
                p = next;
            }
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(named), cmocka_unit_test(in_the_term), cmocka_unit_test(without_gaps)};
    return cmocka_run_group_tests_name("periods", tests, NULL, NULL);
}
