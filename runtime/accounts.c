/* SPDX-License-Identifier: MIT */
/* What is owed under each charge: which periods may have changed, what their formulas give now, and what caps leave of it. The
 * invoice bills what is owed here less what was billed. */
#include "runtime/billing.h"
#include <stdlib.h>

/* ---- what may have changed ---- */

bool billing_reads(const struct ledger *l, uint32_t charge, uint32_t kind)
{
    if (kind == NO_REF) { return l->m->charge[charge].trigger != TRIGGER_FACT; } /* a measure's figure */
    return l->reads[(size_t)charge * l->m->n_fact + kind] != 0;
}

/* From the fact's day on, whatever may read it is worked out again. A fact that is a charge's trigger touches that charge; any
 * charge by period may read it, through a quantity, a sum of lines or a count. */
void billing_touch(struct ledger *l, const struct fact *f)
{
    if (debt_rate_reads(l, f->kind)) { debt_rates_changed(l, f->day); }
    for (uint32_t c = 0; c < l->m->n_charge; c++) {
        date from = f->day;
        bool claim = f->kind != NO_REF && l->m->fact[f->kind].role == ROLE_CLAIM && l->m->charge[c].claim_days != NONE;
        if (claim) { from -= (date)l->m->charge[c].claim_days; } /* a period that it can be for ends on that day or later */
        if (l->back_to_first) { from = period_of_kind(l, PERIOD_MONTH, 1, from).first; }
        if (billing_reads(l, c, f->kind) && from < l->dirty[c]) { l->dirty[c] = from; }
    }
}

/* What happened earlier and has become known by now. */
void billing_learn(struct ledger *l, instant horizon)
{
    size_t kept = 0;
    for (size_t i = 0; i < l->late.n; i++) {
        struct fact *f = l->late.p[i];
        if (f->known < horizon) {
            vec_push(&l->news, l->arena, f);
            billing_touch(l, f);
        } else {
            l->late.p[kept++] = f;
        }
    }
    l->late.n = kept;
}

/* ---- accounts ---- */

static uint64_t account_hash(uint32_t charge, date first, uint32_t sub)
{
    uint64_t v[2] = {(uint64_t)charge << 32 | sub, (uint64_t)(uint32_t)first};
    return hash_64((const char *)v, sizeof v);
}

static void account_table(struct ledger *l)
{
    size_t size = l->account_table_size ? l->account_table_size * 2 : 256;
    l->account_table = ARENA_ARRAY(l->arena, uint32_t, size);
    l->account_table_size = size;
    for (size_t i = 0; i < l->accounts.n; i++) {
        const struct account *a = &l->accounts.p[i];
        size_t at = account_hash(a->charge, a->period.first, a->sub) & (size - 1);
        while (l->account_table[at]) { at = (at + 1) & (size - 1); }
        l->account_table[at] = (uint32_t)i + 1;
    }
}

/* Index of an account, which is made where there is none. */
static uint32_t account_at(struct ledger *l, uint32_t charge, struct days period, uint32_t sub)
{
    if ((l->accounts.n + 1) * 2 > l->account_table_size) { account_table(l); }
    size_t mask = l->account_table_size - 1, at = account_hash(charge, period.first, sub) & mask;
    for (; l->account_table[at]; at = (at + 1) & mask) {
        const struct account *a = &l->accounts.p[l->account_table[at] - 1];
        if (a->charge == charge && a->period.first == period.first && a->sub == sub) { return l->account_table[at] - 1; }
    }
    vec_push(&l->accounts, l->arena, ((struct account){.charge = charge, .sub = sub, .period = period, .next = NO_REF}));
    l->account_table[at] = (uint32_t)l->accounts.n;
    return (uint32_t)l->accounts.n - 1;
}

/* The same, in the list of its period, which begins with that of sub 0. */
static struct account *account_of(struct ledger *l, uint32_t charge, struct days period, uint32_t sub)
{
    size_t before = l->accounts.n;
    uint32_t found = account_at(l, charge, period, sub);
    if (sub && before < l->accounts.n) {
        uint32_t head = account_at(l, charge, period, 0);
        l->accounts.p[found].next = l->accounts.p[head].next;
        l->accounts.p[head].next = found;
    }
    return &l->accounts.p[found];
}

static void touch(struct ledger *l, struct account *a)
{
    if (a->touched) { return; }
    a->touched = true;
    vec_push(&l->touched, l->arena, (uint32_t)(a - l->accounts.p));
}

struct working { struct ledger *l; uint32_t charge; struct days period; };

