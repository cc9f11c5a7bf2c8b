/* SPDX-License-Identifier: MIT */
/* Payments, what is overdue, and interest on it. */
#include "runtime/charge_draw.h"

/* ---- payments ---- */

static struct invoice *invoice_named(struct ledger *l, struct str name)
{
    for (size_t i = 0; i < l->invoices.n; i++) {
        if (str_eq(l->invoices.p[i].name, name)) { return &l->invoices.p[i]; }
    }
    return NULL;
}

static void give_payment(struct ledger *l, const struct payment *p, const struct invoice *v, int64_t amount, date day)
{
    struct msa_result *r = ledger_result(l, MSA_PAYMENT, day, ledger_terms(l)->clause);
    r->amount = amount;
    r->invoice = result_text(v ? v->name : (struct str){0});
    r->open = v ? v->open : MSA_NONE;
    r->standing = result_text(v ? (v->open > 0 ? STR("partly paid") : STR("paid")) : STR("received"));
    r->line = p->line;
    if (p->line && p->file < l->e->n_files) { r->file = result_text(l->e->files[p->file]); }
    size_t index = (size_t)(p - l->payments.p) + 1;
    struct str clause = result_clause_name(l->e, r->clause);
    r->id = result_text(v ? str_printf(&l->e->scratch, "%.*s/payment/%zu/%.*s", STR_ARG(clause), index, STR_ARG(v->name))
                          : str_printf(&l->e->scratch, "%.*s/payment/%zu", STR_ARG(clause), index));
    result_give(l->e);
}

static void pay(struct ledger *l, struct payment *p, struct invoice *v, date day)
{
    int64_t amount = p->left < v->open ? p->left : v->open;
    if (amount <= 0) { return; }
    p->left -= amount;
    v->open -= amount;
    l->paid_since = true;
    /* Money that came before the invoice counts from the day of issue. */
    vec_push(&v->paid, l->arena, ((struct allocation_of){day, amount}));
    give_payment(l, p, v, amount, day);
}

static struct invoice *next_to_pay(struct ledger *l, enum allocation how)
{
    struct invoice *found = NULL;
    for (size_t i = 0; i < l->invoices.n; i++) {
        struct invoice *v = &l->invoices.p[i];
        if (v->open <= 0) { continue; }
        if (!found || (how == ALLOCATE_LARGEST ? v->open > found->open : v->due < found->due)) { found = v; }
    }
    return found;
}

/* Sets what has come in and is not used against open invoices: as told, that which the payment names first; then, or by
 * another word, the oldest or the largest. An invoice below zero is money too. */
void debt_allocate(struct ledger *l, date day)
{
    enum allocation how = (enum allocation)ledger_terms(l)->allocation;
    for (size_t i = 0; i < l->invoices.n; i++) {
        struct invoice *v = &l->invoices.p[i];
        if (v->open >= 0) { continue; }
        struct payment p = {.day = day, .amount = -v->open, .left = -v->open, .reference = STR("")};
        v->open = 0;
        vec_push(&l->payments, l->arena, p);
    }
    for (size_t i = 0; i < l->payments.n; i++) {
        struct payment *p = &l->payments.p[i];
        if (!p->left) { continue; }
        struct invoice *named = how == ALLOCATE_AS_TOLD && p->reference.n ? invoice_named(l, p->reference) : NULL;
        if (named) { pay(l, p, named, day); }
        for (struct invoice *v; p->left > 0 && (v = next_to_pay(l, how)) != NULL;) { pay(l, p, v, day); }
    }
}

void debt_check(struct ledger *l, const struct fact *f, uint32_t role)
{
    if (role != ROLE_PAYMENT && role != ROLE_DISPUTE && role != ROLE_INCIDENT) { return; }
    if (!l->m->fact[f->kind].n_values || f->value[0] == NONE) { return; }
    struct at_hand h = {.fact = f};
    int64_t amount = f->value[0] / 1000;
    uint32_t clause = ledger_terms(l)->clause;
    if (amount > MINOR_MAX || amount < -MINOR_MAX) { ledger_trap(l, &h, clause, "an amount is larger than 10^15 of the smallest unit of the currency"); }
    if (role == ROLE_PAYMENT && amount > SUM_MAX - l->received) { ledger_trap(l, &h, clause, "payments together are larger than 10^18 of the smallest unit of the currency"); }
}

