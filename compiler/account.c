/* SPDX-License-Identifier: MIT */
/* Accounts: lots that come in and are drawn from; which fees draw, in which order, and what becomes of the rest. What is free
 * in each period is an account without a name. */
#include "compiler/charge.h"

static struct amount_scope scope_of(const struct account_info *a, struct fact_info *f)
{
    return (struct amount_scope){ .module = a->module, .fact = f, .level = LEVEL_BY_DAY };
}

/* Is the word the account's unit: `ticket` or `tickets` of `account tickets`? */
static bool is_unit_of(const struct account_info *a, struct str word)
{
    struct str unit = a->unit;
    if (a->type.base != AMOUNT_UNIT) { return false; }
    return str_eq(word, unit) || (unit.n == word.n + 1 && unit.p[word.n] == 's' && str_starts(unit, word)) || (word.n == unit.n + 1 && word.p[unit.n] == 's' && str_starts(word, unit));
}

struct account_info *account_of_unit(struct unit *u, struct str word)
{
    for (size_t i = 0; i < u->money->accounts.n; i++) {
        if (is_unit_of(u->money->accounts.p[i], word)) { return u->money->accounts.p[i]; }
    }
    return NULL;
}

static struct diag *account_diag(struct unit *u, struct span span, const char *text) { return diag(u->diags, E1020_ACCOUNT, span, "%s", text); }

/* ---- of what it is an account ---- */

static void kind_of_literal(struct account_info *a, const struct node *e)
{
    uint8_t base = e->kind == N_COUNTED ? AMOUNT_TIME : e->kind == N_MONEY ? AMOUNT_MONEY : e->kind == N_NUMBER ? AMOUNT_UNIT : AMOUNT_ERROR;
    if (a->type.base != AMOUNT_ERROR || base == AMOUNT_ERROR) { return; }
    a->type = AMOUNT(base);
    if (base == AMOUNT_UNIT) { a->unit = e->title.n > 0 ? e->title : a->symbol->name; }
}

static uint8_t base_of(const struct field_info *f)
{
    switch (f->type.vt) {
    case VT_DURATION: return AMOUNT_TIME;
    case VT_MONEY: return AMOUNT_MONEY;
    case VT_COUNT: case VT_NUMBER: return AMOUNT_UNIT;
    default: return AMOUNT_ERROR;
    }
}

/* The field that says how much: that of the account's name, else the only one of its kind. */
static struct field_info *field_of(const struct account_info *a, const struct event_info *ev)
{
    struct field_info *only = NULL;
    for (size_t i = 0; i < ev->fields.n; i++) {
        struct field_info *f = ev->fields.p[i];
        uint8_t base = base_of(f);
        if (base == AMOUNT_ERROR || (a->type.base != AMOUNT_ERROR && a->type.base != base)) { continue; }
        if (str_eq(f->name, a->symbol->name)) { return f; }
        if (only != NULL) { return NULL; }
        only = f;
    }
    return only;
}

/* Known before any fee is checked: by a line that says how much, by `unit`, or by what the events carry. */
static void settle_type(struct unit *u, struct account_info *a)
{
    const struct node *n = a->symbol->node;
    for (uint32_t i = 0; i < n->n; i++) {
        const struct node *s = n->kid[i];
        if (s == NULL || s->kind != N_ASLOT) { continue; }
        if (s->op == OP_UNIT) { a->type = AMOUNT(AMOUNT_UNIT); a->unit = s->text; }
        if ((s->op == OP_OPENING || s->op == OP_EVERY || s->op == OP_REFILLED || s->op == OP_USED_UP) && s->kid[0] != NULL) { kind_of_literal(a, s->kid[0]); }
    }
    for (uint32_t i = 0; i < n->n && a->type.base == AMOUNT_ERROR; i++) {
        const struct node *s = n->kid[i], *phrase = s != NULL && s->kind == N_ASLOT && (s->op == OP_ADDS || s->op == OP_TAKES) && s->n > 0 ? s->kid[0] : NULL;
        struct symbol *ev = phrase != NULL && phrase->kind == N_PHRASE ? symbol_find(u, a->module, SYM_EVENT, phrase->text) : NULL;
        struct field_info *f = ev != NULL && ev->info != NULL ? field_of(a, ev->info) : NULL;
        if (f != NULL) { a->type = AMOUNT(base_of(f)); }
    }
    if (a->type.base == AMOUNT_UNIT && a->unit.n == 0) { a->unit = a->symbol->name; }
    if (a->type.base == AMOUNT_UNIT) { a->type.unit = a->symbol->name; }
    if (a->type.base == AMOUNT_MONEY) { a->flags |= ACCOUNT_OF_LINES; a->unit = u->currency; }
    if (a->type.base == AMOUNT_TIME) { a->unit = STR("h"); }
}

