/* SPDX-License-Identifier: MIT */
/* Arithmetic that says when it does not fit. Every size and every number a user wrote goes through here.
 * ckd_add(&r, a, b) is true when a + b does not fit r (C23's sense: true means trouble). */
#ifndef MSA_BASE_CHECKED_H
#define MSA_BASE_CHECKED_H
#include "base/prelude.h"

#if defined(__has_include)
#if __has_include(<stdckdint.h>) && !defined(__cplusplus)
#include <stdckdint.h>
#endif
#endif
#ifndef ckd_add
#define ckd_add(r, a, b) __builtin_add_overflow((a), (b), (r))
#define ckd_sub(r, a, b) __builtin_sub_overflow((a), (b), (r))
#define ckd_mul(r, a, b) __builtin_mul_overflow((a), (b), (r))
#endif

/* count × size in bytes; SIZE_MAX when it does not fit, which every allocator here refuses. */
static inline size_t size_of_array(size_t count, size_t size)
{
    size_t n;
    return ckd_mul(&n, count, size) ? SIZE_MAX : n;
}
#endif
