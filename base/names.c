/* SPDX-License-Identifier: MIT */
/* The intern table: open addressing over ids, texts in the arena. Hashes are kept so that growing compares nothing. */
#include "base/str.h"
#include "base/vec.h"

struct entry { struct str text; uint64_t hash; };
struct names {
    struct arena *arena;
    VEC(struct entry) entries; /* entries.p[id - 1] */
    uint32_t *slots;           /* ids; 0 is free; a power of two of them, at most 3/4 used */
    size_t slot_count;
};

struct names *names_make(struct arena *a)
{
    struct names *t = ARENA_NEW(a, struct names);
    t->arena = a;
    t->slot_count = 64;
    t->slots = ARENA_ARRAY(a, uint32_t, t->slot_count);
    return t;
}

/* The slot that holds s, or the free one where it belongs. */
static size_t slot_of(const struct names *t, struct str s, uint64_t hash)
{
    size_t mask = t->slot_count - 1;
    for (size_t i = (size_t)hash & mask;; i = (i + 1) & mask) {
        uint32_t id = t->slots[i];
        if (id == 0) { return i; }
        const struct entry *e = &t->entries.p[id - 1];
        if (e->hash == hash && str_eq(e->text, s)) { return i; }
    }
}

static void double_slots(struct names *t)
{
    t->slot_count *= 2;
    t->slots = ARENA_ARRAY(t->arena, uint32_t, t->slot_count);
    size_t mask = t->slot_count - 1;
    for (size_t k = 0; k < t->entries.n; k++) {
        size_t i = (size_t)t->entries.p[k].hash & mask;
        while (t->slots[i] != 0) { i = (i + 1) & mask; }
        t->slots[i] = (uint32_t)k + 1;
    }
}

uint32_t names_find(const struct names *t, struct str s)
{
    return t->slots[slot_of(t, s, str_hash(s))];
}

uint32_t names_id(struct names *t, struct str s)
{
    uint64_t hash = str_hash(s);
    size_t i = slot_of(t, s, hash);
    if (t->slots[i] != 0) { return t->slots[i]; }
    if (t->entries.n >= UINT32_MAX - 1) { MSA_BUG("too many names"); }
    struct entry e = { .text = str_dup(t->arena, s), .hash = hash };
    vec_push(&t->entries, t->arena, e);
    t->slots[i] = (uint32_t)t->entries.n;
    if (t->entries.n * 4 > t->slot_count * 3) { double_slots(t); }
    return (uint32_t)t->entries.n;
}

struct str names_text(const struct names *t, uint32_t id)
{
    if (id > t->entries.n) { MSA_BUG("a name that this table did not give out"); }
    return id == 0 ? STR("") : t->entries.p[id - 1].text;
}

uint32_t names_count(const struct names *t)
{
    return (uint32_t)t->entries.n;
}
