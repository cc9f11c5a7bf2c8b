/* SPDX-License-Identifier: MIT */
/* The worst case (A9): the formulas of an agreement over intervals instead of numbers. Every operation gives an interval that
 * holds whatever the numbers within those of its operands can give, so that no bound is too low; it may be higher than what can
 * come about where one value stands in a formula twice. A value of which nothing is known has no upper end, and says its name. */
#include "base/exact.h"
#include "base/vec.h"
#include "bytecode/module.h"
#include "msa/run.h"
#include "runtime/input.h"
#include <string.h>

enum { MOST_STEPS = 200000, MOST_DEPTH = 2000, MOST_MONTHS = 12000 };

/* lo and hi; a missing end is infinite, and `why` names the value that has none. */
struct range { mpq_ptr lo, hi; bool no_lo, no_hi; struct str why; };

struct exposure {
    const struct module *m;
    struct arena *arena;
    const struct msa_bound *bound;
    size_t n_bounds, steps;
    unsigned depth;
    VEC(mpq_ptr) numbers;        /* to be given back */
    const struct m_charge *charge;
    const struct range *units;   /* at hand; NULL: none */
    unsigned places;
    enum exact_rounding rounding;
};

static mpq_ptr number(struct exposure *x, int64_t n, int64_t d)
{
    mpq_ptr q = ARENA_NEW(x->arena, mpq_t)[0];
    mpq_init(q);
    exact_set(q, n, d);
    vec_push(&x->numbers, x->arena, q);
    return q;
}

static struct range whole(struct exposure *x, int64_t lo, int64_t hi) { return (struct range){.lo = number(x, lo, 1), .hi = number(x, hi, 1)}; }

static struct range point(struct exposure *x, mpq_srcptr q)
{
    struct range r = whole(x, 0, 0);
    mpq_set(r.lo, q);
    mpq_set(r.hi, q);
    return r;
}

static struct range upwards(struct exposure *x, struct str why)
{
    struct range r = whole(x, 0, 0);
    r.no_hi = true;
    r.why = why;
    return r;
}

static struct range anything(struct exposure *x, struct str why)
{
    struct range r = upwards(x, why);
    r.no_lo = true;
    return r;
}

static struct str why_of(const struct range *a, const struct range *b) { return a->why.n ? a->why : b->why; }

static bool end_of(struct exposure *x, struct msa_text t, mpq_ptr out)
{
    struct str s = str_trim((struct str){t.p, t.n});
    bool percent = s.n && s.p[s.n - 1] == '%';
    if (percent) { s = str_trim(str_slice(s, 0, s.n - 1)); }
    if (!s.n || !exact_read(out, s)) { return false; }
    if (percent) { mpq_div(out, out, number(x, 100, 1)); }
    return true;
}

/* What is said about a value by its name, else `otherwise`. */
static struct range named(struct exposure *x, struct str name, struct range otherwise)
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

static struct range join(struct exposure *x, struct range a, struct range b)
{
    (void)x;
    if (!a.no_lo && (b.no_lo || mpq_cmp(b.lo, a.lo) < 0)) { a.lo = b.lo, a.no_lo = b.no_lo; }
    if (!a.no_hi && (b.no_hi || mpq_cmp(b.hi, a.hi) > 0)) { a.hi = b.hi, a.no_hi = b.no_hi; }
    a.why = why_of(&a, &b);
    return a;
}

static struct range add(struct exposure *x, struct range a, struct range b)
{
    struct range r = whole(x, 0, 0);
    mpq_add(r.lo, a.lo, b.lo);
    mpq_add(r.hi, a.hi, b.hi);
    r.no_lo = a.no_lo || b.no_lo;
    r.no_hi = a.no_hi || b.no_hi;
    r.why = why_of(&a, &b);
    return r;
}

static struct range negative(struct exposure *x, struct range a)
{
    struct range r = {.lo = number(x, 0, 1), .hi = number(x, 0, 1), .no_lo = a.no_hi, .no_hi = a.no_lo, .why = a.why};
    mpq_neg(r.lo, a.hi);
    mpq_neg(r.hi, a.lo);
    return r;
}

static bool is_zero(const struct range *a) { return !a->no_lo && !a->no_hi && !mpq_sgn(a->lo) && !mpq_sgn(a->hi); }

