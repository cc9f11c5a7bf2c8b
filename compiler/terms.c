/* SPDX-License-Identifier: MIT */
/* Limits over several lines, invoices, payments, interest, and the events that have a role in them. */
#include "compiler/terms.h"
#include "compiler/duty.h"
#include "compiler/phrase.h"

static struct amount_scope plain(struct source_module *m) { return (struct amount_scope){ .module = m, .level = LEVEL_BY_DAY }; }

/* ---- caps and floors ---- */

static uint32_t window_of(const struct node *n)
{
    switch (n->number2) {
    case OP_QUARTER: return WINDOW_QUARTER;
    case OP_YEAR: return WINDOW_YEAR;
    case OP_CONTRACT_MONTH: return WINDOW_CONTRACT_MONTH;
    case OP_CONTRACT_YEAR: return WINDOW_CONTRACT_YEAR;
    case OP_TERM_PERIOD: return WINDOW_TERM;
    case OP_ANY_MONTHS: return WINDOW_ANY_MONTHS;
    case OP_OF: return WINDOW_ENTITY;
    default: return WINDOW_MONTH;
    }
}

static void cap(struct unit *u, struct source_module *m, const struct node *n, const struct node *section)
{
    struct amount_scope sc = plain(m);
    struct lines_info *l = lines_check(u, &sc, n->kid[0], n->kid[0]->span);
    struct amount *limit = amount_want(u, &sc, n->kid[1], AMOUNT_MONEY);
    if (l == NULL || limit->type.base == AMOUNT_ERROR) { return; }
    struct cap_info *c = ARENA_NEW(u->arena, struct cap_info);
    *c = (struct cap_info){ .node = n, .section = section, .lines = l, .limit = limit, .window = window_of(n) };
    c->window_n = c->window == WINDOW_ANY_MONTHS ? (uint32_t)n->number : 0;
    l->counted = COUNTED_EARNED;
    l->window = c->window;
    l->window_n = c->window_n;
    vec_push(&u->money->caps, u->arena, c);
}

static void least(struct unit *u, struct source_module *m, const struct node *n, const struct node *section)
{
    struct amount_scope sc = plain(m);
    struct lines_info *l = lines_check(u, &sc, n->kid[1], n->kid[1]->span);
    struct amount *x = amount_want(u, &sc, n->kid[0], AMOUNT_MONEY);
    if (l == NULL || x->type.base == AMOUNT_ERROR) { return; }
    l->counted = COUNTED_EARNED;
    struct floor_info *f = ARENA_NEW(u->arena, struct floor_info);
    *f = (struct floor_info){ n, section, x, exact_period(n->number2), n->number > 0 ? (uint32_t)n->number : 1, l };
    vec_push(&u->money->floors, u->arena, f);
}

/* ---- invoices ---- */

static struct terms_info *terms(struct unit *u, const struct node *n, const struct node *section)
{
    struct terms_info *t = u->money->terms;
    if (t != NULL) { return t; }
    t = u->money->terms = ARENA_NEW(u->arena, struct terms_info);
    *t = (struct terms_info){ .node = n, .section = section, .period = PERIOD_MONTH, .period_n = 1, .due = DUE_DAYS, .due_n = NO_REF, .allocation = ALLOCATE_AS_TOLD };
    return t;
}

static void twice(struct unit *u, const struct node *n, const struct node *first, const char *what)
{
    struct diag *d = diag(u->diags, E1005_SAID_TWICE, n->span, "it is said twice %s", what);
    if (first != NULL && first != n) { diag_label(d, first->span, "the first is here"); }
    diag_help(d, "take one of the two out; what changes at a date is an `amendment`");
}