/* ---- what comes in and goes out ---- */

static struct amount *how_much(struct unit *u, struct account_info *a, const struct node *e)
{
    struct amount_scope sc = scope_of(a, NULL);
    struct amount *x = amount_check(u, &sc, e);
    if (x->type.base == AMOUNT_NUMBER && x->type.per.n == 0 && a->type.base == AMOUNT_UNIT) {
        if (e->title.n > 0 && !is_unit_of(a, e->title)) {
            struct diag *d = diag(u->diags, E0313_UNITS, e->name_span, "the account `%.*s` counts %.*s", STR_ARG(a->symbol->name), STR_ARG(a->unit));
            diag_fix(d, e->name_span, "%.*s", STR_ARG(a->unit));
            return NULL;
        }
        x->type = a->type;
    }
    if (x->type.base == AMOUNT_ERROR || a->type.base == AMOUNT_ERROR) { return NULL; }
    if (amount_reads(x, EX_ACCOUNT) || amount_reads(x, EX_LINES) || amount_reads(x, EX_REMAINING)) {
        diag_help(account_diag(u, x->span, "what comes into an account cannot depend on balances and sums of lines"), "write the amount, or what it is worked out from");
        return NULL;
    }
    if (x->type.base == a->type.base && x->type.per.n == 0) { return x; }
    struct diag *d = diag(u->diags, E0313_UNITS, x->span, "this does not fit the account `%.*s`", STR_ARG(a->symbol->name));
    diag_label(d, x->span, "this is %.*s", STR_ARG(amount_word(u, x->type)));
    diag_help(d, "one account holds one kind of thing: hours, money, or what `unit` names");
    return NULL;
}

static void add_source(struct unit *u, struct account_info *a, struct account_source s) { vec_push(&a->sources, u->arena, s); }

static void by_event(struct unit *u, struct account_info *a, const struct node *slot)
{
    struct fact_info *f = fact_new(u, a->module, a->symbol->name, a->symbol, a->symbol->node, a->symbol->section);
    fact_events(u, f, slot);
    if (f->on.n == 0) { return; }
    const struct event_info *ev = f->on.p[0]->event;
    struct field_info *field = field_of(a, ev);
    struct amount_scope sc = scope_of(a, f);
    struct account_source s = { .kind = slot->op == OP_ADDS ? LOT_ADDED : LOT_TAKEN, .fact = f, .expires = NO_REF, .span = slot->span };
    if (field == NULL && a->type.base == AMOUNT_UNIT) { s.amount = amount_const(u, a->type, 1, 1, f->on.p[0]->span); }
    else if (field == NULL) {
        struct diag *d = diag(u->diags, E0207_UNKNOWN_NAME, f->on.p[0]->span, "`%.*s` does not say how much is %s", STR_ARG(ev->name), slot->op == OP_ADDS ? "added" : "taken");
        diag_help(d, "give the event a field of the account's name: `%.*s : %s`", STR_ARG(a->symbol->name), a->type.base == AMOUNT_MONEY ? "money" : "duration");
        return;
    } else {
        struct node name = { .kind = N_NAME, .span = f->on.p[0]->span, .text = field->name };
        s.amount = amount_of_fact(u, &sc, &name, TYPE(VT_FREE));
        if (s.amount->type.base == AMOUNT_ERROR) { return; }
    }
    struct field_info *until = fact_field(ev, "expires");
    if (s.kind == LOT_ADDED && until != NULL && until->type.vt == VT_DATE) {
        struct node name = { .kind = N_NAME, .span = f->on.p[0]->span, .text = until->name };
        struct amount *x = amount_of_fact(u, &sc, &name, TYPE(VT_FREE));
        if (x->type.base != AMOUNT_ERROR) { s.expires = x->value; }
    }
    add_source(u, a, s);
}

