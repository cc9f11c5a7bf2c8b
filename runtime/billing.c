/* SPDX-License-Identifier: MIT */
/* Invoices: what the formulas give with what is known on the day, less what was billed (R1: never rewritten, the difference
 * is a line that names its event). Then caps, credits against fees, tax. */
#include "runtime/ledger_state.h"
#include <stdlib.h>
#include <string.h>

static const struct m_terms no_terms = {.period = PERIOD_MONTH, .period_n = 1, .calendar = NO_REF, .interest = NO_REF, .allocation = ALLOCATE_AS_TOLD};

const struct m_terms *ledger_terms(const struct ledger *l) { return l->m->n_terms ? &l->m->terms[0] : &no_terms; }

/* ---- what may have changed ---- */

static bool reads_fact(const struct ledger *l, uint32_t charge, uint32_t kind)
{
    if (kind == NO_REF) { return l->m->charge[charge].trigger != TRIGGER_FACT; } /* a measure's figure */
    return l->reads[(size_t)charge * l->m->n_fact + kind] != 0;
}

/* From the fact's day on, whatever may read it is worked out again. A fact that is a charge's trigger touches that charge; any
 * charge by period may read it, through a quantity, a sum of lines or a count. */
void billing_touch(struct ledger *l, const struct fact *f)
{
    for (uint32_t c = 0; c < l->m->n_charge; c++) {
        date from = f->day;
        bool claim = f->kind != NO_REF && l->m->fact[f->kind].role == ROLE_CLAIM && l->m->charge[c].claim_days != NONE;
        if (claim) { from -= (date)l->m->charge[c].claim_days; } /* a period that it can be for ends on that day or later */
        if (reads_fact(l, c, f->kind) && from < l->dirty[c]) { l->dirty[c] = from; }
    }
}

