/* SPDX-License-Identifier: MIT */
/* The values by which clocks chose their targets (R3). They stay with the cycle: a breach keeps its row whatever the thing
 * becomes later. Clocks that chose by the same values share one copy, which goes with the last of them, so that a clock
 * costs a number and memory follows the open things. */
#ifndef MSA_RUNTIME_CHOSEN_H
#define MSA_RUNTIME_CHOSEN_H
#include "base/str.h"
#include "msa/run.h"

struct engine;
struct entity;

#define CHOSEN_PAGE 256
struct chosen_page;
struct chosen {
    struct chosen_page **page; /* CHOSEN_PAGE copies each */
    uint32_t n_pages, cap_pages, n, used, free; /* numbers given, in use; first free one: 0, none */
    uint32_t *bucket;          /* by digest: first of a chain, 0: none */
    uint32_t n_buckets;
};

/* Takes the values that the thing has now for the clock's. */
void chosen_take(struct engine *e, struct entity *n, uint32_t slot);
/* One more that holds on to them, until it drops its number, too. */
void chosen_hold(struct engine *e, uint32_t number);
/* Lets go of them; the clock has none. */
void chosen_drop(struct engine *e, uint32_t *number);
/* The `count` values of VALUE_OF from `first` on, as texts in scratch: what the clock chose by, where it is that, and as the
 * thing is at `at` otherwise. */
struct msa_named *chosen_values(struct engine *e, struct entity *n, uint32_t slot, uint32_t first, uint32_t count, int64_t at);
#endif
