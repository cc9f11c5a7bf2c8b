/* SPDX-License-Identifier: MIT */
/* Holidays by rule: which dates of a year a rule names. A rule never runs out. No zones, no instants here. */
#ifndef MSA_BASE_DATERULE_H
#define MSA_BASE_DATERULE_H
#include "base/prelude.h"

/* A date: days since 1970-01-01 (proleptic Gregorian). */
typedef int32_t date;

enum daterule_kind {
    DR_FIXED,      /* month, day                        `july 4`              (february 29 only in leap years) */
    DR_NTH,        /* nth weekday of month              `fourth thu of november`, nth = -1: `last mon of may` */
    DR_ON_OR_AFTER,/* nth weekday on or after month day `first mon on or after may 1` */
    DR_BEFORE,     /* last weekday before month day     `last wed before november 23` */
    DR_EASTER,     /* western easter                    `easter - 2 days` (offset) */
    DR_ORTHODOX,   /* orthodox easter, as a Gregorian date */
    DR_DATE,       /* one date                          `2026-12-24`          (first) */
    DR_RANGE,      /* dates first..last, both in        `2026-12-24 to 2026-12-31` */
    DR_YEARLY,     /* month day .. month2 day2, both in; may wrap over new year  `december 24 to january 2` */
    DR_KIND_COUNT
};

/* `observed mon when sun`: when the date falls on weekday `from`, the next `to` after it (or, for `back`, the last
 * `to` before it) is taken too (`observed`) or instead (`moved`). Nearest weekday = {sat→fri back, sun→mon}. */
struct observed { uint8_t from, to; bool back, instead; };

struct daterule {
    uint8_t kind, month, day, month2, day2;
    uint8_t weekday;            /* 0 = monday .. 6 = sunday */
    int8_t nth;                 /* 1..5, -1 = last */
    int16_t offset;             /* days added to what the kind gives, before observation */
    date first, last;           /* DR_DATE, DR_RANGE */
    int16_t from_year, to_year; /* both in; 0 = unbounded */
    uint8_t n_observed, n_unless;
    struct observed observed[4];
    int16_t unless[12];         /* years in which the rule does not hold */
    uint32_t name;              /* string id for explanations; opaque here */
};

/* Calls `emit` for every date of `rule` whose date (after observation) lies in `year`, ascending not guaranteed.
 * A date moved over new year is given to the year it lands in. `from_year`, `to_year` and `unless` speak of the year for which
 * the rule is read (for DR_YEARLY that in which it starts, for DR_DATE and DR_RANGE that of each date), before offset and
 * observation. Every `observed` line whose `from` matches adds its date. A date may come twice. `nth` of DR_NTH may be -1..-5;
 * of DR_ON_OR_AFTER 0 means 1. february 29 as the end of a DR_YEARLY is the 28th where there is none. */
void daterule_year(const struct daterule *rule, int year, void (*emit)(void *ctx, date d, const struct daterule *rule), void *ctx);
#endif