static void invoices(struct unit *u, struct source_module *m, const struct node *n, const struct node *section)
{
    struct terms_info *t = terms(u, n, section);
    if (t->said_invoices) { twice(u, n, t->node, "how invoices are issued"); return; }
    t->said_invoices = true;
    t->node = n;
    t->section = section;
    t->period = exact_period(n->number2);
    t->period_n = n->number > 0 ? (uint32_t)n->number : 1;
    t->due = n->op == OP_DUE_BUSINESS ? DUE_BUSINESS_DAYS : n->op == OP_DUE_ON_DAY ? DUE_DAY_OF_MONTH : DUE_DAYS;
    if (n->n > 0 && n->kid[0] != NULL) {
        const struct node *k = n->kid[0];
        t->due_n = (uint32_t)(k->number / 1000000) * (k->kind == N_COUNTED && str_eq(k->text, STR("week")) ? 7 : 1);
        if (t->due == DUE_DAY_OF_MONTH && (t->due_n < 1 || t->due_n > 31)) { diag(u->diags, E0302_TYPE, k->span, "a day of a month is 1 to 31"); }
    }
    if (n->n > 3 && n->kid[3] != NULL) { t->due_n2 = (uint32_t)(n->kid[3]->number / 1000000); }
    if (t->due_n2 > 31 || (t->due_n2 < 1 && n->n > 3) || n->n > 4) {
        struct diag *d = diag(u->diags, E0302_TYPE, n->kid[n->n > 4 ? 4 : 3]->span, n->n > 4 ? "at most two days of a month can be said" : "a day of a month is 1 to 31");
        diag_help(d, "write `due on day 15, on day 30`: the first of them that comes after the invoice");
    }
    if (t->due == DUE_BUSINESS_DAYS && n->n > 1 && n->kid[1] != NULL) { t->calendar = calendar_expr_info(u, m, n->kid[1]); }
    if (n->n > 2 && n->kid[2] != NULL) { t->issue_after = (uint32_t)(n->kid[2]->number / 1000000) * (str_eq(n->kid[2]->text, STR("week")) ? 7 : 1); }
}

static void disputes(struct unit *u, const struct node *n, const struct node *section)
{
    struct terms_info *t = terms(u, n, section);
    if (t->said_disputes) { twice(u, n, NULL, "until when an invoice can be disputed"); return; }
    t->said_disputes = true;
    t->dispute = n->op == OP_UNTIL_DUE ? DISPUTE_UNTIL_DUE : DISPUTE_WITHIN;
    if (n->op == OP_UNTIL_DUE) { return; }
    const struct node *k = n->kid[0];
    bool weeks = str_eq(k->text, STR("week"));
    t->dispute_n = (uint32_t)(k->number / 1000000) * (weeks ? 7 : 1);
    if (!weeks && !str_eq(k->text, STR("day"))) { diag_help(diag(u->diags, E0302_TYPE, k->span, "the time for a dispute is said in days"), "write `disputes within 30 days after issue`"); }
}

static void interest_series(struct amount *x, uint32_t mode)
{
    if (x == NULL) { return; }
    if (x->op == EX_SERIES) { x->mode = mode; }
    interest_series(x->a, mode);
    interest_series(x->b, mode);
    interest_series(x->c, mode);
}

/* Five per cent on top of three are 8 % or 3.15 %. */
static void two_percentages(struct unit *u, const struct node *e)
{
    if (e->kind != N_ARITH || (e->op != OP_PLUS && e->op != OP_MINUS) || e->number == 1 || e->n < 2) { return; }
    const struct node *a = e->kid[0], *b = e->kid[1], *more = b->kind == N_PERCENT ? b : a, *base = b->kind == N_PERCENT ? a : b;
    if (more->kind != N_PERCENT) { return; }
    struct str rate = source_text(u->sources, base->span), percent = source_text(u->sources, more->span);
    struct str points = { percent.p, percent.n > 0 && percent.p[percent.n - 1] == '%' ? percent.n - 1 : percent.n };
    struct diag *d = diag(u->diags, E1009_INTEREST, e->span, "`%.*s` and a percentage of what?", STR_ARG(rate));
    diag_note(d, "%.*s on top of 3%% can mean that many points of percentage, or that share of the 3%%", STR_ARG(percent));
    diag_help(d, "write `%.*s points %s %.*s per year`, or times what it is a share of: `%.*s * %s per year`", STR_ARG(points), e->op == OP_MINUS ? "below" : "above", STR_ARG(rate), STR_ARG(rate), e->op == OP_MINUS ? "0.95" : "1.05");
}

