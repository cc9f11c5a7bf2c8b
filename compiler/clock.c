/* SPDX-License-Identifier: MIT */
/* Clocks and chains (C1 to C9, E1): their slots, targets, steps and exceptions. A chain is a clock without a target whose steps
 * are counted from its start. */
#include "compiler/clock.h"
#include "compiler/duty.h"
#include "compiler/phrase.h"
#include "compiler/target.h"
#include "compiler/unit.h"

/* ---- steps ---- */

void recipients_check(struct unit *u, const struct scope *sc, const struct node *list, struct recipient_info **out, size_t *n)
{
    VEC(struct recipient_info) r = { 0 };
    uint32_t count = list->kind == N_LIST ? list->n : 1;
    for (uint32_t i = 0; i < count; i++) {
        const struct node *e = list->kind == N_LIST ? list->kid[i] : list;
        if (e->kind == N_TEXT) { vec_push(&r, u->arena, ((struct recipient_info){ .text = e->text })); continue; }
        struct tex *x = expr_check(u, sc, e, TYPE(VT_FREE));
        if (x->type.vt == VT_ERROR) { continue; }
        if (x->type.vt != VT_TEXT) {
            struct diag *d = diag(u->diags, E0302_TYPE, e->span, "someone to tell is a text or an attribute that holds one");
            diag_label(d, e->span, "this is %.*s", STR_ARG(type_word(u, x->type)));
            continue;
        }
        vec_push(&r, u->arena, ((struct recipient_info){ .value = x }));
    }
    *out = r.p;
    *n = r.n;
}

static bool step_amount(struct unit *u, const struct node *e, struct step_info *s)
{
    if (e->number2 != NONE) { s->amount = e->number2; return true; }
    bool business = str_eq(e->text, STR("business day")), day = str_eq(e->text, STR("day")), week = str_eq(e->text, STR("week"));
    if ((!business && !day && !week) || e->number % 1000000 != 0) {
        struct diag *d = diag(u->diags, E0610_STEP_OFFSET, e->span, "a step cannot be counted in `%.*s`", STR_ARG(source_text(u->sources, e->span)));
        diag_help(d, "count it in s, min, h, whole days or whole business days");
        return false;
    }
    s->amount = e->number / 1000000 * (week ? 7 : 1);
    s->flags |= business ? STEP_IN_DAYS : STEP_CALENDAR_DAYS;
    return true;
}

static void step_calendar(struct unit *u, const struct scope *sc, const struct node *e, struct tex **out)
{
    *out = calendar_check(u, sc, e);
    if ((*out)->type.vt == VT_ERROR || tex_calendar(*out) != NULL) { return; }
    struct diag *d = diag(u->diags, E0611_STEP_CALENDAR, e->span, "a step needs a calendar by name");
    diag_help(d, "name one calendar that is the same for all, such as `in 24x7`");
}

static struct step_info *step_check(struct unit *u, const struct scope *sc, const struct node *n)
{
    struct step_info *s = ARENA_NEW(u->arena, struct step_info);
    *s = (struct step_info){ .node = n };
    uint32_t kids = n->n;
    const struct node *amount = kids > 0 ? n->kid[0] : NULL, *recipients = kids > 3 ? n->kid[3] : NULL;
    struct span words = n->span;
    switch (n->op) {
    case OP_AT_PERCENT:
        s->kind = STEP_PERCENT;
        s->amount = amount->number;
        s->per = 100000000;
        if (amount->number <= 0) { diag(u->diags, E0612_STEP_NEVER, amount->span, "a step at %.*s can never be reached on the way", STR_ARG(amount->text)); }
        break;
    case OP_AT_BREACH: s->kind = STEP_AFTER_DUE; break;
    case OP_BEFORE_DUE: s->kind = STEP_BEFORE_DUE; break;
    case OP_AFTER_BREACH: s->kind = STEP_AFTER_DUE; break;
    default: s->kind = STEP_AFTER_START; break;
    }
    if (n->op != OP_AT_PERCENT && n->op != OP_AT_BREACH && amount != NULL && !step_amount(u, amount, s)) { return NULL; }
    if (kids > 1 && n->kid[1] != NULL) { step_calendar(u, sc, n->kid[1], &s->calendar); }
    if (n->number == 1 && s->kind != STEP_PERCENT) { s->flags |= STEP_PLAIN; }
    if (kids > 2 && n->kid[2] != NULL) { step_calendar(u, sc, n->kid[2], &s->held); }
    if (recipients != NULL) { recipients_check(u, sc, recipients, &s->recipients.p, &s->recipients.n); words.to = recipients->span.from; }
    if (kids > 4 && n->kid[4] != NULL) { s->when = condition_check(u, sc, n->kid[4]->kid[0]); }
    s->text = str_trim(source_text(u->sources, words));
    if (str_ends(s->text, STR("notify"))) { s->text = str_trim(str_slice(s->text, 0, s->text.n - 6)); }
    if (str_starts(s->text, STR("at "))) { s->text = str_slice(s->text, 3, s->text.n); }
    if (n->op == OP_AT_BREACH) { s->text = STR("breach"); } /* that of a duty is written `else notify` */
    return s;
}

