/* SPDX-License-Identifier: MIT */
/* Instants and spans as text, and read from it. */
#ifndef MSA_CLI_WHEN_H
#define MSA_CLI_WHEN_H
#include "base/zone.h"
#include "base/str.h"

/* Writes instants in one zone. Texts of days and the last stretches of constant offset are kept: nearly every instant
 * costs a look-up and nine digits. */
struct when {
    const struct zone *zone;
    struct { instant from, until; int32_t offset; char text[12]; int n; } stretch[2];
    int newest;
    struct { date day; bool set; char text[10]; } day[64];
};
void when_init(struct when *w, const struct zone *zone);
/* 2026-03-06T17:50:00-05:00; "never" and "none" for those two. Writes at most CIVIL_TEXT_MAX bytes and returns how many. */
int when_iso(struct when *w, char *out, instant t);
/* A time that comes twice, when the clocks go back, has its offset behind it: `02:30 +01:00`.
 * For tables: `Fri 2026-03-06 17:50`, seconds only where there are any. */
void when_short(struct sb *b, const struct zone *z, instant t);
/* For sentences: `Friday 6 March 2026, 17:50`. */
void when_long(struct sb *b, const struct zone *z, instant t);
void when_day(struct sb *b, date d);          /* Friday 6 March 2026 */
void when_time(struct sb *b, const struct zone *z, instant t); /* 17:50 */
/* A change of the clocks: `Sunday 1 November 2026, when 02:00 becomes 01:00`. */
void when_change(struct sb *b, instant t, int32_t before, int32_t after);
/* `2 h 30 min`; "0 min" for nothing. */
void when_span(struct sb *b, micros d);

/* `4 h`, `90 min`, `2 h 30 min`, `0.5 h`, `45 s`, `4h`. NULL, or what is wrong. */
const char *read_span(struct str s, micros *out);
/* With an offset or Z: that instant; without: by the clock of the zone, of a time that comes twice the earlier. Seconds and, when
 * `dates`, the time may be missing (then it is 00:00). NULL, or what is wrong. */
const char *read_when(struct str s, const struct zone *z, bool dates, instant *out);
#endif
