/* SPDX-License-Identifier: MIT */
/* The model to module records, in an order in which every record finds those it refers to. */
#include "base/hash.h"
#include "compiler/charge.h"
#include "compiler/classes.h"
#include "compiler/clock.h"
#include "compiler/code.h"
#include "compiler/target.h"

uint32_t emit_str(struct unit *u, struct str s) { return s.n == 0 ? 0 : mb_string(u->mb, s); }

static uint32_t scale_ref(struct type t) { return t.vt == VT_SCALE ? t.scale->index : NO_REF; }

static void files(struct unit *u)
{
    for (size_t i = 0; i < sources_count(u->sources); i++) {
        const struct source *s = sources_at(u->sources, i);
        char hex[65];
        hash_sha256_hex(s->text, s->n, hex);
        mb_add_file(u->mb, (struct m_file){ .name = emit_str(u, s->name), .digest = mb_string(u->mb, str_of(hex)) });
    }
}

static void scales(struct unit *u)
{
    for (size_t i = 0; i < u->scales.n; i++) {
        struct scale_info *s = u->scales.p[i];
        struct m_scale r = { .name = emit_str(u, s->name), .ordered = s->ordered, .n_values = s->n };
        for (uint32_t k = 0; k < s->n; k++) {
            uint32_t v = mb_add_scale_value(u->mb, (struct m_scale_value){ emit_str(u, s->value[k]) });
            if (k == 0) { r.values = v; }
        }
        s->index = mb_add_scale(u->mb, r);
    }
}

/* Only what the agreement reads gets a slot: the readers decode nothing else. */
static void slots(struct unit *u)
{
    for (size_t i = 0; i < u->entities.n; i++) {
        struct entity_info *e = u->entities.p[i];
        e->index = (uint32_t)i;
        for (size_t k = 0; k < e->attrs.n; k++) {
            struct attr_info *a = e->attrs.p[k];
            if (a->used) { a->slot = a->type.vt == VT_TEXT ? e->texts++ : e->scalars++; }
        }
        for (size_t k = 0; k < e->spans.n; k++) { e->spans.p[k]->slot = (uint32_t)k; }
    }
    for (size_t i = 0; i < u->events.n; i++) {
        struct event_info *ev = u->events.p[i];
        ev->index = (uint32_t)i;
        for (size_t k = 0; k < ev->fields.n; k++) {
            struct field_info *f = ev->fields.p[k];
            f->used = f->used || (f->sets != NULL && f->sets->used) || f->required;
            for (size_t j = 0; ev->entity != NULL && j < ev->entity->spans.n; j++) {
                struct spans_info *p = ev->entity->spans.p[j];
                if (p->used && (str_eq(f->name, p->matched_by) || str_eq(f->name, p->reason))) { f->used = true; }
            }
            if (f->used) { f->slot = f->type.vt == VT_TEXT ? ev->texts++ : ev->scalars++; }
        }
    }
}

/* ---- tables ---- */

static void target_records(struct unit *u, struct target_info *t);

static int64_t collected(const struct table_info *t, const struct output_info *o, const struct outcome *w)
{
    int64_t v = t->collect == OP_COLLECT_SUM || t->collect == OP_COLLECT_COUNT ? 0 : NONE;
    for (size_t i = 0; i < w->rows.n; i++) {
        int64_t x = o->value[w->rows.p[i]].scalar;
        if (t->collect == OP_COLLECT_COUNT) { v++; continue; }
        if (x == NONE) { continue; }
        if (v == NONE) { v = x; }
        else if (t->collect == OP_COLLECT_SUM) { v += x; }
        else if (t->collect == OP_COLLECT_MIN) { v = x < v ? x : v; }
        else if (t->collect == OP_COLLECT_MAX) { v = x > v ? x : v; }
    }
    return v;
}

