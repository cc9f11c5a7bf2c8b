/* SPDX-License-Identifier: MIT */
/* Periods of measures: stretches of the calendar of a zone, half-open, one after another. */
#ifndef MSA_RUNTIME_PERIOD_H
#define MSA_RUNTIME_PERIOD_H
#include "base/zone.h"
#include "bytecode/module.h"

struct period_rule {
    enum period_kind kind;
    int32_t n; /* units in a period, at least 1 */
    const struct zone *zone;
    date anchor; /* first day of the contract: contract months and years count from it */
};
struct period {
    instant from, to; /* PERIOD_ALL: NONE, NEVER */
    date first, last; /* its days, both in */
};

/* The period that an instant lies in. */
struct period period_at(const struct period_rule *r, instant t);
/* Its name: "2026-03", "2026-Q1", "2026-W10", "2026", "2026-03-06"; others "2026-01-15 to 2026-02-14" (a period is named
 * by its last date, A7); "all". Returns the length. */
#define PERIOD_NAME_MAX 64
int period_name(const struct period_rule *r, const struct period *p, char out[PERIOD_NAME_MAX]);
#endif
