/* SPDX-License-Identifier: MIT */
/* What scanner, filter, parser and builders share. Inside grammar/ only. */
#ifndef MSA_GRAMMAR_PARSER_H
#define MSA_GRAMMAR_PARSER_H
#include "base/vec.h"
#include "grammar/build.h"
#include "grammar/parse.h"

typedef VEC(struct token) token_list;

struct keywords;

struct parse {
    struct arena *arena;
    struct diags *diags;
    const struct source *source;
    struct keywords *keywords;
    token_list tokens;           /* raw, then filtered */
    size_t next;                 /* index of the token that the parser gets next */
    size_t statement;            /* index of the token that starts the statement of the last token handed over */
    struct node *file;           /* set by the start rule; NULL when parsing gave up */
    uint32_t first_id, nodes;    /* id of the first node made here; the next id */
    VEC(uint8_t) depth;          /* of each node made here */
    bool unclosed;               /* a brace was closed at the end of the file only: what starts a line may be outside of it */
    size_t recovered;            /* `next` at the last recovery */
    bool too_deep;               /* said once; nothing more is said after it */
};

/* --- msa.l and scan.c --- */
/* All tokens of the source, line ends included, ending in TK_EOF (0). */
void scan_all(struct parse *p);

struct scan {                    /* the scanner's own state */
    struct parse *p;
    uint32_t at, from;           /* offsets in the common space: behind the last match, its start */
    uint32_t quote, inner;       /* where a text in odd quotes started, and its inside */
    int64_t number, number2;
    uint16_t flags;              /* for the token being made */
    bool spoken_of;              /* for the next one */
    uint32_t dated;              /* where a message about a date was given */
};
/* These judge a lexeme and return the token's kind; 0 means that nothing is handed over. */
int scan_number(struct scan *s, const char *p, size_t n);
int scan_percent(struct scan *s, const char *p, size_t n);
int scan_money(struct scan *s, const char *p, size_t n);
int scan_date(struct scan *s, const char *p, size_t n);
int scan_slashed(struct scan *s, const char *p, size_t n);
int scan_time(struct scan *s, const char *p, size_t n);
int scan_commas(struct scan *s, const char *p, size_t n, size_t *take);
int scan_dashed(struct scan *s, const char *p, size_t n, size_t *take);
int scan_stuck(struct scan *s, const char *p, size_t n, size_t *take);
int scan_text(struct scan *s, const char *p, size_t n, size_t *take);
/* Behind `manual`: is the rest of the line a text without quotes? */
bool scan_prose_ahead(const struct scan *s);
int scan_prose(struct scan *s, const char *p, size_t n);
int scan_odd_text(struct scan *s, uint32_t inner_to, bool closed);
int scan_operator(struct scan *s, const char *p, int kind, const char *word);
void scan_name(struct scan *s, const char *p, size_t n);
/* A sign beyond ASCII. True: it opens a text. */
bool scan_sign(struct scan *s, const char *p, size_t n, int *kind);
int scan_stray(struct scan *s, const char *p, size_t n);
struct diag *scan_diag(struct scan *s, enum diag_code code, const char *fmt, ...) printf_like(3, 4);

/* --- words.c: keywords, all from the aliases in msa.y --- */
struct keywords *keywords_make(struct arena *a);
struct phrase { const char *text; int kind; uint32_t pieces; bool starter; const struct phrase *next; };
/* The keywords that begin with a word, longest first; NULL when there is none. */
const struct phrase *keywords_find(const struct keywords *k, struct str word);
/* Edit distance with transpositions, at most `limit` + 1. */
unsigned word_distance(struct str a, struct str b, unsigned limit);

/* --- tokens.c --- */
void filter_tokens(struct parse *p);

/* --- amounts.c --- */
/* How a unit that somebody wrote is written here; NULL: it is none, or right. */
const char *unit_meant(struct str word);

/* --- msa.y, epilogue: the lists of bison --- */
int grammar_symbols(void);
const char *grammar_symbol_name(int symbol);
int grammar_token_of(int symbol);
int grammar_symbol_of(int token);
enum word_class { NOT_A_WORD, DECLARATION_WORD, SLOT_WORD, PLAIN_WORD };
enum word_class grammar_word_class(int symbol);

/* --- messages.c --- */
/* The parser stands at tokens.p[at] and could go on with any of `expected` (symbols). Says so, once a statement, and moves
 * p->next to where the statement ends. */
void syntax_error(struct parse *p, size_t at, const int *expected, int n);
void say_too_deep(struct parse *p, struct span span);
/* The i-th token, the last one beyond the end. The word that starts the statement in whose braces token `at` stands; 0: in none. */
const struct token *token_at(const struct parse *p, size_t i);
int block_word(const struct parse *p, size_t at);

/* --- messages_money.c --- */
/* What people write in clauses about money, at the token where the parser stands; true: a message has been given. */
bool describe_money_habit(struct parse *p, size_t at);
void say_cap_of_liability(struct parse *p, struct span span);

struct str token_text(const struct parse *p, const struct token *t);
/* The inside of a text, its escapes resolved; of another token its text. */
struct str token_inside(const struct parse *p, const struct token *t);
/* The unit of an amount, as the tree says it: "s" "min" "h" "day" "business day" "service day" "week" "month" "year". */
struct str token_unit(const struct parse *p, const struct token *t);
struct str span_text(const struct parse *p, struct span s);
#endif
