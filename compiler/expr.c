/* SPDX-License-Identifier: MIT */
/* Expressions and conditions: names found, types settled. */
#include "compiler/literal.h"
#include "compiler/clock.h"
#include "compiler/unit.h"

struct tex *tex_new(struct unit *u, enum tex_kind k, struct type t, struct span span)
{
    struct tex *x = ARENA_NEW(u->arena, struct tex);
    *x = (struct tex){ .kind = (uint8_t)k, .type = t, .span = span };
    return x;
}

struct tex *tex_const(struct unit *u, struct type t, int64_t v, struct span span)
{
    struct tex *x = tex_new(u, X_CONST, t, span);
    x->number = v;
    return x;
}

static struct tex *broken(struct unit *u, struct span span) { return tex_new(u, X_ERROR, TYPE(VT_ERROR), span); }

void chain_too_long(struct unit *u, struct span span)
{
    if (u->chain_said) { u->untold++; return; }
    u->chain_said = true;
    struct diag *d = diag(u->diags, E0213_CHAIN, span, "this is worked out from something that is worked out from something else, and so on, more than %d times", CHAIN_DEPTH);
    diag_help(d, "say it in fewer steps; calendars, values, tables and exceptions may be made of one another, but not without end");
}

static struct tex *tex_n(struct unit *u, enum tex_kind k, struct type t, struct span span, uint32_t n, struct tex **kid)
{
    struct tex *x = tex_new(u, k, t, span);
    x->n = n;
    x->kid = arena_copy(u->arena, kid, n * sizeof *kid);
    for (uint32_t i = 0; i < n; i++) {
        if (kid[i]->type.vt == VT_ERROR) { x->type = TYPE(VT_ERROR); }
        if (kid[i]->depth >= x->depth) { x->depth = (uint16_t)(kid[i]->depth + 1); }
    }
    if (x->depth > CHAIN_DEPTH) {
        if (x->type.vt != VT_ERROR) { chain_too_long(u, span); }
        return broken(u, span);
    }
    return x;
}
#define TEX1(u, k, t, s, a) tex_n(u, k, t, s, 1, (struct tex *[]){ a })
#define TEX2(u, k, t, s, a, b) tex_n(u, k, t, s, 2, (struct tex *[]){ a, b })
#define TEX3(u, k, t, s, a, b, c) tex_n(u, k, t, s, 3, (struct tex *[]){ a, b, c })

/* Many conditions in one: halved and halved again, so that ten thousand are no deeper than 14. */
static struct tex *joined(struct unit *u, enum tex_kind k, struct tex **x, uint32_t n)
{
    if (n == 1) { return x[0]; }
    struct tex *a = joined(u, k, x, n / 2 + n % 2), *b = joined(u, k, x + n / 2 + n % 2, n / 2);
    return TEX2(u, k, TYPE(VT_FLAG), span_join(a->span, b->span), a, b);
}

struct tex *tex_all(struct unit *u, struct tex *a, struct tex *b)
{
    if (a == NULL) { return b; }
    if (b == NULL) { return a; }
    return TEX2(u, X_AND, TYPE(VT_FLAG), span_join(a->span, b->span), a, b);
}

static struct tex *coerced(struct unit *u, struct tex *x, struct type want)
{
    if (want.vt == VT_FREE || type_eq(x->type, want)) { return x; }
    if (want.vt == VT_NUMBER && x->type.vt == VT_COUNT) {
        return TEX2(u, X_MUL, want, x->span, x, tex_const(u, TYPE(VT_COUNT), 1000000, x->span));
    }
    struct diag *d = diag(u->diags, E0302_TYPE, x->span, "%.*s is expected here", STR_ARG(type_word(u, want)));
    diag_label(d, x->span, "this is %.*s", STR_ARG(type_word(u, x->type)));
    return broken(u, x->span);
}

/* ---- names ---- */

static struct tex *attribute(struct unit *u, struct attr_info *a, struct span span)
{
    struct tex *x = tex_new(u, X_ATTR, a->type, span);
    x->ref = a;
    a->used = true;
    return x;
}

