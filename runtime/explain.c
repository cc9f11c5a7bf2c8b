/* SPDX-License-Identifier: MIT */
/* Explanations (R3): the compact record of one cycle of a clock, its stretches, laid out as steps in order of time. Nothing
 * is stored for this while a run goes on; all of it is worked out again from the stretches and the calendars. */
#include "msa/run.h"
#include "bytecode/opcode.h"
#include "runtime/input.h"
#include "runtime/measure.h"
#include "runtime/state.h"

const char *const msa_step_kind_name[MSA_STEP_KIND_COUNT] = {
    [MSA_STEP_START] = "start",     [MSA_STEP_TARGET] = "target",           [MSA_STEP_COUNTED] = "counted",
    [MSA_STEP_EARLIER] = "earlier_target", [MSA_STEP_REFUSED] = "refused_target", [MSA_STEP_STILL] = "still_paused",
    [MSA_STEP_NOT_OPEN] = "not_open", [MSA_STEP_HOLIDAY] = "holiday",       [MSA_STEP_OTHER_HOURS] = "other_hours",
    [MSA_STEP_PAUSED] = "paused",   [MSA_STEP_CLOSED] = "closed",           [MSA_STEP_CALENDAR] = "calendar",
    [MSA_STEP_ZONE] = "zone_change", [MSA_STEP_DUE] = "due",                [MSA_STEP_BREACH] = "breach",
    [MSA_STEP_STOP] = "stop",       [MSA_STEP_NOW] = "now",
};

enum { NO_DAY = INT32_MIN, PIECES = 64 };
#define WINDOW (64 * DAY_US)

struct walk {
    struct msa_run *run;
    const struct msa_result *r;
    int (*step)(void *ctx, const struct msa_step *s);
    void *ctx;
    int answer;                  /* of the callback; other than 0: over */
    micros total;
    const struct zone *zone;     /* of the calendar counted in */
    instant zone_seen;           /* changes up to here are told */
    date day_told;               /* last date told to differ */
    uint32_t number;             /* of the calendar counted in */
    struct { instant at; enum msa_step_kind kind; bool told; } mark[2];
};

static struct msa_text text_of(struct str s)
{
    return (struct msa_text){s.p, s.n};
}

static struct msa_step step_at(enum msa_step_kind kind, instant at)
{
    return (struct msa_step){.kind = kind, .from = at, .to = at, .span = MSA_NONE, .total = MSA_NONE, .day = NO_DAY, .clause = UINT32_MAX};
}

static void give(struct walk *w, struct msa_step s)
{
    if (w->answer == 0) { w->answer = w->step(w->ctx, &s); }
}

static struct msa_text event_name(const struct walk *w, uint32_t event)
{
    const struct module *m = w->run->m;
    return event < m->n_event ? text_of(module_str(m, m->event[event].name)) : (struct msa_text){0};
}

/* A target used up exactly at closing is due then, not at the next opening (T3). */
static bool closes_at(const struct walk *w, instant t)
{
    if (w->number == 0) { return false; }
    struct calendar *c = calendars_at(w->run->engine->calendars, w->number);
    return !calendar_is_open(c, t) && calendar_is_open(c, t - 1);
}

static struct msa_step mark_step(const struct walk *w, size_t i)
{
    struct msa_step s = step_at(w->mark[i].kind, w->mark[i].at);
    s.at_closing = s.kind == MSA_STEP_DUE && closes_at(w, s.from);
    return s;
}

