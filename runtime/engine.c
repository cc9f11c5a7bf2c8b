/* SPDX-License-Identifier: MIT */
/* Events in, results out: the order of things. What they mean stands in clock.c, step.c, spans.c and measure.c. */
#include "runtime/engine.h"
#include "runtime/state.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- failure ---- */

/* What failed goes to the call from outside, over everything in between: nothing there owns memory of its own. */
void engine_fail(struct engine *e, enum msa_status status, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    e->failed = true;
    e->fault.status = status;
    vsnprintf(e->fault.text, sizeof e->fault.text, fmt, args);
    va_end(args);
    if (!e->guard) { MSA_BUG("the engine failed outside a call"); }
    longjmp(*e->guard, 1);
}

void engine_overflow(struct engine *e, uint32_t clause, const char *what)
{
    struct str name = result_clause_name(e, clause);
    engine_fail(e, MSA_TRAP, "clause %.*s: %s is too large", STR_ARG(name), what);
}

uint32_t engine_clause_at(const struct engine *e, uint32_t place)
{
    const struct module *m = e->module;
    const struct m_place *p = &m->place[place], *best = NULL;
    uint32_t found = NO_REF;
    for (uint32_t i = 1; i < m->n_clause; i++) {
        const struct m_place *c = &m->place[m->clause[i].place];
        bool before = c->file == p->file && (c->line < p->line || (c->line == p->line && c->column <= p->column));
        if (before && (!best || c->line > best->line || (c->line == best->line && c->column > best->column))) {
            best = c;
            found = i;
        }
    }
    return found;
}

/* What a calculation that could not be done came of: its event, or time. */
static void tell_cause(struct engine *e)
{
    const struct event *ev = e->event;
    size_t n = strlen(e->fault.text);
    if (ev && ev->file < e->n_files && ev->type < e->module->n_event) {
        snprintf(e->fault.text + n, sizeof e->fault.text - n, ", by `%s` of %.*s:%u", module_str(e->module, e->module->event[ev->type].name).p, STR_ARG(e->files[ev->file]), ev->line);
    } else if (!ev && e->now != NONE) {
        char at[CIVIL_TEXT_MAX];
        at[civil_write_instant(at, e->now, zone_offset(calendars_zone(e->calendars), e->now, NULL, NULL), false)] = '\0';
        snprintf(e->fault.text + n, sizeof e->fault.text - n, ", at %s, when time passed", at);
    }
}

static void heap_refused(void *ctx, bool by_limit)
{
    struct engine *e = ctx;
    if (by_limit) { engine_fail(e, MSA_LIMIT, "the limit of %zu bytes is reached", e->options.memory_limit); }
    engine_fail(e, MSA_NO_MEMORY, "out of memory");
}

static void arena_refused(void *ctx)
{
    engine_fail(ctx, MSA_NO_MEMORY, "out of memory");
}

static void *arena_resize(void *ctx, void *p, size_t n)
{
    (void)ctx;
    if (!n) {
        free(p);
        return NULL;
    }
    return realloc(p, n);
}

typedef void work(struct engine *e, void *argument);

/* Runs a piece of work; whatever fails in it ends here. */
static enum msa_status guarded(struct engine *e, work *run, void *argument, struct msa_fault *fault)
{
    if (!e->failed) {
        jmp_buf guard;
        e->guard = &guard;
        if (setjmp(guard) == 0) { run(e, argument); }
        e->guard = NULL;
    }
    if (!e->failed) { return MSA_OK; }
    if (e->fault.status == MSA_TRAP && !e->told) {
        tell_cause(e);
        e->told = true;
    }
    if (fault) { *fault = e->fault; }
    return e->fault.status;
}

/* ---- opening and closing ---- */

/* The instants between which the agreement is in force, by the days of its zone. */
static void term(struct engine *e)
{
    const struct m_agreement *a = e->module->n_agreement ? &e->module->agreement[0] : NULL;
    const struct zone *z = calendars_zone(e->calendars);
    e->begins = NONE;
    e->ends = NEVER;
    if (a && a->effective > INT32_MIN && a->effective < INT32_MAX) { e->begins = period_day_start(z, (date)a->effective); }
    /* A term that renews has no end that is known: whether notice was given is not among the events. */
    if (a && a->term_renews == NONE && a->term_last > INT32_MIN && a->term_last < INT32_MAX - 1) { e->ends = period_day_start(z, (date)a->term_last + 1); }
}

