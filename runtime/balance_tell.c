/* SPDX-License-Identifier: MIT */
/* Accounts told: what a line drew, what they were refilled with, how they stand, what lapses and who is told. */
#include "runtime/balance.h"
#include "runtime/charge_draw.h"

/* `12 h 30 min` would be another number to read; hours are told as decimals, money as money. */
static struct str much(struct ledger *l, uint32_t account, mpq_srcptr q)
{
    struct str unit = module_str(l->m, l->m->account[account].unit);
    if (l->m->account[account].flags & ACCOUNT_OF_LINES) { return trace_money(l, q); }
    return str_printf(&l->e->scratch, "%.*s%s%.*s", STR_ARG(trace_number(l, q)), unit.n ? " " : "", STR_ARG(unit));
}

static struct str name_of(const struct ledger *l, uint32_t account)
{
    const struct m_account *a = &l->m->account[account];
    return module_str(l->m, a->name);
}

static bool is_free(const struct ledger *l, uint32_t account) { return (l->m->account[account].flags & ACCOUNT_FREE) != 0; }

/* `10 h of 2026-01-05`, `10 h of 2026-02` */
static struct str lot_words(struct ledger *l, const struct lot *x)
{
    const struct m_account_source *s = &l->m->account_source[x->source];
    struct str of = s->kind == LOT_PERIOD ? period_words(l, s->period, s->period_n, x->period) : date_words(l, x->first);
    return str_printf(&l->e->scratch, "%.*s of %.*s", STR_ARG(much(l, x->account, x->amount)), STR_ARG(of));
}

struct str balance_words(struct ledger *l, const struct at_hand *h, const struct balance *b, const struct drawing *d)
{
    struct sb out = {.arena = &l->e->scratch};
    size_t mark = l->temp.n;
    for (uint32_t i = d->first; i < d->first + d->n; i++) {
        const struct movement *v = &b->moves.p[i];
        if (v->kind != MOVED_DRAWN) { continue; }
        if (h->trace) {
            struct str name = is_free(l, v->account) ? STR("what is free") : name_of(l, v->account);
            struct str of = v->lot == NO_REF ? STR("beyond what is there") : lot_words(l, &b->lots.p[v->lot]);
            trace_words(l, h->trace, h->depth, str_printf(&l->e->scratch, "drawn from %.*s, %.*s", STR_ARG(name), STR_ARG(of)), much(l, v->account, v->amount), l->m->account[v->account].place);
        }
        bool said = false;
        mpq_ptr sum = ledger_number(l);
        for (uint32_t k = d->first; k < d->first + d->n; k++) {
            const struct movement *w = &b->moves.p[k];
            if (w->kind != MOVED_DRAWN || w->account != v->account) { continue; }
            said = said || k < i;
            mpq_add(sum, sum, w->amount);
        }
        if (said) { continue; }
        if (out.n) { sb_puts(&out, ", "); }
        struct str what = much(l, v->account, sum);
        if (is_free(l, v->account)) { sb_printf(&out, "%.*s free", STR_ARG(what)); } else { sb_printf(&out, "%.*s drawn from %.*s", STR_ARG(what), STR_ARG(name_of(l, v->account))); }
    }
    l->temp.n = mark;
    return sb_str(&out);
}

void balance_refills(struct ledger *l, struct at_hand *h, void (*each)(void *ctx, const struct drawn *d), void *ctx)
{
    const struct m_charge *c = h->charge;
    const struct balance *b = balance_of(l, c->account, h->day, h->horizon);
    if (b->running) { return; }
    struct at_hand there = *h;
    for (size_t i = 0; i < b->moves.n; i++) {
        const struct movement *v = &b->moves.p[i];
        if (v->kind != MOVED_REFILL || v->account != c->account || v->day < h->period.first || v->day > h->period.last) { continue; }
        size_t mark = l->temp.n;
        mpq_ptr amount = ledger_number(l), units = ledger_number(l);
        mpq_set(units, v->amount);
        there.day = v->day;
        there.units = units;
        if ((c->when == NO_REF || formula_yes(l, &there, c->when)) && charge_priced(l, &there, amount)) {
            charge_except(l, &there, amount);
            charge_bind_each(l, &there, amount);
            if (c->units == NO_REF) { there.units = NULL; }
            struct drawn d = {.sub = v->nth, .day = v->day, .minor = charge_signed_minor(l, &there, amount)};
            charge_describe(l, &there, &d);
            each(ctx, &d);
        }
        l->temp.n = mark;
    }
}

