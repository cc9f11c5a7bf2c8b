/* SPDX-License-Identifier: MIT */
/* What an adapter is to do with a row: the ADAPTER records of a module, resolved once for each file, and the columns of the
 * file that it reads. */
#include "runtime/adapter.h"

static const struct schema_field *field_named(const struct schema_event *e, struct str name)
{
    for (uint32_t i = 0; e && i < e->n_fields; i++) {
        if (str_eq(e->field[i].name, name)) { return &e->field[i]; }
    }
    return NULL;
}

struct making { struct input *s; struct adapter *a; struct time_plan **time; struct map_plan **map; struct why why; };

static const struct time_plan *time_at(const struct making *k, uint32_t ref)
{
    if (ref != NO_REF && ref - k->a->a->times < k->a->a->n_times) { return k->time[ref - k->a->a->times]; }
    return k->a->a->n_times ? k->time[0] : NULL;
}

static const struct map_plan *map_at(struct making *k, uint32_t ref)
{
    if (ref == NO_REF) { return NULL; }
    if (ref - k->a->a->maps < k->a->a->n_maps) { return k->map[ref - k->a->a->maps]; }
    return map_plan_make(k->a->run->m, ref, &k->a->arena);
}

static void track(struct adapter *a, uint32_t column)
{
    if (column < a->n_columns && a->column[column].tracked == NO_COLUMN) { a->column[column].tracked = a->n_tracked++; }
}

static void make_conditions(struct adapter *a, struct plan_rule *p)
{
    const struct module *m = a->run->m;
    struct plan_condition *c = ARENA_ARRAY(&a->arena, struct plan_condition, p->r->n_conditions);
    p->condition = c;
    p->n_conditions = p->r->n_conditions;
    for (uint32_t i = 0; i < p->n_conditions; i++) {
        const struct m_adapter_condition *mc = &m->adapter_condition[p->r->conditions + i];
        struct str *text = ARENA_ARRAY(&a->arena, struct str, mc->n_texts);
        for (uint32_t j = 0; j < mc->n_texts; j++) { text[j] = module_str(m, m->adapter_pattern[mc->texts + j].pattern); }
        c[i] = (struct plan_condition){ .kind = mc->kind, .column = mc->column, .text = text, .n = mc->n_texts };
        if (mc->kind == COND_BECOMES || mc->kind == COND_DIFFERS || mc->kind == COND_WAS) { track(a, mc->column); }
    }
}

/* The text field by which an end finds its beginning: given by the rule, else one that both events have. */
static struct str identity_field(const struct plan_rule *p)
{
    static const char *const usual[] = { "wait", "outage", "id" };
    for (uint32_t i = 0; i < p->n_values; i++) {
        if (p->value[i].identity) { return STR(""); } /* said */
    }
    struct str found = STR("");
    for (uint32_t i = 0; p->end_event && i < p->end_event->n_fields; i++) {
        const struct schema_field *f = &p->end_event->field[i], *g = field_named(p->event, f->name);
        bool taken = g == NULL || f->type != VT_TEXT || g->type != VT_TEXT;
        for (uint32_t j = 0; j < p->n_values; j++) { taken |= str_eq(p->value[j].name, f->name); }
        if (taken) { continue; }
        for (size_t j = 0; j < countof(usual); j++) {
            if (str_eq(f->name, str_of(usual[j]))) { return f->name; }
        }
        if (found.n == 0) { found = f->name; }
    }
    return found;
}

