/* SPDX-License-Identifier: MIT */
/* Formulas of amounts (bytecode/exact.def), worked out exactly. Absent values are contagious except where exact.def says. */
#include "runtime/ledger_state.h"
#include <stdlib.h>

mpq_ptr numbers_next(struct arena *arena, struct numbers *s)
{
    if (s->n == s->cap) {
        size_t cap = s->cap ? s->cap * 2 : 32;
        mpq_t **grown = ARENA_ARRAY(arena, mpq_t *, cap);
        for (size_t i = 0; i < s->cap; i++) { grown[i] = s->p[i]; }
        for (size_t i = s->cap; i < cap; i++) {
            grown[i] = ARENA_NEW(arena, mpq_t);
            mpq_init(*grown[i]);
        }
        s->p = grown;
        s->cap = cap;
    }
    mpq_ptr q = *s->p[s->n++];
    mpq_set_ui(q, 0, 1);
    return q;
}

mpq_ptr ledger_number(struct ledger *l) { return numbers_next(l->arena, &l->temp); }

void ledger_trap(struct ledger *l, const struct at_hand *h, uint32_t clause, const char *what)
{
    struct str name = result_clause_name(l->e, clause);
    if (h && h->fact && h->fact->line) {
        struct str file = h->fact->file < l->e->n_files ? l->e->files[h->fact->file] : STR("");
        engine_fail(l->e, MSA_TRAP, "clause %.*s, for the event at %.*s:%u: %s", STR_ARG(name), STR_ARG(file), h->fact->line, what);
    }
    if (h && h->period.first <= h->period.last && h->period.last < FAR_DATE) {
        struct str p = days_words(l, h->period);
        engine_fail(l->e, MSA_TRAP, "clause %.*s, %.*s: %s", STR_ARG(name), STR_ARG(p), what);
    }
    engine_fail(l->e, MSA_TRAP, "clause %.*s: %s", STR_ARG(name), what);
}

void number_of_value(const struct ledger *l, uint32_t type, int64_t v, mpq_ptr out)
{
    switch ((enum value_type)type) {
    case VT_NUMBER: exact_set(out, v, 1000000); break;
    case VT_PERCENT: exact_set(out, v, 100000000); break;
    case VT_DURATION: exact_set(out, v, INT64_C(3600000000)); break;
    case VT_MONEY: {
        int64_t scale = 1000;
        for (unsigned i = 0; i < l->places; i++) { scale *= 10; }
        exact_set(out, v, scale);
        break;
    }
    case VT_FLAG: case VT_SCALE: case VT_COUNT: case VT_INSTANT: case VT_DATE: case VT_TIME: case VT_CALENDAR: case VT_TARGET: case VT_TEXT:
    case VT_EXACT: case VT_COUNT_:
        exact_set(out, v, 1);
    }
}

static bool fact_value(struct ledger *l, const struct at_hand *h, uint32_t i, mpq_ptr out)
{
    if (!h->fact) { return false; }
    const struct m_fact *f = &l->m->fact[h->fact->kind];
    if (i >= f->n_values) { return false; }
    int64_t v = h->fact->value[i];
    uint32_t type = l->m->fact_value[f->values + i].type;
    if (v == NONE) { return false; }
    if (type == VT_EXACT) { /* it knows no fact: else it could ask for itself */
        struct at_hand alone = *h;
        alone.fact = NULL;
        alone.period = (struct days){h->day, h->day}; /* rates are those of the day on which it happened */
        return v >= 0 && v < l->m->n_exact && formula(l, &alone, (uint32_t)v, out);
    }
    number_of_value(l, type, v, out);
    return true;
}

/* ---- levels ---- */

