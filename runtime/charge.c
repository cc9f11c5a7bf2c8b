/* SPDX-License-Identifier: MIT */
/* Charges: what a fee, credit or discount comes to in one period, with what is known at a horizon. A pure function of facts;
 * what was billed is billing.c's. */
#include "runtime/balance.h"
#include "runtime/charge_draw.h"

/* ---- periods ---- */

/* The quantity whose level a formula reads; NO_REF. */
static uint32_t quantity_in(const struct module *m, uint32_t node)
{
    if (node == NO_REF) { return NO_REF; }
    const struct m_exact *x = &m->exact[node];
    if (x->op == EX_LEVEL) { return x->ref; }
    uint32_t q = quantity_in(m, x->a);
    if (q == NO_REF) { q = quantity_in(m, x->b); }
    if (q == NO_REF) { q = quantity_in(m, x->c); }
    for (uint32_t i = 0; i < x->n_rows && q == NO_REF; i++) {
        q = quantity_in(m, m->exact_row[x->rows + i].amount);
        if (q == NO_REF) { q = quantity_in(m, m->exact_row[x->rows + i].flat); }
    }
    return q;
}

static void take_free_of_period(struct ledger *l, struct at_hand *h, mpq_ptr units)
{
    mpq_ptr v = ledger_number(l);
    if (h->charge->free == NO_REF || !formula(l, h, h->charge->free, v)) { return; }
    mpq_sub(units, units, v);
    if (mpq_sgn(units) < 0) { mpq_set_ui(units, 0, 1); }
}

/* Days on which a suspension lets the fee stand still: it names fees that go on, and this is none of them. A day on which two
 * of them do counts once; they stand in the order of their first days. */
static int64_t days_stopped(const struct ledger *l, const struct at_hand *h, struct days in)
{
    int64_t n = 0;
    date next = in.first;
    uint32_t charge = (uint32_t)(h->charge - l->m->charge);
    for (size_t i = 0; i < l->stops.n; i++) {
        const struct m_right *r = l->stops.p[i].right;
        bool goes_on = !r->n_continues;
        for (uint32_t k = 0; k < r->n_continues; k++) { goes_on = goes_on || l->m->lines_charge[r->continues + k].charge == charge; }
        struct days d = days_both(l->stops.p[i].days, (struct days){next, in.last});
        if (goes_on || days_empty(d)) { continue; }
        n += (int64_t)d.last - d.first + 1;
        if (d.last == in.last) { break; }
        next = d.last + 1;
    }
    return n;
}

/* The last day, up to `to`, on which every level that a formula reads is as it is on `day`. */
static date until_change(struct ledger *l, uint32_t node, date day, date to, instant horizon)
{
    if (node == NO_REF) { return to; }
    const struct m_exact *x = &l->m->exact[node];
    if (x->op == EX_LEVEL) { return quantity_until(l, x->ref, day, to, horizon); }
    const uint32_t kids[] = {x->a, x->b, x->c};
    for (size_t i = 0; i < countof(kids); i++) { to = until_change(l, kids[i], day, to, horizon); }
    for (uint32_t i = 0; i < x->n_rows; i++) {
        to = until_change(l, l->m->exact_row[x->rows + i].amount, day, to, horizon);
        to = until_change(l, l->m->exact_row[x->rows + i].flat, day, to, horizon);
    }
    return to;
}

/* Thirtieths of a stretch: those up to its end less those up to its beginning, so that all of them are the whole. */
static void stretch_share(const struct m_charge *c, const struct at_hand *h, date from, date to, mpq_ptr out)
{
    charge_share(c, (struct days){h->period.first, to}, h->nominal, out);
    if (from <= h->period.first) { return; }
    mpq_t before;
    mpq_init(before);
    charge_share(c, (struct days){h->period.first, from - 1}, h->nominal, before);
    mpq_sub(out, out, before);
    mpq_clear(before);
}

