/* SPDX-License-Identifier: MIT */
/* Builders of clauses with some shape of their own: tables, clocks, chains, measures, examples, adapters. */
#include "grammar/ast.h"
#include "grammar/parser.h"
#include "msa.tab.h"
#include <inttypes.h>
#include <string.h>

/* ----------------------------------------------------------------------------------------------------------- tables */
struct node *ast_hit(struct parse *p, struct span span, enum node_op op)
{
    return ast_leaf(p, N_ANY, op, span); /* taken out again by ast_table */
}
struct node *ast_cell(struct parse *p, struct span span, struct list items)
{
    struct node *n = ast_make(p, N_CELL, 0, span, items);
    n->text = span_text(p, span);
    return n;
}
struct node *ast_heading_cell(struct parse *p, const struct token *t)
{
    struct node *n = ast_leaf(p, N_CELL, 0, t->span);
    struct str s = token_text(p, t);
    bool plain = true;
    for (size_t i = 0; i < s.n; i++) { plain = plain && s.p[i] != '\t' && s.p[i] != '\n' && !(s.p[i] == ' ' && i > 0 && s.p[i - 1] == ' '); }
    n->text = s;
    if (!plain) {
        char *copy = arena_alloc(p->arena, s.n + 1);
        size_t k = 0;
        for (size_t i = 0; i < s.n; i++) {
            bool space = s.p[i] == ' ' || s.p[i] == '\t' || s.p[i] == '\n' || s.p[i] == '\r';
            if (!space) { copy[k++] = s.p[i]; }
            else if (k > 0 && copy[k - 1] != ' ') { copy[k++] = ' '; }
        }
        n->text = str_make(copy, k);
    }
    if (s.n > 2 && s.p[0] == '"' && s.p[s.n - 1] == '"') { n->text = str_slice(n->text, 1, n->text.n - 1); }
    return n;
}
struct node *ast_heading(struct parse *p, struct span span, struct list cells, bool cross)
{
    return ast_make(p, N_HEADING, cross ? OP_CROSS : 0, span, cells);
}
struct node *ast_table(struct parse *p, struct span span, const struct token *name, const struct token *title, struct span inputs_span,
                       struct list inputs, struct list body)
{
    struct list kept = list_none(), kids = list_none();
    enum node_op hit = OP_UNIQUE;
    const struct node *policy = NULL, *heading = NULL;
    for (uint32_t i = 0; i < inputs.n; i++) {
        struct node *n = inputs.p[i];
        if (n->kind != N_ANY) {
            kept = list_add(p, kept, n);
        } else if (policy != NULL) {
            diag_label(diag(p->diags, E0123_PLACE, n->span, "a table has one hit policy"), policy->span, "it is said here");
        } else {
            hit = (enum node_op)n->op, policy = n;
        }
    }
    kids = list_one(p, ast_make(p, N_INPUTS, 0, inputs_span, kept));
    bool from_event = false, broken = false;
    for (uint32_t i = 0; i < body.n; i++) {
        struct node *n = body.p[i];
        if (n->kind == N_ANY) { from_event = true; continue; }
        if (n->kind == N_HEADING) { heading = n; }
        broken = broken || n->kind == N_BROKEN;
        kids = list_add(p, kids, n);
    }
    if (heading == NULL && !broken) {
        struct diag *m = diag(p->diags, E0121_ROW, name != NULL ? name->span : inputs_span, "this table has no heading");
        diag_help(m, "its first row names the columns, with `|` between them");
    }
    struct node *n = ast_make(p, N_TABLE, hit, span, kids);
    n->number = from_event;
    n->number2 = heading != NULL && heading->op == OP_CROSS;
    return ast_titled(p, n, name, title);
}

