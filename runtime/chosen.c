/* SPDX-License-Identifier: MIT */
#include "runtime/chosen.h"
#include "runtime/state.h"
#include <string.h>

struct copy {
    char *values;  /* one behind the other: its length, its bytes */
    uint32_t size, clocks, digest;
    uint32_t next; /* in its bucket, or of the free ones */
};
struct chosen_page {
    struct copy copy[CHOSEN_PAGE];
};

static struct copy *copy_at(const struct chosen *s, uint32_t number)
{
    return &s->page[(number - 1) / CHOSEN_PAGE]->copy[(number - 1) % CHOSEN_PAGE];
}

static const struct m_clock *clock_of(const struct engine *e, const struct entity *n, uint32_t slot)
{
    return &e->module->clock[e->kind[n->kind].clock_of_slot[slot]];
}

/* ---- the shared copies ---- */

static void more_buckets(struct engine *e, struct chosen *s)
{
    uint32_t old = s->n_buckets;
    s->n_buckets = old ? old * 2 : 64;
    s->bucket = heap_array(e->heap, s->bucket, old * sizeof *s->bucket, s->n_buckets * sizeof *s->bucket);
    memset(s->bucket, 0, s->n_buckets * sizeof *s->bucket);
    for (uint32_t i = 1; i <= s->n; i++) {
        struct copy *c = copy_at(s, i);
        if (!c->clocks) { continue; }
        uint32_t *head = &s->bucket[c->digest & (s->n_buckets - 1)];
        c->next = *head;
        *head = i;
    }
}

static void more_pages(struct engine *e, struct chosen *s)
{
    if (s->n_pages == s->cap_pages) {
        uint32_t cap = s->cap_pages ? s->cap_pages * 2 : 16;
        s->page = heap_array(e->heap, s->page, s->cap_pages * sizeof *s->page, cap * sizeof *s->page);
        s->cap_pages = cap;
    }
    /* A block: it holds the only references to the values. */
    s->page[s->n_pages] = heap_block(e->heap, sizeof **s->page);
    s->n_pages++;
}

static uint32_t copy_new(struct engine *e, struct chosen *s, struct str values, uint32_t digest)
{
    if (s->used >= s->n_buckets) { more_buckets(e, s); }
    uint32_t number = s->free;
    if (!number && s->n == s->n_pages * CHOSEN_PAGE) { more_pages(e, s); }
    char *bytes = heap_array(e->heap, NULL, 0, values.n);
    memcpy(bytes, values.p, values.n);
    if (number) {
        s->free = copy_at(s, number)->next;
    } else {
        number = ++s->n;
    }
    uint32_t *head = &s->bucket[digest & (s->n_buckets - 1)];
    *copy_at(s, number) = (struct copy){bytes, (uint32_t)values.n, 1, digest, *head};
    *head = number;
    s->used++;
    return number;
}

static uint32_t copy_find(const struct chosen *s, struct str values, uint32_t digest)
{
    uint32_t i = s->n_buckets ? s->bucket[digest & (s->n_buckets - 1)] : 0;
    while (i) {
        const struct copy *c = copy_at(s, i);
        if (c->digest == digest && str_eq((struct str){c->values, c->size}, values)) { return i; }
        i = c->next;
    }
    return 0;
}

void chosen_hold(struct engine *e, uint32_t number)
{
    if (number) { copy_at(&e->chosen, number)->clocks++; }
}

void chosen_drop(struct engine *e, uint32_t *number)
{
    struct chosen *s = &e->chosen;
    if (!*number) { return; }
    struct copy *c = copy_at(s, *number);
    if (--c->clocks == 0) {
        uint32_t *at = &s->bucket[c->digest & (s->n_buckets - 1)];
        while (*at != *number) { at = &copy_at(s, *at)->next; }
        *at = c->next;
        c->values = heap_array(e->heap, c->values, c->size, 0);
        c->next = s->free;
        s->free = *number;
        s->used--;
    }
    *number = 0;
}

/* ---- a clock's ---- */

/* Values as a copy keeps them, in scratch. */
static struct str packed(struct engine *e, const struct msa_named *v, uint32_t n)
{
    size_t all = 0;
    for (uint32_t i = 0; i < n; i++) { all += sizeof(uint32_t) + v[i].value.n; }
    char *bytes = arena_alloc(&e->scratch, all), *p = bytes;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t size = v[i].value.n < UINT32_MAX ? (uint32_t)v[i].value.n : 0;
        memcpy(p, &size, sizeof size);
        p += sizeof size;
        if (size) { memcpy(p, v[i].value.p, size); }
        p += size;
    }
    return (struct str){bytes, (size_t)(p - bytes)};
}

void chosen_take(struct engine *e, struct entity *n, uint32_t slot)
{
    const struct m_clock *record = clock_of(e, n, slot);
    uint32_t *number = &entity_clocks(&e->kind[n->kind], n)[slot].chosen;
    if (!record->n_by) { return; }
    const struct msa_named *v = result_values(e, n, record->by, record->n_by, e->now);
    struct str values = packed(e, v, record->n_by);
    uint32_t digest = (uint32_t)hash_64(values.p, values.n), found = copy_find(&e->chosen, values, digest);
    if (found && found == *number) { return; }
    if (found) {
        copy_at(&e->chosen, found)->clocks++;
    } else {
        found = copy_new(e, &e->chosen, values, digest);
    }
    chosen_drop(e, number);
    *number = found;
}

/* The i-th of a clock's values, copied: a view of a result must not change while the result is given. */
static struct str value_at(struct engine *e, uint32_t number, uint32_t i)
{
    const char *p = copy_at(&e->chosen, number)->values;
    uint32_t size;
    for (;; i--) {
        memcpy(&size, p, sizeof size);
        p += sizeof size;
        if (i == 0) { return size ? str_dup(&e->scratch, (struct str){p, size}) : (struct str){0}; }
        p += size;
    }
}

/* Where the clock has what this value is, NO_REF: it has not. Names are stored once in a module. */
static uint32_t input_of(const struct module *m, const struct m_clock *record, const struct m_value_of *v)
{
    for (uint32_t i = 0; i < record->n_by; i++) {
        const struct m_value_of *x = &m->value_of[record->by + i];
        if (x == v || (x->name == v->name && x->type == v->type && x->scale == v->scale)) { return i; }
    }
    return NO_REF;
}

struct msa_named *chosen_values(struct engine *e, struct entity *n, uint32_t slot, uint32_t first, uint32_t count, instant at)
{
    const struct m_clock *record = clock_of(e, n, slot);
    uint32_t number = entity_clocks(&e->kind[n->kind], n)[slot].chosen;
    struct msa_named *out = ARENA_ARRAY(&e->scratch, struct msa_named, count);
    for (uint32_t i = 0; i < count; i++) {
        const struct m_value_of *v = &e->module->value_of[first + i];
        uint32_t input = number ? input_of(e->module, record, v) : NO_REF;
        if (input == NO_REF) {
            out[i] = *result_values(e, n, first + i, 1, at);
        } else {
            out[i] = (struct msa_named){result_text(module_str(e->module, v->name)), result_text(value_at(e, number, input))};
        }
    }
    return out;
}