/* Tiers price the level of each day; the amounts are integrated over the period (A8). */
static bool levels_amount(struct ledger *l, struct at_hand *h, uint32_t quantity, mpq_ptr units, mpq_ptr amount)
{
    const struct m_charge *c = h->charge;
    int64_t whole = (int64_t)h->nominal.last - h->nominal.first + 1;
    mpq_ptr level = ledger_number(l), u = ledger_number(l), a = ledger_number(l), share = ledger_number(l);
    bool any = false;
    unsigned parts_n = 0;
    mpq_set_ui(units, 0, 1);
    mpq_set_ui(amount, 0, 1);
    for (date d = h->period.first; d <= h->period.last;) {
        int64_t units_now = quantity_level_of(l, quantity, h->key, d, h->horizon);
        date to = h->period.last;
        const uint32_t read[] = {c->units, c->amount, c->price};
        for (size_t i = 0; i < countof(read); i++) { to = until_change(l, read[i], d, to, h->horizon); }
        struct at_hand there = *h;
        exact_set(level, units_now, 1000000);
        there.level = level;
        there.level_of = quantity;
        there.day = to;
        if (h->trace) {
            struct str text = str_printf(&l->e->scratch, "%.*s, %lld of %lld days", STR_ARG(days_words(l, (struct days){d, to})), (long long)to - d + 1, (long long)whole);
            trace_words(l, h->trace, h->depth, text, str_printf(&l->e->scratch, "%.*s %.*s", STR_ARG(trace_number(l, level)), STR_ARG(module_str(l->m, l->m->quantity[quantity].name))), c->place);
            there.depth++;
        }
        if (c->units == NO_REF || formula(l, &there, c->units, u)) {
            if (c->units != NO_REF) {
                take_free_of_period(l, &there, u);
                there.units = u;
            }
            if (charge_priced(l, &there, a)) {
                int64_t counted = (int64_t)to - d + 1 - days_stopped(l, h, (struct days){d, to});
                if (c->flags & CHARGE_BY_THIRTIETHS) {
                    stretch_share(c, h, d, to, share);
                } else {
                    exact_set(share, counted, whole);
                }
                struct str of = h->trace ? trace_money(l, a) : (struct str){0};
                mpq_mul(a, a, share);
                mpq_add(amount, amount, a);
                if (h->trace && mpq_cmp_ui(share, 1, 1)) {
                    trace_words(l, h->trace, h->depth + 1, str_printf(&l->e->scratch, "%.*s x %.*s", STR_ARG(of), STR_ARG(c->flags & CHARGE_BY_THIRTIETHS ? exact_text(&l->e->scratch, share) : str_printf(&l->e->scratch, "%lld/%lld", (long long)counted, (long long)whole))), trace_money(l, a), c->place);
                }
                parts_n++;
                mpq_mul(u, u, share);
                mpq_add(units, units, u);
                any = true;
            }
        }
        d = to + 1;
    }
    if (h->trace && parts_n > 1) { trace_words(l, h->trace, h->depth, STR("together"), trace_money(l, amount), c->place); }
    return any;
}

/* A credit that has to be claimed: whether it was, in time (A7: the last day counts). */
static bool claimed(struct ledger *l, const struct at_hand *h)
{
    const struct m_charge *c = h->charge;
    if (c->claim_days == NONE || l->unclaimed) { return true; }
    struct str name = module_str(l->m, c->name);
    for (uint32_t k = 0; k < l->m->n_fact; k++) {
        if (l->m->fact[k].role != ROLE_CLAIM) { continue; }
        for (size_t i = 0; i < l->by_kind[k].n; i++) {
            const struct fact *f = l->by_kind[k].p[i];
            bool of_it = str_eq(f->text, name) || str_eq(f->text, result_clause_name(l->e, c->clause));
            int64_t of = l->m->fact[k].n_values ? f->value[0] : NONE;
            bool of_period = of == NONE ? f->day > h->nominal.last : of >= h->nominal.first && of <= h->nominal.last;
            if (of_it && of_period && f->day <= h->nominal.last + c->claim_days && fact_visible(f, h->horizon)) { return true; }
        }
    }
    return false;
}

static void floor_and_ceiling(struct ledger *l, const struct at_hand *h, mpq_ptr amount)
{
    const struct m_charge *c = h->charge;
    mpq_ptr v = ledger_number(l);
    if (c->sum_min != NO_REF && formula(l, h, c->sum_min, v) && mpq_cmp(amount, v) < 0) {
        mpq_set(amount, v);
        charge_say_bound(l, h, "raised to the minimum of the period,", v, amount);
    }
    if (c->sum_max != NO_REF && formula(l, h, c->sum_max, v) && mpq_cmp(amount, v) > 0) {
        mpq_set(amount, v);
        charge_say_bound(l, h, "cut to the maximum of the period,", v, amount);
    }
    if (c->unless_above != NO_REF && formula(l, h, c->unless_above, v) && mpq_cmp(amount, v) <= 0) {
        mpq_set_ui(amount, 0, 1);
        charge_say_bound(l, h, "nothing, because it is not above", v, amount);
    }
}

