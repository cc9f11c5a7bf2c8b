/* SPDX-License-Identifier: MIT */
/* Value maps: what an export's word means here. A row from the empty text is for what is missing; a row to the empty text,
 * and `otherwise skip`, give nothing. */
#include "runtime/input.h"

struct map_plan {
    struct str name, otherwise_text, missing;
    uint32_t otherwise;
    bool has_missing;
    struct lookup lookup;
    struct str *to;
};

struct map_plan *map_plan_make(const struct module *m, uint32_t map, struct arena *a)
{
    const struct m_adapter_map *r = &m->adapter_map[map];
    struct map_plan *p = ARENA_NEW(a, struct map_plan);
    p->name = module_str(m, r->name);
    p->otherwise = r->otherwise;
    p->otherwise_text = module_str(m, r->otherwise_text);
    p->to = ARENA_ARRAY(a, struct str, r->n_rows);
    lookup_init(&p->lookup, a, r->n_rows);
    for (uint32_t i = 0; i < r->n_rows; i++) {
        struct str from = module_str(m, m->adapter_map_row[r->rows + i].from);
        p->to[i] = module_str(m, m->adapter_map_row[r->rows + i].to);
        if (from.n) {
            lookup_add(&p->lookup, from, i);
        } else if (!p->has_missing) {
            p->has_missing = true;
            p->missing = p->to[i];
        }
    }
    return p;
}

static enum mapped give(struct str to, struct str *out)
{
    *out = to.n ? to : (struct str){ NULL, 0 };
    return to.n ? MAPPED : MAPPED_ABSENT;
}

enum mapped map_plan_get(const struct map_plan *t, struct str text, struct str *out)
{
    *out = (struct str){ NULL, 0 };
    if (text.p == NULL) { return t->has_missing ? give(t->missing, out) : MAPPED_ABSENT; }
    uint32_t i = lookup_get(&t->lookup, text.p, text.n);
    if (i != LOOKUP_NONE) { return give(t->to[i], out); }
    switch ((enum adapter_otherwise)t->otherwise) {
    case OTHERWISE_SKIP: return MAPPED_ABSENT;
    case OTHERWISE_TEXT: return give(t->otherwise_text, out);
    case OTHERWISE_SAME: return give(text, out);
    case OTHERWISE_REJECT: break;
    }
    return MAPPED_BAD;
}

struct str map_plan_name(const struct map_plan *t)
{
    return t->name;
}