/* ----------------------------------------------------------------------------------------------------------- clocks */
/* `starts on opened, stops on closed`: the second slot would be taken for an event. */
static bool says_slot(const struct parse *p, const struct token *name)
{
    static const char *const slots[] = { "starts", "stops", "restarts", "continues", "cancels", "pauses", "resumes", "hidden" };
    for (size_t i = 0; i < countof(slots); i++) {
        if (str_eq(token_text(p, name), str_of(slots[i]))) { return true; }
    }
    return false;
}
struct node *ast_phrase(struct parse *p, struct span span, const struct token *name, bool first, struct list preps)
{
    if (says_slot(p, name)) {
        struct diag *m = diag(p->diags, E0120_COMMA, name->span, "`%.*s` starts a line of its own", STR_ARG(token_text(p, name)));
        diag_help(m, "a comma separates events; write this on the next line or behind `;`");
    }
    return ast_numbered(ast_named(p, ast_make(p, N_PHRASE, 0, span, preps), name), first);
}
struct node *ast_prep(struct parse *p, struct span span, const struct token *word, struct list values)
{
    struct node *value = ast_list_of(p, values.n > 1 ? span_join(values.p[0]->span, values.p[values.n - 1]->span) : SPAN_NONE, values);
    return ast_named(p, ast_one(p, N_PREP, 0, span, value), word);
}
struct node *ast_events(struct parse *p, struct span span, enum node_op op, struct list phrases, struct node *when)
{
    return ast_make(p, N_SLOT, op, span, when != NULL ? list_add(p, phrases, when) : phrases);
}
struct node *ast_on_event(struct parse *p, struct span span, struct list events, const struct token *what)
{
    static const struct { const char *word; enum node_op op; } ways[] = {
        { "stop", OP_ON_STOP }, { "cancel", OP_ON_CANCEL }, { "pause", OP_ON_PAUSE }, { "ignore", OP_ON_IGNORE },
    };
    struct str word = token_text(p, what);
    for (size_t i = 0; i < countof(ways); i++) {
        if (str_eq(word, str_of(ways[i].word))) { return ast_make(p, N_SLOT, ways[i].op, span, events); }
    }
    struct diag *m = diag(p->diags, E0123_PLACE, what->span, "`%.*s` is not what a clock can do", STR_ARG(word));
    diag_help(m, "on an event a clock can `stop`, `cancel`, `pause` or `ignore`");
    return ast_broken(p, span);
}
struct node *ast_step(struct parse *p, struct span span, enum node_op op, struct node *amount, struct list tail)
{
    struct node *calendar = tail.p[0];
    struct node *n = ast_make(p, N_STEP, op, span, list_front(p, amount, tail));
    n->number = calendar != NULL && calendar->kind == N_NAME && str_eq(calendar->text, STR("24x7"));
    return n;
}
struct node *ast_percent_of(struct parse *p, const struct token *percent, const struct token *of)
{
    (void)percent;
    if (!str_eq(token_text(p, of), STR("target"))) {
        struct diag *m = diag(p->diags, E0123_PLACE, of->span, "a step comes at a percentage of the target");
        diag_fix(m, of->span, "target");
    }
    return NULL;
}

/* ----------------------------------------------------------------------------------------------------------- chains */
struct node *ast_again(struct parse *p, struct span span, const struct token *word, const struct token *times)
{
    int64_t n = 1;
    if (times != NULL) {
        n = times->number / 1000000;
        if (times->number2 > 0 || n < 1 || n > 1000) { diag(p->diags, E0123_PLACE, times->span, "a chain repeats 1 to 1000 times"), n = 1; }
    } else if (str_eq(token_text(p, word), STR("twice"))) {
        n = 2;
    } else if (!str_eq(token_text(p, word), STR("once"))) {
        struct diag *m = diag(p->diags, E0123_PLACE, word->span, "`%.*s` is not how often", STR_ARG(token_text(p, word)));
        diag_help(m, "write `again once`, `again twice` or `again 3 times`");
    }
    return ast_numbered(ast_leaf(p, N_ANY, 0, span), n); /* taken out again by ast_chain */
}
struct node *ast_chain(struct parse *p, struct span span, const struct token *name, const struct token *title, struct node *entity,
                       struct node *on, struct list lines)
{
    struct list links = list_two(p, entity, on), ends = list_none();
    int64_t again = 0;
    for (uint32_t i = 0; i < lines.n; i++) {
        struct node *n = lines.p[i];
        if (n->kind == N_ANY) { again = n->number; }
        else if (n->kind == N_SLOT) { ends = list_add(p, ends, n); }
        else { links = list_add(p, links, n); }
    }
    return ast_numbered(ast_titled(p, ast_make(p, N_CHAIN, 0, span, list_join(p, links, ends)), name, title), again);
}

