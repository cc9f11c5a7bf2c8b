/* SPDX-License-Identifier: MIT */
/* explain: the events of one thing, and how its verdicts came about. */
#include "cli/cli.h"
#include "cli/explain.h"
#include <string.h>
#include <unistd.h>

/* One verdict, or something that was told while it was made. */
struct entry {
    bool is_clock, dropped;      /* dropped: a later revision says it all */
    uint32_t clock, cycle, revision;
    struct str id, text;
};
struct telling_of { bool notice; uint32_t clock, cycle; struct str text, by; };
struct explaining {
    struct field_context fields;
    struct arena arena;
    struct str key, clock;       /* clock: empty for all */
    struct msa_run *run;
    steps steps;                 /* of the result being told; its texts live as long */
    VEC(struct entry) entries;
    VEC(struct telling_of) told;
    struct sb rejected, measures;
    VEC(struct str) clocks_seen; /* names of the thing's clocks and chains, for messages */
    struct str entity;           /* kind of the thing */
    const char *near;            /* of the keys seen the one most like `key`; NULL: none is */
    bool json, any;
};

static int keep_step(void *ctx, const struct msa_step *s)
{
    struct explaining *x = ctx;
    vec_push(&x->steps, NULL, *s);
    return 0;
}

static void capital(struct sb *b, struct str s)
{
    if (!s.n) { return; }
    sb_char(b, s.p[0] >= 'a' && s.p[0] <= 'z' ? (char)(s.p[0] - 'a' + 'A') : s.p[0]);
    sb_visible(b, str_slice(s, 1, s.n));
}

static void heading(struct explaining *x, struct sb *b, const struct msa_result *r)
{
    struct msa_clause k = msa_module_clause(x->fields.module, r->clause);
    capital(b, text_str(r->entity));
    sb_char(b, ' ');
    sb_visible(b, text_str(r->key));
    sb_puts(b, ", clock ");
    sb_visible(b, text_str(r->clock));
    if (r->title.n) {
        sb_puts(b, " \"");
        sb_visible(b, text_str(r->title));
        sb_char(b, '"');
    }
    if (r->cycle > 1) { sb_printf(b, ", cycle %u", r->cycle); }
    if (r->revision > 1) { sb_printf(b, ", verdict %u", r->revision); }
    sb_printf(b, ": %s\n", msa_clock_state_name[r->state]);
    if (k.file.n) {
        sb_puts(b, "  Clause ");
        sb_visible(b, text_str(k.number.n ? k.number : k.name));
        sb_puts(b, " of \"");
        sb_visible(b, x->fields.agreement);
        sb_puts(b, "\" (");
        sb_visible(b, text_str(k.file));
        sb_printf(b, ":%u).\n", k.line);
    }
    if (r->outside_term) { sb_puts(b, "  It began outside the agreement's term, and is judged all the same.\n"); }
}

static void clock_json(struct explaining *x, struct sb *b, const struct msa_result *r)
{
    sb_puts(b, "{");
    bool first = true;
    for (int f = 0; f < FIELD_COUNT; f++) {
        struct value v = field_get(&x->fields, r, (enum field)f);
        if (v.form == IS_ABSENT) { continue; }
        if (!first) { sb_char(b, ','); }
        first = false;
        sb_json_string(b, f == FIELD_KEY ? text_str(r->entity) : str_of(field_name[f]));
        sb_char(b, ':');
        value_json(&x->fields, b, &v);
    }
    sb_puts(b, ",\"steps\":[");
    for (size_t i = 0; i < x->steps.n; i++) {
        if (i) { sb_char(b, ','); }
        explain_step_json(b, &x->fields, &x->steps.p[i]);
    }
    sb_puts(b, "]}\n");
}

static void add(struct explaining *x, struct sb *b, const struct msa_result *r, bool is_clock)
{
    struct entry e = {.is_clock = is_clock, .clock = r->clock_index, .cycle = r->cycle, .revision = r->revision, .id = str_dup(&x->arena, text_str(r->id))};
    e.text = str_dup(&x->arena, sb_str(b));
    if (!x->entity.n) { x->entity = str_dup(&x->arena, text_str(r->entity)); }
    vec_push(&x->entries, NULL, e);
    x->any = true;
}

