/* SPDX-License-Identifier: MIT */
/* `message from provider when public`: which events count for a slot. */
#include "compiler/phrase.h"
#include "compiler/unit.h"

static struct tex *preposition(struct unit *u, struct source_module *m, struct event_info *ev, const struct node *p)
{
    struct sb known = { .arena = u->arena };
    for (size_t i = 0; i < ev->fields.n; i++) {
        struct field_info *f = ev->fields.p[i];
        if (f->prep.n == 0) { continue; }
        sb_printf(&known, "%s`%.*s …`", known.n == 0 ? "" : ", ", STR_ARG(f->prep));
        if (!str_eq(f->prep, p->text)) { continue; }
        struct scope sc = { m, ev->entity, ev };
        struct tex *x = tex_new(u, X_FIELD, f->type, p->span);
        x->ref = f;
        f->used = true;
        if (f->sets != NULL) { x->kind = X_ATTR; x->ref = f->sets; f->sets->used = true; }
        const struct node *values = p->kid[0];
        struct tex *any = NULL;
        for (uint32_t k = 0; k < (values->kind == N_LIST ? values->n : 1); k++) {
            const struct node *v = values->kind == N_LIST ? values->kid[k] : values;
            struct tex *e = tex_new(u, f->type.vt == VT_TEXT ? X_EQT : X_EQ, TYPE(VT_FLAG), v->span);
            e->kid = ARENA_ARRAY(u->arena, struct tex *, 2);
            e->n = 2;
            e->kid[0] = x;
            e->kid[1] = expr_check(u, &sc, v, f->type);
            if (e->kid[1]->type.vt == VT_ERROR) { e->type = TYPE(VT_ERROR); }
            if (any == NULL) { any = e; continue; }
            struct tex *or_ = tex_new(u, X_OR, TYPE(VT_FLAG), v->span);
            or_->kid = ARENA_ARRAY(u->arena, struct tex *, 2);
            or_->n = 2;
            or_->kid[0] = any;
            or_->kid[1] = e;
            any = or_;
        }
        return any;
    }
    struct diag *d = diag(u->diags, E0212_PREPOSITION, p->span, "`%.*s` says nothing about the event `%.*s`", STR_ARG(p->text), STR_ARG(ev->name));
    if (known.n > 0) { diag_help(d, "it can be narrowed by %.*s", STR_ARG(sb_str(&known))); }
    else { diag_help(d, "narrow it with `when` and a condition"); }
    return tex_new(u, X_ERROR, TYPE(VT_ERROR), p->span);
}

struct attr_info *attr_hidden(struct unit *u, struct entity_info *e, struct str name, struct type t)
{
    struct attr_info *a = ARENA_NEW(u->arena, struct attr_info);
    *a = (struct attr_info){ .name = name, .type = t, .entity = e, .hidden = true, .used = true };
    vec_push(&e->attrs, u->arena, a);
    return a;
}

struct phrase *phrase_check(struct unit *u, struct source_module *m, struct entity_info *entity, const struct node *p, const struct node *when)
{
    struct symbol *s = symbol_need(u, m, SYM_EVENT, p->text, span_is_none(p->name_span) ? p->span : p->name_span);
    if (s == NULL) { return NULL; }
    struct event_info *ev = s->info;
    if (ev->entity == NULL && ev->symbol->node->n > 0 && ev->symbol->node->kid[0] != NULL) { u->untold++; return NULL; } /* of something unknown */
    if (entity != NULL && ev->entity != entity) {
        struct diag *d = diag(u->diags, E0310_OTHER_ENTITY, p->span, ev->entity != NULL ? "`%.*s` happens to a %.*s, not to a %.*s" : "`%.*s` happens to no %.*s%.*s", STR_ARG(p->text),
            STR_ARG(ev->entity != NULL ? ev->entity->name : entity->name), STR_ARG(ev->entity != NULL ? entity->name : STR("")));
        diag_label(d, ev->symbol->node->name_span, "it is declared here");
        return NULL;
    }
    struct phrase *x = ARENA_NEW(u->arena, struct phrase);
    *x = (struct phrase){ .event = ev, .span = p->span };
    struct scope sc = { m, ev->entity, ev };
    for (uint32_t i = 0; i < p->n; i++) {
        const struct node *k = p->kid[i];
        if (k == NULL) { continue; }
        if (k->kind == N_PREP) { x->when = tex_all(u, x->when, preposition(u, m, ev, k)); }
        if (k->kind == N_WHEN) { x->when = tex_all(u, x->when, condition_check(u, &sc, k->kid[0])); }
    }
    if (when != NULL) { x->when = tex_all(u, x->when, condition_check(u, &sc, when->kid[0])); }
    if (p->number == 1 && ev->entity != NULL) { x->seen = attr_hidden(u, ev->entity, str_printf(u->arena, "first %.*s", STR_ARG(ev->name)), TYPE(VT_FLAG)); }
    return x;
}

void phrases_check(struct unit *u, struct source_module *m, struct entity_info *e, const struct node *slot, phrases *out)
{
    const struct node *when = slot->n > 0 && slot->kid[slot->n - 1] != NULL && slot->kid[slot->n - 1]->kind == N_WHEN ? slot->kid[slot->n - 1] : NULL;
    for (uint32_t i = 0; i < slot->n; i++) {
        if (slot->kid[i] == NULL || slot->kid[i]->kind != N_PHRASE) { continue; }
        struct phrase *p = phrase_check(u, m, e, slot->kid[i], when);
        if (p != NULL) { vec_push(out, u->arena, p); }
    }
}
