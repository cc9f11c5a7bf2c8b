/* SPDX-License-Identifier: MIT */
/* Exact numbers (semantics A1): figures from outside, and laws over many random ones. */
#include "base/exact.h"
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <cmocka.h>

static int64_t minor_of(const char *text, unsigned places, enum exact_rounding how)
{
    mpq_t q;
    int64_t minor = -1;
    mpq_init(q);
    assert_true(exact_read(q, str_of(text)));
    assert_true(exact_minor(&minor, q, places, how));
    mpq_clear(q);
    return minor;
}

static void reading(void **state)
{
    static const char *const wrong[] = {"", "-", ".", "1.", ".5", "1,00", "1,0000", "1,000,00", "12,345,67", "1.000,5", "0x1", "1e3", "1/0", "1/-2", "1//2", " 1", "4,50.00"};
    mpq_t q, x;
    (void)state;
    mpq_inits(q, x, NULL);
    for (size_t i = 0; i < countof(wrong); i++) { assert_false(exact_read(q, str_of(wrong[i]))); }
    assert_true(exact_read(q, STR("-4,500.50")));
    exact_set(x, -9001, 2);
    assert_true(mpq_equal(q, x));
    assert_true(exact_read(q, STR("17/34")));
    exact_set(x, 1, 2);
    assert_true(mpq_equal(q, x));
    exact_set(q, INT64_MIN, 1);
    assert_string_equal(mpq_get_str((char[64]){0}, 10, q), "-9223372036854775808");
    mpq_clears(q, x, NULL);
}

/* Ties away from zero, to the even one, cut; below zero the same without the sign. */
static void rounding(void **state)
{
    (void)state;
    assert_int_equal(minor_of("0.125", 2, EXACT_HALF_UP), 13);
    assert_int_equal(minor_of("0.125", 2, EXACT_HALF_EVEN), 12);
    assert_int_equal(minor_of("0.135", 2, EXACT_HALF_EVEN), 14);
    assert_int_equal(minor_of("0.129", 2, EXACT_DOWN), 12);
    assert_int_equal(minor_of("0.121", 2, EXACT_UP), 13);
    assert_int_equal(minor_of("-0.125", 2, EXACT_HALF_UP), -13);
    assert_int_equal(minor_of("-0.129", 2, EXACT_DOWN), -12);
    assert_int_equal(minor_of("93.75", 0, EXACT_HALF_UP), 94); /* JPY 1,250 x 7.5 % */
    assert_int_equal(minor_of("93.75", 0, EXACT_DOWN), 93);
    assert_int_equal(minor_of("1.0005", 3, EXACT_HALF_UP), 1001); /* KWD */
    assert_int_equal(minor_of("1.00005", 4, EXACT_HALF_UP), 10001); /* CLF */
}

static void limits(void **state)
{
    mpq_t q;
    int64_t minor;
    (void)state;
    mpq_init(q);
    assert_int_equal(minor_of("1,000,000,000,000,000", 0, EXACT_HALF_UP), MINOR_MAX);
    assert_int_equal(minor_of("10,000,000,000,000.00", 2, EXACT_HALF_UP), MINOR_MAX);
    assert_true(exact_read(q, STR("10000000000000.01")));
    assert_false(exact_minor(&minor, q, 2, EXACT_HALF_UP));
    assert_true(exact_read(q, STR("123456789012345678901234567890")));
    assert_false(exact_minor(&minor, q, 0, EXACT_HALF_UP));
    mpq_clear(q);
}

static void words(void **state)
{
    static const struct { const char *in, *out; } cases[] = {{"0.50", "0.5"}, {"-12.345", "-12.345"}, {"17/31", "17/31"}, {"1/8", "0.125"}, {"100", "100"}, {"0.000001", "0.000001"}, {"1/3", "1/3"}};
    struct arena a;
    mpq_t q;
    (void)state;
    arena_init(&a, NULL);
    mpq_init(q);
    for (size_t i = 0; i < countof(cases); i++) {
        assert_true(exact_read(q, str_of(cases[i].in)));
        struct str s = exact_text(&a, q);
        assert_true(str_eq(s, str_of(cases[i].out)));
    }
    mpq_clear(q);
    arena_free(&a);
    char text[MINOR_TEXT_MAX];
    minor_text(text, -5, 2);
    assert_string_equal(text, "-0.05");
    minor_grouped(text, 123456789, 2);
    assert_string_equal(text, "1,234,567.89");
    minor_grouped(text, -100000, 0);
    assert_string_equal(text, "-100,000");
    minor_text(text, MINOR_MAX, 4);
    assert_string_equal(text, "100000000000.0000");
}

/* Parts add up to the whole, none is more than one unit from its exact share, and 2/37 of 10,000,000
 * is what it must be. */
static void allocation(void **state)
{
    uint64_t seed = 88172645463325252u;
    (void)state;
    for (int round = 0; round < 20000; round++) {
        int64_t weight[12], part[12], sum = 0, weights = 0;
        size_t n = 1 + (size_t)round % 12;
        for (size_t i = 0; i < n; i++) {
            seed ^= seed << 13, seed ^= seed >> 7, seed ^= seed << 17;
            weight[i] = (int64_t)(seed % 1000000);
            weights += weight[i];
        }
        if (!weights) { continue; }
        int64_t total = (int64_t)(seed % 1000000000000000) * (round % 2 ? 1 : -1);
        exact_allocate(total, weight, n, part);
        for (size_t i = 0; i < n; i++) {
            __extension__ typedef __int128 wide;
            wide exact = (wide)total * weight[i], got = (wide)part[i] * weights;
            wide off = exact > got ? exact - got : got - exact;
            assert_true(off < weights);
            sum += part[i];
        }
        assert_true(sum == total);
    }
    int64_t part[2];
    exact_allocate(10000000, (int64_t[]){2, 35}, 2, part);
    assert_int_equal(part[0], 540541); /* 2/37 of 10,000,000 is 540,540.54… */
    assert_int_equal(part[1], 9459459);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reading), cmocka_unit_test(rounding), cmocka_unit_test(limits), cmocka_unit_test(words), cmocka_unit_test(allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