/* Steps that can never be reached: over 100 % is after the breach (allowed), before-due longer than every target is not. */
static void check_steps(struct unit *u, struct clock_info *c)
{
    int64_t longest = NONE;
    bool dates = false;
    const struct target_info *t = &c->target;
    uint32_t n = t->form == FORM_SINGLE ? 1 : t->table != NULL ? t->table->n_rows : 0;
    for (uint32_t r = 0; r < n; r++) {
        const struct target_val *v = t->form == FORM_SINGLE ? t->single : t->table->output[t->column].value[r].target;
        if (v->none) { continue; }
        if (v->kind != TARGET_OPEN) { dates = true; continue; }
        if (v->amount > longest) { longest = v->amount; }
    }
    for (size_t i = 0; i < c->steps.n; i++) {
        struct step_info *s = c->steps.p[i];
        bool needs_target = s->kind != STEP_AFTER_START;
        if (needs_target && t->form == FORM_NONE && (c->flags & CLOCK_MEASURED_ONLY)) {
            struct diag *d = diag(u->diags, E0612_STEP_NEVER, s->node->span, "this step can never come: the clock has no target");
            diag_help(d, "count it from the start: `2 h after start notify …`");
        }
        if (s->kind == STEP_BEFORE_DUE && s->flags == 0 && s->calendar == NULL && !dates && longest != NONE && s->amount >= longest && c->exceptions.n == 0) {
            struct diag *d = diag(u->diags, E0612_STEP_NEVER, s->node->span, "this step can never come: no target is so long");
            diag_note(d, "the longest target is %.*s", STR_ARG(value_words(u, TYPE(VT_DURATION), longest)));
        }
    }
}

/* ---- slots ---- */

static void closing(struct unit *u, struct clock_info *c, const struct node *slot, phrases *to)
{
    struct symbol *s = symbol_need(u, c->symbol->module, SYM_EVENT, slot->kid[0]->text, slot->kid[0]->span);
    if (s == NULL) { return; }
    struct event_info *ev = s->info;
    vec_push(&c->closing_said, u->arena, ev);
    if (to == NULL) { return; }
    struct phrase *p = ARENA_NEW(u->arena, struct phrase);
    *p = (struct phrase){ .event = ev, .span = slot->span };
    vec_push(to, u->arena, p);
}

static void change(struct unit *u, struct clock_info *c, const struct scope *sc, const struct node *slot)
{
    static const uint8_t policy[] = {
        [OP_RECOMPUTE] = CHANGE_RECOMPUTE, [OP_KEEP_TIME] = CHANGE_KEEP_TIME, [OP_RESTART] = CHANGE_RESTART, [OP_KEEP_SHARE] = CHANGE_KEEP_SHARE,
        [OP_NEVER_LENGTHEN] = CHANGE_NEVER_LENGTHEN, [OP_AS_IN_FORCE] = CHANGE_AS_IN_FORCE,
    };
    struct tex *x = expr_check(u, sc, slot->kid[0], TYPE(VT_FREE));
    if (x->type.vt == VT_ERROR) { return; }
    vec_push(&c->changes, u->arena, ((struct change_info){ .watched = x, .policy = policy[slot->op], .span = slot->span }));
}

