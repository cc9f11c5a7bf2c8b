/* SPDX-License-Identifier: MIT */
/* Calendars: sets of open instants, and every question asked of them (semantics T1 to T6).
 *
 * A `calendar_def` says what is open by local wall-clock reading; a `calendar` is that definition in one zone, laid out
 * as dated open intervals with running sums, built by years as questions need them. All questions are O(log n) (T5).
 *
 * Instants are answered for the years 1700 to 2500: outside, `elapsed` counts nothing, and the other questions give NEVER
 * or NONE. A question may grow the table, so one calendar serves one thread; when memory is gone then, msa_bug is called.
 *
 * The open instants of a date's interval [from, to) are the union, over the zone's stretches of constant offset, of
 * [from - offset, to - offset) cut to the stretch: skipped readings contribute nothing, repeated ones count twice (T1). */
#ifndef MSA_BASE_CALENDAR_H
#define MSA_BASE_CALENDAR_H
#include "base/daterule.h"
#include "base/zone.h"

enum calendar_kind { CAL_RULES, CAL_ALWAYS, CAL_NEVER, CAL_AND, CAL_OR, CAL_EXCEPT, CAL_KIND_COUNT };

/* Seconds of the local day; `to` may pass 86400 (overnight: 22:00 to 06:00 is {79200, 108000}). Belongs to the date it starts on (T2). */
struct hours { int32_t from, to; }; /* `to` at most 32 days */

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
    bool cut_tail;              /* CR_CLOSED: also cut at midnight what began the day before (`cut at midnight`); not where a CR_OPEN holds */
    uint16_t group;             /* CR_DURING */
    uint16_t n_hours;
    const struct hours *hours;
    uint16_t n_dates;
    const struct daterule *dates;
};

/* On one date: CR_OPEN with hours, else (CR_DURING else CR_WEEKLY) less CR_CLOSED, which a CR_OPEN without hours disables;
 * then CR_ALSO_OPEN is added. Rules of equal rank are united; of two CR_DURING groups the first holds (calendar_conflict
 * finds them). `weekdays` is read for CR_WEEKLY, CR_DURING and CR_ALSO_OPEN only. */
struct calendar_def {
    uint8_t kind;
    bool local;                 /* zone comes from the thing: calendar_open is given it */
    const char *zone;           /* IANA name or NULL: the agreement's, given to calendar_open */
    micros service_day;         /* `a service day is 8 h`; 0: not declared */
    uint16_t n_rules;
    const struct calrule *rules;
    const struct calendar_def *a, *b;   /* set algebra; each operand is read in its own zone if it names one, else in that given to
                                         * calendar_open. AND, EXCEPT: the dated pieces of a, cut by the united set of b; a piece whose
                                         * start moved belongs to the local date (in this definition's zone) of its new start. OR: the
                                         * dated pieces of both, united within a date. */
    const char *name;
};

/* The outermost instants a question may name, and the years that may be built; an event outside them is rejected. */
#define CAL_FIRST_YEAR 1700
#define CAL_LAST_YEAR 2500
#define CAL_LOW (INT64_C(-98615) * DAY_US)  /* 1700-01-01T00:00Z */
#define CAL_HIGH (INT64_C(193944) * DAY_US) /* 2501-01-01T00:00Z */

struct calendar;                /* opaque; owned by the caller, freed with calendar_close */

/* NULL when memory is exhausted or a zone is unknown. `zone` is used where the definition names none (NULL: UTC). The zone and the
 * definition must outlive the calendar. Nothing is laid out before the first question. */
struct calendar *calendar_open(const struct calendar_def *def, const struct zone *zone);
void calendar_close(struct calendar *c);
const struct zone *calendar_zone(const struct calendar *c);

/* Open time in [a, b); 0 if b <= a (T3). */
micros calendar_elapsed(struct calendar *c, instant a, instant b);
/* Earliest t with elapsed(a, t) = d; d <= 0: first open instant at or after a; NEVER when there is none: no opening for 60
 * years from a or from the last one, or none before 2501 (T3, T4). An absent a (NONE) gives NONE. */
