/* SPDX-License-Identifier: MIT */
/* The queue of what is due next: a binary heap in event time. Every entity has one entry that counts, the earliest it was
 * ever put in for; others are recognised as stale when they come up. */
#ifndef MSA_RUNTIME_TIMER_H
#define MSA_RUNTIME_TIMER_H
#include "runtime/heap.h"

struct entity;
struct timer {
    instant at;
    bool after;        /* comes after the events of its instant (C1: all but the timers of a `below` target) */
    uint64_t sequence; /* of the entity: decides ties, and tells whether it is still the same entity */
    struct entity *entity;
};
struct timers {
    struct timer *p;
    size_t n, cap;
};

void timers_push(struct timers *q, struct heap *h, struct timer t);
/* The first one; n > 0. */
static inline const struct timer *timers_first(const struct timers *q)
{
    return q->p;
}
void timers_pop(struct timers *q);
#endif
