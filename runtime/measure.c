/* SPDX-License-Identifier: MIT */
#include "runtime/measure.h"
#include "runtime/state.h"
#include <string.h>

/* ---- opening ---- */

static bool of_clock(const struct m_measure *r)
{
    return r->source == SOURCE_CLOCK;
}
static bool of_spans(const struct m_measure *r)
{
    return r->source == SOURCE_SPANS;
}
/* Sums and means of clocks are of elapsed times, known when a cycle ends; the others count verdicts. */
static bool of_elapsed(const struct m_measure *r)
{
    return of_clock(r) && (r->kind == MEASURE_SUM || r->kind == MEASURE_MEAN);
}

static void clock_lists(struct engine *e)
{
    const struct module *m = e->module;
    e->clock_measures = ARENA_ARRAY(&e->arena, uint32_t *, m->n_clock);
    e->clock_n_measures = ARENA_ARRAY(&e->arena, uint32_t, m->n_clock);
    e->clock_counted = ARENA_ARRAY(&e->arena, uint32_t, m->n_clock);
    for (uint32_t c = 0; c < m->n_clock; c++) {
        uint32_t *list = ARENA_ARRAY(&e->arena, uint32_t, m->n_measure + 1), n = 0;
        for (uint32_t i = 0; i < m->n_measure; i++) {
            if (of_clock(&m->measure[i]) && m->measure[i].clock == c) { list[n++] = i; }
        }
        list[n] = NO_REF;
        e->clock_measures[c] = list;
        e->clock_n_measures[c] = n;
    }
}

void measures_open(struct engine *e)
{
    const struct module *m = e->module;
    clock_lists(e);
    e->measure = ARENA_ARRAY(&e->arena, struct measure, m->n_measure);
    for (uint32_t i = 0; i < m->n_measure; i++) {
        const struct m_measure *r = &m->measure[i];
        struct measure *x = &e->measure[i];
        struct str zone = module_str(m, r->zone);
        const struct zone *z = zone.n ? zone_load(zone.p) : calendars_zone(e->calendars);
        if (!z) { engine_fail(e, MSA_BAD_MODULE, "the system has no time zone \"%.*s\"", STR_ARG(zone)); }
        int64_t effective = m->n_agreement ? m->agreement[0].effective : NONE;
        date anchor = effective > INT32_MIN && effective < INT32_MAX ? (date)effective : 0;
        x->record = r;
        x->index = i;
        x->calendar = r->calendar == NO_REF ? 0 : r->calendar;
        int32_t units = r->period_n > 0 && r->period_n < 100000 ? (int32_t)r->period_n : 1;
        x->rule = (struct period_rule){(enum period_kind)r->period, units, z, anchor, .begins = e->begins != NONE, .ends = e->ends != NEVER,
                                       .last = e->ends != NEVER ? (date)m->agreement[0].term_last : 0};
        x->outage = ARENA_NEW(&e->arena, struct outage);
        x->outage->since = NONE;
        for (uint32_t j = 0, slot = 0; j < i; j++) {
            if (of_spans(&m->measure[j]) && m->measure[j].entity == r->entity) { x->outage_slot = ++slot; }
        }
    }
    e->period_end = NEVER;
}

/* ---- groups, periods and cells ---- */

static void group_table(struct engine *e, struct measure *m)
{
    m->table_size = m->table_size ? m->table_size * 2 : 64;
    m->table = ARENA_ARRAY(&e->arena, uint32_t, m->table_size);
    for (uint32_t i = 0; i < m->groups.n; i++) {
        uint32_t at = (uint32_t)hash_64(m->groups.p[i].key.p, m->groups.p[i].key.n) & (m->table_size - 1);
        while (m->table[at]) { at = (at + 1) & (m->table_size - 1); }
        m->table[at] = i + 1;
    }
}