static void make_values(struct making *k, struct plan_rule *p)
{
    struct adapter *a = k->a;
    const struct module *m = a->run->m;
    struct plan_value *v = ARENA_ARRAY(&a->arena, struct plan_value, p->r->n_values + 1);
    p->value = v;
    for (uint32_t i = 0; i < p->r->n_values; i++) {
        const struct m_adapter_value *mv = &m->adapter_value[p->r->values + i];
        struct str name = module_str(m, mv->field), text = module_str(m, mv->text);
        v[i] = (struct plan_value){ .name = name, .text = text, .column = mv->column, .map = map_at(k, mv->map), .unit = mv->unit > 0 ? mv->unit : 0,
                                    .identity = p->r->kind == RULE_INTERVAL && mv->column == NO_COLUMN && text.n == 0,
                                    .field = field_named(p->event, name), .end_field = field_named(p->end_event, name) };
        bool timed = (v[i].field && v[i].field->type == VT_INSTANT) || mv->time != NO_REF;
        v[i].time = timed && mv->column != NO_COLUMN ? time_at(k, mv->time) : NULL;
        p->n_values = i + 1;
    }
    if (p->r->kind == RULE_INTERVAL) {
        struct str name = identity_field(p);
        if (name.n) {
            v[p->n_values++] = (struct plan_value){ .name = name, .column = NO_COLUMN, .identity = true, .field = field_named(p->event, name),
                                                    .end_field = field_named(p->end_event, name) };
        }
    }
}

static void make_rule(struct making *k, struct plan_rule *p, uint32_t index)
{
    struct adapter *a = k->a;
    const struct m_adapter_rule *r = &a->run->m->adapter_rule[index];
    const struct schema_event *events = a->run->schema.events;
    *p = (struct plan_rule){ .r = r, .index = index, .event = r->event == NO_REF ? NULL : &events[r->event],
                             .end_event = r->end_event == NO_REF ? NULL : &events[r->end_event], .time = time_at(k, r->time),
                             .end_time = time_at(k, r->end_time != NO_REF ? r->end_time : r->time), .map = map_at(k, r->map), .column = r->column,
                             .unit = r->unit > 0 ? r->unit : 0 };
    make_conditions(a, p);
    make_values(k, p);
    if ((r->kind == RULE_SET || r->kind == RULE_RECORDED) && p->column == NO_COLUMN && p->n_values) {
        p->column = p->value[0].column;
        if (!p->map) { p->map = p->value[0].map; }
        if (!p->unit) { p->unit = p->value[0].unit; }
    }
    if (r->kind == RULE_SET) { track(a, p->column); }
}

static void make_columns(struct adapter *a)
{
    const struct module *m = a->run->m;
    a->n_columns = a->a->n_columns;
    a->column = ARENA_ARRAY(&a->arena, struct plan_column, a->n_columns);
    a->row = ARENA_ARRAY(&a->arena, struct str, a->n_columns);
    for (uint32_t i = 0; i < a->n_columns; i++) {
        const struct m_adapter_column *c = &m->adapter_column[a->a->columns + i];
        a->column[i] = (struct plan_column){ .name = module_str(m, c->name), .position = c->position, .at = NO_COLUMN, .tracked = NO_COLUMN, .same_as = i };
        for (uint32_t j = 0; j < i; j++) {
            if (c->position == NO_COLUMN && str_eq(a->column[j].name, a->column[i].name)) {
                a->column[i].same_as = j;
                break;
            }
        }
    }
}

/* ADAPTER.missing holds them with line ends between. */
static void make_missing(struct adapter *a, struct str all)
{
    a->missing = ARENA_ARRAY(&a->arena, struct str, all.n + 1);
    while (all.n > 0) {
        struct str one = str_cut(all, '\n', &all);
        if (one.n) { a->missing[a->n_missing++] = one; }
    }
}