static void clock_slot(struct unit *u, struct clock_info *c, const struct scope *sc, const struct node *s)
{
    struct source_module *m = sc->module;
    switch (s->op) {
    case OP_STARTS: phrases_check(u, m, c->entity, s, &c->starts); break;
    case OP_STOPS: phrases_check(u, m, c->entity, s, &c->stops); break;
    case OP_RESTARTS: phrases_check(u, m, c->entity, s, &c->restarts); break;
    case OP_RESTARTS_RUNNING: {
        size_t n = c->restarts.n;
        phrases_check(u, m, c->entity, s, &c->restarts);
        for (; n < c->restarts.n; n++) { c->restarts.p[n]->running = true; }
        break;
    }
    case OP_CONTINUES: phrases_check(u, m, c->entity, s, &c->continues); break;
    case OP_CANCELS: phrases_check(u, m, c->entity, s, &c->cancels); break;
    case OP_PAUSES_ON: phrases_check(u, m, c->entity, s, &c->pauses_on); break;
    case OP_RESUMES_ON: phrases_check(u, m, c->entity, s, &c->resumes_on); break;
    case OP_PAUSES_WHILE:
        vec_push(&c->pauses, u->arena, condition_check(u, sc, s->kid[0]));
        c->pause_span = s->span;
        break;
    case OP_HIDDEN: vec_push(&c->hidden, u->arena, condition_check(u, sc, s->kid[0])); break;
    case OP_EXCUSED: vec_push(&c->excused, u->arena, s->n > 0 && s->kid[0] != NULL ? condition_check(u, sc, s->kid[0]) : tex_const(u, TYPE(VT_FLAG), 1, s->span)); break;
    case OP_ON_STOP: closing(u, c, s, &c->stops); break;
    case OP_ON_CANCEL: closing(u, c, s, &c->cancels); break;
    case OP_ON_PAUSE: closing(u, c, s, &c->closes); break;
    case OP_ON_IGNORE: closing(u, c, s, NULL); break;
    case OP_RECOMPUTE: case OP_KEEP_TIME: case OP_RESTART: case OP_KEEP_SHARE: case OP_NEVER_LENGTHEN: case OP_AS_IN_FORCE: change(u, c, sc, s); break;
    case OP_REPEATS: c->flags |= CLOCK_REPEATS; break;
    case OP_MEASURED_ONLY:
        c->flags |= CLOCK_MEASURED_ONLY;
        if (s->n > 0 && s->kid[0] != NULL) { c->measured_calendar = calendar_check(u, sc, s->kid[0]); }
        break;
    case OP_FROM_ATTACHMENT: c->flags |= CLOCK_FROM_ATTACHMENT; break;
    case OP_FROM_START: c->from_start = s->kid[0]; break;
    case OP_JUDGED_AT_STOP: c->flags |= CLOCK_JUDGED_AT_STOP; break;
    default: break;
    }
}

static bool says_closing(const struct clock_info *c, const struct event_info *ev)
{
    const phrases *lists[] = { &c->stops, &c->cancels, &c->restarts, &c->pauses_on };
    for (size_t i = 0; i < c->closing_said.n; i++) {
        if (c->closing_said.p[i] == ev) { return true; }
    }
    for (size_t l = 0; l < countof(lists); l++) {
        for (size_t i = 0; i < lists[l]->n; i++) {
            if (lists[l]->p[i]->event == ev && lists[l]->p[i]->when == NULL) { return true; }
        }
    }
    return false;
}

/* Nothing is owed for it, and nobody waits any more. */
static void ends_with_thing(struct unit *u, struct clock_info *c)
{
    for (size_t i = 0; i < u->events.n; i++) {
        struct event_info *ev = u->events.p[i];
        if (ev->entity != c->entity || !(ev->flags & EVENT_ENDS) || (ev->flags & EVENT_CANCELS) || says_closing(c, ev)) { continue; }
        struct phrase *p = ARENA_NEW(u->arena, struct phrase);
        *p = (struct phrase){ .event = ev, .span = c->node->name_span };
        vec_push(&c->cancels, u->arena, p);
    }
}

