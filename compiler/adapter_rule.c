/* SPDX-License-Identifier: MIT */
/* Rules of adapters: when a row says that something happened, and what is said about it. */
#include "compiler/adapter.h"
#include "compiler/example.h"

/* ---- names ---- */

static struct field_info *field_named(struct event_info *ev, struct str word)
{
    for (size_t i = 0; ev != NULL && i < ev->fields.n; i++) {
        if (str_eq(ev->fields.p[i]->name, word)) { return ev->fields.p[i]; }
    }
    for (size_t i = 0; ev != NULL && i < ev->fields.n; i++) {
        if (ev->fields.p[i]->prep.n > 0 && str_eq(ev->fields.p[i]->prep, word)) { return ev->fields.p[i]; }
    }
    return NULL;
}

void field_unknown(struct unit *u, struct event_info *ev, struct str word, struct span at)
{
    struct diag *d = diag(u->diags, E0803_UNKNOWN_FIELD, at, "the event `%.*s` has no field `%.*s`", STR_ARG(ev->name), STR_ARG(word));
    struct suggestion g;
    suggest_start(&g, word);
    for (size_t i = 0; i < ev->fields.n; i++) { suggest_offer(&g, ev->fields.p[i]->name); }
    for (size_t i = 0; ev->entity != NULL && i < ev->entity->attrs.n; i++) {
        struct attr_info *a = ev->entity->attrs.p[i];
        if (a->hidden || !str_eq(a->name, word)) { continue; }
        diag_note(d, "it is an attribute of %.*s, but `%.*s` does not set it", STR_ARG(ev->entity->name), STR_ARG(ev->name));
        for (size_t k = 0; k < u->events.n; k++) {
            struct event_info *o = u->events.p[k];
            if (o->entity != ev->entity || o == ev || (o->flags & EVENT_CREATES) || field_named(o, word) == NULL) { continue; }
            diag_help(d, "`%.*s` sets it", STR_ARG(o->name));
            return;
        }
        return;
    }
    if (suggest_found(&g)) { diag_help(d, "did you mean `%.*s`?", STR_ARG(g.best)); return; }
    struct sb b = { .arena = u->arena };
    for (size_t i = 0; i < ev->fields.n; i++) { sb_printf(&b, "%s%.*s", i == 0 ? "" : ", ", STR_ARG(ev->fields.p[i]->name)); }
    if (b.n > 0) { diag_note(d, "its fields are %.*s", STR_ARG(sb_str(&b))); }
    else { diag_note(d, "it has no fields"); }
}

static struct event_info *event_named(struct unit *u, struct adapter_info *a, const struct node *make)
{
    struct span at = span_is_none(make->name_span) ? make->span : make->name_span;
    struct symbol *s = symbol_need(u, a->symbol->module, SYM_EVENT, make->text, at);
    if (s == NULL || s->info == NULL) { return NULL; }
    struct event_info *ev = s->info;
    if (ev->entity == NULL || a->entity == NULL || ev->entity == a->entity) { return ev; }
    struct diag *d = diag(u->diags, E0310_OTHER_ENTITY, at, "`%.*s` happens to a %.*s; the rows are about a %.*s", STR_ARG(ev->name), STR_ARG(ev->entity->name), STR_ARG(a->entity->name));
    diag_label(d, ev->symbol->node->name_span, "it is declared here");
    return NULL;
}

/* ---- times and conditions ---- */

static struct adapter_at at_of(struct unit *u, struct adapter_info *a, const struct node *n)
{
    struct adapter_at x = { NULL, NULL, 0 };
    if (n == NULL || n->kind != N_ADAPTERAT || n->n == 0 || n->kid[0] == NULL) { return x; }
    x.column = adapter_column(u, a, n->kid[0]);
    x.time = adapter_time_need(u, a, n->text, n->span);
    x.shift = n->number;
    return x;
}

static void condition(struct unit *u, struct adapter_info *a, struct adapter_rule *r, const struct node *n)
{
    static const uint8_t kind[] = {
        [OP_BECOMES] = COND_BECOMES, [OP_DIFFERS] = COND_DIFFERS, [OP_GIVEN] = COND_GIVEN, [OP_IS] = COND_IS, [OP_IS_NOT] = COND_IS_NOT,
        [OP_NOT_GIVEN] = COND_NOT_GIVEN, [OP_WAS] = COND_WAS,
    };
    struct adapter_condition c = { .kind = kind[n->op], .column = adapter_column(u, a, n->kid[0]) };
    for (uint32_t i = 1; i < n->n; i++) {
        struct str text = n->kid[i]->text;
        vec_push(&c.texts, u->arena, text);
        if (!adapter_is_missing(a, text)) { continue; }
        struct diag *d = diag(u->diags, E0817_NEVER_SEEN, n->kid[i]->span, "\"%.*s\" is never seen: it is read as missing", STR_ARG(text));
        diag_help(d, n->op == OP_IS_NOT ? "write `is given`" : "write `is missing`");
    }
    vec_push(&r->conditions, u->arena, c);
}

