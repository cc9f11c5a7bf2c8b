/* SPDX-License-Identifier: MIT */
#include "base/arena.h"
#include <stdlib.h>
#include <string.h>

#if defined(__SANITIZE_ADDRESS__)
#define POISONED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define POISONED 1
#endif
#endif
#ifdef POISONED
#include <sanitizer/asan_interface.h>
#define HIDE(p, n) ASAN_POISON_MEMORY_REGION((p), (n))
#define SHOW(p, n) ASAN_UNPOISON_MEMORY_REGION((p), (n))
/* A gap between allocations, so that the sanitizer sees one object run into the next. */
#define GAP ((size_t)8)
#else
#define HIDE(p, n) ((void)0)
#define SHOW(p, n) ((void)0)
#define GAP ((size_t)0)
#endif

#define FIRST_BLOCK ((size_t)8 * 1024)
#define LARGEST_STEP ((size_t)1024 * 1024)

struct arena_block {
    struct arena_block *before;
    char *end;
    size_t size; /* header included */
    size_t footprint; /* of this block and all before it */
};
static_assert(sizeof(struct arena_block) % ARENA_ALIGN == 0, "the first allocation of a block would not be aligned");

static void *resize_by_malloc(void *ctx, void *p, size_t n)
{
    (void)ctx;
    if (n == 0) {
        free(p);
        return NULL;
    }
    return realloc(p, n);
}

static void report_exhaustion(void *ctx)
{
    (void)ctx;
    MSA_BUG("out of memory");
}

const struct memory memory_default = { .resize = resize_by_malloc, .out_of_memory = report_exhaustion };

void *memory_resize(const struct memory *m, void *p, size_t n)
{
    if (m == NULL) { m = &memory_default; }
    /* Above PTRDIFF_MAX pointers into the block could not be subtracted. */
    void *q = n > PTRDIFF_MAX ? NULL : m->resize(m->ctx, p, n);
    if (q == NULL && n > 0) {
        m->out_of_memory(m->ctx);
        MSA_BUG("the out-of-memory handler came back");
    }
    return q;
}

void arena_init(struct arena *a, const struct memory *m)
{
    *a = (struct arena){ .memory = m ? m : &memory_default };
}

static char *first_byte(struct arena_block *b)
{
    return (char *)(b + 1);
}

/* A block with room for at least n bytes becomes the newest; false when there is no memory for it. */
static bool add_block(struct arena *a, size_t n)
{
    /* Doubling keeps the number of blocks small; a cap keeps the waste small. A big request gets a block of its size. */
    size_t size = a->block ? a->block->footprint : FIRST_BLOCK;
    if (size > LARGEST_STEP) { size = LARGEST_STEP; }
    size_t need;
    if (ckd_add(&need, n, sizeof(struct arena_block))) { need = SIZE_MAX; }
    if (size < need) { size = need; }
    if (size > PTRDIFF_MAX) { return false; }
    struct arena_block *b = a->memory->resize(a->memory->ctx, NULL, size);
    if (b == NULL) { return false; }
    *b = (struct arena_block){
        .before = a->block, .end = (char *)b + size, .size = size,
        .footprint = size + (a->block ? a->block->footprint : 0),
    };
    a->block = b;
    a->next = first_byte(b);
    a->end = b->end;
    HIDE(a->next, (size_t)(a->end - a->next));
    return true;
}

static size_t rounded(size_t n)
{
    size_t r;
    if (ckd_add(&r, n, ARENA_ALIGN - 1 + GAP)) { return SIZE_MAX; }
    return r & ~(size_t)(ARENA_ALIGN - 1);
}

static void *try_take(struct arena *a, size_t n)
{
    size_t r = rounded(n);
    if ((a->next == NULL || (size_t)(a->end - a->next) < r) && !add_block(a, r)) { return NULL; }
    char *p = a->next;
    a->next += r;
    SHOW(p, n);
    return p;
}

static void *take(struct arena *a, size_t n)
{
    void *p = try_take(a, n);
    if (p == NULL) {
        a->memory->out_of_memory(a->memory->ctx);
        MSA_BUG("the out-of-memory handler came back");
    }
    return p;
}

void *arena_try(struct arena *a, size_t n)
{
    void *p = try_take(a, n);
    if (p != NULL) { memset(p, 0, n); }
    return p;
}

void *arena_alloc(struct arena *a, size_t n)
{
    void *p = take(a, n);
    memset(p, 0, n);
    return p;
}

void *arena_grow(struct arena *a, void *p, size_t old, size_t n)
{
    if (n <= old && p != NULL) { return p; }
    if (p != NULL && old > 0 && (char *)p + rounded(old) == a->next) {
        size_t r = rounded(n);
        if ((size_t)(a->end - (char *)p) >= r) {
            a->next = (char *)p + r;
            SHOW(p, n);
            memset((char *)p + old, 0, n - old);
            return p;
        }
    }
    char *q = take(a, n);
    if (old > 0) { memcpy(q, p, old); }
    memset(q + old, 0, n - old);
    return q;
}

void *arena_copy(struct arena *a, const void *p, size_t n)
{
    void *q = take(a, n);
    if (n > 0) { memcpy(q, p, n); }
    return q;
}

char *arena_strdup(struct arena *a, const char *s)
{
    return arena_copy(a, s, strlen(s) + 1);
}

struct arena_mark arena_mark(const struct arena *a)
{
    return (struct arena_mark){ .block = a->block, .next = a->next };
}

void arena_release(struct arena *a, struct arena_mark m)
{
    while (a->block != m.block) {
        struct arena_block *b = a->block;
        if (b == NULL) { MSA_BUG("arena mark released out of order"); }
        a->block = b->before;
        SHOW(b, b->size);
        memory_resize(a->memory, b, 0);
    }
    a->next = m.next;
    a->end = a->block ? a->block->end : NULL;
    if (a->next != NULL) { HIDE(a->next, (size_t)(a->end - a->next)); }
}

void arena_free(struct arena *a)
{
    arena_release(a, (struct arena_mark){ 0 });
}

size_t arena_footprint(const struct arena *a)
{
    return a->block ? a->block->footprint : 0;
}
