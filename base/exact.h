/* SPDX-License-Identifier: MIT */
/* Exact numbers: fractions of any size up to EXACT_BITS, on GMP. Money in units of its currency, time in hours, shares as
 * fractions of one. Nothing here rounds unless it says so (semantics A1).
 *
 * GMP ends the process when memory runs out; numbers are kept to EXACT_BITS so that this cannot be brought about by input. */
#ifndef MSA_BASE_EXACT_H
#define MSA_BASE_EXACT_H
#include "base/str.h"
#include <gmp.h>

#define EXACT_BITS 8192
#define MINOR_MAX INT64_C(1000000000000000) /* a payable amount: 10^15 minor units */

/* "12", "-0.5", "4,500.00" (groups of three), "1/24", "1e-9" is not read. False: no such number, *q is 0. */
bool exact_read(mpq_ptr q, struct str s);
/* numerator / denominator; denominator not 0. */
void exact_set(mpq_ptr q, int64_t numerator, int64_t denominator);
/* False when it has grown beyond EXACT_BITS. */
bool exact_fits(mpq_srcptr q);

enum exact_rounding { EXACT_DOWN, EXACT_UP, EXACT_HALF_UP, EXACT_HALF_EVEN }; /* down is towards zero, up away from it */
/* q to the nearest multiple of step (above 0), in place. */
void exact_round(mpq_ptr q, mpq_srcptr step, enum exact_rounding how);
/* q units of currency as minor units, rounded. False: beyond MINOR_MAX. */
bool exact_minor(int64_t *minor, mpq_srcptr q, unsigned places, enum exact_rounding how);
void exact_from_minor(mpq_ptr q, int64_t minor, unsigned places);
/* Floor and ceiling as whole numbers; false: not in 64 bits. */
bool exact_floor(int64_t *n, mpq_srcptr q);
bool exact_ceiling(int64_t *n, mpq_srcptr q);

/* "4500.00": a minor amount with its places. Returns the length. */
#define MINOR_TEXT_MAX 32
int minor_text(char out[MINOR_TEXT_MAX], int64_t minor, unsigned places);
/* For readers: "4,500.00". */
int minor_grouped(char out[MINOR_TEXT_MAX], int64_t minor, unsigned places);
/* A decimal where the fraction ends within 12 places ("0.75"), else "17/31"; no trailing zeros. In arena a. */
struct str exact_text(struct arena *a, mpq_srcptr q);
/* total minor units in n parts that add up to it, part i by weight[i]: largest remainder, the earlier part at a tie.
 * Weights not negative, their sum above 0. */
void exact_allocate(int64_t total, const int64_t *weight, size_t n, int64_t *part);
#endif