static void level_value(struct ledger *l, const struct at_hand *h, const struct m_exact *x, mpq_ptr out)
{
    struct days p = h->period;
    if (h->level && x->ref == h->level_of) {
        mpq_set(out, h->level);
        return;
    }
    int64_t v = 0;
    switch ((enum level_mode)x->mode) {
    case LEVEL_FIRST_DAY: v = quantity_level_of(l, x->ref, h->key, p.first, h->horizon); break;
    case LEVEL_BY_DAY: /* where no stretch is at hand: as of the last day */
        if (h->level) { v = quantity_level_of(l, x->ref, h->key, h->day, h->horizon); break; }
        v = quantity_level_of(l, x->ref, h->key, p.last, h->horizon);
        break;
    case LEVEL_LAST_DAY: v = quantity_level_of(l, x->ref, h->key, p.last, h->horizon); break;
    case LEVEL_PEAK:
    case LEVEL_AVERAGE: {
        mpq_ptr sum = ledger_number(l), part = ledger_number(l);
        for (date d = p.first; d <= p.last;) { /* by stretches of one level */
            date to = quantity_until(l, x->ref, d, p.last, h->horizon);
            int64_t now = quantity_level_of(l, x->ref, h->key, d, h->horizon);
            if (now > v) { v = now; }
            exact_set(part, now, 1000000);
            mpq_ptr days = ledger_number(l);
            exact_set(days, (int64_t)to - d + 1, 1);
            mpq_mul(part, part, days);
            mpq_add(sum, sum, part);
            d = to + 1;
        }
        if (x->mode == LEVEL_AVERAGE) {
            exact_set(part, (int64_t)p.last - p.first + 1, 1);
            mpq_div(out, sum, part);
            return;
        }
        break;
    }
    }
    exact_set(out, v, 1000000);
}

static bool events_value(struct ledger *l, const struct at_hand *h, const struct m_exact *x, mpq_ptr out)
{
    int64_t n = 0;
    date last = h->nominal.last;
    bool part = h->nominal.first < h->period.first || h->nominal.last > h->period.last;
    if (x->mode == EVENTS_OF_WHOLE_PERIOD && part) { return false; } /* so many times belong to all of it */
    if (x->mode && h->nominal.first + (int64_t)x->mode - 1 < last) { last = h->nominal.first + (date)x->mode - 1; }
    if (x->mode && (last < h->period.first || last > h->period.last)) { return false; } /* nothing had to be done by then */
    const facts *f = &l->by_kind[x->ref];
    for (size_t i = facts_from(f, h->nominal.first); i < f->n && f->p[i]->day <= last; i++) {
        bool of_key = !h->key.n || str_eq(h->key, f->p[i]->key);
        n += of_key && fact_visible(f->p[i], h->horizon);
    }
    exact_set(out, n, 1);
    return true;
}

/* `on EVENT … cured on EVENT` of a right: what cures follows what it cures, of the same thing. */
static bool since_value(struct ledger *l, const struct at_hand *h, const struct m_exact *x, mpq_ptr out)
{
    const facts *f = &l->by_kind[x->ref], *cures = x->mode ? &l->by_kind[x->mode - 1] : NULL;
    for (size_t i = f->n; i-- > 0;) { /* the newest first */
        const struct fact *one = f->p[i];
        if (one->day > h->day || !fact_visible(one, h->horizon)) { continue; }
        bool cured = false;
        for (size_t k = 0; cures && k < cures->n && !cured; k++) {
            const struct fact *c = cures->p[k];
            cured = c->day <= h->day && c->at >= one->at && fact_visible(c, h->horizon) && str_eq(c->key, one->key);
        }
        if (cured) { continue; }
        exact_set(out, (int64_t)h->day - one->day, 1);
        return true;
    }
    return false;
}

/* ---- series ---- */

static bool series_value(struct ledger *l, const struct at_hand *h, const struct m_exact *x, mpq_ptr out)
{
    const struct m_series *s = &l->m->series[x->ref];
    /* of a happening on its own day, of a period on its first */
    date day = x->mode == SERIES_PERIOD_START && !h->fact && h->period.first > NO_DATE ? h->period.first : h->day;
    bool found = false;
    date best = NO_DATE;
    for (uint32_t i = 0; i < s->n_points; i++) {
        const struct m_series_point *p = &l->m->series_point[s->points + i];
        if (p->from <= day) {
            found = exact_read(out, module_str(l->m, p->value));
            best = (date)p->from;
        }
    }
    if (s->fact == NO_REF) { return found; }
    const facts *f = &l->by_kind[s->fact];
    for (size_t i = 0; i < f->n; i++) {
        if (f->p[i]->day > day || f->p[i]->day < best || !fact_visible(f->p[i], h->horizon)) { continue; }
        struct at_hand there = *h;
        there.fact = f->p[i];
        best = f->p[i]->day;
        found = fact_value(l, &there, 0, out);
    }
    return found;
}

/* ---- bands and tiers ---- */

static bool row_bound(struct ledger *l, const struct at_hand *h, uint32_t node, mpq_ptr out)
{
    return node != NO_REF && formula(l, h, node, out);
}

