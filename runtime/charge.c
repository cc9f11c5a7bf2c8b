/* SPDX-License-Identifier: MIT */
/* Charges: what a fee, credit or discount comes to in one period, with what is known at a horizon. A pure function of facts;
 * what was billed is billing.c's. */
#include "runtime/ledger_state.h"

/* ---- periods and lives ---- */

static int64_t months_since(date a, date b) /* whole months from a to b, b not before a */
{
    struct ymd x = civil_ymd(a), y = civil_ymd(b);
    int64_t n = ((int64_t)y.year - x.year) * 12 + y.month - x.month;
    while (n > 0 && civil_add_months(a, (int)n) > b) { n--; }
    return n;
}

struct days period_of_kind(const struct ledger *l, uint32_t kind, uint32_t n, date day)
{
    struct period_rule rule = {(enum period_kind)kind, n ? (int32_t)n : 1, l->zone, .anchor = l->start};
    if (kind == PERIOD_ALL) { return (struct days){l->start, l->term_last}; }
    struct period p = period_at(&rule, day_begin(l, day));
    return (struct days){p.first, p.last};
}

struct days charge_life(const struct ledger *l, const struct m_charge *c)
{
    struct days life = {l->start, l->end};
    if (c->first != NONE && c->first > life.first) { life.first = (date)c->first; }
    if (c->last != NONE && c->last < life.last) { life.last = (date)c->last; }
    return life;
}

/* A single sum is due on one day, or in equal parts month by month from it. */
date charge_once_on(const struct ledger *l, const struct m_charge *c)
{
    return c->trigger == TRIGGER_END ? l->end : c->on == NONE ? l->start : (date)c->on;
}

/* The period in which facts of a charge are taken together. */
static struct days fact_period(const struct ledger *l, const struct m_charge *c, date day)
{
    if (c->free != NO_REF) { return period_of_kind(l, c->free_period, c->free_period_n, day); }
    if (c->sum_min != NO_REF || c->sum_max != NO_REF) { return period_of_kind(l, c->sum_period, c->sum_period_n, day); }
    return period_of_kind(l, PERIOD_MONTH, 1, day);
}

bool charge_period(const struct ledger *l, uint32_t charge, date day, struct days *nominal)
{
    const struct m_charge *c = &l->m->charge[charge];
    struct days life = charge_life(l, c);
    switch ((enum charge_trigger)c->trigger) {
    case TRIGGER_EVERY:
        *nominal = period_of_kind(l, c->period, c->period_n, day);
        break;
    case TRIGGER_DATE:
    case TRIGGER_END: {
        date on = charge_once_on(l, c);
        *nominal = (struct days){on, on};
        if (day < on && c->spread < 2) { return false; }
        if (c->spread > 1) {
            if (day < on) { return false; }
            int64_t k = months_since(on, day);
            if (k >= c->spread) { return false; }
            *nominal = (struct days){civil_add_months(on, (int)k), civil_add_months(on, (int)k + 1) - 1};
        } else if (day != on) {
            return false;
        }
        break;
    }
    case TRIGGER_FACT:
    case TRIGGER_OVERDUE:
        *nominal = fact_period(l, c, day);
        break;
    }
    return !days_empty(days_both(*nominal, life));
}

struct days window_days(const struct ledger *l, uint32_t kind, uint32_t n, const struct at_hand *h)
{
    switch ((enum window_kind)kind) {
    case WINDOW_PERIOD: return h->nominal;
    case WINDOW_MONTH: return period_of_kind(l, PERIOD_MONTH, 1, h->day);
    case WINDOW_QUARTER: return period_of_kind(l, PERIOD_QUARTER, 1, h->day);
    case WINDOW_YEAR: return period_of_kind(l, PERIOD_YEAR, 1, h->day);
    case WINDOW_CONTRACT_MONTH: return period_of_kind(l, PERIOD_CONTRACT_MONTH, 1, h->day);
    case WINDOW_CONTRACT_YEAR: return period_of_kind(l, PERIOD_CONTRACT_YEAR, 1, h->day);
    case WINDOW_TERM: return (struct days){l->start, l->term_last};
    case WINDOW_MONTHS_BEFORE: return (struct days){civil_add_months(h->day, -(int)n), h->day - 1};
    case WINDOW_ANY_MONTHS: {
        struct days m = period_of_kind(l, PERIOD_MONTH, 1, h->day);
        return (struct days){civil_add_months(m.first, 1 - (int)n), m.last};
    }
    case WINDOW_NEXT_INVOICE:
    case WINDOW_ENTITY:
    case WINDOW_COUNT: break;
    }
    return (struct days){l->start, FAR_DATE};
}

