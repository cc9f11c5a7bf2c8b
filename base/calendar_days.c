/* SPDX-License-Identifier: MIT */
/* Questions about business days (T6, E1): an index into the table of business dates, then the wall clock of the date found.
 *
 * Pointers to days die when the table grows, so days are passed by value; a day with on == INT32_MAX is none. */
#include "base/calendar_build.h"

static const struct day no_day = { NEVER, NEVER, INT32_MAX, 0 };

/* The first business date at or after d, among those laid out. */
static size_t day_index(const struct calendar *c, date d)
{
    if (d < c->first_date)
        return 0;
    return d > c->end_date ? c->n_days : c->day_at[d - c->first_date];
}

static instant start_of(const struct calendar *c, date d)
{
    return calendar_local_instant(c->root.zone, (int64_t)d * DAY_US);
}

static date in_years(date d)
{
    const date low = CAL_LOW / DAY_US, high = CAL_HIGH / DAY_US;
    return d < low ? low : d > high ? high : d;
}

/* The n-th business date from d on; n = 0 is the first one at or after d. */
static struct day day_after(struct calendar *c, date d, int32_t n)
{
    int32_t step = 1;
    d = in_years(d);
    calendar_cover_date(c, d);
    for (;;) {
        size_t i = day_index(c, d) + (size_t)n;
        if (i < c->n_days)
            return c->days[i];
        if (!calendar_forward(c, start_of(c, d), &step))
            return no_day;
    }
}

/* The n-th business date before d; n = 1 is the last one before d. */
static struct day day_before(struct calendar *c, date d, int32_t n)
{
    int32_t step = 1;
    d = in_years(d);
    calendar_cover_date(c, d);
    for (;;) {
        size_t i = day_index(c, d);
        if (i >= (size_t)n)
            return c->days[i - (size_t)n];
        if (!calendar_backward(c, start_of(c, d), &step))
            return no_day;
    }
}

enum test { OPEN_AT, CLOSING_AT, WITHIN };

static bool piece_test(const struct calendar *c, size_t i, instant t, enum test test)
{
    const struct day *day = &c->days[i];
    if (test == WITHIN)
        return t >= day->open && t < day->close;
    for (uint32_t k = day->first; k < day[1].first; k++) {
        const struct piece *p = &c->pieces[k];
        if (test == OPEN_AT ? t >= p->from && t < p->to : t > p->from && t <= p->to)
            return true;
    }
    return false;
}

/* The latest business date that has t in (or at the end of) one of its pieces, or between its first opening and its close. */
static struct day day_of(struct calendar *c, instant t, enum test test)
{
    date local = calendar_local_date(c->root.zone, t), first = local - c->root.reach - 2, last = local + 2;
    calendar_cover_date(c, in_years(first));
    calendar_cover_date(c, in_years(last));
    for (size_t i = day_index(c, last + 1); i > 0 && c->days[i - 1].on >= first; i--)
        if (piece_test(c, i - 1, t, test))
            return c->days[i - 1];
    return no_day;
}

/* t brought into the open time of a day: to its opening, its close, or the end of a gap between its intervals.
 * With `closings`, the ends of its intervals count as open (E1: an instant of closing belongs to the date that closes). */
static instant clamp(const struct calendar *c, const struct day *day, instant t, bool closings)
{
    if (t <= day->open)
        return day->open;
    if (t >= day->close)
        return day->close;
    size_t i = day_index(c, day->on);
    for (uint32_t k = c->days[i].first; k < c->days[i + 1].first; k++) {
        const struct piece *p = &c->pieces[k];
        if (t < p->from)
            return p->from;
        if (t < p->to || (closings && t == p->to))
            return t;
    }
    return day->close;
}

/* Microseconds since the local midnight of `on`; above 24 h in the tail of an overnight interval. */
static int64_t wall_of(const struct calendar *c, instant t, date on)
{
    return zone_wall(c->root.zone, t) - (int64_t)on * DAY_US;
}

static instant at_wall(const struct calendar *c, date on, int64_t wall)
{
    return calendar_local_instant(c->root.zone, (int64_t)on * DAY_US + wall);
}

instant calendar_business_days(struct calendar *c, instant a, int32_t n, enum day_mode mode, int32_t by, int32_t cutoff)
{
    if (a == NONE || n < 0)
        return NONE;
    if (a < CAL_LOW || a >= CAL_HIGH)
        return NEVER;

    /* Day zero, and the wall clock there; `opening` when the start moved to the opening of day zero. */
    bool opening = false;
    instant start = a;
    struct day zero = day_of(c, a, OPEN_AT), target;
    if (zero.on == INT32_MAX) {
        zero = day_of(c, a, WITHIN); /* between two intervals of a date: as from its next opening */
        if (zero.on != INT32_MAX && cutoff < 0)
            start = clamp(c, &zero, a, false);
    }
    if (cutoff >= 0) {
        date on = zero.on == INT32_MAX ? calendar_local_date(c->root.zone, a) : zero.on;
        zero = day_after(c, on, 0);
        if (zero.on != on || wall_of(c, a, on) > cutoff * USEC) {
            zero = day_after(c, on + 1, 0);
            opening = true;
        }
    } else if (zero.on == INT32_MAX) {
        start = calendar_due(c, a, 0);
        if (start == NEVER)
            return NEVER;
        zero = day_of(c, start, OPEN_AT);
        opening = true;
        if (mode != DAY_SAME_TIME && n > 0)
            n--; /* the next open date is day one */
    }
    if (zero.on == INT32_MAX)
        return NEVER;
    target = day_after(c, zero.on, n);
    if (target.on == INT32_MAX)
        return NEVER;
    switch (mode) {
    case DAY_END:
        return target.close;
    case DAY_BY:
        return at_wall(c, target.on, by * USEC);
    case DAY_SAME_TIME:
        break;
    }
    if (opening)
        return target.open;
    if (n == 0)
        return clamp(c, &target, start, false);
    return clamp(c, &target, at_wall(c, target.on, wall_of(c, start, zero.on)), false);
}

instant calendar_shift_days(struct calendar *c, instant due, int32_t n)
{
    if (n == 0 || due == NONE || due == NEVER)
        return due;
    if (due < CAL_LOW || due > CAL_HIGH)
        return n < 0 ? NONE : NEVER;
    struct day own = day_of(c, due, CLOSING_AT);
    if (own.on == INT32_MAX)
        own = day_of(c, due, OPEN_AT); /* an instant of opening */
    if (own.on == INT32_MAX)
        own = day_of(c, due, WITHIN);
    date on = own.on == INT32_MAX ? calendar_local_date(c->root.zone, due) : own.on;
    date to = calendar_next_business_date(c, on, n);
    if (to == INT32_MAX || to == INT32_MIN)
        return n < 0 ? NONE : NEVER;
    struct day target = day_after(c, to, 0);
    return clamp(c, &target, at_wall(c, to, wall_of(c, due, on)), true);
}

date calendar_next_business_date(struct calendar *c, date d, int32_t n)
{
    if (n >= 0)
        return day_after(c, n ? d + 1 : d, n ? n - 1 : 0).on;
    struct day day = day_before(c, d, n == INT32_MIN ? INT32_MAX : -n);
    return day.on == INT32_MAX ? INT32_MIN : day.on;
}
