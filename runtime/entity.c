/* SPDX-License-Identifier: MIT */
#include "runtime/entity.h"
#include "runtime/state.h"
#include <string.h>

#define SLAB 256 /* entities made at once */

/* ---- kinds ---- */

static uint32_t count_recorded(struct engine *e, uint32_t kind, uint32_t *out)
{
    const struct module *m = e->module;
    uint32_t n = 0;
    for (uint32_t i = 0; i < m->n_adapter_rule; i++) {
        const struct m_adapter_rule *r = &m->adapter_rule[i];
        if (r->kind != RULE_RECORDED || r->clock == NO_REF || m->clock[r->clock].entity != kind) { continue; }
        if (out) {
            out[n] = i;
            e->recorded_slot[i] = n;
        }
        n++;
    }
    return n;
}

static uint32_t count_outages(const struct engine *e, uint32_t kind, uint32_t *out)
{
    const struct module *m = e->module;
    uint32_t n = 0;
    for (uint32_t i = 0; i < m->n_measure; i++) {
        if (m->measure[i].source != SOURCE_SPANS || m->measure[i].entity != kind) { continue; }
        if (out) { out[n] = i; }
        n++;
    }
    return n;
}

/* The image from which entities of this kind are made: attributes at their initial values, clocks idle. */
static void make_blank(struct engine *e, struct entity_kind *k)
{
    const struct module *m = e->module;
    k->blank = heap_block(e->heap, k->size);
    struct entity *blank = (struct entity *)(void *)k->blank;
    blank->next = blank->queued = NEVER;
    blank->last_at = blank->ended_at = NONE;
    for (uint32_t i = 0; i < k->n_scalars; i++) { entity_scalars(k, blank)[i] = NONE; }
    for (uint32_t i = 0; i < k->record->n_attrs; i++) {
        const struct m_attr *a = &m->attr[k->record->attrs + i];
        if (a->type != VT_TEXT) {
            entity_scalars(k, blank)[a->slot] = a->initial;
        } else if (a->initial_text) {
            entity_texts(k, blank)[a->slot] = module_str(m, a->initial_text);
        }
    }
    for (uint32_t i = 0; i < k->n_clocks; i++) {
        struct clock *c = &entity_clocks(k, blank)[i];
        c->target = NO_REF;
        c->due = c->due_first = c->breached_at = c->started = c->stopped = c->moved_at = c->record = NONE;
        c->next = NEVER;
    }
    for (uint32_t i = 0; i < k->n_outages; i++) { entity_outages(k, blank)[i].since = NONE; }
    for (uint32_t i = 0; i < k->n_counted; i++) { entity_counted(k, blank)[i] = NO_REF; }
}

static void place(uint32_t *at, uint32_t *size, size_t count, size_t of)
{
    *at = *size;
    *size += (uint32_t)(count * of + 7) & ~7u;
}