static void open_parts(struct engine *e, void *argument)
{
    (void)argument;
    calendars_open(e);
    vm_open(e);
    term(e);
    measures_open(e);
    entity_kinds_open(e);
    e->ledger = ledger_open(e);
    undo_open(e);
    if (e->options.explain_key) { e->trail = trail_open(e, str_of(e->options.explain_key)); }
    /* The first block of scratch stays when it is emptied. */
    arena_alloc(&e->scratch, 64);
    e->scratch_empty = arena_mark(&e->scratch);
}

enum msa_status engine_open(const struct verified_module *vm, const struct engine_options *o, struct engine **out, struct msa_fault *fault)
{
    void *owner = NULL;
    struct heap *heap = heap_open(&(struct heap_options){o->memory_limit, heap_refused, sizeof(struct engine)}, &owner);
    struct engine *e = owner;
    *out = NULL;
    if (!heap) {
        if (fault) { *fault = (struct msa_fault){MSA_NO_MEMORY, "out of memory"}; }
        return MSA_NO_MEMORY;
    }
    e->heap = heap;
    e->module = verified_get(vm);
    e->facts = verified_facts(vm);
    e->options = *o;
    e->files = o->files;
    e->now = NONE;
    e->memory = (struct memory){arena_resize, arena_refused, e};
    arena_init(&e->arena, &e->memory);
    arena_init(&e->scratch, &e->memory);
    enum msa_status status = guarded(e, open_parts, NULL, fault);
    if (status != MSA_OK) {
        engine_close(e);
        return status;
    }
    *out = e;
    return MSA_OK;
}

void engine_close(struct engine *e)
{
    if (!e) { return; }
    ledger_close(e->ledger);
    calendars_close(e->calendars);
    arena_free(&e->scratch);
    arena_free(&e->arena);
    heap_close(e->heap); /* and with it the engine's own block */
}

void engine_files(struct engine *e, const struct str *names, size_t n)
{
    e->files = names;
    e->n_files = n;
}

struct engine_counts engine_counts(const struct engine *e)
{
    struct engine_counts c = e->counts;
    c.entities_open = e->n_open;
    c.entities_seen = e->sequence - e->unmade;
    c.state_bytes = heap_bytes(e->heap) + arena_footprint(&e->arena);
    return c;
}

static void settle(struct engine *e)
{
    arena_release(&e->scratch, e->scratch_empty);
    heap_settle(e->heap);
}

/* ---- the queue ---- */

/* A clock that waits for a target does not run. */
static bool any_runs(struct engine *e, struct entity *n)
{
    const struct entity_kind *k = &e->kind[n->kind];
    const struct clock *c = entity_clocks(k, n);
    for (uint32_t i = 0; n->clocks_live && i < k->n_clocks; i++) {
        if (c[i].phase == CLOCK_LIVE && !c[i].pending) { return true; }
    }
    return false;
}

/* When an ended entity may be forgotten: nothing of it runs and nothing measured about it is still to be reported. */
static instant forget_at(struct engine *e, struct entity *n)
{
    const struct m_entity *r = e->kind[n->kind].record;
    instant t;
    if (!(n->flags & ENTITY_ENDED) || r->forget_after == NONE || n->states_on || any_runs(e, n)) { return NEVER; }
    if (measure_holds(e, n)) { return e->period_end; }
    if (ckd_add(&t, n->last_at, r->forget_after)) { return NEVER; }
    return t > e->now ? t : e->now;
}

/* Finds its first timer and sees to it that the queue wakes up in time. An entry that is there and too early is kept: when
 * it comes up it is put back. */
void engine_queue(struct engine *e, struct entity *n)
{
    const struct entity_kind *k = &e->kind[n->kind];
    struct clock *c = entity_clocks(k, n);
    n->next = forget_at(e, n);
    n->next_after = true;
    n->next_slot = NO_REF;
    for (uint32_t i = 0; i < k->n_clocks; i++) {
        if (c[i].next == NEVER) { continue; }
        bool first = c[i].next < n->next || (c[i].next == n->next && (n->next_slot == NO_REF || (n->next_after && !c[i].next_after)));
        if (!first) { continue; }
        n->next = c[i].next;
        n->next_after = c[i].next_after;
        n->next_slot = i;
    }
    if (n->next < n->queued || (n->next == n->queued && n->next != NEVER && n->queued_after && !n->next_after)) {
        n->queued = n->next;
        n->queued_after = n->next_after;
        timers_push(&e->timers, e->heap, (struct timer){n->next, n->next_after, n->sequence, n}, n->next_slot == NO_REF);
    }
}

