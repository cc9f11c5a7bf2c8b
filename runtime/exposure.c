/* SPDX-License-Identifier: MIT */
/* The worst case (A9): the formulas of an agreement over intervals instead of numbers. Every operation gives an interval that
 * holds whatever the numbers within those of its operands can give, so that no bound is too low; it may be higher than what can
 * come about where one value stands in a formula twice. A value of which nothing is known has no upper end, and says its name. */
#include "runtime/exposure.h"
#include "base/civil.h"
#include <string.h>

/* ---- nodes ---- */

struct str exposure_text(const struct exposure *x, uint32_t s) { return module_str(x->m, s); }

/* Yes, no, or either. */
static struct range compare(struct exposure *x, uint32_t op, struct range a, struct range b)
{
    bool below = !a.no_hi && !b.no_lo && (op == EX_LE ? mpq_cmp(a.hi, b.lo) <= 0 : mpq_cmp(a.hi, b.lo) < 0);
    bool not_below = !a.no_lo && !b.no_hi && (op == EX_LE ? mpq_cmp(a.lo, b.hi) > 0 : mpq_cmp(a.lo, b.hi) >= 0);
    if (op != EX_EQ && below) { return range_whole(x, 1, 1); }
    if (op != EX_EQ && not_below) { return range_whole(x, 0, 0); }
    return range_whole(x, 0, 1);
}

static bool always(const struct range *r) { return !r->no_lo && mpq_sgn(r->lo) > 0; }
static bool never(const struct range *r) { return !r->no_lo && !r->no_hi && !mpq_sgn(r->lo) && !mpq_sgn(r->hi); }

static struct range choose(struct exposure *x, const struct m_exact *e)
{
    struct range v = exposure_value(x, e->a), out = {0};
    bool any = false;
    for (uint32_t i = 0; i < e->n_rows; i++) {
        const struct m_exact_row *r = &x->m->exact_row[e->rows + i];
        if (!(r->flags & (ROW_OTHERWISE | ROW_NO_DATA))) {
            if (r->from != NO_REF) {
                struct range from = exposure_value(x, r->from);
                int c = v.no_hi || from.no_lo ? 1 : mpq_cmp(v.hi, from.lo);
                if (c < 0 || (!c && !(r->flags & ROW_FROM_IN))) { continue; }
            }
            if (r->to != NO_REF) {
                struct range to = exposure_value(x, r->to);
                int c = v.no_lo || to.no_hi ? -1 : mpq_cmp(v.lo, to.hi);
                if (c > 0 || (!c && !(r->flags & ROW_TO_IN))) { continue; }
            }
        }
        struct range amount = r->amount == NO_REF ? range_whole(x, 0, 0) : exposure_value(x, r->amount);
        out = any ? range_join(x, out, amount) : amount;
        any = true;
    }
    return any ? out : range_whole(x, 0, 0);
}

/* Each row prices what of the units lies in its band; of `volume` all units in the row reached. */
static struct range tiers(struct exposure *x, const struct m_exact *e)
{
    struct range v = exposure_value(x, e->a), out = range_whole(x, 0, 0);
    const struct range *outer = x->units;
    mpq_ptr from = range_number(x, 0, 1);
    bool graduated = e->op == EX_GRADUATED, any = false;
    for (uint32_t i = 0; i < e->n_rows; i++) {
        const struct m_exact_row *r = &x->m->exact_row[e->rows + i];
        struct range to = r->to == NO_REF ? range_upwards(x, (struct str){0}) : exposure_value(x, r->to);
        bool reached = v.no_hi || !i || mpq_cmp(v.hi, from) > 0, passed = !to.no_hi && !v.no_lo && mpq_cmp(v.lo, to.hi) > 0;
        if (!reached) { break; }
        if (graduated || !passed) {
            struct range in = {.lo = range_number(x, 0, 1), .hi = range_number(x, 0, 1)};
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
            struct range price = r->amount == NO_REF ? range_whole(x, 0, 0) : exposure_value(x, r->amount);
            if (r->flat != NO_REF) { price = range_add(x, price, exposure_value(x, r->flat)); }
            x->units = outer;
            bool sure = !i || (!v.no_lo && mpq_cmp(v.lo, from) > 0);
            if (graduated && !sure) { price = range_join(x, price, range_whole(x, 0, 0)); }
            out = graduated ? range_add(x, out, price) : any ? range_join(x, out, price) : price;
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
    struct str name = exposure_text(x, s->name);
    struct range out = {0};
    bool any = false;
    for (uint32_t i = 0; i < s->n_points; i++) {
        mpq_ptr q = range_number(x, 0, 1);
        if (!exact_read(q, exposure_text(x, x->m->series_point[s->points + i].value))) { continue; }
        out = any ? range_join(x, out, range_point(x, q)) : range_point(x, q);
        any = true;
    }
    return range_named(x, name, s->fact != NO_REF || !any ? range_upwards(x, name) : out);
}

/* ---- charges ---- */

unsigned exposure_months(const struct exposure *x, uint32_t kind, uint32_t n)
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
    case WINDOW_TERM: return exposure_months(x, PERIOD_ALL, 1);
    case WINDOW_BEFORE_FIRST:
    case WINDOW_MONTHS_BEFORE:
    case WINDOW_ANY_MONTHS: return s->window_n < MOST_MONTHS ? s->window_n : MOST_MONTHS;
    case WINDOW_NEXT_INVOICE: return x->m->n_terms ? exposure_months(x, x->m->terms[0].period, x->m->terms[0].period_n) : 1;
    case WINDOW_PERIOD: return x->charge && x->charge->trigger == TRIGGER_EVERY ? exposure_months(x, x->charge->period, x->charge->period_n) : 1;
    case WINDOW_MONTH:
    case WINDOW_CONTRACT_MONTH: return 1;
    case WINDOW_ENTITY:
    case WINDOW_COUNT: break;
    }
    return 0;
}

