/* SPDX-License-Identifier: MIT */
/* One function for each kind of event: all that the agreement does when it happens, in the order of semantics C1.
 *
 *   attributes → states → rules that set → what clocks watch → each clock: cancel, new target, stop, restart, start,
 *   go on, pause, hide → rules that notify → measures → what the ledger is told
 *
 * Only what this event can change is looked at: that is known here, once. */
#include "compiler/charge.h"
#include "compiler/clock.h"
#include "compiler/code.h"

/* ---- what an event can change ---- */

struct touched { struct event_info *event; bool all; VEC(struct spans_info *) spans; };

static bool has_phrase(const phrases *list, const struct event_info *ev)
{
    for (size_t i = 0; i < list->n; i++) {
        if (list->p[i]->event == ev) { return true; }
    }
    return false;
}

static void touched_of(struct unit *u, struct event_info *ev, struct touched *t)
{
    *t = (struct touched){ .event = ev, .all = (ev->flags & EVENT_CREATES) != 0 };
    for (size_t i = 0; i < ev->fields.n; i++) {
        if (ev->fields.p[i]->sets != NULL) { ev->fields.p[i]->sets->changed_by = ev; }
    }
    for (size_t i = 0; i < ev->entity->spans.n; i++) {
        struct spans_info *p = ev->entity->spans.p[i];
        if (has_phrase(&p->from, ev) || has_phrase(&p->to, ev)) { vec_push(&t->spans, u->arena, p); }
    }
    for (size_t i = 0; i < u->rules.n; i++) {
        if (!has_phrase(&u->rules.p[i]->on, ev)) { continue; }
        for (size_t k = 0; k < u->rules.p[i]->actions.n; k++) {
            if (u->rules.p[i]->actions.p[k].set) { u->rules.p[i]->actions.p[k].attr->changed_by = ev; }
        }
    }
}

/* Can this event change how the clock stands? */
static bool moves(const struct clock_info *k, const struct event_info *ev)
{
    const phrases *list[] = { &k->starts, &k->stops, &k->restarts, &k->continues, &k->cancels };
    bool hit = (ev->flags & EVENT_CANCELS) != 0;
    for (size_t i = 0; i < countof(list); i++) { hit = hit || has_phrase(list[i], ev); }
    return hit;
}

static bool touches(const struct touched *t, struct tex *x)
{
    if (t->all) { return true; }
    if (x == NULL) { return false; }
    if (x->asked == t->event) { return x->touched; }
    x->asked = t->event;
    x->touched = false;
    bool hit = x->kind == X_AT || x->kind == X_FIELD || (x->kind == X_CLOCK && moves(x->ref, t->event));
    if (x->kind == X_ATTR) { hit = ((const struct attr_info *)x->ref)->changed_by == t->event; }
    for (size_t i = 0; x->kind == X_SPANS && i < t->spans.n; i++) { hit = hit || t->spans.p[i] == x->ref; }
    if (x->kind == X_SPANS && ((struct spans_info *)x->ref)->except != NULL) { hit = hit || touches(t, ((struct spans_info *)x->ref)->except); }
    for (uint32_t i = 0; i < x->n && !hit; i++) { hit = touches(t, x->kid[i]); }
    x->touched = hit;
    return hit;
}

/* ---- attributes and states ---- */

static void store(struct code *c, const struct attr_info *a, uint32_t reg)
{
    mb_op_imm(c->u->mb, a->type.vt == VT_TEXT ? INS_STAT : INS_STA, reg, (int32_t)a->slot);
}

static void set_flag(struct code *c, const struct attr_info *a, int64_t v)
{
    struct code_mark m = code_mark(c);
    store(c, a, code_const(c, v));
    code_release(c, m);
}

/* A field that is absent from the event leaves the attribute as it was. */
static void set_attributes(struct code *c)
{
    struct module_builder *mb = c->u->mb;
    for (size_t i = 0; i < c->event->fields.n; i++) {
        const struct field_info *f = c->event->fields.p[i];
        if (f->sets == NULL || !f->sets->used) { continue; }
        struct code_mark m = code_mark(c);
        bool text = f->type.vt == VT_TEXT;
        uint32_t v = text ? code_text(c) : code_scalar(c), missing = code_scalar(c);
        mb_op_imm(mb, text ? INS_LDFT : INS_LDF, v, (int32_t)f->slot);
        mb_op(mb, text ? INS_MISST : INS_MISS, missing, v, 0);
        uint32_t skip = mb_op_imm(mb, INS_JT, missing, 0);
        store(c, f->sets, v);
        code_land(c, skip);
        code_release(c, m);
    }
}

