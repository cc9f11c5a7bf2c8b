/* SPDX-License-Identifier: MIT */
/* Rows of an export become events: the ADAPTER records, applied. A row is taken whole or rejected whole. What the row before
 * said is kept for each entity, for the columns that conditions ask about, in the order of the file. */
#include "runtime/input.h"
#include "base/civil.h"
#include <stdio.h>

/* ---- openings of entities, shared by all adapters of a run ---- */

struct fold_slot { uint64_t hash; struct fold *fold; };
struct folds { struct msa_run *run; struct fold_slot *slot; size_t n, cap; };

static uint64_t entity_hash(uint32_t entity, struct str key)
{
    uint64_t h = hash_64(key.p, key.n) ^ (uint64_t)(entity + 1) * UINT64_C(0x9e3779b97f4a7c15);
    return h ? h : 1;
}

struct folds *folds_make(struct msa_run *r)
{
    struct folds *f = ARENA_NEW(&r->arena, struct folds);
    f->run = r;
    return f;
}

void folds_free(struct folds *f)
{
    if (f) { f->slot = memory_resize(NULL, f->slot, 0); }
}

/* Two entities of one 64-bit hash would share an opening: with a million entities, once in 37 million files. */
static struct fold *fold_of(struct folds *f, uint32_t entity, struct str key)
{
    if (f->n * 2 >= f->cap) {
        size_t cap = f->cap ? f->cap * 2 : 1024;
        struct fold_slot *slot = memory_resize(&f->run->memory, NULL, cap * sizeof *slot);
        memset(slot, 0, cap * sizeof *slot);
        for (size_t i = 0; i < f->cap; i++) {
            if (!f->slot[i].hash) { continue; }
            size_t j = (size_t)f->slot[i].hash & (cap - 1);
            while (slot[j].hash) { j = (j + 1) & (cap - 1); }
            slot[j] = f->slot[i];
        }
        memory_resize(NULL, f->slot, 0);
        f->slot = slot;
        f->cap = cap;
    }
    uint64_t hash = entity_hash(entity, key);
    size_t i = (size_t)hash & (f->cap - 1);
    for (; f->slot[i].hash; i = (i + 1) & (f->cap - 1)) {
        if (f->slot[i].hash == hash) { return f->slot[i].fold; }
    }
    struct fold *fold = ARENA_NEW(&f->run->arena, struct fold);
    *fold = (struct fold){ .opened = NONE, .first = NONE };
    f->slot[i] = (struct fold_slot){ hash, fold };
    f->n++;
    return fold;
}

/* ---- plans ---- */

struct plan_condition { uint32_t kind, column; const struct str *text; uint32_t n; };
struct plan_value {
    struct str name, text;
    uint32_t column;             /* NO_COLUMN: the text */
    bool identity;               /* the wait's own name, made up */
    const struct map_plan *map;
    const struct time_plan *time;
    int64_t unit;
    const struct schema_field *field, *end_field;   /* NULL: the agreement does not use it */
};
struct plan_rule {
    const struct m_adapter_rule *r;
    uint32_t index;              /* of ADAPTER_RULE */
    const struct plan_condition *condition;
    const struct schema_event *event, *end_event;
    const struct time_plan *time, *end_time;
    const struct map_plan *map;
    const struct plan_value *value;
    uint32_t n_conditions, n_values;
    uint32_t column;             /* SET and RECORDED: where the value is */
    int64_t unit;
};
struct plan_column { struct str name; uint32_t position, at /* column of the file */, tracked /* or NO_COLUMN */, same_as; };

struct past { char *p; uint32_t n, cap; bool missing; };
struct state { uint64_t hash; struct fold *fold; struct past *past; int64_t last; };