void debt_fact(struct ledger *l, const struct fact *f, uint32_t role)
{
    int64_t amount = 0;
    bool has = l->m->fact[f->kind].n_values && f->value[0] != NONE;
    if (has && f->value[0] % 1000) {
        ledger_refuse(l, f, ledger_terms(l)->clause, (struct str){0}, STR("the amount is finer than the smallest unit of the currency, which nobody can pay"));
        return;
    }
    if (has) { amount = f->value[0] / 1000; }
    struct invoice *v = invoice_named(l, f->text);
    if (has && amount < 0) {
        ledger_refuse(l, f, ledger_terms(l)->clause, (struct str){0}, STR("an amount below zero is no payment: money that went back is said by correcting the payment itself"));
        return;
    }
    if (role == ROLE_PAYMENT) {
        struct payment p = {.day = f->day, .at = f->at, .amount = amount, .left = amount, .reference = f->text, .line = f->line, .file = f->file};
        vec_push(&l->payments, l->arena, p);
        l->received += amount;
        give_payment(l, &vec_last(&l->payments), NULL, amount, f->day);
        debt_allocate(l, f->day);
        return;
    }
    if (!v) {
        ledger_refuse(l, f, ledger_terms(l)->clause, (struct str){0}, str_printf(&l->e->scratch, "there is no invoice \"%.*s\" to dispute", STR_ARG(f->text)));
        return;
    }
    if (role == ROLE_SETTLED) {
        v->disputed = 0;
    } else {
        v->disputed = has ? amount : v->total;
    }
}

/* ---- overdue ---- */

static bool is_late(const struct invoice *v, date day) { return v->due != NO_DATE && v->due < day && v->open > 0; }

static int64_t late_amount(const struct invoice *v, bool undisputed)
{
    int64_t open = v->open - (undisputed ? v->disputed : 0);
    return open > 0 ? open : 0;
}

int64_t debt_overdue(const struct ledger *l, date day, bool undisputed)
{
    int64_t sum = 0;
    for (size_t i = 0; i < l->invoices.n; i++) {
        if (is_late(&l->invoices.p[i], day)) { sum += late_amount(&l->invoices.p[i], undisputed); }
    }
    return sum;
}

int64_t debt_days(const struct ledger *l, date day, bool undisputed)
{
    int64_t most = -1;
    for (size_t i = 0; i < l->invoices.n; i++) {
        const struct invoice *v = &l->invoices.p[i];
        if (is_late(v, day) && late_amount(v, undisputed) && (int64_t)day - v->due > most) { most = (int64_t)day - v->due; }
    }
    return most;
}

/* At the end of the day after it was due an invoice with something open is overdue; told once. */
void debt_day(struct ledger *l, date day)
{
    /* Those before it were told, or were paid and will never be late. */
    while (l->first_untold < l->invoices.n && (l->invoices.p[l->first_untold].overdue_told || l->invoices.p[l->first_untold].open <= 0)) { l->first_untold++; }
    for (size_t i = l->first_untold; i < l->invoices.n; i++) {
        struct invoice *v = &l->invoices.p[i];
        if (v->overdue_told || !is_late(v, day)) { continue; }
        v->overdue_told = true;
        for (uint32_t c = 0; c < l->m->n_charge; c++) {
            if (l->m->charge[c].trigger == TRIGGER_OVERDUE && day < l->dirty[c]) { l->dirty[c] = day; }
        }
        struct msa_result *r = ledger_result(l, MSA_STATE, day, ledger_terms(l)->clause);
        r->standing = result_text(STR("overdue"));
        r->invoice = result_text(v->name);
        r->amount = v->open;
        r->payable = v->due;
        r->id = result_text(str_printf(&l->e->scratch, "%.*s/overdue/%.*s", STR_ARG(result_clause_name(l->e, r->clause)), STR_ARG(v->name)));
        result_give(l->e);
    }
}

/* ---- interest ---- */

/* The invoice's sum on a day: what is open at its beginning, so that the day of payment still bears interest. */
static int64_t principal(const struct invoice *v, date day)
{
    int64_t open = v->total;
    for (size_t i = 0; i < v->paid.n; i++) {
        if (v->paid.p[i].day < day) { open -= v->paid.p[i].amount; }
    }
    if (open > v->bearing) { open = v->bearing; }
    return open > 0 ? open : 0;
}

