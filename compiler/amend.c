/* SPDX-License-Identifier: MIT */
/* Amendments: a clause is followed by another from a date on. Charges, powers and limits of liability are told apart by their first
 * and last dates; a rate, a named amount, what interest is, a commitment and the limit of a cap become a formula that asks for the
 * day at hand. */
#include "compiler/terms.h"

static bool is_later(const struct node *n) { return n->kind == N_CAP || n->kind == N_RIGHT || n->kind == N_LIMITS || n->kind == N_INTEREST || n->kind == N_QUANTITY; }
static bool is_money(const struct node *n) { return n != NULL && (n->kind == N_CHARGE || n->kind == N_RATE || n->kind == N_AMOUNTDECL || is_later(n)); }

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
    for (size_t i = 0; i < u->money->charges.n; i++) { /* all rows of a rate card */
        struct charge_info *c = u->money->charges.p[i];
        if (str_eq(c->node->clause, a->text) && (c->last == NONE || c->last >= day)) { c->last = day - 1; }
    }
    if (to == NULL) { return; }
    struct symbol *s = ARENA_NEW(u->arena, struct symbol);
    *s = (struct symbol){ .kind = SYM_CHARGE, .name = to->text, .module = m, .node = to, .section = amendment, .clause = NO_REF };
    struct charge_info *c = charge_declare_parts(u, s);
    s->info = c;
    old->successor = c;
    old->amended = c->amended = true;
    for (; c != NULL; c = c->successor) { c->first = day; }
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

/* In its place, so that whatever reads it already reads both. */
static void replace_amount(struct unit *u, struct source_module *m, const struct node *amendment, const struct node *a, const struct node *to)
{
    struct symbol *s = NULL;
    for (size_t i = 0; i < u->all.n; i++) {
        if (u->all.p[i]->kind == SYM_AMOUNT && str_eq(u->all.p[i]->node->clause, a->text)) { s = u->all.p[i]; }
    }
    if (s == NULL) { refused(u, a, "no named amount has this number", "name the clause that is replaced"); return; }
    (void)amount_named(u, s, to->span);
    struct amount *now = s->info, *x = amount_check(u, &(struct amount_scope){ .module = m, .level = LEVEL_BY_DAY }, to->kid[0]);
    if (now == NULL || x->type.base == AMOUNT_ERROR) { return; }
    if (x->type.base != now->type.base || !str_eq(x->type.per, now->type.per)) {
        struct diag *d = diag(u->diags, E0313_UNITS, x->span, "the amount becomes another kind of amount");
        diag_label(d, x->span, "this is %.*s", STR_ARG(amount_word(u, x->type)));
        diag_label(d, now->span, "this is %.*s", STR_ARG(amount_word(u, now->type)));
        return;
    }
    struct amount *before = ARENA_NEW(u->arena, struct amount);
    *before = *now;
    *now = *from_day(u, amendment->kid[0], before, x);
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
            if (s != NULL && to->kind == N_CHARGE && s->info != NULL) {
                for (struct charge_info *c = s->info; c != NULL; c = c->successor) { c->first = n->kid[0]->number; }
            }
            else if (to == NULL || (to->kind != N_CHARGE && to->kind != N_RIGHT && to->kind != N_LIMITS)) { refused(u, a, "only fees, credits, discounts, taxes, powers and limits of liability can be added by an amendment", "write the clause in the agreement; what it does can be bound to a date with `when`"); }
            continue;
        }
        if (a->op == OP_REMOVE && charge_of(u, a->text) == NULL) { continue; } /* a power or a limit: known later */
        if (a->op == OP_REMOVE) { replace_charge(u, m, n, a, NULL); continue; }
        if (!is_money(to)) { refused(u, a, "an amendment cannot replace clauses of this kind", "write the clause in the agreement; what it does can be bound to a date with `when`. Replaced are fees, credits, discounts, taxes, rates, amounts, caps, powers, limits, interest and commitments"); continue; }
        if (to->kind == N_CHARGE) { replace_charge(u, m, n, a, to); }
        if (to->kind == N_RATE) { replace_rate(u, m, n, a, to); }
        if (to->kind == N_AMOUNTDECL) { replace_amount(u, m, n, a, to); }
    }
}

void amend_declarations(struct unit *u) { each_declaration(u, declarations); }