/* Zone changes and marks at or before t, in order. */
static void advance(struct walk *w, instant t)
{
    for (;;) {
        instant change = NEVER;
        int32_t before = 0, after = 0;
        instant from = w->zone_seen;
        while (from < t) {
            instant until;
            before = zone_offset(w->zone, from, NULL, &until);
            if (until > t) { break; }
            after = zone_offset(w->zone, until, NULL, NULL);
            if (after != before) {
                change = until;
                break;
            }
            from = until;
        }
        int next = -1;
        for (int i = 0; i < (int)countof(w->mark); i++) {
            bool there = !w->mark[i].told && w->mark[i].at != NONE && w->mark[i].at <= t;
            if (there && (next < 0 || w->mark[i].at < w->mark[next].at)) { next = i; }
        }
        if (next >= 0 && w->mark[next].at <= change) {
            w->mark[next].told = true;
            struct msa_step s = mark_step(w, (size_t)next);
            s.total = w->total;
            give(w, s);
        } else if (change != NEVER) {
            w->zone_seen = change;
            struct msa_step s = step_at(MSA_STEP_ZONE, change);
            s.zone = text_of(str_of(zone_name(w->zone)));
            s.offset_before = before;
            s.offset_after = after;
            give(w, s);
        } else {
            if (t > w->zone_seen) { w->zone_seen = t; }
            return;
        }
    }
}

/* The first mark strictly inside (from, to), where a stretch is cut in two. */
static instant cut(const struct walk *w, instant from, instant to)
{
    for (size_t i = 0; i < countof(w->mark); i++) {
        if (!w->mark[i].told && w->mark[i].at != NONE && w->mark[i].at > from && w->mark[i].at < to) { to = w->mark[i].at; }
    }
    return to;
}

static void differs(struct walk *w, struct calendar *c, date d, bool closed)
{
    const struct daterule *named = NULL;
    const struct calrule *why = d == w->day_told ? NULL : calendar_why(c, d, &named);
    if (!why || (why->kind == CR_CLOSED) != closed) { return; }
    w->day_told = d;
    if (why->kind == CR_DURING) { return; } /* a season, not a date */
    instant midnight;
    (void)zone_instant(w->zone, (int64_t)d * DAY_US, &midnight, NULL, NULL);
    struct msa_step s = step_at(closed ? MSA_STEP_HOLIDAY : MSA_STEP_OTHER_HOURS, midnight);
    s.day = d;
    if (named) { s.text = text_of(module_str(w->run->m, named->name)); }
    give(w, s);
}

/* Nothing counts in [from, to): which holidays does it hold? */
static void gap(struct walk *w, uint32_t number, struct calendar *c, instant from, instant to)
{
    if (from >= to) { return; }
    date first = civil_split(zone_wall(w->zone, from), NULL);
    date last = civil_split(zone_wall(w->zone, to - 1), NULL);
    advance(w, from);
    struct msa_step s = step_at(MSA_STEP_NOT_OPEN, from);
    s.to = to;
    s.span = to - from;
    s.calendar = text_of(calendars_name(w->run->engine->calendars, number));
    give(w, s);
    /* A date that opens at `to` was only waited for. */
    if (calendar_is_open(c, to) && civil_split(zone_wall(w->zone, to), NULL) == last) { last--; }
    for (date d = first; d <= last && w->answer == 0 && d - first < 400; d++) { differs(w, c, d, true); }
    advance(w, to);
}

static void counted(struct walk *w, uint32_t number, date day, instant from, instant to)
{
    while (from < to && w->answer == 0) {
        advance(w, from);
        instant end = cut(w, from, to);
        w->total += end - from;
        struct msa_step s = step_at(MSA_STEP_COUNTED, from);
        s.to = end;
        s.span = end - from;
        s.total = w->total;
        s.day = day;
        s.calendar = text_of(calendars_name(w->run->engine->calendars, number));
        give(w, s);
        from = end;
    }
}

