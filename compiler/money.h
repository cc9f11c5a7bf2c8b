/* SPDX-License-Identifier: MIT */
/* Literals of money (money.c). An agreement has one currency: that of its header, else that of the first amount. */
#ifndef MSA_COMPILER_MONEY_H
#define MSA_COMPILER_MONEY_H
#include "compiler/model.h"

/* Makes code the currency of the agreement, with a message when there is none of that name. */
/* `rounding half up`, `4 places`. */
void currency_tail(struct unit *u, const struct node *n);
void currency_set(struct unit *u, struct str code, struct span at);
/* Written as `$5`? The parser has said what is wrong (E0114). */
bool money_by_sign(struct unit *u, const struct node *e);
/* Is the MONEY node e in the agreement's currency? False after a message. */
void currency_unsaid(struct unit *u);   /* W1003; after the charges are checked */
bool currency_check(struct unit *u, const struct node *e);
/* The number of a MONEY node as a decimal, without commas and closing zeros: `USD 4,500.00` gives 4500. Any size. */
struct str money_decimal(struct unit *u, const struct node *e);
uint32_t money_decimals(struct str decimal);   /* digits behind the point */
/* As a value of VT_MONEY: thousandths of the minor unit. False after a message: other currency, too fine, too large. */
bool money_read(struct unit *u, const struct node *e, int64_t *thousandths);
struct str money_plain(struct unit *u, int64_t thousandths);   /* "4500.00" */
struct str money_words(struct unit *u, int64_t thousandths);   /* "USD 4500.00" */
#endif