static void length(struct unit *u, const struct node *k, uint32_t *months, uint32_t *days)
{
    int64_t n = k->number / 1000000;
    bool whole = k->kind == N_COUNTED && k->number % 1000000 == 0 && n > 0 && n <= 36500;
    if (whole && days != NULL && str_eq(k->text, STR("day"))) { *days = (uint32_t)n; return; }
    if (whole && days != NULL && str_eq(k->text, STR("week"))) { *days = (uint32_t)n * 7; return; }
    if (whole && str_eq(k->text, STR("month"))) { *months = (uint32_t)n; return; }
    if (whole && str_eq(k->text, STR("year"))) { *months = (uint32_t)n * 12; return; }
    struct diag *d = account_diag(u, k->span, days != NULL ? "this is not a number of days, weeks, months or years" : "this is not a number of months or years");
    diag_help(d, "write `12 months`");
}

static void once(struct unit *u, const struct node *s, bool *said, const char *what)
{
    if (*said) {
        struct diag *d = diag(u->diags, E1005_SAID_TWICE, s->span, "it is said twice %s", what);
        diag_help(d, "take one of the two out");
    }
    *said = true;
}

static void slot(struct unit *u, struct account_info *a, const struct node *s, bool *order, bool *rest)
{
    struct amount *x;
    switch (s->op) {
    case OP_OPENING: case OP_EVERY: case OP_REFILLED: case OP_USED_UP:
        x = how_much(u, a, s->kid[0]);
        if (x == NULL) { break; }
        add_source(u, a, (struct account_source){ .kind = s->op == OP_OPENING ? LOT_OPENING : s->op == OP_EVERY ? LOT_PERIOD : s->op == OP_REFILLED ? LOT_REFILL : LOT_USED_UP,
            .amount = x, .expires = NO_REF, .period = exact_period(s->number2), .period_n = s->number > 0 ? (uint32_t)s->number : 1, .span = s->span });
        a->refills = a->refills || s->op == OP_REFILLED || s->op == OP_USED_UP;
        break;
    case OP_ADDS: case OP_TAKES: by_event(u, a, s); break;
    case OP_EXPIRES: length(u, s->kid[0], &a->expire_months, &a->expire_days); break;
    case OP_CARRIES:
        length(u, s->kid[0], &a->carry_months, NULL);
        if (s->n > 1) { a->carry_share = amount_literal(u, s->kid[1]); }
        break;
    case OP_OLDEST: once(u, s, order, "in which order the lots are drawn from"); a->order = ACCOUNT_OLDEST; break;
    case OP_NEWEST: once(u, s, order, "in which order the lots are drawn from"); a->order = ACCOUNT_NEWEST; break;
    case OP_SOONEST: once(u, s, order, "in which order the lots are drawn from"); a->order = ACCOUNT_SOONEST; break;
    case OP_WHOLE_ENTRIES: a->flags |= ACCOUNT_WHOLE_ENTRIES; break;
    case OP_AS_KNOWN: a->flags |= ACCOUNT_AS_KNOWN; break;
    case OP_SHORT_OWED: a->flags |= ACCOUNT_MAY_BE_SHORT; break;
    case OP_FORFEITED: once(u, s, rest, "what becomes of the rest"); break;
    case OP_REFUNDED: {
        once(u, s, rest, "what becomes of the rest");
        struct amount_scope sc = scope_of(a, NULL);
        struct amount *left = amount_new(u, EX_ACCOUNT, a->type, s->span);
        left->ref = a;
        x = s->n > 0 && s->kid[0] != NULL ? amount_check(u, &sc, s->kid[0]) : NULL;
        if (x != NULL) { left = amount_product(u, s->span, left, x); }
        if (left->type.base == AMOUNT_ERROR) { break; }
        if (left->type.base != AMOUNT_MONEY || left->type.per.n > 0) {
            struct diag *d = account_diag(u, s->span, "how much money is returned for what is left is not said");
            diag_help(d, "write `rest is refunded at %.*s 80.00 per %s`", STR_ARG(u->currency.n > 0 ? u->currency : STR("USD")), a->type.base == AMOUNT_TIME ? "hour" : "unit");
            break;
        }
        a->rest = amount_two(u, EX_NEG, left->type, s->span, left, NULL);
        break;
    }
    case OP_SHARE_USED:
        for (uint32_t i = 1; i < s->n; i++) {
            if (s->kid[i]->kind != N_TEXT) { diag_help(account_diag(u, s->kid[i]->span, "a text is expected here"), "write who is told: `\"Account manager\"`"); continue; }
            vec_push(&a->notices, u->arena, ((struct account_notice){ amount_literal(u, s->kid[0]), s->kid[i]->text }));
        }
        if (s->kid[0]->number <= 0 || s->kid[0]->number > 100000000) { diag_help(account_diag(u, s->kid[0]->span, "this is no share of what was there"), "write a percentage above 0%% and at most 100%%"); }
        break;
    default: break;
    }
}