/* What is owed whole in any part of a period is owed once, also where an amendment in it makes two texts of the clause: each
 * has the share of its days. */
static void share_of_text(struct ledger *l, const struct at_hand *h, mpq_ptr amount)
{
    int64_t all = 0, own = (int64_t)h->period.last - h->period.first + 1;
    for (uint32_t i = 0; i < l->m->n_charge; i++) {
        const struct m_charge *c = &l->m->charge[i];
        if (!(c->flags & CHARGE_SHARES) || c->name != h->charge->name) { continue; }
        struct days d = days_both(h->nominal, charge_life(l, c));
        if (!days_empty(d)) { all += (int64_t)d.last - d.first + 1; }
    }
    if (own >= all) { return; }
    mpq_ptr share = ledger_number(l);
    exact_set(share, own, all);
    struct str of = h->trace ? trace_money(l, amount) : (struct str){0};
    mpq_mul(amount, amount, share);
    if (h->trace) {
        struct str text = str_printf(&l->e->scratch, "%.*s x %.*s, the days of this text of the clause, %.*s", STR_ARG(of), STR_ARG(exact_text(&l->e->scratch, share)), STR_ARG(days_words(l, h->period)));
        trace_words(l, h->trace, h->depth, text, trace_money(l, amount), h->charge->place);
    }
}

static void draw_one(struct ledger *l, struct at_hand *h, uint32_t sub, draw_fn *give, void *ctx)
{
    const struct m_charge *c = h->charge;
    mpq_ptr units = ledger_number(l), amount = ledger_number(l), share = ledger_number(l);
    uint32_t quantity = c->flags & CHARGE_LEVELS ? quantity_in(l->m, c->units != NO_REF ? c->units : c->amount) : NO_REF;
    bool by_share = (c->flags & (CHARGE_BY_DAY | CHARGE_BY_THIRTIETHS)) != 0;
    if (quantity != NO_REF) {
        if (!levels_amount(l, h, quantity, units, amount)) { return; }
        h->units = c->units != NO_REF ? units : NULL;
    } else {
        if (c->units != NO_REF) {
            if (!formula(l, h, c->units, units)) { return; }
            take_free_of_period(l, h, units);
            h->units = units;
        }
        if (!charge_priced(l, h, amount)) { return; }
        int64_t still = by_share ? days_stopped(l, h, h->period) : 0;
        if (still || (by_share && (h->period.first != h->nominal.first || h->period.last != h->nominal.last))) {
            charge_share(c, h->period, h->nominal, share);
            if (still) {
                mpq_ptr less = ledger_number(l);
                exact_set(less, still, (int64_t)h->nominal.last - h->nominal.first + 1);
                mpq_sub(share, share, less);
            }
            struct str of = h->trace ? trace_money(l, amount) : (struct str){0};
            mpq_mul(amount, amount, share);
            if (h->trace) {
                struct str text = str_printf(&l->e->scratch, "%.*s x %.*s of the period, %.*s", STR_ARG(of), STR_ARG(exact_text(&l->e->scratch, share)), STR_ARG(days_words(l, h->period)));
                trace_words(l, h->trace, h->depth, text, trace_money(l, amount), c->place);
            }
        }
    }
    if (c->flags & CHARGE_SHARES) { share_of_text(l, h, amount); }
    charge_except(l, h, amount);
    charge_bind_each(l, h, amount);
    floor_and_ceiling(l, h, amount);
    struct drawn d = {.sub = sub, .day = h->period.last, .key = h->key, .minor = charge_signed_minor(l, h, amount)};
    if (c->kind == CHARGE_FLOOR) {
        d.minor -= lines_minor(l, c->lines, h->nominal, h->horizon);
        if (d.minor < 0) { d.minor = 0; }
    }
    charge_describe(l, h, &d);
    give(ctx, &d);
}