instant calendar_due(struct calendar *c, instant a, micros d);
/* Earliest t with elapsed(t, due) = d (E1 "30 min before due"); d = 0: due itself. NONE when there is none. Where d is all the
 * open time there ever was before due, the first opening of all. */
instant calendar_before(struct calendar *c, instant due, micros d);
bool calendar_is_open(struct calendar *c, instant t);
/* True when the calendar is never open at any time (the compile-time check of T4). */
bool calendar_is_never(struct calendar *c);

enum day_mode { DAY_SAME_TIME, DAY_END, DAY_BY };
/* N business days from a (T6). DAY_BY: due at `by` seconds of day N. cutoff >= 0: a start after that second of its open
 * date, or on a date that is not open, counts as made on the next open date, and that date is day zero (needs-money 1.1).
 * Pauses (T8) are the caller's.
 *
 * Day zero is the date whose interval has a in it (the latest date, if intervals overlap), also after midnight: then the wall
 * clock kept is above 24:00 of that date. Between two intervals of a date (lunch) a counts as the next opening of that date,
 * in open time: otherwise a start at 12:30 would be due before one at 11:59. An instant of closing is a closed start.
 * A closed start: DAY_END and DAY_BY take the next open date as day one; DAY_SAME_TIME gives the opening N open dates after it.
 * N = 0: the close (`by`) of day zero, for a closed start of the next open date; DAY_SAME_TIME: a itself or the next opening.
 * DAY_SAME_TIME is clamped on day N: before the opening to the opening, from the close on to the close, in a gap (its first
 * instant included) to the next opening. DAY_BY is not clamped. A reading that the clocks skip is the instant of the change, a
 * repeated one the earlier. Exactly at the cut-off is in time. n < 0 gives NONE. */
instant calendar_business_days(struct calendar *c, instant a, int32_t n, enum day_mode mode, int32_t by, int32_t cutoff);
/* Offset of n business days (n may be negative) from a due instant, the wall-clock time kept, clamped into that date's
 * opening hours; an instant of closing belongs to the date that closes (E1 steps counted in days), and a result at the end of an
 * interval stays there. A due that is not in a business day's hours counts from its local date: from a sunday, -1 is friday
 * and 1 is monday, at the wall clock clamped. n = 0: due itself. NEVER (n > 0) or NONE (n < 0) when there is no such day. */
instant calendar_shift_days(struct calendar *c, instant due, int32_t n);
/* The n-th date after (n > 0) or before (n < 0) d that is a business day; n = 0: d or the next after it.
 * INT32_MAX or INT32_MIN when there is none. */
date calendar_next_business_date(struct calendar *c, date d, int32_t n);

/* Explanation: the open intervals cut to [a, b), in order, at most `max`; returns how many there are in all.
 * `on` is the date an interval belongs to. Where intervals of two dates overlap, the later one is listed from where the
 * earlier ends, so that the lengths add up to `elapsed`. */
struct open_interval { instant from, to; date on; };
size_t calendar_intervals(struct calendar *c, instant a, instant b, struct open_interval *out, size_t max);
/* Why a date differs from the weekly hours: the rule of highest rank that holds there, or NULL; `named` (may be NULL) is its
 * date rule. Of set algebra, the first operand that has one. */
const struct calrule *calendar_why(struct calendar *c, date d, const struct daterule **named);

/* Two definitions of equal rank that disagree on a date in [first_year, last_year] (section 5: an error).
 * Returns true and fills the rules and the date. For the compiler. Found are: two CR_WEEKLY on one weekday, two CR_DURING groups on
 * one date, two CR_OPEN with different hours (or one with and one without) on one date. Operands are looked at too. */
bool calendar_conflict(const struct calendar_def *def, int first_year, int last_year, const struct calrule **r1, const struct calrule **r2, date *on);
#endif
