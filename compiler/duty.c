/* SPDX-License-Identifier: MIT */
/* Duties: their lines, and those of each period. What must be done by a day of each period, or so often in it, is a charge in
 * arrears that is owed when there are fewer such facts in it until then: no code of its own in the ledger. */
#include "compiler/duty.h"

bool duty_of_event(const struct node *n)
{
    for (uint32_t i = 0; i < n->n; i++) {
        if (n->kid[i] != NULL && n->kid[i]->kind == N_DSLOT && n->kid[i]->op == OP_WITHIN) { return true; }
    }
    return false;
}

struct span duty_place(const struct node *n) { return span_is_none(n->name_span) ? n->span : n->name_span; }

void duty_missing(struct unit *u, const struct node *n, const char *what, const char *instead)
{
    struct diag *d = diag(u->diags, E1031_DUTY, duty_place(n), "%s", what);
    diag_help(d, "%s", instead);
}

void duty_twice(struct unit *u, const struct node *s, const struct node *first, const char *what)
{
    struct diag *d = diag(u->diags, E1005_SAID_TWICE, s->span, "it is said twice %s", what);
    diag_label(d, first->span, "the first is here");
    diag_help(d, "take one of the two out, or make two clauses of them");
}

/* Who fails is not paid for it. */
static bool pays_the_wrong_side(struct unit *u, const struct node *n, const struct node *money)
{
    bool credit = money->op == OP_ELSE_CREDIT, provider = n->number == OP_PROVIDER;
    if (credit == provider) { return false; }
    struct diag *d = diag(u->diags, E1031_DUTY, money->span, "this would pay the %s for not having done it", provider ? "provider" : "customer");
    diag_note(d, "a credit is for the customer, a charge for the provider");
    diag_help(d, "write `else %s …`, or `%s must`", provider ? "credit" : "charge", provider ? "customer" : "provider");
    return true;
}

/* A duty of each period has no clock that something else could be bound to. */
static bool needs_a_time(struct unit *u, const struct node *n)
{
    for (uint32_t i = 0; i < n->n; i++) {
        const struct node *s = n->kid[i];
        if (s == NULL || s->kind == N_EXAMPLE) { continue; }
        bool other = s->kind != N_DSLOT || s->op == OP_ELSE_PAUSES || s->op == OP_ELSE_EXCUSES || s->op == OP_ELSE_NOTIFY;
        if (!other) { continue; }
        struct diag *d = diag(u->diags, E1031_DUTY, s->span, "this belongs to a duty within a time after an event");
        diag_note(d, "what is due in each period is looked at when the period is billed: a credit or a charge can follow from it");
        diag_help(d, "write `else credit …` or `else charge …`; or say after which event: `within 5 days after …`");
        return true;
    }
    return false;
}

bool duty_slots(struct unit *u, const struct node *n, struct duty_slots *d)
{
    *d = (struct duty_slots){ .when = NULL };
    bool consequence = false;
    for (uint32_t i = 0; i < n->n; i++) {
        struct node *s = n->kid[i];
        if (s == NULL || s->kind != N_DSLOT) { continue; }
        struct node **to = NULL;
        const char *what = "";
        switch (s->op) {
        case OP_BY_DAY: case OP_TIMES_IN: to = &d->when; what = "by when it must be done"; break;
        case OP_WITHIN: to = &d->within; what = "by when it must be done"; break;
        case OP_DONE_ON: to = &d->done; what = "what does it"; break;
        case OP_ELSE_CREDIT: case OP_ELSE_CHARGE: to = &d->money; what = "what is owed when it is not done"; break;
        default: break;
        }
        consequence = consequence || (s->op >= OP_ELSE_CREDIT && s->op <= OP_ELSE_NOTIFY);
        if (to == NULL) { continue; }
        const struct node *first = *to != NULL ? *to : to == &d->when ? d->within : to == &d->within ? d->when : NULL;
        if (first != NULL) { duty_twice(u, s, first, what); return false; }
        *to = s;
    }
    if (node_broken(n)) { return false; }
    if (d->when == NULL && d->within == NULL) {
        duty_missing(u, n, "the duty does not say by when it must be done", "write `within 2 business days, end of day in support after info_requested`, `by day 15 of every month` or `once in every week`");
        return false;
    }
    if (d->done == NULL) { duty_missing(u, n, "the duty does not say what does it", "write the event: `done on patched`"); return false; }
    if (d->when != NULL && needs_a_time(u, n)) { return false; }
    if (!consequence) {
        const char *money = n->number == OP_PROVIDER ? "credit" : "charge";
        struct diag *x = diag(u->diags, E1031_DUTY, duty_place(n), "the duty does not say what follows when it is not done");
        diag_help(x, d->when != NULL ? "write `else %s USD 100.00`" : "write `else %s USD 100.00`, `else pauses resolution` or `else notify \"ROLE\"`", money);
        return false;
    }
    return d->money == NULL || !pays_the_wrong_side(u, n, d->money);
}

void duty_check(struct unit *u, struct source_module *m, const struct node *n, const struct node *section)
{
    struct duty_slots d;
    if (duty_of_event(n) || !duty_slots(u, n, &d)) { return; }
    struct symbol *s = ARENA_NEW(u->arena, struct symbol);
    *s = (struct symbol){ .kind = SYM_CHARGE, .name = duty_name(u, n->title, ""), .module = m, .node = n, .section = section, .clause = NO_REF };
    struct fact_info *f = fact_new(u, m, s->name, s, n, section);
    fact_events(u, f, d.done);
    struct amount_scope sc = { .module = m, .level = LEVEL_BY_DAY };
    struct amount *x = amount_want(u, &sc, d.money->kid[0], AMOUNT_MONEY);
    if (f->on.n == 0 || x->type.base == AMOUNT_ERROR) { return; }
    struct charge_info *c = charge_declare(u, s);
    s->info = c;
    c->kind = d.money->op == OP_ELSE_CREDIT ? CHARGE_CREDIT : CHARGE_FEE;
    c->trigger = TRIGGER_EVERY;
    c->period = exact_period(d.when->number2);
    c->said_when = c->said_what = true;
    c->amount = x;
    struct amount *times = amount_new(u, EX_EVENTS, AMOUNT(AMOUNT_NUMBER), d.done->span);
    times->ref = f;
    times->mode = d.when->op == OP_BY_DAY ? (uint32_t)d.when->number : EVENTS_OF_WHOLE_PERIOD;
    times->text = str_trim(source_text(u->sources, d.done->span));
    int64_t least = d.when->op == OP_BY_DAY ? 1 : d.when->number;
    c->when = amount_two(u, EX_LT, AMOUNT(AMOUNT_FLAG), d.when->span, times, amount_const(u, AMOUNT(AMOUNT_NUMBER), least, 1, d.when->span));
}
