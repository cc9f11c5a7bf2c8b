/* SPDX-License-Identifier: MIT */
/* Figures of measures in amounts and conditions of money: of all, of the thing at hand, of one that is named, of several
 * periods together. A figure of each thing needs to know of which. */
#include "compiler/charge.h"

static struct amount *broken(struct unit *u, struct span span) { return amount_new(u, EX_CONST, AMOUNT(AMOUNT_ERROR), span); }

static struct amount_type type_of(struct type t)
{
    switch (t.vt) {
    case VT_COUNT: case VT_NUMBER: case VT_PERCENT: case VT_SCALE: case VT_DATE: return AMOUNT(AMOUNT_NUMBER);
    case VT_DURATION: return AMOUNT(AMOUNT_TIME);
    case VT_MONEY: return AMOUNT(AMOUNT_MONEY);
    default: return AMOUNT(AMOUNT_ERROR);
    }
}

static struct amount_type measured(const struct measure_info *m)
{
    if (m->kind == MEASURE_COUNT || m->kind == MEASURE_SHARE || m->kind == MEASURE_UPTIME || m->kind == MEASURE_RATIO) { return AMOUNT(AMOUNT_NUMBER); }
    if (m->source == SOURCE_CLOCK) { return AMOUNT(AMOUNT_TIME); }
    return m->part != NULL ? type_of(m->part->type) : AMOUNT(AMOUNT_ERROR);
}

static bool of_things(const struct measure_info *m) { return m->source == SOURCE_SPANS && m->entity != NULL; }

bool measure_is_keyed(const struct measure_info *m) { return m->by.n > 0 || of_things(m); }

/* `uptime of "erp"`, `attainment of P1`: the text by which its figure is known. */
static bool named(struct unit *u, struct source_module *module, const struct measure_info *m, const struct node *e, struct amount *x)
{
    const struct node *of = e->kid[0];
    if (!measure_is_keyed(m)) {
        struct diag *d = diag(u->diags, E0302_TYPE, of->span, "`%.*s` is one figure for everything: it is not `of` one thing", STR_ARG(m->name));
        diag_help(d, "leave out `of …`; or measure `by` something: `by priority`");
        return false;
    }
    x->mode = FIGURE_NAMED;
    x->text = str_printf(u->arena, "%.*s of %.*s", STR_ARG(m->name), STR_ARG(of->text));
    x->decimal = of->text;
    struct type t = of_things(m) || m->by.n != 1 ? TYPE(VT_TEXT) : m->by.p[0]->type;
    int64_t v;
    struct str text;
    return t.vt != VT_SCALE || literal_check(u, module, of, t, &v, &text);
}

struct amount *amount_measure(struct unit *u, const struct amount_scope *sc, const struct node *e, struct symbol *s)
{
    struct measure_info *m = s->info;
    if (m == NULL) { return broken(u, e->span); }
    struct amount *x = amount_new(u, EX_MEASURE, measured(m), e->span);
    x->ref = m;
    if (e->op == OP_OF && e->n > 0 && !named(u, sc->module, m, e, x)) { return broken(u, e->span); }
    return x;
}