bool fact_visible(const struct fact *f, instant horizon)
{
    return f->known < horizon && f->gone >= horizon;
}

/* ---- what a charge reads ---- */

static void read_node(struct ledger *l, uint8_t *reads, uint32_t node)
{
    if (node == NO_REF) { return; }
    const struct m_exact *x = &l->m->exact[node];
    if (x->op == EX_LEVEL) {
        const struct m_quantity *q = &l->m->quantity[x->ref];
        for (uint32_t i = 0; i < q->n_sources; i++) { reads[l->m->quantity_source[q->sources + i].fact] = 1; }
    }
    if (x->op == EX_SERIES && l->m->series[x->ref].fact != NO_REF) { reads[l->m->series[x->ref].fact] = 1; }
    if (x->op == EX_EVENTS) { reads[x->ref] = 1; }
    if (x->op == EX_LINES || x->op == EX_REMAINING) {
        const struct m_lines *s = &l->m->lines[x->ref];
        for (uint32_t i = 0; i < s->n_charges; i++) {
            const uint8_t *of = l->reads + (size_t)l->m->lines_charge[s->charges + i].charge * l->m->n_fact;
            for (uint32_t k = 0; k < l->m->n_fact; k++) { reads[k] |= of[k]; }
        }
    }
    read_node(l, reads, x->a);
    read_node(l, reads, x->b);
    read_node(l, reads, x->c);
    for (uint32_t i = 0; i < x->n_rows; i++) {
        read_node(l, reads, l->m->exact_row[x->rows + i].amount);
        read_node(l, reads, l->m->exact_row[x->rows + i].flat);
    }
}

void charge_reads(struct ledger *l)
{
    const struct module *m = l->m;
    size_t n = (size_t)m->n_charge * m->n_fact;
    l->reads = ARENA_ARRAY(l->arena, uint8_t, n + 1);
    /* A sum of lines may name charges written later: as many rounds as a chain of them can be long, or until nothing is new. */
    for (bool more = true; more;) {
        size_t before = 0, after = 0;
        for (size_t i = 0; i < n; i++) { before += l->reads[i]; }
        for (uint32_t i = 0; i < m->n_charge; i++) {
            const struct m_charge *c = &m->charge[i];
            uint8_t *reads = l->reads + (size_t)i * m->n_fact;
            const uint32_t node[] = {c->when, c->units, c->price, c->amount, c->factor, c->each_min, c->each_max, c->sum_min, c->sum_max, c->unless_above, c->free};
            for (size_t k = 0; k < countof(node); k++) { read_node(l, reads, node[k]); }
            for (uint32_t k = 0; k < c->n_exceptions; k++) {
                read_node(l, reads, m->charge_exception[c->exceptions + k].when);
                read_node(l, reads, m->charge_exception[c->exceptions + k].value);
            }
            if (c->fact != NO_REF) { reads[c->fact] = 1; }
            for (uint32_t k = 0; c->claim_days != NONE && k < m->n_fact; k++) { reads[k] |= m->fact[k].role == ROLE_CLAIM; }
            const struct m_lines *s = c->lines == NO_REF ? NULL : &m->lines[c->lines];
            for (uint32_t k = 0; s && k < s->n_charges; k++) {
                const uint8_t *of = l->reads + (size_t)m->lines_charge[s->charges + k].charge * m->n_fact;
                for (uint32_t f = 0; f < m->n_fact; f++) { reads[f] |= of[f]; }
            }
        }
        for (size_t i = 0; i < n; i++) { after += l->reads[i]; }
        more = after > before;
    }
}

