/* SPDX-License-Identifier: MIT */
/* Amount expressions: types with units, and formulas that the ledger works out exactly. What reads only the event and its
 * entity is left to the handler where it is no arithmetic (amount_name.c): the machine cuts, the ledger does not. */
#include "compiler/charge.h"
#include "compiler/money.h"
#include <stdlib.h>

struct amount *amount_new(struct unit *u, enum exact_op op, struct amount_type t, struct span span)
{
    struct amount *x = ARENA_NEW(u->arena, struct amount);
    *x = (struct amount){ .op = (uint8_t)op, .type = t, .span = span, .index = NO_REF };
    return x;
}

static struct amount *broken(struct unit *u, struct span span) { return amount_new(u, EX_CONST, AMOUNT(AMOUNT_ERROR), span); }

struct amount *amount_two(struct unit *u, enum exact_op op, struct amount_type t, struct span span, struct amount *a, struct amount *b)
{
    bool bad = a->type.base == AMOUNT_ERROR || (b != NULL && b->type.base == AMOUNT_ERROR);
    struct amount *x = amount_new(u, op, bad ? AMOUNT(AMOUNT_ERROR) : t, span);
    x->a = a;
    x->b = b;
    return x;
}

struct amount *amount_const(struct unit *u, struct amount_type t, int64_t number, int64_t per, struct span span)
{
    struct amount *x = amount_new(u, EX_CONST, t, span);
    x->number = number;
    x->per = per;
    return x;
}

struct amount *amount_all(struct unit *u, struct amount *a, struct amount *b)
{
    if (a == NULL) { return b; }
    return b == NULL ? a : amount_two(u, EX_AND, AMOUNT(AMOUNT_FLAG), span_join(a->span, b->span), a, b);
}

bool amount_reads(const struct amount *a, enum exact_op op)
{
    if (a == NULL) { return false; }
    if (a->op == op || amount_reads(a->a, op) || amount_reads(a->b, op) || amount_reads(a->c, op)) { return true; }
    for (uint32_t i = 0; i < a->n_rows; i++) {
        if (amount_reads(a->row[i].amount, op) || amount_reads(a->row[i].flat, op)) { return true; }
    }
    return false;
}

struct str amount_word(struct unit *u, struct amount_type t)
{
    struct str what = STR("something else"), per = str_eq(t.per, STR("h")) ? STR("hour") : t.per;
    switch ((enum amount_base)t.base) {
    case AMOUNT_NUMBER: what = STR("a number"); break;
    case AMOUNT_TIME: what = STR("a length of time"); break;
    case AMOUNT_UNIT: what = str_printf(u->arena, "a number of `%.*s`", STR_ARG(t.unit)); break;
    case AMOUNT_MONEY: what = STR("an amount of money"); break;
    case AMOUNT_FLAG: what = STR("yes or no"); break;
    case AMOUNT_ERROR: break;
    }
    return per.n == 0 ? what : str_printf(u->arena, "%.*s per %.*s", STR_ARG(what), STR_ARG(per));
}

uint32_t exact_period(int64_t op)
{
    switch (op) {
    case OP_DAY: return PERIOD_DAY;
    case OP_WEEK: return PERIOD_WEEK;
    case OP_QUARTER: return PERIOD_QUARTER;
    case OP_YEAR: return PERIOD_YEAR;
    case OP_CONTRACT_MONTH: return PERIOD_CONTRACT_MONTH;
    case OP_CONTRACT_YEAR: return PERIOD_CONTRACT_YEAR;
    case OP_TERM_PERIOD: return PERIOD_ALL;
    default: return PERIOD_MONTH;
    }
}

/* ---- literals ---- */

