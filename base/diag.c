/* SPDX-License-Identifier: MIT */
/* Collecting: what is kept, counted, dropped and in which order. How it looks is elsewhere. */
#include "base/diag.h"
#include "base/utf8.h"
#include "base/vec.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define SEVERITY_E DIAG_ERROR
#define SEVERITY_W DIAG_WARNING
static const struct diag_info infos[] = {
#define DIAG(kind, number, name, slug, title) [kind##number##_##name] = { #kind #number, slug, title, SEVERITY_##kind },
#include "base/diag.def"
#undef DIAG
};

const struct diag_info *diag_info(enum diag_code code)
{
    return &infos[code];
}

const struct diag_info *diag_info_find(struct str s)
{
    char upper[8] = { 0 };
    for (size_t i = 0; i < s.n && i < sizeof upper - 1; i++) {
        upper[i] = s.p[i] >= 'a' && s.p[i] <= 'z' ? (char)(s.p[i] - 'a' + 'A') : s.p[i];
    }
    for (size_t i = 0; i < DIAG_COUNT; i++) {
        bool by_code = s.n < sizeof upper && strcmp(infos[i].code, upper) == 0;
        if (by_code || str_eq(str_of(infos[i].slug), s)) { return &infos[i]; }
    }
    return NULL;
}

struct diags {
    struct arena *arena;
    const struct sources *sources;
    VEC(struct diag *) list;   /* as made; sorted when asked for */
    size_t limit, kept_errors;
    size_t errors, warnings;
    bool warnings_are_errors;
    struct diag hidden;        /* stands in for every message that is not kept */
};

/* Enough to see what is wrong; a file of nonsense must not fill memory with advice. */
enum { DEFAULT_LIMIT = 20, MOST_WARNINGS = 1000 };

struct diags *diags_make(struct arena *a, const struct sources *s)
{
    struct diags *d = ARENA_NEW(a, struct diags);
    d->arena = a;
    d->sources = s;
    d->limit = DEFAULT_LIMIT;
    d->hidden = (struct diag){ .owner = d, .dropped = true };
    return d;
}

void diags_limit(struct diags *d, size_t errors)
{
    d->limit = errors;
}

void diags_warnings_as_errors(struct diags *d, bool on)
{
    d->warnings_are_errors = on;
}

static bool same_span(struct span a, struct span b)
{
    return a.from == b.from && a.to == b.to;
}

/* A later error at the same span follows from the first. Warnings, and messages without a place, repeat only when they
 * say the same. */
static bool is_repeated(const struct diags *d, enum diag_code code, enum diag_severity severity, struct span span,
                        struct str headline)
{
    for (size_t i = d->list.n; i-- > 0;) {
        const struct diag *m = d->list.p[i];
        if (!same_span(m->span, span)) { continue; }
        if (m->code == code && str_eq(m->headline, headline)) { return true; }
        if (!span_is_none(span) && m->severity == DIAG_ERROR && severity == DIAG_ERROR) { return true; }
    }
    return false;
}

struct diag *diag_v(struct diags *d, enum diag_code code, struct span span, const char *fmt, va_list args)
{
    enum diag_severity severity = infos[code].severity;
    if (d->warnings_are_errors) { severity = DIAG_ERROR; }
    struct arena_mark before = arena_mark(d->arena);
    struct str headline = str_vprintf(d->arena, fmt, args);
    if (is_repeated(d, code, severity, span, headline)) {
        arena_release(d->arena, before);
        return &d->hidden;
    }
    bool kept;
    if (severity == DIAG_ERROR) {
        d->errors++;
        kept = d->limit == 0 || d->kept_errors < d->limit;
        d->kept_errors += kept;
    } else {
        d->warnings++;
        kept = d->warnings <= MOST_WARNINGS;
    }
    if (!kept) {
        arena_release(d->arena, before);
        return &d->hidden;
    }
    struct diag *m = ARENA_NEW(d->arena, struct diag);
    *m = (struct diag){
        .code = code, .severity = severity, .span = span, .headline = headline, .owner = d,
        .order = (uint32_t)d->list.n,
    };
    m->tail = &m->parts;
    vec_push(&d->list, d->arena, m);
    return m;
}

struct diag *diag(struct diags *d, enum diag_code code, struct span span, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    struct diag *m = diag_v(d, code, span, fmt, args);
    va_end(args);
    return m;
}

