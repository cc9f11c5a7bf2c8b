/* SPDX-License-Identifier: MIT */
/* What msa_exposure tells: the largest amount of each charge and period, interest, and liability. */
#include "runtime/exposure.h"
#include "runtime/input.h"
#include <string.h>

/* ---- what is told ---- */

static struct msa_text out(struct str s) { return (struct msa_text){s.p, s.n}; }

static void give(struct exposure *x, struct msa_exposed *e, struct range r, void (*each)(void *, const struct msa_exposed *), void *ctx)
{
    e->currency = out(exposure_text(x, x->m->agreement[0].currency));
    e->places = x->places;
    r = range_not_below_zero(x, r);
    e->unbounded = r.no_hi || !exact_minor(&e->most, r.hi, x->places, x->rounding);
    if (e->unbounded) {
        e->most = MSA_NONE;
        e->why = out(r.why.n ? r.why : STR("nothing bounds it"));
    }
    each(ctx, e);
}

static struct str period_word(struct exposure *x, uint32_t kind, uint32_t n)
{
    static const char *const name[] = {"day", "week", "month", "quarter", "year", "contract month", "contract year", "term"};
    return n > 1 ? str_printf(x->arena, "each %u %ss", n, name[kind & 7]) : str_printf(x->arena, "each %s", name[kind & 7]);
}

static bool in_set(const struct module *m, uint32_t set, uint32_t charge)
{
    const struct m_lines *s = &m->lines[set];
    for (uint32_t i = 0; i < s->n_charges; i++) {
        if (m->lines_charge[s->charges + i].charge == charge && !m->lines_charge[s->charges + i].less) { return true; }
    }
    return false;
}

static void one_charge(struct exposure *x, uint32_t i, void (*each)(void *, const struct msa_exposed *), void *ctx)
{
    const struct m_charge *c = &x->m->charge[i];
    struct msa_exposed e = {.clause = c->clause, .name = out(exposure_text(x, c->name)), .title = out(exposure_text(x, c->title)), .formula = out(exposure_formula(x, c))};
    struct range r = exposure_each(x, c);
    bool facts = c->trigger == TRIGGER_FACT || c->trigger == TRIGGER_OVERDUE || c->trigger == TRIGGER_ACCOUNT;
    e.what = c->kind == CHARGE_CREDIT ? MSA_EXPOSED_CREDIT : c->kind == CHARGE_DISCOUNT ? MSA_EXPOSED_DISCOUNT : c->kind == CHARGE_TAX ? MSA_EXPOSED_TAX : MSA_EXPOSED_FEE;
    e.party = c->kind == CHARGE_CREDIT || c->kind == CHARGE_DISCOUNT ? MSA_BY_PROVIDER : MSA_BY_CUSTOMER;
    if (facts) {
        r = range_times(x, range_not_below_zero(x, r), exposure_occasions(x, c, 1, false));
        x->charge = c;
        if (c->sum_max != NO_REF) { r = range_extreme(r, exposure_value(x, c->sum_max), false); }
        e.period = out(c->sum_max != NO_REF ? period_word(x, c->sum_period, c->sum_period_n) : c->flags & CHARGE_ONCE ? STR("once") : STR("each month"));
    } else {
        e.period = out(c->trigger == TRIGGER_EVERY ? period_word(x, c->period, c->period_n) : c->trigger == TRIGGER_END ? STR("once, at the end") : STR("once"));
    }
    for (uint32_t k = 0; k < x->m->n_cap; k++) {
        const struct m_cap *cap = &x->m->cap[k];
        if (cap->window == WINDOW_ENTITY || !in_set(x->m, cap->lines, i)) { continue; }
        x->charge = c;
        x->units = NULL;
        struct range limit = exposure_value(x, cap->limit);
        if (limit.no_hi || (!r.no_hi && mpq_cmp(limit.hi, r.hi) >= 0)) { continue; }
        r.hi = limit.hi;
        r.no_hi = false;
        e.capped_by = cap->clause;
    }
    give(x, &e, r, each, ctx);
}

/* Of one calendar month, on the largest sum that is owed at a time (with interest that bears interest): 31 days of it, or a month;
 * of started months two can fall into one. */
static void interest(struct exposure *x, void (*each)(void *, const struct msa_exposed *), void *ctx)
{
    const struct m_terms *t = x->m->n_terms ? &x->m->terms[0] : NULL;
    if (!t || t->interest == NO_REF) { return; }
    struct msa_exposed e = {.clause = t->interest_clause, .what = MSA_EXPOSED_INTEREST, .party = MSA_BY_CUSTOMER, .name = out(STR("interest")), .period = out(STR("each month"))};
    struct sb b = {.arena = x->arena};
    x->charge = NULL;
    x->units = NULL;
    struct range rate = exposure_value(x, t->interest), owed = range_named(x, STR("owed"), range_upwards(x, STR("what is owed at a time"))), share = range_whole(x, 1, 1);
    if (t->interest_per == PER_MONTH) { rate = range_times(x, rate, range_whole(x, 12, 12)); }
    switch ((enum days_over)t->days_over) {
    case DAYS_365:
    case DAYS_ACTUAL: exact_set(share.hi, 31, 365); break;
    case DAYS_360:
    case DAYS_THIRTIETHS: exact_set(share.hi, 31, 360); break;
    case DAYS_FULL_MONTHS: exact_set(share.hi, 1, 12); break;
    case DAYS_STARTED_MONTHS: exact_set(share.hi, 1, 6); break;
    }
    mpq_set_ui(share.lo, 0, 1);
    exposure_words(x, &b, t->interest, true);
    sb_printf(&b, " per %s of what is overdue", t->interest_per == PER_MONTH ? "month" : "year");
    e.formula = out(sb_str(&b));
    give(x, &e, range_times(x, range_times(x, range_not_below_zero(x, rate), share), owed), each, ctx);
}

