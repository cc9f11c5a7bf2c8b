/* SPDX-License-Identifier: MIT */
/* Quantities that change in time and series of values by date: which events change them, and what limits them. */
#include "compiler/charge.h"

/* The field that says how much: of the quantity's name, or the event's only number. */
static struct field_info *amount_field(const struct event_info *ev, struct str name, bool *several)
{
    struct field_info *only = NULL;
    *several = false;
    for (size_t i = 0; i < ev->fields.n; i++) {
        struct field_info *f = ev->fields.p[i];
        if (str_eq(f->name, name)) { return f; }
        if (f->type.vt != VT_COUNT && f->type.vt != VT_NUMBER && f->type.vt != VT_PERCENT) { continue; }
        *several = only != NULL;
        only = f;
    }
    return *several ? NULL : only;
}

/* The field or the key whose values the quantity has a level for, as the text that a fact carries. */
static struct tex *key_of(struct unit *u, const struct fact_info *f, size_t i, const struct node *by)
{
    struct scope sc = { f->module, f->on.p[i]->event->entity, f->on.p[i]->event };
    struct tex *x = expr_check(u, &sc, by, TYPE(VT_FREE));
    if (x->type.vt == VT_TEXT || x->type.vt == VT_ERROR) { return x; }
    if (x->type.vt != VT_SCALE) {
        struct diag *d = diag(u->diags, E0302_TYPE, by->span, "a quantity is taken by a text or a value of a scale");
        diag_label(d, by->span, "this is %.*s", STR_ARG(type_word(u, x->type)));
        return tex_new(u, X_ERROR, TYPE(VT_ERROR), by->span);
    }
    struct tex *word = tex_new(u, X_TEXT, TYPE(VT_TEXT), by->span);
    for (uint32_t k = x->type.scale->n; k-- > 0;) {
        struct tex *is = tex_new(u, X_EQ, TYPE(VT_FLAG), by->span), *one = tex_new(u, X_TEXT, TYPE(VT_TEXT), by->span), *either = tex_new(u, X_IF, TYPE(VT_TEXT), by->span);
        one->text = x->type.scale->value[k];
        is->n = 2;
        is->kid = arena_copy(u->arena, (struct tex *[]){ x, tex_const(u, x->type, k, by->span) }, 2 * sizeof(struct tex *));
        either->n = 3;
        either->kid = arena_copy(u->arena, (struct tex *[]){ is, one, word }, 3 * sizeof(struct tex *));
        word = either;
    }
    return word;
}

static void source(struct unit *u, struct quantity_info *q, const struct node *slot, uint32_t mode)
{
    struct fact_info *f = fact_new(u, q->symbol->module, q->symbol->name, q->symbol, q->symbol->node, q->symbol->section);
    fact_events(u, f, slot);
    if (f->on.n == 0) { return; }
    if (q->by != NULL) {
        f->text = ARENA_ARRAY(u->arena, struct tex *, f->on.n);
        for (size_t i = 0; i < f->on.n; i++) {
            f->text[i] = key_of(u, f, i, q->by);
            if (f->text[i]->type.vt == VT_ERROR) { return; }
        }
    }
    bool several;
    struct field_info *field = amount_field(f->on.p[0]->event, q->symbol->name, &several);
    struct quantity_source s = { f, mode, 0 };
    if (field == NULL && (several || mode == QUANTITY_SETS)) {
        struct diag *d = diag(u->diags, E0207_UNKNOWN_NAME, f->on.p[0]->span, "`%.*s` does not say which number is the level of `%.*s`", STR_ARG(f->on.p[0]->event->name), STR_ARG(q->symbol->name));
        diag_help(d, "give the event a field of that name: `%.*s : count`", STR_ARG(q->symbol->name));
        return;
    }
    if (field == NULL) { s.mode = mode == QUANTITY_ADDS ? QUANTITY_ONE_MORE : QUANTITY_ONE_LESS; }
    else {
        struct node name = { .kind = N_NAME, .span = f->on.p[0]->span, .text = field->name };
        struct amount *x = amount_of_fact(u, &(struct amount_scope){ .module = f->module, .fact = f }, &name, TYPE(VT_FREE));
        if (x->type.base == AMOUNT_ERROR) { return; }
        s.value = x->value;
    }
    vec_push(&q->sources, u->arena, s);
}

