/* SPDX-License-Identifier: MIT */
/* Amounts in time: prices that rise year by year, what something was before, by how much it changed. */
#include "compiler/charge.h"

static struct amount *broken(struct unit *u, struct span span) { return amount_new(u, EX_CONST, AMOUNT(AMOUNT_ERROR), span); }

static struct amount *wrong(struct unit *u, const struct node *at, const struct amount *is, const char *what, const char *instead)
{
    struct diag *d = diag(u->diags, E0302_TYPE, at->span, "%s", what);
    if (is != NULL) { diag_label(d, at->span, "this is %.*s", STR_ARG(amount_word(u, is->type))); }
    diag_help(d, "%s", instead);
    return broken(u, at->span);
}

/* ---- prices that rise ---- */

/* Months from one rise to the next; the first lies so many days after the agreement takes effect. False after a message. */
static bool rises_on(struct unit *u, const struct node *e, int64_t *months, int64_t *first)
{
    uint32_t period = exact_period(e->number2);
    int64_t n = e->number > 0 ? e->number : 1;
    *months = period == PERIOD_MONTH || period == PERIOD_CONTRACT_MONTH ? n : period == PERIOD_QUARTER ? 3 * n : period == PERIOD_YEAR || period == PERIOD_CONTRACT_YEAR ? 12 * n : 0;
    if (*months == 0 || *months > TERM_MONTHS_MAX) {
        (void)wrong(u, e, NULL, "prices rise after whole months or years", "write `raised by 3% every contract year`, `every year` (on the first of january) or `every 6 months`");
        return false;
    }
    if (u->effective == NONE) {
        struct diag *d = diag(u->diags, E1006_NO_DATE, e->span, "the agreement does not say when it takes effect");
        diag_help(d, "write a line `effective 2026-01-01` in it: rises are counted from that day");
        return false;
    }
    date start = (date)u->effective, on = civil_add_months(start, (int)*months);
    if (period == PERIOD_YEAR) { on = civil_date(civil_ymd(start).year + 1, 1, 1); }
    if (e->kid[3] != NULL) { on = (date)e->kid[3]->number; }
    *first = (int64_t)on - start;
    if (*first >= 0 && *first <= TERM_DAYS_MAX) { return true; }
    (void)wrong(u, e->kid[3] != NULL ? e->kid[3] : e, NULL, "the first rise lies before the agreement takes effect", "write the day of the first rise under this agreement, and the price as it is when it begins");
    return false;
}

struct amount *amount_raised(struct unit *u, const struct amount_scope *sc, const struct node *e)
{
    struct amount *price = amount_check(u, sc, e->kid[0]), *share = amount_check(u, sc, e->kid[1]);
    if (price->type.base == AMOUNT_ERROR || share->type.base == AMOUNT_ERROR) { return broken(u, e->span); }
    if (price->type.base != AMOUNT_MONEY) { return wrong(u, e->kid[0], price, "a price is expected here", "write what rises: `USD 50.00 per seat raised by 3% every contract year`"); }
    if (share->type.base != AMOUNT_NUMBER || share->type.per.n > 0) { return wrong(u, e->kid[1], share, "a price rises by a share of itself", "write a percentage: `3%`, `(larger of cpi, 10%)`, `(cpi + 2%)`"); }
    if (e->kid[1]->kind == N_NUMBER) { return wrong(u, e->kid[1], NULL, "a number without a sign of percentage is the whole price so many times", "write `3%`"); }
    struct amount *step = e->kid[2] != NULL ? amount_want(u, sc, e->kid[2], AMOUNT_MONEY) : amount_const(u, AMOUNT(AMOUNT_MONEY), 0, 1, e->span);
    int64_t months, first;
    if (step->type.base == AMOUNT_ERROR || !rises_on(u, e, &months, &first)) { return broken(u, e->span); }
    struct amount *x = amount_two(u, EX_RAISED, price->type, e->span, price, share);
    x->c = step;
    x->value = (uint32_t)first;
    x->mode = (uint32_t)months * 8 + (e->op == OP_SIMPLE ? 4 : 0) + u->rounding;
    return x;
}

/* ---- what was before ---- */

