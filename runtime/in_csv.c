/* SPDX-License-Identifier: MIT */
/* CSV: a header, then one record a row. A record's lines stay in the buffer until it is complete, so that a quote that is
 * never closed costs its own line only, and every record can be shown word for word. */
#include "runtime/input.h"
#include "runtime/csv.h"
#include <csv.h>
#include <stdlib.h>

/* ---- the seam over libcsv ---- */

struct cell { size_t from, n; };
struct csv {
    struct csv_parser parser;
    char *bytes;
    size_t n_bytes, cap_bytes;
    struct cell *cell;
    struct str *view;
    size_t n_cells, cap_cells;
    bool done, no_memory;
    char separator;
};

static int is_cr(unsigned char c)
{
    return c == '\r';
}

static int is_lf(unsigned char c)
{
    return c == '\n';
}

static bool start(struct csv *c)
{
    if (csv_init(&c->parser, CSV_STRICT | CSV_STRICT_FINI) != 0) { return false; }
    csv_set_space_func(&c->parser, is_cr); /* spaces belong to the value; a CR before the LF does not */
    csv_set_term_func(&c->parser, is_lf);
    csv_set_blk_size(&c->parser, 4096);
    csv_set_delim(&c->parser, (unsigned char)c->separator);
    c->n_bytes = c->n_cells = 0;
    c->done = false;
    return true;
}

struct csv *csv_open(void)
{
    struct csv *c = calloc(1, sizeof *c);
    if (c) { c->separator = ','; }
    if (c && !start(c)) {
        free(c);
        return NULL;
    }
    return c;
}

void csv_separator(struct csv *c, char separator)
{
    c->separator = separator;
    csv_set_delim(&c->parser, (unsigned char)separator);
}

void csv_close(struct csv *c)
{
    csv_free(&c->parser);
    free(c->bytes);
    free(c->cell);
    free(c->view);
    free(c);
}

void csv_reset(struct csv *c)
{
    csv_free(&c->parser);
    if (!start(c)) { c->no_memory = true; }
}

static void on_cell(void *p, size_t n, void *ctx)
{
    struct csv *c = ctx;
    if (c->n_bytes + n > c->cap_bytes) {
        size_t cap = (c->n_bytes + n) * 2 + 256;
        char *q = realloc(c->bytes, cap);
        if (q == NULL) {
            c->no_memory = true;
            return;
        }
        c->bytes = q;
        c->cap_bytes = cap;
    }
    if (c->n_cells == c->cap_cells) {
        size_t cap = c->cap_cells * 2 + 32;
        struct cell *q = realloc(c->cell, cap * sizeof *q);
        if (q) { c->cell = q; }
        struct str *v = realloc(c->view, cap * sizeof *v);
        if (v) { c->view = v; }
        if (!q || !v) {
            c->no_memory = true;
            return;
        }
        c->cap_cells = cap;
    }
    if (n > 0) { memcpy(c->bytes + c->n_bytes, p, n); }
    c->cell[c->n_cells++] = (struct cell){ c->n_bytes, n };
    c->n_bytes += n;
}

static void on_record(int end, void *ctx)
{
    (void)end;
    ((struct csv *)ctx)->done = true;
}

enum csv_fed csv_feed(struct csv *c, const char *p, size_t n, bool last)
{
    if (c->done) {
        c->done = false;
        c->n_bytes = c->n_cells = 0;
    }
    size_t used = csv_parse(&c->parser, p, n, on_cell, on_record, c);
    bool bad = used != n;
    if (!bad && last && !c->done) { bad = csv_fini(&c->parser, on_cell, on_record, c) != 0; }
    if (c->no_memory || (bad && csv_error(&c->parser) == CSV_ENOMEM)) { return CSV_NO_MEMORY; }
    if (bad) { return CSV_STRAY_QUOTE; }
    return c->done ? CSV_RECORD : CSV_MORE;
}

const struct str *csv_cells(struct csv *c, size_t *n)
{
    for (size_t i = 0; i < c->n_cells; i++) { c->view[i] = str_make(c->bytes ? c->bytes + c->cell[i].from : "", c->cell[i].n); }
    *n = c->n_cells;
    return c->view;
}

/* ---- records ---- */

enum got { GOT_RECORD, GOT_REJECT, GOT_END, GOT_FAILED };

/* A line from `from` bytes behind the unread start on; its length with the line end. 0: end of input, SIZE_MAX: too long. */
static size_t next_line(struct feed *f, size_t from, bool *last)
{
    for (size_t searched = from;;) {
        size_t unread = feed_unread(f);
        const char *lf = unread > searched ? memchr(feed_at(f) + searched, '\n', unread - searched) : NULL;
        /* Whether a record is too long must not depend on how its bytes arrive. */
        if (lf ? (size_t)(lf - feed_at(f)) > RECORD_MAX : unread > RECORD_MAX) { return SIZE_MAX; }
        if (lf) { return (size_t)(lf + 1 - feed_at(f)) - from; }
        searched = unread;
        if (!feed_more(f)) {
            *last = true;
            return feed_unread(f) - from;
        }
    }
}