/* ---- what cannot be ---- */

static void check_taken(struct ledger *l, const struct fact *f, uint32_t account, const struct m_account_source *s)
{
    const struct m_account *a = &l->m->account[account];
    size_t mark = l->temp.n;
    mpq_ptr asked = ledger_number(l), got = ledger_number(l);
    instant horizon = f->known > f->at ? f->known : f->at;
    struct at_hand h = {.day = f->day, .period = {f->day, f->day}, .nominal = {f->day, f->day}, .horizon = horizon == NEVER ? NEVER : horizon + 1, .time = NONE, .fact = f, .key = f->key};
    if (formula(l, &h, s->amount, asked)) {
        if (mpq_sgn(asked) < 0) {
            ledger_refuse(l, f, a->clause, name_of(l, account), STR("less than nothing cannot come in or be taken"));
        } else if (s->kind == LOT_TAKEN && !(a->flags & ACCOUNT_MAY_BE_SHORT)) {
            const struct balance *b = balance_of(l, account, f->day, h.horizon);
            for (size_t i = 0; i < b->moves.n; i++) {
                if (b->moves.p[i].account == account && b->moves.p[i].fact == f && b->moves.p[i].kind == MOVED_TAKEN) { mpq_add(got, got, b->moves.p[i].amount); }
            }
            if (mpq_cmp(got, asked) < 0) {
                ledger_refuse(l, f, a->clause, name_of(l, account), str_printf(&l->e->scratch, "%.*s of %.*s is there to be taken, and what is short is not owed", STR_ARG(much(l, account, got)), STR_ARG(much(l, account, asked))));
            }
        }
    }
    l->temp.n = mark;
}

void balance_fact(struct ledger *l, const struct fact *f)
{
    for (uint32_t i = 0; i < l->m->n_account; i++) {
        const struct m_account *a = &l->m->account[i];
        for (uint32_t k = a->sources; k < a->sources + a->n_sources; k++) {
            if (l->m->account_source[k].fact == f->kind) { check_taken(l, f, i, &l->m->account_source[k]); }
        }
    }
}

/* ---- results ---- */

static struct msa_result *result(struct ledger *l, uint32_t account, date day, const char *standing)
{
    const struct m_account *a = &l->m->account[account];
    struct msa_result *r = ledger_result(l, MSA_ACCOUNT, day, a->clause);
    r->charge = result_text(name_of(l, account));
    r->title = result_text(module_str(l->m, a->title));
    r->standing = result_text(str_of(standing));
    r->unit = result_text(module_str(l->m, a->unit));
    return r;
}

/* Is there something to tell of it on days without an invoice? */
static bool has_days(const struct ledger *l, uint32_t account)
{
    const struct m_account *a = &l->m->account[account];
    bool ends = a->expire_months || a->expire_days;
    for (uint32_t i = a->sources; i < a->sources + a->n_sources; i++) { ends = ends || l->m->account_source[i].kind == LOT_PERIOD || l->m->account_source[i].expires != NO_REF; }
    return !(a->flags & ACCOUNT_FREE) && (ends || a->n_notices);
}

/* Whether anything can be new: a fact, a lot that ends, or time that charges by itself. */
static bool is_quiet(const struct ledger *l, uint32_t account, date day)
{
    const struct balance *b = &l->balances[l->account_group[account]];
    return b->valid && !(l->m->account[account].flags & ACCOUNT_OF_LINES) && !l->late.n && b->seen == l->n_facts && b->figures == l->n_figures && b->end == l->end && b->upto < day && b->wake > day;
}