/* C7: what closing does to a clock that still runs is said; there is no silent default. */
static void check_ends(struct unit *u, struct clock_info *c)
{
    struct span at = c->node->name_span;
    if (c->starts.n == 0) { /* a restart begins no first cycle (C7) */
        struct diag *d = diag(u->diags, E0613_NOTHING_STARTS, at, "nothing starts the clock `%.*s`", STR_ARG(c->name));
        diag_help(d, "say which event does: `starts on opened`");
        return;
    }
    bool ends = c->stops.n + c->restarts.n + c->cancels.n > 0;
    if (!ends && !(c->flags & CLOCK_MEASURED_ONLY)) {
        struct diag *d = diag(u->diags, E0614_NOTHING_STOPS, at, "nothing stops the clock `%.*s`", STR_ARG(c->name));
        diag_help(d, "say which event does: `stops on resolved`; or `measured only` if it shall just count");
        return;
    }
    bool counts = c->from_start == NULL;
    for (size_t i = 0; !counts && i < c->starts.n; i++) { counts = str_eq(c->starts.p[i]->event->name, c->from_start->text); }
    if (!counts) {
        struct diag *d = diag(u->diags, E0628_COUNTS_FROM, c->from_start->span, "the clock `%.*s` does not start on `%.*s`", STR_ARG(c->name), STR_ARG(c->from_start->text));
        diag_help(d, "`counts from` names one of the events that start it, or `attachment`");
        return;
    }
    const phrases *pauses = c->closes.n > 0 && c->continues.n + c->resumes_on.n == 0 ? &c->closes : c->pauses_on.n > 0 && c->resumes_on.n == 0 ? &c->pauses_on : NULL;
    if (pauses != NULL) {
        struct diag *d = diag(u->diags, E0627_PAUSE_FOR_GOOD, pauses->p[0]->span, "nothing ends this pause of the clock `%.*s`", STR_ARG(c->name));
        diag_help(d, pauses == &c->closes ? "say which event does: `resumes on reopened`, or `continues on reopened`" : "say which event does: `resumes on …`; a state that lasts is said by `pauses while …`");
        return;
    }
    for (size_t i = 0; i < u->events.n; i++) {
        struct event_info *ev = u->events.p[i];
        if (ev->entity != c->entity || !(ev->flags & EVENT_ENDS) || (ev->flags & EVENT_CANCELS) || says_closing(c, ev)) { continue; }
        struct diag *d = diag(u->diags, E0615_CLOSING_UNSAID, at, "it is not said what `%.*s` does to the clock `%.*s` while it runs", STR_ARG(ev->name), STR_ARG(c->name));
        diag_help(d, "write `on %.*s stop`, `on %.*s cancel`, `on %.*s pause` or `on %.*s ignore`", STR_ARG(ev->name), STR_ARG(ev->name), STR_ARG(ev->name), STR_ARG(ev->name));
        return;
    }
}

/* ---- what a change does (C5) ---- */

/* Does a depend on b? */
static bool tex_reads(struct tex *a, const struct tex *b)
{
    if (a->no_part == b) { return false; }
    if (tex_same(a, b)) { return true; }
    for (uint32_t i = 0; i < a->n; i++) {
        if (tex_reads(a->kid[i], b)) { return true; }
    }
    a->no_part = b;
    return false;
}

static void watch(struct unit *u, struct clock_info *c, struct tex *x, uint8_t policy, bool *said, size_t n_said)
{
    if (x == NULL || x->type.vt == VT_ERROR) { return; }
    for (size_t i = 0; i < c->changes.n; i++) {
        if (!tex_same(c->changes.p[i].watched, x)) { continue; }
        if (i < n_said) { said[i] = true; }
        return;
    }
    vec_push(&c->changes, u->arena, ((struct change_info){ .watched = x, .policy = policy, .span = x->span }));
}

static void watch_calendar(struct unit *u, struct clock_info *c, struct tex *x, bool *said, size_t n_said)
{
    if (x == NULL || x->kind == X_CALENDAR) { return; }
    watch(u, c, x->kind == X_LOCAL ? x->kid[1] : x, CHANGE_AS_IN_FORCE, said, n_said);
}

static void watch_target(struct unit *u, struct clock_info *c, const struct target_info *t, bool *said, size_t n_said)
{
    for (uint32_t i = 0; t->table != NULL && i < t->table->n_inputs; i++) { watch(u, c, t->table->input[i].input, CHANGE_DEFAULT, said, n_said); }
    for (uint32_t r = 0; t->table != NULL && t->counted_in != NO_REF && r < t->table->n_rows; r++) { watch_calendar(u, c, target_row_calendar(t, r), said, n_said); }
    watch_calendar(u, c, t->calendar, said, n_said);
    if (t->single != NULL && t->single->attr != NULL) {
        struct tex *a = tex_new(u, X_ATTR, TYPE(VT_INSTANT), t->single->span);
        a->ref = t->single->attr;
        watch(u, c, a, CHANGE_RECOMPUTE, said, n_said);
    }
}

