/* SPDX-License-Identifier: MIT */
/* What duties ask for next. A duty is a clock, or a charge that is owed when too few facts lie in a period: nothing is judged
 * here. */
#include "runtime/clock.h"
#include "runtime/ledger_state.h"
#include "runtime/state.h"

/* Within a time after an event: every one that runs and is not late yet. One that stands still has no due instant (C4). */
static void clocks_report(struct ledger *l)
{
    struct engine *e = l->e;
    bool any = false;
    for (uint32_t i = 0; i < l->m->n_clock && !any; i++) { any = l->m->clock[i].flags & CLOCK_DUTY; }
    if (!any) { return; }
    size_t n;
    struct entity **all = entities_in_order(e, &n);
    for (size_t i = 0; i < n; i++) {
        const struct entity_kind *k = &e->kind[all[i]->kind];
        for (uint32_t s = 0; s < k->n_clocks; s++) {
            const struct clock *c = &entity_clocks(k, all[i])[s];
            const struct m_clock *record = &l->m->clock[k->clock_of_slot[s]];
            if (!(record->flags & CLOCK_DUTY) || c->phase != CLOCK_LIVE || c->breached || c->paused || c->due == NONE || c->due == NEVER) { continue; }
            struct str name = module_str(l->m, record->title), key = all[i]->key;
            int64_t of_day;
            (void)civil_split(zone_wall(l->zone, c->due), &of_day);
            struct str what = str_printf(&e->scratch, "%.*s: %.*s, until %02d:%02d", STR_ARG(name), STR_ARG(key), (int)(of_day / (3600 * USEC)), (int)(of_day / (60 * USEC) % 60));
            ledger_deadline(l, record->clause, day_of(l, c->due), what, str_printf(&e->scratch, "%.*s/%.*s/%u", STR_ARG(module_str(l->m, record->name)), STR_ARG(key), c->cycle));
        }
    }
}

/* The node that counts facts of a period until a day, when the charge is owed for too few of them; NULL: it is no duty. */
static const struct m_exact *counted(const struct ledger *l, const struct m_charge *c)
{
    if (c->trigger != TRIGGER_EVERY || c->when == NO_REF || l->m->exact[c->when].op != EX_LT) { return NULL; }
    const struct m_exact *x = &l->m->exact[l->m->exact[c->when].a];
    return x->op == EX_EVENTS && x->mode ? x : NULL;
}

/* In this period, where it is not done yet, else in the next. */
static void period_report(struct ledger *l, uint32_t i, date today)
{
    const struct m_charge *c = &l->m->charge[i];
    const struct m_exact *x = counted(l, c);
    if (!x) { return; }
    struct days life = charge_life(l, c), whole;
    date day = today > life.first ? today : life.first;
    for (int tries = 0; tries < 3 && charge_period(l, i, day, &whole); tries++, day = whole.last + 1) {
        date last = whole.last;
        if (whole.first + (int64_t)x->mode - 1 < last) { last = whole.first + (date)x->mode - 1; }
        if (last < today || last > life.last) { continue; }
        struct at_hand h = {.charge = c, .nominal = whole, .period = whole, .day = last, .horizon = l->e->now == NEVER ? NEVER : l->e->now + 1, .time = NONE};
        if (h.period.first < life.first) { h.period.first = life.first; }
        if (h.period.last > life.last) { h.period.last = life.last; }
        if (!formula_yes(l, &h, c->when)) { continue; }
        ledger_deadline(l, c->clause, last, str_printf(&l->e->scratch, "last day: %.*s", STR_ARG(module_str(l->m, c->title))), module_str(l->m, c->name));
        return;
    }
}

void duty_report(struct ledger *l, date today)
{
    clocks_report(l);
    for (uint32_t i = 0; i < l->m->n_charge; i++) { period_report(l, i, today); }
}