static void kind_open(struct engine *e, uint32_t number)
{
    const struct module *m = e->module;
    struct entity_kind *k = &e->kind[number];
    k->record = &m->entity[number];
    k->n_scalars = e->facts->entity[number].scalars;
    k->n_texts = e->facts->entity[number].texts;
    k->n_spans = k->record->n_spans;
    for (uint32_t i = 0; i < k->record->n_clocks; i++) {
        uint32_t slot = m->clock[k->record->clocks + i].slot;
        if (slot >= k->n_clocks) { k->n_clocks = slot + 1; }
    }
    k->clock_of_slot = ARENA_ARRAY(&e->arena, uint32_t, k->n_clocks);
    for (uint32_t i = 0; i < k->record->n_clocks; i++) {
        uint32_t clock = k->record->clocks + i;
        if (m->clock[clock].n_steps > CLOCK_STEPS_MAX) {
            engine_fail(e, MSA_LIMIT, "clock %s has more than %d steps", module_str(m, m->clock[clock].name).p, CLOCK_STEPS_MAX);
        }
        k->clock_of_slot[m->clock[clock].slot] = clock;
        e->clock_counted[clock] = k->n_counted;
        k->n_counted += e->clock_n_measures[clock];
    }
    k->n_recorded = count_recorded(e, number, NULL);
    k->recorded_rule = ARENA_ARRAY(&e->arena, uint32_t, k->n_recorded);
    count_recorded(e, number, k->recorded_rule);
    k->n_outages = count_outages(e, number, NULL);
    k->outage_measure = ARENA_ARRAY(&e->arena, uint32_t, k->n_outages);
    count_outages(e, number, k->outage_measure);
    k->size = sizeof(struct entity);
    place(&k->at_clocks, &k->size, k->n_clocks, sizeof(struct clock));
    place(&k->at_scalars, &k->size, k->n_scalars, sizeof(int64_t));
    place(&k->at_texts, &k->size, k->n_texts, sizeof(struct str));
    place(&k->at_spans, &k->size, k->n_spans, sizeof(struct wait_set));
    place(&k->at_recorded, &k->size, k->n_recorded, sizeof(struct recorded));
    place(&k->at_outages, &k->size, k->n_outages, sizeof(struct outage));
    place(&k->at_counted, &k->size, k->n_counted, sizeof(uint32_t));
    make_blank(e, k);
    k->alive.alive_prev = k->alive.alive_next = &k->alive;
}

void entity_kinds_open(struct engine *e)
{
    e->kind = heap_block(e->heap, size_of_array(e->module->n_entity ? e->module->n_entity : 1, sizeof *e->kind));
    e->recorded_slot = ARENA_ARRAY(&e->arena, uint32_t, e->module->n_adapter_rule);
    for (uint32_t i = 0; i < e->module->n_adapter_rule; i++) { e->recorded_slot[i] = NO_REF; }
    for (uint32_t i = 0; i < e->module->n_entity; i++) { kind_open(e, i); }
}

/* ---- the pool ---- */

static struct entity *block_at(const struct entity_kind *k, size_t index)
{
    return (struct entity *)(void *)(k->slab[index / SLAB] + (index % SLAB) * k->size);
}

static struct entity *block_take(struct engine *e, struct entity_kind *k)
{
    if (k->free) {
        struct entity *n = k->free;
        k->free = n->alive_next;
        return n;
    }
    if (k->n_blocks == k->n_slabs * SLAB) {
        if (k->n_slabs == k->cap_slabs) {
            size_t cap = k->cap_slabs ? k->cap_slabs * 2 : 16;
            k->slab = heap_array(e->heap, k->slab, k->cap_slabs * sizeof *k->slab, cap * sizeof *k->slab);
            k->cap_slabs = cap;
        }
        k->slab[k->n_slabs] = heap_block(e->heap, size_of_array(SLAB, k->size));
        k->n_slabs++;
    }
    struct entity *n = block_at(k, k->n_blocks);
    n->index = (uint32_t)k->n_blocks++;
    return n;
}

/* ---- the table: linear probing, at most half full ---- */

static uint32_t hash_key(struct str key)
{
    uint64_t h = hash_64(key.p, key.n);
    return (uint32_t)(h ^ h >> 32);
}

static size_t table_slot(const struct entity_kind *k, uint32_t hash, struct str key)
{
    size_t mask = k->table_size - 1, i = hash & mask;
    for (; k->table[i]; i = (i + 1) & mask) {
        if ((uint32_t)(k->table[i] >> 32) == hash && str_eq(block_at(k, (uint32_t)k->table[i] - 1)->key, key)) { break; }
    }
    return i;
}