static void tell_lapsed(struct ledger *l, const struct balance *b, uint32_t account, date day)
{
    for (size_t i = 0; i < b->moves.n; i++) {
        const struct movement *v = &b->moves.p[i];
        if (v->account != account || v->kind != MOVED_LAPSED || v->day != day + 1) { continue; }
        struct msa_result *r = result(l, account, day, "lapsed");
        r->at = day_begin(l, day + 1);
        r->quantity = result_text(exact_text(&l->e->scratch, v->amount));
        r->last_day = day;
        r->reason = result_text(str_printf(&l->e->scratch, "%.*s", STR_ARG(lot_words(l, &b->lots.p[v->lot]))));
        r->id = result_text(str_printf(&l->e->scratch, "%.*s/%.*s/lapsed/%.*s/%zu", STR_ARG(result_clause_name(l->e, r->clause)), STR_ARG(name_of(l, account)), STR_ARG(date_words(l, day)), i + 1));
        result_give(l->e);
    }
}

/* How much is used of what was there when something last came in. */
static bool share_used(struct ledger *l, const struct balance *b, uint32_t account, date day, mpq_ptr total, mpq_ptr used, size_t *filling)
{
    bool any = false;
    *filling = 0;
    for (size_t i = 0; i < b->moves.n; i++) {
        const struct movement *v = &b->moves.p[i];
        if (v->account != account || v->day > day) { continue; }
        if (v->kind == MOVED_IN || v->kind == MOVED_REFILL) {
            mpq_set(total, v->balance);
            mpq_set_ui(used, 0, 1);
            *filling += 1;
            any = true;
        } else if (v->kind != MOVED_LAPSED) {
            mpq_add(used, used, v->amount);
        }
    }
    (void)l;
    return any && mpq_sgn(total) > 0;
}

static void tell_used(struct ledger *l, const struct balance *b, uint32_t account, date day)
{
    const struct m_account *a = &l->m->account[account];
    size_t mark = l->temp.n, filling;
    mpq_ptr total = ledger_number(l), used = ledger_number(l), share = ledger_number(l);
    struct at_hand h = {.day = day, .period = {day, day}, .nominal = {day, day}, .horizon = b->horizon, .time = NONE};
    bool any = a->n_notices && share_used(l, b, account, day, total, used, &filling);
    for (uint32_t i = a->notices; any && i < a->notices + a->n_notices; i++) {
        const struct m_account_notice *n = &l->m->account_notice[i];
        if (l->notice_told[i] >= filling || !formula(l, &h, n->share, share)) { continue; }
        struct str percent = trace_number(l, share);
        mpq_mul(share, share, total);
        if (mpq_cmp(used, share) < 0) { continue; }
        l->notice_told[i] = filling;
        mpq_set_ui(share, 100, 1);
        mpq_ptr left = ledger_number(l), of = ledger_number(l);
        (void)formula(l, &h, n->share, of);
        mpq_mul(share, share, of);
        percent = trace_number(l, share);
        mpq_sub(left, total, used);
        struct msa_text to = result_text(module_str(l->m, n->who));
        struct msa_result *r = ledger_result(l, MSA_NOTICE, day, a->clause);
        r->at = day_begin(l, day + 1);
        r->recipients = &to;
        r->n_recipients = 1;
        r->reason = result_text(str_printf(&l->e->scratch, "%.*s%% of %.*s used, %.*s left", STR_ARG(percent), STR_ARG(name_of(l, account)), STR_ARG(much(l, account, left))));
        r->id = result_text(str_printf(&l->e->scratch, "%.*s/%.*s/used/%u/%zu", STR_ARG(result_clause_name(l->e, a->clause)), STR_ARG(name_of(l, account)), i - a->notices + 1, filling));
        result_give(l->e);
    }
    l->temp.n = mark;
}

void balance_day(struct ledger *l, date day)
{
    if (day > l->end) { return; }
    for (uint32_t i = 0; i < l->m->n_account; i++) {
        if (!has_days(l, i) || is_quiet(l, i, day)) { continue; }
        const struct balance *b = balance_of(l, i, day, day_begin(l, day + 1));
        tell_lapsed(l, b, i, day);
        tell_used(l, b, i, day);
    }
}

/* ---- beside an invoice, at the end ---- */

static void add_words(struct ledger *l, struct sb *s, uint32_t account, mpq_srcptr q, const char *word)
{
    if (!mpq_sgn(q)) { return; }
    sb_printf(s, "%s%.*s %s", s->n ? ", " : "", STR_ARG(much(l, account, q)), word);
}

