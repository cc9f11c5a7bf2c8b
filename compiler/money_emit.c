/* SPDX-License-Identifier: MIT */
/* Money to records. Formulas may be wanted by tables and code before, so that what they refer to is numbered first. */
#include "compiler/code.h"
#include "compiler/terms.h"

/* ---- numbers ---- */

struct str fraction_text(struct unit *u, int64_t number, int64_t per)
{
    int64_t a = number < 0 ? -number : number, b = per;
    while (b != 0) { int64_t r = a % b; a = b; b = r; }
    if (a == 0) { return STR("0"); }
    struct sb s = { .arena = u->arena };
    sb_i64(&s, number / a);
    if (per / a != 1) { sb_char(&s, '/'); sb_i64(&s, per / a); }
    return sb_str(&s);
}

struct str money_number_text(struct unit *u, const struct node *e)
{
    const struct amount *x = amount_literal(u, e);
    if (x == NULL || x->type.base == AMOUNT_ERROR) { return STR("0"); }
    return x->decimal.n > 0 ? x->decimal : fraction_text(u, x->number, x->per);
}

/* ---- formulas ---- */

static uint32_t ref_of(const struct amount *a)
{
    switch ((enum exact_op)a->op) {
    case EX_FACT: return a->value;
    case EX_RAISED: return a->value;
    case EX_LEVEL: case EX_CHANGES: return ((const struct quantity_info *)a->ref)->index;
    case EX_MEASURE: case EX_FIGURES: case EX_PERIODS: return ((const struct measure_info *)a->ref)->index;
    case EX_LINES: case EX_REMAINING: return ((const struct lines_info *)a->ref)->index;
    case EX_SERIES: return ((const struct series_info *)a->ref)->index;
    case EX_EVENTS: case EX_SINCE: return ((const struct fact_info *)a->ref)->index;
    case EX_ACCOUNT: return ((const struct account_info *)a->ref)->index;
    default: return NO_REF;
    }
}

static void rows(struct unit *u, struct amount *a, struct m_exact *r)
{
    struct m_exact_row *row = ARENA_ARRAY(u->arena, struct m_exact_row, a->n_rows);
    for (uint32_t i = 0; i < a->n_rows; i++) {
        const struct amount_row *x = &a->row[i];
        row[i] = (struct m_exact_row){ .from = amount_emit(u, x->from), .to = amount_emit(u, x->to), .flags = x->flags, .amount = amount_emit(u, x->amount), .flat = amount_emit(u, x->flat),
            .text = emit_str(u, str_trim(source_text(u->sources, x->span))), .place = place_of(u, x->span) };
    }
    for (uint32_t i = 0; i < a->n_rows; i++) {
        uint32_t k = mb_add_exact_row(u->mb, row[i]);
        if (i == 0) { r->rows = k; }
    }
    r->n_rows = a->n_rows;
}

static struct str unit_word(struct unit *u, struct amount_type t)
{
    struct str what = t.base == AMOUNT_MONEY ? u->currency : t.base == AMOUNT_TIME ? STR("h") : t.base == AMOUNT_UNIT ? t.unit : (struct str){ "", 0 };
    return t.per.n == 0 ? what : str_printf(u->arena, "%.*s/%.*s", STR_ARG(what), STR_ARG(t.per));
}

uint32_t amount_emit(struct unit *u, struct amount *a)
{
    if (a == NULL) { return NO_REF; }
    if (a->index != NO_REF) { return a->index; }
    if (a->type.base == AMOUNT_ERROR) { MSA_BUG("an amount with a mistake reached the emitter"); }
    struct m_exact r = { .op = a->op, .a = amount_emit(u, a->a), .b = amount_emit(u, a->b), .c = amount_emit(u, a->c), .mode = a->mode, .place = place_of(u, a->span) };
    r.ref = ref_of(a);
    if (a->op == EX_CONST) { r.value = emit_str(u, a->decimal.n > 0 ? a->decimal : fraction_text(u, a->number, a->per)); }
    if (a->op == EX_MEASURE || a->op == EX_FIGURES) { r.value = emit_str(u, a->decimal); }
    rows(u, a, &r);
    r.unit = emit_str(u, unit_word(u, a->type));
    r.text = emit_str(u, a->text);
    return a->index = mb_add_exact(u->mb, r);
}

