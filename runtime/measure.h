/* SPDX-License-Identifier: MIT */
/* Measures (M1, M2): figures by period and group, of clocks, of events, of states that last. */
#ifndef MSA_RUNTIME_MEASURE_H
#define MSA_RUNTIME_MEASURE_H
#include "base/vec.h"
#include "msa/run.h"
#include "runtime/period.h"

struct engine;
struct entity;
struct outage;

/* The figures of one group in one period. */
struct cell {
    uint32_t period, group; /* within the measure */
    uint32_t corrections;
    int64_t met, breached, cancelled, excused, running, paused;
    int64_t part, whole; /* events: numerator and denominator; elapsed times: sum and number */
};
struct cell_period {
    struct period span;
    bool reported;
    uint32_t *cell; /* by group: index into cells, or NO_REF */
    uint32_t n_cells;
};
struct cell_group {
    struct str key;                 /* the values, one behind the other */
    const struct msa_named *values; /* n_by of them */
};

struct measure {
    const struct m_measure *record;
    uint32_t index, calendar;
    struct period_rule rule;
    VEC(struct cell_period) periods; /* without gaps; the last one is open */
    VEC(struct cell) cells;
    VEC(struct cell_group) groups;   /* in order of appearance; without `by` the one group 0 */
    uint32_t *table;                 /* open addressing over groups: index + 1 */
    uint32_t table_size;
    uint32_t outage_slot;            /* in its entity */
    struct outage *outage;           /* of a measure without entity */
};

/* One figure for each thing: a state that lasts of an entity's things. */
static inline bool measure_of_things(const struct module *m, uint32_t measure)
{
    return m->measure[measure].source == SOURCE_SPANS && m->measure[measure].entity != NO_REF;
}

void measures_open(struct engine *e);
/* The first event: periods begin. */
void measures_begin(struct engine *e, instant at);
/* It was rejected: they have not. */
void measures_unbegin(struct engine *e);
/* Reports the periods that end at e->period_end and opens the next. */
void measures_close_periods(struct engine *e);
/* Reports the open periods as they stand. */
void measures_finish(struct engine *e);

/* Tells the ledger the figures of the open periods as they stand; they are no results. */
void measures_tell(struct engine *e);

/* A cycle was decided: met, breached, cancelled. */
void measure_verdict(struct engine *e, struct entity *n, uint32_t slot, enum msa_clock_state verdict, instant at);
/* A cycle ended: its elapsed time is known. */
void measure_ended(struct engine *e, struct entity *n, uint32_t slot, instant at);
/* The cycle that had ended goes on (C7); to be called before anything about it changes. */
void measure_withdraw(struct engine *e, struct entity *n, uint32_t slot);
/* A breach already counted has become excused, or is so no more; the clock says which. */
void measure_excuse(struct engine *e, struct entity *n, uint32_t slot);
/* A new cycle: the verdict on the one before can be withdrawn no more. */
void measure_forget(struct engine *e, struct entity *n, uint32_t slot);

void measure_event(struct engine *e, struct entity *n, uint32_t measure);
void measure_state(struct engine *e, struct entity *n, uint32_t measure, bool on);
/* Something measured about the entity has not been reported yet. */
bool measure_holds(struct engine *e, struct entity *n);
#endif