static struct tex *table_value(struct unit *u, const struct scope *sc, struct symbol *s, struct str column, struct span span, uint32_t n_args, struct node **args)
{
    struct table_info *t = table_get(u, s);
    if (t == NULL) { return broken(u, span); }
    uint32_t out = 0;
    if (column.n > 0) {
        while (out < t->n_outputs && !str_eq(t->output[out].name, column)) { out++; }
        if (out == t->n_outputs) {
            struct diag *d = diag(u->diags, E0207_UNKNOWN_NAME, span, "table `%.*s` has no column `%.*s`", STR_ARG(t->name), STR_ARG(column));
            struct suggestion g;
            suggest_start(&g, column);
            for (uint32_t i = 0; i < t->n_outputs; i++) { suggest_offer(&g, t->output[i].name); }
            if (suggest_found(&g)) { diag_help(d, "did you mean `%.*s`?", STR_ARG(g.best)); }
            return broken(u, span);
        }
    }
    struct tex **kid = ARENA_ARRAY(u->arena, struct tex *, t->n_inputs);
    if (args != NULL && n_args != t->n_inputs) {
        struct diag *d = diag(u->diags, E0309_ARGUMENTS, span, "table `%.*s` takes %u value%s, not %u", STR_ARG(t->name), t->n_inputs, t->n_inputs == 1 ? "" : "s", n_args);
        diag_help(d, "give one for each of its inputs, in their order");
        return broken(u, span);
    }
    for (uint32_t i = 0; i < t->n_inputs; i++) {
        kid[i] = args != NULL ? expr_check(u, sc, args[i], t->input[i].type) : t->input[i].input;
        if (args == NULL && t->entity != NULL && sc->entity != t->entity) {
            struct diag *d = diag(u->diags, E0310_OTHER_ENTITY, span, "`%.*s` is about a %.*s", STR_ARG(t->name), STR_ARG(t->entity->name));
            diag_help(d, "give its values: `%.*s(…)`", STR_ARG(t->name));
            return broken(u, span);
        }
        if (kid[i] == NULL) { return broken(u, span); }
        if (args == NULL && kid[i]->uses < 2) { kid[i]->uses++; }
    }
    struct tex *x = tex_n(u, X_TABLE, t->output[out].type, span, t->n_inputs, kid);
    x->number = out;
    x->ref = t;
    struct attr_info *own = args == NULL && t->from_event ? attr_named(sc->entity, t->name) : NULL;
    if (own == NULL) { return x; }
    struct tex *given = TEX1(u, X_GIVEN, TYPE(VT_FLAG), span, attribute(u, own, span));
    return TEX3(u, X_IF, x->type, span, given, attribute(u, own, span), x);
}

static struct tex *calendar_tex(struct unit *u, const struct scope *sc, struct calendar_info *c, struct span span)
{
    struct tex *x = tex_new(u, X_CALENDAR, TYPE(VT_CALENDAR), span);
    x->ref = c;
    if (c->local == NULL) { return x; }
    return TEX2(u, X_LOCAL, TYPE(VT_CALENDAR), span, x, expr_check(u, sc, c->local, TYPE(VT_TEXT)));
}

static void offer_names(struct unit *u, const struct scope *sc, struct suggestion *g, struct type want)
{
    for (size_t i = 0; sc->event != NULL && i < sc->event->fields.n; i++) { suggest_offer(g, sc->event->fields.p[i]->name); }
    for (size_t i = 0; sc->entity != NULL && i < sc->entity->attrs.n; i++) {
        if (!sc->entity->attrs.p[i]->hidden) { suggest_offer(g, sc->entity->attrs.p[i]->name); }
    }
    for (size_t i = 0; i < u->all.n; i++) {
        enum symbol_kind k = u->all.p[i]->kind;
        if (k == SYM_TABLE || k == SYM_VALUE || k == SYM_CALENDAR || k == SYM_SPANS) { suggest_offer(g, u->all.p[i]->name); }
    }
    for (uint32_t i = 0; want.vt == VT_SCALE && i < want.scale->n; i++) { suggest_offer(g, want.scale->value[i]); }
}