/* ---- facts ---- */

static uint32_t fact_clause(struct unit *u, const struct fact_info *f)
{
    if (f->symbol != NULL) { return clause_of(u, f->symbol); }
    return clause_for(u, f->node, f->section, "duty", (struct str){ "", 0 });
}

/* The formulas that a value of type VT_EXACT is one of, for those who want to know the largest. */
static void choices(struct unit *u, struct tex *t, struct m_fact_value *v)
{
    const struct table_info *table = t->kind == X_TABLE ? t->ref : NULL;
    const struct output_info *o = table != NULL ? &table->output[t->number] : NULL;
    for (uint32_t i = 0; i < (t->kind == X_EXACT ? 1 : table != NULL ? table->n_rows : 0); i++) {
        struct amount *a = t->kind == X_EXACT ? t->ref : o->value[i].amount;
        uint32_t exact = amount_emit(u, a);
        if (exact == NO_REF) { continue; }
        uint32_t k = mb_add_exact_choice(u->mb, (struct m_exact_choice){ exact });
        if (v->n_choices++ == 0) { v->choices = k; }
    }
    for (uint32_t i = 0; t->kind == X_IF && i < t->n; i++) { choices(u, t->kid[i], v); }
}

static void fact(struct unit *u, struct fact_info *f)
{
    struct m_fact r = { .name = emit_str(u, f->name), .role = f->role, .clock = NO_REF, .verdict = f->verdict, .when = NO_REF, .text = NO_REF, .clause = fact_clause(u, f) };
    bool of_clock = f->clock != NULL;
    if (of_clock) {
        r.clock = f->clock->index;
        if (f->when != NULL) { r.when = emit_predicate(u, f->entity, NULL, f->when, "fact"); }
    }
    uint32_t *value = ARENA_ARRAY(u->arena, uint32_t, f->values.n + 1);
    for (size_t i = 0; i < f->values.n; i++) { value[i] = of_clock ? emit_value(u, f->entity, NULL, f->values.p[i].by[0], "fact value") : NO_REF; }
    for (size_t i = 0; i < f->values.n; i++) {
        struct type t = f->values.p[i].type;
        struct m_fact_value v = { .name = emit_str(u, f->values.p[i].name), .type = t.vt, .scale = t.vt == VT_SCALE ? t.scale->index : NO_REF, .value = value[i] };
        for (size_t k = 0; t.vt == VT_EXACT && k < (of_clock ? 1 : f->on.n); k++) { choices(u, f->values.p[i].by[k], &v); }
        uint32_t k = mb_add_fact_value(u->mb, v);
        if (i == 0) { r.values = k; }
    }
    r.n_values = (uint32_t)f->values.n;
    mb_add_fact(u->mb, r);
}

static uint32_t block(struct code *c, uint32_t n)
{
    uint32_t first = code_scalar(c);
    for (uint32_t i = 1; i < n; i++) { (void)code_scalar(c); }
    return first;
}

/* Registers first … hold what the ledger is told of phrase k. */
void fact_tell(struct code *c, const struct fact_info *f, size_t k)
{
    struct module_builder *mb = c->u->mb;
    struct code_mark all = code_mark(c);
    uint32_t first = block(c, FACT_SLOTS + (uint32_t)f->values.n);
    for (uint32_t i = 0; i < FACT_SLOTS + f->values.n; i++) {
        struct code_mark m = code_mark(c);
        const struct tex *x = i == FACT_KNOWN ? f->known[k] : i == FACT_FROM ? f->from[k] : i == FACT_TO ? f->to[k] : f->values.p[i - FACT_SLOTS].by[k];
        uint32_t r = x != NULL ? code_expr(c, x) : code_const(c, NONE);
        mb_op(mb, INS_MOV, first + i, r, 0);
        code_release(c, m);
    }
    uint32_t text = f->text != NULL && f->text[k] != NULL ? code_expr(c, f->text[k]) : code_literal_text(c, (struct str){ "", 0 });
    mb_op_word(mb, INS_FACT, first, text, 0, f->index);
    code_release(c, all);
}

/* ---- quantities, series, sets of lines ---- */