static struct range times(struct exposure *x, struct range a, struct range b)
{
    struct range r = whole(x, 0, 0);
    if (is_zero(&a) || is_zero(&b)) { return r; }
    r.why = why_of(&a, &b);
    if (a.no_lo || a.no_hi || b.no_lo || b.no_hi) { /* only what is not below zero is followed further */
        bool up = !a.no_lo && !b.no_lo && mpq_sgn(a.lo) >= 0 && mpq_sgn(b.lo) >= 0;
        r.no_hi = true;
        r.no_lo = !up;
        if (up) { mpq_mul(r.lo, a.lo, b.lo); }
        return r;
    }
    mpq_srcptr left[] = {a.lo, a.hi}, right[] = {b.lo, b.hi};
    mpq_ptr v = number(x, 0, 1);
    for (int i = 0; i < 4; i++) {
        mpq_mul(v, left[i & 1], right[i >> 1]);
        if (!i || mpq_cmp(v, r.lo) < 0) { mpq_set(r.lo, v); }
        if (!i || mpq_cmp(v, r.hi) > 0) { mpq_set(r.hi, v); }
    }
    return r;
}

static struct range over(struct exposure *x, struct range a, struct range b)
{
    if (b.no_lo || mpq_sgn(b.lo) <= 0) { return anything(x, b.why.n ? b.why : STR("a divisor")); }
    struct range r = {.lo = number(x, 0, 1), .hi = number(x, 0, 1), .no_hi = b.no_hi};
    if (!b.no_hi) { mpq_inv(r.lo, b.hi); }
    mpq_inv(r.hi, b.lo);
    r.no_hi = false;
    return times(x, a, r);
}

static struct range extreme(struct range a, struct range b, bool larger)
{
    struct range r = a;
    if (larger) {
        if (a.no_lo || (!b.no_lo && mpq_cmp(b.lo, a.lo) > 0)) { r.lo = b.lo, r.no_lo = b.no_lo; }
        if (a.no_hi || b.no_hi) { r.no_hi = true; } else if (mpq_cmp(b.hi, a.hi) > 0) { r.hi = b.hi; }
    } else {
        if (a.no_hi || (!b.no_hi && mpq_cmp(b.hi, a.hi) < 0)) { r.hi = b.hi, r.no_hi = b.no_hi; }
        if (a.no_lo || b.no_lo) { r.no_lo = true; } else if (mpq_cmp(b.lo, a.lo) < 0) { r.lo = b.lo; }
    }
    r.why = r.no_hi || r.no_lo ? why_of(&a, &b) : (struct str){0};
    return r;
}

static struct range rounded(struct exposure *x, struct range a, mpq_srcptr step, enum exact_rounding how)
{
    struct range r = whole(x, 0, 0);
    mpq_set(r.lo, a.lo);
    mpq_set(r.hi, a.hi);
    exact_round(r.lo, step, how);
    exact_round(r.hi, step, how);
    r.no_lo = a.no_lo;
    r.no_hi = a.no_hi;
    r.why = a.why;
    return r;
}

/* ---- nodes ---- */

static struct range value(struct exposure *x, uint32_t node);

static struct str text_at(const struct exposure *x, uint32_t s) { return module_str(x->m, s); }

/* Yes, no, or either. */
static struct range compare(struct exposure *x, uint32_t op, struct range a, struct range b)
{
    bool below = !a.no_hi && !b.no_lo && (op == EX_LE ? mpq_cmp(a.hi, b.lo) <= 0 : mpq_cmp(a.hi, b.lo) < 0);
    bool not_below = !a.no_lo && !b.no_hi && (op == EX_LE ? mpq_cmp(a.lo, b.hi) > 0 : mpq_cmp(a.lo, b.hi) >= 0);
    if (op != EX_EQ && below) { return whole(x, 1, 1); }
    if (op != EX_EQ && not_below) { return whole(x, 0, 0); }
    return whole(x, 0, 1);
}

static bool always(const struct range *r) { return !r->no_lo && mpq_sgn(r->lo) > 0; }
static bool never(const struct range *r) { return !r->no_lo && !r->no_hi && !mpq_sgn(r->lo) && !mpq_sgn(r->hi); }

static struct range choose(struct exposure *x, const struct m_exact *e)
{
    struct range v = value(x, e->a), out = {0};
    bool any = false;
    for (uint32_t i = 0; i < e->n_rows; i++) {
        const struct m_exact_row *r = &x->m->exact_row[e->rows + i];
        if (!(r->flags & (ROW_OTHERWISE | ROW_NO_DATA))) {
            if (r->from != NO_REF) {
                struct range from = value(x, r->from);
                int c = v.no_hi || from.no_lo ? 1 : mpq_cmp(v.hi, from.lo);
                if (c < 0 || (!c && !(r->flags & ROW_FROM_IN))) { continue; }
            }
            if (r->to != NO_REF) {
                struct range to = value(x, r->to);
                int c = v.no_lo || to.no_hi ? -1 : mpq_cmp(v.lo, to.hi);
                if (c > 0 || (!c && !(r->flags & ROW_TO_IN))) { continue; }
            }
        }
        struct range amount = r->amount == NO_REF ? whole(x, 0, 0) : value(x, r->amount);
        out = any ? join(x, out, amount) : amount;
        any = true;
    }
    return any ? out : whole(x, 0, 0);
}