/* Sums that grow by the invoice, taken by the day, have no end in the first days. */
static bool by_day_of_invoices(const struct module *m, uint32_t node)
{
    if (node == NO_REF) { return false; }
    const struct m_exact *e = &m->exact[node];
    if (e->op == EX_LINES && m->lines[e->ref].counted != COUNTED_EARNED) { return true; }
    return by_day_of_invoices(m, e->a) || by_day_of_invoices(m, e->b) || by_day_of_invoices(m, e->c);
}

static void liabilities(struct exposure *x, void (*each)(void *, const struct msa_exposed *), void *ctx)
{
    static const uint32_t parties[] = {PARTY_PROVIDER, PARTY_CUSTOMER};
    for (size_t p = 0; p < countof(parties); p++) {
        uint32_t party = parties[p];
        bool any = false;
        enum msa_party who = party == PARTY_PROVIDER ? MSA_BY_PROVIDER : MSA_BY_CUSTOMER;
        x->charge = NULL;
        x->units = NULL;
        for (uint32_t i = 0; i < x->m->n_limit; i++) {
            const struct m_limit *l = &x->m->limit[i];
            if (l->party != party) { continue; }
            struct msa_exposed e = {.clause = l->clause, .what = MSA_EXPOSED_LIABILITY, .party = who, .name = out(exposure_text(x, l->kind)), .period = out(l->flags & LIMIT_PER_CLAIM ? STR("each claim") : STR("the term"))};
            struct sb b = {.arena = x->arena};
            any = any || !l->kind;
            if (!(l->flags & LIMIT_NONE) && l->amount != NO_REF) { exposure_words(x, &b, l->amount, false); }
            e.formula = (struct msa_text){b.n ? b.p : "", b.n};
            bool none = l->flags & LIMIT_NONE || l->amount == NO_REF, early = !none && l->flags & LIMIT_BY_DAY && by_day_of_invoices(x->m, l->amount);
            give(x, &e, none ? range_upwards(x, STR("it is not limited")) : early ? range_upwards(x, STR("the days before the incident")) : exposure_value(x, l->amount), each, ctx);
        }
        struct msa_exposed e = {.what = MSA_EXPOSED_LIABILITY, .party = who, .period = out(STR("the term"))};
        if (!any) { give(x, &e, range_upwards(x, STR("no clause limits it")), each, ctx); }
    }
}

void msa_exposure(const struct msa_module *m, const struct msa_bound *bounds, size_t n, void (*each)(void *ctx, const struct msa_exposed *e), void *ctx)
{
    struct arena a;
    arena_init(&a, NULL);
    const struct m_agreement *g = &m->m->agreement[0];
    struct exposure x = {.m = m->m, .arena = &a, .bound = bounds, .n_bounds = n, .places = g->places <= 4 ? g->places : 2, .rounding = (enum exact_rounding)g->rounding};
    for (uint32_t i = 0; i < m->m->n_charge; i++) {
        x.steps = 0;
        one_charge(&x, i, each, ctx);
    }
    x.steps = 0;
    interest(&x, each, ctx);
    x.steps = 0;
    liabilities(&x, each, ctx);
    for (size_t i = 0; i < x.numbers.n; i++) { mpq_clear(x.numbers.p[i]); }
    arena_free(&a);
}

/* Names that a bound can be given for: quantities, measures, series, values of events, events. */
bool msa_exposure_reads(const struct msa_module *m, size_t i, struct msa_text *name)
{
    const struct module *x = m->m;
    uint32_t at;
    if (i < x->n_quantity) { at = x->quantity[i].name; }
    else if ((i -= x->n_quantity) < x->n_measure) { at = x->measure[i].name; }
    else if ((i -= x->n_measure) < x->n_series) { at = x->series[i].name; }
    else if ((i -= x->n_series) < x->n_fact) { at = x->fact[i].name; }
    else if ((i -= x->n_fact) < x->n_fact_value) { at = x->fact_value[i].name; }
    else if ((i -= x->n_fact_value) < x->n_account) { at = x->account[i].name; }
    else if ((i -= x->n_account) < 3) {
        *name = out(i == 0 ? STR("time") : i == 1 ? STR("overdue") : STR("owed"));
        return true;
    } else { return false; }
    *name = out(module_str(x, at));
    return true;
}
