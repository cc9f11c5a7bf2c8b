/* SPDX-License-Identifier: MIT */
#include "cli/cli.h"
#include "cli/fields.h"
#include "cli/open.h"
#include "cli/progress.h"
#include "cli/summary.h"
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum format { FORMAT_NDJSON, FORMAT_CSV, FORMAT_TABLE, FORMAT_NONE, FORMAT_COUNT };
static const char *const format_name[FORMAT_COUNT] = {"ndjson", "csv", "table", "none"};

struct eval {
    enum format format;
    struct io_writer to;
    struct field_context fields;
    struct out out;
    struct summary *summary;
    struct open_list *open;      /* NULL: every result is written as it comes */
    bool summary_json;
    unsigned only;               /* kinds to be written, a bit each */
    int rejects_fd;
    struct io_writer rejects;
    uint64_t breaches, results;
};

static void write_result(struct eval *e, const struct msa_result *r)
{
    switch (e->format) {
    case FORMAT_NDJSON: out_ndjson(&e->out, r); break;
    case FORMAT_CSV: out_csv(&e->out, r); break;
    case FORMAT_TABLE: out_table(&e->out, r); break;
    case FORMAT_NONE:
    case FORMAT_COUNT: break;
    }
}

static void write_reject(struct eval *e, const struct msa_result *r)
{
    static const enum field fields[] = {FIELD_INPUT, FIELD_REASON, FIELD_VERBATIM};
    struct sb *b = &e->fields.line;
    char sign = '{';
    sb_clear(b);
    for (size_t i = 0; i < countof(fields); i++) {
        struct value v = field_get(&e->fields, r, fields[i]);
        if (v.form == IS_ABSENT) { continue; }
        sb_printf(b, "%c\"%s\":", sign, field_name[fields[i]]);
        sign = ',';
        value_json(&e->fields, b, &v);
    }
    sb_puts(b, sign == '{' ? "{}\n" : "}\n");
    io_write_str(&e->rejects, sb_str(b));
}

static int take(void *ctx, const struct msa_result *r)
{
    struct eval *e = ctx;
    e->results++;
    progress_results(e->results);
    if (r->kind == MSA_REJECT && e->rejects_fd >= 0) { write_reject(e, r); }
    if (r->kind == MSA_BREACH || (r->kind == MSA_CLOCK && r->state == MSA_BREACHED)) { e->breaches++; }
    if (e->summary) { summary_add(e->summary, r); }
    if (e->open) {
        open_add(e->open, r);
    } else if (e->only & 1u << r->kind) {
        write_result(e, r);
    }
    return e->to.error || (e->rejects_fd >= 0 && e->rejects.error);
}

/* Nothing to read for now: whoever reads the results gets what there is. */
static void pass_on(void *ctx)
{
    struct eval *e = ctx;
    if (io_flush(&e->to)) { return; } /* errors stay with the writers, and end the run at the next result */
    if (e->rejects_fd >= 0 && io_flush(&e->rejects)) { return; }
}

/* False: a message has been printed. */
static bool choose_format(struct eval *e, const struct options *o)
{
    const char *format = o->value[OPT_FORMAT];
    if (!format) {
        e->format = o->value[OPT_SUMMARY] && !o->value[OPT_OPEN] ? FORMAT_NONE : isatty(STDOUT_FILENO) ? FORMAT_TABLE : FORMAT_NDJSON;
        return true;
    }
    if (strcmp(format, "json") == 0 && o->value[OPT_SUMMARY]) {
        e->format = FORMAT_NONE;
        e->summary_json = true;
        return true;
    }
    if (strcmp(format, "json") == 0) {
        cli_error("--format json belongs to --summary; results are written as ndjson, an object a line");
        return false;
    }
    for (int f = 0; f < FORMAT_COUNT; f++) {
        if (strcmp(format, format_name[f]) == 0) {
            e->format = (enum format)f;
            return true;
        }
    }
    const char *near = nearest_word(format, format_name, FORMAT_COUNT);
    cli_error("--format of eval is ndjson, csv, table or none%s%s%s", near ? "; did you mean " : "", near ? near : "", near ? "?" : "");
    return false;
}