static void replace_cap(struct unit *u, struct source_module *m, const struct node *amendment, const struct node *a, const struct node *to)
{
    struct cap_info *c = NULL;
    for (size_t k = 0; k < u->money->caps.n; k++) {
        if (str_eq(u->money->caps.p[k]->node->clause, a->text)) { c = u->money->caps.p[k]; }
    }
    if (c == NULL) { refused(u, a, "no cap has this number", "name the clause that is replaced"); return; }
    if (to->number2 != c->node->number2 || to->number != c->node->number || to->kid[0]->n != c->node->kid[0]->n) {
        refused(u, a, "an amendment changes how much a cap is, not what it caps or in which window", "write another cap for the rest");
        return;
    }
    struct amount *x = amount_want(u, &(struct amount_scope){ .module = m, .level = LEVEL_BY_DAY }, to->kid[1], AMOUNT_MONEY);
    if (x->type.base != AMOUNT_ERROR) { c->limit = from_day(u, amendment->kid[0], c->limit, x); }
}

/* The version of a power that holds on; NULL: none has this number. */
static struct right_info *right_of(struct unit *u, struct str number)
{
    struct right_info *last = NULL;
    for (size_t i = 0; i < u->money->rights.n; i++) {
        if (str_eq(u->money->rights.p[i]->node->clause, number)) { last = u->money->rights.p[i]; }
    }
    return last;
}

/* `to` NULL: it is taken out. A notice that was given before goes on by the text of its day. */
static void replace_right(struct unit *u, struct source_module *m, const struct node *amendment, const struct node *a, const struct node *to)
{
    int64_t day = amendment->kid[0]->number;
    struct right_info *old = right_of(u, a->text);
    if (a->op != OP_ADD && old == NULL) { refused(u, a, "no power has this number", "name the clause that is replaced, or write `add`"); return; }
    if (a->op != OP_ADD && old->first != NONE && old->first >= day) { refused(u, a, "this clause was replaced at a later date", "amendments stand in the order of their dates"); return; }
    if (to != NULL && a->op != OP_ADD && (to->op == OP_SUSPEND) != (old->kind == RIGHT_SUSPEND)) {
        refused(u, a, "a power to suspend and a power to terminate do not replace each other", "write `remove` and `add`");
        return;
    }
    size_t n = u->money->rights.n;
    if (to != NULL) { right_check(u, m, to, amendment); }
    for (size_t i = n; i < u->money->rights.n; i++) { u->money->rights.p[i]->first = day; }
    if (a->op != OP_ADD) { old->last = day - 1; }
}

static void replace_limits(struct unit *u, struct source_module *m, const struct node *amendment, const struct node *a, const struct node *to)
{
    int64_t day = amendment->kid[0]->number;
    size_t n = u->money->limits.n;
    bool any = false;
    for (size_t i = 0; i < n; i++) {
        struct limit_info *l = u->money->limits.p[i];
        if (!str_eq(l->node->clause, a->text) || l->last != NONE) { continue; }
        if (l->first != NONE && l->first >= day) { refused(u, a, "this clause was replaced at a later date", "amendments stand in the order of their dates"); return; }
        any = true;
    }
    if (a->op != OP_ADD && !any) { refused(u, a, "no limit of liability has this number", "name the clause that is replaced, or write `add`"); return; }
    if (to != NULL) { limits_check(u, m, to, amendment); }
    for (size_t k = n; k < u->money->limits.n; k++) { u->money->limits.p[k]->first = day; }
    for (size_t i = 0; a->op != OP_ADD && i < n; i++) {
        struct limit_info *l = u->money->limits.p[i];
        if (!str_eq(l->node->clause, a->text) || l->last != NONE) { continue; }
        l->last = day - 1;
        for (size_t k = n; k < u->money->limits.n; k++) { /* what was claimed of it stays used */
            struct limit_info *x = u->money->limits.p[k];
            if (x->party == l->party && str_eq(x->kind, l->kind)) { x->before = l; }
        }
    }
}

/* Only how high it is: the days from then on bear the new rate, also on what was owed before. */
static void replace_interest(struct unit *u, struct source_module *m, const struct node *amendment, const struct node *a, const struct node *to)
{
    struct terms_info *t = u->money->terms;
    if (t == NULL || t->interest == NULL || !str_eq(t->interest_node->clause, a->text)) { refused(u, a, "no clause about interest has this number", "name the clause that is replaced"); return; }
    struct terms_info x = { .node = to, .section = amendment };
    u->money->terms = &x;
    interest_check(u, m, to, amendment);
    u->money->terms = t;
    if (x.interest == NULL || x.interest->type.base == AMOUNT_ERROR || t->interest->type.base == AMOUNT_ERROR) { return; }
    if (x.interest_per != t->interest_per || x.days_over != t->days_over || x.compound != t->compound || x.interest_flags != t->interest_flags) {
        refused(u, a, "an amendment changes how high the interest is, not how it is counted", "keep the other words of the clause as they are");
        return;
    }
    t->interest = from_day(u, amendment->kid[0], t->interest, x.interest);
}