/* Each row prices what of the units lies in its band; of `volume` all units in the row reached. */
static struct range tiers(struct exposure *x, const struct m_exact *e)
{
    struct range v = value(x, e->a), out = whole(x, 0, 0);
    const struct range *outer = x->units;
    mpq_ptr from = number(x, 0, 1);
    bool graduated = e->op == EX_GRADUATED, any = false;
    for (uint32_t i = 0; i < e->n_rows; i++) {
        const struct m_exact_row *r = &x->m->exact_row[e->rows + i];
        struct range to = r->to == NO_REF ? upwards(x, (struct str){0}) : value(x, r->to);
        bool reached = v.no_hi || !i || mpq_cmp(v.hi, from) > 0, passed = !to.no_hi && !v.no_lo && mpq_cmp(v.lo, to.hi) > 0;
        if (!reached) { break; }
        if (graduated || !passed) {
            struct range in = {.lo = number(x, 0, 1), .hi = number(x, 0, 1)};
            bool open = v.no_hi && to.no_hi;
            if (!v.no_lo && mpq_cmp(v.lo, from) > 0) { mpq_set(in.lo, passed ? to.hi : v.lo); } else { mpq_set(in.lo, from); }
            if (!open) { mpq_set(in.hi, !to.no_hi && (v.no_hi || mpq_cmp(v.hi, to.hi) > 0) ? to.hi : v.hi); }
            if (graduated) {
                mpq_sub(in.lo, in.lo, from);
                if (!open) { mpq_sub(in.hi, in.hi, from); }
            }
            in.no_hi = open;
            in.why = open ? v.why : (struct str){0};
            x->units = &in;
            struct range price = r->amount == NO_REF ? whole(x, 0, 0) : value(x, r->amount);
            if (r->flat != NO_REF) { price = add(x, price, value(x, r->flat)); }
            x->units = outer;
            bool sure = !i || (!v.no_lo && mpq_cmp(v.lo, from) > 0);
            if (graduated && !sure) { price = join(x, price, whole(x, 0, 0)); }
            out = graduated ? add(x, out, price) : any ? join(x, out, price) : price;
            any = true;
        }
        if (to.no_hi) { break; }
        mpq_set(from, to.hi);
    }
    return out;
}

static struct range series(struct exposure *x, const struct m_exact *e)
{
    const struct m_series *s = &x->m->series[e->ref];
    struct str name = text_at(x, s->name);
    struct range out = {0};
    bool any = false;
    for (uint32_t i = 0; i < s->n_points; i++) {
        mpq_ptr q = number(x, 0, 1);
        if (!exact_read(q, text_at(x, x->m->series_point[s->points + i].value))) { continue; }
        out = any ? join(x, out, point(x, q)) : point(x, q);
        any = true;
    }
    return named(x, name, s->fact != NO_REF || !any ? upwards(x, name) : out);
}

/* ---- charges ---- */

static unsigned months_of(const struct exposure *x, uint32_t kind, uint32_t n)
{
    unsigned k = n ? n < MOST_MONTHS ? n : MOST_MONTHS : 1;
    int64_t term = x->m->agreement[0].term_length;
    switch ((enum period_kind)kind) {
    case PERIOD_QUARTER: return 3 * k;
    case PERIOD_YEAR:
    case PERIOD_CONTRACT_YEAR: return 12 * k;
    case PERIOD_MONTH:
    case PERIOD_CONTRACT_MONTH: return k;
    case PERIOD_ALL: return term == NONE || term < -MOST_MONTHS || term > 28 * MOST_MONTHS ? 0 : term < 0 ? (unsigned)-term : (unsigned)(term / 28 + 1); /* of the first term */
    case PERIOD_DAY:
    case PERIOD_WEEK: break;
    }
    return 1;
}

/* 0: without end. */
static unsigned window_months(const struct exposure *x, const struct m_lines *s)
{
    switch ((enum window_kind)s->window) {
    case WINDOW_QUARTER: return 3;
    case WINDOW_YEAR:
    case WINDOW_CONTRACT_YEAR: return 12;
    case WINDOW_TERM: return months_of(x, PERIOD_ALL, 1);
    case WINDOW_MONTHS_BEFORE:
    case WINDOW_ANY_MONTHS: return s->window_n < MOST_MONTHS ? s->window_n : MOST_MONTHS;
    case WINDOW_NEXT_INVOICE: return x->m->n_terms ? months_of(x, x->m->terms[0].period, x->m->terms[0].period_n) : 1;
    case WINDOW_PERIOD: return x->charge && x->charge->trigger == TRIGGER_EVERY ? months_of(x, x->charge->period, x->charge->period_n) : 1;
    case WINDOW_MONTH:
    case WINDOW_CONTRACT_MONTH: return 1;
    case WINDOW_ENTITY:
    case WINDOW_COUNT: break;
    }
    return 0;
}

