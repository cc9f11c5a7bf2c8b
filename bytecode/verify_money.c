/* SPDX-License-Identifier: MIT */
/* The proof over the records of money: formulas are finite and read what is there, facts carry what their readers want. */
#include "bytecode/verify_code.h"
#include "bytecode/disasm.h"
#include <string.h>

#define REQUIRE(what, NAME, i, at, fmt, ...) \
    do { if (!(what)) return verify_refuse(v, SEC_##NAME, (i), (at), #NAME " %u: " fmt, (uint32_t)(i), __VA_ARGS__); } while (0)

/* Formulas inside each other; the ledger works them out by recursion. */
enum { DEPTH_MAX = 4000, NUMBER_MAX = 64 };

static const struct { const char *name, *operands; } exact_ops[] = {
#define EXACT_OP(NAME, name, operands, doc) { name, operands },
#include "bytecode/exact.def"
#undef EXACT_OP
};

static bool digits(const char **p) {
    const char *from = *p;
    while (**p >= '0' && **p <= '9') ++*p;
    return *p > from;
}

/* `150`, `150.25`, `1/24`; a minus before it. */
static bool good_number(const struct module *m, uint32_t text) {
    const char *p = module_str(m, text).p;
    if (module_str(m, text).n > NUMBER_MAX) return false;
    if (*p == '-') p++;
    if (!digits(&p)) return false;
    if (*p == '.') return p++, digits(&p) && !*p;
    if (*p == '/') return p++, *p != '0' && digits(&p) && !*p;
    return !*p;
}

static uint32_t pool_of(const struct module *m, char operand) {
    switch (operand) {
    case 'Q': return m->n_quantity;
    case 'M': return m->n_measure;
    case 'L': return m->n_lines;
    case 'S': return m->n_series;
    case 'H': return m->n_charge;
    case 'C': return m->n_calendar_rec;
    case 'E': return m->n_fact;
    case 'B': return m->n_account;
    default: return UINT32_MAX;
    }
}

static uint32_t modes_of(const struct module *m, uint32_t op) {
    switch (op) {
    case EX_LEVEL: return LEVEL_BY_DAY + 1;
    case EX_SERIES: return SERIES_HALF_YEAR + 1;
    case EX_PERIOD_NUMBER: return PERIOD_ALL + 1;
    case EX_PERIOD_LENGTH: return 2;
    case EX_STATE: return STATE_COUNT;
    case EX_SINCE: return m->n_fact + 1;
    case EX_ROUND: return 4;
    case EX_STEPS: return STEP_EXACT + 1;
    case EX_CHANGES: return 2;
    case EX_MEASURE: return FIGURE_NAMED + 1;
    case EX_FIGURES: return FIGURES_WAYS * FIGURES_WAY;
    default: return UINT32_MAX;
    }
}

static bool verify_node(struct verifier *v, uint32_t i, uint32_t *depth) {
    const struct module *m = v->m;
    const struct m_exact *x = &m->exact[i];
    REQUIRE(x->op < EX_COUNT, EXACT, i, x->place, "op %u", x->op);
    const char *operands = exact_ops[x->op].operands, *name = exact_ops[x->op].name;
    const uint32_t kid[] = { x->a, x->b, x->c };
    uint32_t deepest = 0;
    for (uint32_t k = 0; k < countof(kid); k++) {
        bool wanted = strchr(operands, (int)('a' + k)) != NULL;
        REQUIRE(wanted == (kid[k] != NO_REF), EXACT, i, x->place, "`%s` with operand %c %d", name, (int)('a' + k), (int)kid[k]);
        REQUIRE(!wanted || kid[k] < i, EXACT, i, x->place, "it reads node %u, which does not come before it", kid[k]);
        if (wanted && depth[kid[k]] > deepest) deepest = depth[kid[k]];
    }
    for (const char *p = operands; *p; p++)
        if (*p >= 'A' && *p <= 'Z') REQUIRE(x->ref < pool_of(m, *p), EXACT, i, x->place, "`%s` of record %u, there are %u", name, x->ref, pool_of(m, *p));
    REQUIRE(x->op != EX_PERIODS || x->ref < m->n_measure, EXACT, i, x->place, "`%s` of measure %u", name, x->ref);
    REQUIRE(x->op != EX_RAISED || (x->mode >= 8 && x->mode / 8 <= TERM_MONTHS_MAX && x->ref <= TERM_DAYS_MAX), EXACT, i, x->place, "rises %u days after the start, mode %u", x->ref, x->mode);
    REQUIRE(x->op != EX_BEFORE || (x->mode >= 2 && x->mode / 2 <= TERM_DAYS_MAX), EXACT, i, x->place, "`%s` with mode %u", name, x->mode);
    REQUIRE(x->mode < modes_of(m, x->op), EXACT, i, x->place, "`%s` with mode %u", name, x->mode);
    REQUIRE(x->op != EX_FIGURES || x->mode % FIGURES_WAY, EXACT, i, x->place, "`%s` of no periods", name);
    REQUIRE(x->op != EX_CONST || good_number(m, x->value), EXACT, i, x->place, "`%.80s` is no number", module_str(m, x->value).p);
    REQUIRE(x->op == EX_CONST || x->op == EX_MEASURE || x->op == EX_FIGURES || !x->value, EXACT, i, x->place, "`%s` with a value", name);
    REQUIRE((strchr(operands, 'r') != NULL) == (x->n_rows > 0), EXACT, i, x->place, "`%s` with %u rows", name, x->n_rows);
    bool tiers = x->op == EX_GRADUATED || x->op == EX_VOLUME;
    for (uint32_t k = x->rows; k < x->rows + x->n_rows; k++) {
        const struct m_exact_row *r = &m->exact_row[k];
        const uint32_t node[] = { r->from, r->to, r->amount, r->flat };
        for (uint32_t n = 0; n < countof(node); n++) {
            REQUIRE(node[n] == NO_REF || node[n] < i, EXACT_ROW, k, r->place, "it reads node %u, which does not come before its formula", node[n]);
            if (node[n] != NO_REF && depth[node[n]] > deepest) deepest = depth[node[n]];
        }
        REQUIRE(r->flags < ROW_OTHERWISE * 2, EXACT_ROW, k, r->place, "flags %u", r->flags);
        REQUIRE(r->amount != NO_REF || (tiers && r->flat != NO_REF), EXACT_ROW, k, r->place, "it gives no amount (flags %u)", r->flags);
        REQUIRE(!tiers || (r->from != NO_REF && (r->to != NO_REF) == (k + 1 < x->rows + x->n_rows)), EXACT_ROW, k, r->place, "a tier from node %d to %d", (int)r->from, (int)r->to);
    }
    depth[i] = deepest + 1;
    REQUIRE(depth[i] <= DEPTH_MAX, EXACT, i, x->place, "formulas inside each other to a depth of %u", depth[i]);
    return true;
}

static bool verify_formulas(struct verifier *v) {
    const struct module *m = v->m;
    struct arena_mark mark = arena_mark(v->a);
    uint32_t *depth = ARENA_ARRAY(v->a, uint32_t, m->n_exact);
    for (uint32_t i = 0; i < m->n_exact; i++)
        if (!verify_node(v, i, depth)) return false;
    arena_release(v->a, mark);
    return true;
}

static bool verify_fact(struct verifier *v, uint32_t i) {
    const struct module *m = v->m;
    const struct m_fact *f = &m->fact[i];
    uint32_t place = m->clause[f->clause].place, entity = f->clock != NO_REF ? m->clock[f->clock].entity : NO_REF;
    bool clock = f->clock != NO_REF;
    REQUIRE(f->role < ROLE_COUNT, FACT, i, place, "role %u", f->role);
    REQUIRE(clock == (f->verdict != 0) && f->verdict <= FACT_ON_MET, FACT, i, place, "verdict %u of clock %d", f->verdict, (int)f->clock);
    REQUIRE(f->when == NO_REF || (clock && m->func[f->when].kind == FUNC_PREDICATE && verify_runs_for(m, f->when, entity)), FACT, i, place, "function %u is no condition on its clock's entity", f->when);
    REQUIRE(f->text == NO_REF || (clock && m->func[f->text].kind == FUNC_VALUE_TEXT && verify_runs_for(m, f->text, entity)), FACT, i, place, "function %u gives no text of its clock's entity", f->text);
    for (uint32_t k = f->values; k < f->values + f->n_values; k++) {
        const struct m_fact_value *o = &m->fact_value[k];
        REQUIRE(verify_good_type(o->type, o->scale) && o->type != VT_TEXT, FACT_VALUE, k, place, "type %u with scale %d", o->type, (int)o->scale);
        REQUIRE(clock == (o->value != NO_REF), FACT_VALUE, k, place, "function %d of a fact of clock %d", (int)o->value, (int)f->clock);
        REQUIRE(!clock || (verify_gives(m, o->value, o->type) && verify_runs_for(m, o->value, entity)), FACT_VALUE, k, place, "function %u gives no such value of its clock's entity", o->value);
    }
    static const struct { uint8_t n, type[3]; } wants[ROLE_COUNT] = { [ROLE_PAYMENT] = { 1, { VT_MONEY } }, [ROLE_DISPUTE] = { 1, { VT_MONEY } }, [ROLE_CLAIM] = { 1, { VT_DATE } },
        [ROLE_NOTICE] = { 3, { VT_SCALE, VT_DATE, VT_DATE } }, [ROLE_INCIDENT] = { 3, { VT_MONEY, VT_SCALE, VT_MONEY } }, [ROLE_RETURNED] = { 1, { VT_MONEY } } };
    REQUIRE(f->role == ROLE_CHARGE || (!clock && f->n_values == wants[f->role].n), FACT, i, place, "role %u with %u values", f->role, f->n_values);
    for (uint32_t k = 0; k < wants[f->role].n; k++)
        REQUIRE(m->fact_value[f->values + k].type == wants[f->role].type[k], FACT_VALUE, f->values + k, place, "role %u does not have a %s there", f->role, value_type_name(m->fact_value[f->values + k].type));
    return true;
}

static bool good_period(uint32_t period, uint32_t n) { return period <= PERIOD_ALL && (n || period == PERIOD_ALL); }

static bool verify_levels(struct verifier *v) {
    const struct module *m = v->m;
    for (uint32_t i = 0; i < m->n_quantity; i++) {
        const struct m_quantity *q = &m->quantity[i];
        uint32_t place = m->clause[q->clause].place;
        REQUIRE(good_number(m, q->initial), QUANTITY, i, place, "it starts at `%.80s`", module_str(m, q->initial).p);
        REQUIRE(q->may_rise == NO_REF || good_period(q->rise_period, q->rise_period_n), QUANTITY, i, place, "it may rise in period %u taken %u times", q->rise_period, q->rise_period_n);
        REQUIRE(q->flags < QUANTITY_OF_THINGS * 2, QUANTITY, i, place, "flags %u", q->flags);
        REQUIRE(q->may_fall == NO_REF || good_period(q->fall_period, q->fall_period_n), QUANTITY, i, place, "it may fall in period %u taken %u times", q->fall_period, q->fall_period_n);
        for (uint32_t k = q->sources; k < q->sources + q->n_sources; k++) {
            const struct m_quantity_source *s = &m->quantity_source[k];
            REQUIRE(s->mode <= QUANTITY_GOES, QUANTITY_SOURCE, k, place, "mode %u", s->mode);
            REQUIRE(s->mode >= QUANTITY_ONE_MORE || s->value < m->fact[s->fact].n_values, QUANTITY_SOURCE, k, place, "value %u of a fact that has %u", s->value, m->fact[s->fact].n_values);
        }
    }
    for (uint32_t i = 0; i < m->n_series; i++) {
        const struct m_series *s = &m->series[i];
        uint32_t place = m->clause[s->clause].place;
        REQUIRE(s->fact == NO_REF || m->fact[s->fact].n_values, SERIES, i, place, "fact %u tells it no value", s->fact);
        for (uint32_t k = s->points; k < s->points + s->n_points; k++) {
            REQUIRE(good_number(m, m->series_point[k].value), SERIES_POINT, k, place, "`%.80s` is no number", module_str(m, m->series_point[k].value).p);
            REQUIRE(k == s->points || m->series_point[k - 1].from < m->series_point[k].from, SERIES_POINT, k, place, "the dates of series %u do not rise", i);
        }
    }
    return true;
}

/* Values of facts that the formulas below read: each is one of the fact at hand. */
static bool reads_own_fact(struct verifier *v, const uint32_t *root, uint32_t n, uint32_t n_values, uint8_t *mark, uint32_t *bad) {
    const struct module *m = v->m;
    uint32_t top = 0;
    memset(mark, 0, m->n_exact);
    for (uint32_t i = 0; i < n; i++) {
        if (root[i] == NO_REF) continue;
        mark[root[i]] = 1;
        if (root[i] + 1 > top) top = root[i] + 1;
    }
    for (uint32_t i = top; i-- > 0;) {
        if (!mark[i]) continue;
        const struct m_exact *x = &m->exact[i];
        if (x->op == EX_FACT && x->ref >= n_values) { *bad = i; return false; }
        if (x->a != NO_REF) mark[x->a] = 1;
        if (x->b != NO_REF) mark[x->b] = 1;
        if (x->c != NO_REF) mark[x->c] = 1;
        for (uint32_t k = x->rows; k < x->rows + x->n_rows; k++) {
            const struct m_exact_row *r = &m->exact_row[k];
            const uint32_t node[] = { r->from, r->to, r->amount, r->flat };
            for (uint32_t j = 0; j < countof(node); j++)
                if (node[j] != NO_REF) mark[node[j]] = 1;
        }
    }
    return true;
}

static bool verify_charge(struct verifier *v, uint32_t i, uint8_t *mark) {
    const struct module *m = v->m;
    const struct m_charge *c = &m->charge[i];
    REQUIRE(c->kind < CHARGE_KIND_COUNT && c->trigger <= TRIGGER_ACCOUNT && c->flags < CHARGE_INCLUDED * 2, CHARGE, i, c->place, "kind %u, trigger %u, flags %u", c->kind, c->trigger, c->flags);
    REQUIRE((c->trigger == TRIGGER_FACT) == (c->fact != NO_REF), CHARGE, i, c->place, "trigger %u with fact %d", c->trigger, (int)c->fact);
    REQUIRE((c->trigger == TRIGGER_ACCOUNT) == (c->account != NO_REF), CHARGE, i, c->place, "trigger %u with account %d", c->trigger, (int)c->account);
    REQUIRE(good_period(c->period, c->period_n) && good_period(c->sum_period, c->sum_period_n) && good_period(c->free_period, c->free_period_n), CHARGE, i, c->place, "periods %u, %u, %u", c->period, c->sum_period, c->free_period);
    REQUIRE(!(c->flags & (CHARGE_DAY_TOGETHER | CHARGE_THING_TOGETHER)) || (c->trigger == TRIGGER_FACT && !(c->flags & CHARGE_ONCE)), CHARGE, i, c->place, "flags %u with trigger %u", c->flags, c->trigger);
    REQUIRE(!(c->flags & CHARGE_ONCE) || c->trigger == TRIGGER_FACT, CHARGE, i, c->place, "flags %u with trigger %u", c->flags, c->trigger);
    REQUIRE(!(c->flags & CHARGE_SHARES) || c->trigger == TRIGGER_EVERY, CHARGE, i, c->place, "flags %u with trigger %u", c->flags, c->trigger);
    REQUIRE(((c->flags & (CHARGE_PART_INSIDE | CHARGE_PART_OUTSIDE)) != 0) == (c->part_of != NO_REF), CHARGE, i, c->place, "flags %u with calendar %d", c->flags, (int)c->part_of);
    REQUIRE(c->amount != NO_REF || (c->price != NO_REF && c->units != NO_REF), CHARGE, i, c->place, "it has no amount (kind %u)", c->kind);
    REQUIRE(c->kind != CHARGE_FLOOR || c->lines != NO_REF, CHARGE, i, c->place, "a minimum over no lines (trigger %u)", c->trigger);
    REQUIRE(c->leftover < UNUSED_PAID_OUT * 2, CHARGE, i, c->place, "leftover %u", c->leftover);
    for (uint32_t k = c->draws; k < c->draws + c->n_draws; k++) {
        const struct m_account *a = &m->account[m->charge_draw[k].account], *first = &m->account[m->charge_draw[c->draws].account];
        bool lines = a->flags & ACCOUNT_OF_LINES;
        REQUIRE(c->kind == CHARGE_FEE && (lines || (c->trigger == TRIGGER_FACT && c->units != NO_REF)) && a->flags == first->flags, CHARGE, i, c->place, "it draws from account %u with trigger %u", m->charge_draw[k].account, c->trigger);
    }
    for (uint32_t k = c->exceptions; k < c->exceptions + c->n_exceptions; k++) {
        const struct m_charge_exception *x = &m->charge_exception[k];
        REQUIRE(x->effect <= EFFECT_AMOUNT && (x->effect == EFFECT_NO_CHARGE) == (x->value == NO_REF), CHARGE_EXCEPTION, k, c->place, "effect %u with value %d", x->effect, (int)x->value);
    }
    uint32_t values = c->fact != NO_REF ? m->fact[c->fact].n_values : 0, bad = 0;
    const uint32_t root[] = { c->when, c->asked, c->required, c->units, c->price, c->amount, c->factor, c->each_min, c->each_max, c->sum_min, c->sum_max, c->unless_above, c->free };
    REQUIRE(reads_own_fact(v, root, countof(root), values, mark, &bad), CHARGE, i, c->place, "node %u reads value %u of its fact, which has %u", bad, m->exact[bad].ref, values);
    for (uint32_t k = c->exceptions; k < c->exceptions + c->n_exceptions; k++) {
        const uint32_t of[] = { m->charge_exception[k].when, m->charge_exception[k].value };
        REQUIRE(reads_own_fact(v, of, countof(of), values, mark, &bad), CHARGE_EXCEPTION, k, c->place, "node %u reads value %u of its fact, which has %u", bad, m->exact[bad].ref, values);
    }
    return true;
}

/* ---- circles: nodes and charges as one graph ---- */

/* Counts one more or one less reader of each thing that `id` reads; those without readers left go on the list. */
struct graph { const struct module *m; uint32_t *readers, *list, *group; size_t n; };

static void reads(struct graph *g, uint32_t id, bool known, bool add) {
    if (!known || id == NO_REF) return;
    if (add) g->readers[id]++;
    else if (!--g->readers[id]) g->list[g->n++] = id;
}

static void roots_read_by(struct graph *g, const struct m_charge *c, bool add) {
    const struct module *m = g->m;
    const uint32_t root[] = { c->when, c->asked, c->required, c->units, c->price, c->amount, c->factor, c->each_min, c->each_max, c->sum_min, c->sum_max, c->unless_above, c->free };
    for (uint32_t i = 0; i < countof(root); i++) reads(g, root[i], true, add);
    for (uint32_t k = c->exceptions; k < c->exceptions + c->n_exceptions; k++) {
        reads(g, m->charge_exception[k].when, true, add);
        reads(g, m->charge_exception[k].value, true, add);
    }
}

/* What is left in an account depends on what all draw whose accounts belong together, and on what comes in. */
static void account_read_by(struct graph *g, uint32_t account, bool add) {
    const struct module *m = g->m;
    const struct m_account *a = &m->account[account];
    for (uint32_t k = a->sources; k < a->sources + a->n_sources; k++) reads(g, m->account_source[k].amount, true, add);
    for (uint32_t i = 0; i < m->n_charge; i++) {
        const struct m_charge *c = &m->charge[i];
        if (c->n_draws && g->group[m->charge_draw[c->draws].account] == g->group[account]) roots_read_by(g, c, add);
    }
}

static void read_by(struct graph *g, uint32_t id, bool add) {
    const struct module *m = g->m;
    if (id >= m->n_exact + m->n_charge) {
        account_read_by(g, id - m->n_exact - m->n_charge, add);
        return;
    }
    if (id >= m->n_exact) {
        const struct m_charge *c = &m->charge[id - m->n_exact];
        roots_read_by(g, c, add);
        for (uint32_t k = c->draws; k < c->draws + c->n_draws; k++) reads(g, m->n_exact + m->n_charge + m->charge_draw[k].account, true, add);
        return;
    }
    const struct m_exact *x = &m->exact[id];
    if (x->op == EX_ACCOUNT) reads(g, m->n_exact + m->n_charge + x->ref, true, add);
    reads(g, x->a, true, add);
    reads(g, x->b, true, add);
    reads(g, x->c, true, add);
    for (uint32_t k = x->rows; k < x->rows + x->n_rows; k++) {
        reads(g, m->exact_row[k].from, true, add);
        reads(g, m->exact_row[k].to, true, add);
        reads(g, m->exact_row[k].amount, true, add);
        reads(g, m->exact_row[k].flat, true, add);
    }
    if (x->op != EX_LINES) return;
    const struct m_lines *l = &m->lines[x->ref];
    bool past = l->window == WINDOW_MONTHS_BEFORE || l->window == WINDOW_BEFORE_FIRST || l->counted == COUNTED_PAID; /* settled before it is asked for */
    for (uint32_t k = l->charges; k < l->charges + l->n_charges; k++) reads(g, m->n_exact + m->lines_charge[k].charge, !past, add);
}

static bool verify_circles(struct verifier *v) {
    const struct module *m = v->m;
    struct arena_mark mark = arena_mark(v->a);
    uint32_t all = m->n_exact + m->n_charge + m->n_account;
    struct graph g = { .m = m, .readers = ARENA_ARRAY(v->a, uint32_t, (size_t)all + 1), .list = ARENA_ARRAY(v->a, uint32_t, (size_t)all + 1), .group = ARENA_ARRAY(v->a, uint32_t, (size_t)m->n_account + 1) };
    module_account_groups(m, g.group);
    for (uint32_t i = 0; i < all; i++) read_by(&g, i, true);
    for (uint32_t i = 0; i < all; i++)
        if (!g.readers[i]) g.list[g.n++] = i;
    for (size_t i = 0; i < g.n; i++) read_by(&g, g.list[i], false);
    size_t done = g.n;
    arena_release(v->a, mark);
    REQUIRE(done == all, CHARGE, 0, 0, "charges are shares of themselves; %u formulas, charges and accounts read each other", all - (uint32_t)done);
    return true;
}

static bool verify_account(struct verifier *v, uint32_t i, uint8_t *mark) {
    const struct module *m = v->m;
    const struct m_account *a = &m->account[i];
    REQUIRE(a->order <= ACCOUNT_SOONEST && a->flags < ACCOUNT_FREE * 2, ACCOUNT, i, a->place, "order %u, flags %u", a->order, a->flags);
    REQUIRE(a->expire_months <= TERM_MONTHS_MAX * 100 && a->carry_months <= TERM_MONTHS_MAX * 100 && a->expire_days <= TERM_DAYS_MAX, ACCOUNT, i, a->place, "expiry %u, %u, %u", a->expire_months, a->expire_days, a->carry_months);
    for (uint32_t k = a->sources; k < a->sources + a->n_sources; k++) {
        const struct m_account_source *s = &m->account_source[k];
        bool fact = s->kind == LOT_ADDED || s->kind == LOT_TAKEN;
        uint32_t values = s->fact != NO_REF ? m->fact[s->fact].n_values : 0, bad = 0;
        REQUIRE(s->kind <= LOT_USED_UP && fact == (s->fact != NO_REF), ACCOUNT_SOURCE, k, s->place, "kind %u with fact %d", s->kind, (int)s->fact);
        REQUIRE(good_period(s->period, s->period_n) && s->period != PERIOD_ALL, ACCOUNT_SOURCE, k, s->place, "period %u taken %u times", s->period, s->period_n);
        REQUIRE(s->expires == NO_REF || (s->expires < values && m->fact_value[m->fact[s->fact].values + s->expires].type == VT_DATE), ACCOUNT_SOURCE, k, s->place, "it expires on value %u", s->expires);
        REQUIRE(reads_own_fact(v, &s->amount, 1, values, mark, &bad), ACCOUNT_SOURCE, k, s->place, "node %u reads value %u of its fact, which has %u", bad, m->exact[bad].ref, values);
    }
    return true;
}

static bool verify_charges(struct verifier *v) {
    const struct module *m = v->m;
    for (uint32_t i = 0; i < m->n_lines; i++)
        REQUIRE(m->lines[i].counted <= COUNTED_SCHEDULED && m->lines[i].window < WINDOW_COUNT, LINES, i, 0, "counted %u in window %u", m->lines[i].counted, m->lines[i].window);
    for (uint32_t i = 0; i < m->n_lines_charge; i++) REQUIRE(m->lines_charge[i].less <= 1 && m->lines_charge[i].of_thing <= 1, LINES_CHARGE, i, 0, "less is %u, of the thing alone %u", m->lines_charge[i].less, m->lines_charge[i].of_thing);
    struct arena_mark all = arena_mark(v->a);
    uint8_t *mark = ARENA_ARRAY(v->a, uint8_t, (size_t)m->n_exact + 1);
    for (uint32_t i = 0; i < m->n_charge; i++)
        if (!verify_charge(v, i, mark)) return false;
    for (uint32_t i = 0; i < m->n_account; i++)
        if (!verify_account(v, i, mark)) return false;
    arena_release(v->a, all);
    return true;
}

/* month x 100 + day, 0: none */
static bool good_month_day(uint32_t v) { return v == 0 || (v / 100 >= 1 && v / 100 <= 12 && v % 100 >= 1 && v % 100 <= 31); }

static bool verify_terms(struct verifier *v) {
    const struct module *m = v->m;
    const struct m_agreement *a = &m->agreement[0];
    REQUIRE(a->places <= 9 && a->rounding <= 3, AGREEMENT, 0, a->place, "%u places, rounding %u", a->places, a->rounding);
    for (uint32_t i = 0; i < m->n_cap; i++)
        REQUIRE(m->cap[i].limit != NO_REF && m->cap[i].window < WINDOW_COUNT, CAP, i, m->clause[m->cap[i].clause].place, "window %u, limit %d", m->cap[i].window, (int)m->cap[i].limit);
    REQUIRE(m->n_terms <= 1, TERMS, 1, 0, "there are %u; an agreement has one", m->n_terms);
    for (uint32_t i = 0; i < m->n_terms; i++) {
        const struct m_terms *t = &m->terms[i];
        uint32_t place = m->clause[t->clause].place;
        REQUIRE(good_period(t->period, t->period_n), TERMS, i, place, "period %u taken %u times", t->period, t->period_n);
        REQUIRE(t->due <= DUE_DAY_OF_MONTH && (t->due_n <= 100000 || (t->due == DUE_DAYS && t->due_n == NO_REF /* not said */)) && t->issue_after <= 100000, TERMS, i, place, "due %u, %u", t->due, t->due_n);
        REQUIRE(t->due != DUE_DAY_OF_MONTH || (t->due_n >= 1 && t->due_n <= 31), TERMS, i, place, "due on day %u", t->due_n);
        REQUIRE(t->due != DUE_BUSINESS_DAYS || t->calendar != NO_REF, TERMS, i, place, "%u business days of no calendar", t->due_n);
        REQUIRE(t->allocation <= ALLOCATE_AS_TOLD && t->combine <= COMBINE_CHOSEN_OF_INCIDENT && t->leftover < UNUSED_PAID_OUT * 2, TERMS, i, place, "allocation %u, combine %u, leftover %u", t->allocation, t->combine, t->leftover);
        REQUIRE(t->due_n2 <= 31 && t->parts <= PARTS_PRINCIPAL_FIRST && t->dispute <= DISPUTE_WITHIN && t->dispute_n <= 100000, TERMS, i, place, "due on day %u, parts %u, dispute %u, %u", t->due_n2, t->parts, t->dispute, t->dispute_n);
        REQUIRE(good_month_day(t->as_of & 0xffff) && good_month_day(t->as_of >> 16), TERMS, i, place, "a rate as of %u", t->as_of);
        REQUIRE(t->interest_per <= PER_MONTH && t->days_over <= DAYS_STARTED_MONTHS && t->compound <= COMPOUND_YEAR, TERMS, i, place, "interest per %u, days over %u, compound %u", t->interest_per, t->days_over, t->compound);
    }
    for (uint32_t i = 0; i < m->n_right; i++) {
        const struct m_right *r = &m->right[i];
        REQUIRE(r->kind <= RIGHT_TERMINATE && r->party <= PARTY_PROVIDER && r->flags < RIGHT_AT_ONCE * 2, RIGHT, i, r->place, "kind %u, party %u, flags %u", r->kind, r->party, r->flags);
        REQUIRE(r->notice <= 100000 && r->notice_months <= 10000 && r->cure <= 100000 && r->within <= 100000 && r->not_before <= 10000, RIGHT, i, r->place, "notice of %u days", r->notice);
        REQUIRE(r->received <= 100000 && r->not_before_days <= 100000 && r->notice_from <= 10000 && r->notice_from_days <= 100000 && r->ends_on <= PERIOD_ALL + 1, RIGHT, i, r->place, "received after %u days, ends on %u", r->received, r->ends_on);
        REQUIRE(r->event == NO_REF || m->exact[r->event].op == EX_SINCE, RIGHT, i, r->place, "it arises from node %u, which is no happening", r->event);
    }
    for (uint32_t i = 0; i < m->n_settles; i++)
        REQUIRE(m->settles[i].kind <= SETTLE_UNPAID && (m->settles[i].kind == SETTLE_AMOUNT) == (m->settles[i].amount != NO_REF), SETTLES, i, 0, "kind %u, amount %d", m->settles[i].kind, (int)m->settles[i].amount);
    for (uint32_t i = 0; i < m->n_limit; i++)
        REQUIRE(m->limit[i].party <= PARTY_PROVIDER && m->limit[i].flags < LIMIT_BY_DAY * 2 && m->limit[i].before <= i && m->limit[i].annualised <= 1200 && m->limit[i].barred <= 100000 && m->limit[i].barred_months <= 10000 && ((m->limit[i].flags & LIMIT_NONE) != 0) == (m->limit[i].amount == NO_REF), LIMIT, i, 0, "party %u, flags %u", m->limit[i].party, m->limit[i].flags);
    return true;
}

bool verify_money(struct verifier *v) {
    for (uint32_t i = 0; i < v->m->n_fact; i++)
        if (!verify_fact(v, i)) return false;
    return verify_formulas(v) && verify_levels(v) && verify_charges(v) && verify_circles(v) && verify_terms(v);
}
