/* SPDX-License-Identifier: MIT */
/* Escalation steps (E1): when each is reached, and what happens then. */
#include "runtime/state.h"

instant step_shift_days(const struct zone *zone, instant t, int64_t n)
{
    instant earlier, later, jump;
    int64_t wall;
    if (n > 1000000 || n < -1000000 || ckd_add(&wall, zone_wall(zone, t), n * DAY_US)) { return n > 0 ? NEVER : NONE; }
    return zone_instant(zone, wall, &earlier, &later, &jump) == WALL_SKIPPED ? jump : earlier;
}

/* An offset in days from due: business days of the calendar, or calendar days. */
static instant shifted(struct engine *e, const struct m_step *step, uint32_t calendar, instant due, int64_t n)
{
    if (step->flags & STEP_CALENDAR_DAYS) { return step_shift_days(calendars_zone_of(e->calendars, calendar), due, n); }
    if (n > 1000000 || n < -1000000) { return n > 0 ? NEVER : NONE; }
    return calendar_shift_days(calendars_at(e->calendars, calendar), due, (int32_t)n);
}

/* The part a/per of the target, up to the next microsecond: never before the share is really used. */
static micros part_of(struct engine *e, uint32_t clause, micros amount, const struct m_step *step)
{
    if (step->per <= 0 || step->amount < 0) { return 0; }
    wide_int part = ((wide_int)amount * step->amount + step->per - 1) / step->per;
    if (part > INT64_MAX) { engine_overflow(e, clause, "a share of the target"); }
    return (micros)part;
}

static instant percent_instant(struct engine *e, struct clock *c, const struct m_clock *record, const struct m_step *step)
{
    if (c->target == NO_REF || c->due == NONE) { return NEVER; }
    const struct m_target *t = &e->module->target[c->target];
    if (t->kind == TARGET_OPEN && step->calendar != NO_REF) { /* `at 50% of target in 24x7`: that much time of another calendar */
        return clock_reaches(e, c, part_of(e, record->clause, t->amount, step), step->calendar, 0, NONE);
    }
    if (t->kind == TARGET_OPEN) {
        return clock_reaches(e, c, part_of(e, record->clause, t->amount, step) - c->base, NO_REF, c->base_stretch, NONE);
    }
    /* Dates: of the open time from start to due, what the pauses added left out. */
    if (c->due == NEVER) { return NEVER; }
    micros open = calendars_elapsed(e->calendars, c->calendar, c->started, c->due) - clock_paused_open(e, c, c->due);
    return clock_reaches(e, c, part_of(e, record->clause, open, step), c->calendar, 0, NONE);
}

static instant before_due(struct engine *e, struct clock *c, const struct m_step *step, uint32_t calendar)
{
    instant t;
    if (c->due == NONE || c->due == NEVER) { return NEVER; }
    if (step->flags & (STEP_IN_DAYS | STEP_CALENDAR_DAYS)) { return shifted(e, step, calendar, c->due, -step->amount); }
    if (step->flags & STEP_PLAIN) { return ckd_sub(&t, c->due, step->amount) ? c->started : t; }
    return calendar_before(calendars_at(e->calendars, calendar), c->due, step->amount);
}

/* An offset behind an instant. Paused time is taken out of every calendar (C4); days are found first, and the open time of
 * the pauses is added (T8). */
static instant counted_from(struct engine *e, struct clock *c, const struct m_step *step, uint32_t calendar, instant from)
{
    if (step->flags & (STEP_IN_DAYS | STEP_CALENDAR_DAYS)) {
        return clock_add_pauses(e, c, shifted(e, step, calendar, from, step->amount), calendar, from);
    }
    return clock_reaches(e, c, step->amount, step->flags & STEP_PLAIN ? 0 : calendar, 0, from);
}

static instant after_due(struct engine *e, struct clock *c, const struct m_step *step, uint32_t calendar)
{
    instant from = c->breached ? c->breached_at : c->due;
    if (from == NONE || from == NEVER) { return NEVER; }
    /* A breach may come after due: at the change that put due into the past (C5). */
    if (!c->breached && from < c->moved_at) { from = c->moved_at; }
    return step->amount == 0 ? from : counted_from(e, c, step, calendar, from);
}

instant step_instant(struct engine *e, struct entity *n, struct clock *c, const struct m_clock *record, const struct m_step *step)
{
    uint32_t calendar = step->calendar != NO_REF ? step->calendar : c->calendar;
    instant t = NEVER;
    (void)n;
    switch ((enum step_kind)step->kind) {
    case STEP_PERCENT: t = percent_instant(e, c, record, step); break;
    case STEP_BEFORE_DUE: t = before_due(e, c, step, calendar); break;
    case STEP_AFTER_DUE: t = after_due(e, c, step, calendar); break;
    case STEP_AFTER_START: t = counted_from(e, c, step, calendar, c->started); break;
    }
    if (t == NONE || t < c->started) { t = c->started; } /* asked for before there was a clock: at once */
    return step->held != NO_REF && t != NEVER ? calendars_due(e->calendars, step->held, t, 0) : t;
}

static struct str recipient(struct engine *e, struct entity *n, const struct m_recipient *r)
{
    if (r->value == NO_REF) { return module_str(e->module, r->text); }
    struct str s = vm_run(e, r->value, n, e->now).text;
    return s.p ? s : module_str(e->module, r->text);
}

void step_fire(struct engine *e, struct entity *n, uint32_t slot, uint32_t number, bool late)
{
    const struct entity_kind *k = &e->kind[n->kind];
    const struct m_clock *record = &e->module->clock[k->clock_of_slot[slot]];
    const struct m_step *step = &e->module->step[record->steps + number];
    if (step->when != NO_REF && !vm_says_yes(e, step->when, n, e->now)) { return; }
    struct msa_text *to = ARENA_ARRAY(&e->scratch, struct msa_text, step->n_recipients);
    for (uint32_t i = 0; i < step->n_recipients; i++) {
        to[i] = result_text(str_dup(&e->scratch, recipient(e, n, &e->module->recipient[step->recipients + i])));
    }
    struct msa_result *r = result_new(e, MSA_ESCALATION, e->now, step->clause);
    result_clock(e, r, n, slot, e->now, "/step/", number + 1);
    r->late = late;
    r->step = result_text(module_str(e->module, step->text));
    r->recipients = to;
    r->n_recipients = step->n_recipients;
    result_give(e);
}
