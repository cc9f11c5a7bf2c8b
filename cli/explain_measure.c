/* SPDX-License-Identifier: MIT */
/* explain --measure: the list behind a figure. Which cycles were met, missed and left out, period by period, with the things
 * they belong to. */
#include "base/hash.h"
#include "base/utf8.h"
#include "cli/cli.h"
#include "cli/explain.h"
#include <string.h>

enum lot { MET, MISSED, EXCUSED, CANCELLED, OPEN, TIMED, N_LOTS, NOWHERE };
static const struct { const char *title, *word; } lot_text[N_LOTS] = {
    [MET] = {"Met", "met"},
    [MISSED] = {"Missed", "missed"},
    [EXCUSED] = {"Left out, excused", "excused"},
    [CANCELLED] = {"Left out, cancelled", "cancelled"},
    [OPEN] = {"Left out, open at the end of the period", "open"},
    [TIMED] = {"Counted", "counted"},
};

/* One cycle as it stands in the measure. */
struct cycle {
    struct str entity, key, clock, by, details;
    uint32_t number;
    enum lot lot;
    instant started, at;         /* at: the verdict; NEVER while it is open */
    struct str period, group;
    int64_t elapsed, overrun;
    bool missed;                 /* also when excused */
};
/* One figure of the measure. */
struct figure {
    struct str period, group, heading, json;
    instant to;
    bool final, elapsed;
    int64_t n[N_LOTS];
};

struct listing {
    struct field_context fields;
    struct arena arena;
    struct msa_run *run;
    struct str measure, period;  /* period: empty for all */
    VEC(struct cycle) cycles;
    VEC(struct figure) figures;
    uint32_t *index;             /* hash table of cycles, number + 1 */
    size_t index_size;
    bool json, elapsed;
    size_t shown;
};

static struct str group_text(struct arena *a, const struct msa_named *by, size_t n)
{
    struct sb b = {.arena = a};
    for (size_t i = 0; i < n; i++) {
        if (i) { sb_puts(&b, ", "); }
        sb_visible(&b, text_str(by[i].name));
        sb_char(&b, ' ');
        sb_visible(&b, by[i].value.n ? text_str(by[i].value) : STR("(missing)"));
    }
    return sb_str(&b);
}

/* ---- the cycles ---- */

static void index_put(struct listing *l, uint32_t i)
{
    const struct cycle *c = &l->cycles.p[i];
    size_t at = (hash_64(c->key.p, c->key.n) + c->number) & (l->index_size - 1);
    while (l->index[at]) { at = (at + 1) & (l->index_size - 1); }
    l->index[at] = i + 1;
}

/* The cycle that a result is about; NULL when it has not been seen and `make` is not set. */
static struct cycle *cycle_of(struct listing *l, const struct msa_result *r, bool make)
{
    struct str key = text_str(r->key);
    if ((l->cycles.n + 1) * 2 > l->index_size) {
        l->index_size = l->index_size ? l->index_size * 2 : 256;
        l->index = memory_resize(NULL, l->index, l->index_size * sizeof *l->index);
        memset(l->index, 0, l->index_size * sizeof *l->index);
        for (uint32_t i = 0; i < l->cycles.n; i++) { index_put(l, i); }
    }
    for (size_t at = (hash_64(key.p, key.n) + r->cycle) & (l->index_size - 1); l->index[at]; at = (at + 1) & (l->index_size - 1)) {
        struct cycle *c = &l->cycles.p[l->index[at] - 1];
        if (c->number == r->cycle && str_eq(c->key, key) && str_eq(c->clock, text_str(r->clock))) { return c; }
    }
    if (!make) { return NULL; }
    struct cycle c = {.entity = str_dup(&l->arena, text_str(r->entity)), .key = str_dup(&l->arena, key), .clock = str_dup(&l->arena, text_str(r->clock)),
                      .number = r->cycle, .lot = NOWHERE, .started = r->started, .at = NEVER};
    vec_push(&l->cycles, NULL, c);
    index_put(l, (uint32_t)l->cycles.n - 1);
    return &vec_last(&l->cycles);
}

