/* SPDX-License-Identifier: MIT */
#include "runtime/trail.h"
#include "runtime/state.h"

struct trail {
    struct str key;
    VEC(struct trail_entry) entry;
    struct sb holding; /* what has been found to go on since a clock was asked */
};

struct trail *trail_open(struct engine *e, struct str key)
{
    struct trail *t = arena_alloc(&e->arena, sizeof *t);
    *t = (struct trail){.key = str_dup(&e->arena, key), .holding = {.arena = &e->arena}};
    return t;
}

static bool follows(const struct engine *e, const struct entity *n)
{
    return e->trail && str_eq(n->key, e->trail->key);
}

static struct clock *clock_of(const struct engine *e, struct entity *n, uint32_t slot)
{
    return &entity_clocks(&e->kind[n->kind], n)[slot];
}

static struct trail_entry *add(struct engine *e, struct entity *n, uint32_t slot, enum trail_kind kind)
{
    const struct event *ev = e->event;
    struct trail_entry x = {
        .kind = kind,
        .entity = n->kind,
        .slot = slot,
        .cycle = clock_of(e, n, slot)->cycle,
        .at = e->now,
        .event = ev ? ev->type : UINT32_MAX,
        .line = ev ? ev->line : 0,
        .target = NO_REF,
        .calendar = NO_REF,
    };
    vec_push(&e->trail->entry, &e->arena, x);
    return &e->trail->entry.p[e->trail->entry.n - 1];
}

static void keep_values(struct engine *e, struct trail_entry *x, const struct msa_named *by, uint32_t n_by)
{
    struct msa_named *kept = ARENA_ARRAY(&e->arena, struct msa_named, n_by);
    for (uint32_t i = 0; i < n_by; i++) {
        kept[i].name = by[i].name; /* the module's */
        kept[i].value = result_text(str_dup(&e->arena, (struct str){by[i].value.p, by[i].value.n}));
    }
    x->by = kept;
    x->n_by = n_by;
}

static const struct trail_entry *target_before(const struct engine *e, const struct entity *n, uint32_t slot, uint32_t cycle)
{
    for (size_t i = e->trail->entry.n; i-- > 0;) {
        const struct trail_entry *x = &e->trail->entry.p[i];
        if (x->kind <= TRAIL_TARGET && x->entity == n->kind && x->slot == slot && x->cycle == cycle) { return x; }
    }
    return NULL;
}

static const struct m_clock *record_of(const struct engine *e, const struct entity *n, uint32_t slot)
{
    return &e->module->clock[e->kind[n->kind].clock_of_slot[slot]];
}

static void add_target(struct engine *e, struct entity *n, uint32_t slot, enum trail_kind kind, enum change_policy policy)
{
    const struct m_clock *record = record_of(e, n, slot);
    const struct clock *c = clock_of(e, n, slot);
    struct trail_entry *x = add(e, n, slot, kind);
    x->target = c->target;
    x->calendar = c->calendar;
    x->record = c->record;
    x->policy = policy;
    keep_values(e, x, chosen_values(e, n, slot, record->by, record->n_by, e->now), record->n_by);
}

void trail_begin(struct engine *e, struct entity *n, uint32_t slot)
{
    if (follows(e, n)) { add_target(e, n, slot, TRAIL_BEGIN, CHANGE_DEFAULT); }
}

void trail_target(struct engine *e, struct entity *n, uint32_t slot, enum change_policy policy)
{
    if (!follows(e, n)) { return; }
    const struct clock *c = clock_of(e, n, slot);
    const struct trail_entry *was = target_before(e, n, slot, c->cycle);
    if (c->phase != CLOCK_LIVE || (was && was->target == c->target && was->calendar == c->calendar && was->record == c->record)) { return; }
    add_target(e, n, slot, TRAIL_TARGET, policy);
}

void trail_refused(struct engine *e, struct entity *n, uint32_t slot, const struct aim *a)
{
    if (!follows(e, n)) { return; }
    const struct m_clock *record = record_of(e, n, slot);
    struct trail_entry *x = add(e, n, slot, TRAIL_REFUSED);
    x->target = a->target;
    x->calendar = a->calendar;
    x->policy = CHANGE_NEVER_LENGTHEN;
    keep_values(e, x, result_values(e, n, record->by, record->n_by, e->now), record->n_by);
}

/* ---- pauses ---- */

void trail_waits(struct engine *e, struct entity *n, uint32_t spans, uint64_t reasons)
{
    if (!follows(e, n)) { return; }
    const struct module *m = e->module;
    const struct m_spans *record = &m->spans[m->entity[n->kind].spans + spans];
    const struct m_scale *scale = record->reason_scale < m->n_scale ? &m->scale[record->reason_scale] : NULL;
    const struct wait_set *set = &entity_spans(&e->kind[n->kind], n)[spans];
    struct sb *b = &e->trail->holding;
    uint64_t told = 0;
    if (b->n) { sb_puts(b, ", "); }
    sb_put(b, module_str(m, record->name));
    for (uint32_t i = 0; i < set->n; i++) {
        int64_t r = set->p[i].reason;
        if (!scale || r < 0 || r >= 64 || r >= (int64_t)scale->n_values || !(reasons >> r & 1) || told >> r & 1) { continue; }
        sb_puts(b, told ? ", " : " on ");
        sb_put(b, module_str(m, m->scale_value[scale->values + (uint32_t)r].name));
        told |= (uint64_t)1 << r;
    }
}

void trail_late(struct engine *e, struct entity *n, uint32_t slot)
{
    if (!follows(e, n)) { return; }
    struct sb *b = &e->trail->holding;
    if (b->n) { sb_puts(b, ", "); }
    sb_put(b, module_str(e->module, record_of(e, n, slot)->name));
    sb_puts(b, " late");
}

void trail_forget(struct engine *e)
{
    if (e->trail) { e->trail->holding.n = 0; }
}

void trail_paused(struct engine *e, struct entity *n, uint32_t slot, bool pause)
{
    if (!follows(e, n)) { return; }
    const struct sb *b = &e->trail->holding;
    if (pause && clock_of(e, n, slot)->phase == CLOCK_LIVE) { add(e, n, slot, TRAIL_PAUSED)->reason = str_dup(&e->arena, sb_str(b)); }
    trail_forget(e);
}

size_t trail_length(const struct engine *e)
{
    return e->trail ? e->trail->entry.n : 0;
}

void trail_cut(struct engine *e, size_t length)
{
    trail_forget(e);
    if (e->trail) { e->trail->entry.n = length; }
}

const struct trail_entry *trail_at(const struct engine *e, size_t i)
{
    return e->trail && i < e->trail->entry.n ? &e->trail->entry.p[i] : NULL;
}
