/* SPDX-License-Identifier: MIT */
/* The table of contents of the compiler: one line a pass. Implements include/msa/compile.h. */
#include "msa/compile.h"
#include "base/civil.h"
#include "bytecode/file.h"
#include "bytecode/verify.h"
#include "compiler/money.h"
#include "compiler/unit.h"
#include "grammar/parse.h"
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

struct msa_compilation {
    struct arena arena;
    struct memory memory;
    jmp_buf no_memory;
    struct unit unit;
    struct str module;
    bool unreadable, has_module;
};

static void *resize(void *ctx, void *p, size_t n)
{
    (void)ctx;
    if (n == 0) { free(p); return NULL; }
    return realloc(p, n);
}

static void out_of_memory(void *ctx) { longjmp(((struct msa_compilation *)ctx)->no_memory, 1); }

/* ---- the header ---- */

/* A length that the term cannot have. */
static int64_t no_term(struct unit *u, const struct node *n, uint32_t part, const char *why)
{
    static const char *const help[] = { "write for example `term 18 months`, or leave the line out when no end is agreed",
                                        "write for example `renews 12 months`, or leave it out when the term does not renew",
                                        "write for example `unless 90 days notice`, or leave it out when no notice prevents it" };
    struct diag *d = diag(u->diags, E0509_TERM, n->span, "%s", why);
    diag_help(d, "%s", help[part]);
    return NONE;
}

/* How long the term runs (part 0), renews (1), is warned of (2): as AGREEMENT has it. NONE: not said, or refused. */
static int64_t term_length(struct unit *u, const struct node *h, uint32_t part)
{
    static const struct { const char *unit, *whole; int64_t times, most; } known[] = {
        { "day", "the days of a term are counted whole", 1, TERM_DAYS_MAX }, { "week", "the weeks of a term are counted whole", 7, TERM_DAYS_MAX },
        { "month", "the months of a term are counted whole", -1, TERM_MONTHS_MAX }, { "year", "the years of a term are counted whole", -12, TERM_MONTHS_MAX } };
    const struct node *n = part < h->n ? h->kid[part] : NULL;
    if (n == NULL || n->kind != N_COUNTED) { return NONE; }
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (!str_eq(n->text, str_of(known[i].unit))) { continue; }
        if (n->number % 1000000 != 0) { return no_term(u, n, part, known[i].whole); }
        int64_t count = n->number / 1000000, times = known[i].times;
        if (count <= 0) { return no_term(u, n, part, "this has no day"); }
        if (count > known[i].most / (times < 0 ? -times : times)) { return no_term(u, n, part, "this is longer than any agreement"); }
        return count * times;
    }
    return no_term(u, n, part, "a term is counted in days, weeks, months or years");
}

/* `term 3 months, renews 3 months unless 6 months notice`: the last day for it lies before the first day of the term. */
static void notice_in_term(struct unit *u, const struct node *h)
{
    if (u->term_length == NONE || u->term_renews == NONE || u->term_notice == NONE) { return; }
    date first = civil_date(2025, 1, 1), last = civil_add_length(first, u->term_length) - 1;
    if (civil_before_length(last, u->term_notice) >= first) { return; }
    struct diag *d = diag(u->diags, E1012_NOTICE_LONG, h->kid[2]->span, "this notice is longer than the term");
    diag_help(d, "its last day lies before the first day of the term, so that nobody can prevent that it renews; shorten it");
}