static void told(struct explaining *x, struct sb *b, const struct msa_result *r)
{
    struct str step = text_str(r->step);
    sb_puts(b, "  Escalation");
    if (step.n) {
        sb_puts(b, str_eq(step, STR("breach")) || str_ends(step, STR("of target")) ? " at " : " ");
        sb_visible(b, step);
    }
    sb_puts(b, " on ");
    when_long(b, x->fields.when.zone, r->at);
    sb_puts(b, ": ");
    recipients_text(&x->fields, b, r, true);
    if (r->late) { sb_puts(b, " (at once, because the due time moved back)"); }
    sb_puts(b, ".\n");
}

/* A line of the list of who was told; what told them is known when all has come. */
static void note(struct explaining *x, const struct msa_result *r)
{
    struct sb b = {.arena = &x->arena};
    struct telling_of t = {.notice = r->kind == MSA_NOTICE, .clock = r->clock_index, .cycle = r->cycle};
    sb_puts(&b, "  ");
    when_long(&b, x->fields.when.zone, r->at);
    sb_puts(&b, ": ");
    recipients_text(&x->fields, &b, r, false);
    t.text = sb_str(&b);
    struct sb by = {.arena = &x->arena};
    if (!t.notice) {
        sb_visible(&by, text_str(r->clock));
        sb_puts(&by, ", ");
    }
    if (msa_module_clause(x->fields.module, r->clause).number.n || !t.notice) { sb_puts(&by, "clause "); }
    sb_visible(&by, field_get(&x->fields, r, FIELD_CLAUSE).text);
    if (r->step.n) {
        sb_puts(&by, ", ");
        sb_visible(&by, text_str(r->step));
    }
    if (t.notice && r->cause.n) {
        sb_puts(&by, ", ");
        sb_visible(&by, text_str(r->cause));
        if (r->line) { sb_printf(&by, ", line %u", r->line); }
    }
    t.by = sb_str(&by);
    vec_push(&x->told, NULL, t);
    if (!x->entity.n) { x->entity = str_dup(&x->arena, text_str(r->entity)); }
    x->any = true;
}

static void difference(struct sb *b, const struct msa_result *r)
{
    sb_puts(b, "  The input itself recorded ");
    sb_visible(b, text_str(r->recorded));
    sb_puts(b, " as ");
    sb_visible(b, text_str(r->aspect));
    sb_puts(b, "; by the agreement it is ");
    sb_visible(b, text_str(r->computed));
    sb_puts(b, ".\n");
}

/* The cycle went on: its earlier verdict no longer holds, and the next one tells everything again. */
static void withdrawn(struct explaining *x, struct sb *b, const struct msa_result *r)
{
    for (size_t i = 0; i < x->entries.n; i++) {
        if (str_eq(x->entries.p[i].id, text_str(r->withdraws))) { x->entries.p[i].dropped = true; }
    }
    sb_puts(b, "  The earlier verdict, ");
    sb_puts(b, msa_clock_state_name[r->state]);
    sb_puts(b, ", was withdrawn on ");
    when_long(b, x->fields.when.zone, r->at);
    if (r->reason.n) {
        sb_puts(b, " (");
        sb_visible(b, text_str(r->reason));
        if (r->line) { sb_printf(b, ", line %u", r->line); }
        sb_char(b, ')');
    }
    sb_puts(b, ".\n");
}

static void see_clock(struct explaining *x, struct str name)
{
    for (size_t i = 0; i < x->clocks_seen.n; i++) {
        if (str_eq(x->clocks_seen.p[i], name)) { return; }
    }
    vec_push(&x->clocks_seen, NULL, str_dup(&x->arena, name));
}