static void account(struct unit *u, struct account_info *a)
{
    const struct node *n = a->symbol->node;
    bool order = false, rest = false, comes = false;
    size_t errors = unit_mistakes(u);
    for (uint32_t i = 0; i < n->n; i++) {
        const struct node *s = n->kid[i];
        if (s == NULL || s->kind != N_ASLOT) { continue; }
        comes = comes || s->op == OP_OPENING || s->op == OP_ADDS || s->op == OP_EVERY || s->op == OP_REFILLED || s->op == OP_USED_UP;
        slot(u, a, s, &order, &rest);
    }
    if (unit_mistakes(u) != errors || node_broken(n)) { return; }
    if (!comes) {
        struct diag *d = account_diag(u, n->name_span, "nothing ever comes into this account");
        diag_help(d, "write `opening 10 h`, `adds on EVENT`, or `10 h in each month`");
    } else if (!rest) {
        struct diag *d = account_diag(u, n->name_span, "the account does not say what becomes of the rest when the agreement ends");
        if (a->type.base == AMOUNT_MONEY) { diag_help(d, "write `rest to customer` or `rest is forfeited`"); }
        else { diag_help(d, "write `rest is forfeited`, or `rest is refunded at %.*s 80.00 per %s`", STR_ARG(u->currency.n > 0 ? u->currency : STR("USD")), a->type.base == AMOUNT_TIME ? "hour" : "unit"); }
    }
    bool carries = a->carry_months > 0, periods = false;
    for (size_t i = 0; i < a->sources.n; i++) { periods = periods || a->sources.p[i].kind == LOT_PERIOD; }
    if (carries && !periods) {
        struct diag *d = account_diag(u, n->name_span, "only what comes in each period can carry over, and nothing does");
        diag_help(d, "for what is bought write `expires after 12 months`");
    }
}

/* ---- who draws ---- */

void account_draw(struct unit *u, struct charge_info *c, const struct node *slot)
{
    for (uint32_t i = 0; i < slot->n; i++) {
        const struct node *k = slot->kid[i];
        struct symbol *s = symbol_need(u, c->symbol->module, SYM_ACCOUNT, k->text, k->span);
        struct account_info *a = s != NULL ? s->info : NULL;
        if (a == NULL || a->type.base == AMOUNT_ERROR) { continue; }
        bool money = a->type.base == AMOUNT_MONEY;
        if (c->draws.n > 0 && (c->draws.p[0]->type.base != a->type.base || c->draws.p[0]->flags != a->flags)) {
            struct diag *d = account_diag(u, k->span, "this account is of another kind than the one before it");
            diag_help(d, "a fee draws from accounts of one unit and one way of drawing, one behind the other");
            continue;
        }
        if (c->kind != CHARGE_FEE || (!money && c->trigger != TRIGGER_FACT)) {
            struct diag *d = account_diag(u, k->span, money ? "only a fee is drawn from an account" : "only a fee on single events draws hours or units from an account");
            diag_help(d, money ? "leave it out; credits are set against fees anyway" : "write `on worked` or another event; an account of money can be drawn from by any fee");
            continue;
        }
        bool fits = money || (c->units != NULL && (c->units->type.base == a->type.base || (a->type.base == AMOUNT_UNIT && c->units->type.base == AMOUNT_NUMBER)));
        if (!fits) {
            struct diag *d = diag(u->diags, E0313_UNITS, k->span, "the account `%.*s` holds something else than this fee counts", STR_ARG(a->symbol->name));
            diag_label(d, a->symbol->node->name_span, "this holds %.*s", STR_ARG(amount_word(u, a->type)));
            if (c->units != NULL) { diag_label(d, c->units->span, "this counts %.*s", STR_ARG(amount_word(u, c->units->type))); }
            else { diag_help(d, "charge by the unit: `charge time at …`, `%.*s 45.00 per %.*s`", STR_ARG(u->currency.n > 0 ? u->currency : STR("USD")), STR_ARG(a->unit)); }
            continue;
        }
        vec_push(&c->draws, u->arena, a);
    }
}