/* How many times a charge can come in that many months. */
struct range exposure_occasions(struct exposure *x, const struct m_charge *c, unsigned months, bool earned)
{
    struct str fact = c->fact == NO_REF ? (struct str){0} : exposure_text(x, x->m->fact[c->fact].name);
    unsigned of = exposure_months(x, c->period, c->period_n);
    switch ((enum charge_trigger)c->trigger) {
    case TRIGGER_DATE:
    case TRIGGER_END: return range_whole(x, 0, 1);
    case TRIGGER_FACT:
    case TRIGGER_OVERDUE:
        if (c->flags & CHARGE_ONCE) { return range_whole(x, 0, 1); }
        if (!months) { return range_upwards(x, STR("the term")); }
        return range_times(x, range_named(x, fact.n ? fact : STR("overdue"), range_upwards(x, fact.n ? str_printf(x->arena, "the number of %.*s", STR_ARG(fact)) : STR("the number of late invoices"))), range_whole(x, 1, months));
    case TRIGGER_ACCOUNT: {
        struct str name = exposure_text(x, x->m->account[c->account].name);
        return range_times(x, range_named(x, name, range_upwards(x, str_printf(x->arena, "how often %.*s is refilled", STR_ARG(name)))), range_whole(x, 1, months ? months : 1));
    }
    case TRIGGER_EVERY: break;
    }
    if (!months) { return range_upwards(x, STR("the term")); }
    if (c->period == PERIOD_DAY || c->period == PERIOD_WEEK) {
        unsigned days = (c->period == PERIOD_WEEK ? 7 : 1) * (c->period_n ? c->period_n : 1);
        return range_whole(x, 0, (int64_t)months * 31 / days + 1);
    }
    if (of > months && earned) { /* by day: the longest months of the shortest period */
        unsigned least = of % 12 ? of % 3 ? 28 * of : 30 * of : 365 * (of / 12);
        return (struct range){.lo = range_number(x, 0, 1), .hi = range_number(x, (int64_t)months * 31 < least ? (int64_t)months * 31 : least, least)};
    }
    return range_whole(x, 0, (months + of - 1) / (of ? of : 1));
}

static struct range lines(struct exposure *x, const struct m_lines *s, unsigned months)
{
    struct range out = range_whole(x, 0, 0);
    const struct m_charge *outer = x->charge;
    for (uint32_t i = 0; i < s->n_charges; i++) {
        const struct m_lines_charge *k = &x->m->lines_charge[s->charges + i];
        const struct m_charge *c = &x->m->charge[k->charge];
        if (k->less) { continue; } /* at its smallest it is nothing */
        struct range all = range_times(x, exposure_each(x, c), exposure_occasions(x, c, months, s->counted == COUNTED_EARNED));
        x->charge = outer;
        if (all.no_lo || mpq_sgn(all.lo) > 0) { all.lo = range_number(x, 0, 1), all.no_lo = false; }
        out = range_add(x, out, all);
    }
    return out;
}

