/* SPDX-License-Identifier: MIT */
/* The ledger's life: facts come in, days go by. */
#include "runtime/ledger.h"
#include "runtime/ledger_state.h"
#include <string.h>

/* ---- opening ---- */

static void read_constants(struct ledger *l)
{
    const struct module *m = l->m;
    l->constant = ARENA_ARRAY(l->arena, mpq_t, m->n_exact);
    for (uint32_t i = 0; i < m->n_exact; i++) {
        const struct m_exact *x = &m->exact[i];
        if (x->op != EX_CONST) { continue; }
        mpq_init(l->constant[i]);
        if (!exact_read(l->constant[i], module_str(m, x->value))) {
            struct str text = module_str(m, x->value);
            engine_fail(l->e, MSA_BAD_MODULE, "the formula's constant `%.*s` is no number", STR_ARG(text));
        }
    }
}

struct ledger *ledger_open(struct engine *e)
{
    const struct module *m = e->module;
    if (!m->n_charge && !m->n_quantity && !m->n_terms && !m->n_right && !m->n_limit && !m->n_account) { return NULL; }
    struct ledger *l = ARENA_NEW(&e->arena, struct ledger);
    const struct m_agreement *a = &m->agreement[0];
    l->e = e;
    l->m = m;
    l->arena = &e->arena;
    l->zone = calendars_zone(e->calendars);
    l->places = a->places <= 4 ? a->places : 2;
    l->rounding = (enum exact_rounding)a->rounding;
    l->currency = module_str(m, a->currency);
    e->ledger = l; /* so that closing finds its numbers whatever fails from here on */
    read_constants(l);
    l->by_kind = ARENA_ARRAY(l->arena, facts, m->n_fact);
    l->figures = (void *)ARENA_ARRAY(l->arena, struct { VEC(struct figure) v; }, m->n_measure);
    l->changes = ARENA_ARRAY(l->arena, struct changes, m->n_quantity);
    for (uint32_t i = 0; i < m->n_quantity; i++) { l->back_to_first = l->back_to_first || m->quantity[i].flags & (QUANTITY_RISE_FIRST | QUANTITY_FALL_FIRST); }
    l->dirty = ARENA_ARRAY(l->arena, date, m->n_charge);
    l->done_to = ARENA_ARRAY(l->arena, date, m->n_charge);
    l->charge_end = ARENA_ARRAY(l->arena, date, m->n_charge);
    for (uint32_t i = 0; i < m->n_charge; i++) {
        l->dirty[i] = FAR_DATE;
        l->done_to[i] = NO_DATE;
        l->charge_end[i] = FAR_DATE;
    }
    balance_open(l);
    charge_reads(l);
    l->right = ARENA_ARRAY(l->arena, struct right_state, m->n_right);
    l->paused = ARENA_ARRAY(l->arena, uint32_t, m->n_clock);
    l->claimed = ARENA_ARRAY(l->arena, int64_t, m->n_limit);
    l->start = l->today = l->suspended_since = l->first_incident = NO_DATE;
    l->changed_from = FAR_DATE;
    l->last_horizon = NONE;
    l->end = l->term_last = FAR_DATE;
    if (a->effective != NONE) { l->start = (date)a->effective; }
    if (a->term_last != NONE) { l->term_last = (date)a->term_last; }
    if (a->term_renews == NONE && l->term_last < FAR_DATE) { l->end = l->term_last; } /* known from the first day (A4) */
    if (l->start != NO_DATE) { ledger_begin(l, day_begin(l, l->start)); }
    return l;
}

void ledger_close(struct ledger *l)
{
    if (!l) { return; }
    for (uint32_t i = 0; l->constant && i < l->m->n_exact; i++) {
        if (mpq_denref(l->constant[i])->_mp_d) { mpq_clear(l->constant[i]); }
    }
    for (size_t i = 0; i < l->temp.cap; i++) { mpq_clear(*l->temp.p[i]); }
    debt_close(l);
    balance_close(l);
}

/* ---- days ---- */