static bool blank(const char *p, size_t n)
{
    return n == 0 || (n == 1 && *p == '\n') || (n == 2 && p[0] == '\r' && p[1] == '\n') || (n == 1 && *p == '\r');
}

static size_t without_line_end(const char *p, size_t n)
{
    if (n > 0 && p[n - 1] == '\n') { n--; }
    if (n > 0 && p[n - 1] == '\r') { n--; }
    return n;
}

/* Rejects the record's first line and goes on behind it. */
static enum got give_up_line(struct input *s, size_t first, const char *reason)
{
    struct feed *f = &s->feed;
    csv_reset(s->csv);
    s->place.p = feed_at(f);
    s->place.n = without_line_end(feed_at(f), first);
    s->line = s->place.line;
    reject(s, 0, "%s", reason);
    f->from += first;
    return GOT_REJECT;
}

/* A single line of more than RECORD_MAX: stepped over in constant memory. */
static enum got skip_long_line(struct input *s)
{
    struct feed *f = &s->feed;
    csv_reset(s->csv);
    s->run->counts.records++;
    if (s->cap_scratch < VERBATIM_MAX) { s->scratch = run_grow(s->run, s->scratch, &s->cap_scratch, VERBATIM_MAX, 1); }
    memcpy(s->scratch, feed_at(f), VERBATIM_MAX);
    s->place.p = s->scratch;
    s->place.n = 0;
    s->line = s->place.line;
    for (;;) {
        const char *lf = memchr(feed_at(f), '\n', feed_unread(f));
        size_t n = lf ? (size_t)(lf - feed_at(f)) : feed_unread(f);
        s->place.n += n;
        f->from += lf ? n + 1 : n;
        if (lf || !feed_more(f)) { break; }
    }
    reject(s, 0, "the line is longer than 16 MiB");
    return GOT_REJECT;
}

static enum got next_record(struct input *s)
{
    struct feed *f = &s->feed;
    size_t n = 0, first = 0;
    bool last = false;
    s->place = (struct place){ .offset = feed_offset(f), .line = s->line + 1 };
    for (;;) {
        size_t line = next_line(f, n, &last);
        if (f->error) { return GOT_END; }
        if (line == SIZE_MAX) {
            return n == 0 ? skip_long_line(s) : give_up_line(s, first, "a quote is opened here and the value does not end within 16 MiB");
        }
        if (line == 0 && n == 0) { return GOT_END; }
        const char *p = feed_at(f) + n;
        if (n == 0) {
            if (blank(p, line)) {
                f->from += line;
                s->line++;
                s->place = (struct place){ .offset = feed_offset(f), .line = s->line + 1 };
                continue;
            }
            s->run->counts.records++;
            first = line;
        }
        s->line++;
        enum csv_fed fed = csv_feed(s->csv, p, line, last);
        n += line;
        switch (fed) {
        case CSV_MORE:
            if (last) { return give_up_line(s, first, "a quote is opened here and never closed"); }
            continue;
        case CSV_STRAY_QUOTE:
            if (last && n > first) { return give_up_line(s, first, "a quote is opened here and never closed"); }
            return give_up_line(s, first, last && s->csv->parser.quoted ? "a quote is opened here and never closed"
                                          : n > first ? "a quote is opened here, and what follows does not end it properly"
                                                      : "a quote stands inside a value; a value with quotes is quoted, and they are doubled");
        case CSV_NO_MEMORY: run_fail(s->run, MSA_NO_MEMORY, "out of memory"); return GOT_FAILED;
        case CSV_RECORD: break;
        }
        s->place.p = feed_at(f);
        s->place.n = without_line_end(feed_at(f), n);
        f->from += n;
        if (!json_utf8(s->place.p, s->place.n)) {
            reject(s, 0, "the record is not UTF-8; save the file as `CSV UTF-8`");
            return GOT_REJECT;
        }
        if (memchr(s->place.p, '\0', s->place.n)) {
            reject(s, 0, "the record holds a NUL byte");
            return GOT_REJECT;
        }
        return GOT_RECORD;
    }
}

/* Columns of standard events; false: run->fault. */
static bool event_header(struct input *s, const struct str *name, size_t n)
{
    struct msa_run *r = s->run;
    struct str file = r->file[s->file].name;
    bool at = false, event = false;
    s->column_key = memory_resize(&r->memory, s->column_key, (n ? n : 1) * sizeof *s->column_key);
    s->n_columns = (uint32_t)n;
    for (size_t i = 0; i < n; i++) {
        struct str t = str_trim(name[i]);
        uint32_t k = s->column_key[i] = lookup_get(&r->schema.key, t.p, t.n);
        if (k == LOOKUP_NONE) { continue; }
        at |= k == KEY_AT;
        event |= k == KEY_EVENT;
        for (size_t j = 0; j < i; j++) {
            if (s->column_key[j] == k) {
                run_fail(r, MSA_IO, "%.*s: the column `%.*s` occurs twice, as number %zu and %zu", STR_ARG(file), STR_ARG(t), j + 1, i + 1);
                return false;
            }
        }
    }
    if (at && event) { return true; }
    run_fail(r, MSA_IO, "%.*s: the header has no column `%s`%s", STR_ARG(file), at ? "event" : "at",
             r->m->n_adapter ? "; rows of another form are read with --adapter" : "");
    return false;
}

