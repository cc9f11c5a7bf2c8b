/* SPDX-License-Identifier: MIT */
/* What the actions of msa.y call: builders of nodes, one call an action. Inside grammar/ only. */
#ifndef MSA_GRAMMAR_BUILD_H
#define MSA_GRAMMAR_BUILD_H
#include "grammar/ast.h"
#include "grammar/token.h"

struct parse;

/* A list under construction; appending is O(1) because the newest list is usually the newest allocation. */
struct list { struct node **p; uint32_t n, cap; };

/* Operands and the words between them, as written. */
struct chain { struct list operands; const struct token **joint; uint32_t joints, joints_cap; };

union value {
    struct token *tok;
    struct node *node;
    struct list list;
    struct chain *chain;
    int op;
};

/* --- lists --- */
struct list list_none(void);
struct list list_one(struct parse *p, struct node *n);
struct list list_two(struct parse *p, struct node *a, struct node *b);
struct list list_add(struct parse *p, struct list l, struct node *n);
struct list list_join(struct parse *p, struct list a, struct list b);
struct list list_front(struct parse *p, struct node *n, struct list l);

/* --- nodes in general --- */
struct node *ast_make(struct parse *p, enum node_kind kind, enum node_op op, struct span span, struct list kids);
struct node *ast_leaf(struct parse *p, enum node_kind kind, enum node_op op, struct span span);
struct node *ast_one(struct parse *p, enum node_kind kind, enum node_op op, struct span span, struct node *kid);
struct node *ast_two(struct parse *p, enum node_kind kind, enum node_op op, struct span span, struct node *a, struct node *b);
/* A declaration: its name, and its title when one was written (both may be NULL). */
struct node *ast_titled(struct parse *p, struct node *n, const struct token *name, const struct token *title);
struct node *ast_named(struct parse *p, struct node *n, const struct token *name);
struct node *ast_texted(struct parse *p, struct node *n, const struct token *text);
struct node *ast_numbered(struct node *n, int64_t number);
struct node *ast_clause(struct parse *p, struct node *n, const struct token *number, struct span span);
struct node *ast_broken(struct parse *p, struct span span);
struct node *ast_section(struct parse *p, struct span span, const struct token *number, const struct token *title, struct list kids);

/* --- values --- */
struct node *ast_name(struct parse *p, const struct token *t);
struct node *ast_name_of(struct parse *p, struct span span, const struct token *t, struct node *of);
struct node *ast_text(struct parse *p, const struct token *t);
struct node *ast_literal(struct parse *p, const struct token *t);  /* NUMBER PERCENT COUNTED MONEY DATE TIME */
struct node *ast_midnight(struct parse *p, const struct token *d);   /* the first instant of a date */
struct node *ast_instant(struct parse *p, struct span span, const struct token *d, const struct token *t, const struct token *offset);
struct node *ast_weekday(struct parse *p, struct span span, int weekday);
struct node *ast_yesno(struct parse *p, struct span span, bool yes);
struct node *ast_band(struct parse *p, struct span span, struct node *lo, bool lo_in, struct node *hi, bool hi_in);
struct node *ast_call(struct parse *p, struct span span, const struct token *name, struct list args);
struct node *ast_list_of(struct parse *p, struct span span, struct list items); /* one item: itself */

/* --- conditions --- */
struct chain *chain_one(struct parse *p, struct node *n);
struct chain *chain_add(struct parse *p, struct chain *c, const struct token *joint, struct node *n);
struct node *ast_joined(struct parse *p, struct span span, struct chain *c);
struct node *ast_calendar_value(struct parse *p, struct span span, struct chain *c);
/* A condition in brackets inside a calendar is a calendar, too. */
struct node *ast_as_calendar(struct parse *p, struct node *n);
struct node *ast_compare(struct parse *p, struct span span, enum node_op op, struct node *l, struct node *r);
struct node *ast_compare_in(struct parse *p, struct span span, enum node_op op, struct node *l, struct list items);
struct node *ast_equals(struct parse *p, struct span span, struct node *l, const struct token *eq, struct node *r);
struct node *ast_is_too(struct parse *p, struct span span, struct node *l, const struct token *is, enum node_op op, struct node *r);
struct node *ast_waiting(struct parse *p, struct span span, const struct token *name, struct list reasons);