static struct m_output_value value_for(struct unit *u, const struct table_info *t, const struct output_info *o, const struct outcome *w)
{
    struct m_output_value v = { .scalar = NONE };
    if (o->type.vt == VT_TEXT) {
        struct sb b = { .arena = u->arena };
        for (size_t i = 0; i < w->rows.n; i++) { sb_printf(&b, "%s%.*s", i == 0 ? "" : ", ", STR_ARG(o->value[w->rows.p[i]].text)); }
        v.text = emit_str(u, sb_str(&b));
    } else if (o->type.vt == VT_CALENDAR) {
        struct tex *x = w->rows.n > 0 ? o->value[w->rows.p[0]].expr : NULL;
        v.scalar = tex_calendar(x) != NULL ? (int64_t)tex_calendar(x)->index : NONE;
    } else if (o->type.vt == VT_EXACT) {
        const struct cell_value *c = w->rows.n > 0 ? &o->value[w->rows.p[0]] : NULL;
        v.scalar = c != NULL && c->amount != NULL ? (int64_t)amount_emit(u, c->amount) : NONE;
    } else if (t->hit == HIT_COLLECT) {
        v.scalar = collected(t, o, w);
    } else {
        v.scalar = o->value[w->rows.p[0]].none ? NONE : o->value[w->rows.p[0]].scalar;
    }
    return v;
}

static uint32_t output_values(struct unit *u, const struct table_info *t, const struct output_info *o)
{
    uint32_t first = 0;
    for (size_t i = 0; i < t->outcomes.n; i++) {
        uint32_t k = mb_add_output_value(u->mb, value_for(u, t, o, &t->outcomes.p[i]));
        if (i == 0) { first = k; }
    }
    return first;
}

static uint32_t use_values(struct unit *u, const struct table_info *t, const struct target_info *use)
{
    uint32_t first = 0;
    for (size_t i = 0; i < t->outcomes.n; i++) {
        int64_t target = NONE;
        if (t->outcomes.p[i].rows.n > 0) {
            uint32_t row = t->outcomes.p[i].rows.p[0];
            if (!t->output[use->column].value[row].target->none) { target = (int64_t)use->first + row; }
        }
        uint32_t k = mb_add_output_value(u->mb, (struct m_output_value){ .scalar = target });
        if (i == 0) { first = k; }
    }
    return first;
}

static void outputs(struct unit *u, struct table_info *t, struct m_table *r)
{
    VEC(struct m_table_output) out = { 0 };
    for (uint32_t o = 0; o < t->n_outputs; o++) {
        struct output_info *x = &t->output[o];
        if (x->is_target) { continue; }
        vec_push(&out, u->arena, ((struct m_table_output){ .name = emit_str(u, x->name), .type = x->type.vt, .scale = scale_ref(x->type), .values = output_values(u, t, x), .n_values = (uint32_t)t->outcomes.n }));
    }
    for (size_t i = 0; i < t->uses.n; i++) {
        vec_push(&out, u->arena, ((struct m_table_output){ .name = emit_str(u, t->output[t->uses.p[i]->column].name), .type = VT_TARGET, .scale = NO_REF, .values = use_values(u, t, t->uses.p[i]), .n_values = (uint32_t)t->outcomes.n }));
    }
    uint32_t next = mb_count(u->mb, SEC_TABLE_OUTPUT);
    r->outputs = next;
    r->n_outputs = (uint32_t)out.n;
    for (size_t i = 0; i < out.n; i++) { mb_add_table_output(u->mb, out.p[i]); }
    for (uint32_t o = 0; o < t->n_outputs; o++) {
        if (!t->output[o].is_target) { t->output[o].index = next++; }
    }
    for (size_t i = 0; i < t->uses.n; i++) { t->uses.p[i]->output = next++; }
}