static const struct msa_named *keep_values(struct engine *e, const struct msa_named *v, uint32_t n)
{
    struct msa_named *kept = arena_copy(&e->arena, v, n * sizeof *v);
    for (uint32_t i = 0; i < n; i++) { kept[i].value = result_text(str_dup(&e->arena, (struct str){v[i].value.p, v[i].value.n})); }
    return kept;
}

/* The group of an entity by the values it has now; of a cycle, where they choose its target, by those that chose it (M1). */
static uint32_t group_of(struct engine *e, struct measure *m, struct entity *n, instant at)
{
    uint32_t n_by = m->record->n_by;
    if (!n_by) {
        if (!m->groups.n) { vec_push(&m->groups, &e->arena, ((struct cell_group){0})); }
        return 0;
    }
    struct msa_named *v = of_clock(m->record) ? chosen_values(e, n, e->module->clock[m->record->clock].slot, m->record->by, n_by, at)
                                              : result_values(e, n, m->record->by, n_by, at);
    struct sb key = {.arena = &e->scratch};
    for (uint32_t i = 0; i < n_by; i++) {
        sb_u64(&key, v[i].value.n); /* lengths first, so that no two lists of values read the same */
        sb_char(&key, ':');
        sb_put(&key, (struct str){v[i].value.p, v[i].value.n});
    }
    if (m->groups.n * 2 >= m->table_size) { group_table(e, m); }
    uint32_t at_slot = (uint32_t)hash_64(key.p, key.n) & (m->table_size - 1);
    for (; m->table[at_slot]; at_slot = (at_slot + 1) & (m->table_size - 1)) {
        if (str_eq(m->groups.p[m->table[at_slot] - 1].key, sb_str(&key))) { return m->table[at_slot] - 1; }
    }
    struct cell_group g = {str_dup(&e->arena, sb_str(&key)), keep_values(e, v, n_by)};
    vec_push(&m->groups, &e->arena, g);
    m->table[at_slot] = (uint32_t)m->groups.n;
    return (uint32_t)m->groups.n - 1;
}

/* The period of an instant; nothing lies before the first one. */
static uint32_t period_of(const struct measure *m, instant at)
{
    uint32_t i = (uint32_t)m->periods.n - 1;
    while (i && m->periods.p[i].span.from > at) { i--; }
    return i;
}

static uint32_t cell_of(struct engine *e, struct measure *m, uint32_t period, uint32_t group)
{
    struct cell_period *p = &m->periods.p[period];
    if (group >= p->n_cells) {
        uint32_t n = group < 8 ? 8 : group * 2;
        if (!m->record->n_by) { n = 1; }
        p->cell = arena_grow(&e->arena, p->cell, p->n_cells * sizeof *p->cell, n * sizeof *p->cell);
        for (uint32_t i = p->n_cells; i < n; i++) { p->cell[i] = NO_REF; }
        p->n_cells = n;
    }
    bool made = p->cell[group] == NO_REF;
    if (made) {
        p->cell[group] = (uint32_t)m->cells.n;
        vec_push(&m->cells, &e->arena, ((struct cell){.period = period, .group = group}));
    }
    if (e->undo.on) { undo_cell(e, m, p->cell[group], made); }
    return p->cell[group];
}

static void add(struct engine *e, const struct measure *m, int64_t *sum, int64_t v)
{
    if (ckd_add(sum, *sum, v)) { engine_overflow(e, m->record->clause, "a sum"); }
}

/* ---- results ---- */

static bool wanted(struct engine *e, const struct measure *m, struct entity *n, instant at)
{
    return m->record->where == NO_REF || vm_says_yes(e, m->record->where, n, at);
}

static struct str measure_id(struct engine *e, const struct measure *m, const struct period *p, const char *what)
{
    char name[PERIOD_NAME_MAX];
    period_name(&m->rule, p, name);
    struct str clause = result_clause_name(e, m->record->clause), measure = module_str(e->module, m->record->name);
    return str_printf(&e->scratch, "%.*s/%.*s/%s%s", STR_ARG(clause), STR_ARG(measure), name, what);
}