static struct tex *name(struct unit *u, const struct scope *sc, const struct node *e, struct type want)
{
    struct str n = e->text;
    if (want.vt == VT_SCALE) {
        int64_t v = scale_value(want.scale, n);
        if (v != NONE) { return tex_const(u, want, v, e->span); }
    }
    if (e->op == OP_OF && e->n > 0) {
        if (sc->entity == NULL || !str_eq(sc->entity->name, e->kid[0]->text)) {
            diag(u->diags, E0310_OTHER_ENTITY, e->kid[0]->span, "this is about %.*s, not about a `%.*s`", STR_ARG(sc->entity != NULL ? sc->entity->name : STR("no thing")), STR_ARG(e->kid[0]->text));
            return broken(u, e->span);
        }
    }
    uint32_t own = sc->event != NULL ? names_find(sc->event->own_names, n) : 0;
    if (own != 0) {
        struct field_info *f = sc->event->own.p[own - 1];
        f->used = true;
        struct tex *x = tex_new(u, X_FIELD, f->type, e->span);
        x->ref = f;
        return x;
    }
    if (str_eq(n, STR("at")) && sc->event != NULL) { return tex_new(u, X_AT, TYPE(VT_INSTANT), e->span); }
    struct symbol *s = symbol_find(u, sc->module, SYM_TABLE, n);
    if (s != NULL) { return table_value(u, sc, s, (struct str){ NULL, 0 }, e->span, 0, NULL); }
    s = symbol_find(u, sc->module, SYM_VALUE, n);
    if (s != NULL) {
        struct value_info *v = value_get(u, s);
        if (v == NULL) { return broken(u, e->span); }
        if (v->entity != NULL && v->entity != sc->entity) {
            diag(u->diags, E0310_OTHER_ENTITY, e->span, "`%.*s` is about a %.*s", STR_ARG(n), STR_ARG(v->entity->name));
            return broken(u, e->span);
        }
        if (v->expr->uses < 2) { v->expr->uses++; }
        return v->expr;
    }
    struct attr_info *a = attr_named(sc->entity, n);
    if (a != NULL) { return attribute(u, a, e->span); }
    if (sc->entity != NULL && str_eq(n, sc->entity->key)) { return tex_new(u, X_KEY, TYPE(VT_TEXT), e->span); }
    for (size_t i = 0; sc->entity != NULL && i < sc->entity->spans.n; i++) {
        struct spans_info *p = sc->entity->spans.p[i];
        if (!str_eq(p->name, n)) { continue; }
        struct tex *x = tex_new(u, X_SPANS, TYPE(VT_FLAG), e->span);
        x->ref = p;
        x->number = -1;
        p->used = true;
        return x;
    }
    if (str_eq(n, STR("24x7"))) { return calendar_tex(u, sc, calendar_always(u), e->span); }
    s = symbol_find(u, sc->module, SYM_CALENDAR, n);
    if (s != NULL || str_eq(n, STR("never"))) {
        struct calendar_info *c = calendar_expr_info(u, sc->module, e);
        return c != NULL ? calendar_tex(u, sc, c, e->span) : broken(u, e->span);
    }
    for (size_t i = n.n; i > 1; i--) {
        if (n.p[i - 1] != '.') { continue; }
        s = symbol_find(u, sc->module, SYM_TABLE, str_slice(n, 0, i - 1));
        if (s != NULL) { return table_value(u, sc, s, str_slice(n, i, n.n), e->span, 0, NULL); }
        break;
    }
    if (want.vt == VT_TEXT) {
        struct tex *x = tex_new(u, X_TEXT, want, e->span);
        x->text = n;
        return x;
    }
    if (want.vt == VT_SCALE) { unknown_value(u, want.scale, n, e->span); return broken(u, e->span); }
    if (name_unreadable(u, n)) { return broken(u, e->span); }
    struct diag *d = want.vt == VT_CALENDAR ? diag(u->diags, E0207_UNKNOWN_NAME, e->span, "there is no calendar `%.*s`", STR_ARG(n))
                                            : diag(u->diags, E0207_UNKNOWN_NAME, e->span, "`%.*s` is not known here", STR_ARG(n));
    if (d->dropped) { return broken(u, e->span); } /* beyond the limit of messages: nobody reads the advice */
    struct suggestion g;
    suggest_start(&g, n);
    offer_names(u, sc, &g, want);
    if (suggest_found(&g)) { diag_help(d, "did you mean `%.*s`?", STR_ARG(g.best)); }
    else if (sc->entity != NULL) { diag_help(d, "declare it as an attribute of %.*s, a table, a value or a calendar", STR_ARG(sc->entity->name)); }
    return broken(u, e->span);
}

