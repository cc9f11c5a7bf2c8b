/* SPDX-License-Identifier: MIT */
/* The filter, money: where a comma, a bracket or a word has another meaning than elsewhere, because of what stands beside it. */
#include "grammar/filter.h"
#include "msa.tab.h"

/* So far is looked for the end of a bracket: looking through all of many would take the square of their length. */
enum { LINES_AHEAD = 60 };

static bool counts_lines(const struct filter *f, size_t i)
{
    static const char *const counted[] = { "earned", "invoiced", "paid", "scheduled", NULL };
    return one_of(f->p, raw(f, i), counted) && is_word(f->p, raw(f, i + 1), "in");
}
bool lines_ahead(const struct filter *f)
{
    size_t i = f->at + 1;
    bool of = f->at > 0 && is_word(f->p, raw(f, f->at - 1), "of"), list = false; /* `21% of (seats, hosts)`, `(charges except post)` */
    if (raw(f, i)->kind != TK_NAME || counts_lines(f, i)) { return false; }
    for (; i < f->at + LINES_AHEAD; i++) {
        const struct token *t = raw(f, i);
        if (t->kind == ',') {
            size_t next = i + 1;
            while (raw(f, next)->kind == TK_SEP) { next++; }
            if (counts_lines(f, next)) { return true; }
            list = list || raw(f, next)->kind == TK_NAME;
        } else if (is_word(f->p, t, "less")) {
            return true;
        } else if (is_word(f->p, t, "except")) {
            list = true;
        } else if (t->kind == ')') {
            return of && list;
        } else if (t->kind != TK_NAME && t->kind != TK_SEP) {
            return false;
        }
    }
    return false;
}

static bool in_charge(const struct filter *f)
{
    return vec_last(&f->levels).block == BLOCK_CHARGE && f->first != TK_EXAMPLE;
}
bool tail_ahead(const struct filter *f)
{
    if (!in_charge(f) || f->parens > 0) { return false; }
    size_t next = f->at + 1, used;
    while (raw(f, next)->kind == TK_SEP) { next++; }
    if (raw(f, next)->kind != TK_NAME || next != f->at + 1) { return false; }
    const struct phrase *k = phrase_ahead(f, next, true, &used);
    if (k == NULL) { return false; }
    int behind = raw(f, next + used)->kind;
    bool amount = behind == TK_NUMBER || behind == TK_MONEY || behind == TK_PERCENT;
    switch (k->kind) {
    case TK_EVERY: case TK_EVERY_DAY: case TK_ONCE_ON: case TK_ONCE_AT_THE_END: case TK_IN_ADVANCE: case TK_IN_ARREARS:
    case TK_THE_PART_INSIDE: case TK_THE_PART_OUTSIDE: case TK_PRORATED_BY_DAY: case TK_PRORATED_BY_THIRTIETHS: case TK_NOT_PRORATED:
    case TK_IN_STEPS_OF: case TK_ADDED_AT_THE_END: case TK_COUNTED_ON_THE_FIRST_DAY: case TK_COUNTED_ON_THE_LAST_DAY:
    case TK_COUNTED_AT_THE_PEAK: case TK_COUNTED_ON_AVERAGE: case TK_COUNTED_BY_DAY: case TK_ROW_BY_UNITS: case TK_NOTHING_UNLESS_ABOVE: case TK_TIMES:
    case TK_SURVIVES_THE_END: case TK_SPREAD_OVER: case TK_WAIVED: case TK_PAID_BACK_IN_FULL: case TK_PAID_BACK_BY_MONTH: case TK_FEWER_UNITS_MAY_COST_MORE: case TK_CLAIMED_WITHIN: case TK_UNUSED_IS_FORFEITED: case TK_UNUSED_CARRIES_OVER:
    case TK_UNUSED_IS_PAID_OUT: case TK_UNUSED_IS_PAID_OUT_AT_THE_END: case TK_ROUNDED_ON_EACH_LINE: case TK_INCLUDED_IN_THE_PRICES: case TK_SET_AGAINST_THE_NEXT_INVOICE:
    case TK_DRAWN_FROM: case TK_ADDED_UP_FOR_EACH: return true;
    case TK_MINIMUM: case TK_MAXIMUM: case TK_COUNTS: return amount;
    case TK_FROM: case TK_UNTIL: return behind == TK_DATE;
    default: return false;
    }
}

const struct phrase *keyword_here(const struct filter *f, const struct phrase *k)
{
    size_t used;
    const struct token *next = raw(f, f->at + 1);
    switch (k->kind) {
    case TK_EARNED_IN: case TK_INVOICED_IN: case TK_PAID_IN: case TK_SCHEDULED_IN: case TK_LESS: return f->lines > 0 ? k : NULL;
    case TK_REMAINING: return next->kind == TK_NAME && phrase_ahead(f, f->at + 1, false, &used) == NULL ? k : NULL;
    case TK_NEXT: return f->lines > 0 || next->kind == TK_NUMBER || next->kind == TK_MONEY ? k : NULL;
    default: return k;
    }
}

/* `in 3 of any 8 months`, `in 3 months in a row`: one token that has the number. */
static bool take_repetition(struct filter *f)
{
    static const char *const units[] = { "month", "months", NULL };
    const struct token *n = raw(f, f->at + 1);
    if (!is_word(f->p, raw(f, f->at), "in") || n->kind != TK_NUMBER) { return false; }
    bool of_any = is_word(f->p, raw(f, f->at + 2), "of") && is_word(f->p, raw(f, f->at + 3), "any");
    bool in_row = one_of(f->p, raw(f, f->at + 2), units) && is_word(f->p, raw(f, f->at + 3), "in") && is_word(f->p, raw(f, f->at + 4), "a") &&
                  is_word(f->p, raw(f, f->at + 5), "row");
    if (!of_any && !in_row) { return false; }
    size_t used = of_any ? 4 : 6;
    struct token t = { .kind = of_any ? TK_IN_OF_ANY : TK_IN_A_ROW, .span = span_join(raw(f, f->at)->span, raw(f, f->at + used - 1)->span), .number = n->number };
    if (n->number % 1000000 != 0 || n->number < 1000000) {
        diag_help(diag(f->p->diags, E0123_PLACE, n->span, "this is not a number of months"), "write a whole number: `in 3 of any 8 months`");
        t.flags |= TOKEN_SPOKEN_OF;
    }
    f->at += used;
    emit(f, t);
    return true;
}
bool take_ledger_words(struct filter *f)
{
    struct parse *p = f->p;
    if (take_repetition(f)) { return true; }
    /* `overdue above EUR 500.00`, `overdue at least 15 days`; else it is a name */
    if (!is_word(p, raw(f, f->at), "overdue")) { return false; }
    static const char *const days[] = { "day", "days", "week", "weeks", "month", "months", "h", "hours", NULL };
    size_t used = 0;
    const struct phrase *k = phrase_ahead(f, f->at + 1, false, &used);
    if (k == NULL || (k->kind != TK_ABOVE && k->kind != TK_AT_LEAST)) { return false; }
    const struct token *n = raw(f, f->at + 1 + used);
    if (n->kind != TK_MONEY && !(n->kind == TK_NUMBER && one_of(p, raw(f, f->at + 2 + used), days))) { return false; }
    struct token t = *raw(f, f->at);
    t.kind = TK_OVERDUE;
    f->at++;
    emit(f, t);
    return true;
}
