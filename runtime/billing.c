/* SPDX-License-Identifier: MIT */
/* Invoices: what the formulas give with what is known on the day, less what was billed (R1: never rewritten, the difference
 * is a line that names its event). Then caps, credits against fees, tax. */
#include "runtime/billing.h"
#include <stdlib.h>

static const struct m_terms no_terms = {.period = PERIOD_MONTH, .period_n = 1, .calendar = NO_REF, .interest = NO_REF, .allocation = ALLOCATE_AS_TOLD};

const struct m_terms *ledger_terms(const struct ledger *l) { return l->m->n_terms ? &l->m->terms[0] : &no_terms; }

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

/* Rows of a rate card are charges of one name and clause: which one, from 0. */
static uint32_t row_of(const struct ledger *l, uint32_t charge)
{
    const struct m_charge *c = &l->m->charge[charge];
    uint32_t n = 0;
    for (uint32_t i = charge; c->part_of != NO_REF && i-- > 0;) {
        const struct m_charge *before = &l->m->charge[i];
        if (before->name != c->name || before->clause != c->clause || before->part_of == NO_REF) { break; }
        n++;
    }
    return n;
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
    if (c && row_of(l, x->charge)) { sb_printf(&id, "/row/%u", row_of(l, x->charge) + 1); }
    if (x->nth) { sb_printf(&id, "/correction/%u", x->nth); }
    r->id = result_text(sb_str(&id));
    l->giving = v;
    result_give(l->e);
    l->giving = NULL;
}

static bool told_at_zero(const struct ledger *l, const struct account *a)
{
    const struct m_charge *c = &l->m->charge[a->charge];
    return c->kind == CHARGE_FEE && (c->trigger == TRIGGER_FACT || a->from.n) && a->sub != SUB_ADJUST && a->stamp;
}

/* Why a line differs from what was billed: the newest fact it may come from. */
static struct str correction_words(struct ledger *l, const struct account *a, int64_t before)
{
    return str_printf(l->arena, "%.*s was billed, %.*s is owed with what is known now", STR_ARG(minor_words(l, before)), STR_ARG(minor_words(l, a->owed)));
}

/* The newest fact that a difference may come from; of several of one instant that of the first kind, the last of it. */
static const struct fact *newest_fact(const struct ledger *l, const struct account *a, instant since, instant horizon)
{
    const struct fact *found = NULL;
    for (size_t i = 0; i < l->news.n; i++) {
        const struct fact *f = l->news.p[i];
        bool news = (f->known >= since && f->known < horizon) || (f->gone >= since && f->gone < horizon);
        if (!news || f->day > a->period.last || !billing_reads(l, a->charge, f->kind)) { continue; }
        bool newer = !found || f->known > found->known;
        if (!newer && f->known == found->known) {
            newer = f->kind != found->kind ? f->kind < found->kind : f->day != found->day ? f->day > found->day : f->sequence > found->sequence;
        }
        if (newer) { found = f; }
    }
    return found;
}

static int by_number(const void *x, const void *y)
{
    const struct account *a = *(const struct account *const *)x, *b = *(const struct account *const *)y;
    if (a->charge != b->charge) { return a->charge < b->charge ? -1 : 1; }
    return (a > b) - (a < b);
}

static void account_lines(struct ledger *l, struct invoice *v, instant horizon, bool draft)
{
    size_t n = l->touched.n;
    struct account **order = ARENA_ARRAY(&l->e->scratch, struct account *, n);
    for (size_t i = 0; i < n; i++) { order[i] = &l->accounts.p[l->touched.p[i]]; }
    if (n) { qsort(order, n, sizeof *order, by_number); } /* by clause as written, then as they came */
    instant since = v->number > 1 || l->invoices.n ? l->last_horizon : NONE;
    for (size_t k = 0; k < n; k++) {
        struct account *a = order[k];
        int64_t diff = a->owed - a->billed;
        if (!diff && (a->lines || !told_at_zero(l, a))) { continue; }
        const struct m_charge *c = &l->m->charge[a->charge];
        struct line x = {.charge = a->charge, .clause = c->clause, .period = a->period, .day = a->day, .amount = diff, .key = a->key, .quantity = a->quantity, .unit = a->unit,
                         .price = a->price, .fact = a->fact, .account = (uint32_t)(a - l->accounts.p), .horizon = horizon, .nth = a->lines};
        if (a->lines) {
            x.what = LINE_CORRECTION;
            x.text = correction_words(l, a, a->billed);
            if (!x.fact) { x.fact = newest_fact(l, a, since, horizon); }
        } else if (a->from.n) {
            x.text = a->from;
        } else if (a->capped_by) {
            x.text = str_printf(l->arena, "%.*s, limited by clause %.*s", STR_ARG(minor_words(l, a->now)), STR_ARG(result_clause_name(l->e, a->capped_by)));
        }
        if (!draft) {
            a->billed = a->owed;
            a->lines++;
        }
        add_line(l, v, x);
    }
    if (draft) { return; }
    for (size_t i = 0; i < n; i++) { order[i]->touched = false; }
    l->touched.n = 0;
    l->news.n = 0;
}