/* A slot of the new text that stands in the old one, word for word. */
static bool as_before(struct unit *u, const struct node *old, const struct node *slot)
{
    for (uint32_t i = 2; i < old->n; i++) {
        if (old->kid[i] != NULL && str_eq(source_text(u->sources, old->kid[i]->span), source_text(u->sources, slot->span))) { return true; }
    }
    return false;
}

static void replace_quantity(struct unit *u, struct source_module *m, const struct node *amendment, const struct node *a, const struct node *to)
{
    struct quantity_info *q = NULL;
    for (size_t i = 0; i < u->money->quantities.n; i++) {
        if (str_eq(u->money->quantities.p[i]->symbol->node->clause, a->text)) { q = u->money->quantities.p[i]; }
    }
    if (q == NULL) { refused(u, a, "no quantity has this number", "name the clause that is replaced"); return; }
    const struct node *old = q->symbol->node, *least = NULL;
    bool same = str_eq(old->text, to->text) && old->n > 0 && to->n > 0 && old->kid[0] != NULL && to->kid[0] != NULL &&
                str_eq(source_text(u->sources, old->kid[0]->span), source_text(u->sources, to->kid[0]->span));
    for (uint32_t i = 2; i < to->n; i++) {
        if (to->kid[i] == NULL) { continue; }
        if (to->kid[i]->kind == N_QSLOT && to->kid[i]->op == OP_COMMITTED) { least = to->kid[i]; }
        else { same = same && as_before(u, old, to->kid[i]); }
    }
    for (uint32_t i = 2; i < old->n; i++) {
        if (old->kid[i] != NULL && !(old->kid[i]->kind == N_QSLOT && old->kid[i]->op == OP_COMMITTED)) { same = same && as_before(u, to, old->kid[i]); }
    }
    if (!same || (least == NULL && q->minimum == NULL)) {
        refused(u, a, "an amendment changes how much of a quantity is committed, not where it comes from or how it is counted", "keep the other words of the clause as they are");
        return;
    }
    struct amount *x = least != NULL ? amount_check(u, &(struct amount_scope){ .module = m, .level = LEVEL_BY_DAY }, least->kid[0]) : amount_const(u, AMOUNT(AMOUNT_NUMBER), 0, 1, to->span);
    if (x->type.base == AMOUNT_ERROR) { return; }
    if (x->type.base != AMOUNT_NUMBER && x->type.base != AMOUNT_UNIT) { refused(u, a, "a commitment is a number", "write `committed minimum 30`"); return; }
    q->minimum = from_day(u, amendment->kid[0], q->minimum != NULL ? q->minimum : amount_const(u, AMOUNT(AMOUNT_NUMBER), 0, 1, to->span), x);
}

static void later(struct unit *u, struct source_module *m, const struct node *n, const struct node *section)
{
    (void)section;
    if (n->kind != N_AMENDMENT || n->n == 0 || n->kid[0] == NULL || n->kid[0]->kind != N_DATE || u->effective == NONE) { return; }
    for (uint32_t i = 1; i < n->n; i++) {
        const struct node *a = n->kid[i], *to = a != NULL && a->n > 0 ? a->kid[0] : NULL;
        if (a == NULL || a->kind != N_AMEND || (to != NULL && to->kind == N_BROKEN)) { continue; }
        if (a->op == OP_REMOVE) {
            if (charge_of(u, a->text) != NULL) { continue; }
            bool limit = false;
            for (size_t k = 0; k < u->money->limits.n; k++) { limit = limit || str_eq(u->money->limits.p[k]->node->clause, a->text); }
            if (right_of(u, a->text) != NULL) { replace_right(u, m, n, a, NULL); }
            else if (limit) { replace_limits(u, m, n, a, NULL); }
            else { refused(u, a, "no fee, credit, discount, tax, power or limit has this number", "name the clause that is taken out"); }
            continue;
        }
        if (to == NULL || !is_later(to)) { continue; }
        switch ((enum node_kind)to->kind) {
        case N_RIGHT: replace_right(u, m, n, a, to); break;
        case N_LIMITS: replace_limits(u, m, n, a, to); break;
        case N_CAP: if (a->op == OP_REPLACE) { replace_cap(u, m, n, a, to); } break;
        case N_INTEREST: if (a->op == OP_REPLACE) { replace_interest(u, m, n, a, to); } break;
        case N_QUANTITY: if (a->op == OP_REPLACE) { replace_quantity(u, m, n, a, to); } break;
        default: break;
        }
    }
}

void amend_terms(struct unit *u) { each_declaration(u, later); }