/* ---- values ---- */

/* `category from cat` reads a column, `site "HQ"` and `awaiting customer` give a value, a name alone is the column of that
 * name, or for a flag: yes. */
enum value_form { FROM_COLUMN, ALONE, CONSTANT };
static enum value_form form_of(struct unit *u, const struct node *f, const struct node *value)
{
    if (value == NULL || value->span.from == f->name_span.from) { return ALONE; }
    if (value->kind != N_COLUMN) { return CONSTANT; }
    if (f->title.n > 0 || f->number != 0) { return FROM_COLUMN; }
    struct str between = str_trim(source_text(u->sources, span_make(f->name_span.to, value->span.from)));
    return str_starts(between, STR("from")) ? FROM_COLUMN : CONSTANT;
}

static void constant(struct unit *u, struct adapter_info *a, struct adapter_value *v, struct field_info *f, const struct node *value)
{
    bool quoted = str_starts(source_text(u->sources, value->span), STR("\""));
    if (f->type.vt == VT_TEXT && !quoted && value->kind == N_NAME) {
        struct diag *d = diag(u->diags, E0819_ADAPTER_BARE_TEXT, value->span, "a text that holds for every row is quoted; a column stands behind `from`");
        diag_help(d, "did you mean `%.*s from %.*s`, the column? The text itself is `%.*s \"%.*s\"`", STR_ARG(f->name), STR_ARG(value->text), STR_ARG(f->name), STR_ARG(value->text));
        return;
    }
    struct node literal = { .kind = quoted ? N_TEXT : N_NAME, .span = value->span, .name_span = value->span, .text = value->text };
    int64_t scalar;
    struct str text;
    struct sb b = { .arena = u->arena };
    if (!literal_check(u, a->symbol->module, &literal, f->type, &scalar, &text)) { return; }
    value_write(&b, f->type, scalar, text, false);
    v->text = sb_str(&b);
}

/* How a column's text becomes a value of type t: by a map, a reading of times, a unit. */
static void conversion(struct unit *u, struct adapter_info *a, struct adapter_value *v, struct type t, struct str name, const struct node *f)
{
    if (t.vt == VT_ERROR) { return; }
    if (t.vt == VT_INSTANT) {
        v->time = adapter_time_need(u, a, f->title, f->span);
    } else if (f->title.n > 0) {
        v->map = adapter_map_find(a, f->title);
        if (v->map == NULL && t.vt == VT_DURATION) { v->time = adapter_time_need(u, a, f->title, f->span); } /* a length written as a date in 1970 */
        else if (v->map == NULL) { v->map = adapter_map_need(u, a, f->title, f->span); }
    } else if (f->number == 0) {
        v->map = adapter_map_find(a, name);
    }
    adapter_map_fits(u, a, v->map, t);
    if (f->number == 0) { return; }
    v->unit = f->number;
    if (t.vt == VT_DURATION) { return; }
    struct diag *d = diag(u->diags, E0812_ADAPTER_UNIT, f->span, "`%.*s` is no length of time, so it has no unit", STR_ARG(name));
    diag_label(d, f->span, "it is %.*s", STR_ARG(type_word(u, t)));
}

static void value(struct unit *u, struct adapter_info *a, struct adapter_rule *r, const struct node *n)
{
    struct field_info *f = field_named(r->event, n->text), *end = field_named(r->end_event, n->text);
    struct span at = span_is_none(n->name_span) ? n->span : n->name_span;
    if (f == NULL && end == NULL) { field_unknown(u, r->event, n->text, at); return; }
    struct field_info *known = f != NULL ? f : end;
    for (size_t i = 0; i < r->values.n; i++) {
        if ((r->values.p[i].field != NULL ? r->values.p[i].field : r->values.p[i].end_field) != known) { continue; }
        diag(u->diags, E0816_ADAPTER_TWICE, at, "`%.*s` is given twice", STR_ARG(known->name));
        return;
    }
    struct adapter_value v = { .field = f, .end_field = end };
    const struct node *value = n->n > 0 ? n->kid[0] : NULL;
    enum value_form form = form_of(u, n, value);
    if (form == ALONE && known->type.vt == VT_FLAG) { v.text = STR("yes"); }
    else if (form == CONSTANT) { constant(u, a, &v, known, value); }
    else if (value != NULL) {
        v.column = adapter_column(u, a, value);
        conversion(u, a, &v, known->type, known->name, n);
    }
    vec_push(&r->values, u->arena, v);
}

