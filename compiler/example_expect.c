/* SPDX-License-Identifier: MIT */
/* What an example expects. */
#include "compiler/charge.h"
#include "base/civil.h"
#include "compiler/example.h"
#include "compiler/literal.h"

struct expectation expectation(struct unit *u, enum expect_kind kind, const struct node *line)
{
    struct str words = str_trim(source_text(u->sources, line->span));
    if (str_starts(words, STR("expect "))) { words = str_trim(str_slice(words, 7, words.n)); }
    return (struct expectation){ .kind = kind, .node = line, .at = NONE, .due = NONE, .due_first = NONE, .stopped = NONE, .elapsed = NONE, .paused = NONE, .part = NONE, .whole = NONE, .amount = NONE, .day = NONE, .day_last = NONE, .right = NO_REF, .reading = words };
}

/* ---- what it is about ---- */

/* The entity that the example's events tell about under this id; `want` NULL: of any kind. */
static struct entity_info *entity_of(struct example_info *x, struct str key, struct entity_info *want)
{
    uint32_t id = names_find(x->key_names, key);
    for (uint32_t i = id == 0 ? NO_REF : x->first_key.p[id - 1]; i != NO_REF; i = x->keys.p[i].next) {
        if (want == NULL || x->keys.p[i].entity == want) { return x->keys.p[i].entity; }
    }
    return NULL;
}

bool told_about(struct unit *u, struct example_info *x, const struct node *key, struct entity_info *want)
{
    if (entity_of(x, key->text, want) != NULL) { return true; }
    if (x->unclear) { return false; }
    struct str what = want != NULL ? want->name : STR("thing");
    struct diag *d = diag(u->diags, E0905_EXAMPLE_UNKNOWN_ID, key->span, "no event of this example is about the %.*s \"%.*s\"", STR_ARG(what), STR_ARG(key->text));
    struct suggestion g;
    suggest_start(&g, key->text);
    for (size_t i = 0; i < x->keys.n; i++) {
        if (want == NULL || x->keys.p[i].entity == want) { suggest_offer(&g, x->keys.p[i].key); }
    }
    if (suggest_found(&g)) { diag_help(d, "did you mean \"%.*s\"?", STR_ARG(g.best)); }
    return false;
}

/* ---- clocks ---- */

static bool scalar_arg(struct unit *u, struct example_info *x, const struct node *a, uint8_t vt, int64_t *out)
{
    struct str text;
    const struct node *v = a->n > 0 ? a->kid[0] : NULL;
    if (*out != NONE) { diag(u->diags, E0903_EXAMPLE_TWICE, a->span, "`%.*s` is given twice", STR_ARG(a->text)); return false; }
    return v != NULL && literal_check(u, x->module, v, TYPE(vt), out, &text);
}

static void unknown_argument(struct unit *u, const struct node *a, const char *const *known, size_t n)
{
    struct str word = a->text.n > 0 ? a->text : a->title;
    struct diag *d = diag(u->diags, E0906_EXPECTATION, a->span, "`%.*s` cannot be expected here", STR_ARG(word));
    struct suggestion g;
    struct sb all = { 0 };
    all.arena = u->arena;
    suggest_start(&g, word);
    for (size_t i = 0; i < n; i++) {
        suggest_offer(&g, str_of(known[i]));
        sb_printf(&all, "%s`%s`", i == 0 ? "" : ", ", known[i]);
    }
    if (suggest_found(&g)) { diag_help(d, "did you mean `%.*s`?", STR_ARG(g.best)); }
    else { diag_help(d, "what can stand here: %.*s", STR_ARG(sb_str(&all))); }
}

