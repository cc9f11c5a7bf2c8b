/* SPDX-License-Identifier: MIT */
#include "runtime/clock.h"
#include "runtime/state.h"

static struct clock *clock_at(struct engine *e, struct entity *n, uint32_t slot, const struct m_clock **record)
{
    const struct entity_kind *k = &e->kind[n->kind];
    *record = &e->module->clock[k->clock_of_slot[slot]];
    return &entity_clocks(k, n)[slot];
}

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
static void stretch_begin(struct engine *e, struct clock *c, instant from, enum msa_stretch what)
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

static instant later(instant a, instant b)
{
    return a > b ? a : b;
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

struct aim {
    uint32_t target, calendar;
    instant record;
};

/* Asks the clock's target function. A date that the record does not hold, or a calendar of a place without one, is no
 * target: nothing is guessed. */
static struct aim aim_at(struct engine *e, struct entity *n, const struct m_clock *record)
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
static instant due_under(struct engine *e, struct clock *c, const struct aim *a, bool again)
{
    const struct m_target *t = &e->module->target[a->target];
    if (t->kind != TARGET_OPEN) { return clock_add_pauses(e, c, date_due(e, c, a, t), a->calendar, NONE); }
    if (again) { return clock_reaches(e, c, t->amount, a->calendar, 0, NONE); }
    return clock_reaches(e, c, t->amount - c->base, NO_REF, c->base_stretch, NONE);
}

static struct aim aim_of(const struct clock *c)
{
    return (struct aim){c->target, c->calendar, c->record};
}

static bool needs_no_target(const struct m_clock *record)
{
    return record->flags & (CLOCK_MEASURED_ONLY | CLOCK_CHAIN);
}

/* A breach stands and keeps its due (C4, C5); a paused clock has none (C4); one that is only measured, or counts reminders,
 * never has. */
static void find_due(struct engine *e, struct clock *c, const struct m_clock *record)
{
    if (c->breached || needs_no_target(record)) { return; }
    struct aim a = aim_of(c);
    c->due = c->paused || c->target == NO_REF ? NONE : due_under(e, c, &a, false);
    if (c->due_first == NONE || c->first_at == e->now) {
        c->due_first = c->due;
        c->first_at = e->now;
    }
}

/* True when the target function says something else than the last time it was asked. */
static bool news(struct clock *c, const struct aim *a)
{
    bool same = a->target == c->seen_target && a->calendar == c->seen_calendar && a->record == c->seen_record;
    c->seen_target = a->target;
    c->seen_calendar = a->calendar;
    c->seen_record = a->record;
    return !same;
}

static void take_aim(struct clock *c, const struct m_clock *record, const struct aim *a)
{
    c->target = a->target;
    c->calendar = a->calendar;
    c->record = a->record;
    c->pending = a->target == NO_REF && !needs_no_target(record);
    c->had_target |= a->target != NO_REF;
}

/* The clock has been asked again. The values are those of the aim that it has: one that was refused (never lengthen), or that
 * ended the cycle (C6), leaves the earlier ones. */
static void take_values(struct engine *e, struct entity *n, uint32_t slot, const struct aim *a)
{
    const struct m_clock *record;
    const struct clock *c = clock_at(e, n, slot, &record);
    bool same = c->target == a->target && (a->target == NO_REF || (c->calendar == a->calendar && c->record == a->record));
    if (c->phase == CLOCK_LIVE && same) { chosen_take(e, n, slot); }
}

/* ---- verdicts ---- */

static bool below(const struct engine *e, const struct clock *c)
{
    return c->target != NO_REF && e->module->target[c->target].flags & TARGET_BELOW;
}

/* `within`: exactly at due is met; `below`: it is not (T7). */
static bool missed(const struct engine *e, const struct clock *c, instant stop, instant due)
{
    return stop > due || (stop == due && below(e, c));
}

static void decide(struct engine *e, struct entity *n, uint32_t slot, enum msa_clock_state verdict, instant at)
{
    const struct m_clock *record;
    struct clock *c = clock_at(e, n, slot, &record);
    c->excused = record->excused != NO_REF && vm_says_yes(e, record->excused, n, at);
    measure_verdict(e, n, slot, verdict, at);
}

/* C8: stamped at due whenever it is noticed; C5: a target that was past when it came, at the change itself. */
static void breach(struct engine *e, struct entity *n, uint32_t slot)
{
    const struct m_clock *record;
    struct clock *c = clock_at(e, n, slot, &record);
    c->breached = true;
    c->late = c->moved_at != NONE && c->moved_at > c->due;
    c->breached_at = c->late ? c->moved_at : c->due;
    decide(e, n, slot, MSA_BREACHED, c->breached_at);
    struct msa_result *r = result_new(e, MSA_BREACH, c->breached_at, record->clause);
    result_clock(e, r, n, slot, c->breached_at, "/breach", 0);
    r->late = c->late;
    result_give(e);
}

enum msa_clock_state clock_state(const struct clock *c)
{
    if (c->phase == CLOCK_ENDED) { return (enum msa_clock_state)c->ended_as; }
    if (c->phase == CLOCK_IDLE || c->pending) { return MSA_NO_TARGET; }
    return c->breached ? MSA_BREACHED : c->paused ? MSA_PAUSED : MSA_RUNNING;
}

/* ---- the life of a cycle ---- */

/* Where a clock that stands still last counted: the beginning of the pauses and closed stretches in which it stands, or the
 * end of the cycle. */
static instant stood_still(struct clock *c)
{
    const struct msa_segment *s = clock_stretches(c);
    uint32_t i = c->n_stretches - 1;
    if (s[i].what == MSA_COUNTING) { return c->stopped; }
    while (i > 0 && s[i - 1].what != MSA_COUNTING) { i--; }
    return s[i].from;
}

/* Has it been given a new target since it stands still? Asked before it counts again. */
static bool changed_since(struct clock *c)
{
    return c->moved_at >= stood_still(c);
}

/* A target that came while the clock stood still and was past already is missed when it goes on: a paused clock could not
 * breach (C4, C5). */
static void late_now(struct engine *e, struct clock *c, bool changed)
{
    if (changed && !c->breached && c->due != NONE && c->due < c->moved_at) { c->moved_at = e->now; }
}

static void begin_cycle(struct engine *e, struct entity *n, uint32_t slot)
{
    const struct m_clock *record;
    struct clock *c = clock_at(e, n, slot, &record);
    struct aim a = aim_at(e, n, record);
    c->phase = CLOCK_LIVE;
    c->paused = c->breached = c->hidden = c->excused = c->late = c->reported = c->had_target = false;
    c->cycle++;
    c->revision = 1;
    c->line = e->event ? e->event->line : 0;
    c->file = e->event ? e->event->file : 0;
    c->started = e->now;
    c->stopped = c->due = c->due_first = c->first_at = c->breached_at = c->moved_at = NONE;
    c->changed_ended = 0;
    c->base = 0;
    c->base_stretch = c->n_stretches = 0;
    c->fired = 0;
    (void)news(c, &a);
    take_aim(c, record, &a);
    chosen_take(e, n, slot);
    measure_forget(e, n, slot);
    stretch_begin(e, c, e->now, MSA_COUNTING);
    find_due(e, c, record);
    entity_clocks_live(e, n, 1);
}

/* A breach was counted when it came; what excuses it may have become known only since. */
static void excuse_again(struct engine *e, struct entity *n, uint32_t slot)
{
    const struct m_clock *record;
    struct clock *c = clock_at(e, n, slot, &record);
    bool excused = record->excused != NO_REF && vm_says_yes(e, record->excused, n, e->now);
    if (excused == c->excused) { return; }
    c->excused = excused;
    measure_excuse(e, n, slot);
}

static void end_cycle(struct engine *e, struct entity *n, uint32_t slot, enum msa_clock_state state, struct str reason)
{
    const struct m_clock *record;
    struct clock *c = clock_at(e, n, slot, &record);
    c->phase = CLOCK_ENDED;
    c->ended_as = (uint8_t)state;
    c->stopped = e->now;
    if (c->paused && state != MSA_BREACHED) { c->due = NONE; }
    entity_clocks_live(e, n, -1);
    if (record->flags & CLOCK_CHAIN) { return; } /* a chain of reminders has no verdict to report */
    measure_ended(e, n, slot, e->now);
    struct msa_result *r = result_new(e, MSA_CLOCK, e->now, record->clause);
    result_clock(e, r, n, slot, e->now, "", 0);
    r->reason = result_text(reason);
    r->final = true;
    if (c->reported) {
        r->withdraws = result_text(result_clock_id(e, record, n, c->cycle, c->revision - 1, "", 0));
    }
    c->reported = true;
    result_give(e);
}

static struct str event_name(const struct engine *e)
{
    const struct event *ev = e->event;
    return ev && ev->type < e->module->n_event ? module_str(e->module, e->module->event[ev->type].name) : (struct str){0};
}

/* C6, C7: outside attainment, unless a breach stands already. */
static void cancel(struct engine *e, struct entity *n, uint32_t slot, struct str reason)
{
    const struct m_clock *record;
    const struct clock *c = clock_at(e, n, slot, &record);
    if (c->breached) { excuse_again(e, n, slot); } else { measure_verdict(e, n, slot, MSA_CANCELLED, e->now); }
    end_cycle(e, n, slot, c->breached ? MSA_BREACHED : MSA_CANCELLED, reason);
}

void clock_start(struct engine *e, struct entity *n, uint32_t slot)
{
    const struct m_clock *record;
    struct clock *c = clock_at(e, n, slot, &record);
    if (c->phase == CLOCK_LIVE || (c->phase == CLOCK_ENDED && !(record->flags & CLOCK_REPEATS))) { return; }
    begin_cycle(e, n, slot);
    clock_schedule(e, n, slot);
}

/* One that has ended, in whatever way, begins again (C7); one that never began does not. */
void clock_restart(struct engine *e, struct entity *n, uint32_t slot)
{
    const struct m_clock *record;
    if (clock_at(e, n, slot, &record)->phase == CLOCK_IDLE) { return; }
    clock_stop(e, n, slot, STOP_STOP);
    begin_cycle(e, n, slot);
    clock_schedule(e, n, slot);
}

/* The verdict of a stop that comes now, where no breach stands yet. */
static void judge(struct engine *e, struct entity *n, uint32_t slot)
{
    const struct m_clock *record;
    struct clock *c = clock_at(e, n, slot, &record);
    struct aim a = aim_of(c);
    instant stop = e->now;
    if (c->paused) {
        /* Nothing was counted since the pause began, so the stop is judged by where it began (C4). */
        stop = stood_still(c);
        c->due = due_under(e, c, &a, false);
    }
    bool late = missed(e, c, stop, c->due);
    if (late && c->due_first == NONE) {
        c->due_first = c->due;
        c->first_at = e->now;
    }
    if (!late) {
        decide(e, n, slot, MSA_MET, e->now);
    } else if (record->flags & CLOCK_JUDGED_AT_STOP) {
        c->breached = true;
        c->breached_at = c->due;
        decide(e, n, slot, MSA_BREACHED, e->now);
    } else {
        if (c->paused) { c->moved_at = e->now; }
        breach(e, n, slot);
    }
}

/* E1: a change and the stop came in one instant, and due had moved back past steps: they are taken, late, before the end.
 * Otherwise a breach would stand of which nobody was told. */
static void steps_left_behind(struct engine *e, struct entity *n, uint32_t slot)
{
    const struct m_clock *record;
    struct clock *c = clock_at(e, n, slot, &record);
    if (!c->breached || c->paused || (record->flags & CLOCK_JUDGED_AT_STOP)) { return; }
    clock_schedule(e, n, slot);
    while (c->next != NEVER && c->next <= e->now && c->next_step != STEP_BREACH) { clock_fire(e, n, slot); }
}

void clock_stop(struct engine *e, struct entity *n, uint32_t slot, enum stop_kind kind)
{
    const struct m_clock *record;
    struct clock *c = clock_at(e, n, slot, &record);
    if (c->phase != CLOCK_LIVE) { return; }
    if (kind == STOP_CANCEL) {
        cancel(e, n, slot, event_name(e));
    } else if (c->pending) {
        end_cycle(e, n, slot, MSA_NO_TARGET, (struct str){0});
    } else if (needs_no_target(record)) {
        end_cycle(e, n, slot, MSA_STOPPED, (struct str){0});
    } else {
        if (c->breached) {
            excuse_again(e, n, slot);
        } else {
            judge(e, n, slot);
            steps_left_behind(e, n, slot);
        }
        end_cycle(e, n, slot, c->breached ? MSA_BREACHED : MSA_MET, (struct str){0});
    }
    clock_schedule(e, n, slot);
}

/* ---- pauses ---- */

void clock_hide(struct engine *e, struct entity *n, uint32_t slot, bool hide)
{
    const struct m_clock *record;
    clock_at(e, n, slot, &record)->hidden = hide;
}

void clock_pause(struct engine *e, struct entity *n, uint32_t slot, bool pause)
{
    const struct m_clock *record;
    struct clock *c = clock_at(e, n, slot, &record);
    if (c->phase != CLOCK_LIVE || c->paused == pause) { return; }
    bool changed = !pause && changed_since(c);
    c->paused = pause;
    stretch_begin(e, c, e->now, pause ? MSA_STRETCH_PAUSED : MSA_COUNTING);
    find_due(e, c, record);
    late_now(e, c, changed);
    clock_schedule(e, n, slot);
}

/* ---- reopening (C7) ---- */

static void withdraw(struct engine *e, struct entity *n, uint32_t slot)
{
    const struct m_clock *record;
    struct clock *c = clock_at(e, n, slot, &record);
    measure_withdraw(e, n, slot);
    /* What a stop decided goes with the stop; a breach that came before it stands. */
    if (c->ended_as == MSA_MET || (c->ended_as == MSA_BREACHED && record->flags & CLOCK_JUDGED_AT_STOP)) {
        struct msa_result *r = result_new(e, MSA_CORRECTION, e->now, record->clause);
        result_clock(e, r, n, slot, c->stopped, "/withdrawn", 0);
        r->withdraws = result_text(result_clock_id(e, record, n, c->cycle, c->revision, "", 0));
        r->reason = result_text(event_name(e));
        result_give(e);
    }
}

/* All counting stretches are measured anew in one calendar (C5 recompute). */
static void count_again(struct clock *c, uint32_t calendar)
{
    struct msa_segment *s = clock_stretches(c);
    for (uint32_t i = 0; i < c->n_stretches; i++) { s[i].calendar = calendar; }
    c->base = 0;
    c->base_stretch = 0;
}

/* ---- a changed target (C5, C6, C9) ---- */

static void start_over(struct engine *e, struct clock *c)
{
    c->started = e->now;
    c->base = 0;
    c->base_stretch = c->n_stretches = 0;
    stretch_begin(e, c, e->now, c->paused ? MSA_STRETCH_PAUSED : MSA_COUNTING);
}

/* Open time that a target gives: its amount, or for dates what lies between start and due without the pauses (E1). */
static micros amount_of(struct engine *e, struct clock *c)
{
    const struct m_target *t = &e->module->target[c->target];
    if (t->kind == TARGET_OPEN) { return t->amount; }
    struct aim a = aim_of(c);
    instant due = due_under(e, c, &a, false);
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
        stretch_begin(e, c, e->now, MSA_COUNTING);
    } else {
        c->base_stretch = c->n_stretches;
    }
}