static void changed(struct ledger *l, date day)
{
    if (day < l->changed_from) { l->changed_from = day; }
}

static void take_drawn(void *ctx, const struct drawn *d)
{
    struct working *w = ctx;
    struct ledger *l = w->l;
    struct account *a = account_of(l, w->charge, w->period, d->sub);
    if (a->now != d->minor || !a->stamp) {
        changed(l, d->day);
        touch(l, a);
    }
    a->now = d->minor;
    a->stamp = l->stamp;
    a->day = d->day;
    a->fact = d->fact;
    a->period = w->period;
    if (!a->key.n && d->key.n) { a->key = str_dup(l->arena, d->key); }
    a->quantity = d->quantity.n ? str_dup(l->arena, d->quantity) : (struct str){0};
    a->unit = d->unit;
    a->from = d->from.n ? str_dup(l->arena, d->from) : (struct str){0};
    a->price = d->price.n ? str_dup(l->arena, d->price) : (struct str){0};
}

static void work(struct ledger *l, uint32_t charge, struct days period, instant horizon, const struct invoice *making)
{
    struct working w = {l, charge, period};
    l->stamp++;
    charge_draw(l, charge, period, horizon, making, NULL, take_drawn, &w);
    for (uint32_t i = account_at(l, charge, period, 0); i != NO_REF; i = l->accounts.p[i].next) {
        struct account *a = &l->accounts.p[i];
        if (a->stamp != l->stamp && a->now) {
            changed(l, a->day);
            touch(l, a);
            a->now = 0;
        }
    }
    if (period.last > l->done_to[charge]) { l->done_to[charge] = period.last; }
}

/* ---- what can be billed on a day ---- */

static bool billable(const struct ledger *l, uint32_t charge, struct days p, const struct day_at *at)
{
    const struct m_charge *c = &l->m->charge[charge];
    struct days life = charge_life(l, c);
    date first = p.first > life.first ? p.first : life.first, last = p.last < life.last ? p.last : life.last;
    if (at->last && !(l->closed && c->flags & CHARGE_SURVIVES)) { return first <= (at->day < l->end ? at->day : l->end); }
    switch ((enum charge_trigger)c->trigger) {
    case TRIGGER_EVERY: return c->flags & CHARGE_ADVANCE ? first <= at->period.last : last < at->day;
    case TRIGGER_ACCOUNT:
    case TRIGGER_DATE:
    case TRIGGER_END: return first <= at->day;
    case TRIGGER_FACT:
    case TRIGGER_OVERDUE: break;
    }
    return at->draft ? first <= at->day + 1 : last < at->day;
}

void billing_work(struct ledger *l, uint32_t charge, const struct day_at *at, instant horizon, const struct invoice *making)
{
    const struct m_charge *c = &l->m->charge[charge];
    struct days life = charge_life(l, c), p;
    date d = l->done_to[charge] == NO_DATE ? life.first : l->done_to[charge] + 1;
    if (l->dirty[charge] < d) { d = l->dirty[charge]; }
    if (d < l->start) { d = l->start; }
    bool single = c->trigger == TRIGGER_DATE || c->trigger == TRIGGER_END;
    if (single) {
        date on = c->trigger == TRIGGER_END ? l->end : c->on == NONE ? l->start : (date)c->on;
        if (on == FAR_DATE) { return; }
        if (d < on || c->spread < 2) { d = on; }
    }
    l->dirty[charge] = FAR_DATE;
    for (;;) {
        bool there = charge_period(l, charge, d, &p);
        if (!there && (single || d >= life.first)) {
            /* Beyond its life: what was billed there before is taken back. */
            if (single || d > l->done_to[charge] || c->trigger == TRIGGER_OVERDUE) { return; }
            p = c->trigger == TRIGGER_EVERY ? period_of_kind(l, c->period, c->period_n, d) : p;
            work(l, charge, p, horizon, making);
        } else if (there) {
            if (!billable(l, charge, p, at)) { return; }
            work(l, charge, p, horizon, making);
        }
        if (single && c->spread < 2) { return; }
        if (p.last >= FAR_DATE - 1) { return; }
        d = p.last + 1;
    }
}

/* ---- caps ---- */

static int64_t magnitude(int64_t v) { return v < 0 ? -v : v; }

static bool in_set(const struct module *m, uint32_t lines, uint32_t charge)
{
    const struct m_lines *s = &m->lines[lines];
    for (uint32_t i = 0; i < s->n_charges; i++) {
        if (m->lines_charge[s->charges + i].charge == charge && !m->lines_charge[s->charges + i].less) { return true; }
    }
    return false;
}