static void check_required(struct unit *u, const struct adapter_rule *r, struct event_info *ev, struct span at, struct str but)
{
    for (size_t i = 0; i < ev->fields.n; i++) {
        struct field_info *f = ev->fields.p[i];
        bool given = !f->required || str_eq(f->name, but);
        for (size_t k = 0; k < r->values.n; k++) { given |= r->values.p[k].field == f || r->values.p[k].end_field == f; }
        if (given) { continue; }
        struct diag *d = diag(u->diags, E0818_FIELD_NEEDED, at, "the event `%.*s` needs `%.*s`", STR_ARG(ev->name), STR_ARG(f->name));
        if (f->node != NULL) { diag_label(d, f->node->span, "it is required here"); }
        diag_help(d, "give it from a column, `{ %.*s from … }`, or as a value that holds for every row", STR_ARG(f->name));
        return;
    }
}

static void values(struct unit *u, struct adapter_info *a, struct adapter_rule *r, const struct node *make)
{
    bool broken = false;
    for (uint32_t i = 0; i < make->n; i++) {
        const struct node *k = make->kid[i];
        if (k != NULL && k->kind == N_ADAPTERFIELD) { value(u, a, r, k); }
        broken |= k != NULL && k->kind == N_BROKEN;
    }
    if (!broken && r->kind != RULE_INTERVAL) { check_required(u, r, r->event, make->name_span, (struct str){ "", 0 }); }
}

/* ---- the kinds of rule ---- */

static void event_rule(struct unit *u, struct adapter_info *a, struct adapter_rule *r, const struct node *make)
{
    r->event = event_named(u, a, make);
    r->at = at_of(u, a, make->n > 0 ? make->kid[0] : NULL);
    if (r->kind == RULE_EACH && r->at.column == NULL) { r->at.time = adapter_time_need(u, a, (struct str){ "", 0 }, make->span); }
    if (r->event == NULL) { return; }
    values(u, a, r, make);
}

/* By the name of the state, or of an event that begins it. */
static struct spans_info *state_named(struct unit *u, struct adapter_info *a, const struct node *make, struct event_info **begin)
{
    struct entity_info *e = a->entity;
    for (size_t i = 0; i < e->spans.n; i++) {
        struct spans_info *p = e->spans.p[i];
        for (size_t k = 0; k < p->from.n; k++) {
            if (str_eq(p->from.p[k]->event->name, make->text)) { *begin = p->from.p[k]->event; return p; }
        }
    }
    for (size_t i = 0; i < e->spans.n; i++) {
        struct spans_info *p = e->spans.p[i];
        if (str_eq(p->name, make->text) && p->from.n > 0) { *begin = p->from.p[0]->event; return p; }
    }
    struct span at = span_is_none(make->name_span) ? make->span : make->name_span;
    struct symbol *s = symbol_find(u, a->symbol->module, SYM_EVENT, make->text);
    struct diag *d = diag(u->diags, E0813_NO_INTERVAL, at, s != NULL ? "`%.*s` begins no state of a %.*s" : "there is no state `%.*s` of a %.*s", STR_ARG(make->text), STR_ARG(e->name));
    struct suggestion g;
    suggest_start(&g, make->text);
    struct sb all = { .arena = u->arena };
    for (size_t i = 0; i < e->spans.n; i++) {
        suggest_offer(&g, e->spans.p[i]->name);
        sb_printf(&all, "%s%.*s", i == 0 ? "" : ", ", STR_ARG(e->spans.p[i]->name));
    }
    if (s == NULL && suggest_found(&g)) { diag_help(d, "did you mean `%.*s`?", STR_ARG(g.best)); }
    if (all.n > 0) { diag_note(d, "states of a %.*s are %.*s", STR_ARG(e->name), STR_ARG(sb_str(&all))); }
    else { diag_help(d, "declare the state: `spans waiting of %.*s { from … ; to … }`", STR_ARG(e->name)); }
    return NULL;
}