/* --------------------------------------------------------------------------------------------------------- measures */
struct node *ast_source_clock(struct parse *p, struct span span, enum node_op op, struct node *phrase, const struct token *state)
{
    if (state == NULL) { return ast_one(p, N_SOURCE, op, span, phrase); }
    struct str word = token_text(p, state);
    struct node *n = ast_leaf(p, N_SOURCE, op, span);
    n->text = phrase->text;
    n->name_span = phrase->name_span;
    if (str_eq(word, STR("met"))) { n->number2 = OP_MET; }
    else if (str_eq(word, STR("breached"))) { n->number2 = OP_BREACHED; }
    else {
        struct diag *m = diag(p->diags, E0123_PLACE, state->span, "`%.*s` cannot be counted of a clock", STR_ARG(word));
        diag_help(m, "write `met` or `breached`");
        return ast_broken(p, span);
    }
    return n;
}
struct node *ast_source_of(struct parse *p, struct span span, enum node_op op, struct node *value, struct node *value2, struct list preps)
{
    struct node *last = value2 != NULL ? value2 : value;
    if (last->kind != N_NAME || last->op != OP_OF) {
        struct diag *m = diag(p->diags, E0123_PLACE, last->span, "of which event is missing");
        diag_help(m, "write `sum of minutes of worked`: a field, `of`, the event; a longer expression in brackets, `sum of (minutes * 2) of worked`");
        return ast_broken(p, span);
    }
    /* `minutes of worked` was read as a name of a name */
    struct node *event = last->kid[0];
    struct node *field = ast_leaf(p, N_NAME, 0, last->name_span);
    field->text = last->text;
    struct node *phrase = ast_make(p, N_PHRASE, 0, preps.n ? span_join(event->span, preps.p[preps.n - 1]->span) : event->span, preps);
    phrase->text = event->text;
    phrase->name_span = event->name_span;
    struct list kids = list_one(p, phrase);
    if (value2 != NULL) { kids = list_add(p, kids, value); }
    return ast_make(p, N_SOURCE, op, span, list_add(p, kids, field));
}
struct node *ast_measure(struct parse *p, struct span span, const struct token *name, const struct token *title, struct node *of, struct list lines)
{
    struct list sources = list_none(), slots = list_none();
    enum node_op op = OP_NONE_GIVEN;
    struct node *fixed = NULL;
    bool broken = false;
    for (uint32_t i = 0; i < lines.n; i++) {
        struct node *n = lines.p[i];
        if (n->kind == N_SOURCE) {
            if (sources.n > 0) {
                struct diag *m = diag(p->diags, E0123_PLACE, n->span, "a measure measures one thing");
                diag_label(m, sources.p[0]->span, "it is said here");
            }
            sources = list_add(p, sources, n);
            op = (enum node_op)n->op;
        } else if (n->kind == N_MSLOT && n->op == OP_FIXED_LENGTH) {
            fixed = n;
        } else {
            broken = broken || n->kind == N_BROKEN;
            slots = list_add(p, slots, n);
        }
    }
    if (sources.n == 0 && !broken) {
        struct diag *m = diag(p->diags, E0703_MEASURES_NOTHING, name->span, "what `%.*s` measures is missing", STR_ARG(token_text(p, name)));
        diag_help(m, "say it first: `share of response met`, `count of opened`, `sum of minutes of worked`");
    }
    if (fixed != NULL && sources.n > 0) { sources.p[0]->number = fixed->kid[0]->number2; }
    if (fixed != NULL && fixed->kid[0]->number2 == NONE) {
        diag_help(diag(p->diags, E0110_UNIT, fixed->kid[0]->span, "a fixed length is exact"), "write it in `min` or `h`");
    }
    for (uint32_t i = 0; i < sources.n; i++) { /* met or breached is the op of a clock's source; its kind stays with the measure */
        if (sources.p[i]->kind == N_SOURCE && sources.p[i]->number2 != 0) { sources.p[i]->op = (uint16_t)sources.p[i]->number2, sources.p[i]->number2 = 0; }
    }
    if (of != NULL) { slots = list_add(p, slots, ast_one(p, N_MSLOT, OP_OF, of->span, of)); }
    return ast_titled(p, ast_make(p, N_MEASURE, op, span, list_join(p, sources, slots)), name, title);
}
struct node *ast_exception(struct parse *p, struct span span, const struct token *number, const struct token *title, bool notwithstanding,
                           struct list lines)
{
    struct node *n = ast_titled(p, ast_make(p, N_EXCEPTION, 0, span, lines), NULL, title);
    n->text = token_text(p, number);
    n->name_span = number->span;
    return ast_numbered(n, notwithstanding);
}
struct node *ast_field(struct parse *p, struct span span, const struct token *prep, const struct token *name, const struct token *type, struct list tail)
{
    struct list kids = list_one(p, ast_name(p, type));
    struct node *value = NULL;
    bool required = false;
    for (uint32_t i = 0; i < tail.n; i++) {
        if (tail.p[i] == NULL) { required = true; } else { value = tail.p[i]; }
    }
    struct node *n = ast_named(p, ast_make(p, N_FIELD, 0, span, list_add(p, kids, value)), name);
    if (prep != NULL) { n->title = token_text(p, prep); }
    return ast_numbered(n, required);
}

