/* SPDX-License-Identifier: MIT */
/* The machine: runs the functions of a verified module. What verification has proven is not checked again. */
#ifndef MSA_RUNTIME_VM_H
#define MSA_RUNTIME_VM_H
#include "base/str.h"

struct engine;
struct entity;

/* Two banks of registers, a frame of each for every call; calls nest at most VM_DEPTH deep, because only a handler can make
 * the engine ask another function. */
#define VM_DEPTH 4
struct vm {
    int64_t *scalars;
    struct str *texts;
    uint32_t depth, max_scalars, max_texts;
};
struct vm_result {
    int64_t scalar;           /* RETV; RETG: the target, NONE or an index */
    int64_t calendar;         /* RETG: NONE or a calendar number */
    struct str text;          /* RETT; p NULL: absent */
};

void vm_open(struct engine *e);
/* Runs FUNC `func` for an entity (may be NULL) at an instant. */
struct vm_result vm_run(struct engine *e, uint32_t func, struct entity *n, instant at);
static inline bool vm_says_yes(struct engine *e, uint32_t func, struct entity *n, instant at)
{
    return vm_run(e, func, n, at).scalar == 1;
}
#endif
