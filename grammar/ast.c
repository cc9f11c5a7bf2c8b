/* SPDX-License-Identifier: MIT */
/* Builders of nodes. Each gives back a finished node; where what was written fits no node, a message and a BROKEN one. */
#include "grammar/ast.h"
#include "grammar/parser.h"
#include "base/civil.h"
#include "msa.tab.h"
#include <inttypes.h>
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

/* The inside of a text, its escapes resolved. */
static struct str inside(const struct parse *p, const struct token *t)
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
    n->text = inside(p, name);
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
        n->title = inside(p, title);
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

static struct str unit_text(const struct parse *p, const struct token *t)
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
    n->text = kind == N_COUNTED ? unit_text(p, t) : token_text(p, t);
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

static struct str source_of_span(const struct parse *p, struct span s)
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
        struct str x = source_of_span(p, c->operands.p[i - 1]->span), y = source_of_span(p, c->operands.p[i]->span),
                   z = source_of_span(p, c->operands.p[i + 1]->span);
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
/* A condition in brackets inside a calendar is a calendar, too. */
static struct node *as_calendar(struct parse *p, struct node *n)
{
    if (n == NULL || n->kind != N_CHAINED || n->op == OP_NONE_GIVEN) { return n; }
    struct node *all = as_calendar(p, n->kid[0]);
    for (uint32_t i = 1; i < n->n; i++) {
        struct node *next = as_calendar(p, n->kid[i]);
        all = ast_two(p, N_CALSET, n->op == OP_ALL ? OP_CAL_AND : OP_CAL_OR, span_join(all->span, next->span), all, next);
    }
    return all;
}
struct node *ast_calendar_value(struct parse *p, struct span span, struct chain *c)
{
    if (c->joints == 0) { return c->operands.p[0]; }
    if (mixed(p, c)) { return ast_broken(p, span); }
    struct node *all = as_calendar(p, c->operands.p[0]);
    for (uint32_t i = 1; i < c->operands.n; i++) {
        struct node *next = as_calendar(p, c->operands.p[i]);
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
    diag_help(m, "write it without: `%.*s %s %.*s`", STR_ARG(source_of_span(p, l->span)),
              op == OP_BELOW ? "below" : op == OP_ABOVE ? "above" : op == OP_AT_MOST ? "at most" : "at least", STR_ARG(source_of_span(p, r->span)));
    return ast_compare(p, span, op, l, r);
}
struct node *ast_waiting(struct parse *p, struct span span, const struct token *name, struct list reasons)
{
    return ast_named(p, ast_make(p, N_WAITINGON, 0, span, reasons), name);
}

/* ------------------------------------------------------------------------------------------------------------ dates */
struct node *ast_days(struct parse *p, struct span span, int64_t from, int64_t to)
{
    int64_t set = 0;
    for (int64_t d = from;; d = (d + 1) % 7) {
        set |= (int64_t)1 << d;
        if (d == to) { break; }
    }
    return ast_numbered(ast_leaf(p, N_DAYS, 0, span), set);
}
struct node *ast_days_add(struct parse *p, struct span span, struct node *a, struct node *b)
{
    return ast_numbered(ast_leaf(p, N_DAYS, 0, span), a->number | b->number);
}
struct node *ast_hours(struct parse *p, struct span span, const struct token *from, const struct token *to)
{
    struct node *n = ast_leaf(p, N_HOURS, 0, span);
    n->number = from != NULL ? from->number : 0;
    n->number2 = to != NULL ? to->number : INT32_MAX;
    return n;
}

static const int8_t longest_month[13] = { 0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
static const char *const big_months[13] = { "", "January", "February", "March", "April", "May", "June", "July", "August", "September",
                                            "October", "November", "December" };
static int64_t month_day(struct parse *p, int64_t month, const struct token *day)
{
    int64_t d = day->number / 1000000;
    if (d < 1 || d > longest_month[month] || day->number2 > 0) {
        struct diag *m = diag(p->diags, E0112_DATE, day->span, "%s has no day %.*s", big_months[month], STR_ARG(token_text(p, day)));
        diag_help(m, "its days are 1 to %d", longest_month[month]);
        d = 1;
    }
    return month * 100 + d;
}
struct node *ast_fixed(struct parse *p, struct span span, int64_t month, const struct token *day)
{
    return ast_numbered(ast_leaf(p, N_DATERULE, OP_FIXED, span), month_day(p, month, day));
}
struct node *ast_yearly(struct parse *p, struct span span, int64_t m1, const struct token *d1, int64_t m2, const struct token *d2)
{
    struct node *n = ast_numbered(ast_leaf(p, N_DATERULE, OP_YEARLY, span), month_day(p, m1, d1));
    n->number2 = month_day(p, m2, d2);
    return n;
}
struct node *ast_nth(struct parse *p, struct span span, int64_t nth, int64_t weekday, int64_t month)
{
    struct node *n = ast_numbered(ast_leaf(p, N_DATERULE, OP_NTH, span), nth);
    n->number2 = weekday * 100 + month;
    return n;
}
struct node *ast_near(struct parse *p, struct span span, enum node_op op, int64_t nth, int64_t weekday, int64_t month, const struct token *day)
{
    /* `last wed before` is the nearest one */
    if (nth < 0 && op == OP_BEFORE) { nth = 1; }
    if (nth < 0) {
        diag_help(diag(p->diags, E0112_DATE, span, "there is no last weekday on or after a day"), "say `first`, `second` and so on");
        nth = 1;
    }
    struct node *n = ast_numbered(ast_leaf(p, N_DATERULE, op, span), weekday * 10 + nth);
    n->number2 = month_day(p, month, day);
    return n;
}
struct node *ast_date_range(struct parse *p, struct span span, const struct token *a, const struct token *b)
{
    struct node *n = ast_numbered(ast_leaf(p, N_DATERULE, b != NULL ? OP_RANGE : OP_DATE, span), a->number);
    if (b != NULL) {
        n->number2 = b->number;
        if (b->number < a->number) {
            struct diag *m = diag(p->diags, E0112_DATE, b->span, "the range ends before it starts");
            diag_label(m, a->span, "it starts here");
        }
    }
    return n;
}
/* Rules under construction are still ours, so their lists may grow. */
static struct node *grown(struct parse *p, struct span span, struct node *n, struct node *kid)
{
    struct list l = { n->kid, n->n, n->n };
    l = list_add(p, l, kid);
    n->kid = l.p, n->n = l.n;
    n->span = span;
    return n;
}
struct node *ast_rule_mod(struct parse *p, struct span span, struct node *rule, struct node *mod)
{
    return grown(p, span, rule, mod);
}
struct node *ast_rule_shift(struct parse *p, struct span span, struct node *rule, int sign, const struct token *by)
{
    struct str unit = unit_text(p, by);
    int64_t days = by->number / 1000000 * (str_eq(unit, STR("week")) ? 7 : 1);
    if ((!str_eq(unit, STR("day")) && !str_eq(unit, STR("week"))) || by->number % 1000000 != 0 || days > 366) {
        struct diag *m = diag(p->diags, E0112_DATE, by->span, "a date moves by whole days");
        diag_help(m, "write `%c 2 days`", sign < 0 ? '-' : '+');
        days = 0;
    }
    days *= sign;
    if ((rule->op == OP_EASTER || rule->op == OP_ORTHODOX) && rule->n == 0) {
        rule->number += days;
        rule->span = span;
        return rule;
    }
    return grown(p, span, rule, ast_numbered(ast_leaf(p, N_DATEMOD, OP_PLUS, by->span), days));
}
struct node *ast_rule_title(struct parse *p, struct span span, struct node *rule, const struct token *title)
{
    rule->title = inside(p, title);
    rule->span = span;
    return rule;
}
struct node *ast_mod_from_to(struct parse *p, struct span span, enum node_op op, int64_t to, int64_t from)
{
    struct node *n = ast_numbered(ast_leaf(p, N_DATEMOD, op, span), to);
    n->number2 = from;
    return n;
}
static int64_t year_of(struct parse *p, struct span span, int64_t millionths, int64_t decimals)
{
    int64_t y = millionths / 1000000;
    if (decimals > 0 || y < 1900 || y > 2200) {
        diag_help(diag(p->diags, E0112_DATE, span, "this is not a year"), "years are 1900 to 2200");
        y = 2000;
    }
    return y;
}
struct node *ast_mod_year(struct parse *p, struct span span, enum node_op op, const struct token *year)
{
    return ast_numbered(ast_leaf(p, N_DATEMOD, op, span), year_of(p, year->span, year->number, year->number2));
}
struct node *ast_unless_in(struct parse *p, struct span span, const struct token *year)
{
    (void)year_of(p, year->span, year->number, year->number2);
    return ast_one(p, N_DATEMOD, OP_UNLESS_IN, span, ast_literal(p, year));
}

/* A comma list as written: rules, modifiers for all of them, years that go on an `unless in`, hours. Sorted into a DATES
 * node, the hours behind it and whether days are cut at midnight. */
struct sorted { struct node *dates; struct list hours; bool cut; };
static struct sorted sort_dates(struct parse *p, struct list items)
{
    struct list rules = list_none(), mods = list_none(), hours = list_none();
    struct node *unless = NULL, *last_rule = NULL;
    bool cut = false;
    struct span span = SPAN_NONE;
    for (uint32_t i = 0; i < items.n; i++) {
        struct node *n = items.p[i];
        if (n->kind != N_HOURS) { span = span_join(span, n->span); }
        switch (n->kind) {
        case N_DATERULE:
            if (hours.n > 0) {
                struct diag *m = diag(p->diags, E0123_PLACE, n->span, "hours come after all dates of a line");
                diag_help(m, "write this date on a line of its own");
            }
            unless = NULL;
            for (uint32_t k = 0; k < n->n;) { /* hours written at the rule */
                if (n->kid[k]->kind != N_HOURS) {
                    if (n->kid[k]->op == OP_UNLESS_IN) { unless = n->kid[k]; }
                    k++;
                    continue;
                }
                hours = list_add(p, hours, n->kid[k]);
                memmove(n->kid + k, n->kid + k + 1, (n->n - k - 1) * sizeof *n->kid);
                n->n--;
            }
            rules = list_add(p, rules, n);
            last_rule = n;
            break;
        case N_DATEMOD:
            unless = NULL;
            if (n->title.p != NULL && last_rule != NULL) { last_rule->title = n->title, n->title = (struct str){ 0 }; }
            if (n->op == OP_CUT_AT_MIDNIGHT) { cut = true; break; }
            if (n->op == OP_UNLESS_IN) { unless = n; }
            mods = list_add(p, mods, n);
            break;
        case N_NUMBER: /* a name behind the last year is the holiday's */
            if (n->title.p != NULL && last_rule != NULL) { last_rule->title = n->title, n->title = (struct str){ 0 }; }
            if (unless == NULL) {
                struct diag *m = diag(p->diags, E0112_DATE, n->span, "a number alone is no date");
                diag_help(m, "write `july 4`, `2026-07-04` or, for years, `unless in 2018, 2022`");
                break;
            }
            (void)year_of(p, n->span, n->number, n->number2);
            unless = grown(p, span_join(unless->span, n->span), unless, n);
            break;
        case N_HOURS: hours = list_add(p, hours, n); break;
        default: break;
        }
    }
    if (rules.n == 0 && items.n > 0) {
        struct diag *m = diag(p->diags, E0123_PLACE, items.p[0]->span, "the date is missing");
        diag_help(m, "write which day first: `december 24 from 12:00`");
    }
    return (struct sorted){ ast_make(p, N_DATES, 0, span, list_join(p, rules, mods)), hours, cut };
}
struct node *ast_calendar_line(struct parse *p, struct span span, enum node_op op, struct list items)
{
    if (op == OP_WEEKLY) { return ast_make(p, N_CALLINE, op, span, items); }
    struct sorted s = sort_dates(p, items);
    return ast_numbered(ast_make(p, N_CALLINE, op, span, list_front(p, s.dates, s.hours)), s.cut);
}
struct node *ast_during(struct parse *p, struct span span, struct list items, struct list lines)
{
    struct sorted s = sort_dates(p, items);
    for (uint32_t i = 0; i < lines.n; i++) {
        struct node *n = lines.p[i];
        if (n->kind == N_CALLINE && n->op != OP_WEEKLY) {
            struct diag *m = diag(p->diags, E0123_PLACE, n->span, "inside `during` stand weekly hours only");
            diag_help(m, "write this line outside of the braces");
        }
    }
    return ast_make(p, N_CALLINE, OP_DURING, span, list_front(p, s.dates, lines));
}
struct list ast_holiday_lines(struct parse *p, struct list into, struct list items)
{
    struct sorted s = sort_dates(p, items);
    for (uint32_t i = 0; i < s.hours.n; i++) {
        diag_help(diag(p->diags, E0123_PLACE, s.hours.p[i]->span, "a holiday has no hours"), "a calendar says them: `closed december 24 from 12:00`");
    }
    uint32_t rules = 0;
    while (rules < s.dates->n && s.dates->kid[rules]->kind == N_DATERULE) { rules++; }
    for (uint32_t i = 0; i < rules; i++) { /* what stands behind a comma holds for each of them */
        struct node *rule = s.dates->kid[i];
        for (uint32_t k = rules; k < s.dates->n; k++) { rule = grown(p, span_join(rule->span, s.dates->kid[k]->span), rule, s.dates->kid[k]); }
        rule->name_span = rule->span;
        into = list_add(p, into, rule);
    }
    return into;
}

/* ----------------------------------------------------------------------------------------------------------- tables */
struct node *ast_hit(struct parse *p, struct span span, enum node_op op)
{
    return ast_leaf(p, N_ANY, op, span); /* taken out again by ast_table */
}
struct node *ast_cell(struct parse *p, struct span span, struct list items)
{
    struct node *n = ast_make(p, N_CELL, 0, span, items);
    n->text = source_of_span(p, span);
    return n;
}
struct node *ast_heading_cell(struct parse *p, const struct token *t)
{
    struct node *n = ast_leaf(p, N_CELL, 0, t->span);
    struct str s = token_text(p, t);
    bool plain = true;
    for (size_t i = 0; i < s.n; i++) { plain = plain && s.p[i] != '\t' && s.p[i] != '\n' && !(s.p[i] == ' ' && i > 0 && s.p[i - 1] == ' '); }
    n->text = s;
    if (!plain) {
        char *copy = arena_alloc(p->arena, s.n + 1);
        size_t k = 0;
        for (size_t i = 0; i < s.n; i++) {
            bool space = s.p[i] == ' ' || s.p[i] == '\t' || s.p[i] == '\n' || s.p[i] == '\r';
            if (!space) { copy[k++] = s.p[i]; }
            else if (k > 0 && copy[k - 1] != ' ') { copy[k++] = ' '; }
        }
        n->text = str_make(copy, k);
    }
    if (s.n > 2 && s.p[0] == '"' && s.p[s.n - 1] == '"') { n->text = str_slice(n->text, 1, n->text.n - 1); }
    return n;
}
struct node *ast_heading(struct parse *p, struct span span, struct list cells, bool cross)
{
    return ast_make(p, N_HEADING, cross ? OP_CROSS : 0, span, cells);
}
struct node *ast_table(struct parse *p, struct span span, const struct token *name, const struct token *title, struct span inputs_span,
                       struct list inputs, struct list body)
{
    struct list kept = list_none(), kids = list_none();
    enum node_op hit = OP_UNIQUE;
    const struct node *policy = NULL, *heading = NULL;
    for (uint32_t i = 0; i < inputs.n; i++) {
        struct node *n = inputs.p[i];
        if (n->kind != N_ANY) {
            kept = list_add(p, kept, n);
        } else if (policy != NULL) {
            diag_label(diag(p->diags, E0123_PLACE, n->span, "a table has one hit policy"), policy->span, "it is said here");
        } else {
            hit = (enum node_op)n->op, policy = n;
        }
    }
    kids = list_one(p, ast_make(p, N_INPUTS, 0, inputs_span, kept));
    bool from_event = false, broken = false;
    for (uint32_t i = 0; i < body.n; i++) {
        struct node *n = body.p[i];
        if (n->kind == N_ANY) { from_event = true; continue; }
        if (n->kind == N_HEADING) { heading = n; }
        broken = broken || n->kind == N_BROKEN;
        kids = list_add(p, kids, n);
    }
    if (heading == NULL && !broken) {
        struct diag *m = diag(p->diags, E0121_ROW, name != NULL ? name->span : inputs_span, "this table has no heading");
        diag_help(m, "its first row names the columns, with `|` between them");
    }
    struct node *n = ast_make(p, N_TABLE, hit, span, kids);
    n->number = from_event;
    n->number2 = heading != NULL && heading->op == OP_CROSS;
    return ast_titled(p, n, name, title);
}

/* ----------------------------------------------------------------------------------------------------------- clocks */
/* `starts on opened, stops on closed`: the second slot would be taken for an event. */
static bool says_slot(const struct parse *p, const struct token *name)
{
    static const char *const slots[] = { "starts", "stops", "restarts", "continues", "cancels", "pauses", "resumes", "hidden" };
    for (size_t i = 0; i < countof(slots); i++) {
        if (str_eq(token_text(p, name), str_of(slots[i]))) { return true; }
    }
    return false;
}
struct node *ast_phrase(struct parse *p, struct span span, const struct token *name, bool first, struct list preps)
{
    if (says_slot(p, name)) {
        struct diag *m = diag(p->diags, E0120_COMMA, name->span, "`%.*s` starts a line of its own", STR_ARG(token_text(p, name)));
        diag_help(m, "a comma separates events; write this on the next line or behind `;`");
    }
    return ast_numbered(ast_named(p, ast_make(p, N_PHRASE, 0, span, preps), name), first);
}
struct node *ast_prep(struct parse *p, struct span span, const struct token *word, struct list values)
{
    struct node *value = ast_list_of(p, values.n > 1 ? span_join(values.p[0]->span, values.p[values.n - 1]->span) : SPAN_NONE, values);
    return ast_named(p, ast_one(p, N_PREP, 0, span, value), word);
}
struct node *ast_events(struct parse *p, struct span span, enum node_op op, struct list phrases, struct node *when)
{
    return ast_make(p, N_SLOT, op, span, when != NULL ? list_add(p, phrases, when) : phrases);
}
struct node *ast_on_event(struct parse *p, struct span span, struct list events, const struct token *what)
{
    static const struct { const char *word; enum node_op op; } ways[] = {
        { "stop", OP_ON_STOP }, { "cancel", OP_ON_CANCEL }, { "pause", OP_ON_PAUSE }, { "ignore", OP_ON_IGNORE },
    };
    struct str word = token_text(p, what);
    for (size_t i = 0; i < countof(ways); i++) {
        if (str_eq(word, str_of(ways[i].word))) { return ast_make(p, N_SLOT, ways[i].op, span, events); }
    }
    struct diag *m = diag(p->diags, E0123_PLACE, what->span, "`%.*s` is not what a clock can do", STR_ARG(word));
    diag_help(m, "on an event a clock can `stop`, `cancel`, `pause` or `ignore`");
    return ast_broken(p, span);
}
struct node *ast_step(struct parse *p, struct span span, enum node_op op, struct node *amount, struct list tail)
{
    struct node *calendar = tail.p[0];
    struct node *n = ast_make(p, N_STEP, op, span, list_front(p, amount, tail));
    n->number = calendar != NULL && calendar->kind == N_NAME && str_eq(calendar->text, STR("24x7"));
    return n;
}
struct node *ast_percent_of(struct parse *p, const struct token *percent, const struct token *of)
{
    (void)percent;
    if (!str_eq(token_text(p, of), STR("target"))) {
        struct diag *m = diag(p->diags, E0123_PLACE, of->span, "a step comes at a percentage of the target");
        diag_fix(m, of->span, "target");
    }
    return NULL;
}

/* ----------------------------------------------------------------------------------------------------------- chains */
struct node *ast_again(struct parse *p, struct span span, const struct token *word, const struct token *times)
{
    int64_t n = 1;
    if (times != NULL) {
        n = times->number / 1000000;
        if (times->number2 > 0 || n < 1 || n > 1000) { diag(p->diags, E0123_PLACE, times->span, "a chain repeats 1 to 1000 times"), n = 1; }
    } else if (str_eq(token_text(p, word), STR("twice"))) {
        n = 2;
    } else if (!str_eq(token_text(p, word), STR("once"))) {
        struct diag *m = diag(p->diags, E0123_PLACE, word->span, "`%.*s` is not how often", STR_ARG(token_text(p, word)));
        diag_help(m, "write `again once`, `again twice` or `again 3 times`");
    }
    return ast_numbered(ast_leaf(p, N_ANY, 0, span), n); /* taken out again by ast_chain */
}
struct node *ast_chain(struct parse *p, struct span span, const struct token *name, const struct token *title, struct node *entity,
                       struct node *on, struct list lines)
{
    struct list links = list_two(p, entity, on), ends = list_none();
    int64_t again = 0;
    for (uint32_t i = 0; i < lines.n; i++) {
        struct node *n = lines.p[i];
        if (n->kind == N_ANY) { again = n->number; }
        else if (n->kind == N_SLOT) { ends = list_add(p, ends, n); }
        else { links = list_add(p, links, n); }
    }
    return ast_numbered(ast_titled(p, ast_make(p, N_CHAIN, 0, span, list_join(p, links, ends)), name, title), again);
}

/* --------------------------------------------------------------------------------------------------------- measures */
struct node *ast_source_clock(struct parse *p, struct span span, enum node_op op, struct node *phrase, const struct token *state)
{
    if (state == NULL) { return ast_one(p, N_SOURCE, op, span, phrase); }
    struct str word = token_text(p, state);
    struct node *n = ast_leaf(p, N_SOURCE, op, span);
    n->text = phrase->text;
    n->name_span = phrase->name_span;
    if (str_eq(word, STR("met"))) { n->number2 = OP_MET; }
    else if (str_eq(word, STR("breached"))) { n->number2 = OP_BREACHED; }
    else {
        struct diag *m = diag(p->diags, E0123_PLACE, state->span, "`%.*s` cannot be counted of a clock", STR_ARG(word));
        diag_help(m, "write `met` or `breached`");
        return ast_broken(p, span);
    }
    return n;
}
struct node *ast_source_of(struct parse *p, struct span span, enum node_op op, struct node *value, struct node *value2, struct list preps)
{
    struct node *last = value2 != NULL ? value2 : value;
    if (last->kind != N_NAME || last->op != OP_OF) {
        struct diag *m = diag(p->diags, E0123_PLACE, last->span, "of which event is missing");
        diag_help(m, "write `sum of minutes of worked`: a field, `of`, the event; name a longer expression with `value`");
        return ast_broken(p, span);
    }
    /* `minutes of worked` was read as a name of a name */
    struct node *event = last->kid[0];
    struct node *field = ast_leaf(p, N_NAME, 0, last->name_span);
    field->text = last->text;
    struct node *phrase = ast_make(p, N_PHRASE, 0, preps.n ? span_join(event->span, preps.p[preps.n - 1]->span) : event->span, preps);
    phrase->text = event->text;
    phrase->name_span = event->name_span;
    struct list kids = list_one(p, phrase);
    if (value2 != NULL) { kids = list_add(p, kids, value); }
    return ast_make(p, N_SOURCE, op, span, list_add(p, kids, field));
}
struct node *ast_measure(struct parse *p, struct span span, const struct token *name, const struct token *title, struct node *of, struct list lines)
{
    struct list sources = list_none(), slots = list_none();
    enum node_op op = OP_NONE_GIVEN;
    struct node *fixed = NULL;
    bool broken = false;
    for (uint32_t i = 0; i < lines.n; i++) {
        struct node *n = lines.p[i];
        if (n->kind == N_SOURCE) {
            if (sources.n > 0) {
                struct diag *m = diag(p->diags, E0123_PLACE, n->span, "a measure measures one thing");
                diag_label(m, sources.p[0]->span, "it is said here");
            }
            sources = list_add(p, sources, n);
            op = (enum node_op)n->op;
        } else if (n->kind == N_MSLOT && n->op == OP_FIXED_LENGTH) {
            fixed = n;
        } else {
            broken = broken || n->kind == N_BROKEN;
            slots = list_add(p, slots, n);
        }
    }
    if (sources.n == 0 && !broken) {
        struct diag *m = diag(p->diags, E0123_PLACE, name->span, "what `%.*s` measures is missing", STR_ARG(token_text(p, name)));
        diag_help(m, "say it first: `share of response met`, `count of opened`, `sum of minutes of worked`");
    }
    if (fixed != NULL && sources.n > 0) { sources.p[0]->number = fixed->kid[0]->number2; }
    if (fixed != NULL && fixed->kid[0]->number2 == NONE) {
        diag_help(diag(p->diags, E0110_UNIT, fixed->kid[0]->span, "a fixed length is exact"), "write it in `min` or `h`");
    }
    for (uint32_t i = 0; i < sources.n; i++) { /* met or breached is the op of a clock's source; its kind stays with the measure */
        if (sources.p[i]->kind == N_SOURCE && sources.p[i]->number2 != 0) { sources.p[i]->op = (uint16_t)sources.p[i]->number2, sources.p[i]->number2 = 0; }
    }
    if (of != NULL) { slots = list_add(p, slots, ast_one(p, N_MSLOT, OP_OF, of->span, of)); }
    return ast_titled(p, ast_make(p, N_MEASURE, op, span, list_join(p, sources, slots)), name, title);
}
struct node *ast_exception(struct parse *p, struct span span, const struct token *number, const struct token *title, bool notwithstanding,
                           struct list lines)
{
    struct node *n = ast_titled(p, ast_make(p, N_EXCEPTION, 0, span, lines), NULL, title);
    n->text = token_text(p, number);
    n->name_span = number->span;
    return ast_numbered(n, notwithstanding);
}
struct node *ast_field(struct parse *p, struct span span, const struct token *prep, const struct token *name, const struct token *type, struct list tail)
{
    struct list kids = list_one(p, ast_name(p, type));
    struct node *value = NULL;
    bool required = false;
    for (uint32_t i = 0; i < tail.n; i++) {
        if (tail.p[i] == NULL) { required = true; } else { value = tail.p[i]; }
    }
    struct node *n = ast_named(p, ast_make(p, N_FIELD, 0, span, list_add(p, kids, value)), name);
    if (prep != NULL) { n->title = token_text(p, prep); }
    return ast_numbered(n, required);
}

/* --------------------------------------------------------------------------------------------------------- examples */
struct node *ast_event_line(struct parse *p, struct span span, struct node *at, const struct token *event, struct node *key, struct list args)
{
    return ast_named(p, ast_make(p, N_EXLINE, OP_EVENT_LINE, span, list_front(p, at, list_front(p, key, args))), event);
}
/* `response of "T1"`: the name of something and the key of an entity. */
static bool name_and_key(struct parse *p, struct list left, struct node **name, struct node **key)
{
    struct node *n = left.p[0];
    if (left.n == 1 && n->kind == N_NAME && n->op == OP_OF && n->kid[0]->kind == N_TEXT) {
        *name = n, *key = n->kid[0];
        return true;
    }
    struct diag *m = diag(p->diags, E0123_PLACE, span_join(n->span, left.p[left.n - 1]->span), "of what is missing");
    diag_help(m, "write the clock and what it belongs to: `expect response of \"T1\" met`");
    return false;
}
struct node *ast_expect_state(struct parse *p, struct span span, struct list left, const struct token *state, struct list args, bool no)
{
    struct node *name, *key;
    if (!name_and_key(p, left, &name, &key)) { return ast_broken(p, span); }
    struct node *n = ast_make(p, N_EXLINE, no ? OP_EXPECT_NO_CLOCK : OP_EXPECT_CLOCK, span, list_front(p, key, args));
    n->text = name->text;
    n->name_span = name->name_span;
    if (state != NULL) { n->title = token_text(p, state); }
    return n;
}
struct node *ast_expect_open(struct parse *p, struct span span, struct list left, const struct token *state, struct node *at)
{
    struct str word = token_text(p, state);
    bool open = str_eq(word, STR("open"));
    if (left.n != 1 || (!open && !str_eq(word, STR("closed")))) {
        diag_help(diag(p->diags, E0123_PLACE, state->span, "a calendar is `open` or `closed` at an instant"), "write `expect support open at 2026-05-04 08:59`");
        return ast_broken(p, span);
    }
    return ast_two(p, N_EXLINE, open ? OP_EXPECT_OPEN : OP_EXPECT_CLOSED, span, as_calendar(p, left.p[0]), at);
}
struct node *ast_expect_is(struct parse *p, struct span span, struct list left, struct node *right)
{
    if (left.n != 1) {
        diag_help(diag(p->diags, E0123_PLACE, left.p[1]->span, "one thing is expected at a time"), "write a line for each");
        return ast_broken(p, span);
    }
    return ast_two(p, N_EXLINE, OP_EXPECT_VALUE, span, left.p[0], right);
}
struct node *ast_expect_in(struct parse *p, struct span span, struct list left, struct span period, struct node *right)
{
    struct node *n = left.p[0];
    if (n->kind != N_NAME) {
        diag_help(diag(p->diags, E0123_PLACE, n->span, "a measure is expected here"), "write `expect attainment in 2026-03 is 95%%`");
        return ast_broken(p, span);
    }
    struct list groups = list_none();
    if (n->op == OP_OF) { groups = list_one(p, n->kid[0]); }
    for (uint32_t i = 1; i < left.n; i++) { groups = list_add(p, groups, left.p[i]); }
    struct node *line = ast_make(p, N_EXLINE, OP_EXPECT_MEASURE, span, list_front(p, right, groups));
    line->text = n->text;
    line->name_span = n->name_span;
    line->title = source_of_span(p, period);
    return line;
}
struct node *ast_arg(struct parse *p, struct span span, const struct token *prefix, const struct token *name, struct node *value)
{
    static const struct { const char *word; enum node_op op; } known[] = {
        { "due", OP_DUE }, { "stopped", OP_STOPPED }, { "elapsed", OP_ELAPSED }, { "paused", OP_PAUSED }, { "cycle", OP_CYCLE },
    };
    struct node *n = ast_one(p, N_EXARG, 0, span, value);
    if (name == NULL) { return ast_named(p, n, prefix); }
    ast_named(p, n, name);
    if (value != NULL) {
        for (size_t i = 0; i < countof(known); i++) {
            if (str_eq(n->text, str_of(known[i].word))) { n->op = known[i].op; }
        }
    }
    if (prefix != NULL && prefix->kind == TK_FIRST) {
        if (n->op == OP_DUE) { n->op = OP_DUE_FIRST; }
        else { diag_help(diag(p->diags, E0123_PLACE, name->span, "only the due instant has a first one"), "write `first due 2026-03-06 18:05`"); }
        n->title = token_text(p, prefix);
    } else if (prefix != NULL) {
        n->number = 1;
        n->title = token_text(p, prefix);
    }
    return n;
}

/* --------------------------------------------------------------------------------------------------------- adapters */
struct node *ast_column_number(struct parse *p, struct span span, const struct token *name, const struct token *word, const struct token *number)
{
    struct node *n = ast_named(p, ast_leaf(p, N_ADAPTERSLOT, OP_ADAPTER_COLUMN, span), name);
    n->number = number->number / 1000000;
    if (!str_eq(token_text(p, word), STR("column"))) {
        diag_fix(diag(p->diags, E0123_PLACE, word->span, "a position is written `column %" PRId64 "`", n->number), word->span, "column");
    } else if (n->number < 1 || n->number > 100000 || number->number2 > 0) {
        diag_help(diag(p->diags, E0123_PLACE, number->span, "there is no such column"), "columns count from 1");
        n->number = 1;
    }
    return n;
}
struct node *ast_map_row(struct parse *p, struct span span, struct node *left, struct node *right)
{
    static const struct { const char *word; enum node_op op; } known[] = { { "reject", OP_REJECT }, { "skip", OP_SKIP }, { "same", OP_SAME } };
    bool otherwise = left->n == 1 && left->kid[0]->kind == N_OTHERWISE;
    struct node *n = ast_two(p, N_ROW, otherwise ? OP_NONE : OP_NONE_GIVEN, span, left, right);
    const struct node *value = right->kid[0];
    n->number = OP_TEXT_VALUE;
    n->text = value->text;
    if (value->kind == N_NAME && value->op != OP_OF) {
        for (size_t i = 0; i < countof(known); i++) {
            if (str_eq(value->text, str_of(known[i].word))) { n->number = known[i].op; }
        }
    }
    n->op = OP_NONE_GIVEN;
    return n;
}
struct node *ast_adapter_rule(struct parse *p, struct span span, enum node_op op, struct list conditions, struct node *make)
{
    return ast_make(p, N_ADAPTERRULE, op, span, list_add(p, conditions, make));
}
struct node *ast_at(struct parse *p, struct span span, struct node *column, int sign, const struct token *by, const struct token *as)
{
    struct node *n = ast_one(p, N_ADAPTERAT, 0, span, column);
    if (by != NULL) {
        if (by->number2 == NONE) {
            diag_help(diag(p->diags, E0110_UNIT, by->span, "a time is shifted by an exact amount"), "write it in `s`, `min` or `h`");
        } else {
            n->number = sign * by->number2;
        }
    }
    if (as != NULL) { ast_named(p, n, as); }
    return n;
}
static int64_t unit_us(struct parse *p, const struct token *t)
{
    struct str s = token_text(p, t);
    int64_t us = str_eq(s, STR("s")) ? USEC : str_eq(s, STR("min")) ? MINUTE_US : str_eq(s, STR("h")) ? HOUR_US : 0;
    if (us == 0) { diag_help(diag(p->diags, E0110_UNIT, t->span, "`%.*s` is not an exact unit", STR_ARG(s)), "write `s`, `min` or `h`"); }
    return us;
}
struct node *ast_adapter_field(struct parse *p, struct span span, const struct token *name, struct node *from, const struct token *through,
                               const struct token *unit)
{
    if (from == NULL && name != NULL) { from = ast_named(p, ast_leaf(p, N_COLUMN, 0, name->span), name); }
    struct node *n = ast_one(p, N_ADAPTERFIELD, 0, span, from);
    if (name != NULL) { ast_named(p, n, name); }
    if (through != NULL) { n->title = token_text(p, through); }
    if (unit != NULL) { n->number = unit_us(p, unit); }
    return n;
}
struct node *ast_recorded(struct parse *p, struct span span, const struct token *name, struct node *column, struct list tail)
{
    struct list kids = list_one(p, column), mods = list_none();
    struct node *make;
    int64_t unit = 0;
    struct str reading = { 0 };
    for (uint32_t i = 0; i < tail.n; i++) {
        struct node *n = tail.p[i];
        if (n->kind == N_TIMEMOD && n->op == OP_IN) {
            struct token t = { .kind = TK_NAME, .span = n->name_span };
            unit = unit_us(p, &t);
        } else if (n->kind == N_TIMEMOD && n->op == OP_IN_ZONE) {
            reading = n->text;
        } else if (n->kind == N_TIMEMOD) {
            mods = list_add(p, mods, n);
        } else {
            kids = list_add(p, kids, n);
        }
    }
    make = ast_numbered(ast_named(p, ast_make(p, N_ADAPTERMAKE, 0, span, list_join(p, kids, mods)), name), unit);
    make->title = reading;
    return ast_one(p, N_ADAPTERRULE, OP_RECORDED, span, make);
}