/* ---- one amount ---- */

static int64_t signed_minor(struct ledger *l, const struct at_hand *h, mpq_srcptr amount)
{
    const struct m_charge *c = h->charge;
    int64_t minor;
    if (!exact_minor(&minor, amount, l->places, l->rounding)) { ledger_trap(l, h, c->clause, "an amount is larger than 10^15 of the smallest unit of the currency"); }
    if (h->trace) { trace_rounded(l, h->trace, h->depth, amount, minor, c->clause); }
    return c->kind == CHARGE_CREDIT || c->kind == CHARGE_DISCOUNT ? -minor : minor;
}

static int64_t months_in(uint32_t period)
{
    switch ((enum period_kind)period) {
    case PERIOD_MONTH: case PERIOD_CONTRACT_MONTH: return 1;
    case PERIOD_QUARTER: return 3;
    case PERIOD_YEAR: case PERIOD_CONTRACT_YEAR: return 12;
    case PERIOD_DAY: case PERIOD_WEEK: case PERIOD_ALL: break;
    }
    return 0;
}

/* Days of a period that the life of the charge leaves, as a share of it (A4). */
static void share_of(const struct m_charge *c, struct days clipped, struct days nominal, mpq_ptr out)
{
    int64_t part = (int64_t)clipped.last - clipped.first + 1, whole = (int64_t)nominal.last - nominal.first + 1;
    if (c->flags & CHARGE_BY_THIRTIETHS) {
        /* Each month has thirty days: the 31st counts as the 30th, and what ends on the last day of a month has all of them. */
        struct ymd a = civil_ymd(clipped.first), b = civil_ymd(clipped.last);
        int64_t last = b.day == civil_days_in_month(b.year, b.month) ? 30 : b.day, first = a.day > 30 ? 30 : a.day;
        part = ((int64_t)b.year - a.year) * 360 + ((int64_t)b.month - a.month) * 30 + last - first + 1;
        int64_t months = months_in(c->period);
        whole = months ? 30 * months * (c->period_n ? c->period_n : 1) : whole;
    }
    exact_set(out, part, whole);
}

/* Factor, floor and ceiling of each: in this order (A2). */
static void say_bound(struct ledger *l, const struct at_hand *h, const char *what, mpq_srcptr bound, mpq_srcptr amount)
{
    if (!h->trace) { return; }
    trace_words(l, h->trace, h->depth, str_printf(&l->e->scratch, "%s %.*s", what, STR_ARG(trace_money(l, bound))), trace_money(l, amount), h->charge->place);
}

static void each(struct ledger *l, const struct at_hand *h, mpq_ptr amount)
{
    const struct m_charge *c = h->charge;
    struct at_hand inner = *h;
    inner.depth++;
    mpq_ptr v = ledger_number(l);
    if (c->factor != NO_REF && formula(l, &inner, c->factor, v)) {
        struct str before = h->trace ? trace_money(l, amount) : (struct str){0};
        mpq_mul(amount, amount, v);
        if (h->trace) { trace_words(l, h->trace, h->depth, str_printf(&l->e->scratch, "%.*s times %.*s", STR_ARG(before), STR_ARG(trace_number(l, v))), trace_money(l, amount), c->place); }
    }
    if (c->each_min != NO_REF && formula(l, &inner, c->each_min, v) && mpq_cmp(amount, v) < 0) {
        mpq_set(amount, v);
        say_bound(l, h, "raised to the minimum of", v, amount);
    }
    if (c->each_max != NO_REF && formula(l, &inner, c->each_max, v) && mpq_cmp(amount, v) > 0) {
        mpq_set(amount, v);
        say_bound(l, h, "cut to the maximum of", v, amount);
    }
}

/* The exception that holds, the last one written deciding. */
static const struct m_charge_exception *exception_of(struct ledger *l, const struct at_hand *h)
{
    const struct m_charge *c = h->charge;
    for (uint32_t i = c->n_exceptions; i-- > 0;) {
        const struct m_charge_exception *x = &l->m->charge_exception[c->exceptions + i];
        if (x->when == NO_REF || formula_yes(l, h, x->when)) { return x; }
    }
    return NULL;
}

