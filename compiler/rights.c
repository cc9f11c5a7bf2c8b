/* SPDX-License-Identifier: MIT */
/* Powers to suspend and to terminate, and limits of liability. */
#include "base/civil.h"
#include "compiler/terms.h"

void days_or_months(struct unit *u, const struct node *e, uint32_t *days, uint32_t *months)
{
    uint32_t n = (uint32_t)(e->number / 1000000);
    if (str_eq(e->text, STR("day"))) { *days = n; }
    else if (str_eq(e->text, STR("week"))) { *days = n * 7; }
    else if (str_eq(e->text, STR("month")) && months != NULL) { *months = n; }
    else if (str_eq(e->text, STR("year")) && months != NULL) { *months = n * 12; }
    else {
        struct diag *d = diag(u->diags, E0302_TYPE, e->span, months != NULL ? "a number of days or months is expected here" : "a number of days is expected here");
        diag_help(d, "the day of the notice is day zero, and the last day counts to its end: `10 days`");
    }
}

static struct amount *money_state(struct unit *u, enum ledger_state s, struct span span)
{
    struct amount *x = amount_new(u, EX_STATE, AMOUNT(AMOUNT_MONEY), span);
    x->mode = s;
    return x;
}

/* `on EVENT`, `cured on EVENT`. */
static struct fact_info *happens(struct unit *u, const struct amount_scope *sc, const struct right_info *r, const struct node *s)
{
    struct fact_info *f = fact_new(u, sc->module, STR("right"), NULL, r->node, r->section);
    fact_events(u, f, s);
    if (f->on.n == 0) { return NULL; }
    f->symbol = f->on.p[0]->event->symbol;
    f->name = f->on.p[0]->event->name;
    return f;
}

/* A length after the start, in months or in days. */
static void after_start(struct unit *u, const struct node *k, uint32_t *months, uint32_t *days)
{
    *months = *days = 0;
    days_or_months(u, k, days, months);
}

static void notice(struct unit *u, const struct amount_scope *sc, struct right_info *r, const struct node *s)
{
    const struct node *k = s->kid[0];
    bool business = str_eq(k->text, STR("business day"));
    if (s->n > 1 && s->kid[1] != NULL) {
        r->notice_in = calendar_expr_info(u, sc->module, s->kid[1]);
        if (!business) {
            struct diag *d = diag(u->diags, E0110_UNIT, k->span, "a calendar counts business days");
            diag_help(d, "write `notice 5 business days in support`, or `notice 5 days`");
        }
        r->notice = (uint32_t)(k->number / 1000000);
    } else if (business) {
        struct diag *d = diag(u->diags, E0302_TYPE, k->span, "business days of which calendar?");
        diag_help(d, "name it: `notice 5 business days in support`");
    } else {
        days_or_months(u, k, &r->notice, &r->notice_months);
    }
}

static void settles(struct unit *u, const struct amount_scope *sc, struct right_info *r, const struct node *s)
{
    struct settles_info x = { .node = s, .kind = s->op == OP_SETTLES_UNPAID ? SETTLE_UNPAID : SETTLE_AMOUNT };
    if (x.kind == SETTLE_AMOUNT) {
        x.amount = amount_want(u, sc, s->kid[0], AMOUNT_MONEY);
        if (x.amount->type.base == AMOUNT_ERROR) { return; }
    }
    if (r->kind == RIGHT_SUSPEND) {
        struct diag *d = diag(u->diags, E1011_RIGHT, s->span, "a suspension settles nothing");
        diag_help(d, "accounts are settled when the agreement ends: write it in `may terminate`");
        return;
    }
    vec_push(&r->settles, u->arena, x);
}

static void slot(struct unit *u, const struct amount_scope *sc, struct right_info *r, const struct node *s)
{
    const struct node *k = s->n > 0 ? s->kid[0] : NULL;
    switch (s->op) {
    case OP_WHEN: r->when = amount_all(u, r->when, amount_condition(u, sc, k->kind == N_WHEN ? k->kid[0] : k)); break;
    case OP_REQUIRES: r->requires = amount_all(u, r->requires, amount_condition(u, sc, k->kind == N_WHEN ? k->kid[0] : k)); break;
    case OP_UNTIL: r->until = amount_condition(u, sc, k->kind == N_WHEN ? k->kid[0] : k); break;
    case OP_UNTIL_PAID:
        r->until = amount_two(u, EX_LE, AMOUNT(AMOUNT_FLAG), s->span, money_state(u, STATE_UNDISPUTED, s->span), amount_const(u, AMOUNT(AMOUNT_MONEY), 0, 1, s->span));
        break;
    case OP_ON_EVENTS: r->on = happens(u, sc, r, s); break;
    case OP_CURED_ON: r->cured = happens(u, sc, r, s); break;
    case OP_NOTICE: notice(u, sc, r, s); break;
    case OP_NOTICE_NOT_BEFORE: after_start(u, k, &r->notice_from, &r->notice_from_days); break;
    case OP_DEEMED_RECEIVED: days_or_months(u, k, &r->received, NULL); break;
    case OP_CURE: days_or_months(u, k, &r->cure, NULL); break;
    case OP_NOTICE_WITHIN: days_or_months(u, k, &r->within, NULL); break;
    case OP_NOT_BEFORE: after_start(u, k, &r->not_before, &r->not_before_days); break;
    case OP_AT_ONCE: r->flags |= RIGHT_AT_ONCE; break;
    case OP_LAST_DAY_OF: r->ends_on = exact_period(s->number) + 1; break;
    case OP_PAUSES:
        for (uint32_t i = 0; i < s->n; i++) {
            struct symbol *c = symbol_need(u, sc->module, SYM_CLOCK, s->kid[i]->text, s->kid[i]->span);
            if (c != NULL && c->info != NULL) { vec_push(&r->pauses, u->arena, c->info); }
        }
        break;
    case OP_CONTINUES_FEES:
        for (uint32_t i = 0; i < s->n; i++) {
            struct symbol *c = symbol_need(u, sc->module, SYM_CHARGE, s->kid[i]->text, s->kid[i]->span);
            for (struct charge_info *x = c != NULL ? c->info : NULL; x != NULL; x = x->successor) { vec_push(&r->continues, u->arena, x); }
        }
        break;
    case OP_SETTLES: case OP_SETTLES_UNPAID: settles(u, sc, r, s); break;
    default: break;
    }
}