static struct tex *waiting_on(struct unit *u, const struct scope *sc, const struct node *e)
{
    struct spans_info *p = NULL;
    for (size_t i = 0; sc->entity != NULL && i < sc->entity->spans.n; i++) {
        if (str_eq(sc->entity->spans.p[i]->name, e->text)) { p = sc->entity->spans.p[i]; }
    }
    if (p == NULL && name_unreadable(u, e->text)) { return broken(u, e->span); }
    if (p == NULL) {
        struct diag *d = diag(u->diags, E0207_UNKNOWN_NAME, span_is_none(e->name_span) ? e->span : e->name_span, "%.*s has no state `%.*s`", STR_ARG(sc->entity != NULL ? sc->entity->name : STR("this")), STR_ARG(e->text));
        struct suggestion g;
        suggest_start(&g, e->text);
        for (size_t i = 0; sc->entity != NULL && i < sc->entity->spans.n; i++) { suggest_offer(&g, sc->entity->spans.p[i]->name); }
        if (suggest_found(&g)) { diag_help(d, "did you mean `%.*s`?", STR_ARG(g.best)); }
        else { diag_help(d, "declare it with `spans %.*s of …`", STR_ARG(e->text)); }
        return broken(u, e->span);
    }
    if (p->reason_scale == NULL) {
        struct diag *d = diag(u->diags, E0311_NO_REASON, e->span, "the state `%.*s` has no reasons to choose from", STR_ARG(p->name));
        diag_help(d, "write `%.*s` alone, or say in its `spans` which field is the `reason`", STR_ARG(p->name));
        return broken(u, e->span);
    }
    struct tex *x = tex_new(u, X_SPANS, TYPE(VT_FLAG), e->span);
    x->ref = p;
    p->used = true;
    for (uint32_t i = 0; i < e->n; i++) {
        int64_t v = scale_value(p->reason_scale, e->kid[i]->text);
        if (v == NONE) { unknown_value(u, p->reason_scale, e->kid[i]->text, e->kid[i]->span); return broken(u, e->span); }
        x->number |= (int64_t)1 << v;
    }
    return x;
}

/* ---- comparisons ---- */

static struct tex *in_interval(struct unit *u, struct tex *x, struct interval r, struct span span)
{
    struct type f = TYPE(VT_FLAG);
    if (r.to - 1 == r.from) { return TEX2(u, X_EQ, f, span, x, tex_const(u, x->type, r.from, span)); }
    struct tex *lo = r.from == NONE + 1 ? NULL : TEX2(u, X_LE, f, span, tex_const(u, x->type, r.from, span), x);
    struct tex *hi = r.to == NEVER ? NULL : TEX2(u, X_LT, f, span, x, tex_const(u, x->type, r.to, span));
    return tex_all(u, lo, hi);
}

static bool is_test_literal(const struct node *e)
{
    return e->kind == N_RANGE || e->kind == N_BAND || e->kind == N_TEXT || e->kind == N_NUMBER || e->kind == N_PERCENT || e->kind == N_COUNTED ||
           e->kind == N_DATE || e->kind == N_TIME || e->kind == N_INSTANT || e->kind == N_YESNO || e->kind == N_MONEY;
}

static struct tex *equal(struct unit *u, const struct scope *sc, struct tex *left, const struct node *right, struct span span)
{
    struct type f = TYPE(VT_FLAG);
    if (right->kind == N_MISSING) { return TEX1(u, X_NOT, f, span, TEX1(u, X_GIVEN, f, span, left)); }
    if (left->type.vt == VT_ERROR) { return broken(u, span); }
    if ((right->kind == N_RANGE || right->kind == N_BAND) && left->type.vt == VT_TEXT) {
        struct diag *d = diag(u->diags, E0302_TYPE, right->span, "a range of texts has no meaning");
        diag_help(d, "name each text: `in \"A\", \"B\"`; or ask `starts with`");
        return broken(u, span);
    }
    if (left->type.vt != VT_TEXT && (right->kind == N_RANGE || right->kind == N_BAND || (is_test_literal(right) && left->type.vt != VT_CALENDAR))) {
        struct interval r;
        return interval_check(u, sc->module, right, left->type, &r) ? in_interval(u, left, r, span) : broken(u, span);
    }
    struct tex *r = expr_check(u, sc, right, left->type);
    return TEX2(u, left->type.vt == VT_TEXT ? X_EQT : X_EQ, f, span, left, r);
}

static struct tex *in_list(struct unit *u, const struct scope *sc, struct tex *left, const struct node *right, struct span span)
{
    if (right->kind != N_LIST) { return equal(u, sc, left, right, span); }
    if (right->n == 0) { return broken(u, span); }
    struct tex **x = ARENA_ARRAY(u->arena, struct tex *, right->n);
    if (right->n > 1) { left->uses = 2; }
    for (uint32_t i = 0; i < right->n; i++) { x[i] = equal(u, sc, left, right->kid[i], right->kid[i]->span); }
    return joined(u, X_OR, x, right->n);
}