static void table(struct unit *u, struct table_info *t)
{
    struct m_table r = { .name = emit_str(u, t->name), .clause = t->symbol != NULL ? clause_of(u, t->symbol) : 0, .hit = t->hit, .n_inputs = t->n_inputs, .n_cells = t->n_cells, .n_outcomes = (uint32_t)t->outcomes.n };
    uint32_t *classifier = ARENA_ARRAY(u->arena, uint32_t, t->n_inputs);
    for (uint32_t i = 0; i < t->n_inputs; i++) { classifier[i] = classes_emit(u, t->input[i].classes); }
    for (uint32_t i = 0; i < t->n_inputs; i++) {
        uint32_t k = mb_add_table_input(u->mb, (struct m_table_input){ emit_str(u, t->input[i].name), classifier[i], t->input[i].type.vt, scale_ref(t->input[i].type) });
        if (i == 0) { r.inputs = k; }
    }
    uint32_t base = mb_count(u->mb, SEC_TABLE_OUTCOME);
    struct m_table_outcome *outcome = ARENA_ARRAY(u->arena, struct m_table_outcome, t->outcomes.n);
    for (size_t i = 0; i < t->outcomes.n; i++) {
        outcome[i].n_rows = (uint32_t)t->outcomes.p[i].rows.n;
        for (size_t k = 0; k < t->outcomes.p[i].rows.n; k++) {
            struct span s = t->row[t->outcomes.p[i].rows.p[k]]->span;
            uint32_t row = mb_add_table_row(u->mb, (struct m_table_row){ emit_str(u, str_trim(source_text(u->sources, s))), place_of(u, s) });
            if (k == 0) { outcome[i].rows = row; }
        }
    }
    for (size_t i = 0; i < t->outcomes.n; i++) { mb_add_table_outcome(u->mb, outcome[i]); }
    r.outcomes = base;
    for (uint32_t i = 0; i < t->n_cells; i++) {
        uint32_t k = mb_add_table_cell(u->mb, (struct m_table_cell){ t->cell[i] == NO_REF ? NO_REF : base + t->cell[i] });
        if (i == 0) { r.cells = k; }
    }
    for (size_t i = 0; i < t->uses.n; i++) { target_records(u, t->uses.p[i]); }
    outputs(u, t, &r);
    t->index = mb_add_table(u->mb, r);
}

/* An exception's targets carry its clause, so that results can name it. */
static void exceptions(struct unit *u)
{
    for (size_t i = 0; i < u->clocks.n; i++) {
        for (size_t k = 0; k < u->clocks.p[i]->exceptions.n; k++) {
            struct exception_info *x = u->clocks.p[i]->exceptions.p[k];
            if (x->target != NULL) { x->target->clause = clause_for(u, x->node, x->section, "exception", (struct str){ "", 0 }); }
        }
    }
}

void emit_tables(struct unit *u)
{
    exceptions(u);
    for (size_t i = 0; i < u->tables.n; i++) { table(u, u->tables.p[i]); }
}

/* ---- targets ---- */

static struct m_target target_record(struct unit *u, const struct target_val *original, struct tex *calendar, uint32_t clause)
{
    struct target_val v = *original;
    (void)target_calendar_check(u, &v, calendar); /* turns service days into open time; was checked before */
    struct m_target r = { .kind = v.kind, .flags = v.below ? TARGET_BELOW : 0, .amount = v.amount, .mode = v.mode, .by = v.by, .cutoff = v.cutoff, .calendar = NO_REF,
        .attr = v.attr != NULL ? v.attr->index : NO_REF, .text = emit_str(u, v.text), .place = place_of(u, v.span), .clause = clause };
    if (v.none) { r.kind = TARGET_DAYS; r.amount = 1; } /* never referred to: the row gives no target */
    if (v.kind == TARGET_RECORD) { r.amount = 0; }
    struct calendar_info *c = tex_calendar(calendar);
    if (c != NULL) { r.calendar = c->index; }
    else if (calendar != NULL) { r.flags |= TARGET_DYNAMIC_CALENDAR; }
    return r;
}

static void target_records(struct unit *u, struct target_info *t)
{
    for (uint32_t row = 0; row < t->table->n_rows; row++) {
        uint32_t k = mb_add_target(u->mb, target_record(u, t->table->output[t->column].value[row].target, target_row_calendar(t, row), t->clause));
        if (row == 0) { t->first = k; }
    }
}

static void give(struct code *c, uint32_t target, const struct tex *calendar)
{
    uint32_t cal = calendar != NULL && calendar->kind != X_CALENDAR ? code_expr(c, calendar) : code_const(c, NONE);
    mb_op(c->u->mb, INS_RETG, target, cal, 0);
}