noreturn static void too_large(struct ledger *l, const struct at_hand *h)
{
    ledger_trap(l, h, h->charge->clause, "an amount is larger than 10^15 of the smallest unit of the currency");
}

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
        } else if (x->what != LINE_SETTLEMENT || x->amount > 0) { /* what is returned takes no fee off */
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

/* The invoice with the lines of days on which the tax holds. It has no other end: corrections after the last day of the
 * agreement bear it, too. */
struct invoice tax_lines(struct ledger *l, const struct m_charge *c, const struct invoice *v)
{
    struct invoice of = *v;
    of.lines.p = ARENA_ARRAY(&l->e->scratch, struct line, v->lines.n + 1);
    of.lines.n = 0;
    for (size_t k = 0; k < v->lines.n; k++) {
        date day = v->lines.p[k].day;
        if ((c->first == NONE || day >= c->first) && (c->last == NONE || day <= c->last)) { of.lines.p[of.lines.n++] = v->lines.p[k]; }
    }
    return of;
}

static void taxes(struct ledger *l, struct invoice *v)
{
    for (uint32_t i = 0; i < l->m->n_charge; i++) {
        const struct m_charge *c = &l->m->charge[i];
        if (c->kind != CHARGE_TAX) { continue; }
        struct invoice taxed = tax_lines(l, c, v);
        size_t mark = l->temp.n;
        mpq_ptr amount = ledger_number(l);
        struct at_hand h = {.charge = c, .period = v->period, .nominal = v->period, .day = v->issued, .horizon = NEVER, .time = NONE, .invoice = &taxed};
        int64_t minor = 0;
        if (c->flags & CHARGE_ROUND_LINES) {
            struct invoice one = *v;
            for (size_t k = 0; k < taxed.lines.n; k++) {
                int64_t part = 0;
                one.lines.p = taxed.lines.p + k;
                one.lines.n = 1;
                h.invoice = &one;
                if (formula(l, &h, c->amount, amount) && !exact_minor(&part, amount, l->places, l->rounding)) { too_large(l, &h); }
                add_minor(l, c->clause, &minor, part);
            }
        } else if (formula(l, &h, c->amount, amount) && !exact_minor(&minor, amount, l->places, l->rounding)) {
            too_large(l, &h);
        }
        l->temp.n = mark;
        if (minor && c->flags & CHARGE_INCLUDED) { /* told, and not added */
            v->tax_within += minor;
            add_line(l, v, (struct line){.charge = i, .what = LINE_TAX, .clause = c->clause, .period = v->period, .day = v->issued, .account = NO_REF, .horizon = NEVER,
                                         .text = str_printf(l->arena, "%.*s is within the prices", STR_ARG(minor_words(l, minor)))});
        } else if (minor) {
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
        date after = debt_bears_after(l, late);
        if (after == NO_DATE || after >= day || late->bearing <= 0 || late->accrued.billed) { continue; }
        size_t mark = l->temp.n;
        mpq_ptr sum = ledger_number(l);
        int64_t minor;
        debt_interest(l, late, day, horizon, sum, NULL);
        if (!exact_minor(&minor, sum, l->places, l->rounding)) { ledger_trap(l, NULL, t->interest_clause, "interest is too large"); }
        l->temp.n = mark;
        late->accrued.billed = !draft && late->accrued.done;
        if (minor == late->interest_billed) { continue; }
        add_line(l, v, (struct line){.charge = NO_REF, .what = LINE_INTEREST, .clause = t->interest_clause, .period = {after + 1, day}, .day = day, .amount = minor - late->interest_billed,
                                     .key = late->name, .text = STR("interest"), .account = NO_REF, .debt = (uint32_t)i, .horizon = horizon, .nth = late->n_interest});
        if (!draft) {
            late->interest_billed = minor;
            late->n_interest++;
        }
    }
}

/* ---- invoices ---- */

/* The next date with this day of its month, clamped to its last; `from` itself counts. */
static date next_day(date from, uint32_t day)
{
    struct ymd a = civil_ymd(from);
    int n = civil_days_in_month(a.year, a.month);
    date d = civil_date(a.year, a.month, (int)day < n ? (int)day : n);
    if (d >= from) { return d; }
    date next = civil_date(a.year, a.month, n) + 1;
    a = civil_ymd(next);
    n = civil_days_in_month(a.year, a.month);
    return next + ((int)day < n ? (int)day : n) - 1;
}

static date due_date(struct ledger *l, date issued)
{
    const struct m_terms *t = ledger_terms(l);
    if (!l->m->n_terms || t->due_n == NO_REF) { return NO_DATE; } /* nothing is said about when it is due */
    switch ((enum due_kind)t->due) {
    case DUE_DAYS: return issued + (date)t->due_n;
    case DUE_BUSINESS_DAYS: return calendar_next_business_date(calendars_at(l->e->calendars, t->calendar == NO_REF ? 0 : t->calendar), issued, (int32_t)t->due_n);
    case DUE_DAY_OF_MONTH: {
        date first = next_day(issued, t->due_n), second = t->due_n2 ? next_day(issued, t->due_n2) : first;
        return second < first ? second : first;
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

void billing_report(struct ledger *l)
{
    for (size_t i = 0; i < l->invoices.n; i++) {
        if (l->invoices.p[i].open) { give_invoice(l, &l->invoices.p[i], false); }
    }
}

struct invoice *billing_issue(struct ledger *l, date day, bool last, bool draft)
{
    const struct m_terms *t = ledger_terms(l);
    struct invoice made = {.number = (uint32_t)l->invoices.n + 1, .issued = day, .reminded = NO_DATE, .period = period_of_kind(l, t->period, t->period_n, day)};
    struct day_at at = {day, made.period, last, draft};
    instant horizon = draft ? (l->e->now == NEVER ? NEVER : l->e->now + 1) : day_begin(l, day + 1);
    struct invoice *v = &made;
    billing_learn(l, horizon);
    made.name = str_dup(l->arena, period_words(l, t->period, t->period_n, made.period));
    unsigned same = 0;
    for (size_t i = 0; i < l->invoices.n; i++) { same += l->invoices.p[i].period.first == made.period.first; }
    if (same) { made.name = str_printf(l->arena, "%.*s-%u", STR_ARG(made.name), same + 1); } /* 2027-12-2: the second of its period */
    made.due = due_date(l, day);
    for (int pass = 0; pass < 2; pass++) { /* credits and discounts may be of what the same invoice bills */
        for (uint32_t c = 0; c < l->m->n_charge; c++) {
            const struct m_charge *x = &l->m->charge[c];
            bool of_lines = x->kind == CHARGE_CREDIT || x->kind == CHARGE_DISCOUNT || x->kind == CHARGE_FLOOR;
            if (x->kind != CHARGE_TAX && of_lines == (pass == 1)) { billing_work(l, c, &at, horizon, v); }
        }
    }
    billing_accounts(l, horizon, v);
    account_lines(l, v, horizon, draft);
    right_settle(l, v, day, horizon, last && !l->closed, draft);
    if (last && !l->closed) { balance_settle(l, v, day, horizon); }
    credits_against_fees(l, v, last, draft);
    taxes(l, v);
    for (size_t i = 0; i < v->lines.n; i++) {
        add_minor(l, t->clause, &made.total, v->lines.p[i].amount);
        if (v->lines.p[i].what != LINE_TAX) { made.net += v->lines.p[i].amount; }
    }
    made.net -= made.tax_within;
    size_t n = v->lines.n;
    made.bearing = made.total;
    interest_lines(l, v, day, horizon, draft);
    for (size_t i = n; i < v->lines.n; i++) {
        add_minor(l, t->clause, &made.total, v->lines.p[i].amount);
        made.net += v->lines.p[i].amount;
    }
    made.open = made.total;
    made.interest_open = made.total - made.bearing;
    if (made.interest_open > made.open) { made.interest_open = made.open > 0 ? made.open : 0; }
    if (made.interest_open < 0) { made.interest_open = 0; }
    for (uint32_t i = 0; i < made.lines.n; i++) { give_line(l, v, &made.lines.p[i], i, !draft); }
    if (draft) { return NULL; }
    l->last_horizon = horizon;
    l->paid_since = false;
    if (l->m->n_account) { balance_statement(l, v, day, horizon); }
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
    billing_lapse(l, day);
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
