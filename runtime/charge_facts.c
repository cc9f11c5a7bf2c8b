/* SPDX-License-Identifier: MIT */
/* Charges for happenings: work and what else facts tell, its parts in a calendar, what is free in a period. */
#include "runtime/charge_draw.h"

/* ---- what is free in a period, the rest carried over ---- */

struct lots { VEC(struct { mpq_ptr left; int64_t period; }) p; };

static void take_free(struct lots *lots, mpq_ptr units)
{
    for (size_t i = 0; i < lots->p.n && mpq_sgn(units) > 0; i++) {
        mpq_ptr left = lots->p.p[i].left;
        if (mpq_cmp(left, units) >= 0) {
            mpq_sub(left, left, units);
            mpq_set_ui(units, 0, 1);
        } else {
            mpq_sub(units, units, left);
            mpq_set_ui(left, 0, 1);
        }
    }
}

static void new_lot(struct ledger *l, const struct at_hand *h, struct lots *lots, int64_t period)
{
    const struct m_charge *c = h->charge;
    mpq_ptr left = ledger_number(l);
    size_t kept = 0;
    for (size_t i = 0; i < lots->p.n; i++) { /* oldest first; what is too old is lost */
        if (period - lots->p.p[i].period <= (int64_t)c->free_carry) { lots->p.p[kept++] = lots->p.p[i]; }
    }
    lots->p.n = kept;
    struct at_hand quiet = *h;
    quiet.trace = NULL;
    if (formula(l, &quiet, c->free, left)) {
        vec_reserve(&lots->p, &l->e->scratch, 1);
        lots->p.p[lots->p.n].left = left;
        lots->p.p[lots->p.n++].period = period;
    }
}

/* ---- facts ---- */


typedef VEC(struct open_interval) intervals;

static void parts(struct ledger *l, const struct m_charge *c, const struct fact *f, intervals *out)
{
    struct calendar *cal = calendars_at(l->e->calendars, c->part_of);
    instant at = f->from;
    bool outside = (c->flags & CHARGE_PART_OUTSIDE) != 0;
    while (at < f->to) {
        struct open_interval piece[64];
        size_t n = calendar_intervals(cal, at, f->to, piece, countof(piece));
        size_t got = n < countof(piece) ? n : countof(piece);
        if (!got) { break; }
        for (size_t i = 0; i < got; i++) {
            if (outside && piece[i].from > at) { vec_push(out, &l->e->scratch, ((struct open_interval){.from = at, .to = piece[i].from})); }
            if (!outside && out->n && vec_last(out).to == piece[i].from) {
                vec_last(out).to = piece[i].to;
            } else if (!outside) {
                vec_push(out, &l->e->scratch, ((struct open_interval){.from = piece[i].from, .to = piece[i].to}));
            }
            at = piece[i].to;
        }
    }
    if (outside && at < f->to) { vec_push(out, &l->e->scratch, ((struct open_interval){.from = at, .to = f->to})); }
}

/* One stretch of the fact, or the whole of it: its units, less what is free, and what they cost (A3: each part for itself). */
static bool part_amount(struct ledger *l, struct at_hand *h, struct lots *lots, mpq_ptr units, mpq_ptr amount)
{
    bool has_units = h->charge->units != NO_REF;
    mpq_ptr u = ledger_number(l), v = ledger_number(l);
    if (has_units) {
        if (!formula(l, h, h->charge->units, u)) { return false; }
        if (lots) { take_free(lots, u); }
        h->units = u;
    }
    bool there = charge_priced(l, h, v);
    h->units = NULL;
    if (!there) { return false; }
    mpq_add(units, units, u);
    mpq_add(amount, amount, v);
    return true;
}

/* Units and exact amount of one fact. False: nothing of it is charged. */
static bool fact_amount(struct ledger *l, struct at_hand *h, struct lots *lots, mpq_ptr units, mpq_ptr amount)
{
    const struct m_charge *c = h->charge;
    const struct fact *f = h->fact;
    bool any = false;
    h->time = f->from != NONE && f->to != NONE ? f->to - f->from : NONE;
    mpq_set_ui(units, 0, 1);
    mpq_set_ui(amount, 0, 1);
    if (c->part_of == NO_REF || h->time == NONE) {
        any = part_amount(l, h, lots, units, amount);
    } else {
        intervals p = {0};
        parts(l, c, f, &p);
        if (p.n && c->flags & CHARGE_STEPS_AT_END) {
            micros all = 0;
            for (size_t i = 0; i < p.n; i++) { all += p.p[i].to - p.p[i].from; }
            p.p[0] = (struct open_interval){.from = 0, .to = all};
            p.n = 1;
        }
        for (size_t i = 0; i < p.n; i++) {
            h->time = p.p[i].to - p.p[i].from;
            any = part_amount(l, h, lots, units, amount) || any;
        }
    }
    h->units = c->units != NO_REF ? units : NULL;
    return any;
}

