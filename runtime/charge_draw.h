/* SPDX-License-Identifier: MIT */
/* What the files of charges share: charge_span.c (periods, windows), charge_amount.c (one amount), charge_facts.c (happenings),
 * charge.c (periods and what is drawn in them). */
#ifndef MSA_RUNTIME_CHARGE_DRAW_H
#define MSA_RUNTIME_CHARGE_DRAW_H
#include "runtime/ledger_state.h"

/* Whole months from a to b, b not before a. */
int64_t charge_months_since(date a, date b);
/* The period in which facts of a charge are taken together. */
struct days charge_fact_period(const struct ledger *l, const struct m_charge *c, date day);
/* The price for the units at hand, or the charge's amount. False: there is none. */
bool charge_priced(struct ledger *l, const struct at_hand *h, mpq_ptr out);
/* Days of a period that the life of the charge leaves, as a share of it (A4). */
void charge_share(const struct m_charge *c, struct days clipped, struct days nominal, mpq_ptr out);
/* The exception that holds, applied; factor, floor and ceiling of each: in this order (A2). */
/* Whether an exception that holds says no charge. */
bool charge_exempt(struct ledger *l, const struct at_hand *h);
void charge_except(struct ledger *l, const struct at_hand *h, mpq_ptr amount);
void charge_bind_each(struct ledger *l, const struct at_hand *h, mpq_ptr amount);
void charge_say_bound(struct ledger *l, const struct at_hand *h, const char *what, mpq_srcptr bound, mpq_srcptr amount);
/* Rounded by the agreement's mode; what the customer owes, credits and discounts negative. Traps above 10^15. */
int64_t charge_signed_minor(struct ledger *l, const struct at_hand *h, mpq_srcptr amount);
/* Quantity, unit and price, for the line. */
void charge_describe(struct ledger *l, const struct at_hand *h, struct drawn *d);
/* The lines of a charge on facts in the period at hand. */
void charge_draw_facts(struct ledger *l, struct at_hand *h, draw_fn *give, void *ctx);
#endif