static struct range each_of(struct exposure *x, const struct m_charge *c);

/* How many times a charge can come in that many months. */
static struct range occasions(struct exposure *x, const struct m_charge *c, unsigned months, bool earned)
{
    struct str fact = c->fact == NO_REF ? (struct str){0} : text_at(x, x->m->fact[c->fact].name);
    unsigned of = months_of(x, c->period, c->period_n);
    switch ((enum charge_trigger)c->trigger) {
    case TRIGGER_DATE:
    case TRIGGER_END: return whole(x, 0, 1);
    case TRIGGER_FACT:
    case TRIGGER_OVERDUE:
        if (c->flags & CHARGE_ONCE) { return whole(x, 0, 1); }
        if (!months) { return upwards(x, STR("the term")); }
        return times(x, named(x, fact.n ? fact : STR("overdue"), upwards(x, fact.n ? str_printf(x->arena, "the number of %.*s", STR_ARG(fact)) : STR("the number of late invoices"))), whole(x, 1, months));
    case TRIGGER_ACCOUNT: {
        struct str name = text_at(x, x->m->account[c->account].name);
        return times(x, named(x, name, upwards(x, str_printf(x->arena, "how often %.*s is refilled", STR_ARG(name)))), whole(x, 1, months ? months : 1));
    }
    case TRIGGER_EVERY: break;
    }
    if (!months) { return upwards(x, STR("the term")); }
    if (c->period == PERIOD_DAY || c->period == PERIOD_WEEK) {
        unsigned days = (c->period == PERIOD_WEEK ? 7 : 1) * (c->period_n ? c->period_n : 1);
        return whole(x, 0, (int64_t)months * 31 / days + 1);
    }
    if (of > months && earned) { /* by day: the longest months of the shortest period */
        unsigned least = of % 12 ? of % 3 ? 28 * of : 30 * of : 365 * (of / 12);
        return (struct range){.lo = number(x, 0, 1), .hi = number(x, (int64_t)months * 31 < least ? (int64_t)months * 31 : least, least)};
    }
    return whole(x, 0, (months + of - 1) / (of ? of : 1));
}

static struct range not_below_zero(struct exposure *x, struct range r)
{
    if (r.no_lo || mpq_sgn(r.lo) < 0) { r.lo = number(x, 0, 1), r.no_lo = false; }
    if (!r.no_hi && mpq_sgn(r.hi) < 0) { r.hi = number(x, 0, 1); }
    return r;
}

static struct range lines(struct exposure *x, const struct m_lines *s, unsigned months)
{
    struct range out = whole(x, 0, 0);
    const struct m_charge *outer = x->charge;
    for (uint32_t i = 0; i < s->n_charges; i++) {
        const struct m_lines_charge *k = &x->m->lines_charge[s->charges + i];
        const struct m_charge *c = &x->m->charge[k->charge];
        if (k->less) { continue; } /* at its smallest it is nothing */
        struct range all = times(x, each_of(x, c), occasions(x, c, months, s->counted == COUNTED_EARNED));
        x->charge = outer;
        if (all.no_lo || mpq_sgn(all.lo) > 0) { all.lo = number(x, 0, 1), all.no_lo = false; }
        out = add(x, out, all);
    }
    return out;
}

/* A charge's amount of one period, or for one event. */
static struct range each_of(struct exposure *x, const struct m_charge *c)
{
    const struct range *outer = x->units;
    struct range units = whole(x, 0, 0), out;
    x->charge = c;
    x->units = NULL;
    if (c->units != NO_REF) {
        units = not_below_zero(x, value(x, c->units));
        x->units = &units;
    }
    if (c->amount != NO_REF) {
        out = value(x, c->amount);
    } else if (c->price != NO_REF) {
        out = times(x, value(x, c->price), units);
    } else {
        out = whole(x, 0, 0);
    }
    for (uint32_t i = 0; i < c->n_exceptions; i++) {
        const struct m_charge_exception *e = &x->m->charge_exception[c->exceptions + i];
        struct range other = e->effect == EFFECT_NO_CHARGE || e->value == NO_REF ? whole(x, 0, 0) : value(x, e->value);
        out = join(x, out, e->effect == EFFECT_FACTOR ? times(x, out, other) : other);
    }
    if (c->factor != NO_REF) { out = times(x, out, value(x, c->factor)); }
    if (c->each_min != NO_REF) { out = extreme(out, value(x, c->each_min), true); }
    if (c->each_max != NO_REF) { out = extreme(out, value(x, c->each_max), false); }
    if (c->trigger == TRIGGER_EVERY) { /* of facts these bind their sum */
        if (c->sum_min != NO_REF) { out = extreme(out, value(x, c->sum_min), true); }
        if (c->sum_max != NO_REF) { out = extreme(out, value(x, c->sum_max), false); }
    }
    x->units = outer;
    return c->flags & CHARGE_WAIVED ? whole(x, 0, 0) : out;
}

