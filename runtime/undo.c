/* SPDX-License-Identifier: MIT */
#include "runtime/undo.h"
#include "bytecode/opcode.h"
#include "runtime/state.h"
#include <string.h>

/* ---- which handlers can trap ---- */

static bool traps(const struct module *m, const struct m_func *f)
{
    for (uint32_t at = f->code; at < f->code + f->length;) {
        struct decoded d;
        if (op_decode(&m->code[at], f->code + f->length - at, &d) != DECODE_OK) { return true; }
        switch (d.op) {
        case INS_ADD: case INS_SUB: case INS_MUL: case INS_MULDEC: case INS_DIVDEC: case INS_ROUND: return true;
        case INS_MEVENT: {
            enum measure_kind kind = (enum measure_kind)m->measure[m->code[at + 1].word].kind;
            if (kind != MEASURE_COUNT && kind != MEASURE_SHARE) { return true; }
            break;
        }
        case INS_FACT: return true; /* what it comes to may be no amount of money */
        default: break;
        }
        at += d.length;
    }
    return false;
}

void undo_open(struct engine *e)
{
    const struct module *m = e->module;
    struct undo *u = &e->undo;
    bool asked = false, any = false; /* functions that handlers make the engine ask: targets, values, conditions */
    uint32_t largest = 0;
    u->can_trap = ARENA_ARRAY(&e->arena, bool, m->n_event + 1);
    for (uint32_t i = 0; i < m->n_func && !asked; i++) { asked = m->func[i].kind != FUNC_HANDLER && traps(m, &m->func[i]); }
    for (uint32_t i = 0; i < m->n_event; i++) {
        uint32_t f = m->event[i].handler;
        u->can_trap[i] = f != NO_REF && (asked || traps(m, &m->func[f]));
        any = any || u->can_trap[i];
    }
    for (uint32_t i = 0; i < m->n_entity; i++) { largest = e->kind[i].size > largest ? e->kind[i].size : largest; }
    if (any && largest) { u->image = heap_block(e->heap, largest); }
}

/* ---- keeping ---- */

static void keep_entity(struct engine *e, struct entity *n)
{
    struct undo *u = &e->undo;
    const struct entity_kind *k = &e->kind[n->kind];
    memcpy(u->image, n, k->size);
    u->stretches = ARENA_ARRAY(&e->scratch, struct msa_segment *, k->n_clocks);
    u->waits = ARENA_ARRAY(&e->scratch, struct wait *, k->n_spans);
    for (uint32_t i = 0; i < k->n_clocks; i++) {
        const struct clock *c = &entity_clocks(k, n)[i];
        chosen_hold(e, c->chosen);
        u->stretches[i] = c->cap_stretches ? arena_copy(&e->scratch, c->far_stretches, c->n_stretches * sizeof *c->far_stretches) : NULL;
    }
    for (uint32_t i = 0; i < k->n_spans; i++) {
        const struct wait_set *w = &entity_spans(k, n)[i];
        u->waits[i] = w->n ? arena_copy(&e->scratch, w->p, w->n * sizeof *w->p) : NULL;
    }
}

void undo_begin(struct engine *e, struct entity *n, bool made, bool began)
{
    struct undo *u = &e->undo;
    u->on = true;
    u->entity = n;
    u->made = made;
    u->began = began;
    u->notices = e->notices;
    u->trail = trail_length(e);
    u->outages = NULL;
    if (e->ledger) { ledger_mark(e->ledger); }
    /* Their arrays lie in scratch, which was emptied since. */
    u->cells.p = NULL;
    u->dropped.p = NULL;
    u->results.p = NULL;
    u->cells.n = u->cells.cap = u->dropped.n = u->dropped.cap = u->results.n = u->results.cap = 0;
    if (n && !made) { keep_entity(e, n); }
    if (n) { return; }
    u->outages = ARENA_ARRAY(&e->scratch, struct outage, e->module->n_measure);
    for (uint32_t i = 0; i < e->module->n_measure; i++) { u->outages[i] = *e->measure[i].outage; }
}

void undo_cell(struct engine *e, const struct measure *m, uint32_t cell, bool made)
{
    vec_push(&e->undo.cells, &e->scratch, ((struct undo_cell){m->index, cell, made, m->cells.p[cell]}));
}

void undo_drop(struct engine *e, struct str s)
{
    vec_push(&e->undo.dropped, &e->scratch, s);
}

