/* SPDX-License-Identifier: MIT */
/* Accounts that fees draw from: lots come in, by events and periods; work and lines draw from them in order; what is left of a
 * lot lapses after its last day. All accounts that one fee draws from are worked out together, from the first day on, with what
 * is known at a horizon. */
#ifndef MSA_RUNTIME_BALANCE_H
#define MSA_RUNTIME_BALANCE_H
#include "runtime/ledger_state.h"

/* Numbers that live as long as a working-out. */
struct lot {
    uint32_t account, source;
    date first, last;               /* last: of its life, FAR_DATE: none */
    date cut;                       /* the day after which only a share of it is left; FAR_DATE */
    const struct fact *fact;        /* that brought it; NULL */
    struct days period;             /* of LOT_PERIOD and LOT_REFILL */
    mpq_ptr amount, rest;
};
enum movement_kind { MOVED_IN, MOVED_REFILL, MOVED_DRAWN, MOVED_TAKEN, MOVED_LAPSED };
struct movement {
    uint32_t account; date day; enum movement_kind kind;
    uint32_t lot;                   /* NO_REF: beyond all lots */
    uint32_t nth;                   /* of refills of the account, from 1 */
    const struct fact *fact;
    mpq_ptr amount, balance;        /* amount above zero; the balance of the account behind it */
};
/* What was drawn for one fact or line of a charge: its movements are n of them from `first`. */
struct drawing { uint32_t charge, sub; date period; mpq_ptr amount; uint32_t first, n; };

struct balance {
    instant horizon;
    size_t seen, figures;
    date from, upto, end;
    bool valid, running;
    VEC(struct lot) lots;
    VEC(uint32_t) live;             /* lots with something left, as they came */
    VEC(struct movement) moves;
    VEC(struct drawing) drawings;
    uint32_t *table; size_t table_size;
    struct numbers numbers;
    date next;                      /* the first day after which a live lot ends or is cut */
    date wake;                      /* that, or the last day of a period whose next one brings something */
};
/* One for each group of accounts, and what was told of each account. */
struct told { date day; mpq_t total, balance; mpq_t *most; bool *said; };

/* The account's group worked out for days from `day` on; never NULL, empty while it is being worked out. */
const struct balance *balance_of(struct ledger *l, uint32_t account, date day, instant horizon);
/* Units of a fact, all of its parts, before anything is drawn (charge_facts.c). False: nothing is charged for it. */
bool charge_fact_units(struct ledger *l, uint32_t charge, const struct fact *f, instant horizon, mpq_ptr out);
#endif
