/* SPDX-License-Identifier: MIT */
/* One event as the readers hand it to the engine: typed slots, no names, no JSON. The views live as long as the reader says
 * (streaming: during the call; batch: until the run ends). */
#ifndef MSA_RUNTIME_EVENT_H
#define MSA_RUNTIME_EVENT_H
#include "base/str.h"
#include "base/hash.h"

/* `type` is an index into EVENT; or this: a value the input itself recorded, for ADAPTER_RULE `rule` (kind RULE_RECORDED). */
#define EVENT_RECORDED UINT32_MAX
/* ... or this: a fact without a time from an adapter's `set`: attribute `rule`.attr, true from the entity's first instant. */
#define EVENT_SET (UINT32_MAX - 1)

struct event {
    instant at;
    uint64_t order;                 /* the export's own sequence, then input order: decides ties at one instant (C1) */
    uint32_t type, rule;
    uint32_t line; uint32_t file;   /* where it came from; file numbers count from 0 in the order of opening */
    bool has_id;
    struct hash128 id;              /* of the event's own id: duplicates count once (R1) */
    uint64_t content;               /* with an id: hash of what the record says, to tell a duplicate from another record */
    struct str key;                 /* of its entity; n = 0 for events of no entity */
    const int64_t *scalar;          /* by slot; NONE = absent. EVENT_RECORDED / EVENT_SET: scalar[0] */
    const struct str *text;         /* by slot; p = NULL: absent. EVENT_RECORDED / EVENT_SET: text[0] */
};
#endif
