/* SPDX-License-Identifier: MIT */
#include "runtime/timer.h"

static bool before(const struct timer *a, const struct timer *b)
{
    if (a->at != b->at) { return a->at < b->at; }
    if (a->after != b->after) { return !a->after; }
    return a->sequence < b->sequence;
}

void timers_push(struct timers *q, struct heap *h, struct timer t, bool end)
{
    struct timer_heap *to = end ? &q->ends : &q->clocks;
    if (to->n == to->cap) {
        size_t cap = to->cap ? to->cap * 2 : 256;
        to->p = heap_array(h, to->p, to->cap * sizeof t, size_of_array(cap, sizeof t));
        to->cap = cap;
    }
    size_t i = to->n++;
    for (size_t up; i && before(&t, &to->p[up = (i - 1) / 2]); i = up) { to->p[i] = to->p[up]; }
    to->p[i] = t;
}

static struct timer_heap *first_heap(struct timers *q)
{
    return q->ends.n && (!q->clocks.n || before(q->ends.p, q->clocks.p)) ? &q->ends : &q->clocks;
}

const struct timer *timers_first(struct timers *q)
{
    const struct timer_heap *h = first_heap(q);
    return h->n ? h->p : NULL;
}

void timers_pop(struct timers *q)
{
    struct timer_heap *h = first_heap(q);
    struct timer last = h->p[--h->n];
    size_t i = 0;
    for (size_t down; (down = 2 * i + 1) < h->n; i = down) {
        if (down + 1 < h->n && before(&h->p[down + 1], &h->p[down])) { down++; }
        if (!before(&h->p[down], &last)) { break; }
        h->p[i] = h->p[down];
    }
    h->p[i] = last;
}