static void check_changes(struct unit *u, struct clock_info *c)
{
    size_t n_said = c->changes.n;
    bool *said = ARENA_ARRAY(u->arena, bool, n_said + 1);
    watch_target(u, c, &c->target, said, n_said);
    watch_calendar(u, c, c->measured_calendar, said, n_said);
    for (size_t i = 0; i < c->exceptions.n; i++) {
        struct exception_info *e = c->exceptions.p[i];
        if (e->target == NULL) { continue; }
        watch(u, c, e->when, CHANGE_DEFAULT, said, n_said);
        watch_target(u, c, e->target, said, n_said);
    }
    for (size_t i = 0; i < n_said; i++) {
        for (size_t k = n_said; k < c->changes.n; k++) { said[i] = said[i] || tex_reads(c->changes.p[k].watched, c->changes.p[i].watched); }
    }
    bool target_known = c->target.form != FORM_NONE || (c->flags & CLOCK_MEASURED_ONLY);
    for (size_t i = 0; target_known && i < n_said; i++) {
        if (said[i]) { continue; }
        struct diag *d = diag(u->diags, E0616_CHANGE_UNUSED, c->changes.p[i].span, "the target of `%.*s` does not depend on this", STR_ARG(c->name));
        bool fixed = c->target.table == NULL && c->exceptions.n == 0;
        diag_help(d, fixed ? "its target is the same for all: take this line out" : "name one of the inputs of its target");
    }
    for (size_t i = 0; i < c->changes.n; i++) {
        struct change_info *x = &c->changes.p[i];
        if (x->watched->type.vt == VT_ERROR) { continue; }
        x->memory = attr_hidden(u, c->entity, str_printf(u->arena, "%.*s watches %.*s", STR_ARG(c->name), STR_ARG(source_text(u->sources, x->watched->span))), x->watched->type);
    }
}

/* ---- exceptions ---- */

static struct numbered *numbered(struct unit *u, struct str number)
{
    uint32_t id = u->clause_numbers != NULL ? names_find(u->clause_numbers, number) : 0;
    return id != 0 ? &u->numbered.p[id - 1] : NULL;
}

/* The first of a number is who is meant by it. */
static void number_given(struct unit *u, struct str number, struct clock_info *c, struct exception_info *through)
{
    if (u->clause_numbers == NULL) { u->clause_numbers = names_make(u->arena); }
    if (number.n == 0 || names_id(u->clause_numbers, number) <= u->numbered.n) { return; }
    vec_push(&u->numbered, u->arena, ((struct numbered){ .clock = c, .through = through }));
}

static struct clock_info *clock_numbered(struct unit *u, struct str number, struct exception_info **through)
{
    const struct numbered *n = numbered(u, number);
    *through = n != NULL ? n->through : NULL;
    return n != NULL ? n->clock : NULL;
}

static void check_ties(struct unit *u, const struct exception_info *x)
{
    for (const struct exception_info *o = x->tie; o != NULL; o = o->tie) {
        bool same = (o->target != NULL && x->target != NULL) || (o->excused && x->excused);
        if (!same || conditions_exclude(o->when, x->when)) { continue; }
        struct diag *d = diag(u->diags, E0617_EXCEPTIONS_TIE, x->node->span, "two exceptions to %.*s can hold at once, and none comes first", STR_ARG(x->node->text));
        diag_label(d, o->node->span, "the other is here");
        if (o->node->clause.n > 0) { diag_help(d, "make this one an exception to %.*s if it shall win, or let their conditions exclude each other", STR_ARG(o->node->clause)); }
        else { diag_help(d, "let their conditions exclude each other, or number the first and except from it"); }
        return;
    }
}

/* Is there a clock with this clause number that was refused, as the second of its name? */
static bool refused_clock(const struct node *n, struct str clause)
{
    bool found = n->kind == N_CLOCK && str_eq(n->clause, clause);
    for (uint32_t i = 0; (n->kind == N_FILE || n->kind == N_SECTION) && i < n->n && !found; i++) { found = n->kid[i] != NULL && refused_clock(n->kid[i], clause); }
    return found;
}