static void clock_arguments(struct unit *u, struct example_info *x, struct expectation *e, const struct node *line)
{
    static const char *const known[] = { "due", "first due", "stopped", "elapsed", "paused", "cycle" };
    int64_t cycle = NONE;
    for (uint32_t i = 1; i < line->n; i++) {
        const struct node *a = line->kid[i];
        if (a == NULL || a->kind != N_EXARG) { continue; }
        switch (a->op) {
        case OP_DUE: (void)scalar_arg(u, x, a, VT_INSTANT, &e->due); break;
        case OP_DUE_FIRST: (void)scalar_arg(u, x, a, VT_INSTANT, &e->due_first); break;
        case OP_STOPPED: (void)scalar_arg(u, x, a, VT_INSTANT, &e->stopped); break;
        case OP_ELAPSED: (void)scalar_arg(u, x, a, VT_DURATION, &e->elapsed); break;
        case OP_PAUSED: (void)scalar_arg(u, x, a, VT_DURATION, &e->paused); break;
        case OP_CYCLE:
            if (!scalar_arg(u, x, a, VT_COUNT, &cycle)) { break; }
            if (cycle < 1) { diag(u->diags, E0906_EXPECTATION, a->span, "cycles are counted from 1"); break; }
            e->cycle = (uint32_t)cycle;
            break;
        default: unknown_argument(u, a, known, countof(known)); break;
        }
    }
}

static void clock(struct unit *u, struct example_info *x, const struct node *line)
{
    static const char *const states[] = { "met", "breached", "running", "paused", "cancelled", "stopped" };
    bool no = line->op == OP_EXPECT_NO_CLOCK;
    struct expectation e = expectation(u, no ? EXPECT_NO_CLOCK : EXPECT_CLOCK, line);
    struct symbol *s = symbol_need(u, x->module, SYM_CLOCK, line->text, span_is_none(line->name_span) ? line->span : line->name_span);
    if (s == NULL || s->info == NULL || line->n == 0 || line->kid[0] == NULL) { return; }
    e.clock = s->info;
    e.key = line->kid[0]->text;
    e.state = line->title;
    if (e.clock->entity == NULL || !told_about(u, x, line->kid[0], e.clock->entity)) { return; }
    bool known = no && e.state.n == 0;
    for (size_t i = 0; i < countof(states); i++) { known |= str_eq(e.state, str_of(states[i])); }
    if (!known) {
        struct diag *d = diag(u->diags, E0906_EXPECTATION, line->span, "`%.*s` is no state of a clock", STR_ARG(e.state));
        struct suggestion g;
        suggest_start(&g, e.state);
        for (size_t i = 0; i < countof(states); i++) { suggest_offer(&g, str_of(states[i])); }
        if (suggest_found(&g)) { diag_help(d, "did you mean `%.*s`?", STR_ARG(g.best)); }
        else { diag_help(d, "a clock is met, breached, running, paused, cancelled or (without a target) stopped"); }
        return;
    }
    clock_arguments(u, x, &e, line);
    vec_push(&x->expects, u->arena, e);
}

/* ---- notices ---- */

struct recipients { struct suggestion g; bool found, any; };
static void recipients_seen(struct recipients *r, const struct recipient_info *p, size_t n, struct str wanted)
{
    for (size_t i = 0; i < n; i++) {
        if (p[i].value != NULL) { r->any = true; continue; }
        suggest_offer(&r->g, p[i].text);
        r->found |= str_eq(p[i].text, wanted);
    }
}

/* Somebody whom no clause tells is a slip of the pen; `expect no notify` would hold for ever. */
static void check_recipient(struct unit *u, const struct node *n)
{
    struct recipients r = { .found = false };
    suggest_start(&r.g, n->text);
    for (size_t i = 0; i < u->clocks.n; i++) {
        struct clock_info *c = u->clocks.p[i];
        for (size_t k = 0; k < c->steps.n; k++) { recipients_seen(&r, c->steps.p[k]->recipients.p, c->steps.p[k]->recipients.n, n->text); }
        for (size_t k = 0; k < c->exceptions.n; k++) {
            for (size_t j = 0; j < c->exceptions.p[k]->steps.n; j++) {
                struct step_info *s = c->exceptions.p[k]->steps.p[j];
                recipients_seen(&r, s->recipients.p, s->recipients.n, n->text);
            }
        }
    }
    for (size_t i = 0; i < u->rules.n; i++) {
        for (size_t k = 0; k < u->rules.p[i]->actions.n; k++) {
            const struct action_info *a = &u->rules.p[i]->actions.p[k];
            if (!a->set) { recipients_seen(&r, &a->recipient, 1, n->text); }
        }
    }
    for (size_t i = 0; u->money != NULL && i < u->money->accounts.n; i++) {
        for (size_t k = 0; k < u->money->accounts.p[i]->notices.n; k++) {
            struct recipient_info to = { .text = u->money->accounts.p[i]->notices.p[k].who };
            recipients_seen(&r, &to, 1, n->text);
        }
    }
    if (r.found || r.any || name_unreadable(u, n->text)) { return; }
    struct diag *d = diag(u->diags, E0907_NOBODY, n->span, "no clause notifies \"%.*s\"", STR_ARG(n->text));
    if (suggest_found(&r.g)) { diag_help(d, "did you mean \"%.*s\"?", STR_ARG(r.g.best)); }
}