/* `fee rent of host { EUR 310.00 per host }`: one line for each thing that was there in the period. */
static void draw_present(struct ledger *l, struct at_hand *h, uint32_t quantity, draw_fn *give, void *ctx)
{
    struct str key;
    uint32_t first;
    for (size_t at = 0; quantity_thing(l, quantity, &at, h->horizon, &key, &first);) {
        struct at_hand there = *h;
        there.key = key;
        if (h->charge->when != NO_REF && !formula_yes(l, &there, h->charge->when)) { continue; }
        if (h->trace && !str_eq(h->trace->only_key, key)) { there.trace = NULL; }
        draw_one(l, &there, first + 1, give, ctx);
    }
}

/* The quantity of things that a charge of each of them counts; NO_REF. */
static uint32_t things_of(const struct ledger *l, const struct m_charge *c)
{
    if (c->entity == NO_REF || c->trigger != TRIGGER_EVERY) { return NO_REF; }
    uint32_t q = quantity_in(l->m, c->units != NO_REF ? c->units : c->amount);
    return q != NO_REF && l->m->quantity[q].flags & QUANTITY_OF_THINGS ? q : NO_REF;
}

/* One line for each group that the measure has figures for in the period. */
static void draw_things(struct ledger *l, struct at_hand *h, draw_fn *give, void *ctx)
{
    uint32_t measure = h->charge->measure;
    uint32_t n = 0;
    for (size_t i = 0; i < l->figures[measure].n; i++) {
        const struct figure *f = &l->figures[measure].p[i];
        if (f->period.last != h->nominal.last || f->known > h->horizon || f->gone <= h->horizon) { continue; }
        struct at_hand there = *h;
        there.key = f->group;
        if (h->trace && !h->trace->all_keys && !str_eq(h->trace->only_key, f->group)) { there.trace = NULL; }
        if (there.trace && h->trace->all_keys) { trace_words(l, h->trace, h->depth, f->group, STR(""), h->charge->place); }
        if (h->charge->when != NO_REF && !formula_yes(l, &there, h->charge->when)) { continue; }
        draw_one(l, &there, ++n, give, ctx);
    }
}

static void draw_spread(struct ledger *l, struct at_hand *h, draw_fn *give, void *ctx)
{
    const struct m_charge *c = h->charge;
    mpq_ptr amount = ledger_number(l);
    if (!charge_priced(l, h, amount)) { return; }
    charge_except(l, h, amount);
    charge_bind_each(l, h, amount);
    int64_t all = charge_signed_minor(l, h, amount), *part = ARENA_ARRAY(&l->e->scratch, int64_t, c->spread), *weight = ARENA_ARRAY(&l->e->scratch, int64_t, c->spread);
    for (uint32_t i = 0; i < c->spread; i++) { weight[i] = 1; }
    exact_allocate(all, weight, c->spread, part);
    int64_t k = charge_months_since(charge_once_on(l, c), h->nominal.first);
    struct drawn d = {.day = h->period.last, .minor = part[k]};
    if (h->nominal.last >= l->end) { /* it ends: the rest is due */
        for (uint32_t i = (uint32_t)k + 1; i < c->spread; i++) { d.minor += part[i]; }
    }
    give(ctx, &d);
}

/* Once for each suspension that ended: on the first day behind it. */
static void draw_restored(struct ledger *l, struct at_hand *h, draw_fn *give, void *ctx)
{
    struct days life = charge_life(l, h->charge);
    for (size_t i = 0; i < l->stops.n; i++) {
        date last = l->stops.p[i].days.last, on = last < FAR_DATE ? last + 1 : FAR_DATE;
        if (on < h->nominal.first || on > h->nominal.last || on > life.last || on >= l->today) { continue; }
        size_t mark = l->temp.n;
        mpq_ptr amount = ledger_number(l);
        struct at_hand there = *h;
        there.day = on;
        if ((h->charge->when == NO_REF || formula_yes(l, &there, h->charge->when)) && charge_priced(l, &there, amount)) {
            charge_bind_each(l, &there, amount);
            struct drawn d = {.sub = (uint32_t)i + 1, .day = on, .minor = charge_signed_minor(l, &there, amount)};
            give(ctx, &d);
        }
        l->temp.n = mark;
    }
}

