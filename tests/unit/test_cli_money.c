/* SPDX-License-Identifier: MIT */
/* The commands about money: lines of calendars, cells of CSV, quantities that may stand beside an amount. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include "cli/money.h"
#include <string.h>

static void folded_at_75_octets(void **state)
{
    struct sb b = {0};
    char text[161];
    (void)state;
    memset(text, 'a', 160);
    text[160] = 0;
    ics_line(&b, "SUMMARY:", str_of(text));
    size_t at = 0, n = 0;
    while (at < b.n) {
        size_t end = at;
        while (b.p[end] != '\r') { end++; }
        assert_true(end - at <= 75);
        assert_int_equal(b.p[end + 1], '\n');
        if (n++) { assert_int_equal(b.p[at], ' '); }
        at = end + 2;
    }
    assert_int_equal(n, 3);
    sb_clear(&b);
    ics_line(&b, "", STR("ééééééééééééééééééééééééééééééééééééééé")); /* 39 of two octets: not cut inside one */
    assert_int_equal(b.p[74], '\r');
    sb_free(&b);
}

static void texts_are_escaped(void **state)
{
    struct sb b = {0};
    (void)state;
    ics_text(&b, STR("a;b,c\\d\ne\x01"));
    assert_string_equal(b.p, "a\\;b\\,c\\\\d\\ne");
    sb_clear(&b);
    csv_cell(&b, STR("say \"no\", then"), true);
    csv_cell(&b, STR("plain"), false);
    assert_string_equal(b.p, "\"say \"\"no\"\", then\",plain");
    sb_free(&b);
}

static bool multiplies(const char *quantity, const char *price, int64_t amount)
{
    struct msa_result r = {.quantity = str_text(str_of(quantity)), .price = str_text(str_of(price)), .amount = amount, .places = 2};
    return line_multiplies(&r);
}

static void quantity_times_price(void **state)
{
    (void)state;
    assert_true(multiplies("3.25", "150", 48750));
    assert_true(multiplies("2", "10.5", -2100));
    assert_false(multiplies("3.25", "150", 48751));
    assert_false(multiplies("645/28", "40", 92143));
    assert_false(multiplies("0.12345", "100", 1235));
    assert_false(multiplies("", "150", 15000));
    assert_false(multiplies("1", "", 15000));
}

static void days_are_read(void **state)
{
    int32_t day;
    (void)state;
    assert_null(read_day("2026-03-31", &day));
    assert_int_equal(day, civil_date(2026, 3, 31));
    assert_non_null(read_day("2026-02-29", &day));
    assert_non_null(read_day("2026-3-31", &day));
    assert_non_null(read_day("2026-03-31x", &day));
    assert_non_null(read_day("+026-03-31", &day));
    assert_non_null(read_day("", &day));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(folded_at_75_octets),
        cmocka_unit_test(texts_are_escaped),
        cmocka_unit_test(quantity_times_price),
        cmocka_unit_test(days_are_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