static void counting(struct walk *w, uint32_t number, instant from, instant to)
{
    if (number == 0) { /* 24x7 */
        counted(w, number, NO_DAY, from, to);
        return;
    }
    struct calendar *c = calendars_at(w->run->engine->calendars, number);
    struct open_interval piece[PIECES];
    struct open_interval held = {.from = from, .to = from, .on = NO_DAY}; /* grows while pieces touch */
    for (instant at = from; at < to && w->answer == 0;) {
        /* A window at a time: a clock that is open for centuries is explained in time that grows with their number. */
        instant until = to - at > WINDOW ? at + WINDOW : to;
        size_t n = calendar_intervals(c, at, until, piece, PIECES);
        size_t take = n < PIECES ? n : PIECES;
        for (size_t i = 0; i < take; i++) {
            if (held.on != NO_DAY && piece[i].from == held.to) {
                held.to = piece[i].to;
                continue;
            }
            counted(w, number, held.on, held.from, held.to);
            gap(w, number, c, held.to, piece[i].from);
            differs(w, c, piece[i].on, false);
            held = piece[i];
        }
        at = n > PIECES ? piece[take - 1].to : until;
    }
    counted(w, number, held.on, held.from, held.to);
    gap(w, number, c, held.to, to);
}

/* ---- what the trail says ---- */

static const char *const policy_name[] = {
    [CHANGE_RECOMPUTE] = "recompute",           [CHANGE_KEEP_TIME] = "keep the time used",     [CHANGE_RESTART] = "restart",
    [CHANGE_KEEP_SHARE] = "keep the share used", [CHANGE_NEVER_LENGTHEN] = "never lengthen", [CHANGE_AS_IN_FORCE] = "count as in force",
    [CHANGE_DEFAULT] = "",
};

/* Is it about the cycle being explained? */
static bool of_cycle(const struct walk *w, const struct trail_entry *x)
{
    const struct module *m = w->run->m;
    const struct m_clock *record = &m->clock[w->r->clock_index];
    return x->entity == record->entity && x->slot == record->slot && x->cycle == w->r->cycle;
}

static struct msa_step target_step(const struct walk *w, const struct trail_entry *x, enum msa_step_kind kind)
{
    const struct module *m = w->run->m;
    struct msa_step s = step_at(kind, x->at);
    s.by = x->by;
    s.n_by = x->n_by;
    if (x->target == NO_REF) { return s; }
    const struct m_target *t = &m->target[x->target];
    s.text = text_of(module_str(m, t->text));
    if (t->kind == TARGET_OPEN) { s.span = t->amount; }
    if (t->clause) { s.clause = t->clause; }
    s.calendar = text_of(calendars_name(w->run->engine->calendars, x->calendar));
    s.place = msa_module_target_place(w->run->module, x->target);
    return s;
}

/* Each target that another has replaced, and each that was refused. A key that was used again has cycles of the same number
 * in its earlier lives: the last beginning counts. */
static void earlier_targets(struct walk *w)
{
    const struct engine *e = w->run->engine;
    const struct trail_entry *x, *had = NULL;
    size_t first = 0;
    for (size_t i = 0; (x = trail_at(e, i)) != NULL; i++) {
        if (x->kind == TRAIL_BEGIN && of_cycle(w, x)) { first = i; }
    }
    for (size_t i = first; (x = trail_at(e, i)) != NULL; i++) {
        if (x->kind == TRAIL_PAUSED || !of_cycle(w, x)) { continue; }
        const struct trail_entry *of = x->kind == TRAIL_REFUSED ? x : had;
        if (of) {
            struct msa_step s = target_step(w, of, of == x ? MSA_STEP_REFUSED : MSA_STEP_EARLIER);
            s.to = x->at;
            s.event = event_name(w, x->event);
            s.line = x->line;
            s.policy = text_of(str_of(policy_name[x->policy]));
            give(w, s);
        }
        if (x->kind != TRAIL_REFUSED) { had = x; }
    }
}

