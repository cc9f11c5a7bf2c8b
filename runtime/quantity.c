/* SPDX-License-Identifier: MIT */
/* Quantities that change in time (A4, A6, A8): the level of a date is that at its end, so who comes on a day is there that
 * day. A level below a commitment counts as the commitment; a fall beyond what a clause allows goes as far as it allows, and
 * is told as refused. */
#include "runtime/ledger_state.h"

struct keyed { struct str key; int64_t units; };
typedef VEC(struct keyed) keyed_levels;

/* Facts of all sources in order of time. */
struct merged { const struct fact *fact; const struct m_quantity_source *source; };

/* In millionths; false: beyond 64 bits. */
static bool source_units(const struct ledger *l, const struct fact *f, const struct m_quantity_source *s, int64_t *units)
{
    *units = 1000000;
    if (s->mode == QUANTITY_ONE_MORE || s->mode == QUANTITY_ONE_LESS) { return true; }
    const struct m_fact *kind = &l->m->fact[f->kind];
    *units = s->value >= kind->n_values || f->value[s->value] == NONE ? 0 : f->value[s->value];
    return l->m->fact_value[kind->values + s->value].type != VT_COUNT || !ckd_mul(units, *units, INT64_C(1000000));
}

#define UNITS_MAX INT64_C(1000000000000000000) /* 10^12 units, in millionths */

static void apply(struct ledger *l, uint32_t clause, keyed_levels *k, const struct merged *x, int64_t *total)
{
    int64_t v;
    if (!source_units(l, x->fact, x->source, &v)) { v = INT64_MAX; } /* a quantity_check came before */
    if (v < 0) { return; } /* refused when it came */
    struct keyed *of = NULL;
    for (size_t i = 0; i < k->n && !of; i++) {
        if (str_eq(k->p[i].key, x->fact->text)) { of = &k->p[i]; }
    }
    if (!of) {
        vec_push(k, &l->e->scratch, ((struct keyed){x->fact->text, 0}));
        of = &vec_last(k);
    }
    int64_t before = of->units;
    switch ((enum quantity_mode)x->source->mode) {
    case QUANTITY_SETS: of->units = v; break;
    case QUANTITY_ADDS:
    case QUANTITY_ONE_MORE: if (ckd_add(&of->units, of->units, v)) { of->units = INT64_MAX; } break;
    case QUANTITY_TAKES:
    case QUANTITY_ONE_LESS: of->units -= v; break;
    }
    if (of->units < 0) { of->units = 0; }
    if (of->units > UNITS_MAX || ckd_add(total, *total, of->units - before) || *total > UNITS_MAX) { ledger_trap(l, NULL, clause, "a quantity is larger than 10^12"); }
}

static int64_t node_units(struct ledger *l, uint32_t node, date day, int64_t base)
{
    size_t mark = l->n_temp;
    mpq_ptr units = ledger_number(l), out = ledger_number(l);
    exact_set(units, base, 1000000);
    struct at_hand h = {.period = {day, day}, .nominal = {day, day}, .day = day, .horizon = NEVER, .time = NONE, .units = units};
    bool there = formula(l, &h, node, out);
    int64_t whole = 0;
    mpq_ptr million = ledger_number(l);
    mpq_set_ui(million, 1000000, 1);
    mpq_mul(out, out, million);
    if (there) { exact_floor(&whole, out); }
    l->n_temp = mark;
    return whole;
}

static int64_t at_day(const struct levels *v, date day)
{
    int64_t units = v->p.n ? v->p.p[0].units : 0;
    for (size_t i = 0; i < v->p.n && v->p.p[i].from <= day; i++) { units = v->p.p[i].units; }
    return units;
}

/* What the level may not fall below on a day (whole units, up); -1: nothing is said. */
static int64_t least_allowed(struct ledger *l, const struct m_quantity *q, const struct levels *v, date day)
{
    if (q->may_fall == NO_REF) { return -1; }
    struct days p = period_of_kind(l, q->fall_period, q->fall_period_n, day);
    int64_t base = at_day(v, p.first - 1), fall = node_units(l, q->may_fall, day, base), least = base - fall;
    return (least + 999999) / 1000000 * 1000000;
}

static struct str units_words(struct ledger *l, int64_t units)
{
    mpq_t x;
    mpq_init(x);
    exact_set(x, units, 1000000);
    struct str s = exact_text(&l->e->scratch, x);
    mpq_clear(x);
    return s;
}

static void refuse(struct ledger *l, const struct m_quantity *q, const struct fact *f, int64_t asked, int64_t allowed)
{
    ledger_refuse(l, f, q->clause, module_str(l->m, q->name), str_printf(&l->e->scratch, "%.*s may not fall to %.*s in this period: it is counted as %.*s", STR_ARG(module_str(l->m, q->name)),
                                              STR_ARG(units_words(l, asked)), STR_ARG(units_words(l, allowed))));
}