static void notify(struct unit *u, struct example_info *x, const struct node *line)
{
    struct expectation e = expectation(u, EXPECT_NOTIFY, line);
    const struct node *who = line->n > 0 ? line->kid[0] : NULL;
    if (who == NULL) { return; }
    if (who->kind != N_TEXT) {
        struct diag *d = diag(u->diags, E0906_EXPECTATION, who->span, "an example says by name who is told");
        diag_help(d, "write the text that is expected: `expect notify \"Director\"`");
        return;
    }
    e.text = who->text;
    if (line->op == OP_EXPECT_NO_NOTIFY) { e.flags |= EXPECT_NOT; }
    check_recipient(u, who);
    for (uint32_t i = 1; i < line->n; i++) {
        const struct node *a = line->kid[i];
        if (a == NULL || a->kind != N_EXARG) { continue; }
        if (a->op == OP_AT) { (void)scalar_arg(u, x, a, VT_INSTANT, &e.at); }
        if (a->op != OP_FOR || a->kid[0] == NULL || !told_about(u, x, a->kid[0], NULL)) { continue; }
        e.key = a->kid[0]->text;
    }
    vec_push(&x->expects, u->arena, e);
}

/* ---- calendars ---- */

static void open_at(struct unit *u, struct example_info *x, const struct node *line)
{
    struct expectation e = expectation(u, EXPECT_OPEN, line);
    struct tex *t = calendar_check(u, &(struct scope){ x->module, NULL, NULL }, line->kid[0]);
    if (line->op == OP_EXPECT_CLOSED) { e.flags |= EXPECT_CLOSED; }
    e.at = instant_of(u, line->kid[1]);
    if (t->type.vt == VT_ERROR) { return; }
    e.calendar = tex_calendar(t);
    if (e.calendar == NULL) {
        struct diag *d = diag(u->diags, E0906_EXPECTATION, line->kid[0]->span, "which hours these are depends on the thing they are for");
        diag_help(d, "name a calendar with a zone of its own");
        return;
    }
    vec_push(&x->expects, u->arena, e);
}

/* ---- measures ---- */

int64_t example_digits(struct str s, size_t from, size_t n)
{
    int64_t v = 0;
    for (size_t i = from; i < from + n; i++) {
        if (i >= s.n || s.p[i] < '0' || s.p[i] > '9') { return -1; }
        v = v * 10 + (s.p[i] - '0');
    }
    return v;
}

int64_t example_date(struct str s)
{
    int64_t y = example_digits(s, 0, 4), m = example_digits(s, 5, 2), d = example_digits(s, 8, 2);
    if (y < 0 || m < 1 || d < 1 || s.p[4] != '-' || s.p[7] != '-' || !civil_valid((int)y, (int)m, (int)d)) { return NONE; }
    return civil_date((int)y, (int)m, (int)d);
}

