/* SPDX-License-Identifier: MIT */
/* Scales, entities with their attributes, events with their fields, states made by events. */
#include "compiler/unit.h"

static const struct { const char *word; uint8_t vt; } type_words[] = {
    { "text", VT_TEXT }, { "flag", VT_FLAG }, { "count", VT_COUNT }, { "number", VT_NUMBER }, { "percent", VT_PERCENT },
    { "duration", VT_DURATION }, { "instant", VT_INSTANT }, { "date", VT_DATE }, { "time", VT_TIME },
    { "money", VT_MONEY },
};

struct type type_named(struct unit *u, struct source_module *m, const struct node *name)
{
    for (size_t i = 0; i < countof(type_words); i++) {
        if (str_eq(name->text, str_of(type_words[i].word))) { return TYPE(type_words[i].vt); }
    }
    if (str_eq(name->text, STR("party"))) { return (struct type){ VT_SCALE, u->party }; }
    struct symbol *s = symbol_find(u, m, SYM_SCALE, name->text);
    if (s != NULL) { return (struct type){ VT_SCALE, s->info }; }
    if (name_unreadable(u, name->text)) { return TYPE(VT_ERROR); }
    struct diag *d = diag(u->diags, E0301_UNKNOWN_TYPE, name->span, "there is no type `%.*s`", STR_ARG(name->text));
    struct suggestion g;
    suggest_start(&g, name->text);
    for (size_t i = 0; i < countof(type_words); i++) { suggest_offer(&g, str_of(type_words[i].word)); }
    for (size_t i = 0; i < u->all.n; i++) {
        if (u->all.p[i]->kind == SYM_SCALE) { suggest_offer(&g, u->all.p[i]->name); }
    }
    if (suggest_found(&g)) { diag_help(d, "did you mean `%.*s`?", STR_ARG(g.best)); }
    else { diag_help(d, "a type is text, flag, count, number, percent, duration, instant, date, time, money, party, or the name of a scale or choice"); }
    return TYPE(VT_ERROR);
}

/* Room for n values. */
static struct scale_info *scale_new(struct unit *u, struct str name, uint32_t n)
{
    struct scale_info *s = ARENA_NEW(u->arena, struct scale_info);
    *s = (struct scale_info){ .name = name, .value = ARENA_ARRAY(u->arena, struct str, n), .place = names_make(u->arena) };
    vec_push(&u->scales, u->arena, s);
    return s;
}

/* False: it has this one. */
static bool scale_add(struct scale_info *s, struct str value)
{
    if (names_id(s->place, value) <= s->n) { return false; }
    s->value[s->n++] = value;
    return true;
}

static void scale_values(struct unit *u, struct scale_info *s, const struct node *n)
{
    for (uint32_t i = 0; i < n->n; i++) {
        if (scale_add(s, n->kid[i]->text)) { continue; }
        struct diag *d = diag(u->diags, E0208_VALUE_TWICE, n->kid[i]->span, "`%.*s` stands twice in `%.*s`", STR_ARG(n->kid[i]->text), STR_ARG(n->text));
        diag_help(d, "take one of the two out");
    }
}

static void scales(struct unit *u)
{
    u->party = scale_new(u, STR("party"), (uint32_t)u->all.n + 3);
    u->party->is_party = true;
    (void)scale_add(u->party, STR("customer"));
    (void)scale_add(u->party, STR("provider"));
    (void)scale_add(u->party, STR("vendor"));
    for (size_t i = 0; i < u->all.n; i++) {
        struct symbol *s = u->all.p[i];
        if (s->kind == SYM_PARTY) { (void)scale_add(u->party, s->name); } /* `party customer "Acme"` says who it is */
        if (s->kind != SYM_SCALE) { continue; }
        struct scale_info *k = scale_new(u, s->name, s->node->n);
        k->ordered = s->node->kind == N_SCALE;
        k->symbol = s;
        scale_values(u, k, s->node);
        s->info = k;
    }
}

static struct tex *initial_of(struct unit *u, struct source_module *m, const struct node *field, struct type t)
{
    if (field->n < 2 || field->kid[1] == NULL) { return NULL; }
    int64_t scalar;
    struct str text;
    if (t.vt == VT_ERROR || !literal_check(u, m, field->kid[1], t, &scalar, &text)) { return NULL; }
    struct tex *x = tex_new(u, t.vt == VT_TEXT ? X_TEXT : X_CONST, t, field->kid[1]->span);
    x->number = scalar;
    x->text = text;
    return x;
}

