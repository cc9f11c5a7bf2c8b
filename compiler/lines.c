/* SPDX-License-Identifier: MIT */
/* What a percentage is of: sets of lines with the way they are counted and their window, and amounts by name. */
#include "compiler/charge.h"

static struct amount *broken(struct unit *u, struct span span) { return amount_new(u, EX_CONST, AMOUNT(AMOUNT_ERROR), span); }

static bool has_charges(struct unit *u, uint8_t kind)
{
    for (size_t i = 0; i < u->money->charges.n; i++) {
        if (u->money->charges.p[i]->kind == kind) { return true; }
    }
    return false;
}

struct lines_info *lines_check(struct unit *u, const struct amount_scope *sc, const struct node *list, struct span span)
{
    struct lines_info *l = ARENA_NEW(u->arena, struct lines_info);
    *l = (struct lines_info){ .name = str_trim(source_text(u->sources, span)), .window_n = 0, .span = span, .index = NO_REF };
    bool ok = list->n > 0;
    for (uint32_t i = 0; i < list->n; i++) {
        const struct node *n = list->kid[i];
        if (n->kind != N_NAME) { ok = false; continue; }
        bool of_thing = n->title.n > 0;
        if (of_thing && symbol_need(u, sc->module, SYM_ENTITY, n->title, n->span) == NULL) { ok = false; }
        if (str_eq(n->text, STR("charges"))) {
            l->all_fees = true;
            l->less_discounts = sc->charge != NULL && sc->charge->kind == CHARGE_TAX; /* a tax is on what the fees come to */
            l->of_thing = l->of_thing || of_thing;
            if (has_charges(u, CHARGE_FEE)) { continue; }
            struct diag *d = diag(u->diags, E1003_OF_NOTHING, n->span, "there are no fees");
            diag_help(d, "`charges` are all fees of the agreement; declare one with `fee`");
            ok = false;
            continue;
        }
        if (str_eq(n->text, STR("credits"))) { *(n->number == 1 ? &l->less_credits : &l->all_credits) = true; continue; }
        struct symbol *s = symbol_need(u, sc->module, SYM_CHARGE, n->text, n->span);
        if (s == NULL || s->info == NULL) { ok = false; continue; }
        for (struct charge_info *c = s->info; c != NULL; c = c->successor) { vec_push(&l->charges, u->arena, ((struct lines_charge){ c, n->number == 1, of_thing })); }
    }
    vec_push(&u->money->lines, u->arena, l);
    return ok ? l : NULL;
}

static uint32_t counted_of(uint16_t op)
{
    switch (op) {
    case OP_EARNED: return COUNTED_EARNED;
    case OP_PAID: return COUNTED_PAID;
    case OP_SCHEDULED: return COUNTED_SCHEDULED;
    default: return COUNTED_INVOICED;
    }
}

static uint32_t window_of(int64_t op)
{
    switch (op) {
    case OP_MONTH: return WINDOW_MONTH;
    case OP_QUARTER: return WINDOW_QUARTER;
    case OP_YEAR: return WINDOW_YEAR;
    case OP_CONTRACT_MONTH: return WINDOW_CONTRACT_MONTH;
    case OP_CONTRACT_YEAR: return WINDOW_CONTRACT_YEAR;
    case OP_TERM_PERIOD: return WINDOW_TERM;
    case OP_MONTHS_BEFORE: return WINDOW_MONTHS_BEFORE;
    case OP_MONTHS_BEFORE_FIRST: return WINDOW_BEFORE_FIRST;
    case OP_NEXT_INVOICE: return WINDOW_NEXT_INVOICE;
    default: return WINDOW_PERIOD;
    }
}

static struct amount *sum_of(struct unit *u, struct lines_info *l, struct span span)
{
    struct amount *x = amount_new(u, EX_LINES, AMOUNT(AMOUNT_MONEY), span);
    x->ref = l;
    return x;
}

struct amount *amount_lines(struct unit *u, const struct amount_scope *sc, const struct node *e)
{
    struct lines_info *l = lines_check(u, sc, e->kid[0], e->span);
    if (l == NULL) { return broken(u, e->span); }
    l->counted = counted_of(e->op);
    l->window = window_of(e->number);
    l->window_n = l->window == WINDOW_MONTHS_BEFORE || l->window == WINDOW_BEFORE_FIRST ? (uint32_t)e->number2 : 0;
    return sum_of(u, l, e->span);
}

struct amount *amount_remaining(struct unit *u, const struct amount_scope *sc, const struct node *e)
{
    if (!sc->settling) {
        struct diag *d = diag(u->diags, E1003_OF_NOTHING, e->span, "`remaining` has a meaning when the agreement is terminated");
        diag_help(d, "it stands in the `settles` of a right to terminate");
        return broken(u, e->span);
    }
    struct node list = { .kind = N_LIST, .span = e->span, .kid = e->kid, .n = 1 };
    struct lines_info *l = lines_check(u, sc, &list, e->span);
    if (l == NULL) { return broken(u, e->span); }
    l->counted = COUNTED_SCHEDULED;
    l->window = WINDOW_TERM;
    struct amount *x = amount_new(u, EX_REMAINING, AMOUNT(AMOUNT_MONEY), e->span);
    x->ref = l;
    return x;
}