static bool row_holds(struct ledger *l, const struct at_hand *h, const struct m_exact_row *r, mpq_srcptr v)
{
    mpq_ptr bound = ledger_number(l);
    if (row_bound(l, h, r->from, bound)) {
        int c = mpq_cmp(v, bound);
        if (c < 0 || (c == 0 && !(r->flags & ROW_FROM_IN))) { return false; }
    }
    if (row_bound(l, h, r->to, bound)) {
        int c = mpq_cmp(v, bound);
        if (c > 0 || (c == 0 && !(r->flags & ROW_TO_IN))) { return false; }
    }
    return true;
}

/* A row as written, without the spaces that line it up. */
static void trace_row(struct ledger *l, const struct at_hand *h, const struct m_exact_row *r)
{
    if (!h->trace) { return; }
    struct str text = module_str(l->m, r->text);
    struct sb b = {.arena = &l->e->scratch};
    sb_puts(&b, "row ");
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] != ' ' || i + 1 == text.n || text.p[i + 1] != ' ') { sb_char(&b, text.p[i]); }
    }
    trace_words(l, h->trace, h->depth + 1, sb_str(&b), STR(""), r->place);
}

static bool choose(struct ledger *l, const struct at_hand *h, const struct m_exact *x, mpq_ptr out)
{
    mpq_ptr v = ledger_number(l);
    bool there = formula(l, h, x->a, v);
    const struct m_exact_row *otherwise = NULL;
    for (uint32_t i = 0; i < x->n_rows; i++) {
        const struct m_exact_row *r = &l->m->exact_row[x->rows + i];
        if (r->flags & ROW_OTHERWISE) {
            otherwise = r;
            continue;
        }
        if (there ? r->flags & ROW_NO_DATA || !row_holds(l, h, r, v) : !(r->flags & ROW_NO_DATA)) { continue; }
        trace_row(l, h, r);
        return formula(l, h, r->amount, out);
    }
    if (!otherwise) { return false; }
    trace_row(l, h, otherwise);
    return formula(l, h, otherwise->amount, out);
}

/* Rows from 0 upwards, each up to `to`, which is in it (A2); the first is reached at 0, so its flat part is owed. */
static bool tiers(struct ledger *l, const struct at_hand *h, const struct m_exact *x, mpq_ptr out)
{
    bool graduated = x->op == EX_GRADUATED;
    mpq_ptr v = ledger_number(l), from = ledger_number(l), to = ledger_number(l), in_row = ledger_number(l), price = ledger_number(l);
    if (!formula(l, h, x->a, v)) { return false; }
    mpq_set_ui(out, 0, 1);
    for (uint32_t i = 0; i < x->n_rows; i++) {
        const struct m_exact_row *r = &l->m->exact_row[x->rows + i];
        bool open = !row_bound(l, h, r->to, to), within = open || mpq_cmp(v, to) <= 0;
        if (graduated || within) {
            if (graduated) {
                mpq_sub(in_row, within ? v : to, from);
            } else {
                mpq_set(in_row, v);
            }
            struct at_hand there = *h;
            there.units = in_row;
            trace_row(l, h, r);
            there.depth++;
            if (r->amount != NO_REF) {
                if (!formula(l, &there, r->amount, price)) { return false; }
                mpq_add(out, out, price);
            }
            if (r->flat != NO_REF) {
                if (!formula(l, &there, r->flat, price)) { return false; }
                mpq_add(out, out, price);
            }
        }
        if (within) { break; }
        mpq_set(from, to);
    }
    return true;
}

/* ---- states ---- */

static bool state_value(struct ledger *l, const struct at_hand *h, uint32_t which, mpq_ptr out)
{
    int64_t days;
    switch ((enum ledger_state)which) {
    case STATE_OVERDUE: exact_from_minor(out, debt_overdue(l, h->day, false), l->places); return true;
    case STATE_UNDISPUTED: exact_from_minor(out, debt_overdue(l, h->day, true), l->places); return true;
    case STATE_OVERDUE_DAYS:
    case STATE_UNDISPUTED_DAYS:
        days = debt_days(l, h->day, which == STATE_UNDISPUTED_DAYS);
        exact_set(out, days, 1);
        return days >= 0;
    case STATE_SUSPENDED_DAYS:
        if (l->suspended_since == NO_DATE) { return false; }
        exact_set(out, (int64_t)h->day - l->suspended_since, 1);
        return true;
    case STATE_TERM_DAY: exact_set(out, (int64_t)h->day - l->start, 1); return true;
    case STATE_LEFT_BY_CUSTOMER: {
        const struct m_right *r = l->ending;
        exact_set(out, r != NULL && (r->party == PARTY_CUSTOMER) == !(r->flags & RIGHT_CAUSE), 1);
        return true;
    }
    case STATE_MONTHS_LEFT: {
        int64_t n = 0;
        while (n < TERM_MONTHS_MAX && civil_add_months(h->day + 1, (int)n + 1) - 1 <= l->term_last) { n++; }
        exact_set(out, n, 1);
        return true;
    }
    case STATE_OWED: {
        int64_t sum = 0;
        for (size_t i = 0; i < l->invoices.n; i++) { sum += l->invoices.p[i].open; }
        exact_from_minor(out, sum, l->places);
        return true;
    }
    case STATE_COUNT: break;
    }
    return false;
}

