/* SPDX-License-Identifier: MIT */
/* Builders of money: amounts, periods, charges, invoices, rights, limits, duties, and what examples expect of them. */
#include "grammar/ast.h"
#include "grammar/parser.h"
#include "msa.tab.h"
#include <string.h>

/* --------------------------------------------------------------------------------------------- amounts and periods */
struct list ast_lines(struct parse *p, struct list lines, const struct token *joint, const struct token *name, const struct token *of_that)
{
    struct node *n = ast_name(p, name);
    if (of_that != NULL) { n->title = token_text(p, of_that); n->span = span_join(name->span, of_that->span); }
    /* a comma goes on with what was taken off before it */
    n->number = joint == NULL ? 0 : joint->kind == ',' ? lines.p[lines.n - 1]->number : 1;
    return list_add(p, lines, n);
}
struct node *ast_linesum(struct parse *p, struct span span, struct node *lines, struct node *window)
{
    struct node *n = ast_one(p, N_LINESUM, (enum node_op)window->op, span, lines);
    n->number = window->number;
    n->number2 = window->number2;
    return n;
}
struct node *ast_counted_lines(struct node *window, enum node_op op)
{
    window->op = (uint16_t)op; /* the window is not in the tree yet */
    return window;
}
/* Carries a window to its sum: number op, number2 months. */
static struct node *window_make(struct parse *p, struct span span, int op, int64_t months)
{
    struct node *n = ast_numbered(ast_leaf(p, N_ANY, 0, span), op);
    n->number2 = months;
    return n;
}
static struct node *window_wrong(struct parse *p, struct span span)
{
    struct diag *m = diag(p->diags, E0123_PLACE, span, "`%.*s` is not a time in which lines are counted", STR_ARG(span_text(p, span)));
    diag_help(m, "write `that month`, `that period`, `the contract year`, `the term`, `the next invoice` or `the 12 months before`");
    return window_make(p, span, OP_THAT_PERIOD, 0);
}
static int period_op(const struct parse *p, const struct token *word)
{
    static const struct { const char *word; enum node_op op; } periods[] = {
        { "day", OP_DAY }, { "week", OP_WEEK }, { "month", OP_MONTH }, { "quarter", OP_QUARTER }, { "year", OP_YEAR },
    };
    if (word->kind == TK_CONTRACT_MONTH) { return OP_CONTRACT_MONTH; }
    if (word->kind == TK_CONTRACT_YEAR) { return OP_CONTRACT_YEAR; }
    for (size_t i = 0; i < countof(periods); i++) {
        if (str_eq(token_text(p, word), str_of(periods[i].word))) { return (int)periods[i].op; }
    }
    return 0;
}
struct node *ast_window(struct parse *p, struct span span, const struct token *which, const struct token *what)
{
    bool that = str_eq(token_text(p, which), STR("that")), the = str_eq(token_text(p, which), STR("the"));
    struct str word = token_text(p, what);
    int op = period_op(p, what);
    if (that && str_eq(word, STR("period"))) { op = OP_THAT_PERIOD; }
    if (the && str_eq(word, STR("term"))) { op = OP_TERM_PERIOD; }
    bool good = op != 0 && (that || (the && (op == OP_TERM_PERIOD || what->kind != TK_NAME)));
    return good ? window_make(p, span, op, 0) : window_wrong(p, span);
}
struct node *ast_next_window(struct parse *p, struct span span, const struct token *which, const struct token *what)
{
    bool good = str_eq(token_text(p, which), STR("the")) && str_eq(token_text(p, what), STR("invoice"));
    return good ? window_make(p, span, OP_NEXT_INVOICE, 0) : window_wrong(p, span);
}
/* How many months a length of months or years has; 0: something else, and said. */
static int64_t months_of(struct parse *p, const struct token *length)
{
    struct str unit = token_unit(p, length);
    int64_t n = length->number / 1000000 * (str_eq(unit, STR("year")) ? 12 : 1);
    bool good = (str_eq(unit, STR("month")) || str_eq(unit, STR("year"))) && length->number % 1000000 == 0 && n > 0 && n <= 1200;
    if (good) { return n; }
    diag_help(diag(p->diags, E0123_PLACE, length->span, "this is not a number of months"), "write it in whole months, such as `12 months`");
    return 0;
}
struct node *ast_window_before(struct parse *p, struct span span, const struct token *which, const struct token *length, const struct token *what,
                               const struct token *day, bool first)
{
    bool day_good = day == NULL || (str_eq(token_text(p, what), STR("that")) && str_eq(token_text(p, day), STR("day")));
    if (!str_eq(token_text(p, which), STR("the")) || !day_good) { return window_wrong(p, span); }
    int64_t n = months_of(p, length);
    return window_make(p, span, first ? OP_MONTHS_BEFORE_FIRST : OP_MONTHS_BEFORE, n > 0 ? n : 12);
}
struct node *ast_per_step(struct parse *p, struct span span, int op, struct node *amount, const struct token *step, const struct token *unit,
                          struct node *quantity)
{
    struct node *s = ast_literal(p, step);
    if (unit != NULL) { s->title = token_text(p, unit); }
    return ast_make(p, N_PERSTEP, (enum node_op)op, span, list_add(p, list_add(p, list_two(p, amount, s), quantity), NULL));
}
struct node *ast_step_limit(struct parse *p, struct span span, struct node *steps, enum node_op op, struct node *limit)
{
    if (steps->kind != N_PERSTEP || steps->kid[3] != NULL) {
        struct diag *m = diag(p->diags, E0123_PLACE, limit->span, "there are no steps that this could limit");
        diag_help(m, "write `EUR 30.00 per started 20 min of down beyond 2 h`");
        return steps;
    }
    steps->kid[3] = limit; /* still ours: it is made anew from its parts, so that its depth is right */
    struct node *n = ast_make(p, N_PERSTEP, (enum node_op)steps->op, span, (struct list){ steps->kid, steps->n, steps->n });
    return ast_numbered(n, op);
}
struct node *ast_chosen(struct parse *p, struct span span, const struct token *by)
{
    if (!str_eq(token_text(p, by), STR("customer"))) {
        struct diag *m = diag(p->diags, E0123_PLACE, by->span, "credits are the customer's, and so is the choice");
        diag_help(m, "write `credits as chosen by customer, by incident`");
    }
    return ast_leaf(p, N_COMBINE, OP_CHOSEN, span);
}
/* Figures of several periods together: number2 months. */
struct node *ast_figures(struct parse *p, struct span span, enum node_op how, struct node *measure, const struct token *over)
{
    struct node *n = ast_one(p, N_FIGURES, how, span, measure);
    n->number2 = months_of(p, over);
    return n;
}
struct node *ast_raised(struct parse *p, struct span span, struct node *price, struct node *share, const struct node *every, struct list tails)
{
    struct node *step = NULL, *from = NULL;
    enum node_op op = OP_COMPOUND;
    for (uint32_t i = 0; i < tails.n; i++) {
        struct node *t = tails.p[i];
        if (t->op == OP_SIMPLE && t->kind == N_ANY) { op = OP_SIMPLE; }
        else if (t->kind == N_DATE) { from = t; }
        else { step = t; }
    }
    struct node *n = ast_make(p, N_RAISED, op, span, list_add(p, list_add(p, list_two(p, price, share), step), from));
    n->number = every->number;
    n->number2 = every->number2;
    return n;
}
struct node *ast_in_periods(struct parse *p, struct span span, struct node *condition, const struct token *times, const struct token *of)
{
    struct node *n = ast_numbered(ast_one(p, N_LEDGERCOND, OP_IN_PERIODS, span, condition), times->number / 1000000);
    n->number2 = of != NULL ? months_of(p, of) : 0;
    if (of != NULL && n->number2 != 0 && n->number2 < n->number) {
        struct diag *m = diag(p->diags, E0123_PLACE, of->span, "there are fewer months than are asked for");
        diag_help(m, "write the smaller number first: `in 3 of any 8 months`");
    }
    return n;
}
int ast_period(struct parse *p, const struct token *word)
{
    int op = period_op(p, word);
    if (op != 0) { return op; }
    struct diag *m = diag(p->diags, E0123_PLACE, word->span, "`%.*s` is not a period", STR_ARG(token_text(p, word)));
    diag_help(m, "periods are `day`, `week`, `month`, `quarter`, `year`, `contract month` and `contract year`");
    return OP_MONTH;
}
struct node *ast_every(struct parse *p, struct span span, int64_t n, int op)
{
    struct node *e = ast_numbered(ast_leaf(p, N_CSLOT, OP_EVERY, span), n);
    e->number2 = op;
    return e;
}
struct node *ast_every_counted(struct parse *p, const struct token *length)
{
    struct str unit = token_unit(p, length);
    int op = str_eq(unit, STR("day")) ? OP_DAY : str_eq(unit, STR("week")) ? OP_WEEK : str_eq(unit, STR("month")) ? OP_MONTH
           : str_eq(unit, STR("year")) ? OP_YEAR : 0;
    int64_t n = length->number / 1000000;
    if (op == 0 || length->number % 1000000 != 0 || n < 1 || n > 1200) {
        struct diag *m = diag(p->diags, E0123_PLACE, length->span, "`%.*s` is not a period", STR_ARG(token_text(p, length)));
        diag_help(m, "a period is a whole number of days, weeks, months or years: `every 3 months`");
        op = OP_MONTH, n = 1;
    }
    return ast_every(p, length->span, n, op);
}
struct node *ast_any_months(struct parse *p, struct span span, const struct token *length)
{
    int64_t n = months_of(p, length);
    return ast_every(p, span, n > 0 ? n : 12, OP_ANY_MONTHS);
}
struct node *ast_in_each(struct node *n, const struct node *every)
{
    if (every != NULL) { n->number = every->number, n->number2 = every->number2; }
    return n;
}
static bool is_party(struct parse *p, const struct token *t, int *party)
{
    struct str word = token_text(p, t);
    *party = str_eq(word, STR("customer")) ? OP_CUSTOMER : OP_PROVIDER;
    if (*party == OP_CUSTOMER || str_eq(word, STR("provider"))) { return true; }
    struct diag *m = diag(p->diags, E0123_PLACE, t->span, "`%.*s` is not a party of the agreement", STR_ARG(word));
    diag_help(m, "write `provider` or `customer`");
    return false;
}
static struct node *list_node(struct parse *p, struct span span, struct list items)
{
    return ast_make(p, N_LIST, 0, span, items);
}

