/* SPDX-License-Identifier: MIT */
/* One file: check the text, scan, filter, parse. */
#include "grammar/parse.h"
#include "grammar/parser.h"
#include "msa.tab.h"

struct node *parse_file(struct parse_ctx *c)
{
    struct parse p = { .arena = c->arena, .diags = c->diags, .source = c->source, .first_id = c->nodes, .nodes = c->nodes, .recovered = SIZE_MAX };
    struct span all = span_make(c->source->base, c->source->base + c->source->n);
    if (c->text_checked || diag_check_text(c->diags, c->source)) {
        p.keywords = keywords_make(c->arena);
        scan_all(&p);
        filter_tokens(&p);
        (void)msa_parse(&p);
    }
    if (p.file == NULL) { p.file = ast_one(&p, N_FILE, 0, all, ast_broken(&p, all)); }
    p.file->span = all;
    c->nodes = p.nodes;
    return p.file;
}
