/* SPDX-License-Identifier: MIT */
/* Fees and credits that nothing can bring about: conditions that no value can meet, parts of a calendar in which no hour lies. */
#include "compiler/charge.h"

__extension__ typedef __int128 wide;

/* ---- conditions of the ledger ---- */

/* Values that are left: from lo to hi, each with or without its end; `no_…`: without end. */
struct left { int64_t lo, lo_per, hi, hi_per; bool no_lo, no_hi, lo_out, hi_out; };

static int order(int64_t a, int64_t a_per, int64_t b, int64_t b_per)
{
    wide x = (wide)a * b_per, y = (wide)b * a_per;
    return x < y ? -1 : x > y;
}

static void at_least(struct left *l, int64_t n, int64_t per, bool out)
{
    int c = l->no_lo ? 1 : order(n, per, l->lo, l->lo_per);
    if (c < 0 || (c == 0 && !out)) { return; }
    l->lo = n;
    l->lo_per = per;
    l->lo_out = out;
    l->no_lo = false;
}

static void at_most(struct left *l, int64_t n, int64_t per, bool out)
{
    int c = l->no_hi ? -1 : order(n, per, l->hi, l->hi_per);
    if (c > 0 || (c == 0 && !out)) { return; }
    l->hi = n;
    l->hi_per = per;
    l->hi_out = out;
    l->no_hi = false;
}

static bool none_left(const struct left *l)
{
    if (l->no_lo || l->no_hi) { return false; }
    int c = order(l->lo, l->lo_per, l->hi, l->hi_per);
    return c > 0 || (c == 0 && (l->lo_out || l->hi_out));
}

static const struct amount *inner(const struct amount *a)
{
    while (a->op == EX_NAMED && a->a != NULL) { a = a->a; }
    return a;
}

static bool same(const struct amount *a, const struct amount *b) { return a->op == b->op && a->ref == b->ref && a->value == b->value && a->mode == b->mode; }

/* What a can be, whatever happens; false: nothing is known, or it is no single value. */
static bool domain(const struct unit *u, const struct amount *a, struct left *out)
{
    *out = (struct left){ .no_lo = true, .no_hi = true };
    switch ((enum exact_op)a->op) {
    case EX_MEASURE: {
        const struct measure_info *m = a->ref;
        if (m == NULL) { return false; }
        if (m->kind == MEASURE_SHARE || m->kind == MEASURE_UPTIME) { at_most(out, 1, 1, false); at_least(out, 0, 1, false); }
        if (m->kind == MEASURE_COUNT) { at_least(out, 0, 1, false); }
        return true;
    }
    case EX_TIME: case EX_EVENTS: at_least(out, 0, 1, false); return true;
    case EX_LEVEL: {
        const struct quantity_info *q = a->ref;
        const struct amount *least = q != NULL && q->minimum != NULL ? inner(q->minimum) : NULL;
        at_least(out, 0, 1, false);
        if (least != NULL && least->op == EX_CONST && least->per > 0) { at_least(out, least->number, least->per, false); }
        return true;
    }
    case EX_PERIOD_NUMBER: {
        int64_t months = u->term_renews == NONE && u->term_length != NONE && u->term_length < 0 ? -u->term_length : 0;
        at_least(out, 1, 1, false);
        if (a->mode == PERIOD_MONTH) { at_most(out, 12, 1, false); }
        if (months > 0 && a->mode == PERIOD_CONTRACT_MONTH) { at_most(out, months, 1, false); }
        if (months > 0 && a->mode == PERIOD_CONTRACT_YEAR) { at_most(out, (months + 11) / 12, 1, false); }
        return true;
    }
    case EX_FACT: return true;
    default: return false;
    }
}

/* Atoms of a condition: comparisons of one value with a number. */
struct atoms { const struct amount *p[32]; uint32_t n; };

static void conjuncts(const struct amount *a, struct atoms *out)
{
    if (a->op == EX_AND) { conjuncts(a->a, out); conjuncts(a->b, out); return; }
    if (out->n < countof(out->p)) { out->p[out->n++] = a; }
}