/* Never lengthen: the earlier of the old and the new due holds. */
static bool would_lengthen(struct engine *e, struct clock *c, const struct aim *a)
{
    if (c->target == NO_REF) { return false; }
    struct aim old = aim_of(c);
    return due_under(e, c, a, true) > due_under(e, c, &old, false);
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
    struct aim old = aim_of(c);
    instant since = later(due_under(e, c, &old, false), c->moved_at);
    return since < e->now ? since : e->now;
}

static void change_target(struct engine *e, struct clock *c, const struct m_clock *record, enum change_policy policy, const struct aim *a)
{
    /* Another row with the same target in the same calendar changes nothing, unless a change as such restarts. */
    bool nothing = policy != CHANGE_RESTART && a->calendar == c->calendar && a->record == c->record && same_but_calendar(e, c->target, a->target);
    instant moved_at = nothing ? c->moved_at : moved_by(e, c, record);
    if (nothing) { policy = CHANGE_AS_IN_FORCE; }
    if (policy == CHANGE_DEFAULT) { policy = by_default(e, c, a); }
    if (a->target == NO_REF && (policy == CHANGE_KEEP_SHARE || policy == CHANGE_NEVER_LENGTHEN)) { policy = CHANGE_KEEP_TIME; }
    switch (policy) {
    case CHANGE_NEVER_LENGTHEN:
        if (would_lengthen(e, c, a)) { return; }
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
        if (!c->paused) { stretch_begin(e, c, e->now, MSA_COUNTING); }
        break;
    }
    take_aim(c, record, a);
    c->moved_at = moved_at;
    find_due(e, c, record);
}

