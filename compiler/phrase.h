/* SPDX-License-Identifier: MIT */
/* Events as clauses name them. */
#ifndef MSA_COMPILER_PHRASE_H
#define MSA_COMPILER_PHRASE_H
#include "compiler/model.h"

/* All phrases of a slot; a trailing `when` holds for each. */
void phrases_check(struct unit *u, struct source_module *m, struct entity_info *e, const struct node *slot, phrases *out);
#endif