struct amount *amount_literal(struct unit *u, const struct node *e)
{
    switch ((enum node_kind)e->kind) {
    case N_NUMBER: return amount_const(u, AMOUNT(AMOUNT_NUMBER), e->number, 1000000, e->span);
    case N_PERCENT: return amount_const(u, AMOUNT(AMOUNT_NUMBER), e->number, 100000000, e->span);
    case N_YESNO: return amount_const(u, AMOUNT(AMOUNT_FLAG), e->number, 1, e->span);
    case N_COUNTED:
        if (e->number2 == NONE) {
            struct diag *d = diag(u->diags, E0306_NOT_A_LENGTH, e->span, "`%.*s` moves a date and is not an exact length of time", STR_ARG(source_text(u->sources, e->span)));
            diag_help(d, "for an exact length write hours, such as `24 h`");
            return broken(u, e->span);
        }
        return amount_const(u, AMOUNT(AMOUNT_TIME), e->number2, HOUR_US, e->span);
    case N_MONEY: {
        if (!currency_check(u, e)) { return broken(u, e->span); }
        struct amount *x = amount_const(u, AMOUNT(AMOUNT_MONEY), e->number, 1000000, e->span);
        x->decimal = money_decimal(u, e);
        return x;
    }
    default: return NULL;
    }
}

/* ---- arithmetic ---- */

static bool same_type(struct amount_type a, struct amount_type b)
{
    if (a.base == AMOUNT_ERROR || b.base == AMOUNT_ERROR) { return true; }
    return a.base == b.base && str_eq(a.per, b.per) && (a.base != AMOUNT_UNIT || str_eq(a.unit, b.unit));
}

/* A bare number beside a count takes its unit: `seats - 20`. */
static void take_unit(struct amount *a, struct amount *b)
{
    if (a->type.base == AMOUNT_UNIT && b->type.base == AMOUNT_NUMBER && b->type.per.n == 0) { b->type = a->type; }
    if (b->type.base == AMOUNT_UNIT && a->type.base == AMOUNT_NUMBER && a->type.per.n == 0) { a->type = b->type; }
}

static struct amount *do_not_fit(struct unit *u, struct span span, const char *verb, struct amount *a, struct amount *b)
{
    if (a->type.base == AMOUNT_ERROR || b->type.base == AMOUNT_ERROR) { return broken(u, span); }
    struct diag *d = diag(u->diags, E0313_UNITS, span, "these cannot be %s", verb);
    diag_label(d, a->span, "this is %.*s", STR_ARG(amount_word(u, a->type)));
    diag_label(d, b->span, "this is %.*s", STR_ARG(amount_word(u, b->type)));
    struct amount_type sum = a->type.base == AMOUNT_TIME ? b->type : a->type;
    bool timed = a->type.base == AMOUNT_TIME || b->type.base == AMOUNT_TIME;
    if (timed && sum.base == AMOUNT_MONEY && sum.per.n == 0 && str_eq(str_of(verb), STR("multiplied"))) { diag_help(d, "say what an hour of it costs: `USD 80.00 per hour`"); }
    return broken(u, span);
}

static bool is_plain_number(struct amount_type t) { return t.base == AMOUNT_NUMBER && t.per.n == 0; }

/* `rate` is so much per unit: does `of` count that unit? */
static bool cancels(struct amount_type rate, const struct amount *of)
{
    if (rate.per.n == 0 || of->type.per.n > 0) { return false; }
    if (of->type.base == AMOUNT_TIME) { return str_eq(rate.per, STR("h")); }
    if (of->type.base == AMOUNT_UNIT) { return str_eq(rate.per, of->type.unit); }
    if (of->type.base != AMOUNT_NUMBER || of->op != EX_FACT) { return false; }
    /* A field of the event whose name is the unit: `km` times `EUR 0.50 per km`. */
    return str_eq(rate.per, of->text) || (str_starts(of->text, rate.per) && of->text.n == rate.per.n + 1 && of->text.p[rate.per.n] == 's');
}