static void table_grow(struct engine *e, struct entity_kind *k)
{
    size_t size = k->table_size ? k->table_size * 2 : 1024;
    uint64_t *table = heap_array(e->heap, NULL, 0, size_of_array(size, sizeof *table));
    for (size_t i = 0; i < k->table_size; i++) {
        if (!k->table[i]) { continue; }
        size_t to = (size_t)(k->table[i] >> 32) & (size - 1);
        while (table[to]) { to = (to + 1) & (size - 1); }
        table[to] = k->table[i];
    }
    heap_array(e->heap, k->table, k->table_size * sizeof *table, 0);
    k->table = table;
    k->table_size = size;
}

/* Removes slot i: what follows moves back as far as its own hash lets it, so that no search ever meets a gap. */
static void table_remove(struct entity_kind *k, size_t i)
{
    size_t mask = k->table_size - 1;
    for (size_t j = (i + 1) & mask; k->table[j]; j = (j + 1) & mask) {
        size_t home = (size_t)(k->table[j] >> 32) & mask;
        if (((j - home) & mask) >= ((j - i) & mask)) {
            k->table[i] = k->table[j];
            i = j;
        }
    }
    k->table[i] = 0;
}

void entity_expect(const struct engine *e, uint32_t kind, struct str key)
{
    const struct entity_kind *k = &e->kind[kind];
    if (k->table_size) { __builtin_prefetch(&k->table[hash_key(key) & (k->table_size - 1)]); }
}

struct entity *entity_find(struct engine *e, uint32_t kind, struct str key)
{
    const struct entity_kind *k = &e->kind[kind];
    if (!k->table_size) { return NULL; }
    uint64_t entry = k->table[table_slot(k, hash_key(key), key)];
    return entry ? block_at(k, (uint32_t)entry - 1) : NULL;
}

/* Under what a thing that was forgotten is known again. */
static struct hash128 life_id(uint32_t kind, struct str key)
{
    struct hash128 h = hash_128(key.p, key.n);
    h.high ^= (uint64_t)(kind + 1) << 32;
    return h;
}

void entity_forget(struct engine *e, struct entity *n)
{
    struct hash128 id = life_id(n->kind, n->key);
    struct known *before = ids_find(&e->lives, id);
    if (before) {
        before->content++;
    } else {
        ids_put(e, &e->lives, (struct known){.id = id, .content = n->lives_before + 1});
    }
    entity_free(e, n);
}

struct entity *entity_add(struct engine *e, uint32_t kind, struct str key)
{
    struct entity_kind *k = &e->kind[kind];
    if ((k->n_entities + 1) * 2 > k->table_size) { table_grow(e, k); }
    if (k->n_blocks >= UINT32_MAX - SLAB) { engine_fail(e, MSA_LIMIT, "more than 2^32 things at a time"); }
    struct entity *n = block_take(e, k);
    uint32_t index = n->index, hash = hash_key(key);
    memcpy(n, k->blank, k->size);
    n->index = index;
    n->hash = hash;
    n->kind = kind;
    n->sequence = ++e->sequence;
    if (key.n <= sizeof n->short_key) {
        memcpy(n->short_key, key.p, key.n);
        n->key = (struct str){n->short_key, key.n};
    } else {
        n->key = heap_text(e->heap, key);
    }
    if (e->lives.cap) {
        const struct known *before = ids_find(&e->lives, life_id(kind, key));
        n->lives_before = before ? (uint32_t)before->content : 0;
    }
    k->table[table_slot(k, hash, n->key)] = (uint64_t)hash << 32 | (index + 1);
    k->n_entities++;
    if (++e->n_open > e->counts.peak_entities) { e->counts.peak_entities = e->n_open; }
    return n;
}

static bool owned(const struct engine *e, struct str s)
{
    const struct module *m = e->module;
    return s.p && !((uintptr_t)s.p >= (uintptr_t)m->text && (uintptr_t)s.p < (uintptr_t)m->text + m->n_text);
}

void entity_drop_text(struct engine *e, struct str s)
{
    if (owned(e, s)) { heap_text_drop(e->heap, s); }
}

