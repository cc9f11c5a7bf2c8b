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

static struct msa_result *give_begin(struct ledger *l, const struct payment *p, date day)
{
    struct msa_result *r = ledger_result(l, MSA_PAYMENT, day, ledger_terms(l)->clause);
    if (p->line && p->file < l->e->n_files) { r->file = result_text(l->e->files[p->file]); }
    return r;
}

static void give_payment(struct ledger *l, const struct payment *p, const struct invoice *v, int64_t amount, date day)
{
    struct msa_result *r = give_begin(l, p, day);
    r->amount = amount;
    r->invoice = result_text(v ? v->name : (struct str){0});
    r->open = v ? v->open : MSA_NONE;
    r->standing = result_text(v ? (v->open > 0 ? STR("partly paid") : STR("paid")) : STR("received"));
    r->line = p->line;
    size_t index = (size_t)(p - l->payments.p) + 1;
    struct str clause = result_clause_name(l->e, r->clause);
    r->id = result_text(v ? str_printf(&l->e->scratch, "%.*s/payment/%zu/%.*s", STR_ARG(clause), index, STR_ARG(v->name))
                          : str_printf(&l->e->scratch, "%.*s/payment/%zu", STR_ARG(clause), index));
    result_give(l->e);
}

/* Interest is worked out again from its first day. */
static void accrue_anew(const struct ledger *l, struct invoice *v)
{
    struct accrued *a = &v->accrued;
    if (!a->made) { return; }
    mpq_set_ui(a->sum, 0, 1);
    mpq_set_ui(a->added, 0, 1);
    a->months = 0;
    a->to = debt_bears_after(l, v);
    a->done = a->billed = false;
}

/* What a payment gives to invoices, each once. */
struct gift { uint32_t invoice; int64_t amount; };
typedef VEC(struct gift) gifts;
enum part { PART_ALL, PART_INTEREST, PART_PRINCIPAL };

static int64_t part_open(const struct invoice *v, enum part part)
{
    if (v->open <= 0) { return 0; }
    return part == PART_ALL ? v->open : part == PART_INTEREST ? v->interest_open : v->open - v->interest_open;
}

/* Within an invoice interest is paid before what bears it, unless only the one part is meant. */
static void pay(struct ledger *l, struct payment *p, struct invoice *v, date day, enum part part, gifts *given)
{
    int64_t open = part_open(v, part), amount = p->left < open ? p->left : open;
    if (amount <= 0) { return; }
    int64_t interest = part == PART_PRINCIPAL ? 0 : amount < v->interest_open ? amount : v->interest_open;
    uint32_t invoice = (uint32_t)(v - l->invoices.p);
    p->left -= amount;
    v->open -= amount;
    v->interest_open -= interest;
    l->paid_since = true;
    /* Money that came before the invoice counts from the day of issue. */
    vec_push(&v->paid, l->arena, ((struct allocation_of){day, amount, amount - interest, (uint32_t)(p - l->payments.p)}));
    for (size_t i = 0; i < given->n; i++) {
        if (given->p[i].invoice == invoice) {
            given->p[i].amount += amount;
            return;
        }
    }
    vec_push(given, &l->e->scratch, ((struct gift){invoice, amount}));
}

static struct invoice *next_to_pay(struct ledger *l, enum allocation how, enum part part)
{
    struct invoice *found = NULL;
    for (size_t i = 0; i < l->invoices.n; i++) {
        struct invoice *v = &l->invoices.p[i];
        if (part_open(v, part) <= 0) { continue; }
        if (!found || (how == ALLOCATE_LARGEST ? v->open > found->open : v->due < found->due)) { found = v; }
    }
    return found;
}

static void pay_parts(struct ledger *l, struct payment *p, date day, enum part part, gifts *given)
{
    enum allocation how = (enum allocation)ledger_terms(l)->allocation;
    for (struct invoice *v; p->left > 0 && (v = next_to_pay(l, how, part)) != NULL;) { pay(l, p, v, day, part, given); }
}

/* Sets what has come in and is not used against open invoices: as told, that which the payment names first; then, or by
 * another word, the oldest or the largest; where it is said, the interest of all of them or what bears it before the rest. An
 * invoice below zero is money too. */
