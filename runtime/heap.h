/* SPDX-License-Identifier: MIT */
/* Memory of a run that outlives an event: texts, growing arrays, blocks of entities. Two makers behind one interface:
 * heap_gc.c (libgc finds the texts nobody looks at any more) and heap_region.c (malloc, for sanitizers). Which one is a
 * choice of the build. No function gives NULL: when memory or the limit runs out `refused` is called and must not return. */
#ifndef MSA_RUNTIME_HEAP_H
#define MSA_RUNTIME_HEAP_H
#include "base/str.h"

struct heap;
struct heap_options {
    size_t limit;                                   /* bytes held; 0: none */
    void (*refused)(void *ctx, bool by_limit);      /* must not return; ctx is the owner's block */
    size_t owner;                                   /* bytes of it */
};

/* NULL when memory runs out. *owner: the first block, for whoever owns the heap: what keeps arrays must itself lie in a
 * block or on the stack. */
struct heap *heap_open(const struct heap_options *o, void **owner);
void heap_close(struct heap *h);

/* A copy with a NUL behind it. Views of it may lie on the stack, in blocks and nowhere else. */
struct str heap_text(struct heap *h, struct str s);
/* The owner lets go of a text; other views of it are good until heap_settle. */
void heap_text_drop(struct heap *h, struct str s);
/* Grows or shrinks an array without views of texts from `old` to `n` bytes; the new part is zeroed; n = 0 frees it and
 * gives NULL. */
void *heap_array(struct heap *h, void *p, size_t old, size_t n);
/* Zeroed, may hold views of texts, lives until heap_close. */
void *heap_block(struct heap *h, size_t n) __attribute__((__returns_nonnull__));
/* End of an event: dropped texts can go. */
void heap_settle(struct heap *h);
size_t heap_bytes(const struct heap *h);
#endif
