/* SPDX-License-Identifier: MIT */
/* Builders of dates, of hours and of the lines of calendars and lists of holidays. */
#include "grammar/ast.h"
#include "grammar/parser.h"
#include <string.h>

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
    struct str unit = token_unit(p, by);
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
    rule->title = token_inside(p, title);
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