static bool of_word(char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_' || (c & 0x80); }

/* A record that could not be read has no key; does the key stand in it? */
static bool names(struct str record, struct str key)
{
    for (size_t i = 0; key.n && i + key.n <= record.n; i++) {
        if (memcmp(record.p + i, key.p, key.n) != 0) { continue; }
        if ((i == 0 || !of_word(record.p[i - 1])) && (i + key.n == record.n || !of_word(record.p[i + key.n]))) { return true; }
    }
    return false;
}

static void rejected(struct explaining *x, const struct msa_result *r)
{
    if (!str_eq(text_str(r->key), x->key) && (r->key.n || !names(text_str(r->verbatim), x->key))) { return; }
    struct sb *b = &x->rejected;
    sb_puts(b, "  Rejected: ");
    sb_visible(b, field_get(&x->fields, r, FIELD_INPUT).text);
    sb_puts(b, ": ");
    sb_visible(b, text_str(r->reason));
    sb_char(b, '\n');
}

static void measured(struct explaining *x, const struct msa_result *r)
{
    struct sb *b = &x->measures;
    if (x->json) {
        vec_clear(&x->steps);
        clock_json(x, b, r);
    } else {
        sb_puts(b, "  Measure ");
        sb_visible(b, text_str(r->measure));
        sb_char(b, ' ');
        sb_visible(b, text_str(r->period));
        sb_puts(b, ": ");
        measure_text(&x->fields, b, r);
        sb_puts(b, r->kind == MSA_CORRECTION ? ", corrected.\n" : r->final ? ".\n" : ", so far.\n");
    }
    if (!x->entity.n) { x->entity = str_dup(&x->arena, text_str(r->entity)); }
    x->any = true;
}

/* Keys like the one asked for, in case that nothing names it. */
static void see_key(struct explaining *x, struct msa_text seen)
{
    if (x->any || !seen.n || seen.n > 31 || str_eq(text_str(seen), x->key) || (x->near && str_eq(text_str(seen), str_of(x->near)))) { return; }
    char key[32];
    snprintf(key, sizeof key, "%.*s", (int)seen.n, seen.p);
    const char *words[] = {x->near ? x->near : key, key};
    const char *near = nearest_word(x->key.p, words, 2);
    if (near && near != x->near) { x->near = str_c(&x->arena, str_of(near)); }
}

static int take(void *ctx, const struct msa_result *r)
{
    struct explaining *x = ctx;
    struct sb b = {0};
    see_key(x, r->key);
    if (r->kind == MSA_REJECT) { rejected(x, r); }
    if (r->kind == MSA_REJECT || r->kind == MSA_DUPLICATE || !str_eq(text_str(r->key), x->key)) { return 0; }
    if (r->clock.n) { see_clock(x, text_str(r->clock)); }
    if (x->clock.n && !str_eq(text_str(r->clock), x->clock)) { return 0; }
    switch (r->kind) {
    case MSA_CLOCK:
        vec_clear(&x->steps);
        (void)msa_explain(x->run, r, keep_step, x);
        if (x->json) {
            clock_json(x, &b, r);
        } else {
            heading(x, &b, r);
            explain_text(&b, &x->fields, r, &x->steps);
        }
        add(x, &b, r, true);
        break;
    case MSA_MEASURE: measured(x, r); break;
    case MSA_ESCALATION:
    case MSA_NOTICE:
    case MSA_DIFFERENCE:
    case MSA_CORRECTION:
        if (r->measure.n) {
            measured(x, r);
            break;
        }
        if (r->kind == MSA_ESCALATION || r->kind == MSA_NOTICE) { note(x, r); }
        if (x->json) {
            vec_clear(&x->steps);
            clock_json(x, &b, r);
        } else if (r->kind == MSA_DIFFERENCE) {
            difference(&b, r);
        } else if (r->kind == MSA_CORRECTION) {
            withdrawn(x, &b, r);
        } else if (r->kind == MSA_ESCALATION) {
            told(x, &b, r);
        } else {
            break;
        }
        add(x, &b, r, false);
        break;
    case MSA_BREACH: /* the clock's own line says it */
    case MSA_REJECT:
    case MSA_DUPLICATE:
    case MSA_LINE:
    case MSA_INVOICE:
    case MSA_PAYMENT:
    case MSA_CREDIT:
    case MSA_STATE:
    case MSA_RIGHT:
    case MSA_DEADLINE:
    case MSA_REFUSED:
    case MSA_LIABILITY:
    case MSA_ACCOUNT:
    case MSA_SETTLEMENT:
    case MSA_RESULT_KIND_COUNT: break;
    }
    sb_free(&b);
    return 0;
}

static bool has_clock(const struct explaining *x, uint32_t clock)
{
    for (size_t i = 0; i < x->entries.n; i++) {
        if (x->entries.p[i].is_clock && x->entries.p[i].clock == clock) { return true; }
    }
    return false;
}

static bool is_last(const struct explaining *x, size_t i)
{
    for (size_t k = i + 1; k < x->entries.n; k++) {
        const struct entry *e = &x->entries.p[k];
        if (e->is_clock && e->clock == x->entries.p[i].clock && e->cycle == x->entries.p[i].cycle) { return false; }
    }
    return true;
}

static void thing(const struct explaining *x, struct sb *b, const char *what)
{
    capital(b, x->entity.n ? x->entity : STR("thing"));
    sb_char(b, ' ');
    sb_visible(b, x->key);
    sb_puts(b, what);
}

/* All that was told about the thing, when some of it belongs to no clock: chains and rules. */
static void who_was_told(const struct explaining *x, struct sb *b, bool *first)
{
    bool beside = false;
    for (size_t i = 0; i < x->told.n; i++) { beside |= x->told.p[i].notice || !has_clock(x, x->told.p[i].clock); }
    if (!beside) { return; }
    if (!*first) { sb_char(b, '\n'); }
    *first = false;
    thing(x, b, ", who was told\n");
    for (size_t i = 0; i < x->told.n; i++) {
        const struct telling_of *t = &x->told.p[i];
        sb_put(b, t->text);
        sb_puts(b, t->notice && str_starts(t->by, STR("rule at line ")) ? " (" : t->notice ? " (rule, " : has_clock(x, t->clock) ? " (clock " : " (chain ");
        sb_put(b, t->by);
        sb_puts(b, ").\n");
    }
}

/* Each cycle with what was told about it; then what belongs to none. */
static void print(struct explaining *x, struct sb *b)
{
    bool first = true;
    for (size_t i = 0; i < x->entries.n; i++) {
        const struct entry *c = &x->entries.p[i];
        if (x->json) {
            sb_put(b, c->text);
            continue;
        }
        if (!c->is_clock || (c->dropped && !is_last(x, i))) { continue; }
        if (!first) { sb_char(b, '\n'); }
        first = false;
        sb_put(b, c->text);
        for (size_t k = 0; k < x->entries.n; k++) {
            const struct entry *e = &x->entries.p[k];
            if (!e->is_clock && e->clock == c->clock && e->cycle == c->cycle) { sb_put(b, e->text); }
        }
    }
    if (!x->json) { who_was_told(x, b, &first); }
    if (x->measures.n) {
        if (!x->json && !first) { sb_char(b, '\n'); }
        if (!x->json) { thing(x, b, ", measures\n"); }
        sb_put(b, sb_str(&x->measures));
        first = false;
    }
    if (x->rejected.n && !x->json) {
        if (!first) { sb_char(b, '\n'); }
        thing(x, b, ", records that could not be used\n");
        sb_put(b, sb_str(&x->rejected));
    }
}

/* ---- nothing to explain ---- */

static int leave(void *ctx, const struct msa_result *r)
{
    (void)ctx;
    (void)r;
    return 0;
}

/* The files once more: how many events name the thing? */
static uint64_t events_of(const struct explaining *x, const struct options *o, struct msa_options ro)
{
    struct msa_run *run;
    struct msa_fault fault;
    uint64_t events = 0;
    bool again = o->n_args > 1;
    for (int i = 1; i < o->n_args; i++) { again &= strcmp(o->args[i], "-") != 0; }
    ro.only_key = x->key.p;
    if (again && msa_run_open(x->fields.module, &ro, (struct msa_sink){NULL, leave}, &run, &fault) == MSA_OK) {
        (void)input_run(o, run);
        events = msa_run_counts(run).events;
        msa_run_close(run);
    }
    return events;
}

static int nothing(struct explaining *x, const struct options *o, const struct msa_options *ro)
{
    if (x->rejected.n) {
        struct sb b = {0};
        sb_printf(&b, "No clock has started for %.*s: records that name it could not be used.\n", STR_ARG(x->key));
        sb_put(&b, sb_str(&x->rejected));
        (void)cli_print(sb_str(&b));
        sb_free(&b);
    } else if (x->clock.n && x->clocks_seen.n) {
        struct sb b = {0};
        for (size_t i = 0; i < x->clocks_seen.n; i++) {
            if (i) { sb_puts(&b, ", "); }
            sb_put(&b, x->clocks_seen.p[i]);
        }
        cli_error("%.*s has no clock `%.*s`; it has %s", STR_ARG(x->key), STR_ARG(x->clock), b.p);
        sb_free(&b);
    } else if (events_of(x, o, *ro)) {
        cli_error("no clock has started for %.*s, and nobody was told: none of its events begins one", STR_ARG(x->key));
    } else {
        cli_error(x->near ? "no event names %.*s; did you mean %s?" : "no event names %.*s", STR_ARG(x->key), x->near);
    }
    return EXIT_BAD_DATA;
}

int cmd_explain(const struct options *o)
{
    if (o->value[OPT_LINE] || o->value[OPT_CHARGE] || o->value[OPT_INVOICE]) { return explain_money(o); }
    if (o->value[OPT_MEASURE]) { return explain_measure(o); }
    bool json;
    const char *key = o->value[OPT_KEY] ? o->value[OPT_KEY] : o->value[OPT_TICKET];
    if (!key || !*key || (o->value[OPT_KEY] && o->value[OPT_TICKET])) {
        cli_error("which one? msa explain %s %s --ticket T1, --measure NAME, or --invoice 2026-03", o->args[0], o->n_args > 1 ? o->args[1] : "EVENTS");
        return EXIT_BAD_USAGE;
    }
    if (o->value[OPT_PERIOD]) {
        cli_error("--period belongs to --measure or --charge: msa explain %s %s --measure NAME --period 2026-03", o->args[0], o->n_args > 1 ? o->args[1] : "EVENTS");
        return EXIT_BAD_USAGE;
    }
    if (!explain_format(o, &json)) { return EXIT_BAD_USAGE; }
    struct agreement a;
    struct msa_options ro;
    int status = agreement_open(&a, o, o->args[0]);
    if (status) { return status; }
    struct explaining x = {.key = str_of(key), .clock = str_of(o->value[OPT_CLOCK]), .json = json};
    arena_init(&x.arena, NULL);
    fields_open(&x.fields, a.module, a.zone);
    if (!input_options(o, &a, &ro)) {
        status = EXIT_BAD_USAGE;
    } else {
        ro.explain_key = key;
        /* All events are judged, not only the thing's own: how it stands now is as of the last event of all. */
        status = explain_run(o, &a, &ro, (struct msa_sink){&x, take}, &x.run);
        if (!status && !x.any) {
            status = nothing(&x, o, &ro);
        } else if (!status) {
            struct sb b = {0};
            print(&x, &b);
            status = cli_print(sb_str(&b));
            sb_free(&b);
        }
        msa_run_close(x.run);
    }
    vec_free(&x.steps);
    vec_free(&x.entries);
    vec_free(&x.told);
    vec_free(&x.clocks_seen);
    sb_free(&x.rejected);
    sb_free(&x.measures);
    fields_close(&x.fields);
    arena_free(&x.arena);
    agreement_close(&a);
    return status;
}