instant day_begin(const struct ledger *l, date d)
{
    instant earlier, later, jump;
    if (d >= FAR_DATE - 1) { return NEVER; }
    return zone_instant(l->zone, (int64_t)d * DAY_US, &earlier, &later, &jump) == WALL_SKIPPED ? jump : earlier;
}

static date date_in(const struct zone *zone, instant t)
{
    int64_t of_day;
    return civil_split(zone_wall(zone, t), &of_day);
}

date day_of(const struct ledger *l, instant t)
{
    return date_in(l->zone, t);
}

void ledger_begin(struct ledger *l, instant at)
{
    if (l->begun) { return; }
    l->begun = true;
    if (l->start == NO_DATE) { l->start = day_of(l, at); }
    int64_t length = l->m->agreement[0].term_length;
    if (length != NONE && l->term_last == FAR_DATE) {
        l->term_last = civil_add_length(l->start, length) - 1;
        if (l->m->agreement[0].term_renews == NONE) { l->end = l->term_last; }
    }
    l->today = l->start;
}

/* Nothing happens any more when the agreement has ended, the last invoice is issued and every debt is settled. */
static bool idle(const struct ledger *l)
{
    if (!l->closed || l->late.n || l->paid_since) { return false; }
    for (uint32_t i = 0; i < l->m->n_charge; i++) {
        if (l->dirty[i] < FAR_DATE) { return false; }
    }
    for (size_t i = 0; i < l->invoices.n; i++) {
        if (l->invoices.p[i].open > 0) { return false; }
    }
    return true;
}

instant ledger_next(const struct ledger *l)
{
    if (!l->begun || idle(l)) { return NEVER; }
    return day_begin(l, l->today + 1);
}

void ledger_settle_day(struct ledger *l)
{
    date d = l->today++;
    right_day(l, d);
    billing_day(l, d);
    debt_day(l, d);
    balance_day(l, d);
}

void ledger_finish(struct ledger *l)
{
    if (!l->begun) { return; }
    if (!l->closed && l->m->n_charge && l->today > l->start) { billing_issue(l, l->today - 1, false, true); }
    billing_report(l);
    right_report(l);
}

/* ---- facts ---- */

static struct fact *new_fact(struct ledger *l, uint32_t kind, struct entity *n, instant at)
{
    struct fact *f = ARENA_NEW(l->arena, struct fact);
    const struct event *ev = l->e->event;
    f->kind = kind;
    f->sequence = l->n_facts + (uint32_t)l->held.n; /* of what is held only facts have one: a gap does no harm */
    f->at = f->known = at;
    f->gone = NEVER;
    f->from = f->to = NONE;
    f->entity = NO_REF;
    f->event = NO_REF;
    if (n) {
        f->key = str_dup(l->arena, n->key);
        f->entity = n->kind;
    }
    if (ev) {
        f->line = ev->line;
        f->file = ev->file;
        f->event = ev->type;
    }
    return f;
}

void ledger_refuse(struct ledger *l, const struct fact *f, uint32_t clause, struct str what, struct str why)
{
    struct msa_result *r = ledger_result(l, MSA_REFUSED, f->day, clause);
    r->at = f->at;
    r->line = f->line;
    if (f->line && f->file < l->e->n_files) { r->file = result_text(l->e->files[f->file]); }
    if (f->entity != NO_REF) { r->entity = result_text(module_str(l->m, l->e->kind[f->entity].record->name)); }
    r->key = result_text(f->key);
    r->charge = result_text(what);
    r->reason = result_text(why);
    r->id = result_text(str_printf(&l->e->scratch, "%.*s/refused/%u", STR_ARG(result_clause_name(l->e, clause)), f->sequence + 1));
    result_give(l->e);
}