static struct range fact_value(struct exposure *x, uint32_t i)
{
    if (!x->charge || x->charge->fact == NO_REF) { return anything(x, STR("a value of an event")); }
    const struct m_fact *f = &x->m->fact[x->charge->fact];
    if (i >= f->n_values) { return anything(x, STR("a value of an event")); }
    struct str name = text_at(x, x->m->fact_value[f->values + i].name);
    return named(x, name, upwards(x, name));
}

static struct range binary(struct exposure *x, const struct m_exact *e)
{
    struct range a = value(x, e->a), b = value(x, e->b), step;
    mpq_ptr one = number(x, 1, 1);
    switch ((enum exact_op)e->op) {
    case EX_ADD: return add(x, a, b);
    case EX_SUB: return add(x, a, negative(x, b));
    case EX_MUL: return times(x, a, b);
    case EX_DIV: return over(x, a, b);
    case EX_MIN: return extreme(a, b, false);
    case EX_MAX: return extreme(a, b, true);
    case EX_ROUND: return b.no_lo || b.no_hi || !mpq_equal(b.lo, b.hi) || mpq_sgn(b.lo) <= 0 ? anything(x, STR("rounding")) : rounded(x, a, b.lo, (enum exact_rounding)e->mode);
    case EX_STEPS:
        step = over(x, a, b);
        return e->mode == STEP_EXACT ? step : rounded(x, step, one, e->mode == STEP_WHOLE ? EXACT_DOWN : EXACT_UP);
    case EX_LT: case EX_LE: case EX_EQ: return compare(x, e->op, a, b);
    case EX_AND: return never(&a) || never(&b) ? whole(x, 0, 0) : always(&a) && always(&b) ? whole(x, 1, 1) : whole(x, 0, 1);
    case EX_OR: return always(&a) || always(&b) ? whole(x, 1, 1) : never(&a) && never(&b) ? whole(x, 0, 0) : whole(x, 0, 1);
    case EX_ELSE: return join(x, a, b);
    default: break;
    }
    MSA_BUG("not an operation of two");
}

/* All rises of the term; without a last day there is no end to them. */
static struct range raised(struct exposure *x, const struct m_exact *e)
{
    struct range r = value(x, e->a), share = add(x, whole(x, 1, 1), value(x, e->b)), step = value(x, e->c);
    unsigned term = months_of(x, PERIOD_ALL, 1), every = e->mode / 8;
    struct range all = r;
    if (!term || x->m->agreement[0].effective == NONE) { return upwards(x, STR("the term")); }
    date start = (date)x->m->agreement[0].effective, end = civil_add_months(start, (int)term);
    for (unsigned n = 0; civil_add_months(start + (date)e->ref, (int)(n * every)) < end; n++) {
        r = times(x, r, share);
        if (!r.no_hi) { mpq_add(r.hi, r.hi, step.hi); } /* at most what rounding adds */
        all = join(x, all, r);
    }
    return all;
}

