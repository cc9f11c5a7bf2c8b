/* SPDX-License-Identifier: MIT */
#include "cli/open.h"
#include "base/utf8.h"
#include "base/vec.h"
#include "cli/cli.h"
#include <stdlib.h>

struct open_list {
    struct field_context *fields;
    struct arena arena;
    VEC(struct msa_result) results;
    VEC(struct str) by;          /* names of the values that chose rows, in order of appearance */
};

struct open_list *open_list_make(struct field_context *fields)
{
    struct open_list *l = memory_resize(NULL, NULL, sizeof *l);
    *l = (struct open_list){.fields = fields};
    arena_init(&l->arena, NULL);
    return l;
}

void open_list_close(struct open_list *l)
{
    if (!l) { return; }
    arena_free(&l->arena);
    vec_free(&l->results);
    vec_free(&l->by);
    memory_resize(NULL, l, 0);
}

static struct msa_text keep(struct open_list *l, struct msa_text t) { return str_text(str_dup(&l->arena, text_str(t))); }

static void see_names(struct open_list *l, const struct msa_result *r)
{
    for (size_t i = 0; i < r->n_by; i++) {
        bool there = false;
        for (size_t k = 0; k < l->by.n; k++) { there |= str_eq(l->by.p[k], text_str(r->by[i].name)); }
        if (!there) { vec_push(&l->by, NULL, str_dup(&l->arena, text_str(r->by[i].name))); }
    }
}

void open_add(struct open_list *l, const struct msa_result *r)
{
    if (r->kind != MSA_CLOCK || r->stopped != MSA_NONE) { return; }
    if (r->state == MSA_CANCELLED || r->state == MSA_MET || r->state == MSA_STOPPED) { return; }
    struct msa_result k = *r;
    struct msa_text *const texts[] = {&k.id, &k.entity, &k.key, &k.clock, &k.title, &k.target, &k.calendar, &k.step, &k.reason, &k.withdraws, &k.file, &k.cause};
    for (size_t i = 0; i < countof(texts); i++) { *texts[i] = keep(l, *texts[i]); }
    struct msa_named *by = ARENA_ARRAY(&l->arena, struct msa_named, r->n_by);
    for (size_t i = 0; i < r->n_by; i++) { by[i] = (struct msa_named){keep(l, r->by[i].name), keep(l, r->by[i].value)}; }
    k.by = by;
    k.segments = NULL;
    k.n_segments = 0;
    see_names(l, r);
    vec_push(&l->results, NULL, k);
}

enum { LATE, DUE, WITHOUT_DUE, PAUSED };
static int rank(const struct msa_result *r)
{
    if (r->state == MSA_BREACHED) { return LATE; }
    if (r->state == MSA_PAUSED) { return PAUSED; }
    return r->due != MSA_NONE && r->due != MSA_NEVER ? DUE : WITHOUT_DUE;
}

static int compare(int64_t x, int64_t y) { return (x > y) - (x < y); }

static int most_urgent(const void *a, const void *b)
{
    const struct msa_result *x = a, *y = b;
    int c = compare(rank(x), rank(y));
    if (!c && rank(x) == LATE) { c = compare(y->overrun, x->overrun); }
    if (!c && rank(x) == PAUSED) { c = compare(x->remaining, y->remaining); }
    if (!c) { c = compare(x->due, y->due); }
    if (!c) { c = str_cmp(text_str(x->key), text_str(y->key)); }
    if (!c) { c = compare(x->clock_index, y->clock_index); }
    return c ? c : compare(x->cycle, y->cycle);
}

const struct msa_result *open_list_sorted(struct open_list *l, size_t *n)
{
    if (l->results.n) { qsort(l->results.p, l->results.n, sizeof *l->results.p, most_urgent); }
    *n = l->results.n;
    return l->results.p;
}