/* `10 h free in each month, unused carries over 2 months`, of single events. */
void account_free(struct unit *u, struct charge_info *c, const struct node *slot)
{
    struct account_info *a = ARENA_NEW(u->arena, struct account_info);
    *a = (struct account_info){ .symbol = c->symbol, .module = c->symbol->module, .type = c->units->type, .unit = c->unit, .flags = ACCOUNT_FREE, .carry_months = c->free_carry, .index = NO_REF };
    add_source(u, a, (struct account_source){ .kind = LOT_PERIOD, .amount = c->free, .expires = NO_REF, .period = c->free_period, .period_n = c->free_period_n, .span = slot->span });
    vec_push(&u->money->accounts, u->arena, a);
    vec_push(&c->draws, u->arena, a);
}

/* `fee top_up { on hours refilled ; … }` */
void account_refilled(struct unit *u, struct charge_info *c, const struct node *slot)
{
    struct symbol *s = symbol_need(u, c->symbol->module, SYM_ACCOUNT, slot->text, span_is_none(slot->name_span) ? slot->span : slot->name_span);
    c->trigger = TRIGGER_ACCOUNT;
    if (s == NULL || s->info == NULL) { return; }
    c->account = s->info;
    bool refills = false;
    for (uint32_t i = 0; i < s->node->n; i++) { refills = refills || (s->node->kid[i] != NULL && s->node->kid[i]->kind == N_ASLOT && (s->node->kid[i]->op == OP_REFILLED || s->node->kid[i]->op == OP_USED_UP)); }
    if (refills) { return; }
    struct diag *d = diag(u->diags, E1008_NEVER_CHARGED, slot->span, "the account `%.*s` is never refilled by itself", STR_ARG(s->name));
    diag_help(d, "write `10 h when used up` or `refilled to 10 h in each month` in the account; what is bought is charged `on` its event");
}

struct amount *account_amount(struct unit *u, const struct amount_scope *sc, struct account_info *a, struct span span)
{
    bool own = sc->charge != NULL && sc->charge->account == a;
    struct amount *x = amount_new(u, own ? EX_UNITS : EX_ACCOUNT, a->type, span);
    if (!own) { x->ref = a; }
    return x;
}

/* Accounts that one fee draws from belong together: what is left of one depends on the other. */
void account_groups(struct unit *u)
{
    struct money *m = u->money;
    for (size_t i = 0; i < m->accounts.n; i++) { m->accounts.p[i]->group = (uint32_t)i; }
    for (size_t i = 0; i < m->charges.n; i++) {
        const struct charge_info *c = m->charges.p[i];
        for (size_t k = 1; k < c->draws.n; k++) {
            uint32_t from = c->draws.p[k]->group, to = c->draws.p[0]->group;
            for (size_t j = 0; j < m->accounts.n; j++) {
                if (m->accounts.p[j]->group == from) { m->accounts.p[j]->group = to; }
            }
        }
    }
}

void account_declare(struct unit *u, struct symbol *s)
{
    struct account_info *a = ARENA_NEW(u->arena, struct account_info);
    *a = (struct account_info){ .symbol = s, .module = s->module, .type = AMOUNT(AMOUNT_ERROR), .index = NO_REF };
    s->info = a;
    vec_push(&u->money->accounts, u->arena, a);
}

void accounts_check(struct unit *u)
{
    size_t n = u->money->accounts.n;
    for (size_t i = 0; i < n; i++) { settle_type(u, u->money->accounts.p[i]); }
    for (size_t i = 0; i < n; i++) {
        struct account_info *a = u->money->accounts.p[i];
        if (a->type.base == AMOUNT_ERROR) {
            if (node_broken(a->symbol->node)) { continue; }
            struct diag *d = account_diag(u, a->symbol->node->name_span, "it is not said what this account holds");
            diag_help(d, "write `opening 10 h`, or give the event that adds to it a field `%.*s : duration`", STR_ARG(a->symbol->name));
            continue;
        }
        account(u, a);
    }
}