/* Work that no price fits, a length below zero: told when it comes, never lost in silence. */
static void tell_what_cannot_be_charged(struct ledger *l, const struct fact *f)
{
    for (uint32_t i = 0; i < l->m->n_charge; i++) {
        const struct m_charge *c = &l->m->charge[i];
        if (c->trigger != TRIGGER_FACT || c->fact != f->kind) { continue; }
        struct days life = charge_life(l, c);
        if (f->day < life.first || f->day > life.last) { continue; }
        struct str name = module_str(l->m, c->name);
        bool next_row = i && l->m->charge[i - 1].name == c->name && l->m->charge[i - 1].clause == c->clause && l->m->charge[i - 1].fact == c->fact;
        if (!charge_required(l, i, f)) {
            if (!next_row) { ledger_refuse(l, f, c->clause, name, str_printf(&l->e->scratch, "%.*s charges nothing for it: what the clause requires is not given", STR_ARG(name))); }
        } else if (f->backwards) {
            ledger_refuse(l, f, c->clause, name, str_printf(&l->e->scratch, "%.*s charges nothing for it: it lasts less than no time", STR_ARG(name)));
        } else if (!charge_can_price(l, i, f)) {
            ledger_refuse(l, f, c->clause, name, str_printf(&l->e->scratch, "%.*s charges nothing for it: a value that the price needs is missing (its time, a rate of this name, an amount)", STR_ARG(name)));
        }
    }
}

static bool reads_quantity(const struct ledger *l, uint32_t quantity, uint32_t fact)
{
    const struct m_quantity *q = &l->m->quantity[quantity];
    for (uint32_t s = 0; s < q->n_sources; s++) {
        if (l->m->quantity_source[q->sources + s].fact == fact) { return true; }
    }
    return false;
}

/* Whether what a fact comes to can be worked out at all: else it traps, and an event is rejected whole. */
static void check(struct ledger *l, struct fact *f)
{
    ledger_begin(l, f->at);
    f->day = day_of(l, f->from != NONE ? f->from : f->at);
    uint32_t role = l->m->fact[f->kind].role;
    if (role == ROLE_CHARGE || role == ROLE_CLAIM) {
        tell_what_cannot_be_charged(l, f);
        for (uint32_t q = 0; q < l->m->n_quantity; q++) {
            if (reads_quantity(l, q, f->kind)) { quantity_check(l, q, f); }
        }
    } else {
        debt_check(l, f, role);
    }
}

size_t facts_from(const facts *f, date day)
{
    size_t lo = 0, hi = f->n;
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        if (f->p[mid]->day < day) {
            lo = mid + 1;
        } else {
            hi = mid;
        }
    }
    return lo;
}

static void take(struct ledger *l, struct fact *f)
{
    facts *all = &l->by_kind[f->kind];
    if (f->sequence >= l->n_facts) { l->n_facts = f->sequence + 1; }
    vec_push(all, l->arena, f);
    for (size_t i = all->n - 1; i && all->p[i - 1]->day > f->day; i--) { /* by day; those of a day as they came */
        all->p[i] = all->p[i - 1];
        all->p[i - 1] = f;
    }
    if (f->known > f->at) {
        vec_push(&l->late, l->arena, f);
    } else {
        vec_push(&l->news, l->arena, f);
    }
    uint32_t role = l->m->fact[f->kind].role;
    if (role == ROLE_CHARGE || role == ROLE_CLAIM) {
        if (f->known <= f->at) { billing_touch(l, f); }
        for (uint32_t q = 0; q < l->m->n_quantity; q++) {
            if (!reads_quantity(l, q, f->kind)) { continue; }
            quantity_take(l, q, f);
            quantity_fact(l, q, f);
        }
        balance_fact(l, f);
    } else if (role == ROLE_PAYMENT || role == ROLE_DISPUTE || role == ROLE_SETTLED || role == ROLE_RETURNED || role == ROLE_REMINDER) {
        debt_fact(l, f, role);
        if (f->known <= f->at) { billing_touch(l, f); } /* credits in good standing ask what is overdue */
    } else {
        right_fact(l, f, role);
    }
}

static void tell(struct ledger *l, struct fact *f)
{
    if (l->e->undo.on) {
        vec_push(&l->held, l->arena, ((struct held){.fact = f}));
        return;
    }
    check(l, f);
    take(l, f);
}