/* Values and texts of a result are in scratch or outlast the event; what may move or change before it is given is copied. */
void undo_result(struct engine *e)
{
    struct msa_result r = e->result;
    if (r.n_segments) { r.segments = arena_copy(&e->scratch, r.segments, r.n_segments * sizeof *r.segments); }
    if (r.n_recipients) {
        struct msa_text *to = arena_copy(&e->scratch, r.recipients, r.n_recipients * sizeof *r.recipients);
        for (size_t i = 0; i < r.n_recipients; i++) { to[i] = result_text(str_dup(&e->scratch, (struct str){to[i].p, to[i].n})); }
        r.recipients = to;
    }
    vec_push(&e->undo.results, &e->scratch, r);
}

void undo_keep(struct engine *e)
{
    struct undo *u = &e->undo;
    u->on = false;
    if (u->entity && !u->made) {
        const struct entity_kind *k = &e->kind[u->entity->kind];
        struct clock *was = entity_clocks(k, (struct entity *)(void *)u->image);
        for (uint32_t i = 0; i < k->n_clocks; i++) { chosen_drop(e, &was[i].chosen); }
    }
    for (size_t i = 0; i < u->results.n; i++) {
        e->result = u->results.p[i];
        result_give(e);
    }
    for (size_t i = 0; i < u->dropped.n; i++) { heap_text_drop(e->heap, u->dropped.p[i]); }
    if (e->ledger) { ledger_take(e->ledger); }
}

/* ---- going back ---- */

/* Arrays only grow while a handler runs: those that are there now have room for what was in them. */
static void arrays_back(struct engine *e, const struct entity_kind *k, struct entity *n, struct entity *was)
{
    struct undo *u = &e->undo;
    for (uint32_t i = 0; i < k->n_clocks; i++) {
        struct clock *now = &entity_clocks(k, n)[i], *c = &entity_clocks(k, was)[i];
        chosen_drop(e, &now->chosen);
        if (!c->cap_stretches) {
            heap_array(e->heap, now->far_stretches, now->cap_stretches * sizeof *now->far_stretches, 0);
            continue;
        }
        if (c->n_stretches) { memcpy(now->far_stretches, u->stretches[i], c->n_stretches * sizeof *c->far_stretches); }
        c->far_stretches = now->far_stretches;
        c->cap_stretches = now->cap_stretches;
    }
    for (uint32_t i = 0; i < k->n_spans; i++) {
        struct wait_set *now = &entity_spans(k, n)[i], *w = &entity_spans(k, was)[i];
        if (w->n) { memcpy(now->p, u->waits[i], w->n * sizeof *w->p); }
        w->p = now->p;
        w->cap = now->cap;
    }
}

static void entity_back(struct engine *e, struct entity *n)
{
    const struct entity_kind *k = &e->kind[n->kind];
    struct entity *was = (struct entity *)(void *)e->undo.image;
    for (uint32_t i = 0; i < k->n_texts; i++) {
        struct str now = entity_texts(k, n)[i];
        if (now.p != entity_texts(k, was)[i].p) { entity_drop_text(e, now); }
    }
    arrays_back(e, k, n, was);
    entity_clocks_live(e, n, (int)was->clocks_live - (int)n->clocks_live);
    was->alive_prev = n->alive_prev;
    was->alive_next = n->alive_next;
    memcpy(n, was, k->size);
}

static void measures_back(struct engine *e)
{
    struct undo *u = &e->undo;
    while (u->cells.n) {
        struct undo_cell c = vec_pop(&u->cells);
        struct measure *m = &e->measure[c.measure];
        m->cells.p[c.cell] = c.was;
        if (!c.made) { continue; }
        m->periods.p[c.was.period].cell[c.was.group] = NO_REF;
        m->cells.n--; /* the last one made is the last one there */
    }
    for (uint32_t i = 0; u->outages && i < e->module->n_measure; i++) { *e->measure[i].outage = u->outages[i]; }
    if (u->began) { measures_unbegin(e); }
}

void undo_back(struct engine *e)
{
    struct undo *u = &e->undo;
    u->on = false;
    e->vm.depth = 0;
    e->notices = u->notices;
    trail_cut(e, u->trail);
    measures_back(e);
    if (e->ledger) { ledger_drop(e->ledger); }
    if (u->entity && u->made) {
        entity_free(e, u->entity);
        e->unmade++;
    } else if (u->entity) {
        entity_back(e, u->entity);
    }
}