void debt_allocate(struct ledger *l, date day)
{
    const struct m_terms *t = ledger_terms(l);
    for (size_t i = 0; i < l->invoices.n; i++) {
        struct invoice *v = &l->invoices.p[i];
        if (v->open >= 0) { continue; }
        struct payment p = {.day = day, .amount = -v->open, .left = -v->open, .reference = STR("")};
        v->open = 0;
        vec_push(&l->payments, l->arena, p);
    }
    for (size_t i = 0; i < l->payments.n; i++) {
        struct payment *p = &l->payments.p[i];
        gifts given = {0};
        if (!p->left) { continue; }
        struct invoice *named = t->allocation == ALLOCATE_AS_TOLD && p->reference.n ? invoice_named(l, p->reference) : NULL;
        if (named && t->parts == PARTS_PRINCIPAL_FIRST) { pay(l, p, named, day, PART_PRINCIPAL, &given); }
        if (named) { pay(l, p, named, day, PART_ALL, &given); }
        if (t->parts != PARTS_BY_INVOICE) { pay_parts(l, p, day, t->parts == PARTS_INTEREST_FIRST ? PART_INTEREST : PART_PRINCIPAL, &given); }
        pay_parts(l, p, day, PART_ALL, &given);
        for (size_t k = 0; k < given.n; k++) { give_payment(l, p, &l->invoices.p[given.p[k].invoice], given.p[k].amount, day); }
    }
}

/* Money that went back, such as a direct debit that the bank returned: the last payment of that amount counts as never made. */
static void take_back(struct ledger *l, const struct fact *f, int64_t amount)
{
    struct payment *p = NULL;
    for (size_t i = 0; i < l->payments.n; i++) {
        struct payment *x = &l->payments.p[i];
        if (x->line && !x->returned && x->amount == amount && (!f->text.n || str_eq(f->text, x->reference))) { p = x; }
    }
    if (!p || amount <= 0) {
        ledger_refuse(l, f, ledger_terms(l)->clause, (struct str){0}, str_printf(&l->e->scratch, "there is no payment of %.*s that could have been returned", STR_ARG(minor_words(l, amount))));
        return;
    }
    uint32_t index = (uint32_t)(p - l->payments.p);
    p->returned = true;
    p->left = 0;
    l->received -= amount;
    l->first_untold = 0;
    for (size_t i = 0; i < l->invoices.n; i++) {
        struct invoice *v = &l->invoices.p[i];
        size_t kept = 0;
        for (size_t k = 0; k < v->paid.n; k++) {
            const struct allocation_of *a = &v->paid.p[k];
            if (a->payment != index) {
                v->paid.p[kept++] = *a;
                continue;
            }
            v->open += a->amount;
            v->interest_open += a->amount - a->principal;
            accrue_anew(l, v);
        }
        v->paid.n = kept;
    }
    l->paid_since = true;
    struct msa_result *r = give_begin(l, p, f->day);
    r->amount = amount;
    r->standing = result_text(STR("returned"));
    r->at = f->at;
    r->line = f->line;
    r->id = result_text(str_printf(&l->e->scratch, "%.*s/payment/%u/returned", STR_ARG(result_clause_name(l->e, r->clause)), index + 1));
    result_give(l->e);
    debt_allocate(l, f->day);
}

void debt_check(struct ledger *l, const struct fact *f, uint32_t role)
{
    if (role != ROLE_PAYMENT && role != ROLE_DISPUTE && role != ROLE_INCIDENT && role != ROLE_RETURNED) { return; }
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
    if (role == ROLE_RETURNED) {
        take_back(l, f, amount);
        return;
    }
    if (!v) {
        ledger_refuse(l, f, ledger_terms(l)->clause, (struct str){0}, str_printf(&l->e->scratch, "there is no invoice \"%.*s\" to %s", STR_ARG(f->text), role == ROLE_REMINDER ? "remind of" : "dispute"));
        return;
    }
    if (role == ROLE_REMINDER) { /* the first counts */
        if (v->reminded == NO_DATE) { v->reminded = f->day; }
        return;
    }
    date latest = debt_dispute_until(l, v);
    if (role == ROLE_DISPUTE && f->day > latest) {
        ledger_refuse(l, f, ledger_terms(l)->clause, (struct str){0}, str_printf(&l->e->scratch, "the last day to dispute invoice %.*s was %.*s", STR_ARG(v->name), STR_ARG(date_words(l, latest))));
        return;
    }
    if (role == ROLE_SETTLED) {
        v->disputed = 0;
    } else {
        v->disputed = has ? amount : v->total;
    }
}

/* ---- overdue ---- */

/* What was open at the end of a day: what was paid later was open then. */
static int64_t open_on(const struct invoice *v, date day)
{
    int64_t open = v->open;
    for (size_t i = v->paid.n; i-- > 0;) { open += v->paid.p[i].day > day ? v->paid.p[i].amount : 0; }
    return open;
}

static bool is_late(const struct invoice *v, date day) { return v->due != NO_DATE && v->due < day && open_on(v, day) > 0; }

static int64_t late_amount(const struct invoice *v, date day, bool undisputed)
{
    int64_t open = open_on(v, day) - (undisputed ? v->disputed : 0);
    return open > 0 ? open : 0;
}

