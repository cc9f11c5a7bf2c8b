/* SPDX-License-Identifier: MIT */
/* Typed growable arrays.
 *
 *     VEC(int) v = {0};              typedef VEC(struct fee) fees;
 *     vec_push(&v, arena, 3);        arena NULL: malloc flavour, ends with vec_free(&v)
 *     for (size_t i = 0; i < v.n; i++) use(v.p[i]);
 */
#ifndef MSA_BASE_VEC_H
#define MSA_BASE_VEC_H
#include "base/arena.h"

#define VEC(T) struct { T *p; size_t n, cap; }

/* Room for `want` more elements behind n; returns the (moved) array and updates *cap. New room is zeroed in arenas. */
void *vec_grown(struct arena *a, void *p, size_t n, size_t *cap, size_t want, size_t size);

#define vec_reserve(v, a, want) \
    ((void)((v)->cap - (v)->n >= (size_t)(want) ? 0 : \
        ((v)->p = vec_grown((a), (v)->p, (v)->n, &(v)->cap, (want), sizeof *(v)->p), 0)))
#define vec_push(v, a, x) (vec_reserve(v, a, 1), (void)((v)->p[(v)->n++] = (x)))
/* Pointer to a new last element; zeroed by the caller when it matters in the malloc flavour. */
#define vec_add(v, a) (vec_reserve(v, a, 1), &(v)->p[(v)->n++])
#define vec_last(v) ((v)->p[(v)->n - 1])
#define vec_pop(v) ((v)->p[--(v)->n])
#define vec_clear(v) ((void)((v)->n = 0))
#define vec_free(v) (memory_resize(NULL, (v)->p, 0), (v)->p = NULL, (void)((v)->n = (v)->cap = 0))
#endif
