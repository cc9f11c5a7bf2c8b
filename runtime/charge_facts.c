/* SPDX-License-Identifier: MIT */
/* Charges for happenings: work and what else facts tell, its parts in a calendar, what is drawn from accounts. */
#include "runtime/balance.h"
#include "runtime/charge_draw.h"

/* What was drawn for a fact, and how much of it its parts have not used yet. */
struct cover { mpq_ptr left; const struct balance *balance; const struct drawing *drawing; struct str words; };

/* As much of the units as what was drawn for the fact still covers. */
static void take_drawn(struct ledger *l, const struct at_hand *h, struct cover *c, mpq_ptr units)
{
    mpq_ptr left = c->left;
    if (!c->words.n) { c->words = balance_words(l, h, c->balance, c->drawing); }
    if (mpq_cmp(left, units) >= 0) {
        mpq_sub(left, left, units);
        mpq_set_ui(units, 0, 1);
    } else {
        mpq_sub(units, units, left);
        mpq_set_ui(left, 0, 1);
    }
}

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

/* One stretch of the fact, or the whole of it: its units, less what is drawn, and what they cost (A3: each part for itself). */
static bool part_amount(struct ledger *l, struct at_hand *h, struct cover *cover, mpq_ptr units, mpq_ptr amount)
{
    bool has_units = h->charge->units != NO_REF;
    mpq_ptr u = ledger_number(l), v = ledger_number(l);
    if (has_units) {
        if (!formula(l, h, h->charge->units, u)) { return false; }
        if (cover) { take_drawn(l, h, cover, u); }
        h->units = u;
    }
    bool there = charge_priced(l, h, v);
    h->units = NULL;
    if (!there) { return false; }
    mpq_add(units, units, u);
    mpq_add(amount, amount, v);
    return true;
}

/* An exception says that it costs nothing: it draws on nothing that was paid for. What is free in a period is used up all the same. */
static bool exempt(struct ledger *l, const struct at_hand *h)
{
    const struct m_charge *c = h->charge;
    if (!c->n_exceptions || !c->n_draws || l->m->account[l->m->charge_draw[c->draws].account].flags & ACCOUNT_FREE) { return false; }
    return charge_exempt(l, h);
}

/* How much of the fact counts: its length, or that of its parts. */
static micros counted_time(struct ledger *l, const struct m_charge *c, const struct fact *f)
{
    if (f->from == NONE || f->to == NONE) { return 0; }
    if (c->part_of == NO_REF) { return f->to - f->from; }
    intervals p = {0};
    micros all = 0;
    parts(l, c, f, &p);
    for (size_t i = 0; i < p.n; i++) { all += p.p[i].to - p.p[i].from; }
    return all;
}

/* The time of all entries of the day or thing; false: another one has it, the first that counts. */
static bool added_up(struct ledger *l, const struct at_hand *h, micros *all)
{
    const struct m_charge *c = h->charge;
    const facts *f = &l->by_kind[c->fact];
    struct days in = c->flags & CHARGE_DAY_TOGETHER ? (struct days){h->fact->day, h->fact->day} : days_both(charge_fact_period(l, c, h->fact->day), charge_life(l, c));
    const struct fact *first = NULL;
    *all = 0;
    for (size_t i = facts_from(f, in.first); i < f->n && f->p[i]->day <= in.last; i++) {
        const struct fact *x = f->p[i];
        if (!fact_visible(x, h->horizon) || (c->flags & CHARGE_THING_TOGETHER && !str_eq(x->key, h->fact->key))) { continue; }
        struct at_hand there = *h;
        there.fact = x;
        there.day = x->day;
        there.key = x->key;
        there.trace = NULL;
        micros time = counted_time(l, c, x);
        if (!time || (c->when != NO_REF && !formula_yes(l, &there, c->when))) { continue; }
        if (!first) { first = x; }
        *all += time;
    }
    return first == h->fact;
}

/* Units and exact amount of one fact, or of all that are added up with it. False: nothing of it is charged. */
static bool fact_amount(struct ledger *l, struct at_hand *h, struct cover *cover, bool alone, mpq_ptr units, mpq_ptr amount)
{
    const struct m_charge *c = h->charge;
    const struct fact *f = h->fact;
    bool any = false;
    h->time = f->from != NONE && f->to != NONE ? f->to - f->from : NONE;
    mpq_set_ui(units, 0, 1);
    mpq_set_ui(amount, 0, 1);
    if (!alone && c->flags & (CHARGE_DAY_TOGETHER | CHARGE_THING_TOGETHER)) {
        any = added_up(l, h, &h->time) && part_amount(l, h, cover, units, amount);
    } else if (c->part_of == NO_REF || h->time == NONE) {
        any = part_amount(l, h, cover, units, amount);
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
            any = part_amount(l, h, cover, units, amount) || any;
        }
    }
    h->units = c->units != NO_REF ? units : NULL;
    return any;
}

