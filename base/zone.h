/* SPDX-License-Identifier: MIT */
/* Time zones: the system's IANA data, future years by the zone's own rule. A thin seam over cctz. */
#ifndef MSA_BASE_ZONE_H
#define MSA_BASE_ZONE_H
#include "base/civil.h"

struct zone;                     /* immutable after loading, shared; loaded zones live until zone_unload_all */

MSA_EXTERN_C_BEGIN
/* NULL when there is no such zone (or no memory). The same name gives the same pointer. "UTC" and "+HH:MM" offsets always work.
 * Refused although the library would read them: paths, "localtime", "right/..." and "posix/...". Loading takes 0.3 to 0.6 ms. */
const struct zone *zone_load(const char *name);
const char *zone_name(const struct zone *z);
/* Version of the zone data in use, e.g. "2025b"; "unknown" when the system does not say. */
const char *zone_data_version(void);
void zone_unload_all(void);

/* Seconds east of UTC at t. `from`/`until` (may be NULL): the stretch [from, until) in which that offset holds. */
int32_t zone_offset(const struct zone *z, instant t, instant *from, instant *until);
/* Abbreviation in force at t ("EST"); static storage. */
const char *zone_abbreviation(const struct zone *z, instant t);

/* Local wall time (microseconds since 1970-01-01 as if it were UTC) → instant. */
enum wall_kind { WALL_UNIQUE, WALL_REPEATED, WALL_SKIPPED };
/* For WALL_REPEATED `earlier`/`later` are the two instants; for WALL_SKIPPED they are the readings by the offset before
 * (later) and after (earlier) the gap; `jump` is the instant of the change (NONE for WALL_UNIQUE). All may be NULL. */
enum wall_kind zone_instant(const struct zone *z, int64_t wall, instant *earlier, instant *later, instant *jump);
/* instant → local wall time in the same unit. */
int64_t zone_wall(const struct zone *z, instant t);
MSA_EXTERN_C_END
#endif
