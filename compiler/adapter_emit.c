/* SPDX-License-Identifier: MIT */
/* Adapters to records. What the agreement does not use is left out, so that its columns need not be in the file: fields
 * and attributes that nothing reads, recorded values of clocks that do not exist. A value whose map rejects what it does
 * not know stays: the map asks for the check, whoever uses the value. */
#include "compiler/adapter.h"

static bool field_used(const struct field_info *f) { return f != NULL && f->used; }
static bool rejects(const struct adapter_map *m) { return m != NULL && m->otherwise == OTHERWISE_REJECT; }
static bool value_used(const struct adapter_value *v) { return field_used(v->field) || field_used(v->end_field) || rejects(v->map); }

static bool rule_used(const struct adapter_rule *r)
{
    switch ((enum adapter_rule_kind)r->kind) {
    case RULE_SET: return r->attr != NULL && (r->attr->used || rejects(r->map));
    case RULE_RECORDED: return r->clock != NULL;
    case RULE_ONCE: case RULE_ROW: case RULE_WHEN: case RULE_INTERVAL: case RULE_EACH: return r->event != NULL;
    case RULE_UNUSED: break;
    }
    return false;
}

/* ---- columns: numbered in the order in which they are first needed ---- */

struct columns { struct unit *u; struct m_adapter *r; };

static void column(struct columns *c, struct adapter_column *x)
{
    if (x == NULL || x->index != NO_COLUMN) { return; }
    uint32_t i = mb_add_adapter_column(c->u->mb, (struct m_adapter_column){ .name = emit_str(c->u, x->name), .position = x->position });
    if (c->r->n_columns == 0) { c->r->columns = i; }
    x->index = c->r->n_columns++;
}

static uint32_t column_ref(const struct adapter_column *x) { return x != NULL ? x->index : NO_COLUMN; }
static uint32_t time_ref(const struct adapter_time *t) { return t != NULL ? t->index : NO_REF; }
static uint32_t map_ref(const struct adapter_map *m) { return m != NULL ? m->index : NO_REF; }

static void columns(struct unit *u, struct adapter_info *a, struct m_adapter *r)
{
    struct columns c = { u, r };
    column(&c, a->key);
    column(&c, a->sequence);
    for (size_t i = 0; i < a->rules.n; i++) {
        struct adapter_rule *x = a->rules.p[i];
        if (!rule_used(x)) { continue; }
        for (size_t k = 0; k < x->conditions.n; k++) { column(&c, x->conditions.p[k].column); }
        column(&c, x->at.column);
        column(&c, x->end_at.column);
        column(&c, x->column);
        for (size_t k = 0; k < x->values.n; k++) {
            if (value_used(&x->values.p[k])) { column(&c, x->values.p[k].column); }
        }
    }
}

/* ---- times and maps ---- */

static uint32_t texts(struct unit *u, const struct str *p, size_t n)
{
    uint32_t first = 0;
    for (size_t i = 0; i < n; i++) {
        uint32_t k = mb_add_adapter_pattern(u->mb, (struct m_adapter_pattern){ emit_str(u, p[i]) });
        if (i == 0) { first = k; }
    }
    return first;
}

static void times(struct unit *u, struct adapter_info *a, struct m_adapter *r)
{
    r->n_times = (uint32_t)a->times.n;
    for (size_t i = 0; i < a->times.n; i++) {
        struct adapter_time *t = a->times.p[i];
        t->index = mb_add_adapter_time(u->mb, (struct m_adapter_time){ .name = emit_str(u, t->name), .patterns = texts(u, t->patterns.p, t->patterns.n), .n_patterns = (uint32_t)t->patterns.n,
            .zone = emit_str(u, t->zone), .shown_in = emit_str(u, t->shown_in), .taken_as = emit_str(u, t->taken_as), .repeated = t->repeated, .skipped = t->repeated == 2 });
        if (i == 0) { r->times = t->index; }
    }
}

