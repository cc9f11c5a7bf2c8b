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
struct timer_heap {
    struct timer *p;
    size_t n, cap;
};
/* Tickets that only wait to be forgotten, a year perhaps, are fifty times as many as those with a clock that runs. They come
 * nearly in order, so that in a heap of their own they cost little, and the other one stays in the cache: popping was 7% of
 * a million events and is half of that. */
struct timers {
    struct timer_heap clocks, ends;
};

void timers_push(struct timers *q, struct heap *h, struct timer t, bool end);
/* NULL: there is none. */
const struct timer *timers_first(struct timers *q);
void timers_pop(struct timers *q);
#endif