/* --------------------------------------------------------------------------------------------------------- examples */
struct node *ast_event_line(struct parse *p, struct span span, struct node *at, const struct token *event, struct node *key, struct list args)
{
    return ast_named(p, ast_make(p, N_EXLINE, OP_EVENT_LINE, span, list_front(p, at, list_front(p, key, args))), event);
}
/* `response of "T1"`: the name of something and the key of an entity. */
static bool name_and_key(struct parse *p, struct list left, struct node **name, struct node **key)
{
    struct node *n = left.p[0];
    if (left.n == 1 && n->kind == N_NAME && n->op == OP_OF && n->kid[0]->kind == N_TEXT) {
        *name = n, *key = n->kid[0];
        return true;
    }
    struct diag *m = diag(p->diags, E0123_PLACE, span_join(n->span, left.p[left.n - 1]->span), "of what is missing");
    diag_help(m, "write the clock and what it belongs to: `expect response of \"T1\" met`");
    return false;
}
struct node *ast_expect_state(struct parse *p, struct span span, struct list left, const struct token *state, struct list args, bool no)
{
    struct node *name, *key;
    if (!name_and_key(p, left, &name, &key)) { return ast_broken(p, span); }
    struct node *n = ast_make(p, N_EXLINE, no ? OP_EXPECT_NO_CLOCK : OP_EXPECT_CLOCK, span, list_front(p, key, args));
    n->text = name->text;
    n->name_span = name->name_span;
    if (state != NULL) { n->title = token_text(p, state); }
    return n;
}
struct node *ast_expect_open(struct parse *p, struct span span, struct list left, const struct token *state, struct node *at)
{
    struct str word = token_text(p, state);
    bool open = str_eq(word, STR("open"));
    if (left.n != 1 || (!open && !str_eq(word, STR("closed")))) {
        diag_help(diag(p->diags, E0123_PLACE, state->span, "a calendar is `open` or `closed` at an instant"), "write `expect support open at 2026-05-04 08:59`");
        return ast_broken(p, span);
    }
    return ast_two(p, N_EXLINE, open ? OP_EXPECT_OPEN : OP_EXPECT_CLOSED, span, ast_as_calendar(p, left.p[0]), at);
}
struct node *ast_expect_is(struct parse *p, struct span span, struct list left, struct node *right)
{
    if (left.n != 1) {
        diag_help(diag(p->diags, E0123_PLACE, left.p[1]->span, "one thing is expected at a time"), "write a line for each");
        return ast_broken(p, span);
    }
    return ast_two(p, N_EXLINE, OP_EXPECT_VALUE, span, left.p[0], right);
}
struct node *ast_expect_in(struct parse *p, struct span span, struct list left, struct span period, struct node *right)
{
    struct node *n = left.p[0];
    if (n->kind != N_NAME) {
        diag_help(diag(p->diags, E0123_PLACE, n->span, "a measure is expected here"), "write `expect attainment in 2026-03 is 95%%`");
        return ast_broken(p, span);
    }
    struct list groups = list_none();
    if (n->op == OP_OF) { groups = list_one(p, n->kid[0]); }
    for (uint32_t i = 1; i < left.n; i++) { groups = list_add(p, groups, left.p[i]); }
    struct node *line = ast_make(p, N_EXLINE, OP_EXPECT_MEASURE, span, list_front(p, right, groups));
    line->text = n->text;
    line->name_span = n->name_span;
    line->title = span_text(p, period);
    return line;
}
struct node *ast_arg(struct parse *p, struct span span, const struct token *prefix, const struct token *name, struct node *value)
{
    static const struct { const char *word; enum node_op op; } known[] = {
        { "due", OP_DUE }, { "stopped", OP_STOPPED }, { "elapsed", OP_ELAPSED }, { "paused", OP_PAUSED }, { "cycle", OP_CYCLE },
    };
    struct node *n = ast_one(p, N_EXARG, 0, span, value);
    if (name == NULL) { return ast_named(p, n, prefix); }
    ast_named(p, n, name);
    if (value != NULL) {
        for (size_t i = 0; i < countof(known); i++) {
            if (str_eq(n->text, str_of(known[i].word))) { n->op = known[i].op; }
        }
    }
    if (prefix != NULL && prefix->kind == TK_FIRST) {
        if (n->op == OP_DUE) { n->op = OP_DUE_FIRST; }
        else { diag_help(diag(p->diags, E0123_PLACE, name->span, "only the due instant has a first one"), "write `first due 2026-03-06 18:05`"); }
        n->title = token_text(p, prefix);
    } else if (prefix != NULL) {
        n->number = 1;
        n->title = token_text(p, prefix);
    }
    return n;
}

