/* SPDX-License-Identifier: MIT */
/* Calendars: sets of open instants, and every question asked of them (semantics T1 to T6).
 *
 * A `calendar_def` says what is open by local wall-clock reading; a `calendar` is that definition in one zone, laid out
 * as dated open intervals with running sums, built by years as questions need them. All questions are O(log n) (T5). */
#ifndef MSA_BASE_CALENDAR_H
#define MSA_BASE_CALENDAR_H
#include "base/daterule.h"
#include "base/zone.h"

enum calendar_kind { CAL_RULES, CAL_ALWAYS, CAL_NEVER, CAL_AND, CAL_OR, CAL_EXCEPT, CAL_KIND_COUNT };

/* Seconds of the local day; `to` may pass 86400 (overnight: 22:00 to 06:00 is {79200, 108000}). Belongs to the date it starts on (T2). */
struct hours { int32_t from, to; };

enum calrule_kind {
    CR_WEEKLY,    /* on `weekdays`: `hours` */
    CR_DURING,    /* on `dates` that are `weekdays`: `hours` replace the weekly ones; a date in `dates` on none of the block's
                     weekdays is closed. All CR_DURING rules with one `group` form one block. */
    CR_CLOSED,    /* on `dates`: nothing; with hours: these seconds of the intervals that start on the date are taken out
                     (from 12:00 = {43200, INT32_MAX}) */
    CR_OPEN,      /* on `dates`: `hours` instead of everything else; without hours: closures do not count there */
    CR_ALSO_OPEN, /* on `dates` that are `weekdays`: `hours` added to whatever holds */
    CR_KIND_COUNT
};

struct calrule {
    uint8_t kind, weekdays;     /* bit 0 = monday */
    bool cut_tail;              /* CR_CLOSED: also cut at midnight what began the day before (`cut at midnight`) */
    uint16_t group;             /* CR_DURING */
    uint16_t n_hours;
    const struct hours *hours;
    uint16_t n_dates;
    const struct daterule *dates;
};

struct calendar_def {
    uint8_t kind;
    bool local;                 /* zone comes from the thing: calendar_open is given it */
    const char *zone;           /* IANA name or NULL: the agreement's, given to calendar_open */
    micros service_day;         /* `a service day is 8 h`; 0: not declared */
    uint16_t n_rules;
    const struct calrule *rules;
    const struct calendar_def *a, *b;   /* set algebra; each operand is read in its own zone if it names one */
    const char *name;
};

struct calendar;                /* opaque; owned by the caller, freed with calendar_close */

/* NULL only when memory is exhausted. `zone` is used where the definition names none; it must outlive the calendar. */
struct calendar *calendar_open(const struct calendar_def *def, const struct zone *zone);
void calendar_close(struct calendar *c);
const struct zone *calendar_zone(const struct calendar *c);

/* Open time in [a, b); 0 if b <= a (T3). */
micros calendar_elapsed(struct calendar *c, instant a, instant b);
/* Earliest t with elapsed(a, t) = d; d = 0: first open instant at or after a; NEVER when there is none (T3, T4). */
instant calendar_due(struct calendar *c, instant a, micros d);
/* Earliest t with elapsed(t, due) = d (E1 "30 min before due"); d = 0: due itself. NONE when there is none. */
instant calendar_before(struct calendar *c, instant due, micros d);
bool calendar_is_open(struct calendar *c, instant t);
/* True when the calendar is never open at any time (the compile-time check of T4). */
bool calendar_is_never(struct calendar *c);

enum day_mode { DAY_SAME_TIME, DAY_END, DAY_BY };
/* N business days from a (T6). DAY_BY: due at `by` seconds of day N. cutoff >= 0: a start after that second of its open
 * date, or on a date that is not open, counts as made on the next open date, and that date is day zero (needs-money 1.1).
 * Pauses (T8) are the caller's. */
instant calendar_business_days(struct calendar *c, instant a, int32_t n, enum day_mode mode, int32_t by, int32_t cutoff);
/* Offset of n business days (n may be negative) from a due instant, the wall-clock time kept, clamped into that date's
 * opening hours; an instant of closing belongs to the date that closes (E1 steps counted in days). */
instant calendar_shift_days(struct calendar *c, instant due, int32_t n);
/* The n-th date after/before d that is a business day. */
date calendar_next_business_date(struct calendar *c, date d, int32_t n);

/* Explanation: the open intervals cut to [a, b), in order, at most `max`; returns how many there are in all.
 * `on` is the date an interval belongs to. */
struct open_interval { instant from, to; date on; };
size_t calendar_intervals(struct calendar *c, instant a, instant b, struct open_interval *out, size_t max);
/* Why a date differs from the weekly hours: the rule that decided it, or NULL. */
const struct calrule *calendar_why(struct calendar *c, date d, const struct daterule **named);

/* Two definitions of equal rank that disagree on a date in [first_year, last_year] (section 5: an error).
 * Returns true and fills the rules and the date. For the compiler. */
bool calendar_conflict(const struct calendar_def *def, int first_year, int last_year, const struct calrule **r1, const struct calrule **r2, date *on);
#endif
