/* SPDX-License-Identifier: MIT */
/* Things with identity. The state of one is a flat block of a size that its kind fixes: head, attributes, clocks, waits,
 * recorded values, outages. Blocks come from pools and go back to them when the entity is forgotten, so that memory follows
 * the open tickets and not the length of the log. */
#ifndef MSA_RUNTIME_ENTITY_H
#define MSA_RUNTIME_ENTITY_H
#include "base/hash.h"
#include "bytecode/module.h"
#include "runtime/clock.h"

struct engine;

/* One wait or outage that goes on (C4). */
struct wait {
    struct hash128 identity;
    int64_t reason; /* scale value or NONE */
    instant since;
};
struct wait_set {
    struct wait *p;
    uint32_t n, cap;
};

/* What the input recorded last for one ADAPTER_RULE. */
struct recorded {
    bool given;
    uint32_t line, file;
    int64_t scalar;
    struct str text;
};

/* The state that a measure of spans watches, per entity (M2). */
struct outage {
    instant since;      /* NONE: not in it */
    micros down;        /* counted in the open period */
    micros down_before; /* and in the one before it, which may still change: a piece too short at its end can grow */
    uint32_t pieces;
};

enum entity_flags {
    ENTITY_BORN = 1,  /* the event that creates it came; before, only attributes that an export states without a time */
    ENTITY_ENDED = 2, /* an event that ends it came */
    ENTITY_ALIVE = 4, /* on the list of those with a running clock */
};

struct entity {
    uint64_t sequence; /* order of creation, from 1; 0: a free block */
    struct str key;
    char short_key[24];
    uint32_t kind, index, hash, flags;
    uint32_t clocks_live; /* clocks running, paused or without a target yet */
    uint32_t states_on;   /* measured states that are yes */
    uint32_t next_slot;   /* clock whose timer comes first, or NO_REF: to be forgotten */
    bool next_after, queued_after;
    instant last_at, ended_at;
    instant next, queued; /* first timer; what it is in the queue for; NEVER: none */
    uint64_t notices;
    uint32_t lives_before; /* how often a thing of this kind and key was forgotten before it */
    struct entity *alive_prev, *alive_next; /* free blocks: alive_next is the next free one */
};

/* What an ENTITY record comes to in memory. */
struct entity_kind {
    const struct m_entity *record;
    uint32_t n_scalars, n_texts, n_clocks, n_spans, n_recorded, n_outages, n_counted;
    uint32_t at_scalars, at_texts, at_clocks, at_spans, at_recorded, at_outages, at_counted, size;
    char *blank;               /* image of a new entity */
    uint32_t *clock_of_slot;   /* CLOCK index */
    uint32_t *recorded_rule;   /* ADAPTER_RULE index by position */
    uint32_t *outage_measure;  /* MEASURE index by position */
    char **slab;
    size_t n_slabs, cap_slabs, n_blocks;
    struct entity *free;
    uint64_t *table; /* hash << 32 | index + 1; 0 is empty */
    size_t table_size, n_entities;
    struct entity alive; /* head of the ring of those with a running clock */
};

void entity_kinds_open(struct engine *e);
/* Fetches the place in the table where a search for the key begins. */
void entity_expect(const struct engine *e, uint32_t kind, struct str key);
struct entity *entity_find(struct engine *e, uint32_t kind, struct str key);
struct entity *entity_add(struct engine *e, uint32_t kind, struct str key);
void entity_free(struct engine *e, struct entity *n);
/* The same at the end of its life: should the key come again, that is told apart. */
void entity_forget(struct engine *e, struct entity *n);
/* Keeps the list of those with a running clock. */
void entity_clocks_live(struct engine *e, struct entity *n, int change);
/* Every entity in order of creation, born or not; lives until the next call. */
struct entity **entities_in_order(struct engine *e, size_t *count);

static inline int64_t *entity_scalars(const struct entity_kind *k, struct entity *n)
{
    return (int64_t *)(void *)((char *)n + k->at_scalars);
}
static inline struct str *entity_texts(const struct entity_kind *k, struct entity *n)
{
    return (struct str *)(void *)((char *)n + k->at_texts);
}
static inline struct clock *entity_clocks(const struct entity_kind *k, struct entity *n)
{
    return (struct clock *)(void *)((char *)n + k->at_clocks);
}
static inline struct wait_set *entity_spans(const struct entity_kind *k, struct entity *n)
{
    return (struct wait_set *)(void *)((char *)n + k->at_spans);
}
static inline struct recorded *entity_recorded(const struct entity_kind *k, struct entity *n)
{
    return (struct recorded *)(void *)((char *)n + k->at_recorded);
}
static inline struct outage *entity_outages(const struct entity_kind *k, struct entity *n)
{
    return (struct outage *)(void *)((char *)n + k->at_outages);
}
/* Cells of measures in which the verdicts of the entity's clocks stand: for each clock as many as it has measures. */
static inline uint32_t *entity_counted(const struct entity_kind *k, struct entity *n)
{
    return (uint32_t *)(void *)((char *)n + k->at_counted);
}
/* Lets go of a text that is not the module's. */
void entity_drop_text(struct engine *e, struct str s);
/* Sets a text attribute; texts of the module are not copied. True when it differs. */
bool entity_set_text(struct engine *e, struct entity *n, uint32_t slot, struct str s);

/* ---- waits (spans.c) ---- */
void wait_begin(struct engine *e, struct entity *n, uint32_t spans, int64_t reason, struct str identity);
void wait_end(struct engine *e, struct entity *n, uint32_t spans, struct str identity);
bool wait_any(const struct engine *e, struct entity *n, uint32_t spans);
bool wait_any_of(const struct engine *e, struct entity *n, uint32_t spans, uint64_t reasons);
#endif