/* --- dates --- */
struct node *ast_days(struct parse *p, struct span span, int64_t from, int64_t to);
struct node *ast_days_add(struct parse *p, struct span span, struct node *a, struct node *b);
struct node *ast_hours(struct parse *p, struct span span, const struct token *from, const struct token *to);
struct node *ast_fixed(struct parse *p, struct span span, int64_t month, const struct token *day);
struct node *ast_yearly(struct parse *p, struct span span, int64_t m1, const struct token *d1, int64_t m2, const struct token *d2);
struct node *ast_nth(struct parse *p, struct span span, int64_t nth, int64_t weekday, int64_t month);
struct node *ast_near(struct parse *p, struct span span, enum node_op op, int64_t nth, int64_t weekday, int64_t month, const struct token *day);
struct node *ast_date_range(struct parse *p, struct span span, const struct token *a, const struct token *b);
struct node *ast_rule_mod(struct parse *p, struct span span, struct node *rule, struct node *mod);
struct node *ast_rule_shift(struct parse *p, struct span span, struct node *rule, int sign, const struct token *by);
struct node *ast_rule_title(struct parse *p, struct span span, struct node *rule, const struct token *title);
struct node *ast_mod_from_to(struct parse *p, struct span span, enum node_op op, int64_t to, int64_t from);
struct node *ast_mod_year(struct parse *p, struct span span, enum node_op op, const struct token *year);
struct node *ast_unless_in(struct parse *p, struct span span, const struct token *year);
struct node *ast_calendar_line(struct parse *p, struct span span, enum node_op op, struct list items);
struct node *ast_during(struct parse *p, struct span span, struct list items, struct list lines);
struct list ast_holiday_lines(struct parse *p, struct list into, struct list items);

/* --- clauses with some shape of their own --- */
struct node *ast_table(struct parse *p, struct span span, const struct token *name, const struct token *title, struct span inputs_span,
                       struct list inputs, struct list body);
struct node *ast_hit(struct parse *p, struct span span, enum node_op op);
struct node *ast_heading_cell(struct parse *p, const struct token *t);
struct node *ast_cell(struct parse *p, struct span span, struct list items);
struct node *ast_heading(struct parse *p, struct span span, struct list cells, bool cross);
struct node *ast_events(struct parse *p, struct span span, enum node_op op, struct list phrases, struct node *when);
struct node *ast_phrase(struct parse *p, struct span span, const struct token *name, bool first, struct list preps);
struct node *ast_prep(struct parse *p, struct span span, const struct token *word, struct list values);
struct node *ast_on_event(struct parse *p, struct span span, struct list events, const struct token *what);
struct node *ast_step(struct parse *p, struct span span, enum node_op op, struct node *amount, struct list tail);
struct node *ast_percent_of(struct parse *p, const struct token *percent, const struct token *of);
struct node *ast_again(struct parse *p, struct span span, const struct token *word, const struct token *times);
struct node *ast_chain(struct parse *p, struct span span, const struct token *name, const struct token *title, struct node *entity,
                       struct node *on, struct list lines);
struct node *ast_measure(struct parse *p, struct span span, const struct token *name, const struct token *title, struct node *of,
                         struct list lines);
struct node *ast_source_of(struct parse *p, struct span span, enum node_op op, struct node *value, struct node *value2, struct list preps);
struct node *ast_source_clock(struct parse *p, struct span span, enum node_op op, struct node *phrase, const struct token *state);
struct node *ast_counted_period(struct parse *p, struct span span, const struct token *word, const struct token *zone);
struct node *ast_exception(struct parse *p, struct span span, const struct token *number, const struct token *title, bool notwithstanding,
                           struct list lines);
