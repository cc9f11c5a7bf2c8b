/* SPDX-License-Identifier: MIT */
/* What an adapter knows besides the row at hand: openings of things, what their rows before said, rows seen already, and
 * what is worth telling when all is read. */
#include "runtime/adapter.h"
#include <stdio.h>
#include <stdlib.h>

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

/* ---- states and rows seen ---- */

struct state *state_of(struct adapter *a, struct str key)
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
    a->state[i] = (struct state){ .hash = hash, .fold = fold_of(a->run->folds, a->a->entity, key), .last = NONE, .row_at = NONE };
    a->n_states++;
    return &a->state[i];
}

bool row_seen_before(struct adapter *a, struct hash128 h)
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

void state_remember(struct adapter *a, struct state *st)
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

struct str state_before(const struct adapter *a, uint32_t column, bool *first)
{
    const struct state *st = a->now;
    uint32_t t = a->column[column].tracked;
    *first = st->last == NONE;
    if (*first || t == NO_COLUMN || st->past[t].missing) { return (struct str){ NULL, 0 }; }
    return str_make(st->past[t].p ? st->past[t].p : "", st->past[t].n);
}


/* ---- what is worth telling at the end ---- */

void words_seen(struct adapter *a)
{
    for (uint32_t i = 0; i < a->n_words; i++) {
        struct plan_words *w = &a->words[i];
        struct str t = a->row[w->column];
        if (t.p == NULL || lookup_get(&w->named, t.p, t.n) != LOOKUP_NONE) { continue; }
        uint32_t k = 0;
        while (k < w->n && !str_eq(w->unnamed[k].text, t)) { k++; }
        if (k == w->n) {
            if (k == UNNAMED_MAX || t.n > 200) {
                w->others++;
                continue;
            }
            w->unnamed[w->n++] = (struct unnamed){ .text = str_dup(&a->arena, t) };
        }
        w->unnamed[k].n++;
    }
}

static int most_first(const void *x, const void *y)
{
    const struct unnamed *a = x, *b = y;
    if (a->n != b->n) { return a->n > b->n ? -1 : 1; }
    return str_cmp(a->text, b->text);
}

/* "`Status` also holds `Rückfrage` (3 rows), which no rule names" */
static struct str words_note(struct adapter *a, const struct plan_rule *p)
{
    struct sb b = { .arena = &a->run->arena };
    for (uint32_t i = 0; i < p->n_conditions; i++) {
        const struct plan_condition *c = &p->condition[i];
        if (c->kind != COND_BECOMES && c->kind != COND_IS && c->kind != COND_WAS) { continue; }
        for (uint32_t j = 0; j < a->n_words; j++) {
            struct plan_words *w = &a->words[j];
            if (w->column != c->column || w->n == 0) { continue; }
            char number[24], view[72];
            qsort(w->unnamed, w->n, sizeof *w->unnamed, most_first);
            sb_printf(&b, "; `%.*s` has", STR_ARG(adapter_column_name(a, w->column, number)));
            for (uint32_t k = 0; k < w->n && k < 5; k++) {
                sb_printf(&b, "%s `%s` (%llu row%s)", k ? "," : "", shown(view, w->unnamed[k].text), (unsigned long long)w->unnamed[k].n, w->unnamed[k].n == 1 ? "" : "s");
            }
            sb_puts(&b, w->n > 5 || w->others ? " and more, which no rule names" : ", which no rule names");
        }
    }
    return sb_str(&b);
}

void adapter_leave_notes(struct input *s)
{
    struct adapter *a = s->adapter;
    struct msa_run *r = s->run;
    if (r->rule_notes == NULL) {
        r->rule_notes = ARENA_ARRAY(&r->arena, struct rule_note, r->m->n_adapter_rule);
        memset(r->rule_notes, 0, r->m->n_adapter_rule * sizeof *r->rule_notes);
    }
    for (uint32_t i = 0; i < a->n_rules; i++) {
        const struct plan_rule *p = &a->rule[i];
        struct rule_note *n = &r->rule_notes[p->index];
        bool makes = p->r->kind == RULE_RECORDED || (p->event != NULL && p->r->kind != RULE_SET);
        if (!makes || a->n_rows == 0) { continue; }
        n->rows += a->n_rows;
        n->held += a->held[i];
        if (n->held == 0 && n->words.n == 0) { n->words = words_note(a, p); }
    }
    if (a->rows_back == 0) { return; }
    if (r->counts.rows_back == 0) {
        char number[24];
        struct str column = adapter_column_name(a, a->order_column, number), entity = a->a->entity == NO_REF ? STR("thing") : module_str(r->m, r->m->entity[a->a->entity].name);
        r->back_file = s->file;
        r->back_line = a->rows_back_line;
        r->back_entity = entity;
        r->back_column = str_dup(&r->arena, column);
        r->back_adapter = module_str(r->m, a->a->name);
    }
    r->counts.rows_back += a->rows_back;
}

static struct msa_text as_text(struct str s)
{
    return (struct msa_text){ s.p, s.n };
}

void msa_run_adapter_notes(const struct msa_run *r, void (*note)(void *ctx, const struct msa_note *n), void *ctx)
{
    char text[900];
    if (r->counts.rows_back) {
        struct str file = r->file[r->back_file].name;
        bool one = r->counts.rows_back == 1;
        int n = snprintf(text, sizeof text, "%llu row%s older than the row of %s %.*s that stands before %s, %s%.*s:%u; changes are read in the order of the file: sort the export by time, "
                         "or say in adapter `%.*s`: `stream each %.*s by \"%.*s\" then file order`%s",
                         (unsigned long long)r->counts.rows_back, one ? " is" : "s are", one ? "its" : "their", STR_ARG(r->back_entity), one ? "it" : "them", one ? "" : "first at ", STR_ARG(file), r->back_line,
                         STR_ARG(r->back_adapter), STR_ARG(r->back_entity), STR_ARG(r->back_column), r->o.stream ? " (without --stream)" : "");
        size_t length = n < 0 ? 0 : (size_t)n < sizeof text ? (size_t)n : sizeof text - 1;
        struct msa_note x = { .kind = MSA_NOTE_ROWS_BACK, .place = { .file = as_text(file), .line = r->back_line }, .text = { text, length } };
        note(ctx, &x);
    }
    for (uint32_t i = 0; r->rule_notes && i < r->m->n_adapter_rule; i++) {
        const struct rule_note *k = &r->rule_notes[i];
        if (k->rows == 0 || k->held) { continue; }
        const struct m_place *p = &r->m->place[r->m->adapter_rule[i].place];
        struct str file = module_str(r->m, r->m->file[p->file].name);
        int n = snprintf(text, sizeof text, "this rule held for none of %llu rows%.*s", (unsigned long long)k->rows, (int)(k->words.n < 700 ? k->words.n : 700), k->words.n ? k->words.p : "");
        struct msa_note x = { .kind = MSA_NOTE_RULE_NEVER, .place = { .file = as_text(file), .line = p->line, .column = p->column },
                              .text = { text, n < 0 ? 0 : (size_t)n < sizeof text ? (size_t)n : sizeof text - 1 } };
        note(ctx, &x);
    }
}