struct attr_info *attr_named(const struct entity_info *e, struct str name)
{
    uint32_t id = e != NULL ? names_find(e->attr_names, name) : 0;
    return id != 0 ? e->by_name.p[id - 1] : NULL;
}

static void entity(struct unit *u, struct symbol *s)
{
    struct entity_info *e = s->info;
    const struct node *n = s->node;
    for (uint32_t i = 0; i < n->n; i++) {
        const struct node *f = n->kid[i];
        if (f->kind == N_SLOT && f->op == OP_KEY) { e->key = f->text; }
        if (f->kind != N_FIELD) { continue; }
        struct attr_info *a = ARENA_NEW(u->arena, struct attr_info);
        *a = (struct attr_info){ .name = f->text, .entity = e, .node = f, .type = type_named(u, s->module, f->kid[0]) };
        a->initial = initial_of(u, s->module, f, a->type);
        const struct attr_info *first = attr_named(e, a->name);
        if (first != NULL) {
            struct diag *d = diag(u->diags, E0204_DECLARED_TWICE, f->name_span, "`%.*s` of %.*s is declared twice", STR_ARG(f->text), STR_ARG(e->name));
            diag_label(d, first->node->name_span, "the first is here");
        } else {
            (void)names_id(e->attr_names, a->name);
            vec_push(&e->by_name, u->arena, a);
        }
        vec_push(&e->attrs, u->arena, a);
    }
}

static void entities(struct unit *u)
{
    for (size_t i = 0; i < u->all.n; i++) {
        struct symbol *s = u->all.p[i];
        if (s->kind != SYM_ENTITY) { continue; }
        struct entity_info *e = ARENA_NEW(u->arena, struct entity_info);
        *e = (struct entity_info){ .name = s->name, .key = s->name, .symbol = s, .attr_names = names_make(u->arena), .forget_after = NONE };
        s->info = e;
        vec_push(&u->entities, u->arena, e);
    }
    for (size_t i = 0; i < u->entities.n; i++) { entity(u, u->entities.p[i]->symbol); }
}

static void field_sets(struct unit *u, struct event_info *ev, struct attr_info *a, const struct node *at)
{
    if (names_find(ev->field_names, a->name) != 0) { return; }
    (void)names_id(ev->field_names, a->name);
    struct field_info *f = ARENA_NEW(u->arena, struct field_info);
    *f = (struct field_info){ .name = a->name, .type = a->type, .event = ev, .node = at, .sets = a };
    vec_push(&ev->fields, u->arena, f);
}

/* What it happens to was said, but is not known. */
static bool says_of(const struct event_info *ev) { return ev->symbol->node->n > 0 && ev->symbol->node->kid[0] != NULL; }

static void event_slot(struct unit *u, struct event_info *ev, const struct node *slot)
{
    switch (slot->op) {
    case OP_CREATES: ev->flags |= EVENT_CREATES; break;
    case OP_ENDS: ev->flags |= EVENT_ENDS; break;
    case OP_CANCELS_CLOCKS: ev->flags |= EVENT_CANCELS; break;
    case OP_SETS_ANY:
        ev->sets_any = true;
        for (size_t i = 0; ev->entity != NULL && i < ev->entity->attrs.n; i++) { field_sets(u, ev, ev->entity->attrs.p[i], slot); }
        break;
    case OP_SETS:
        for (uint32_t i = 0; i < slot->n; i++) {
            struct attr_info *a = attr_named(ev->entity, slot->kid[i]->text);
            if (a != NULL) { field_sets(u, ev, a, slot->kid[i]); continue; }
            if ((ev->entity == NULL && says_of(ev)) || name_unreadable(u, slot->kid[i]->text)) { continue; }
            if (ev->entity == NULL) {
                struct diag *none = diag(u->diags, E0209_NO_ENTITY, slot->kid[i]->span, "`%.*s` happens to nothing that could have a `%.*s`", STR_ARG(ev->name), STR_ARG(slot->kid[i]->text));
                diag_help(none, "say to what it happens: `event %.*s of …`", STR_ARG(ev->name));
                continue;
            }
            struct diag *d = diag(u->diags, E0207_UNKNOWN_NAME, slot->kid[i]->span, "%.*s has no attribute `%.*s`", STR_ARG(ev->entity->name), STR_ARG(slot->kid[i]->text));
            struct suggestion g;
            suggest_start(&g, slot->kid[i]->text);
            for (size_t k = 0; k < ev->entity->attrs.n; k++) { suggest_offer(&g, ev->entity->attrs.p[k]->name); }
            if (suggest_found(&g)) { diag_help(d, "did you mean `%.*s`?", STR_ARG(g.best)); }
        }
        break;
    default: break;
    }
    if ((slot->op == OP_CREATES || slot->op == OP_ENDS || slot->op == OP_CANCELS_CLOCKS) && ev->entity == NULL && !says_of(ev)) {
        struct diag *none = diag(u->diags, E0209_NO_ENTITY, slot->span, "`%.*s` happens to nothing that could begin or end with it", STR_ARG(ev->name));
        diag_help(none, "say to what it happens: `event %.*s of …`", STR_ARG(ev->name));
    }
}

