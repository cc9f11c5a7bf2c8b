/* SPDX-License-Identifier: MIT */
/* Expectations of money: from results where they say it, else from the ledger as it stands when the example has been run.
 * A day that is asked about has to be over, and its state is that at its end (A7). */
#include "runtime/examples_money.h"
#include "runtime/ledger_state.h"

#define LINES_SHOWN 6

static struct str copy(struct seen_money *s, struct msa_text t) { return str_dup(s->arena, (struct str){t.p, t.n}); }

void seen_money(struct seen_money *s, const struct msa_result *r)
{
    switch (r->kind) {
    case MSA_LINE:
        vec_push(&s->lines, s->arena, ((struct seen_line){copy(s, r->charge), copy(s, r->line_kind), copy(s, r->period), copy(s, r->key), r->day, r->amount, r->final}));
        break;
    case MSA_INVOICE:
        for (size_t i = 0; i < s->invoices.n; i++) { /* told again: how it stands at the end */
            if (str_eq(s->invoices.p[i].name, (struct str){r->invoice.p, r->invoice.n})) { return; }
        }
        vec_push(&s->invoices, s->arena, ((struct seen_invoice){copy(s, r->invoice), r->day_from, r->day_to, r->payable, r->total}));
        break;
    case MSA_STATE:
    case MSA_RIGHT: vec_push(&s->states, s->arena, ((struct seen_state){r->clause, copy(s, r->standing), copy(s, r->title), r->day, MSA_NONE})); break;
    case MSA_SETTLEMENT:
        if (str_eq((struct str){r->charge.p, r->charge.n}, STR("final account"))) { vec_push(&s->accounts, s->arena, ((struct seen_state){r->clause, copy(s, r->standing), copy(s, r->charge), r->day, r->amount})); }
        break;
    case MSA_LIABILITY: vec_push(&s->claims, s->arena, ((struct seen_state){r->clause, copy(s, r->standing), copy(s, r->reason), r->day, r->amount})); break;
    case MSA_REFUSED: vec_push(&s->refused, s->arena, copy(s, r->reason)); break;
    default: break;
    }
}

static void put_money(struct ledger *l, struct sb *got, int64_t minor) { sb_put(got, minor_words(l, minor)); }
static void put_date(struct ledger *l, struct sb *got, int64_t day) { sb_put(got, date_words(l, (date)day)); }

static bool is_over(struct ledger *l, int64_t day, struct sb *got)
{
    if (l->begun && day_begin(l, (date)day + 1) <= l->e->now) { return true; }
    sb_puts(got, "the example ends before that day is over: write `as of ");
    put_date(l, got, day + 1);
    sb_puts(got, "`");
    return false;
}

/* ---- lines ---- */

static bool line_meant(const struct module *m, const struct m_expect *x, const struct seen_line *k)
{
    struct str key = module_str(m, x->entity), period = module_str(m, x->text);
    if (!str_eq(k->charge, module_str(m, m->charge[x->charge].name)) || (key.n && !str_eq(k->key, key))) { return false; }
    return period.n ? str_eq(k->period, period) : k->day >= x->day && k->day <= x->day_last;
}

static bool charge_holds(const struct seen_money *s, struct ledger *l, const struct m_expect *x, struct sb *got)
{
    int64_t sum = 0;
    size_t n = 0;
    for (size_t i = 0; i < s->lines.n; i++) {
        if (!line_meant(l->m, x, &s->lines.p[i])) { continue; }
        sum += s->lines.p[i].amount;
        n++;
    }
    put_money(l, got, sum);
    if (!n) { sb_puts(got, ": there is no line"); }
    for (size_t i = 0, shown = 0; i < s->lines.n && n > 0; i++) {
        const struct seen_line *k = &s->lines.p[i];
        if (!line_meant(l->m, x, k)) { continue; }
        if (shown++ == LINES_SHOWN) {
            sb_printf(got, " and %zu more", n - LINES_SHOWN);
            break;
        }
        sb_puts(got, shown == 1 ? ": " : " + ");
        put_money(l, got, k->amount);
        sb_printf(got, " %.*s for %.*s", STR_ARG(k->kind), STR_ARG(k->period));
        if (k->key.n) { sb_printf(got, " \"%.*s\"", STR_ARG(k->key)); }
        if (!k->billed) { sb_puts(got, " not billed yet"); }
    }
    return sum == x->amount;
}

/* `2026-03`, and behind it those that were issued in the same period: `2026-03-4`. */
static bool invoice_meant(const struct seen_invoice *v, struct str name)
{
    return str_eq(v->name, name) || (str_starts(v->name, name) && v->name.p[name.n] == '-');
}