void interest_check(struct unit *u, struct source_module *m, const struct node *n, const struct node *section)
{
    struct terms_info *t = terms(u, n, section);
    if (t->interest_node != NULL) { twice(u, n, t->interest_node, "what interest is owed"); return; }
    t->interest_node = n;
    t->interest_section = section;
    struct amount_scope sc = plain(m);
    uint32_t mode = SERIES_DAY;
    bool kind_said = false, days_said = false;
    for (uint32_t i = 0; i < n->n; i++) {
        const struct node *s = n->kid[i];
        if (s == NULL || s->kind != N_ISLOT) { continue; }
        switch (s->op) {
        case OP_RATE:
            if (t->interest != NULL) { twice(u, s, NULL, "how high the interest is"); }
            two_percentages(u, s->kid[0]);
            t->interest = amount_want(u, &sc, s->kid[0], AMOUNT_NUMBER);
            t->interest_per = s->number == OP_MONTH ? PER_MONTH : PER_YEAR;
            break;
        case OP_SIMPLE: t->compound = COMPOUND_NONE; kind_said = true; break;
        case OP_COMPOUND: t->compound = s->number == OP_DAY ? COMPOUND_DAY : s->number == OP_YEAR ? COMPOUND_YEAR : COMPOUND_MONTH; kind_said = true; break;
        case OP_DAYS_365: t->days_over = DAYS_365; days_said = true; break;
        case OP_DAYS_360: t->days_over = DAYS_360; days_said = true; break;
        case OP_DAYS_ACTUAL: t->days_over = DAYS_ACTUAL; days_said = true; break;
        case OP_THIRTIETHS: t->days_over = DAYS_THIRTIETHS; days_said = true; break;
        case OP_FULL_MONTHS: t->days_over = DAYS_FULL_MONTHS; days_said = true; break;
        case OP_STARTED_MONTHS: t->days_over = DAYS_STARTED_MONTHS; days_said = true; break;
        case OP_ON_NET: t->interest_flags |= INTEREST_ON_NET; break;
        case OP_ROUNDED_DAY: t->interest_flags |= INTEREST_ROUND_DAY; break;
        case OP_AS_OF_HALF_YEAR: mode = SERIES_HALF_YEAR; t->as_of = 701u << 16 | 101; break;
        case OP_AS_OF_DATES: mode = SERIES_HALF_YEAR; t->as_of = (uint32_t)(s->number / 10000) << 16 | (uint32_t)(s->number % 10000); break;
        case OP_AFTER_REMINDER: t->interest_flags |= INTEREST_AFTER_REMINDER; break;
        default: break;
        }
    }
    interest_series(t->interest, mode);
    if (node_broken(n)) { return; }
    if (t->interest == NULL || !kind_said || !days_said) {
        struct diag *d = diag(u->diags, E1009_INTEREST, n->span, t->interest == NULL ? "it is not said how high the interest is" : !kind_said ? "it is not said whether interest bears interest" : "it is not said how days are counted");
        if (t->interest == NULL) { diag_help(d, "write `9%% per year`"); }
        else if (!kind_said) { diag_help(d, "write `simple`, or `compound each month`"); }
        else { diag_help(d, "write `days over 365`, `days over 360`, `days of the year`, `thirtieths`, `full months` or `started months`: for the same 40 days they differ by half"); }
    }
}

/* ---- events with a role ---- */

static struct field_info *role_field(const struct event_info *ev, const char *name)
{
    struct field_info *f = fact_field(ev, name);
    for (size_t i = 0; f == NULL && i < ev->fields.n; i++) {
        if (str_eq(ev->fields.p[i]->prep, str_of(name))) { f = ev->fields.p[i]; }
    }
    return f;
}

static const struct role {
    const char *word; uint8_t role; struct { const char *name; uint8_t vt; bool needed; } value[3]; const char *text;
} roles[] = {
    { "payment", ROLE_PAYMENT, { { "amount", VT_MONEY, true } }, "invoice" },
    { "dispute", ROLE_DISPUTE, { { "amount", VT_MONEY, false } }, "invoice" },
    { "settled", ROLE_SETTLED, { { NULL, 0, false } }, "invoice" },
    { "returned", ROLE_RETURNED, { { "amount", VT_MONEY, true } }, "invoice" },
    { "reminder", ROLE_REMINDER, { { NULL, 0, false } }, "invoice" },
    { "claim", ROLE_CLAIM, { { "period", VT_DATE, false } }, "credit" },
    { "notice", ROLE_NOTICE, { { "by", VT_SCALE, true }, { "last_day", VT_DATE, false }, { "received", VT_DATE, false } }, "right" },
    { "incident", ROLE_INCIDENT, { { "amount", VT_MONEY, false }, { "by", VT_SCALE, false }, { "insured", VT_MONEY, false } }, "kind" },
};

