/* SPDX-License-Identifier: MIT */
/* Duties within a time and recoveries are written out as the clocks, charges, measures and rules that they are, before anything
 * is declared: `customer must "Answer questions" { within … after … ; done on … ; else pauses resolution }` is a clock
 * `answer_questions` and, in the clock `resolution`, the line `pauses while late(answer_questions)`. Nothing behind this file
 * knows of duties. What is made carries the spans and the number of the clause it comes from. */
#include "compiler/duty.h"

/* ---- nodes ---- */

static struct node *make(struct unit *u, enum node_kind kind, uint16_t op, struct span span, uint32_t n, struct node *const *kid)
{
    struct node *x = ARENA_NEW(u->arena, struct node);
    *x = (struct node){ .kind = (uint16_t)kind, .op = op, .id = u->nodes++, .span = span, .name_span = span, .n = n };
    x->kid = n > 0 ? arena_copy(u->arena, kid, n * sizeof *kid) : NULL;
    return x;
}
#define MAKE(kind, op, span, ...) \
    make(u, kind, op, span, sizeof((struct node *[]){ __VA_ARGS__ }) / sizeof(struct node *), (struct node *[]){ __VA_ARGS__ })

static struct node *named(struct unit *u, enum node_kind kind, struct str text, struct span span)
{
    struct node *x = make(u, kind, 0, span, 0, NULL);
    x->text = text;
    return x;
}

/* All of what is not NULL. */
static struct node *all(struct unit *u, struct span span, struct node *a, struct node *b)
{
    if (a == NULL || b == NULL) { return a != NULL ? a : b; }
    return MAKE(N_CHAINED, OP_ALL, span, a, b);
}

/* An event slot: the phrases of `from`, and as its condition that of `from` and `when`. */
static struct node *on_phrases(struct unit *u, enum node_kind kind, uint16_t op, const struct node *from, uint32_t first, struct node *when)
{
    VEC(struct node *) kid = { 0 };
    for (uint32_t i = first; i < from->n; i++) {
        if (from->kid[i] == NULL) { continue; }
        if (from->kid[i]->kind == N_PHRASE) { vec_push(&kid, u->arena, from->kid[i]); }
        if (from->kid[i]->kind == N_WHEN) { when = all(u, from->span, from->kid[i]->kid[0], when); }
    }
    if (when != NULL) { vec_push(&kid, u->arena, MAKE(N_WHEN, 0, when->span, when)); }
    return make(u, kind, op, from->span, (uint32_t)kid.n, kid.p);
}

/* ---- what is being made of one clause ---- */

struct making {
    struct unit *u; struct source_module *m; const struct node *clause, *section;
    struct str entity, name, title; struct span at;   /* of the thing; of the clock */
};

static void titled(const struct making *k, struct node *x, struct str name, struct str title)
{
    x->text = name;
    x->title = title;
    x->name_span = k->at;
    x->clause = k->clause->clause;
    x->clause_span = k->clause->clause_span;
    x->number = DUTY_MADE;
}

static void declare(const struct making *k, struct node *x) { symbol_add(k->u, k->m, x, k->section); }

static struct node *ask(struct unit *u, const char *question, struct str clock, struct span span)
{
    struct node *x = MAKE(N_CALL, 0, span, named(u, N_NAME, clock, span));
    x->text = str_of(question);
    return x;
}

/* A line of a clock that stands elsewhere. */
static void add_to_clock(const struct making *k, const struct node *clock, struct node *line)
{
    struct unit *u = k->u;
    struct symbol *s = symbol_need(u, k->m, SYM_CLOCK, clock->text, clock->span);
    if (s != NULL) { vec_push(&u->added_slots, u->arena, ((struct added_slot){ s, line })); }
}

static struct node *notify(struct unit *u, const struct node *from)
{
    return make(u, N_LIST, 0, from->span, from->n, from->kid);
}

/* `else credit`, `else charge`: a charge on what is in `when`. */
static void charged(const struct making *k, const struct node *otherwise, struct node *on, struct str name, struct str title)
{
    struct unit *u = k->u;
    struct node *x = MAKE(N_CHARGE, otherwise->op == OP_ELSE_CHARGE ? OP_FEE : OP_CREDIT, otherwise->span, NULL, on, MAKE(N_CSLOT, OP_PRICE, otherwise->kid[0]->span, otherwise->kid[0]));
    titled(k, x, name, title);
    declare(k, x);
}

static struct node *on_missed(const struct making *k, struct span span)
{
    struct node *x = make(k->u, N_CSLOT, OP_ON_VERDICT, span, 0, NULL);
    x->text = k->name;
    x->number = OP_BREACHED;
    return x;
}

