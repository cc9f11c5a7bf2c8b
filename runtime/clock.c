/* SPDX-License-Identifier: MIT */
#include "runtime/clock.h"
#include "runtime/clock_target.h"
#include "runtime/state.h"

static struct clock *clock_at(struct engine *e, struct entity *n, uint32_t slot, const struct m_clock **record)
{
    const struct entity_kind *k = &e->kind[n->kind];
    *record = &e->module->clock[k->clock_of_slot[slot]];
    return &entity_clocks(k, n)[slot];
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
    if (verdict == MSA_BREACHED && c->first_late == NONE) { c->first_late = at; }
    measure_verdict(e, n, slot, verdict, at);
    if (e->ledger && !c->excused) { ledger_verdict(e->ledger, n, slot, verdict, at); }
}

/* It has become late: clocks of the same thing that stand still while it is (`pauses while late(…)`) do so from now on. What
 * ends that is an event, and its handler sees to it. */
static void others_ask(struct engine *e, struct entity *n, uint32_t slot)
{
    const struct entity_kind *k = &e->kind[n->kind];
    for (uint32_t i = 0; i < k->n_clocks; i++) {
        uint32_t pause = e->module->clock[k->clock_of_slot[i]].pause;
        if (pause == NO_REF || i == slot) { continue; }
        bool now = vm_says_yes(e, pause, n, e->now);
        clock_pause(e, n, i, now);
        trail_paused(e, n, i, now);
    }
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
    others_ask(e, n, slot);
}

bool clock_asked(const struct engine *e, struct entity *n, uint32_t slot, enum clock_question question, instant at)
{
    const struct clock *c = &entity_clocks(&e->kind[n->kind], n)[slot];
    if (c->phase == CLOCK_IDLE) { return false; }
    switch (question) {
    case CLOCK_IS_LATE: return c->phase == CLOCK_LIVE && c->breached;
    case CLOCK_WAS_MISSED: return c->breached;
    case CLOCK_EVER_LATE: return c->first_late != NONE && c->first_late <= at;
    }
    return false;
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
    struct aim a = clock_aim_at(e, n, record);
    c->phase = CLOCK_LIVE;
    c->asked = c->paused = c->breached = c->hidden = c->excused = c->late = c->reported = c->had_target = false;
    if (c->cycle == 0) { c->first_late = NONE; }
    c->cycle++;
    e->counts.before_term += e->now < e->begins && !(record->flags & CLOCK_CHAIN);
    e->counts.after_term += e->now >= e->ends && !(record->flags & CLOCK_CHAIN);
    c->revision = 1;
    c->line = e->event ? e->event->line : 0;
    c->file = e->event ? e->event->file : 0;
    c->started = e->now;
    c->stopped = c->due = c->due_first = c->first_at = c->breached_at = c->moved_at = NONE;
    c->changed_ended = 0;
    c->base = 0;
    c->base_stretch = c->n_stretches = 0;
    c->fired = 0;
    (void)clock_news(c, &a);
    clock_take_aim(c, record, &a);
    chosen_take(e, n, slot);
    measure_forget(e, n, slot);
    clock_stretch_begin(e, c, e->now, MSA_COUNTING);
    clock_find_due(e, c, record);
    trail_begin(e, n, slot);
    entity_clocks_live(e, n, 1);
    if (e->ledger) { clock_suspend(e, n, slot); }
}