static struct range read_value(struct exposure *x, uint32_t node)
{
    const struct m_exact *e = &x->m->exact[node];
    struct range a;
    struct str name;
    switch ((enum exact_op)e->op) {
    case EX_CONST: {
        mpq_ptr q = number(x, 0, 1);
        return exact_read(q, text_at(x, e->value)) ? point(x, q) : anything(x, STR("a constant"));
    }
    case EX_NAMED: return value(x, e->a);
    case EX_FACT: return fact_value(x, e->ref);
    case EX_UNITS: return x->units ? *x->units : anything(x, STR("units"));
    case EX_TIME: return named(x, STR("time"), upwards(x, STR("time")));
    case EX_LEVEL: name = text_at(x, x->m->quantity[e->ref].name); return named(x, name, upwards(x, name));
    case EX_ACCOUNT: name = text_at(x, x->m->account[e->ref].name); return named(x, name, upwards(x, name));
    case EX_FIGURES:
    case EX_MEASURE: {
        uint32_t kind = x->m->measure[e->ref].kind;
        name = text_at(x, x->m->measure[e->ref].name);
        return named(x, name, kind == MEASURE_SHARE || kind == MEASURE_UPTIME ? whole(x, 0, 1) : upwards(x, name));
    }
    case EX_LINES: return lines(x, &x->m->lines[e->ref], window_months(x, &x->m->lines[e->ref]));
    case EX_REMAINING: return lines(x, &x->m->lines[e->ref], months_of(x, PERIOD_ALL, 1));
    case EX_SERIES: return series(x, e);
    case EX_PERIOD_NUMBER: {
        unsigned term = months_of(x, PERIOD_ALL, 1);
        if (e->mode == PERIOD_MONTH) { return whole(x, 1, 12); }
        if (e->mode == PERIOD_QUARTER) { return whole(x, 1, 4); }
        if (term && e->mode == PERIOD_CONTRACT_MONTH) { return whole(x, 1, term); }
        if (term && e->mode == PERIOD_CONTRACT_YEAR) { return whole(x, 1, (term + 11) / 12); }
        return upwards(x, STR("the term"));
    }
    case EX_PERIOD_LENGTH: {
        int64_t days = x->charge && x->charge->trigger == TRIGGER_EVERY ? (int64_t)31 * months_of(x, x->charge->period, x->charge->period_n) : 31;
        return whole(x, 1, e->mode ? days : 24 * days + 1);
    }
    case EX_STATE: return upwards(x, STR("what is overdue"));
    case EX_PERIODS: return e->mode ? whole(x, 0, e->mode) : upwards(x, STR("the term"));
    case EX_SINCE: return upwards(x, text_at(x, x->m->fact[e->ref].name));
    case EX_EVENTS: name = text_at(x, x->m->fact[e->ref].name); return named(x, name, upwards(x, name));
    case EX_BEFORE: return value(x, e->a);
    case EX_CHANGES: name = text_at(x, e->text); return named(x, name, upwards(x, name));
    case EX_RAISED: return raised(x, e);
    case EX_NEG: return negative(x, value(x, e->a));
    case EX_NOT: a = value(x, e->a); return always(&a) ? whole(x, 0, 0) : whole(x, 0, 1);
    case EX_IF:
        a = value(x, e->a);
        return always(&a) ? value(x, e->b) : never(&a) ? value(x, e->c) : join(x, value(x, e->b), value(x, e->c));
    case EX_CHOOSE: return choose(x, e);
    case EX_GRADUATED:
    case EX_VOLUME: return tiers(x, e);
    case EX_ADD: case EX_SUB: case EX_MUL: case EX_DIV: case EX_MIN: case EX_MAX: case EX_ROUND: case EX_STEPS: case EX_LT: case EX_LE:
    case EX_EQ: case EX_AND: case EX_OR: case EX_ELSE:
        return binary(x, e);
    case EX_COUNT: break;
    }
    MSA_BUG("no such node");
}

static struct range value(struct exposure *x, uint32_t node)
{
    if (++x->steps > MOST_STEPS || x->depth >= MOST_DEPTH) { return anything(x, STR("a formula too large to follow")); }
    x->depth++;
    struct range r = read_value(x, node);
    x->depth--;
    if (!exact_fits(r.lo) || !exact_fits(r.hi)) { return anything(x, STR("a number too long to follow")); }
    return r;
}

/* ---- formulas in words ---- */

enum { MOST_WORDS = 240 };

