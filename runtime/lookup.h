/* SPDX-License-Identifier: MIT */
/* From a name to a small number, for sets known before the first event: field names, kinds of event, values of scales,
 * rows of maps. Names up to 16 bytes are compared as two words, without memcmp (3.5 % of the hand-written floor). */
#ifndef MSA_RUNTIME_LOOKUP_H
#define MSA_RUNTIME_LOOKUP_H
#include "base/str.h"
#include <string.h>

#define LOOKUP_NONE UINT32_MAX

struct lookup_slot { uint64_t a, b; const char *p; uint32_t n, value; };
struct lookup { struct lookup_slot *slot; uint32_t mask, n; };

/* First and last bytes of a text; together with its length they are the whole text up to 16 bytes. */
static inline void lookup_words(const char *p, size_t n, uint64_t *a, uint64_t *b)
{
    *b = 0;
    if (n >= 8) {
        memcpy(a, p, 8);
        memcpy(b, p + n - 8, 8);
    } else if (n >= 4) {
        uint32_t x, y;
        memcpy(&x, p, 4);
        memcpy(&y, p + n - 4, 4);
        *a = x | (uint64_t)y << 32;
    } else if (n > 0) {
        *a = (uint64_t)(unsigned char)p[0] | (uint64_t)(unsigned char)p[n / 2] << 8 | (uint64_t)(unsigned char)p[n - 1] << 16;
    } else {
        *a = 0;
    }
}

static inline uint64_t lookup_hash(uint64_t a, uint64_t b, size_t n)
{
    uint64_t h = (a ^ (b << 29 | b >> 35) ^ n) * UINT64_C(0x9e3779b97f4a7c15);
    return h ^ h >> 32;
}

/* With the words of the text, and its length at most LOOKUP_WORDS, nothing else need be compared. */
#define LOOKUP_WORDS 16
static inline uint32_t lookup_find(const struct lookup *t, const char *p, size_t n, uint64_t a, uint64_t b)
{
    for (uint32_t i = (uint32_t)lookup_hash(a, b, n) & t->mask;; i = (i + 1) & t->mask) {
        const struct lookup_slot *s = &t->slot[i];
        if (s->value == LOOKUP_NONE) { return LOOKUP_NONE; }
        if (s->a == a && s->b == b && s->n == n && (n <= LOOKUP_WORDS || memcmp(s->p, p, n) == 0)) { return s->value; }
    }
}

static inline uint32_t lookup_get(const struct lookup *t, const char *p, size_t n)
{
    if (t->n == 0) { return LOOKUP_NONE; }
    uint64_t a, b;
    lookup_words(p, n, &a, &b);
    return lookup_find(t, p, n, a, b);
}

/* The names must outlive the table. Room for `most` names. */
void lookup_init(struct lookup *t, struct arena *a, uint32_t most);
/* False when the name is there already (its value stays). */
bool lookup_add(struct lookup *t, struct str name, uint32_t value);
#endif
