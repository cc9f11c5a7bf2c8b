/* SPDX-License-Identifier: MIT */
/* What an agreement about money says that can be judged and is probably not meant: warnings over all of its clauses, given
 * when they have no mistakes. Each can be waived in the text, or names what to write. */
#include "compiler/terms.h"

/* ---- what has an end (A9) ---- */

/* Whether an amount has a lower and an upper end, whatever happens. Shares of what is charged count as having one: they are
 * as large as the fees, not without measure. */
struct ends { bool lo, hi; };
enum { ENDS_STEPS = 100000 }; /* a named amount stands wherever it is named: what is larger is taken to have ends */

static struct ends ends_of(const struct amount *a, unsigned *left);

static struct ends rows(const struct amount *a, struct ends units, unsigned *left)
{
    struct ends r = { true, true };
    for (uint32_t i = 0; i < a->n_rows; i++) {
        struct ends x = ends_of(a->row[i].amount, left), y = ends_of(a->row[i].flat, left);
        /* The units of the row are bounded where the row ends. */
        bool ends = a->op == EX_CHOOSE || a->row[i].to != NULL || units.hi;
        r = (struct ends){ r.lo && x.lo && y.lo, r.hi && (x.hi || (ends && a->op != EX_CHOOSE)) && y.hi };
    }
    return r;
}

static struct ends of_measure(const struct measure_info *m)
{
    bool share = m->kind == MEASURE_SHARE || m->kind == MEASURE_UPTIME;
    return (struct ends){ true, share };
}

static struct ends ends_of(const struct amount *a, unsigned *left)
{
    struct ends both = { true, true }, up = { true, false };
    if (a == NULL || *left == 0) { return both; }
    --*left;
    struct ends x = ends_of(a->a, left), y = ends_of(a->b, left), z = ends_of(a->c, left);
    switch ((enum exact_op)a->op) {
    case EX_CONST: case EX_LINES: case EX_REMAINING: case EX_PERIOD_NUMBER: case EX_PERIOD_LENGTH: case EX_PERIODS:
    case EX_LT: case EX_LE: case EX_EQ: case EX_AND: case EX_OR: case EX_NOT: return both;
    case EX_FACT: case EX_UNITS: case EX_TIME: case EX_LEVEL: case EX_EVENTS: case EX_STATE: return up;
    case EX_SERIES: { const struct series_info *s = a->ref; return s != NULL && s->fact != NULL ? up : both; }
    case EX_MEASURE: return a->ref != NULL ? of_measure(a->ref) : up;
    case EX_NAMED: case EX_ROUND: case EX_STEPS: return x;
    case EX_ADD: return (struct ends){ x.lo && y.lo, x.hi && y.hi };
    case EX_SUB: return (struct ends){ x.lo && y.hi, x.hi && y.lo };
    case EX_NEG: return (struct ends){ x.hi, x.lo };
    case EX_MUL: /* so many times that which has an end */
        if (a->a->op == EX_CONST && a->a->number >= 0) { return y; }
        if (a->b->op == EX_CONST && a->b->number >= 0) { return x; }
        return (struct ends){ x.lo && y.lo, x.lo && y.lo && x.hi && y.hi };
    case EX_DIV: return (struct ends){ x.lo, x.hi && a->b->op == EX_CONST };
    case EX_MIN: return (struct ends){ x.lo && y.lo, x.hi || y.hi };
    case EX_MAX: return (struct ends){ x.lo || y.lo, x.hi && y.hi };
    case EX_IF: return (struct ends){ y.lo && z.lo, y.hi && z.hi };
    case EX_ELSE: return (struct ends){ x.lo && y.lo, x.hi && y.hi };
    case EX_CHOOSE: case EX_GRADUATED: case EX_VOLUME: return rows(a, x, left);
    case EX_COUNT: break;
    }
    return up;
}

static bool has_end(const struct amount *a)
{
    unsigned left = ENDS_STEPS;
    return ends_of(a, &left).hi;
}

/* ---- credits without end ---- */

/* Why this credit has no end of its own, NULL when it has one. */
static const char *without_end(const struct charge_info *c)
{
    bool each = has_end(c->each_max) && c->each_max != NULL;
    each = each || ((c->price == NULL || (has_end(c->units) && has_end(c->price))) && has_end(c->amount) && has_end(c->factor));
    if (c->sum_max != NULL) { return NULL; }
    if (c->trigger == TRIGGER_FACT && !(c->flags & CHARGE_ONCE)) { return "it is given as often as that happens"; }
    return each ? NULL : "what it is counted from has no upper end";
}

static bool is_capped(const struct unit *u, const struct charge_info *c)
{
    for (size_t i = 0; i < u->money->caps.n; i++) {
        const struct lines_info *l = u->money->caps.p[i]->lines;
        if (l->all_credits) { return true; }
        for (size_t k = 0; k < l->charges.n; k++) {
            if (l->charges.p[k].charge == c && !l->charges.p[k].less) { return true; }
        }
    }
    return false;
}

static void credits_without_end(struct unit *u)
{
    struct diag *d = NULL;
    for (size_t i = 0; u->money->not_capped == NULL && i < u->money->charges.n; i++) {
        const struct charge_info *c = u->money->charges.p[i];
        const char *why = c->kind == CHARGE_CREDIT && c->symbol->node->kind == N_CHARGE ? without_end(c) : NULL;
        if (why == NULL || (c->flags & CHARGE_WAIVED) || is_capped(u, c)) { continue; }
        if (d != NULL) { diag_label(d, c->node->name_span, "nor this one"); continue; }
        d = diag(u->diags, W1004_CREDIT_UNCAPPED, c->node->name_span, "nothing limits what the credit `%.*s` can come to", STR_ARG(c->symbol->name));
        diag_label(d, c->node->name_span, "%s", why);
    }
    if (d != NULL) { diag_help(d, "write `cap credits at … in each month`, or a `maximum … in each month` in it; or, when that is what was agreed, the clause `credits are not capped`"); }
}

/* ---- liability without limit ---- */

static void liability_unsaid(struct unit *u)
{
    const struct node *provider = NULL;
    for (uint32_t i = 0; i < u->agreement->n; i++) {
        if (u->agreement->kid[i]->kind == N_HEADER && u->agreement->kid[i]->op == OP_PROVIDER) { provider = u->agreement->kid[i]; }
    }
    bool fees = false;
    for (size_t i = 0; i < u->money->charges.n; i++) { fees = fees || u->money->charges.p[i]->kind == CHARGE_FEE; }
    if (!fees || provider == NULL) { return; }
    for (size_t i = 0; i < u->money->limits.n; i++) {
        if (u->money->limits.p[i]->party == PARTY_PROVIDER && u->money->limits.p[i]->kind.n == 0) { return; }
    }
    struct diag *d = diag(u->diags, W1005_LIABILITY_UNSAID, provider->span, "it is not said how far the provider is liable");
    diag_note(d, "without a clause the liability has no limit");
    diag_help(d, "write `limit liability of provider to (charges, invoiced in the 12 months before the first incident)` or a sum; or, when that is what was agreed, `liability of provider is not limited`");
}

void money_doubts(struct unit *u)
{
    if (u->agreement == NULL) { return; }
    credits_without_end(u);
    liability_unsaid(u);
}