struct str example_period(struct unit *u, uint32_t period, uint32_t period_n, struct str written)
{
    struct str none = { "", 0 };
    int64_t y = example_digits(written, 0, 4), mo = written.n >= 7 && written.p[4] == '-' ? example_digits(written, 5, 2) : -1, day = written.n >= 10 ? example_date(written) : NONE;
    bool year = written.n == 4 && y >= 0, month = written.n == 7 && y >= 0 && mo >= 1 && mo <= 12, one_date = written.n == 10 && day != NONE;
    if (period_n == 1) {
        switch ((enum period_kind)period) {
        case PERIOD_DAY: return one_date ? written : none;
        case PERIOD_MONTH: return month ? written : none;
        case PERIOD_YEAR: return year ? written : none;
        case PERIOD_QUARTER: return month || one_date ? str_printf(u->arena, "%04d-Q%d", (int)y, (int)(mo + 2) / 3) : none;
        case PERIOD_WEEK: {
            if (!one_date) { return none; }
            date thursday = (date)day - civil_weekday((date)day) + 3;
            int32_t of = civil_ymd(thursday).year;
            return str_printf(u->arena, "%04d-W%02d", (int)of, (int)(thursday - civil_date(of, 1, 1)) / 7 + 1);
        }
        case PERIOD_CONTRACT_MONTH: case PERIOD_CONTRACT_YEAR: case PERIOD_ALL: break;
        }
    }
    struct str rest = str_trim(str_slice(written, 10, written.n));
    if (day == NONE || !str_starts(rest, STR("to"))) { return none; }
    rest = str_trim(str_slice(rest, 2, rest.n));
    if (rest.n != 10 || example_date(rest) == NONE || example_date(rest) < day) { return none; }
    return str_printf(u->arena, "%.*s to %.*s", 10, written.p, 10, rest.p);
}

const char *example_period_form(uint32_t period, uint32_t period_n)
{
    if (period_n != 1) { return "its first and last day: `in 2026-01-15 to 2026-02-14`"; }
    switch ((enum period_kind)period) {
    case PERIOD_DAY: return "a date: `in 2026-03-06`";
    case PERIOD_WEEK: return "a date that lies in it: `in 2026-03-02`";
    case PERIOD_MONTH: return "`in 2026-03`";
    case PERIOD_QUARTER: return "a month that lies in it: `in 2026-03`";
    case PERIOD_YEAR: return "`in 2026`";
    default: return "its first and last day: `in 2026-01-15 to 2026-02-14`";
    }
}

static struct type value_type(const struct measure_info *m)
{
    switch ((enum measure_kind)m->kind) {
    case MEASURE_SHARE: case MEASURE_UPTIME: return TYPE(VT_PERCENT);
    case MEASURE_RATIO: return TYPE(VT_NUMBER);
    case MEASURE_SUM: case MEASURE_MEAN: return m->source == SOURCE_CLOCK ? TYPE(VT_DURATION) : m->part != NULL ? m->part->type : TYPE(VT_ERROR);
    case MEASURE_COUNT: break;
    }
    return TYPE(VT_COUNT);
}

static bool measure_value(struct unit *u, struct example_info *x, struct expectation *e, const struct node *v)
{
    struct type t = value_type(e->measure);
    struct str text;
    e->state = str_trim(source_text(u->sources, v->span));
    if (v->kind == N_NODATA) { e->flags |= EXPECT_NO_DATA; return true; }
    if (v->kind != N_ARITH || v->op != OP_DIVIDED_BY || v->kid[0]->kind != N_NUMBER || v->kid[1]->kind != N_NUMBER) { return literal_check(u, x->module, v, t, &e->part, &text); }
    if (e->measure->kind != MEASURE_SHARE && e->measure->kind != MEASURE_UPTIME) {
        struct diag *d = diag(u->diags, E0908_EXPECT_MEASURE, v->span, "`%.*s` is not a number of things out of others", STR_ARG(e->measure->name));
        diag_label(d, v->span, "it is %.*s", STR_ARG(type_word(u, t)));
        return false;
    }
    return literal_check(u, x->module, v->kid[0], TYPE(VT_COUNT), &e->part, &text) && literal_check(u, x->module, v->kid[1], TYPE(VT_COUNT), &e->whole, &text);
}