static const struct field_info *field_named(const struct event_info *ev, struct str name)
{
    for (size_t i = 0; name.n > 0 && i < ev->fields.n; i++) {
        if (str_eq(ev->fields.p[i]->name, name) && ev->fields.p[i]->used) { return ev->fields.p[i]; }
    }
    return NULL;
}

/* Condition of a phrase; `first` counts once. Returns the jump over what follows. */
static uint32_t phrase_begin(struct code *c, const struct phrase *p, uint32_t *seen)
{
    *seen = NO_REF;
    uint32_t no = code_unless(c, p->when);
    if (p->seen == NULL) { return no; }
    struct code_mark m = code_mark(c);
    uint32_t r = code_scalar(c);
    mb_op_imm(c->u->mb, INS_LDA, r, (int32_t)p->seen->slot);
    *seen = mb_op_imm(c->u->mb, INS_JT, r, 0);
    code_release(c, m);
    set_flag(c, p->seen, 1);
    return no;
}

static void phrase_end(struct code *c, uint32_t no, uint32_t seen)
{
    code_land(c, no);
    code_land(c, seen);
}

static uint32_t identity(struct code *c, const struct spans_info *p)
{
    const struct field_info *f = field_named(c->event, p->matched_by);
    if (f == NULL || f->type.vt != VT_TEXT) { return code_literal_text(c, (struct str){ "", 0 }); }
    uint32_t t = code_text(c);
    mb_op_imm(c->u->mb, INS_LDFT, t, (int32_t)f->slot);
    return t;
}

static void begin_or_end(struct code *c, const struct spans_info *p, const phrases *list, bool begin)
{
    for (size_t i = 0; i < list->n; i++) {
        if (list->p[i]->event != c->event) { continue; }
        uint32_t seen, no = phrase_begin(c, list->p[i], &seen);
        struct code_mark m = code_mark(c);
        uint32_t id = identity(c, p);
        if (begin) {
            const struct field_info *f = field_named(c->event, p->reason);
            uint32_t reason = code_scalar(c);
            if (f != NULL && f->type.vt != VT_TEXT) { mb_op_imm(c->u->mb, INS_LDF, reason, (int32_t)f->slot); }
            else { mb_op(c->u->mb, INS_LDNONE, reason, 0, 0); }
            mb_op(c->u->mb, INS_WBEGIN, p->slot, reason, id);
        } else {
            mb_op(c->u->mb, INS_WEND, p->slot, id, 0);
        }
        code_release(c, m);
        phrase_end(c, no, seen);
    }
}

static void states(struct code *c)
{
    for (size_t i = 0; i < c->entity->spans.n; i++) {
        const struct spans_info *p = c->entity->spans.p[i];
        if (!p->used) { continue; }
        begin_or_end(c, p, &p->to, false);
        begin_or_end(c, p, &p->from, true);
    }
}

/* ---- rules ---- */

static void rules(struct code *c, bool set)
{
    struct unit *u = c->u;
    for (size_t i = 0; i < u->rules.n; i++) {
        const struct rule_info *r = u->rules.p[i];
        for (size_t k = 0; k < r->on.n; k++) {
            if (r->on.p[k]->event != c->event) { continue; }
            bool any = false;
            for (size_t a = 0; a < r->actions.n; a++) { any = any || r->actions.p[a].set == set; }
            if (!any) { continue; }
            mb_set_place(u->mb, place_of(u, r->node->name_span.to > r->node->name_span.from ? r->node->name_span : r->node->span));
            uint32_t seen, no = phrase_begin(c, r->on.p[k], &seen);
            for (size_t a = 0; a < r->actions.n; a++) {
                const struct action_info *x = &r->actions.p[a];
                if (x->set != set || (set && !x->attr->used)) { continue; } /* what nobody reads has no slot */
                struct code_mark m = code_mark(c);
                if (set) { store(c, x->attr, code_expr(c, x->value)); }
                else { mb_op_word(u->mb, INS_NOTIFY, x->recipient.value != NULL ? code_expr(c, x->recipient.value) : code_literal_text(c, x->recipient.text), 0, 0, r->clause); }
                code_release(c, m);
            }
            phrase_end(c, no, seen);
        }
    }
}