/* Contract months and years count from the effective date, the first is 1; others are those of the civil year. */
static int64_t period_number(const struct ledger *l, uint32_t kind, date day)
{
    struct ymd a = civil_ymd(day);
    int64_t months = 0;
    while (civil_add_months(l->start, (int)months + 1) <= day) { months++; }
    switch ((enum period_kind)kind) {
    case PERIOD_CONTRACT_MONTH: return months + 1;
    case PERIOD_CONTRACT_YEAR: return months / 12 + 1;
    case PERIOD_MONTH: return a.month;
    case PERIOD_QUARTER: return (a.month + 2) / 3;
    case PERIOD_YEAR: return a.year;
    case PERIOD_DAY: return a.day;
    case PERIOD_WEEK:
    case PERIOD_ALL: break;
    }
    return (int64_t)day - l->start + 1;
}

static void period_length(const struct ledger *l, const struct at_hand *h, uint32_t mode, mpq_ptr out)
{
    if (mode) {
        exact_set(out, (int64_t)h->nominal.last - h->nominal.first + 1, 1);
    } else {
        exact_set(out, day_begin(l, h->nominal.last + 1) - day_begin(l, h->nominal.first), INT64_C(3600000000));
    }
}

/* ---- the walk ---- */

static bool two(struct ledger *l, const struct at_hand *h, const struct m_exact *x, mpq_ptr out, mpq_ptr b, bool has_a, bool has_b)
{
    switch ((enum exact_op)x->op) {
    case EX_AND: mpq_set_ui(out, has_a && has_b && mpq_sgn(out) && mpq_sgn(b), 1); return true;
    case EX_OR: mpq_set_ui(out, (has_a && mpq_sgn(out)) || (has_b && mpq_sgn(b)), 1); return true;
    case EX_LT: mpq_set_ui(out, has_a && has_b && mpq_cmp(out, b) < 0, 1); return true;
    case EX_LE: mpq_set_ui(out, has_a && has_b && mpq_cmp(out, b) <= 0, 1); return true;
    case EX_EQ: mpq_set_ui(out, has_a && has_b && mpq_equal(out, b), 1); return true;
    case EX_ELSE:
        if (!has_a) { mpq_set(out, b); }
        return has_a || has_b;
    default: break;
    }
    if (!has_a || !has_b) { return false; }
    uint32_t clause = h->charge ? h->charge->clause : 0;
    switch ((enum exact_op)x->op) {
    case EX_ADD: mpq_add(out, out, b); break;
    case EX_SUB: mpq_sub(out, out, b); break;
    case EX_MUL: mpq_mul(out, out, b); break;
    case EX_DIV:
        if (!mpq_sgn(b)) { ledger_trap(l, h, clause, "a division by zero"); }
        mpq_div(out, out, b);
        break;
    case EX_MIN: if (mpq_cmp(b, out) < 0) { mpq_set(out, b); } break;
    case EX_MAX: if (mpq_cmp(b, out) > 0) { mpq_set(out, b); } break;
    case EX_ROUND:
        if (mpq_sgn(b) <= 0) { ledger_trap(l, h, clause, "rounding to a step that is not above zero"); }
        exact_round(out, b, (enum exact_rounding)x->mode);
        break;
    case EX_STEPS:
        if (mpq_sgn(b) <= 0) { ledger_trap(l, h, clause, "a step that is not above zero"); }
        mpq_div(out, out, b);
        if (x->mode != STEP_EXACT) {
            mpq_ptr one = ledger_number(l);
            mpq_set_ui(one, 1, 1);
            exact_round(out, one, x->mode == STEP_WHOLE ? EXACT_DOWN : EXACT_UP);
        }
        break;
    default: MSA_BUG("not an operation of two");
    }
    if (!exact_fits(out)) { ledger_trap(l, h, clause, "a number grows too long"); }
    return true;
}