static void quantities(struct unit *u)
{
    struct money *m = u->money;
    for (size_t i = 0; i < m->quantities.n; i++) {
        struct quantity_info *q = m->quantities.p[i];
        const struct node *n = q->symbol->node;
        struct m_quantity r = { .name = emit_str(u, q->symbol->name), .title = emit_str(u, n->title), .unit = emit_str(u, q->unit.n > 0 ? q->unit : q->symbol->name), .clause = clause_of(u, q->symbol),
            .initial = emit_str(u, q->initial), .minimum = amount_emit(u, q->minimum), .may_fall = amount_emit(u, q->may_fall), .fall_period = q->fall_period, .fall_period_n = q->fall_period_n,
            .may_rise = amount_emit(u, q->may_rise), .rise_period = q->rise_period, .rise_period_n = q->rise_period_n, .notice = amount_emit(u, q->notice),
            .requires = amount_emit(u, q->requires), .flags = q->flags, .n_sources = (uint32_t)q->sources.n };
        for (size_t k = 0; k < q->sources.n; k++) {
            uint32_t at = mb_add_quantity_source(u->mb, (struct m_quantity_source){ q->sources.p[k].fact->index, q->sources.p[k].mode, q->sources.p[k].value });
            if (k == 0) { r.sources = at; }
        }
        mb_add_quantity(u->mb, r);
    }
    for (size_t i = 0; i < m->series.n; i++) {
        struct series_info *s = m->series.p[i];
        struct m_series r = { .name = emit_str(u, s->symbol->name), .clause = clause_of(u, s->symbol), .fact = s->fact != NULL ? s->fact->index : NO_REF, .n_points = (uint32_t)s->points.n };
        for (size_t k = 0; k < s->points.n; k++) {
            uint32_t at = mb_add_series_point(u->mb, (struct m_series_point){ s->points.p[k].from, emit_str(u, s->points.p[k].value), place_of(u, s->points.p[k].span) });
            if (k == 0) { r.points = at; }
        }
        mb_add_series(u->mb, r);
    }
}

static void line_sets(struct unit *u)
{
    struct money *m = u->money;
    for (size_t i = 0; i < m->lines.n; i++) {
        struct lines_info *l = m->lines.p[i];
        struct m_lines r = { .name = emit_str(u, l->name), .counted = l->counted, .window = l->window, .window_n = l->window_n, .n_charges = (uint32_t)l->charges.n };
        for (size_t k = 0; k < l->charges.n; k++) {
            uint32_t at = mb_add_lines_charge(u->mb, (struct m_lines_charge){ l->charges.p[k].charge->index, l->charges.p[k].less, l->charges.p[k].of_thing });
            if (k == 0) { r.charges = at; }
        }
        /* What a minimum adds is a fee like any other, but not to itself. */
        bool own = false;
        for (size_t k = 0; k < m->floors.n; k++) { own = own || m->floors.p[k]->lines == l; }
        for (size_t k = 0; l->all_fees && !own && k < m->floors.n; k++) {
            uint32_t at = mb_add_lines_charge(u->mb, (struct m_lines_charge){ (uint32_t)(m->charges.n + k), 0, l->of_thing });
            if (r.n_charges++ == 0) { r.charges = at; }
        }
        mb_add_lines(u->mb, r);
    }
}

/* ---- charges ---- */

static uint32_t exceptions(struct unit *u, struct charge_info *c)
{
    struct m_charge_exception *x = ARENA_ARRAY(u->arena, struct m_charge_exception, c->exceptions.n + 1);
    uint32_t first = 0;
    for (size_t i = 0; i < c->exceptions.n; i++) {
        const struct charge_exception *e = &c->exceptions.p[i];
        x[i] = (struct m_charge_exception){ clause_for(u, e->node, e->section, "exception", (struct str){ "", 0 }), amount_emit(u, e->when), e->effect, amount_emit(u, e->value) };
    }
    for (size_t i = 0; i < c->exceptions.n; i++) {
        uint32_t k = mb_add_charge_exception(u->mb, x[i]);
        if (i == 0) { first = k; }
    }
    return first;
}