static void fill(struct engine *e, const struct measure *m, struct msa_result *r, const struct period *p, bool final)
{
    char name[PERIOD_NAME_MAX];
    int n = period_name(&m->rule, p, name);
    r->measure = result_text(module_str(e->module, m->record->name));
    r->title = result_text(module_str(e->module, m->record->title));
    r->period = result_text(str_dup(&e->scratch, (struct str){name, (size_t)n}));
    r->period_from = p->from;
    r->period_to = p->to;
    r->final = final;
    r->outside_term = p->outside;
}

/* A share is never divided here: part and whole are the result (M2). */
static void fill_share(struct msa_result *r, int64_t part, int64_t whole)
{
    r->is_share = true;
    r->part = part;
    r->whole = whole;
    r->no_data = whole == 0;
}

static void fill_value(struct msa_result *r, enum value_type type, int64_t v)
{
    r->value_type = (uint8_t)type;
    r->value = v;
}

static void fill_quotient(struct engine *e, const struct measure *m, struct msa_result *r, enum value_type type, int64_t part, int64_t whole, int64_t scale)
{
    r->part = part;
    r->whole = whole;
    r->no_data = whole == 0;
    r->value_type = (uint8_t)type;
    if (whole == 0) { return; }
    wide_int v = (wide_int)part * scale / whole;
    if (v > INT64_MAX || v < -INT64_MAX) { engine_overflow(e, m->record->clause, "a ratio"); }
    r->value = (int64_t)v;
}

/* Exact figures are compared, never printed ones (M2). A share is part / whole against hundredths of a millionth. */
static void fill_goal(struct engine *e, const struct m_measure *k, struct msa_result *r)
{
    if (!k->goal_flags) { return; }
    r->goal = result_text(module_str(e->module, k->goal));
    if (r->no_data) { r->goal_state = MSA_GOAL_NO_DATA; return; }
    wide_int figure = r->is_share ? (wide_int)r->part * 100000000 : r->value;
    wide_int from = r->is_share ? (wide_int)k->goal_from * r->whole : k->goal_from, to = r->is_share ? (wide_int)k->goal_to * r->whole : k->goal_to;
    bool kept = (!(k->goal_flags & GOAL_FROM) || figure > from || (figure == from && k->goal_flags & GOAL_FROM_IN)) &&
                (!(k->goal_flags & GOAL_TO) || figure < to || (figure == to && k->goal_flags & GOAL_TO_IN));
    r->goal_state = kept ? MSA_GOAL_KEPT : MSA_GOAL_MISSED;
}

static void fill_cell(struct engine *e, const struct measure *m, struct msa_result *r, const struct cell *c)
{
    const struct m_measure *k = m->record;
    bool breaches = (k->flags & MEASURE_BREACHED) != 0, met = (k->flags & MEASURE_MET) != 0 || !breaches;
    enum value_type type = of_clock(k) ? VT_DURATION : (enum value_type)k->type;
    r->n_met = c->met;
    r->n_breached = c->breached;
    r->n_running = c->running;
    r->n_paused = c->paused;
    r->n_cancelled = c->cancelled;
    r->n_excused = c->excused;
    switch ((enum measure_kind)k->kind) {
    case MEASURE_SHARE:
    case MEASURE_UPTIME:
        if (of_clock(k)) {
            fill_share(r, (met ? c->met : 0) + (breaches ? c->breached : 0), c->met + c->breached); /* M1 */
        } else {
            fill_share(r, c->part, c->whole);
        }
        break;
    case MEASURE_COUNT: {
        bool both = !(k->flags & (MEASURE_MET | MEASURE_BREACHED));
        int64_t verdicts = (both || met ? c->met : 0) + (both || breaches ? c->breached : 0);
        fill_value(r, VT_COUNT, of_clock(k) ? verdicts : c->whole);
        break;
    }
    case MEASURE_SUM: fill_value(r, type, c->part); break;
    case MEASURE_MEAN: fill_quotient(e, m, r, type, c->part, c->whole, 1); break;
    case MEASURE_RATIO: fill_quotient(e, m, r, VT_NUMBER, c->part, c->whole, 1000000); break;
    }
    fill_goal(e, k, r);
}