static void things(struct unit *u, struct quantity_info *q, struct entity_info *entity, uint32_t flag, uint32_t mode)
{
    for (size_t i = 0; i < u->events.n; i++) {
        struct event_info *ev = u->events.p[i];
        if (ev->entity != entity || !(ev->flags & flag)) { continue; }
        struct node *phrase = ARENA_NEW(u->arena, struct node), *slot = ARENA_NEW(u->arena, struct node);
        *phrase = (struct node){ .kind = N_PHRASE, .span = q->symbol->node->span, .text = ev->name };
        *slot = (struct node){ .kind = N_SLOT, .span = phrase->span, .kid = arena_copy(u->arena, (struct node *[]){ phrase }, sizeof(struct node *)), .n = 1 };
        struct fact_info *f = fact_new(u, q->symbol->module, q->symbol->name, q->symbol, q->symbol->node, q->symbol->section);
        fact_events(u, f, slot);
        if (f->on.n == 0) { continue; }
        f->text = ARENA_ARRAY(u->arena, struct tex *, f->on.n);
        for (size_t k = 0; k < f->on.n; k++) { f->text[k] = tex_new(u, X_KEY, TYPE(VT_TEXT), phrase->span); }
        vec_push(&q->sources, u->arena, ((struct quantity_source){ f, mode, 0 }));
    }
}

struct quantity_info *quantity_of_things(struct unit *u, struct entity_info *entity)
{
    for (size_t i = 0; i < u->money->quantities.n; i++) {
        if (u->money->quantities.p[i]->symbol->node == entity->symbol->node) { return u->money->quantities.p[i]; }
    }
    bool created = false;
    for (size_t i = 0; i < u->events.n; i++) { created = created || (u->events.p[i]->entity == entity && u->events.p[i]->flags & EVENT_CREATES); }
    if (!created) { return NULL; }
    struct symbol *s = ARENA_NEW(u->arena, struct symbol);
    *s = *entity->symbol;
    s->kind = SYM_QUANTITY;
    s->clause = NO_REF;
    struct quantity_info *q = ARENA_NEW(u->arena, struct quantity_info);
    *q = (struct quantity_info){ .symbol = s, .initial = STR("0"), .flags = QUANTITY_OF_THINGS };
    vec_push(&u->money->quantities, u->arena, q);
    things(u, q, entity, EVENT_CREATES, QUANTITY_COMES);
    things(u, q, entity, EVENT_ENDS, QUANTITY_GOES);
    return q;
}

/* ---- how it may change ---- */

/* So much of the level before the period, or so many units. */
static struct amount *within_period(struct unit *u, const struct amount_scope *sc, const struct node *s, uint32_t *period, uint32_t *period_n)
{
    struct amount *x = amount_check(u, sc, s->kid[0]);
    *period = exact_period(s->number2);
    *period_n = s->number > 0 ? (uint32_t)s->number : 1;
    if (s->kid[0]->kind != N_PERCENT) { return x; }
    struct amount *level = amount_new(u, EX_UNITS, AMOUNT(AMOUNT_NUMBER), s->span);
    return amount_two(u, EX_MUL, AMOUNT(AMOUNT_NUMBER), s->span, x, level);
}