static struct str details(struct listing *l, const struct msa_result *r)
{
    struct sb b = {.arena = &l->arena};
    if (r->elapsed != MSA_NONE) {
        when_span(&b, r->elapsed);
        if (r->target.n) {
            sb_puts(&b, " of ");
            sb_visible(&b, text_str(r->target));
        }
    }
    if (r->overrun != MSA_NONE && r->overrun > 0) {
        sb_puts(&b, ", ");
        when_span(&b, r->overrun);
        sb_puts(&b, " over");
    }
    if (r->state == MSA_BREACHED && r->stopped == MSA_NONE && r->kind == MSA_CLOCK) { sb_puts(&b, ", still open"); }
    if (r->state == MSA_PAUSED) { sb_puts(&b, ", paused"); }
    if (r->state == MSA_CANCELLED && r->reason.n && !str_eq(text_str(r->reason), STR("cancelled"))) {
        sb_puts(&b, ", by ");
        sb_visible(&b, text_str(r->reason));
    }
    return sb_str(&b);
}

static enum lot lot_of(const struct msa_result *r, const struct msa_counted *k)
{
    if (r->state == MSA_NO_TARGET || (r->state == MSA_STOPPED && !k->elapsed)) { return NOWHERE; }
    if (r->state == MSA_CANCELLED) { return CANCELLED; }
    if (r->state == MSA_RUNNING || r->state == MSA_PAUSED) { return OPEN; }
    if (r->excused) { return EXCUSED; }
    if (k->elapsed) { return TIMED; }
    return r->state == MSA_MET ? MET : MISSED;
}

static void cycle(struct listing *l, const struct msa_result *r)
{
    struct msa_counted k;
    bool takes = msa_measure_takes(l->run, str_text(l->measure), r, &k);
    l->elapsed |= k.elapsed;
    if (k.elapsed && r->kind == MSA_BREACH) { return; }
    struct cycle *c = cycle_of(l, r, takes);
    if (!c) { return; }
    /* What was counted at the breach stays there; its end only says more. */
    bool counted = c->lot == MISSED || (c->lot == EXCUSED && c->missed);
    if (!counted) {
        if (!takes) { return; }
        c->period = str_dup(&l->arena, text_str(k.period));
        c->group = group_text(&l->arena, k.by, k.n_by);
        c->by = group_text(&l->arena, r->by, r->n_by);
    }
    c->missed = r->state == MSA_BREACHED;
    enum lot lot = lot_of(r, &k);
    if (!counted || lot == EXCUSED || lot == MISSED) { c->lot = lot; }
    if (!counted) { c->at = c->lot == OPEN ? NEVER : r->at; }
    c->details = details(l, r);
    c->elapsed = r->elapsed;
    c->overrun = r->overrun;
}

/* The verdict does not hold any more; a breach does unless it was judged at the stop (C7). */
static void withdrawn(struct listing *l, const struct msa_result *r)
{
    struct cycle *c = cycle_of(l, r, false);
    if (!c || (c->missed && !r->judged_at_stop && c->lot != TIMED)) { return; }
    c->lot = NOWHERE;
    c->at = NEVER;
    c->missed = false;
}

/* ---- the figures ---- */

static void figure(struct listing *l, const struct msa_result *r)
{
    struct figure f = {.period = str_dup(&l->arena, text_str(r->period)), .group = group_text(&l->arena, r->by, r->n_by), .to = r->period_to, .final = r->final};
    struct msa_clause k = msa_module_clause(l->fields.module, r->clause);
    struct sb b = {.arena = &l->arena};
    sb_printf(&b, "Measure %.*s", STR_ARG(r->measure));
    if (r->title.n) {
        sb_puts(&b, " \"");
        sb_visible(&b, text_str(r->title));
        sb_char(&b, '"');
    }
    sb_printf(&b, ", %.*s", STR_ARG(f.period));
    if (f.group.n) { sb_printf(&b, ", %.*s", STR_ARG(f.group)); }
    sb_puts(&b, ": ");
    measure_text(&l->fields, &b, r);
    sb_printf(&b, "%s\n  Clause ", f.final ? "" : ", so far");
    sb_visible(&b, text_str(k.number.n ? k.number : k.name));
    sb_puts(&b, " of \"");
    sb_visible(&b, l->fields.agreement);
    sb_printf(&b, "\" (%.*s:%u).\n", STR_ARG(k.file), k.line);
    f.heading = sb_str(&b);
    b = (struct sb){.arena = &l->arena};
    for (int i = 0; i < FIELD_COUNT; i++) {
        struct value v = field_get(&l->fields, r, (enum field)i);
        if (v.form == IS_ABSENT) { continue; }
        sb_printf(&b, "%s\"%s\":", b.n ? "," : "{", field_name[i]);
        value_json(&l->fields, &b, &v);
    }
    f.json = sb_str(&b);
    f.n[MET] = r->n_met;
    f.n[MISSED] = r->n_breached;
    f.n[EXCUSED] = r->n_excused;
    f.n[CANCELLED] = r->n_cancelled;
    f.n[OPEN] = r->n_running + r->n_paused;
    for (size_t i = 0; i < l->figures.n; i++) {
        if (!str_eq(l->figures.p[i].period, f.period) || !str_eq(l->figures.p[i].group, f.group)) { continue; }
        f.n[OPEN] = l->figures.p[i].n[OPEN]; /* a correction */
        l->figures.p[i] = f;
        return;
    }
    vec_push(&l->figures, NULL, f);
}