/* Columns that are compared with words, and all the words that rules name for each. */
static void make_words(struct adapter *a)
{
    a->words = ARENA_ARRAY(&a->arena, struct plan_words, a->n_columns + 1);
    for (uint32_t column = 0; column < a->n_columns; column++) {
        uint32_t n = 0;
        for (int pass = 0; pass < 2; pass++) {
            for (uint32_t i = 0; i < a->n_rules; i++) {
                for (uint32_t j = 0; j < a->rule[i].n_conditions; j++) {
                    const struct plan_condition *c = &a->rule[i].condition[j];
                    if (c->column != column) { continue; }
                    for (uint32_t k = 0; pass == 1 && k < c->n; k++) { lookup_add(&a->words[a->n_words].named, c->text[k], k); }
                    n += pass == 0 ? c->n : 0;
                }
            }
            if (n == 0) { break; }
            if (pass == 1) { a->n_words++; continue; }
            struct plan_words *w = &a->words[a->n_words];
            *w = (struct plan_words){ .column = column, .unnamed = ARENA_ARRAY(&a->arena, struct unnamed, UNNAMED_MAX) };
            lookup_init(&w->named, &a->arena, n);
        }
    }
}

static bool rule_compares(const struct plan_rule *p)
{
    for (uint32_t i = 0; i < p->n_conditions; i++) {
        uint32_t kind = p->condition[i].kind;
        if (kind == COND_BECOMES || kind == COND_DIFFERS || kind == COND_WAS) { return true; }
    }
    return false;
}

/* In which order rows are taken, and by which column it is seen that they step back. */
static void make_order(struct adapter *a, const struct making *k)
{
    uint32_t by = a->a->sequence_column;
    a->sorts = by != NO_COLUMN && !a->run->o.stream;
    a->order_column = a->row_time_column;
    a->order_time = a->row_time;
    for (uint32_t i = a->n_rules; i-- > 0;) {
        const struct plan_rule *p = &a->rule[i];
        if (!rule_compares(p)) { continue; }
        a->compares = true;
        if (p->r->time_column == NO_COLUMN) { continue; }
        a->order_column = p->r->time_column;
        a->order_time = p->time;
    }
    if (by == NO_COLUMN) { return; }
    /* A column that a rule reads as a time is one; of another its first cell tells. */
    for (uint32_t i = 0; i < a->n_rules && !a->sort_decided; i++) {
        const struct plan_rule *p = &a->rule[i];
        if (p->r->time_column != by && p->r->end_column != by) { continue; }
        a->sort_decided = a->sort_is_time = true;
        a->sort_time = p->r->time_column == by ? p->time : p->end_time;
    }
    if (!a->sort_decided && a->a->n_times == 1) { a->sort_time = k->time[0]; }
    if (!a->sort_decided && a->a->n_times > 1) { a->sort_decided = true; } /* a number: which reading it would be is not said */
}

struct adapter *adapter_make(struct input *s, uint32_t index)
{
    struct msa_run *r = s->run;
    const struct module *m = r->m;
    struct adapter *a = s->adapter = memory_resize(&r->memory, NULL, sizeof *a);
    *a = (struct adapter){ .run = r, .a = &m->adapter[index], .row_time_column = NO_COLUMN };
    arena_init(&a->arena, &r->memory);
    arena_init(&a->waiting_arena, &r->memory);
    a->name = module_str(m, a->a->name);
    make_missing(a, module_str(m, a->a->missing));
    struct making k = { .s = s, .a = a, .time = ARENA_ARRAY(&a->arena, struct time_plan *, a->a->n_times), .map = ARENA_ARRAY(&a->arena, struct map_plan *, a->a->n_maps) };
    make_columns(a);
    for (uint32_t i = 0; i < a->a->n_times; i++) {
        if ((k.time[i] = time_plan_make(m, a->a->times + i, &a->arena, &k.why)) == NULL) {
            run_fail(r, MSA_BAD_MODULE, "adapter `%.*s`: %s", STR_ARG(a->name), k.why.text);
            s->adapter = NULL;
            adapter_free(a);
            return NULL;
        }
    }
    for (uint32_t i = 0; i < a->a->n_maps; i++) { k.map[i] = map_plan_make(m, a->a->maps + i, &a->arena); }
    a->n_rules = a->a->n_rules;
    a->rule = ARENA_ARRAY(&a->arena, struct plan_rule, a->n_rules);
    uint32_t most = 0;
    /* Rules in which a row's own time is most likely to stand come first in the search for it. */
    static const uint8_t order[] = { RULE_WHEN, RULE_ROW, RULE_INTERVAL, RULE_ONCE };
    for (uint32_t i = 0; i < a->n_rules; i++) {
        make_rule(&k, &a->rule[i], a->a->rules + i);
        if (a->rule[i].n_values > most) { most = a->rule[i].n_values; }
    }
    a->row_time_column = NO_COLUMN;
    for (size_t o = 0; o < countof(order) && a->row_time_column == NO_COLUMN; o++) {
        for (uint32_t i = 0; i < a->n_rules && a->row_time_column == NO_COLUMN; i++) {
            if (a->rule[i].r->kind == order[o] && a->rule[i].r->time_column != NO_COLUMN) {
                a->row_time_column = a->rule[i].r->time_column;
                a->row_time = a->rule[i].time;
            }
        }
    }
    a->resolved = ARENA_ARRAY(&a->arena, struct str, most + 1);
    a->held = ARENA_ARRAY(&a->arena, uint64_t, a->n_rules + 1);
    for (uint32_t i = 0; i < a->n_rules; i++) { a->held[i] = 0; }
    make_words(a);
    make_order(a, &k);
    if (r->folds == NULL) { r->folds = folds_make(r); }
    r->any_folds = true;
    return a;
}

