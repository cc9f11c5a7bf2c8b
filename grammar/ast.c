/* SPDX-License-Identifier: MIT */
/* Builders of nodes: lists, nodes, values, conditions. Each gives back a finished node; where what was written fits no node, a
 * message and a BROKEN one. Dates and the lines of calendars are in ast_dates.c, clauses in ast_clauses.c. */
#include "grammar/ast.h"
#include "grammar/parser.h"
#include "base/civil.h"
#include "msa.tab.h"
#include <string.h>

const char *const node_op_name[OP_COUNT_OF_OPS] = {
#define OP(NAME) #NAME,
#include "grammar/ops.def"
#undef OP
};
const char *const node_kind_name[N_COUNT] = {
#define NODE(NAME, word, doc) word,
#include "grammar/ast.def"
#undef NODE
};

/* ------------------------------------------------------------------------------------------------------------ lists */
struct list list_none(void)
{
    return (struct list){ 0 };
}
struct list list_add(struct parse *p, struct list l, struct node *n)
{
    if (l.n == l.cap) {
        uint32_t cap = l.cap ? l.cap * 2 : 4;
        l.p = arena_grow(p->arena, l.p, l.cap * sizeof *l.p, size_of_array(cap, sizeof *l.p));
        l.cap = cap;
    }
    l.p[l.n++] = n;
    return l;
}
struct list list_one(struct parse *p, struct node *n)
{
    return list_add(p, list_none(), n);
}
struct list list_two(struct parse *p, struct node *a, struct node *b)
{
    return list_add(p, list_one(p, a), b);
}
struct list list_join(struct parse *p, struct list a, struct list b)
{
    for (uint32_t i = 0; i < b.n; i++) { a = list_add(p, a, b.p[i]); }
    return a;
}
struct list list_front(struct parse *p, struct node *n, struct list l)
{
    l = list_add(p, l, n);
    memmove(l.p + 1, l.p, (l.n - 1) * sizeof *l.p);
    l.p[0] = n;
    return l;
}

/* ------------------------------------------------------------------------------------------------------------ nodes */
static unsigned depth_of(const struct parse *p, const struct node *n)
{
    return n == NULL || n->id < p->first_id ? 0 : p->depth.p[n->id - p->first_id];
}

struct node *ast_make(struct parse *p, enum node_kind kind, enum node_op op, struct span span, struct list kids)
{
    unsigned depth = 0;
    for (uint32_t i = 0; i < kids.n; i++) {
        unsigned d = depth_of(p, kids.p[i]);
        if (d > depth) { depth = d; }
    }
    if (depth >= PARSE_DEPTH) { /* a sum of hundreds of terms needs no brackets to be deep */
        say_too_deep(p, span);
        kind = N_BROKEN, op = OP_NONE_GIVEN, kids = list_none(), depth = 0;
    }
    struct node *n = ARENA_NEW(p->arena, struct node);
    *n = (struct node){ .kind = (uint16_t)kind, .op = (uint16_t)op, .id = p->nodes++, .span = span, .name_span = span, .kid = kids.p, .n = kids.n };
    vec_push(&p->depth, p->arena, (uint8_t)(depth + 1));
    return n;
}
struct node *ast_leaf(struct parse *p, enum node_kind kind, enum node_op op, struct span span)
{
    return ast_make(p, kind, op, span, list_none());
}
struct node *ast_one(struct parse *p, enum node_kind kind, enum node_op op, struct span span, struct node *kid)
{
    return ast_make(p, kind, op, span, list_one(p, kid));
}
struct node *ast_two(struct parse *p, enum node_kind kind, enum node_op op, struct span span, struct node *a, struct node *b)
{
    return ast_make(p, kind, op, span, list_two(p, a, b));
}
struct node *ast_broken(struct parse *p, struct span span)
{
    return ast_leaf(p, N_BROKEN, 0, span);
}
struct node *ast_numbered(struct node *n, int64_t number)
{
    n->number = number;
    return n;
}

struct str token_inside(const struct parse *p, const struct token *t)
{
    if (t->kind != TK_TEXT) { return token_text(p, t); }
    struct str s = str_make(p->source->text + (t->number - p->source->base), (size_t)(t->number2 - t->number));
    if (memchr(s.p, '\\', s.n) == NULL) { return s; }
    char *copy = arena_alloc(p->arena, s.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (c == '\\' && i + 1 < s.n) {
            c = s.p[++i];
            c = c == 'n' ? '\n' : c == 't' ? '\t' : c;
        }
        copy[n++] = c;
    }
    return str_make(copy, n);
}

