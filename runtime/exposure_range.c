/* SPDX-License-Identifier: MIT */
/* Intervals of exact numbers, with ends that may be missing. */
#include "runtime/exposure.h"
#include "runtime/input.h"
#include <string.h>

mpq_ptr range_number(struct exposure *x, int64_t n, int64_t d)
{
    mpq_ptr q = ARENA_NEW(x->arena, mpq_t)[0];
    mpq_init(q);
    exact_set(q, n, d);
    vec_push(&x->numbers, x->arena, q);
    return q;
}

struct range range_whole(struct exposure *x, int64_t lo, int64_t hi) { return (struct range){.lo = range_number(x, lo, 1), .hi = range_number(x, hi, 1)}; }

struct range range_point(struct exposure *x, mpq_srcptr q)
{
    struct range r = range_whole(x, 0, 0);
    mpq_set(r.lo, q);
    mpq_set(r.hi, q);
    return r;
}

struct range range_upwards(struct exposure *x, struct str why)
{
    struct range r = range_whole(x, 0, 0);
    r.no_hi = true;
    r.why = why;
    return r;
}

struct range range_anything(struct exposure *x, struct str why)
{
    struct range r = range_upwards(x, why);
    r.no_lo = true;
    return r;
}

static struct str range_why_of(const struct range *a, const struct range *b) { return a->why.n ? a->why : b->why; }

static bool end_of(struct exposure *x, struct msa_text t, mpq_ptr out)
{
    struct str s = str_trim((struct str){t.p, t.n});
    bool percent = s.n && s.p[s.n - 1] == '%';
    if (percent) { s = str_trim(str_slice(s, 0, s.n - 1)); }
    if (!s.n || !exact_read(out, s)) { return false; }
    if (percent) { mpq_div(out, out, range_number(x, 100, 1)); }
    return true;
}

/* What is said about a value by its name, else `otherwise`. */
struct range range_named(struct exposure *x, struct str name, struct range otherwise)
{
    for (size_t i = 0; i < x->n_bounds; i++) {
        const struct msa_bound *b = &x->bound[i];
        if (!str_eq((struct str){b->name.p, b->name.n}, name)) { continue; }
        if (end_of(x, b->from, otherwise.lo)) { otherwise.no_lo = false; }
        otherwise.no_hi = !end_of(x, b->to, otherwise.hi);
        otherwise.why = otherwise.no_hi ? name : (struct str){0};
        if (!otherwise.no_lo && !otherwise.no_hi && mpq_cmp(otherwise.lo, otherwise.hi) > 0) { mpq_swap(otherwise.lo, otherwise.hi); }
    }
    return otherwise;
}

struct range range_join(struct exposure *x, struct range a, struct range b)
{
    (void)x;
    if (!a.no_lo && (b.no_lo || mpq_cmp(b.lo, a.lo) < 0)) { a.lo = b.lo, a.no_lo = b.no_lo; }
    if (!a.no_hi && (b.no_hi || mpq_cmp(b.hi, a.hi) > 0)) { a.hi = b.hi, a.no_hi = b.no_hi; }
    a.why = range_why_of(&a, &b);
    return a;
}

struct range range_add(struct exposure *x, struct range a, struct range b)
{
    struct range r = range_whole(x, 0, 0);
    mpq_add(r.lo, a.lo, b.lo);
    mpq_add(r.hi, a.hi, b.hi);
    r.no_lo = a.no_lo || b.no_lo;
    r.no_hi = a.no_hi || b.no_hi;
    r.why = range_why_of(&a, &b);
    return r;
}

struct range range_negative(struct exposure *x, struct range a)
{
    struct range r = {.lo = range_number(x, 0, 1), .hi = range_number(x, 0, 1), .no_lo = a.no_hi, .no_hi = a.no_lo, .why = a.why};
    mpq_neg(r.lo, a.hi);
    mpq_neg(r.hi, a.lo);
    return r;
}

static bool range_is_zero(const struct range *a) { return !a->no_lo && !a->no_hi && !mpq_sgn(a->lo) && !mpq_sgn(a->hi); }

struct range range_times(struct exposure *x, struct range a, struct range b)
{
    struct range r = range_whole(x, 0, 0);
    if (range_is_zero(&a) || range_is_zero(&b)) { return r; }
    r.why = range_why_of(&a, &b);
    if (a.no_lo || a.no_hi || b.no_lo || b.no_hi) { /* only what is not below zero is followed further */
        bool up = !a.no_lo && !b.no_lo && mpq_sgn(a.lo) >= 0 && mpq_sgn(b.lo) >= 0;
        r.no_hi = true;
        r.no_lo = !up;
        if (up) { mpq_mul(r.lo, a.lo, b.lo); }
        return r;
    }
    mpq_srcptr left[] = {a.lo, a.hi}, right[] = {b.lo, b.hi};
    mpq_ptr v = range_number(x, 0, 1);
    for (int i = 0; i < 4; i++) {
        mpq_mul(v, left[i & 1], right[i >> 1]);
        if (!i || mpq_cmp(v, r.lo) < 0) { mpq_set(r.lo, v); }
        if (!i || mpq_cmp(v, r.hi) > 0) { mpq_set(r.hi, v); }
    }
    return r;
}

struct range range_over(struct exposure *x, struct range a, struct range b)
{
    if (b.no_lo || mpq_sgn(b.lo) <= 0) { return range_anything(x, b.why.n ? b.why : STR("a divisor")); }
    struct range r = {.lo = range_number(x, 0, 1), .hi = range_number(x, 0, 1), .no_hi = b.no_hi};
    if (!b.no_hi) { mpq_inv(r.lo, b.hi); }
    mpq_inv(r.hi, b.lo);
    r.no_hi = false;
    return range_times(x, a, r);
}

struct range range_extreme(struct range a, struct range b, bool larger)
{
    struct range r = a;
    if (larger) {
        if (a.no_lo || (!b.no_lo && mpq_cmp(b.lo, a.lo) > 0)) { r.lo = b.lo, r.no_lo = b.no_lo; }
        if (a.no_hi || b.no_hi) { r.no_hi = true; } else if (mpq_cmp(b.hi, a.hi) > 0) { r.hi = b.hi; }
    } else {
        if (a.no_hi || (!b.no_hi && mpq_cmp(b.hi, a.hi) < 0)) { r.hi = b.hi, r.no_hi = b.no_hi; }
        if (a.no_lo || b.no_lo) { r.no_lo = true; } else if (mpq_cmp(b.lo, a.lo) < 0) { r.lo = b.lo; }
    }
    r.why = r.no_hi || r.no_lo ? range_why_of(&a, &b) : (struct str){0};
    return r;
}

struct range range_rounded(struct exposure *x, struct range a, mpq_srcptr step, enum exact_rounding how)
{
    struct range r = range_whole(x, 0, 0);
    mpq_set(r.lo, a.lo);
    mpq_set(r.hi, a.hi);
    exact_round(r.lo, step, how);
    exact_round(r.hi, step, how);
    r.no_lo = a.no_lo;
    r.no_hi = a.no_hi;
    r.why = a.why;
    return r;
}

struct range range_not_below_zero(struct exposure *x, struct range r)
{
    if (r.no_lo || mpq_sgn(r.lo) < 0) { r.lo = range_number(x, 0, 1), r.no_lo = false; }
    if (!r.no_hi && mpq_sgn(r.hi) < 0) { r.hi = range_number(x, 0, 1); }
    return r;
}