/* That sum, exactly; `on net` the share of it that is no tax. Interest billed with the invoice bears neither. */
static void exact_principal(const struct ledger *l, const struct invoice *v, int64_t open, mpq_ptr share, mpq_ptr out)
{
    exact_from_minor(out, open, l->places);
    if (!(ledger_terms(l)->interest_flags & INTEREST_ON_NET) || !v->bearing) { return; }
    exact_set(share, v->bearing - (v->total - v->net), v->bearing);
    mpq_mul(out, out, share);
}

static int days30(date a, date b)
{
    struct ymd x = civil_ymd(a), y = civil_ymd(b);
    int d1 = x.day > 30 ? 30 : x.day, d2 = y.day > 30 ? 30 : y.day;
    return (y.year - x.year) * 360 + (y.month - x.month) * 30 + d2 - d1;
}

static bool rate_on(struct ledger *l, date day, date due, instant horizon, mpq_ptr out)
{
    const struct m_terms *t = ledger_terms(l);
    struct at_hand h = {.period = {day, day}, .nominal = {day, day}, .day = day, .horizon = horizon, .time = NONE};
    (void)due;
    return formula(l, &h, t->interest, out);
}

/* The last january 1 or july 1 before a day. */
static date half_year(date day)
{
    struct ymd a = civil_ymd(day - 1);
    return civil_date(a.year, a.month >= 7 ? 7 : 1, 1);
}

static bool rate_is_fixed(const struct ledger *l)
{
    const struct m_terms *t = ledger_terms(l);
    for (uint32_t i = 0; i <= t->interest; i++) {
        if (l->m->exact[i].op == EX_SERIES && l->m->exact[i].mode == SERIES_HALF_YEAR) { return true; }
    }
    return false;
}

/* Shares of a year by whole months. */
static void by_months(struct ledger *l, const struct invoice *v, date to, instant horizon, struct accrued *a)
{
    const struct m_terms *t = ledger_terms(l);
    mpq_ptr rate = ledger_number(l), part = ledger_number(l), share = ledger_number(l);
    bool fixed = rate_is_fixed(l);
    int n = to < v->due ? 0 : (int)charge_months_since(v->due, to);
    if (t->days_over == DAYS_STARTED_MONTHS && civil_add_months(v->due, n) < to) { n++; }
    for (; a->months < n; a->months++) { /* each month on what was open when it began */
        int k = a->months;
        date from = civil_add_months(v->due, k) + 1;
        /* A full month counts for what was open through all of it, a started one for what was open when it began. */
        date on = t->days_over == DAYS_FULL_MONTHS ? civil_add_months(v->due, k + 1) : from;
        int64_t p = principal(v, on);
        if (!p || !rate_on(l, fixed ? half_year(v->due) : from, v->due, horizon, rate)) { continue; }
        exact_principal(l, v, p, share, part);
        if (t->compound != COMPOUND_NONE) { mpq_add(part, part, a->added); }
        mpq_mul(part, part, rate);
        if (t->interest_per == PER_YEAR) {
            exact_set(rate, 1, 12);
            mpq_mul(part, part, rate);
        }
        mpq_add(a->sum, a->sum, part);
        if (t->compound != COMPOUND_NONE && (t->compound != COMPOUND_YEAR || (k + 1) % 12 == 0)) { mpq_set(a->added, a->sum); }
    }
}

static void day_share(const struct ledger *l, date day, mpq_ptr out)
{
    struct ymd a = civil_ymd(day);
    switch ((enum days_over)ledger_terms(l)->days_over) {
    case DAYS_360: exact_set(out, 1, 360); break;
    case DAYS_ACTUAL: exact_set(out, 1, civil_leap(a.year) ? 366 : 365); break;
    case DAYS_THIRTIETHS: exact_set(out, days30(day - 1, day), 360); break;
    case DAYS_365: case DAYS_FULL_MONTHS: case DAYS_STARTED_MONTHS: exact_set(out, 1, 365); break;
    }
}