/* --------------------------------------------------------------------------------------------------------- adapters */
struct node *ast_column_number(struct parse *p, struct span span, const struct token *name, const struct token *word, const struct token *number)
{
    struct node *n = ast_named(p, ast_leaf(p, N_ADAPTERSLOT, OP_ADAPTER_COLUMN, span), name);
    n->number = number->number / 1000000;
    if (!str_eq(token_text(p, word), STR("column"))) {
        diag_fix(diag(p->diags, E0123_PLACE, word->span, "a position is written `column %" PRId64 "`", n->number), word->span, "column");
    } else if (n->number < 1 || n->number > 100000 || number->number2 > 0) {
        diag_help(diag(p->diags, E0123_PLACE, number->span, "there is no such column"), "columns count from 1");
        n->number = 1;
    }
    return n;
}
struct node *ast_map_row(struct parse *p, struct span span, struct node *left, struct node *right)
{
    static const struct { const char *word; enum node_op op; } known[] = { { "reject", OP_REJECT }, { "skip", OP_SKIP }, { "same", OP_SAME } };
    bool otherwise = left->n == 1 && left->kid[0]->kind == N_OTHERWISE;
    struct node *n = ast_two(p, N_ROW, otherwise ? OP_NONE : OP_NONE_GIVEN, span, left, right);
    const struct node *value = right->kid[0];
    n->number = OP_TEXT_VALUE;
    n->text = value->text;
    if (value->kind == N_NAME && value->op != OP_OF) {
        for (size_t i = 0; i < countof(known); i++) {
            if (str_eq(value->text, str_of(known[i].word))) { n->number = known[i].op; }
        }
    }
    n->op = OP_NONE_GIVEN;
    return n;
}
struct node *ast_adapter_rule(struct parse *p, struct span span, enum node_op op, struct list conditions, struct node *make)
{
    return ast_make(p, N_ADAPTERRULE, op, span, list_add(p, conditions, make));
}
struct node *ast_at(struct parse *p, struct span span, struct node *column, int sign, const struct token *by, const struct token *as)
{
    struct node *n = ast_one(p, N_ADAPTERAT, 0, span, column);
    if (by != NULL) {
        if (by->number2 == NONE) {
            diag_help(diag(p->diags, E0110_UNIT, by->span, "a time is shifted by an exact amount"), "write it in `s`, `min` or `h`");
        } else {
            n->number = sign * by->number2;
        }
    }
    if (as != NULL) { ast_named(p, n, as); }
    return n;
}
static int64_t unit_us(struct parse *p, const struct token *t)
{
    struct str s = token_text(p, t);
    int64_t us = str_eq(s, STR("s")) ? USEC : str_eq(s, STR("min")) ? MINUTE_US : str_eq(s, STR("h")) ? HOUR_US : 0;
    if (us == 0) { diag_help(diag(p->diags, E0110_UNIT, t->span, "`%.*s` is not an exact unit", STR_ARG(s)), "write `s`, `min` or `h`"); }
    return us;
}
struct node *ast_adapter_field(struct parse *p, struct span span, const struct token *name, struct node *from, const struct token *through,
                               const struct token *unit)
{
    if (from == NULL && name != NULL) { from = ast_named(p, ast_leaf(p, N_COLUMN, 0, name->span), name); }
    struct node *n = ast_one(p, N_ADAPTERFIELD, 0, span, from);
    if (name != NULL) { ast_named(p, n, name); }
    if (through != NULL) { n->title = token_text(p, through); }
    if (unit != NULL) { n->number = unit_us(p, unit); }
    return n;
}
struct node *ast_recorded(struct parse *p, struct span span, const struct token *name, struct node *column, struct list tail)
{
    struct list kids = list_one(p, column), mods = list_none();
    struct node *make;
    int64_t unit = 0;
    struct str reading = { 0 };
    for (uint32_t i = 0; i < tail.n; i++) {
        struct node *n = tail.p[i];
        if (n->kind == N_TIMEMOD && n->op == OP_IN) {
            struct token t = { .kind = TK_NAME, .span = n->name_span };
            unit = unit_us(p, &t);
        } else if (n->kind == N_TIMEMOD && n->op == OP_IN_ZONE) {
            reading = n->text;
        } else if (n->kind == N_TIMEMOD) {
            mods = list_add(p, mods, n);
        } else {
            kids = list_add(p, kids, n);
        }
    }
    make = ast_numbered(ast_named(p, ast_make(p, N_ADAPTERMAKE, 0, span, list_join(p, kids, mods)), name), unit);
    make->title = reading;
    return ast_one(p, N_ADAPTERRULE, OP_RECORDED, span, make);
}
