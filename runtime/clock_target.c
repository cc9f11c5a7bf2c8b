/* SPDX-License-Identifier: MIT */
#include "runtime/clock_target.h"
#include "runtime/state.h"

/* ---- stretches ---- */

void clock_release(struct engine *e, struct clock *c)
{
    c->far_stretches = heap_array(e->heap, c->far_stretches, c->cap_stretches * sizeof *c->far_stretches, 0);
    c->n_stretches = c->cap_stretches = 0;
    chosen_drop(e, &c->chosen);
}

static void stretches_grow(struct engine *e, struct clock *c)
{
    uint32_t cap = c->cap_stretches ? c->cap_stretches * 2 : CLOCK_STRETCHES * 4;
    if (cap < c->cap_stretches) { engine_fail(e, MSA_LIMIT, "a clock has more than 2^31 pauses"); }
    struct msa_segment *p = heap_array(e->heap, c->far_stretches, c->cap_stretches * sizeof *p, cap * sizeof *p);
    if (!c->cap_stretches) {
        for (uint32_t i = 0; i < c->n_stretches; i++) { p[i] = c->near_stretches[i]; }
    }
    c->far_stretches = p;
    c->cap_stretches = cap;
}

/* From `from` on the clock does `what`. One without length gives way, one that only goes on is not cut. */
void clock_stretch_begin(struct engine *e, struct clock *c, instant from, enum msa_stretch what)
{
    const struct msa_segment *s = clock_stretches(c);
    if (c->n_stretches && s[c->n_stretches - 1].from == from) {
        c->n_stretches--;
        if (c->base_stretch > c->n_stretches) { c->base_stretch = c->n_stretches; }
    }
    uint32_t last = c->n_stretches - 1;
    if (c->n_stretches > c->base_stretch && s[last].what == what && s[last].calendar == c->calendar) { return; }
    if (c->n_stretches == (c->cap_stretches ? c->cap_stretches : CLOCK_STRETCHES)) { stretches_grow(e, c); }
    const struct event *ev = e->event;
    clock_stretches(c)[c->n_stretches++] = (struct msa_segment){
        .from = from,
        .calendar = c->calendar,
        .line = ev ? ev->line : 0,
        .event = ev && ev->type < UINT16_MAX ? (uint16_t)ev->type : UINT16_MAX,
        .what = (uint8_t)what,
    };
}

micros clock_counted(struct engine *e, struct clock *c, uint32_t calendar, instant from, instant to)
{
    const struct msa_segment *s = clock_stretches(c);
    micros sum = 0;
    for (uint32_t i = 0; i < c->n_stretches; i++) {
        instant end = i + 1 < c->n_stretches && s[i + 1].from < to ? s[i + 1].from : to;
        if (s[i].what != MSA_COUNTING) { continue; }
        sum += calendars_elapsed(e->calendars, calendar == NO_REF ? s[i].calendar : calendar, later(s[i].from, from), end);
    }
    return sum;
}

instant clock_reaches(struct engine *e, struct clock *c, micros amount, uint32_t calendar, uint32_t first, instant from)
{
    const struct msa_segment *s = clock_stretches(c);
    micros left = amount;
    for (uint32_t i = first; i < c->n_stretches; i++) {
        bool last = i + 1 == c->n_stretches;
        if (s[i].what != MSA_COUNTING) { continue; }
        uint32_t in = calendar == NO_REF ? s[i].calendar : calendar;
        instant begin = later(s[i].from, from);
        if (!last && s[i + 1].from <= begin) { continue; }
        if (left < 0) { return begin; }
        if (last) { return calendars_due(e->calendars, in, begin, left); }
        micros got = calendars_elapsed(e->calendars, in, begin, s[i + 1].from);
        /* Used up exactly where a pause begins: due stays there (C4). With nothing left it is the first opening (T3), which may
         * come only after the stretch. */
        if (got > left || (got == left && left > 0)) { return calendars_due(e->calendars, in, begin, left); }
        if (left == 0) {
            instant opening = calendars_due(e->calendars, in, begin, 0);
            if (opening <= s[i + 1].from) { return opening; }
        }
        left -= got;
    }
    return left < 0 ? e->now : calendars_due(e->calendars, calendar == NO_REF ? c->calendar : calendar, later(e->now, from), left);
}

/* Does stretch i, or a later one, begin before due? A pause and a closed stretch that follow each other are one (C4). */
static bool moves(const struct msa_segment *s, uint32_t i, instant due)
{
    while (i > 0 && s[i].what != MSA_COUNTING && s[i - 1].what != MSA_COUNTING) { i--; }
    return s[i].from < due;
}