/* ---- clocks ---- */

static void transition(struct code *c, const phrases *list, const struct clock_info *k, enum opcode op, uint32_t kind)
{
    for (size_t i = 0; i < list->n; i++) {
        if (list->p[i]->event != c->event) { continue; }
        uint32_t seen, no = phrase_begin(c, list->p[i], &seen);
        mb_op(c->u->mb, list->p[i]->running ? INS_CRENEW : op, k->slot, kind, 0);
        phrase_end(c, no, seen);
    }
}

static void flag_on(struct code *c, const phrases *list, const struct attr_info *flag, int64_t v)
{
    for (size_t i = 0; flag != NULL && i < list->n; i++) {
        if (list->p[i]->event != c->event) { continue; }
        uint32_t seen, no = phrase_begin(c, list->p[i], &seen);
        set_flag(c, flag, v);
        phrase_end(c, no, seen);
    }
}

static uint32_t any_of(struct code *c, struct tex **x, size_t n, uint32_t so_far)
{
    for (size_t i = 0; i < n; i++) {
        uint32_t r = code_expr(c, x[i]);
        if (so_far == NO_REF) { so_far = r; continue; }
        uint32_t d = code_scalar(c);
        mb_op(c->u->mb, INS_OR, d, so_far, r);
        so_far = d;
    }
    return so_far;
}

static uint32_t or_flag(struct code *c, const struct attr_info *flag, uint32_t so_far)
{
    if (flag == NULL) { return so_far; }
    uint32_t r = code_scalar(c);
    mb_op_imm(c->u->mb, INS_LDA, r, (int32_t)flag->slot);
    if (so_far == NO_REF) { return r; }
    uint32_t d = code_scalar(c);
    mb_op(c->u->mb, INS_OR, d, so_far, r);
    return d;
}

/* A clock that begins or goes on now takes up the pause that holds now. */
static bool begins(const struct clock_info *k, const struct event_info *ev)
{
    return has_phrase(&k->starts, ev) || has_phrase(&k->restarts, ev) || has_phrase(&k->continues, ev);
}

static void pauses(struct code *c, struct clock_info *k, struct touched *t)
{
    bool need = begins(k, c->event) || has_phrase(&k->pauses_on, c->event) || has_phrase(&k->resumes_on, c->event) || has_phrase(&k->closes, c->event);
    for (size_t i = 0; i < k->pauses.n; i++) { need = need || touches(t, k->pauses.p[i]); }
    if (need && (k->pauses.n > 0 || k->paused_flag != NULL || k->closed_flag != NULL)) {
        struct code_mark m = code_mark(c);
        uint32_t r = any_of(c, k->pauses.p, k->pauses.n, NO_REF);
        r = or_flag(c, k->closed_flag, or_flag(c, k->paused_flag, r));
        mb_op(c->u->mb, INS_CPAUSE, k->slot, r, 0);
        code_release(c, m);
    }
    need = begins(k, c->event);
    for (size_t i = 0; i < k->hidden.n; i++) { need = need || touches(t, k->hidden.p[i]); }
    if (need && k->hidden.n > 0) {
        struct code_mark m = code_mark(c);
        mb_op(c->u->mb, INS_CHIDE, k->slot, any_of(c, k->hidden.p, k->hidden.n, NO_REF), 0);
        code_release(c, m);
    }
}

static void retarget(struct code *c, struct clock_info *k, struct touched *t)
{
    struct module_builder *mb = c->u->mb;
    for (size_t i = 0; i < k->changes.n; i++) {
        struct change_info *x = &k->changes.p[i];
        if (x->memory == NULL || !touches(t, x->watched)) { continue; }
        struct code_mark m = code_mark(c);
        bool text = x->watched->type.vt == VT_TEXT;
        uint32_t v = code_expr(c, x->watched), changed = code_scalar(c);
        mb_op_word(mb, text ? INS_STATC : INS_STAC, changed, v, 0, x->memory->slot);
        mb_op(mb, INS_CRETARGET, k->slot, x->policy, changed);
        code_release(c, m);
    }
}