/* The clock: its starts, stops and target, and what else of a clock stands in the clause. */
static void clock_made(const struct making *k, struct node *starts, struct node *stops, const struct node *within)
{
    struct unit *u = k->u;
    bool paid = false;
    VEC(struct node *) kid = { 0 };
    vec_push(&kid, u->arena, named(u, N_NAME, k->entity, k->at));
    vec_push(&kid, u->arena, make(u, N_SLOT, OP_REPEATS, k->at, 0, NULL));
    vec_push(&kid, u->arena, starts);
    vec_push(&kid, u->arena, stops);
    struct node *items = within->kid[0];
    if (items->kind == N_TABLE) { vec_push(&kid, u->arena, MAKE(N_TARGET, OP_NONE_GIVEN, within->span, items)); }
    else {
        struct node *cell = make(u, N_CELL, 0, items->span, items->n, items->kid);
        cell->text = source_text(u->sources, items->span);
        vec_push(&kid, u->arena, MAKE(N_TARGET, OP_NONE_GIVEN, within->span, cell, within->kid[1]));
    }
    for (uint32_t i = 0; i < k->clause->n; i++) {
        struct node *s = k->clause->kid[i];
        if (s == NULL) { continue; }
        if (s->kind == N_SLOT || s->kind == N_STEP) { vec_push(&kid, u->arena, s); }
        if (s->kind != N_DSLOT) { continue; }
        if (s->op == OP_ELSE_NOTIFY) { vec_push(&kid, u->arena, MAKE(N_STEP, OP_AT_BREACH, s->span, NULL, NULL, NULL, notify(u, s), NULL)); }
        paid = paid || s->op == OP_ELSE_CREDIT || s->op == OP_ELSE_CHARGE;
    }
    struct node *x = make(u, N_CLOCK, 0, k->clause->span, (uint32_t)kid.n, kid.p);
    titled(k, x, k->name, k->title);
    if (!paid) { x->number |= DUTY_ENDS_WITH_THING; }
    declare(k, x);
}

/* ---- names ---- */

/* `Patch servers` is `patch_servers`. */
struct str duty_name(struct unit *u, struct str title, const char *behind)
{
    struct sb b = { .arena = u->arena };
    for (size_t i = 0; i < title.n; i++) {
        char c = title.p[i];
        if (c >= 'A' && c <= 'Z') { c = (char)(c - 'A' + 'a'); }
        bool word = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (unsigned char)c >= 0x80;
        if (word) { sb_char(&b, c); }
        else if (b.n > 0 && b.p[b.n - 1] != '_') { sb_char(&b, '_'); }
    }
    while (b.n > 0 && b.p[b.n - 1] == '_') { b.n--; }
    if (b.n == 0) { sb_puts(&b, "duty"); }
    sb_puts(&b, behind);
    return sb_str(&b);
}

/* The kind of thing that an event happens to; n = 0: to none, or to one that is not known (an error elsewhere). */
static struct str entity_of(struct unit *u, struct source_module *m, const struct node *phrase)
{
    struct symbol *s = symbol_find(u, m, SYM_EVENT, phrase->text);
    const struct node *e = s != NULL && s->node->n > 0 ? s->node->kid[0] : NULL;
    return e != NULL && e->kind == N_NAME ? e->text : (struct str){ "", 0 };
}

/* ---- duties ---- */

static void duty(struct unit *u, struct source_module *m, const struct node *n, const struct node *section)
{
    struct duty_slots s;
    if (!duty_of_event(n) || !duty_slots(u, n, &s)) { return; }
    struct node *after = s.within->kid[2];
    struct making k = { .u = u, .m = m, .clause = n, .section = section, .name = duty_name(u, n->title, ""), .title = n->title, .at = duty_place(n) };
    if (symbol_find(u, m, SYM_EVENT, after->text) == NULL) { (void)symbol_need(u, m, SYM_EVENT, after->text, after->name_span); return; }
    k.entity = entity_of(u, m, after);
    if (k.entity.n == 0) {
        struct diag *d = diag(u->diags, E1031_DUTY, after->span, "`%.*s` happens to no thing, so it is not known whose time runs", STR_ARG(after->text));
        diag_help(d, "declare the event of a thing, `event %.*s of ticket`: each has its own time", STR_ARG(after->text));
        return;
    }
    struct node *starts = on_phrases(u, N_SLOT, OP_STARTS, s.within, 2, NULL);
    clock_made(&k, starts, on_phrases(u, N_SLOT, OP_STOPS, s.done, 0, NULL), s.within);
    for (uint32_t i = 0; i < n->n; i++) {
        const struct node *x = n->kid[i];
        if (x == NULL || x->kind != N_DSLOT) { continue; }
        if (x->op == OP_ELSE_CREDIT || x->op == OP_ELSE_CHARGE) { charged(&k, x, on_missed(&k, x->span), k.name, n->title); }
        if (x->op != OP_ELSE_PAUSES && x->op != OP_ELSE_EXCUSES) { continue; }
        bool pauses = x->op == OP_ELSE_PAUSES;
        for (uint32_t c = 0; c < x->n; c++) {
            add_to_clock(&k, x->kid[c], MAKE(N_SLOT, pauses ? OP_PAUSES_WHILE : OP_EXCUSED, x->span, ask(u, pauses ? "late" : "was_late", k.name, x->span)));
        }
    }
}

