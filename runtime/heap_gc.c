/* SPDX-License-Identifier: MIT */
/* The heap on libgc: the only file that includes <gc.h>. Blocks are uncollectable and scanned: they are the roots. Texts are
 * collected when no block and no stack looks at them; arrays hold no references, are not scanned and are freed by hand. A
 * run is used by threads that libgc knows: the embedder who makes threads registers them. */
#include "runtime/heap.h"
#include <gc.h>
#include <string.h>

struct block {
    struct block *next;
};
struct heap {
    struct heap_options options;
    size_t bytes;
    struct block *blocks;
    void *owner;
#ifdef MSA_GC_STRESS
    unsigned count;
#endif
};
/* Keeps what follows a block's link aligned. */
#define BLOCK_HEAD 16

struct heap *heap_open(const struct heap_options *o, void **owner)
{
    GC_INIT();
    struct heap *h = GC_MALLOC_UNCOLLECTABLE(sizeof *h);
    struct block *b = h ? GC_MALLOC_UNCOLLECTABLE(BLOCK_HEAD + o->owner) : NULL;
    if (!b) {
        GC_FREE(h);
        return NULL;
    }
    h->options = *o;
    h->blocks = b;
    *owner = h->owner = (char *)b + BLOCK_HEAD;
    return h;
}

void heap_close(struct heap *h)
{
    for (struct block *b = h->blocks, *next; b; b = next) {
        next = b->next;
        GC_FREE(b);
    }
    GC_FREE(h);
}

/* Counts n more bytes and, in the stress build, collects often so that a lost reference shows at once. */
static void take(struct heap *h, size_t n)
{
    if (h->options.limit && (n > h->options.limit || h->bytes > h->options.limit - n)) {
        h->options.refused(h->owner, true);
        MSA_BUG("a refusal came back");
    }
    h->bytes += n;
#ifdef MSA_GC_STRESS
    if (++h->count < 1024 || h->count % 64 == 0) { GC_gcollect(); }
#endif
}

static void *given(struct heap *h, void *p)
{
    if (!p) {
        h->options.refused(h->owner, false);
        MSA_BUG("a refusal came back");
    }
    return p;
}

struct str heap_text(struct heap *h, struct str s)
{
    take(h, s.n + 1);
    char *p = given(h, GC_MALLOC_ATOMIC(s.n + 1));
    if (s.n) { memcpy(p, s.p, s.n); }
    p[s.n] = 0;
    return (struct str){p, s.n};
}

/* The collector finds out by itself; only the count is kept. */
void heap_text_drop(struct heap *h, struct str s)
{
    if (s.p) { h->bytes -= s.n + 1; }
}

void *heap_array(struct heap *h, void *p, size_t old, size_t n)
{
    if (!n) {
        h->bytes -= old;
        if (p) { GC_FREE(p); }
        return NULL;
    }
    if (n > old) { take(h, n - old); }
    char *q = given(h, p ? GC_REALLOC(p, n) : GC_MALLOC_ATOMIC(n));
    if (n > old) {
        memset(q + old, 0, n - old);
    } else {
        h->bytes -= old - n;
    }
    return q;
}

void *heap_block(struct heap *h, size_t n)
{
    take(h, n);
    struct block *b = given(h, GC_MALLOC_UNCOLLECTABLE(BLOCK_HEAD + n));
    b->next = h->blocks;
    h->blocks = b;
    return (char *)b + BLOCK_HEAD;
}

void heap_settle(struct heap *h)
{
    (void)h;
}

size_t heap_bytes(const struct heap *h)
{
    return h->bytes;
}
