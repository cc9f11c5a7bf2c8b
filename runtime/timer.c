/* SPDX-License-Identifier: MIT */
#include "runtime/timer.h"

static bool before(const struct timer *a, const struct timer *b)
{
    if (a->at != b->at) { return a->at < b->at; }
    if (a->after != b->after) { return !a->after; }
    return a->sequence < b->sequence;
}

void timers_push(struct timers *q, struct heap *h, struct timer t)
{
    if (q->n == q->cap) {
        size_t cap = q->cap ? q->cap * 2 : 256;
        q->p = heap_array(h, q->p, q->cap * sizeof t, size_of_array(cap, sizeof t));
        q->cap = cap;
    }
    size_t i = q->n++;
    for (size_t up; i && before(&t, &q->p[up = (i - 1) / 2]); i = up) { q->p[i] = q->p[up]; }
    q->p[i] = t;
}

void timers_pop(struct timers *q)
{
    struct timer last = q->p[--q->n];
    size_t i = 0;
    for (size_t down; (down = 2 * i + 1) < q->n; i = down) {
        if (down + 1 < q->n && before(&q->p[down + 1], &q->p[down])) { down++; }
        if (!before(&q->p[down], &last)) { break; }
        q->p[i] = q->p[down];
    }
    q->p[i] = last;
}
