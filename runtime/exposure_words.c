/* SPDX-License-Identifier: MIT */
/* Formulas of amounts in words, for the worst case to show: what is worked out in one step stands in brackets where it is part of
 * another, and lengths of time have their unit behind them. */
#include "runtime/exposure.h"
#include <string.h>

enum { MOST_WORDS = 240 };

/* Of a quantity `seats` the unit is `seat`, where it has no word of its own. */
static struct str unit_of(const struct exposure *x, struct str name)
{
    if (str_eq(name, STR("h"))) { return STR("hour"); }
    for (uint32_t i = 0; i < x->m->n_quantity; i++) {
        if (!str_eq(exposure_text(x, x->m->quantity[i].name), name)) { continue; }
        struct str unit = exposure_text(x, x->m->quantity[i].unit);
        return unit.n && !str_eq(unit, name) ? unit : name.n > 1 && name.p[name.n - 1] == 's' ? str_slice(name, 0, name.n - 1) : name;
    }
    return name;
}

static void constant(struct exposure *x, struct sb *b, const struct m_exact *e)
{
    struct str unit = exposure_text(x, e->unit), per, of = str_cut(unit, '/', &per);
    mpq_ptr q = range_number(x, 0, 1);
    (void)exact_read(q, exposure_text(x, e->value));
    bool share = !unit.n && mpq_sgn(q) > 0 && mpq_cmp_ui(q, 1, 1) < 0, money = of.n == 3 && of.p[0] >= 'A' && of.p[0] <= 'Z';
    if (share) { mpq_mul(q, q, range_number(x, 100, 1)); }
    if (str_eq(unit, STR("h")) && mpq_sgn(q) > 0 && mpq_cmp_ui(q, 1, 1) < 0) { /* part of an hour: in minutes */
        mpq_mul(q, q, range_number(x, 60, 1));
        unit = of = STR("min");
    }
    if (money) { sb_printf(b, "%.*s ", STR_ARG(of)); }
    sb_put(b, exact_text(x->arena, q));
    if (share) { sb_puts(b, "%"); }
    if (!money && of.n) { sb_printf(b, " %.*s", STR_ARG(of)); }
    if (per.n) { sb_printf(b, " per %.*s", STR_ARG(unit_of(x, per))); }
}

static void rows(struct exposure *x, struct sb *b, const struct m_exact *e, const char *how)
{
    sb_printf(b, "%s ", how);
    exposure_words(x, b, e->a, true);
    sb_char(b, ':');
    for (uint32_t i = 0; i < e->n_rows && b->n <= MOST_WORDS; i++) {
        struct str row = exposure_text(x, x->m->exact_row[e->rows + i].text);
        sb_puts(b, i ? "; " : " ");
        for (size_t k = 0; k < row.n; k++) {
            if (row.p[k] != ' ' || k + 1 == row.n || row.p[k + 1] != ' ') { sb_char(b, row.p[k]); }
        }
    }
}

static void two(struct exposure *x, struct sb *b, const struct m_exact *e, const char *before, const char *between)
{
    sb_puts(b, before);
    exposure_words(x, b, e->a, true);
    sb_puts(b, between);
    exposure_words(x, b, e->b, true);
}

static struct str fact_name(const struct exposure *x, uint32_t i)
{
    if (!x->charge || x->charge->fact == NO_REF) { return STR("a value of the event"); }
    return exposure_text(x, x->m->fact_value[x->m->fact[x->charge->fact].values + i].name);
}

/* Operations of one or several operands; what is inside another has brackets around it. */
static void operation(struct exposure *x, struct sb *b, const struct m_exact *e)
{
    static const char *const rounding[] = {" rounded down to ", " rounded up to ", " rounded half up to ", " rounded half even to "};
    static const char *const steps[] = {"whole steps of ", "started steps of ", "steps of "};
    switch ((enum exact_op)e->op) {
    case EX_ADD: two(x, b, e, "", " + "); break;
    case EX_SUB: two(x, b, e, "", " - "); break;
    case EX_MUL: two(x, b, e, "", " x "); break;
    case EX_DIV: two(x, b, e, "", " / "); break;
    case EX_MIN: two(x, b, e, "the smaller of ", " and "); break;
    case EX_MAX: two(x, b, e, "the larger of ", " and "); break;
    case EX_ROUND: two(x, b, e, "", rounding[e->mode & 3]); break;
    case EX_LT: two(x, b, e, "", " below "); break;
    case EX_LE: two(x, b, e, "", " at most "); break;
    case EX_EQ: two(x, b, e, "", " is "); break;
    case EX_AND: two(x, b, e, "", " and "); break;
    case EX_OR: two(x, b, e, "", " or "); break;
    case EX_ELSE: two(x, b, e, "", ", or without it "); break;
    case EX_STEPS:
        sb_puts(b, steps[e->mode < countof(steps) ? e->mode : STEP_EXACT]);
        exposure_words(x, b, e->b, true);
        sb_puts(b, " in ");
        exposure_words(x, b, e->a, true);
        break;
    case EX_IF:
        two(x, b, e, "if ", " then ");
        sb_puts(b, " else ");
        exposure_words(x, b, e->c, true);
        break;
    case EX_NEG:
        sb_puts(b, "less ");
        exposure_words(x, b, e->a, true);
        break;
    case EX_NOT:
        sb_puts(b, "not ");
        exposure_words(x, b, e->a, true);
        break;
    default: break;
    }
}

