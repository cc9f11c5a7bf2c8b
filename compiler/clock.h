/* SPDX-License-Identifier: MIT */
/* What clocks share with rules. */
#ifndef MSA_COMPILER_CLOCK_H
#define MSA_COMPILER_CLOCK_H
#include "compiler/unit.h"

/* `notify "Lead", assignee`. */
void recipients_check(struct unit *u, const struct scope *sc, const struct node *list, struct recipient_info **out, size_t *n);
/* clock_asked.c: `late(response)` and the like; NULL: e calls something else. Their names, for suggestions. */
struct tex *clock_question(struct unit *u, const struct scope *sc, const struct node *e);
void clock_questions_offer(struct suggestion *g);
/* Does it stand still while another clock is late? */
bool clock_asks_clocks(const struct clock_info *c);
#endif