/* A breach was counted when it came; what excuses it may have become known only since. */
static void excuse_again(struct engine *e, struct entity *n, uint32_t slot)
{
    const struct m_clock *record;
    struct clock *c = clock_at(e, n, slot, &record);
    bool excused = record->excused != NO_REF && vm_says_yes(e, record->excused, n, c->breached_at);
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

/* One that has ended, in whatever way, begins again (C7), unless only one that runs shall; one that never began does not. */
void clock_restart(struct engine *e, struct entity *n, uint32_t slot, bool while_running)
{
    const struct m_clock *record;
    enum clock_phase phase = clock_at(e, n, slot, &record)->phase;
    if (phase == CLOCK_IDLE || (while_running && phase == CLOCK_ENDED)) { return; }
    clock_stop(e, n, slot, STOP_STOP);
    begin_cycle(e, n, slot);
    clock_schedule(e, n, slot);
}

/* The verdict of a stop that comes now, where no breach stands yet. */
static void judge(struct engine *e, struct entity *n, uint32_t slot)
{
    const struct m_clock *record;
    struct clock *c = clock_at(e, n, slot, &record);
    struct aim a = clock_aim_of(c);
    instant stop = e->now;
    if (c->paused) {
        /* Nothing was counted since the pause began, so the stop is judged by where it began (C4). */
        stop = stood_still(c);
        c->due = clock_due_under(e, c, &a, false);
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
    } else if (clock_needs_no_target(record)) {
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

static bool suspended(const struct engine *e, const struct clock *c, const struct m_clock *record)
{
    return e->ledger && c->phase == CLOCK_LIVE && ledger_pauses(e->ledger, (uint32_t)(record - e->module->clock));
}

static void pause_or_go(struct engine *e, struct entity *n, uint32_t slot, bool pause)
{
    const struct m_clock *record;
    struct clock *c = clock_at(e, n, slot, &record);
    if (c->phase != CLOCK_LIVE || c->paused == pause) { return; }
    bool changed = !pause && changed_since(c);
    c->paused = pause;
    clock_stretch_begin(e, c, e->now, pause ? MSA_STRETCH_PAUSED : MSA_COUNTING);
    clock_find_due(e, c, record);
    late_now(e, c, changed);
    clock_schedule(e, n, slot);
}

void clock_pause(struct engine *e, struct entity *n, uint32_t slot, bool pause)
{
    const struct m_clock *record;
    struct clock *c = clock_at(e, n, slot, &record);
    c->asked = pause;
    pause_or_go(e, n, slot, pause || suspended(e, c, record));
}

void clock_suspend(struct engine *e, struct entity *n, uint32_t slot)
{
    const struct m_clock *record;
    struct clock *c = clock_at(e, n, slot, &record);
    pause_or_go(e, n, slot, c->asked || suspended(e, c, record));
}

/* ---- reopening (C7) ---- */

static void withdraw(struct engine *e, struct entity *n, uint32_t slot)
{
    const struct m_clock *record;
    struct clock *c = clock_at(e, n, slot, &record);
    measure_withdraw(e, n, slot);
    if (e->ledger && c->ended_as == MSA_MET) { ledger_withdraw(e->ledger, n, slot); }
    /* What a stop decided goes with the stop; a breach that came before it stands. */
    if (c->ended_as == MSA_MET || (c->ended_as == MSA_BREACHED && record->flags & CLOCK_JUDGED_AT_STOP)) {
        struct msa_result *r = result_new(e, MSA_CORRECTION, e->now, record->clause);
        result_clock(e, r, n, slot, c->stopped, "/withdrawn", 0);
        r->withdraws = result_text(result_clock_id(e, record, n, c->cycle, c->revision, "", 0));
        r->reason = result_text(event_name(e));
        result_give(e);
    }
}

/* ---- a changed target (C5, C6, C9) ---- */

static bool aims_at(const struct clock *c, const struct aim *a)
{
    return c->target == a->target && (a->target == NO_REF || (c->calendar == a->calendar && c->record == a->record));
}

/* The clock has been asked again. The values are those of the aim that it has: one that was refused (never lengthen), or that
 * ended the cycle (C6), leaves the earlier ones. */
static void take_values(struct engine *e, struct entity *n, uint32_t slot, const struct aim *a)
{
    const struct m_clock *record;
    const struct clock *c = clock_at(e, n, slot, &record);
    if (c->phase == CLOCK_LIVE && aims_at(c, a)) { chosen_take(e, n, slot); }
}

/* Takes the change, and the values that belong to it. */
static void take_change(struct engine *e, struct entity *n, uint32_t slot, enum change_policy policy, const struct aim *a)
{
    const struct m_clock *record;
    struct clock *c = clock_at(e, n, slot, &record);
    if (c->pending) {
        policy = CHANGE_DEFAULT;
        if (a->target != NO_REF) { clock_attach(e, c, record, a); }
    } else if (a->target == NO_REF && !clock_needs_no_target(record)) {
        cancel(e, n, slot, STR("no target applies any more")); /* C6 */
        return;
    } else {
        policy = clock_change_target(e, c, record, policy, a);
        if (policy == CHANGE_NEVER_LENGTHEN && !aims_at(c, a)) { trail_refused(e, n, slot, a); }
    }
    take_values(e, n, slot, a);
    trail_target(e, n, slot, policy);
}

/* A breach stands: no later change of target touches it, not even one to none. */
void clock_retarget(struct engine *e, struct entity *n, uint32_t slot, enum change_policy policy)
{
    const struct m_clock *record;
    struct clock *c = clock_at(e, n, slot, &record);
    if (c->phase == CLOCK_ENDED) { c->changed_ended = (uint8_t)(policy + 1); }
    if (c->phase != CLOCK_LIVE || c->breached) { return; }
    struct aim a = clock_aim_at(e, n, record);
    if (clock_news(c, &a)) {
        take_change(e, n, slot, policy, &a);
        clock_schedule(e, n, slot);
    } else {
        take_values(e, n, slot, &a);
    }
}

/* ---- reopening (C7) ---- */

void clock_continue(struct engine *e, struct entity *n, uint32_t slot)
{
    const struct m_clock *record;
    struct clock *c = clock_at(e, n, slot, &record);
    if (c->phase != CLOCK_ENDED) { return; }
    struct aim a = clock_aim_at(e, n, record);
    if (c->ended_as == MSA_CANCELLED && c->target != NO_REF && a.target == NO_REF) { return; } /* C6 still holds */
    if (!(record->flags & CLOCK_CHAIN)) { withdraw(e, n, slot); }
    c->phase = CLOCK_LIVE;
    c->revision++;
    c->paused = false;
    if (record->flags & CLOCK_JUDGED_AT_STOP) { c->breached = false; }
    entity_clocks_live(e, n, 1);
    bool changed = changed_since(c);
    clock_stretch_begin(e, c, c->stopped, MSA_STRETCH_CLOSED);
    clock_stretch_begin(e, c, e->now, MSA_COUNTING);
    c->stopped = NONE;
    if (!c->breached) {
        c->excused = false;
        c->breached_at = NONE;
        c->due = NONE;
        if (a.target != NO_REF) { clock_find_due(e, c, record); } /* with none it ends again at once */
        late_now(e, c, changed);
        /* What has changed while it stood still is a change of now. */
        enum change_policy policy = c->changed_ended ? (enum change_policy)(c->changed_ended - 1) : CHANGE_DEFAULT;
        c->changed_ended = 0;
        if (clock_news(c, &a)) { take_change(e, n, slot, policy, &a); } else { take_values(e, n, slot, &a); }
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
