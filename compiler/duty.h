/* SPDX-License-Identifier: MIT */
/* Duties: those by a day or a number of times in each period (duty.c), those within a time after an event and recoveries
 * (duty_clock.c). */
#ifndef MSA_COMPILER_DUTY_H
#define MSA_COMPILER_DUTY_H
#include "compiler/charge.h"

/* In `number` of a declaration that a duty is written out as. */
enum { DUTY_MADE = 1, DUTY_ENDS_WITH_THING = 2 /* a clock: what ends the thing ends it, where nothing else is said */ };

/* Is it due within a time after an event? */
bool duty_of_event(const struct node *n);
struct duty_slots { struct node *when, *within, *done, *money; };
/* The lines of a duty; false: it could not be read or has a mistake, which has its message then. `when`: by a day or so many
 * times; `within`: after an event; one of the two is there. */
bool duty_slots(struct unit *u, const struct node *n, struct duty_slots *s);
struct str duty_name(struct unit *u, struct str title, const char *behind);
struct span duty_place(const struct node *n);    /* of its title */
void duty_missing(struct unit *u, const struct node *n, const char *what, const char *instead);
void duty_twice(struct unit *u, const struct node *s, const struct node *first, const char *what);
/* A duty of each period is a charge; others are nothing to it. */
void duty_check(struct unit *u, struct source_module *m, const struct node *n, const struct node *section);
#endif