/* `priority >= P2`: what was said about the sign says it of scales, too. */
static bool sign_refused(struct unit *u, struct span span)
{
    size_t n;
    const struct diag *const *said = diags_sorted(u->diags, &n);
    for (size_t i = 0; i < n; i++) {
        if (said[i]->code == E0109_OPERATOR && said[i]->span.from >= span.from && said[i]->span.to <= span.to) { return true; }
    }
    return false;
}

static struct tex *compare(struct unit *u, const struct scope *sc, const struct node *e)
{
    struct type f = TYPE(VT_FLAG);
    struct tex *l = expr_check(u, sc, e->kid[0], TYPE(VT_FREE));
    const struct node *right = e->n > 1 ? e->kid[1] : NULL;
    switch (e->op) {
    case OP_IS_MISSING: return TEX1(u, X_NOT, f, e->span, TEX1(u, X_GIVEN, f, e->span, l));
    case OP_IS_GIVEN: return TEX1(u, X_GIVEN, f, e->span, l);
    case OP_IS: return in_list(u, sc, l, right, e->span);
    case OP_IS_NOT: return TEX1(u, X_NOT, f, e->span, in_list(u, sc, l, right, e->span));
    case OP_IN: return in_list(u, sc, l, right, e->span);
    case OP_NOT_IN: return TEX1(u, X_NOT, f, e->span, in_list(u, sc, l, right, e->span));
    case OP_CONTAINS: case OP_STARTS_WITH: case OP_ENDS_WITH: {
        struct tex *text = coerced(u, l, TYPE(VT_TEXT));
        struct tex *r = expr_check(u, sc, right, TYPE(VT_TEXT));
        return TEX2(u, e->op == OP_CONTAINS ? X_CONTAINS : e->op == OP_STARTS_WITH ? X_STARTS : X_ENDS, f, e->span, text, r);
    }
    default: break;
    }
    if (l->type.vt == VT_ERROR) { return broken(u, e->span); }
    if (l->type.vt == VT_SCALE && sign_refused(u, e->span)) { return broken(u, e->span); }
    if (l->type.vt == VT_SCALE) {
        struct diag *d = diag(u->diags, E0308_BAND_ON_SCALE, e->span, "on `%.*s` it is not clear which way this runs", STR_ARG(l->type.scale->name));
        bool named = right != NULL && right->kind == N_NAME && (e->op == OP_AT_LEAST || e->op == OP_AT_MOST);
        struct str first = l->type.scale->value[0], last = l->type.scale->value[l->type.scale->n - 1], at = named ? right->text : last;
        if (named) { diag_help(d, "name both ends: `in %.*s to %.*s` or `in %.*s to %.*s`", STR_ARG(first), STR_ARG(at), STR_ARG(at), STR_ARG(last)); }
        else { diag_help(d, "name both ends: `in %.*s to %.*s`", STR_ARG(first), STR_ARG(at)); }
        return broken(u, e->span);
    }
    if (l->type.vt == VT_TEXT || l->type.vt == VT_FLAG || l->type.vt == VT_CALENDAR) {
        struct diag *d = diag(u->diags, E0302_TYPE, e->kid[0]->span, "%.*s cannot be compared by size", STR_ARG(type_word(u, l->type)));
        diag_help(d, "ask `is`, `is not` or `in`");
        return broken(u, e->span);
    }
    struct tex *r = expr_check(u, sc, right, l->type);
    switch (e->op) {
    case OP_BELOW: return TEX2(u, X_LT, f, e->span, l, r);
    case OP_AT_MOST: return TEX2(u, X_LE, f, e->span, l, r);
    case OP_AT_LEAST: return TEX2(u, X_LE, f, e->span, r, l);
    default: return TEX2(u, X_LT, f, e->span, r, l);
    }
}

/* ---- and, or ---- */

static struct tex *block(struct unit *u, const struct scope *sc, const struct node *e)
{
    /* `and` beside `or` without brackets: the parser has said so (E0118). */
    if (e->kind == N_CHAINED && e->op == OP_NONE_GIVEN) { return broken(u, e->span); }
    struct tex **c = ARENA_ARRAY(u->arena, struct tex *, e->n);
    for (uint32_t i = 0; i < e->n; i++) { c[i] = condition_check(u, sc, e->kid[i]); }
    struct tex *x = e->n > 0 ? joined(u, e->op == OP_ALL ? X_AND : X_OR, c, e->n) : tex_const(u, TYPE(VT_FLAG), e->op == OP_ALL, e->span);
    return e->op == OP_NONE ? TEX1(u, X_NOT, TYPE(VT_FLAG), e->span, x) : x;
}