/* ------------------------------------------------------------------------------------------ quantities and charges */
struct node *ast_quantity(struct parse *p, struct span span, const struct token *name, const struct token *title, struct span phrases_span,
                          struct list phrases, struct node *when, struct list slots)
{
    for (uint32_t i = 0; i < slots.n; i++) {
        const struct node *s = slots.p[i];
        if (s->kind != N_QSLOT || (s->op != OP_MAY_FALL && s->op != OP_MAY_RISE) || s->text.n == 0 || str_eq(s->text, token_text(p, name))) { continue; }
        struct diag *m = diag(p->diags, E0123_PLACE, s->name_span, "a commitment falls by a share of its own quantity");
        diag_fix(m, s->name_span, "%.*s", STR_ARG(token_text(p, name)));
    }
    struct list kids = list_two(p, list_node(p, phrases_span, phrases), when);
    return ast_titled(p, ast_make(p, N_QUANTITY, 0, span, list_join(p, kids, slots)), name, title);
}
/* A table needs a heading; where its rows could not be read, something was said. */
static bool has_heading(const struct list body)
{
    for (uint32_t i = 0; i < body.n; i++) {
        if (body.p[i]->kind == N_HEADING || body.p[i]->kind == N_BROKEN) { return true; }
    }
    return false;
}
struct node *ast_series(struct parse *p, struct span span, const struct token *name, const struct token *title, struct list body)
{
    if (!has_heading(body)) {
        diag_help(diag(p->diags, E0121_ROW, name->span, "this series has no heading"), "its first row is `from | rate`");
        return ast_broken(p, span);
    }
    return ast_titled(p, ast_make(p, N_SERIES, 0, span, body), name, title);
}
struct node *ast_charge_table(struct parse *p, struct span span, enum node_op op, struct node *input, struct list body)
{
    if (!has_heading(body)) {
        struct diag *m = diag(p->diags, E0121_ROW, input->span, "this table has no heading");
        diag_help(m, "its first row names the columns, with `|` between them: `%s`", op == OP_BY_TABLE ? "attainment | credit" : "seats | price");
        return ast_broken(p, span);
    }
    return ast_make(p, N_CSLOT, op, span, list_front(p, input, body));
}
struct node *ast_notice_table(struct parse *p, struct span span, struct node *input, struct list body)
{
    if (!has_heading(body)) {
        struct diag *m = diag(p->diags, E0121_ROW, input->span, "this table has no heading");
        diag_help(m, "its first row names the columns, with `|` between them: `change | notice`");
        return ast_broken(p, span);
    }
    return ast_make(p, N_QSLOT, OP_NOTICE, span, list_front(p, input, body));
}
struct node *ast_charge_on(struct parse *p, struct span span, struct list phrases, struct node *when)
{
    return ast_make(p, N_CSLOT, OP_ON_EVENTS, span, when != NULL ? list_add(p, phrases, when) : phrases);
}
struct node *ast_on_verdict(struct parse *p, struct span span, const struct token *clock, const struct token *state, struct node *when)
{
    struct str word = token_text(p, state);
    bool met = str_eq(word, STR("met")), refilled = str_eq(word, STR("refilled"));
    if (!met && !refilled && !str_eq(word, STR("breached"))) {
        struct diag *m = diag(p->diags, E0123_PLACE, state->span, "`%.*s` is not how a clock ends", STR_ARG(word));
        diag_help(m, "write `on %.*s breached` or `met`; several events have commas between them", STR_ARG(token_text(p, clock)));
        return ast_broken(p, span);
    }
    struct node *n = when != NULL ? ast_one(p, N_CSLOT, OP_ON_VERDICT, span, when) : ast_leaf(p, N_CSLOT, OP_ON_VERDICT, span);
    return ast_numbered(ast_named(p, n, clock), met ? OP_MET : refilled ? OP_REFILLED : OP_BREACHED);
}
struct node *ast_once(struct parse *p, struct span span, struct node *phrase, struct node *when)
{
    bool plain = phrase->n == 0 && phrase->number == 0 && when == NULL;
    if (plain && str_eq(phrase->text, STR("overdue"))) { return ast_leaf(p, N_CSLOT, OP_ONCE_OVERDUE, span); }
    if (plain && str_eq(phrase->text, STR("restored"))) { return ast_numbered(ast_leaf(p, N_CSLOT, OP_ONCE_OVERDUE, span), -1); } /* so is the end of a suspension */
    if (plain && str_eq(phrase->text, STR("effective"))) {
        phrase->kind = N_NAME; /* the day of the header, not an event */
        return ast_one(p, N_CSLOT, OP_ONCE, span, phrase);
    }
    return ast_two(p, N_CSLOT, OP_ONCE, span, phrase, when);
}
struct node *ast_free(struct parse *p, struct span span, const struct token *amount, const struct token *unit, const struct node *every)
{
    struct node *n = ast_in_each(ast_two(p, N_CSLOT, OP_FREE, span, ast_literal(p, amount), NULL), every);
    if (unit != NULL) { ast_named(p, n, unit); }
    else { n->text = token_unit(p, amount); }
    return n;
}
/* Behind `charge` what follows works on its value in the order written; elsewhere `minimum` and `times` are slots. */
static bool is_step(const struct node *n)
{
    if (n->kind == N_CSTEP) { return true; }
    return n->kind == N_CSLOT && ((n->op == OP_FACTOR) || ((n->op == OP_MINIMUM || n->op == OP_MAXIMUM) && n->number2 == 0));
}
static struct node *step_added(struct parse *p, struct node *charging, struct node *step)
{
    step->kind = N_CSTEP;
    if (step->op == OP_FACTOR) { step->op = OP_TIMES; }
    struct list kids = { charging->kid, charging->n, charging->n };
    return ast_make(p, N_CSLOT, OP_CHARGING, span_join(charging->span, step->span), list_add(p, kids, step));
}
static bool is_period(struct str word)
{
    return str_eq(word, STR("month")) || str_eq(word, STR("quarter")) || str_eq(word, STR("year")) || str_eq(word, STR("week"));
}
/* `USD 4,500.00 per month`: a rate where people mean how often. */
static void judge_price(struct parse *p, const struct node *amount)
{
    if (amount->kind != N_PER || amount->kid[0]->kind != N_MONEY || !is_period(amount->text)) { return; }
    struct span span = span_make(amount->kid[0]->span.to, amount->span.to);
    struct diag *m = diag(p->diags, E0123_PLACE, amount->name_span, "`per` is for rates; how often is said with `every`");
    diag_fix(m, span, " every %.*s", STR_ARG(amount->text));
}
struct list ast_charge_line(struct parse *p, struct list head, struct list tails)
{
    struct list all = head;
    if (head.n == 1 && head.p[0]->kind == N_CSLOT && head.p[0]->op == OP_PRICE) { judge_price(p, head.p[0]->kid[0]); }
    for (uint32_t i = 0; i < tails.n; i++) {
        struct node *n = tails.p[i], *before = all.n > 0 ? all.p[all.n - 1] : NULL;
        bool charging = before != NULL && before->kind == N_CSLOT && before->op == OP_CHARGING;
        if (charging && is_step(n)) {
            all.p[all.n - 1] = step_added(p, before, n);
        } else if (before != NULL && before->kind == N_CSLOT && before->op == OP_FREE && n->op == OP_UNUSED_CREDITS && n->n == 1) {
            before->kid[1] = n->kid[0]; /* `10 h free in each month, unused carries over 2 months` */
            before->span = span_join(before->span, n->span);
        } else {
            all = list_add(p, all, n);
        }
    }
    return all;
}
struct node *ast_charge(struct parse *p, struct span span, enum node_op op, const struct token *name, const struct token *title, struct node *of,
                        struct list lines)
{
    struct list kids = list_one(p, of);
    uint32_t charging = 0;
    for (uint32_t i = 0; i < lines.n; i++) {
        struct node *n = lines.p[i];
        if (n->kind == N_CSLOT && n->op == OP_CHARGING) { charging = kids.n; }
        if (n->kind == N_CSTEP && charging > 0) { /* on a line of its own */
            kids.p[charging] = step_added(p, kids.p[charging], n);
            continue;
        }
        if (n->kind == N_CSTEP) {
            struct diag *m = diag(p->diags, E0123_PLACE, n->span, "there is no `charge` line whose value this could change");
            diag_help(m, "write it behind one: `charge time at rate(role), in steps of 15 min`");
            n = ast_broken(p, n->span);
        } else if (n->kind == N_CSLOT && n->op == OP_UNUSED_CREDITS && n->n > 0) {
            struct diag *m = diag(p->diags, E0123_PLACE, n->span, "there is nothing free before this that could carry over");
            diag_help(m, "write it behind what is free: `10 h free in each month, unused carries over 2 months`");
            n = ast_broken(p, n->span);
        }
        kids = list_add(p, kids, n);
    }
    return ast_titled(p, ast_make(p, N_CHARGE, op, span, kids), name, title);
}
struct node *ast_first_months(struct parse *p, struct span span, const struct token *months)
{
    int64_t n = 1;
    if (months->kind == TK_COUNTED) {
        n = months_of(p, months);
    } else if (!str_eq(token_text(p, months), STR("month"))) {
        struct diag *m = diag(p->diags, E0123_PLACE, months->span, "`%.*s` is not a length", STR_ARG(token_text(p, months)));
        diag_help(m, "write `in the first month of the term` or `in the first 3 months of the term`");
    }
    return ast_numbered(ast_leaf(p, N_EFFECT, OP_FIRST_MONTHS, span), n);
}

