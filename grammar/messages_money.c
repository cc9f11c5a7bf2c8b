/* SPDX-License-Identifier: MIT */
/* Mistakes in clauses about money that have a message of their own: how people write terms of payment, interest, caps and taxes. */
#include "grammar/parser.h"
#include "msa.tab.h"
#include <string.h>

struct habit {
    struct parse *p;
    size_t at;
    const struct token *t, *before, *next, *start; /* where the parser stands, around it, and the first word of the statement */
};

static bool is(const struct habit *h, const struct token *t, const char *word) { return str_eq(token_text(h->p, t), str_of(word)); }

static struct diag *say(const struct habit *h, enum diag_code code, struct span span, const char *what) { return diag(h->p->diags, code, span, "%s", what); }

/* `due net 30`, `due net 30 days` */
static bool due_net(const struct habit *h)
{
    if (h->before->kind != TK_DUE || !is(h, h->t, "net")) { return false; }
    bool number = h->next->kind == TK_NUMBER || h->next->kind == TK_COUNTED;
    struct diag *d = say(h, E0102_WORD, number ? span_join(h->t->span, h->next->span) : h->t->span, "it is said from which day on the days count");
    if (h->next->kind == TK_NUMBER) { diag_fix(d, span_join(h->t->span, h->next->span), "%.*s days after issue", STR_ARG(token_text(h->p, h->next))); }
    else { diag_help(d, "write `due 30 days after issue`"); }
    return true;
}

/* `8% above base rate per year` */
static bool above_a_rate(const struct habit *h)
{
    bool words = h->t->kind == TK_ABOVE || h->t->kind == TK_OVER;
    if (block_word(h->p, h->at) != TK_INTEREST_ON_OVERDUE || h->before->kind != TK_PERCENT || !words) { return false; }
    struct diag *d = say(h, E0102_WORD, span_join(h->before->span, h->t->span), "a rate that is counted from another is written in points");
    struct str rate = token_text(h->p, h->before);
    rate.n -= rate.n > 0; /* the sign of per cent */
    diag_help(d, "declare the other by its dates, `series base_rate { from | rate ; 2026-01-01 | 2.00%% }`, and write `%.*s points above base_rate per year`", STR_ARG(str_trim(rate)));
    return true;
}

/* `closed bank holidays` */
static bool closed_holidays(const struct habit *h)
{
    bool holidays = h->t->kind == TK_HOLIDAYS || is(h, h->t, "holidays") || is(h, h->t, "holiday");
    if (h->start->kind != TK_CLOSED || h->before->kind != TK_NAME || !holidays) { return false; }
    struct diag *d = say(h, E0101_UNEXPECTED, span_join(h->before->span, h->t->span), "whose holidays these are is said by the name of a list");
    diag_help(d, "write `use holidays.uk` at the top and `closed uk.england` here; `msa` comes with the holidays of br, de, uk and us, and a `holidays` clause makes others");
    return true;
}

/* `on worked, outside office` */
static bool outside_alone(const struct habit *h)
{
    bool place = h->before->kind == TK_OUTSIDE || is(h, h->before, "inside");
    if (h->t->kind != TK_NAME || !place || token_at(h->p, h->at > 1 ? h->at - 2 : 0)->kind != ',') { return false; }
    struct diag *d = say(h, E0102_WORD, h->before->span, "which part of the time counts is said by `the part`");
    diag_fix(d, span_make(h->before->span.from, h->before->span.from), "the part ");
    return true;
}

/* `vat 20%` */
static bool tax_by_name(const struct habit *h)
{
    static const char *const taxes[] = { "vat", "VAT", "gst", "GST", "ust", "mwst", "iva" };
    const struct token *percent = h->next->kind == TK_PERCENT ? h->next : h->t->kind == TK_PERCENT ? h->t : NULL, *word = percent == h->next ? h->t : h->before;
    bool tax = false;
    for (size_t i = 0; i < countof(taxes); i++) { tax = tax || is(h, word, taxes[i]); }
    if (!tax || percent == NULL || word != h->start) { return false; }
    struct diag *d = say(h, E0102_WORD, span_join(word->span, percent->span), "a tax is a clause that says of what it is a share");
    diag_fix(d, span_join(word->span, percent->span), "tax vat \"VAT\" { %.*s of (charges less credits) }", STR_ARG(token_text(h->p, percent)));
    return true;
}

