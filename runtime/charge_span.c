/* SPDX-License-Identifier: MIT */
/* When a charge lives: its periods, its windows, and which facts it reads. */
#include "runtime/charge_draw.h"

/* ---- periods and lives ---- */

int64_t charge_months_since(date a, date b) /* whole months from a to b, b not before a */
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
    struct days life = {l->start, c->flags & CHARGE_SURVIVES ? FAR_DATE : l->end};
    if (c->first != NONE && c->first > life.first) { life.first = (date)c->first; }
    if (c->last != NONE && c->last < life.last) { life.last = (date)c->last; }
    date own = l->charge_end[c - l->m->charge];
    if (own < life.last && !l->whole_term) { life.last = own; }
    return life;
}

/* A single sum is due on one day, or in equal parts month by month from it. */
date charge_once_on(const struct ledger *l, const struct m_charge *c)
{
    return c->trigger == TRIGGER_END ? l->end : c->on == NONE ? l->start : (date)c->on;
}

/* The period in which facts of a charge are taken together. */
struct days charge_fact_period(const struct ledger *l, const struct m_charge *c, date day)
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
            int64_t k = charge_months_since(on, day);
            if (k >= c->spread) { return false; }
            *nominal = (struct days){civil_add_months(on, (int)k), civil_add_months(on, (int)k + 1) - 1};
        } else if (day != on) {
            return false;
        }
        break;
    }
    case TRIGGER_FACT:
    case TRIGGER_OVERDUE:
        *nominal = charge_fact_period(l, c, day);
        break;
    case TRIGGER_ACCOUNT: *nominal = (struct days){day, day}; break;
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
    case WINDOW_BEFORE_FIRST: {
        date first = l->first_incident != NO_DATE && l->first_incident < h->day ? l->first_incident : h->day;
        return (struct days){civil_add_months(first, -(int)n), first - 1};
    }
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

static void read_all_of(struct ledger *l, uint8_t *reads, uint32_t charge)
{
    const uint8_t *of = l->reads + (size_t)charge * l->m->n_fact;
    for (uint32_t k = 0; k < l->m->n_fact; k++) { reads[k] |= of[k]; }
}

/* What is left in an account depends on all that comes in and on all that draw from it and its like. */
static void read_account(struct ledger *l, uint8_t *reads, uint32_t account)
{
    const struct module *m = l->m;
    uint32_t group = l->account_group[account];
    for (uint32_t i = 0; i < m->n_account; i++) {
        const struct m_account *a = &m->account[i];
        for (uint32_t k = a->sources; l->account_group[i] == group && k < a->sources + a->n_sources; k++) {
            if (m->account_source[k].fact != NO_REF) { reads[m->account_source[k].fact] = 1; }
        }
    }
    for (uint32_t i = 0; i < m->n_charge; i++) {
        const struct m_charge *c = &m->charge[i];
        if (c->n_draws && l->account_group[m->charge_draw[c->draws].account] == group) { read_all_of(l, reads, i); }
    }
}

static void read_node(struct ledger *l, uint8_t *reads, uint32_t node)
{
    if (node == NO_REF) { return; }
    const struct m_exact *x = &l->m->exact[node];
    if (x->op == EX_LEVEL) {
        const struct m_quantity *q = &l->m->quantity[x->ref];
        for (uint32_t i = 0; i < q->n_sources; i++) { reads[l->m->quantity_source[q->sources + i].fact] = 1; }
        const uint32_t of[] = {q->minimum, q->may_fall, q->may_rise, q->notice, q->requires};
        for (size_t i = 0; i < countof(of); i++) { read_node(l, reads, of[i]); }
    }
    if (x->op == EX_SERIES && l->m->series[x->ref].fact != NO_REF) { reads[l->m->series[x->ref].fact] = 1; }
    for (uint32_t k = 0; x->op == EX_STATE && k < l->m->n_fact; k++) { /* what is overdue */
        uint32_t role = l->m->fact[k].role;
        reads[k] |= role == ROLE_PAYMENT || role == ROLE_DISPUTE || role == ROLE_SETTLED || role == ROLE_RETURNED;
    }
    if (x->op == EX_EVENTS || x->op == EX_SINCE) { reads[x->ref] = 1; }
    if (x->op == EX_ACCOUNT) { read_account(l, reads, x->ref); }
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
    l->reads = ARENA_ARRAY(l->arena, uint8_t, n + m->n_fact + 1);
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
            if (c->n_draws) { read_account(l, reads, m->charge_draw[c->draws].account); }
            if (c->account != NO_REF) { read_account(l, reads, c->account); }
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
    read_node(l, l->reads + n, ledger_terms(l)->interest);
}
