/* SPDX-License-Identifier: MIT */
/* The calendars of a run, by number: those of the module in the agreement's zone, then those made in the zone of a thing
 * (`local to site`), in the order in which they were first asked for. Each is built when the first question comes. */
#ifndef MSA_RUNTIME_CALENDARS_H
#define MSA_RUNTIME_CALENDARS_H
#include "base/calendar.h"
#include "bytecode/module.h"

struct calendars;
struct engine;

/* Fails the engine when the system lacks a zone that the module names. */
struct calendars *calendars_open(struct engine *e);
void calendars_close(struct calendars *c);
const struct zone *calendars_zone(const struct calendars *c); /* the agreement's */

/* The number of CALENDAR `record` in a zone; NONE when there is no such zone. */
int64_t calendars_local(struct calendars *c, uint32_t record, struct str zone);
/* Is this number from a register one of a calendar? */
bool calendars_has(const struct calendars *c, int64_t number);
struct str calendars_name(const struct calendars *c, uint32_t number);
struct calendar *calendars_at(struct calendars *c, uint32_t number);
const struct zone *calendars_zone_of(struct calendars *c, uint32_t number);

micros calendars_elapsed(struct calendars *c, uint32_t number, instant a, instant b);
instant calendars_due(struct calendars *c, uint32_t number, instant a, micros d);
#endif