static void except(struct ledger *l, const struct at_hand *h, mpq_ptr amount)
{
    const struct m_charge_exception *x = h->charge->n_exceptions ? exception_of(l, h) : NULL;
    if (!x) { return; }
    mpq_ptr v = ledger_number(l);
    if (h->trace) {
        trace_words(l, h->trace, h->depth, str_printf(&l->e->scratch, "exception by clause %.*s", STR_ARG(result_clause_name(l->e, x->clause))), STR(""), l->m->clause[x->clause].place);
    }
    switch ((enum exception_effect)x->effect) {
    case EFFECT_NO_CHARGE: mpq_set_ui(amount, 0, 1); break;
    case EFFECT_FACTOR: if (formula(l, h, x->value, v)) { mpq_mul(amount, amount, v); } break;
    case EFFECT_AMOUNT: if (formula(l, h, x->value, v)) { mpq_set(amount, v); } break;
    }
}

/* The amount for the units at hand. False: there is none. */
static bool priced(struct ledger *l, const struct at_hand *h, mpq_ptr out)
{
    const struct m_charge *c = h->charge;
    struct at_hand inner = *h;
    inner.depth++;
    if (c->amount != NO_REF) {
        if (!formula(l, h, c->amount, out)) { return false; }
        if (h->trace && l->m->exact[c->amount].op == EX_CONST) {
            trace_words(l, h->trace, h->depth, c->trigger == TRIGGER_EVERY ? STR("for a whole period") : STR("amount"), trace_money(l, out), l->m->exact[c->amount].place);
        }
        return true;
    }
    if (c->price == NO_REF || !h->units || !formula(l, &inner, c->price, out)) { return false; }
    struct str price = h->trace ? trace_money(l, out) : (struct str){0};
    mpq_mul(out, out, h->units);
    if (h->trace) {
        struct str unit = module_str(l->m, c->unit);
        struct str text = str_printf(&l->e->scratch, "%.*s%s%.*s x %.*s", STR_ARG(trace_number(l, h->units)), unit.n ? " " : "", STR_ARG(unit), STR_ARG(price));
        trace_words(l, h->trace, h->depth, text, trace_money(l, out), l->m->exact[c->price].place);
    }
    return true;
}

static struct str number_words(struct ledger *l, mpq_srcptr q) { return exact_text(&l->e->scratch, q); }

static void describe(struct ledger *l, const struct at_hand *h, struct drawn *d)
{
    const struct m_charge *c = h->charge;
    d->unit = module_str(l->m, c->unit);
    if (h->units) { d->quantity = number_words(l, h->units); }
    if (c->price == NO_REF) { return; }
    struct at_hand quiet = *h;
    quiet.trace = NULL;
    mpq_ptr v = ledger_number(l);
    if (formula(l, &quiet, c->price, v)) { d->price = number_words(l, v); }
}

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
    bool there = priced(l, h, v);
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
    struct days nominal = fact_period(l, c, f->day);
    struct at_hand h = {.charge = c, .period = nominal, .nominal = nominal, .day = f->day, .horizon = NEVER, .fact = f, .time = NONE, .key = f->key};
    size_t mark = l->n_temp;
    mpq_ptr units = ledger_number(l), amount = ledger_number(l);
    bool can = (c->when != NO_REF && !formula_yes(l, &h, c->when)) || fact_amount(l, &h, NULL, units, amount);
    if (!can && !f->backwards && c->part_of != NO_REF && f->from != NONE && f->to != NONE) { /* no part of it is meant, or the price is missing */
        intervals p = {0};
        parts(l, c, f, &p);
        can = !p.n;
    }
    l->n_temp = mark;
    return can;
}

