/* SPDX-License-Identifier: MIT */
/* What examples and adapters share: values in the form in which events carry them. */
#ifndef MSA_COMPILER_EXAMPLE_H
#define MSA_COMPILER_EXAMPLE_H
#include "compiler/unit.h"

/* The value as an event's JSON has it, or (json false) as a column of text has it. */
void value_write(struct sb *b, struct type t, int64_t scalar, struct str text, bool json);
/* "the event … has no field …", with what was probably meant. */
void field_unknown(struct unit *u, struct event_info *ev, struct str word, struct span at);

struct expectation {
    uint32_t kind, flags; const struct node *node;
    struct str key;                 /* of the entity it is about; n = 0: none */
    struct clock_info *clock; struct measure_info *measure; struct calendar_info *calendar;
    struct entity_info *entity; struct tex *value;
    uint32_t cycle; int64_t at, due, due_first, stopped, elapsed, paused, part, whole;
    struct charge_info *charge; struct quantity_info *quantity; struct account_info *account; uint32_t right; /* RIGHT or NO_REF */
    int64_t amount, day, day_last;  /* minor units; dates, both in */
    struct str state, text, reading;
};
struct example_key { struct str key; struct entity_info *entity; uint32_t next; /* of the same text, of another entity; NO_REF */ };
struct example_info {
    const struct node *node; struct source_module *module;
    const struct node *owner, *section;   /* the declaration it stands in, or NULL */
    struct sb events; instant as_of;
    VEC(struct example_key) keys;         /* none twice */
    struct names *key_names; VEC(uint32_t) first_key; /* by the text's name - 1 */
    VEC(struct expectation) expects;
    bool rejects;                         /* one of its events is expected to be rejected */
    bool unclear;                         /* what one of its events is about is not known: a message was given */
};

/* example_expect.c */
void example_expect(struct unit *u, struct example_info *x, const struct node *line);
struct expectation expectation(struct unit *u, enum expect_kind kind, const struct node *line);
/* Does an event of the example tell about the entity `key`, of kind `want` (NULL: any)? False after a message. */
bool told_about(struct unit *u, struct example_info *x, const struct node *key, struct entity_info *want);
/* The number of n digits at `from`, -1 when they are none; a date at the start of s, NONE when there is none. */
int64_t example_digits(struct str s, size_t from, size_t n);
int64_t example_date(struct str s);
/* The name that the runtime gives the period (runtime/period.c); n = 0: what is written is no such period. How it is written. */
struct str example_period(struct unit *u, uint32_t period, uint32_t period_n, struct str written);
const char *example_period_form(uint32_t period, uint32_t period_n);

/* example_money.c */
void example_money(struct unit *u, struct example_info *x, const struct node *line);
#endif