/* Behind the id: the group's values, and of a correction its number. */
static const char *cell_tail(struct engine *e, const struct measure *m, const struct cell *c, uint32_t correction)
{
    struct sb b = {.arena = &e->scratch};
    sb_reserve(&b, 32);
    for (uint32_t i = 0; i < m->record->n_by; i++) {
        struct msa_text v = m->groups.p[c->group].values[i].value;
        sb_char(&b, '/');
        result_id_part(&b, (struct str){v.p, v.n});
    }
    if (correction) { sb_printf(&b, "/correction/%u", correction); }
    return b.n ? b.p : "";
}

static void give(struct engine *e, const struct measure *m, struct msa_result *r)
{
    if (e->ledger && (r->final || e->telling)) { ledger_measure(e->ledger, m->index, r); }
    if (!e->telling) { result_give(e); }
}

static void give_cell(struct engine *e, struct measure *m, struct cell *c, enum msa_result_kind kind, bool final)
{
    const struct cell_period *p = &m->periods.p[c->period];
    struct msa_result *r = result_new(e, kind, kind == MSA_CORRECTION || !final ? e->now : p->span.to, m->record->clause);
    fill(e, m, r, &p->span, final);
    fill_cell(e, m, r, c);
    r->n_by = m->record->n_by;
    r->by = r->n_by ? m->groups.p[c->group].values : NULL;
    if (kind == MSA_CORRECTION) {
        r->withdraws = result_text(measure_id(e, m, &p->span, cell_tail(e, m, c, c->corrections)));
        c->corrections++;
    }
    r->id = result_text(measure_id(e, m, &p->span, cell_tail(e, m, c, c->corrections)));
    give(e, m, r);
}

/* The figures of a period that has been reported have changed (R1: never rewritten, corrected). */
static void changed(struct engine *e, struct measure *m, uint32_t cell)
{
    struct cell *c = &m->cells.p[cell];
    if (m->periods.p[c->period].reported) { give_cell(e, m, c, MSA_CORRECTION, true); }
}

/* ---- clocks ---- */

struct of_slot {
    struct clock *clock;
    const uint32_t *measures;
    uint32_t *counted;
};

static struct of_slot slot_of(struct engine *e, struct entity *n, uint32_t slot)
{
    const struct entity_kind *k = &e->kind[n->kind];
    uint32_t clock = k->clock_of_slot[slot];
    return (struct of_slot){&entity_clocks(k, n)[slot], e->clock_measures[clock], entity_counted(k, n) + e->clock_counted[clock]};
}

void measure_verdict(struct engine *e, struct entity *n, uint32_t slot, enum msa_clock_state verdict, instant at)
{
    struct of_slot s = slot_of(e, n, slot);
    for (uint32_t i = 0; s.measures[i] != NO_REF; i++) {
        struct measure *m = &e->measure[s.measures[i]];
        if (of_elapsed(m->record) || !wanted(e, m, n, at)) { continue; }
        uint32_t cell = cell_of(e, m, period_of(m, at), group_of(e, m, n, at));
        struct cell *c = &m->cells.p[cell];
        if (verdict == MSA_CANCELLED) {
            c->cancelled++;
        } else if (s.clock->excused) {
            c->excused++;
        } else if (verdict == MSA_MET) {
            c->met++;
        } else {
            c->breached++;
        }
        s.counted[i] = cell;
        changed(e, m, cell);
    }
}