micros clock_paused_open(struct engine *e, struct clock *c, instant due)
{
    const struct msa_segment *s = clock_stretches(c);
    micros sum = 0;
    for (uint32_t i = 0; i < c->n_stretches && moves(s, i, due); i++) {
        if (s[i].what == MSA_COUNTING) { continue; }
        sum += calendars_elapsed(e->calendars, c->calendar, s[i].from, i + 1 < c->n_stretches ? s[i + 1].from : e->now);
    }
    return sum;
}

micros clock_paused_plain(struct clock *c, instant t)
{
    const struct msa_segment *s = clock_stretches(c);
    micros sum = 0;
    for (uint32_t i = 0; i < c->n_stretches; i++) {
        instant end = i + 1 < c->n_stretches && s[i + 1].from < t ? s[i + 1].from : t;
        if (s[i].what == MSA_STRETCH_PAUSED && end > s[i].from) { sum += end - s[i].from; }
    }
    return sum;
}

/* ---- targets ---- */

/* Asks the clock's target function. A date that the record does not hold, or a calendar of a place without one, is no
 * target: nothing is guessed. */
struct aim clock_aim_at(struct engine *e, struct entity *n, const struct m_clock *record)
{
    struct aim a = {NO_REF, 0, NONE};
    if (record->target == NO_REF) { return a; }
    struct vm_result r = vm_run(e, record->target, n, e->now);
    if (r.calendar != NONE) { a.calendar = (uint32_t)r.calendar; }
    if (r.scalar == NONE) { return a; }
    const struct m_target *t = &e->module->target[r.scalar];
    if (r.calendar == NONE) {
        if (t->calendar != NO_REF) {
            a.calendar = t->calendar;
        } else if (t->flags & TARGET_DYNAMIC_CALENDAR) {
            return a;
        }
    }
    if (t->kind == TARGET_RECORD) {
        a.record = t->attr == NO_REF ? NONE : entity_scalars(&e->kind[n->kind], n)[e->module->attr[t->attr].slot];
        if (a.record == NONE) { return a; }
    }
    a.target = (uint32_t)r.scalar;
    return a;
}

static instant at_wall(const struct zone *z, int64_t wall)
{
    instant earlier, late, jump;
    /* A reading that is skipped becomes the instant of the change; of two the first holds. */
    return zone_instant(z, wall, &earlier, &late, &jump) == WALL_SKIPPED ? jump : earlier;
}

static instant days_due(const struct zone *z, const struct m_target *t, instant start)
{
    int64_t of_day;
    date day = civil_split(zone_wall(z, start), &of_day);
    date on = t->kind == TARGET_MONTHS ? civil_add_months(day, (int)t->amount) : (date)(day + t->amount);
    int64_t midnight = (int64_t)on * DAY_US;
    switch ((enum day_mode)t->mode) {
    case DAY_END: return at_wall(z, midnight + DAY_US);
    case DAY_BY: return at_wall(z, midnight + t->by * USEC);
    case DAY_SAME_TIME: break;
    }
    return at_wall(z, midnight + of_day);
}

/* The date of a target of dates, pauses not yet added (T6). */
static instant date_due(struct engine *e, const struct clock *c, const struct aim *a, const struct m_target *t)
{
    if (t->kind != TARGET_RECORD && (t->amount < 0 || t->amount > 1000000)) { return NEVER; }
    switch ((enum target_kind)t->kind) {
    case TARGET_BUSINESS_DAYS:
        return calendar_business_days(calendars_at(e->calendars, a->calendar), c->started, (int32_t)t->amount, (enum day_mode)t->mode,
                                      (int32_t)t->by, (int32_t)t->cutoff);
    case TARGET_DAYS:
    case TARGET_MONTHS: return days_due(calendars_zone_of(e->calendars, a->calendar), t, c->started);
    case TARGET_RECORD: return a->calendar ? calendars_due(e->calendars, a->calendar, a->record, 0) : a->record;
    case TARGET_OPEN: break;
    }
    MSA_BUG("not a target of dates");
}

/* T8: the date first, then the open time of each pause that began before it. A pause that begins at due or later moves
 * nothing. */
