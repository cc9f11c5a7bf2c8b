/* SPDX-License-Identifier: MIT */
/* Leaving: the final account, and what it would be if notice were given. */
#include "runtime/right.h"

/* ---- the final account ---- */

static void settlement(struct ledger *l, date day, uint32_t clause, struct str title, int64_t amount, struct str state)
{
    struct msa_result *r = ledger_result(l, MSA_SETTLEMENT, day, clause);
    r->charge = result_text(title);
    r->standing = result_text(state);
    r->amount = amount;
    r->id = result_text(str_printf(&l->e->scratch, "%.*s/settlement/%.*s", STR_ARG(result_clause_name(l->e, clause)), STR_ARG(title)));
    result_give(l->e);
}

/* What an item is called: its title, or the formula as written. */
static struct str title_of(const struct ledger *l, const struct m_settles *s)
{
    struct str title = module_str(l->m, s->title), formula_text = module_str(l->m, l->m->exact[s->amount].text);
    return title.n ? title : formula_text.n ? formula_text : STR("settlement");
}

/* The items of one clause as of a day. */
static void items(struct ledger *l, struct invoice *v, const struct m_right *r, date day, instant horizon)
{
    for (uint32_t i = 0; r && i < r->n_settles; i++) {
        const struct m_settles *s = &l->m->settles[r->settles + i];
        if (s->kind != SETTLE_AMOUNT) { continue; }
        size_t mark = l->temp.n;
        mpq_ptr amount = ledger_number(l);
        struct at_hand h = ledger_on_day(day, horizon);
        int64_t minor = 0;
        bool due = s->when == NO_REF || formula_yes(l, &h, s->when);
        if (due && formula(l, &h, s->amount, amount) && !exact_minor(&minor, amount, l->places, l->rounding)) { ledger_trap(l, NULL, s->clause, "an item of the final account is too large"); }
        l->temp.n = mark;
        if (!due || !minor) { continue; }
        struct line x = {.charge = NO_REF, .what = LINE_SETTLEMENT, .clause = s->clause, .period = {day, day}, .day = day, .amount = minor, .text = title_of(l, s), .account = NO_REF,
                         .horizon = horizon, .exact = s->amount};
        vec_push(&v->lines, l->arena, x);
    }
}

void right_settle(struct ledger *l, struct invoice *v, date day, instant horizon, bool last, bool draft)
{
    for (size_t i = 0; i < l->partings.n; i++) {
        struct parting *p = &l->partings.p[i];
        if (p->settled || p->last > day || p->last > l->end) { continue; }
        items(l, v, p->right, p->last, horizon);
        p->settled = !draft;
    }
    if (last) { items(l, v, l->ending, day, horizon); }
}

/* The final account: the last invoice, what is unpaid of others, what was paid and not used. */
void right_account(struct ledger *l, date day)
{
    if (!l->invoices.n) { return; }
    const struct invoice *last = &vec_last(&l->invoices);
    uint32_t clause = l->ending ? l->ending->clause : ledger_terms(l)->clause;
    int64_t sum = last->open, unpaid = 0, kept = 0;
    for (size_t i = 0; i + 1 < l->invoices.n; i++) { unpaid += l->invoices.p[i].open; }
    for (size_t i = 0; i < l->payments.n; i++) { kept += l->payments.p[i].left; }
    for (size_t i = 0; i < last->lines.n; i++) {
        const struct line *x = &last->lines.p[i];
        struct str name = x->charge == NO_REF ? x->text : module_str(l->m, l->m->charge[x->charge].name);
        settlement(l, day, x->clause, name, x->amount, STR("item"));
    }
    struct str open = STR("unpaid invoices");
    for (uint32_t i = 0; l->ending && i < l->ending->n_settles; i++) { /* `settles unpaid "Open invoices"` */
        const struct m_settles *x = &l->m->settles[l->ending->settles + i];
        if (x->kind == SETTLE_UNPAID && module_str(l->m, x->title).n) { open = module_str(l->m, x->title); }
    }
    if (unpaid) { settlement(l, day, clause, open, unpaid, STR("item")); }
    if (kept) { settlement(l, day, clause, STR("paid and not used"), -kept, STR("item")); }
    sum = last->total + unpaid - kept - (last->total - last->open);
    settlement(l, day, clause, STR("final account"), sum, sum < 0 ? STR("owed to the customer") : STR("owed by the customer"));
}

/* ---- what if ---- */

enum { FARTHEST_YEARS = 20 }; /* every day until then is worked out */

static bool asked_for(const struct m_right *r, const struct settle_question *q)
{
    unsigned both = RIGHT_CONVENIENCE | RIGHT_CAUSE, wanted = q->reason == MSA_FOR_CONVENIENCE ? RIGHT_CONVENIENCE : RIGHT_CAUSE;
    if (r->kind != RIGHT_TERMINATE || r->n_ends || (q->by != MSA_BY_ANYONE && r->party != (q->by == MSA_BY_PROVIDER ? PARTY_PROVIDER : PARTY_CUSTOMER))) { return false; }
    return q->reason == MSA_FOR_ANY_REASON || r->flags & wanted || !(r->flags & both);
}