/* What a right arises from by itself: an event that nothing has cured. It holds until then, or until the time for the notice
 * has run out. */
static bool arises_on(struct unit *u, struct right_info *r, const struct node *cured)
{
    if (r->on == NULL && cured != NULL) {
        struct diag *d = diag(u->diags, E1011_RIGHT, cured->span, "it is not said what is cured");
        diag_help(d, "write the event from which the right arises: `on breach_reported`");
        return false;
    }
    if (r->on == NULL) { return true; }
    if (r->cured != NULL && r->cured->entity != r->on->entity) {
        struct diag *d = diag(u->diags, E0310_OTHER_ENTITY, cured->span, "the events of one clause happen to one kind of thing");
        diag_help(d, "what cures is told of the same thing as what it cures");
        return false;
    }
    struct span span = r->on->on.p[0]->span;
    r->event = amount_new(u, EX_SINCE, AMOUNT(AMOUNT_NUMBER), span);
    r->event->ref = r->on;
    r->event->text = str_printf(u->arena, "days since %.*s", STR_ARG(r->on->name));
    struct amount *happened = amount_two(u, EX_LE, AMOUNT(AMOUNT_FLAG), span, amount_const(u, AMOUNT(AMOUNT_NUMBER), 0, 1, span), r->event);
    r->when = amount_all(u, happened, r->when);
    return true;
}

/* The fees that end, of `customer may terminate backup, storage`: the names stand where a suspension has its services. */
static void part_of(struct unit *u, struct source_module *m, struct right_info *r)
{
    const struct node *names = r->node->n > 0 ? r->node->kid[0] : NULL;
    for (uint32_t i = 0; r->kind == RIGHT_TERMINATE && names != NULL && i < names->n; i++) {
        const struct node *k = names->kid[i];
        struct symbol *s = k != NULL && k->kind == N_NAME ? symbol_need(u, m, SYM_CHARGE, k->text, k->span) : NULL;
        for (struct charge_info *x = s != NULL ? s->info : NULL; x != NULL; x = x->successor) { vec_push(&r->ends, u->arena, x); }
    }
}

void right_check(struct unit *u, struct source_module *m, const struct node *n, const struct node *section)
{
    struct right_info *r = ARENA_NEW(u->arena, struct right_info);
    *r = (struct right_info){ .node = n, .section = section, .first = NONE, .last = NONE, .kind = n->op == OP_SUSPEND ? RIGHT_SUSPEND : RIGHT_TERMINATE,
        .party = n->number == OP_CUSTOMER ? PARTY_CUSTOMER : PARTY_PROVIDER,
        .flags = n->number2 == OP_CONVENIENCE ? RIGHT_CONVENIENCE : n->number2 == OP_CAUSE ? RIGHT_CAUSE : 0 };
    struct amount_scope sc = { .module = m, .level = LEVEL_LAST_DAY, .settling = r->kind == RIGHT_TERMINATE };
    size_t errors = unit_mistakes(u);
    for (uint32_t i = 0; r->kind == RIGHT_SUSPEND && n->n > 0 && n->kid[0] != NULL && i < n->kid[0]->n; i++) {
        if (n->kid[0]->kid[i] != NULL && n->kid[0]->kid[i]->kind == N_NAME) { vec_push(&r->services, u->arena, n->kid[0]->kid[i]->text); }
    }
    part_of(u, m, r);
    const struct node *notice = NULL, *cured = NULL;
    for (uint32_t i = 0; i < n->n; i++) {
        if (n->kid[i] == NULL || n->kid[i]->kind != N_RSLOT) { continue; }
        slot(u, &sc, r, n->kid[i]);
        if (n->kid[i]->op == OP_NOTICE) { notice = n->kid[i]; }
        if (n->kid[i]->op == OP_CURED_ON) { cured = n->kid[i]; }
    }
    if (unit_mistakes(u) != errors || node_broken(n) || !arises_on(u, r, cured)) { return; }
    if (r->kind == RIGHT_SUSPEND && r->until == NULL) {
        struct diag *d = diag(u->diags, E1011_RIGHT, n->span, "nothing ends this suspension");
        diag_help(d, "write `until paid in full`, or `until` and a condition");
        return;
    }
    if (r->when == NULL && (r->kind == RIGHT_SUSPEND || (r->flags & RIGHT_CAUSE))) {
        struct diag *d = diag(u->diags, E1011_RIGHT, n->span, "it is not said when this right arises");
        diag_help(d, "write `when` and a condition, such as `when undisputed overdue at least 15 days`");
        return;
    }
    /* Given on the first day of all, its last day is the day zero and so many days or months. */
    bool ends = notice != NULL && r->kind == RIGHT_TERMINATE && u->term_renews == NONE && u->effective != NONE && u->term_last != NONE;
    if (ends && (int64_t)civil_add_months((date)u->effective, (int)(r->notice_months < 12000 ? r->notice_months : 12000)) + r->notice > u->term_last) {
        struct diag *d = diag(u->diags, E1012_NOTICE_LONG, notice->span, "this notice is longer than the term");
        diag_help(d, "the agreement ends by itself before the notice does; shorten it");
    }
    vec_push(&u->money->rights, u->arena, r);
}