/* ---- recoveries ---- */

static struct node *plain_phrase(struct unit *u, const char *event, struct span span)
{
    struct node *phrase = named(u, N_PHRASE, str_of(event), span);
    return MAKE(N_SLOT, 0, span, phrase);
}

/* `service is "ERP"`; NULL: all of them. */
static struct node *only_this(struct unit *u, struct source_module *m, const struct node *n)
{
    struct symbol *e = symbol_find(u, m, SYM_ENTITY, n->kid[0]->text);
    if (n->title.n == 0 || e == NULL) { return NULL; }
    struct str key = e->name;
    for (uint32_t i = 0; i < e->node->n; i++) {
        const struct node *f = e->node->kid[i];
        if (f != NULL && f->kind == N_SLOT && f->op == OP_KEY) { key = f->text; }
    }
    return MAKE(N_COMPARE, OP_IS, n->span, named(u, N_NAME, key, n->kid[0]->span), named(u, N_TEXT, n->title, n->name_span));
}

struct recovery_slots { struct node *back, *back_on, *data, *otherwise, *both; };

static bool recovery_slots(struct unit *u, const struct node *n, struct recovery_slots *r)
{
    *r = (struct recovery_slots){ .back = NULL };
    bool consequence = false;
    for (uint32_t i = 1; i < n->n; i++) {
        struct node *s = n->kid[i];
        if (s == NULL || s->kind != N_DSLOT) { continue; }
        consequence = consequence || s->op == OP_ELSE_CREDIT || s->op == OP_ELSE_NOTIFY;
        struct node **to = s->op == OP_BACK_WITHIN ? &r->back : s->op == OP_BACK_ON ? &r->back_on : s->op == OP_DATA_AGE ? &r->data :
                           s->op == OP_ELSE_CREDIT ? &r->otherwise : s->op == OP_BOTH_ONCE || s->op == OP_BOTH_TWICE ? &r->both : NULL;
        if (to == NULL) { continue; }
        if (*to != NULL) { duty_twice(u, s, *to, "what a recovery promises"); return false; }
        *to = s;
    }
    if (node_broken(n)) { return false; }
    if (r->back == NULL && r->data == NULL) {
        duty_missing(u, n, "the recovery promises nothing", "write `back within 4 h in 24x7`, `data no older than 1 h`, or both");
        return false;
    }
    if (!consequence) { duty_missing(u, n, "the recovery does not say what follows when it is missed", "write `else credit 20% of rent` or `else notify \"ROLE\"`"); return false; }
    if (r->both != NULL && (r->back == NULL || r->data == NULL || r->otherwise == NULL)) {
        struct diag *d = diag(u->diags, E1031_DUTY, r->both->span, "there are not two things with a credit here that could both be missed");
        diag_help(d, "take the line out");
        return false;
    }
    return true;
}

static bool event_has(const struct symbol *s, struct str field)
{
    for (uint32_t i = 0; s != NULL && i < s->node->n; i++) {
        const struct node *f = s->node->kid[i];
        if (f != NULL && f->kind == N_FIELD && str_eq(f->text, field)) { return true; }
    }
    return false;
}

/* How old the data were is a field of the event with which the thing is back: what is above the limit is a happening of that
 * event, and the share of those below a measure. */