static int take(void *ctx, const struct msa_result *r)
{
    struct listing *l = ctx;
    if (r->measure.n) {
        if (str_eq(text_str(r->measure), l->measure)) { figure(l, r); }
    } else if (r->kind == MSA_CLOCK || r->kind == MSA_BREACH) {
        cycle(l, r);
    } else if (r->kind == MSA_CORRECTION && r->clock.n) {
        withdrawn(l, r);
    }
    return 0;
}

/* ---- what is shown ---- */

/* Where a cycle stands in a figure; NOWHERE: it does not. */
static enum lot place(const struct listing *l, const struct cycle *c, const struct figure *f)
{
    if (!str_eq(c->group, f->group) || c->lot == NOWHERE) { return NOWHERE; }
    if (c->lot != OPEN && str_eq(c->period, f->period)) { return c->lot; }
    return !l->elapsed && c->started < f->to && c->at >= f->to && (c->at != NEVER || c->lot == OPEN) ? OPEN : NOWHERE;
}

static void text(struct listing *l, struct sb *b, const struct figure *f)
{
    size_t width = 0;
    int64_t listed[N_LOTS] = {0};
    for (size_t i = 0; i < l->cycles.n; i++) {
        enum lot lot = place(l, &l->cycles.p[i], f);
        size_t w = utf8_text_width(l->cycles.p[i].key);
        if (lot == NOWHERE) { continue; }
        listed[lot]++;
        if (w > width) { width = w; }
    }
    if (l->shown++) { sb_char(b, '\n'); }
    sb_put(b, f->heading);
    for (int lot = 0; lot < N_LOTS; lot++) {
        if (!listed[lot] && (l->elapsed || !f->n[lot])) { continue; }
        sb_printf(b, "  %s (%lld)\n", lot_text[lot].title, (long long)listed[lot]);
        for (size_t i = 0; i < l->cycles.n; i++) {
            const struct cycle *c = &l->cycles.p[i];
            if (place(l, c, f) != (enum lot)lot) { continue; }
            sb_puts(b, "    ");
            sb_visible(b, c->key);
            sb_fill(b, ' ', width - utf8_text_width(c->key) + 2);
            when_short(b, l->fields.when.zone, lot == OPEN ? c->started : c->at);
            sb_puts(b, "  ");
            if (lot == OPEN && c->lot != OPEN) {
                sb_puts(b, "decided later");
            } else {
                sb_put(b, c->details);
            }
            if (lot == EXCUSED && c->missed) { sb_puts(b, ", missed"); }
            if (c->by.n) { sb_printf(b, ", %.*s", STR_ARG(c->by)); }
            if (c->number > 1) { sb_printf(b, ", cycle %u", c->number); }
            sb_char(b, '\n');
        }
        if (!l->elapsed && listed[lot] != f->n[lot]) {
            sb_printf(b, "    The figure counts %lld: values changed since by which it chooses or groups.\n", (long long)f->n[lot]);
        }
    }
}

static void json(struct listing *l, struct sb *b, const struct figure *f)
{
    bool any = false;
    char number[CIVIL_TEXT_MAX];
    sb_put(b, f->json);
    sb_puts(b, ",\"cycles\":[");
    for (size_t i = 0; i < l->cycles.n; i++) {
        const struct cycle *c = &l->cycles.p[i];
        enum lot lot = place(l, c, f);
        if (lot == NOWHERE) { continue; }
        if (any) { sb_char(b, ','); }
        any = true;
        sb_char(b, '{');
        sb_json_string(b, c->entity);
        sb_char(b, ':');
        sb_json_string(b, c->key);
        sb_puts(b, ",\"clock\":");
        sb_json_string(b, c->clock);
        sb_printf(b, ",\"cycle\":%u,\"counted\":\"%s\"", c->number, lot_text[lot].word);
        sb_printf(b, ",\"started\":\"%.*s\"", when_iso(&l->fields.when, number, c->started), number);
        if (lot != OPEN) {
            sb_printf(b, ",\"at\":\"%.*s\"", when_iso(&l->fields.when, number, c->at), number);
            if (c->elapsed != MSA_NONE) { sb_printf(b, ",\"elapsed\":%.*s", civil_write_seconds(number, c->elapsed), number); }
            if (c->overrun != MSA_NONE) { sb_printf(b, ",\"overrun\":%.*s", civil_write_seconds(number, c->overrun), number); }
        }
        sb_char(b, '}');
    }
    sb_puts(b, "]}\n");
    l->shown++;
}