void measure_ended(struct engine *e, struct entity *n, uint32_t slot, instant at)
{
    struct of_slot s = slot_of(e, n, slot);
    if (s.clock->ended_as == MSA_CANCELLED || s.clock->ended_as == MSA_NO_TARGET) { return; }
    for (uint32_t i = 0; s.measures[i] != NO_REF; i++) {
        struct measure *m = &e->measure[s.measures[i]];
        if (!of_elapsed(m->record) || !wanted(e, m, n, at)) { continue; }
        uint32_t cell = cell_of(e, m, period_of(m, at), group_of(e, m, n, at));
        struct cell *c = &m->cells.p[cell];
        if (s.clock->excused) {
            c->excused++;
        } else {
            add(e, m, &c->part, clock_counted(e, s.clock, NO_REF, s.clock->started, s.clock->stopped));
            c->whole++;
        }
        s.counted[i] = cell;
        changed(e, m, cell);
    }
}

void measure_excuse(struct engine *e, struct entity *n, uint32_t slot)
{
    struct of_slot s = slot_of(e, n, slot);
    for (uint32_t i = 0; s.measures[i] != NO_REF; i++) {
        struct measure *m = &e->measure[s.measures[i]];
        if (s.counted[i] == NO_REF || of_elapsed(m->record)) { continue; }
        if (e->undo.on) { undo_cell(e, m, s.counted[i], false); }
        struct cell *c = &m->cells.p[s.counted[i]];
        int64_t now = s.clock->excused ? 1 : -1;
        c->excused += now;
        c->breached -= now;
        changed(e, m, s.counted[i]);
    }
}

static bool judged_at_stop(struct engine *e, struct entity *n, uint32_t slot)
{
    return e->module->clock[e->kind[n->kind].clock_of_slot[slot]].flags & CLOCK_JUDGED_AT_STOP;
}

void measure_withdraw(struct engine *e, struct entity *n, uint32_t slot)
{
    struct of_slot s = slot_of(e, n, slot);
    for (uint32_t i = 0; s.measures[i] != NO_REF; i++) {
        struct measure *m = &e->measure[s.measures[i]];
        if (s.counted[i] == NO_REF) { continue; }
        if (e->undo.on) { undo_cell(e, m, s.counted[i], false); }
        struct cell *c = &m->cells.p[s.counted[i]];
        if (of_elapsed(m->record)) {
            if (s.clock->excused) {
                c->excused--;
            } else {
                add(e, m, &c->part, -clock_counted(e, s.clock, NO_REF, s.clock->started, s.clock->stopped));
                c->whole--;
            }
        } else if (s.clock->ended_as == MSA_CANCELLED) {
            c->cancelled--;
        } else if (s.clock->ended_as == MSA_MET) {
            c->met -= !s.clock->excused;
            c->excused -= s.clock->excused;
        } else if (judged_at_stop(e, n, slot)) {
            c->breached -= !s.clock->excused;
            c->excused -= s.clock->excused;
        } else {
            continue; /* a breach stands */
        }
        changed(e, m, s.counted[i]);
        s.counted[i] = NO_REF;
    }
}

void measure_forget(struct engine *e, struct entity *n, uint32_t slot)
{
    struct of_slot s = slot_of(e, n, slot);
    for (uint32_t i = 0; s.measures[i] != NO_REF; i++) { s.counted[i] = NO_REF; }
}

/* Cycles open at the end of the period, shown beside the share (M1). Those that were missed are counted as missed. */
static void count_open(struct engine *e, struct measure *m, uint32_t period)
{
    uint32_t kind = e->module->clock[m->record->clock].entity, slot = e->module->clock[m->record->clock].slot;
    const struct entity_kind *k = &e->kind[kind];
    for (struct entity *n = k->alive.alive_next; n != &k->alive; n = n->alive_next) {
        const struct clock *c = &entity_clocks(k, n)[slot];
        if (c->phase != CLOCK_LIVE || c->breached || c->pending || !wanted(e, m, n, e->now)) { continue; }
        uint32_t cell = cell_of(e, m, period, group_of(e, m, n, e->now));
        struct cell *x = &m->cells.p[cell];
        x->paused += c->paused;
        x->running += !c->paused;
    }
}