static void interval_rule(struct unit *u, struct adapter_info *a, struct adapter_rule *r, const struct node *make)
{
    r->at = at_of(u, a, make->n > 0 ? make->kid[0] : NULL);
    r->end_at = at_of(u, a, make->n > 1 ? make->kid[1] : NULL);
    if (a->entity == NULL) { return; }
    struct spans_info *p = state_named(u, a, make, &r->event);
    if (p == NULL) { return; }
    r->end_event = p->to.n > 0 ? p->to.p[0]->event : NULL;
    values(u, a, r, make);
    check_required(u, r, r->event, make->name_span, p->matched_by);
    if (p->matched_by.n == 0) { return; }
    struct adapter_value id = { .field = field_named(r->event, p->matched_by), .end_field = field_named(r->end_event, p->matched_by) };
    for (size_t i = 0; i < r->values.n; i++) {
        if (r->values.p[i].field == id.field) { return; }
    }
    if (id.field != NULL) { vec_push(&r->values, u->arena, id); } /* without column or text: the row itself is the identity */
}

static struct str behind_dot(struct str s, struct str *before)
{
    for (size_t i = s.n; i > 0; i--) {
        if (s.p[i - 1] != '.') { continue; }
        *before = str_slice(s, 0, i - 1);
        return str_slice(s, i, s.n);
    }
    *before = (struct str){ "", 0 };
    return s;
}

static void set_rule(struct unit *u, struct adapter_info *a, struct adapter_rule *r, const struct node *make)
{
    struct str entity, name = behind_dot(make->text, &entity);
    struct span at = span_is_none(make->name_span) ? make->span : make->name_span;
    const struct node *field = make->n > 0 && make->kid[0] != NULL && make->kid[0]->kind == N_ADAPTERFIELD ? make->kid[0] : NULL;
    if (field == NULL || a->entity == NULL) { return; }
    if (entity.n > 0 && !str_eq(entity, a->entity->name)) {
        diag(u->diags, E0310_OTHER_ENTITY, at, "the rows are about a %.*s, not about a `%.*s`", STR_ARG(a->entity->name), STR_ARG(entity));
        return;
    }
    struct suggestion g;
    suggest_start(&g, name);
    for (size_t i = 0; i < a->entity->attrs.n; i++) {
        struct attr_info *t = a->entity->attrs.p[i];
        if (t->hidden) { continue; }
        suggest_offer(&g, t->name);
        if (str_eq(t->name, name)) { r->attr = t; }
    }
    if (r->attr == NULL) {
        struct diag *d = diag(u->diags, E0803_UNKNOWN_FIELD, at, "a %.*s has no attribute `%.*s`", STR_ARG(a->entity->name), STR_ARG(name));
        if (suggest_found(&g)) { diag_help(d, "did you mean `%.*s`?", STR_ARG(g.best)); }
        return;
    }
    struct adapter_value v = { .column = adapter_column(u, a, field->kid[0]) };
    if (make->n > 1) {
        v.map = adapter_map_check(u, a, make, (struct str){ "", 0 }, make->kid + 1, make->n - 1, false);
        adapter_map_fits(u, a, v.map, r->attr->type);
    } else {
        conversion(u, a, &v, r->attr->type, r->attr->name, field);
    }
    r->column = v.column;
    r->map = v.map;
}

static const char *const aspect_word[] = { [ASPECT_STATE] = "state", [ASPECT_DUE] = "due", [ASPECT_ELAPSED] = "elapsed", [ASPECT_STOPPED] = "stopped" };

/* Sets clock and aspect. A module of adapters serves agreements with and without the clock: there it is not needed. */
static void recorded_clock(struct unit *u, struct adapter_info *a, struct adapter_rule *r, const struct node *make)
{
    struct source_module *m = a->symbol->module;
    struct span at = span_is_none(make->name_span) ? make->span : make->name_span;
    struct str base, word = behind_dot(make->text, &base);
    struct symbol *s = symbol_find(u, m, SYM_CLOCK, make->text);
    if (s == NULL && base.n > 0) {
        size_t i = 0;
        while (i < countof(aspect_word) && !str_eq(word, str_of(aspect_word[i]))) { i++; }
        s = symbol_find(u, m, SYM_CLOCK, base);
        if (i == countof(aspect_word)) {
            if (s == NULL && m->is_library) { return; }
            struct diag *d = diag(u->diags, E0814_RECORDED, at, "a clock has no `%.*s` to compare", STR_ARG(word));
            struct suggestion g;
            suggest_start(&g, word);
            for (size_t k = 0; k < countof(aspect_word); k++) { suggest_offer(&g, str_of(aspect_word[k])); }
            if (suggest_found(&g)) { diag_help(d, "did you mean `%.*s.%.*s`?", STR_ARG(base), STR_ARG(g.best)); }
            else { diag_help(d, "what can be compared is its state, `.due`, `.elapsed` and `.stopped`"); }
            return;
        }
        r->aspect = (uint32_t)i;
    } else {
        base = make->text;
    }
    if (s == NULL) {
        if (!m->is_library) { (void)symbol_need(u, m, SYM_CLOCK, base, at); }
        return;
    }
    struct clock_info *c = s->info;
    if (c == NULL || c->entity == NULL) { return; }
    if (a->entity != NULL && c->entity != a->entity) {
        struct diag *d = diag(u->diags, E0310_OTHER_ENTITY, at, "the clock `%.*s` runs for a %.*s; the rows are about a %.*s", STR_ARG(c->name), STR_ARG(c->entity->name), STR_ARG(a->entity->name));
        diag_label(d, s->node->name_span, "it is declared here");
        return;
    }
    r->clock = c;
}