void ledger_fact(struct ledger *l, struct entity *n, uint32_t fact, const int64_t *value, struct str text)
{
    const struct m_fact *r = &l->m->fact[fact];
    struct fact *f = new_fact(l, fact, n, l->e->event ? l->e->event->at : l->e->now);
    if (value[FACT_KNOWN] != NONE && value[FACT_KNOWN] > f->at) { f->known = value[FACT_KNOWN]; }
    f->from = value[FACT_FROM];
    f->to = value[FACT_TO];
    f->backwards = f->to != NONE && f->from != NONE && f->to < f->from;
    if (f->backwards) { f->to = f->from; }
    f->value = arena_copy(l->arena, value + FACT_SLOTS, r->n_values * sizeof *value);
    f->text = text.p ? str_dup(l->arena, text) : (struct str){"", 0};
    tell(l, f);
}

/* ---- what is held ---- */

/* A measure's figure for a period; what it had before is gone. */
static void take_figure(struct ledger *l, uint32_t measure, const struct figure *f)
{
    if (l->closed && f->period.last > l->end) { return; }
    for (size_t i = 0; i < l->figures[measure].n; i++) {
        struct figure *old = &l->figures[measure].p[i];
        if (old->period.last == f->period.last && str_eq(old->group, f->group) && old->gone == NEVER) { old->gone = f->known; }
    }
    vec_push(&l->figures[measure], l->arena, *f);
    l->n_figures++;
    struct fact touch = {.kind = NO_REF, .day = f->period.first};
    billing_touch(l, &touch);
}

void ledger_mark(struct ledger *l)
{
    l->held.n = 0;
    l->before = (struct ledger_mark){l->begun, l->unclaimed, l->start, l->today, l->term_last, l->end, l->temp.n};
}

void ledger_check(struct ledger *l)
{
    for (size_t i = 0; i < l->held.n; i++) {
        if (l->held.p[i].fact) { check(l, l->held.p[i].fact); }
    }
}

void ledger_take(struct ledger *l)
{
    size_t n = l->held.n;
    l->held.n = 0;
    for (size_t i = 0; i < n; i++) {
        struct held h = l->held.p[i];
        if (h.fact) {
            take(l, h.fact);
        } else if (h.figure) {
            take_figure(l, h.measure, h.figure);
        } else {
            ledger_withdraw(l, h.withdrawn, h.slot);
        }
    }
}

void ledger_drop(struct ledger *l)
{
    const struct ledger_mark *b = &l->before;
    l->held.n = 0;
    l->begun = b->begun;
    l->unclaimed = b->unclaimed;
    l->start = b->start;
    l->today = b->today;
    l->term_last = b->term_last;
    l->end = b->end;
    l->temp.n = b->n_temp;
    balance_forget(l);
}

/* ---- clocks ---- */

void ledger_verdict(struct ledger *l, struct entity *n, uint32_t slot, enum msa_clock_state verdict, instant at)
{
    uint32_t clock = l->e->kind[n->kind].clock_of_slot[slot];
    if (verdict != MSA_MET && verdict != MSA_BREACHED) { return; }
    for (uint32_t i = 0; i < l->m->n_fact; i++) {
        const struct m_fact *r = &l->m->fact[i];
        if (r->clock != clock || r->verdict != (verdict == MSA_MET ? FACT_ON_MET : FACT_ON_BREACHED)) { continue; }
        if (r->when != NO_REF && !vm_says_yes(l->e, r->when, n, at)) { continue; }
        struct fact *f = new_fact(l, i, n, at);
        int64_t *v = ARENA_ARRAY(l->arena, int64_t, r->n_values);
        for (uint32_t k = 0; k < r->n_values; k++) {
            uint32_t func = l->m->fact_value[r->values + k].value;
            v[k] = func == NO_REF ? NONE : vm_run(l->e, func, n, at).scalar;
        }
        f->value = v;
        f->text = r->text == NO_REF ? (struct str){"", 0} : str_dup(l->arena, vm_run(l->e, r->text, n, at).text);
        tell(l, f);
    }
}