/* Why the clock stood still in [from, to): the reason with which the pause began, and each that took its place. */
static void paused(struct walk *w, struct msa_step *s, const struct msa_segment *end)
{
    const struct engine *e = w->run->engine;
    const struct trail_entry *x, *last = NULL;
    if (end && end->what == MSA_COUNTING) {
        s->end_event = event_name(w, end->event);
        s->end_line = end->line;
    }
    bool told = false;
    for (size_t i = 0; (x = trail_at(e, i)) != NULL; i++) {
        if (x->kind != TRAIL_PAUSED || !of_cycle(w, x) || x->at < s->from || x->at >= s->to) { continue; }
        if (x->at > s->from) {
            if (!told) { give(w, *s); }
            told = true;
            if (last && str_eq(last->reason, x->reason)) { continue; }
            struct msa_step still = step_at(MSA_STEP_STILL, x->at);
            still.text = text_of(x->reason);
            still.event = event_name(w, x->event);
            still.line = x->line;
            give(w, still);
        } else {
            s->text = text_of(x->reason);
        }
        last = x;
    }
    if (!told) { give(w, *s); }
}

static void start(struct walk *w)
{
    const struct msa_result *r = w->r;
    struct msa_step s = step_at(MSA_STEP_START, r->started);
    if (r->n_segments) {
        s.event = event_name(w, r->segments[0].event);
        s.line = r->segments[0].line;
    }
    give(w, s);
    if (r->target_index == UINT32_MAX) { return; }
    s = step_at(MSA_STEP_TARGET, r->started);
    s.text = r->target;
    s.span = r->target_amount;
    s.calendar = r->calendar;
    s.place = msa_module_target_place(w->run->module, r->target_index);
    s.clause = r->target_clause;
    s.by = r->by;
    s.n_by = r->n_by;
    give(w, s);
    earlier_targets(w);
}

static void end(struct walk *w, instant t)
{
    bool stopped = w->r->stopped != NONE;
    /* A mark at the very end belongs before it: stopping exactly at due is in time. */
    advance(w, t);
    struct msa_step s = step_at(stopped ? MSA_STEP_STOP : MSA_STEP_NOW, t);
    s.total = w->r->elapsed;
    if (stopped) {
        s.event = w->r->cause;
        s.line = w->r->line;
    }
    give(w, s);
    for (size_t i = 0; i < countof(w->mark); i++) {
        if (!w->mark[i].told && w->mark[i].at != NONE) { give(w, mark_step(w, i)); }
    }
}

int msa_explain(struct msa_run *run, const struct msa_result *r, int (*step)(void *ctx, const struct msa_step *s), void *ctx)
{
    if (r->started == NONE || !run->engine) { return 0; }
    struct walk w = {.run = run, .r = r, .step = step, .ctx = ctx, .zone_seen = r->started, .day_told = NO_DAY};
    struct calendars *calendars = run->engine->calendars;
    instant last = r->stopped != NONE ? r->stopped : r->at;
    w.zone = calendars_zone(calendars);
    w.mark[0].at = r->due == NEVER ? NONE : r->due;
    w.mark[0].kind = MSA_STEP_DUE;
    w.mark[1].at = r->breached_at == r->due ? NONE : r->breached_at;
    w.mark[1].kind = MSA_STEP_BREACH;
    w.number = r->n_segments ? r->segments[0].calendar : 0;
    start(&w);
    uint32_t number = w.number;
    for (size_t i = 0; i < r->n_segments && w.answer == 0; i++) {
        const struct msa_segment *g = &r->segments[i];
        instant to = i + 1 < r->n_segments ? r->segments[i + 1].from : last;
        if (to > last) { to = last; }
        if (g->from >= to) { continue; }
        w.zone = calendars_zone_of(calendars, g->calendar);
        if (g->calendar != number) {
            number = w.number = g->calendar;
            struct msa_step s = step_at(MSA_STEP_CALENDAR, g->from);
            s.calendar = text_of(calendars_name(calendars, number));
            s.event = event_name(&w, g->event);
            s.line = g->line;
            give(&w, s);
        }
        if (g->what == MSA_COUNTING) {
            counting(&w, number, g->from, to);
            continue;
        }
        advance(&w, g->from);
        struct msa_step s = step_at(g->what == MSA_STRETCH_PAUSED ? MSA_STEP_PAUSED : MSA_STEP_CLOSED, g->from);
        s.to = to;
        s.span = calendars_elapsed(calendars, number, g->from, to);
        s.calendar = text_of(calendars_name(calendars, number));
        s.event = event_name(&w, g->event);
        s.line = g->line;
        if (g->what == MSA_STRETCH_PAUSED) { paused(&w, &s, i + 1 < r->n_segments ? g + 1 : NULL); } else { give(&w, s); }
        advance(&w, to);
    }
    end(&w, last);
    return w.answer;
}

