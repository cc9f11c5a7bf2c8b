/* SPDX-License-Identifier: MIT */
/* What an example expects of the ledger. */
#include "base/checked.h"
#include "base/civil.h"
#include "compiler/example.h"
#include "compiler/money.h"
#include "compiler/terms.h"

/* ---- amounts and periods ---- */

/* A sum of literals in thousandths of the minor unit. */
static bool literal_sum(struct unit *u, const struct node *e, int64_t *out)
{
    int64_t a = 0, b = 0;
    if (e->kind == N_MONEY) { return money_read(u, e, out); }
    if (e->kind == N_NEGATE && e->n == 1) {
        if (!literal_sum(u, e->kid[0], &a)) { return false; }
        *out = -a;
        return true;
    }
    if (e->kind == N_ARITH && e->n == 2 && (e->op == OP_PLUS || e->op == OP_MINUS)) {
        if (!literal_sum(u, e->kid[0], &a) || !literal_sum(u, e->kid[1], &b)) { return false; }
        if (e->op == OP_PLUS ? !ckd_add(out, a, b) : !ckd_sub(out, a, b)) { return true; }
    }
    if (e->kind == N_BROKEN) { return false; }
    struct diag *d = diag(u->diags, E0302_TYPE, e->span, "an amount of money is expected here");
    diag_help(d, "an example says what must come out as it is paid: `USD 4,500.00`; credits are below zero: `-USD 90.00`");
    return false;
}

static bool amount_of(struct unit *u, const struct node *e, int64_t *minor)
{
    int64_t v = 0;
    if (e == NULL || !literal_sum(u, e, &v)) { return false; }
    *minor = v / 1000;
    if (v % 1000 == 0) { return true; }
    struct diag *d = diag(u->diags, E1002_FINE_AMOUNT, e->span, "%.*s is paid with %u decimals", STR_ARG(u->currency), u->places);
    diag_help(d, "what is charged is rounded: write the amount that is paid");
    return false;
}

/* The days of `2026-03`, `2026`, `2026-03-10` or `2026-01-15 to 2026-02-14`. */
static bool days_of(struct str written, int64_t *first, int64_t *last)
{
    int64_t y = example_digits(written, 0, 4), m = written.n >= 7 && written.p[4] == '-' ? example_digits(written, 5, 2) : -1;
    if (written.n == 4 && y > 0) {
        *first = civil_date((int)y, 1, 1);
        *last = civil_date((int)y, 12, 31);
        return true;
    }
    if (written.n == 7 && y > 0 && m >= 1 && m <= 12) {
        *first = civil_date((int)y, (int)m, 1);
        *last = civil_date((int)y, (int)m, civil_days_in_month((int)y, (int)m));
        return true;
    }
    *first = *last = example_date(written);
    if (*first == NONE || written.n == 10) { return *first != NONE; }
    struct str rest = str_trim(str_slice(written, 10, written.n));
    if (!str_starts(rest, STR("to"))) { return false; }
    *last = example_date(str_trim(str_slice(rest, 2, rest.n)));
    return *last != NONE && *last >= *first;
}

static void no_period(struct unit *u, const struct node *line, struct str name, const char *form)
{
    struct diag *d = diag(u->diags, E0909_EXPECT_MONEY, line->span, "`%.*s` has no period `%.*s`", STR_ARG(name), STR_ARG(line->title));
    diag_help(d, "write %s", form);
}

/* ---- charges ---- */

/* Shorter periods lie in the longer one that is written; what follows no calendar month or year has to be written as it is. */
static bool holds_periods(const struct charge_info *c, struct str written)
{
    if (c->period_n != 1) { return false; }
    if (written.n == 4) { return c->period == PERIOD_DAY || c->period == PERIOD_WEEK || c->period == PERIOD_MONTH || c->period == PERIOD_QUARTER; }
    return written.n == 7 && (c->period == PERIOD_DAY || c->period == PERIOD_WEEK);
}