int64_t debt_overdue(const struct ledger *l, date day, bool undisputed)
{
    int64_t sum = 0;
    for (size_t i = 0; i < l->invoices.n; i++) {
        if (is_late(&l->invoices.p[i], day)) { sum += late_amount(&l->invoices.p[i], day, undisputed); }
    }
    return sum;
}

int64_t debt_days(const struct ledger *l, date day, bool undisputed)
{
    int64_t most = -1;
    for (size_t i = 0; i < l->invoices.n; i++) {
        const struct invoice *v = &l->invoices.p[i];
        if (is_late(v, day) && late_amount(v, day, undisputed) && (int64_t)day - v->due > most) { most = (int64_t)day - v->due; }
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
            if (l->m->charge[c].trigger == TRIGGER_OVERDUE && v->due < l->dirty[c]) { l->dirty[c] = v->due + 1; }
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

date debt_bears_after(const struct ledger *l, const struct invoice *v)
{
    if (v->due == NO_DATE || !(ledger_terms(l)->interest_flags & INTEREST_AFTER_REMINDER)) { return v->due; }
    return v->reminded != NO_DATE && v->reminded < v->due ? v->due : v->reminded;
}

date debt_dispute_until(const struct ledger *l, const struct invoice *v)
{
    const struct m_terms *t = ledger_terms(l);
    if (t->dispute == DISPUTE_WITHIN) { return v->issued + (date)t->dispute_n; }
    return t->dispute == DISPUTE_UNTIL_DUE && v->due != NO_DATE ? v->due : FAR_DATE;
}

/* What bears interest on a day: what is open at its beginning, so that the day of payment still does. */
static int64_t principal(const struct invoice *v, date day)
{
    int64_t open = v->bearing;
    for (size_t i = 0; i < v->paid.n; i++) {
        if (v->paid.p[i].day < day) { open -= v->paid.p[i].principal; }
    }
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

/* The last of the days of the year that the rate is taken as of, before a day. */
static date as_of(const struct ledger *l, date day)
{
    uint32_t days = ledger_terms(l)->as_of;
    struct ymd a = civil_ymd(day - 1);
    date best = NO_DATE;
    for (int i = 0; i < 4; i++) {
        uint32_t of = i < 2 ? days & 0xffff : days >> 16;
        if (!of) { continue; }
        date d = civil_date(a.year - i % 2, (int)of / 100, (int)of % 100);
        if (d < day && d > best) { best = d; }
    }
    return best;
}

static bool rate_is_fixed(const struct ledger *l) { return ledger_terms(l)->as_of != 0; }

/* Shares of a year by whole months. */
static void by_months(struct ledger *l, const struct invoice *v, date to, instant horizon, struct accrued *a)
{
    const struct m_terms *t = ledger_terms(l);
    date start = debt_bears_after(l, v);
    mpq_ptr rate = ledger_number(l), part = ledger_number(l), share = ledger_number(l);
    bool fixed = rate_is_fixed(l);
    int n = to < start ? 0 : (int)charge_months_since(start, to);
    if (t->days_over == DAYS_STARTED_MONTHS && civil_add_months(start, n) < to) { n++; }
    for (; a->months < n; a->months++) { /* each month on what was open when it began */
        int k = a->months;
        date from = civil_add_months(start, k) + 1;
        /* A full month counts for what was open through all of it, a started one for what was open when it began. */
        date on = t->days_over == DAYS_FULL_MONTHS ? civil_add_months(start, k + 1) : from;
        int64_t p = principal(v, on);
        if (!p || !rate_on(l, fixed ? as_of(l, v->due) : from, v->due, horizon, rate)) { continue; }
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
    if (has_node(l->m, t->interest, EX_STATE, UINT32_MAX)) { return false; } /* amended: by the day at hand */
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
        if (!rate_on(l, fixed ? as_of(l, v->due) : d, v->due, horizon, rate)) { continue; }
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
        if (compounds(l, debt_bears_after(l, v), d)) { mpq_set(a->added, a->sum); }
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
    date after = debt_bears_after(l, v);
    if (after == NO_DATE || to <= after) { return; }
    struct accrued own = {.to = after}, *a = &v->accrued;
    if (trace || to < a->to) { /* it was asked about: from the first day */
        a = &own;
        mpq_inits(own.sum, own.added, NULL);
    } else if (!a->made) {
        mpq_inits(a->sum, a->added, NULL);
        a->made = true;
        a->to = after;
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
        if (l->invoices.p[i].accrued.to >= from) { accrue_anew(l, &l->invoices.p[i]); }
    }
}

void debt_close(struct ledger *l)
{
    for (size_t i = 0; i < l->invoices.n; i++) {
        if (l->invoices.p[i].accrued.made) { mpq_clears(l->invoices.p[i].accrued.sum, l->invoices.p[i].accrued.added, NULL); }
    }
}