/* The ceiling of the period leaves a line what earlier lines have not used up. */
static void under_ceiling(struct ledger *l, mpq_srcptr ceiling, int64_t used, mpq_ptr amount)
{
    if (!ceiling) { return; }
    mpq_ptr room = ledger_number(l);
    exact_from_minor(room, used < 0 ? -used : used, l->places);
    mpq_sub(room, ceiling, room);
    if (mpq_sgn(room) < 0) { mpq_set_ui(room, 0, 1); }
    if (mpq_cmp(amount, room) > 0) { mpq_set(amount, room); }
}

bool charge_can_price(struct ledger *l, uint32_t charge, const struct fact *f)
{
    const struct m_charge *c = &l->m->charge[charge];
    struct days nominal = charge_fact_period(l, c, f->day);
    struct at_hand h = {.charge = c, .period = nominal, .nominal = nominal, .day = f->day, .horizon = NEVER, .fact = f, .time = NONE, .key = f->key};
    size_t mark = l->n_temp;
    mpq_ptr units = ledger_number(l), amount = ledger_number(l);
    bool can = c->when != NO_REF && !formula_yes(l, &h, c->when);
    if (!can && fact_amount(l, &h, NULL, units, amount)) {
        can = true;
        charge_except(l, &h, amount);
        charge_bind_each(l, &h, amount);
        if (c->sum_max == NO_REF) { (void)charge_signed_minor(l, &h, amount); }
    }
    if (!can && !f->backwards && c->part_of != NO_REF && f->from != NONE && f->to != NONE) { /* no part of it is meant, or the price is missing */
        intervals p = {0};
        parts(l, c, f, &p);
        can = !p.n;
    }
    l->n_temp = mark;
    return can;
}

void charge_draw_facts(struct ledger *l, struct at_hand *h, draw_fn *give, void *ctx)
{
    const struct m_charge *c = h->charge;
    const facts *f = &l->by_kind[c->fact];
    struct days life = charge_life(l, c), from = h->nominal;
    struct lots lots = {0};
    mpq_ptr sum = ledger_number(l), units = ledger_number(l), amount = ledger_number(l);
    int64_t rounded = 0, period = 0;
    size_t n = 0;
    bool once = c->flags & CHARGE_ONCE;
    if (once || (c->free != NO_REF && c->free_carry)) { from.first = life.first; }
    struct days at = c->free != NO_REF ? period_of_kind(l, c->free_period, c->free_period_n, from.first) : h->nominal;
    struct trace *trace = h->trace;
    mpq_ptr ceiling = c->sum_max != NO_REF ? ledger_number(l) : NULL;
    if (ceiling && !formula(l, h, c->sum_max, ceiling)) { ceiling = NULL; }
    if (c->free != NO_REF) { new_lot(l, h, &lots, period); }
    bool done = false; /* charged once: by the first that counts, in this period or before; later ones give nothing */
    date last = life.last < h->nominal.last ? life.last : h->nominal.last;
    for (size_t i = facts_from(f, from.first > life.first ? from.first : life.first); i < f->n && f->p[i]->day <= last && !done; i++) {
        const struct fact *x = f->p[i];
        if (!fact_visible(x, h->horizon)) { continue; }
        while (c->free != NO_REF && x->day > at.last) {
            at = period_of_kind(l, c->free_period, c->free_period_n, at.last + 1);
            new_lot(l, h, &lots, ++period);
        }
        h->fact = x;
        h->day = x->day;
        h->key = x->key;
        h->trace = trace && x->day >= h->nominal.first && (!trace->only || trace->only == x) ? trace : NULL;
        size_t mark = l->n_temp;
        bool counts = false;
        if ((c->when == NO_REF || formula_yes(l, h, c->when)) && fact_amount(l, h, c->free != NO_REF ? &lots : NULL, units, amount)) {
            done = once;
            counts = x->day >= h->nominal.first;
        }
        if (counts) {
            charge_except(l, h, amount);
            charge_bind_each(l, h, amount);
            under_ceiling(l, ceiling, rounded, amount);
            struct drawn d = {.sub = x->sequence + 1, .fact = x, .day = x->day, .key = x->key, .minor = charge_signed_minor(l, h, amount)};
            charge_describe(l, h, &d);
            mpq_add(sum, sum, amount);
            rounded += d.minor;
            n++;
            give(ctx, &d);
        }
        l->n_temp = mark;
        h->units = NULL;
    }
    /* Floor and ceiling of the period, and what is nothing below a threshold: one more line says the difference. */
    h->fact = NULL;
    h->key = (struct str){0};
    h->day = h->period.last;
    h->trace = trace;
    h->time = NONE;
    mpq_ptr v = ledger_number(l);
    bool bound = false;
    if (c->sum_min != NO_REF && formula(l, h, c->sum_min, v) && mpq_cmp(sum, v) < 0) { mpq_set(sum, v), bound = true; }
    if (n && c->unless_above != NO_REF && formula(l, h, c->unless_above, v) && mpq_cmp(sum, v) <= 0) { mpq_set_ui(sum, 0, 1), bound = true; }
    if (bound) {
        struct drawn d = {.sub = SUB_ADJUST, .day = h->period.last, .minor = charge_signed_minor(l, h, sum) - rounded};
        give(ctx, &d);
    }
}
