/* SPDX-License-Identifier: MIT */
/* What an example's run said about money, and whether that is what is expected (examples_money.c). */
#ifndef MSA_RUNTIME_EXAMPLES_MONEY_H
#define MSA_RUNTIME_EXAMPLES_MONEY_H
#include "base/str.h"
#include "msa/run.h"
#include "runtime/state.h"

struct seen_line { struct str charge, kind, period, key; int32_t day; int64_t amount; bool billed; };
struct seen_invoice { struct str name; int32_t first, last, due; int64_t total; };
struct seen_state { uint32_t clause; struct str word, what; int32_t day; int64_t amount; };
struct seen_money {
    struct arena *arena;                /* of the trial */
    VEC(struct seen_line) lines;
    VEC(struct seen_invoice) invoices;
    VEC(struct seen_state) states;      /* of the agreement, and of rights */
    VEC(struct seen_state) accounts;    /* final accounts */
    VEC(struct seen_state) claims;      /* for what somebody is liable for: what was accepted */
    VEC(struct str) refused;            /* why */
};

void seen_money(struct seen_money *s, const struct msa_result *r);
/* Inside a guard of the engine: formulas may fail. In `got` what came out, in words. */
bool money_holds(const struct seen_money *s, struct engine *e, const struct m_expect *x, struct sb *got);
#endif