static bool compounds(const struct ledger *l, date due, date day)
{
    int n = day > due ? (int)charge_months_since(due, day) : 0;
    bool whole = n && civil_add_months(due, n) == day;
    switch ((enum compound)ledger_terms(l)->compound) {
    case COMPOUND_NONE: return false;
    case COMPOUND_DAY: return true;
    case COMPOUND_MONTH: return whole;
    case COMPOUND_YEAR: return whole && n % 12 == 0;
    }
    return false;
}

/* In words, cut to the minor unit. */
static int64_t principal_shown(const struct ledger *l, const struct invoice *v, int64_t open)
{
    __extension__ typedef __int128 wide;
    if (!(ledger_terms(l)->interest_flags & INTEREST_ON_NET) || !v->bearing) { return open; }
    return (int64_t)((wide)open * (v->bearing - (v->total - v->net)) / v->bearing);
}

/* Days in a row on one sum at one rate. */
static void say_stretch(struct ledger *l, struct trace *trace, struct days d, int64_t sum, mpq_srcptr rate)
{
    static const char *const over[] = {[DAYS_365] = "365", [DAYS_360] = "360", [DAYS_ACTUAL] = "the days of the year", [DAYS_THIRTIETHS] = "360, each month 30",
                                       [DAYS_FULL_MONTHS] = "months", [DAYS_STARTED_MONTHS] = "months"};
    const struct m_terms *t = ledger_terms(l);
    int64_t n = (int64_t)d.last - d.first + 1;
    mpq_ptr percent = ledger_number(l);
    mpq_set_ui(percent, 100, 1);
    mpq_mul(percent, percent, rate);
    struct str text = str_printf(&l->e->scratch, "on %.*s, %.*s, %lld day%s over %s at %.*s %% a year%s", STR_ARG(minor_words(l, sum)), STR_ARG(days_words(l, d)), (long long)n, n == 1 ? "" : "s",
                                 over[t->days_over], STR_ARG(trace_number(l, percent)), t->compound != COMPOUND_NONE ? ", with interest on interest" : "");
    trace_words(l, trace, 1, text, STR(""), l->m->clause[t->interest_clause].place);
}

static bool has_node(const struct module *m, uint32_t node, enum exact_op op, uint32_t not_mode)
{
    if (node == NO_REF) { return false; }
    const struct m_exact *x = &m->exact[node];
    if (x->op == (uint32_t)op && x->mode != not_mode) { return true; }
    for (uint32_t i = 0; i < x->n_rows; i++) {
        if (has_node(m, m->exact_row[x->rows + i].amount, op, not_mode) || has_node(m, m->exact_row[x->rows + i].flat, op, not_mode)) { return true; }
    }
    return has_node(m, x->a, op, not_mode) || has_node(m, x->b, op, not_mode) || has_node(m, x->c, op, not_mode);
}

/* Whether one rate and one principal make one sum of many days: nothing is rounded or added on the way. */
static bool by_stretches(const struct ledger *l)
{
    const struct m_terms *t = ledger_terms(l);
    if (t->compound != COMPOUND_NONE || t->interest_flags & INTEREST_ROUND_DAY || (t->days_over != DAYS_365 && t->days_over != DAYS_360)) { return false; }
    return !has_node(l->m, t->interest, EX_SERIES, SERIES_HALF_YEAR);
}

/* The last day with the same principal as d, at most `to`. */
static date same_until(const struct invoice *v, date d, date to)
{
    for (size_t i = 0; i < v->paid.n; i++) {
        if (v->paid.p[i].day >= d && v->paid.p[i].day < to) { to = v->paid.p[i].day; }
    }
    return to;
}

