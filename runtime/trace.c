/* SPDX-License-Identifier: MIT */
/* How a line came about, from the inside out: every value that was read, every operation with its operands, the rounding. A
 * line is worked out once more with what was known when it was made. */
#include "runtime/ledger_state.h"
#include <string.h>

void trace_words(struct ledger *l, struct trace *t, unsigned depth, struct str text, struct str value, uint32_t place)
{
    if (t->stopped) { return; }
    const struct m_place *p = &l->m->place[place];
    struct msa_money_step s = {.depth = depth, .text = result_text(text), .value = result_text(value)};
    if (place) { s.place = (struct msa_place){.file = result_text(module_str(l->m, l->m->file[p->file].name)), .line = p->line, .column = p->column}; }
    t->stopped = t->step(t->ctx, &s);
    t->said++;
}

/* ---- numbers ---- */

enum { SHOWN_PLACES = 6 };

/* Grouped, with at least `least` decimals; what does not end within six is cut, and "…" says so. */
static struct str decimal(struct ledger *l, mpq_srcptr q, unsigned least)
{
    struct sb b = {.arena = &l->e->scratch};
    mpz_t n, rest;
    mpz_inits(n, rest, NULL);
    mpz_ui_pow_ui(rest, 10, SHOWN_PLACES);
    mpz_mul(n, mpq_numref(q), rest);
    mpz_abs(n, n);
    mpz_tdiv_qr(n, rest, n, mpq_denref(q));
    bool cut = mpz_sgn(rest) != 0;
    size_t size = mpz_sizeinbase(n, 10) + SHOWN_PLACES + 3;
    char *digits = ARENA_ARRAY(&l->e->scratch, char, size);
    mpz_get_str(digits, 10, n);
    mpz_clears(n, rest, NULL);
    size_t have = strlen(digits);
    if (have <= SHOWN_PLACES) { /* 0.000…: leading zeros */
        memmove(digits + SHOWN_PLACES + 1 - have, digits, have + 1);
        memset(digits, '0', SHOWN_PLACES + 1 - have);
        have = SHOWN_PLACES + 1;
    }
    size_t whole = have - SHOWN_PLACES, end = have;
    while (!cut && end > whole + least && digits[end - 1] == '0') { end--; }
    if (mpq_sgn(q) < 0) { sb_char(&b, '-'); }
    for (size_t i = 0; i < whole; i++) {
        if (i && (whole - i) % 3 == 0) { sb_char(&b, ','); }
        sb_char(&b, digits[i]);
    }
    if (end > whole) {
        sb_char(&b, '.');
        sb_put(&b, str_make(digits + whole, end - whole));
    }
    if (cut) { sb_puts(&b, "…"); }
    return sb_str(&b);
}

struct str trace_number(struct ledger *l, mpq_srcptr q) { return decimal(l, q, 0); }

struct str trace_percent(struct ledger *l, mpq_srcptr q)
{
    size_t mark = l->temp.n;
    mpq_ptr x = ledger_number(l);
    mpq_set_ui(x, 100, 1);
    mpq_mul(x, x, q);
    struct str s = str_printf(&l->e->scratch, "%.*s %%", STR_ARG(trace_number(l, x)));
    l->temp.n = mark;
    return s;
}

struct str trace_money(struct ledger *l, mpq_srcptr q)
{
    return str_printf(&l->e->scratch, "%.*s %.*s", STR_ARG(l->currency), STR_ARG(decimal(l, q, l->places)));
}

static bool is_percentage(const struct ledger *l, const struct m_exact *x)
{
    if (x->op != EX_MEASURE && x->op != EX_FIGURES) { return false; }
    uint32_t kind = l->m->measure[x->ref].kind;
    return kind == MEASURE_SHARE || kind == MEASURE_UPTIME;
}

