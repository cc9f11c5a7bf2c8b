/* SPDX-License-Identifier: MIT */
/* What the input itself recorded about a clock, against what was computed. */
#include "runtime/state.h"

static const char *const aspect_name[] = {
    [ASPECT_STATE] = "state", [ASPECT_DUE] = "due", [ASPECT_ELAPSED] = "elapsed", [ASPECT_STOPPED] = "stopped"};

static struct str state_word(const struct clock *c)
{
    return str_of(msa_clock_state_name[clock_state(c)]);
}

/* "met or running": one of these. */
static bool one_of(struct str allowed, struct str word)
{
    static const struct str separator = STR_INIT(" or ");
    for (;;) {
        size_t i = 0;
        while (i + separator.n <= allowed.n && !str_starts(str_slice(allowed, i, allowed.n), separator)) { i++; }
        bool last = i + separator.n > allowed.n;
        if (str_eq(str_trim(last ? allowed : str_slice(allowed, 0, i)), word)) { return true; }
        if (last) { return false; }
        allowed = str_slice(allowed, i + separator.n, allowed.n);
    }
}

static int64_t computed_scalar(struct engine *e, struct clock *c, enum adapter_aspect aspect)
{
    if (c->phase == CLOCK_IDLE) { return NONE; }
    switch (aspect) {
    case ASPECT_DUE: return c->due;
    case ASPECT_STOPPED: return c->stopped;
    case ASPECT_ELAPSED: return clock_counted(e, c, NO_REF, c->started, c->phase == CLOCK_ENDED ? c->stopped : e->now);
    case ASPECT_STATE: break;
    }
    return NONE;
}

static bool within(int64_t a, int64_t b, int64_t tolerance)
{
    if (a == NONE || b == NONE) { return a == b; }
    wide_int apart = (wide_int)a - b;
    return (apart < 0 ? -apart : apart) <= (tolerance > 0 ? tolerance : 0);
}

static struct str scalar_text(struct engine *e, enum adapter_aspect aspect, int64_t v)
{
    if (v == NONE) { return STR("none"); }
    if (v == NEVER) { return STR("never"); }
    return result_value(e, aspect == ASPECT_ELAPSED ? VT_DURATION : VT_INSTANT, 0, v);
}

static void compare(struct engine *e, struct entity *n, uint32_t rule, const struct recorded *was)
{
    const struct module *m = e->module;
    const struct m_adapter_rule *r = &m->adapter_rule[rule];
    const struct m_clock *record = &m->clock[r->clock];
    struct clock *c = &entity_clocks(&e->kind[n->kind], n)[record->slot];
    enum adapter_aspect aspect = (enum adapter_aspect)r->aspect;
    struct str recorded, computed;
    bool equal;
    if (aspect == ASPECT_STATE) {
        if (!was->text.p) { return; }
        recorded = was->text;
        computed = state_word(c);
        equal = one_of(recorded, computed);
    } else {
        if (was->scalar == NONE) { return; }
        int64_t v = computed_scalar(e, c, aspect);
        equal = within(was->scalar, v, r->tolerance);
        recorded = equal ? (struct str){0} : scalar_text(e, aspect, was->scalar);
        computed = equal ? (struct str){0} : scalar_text(e, aspect, v);
    }
    e->counts.recorded++;
    e->counts.recorded_equal += equal;
    if (equal) { return; }
    struct msa_result *x = result_new(e, MSA_DIFFERENCE, e->now, record->clause);
    if (c->phase != CLOCK_IDLE) {
        result_clock(e, x, n, record->slot, c->phase == CLOCK_ENDED ? c->stopped : e->now, "", 0);
    } else {
        result_entity(e, x, n);
        x->clock = result_text(module_str(m, record->name));
        x->clock_index = r->clock;
        x->state = MSA_NO_TARGET;
    }
    const char *tail = str_printf(&e->scratch, r->flags & RECORDED_AS_OF_EACH_ROW ? "/recorded/%s/" : "/recorded/%s", aspect_name[aspect]).p;
    uint32_t number = r->flags & RECORDED_AS_OF_EACH_ROW ? was->line : 0;
    x->id = result_text(result_clock_id(e, record, n, c->cycle, c->revision, tail, number));
    x->aspect = result_text(str_of(aspect_name[aspect]));
    x->recorded = result_text(recorded);
    x->computed = result_text(computed);
    x->line = was->line;
    if (was->file < e->n_files) { x->file = result_text(e->files[was->file]); }
    result_give(e);
}

void recorded_take(struct engine *e, struct entity *n, const struct event *ev)
{
    uint32_t slot = e->recorded_slot[ev->rule];
    if (slot == NO_REF) { return; }
    const struct m_adapter_rule *r = &e->module->adapter_rule[ev->rule];
    bool is_text = r->aspect == ASPECT_STATE;
    struct recorded now = {.given = true, .line = ev->line, .file = ev->file, .scalar = NONE};
    if (is_text) {
        now.text = ev->text[0];
    } else {
        now.scalar = ev->scalar[0];
    }
    if (r->flags & RECORDED_AS_OF_EACH_ROW) {
        compare(e, n, ev->rule, &now);
        return;
    }
    struct recorded *kept = &entity_recorded(&e->kind[n->kind], n)[slot];
    struct str old = kept->text;
    *kept = now;
    if (now.text.p && old.p && str_eq(old, now.text)) {
        kept->text = old;
        return;
    }
    if (old.p) { heap_text_drop(e->heap, old); }
    if (now.text.p) { kept->text = heap_text(e->heap, now.text); }
}

void recorded_compare(struct engine *e, struct entity *n)
{
    const struct entity_kind *k = &e->kind[n->kind];
    for (uint32_t i = 0; i < k->n_recorded; i++) {
        const struct recorded *r = &entity_recorded(k, n)[i];
        if (r->given) { compare(e, n, k->recorded_rule[i], r); }
    }
}
