/* SPDX-License-Identifier: MIT */
/* What a clock has counted, when it is due, and what a new target makes of both (C4, C5, C9, T6, T8). For clock.c, which is
 * about the life of its cycles; nothing here gives results or touches measures. */
#ifndef MSA_RUNTIME_CLOCK_TARGET_H
#define MSA_RUNTIME_CLOCK_TARGET_H
#include "runtime/clock.h"

/* What the contract says a clock should aim at. */
struct aim {
    uint32_t target, calendar; /* TARGET index, NO_REF: none; number of the calendar */
    instant record;            /* TARGET_RECORD: the instant in the attribute */
};

static inline instant later(instant a, instant b)
{
    return a > b ? a : b;
}

/* From `from` on the clock does `what`. */
void clock_stretch_begin(struct engine *e, struct clock *c, instant from, enum msa_stretch what);

/* Asks the clock's target function. */
struct aim clock_aim_at(struct engine *e, struct entity *n, const struct m_clock *record);
struct aim clock_aim_of(const struct clock *c);
void clock_take_aim(struct clock *c, const struct m_clock *record, const struct aim *a);
/* True when the target function says something else than the last time it was asked. */
bool clock_news(struct clock *c, const struct aim *a);
bool clock_needs_no_target(const struct m_clock *record);

/* When the clock is due under `a`; one that is paused, if it resumed now. */
instant clock_due_under(struct engine *e, struct clock *c, const struct aim *a, bool again);
/* Finds the clock's due time again. */
void clock_find_due(struct engine *e, struct clock *c, const struct m_clock *record);

/* A running clock gets another target, one without any its first. Returns the policy that held; when it is never lengthen, the
 * clock may have kept the old one. */
enum change_policy clock_change_target(struct engine *e, struct clock *c, const struct m_clock *record, enum change_policy policy, const struct aim *a);
void clock_attach(struct engine *e, struct clock *c, const struct m_clock *record, const struct aim *a);
#endif