static struct tex *read_field(struct unit *u, struct field_info *f, struct span span)
{
    struct tex *x = tex_new(u, f->sets != NULL ? X_ATTR : X_FIELD, f->type, span);
    x->ref = f->sets != NULL ? (void *)f->sets : (void *)f;
    f->used = true;
    if (f->sets != NULL) { f->sets->used = true; }
    return x;
}

static void event_role(struct unit *u, struct event_info *ev, const struct node *slot)
{
    const struct role *r = NULL;
    for (size_t i = 0; i < countof(roles); i++) { r = str_eq(slot->text, str_of(roles[i].word)) ? &roles[i] : r; }
    if (r == NULL) {
        struct diag *d = diag(u->diags, E1010_ROLE, slot->span, "no event can mean `%.*s`", STR_ARG(slot->text));
        diag_help(d, "events mean `payment`, `returned`, `dispute`, `settled`, `reminder`, `claim`, `notice` or `incident`");
        return;
    }
    struct fact_info *f = fact_new(u, ev->symbol->module, ev->name, ev->symbol, ev->symbol->node, ev->symbol->section);
    struct node phrase = { .kind = N_PHRASE, .span = slot->span, .name_span = slot->span, .text = ev->name }, *kid = &phrase;
    struct node events = { .kind = N_SLOT, .span = slot->span, .kid = &kid, .n = 1 };
    fact_events(u, f, &events);
    if (f->on.n == 0) { return; }
    f->role = r->role;
    for (size_t i = 0; i < countof(r->value) && r->value[i].name != NULL; i++) {
        struct field_info *field = role_field(ev, r->value[i].name);
        struct type t = r->value[i].vt == VT_SCALE ? (struct type){ VT_SCALE, u->party } : TYPE(r->value[i].vt);
        if (field == NULL && r->value[i].needed) {
            struct diag *d = diag(u->diags, E1010_ROLE, slot->span, "`%.*s` means a %s and has no `%s`", STR_ARG(ev->name), r->word, r->value[i].name);
            if (r->value[i].vt == VT_SCALE) { diag_help(d, "give it a field `by giver : party, required`"); }
            else { diag_help(d, "give it a field `%s : money, required`", r->value[i].name); }
            return;
        }
        if (field != NULL && !type_eq(field->type, t)) {
            struct diag *d = diag(u->diags, E0302_TYPE, field->node->span, "%.*s is expected here", STR_ARG(type_word(u, t)));
            diag_label(d, slot->span, "the event means a %s", r->word);
            return;
        }
        struct tex **by = ARENA_ARRAY(u->arena, struct tex *, 1);
        by[0] = field != NULL ? read_field(u, field, slot->span) : tex_new(u, X_MISSING, t, slot->span);
        vec_push(&f->values, u->arena, ((struct fact_value){ str_of(r->value[i].name), t, by }));
    }
    struct field_info *text = role_field(ev, r->text);
    if (text == NULL) { return; }
    if (text->type.vt != VT_TEXT) {
        struct diag *d = diag(u->diags, E0302_TYPE, text->node->span, "a text is expected here");
        diag_label(d, slot->span, "the event means a %s", r->word);
        return;
    }
    f->text = ARENA_ARRAY(u->arena, struct tex *, 1);
    f->text[0] = read_field(u, text, slot->span);
}

/* The account is kept where something can be owed. */
static void event_roles(struct unit *u)
{
    const struct money *m = u->money;
    bool account = m->charges.n > 0 || m->floors.n > 0 || m->rights.n > 0 || m->limits.n > 0 || m->terms != NULL;
    for (size_t i = 0; i < u->events.n; i++) {
        const struct node *n = u->events.p[i]->symbol->node;
        if (!account && u->events.p[i]->symbol->module->is_library) { continue; }
        for (uint32_t k = 1; k < n->n; k++) {
            if (n->kid[k] != NULL && n->kid[k]->kind == N_SLOT && n->kid[k]->op == OP_MEANS) { event_role(u, u->events.p[i], n->kid[k]); }
        }
    }
}

/* ---- all ---- */

