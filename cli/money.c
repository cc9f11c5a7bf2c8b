/* SPDX-License-Identifier: MIT */
/* The results about money of one run, kept to its end. */
#include "cli/money.h"
#include "base/exact.h"
#include <string.h>
#include <unistd.h>

static void keep_text(struct arena *a, struct msa_text *t)
{
    *t = t->n ? str_text(str_dup(a, text_str(*t))) : (struct msa_text){"", 0};
}

static void keep(struct books *b, const struct msa_result *r)
{
    struct msa_result k = *r;
    struct msa_text *texts[] = {&k.id, &k.entity, &k.key, &k.title, &k.reason, &k.period, &k.file, &k.cause, &k.charge, &k.line_kind, &k.invoice, &k.currency, &k.quantity, &k.unit,
                                &k.price, &k.note, &k.standing};
    for (size_t i = 0; i < countof(texts); i++) { keep_text(&b->arena, texts[i]); }
    vec_push(&b->all, NULL, k);
}

static int take(void *ctx, const struct msa_result *r)
{
    struct books *b = ctx;
    if (r->kind < MSA_LINE) { return 0; }
    if (b->seen) { b->seen(b->ctx, b, r); }
    keep(b, r);
    return 0;
}

int books_open(struct books *b, const struct options *o, bool (*change)(struct books *b, struct msa_options *ro))
{
    struct msa_options ro;
    struct msa_fault fault;
    arena_init(&b->arena, NULL);
    b->colour = cli_colour(o, STDOUT_FILENO);
    int status = agreement_open(&b->agreement, o, o->args[0]);
    if (status) { return status; }
    fields_open(&b->fields, b->agreement.module, b->agreement.zone);
    if (!input_options(o, &b->agreement, &ro) || (change && !change(b, &ro))) { return EXIT_BAD_USAGE; }
    enum msa_status s = msa_run_open(b->agreement.module, &ro, (struct msa_sink){b, take}, &b->run, &fault);
    if (s) {
        cli_error("%s", fault.text);
        return cli_status(s);
    }
    status = b->no_events ? cli_status(msa_run_finish(b->run, &fault)) : input_run(o, b->run);
    if (b->no_events && status) { cli_error("%s", fault.text); }
    int64_t last = msa_run_counts(b->run).last_at;
    b->as_of = ro.as_of == MSA_NONE || (last != MSA_NONE && last > ro.as_of) ? last : ro.as_of;
    b->rejects = msa_run_counts(b->run).rejects;
    return status;
}

void books_close(struct books *b)
{
    if (b->run) { msa_run_close(b->run); }
    if (b->agreement.module) {
        fields_close(&b->fields);
        agreement_close(&b->agreement);
    }
    vec_free(&b->all);
    arena_free(&b->arena);
}

int books_status(const struct books *b)
{
    if (!b->rejects) { return EXIT_FINE; }
    cli_error("%llu of %llu records rejected", (unsigned long long)b->rejects, (unsigned long long)msa_run_counts(b->run).records);
    return EXIT_BAD_DATA;
}

/* ---- lines ---- */

static bool is(struct msa_text t, const char *word) { return str_eq(text_str(t), str_of(word)); }

const char *line_category(const struct books *b, const struct msa_result *line)
{
    static const char *const words[] = {"fee", "credit", "discount", "tax", "interest", "carried", "settlement"};
    struct msa_text kind = line->line_kind;
    for (size_t i = 0; is(kind, "correction") && i < b->all.n; i++) { /* what it corrects has the same name */
        const struct msa_result *r = &b->all.p[i];
        if (r->kind == MSA_LINE && !is(r->line_kind, "correction") && str_eq(text_str(r->charge), text_str(line->charge))) { kind = r->line_kind; }
    }
    for (size_t i = 0; i < countof(words); i++) {
        if (is(kind, words[i])) { return words[i]; }
    }
    return words[0];
}

void line_title(struct books *b, struct sb *out, const struct msa_result *line)
{
    struct str title = text_str(line->title.n ? line->title : line->charge);
    (void)b;
    if (is(line->line_kind, "correction")) { sb_puts(out, "Correction: "); }
    if (is(line->line_kind, "interest")) {
        sb_puts(out, "Interest on invoice ");
        sb_put(out, text_str(line->key));
        return;
    }
    sb_put(out, title);
    if (line->key.n && !is(line->line_kind, "carried")) {
        sb_puts(out, " for ");
        if (line->entity.n) {
            sb_put(out, text_str(line->entity));
            sb_char(out, ' ');
        }
        sb_put(out, text_str(line->key));
    }
    if (line->period.n && !is(line->line_kind, "carried") && !is(line->line_kind, "settlement") && !is(line->line_kind, "tax")) {
        sb_puts(out, ", ");
        if (line->file.n && !is(line->line_kind, "correction") && line->day != INT32_MIN) {
            day_plain(out, line->day);
        } else {
            sb_put(out, text_str(line->period));
        }
    }
}

