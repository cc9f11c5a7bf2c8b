/* SPDX-License-Identifier: MIT */
#include "runtime/input.h"

void lookup_init(struct lookup *t, struct arena *a, uint32_t most)
{
    uint32_t size = 8;
    while (size < most * 2 && size < UINT32_C(1) << 30) { size *= 2; }
    t->slot = ARENA_ARRAY(a, struct lookup_slot, size);
    for (uint32_t i = 0; i < size; i++) { t->slot[i].value = LOOKUP_NONE; }
    t->mask = size - 1;
    t->n = 0;
}

bool lookup_add(struct lookup *t, struct str name, uint32_t value)
{
    uint64_t a, b;
    lookup_words(name.p, name.n, &a, &b);
    uint32_t i = (uint32_t)lookup_hash(a, b, name.n) & t->mask;
    for (; t->slot[i].value != LOOKUP_NONE; i = (i + 1) & t->mask) {
        const struct lookup_slot *s = &t->slot[i];
        if (s->n == name.n && memcmp(s->p, name.p, name.n) == 0) { return false; }
    }
    t->slot[i] = (struct lookup_slot){ .a = a, .b = b, .p = name.p, .n = (uint32_t)name.n, .value = value };
    t->n++;
    return true;
}

/* ---- nearest name: edits with neighbours swapped, at most a third of the length ---- */

#define NEAR_MAX 40

static size_t edits(struct str a, struct str b)
{
    size_t row[3][NEAR_MAX + 1];
    for (size_t j = 0; j <= b.n; j++) { row[0][j] = j; }
    for (size_t i = 1; i <= a.n; i++) {
        size_t *now = row[i % 3], *up = row[(i + 2) % 3], *up2 = row[(i + 1) % 3];
        now[0] = i;
        for (size_t j = 1; j <= b.n; j++) {
            size_t best = up[j - 1] + (a.p[i - 1] != b.p[j - 1]);
            if (up[j] + 1 < best) { best = up[j] + 1; }
            if (now[j - 1] + 1 < best) { best = now[j - 1] + 1; }
            if (i > 1 && j > 1 && a.p[i - 1] == b.p[j - 2] && a.p[i - 2] == b.p[j - 1] && up2[j - 2] + 1 < best) { best = up2[j - 2] + 1; }
            now[j] = best;
        }
    }
    return row[a.n % 3][b.n];
}

struct str nearest(struct str s, const struct str *names, size_t n)
{
    struct str best = STR("");
    size_t least = SIZE_MAX;
    if (s.n > NEAR_MAX) { return best; }
    for (size_t i = 0; i < n; i++) {
        if (names[i].n > NEAR_MAX) { continue; }
        size_t longer = names[i].n > s.n ? names[i].n : s.n;
        size_t d = edits(s, names[i]);
        if (d <= (longer + 2) / 3 && d < least) {
            least = d;
            best = names[i];
        }
    }
    return best;
}

struct str schema_nearest_event(const struct schema *s, struct str name)
{
    struct str best = STR("");
    size_t least = SIZE_MAX;
    for (uint32_t i = 0; i < s->n_events; i++) {
        struct str one = nearest(name, &s->events[i].name, 1);
        size_t d = one.n ? edits(name, one) : SIZE_MAX;
        if (d < least) {
            least = d;
            best = one;
        }
    }
    return best;
}

/* ---- the tables ---- */

static uint32_t key_of(struct schema *s, struct str name)
{
    uint32_t k = lookup_get(&s->key, name.p, name.n);
    if (k != LOOKUP_NONE) { return k; }
    s->key_name[s->n_keys] = name;
    lookup_add(&s->key, name, s->n_keys);
    return s->n_keys++;
}

static void make_scales(struct schema *s, struct arena *a)
{
    const struct module *m = s->m;
    s->n_scales = m->n_scale;
    s->scales = ARENA_ARRAY(a, struct schema_scale, m->n_scale);
    for (uint32_t i = 0; i < m->n_scale; i++) {
        struct schema_scale *sc = &s->scales[i];
        uint32_t n = m->scale[i].n_values;
        struct str *value = ARENA_ARRAY(a, struct str, n);
        sc->name = module_str(m, m->scale[i].name);
        sc->n = n;
        sc->value = value;
        lookup_init(&sc->lookup, a, n);
        for (uint32_t j = 0; j < n; j++) {
            value[j] = module_str(m, m->scale_value[m->scale[i].values + j].name);
            lookup_add(&sc->lookup, value[j], j);
        }
    }
}

static void make_event(struct schema *s, const struct module_facts *facts, uint32_t i, struct arena *a)
{
    const struct module *m = s->m;
    const struct m_event *e = &m->event[i];
    struct schema_event *se = &s->events[i];
    struct schema_field *field = ARENA_ARRAY(a, struct schema_field, e->n_fields);
    *se = (struct schema_event){ .name = module_str(m, e->name), .index = i, .entity = e->entity, .entity_key = NO_REF, .next = NO_REF,
                                 .rank = e->flags & EVENT_CREATES ? 1 : 2, .n_fields = e->n_fields, .field = field,
                                 .n_scalars = facts->event[i].scalars, .n_texts = facts->event[i].texts };
    if (e->entity != NO_REF) { se->entity_key = key_of(s, module_str(m, m->entity[e->entity].key)); }
    while (se->n_fields && m->event_field[e->fields + se->n_fields - 1].flags & FIELD_CHECKED) {
        se->n_fields--;
        se->n_checked++;
    }
    for (uint32_t j = 0; j < e->n_fields; j++) {
        const struct m_event_field *f = &m->event_field[e->fields + j];
        struct str name = module_str(m, f->name);
        field[j] = (struct schema_field){ .name = name, .initial_text = module_str(m, f->initial_text), .initial = f->initial,
                                          .key = key_of(s, name), .type = f->type, .scale = f->scale, .slot = f->slot, .flags = f->flags };
        uint32_t *most = f->type == VT_TEXT ? &se->n_texts : &se->n_scalars;
        if (j < se->n_fields && f->slot >= *most) { *most = f->slot + 1; }
    }
    if (!lookup_add(&s->event, se->name, i)) {
        uint32_t first = lookup_get(&s->event, se->name.p, se->name.n);
        se->next = s->events[first].next;
        s->events[first].next = i;
    }
}

void schema_make(struct schema *s, const struct verified_module *vm, struct arena *a)
{
    const struct module *m = verified_get(vm);
    const struct module_facts *facts = verified_facts(vm);
    *s = (struct schema){ .m = m, .n_events = m->n_event };
    uint32_t most = KEY_FIRST_FREE + m->n_event_field + m->n_entity;
    lookup_init(&s->key, a, most);
    lookup_init(&s->event, a, m->n_event);
    lookup_init(&s->calendar, a, m->n_calendar_rec);
    s->key_name = ARENA_ARRAY(a, struct str, most);
    s->events = ARENA_ARRAY(a, struct schema_event, m->n_event);
    key_of(s, STR("at")); /* in the order of the KEY_ numbers */
    key_of(s, STR("event"));
    key_of(s, STR("id"));
    key_of(s, STR("agreement"));
    key_of(s, STR("advance"));
    make_scales(s, a);
    for (uint32_t i = 0; i < m->n_event; i++) { make_event(s, facts, i, a); }
    for (uint32_t i = 0; i < m->n_calendar_rec; i++) {
        struct str name = module_str(m, m->calendar_rec[i].name);
        if (name.n > 0) { lookup_add(&s->calendar, name, i); }
    }
}