static void words(struct exposure *x, struct sb *b, uint32_t node, bool inner)
{
    static const char *const op_name[] = {
#define EXACT_OP(NAME, name, operands, doc) [EX_##NAME] = name,
#include "bytecode/exact.def"
#undef EXACT_OP
    };
    if (b->n > MOST_WORDS) { return; }
    const struct m_exact *e = &x->m->exact[node];
    struct str unit = text_at(x, e->unit), per, of = str_cut(unit, '/', &per), text = text_at(x, e->text);
    const char *sign = e->op == EX_ADD ? " + " : e->op == EX_SUB ? " - " : e->op == EX_MUL ? " x " : e->op == EX_DIV ? " / " : NULL;
    if (e->op == EX_CONST) {
        mpq_ptr q = number(x, 0, 1);
        (void)exact_read(q, text_at(x, e->value));
        bool share = !unit.n && mpq_sgn(q) > 0 && mpq_cmp_ui(q, 1, 1) < 0;
        if (share) { mpq_mul(q, q, number(x, 100, 1)); }
        if (of.n) { sb_printf(b, "%.*s ", STR_ARG(of)); }
        sb_put(b, exact_text(x->arena, q));
        if (share) { sb_puts(b, " %"); }
        if (per.n) { sb_printf(b, " per %.*s", STR_ARG(per)); }
    } else if (sign) {
        if (inner) { sb_char(b, '('); }
        words(x, b, e->a, true);
        sb_puts(b, sign);
        words(x, b, e->b, true);
        if (inner) { sb_char(b, ')'); }
    } else if (e->op == EX_CHOOSE || e->op == EX_GRADUATED || e->op == EX_VOLUME) {
        sb_printf(b, "%s ", op_name[e->op]);
        words(x, b, e->a, true);
        sb_char(b, ':');
        for (uint32_t i = 0; i < e->n_rows && b->n <= MOST_WORDS; i++) {
            struct str row = text_at(x, x->m->exact_row[e->rows + i].text);
            sb_puts(b, i ? "; " : " ");
            for (size_t k = 0; k < row.n; k++) {
                if (row.p[k] != ' ' || k + 1 == row.n || row.p[k + 1] != ' ') { sb_char(b, row.p[k]); }
            }
        }
    } else if (text.n) {
        sb_put(b, text);
    } else {
        switch ((enum exact_op)e->op) {
        case EX_LEVEL: sb_put(b, text_at(x, x->m->quantity[e->ref].name)); break;
        case EX_UNITS:
            if (x->charge && x->charge->units != NO_REF && x->charge->units < node) { words(x, b, x->charge->units, inner); } else { sb_puts(b, "units"); }
            break;
        case EX_FIGURES:
        case EX_MEASURE: sb_put(b, text_at(x, x->m->measure[e->ref].name)); break;
        case EX_ACCOUNT: sb_put(b, text_at(x, x->m->account[e->ref].name)); break;
        case EX_SERIES: sb_put(b, text_at(x, x->m->series[e->ref].name)); break;
        case EX_LINES: sb_put(b, text_at(x, x->m->lines[e->ref].name)); break;
        case EX_FACT: sb_put(b, x->charge && x->charge->fact != NO_REF ? text_at(x, x->m->fact_value[x->m->fact[x->charge->fact].values + e->ref].name) : STR("value")); break;
        case EX_NAMED: words(x, b, e->a, inner); break;
        default:
            sb_puts(b, op_name[e->op]);
            if (e->a == NO_REF) { break; }
            sb_char(b, ' ');
            words(x, b, e->a, true);
            if (e->b == NO_REF) { break; }
            sb_puts(b, ", ");
            words(x, b, e->b, true);
            break;
        }
    }
}

static struct msa_text formula_of(struct exposure *x, const struct m_charge *c)
{
    struct sb b = {.arena = x->arena};
    x->charge = c;
    if (c->amount != NO_REF) {
        if (x->m->exact[c->amount].op != EX_CONST) { words(x, &b, c->amount, false); }
    } else if (c->price != NO_REF && c->units != NO_REF) {
        words(x, &b, c->units, true);
        sb_puts(&b, " x ");
        words(x, &b, c->price, true);
    }
    if (b.n > MOST_WORDS) { sb_puts(&b, " …"); }
    return (struct msa_text){b.n ? b.p : "", b.n};
}

/* ---- what is told ---- */

static struct msa_text out(struct str s) { return (struct msa_text){s.p, s.n}; }

static void give(struct exposure *x, struct msa_exposed *e, struct range r, void (*each)(void *, const struct msa_exposed *), void *ctx)
{
    e->currency = out(text_at(x, x->m->agreement[0].currency));
    e->places = x->places;
    r = not_below_zero(x, r);
    e->unbounded = r.no_hi || !exact_minor(&e->most, r.hi, x->places, x->rounding);
    if (e->unbounded) {
        e->most = MSA_NONE;
        e->why = out(r.why.n ? r.why : STR("nothing bounds it"));
    }
    each(ctx, e);
}

static struct str period_word(struct exposure *x, uint32_t kind, uint32_t n)
{
    static const char *const name[] = {"day", "week", "month", "quarter", "year", "contract month", "contract year", "term"};
    return n > 1 ? str_printf(x->arena, "each %u %ss", n, name[kind & 7]) : str_printf(x->arena, "each %s", name[kind & 7]);
}

static bool in_set(const struct module *m, uint32_t set, uint32_t charge)
{
    const struct m_lines *s = &m->lines[set];
    for (uint32_t i = 0; i < s->n_charges; i++) {
        if (m->lines_charge[s->charges + i].charge == charge && !m->lines_charge[s->charges + i].less) { return true; }
    }
    return false;
}