/* --------------------------------------------------------------------------------- caps, floors, invoices, interest */
/* `USD 500.00 per ticket` was read as a rate: gives back the amount, and in *unit what it is per. */
static struct node *without_per(struct node *amount, struct node **per)
{
    *per = amount->kind == N_PER ? amount : NULL;
    return amount->kind == N_PER ? amount->kid[0] : amount;
}
struct node *ast_cap(struct parse *p, struct span span, struct span at, struct list names, struct node *amount, struct node *window)
{
    struct node *per = NULL;
    if (names.n == 1 && str_eq(names.p[0]->text, STR("liability"))) {
        say_cap_of_liability(p, span_make(at.from, names.p[0]->span.to));
        return ast_broken(p, span);
    }
    if (window == NULL) { amount = without_per(amount, &per); }
    struct node *n = ast_two(p, N_CAP, 0, span, list_node(p, span_join(names.p[0]->span, names.p[names.n - 1]->span), names), amount);
    if (per != NULL && is_period(per->text)) {
        struct diag *m = diag(p->diags, E0123_PLACE, per->name_span, "`per` is for rates; the time of a cap is said with `in each`");
        diag_fix(m, span_make(amount->span.to, per->span.to), " in each %.*s", STR_ARG(per->text));
    }
    if (per != NULL) {
        n->text = per->text;
        n->name_span = per->name_span;
        n->number2 = OP_OF;
    } else if (window == NULL) {
        struct diag *m = diag(p->diags, E0123_PLACE, span_make(at.from, span.to), "a cap says in which time it holds");
        diag_help(m, "write `in each month`, `in any 12 months`, `over the term` or `per ticket` behind the amount");
        return ast_broken(p, span);
    }
    return ast_in_each(n, window);
}
struct node *ast_floor(struct parse *p, struct span span, struct node *amount, const struct node *every, struct span names_span, struct list names,
                       const struct token *title)
{
    return ast_titled(p, ast_in_each(ast_two(p, N_FLOOR, 0, span, amount, list_node(p, names_span, names)), every), NULL, title);
}
struct node *ast_unused_credits(struct parse *p, struct span span, struct list ways)
{
    int64_t bits = 0;
    for (uint32_t i = 0; i < ways.n; i++) { bits |= ways.p[i]->number; }
    if ((bits & 4) && bits != 4) {
        struct diag *m = diag(p->diags, E0123_PLACE, span, "credits that are forfeited cannot be kept as well");
        diag_help(m, "write `unused credits are forfeited` or `unused credits carry over, paid out at the end`");
    }
    return ast_numbered(ast_leaf(p, N_UNUSED_RULE, 0, span), bits);
}
struct node *ast_invoices(struct parse *p, struct span span, const struct node *every, struct list tails)
{
    struct node *due = NULL, *issued = NULL;
    struct list more = list_none();
    for (uint32_t i = 0; i < tails.n; i++) {
        struct node *n = tails.p[i];
        struct node **place = n->op == OP_NONE_GIVEN ? &issued : &due;
        if (*place == NULL) {
            *place = n;
        } else if (n->op == OP_DUE_ON_DAY && due->op == OP_DUE_ON_DAY) {
            more = list_add(p, more, n->kid[0]);
        } else {
            diag_label(diag(p->diags, E0123_PLACE, n->span, "invoices are %s once", place == &due ? "due" : "issued"), (*place)->span, "it is said here");
        }
        if (n->op == OP_DUE_BUSINESS && !str_eq(n->kid[0]->text, STR("business day"))) {
            struct diag *m = diag(p->diags, E0110_UNIT, n->kid[0]->span, "a calendar counts business days");
            diag_help(m, "write `due 10 business days in office after issue`, or `due 30 days after issue`");
        }
    }
    if (due == NULL) {
        struct diag *m = diag(p->diags, E0123_PLACE, span, "when invoices are due is missing");
        diag_help(m, "write `invoices every month, due 30 days after issue`");
        return ast_broken(p, span);
    }
    struct list kids = list_add(p, list_two(p, due->kid[0], due->kid[1]), issued != NULL ? issued->kid[0] : NULL);
    return ast_in_each(ast_make(p, N_INVOICES, (enum node_op)due->op, span, list_join(p, kids, more)), every);
}
struct node *ast_interest_item(struct parse *p, struct span span, struct node *value)
{
    if (value->kind == N_NAME && value->op == 0 && str_eq(value->text, STR("simple"))) { return ast_leaf(p, N_ISLOT, OP_SIMPLE, span); }
    if (value->kind == N_NAME && value->op == 0 && str_eq(value->text, STR("thirtieths"))) { return ast_leaf(p, N_ISLOT, OP_THIRTIETHS, span); }
    struct node *per;
    value = without_per(value, &per);
    if (value->kind == N_ARITH && (value->op == OP_PLUS || value->op == OP_MINUS)) { /* `base_rate + 8% per year`: all of it */
        value->kid[1] = without_per(value->kid[1], &per);
    }
    bool year = per != NULL && str_eq(per->text, STR("year")), month = per != NULL && str_eq(per->text, STR("month"));
    if (year || month) { return ast_numbered(ast_one(p, N_ISLOT, OP_RATE, span, value), year ? OP_YEAR : OP_MONTH); }
    struct str text = span_text(p, span);
    struct diag *m;
    if (value->kind == N_NAME) {
        m = diag(p->diags, E0123_PLACE, span, "`%.*s` says nothing about interest", STR_ARG(text));
        diag_help(m, "write `interest on overdue { 18%% per year, simple, days over 365; from the day after due to the day of payment }`");
    } else {
        m = diag(p->diags, E0123_PLACE, span, "a rate of interest is per year or per month");
        diag_help(m, "write `%.*s per year`", STR_ARG(span_text(p, value->span)));
    }
    return ast_broken(p, span);
}
/* `5 points above base_rate per year`, `below`: points of percentage, added to the rate or taken off. */
struct node *ast_points(struct parse *p, struct span span, enum node_op op, const struct token *n, const struct token *word, struct node *rate)
{
    struct str points = token_text(p, word);
    if (!str_eq(points, STR("points")) && !str_eq(points, STR("point"))) {
        struct diag *m = diag(p->diags, E0123_PLACE, word->span, "what a rate is above or below another are points of percentage");
        diag_help(m, "write `5 points above base_rate per year`");
        return ast_broken(p, span);
    }
    struct node *per;
    rate = without_per(rate, &per);
    struct node *more = ast_literal(p, n);
    more->kind = N_PERCENT;
    struct node *sum = ast_numbered(ast_two(p, N_ARITH, op, span, rate, more), 1);
    bool month = per != NULL && str_eq(per->text, STR("month"));
    if (per != NULL && !month && !str_eq(per->text, STR("year"))) { diag(p->diags, E0123_PLACE, per->name_span, "a rate of interest is per year or per month"); }
    return ast_numbered(ast_one(p, N_ISLOT, OP_RATE, span, sum), month ? OP_MONTH : OP_YEAR);
}
static int64_t month_day(struct parse *p, int month, const struct token *day)
{
    static const int last[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    int m = month - 1;
    int64_t d = day->number / 1000000;
    if (day->number % 1000000 == 0 && d >= 1 && d <= last[m]) { return (m + 1) * 100 + d; }
    diag_help(diag(p->diags, E0123_PLACE, day->span, "there is no such day in every year"), "write `as of the last january 1 or july 1 before due`");
    return 101;
}
struct node *ast_as_of(struct parse *p, struct span span, int month, const struct token *day, int month2, const struct token *day2)
{
    int64_t second = day2 != NULL ? month_day(p, month2, day2) : 0;
    return ast_numbered(ast_leaf(p, N_ISLOT, OP_AS_OF_DATES, span), second * 10000 + month_day(p, month, day));
}
struct node *ast_places(struct parse *p, struct span span, const struct token *n, const struct token *word)
{
    struct str places = token_text(p, word);
    bool whole = n->number % 1000000 == 0 && n->number >= 0 && n->number <= 4 * 1000000;
    if (!whole || (!str_eq(places, STR("places")) && !str_eq(places, STR("place")))) {
        struct diag *m = diag(p->diags, E0123_PLACE, span, "an amount has 0 to 4 decimal places");
        diag_help(m, "write `currency USD, 4 places, rounding half up`");
        return ast_broken(p, span);
    }
    return ast_numbered(ast_leaf(p, N_CURRENCYTAIL, OP_PLACES, span), n->number / 1000000);
}
/* `once on overdue at least 30 days`: on the 30th day after the one on which it was due. */
struct node *ast_once_overdue(struct parse *p, struct span span, const struct token *days, bool above)
{
    struct str unit = token_unit(p, days);
    int64_t n = days->number / 1000000 * (str_eq(unit, STR("week")) ? 7 : 1) + above;
    if ((!str_eq(unit, STR("day")) && !str_eq(unit, STR("week"))) || days->number % 1000000 != 0 || n < 1) {
        struct diag *m = diag(p->diags, E0110_UNIT, days->span, "how long a debt is overdue is said in days");
        diag_help(m, "write `once on overdue at least 30 days`");
        return ast_broken(p, span);
    }
    return ast_numbered(ast_leaf(p, N_CSLOT, OP_ONCE_OVERDUE, span), n);
}
struct node *ast_days_over(struct parse *p, struct span span, const struct token *days)
{
    bool whole = days->number == (int64_t)365 * 1000000;
    if (!whole && days->number != (int64_t)360 * 1000000) {
        struct diag *m = diag(p->diags, E0123_PLACE, days->span, "a year of interest has 365 or 360 days");
        diag_help(m, "write `days over 365`, `days over 360` or `days of the year`");
    }
    return ast_leaf(p, N_ISLOT, whole ? OP_DAYS_365 : OP_DAYS_360, span);
}

/* ------------------------------------------------------------------------------------------ rights, limits, duties */
struct node *ast_right(struct parse *p, struct span span, enum node_op op, int party, int reason, struct span names_span, struct list names,
                       const struct token *title, struct list lines)
{
    struct list kids = list_front(p, list_node(p, names_span, names), lines);
    struct node *n = ast_numbered(ast_titled(p, ast_make(p, N_RIGHT, op, span, kids), NULL, title), party);
    n->number2 = reason;
    return n;
}
/* `ends on the last day of the quarter`, or of the term. */
struct node *ast_last_day_of(struct parse *p, struct span span, const struct token *what)
{
    int op = str_eq(token_text(p, what), STR("term")) ? OP_TERM_PERIOD : period_op(p, what);
    if (op != 0 && op != OP_DAY) { return ast_numbered(ast_leaf(p, N_RSLOT, OP_LAST_DAY_OF, span), op); }
    struct diag *m = diag(p->diags, E0123_PLACE, what->span, "an agreement does not end on the last day of a `%.*s`", STR_ARG(token_text(p, what)));
    diag_help(m, "write `month`, `quarter`, `year`, `contract month`, `contract year` or `term`");
    return ast_broken(p, span);
}
struct node *ast_limit(struct parse *p, struct span span, struct node *amount)
{
    struct node *per;
    struct node *whole = without_per(amount, &per);
    if (per == NULL) { return ast_one(p, N_LIMIT, 0, span, amount); }
    if (str_eq(per->text, STR("claim"))) { return ast_numbered(ast_one(p, N_LIMIT, 0, span, whole), 1); }
    struct diag *m = diag(p->diags, E0123_PLACE, per->name_span, "liability is limited in all or per claim");
    diag_fix(m, per->name_span, "claim");
    return ast_broken(p, span);
}
struct node *ast_limits(struct parse *p, struct span span, const struct token *party, struct list limits)
{
    int who;
    if (!is_party(p, party, &who)) { return ast_broken(p, span); }
    return ast_numbered(ast_make(p, N_LIMITS, 0, span, limits), who);
}
struct node *ast_by_day(struct parse *p, struct span span, const struct token *day, int period)
{
    struct node *n = ast_numbered(ast_leaf(p, N_DSLOT, OP_BY_DAY, span), day->number / 1000000);
    n->number2 = period;
    if (day->number % 1000000 != 0 || n->number < 1 || n->number > 366) {
        diag_help(diag(p->diags, E0112_DATE, day->span, "there is no such day"), "days count from 1: `by day 15 of every month`");
        n->number = 1;
    }
    return n;
}
/* `once in every week` (times NULL), `2 times in every month`. */
struct node *ast_times_in(struct parse *p, struct span span, const struct token *times, int period)
{
    struct node *n = ast_numbered(ast_leaf(p, N_DSLOT, OP_TIMES_IN, span), times != NULL ? times->number / 1000000 : 1);
    n->number2 = period;
    if (times != NULL && (times->number % 1000000 != 0 || n->number < 1 || n->number > 1000)) {
        diag_help(diag(p->diags, E0111_NUMBER, times->span, "this is no number of times"), "write a whole number: `2 times in every month`");
        n->number = 1;
    }
    return n;
}
/* `after`: the PHRASE, and perhaps its WHEN. */
struct node *ast_duty_within(struct parse *p, struct span span, struct span items_span, struct list items, struct node *calendar,
                             struct list after)
{
    struct node *first = items.p[0];
    bool within = first->kind == N_TARGETMODE && first->op == OP_WITHIN;
    if (!within) {
        struct diag *m = diag(p->diags, E0123_PLACE, first->span, "a duty is done within a time");
        if (first->kind == N_COUNTED) { diag_fix(m, span_make(first->span.from, first->span.from), "within "); }
        else { diag_help(m, "write `within 2 business days, end of day in support after info_requested`"); }
    } else {
        items.p[0] = first->kid[0];
    }
    return ast_make(p, N_DSLOT, OP_WITHIN, span, list_front(p, list_node(p, items_span, items), list_front(p, calendar, after)));
}
struct node *ast_recovery(struct parse *p, struct span span, const struct token *entity, const struct token *key, struct list lines)
{
    struct node *n = ast_make(p, N_RECOVERY, 0, span, list_front(p, ast_name(p, entity), lines));
    return ast_titled(p, n, NULL, key);
}
struct node *ast_amendment(struct parse *p, struct span span, const struct token *number, const struct token *word, const struct token *date,
                           const struct token *title, struct list lines)
{
    if (!str_eq(token_text(p, word), STR("effective"))) {
        struct diag *m = diag(p->diags, E0123_PLACE, word->span, "an amendment says from when it is effective");
        diag_fix(m, word->span, "effective");
    }
    struct node *n = ast_titled(p, ast_make(p, N_AMENDMENT, 0, span, list_front(p, ast_literal(p, date), lines)), NULL, title);
    n->text = token_text(p, number);
    n->name_span = number->span;
    return n;
}

/* ---------------------------------------------------------------------------------------------------- expectations */
struct node *ast_expect_charge(struct parse *p, struct span span, const struct token *charge, struct span period, const struct token *date,
                               struct node *amount, struct list key)
{
    struct list kids = list_two(p, date != NULL ? ast_literal(p, date) : NULL, amount);
    kids = list_add(p, kids, key.n > 0 ? key.p[0] : NULL);
    struct node *n = ast_named(p, ast_make(p, N_EXPECTMONEY, OP_EXPECT_CHARGE, span, kids), charge);
    if (date == NULL) { n->title = span_text(p, period); }
    return n;
}
struct node *ast_expect_invoice(struct parse *p, struct span span, struct span period, struct node *amount, const struct token *due)
{
    struct node *n = ast_two(p, N_EXPECTMONEY, OP_EXPECT_INVOICE, span, NULL, amount);
    n->title = span_text(p, period);
    n->name_span = period;
    n->number2 = due != NULL ? due->number : NONE;
    return n;
}
struct node *ast_expect_now(struct parse *p, struct span span, const char *state, const struct token *date)
{
    struct node *n = ast_one(p, N_EXPECTMONEY, OP_EXPECT_STATE, span, ast_literal(p, date));
    n->text = str_of(state);
    return n;
}
struct node *ast_expect_level(struct parse *p, struct span span, struct list left, const struct token *date, struct node *number)
{
    struct node *name = left.p[0];
    if (left.n != 1 || name->kind != N_NAME || name->op != 0) {
        diag_help(diag(p->diags, E0123_PLACE, name->span, "a quantity is expected here"), "write `expect seats on 2026-03-10 25`");
        return ast_broken(p, span);
    }
    struct node *n = ast_two(p, N_EXPECTMONEY, OP_EXPECT_LEVEL, span, ast_literal(p, date), number);
    n->text = name->text;
    n->name_span = name->name_span;
    return n;
}
struct node *ast_expect_right(struct parse *p, struct span span, const struct token *right, const struct token *date, bool no)
{
    struct node *n = ast_one(p, N_EXPECTMONEY, OP_EXPECT_RIGHT, span, ast_literal(p, date));
    n->title = token_inside(p, right);
    n->name_span = right->span;
    return ast_numbered(n, no);
}