void msa_run_recorded(const struct msa_run *r, uint64_t *compared, uint64_t *equal)
{
    struct engine_counts c = r->engine ? engine_counts(r->engine) : (struct engine_counts){0};
    *compared = c.recorded;
    *equal = c.recorded_equal;
}

/* ---- who was to be told ---- */

static struct msa_text attribute_name(const struct module *m, uint32_t entity, uint32_t slot)
{
    if (entity >= m->n_entity) { return (struct msa_text){0}; }
    const struct m_entity *k = &m->entity[entity];
    for (uint32_t i = k->attrs; i < k->attrs + k->n_attrs; i++) {
        if (m->attr[i].type == VT_TEXT && m->attr[i].slot == slot) { return text_of(module_str(m, m->attr[i].name)); }
    }
    return (struct msa_text){0};
}

/* The attribute that a function's text comes from: of the one it gives, or, with a clause, of the one it tells by that clause;
 * none where that clause tells by several, since the result does not say which of them it was. */
static struct msa_text text_source(const struct module *m, const struct m_func *f, uint32_t clause)
{
    struct msa_text of[256] = {0} /* by register */, found = {0};
    for (uint32_t at = f->code; at < f->code + f->length;) {
        struct decoded d;
        if (op_decode(&m->code[at], f->code + f->length - at, &d) != DECODE_OK) { break; }
        uint8_t to = (uint8_t)d.operand[0].value, from = (uint8_t)d.operand[1].value;
        if (d.op == INS_LDAT) { of[to] = attribute_name(m, f->entity, (uint32_t)d.operand[1].value); }
        if (d.op == INS_LDFT || d.op == INS_LDT) { of[to] = (struct msa_text){0}; }
        if (d.op == INS_MOVT) { of[to] = of[from]; }
        if (d.op == INS_NOTIFY && clause != NO_REF && (uint32_t)d.operand[1].value == clause && of[to].n) {
            if (found.n && found.p != of[to].p) { return (struct msa_text){0}; }
            found = of[to];
        }
        if (d.op == INS_RETT && clause == NO_REF && of[to].n) { return of[to]; }
        at += d.length;
    }
    return found;
}

static bool of_step(const struct module *m, const struct msa_result *r, size_t i, struct msa_text *attribute)
{
    const struct m_clock *k = &m->clock[r->clock_index];
    uint32_t number = 0, scale = 1;
    for (size_t at = r->id.n; at > 0 && r->id.p[at - 1] >= '0' && r->id.p[at - 1] <= '9' && scale < 100000; at--, scale *= 10) {
        number += (uint32_t)(r->id.p[at - 1] - '0') * scale; /* ".../step/2" */
    }
    if (!number || number > k->n_steps) { return false; }
    const struct m_step *s = &m->step[k->steps + number - 1];
    if (i >= s->n_recipients || m->recipient[s->recipients + i].value == NO_REF) { return false; }
    *attribute = text_source(m, &m->func[m->recipient[s->recipients + i].value], NO_REF);
    return attribute->n != 0;
}

bool msa_module_recipient(const struct msa_module *module, const struct msa_result *r, size_t i, struct msa_text *attribute)
{
    const struct module *m = module->m;
    *attribute = (struct msa_text){0};
    if (r->kind == MSA_ESCALATION) { return r->clock_index < m->n_clock && of_step(m, r, i, attribute); }
    for (uint32_t f = 0; f < m->n_func && !attribute->n; f++) {
        uint32_t event = m->func[f].event;
        if (event >= m->n_event || !str_eq(module_str(m, m->event[event].name), (struct str){r->cause.p, r->cause.n})) { continue; }
        *attribute = text_source(m, &m->func[f], r->clause);
    }
    return attribute->n != 0;
}