struct amount *amount_product(struct unit *u, struct span span, struct amount *a, struct amount *b)
{
    struct amount_type t = AMOUNT(AMOUNT_ERROR);
    if (is_plain_number(a->type) && !cancels(b->type, a)) { t = b->type; }
    else if (is_plain_number(b->type) && !cancels(a->type, b)) { t = a->type; }
    else if (cancels(a->type, b)) { t = a->type; t.per = STR(""); }
    else if (cancels(b->type, a)) { t = b->type; t.per = STR(""); }
    if (t.base == AMOUNT_ERROR || t.base == AMOUNT_FLAG) { return do_not_fit(u, span, "multiplied", a, b); }
    return amount_two(u, EX_MUL, t, span, a, b);
}

static struct amount *quotient(struct unit *u, struct span span, struct amount *a, struct amount *b)
{
    if (is_plain_number(b->type) && a->type.base != AMOUNT_FLAG) { return amount_two(u, EX_DIV, a->type, span, a, b); }
    if (same_type(a->type, b->type) && a->type.base != AMOUNT_FLAG) { return amount_two(u, EX_DIV, AMOUNT(AMOUNT_NUMBER), span, a, b); }
    struct amount_type t = a->type;
    if (t.per.n == 0 && b->type.per.n == 0 && b->type.base == AMOUNT_TIME) { t.per = STR("h"); return amount_two(u, EX_DIV, t, span, a, b); }
    if (t.per.n == 0 && b->type.per.n == 0 && b->type.base == AMOUNT_UNIT) { t.per = b->type.unit; return amount_two(u, EX_DIV, t, span, a, b); }
    return do_not_fit(u, span, "divided", a, b);
}

static struct amount *arith(struct unit *u, const struct amount_scope *sc, const struct node *e)
{
    struct type leaf = amount_leaf_type(u, sc, e->kid[0]);
    if (leaf.vt == VT_INSTANT || leaf.vt == VT_DATE) { return amount_of_fact(u, sc, e, TYPE(VT_FREE)); }
    struct amount *a = amount_check(u, sc, e->kid[0]), *b = amount_check(u, sc, e->kid[1]);
    if (a->type.base == AMOUNT_ERROR || b->type.base == AMOUNT_ERROR) { return broken(u, e->span); }
    if (e->op == OP_DIVIDED_BY && e->kid[1]->kind == N_PERSTEP) { /* read aloud it is the quotient for each step, and steps can be none */
        struct str dividend = source_text(u->sources, e->kid[0]->span), divisor = source_text(u->sources, e->kid[1]->kid[0]->span);
        struct diag *d = diag(u->diags, E0313_UNITS, e->span, "a number of steps is divided by here, and there may be none");
        diag_help(d, "put what each step is worth in brackets: `(%.*s / %.*s) per …`", STR_ARG(dividend), STR_ARG(divisor));
        return broken(u, e->span);
    }
    if (e->op == OP_TIMES) { return amount_product(u, e->span, a, b); }
    if (e->op == OP_DIVIDED_BY) { return quotient(u, e->span, a, b); }
    take_unit(a, b);
    bool add = e->op == OP_PLUS;
    if (!same_type(a->type, b->type) || a->type.base == AMOUNT_FLAG) { return do_not_fit(u, e->span, add ? "added" : "subtracted", a, b); }
    return amount_two(u, add ? EX_ADD : EX_SUB, a->type, e->span, a, b);
}

/* ---- so much per … ---- */

static struct amount *scaled(struct unit *u, struct amount *a, int64_t times, int64_t by)
{
    return amount_two(u, EX_MUL, a->type, a->span, a, amount_const(u, AMOUNT(AMOUNT_NUMBER), times, by, a->span));
}