/* ---- events ---- */

static int64_t value_of(struct engine *e, uint32_t func, struct entity *n)
{
    return func == NO_REF ? NONE : vm_run(e, func, n, e->now).scalar;
}

void measure_event(struct engine *e, struct entity *n, uint32_t measure)
{
    struct measure *m = &e->measure[measure];
    const struct m_measure *k = m->record;
    if (!wanted(e, m, n, e->now)) { return; }
    int64_t part = value_of(e, k->part, n), whole = 1;
    switch ((enum measure_kind)k->kind) {
    case MEASURE_COUNT: part = 0; break;
    case MEASURE_SHARE: part = part == 1; break;
    case MEASURE_RATIO:
        whole = value_of(e, k->whole, n);
        if (part == NONE || whole == NONE) { return; }
        break;
    case MEASURE_SUM:
    case MEASURE_MEAN:
        if (part == NONE) { return; } /* nothing was measured */
        break;
    case MEASURE_UPTIME: return;
    }
    uint32_t cell = cell_of(e, m, period_of(m, e->now), group_of(e, m, n, e->now));
    struct cell *c = &m->cells.p[cell];
    add(e, m, &c->part, part);
    add(e, m, &c->whole, whole);
}

/* ---- states that last (M2) ---- */

static struct outage *outage_of(struct engine *e, struct measure *m, struct entity *n)
{
    return m->record->entity == NO_REF || !n ? m->outage : &entity_outages(&e->kind[n->kind], n)[m->outage_slot];
}

static micros rounded(const struct measure *m, micros v)
{
    micros step = m->record->round, over = step > 0 ? v % step : 0;
    return over == 0 ? v : m->record->flags & MEASURE_ROUND_UP ? v - over + step : v - over;
}

/* What a piece [since, until) puts into the period from `from`: nothing if it is too short on its full length, or, where
 * pieces are cut at the ends, on what lies inside. */
static micros piece_in(struct engine *e, const struct measure *m, instant since, instant until, instant from)
{
    bool cut = (m->record->flags & MEASURE_CUT_AT_ENDS) != 0;
    instant begin = since > from ? since : from;
    micros inside = calendars_elapsed(e->calendars, m->calendar, begin, until);
    micros full = cut ? inside : calendars_elapsed(e->calendars, m->calendar, since, until);
    if (full < m->record->at_least) { return 0; }
    return m->record->flags & MEASURE_ROUND_EACH ? rounded(m, inside) : inside;
}

/* What lies in the state that is no part of the whole: of the open period, or of the one before it. */
static micros taken_off(struct engine *e, struct measure *m, struct entity *n, uint32_t period, instant from, instant to)
{
    if (m->record->less == NO_REF) { return 0; }
    struct measure *less = &e->measure[m->record->less];
    const struct outage *o = outage_of(e, less, n);
    if (period + 1 != m->periods.n) { return o->down_before; }
    micros off = o->down;
    if (o->since != NONE) { add(e, less, &off, piece_in(e, less, o->since, to, from)); }
    return off;
}