/* ---- arithmetic ---- */

/* What `left op right` is, or VT_ERROR. */
static struct type arith_type(uint16_t op, struct type l, struct type r, enum tex_kind *k)
{
    bool add = op == OP_PLUS, sub = op == OP_MINUS;
    *k = add ? X_ADD : X_SUB;
    if (add || sub) {
        if (l.vt == r.vt && (l.vt == VT_COUNT || l.vt == VT_NUMBER || l.vt == VT_DURATION || l.vt == VT_PERCENT || l.vt == VT_MONEY)) { return l; }
        if (l.vt == VT_INSTANT && r.vt == VT_DURATION) { return l; }
        if (add && l.vt == VT_DURATION && r.vt == VT_INSTANT) { return r; }
        if (sub && l.vt == VT_INSTANT && r.vt == VT_INSTANT) { return TYPE(VT_DURATION); }
        if (l.vt == VT_DATE && r.vt == VT_COUNT) { return l; }
        if (sub && l.vt == VT_DATE && r.vt == VT_DATE) { return TYPE(VT_COUNT); }
        return TYPE(VT_ERROR);
    }
    if (op == OP_TIMES) {
        *k = X_MUL;
        if (l.vt == VT_COUNT && (r.vt == VT_COUNT || r.vt == VT_DURATION || r.vt == VT_MONEY)) { return r; }
        if ((l.vt == VT_DURATION || l.vt == VT_MONEY) && r.vt == VT_COUNT) { return l; }
        *k = X_MULDEC;
        if (r.vt == VT_NUMBER && (l.vt == VT_NUMBER || l.vt == VT_DURATION || l.vt == VT_PERCENT)) { return l; }
        if (l.vt == VT_NUMBER && r.vt == VT_DURATION) { return r; }
        return TYPE(VT_ERROR);
    }
    *k = X_DIVDEC;
    if (l.vt == r.vt && (l.vt == VT_NUMBER || l.vt == VT_DURATION || l.vt == VT_COUNT)) { return TYPE(VT_NUMBER); }
    if (r.vt == VT_NUMBER && (l.vt == VT_DURATION || l.vt == VT_PERCENT)) { return l; }
    return TYPE(VT_ERROR);
}

static struct tex *arith(struct unit *u, const struct scope *sc, const struct node *e)
{
    struct tex *l = expr_check(u, sc, e->kid[0], TYPE(VT_FREE)), *r = expr_check(u, sc, e->kid[1], TYPE(VT_FREE));
    if (l->type.vt == VT_ERROR || r->type.vt == VT_ERROR) { return broken(u, e->span); }
    if (l->type.vt == VT_NUMBER && r->type.vt == VT_COUNT) { r = coerced(u, r, l->type); }
    else if (l->type.vt == VT_COUNT && r->type.vt == VT_NUMBER) { l = coerced(u, l, r->type); }
    else if (e->op == OP_DIVIDED_BY && r->type.vt == VT_COUNT && l->type.vt != VT_COUNT) { r = coerced(u, r, TYPE(VT_NUMBER)); }
    enum tex_kind k;
    struct type t = arith_type(e->op, l->type, r->type, &k);
    if (t.vt == VT_ERROR) {
        static const char *const verb[] = { [OP_PLUS] = "added", [OP_MINUS] = "subtracted", [OP_TIMES] = "multiplied", [OP_DIVIDED_BY] = "divided" };
        struct diag *d = diag(u->diags, E0313_UNITS, e->span, "these cannot be %s", verb[e->op]);
        diag_label(d, e->kid[0]->span, "this is %.*s", STR_ARG(type_word(u, l->type)));
        diag_label(d, e->kid[1]->span, "this is %.*s", STR_ARG(type_word(u, r->type)));
        return broken(u, e->span);
    }
    return TEX2(u, k, t, e->span, l, r);
}

/* ---- functions ---- */

