/* SPDX-License-Identifier: MIT */
/* Credits that have to be claimed: until when, and what lapses. What else falls due of invoices. */
#include "runtime/billing.h"

static void add_up(void *ctx, const struct drawn *d) { *(int64_t *)ctx += d->minor; }

/* What a credit that has to be claimed would be worth; 0: it was claimed, or there is none. */
static int64_t unclaimed(struct ledger *l, uint32_t charge, struct days p, instant horizon)
{
    int64_t claimed = 0, all = 0;
    charge_draw(l, charge, p, horizon, NULL, NULL, add_up, &claimed);
    l->unclaimed = true;
    charge_draw(l, charge, p, horizon, NULL, NULL, add_up, &all);
    l->unclaimed = false;
    return claimed ? 0 : all;
}

/* A credit that nobody claimed lapses at the end of the last day for it. */
void billing_lapse(struct ledger *l, date day)
{
    for (uint32_t i = 0; i < l->m->n_charge; i++) {
        const struct m_charge *c = &l->m->charge[i];
        struct days p;
        if (c->claim_days == NONE || !charge_period(l, i, day - (date)c->claim_days, &p) || p.last + c->claim_days != day) { continue; }
        int64_t all = unclaimed(l, i, p, day_begin(l, day + 1));
        if (!all) { continue; }
        struct msa_result *r = ledger_result(l, MSA_CREDIT, day, c->clause);
        struct str period = period_words(l, c->period, c->period_n, p);
        r->charge = result_text(module_str(l->m, c->name));
        r->standing = result_text(STR("lapsed"));
        r->period = result_text(period);
        r->amount = all;
        r->last_day = day;
        r->id = result_text(str_printf(&l->e->scratch, "%.*s/%.*s/%.*s/lapsed", STR_ARG(result_clause_name(l->e, c->clause)), STR_ARG(module_str(l->m, c->name)), STR_ARG(period)));
        result_give(l->e);
    }
}

void billing_claims(struct ledger *l, date day)
{
    const struct m_terms *t = ledger_terms(l);
    for (uint32_t i = 0; i < l->m->n_charge; i++) {
        const struct m_charge *c = &l->m->charge[i];
        if (c->claim_days == NONE) { continue; }
        date d = day - (date)c->claim_days < l->start ? l->start : day - (date)c->claim_days;
        for (struct days p; d < day && charge_period(l, i, d, &p) && p.last < day; d = p.last + 1) {
            int64_t worth = p.last + c->claim_days >= day ? unclaimed(l, i, p, l->e->now == NEVER ? NEVER : l->e->now + 1) : 0;
            if (!worth) { continue; }
            struct str name = module_str(l->m, c->title ? c->title : c->name), period = period_words(l, c->period, c->period_n, p);
            struct str what = str_printf(&l->e->scratch, "last day to claim %.*s of %.*s, %.*s", STR_ARG(name), STR_ARG(period), STR_ARG(minor_words(l, worth < 0 ? -worth : worth)));
            ledger_deadline(l, c->clause, p.last + (date)c->claim_days, what, str_printf(&l->e->scratch, "%.*s/%.*s", STR_ARG(module_str(l->m, c->name)), STR_ARG(period)));
        }
    }
    if (l->closed || !l->m->n_charge || !l->m->n_terms) { return; }
    struct days next = period_of_kind(l, t->period, t->period_n, day - (date)t->issue_after);
    date issued = next.last + 1 + (date)t->issue_after < l->end ? next.last + 1 + (date)t->issue_after : l->end;
    if (issued < FAR_DATE) { ledger_deadline(l, t->clause, issued, issued == l->end ? STR("the last invoice is issued") : STR("the next invoice is issued"), STR("invoice")); }
}