void ledger_withdraw(struct ledger *l, struct entity *n, uint32_t slot)
{
    uint32_t clock = l->e->kind[n->kind].clock_of_slot[slot];
    if (l->e->undo.on) {
        vec_push(&l->held, l->arena, ((struct held){.withdrawn = n, .slot = slot}));
        return;
    }
    for (uint32_t i = 0; i < l->m->n_fact; i++) {
        if (l->m->fact[i].clock != clock) { continue; }
        for (size_t k = l->by_kind[i].n; k-- > 0;) { /* the last verdict about it */
            struct fact *f = l->by_kind[i].p[k];
            if (!str_eq(f->key, n->key) || f->gone != NEVER) { continue; }
            f->gone = l->e->now;
            vec_push(&l->news, l->arena, f);
            quantity_withdrawn(l);
            billing_touch(l, f);
            break;
        }
    }
}

/* ---- measures ---- */

void ledger_measure(struct ledger *l, uint32_t measure, const struct msa_result *r)
{
    struct sb group = {.arena = l->arena};
    const struct zone *zone = l->e->measure[measure].rule.zone;
    if (measure_of_things(l->m, measure)) {
        sb_put(&group, (struct str){r->key.p, r->key.n});
    }
    for (size_t i = 0; !group.n && i < r->n_by; i++) {
        if (i) { sb_char(&group, '/'); }
        sb_put(&group, (struct str){r->by[i].value.p, r->by[i].value.n});
    }
    ledger_begin(l, l->e->now);
    struct figure f = {.group = group.n ? sb_str(&group) : STR(""), .no_data = r->no_data, .type = r->value_type, .share = r->is_share, .ratio = l->m->measure[measure].kind == MEASURE_RATIO && !r->is_share, .mean = l->m->measure[measure].kind == MEASURE_MEAN, .part = r->part, .whole = r->whole,
                       .value = r->value, .known = l->e->now, .gone = NEVER};
    /* The last day of a period is the day of its last instant, by the clock of the measure's zone. What comes behind the end of
     * the agreement is no part of it. */
    f.period = (struct days){r->period_from == NONE ? l->start : date_in(zone, r->period_from), r->period_to == NEVER || r->period_to == NONE ? FAR_DATE : date_in(zone, r->period_to - 1)};
    if (l->e->undo.on) {
        struct figure *kept = ARENA_NEW(l->arena, struct figure);
        *kept = f;
        vec_push(&l->held, l->arena, ((struct held){.figure = kept, .measure = measure}));
    } else {
        take_figure(l, measure, &f);
    }
}

bool ledger_pauses(const struct ledger *l, uint32_t clock)
{
    return l->paused[clock] != 0;
}

/* ---- words and results ---- */

struct str date_words(struct ledger *l, date d)
{
    char text[CIVIL_TEXT_MAX];
    int n = civil_write_date(text, d);
    return str_dup(&l->e->scratch, (struct str){text, (size_t)n});
}

struct str period_words(struct ledger *l, uint32_t kind, uint32_t n, struct days p)
{
    char text[PERIOD_NAME_MAX];
    struct period_rule rule = {(enum period_kind)kind, n ? (int32_t)n : 1, l->zone, .anchor = l->start};
    struct period whole = {.first = p.first, .last = p.last, .begun = p.first};
    int k = period_name(&rule, &whole, text);
    return str_dup(&l->e->scratch, (struct str){text, (size_t)k});
}

struct str days_words(struct ledger *l, struct days p)
{
    if (p.first == p.last) { return date_words(l, p.first); }
    return str_printf(&l->e->scratch, "%.*s to %.*s", STR_ARG(date_words(l, p.first)), STR_ARG(date_words(l, p.last)));
}

struct str minor_words(struct ledger *l, int64_t minor)
{
    char text[MINOR_TEXT_MAX];
    int n = minor_grouped(text, minor, l->places);
    return str_printf(&l->e->scratch, "%.*s %.*s", STR_ARG(l->currency), n, text);
}

struct msa_result *ledger_result(struct ledger *l, enum msa_result_kind kind, date day, uint32_t clause)
{
    instant at = day == FAR_DATE || day == NO_DATE ? l->e->now : day_begin(l, day);
    struct msa_result *r = result_new(l->e, kind, at, clause);
    r->currency = result_text(l->currency);
    r->places = l->places;
    r->day = day;
    r->final = true;
    return r;
}