static void header(struct unit *u)
{
    bool zone_said = false;
    u->zone = STR("UTC");
    u->effective = u->term_last = u->term_length = u->term_renews = u->term_notice = NONE;
    u->places = 2;
    u->rounding = 2;
    for (uint32_t i = 0; u->agreement != NULL && i < u->agreement->n; i++) {
        const struct node *h = u->agreement->kid[i];
        if (h->kind != N_HEADER) { continue; }
        zone_said = zone_said || h->op == OP_TIMEZONE;
        if (h->op == OP_TIMEZONE) {
            u->zone = h->text;
            if (zone_load(str_c(u->arena, h->text)) == NULL) {
                struct diag *d = diag(u->diags, E0507_NO_ZONE, h->span, "there is no time zone \"%.*s\"", STR_ARG(h->text));
                diag_help(d, "zones are named as in the IANA list: \"Europe/Berlin\", \"America/New_York\", \"UTC\"");
                u->zone = STR("UTC");
            }
        }
        if (h->op == OP_EFFECTIVE && h->n > 0 && h->kid[0] != NULL) { u->effective = h->kid[0]->number; }
        if (h->op == OP_CURRENCY) {
            currency_set(u, h->text, span_is_none(h->name_span) ? h->span : h->name_span);
            for (uint32_t k = 0; k < h->n; k++) { currency_tail(u, h->kid[k]); }
        }
        if (h->op != OP_TERM) { continue; }
        u->term_length = term_length(u, h, 0);
        u->term_renews = term_length(u, h, 1);
        u->term_notice = term_length(u, h, 2);
        notice_in_term(u, h);
    }
    /* The line `effective` may stand behind `term`. */
    if (u->effective != NONE && u->term_length != NONE) { u->term_last = civil_add_length((date)u->effective, u->term_length) - 1; }
    if (u->agreement != NULL && !zone_said && diags_errors(u->diags) == 0) {
        struct diag *d = diag(u->diags, W0503_NO_TIMEZONE, span_is_none(u->agreement->name_span) ? u->agreement->span : u->agreement->name_span, "the agreement does not say its time zone");
        diag_note(d, "times are read and shown in UTC, and days begin at midnight UTC");
        diag_help(d, "write `timezone \"Europe/Berlin\"`, or `timezone \"UTC\"` if that is meant");
    }
}

/* ---- the passes ---- */

static void check(struct unit *u)
{
    unit_collect(u);
    unit_write_out_duties(u);
    if (diags_errors(u->diags) > 0 && u->all.n == 0) { return; }
    unit_declare(u);
    unit_declare_clocks(u);
    unit_declare_money(u);
    unit_check_calendars(u);
    unit_check_values(u);
    unit_check_tables(u);
    unit_check_clocks(u);
    unit_check_measures(u);
    unit_check_rules(u);
    unit_check_money(u);
    unit_check_adapters(u);
    unit_check_examples(u);
    if (diags_errors(u->diags) == 0) {
        currency_unsaid(u);
        money_doubts(u);
    }
}

/* The compiler's own modules are proven like any other; a refusal here is a mistake of ours. */
static void finish(struct msa_compilation *c)
{
    struct unit *u = &c->unit;
    unit_emit(u);
    if (diags_errors(u->diags) > 0) { return; }
    const struct module *m = mb_finish(u->mb);
    struct verify_error refusal;
    if (module_verify(u->arena, m, &refusal) == NULL) {
        diag(u->diags, E0007_INTERNAL, SPAN_NONE, "the compiler made a module that does not pass its own check: %s", refusal.text);
        return;
    }
    struct module_error error;
    if (!module_write(u->arena, m, &c->module, &error)) {
        diag(u->diags, E0007_INTERNAL, SPAN_NONE, "the module could not be written: %s", error.text);
        return;
    }
    c->has_module = true;
}

static void run(struct msa_compilation *c, struct source *main, const struct msa_compile_options *o)
{
    struct unit *u = &c->unit;
    u->mb = mb_new(u->arena);
    unit_load(u, main);
    if (o != NULL && o->parse_only) { return; }
    header(u);
    check(u);
    if (diags_errors(u->diags) == 0) { finish(c); }
}

/* ---- the API: every step that allocates runs under a guard, from which running out of memory comes back ---- */

struct job { struct msa_compilation *c; const char *path, *text; size_t n; const struct msa_compile_options *o; enum msa_message_form form; struct sb out; };

static __attribute__((noinline)) bool guarded(struct msa_compilation *c, void (*step)(struct job *), struct job *job)
{
    if (setjmp(c->no_memory) != 0) { return false; }
    step(job);
    return true;
}

static void set_up(struct job *j)
{
    struct msa_compilation *c = j->c;
    c->unit.arena = &c->arena;
    c->unit.path = j->path;
    c->unit.sources = sources_make(&c->arena);
    c->unit.diags = diags_make(&c->arena, c->unit.sources);
    if (j->o != NULL && j->o->error_limit > 0) { diags_limit(c->unit.diags, j->o->error_limit); }
    if (j->o != NULL && j->o->warnings_are_errors) { diags_warnings_as_errors(c->unit.diags, true); }
}