/* C9: counts from its start, and may be missed at once, or from here. */
static void attach(struct engine *e, struct clock *c, const struct m_clock *record, const struct aim *a)
{
    c->calendar = a->calendar;
    if (record->flags & CLOCK_FROM_ATTACHMENT) {
        start_over(e, c);
    } else {
        count_again(c, a->calendar);
    }
    take_aim(c, record, a);
    c->moved_at = e->now;
    find_due(e, c, record);
}

static void take_change(struct engine *e, struct entity *n, uint32_t slot, enum change_policy policy, const struct aim *a)
{
    const struct m_clock *record;
    struct clock *c = clock_at(e, n, slot, &record);
    if (c->pending) {
        if (a->target != NO_REF) { attach(e, c, record, a); }
    } else if (a->target == NO_REF && !needs_no_target(record)) {
        cancel(e, n, slot, STR("no target applies any more")); /* C6 */
    } else {
        change_target(e, c, record, policy, a);
    }
}

/* A breach stands: no later change of target touches it, not even one to none. */
void clock_retarget(struct engine *e, struct entity *n, uint32_t slot, enum change_policy policy)
{
    const struct m_clock *record;
    struct clock *c = clock_at(e, n, slot, &record);
    if (c->phase == CLOCK_ENDED) { c->changed_ended = (uint8_t)(policy + 1); }
    if (c->phase != CLOCK_LIVE || c->breached) { return; }
    struct aim a = aim_at(e, n, record);
    if (news(c, &a)) {
        take_change(e, n, slot, policy, &a);
        clock_schedule(e, n, slot);
    }
    take_values(e, n, slot, &a);
}

