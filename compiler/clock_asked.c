/* SPDX-License-Identifier: MIT */
/* Conditions that ask how a clock of the same thing stands: `pauses while late(answer)`. */
#include "compiler/clock.h"

/* `late(answer)`: how a clock of the same thing stands. */
static const struct { const char *name; enum clock_question question; } questions[] = {
    { "late", CLOCK_IS_LATE }, { "missed", CLOCK_WAS_MISSED }, { "was_late", CLOCK_EVER_LATE },
};

static void clock_unasked(struct unit *u, struct span at, const char *what)
{
    struct diag *d = diag(u->diags, E0631_CLOCK_ASKED, at, "%s cannot depend on how a clock stands", what);
    diag_note(d, "a clock becomes late when nothing else happens");
    diag_help(d, "it can be asked by `pauses while`, `excused when`, and by what is done on an event: `on worked when late(answer)`");
}

static struct tex *broken(struct unit *u, struct span span) { return tex_new(u, X_ERROR, TYPE(VT_ERROR), span); }

void clock_questions_offer(struct suggestion *g)
{
    for (size_t i = 0; i < countof(questions); i++) { suggest_offer(g, str_of(questions[i].name)); }
}

struct tex *clock_question(struct unit *u, const struct scope *sc, const struct node *e)
{
    size_t q = 0;
    while (q < countof(questions) && !str_eq(e->text, str_of(questions[q].name))) { q++; }
    if (q == countof(questions)) { return NULL; }
    const struct node *name = e->n == 1 ? e->kid[0] : NULL;
    if (name == NULL || name->kind != N_NAME || name->op == OP_OF) {
        struct diag *d = diag(u->diags, E0309_ARGUMENTS, e->span, "`%.*s` asks about one clock", STR_ARG(e->text));
        diag_help(d, "name the clock: `%.*s(response)`; a duty is the clock that has the duty's title for its name", STR_ARG(e->text));
        return broken(u, e->span);
    }
    struct symbol *s = symbol_need(u, sc->module, SYM_CLOCK, name->text, name->span);
    if (s == NULL) { return broken(u, e->span); }
    struct clock_info *c = s->info;
    if (c == NULL) { clock_unasked(u, e->span, "what is declared before all clocks"); }
    if (c == NULL || c->entity == NULL) { return broken(u, e->span); }
    if (c->entity != sc->entity) {
        struct diag *d = diag(u->diags, E0310_OTHER_ENTITY, e->span, "the clock `%.*s` is one of a %.*s, and none is at hand here", STR_ARG(c->name), STR_ARG(c->entity->name));
        diag_label(d, c->node->name_span, "it is declared here");
        return broken(u, e->span);
    }
    struct tex *x = tex_new(u, X_CLOCK, TYPE(VT_FLAG), e->span);
    x->ref = c;
    x->number = questions[q].question;
    return x;
}

const struct tex *tex_asks_clock(struct tex *x)
{
    static const struct tex any_clock;
    if (x == NULL || x->kind == X_CLOCK) { return x; }
    if (x->no_part == &any_clock) { return NULL; }
    for (uint32_t i = 0; i < x->n; i++) {
        const struct tex *found = tex_asks_clock(x->kid[i]);
        if (found != NULL) { return found; }
    }
    x->no_part = &any_clock;
    return NULL;
}

void tex_no_clock(struct unit *u, struct tex *x, const char *what)
{
    const struct tex *clock = tex_asks_clock(x);
    if (clock != NULL) { clock_unasked(u, clock->span, what); }
}
