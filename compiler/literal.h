/* SPDX-License-Identifier: MIT */
/* Values and tests from literals. */
#ifndef MSA_COMPILER_LITERAL_H
#define MSA_COMPILER_LITERAL_H
#include "compiler/model.h"

/* Values v with from <= v < to. */
struct interval { int64_t from, to; };
/* A test of a scalar type: a value, `A to B`, a band. False after a message. */
bool interval_check(struct unit *u, struct source_module *m, const struct node *e, struct type t, struct interval *out);
int64_t scale_value(const struct scale_info *s, struct str name);          /* NONE when it has none of that name */
void unknown_value(struct unit *u, const struct scale_info *s, struct str name, struct span at);
/* A date and time as written, by its offset or the agreement's zone. */
instant instant_of(struct unit *u, const struct node *e);
#endif