/* A length of notice as the number of its days; NULL after a message. */
static struct node *days_node(struct unit *u, const struct node *e)
{
    struct node *x = ARENA_NEW(u->arena, struct node);
    *x = *e;
    x->kind = N_NUMBER;
    x->kid = NULL;
    x->n = 0;
    x->number = 0;
    if (e->kind == N_NONE) { return x; }
    bool week = str_eq(e->text, STR("week"));
    if (e->kind == N_COUNTED && (week || str_eq(e->text, STR("day")))) { x->number = e->number * (week ? 7 : 1); return x; }
    if (e->kind == N_BROKEN) { return x; }
    struct diag *d = diag(u->diags, E0302_TYPE, e->span, "a number of days is expected here");
    diag_help(d, "write `60 days`, or `none` where no notice is needed");
    return NULL;
}

static struct amount *notice(struct unit *u, const struct amount_scope *sc, const struct node *s)
{
    if (s->n == 1) {
        struct node *days = days_node(u, s->kid[0]);
        return days != NULL ? amount_check(u, sc, days) : NULL;
    }
    if (s->kid[0]->kind != N_NAME || !str_eq(s->kid[0]->text, STR("change"))) {
        struct diag *d = diag(u->diags, E0302_TYPE, s->kid[0]->span, "the length of a notice goes by the size of the change");
        diag_help(d, "write `notice by change { change | notice ; at most 5%% | none ; above 5%% | 60 days }`");
        return NULL;
    }
    struct node *table = ARENA_NEW(u->arena, struct node);
    *table = *s;
    table->kid = ARENA_ARRAY(u->arena, struct node *, s->n);
    for (uint32_t i = 0; i < s->n; i++) {
        struct node *row = s->kid[i];
        table->kid[i] = row;
        if (i < 2 || row->kind != N_ROW || row->n != 2 || row->kid[1]->n != 1) { continue; }
        struct node *days = days_node(u, row->kid[1]->kid[0]), *cell = ARENA_NEW(u->arena, struct node), *copy = ARENA_NEW(u->arena, struct node);
        if (days == NULL) { return NULL; }
        *cell = *row->kid[1];
        cell->kid = arena_copy(u->arena, (struct node *[]){ days }, sizeof(struct node *));
        *copy = *row;
        copy->kid = arena_copy(u->arena, (struct node *[]){ row->kid[0], cell }, 2 * sizeof(struct node *));
        table->kid[i] = copy;
    }
    struct amount_scope in = *sc;
    in.units = STR("change");
    in.units_type = AMOUNT(AMOUNT_NUMBER);
    struct amount *x = bands_check(u, &in, table);
    return x->type.base == AMOUNT_ERROR ? NULL : x;
}

/* What a change requires is asked when it is told, and again with whatever is known later: levels and the date only. */
static bool reads_only_levels(const struct amount *a)
{
    static const uint8_t others[] = { EX_MEASURE, EX_LINES, EX_SERIES, EX_STATE, EX_PERIODS, EX_EVENTS, EX_REMAINING };
    for (size_t i = 0; i < countof(others); i++) {
        if (amount_reads(a, others[i])) { return false; }
    }
    return true;
}

static struct amount *required(struct unit *u, const struct amount_scope *sc, const struct node *s)
{
    struct amount *x = amount_condition(u, sc, s->kid[0]);
    if (reads_only_levels(x)) { return x; }
    struct diag *d = diag(u->diags, E0302_TYPE, s->kid[0]->span, "a change can require what quantities and the contract year or month are, no more");
    diag_help(d, "make a quantity of what is asked for: `quantity usage from used`, then `requires usage below 350`");
    return x;
}

/* What is said of a reduction needs something that limits it. */
static void nothing_limits(struct unit *u, const struct quantity_info *q, const struct node *s)
{
    if (q->minimum != NULL || q->may_fall != NULL || q->notice != NULL || q->requires != NULL) { return; }
    struct diag *d = diag(u->diags, E1014_FREE_EXIT, s->span, "nothing limits a reduction of `%.*s`, so that it would be a free exit", STR_ARG(q->symbol->name));
    diag_help(d, "say what is left to pay: `committed minimum 70`, `may fall by 10%% in each quarter` or `notice of a reduction 60 days`");
}