static void from_file(struct job *j)
{
    set_up(j);
    struct unit *u = &j->c->unit;
    struct source *s = diag_load(u->diags, u->sources, j->path, SPAN_NONE);
    if (s == NULL) { j->c->unreadable = sources_count(u->sources) == 0; return; }
    run(j->c, s, j->o);
}

static void from_text(struct job *j)
{
    set_up(j);
    struct unit *u = &j->c->unit;
    struct source *s = source_add(u->sources, str_of(j->path), (struct str){ j->text, j->n });
    if (s != NULL && diag_check_text(u->diags, s)) { run(j->c, s, j->o); }
}

static struct msa_compilation *compiled(struct job *j, void (*how)(struct job *))
{
    struct msa_compilation *c = calloc(1, sizeof *c);
    if (c == NULL) { return NULL; }
    c->memory = (struct memory){ resize, out_of_memory, c };
    arena_init(&c->arena, &c->memory);
    j->c = c;
    if (guarded(c, how, j)) { return c; }
    msa_compilation_free(c);
    return NULL;
}

struct msa_compilation *msa_compile_file(const char *path, const struct msa_compile_options *o)
{
    return compiled(&(struct job){ .path = path, .o = o }, from_file);
}

struct msa_compilation *msa_compile_text(const char *name, const char *text, size_t n, const struct msa_compile_options *o)
{
    return compiled(&(struct job){ .path = name, .text = text, .n = n, .o = o }, from_text);
}

void msa_compilation_free(struct msa_compilation *c)
{
    if (c == NULL) { return; }
    arena_free(&c->arena);
    free(c);
}

size_t msa_compilation_errors(const struct msa_compilation *c) { return diags_errors(c->unit.diags); }
size_t msa_compilation_warnings(const struct msa_compilation *c) { return diags_warnings(c->unit.diags); }
bool msa_compilation_unreadable(const struct msa_compilation *c) { return c->unreadable; }

bool msa_compilation_file_at(const struct msa_compilation *c, size_t i, const char **path, size_t *n)
{
    for (size_t k = 0; k < c->unit.modules.n; k++) {
        const struct source *s = c->unit.modules.p[k]->source;
        if (s->builtin || i-- > 0) { continue; }
        *path = s->name.p;
        *n = s->name.n;
        return true;
    }
    return false;
}

const void *msa_compilation_module(const struct msa_compilation *c, size_t *n)
{
    *n = c->module.n;
    return c->has_module && diags_errors(c->unit.diags) == 0 ? c->module.p : NULL;
}

static void messages(struct job *j)
{
    struct diags *d = j->c->unit.diags;
    j->out.arena = &j->c->arena;
    switch (j->form) {
    case MSA_MESSAGES_TEXT: diag_text(&j->out, d, false); break;
    case MSA_MESSAGES_COLOUR: diag_text(&j->out, d, true); break;
    case MSA_MESSAGES_JSON: diag_json(&j->out, d); break;
    case MSA_MESSAGES_SARIF: diag_sarif(&j->out, d, MSA_VERSION); break;
    }
}

static void tree(struct job *j)
{
    j->out.arena = &j->c->arena;
    if (j->c->unit.main != NULL && j->c->unit.main->file != NULL) { ast_print(&j->out, j->c->unit.main->file); }
}

static const char *text_from(struct msa_compilation *c, void (*step)(struct job *), struct job *j, size_t *n)
{
    j->c = c;
    bool ok = guarded(c, step, j) && j->out.p != NULL;
    *n = ok ? j->out.n : 0;
    return ok ? j->out.p : "";
}

const char *msa_compilation_messages(struct msa_compilation *c, enum msa_message_form form, size_t *n)
{
    return text_from(c, messages, &(struct job){ .form = form }, n);
}

const char *msa_compilation_tree(struct msa_compilation *c, size_t *n) { return text_from(c, tree, &(struct job){ .form = MSA_MESSAGES_TEXT }, n); }

bool msa_code_at(size_t i, struct msa_code *out)
{
    if (i >= DIAG_COUNT) { return false; }
    const struct diag_info *d = diag_info((enum diag_code)i);
    *out = (struct msa_code){ d->code, d->slug, d->title, d->severity == DIAG_WARNING };
    return true;
}