struct node *ast_field(struct parse *p, struct span span, const struct token *prep, const struct token *name, const struct token *type,
                       struct list tail);

/* --- examples --- */
struct node *ast_event_line(struct parse *p, struct span span, struct node *at, const struct token *event, struct node *key, struct list args);
struct node *ast_expect_state(struct parse *p, struct span span, struct list left, const struct token *state, struct list args, bool no);
struct node *ast_expect_open(struct parse *p, struct span span, struct list left, const struct token *state, struct node *at);
struct node *ast_expect_is(struct parse *p, struct span span, struct list left, struct node *right);
struct node *ast_expect_in(struct parse *p, struct span span, struct list left, struct span period, struct node *right);
struct node *ast_arg(struct parse *p, struct span span, const struct token *prefix, const struct token *name, struct node *value);

/* --- money (ast_money.c): amounts and periods --- */
struct list ast_lines(struct parse *p, struct list lines, const struct token *joint, const struct token *name, const struct token *of_that);
struct node *ast_linesum(struct parse *p, struct span span, struct node *lines, struct node *window);
struct node *ast_counted_lines(struct node *window, enum node_op op);
struct node *ast_window(struct parse *p, struct span span, const struct token *which, const struct token *what);
struct node *ast_next_window(struct parse *p, struct span span, const struct token *which, const struct token *what);
struct node *ast_window_before(struct parse *p, struct span span, const struct token *which, const struct token *length, const struct token *what,
                               const struct token *day, bool first); /* before (what day); NULL: not said */
struct node *ast_per_step(struct parse *p, struct span span, int op, struct node *amount, const struct token *step, const struct token *unit,
                          struct node *quantity);
struct node *ast_step_limit(struct parse *p, struct span span, struct node *steps, enum node_op op, struct node *limit);
struct node *ast_chosen(struct parse *p, struct span span, const struct token *by);
struct node *ast_figures(struct parse *p, struct span span, enum node_op how, struct node *measure, const struct token *over);
struct node *ast_in_periods(struct parse *p, struct span span, struct node *condition, const struct token *times, const struct token *of);
/* `month`, `quarter` …: enum node_op. */
int ast_period(struct parse *p, const struct token *word);
/* Carries number and op of a period until the clause takes them: number n, number2 op. */
struct node *ast_every(struct parse *p, struct span span, int64_t n, int op);
struct node *ast_every_counted(struct parse *p, const struct token *length);
struct node *ast_any_months(struct parse *p, struct span span, const struct token *length);
struct node *ast_in_each(struct node *n, const struct node *every); /* NULL: no period */

/* --- money: clauses --- */
struct node *ast_quantity(struct parse *p, struct span span, const struct token *name, const struct token *title, struct span phrases_span,
                          struct list phrases, struct node *when, struct list slots);
struct node *ast_series(struct parse *p, struct span span, const struct token *name, const struct token *title, struct list body);
struct node *ast_charge(struct parse *p, struct span span, enum node_op op, const struct token *name, const struct token *title, struct node *of,
                        struct list lines);
