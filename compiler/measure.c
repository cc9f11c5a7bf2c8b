/* SPDX-License-Identifier: MIT */
/* Measures (M1, M2): what is counted, of what, by what, in which periods. */
#include "compiler/phrase.h"
#include "compiler/unit.h"

static void by(struct unit *u, struct measure_info *x, const struct scope *sc, const struct node *inputs)
{
    for (uint32_t i = 0; i < inputs->n; i++) {
        struct tex *t = expr_check(u, sc, inputs->kid[i], TYPE(VT_FREE));
        if (t->type.vt == VT_ERROR) { continue; }
        vec_push(&x->by, u->arena, t);
        vec_push(&x->by_name, u->arena, inputs->kid[i]->kind == N_NAME ? inputs->kid[i]->text : source_text(u->sources, inputs->kid[i]->span));
    }
}

static uint8_t period_of(uint16_t op)
{
    switch (op) {
    case OP_DAY: return PERIOD_DAY;
    case OP_WEEK: return PERIOD_WEEK;
    case OP_QUARTER: return PERIOD_QUARTER;
    case OP_YEAR: return PERIOD_YEAR;
    case OP_CONTRACT_MONTH: return PERIOD_CONTRACT_MONTH;
    case OP_CONTRACT_YEAR: return PERIOD_CONTRACT_YEAR;
    case OP_TERM_PERIOD: return PERIOD_ALL;
    default: return PERIOD_MONTH;
    }
}

static void of_clock(struct unit *u, struct measure_info *x, const struct node *src, struct symbol *s)
{
    x->source = SOURCE_CLOCK;
    x->clock = s->info;
    if (x->clock == NULL || x->clock->entity == NULL) { x->clock = NULL; return; }
    x->entity = x->clock->entity;
    x->flags |= src->op == OP_BREACHED ? MEASURE_BREACHED : MEASURE_MET;
    if (x->clock->flags & CLOCK_MEASURED_ONLY && x->clock->target.form == FORM_NONE && x->kind == MEASURE_SHARE) {
        struct diag *d = diag(u->diags, E0702_NO_VERDICTS, src->span, "the clock `%.*s` is measured only: it is never met or missed", STR_ARG(x->clock->name));
        diag_help(d, "give it a target, or measure another clock");
    }
}

static void of_event(struct unit *u, struct measure_info *x, struct source_module *m, const struct node *src)
{
    x->source = SOURCE_EVENT;
    struct phrase *p = phrase_check(u, m, NULL, src->kid[0], NULL);
    if (p == NULL) { return; }
    vec_push(&x->events, u->arena, p);
    x->entity = p->event->entity;
    struct scope sc = { m, x->entity, p->event };
    if (x->kind == MEASURE_SHARE) { x->part = src->n > 1 ? condition_check(u, &sc, src->kid[1]) : NULL; return; }
    if (src->n > 1 && src->kid[1] != NULL) { x->part = expr_check(u, &sc, src->kid[1], TYPE(VT_FREE)); }
    if (src->n > 2 && src->kid[2] != NULL) { x->whole = expr_check(u, &sc, src->kid[2], TYPE(VT_FREE)); }
    struct tex *each[] = { x->part, x->whole };
    for (size_t i = 0; i < countof(each); i++) {
        uint8_t vt = each[i] != NULL ? each[i]->type.vt : VT_ERROR;
        if (vt == VT_ERROR || vt == VT_COUNT || vt == VT_NUMBER || vt == VT_DURATION || vt == VT_PERCENT) { continue; }
        struct diag *d = diag(u->diags, E0302_TYPE, each[i]->span, "only numbers and lengths of time can be added up");
        diag_label(d, each[i]->span, "this is %.*s", STR_ARG(type_word(u, each[i]->type)));
    }
}

/* `share of time in month`: all of the period. */
static bool is_period(struct unit *u, struct source_module *m, const struct node *of)
{
    static const char *const word[] = { "month", "quarter", "year", "week", "day", "period" };
    if (of->kind != N_NAME || of->n > 0 || symbol_find(u, m, SYM_CALENDAR, of->text) != NULL) { return false; }
    for (size_t i = 0; i < countof(word); i++) {
        if (str_eq(of->text, str_of(word[i]))) { return true; }
    }
    return false;
}

static bool is_state(const struct entity_info *e, const struct node *n)
{
    for (size_t i = 0; e != NULL && n->kind == N_NAME && i < e->spans.n; i++) {
        if (str_eq(e->spans.p[i]->name, n->text)) { return true; }
    }
    return n->kind == N_WAITINGON;
}

/* `share of time in (month except maintenance) outside outage`: what lies in the state is no part of the whole and no downtime.
 * Its time is a measure of its own that gives no results. */
