/* SPDX-License-Identifier: MIT */
/* Invoices, interest, rights and limits as terms.c and rights.c find them and money_emit.c writes them down. */
#ifndef MSA_COMPILER_TERMS_H
#define MSA_COMPILER_TERMS_H
#include "compiler/charge.h"

struct floor_info { const struct node *node, *section; struct amount *amount; uint32_t period, period_n; struct lines_info *lines; };
struct terms_info {
    const struct node *node, *section;             /* of the first clause that says something */
    const struct node *interest_node, *interest_section;
    uint32_t period, period_n, issue_after, due, due_n; struct calendar_info *calendar;
    uint32_t allocation, leftover, combine;
    struct amount *interest; uint32_t interest_per, days_over, compound, interest_flags;
    uint32_t due_n2, parts, as_of, dispute, dispute_n;
    bool said_invoices, said_payments, said_disputes;
};
struct settles_info { const struct node *node; uint32_t kind; struct amount *amount; };
struct right_info {
    const struct node *node, *section; uint32_t kind, party, flags, notice, notice_months, received, cure, within, not_before, not_before_days, notice_from, notice_from_days, ends_on;
    int64_t first, last; /* of notices and arising: amendments */
    struct calendar_info *notice_in; struct amount *event; struct fact_info *on, *cured; VEC(struct charge_info *) ends;
    struct amount *when, *requires, *until; VEC(struct str) services; VEC(struct clock_info *) pauses; VEC(struct charge_info *) continues; VEC(struct settles_info) settles;
};
struct limit_info {
    const struct node *node, *section; uint32_t party, flags, annualised, barred, barred_months; struct amount *amount; struct str kind;
    struct lines_info *credits; int64_t first, last; struct limit_info *before; uint32_t index;
};

/* terms.c: what interest is, into the terms of the agreement. */
void interest_check(struct unit *u, struct source_module *m, const struct node *n, const struct node *section);
/* rights.c */
void right_check(struct unit *u, struct source_module *m, const struct node *n, const struct node *section);
void limits_check(struct unit *u, struct source_module *m, const struct node *n, const struct node *section);
/* Whole days of a COUNTED in days or weeks; its months in months or years (negative: none of both, after a message). */
void days_or_months(struct unit *u, const struct node *e, uint32_t *days, uint32_t *months);
#endif