static void charge_period(struct unit *u, struct expectation *e, const struct node *line)
{
    const struct charge_info *c = e->charge;
    bool known = days_of(line->title, &e->day, &e->day_last);
    bool every = c->said_when && c->trigger == TRIGGER_EVERY;
    if (known && (!every || holds_periods(c, line->title))) { return; }
    e->text = every ? example_period(u, c->period, c->period_n, line->title) : (struct str){ "", 0 };
    if (e->text.n == 0) { no_period(u, line, c->symbol->name, every ? example_period_form(c->period, c->period_n) : "a month, `in 2026-03`, or `on` and a day"); }
}

static void charge(struct unit *u, struct example_info *x, struct expectation e, const struct node *line)
{
    struct symbol *s = NULL;
    for (size_t i = 0; i < u->money->charges.n && s == NULL; i++) { /* that of a duty has the duty's title for its name */
        struct charge_info *c = u->money->charges.p[i];
        if (c->node->kind == N_DUTY && str_eq(c->symbol->name, line->text)) { s = c->symbol; }
    }
    if (s == NULL) { s = symbol_need(u, x->module, SYM_CHARGE, line->text, line->name_span); }
    if (s == NULL || s->info == NULL) { return; }
    size_t errors = unit_mistakes(u);
    e.charge = s->info;
    if (line->kid[0] != NULL) { e.day = e.day_last = line->kid[0]->number; }
    else { charge_period(u, &e, line); }
    const struct node *key = line->n > 2 ? line->kid[2] : NULL;
    if (key != NULL) {
        if (!told_about(u, x, key, e.charge->entity)) { return; }
        e.key = key->text;
    }
    if (amount_of(u, line->kid[1], &e.amount) && unit_mistakes(u) == errors) { vec_push(&x->expects, u->arena, e); }
}

static void invoice(struct unit *u, struct example_info *x, struct expectation e, const struct node *line)
{
    const struct terms_info *t = u->money->terms;
    if (!days_of(line->title, &e.day, &e.day_last)) { no_period(u, line, STR("invoice"), "the period whose name it has: `2026-03`"); return; }
    uint32_t period = t != NULL && t->said_invoices ? t->period : PERIOD_MONTH, n = t != NULL && t->said_invoices ? t->period_n : 1;
    e.text = example_period(u, period, n, line->title);
    if (e.text.n == 0) { no_period(u, line, STR("invoice"), example_period_form(period, n)); return; }
    e.due = line->number2;
    if (line->n > 1 && line->kid[1] != NULL && !amount_of(u, line->kid[1], &e.amount)) { return; }
    vec_push(&x->expects, u->arena, e);
}

/* ---- quantities, rights ---- */

/* What is left in an account on a day: `expect hours on 2026-03-31 4 h`. */
static void left_in(struct unit *u, struct example_info *x, struct expectation e, const struct node *line, struct account_info *a)
{
    const struct node *v = line->kid[1], *number = v != NULL && v->kind == N_NEGATE && v->n == 1 ? v->kid[0] : v;
    if (a == NULL || number == NULL || number->kind == N_BROKEN || a->type.base == AMOUNT_ERROR) { return; }
    uint16_t wanted = a->type.base == AMOUNT_TIME ? N_COUNTED : a->type.base == AMOUNT_MONEY ? N_MONEY : N_NUMBER;
    if (number->kind != wanted || (wanted == N_COUNTED && number->number2 == NONE)) {
        struct diag *d = diag(u->diags, E0302_TYPE, v->span, "the account `%.*s` holds something else", STR_ARG(line->text));
        diag_help(d, wanted == N_COUNTED ? "write `4 h`" : wanted == N_MONEY ? "write an amount of money" : "write a number");
        return;
    }
    e.account = a;
    e.amount = wanted == N_COUNTED ? number->number2 : number->number;
    if (v != number) { e.amount = -e.amount; }
    vec_push(&x->expects, u->arena, e);
}

