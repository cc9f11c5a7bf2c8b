/* SPDX-License-Identifier: MIT */
/* Examples, which are tests: their events as NDJSON, as they would come in a file. What is expected is in example_expect.c. */
#include "compiler/example.h"
#include "base/civil.h"
#include "compiler/literal.h"
#include "compiler/charge.h"
#include "compiler/money.h"

/* ---- values ---- */

static void decimal(struct sb *b, int64_t millionths)
{
    char text[CIVIL_TEXT_MAX];
    sb_put(b, (struct str){ text, (size_t)civil_write_seconds(text, millionths) }); /* a microsecond is a millionth */
}

void value_write(struct sb *b, struct type t, int64_t scalar, struct str text, bool json)
{
    char buf[CIVIL_TEXT_MAX];
    struct str s = text;
    switch (t.vt) {
    case VT_FLAG: sb_puts(b, json ? (scalar ? "true" : "false") : (scalar ? "yes" : "no")); return;
    case VT_COUNT: sb_i64(b, scalar); return;
    case VT_NUMBER: case VT_PERCENT: case VT_DURATION: decimal(b, scalar); return;
    case VT_SCALE: s = scalar >= 0 && scalar < t.scale->n ? t.scale->value[scalar] : STR(""); break;
    case VT_INSTANT: s = (struct str){ buf, (size_t)civil_write_instant(buf, scalar, 0, true) }; break;
    case VT_DATE: s = (struct str){ buf, (size_t)civil_write_date(buf, (date)scalar) }; break;
    case VT_TIME: {
        struct sb time = { .arena = b->arena };
        sb_printf(&time, "%02d:%02d", (int)(scalar / 3600), (int)(scalar / 60 % 60));
        if (scalar % 60 != 0) { sb_printf(&time, ":%02d", (int)(scalar % 60)); }
        s = sb_str(&time);
        break;
    }
    default: break;
    }
    if (json) { sb_json_string(b, s); } else { sb_put(b, s); }
}

/* ---- events ---- */

static struct field_info *field_named(struct event_info *ev, struct str word)
{
    for (size_t i = 0; i < ev->fields.n; i++) {
        if (str_eq(ev->fields.p[i]->name, word)) { return ev->fields.p[i]; }
    }
    for (size_t i = 0; i < ev->fields.n; i++) {
        if (ev->fields.p[i]->prep.n > 0 && str_eq(ev->fields.p[i]->prep, word)) { return ev->fields.p[i]; }
    }
    return NULL;
}

/* One argument of an event line; the field that it gave, or NULL. */
static struct field_info *argument(struct unit *u, struct example_info *x, struct event_info *ev, const struct node *n)
{
    struct field_info *f = field_named(ev, n->text);
    struct span at = span_is_none(n->name_span) ? n->span : n->name_span;
    if (f == NULL) { field_unknown(u, ev, n->text, at); return NULL; }
    const struct node *value = n->n > 0 ? n->kid[0] : NULL;
    int64_t scalar = n->number != 1;
    struct str text = { "", 0 };
    if (value == NULL && f->type.vt != VT_FLAG && f->type.vt != VT_ERROR) {
        struct diag *d = diag(u->diags, E0902_EXAMPLE_VALUE, n->span, n->number == 1 ? "`%.*s` is not something that is so or not" : "`%.*s` has no value here", STR_ARG(f->name));
        diag_label(d, n->span, "it is %.*s", STR_ARG(type_word(u, f->type)));
        diag_help(d, n->number == 1 ? "leave it out, or give its value" : "write the value behind it");
        return f;
    }
    if (value != NULL && (value->kind == N_MISSING || value->kind == N_NONE)) { return f; }
    if (value != NULL && !literal_check(u, x->module, value, f->type, &scalar, &text)) { return f; }
    sb_char(&x->events, ',');
    sb_json_string(&x->events, f->name);
    sb_char(&x->events, ':');
    if (value != NULL && f->type.vt == VT_MONEY) { sb_json_string(&x->events, money_plain(u, scalar)); }
    else { value_write(&x->events, f->type, scalar, text, true); }
    return f;
}