/* All days' levels as known at a horizon. `tell`: the fact whose refusal is to be told. */
static void build(struct ledger *l, uint32_t quantity, instant horizon, struct levels *v, const struct fact *tell)
{
    const struct m_quantity *q = &l->m->quantity[quantity];
    VEC(struct merged) all = {0};
    for (uint32_t s = 0; s < q->n_sources; s++) {
        const struct m_quantity_source *source = &l->m->quantity_source[q->sources + s];
        const facts *f = &l->by_kind[source->fact];
        for (size_t i = 0; i < f->n; i++) {
            if (!fact_visible(f->p[i], horizon)) { continue; }
            vec_push(&all, &l->e->scratch, ((struct merged){f->p[i], source}));
            for (size_t j = all.n - 1; j && (all.p[j - 1].fact->at > all.p[j].fact->at || (all.p[j - 1].fact->at == all.p[j].fact->at && all.p[j - 1].fact->sequence > all.p[j].fact->sequence)); j--) {
                struct merged x = all.p[j];
                all.p[j] = all.p[j - 1];
                all.p[j - 1] = x;
            }
        }
    }
    mpq_t initial;
    mpq_init(initial);
    exact_read(initial, module_str(l->m, q->initial));
    mpq_t million;
    mpq_init(million);
    mpq_set_ui(million, 1000000, 1);
    mpq_mul(initial, initial, million);
    int64_t total = 0;
    exact_floor(&total, initial);
    mpq_clears(initial, million, NULL);
    keyed_levels keyed = {0};
    vec_push(&keyed, &l->e->scratch, ((struct keyed){STR(""), total}));
    v->seen = SIZE_MAX; /* not usable until it is whole */
    vec_clear(&v->p);
    vec_push(&v->p, l->arena, ((struct level){NO_DATE, total}));
    for (size_t i = 0; i < all.n; i++) {
        apply(l, q->clause, &keyed, &all.p[i], &total);
        int64_t units = total;
        date day = all.p[i].fact->day;
        int64_t least = least_allowed(l, q, v, day);
        if (units < least && units < vec_last(&v->p).units) {
            int64_t kept = least < vec_last(&v->p).units ? least : vec_last(&v->p).units;
            if (all.p[i].fact == tell) { refuse(l, q, tell, units, kept); }
            units = kept;
        }
        if (vec_last(&v->p).from == day) {
            vec_last(&v->p).units = units;
        } else {
            vec_push(&v->p, l->arena, ((struct level){day, units}));
        }
    }
    v->horizon = horizon;
    v->seen = l->n_facts;
}

const struct levels *quantity_levels(struct ledger *l, uint32_t quantity, instant horizon)
{
    struct levels *v = &l->levels[quantity];
    if (!v->p.n || v->horizon != horizon || v->seen != l->n_facts) { build(l, quantity, horizon, v, NULL); }
    return v;
}

int64_t quantity_level(struct ledger *l, uint32_t quantity, date day, instant horizon)
{
    const struct m_quantity *q = &l->m->quantity[quantity];
    int64_t units = at_day(quantity_levels(l, quantity, horizon), day);
    if (q->minimum != NO_REF) {
        int64_t least = node_units(l, q->minimum, day, units);
        if (units < least) { units = least; }
    }
    return units;
}

void quantity_check(struct ledger *l, uint32_t quantity, const struct fact *f)
{
    const struct m_quantity *q = &l->m->quantity[quantity];
    int64_t now = vec_last(&quantity_levels(l, quantity, NEVER)->p).units;
    for (uint32_t i = 0; i < q->n_sources; i++) {
        const struct m_quantity_source *s = &l->m->quantity_source[q->sources + i];
        int64_t v, sum;
        if (s->fact != f->kind) { continue; }
        bool fits = source_units(l, f, s, &v) && !(s->mode == QUANTITY_TAKES || s->mode == QUANTITY_ONE_LESS ? ckd_sub(&sum, now, v) : ckd_add(&sum, s->mode == QUANTITY_SETS ? 0 : now, v));
        if (!fits || sum > UNITS_MAX) {
            struct at_hand h = {.fact = f};
            ledger_trap(l, &h, q->clause, "a quantity is larger than 10^12");
        }
    }
}

void quantity_fact(struct ledger *l, uint32_t quantity, const struct fact *f)
{
    const struct m_quantity *q = &l->m->quantity[quantity];
    const struct m_fact *kind = &l->m->fact[f->kind];
    for (uint32_t i = 0; i < q->n_sources; i++) {
        const struct m_quantity_source *s = &l->m->quantity_source[q->sources + i];
        if (s->fact == f->kind && s->mode <= QUANTITY_TAKES && s->value < kind->n_values && f->value[s->value] != NONE && f->value[s->value] < 0) {
            ledger_refuse(l, f, q->clause, module_str(l->m, q->name), str_printf(&l->e->scratch, "%.*s cannot be below zero", STR_ARG(module_str(l->m, q->name))));
            return;
        }
    }
    if (q->may_fall == NO_REF) { return; }
    struct levels v = {0};
    build(l, quantity, NEVER, &v, f);
}
