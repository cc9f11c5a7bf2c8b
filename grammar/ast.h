/* SPDX-License-Identifier: MIT */
/* The syntax tree: what was written, nothing more. One node shape for all kinds; ast.def says what each kind carries.
 * Nodes live in the arena of the parse and are never changed after it. */
#ifndef MSA_GRAMMAR_AST_H
#define MSA_GRAMMAR_AST_H
#include "base/arena.h"
#include "base/source.h"
#include "base/str.h"

enum node_kind {
#define NODE(NAME, word, doc) N_##NAME,
#include "grammar/ast.def"
#undef NODE
    N_COUNT
};

struct node {
    uint16_t kind;               /* enum node_kind */
    uint16_t op;                 /* a choice inside the kind: enum node_op */
    uint32_t id;                 /* 0, 1, 2 … in order of making: index of side tables */
    struct span span;            /* all of it */
    struct span name_span;       /* the name or text that messages should point at */
    struct str text;             /* name, text or lexeme, see ast.def */
    struct str title;            /* "…" after the name; p = NULL: none */
    struct str clause;           /* clause number as written, "4.1"; n = 0: none */
    struct span clause_span;
    int64_t number, number2;     /* see ast.def */
    struct node **kid;           /* see ast.def; entries may be NULL where a role is optional */
    uint32_t n;
};

/* A choice inside a kind. */
enum node_op {
#define OP(NAME) OP_##NAME,
#include "grammar/ops.def"
#undef OP
    OP_COUNT_OF_OPS
};
extern const char *const node_op_name[OP_COUNT_OF_OPS];
extern const char *const node_kind_name[N_COUNT];

/* For tests and `--dump=ast`: (kind.op §clause "text" title:"…" #number ##number2 kids…), ending in a line end. Nothing of
 * it depends on where the source lies. */
void ast_print(struct sb *out, const struct node *n);

#endif