struct node *ast_named(struct parse *p, struct node *n, const struct token *name)
{
    n->text = token_inside(p, name);
    n->name_span = name->span;
    return n;
}
struct node *ast_texted(struct parse *p, struct node *n, const struct token *text)
{
    return ast_named(p, n, text);
}
struct node *ast_titled(struct parse *p, struct node *n, const struct token *name, const struct token *title)
{
    if (title != NULL) {
        n->title = token_inside(p, title);
        n->name_span = title->span;
    }
    if (name != NULL) { ast_named(p, n, name); }
    return n;
}
struct node *ast_clause(struct parse *p, struct node *n, const struct token *number, struct span span)
{
    n->clause = token_text(p, number);
    n->clause_span = number->span;
    n->span = span;
    return n;
}
struct node *ast_section(struct parse *p, struct span span, const struct token *number, const struct token *title, struct list kids)
{
    struct node *n = ast_titled(p, ast_make(p, N_SECTION, 0, span, kids), NULL, title);
    n->clause = token_text(p, number);
    n->clause_span = number->span;
    return n;
}

/* ----------------------------------------------------------------------------------------------------------- values */
struct node *ast_name(struct parse *p, const struct token *t)
{
    return ast_named(p, ast_leaf(p, N_NAME, 0, t->span), t);
}
struct node *ast_name_of(struct parse *p, struct span span, const struct token *t, struct node *of)
{
    return ast_named(p, ast_one(p, N_NAME, OP_OF, span, of), t);
}
struct node *ast_text(struct parse *p, const struct token *t)
{
    return ast_named(p, ast_leaf(p, N_TEXT, 0, t->span), t);
}
struct node *ast_yesno(struct parse *p, struct span span, bool yes)
{
    return ast_numbered(ast_leaf(p, N_YESNO, 0, span), yes);
}
struct node *ast_weekday(struct parse *p, struct span span, int weekday)
{
    struct node *n = ast_leaf(p, N_NAME, 0, span);
    n->text = str_of(civil_weekday_name[weekday]);
    return n;
}

struct str token_unit(const struct parse *p, const struct token *t)
{
    struct str s = token_text(p, t);
    size_t end = s.n;
    while (end > 0 && s.p[end - 1] != ' ' && s.p[end - 1] != '\t' && !(s.p[end - 1] >= '0' && s.p[end - 1] <= '9') && s.p[end - 1] != '\n') { end--; }
    struct str word = str_slice(s, end, s.n);
    static const char *const forms[][2] = {
        { "s", "s" }, { "min", "min" }, { "h", "h" }, { "day", "day" }, { "days", "day" }, { "week", "week" }, { "weeks", "week" },
        { "month", "month" }, { "months", "month" }, { "year", "year" }, { "years", "year" },
    };
    const char *unit = NULL;
    for (size_t i = 0; i < countof(forms); i++) {
        if (str_eq(word, str_of(forms[i][0]))) { unit = forms[i][1]; }
    }
    if (unit == NULL) { /* a wrong spelling, spoken of already */
        int64_t one = t->number2 != NONE && t->number != 0 ? (int64_t)((wide)t->number2 * 1000000 / t->number) : 0;
        struct str meant = unit_meant(word) != NULL ? str_of(unit_meant(word)) : str_make("day", 3);
        if (meant.n > 1 && meant.p[meant.n - 1] == 's') { meant.n--; }
        static const char *const others[] = { "business day", "week", "month", "year", "day" };
        const char *other = "day";
        for (size_t i = 0; i < countof(others); i++) {
            if (str_eq(meant, str_of(others[i]))) { other = others[i]; }
        }
        unit = one == USEC ? "s" : one == MINUTE_US ? "min" : one == HOUR_US ? "h" : other;
    }
    if (strcmp(unit, "day") == 0) {
        for (size_t i = 0; i + 7 <= s.n; i++) {
            if (memcmp(s.p + i, "service", 7) == 0) { unit = "service day"; }
            if (memcmp(s.p + i, "working", 7) == 0 || (i + 8 <= s.n && memcmp(s.p + i, "business", 8) == 0)) { unit = "business day"; }
        }
    }
    return str_of(unit);
}