/* ---- reopening (C7) ---- */

void clock_continue(struct engine *e, struct entity *n, uint32_t slot)
{
    const struct m_clock *record;
    struct clock *c = clock_at(e, n, slot, &record);
    if (c->phase != CLOCK_ENDED) { return; }
    struct aim a = aim_at(e, n, record);
    if (c->ended_as == MSA_CANCELLED && c->target != NO_REF && a.target == NO_REF) { return; } /* C6 still holds */
    if (!(record->flags & CLOCK_CHAIN)) { withdraw(e, n, slot); }
    c->phase = CLOCK_LIVE;
    c->revision++;
    c->paused = false;
    if (record->flags & CLOCK_JUDGED_AT_STOP) { c->breached = false; }
    entity_clocks_live(e, n, 1);
    bool changed = changed_since(c);
    stretch_begin(e, c, c->stopped, MSA_STRETCH_CLOSED);
    stretch_begin(e, c, e->now, MSA_COUNTING);
    c->stopped = NONE;
    if (!c->breached) {
        c->excused = false;
        c->breached_at = NONE;
        c->due = NONE;
        if (a.target != NO_REF) { find_due(e, c, record); } /* with none it ends again at once */
        late_now(e, c, changed);
        /* What has changed while it stood still is a change of now. */
        enum change_policy policy = c->changed_ended ? (enum change_policy)(c->changed_ended - 1) : CHANGE_DEFAULT;
        c->changed_ended = 0;
        if (news(c, &a)) { take_change(e, n, slot, policy, &a); }
        take_values(e, n, slot, &a);
    }
    clock_schedule(e, n, slot);
}