/* Code that gives the target of t and ends the function. */
static void target_code(struct code *c, struct target_info *t)
{
    struct unit *u = c->u;
    if (t->form == FORM_SINGLE) {
        if (t->single->none) { give(c, code_const(c, NONE), NULL); return; }
        uint32_t k = mb_add_target(u->mb, target_record(u, t->single, t->calendar, t->clause));
        uint32_t missing = NO_REF;
        if (t->single->attr != NULL) {
            struct tex attr = { .kind = X_ATTR, .type = TYPE(VT_INSTANT), .ref = t->single->attr };
            struct tex *kid = &attr;
            struct tex given = { .kind = X_GIVEN, .type = TYPE(VT_FLAG), .kid = &kid, .n = 1 };
            missing = code_unless(c, &given);
        }
        give(c, code_const(c, k), t->calendar);
        if (missing != NO_REF) { code_land(c, missing); give(c, code_const(c, NONE), NULL); }
        return;
    }
    struct table_info *table = t->table;
    struct tex x = { .kind = X_OUTCOME, .ref = table, .n = table->n_inputs, .kid = ARENA_ARRAY(u->arena, struct tex *, table->n_inputs) };
    for (uint32_t i = 0; i < table->n_inputs; i++) { x.kid[i] = table->input[i].input; }
    uint32_t outcome = code_expr(c, &x), target = code_scalar(c);
    mb_op_word(u->mb, INS_OUT, target, outcome, 0, t->output);
    if (t->calendar != NULL) { give(c, target, t->calendar); return; }
    for (uint32_t row = 0; row < table->n_rows; row++) {
        struct tex *own = target_row_calendar(t, row);
        if (own == NULL || own->kind == X_CALENDAR) { continue; }
        struct code_mark m = code_mark(c);
        uint32_t k = code_const(c, (int64_t)t->first + row), same = code_scalar(c);
        mb_op(u->mb, INS_EQ, same, target, k);
        uint32_t no = mb_op_imm(u->mb, INS_JF, same, 0);
        give(c, target, own);
        code_land(c, no);
        code_release(c, m);
    }
    give(c, target, NULL);
}

static uint32_t target_function(struct unit *u, struct clock_info *k)
{
    if (k->target.form == FORM_NONE && k->measured_calendar == NULL) { return NO_REF; }
    struct code c;
    code_begin(&c, u, FUNC_TARGET, k->entity, NULL, str_c(u->arena, str_printf(u->arena, "target of %.*s", STR_ARG(k->name))), k->target.node != NULL ? k->target.node->span : k->node->span);
    /* Later exceptions first: an exception to an exception stands behind it. */
    for (size_t i = k->exceptions.n; i-- > 0;) {
        struct exception_info *e = k->exceptions.p[i];
        if (e->target == NULL) { continue; }
        struct code_mark m = code_mark(&c);
        uint32_t no = code_unless(&c, e->when);
        target_code(&c, e->target);
        code_land(&c, no);
        code_release(&c, m);
    }
    if (k->target.form == FORM_NONE) {
        uint32_t none = code_const(&c, NONE), cal = code_expr(&c, k->measured_calendar);
        mb_op(u->mb, INS_RETG, none, cal, 0);
    } else {
        target_code(&c, &k->target);
    }
    return code_end(&c);
}

/* ---- clocks ---- */

static uint32_t recipients(struct unit *u, struct entity_info *e, const struct recipient_info *r, size_t n)
{
    uint32_t first = 0, *value = ARENA_ARRAY(u->arena, uint32_t, n);
    for (size_t i = 0; i < n; i++) { value[i] = r[i].value != NULL ? emit_value(u, e, NULL, r[i].value, "recipient") : NO_REF; }
    for (size_t i = 0; i < n; i++) {
        uint32_t k = mb_add_recipient(u->mb, (struct m_recipient){ emit_str(u, r[i].text), value[i] });
        if (i == 0) { first = k; }
    }
    return first;
}

