/* SPDX-License-Identifier: MIT */
/* Builders of accounts: what is there to draw from. */
#include "grammar/ast.h"
#include "grammar/parser.h"

/* `20 tickets`: the number; of what is its title. */
struct node *ast_number_of(struct parse *p, const struct token *number, const struct token *unit)
{
    struct node *n = ast_literal(p, number);
    n->title = token_text(p, unit);
    n->name_span = unit->span;
    return n;
}
struct node *ast_account_events(struct parse *p, struct span span, enum node_op op, struct list phrases, struct node *when)
{
    return ast_make(p, N_ASLOT, op, span, when != NULL ? list_add(p, phrases, when) : phrases);
}
/* `at 80% used notify "Account manager"` */
struct node *ast_share_used(struct parse *p, struct span span, const struct token *share, const struct token *used, struct list recipients)
{
    if (!str_eq(token_text(p, used), STR("used"))) {
        struct diag *m = diag(p->diags, E0123_PLACE, used->span, "`%.*s` is not a state of an account", STR_ARG(token_text(p, used)));
        diag_help(m, "write `at 80%% used notify \"Account manager\"`");
        return ast_broken(p, span);
    }
    return ast_make(p, N_ASLOT, OP_SHARE_USED, span, list_front(p, ast_literal(p, share), recipients));
}
