/* SPDX-License-Identifier: MIT */
/* Figures of measures in formulas: of a period, of several together, how often one fulfils a condition. A measure of things has
 * one figure for each, known by its key. */
#include "runtime/ledger_state.h"

/* Exactly: what is printed of a mean or a ratio is cut, and is not asked here. */
static bool value_of(const struct ledger *l, const struct figure *f, mpq_ptr out)
{
    if (f->no_data) { return false; }
    if (f->share || f->ratio) {
        exact_set(out, f->part, f->whole);
    } else if (f->mean) {
        number_of_value(l, f->type, f->part, out);
        mpz_mul_si(mpq_denref(out), mpq_denref(out), f->whole);
        mpq_canonicalize(out);
    } else {
        number_of_value(l, f->type, f->value, out);
    }
    return true;
}

static const struct figure *figure_for(const struct ledger *l, uint32_t measure, struct str group, date day, instant horizon)
{
    const struct figure *found = NULL;
    for (size_t i = 0; i < l->figures[measure].n; i++) {
        const struct figure *f = &l->figures[measure].p[i];
        if (f->period.first > day || f->period.last < day || !str_eq(f->group, group)) { continue; }
        if (f->known <= horizon && f->gone > horizon) { found = f; }
    }
    return found;
}

/* Of the group that the formula names, else of the thing at hand. */
static struct str group_of(const struct ledger *l, const struct at_hand *h, const struct m_exact *x)
{
    struct str named = module_str(l->m, x->value);
    return !figures_keyed(l->m, x->ref) ? STR("") : named.n ? named : h->key;
}

bool figure_value(struct ledger *l, const struct at_hand *h, const struct m_exact *x, mpq_ptr out)
{
    const struct figure *f = figure_for(l, x->ref, group_of(l, h, x), h->day, h->horizon);
    return f && value_of(l, f, out);
}

/* Several periods together, that of the day at hand the last: mean of the figures there are, sum, or parts by wholes. */
bool figures_value(struct ledger *l, const struct at_hand *h, const struct m_exact *x, mpq_ptr out)
{
    const struct m_measure *m = &l->m->measure[x->ref];
    mpq_ptr part = ledger_number(l), whole = ledger_number(l), one = ledger_number(l);
    struct str group = group_of(l, h, x);
    uint32_t way = x->mode / FIGURES_WAY, n = 0;
    date day = h->day;
    for (uint32_t i = 0; i < x->mode % FIGURES_WAY && day >= l->start; i++) {
        const struct figure *f = figure_for(l, x->ref, group, day, h->horizon);
        struct days p = period_of_kind(l, m->period, (uint32_t)m->period_n, day);
        if (f && value_of(l, f, one)) {
            n++;
            if (way == FIGURES_POOLED) {
                exact_set(one, f->whole, 1);
                mpq_add(whole, whole, one);
                exact_set(one, f->part, 1);
            }
            mpq_add(part, part, one);
            if (h->trace) { trace_words(l, h->trace, h->depth, days_words(l, days_both(p, (struct days){l->start, l->end})), trace_figure(l, f), x->place); }
        }
        if (p.first <= l->start) { break; }
        day = p.first - 1;
    }
    if (!n) { return false; }
    if (way == FIGURES_MEAN) { exact_set(whole, n, 1); }
    mpq_set(out, part);
    if (way != FIGURES_SUM) { mpq_div(out, part, whole); }
    return true;
}

/* `in 3 of any 8 months`, `3 months in a row`: over the periods of the measure, that of the day at hand the last. */
bool periods_value(struct ledger *l, const struct at_hand *h, const struct m_exact *x, mpq_ptr out)
{
    int64_t count = 0;
    uint32_t seen = 0;
    const struct m_measure *m = &l->m->measure[x->ref];
    date day = h->day;
    mpq_ptr unused_value = ledger_number(l);
    while (day >= l->start && (x->mode == 0 || seen < x->mode)) {
        struct days p = period_of_kind(l, m->period, (uint32_t)m->period_n, day);
        struct at_hand there = *h;
        there.period = there.nominal = p;
        there.day = p.last;
        there.trace = NULL;
        bool yes = formula(l, &there, x->a, unused_value) && mpq_sgn(unused_value) > 0;
        if (yes) { count++; }
        if (!yes && x->mode == 0) { break; }
        seen++;
        if (p.first <= l->start) { break; }
        day = p.first - 1;
    }
    exact_set(out, count, 1);
    return true;
}

/* ---- of any thing ---- */

/* The measure whose figures a formula wants of the thing at hand; NO_REF. */
static uint32_t keyed_in(const struct module *m, uint32_t node)
{
    if (node == NO_REF) { return NO_REF; }
    const struct m_exact *x = &m->exact[node];
    if ((x->op == EX_MEASURE || x->op == EX_FIGURES) && !module_str(m, x->value).n && figures_keyed(m, x->ref)) { return x->ref; }
    uint32_t k = keyed_in(m, x->a);
    if (k == NO_REF) { k = keyed_in(m, x->b); }
    return k == NO_REF ? keyed_in(m, x->c) : k;
}

bool formula_yes_of_any(struct ledger *l, const struct at_hand *h, uint32_t node)
{
    uint32_t measure = keyed_in(l->m, node);
    if (measure == NO_REF) { return formula_yes(l, h, node); }
    for (size_t i = 0; i < l->figures[measure].n; i++) {
        const struct figure *f = &l->figures[measure].p[i];
        struct at_hand there = *h;
        there.key = f->group;
        if (f->period.first <= h->day && f->period.last >= h->day && f->gone > h->horizon && formula_yes(l, &there, node)) { return true; }
    }
    return false;
}