/* What happened earlier and has become known by now. */
static void learn(struct ledger *l, instant horizon)
{
    size_t kept = 0;
    for (size_t i = 0; i < l->late.n; i++) {
        struct fact *f = l->late.p[i];
        if (f->known < horizon) {
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

static struct account *account_of(struct ledger *l, uint32_t charge, struct days period, uint32_t sub)
{
    if ((l->accounts.n + 1) * 2 > l->account_table_size) { account_table(l); }
    size_t mask = l->account_table_size - 1, at = account_hash(charge, period.first, sub) & mask;
    for (; l->account_table[at]; at = (at + 1) & mask) {
        struct account *a = &l->accounts.p[l->account_table[at] - 1];
        if (a->charge == charge && a->period.first == period.first && a->sub == sub) { return a; }
    }
    vec_push(&l->accounts, l->arena, ((struct account){.charge = charge, .sub = sub, .period = period, .next = l->first_account[charge]}));
    l->account_table[at] = (uint32_t)l->accounts.n;
    l->first_account[charge] = (int32_t)l->accounts.n - 1;
    return &vec_last(&l->accounts);
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
    if (a->now != d->minor || !a->stamp) { changed(l, d->day); }
    a->now = d->minor;
    a->stamp = l->stamp;
    a->day = d->day;
    a->fact = d->fact;
    a->period = w->period;
    if (!a->key.n && d->key.n) { a->key = str_dup(l->arena, d->key); }
    a->quantity = d->quantity.n ? str_dup(l->arena, d->quantity) : (struct str){0};
    a->unit = d->unit;
    a->price = d->price.n ? str_dup(l->arena, d->price) : (struct str){0};
}

static void work(struct ledger *l, uint32_t charge, struct days period, instant horizon, const struct invoice *making)
{
    struct working w = {l, charge, period};
    l->stamp++;
    charge_draw(l, charge, period, horizon, making, NULL, take_drawn, &w);
    for (int32_t i = l->first_account[charge]; i >= 0; i = l->accounts.p[i].next) {
        struct account *a = &l->accounts.p[i];
        if (a->period.first == period.first && a->stamp != l->stamp && a->now) {
            changed(l, a->day);
            a->now = 0;
        }
    }
    if (period.last > l->done_to[charge]) { l->done_to[charge] = period.last; }
}

/* ---- what can be billed on a day ---- */

struct day_at { date day; struct days period; bool last, draft; };

static bool billable(const struct ledger *l, uint32_t charge, struct days p, const struct day_at *at)
{
    const struct m_charge *c = &l->m->charge[charge];
    struct days life = charge_life(l, c);
    date first = p.first > life.first ? p.first : life.first, last = p.last < life.last ? p.last : life.last;
    if (at->last) { return first <= (at->day < l->end ? at->day : l->end); }
    switch ((enum charge_trigger)c->trigger) {
    case TRIGGER_EVERY: return c->flags & CHARGE_ADVANCE ? first <= at->period.last : last < at->day;
    case TRIGGER_DATE:
    case TRIGGER_END: return first <= at->day;
    case TRIGGER_FACT:
    case TRIGGER_OVERDUE: break;
    }
    return at->draft ? first <= at->day + 1 : last < at->day;
}

static void work_charge(struct ledger *l, uint32_t charge, const struct day_at *at, instant horizon, const struct invoice *making)
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
    size_t mark = l->n_temp;
    mpq_ptr limit = ledger_number(l);
    int64_t most = 0;
    if (cap->window != WINDOW_PERIOD && cap->window != WINDOW_ENTITY) { h.period = h.nominal = w; }
    if (formula(l, &h, cap->limit, limit) && !exact_minor(&most, limit, l->places, l->rounding)) { most = MINOR_MAX; }
    l->n_temp = mark;
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

static void settle_accounts(struct ledger *l, instant horizon, const struct invoice *making)
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
    for (size_t i = 0; i < l->accounts.n; i++) {
        if (l->accounts.p[i].day < from) { continue; }
        l->accounts.p[i].owed = l->accounts.p[i].now;
        l->accounts.p[i].capped_by = 0;
    }
    if (ledger_terms(l)->combine == COMBINE_LARGEST) { largest_only(l); }
    apply_caps(l, from, horizon, making);
    l->changed_from = FAR_DATE;
}

/* ---- lines ---- */

static struct line *add_line(struct ledger *l, struct invoice *v, struct line line)
{
    vec_push(&v->lines, l->arena, line);
    return &vec_last(&v->lines);
}

static const char *kind_word(const struct ledger *l, const struct line *x)
{
    static const char *const what[] = {[LINE_CHARGE] = "", [LINE_CORRECTION] = "correction", [LINE_INTEREST] = "interest", [LINE_CARRIED] = "carried", [LINE_TAX] = "tax", [LINE_SETTLEMENT] = "settlement"};
    static const char *const kinds[] = {[CHARGE_FEE] = "fee", [CHARGE_CREDIT] = "credit", [CHARGE_DISCOUNT] = "discount", [CHARGE_TAX] = "tax", [CHARGE_FLOOR] = "fee"};
    return x->what == LINE_CHARGE ? kinds[l->m->charge[x->charge].kind] : what[x->what];
}

static struct str line_period(struct ledger *l, const struct line *x)
{
    if (x->what == LINE_INTEREST) { return days_words(l, x->period); }
    if (x->charge == NO_REF || l->m->charge[x->charge].trigger != TRIGGER_EVERY) { return x->period.first == x->period.last ? date_words(l, x->period.first) : period_words(l, PERIOD_MONTH, 1, x->period); }
    return period_words(l, l->m->charge[x->charge].period, l->m->charge[x->charge].period_n, x->period);
}

static void give_line(struct ledger *l, const struct invoice *v, const struct line *x, uint32_t index, bool final)
{
    const struct m_charge *c = x->charge == NO_REF ? NULL : &l->m->charge[x->charge];
    struct msa_result *r = ledger_result(l, MSA_LINE, v->issued, x->clause);
    struct str clause = result_clause_name(l->e, x->clause), period = line_period(l, x);
    if (x->fact) {
        r->at = x->fact->at;
        r->line = x->fact->line;
        if (x->fact->line && x->fact->file < l->e->n_files) { r->file = result_text(l->e->files[x->fact->file]); }
        if (x->fact->event != NO_REF) { r->cause = result_text(module_str(l->m, l->m->event[x->fact->event].name)); }
        if (x->fact->entity != NO_REF) { r->entity = result_text(module_str(l->m, l->e->kind[x->fact->entity].record->name)); }
    }
    r->key = result_text(x->key);
    if (c && c->entity != NO_REF && !r->entity.n) { r->entity = result_text(module_str(l->m, l->m->entity[c->entity].name)); }
    r->charge = result_text(c ? module_str(l->m, c->name) : x->text);
    r->title = result_text(c ? module_str(l->m, c->title) : (struct str){0});
    r->line_kind = result_text(str_of(kind_word(l, x)));
    r->period = result_text(period);
    r->day = x->day;
    struct days life = c ? charge_life(l, c) : x->period;
    bool beyond = life.first > x->period.last || life.last < x->period.first; /* taken back as a whole */
    r->day_from = beyond || x->period.first > life.first ? x->period.first : life.first;
    r->day_to = beyond || x->period.last < life.last ? x->period.last : life.last;
    r->amount = x->amount;
    r->quantity = result_text(x->quantity);
    r->unit = result_text(x->unit);
    r->price = result_text(x->price);
    r->note = result_text(c ? x->text : (struct str){0});
    r->invoice = result_text(final ? v->name : (struct str){0});
    r->issued = final ? v->issued : NO_DATE;
    r->final = final;
    r->money_ref = index;
    struct sb id = {.arena = &l->e->scratch};
    sb_printf(&id, "%.*s/%.*s/%.*s", STR_ARG(clause), (int)r->charge.n, r->charge.p, STR_ARG(period));
    if (x->key.n) { sb_char(&id, '/'), result_id_part(&id, x->key); }
    if (x->fact) { sb_printf(&id, "/%u", x->fact->sequence + 1); }
    if (x->nth) { sb_printf(&id, "/correction/%u", x->nth); }
    r->id = result_text(sb_str(&id));
    l->giving = v;
    result_give(l->e);
    l->giving = NULL;
}

static bool told_at_zero(const struct ledger *l, const struct account *a)
{
    const struct m_charge *c = &l->m->charge[a->charge];
    return c->kind == CHARGE_FEE && c->trigger == TRIGGER_FACT && a->sub != SUB_ADJUST && a->stamp;
}

/* Why a line differs from what was billed: the newest fact it may come from. */
static struct str correction_words(struct ledger *l, const struct account *a, int64_t before)
{
    return str_printf(l->arena, "%.*s was billed, %.*s is owed with what is known now", STR_ARG(minor_words(l, before)), STR_ARG(minor_words(l, a->owed)));
}

static const struct fact *newest_fact(const struct ledger *l, const struct account *a, instant since, instant horizon)
{
    const struct fact *found = NULL;
    for (uint32_t k = 0; k < l->m->n_fact; k++) {
        if (!reads_fact(l, a->charge, k)) { continue; }
        for (size_t i = l->by_kind[k].n; i-- > 0;) {
            const struct fact *f = l->by_kind[k].p[i];
            bool news = (f->known >= since && f->known < horizon) || (f->gone >= since && f->gone < horizon);
            if (news && f->day <= a->period.last && (!found || f->known > found->known)) { found = f; }
        }
    }
    return found;
}

static void account_lines(struct ledger *l, struct invoice *v, instant horizon, bool draft)
{
    size_t n = l->accounts.n, *order = ARENA_ARRAY(&l->e->scratch, size_t, n);
    size_t used = 0;
    for (uint32_t c = 0; c < l->m->n_charge; c++) { /* by clause as written, then as they came */
        size_t from = used;
        for (int32_t i = l->first_account[c]; i >= 0; i = l->accounts.p[i].next) { order[used++] = (size_t)i; }
        for (size_t a = from, b = used; a + 1 < b; a++, b--) {
            size_t x = order[a];
            order[a] = order[b - 1];
            order[b - 1] = x;
        }
    }
    instant since = v->number > 1 || l->invoices.n ? l->last_horizon : NONE;
    for (size_t k = 0; k < used; k++) {
        struct account *a = &l->accounts.p[order[k]];
        int64_t diff = a->owed - a->billed;
        if (!diff && (a->lines || !told_at_zero(l, a))) { continue; }
        const struct m_charge *c = &l->m->charge[a->charge];
        struct line x = {.charge = a->charge, .clause = c->clause, .period = a->period, .day = a->day, .amount = diff, .key = a->key, .quantity = a->quantity, .unit = a->unit,
                         .price = a->price, .fact = a->fact, .account = (uint32_t)order[k], .horizon = horizon, .nth = a->lines};
        if (a->lines) {
            x.what = LINE_CORRECTION;
            x.text = correction_words(l, a, a->billed);
            if (!x.fact) { x.fact = newest_fact(l, a, since, horizon); }
        } else if (a->capped_by) {
            x.text = str_printf(l->arena, "%.*s, limited by clause %.*s", STR_ARG(minor_words(l, a->now)), STR_ARG(result_clause_name(l->e, a->capped_by)));
        }
        if (!draft) {
            a->billed = a->owed;
            a->lines++;
        }
        add_line(l, v, x);
    }
}

noreturn static void too_large(struct ledger *l, const struct at_hand *h)
{
    ledger_trap(l, h, h->charge->clause, "an amount is larger than 10^15 of the smallest unit of the currency");
}

#define SUM_MAX (1000 * MINOR_MAX)

/* A sum of lines, each within 10^15 (A1), stays far from what 64 bits hold. */
static void add_minor(struct ledger *l, uint32_t clause, int64_t *sum, int64_t more)
{
    *sum += more; /* within 10^18 and 10^15 */
    if (*sum > SUM_MAX || *sum < -SUM_MAX) { ledger_trap(l, NULL, clause, "the sum of an invoice is larger than 10^18 of the smallest unit of the currency"); }
}

/* Service credits never push an invoice below zero unless they are paid out (A5). */
static void credits_against_fees(struct ledger *l, struct invoice *v, bool last, bool draft)
{
    int64_t fees = 0, credits = -l->carried;
    uint32_t leftover = ledger_terms(l)->leftover, clause = ledger_terms(l)->clause;
    for (size_t i = 0; i < v->lines.n; i++) {
        const struct line *x = &v->lines.p[i];
        const struct m_charge *c = x->charge == NO_REF ? NULL : &l->m->charge[x->charge];
        if (c && c->kind == CHARGE_CREDIT) {
            add_minor(l, clause, &credits, x->amount);
            if (c->leftover) { leftover = c->leftover; }
        } else {
            add_minor(l, clause, &fees, x->amount);
        }
    }
    if (l->carried) {
        add_line(l, v, (struct line){.charge = NO_REF, .what = LINE_CARRIED, .clause = clause, .period = {v->issued, v->issued}, .day = v->issued, .amount = -l->carried, .text = STR("carried over"), .account = NO_REF});
    }
    int64_t room = fees > 0 ? fees : 0, over = -credits - room, kept = 0;
    if (over > 0 && !(leftover & UNUSED_PAID_OUT) && !(last && leftover & UNUSED_PAID_OUT_AT_END)) {
        bool lost = last || (leftover & UNUSED_FORFEITED && !(leftover & UNUSED_CARRIES));
        struct str text = lost ? STR("forfeited") : STR("left for the next invoice");
        add_line(l, v, (struct line){.charge = NO_REF, .what = LINE_CARRIED, .clause = clause, .period = {v->issued, v->issued}, .day = v->issued, .amount = over, .text = text, .account = NO_REF, .nth = 1});
        kept = lost ? 0 : over;
    }
    if (!draft) { l->carried = kept; }
}

static void taxes(struct ledger *l, struct invoice *v)
{
    for (uint32_t i = 0; i < l->m->n_charge; i++) {
        const struct m_charge *c = &l->m->charge[i];
        if (c->kind != CHARGE_TAX) { continue; }
        struct days life = charge_life(l, c);
        if (v->issued < life.first || (int64_t)v->issued > (int64_t)life.last + 62) { continue; }
        size_t mark = l->n_temp;
        mpq_ptr amount = ledger_number(l);
        struct at_hand h = {.charge = c, .period = v->period, .nominal = v->period, .day = v->issued, .horizon = NEVER, .time = NONE, .invoice = v};
        int64_t minor = 0;
        if (c->flags & CHARGE_ROUND_LINES) {
            struct invoice one = *v;
            for (size_t k = 0, n = v->lines.n; k < n; k++) {
                int64_t part = 0;
                one.lines.p = v->lines.p + k;
                one.lines.n = 1;
                h.invoice = &one;
                if (formula(l, &h, c->amount, amount) && !exact_minor(&part, amount, l->places, l->rounding)) { too_large(l, &h); }
                add_minor(l, c->clause, &minor, part);
            }
        } else if (formula(l, &h, c->amount, amount) && !exact_minor(&minor, amount, l->places, l->rounding)) {
            too_large(l, &h);
        }
        l->n_temp = mark;
        if (minor) {
            add_line(l, v, (struct line){.charge = i, .what = LINE_TAX, .clause = c->clause, .period = v->period, .day = v->issued, .amount = minor, .account = NO_REF, .horizon = NEVER});
        }
    }
}

static void interest_lines(struct ledger *l, struct invoice *v, date day, instant horizon, bool draft)
{
    const struct m_terms *t = ledger_terms(l);
    if (t->interest == NO_REF) { return; }
    for (size_t i = 0; i < l->invoices.n; i++) {
        struct invoice *late = &l->invoices.p[i];
        if (late->due == NO_DATE || late->due >= day) { continue; }
        size_t mark = l->n_temp;
        mpq_ptr sum = ledger_number(l);
        int64_t minor;
        debt_interest(l, late, day, horizon, sum, NULL);
        if (!exact_minor(&minor, sum, l->places, l->rounding)) { ledger_trap(l, NULL, t->interest_clause, "interest is too large"); }
        l->n_temp = mark;
        if (minor == late->interest_billed) { continue; }
        add_line(l, v, (struct line){.charge = NO_REF, .what = LINE_INTEREST, .clause = t->interest_clause, .period = {late->due + 1, day}, .day = day, .amount = minor - late->interest_billed,
                                     .key = late->name, .text = STR("interest"), .account = NO_REF, .debt = (uint32_t)i, .horizon = horizon, .nth = late->n_interest});
        if (!draft) {
            late->interest_billed = minor;
            late->n_interest++;
        }
    }
}

/* ---- invoices ---- */

static date due_date(struct ledger *l, date issued)
{
    const struct m_terms *t = ledger_terms(l);
    if (!l->m->n_terms || t->due_n == NO_REF) { return NO_DATE; } /* nothing is said about when it is due */
    switch ((enum due_kind)t->due) {
    case DUE_DAYS: return issued + (date)t->due_n;
    case DUE_BUSINESS_DAYS: return calendar_next_business_date(calendars_at(l->e->calendars, t->calendar == NO_REF ? 0 : t->calendar), issued, (int32_t)t->due_n);
    case DUE_DAY_OF_MONTH: {
        struct ymd a = civil_ymd(issued);
        int n = civil_days_in_month(a.year, a.month), day = (int)t->due_n < n ? (int)t->due_n : n;
        date d = civil_date(a.year, a.month, day);
        if (d >= issued) { return d; }
        date next = civil_date(a.year, a.month, n) + 1;
        a = civil_ymd(next);
        n = civil_days_in_month(a.year, a.month);
        return next + ((int)t->due_n < n ? (int)t->due_n : n) - 1;
    }
    }
    return NO_DATE;
}

static void give_invoice(struct ledger *l, const struct invoice *v, bool final)
{
    struct msa_result *r = ledger_result(l, MSA_INVOICE, v->issued, ledger_terms(l)->clause);
    r->invoice = r->period = result_text(v->name);
    r->issued = v->issued;
    r->payable = v->due;
    r->total = v->total;
    r->net = v->net;
    r->open = v->open;
    r->day_from = v->period.first;
    r->day_to = v->period.last;
    r->final = final;
    struct str clause = result_clause_name(l->e, r->clause);
    r->id = result_text(str_printf(&l->e->scratch, "%.*s/invoice/%.*s%s", STR_ARG(clause), STR_ARG(v->name), final ? "" : "/open"));
    result_give(l->e);
}

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
static void lapse(struct ledger *l, date day)
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

void billing_report(struct ledger *l)
{
    for (size_t i = 0; i < l->invoices.n; i++) {
        if (l->invoices.p[i].open) { give_invoice(l, &l->invoices.p[i], false); }
    }
}

struct invoice *billing_issue(struct ledger *l, date day, bool last, bool draft)
{
    const struct m_terms *t = ledger_terms(l);
    struct invoice made = {.number = (uint32_t)l->invoices.n + 1, .issued = day, .period = period_of_kind(l, t->period, t->period_n, day)};
    struct day_at at = {day, made.period, last, draft};
    instant horizon = draft ? (l->e->now == NEVER ? NEVER : l->e->now + 1) : day_begin(l, day + 1);
    struct invoice *v = &made;
    learn(l, horizon);
    made.name = str_dup(l->arena, period_words(l, t->period, t->period_n, made.period));
    unsigned same = 0;
    for (size_t i = 0; i < l->invoices.n; i++) { same += l->invoices.p[i].period.first == made.period.first; }
    if (same) { made.name = str_printf(l->arena, "%.*s-%u", STR_ARG(made.name), same + 1); } /* 2027-12-2: the second of its period */
    made.due = due_date(l, day);
    for (int pass = 0; pass < 2; pass++) { /* credits and discounts may be of what the same invoice bills */
        for (uint32_t c = 0; c < l->m->n_charge; c++) {
            const struct m_charge *x = &l->m->charge[c];
            bool of_lines = x->kind == CHARGE_CREDIT || x->kind == CHARGE_DISCOUNT || x->kind == CHARGE_FLOOR;
            if (x->kind != CHARGE_TAX && of_lines == (pass == 1)) { work_charge(l, c, &at, horizon, v); }
        }
    }
    settle_accounts(l, horizon, v);
    account_lines(l, v, horizon, draft);
    if (last && !l->closed) { right_settle(l, v, day, horizon); }
    credits_against_fees(l, v, last, draft);
    taxes(l, v);
    for (size_t i = 0; i < v->lines.n; i++) {
        add_minor(l, t->clause, &made.total, v->lines.p[i].amount);
        if (v->lines.p[i].what != LINE_TAX) { made.net += v->lines.p[i].amount; }
    }
    size_t n = v->lines.n;
    made.bearing = made.total;
    interest_lines(l, v, day, horizon, draft);
    for (size_t i = n; i < v->lines.n; i++) {
        add_minor(l, t->clause, &made.total, v->lines.p[i].amount);
        made.net += v->lines.p[i].amount;
    }
    made.open = made.total;
    for (uint32_t i = 0; i < made.lines.n; i++) { give_line(l, v, &made.lines.p[i], i, !draft); }
    if (draft) { return NULL; }
    l->last_horizon = horizon;
    l->paid_since = false;
    if (!made.lines.n) { return NULL; }
    vec_push(&l->invoices, l->arena, made);
    v = &vec_last(&l->invoices);
    give_invoice(l, v, true);
    debt_allocate(l, day);
    return v;
}

/* An invoice is issued on the first day of each billing period (later by `issued N days after`), on the first day of the
 * agreement, and when it has ended. */
void billing_day(struct ledger *l, date day)
{
    const struct m_terms *t = ledger_terms(l);
    lapse(l, day);
    if (!l->m->n_charge) {
        l->closed = l->closed || day >= l->end;
        return;
    }
    if (day >= l->end && !l->closed) {
        measures_tell(l->e); /* the figures of periods that the end cuts */
        billing_issue(l, day, true, false);
        right_account(l, day);
        l->closed = true;
        return;
    }
    date from = day - (date)t->issue_after;
    struct days p = period_of_kind(l, t->period, t->period_n, from);
    if (day == l->start || (p.first == from && from > l->start)) { billing_issue(l, day, l->closed, false); }
}

void billing_stopped(struct ledger *l, date from)
{
    for (uint32_t c = 0; c < l->m->n_charge; c++) {
        struct days p;
        date d = from;
        if (l->m->charge[c].trigger == TRIGGER_EVERY) {
            p = period_of_kind(l, l->m->charge[c].period, l->m->charge[c].period_n, from - 1);
            d = p.first;
        }
        if (d < l->dirty[c]) { l->dirty[c] = d; }
    }
}

/* The agreement ends on another day than was thought: what was billed beyond it comes back. */
void billing_ends(struct ledger *l, date end)
{
    date from = (end < l->end ? end : l->end) + 1;
    l->end = end;
    billing_stopped(l, from);
}