/* `of P1`: which group. */
static bool measure_groups(struct unit *u, struct example_info *x, struct expectation *e, struct node *const *group, uint32_t n, struct span at)
{
    struct measure_info *m = e->measure;
    struct sb b = { .arena = u->arena };
    bool of_thing = m->by.n == 0 && n == 1 && m->source == SOURCE_SPANS && m->entity != NULL; /* `uptime of "erp"` */
    if (of_thing) {
        int64_t none;
        return literal_check(u, x->module, group[0], TYPE(VT_TEXT), &none, &e->reading);
    }
    if (n != m->by.n) {
        struct sb by = { .arena = u->arena };
        for (size_t i = 0; i < m->by.n; i++) { sb_printf(&by, "%s%.*s", i == 0 ? "" : ", ", STR_ARG(m->by_name.p[i])); }
        struct diag *d = m->by.n == 0 ? diag(u->diags, E0908_EXPECT_MEASURE, at, "`%.*s` is one value for all", STR_ARG(m->name))
                                      : diag(u->diags, E0908_EXPECT_MEASURE, at, "`%.*s` is measured by %.*s", STR_ARG(m->name), STR_ARG(sb_str(&by)));
        if (m->by.n == 0) { diag_help(d, "leave `of …` out"); }
        else { diag_help(d, "say which one is expected: `%.*s of %s%s in …`", STR_ARG(m->name), m->by.p[0]->type.vt == VT_SCALE && m->by.p[0]->type.scale->n > 0 ? str_c(u->arena, m->by.p[0]->type.scale->value[0]) : "…", m->by.n > 1 ? ", …" : ""); }
        return false;
    }
    for (uint32_t i = 0; i < n; i++) {
        int64_t scalar;
        struct str text;
        if (!literal_check(u, x->module, group[i], m->by.p[i]->type, &scalar, &text)) { return false; }
        if (i > 0) { sb_puts(&b, ", "); }
        sb_put(&b, m->by.p[i]->type.vt == VT_TEXT ? text : value_words(u, m->by.p[i]->type, scalar));
    }
    e->reading = sb_str(&b);
    return true;
}

static void measure(struct unit *u, struct example_info *x, const struct node *line, struct symbol *s, struct str period, struct node *const *group, uint32_t n, const struct node *v)
{
    struct expectation e = expectation(u, EXPECT_MEASURE, line);
    if (s == NULL || s->info == NULL || v == NULL || v->kind == N_BROKEN) { return; }
    e.measure = s->info;
    struct span at = span_is_none(line->name_span) ? line->span : line->name_span;
    e.text = e.measure->period == PERIOD_ALL ? STR("all") : example_period(u, e.measure->period, e.measure->period_n, period);
    if (e.measure->period == PERIOD_ALL ? period.n > 0 : e.text.n == 0) {
        struct diag *d = diag(u->diags, E0908_EXPECT_MEASURE, line->span, period.n > 0 ? "`%.*s` has no period `%.*s`" : "it is not said for which period `%.*s` is expected%.*s", STR_ARG(e.measure->name), STR_ARG(period));
        if (e.measure->period == PERIOD_ALL) { diag_help(d, "it is measured over the whole term: leave `in …` out"); }
        else { diag_help(d, "write %s", example_period_form(e.measure->period, e.measure->period_n)); }
        return;
    }
    if (!measure_groups(u, x, &e, group, n, at) || !measure_value(u, x, &e, v)) { return; }
    vec_push(&x->expects, u->arena, e);
}

/* ---- values ---- */

/* `priority of "T1"` is `priority`, seen from T1: the whole expectation is about one thing. */
struct about { struct unit *u; struct example_info *x; const struct node *key; bool wrong; };
static struct node *seen_from(struct about *a, const struct node *e)
{
    if (e == NULL) { return NULL; }
    struct node *n = ARENA_NEW(a->u->arena, struct node);
    *n = *e;
    if (e->kind == N_NAME && e->op == OP_OF && e->n > 0 && e->kid[0] != NULL && e->kid[0]->kind == N_TEXT) {
        const struct node *key = e->kid[0];
        if (a->key == NULL) { a->key = key; }
        if (!str_eq(a->key->text, key->text)) {
            struct diag *d = diag(a->u->diags, E0906_EXPECTATION, key->span, "one expectation is about one thing");
            diag_label(d, a->key->span, "this is another");
            diag_help(d, "write a line for each");
            a->wrong = true;
        }
        n->op = OP_NONE_GIVEN;
        n->n = 0;
        n->span = span_is_none(e->name_span) ? e->span : e->name_span;
        return n;
    }
    n->kid = ARENA_ARRAY(a->u->arena, struct node *, e->n + 1);
    for (uint32_t i = 0; i < e->n; i++) { n->kid[i] = seen_from(a, e->kid[i]); }
    return n;
}

