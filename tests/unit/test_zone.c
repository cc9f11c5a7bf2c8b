/* SPDX-License-Identifier: MIT */
#define _DEFAULT_SOURCE /* tm_gmtoff */
#include "base/zone.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <cmocka.h>

static const char *const names[] = { "America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "Pacific/Apia", "America/Sao_Paulo",
    "Asia/Tehran", "Asia/Kathmandu", "Africa/Casablanca", "Europe/Dublin", "Antarctica/Troll", "America/St_Johns", "UTC" };

static instant at(const char *text)
{
    instant t = civil_read_instant(text, strlen(text), NULL);
    assert_true(t != NONE);
    return t;
}

static void loading(void **state)
{
    (void)state;
    assert_ptr_equal(zone_load("Europe/Berlin"), zone_load("Europe/Berlin"));
    assert_string_equal(zone_name(zone_load("Europe/Berlin")), "Europe/Berlin");
    assert_int_equal(zone_offset(zone_load("+05:45"), 0, NULL, NULL), 20700);
    assert_int_equal(zone_offset(zone_load("-0330"), 0, NULL, NULL), -12600);
    assert_int_equal(zone_offset(zone_load("UTC"), 0, NULL, NULL), 0);
    static const char *const bad[] = { "", "Europe/Berlinn", "europe berlin", "/etc/localtime", "../zoneinfo/UTC", "localtime",
        "Fixed/UTC+01:00:00", "right/UTC", "+24:00", "+1", "+01:60", "Europe", "file:UTC", "tzdata.zi" };
    for (size_t i = 0; i < countof(bad); i++)
        assert_null(zone_load(bad[i]));
    assert_null(zone_load(NULL));
    assert_true(strlen(zone_data_version()) > 0);
}

/* Against the C library, which reads the same files by other code. */
static void same_as_libc(void **state)
{
    (void)state;
    for (size_t i = 0; i < countof(names); i++) {
        const struct zone *z = zone_load(names[i]);
        setenv("TZ", names[i], 1);
        tzset();
        for (int k = 0; k < 60000; k++) {
            /* 1890 .. 2490, at hours that move through the day */
            int64_t s = INT64_C(-2524521600) + k * INT64_C(315577) + k % 3600;
            time_t t = (time_t)s;
            struct tm tm;
            localtime_r(&t, &tm);
            instant from, until;
            int32_t offset = zone_offset(z, s * USEC, &from, &until);
            assert_int_equal(offset, tm.tm_gmtoff);
            assert_true(from <= s * USEC && s * USEC < until);
            if (from != NONE) {
                assert_int_equal(zone_offset(z, from, NULL, NULL), offset);
                assert_int_not_equal(zone_offset(z, from - 1, NULL, NULL), offset);
            }
            if (k % 16 == 0)
                assert_string_equal(zone_abbreviation(z, s * USEC), tm.tm_zone);
        }
    }
    unsetenv("TZ");
}

/* Each reading is found again, and the answer is right next to every change of clocks. */
static void walls(void **state)
{
    (void)state;
    for (size_t i = 0; i < countof(names); i++) {
        const struct zone *z = zone_load(names[i]);
        instant from, until, earlier, later, jump;
        zone_offset(z, at("1950-01-01T00:00:00Z"), &from, &until);
        while (until < at("2060-01-01T00:00:00Z")) {
            instant change = until;
            int64_t before = zone_offset(z, change - 1, NULL, NULL), after = zone_offset(z, change, NULL, &until);
            for (int64_t d = -4 * HOUR_US; d <= 4 * HOUR_US; d += 15 * MINUTE_US) {
                int64_t wall = zone_wall(z, change + d);
                enum wall_kind kind = zone_instant(z, wall, &earlier, &later, NULL);
                assert_int_not_equal(kind, WALL_SKIPPED);
                assert_true(earlier == change + d || later == change + d);
                assert_true(zone_wall(z, earlier) == wall && zone_wall(z, later) == wall);
                assert_true((kind == WALL_REPEATED) == (earlier < later));
            }
            int64_t a = change + before * USEC, b = change + after * USEC; /* the two readings of the change */
            for (int64_t wall = a < b ? a : b; wall < (a < b ? b : a); wall += 5 * MINUTE_US) {
                enum wall_kind kind = zone_instant(z, wall, &earlier, &later, &jump);
                assert_int_equal(kind, a < b ? WALL_SKIPPED : WALL_REPEATED);
                assert_true(jump == change);
                assert_true((a < b ? later : earlier) == wall - before * USEC);
                assert_true((a < b ? earlier : later) == wall - after * USEC);
            }
        }
    }
}

static void known(void **state)
{
    const struct zone *ny = zone_load("America/New_York"), *apia = zone_load("Pacific/Apia");
    instant from, until, earlier, later, jump;
    (void)state;
    assert_int_equal(zone_offset(ny, at("2026-03-08T06:59:59.999999Z"), NULL, &until), -18000);
    assert_true(until == at("2026-03-08T07:00:00Z"));
    assert_int_equal(zone_offset(ny, until, &from, NULL), -14400);
    assert_true(from == until);
    /* By rule, far ahead, and across the 400-year cycle. */
    assert_int_equal(zone_offset(ny, at("2499-07-01T00:00:00Z"), NULL, NULL), -14400);
    assert_int_equal(zone_offset(ny, at("2899-07-01T00:00:00Z"), &from, &until), -14400);
    assert_true(from == at("2899-03-08T07:00:00Z") && until == at("2899-11-01T06:00:00Z"));
    assert_int_equal(zone_offset(ny, at("9899-01-01T00:00:00Z"), NULL, NULL), -18000);
    assert_int_equal(zone_offset(ny, NEVER, NULL, NULL), zone_offset(ny, NEVER - DAY_US, NULL, NULL));
    assert_true(zone_offset(ny, NONE, &from, &until) < 0 && from == NONE);
    /* Samoa had no 30 december 2011. */
    assert_int_equal(zone_instant(apia, (int64_t)civil_date(2011, 12, 30) * DAY_US + 12 * HOUR_US, &earlier, &later, &jump), WALL_SKIPPED);
    assert_true(jump == at("2011-12-30T10:00:00Z"));
    assert_true(later - earlier == DAY_US);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(loading), cmocka_unit_test(same_as_libc), cmocka_unit_test(walls), cmocka_unit_test(known),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    zone_unload_all();
    return failed;
}