static void arguments(struct unit *u, struct example_info *x, struct event_info *ev, const struct node *line)
{
    bool *given = ARENA_ARRAY(u->arena, bool, ev->fields.n + 1);
    bool all_read = true;
    for (uint32_t i = 2; i < line->n; i++) {
        const struct node *n = line->kid[i];
        if (n == NULL || n->kind != N_EXARG) { continue; }
        struct field_info *f = argument(u, x, ev, n);
        if (f == NULL) { all_read = false; }
        for (size_t k = 0; f != NULL && k < ev->fields.n; k++) {
            if (ev->fields.p[k] != f) { continue; }
            if (given[k]) { diag(u->diags, E0903_EXAMPLE_TWICE, n->span, "`%.*s` is given twice", STR_ARG(f->name)); }
            given[k] = true;
        }
    }
    for (size_t k = 0; all_read && !x->rejects && k < ev->fields.n; k++) {
        struct field_info *f = ev->fields.p[k];
        if (!f->required || given[k]) { continue; }
        struct diag *d = diag(u->diags, E0904_EXAMPLE_FIELD_NEEDED, line->span, "the event `%.*s` needs `%.*s`", STR_ARG(ev->name), STR_ARG(f->name));
        if (f->node != NULL) { diag_label(d, f->node->span, "it is required here"); }
        if (f->prep.n > 0) { diag_help(d, "write `%.*s …` behind the id", STR_ARG(f->prep)); }
        else { diag_help(d, "write `%.*s …` behind the id", STR_ARG(f->name)); }
    }
}

static void key_told(struct unit *u, struct example_info *x, struct str key, struct entity_info *e)
{
    uint32_t id = names_id(x->key_names, key);
    if (id > x->first_key.n) { vec_push(&x->first_key, u->arena, NO_REF); }
    uint32_t *at = &x->first_key.p[id - 1];
    for (; *at != NO_REF; at = &x->keys.p[*at].next) {
        if (x->keys.p[*at].entity == e) { return; }
    }
    *at = (uint32_t)x->keys.n;
    vec_push(&x->keys, u->arena, ((struct example_key){ key, e, NO_REF }));
}

static void event_line(struct unit *u, struct example_info *x, const struct node *line)
{
    struct span at = span_is_none(line->name_span) ? line->span : line->name_span;
    struct symbol *s = symbol_need(u, x->module, SYM_EVENT, line->text, at);
    x->unclear |= s == NULL || s->info == NULL;
    if (s == NULL || s->info == NULL || line->n == 0 || line->kid[0] == NULL) { return; }
    struct event_info *ev = s->info;
    const struct node *key = line->n > 1 ? line->kid[1] : NULL;
    if (ev->entity != NULL && key == NULL) {
        struct diag *d = diag(u->diags, E0901_EXAMPLE_ID, at, "it is not said to which %.*s this happens", STR_ARG(ev->entity->name));
        diag_help(d, "write its id behind the event: `%.*s \"T1\"`", STR_ARG(ev->name));
        x->unclear = true;
        return;
    }
    if (ev->entity == NULL && key != NULL) {
        struct diag *d = diag(u->diags, E0901_EXAMPLE_ID, key->span, "`%.*s` happens to no thing with an id", STR_ARG(ev->name));
        diag_help(d, "leave the id out");
        return;
    }
    sb_puts(&x->events, "{\"at\":");
    value_write(&x->events, TYPE(VT_INSTANT), instant_of(u, line->kid[0]), (struct str){ "", 0 }, true);
    sb_puts(&x->events, ",\"event\":");
    sb_json_string(&x->events, ev->name);
    if (key != NULL) {
        sb_char(&x->events, ',');
        sb_json_string(&x->events, ev->entity->key);
        sb_char(&x->events, ':');
        sb_json_string(&x->events, key->text);
        key_told(u, x, key->text, ev->entity);
    }
    arguments(u, x, ev, line);
    sb_puts(&x->events, "}\n");
}

/* ---- one example ---- */

static struct example_info *example(struct unit *u, struct source_module *m, const struct node *section, const struct node *owner, const struct node *n)
{
    struct example_info *x = ARENA_NEW(u->arena, struct example_info);
    *x = (struct example_info){ .node = n, .module = m, .owner = owner, .section = section, .events = { .arena = u->arena }, .key_names = names_make(u->arena), .as_of = NONE };
    size_t errors = unit_mistakes(u);
    const struct node *as_of = NULL;
    for (uint32_t i = 0; i < n->n; i++) { x->rejects |= n->kid[i]->kind == N_EXLINE && n->kid[i]->op == OP_EXPECT_REJECT; }
    for (uint32_t i = 0; i < n->n; i++) {
        const struct node *line = n->kid[i];
        x->unclear |= line->kind == N_BROKEN;
        if (line->kind != N_EXLINE) { continue; }
        if (line->op == OP_EVENT_LINE) { event_line(u, x, line); }
        if (line->op != OP_AS_OF) { continue; }
        if (as_of != NULL) {
            struct diag *d = diag(u->diags, E0903_EXAMPLE_TWICE, line->span, "it is said twice until when the example runs");
            diag_label(d, as_of->span, "the first is here");
            diag_help(d, "for another time write another example");
        }
        as_of = line;
        x->as_of = instant_of(u, line->kid[0]);
    }
    bool expects = false;
    for (uint32_t i = 0; i < n->n; i++) {
        const struct node *line = n->kid[i];
        if (line->kind == N_EXPECTMONEY) { example_money(u, x, line); }
        else if (line->kind != N_EXLINE || line->op == OP_EVENT_LINE || line->op == OP_AS_OF) { continue; }
        else { example_expect(u, x, line); }
        expects = true;
    }
    if (!expects && !x->unclear && unit_mistakes(u) == errors) {
        struct diag *d = diag(u->diags, W0901_EXPECTS_NOTHING, span_is_none(n->name_span) ? n->span : n->name_span, "this example expects nothing");
        diag_help(d, "say what must come of it: `expect response of \"T1\" met`");
    }
    return x;
}

