/* SPDX-License-Identifier: MIT */
#include "compiler/classes.h"
#include "compiler/unit.h"
#include <stdlib.h>

/* Smallest and one past the largest value that a column of this type can have. */
static struct interval domain(struct type t)
{
    switch (t.vt) {
    case VT_FLAG: return (struct interval){ 0, 2 };
    case VT_SCALE: return (struct interval){ 0, t.scale->n };
    case VT_COUNT: case VT_PERCENT: case VT_DURATION: return (struct interval){ 0, NEVER };
    case VT_TIME: return (struct interval){ 0, 86400 };
    default: return (struct interval){ NONE + 1, NEVER };
    }
}

static bool is_special(const struct node *e)
{
    return e->kind == N_ANY || e->kind == N_OTHERWISE || e->kind == N_MISSING || e->kind == N_BROKEN || e->kind == N_NONE || e->kind == N_NODATA;
}

static int by_number(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return x < y ? -1 : x > y;
}

static int by_text(const void *a, const void *b) { return str_cmp(*(const struct str *)a, *(const struct str *)b); }

static bool make_numbers(struct unit *u, struct source_module *m, struct classes *c, const struct node *const *cells, uint32_t n)
{
    struct interval all = domain(c->type);
    VEC(int64_t) cut = { 0 };
    vec_push(&cut, u->arena, all.from);
    for (uint32_t i = 0; i < n; i++) {
        for (uint32_t k = 0; k < cells[i]->n; k++) {
            struct interval r;
            if (is_special(cells[i]->kid[k])) { continue; }
            if (!interval_check(u, m, cells[i]->kid[k], c->type, &r)) { return false; }
            if (r.from > all.from && r.from < all.to) { vec_push(&cut, u->arena, r.from); }
            if (r.to > all.from && r.to < all.to) { vec_push(&cut, u->arena, r.to); }
        }
    }
    qsort(cut.p, cut.n, sizeof *cut.p, by_number);
    uint32_t kept = 0;
    for (size_t i = 0; i < cut.n; i++) {
        if (kept == 0 || cut.p[kept - 1] != cut.p[i]) { cut.p[kept++] = cut.p[i]; }
    }
    vec_push(&cut, u->arena, all.to);
    cut.p[kept] = all.to;
    c->start = cut.p;
    c->n = kept + 1;
    return true;
}

static bool make_texts(struct unit *u, struct source_module *m, struct classes *c, const struct node *const *cells, uint32_t n)
{
    VEC(struct str) all = { 0 };
    for (uint32_t i = 0; i < n; i++) {
        for (uint32_t k = 0; k < cells[i]->n; k++) {
            int64_t ignored;
            struct str t;
            if (is_special(cells[i]->kid[k])) { continue; }
            if (!literal_check(u, m, cells[i]->kid[k], c->type, &ignored, &t)) { return false; }
            vec_push(&all, u->arena, t);
        }
    }
    if (all.n > 0) { qsort(all.p, all.n, sizeof *all.p, by_text); }
    for (size_t i = 0; i < all.n; i++) {
        if (c->n_texts == 0 || !str_eq(all.p[c->n_texts - 1], all.p[i])) { all.p[c->n_texts++] = all.p[i]; }
    }
    c->text = all.p;
    c->n = c->n_texts + 2;
    return true;
}

struct classes *classes_make(struct unit *u, struct source_module *m, struct type t, const struct node *const *cells, uint32_t n)
{
    struct classes *c = ARENA_NEW(u->arena, struct classes);
    c->type = t;
    if (t.vt == VT_TEXT) { return make_texts(u, m, c, cells, n) ? c : NULL; }
    if (t.vt != VT_SCALE && t.vt != VT_FLAG) { return make_numbers(u, m, c, cells, n) ? c : NULL; }
    struct interval all = domain(t);
    c->n = (uint32_t)all.to + 1;
    c->start = ARENA_ARRAY(u->arena, int64_t, c->n);
    for (uint32_t i = 0; i < c->n; i++) { c->start[i] = i; }
    return c;
}

/* The first of n ascending starts that is not below v. */
static uint32_t first_from(const int64_t *start, uint32_t n, int64_t v)
{
    uint32_t lo = 0;
    while (lo < n) {
        uint32_t mid = lo + (n - lo) / 2;
        if (start[mid] < v) { lo = mid + 1; } else { n = mid; }
    }
    return lo;
}