static void draw_overdue(struct ledger *l, struct at_hand *h, draw_fn *give, void *ctx)
{
    struct days life = charge_life(l, h->charge); /* like any fee: interest runs on after the last day, fixed sums end with it */
    for (size_t i = 0; i < l->invoices.n; i++) {
        const struct invoice *v = &l->invoices.p[i];
        date on = v->due + (date)h->charge->on;
        if (!v->overdue_told || on < h->nominal.first || on > h->nominal.last || on > life.last || on >= l->today) { continue; }
        int64_t open = v->total;
        for (size_t k = 0; k < v->paid.n; k++) { open -= v->paid.p[k].day < on ? v->paid.p[k].amount : 0; }
        if (open <= 0) { continue; }
        size_t mark = l->temp.n;
        mpq_ptr units = ledger_number(l), amount = ledger_number(l);
        exact_from_minor(units, open, l->places);
        struct at_hand there = *h;
        there.day = on;
        there.units = units;
        if ((h->charge->when == NO_REF || formula_yes(l, &there, h->charge->when)) && charge_priced(l, &there, amount)) {
            charge_bind_each(l, &there, amount);
            struct drawn d = {.sub = v->number, .day = on, .key = v->name, .minor = charge_signed_minor(l, &there, amount)};
            give(ctx, &d);
        }
        l->temp.n = mark;
    }
}

/* Money is drawn for a line when all else is worked out. */
struct drawing_lines { struct ledger *l; const struct at_hand *h; draw_fn *give; void *ctx; };

static void give_rest(void *ctx, const struct drawn *line)
{
    struct drawing_lines *s = ctx;
    const struct balance *b = NULL;
    struct at_hand h = *s->h;
    h.fact = line->fact;
    h.trace = s->h->trace && (!s->h->trace->only || s->h->trace->only == line->fact) ? s->h->trace : NULL;
    struct drawn d = *line;
    const struct drawing *taken = balance_drawn(s->l, &h, d.sub, &b);
    int64_t minor = 0;
    if (taken && exact_minor(&minor, taken->amount, s->l->places, s->l->rounding)) {
        d.from = balance_words(s->l, &h, b, taken);
        d.minor -= minor;
    }
    s->give(s->ctx, &d);
}

void charge_draw(struct ledger *l, uint32_t charge, struct days nominal, instant horizon, const struct invoice *making, struct trace *trace, draw_fn *give, void *ctx)
{
    const struct m_charge *c = &l->m->charge[charge];
    struct days clipped = days_both(nominal, charge_life(l, c));
    size_t mark = l->temp.n;
    uint32_t present = things_of(l, c);
    if (days_empty(clipped) || c->flags & CHARGE_WAIVED || c->kind == CHARGE_TAX) { return; }
    struct at_hand h = {.charge = c, .period = clipped, .nominal = nominal, .day = clipped.last, .horizon = horizon, .time = NONE, .invoice = making, .trace = trace};
    struct at_hand whole = h; /* the walk below changes the other */
    struct drawing_lines lines = {l, &whole, give, ctx};
    if (c->n_draws && !l->gross && l->m->account[l->m->charge_draw[c->draws].account].flags & ACCOUNT_OF_LINES) {
        (void)balance_of(l, l->m->charge_draw[c->draws].account, h.day, horizon);
        give = give_rest;
        ctx = &lines;
    }
    switch ((enum charge_trigger)c->trigger) {
    case TRIGGER_ACCOUNT: balance_refills(l, &h, give, ctx); break;
    case TRIGGER_FACT:
        if (claimed(l, &h)) { charge_draw_facts(l, &h, give, ctx); }
        break;
    case TRIGGER_OVERDUE:
        if (c->on) {
            draw_overdue(l, &h, give, ctx);
        } else {
            draw_restored(l, &h, give, ctx);
        }
        break;
    case TRIGGER_EVERY:
    case TRIGGER_DATE:
    case TRIGGER_END:
        if (present != NO_REF && c->spread < 2) {
            if (claimed(l, &h)) { draw_present(l, &h, present, give, ctx); }
            break;
        }
        bool of_things = c->entity != NO_REF && c->measure != NO_REF && c->spread < 2;
        if ((!of_things && c->when != NO_REF && !formula_yes(l, &h, c->when)) || !claimed(l, &h)) { break; }
        if (c->spread > 1) {
            draw_spread(l, &h, give, ctx);
        } else if (of_things) {
            draw_things(l, &h, give, ctx);
        } else {
            draw_one(l, &h, 0, give, ctx);
        }
        break;
    }
    l->temp.n = mark;
}
