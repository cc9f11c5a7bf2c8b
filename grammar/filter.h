/* SPDX-License-Identifier: MIT */
/* What the pieces of the filter share: tokens.c, braces.c, amounts.c. */
#ifndef MSA_GRAMMAR_FILTER_H
#define MSA_GRAMMAR_FILTER_H
#include "grammar/parser.h"

enum block { BLOCK_PLAIN, BLOCK_CONDITIONS, BLOCK_FIELDS, BLOCK_TABLE, BLOCK_MAP, BLOCK_CHARGE };
struct level { enum block block; bool headed; int first; };

struct filter {
    struct parse *p;
    token_list in, out;
    size_t at;                    /* in the raw tokens */
    VEC(struct level) levels;     /* one for each open brace, and the file */
    uint32_t parens;
    uint32_t lines;               /* the parenthesis, counted from 1, that is around lines of an invoice; 0: none */
    bool steps;                   /* behind `per started …`, where `below` is its limit */
    bool start;                   /* a statement starts at the next token */
    bool row;                     /* inside a row of a table */
    int first;                    /* the token that says what the statement is */
    struct diag *dash;            /* what was said about a dash in this statement */
};

static inline struct token *raw(const struct filter *f, size_t i)
{
    return &f->in.p[i < f->in.n ? i : f->in.n - 1];
}
static inline struct token *emit(struct filter *f, struct token t)
{
    vec_push(&f->out, f->p->arena, t);
    return &vec_last(&f->out);
}
static inline struct token *last_out(struct filter *f)
{
    return f->out.n > 0 ? &vec_last(&f->out) : NULL;
}

/* --- tokens.c --- */
/* Is it this word, one of these (ending in NULL)? */
bool is_word(const struct parse *p, const struct token *t, const char *word);
bool one_of(const struct parse *p, const struct token *t, const char *const *words);

/* --- braces.c --- */
/* Puts braces right that are missing or too many in p->tokens, and says so. */
void balance_braces(struct parse *p);

/* The keyword that starts at the raw token `at`; NULL: a name. *used: how many raw tokens it takes. */
const struct phrase *phrase_ahead(const struct filter *f, size_t at, bool start, size_t *used);

/* --- ledger.c --- */
/* Is the bracket at f->at one around lines of an invoice: `(charges, invoiced in that month)`? */
bool lines_ahead(const struct filter *f);
/* Is the comma at f->at one before a qualifier of a charge: `, minimum 1 h`? */
bool tail_ahead(const struct filter *f);
/* A keyword that is one here only with something beside it; NULL when that is not there. */
const struct phrase *keyword_here(const struct filter *f, const struct phrase *k);
/* Takes `in 3 of any`, `in 3 months in a row`, `overdue` before how much or how long. */
bool take_ledger_words(struct filter *f);

/* --- amounts.c --- */
/* Is it one, or what people write for one? */
bool is_unit(struct str word);
/* Each of these takes what stands at f->at, if it is one. */
/* NUMBER with its unit becomes COUNTED; `7 h 30 min` is one amount. */
bool take_amount(struct filter *f, uint16_t flags);
/* Behind an amount: `1 business day by 10:00` lacks a comma. `amount` is told to be written anew when it is not "". */
bool take_by(struct filter *f, struct span amount, const char *anew);
/* `by 10 Uhr`, `10:00 Uhr` */
bool take_oclock(struct filter *f);
/* `next business day` */
bool take_next_day(struct filter *f);
#endif