static void taken_off(struct unit *u, struct measure_info *x, const struct scope *sc, struct node *state)
{
    struct node **kid = ARENA_ARRAY(u->arena, struct node *, 1);
    struct node *no = ARENA_NEW(u->arena, struct node);
    kid[0] = state;
    *no = (struct node){ .kind = N_NOT, .span = state->span, .kid = kid, .n = 1 };
    x->outside = tex_all(u, x->outside, condition_check(u, sc, no));
    x->less = ARENA_NEW(u->arena, struct measure_info);
    *x->less = (struct measure_info){ .symbol = x->symbol, .node = x->node, .kind = MEASURE_UPTIME, .source = SOURCE_SPANS, .flags = MEASURE_HIDDEN, .entity = x->entity,
        .outside = condition_check(u, sc, state), .at_least = NONE, .round = NONE, .fixed = NONE };
}

static void uptime(struct unit *u, struct measure_info *x, struct source_module *m, const struct node *n, const struct node *src)
{
    x->source = SOURCE_SPANS;
    x->kind = MEASURE_UPTIME;
    x->fixed = src->number != 0 ? src->number : NONE;
    /* The entity is that of `measure uptime of service`, or the one with the state named. */
    for (size_t i = 0; i < u->entities.n && x->entity == NULL; i++) {
        for (size_t k = 0; k < u->entities.p[i]->spans.n; k++) {
            struct str state = u->entities.p[i]->spans.p[k]->name, words = source_text(u->sources, src->kid[1]->span);
            for (size_t at = 0; at + state.n <= words.n; at++) {
                if (str_eq(str_slice(words, at, at + state.n), state)) { x->entity = u->entities.p[i]; }
            }
        }
    }
    for (uint32_t i = 0; i < n->n; i++) {
        if (n->kid[i]->kind != N_MSLOT || n->kid[i]->op != OP_OF) { continue; }
        const struct node *of = n->kid[i]->kid[0];
        struct symbol *e = symbol_need(u, m, SYM_ENTITY, of->text, of->span);
        if (e != NULL) { x->entity = e->info; }
    }
    struct scope sc = { m, x->entity, NULL };
    x->outside = condition_check(u, &sc, src->kid[1]);
    tex_no_clock(u, x->outside, "a state that is measured");
    struct node *of = src->kid[0], *less = NULL;
    if (of != NULL && of->kind == N_CALSET && of->op == OP_CAL_EXCEPT && is_state(x->entity, of->kid[1])) {
        less = of->kid[1];
        of = of->kid[0];
    }
    if (less != NULL) { taken_off(u, x, &sc, less); }
    if (of == NULL || of->kind == N_NONE || is_period(u, m, of)) { return; }
    x->calendar = calendar_check(u, &sc, of);
    if (x->calendar->type.vt != VT_ERROR && tex_calendar(x->calendar) == NULL) { diag(u->diags, E0611_STEP_CALENDAR, of->span, "uptime needs a calendar by name"); }
}

/* What kind of figure the measure gives: a goal is of the same kind. */
static struct type figure(const struct measure_info *x)
{
    if (x->kind == MEASURE_SHARE || x->kind == MEASURE_UPTIME) { return TYPE(VT_PERCENT); }
    if (x->kind == MEASURE_COUNT) { return TYPE(VT_COUNT); }
    if (x->kind == MEASURE_RATIO) { return TYPE(VT_NUMBER); }
    return x->source == SOURCE_CLOCK ? TYPE(VT_DURATION) : x->part != NULL ? x->part->type : TYPE(VT_ERROR);
}

static void goal(struct unit *u, struct measure_info *x, const struct scope *sc, const struct node *s)
{
    const struct node *band = s->kid[0];
    struct str text;
    x->goal = str_trim(source_text(u->sources, band->span));
    if (band->kind != N_BAND) { return; }
    if (band->kid[0] != NULL && literal_check(u, sc->module, band->kid[0], figure(x), &x->goal_from, &text)) { x->goal_flags |= GOAL_FROM | (band->number == 1 ? GOAL_FROM_IN : 0); }
    if (band->kid[1] != NULL && literal_check(u, sc->module, band->kid[1], figure(x), &x->goal_to, &text)) { x->goal_flags |= GOAL_TO | (band->number2 == 1 ? GOAL_TO_IN : 0); }
}