/* The value that the comparison is about; NULL: it is no such comparison. */
static const struct amount *about(const struct amount *c, const struct amount **number)
{
    if (c->op != EX_LT && c->op != EX_LE && c->op != EX_EQ) { return NULL; }
    const struct amount *x = inner(c->a), *y = inner(c->b);
    bool left = y->op == EX_CONST && y->per > 0;
    if (!left && !(x->op == EX_CONST && x->per > 0)) { return NULL; }
    *number = left ? y : x;
    return left ? x : y;
}

static void narrow(const struct amount *c, struct left *l)
{
    const struct amount *number = NULL, *x = about(c, &number);
    bool below = x == inner(c->a);
    if (c->op == EX_EQ || below) { at_most(l, number->number, number->per, c->op == EX_LT); }
    if (c->op == EX_EQ || !below) { at_least(l, number->number, number->per, c->op == EX_LT); }
}

static bool tex_never(const struct amount *a)
{
    const struct fact_info *f = a->ref;
    if (a->op != EX_FACT || a->type.base != AMOUNT_FLAG || f == NULL || a->value >= f->values.n) { return false; }
    size_t n = f->clock != NULL ? 1 : f->on.n;
    for (size_t i = 0; i < n; i++) {
        if (!condition_never(f->values.p[a->value].by[i])) { return false; }
    }
    return n > 0;
}

static const struct amount *never(const struct unit *u, const struct amount *a, unsigned depth)
{
    struct atoms all = { .n = 0 };
    if (a == NULL || depth > 40) { return NULL; }
    if (a->op == EX_OR) { return never(u, a->a, depth + 1) != NULL && never(u, a->b, depth + 1) != NULL ? a : NULL; }
    conjuncts(a, &all);
    for (uint32_t i = 0; i < all.n; i++) {
        const struct amount *number, *x = about(all.p[i], &number);
        struct left l;
        if (tex_never(all.p[i]) || (all.p[i]->op == EX_OR && never(u, all.p[i], depth + 1) != NULL)) { return all.p[i]; }
        if (x == NULL || !domain(u, x, &l)) { continue; }
        for (uint32_t k = 0; k < all.n; k++) {
            const struct amount *other = about(all.p[k], &number);
            if (other != NULL && same(x, other)) { narrow(all.p[k], &l); }
        }
        if (none_left(&l)) { return all.p[i]; }
    }
    return NULL;
}

/* ---- parts of calendars ---- */

static bool no_hours(struct unit *u, const struct charge_info *c)
{
    if (c->part_of == NULL || c->part_of->local != NULL) { return false; }
    struct calendar_def out = { .kind = CAL_EXCEPT, .a = calendar_always(u)->def, .b = c->part_of->def, .name = "" };
    const struct calendar_def *def = c->flags & CHARGE_PART_OUTSIDE ? &out : c->part_of->def;
    const struct zone *z = zone_load(str_c(u->arena, u->zone));
    struct calendar *k = z != NULL ? calendar_open(def, z) : NULL;
    bool is = k != NULL && calendar_is_never(k);
    if (k != NULL) { calendar_close(k); }
    return is;
}

/* ---- all ---- */

static bool events_never(const struct fact_info *f, struct span *at)
{
    if (f->clock != NULL) {
        if (f->when == NULL || !condition_never(f->when)) { return false; }
        *at = f->when->span;
        return true;
    }
    for (size_t i = 0; i < f->on.n; i++) {
        if (f->on.p[i]->when == NULL || !condition_never(f->on.p[i]->when)) { return false; }
        *at = f->on.p[i]->when->span;
    }
    return f->on.n > 0;
}

void charge_never(struct unit *u, const struct charge_info *c)
{
    struct span at;
    const struct amount *when = never(u, c->when, 0);
    const char *why = "this condition never holds";
    if (when != NULL) { at = when->b != NULL && when->op != EX_OR ? span_join(when->a->span, when->b->span) : when->span; }
    else if (c->fact != NULL && events_never(c->fact, &at)) { }
    else if (no_hours(u, c)) {
        at = c->part_node->span;
        why = c->flags & CHARGE_PART_OUTSIDE ? "no hour lies outside of it" : "no hour lies inside of it";
    } else { return; }
    struct diag *d = diag(u->diags, E1008_NEVER_CHARGED, at, "the %s `%.*s` can never be charged: %s", symbol_word(c->symbol), STR_ARG(c->symbol->name), why);
    diag_help(d, "look at its numbers, and at what is asked beside it; or take the %s out", symbol_word(c->symbol));
}