static void charge(struct unit *u, struct charge_info *c)
{
    struct m_charge r = { .name = emit_str(u, c->symbol->name), .title = emit_str(u, c->node->title), .clause = clause_of(u, c->symbol), .kind = c->kind, .trigger = c->trigger,
        .period = c->period, .period_n = c->period_n, .flags = c->flags, .on = c->on, .first = c->first, .last = c->last, .fact = c->fact != NULL ? c->fact->index : NO_REF,
        .entity = c->entity != NULL ? c->entity->index : NO_REF, .part_of = c->part_of != NULL ? c->part_of->index : NO_REF, .when = amount_emit(u, c->when), .asked = c->required != NULL ? amount_emit(u, c->asked) : NO_REF, .required = amount_emit(u, c->required),
        .units = amount_emit(u, c->units), .unit = emit_str(u, c->unit), .price = amount_emit(u, c->price), .amount = amount_emit(u, c->amount), .factor = amount_emit(u, c->factor),
        .each_min = amount_emit(u, c->each_min), .each_max = amount_emit(u, c->each_max), .sum_min = amount_emit(u, c->sum_min), .sum_max = amount_emit(u, c->sum_max),
        .sum_period = c->sum_period, .sum_period_n = c->sum_period_n, .unless_above = amount_emit(u, c->unless_above), .free = amount_emit(u, c->free), .free_period = c->free_period,
        .free_period_n = c->free_period_n, .free_carry = c->free_carry, .spread = c->spread, .claim_days = c->claim_days, .leftover = c->leftover,
        .lines = c->lines != NULL ? c->lines->index : NO_REF, .measure = c->measure != NULL ? c->measure->index : NO_REF, .account = c->account != NULL ? c->account->index : NO_REF, .n_draws = (uint32_t)c->draws.n, .place = place_of(u, c->node->span) };
    for (size_t i = 0; i < c->draws.n; i++) {
        uint32_t k = mb_add_charge_draw(u->mb, (struct m_charge_draw){ c->draws.p[i]->index });
        if (i == 0) { r.draws = k; }
    }
    if (c->amended && c->trigger == TRIGGER_EVERY && !(c->flags & (CHARGE_BY_DAY | CHARGE_BY_THIRTIETHS | CHARGE_LEVELS))) { r.flags |= CHARGE_SHARES; }
    r.exceptions = exceptions(u, c);
    r.n_exceptions = (uint32_t)c->exceptions.n;
    mb_add_charge(u->mb, r);
}

static void minimums(struct unit *u)
{
    for (size_t i = 0; i < u->money->floors.n; i++) {
        const struct floor_info *f = u->money->floors.p[i];
        mb_add_charge(u->mb, (struct m_charge){ .name = mb_string(u->mb, STR("minimum")), .title = emit_str(u, f->node->title), .clause = clause_for(u, f->node, f->section, "minimum", (struct str){ "", 0 }),
            .kind = CHARGE_FLOOR, .trigger = TRIGGER_EVERY, .period = f->period, .period_n = f->period_n, .flags = CHARGE_BY_DAY, .on = NONE, .first = NONE, .last = NONE, .fact = NO_REF, .entity = NO_REF,
            .part_of = NO_REF, .when = NO_REF, .asked = NO_REF, .required = NO_REF, .units = NO_REF, .price = NO_REF, .amount = amount_emit(u, f->amount), .factor = NO_REF, .each_min = NO_REF, .each_max = NO_REF, .sum_min = NO_REF,
            .sum_max = NO_REF, .sum_period = PERIOD_MONTH, .sum_period_n = 1, .unless_above = NO_REF, .free = NO_REF, .free_period = PERIOD_MONTH, .free_period_n = 1, .claim_days = NONE,
            .lines = f->lines->index, .measure = NO_REF, .account = NO_REF, .place = place_of(u, f->node->span) });
    }
}

/* ---- accounts ---- */