static void slot(struct unit *u, struct measure_info *x, const struct scope *sc, const struct node *s)
{
    switch (s->kind) {
    case N_WHEN: x->where = tex_all(u, x->where, condition_check(u, sc, s->kid[0])); return;
    case N_INPUTS: by(u, x, sc, s); return;
    case N_MSLOT: break;
    default: return;
    }
    switch (s->op) {
    case OP_WHEN: x->where = tex_all(u, x->where, condition_check(u, sc, s->kid[0]->kind == N_WHEN ? s->kid[0]->kid[0] : s->kid[0])); return;
    case OP_AT_LEAST_LONG: x->at_least = s->kid[0]->number2; return;
    case OP_ROUND_EACH: x->flags |= MEASURE_ROUND_EACH; fallthrough;
    case OP_ROUND_PERIOD:
        x->round = s->kid[0]->number2;
        if (s->number == OP_UP) { x->flags |= MEASURE_ROUND_UP; }
        return;
    case OP_OF: return; /* said before: what is measured */
    case OP_GOAL: goal(u, x, sc, s); return;
    case OP_CUT_AT_ENDS: x->flags |= MEASURE_CUT_AT_ENDS; return;
    default: break;
    }
    for (uint32_t i = 0; i < s->n; i++) {
        if (s->kid[i]->kind == N_WHEN || s->kid[i]->kind == N_INPUTS) { slot(u, x, sc, s->kid[i]); return; }
    }
    x->period = period_of(s->op);
    x->period_n = s->number > 0 ? (uint32_t)s->number : 1;
    if (s->text.n == 0) { return; }
    x->zone = s->text;
    if (zone_load(str_c(u->arena, s->text)) == NULL) {
        struct diag *d = diag(u->diags, E0507_NO_ZONE, s->span, "there is no time zone \"%.*s\"", STR_ARG(s->text));
        diag_help(d, "zones are named as in the IANA list: \"Europe/Berlin\", \"America/New_York\", \"UTC\"");
    }
}

static uint8_t kind_of(uint16_t op)
{
    switch (op) {
    case OP_SUM: return MEASURE_SUM;
    case OP_SHARE: return MEASURE_SHARE;
    case OP_RATIO: return MEASURE_RATIO;
    case OP_MEAN: return MEASURE_MEAN;
    case OP_UPTIME: return MEASURE_UPTIME;
    default: return MEASURE_COUNT;
    }
}

static void measure(struct unit *u, struct symbol *s)
{
    struct measure_info *x = ARENA_NEW(u->arena, struct measure_info);
    const struct node *n = s->node;
    *x = (struct measure_info){ .name = s->name, .title = n->title, .symbol = s, .node = n, .kind = kind_of(n->op), .period = PERIOD_MONTH, .period_n = 1, .at_least = NONE, .round = NONE, .fixed = NONE };
    s->info = x;
    const struct node *src = NULL;
    bool period = false, broken = false;
    for (uint32_t i = 0; i < n->n; i++) {
        if (n->kid[i]->kind == N_SOURCE) { src = n->kid[i]; }
        if (n->kid[i]->kind == N_BROKEN) { broken = true; }
        if (n->kid[i]->kind == N_MSLOT && n->kid[i]->op >= OP_DAY && n->kid[i]->op <= OP_TERM_PERIOD) { period = true; }
    }
    if (broken || src == NULL) { return; } /* the grammar has said it */
    if (!period) {
        struct diag *d = diag(u->diags, E0704_NO_PERIOD, n->name_span, "over which period is `%.*s` measured?", STR_ARG(s->name));
        diag_help(d, "write `each month`, `each quarter`, `each contract year` or `over the term`");
    }
    struct symbol *clock = src->text.n > 0 ? symbol_find(u, s->module, SYM_CLOCK, src->text) : NULL;
    if (n->op == OP_UPTIME) { uptime(u, x, s->module, n, src); }
    else if (clock != NULL) { of_clock(u, x, src, clock); }
    else if (src->text.n > 0) { (void)symbol_need(u, s->module, SYM_CLOCK, src->text, span_is_none(src->name_span) ? src->span : src->name_span); return; }
    else { of_event(u, x, s->module, src); }
    struct event_info *ev = x->source == SOURCE_EVENT && x->events.n > 0 ? x->events.p[0]->event : NULL;
    struct scope sc = { s->module, x->entity, ev };
    for (uint32_t i = 0; i < n->n; i++) { slot(u, x, &sc, n->kid[i]); }
    if (x->source == SOURCE_CLOCK && x->clock == NULL) { return; }
    if (x->source == SOURCE_EVENT && x->events.n == 0) { return; }
    vec_push(&u->measures, u->arena, x);
    if (x->less == NULL) { return; }
    x->less->calendar = x->calendar;
    x->less->period = x->period;
    x->less->period_n = x->period_n;
    x->less->zone = x->zone;
    x->less->where = x->where;
    vec_push(&u->measures, u->arena, x->less);
    if (x->fixed != NONE) {
        struct diag *d = diag(u->diags, E0302_TYPE, n->name_span, "the whole of `%.*s` is fixed, and something is taken off it", STR_ARG(x->name));
        diag_help(d, "leave out `fixed …` or `except …`");
    }
}

void unit_check_measures(struct unit *u)
{
    for (size_t i = 0; i < u->all.n; i++) {
        if (u->all.p[i]->kind == SYM_MEASURE) { measure(u, u->all.p[i]); }
    }
}