struct amount *amount_named(struct unit *u, struct symbol *s, struct span span)
{
    if (s->state == 1) {
        struct diag *d = diag(u->diags, E0211_CIRCULAR, s->node->name_span, "the amount `%.*s` depends on itself", STR_ARG(s->name));
        diag_label(d, span, "it is used here");
        diag_help(d, "one of the amounts that it is worked out from is worked out from it");
        s->state = 2;
        s->info = NULL;
        return broken(u, span);
    }
    if (s->state == 0) {
        s->state = 1;
        struct amount_scope sc = { .module = s->module, .level = LEVEL_BY_DAY };
        struct node *of = s->node->kid[0];
        struct amount *a = of->kind == N_CSLOT ? bands_check(u, &sc, of) : amount_check(u, &sc, of);
        if (s->state == 1) {
            s->state = 2;
            s->info = a->type.base == AMOUNT_ERROR ? NULL : a;
        }
    }
    struct amount *a = s->info;
    if (a == NULL) { return broken(u, span); }
    struct amount *x = amount_two(u, EX_NAMED, a->type, span, a, NULL);
    x->text = s->name;
    return x;
}

/* ---- circles ---- */

/* Sums over the past are settled; those of a period that goes on are worked out with what is looked for. */
static bool is_past(const struct lines_info *l) { return l->window == WINDOW_MONTHS_BEFORE || l->window == WINDOW_BEFORE_FIRST || l->counted == COUNTED_PAID; }

static bool has(const struct lines_info *l, const struct charge_info *c)
{
    bool in = (l->all_fees && c->kind == CHARGE_FEE) || (l->all_credits && c->kind == CHARGE_CREDIT) || (l->less_credits && c->kind == CHARGE_CREDIT);
    for (size_t i = 0; i < l->charges.n; i++) {
        if (l->charges.p[i].charge == c) { in = !l->charges.p[i].less || !l->all_fees; }
    }
    return in;
}

static bool reaches(struct unit *u, const struct charge_info *from, const struct charge_info *to, uint8_t *seen);

static bool reads(struct unit *u, const struct amount *a, const struct charge_info *to, uint8_t *seen)
{
    if (a == NULL) { return false; }
    if (a->op == EX_LINES && a->ref != NULL && !is_past(a->ref)) {
        const struct lines_info *l = a->ref;
        if (has(l, to)) { return true; }
        for (size_t i = 0; i < u->money->charges.n; i++) {
            if (has(l, u->money->charges.p[i]) && reaches(u, u->money->charges.p[i], to, seen)) { return true; }
        }
    }
    if (a->op == EX_ACCOUNT) { /* what is left depends on all that is drawn */
        for (size_t i = 0; i < u->money->charges.n; i++) {
            const struct charge_info *c = u->money->charges.p[i];
            if (c->draws.n > 0 && c->draws.p[0]->group == ((const struct account_info *)a->ref)->group && (c == to || reaches(u, c, to, seen))) { return true; }
        }
    }
    if (reads(u, a->a, to, seen) || reads(u, a->b, to, seen) || reads(u, a->c, to, seen)) { return true; }
    for (uint32_t i = 0; i < a->n_rows; i++) {
        if (reads(u, a->row[i].amount, to, seen) || reads(u, a->row[i].flat, to, seen)) { return true; }
    }
    return false;
}

static bool reaches(struct unit *u, const struct charge_info *from, const struct charge_info *to, uint8_t *seen)
{
    if (seen[from->index]) { return false; }
    seen[from->index] = 1;
    struct amount *const all[] = { from->when, from->units, from->price, from->amount, from->factor, from->each_min, from->each_max, from->sum_min, from->sum_max, from->unless_above };
    for (size_t i = 0; i < countof(all); i++) {
        if (reads(u, all[i], to, seen)) { return true; }
    }
    for (size_t i = 0; from->draws.n > 0 && i < u->money->charges.n; i++) { /* what is drawn for it depends on what others draw */
        const struct charge_info *c = u->money->charges.p[i];
        if (c->draws.n > 0 && c->draws.p[0]->group == from->draws.p[0]->group && reaches(u, c, to, seen)) { return true; }
    }
    for (size_t i = 0; i < from->exceptions.n; i++) {
        if (reads(u, from->exceptions.p[i].when, to, seen) || reads(u, from->exceptions.p[i].value, to, seen)) { return true; }
    }
    return false;
}

void circles_check(struct unit *u)
{
    struct money *m = u->money;
    for (size_t i = 0; i < m->charges.n; i++) { m->charges.p[i]->index = (uint32_t)i; }
    account_groups(u);
    for (size_t i = 0; i < m->charges.n; i++) {
        struct charge_info *c = m->charges.p[i];
        uint8_t *seen = ARENA_ARRAY(u->arena, uint8_t, m->charges.n);
        if (!reaches(u, c, c, seen)) { continue; }
        struct str name = c->symbol->name;
        struct diag *d = diag(u->diags, E0211_CIRCULAR, c->node->name_span, "the %s `%.*s` is a share of itself", symbol_word(c->symbol), STR_ARG(name));
        if (c->kind == CHARGE_FEE) { diag_help(d, "leave it out of what it is a share of: `(charges except %.*s, …)`", STR_ARG(name)); }
        else { diag_help(d, "one of the amounts that it is worked out from is worked out from it"); }
        return; /* one of the circle is enough */
    }
}