bool charge_fact_units(struct ledger *l, uint32_t charge, const struct fact *f, instant horizon, mpq_ptr out)
{
    const struct m_charge *c = &l->m->charge[charge];
    struct days nominal = charge_fact_period(l, c, f->day);
    struct at_hand h = {.charge = c, .period = nominal, .nominal = nominal, .day = f->day, .horizon = horizon, .fact = f, .time = NONE, .key = f->key};
    size_t mark = l->temp.n;
    mpq_ptr units = ledger_number(l), amount = ledger_number(l);
    bool there = (c->when == NO_REF || formula_yes(l, &h, c->when)) && fact_amount(l, &h, NULL, false, units, amount) && !exempt(l, &h);
    if (there) { mpq_set(out, units); }
    l->temp.n = mark;
    return there;
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

bool charge_required(struct ledger *l, uint32_t charge, const struct fact *f)
{
    const struct m_charge *c = &l->m->charge[charge];
    struct days nominal = charge_fact_period(l, c, f->day);
    struct at_hand h = {.charge = c, .period = nominal, .nominal = nominal, .day = f->day, .horizon = NEVER, .fact = f, .time = f->from != NONE && f->to != NONE ? f->to - f->from : NONE, .key = f->key};
    return c->required == NO_REF || (c->asked != NO_REF && !formula_yes(l, &h, c->asked)) || formula_yes(l, &h, c->required);
}

bool charge_can_price(struct ledger *l, uint32_t charge, const struct fact *f)
{
    const struct m_charge *c = &l->m->charge[charge];
    struct days nominal = charge_fact_period(l, c, f->day);
    struct at_hand h = {.charge = c, .period = nominal, .nominal = nominal, .day = f->day, .horizon = NEVER, .fact = f, .time = NONE, .key = f->key};
    size_t mark = l->temp.n;
    mpq_ptr units = ledger_number(l), amount = ledger_number(l);
    bool can = c->when != NO_REF && !formula_yes(l, &h, c->when);
    if (!can && fact_amount(l, &h, NULL, true, units, amount)) {
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
    l->temp.n = mark;
    return can;
}

void charge_draw_facts(struct ledger *l, struct at_hand *h, draw_fn *give, void *ctx)
{
    const struct m_charge *c = h->charge;
    const facts *f = &l->by_kind[c->fact];
    struct days life = charge_life(l, c), from = h->nominal;
    mpq_ptr sum = ledger_number(l), units = ledger_number(l), amount = ledger_number(l);
    int64_t rounded = 0;
    size_t n = 0;
    bool once = c->flags & CHARGE_ONCE, of_units = c->n_draws && !(l->m->account[l->m->charge_draw[c->draws].account].flags & ACCOUNT_OF_LINES);
    if (once) { from.first = life.first; }
    struct trace *trace = h->trace;
    mpq_ptr ceiling = c->sum_max != NO_REF ? ledger_number(l) : NULL;
    if (ceiling && !formula(l, h, c->sum_max, ceiling)) { ceiling = NULL; }
    bool done = false; /* charged once: by the first that counts, in this period or before; later ones give nothing */
    date last = life.last < h->nominal.last ? life.last : h->nominal.last;
    for (size_t i = facts_from(f, from.first > life.first ? from.first : life.first); i < f->n && f->p[i]->day <= last && !done; i++) {
        const struct fact *x = f->p[i];
        if (!fact_visible(x, h->horizon)) { continue; }
        h->fact = x;
        h->day = x->day;
        h->key = x->key;
        h->trace = trace && x->day >= h->nominal.first && (!trace->only || trace->only == x) ? trace : NULL;
        size_t mark = l->temp.n;
        bool counts = false;
        const struct balance *b = NULL;
        const struct drawing *taken = of_units ? balance_drawn(l, h, x->sequence + 1, &b) : NULL;
        struct cover cover = {.left = ledger_number(l), .balance = b, .drawing = taken};
        if (taken) { mpq_set(cover.left, taken->amount); }
        if ((c->when == NO_REF || formula_yes(l, h, c->when)) && fact_amount(l, h, taken ? &cover : NULL, false, units, amount)) {
            done = once;
            counts = x->day >= h->nominal.first;
        }
        if (counts) {
            charge_except(l, h, amount);
            charge_bind_each(l, h, amount);
            under_ceiling(l, ceiling, rounded, amount);
            struct drawn d = {.sub = x->sequence + 1, .fact = x, .day = x->day, .key = x->key, .minor = charge_signed_minor(l, h, amount)};
            charge_describe(l, h, &d);
            d.from = cover.words;
            mpq_add(sum, sum, amount);
            rounded += d.minor;
            n++;
            give(ctx, &d);
        }
        l->temp.n = mark;
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