/* What earlier lines of the set used up in the same window. */
static int64_t used_before(struct ledger *l, const struct m_cap *cap, const size_t *order, size_t k, struct days w)
{
    const struct account *a = &l->accounts.p[order[k]];
    int64_t used = 0;
    for (size_t i = k; i-- > 0;) { /* backwards in time: a window is left for good */
        const struct account *b = &l->accounts.p[order[i]];
        if (cap->window != WINDOW_ENTITY && b->day < w.first) { break; }
        if (in_set(l->m, cap->lines, b->charge) && (cap->window != WINDOW_ENTITY || str_eq(a->key, b->key))) { used += magnitude(b->owed); }
    }
    return used;
}

/* In the order of days, then as written, then as they came. */
static int in_order(const void *x, const void *y)
{
    const struct account *a = *(const struct account *const *)x, *b = *(const struct account *const *)y;
    if (a->day != b->day) { return a->day < b->day ? -1 : 1; }
    if (a->charge != b->charge) { return a->charge < b->charge ? -1 : 1; }
    return (a->sub > b->sub) - (a->sub < b->sub);
}

static void apply_cap(struct ledger *l, const struct m_cap *cap, const size_t *order, size_t k, instant horizon, const struct invoice *making)
{
    struct account *a = &l->accounts.p[order[k]];
    struct at_hand h = {.period = a->period, .nominal = a->period, .day = a->day, .horizon = horizon, .time = NONE, .key = a->key, .fact = a->fact, .invoice = making};
    struct days w = window_days(l, cap->window, cap->window_n, &h);
    size_t mark = l->temp.n;
    mpq_ptr limit = ledger_number(l);
    int64_t most = 0;
    if (cap->window != WINDOW_PERIOD && cap->window != WINDOW_ENTITY) { h.period = h.nominal = w; }
    if (formula(l, &h, cap->limit, limit) && !exact_minor(&most, limit, l->places, l->rounding)) { most = MINOR_MAX; }
    l->temp.n = mark;
    int64_t room = most - used_before(l, cap, order, k, w);
    if (room < 0) { room = 0; }
    if (magnitude(a->owed) > room) {
        a->owed = a->owed < 0 ? -room : room;
        a->capped_by = cap->clause;
    }
}

/* Line by line, each by all of its caps: what a line takes of a room is what it comes to in the end. */
static void apply_caps(struct ledger *l, date from, instant horizon, const struct invoice *making)
{
    const struct module *m = l->m;
    size_t n = 0, *order = ARENA_ARRAY(&l->e->scratch, size_t, l->accounts.n);
    const struct account **sorted = ARENA_ARRAY(&l->e->scratch, const struct account *, l->accounts.n);
    for (size_t i = 0; m->n_cap && i < l->accounts.n; i++) {
        bool any = false;
        for (uint32_t c = 0; c < m->n_cap && !any; c++) { any = in_set(m, m->cap[c].lines, l->accounts.p[i].charge); }
        if (any && l->accounts.p[i].owed) { sorted[n++] = &l->accounts.p[i]; }
    }
    qsort(sorted, n, sizeof *sorted, in_order);
    for (size_t k = 0; k < n; k++) { order[k] = (size_t)(sorted[k] - l->accounts.p); }
    for (size_t k = 0; k < n; k++) {
        if (l->accounts.p[order[k]].day < from) { continue; }
        for (uint32_t c = 0; c < m->n_cap; c++) {
            if (in_set(m, m->cap[c].lines, l->accounts.p[order[k]].charge)) { apply_cap(l, &m->cap[c], order, k, horizon, making); }
        }
    }
}

/* `largest only`: of the credits that fall into one month, the largest; the first at a tie. */
static void largest_only(struct ledger *l)
{
    for (size_t i = 0; i < l->accounts.n; i++) {
        struct account *a = &l->accounts.p[i];
        if (l->m->charge[a->charge].kind != CHARGE_CREDIT || !a->now) { continue; }
        struct days month = period_of_kind(l, PERIOD_MONTH, 1, a->day);
        for (size_t k = 0; k < l->accounts.n; k++) {
            const struct account *b = &l->accounts.p[k];
            if (k == i || l->m->charge[b->charge].kind != CHARGE_CREDIT || b->day < month.first || b->day > month.last) { continue; }
            if (magnitude(b->now) > magnitude(a->now) || (b->now == a->now && k < i)) { a->owed = 0; }
        }
    }
}