static void steps(struct unit *u, struct clock_info *k, struct m_clock *r)
{
    struct m_step *s = ARENA_ARRAY(u->arena, struct m_step, k->steps.n);
    for (size_t i = 0; i < k->steps.n; i++) {
        struct step_info *x = k->steps.p[i];
        s[i] = (struct m_step){ .kind = x->kind, .amount = x->amount, .per = x->per == 0 ? 1 : x->per, .flags = x->flags, .text = emit_str(u, x->text), .clause = clause_of(u, k->symbol), .place = place_of(u, x->node->span) };
        s[i].calendar = tex_calendar(x->calendar) != NULL ? tex_calendar(x->calendar)->index : NO_REF;
        s[i].held = tex_calendar(x->held) != NULL ? tex_calendar(x->held)->index : NO_REF;
        s[i].when = x->when != NULL ? emit_predicate(u, k->entity, NULL, x->when, "step") : NO_REF;
        s[i].recipients = recipients(u, k->entity, x->recipients.p, x->recipients.n);
        s[i].n_recipients = (uint32_t)x->recipients.n;
    }
    for (size_t i = 0; i < k->steps.n; i++) {
        uint32_t at = mb_add_step(u->mb, s[i]);
        if (i == 0) { r->steps = at; }
    }
    r->n_steps = (uint32_t)k->steps.n;
}

static uint32_t named_values(struct unit *u, struct entity_info *e, struct event_info *ev, struct tex **x, const struct str *name, size_t n)
{
    uint32_t first = 0, *f = ARENA_ARRAY(u->arena, uint32_t, n);
    for (size_t i = 0; i < n; i++) { f[i] = emit_value(u, e, ev, x[i], "value"); }
    for (size_t i = 0; i < n; i++) {
        uint32_t k = mb_add_value_of(u->mb, (struct m_value_of){ emit_str(u, name[i]), x[i]->type.vt, scale_ref(x[i]->type), f[i] });
        if (i == 0) { first = k; }
    }
    return first;
}

static void inputs_shown(struct unit *u, struct clock_info *k, struct m_clock *r)
{
    const struct table_info *t = k->target.table;
    if (t == NULL) { return; }
    struct tex **x = ARENA_ARRAY(u->arena, struct tex *, t->n_inputs);
    struct str *name = ARENA_ARRAY(u->arena, struct str, t->n_inputs);
    for (uint32_t i = 0; i < t->n_inputs; i++) { x[i] = t->input[i].input; name[i] = t->input[i].name; }
    r->by = named_values(u, k->entity, NULL, x, name, t->n_inputs);
    r->n_by = t->n_inputs;
}

/* a or b; NULL is neutral. */
static struct tex *either(struct unit *u, struct tex *a, struct tex *b)
{
    if (a == NULL || b == NULL) { return a != NULL ? a : b; }
    struct tex *or_ = tex_new(u, X_OR, TYPE(VT_FLAG), b->span);
    or_->kid = ARENA_ARRAY(u->arena, struct tex *, 2);
    or_->n = 2;
    or_->kid[0] = a;
    or_->kid[1] = b;
    return or_;
}

static struct tex *flag_value(struct unit *u, struct attr_info *flag)
{
    if (flag == NULL) { return NULL; }
    struct tex *x = tex_new(u, X_ATTR, flag->type, SPAN_NONE);
    x->ref = flag;
    return x;
}

static struct m_clock clock_record(struct unit *u, struct clock_info *k)
{
    struct m_clock r = { .name = emit_str(u, k->name), .title = emit_str(u, k->title), .clause = clause_of(u, k->symbol), .entity = k->entity->index, .slot = k->slot, .flags = k->flags, .target = NO_REF, .excused = NO_REF, .pause_place = NO_REF, .pause = NO_REF };
    r.target = target_function(u, k);
    struct tex *excused = NULL, *pause = NULL;
    for (size_t i = 0; i < k->excused.n; i++) { excused = either(u, excused, k->excused.p[i]); }
    if (excused != NULL) { r.excused = emit_predicate(u, k->entity, NULL, excused, "excused"); }
    for (size_t i = 0; clock_asks_clocks(k) && i < k->pauses.n; i++) { pause = either(u, pause, k->pauses.p[i]); }
    if (pause != NULL) { r.pause = emit_predicate(u, k->entity, NULL, either(u, either(u, pause, flag_value(u, k->paused_flag)), flag_value(u, k->closed_flag)), "paused"); }
    steps(u, k, &r);
    inputs_shown(u, k, &r);
    if (!span_is_none(k->pause_span)) { r.pause_place = place_of(u, k->pause_span); }
    return r;
}

