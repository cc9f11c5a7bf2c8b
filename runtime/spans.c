/* SPDX-License-Identifier: MIT */
/* Waits and outages: sets with identity, so that two that overlap and one that ends in the second in which another begins
 * come out right (C4). */
#include "runtime/state.h"

/* A wait without an identity is known by its reason: twice the same reason is one wait, two reasons are two. */
static struct hash128 identity_of(int64_t reason, struct str identity)
{
    if (identity.p) { return hash_128(identity.p, identity.n); }
    struct { char tag[8]; int64_t reason; } by_reason = {"reason\1", reason};
    return hash_128(&by_reason, sizeof by_reason);
}

static struct wait_set *set_of(const struct engine *e, struct entity *n, uint32_t spans)
{
    return &entity_spans(&e->kind[n->kind], n)[spans];
}

void wait_begin(struct engine *e, struct entity *n, uint32_t spans, int64_t reason, struct str identity)
{
    struct wait_set *s = set_of(e, n, spans);
    struct hash128 id = identity_of(reason, identity);
    for (uint32_t i = 0; i < s->n; i++) {
        if (s->p[i].identity.high == id.high && s->p[i].identity.low == id.low) {
            s->p[i].reason = reason;
            return;
        }
    }
    if (s->n == s->cap) {
        uint32_t cap = s->cap ? s->cap * 2 : 2;
        s->p = heap_array(e->heap, s->p, s->cap * sizeof *s->p, cap * sizeof *s->p);
        s->cap = cap;
    }
    s->p[s->n++] = (struct wait){id, reason, e->now};
}

void wait_end(struct engine *e, struct entity *n, uint32_t spans, struct str identity)
{
    struct wait_set *s = set_of(e, n, spans);
    if (!identity.p) {
        s->n = 0;
        return;
    }
    struct hash128 id = identity_of(NONE, identity);
    for (uint32_t i = 0; i < s->n; i++) {
        if (s->p[i].identity.high == id.high && s->p[i].identity.low == id.low) {
            s->p[i] = s->p[--s->n];
            return;
        }
    }
}

bool wait_any(const struct engine *e, struct entity *n, uint32_t spans)
{
    return set_of(e, n, spans)->n != 0;
}

bool wait_any_of(const struct engine *e, struct entity *n, uint32_t spans, uint64_t reasons)
{
    const struct wait_set *s = set_of(e, n, spans);
    for (uint32_t i = 0; i < s->n; i++) {
        if (s->p[i].reason >= 0 && s->p[i].reason < 64 && reasons >> s->p[i].reason & 1) { return true; }
    }
    return false;
}
