/* SPDX-License-Identifier: MIT */
/* Names in amounts: what the event says becomes a value of its fact; rates, quantities, measures, series and named amounts
 * are nodes that the ledger looks up. */
#include "compiler/charge.h"

static struct amount *broken(struct unit *u, struct span span) { return amount_new(u, EX_CONST, AMOUNT(AMOUNT_ERROR), span); }

/* ---- units ---- */

struct quantity_info *amount_quantity(struct unit *u, struct str unit)
{
    for (size_t i = 0; i < u->money->quantities.n; i++) {
        struct quantity_info *q = u->money->quantities.p[i];
        struct str name = q->symbol->name;
        if (str_eq(unit, name) || (q->unit.n > 0 && str_eq(unit, q->unit))) { return q; }
        if (name.n == unit.n + 1 && name.p[unit.n] == 's' && str_starts(name, unit)) { return q; }
    }
    return NULL;
}

struct str amount_unit(struct unit *u, struct str word)
{
    struct quantity_info *q = amount_quantity(u, word);
    const struct account_info *a = q == NULL ? account_of_unit(u, word) : NULL;
    return q != NULL ? q->symbol->name : a != NULL ? a->symbol->name : word;
}

/* ---- values of the fact ---- */

/* Where the handler of phrase i finds names. */
static struct scope scope_of(const struct fact_info *f, size_t i)
{
    if (f->clock != NULL) { return (struct scope){ f->module, f->entity, NULL }; }
    return (struct scope){ f->module, f->on.p[i]->event->entity, f->on.p[i]->event };
}
static size_t scopes(const struct fact_info *f) { return f == NULL ? 0 : f->clock != NULL ? 1 : f->on.n; }

static struct field_info *field_of(const struct fact_info *f, struct str name)
{
    if (f == NULL || f->clock != NULL || f->on.n == 0) { return NULL; }
    const struct event_info *ev = f->on.p[0]->event;
    for (size_t i = 0; i < ev->fields.n; i++) {
        if (str_eq(ev->fields.p[i]->name, name) && ev->fields.p[i]->sets == NULL) { return ev->fields.p[i]; }
    }
    return NULL;
}

static struct attr_info *attr_of(const struct fact_info *f, struct str name)
{
    for (size_t i = 0; f != NULL && f->entity != NULL && i < f->entity->attrs.n; i++) {
        if (!f->entity->attrs.p[i]->hidden && str_eq(f->entity->attrs.p[i]->name, name)) { return f->entity->attrs.p[i]; }
    }
    return NULL;
}

static struct amount_type type_of(struct type t)
{
    switch (t.vt) {
    case VT_COUNT: case VT_NUMBER: case VT_PERCENT: case VT_SCALE: case VT_DATE: return AMOUNT(AMOUNT_NUMBER);
    case VT_DURATION: return AMOUNT(AMOUNT_TIME);
    case VT_MONEY: return AMOUNT(AMOUNT_MONEY);
    case VT_FLAG: return AMOUNT(AMOUNT_FLAG);
    default: return AMOUNT(AMOUNT_ERROR);
    }
}

static struct amount *value_of(struct unit *u, struct fact_info *f, struct str name, struct type t, struct tex **by, struct span span)
{
    struct amount *x = amount_new(u, EX_FACT, type_of(t), span);
    x->ref = f;
    x->text = name;
    size_t n = scopes(f);
    for (size_t i = 0; i < f->values.n; i++) {
        if (!str_eq(f->values.p[i].name, name) || !type_eq(f->values.p[i].type, t)) { continue; }
        bool same = true;
        for (size_t k = 0; k < n; k++) { same = same && tex_same(f->values.p[i].by[k], by[k]); }
        if (same) { x->value = (uint32_t)i; return x; }
    }
    x->value = (uint32_t)f->values.n;
    vec_push(&f->values, u->arena, ((struct fact_value){ name, t, by }));
    return x;
}