static void exception(struct unit *u, struct source_module *m, const struct node *n, const struct node *section)
{
    struct exception_info *through;
    if (exception_is_to_charge(u, n)) { return; } /* charge.c */
    struct clock_info *c = clock_numbered(u, n->text, &through);
    if (c == NULL && (refused_clock(m->file, n->text) || name_unreadable(u, n->text))) { u->untold++; return; }
    if (c == NULL) {
        struct diag *d = diag(u->diags, E0618_NO_CLAUSE, span_is_none(n->name_span) ? n->span : n->name_span, "no clock has the clause number %.*s", STR_ARG(n->text));
        struct suggestion g;
        suggest_start(&g, n->text);
        for (size_t i = 0; i < u->clocks.n; i++) { suggest_offer(&g, u->clocks.p[i]->node->clause); }
        if (suggest_found(&g)) { diag_help(d, "did you mean %.*s?", STR_ARG(g.best)); }
        return;
    }
    if (n->span.from < c->node->span.from) {
        struct diag *d = diag(u->diags, E0619_EXCEPTION_FIRST, n->span, "an exception comes after the clause that it excepts from");
        diag_label(d, c->node->name_span, "the clause is here");
        diag_help(d, "move the exception behind it; its number rises then, too");
        return;
    }
    struct exception_info *x = ARENA_NEW(u->arena, struct exception_info);
    *x = (struct exception_info){ .to = c->symbol, .node = n, .section = section };
    size_t errors = unit_mistakes(u);
    struct scope sc = { m, c->entity, NULL };
    for (uint32_t i = 0; i < n->n; i++) {
        const struct node *k = n->kid[i];
        if (k == NULL) { continue; }
        if (k->kind == N_WHEN) { x->when = tex_all(u, x->when, condition_check(u, &sc, k->kid[0])); }
        if (k->kind == N_TARGET) { x->target = ARENA_NEW(u->arena, struct target_info); (void)target_info_check(u, &sc, k, x->target); }
        if (k->kind == N_SLOT && k->op == OP_EXCUSED) { x->excused = true; }
        if (k->kind == N_STEP) {
            struct step_info *step = step_check(u, &sc, k);
            if (step != NULL) { vec_push(&x->steps, u->arena, step); }
        }
        if (k->kind == N_ACTION) {
            struct diag *d = diag(u->diags, E0629_EXCEPTION_ACTION, k->span, "an exception to a clock does nothing by itself");
            diag_help(d, "say when: `at breach notify …`, or write a rule: `rule { on opened when … }`");
            return;
        }
    }
    if (unit_mistakes(u) != errors || node_broken(n)) { return; }
    if (x->when == NULL) {
        struct diag *d = diag(u->diags, E0620_EXCEPTION_WHEN, n->span, "the exception does not say when it holds");
        diag_help(d, "write `when` and a condition; without one the clause itself would never apply");
        return;
    }
    if (x->target == NULL && !x->excused && x->steps.n == 0) {
        struct diag *d = diag(u->diags, E0621_EXCEPTION_EMPTY, n->span, "the exception changes nothing");
        diag_help(d, "give another `target …`, `target none`, `excused` or more steps");
        return;
    }
    if (through != NULL) { x->when = tex_all(u, through->when, x->when); }
    if (x->when->type.vt == VT_ERROR) { return; }
    struct numbered *same = numbered(u, n->text);
    if (same == NULL) { MSA_BUG("an exception to nothing"); }
    x->tie = same->last;
    same->last = x;
    check_ties(u, x);
    number_given(u, n->clause, c, x);
    vec_push(&c->exceptions, u->arena, x);
    if (x->excused) { vec_push(&c->excused, u->arena, x->when); }
    for (size_t i = 0; i < x->steps.n; i++) {
        x->steps.p[i]->when = tex_all(u, x->when, x->steps.p[i]->when);
        vec_push(&c->steps, u->arena, x->steps.p[i]);
    }
}

/* ---- clocks ---- */

