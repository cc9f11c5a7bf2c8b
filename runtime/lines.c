/* SPDX-License-Identifier: MIT */
/* Sums of lines: what a named amount, a percentage, a tax or a floor is of. Which charges, how counted (earned, scheduled,
 * invoiced, paid), in which window; what remains of the term. */
#include "runtime/ledger_state.h"

struct total_of { int64_t minor; struct days only; bool by_day, of_thing; struct str key; };

static void add_drawn(void *ctx, const struct drawn *d)
{
    struct total_of *t = ctx;
    if (t->by_day && (d->day < t->only.first || d->day > t->only.last)) { return; }
    if (t->of_thing && !str_eq(t->key, d->key)) { return; }
    t->minor += d->minor < 0 ? -d->minor : d->minor;
}

/* Credits and discounts count as what they take off. */
static int64_t positive(int64_t minor, const struct m_charge *c) { return c->kind == CHARGE_CREDIT || c->kind == CHARGE_DISCOUNT ? -minor : minor; }

/* Periods behind one another that come to the same, for explain: one step for all of them. */
struct alike { struct days days; int64_t minor; unsigned n; };

static void tell_alike(struct ledger *l, const struct at_hand *h, struct alike *a)
{
    if (!a->n) { return; }
    struct arena *s = &l->e->scratch;
    struct str days = days_words(l, a->days), each = minor_words(l, a->minor), what = days;
    if (a->n > 1) { what = str_printf(s, "%.*s, %u times %.*s", STR_ARG(days), a->n, STR_ARG(each)); }
    trace_words(l, h->trace, h->depth + 1, what, minor_words(l, a->minor * a->n), h->charge ? h->charge->place : 0);
    a->n = 0;
}

static void tell_period(struct ledger *l, const struct at_hand *h, struct alike *a, struct days in, struct days whole, int64_t minor, mpq_srcptr v)
{
    bool part = in.first != whole.first || in.last != whole.last;
    if (a->n && (part || a->minor != minor || a->n > 100000)) { tell_alike(l, h, a); }
    if (part) {
        struct str text = str_printf(&l->e->scratch, "%.*s, %lld of %lld days of %.*s", STR_ARG(days_words(l, in)), (long long)in.last - in.first + 1, (long long)whole.last - whole.first + 1, STR_ARG(minor_words(l, minor)));
        trace_words(l, h->trace, h->depth + 1, text, trace_money(l, v), h->charge ? h->charge->place : 0);
        return;
    }
    if (!a->n) { *a = (struct alike){.days = in, .minor = minor}; }
    a->days.last = in.last;
    a->n++;
}

/* What remains of a term is told period by period. */
static void earned(struct ledger *l, const struct at_hand *h, const struct m_lines_charge *of, struct days w, bool scheduled, bool tell, mpq_ptr sum)
{
    uint32_t charge = of->charge;
    struct alike run = {0};
    const struct m_charge *c = &l->m->charge[charge];
    struct days life = days_both(charge_life(l, c), w);
    mpq_ptr v = ledger_number(l), share = ledger_number(l);
    bool gross = l->gross;
    l->gross = true; /* a fee is earned, whether it was paid ahead or not */
    if (c->trigger == TRIGGER_DATE || c->trigger == TRIGGER_END) { life.last = life.last < FAR_DATE ? life.last : charge_once_on(l, c); }
    for (date d = life.first; d <= life.last;) {
        struct days p;
        if (!charge_period(l, charge, d, &p)) { /* only single sums have days without a period */
            date on = charge_once_on(l, c);
            if (c->trigger == TRIGGER_EVERY || c->trigger == TRIGGER_FACT || c->trigger == TRIGGER_OVERDUE || d >= on || on > life.last) { break; }
            d = on;
            continue;
        }
        struct days clipped = days_both(p, charge_life(l, c)), in = days_both(clipped, w);
        bool parts = c->trigger == TRIGGER_EVERY || c->spread > 1;
        bool all = !parts || (scheduled && clipped.first >= w.first);
        struct total_of t = {.only = w, .by_day = c->trigger == TRIGGER_FACT || c->trigger == TRIGGER_OVERDUE, .of_thing = of->of_thing, .key = h->key};
        if (!scheduled || all) {
            charge_draw(l, charge, p, h->horizon, NULL, NULL, add_drawn, &t);
            exact_from_minor(v, t.minor, l->places);
            if (!all && !days_empty(in)) {
                exact_set(share, (int64_t)in.last - in.first + 1, (int64_t)clipped.last - clipped.first + 1);
                mpq_mul(v, v, share);
            }
            mpq_add(sum, sum, v);
            if (tell && h->trace && !days_empty(in)) { tell_period(l, h, &run, in, clipped, t.minor, v); }
        }
        if (p.last >= FAR_DATE - 1) { break; }
        d = p.last + 1;
    }
    l->gross = gross;
    if (h->trace) { tell_alike(l, h, &run); }
}