struct amount *amount_of_fact(struct unit *u, const struct amount_scope *sc, const struct node *e, struct type want)
{
    size_t n = scopes(sc->fact);
    if (n == 0) {
        struct scope none = { sc->module, NULL, NULL };
        struct tex *x = expr_check(u, &none, e, want);
        if (x->type.vt == VT_ERROR) { return broken(u, e->span); }
        struct diag *d = diag(u->diags, E0302_TYPE, e->span, "this is known of an event only");
        diag_help(d, "nothing of the kind is at hand where a charge is made for a period");
        return broken(u, e->span);
    }
    struct tex **by = ARENA_ARRAY(u->arena, struct tex *, n);
    for (size_t i = 0; i < n; i++) {
        struct scope s = scope_of(sc->fact, i);
        by[i] = expr_check(u, &s, e, i == 0 ? want : by[0]->type);
        if (by[i]->type.vt == VT_ERROR) { return broken(u, e->span); }
    }
    struct type t = by[0]->type;
    if (type_of(t).base == AMOUNT_ERROR && t.vt != VT_EXACT) {
        struct diag *d = diag(u->diags, E0302_TYPE, e->span, "an amount cannot be made of %.*s", STR_ARG(type_word(u, t)));
        diag_help(d, "numbers, lengths of time, amounts of money and conditions can stand here");
        return broken(u, e->span);
    }
    struct amount *x = value_of(u, sc->fact, e->kind == N_NAME ? e->text : source_text(u->sources, e->span), t, by, e->span);
    if (t.vt == VT_EXACT) {
        const struct table_info *table = by[0]->ref;
        x->type = table->output[by[0]->number].amount->type;
    }
    return x;
}

/* ---- what reads only the event and its entity ---- */

static bool is_ledger_name(struct unit *u, const struct amount_scope *sc, struct str n)
{
    static const enum symbol_kind kinds[] = { SYM_AMOUNT, SYM_RATE, SYM_QUANTITY, SYM_SERIES, SYM_MEASURE, SYM_CHARGE, SYM_ACCOUNT };
    if (sc->units.n > 0 && str_eq(n, sc->units)) { return true; }
    if (field_of(sc->fact, n) != NULL || attr_of(sc->fact, n) != NULL) { return false; }
    for (size_t i = 0; i < countof(kinds); i++) {
        if (symbol_find(u, sc->module, kinds[i], n) != NULL) { return true; }
    }
    return str_eq(n, STR("contract year")) || str_eq(n, STR("contract month")) || str_eq(n, STR("months left"));
}

static bool reads_ledger(struct unit *u, const struct amount_scope *sc, const struct node *e)
{
    if (e == NULL) { return false; }
    switch ((enum node_kind)e->kind) {
    case N_NAME: return is_ledger_name(u, sc, e->text);
    case N_LINESUM: case N_FIGURES: case N_REMAINING: case N_LEDGERCOND: case N_PER: case N_PERCENTOF: case N_PERSTEP: case N_RAISED: case N_BEFORETHAT: case N_OVERTIME: return true;
    default: break;
    }
    for (uint32_t i = 0; i < e->n; i++) {
        if (reads_ledger(u, sc, e->kid[i])) { return true; }
    }
    return false;
}

bool amount_is_of_fact(struct unit *u, const struct amount_scope *sc, const struct node *e) { return scopes(sc->fact) > 0 && !reads_ledger(u, sc, e); }

struct type amount_leaf_type(struct unit *u, const struct amount_scope *sc, const struct node *e)
{
    if (e == NULL || e->kind != N_NAME || is_ledger_name(u, sc, e->text)) { return TYPE(VT_FREE); }
    struct field_info *f = field_of(sc->fact, e->text);
    if (f != NULL) { return f->type; }
    struct attr_info *a = attr_of(sc->fact, e->text);
    if (a != NULL) { return a->type; }
    return str_eq(e->text, STR("at")) && scopes(sc->fact) > 0 ? TYPE(VT_INSTANT) : TYPE(VT_FREE);
}