static bool length_of(struct unit *u, const struct node *e, uint32_t *mode)
{
    bool month = str_eq(e->text, STR("month")), year = str_eq(e->text, STR("year")), week = str_eq(e->text, STR("week")), day = str_eq(e->text, STR("day"));
    int64_t n = e->number / 1000000;
    if ((month || year || week || day) && e->number % 1000000 == 0 && n > 0 && n <= 1000) {
        *mode = month || year ? (uint32_t)n * (year ? 24 : 2) : (uint32_t)n * (week ? 14 : 2) + 1;
        return true;
    }
    (void)wrong(u, e, NULL, "a whole number of days, weeks, months or years is expected here", "write `12 months`");
    return false;
}

static struct amount *before(struct unit *u, struct amount *of, const struct node *length, struct span span)
{
    uint32_t mode;
    if (of->type.base == AMOUNT_ERROR || !length_of(u, length, &mode)) { return broken(u, span); }
    struct amount *x = amount_two(u, EX_BEFORE, of->type, span, of, NULL);
    x->mode = mode;
    return x;
}

struct amount *amount_before(struct unit *u, const struct amount_scope *sc, const struct node *e)
{
    return before(u, amount_check(u, sc, e->kid[0]), e->kid[1], e->span);
}

/* (now - then) / then; without anything before it all of it is new. */
struct amount *amount_over_time(struct unit *u, const struct amount_scope *sc, const struct node *e)
{
    const struct node *of = e->kid[0];
    bool change = str_eq(of->text, STR("change")), rise = str_eq(of->text, STR("rise")), fall = str_eq(of->text, STR("fall"));
    if (of->kind != N_NAME || of->op != OP_OF || !(change || rise || fall)) {
        return wrong(u, e, NULL, "it is not said what of it is taken over that time", "write `change of seats over the last 12 months`, `rise of price over the last 12 months` or `fall of seats over the last 3 months`");
    }
    struct amount *now = amount_check(u, sc, of->kid[0]), *then = before(u, now, e->kid[1], e->span);
    if (now->type.base == AMOUNT_ERROR || then->type.base == AMOUNT_ERROR) { return broken(u, e->span); }
    if (now->type.base == AMOUNT_FLAG) { return wrong(u, of->kid[0], now, "an amount is expected here", "name a quantity, a rate, a series or an amount"); }
    struct amount_type number = AMOUNT(AMOUNT_NUMBER);
    struct amount *zero = amount_const(u, now->type, 0, 1, e->span), *more = amount_two(u, EX_SUB, now->type, e->span, now, then), *less = amount_two(u, EX_SUB, now->type, e->span, then, now);
    struct amount *by = rise ? more : fall ? less : amount_two(u, EX_MAX, now->type, e->span, more, less);
    struct amount *any = amount_two(u, EX_IF, number, e->span, amount_two(u, EX_EQ, AMOUNT(AMOUNT_FLAG), e->span, now, zero), amount_const(u, number, 0, 1, e->span));
    any->c = amount_const(u, number, fall ? 0 : 1, 1, e->span);
    struct amount *x = amount_two(u, EX_IF, number, e->span, amount_two(u, EX_EQ, AMOUNT(AMOUNT_FLAG), e->span, then, zero), any);
    x->c = amount_two(u, EX_DIV, number, e->span, by, then);
    x->text = str_trim(source_text(u->sources, e->span));
    return x;
}

struct amount *amount_changes(struct unit *u, const struct amount_scope *sc, const struct node *e)
{
    bool reduction = str_eq(e->text, STR("reduction")), addition = str_eq(e->text, STR("addition"));
    bool share = str_eq(e->text, STR("change")) || str_eq(e->text, STR("rise")) || str_eq(e->text, STR("fall"));
    if ((!reduction && !addition && !share) || e->n == 0 || e->kid[0]->kind != N_NAME || symbol_find(u, sc->module, SYM_MEASURE, e->text) != NULL || symbol_find(u, sc->module, SYM_AMOUNT, e->text) != NULL) { return NULL; }
    struct amount *of = amount_check(u, sc, e->kid[0]);
    if (of->type.base == AMOUNT_ERROR) { return of; }
    if (share) { return wrong(u, e, NULL, "it is not said over which time", "write `rise of price over the last 12 months`; the units of a period are `reduction of seats`, `addition of seats`"); }
    if (of->op != EX_LEVEL) { return wrong(u, e->kid[0], of, "a quantity is expected here", "declare it: `quantity seats from seats_changed`"); }
    struct amount *x = amount_new(u, EX_CHANGES, of->type, e->span);
    x->ref = of->ref;
    x->mode = addition;
    x->text = str_trim(source_text(u->sources, e->span));
    return x;
}
