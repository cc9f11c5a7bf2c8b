/* SPDX-License-Identifier: MIT */
/* From the bytes of one file to its tree. Every mistake goes to `diags`; there is always a tree. */
#ifndef MSA_GRAMMAR_PARSE_H
#define MSA_GRAMMAR_PARSE_H
#include "base/diag.h"
#include "grammar/ast.h"

struct parse_ctx {
    struct arena *arena;         /* nodes and texts live here */
    struct diags *diags;
    const struct source *source; /* scanned in place; its bytes are the same afterwards */
    uint32_t nodes;              /* in: the first id to give (0, or the number of earlier files); out: the next free one */
    bool text_checked;           /* diag_check_text has passed (diag_load does it), so it is not done again */
};

/* A FILE node. What could not be understood is a BROKEN node in its place, and a message says why: a tree without messages
 * has no BROKEN node. No tree is deeper than PARSE_DEPTH, so recursion over it is safe. */
struct node *parse_file(struct parse_ctx *c);

/* Braces and brackets inside each other, and so operators inside each other. */
#define PARSE_DEPTH 200
#endif