static struct clock_info *clock_new(struct unit *u, struct symbol *s, const struct node *entity)
{
    struct clock_info *c = ARENA_NEW(u->arena, struct clock_info);
    *c = (struct clock_info){ .name = s->name, .title = s->node->title, .symbol = s, .node = s->node };
    s->info = c;
    struct symbol *e = symbol_need(u, s->module, SYM_ENTITY, entity->text, entity->span);
    if (e == NULL) { return NULL; }
    c->entity = e->info;
    c->slot = (uint32_t)c->entity->clocks.n;
    vec_push(&c->entity->clocks, u->arena, c);
    vec_push(&u->clocks, u->arena, c);
    number_given(u, s->node->clause, c, NULL);
    if (c->slot >= 255) { diag(u->diags, E0623_TOO_MANY_CLOCKS, s->node->name_span, "more than 255 clocks for one kind of thing"); }
    return c;
}

static void clock(struct unit *u, struct clock_info *c)
{
    const struct symbol *s = c->symbol;
    const struct node *n = s->node;
    struct scope sc = { s->module, c->entity, NULL };
    const struct node *target = NULL;
    bool broken = false;
    size_t mistakes = unit_mistakes(u); /* what a mistake left out is not missed again */
    for (size_t i = 0; i < u->added_slots.n; i++) { /* first: the place of a pause is that of the clock's own line */
        if (u->added_slots.p[i].clock == s) { clock_slot(u, c, &sc, u->added_slots.p[i].slot); }
    }
    for (uint32_t i = 1; i < n->n; i++) {
        const struct node *k = n->kid[i];
        if (k->kind == N_SLOT) { clock_slot(u, c, &sc, k); }
        if (k->kind == N_STEP) { struct step_info *x = step_check(u, &sc, k); if (x != NULL) { vec_push(&c->steps, u->arena, x); } }
        broken = broken || k->kind == N_BROKEN;
        if (k->kind != N_TARGET) { continue; }
        if (target != NULL) {
            struct diag *d = diag(u->diags, E0624_TWO_TARGETS, k->span, "the clock `%.*s` has two targets", STR_ARG(c->name));
            diag_label(d, target->span, "the first is here");
            diag_help(d, "two targets are two clocks, or two rows of one table");
            continue;
        }
        target = k;
        if (!target_info_check(u, &sc, k, &c->target)) { broken = true; }
    }
    if (target == NULL && !(c->flags & CLOCK_MEASURED_ONLY) && !broken) {
        struct diag *d = diag(u->diags, E0604_NO_TARGET, n->name_span, "the clock `%.*s` has no target", STR_ARG(c->name));
        diag_help(d, "write `target 4 h in support`, `target by … { … }`, or `measured only`");
    }
    if (target != NULL && (c->flags & CLOCK_MEASURED_ONLY)) {
        struct diag *d = diag(u->diags, E0625_MEASURED_TARGET, target->span, "the clock is `measured only` and has a target all the same");
        diag_help(d, "take one of the two out");
    }
    if (n->number & DUTY_ENDS_WITH_THING) { ends_with_thing(u, c); }
    if (n->number & DUTY_MADE) { c->flags |= CLOCK_DUTY; }
    if (c->pauses_on.n > 0) { c->paused_flag = attr_hidden(u, c->entity, str_printf(u->arena, "%.*s paused", STR_ARG(c->name)), TYPE(VT_FLAG)); }
    if (c->closes.n > 0) { c->closed_flag = attr_hidden(u, c->entity, str_printf(u->arena, "%.*s closed", STR_ARG(c->name)), TYPE(VT_FLAG)); }
    if (!broken && unit_mistakes(u) == mistakes) { check_ends(u, c); }
}