static void data_made(struct making *k, const struct recovery_slots *r, const struct node *back_on, struct node *only)
{
    struct unit *u = k->u;
    struct str field = STR("data_lost");
    for (uint32_t i = 0; i < back_on->n; i++) {
        const struct node *p = back_on->kid[i];
        struct symbol *s = p != NULL && p->kind == N_PHRASE ? symbol_find(u, k->m, SYM_EVENT, p->text) : NULL;
        if (s == NULL || event_has(s, field)) { continue; }
        struct diag *d = diag(u->diags, E1031_DUTY, r->data->span, "`%.*s` does not say how old the data are", STR_ARG(p->text));
        diag_label(d, s->node->name_span, "it is declared here");
        diag_help(d, "give the event a field `data_lost : duration`");
        return;
    }
    struct span at = r->data->span;
    struct node *limit = r->data->kid[0], *name = named(u, N_NAME, field, at);
    struct node *late = MAKE(N_COMPARE, OP_ABOVE, at, name, limit);
    struct str measured = duty_name(u, k->title, "_data"), title = str_printf(u->arena, "%.*s: age of the data", STR_ARG(k->title));
    for (uint32_t i = 0; i < back_on->n; i++) { /* a measure for each event would need a name for each: the first stands for all */
        if (back_on->kid[i] == NULL || back_on->kid[i]->kind != N_PHRASE) { continue; }
        struct node *known = all(u, at, only, MAKE(N_COMPARE, OP_IS_GIVEN, at, name, NULL));
        struct node *source = MAKE(N_SOURCE, OP_SHARE, at, back_on->kid[i], MAKE(N_COMPARE, OP_AT_MOST, at, name, limit));
        struct node *x = MAKE(N_MEASURE, OP_SHARE, at, source, make(u, N_MSLOT, OP_MONTH, at, 0, NULL), MAKE(N_MSLOT, OP_WHEN, at, known));
        titled(k, x, measured, title);
        declare(k, x);
        break;
    }
    struct node *condition = all(u, at, only, late);
    for (uint32_t i = 1; i < k->clause->n; i++) {
        const struct node *s = k->clause->kid[i];
        if (s == NULL || s->kind != N_DSLOT || s->op != OP_ELSE_NOTIFY) { continue; }
        struct node *rule = MAKE(N_RULE, 0, at, on_phrases(u, N_SLOT, OP_STARTS, back_on, 0, condition), MAKE(N_ACTION, OP_EXPECT_NOTIFY, s->span, notify(u, s)));
        titled(k, rule, measured, title);
        vec_push(&u->made_rules, u->arena, ((struct made_rule){ k->m, rule, k->section }));
    }
    if (r->otherwise == NULL) { return; }
    bool once = r->back != NULL && (r->both == NULL || r->both->op == OP_BOTH_ONCE);
    if (once) { condition = all(u, at, condition, MAKE(N_NOT, 0, at, ask(u, "missed", k->name, at))); }
    charged(k, r->otherwise, on_phrases(u, N_CSLOT, OP_ON_EVENTS, back_on, 0, condition), measured, title);
}

static void recovery(struct unit *u, struct source_module *m, const struct node *n, const struct node *section)
{
    struct recovery_slots r;
    if (!recovery_slots(u, n, &r)) { return; }
    struct str key = n->title.n > 0 ? n->title : n->kid[0]->text;
    if (symbol_need(u, m, SYM_ENTITY, n->kid[0]->text, n->kid[0]->span) == NULL) { return; }
    struct making k = { .u = u, .m = m, .clause = n, .section = section, .entity = n->kid[0]->text, .title = key, .at = duty_place(n) };
    k.name = duty_name(u, key, "_back");
    struct node *only = only_this(u, m, n), *back_on = r.back_on;
    if (back_on == NULL) {
        back_on = plain_phrase(u, "outage_ended", n->span);
        struct symbol *outage = symbol_find(u, m, SYM_SPANS, STR("outage")); /* of several outages at once all have to be over */
        if (outage != NULL) { back_on = MAKE(N_SLOT, 0, n->span, back_on->kid[0], MAKE(N_WHEN, 0, n->span, MAKE(N_NOT, 0, n->span, named(u, N_NAME, STR("outage"), n->span)))); }
    }
    if (r.back != NULL) {
        struct making clock = k;
        clock.title = str_printf(u->arena, "%.*s: back in time", STR_ARG(key));
        bool said = r.back->n > 2 && r.back->kid[2] != NULL;
        const struct node *start = said ? r.back : plain_phrase(u, "outage_started", n->span);
        clock_made(&clock, on_phrases(u, N_SLOT, OP_STARTS, start, said ? 2 : 0, only), on_phrases(u, N_SLOT, OP_STOPS, back_on, 0, NULL), r.back);
        if (r.otherwise != NULL) { charged(&clock, r.otherwise, on_missed(&k, r.otherwise->span), k.name, clock.title); }
    }
    if (r.data != NULL) { data_made(&k, &r, back_on, only); }
}

/* ---- all ---- */

static void one(struct unit *u, struct source_module *m, const struct node *n, const struct node *section)
{
    if (n->kind == N_DUTY) { duty(u, m, n, section); }
    if (n->kind == N_RECOVERY) { recovery(u, m, n, section); }
}

void unit_write_out_duties(struct unit *u) { each_declaration(u, one); }
