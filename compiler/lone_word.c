/* SPDX-License-Identifier: MIT */
/* A line of a charge may be an amount, and an amount may be a name: a slot of one word that is misspelt (`waivd`) is read as one. */
#include "compiler/charge.h"

/* What people write, and how it is said; in a fee, and in an exception to one. */
static const struct { const char *typed, *meant; } of_charges[] = {
    { "waived", "waived" }, { "free", "waived" }, { "prorated", "prorated by day" }, { "advance", "in advance" }, { "arrears", "in arrears" }, { "upfront", "in advance" },
    { "once", "once on effective" },
}, of_exceptions[] = {
    { "waived", "no charge" }, { "free", "no charge" }, { "nocharge", "no charge" }, { "no_charge", "no charge" }, { "nothing", "no charge" }, { "uncharged", "no charge" },
};

bool lone_word(struct unit *u, const struct amount_scope *sc, const struct node *e, bool of_exception)
{
    if (e == NULL || e->kind != N_NAME || e->n > 0 || amount_name_known(u, sc, e->text) || name_unreadable(u, e->text)) { return false; }
    struct suggestion s;
    suggest_start(&s, e->text);
    size_t n = of_exception ? countof(of_exceptions) : countof(of_charges);
    const char *meant = NULL;
    for (size_t i = 0; i < n; i++) {
        const char *typed = of_exception ? of_exceptions[i].typed : of_charges[i].typed;
        suggest_offer(&s, str_of(typed));
        if (suggest_found(&s) && str_eq(s.best, str_of(typed))) { meant = of_exception ? of_exceptions[i].meant : of_charges[i].meant; }
        if (str_eq(e->text, str_of(typed))) { meant = of_exception ? of_exceptions[i].meant : of_charges[i].meant; break; }
    }
    if (meant == NULL) { return false; }
    struct diag *d = diag(u->diags, E0102_WORD, e->span, "unrecognised word `%.*s`", STR_ARG(e->text));
    diag_fix(d, e->span, "%s", meant);
    return true;
}