/* A charge's amount of one period, or for one event. */
struct range exposure_each(struct exposure *x, const struct m_charge *c)
{
    const struct range *outer = x->units;
    struct range units = range_whole(x, 0, 0), out;
    x->charge = c;
    x->units = NULL;
    if (c->units != NO_REF) {
        units = range_not_below_zero(x, exposure_value(x, c->units));
        x->units = &units;
    }
    if (c->amount != NO_REF) {
        out = exposure_value(x, c->amount);
    } else if (c->price != NO_REF) {
        out = range_times(x, exposure_value(x, c->price), units);
    } else {
        out = range_whole(x, 0, 0);
    }
    for (uint32_t i = 0; i < c->n_exceptions; i++) {
        const struct m_charge_exception *e = &x->m->charge_exception[c->exceptions + i];
        struct range other = e->effect == EFFECT_NO_CHARGE || e->value == NO_REF ? range_whole(x, 0, 0) : exposure_value(x, e->value);
        out = range_join(x, out, e->effect == EFFECT_FACTOR ? range_times(x, out, other) : other);
    }
    if (c->factor != NO_REF) { out = range_times(x, out, exposure_value(x, c->factor)); }
    if (c->each_min != NO_REF) { out = range_extreme(out, exposure_value(x, c->each_min), true); }
    if (c->each_max != NO_REF) { out = range_extreme(out, exposure_value(x, c->each_max), false); }
    if (c->trigger == TRIGGER_EVERY) { /* of facts these bind their sum */
        if (c->sum_min != NO_REF) { out = range_extreme(out, exposure_value(x, c->sum_min), true); }
        if (c->sum_max != NO_REF) { out = range_extreme(out, exposure_value(x, c->sum_max), false); }
    }
    x->units = outer;
    return c->flags & CHARGE_WAIVED ? range_whole(x, 0, 0) : out;
}

static struct range fact_value(struct exposure *x, uint32_t i)
{
    if (!x->charge || x->charge->fact == NO_REF) { return range_anything(x, STR("a value of an event")); }
    const struct m_fact *f = &x->m->fact[x->charge->fact];
    if (i >= f->n_values) { return range_anything(x, STR("a value of an event")); }
    struct str name = exposure_text(x, x->m->fact_value[f->values + i].name);
    const struct m_fact_value *v = &x->m->fact_value[f->values + i];
    struct range one = {0}; /* of the formulas that it can be: `rate(role)` is one of the rates */
    for (uint32_t k = 0; k < v->n_choices; k++) {
        struct range r = exposure_value(x, x->m->exact_choice[v->choices + k].exact);
        one = k ? range_join(x, one, r) : r;
    }
    return range_named(x, name, v->n_choices ? one : range_upwards(x, name));
}

static struct range binary(struct exposure *x, const struct m_exact *e)
{
    struct range a = exposure_value(x, e->a), b = exposure_value(x, e->b), step;
    mpq_ptr one = range_number(x, 1, 1);
    switch ((enum exact_op)e->op) {
    case EX_ADD: return range_add(x, a, b);
    case EX_SUB: return range_add(x, a, range_negative(x, b));
    case EX_MUL: return range_times(x, a, b);
    case EX_DIV: return range_over(x, a, b);
    case EX_MIN: return range_extreme(a, b, false);
    case EX_MAX: return range_extreme(a, b, true);
    case EX_ROUND: return b.no_lo || b.no_hi || !mpq_equal(b.lo, b.hi) || mpq_sgn(b.lo) <= 0 ? range_anything(x, STR("rounding")) : range_rounded(x, a, b.lo, (enum exact_rounding)e->mode);
    case EX_STEPS:
        step = range_over(x, a, b);
        return e->mode == STEP_EXACT ? step : range_rounded(x, step, one, e->mode == STEP_WHOLE ? EXACT_DOWN : EXACT_UP);
    case EX_LT: case EX_LE: case EX_EQ: return compare(x, e->op, a, b);
    case EX_AND: return never(&a) || never(&b) ? range_whole(x, 0, 0) : always(&a) && always(&b) ? range_whole(x, 1, 1) : range_whole(x, 0, 1);
    case EX_OR: return always(&a) || always(&b) ? range_whole(x, 1, 1) : never(&a) && never(&b) ? range_whole(x, 0, 0) : range_whole(x, 0, 1);
    case EX_ELSE: return range_join(x, a, b);
    default: break;
    }
    MSA_BUG("not an operation of two");
}