/* False: a message has been printed. */
static bool choose_kinds(struct eval *e, const struct options *o)
{
    struct str rest = str_of(o->value[OPT_ONLY]);
    e->only = o->value[OPT_ONLY] ? 0 : ~0u;
    if (o->value[OPT_ONLY] && o->value[OPT_OPEN]) {
        cli_error("--open shows open clocks and nothing else, so --only has no place beside it");
        return false;
    }
    while (rest.n) {
        struct str name = str_trim(str_cut(rest, ',', &rest));
        unsigned bit = 0;
        for (int k = 0; k < MSA_RESULT_KIND_COUNT; k++) {
            if (str_eq(name, str_of(msa_result_kind_name[k]))) { bit = 1u << k; }
        }
        if (!bit) {
            char given[32];
            snprintf(given, sizeof given, "%.*s", (int)(name.n < 31 ? name.n : 31), name.p);
            const char *near = nearest_word(given, msa_result_kind_name, MSA_RESULT_KIND_COUNT);
            cli_error("--only: there are no results of kind `%s`%s%s%s", given, near ? "; did you mean `" : "; `msa help eval` lists the kinds", near ? near : "",
                      near ? "`?" : "");
            return false;
        }
        e->only |= bit;
    }
    return true;
}

static bool choose_columns(struct eval *e, const struct options *o, const struct agreement *a)
{
    const char *unknown, *near;
    if (!o->value[OPT_COLUMNS] || columns_parse(&e->fields.arena, a->module, o->value[OPT_COLUMNS], &e->out.columns, &unknown, &near)) { return true; }
    if (near) {
        cli_error("--columns: results have no field `%s`; did you mean `%s`?", unknown, near);
    } else {
        cli_error("--columns: results have no field `%s`; `msa help eval` lists them", unknown);
    }
    return false;
}

static int say_summary(struct eval *e, const struct msa_run *run)
{
    struct sb b = {0};
    bool aside = e->format == FORMAT_NDJSON || e->format == FORMAT_CSV;
    if (e->format == FORMAT_TABLE) { sb_char(&b, '\n'); }
    if (e->summary_json) {
        summary_print_json(e->summary, &b, run);
    } else {
        summary_print(e->summary, &b, run);
    }
    int status = EXIT_FINE;
    if (aside) {
        fwrite(b.p, 1, b.n, stderr);
    } else {
        status = cli_print(sb_str(&b));
    }
    sb_free(&b);
    return status;
}

/* What is open stands on its own: sorted when all is known. */
static void write_open(struct eval *e, const struct options *o, instant as_of)
{
    size_t n;
    const struct msa_result *r = open_list_sorted(e->open, &n);
    if (e->format == FORMAT_TABLE && !e->out.columns.n) {
        open_list_table(e->open, &e->to, as_of);
        return;
    }
    if (e->format == FORMAT_CSV && !o->value[OPT_COLUMNS]) { e->out.columns = open_list_columns(e->open); }
    for (size_t i = 0; i < n; i++) { write_result(e, &r[i]); }
}

static int finish_writers(struct eval *e, const struct options *o)
{
    if (e->format == FORMAT_CSV) { out_csv_heading(&e->out); }
    out_table_end(&e->out);
    int error = io_flush(&e->to), status = EXIT_FINE;
    if (error && error != EPIPE) { cli_error("cannot write: %s", strerror(error)); }
    if (error) { status = EXIT_IO; }
    if (e->rejects_fd >= 0 && (error = io_flush(&e->rejects))) {
        cli_error("cannot write %s: %s", o->value[OPT_REJECTS], strerror(error));
        status = EXIT_IO;
    }
    return status;
}

static void warn_rows_back(void *ctx, const struct msa_note *n)
{
    (void)ctx;
    if (n->kind == MSA_NOTE_ROWS_BACK) { cli_error("warning: %.*s", (int)n->text.n, n->text.p); }
}