struct node *ast_literal(struct parse *p, const struct token *t)
{
    enum node_kind kind;
    switch (t->kind) {
    case TK_NUMBER: kind = N_NUMBER; break;
    case TK_PERCENT: kind = N_PERCENT; break;
    case TK_COUNTED: kind = N_COUNTED; break;
    case TK_MONEY: kind = N_MONEY; break;
    case TK_DATE: kind = N_DATE; break;
    case TK_TIME: kind = N_TIME; break;
    default: MSA_BUG("not a literal");
    }
    struct node *n = ast_leaf(p, kind, 0, t->span);
    n->text = kind == N_COUNTED ? token_unit(p, t) : token_text(p, t);
    n->number = t->number;
    n->number2 = t->number2;
    if (kind == N_MONEY) {
        struct str s = token_text(p, t);
        n->title = s.p[0] >= 'A' && s.p[0] <= 'Z' ? str_slice(s, 0, 3) : STR("USD");
    }
    return n;
}
struct node *ast_instant(struct parse *p, struct span span, const struct token *d, const struct token *t, const struct token *offset)
{
    struct node *n = ast_leaf(p, N_INSTANT, 0, span);
    n->text = str_make(p->source->text + (span.from - p->source->base), span.to - span.from);
    n->number = d->number * DAY_US + t->number * USEC;
    n->number2 = offset != NULL ? offset->number : NONE;
    return n;
}
struct node *ast_midnight(struct parse *p, const struct token *d)
{
    struct node *n = ast_leaf(p, N_INSTANT, 0, d->span);
    n->text = token_text(p, d);
    n->number = d->number * DAY_US;
    n->number2 = NONE;
    return n;
}
struct node *ast_band(struct parse *p, struct span span, struct node *lo, bool lo_in, struct node *hi, bool hi_in)
{
    struct node *n = ast_two(p, N_BAND, 0, span, lo, hi);
    n->number = lo_in;
    n->number2 = hi_in;
    return n;
}
struct node *ast_call(struct parse *p, struct span span, const struct token *name, struct list args)
{
    return ast_named(p, ast_make(p, N_CALL, 0, span, args), name);
}
struct node *ast_list_of(struct parse *p, struct span span, struct list items)
{
    return items.n == 1 ? items.p[0] : ast_make(p, N_LIST, 0, span, items);
}

/* ------------------------------------------------------------------------------------------------------- conditions */
struct chain *chain_one(struct parse *p, struct node *n)
{
    struct chain *c = ARENA_NEW(p->arena, struct chain);
    c->operands = list_one(p, n);
    return c;
}
struct chain *chain_add(struct parse *p, struct chain *c, const struct token *joint, struct node *n)
{
    if (c->joints == c->joints_cap) {
        uint32_t cap = c->joints_cap ? c->joints_cap * 2 : 4;
        c->joint = arena_grow(p->arena, (void *)(uintptr_t)c->joint, c->joints_cap * sizeof *c->joint, size_of_array(cap, sizeof *c->joint));
        c->joints_cap = cap;
    }
    c->joint[c->joints++] = joint;
    c->operands = list_add(p, c->operands, n);
    return c;
}

struct str span_text(const struct parse *p, struct span s)
{
    return str_make(p->source->text + (s.from - p->source->base), s.to - s.from);
}
/* Says that `a and b or c` has two readings, and shows both when they are short. */
static bool mixed(struct parse *p, struct chain *c)
{
    for (uint32_t i = 1; i < c->joints; i++) {
        const struct token *a = c->joint[i - 1], *b = c->joint[i];
        if (a->kind == b->kind) { continue; }
        struct str first = token_text(p, a), second = token_text(p, b);
        struct diag *m = diag(p->diags, E0118_MIXED, b->span, "`%.*s` and `%.*s` side by side can be read in two ways", STR_ARG(first), STR_ARG(second));
        diag_label(m, a->span, "here it is `%.*s`", STR_ARG(first));
        struct str x = span_text(p, c->operands.p[i - 1]->span), y = span_text(p, c->operands.p[i]->span),
                   z = span_text(p, c->operands.p[i + 1]->span);
        if (x.n + y.n + z.n < 90) {
            diag_help(m, "write `(%.*s %.*s %.*s) %.*s %.*s` or `%.*s %.*s (%.*s %.*s %.*s)`", STR_ARG(x), STR_ARG(first), STR_ARG(y), STR_ARG(second),
                      STR_ARG(z), STR_ARG(x), STR_ARG(first), STR_ARG(y), STR_ARG(second), STR_ARG(z));
        } else {
            diag_help(m, "put brackets around what belongs together");
        }
        return true;
    }
    return false;
}