/* The customer said that of the credits of this thing it takes this one: by an event of the thing that means a claim. */
static bool was_chosen(struct ledger *l, const struct account *a, instant horizon)
{
    const struct m_charge *c = &l->m->charge[a->charge];
    for (uint32_t k = 0; k < l->m->n_fact; k++) {
        for (size_t i = 0; l->m->fact[k].role == ROLE_CLAIM && i < l->by_kind[k].n; i++) {
            const struct fact *f = l->by_kind[k].p[i];
            bool named = str_eq(f->text, module_str(l->m, c->name)) || str_eq(f->text, result_clause_name(l->e, c->clause));
            if (named && str_eq(f->key, a->key) && fact_visible(f, horizon)) { return true; }
        }
    }
    return false;
}

struct of_incident { struct account *account; bool chosen; };

/* By the thing, what was chosen first, then the largest, then the earliest. */
static int by_incident(const void *x, const void *y)
{
    const struct of_incident *a = x, *b = y;
    int c = str_cmp(a->account->key, b->account->key);
    if (c) { return c; }
    if (a->chosen != b->chosen) { return a->chosen ? -1 : 1; }
    int64_t m = magnitude(a->account->now), n = magnitude(b->account->now);
    return m != n ? (m > n ? -1 : 1) : in_order(&a->account, &b->account);
}

/* Of the credits for happenings to one thing one counts: the chosen one, else the largest. Those of periods are not among them. */
static void one_of_incident(struct ledger *l, instant horizon)
{
    struct of_incident *x = ARENA_ARRAY(&l->e->scratch, struct of_incident, l->accounts.n + 1);
    bool choice = ledger_terms(l)->combine == COMBINE_CHOSEN_OF_INCIDENT;
    size_t n = 0;
    for (size_t i = 0; i < l->accounts.n; i++) {
        struct account *a = &l->accounts.p[i];
        if (l->m->charge[a->charge].kind != CHARGE_CREDIT || !a->now || !a->fact || !a->key.n) { continue; }
        x[n++] = (struct of_incident){a, choice && was_chosen(l, a, horizon)};
    }
    qsort(x, n, sizeof *x, by_incident);
    for (size_t i = 1; i < n; i++) {
        if (str_eq(x[i].account->key, x[i - 1].account->key)) { x[i].account->owed = 0; }
    }
}

void billing_accounts(struct ledger *l, instant horizon, const struct invoice *making)
{
    date from = l->changed_from;
    if (from < FAR_DATE && ledger_terms(l)->combine == COMBINE_LARGEST) { from = period_of_kind(l, PERIOD_MONTH, 1, from).first; }
    for (uint32_t i = 0; from < FAR_DATE && i < l->m->n_cap; i++) { /* a limit may be a share of what is earned later in its window */
        const struct m_cap *cap = &l->m->cap[i];
        struct at_hand h = {.day = l->changed_from, .period = {l->changed_from, l->changed_from}, .nominal = {l->changed_from, l->changed_from}};
        struct days w = window_days(l, cap->window, cap->window_n, &h);
        date first = cap->window == WINDOW_ENTITY || cap->window == WINDOW_TERM ? l->start : w.first;
        if (first < from) { from = first; }
    }
    bool of_incident = ledger_terms(l)->combine >= COMBINE_LARGEST_OF_INCIDENT;
    if (of_incident && (from < FAR_DATE || ledger_terms(l)->combine == COMBINE_CHOSEN_OF_INCIDENT)) { from = l->start; } /* of whatever month */
    if (!l->m->n_cap && ledger_terms(l)->combine == COMBINE_ADD_UP) { /* each is owed for itself */
        for (size_t i = 0; i < l->touched.n; i++) { l->accounts.p[l->touched.p[i]].owed = l->accounts.p[l->touched.p[i]].now; }
        l->changed_from = FAR_DATE;
        return;
    }
    for (size_t i = 0; i < l->accounts.n; i++) {
        if (l->accounts.p[i].day < from) { continue; }
        l->accounts.p[i].owed = l->accounts.p[i].now;
        l->accounts.p[i].capped_by = 0;
    }
    if (ledger_terms(l)->combine == COMBINE_LARGEST) { largest_only(l); }
    if (of_incident) { one_of_incident(l, horizon); }
    apply_caps(l, from, horizon, making);
    for (size_t i = 0; i < l->accounts.n; i++) {
        if (l->accounts.p[i].owed != l->accounts.p[i].billed) { touch(l, &l->accounts.p[i]); }
    }
    l->changed_from = FAR_DATE;
}
