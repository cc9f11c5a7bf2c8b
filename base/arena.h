/* SPDX-License-Identifier: MIT */
/* Bump arenas: memory that is freed all at once. Most of what the compiler makes lives in one.
 *
 * An allocation never fails in the caller's eyes: when memory runs out the arena calls the handler of its
 * `struct memory`, which must not return. The API layer's handler jumps back to the API function, which owns the arenas
 * and frees them; so nothing but arena memory may be held across an allocation there. */
#ifndef MSA_BASE_ARENA_H
#define MSA_BASE_ARENA_H
#include "base/checked.h"
#include "base/prelude.h"

MSA_EXTERN_C_BEGIN

/* Where arenas draw blocks from. An embedder may supply one; tests supply one that fails at the n-th call. */
struct memory {
    /* realloc with a context: p NULL makes a block, n 0 frees one and gives NULL. NULL otherwise means refusal. */
    void *(*resize)(void *ctx, void *p, size_t n);
    void (*out_of_memory)(void *ctx); /* must not return */
    void *ctx;
};
/* malloc; running out is reported like an internal error. Used wherever a NULL memory is given. */
extern const struct memory memory_default;
/* Never NULL unless n is 0: goes to the handler instead. m NULL = memory_default. */
void *memory_resize(const struct memory *m, void *p, size_t n);

struct arena_block;
struct arena {
    char *next, *end;          /* free part of the newest block */
    struct arena_block *block; /* newest first */
    const struct memory *memory;
};
struct arena_mark { struct arena_block *block; char *next; };

#define ARENA_ALIGN 8

void arena_init(struct arena *a, const struct memory *m);
/* Zeroed, aligned to ARENA_ALIGN. n = 0 gives a valid pointer that may be shared. */
void *arena_alloc(struct arena *a, size_t n) __attribute__((__malloc__, __returns_nonnull__));
/* The same, but NULL when memory runs out: for callers that hold something which must not be left behind. */
void *arena_try(struct arena *a, size_t n);
/* Grows p (the size it had: old) to n bytes, in place when it is the newest allocation. The new part is zeroed. */
void *arena_grow(struct arena *a, void *p, size_t old, size_t n) __attribute__((__returns_nonnull__));
void *arena_copy(struct arena *a, const void *p, size_t n) __attribute__((__returns_nonnull__));
char *arena_strdup(struct arena *a, const char *s) __attribute__((__returns_nonnull__));
struct arena_mark arena_mark(const struct arena *a);
/* Frees all that was allocated since the mark. Marks are released in reverse order. */
void arena_release(struct arena *a, struct arena_mark m);
/* Frees everything; the arena can be used again. */
void arena_free(struct arena *a);
/* Bytes taken from the memory source, for statistics and limits. */
size_t arena_footprint(const struct arena *a);

#define ARENA_NEW(a, T) ((T *)arena_alloc((a), sizeof(T)))
#define ARENA_ARRAY(a, T, n) ((T *)arena_alloc((a), size_of_array((n), sizeof(T))))

MSA_EXTERN_C_END
#endif