static void account(struct unit *u, struct account_info *a)
{
    const struct node *n = a->symbol->node;
    bool named = !(a->flags & ACCOUNT_FREE);
    struct m_account r = { .name = emit_str(u, a->symbol->name), .title = emit_str(u, n->title), .clause = clause_of(u, a->symbol), .unit = emit_str(u, a->unit), .order = a->order, .flags = a->flags,
        .expire_months = a->expire_months, .expire_days = a->expire_days, .carry_months = a->carry_months, .carry_share = amount_emit(u, a->carry_share), .rest = amount_emit(u, a->rest),
        .place = place_of(u, named ? n->name_span : a->sources.p[0].span), .n_sources = (uint32_t)a->sources.n, .n_notices = (uint32_t)a->notices.n };
    for (size_t i = 0; i < a->sources.n; i++) {
        const struct account_source *s = &a->sources.p[i];
        uint32_t amount = amount_emit(u, s->amount);
        uint32_t k = mb_add_account_source(u->mb, (struct m_account_source){ s->kind, amount, s->fact != NULL ? s->fact->index : NO_REF, s->expires, s->period, s->period_n > 0 ? s->period_n : 1, place_of(u, s->span) });
        if (i == 0) { r.sources = k; }
    }
    for (size_t i = 0; i < a->notices.n; i++) {
        uint32_t share = amount_emit(u, a->notices.p[i].share);
        uint32_t k = mb_add_account_notice(u->mb, (struct m_account_notice){ share, emit_str(u, a->notices.p[i].who) });
        if (i == 0) { r.notices = k; }
    }
    mb_add_account(u->mb, r);
}

/* ---- terms, rights, limits ---- */

static void terms(struct unit *u)
{
    struct money *m = u->money;
    for (size_t i = 0; i < m->caps.n; i++) {
        struct cap_info *c = m->caps.p[i];
        mb_add_cap(u->mb, (struct m_cap){ .clause = clause_for(u, c->node, c->section, "cap", (struct str){ "", 0 }), .lines = c->lines->index, .limit = amount_emit(u, c->limit),
            .window = c->window, .window_n = c->window_n, .flags = c->flags });
    }
    struct terms_info *t = m->terms;
    if (t == NULL) { return; }
    mb_add_terms(u->mb, (struct m_terms){ .clause = clause_for(u, t->node, t->section, "invoices", (struct str){ "", 0 }), .period = t->period, .period_n = t->period_n, .issue_after = t->issue_after,
        .due = t->due, .due_n = t->due_n, .calendar = t->calendar != NULL ? t->calendar->index : NO_REF, .allocation = t->allocation, .leftover = t->leftover, .combine = t->combine,
        .interest_clause = t->interest_node != NULL ? clause_for(u, t->interest_node, t->interest_section, "interest", (struct str){ "", 0 }) : 0, .interest = amount_emit(u, t->interest),
        .interest_per = t->interest_per, .days_over = t->days_over, .compound = t->compound, .interest_flags = t->interest_flags,
        .due_n2 = t->due_n2, .parts = t->parts, .as_of = t->as_of, .dispute = t->dispute, .dispute_n = t->dispute_n });
}

static void right(struct unit *u, struct right_info *x)
{
    if (x->event != NULL) { x->event->mode = x->cured != NULL ? x->cured->index + 1 : 0; }
    struct m_right r = { .clause = clause_for(u, x->node, x->section, "right", (struct str){ "", 0 }), .title = emit_str(u, x->node->title), .kind = x->kind, .party = x->party, .flags = x->flags,
        .when = amount_emit(u, x->when), .requires = amount_emit(u, x->requires), .notice = x->notice, .notice_months = x->notice_months, .cure = x->cure, .within = x->within,
        .not_before = x->not_before, .not_before_days = x->not_before_days, .notice_in = x->notice_in != NULL ? x->notice_in->index : NO_REF, .received = x->received, .notice_from = x->notice_from,
        .notice_from_days = x->notice_from_days, .ends_on = x->ends_on, .first = x->first, .last = x->last, .event = amount_emit(u, x->event), .n_ends = (uint32_t)x->ends.n, .until = amount_emit(u, x->until), .place = place_of(u, x->node->span), .n_services = (uint32_t)x->services.n, .n_pauses = (uint32_t)x->pauses.n,
        .n_continues = (uint32_t)x->continues.n, .n_settles = (uint32_t)x->settles.n };
    struct m_settles *s = ARENA_ARRAY(u->arena, struct m_settles, x->settles.n + 1);
    for (size_t i = 0; i < x->settles.n; i++) {
        s[i] = (struct m_settles){ .clause = r.clause, .title = emit_str(u, x->settles.p[i].node->title), .kind = x->settles.p[i].kind, .amount = amount_emit(u, x->settles.p[i].amount), .when = NO_REF };
    }
    for (size_t i = 0; i < x->services.n; i++) {
        uint32_t k = mb_add_right_service(u->mb, (struct m_right_service){ emit_str(u, x->services.p[i]) });
        if (i == 0) { r.services = k; }
    }
    for (size_t i = 0; i < x->pauses.n; i++) {
        uint32_t k = mb_add_right_clock(u->mb, (struct m_right_clock){ x->pauses.p[i]->index });
        if (i == 0) { r.pauses = k; }
    }
    for (size_t i = 0; i < x->continues.n; i++) {
        uint32_t k = mb_add_lines_charge(u->mb, (struct m_lines_charge){ x->continues.p[i]->index, 0, 0 });
        if (i == 0) { r.continues = k; }
    }
    for (size_t i = 0; i < x->ends.n; i++) {
        uint32_t k = mb_add_lines_charge(u->mb, (struct m_lines_charge){ x->ends.p[i]->index, 0, 0 });
        if (i == 0) { r.ends = k; }
    }
    for (size_t i = 0; i < x->settles.n; i++) {
        uint32_t k = mb_add_settles(u->mb, s[i]);
        if (i == 0) { r.settles = k; }
    }
    mb_add_right(u->mb, r);
}