static struct str percentage(struct ledger *l, mpq_srcptr q)
{
    mpq_t hundred;
    mpq_init(hundred);
    mpq_set_ui(hundred, 100, 1);
    mpq_mul(hundred, hundred, q);
    struct str s = decimal(l, hundred, 0);
    mpq_clear(hundred);
    return str_printf(&l->e->scratch, "%.*s %%", STR_ARG(s));
}

struct str trace_figure(struct ledger *l, const struct figure *f)
{
    mpq_ptr q = ledger_number(l);
    if (f->no_data) { return STR("no data"); }
    if (f->share) {
        exact_set(q, f->part, f->whole);
        return percentage(l, q);
    }
    number_of_value(l, f->type, f->value, q);
    return f->type == VT_MONEY ? trace_money(l, q) : trace_number(l, q);
}

/* A value of a node: `USD 89.00 per seats`, `3.25 h`, `93.333333… %`. */
static struct str value_words(struct ledger *l, const struct m_exact *x, mpq_srcptr q)
{
    struct str unit = module_str(l->m, x->unit), per, of = str_cut(unit, '/', &per);
    if (is_percentage(l, x)) { return percentage(l, q); }
    struct str s = of.n && str_eq(of, l->currency) ? trace_money(l, q) : of.n ? str_printf(&l->e->scratch, "%.*s %.*s", STR_ARG(trace_number(l, q)), STR_ARG(of)) : trace_number(l, q);
    return per.n ? str_printf(&l->e->scratch, "%.*s per %.*s", STR_ARG(s), STR_ARG(per)) : s;
}

/* ---- nodes ---- */

static const char *const op_name[] = {
#define EXACT_OP(NAME, name, operands, doc) [EX_##NAME] = name,
#include "bytecode/exact.def"
#undef EXACT_OP
};

static bool is_flag(uint32_t op) { return op == EX_LT || op == EX_LE || op == EX_EQ || op == EX_AND || op == EX_OR || op == EX_NOT; }

void trace_two(struct ledger *l, const struct at_hand *h, uint32_t node, mpq_srcptr left, mpq_srcptr right, mpq_srcptr value)
{
    const struct m_exact *x = &l->m->exact[node];
    struct str a = value_words(l, &l->m->exact[x->a], left), b = value_words(l, &l->m->exact[x->b], right), out = is_flag(x->op) ? (mpq_sgn(value) ? STR("yes") : STR("no")) : value_words(l, x, value);
    const char *word = op_name[x->op];
    struct str text;
    switch ((enum exact_op)x->op) {
    case EX_ADD: word = "+"; break;
    case EX_SUB: word = "-"; break;
    case EX_MUL: word = "x"; break;
    case EX_DIV: word = "/"; break;
    default: break;
    }
    if (x->op == EX_MIN || x->op == EX_MAX) {
        text = str_printf(&l->e->scratch, "the %s %.*s and %.*s", word, STR_ARG(a), STR_ARG(b));
    } else if (x->op == EX_ROUND) {
        static const char *const how[] = {"down", "up", "half up", "half even"};
        text = str_printf(&l->e->scratch, "%.*s rounded %s to a multiple of %.*s", STR_ARG(a), how[x->mode & 3], STR_ARG(b));
    } else if (x->op == EX_STEPS) {
        static const char *const how[] = {"whole", "started", "exact"};
        text = str_printf(&l->e->scratch, "%s steps of %.*s in %.*s", how[x->mode < 3 ? x->mode : 0], STR_ARG(b), STR_ARG(a));
    } else {
        text = str_printf(&l->e->scratch, "%.*s %s %.*s", STR_ARG(a), word, STR_ARG(b));
    }
    trace_words(l, h->trace, h->depth, text, out, x->place);
}

