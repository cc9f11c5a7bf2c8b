/* SPDX-License-Identifier: MIT */
/* For the files that make invoices: accounts.c (what is owed), billing.c (the invoice), claims.c (credits to be claimed). */
#ifndef MSA_RUNTIME_BILLING_H
#define MSA_RUNTIME_BILLING_H
#include "runtime/ledger_state.h"

/* An invoice's day; `last`: that which ends the agreement, draft: none, but what one would bill. */
struct day_at { date day; struct days period; bool last, draft; };

/* ---- accounts.c ---- */
bool billing_reads(const struct ledger *l, uint32_t charge, uint32_t kind);
/* What happened earlier and has become known by now touches what reads it. */
void billing_learn(struct ledger *l, instant horizon);
/* Works out the periods of a charge that are billable on the day and may have changed. */
void billing_work(struct ledger *l, uint32_t charge, const struct day_at *at, instant horizon, const struct invoice *making);
/* What of it is owed: the largest only, within caps. */
void billing_accounts(struct ledger *l, instant horizon, const struct invoice *making);
/* ---- claims.c ---- */
void billing_lapse(struct ledger *l, date day);
#endif