instant clock_add_pauses(struct engine *e, struct clock *c, instant due, uint32_t calendar, instant from)
{
    const struct msa_segment *s = clock_stretches(c);
    for (uint32_t i = 0; i < c->n_stretches && moves(s, i, due); i++) {
        if (s[i].what == MSA_COUNTING) { continue; }
        instant end = i + 1 < c->n_stretches ? s[i + 1].from : e->now;
        micros open = calendars_elapsed(e->calendars, calendar, later(s[i].from, from), end);
        if (open > 0) { due = calendars_due(e->calendars, calendar, due, open); }
    }
    return due;
}

/* When the clock is due under `a`; one that is paused, if it resumed now. `again`: all stretches counted anew in a's
 * calendar, otherwise each as it was. */
instant clock_due_under(struct engine *e, struct clock *c, const struct aim *a, bool again)
{
    const struct m_target *t = &e->module->target[a->target];
    if (t->kind != TARGET_OPEN) { return clock_add_pauses(e, c, date_due(e, c, a, t), a->calendar, NONE); }
    if (again) { return clock_reaches(e, c, t->amount, a->calendar, 0, NONE); }
    return clock_reaches(e, c, t->amount - c->base, NO_REF, c->base_stretch, NONE);
}

struct aim clock_aim_of(const struct clock *c)
{
    return (struct aim){c->target, c->calendar, c->record};
}

bool clock_needs_no_target(const struct m_clock *record)
{
    return record->flags & (CLOCK_MEASURED_ONLY | CLOCK_CHAIN);
}

/* A breach stands and keeps its due (C4, C5); a paused clock has none (C4); one that is only measured, or counts reminders,
 * never has. */
void clock_find_due(struct engine *e, struct clock *c, const struct m_clock *record)
{
    if (c->breached || clock_needs_no_target(record)) { return; }
    struct aim a = clock_aim_of(c);
    c->due = c->paused || c->target == NO_REF ? NONE : clock_due_under(e, c, &a, false);
    if (c->due_first == NONE || c->first_at == e->now) {
        c->due_first = c->due;
        c->first_at = e->now;
    }
}

/* True when the target function says something else than the last time it was asked. */
bool clock_news(struct clock *c, const struct aim *a)
{
    bool same = a->target == c->seen_target && a->calendar == c->seen_calendar && a->record == c->seen_record;
    c->seen_target = a->target;
    c->seen_calendar = a->calendar;
    c->seen_record = a->record;
    return !same;
}

void clock_take_aim(struct clock *c, const struct m_clock *record, const struct aim *a)
{
    c->target = a->target;
    c->calendar = a->calendar;
    c->record = a->record;
    c->pending = a->target == NO_REF && !clock_needs_no_target(record);
    c->had_target |= a->target != NO_REF;
}

/* ---- a changed target (C5, C6, C9) ---- */

/* All counting stretches are measured anew in one calendar (C5 recompute). */
static void count_again(struct clock *c, uint32_t calendar)
{
    struct msa_segment *s = clock_stretches(c);
    for (uint32_t i = 0; i < c->n_stretches; i++) { s[i].calendar = calendar; }
    c->base = 0;
    c->base_stretch = 0;
}

static void start_over(struct engine *e, struct clock *c)
{
    c->started = e->now;
    c->base = 0;
    c->base_stretch = c->n_stretches = 0;
    clock_stretch_begin(e, c, e->now, c->paused ? MSA_STRETCH_PAUSED : MSA_COUNTING);
}

/* Open time that a target gives: its amount, or for dates what lies between start and due without the pauses (E1). */
static micros amount_of(struct engine *e, struct clock *c)
{
    const struct m_target *t = &e->module->target[c->target];
    if (t->kind == TARGET_OPEN) { return t->amount; }
    struct aim a = clock_aim_of(c);
    instant due = clock_due_under(e, c, &a, false);
    return calendars_elapsed(e->calendars, c->calendar, c->started, due) - clock_paused_open(e, c, due);
}

static micros used_now(struct engine *e, struct clock *c)
{
    const struct msa_segment *s = clock_stretches(c);
    if (c->base_stretch >= c->n_stretches) { return c->base; }
    return c->base + clock_counted(e, c, NO_REF, s[c->base_stretch].from, e->now);
}