static struct amount *per(struct unit *u, const struct amount_scope *sc, const struct node *e)
{
    struct amount *a = amount_check(u, sc, e->kid[0]);
    if (a->type.base == AMOUNT_ERROR) { return a; }
    if (a->type.per.n > 0 || a->type.base == AMOUNT_FLAG) {
        struct diag *d = diag(u->diags, E0313_UNITS, e->span, "this is so much `per` already");
        diag_label(d, a->span, "this is %.*s", STR_ARG(amount_word(u, a->type)));
        return broken(u, e->span);
    }
    struct str unit = e->text;
    bool minute = str_eq(unit, STR("min")), day = str_eq(unit, STR("day")), hour = str_eq(unit, STR("h")) || str_eq(unit, STR("hour"));
    if (minute) { a = scaled(u, a, 60, 1); }
    if (day) { a = scaled(u, a, 1, 24); }
    struct amount *x = ARENA_NEW(u->arena, struct amount);
    *x = *a;
    x->span = e->span;
    x->type.per = minute || day || hour ? STR("h") : amount_unit(u, unit);
    return x;
}

static struct amount *percent_of(struct unit *u, const struct amount_scope *sc, const struct node *e)
{
    struct amount *share = amount_check(u, sc, e->kid[0]), *of = amount_check(u, sc, e->kid[1]);
    if (of->type.base == AMOUNT_ERROR) { return broken(u, e->span); }
    if (of->type.base == AMOUNT_FLAG) { return do_not_fit(u, e->span, "multiplied", share, of); }
    return amount_two(u, EX_MUL, of->type, e->span, share, of);
}

static struct amount *per_step(struct unit *u, const struct amount_scope *sc, const struct node *e)
{
    struct amount *a = amount_check(u, sc, e->kid[0]), *step = amount_check(u, sc, e->kid[1]);
    struct amount *q = e->n > 2 && e->kid[2] != NULL ? amount_check(u, sc, e->kid[2]) : NULL;
    if (q == NULL && sc->units.n > 0) { q = amount_new(u, EX_UNITS, sc->units_type, e->span); }
    if (q == NULL) { return broken(u, e->span); }
    take_unit(step, q);
    if (!same_type(step->type, q->type)) { return do_not_fit(u, e->span, "counted in such steps", q, step); }
    /* Points of a share are points of percentage: its limit is a percentage, and 2 points are 2 %. */
    if (str_eq(e->kid[1]->title, STR("points")) && e->n > 3 && e->kid[3] != NULL && e->kid[3]->kind == N_PERCENT) {
        step = amount_product(u, step->span, step, amount_const(u, AMOUNT(AMOUNT_NUMBER), 1, 100, step->span));
    }
    if (e->n > 3 && e->kid[3] != NULL) {
        struct amount *limit = amount_check(u, sc, e->kid[3]);
        take_unit(limit, q);
        if (!same_type(limit->type, q->type)) { return do_not_fit(u, e->span, "compared", q, limit); }
        struct amount *over = amount_two(u, EX_SUB, q->type, e->span, e->number == OP_BELOW ? limit : q, e->number == OP_BELOW ? q : limit);
        q = amount_two(u, EX_MAX, q->type, e->span, over, amount_const(u, q->type, 0, 1, e->span));
    }
    struct amount *steps = amount_two(u, EX_STEPS, AMOUNT(AMOUNT_NUMBER), e->span, q, step);
    steps->mode = e->op == OP_STEP_WHOLE ? STEP_WHOLE : e->op == OP_STEP_STARTED ? STEP_STARTED : STEP_EXACT;
    return amount_product(u, e->span, a, steps);
}

/* ---- conditions ---- */

static struct amount *flag(struct unit *u, enum exact_op op, struct span span, struct amount *a, struct amount *b)
{
    return amount_two(u, op, AMOUNT(AMOUNT_FLAG), span, a, b);
}

static struct amount *ordered(struct unit *u, uint16_t op, struct span span, struct amount *a, struct amount *b)
{
    take_unit(a, b);
    if (!same_type(a->type, b->type)) { return do_not_fit(u, span, "compared", a, b); }
    switch (op) {
    case OP_BELOW: return flag(u, EX_LT, span, a, b);
    case OP_AT_MOST: return flag(u, EX_LE, span, a, b);
    case OP_AT_LEAST: return flag(u, EX_LE, span, b, a);
    case OP_ABOVE: return flag(u, EX_LT, span, b, a);
    default: return flag(u, EX_EQ, span, a, b);
    }
}