static void declaration(struct unit *u, struct source_module *m, const struct node *n, const struct node *section)
{
    switch ((enum node_kind)n->kind) {
    case N_CAP: cap(u, m, n, section); break;
    case N_FLOOR: least(u, m, n, section); break;
    case N_UNUSED_RULE: terms(u, n, section)->leftover |= (uint32_t)n->number; break;
    case N_COMBINE:
        if (n->op == OP_NOT_CAPPED) { u->money->not_capped = n; break; }
        terms(u, n, section)->combine = n->op == OP_CHOSEN ? COMBINE_CHOSEN_OF_INCIDENT : n->op != OP_LARGEST ? COMBINE_ADD_UP : n->number == 1 ? COMBINE_LARGEST_OF_INCIDENT : COMBINE_LARGEST;
        break;
    case N_INVOICES: invoices(u, m, n, section); break;
    case N_PAYMENTS: {
        struct terms_info *t = terms(u, n, section);
        if (t->said_payments) { twice(u, n, NULL, "which invoice a payment is for"); break; }
        t->said_payments = true;
        t->parts = n->number == OP_INTEREST_FIRST ? PARTS_INTEREST_FIRST : n->number == OP_PRINCIPAL_FIRST ? PARTS_PRINCIPAL_FIRST : PARTS_BY_INVOICE;
        t->allocation = n->op == OP_LARGEST ? ALLOCATE_LARGEST : n->op == OP_AS_TOLD ? ALLOCATE_AS_TOLD : ALLOCATE_OLDEST;
        break;
    }
    case N_DISPUTES: disputes(u, n, section); break;
    case N_INTEREST: interest_check(u, m, n, section); break;
    case N_RIGHT: right_check(u, m, n, section); break;
    case N_LIMITS: limits_check(u, m, n, section); break;
    case N_DUTY: duty_check(u, m, n, section); break;
    default: break;
    }
}

/* `cap credits …` and `credits are not capped`. */
static void capped_and_not(struct unit *u)
{
    const struct node *said = u->money->not_capped;
    for (size_t i = 0; said != NULL && i < u->money->caps.n; i++) {
        if (!u->money->caps.p[i]->lines->all_credits) { continue; }
        struct diag *d = diag(u->diags, E1005_SAID_TWICE, said->span, "credits are said to be capped and not to be");
        diag_label(d, u->money->caps.p[i]->node->span, "the cap is here");
        diag_help(d, "take one of the two out; a cap may name single credits beside `credits are not capped`");
        return;
    }
}

static bool at_one_time(const struct limit_info *a, const struct limit_info *b)
{
    return (a->last == NONE || b->first == NONE || a->last >= b->first) && (b->last == NONE || a->first == NONE || b->last >= a->first);
}

/* `limit liability of provider to …` and `liability of provider is not limited`, for the same kind of claim at one time. */
static void limited_and_not(struct unit *u)
{
    struct money *m = u->money;
    for (size_t i = 0; i < m->limits.n; i++) {
        const struct limit_info *open = m->limits.p[i];
        for (size_t k = 0; open->flags & LIMIT_NONE && k < m->limits.n; k++) {
            const struct limit_info *other = m->limits.p[k];
            if (other->flags & LIMIT_NONE || other->party != open->party || !str_eq(other->kind, open->kind) || !at_one_time(open, other)) { continue; }
            struct diag *d = diag(u->diags, E1005_SAID_TWICE, open->node->span, "a liability is said to be limited and not to be");
            diag_label(d, other->node->span, "the limit is here");
            diag_help(d, "take one of the two out; a limit may except a kind of claim: `limit liability of provider to EUR 100,000.00 ; for data_loss not limited`");
            return;
        }
    }
}

/* Without a day on which an invoice is due there is no day after it. */
static void never_due(struct unit *u)
{
    const struct terms_info *t = u->money->terms;
    if (t == NULL || t->interest_node == NULL || t->said_invoices || unit_mistakes(u) > 0) { return; }
    struct diag *d = diag(u->diags, E1009_INTEREST, t->interest_node->span, "no clause says when an invoice is due, and interest runs from the day after");
    diag_help(d, "write `invoices every month, due 30 days after issue`");
}

void terms_check(struct unit *u)
{
    each_declaration(u, declaration);
    capped_and_not(u);
    limited_and_not(u);
    amend_terms(u);
    event_roles(u);
    circles_check(u);
    never_due(u);
}