static uint32_t map(struct unit *u, struct adapter_map *m)
{
    struct m_adapter_map r = { .name = emit_str(u, m->name), .otherwise = m->otherwise, .otherwise_text = emit_str(u, m->otherwise_text) };
    for (size_t i = 0; i < m->rows.n; i++) {
        struct map_row *row = &m->rows.p[i];
        for (size_t k = 0; k < row->from.n; k++) {
            uint32_t x = mb_add_adapter_map_row(u->mb, (struct m_adapter_map_row){ emit_str(u, row->from.p[k]), emit_str(u, row->to) });
            if (r.n_rows++ == 0) { r.rows = x; }
        }
    }
    return mb_add_adapter_map(u->mb, r);
}

static void maps(struct unit *u, struct adapter_info *a, struct m_adapter *r)
{
    r->n_maps = (uint32_t)a->maps.n;
    for (size_t i = 0; i < a->maps.n; i++) {
        a->maps.p[i]->index = map(u, a->maps.p[i]);
        if (i == 0) { r->maps = a->maps.p[i]->index; }
    }
}

/* ---- rules ---- */

static void conditions(struct unit *u, const struct adapter_rule *x, struct m_adapter_rule *r)
{
    r->n_conditions = (uint32_t)x->conditions.n;
    for (size_t i = 0; i < x->conditions.n; i++) {
        const struct adapter_condition *c = &x->conditions.p[i];
        uint32_t k = mb_add_adapter_condition(u->mb, (struct m_adapter_condition){ .kind = c->kind, .column = column_ref(c->column), .texts = texts(u, c->texts.p, c->texts.n), .n_texts = (uint32_t)c->texts.n });
        if (i == 0) { r->conditions = k; }
    }
}

static void values(struct unit *u, const struct adapter_rule *x, struct m_adapter_rule *r)
{
    for (size_t i = 0; i < x->values.n; i++) {
        const struct adapter_value *v = &x->values.p[i];
        if (!value_used(v)) { continue; }
        struct str name = v->field != NULL ? v->field->name : v->end_field->name;
        uint32_t k = mb_add_adapter_value(u->mb, (struct m_adapter_value){ .field = emit_str(u, name), .column = column_ref(v->column), .text = emit_str(u, v->text), .map = map_ref(v->map), .time = time_ref(v->time), .unit = v->unit });
        if (r->n_values++ == 0) { r->values = k; }
    }
}

static void rule(struct unit *u, const struct adapter_rule *x, struct m_adapter *a)
{
    struct m_adapter_rule r = { .kind = x->kind, .event = x->event != NULL ? x->event->index : NO_REF, .end_event = x->end_event != NULL ? x->end_event->index : NO_REF,
        .attr = x->attr != NULL && x->attr->used ? x->attr->index : NO_REF, .clock = x->clock != NULL ? x->clock->index : NO_REF, .aspect = x->aspect,
        .time_column = column_ref(x->at.column), .time = time_ref(x->time != NULL ? x->time : x->at.time), .shift = x->at.shift,
        .end_column = column_ref(x->end_at.column), .end_time = time_ref(x->end_at.time), .end_shift = x->end_at.shift,
        .map = map_ref(x->map), .column = column_ref(x->column), .unit = x->unit, .tolerance = x->tolerance, .flags = x->flags, .place = place_of(u, x->node->span) };
    conditions(u, x, &r);
    values(u, x, &r);
    uint32_t i = mb_add_adapter_rule(u->mb, r);
    if (a->n_rules++ == 0) { a->rules = i; }
}

void adapter_emit(struct unit *u, struct adapter_info *a)
{
    struct sb missing = { .arena = u->arena };
    for (size_t i = 0; i < a->missing.n; i++) { sb_printf(&missing, "%s%.*s", i == 0 ? "" : "\n", STR_ARG(a->missing.p[i])); }
    struct m_adapter r = { .name = emit_str(u, a->symbol->name), .title = emit_str(u, a->node->title), .clause = clause_of(u, a->symbol), .format = a->format,
        .missing = emit_str(u, sb_str(&missing)), .entity = a->entity != NULL ? a->entity->index : NO_REF, .flags = a->flags };
    columns(u, a, &r);
    r.key_column = column_ref(a->key);
    r.sequence_column = column_ref(a->sequence);
    times(u, a, &r);
    maps(u, a, &r);
    for (size_t i = 0; i < a->rules.n; i++) {
        if (rule_used(a->rules.p[i])) { rule(u, a->rules.p[i], &r); }
    }
    a->index = mb_add_adapter(u->mb, r);
}
