/* SPDX-License-Identifier: MIT */
/* Amounts that can be compared before anything happens, and the warnings that doubts.c calls for. */
#ifndef MSA_COMPILER_DOUBTS_H
#define MSA_COMPILER_DOUBTS_H
#include "compiler/terms.h"

/* number / per times `of`; of is NULL: a sum of money. */
struct part { int64_t number, per; const struct amount *of; };
/* False: a is neither a sum nor a share of something with a name. */
bool amount_part(const struct amount *a, struct part *out);
bool part_same_whole(const struct amount *a, const struct amount *b);
bool part_is_below(struct part a, struct part b);   /* of the same whole */

void dearer_and_worse(struct unit *u);   /* dearer.c */
#endif