/* A decimal that ends within four places, as the programs for bookkeeping take them. */
static bool short_decimal(struct str s)
{
    size_t point = s.n;
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '/') { return false; }
        if (s.p[i] == '.') { point = i; }
    }
    return s.n && (point == s.n || s.n - point - 1 <= 4);
}

bool line_multiplies(const struct msa_result *line)
{
    mpq_t quantity, price, amount;
    if (!short_decimal(text_str(line->quantity)) || !short_decimal(text_str(line->price))) { return false; }
    mpq_inits(quantity, price, amount, NULL);
    bool ok = exact_read(quantity, text_str(line->quantity)) && exact_read(price, text_str(line->price));
    if (ok) {
        mpq_mul(quantity, quantity, price);
        exact_from_minor(amount, line->amount < 0 ? -line->amount : line->amount, line->places);
        ok = mpq_equal(quantity, amount) != 0;
    }
    mpq_clears(quantity, price, amount, NULL);
    return ok;
}

/* ---- words ---- */

void amount_grouped(struct sb *b, int64_t minor, unsigned places)
{
    char text[MINOR_TEXT_MAX];
    if (minor == MSA_NONE) { return; }
    sb_put(b, str_make(text, (size_t)minor_grouped(text, minor, places)));
}

void amount_plain(struct sb *b, int64_t minor, unsigned places)
{
    char text[MINOR_TEXT_MAX];
    if (minor == MSA_NONE) { return; }
    sb_put(b, str_make(text, (size_t)minor_text(text, minor, places)));
}

void day_plain(struct sb *b, int32_t day)
{
    char text[CIVIL_TEXT_MAX];
    if (day == INT32_MIN || day == INT32_MAX) { return; }
    sb_put(b, str_make(text, (size_t)civil_write_date(text, day)));
}

struct str clause_text(struct books *b, const struct msa_result *r)
{
    return r->clause && r->clause < b->fields.n_clauses ? b->fields.clause[r->clause].clause : (struct str){"", 0};
}

bool origin_text(struct sb *b, const struct msa_result *r)
{
    if (!r->line || !r->file.n) { return false; }
    sb_visible(b, text_str(r->file));
    sb_printf(b, ":%u", r->line);
    return true;
}

void json_text_member(struct sb *b, const char *name, struct str text)
{
    if (!text.n) { return; }
    if (b->n && !memchr("{[", b->p[b->n - 1], 2)) { sb_char(b, ','); }
    sb_printf(b, "\"%s\":", name);
    sb_json_string(b, text);
}

void json_amount_member(struct sb *b, const char *name, int64_t minor, unsigned places)
{
    char text[MINOR_TEXT_MAX];
    if (minor != MSA_NONE) { json_text_member(b, name, str_make(text, (size_t)minor_text(text, minor, places))); }
}

void json_day_member(struct sb *b, const char *name, int32_t day)
{
    char text[CIVIL_TEXT_MAX];
    if (day == INT32_MIN || day == INT32_MAX) { return; }
    json_text_member(b, name, str_make(text, (size_t)civil_write_date(text, day)));
}

const char *read_day(const char *text, int32_t *day)
{
    int n = -1, year, month, of_month;
    bool form = strlen(text) == 10 && text[4] == '-' && text[7] == '-';
    for (size_t i = 0; form && i < 10; i++) { form = i == 4 || i == 7 || (text[i] >= '0' && text[i] <= '9'); }
    if (!form || sscanf(text, "%4d-%2d-%2d%n", &year, &month, &of_month, &n) != 3) { return "a date is written 2026-03-31"; }
    if (!civil_valid(year, month, of_month)) { return "there is no such date"; }
    *day = civil_date(year, month, of_month);
    return NULL;
}

void csv_cell(struct sb *b, struct str s, bool first)
{
    bool quote = false;
    if (!first) { sb_char(b, ','); }
    for (size_t i = 0; i < s.n && !quote; i++) { quote = memchr(",\"\r\n", s.p[i], 4) != NULL; }
    if (!quote) {
        sb_put(b, s);
        return;
    }
    sb_char(b, '"');
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '"') { sb_char(b, '"'); }
        sb_char(b, s.p[i]);
    }
    sb_char(b, '"');
}