static void chain(struct unit *u, struct clock_info *c)
{
    const struct symbol *s = c->symbol;
    const struct node *n = s->node;
    struct scope sc = { s->module, c->entity, NULL };
    c->flags = CLOCK_MEASURED_ONLY | CLOCK_CHAIN;
    size_t errors = unit_mistakes(u);
    clock_slot(u, c, &sc, n->kid[1]);
    int64_t at = 0;
    for (int64_t round = 0; round <= n->number; round++) {
        for (uint32_t i = 2; i < n->n; i++) {
            const struct node *k = n->kid[i];
            if (k->kind == N_SLOT && round == 0) { clock_slot(u, c, &sc, k); }
            if (k->kind != N_LINK) { continue; }
            struct step_info *x = ARENA_NEW(u->arena, struct step_info);
            *x = (struct step_info){ .kind = STEP_AFTER_START, .flags = STEP_PLAIN, .amount = at, .node = k };
            x->text = at == 0 ? STR("start") : str_printf(u->arena, "%.*s after start", STR_ARG(value_words(u, TYPE(VT_DURATION), at)));
            recipients_check(u, &sc, k->kid[0], &x->recipients.p, &x->recipients.n);
            vec_push(&c->steps, u->arena, x);
            if (k->kid[1]->number2 == NONE) { diag(u->diags, E0306_NOT_A_LENGTH, k->kid[1]->span, "a link of a chain waits an exact time, such as `12 min`"); return; }
            at += k->kid[1]->number2;
        }
    }
    if (c->stops.n == 0 && unit_mistakes(u) == errors && !node_broken(n)) {
        struct diag *d = diag(u->diags, E0614_NOTHING_STOPS, n->name_span, "nothing ends the chain `%.*s`", STR_ARG(c->name));
        diag_help(d, "write `until acknowledged`");
    }
    /* Whatever ends the thing ends the chain: nobody is called for a closed ticket. */
    for (size_t i = 0; i < u->events.n; i++) {
        struct event_info *ev = u->events.p[i];
        if (ev->entity != c->entity || !(ev->flags & EVENT_ENDS) || (ev->flags & EVENT_CANCELS)) { continue; }
        struct phrase *p = ARENA_NEW(u->arena, struct phrase);
        *p = (struct phrase){ .event = ev, .span = n->span };
        vec_push(&c->stops, u->arena, p);
    }
    if (c->steps.n > 64) { diag(u->diags, E0626_TOO_MANY_STEPS, n->name_span, "more than 64 steps"); }
}

bool clock_asks_clocks(const struct clock_info *c)
{
    for (size_t i = 0; i < c->pauses.n; i++) {
        if (tex_asks_clock(c->pauses.p[i]) != NULL) { return true; }
    }
    return false;
}

/* Only a pause is looked at again when another clock becomes late. */
static void check_asked(struct unit *u, struct clock_info *c)
{
    for (size_t i = 0; i < c->changes.n; i++) { tex_no_clock(u, c->changes.p[i].watched, "a target"); }
    for (size_t i = 0; i < c->hidden.n; i++) { tex_no_clock(u, c->hidden.p[i], "what is hidden"); }
    for (size_t i = 0; i < c->pauses.n; i++) {
        const struct tex *x = tex_asks_clock(c->pauses.p[i]);
        if (x == NULL || x->ref != c) { continue; }
        struct diag *d = diag(u->diags, E0211_CIRCULAR, x->span, "the clock `%.*s` would stand still because of itself", STR_ARG(c->name));
        diag_help(d, "name another clock");
    }
}

void unit_declare_clocks(struct unit *u)
{
    for (size_t i = 0; i < u->all.n; i++) {
        if (u->all.p[i]->kind == SYM_CLOCK) { (void)clock_new(u, u->all.p[i], u->all.p[i]->node->kid[0]); }
    }
}

void unit_check_clocks(struct unit *u)
{
    for (size_t i = 0; i < u->clocks.n; i++) {
        struct clock_info *c = u->clocks.p[i];
        if (c->node->kind == N_CHAIN) { chain(u, c); } else { clock(u, c); }
    }
    for (size_t i = 0; i < u->modules.n; i++) {
        struct source_module *m = u->modules.p[i];
        for (uint32_t k = 0; m->file != NULL && k < m->file->n; k++) {
            const struct node *n = m->file->kid[k];
            if (n->kind == N_EXCEPTION) { exception(u, m, n, NULL); }
            for (uint32_t j = 0; n->kind == N_SECTION && j < n->n; j++) {
                if (n->kid[j]->kind == N_EXCEPTION) { exception(u, m, n->kid[j], n); }
            }
        }
    }
    for (size_t i = 0; i < u->clocks.n; i++) {
        check_changes(u, u->clocks.p[i]);
        check_asked(u, u->clocks.p[i]);
        check_steps(u, u->clocks.p[i]);
        if (u->clocks.p[i]->steps.n > 64) { diag(u->diags, E0626_TOO_MANY_STEPS, u->clocks.p[i]->node->name_span, "more than 64 steps"); }
    }
}