static void recorded_rule(struct unit *u, struct adapter_info *a, struct adapter_rule *r, const struct node *make)
{
    recorded_clock(u, a, r, make);
    if (make->n == 0 || make->kid[0] == NULL || make->kid[0]->kind != N_COLUMN) { return; }
    r->column = adapter_column(u, a, make->kid[0]);
    r->unit = make->number;
    uint32_t rows = 0;
    for (uint32_t i = 1; i < make->n; i++) {
        const struct node *k = make->kid[i];
        if (k == NULL) { continue; }
        if (k->kind == N_ROW) { rows++; }
        if (k->kind == N_TIMEMOD && k->op == OP_AS_OF_EACH_ROW) { r->flags |= RECORDED_AS_OF_EACH_ROW; }
        if (k->kind != N_TIMEMOD || k->op != OP_TOLERANCE) { continue; }
        r->flags |= RECORDED_WITHIN;
        r->tolerance = k->kid[0]->number2;
        if (r->aspect == ASPECT_STATE && r->clock != NULL) {
            diag(u->diags, E0814_RECORDED, k->span, "a state is equal or it is not: `within` has no meaning here");
        } else if (r->tolerance == NONE) {
            struct diag *d = diag(u->diags, E0812_ADAPTER_UNIT, k->span, "how far apart the two may be is an exact length of time");
            diag_help(d, "write it in s, min or h");
        }
    }
    if (rows > 0) { r->map = adapter_map_check(u, a, make, (struct str){ "", 0 }, make->kid + 1, make->n - 1, r->aspect == ASPECT_STATE); }
    if (r->unit != 0 && r->aspect != ASPECT_ELAPSED) {
        struct diag *d = diag(u->diags, E0812_ADAPTER_UNIT, make->span, "a unit is for lengths of time, such as `%.*s.elapsed`", STR_ARG(make->text));
        diag_help(d, "leave `in …` out");
    }
    if (r->aspect == ASPECT_DUE || r->aspect == ASPECT_STOPPED) { r->time = adapter_time_need(u, a, make->title, make->span); }
}

/* ---- all ---- */

void adapter_rule_check(struct unit *u, struct adapter_info *a, const struct node *n)
{
    static const uint8_t kind[] = {
        [OP_ONCE] = RULE_ONCE, [OP_ROW] = RULE_ROW, [OP_WHEN] = RULE_WHEN, [OP_SET] = RULE_SET, [OP_INTERVAL] = RULE_INTERVAL,
        [OP_RECORDED] = RULE_RECORDED, [OP_EACH] = RULE_EACH,
    };
    struct adapter_rule *r = ARENA_NEW(u->arena, struct adapter_rule);
    *r = (struct adapter_rule){ .kind = kind[n->op], .node = n, .aspect = ASPECT_STATE };
    vec_push(&a->rules, u->arena, r);
    const struct node *make = NULL;
    for (uint32_t i = 0; i < n->n; i++) {
        const struct node *k = n->kid[i];
        if (k == NULL) { continue; }
        if (k->kind == N_ADAPTERCOND) { condition(u, a, r, k); }
        if (k->kind == N_COLUMN) { r->column = adapter_column(u, a, k); }
        if (k->kind == N_ADAPTERMAKE) { make = k; }
    }
    if (make == NULL) { return; }
    switch ((enum adapter_rule_kind)r->kind) {
    case RULE_ONCE: case RULE_ROW: case RULE_WHEN: case RULE_EACH: event_rule(u, a, r, make); break;
    case RULE_INTERVAL: interval_rule(u, a, r, make); break;
    case RULE_SET: set_rule(u, a, r, make); break;
    case RULE_RECORDED: recorded_rule(u, a, r, make); break;
    case RULE_UNUSED: break;
    }
}