/* The months of the window that a limit looks back over; 0: it has none. */
static uint32_t months_before(const struct amount *a)
{
    if (a == NULL) { return 0; }
    if (a->op == EX_LINES && a->ref != NULL) {
        const struct lines_info *l = a->ref;
        if (l->window == WINDOW_MONTHS_BEFORE || l->window == WINDOW_BEFORE_FIRST) { return l->window_n; }
    }
    uint32_t n = months_before(a->a);
    if (n == 0) { n = months_before(a->b); }
    return n > 0 ? n : months_before(a->c);
}

/* What is said of all limits of the clause: behind commas. */
static void of_all(struct unit *u, struct limit_info *all, const struct node *k)
{
    switch (k->op) {
    case OP_INSURANCE: all->flags |= LIMIT_INSURANCE; break;
    case OP_ANNUALISED: break;
    case OP_ANNUALISED_DAY: all->flags |= LIMIT_BY_DAY; break;
    case OP_BARRED: days_or_months(u, k->kid[0], &all->barred, &all->barred_months); break;
    case OP_CREDITS_COUNT:
        all->credits = ARENA_NEW(u->arena, struct lines_info);
        *all->credits = (struct lines_info){ .name = STR("credits"), .counted = COUNTED_INVOICED, .window = WINDOW_TERM, .all_credits = true, .span = k->span, .index = NO_REF };
        vec_push(&u->money->lines, u->arena, all->credits);
        break;
    default: break;
    }
}

void limits_check(struct unit *u, struct source_module *m, const struct node *n, const struct node *section)
{
    struct amount_scope sc = { .module = m, .level = LEVEL_LAST_DAY };
    struct limit_info all = { .flags = 0 };
    const struct node *annualised = NULL;
    for (uint32_t i = 0; i < n->n; i++) {
        if (n->kid[i] == NULL || n->kid[i]->kind != N_LIMIT) { continue; }
        of_all(u, &all, n->kid[i]);
        if (n->kid[i]->op == OP_ANNUALISED || n->kid[i]->op == OP_ANNUALISED_DAY) { annualised = n->kid[i]; }
    }
    for (uint32_t i = 0; i < n->n; i++) {
        const struct node *k = n->kid[i];
        if (k == NULL || k->kind != N_LIMIT || (k->op != 0 && k->op != OP_NONE)) { continue; }
        struct limit_info *l = ARENA_NEW(u->arena, struct limit_info);
        *l = (struct limit_info){ .node = n, .section = section, .party = n->number == OP_CUSTOMER ? PARTY_CUSTOMER : PARTY_PROVIDER, .kind = k->text,
            .flags = all.flags, .barred = all.barred, .barred_months = all.barred_months, .credits = all.credits, .first = NONE, .last = NONE };
        if (k->op == OP_NONE) { l->flags |= LIMIT_NONE; }
        else {
            l->amount = amount_want(u, &sc, k->kid[0], AMOUNT_MONEY);
            if (l->amount->type.base == AMOUNT_ERROR) { continue; }
        }
        if (k->number == 1) { l->flags |= LIMIT_PER_CLAIM; }
        if (annualised != NULL) { l->annualised = months_before(l->amount); }
        if (annualised != NULL && l->annualised == 0 && l->amount != NULL && k->text.n == 0) {
            struct diag *d = diag(u->diags, E1003_OF_NOTHING, annualised->span, "there is no window that could be annualised");
            diag_label(d, l->amount->span, "this looks back over no months");
            diag_help(d, "it is for `(charges, invoiced in the 12 months before the first incident)`");
        }
        vec_push(&u->money->limits, u->arena, l);
    }
}