static bool invoice_holds(const struct seen_money *s, struct ledger *l, const struct m_expect *x, struct sb *got)
{
    struct str name = module_str(l->m, x->text);
    bool ok = false;
    for (size_t i = 0; i < s->invoices.n; i++) {
        const struct seen_invoice *v = &s->invoices.p[i];
        if (!invoice_meant(v, name)) { continue; }
        ok |= (x->amount == NONE || v->total == x->amount) && (x->due == NONE || (int64_t)v->due == x->due);
        sb_puts(got, got->n ? ", and invoice " : "invoice ");
        sb_put(got, v->name);
        sb_puts(got, " of ");
        put_money(l, got, v->total);
        if (v->due != NO_DATE) {
            sb_puts(got, ", due ");
            put_date(l, got, v->due);
        }
    }
    if (!got->n) { sb_puts(got, s->invoices.n ? "no invoice of that period" : "no invoice at all"); }
    for (size_t i = 0; i < s->invoices.n && !ok && str_eq(sb_str(got), STR("no invoice of that period")); i++) {
        sb_puts(got, i ? ", " : "; there are ");
        sb_put(got, s->invoices.p[i].name);
        if (i + 1 == LINES_SHOWN) { break; }
    }
    return ok;
}

static bool owed_holds(struct ledger *l, const struct m_expect *x, struct sb *got)
{
    int64_t sum = 0;
    size_t n = 0;
    struct sb each = {.arena = got->arena};
    if (!is_over(l, x->day, got)) { return false; }
    for (size_t i = 0; i < l->invoices.n; i++) {
        const struct invoice *v = &l->invoices.p[i];
        int64_t open = v->total > 0 ? v->total : 0;
        if (v->issued > x->day) { continue; }
        for (size_t k = 0; k < v->paid.n; k++) { open -= v->paid.p[k].day <= x->day ? v->paid.p[k].amount : 0; }
        sum += open;
        if (!open || n++ >= LINES_SHOWN) { continue; }
        sb_puts(&each, n == 1 ? ": " : " + ");
        put_money(l, &each, open);
        sb_printf(&each, " of invoice %.*s", STR_ARG(v->name));
    }
    put_money(l, got, sum);
    if (each.n) { sb_put(got, sb_str(&each)); }
    return sum == x->amount;
}

static bool settlement_holds(const struct seen_money *s, struct ledger *l, const struct m_expect *x, struct sb *got)
{
    bool ok = false;
    for (size_t i = 0; i < s->accounts.n; i++) {
        ok |= s->accounts.p[i].day == x->day && s->accounts.p[i].amount == x->amount;
        sb_puts(got, i ? ", and " : "");
        put_money(l, got, s->accounts.p[i].amount);
        sb_puts(got, " on ");
        put_date(l, got, s->accounts.p[i].day);
    }
    if (!s->accounts.n && is_over(l, x->day, got)) { sb_puts(got, "there is no final account: the agreement has not ended"); }
    return ok;
}

/* ---- states ---- */

static bool suspended_on(const struct seen_money *s, int64_t day)
{
    bool on = false;
    for (size_t i = 0; i < s->states.n && s->states.p[i].day <= day; i++) {
        if (str_eq(s->states.p[i].word, STR("suspended"))) { on = true; }
        if (str_eq(s->states.p[i].word, STR("restored"))) { on = false; }
    }
    return on;
}

static bool state_holds(const struct seen_money *s, struct ledger *l, const struct m_expect *x, struct sb *got)
{
    if (!is_over(l, x->day, got)) { return false; }
    const char *state = x->day < l->start ? "not in force yet" : l->end <= x->day ? "terminated" : suspended_on(s, x->day) ? "suspended" : "active";
    sb_puts(got, state);
    if (x->day < l->start) {
        sb_puts(got, ": it takes effect on ");
        put_date(l, got, l->start);
    } else if (l->end <= x->day) {
        sb_puts(got, ": its last day is ");
        put_date(l, got, l->end);
    }
    return str_eq(module_str(l->m, x->state), str_of(state));
}

static bool right_holds(const struct seen_money *s, struct ledger *l, const struct m_expect *x, struct sb *got)
{
    const struct m_right *r = &l->m->right[x->right];
    bool has = r->when == NO_REF && x->day >= l->start, told = false;
    if (!is_over(l, x->day, got)) { return false; }
    for (size_t i = 0; i < s->states.n; i++) {
        const struct seen_state *k = &s->states.p[i];
        if (k->clause != r->clause || !str_eq(k->what, module_str(l->m, r->title))) { continue; }
        if (k->day <= x->day) { has = str_eq(k->word, STR("arisen")) || str_eq(k->word, STR("notice")); }
        sb_printf(got, "%s%.*s on ", told ? ", " : "", STR_ARG(k->word));
        put_date(l, got, k->day);
        told = true;
    }
    if (!told) { sb_puts(got, r->when == NO_REF ? "it is there from the first day, without a condition" : "it never arose"); }
    if (x->day >= l->end) { has = false; }
    return has != ((x->flags & EXPECT_NOT) != 0);
}