struct list ast_charge_line(struct parse *p, struct list head, struct list tails);
struct node *ast_charge_table(struct parse *p, struct span span, enum node_op op, struct node *input, struct list body);
struct node *ast_raised(struct parse *p, struct span span, struct node *price, struct node *share, const struct node *every, struct list tails);
struct node *ast_notice_table(struct parse *p, struct span span, struct node *input, struct list body);
struct node *ast_charge_on(struct parse *p, struct span span, struct list phrases, struct node *when);
struct node *ast_on_verdict(struct parse *p, struct span span, const struct token *clock, const struct token *state, struct node *when);
struct node *ast_number_of(struct parse *p, const struct token *number, const struct token *unit);
struct node *ast_account_events(struct parse *p, struct span span, enum node_op op, struct list phrases, struct node *when);
struct node *ast_share_used(struct parse *p, struct span span, const struct token *share, const struct token *used, struct list recipients);
struct node *ast_once(struct parse *p, struct span span, struct node *phrase, struct node *when);
struct node *ast_free(struct parse *p, struct span span, const struct token *amount, const struct token *unit, const struct node *every);
struct node *ast_first_months(struct parse *p, struct span span, const struct token *months);
struct node *ast_cap(struct parse *p, struct span span, struct span at, struct list names, struct node *amount, struct node *window);
struct node *ast_floor(struct parse *p, struct span span, struct node *amount, const struct node *every, struct span names_span, struct list names,
                       const struct token *title);
struct node *ast_unused_credits(struct parse *p, struct span span, struct list ways);
struct node *ast_invoices(struct parse *p, struct span span, const struct node *every, struct list tails);
struct node *ast_interest_item(struct parse *p, struct span span, struct node *value);
struct node *ast_points(struct parse *p, struct span span, enum node_op op, const struct token *n, const struct token *word, struct node *rate);
struct node *ast_as_of(struct parse *p, struct span span, int month, const struct token *day, int month2, const struct token *day2);
struct node *ast_places(struct parse *p, struct span span, const struct token *n, const struct token *word);
struct node *ast_once_overdue(struct parse *p, struct span span, const struct token *days, bool above);
struct node *ast_days_over(struct parse *p, struct span span, const struct token *days);
struct node *ast_right(struct parse *p, struct span span, enum node_op op, int party, int reason, struct span names_span, struct list names,
                       const struct token *title, struct list lines);
struct node *ast_limits(struct parse *p, struct span span, const struct token *party, struct list limits);
struct node *ast_last_day_of(struct parse *p, struct span span, const struct token *what);
struct node *ast_limit(struct parse *p, struct span span, struct node *amount);
struct node *ast_by_day(struct parse *p, struct span span, const struct token *day, int period);
struct node *ast_duty_within(struct parse *p, struct span span, struct span items_span, struct list items, struct node *calendar,
                             struct list after);
struct node *ast_times_in(struct parse *p, struct span span, const struct token *times, int period);
struct node *ast_recovery(struct parse *p, struct span span, const struct token *entity, const struct token *key, struct list lines);
struct node *ast_amendment(struct parse *p, struct span span, const struct token *number, const struct token *word, const struct token *date,
                           const struct token *title, struct list lines);

/* --- money: expectations --- */
struct node *ast_expect_charge(struct parse *p, struct span span, const struct token *charge, struct span period, const struct token *date,
                               struct node *amount, struct list key);
struct node *ast_expect_invoice(struct parse *p, struct span span, struct span period, struct node *amount, const struct token *due);
struct node *ast_expect_now(struct parse *p, struct span span, const char *state, const struct token *date);
struct node *ast_expect_level(struct parse *p, struct span span, struct list left, const struct token *date, struct node *number);
struct node *ast_expect_right(struct parse *p, struct span span, const struct token *right, const struct token *date, bool no);

/* --- adapters --- */
struct node *ast_column_number(struct parse *p, struct span span, const struct token *name, const struct token *word, const struct token *number);
struct node *ast_map_row(struct parse *p, struct span span, struct node *left, struct node *right);
struct node *ast_adapter_rule(struct parse *p, struct span span, enum node_op op, struct list conditions, struct node *make);
struct node *ast_at(struct parse *p, struct span span, struct node *column, int sign, const struct token *by, const struct token *as);
struct node *ast_adapter_field(struct parse *p, struct span span, const struct token *name, struct node *from, const struct token *through,
                               const struct token *unit);
struct node *ast_recorded(struct parse *p, struct span span, const struct token *name, struct node *column, struct list tail);
#endif
