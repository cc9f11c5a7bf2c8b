/* SPDX-License-Identifier: MIT */
/* The worst case of an agreement, between its files: ranges, formulas over them, formulas in words. */
#ifndef MSA_RUNTIME_EXPOSURE_H
#define MSA_RUNTIME_EXPOSURE_H
#include "base/exact.h"
#include "base/vec.h"
#include "bytecode/module.h"
#include "msa/run.h"

enum { MOST_STEPS = 200000, MOST_DEPTH = 2000, MOST_MONTHS = 12000 };

/* lo and hi; a missing end is infinite, and `why` names the value that has none. */
struct range { mpq_ptr lo, hi; bool no_lo, no_hi; struct str why; };

struct exposure {
    const struct module *m;
    struct arena *arena;
    const struct msa_bound *bound;
    size_t n_bounds, steps;
    unsigned depth;
    VEC(mpq_ptr) numbers;        /* to be given back */
    const struct m_charge *charge;
    const struct range *units;   /* at hand; NULL: none */
    unsigned places;
    enum exact_rounding rounding;
};

/* ---- exposure_range.c: every number lives until x is done ---- */
mpq_ptr range_number(struct exposure *x, int64_t n, int64_t d);
struct range range_whole(struct exposure *x, int64_t lo, int64_t hi);
struct range range_point(struct exposure *x, mpq_srcptr q);
struct range range_upwards(struct exposure *x, struct str why);   /* from 0 without end */
struct range range_anything(struct exposure *x, struct str why);
/* What is said about a value by its name, else `otherwise`. */
struct range range_named(struct exposure *x, struct str name, struct range otherwise);
struct range range_join(struct exposure *x, struct range a, struct range b);
struct range range_add(struct exposure *x, struct range a, struct range b);
struct range range_negative(struct exposure *x, struct range a);
struct range range_times(struct exposure *x, struct range a, struct range b);
struct range range_over(struct exposure *x, struct range a, struct range b);
struct range range_extreme(struct range a, struct range b, bool larger);
struct range range_rounded(struct exposure *x, struct range a, mpq_srcptr step, enum exact_rounding how);
struct range range_not_below_zero(struct exposure *x, struct range r);

/* ---- exposure.c ---- */
struct str exposure_text(const struct exposure *x, uint32_t s);
struct range exposure_value(struct exposure *x, uint32_t node);           /* of an EXACT record */
unsigned exposure_months(const struct exposure *x, uint32_t kind, uint32_t n); /* of enum period_kind; 0: without end */
struct range exposure_each(struct exposure *x, const struct m_charge *c); /* a charge's amount of one period, or for one event */
struct range exposure_occasions(struct exposure *x, const struct m_charge *c, unsigned months, bool earned);

/* ---- exposure_words.c ---- */
/* The formula of a charge; empty: a fixed sum. Of one node, appended. */
struct str exposure_formula(struct exposure *x, const struct m_charge *c);
void exposure_words(struct exposure *x, struct sb *b, uint32_t node, bool inner);
#endif