static void draw_facts(struct ledger *l, struct at_hand *h, draw_fn *give, void *ctx)
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
    for (size_t i = 0; i < f->n && !done; i++) {
        const struct fact *x = f->p[i];
        if (x->day < from.first || x->day < life.first || x->day > life.last || x->day > h->nominal.last || !fact_visible(x, h->horizon)) { continue; }
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
            except(l, h, amount);
            each(l, h, amount);
            under_ceiling(l, ceiling, rounded, amount);
            struct drawn d = {.sub = x->sequence + 1, .fact = x, .day = x->day, .key = x->key, .minor = signed_minor(l, h, amount)};
            describe(l, h, &d);
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
        struct drawn d = {.sub = SUB_ADJUST, .day = h->period.last, .minor = signed_minor(l, h, sum) - rounded};
        give(ctx, &d);
    }
}

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

/* Days on which a suspension lets the fee stand still: it names fees that go on, and this is none of them. */
static int64_t days_stopped(const struct ledger *l, const struct at_hand *h, struct days in)
{
    int64_t n = 0;
    uint32_t charge = (uint32_t)(h->charge - l->m->charge);
    for (size_t i = 0; i < l->stops.n; i++) {
        const struct m_right *r = l->stops.p[i].right;
        bool goes_on = !r->n_continues;
        for (uint32_t k = 0; k < r->n_continues; k++) { goes_on = goes_on || l->m->lines_charge[r->continues + k].charge == charge; }
        struct days d = days_both(l->stops.p[i].days, in);
        if (!goes_on && !days_empty(d)) { n += (int64_t)d.last - d.first + 1; }
    }
    return n;
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
        int64_t units_now = quantity_level(l, quantity, d, h->horizon);
        date to = h->period.last;
        const struct levels *v = quantity_levels(l, quantity, h->horizon);
        for (size_t i = 0; i < v->p.n; i++) {
            if (v->p.p[i].from > d && v->p.p[i].from - 1 < to) { to = v->p.p[i].from - 1; }
        }
        struct at_hand there = *h;
        exact_set(level, units_now, 1000000);
        there.level = level;
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
            if (priced(l, &there, a)) {
                int64_t counted = (int64_t)to - d + 1 - days_stopped(l, h, (struct days){d, to});
                exact_set(share, counted, whole);
                struct str of = h->trace ? trace_money(l, a) : (struct str){0};
                mpq_mul(a, a, share);
                mpq_add(amount, amount, a);
                if (h->trace && mpq_cmp_ui(share, 1, 1)) {
                    trace_words(l, h->trace, h->depth + 1, str_printf(&l->e->scratch, "%.*s x %lld/%lld", STR_ARG(of), (long long)counted, (long long)whole), trace_money(l, a), c->place);
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
        say_bound(l, h, "raised to the minimum of the period,", v, amount);
    }
    if (c->sum_max != NO_REF && formula(l, h, c->sum_max, v) && mpq_cmp(amount, v) > 0) {
        mpq_set(amount, v);
        say_bound(l, h, "cut to the maximum of the period,", v, amount);
    }
    if (c->unless_above != NO_REF && formula(l, h, c->unless_above, v) && mpq_cmp(amount, v) <= 0) {
        mpq_set_ui(amount, 0, 1);
        say_bound(l, h, "nothing, because it is not above", v, amount);
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
        if (!priced(l, h, amount)) { return; }
        int64_t still = by_share ? days_stopped(l, h, h->period) : 0;
        if (still || (by_share && (h->period.first != h->nominal.first || h->period.last != h->nominal.last))) {
            share_of(c, h->period, h->nominal, share);
            if (still) {
                mpq_ptr less = ledger_number(l);
                exact_set(less, still, (int64_t)h->nominal.last - h->nominal.first + 1);
                mpq_sub(share, share, less);
            }
            struct str of = h->trace ? trace_money(l, amount) : (struct str){0};
            mpq_mul(amount, amount, share);
            if (h->trace) {
                struct str text = str_printf(&l->e->scratch, "%.*s x %.*s of the period, %.*s", STR_ARG(of), STR_ARG(number_words(l, share)), STR_ARG(days_words(l, h->period)));
                trace_words(l, h->trace, h->depth, text, trace_money(l, amount), c->place);
            }
        }
    }
    except(l, h, amount);
    each(l, h, amount);
    floor_and_ceiling(l, h, amount);
    struct drawn d = {.sub = sub, .day = h->period.last, .key = h->key, .minor = signed_minor(l, h, amount)};
    if (c->kind == CHARGE_FLOOR) {
        d.minor -= lines_minor(l, c->lines, h->nominal, h->horizon);
        if (d.minor < 0) { d.minor = 0; }
    }
    describe(l, h, &d);
    give(ctx, &d);
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
        if (h->trace && !str_eq(h->trace->only_key, f->group)) { there.trace = NULL; }
        draw_one(l, &there, ++n, give, ctx);
    }
}

