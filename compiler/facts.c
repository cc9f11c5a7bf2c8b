/* SPDX-License-Identifier: MIT */
/* What handlers and clocks tell the ledger. */
#include "compiler/charge.h"
#include "compiler/phrase.h"
#include <string.h>

struct fact_info *fact_new(struct unit *u, struct source_module *m, struct str name, struct symbol *s, const struct node *node, const struct node *section)
{
    struct fact_info *f = ARENA_NEW(u->arena, struct fact_info);
    *f = (struct fact_info){ .name = name, .module = m, .symbol = s, .node = node, .section = section, .role = ROLE_CHARGE, .index = NO_REF };
    vec_push(&u->money->facts, u->arena, f);
    return f;
}

struct field_info *fact_field(const struct event_info *ev, const char *name)
{
    for (size_t i = 0; i < ev->fields.n; i++) {
        if (str_eq(ev->fields.p[i]->name, str_of(name))) { return ev->fields.p[i]; }
    }
    return NULL;
}

static struct tex *read_field(struct unit *u, struct field_info *f, struct span span)
{
    struct tex *x = tex_new(u, X_FIELD, f->type, span);
    x->ref = f;
    f->used = true;
    return x;
}

static struct tex *with_kids(struct unit *u, enum tex_kind k, struct type t, struct span span, uint32_t n, struct tex **kid)
{
    struct tex *x = tex_new(u, k, t, span);
    x->n = n;
    x->kid = arena_copy(u->arena, kid, n * sizeof *kid);
    return x;
}

/* The field's instant where it is given, else that of the event. */
static struct tex *instant_or_at(struct unit *u, const struct event_info *ev, const char *name, struct span span)
{
    struct field_info *f = fact_field(ev, name);
    struct tex *at = tex_new(u, X_AT, TYPE(VT_INSTANT), span);
    if (f == NULL || f->type.vt != VT_INSTANT) { return at; }
    struct tex *own = read_field(u, f, span), *given = with_kids(u, X_GIVEN, TYPE(VT_FLAG), span, 1, &own);
    return with_kids(u, X_IF, TYPE(VT_INSTANT), span, 3, (struct tex *[]){ given, own, at });
}

void fact_events(struct unit *u, struct fact_info *f, const struct node *slot)
{
    phrases_check(u, f->module, NULL, slot, &f->on);
    size_t n = f->on.n;
    if (n == 0) { return; }
    f->entity = f->on.p[0]->event->entity;
    for (size_t i = 1; i < n; i++) {
        if (f->on.p[i]->event->entity == f->entity) { continue; }
        diag(u->diags, E0310_OTHER_ENTITY, f->on.p[i]->span, "the events of one clause happen to one kind of thing");
        f->on.n = 0;
        return;
    }
    f->from = ARENA_ARRAY(u->arena, struct tex *, n);
    f->to = ARENA_ARRAY(u->arena, struct tex *, n);
    f->known = ARENA_ARRAY(u->arena, struct tex *, n);
    f->has_time = true;
    for (size_t i = 0; i < n; i++) {
        const struct event_info *ev = f->on.p[i]->event;
        struct span span = f->on.p[i]->span;
        struct field_info *time = fact_field(ev, "time");
        f->from[i] = instant_or_at(u, ev, "start", span);
        f->known[i] = instant_or_at(u, ev, "known", span);
        f->to[i] = NULL;
        f->has_time = f->has_time && time != NULL && time->type.vt == VT_DURATION;
        if (time == NULL || time->type.vt != VT_DURATION) { continue; }
        f->to[i] = with_kids(u, X_ADD, TYPE(VT_INSTANT), span, 2, (struct tex *[]){ f->from[i], read_field(u, time, span) });
    }
}