void adapter_free(struct adapter *a)
{
    for (size_t i = 0; i < a->cap_states; i++) {
        for (uint32_t j = 0; a->state[i].past && j < a->n_tracked; j++) { memory_resize(NULL, a->state[i].past[j].p, 0); }
        memory_resize(NULL, a->state[i].past, 0);
    }
    memory_resize(NULL, a->state, 0);
    memory_resize(NULL, a->seen, 0);
    memory_resize(NULL, a->waiting, 0);
    arena_free(&a->waiting_arena);
    arena_free(&a->arena);
    memory_resize(NULL, a, 0);
}

/* ---- header ---- */

static bool bind(struct input *s, struct plan_column *c, const struct str *names, size_t n)
{
    struct adapter *a = s->adapter;
    struct str file = s->run->file[s->file].name;
    if (c->position != NO_COLUMN) {
        c->at = c->position;
        if (c->at < n) { return true; }
        run_fail(s->run, MSA_IO, "%.*s: adapter `%.*s` reads column %u; the header names %zu", STR_ARG(file), STR_ARG(a->name), c->at + 1, n);
        return false;
    }
    for (size_t i = 0; i < n; i++) {
        if (!str_eq(str_trim(names[i]), c->name)) { continue; }
        if (c->at != NO_COLUMN) {
            run_fail(s->run, MSA_IO, "%.*s: the column `%.*s` occurs twice, as number %u and %zu; the adapter has to say which, by its number", STR_ARG(file),
                     STR_ARG(c->name), c->at + 1, i + 1);
            return false;
        }
        c->at = (uint32_t)i;
    }
    if (c->at != NO_COLUMN) { return true; }
    struct str near = nearest(c->name, names, n);
    if (near.n) {
        run_fail(s->run, MSA_IO, "%.*s: there is no column `%.*s`, which adapter `%.*s` reads; there is `%.*s`", STR_ARG(file), STR_ARG(c->name), STR_ARG(a->name), STR_ARG(near));
    } else {
        run_fail(s->run, MSA_IO, "%.*s: there is no column `%.*s`, which adapter `%.*s` reads", STR_ARG(file), STR_ARG(c->name), STR_ARG(a->name));
    }
    return false;
}

bool adapter_header(struct input *s, const struct str *names, size_t n)
{
    struct adapter *a = s->adapter;
    a->n_header = (uint32_t)n;
    for (uint32_t i = 0; i < a->n_columns; i++) {
        if (!bind(s, &a->column[i], names, n)) { return false; }
    }
    return true;
}
