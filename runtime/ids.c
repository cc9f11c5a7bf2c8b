/* SPDX-License-Identifier: MIT */
#include "runtime/ids.h"
#include "runtime/state.h"

#define FIRST_CAP 64

static bool same(struct hash128 a, struct hash128 b)
{
    return a.high == b.high && a.low == b.low;
}

static struct hash128 never_empty(struct hash128 id)
{
    return id.high | id.low ? id : (struct hash128){ .low = 1 };
}

static struct known *slot_of(struct known *p, uint32_t cap, struct hash128 id)
{
    uint32_t i = (uint32_t)id.low & (cap - 1);
    while (p[i].id.high | p[i].id.low && !same(p[i].id, id)) { i = (i + 1) & (cap - 1); }
    return &p[i];
}

struct known *ids_find(const struct ids *s, struct hash128 id)
{
    id = never_empty(id);
    struct known *k = s->cap ? slot_of(s->now, s->cap, id) : NULL;
    if (k && same(k->id, id)) { return k; }
    k = s->cap_before ? slot_of(s->before, s->cap_before, id) : NULL;
    return k && same(k->id, id) ? k : NULL;
}

static struct known *array(struct engine *e, struct known *p, uint32_t old, uint32_t cap)
{
    return heap_array(e->heap, p, old * sizeof *p, cap * sizeof *p);
}

static void grow(struct engine *e, struct ids *s)
{
    uint32_t cap = s->cap ? s->cap * 2 : FIRST_CAP;
    struct known *p = array(e, NULL, 0, cap);
    for (uint32_t i = 0; i < s->cap; i++) {
        if (s->now[i].id.high | s->now[i].id.low) { *slot_of(p, cap, s->now[i].id) = s->now[i]; }
    }
    array(e, s->now, s->cap, 0);
    s->now = p;
    s->cap = cap;
}

void ids_put(struct engine *e, struct ids *s, struct known k)
{
    k.id = never_empty(k.id);
    if (s->n == IDS_REMEMBERED) {
        array(e, s->before, s->cap_before, 0);
        s->before = s->now;
        s->cap_before = s->cap;
        s->now = NULL;
        s->n = s->cap = 0;
    }
    if (s->n >= s->cap / 4 * 3) { grow(e, s); }
    *slot_of(s->now, s->cap, k.id) = k;
    s->n++;
}