static const struct function {
    const char *name; uint8_t kind, result, n, arg[3];
} functions[] = {
    { "open", X_OPEN, VT_FLAG, 2, { VT_CALENDAR, VT_INSTANT } },
    { "elapsed", X_ELAPSED, VT_DURATION, 3, { VT_CALENDAR, VT_INSTANT, VT_INSTANT } },
    { "due", X_DUE, VT_INSTANT, 3, { VT_CALENDAR, VT_INSTANT, VT_DURATION } },
    { "next_opening", X_NEXT, VT_INSTANT, 2, { VT_CALENDAR, VT_INSTANT } },
    { "business_days_after", X_BDAYS, VT_DATE, 3, { VT_CALENDAR, VT_DATE, VT_COUNT } },
    { "date", X_DATEOF, VT_DATE, 1, { VT_INSTANT } },
    { "time", X_TIMEOF, VT_TIME, 1, { VT_INSTANT } },
    { "length", X_TEXTLEN, VT_COUNT, 1, { VT_TEXT } },
    { "larger", X_MAX, VT_FREE, 2, { VT_FREE, VT_FREE } },
    { "smaller", X_MIN, VT_FREE, 2, { VT_FREE, VT_FREE } },
};

static struct tex *call(struct unit *u, const struct scope *sc, const struct node *e)
{
    struct str called = str_ends(e->text, STR(" of")) ? str_slice(e->text, 0, e->text.n - 3) : e->text; /* `larger of a, b` */
    struct symbol *s = symbol_find(u, sc->module, SYM_TABLE, e->text);
    if (s != NULL) { return table_value(u, sc, s, (struct str){ NULL, 0 }, e->span, e->n, e->kid); }
    struct tex *asked = clock_question(u, sc, e);
    if (asked != NULL) { return asked; }
    for (size_t i = 0; i < countof(functions); i++) {
        const struct function *f = &functions[i];
        if (!str_eq(called, str_of(f->name))) { continue; }
        if (e->n != f->n) {
            diag(u->diags, E0309_ARGUMENTS, e->span, "`%s` takes %u value%s, not %u", f->name, f->n, f->n == 1 ? "" : "s", e->n);
            return broken(u, e->span);
        }
        struct tex *kid[3];
        struct type first = TYPE(VT_FREE);
        for (uint32_t k = 0; k < e->n; k++) {
            struct type want = f->arg[k] == VT_FREE ? first : TYPE(f->arg[k]);
            kid[k] = expr_check(u, sc, e->kid[k], want);
            if (k == 0) { first = kid[0]->type; }
        }
        return tex_n(u, (enum tex_kind)f->kind, f->result == VT_FREE ? first : TYPE(f->result), e->span, e->n, kid);
    }
    if (name_unreadable(u, e->text)) { return broken(u, e->span); }
    struct diag *d = diag(u->diags, E0207_UNKNOWN_NAME, e->span, "there is no table or function `%.*s`", STR_ARG(e->text));
    struct suggestion g;
    suggest_start(&g, e->text);
    for (size_t i = 0; i < countof(functions); i++) { suggest_offer(&g, str_of(functions[i].name)); }
    clock_questions_offer(&g);
    for (size_t i = 0; i < u->all.n; i++) {
        if (u->all.p[i]->kind == SYM_TABLE) { suggest_offer(&g, u->all.p[i]->name); }
    }
    if (suggest_found(&g)) { diag_help(d, "did you mean `%.*s`?", STR_ARG(g.best)); }
    return broken(u, e->span);
}

/* ---- everything ---- */

static struct tex *literal(struct unit *u, const struct scope *sc, const struct node *e, struct type want)
{
    struct type t = want;
    if (want.vt == VT_FREE) {
        switch ((enum node_kind)e->kind) {
        case N_TEXT: t = TYPE(VT_TEXT); break;
        case N_NUMBER: t = TYPE(e->number % 1000000 == 0 && e->number2 == 0 ? VT_COUNT : VT_NUMBER); break;
        case N_PERCENT: t = TYPE(VT_PERCENT); break;
        case N_COUNTED: t = TYPE(VT_DURATION); break;
        case N_DATE: t = TYPE(VT_DATE); break;
        case N_TIME: t = TYPE(VT_TIME); break;
        case N_INSTANT: t = TYPE(VT_INSTANT); break;
        case N_MONEY: t = TYPE(VT_MONEY); break;
        default: t = TYPE(VT_FLAG); break;
        }
    }
    int64_t scalar;
    struct str text;
    if (!literal_check(u, sc->module, e, t, &scalar, &text)) { return broken(u, e->span); }
    struct tex *x = tex_new(u, t.vt == VT_TEXT ? X_TEXT : X_CONST, t, e->span);
    x->number = scalar;
    x->text = text;
    return x;
}