static void drop_text(struct engine *e, struct str *s)
{
    entity_drop_text(e, *s);
    *s = (struct str){0};
}

bool entity_set_text(struct engine *e, struct entity *n, uint32_t slot, struct str s)
{
    struct str *at = &entity_texts(&e->kind[n->kind], n)[slot];
    if (!at->p == !s.p && str_eq(*at, s)) { return false; }
    if (e->undo.on && owned(e, *at)) {
        undo_drop(e, *at);
    } else {
        drop_text(e, at);
    }
    *at = owned(e, s) ? heap_text(e->heap, s) : s;
    return true;
}

void entity_free(struct engine *e, struct entity *n)
{
    struct entity_kind *k = &e->kind[n->kind];
    for (uint32_t i = 0; i < k->n_texts; i++) { drop_text(e, &entity_texts(k, n)[i]); }
    for (uint32_t i = 0; i < k->n_recorded; i++) { drop_text(e, &entity_recorded(k, n)[i].text); }
    for (uint32_t i = 0; i < k->n_clocks; i++) { clock_release(e, &entity_clocks(k, n)[i]); }
    for (uint32_t i = 0; i < k->n_spans; i++) {
        struct wait_set *w = &entity_spans(k, n)[i];
        w->p = heap_array(e->heap, w->p, w->cap * sizeof *w->p, 0);
    }
    entity_clocks_live(e, n, -(int)n->clocks_live);
    table_remove(k, table_slot(k, n->hash, n->key));
    if (n->key.p != n->short_key) { heap_text_drop(e->heap, n->key); }
    n->key = (struct str){0};
    k->n_entities--;
    e->n_open--;
    n->sequence = 0;
    n->alive_next = k->free;
    k->free = n;
}

void entity_clocks_live(struct engine *e, struct entity *n, int change)
{
    struct entity *head = &e->kind[n->kind].alive;
    n->clocks_live += (uint32_t)change;
    if (n->clocks_live && !(n->flags & ENTITY_ALIVE)) {
        n->flags |= ENTITY_ALIVE;
        n->alive_prev = head->alive_prev;
        n->alive_next = head;
        n->alive_prev->alive_next = n;
        head->alive_prev = n;
    } else if (!n->clocks_live && n->flags & ENTITY_ALIVE) {
        n->flags &= ~(uint32_t)ENTITY_ALIVE;
        n->alive_prev->alive_next = n->alive_next;
        n->alive_next->alive_prev = n->alive_prev;
    }
}

/* ---- all of them ---- */

/* Merge sort by sequence, bottom up; a[0..n) has b[0..n) to work in. Gives the one that holds the result. */
static struct entity **sort(struct entity **a, struct entity **b, size_t n)
{
    for (size_t width = 1; width < n; width *= 2) {
        for (size_t from = 0; from < n; from += 2 * width) {
            size_t middle = from + width < n ? from + width : n, to = from + 2 * width < n ? from + 2 * width : n;
            for (size_t i = from, j = middle, out = from; out < to; out++) {
                bool left = i < middle && (j >= to || a[i]->sequence < a[j]->sequence);
                b[out] = left ? a[i++] : a[j++];
            }
        }
        struct entity **swap = a;
        a = b;
        b = swap;
    }
    return a;
}

struct entity **entities_in_order(struct engine *e, size_t *count)
{
    size_t n = 0, want = e->n_open * 2;
    if (e->cap_order < want) {
        e->order = heap_array(e->heap, e->order, e->cap_order * sizeof *e->order, want * sizeof *e->order);
        e->cap_order = want;
    }
    for (uint32_t i = 0; i < e->module->n_entity; i++) {
        const struct entity_kind *k = &e->kind[i];
        for (size_t j = 0; j < k->n_blocks; j++) {
            struct entity *x = block_at(k, j);
            if (x->sequence) { e->order[n++] = x; }
        }
    }
    *count = n;
    return n ? sort(e->order, e->order + n, n) : NULL;
}
