/* SPDX-License-Identifier: MIT */
/* Private to calendar*.c: the laid-out form of a calendar and how it grows. */
#ifndef MSA_BASE_CALENDAR_BUILD_H
#define MSA_BASE_CALENDAR_BUILD_H
#include "base/calendar.h"

/* A dated piece: open instants [from, to) that belong to the date `on`. */
struct piece { instant from, to; date on; };
struct pieces { struct piece *v; size_t n, cap; };

/* A united open interval and the open time before it, counted from the first row. */
struct row { instant from, to; micros before; };

/* A business date: its pieces are pieces[first] up to the next day's first. */
struct day { instant open, close; date on; uint32_t first; };

struct node {
    const struct calendar_def *def;
    const struct zone *zone;
    struct node *a, *b; /* operands */
    int32_t reach;      /* a piece ends at most this many days after its date */
};

/* rows[0] is an empty row at the start of what is built and rows[n_rows] lies at the end of time, so that every instant
 * has a row at or before it and one after it. */
struct calendar {
    instant valid_from, valid_to; /* rows are complete in here */
    int64_t index_base;
    struct row *rows;
    uint32_t *index;              /* last row that starts at or before the start of each slot of time */
    size_t n_rows, n_index;
    bool dense;                   /* some slot has many rows */
    struct day *days;             /* all business dates of the years built; days[n_days].first = n_pieces */
    size_t n_days;
    uint32_t *day_at;             /* first day at or after each date of first_date..end_date, both in */
    date first_date, end_date;
    struct piece *pieces;
    size_t n_pieces;
    int32_t first_year, end_year; /* built: first_year <= y < end_year; both 0 before the first question */
    struct node root;
};

/* Slots of 2^35 us: with office hours at most one row begins in each, and finding it takes no branch that can go wrong. */
#define CAL_SLOT 35

/* A calendar without an opening for this long has closed for good (T4). */
#define CAL_HORIZON_YEARS 60

/* Appends the dated pieces of the dates first..last, both in, ordered by (on, from), disjoint within a date. */
void calendar_generate(const struct node *node, date first, date last, struct pieces *out);
void pieces_add(struct pieces *p, instant from, instant to, date on);
/* By start, then united where they touch. */
void pieces_unite(struct pieces *p);
void *calendar_memory(void *old, size_t n, size_t size);

/* Lays out the years around t, so that valid_from <= t < valid_to. t in [CAL_LOW, CAL_HIGH]. */
void calendar_cover(struct calendar *c, instant t);
void calendar_cover_date(struct calendar *c, date d);
/* Lays out more years; false when there is no opening for the horizon past (before) `asked`, or no more years. */
bool calendar_forward(struct calendar *c, instant asked, int32_t *step);
bool calendar_backward(struct calendar *c, instant asked, int32_t *step);

static inline bool calendar_covers(const struct calendar *c, instant t)
{
    return t >= c->valid_from && t < c->valid_to;
}

static inline date calendar_local_date(const struct zone *z, instant t)
{
    return civil_split(zone_wall(z, t), NULL);
}

/* A local reading as an instant: the change where it is skipped, the earlier where it is repeated (T6). */
static inline instant calendar_local_instant(const struct zone *z, int64_t wall)
{
    instant earlier, later, jump;
    return zone_instant(z, wall, &earlier, &later, &jump) == WALL_SKIPPED ? jump : earlier;
}
#endif