static void clock(struct code *c, struct clock_info *k, struct touched *t)
{
    mb_set_place(c->u->mb, place_of(c->u, k->node->name_span));
    flag_on(c, &k->pauses_on, k->paused_flag, 1);
    flag_on(c, &k->resumes_on, k->paused_flag, 0);
    flag_on(c, &k->closes, k->closed_flag, 1);
    flag_on(c, &k->continues, k->closed_flag, 0);
    flag_on(c, &k->resumes_on, k->closed_flag, 0);
    if (c->event->flags & EVENT_CANCELS) { mb_op(c->u->mb, INS_CSTOP, k->slot, STOP_CANCEL, 0); }
    transition(c, &k->cancels, k, INS_CSTOP, STOP_CANCEL);
    retarget(c, k, t);
    transition(c, &k->stops, k, INS_CSTOP, STOP_STOP);
    transition(c, &k->restarts, k, INS_CRESTART, 0);
    transition(c, &k->starts, k, INS_CSTART, 0);
    transition(c, &k->continues, k, INS_CCONT, 0);
    if (!clock_asks_clocks(k)) { pauses(c, k, t); }
}

/* ---- measures ---- */

static void measures(struct code *c, struct touched *t)
{
    struct unit *u = c->u;
    for (size_t i = 0; i < u->measures.n; i++) {
        struct measure_info *x = u->measures.p[i];
        mb_set_place(u->mb, place_of(u, x->node->name_span));
        for (size_t k = 0; x->source == SOURCE_EVENT && k < x->events.n; k++) {
            if (x->events.p[k]->event != c->event) { continue; }
            uint32_t seen, no = phrase_begin(c, x->events.p[k], &seen);
            mb_op_word(u->mb, INS_MEVENT, 0, 0, 0, x->index);
            phrase_end(c, no, seen);
        }
        if (x->source != SOURCE_SPANS || x->entity != c->entity || !touches(t, x->outside)) { continue; }
        struct code_mark m = code_mark(c);
        mb_op_word(u->mb, INS_MSPAN, code_expr(c, x->outside), 0, 0, x->index);
        code_release(c, m);
    }
}

/* ---- money ---- */

static void facts(struct code *c)
{
    struct unit *u = c->u;
    for (size_t i = 0; i < u->money->facts.n; i++) {
        const struct fact_info *f = u->money->facts.p[i];
        for (size_t k = 0; k < f->on.n; k++) {
            if (f->on.p[k]->event != c->event) { continue; }
            uint32_t seen, no = phrase_begin(c, f->on.p[k], &seen);
            fact_tell(c, f, k);
            phrase_end(c, no, seen);
        }
    }
}

/* An event of no entity does nothing to clocks; rules and measures may still hear of it. */
static void handler(struct unit *u, struct event_info *ev)
{
    struct code c;
    struct touched t = { .event = ev };
    code_begin(&c, u, FUNC_HANDLER, ev->entity, ev, str_c(u->arena, ev->name), ev->symbol->node->name_span);
    if (ev->entity != NULL) {
        touched_of(u, ev, &t);
        set_attributes(&c);
        states(&c);
    }
    rules(&c, true);
    for (size_t i = 0; ev->entity != NULL && i < ev->entity->clocks.n; i++) { clock(&c, ev->entity->clocks.p[i], &t); }
    for (size_t i = 0; ev->entity != NULL && i < ev->entity->clocks.n; i++) { /* when all that they ask about have moved */
        if (clock_asks_clocks(ev->entity->clocks.p[i])) { pauses(&c, ev->entity->clocks.p[i], &t); }
    }
    rules(&c, false);
    measures(&c, &t);
    facts(&c);
    mb_op(u->mb, INS_RET, 0, 0, 0);
    uint32_t f = code_end(&c);
    mb_at_event(u->mb, ev->index)->handler = f;
}

void emit_handlers(struct unit *u)
{
    for (size_t i = 0; i < u->rules.n; i++) {
        struct rule_info *r = u->rules.p[i];
        r->clause = clause_for(u, r->node, r->section, "rule", r->node->text);
    }
    for (size_t i = 0; i < u->events.n; i++) { handler(u, u->events.p[i]); }
}
