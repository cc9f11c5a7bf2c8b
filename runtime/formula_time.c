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

/* ---- what falls due ---- */

/* The first rise after a day of any price that a formula reads; FAR_DATE. */
static date next_rise(const struct ledger *l, uint32_t node, date today)
{
    if (node == NO_REF) { return FAR_DATE; }
    const struct m_exact *x = &l->m->exact[node];
    date next = FAR_DATE;
    for (int n = 0; x->op == EX_RAISED && next == FAR_DATE; n++) {
        date on = civil_add_months(l->start + (date)x->ref, n * (int)(x->mode / 8));
        if (on > l->end || on > l->term_last) { break; }
        if (on > today) { next = on; }
    }
    const uint32_t kids[] = {x->a, x->b, x->c};
    for (size_t i = 0; i < countof(kids); i++) {
        date k = next_rise(l, kids[i], today);
        if (k < next) { next = k; }
    }
    for (uint32_t i = 0; i < x->n_rows; i++) {
        const uint32_t of[] = {l->m->exact_row[x->rows + i].amount, l->m->exact_row[x->rows + i].flat};
        for (size_t k = 0; k < countof(of); k++) {
            date d = next_rise(l, of[k], today);
            if (d < next) { next = d; }
        }
    }
    return next;
}

void rises_report(struct ledger *l, date today)
{
    bool any = false;
    for (uint32_t i = 0; i < l->m->n_exact && !any; i++) { any = l->m->exact[i].op == EX_RAISED; }
    for (uint32_t i = 0; any && i < l->m->n_charge; i++) {
        const struct m_charge *c = &l->m->charge[i];
        const uint32_t node[] = {c->price, c->amount, c->each_min, c->sum_min};
        date next = FAR_DATE;
        for (size_t k = 0; k < countof(node); k++) {
            date d = next_rise(l, node[k], today);
            if (d < next) { next = d; }
        }
        struct days life = charge_life(l, c);
        if (next == FAR_DATE || next > life.last) { continue; }
        struct str name = module_str(l->m, c->name);
        ledger_deadline(l, c->clause, next, str_printf(&l->e->scratch, "the price of %.*s rises", STR_ARG(name)), str_printf(&l->e->scratch, "%.*s/rise", STR_ARG(name)));
    }
}