struct columns open_list_columns(struct open_list *l)
{
    static const enum field first[] = {FIELD_KEY, FIELD_CLOCK, FIELD_CYCLE, FIELD_STATE, FIELD_DUE, FIELD_REMAINING, FIELD_OVERRUN};
    struct columns c = {.p = ARENA_ARRAY(&l->arena, struct column, countof(first) + l->by.n)};
    for (size_t i = 0; i < countof(first); i++) { c.p[c.n++] = (struct column){.field = first[i], .name = str_of(field_name[first[i]])}; }
    for (size_t i = 0; i < l->by.n; i++) {
        c.p[c.n++] = (struct column){.field = FIELD_COUNT, .by = l->by.p[i], .name = str_printf(&l->arena, "by.%.*s", STR_ARG(l->by.p[i]))};
    }
    return c;
}

/* ---- the table ---- */

enum { CELL_KEY, CELL_CLOCK, CELL_STATE, CELL_DUE, CELL_LEFT, CELL_CLAUSE, CELL_BY };

static struct str visible(struct open_list *l, struct str s)
{
    struct sb b = {.arena = &l->arena};
    sb_visible(&b, s);
    return sb_str(&b);
}

static void fill(struct open_list *l, const struct msa_result *r, struct str *cell)
{
    struct sb due = {.arena = &l->arena}, left = {.arena = &l->arena};
    cell[CELL_KEY] = visible(l, text_str(r->key));
    cell[CELL_CLOCK] = r->cycle > 1 ? str_printf(&l->arena, "%.*s %u", (int)r->clock.n, r->clock.p, r->cycle) : text_str(r->clock);
    cell[CELL_STATE] = str_of(msa_clock_state_name[r->state]);
    if (r->due != MSA_NONE) { when_short(&due, l->fields->when.zone, r->due); }
    cell[CELL_DUE] = sb_str(&due);
    bool late = r->state == MSA_BREACHED;
    if ((late ? r->overrun : r->remaining) != MSA_NONE) {
        when_span(&left, late ? r->overrun : r->remaining);
        sb_puts(&left, late ? " over" : " left");
    }
    cell[CELL_LEFT] = sb_str(&left);
    cell[CELL_CLAUSE] = str_dup(&l->arena, field_get(l->fields, r, FIELD_CLAUSE).text);
    for (size_t i = 0; i < l->by.n; i++) {
        cell[CELL_BY + i] = STR("");
        for (size_t k = 0; k < r->n_by; k++) {
            if (!str_eq(l->by.p[i], text_str(r->by[k].name))) { continue; }
            cell[CELL_BY + i] = r->by[k].value.n ? visible(l, text_str(r->by[k].value)) : STR("(missing)");
        }
    }
}

void open_list_table(struct open_list *l, struct io_writer *to, instant as_of)
{
    static const char *const heading[] = {"thing", "clock", "state", "due", "left", "clause"};
    size_t n, cells = CELL_BY + l->by.n, late = 0;
    const struct msa_result *r = open_list_sorted(l, &n);
    struct str *cell = ARENA_ARRAY(&l->arena, struct str, (n + 1) * cells);
    size_t *width = ARENA_ARRAY(&l->arena, size_t, cells);
    for (size_t i = 0; i < cells; i++) { cell[i] = i < CELL_BY ? str_of(heading[i]) : l->by.p[i - CELL_BY]; }
    for (size_t k = 0; k < n; k++) {
        fill(l, &r[k], &cell[(k + 1) * cells]);
        late += r[k].state == MSA_BREACHED;
    }
    struct sb b = {.arena = &l->arena};
    sb_puts(&b, "as of ");
    when_short(&b, l->fields->when.zone, as_of);
    sb_printf(&b, " by the clock of %s: %zu open, %zu of them late\n", zone_name(l->fields->when.zone), n, late);
    for (size_t i = 0; i < cells; i++) {
        width[i] = 0;
        for (size_t k = 0; k <= n; k++) {
            size_t w = utf8_text_width(cell[k * cells + i]);
            if (w > width[i]) { width[i] = w; }
        }
    }
    for (size_t k = 0; n && k <= n; k++) {
        for (size_t i = 0; i < cells; i++) {
            struct str s = cell[k * cells + i];
            sb_put(&b, s);
            sb_fill(&b, ' ', width[i] - utf8_text_width(s) + 2);
        }
        while (b.n && b.p[b.n - 1] == ' ') { b.n--; }
        sb_char(&b, '\n');
    }
    io_write_str(to, sb_str(&b));
}