static bool accept_one(struct unit *u, struct source_module *m, const struct classes *c, const struct node *e, struct class_range *accept)
{
    if (e->kind == N_ANY) { *accept = (struct class_range){ 0, c->n }; return true; }
    if (e->kind == N_MISSING) { *accept = (struct class_range){ c->n - 1, c->n }; return true; }
    if (e->kind == N_NONE || e->kind == N_NODATA || e->kind == N_OTHERWISE) {
        struct diag *d = diag(u->diags, E0401_CELL, e->span, "`%s` cannot be a test", node_kind_name[e->kind]);
        diag_help(d, "write a value, a range, `any` or `missing`; `otherwise` stands in the first cell of the last row");
        return false;
    }
    if (c->type.vt == VT_TEXT) {
        int64_t ignored;
        struct str t;
        if (!literal_check(u, m, e, c->type, &ignored, &t)) { return false; }
        const struct str *found = c->n_texts > 0 ? bsearch(&t, c->text, c->n_texts, sizeof t, by_text) : NULL;
        if (found == NULL) { MSA_BUG("a text of a cell has no class"); }
        *accept = (struct class_range){ (uint32_t)(found - c->text), (uint32_t)(found - c->text) + 1 };
        return true;
    }
    struct interval r;
    if (!interval_check(u, m, e, c->type, &r)) { return false; }
    *accept = (struct class_range){ first_from(c->start, c->n - 1, r.from), first_from(c->start, c->n - 1, r.to) };
    return true;
}

static int by_start(const void *a, const void *b)
{
    uint32_t x = ((const struct class_range *)a)->from, y = ((const struct class_range *)b)->from;
    return x < y ? -1 : x > y;
}

bool classes_accept(struct unit *u, struct source_module *m, const struct classes *c, const struct node *cell, struct accepted *out)
{
    *out = (struct accepted){ .p = ARENA_ARRAY(u->arena, struct class_range, cell->n) };
    for (uint32_t k = 0; k < cell->n; k++) {
        struct class_range r;
        if (cell->kid[k]->kind == N_BROKEN || !accept_one(u, m, c, cell->kid[k], &r)) { return false; }
        if (r.from < r.to) { out->p[out->n++] = r; }
    }
    if (out->n > 1) { qsort(out->p, out->n, sizeof *out->p, by_start); }
    uint32_t kept = 0;
    for (uint32_t k = 0; k < out->n; k++) {
        struct class_range r = out->p[k];
        if (kept == 0 || r.from > out->p[kept - 1].to) { out->p[kept++] = r; }
        else if (r.to > out->p[kept - 1].to) { out->p[kept - 1].to = r.to; }
    }
    out->n = kept;
    return true;
}

struct str classes_witness(struct unit *u, const struct classes *c, uint32_t k)
{
    if (k == c->n - 1) { return STR("missing"); }
    if (c->type.vt == VT_TEXT) { return k < c->n_texts ? str_printf(u->arena, "\"%.*s\"", STR_ARG(c->text[k])) : STR("any other text"); }
    if (c->type.vt == VT_SCALE || c->type.vt == VT_FLAG) { return value_words(u, c->type, c->start[k]); }
    /* A number class that reaches down without end is shown by its largest value. */
    return value_words(u, c->type, c->start[k] == NONE + 1 ? (c->start[k + 1] == NEVER ? 0 : c->start[k + 1] - 1) : c->start[k]);
}

uint32_t classes_emit(struct unit *u, const struct classes *c)
{
    struct m_classifier r = { .classes = c->n };
    if (c->type.vt == VT_TEXT) {
        r.kind = CLASS_TEXTS;
        for (uint32_t i = 0; i < c->n_texts; i++) {
            uint32_t k = mb_add_class_text(u->mb, (struct m_class_text){ .text = emit_str(u, c->text[i]), .class = i });
            if (i == 0) { r.texts = k; }
        }
        r.n_texts = c->n_texts;
    } else if (c->type.vt == VT_SCALE || c->type.vt == VT_FLAG) {
        r.kind = CLASS_SCALE;
    } else {
        r.kind = CLASS_BREAKS;
        for (uint32_t i = 1; i + 1 < c->n; i++) {
            uint32_t k = mb_add_class_break(u->mb, (struct m_class_break){ .at = c->start[i] });
            if (i == 1) { r.breaks = k; }
        }
        r.n_breaks = c->n - 2;
    }
    return mb_add_classifier(u->mb, r);
}