/* Keep the share used: what was used, times new over old, cut. */
static void keep_share(struct engine *e, struct clock *c, const struct m_clock *record, const struct aim *a)
{
    const struct m_target *to = &e->module->target[a->target];
    micros used = used_now(e, c), was = c->target == NO_REF ? 0 : amount_of(e, c);
    if (to->kind != TARGET_OPEN || was <= 0) { return; }
    wide_int base = (wide_int)used * to->amount / was;
    if (base > INT64_MAX) { engine_overflow(e, record->clause, "the share used of a target"); }
    c->base = (micros)base;
    c->calendar = a->calendar;
    if (!c->paused) {
        /* The stretch that runs is cut here even if its calendar stays: what is before is in the base. */
        c->base_stretch = c->n_stretches;
        clock_stretch_begin(e, c, e->now, MSA_COUNTING);
    } else {
        c->base_stretch = c->n_stretches;
    }
}

/* Never lengthen: the earlier of the old and the new due holds. */
static bool would_lengthen(struct engine *e, struct clock *c, const struct aim *a)
{
    if (c->target == NO_REF) { return false; }
    struct aim old = clock_aim_of(c);
    return clock_due_under(e, c, a, true) > clock_due_under(e, c, &old, false);
}

/* Do two targets differ in nothing but the calendar they are counted in? */
static bool same_but_calendar(const struct engine *e, uint32_t a, uint32_t b)
{
    if (a == b) { return true; }
    if (a == NO_REF || b == NO_REF) { return false; }
    const struct m_target *x = &e->module->target[a], *y = &e->module->target[b];
    const uint32_t of_calendar = TARGET_DYNAMIC_CALENDAR;
    return x->kind == y->kind && x->amount == y->amount && x->mode == y->mode && x->by == y->by && x->cutoff == y->cutoff && x->attr == y->attr &&
           (x->flags & ~of_calendar) == (y->flags & ~of_calendar);
}

/* C5 where nothing is said. */
static enum change_policy by_default(const struct engine *e, const struct clock *c, const struct aim *a)
{
    return a->calendar != c->calendar && same_but_calendar(e, c->target, a->target) ? CHANGE_AS_IN_FORCE : CHANGE_RECOMPUTE;
}

/* Until when a target that was past already puts the breach off: a change that leaves it past does not move that (only where
 * the verdict waits for the stop; elsewhere the breach stands). */
static instant moved_by(struct engine *e, struct clock *c, const struct m_clock *record)
{
    if (!(record->flags & CLOCK_JUDGED_AT_STOP) || c->target == NO_REF) { return e->now; }
    struct aim old = clock_aim_of(c);
    instant since = later(clock_due_under(e, c, &old, false), c->moved_at);
    return since < e->now ? since : e->now;
}

enum change_policy clock_change_target(struct engine *e, struct clock *c, const struct m_clock *record, enum change_policy policy, const struct aim *a)
{
    /* Another row with the same target in the same calendar changes nothing, unless a change as such restarts. */
    bool nothing = policy != CHANGE_RESTART && a->calendar == c->calendar && a->record == c->record && same_but_calendar(e, c->target, a->target);
    instant moved_at = nothing ? c->moved_at : moved_by(e, c, record);
    if (nothing) { policy = CHANGE_AS_IN_FORCE; }
    if (policy == CHANGE_DEFAULT) { policy = by_default(e, c, a); }
    if (a->target == NO_REF && (policy == CHANGE_KEEP_SHARE || policy == CHANGE_NEVER_LENGTHEN)) { policy = CHANGE_KEEP_TIME; }
    switch (policy) {
    case CHANGE_NEVER_LENGTHEN:
        if (would_lengthen(e, c, a)) { return policy; }
        count_again(c, a->calendar);
        break;
    case CHANGE_RECOMPUTE: count_again(c, a->calendar); break;
    case CHANGE_RESTART:
        c->calendar = a->calendar;
        start_over(e, c);
        break;
    case CHANGE_KEEP_SHARE: keep_share(e, c, record, a); fallthrough;
    case CHANGE_KEEP_TIME:
    case CHANGE_AS_IN_FORCE:
    case CHANGE_DEFAULT:
        c->calendar = a->calendar;
        if (!c->paused) { clock_stretch_begin(e, c, e->now, MSA_COUNTING); }
        break;
    }
    clock_take_aim(c, record, a);
    c->moved_at = moved_at;
    clock_find_due(e, c, record);
    return policy;
}

/* C9: counts from its start, and may be missed at once, or from here. */
void clock_attach(struct engine *e, struct clock *c, const struct m_clock *record, const struct aim *a)
{
    c->calendar = a->calendar;
    if (record->flags & CLOCK_FROM_ATTACHMENT) {
        start_over(e, c);
    } else {
        count_again(c, a->calendar);
    }
    clock_take_aim(c, record, a);
    c->moved_at = e->now;
    clock_find_due(e, c, record);
}