/* Constants say themselves in what they are part of, operations by trace_two. */
void trace_node(struct ledger *l, const struct at_hand *h, uint32_t node, mpq_srcptr value, bool absent)
{
    const struct m_exact *x = &l->m->exact[node];
    if (x->op == EX_CHOOSE && !absent) { return; } /* its row said it */
    if (x->op == EX_CONST || x->op == EX_UNITS || x->op == EX_IF || (x->op == EX_LEVEL && h->level && x->ref == h->level_of)) { return; }
    struct str text = module_str(l->m, x->text), of = {0};
    if (!text.n) {
        switch ((enum exact_op)x->op) {
        case EX_LEVEL: of = module_str(l->m, l->m->quantity[x->ref].name); break;
        case EX_MEASURE: of = module_str(l->m, l->m->measure[x->ref].name); break;
        case EX_SERIES: of = module_str(l->m, l->m->series[x->ref].name); break;
        case EX_LINES:
        case EX_REMAINING: of = module_str(l->m, l->m->lines[x->ref].name); break;
        case EX_ACCOUNT: of = str_printf(&l->e->scratch, "left in %.*s", STR_ARG(module_str(l->m, l->m->account[x->ref].name))); break;
        case EX_TIME: of = STR("time"); break;
        case EX_FACT: if (h->fact) { of = module_str(l->m, l->m->fact_value[l->m->fact[h->fact->kind].values + x->ref].name); } break;
        default: break;
        }
        text = of.n ? of : str_of(op_name[x->op]);
    }
    struct str words = absent ? STR("no data") : is_flag(x->op) ? (mpq_sgn(value) ? STR("yes") : STR("no")) : value_words(l, x, value);
    trace_words(l, h->trace, h->depth, text, words, x->place);
}

/* ---- lines ---- */

void trace_rounded(struct ledger *l, struct trace *t, unsigned depth, mpq_srcptr amount, int64_t minor, uint32_t clause)
{
    static const char *const how[] = {"down", "up", "half up", "half even"};
    mpq_ptr rounded = ledger_number(l);
    exact_from_minor(rounded, minor, l->places);
    if (mpq_equal(rounded, amount)) { return; }
    trace_words(l, t, depth, str_printf(&l->e->scratch, "%.*s rounded %s", STR_ARG(trace_money(l, amount)), how[l->rounding]), minor_words(l, minor), l->m->clause[clause].place);
}

static void ignore(void *ctx, const struct drawn *d)
{
    (void)ctx;
    (void)d;
}

/* ---- a charge in a period, whether it has a line or not ---- */

static void add_up(void *ctx, const struct drawn *d) { *(int64_t *)ctx += d->minor; }

/* What leaves nothing of it: the clause of a cap; 0: another credit counts instead; NO_REF: nothing does. */
static uint32_t left_out_by(const struct ledger *l, uint32_t charge, struct days p)
{
    for (size_t i = 0; i < l->accounts.n; i++) {
        const struct account *a = &l->accounts.p[i];
        if (a->charge == charge && a->period.first == p.first && a->now && !a->owed) { return a->capped_by; }
    }
    return NO_REF;
}

static bool of_period(struct ledger *l, const struct m_charge *c, struct days p, struct str name)
{
    bool every = c->trigger == TRIGGER_EVERY;
    return str_eq(name, every ? period_words(l, c->period, c->period_n, p) : p.first == p.last ? date_words(l, p.first) : period_words(l, PERIOD_MONTH, 1, p));
}