static void entities(struct unit *u)
{
    for (size_t i = 0; i < u->entities.n; i++) {
        struct entity_info *e = u->entities.p[i];
        struct m_entity r = { .name = emit_str(u, e->name), .key = emit_str(u, e->key), .forget_after = e->forget_after, .clause = clause_of(u, e->symbol), .attrs = mb_count(u->mb, SEC_ATTR), .spans = mb_count(u->mb, SEC_SPANS), .clocks = mb_count(u->mb, SEC_CLOCK) };
        for (size_t k = 0; k < e->attrs.n; k++) {
            struct attr_info *a = e->attrs.p[k];
            if (!a->used) { continue; }
            a->index = mb_add_attr(u->mb, (struct m_attr){ .name = emit_str(u, a->name), .type = a->type.vt, .scale = scale_ref(a->type), .initial = a->initial != NULL ? a->initial->number : NONE,
                .initial_text = a->initial != NULL ? emit_str(u, a->initial->text) : 0, .slot = a->slot, .flags = a->hidden ? ATTR_DERIVED : 0 });
            r.n_attrs++;
        }
        for (size_t k = 0; k < e->spans.n; k++) {
            struct spans_info *p = e->spans.p[k];
            p->index = mb_add_spans(u->mb, (struct m_spans){ emit_str(u, p->name), clause_of(u, p->symbol), p->reason_scale != NULL ? p->reason_scale->index : NO_REF });
            r.n_spans++;
        }
        mb_add_entity(u->mb, r);
    }
}

static void clocks(struct unit *u)
{
    for (size_t i = 0; i < u->entities.n; i++) {
        struct entity_info *e = u->entities.p[i];
        struct m_clock *r = ARENA_ARRAY(u->arena, struct m_clock, e->clocks.n);
        for (size_t k = 0; k < e->clocks.n; k++) { r[k] = clock_record(u, e->clocks.p[k]); }
        mb_at_entity(u->mb, e->index)->clocks = mb_count(u->mb, SEC_CLOCK);
        mb_at_entity(u->mb, e->index)->n_clocks = (uint32_t)e->clocks.n;
        for (size_t k = 0; k < e->clocks.n; k++) { e->clocks.p[k]->index = mb_add_clock(u->mb, r[k]); }
    }
}

static void events(struct unit *u)
{
    for (size_t i = 0; i < u->events.n; i++) {
        struct event_info *ev = u->events.p[i];
        struct m_event r = { .name = emit_str(u, ev->name), .entity = ev->entity != NULL ? ev->entity->index : NO_REF, .flags = ev->flags, .handler = NO_REF, .clause = clause_of(u, ev->symbol), .fields = mb_count(u->mb, SEC_EVENT_FIELD) };
        for (int used = 1; used >= 0; used--) { /* those that nothing reads come last: a wrong value in them is a reject, too (B2) */
            for (size_t k = 0; k < ev->fields.n; k++) {
                const struct field_info *f = ev->fields.p[k];
                if (f->used != used) { continue; }
                struct m_event_field x = { .name = emit_str(u, f->name), .type = f->type.vt, .scale = scale_ref(f->type), .initial = NONE, .flags = FIELD_CHECKED };
                if (used) {
                    x.slot = f->slot;
                    x.initial = f->initial != NULL ? f->initial->number : NONE;
                    x.initial_text = f->initial != NULL ? emit_str(u, f->initial->text) : 0;
                    x.flags = f->required ? FIELD_REQUIRED : 0;
                }
                mb_add_event_field(u->mb, x);
                r.n_fields++;
            }
        }
        mb_add_event(u->mb, r);
    }
}

/* ---- measures ---- */