struct amount *amount_figures(struct unit *u, const struct amount_scope *sc, const struct node *e)
{
    const struct node *of = e->kid[0];
    struct symbol *s = of->kind == N_NAME ? symbol_need(u, sc->module, SYM_MEASURE, of->text, of->span) : NULL;
    if (of->kind != N_NAME) {
        struct diag *d = diag(u->diags, E0302_TYPE, of->span, "a measure is expected here, by its name");
        diag_help(d, "write `mean of uptime over 3 months`");
    }
    if (s == NULL || s->info == NULL || e->number2 == 0) { return broken(u, e->span); }
    struct measure_info *m = s->info;
    struct amount *x = amount_measure(u, sc, of, s);
    if (x->type.base == AMOUNT_ERROR) { return x; }
    uint32_t months = m->period == PERIOD_QUARTER ? 3 : m->period == PERIOD_YEAR || m->period == PERIOD_CONTRACT_YEAR ? 12 : 1;
    bool whole = m->period != PERIOD_DAY && m->period != PERIOD_WEEK && m->period != PERIOD_ALL && e->number2 % (months * m->period_n) == 0;
    if (!whole) {
        struct diag *d = diag(u->diags, E0302_TYPE, e->span, "%lld months are no whole number of the periods of `%.*s`", (long long)e->number2, STR_ARG(m->name));
        diag_label(d, m->node->name_span, "it is measured here");
        diag_help(d, "measure it `each month`");
        return broken(u, e->span);
    }
    bool share = m->kind == MEASURE_SHARE || m->kind == MEASURE_UPTIME;
    if (e->op == OP_SHARE && !share && m->kind != MEASURE_RATIO) {
        struct diag *d = diag(u->diags, E0302_TYPE, e->span, "`%.*s` is no share: nothing can be pooled", STR_ARG(m->name));
        diag_help(d, "write `mean of %.*s over …` or `sum of %.*s over …`", STR_ARG(m->name), STR_ARG(m->name));
        return broken(u, e->span);
    }
    if (e->op == OP_SUM && (share || m->kind == MEASURE_RATIO || m->kind == MEASURE_MEAN)) {
        struct diag *d = diag(u->diags, E0302_TYPE, e->span, "a sum of %s says nothing", share ? "shares" : "means");
        diag_help(d, "write `mean of %.*s over …`%s", STR_ARG(m->name), share ? ", or `pooled share of …` for all of them as one" : "");
        return broken(u, e->span);
    }
    x->op = EX_FIGURES;
    x->text = (struct str){ "", 0 };
    x->mode = (uint32_t)e->number2 / (months * m->period_n) + FIGURES_WAY * (e->op == OP_MEAN ? FIGURES_MEAN : e->op == OP_SUM ? FIGURES_SUM : FIGURES_POOLED);
    x->text = source_text(u->sources, e->span);
    return x;
}

/* ---- of which? ---- */

const struct amount *amount_keyed(const struct amount *a)
{
    if (a == NULL) { return NULL; }
    if ((a->op == EX_MEASURE || a->op == EX_FIGURES) && a->decimal.n == 0 && a->ref != NULL && measure_is_keyed(a->ref)) { return a; }
    const struct amount *x = amount_keyed(a->a);
    if (x == NULL) { x = amount_keyed(a->b); }
    if (x == NULL) { x = amount_keyed(a->c); }
    for (uint32_t i = 0; x == NULL && i < a->n_rows; i++) {
        x = amount_keyed(a->row[i].amount);
        if (x == NULL) { x = amount_keyed(a->row[i].flat); }
    }
    return x;
}

/* The first formula of a charge that asks for the figure of one thing without naming it. */
static const struct amount *keyed_in(const struct charge_info *c)
{
    const struct amount *const all[] = { c->when, c->units, c->price, c->amount, c->factor, c->each_min, c->each_max, c->sum_min, c->sum_max, c->unless_above };
    const struct amount *x = NULL;
    for (size_t i = 0; x == NULL && i < countof(all); i++) { x = amount_keyed(all[i]); }
    return x;
}

void charge_figures(struct unit *u, struct charge_info *c)
{
    const struct amount *x = keyed_in(c);
    if (x == NULL) { return; }
    struct measure_info *m = x->ref;
    if (c->trigger == TRIGGER_FACT) {
        if (of_things(m) && c->fact != NULL && c->fact->entity == m->entity) { return; } /* that of the event's thing */
    } else if (c->entity != NULL && (!of_things(m) || c->entity == m->entity)) {
        c->measure = m;
        return;
    }
    struct diag *d = diag(u->diags, E0708_OF_WHICH, x->span, "`%.*s` has a figure for each %.*s: of which?", STR_ARG(m->name), STR_ARG(of_things(m) ? m->entity->name : m->by_name.p[0]));
    diag_label(d, m->node->name_span, "it is measured here");
    if (of_things(m)) { diag_help(d, "for one line each write `%s %.*s of %.*s { … }`; for one alone `%.*s of \"…\"`", symbol_word(c->symbol), STR_ARG(c->symbol->name), STR_ARG(m->entity->name), STR_ARG(m->name)); }
    else { diag_help(d, "name it: `%.*s of …`; or make it one figure by leaving out `by` and saying `where …`", STR_ARG(m->name)); }
}