static void one_charge(struct exposure *x, uint32_t i, void (*each)(void *, const struct msa_exposed *), void *ctx)
{
    const struct m_charge *c = &x->m->charge[i];
    struct msa_exposed e = {.clause = c->clause, .name = out(text_at(x, c->name)), .title = out(text_at(x, c->title)), .formula = formula_of(x, c)};
    struct range r = each_of(x, c);
    bool facts = c->trigger == TRIGGER_FACT || c->trigger == TRIGGER_OVERDUE || c->trigger == TRIGGER_ACCOUNT;
    e.what = c->kind == CHARGE_CREDIT ? MSA_EXPOSED_CREDIT : c->kind == CHARGE_TAX ? MSA_EXPOSED_TAX : MSA_EXPOSED_FEE;
    e.party = c->kind == CHARGE_CREDIT ? MSA_BY_PROVIDER : MSA_BY_CUSTOMER;
    if (facts) {
        r = times(x, not_below_zero(x, r), occasions(x, c, 1, false));
        x->charge = c;
        if (c->sum_max != NO_REF) { r = extreme(r, value(x, c->sum_max), false); }
        e.period = out(c->sum_max != NO_REF ? period_word(x, c->sum_period, c->sum_period_n) : c->flags & CHARGE_ONCE ? STR("once") : STR("each month"));
    } else {
        e.period = out(c->trigger == TRIGGER_EVERY ? period_word(x, c->period, c->period_n) : c->trigger == TRIGGER_END ? STR("once, at the end") : STR("once"));
    }
    for (uint32_t k = 0; k < x->m->n_cap; k++) {
        const struct m_cap *cap = &x->m->cap[k];
        if (cap->window == WINDOW_ENTITY || !in_set(x->m, cap->lines, i)) { continue; }
        x->charge = c;
        x->units = NULL;
        struct range limit = value(x, cap->limit);
        if (limit.no_hi || (!r.no_hi && mpq_cmp(limit.hi, r.hi) >= 0)) { continue; }
        r.hi = limit.hi;
        r.no_hi = false;
        e.capped_by = cap->clause;
    }
    give(x, &e, r, each, ctx);
}

static void liabilities(struct exposure *x, void (*each)(void *, const struct msa_exposed *), void *ctx)
{
    static const uint32_t parties[] = {PARTY_PROVIDER, PARTY_CUSTOMER};
    for (size_t p = 0; p < countof(parties); p++) {
        uint32_t party = parties[p];
        bool any = false;
        enum msa_party who = party == PARTY_PROVIDER ? MSA_BY_PROVIDER : MSA_BY_CUSTOMER;
        x->charge = NULL;
        x->units = NULL;
        for (uint32_t i = 0; i < x->m->n_limit; i++) {
            const struct m_limit *l = &x->m->limit[i];
            if (l->party != party) { continue; }
            struct msa_exposed e = {.clause = l->clause, .what = MSA_EXPOSED_LIABILITY, .party = who, .name = out(text_at(x, l->kind)), .period = out(l->flags & LIMIT_PER_CLAIM ? STR("each claim") : STR("the term"))};
            struct sb b = {.arena = x->arena};
            any = any || !l->kind;
            if (!(l->flags & LIMIT_NONE) && l->amount != NO_REF) { words(x, &b, l->amount, false); }
            e.formula = (struct msa_text){b.n ? b.p : "", b.n};
            give(x, &e, l->flags & LIMIT_NONE || l->amount == NO_REF ? upwards(x, STR("it is not limited")) : value(x, l->amount), each, ctx);
        }
        struct msa_exposed e = {.what = MSA_EXPOSED_LIABILITY, .party = who, .period = out(STR("the term"))};
        if (!any) { give(x, &e, upwards(x, STR("no clause limits it")), each, ctx); }
    }
}

void msa_exposure(const struct msa_module *m, const struct msa_bound *bounds, size_t n, void (*each)(void *ctx, const struct msa_exposed *e), void *ctx)
{
    struct arena a;
    arena_init(&a, NULL);
    const struct m_agreement *g = &m->m->agreement[0];
    struct exposure x = {.m = m->m, .arena = &a, .bound = bounds, .n_bounds = n, .places = g->places <= 4 ? g->places : 2, .rounding = (enum exact_rounding)g->rounding};
    for (uint32_t i = 0; i < m->m->n_charge; i++) {
        x.steps = 0;
        if (m->m->charge[i].kind != CHARGE_DISCOUNT) { one_charge(&x, i, each, ctx); }
    }
    x.steps = 0;
    liabilities(&x, each, ctx);
    for (size_t i = 0; i < x.numbers.n; i++) { mpq_clear(x.numbers.p[i]); }
    arena_free(&a);
}

/* Names that a bound can be given for: quantities, measures, series, values of events, events. */
bool msa_exposure_reads(const struct msa_module *m, size_t i, struct msa_text *name)
{
    const struct module *x = m->m;
    uint32_t at;
    if (i < x->n_quantity) { at = x->quantity[i].name; }
    else if ((i -= x->n_quantity) < x->n_measure) { at = x->measure[i].name; }
    else if ((i -= x->n_measure) < x->n_series) { at = x->series[i].name; }
    else if ((i -= x->n_series) < x->n_fact) { at = x->fact[i].name; }
    else if ((i -= x->n_fact) < x->n_fact_value) { at = x->fact_value[i].name; }
    else if ((i -= x->n_fact_value) < 2) {
        *name = i ? (struct msa_text){"overdue", 7} : (struct msa_text){"time", 4};
        return true;
    } else { return false; }
    *name = out(module_str(x, at));
    return true;
}