static bool binary(struct ledger *l, const struct at_hand *h, const struct m_exact *x, uint32_t node, mpq_ptr out)
{
    mpq_ptr b = ledger_number(l);
    bool has_a = formula(l, h, x->a, out), has_b = formula(l, h, x->b, b);
    if (!h->trace || !has_a || !has_b || x->op == EX_ELSE) { return two(l, h, x, out, b, has_a, has_b); }
    mpq_ptr left = ledger_number(l);
    mpq_set(left, out);
    bool there = two(l, h, x, out, b, true, true);
    struct at_hand outer = *h;
    outer.depth--; /* of the operation itself, see formula() */
    if (x->op != EX_AND && x->op != EX_OR) { trace_two(l, &outer, node, left, b, out); }
    return there;
}

/* Operations of two have said themselves with their operands. */
static bool said_itself(uint32_t op, bool there) { return there && op >= EX_ADD && op <= EX_EQ && op != EX_NEG; }

static bool node_value(struct ledger *l, const struct at_hand *h, uint32_t node, mpq_ptr out)
{
    const struct m_exact *x = &l->m->exact[node];
    switch ((enum exact_op)x->op) {
    case EX_CONST: mpq_set(out, l->constant[node]); return true;
    case EX_NAMED: return formula(l, h, x->a, out);
    case EX_FACT: return fact_value(l, h, x->ref, out);
    case EX_UNITS:
        if (h->units) { mpq_set(out, h->units); }
        return h->units != NULL;
    case EX_TIME:
        if (h->time == NONE) { return false; }
        exact_set(out, h->time, INT64_C(3600000000));
        return true;
    case EX_LEVEL: level_value(l, h, x, out); return true;
    case EX_MEASURE: return figure_value(l, h, x, out);
    case EX_FIGURES: return figures_value(l, h, x, out);
    case EX_LINES: charge_lines(l, h, x->ref, out); return true;
    case EX_REMAINING: charge_remaining(l, h, x->ref, out); return true;
    case EX_SERIES: return series_value(l, h, x, out);
    case EX_ACCOUNT: return balance_at(l, h, x->ref, out);
    case EX_PERIOD_NUMBER: exact_set(out, period_number(l, x->mode, h->fact || h->period.first == NO_DATE ? h->day : h->period.first), 1); return true;
    case EX_PERIOD_LENGTH: period_length(l, h, x->mode, out); return true;
    case EX_STATE: return state_value(l, h, x->mode, out);
    case EX_PERIODS: return periods_value(l, h, x, out);
    case EX_EVENTS: return events_value(l, h, x, out);
    case EX_SINCE: return since_value(l, h, x, out);
    case EX_BEFORE: return formula_before(l, h, x, out);
    case EX_CHANGES: formula_changes(l, h, x, out); return true;
    case EX_RAISED: return formula_raised(l, h, x, out);
    case EX_NEG:
        if (!formula(l, h, x->a, out)) { return false; }
        mpq_neg(out, out);
        return true;
    case EX_NOT: mpq_set_ui(out, !formula_yes(l, h, x->a), 1); return true;
    case EX_IF: return formula(l, h, formula_yes(l, h, x->a) ? x->b : x->c, out);
    case EX_CHOOSE: return choose(l, h, x, out);
    case EX_GRADUATED:
    case EX_VOLUME: return tiers(l, h, x, out);
    case EX_ADD: case EX_SUB: case EX_MUL: case EX_DIV: case EX_MIN: case EX_MAX: case EX_ROUND: case EX_STEPS: case EX_LT: case EX_LE:
    case EX_EQ: case EX_AND: case EX_OR: case EX_ELSE:
        return binary(l, h, x, node, out);
    case EX_COUNT: break;
    }
    MSA_BUG("no such node");
}

bool formula(struct ledger *l, const struct at_hand *h, uint32_t node, mpq_ptr out)
{
    size_t mark = l->temp.n;
    struct at_hand inner = *h;
    inner.depth++;
    bool there = node_value(l, &inner, node, out);
    l->temp.n = mark;
    if (h->trace && !said_itself(l->m->exact[node].op, there)) { trace_node(l, h, node, out, !there); }
    return there;
}

bool formula_yes(struct ledger *l, const struct at_hand *h, uint32_t node)
{
    size_t mark = l->temp.n;
    mpq_ptr v = ledger_number(l);
    bool yes = formula(l, h, node, v) && mpq_sgn(v) != 0;
    l->temp.n = mark;
    return yes;
}