static void limits(struct unit *u)
{
    const struct node *last = NULL;
    uint32_t clause = 0;
    for (size_t i = 0; i < u->money->limits.n; i++) {
        struct limit_info *l = u->money->limits.p[i];
        if (l->node != last) { clause = clause_for(u, l->node, l->section, "limit", (struct str){ "", 0 }); }
        last = l->node;
        l->index = (uint32_t)i;
        mb_add_limit(u->mb, (struct m_limit){ .clause = clause, .party = l->party, .amount = amount_emit(u, l->amount), .kind = emit_str(u, l->kind), .flags = l->flags, .annualised = l->annualised,
            .credits = l->credits != NULL ? l->credits->index : NO_REF, .barred = l->barred, .barred_months = l->barred_months, .first = l->first, .last = l->last,
            .before = l->before != NULL ? l->before->index + 1 : 0 });
    }
}

/* ---- all ---- */

static void add_all(struct unit *u, struct lines_info *l, uint8_t kind, bool less)
{
    for (size_t i = 0; i < u->money->charges.n; i++) {
        struct charge_info *c = u->money->charges.p[i];
        if (c->kind == kind) { vec_push(&l->charges, u->arena, ((struct lines_charge){ c, less, l->of_thing })); }
    }
}

void money_number(struct unit *u)
{
    struct money *m = u->money;
    for (size_t i = 0; i < u->measures.n; i++) { u->measures.p[i]->index = (uint32_t)i; }
    for (size_t i = 0; i < m->quantities.n; i++) { m->quantities.p[i]->index = (uint32_t)i; }
    for (size_t i = 0; i < m->series.n; i++) { m->series.p[i]->index = (uint32_t)i; }
    for (size_t i = 0; i < m->charges.n; i++) { m->charges.p[i]->index = (uint32_t)i; }
    for (size_t i = 0; i < m->facts.n; i++) { m->facts.p[i]->index = (uint32_t)i; }
    for (size_t i = 0; i < m->accounts.n; i++) { m->accounts.p[i]->index = (uint32_t)i; }
    for (size_t i = 0; i < m->lines.n; i++) {
        struct lines_info *l = m->lines.p[i];
        l->index = (uint32_t)i;
        /* `charges except …`: what was named stands behind all of them and is taken off. */
        if (l->all_fees) { add_all(u, l, CHARGE_FEE, false); }
        if (l->all_credits) { add_all(u, l, CHARGE_CREDIT, false); }
        if (l->less_credits) { add_all(u, l, CHARGE_CREDIT, true); }
        if (l->less_discounts) { add_all(u, l, CHARGE_DISCOUNT, true); }
    }
}

void emit_money(struct unit *u)
{
    struct money *m = u->money;
    for (size_t i = 0; i < m->facts.n; i++) { fact(u, m->facts.p[i]); }
    quantities(u);
    line_sets(u);
    for (size_t i = 0; i < m->charges.n; i++) { charge(u, m->charges.p[i]); }
    minimums(u);
    for (size_t i = 0; i < m->accounts.n; i++) { account(u, m->accounts.p[i]); }
    terms(u);
    for (size_t i = 0; i < m->rights.n; i++) { right(u, m->rights.p[i]); }
    limits(u);
}