bool amount_is_kind(struct unit *u, const struct amount_scope *sc, const struct node *e)
{
    if (e->kind != N_NAME || is_ledger_name(u, sc, e->text) || scopes(sc->fact) == 0) { return false; }
    struct symbol *s = symbol_find(u, sc->module, SYM_TABLE, e->text);
    const struct table_info *t = s != NULL ? table_get(u, s) : NULL;
    uint8_t vt = t != NULL && t->n_outputs > 0 ? t->output[0].type.vt : VT_FREE;
    s = symbol_find(u, sc->module, SYM_VALUE, e->text);
    if (vt == VT_FREE && s != NULL && value_get(u, s) != NULL) { vt = value_get(u, s)->expr->type.vt; }
    return vt == VT_SCALE || vt == VT_TEXT || vt == VT_FLAG;
}

struct amount *amount_of_table(struct unit *u, const struct amount_scope *sc, const struct node *node)
{
    size_t n = scopes(sc->fact);
    struct tex **by = ARENA_ARRAY(u->arena, struct tex *, n + 1);
    struct table_info *t = NULL;
    for (size_t i = 0; i < n; i++) {
        struct scope s = scope_of(sc->fact, i);
        t = table_check(u, &s, node, NULL);
        if (t == NULL || t->n_outputs != 1 || t->output[0].type.vt != VT_EXACT) {
            if (t != NULL) {
                struct diag *d = diag(u->diags, E0302_TYPE, node->kid[1]->span, "the table gives no amounts");
                diag_help(d, "its second column says how much: `USD 5.00`");
            }
            return broken(u, node->span);
        }
        vec_push(&u->tables, u->arena, t);
        by[i] = tex_new(u, X_TABLE, TYPE(VT_EXACT), node->span);
        by[i]->ref = t;
        by[i]->n = t->n_inputs;
        by[i]->kid = ARENA_ARRAY(u->arena, struct tex *, t->n_inputs);
        for (uint32_t k = 0; k < t->n_inputs; k++) { by[i]->kid[k] = t->input[k].input; }
    }
    if (t == NULL) { return broken(u, node->span); }
    struct amount *x = value_of(u, sc->fact, str_trim(source_text(u->sources, node->kid[0]->span)), TYPE(VT_EXACT), by, node->span);
    x->type = t->output[0].amount->type;
    return x;
}

/* ---- names ---- */

bool amount_name_known(struct unit *u, const struct amount_scope *sc, struct str n)
{
    if (is_ledger_name(u, sc, n) || field_of(sc->fact, n) != NULL || attr_of(sc->fact, n) != NULL || amount_quantity(u, n) != NULL) { return true; }
    return symbol_find(u, sc->module, SYM_TABLE, n) != NULL || symbol_find(u, sc->module, SYM_VALUE, n) != NULL || str_eq(n, STR("time")) || str_eq(n, STR("charges")) || str_eq(n, STR("credits"));
}

static struct amount *of_charge(struct unit *u, const struct amount_scope *sc, const struct node *e)
{
    struct diag *d = diag(u->diags, E1003_OF_NOTHING, e->span, "of `%.*s`, which part?", STR_ARG(e->text));
    if (sc->charge != NULL && sc->charge->kind == CHARGE_TAX) { diag_help(d, "a tax is one of the lines of its invoice: `(%.*s less credits)`", STR_ARG(e->text)); }
    else { diag_help(d, "say how it is counted and when: `amount base = (%.*s, earned in that month)`, then use `base`", STR_ARG(e->text)); }
    return broken(u, e->span);
}