/* Every cycle that has not ended, as it stands. */
static void report_open_clocks(struct engine *e, struct entity *n, bool final)
{
    const struct entity_kind *k = &e->kind[n->kind];
    for (uint32_t i = 0; i < k->n_clocks; i++) {
        struct clock *c = &entity_clocks(k, n)[i];
        const struct m_clock *record = &e->module->clock[k->clock_of_slot[i]];
        if (c->phase != CLOCK_LIVE || record->flags & CLOCK_CHAIN || (c->pending && c->had_target)) { continue; }
        struct msa_result *r = result_new(e, MSA_CLOCK, e->now, record->clause);
        result_clock(e, r, n, i, e->now, "", 0);
        if (c->reported) { r->withdraws = result_text(result_clock_id(e, record, n, c->cycle, c->revision - 1, "", 0)); }
        r->final = final;
        r->line = c->line;
        if (c->line && c->file < e->n_files) { r->file = result_text(e->files[c->file]); }
        result_give(e);
    }
}

static void forget(struct engine *e, struct entity *n)
{
    report_open_clocks(e, n, true);
    recorded_compare(e, n);
    entity_forget(e, n);
}

/* Takes the first entry from the queue and does what it stands for, if it still stands for anything. */
static void fire_first(struct engine *e)
{
    struct timer t = *timers_first(&e->timers);
    struct entity *n = t.entity;
    timers_pop(&e->timers);
    if (n->sequence != t.sequence || n->queued != t.at || n->queued_after != t.after) { return; }
    n->queued = NEVER;
    if (n->next != t.at || n->next_after != t.after) { /* it has moved later */
        engine_queue(e, n);
        return;
    }
    e->now = t.at;
    if (n->next_slot == NO_REF) {
        if (forget_at(e, n) <= e->now) {
            forget(e, n);
        } else {
            engine_queue(e, n);
        }
    } else {
        clock_fire(e, n, n->next_slot);
        engine_queue(e, n);
    }
    settle(e);
}

/* Time passes up to t. At t itself only what comes before the events of t happens, or with `all` everything (C1). A period
 * that ends at an instant ends before anything happens at it. */
static void pass_time(struct engine *e, instant t, bool all)
{
    for (;;) {
        const struct timer *first = timers_first(&e->timers);
        instant day = e->ledger ? ledger_next(e->ledger) : NEVER;
        if (day <= t && day != NEVER && (!first || day <= first->at) && !(e->begun && e->period_end <= day)) {
            e->now = day > e->now ? day : e->now;
            ledger_settle_day(e->ledger);
            settle(e);
        } else if (e->period_end <= t && e->begun && (!first || e->period_end <= first->at)) {
            e->now = e->period_end;
            measures_close_periods(e);
            settle(e);
        } else if (first && (first->at < t || (first->at == t && (all || !first->after)))) {
            fire_first(e);
        } else {
            break;
        }
    }
    if (t > e->now) { e->now = t; }
}

/* ---- the ledger ---- */

void engine_fact(struct engine *e, struct entity *n, uint32_t fact, const int64_t *value, struct str text)
{
    if (e->ledger) { ledger_fact(e->ledger, n, fact, value, text); }
}

void engine_suspend(struct engine *e, uint32_t clock, bool on)
{
    (void)on; /* the ledger says it when the clock asks */
    struct entity_kind *k = &e->kind[e->module->clock[clock].entity];
    uint32_t slot = e->module->clock[clock].slot;
    for (struct entity *n = k->alive.alive_next; n && n != &k->alive;) {
        struct entity *next = n->alive_next;
        clock_suspend(e, n, slot);
        engine_queue(e, n);
        n = next;
    }
}

/* ---- events ---- */

struct application {
    const struct event *event;
    bool duplicate, rejected;
    struct msa_fault *why;
};

static void reject(struct application *a, const char *fmt, ...) printf_like(2, 3);
static void reject(struct application *a, const char *fmt, ...)
{
    a->rejected = true;
    if (!a->why) { return; }
    va_list args;
    va_start(args, fmt);
    a->why->status = MSA_REJECTED;
    vsnprintf(a->why->text, sizeof a->why->text, fmt, args);
    va_end(args);
}

static void reject_unknown(struct engine *e, struct application *a, uint32_t kind)
{
    struct str name = module_str(e->module, e->module->entity[kind].name);
    size_t most = a->event->key.n < 200 ? a->event->key.n : 200;
    reject(a, "there is no %.*s \"%.*s\": no event that opens it came before", STR_ARG(name), (int)most, a->event->key.p);
}

/* The same record again, which counts once, or another one under an id that is taken: R1 knows no second record of one id,
 * and which of the two holds is not for us to guess. */