static void explain_period(struct ledger *l, uint32_t charge, struct days p, struct trace *t)
{
    const struct m_charge *c = &l->m->charge[charge];
    size_t mark = l->temp.n;
    int64_t sum = 0;
    unsigned before = t->said;
    instant horizon = l->e->now == NEVER ? NEVER : l->e->now + 1;
    if (c->claim_days != NONE) { /* first what it is worth to who claims it */
        l->unclaimed = true;
        charge_draw(l, charge, p, horizon, NULL, t, add_up, &sum);
        l->unclaimed = false;
        int64_t worth = sum;
        sum = 0;
        charge_draw(l, charge, p, horizon, NULL, NULL, add_up, &sum);
        if (worth && !sum) { trace_words(l, t, 0, str_printf(&l->e->scratch, "claimed by %.*s", STR_ARG(date_words(l, p.last + (date)c->claim_days))), STR("no"), c->place); }
    } else {
        charge_draw(l, charge, p, horizon, NULL, t, add_up, &sum);
    }
    if (c->flags & CHARGE_WAIVED) { trace_words(l, t, 0, STR("waived"), STR(""), c->place); }
    if (t->said == before && c->trigger == TRIGGER_FACT) { trace_words(l, t, 0, STR("nothing happened that it is charged for"), STR(""), c->place); }
    uint32_t cap = left_out_by(l, charge, p);
    if (cap == 0) {
        trace_words(l, t, 0, STR("left out: another credit counts in its place"), minor_words(l, 0), l->m->clause[ledger_terms(l)->clause].place);
    } else if (cap != NO_REF) {
        trace_words(l, t, 0, str_printf(&l->e->scratch, "nothing is left under the cap of clause %.*s", STR_ARG(result_clause_name(l->e, cap))), minor_words(l, 0), l->m->clause[cap].place);
    } else {
        trace_words(l, t, 0, STR("it comes to"), minor_words(l, sum), c->place);
    }
    l->temp.n = mark;
}

bool ledger_explain_charge(struct ledger *l, struct str charge, struct str period, int (*step)(void *ctx, const struct msa_money_step *s), void *ctx)
{
    struct trace t = {.step = step, .ctx = ctx, .all_keys = true};
    bool found = false;
    for (uint32_t i = 0; i < l->m->n_charge; i++) {
        const struct m_charge *c = &l->m->charge[i];
        if (!str_eq(module_str(l->m, c->name), charge) || c->kind == CHARGE_TAX) { continue; }
        date d = charge_life(l, c).first;
        for (struct days p; d < l->today && charge_period(l, i, d, &p) && p.last < FAR_DATE; d = p.last + 1) {
            if (!of_period(l, c, p, period)) { continue; }
            found = true;
            explain_period(l, i, p, &t);
        }
    }
    return found;
}

int ledger_explain(struct ledger *l, const struct msa_result *r, int (*step)(void *ctx, const struct msa_money_step *s), void *ctx)
{
    const struct invoice *v = l->giving;
    if (!v || r->kind != MSA_LINE || r->money_ref >= v->lines.n) { return 0; }
    const struct line *x = &v->lines.p[r->money_ref];
    struct trace t = {.step = step, .ctx = ctx};
    size_t mark = l->temp.n;
    if (x->what == LINE_INTEREST) {
        mpq_ptr sum = ledger_number(l);
        debt_interest(l, &l->invoices.p[x->debt], x->day, x->horizon, sum, &t);
        int64_t minor;
        if (exact_minor(&minor, sum, l->places, l->rounding)) {
            trace_rounded(l, &t, 0, sum, minor, x->clause);
            if (minor != x->amount) { trace_words(l, &t, 0, STR("less what was billed before"), minor_words(l, x->amount), l->m->clause[x->clause].place); }
        }
    } else if (x->what == LINE_SETTLEMENT || x->what == LINE_TAX) {
        struct at_hand h = {.charge = x->charge == NO_REF ? NULL : &l->m->charge[x->charge], .period = x->period, .nominal = x->period, .day = x->day, .horizon = x->horizon, .time = NONE, .invoice = v, .trace = &t};
        mpq_ptr sum = ledger_number(l);
        struct invoice taxed = x->what == LINE_TAX ? tax_lines(l, h.charge, v) : *v;
        h.invoice = &taxed;
        formula(l, &h, x->what == LINE_TAX ? h.charge->amount : x->exact, sum);
        int64_t minor;
        if (exact_minor(&minor, sum, l->places, l->rounding)) { trace_rounded(l, &t, 0, sum, minor, x->clause); }
    } else if (x->charge != NO_REF) {
        t.only = x->fact;
        t.only_key = x->key;
        charge_draw(l, x->charge, x->period, x->horizon, v, &t, ignore, NULL);
    }
    l->temp.n = mark;
    return t.stopped;
}
