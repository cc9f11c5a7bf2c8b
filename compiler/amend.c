/* SPDX-License-Identifier: MIT */
/* Amendments: a clause is followed by another from a date on. Charges are told apart by their first and last dates; a rate and
 * the limit of a cap become a formula that asks for the day at hand. */
#include "compiler/terms.h"

static bool is_money(const struct node *n) { return n != NULL && (n->kind == N_CHARGE || n->kind == N_RATE || n->kind == N_CAP); }

static void refused(struct unit *u, const struct node *at, const char *why, const char *instead)
{
    struct diag *d = diag(u->diags, E1013_AMENDMENT, span_is_none(at->name_span) ? at->span : at->name_span, "%s", why);
    diag_help(d, "%s", instead);
}

/* The last version of the charge with this number. */
static struct charge_info *charge_of(struct unit *u, struct str number)
{
    struct charge_info *last = NULL;
    for (size_t i = 0; i < u->money->charges.n; i++) {
        struct charge_info *c = u->money->charges.p[i];
        if (str_eq(c->node->clause, number)) { last = c; }
    }
    return last;
}

static struct rate_info *rate_of(struct unit *u, struct str number)
{
    for (size_t i = 0; i < u->money->rates.n; i++) {
        if (str_eq(u->money->rates.p[i]->symbol->node->clause, number)) { return u->money->rates.p[i]; }
    }
    return NULL;
}

/* `after` from the day on, before it `now`. */
static struct amount *from_day(struct unit *u, const struct node *from, struct amount *now, struct amount *after)
{
    struct amount *day = amount_new(u, EX_STATE, AMOUNT(AMOUNT_NUMBER), from->span);
    day->mode = STATE_TERM_DAY;
    struct amount *first = amount_const(u, AMOUNT(AMOUNT_NUMBER), from->number - u->effective, 1, from->span);
    struct amount *x = amount_two(u, EX_IF, now->type, after->span, amount_two(u, EX_LE, AMOUNT(AMOUNT_FLAG), from->span, first, day), after);
    x->c = now;
    return x;
}

static void replace_charge(struct unit *u, struct source_module *m, const struct node *amendment, const struct node *a, const struct node *to)
{
    int64_t day = amendment->kid[0]->number;
    struct charge_info *old = charge_of(u, a->text);
    if (old == NULL) { refused(u, a, "no fee, credit, discount or tax has this number", "name the clause that is replaced, or write `add`"); return; }
    if (old->first != NONE && old->first >= day) { refused(u, a, "this clause was replaced at a later date", "amendments stand in the order of their dates"); return; }
    old->last = day - 1;
    if (to == NULL) { return; }
    struct symbol *s = ARENA_NEW(u->arena, struct symbol);
    *s = (struct symbol){ .kind = SYM_CHARGE, .name = to->text, .module = m, .node = to, .section = amendment, .clause = NO_REF };
    struct charge_info *c = charge_declare(u, s);
    s->info = c;
    c->first = day;
    old->successor = c;
    old->amended = c->amended = true;
}

static void replace_rate(struct unit *u, struct source_module *m, const struct node *amendment, const struct node *a, const struct node *to)
{
    struct rate_info *r = rate_of(u, a->text);
    if (r == NULL) { refused(u, a, "no rate has this number", "name the clause that is replaced, or write `add`"); return; }
    struct amount *x = amount_check(u, &(struct amount_scope){ .module = m, .level = LEVEL_BY_DAY }, to->kid[0]);
    if (x->type.base == AMOUNT_ERROR) { return; }
    if (x->type.base != r->amount->type.base || !str_eq(x->type.per, r->amount->type.per)) {
        struct diag *d = diag(u->diags, E0313_UNITS, x->span, "the rate becomes another kind of amount");
        diag_label(d, x->span, "this is %.*s", STR_ARG(amount_word(u, x->type)));
        diag_label(d, r->amount->span, "this is %.*s", STR_ARG(amount_word(u, r->amount->type)));
        return;
    }
    r->amount = from_day(u, amendment->kid[0], r->amount, x);
}

static bool usable(struct unit *u, const struct node *n)
{
    if (n->kind != N_AMENDMENT || n->n == 0 || n->kid[0] == NULL || n->kid[0]->kind != N_DATE) { return false; }
    if (u->effective != NONE) { return true; }
    if (u->agreement != NULL) { refused(u, n, "the agreement does not say when it takes effect", "write a line `effective 2026-01-01` in it"); }
    return false;
}

static void declarations(struct unit *u, struct source_module *m, const struct node *n, const struct node *section)
{
    (void)section;
    if (!usable(u, n)) { return; }
    for (uint32_t i = 1; i < n->n; i++) {
        const struct node *a = n->kid[i], *to = a != NULL && a->n > 0 ? a->kid[0] : NULL;
        if (a == NULL || a->kind != N_AMEND || (to != NULL && to->kind == N_BROKEN)) { continue; }
        if (a->op == OP_ADD) {
            struct symbol *s = to != NULL ? symbol_of(u, to) : NULL;
            if (s != NULL && to->kind == N_CHARGE && s->info != NULL) { ((struct charge_info *)s->info)->first = n->kid[0]->number; }
            else if (to == NULL || to->kind != N_CHARGE) { refused(u, a, "only fees, credits, discounts and taxes can be added by an amendment", "write the clause in the agreement; what it does can be bound to a date with `when`"); }
            continue;
        }
        if (a->op == OP_REMOVE) { replace_charge(u, m, n, a, NULL); continue; }
        if (!is_money(to)) { refused(u, a, "only fees, credits, discounts, taxes, rates and caps can be replaced by an amendment", "write the clause in the agreement; what it does can be bound to a date with `when`"); continue; }
        if (to->kind == N_CHARGE) { replace_charge(u, m, n, a, to); }
        if (to->kind == N_RATE) { replace_rate(u, m, n, a, to); }
    }
}

void amend_declarations(struct unit *u) { each_declaration(u, declarations); }

static void caps(struct unit *u, struct source_module *m, const struct node *n, const struct node *section)
{
    (void)section;
    if (n->kind != N_AMENDMENT || n->n == 0 || n->kid[0] == NULL || n->kid[0]->kind != N_DATE || u->effective == NONE) { return; }
    for (uint32_t i = 1; i < n->n; i++) {
        const struct node *a = n->kid[i], *to = a != NULL && a->n > 0 ? a->kid[0] : NULL;
        if (a == NULL || a->kind != N_AMEND || a->op != OP_REPLACE || to == NULL || to->kind != N_CAP) { continue; }
        struct cap_info *c = NULL;
        for (size_t k = 0; k < u->money->caps.n; k++) {
            if (str_eq(u->money->caps.p[k]->node->clause, a->text)) { c = u->money->caps.p[k]; }
        }
        if (c == NULL) { refused(u, a, "no cap has this number", "name the clause that is replaced"); continue; }
        if (to->number2 != c->node->number2 || to->number != c->node->number || to->kid[0]->n != c->node->kid[0]->n) {
            refused(u, a, "an amendment changes how much a cap is, not what it caps or in which window", "write another cap for the rest");
            continue;
        }
        struct amount *x = amount_want(u, &(struct amount_scope){ .module = m, .level = LEVEL_BY_DAY }, to->kid[1], AMOUNT_MONEY);
        if (x->type.base != AMOUNT_ERROR) { c->limit = from_day(u, n->kid[0], c->limit, x); }
    }
}

void amend_caps(struct unit *u) { each_declaration(u, caps); }