static struct tex *check(struct unit *u, const struct scope *sc, const struct node *e, struct type want)
{
    struct type f = TYPE(VT_FLAG);
    switch ((enum node_kind)e->kind) {
    case N_NAME: return name(u, sc, e, want);
    case N_TEXT: case N_NUMBER: case N_PERCENT: case N_COUNTED: case N_DATE: case N_TIME: case N_INSTANT: case N_YESNO: case N_MONEY:
        return literal(u, sc, e, want);
    case N_MISSING: return tex_new(u, X_MISSING, want.vt == VT_FREE ? TYPE(VT_MISSING) : want, e->span);
    case N_NOT: return TEX1(u, X_NOT, f, e->span, condition_check(u, sc, e->kid[0]));
    case N_CHAINED: case N_BLOCK:
        if (want.vt == VT_CALENDAR) {
            struct calendar_info *c = calendar_expr_info(u, sc->module, e);
            return c != NULL ? calendar_tex(u, sc, c, e->span) : broken(u, e->span);
        }
        return block(u, sc, e);
    case N_COMPARE: return compare(u, sc, e);
    case N_ARITH: return arith(u, sc, e);
    case N_NEGATE: { struct tex *x = expr_check(u, sc, e->kid[0], want); return TEX1(u, X_NEG, x->type, e->span, x); }
    case N_CALL: return call(u, sc, e);
    case N_WAITINGON: return waiting_on(u, sc, e);
    case N_LOCALTO: {
        struct tex *c = calendar_check(u, sc, e->kid[0]);
        struct tex *z = expr_check(u, sc, e->kid[1], TYPE(VT_TEXT));
        if (c->type.vt == VT_ERROR) { return c; }
        if (c->kind != X_CALENDAR) {
            struct diag *d = diag(u->diags, E0502_LOCAL, e->kid[0]->span, "`local to` needs a calendar by name");
            diag_help(d, "write a line `local to site` in each calendar instead");
            return broken(u, e->span);
        }
        if (c->kind == X_CALENDAR) { c->ref = calendar_local_twin(u, c->ref); }
        return TEX2(u, X_LOCAL, TYPE(VT_CALENDAR), e->span, c, z);
    }
    case N_CALSET: {
        struct calendar_info *c = calendar_expr_info(u, sc->module, e);
        return c != NULL ? calendar_tex(u, sc, c, e->span) : broken(u, e->span);
    }
    case N_ROUNDED: {
        struct tex *v = expr_check(u, sc, e->kid[0], TYPE(VT_FREE));
        struct tex *step = expr_check(u, sc, e->kid[1], v->type);
        struct tex *x = TEX2(u, X_ROUND, v->type, e->span, v, step);
        x->number = e->op == OP_DOWN ? 0 : e->op == OP_UP ? 1 : e->op == OP_HALF_EVEN ? 3 : 2;
        return x;
    }
    case N_CONDITIONAL: {
        struct tex *c = condition_check(u, sc, e->kid[0]);
        struct tex *a = expr_check(u, sc, e->kid[1], want);
        struct tex *b = expr_check(u, sc, e->kid[2], a->type.vt == VT_ERROR ? want : a->type);
        return TEX3(u, X_IF, a->type, e->span, c, a, b);
    }
    case N_BROKEN: return broken(u, e->span);
    default: {
        bool word = e->kind == N_ANY || e->kind == N_OTHERWISE || e->kind == N_NONE || e->kind == N_NODATA;
        diag(u->diags, E0302_TYPE, e->span, word ? "`%s` cannot stand here" : "a %s cannot stand here", node_kind_name[e->kind]);
        return broken(u, e->span);
    }
    }
}

struct tex *expr_check(struct unit *u, const struct scope *sc, const struct node *e, struct type want)
{
    if (e == NULL) { return broken(u, SPAN_NONE); }
    if (u->deep >= STACK_DEPTH) {
        chain_too_long(u, e->span);
        return broken(u, e->span);
    }
    u->deep++;
    struct tex *x = check(u, sc, e, want);
    u->deep--;
    return coerced(u, x, want);
}

struct tex *condition_check(struct unit *u, const struct scope *sc, const struct node *e) { return expr_check(u, sc, e, TYPE(VT_FLAG)); }
struct tex *calendar_check(struct unit *u, const struct scope *sc, const struct node *e) { return expr_check(u, sc, e, TYPE(VT_CALENDAR)); }
struct calendar_info *tex_calendar(const struct tex *t) { return t != NULL && t->kind == X_CALENDAR ? t->ref : NULL; }