static void give_outage(struct engine *e, struct measure *m, struct entity *n, uint32_t period, enum msa_result_kind kind, micros down, uint32_t pieces, bool final)
{
    const struct period *p = &m->periods.p[period].span;
    const struct m_measure *k = m->record;
    instant from = p->from == NONE ? m->periods.p[period].span.from : p->from, to = final ? p->to : e->now;
    micros whole = k->fixed > 0 ? k->fixed : calendars_elapsed(e->calendars, m->calendar, from, to) - taken_off(e, m, n, period, from, to);
    struct msa_result *r = result_new(e, kind, kind == MSA_CORRECTION || !final ? e->now : p->to, k->clause);
    fill(e, m, r, p, final);
    result_entity(e, r, n);
    if (!(k->flags & MEASURE_ROUND_EACH)) { down = rounded(m, down); }
    if (down > whole) { down = whole; }
    switch ((enum measure_kind)k->kind) {
    case MEASURE_UPTIME: fill_share(r, whole - down, whole); break;
    case MEASURE_SHARE:
    case MEASURE_RATIO: fill_share(r, down, whole); break;
    case MEASURE_COUNT: fill_value(r, VT_COUNT, pieces); break;
    case MEASURE_SUM: fill_value(r, VT_DURATION, down); break;
    case MEASURE_MEAN: fill_quotient(e, m, r, VT_DURATION, down, pieces, 1); break;
    }
    fill_goal(e, k, r);
    r->n_by = k->n_by;
    r->by = result_values(e, n, k->by, k->n_by, e->now);
    struct sb tail = {.arena = &e->scratch};
    sb_reserve(&tail, 32);
    if (n) {
        sb_char(&tail, '/');
        result_id_key(&tail, n);
    }
    r->id = result_text(measure_id(e, m, p, tail.p));
    if (kind == MSA_CORRECTION) {
        r->withdraws = r->id;
        sb_puts(&tail, "/correction");
        r->id = result_text(measure_id(e, m, p, tail.p));
    }
    give(e, m, r);
}

/* A piece that was too short when the period before ended has grown long enough: what it had there counts after all. */
static void grow_before(struct engine *e, struct measure *m, struct entity *n, struct outage *o)
{
    uint32_t last = (uint32_t)m->periods.n - 1;
    if (!last || m->record->flags & (MEASURE_CUT_AT_ENDS | MEASURE_HIDDEN)) { return; }
    const struct period *before = &m->periods.p[last - 1].span;
    if (o->since >= before->to || calendars_elapsed(e->calendars, m->calendar, o->since, before->to) >= m->record->at_least) { return; }
    if (calendars_elapsed(e->calendars, m->calendar, o->since, e->now) < m->record->at_least) { return; }
    micros inside = calendars_elapsed(e->calendars, m->calendar, o->since > before->from ? o->since : before->from, before->to);
    if (m->record->flags & MEASURE_ROUND_EACH) { inside = rounded(m, inside); }
    if (!inside) { return; }
    o->down_before += inside;
    give_outage(e, m, n, last - 1, MSA_CORRECTION, o->down_before, 0, true);
}

void measure_state(struct engine *e, struct entity *n, uint32_t measure, bool on)
{
    struct measure *m = &e->measure[measure];
    struct outage *o = outage_of(e, m, n);
    if (on == (o->since != NONE)) { return; }
    if (n) { n->states_on += on ? 1 : (uint32_t)-1; }
    if (on) {
        o->since = e->now;
        return;
    }
    grow_before(e, m, n, o);
    micros down = piece_in(e, m, o->since, e->now, m->periods.p[m->periods.n - 1].span.from);
    add(e, m, &o->down, down);
    o->pieces += down > 0;
    o->since = NONE;
}

bool measure_holds(struct engine *e, struct entity *n)
{
    const struct entity_kind *k = &e->kind[n->kind];
    for (uint32_t i = 0; i < k->n_outages; i++) {
        const struct outage *o = &entity_outages(k, n)[i];
        if (o->since != NONE || o->down) { return true; }
    }
    return false;
}

static void report_outage(struct engine *e, struct measure *m, struct entity *n, bool final)
{
    struct outage *o = outage_of(e, m, n);
    uint32_t period = (uint32_t)m->periods.n - 1;
    const struct period *p = &m->periods.p[period].span;
    micros down = o->down, more = 0;
    if (o->since != NONE) { more = piece_in(e, m, o->since, final ? p->to : e->now, p->from); }
    if (p->outside && !down && o->since == NONE) { /* nothing was agreed then, and nothing happened */
        if (final) { o->down_before = 0; }
        return;
    }
    add(e, m, &down, more);
    if (!(m->record->flags & MEASURE_HIDDEN)) { give_outage(e, m, n, period, MSA_MEASURE, down, o->pieces + (more > 0), final); }
    if (final) {
        o->down_before = down;
        o->down = 0;
        o->pieces = 0;
    }
}