static bool seen_before(struct engine *e, struct application *a)
{
    const struct event *ev = a->event;
    const struct known *k = ids_find(&e->ids, ev->id);
    if (!k) { return false; }
    if (k->content == ev->content) {
        a->duplicate = true;
        return true;
    }
    struct str file = k->file < e->n_files ? e->files[k->file] : STR("the input");
    reject(a, "its `id` was given to another record before, %.*s:%u: an id names one record", STR_ARG(file), k->line);
    return true;
}

/* True: this event is the first. */
static bool begin(struct engine *e, instant at)
{
    if (e->begun) { return false; }
    e->begun = true;
    measures_begin(e, at);
    return true;
}

/* The entity that is born with this event, or a second event of the kind that opens: then it is an update. */
static struct entity *born(struct engine *e, uint32_t kind, const struct event *ev, bool *made)
{
    struct entity *n = entity_find(e, kind, ev->key);
    *made = n == NULL;
    return n ? n : entity_add(e, kind, ev->key);
}

static void run_handler(struct engine *e, struct entity *n, const struct m_event *r)
{
    const struct event *ev = e->event;
    if (r->handler != NO_REF) { vm_run(e, r->handler, n, ev->at); }
    if (!n) { return; }
    n->last_at = ev->at;
    if (r->flags & EVENT_ENDS) {
        n->flags |= ENTITY_ENDED;
        n->ended_at = ev->at;
    } else if (n->flags & ENTITY_ENDED && any_runs(e, n)) {
        n->flags &= ~(uint32_t)ENTITY_ENDED; /* it goes on, until it ends again */
    }
    engine_queue(e, n);
}

/* The same for a handler that can trap: then nothing has happened, and why is the reason of the reject. */
static bool run_or_undo(struct engine *e, struct application *a, struct entity *n, const struct m_event *r, bool made, bool began)
{
    jmp_buf here, *const outside = e->guard;
    undo_begin(e, n, made, began);
    e->guard = &here;
    if (setjmp(here) == 0) {
        if (n && r->flags & EVENT_CREATES) { n->flags |= ENTITY_BORN; }
        run_handler(e, n, r);
        if (e->ledger) { ledger_check(e->ledger); }
        e->guard = outside;
        undo_keep(e);
        return true;
    }
    e->guard = outside;
    if (e->fault.status != MSA_TRAP) { longjmp(*outside, 1); }
    e->failed = false;
    undo_back(e);
    reject(a, "%s", e->fault.text);
    return false;
}

static void apply_event(struct engine *e, struct application *a)
{
    const struct event *ev = a->event;
    const struct m_event *r = &e->module->event[ev->type];
    struct entity *n = NULL;
    bool made = false;
    if (r->entity != NO_REF) {
        if (!ev->key.n) {
            struct str name = module_str(e->module, e->module->entity[r->entity].name);
            reject(a, "the event does not say which %.*s", STR_ARG(name));
            return;
        }
        n = r->flags & EVENT_CREATES ? born(e, r->entity, ev, &made) : entity_find(e, r->entity, ev->key);
        if (!n || (!(n->flags & ENTITY_BORN) && !(r->flags & EVENT_CREATES))) {
            reject_unknown(e, a, r->entity);
            return;
        }
    }
    bool began = begin(e, ev->at);
    if (e->undo.can_trap[ev->type]) {
        if (!run_or_undo(e, a, n, r, made, began)) { return; }
    } else {
        if (n) { n->flags |= ENTITY_BORN; }
        run_handler(e, n, r);
    }
    if (ev->has_id) { ids_put(e, &e->ids, (struct known){ev->id, ev->content, ev->line, ev->file}); }
}

/* A fact without a time: it holds from the entity's first instant, so it may come before the entity does. */
static void apply_set(struct engine *e, const struct event *ev)
{
    const struct m_adapter_rule *rule = &e->module->adapter_rule[ev->rule];
    if (rule->attr == NO_REF || !ev->key.n) { return; }
    const struct m_attr *attr = &e->module->attr[rule->attr];
    uint32_t kind = e->facts->attr_entity[rule->attr];
    struct entity *n = entity_find(e, kind, ev->key);
    if (!n) { n = entity_add(e, kind, ev->key); }
    if (attr->type == VT_TEXT) {
        entity_set_text(e, n, attr->slot, ev->text[0]);
    } else {
        entity_scalars(&e->kind[kind], n)[attr->slot] = ev->scalar[0];
    }
}

static void apply_recorded(struct engine *e, struct application *a)
{
    const struct event *ev = a->event;
    const struct m_adapter_rule *rule = &e->module->adapter_rule[ev->rule];
    if (rule->clock == NO_REF) { return; }
    uint32_t kind = e->module->clock[rule->clock].entity;
    struct entity *n = entity_find(e, kind, ev->key);
    if (!n || !(n->flags & ENTITY_BORN)) {
        reject_unknown(e, a, kind);
        return;
    }
    recorded_take(e, n, ev);
}

