/* SPDX-License-Identifier: MIT */
/* One amount of a charge: price, factor, floor and ceiling, exceptions, rounding. */
#include "runtime/charge_draw.h"

/* ---- one amount ---- */

int64_t charge_signed_minor(struct ledger *l, const struct at_hand *h, mpq_srcptr amount)
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
void charge_share(const struct m_charge *c, struct days clipped, struct days nominal, mpq_ptr out)
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
void charge_say_bound(struct ledger *l, const struct at_hand *h, const char *what, mpq_srcptr bound, mpq_srcptr amount)
{
    if (!h->trace) { return; }
    trace_words(l, h->trace, h->depth, str_printf(&l->e->scratch, "%s %.*s", what, STR_ARG(trace_money(l, bound))), trace_money(l, amount), h->charge->place);
}

void charge_bind_each(struct ledger *l, const struct at_hand *h, mpq_ptr amount)
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
        charge_say_bound(l, h, "raised to the minimum of", v, amount);
    }
    if (c->each_max != NO_REF && formula(l, &inner, c->each_max, v) && mpq_cmp(amount, v) > 0) {
        mpq_set(amount, v);
        charge_say_bound(l, h, "cut to the maximum of", v, amount);
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

bool charge_exempt(struct ledger *l, const struct at_hand *h)
{
    const struct m_charge_exception *x = h->charge->n_exceptions ? exception_of(l, h) : NULL;
    return x && x->effect == EFFECT_NO_CHARGE;
}

void charge_except(struct ledger *l, const struct at_hand *h, mpq_ptr amount)
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
bool charge_priced(struct ledger *l, const struct at_hand *h, mpq_ptr out)
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

void charge_describe(struct ledger *l, const struct at_hand *h, struct drawn *d)
{
    const struct m_charge *c = h->charge;
    d->unit = module_str(l->m, c->unit);
    if (h->units) { d->quantity = exact_text(&l->e->scratch, h->units); }
    if (c->price == NO_REF) { return; }
    struct at_hand quiet = *h;
    quiet.trace = NULL;
    mpq_ptr v = ledger_number(l);
    if (formula(l, &quiet, c->price, v)) { d->price = exact_text(&l->e->scratch, v); }
}