struct adapter {
    struct msa_run *run;
    const struct m_adapter *a;
    struct arena arena;
    struct str name;
    struct str *missing;         /* texts that mean: not given */
    uint32_t n_missing;
    struct plan_column *column;
    uint32_t n_columns, n_tracked, n_header;
    struct plan_rule *rule;
    uint32_t n_rules;
    uint32_t row_time_column;    /* when a row has no event of its own */
    const struct time_plan *row_time;
    struct str *row;             /* cells of the current row by column; p NULL: missing */
    struct state *state;         /* open addressing by hash of the key; hash 0: free */
    size_t n_states, cap_states;
    struct hash128 *seen;        /* rows seen, for duplicates; 0,0: free */
    size_t n_seen, cap_seen;
    int64_t sequence;
    struct str *resolved;        /* texts of the values of the rule at hand */
    struct state *now;
    int64_t row_at;              /* latest event of this row */
};

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

struct adapter *adapter_make(struct input *s, uint32_t index)
{
    struct msa_run *r = s->run;
    const struct module *m = r->m;
    struct adapter *a = s->adapter = memory_resize(&r->memory, NULL, sizeof *a);
    *a = (struct adapter){ .run = r, .a = &m->adapter[index], .row_time_column = NO_COLUMN };
    arena_init(&a->arena, &r->memory);
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

/* ---- states and rows seen ---- */

static struct state *state_of(struct adapter *a, struct str key)
{
    if (a->n_states * 2 >= a->cap_states) {
        size_t cap = a->cap_states ? a->cap_states * 2 : 1024;
        struct state *state = memory_resize(&a->run->memory, NULL, cap * sizeof *state);
        memset(state, 0, cap * sizeof *state);
        for (size_t i = 0; i < a->cap_states; i++) {
            if (!a->state[i].hash) { continue; }
            size_t j = (size_t)a->state[i].hash & (cap - 1);
            while (state[j].hash) { j = (j + 1) & (cap - 1); }
            state[j] = a->state[i];
        }
        memory_resize(NULL, a->state, 0);
        a->state = state;
        a->cap_states = cap;
    }
    uint64_t hash = entity_hash(a->a->entity, key);
    size_t i = (size_t)hash & (a->cap_states - 1);
    for (; a->state[i].hash; i = (i + 1) & (a->cap_states - 1)) {
        if (a->state[i].hash == hash) { return &a->state[i]; }
    }
    a->state[i] = (struct state){ .hash = hash, .fold = fold_of(a->run->folds, a->a->entity, key), .last = NONE };
    a->n_states++;
    return &a->state[i];
}

/* True when this very row was seen before. */
static bool seen_before(struct adapter *a, struct hash128 h)
{
    if (h.high == 0 && h.low == 0) { h.low = 1; }
    if (a->n_seen * 2 >= a->cap_seen) {
        size_t cap = a->cap_seen ? a->cap_seen * 2 : 1024;
        struct hash128 *seen = memory_resize(&a->run->memory, NULL, cap * sizeof *seen);
        memset(seen, 0, cap * sizeof *seen);
        for (size_t i = 0; i < a->cap_seen; i++) {
            if (!a->seen[i].high && !a->seen[i].low) { continue; }
            size_t j = (size_t)a->seen[i].low & (cap - 1);
            while (seen[j].high || seen[j].low) { j = (j + 1) & (cap - 1); }
            seen[j] = a->seen[i];
        }
        memory_resize(NULL, a->seen, 0);
        a->seen = seen;
        a->cap_seen = cap;
    }
    size_t i = (size_t)h.low & (a->cap_seen - 1);
    for (; a->seen[i].high || a->seen[i].low; i = (i + 1) & (a->cap_seen - 1)) {
        if (a->seen[i].high == h.high && a->seen[i].low == h.low) { return true; }
    }
    a->seen[i] = h;
    a->n_seen++;
    return false;
}

static void remember(struct adapter *a, struct state *st)
{
    if (a->n_tracked && st->past == NULL) {
        st->past = memory_resize(&a->run->memory, NULL, a->n_tracked * sizeof *st->past);
        memset(st->past, 0, a->n_tracked * sizeof *st->past);
    }
    for (uint32_t i = 0; i < a->n_columns; i++) {
        if (a->column[i].tracked == NO_COLUMN) { continue; }
        struct past *p = &st->past[a->column[i].tracked];
        struct str now = a->row[i];
        p->missing = now.p == NULL;
        if (now.n > p->cap) {
            p->p = memory_resize(&a->run->memory, p->p, now.n);
            p->cap = (uint32_t)now.n;
        }
        if (now.n) { memcpy(p->p, now.p, now.n); }
        p->n = (uint32_t)now.n;
    }
}

/* ---- conditions ---- */

static bool one_of(const struct plan_condition *c, struct str s)
{
    for (uint32_t i = 0; s.p && i < c->n; i++) {
        if (str_eq(c->text[i], s)) { return true; }
    }
    return false;
}

/* What the row before said; *first: there was none. */
static struct str before(const struct adapter *a, uint32_t column, bool *first)
{
    const struct state *st = a->now;
    uint32_t t = a->column[column].tracked;
    *first = st->last == NONE;
    if (*first || t == NO_COLUMN || st->past[t].missing) { return (struct str){ NULL, 0 }; }
    return str_make(st->past[t].p ? st->past[t].p : "", st->past[t].n);
}

static bool same(struct str x, struct str y)
{
    return (x.p == NULL) == (y.p == NULL) && x.n == y.n && (x.n == 0 || memcmp(x.p, y.p, x.n) == 0);
}

static bool holds(const struct adapter *a, const struct plan_rule *p)
{
    for (uint32_t i = 0; i < p->n_conditions; i++) {
        const struct plan_condition *c = &p->condition[i];
        struct str now = a->row[c->column];
        bool first, ok = false;
        struct str past = before(a, c->column, &first);
        switch ((enum adapter_condition_kind)c->kind) {
        case COND_BECOMES: ok = one_of(c, now) && (first || !one_of(c, past)); break;
        case COND_DIFFERS: ok = !first && !same(now, past); break;
        case COND_GIVEN: ok = now.p != NULL; break;
        case COND_NOT_GIVEN: ok = now.p == NULL; break;
        case COND_IS: ok = one_of(c, now); break;
        case COND_IS_NOT: ok = !one_of(c, now); break;
        case COND_WAS: ok = !first && one_of(c, past); break;
        }
        if (!ok) { return false; }
    }
    return true;
}

/* ---- making events ---- */

static struct str column_name(const struct adapter *a, uint32_t column, char number[24])
{
    if (column >= a->n_columns) { return STR("?"); }
    if (a->column[column].name.n) { return a->column[column].name; }
    snprintf(number, 24, "column %u", a->column[column].position + 1);
    return str_of(number);
}

static bool bad_cell(struct input *s, uint32_t column, const char *why)
{
    char number[24];
    struct str name = column_name(s->adapter, column, number);
    reject(s, 0, "`%.*s`: %s", STR_ARG(name), why);
    return false;
}

static bool read_time(struct input *s, const struct time_plan *t, uint32_t column, struct str text, int64_t shift, instant *out)
{
    struct why why;
    const char *reason = "";
    *out = t ? time_plan_read(t, text, &why) : civil_read_instant(text.p, text.n, &reason);
    if (*out != NONE && ckd_add(out, *out, shift)) { *out = NONE; }
    if (*out != NONE) { return true; }
    return bad_cell(s, column, t ? why.text : reason);
}

/* A number of units, to the nearest microsecond: exports write hours with any number of decimals, and the twelfth of an
 * hour's is below a nanosecond. */
static bool scaled(struct str text, int64_t unit, int64_t *out, const char **why)
{
    __extension__ typedef __int128 wide;
    struct str decimals;
    struct str whole = str_cut(text, '.', &decimals);
    int64_t number, fraction = 0, power = 1;
    bool plain = decimals.n > 0;
    for (size_t i = 0; i < decimals.n; i++) {
        if (decimals.p[i] < '0' || decimals.p[i] > '9') { plain = false; break; }
        if (i < 12) {
            fraction = fraction * 10 + (decimals.p[i] - '0');
            power *= 10;
        }
    }
    if (!plain) { whole = text; fraction = 0; power = 1; } /* an exponent, or nothing behind the point */
    bool minus = whole.n > 0 && whole.p[0] == '-', bare = whole.n == 0 || (whole.n == 1 && (minus || whole.p[0] == '+'));
    if (bare && plain) { number = 0; }
    else if (!decode_decimal(whole.p, whole.n, &number, why)) { return false; }
    if (number > 1000000000000000 || number < -1000000000000000) { return *why = "is too large", false; }
    wide scale = (wide)USEC * power, exact = (wide)number * unit * power + (minus ? -1 : 1) * (wide)fraction * unit * USEC;
    exact = (exact + (exact < 0 ? -scale : scale) / 2) / scale;
    if (exact > INT64_MAX - 1 || exact < -INT64_MAX) { return *why = "is too large", false; }
    *out = (int64_t)exact;
    return true;
}

/* The value's text after its map; p NULL: absent. */
static bool value_text(struct input *s, const struct plan_value *v, uint32_t list, struct str element, const char *identity, struct str *out)
{
    struct adapter *a = s->adapter;
    *out = v->identity ? str_of(identity) : v->column == NO_COLUMN ? v->text : v->column == list ? element : a->row[v->column];
    if (v->map == NULL) { return true; }
    struct str got = *out;
    if (map_plan_get(v->map, got, out) != MAPPED_BAD) { return true; }
    char text[72], number[24];
    struct str name = column_name(a, v->column, number), map = map_plan_name(v->map);
    reject(s, 0, "`%.*s`: the map `%.*s` has no row for `%s`", STR_ARG(name), STR_ARG(map), shown(text, got));
    return false;
}

static bool set_field(struct input *s, const struct plan_value *v, const struct schema_field *f, struct str t, struct record *rec, char **text)
{
    int64_t *scalar = (int64_t *)(uintptr_t)rec->ev.scalar;
    struct why why;
    const char *reason = "";
    if (f->type == VT_TEXT) {
        if (t.n) { memcpy(*text, t.p, t.n); }
        ((struct str *)(uintptr_t)rec->ev.text)[f->slot] = str_make(*text, t.n);
        *text += t.n;
        return true;
    }
    if (v->time && (f->type == VT_INSTANT || f->type == VT_DURATION)) { return read_time(s, v->time, v->column, t, 0, &scalar[f->slot]); }
    if (v->unit && (f->type == VT_DURATION || f->type == VT_NUMBER)) {
        if (scaled(t, v->unit, &scalar[f->slot], &reason)) { return true; }
        char view[72];
        snprintf(why.text, sizeof why.text, "`%s` %s", shown(view, t), reason);
    } else {
        struct json_value j = { .p = t.p, .n = (uint32_t)t.n, .kind = 'x' };
        if (decode_scalar(&s->run->schema, (struct value_kind){ f->type, f->scale }, &j, &scalar[f->slot], &why)) { return true; }
    }
    if (v->column != NO_COLUMN) { return bad_cell(s, v->column, why.text); }
    reject(s, 0, "`%.*s`: %s", STR_ARG(f->name), why.text);
    return false;
}

static void finish(struct input *s, struct record *rec, char *end, struct str key)
{
    struct adapter *a = s->adapter;
    rec->ev.key = str_make(end, key.n);
    if (key.n) { memcpy(end, key.p, key.n); }
    rec->sequence = a->sequence;
    rec->fold = a->now->fold;
    record_done(s, rec, end + key.n);
    input_push(s, rec);
}

static bool make_event(struct input *s, const struct plan_rule *p, bool end, instant at, struct str key, uint32_t list, struct str element)
{
    struct adapter *a = s->adapter;
    const struct schema_event *e = end ? p->end_event : p->event;
    char identity[40], *text;
    snprintf(identity, sizeof identity, "row %u:%u", s->file + 1, s->place.line);
    size_t bytes = key.n;
    for (uint32_t i = 0; i < p->n_values; i++) {
        const struct plan_value *v = &p->value[i];
        a->resolved[i] = (struct str){ NULL, 0 };
        if ((end ? v->end_field : v->field) == NULL && !v->map) { continue; } /* the agreement does not use it */
        if (!value_text(s, v, list, element, identity, &a->resolved[i])) { return false; }
        bytes += a->resolved[i].n;
    }
    struct record *rec = record_start(s, e->n_scalars, e->n_texts, bytes, &text);
    rec->ev.type = e->index;
    rec->ev.at = at;
    rec->rank = e->rank;
    for (uint32_t i = 0; i < e->n_fields; i++) {
        const struct schema_field *f = &e->field[i];
        const struct plan_value *v = NULL;
        struct str t = { NULL, 0 };
        for (uint32_t j = 0; j < p->n_values; j++) {
            if ((end ? p->value[j].end_field : p->value[j].field) == f && a->resolved[j].p) {
                v = &p->value[j];
                t = a->resolved[j];
            }
        }
        if (v) {
            if (!set_field(s, v, f, t, rec, &text)) { return false; }
        } else if (f->flags & FIELD_REQUIRED) {
            reject(s, 0, "`%.*s` needs `%.*s`, which this row does not give", STR_ARG(e->name), STR_ARG(f->name));
            return false;
        } else if (f->type != VT_TEXT) {
            ((int64_t *)(uintptr_t)rec->ev.scalar)[f->slot] = f->initial;
        } else if (f->initial_text.n) {
            ((struct str *)(uintptr_t)rec->ev.text)[f->slot] = f->initial_text;
        }
    }
    finish(s, rec, text, e->entity == NO_REF ? STR("") : key);
    if (a->row_at == NONE || at > a->row_at) { a->row_at = at; }
    return true;
}

static bool each(struct input *s, const struct plan_rule *p, struct str key)
{
    struct adapter *a = s->adapter;
    uint32_t list = p->r->column != NO_COLUMN ? p->r->column : p->r->time_column;
    if (list == NO_COLUMN) { return true; }
    bool own_times = p->r->time_column == NO_COLUMN || p->r->time_column == list;
    instant at = NONE;
    struct str rest = a->row[list];
    if (rest.p == NULL) { return true; }
    if (!own_times) {
        struct str t = a->row[p->r->time_column];
        if (t.p == NULL) { return bad_cell(s, p->r->time_column, "the time of this event is missing"); }
        if (!read_time(s, p->time, p->r->time_column, t, p->r->shift, &at)) { return false; }
    }
    while ((rest = str_trim(rest)).n > 0) {
        struct str one = str_cut(rest, ' ', &rest);
        if (own_times && !read_time(s, p->time, list, one, p->r->shift, &at)) { return false; }
        if (!make_event(s, p, false, at, key, list, one)) { return false; }
    }
    return true;
}

static bool interval(struct input *s, const struct plan_rule *p, struct str key)
{
    struct adapter *a = s->adapter;
    struct str from = a->row[p->r->time_column], to = p->r->end_column != NO_COLUMN ? a->row[p->r->end_column] : (struct str){ NULL, 0 };
    instant begin, end;
    if (from.p == NULL) { return to.p == NULL || bad_cell(s, p->r->time_column, "the interval has an end and no beginning"); }
    if (!read_time(s, p->time, p->r->time_column, from, p->r->shift, &begin)) { return false; }
    if (to.p && !read_time(s, p->end_time, p->r->end_column, to, p->r->end_shift, &end)) { return false; }
    if (to.p && end < begin) { return bad_cell(s, p->r->end_column, "the interval ends before it begins"); }
    if (!make_event(s, p, false, begin, key, NO_COLUMN, STR(""))) { return false; }
    return to.p == NULL || p->end_event == NULL || make_event(s, p, true, end, key, NO_COLUMN, STR(""));
}

static bool timed(struct input *s, const struct plan_rule *p, struct str key)
{
    struct adapter *a = s->adapter;
    struct str t = a->row[p->r->time_column];
    instant at;
    /* In a list of states reached, a time that is not there yet is not a fault. */
    if (t.p == NULL) { return p->r->kind == RULE_ROW || bad_cell(s, p->r->time_column, "the time of this event is missing"); }
    return read_time(s, p->time, p->r->time_column, t, p->r->shift, &at) && make_event(s, p, false, at, key, NO_COLUMN, STR(""));
}

/* One value for the engine beside events: a fact without a time, or what the export itself recorded. */
static bool make_single(struct input *s, const struct plan_rule *p, uint32_t type, instant at, int64_t scalar, struct str t, struct str key)
{
    char *text;
    struct record *rec = record_start(s, 1, 1, t.n + key.n, &text);
    rec->ev.type = type;
    rec->ev.rule = p->index;
    rec->ev.at = at;
    rec->rank = type == EVENT_SET ? 0 : 2;
    ((int64_t *)(uintptr_t)rec->ev.scalar)[0] = scalar;
    if (t.n) { memcpy(text, t.p, t.n); }
    if (t.p) { ((struct str *)(uintptr_t)rec->ev.text)[0] = str_make(text, t.n); }
    finish(s, rec, text + t.n, key);
    return true;
}

static bool mapped_cell(struct input *s, const struct plan_rule *p, struct str *out)
{
    struct plan_value v = { .column = p->column, .map = p->map };
    if (p->column == NO_COLUMN) { v.text = p->n_values ? p->value[0].text : STR(""); }
    return value_text(s, &v, NO_COLUMN, STR(""), "", out);
}

static bool set_fact(struct input *s, const struct plan_rule *p, struct str key)
{
    struct adapter *a = s->adapter;
    bool first;
    if (p->column != NO_COLUMN) {
        struct str past = before(a, p->column, &first);
        if (!first && same(past, a->row[p->column])) { return true; } /* said already */
    } else if (a->now->last != NONE) {
        return true;
    }
    struct str t;
    if (!mapped_cell(s, p, &t)) { return false; }
    if (t.p == NULL || p->r->attr == NO_REF) { return true; }
    const struct m_attr *attr = &s->run->m->attr[p->r->attr];
    int64_t scalar = NONE;
    struct why why;
    struct json_value j = { .p = t.p, .n = (uint32_t)t.n, .kind = 'x' };
    if (attr->type != VT_TEXT && !decode_scalar(&s->run->schema, (struct value_kind){ attr->type, attr->scale }, &j, &scalar, &why)) {
        return bad_cell(s, p->column, why.text);
    }
    instant at = a->now->fold->opened != NONE ? a->now->fold->opened : a->row_at != NONE ? a->row_at : a->now->fold->first;
    return make_single(s, p, EVENT_SET, at == NONE ? NONE + 1 : at, scalar, t, key);
}

static bool recorded(struct input *s, const struct plan_rule *p, struct str key)
{
    struct adapter *a = s->adapter;
    struct str t;
    if (!mapped_cell(s, p, &t)) { return false; }
    if (t.p == NULL) { return true; }
    instant at = a->row_at;
    uint32_t column = p->r->time_column != NO_COLUMN ? p->r->time_column : a->row_time_column;
    if (column != NO_COLUMN && a->row[column].p) {
        instant own;
        if (!read_time(s, p->r->time_column != NO_COLUMN ? p->time : a->row_time, column, a->row[column], p->r->time_column != NO_COLUMN ? p->r->shift : 0, &own)) { return false; }
        if (at == NONE || own > at) { at = own; }
    }
    if (at == NONE) { at = a->now->last; }
    if (at == NONE) { return true; } /* a row without any time says nothing about an instant */
    int64_t scalar = NONE;
    const char *reason = "";
    switch ((enum adapter_aspect)p->r->aspect) {
    case ASPECT_STATE: break;
    case ASPECT_DUE:
    case ASPECT_STOPPED:
        if (!read_time(s, p->time, p->column, t, 0, &scalar)) { return false; }
        break;
    case ASPECT_ELAPSED:
        if (p->unit ? !scaled(t, p->unit, &scalar, &reason) : !decode_duration(t, &scalar, &reason)) {
            char view[72];
            struct why why;
            snprintf(why.text, sizeof why.text, "`%s` %s", shown(view, t), reason);
            return bad_cell(s, p->column, why.text);
        }
        break;
    }
    return make_single(s, p, EVENT_RECORDED, at, scalar, t, key);
}

static bool apply_rule(struct input *s, const struct plan_rule *p, struct str key)
{
    struct adapter *a = s->adapter;
    if (!holds(a, p)) { return true; }
    switch ((enum adapter_rule_kind)p->r->kind) {
    case RULE_ONCE: return a->now->last != NONE || p->event == NULL || p->r->time_column == NO_COLUMN || timed(s, p, key);
    case RULE_ROW:
    case RULE_WHEN: return p->event == NULL || p->r->time_column == NO_COLUMN || timed(s, p, key);
    case RULE_INTERVAL: return p->event == NULL || p->r->time_column == NO_COLUMN || interval(s, p, key);
    case RULE_EACH: return p->event == NULL || each(s, p, key);
    case RULE_SET: return set_fact(s, p, key);
    case RULE_RECORDED:
    case RULE_UNUSED: break;
    }
    return true;
}

/* What the row made is taken back when something in it is wrong; the rejection itself was queued last. */
static void take_back(struct input *s, size_t from)
{
    struct record *last = s->queue[s->q_to - 1];
    for (size_t i = from; i + 1 < s->q_to; i++) { pool_release(&s->run->pool, s->queue[i]->chunk); }
    s->queue[from] = last;
    s->q_to = from + 1;
}

static void row(struct input *s)
{
    struct adapter *a = s->adapter;
    struct msa_run *r = s->run;
    if ((a->a->flags & ADAPTER_SKIP_DUPLICATE_ROWS) && seen_before(a, hash_128(s->place.p, s->place.n))) {
        duplicate_row(s);
        return;
    }
    struct str key = a->a->key_column != NO_COLUMN ? a->row[a->a->key_column] : STR("");
    if (a->a->key_column != NO_COLUMN && key.p == NULL) {
        (void)bad_cell(s, a->a->key_column, "the key of the entity is missing");
        return;
    }
    if (r->only_key.p && a->a->key_column != NO_COLUMN && !str_eq(key, r->only_key)) {
        r->counts.ignored++;
        return;
    }
    a->sequence = 0;
    if (a->a->sequence_column != NO_COLUMN) {
        struct str t = a->row[a->a->sequence_column];
        const char *reason = "is missing";
        if (t.p == NULL || !decode_decimal(t.p, t.n, &a->sequence, &reason)) {
            char text[140], view[72];
            snprintf(text, sizeof text, "the sequence number `%s` %s", shown(view, t), reason);
            (void)bad_cell(s, a->a->sequence_column, text);
            return;
        }
    }
    a->now = state_of(a, key);
    a->row_at = NONE;
    if (s->q_from == s->q_to) { s->q_from = s->q_to = 0; }
    size_t from = s->q_to;
    bool good = true;
    for (uint32_t i = 0; good && i < a->n_rules; i++) { good = apply_rule(s, &a->rule[i], key); }
    /* What the export recorded is compared after all that the row says has happened. */
    for (uint32_t i = 0; good && i < a->n_rules; i++) {
        if (a->rule[i].r->kind == RULE_RECORDED && holds(a, &a->rule[i])) { good = recorded(s, &a->rule[i], key); }
    }
    if (!good) {
        take_back(s, from);
        return;
    }
    remember(a, a->now);
    struct fold *f = a->now->fold;
    for (size_t i = from; i < s->q_to; i++) {
        const struct record *rec = s->queue[i];
        if (rec->ev.type == EVENT_SET) { continue; }
        if (rec->rank == 1 && f->opened == NONE) { f->opened = rec->ev.at; }
        if (f->first == NONE || rec->ev.at < f->first) { f->first = rec->ev.at; }
        if (s->last_at == NONE || rec->ev.at > s->last_at) { s->last_at = rec->ev.at; }
    }
    a->now->last = a->row_at != NONE ? a->row_at : a->now->last != NONE ? a->now->last : f->first != NONE ? f->first : 0;
}

static struct str cell_value(const struct adapter *a, struct str cell)
{
    bool missing = cell.n == 0;
    for (uint32_t i = 0; i < a->n_missing; i++) { missing |= str_eq(cell, a->missing[i]); }
    return missing ? (struct str){ NULL, 0 } : cell;
}

void adapter_cells(struct input *s, const struct str *cells, size_t n)
{
    struct adapter *a = s->adapter;
    if (n != a->n_header) {
        reject(s, 0, "the row has %zu values where the header names %u", n, a->n_header);
        return;
    }
    for (uint32_t i = 0; i < a->n_columns; i++) { a->row[i] = cell_value(a, cells[a->column[i].at]); }
    row(s);
}

/* ---- rows of JSON ---- */

/* The value at a path such as fields.priority.name: a name may hold dots itself, so the longest fit is tried first. */
static bool find_path(struct json_walk w, struct str path, struct json_value *out)
{
    bool first = true;
    struct json_value key, v;
    if (!json_open_object(&w)) { return false; }
    while (json_next_key(&w, &first, &key) > 0) {
        struct json_walk inside = w;
        if (!json_read(&w, &v)) { return false; }
        struct str name = str_make(key.p, key.n);
        if (str_eq(name, path)) { return *out = v, true; }
        if (v.kind == '{' && name.n < path.n && path.p[name.n] == '.' && str_starts(path, name) &&
            find_path(inside, str_slice(path, name.n + 1, path.n), out)) {
            return true;
        }
    }
    return false;
}

/* A list of plain values as its texts with spaces between them. */
static struct str list_text(struct input *s, struct json_walk w, const struct json_value *list)
{
    (void)w;
    /* Views of a checked list: texts are copied without their quotes, the commas between them become spaces. */
    char *o = s->scratch + s->n_scratch, *start = o;
    const char *p = list->p + 1, *end = list->p + list->n - 1;
    for (bool in = false; p < end; p++) {
        if (*p == '"') {
            in = !in;
        } else if (in && *p == '\\' && p + 1 < end) {
            *o++ = *++p;
        } else if (!in && *p == ',') {
            *o++ = ' ';
        } else if (in || (*p != ' ' && *p != '\t')) {
            *o++ = *p;
        }
    }
    s->n_scratch += (size_t)(o - start);
    return str_make(start, (size_t)(o - start));
}

void adapter_object(struct input *s, const struct json_walk *w)
{
    struct adapter *a = s->adapter;
    if (s->cap_scratch < s->place.n + 1) { s->scratch = run_grow(s->run, s->scratch, &s->cap_scratch, s->place.n + 1, 1); }
    for (uint32_t i = 0; i < a->n_columns; i++) {
        struct json_value v;
        a->row[i] = (struct str){ NULL, 0 };
        if (a->column[i].same_as != i) {
            a->row[i] = a->row[a->column[i].same_as];
            continue;
        }
        if (!find_path(*w, a->column[i].name, &v) || v.kind == 'n') { continue; }
        struct str t = str_make(v.p, v.n);
        if (v.escaped && !input_text(s, &v, &t)) { return; }
        if (v.kind == '[') { t = list_text(s, *w, &v); }
        a->row[i] = cell_value(a, t);
    }
    row(s);
}