static void level(struct unit *u, struct example_info *x, struct expectation e, const struct node *line)
{
    struct symbol *account = symbol_find(u, x->module, SYM_QUANTITY, line->text) == NULL ? symbol_find(u, x->module, SYM_ACCOUNT, line->text) : NULL;
    if (account != NULL) { left_in(u, x, e, line, account->info); return; }
    struct symbol *s = symbol_need(u, x->module, SYM_QUANTITY, line->text, line->name_span);
    const struct node *v = line->kid[1], *number = v != NULL && v->kind == N_NEGATE && v->n == 1 ? v->kid[0] : v;
    if (s == NULL || s->info == NULL || number == NULL || number->kind == N_BROKEN) { return; }
    if (number->kind != N_NUMBER) {
        struct diag *d = diag(u->diags, E0302_TYPE, v->span, "a number is expected here");
        diag_label(d, line->name_span, "`%.*s` is a quantity", STR_ARG(line->text));
        return;
    }
    e.quantity = s->info;
    e.amount = v == number ? number->number : -number->number;
    vec_push(&x->expects, u->arena, e);
}

static void right(struct unit *u, struct example_info *x, struct expectation e, const struct node *line)
{
    const struct money *m = u->money;
    struct suggestion g;
    suggest_start(&g, line->title);
    for (size_t i = 0; i < m->rights.n && e.right == NO_REF; i++) {
        const struct node *n = m->rights.p[i]->node;
        if (str_eq(n->title, line->title) || str_eq(n->clause, line->title)) { e.right = (uint32_t)i; }
        suggest_offer(&g, n->title);
        suggest_offer(&g, n->clause);
    }
    if (line->number == 1) { e.flags |= EXPECT_NOT; }
    if (e.right != NO_REF) { vec_push(&x->expects, u->arena, e); return; }
    if (unit_mistakes(u) > 0) { return; } /* it may be that which could not be read */
    struct diag *d = diag(u->diags, E0909_EXPECT_MONEY, line->name_span, "no clause gives a right `%.*s`", STR_ARG(line->title));
    if (suggest_found(&g)) { diag_help(d, "did you mean `%.*s`?", STR_ARG(g.best)); }
    else { diag_help(d, "write the title or the number of a clause such as `vendor may suspend services \"Arrears\" { … }`"); }
}

/* ---- all ---- */

void example_money(struct unit *u, struct example_info *x, const struct node *line)
{
    static const struct { uint16_t op; enum expect_kind kind; } kinds[] = { { OP_EXPECT_CHARGE, EXPECT_CHARGE }, { OP_EXPECT_INVOICE, EXPECT_INVOICE }, { OP_EXPECT_OWED, EXPECT_OWED },
        { OP_EXPECT_STATE, EXPECT_STATE }, { OP_EXPECT_LIMIT, EXPECT_LIMIT }, { OP_EXPECT_SETTLEMENT, EXPECT_SETTLEMENT }, { OP_EXPECT_LEVEL, EXPECT_LEVEL },
        { OP_EXPECT_RIGHT, EXPECT_RIGHT }, { OP_EXPECT_REFUSED, EXPECT_REFUSED }, { OP_EXPECT_CLAIM, EXPECT_CLAIM } };
    enum expect_kind kind = EXPECT_REFUSED;
    for (size_t i = 0; i < countof(kinds); i++) { kind = kinds[i].op == line->op ? kinds[i].kind : kind; }
    struct expectation e = expectation(u, kind, line);
    if (kind != EXPECT_CHARGE && kind != EXPECT_INVOICE && kind != EXPECT_REFUSED && line->n > 0 && line->kid[0] != NULL) { e.day = e.day_last = line->kid[0]->number; }
    switch (kind) {
    case EXPECT_CHARGE: charge(u, x, e, line); return;
    case EXPECT_INVOICE: invoice(u, x, e, line); return;
    case EXPECT_LEVEL: level(u, x, e, line); return;
    case EXPECT_RIGHT: right(u, x, e, line); return;
    case EXPECT_STATE: e.state = line->text; break;
    case EXPECT_LIMIT: case EXPECT_CLAIM:
        if (u->money->limits.n == 0 && unit_mistakes(u) == 0) {
            struct diag *d = diag(u->diags, E0909_EXPECT_MONEY, line->span, "no clause limits a liability");
            diag_help(d, "write `limit liability of provider to USD 100,000.00`");
            return;
        }
        if (!amount_of(u, line->kid[1], &e.amount)) { return; }
        break;
    case EXPECT_OWED: case EXPECT_SETTLEMENT:
        if (!amount_of(u, line->kid[1], &e.amount)) { return; }
        break;
    default: break;
    }
    vec_push(&x->expects, u->arena, e);
}
