/* SPDX-License-Identifier: MIT */
/* Limits of liability: what is left of one for a claim. */
#include "runtime/ledger_state.h"

/* What a limit of liability leaves for a claim: claims use it up in order. */
void limit_fact(struct ledger *l, const struct fact *f)
{
    int64_t claimed = l->m->fact[f->kind].n_values && f->value[0] != NONE ? f->value[0] / 1000 : 0;
    const struct m_limit *limit = NULL;
    for (uint32_t i = 0; i < l->m->n_limit; i++) {
        const struct m_limit *x = &l->m->limit[i];
        struct str kind = module_str(l->m, x->kind);
        if (!kind.n && !limit) { limit = x; }
        if (kind.n && str_eq(kind, f->text)) { limit = x; }
    }
    if (!limit) { return; }
    if (claimed && f->value[0] % 1000) {
        ledger_refuse(l, f, limit->clause, (struct str){0}, STR("the amount is finer than the smallest unit of the currency, which nobody can pay"));
        return;
    }
    size_t index = (size_t)(limit - l->m->limit);
    struct msa_result *r;
    struct str clause = result_clause_name(l->e, limit->clause);
    int64_t most = MSA_NONE, left = claimed;
    if (!(limit->flags & LIMIT_NONE)) {
        size_t mark = l->n_temp;
        mpq_ptr v = ledger_number(l);
        date first = l->first_incident == NO_DATE ? f->day : l->first_incident;
        struct at_hand h = ledger_on_day(first, f->at == NEVER ? NEVER : f->at + 1);
        h.fact = f;
        if (!formula(l, &h, limit->amount, v) || !exact_minor(&most, v, l->places, l->rounding)) { most = 0; }
        l->n_temp = mark;
        int64_t room = most - (limit->flags & LIMIT_PER_CLAIM ? 0 : l->claimed[index]);
        if (room < 0) { room = 0; }
        left = claimed < room ? claimed : room;
    }
    if (l->first_incident == NO_DATE) { l->first_incident = f->day; }
    l->claimed[index] += left;
    r = ledger_result(l, MSA_LIABILITY, f->day, limit->clause);
    r->at = f->at;
    r->line = f->line;
    if (f->file < l->e->n_files) { r->file = result_text(l->e->files[f->file]); }
    r->total = most;
    r->amount = left;
    r->open = most == MSA_NONE ? MSA_NONE : most - l->claimed[index];
    r->standing = result_text(f->text.n ? f->text : STR("incident"));
    r->reason = result_text(most == MSA_NONE ? STR("not limited") : left < claimed ? str_printf(&l->e->scratch, "%.*s claimed", STR_ARG(minor_words(l, claimed))) : (struct str){0});
    r->id = result_text(str_printf(&l->e->scratch, "%.*s/limit/%u", STR_ARG(clause), f->sequence + 1));
    result_give(l->e);
}