void quantity_define(struct unit *u, struct quantity_info *q)
{
    const struct node *n = q->symbol->node, *stays = NULL;
    for (uint32_t i = 1; i < n->n; i++) {
        if (n->kid[i] == NULL || n->kid[i]->kind != N_INPUTS || n->kid[i]->n == 0) { continue; }
        q->by = n->kid[i]->kid[0];
        if (n->kid[i]->n < 2) { continue; }
        struct diag *d = diag(u->diags, E0302_TYPE, n->kid[i]->kid[1]->span, "a quantity is taken by one field");
        diag_help(d, "leave out the others: the quantity is the sum over the values of `%.*s`", STR_ARG(q->by->text));
    }
    if (n->n > 0 && n->kid[0] != NULL && n->kid[0]->n > 0) {
        struct node slot = *n->kid[0];
        struct node **kid = ARENA_ARRAY(u->arena, struct node *, slot.n + 1);
        for (uint32_t i = 0; i < slot.n; i++) { kid[i] = slot.kid[i]; }
        if (n->n > 1 && n->kid[1] != NULL && n->kid[1]->kind == N_WHEN) { kid[slot.n++] = n->kid[1]; }
        slot.kid = kid;
        source(u, q, &slot, QUANTITY_SETS);
    }
    struct amount_scope sc = { .module = q->symbol->module, .level = LEVEL_BY_DAY };
    for (uint32_t i = 1; i < n->n; i++) {
        const struct node *s = n->kid[i];
        if (s == NULL || s->kind != N_QSLOT) { continue; }
        switch (s->op) {
        case OP_COMMITTED: q->minimum = amount_check(u, &sc, s->kid[0]); break;
        case OP_MAY_FALL: q->may_fall = within_period(u, &sc, s, &q->fall_period, &q->fall_period_n); break;
        case OP_MAY_RISE: q->may_rise = within_period(u, &sc, s, &q->rise_period, &q->rise_period_n); break;
        case OP_NOTICE:
            if (q->notice != NULL) { struct diag *d = diag(u->diags, E1005_SAID_TWICE, s->span, "it is said twice how long the notice is"); diag_help(d, "write one table: `notice by change { change | notice ; … }`"); }
            q->notice = notice(u, &sc, s);
            q->flags |= s->number == 1 ? QUANTITY_NOTICE_OF_FALLS : 0;
            break;
        case OP_REQUIRES: q->requires = amount_all(u, q->requires, required(u, &sc, s)); break;
        case OP_ONCE: q->flags |= QUANTITY_ONLY_ONCE; break;
        case OP_COUNT_FROM: q->flags |= s->number == 1 ? QUANTITY_RISE_NEXT : s->number == 2 ? QUANTITY_RISE_FIRST : s->number == 3 ? QUANTITY_FALL_NEXT : QUANTITY_FALL_FIRST; break;
        case OP_NO_TERMINATION: q->flags |= QUANTITY_STAYS; stays = s; break;
        case OP_STARTS_AT: q->initial = q->share ? fraction_text(u, s->kid[0]->number, 1000000) : money_number_text(u, s->kid[0]); break;
        case OP_ADDS: source(u, q, s, QUANTITY_ADDS); break;
        case OP_TAKES: source(u, q, s, QUANTITY_TAKES); break;
        default: break;
        }
    }
    if (stays != NULL && !node_broken(n)) { nothing_limits(u, q, stays); }
}