static struct amount *unknown(struct unit *u, const struct amount_scope *sc, const struct node *e)
{
    if (name_unreadable(u, e->text)) { return broken(u, e->span); }
    struct diag *d = diag(u->diags, E0207_UNKNOWN_NAME, e->span, "`%.*s` is not known here", STR_ARG(e->text));
    struct suggestion g;
    suggest_start(&g, e->text);
    for (size_t i = 0; i < u->all.n; i++) {
        enum symbol_kind k = u->all.p[i]->kind;
        if (k == SYM_AMOUNT || k == SYM_RATE || k == SYM_QUANTITY || k == SYM_SERIES || k == SYM_MEASURE || k == SYM_CHARGE || k == SYM_ACCOUNT) { suggest_offer(&g, u->all.p[i]->name); }
    }
    const struct event_info *ev = sc->fact != NULL && sc->fact->on.n > 0 ? sc->fact->on.p[0]->event : NULL;
    for (size_t i = 0; ev != NULL && i < ev->fields.n; i++) { suggest_offer(&g, ev->fields.p[i]->name); }
    if (suggest_found(&g)) { diag_help(d, "did you mean `%.*s`?", STR_ARG(g.best)); }
    else { diag_help(d, "declare it as an `amount`, a `rate`, a `quantity`, a `measure` or a field of the event"); }
    return broken(u, e->span);
}

static struct amount *period_number(struct unit *u, uint32_t mode, struct span span)
{
    struct amount *x = amount_new(u, EX_PERIOD_NUMBER, AMOUNT(AMOUNT_NUMBER), span);
    x->mode = mode;
    return x;
}

struct amount *amount_name(struct unit *u, const struct amount_scope *sc, const struct node *e)
{
    struct str n = e->text;
    struct amount *changes = e->op == OP_OF ? amount_changes(u, sc, e) : NULL;
    if (changes != NULL) { return changes; }
    if (sc->units.n > 0 && (str_eq(n, sc->units) || str_eq(amount_unit(u, n), sc->units))) { return amount_new(u, EX_UNITS, sc->units_type, e->span); }
    if (sc->fact != NULL && sc->fact->has_time && str_eq(n, STR("time"))) { return amount_new(u, EX_TIME, AMOUNT(AMOUNT_TIME), e->span); }
    if (field_of(sc->fact, n) != NULL) { return amount_of_fact(u, sc, e, TYPE(VT_FREE)); }
    struct symbol *s = symbol_find(u, sc->module, SYM_AMOUNT, n);
    if (s != NULL) { return amount_named(u, s, e->span); }
    s = symbol_find(u, sc->module, SYM_RATE, n);
    if (s != NULL && s->info != NULL) {
        struct amount *rate = ((struct rate_info *)s->info)->amount;
        struct amount *x = amount_two(u, EX_NAMED, rate->type, e->span, rate, NULL);
        x->text = n;
        return x;
    }
    s = symbol_find(u, sc->module, SYM_ACCOUNT, n);
    if (s != NULL && s->info != NULL) { return ((struct account_info *)s->info)->type.base == AMOUNT_ERROR ? broken(u, e->span) : account_amount(u, sc, s->info, e->span); }
    struct quantity_info *q = NULL;
    s = symbol_find(u, sc->module, SYM_QUANTITY, n);
    if (s != NULL) { q = s->info; }
    if (q == NULL && attr_of(sc->fact, n) == NULL) { q = amount_quantity(u, n); }
    if (q != NULL) {
        struct amount *x = amount_new(u, EX_LEVEL, AMOUNT(AMOUNT_UNIT), e->span);
        x->type.unit = q->symbol->name;
        x->ref = q;
        x->mode = sc->level;
        if (q->share) {
            x->type = AMOUNT(AMOUNT_NUMBER);
            return amount_two(u, EX_MUL, x->type, e->span, x, amount_const(u, x->type, 1, 100, e->span));
        }
        return x;
    }
    s = symbol_find(u, sc->module, SYM_SERIES, n);
    if (s != NULL && s->info != NULL) {
        struct amount *x = amount_new(u, EX_SERIES, AMOUNT(AMOUNT_NUMBER), e->span);
        x->ref = s->info;
        x->mode = SERIES_PERIOD_START;
        return x;
    }
    s = symbol_find(u, sc->module, SYM_MEASURE, n);
    if (s != NULL && attr_of(sc->fact, n) == NULL) { return amount_measure(u, sc, e, s); }
    if (e->op == OP_OF) {
        struct diag *d = diag(u->diags, E0302_TYPE, e->span, "only figures of measures are `of` one thing, and `%.*s` is no measure", STR_ARG(n));
        diag_help(d, "leave out `of …`");
        return broken(u, e->span);
    }
    if (str_eq(n, STR("contract year"))) { return period_number(u, PERIOD_CONTRACT_YEAR, e->span); }
    if (str_eq(n, STR("months left"))) {
        if (u->agreement != NULL && u->term_last == NONE) {
            struct diag *d = diag(u->diags, E1006_NO_DATE, e->span, "the agreement does not say when its term ends");
            diag_help(d, "write the lines `effective 2026-01-01` and `term 36 months` in it");
            return broken(u, e->span);
        }
        struct amount *x = amount_new(u, EX_STATE, AMOUNT(AMOUNT_NUMBER), e->span);
        x->mode = STATE_MONTHS_LEFT;
        return x;
    }
    if (str_eq(n, STR("contract month"))) { return period_number(u, PERIOD_CONTRACT_MONTH, e->span); }
    if (scopes(sc->fact) > 0 && (attr_of(sc->fact, n) != NULL || symbol_find(u, sc->module, SYM_TABLE, n) != NULL || symbol_find(u, sc->module, SYM_VALUE, n) != NULL)) {
        return amount_of_fact(u, sc, e, TYPE(VT_FREE));
    }
    if (symbol_find(u, sc->module, SYM_CHARGE, n) != NULL || str_eq(n, STR("charges")) || str_eq(n, STR("credits"))) { return of_charge(u, sc, e); }
    if (scopes(sc->fact) > 0 && amount_is_of_fact(u, sc, e)) { return amount_of_fact(u, sc, e, TYPE(VT_FREE)); }
    return unknown(u, sc, e);
}