static struct amount *within(struct unit *u, const struct amount_scope *sc, struct amount *a, const struct node *e)
{
    if (e->kind == N_LIST) {
        struct amount *any = NULL;
        for (uint32_t i = 0; i < e->n; i++) {
            struct amount *one = within(u, sc, a, e->kid[i]);
            any = any == NULL ? one : flag(u, EX_OR, e->span, any, one);
        }
        return any != NULL ? any : broken(u, e->span);
    }
    if (e->kind == N_MISSING) { return flag(u, EX_NOT, e->span, flag(u, EX_EQ, e->span, a, a), NULL); }
    if (e->kind != N_BAND && e->kind != N_RANGE) { return ordered(u, OP_IS, e->span, a, amount_check(u, sc, e)); }
    bool range = e->kind == N_RANGE;
    struct amount *lo = e->kid[0] != NULL ? ordered(u, range || e->number == 1 ? OP_AT_LEAST : OP_ABOVE, e->span, a, amount_check(u, sc, e->kid[0])) : NULL;
    struct amount *hi = e->kid[1] != NULL ? ordered(u, range || e->number2 == 1 ? OP_AT_MOST : OP_BELOW, e->span, a, amount_check(u, sc, e->kid[1])) : NULL;
    return amount_all(u, lo, hi);
}

static struct amount *compare(struct unit *u, const struct amount_scope *sc, const struct node *e)
{
    if (amount_is_of_fact(u, sc, e)) { return amount_of_fact(u, sc, e, TYPE(VT_FLAG)); }
    struct amount *a = amount_check(u, sc, e->kid[0]);
    switch (e->op) {
    case OP_IS_MISSING: return flag(u, EX_NOT, e->span, flag(u, EX_EQ, e->span, a, a), NULL);
    case OP_IS_GIVEN: return flag(u, EX_EQ, e->span, a, a);
    case OP_IS: case OP_IN: return within(u, sc, a, e->kid[1]);
    case OP_IS_NOT: case OP_NOT_IN: return flag(u, EX_NOT, e->span, within(u, sc, a, e->kid[1]), NULL);
    default: return ordered(u, e->op, e->span, a, amount_check(u, sc, e->kid[1]));
    }
}

static struct amount *joined(struct unit *u, const struct amount_scope *sc, const struct node *e)
{
    if (amount_is_of_fact(u, sc, e)) { return amount_of_fact(u, sc, e, TYPE(VT_FLAG)); }
    if (e->kind == N_CHAINED && e->op == OP_NONE_GIVEN) { u->untold++; return broken(u, e->span); } /* E0118 was said */
    struct amount *x = NULL;
    for (uint32_t i = 0; i < e->n; i++) {
        struct amount *one = amount_condition(u, sc, e->kid[i]);
        x = x == NULL ? one : flag(u, e->op == OP_ALL ? EX_AND : EX_OR, span_join(x->span, one->span), x, one);
    }
    if (x == NULL) { return broken(u, e->span); }
    return e->op == OP_NONE ? flag(u, EX_NOT, e->span, x, NULL) : x;
}

static struct amount *state(struct unit *u, enum ledger_state which, struct amount_type t, struct span span)
{
    struct amount *x = amount_new(u, EX_STATE, t, span);
    x->mode = which;
    return x;
}

/* Days of a COUNTED in days or weeks. */
static struct amount *days(struct unit *u, const struct node *e)
{
    bool week = str_eq(e->text, STR("week"));
    if (e->kind == N_COUNTED && (week || str_eq(e->text, STR("day")))) { return amount_const(u, AMOUNT(AMOUNT_NUMBER), e->number * (week ? 7 : 1), 1000000, e->span); }
    struct diag *d = diag(u->diags, E0302_TYPE, e->span, "a number of days is expected here");
    diag_help(d, "write `15 days`: this is judged once a day");
    return broken(u, e->span);
}

