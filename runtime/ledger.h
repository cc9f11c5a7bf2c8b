/* SPDX-License-Identifier: MIT */
/* The ledger: what is owed, by dates (docs/design/money.md).
 *
 * A charge is a formula over facts and a period; an invoice bills what the formula gives with what is known on its day, less
 * what it billed before. Facts come from handlers, verdicts of clocks and measures; the ledger goes forward by local days of
 * the agreement's zone. Day D is settled at its end, so that a deadline's effect is at the end of its last day (A7) and an
 * invoice knows what happened on its day. */
#ifndef MSA_RUNTIME_LEDGER_H
#define MSA_RUNTIME_LEDGER_H
#include "msa/run.h"
#include "runtime/entity.h"

struct engine;
struct ledger;

/* NULL when the agreement has no money in it. Fails the engine when a formula's constant is no number. */
struct ledger *ledger_open(struct engine *e);
void ledger_close(struct ledger *l);
/* The first thing that happens at all: days are settled from the effective date, or from here where none is written. */
void ledger_begin(struct ledger *l, instant at);
/* The instant at which the next day is over; NEVER: there is nothing left to settle. */
instant ledger_next(const struct ledger *l);
/* It is there: settles the day. */
void ledger_settle_day(struct ledger *l);
/* The end of the run at e->now: what has happened and is not billed yet, and how debts stand. */
void ledger_finish(struct ledger *l);

/* What if a party left with `on` as the last day, notice being given today: gives the notice and says when that day is over, for
 * time to pass until then; NONE: it cannot be, which has been told as refused. */
struct settle_question { date on; enum msa_party by; enum msa_reason_to_leave reason; };
instant ledger_leave(struct ledger *l, const struct settle_question *q);

/* What a handler tells: FACT_SLOTS scalars, then the values as FACT lists them. */
void ledger_fact(struct ledger *l, struct entity *n, uint32_t fact, const int64_t *value, struct str text);
/* While the engine keeps what an event changes (undo.on), what it tells is held: ledger_check works out what it comes to and
 * traps where that cannot be done, ledger_take takes it, ledger_drop forgets it and goes back to where ledger_mark was. */
void ledger_mark(struct ledger *l);
void ledger_check(struct ledger *l);
void ledger_take(struct ledger *l);
void ledger_drop(struct ledger *l);
/* A clock's verdict, and that it was withdrawn. */
void ledger_verdict(struct ledger *l, struct entity *n, uint32_t slot, enum msa_clock_state verdict, instant at);
void ledger_withdraw(struct ledger *l, struct entity *n, uint32_t slot);
/* The final figure of a measure for a period and group, or its correction. */
void ledger_measure(struct ledger *l, uint32_t measure, const struct msa_result *r);
/* Whether a suspension in force pauses the clock. */
bool ledger_pauses(const struct ledger *l, uint32_t clock);
/* How what a charge comes to in a period is worked out with what is known now, also where that is nothing. False: it has no such
 * period. After the end of the run. */
bool ledger_explain_charge(struct ledger *l, struct str charge, struct str period, int (*step)(void *ctx, const struct msa_money_step *s), void *ctx);
/* Expands one line into the steps of its arithmetic, inside the sink. */
int ledger_explain(struct ledger *l, const struct msa_result *r, int (*step)(void *ctx, const struct msa_money_step *s), void *ctx);
#endif