static enum node_op calendar_op(int joint)
{
    return joint == TK_AND ? OP_CAL_AND : joint == TK_OR ? OP_CAL_OR : OP_CAL_EXCEPT;
}
struct node *ast_as_calendar(struct parse *p, struct node *n)
{
    if (n == NULL || n->kind != N_CHAINED || n->op == OP_NONE_GIVEN) { return n; }
    struct node *all = ast_as_calendar(p, n->kid[0]);
    for (uint32_t i = 1; i < n->n; i++) {
        struct node *next = ast_as_calendar(p, n->kid[i]);
        all = ast_two(p, N_CALSET, n->op == OP_ALL ? OP_CAL_AND : OP_CAL_OR, span_join(all->span, next->span), all, next);
    }
    return all;
}
struct node *ast_calendar_value(struct parse *p, struct span span, struct chain *c)
{
    if (c->joints == 0) { return c->operands.p[0]; }
    if (mixed(p, c)) { return ast_broken(p, span); }
    struct node *all = ast_as_calendar(p, c->operands.p[0]);
    for (uint32_t i = 1; i < c->operands.n; i++) {
        struct node *next = ast_as_calendar(p, c->operands.p[i]);
        all = ast_two(p, N_CALSET, calendar_op(c->joint[i - 1]->kind), span_join(all->span, next->span), all, next);
    }
    return all;
}
struct node *ast_joined(struct parse *p, struct span span, struct chain *c)
{
    if (c->joints == 0) { return c->operands.p[0]; }
    if (mixed(p, c)) {
        struct node *n = ast_make(p, N_CHAINED, OP_NONE_GIVEN, span, c->operands);
        for (uint32_t i = 0; i < c->joints && i < 62; i++) { n->number |= (int64_t)(c->joint[i]->kind == TK_OR) << i; }
        return n;
    }
    if (c->joint[0]->kind == TK_EXCEPT) { return ast_calendar_value(p, span, c); }
    return ast_make(p, N_CHAINED, c->joint[0]->kind == TK_AND ? OP_ALL : OP_ANY, span, c->operands);
}
struct node *ast_compare(struct parse *p, struct span span, enum node_op op, struct node *l, struct node *r)
{
    return r != NULL ? ast_two(p, N_COMPARE, op, span, l, r) : ast_one(p, N_COMPARE, op, span, l);
}
struct node *ast_compare_in(struct parse *p, struct span span, enum node_op op, struct node *l, struct list items)
{
    struct node *r = items.n == 1 && items.p[0]->kind != N_NAME ? items.p[0]
                   : ast_make(p, N_LIST, 0, span_join(items.p[0]->span, items.p[items.n - 1]->span), items);
    return ast_compare(p, span, op, l, r);
}
struct node *ast_equals(struct parse *p, struct span span, struct node *l, const struct token *eq, struct node *r)
{
    struct diag *m = diag(p->diags, E0122_IS, eq->span, "a comparison is written with `is`");
    diag_fix(m, eq->span, "is");
    return ast_compare(p, span, OP_IS, l, r);
}
struct node *ast_is_too(struct parse *p, struct span span, struct node *l, const struct token *is, enum node_op op, struct node *r)
{
    struct diag *m = diag(p->diags, E0122_IS, is->span, "`is` is one word too many here");
    diag_help(m, "write it without: `%.*s %s %.*s`", STR_ARG(span_text(p, l->span)),
              op == OP_BELOW ? "below" : op == OP_ABOVE ? "above" : op == OP_AT_MOST ? "at most" : "at least", STR_ARG(span_text(p, r->span)));
    return ast_compare(p, span, op, l, r);
}
struct node *ast_waiting(struct parse *p, struct span span, const struct token *name, struct list reasons)
{
    return ast_named(p, ast_make(p, N_WAITINGON, 0, span, reasons), name);
}