static int64_t invoiced_of(struct ledger *l, const struct invoice *v, const struct m_lines_charge *of, struct str key)
{
    uint32_t charge = of->charge;
    int64_t sum = 0;
    for (size_t k = 0; k < v->lines.n; k++) {
        if (v->lines.p[k].charge == charge && (!of->of_thing || str_eq(key, v->lines.p[k].key))) { sum += positive(v->lines.p[k].amount, &l->m->charge[charge]); }
    }
    return sum;
}

static void add_invoiced(struct ledger *l, const struct m_lines_charge *of, struct str key, struct days w, bool paid, mpq_ptr sum)
{
    mpq_ptr v = ledger_number(l), share = ledger_number(l);
    for (size_t i = 0; i < l->invoices.n; i++) {
        const struct invoice *inv = &l->invoices.p[i];
        if (!paid && (inv->issued < w.first || inv->issued > w.last)) { continue; }
        exact_from_minor(v, invoiced_of(l, inv, of, key), l->places);
        if (paid) {
            int64_t in = 0;
            for (size_t k = 0; k < inv->paid.n; k++) { in += inv->paid.p[k].day >= w.first && inv->paid.p[k].day <= w.last ? inv->paid.p[k].amount : 0; }
            if (!inv->total) { continue; }
            exact_set(share, in, inv->total);
            mpq_mul(v, v, share);
        }
        mpq_add(sum, sum, v);
    }
}

void charge_lines(struct ledger *l, const struct at_hand *h, uint32_t lines, mpq_ptr out)
{
    const struct m_lines *s = &l->m->lines[lines];
    struct days w = window_days(l, s->window, s->window_n, h);
    bool on_invoice = s->window == WINDOW_NEXT_INVOICE || (h->charge && h->charge->kind == CHARGE_TAX);
    if (w.last > l->term_last && s->counted != COUNTED_SCHEDULED && w.last == FAR_DATE) { w.last = h->day; }
    date end = l->end;
    bool whole = l->whole_term;
    if (s->counted == COUNTED_SCHEDULED) {
        l->end = l->term_last;
        l->whole_term = true;
    }
    mpq_set_ui(out, 0, 1);
    mpq_ptr sum = ledger_number(l);
    bool carried_seen = false;
    for (uint32_t i = 0; i < s->n_charges; i++) {
        const struct m_lines_charge *x = &l->m->lines_charge[s->charges + i];
        mpq_set_ui(sum, 0, 1);
        if (on_invoice) {
            int64_t minor = h->invoice ? invoiced_of(l, h->invoice, x, h->key) : 0;
            if (h->invoice && l->m->charge[x->charge].kind == CHARGE_CREDIT && !carried_seen) { /* credits that wait take nothing off now */
                carried_seen = true;
                for (size_t k = 0; k < h->invoice->lines.n; k++) { minor -= h->invoice->lines.p[k].what == LINE_CARRIED ? h->invoice->lines.p[k].amount : 0; }
            }
            exact_from_minor(sum, minor, l->places);
        } else if (s->counted == COUNTED_INVOICED || s->counted == COUNTED_PAID) {
            add_invoiced(l, x, h->key, w, s->counted == COUNTED_PAID, sum);
        } else {
            earned(l, h, x, w, s->counted == COUNTED_SCHEDULED, false, sum);
        }
        if (x->less) {
            mpq_sub(out, out, sum);
        } else {
            mpq_add(out, out, sum);
        }
    }
    l->end = end;
    l->whole_term = whole;
}

void charge_remaining(struct ledger *l, const struct at_hand *h, uint32_t lines, mpq_ptr out)
{
    const struct m_lines *s = &l->m->lines[lines];
    date end = l->end;
    bool whole = l->whole_term;
    struct days w = {(end < h->day ? end : h->day) + 1, l->term_last};
    mpq_set_ui(out, 0, 1);
    if (days_empty(w) || l->term_last == FAR_DATE) { return; }
    l->end = l->term_last;
    l->whole_term = true;
    for (uint32_t i = 0; i < s->n_charges; i++) {
        const struct m_lines_charge *x = &l->m->lines_charge[s->charges + i];
        if (l->m->charge[x->charge].trigger == TRIGGER_EVERY) { earned(l, h, x, w, false, true, out); }
    }
    l->whole_term = whole;
    l->end = end;
}

int64_t lines_minor(struct ledger *l, uint32_t lines, struct days nominal, instant horizon)
{
    if (lines == NO_REF) { return 0; }
    size_t mark = l->temp.n;
    struct at_hand h = {.period = nominal, .nominal = nominal, .day = nominal.last, .horizon = horizon, .time = NONE};
    mpq_ptr v = ledger_number(l);
    charge_lines(l, &h, lines, v);
    int64_t minor;
    if (!exact_minor(&minor, v, l->places, l->rounding)) { minor = MINOR_MAX; }
    l->temp.n = mark;
    return minor;
}
