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
struct explaining {
    struct field_context fields;
    struct arena arena;
    struct str key, clock;       /* clock: empty for all */
    struct msa_run *run;
    steps steps;                 /* of the result being told; its texts live as long */
    VEC(struct entry) entries;
    struct str clocks_seen;      /* names of the thing's clocks, for messages */
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
    vec_push(&x->entries, NULL, e);
    x->any = true;
}

static void told(struct explaining *x, struct sb *b, const struct msa_result *r)
{
    struct str step = text_str(r->step);
    sb_puts(b, r->kind == MSA_NOTICE ? "  Notice" : "  Escalation");
    if (step.n) {
        sb_puts(b, str_eq(step, STR("breach")) || str_ends(step, STR("of target")) ? " at " : " ");
        sb_visible(b, step);
    }
    sb_puts(b, " on ");
    when_long(b, x->fields.when.zone, r->at);
    for (size_t i = 0; i < r->n_recipients; i++) {
        sb_puts(b, i ? ", " : ": ");
        sb_visible(b, text_str(r->recipients[i]));
    }
    if (r->n_recipients) { sb_puts(b, r->n_recipients > 1 ? " are told" : " is told"); }
    if (r->late) { sb_puts(b, " (at once, because the due time moved back)"); }
    sb_puts(b, ".\n");
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
    if (x->clocks_seen.n < 400) {
        x->clocks_seen = str_printf(&x->arena, "%.*s%s%.*s", STR_ARG(x->clocks_seen), x->clocks_seen.n ? ", " : "", STR_ARG(name));
    }
}

static int take(void *ctx, const struct msa_result *r)
{
    struct explaining *x = ctx;
    struct sb b = {0};
    if (!str_eq(text_str(r->key), x->key)) { return 0; }
    if (r->kind == MSA_CLOCK && !str_eq(text_str(r->clock), x->clock)) { see_clock(x, text_str(r->clock)); }
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
    case MSA_ESCALATION:
    case MSA_NOTICE:
    case MSA_DIFFERENCE:
    case MSA_CORRECTION:
        if (r->measure.n) { break; }
        if (x->json) {
            vec_clear(&x->steps);
            clock_json(x, &b, r);
        } else if (r->kind == MSA_DIFFERENCE) {
            difference(&b, r);
        } else if (r->kind == MSA_CORRECTION) {
            withdrawn(x, &b, r);
        } else {
            told(x, &b, r);
        }
        add(x, &b, r, false);
        break;
    case MSA_REJECT:
        if (!x->json) {
            sb_puts(&b, "  Rejected: ");
            sb_visible(&b, field_get(&x->fields, r, FIELD_INPUT).text);
            sb_puts(&b, ": ");
            sb_visible(&b, text_str(r->reason));
            sb_puts(&b, "\n");
            add(x, &b, r, false);
        }
        break;
    case MSA_BREACH: /* the clock's own line says it */
    case MSA_MEASURE:
    case MSA_DUPLICATE:
    case MSA_RESULT_KIND_COUNT: break;
    }
    sb_free(&b);
    return 0;
}

static bool is_last(const struct explaining *x, size_t i)
{
    for (size_t k = i + 1; k < x->entries.n; k++) {
        const struct entry *e = &x->entries.p[k];
        if (e->is_clock && e->clock == x->entries.p[i].clock && e->cycle == x->entries.p[i].cycle) { return false; }
    }
    return true;
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
    for (size_t i = 0; i < x->entries.n && !x->json; i++) {
        const struct entry *e = &x->entries.p[i];
        if (e->is_clock || e->clock != UINT32_MAX) { continue; }
        if (!first) { sb_char(b, '\n'); }
        first = true; /* a blank line before the first of them only */
        sb_put(b, e->text);
    }
}

static int nothing(const struct explaining *x)
{
    if (x->clock.n && x->clocks_seen.n) {
        cli_error("%.*s has no clock `%.*s`; it has %.*s", STR_ARG(x->key), STR_ARG(x->clock), STR_ARG(x->clocks_seen));
    } else {
        cli_error("no clock has started for %.*s in these events", STR_ARG(x->key));
    }
    return EXIT_BAD_DATA;
}

int cmd_explain(const struct options *o)
{
    const char *format = o->value[OPT_FORMAT], *key = o->value[OPT_KEY] ? o->value[OPT_KEY] : o->value[OPT_TICKET];
    if (!key || !*key || (o->value[OPT_KEY] && o->value[OPT_TICKET])) {
        cli_error("which one? msa explain %s %s --ticket T1", o->args[0], o->n_args > 1 ? o->args[1] : "EVENTS");
        return EXIT_BAD_USAGE;
    }
    if (format && strcmp(format, "text") != 0 && strcmp(format, "json") != 0) {
        cli_error("--format of explain is text or json");
        return EXIT_BAD_USAGE;
    }
    struct agreement a;
    struct msa_options ro;
    struct msa_fault fault;
    int status = agreement_open(&a, o, o->args[0]);
    if (status) { return status; }
    struct explaining x = {.key = str_of(key), .clock = str_of(o->value[OPT_CLOCK]), .json = format && strcmp(format, "json") == 0};
    arena_init(&x.arena, NULL);
    fields_open(&x.fields, a.module, a.zone);
    if (!input_options(o, &a, &ro)) {
        status = EXIT_BAD_USAGE;
    } else {
        ro.only_key = key;
        enum msa_status s = msa_run_open(a.module, &ro, (struct msa_sink){&x, take}, &x.run, &fault);
        if (s) {
            cli_error("%s", fault.text);
            status = cli_status(s);
        } else {
            status = input_run(o, x.run);
            if (!status && !x.any) {
                status = nothing(&x);
            } else if (!status) {
                struct sb b = {0};
                print(&x, &b);
                status = cli_print(sb_str(&b));
                sb_free(&b);
            }
            msa_run_close(x.run);
        }
    }
    vec_free(&x.steps);
    vec_free(&x.entries);
    fields_close(&x.fields);
    arena_free(&x.arena);
    agreement_close(&a);
    return status;
}
