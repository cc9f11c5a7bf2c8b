/* SPDX-License-Identifier: MIT */
/* The trail of the thing that a run explains: which targets its clocks had before the last one, and why they stood still. What
 * a clock keeps of itself says neither, and for all things of a run it would be too much to keep. */
#ifndef MSA_RUNTIME_TRAIL_H
#define MSA_RUNTIME_TRAIL_H
#include "runtime/clock_target.h"

enum trail_kind {
    TRAIL_BEGIN,   /* what the clock aims at when a cycle begins */
    TRAIL_TARGET,  /* and from `at` on */
    TRAIL_REFUSED, /* what it would have aimed at: never lengthen */
    TRAIL_PAUSED,  /* it stands still, or still does so, for `reason` */
};
struct trail_entry {
    enum trail_kind kind;
    uint32_t entity, slot, cycle; /* kind of the thing, its clock, the cycle */
    instant at;
    uint32_t event, line;         /* that brought it; UINT32_MAX, 0: none */
    uint32_t target, calendar;    /* NO_REF: none */
    instant record;               /* of a target that stands in the record */
    enum change_policy policy;    /* by which the change was made; CHANGE_DEFAULT: a first target */
    const struct msa_named *by;   /* the values that chose the target */
    uint32_t n_by;
    struct str reason;            /* "waiting on customer"; empty: a condition that is no state made by events */
};
struct trail;

/* Of the things with this key. Lives as long as the engine. */
struct trail *trail_open(struct engine *e, struct str key);
/* A cycle begins. Nothing happens when the run does not explain this thing, as in all of these. */
void trail_begin(struct engine *e, struct entity *n, uint32_t slot);
/* The clock's target may have changed. */
void trail_target(struct engine *e, struct entity *n, uint32_t slot, enum change_policy policy);
void trail_refused(struct engine *e, struct entity *n, uint32_t slot, const struct aim *a);
/* A condition has found that such waits go on, of all reasons or of these; trail_paused takes them up, unless the condition was
 * one of something else: trail_forget. */
void trail_waits(struct engine *e, struct entity *n, uint32_t spans, uint64_t reasons);
/* The same for a clock that was found to be late. */
void trail_late(struct engine *e, struct entity *n, uint32_t slot);
void trail_forget(struct engine *e);
/* The clock was asked whether it stands still. */
void trail_paused(struct engine *e, struct entity *n, uint32_t slot, bool pause);

/* An event that is taken back leaves nothing: cut to the length that it had. */
size_t trail_length(const struct engine *e);
void trail_cut(struct engine *e, size_t length);
/* Entries in the order in which they came; NULL beyond the last. */
const struct trail_entry *trail_at(const struct engine *e, size_t i);
#endif
