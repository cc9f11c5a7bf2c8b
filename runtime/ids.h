/* SPDX-License-Identifier: MIT */
/* What has been seen under an id (R1): of events by their own id, of things that were forgotten by their key. An id names
 * one record of the whole input, so there is one table for all things. Its memory is bounded by a window: what is older than
 * the last IDS_REMEMBERED ids is not known again. */
#ifndef MSA_RUNTIME_IDS_H
#define MSA_RUNTIME_IDS_H
#include "base/hash.h"

struct engine;

/* Two generations of at most this many; when the younger is full it becomes the older. At 32 bytes and three quarters full
 * a generation has 64 MiB; both grow with what is in them. */
#define IDS_REMEMBERED (UINT32_C(3) << 19)

struct known {
    struct hash128 id; /* {0, 0}: an empty slot */
    uint64_t content;  /* events: hash of what the record says; things: how often it was forgotten */
    uint32_t line, file;
};
struct ids {
    struct known *now, *before;
    uint32_t n, cap, cap_before;
};

/* NULL when it is not known. Good until the next ids_put. */
struct known *ids_find(const struct ids *s, struct hash128 id);
/* Of an id that is not known. */
void ids_put(struct engine *e, struct ids *s, struct known k);
/* Fetches the place where a search begins. */
static inline void ids_expect(const struct ids *s, struct hash128 id)
{
    if (s->cap) { __builtin_prefetch(&s->now[(uint32_t)id.low & (s->cap - 1)]); }
}
#endif