/* All rises of the term; without a last day there is no end to them. */
static struct range raised(struct exposure *x, const struct m_exact *e)
{
    struct range r = exposure_value(x, e->a), share = range_add(x, range_whole(x, 1, 1), exposure_value(x, e->b)), step = exposure_value(x, e->c);
    unsigned term = exposure_months(x, PERIOD_ALL, 1), every = e->mode / 8;
    struct range all = r;
    if (!term || x->m->agreement[0].effective == NONE) { return range_upwards(x, STR("the term")); }
    date start = (date)x->m->agreement[0].effective, end = civil_add_months(start, (int)term);
    for (unsigned n = 0; civil_add_months(start + (date)e->ref, (int)(n * every)) < end; n++) {
        r = range_times(x, r, share);
        if (!r.no_hi) { mpq_add(r.hi, r.hi, step.hi); } /* at most what rounding adds */
        all = range_join(x, all, r);
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
        mpq_ptr q = range_number(x, 0, 1);
        return exact_read(q, exposure_text(x, e->value)) ? range_point(x, q) : range_anything(x, STR("a constant"));
    }
    case EX_NAMED: return exposure_value(x, e->a);
    case EX_FACT: return fact_value(x, e->ref);
    case EX_UNITS: return x->units ? *x->units : range_anything(x, STR("units"));
    case EX_TIME: return range_named(x, STR("time"), range_upwards(x, STR("time")));
    case EX_LEVEL: name = exposure_text(x, x->m->quantity[e->ref].name); return range_named(x, name, range_upwards(x, name));
    case EX_ACCOUNT: name = exposure_text(x, x->m->account[e->ref].name); return range_named(x, name, range_upwards(x, name));
    case EX_FIGURES:
    case EX_MEASURE: {
        uint32_t kind = x->m->measure[e->ref].kind;
        name = exposure_text(x, x->m->measure[e->ref].name);
        return range_named(x, name, kind == MEASURE_SHARE || kind == MEASURE_UPTIME ? range_whole(x, 0, 1) : range_upwards(x, name));
    }
    case EX_LINES: return lines(x, &x->m->lines[e->ref], window_months(x, &x->m->lines[e->ref]));
    case EX_REMAINING: return lines(x, &x->m->lines[e->ref], exposure_months(x, PERIOD_ALL, 1));
    case EX_SERIES: return series(x, e);
    case EX_PERIOD_NUMBER: {
        unsigned term = exposure_months(x, PERIOD_ALL, 1);
        if (e->mode == PERIOD_MONTH) { return range_whole(x, 1, 12); }
        if (e->mode == PERIOD_QUARTER) { return range_whole(x, 1, 4); }
        if (term && e->mode == PERIOD_CONTRACT_MONTH) { return range_whole(x, 1, term); }
        if (term && e->mode == PERIOD_CONTRACT_YEAR) { return range_whole(x, 1, (term + 11) / 12); }
        return range_upwards(x, STR("the term"));
    }
    case EX_PERIOD_LENGTH: {
        int64_t days = x->charge && x->charge->trigger == TRIGGER_EVERY ? (int64_t)31 * exposure_months(x, x->charge->period, x->charge->period_n) : 31;
        return range_whole(x, 1, e->mode ? days : 24 * days + 1);
    }
    case EX_STATE:
        if (e->mode != STATE_OVERDUE && e->mode != STATE_UNDISPUTED && e->mode != STATE_OWED) { return range_upwards(x, STR("the number of days")); }
        return range_named(x, STR("owed"), range_upwards(x, STR("what is owed at a time")));
    case EX_PERIODS: return e->mode ? range_whole(x, 0, e->mode) : range_upwards(x, STR("the term"));
    case EX_SINCE: return range_upwards(x, exposure_text(x, x->m->fact[e->ref].name));
    case EX_EVENTS: name = exposure_text(x, x->m->fact[e->ref].name); return range_named(x, name, range_upwards(x, name));
    case EX_BEFORE: return exposure_value(x, e->a);
    case EX_CHANGES: name = exposure_text(x, e->text); return range_named(x, name, range_upwards(x, name));
    case EX_RAISED: return raised(x, e);
    case EX_NEG: return range_negative(x, exposure_value(x, e->a));
    case EX_NOT: a = exposure_value(x, e->a); return always(&a) ? range_whole(x, 0, 0) : range_whole(x, 0, 1);
    case EX_IF:
        a = exposure_value(x, e->a);
        return always(&a) ? exposure_value(x, e->b) : never(&a) ? exposure_value(x, e->c) : range_join(x, exposure_value(x, e->b), exposure_value(x, e->c));
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

struct range exposure_value(struct exposure *x, uint32_t node)
{
    if (++x->steps > MOST_STEPS || x->depth >= MOST_DEPTH) { return range_anything(x, STR("a formula too large to follow")); }
    x->depth++;
    struct range r = read_value(x, node);
    x->depth--;
    if (!exact_fits(r.lo) || !exact_fits(r.hi)) { return range_anything(x, STR("a number too long to follow")); }
    return r;
}

