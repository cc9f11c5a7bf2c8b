/* SPDX-License-Identifier: MIT */
/* The heap on malloc: every piece is on a list and freed with the run. For sanitizer and fuzz builds (libgc and a sanitizer
 * together lose live objects) and for those who want no collector. */
#include "runtime/heap.h"
#include <stdlib.h>
#include <string.h>

struct piece {
    struct piece *prev, *next;
    size_t n;
    size_t pad; /* what follows is aligned to 16 */
};
struct heap {
    struct heap_options options;
    size_t bytes;
    void *owner;
    struct piece all;     /* ring */
    struct piece dropped; /* ring: texts that go at the next settle */
};

static void ring_add(struct piece *ring, struct piece *p)
{
    p->prev = ring;
    p->next = ring->next;
    ring->next->prev = p;
    ring->next = p;
}

static void ring_cut(struct piece *p)
{
    p->prev->next = p->next;
    p->next->prev = p->prev;
}

static void ring_free(struct piece *ring)
{
    for (struct piece *p = ring->next, *next; p != ring; p = next) {
        next = p->next;
        free(p);
    }
    ring->prev = ring->next = ring;
}

struct heap *heap_open(const struct heap_options *o, void **owner)
{
    struct heap *h = calloc(1, sizeof *h);
    struct piece *p = h ? calloc(1, sizeof *p + o->owner) : NULL;
    if (!p) {
        free(h);
        return NULL;
    }
    h->options = *o;
    *owner = h->owner = p + 1;
    h->all.prev = h->all.next = &h->all;
    h->dropped.prev = h->dropped.next = &h->dropped;
    ring_add(&h->all, p);
    return h;
}

void heap_close(struct heap *h)
{
    ring_free(&h->all);
    ring_free(&h->dropped);
    free(h);
}

static void refuse(struct heap *h, bool by_limit)
{
    h->options.refused(h->owner, by_limit);
    MSA_BUG("a refusal came back");
}

static void check(struct heap *h, size_t more)
{
    size_t limit = h->options.limit;
    if (limit && (more > limit || h->bytes > limit - more)) { refuse(h, true); }
}

static void *piece_new(struct heap *h, size_t n)
{
    check(h, n);
    struct piece *p = n > SIZE_MAX - sizeof *p ? NULL : malloc(sizeof *p + n);
    if (!p) {
        refuse(h, false);
        return NULL;
    }
    p->n = n;
    h->bytes += n;
    ring_add(&h->all, p);
    return p + 1;
}

struct str heap_text(struct heap *h, struct str s)
{
    char *p = piece_new(h, s.n + 1);
    if (s.n) { memcpy(p, s.p, s.n); }
    p[s.n] = 0;
    return (struct str){p, s.n};
}

void heap_text_drop(struct heap *h, struct str s)
{
    if (!s.p) { return; }
    struct piece *p = (struct piece *)(uintptr_t)s.p - 1;
    h->bytes -= p->n;
    ring_cut(p);
    ring_add(&h->dropped, p);
}

void *heap_array(struct heap *h, void *p, size_t old, size_t n)
{
    struct piece *had = p ? (struct piece *)p - 1 : NULL;
    if (!n) {
        if (had) {
            h->bytes -= had->n;
            ring_cut(had);
            free(had);
        }
        return NULL;
    }
    /* Always moved, so that a pointer kept too long is found by the sanitizer. */
    char *q = piece_new(h, n);
    size_t kept = old < n ? old : n;
    if (p && kept) { memcpy(q, p, kept); }
    memset(q + kept, 0, n - kept);
    if (had) { heap_array(h, p, old, 0); }
    return q;
}

void *heap_block(struct heap *h, size_t n)
{
    void *p = piece_new(h, n);
    memset(p, 0, n);
    return p;
}

void heap_settle(struct heap *h)
{
    if (h->dropped.next != &h->dropped) { ring_free(&h->dropped); }
}

size_t heap_bytes(const struct heap *h)
{
    return h->bytes;
}
