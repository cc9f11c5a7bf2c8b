/* SPDX-License-Identifier: MIT */
/* Rules: on an event, when a condition holds, someone is told or an attribute is set. */
#include "compiler/clock.h"
#include "compiler/phrase.h"

static struct attr_info *attr_to_set(struct unit *u, struct entity_info *e, const struct node *a)
{
    struct attr_info *found = attr_named(e, a->text);
    if (found != NULL) { return found; }
    struct suggestion g;
    suggest_start(&g, a->text);
    for (size_t i = 0; e != NULL && i < e->attrs.n; i++) {
        if (e->attrs.p[i]->hidden) { continue; }
        suggest_offer(&g, e->attrs.p[i]->name);
    }
    if (name_unreadable(u, a->text)) { return NULL; }
    struct diag *d = diag(u->diags, E0207_UNKNOWN_NAME, span_is_none(a->name_span) ? a->span : a->name_span, "%.*s has no attribute `%.*s`", STR_ARG(e != NULL ? e->name : STR("nothing")), STR_ARG(a->text));
    if (suggest_found(&g)) { diag_help(d, "did you mean `%.*s`?", STR_ARG(g.best)); }
    return NULL;
}

static void action(struct unit *u, struct rule_info *r, const struct scope *sc, const struct node *a)
{
    if (a->op == OP_SET) {
        struct attr_info *attr = attr_to_set(u, sc->entity, a);
        if (attr == NULL) { return; }
        struct tex *v = expr_check(u, sc, a->kid[0], attr->type);
        if (symbol_find(u, sc->module, SYM_TABLE, attr->name) != NULL) {
            struct diag *d = diag(u->diags, E0705_TABLE_DECIDES, a->span, "`%.*s` is decided by a table; setting it would have no effect", STR_ARG(attr->name));
            diag_help(d, "write `from event, otherwise from table` in the table, or set an input of it");
        }
        vec_push(&r->actions, u->arena, ((struct action_info){ .set = true, .attr = attr, .value = v }));
        return;
    }
    struct recipient_info *who;
    size_t n;
    recipients_check(u, sc, a->kid[0], &who, &n);
    for (size_t i = 0; i < n; i++) { vec_push(&r->actions, u->arena, ((struct action_info){ .recipient = who[i] })); }
}

static void rule(struct unit *u, struct source_module *m, const struct node *n, const struct node *section)
{
    struct rule_info *r = ARENA_NEW(u->arena, struct rule_info);
    *r = (struct rule_info){ .node = n, .section = section, .module = m, .title = n->title };
    size_t errors = unit_mistakes(u);
    if (n->n == 0 || n->kid[0] == NULL || n->kid[0]->kind != N_SLOT) {
        if (node_broken(n)) { return; }
        struct diag *d = diag(u->diags, E0706_RULE_ON, n->span, "the rule does not say on which event");
        diag_help(d, "write `on opened when priority is P1`");
        return;
    }
    phrases_check(u, m, NULL, n->kid[0], &r->on);
    if (r->on.n == 0) { return; }
    struct entity_info *e = r->on.p[0]->event->entity;
    for (size_t i = 1; i < r->on.n; i++) {
        if (r->on.p[i]->event->entity != e) { diag(u->diags, E0310_OTHER_ENTITY, r->on.p[i]->span, "the events of one rule happen to one kind of thing"); return; }
    }
    struct scope sc = { m, e, r->on.n == 1 ? r->on.p[0]->event : NULL };
    for (uint32_t i = 1; i < n->n; i++) {
        const struct node *a = n->kid[i];
        if (a == NULL) { continue; }
        if (a->kind == N_ACTION) { action(u, r, &sc, a); }
        if (a->kind != N_WHEN) { continue; }
        for (size_t k = 0; k < r->on.n; k++) {
            struct scope each = { m, e, r->on.p[k]->event };
            r->on.p[k]->when = tex_all(u, r->on.p[k]->when, condition_check(u, &each, a->kid[0]));
        }
    }
    if (r->actions.n == 0 && unit_mistakes(u) == errors && !node_broken(n)) {
        struct diag *d = diag(u->diags, E0707_RULE_EMPTY, n->span, "the rule does nothing");
        diag_help(d, "write `notify \"…\"` or `set … to …`");
    }
    vec_push(&u->rules, u->arena, r);
}

void unit_check_rules(struct unit *u)
{
    for (size_t i = 0; i < u->made_rules.n; i++) { rule(u, u->made_rules.p[i].module, u->made_rules.p[i].node, u->made_rules.p[i].section); }
    for (size_t i = 0; i < u->modules.n; i++) {
        struct source_module *m = u->modules.p[i];
        for (uint32_t k = 0; m->file != NULL && k < m->file->n; k++) {
            const struct node *n = m->file->kid[k];
            if (n->kind == N_RULE) { rule(u, m, n, NULL); }
            for (uint32_t j = 0; n->kind == N_SECTION && j < n->n; j++) {
                if (n->kid[j]->kind == N_RULE) { rule(u, m, n->kid[j], n); }
            }
        }
    }
}