/* One line for each entity of the kind, or one in all. */
static void report_outages(struct engine *e, struct measure *m, bool final)
{
    if (m->record->entity == NO_REF) {
        report_outage(e, m, NULL, final);
        return;
    }
    size_t count;
    struct entity **all = entities_in_order(e, &count);
    for (size_t i = 0; i < count; i++) {
        if (all[i]->kind != m->record->entity || !(all[i]->flags & ENTITY_BORN) || !wanted(e, m, all[i], e->now)) { continue; }
        report_outage(e, m, all[i], final);
    }
}

/* ---- periods ---- */

static void report(struct engine *e, struct measure *m, bool final)
{
    uint32_t period = (uint32_t)m->periods.n - 1;
    if (of_spans(m->record)) {
        report_outages(e, m, final);
    } else {
        if (of_clock(m->record) && !of_elapsed(m->record) && !e->telling) { count_open(e, m, period); }
        /* No data is a result, too (M1), but not where nothing was agreed. */
        if (!m->record->n_by && !m->periods.p[period].span.outside) { cell_of(e, m, period, group_of(e, m, NULL, e->now)); }
        for (uint32_t g = 0; g < m->periods.p[period].n_cells; g++) {
            uint32_t cell = m->periods.p[period].cell[g];
            if (cell != NO_REF) { give_cell(e, m, &m->cells.p[cell], MSA_MEASURE, final); }
        }
    }
    m->periods.p[period].reported = true;
}

static void open_period(struct engine *e, struct measure *m, instant at)
{
    struct cell_period p = {.span = period_at(&m->rule, at)};
    if (p.span.from == NONE) { p.span.from = at; } /* PERIOD_ALL: from the first event */
    vec_push(&m->periods, &e->arena, p);
}

static void next_end(struct engine *e)
{
    e->period_end = NEVER;
    for (uint32_t i = 0; i < e->module->n_measure; i++) {
        instant to = vec_last(&e->measure[i].periods).span.to;
        if (to < e->period_end) { e->period_end = to; }
    }
}

void measures_begin(struct engine *e, instant at)
{
    for (uint32_t i = 0; i < e->module->n_measure; i++) { open_period(e, &e->measure[i], at); }
    next_end(e);
}

void measures_unbegin(struct engine *e)
{
    for (uint32_t i = 0; i < e->module->n_measure; i++) { e->measure[i].periods.n = 0; }
    e->period_end = NEVER;
    e->begun = false;
}

void measures_close_periods(struct engine *e)
{
    instant end = e->period_end;
    for (uint32_t i = 0; i < e->module->n_measure; i++) {
        struct measure *m = &e->measure[i];
        if (vec_last(&m->periods).span.to != end) { continue; }
        report(e, m, true);
        open_period(e, m, end);
        if (vec_last(&m->periods).span.to <= end) { MSA_BUG("a period that does not end"); }
    }
    next_end(e);
}

void measures_tell(struct engine *e)
{
    e->telling = true;
    for (uint32_t i = 0; e->begun && i < e->module->n_measure; i++) {
        struct measure *m = &e->measure[i];
        bool reported = vec_last(&m->periods).reported;
        report(e, m, false);
        vec_last(&m->periods).reported = reported;
    }
    e->telling = false;
}

void measures_finish(struct engine *e)
{
    for (uint32_t i = 0; e->begun && i < e->module->n_measure; i++) {
        struct measure *m = &e->measure[i];
        bool just_begun = vec_last(&m->periods).span.from >= e->now && vec_last(&m->periods).n_cells == 0;
        if (!just_begun) { report(e, m, false); } /* nothing can have happened in a period that begins as the run ends */
    }
}