/* ---- worked out ---- */

/* What an incident of no particular kind on that day could be worth (the first limit as written). */
static bool limit_holds(struct ledger *l, const struct m_expect *x, struct sb *got)
{
    const struct m_limit *limit = limit_of(l, (date)x->day, NONE, (struct str){0});
    int64_t minor = 0;
    if (!limit || limit->flags & LIMIT_NONE) {
        sb_puts(got, "not limited");
        return false;
    }
    bool there = limit_worth(l, limit, (date)x->day, l->e->now == NEVER ? NEVER : l->e->now + 1, NULL, &minor);
    if (there) { put_money(l, got, minor); } else { sb_puts(got, "no data"); }
    return there && minor == x->amount;
}

/* What was accepted of the claims for what happened on that day. */
static bool claim_holds(const struct seen_money *s, struct ledger *l, const struct m_expect *x, struct sb *got)
{
    int64_t sum = 0;
    size_t n = 0;
    for (size_t i = 0; i < s->claims.n; i++) {
        const struct seen_state *k = &s->claims.p[i];
        if (k->day != x->day) { continue; }
        sum += k->amount;
        if (k->what.n) { sb_printf(got, "%.*s: ", STR_ARG(k->what)); }
        n++;
    }
    put_money(l, got, sum);
    if (!n) { sb_puts(got, ": nothing was claimed for that day"); }
    return n && sum == x->amount;
}

static bool level_holds(struct ledger *l, const struct m_expect *x, struct sb *got)
{
    int64_t v = quantity_level(l, x->quantity, (date)x->day, l->e->now == NEVER ? NEVER : l->e->now + 1), magnitude = v < 0 ? -v : v;
    sb_printf(got, "%s%lld", v < 0 ? "-" : "", (long long)(magnitude / 1000000));
    if (magnitude % 1000000) { sb_printf(got, ".%06lld", (long long)(magnitude % 1000000)); }
    return v == x->amount;
}

static bool left_holds(struct ledger *l, const struct m_expect *x, struct sb *got)
{
    struct at_hand h = {.day = (date)x->day, .period = {(date)x->day, (date)x->day}, .nominal = {(date)x->day, (date)x->day}, .horizon = l->e->now == NEVER ? NEVER : l->e->now + 1, .time = NONE};
    size_t mark = l->temp.n;
    mpq_ptr v = ledger_number(l), wanted = ledger_number(l);
    struct str unit = module_str(l->m, l->m->account[x->account].unit);
    exact_set(wanted, x->amount, str_eq(unit, STR("h")) ? INT64_C(3600000000) : 1000000);
    bool same = balance_at(l, &h, x->account, v) && mpq_equal(v, wanted);
    sb_put(got, l->m->account[x->account].flags & ACCOUNT_OF_LINES ? trace_money(l, v) : trace_number(l, v));
    if (!(l->m->account[x->account].flags & ACCOUNT_OF_LINES)) { sb_printf(got, " %.*s", STR_ARG(unit)); }
    l->temp.n = mark;
    return same;
}

static bool refused_holds(const struct seen_money *s, struct sb *got)
{
    if (!s->refused.n) { sb_puts(got, "nothing was refused"); }
    return s->refused.n > 0;
}

bool money_holds(const struct seen_money *s, struct engine *e, const struct m_expect *x, struct sb *got)
{
    struct ledger *l = e->ledger;
    if (x->kind == EXPECT_REFUSED) { return refused_holds(s, got); }
    if (!l) {
        sb_puts(got, "there is no money in this agreement");
        return false;
    }
    switch ((enum expect_kind)x->kind) {
    case EXPECT_CHARGE: return charge_holds(s, l, x, got);
    case EXPECT_INVOICE: return invoice_holds(s, l, x, got);
    case EXPECT_OWED: return owed_holds(l, x, got);
    case EXPECT_STATE: return state_holds(s, l, x, got);
    case EXPECT_LIMIT: return limit_holds(l, x, got);
    case EXPECT_CLAIM: return claim_holds(s, l, x, got);
    case EXPECT_SETTLEMENT: return settlement_holds(s, l, x, got);
    case EXPECT_LEVEL: return x->account != NO_REF ? left_holds(l, x, got) : level_holds(l, x, got);
    case EXPECT_RIGHT: return right_holds(s, l, x, got);
    default: return false;
    }
}
