/* SPDX-License-Identifier: MIT */
/* Whether conditions are the same, and whether two of them can hold at once. */
#include "compiler/unit.h"

bool tex_same(struct tex *a, const struct tex *b)
{
    if (a == b || a->same == b) { return true; }
    if (a->kind != b->kind || a->ref != b->ref || a->number != b->number || a->n != b->n || !str_eq(a->text, b->text)) { return false; }
    for (uint32_t i = 0; i < a->n; i++) {
        if (!tex_same(a->kid[i], b->kid[i])) { return false; }
    }
    a->same = b;
    return true;
}

struct atoms { struct tex *p[32]; uint32_t n; };
static void conjuncts(struct tex *t, struct atoms *a)
{
    if (t == NULL) { return; }
    if (t->kind == X_AND) { conjuncts(t->kid[0], a); conjuncts(t->kid[1], a); return; }
    if (a->n < countof(a->p)) { a->p[a->n++] = t; }
}

static bool excludes(struct tex *a, struct tex *b)
{
    if (a->kind == X_NOT && tex_same(a->kid[0], b)) { return true; }
    if (b->kind == X_NOT && tex_same(b->kid[0], a)) { return true; }
    if (a->kind == b->kind && (a->kind == X_EQ || a->kind == X_EQT) && tex_same(a->kid[0], b->kid[0])) {
        const struct tex *x = a->kid[1], *y = b->kid[1];
        if (x->kind == X_CONST && y->kind == X_CONST) { return x->number != y->number; }
        if (x->kind == X_TEXT && y->kind == X_TEXT) { return !str_eq(x->text, y->text); }
    }
    return false;
}

bool conditions_exclude(struct tex *a, struct tex *b)
{
    struct atoms x = { .n = 0 }, y = { .n = 0 };
    conjuncts(a, &x);
    conjuncts(b, &y);
    for (uint32_t i = 0; i < x.n; i++) {
        for (uint32_t k = 0; k < y.n; k++) {
            if (excludes(x.p[i], y.p[k])) { return true; }
        }
    }
    return false;
}

bool condition_never(struct tex *t)
{
    struct atoms x = { .n = 0 };
    conjuncts(t, &x);
    for (uint32_t i = 0; i < x.n; i++) {
        if (x.p[i]->kind == X_CONST && x.p[i]->type.vt == VT_FLAG && x.p[i]->number == 0) { return true; }
        for (uint32_t k = i + 1; k < x.n; k++) {
            if (excludes(x.p[i], x.p[k])) { return true; }
        }
    }
    return false;
}