void balance_statement(struct ledger *l, const struct invoice *v, date day, instant horizon)
{
    for (uint32_t i = 0; i < l->m->n_account; i++) {
        if (is_free(l, i)) { continue; }
        const struct balance *b = balance_of(l, i, day, horizon);
        size_t mark = l->temp.n;
        mpq_ptr sum[MOVED_LAPSED + 1], before = ledger_number(l), now = ledger_number(l);
        bool any = false;
        for (size_t k = 0; k < countof(sum); k++) { sum[k] = ledger_number(l); }
        for (size_t k = 0; k < b->moves.n; k++) {
            const struct movement *m = &b->moves.p[k];
            if (m->account != i || m->day > day) { continue; }
            mpq_set(now, m->balance);
            if (m->day <= l->stated) { mpq_set(before, m->balance); continue; }
            mpq_add(sum[m->kind], sum[m->kind], m->amount);
            any = true;
        }
        if (any || mpq_sgn(now)) {
            struct sb s = {.arena = &l->e->scratch};
            add_words(l, &s, i, before, "brought forward");
            add_words(l, &s, i, sum[MOVED_IN], "added");
            add_words(l, &s, i, sum[MOVED_REFILL], "refilled");
            add_words(l, &s, i, sum[MOVED_DRAWN], "drawn");
            add_words(l, &s, i, sum[MOVED_TAKEN], "deducted");
            add_words(l, &s, i, sum[MOVED_LAPSED], "lapsed");
            struct msa_result *r = result(l, i, day, "balance");
            r->quantity = result_text(exact_text(&l->e->scratch, now));
            r->period = r->invoice = result_text(v->name);
            r->note = result_text(sb_str(&s));
            r->id = result_text(str_printf(&l->e->scratch, "%.*s/%.*s/balance/%.*s", STR_ARG(result_clause_name(l->e, r->clause)), STR_ARG(name_of(l, i)), STR_ARG(v->name)));
            result_give(l->e);
        }
        l->temp.n = mark;
    }
    l->stated = day;
}

void balance_settle(struct ledger *l, struct invoice *v, date day, instant horizon)
{
    for (uint32_t i = 0; i < l->m->n_account; i++) {
        const struct m_account *a = &l->m->account[i];
        struct str title = module_str(l->m, a->title ? a->title : a->name);
        struct at_hand h = {.day = day, .period = {day, day}, .nominal = {day, day}, .horizon = horizon, .time = NONE};
        size_t mark = l->temp.n;
        mpq_ptr amount = ledger_number(l);
        int64_t minor = 0;
        if (a->rest != NO_REF && formula(l, &h, a->rest, amount) && !exact_minor(&minor, amount, l->places, l->rounding)) { ledger_trap(l, NULL, a->clause, "what is returned is too large"); }
        l->temp.n = mark;
        if (!minor) { continue; }
        struct line x = {.charge = NO_REF, .what = LINE_SETTLEMENT, .clause = a->clause, .period = {day, day}, .day = day, .amount = minor, .text = str_printf(l->arena, "rest of %.*s", STR_ARG(title)), .account = NO_REF,
                         .horizon = horizon, .exact = a->rest};
        vec_push(&v->lines, l->arena, x);
    }
}

void balance_report(struct ledger *l, date today)
{
    for (uint32_t i = 0; i < l->m->n_account; i++) {
        const struct balance *b = balance_of(l, i, today, l->e->now == NEVER ? NEVER : l->e->now + 1);
        for (size_t k = 0; !b->running && k < b->live.n; k++) {
            const struct lot *x = &b->lots.p[b->live.p[k]];
            if (x->account != i || x->last == FAR_DATE || x->last > l->end || x->first > today) { continue; }
            struct str what = str_printf(&l->e->scratch, "%.*s of %.*s lapse%s%.*s", STR_ARG(much(l, i, x->rest)), STR_ARG(name_of(l, i)), is_free(l, i) ? " that are free: " : ": ", STR_ARG(lot_words(l, x)));
            ledger_deadline(l, l->m->account[i].clause, x->last, what, str_printf(&l->e->scratch, "%.*s/%u", STR_ARG(name_of(l, i)), b->live.p[k] + 1));
        }
    }
}