static int show(struct listing *l)
{
    struct sb b = {0};
    for (size_t i = 0; i < l->figures.n; i++) {
        const struct figure *f = &l->figures.p[i];
        if (l->period.n && !str_eq(l->period, f->period)) { continue; }
        if (l->json) {
            json(l, &b, f);
        } else {
            text(l, &b, f);
        }
    }
    if (l->shown) {
        int status = cli_print(sb_str(&b));
        sb_free(&b);
        return status;
    }
    for (size_t i = 0; i < l->figures.n; i++) {
        if (i && str_eq(l->figures.p[i].period, l->figures.p[i - 1].period)) { continue; }
        sb_printf(&b, "%s%.*s", b.n ? ", " : "", STR_ARG(l->figures.p[i].period));
    }
    if (b.n) {
        cli_error("%.*s has no figure for the period %.*s; it has %s", STR_ARG(l->measure), STR_ARG(l->period), b.p);
    } else {
        cli_error("%.*s has no figures in these events", STR_ARG(l->measure));
    }
    sb_free(&b);
    return EXIT_BAD_DATA;
}

/* False: a message has been printed. */
static bool measure_known(const struct agreement *a, const char *given)
{
    struct arena arena;
    struct msa_text name;
    enum msa_measure_source source = MSA_OF_CLOCKS;
    const char *words[64];
    size_t n = 0;
    bool found = false;
    arena_init(&arena, NULL);
    for (size_t i = 0; !found && msa_module_measure_at(a->module, i, &name, &source); i++) {
        found = str_eq(text_str(name), str_of(given));
        if (n < countof(words)) { words[n++] = str_c(&arena, text_str(name)); }
    }
    if (found && source != MSA_OF_CLOCKS) {
        cli_error("`%s` measures %s: only measures of clocks have a list of cycles behind them", given, source == MSA_OF_EVENTS ? "events" : "a state that lasts");
    }
    if (!found) {
        const char *near = nearest_word(given, words, n);
        cli_error(near ? "this agreement has no measure `%s`; did you mean `%s`?" : "this agreement has no measure `%s`", given, near);
    }
    arena_free(&arena);
    return found && source == MSA_OF_CLOCKS;
}

int explain_measure(const struct options *o)
{
    const char *name = o->value[OPT_MEASURE];
    bool json;
    if (o->value[OPT_KEY] || o->value[OPT_TICKET] || o->value[OPT_CLOCK]) {
        cli_error("--measure stands alone: without --ticket, --key and --clock");
        return EXIT_BAD_USAGE;
    }
    if (!explain_format(o, &json)) { return EXIT_BAD_USAGE; }
    struct agreement a;
    struct msa_options ro;
    int status = agreement_open(&a, o, o->args[0]);
    if (status) { return status; }
    struct listing l = {.measure = str_of(name), .period = str_of(o->value[OPT_PERIOD]), .json = json};
    arena_init(&l.arena, NULL);
    fields_open(&l.fields, a.module, a.zone);
    if (!measure_known(&a, name) || !input_options(o, &a, &ro)) {
        status = EXIT_BAD_USAGE;
    } else {
        status = explain_run(o, &a, &ro, (struct msa_sink){&l, take}, &l.run);
        if (!status) { status = show(&l); }
        uint64_t rejects = l.run ? msa_run_counts(l.run).rejects : 0;
        if (!status && rejects) {
            cli_error("%llu records were rejected; what they would have been does not show here", (unsigned long long)rejects);
            status = EXIT_BAD_DATA;
        }
        msa_run_close(l.run);
    }
    vec_free(&l.cycles);
    vec_free(&l.figures);
    memory_resize(NULL, l.index, 0);
    fields_close(&l.fields);
    arena_free(&l.arena);
    agreement_close(&a);
    return status;
}