/* `EUR 10.00 per month in advance`: units have no timing, months have */
static bool per_period(const struct habit *h)
{
    static const char *const periods[] = { "month", "quarter", "year", "week", "day" };
    bool timing = h->t->kind == TK_IN_ADVANCE || h->t->kind == TK_IN_ARREARS, period = false;
    const struct token *per = token_at(h->p, h->at > 1 ? h->at - 2 : 0);
    for (size_t i = 0; i < countof(periods); i++) { period = period || is(h, h->before, periods[i]); }
    if (!timing || !period || per->kind != TK_PER) { return false; }
    struct diag *d = say(h, E0102_WORD, span_join(per->span, h->before->span), "how often it is charged is said by `every`");
    diag_fix(d, span_join(per->span, h->before->span), "every %.*s", STR_ARG(token_text(h->p, h->before)));
    return true;
}

void say_cap_of_liability(struct parse *p, struct span span)
{
    struct diag *d = diag(p->diags, E0102_WORD, span, "liability is limited by a clause of its own");
    diag_help(d, "write `limit liability of provider to (charges, invoiced in the 12 months before the first incident)`, or to an amount");
}

/* `cap liability to 12 months of charges` */
static bool cap_liability(const struct habit *h)
{
    if (h->start->kind != TK_CAP || !is(h, h->before, "liability")) { return false; }
    say_cap_of_liability(h->p, span_join(h->start->span, h->before->span));
    return true;
}

/* `10% of monthly fee`: two words are no name */
static bool share_of_words(const struct habit *h)
{
    const struct token *of = token_at(h->p, h->at > 1 ? h->at - 2 : 0), *percent = token_at(h->p, h->at > 2 ? h->at - 3 : 0);
    bool word = h->t->kind == TK_NAME || h->t->kind == TK_FEE;
    if (h->before->kind != TK_NAME || !word || of->kind != TK_OF || percent->kind != TK_PERCENT) { return false; }
    struct str two = span_text(h->p, span_join(h->before->span, h->t->span));
    struct diag *d = diag(h->p->diags, E1003_OF_NOTHING, span_join(h->before->span, h->t->span), "`%.*s` is not the name of an amount", STR_ARG(two));
    diag_help(d, "give it one: `amount rent = (FEE, earned in that month)`, with the name of the fee, or `(charges, invoiced in that month)`; then write `%.*s of rent`", STR_ARG(token_text(h->p, percent)));
    return true;
}

/* `minimum 30 devices` in a fee */
static bool minimum_of_units(const struct habit *h)
{
    size_t at = h->t->kind == TK_NUMBER ? h->at : h->at - 1;
    if (h->at < 2 || at < 1) { return false; }
    const struct token *number = token_at(h->p, at), *unit = token_at(h->p, at + 1), *minimum = token_at(h->p, at - 1);
    if (minimum->kind != TK_MINIMUM || number->kind != TK_NUMBER || unit->kind != TK_NAME || (unit->flags & TOKEN_START)) { return false; }
    switch (block_word(h->p, h->at)) { case TK_FEE: case TK_CREDIT: break; default: return false; }
    struct str n = token_text(h->p, number), name = token_text(h->p, unit);
    struct diag *d = say(h, E0110_UNIT, span_join(minimum->span, unit->span), "a fee has a least amount, a quantity a least number");
    diag_help(d, "write `committed minimum %.*s` in the quantity: `quantity %.*s from … { committed minimum %.*s }`", STR_ARG(n), STR_ARG(name), STR_ARG(n));
    return true;
}

bool describe_money_habit(struct parse *p, size_t at)
{
    struct habit h = { .p = p, .at = at, .t = token_at(p, at), .before = token_at(p, at > 0 ? at - 1 : 0), .next = token_at(p, at + 1), .start = token_at(p, p->statement) };
    if ((h.start->kind == TK_NUMBER || h.start->kind == TK_CLAUSE) && p->statement < at) { h.start++; }
    return due_net(&h) || above_a_rate(&h) || closed_holidays(&h) || outside_alone(&h) || tax_by_name(&h) || per_period(&h) || cap_liability(&h) ||
           share_of_words(&h) || minimum_of_units(&h);
}