/* ---- timers ---- */

struct first {
    instant at, really;
    bool after;
    uint32_t step;
};

static void consider(struct first *f, const struct engine *e, instant t, bool after, uint32_t step)
{
    if (t == NEVER) { return; }
    /* What an event of this instant has brought comes after all its events (C1). */
    struct first x = {later(t, e->now), t, after || t < e->now || (t == e->now && e->event), step};
    /* In the order in which they would have come, also when several are late (E1). */
    if (x.at < f->at || (x.at == f->at && (x.after != f->after ? !x.after : x.really < f->really))) { *f = x; }
}

void clock_schedule(struct engine *e, struct entity *n, uint32_t slot)
{
    const struct m_clock *record;
    struct clock *c = clock_at(e, n, slot, &record);
    struct first f = {NEVER, NEVER, true, NO_REF};
    if (c->phase == CLOCK_LIVE && !c->paused && !c->pending) { /* without a target there is no clock yet (T7) */
        bool strict = below(e, c);
        if (c->due != NONE && !c->breached && !(record->flags & CLOCK_JUDGED_AT_STOP)) { consider(&f, e, c->due, !strict, STEP_BREACH); }
        for (uint32_t i = 0; i < record->n_steps; i++) {
            if (c->fired >> i & 1) { continue; }
            const struct m_step *step = &e->module->step[record->steps + i];
            bool at_breach = step->kind == STEP_AFTER_DUE && step->amount == 0;
            consider(&f, e, step_instant(e, n, c, record, step), !(strict && at_breach), i);
        }
    }
    c->next = f.at;
    c->next_after = f.after;
    c->next_step = f.step;
    c->next_late = f.really < f.at;
}

void clock_fire(struct engine *e, struct entity *n, uint32_t slot)
{
    const struct m_clock *record;
    struct clock *c = clock_at(e, n, slot, &record);
    if (c->next_step == STEP_BREACH) {
        breach(e, n, slot);
    } else {
        c->fired |= (uint64_t)1 << c->next_step;
        step_fire(e, n, slot, c->next_step, c->next_late);
    }
    clock_schedule(e, n, slot);
}
