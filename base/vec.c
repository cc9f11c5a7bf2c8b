/* SPDX-License-Identifier: MIT */
#include "base/vec.h"

void *vec_grown(struct arena *a, void *p, size_t n, size_t *cap, size_t want, size_t size)
{
    size_t need, grown;
    if (ckd_add(&need, n, want)) { need = SIZE_MAX; }
    if (ckd_mul(&grown, *cap, (size_t)2)) { grown = SIZE_MAX; }
    if (grown < 8) { grown = 8; }
    size_t next = need > grown ? need : grown;
    size_t old_bytes = *cap * size; /* it was allocated once, so it fits */
    size_t bytes = size_of_array(next, size);
    p = a ? arena_grow(a, p, old_bytes, bytes) : memory_resize(NULL, p, bytes);
    *cap = next;
    return p;
}