static int evaluate(struct eval *e, const struct options *o, struct agreement *a)
{
    struct msa_options ro;
    struct msa_run *run;
    struct msa_fault fault;
    if (!input_options(o, a, &ro) || !choose_columns(e, o, a) || !choose_kinds(e, o)) { return EXIT_BAD_USAGE; }
    if (o->value[OPT_REJECTS]) {
        if (!output_apart(o, a->compilation, "--rejects", o->value[OPT_REJECTS])) { return EXIT_BAD_USAGE; }
        e->rejects_fd = open(o->value[OPT_REJECTS], O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
        if (e->rejects_fd < 0) {
            cli_error("cannot write %s: %s", o->value[OPT_REJECTS], strerror(errno));
            return EXIT_NO_INPUT;
        }
        io_writer_init(&e->rejects, e->rejects_fd);
    }
    if (o->value[OPT_SUMMARY]) { e->summary = summary_open(&e->fields, e->summary_json); }
    if (o->value[OPT_OPEN]) { e->open = open_list_make(&e->fields); }
    if (e->format == FORMAT_NONE) { ro.leave_out = MSA_LEAVE_OUT_IDS | MSA_LEAVE_OUT_FIGURES; } /* all that a summary does without */
    ro.idle = pass_on;
    enum msa_status s = msa_run_open(a->module, &ro, (struct msa_sink){e, take}, &run, &fault);
    if (s) {
        cli_error("%s", fault.text);
        return cli_status(s);
    }
    progress_begin();
    int status = input_run(o, run);
    progress_end();
    struct msa_counts n = msa_run_counts(run);
    if (e->open && (!status || status == EXIT_BAD_DATA)) { write_open(e, o, ro.as_of != MSA_NONE ? ro.as_of : n.last_at); }
    int written = finish_writers(e, o);
    if (!status || status == EXIT_BAD_DATA) {
        if (e->summary && !written) { written = say_summary(e, run); }
        msa_run_adapter_notes(run, warn_rows_back, NULL);
        if (o->value[OPT_VERBOSE] || isatty(STDERR_FILENO)) {
            fprintf(stderr, "msa: %llu records, %llu events, %llu results, %llu rejected, %llu duplicates, %llu ignored\n", (unsigned long long)n.records,
                    (unsigned long long)n.events, (unsigned long long)e->results, (unsigned long long)n.rejects, (unsigned long long)n.duplicates, (unsigned long long)n.ignored);
        }
        if (o->value[OPT_VERBOSE]) { fprintf(stderr, "msa: state of open things: %llu bytes\n", (unsigned long long)n.state_bytes); }
        if (n.rejects && !o->value[OPT_VERBOSE] && !isatty(STDERR_FILENO)) {
            cli_error("%llu of %llu records rejected", (unsigned long long)n.rejects, (unsigned long long)n.records);
        }
    }
    msa_run_close(run);
    if (written) { return written; }
    if (status) { return status; }
    if (n.rejects) { return EXIT_BAD_DATA; }
    return o->value[OPT_FAIL_ON_BREACH] && e->breaches ? EXIT_NO : EXIT_FINE;
}

/* COLUMNS, or the screen's; 0 where there is none: what goes into a file or another program is not cut. */
static size_t table_width(void)
{
    const char *columns = getenv("COLUMNS");
    long n = columns ? strtol(columns, NULL, 10) : 0;
    struct winsize size;
    if (n <= 0 && isatty(STDOUT_FILENO) && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0) { n = size.ws_col; }
    return n <= 0 ? 0 : n < 60 ? 60 : (size_t)n;
}

int cmd_eval(const struct options *o)
{
    struct eval e = {.rejects_fd = -1};
    struct agreement a;
    if (!choose_format(&e, o)) { return EXIT_BAD_USAGE; }
    int status = agreement_open(&a, o, o->args[0]);
    if (status) { return status; }
    fields_open(&e.fields, a.module, a.zone);
    io_writer_init(&e.to, STDOUT_FILENO);
    e.out = (struct out){.to = &e.to, .fields = &e.fields, .colour = cli_colour(o, STDOUT_FILENO), .width = table_width()};
    status = evaluate(&e, o, &a);
    out_table_end(&e.out);
    int late = io_writer_free(&e.to); /* flushed and reported before */
    if (e.rejects_fd >= 0) {
        late |= io_writer_free(&e.rejects);
        close(e.rejects_fd);
    }
    if (late && !status) { status = EXIT_IO; }
    summary_close(e.summary);
    open_list_close(e.open);
    fields_close(&e.fields);
    agreement_close(&a);
    return status;
}
