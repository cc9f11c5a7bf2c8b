/* SPDX-License-Identifier: MIT */
#include "base/civil.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

enum { MON, TUE, WED, THU, FRI, SAT, SUN };

struct list { date d[400]; int n; };

static void take(void *ctx, date d, const struct daterule *rule)
{
    struct list *l = ctx;
    (void)rule;
    assert_in_range(l->n, 0, 399);
    l->d[l->n++] = d;
}

static int ascending(const void *a, const void *b)
{
    return *(const date *)a - *(const date *)b;
}

/* The dates of a year as "MM-DD MM-DD". */
static const char *dates(const struct daterule *rule, int year)
{
    static char out[4096];
    struct list l = { .n = 0 };
    char *o = out;
    daterule_year(rule, year, take, &l);
    qsort(l.d, (size_t)l.n, sizeof *l.d, ascending);
    for (int i = 0; i < l.n; i++) {
        char text[CIVIL_TEXT_MAX];
        int n = civil_write_date(text, l.d[i]);
        assert_int_equal(civil_ymd(l.d[i]).year, year);
        if (i)
            *o++ = ' ';
        memcpy(o, text + n - 5, 5);
        o += 5;
    }
    *o = '\0';
    return out;
}

#define IS(rule, year, want) assert_string_equal(dates(&(rule), year), want)

static void easters(void **state)
{
    static const struct { int year; const char *west, *east; } known[] = {
        { 1900, "04-15", "04-22" }, { 1913, "03-23", "04-27" }, { 1943, "04-25", "04-25" }, { 1954, "04-18", "04-25" },
        { 1961, "04-02", "04-09" }, { 1981, "04-19", "04-26" }, { 2000, "04-23", "04-30" }, { 2008, "03-23", "04-27" },
        { 2011, "04-24", "04-24" }, { 2016, "03-27", "05-01" }, { 2019, "04-21", "04-28" }, { 2024, "03-31", "05-05" },
        { 2025, "04-20", "04-20" }, { 2026, "04-05", "04-12" }, { 2027, "03-28", "05-02" }, { 2038, "04-25", "04-25" },
        { 2049, "04-18", "04-25" }, { 2076, "04-19", "04-26" }, { 2099, "04-12", "04-12" },
    };
    struct daterule west = { .kind = DR_EASTER }, east = { .kind = DR_ORTHODOX }, friday = { .kind = DR_EASTER, .offset = -2 };
    (void)state;
    for (size_t i = 0; i < countof(known); i++) {
        IS(west, known[i].year, known[i].west);
        IS(east, known[i].year, known[i].east);
    }
    IS(friday, 2026, "04-03");
    for (int y = 1900; y < 2100; y++) { /* sundays, within the bounds of the rule; the Julian one never earlier */
        struct list l = { .n = 0 };
        daterule_year(&west, y, take, &l);
        daterule_year(&east, y, take, &l);
        assert_int_equal(l.n, 2);
        assert_true(civil_weekday(l.d[0]) == SUN && civil_weekday(l.d[1]) == SUN && l.d[0] <= l.d[1]);
        assert_true(l.d[0] >= civil_date(y, 3, 22) && l.d[0] <= civil_date(y, 4, 25));
    }
}

static void fixed(void **state)
{
    struct daterule july = { .kind = DR_FIXED, .month = 7, .day = 4 }, leap = { .kind = DR_FIXED, .month = 2, .day = 29 };
    struct daterule nearest = { .kind = DR_FIXED, .month = 7, .day = 4, .n_observed = 2, .observed = { { SAT, FRI, true, true }, { SUN, MON, false, true } } };
    struct daterule also = { .kind = DR_FIXED, .month = 7, .day = 4, .n_observed = 1, .observed = { { SUN, MON, false, false } } };
    struct daterule new_year = { .kind = DR_FIXED, .month = 1, .day = 1, .n_observed = 1, .observed = { { SAT, FRI, true, false } } };
    struct daterule since = { .kind = DR_FIXED, .month = 6, .day = 19, .from_year = 2021, .to_year = 2030, .n_unless = 1, .unless = { 2025 } };
    (void)state;
    IS(july, 2026, "07-04");
    IS(leap, 2024, "02-29");
    IS(leap, 2026, "");
    IS(nearest, 2026, "07-03");
    IS(nearest, 2027, "07-05");
    IS(nearest, 2028, "07-04");
    IS(also, 2027, "07-04 07-05");
    IS(also, 2026, "07-04");
    IS(new_year, 2021, "01-01 12-31"); /* 2022-01-01 is a saturday: friday 31 december 2021 */
    IS(new_year, 2022, "01-01");
    IS(since, 2020, "");
    IS(since, 2021, "06-19");
    IS(since, 2025, "");
    IS(since, 2030, "06-19");
    IS(since, 2031, "");
}

static void weekdays(void **state)
{
    struct daterule thanks = { .kind = DR_NTH, .month = 11, .weekday = THU, .nth = 4 }, after = thanks;
    struct daterule memorial = { .kind = DR_NTH, .month = 5, .weekday = MON, .nth = -1 };
    struct daterule fifth = { .kind = DR_NTH, .month = 2, .weekday = SUN, .nth = 5 };
    struct daterule victoria = { .kind = DR_BEFORE, .month = 5, .day = 25, .weekday = MON };
    struct daterule repentance = { .kind = DR_BEFORE, .month = 11, .day = 23, .weekday = WED };
    struct daterule saints = { .kind = DR_ON_OR_AFTER, .month = 10, .day = 31, .weekday = SAT, .nth = 1 };
    struct daterule second = { .kind = DR_ON_OR_AFTER, .month = 5, .day = 1, .weekday = MON, .nth = 2 };
    after.offset = 1;
    (void)state;
    IS(thanks, 2026, "11-26");
    IS(after, 2026, "11-27");
    IS(memorial, 2026, "05-25");
    IS(fifth, 2026, "");
    IS(fifth, 2032, "02-29");
    IS(victoria, 2026, "05-18");
    IS(repentance, 2026, "11-18");
    IS(repentance, 2022, "11-16"); /* strictly before */
    IS(saints, 2026, "10-31");
    IS(saints, 2027, "11-06");
    IS(second, 2026, "05-11");
}

static void ranges(void **state)
{
    struct daterule one = { .kind = DR_DATE, .first = civil_date(2026, 12, 24) };
    struct daterule range = { .kind = DR_RANGE, .first = civil_date(2026, 12, 30), .last = civil_date(2027, 1, 2) };
    struct daterule yearly = { .kind = DR_YEARLY, .month = 12, .day = 30, .month2 = 1, .day2 = 2, .from_year = 2026 };
    struct daterule february = { .kind = DR_YEARLY, .month = 2, .day = 27, .month2 = 2, .day2 = 29 };
    struct daterule far = { .kind = DR_FIXED, .month = 12, .day = 20, .offset = 400 };
    (void)state;
    IS(one, 2026, "12-24");
    IS(one, 2027, "");
    IS(range, 2026, "12-30 12-31");
    IS(range, 2027, "01-01 01-02");
    IS(range, 2028, "");
    IS(yearly, 2026, "12-30 12-31"); /* the one that began in 2025 is before its time */
    IS(yearly, 2027, "01-01 01-02 12-30 12-31");
    IS(february, 2026, "02-27 02-28");
    IS(february, 2028, "02-27 02-28 02-29");
    IS(far, 2026, "01-24"); /* 2024-12-20 and 400 days */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(easters), cmocka_unit_test(fixed), cmocka_unit_test(weekdays), cmocka_unit_test(ranges),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