static void apply(struct engine *e, void *argument)
{
    struct application *a = argument;
    const struct event *ev = a->event;
    if (ev->type == EVENT_SET) {
        apply_set(e, ev);
        settle(e);
        return;
    }
    if (ev->has_id && seen_before(e, a)) { return; }
    if (ev->at < e->now) {
        reject(a, "it comes too late: what happened at this time has been evaluated already");
        return;
    }
    pass_time(e, ev->at, false);
    e->event = ev;
    if (ev->type == EVENT_RECORDED) {
        apply_recorded(e, a);
    } else {
        apply_event(e, a);
    }
    e->event = NULL;
    settle(e);
}

bool engine_knows(const struct engine *e, const struct event *ev)
{
    const struct known *k = ev->has_id ? ids_find(&e->ids, ev->id) : NULL;
    return k && k->content == ev->content;
}

enum msa_status engine_apply(struct engine *e, const struct event *ev, bool *duplicate, struct msa_fault *why)
{
    struct application a = {.event = ev, .why = why};
    enum msa_status status = guarded(e, apply, &a, why);
    *duplicate = a.duplicate;
    return status == MSA_OK && a.rejected ? MSA_REJECTED : status;
}

/* Measured with 100,000 tickets in the table: half of the time that finding them took. */
void engine_expect(const struct engine *e, const struct event *ev)
{
    uint32_t kind = ev->type < e->module->n_event && ev->key.n ? e->module->event[ev->type].entity : NO_REF;
    if (kind != NO_REF) { entity_expect(e, kind, ev->key); }
    if (ev->has_id) { ids_expect(&e->ids, ev->id); }
}

void engine_notify(struct engine *e, struct entity *n, struct str who, uint32_t clause)
{
    struct msa_text to = result_text(who);
    struct msa_result *r = result_new(e, MSA_NOTICE, e->now, clause);
    struct str name = result_clause_name(e, clause);
    result_entity(e, r, n);
    r->recipients = &to;
    r->n_recipients = who.p ? 1 : 0;
    uint64_t count = n ? ++n->notices : ++e->notices;
    struct sb id = {.arena = &e->scratch};
    sb_put(&id, name);
    if (n) {
        sb_char(&id, '/');
        result_id_key(&id, n);
    }
    sb_printf(&id, "/notice/%llu", (unsigned long long)count);
    r->id = result_text(sb_str(&id));
    result_give(e);
}

/* ---- time without events ---- */

static void wait_for(struct engine *e, void *argument)
{
    pass_time(e, *(const instant *)argument, false);
}

enum msa_status engine_wait(struct engine *e, instant t, struct msa_fault *fault)
{
    return guarded(e, wait_for, &t, fault);
}

static void advance(struct engine *e, void *argument)
{
    pass_time(e, *(const instant *)argument, true);
}

enum msa_status engine_advance(struct engine *e, instant t, struct msa_fault *fault)
{
    return guarded(e, advance, &t, fault);
}

static void finish(struct engine *e, void *argument)
{
    instant as_of = *(const instant *)argument;
    if (as_of == NONE || as_of < e->now) { as_of = e->now; }
    if (as_of != NONE) { pass_time(e, as_of, true); }
    if (e->ledger && e->options.settle && as_of != NONE) {
        instant over = ledger_leave(e->ledger, e->options.settle);
        if (over != NONE) { pass_time(e, over, false); }
    }
    size_t count;
    struct entity **all = entities_in_order(e, &count);
    for (size_t i = 0; i < count; i++) {
        if (!(all[i]->flags & ENTITY_BORN)) { continue; }
        report_open_clocks(e, all[i], false);
        recorded_compare(e, all[i]);
        settle(e);
    }
    measures_finish(e);
    if (e->ledger) { ledger_finish(e->ledger); }
    settle(e);
}

static void explain_charge(struct engine *e, void *argument)
{
    struct explained_charge *x = argument;
    x->found = e->ledger && ledger_explain_charge(e->ledger, x->charge, x->period, x->step, x->ctx);
}

enum msa_status engine_explain_charge(struct engine *e, struct explained_charge *what, struct msa_fault *fault)
{
    return guarded(e, explain_charge, what, fault);
}

enum msa_status engine_finish(struct engine *e, instant as_of, struct msa_fault *fault)
{
    if (e->finished) { return MSA_OK; }
    e->finished = true;
    return guarded(e, finish, &as_of, fault);
}