/* A measure over the term is expected without a period, and so looks like a value. */
static bool is_measure(struct unit *u, struct example_info *x, const struct node *left, struct symbol **s)
{
    if (left->kind != N_NAME) { return false; }
    *s = symbol_find(u, x->module, SYM_MEASURE, left->text);
    if (*s == NULL || symbol_find(u, x->module, SYM_TABLE, left->text) != NULL || symbol_find(u, x->module, SYM_VALUE, left->text) != NULL) { return false; }
    for (size_t i = 0; left->n > 0 && i < u->entities.n; i++) {
        for (size_t k = 0; k < u->entities.p[i]->attrs.n; k++) {
            if (str_eq(u->entities.p[i]->attrs.p[k]->name, left->text)) { return false; }
        }
    }
    return true;
}

static void value(struct unit *u, struct example_info *x, const struct node *line)
{
    const struct node *left = line->kid[0], *right = line->n > 1 ? line->kid[1] : NULL;
    struct symbol *s = NULL;
    if (left == NULL || right == NULL || left->kind == N_BROKEN || right->kind == N_BROKEN) { return; }
    if (is_measure(u, x, left, &s)) { measure(u, x, line, s, (struct str){ "", 0 }, left->kid, left->n, right); return; }
    struct expectation e = expectation(u, EXPECT_VALUE, line);
    if (right->kind == N_NODATA) {
        diag(u->diags, E0906_EXPECTATION, right->span, "`no data` is for measures");
        return;
    }
    struct about about = { .u = u, .x = x };
    struct node *compare = ARENA_NEW(u->arena, struct node);
    struct node *kids[] = { seen_from(&about, left), seen_from(&about, right) };
    *compare = (struct node){ .kind = N_COMPARE, .op = OP_IS, .id = line->id, .span = line->span, .name_span = line->name_span, .kid = arena_copy(u->arena, kids, sizeof kids), .n = 2 };
    if (about.wrong || (about.key != NULL && !told_about(u, x, about.key, NULL))) { return; }
    struct scope sc = { x->module, NULL, NULL };
    if (about.key != NULL) {
        e.key = about.key->text;
        e.entity = sc.entity = entity_of(x, e.key, NULL);
    }
    e.value = condition_check(u, &sc, compare);
    e.text = e.reading;
    if (e.value->type.vt != VT_ERROR) { vec_push(&x->expects, u->arena, e); }
}

/* ---- all ---- */

void example_expect(struct unit *u, struct example_info *x, const struct node *line)
{
    struct span at = span_is_none(line->name_span) ? line->span : line->name_span;
    switch (line->op) {
    case OP_EXPECT_CLOCK: case OP_EXPECT_NO_CLOCK: clock(u, x, line); break;
    case OP_EXPECT_NOTIFY: case OP_EXPECT_NO_NOTIFY: notify(u, x, line); break;
    case OP_EXPECT_OPEN: case OP_EXPECT_CLOSED: open_at(u, x, line); break;
    case OP_EXPECT_MEASURE: measure(u, x, line, symbol_need(u, x->module, SYM_MEASURE, line->text, at), line->title, line->kid + 1, line->n - 1, line->kid[0]); break;
    case OP_EXPECT_VALUE: value(u, x, line); break;
    case OP_EXPECT_REJECT: vec_push(&x->expects, u->arena, expectation(u, EXPECT_REJECT, line)); break;
    default: break;
    }
}
