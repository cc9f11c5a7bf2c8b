/* SPDX-License-Identifier: MIT */
/* Nanoseconds per question, for the figures of docs and for noticing a loss. Not a test. */
#include "base/calendar.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define N (1 << 16)

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static instant in_order[N], at_random[N];
static micros spans[N];
static char texts[N][24];
static volatile int64_t sink;

/* The best of seven passes. */
#define MEASURE(what, expression) do { \
    double best = 1e18; \
    for (int pass = 0; pass < 7; pass++) { \
        int64_t sum = 0; \
        double began = now(); \
        for (int i = 0; i < N; i++) \
            sum += (int64_t)(expression); \
        double took = (now() - began) / N; \
        best = took < best ? took : best; \
        sink = sum; \
    } \
    printf("%-46s %7.1f ns\n", what, best); \
} while (0)

int main(void)
{
    static const struct hours hours[] = { { 32400, 61200 } };
    static const struct daterule holidays[] = {
        { .kind = DR_FIXED, .month = 1, .day = 1 }, { .kind = DR_NTH, .month = 1, .weekday = 0, .nth = 3 }, { .kind = DR_NTH, .month = 2, .weekday = 0, .nth = 3 },
        { .kind = DR_NTH, .month = 5, .weekday = 0, .nth = -1 }, { .kind = DR_FIXED, .month = 7, .day = 4, .n_observed = 2, .observed = { { 5, 4, true, true }, { 6, 0, false, true } } },
        { .kind = DR_NTH, .month = 9, .weekday = 0, .nth = 1 }, { .kind = DR_NTH, .month = 11, .weekday = 3, .nth = 4 }, { .kind = DR_FIXED, .month = 12, .day = 25 },
    };
    static const struct calrule rules[] = {
        { .kind = CR_WEEKLY, .weekdays = 0x1f, .n_hours = 1, .hours = hours }, { .kind = CR_CLOSED, .n_dates = 8, .dates = holidays },
    };
    static const struct calendar_def def = { .kind = CAL_RULES, .zone = "America/New_York", .n_rules = 2, .rules = rules };
    const char *why;
    double began = now();
    const struct zone *z = zone_load("America/New_York");
    printf("%-46s %7.0f us\n", "load a zone", (now() - began) / 1e3);
    began = now();
    struct calendar *c = calendar_open(&def, z);
    instant start = civil_read_instant("2024-01-01T00:00:00Z", 20, &why);
    sink = calendar_is_open(c, start + 365 * DAY_US);
    printf("%-46s %7.0f us\n", "open, and the first question (three years)", (now() - began) / 1e3);
    began = now();
    struct calendar *far = calendar_open(&def, z);
    sink = calendar_is_open(far, start);
    sink = calendar_is_open(far, start + 150 * 365 * DAY_US);
    printf("%-46s %7.0f us\n", "a question 150 years away", (now() - began) / 1e3);
    calendar_close(far);
    uint64_t x = 88172645463325252u;
    for (int i = 0; i < N; i++) {
        x ^= x << 13, x ^= x >> 7, x ^= x << 17;
        in_order[i] = start + i * (2 * 365 * DAY_US / N);
        at_random[i] = start + (int64_t)(x >> 16) % (2 * 365 * DAY_US);
        spans[i] = (int64_t)(x >> 20) % (4 * DAY_US);
        char text[CIVIL_TEXT_MAX];
        civil_write_instant(text, at_random[i] / USEC * USEC, 0, true);
        memcpy(texts[i], text, 20);
    }
    char out[CIVIL_TEXT_MAX];
    MEASURE("zone_offset, in order", zone_offset(z, in_order[i], NULL, NULL));
    MEASURE("zone_offset, at random", zone_offset(z, at_random[i], NULL, NULL));
    MEASURE("zone_wall and back by zone_instant, at random", zone_instant(z, zone_wall(z, at_random[i]), &(instant){ 0 }, &(instant){ 0 }, NULL));
    MEASURE("elapsed, in order, spans up to 4 days", calendar_elapsed(c, in_order[i], in_order[i] + spans[i]));
    MEASURE("elapsed, at random, spans up to 4 days", calendar_elapsed(c, at_random[i], at_random[i] + spans[i]));
    MEASURE("is_open, at random", calendar_is_open(c, at_random[i]));
    MEASURE("due, in order, up to 32 open hours", calendar_due(c, in_order[i], spans[i] / 3));
    MEASURE("due, at random, up to 32 open hours", calendar_due(c, at_random[i], spans[i] / 3));
    MEASURE("due, at random, 1000 open hours", calendar_due(c, at_random[i] - 180 * DAY_US, 1000 * HOUR_US));
    MEASURE("before, at random, 4 open hours", calendar_before(c, at_random[i], 4 * HOUR_US));
    MEASURE("business days, end of day, at random", calendar_business_days(c, at_random[i], 3, DAY_END, 0, -1));
    MEASURE("business days, same time, at random", calendar_business_days(c, at_random[i], 3, DAY_SAME_TIME, 0, -1));
    MEASURE("read 2024-03-04T13:15:27Z, at random", civil_read_instant(texts[i], 20, &why));
    MEASURE("write it, Z", civil_write_instant(out, at_random[i], 0, true));
    MEASURE("write it, with the zone's offset", civil_write_instant(out, zone_wall(z, at_random[i]), -18000, false));
    calendar_close(c);
    zone_unload_all();
}