static const struct amount *measure_in(const struct amount *x)
{
    if (x == NULL || x->op == EX_MEASURE || x->op == EX_FIGURES) { return x; }
    const struct amount *of = measure_in(x->a);
    return of != NULL ? of : measure_in(x->b);
}

static struct amount *ledger_condition(struct unit *u, const struct amount_scope *sc, const struct node *e)
{
    const struct node *k = e->n > 0 ? e->kid[0] : NULL;
    if (k == NULL || k->kind == N_BROKEN) { return broken(u, e->span); }
    if (e->op == OP_SUSPENDED) {
        return flag(u, EX_LE, e->span, days(u, k), state(u, STATE_SUSPENDED_DAYS, AMOUNT(AMOUNT_NUMBER), e->span));
    }
    if (e->op == OP_IN_PERIODS) {
        struct amount *each = amount_condition(u, sc, k);
        const struct amount *of = measure_in(each);
        if (each->type.base == AMOUNT_ERROR) { return each; }
        if (of == NULL) {
            struct diag *d = diag(u->diags, E0302_TYPE, k->span, "a condition on a measure is expected here");
            diag_help(d, "write `uptime below 99.5%% in 3 of any 8 months`");
            return broken(u, e->span);
        }
        struct amount *n = amount_two(u, EX_PERIODS, AMOUNT(AMOUNT_NUMBER), e->span, each, NULL);
        n->ref = of->ref;
        n->mode = (uint32_t)e->number2;
        return flag(u, EX_LE, e->span, amount_const(u, AMOUNT(AMOUNT_NUMBER), e->number, 1, e->span), n);
    }
    bool undisputed = e->number == 1;
    const struct node *lo = k->kind == N_BAND || k->kind == N_RANGE ? k->kid[0] : k, *hi = k->kind == N_BAND || k->kind == N_RANGE ? k->kid[1] : NULL;
    const struct node *any = lo != NULL ? lo : hi;
    bool money = any != NULL && any->kind == N_MONEY;
    struct amount *x = money ? state(u, undisputed ? STATE_UNDISPUTED : STATE_OVERDUE, AMOUNT(AMOUNT_MONEY), e->span)
                             : state(u, undisputed ? STATE_UNDISPUTED_DAYS : STATE_OVERDUE_DAYS, AMOUNT(AMOUNT_NUMBER), e->span);
    struct amount *from = lo != NULL ? (money ? amount_check(u, sc, lo) : days(u, lo)) : NULL, *to = hi != NULL ? (money ? amount_check(u, sc, hi) : days(u, hi)) : NULL;
    if (k->kind != N_BAND) { return flag(u, EX_LE, e->span, from, x); }
    struct amount *a = from != NULL ? flag(u, k->number == 1 ? EX_LE : EX_LT, e->span, from, x) : NULL;
    return amount_all(u, a, to != NULL ? flag(u, k->number2 == 1 ? EX_LE : EX_LT, e->span, x, to) : NULL);
}

/* ---- everything ---- */