static void draw_spread(struct ledger *l, struct at_hand *h, draw_fn *give, void *ctx)
{
    const struct m_charge *c = h->charge;
    mpq_ptr amount = ledger_number(l);
    if (!priced(l, h, amount)) { return; }
    except(l, h, amount);
    each(l, h, amount);
    int64_t all = signed_minor(l, h, amount), *part = ARENA_ARRAY(&l->e->scratch, int64_t, c->spread), *weight = ARENA_ARRAY(&l->e->scratch, int64_t, c->spread);
    for (uint32_t i = 0; i < c->spread; i++) { weight[i] = 1; }
    exact_allocate(all, weight, c->spread, part);
    int64_t k = months_since(charge_once_on(l, c), h->nominal.first);
    struct drawn d = {.day = h->period.last, .minor = part[k]};
    if (h->nominal.last >= l->end) { /* it ends: the rest is due */
        for (uint32_t i = (uint32_t)k + 1; i < c->spread; i++) { d.minor += part[i]; }
    }
    give(ctx, &d);
}

static void draw_overdue(struct ledger *l, struct at_hand *h, draw_fn *give, void *ctx)
{
    for (size_t i = 0; i < l->invoices.n; i++) {
        const struct invoice *v = &l->invoices.p[i];
        if (!v->overdue_told || v->due + 1 < h->nominal.first || v->due + 1 > h->nominal.last) { continue; }
        int64_t open = v->total;
        for (size_t k = 0; k < v->paid.n; k++) { open -= v->paid.p[k].day <= v->due ? v->paid.p[k].amount : 0; }
        if (open <= 0) { continue; }
        size_t mark = l->n_temp;
        mpq_ptr units = ledger_number(l), amount = ledger_number(l);
        exact_from_minor(units, open, l->places);
        struct at_hand there = *h;
        there.day = v->due + 1;
        there.units = units;
        if ((h->charge->when == NO_REF || formula_yes(l, &there, h->charge->when)) && priced(l, &there, amount)) {
            each(l, &there, amount);
            struct drawn d = {.sub = v->number, .day = v->due + 1, .key = v->name, .minor = signed_minor(l, &there, amount)};
            give(ctx, &d);
        }
        l->n_temp = mark;
    }
}

void charge_draw(struct ledger *l, uint32_t charge, struct days nominal, instant horizon, const struct invoice *making, struct trace *trace, draw_fn *give, void *ctx)
{
    const struct m_charge *c = &l->m->charge[charge];
    struct days clipped = days_both(nominal, charge_life(l, c));
    size_t mark = l->n_temp;
    if (days_empty(clipped) || c->flags & CHARGE_WAIVED || c->kind == CHARGE_TAX) { return; }
    struct at_hand h = {.charge = c, .period = clipped, .nominal = nominal, .day = clipped.last, .horizon = horizon, .time = NONE, .invoice = making, .trace = trace};
    switch ((enum charge_trigger)c->trigger) {
    case TRIGGER_FACT:
        if (claimed(l, &h)) { draw_facts(l, &h, give, ctx); }
        break;
    case TRIGGER_OVERDUE: draw_overdue(l, &h, give, ctx); break;
    case TRIGGER_EVERY:
    case TRIGGER_DATE:
    case TRIGGER_END:
        if ((c->when != NO_REF && !formula_yes(l, &h, c->when)) || !claimed(l, &h)) { break; }
        if (c->spread > 1) {
            draw_spread(l, &h, give, ctx);
        } else if (c->entity != NO_REF && c->measure != NO_REF) {
            draw_things(l, &h, give, ctx);
        } else {
            draw_one(l, &h, 0, give, ctx);
        }
        break;
    }
    l->n_temp = mark;
}