static bool is_operation(uint32_t op)
{
    switch ((enum exact_op)op) {
    case EX_ADD: case EX_SUB: case EX_MUL: case EX_DIV: case EX_MIN: case EX_MAX: case EX_ROUND: case EX_LT: case EX_LE: case EX_EQ:
    case EX_AND: case EX_OR: case EX_ELSE: case EX_STEPS: case EX_IF: case EX_NEG: case EX_NOT: return true;
    default: return false;
    }
}

static void leaf(struct exposure *x, struct sb *b, uint32_t node, bool inner)
{
    static const char *const name[] = {
#define EXACT_OP(NAME, name, operands, doc) [EX_##NAME] = name,
#include "bytecode/exact.def"
#undef EXACT_OP
    };
    static const char *const states[] = {
        [STATE_OVERDUE] = "what is overdue", [STATE_UNDISPUTED] = "what is overdue and not disputed", [STATE_OVERDUE_DAYS] = "days overdue",
        [STATE_UNDISPUTED_DAYS] = "days overdue and not disputed", [STATE_SUSPENDED_DAYS] = "days suspended", [STATE_TERM_DAY] = "days since the start",
        [STATE_LEFT_BY_CUSTOMER] = "left by the customer", [STATE_MONTHS_LEFT] = "whole months left", [STATE_OWED] = "what is owed",
    };
    const struct m_exact *e = &x->m->exact[node];
    struct str text = exposure_text(x, e->text);
    if (text.n) { sb_put(b, text); return; }
    switch ((enum exact_op)e->op) {
    case EX_CONST: constant(x, b, e); break;
    case EX_LEVEL: sb_put(b, exposure_text(x, x->m->quantity[e->ref].name)); break;
    case EX_UNITS:
        if (x->charge && x->charge->units != NO_REF && x->charge->units < node) { exposure_words(x, b, x->charge->units, inner); } else { sb_puts(b, "units"); }
        break;
    case EX_FIGURES:
    case EX_MEASURE: sb_put(b, exposure_text(x, x->m->measure[e->ref].name)); break;
    case EX_ACCOUNT: sb_put(b, exposure_text(x, x->m->account[e->ref].name)); break;
    case EX_SERIES: sb_put(b, exposure_text(x, x->m->series[e->ref].name)); break;
    case EX_REMAINING: sb_puts(b, "remaining "); sb_put(b, exposure_text(x, x->m->lines[e->ref].name)); break;
    case EX_LINES: sb_put(b, exposure_text(x, x->m->lines[e->ref].name)); break;
    case EX_FACT: sb_put(b, fact_name(x, e->ref)); break;
    case EX_NAMED: exposure_words(x, b, e->a, inner); break;
    case EX_STATE: sb_puts(b, e->mode < countof(states) ? states[e->mode] : "the state"); break;
    case EX_PERIOD_NUMBER: sb_puts(b, e->mode == PERIOD_CONTRACT_YEAR ? "contract year" : e->mode == PERIOD_CONTRACT_MONTH ? "contract month" : "number of the period"); break;
    default: sb_puts(b, name[e->op]); break;
    }
}

void exposure_words(struct exposure *x, struct sb *b, uint32_t node, bool inner)
{
    if (b->n > MOST_WORDS) { return; }
    const struct m_exact *e = &x->m->exact[node];
    if (e->op == EX_CHOOSE) { rows(x, b, e, "by"); }
    else if (e->op == EX_GRADUATED) { rows(x, b, e, "graduated by"); }
    else if (e->op == EX_VOLUME) { rows(x, b, e, "volume by"); }
    else if (is_operation(e->op)) {
        if (inner) { sb_char(b, '('); }
        operation(x, b, e);
        if (inner) { sb_char(b, ')'); }
    } else { leaf(x, b, node, inner); }
}

struct str exposure_formula(struct exposure *x, const struct m_charge *c)
{
    struct sb b = {.arena = x->arena};
    x->charge = c;
    if (c->amount != NO_REF) {
        if (x->m->exact[c->amount].op != EX_CONST) { exposure_words(x, &b, c->amount, false); }
    } else if (c->price != NO_REF && c->units != NO_REF) {
        exposure_words(x, &b, c->units, true);
        sb_puts(&b, " x ");
        exposure_words(x, &b, c->price, true);
    }
    if (b.n > MOST_WORDS) { sb_puts(&b, " …"); }
    return b.n ? sb_str(&b) : (struct str){"", 0};
}
