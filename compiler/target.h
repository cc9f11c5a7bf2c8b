/* SPDX-License-Identifier: MIT */
/* Where a clock's target comes from. */
#ifndef MSA_COMPILER_TARGET_H
#define MSA_COMPILER_TARGET_H
#include "compiler/model.h"

/* Kind of a target_val only while its calendar is not known yet: amount is in millionths of a service day. */
#define TARGET_SERVICE 100

struct scope;
bool target_info_check(struct unit *u, const struct scope *sc, const struct node *n, struct target_info *t);
bool target_calendar_check(struct unit *u, struct target_val *v, struct tex *calendar);
struct tex *target_row_calendar(const struct target_info *t, uint32_t row);
#endif