/* An example is kept as a symbol without a name: nobody finds it, and it lies with its module and section. */
static void found(struct unit *u, struct source_module *m, const struct node *section, const struct node *owner, const struct node *n)
{
    struct symbol *s = ARENA_NEW(u->arena, struct symbol);
    *s = (struct symbol){ .kind = SYM_KIND_COUNT, .module = m, .node = n, .section = section, .clause = NO_REF, .state = 2 };
    s->info = example(u, m, section, owner, n);
    vec_push(&u->all, u->arena, s);
}

static void look(struct unit *u, struct source_module *m, const struct node *section, const struct node *owner, const struct node *n)
{
    for (uint32_t i = 0; i < n->n; i++) {
        const struct node *k = n->kid[i];
        if (k == NULL) { continue; }
        if (k->kind == N_EXAMPLE) { found(u, m, section, owner, k); }
        else if (k->kind == N_SECTION) { look(u, m, k, NULL, k); }
        else if (owner == NULL && k->kind != N_AGREEMENT && k->kind != N_USE) { look(u, m, section, k, k); }
    }
}

/* Examples of the standard library would be about its own words, not about this agreement. */
void unit_check_examples(struct unit *u)
{
    for (size_t i = 0; i < u->modules.n; i++) {
        struct source_module *m = u->modules.p[i];
        if (m->file != NULL && !(m->source != NULL && m->source->builtin)) { look(u, m, NULL, NULL, m->file); }
    }
}

/* ---- records ---- */

static struct m_expect expect_record(struct unit *u, const struct expectation *e)
{
    struct m_expect r = { .kind = e->kind, .flags = e->flags, .entity = emit_str(u, e->key), .clock = e->clock != NULL ? e->clock->index : NO_REF,
        .measure = e->measure != NULL ? e->measure->index : NO_REF, .calendar = e->calendar != NULL ? e->calendar->index : NO_REF, .func = NO_REF,
        .state = emit_str(u, e->state), .cycle = e->cycle, .at = e->at, .due = e->due, .due_first = e->due_first, .stopped = e->stopped, .elapsed = e->elapsed, .paused = e->paused,
        .text = emit_str(u, e->text), .part = e->part, .whole = e->whole, .reading = emit_str(u, e->reading), .place = place_of(u, e->node->span),
        .charge = e->charge != NULL ? e->charge->index : NO_REF, .quantity = e->quantity != NULL ? e->quantity->index : NO_REF, .account = e->account != NULL ? e->account->index : NO_REF, .right = e->right,
        .amount = e->amount, .day = e->day, .day_last = e->day_last };
    if (e->value != NULL) { r.func = emit_predicate(u, e->entity, NULL, e->value, "expect"); }
    return r;
}

static void emit(struct unit *u, const struct example_info *x)
{
    struct str title = x->node->title;
    struct symbol *owner = x->owner != NULL ? symbol_of(u, x->owner) : NULL;
    struct m_example r = { .name = emit_str(u, title), .events = emit_str(u, sb_str(&x->events)), .as_of = x->as_of, .n_expects = (uint32_t)x->expects.n, .place = place_of(u, x->node->span) };
    if (owner != NULL) { r.clause = clause_of(u, owner); }
    else if (x->node->clause.n > 0) { r.clause = clause_for(u, x->node, x->section, "example", (struct str){ "", 0 }); }
    struct m_expect *e = ARENA_ARRAY(u->arena, struct m_expect, x->expects.n + 1);
    for (size_t i = 0; i < x->expects.n; i++) { e[i] = expect_record(u, &x->expects.p[i]); }
    for (size_t i = 0; i < x->expects.n; i++) {
        uint32_t k = mb_add_expect(u->mb, e[i]);
        if (i == 0) { r.expects = k; }
    }
    mb_add_example(u->mb, r);
}

void unit_emit_examples(struct unit *u)
{
    for (size_t i = 0; i < u->all.n; i++) {
        if (u->all.p[i]->kind == SYM_KIND_COUNT) { emit(u, u->all.p[i]->info); }
    }
}
