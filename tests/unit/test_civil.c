/* SPDX-License-Identifier: MIT */
#include "base/civil.h"
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <time.h>
#include <cmocka.h>

/* Day by day over more than 200 years either side, counting months by hand. */
static void round_trip(void **state)
{
    int y = 1760, m = 1, d = 1, weekday = 1; /* 1760-01-01 was a tuesday */
    (void)state;
    for (date x = civil_date(1760, 1, 1); x <= civil_date(2180, 12, 31); x++) {
        struct ymd c = civil_ymd(x);
        assert_true(c.year == y && c.month == m && c.day == d);
        assert_int_equal(civil_date(y, m, d), x);
        assert_int_equal(civil_weekday(x), weekday);
        assert_true(civil_valid(y, m, d));
        char text[CIVIL_TEXT_MAX];
        int n = civil_write_instant(text, x * DAY_US, 0, true);
        assert_true(civil_read_instant(text, (size_t)n, NULL) == x * DAY_US);
        weekday = (weekday + 1) % 7;
        bool leap = (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;
        int days = m == 2 ? 28 + leap : m == 4 || m == 6 || m == 9 || m == 11 ? 30 : 31;
        if (++d > days) {
            d = 1;
            if (++m > 12) {
                m = 1;
                y++;
            }
        }
    }
    assert_int_equal(civil_date(1970, 1, 1), 0);
    assert_int_equal(civil_date(-4713, 11, 24), -2440588);
    for (int64_t x = INT32_MIN; x <= INT32_MAX; x += 1234567) {
        struct ymd c = civil_ymd((date)x);
        assert_int_equal(civil_date(c.year, c.month, c.day), (date)x);
    }
}

static void months(void **state)
{
    (void)state;
    assert_int_equal(civil_add_months(civil_date(2026, 1, 31), 1), civil_date(2026, 2, 28));
    assert_int_equal(civil_add_months(civil_date(2024, 1, 31), 1), civil_date(2024, 2, 29));
    assert_int_equal(civil_add_months(civil_date(2024, 3, 31), -1), civil_date(2024, 2, 29));
    assert_int_equal(civil_add_months(civil_date(2024, 1, 15), -1), civil_date(2023, 12, 15));
    assert_int_equal(civil_add_months(civil_date(2024, 2, 29), 12), civil_date(2025, 2, 28));
    assert_int_equal(civil_add_months(civil_date(2024, 2, 29), -1212), civil_date(1923, 2, 28));
    assert_false(civil_valid(2023, 2, 29));
    assert_false(civil_valid(2023, 13, 1));
    assert_false(civil_valid(2023, 0, 1));
    assert_false(civil_valid(2023, 4, 31));
}

static void split(void **state)
{
    int64_t rest;
    (void)state;
    assert_int_equal(civil_split(-1, &rest), -1);
    assert_int_equal(rest, DAY_US - 1);
    assert_int_equal(civil_split(-DAY_US, &rest), -1);
    assert_int_equal(rest, 0);
    assert_int_equal(civil_split(3 * DAY_US + 7, &rest), 3);
    assert_int_equal(rest, 7);
}

static void reads(const char *text, instant want)
{
    const char *why = NULL;
    assert_int_equal(civil_read_instant(text, strlen(text), &why), want);
    assert_null(why);
}

static void refuses(const char *text, const char *want)
{
    const char *why = NULL;
    assert_int_equal(civil_read_instant(text, strlen(text), &why), NONE);
    assert_non_null(why);
    if (want)
        assert_string_equal(why, want);
    assert_int_equal(civil_read_instant(text, strlen(text), NULL), NONE);
}

static void reading(void **state)
{
    const instant t = INT64_C(1772819400) * USEC; /* 2026-03-06T17:50:00Z */
    (void)state;
    reads("2026-03-06T17:50:00Z", t);
    reads("2026-03-06T17:50:00z", t);
    reads("2026-03-06 17:50:00Z", t);
    reads("2026-03-06t17:50Z", t);
    reads("2026-03-06T12:50:00-05:00", t);
    reads("2026-03-06T12:50-0500", t);
    reads("2026-03-06T12:50:00-05", t);
    reads("2026-03-06T23:35:00+05:45", t);
    reads("2026-03-07T07:50:00+14:00", t);
    reads("2026-03-06T17:50:00+00:00", t);
    reads("2026-03-06T17:50:00-00:00", t);
    reads("2026-03-06T17:50:00.25Z", t + 250000);
    reads("2026-03-06T17:50:00,25Z", t + 250000);
    reads("2026-03-06T17:50:00.000001Z", t + 1);
    reads("2026-03-06T17:50:00.1234567891011-00:00", t + 123456);
    reads("1969-12-31T23:59:59.999999Z", -1);
    reads("2024-02-29T00:00:00Z", INT64_C(1709164800) * USEC);
    reads("0000-01-01T00:00:00Z", (int64_t)civil_date(0, 1, 1) * DAY_US);
    reads("9999-12-31T23:59:59Z", (int64_t)civil_date(10000, 1, 1) * DAY_US - USEC);
    refuses("2024-02-30T00:00:00Z", "february of that year has 29 days");
    refuses("2023-02-29T00:00:00Z", "february of that year has 28 days");
    refuses("1900-02-29T00:00:00Z", "february of that year has 28 days");
    refuses("2024-04-31T00:00:00Z", "that month has 30 days");
    refuses("2024-05-32T00:00:00Z", "that month has 31 days");
    refuses("2024-05-00T00:00:00Z", "there is no day 00");
    refuses("2024-00-10T00:00:00Z", "there is no month 00");
    refuses("2024-13-10T00:00:00Z", "a year has 12 months");
    refuses("2016-12-31T23:59:60Z", "leap seconds have no place on this time line");
    refuses("2016-12-31T23:59:61Z", "seconds go from 00 to 59");
    refuses("2016-12-31T23:60:00Z", "minutes go from 00 to 59");
    refuses("2016-12-31T24:00:00Z", "hours go from 00 to 23");
    refuses("2026-03-06T17:50:00", "a time needs its offset, such as Z or +01:00");
    refuses("2026-03-06", "this is a date without a time");
    refuses("2026-03-06T17:50:00.Z", NULL);
    refuses("2026-03-06T17:50:00+24:00", NULL);
    refuses("2026-03-06T17:50:00+01:60", NULL);
    refuses("2026-03-06T17:50:00+1:00", NULL);
    refuses("2026-03-06T17:50:00Zx", NULL);
    refuses("2026-03-06T17:50:0:Z", NULL);
    refuses("2026/03/06T17:50:00Z", NULL);
    refuses("2026-3-06T17:50:00Z ", NULL);
    refuses("", NULL);
}

/* Any single byte changed gives either a refusal or what the slow way of reading would give: no byte passes for a digit. */
static void mutations(void **state)
{
    const char *good = "2026-03-06T17:50:00Z";
    (void)state;
    for (size_t i = 0; i < 20; i++)
        for (int b = 0; b < 256; b++) {
            char text[20];
            const char *why = NULL;
            memcpy(text, good, 20);
            text[i] = (char)b;
            bool digit = good[i] >= '0' && good[i] <= '9', now = b >= '0' && b <= '9';
            instant t = civil_read_instant(text, 20, &why);
            if (digit != now && !(i == 10 && (b == 't' || b == ' ')) && !(i == 19 && b == 'z') && b != good[i])
                assert_int_equal(t, NONE);
            if (t == NONE)
                assert_non_null(why);
        }
    for (size_t n = 0; n < 20; n++)
        assert_true(civil_read_instant(good, n, NULL) == NONE);
}

static void writes(instant t, int32_t offset, bool zulu, const char *want)
{
    char out[CIVIL_TEXT_MAX + 1];
    int n = civil_write_instant(out, t, offset, zulu);
    assert_in_range(n, 1, CIVIL_TEXT_MAX);
    out[n] = '\0';
    assert_string_equal(out, want);
    if (strlen(want) > 10 && *want >= '0' && *want <= '9' && offset % 60 == 0)
        assert_int_equal(civil_read_instant(out, (size_t)n, NULL), t);
}

static const char *text(int (*write)(char *, micros), micros d)
{
    static char out[CIVIL_TEXT_MAX + 1];
    out[write(out, d)] = '\0';
    return out;
}

static void writing(void **state)
{
    const instant t = INT64_C(1772819400) * USEC;
    char out[CIVIL_TEXT_MAX + 1];
    (void)state;
    writes(t, 0, true, "2026-03-06T17:50:00Z");
    writes(t, 0, false, "2026-03-06T17:50:00+00:00");
    writes(t, -18000, true, "2026-03-06T12:50:00-05:00");
    writes(t, 20700, true, "2026-03-06T23:35:00+05:45");
    writes(t + 250000, 0, true, "2026-03-06T17:50:00.25Z");
    writes(t + 1, 0, true, "2026-03-06T17:50:00.000001Z");
    writes(-1, 0, true, "1969-12-31T23:59:59.999999Z");
    writes(t, -17762, true, "2026-03-06T12:53:58-04:56:02");
    writes(NONE, 0, true, "none");
    writes(NEVER, 0, true, "never");
    writes(NEVER - 1, 3600, true, "+294247-01-10T04:00:54.775806Z");
    writes(NONE + 1, 0, true, "-290308-12-21T19:59:05.224193Z");
    out[civil_write_date(out, civil_date(-5, 2, 1))] = '\0';
    assert_string_equal(out, "-0005-02-01");
    assert_string_equal(text(civil_write_seconds, 3600 * USEC), "3600");
    assert_string_equal(text(civil_write_seconds, 250000), "0.25");
    assert_string_equal(text(civil_write_seconds, -1), "-0.000001");
    assert_string_equal(text(civil_write_seconds, INT64_MIN), "-9223372036854.775808");
    assert_string_equal(text(civil_write_hms, 135 * MINUTE_US), "2 h 15 min");
    assert_string_equal(text(civil_write_hms, 27 * HOUR_US), "27 h");
    assert_string_equal(text(civil_write_hms, 45 * USEC + 500000), "45.5 s");
    assert_string_equal(text(civil_write_hms, 0), "0 s");
    assert_string_equal(text(civil_write_hms, -(HOUR_US + USEC)), "-1 h 1 s");
    assert_in_range(strlen(text(civil_write_hms, INT64_MIN)), 1, CIVIL_TEXT_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(round_trip), cmocka_unit_test(months), cmocka_unit_test(split), cmocka_unit_test(reading),
        cmocka_unit_test(mutations), cmocka_unit_test(writing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