/* ---- what lies behind a measure ---- */

#define SAME(x, y) static_assert((int)MSA_OF_##x == (int)SOURCE_##y, "the public list of sources follows that of modules")
SAME(CLOCKS, CLOCK); SAME(EVENTS, EVENT); SAME(STATES, SPANS);
#undef SAME

bool msa_module_measure_at(const struct msa_module *module, size_t i, struct msa_text *name, enum msa_measure_source *source)
{
    const struct module *m = module->m;
    if (i >= m->n_measure) { return false; }
    *name = text_of(module_str(m, m->measure[i].name));
    *source = (enum msa_measure_source)m->measure[i].source;
    return true;
}

bool msa_measure_takes(struct msa_run *run, struct msa_text measure, const struct msa_result *r, struct msa_counted *out)
{
    struct engine *e = run->engine;
    const struct module *m = run->m;
    uint32_t i = 0;
    *out = (struct msa_counted){0};
    while (i < m->n_measure && !str_eq(module_str(m, m->measure[i].name), (struct str){measure.p, measure.n})) { i++; }
    if (!e || i == m->n_measure || r->at == NONE || (r->kind != MSA_CLOCK && r->kind != MSA_BREACH)) { return false; }
    const struct measure *x = &e->measure[i];
    const struct m_measure *k = x->record;
    if (k->source != SOURCE_CLOCK || k->clock != r->clock_index) { return false; }
    out->elapsed = k->kind == MEASURE_SUM || k->kind == MEASURE_MEAN;
    if (out->elapsed && (r->stopped == NONE || r->state == MSA_CANCELLED || r->state == MSA_NO_TARGET)) { return false; }
    struct entity *n = entity_find(e, m->clock[k->clock].entity, (struct str){r->key.p, r->key.n});
    if (!n || (k->where != NO_REF && !vm_says_yes(e, k->where, n, r->at))) { return false; }
    char name[PERIOD_NAME_MAX];
    struct period p = period_at(&x->rule, r->at);
    int length = period_name(&x->rule, &p, name);
    out->period = text_of(str_dup(&e->scratch, (struct str){name, (size_t)length}));
    out->by = chosen_values(e, n, m->clock[k->clock].slot, k->by, k->n_by, r->at);
    out->n_by = k->n_by;
    return true;
}

/* ---- the order of values ---- */

uint32_t msa_module_value_order(const struct msa_module *module, struct msa_text name, struct msa_text value)
{
    const struct module *m = module->m;
    for (uint32_t i = 0; i < m->n_value_of; i++) {
        const struct m_value_of *v = &m->value_of[i];
        if (v->type != VT_SCALE || v->scale >= m->n_scale || !str_eq(module_str(m, v->name), (struct str){name.p, name.n})) { continue; }
        const struct m_scale *s = &m->scale[v->scale];
        for (uint32_t k = 0; k < s->n_values; k++) {
            if (str_eq(module_str(m, m->scale_value[s->values + k].name), (struct str){value.p, value.n})) { return k; }
        }
    }
    return UINT32_MAX;
}

int msa_explain_money(struct msa_run *r, const struct msa_result *result, int (*step)(void *ctx, const struct msa_money_step *s), void *ctx)
{
    return r->engine->ledger ? ledger_explain(r->engine->ledger, result, step, ctx) : 0;
}

enum msa_status msa_explain_charge(struct msa_run *r, struct msa_text charge, struct msa_text period, int (*step)(void *ctx, const struct msa_money_step *s), void *ctx,
                                   bool *found, struct msa_fault *fault)
{
    struct explained_charge x = {.charge = {charge.p, charge.n}, .period = {period.p, period.n}, .step = step, .ctx = ctx};
    enum msa_status status = engine_explain_charge(r->engine, &x, fault);
    *found = x.found;
    return status;
}