/* Adds the days up to `to`. */
static void by_days(struct ledger *l, const struct invoice *v, date to, instant horizon, struct accrued *a, struct trace *trace)
{
    const struct m_terms *t = ledger_terms(l);
    bool fixed = rate_is_fixed(l), long_steps = by_stretches(l);
    mpq_ptr rate = ledger_number(l), share = ledger_number(l), part = ledger_number(l), base = ledger_number(l), cent = ledger_number(l), year = ledger_number(l), last_rate = ledger_number(l);
    exact_from_minor(cent, 1, l->places);
    mpq_set_ui(year, 12, 1);
    date from = a->to + 1, last = from;
    int64_t before = -1;
    for (date d = from; d <= to; d++) {
        int64_t p = principal(v, d);
        if (!p) {
            a->done = true;
            break;
        }
        if (!rate_on(l, fixed ? half_year(v->due) : d, v->due, horizon, rate)) { continue; }
        if (t->interest_per == PER_MONTH) { mpq_mul(rate, rate, year); }
        exact_principal(l, v, p, part, base);
        if (t->compound != COMPOUND_NONE) { mpq_add(base, base, a->added); }
        day_share(l, d, share);
        date first = d;
        if (long_steps) {
            d = same_until(v, d, to);
            exact_set(part, (int64_t)d - first + 1, 1);
            mpq_mul(share, share, part);
        }
        mpq_mul(part, base, rate);
        mpq_mul(part, part, share);
        if (t->interest_flags & INTEREST_ROUND_DAY) { exact_round(part, cent, l->rounding); }
        mpq_add(a->sum, a->sum, part);
        if (!exact_fits(a->sum)) { ledger_trap(l, NULL, t->interest_clause, "interest grows too long a number; round it for each day"); }
        if (compounds(l, v->due, d)) { mpq_set(a->added, a->sum); }
        if (trace && before >= 0 && (p != before || !mpq_equal(rate, last_rate))) {
            say_stretch(l, trace, (struct days){from, first - 1}, principal_shown(l, v, before), last_rate);
            from = first;
        }
        before = p;
        if (trace) { mpq_set(last_rate, rate); }
        last = d;
    }
    if (trace && before >= 0) { say_stretch(l, trace, (struct days){from, last}, principal_shown(l, v, before), last_rate); }
}

static void accrue(struct ledger *l, const struct invoice *v, date to, instant horizon, struct accrued *a, struct trace *trace)
{
    const struct m_terms *t = ledger_terms(l);
    if (to <= a->to) { return; }
    if (t->days_over == DAYS_FULL_MONTHS || t->days_over == DAYS_STARTED_MONTHS) {
        by_months(l, v, to, horizon, a);
    } else {
        by_days(l, v, to, horizon, a, trace);
    }
    a->to = to;
}

/* From the day after due to `to` or the day of the last payment, both in. A day that is over stays as it was worked out: only
 * what becomes known of the rate later makes it anew (debt_rates_changed). */
void debt_interest(struct ledger *l, struct invoice *v, date to, instant horizon, mpq_ptr out, struct trace *trace)
{
    mpq_set_ui(out, 0, 1);
    if (v->due == NO_DATE || to <= v->due) { return; }
    struct accrued own = {.to = v->due}, *a = &v->accrued;
    if (trace || to < a->to) { /* it was asked about: from the first day */
        a = &own;
        mpq_inits(own.sum, own.added, NULL);
    } else if (!a->made) {
        mpq_inits(a->sum, a->added, NULL);
        a->made = true;
        a->to = v->due;
    }
    accrue(l, v, to, horizon, a, trace);
    mpq_set(out, a->sum);
    if (a == &own) { mpq_clears(own.sum, own.added, NULL); }
    if (trace) { trace_words(l, trace, 0, STR("interest before rounding"), trace_money(l, out), l->m->clause[ledger_terms(l)->interest_clause].place); }
}

bool debt_rate_reads(const struct ledger *l, uint32_t fact)
{
    uint32_t rate = ledger_terms(l)->interest;
    if (fact == NO_REF) { return has_node(l->m, rate, EX_MEASURE, UINT32_MAX) || has_node(l->m, rate, EX_PERIODS, UINT32_MAX); }
    return l->reads[(size_t)l->m->n_charge * l->m->n_fact + fact] != 0;
}

void debt_rates_changed(struct ledger *l, date from)
{
    for (size_t i = 0; i < l->invoices.n; i++) {
        struct invoice *v = &l->invoices.p[i];
        if (!v->accrued.made || v->accrued.to < from) { continue; }
        mpq_set_ui(v->accrued.sum, 0, 1);
        mpq_set_ui(v->accrued.added, 0, 1);
        v->accrued.months = 0;
        v->accrued.to = v->due;
        v->accrued.done = v->accrued.billed = false;
    }
}

void debt_close(struct ledger *l)
{
    for (size_t i = 0; i < l->invoices.n; i++) {
        if (l->invoices.p[i].accrued.made) { mpq_clears(l->invoices.p[i].accrued.sum, l->invoices.p[i].accrued.added, NULL); }
    }
}