static void event_row(struct input *s, const struct str *cell, size_t n)
{
    input_fresh(s);
    if (n != s->n_columns) {
        reject(s, 0, "the row has %zu values where the header names %u", n, s->n_columns);
        return;
    }
    for (size_t i = 0; i < n; i++) {
        uint32_t k = s->column_key[i];
        if (k == LOOKUP_NONE) { continue; }
        s->seen[k] = s->stamp;
        s->value[k] = (struct json_value){ .p = cell[i].p, .n = (uint32_t)cell[i].n, .kind = 'x' };
    }
    input_event(s);
}

/* Excel's own first line, `sep=;`; false: it is not there. */
static bool separator_said(struct input *s)
{
    struct feed *f = &s->feed;
    bool last = false;
    size_t line = next_line(f, 0, &last);
    if (line == SIZE_MAX || line == 0) { return false; }
    struct str t = str_make(feed_at(f), without_line_end(feed_at(f), line));
    if (t.n >= 2 && t.p[0] == '"' && t.p[t.n - 1] == '"') { t = str_slice(t, 1, t.n - 1); }
    if (t.n != 5 || (t.p[0] | 0x20) != 's' || (t.p[1] | 0x20) != 'e' || (t.p[2] | 0x20) != 'p' || t.p[3] != '=' || t.p[4] == '"' || (unsigned char)t.p[4] >= 0x80) { return false; }
    csv_separator(s->csv, t.p[4]);
    f->from += line;
    s->line++;
    return true;
}

/* Comma, semicolon or tab: what the header has most of, outside quotes. */
static void find_separator(struct input *s)
{
    static const char separators[] = { ',', ';', '\t' };
    struct feed *f = &s->feed;
    size_t count[countof(separators)] = { 0 }, best = 0;
    bool quoted = false;
    for (size_t i = 0; i < RECORD_MAX; i++) {
        if (i == feed_unread(f) && !feed_more(f)) { break; }
        char c = feed_at(f)[i];
        if (c == '"') { quoted = !quoted; }
        if (quoted) { continue; }
        if (c == '\n' && i > 1) { break; } /* blank lines may stand before it */
        for (size_t k = 0; k < countof(separators); k++) { count[k] += c == separators[k]; }
    }
    for (size_t k = 1; k < countof(separators); k++) {
        if (count[k] > count[best]) { best = k; }
    }
    csv_separator(s->csv, separators[best]);
}

/* What keeps the header from being text; NULL: nothing. */
static const char *foreign_text(const struct input *s, enum got got)
{
    const char *p = s->place.p;
    size_t n = s->place.n < VERBATIM_MAX ? s->place.n : VERBATIM_MAX;
    if (got == GOT_END || p == NULL) { return NULL; }
    if (n >= 2 && (memcmp(p, "\xff\xfe", 2) == 0 || memcmp(p, "\xfe\xff", 2) == 0)) { return "the file is UTF-16, not UTF-8; save it as `CSV UTF-8`"; }
    return json_utf8(p, n) ? NULL : "the header is not UTF-8; save the file as `CSV UTF-8`";
}

enum read_status csv_read(struct input *s)
{
    if (s->csv == NULL && (s->csv = csv_open()) == NULL) {
        run_fail(s->run, MSA_NO_MEMORY, "out of memory");
        return READ_FAILED;
    }
    bool header = !s->begun;
    if (header) {
        input_skip_bom(s);
        if (!separator_said(s)) { find_separator(s); }
    }
    enum got got = next_record(s);
    struct str file = s->run->file[s->file].name;
    if (got == GOT_FAILED) { return READ_FAILED; }
    if (header) {
        if (s->feed.error) { return READ_END; }
        if (got != GOT_RECORD) {
            const char *why = foreign_text(s, got);
            if (why) {
                run_fail(s->run, MSA_IO, "%.*s: %s", STR_ARG(file), why);
                return READ_FAILED;
            }
            run_fail(s->run, MSA_IO, got == GOT_END ? "%.*s: the file is empty; the first line names the columns" : "%.*s: the header cannot be read", STR_ARG(file));
            return READ_FAILED;
        }
        s->run->counts.records--;
        size_t n;
        const struct str *cells = csv_cells(s->csv, &n);
        bool good = s->shape == SHAPE_CSV_EVENTS ? event_header(s, cells, n) : adapter_header(s, cells, n);
        return good ? READ_SOME : READ_FAILED;
    }
    if (got == GOT_END) { return READ_END; }
    if (got == GOT_REJECT) { return READ_SOME; }
    size_t n;
    const struct str *cells = csv_cells(s->csv, &n);
    if (s->shape == SHAPE_CSV_EVENTS) {
        event_row(s, cells, n);
    } else {
        s->run->counts.rows++;
        adapter_cells(s, cells, n);
    }
    return READ_SOME;
}