/* ---- functions ---- */

/* `rate(role)`: the rate of that name. The handler compares and gives the formula of the rate. */
static struct amount *rate_call(struct unit *u, const struct amount_scope *sc, const struct node *e)
{
    struct money *m = u->money;
    size_t n = scopes(sc->fact);
    if (m->rates.n == 0) {
        struct diag *d = diag(u->diags, E0207_UNKNOWN_NAME, e->span, "there are no rates to choose from");
        diag_help(d, "declare them: `rate engineer USD 150.00 per hour`");
        return broken(u, e->span);
    }
    if (e->n != 1 || n == 0) {
        struct diag *d = diag(u->diags, E0309_ARGUMENTS, e->span, n == 0 ? "`rate(…)` chooses by what an event says, and none is at hand" : "`rate` takes one value, not %u", e->n);
        diag_help(d, "name the rate itself, such as `%.*s`", STR_ARG(m->rates.p[0]->symbol->name));
        return broken(u, e->span);
    }
    struct tex **by = ARENA_ARRAY(u->arena, struct tex *, n);
    struct amount_type t = m->rates.p[0]->amount->type;
    for (size_t i = 0; i < n; i++) {
        struct scope s = scope_of(sc->fact, i);
        struct tex *by_name = expr_check(u, &s, e->kid[0], TYPE(VT_FREE)), *chosen = tex_new(u, X_MISSING, TYPE(VT_EXACT), e->span);
        if (by_name->type.vt == VT_ERROR) { return broken(u, e->span); }
        if (by_name->type.vt != VT_TEXT && by_name->type.vt != VT_SCALE) {
            struct diag *d = diag(u->diags, E0302_TYPE, e->kid[0]->span, "a rate is chosen by its name");
            diag_label(d, e->kid[0]->span, "this is %.*s", STR_ARG(type_word(u, by_name->type)));
            return broken(u, e->span);
        }
        for (size_t k = m->rates.n; k-- > 0;) {
            struct rate_info *r = m->rates.p[k];
            struct tex *word = tex_new(u, X_TEXT, TYPE(VT_TEXT), e->span);
            word->text = r->symbol->name;
            if (by_name->type.vt == VT_SCALE) {
                int64_t v = NONE;
                for (uint32_t j = 0; j < by_name->type.scale->n; j++) { v = str_eq(by_name->type.scale->value[j], r->symbol->name) ? j : v; }
                if (v == NONE) { continue; }
                word = tex_const(u, by_name->type, v, e->span);
            }
            struct tex *is = tex_new(u, by_name->type.vt == VT_TEXT ? X_EQT : X_EQ, TYPE(VT_FLAG), e->span);
            struct tex *rate = tex_new(u, X_EXACT, TYPE(VT_EXACT), e->span), *either = tex_new(u, X_IF, TYPE(VT_EXACT), e->span);
            struct amount *named = amount_two(u, EX_NAMED, r->amount->type, e->span, r->amount, NULL);
            named->text = r->symbol->name;
            rate->ref = named;
            is->n = 2;
            is->kid = arena_copy(u->arena, (struct tex *[]){ by_name, word }, 2 * sizeof(struct tex *));
            either->n = 3;
            either->kid = arena_copy(u->arena, (struct tex *[]){ is, rate, chosen }, 3 * sizeof(struct tex *));
            chosen = either;
            if (r->amount->type.base != t.base || !str_eq(r->amount->type.per, t.per)) {
                struct diag *d = diag(u->diags, E0313_UNITS, e->span, "the rates are of different kinds");
                diag_label(d, m->rates.p[0]->amount->span, "this is %.*s", STR_ARG(amount_word(u, t)));
                diag_label(d, r->amount->span, "this is %.*s", STR_ARG(amount_word(u, r->amount->type)));
                return broken(u, e->span);
            }
        }
        by[i] = chosen;
    }
    struct amount *x = value_of(u, sc->fact, source_text(u->sources, e->span), TYPE(VT_EXACT), by, e->span);
    x->type = t;
    return x;
}

