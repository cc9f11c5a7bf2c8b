/* SPDX-License-Identifier: MIT */
/* Rows of an export become events: the ADAPTER records, applied. A row is taken whole or rejected whole. What the row before
 * said is kept for each entity, for the columns that conditions ask about, in the order of the file. */
#include "runtime/adapter.h"
#include "base/civil.h"
#include <stdio.h>
#include <stdlib.h>

/* What the row made is taken back when something in it is wrong; the rejection itself was queued last. */
static void take_back(struct input *s, size_t from)
{
    struct record *last = s->queue[s->q_to - 1];
    for (size_t i = from; i + 1 < s->q_to; i++) { pool_release(&s->run->pool, s->queue[i]->chunk); }
    s->queue[from] = last;
    s->q_to = from + 1;
}

/* All records of one row share its fate: it is counted once (order.c). */
static void tie_together(struct input *s, size_t from)
{
    if (s->q_to == from) { s->run->counts.applied++; }
    if (s->q_to - from < 2) { return; }
    struct pool *pool = &s->run->pool;
    struct row_end *end = pool_room(pool, sizeof *end);
    *end = (struct row_end){ .left = (uint32_t)(s->q_to - from) };
    end->chunk = pool_keep(pool, sizeof *end);
    for (size_t i = from; i < s->q_to; i++) { s->queue[i]->row = end; }
}

/* NONE: no time; without a reading times are ISO 8601. */
static instant time_or_none(const struct time_plan *t, struct str cell)
{
    struct why why;
    const char *reason = "";
    return t ? time_plan_read(t, cell, &why) : civil_read_instant(cell.p, cell.n, &reason);
}

/* Whether the row is stamped before the one that stands before it. */
static void look_back(struct input *s)
{
    struct adapter *a = s->adapter;
    if (!a->compares || a->sorts || a->order_column == NO_COLUMN || a->row[a->order_column].p == NULL) { return; }
    instant at = time_or_none(a->order_time, a->row[a->order_column]);
    if (at == NONE) { return; }
    if (a->now->row_at != NONE && at < a->now->row_at && a->rows_back++ == 0) { a->rows_back_line = s->place.line; }
    a->now->row_at = at;
}

static void apply_row(struct input *s, struct str key)
{
    struct adapter *a = s->adapter;
    a->now = state_of(a, key);
    a->row_at = NONE;
    if (s->q_from == s->q_to) { s->q_from = s->q_to = 0; }
    size_t from = s->q_to;
    a->n_rows++;
    words_seen(a);
    if (!adapter_apply_rules(s, key)) {
        take_back(s, from);
        return;
    }
    look_back(s);
    state_remember(a, a->now);
    struct fold *f = a->now->fold;
    for (size_t i = from; i < s->q_to; i++) {
        const struct record *rec = s->queue[i];
        if (rec->ev.type == EVENT_SET) { continue; }
        if (rec->rank == 1 && f->opened == NONE) { f->opened = rec->ev.at; }
        if (f->first == NONE || rec->ev.at < f->first) { f->first = rec->ev.at; }
        if (s->last_at == NONE || rec->ev.at > s->last_at) { s->last_at = rec->ev.at; }
    }
    a->now->last = a->row_at != NONE ? a->row_at : a->now->last != NONE ? a->now->last : f->first != NONE ? f->first : 0;
    tie_together(s, from);
}

/* ---- rows that are sorted ---- */

/* The cell by which rows are sorted; false: rejected. */
static bool read_order(struct input *s)
{
    struct adapter *a = s->adapter;
    uint32_t column = a->a->sequence_column;
    struct str t = a->row[column];
    const char *reason = "";
    if (t.p == NULL) { return bad_cell(s, column, "rows are sorted by this column, and here it is missing"); }
    if (!a->sort_decided) {
        int64_t number;
        a->sort_decided = true;
        a->sort_is_time = !decode_decimal(t.p, t.n, &number, &reason) && time_or_none(a->sort_time, t) != NONE;
    }
    if (a->sort_is_time) { return adapter_read_time(s, a->sort_time, column, t, 0, &a->sequence); }
    if (decode_decimal(t.p, t.n, &a->sequence, &reason)) { return true; }
    char text[260], view[72];
    snprintf(text, sizeof text, "`%s` %s; rows are sorted by this column, which holds a number in each row, or a time as the adapter reads it", shown(view, t), reason);
    return bad_cell(s, column, text);
}

/* Keeps the row until all are there. */
static void wait_for_others(struct input *s)
{
    struct adapter *a = s->adapter;
    struct msa_run *r = s->run;
    if (a->n_waiting == a->cap_waiting) { a->waiting = run_grow(r, a->waiting, &a->cap_waiting, a->n_waiting + 1, sizeof *a->waiting); }
    size_t bytes = 0, raw = s->keep_raw ? (s->place.n < VERBATIM_MAX ? s->place.n : VERBATIM_MAX) : 0;
    for (uint32_t i = 0; i < a->n_columns; i++) { bytes += a->row[i].n; }
    struct str *cell = arena_alloc(&a->waiting_arena, a->n_columns * sizeof *cell + bytes + raw + 1);
    char *p = (char *)(cell + a->n_columns);
    for (uint32_t i = 0; i < a->n_columns; i++) {
        struct str t = a->row[i];
        cell[i] = (struct str){ t.p ? p : NULL, t.n };
        if (t.n) { memcpy(p, t.p, t.n); }
        p += t.n;
    }
    if (raw) { memcpy(p, s->place.p, raw); }
    a->waiting[a->n_waiting++] = (struct waiting_row){ .at = a->sequence, .cell = cell, .raw = raw ? p : NULL, .offset = s->place.offset, .n = s->place.n, .line = s->place.line };
    if (r->o.memory_limit && r->pool.footprint + arena_footprint(&a->waiting_arena) + a->cap_waiting * sizeof *a->waiting > r->o.memory_limit) {
        run_fail(r, MSA_LIMIT, "the rows that wait to be sorted need more than the limit of memory; a file in order of time needs no sorting");
    }
}

static int by_order(const void *x, const void *y)
{
    const struct waiting_row *a = x, *b = y;
    if (a->at != b->at) { return a->at < b->at ? -1 : 1; }
    return a->offset < b->offset ? -1 : a->offset > b->offset;
}

void adapter_end(struct input *s)
{
    struct adapter *a = s->adapter;
    if (a->n_waiting) { qsort(a->waiting, a->n_waiting, sizeof *a->waiting, by_order); }
    for (size_t i = 0; i < a->n_waiting; i++) {
        const struct waiting_row *w = &a->waiting[i];
        s->place = (struct place){ .offset = w->offset, .n = w->n, .p = w->raw, .line = w->line };
        memcpy(a->row, w->cell, a->n_columns * sizeof *a->row);
        a->sequence = w->at;
        apply_row(s, a->a->key_column != NO_COLUMN ? a->row[a->a->key_column] : STR(""));
    }
    a->n_waiting = 0;
    arena_free(&a->waiting_arena);
    arena_init(&a->waiting_arena, &s->run->memory);
    adapter_leave_notes(s);
}

static void row(struct input *s)
{
    struct adapter *a = s->adapter;
    struct msa_run *r = s->run;
    if ((a->a->flags & ADAPTER_SKIP_DUPLICATE_ROWS) && row_seen_before(a, hash_128(s->place.p, s->place.n))) {
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
    if (a->a->sequence_column != NO_COLUMN && !read_order(s)) { return; }
    if (a->sorts) {
        wait_for_others(s);
    } else {
        apply_row(s, key);
    }
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
