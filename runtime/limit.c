/* SPDX-License-Identifier: MIT */
/* Limits of liability: what each is worth on a day, and what is left of it for a claim. */
#include "runtime/ledger_state.h"

const struct m_limit *limit_of(const struct ledger *l, date day, int64_t party, struct str kind)
{
    const struct m_limit *general = NULL, *own = NULL;
    for (uint32_t i = 0; i < l->m->n_limit; i++) {
        const struct m_limit *x = &l->m->limit[i];
        struct str of = module_str(l->m, x->kind);
        if ((party != NONE && party != x->party) || (x->first != NONE && day < x->first) || (x->last != NONE && day > x->last)) { continue; }
        if (!of.n && !general) { general = x; }
        if (of.n && str_eq(of, kind)) { own = x; }
    }
    return own ? own : general;
}

/* A window that begins before the agreement does, as if it had been lived through at the rate of the contract months begun, or
 * of its days. */
static void annualise(struct ledger *l, const struct m_limit *limit, date day, mpq_ptr v)
{
    date end = l->first_incident != NO_DATE && l->first_incident < day ? l->first_incident : day;
    date from = civil_add_months(end, -(int)limit->annualised);
    if (from >= l->start || end <= l->start) { return; }
    mpq_ptr share = ledger_number(l);
    if (limit->flags & LIMIT_BY_DAY) {
        exact_set(share, (int64_t)end - from, (int64_t)end - l->start);
    } else {
        int64_t begun = 1; /* the month that begins on the day of the incident is behind the window */
        while (civil_add_months(l->start, (int)begun) < end) { begun++; }
        exact_set(share, limit->annualised, begun);
    }
    mpq_mul(v, v, share);
}

bool limit_worth(struct ledger *l, const struct m_limit *limit, date day, instant horizon, const struct fact *of, int64_t *minor)
{
    size_t mark = l->temp.n;
    mpq_ptr v = ledger_number(l);
    struct at_hand h = ledger_on_day(day, horizon);
    h.fact = of;
    bool there = formula(l, &h, limit->amount, v);
    if (there && limit->annualised) { annualise(l, limit, day, v); }
    there = there && exact_minor(minor, v, l->places, l->rounding);
    l->temp.n = mark;
    return there;
}

/* What earlier claims used up, also of the limit that this one took the place of, and credits where they count. */
static int64_t used_up(struct ledger *l, const struct m_limit *limit, instant horizon)
{
    int64_t used = 0;
    const struct m_limit *x = limit;
    for (;;) {
        used += l->claimed[x - l->m->limit];
        if (!x->before) { break; }
        x = &l->m->limit[x->before - 1];
    }
    if (limit->credits == NO_REF) { return used; }
    struct days all = {l->start, l->term_last};
    return used + lines_minor(l, limit->credits, all, horizon);
}

/* The last day on which a claim for what happened on `day` can be made; FAR_DATE. */
static date last_day_to_claim(const struct m_limit *limit, date day)
{
    if (limit->barred_months) { return civil_add_months(day, (int)limit->barred_months); }
    return limit->barred ? day + (date)limit->barred : FAR_DATE;
}

static int64_t money_value(const struct ledger *l, const struct fact *f, uint32_t i)
{
    return l->m->fact[f->kind].n_values > i && f->value[i] != NONE ? f->value[i] : 0;
}

/* What a limit leaves for a claim: claims use it up in the order in which what they are for happened. */
void limit_fact(struct ledger *l, const struct fact *f)
{
    struct arena *a = &l->e->scratch;
    int64_t party = l->m->fact[f->kind].n_values > 1 ? f->value[1] : NONE;
    const struct m_limit *limit = limit_of(l, f->day, party, f->text);
    if (!limit) { return; }
    int64_t claimed = money_value(l, f, 0), insured = limit->flags & LIMIT_INSURANCE ? money_value(l, f, 2) : 0;
    if (claimed % 1000 || insured % 1000) {
        ledger_refuse(l, f, limit->clause, (struct str){0}, STR("the amount is finer than the smallest unit of the currency, which nobody can pay"));
        return;
    }
    claimed /= 1000;
    insured = insured / 1000 < claimed ? insured / 1000 : claimed;
    size_t index = (size_t)(limit - l->m->limit);
    instant horizon = f->at == NEVER ? NEVER : f->at + 1;
    int64_t most = MSA_NONE, left = claimed - insured, used = 0;
    date latest = last_day_to_claim(limit, f->day), made = f->known > f->at ? day_of(l, f->known) : f->day;
    if (!(limit->flags & LIMIT_NONE)) {
        if (!limit_worth(l, limit, f->day, horizon, f, &most)) { most = 0; }
        used = limit->flags & LIMIT_PER_CLAIM ? 0 : used_up(l, limit, horizon);
        int64_t room = most - used;
        if (room < 0) { room = 0; }
        if (left > room) { left = room; }
    }
    if (made > latest) { left = 0; }
    if (l->first_incident == NO_DATE) { l->first_incident = f->day; }
    l->claimed[index] += left;
    struct msa_result *r = ledger_result(l, MSA_LIABILITY, f->day, limit->clause);
    struct str clause = result_clause_name(l->e, limit->clause);
    r->at = f->at;
    r->line = f->line;
    if (f->file < l->e->n_files) { r->file = result_text(l->e->files[f->file]); }
    r->total = most;
    r->amount = left;
    r->open = most == MSA_NONE ? MSA_NONE : most - used - left < 0 ? 0 : most - used - left;
    if (latest < FAR_DATE) { r->last_day = latest; }
    r->standing = result_text(f->text.n ? f->text : STR("incident"));
    struct str why = {0};
    if (made > latest) {
        why = str_printf(a, "%.*s claimed on %.*s; the last day was %.*s", STR_ARG(minor_words(l, claimed)), STR_ARG(date_words(l, made)), STR_ARG(date_words(l, latest)));
    } else if (insured) {
        why = str_printf(a, "%.*s claimed, %.*s of it paid by insurance", STR_ARG(minor_words(l, claimed)), STR_ARG(minor_words(l, insured)));
    } else if (most == MSA_NONE) {
        why = STR("not limited");
    } else if (left < claimed) {
        why = str_printf(a, "%.*s claimed", STR_ARG(minor_words(l, claimed)));
    }
    r->reason = result_text(why);
    r->id = result_text(str_printf(a, "%.*s/limit/%u", STR_ARG(clause), f->sequence + 1));
    result_give(l->e);
}
