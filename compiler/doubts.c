/* SPDX-License-Identifier: MIT */
/* What an agreement about money says that can be judged and is probably not meant: warnings over all of its clauses, given
 * when they have no mistakes. Each can be waived in the text, or names what to write. */
#include "compiler/doubts.h"

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
    case EX_FACT: case EX_UNITS: case EX_TIME: case EX_LEVEL: case EX_EVENTS: case EX_SINCE: case EX_STATE:
    case EX_CHANGES: return up;
    case EX_RAISED: return (struct ends){ x.lo && y.lo, x.hi && y.hi };
    case EX_ACCOUNT: return (struct ends){ false, false }; /* it may be short */
    case EX_SERIES: { const struct series_info *s = a->ref; return s != NULL && s->fact != NULL ? up : both; }
    case EX_FIGURES: case EX_MEASURE: return a->ref != NULL ? of_measure(a->ref) : up;
    case EX_NAMED: case EX_ROUND: case EX_STEPS: case EX_BEFORE: return x;
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

static bool in_lines(const struct lines_info *l, const struct charge_info *c)
{
    if ((l->all_credits && c->kind == CHARGE_CREDIT) || (l->all_fees && c->kind == CHARGE_FEE)) { return true; }
    for (size_t k = 0; k < l->charges.n; k++) {
        if (l->charges.p[k].charge == c && !l->charges.p[k].less) { return true; }
    }
    return false;
}

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
        if (u->money->caps.p[i]->window != WINDOW_ENTITY && in_lines(u->money->caps.p[i]->lines, c)) { return true; } /* there is no end of tickets */
    }
    return false;
}

static void credits_without_end(struct unit *u)
{
    struct diag *d = NULL;
    for (size_t i = 0; u->money->not_capped == NULL && i < u->money->charges.n; i++) {
        const struct charge_info *c = u->money->charges.p[i];
        const char *why = c->kind == CHARGE_CREDIT ? without_end(c) : NULL;
        if (why == NULL || (c->flags & CHARGE_WAIVED) || is_capped(u, c)) { continue; }
        struct span at = span_is_none(c->node->name_span) ? c->node->span : c->node->name_span;
        if (d != NULL) { diag_label(d, at, "nor this one"); continue; }
        d = diag(u->diags, W1004_CREDIT_UNCAPPED, at, "nothing limits what the credit `%.*s` can come to", STR_ARG(c->symbol->name));
        diag_label(d, at, "%s", why);
    }
    if (d != NULL) { diag_help(d, "write `cap credits at … in each month`, or a `maximum … in each month` in it; or, when that is what was agreed, the clause `credits are not capped`"); }
}

/* ---- caps that leave nothing to choose ---- */

__extension__ typedef __int128 wide;

bool amount_part(const struct amount *a, struct part *out)
{
    if (a == NULL) { return false; }
    if (a->op == EX_NAMED && a->a != NULL && a->a->op == EX_CONST) { a = a->a; }
    if (a->op == EX_CONST) { *out = (struct part){ a->number, a->per, NULL }; return a->per > 0; }
    if (a->op == EX_NAMED || a->op == EX_LINES) { *out = (struct part){ 1, 1, a }; return true; }
    if (a->op != EX_MUL) { return false; }
    const struct amount *share = a->a->op == EX_CONST ? a->a : a->b, *of = share == a->a ? a->b : a->a;
    *out = (struct part){ share->number, share->per, of };
    return share->op == EX_CONST && share->per > 0 && (of->op == EX_NAMED || of->op == EX_LINES);
}

bool part_same_whole(const struct amount *a, const struct amount *b)
{
    if (a == NULL || b == NULL) { return a == b; }
    if (a->op != b->op) { return false; }
    if (a->op == EX_NAMED) { return a->a == b->a; }
    const struct lines_info *x = a->ref, *y = b->ref;
    return x != NULL && y != NULL && x->counted == y->counted && x->window == y->window && x->window_n == y->window_n && str_eq(x->name, y->name);
}

bool part_is_below(struct part a, struct part b) { return (wide)a.number * b.per < (wide)b.number * a.per; }

/* The smallest amount above nothing that c can come to, in parts of one whole; false: that cannot be said. */
static bool smallest(const struct charge_info *c, struct part *out, struct span *at)
{
    const struct amount *x = c->amount;
    uint32_t n = x != NULL && x->op == EX_CHOOSE ? x->n_rows : 1;
    bool any = false;
    if (x == NULL || c->price != NULL || c->factor != NULL || c->exceptions.n > 0 || (c->flags & (CHARGE_BY_DAY | CHARGE_BY_THIRTIETHS))) { return false; }
    for (uint32_t i = 0; i < n; i++) {
        const struct amount *a = x->op == EX_CHOOSE ? x->row[i].amount : x;
        struct part p;
        if (!amount_part(a, &p)) { return false; }
        if (p.number <= 0) { continue; }
        if (any && !part_same_whole(p.of, out->of)) { return false; }
        if (any && !part_is_below(p, *out)) { continue; }
        *out = p;
        *at = x->op == EX_CHOOSE ? x->row[i].span : a->span;
        any = true;
    }
    return any;
}

static struct str words_at(struct unit *u, struct span s) { return str_trim(source_text(u->sources, s)); }

static void too_low(struct unit *u, const struct charge_info *c, const struct amount *limit, const char *what)
{
    struct part most, least;
    struct span at;
    if (!amount_part(limit, &most) || !smallest(c, &least, &at) || !part_same_whole(most.of, least.of) || !part_is_below(most, least)) { return; }
    struct diag *d = diag(u->diags, W1010_CAP_LOW, limit->span, "%s, %.*s, is below the smallest amount of the %s `%.*s`", what, STR_ARG(words_at(u, limit->span)), symbol_word(c->symbol), STR_ARG(c->symbol->name));
    diag_label(d, at, "this is the smallest: it is never given in full");
    diag_help(d, "whatever the %s is, it comes to the cap: raise the cap, or write what is meant as one amount", symbol_word(c->symbol));
}

static void caps_too_low(struct unit *u)
{
    struct money *m = u->money;
    for (size_t i = 0; i < m->charges.n; i++) {
        const struct charge_info *c = m->charges.p[i];
        too_low(u, c, c->each_max, "the maximum");
        too_low(u, c, c->sum_max, "the maximum");
        for (size_t k = 0; k < m->caps.n; k++) {
            if (in_lines(m->caps.p[k]->lines, c)) { too_low(u, c, m->caps.p[k]->limit, "the cap"); }
        }
    }
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
    caps_too_low(u);
    liability_unsaid(u);
    hours_covered(u);
    dearer_and_worse(u);
}