static void measures(struct unit *u)
{
    for (size_t i = 0; i < u->measures.n; i++) {
        struct measure_info *x = u->measures.p[i];
        struct event_info *ev = x->source == SOURCE_EVENT && x->events.n > 0 ? x->events.p[0]->event : NULL;
        struct m_measure r = { .name = emit_str(u, x->name), .title = emit_str(u, x->title), .clause = clause_of(u, x->symbol), .kind = x->kind, .source = x->source,
            .clock = x->clock != NULL ? x->clock->index : NO_REF, .entity = x->entity != NULL ? x->entity->index : NO_REF, .calendar = NO_REF,
            .where = NO_REF, .part = NO_REF, .whole = NO_REF, .period = x->period, .period_n = x->period_n, .zone = emit_str(u, x->zone), .at_least = x->at_least,
            .round = x->round, .flags = x->flags, .fixed = x->fixed, .type = x->part != NULL ? x->part->type.vt : VT_COUNT,
            .goal_from = x->goal_from, .goal_to = x->goal_to, .goal_flags = x->goal_flags, .goal = emit_str(u, x->goal), .less = x->less != NULL ? x->less->index : NO_REF };
        if (tex_calendar(x->calendar) != NULL) { r.calendar = tex_calendar(x->calendar)->index; }
        if (x->where != NULL) { r.where = emit_predicate(u, x->entity, ev, x->where, "where"); }
        if (x->part != NULL) { r.part = x->part->type.vt == VT_FLAG ? emit_predicate(u, x->entity, ev, x->part, "part") : emit_value(u, x->entity, ev, x->part, "part"); }
        if (x->whole != NULL) { r.whole = emit_value(u, x->entity, ev, x->whole, "whole"); }
        r.by = named_values(u, x->entity, ev, x->by.p, x->by_name.p, x->by.n);
        r.n_by = (uint32_t)x->by.n;
        x->index = mb_add_measure(u->mb, r);
    }
}

/* ---- all ---- */

static void prose(struct unit *u)
{
    for (uint32_t i = 0; i < u->main->file->n; i++) {
        const struct node *n = u->main->file->kid[i];
        if (n->kind == N_PROSE) { (void)clause_for(u, n, NULL, "text", (struct str){ "", 0 }); }
        for (uint32_t k = 0; n->kind == N_SECTION && k < n->n; k++) {
            if (n->kid[k]->kind == N_PROSE) { (void)clause_for(u, n->kid[k], n, "text", (struct str){ "", 0 }); }
        }
    }
}

static void agreement(struct unit *u)
{
    char hex[65];
    struct sb all = { .arena = u->arena };
    for (size_t i = 0; i < sources_count(u->sources); i++) {
        const struct source *s = sources_at(u->sources, i);
        sb_put(&all, (struct str){ s->text, s->n });
        sb_char(&all, '\0');
    }
    hash_sha256_hex(all.p, all.n, hex);
    struct m_agreement r = { .name = u->agreement != NULL ? emit_str(u, u->agreement->text) : 0, .effective = u->effective, .term_last = u->term_last, .currency = emit_str(u, u->currency), .places = u->places, .rounding = u->rounding,
        .term_length = u->term_length, .term_renews = u->term_renews, .term_notice = u->term_notice,
        .zone = emit_str(u, u->zone), .digest = mb_string(u->mb, str_of(hex)), .compiler = mb_string(u->mb, STR("msa " MSA_VERSION)), .place = u->agreement != NULL ? place_of(u, u->agreement->span) : 0 };
    for (uint32_t i = 0; u->agreement != NULL && i < u->agreement->n; i++) {
        const struct node *h = u->agreement->kid[i];
        if (h->kind == N_HEADER && h->op == OP_PROVIDER) { r.provider = emit_str(u, h->text); }
        if (h->kind == N_HEADER && h->op == OP_CUSTOMER) { r.customer = emit_str(u, h->text); }
    }
    mb_add_agreement(u->mb, r);
}

void unit_emit(struct unit *u)
{
    files(u);
    agreement(u);
    money_number(u);
    scales(u);
    slots(u);
    entities(u);
    events(u);
    emit_calendars(u);
    emit_tables(u);
    clocks(u);
    measures(u);
    emit_money(u);
    emit_handlers(u);
    prose(u);
    unit_emit_adapters(u);
    unit_emit_examples(u);
}