static void event(struct unit *u, struct symbol *s)
{
    struct event_info *ev = s->info;
    const struct node *n = s->node;
    if (n->n > 0 && n->kid[0] != NULL) {
        struct symbol *e = symbol_need(u, s->module, SYM_ENTITY, n->kid[0]->text, n->kid[0]->span);
        if (e != NULL) { ev->entity = e->info; }
    }
    for (uint32_t i = 1; i < n->n; i++) {
        const struct node *f = n->kid[i];
        if (f->kind == N_SLOT) { event_slot(u, ev, f); }
        if (f->kind != N_FIELD) { continue; }
        struct field_info *x = ARENA_NEW(u->arena, struct field_info);
        *x = (struct field_info){ .name = f->text, .prep = f->title, .event = ev, .node = f, .required = f->number == 1 };
        x->type = type_named(u, s->module, f->kid[0]);
        x->initial = initial_of(u, s->module, f, x->type);
        struct attr_info *a = attr_named(ev->entity, f->text);
        if (a != NULL && type_eq(a->type, x->type)) { x->sets = a; }
        (void)names_id(ev->field_names, x->name);
        if (x->sets == NULL && names_id(ev->own_names, x->name) > ev->own.n) { vec_push(&ev->own, u->arena, x); }
        vec_push(&ev->fields, u->arena, x);
    }
}

static void events(struct unit *u)
{
    for (size_t i = 0; i < u->all.n; i++) {
        struct symbol *s = u->all.p[i];
        if (s->kind != SYM_EVENT) { continue; }
        struct event_info *ev = ARENA_NEW(u->arena, struct event_info);
        *ev = (struct event_info){ .name = s->name, .symbol = s, .field_names = names_make(u->arena), .own_names = names_make(u->arena) };
        s->info = ev;
        vec_push(&u->events, u->arena, ev);
    }
    for (size_t i = 0; i < u->events.n; i++) { event(u, u->events.p[i]->symbol); }
    /* `forgotten 90 days after closed`: the event must end the entity; the time is plain days of 24 h after it. */
    for (size_t i = 0; i < u->entities.n; i++) {
        struct entity_info *e = u->entities.p[i];
        const struct node *n = e->symbol->node;
        for (uint32_t k = 0; k < n->n; k++) {
            const struct node *slot = n->kid[k];
            if (slot->kind != N_SLOT || slot->op != OP_FORGOTTEN) { continue; }
            const struct node *after = slot->kid[0];
            e->forget_after = after->number2 != NONE ? after->number2 : after->number / 1000000 * DAY_US * (str_starts(after->text, STR("week")) ? 7 : 1);
            struct symbol *ev = symbol_need(u, e->symbol->module, SYM_EVENT, slot->kid[1]->text, slot->kid[1]->span);
            if (ev != NULL && (((struct event_info *)ev->info)->flags & EVENT_ENDS) == 0) {
                struct diag *d = diag(u->diags, E0210_FORGOTTEN, slot->kid[1]->span, "`%.*s` does not end a %.*s", STR_ARG(ev->name), STR_ARG(e->name));
                diag_help(d, "write `ends` in the declaration of the event");
            }
        }
    }
}