void series_check(struct unit *u, struct series_info *x)
{
    const struct node *n = x->symbol->node;
    if (n->n == 1 && n->kid[0] != NULL && n->kid[0]->kind == N_PHRASE) {
        struct node slot = { .kind = N_SLOT, .span = n->kid[0]->span, .kid = n->kid, .n = 1 };
        struct fact_info *f = fact_new(u, x->symbol->module, x->symbol->name, x->symbol, n, x->symbol->section);
        fact_events(u, f, &slot);
        if (f->on.n == 0) { return; }
        bool several;
        struct field_info *field = amount_field(f->on.p[0]->event, x->symbol->name, &several);
        if (field == NULL) {
            struct diag *d = diag(u->diags, E0207_UNKNOWN_NAME, f->on.p[0]->span, "`%.*s` does not say which number is the value of `%.*s`", STR_ARG(f->on.p[0]->event->name), STR_ARG(x->symbol->name));
            diag_help(d, "give the event a field of that name: `%.*s : percent`", STR_ARG(x->symbol->name));
            return;
        }
        struct node name = { .kind = N_NAME, .span = f->on.p[0]->span, .text = field->name };
        if (amount_of_fact(u, &(struct amount_scope){ .module = f->module, .fact = f }, &name, TYPE(VT_FREE))->type.base != AMOUNT_ERROR) { x->fact = f; }
        return;
    }
    for (uint32_t i = 1; i < n->n; i++) {
        const struct node *row = n->kid[i];
        if (row == NULL || row->kind != N_ROW || row->n < 2 || row->kid[0]->n < 1 || row->kid[1]->n < 1) { continue; }
        const struct node *day = row->kid[0]->kid[0], *v = row->kid[1]->kid[0];
        if (day->kind == N_DATERULE && day->op == OP_DATE) { /* its date is in number, as in a DATE */ }
        else if (day->kind != N_DATE) { diag(u->diags, E0302_TYPE, day->span, "a date is expected here"); continue; }
        if (v->kind != N_PERCENT && v->kind != N_NUMBER && v->kind != N_MONEY) { diag(u->diags, E0302_TYPE, v->span, "a number or a percentage is expected here"); continue; }
        if (x->points.n > 0 && vec_last(&x->points).from >= day->number) {
            struct diag *d = diag(u->diags, E1004_TIERS, row->span, "the dates do not rise");
            diag_help(d, "each row holds from its date until that of the next");
            continue;
        }
        vec_push(&x->points, u->arena, ((struct series_point){ day->number, money_number_text(u, v), row->span }));
    }
}

/* ---- circles ---- */

static bool level_reaches(const struct quantity_info *from, const struct quantity_info *to, uint32_t depth);

static bool level_in(const struct amount *a, const struct quantity_info *to, uint32_t depth)
{
    if (a == NULL) { return false; }
    if (a->op == EX_LEVEL && (a->ref == to || level_reaches(a->ref, to, depth))) { return true; }
    if (level_in(a->a, to, depth) || level_in(a->b, to, depth) || level_in(a->c, to, depth)) { return true; }
    for (uint32_t i = 0; i < a->n_rows; i++) {
        if (level_in(a->row[i].amount, to, depth) || level_in(a->row[i].flat, to, depth)) { return true; }
    }
    return false;
}

static bool level_reaches(const struct quantity_info *from, const struct quantity_info *to, uint32_t depth)
{
    struct amount *const all[] = { from->minimum, from->may_fall, from->may_rise, from->notice, from->requires };
    for (size_t i = 0; depth > 0 && i < countof(all); i++) {
        if (level_in(all[i], to, depth - 1)) { return true; }
    }
    return false;
}

void quantity_circles(struct unit *u)
{
    for (size_t i = 0; i < u->money->quantities.n; i++) {
        struct quantity_info *q = u->money->quantities.p[i];
        if (!level_reaches(q, q, (uint32_t)u->money->quantities.n)) { continue; }
        struct diag *d = diag(u->diags, E0211_CIRCULAR, q->symbol->node->name_span, "the quantity `%.*s` depends on itself", STR_ARG(q->symbol->name));
        diag_help(d, "what limits a quantity reads other quantities, measures and numbers");
        return; /* one of the circle is enough */
    }
}