static printf_like(4, 0) void add_part(struct diag *m, enum diag_part_kind kind, struct span span, const char *fmt,
                                       va_list args)
{
    if (m->dropped) { return; }
    struct arena *a = m->owner->arena;
    struct diag_part *p = ARENA_NEW(a, struct diag_part);
    *p = (struct diag_part){ .kind = kind, .span = span, .text = str_vprintf(a, fmt, args) };
    *m->tail = p;
    m->tail = &p->next;
}

void diag_label(struct diag *m, struct span span, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    add_part(m, DIAG_LABEL, span, fmt, args);
    va_end(args);
}

void diag_note(struct diag *m, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    add_part(m, DIAG_NOTE, SPAN_NONE, fmt, args);
    va_end(args);
}

void diag_help(struct diag *m, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    add_part(m, DIAG_HELP, SPAN_NONE, fmt, args);
    va_end(args);
}

void diag_fix(struct diag *m, struct span span, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    add_part(m, DIAG_FIX, span, fmt, args);
    va_end(args);
}

size_t diags_errors(const struct diags *d)
{
    return d->errors;
}

size_t diags_warnings(const struct diags *d)
{
    return d->warnings;
}

const struct sources *diags_sources(const struct diags *d)
{
    return d->sources;
}

static int by_position(const void *pa, const void *pb)
{
    const struct diag *a = *(const struct diag *const *)pa, *b = *(const struct diag *const *)pb;
    if (a->span.from != b->span.from) { return a->span.from < b->span.from ? -1 : 1; }
    return a->order < b->order ? -1 : a->order > b->order;
}

const struct diag *const *diags_sorted(struct diags *d, size_t *count)
{
    *count = d->list.n;
    if (d->list.n > 1) { qsort(d->list.p, d->list.n, sizeof *d->list.p, by_position); }
    return (const struct diag *const *)d->list.p;
}

/* ---- checks of a whole text ---- */

static struct span one_at(const struct source *f, size_t at, size_t length)
{
    return span_make(f->base + (uint32_t)at, f->base + (uint32_t)(at + length));
}

bool diag_check_text(struct diags *d, const struct source *f)
{
    struct str text = str_make(f->text, f->n);
    size_t at = utf8_check(text.p, text.n);
    if (at < text.n) {
        struct diag *m = diag(d, E0002_NOT_UTF8, one_at(f, at, 1), "the text is not valid UTF-8");
        diag_label(m, one_at(f, at, 1), "byte 0x%02x, %zu bytes into the file", (unsigned)(unsigned char)text.p[at], at);
        diag_help(m, "save the file as UTF-8; editors offer this as an encoding");
        return false;
    }
    at = utf8_find_bidi(text);
    if (at < text.n) {
        size_t length;
        uint32_t c = utf8_decode(text.p + at, text.n - at, &length);
        struct diag *m = diag(d, E0003_BIDI_CONTROL, one_at(f, at, length),
                              "the hidden character U+%04X changes the order in which the text is shown", (unsigned)c);
        diag_note(m, "what people read would differ from what is computed");
        diag_fix(m, one_at(f, at, length), "%s", "");
        return false;
    }
    for (size_t i = 0; i < text.n; i++) {
        unsigned char c = (unsigned char)text.p[i];
        bool allowed = c >= 0x20 ? c != 0x7F : c == '\t' || c == '\n' || (c == '\r' && i + 1 < text.n && text.p[i + 1] == '\n');
        if (allowed) { continue; }
        struct diag *m = diag(d, E0004_CONTROL_BYTE, one_at(f, i, 1), "the control character 0x%02x stands in the text", c);
        if (c == 0) { diag_help(m, "this may not be a text file"); }
        return false;
    }
    return true;
}

struct source *diag_load(struct diags *d, struct sources *s, const char *path, struct span from)
{
    int error = 0;
    struct source *f = source_read(s, path, &error);
    if (f != NULL) { return diag_check_text(d, f) ? f : NULL; }
    if (error == EFBIG) {
        diag(d, E0005_TOO_LARGE, from, "`%s` is too large", path);
    } else {
        diag(d, E0001_CANNOT_READ, from, "could not read `%s`: %s", path, strerror(error));
    }
    return NULL;
}
