/* SPDX-License-Identifier: MIT */
/* Periods of measures: stretches of the calendar of a zone, half-open, one after another, and cut where the agreement's term
 * begins and ends: what lies outside the term never shares a figure with what lies in it. */
#ifndef MSA_RUNTIME_PERIOD_H
#define MSA_RUNTIME_PERIOD_H
#include "base/zone.h"
#include "bytecode/module.h"

struct period_rule {
    enum period_kind kind;
    int32_t n; /* units in a period, at least 1 */
    const struct zone *zone;
    date anchor; /* first day of the contract: contract months and years count from it */
    bool begins, ends; /* the term begins with `anchor`, ends with `last`; without them it has no such bound */
    date last;
};
struct period {
    instant from, to; /* of PERIOD_ALL without a bound there: NONE, NEVER */
    date first, last; /* its days, both in */
    date begun;       /* first day of the whole period, where it was cut */
    bool early, outside, cut; /* before the term; before or after it; shorter than others because the term begins or ends there */
};

/* The period that an instant lies in. */
struct period period_at(const struct period_rule *r, instant t);
/* Its name: "2026-03", "2026-Q1", "2026-W10", "2026", "2026-03-06"; others, and the cut off part of one that lies
 * outside the term, "2026-01-15 to 2026-02-14" (a period is named by its last date, A7); "all", and outside the term "before
 * 2026-01-01", "after 2027-12-31". Returns the length. */
#define PERIOD_NAME_MAX 64
/* The first instant of a local day. Where midnight is skipped the day begins at the change. */
instant period_day_start(const struct zone *z, date d);
int period_name(const struct period_rule *r, const struct period *p, char out[PERIOD_NAME_MAX]);
#endif