struct amount *amount_check(struct unit *u, const struct amount_scope *sc, const struct node *e)
{
    if (e == NULL || e->kind == N_BROKEN) { return broken(u, e != NULL ? e->span : SPAN_NONE); }
    struct amount *x = amount_literal(u, e);
    if (x != NULL) { return x; }
    switch ((enum node_kind)e->kind) {
    case N_NAME: return amount_name(u, sc, e);
    case N_CALL: return amount_call(u, sc, e);
    case N_ARITH: return arith(u, sc, e);
    case N_PER: return per(u, sc, e);
    case N_PERCENTOF: return percent_of(u, sc, e);
    case N_PERSTEP: return per_step(u, sc, e);
    case N_RAISED: return amount_raised(u, sc, e);
    case N_BEFORETHAT: return amount_before(u, sc, e);
    case N_OVERTIME: return amount_over_time(u, sc, e);
    case N_LINESUM: return amount_lines(u, sc, e);
    case N_FIGURES: return amount_figures(u, sc, e);
    case N_REMAINING: return amount_remaining(u, sc, e);
    case N_NEGATE: { struct amount *a = amount_check(u, sc, e->kid[0]); return amount_two(u, EX_NEG, a->type, e->span, a, NULL); }
    case N_COMPARE: return compare(u, sc, e);
    case N_CHAINED: case N_BLOCK: return joined(u, sc, e);
    case N_NOT:
        if (amount_is_of_fact(u, sc, e)) { return amount_of_fact(u, sc, e, TYPE(VT_FLAG)); }
        return flag(u, EX_NOT, e->span, amount_condition(u, sc, e->kid[0]), NULL);
    case N_LEDGERCOND: return ledger_condition(u, sc, e);
    case N_ROUNDED: {
        struct amount *a = amount_check(u, sc, e->kid[0]), *step = amount_check(u, sc, e->kid[1]);
        take_unit(a, step);
        if (!same_type(a->type, step->type)) { return do_not_fit(u, e->span, "rounded so", a, step); }
        x = amount_two(u, EX_ROUND, a->type, e->span, a, step);
        x->mode = e->op == OP_DOWN ? 0 : e->op == OP_UP ? 1 : e->op == OP_HALF_EVEN ? 3 : 2;
        return x;
    }
    case N_CONDITIONAL: {
        struct amount *when = amount_condition(u, sc, e->kid[0]), *a = amount_check(u, sc, e->kid[1]), *b = amount_check(u, sc, e->kid[2]);
        take_unit(a, b);
        if (!same_type(a->type, b->type)) { return do_not_fit(u, e->span, "chosen between", a, b); }
        x = amount_two(u, EX_IF, a->type, e->span, when, a);
        if (b->type.base == AMOUNT_ERROR) { x->type = b->type; }
        else if (x->type.base != AMOUNT_ERROR) { x->type = a->type; }
        x->c = b;
        return x;
    }
    case N_WAITINGON: return amount_of_fact(u, sc, e, TYPE(VT_FLAG));
    default:
        diag(u->diags, E0302_TYPE, e->span, "a %s cannot stand in an amount", node_kind_name[e->kind]);
        return broken(u, e->span);
    }
}

struct amount *amount_want(struct unit *u, const struct amount_scope *sc, const struct node *e, enum amount_base base)
{
    struct amount *x = amount_check(u, sc, e);
    if (x->type.base == AMOUNT_ERROR || (x->type.base == base && x->type.per.n == 0)) { return x; }
    if (base == AMOUNT_MONEY && e->kind == N_PERCENT) {
        struct diag *d = diag(u->diags, E1003_OF_NOTHING, e->span, "%.*s of what?", STR_ARG(e->text));
        diag_help(d, "name what it is a share of: `amount base = (charges, invoiced in that month)`, then `%.*s of base`", STR_ARG(e->text));
        return broken(u, e->span);
    }
    if (base == AMOUNT_MONEY && e->kind == N_NUMBER) {
        struct diag *d = diag(u->diags, E0305_UNIT_MISSING, e->span, "%.*s of what?", STR_ARG(e->text));
        diag_help(d, "write the currency: `%.*s %.*s`", STR_ARG(u->currency.n > 0 ? u->currency : STR("USD")), STR_ARG(e->text));
        return broken(u, e->span);
    }
    struct diag *d = diag(u->diags, E0302_TYPE, x->span, "%.*s is expected here", STR_ARG(amount_word(u, AMOUNT(base))));
    diag_label(d, x->span, "this is %.*s", STR_ARG(amount_word(u, x->type)));
    if (x->type.per.n > 0 && base == AMOUNT_MONEY) { diag_help(d, "say of how many: multiply it, or write `charge … at …`"); }
    return broken(u, e->span);
}

struct amount *amount_condition(struct unit *u, const struct amount_scope *sc, const struct node *e) { return amount_want(u, sc, e, AMOUNT_FLAG); }
