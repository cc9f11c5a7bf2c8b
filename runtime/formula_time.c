/* SPDX-License-Identifier: MIT */
/* Formulas in time: what something was before, by how much a quantity changed, prices that rise year by year. */
#include "runtime/ledger_state.h"

/* h as of one day. */
static struct at_hand on_day(const struct at_hand *h, date day)
{
    struct at_hand there = *h;
    there.period = there.nominal = (struct days){day, day};
    there.day = day;
    there.level = NULL;
    return there;
}

bool formula_before(struct ledger *l, const struct at_hand *h, const struct m_exact *x, mpq_ptr out)
{
    int n = (int)(x->mode / 2);
    date then = x->mode & 1 ? h->day - n : civil_add_months(h->day, -n);
    struct at_hand there = on_day(h, then < l->start ? l->start : then);
    return formula(l, &there, x->a, out);
}

void formula_changes(struct ledger *l, const struct at_hand *h, const struct m_exact *x, mpq_ptr out)
{
    date from = h->period.first > l->start ? h->period.first : l->start + 1;
    int64_t now = quantity_level(l, x->ref, from - 1, h->horizon), sum = 0;
    for (date d = from; d <= h->period.last; d = quantity_until(l, x->ref, d, h->period.last, h->horizon) + 1) {
        int64_t next = quantity_level(l, x->ref, d, h->horizon), by = x->mode ? next - now : now - next;
        if (by > 0) { sum += by; }
        now = next;
    }
    exact_set(out, sum, 1000000);
}

/* A rise of which nothing is known yet is none; when it becomes known, what was billed since is corrected (R1). */
bool formula_raised(struct ledger *l, const struct at_hand *h, const struct m_exact *x, mpq_ptr out)
{
    date day = h->fact || h->period.first == NO_DATE ? h->day : h->period.first;
    mpq_ptr base = ledger_number(l), share = ledger_number(l), step = ledger_number(l);
    struct at_hand quiet = *h;
    quiet.trace = NULL;
    if (!formula(l, h, x->a, base) || !formula(l, &quiet, x->c, step)) { return false; }
    mpq_set(out, base);
    int months = (int)(x->mode / 8);
    for (int n = 0;; n++) {
        date on = civil_add_months(l->start + (date)x->ref, n * months);
        if (on > day) { return true; }
        struct at_hand there = on_day(h, on);
        there.fact = NULL;
        bool known = formula(l, &there, x->b, share);
        struct str before = h->trace ? trace_money(l, out) : (struct str){0}, rise = h->trace ? trace_percent(l, share) : before;
        if (known) {
            mpq_mul(share, share, x->mode & 4 ? base : out);
            mpq_add(out, out, share);
            if (mpq_sgn(step) > 0) { exact_round(out, step, (enum exact_rounding)(x->mode & 3)); }
        }
        if (!exact_fits(out)) { ledger_trap(l, h, h->charge ? h->charge->clause : 0, "a number grows too long"); }
        if (h->trace) {
            struct str text = known ? str_printf(&l->e->scratch, "from %.*s: %.*s raised by %.*s%s", STR_ARG(date_words(l, on)), STR_ARG(before), STR_ARG(rise), x->mode & 4 ? " of the first price" : "")
                                    : str_printf(&l->e->scratch, "from %.*s: no rise is known", STR_ARG(date_words(l, on)));
            trace_words(l, h->trace, h->depth, text, trace_money(l, out), x->place);
        }
    }
}