static struct field_info *field_in(struct event_info *ev, struct str name)
{
    for (size_t i = 0; ev != NULL && i < ev->fields.n; i++) {
        if (str_eq(ev->fields.p[i]->name, name)) { return ev->fields.p[i]; }
    }
    return NULL;
}

static void spans_first(struct unit *u, struct symbol *s)
{
    const struct node *n = s->node;
    struct symbol *e = symbol_need(u, s->module, SYM_ENTITY, n->kid[0]->text, n->kid[0]->span);
    struct spans_info *x = ARENA_NEW(u->arena, struct spans_info);
    *x = (struct spans_info){ .name = s->name, .symbol = s, .node = n, .entity = e != NULL ? e->info : NULL };
    s->info = x;
    for (uint32_t i = 1; i < n->n; i++) {
        if (n->kid[i]->op == OP_SPAN_MATCHED_BY) { x->matched_by = n->kid[i]->kid[0]->text; }
        if (n->kid[i]->op == OP_SPAN_REASON) { x->reason = n->kid[i]->kid[0]->text; }
    }
    if (x->entity == NULL) { return; }
    vec_push(&x->entity->spans, u->arena, x);
    if (x->entity->spans.n == 257) { /* of the record's limit, once (verify.c) */
        struct diag *d = diag(u->diags, E0630_TOO_MANY_SPANS, n->name_span, "more than 256 spans for one kind of thing");
        diag_help(d, "put spans that differ only in why into one, and tell them apart by `reason`");
    }
}

static void spans_events(struct unit *u, struct spans_info *x)
{
    const struct node *n = x->node;
    struct source_module *m = x->symbol->module;
    for (uint32_t i = 1; x->entity != NULL && i < n->n; i++) {
        const struct node *slot = n->kid[i];
        if (slot->op == OP_SPAN_EXCEPT) {
            x->except = condition_check(u, &(struct scope){ m, x->entity, NULL }, slot->kid[0]);
        }
        if (slot->op != OP_SPAN_FROM && slot->op != OP_SPAN_TO) { continue; }
        const struct node *when = slot->n > 0 && slot->kid[slot->n - 1] != NULL && slot->kid[slot->n - 1]->kind == N_WHEN ? slot->kid[slot->n - 1] : NULL;
        for (uint32_t k = 0; k < slot->n; k++) {
            if (slot->kid[k] == NULL || slot->kid[k]->kind != N_PHRASE) { continue; }
            struct phrase *p = phrase_check(u, m, x->entity, slot->kid[k], when);
            if (p == NULL) { continue; }
            if (slot->op == OP_SPAN_TO) { vec_push(&x->to, u->arena, p); continue; }
            vec_push(&x->from, u->arena, p);
            if (x->reason.n == 0) { continue; }
            struct field_info *r = field_in(p->event, x->reason);
            if (r == NULL) {
                diag(u->diags, E0207_UNKNOWN_NAME, slot->kid[k]->span, "event `%.*s` has no field `%.*s`, which gives the reason", STR_ARG(p->event->name), STR_ARG(x->reason));
            } else if (r->type.vt == VT_SCALE) {
                x->reason_scale = r->type.scale;
            } else if (r->type.vt != VT_ERROR) {
                struct diag *d = diag(u->diags, E0302_TYPE, slot->kid[k]->span, "the reason `%.*s` must be a scale, a choice or a party", STR_ARG(x->reason));
                diag_label(d, r->node->span, "it is %.*s here", STR_ARG(type_word(u, r->type)));
                diag_help(d, "declare its values, `choice reasons: …`, and write `%.*s : reasons`", STR_ARG(x->reason));
            }
        }
    }
}

void unit_declare(struct unit *u)
{
    scales(u);
    entities(u);
    events(u);
    for (size_t i = 0; i < u->all.n; i++) {
        if (u->all.p[i]->kind == SYM_SPANS) { spans_first(u, u->all.p[i]); }
    }
    for (size_t i = 0; i < u->all.n; i++) {
        if (u->all.p[i]->kind == SYM_SPANS) { spans_events(u, u->all.p[i]->info); }
    }
}