/* Why the day asked for cannot be the last one; the first that can is `last`. */
static struct str why_not(struct ledger *l, const struct m_right *r, date asked, date last)
{
    struct arena *a = &l->e->scratch;
    struct str today = date_words(l, l->today), first = date_words(l, last);
    if (r->ends_on) {
        static const char *const of[] = {"day", "week", "month", "quarter", "year", "contract month", "contract year", "term"};
        struct m_right any = *r;
        any.ends_on = 0;
        if (right_notice_ends(l, &any, l->today + (date)r->received, asked) == asked) { return str_printf(a, "it ends on the last day of a %s; the first day from then on is %.*s", of[(r->ends_on - 1) & 7], STR_ARG(first)); }
    }
    if (last == right_not_before(l, r)) {
        struct str after = r->not_before ? str_printf(a, "%u months", r->not_before) : str_printf(a, "%u days", r->not_before_days);
        return str_printf(a, "it ends not before %.*s after the start; the first possible last day is %.*s", STR_ARG(after), STR_ARG(first));
    }
    return str_printf(a, "the notice is %.*s, and it would be given on %.*s; the first possible last day is %.*s", STR_ARG(right_notice_words(l, r)), STR_ARG(today), STR_ARG(first));
}

/* The answer where it is no: as of today, with the first day on which it could be yes. */
static instant no_way(struct ledger *l, uint32_t clause, struct str why, date last)
{
    struct msa_result *x = ledger_result(l, MSA_REFUSED, l->today, clause);
    x->at = l->e->now;
    x->line = 0;
    x->reason = result_text(why);
    x->last_day = last;
    x->standing = result_text(STR("settle"));
    x->id = result_text(str_printf(&l->e->scratch, "%.*s/refused/settle", STR_ARG(result_clause_name(l->e, clause))));
    result_give(l->e);
    return NONE;
}

instant ledger_leave(struct ledger *l, const struct settle_question *q)
{
    const struct m_right *closest = NULL;
    struct str why = {0};
    date first = NO_DATE;
    uint32_t given = NO_REF;
    ledger_begin(l, l->e->now);
    if (q->on > civil_add_months(l->today, 12 * FARTHEST_YEARS)) { return no_way(l, 0, STR("it is more than 20 years ahead"), NO_DATE); }
    /* A term that does not renew has its end from the start; a power can still end it before. */
    if (l->ending || l->end <= q->on) { return no_way(l, l->ending ? l->ending->clause : 0, str_printf(&l->e->scratch, "the agreement ends on %.*s anyway", STR_ARG(date_words(l, l->end))), l->end); }
    bool renews = l->m->agreement[0].term_renews != NONE && !l->no_renewal;
    if (q->on > l->term_last && !renews) { return no_way(l, 0, str_printf(&l->e->scratch, "the term ends on %.*s", STR_ARG(date_words(l, l->term_last))), l->term_last); }
    for (uint32_t i = 0; i < l->m->n_right && given == NO_REF; i++) {
        const struct m_right *r = &l->m->right[i];
        if (!asked_for(r, q)) { continue; }
        date last = right_notice_ends(l, r, l->today + (date)r->received, q->on);
        bool early = l->today < right_notice_from(l, r);
        bool arisen = !early && right_is_there(l, i, l->today, l->e->now + 1);
        if (arisen && last == q->on) { given = i; }
        if (given == NO_REF && (!closest || (arisen && (first == NO_DATE || last < first)))) {
            closest = r;
            first = arisen ? last : NO_DATE;
            why = arisen ? why_not(l, r, q->on, last) : early ? str_printf(&l->e->scratch, "the first day for this notice is %.*s", STR_ARG(date_words(l, right_notice_from(l, r))))
                        : str_printf(&l->e->scratch, "what the clause asks for is not given on %.*s", STR_ARG(date_words(l, l->today)));
        }
    }
    if (given == NO_REF && !closest) { return no_way(l, 0, STR("no clause gives this power"), NO_DATE); }
    if (given == NO_REF) { return no_way(l, closest->clause, why, first); }
    const struct m_right *r = &l->m->right[given];
    l->right[given] = (struct right_state){.phase = RIGHT_NOTICED, .arose = l->right[given].arose, .noticed = l->today, .last_day = q->on, .holds = l->right[given].holds, .in_force = NO_DATE};
    right_tell(l, MSA_RIGHT, r, l->today, "notice", q->on);
    result_give(l->e);
    if (!r->cure) { right_end_on(l, r, q->on); }
    return day_begin(l, q->on + 1);
}

