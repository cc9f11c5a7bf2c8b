/* SPDX-License-Identifier: MIT */
/* Duties. What must be done by a day of each period is a charge in arrears that is owed when no such fact lies in the period
 * until that day: no code of its own in the ledger. */
#include "compiler/terms.h"

/* `Patch servers` is the charge `patch_servers`. */
static struct str charge_name(struct unit *u, struct str title)
{
    struct sb b = { .arena = u->arena };
    for (size_t i = 0; i < title.n; i++) {
        char c = title.p[i];
        if (c >= 'A' && c <= 'Z') { c = (char)(c - 'A' + 'a'); }
        sb_char(&b, c == ' ' || c == '-' ? '_' : c);
    }
    return b.n > 0 ? sb_str(&b) : STR("duty");
}

static void missing(struct unit *u, const struct node *n, const char *what, const char *instead)
{
    struct diag *d = diag(u->diags, E1008_NEVER_CHARGED, span_is_none(n->name_span) ? n->span : n->name_span, "%s", what);
    diag_help(d, "%s", instead);
}

/* True when the duty is of this form, judged or with a message. */
bool duty_check(struct unit *u, struct source_module *m, const struct node *n, const struct node *section)
{
    const struct node *by_day = NULL, *done = NULL, *otherwise = NULL;
    for (uint32_t i = 0; i < n->n; i++) {
        const struct node *s = n->kid[i];
        if (s == NULL || s->kind == N_EXAMPLE) { continue; }
        if (s->kind != N_DSLOT) { return node_broken(n); }
        const struct node **to = s->op == OP_BY_DAY ? &by_day : s->op == OP_DONE_ON ? &done : s->op == OP_ELSE_CREDIT || s->op == OP_ELSE_CHARGE ? &otherwise : NULL;
        if (to == NULL) { return false; }
        if (*to != NULL) {
            struct diag *d = diag(u->diags, E1005_SAID_TWICE, s->span, "it is said twice %s", s->op == OP_BY_DAY ? "by when it must be done" : s->op == OP_DONE_ON ? "what does it" : "what follows when it is not done");
            diag_label(d, (*to)->span, "the first is here");
            diag_help(d, "take one of the two out, or make two duties of them");
            return true;
        }
        *to = s;
    }
    if (node_broken(n)) { return true; }
    if (by_day == NULL) { missing(u, n, "the duty does not say by when it must be done", "write `by day 15 of every month`"); return true; }
    if (done == NULL) { missing(u, n, "the duty does not say what does it", "write the event: `done on patched`"); return true; }
    if (otherwise == NULL) { missing(u, n, "the duty does not say what follows when it is not done", "write `else credit USD 100.00`"); return true; }

    struct symbol *s = ARENA_NEW(u->arena, struct symbol);
    *s = (struct symbol){ .kind = SYM_CHARGE, .name = charge_name(u, n->title), .module = m, .node = n, .section = section, .clause = NO_REF };
    struct fact_info *f = fact_new(u, m, s->name, s, n, section);
    fact_events(u, f, done);
    struct amount_scope sc = { .module = m, .level = LEVEL_BY_DAY };
    struct amount *x = amount_want(u, &sc, otherwise->kid[0], AMOUNT_MONEY);
    if (f->on.n == 0 || x->type.base == AMOUNT_ERROR) { return true; }
    struct charge_info *c = charge_declare(u, s);
    s->info = c;
    c->kind = otherwise->op == OP_ELSE_CREDIT ? CHARGE_CREDIT : CHARGE_FEE;
    c->trigger = TRIGGER_EVERY;
    c->period = exact_period(by_day->number2);
    c->said_when = c->said_what = true;
    c->amount = x;
    struct amount *times = amount_new(u, EX_EVENTS, AMOUNT(AMOUNT_NUMBER), done->span);
    times->ref = f;
    times->mode = (uint32_t)by_day->number;
    times->text = str_trim(source_text(u->sources, done->span));
    c->when = amount_two(u, EX_EQ, AMOUNT(AMOUNT_FLAG), by_day->span, times, amount_const(u, AMOUNT(AMOUNT_NUMBER), 0, 1, by_day->span));
    return true;
}