struct amount *amount_call(struct unit *u, const struct amount_scope *sc, const struct node *e)
{
    struct str f = str_ends(e->text, STR(" of")) ? str_slice(e->text, 0, e->text.n - 3) : e->text;
    if (str_eq(f, STR("rate")) && symbol_find(u, sc->module, SYM_TABLE, f) == NULL) { return rate_call(u, sc, e); }
    bool larger = str_eq(f, STR("larger")), smaller = str_eq(f, STR("smaller"));
    if ((larger || smaller) && e->n >= 2 && symbol_find(u, sc->module, SYM_TABLE, f) == NULL) {
        struct amount *x = amount_check(u, sc, e->kid[0]);
        for (uint32_t i = 1; i < e->n; i++) {
            struct amount *y = amount_check(u, sc, e->kid[i]);
            if (y->type.base == AMOUNT_UNIT && x->type.base == AMOUNT_NUMBER) { x->type = y->type; }
            if (x->type.base == AMOUNT_UNIT && y->type.base == AMOUNT_NUMBER) { y->type = x->type; }
            if (x->type.base == AMOUNT_ERROR || y->type.base == AMOUNT_ERROR) { return broken(u, e->span); }
            if (x->type.base != y->type.base || !str_eq(x->type.per, y->type.per)) {
                struct diag *d = diag(u->diags, E0313_UNITS, e->span, "these cannot be compared");
                diag_label(d, x->span, "this is %.*s", STR_ARG(amount_word(u, x->type)));
                diag_label(d, y->span, "this is %.*s", STR_ARG(amount_word(u, y->type)));
                return broken(u, e->span);
            }
            x = amount_two(u, larger ? EX_MAX : EX_MIN, x->type, e->span, x, y);
        }
        return x;
    }
    return amount_of_fact(u, sc, e, TYPE(VT_FREE));
}
