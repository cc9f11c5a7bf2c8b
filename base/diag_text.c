/* SPDX-License-Identifier: MIT */
/* Messages for people:
 *
 *     error[E0301]: cannot add `EUR` to `USD`
 *       --> acme.msa:4:18
 *        |
 *      2 | fee 100 USD per month
 *        |     ------- the fee is in `USD`
 *      3 |
 *      4 | credit total + 10 EUR
 *        |                ^^^^^^ this is in `EUR`
 *        |
 *        = note: a sum has one currency
 *        = help: convert it first
 *
 * Columns here are terminal columns: tabs are widened, wide and combining characters counted as they are drawn. The text
 * is complete without colour. */
#include "base/diag.h"
#include "base/utf8.h"
#include "base/vec.h"
#include <stdlib.h>

enum { TAB = 4, WIDEST_LINE = 140, MOST_MARKED_LINES = 6 };

/* One underline on one line. */
struct mark {
    const struct source *file;
    uint32_t line;
    uint32_t from, to;   /* bytes in the line; to may lie behind its end */
    bool primary;
    bool opens, closes;  /* this line begins or ends a span over several lines */
    struct str text;     /* empty: no words */
};
typedef VEC(struct mark) marks;

struct ink { bool on; };
enum colour { PLAIN, BOLD, RED, YELLOW, BLUE, GREEN };

static void colour(struct sb *out, struct ink ink, enum colour c)
{
    static const char *const code[] = {
        [PLAIN] = "\033[0m", [BOLD] = "\033[1m", [RED] = "\033[1;31m", [YELLOW] = "\033[1;33m",
        [BLUE] = "\033[1;34m", [GREEN] = "\033[1;32m",
    };
    if (ink.on) { sb_puts(out, code[c]); }
}

static void coloured(struct sb *out, struct ink ink, enum colour c, struct str s)
{
    colour(out, ink, c);
    sb_put(out, s);
    colour(out, ink, PLAIN);
}

static enum colour severity_colour(const struct diag *m)
{
    return m->severity == DIAG_ERROR ? RED : YELLOW;
}

static const char *severity_word(const struct diag *m)
{
    return m->severity == DIAG_ERROR ? "error" : "warning";
}

/* Draws one character of a source line at a column; returns the columns it takes. out NULL only measures. */
static size_t draw(struct sb *out, uint32_t c, size_t column)
{
    if (c == '\t') {
        size_t width = TAB - column % TAB;
        if (out) { sb_fill(out, ' ', width); }
        return width;
    }
    if (c < 0x20 || (c >= 0x7F && c < 0xA0) || utf8_is_bidi_control(c)) { c = 0xFFFD; }
    if (out) { sb_rune(out, c); }
    return (size_t)utf8_width(c);
}

/* Terminal column of a byte of a line; bytes behind the end count one each. */
static size_t column_of(struct str line, size_t byte)
{
    size_t column = 0;
    for (size_t i = 0, length; i < line.n && i < byte; i += length) {
        column += draw(NULL, utf8_decode(line.p + i, line.n - i, &length), column);
    }
    return column + (byte > line.n ? byte - line.n : 0);
}

/* The part of a line that is shown: columns [from, to). */
struct window { size_t from, to; };

static void draw_line(struct sb *out, struct str line, struct window w)
{
    size_t column = 0;
    if (w.from > 0) { sb_puts(out, "..."); }
    size_t i = 0;
    for (size_t length; i < line.n && column < w.to; i += length) {
        uint32_t c = utf8_decode(line.p + i, line.n - i, &length);
        column += draw(column >= w.from ? out : NULL, c, column);
    }
    if (i < line.n) { sb_puts(out, "..."); }
    while (out->n > 0 && out->p[out->n - 1] == ' ') { out->p[--out->n] = '\0'; }
}

/* ---- gathering ---- */

static void add_mark(marks *all, struct arena *a, const struct sources *s, struct span span, bool primary, struct str text)
{
    struct place from = source_place(s, span.from);
    if (from.file == NULL) { return; }
    uint32_t end = span.to > span.from ? span.to : span.from;
    uint32_t file_end = from.file->base + from.file->n;
    if (end > file_end) { end = file_end; }
    struct place to = source_place(s, end);
    /* A span that ends at the start of a line covers nothing of it. */
    if (to.line > from.line && to.byte == 0) {
        to.line--;
        to.byte = (uint32_t)source_line(from.file, to.line).n;
    }
    struct mark m = { .file = from.file, .line = from.line, .from = from.byte, .to = to.byte, .primary = primary, .text = text };
    if (to.line == from.line) {
        if (m.to <= m.from) { m.to = m.from + 1; }
        vec_push(all, a, m);
        return;
    }
    /* Several lines: the first from the start of the span on, the last up to its end, words at the last. */
    struct str first = source_line(from.file, from.line), last = source_line(from.file, to.line);
    uint32_t indent = 0;
    while (indent < last.n && (last.p[indent] == ' ' || last.p[indent] == '\t')) { indent++; }
    m.to = (uint32_t)first.n > m.from ? (uint32_t)first.n : m.from + 1;
    m.text = STR("");
    m.opens = true;
    vec_push(all, a, m);
    m = (struct mark){
        .file = from.file, .line = to.line, .from = indent < to.byte ? indent : 0, .to = to.byte ? to.byte : 1,
        .primary = primary, .text = text, .closes = true,
    };
    vec_push(all, a, m);
}

static int by_place(const void *pa, const void *pb)
{
    const struct mark *a = pa, *b = pb;
    if (a->file != b->file) { return a->file->index < b->file->index ? -1 : 1; }
    if (a->line != b->line) { return a->line < b->line ? -1 : 1; }
    if (a->from != b->from) { return a->from < b->from ? -1 : 1; }
    return (int)b->primary - (int)a->primary;
}

/* ---- drawing ---- */

struct pen { struct sb *out; struct ink ink; struct arena *arena; int margin; enum colour main; };

static void bar(const struct pen *p, uint32_t line)
{
    colour(p->out, p->ink, BLUE);
    if (line > 0) { sb_printf(p->out, "%*u |", p->margin, line); } else { sb_printf(p->out, "%*s |", p->margin, ""); }
    colour(p->out, p->ink, PLAIN);
}

static void trim_end(struct sb *out)
{
    while (out->n > 0 && out->p[out->n - 1] == ' ') { out->p[--out->n] = '\0'; }
    sb_char(out, '\n');
}

static size_t shown(size_t column, struct window w)
{
    if (column < w.from) { column = w.from; }
    if (column > w.to) { column = w.to; }
    return column - w.from + (w.from > 0 ? 3 : 0);
}

static void words(const struct pen *p, const struct mark *m)
{
    colour(p->out, p->ink, m->primary ? p->main : BLUE);
    sb_visible(p->out, m->text);
    colour(p->out, p->ink, PLAIN);
}

/* The line and what is under it: carets of all marks in one row, the last mark's words behind them, then the words of the
 * others from right to left, each on a row of its own below a stem. */
static void draw_marked(const struct pen *p, const struct mark *m, size_t count)
{
    struct str line = source_line(m->file, m->line);
    size_t width = column_of(line, line.n);
    struct window w = { 0, width + 1 };
    if (width > WIDEST_LINE) {
        size_t at = column_of(line, m[0].from);
        w.from = at > WIDEST_LINE / 3 ? at - WIDEST_LINE / 3 : 0;
        w.to = w.from + WIDEST_LINE;
    }
    bar(p, m->line);
    if (line.n > 0) {
        sb_char(p->out, ' ');
        draw_line(p->out, line, w);
    }
    sb_char(p->out, '\n');

    bar(p, 0);
    sb_char(p->out, ' ');
    size_t at = 0;
    for (size_t i = 0; i < count; i++) {
        size_t from = shown(column_of(line, m[i].from), w), to = shown(column_of(line, m[i].to), w);
        if (to <= from) { to = from + 1; }
        if (i + 1 < count) { /* where marks overlap, the next one's start stays visible */
            size_t next = shown(column_of(line, m[i + 1].from), w);
            if (to > next && next > from) { to = next; }
        }
        if (from < at) { from = at; }
        if (to <= from) { continue; }
        sb_fill(p->out, ' ', from - at);
        colour(p->out, p->ink, m[i].primary ? p->main : BLUE);
        sb_fill(p->out, m[i].primary ? '^' : '-', to - from);
        if (m[i].opens) { sb_puts(p->out, "..."); }
        colour(p->out, p->ink, PLAIN);
        at = to + (m[i].opens ? 3 : 0);
    }
    size_t waiting = count;
    if (m[count - 1].text.n > 0) {
        sb_char(p->out, ' ');
        words(p, &m[count - 1]);
        waiting--;
    } else if (m[count - 1].closes) {
        waiting--;
    }
    trim_end(p->out);
    for (size_t k = waiting; k-- > 0;) {
        if (m[k].text.n == 0) { continue; }
        bar(p, 0);
        sb_char(p->out, ' ');
        size_t column = 0;
        for (size_t i = 0; i <= k; i++) {
            size_t from = shown(column_of(line, m[i].from), w);
            if (m[i].text.n == 0 || (i < k && from < column) || from < column) { continue; }
            if (i < k && from == shown(column_of(line, m[k].from), w)) { continue; }
            sb_fill(p->out, ' ', from - column);
            column = from;
            if (i == k) {
                words(p, &m[k]);
            } else {
                coloured(p->out, p->ink, m[i].primary ? p->main : BLUE, STR("|"));
                column++;
            }
        }
        trim_end(p->out);
    }
}

static void draw_marks(const struct pen *p, const struct mark *m, size_t count, const struct source *first)
{
    const struct source *file = first;
    uint32_t before = 0; /* last line drawn in this file */
    size_t drawn = 0;
    for (size_t i = 0; i < count;) {
        size_t next = i + 1;
        while (next < count && m[next].file == m[i].file && m[next].line == m[i].line) { next++; }
        if (drawn++ == MOST_MARKED_LINES) {
            bar(p, 0);
            sb_printf(p->out, " (%zu more places)\n", count - i);
            return;
        }
        if (m[i].file != file) {
            coloured(p->out, p->ink, BLUE, str_printf(p->arena, "%*s ::: ", p->margin, ""));
            sb_visible(p->out, m[i].file->name);
            sb_printf(p->out, ":%u\n", m[i].line);
            bar(p, 0);
            sb_char(p->out, '\n');
            file = m[i].file;
            before = 0;
        }
        if (before > 0 && m[i].line == before + 2) {
            bar(p, before + 1);
            struct str line = source_line(file, before + 1);
            if (line.n > 0) {
                sb_char(p->out, ' ');
                draw_line(p->out, line, (struct window){ 0, WIDEST_LINE });
            }
            sb_char(p->out, '\n');
        } else if (before > 0 && m[i].line > before + 1) {
            coloured(p->out, p->ink, BLUE, STR("..."));
            sb_char(p->out, '\n');
        }
        draw_marked(p, m + i, next - i);
        before = m[i].line;
        i = next;
    }
}

/* A text of several lines is indented below its first word. */
static void remark(const struct pen *p, const char *kind, struct str text)
{
    colour(p->out, p->ink, BLUE);
    sb_printf(p->out, "%*s = ", p->margin, "");
    colour(p->out, p->ink, BOLD);
    sb_printf(p->out, "%s: ", kind);
    colour(p->out, p->ink, PLAIN);
    for (struct str rest = text;;) {
        bool more = str_find(rest, '\n') < rest.n;
        sb_visible(p->out, str_cut(rest, '\n', &rest));
        sb_char(p->out, '\n');
        if (!more) { break; }
        sb_printf(p->out, "%*s   ", p->margin, "");
        sb_fill(p->out, ' ', str_of(kind).n + 2);
    }
}

/* A fix within one line is shown as that line after it; others in words. */
static void fix(const struct pen *p, const struct sources *s, const struct diag_part *f)
{
    struct place from = source_place(s, f->span.from), to = source_place(s, f->span.to);
    bool one_line = from.file != NULL && to.line == from.line && str_find(f->text, '\n') == f->text.n;
    if (!one_line) {
        remark(p, "help", str_printf(p->arena, "write `%.*s`", STR_ARG(f->text)));
        return;
    }
    struct str line = source_line(from.file, from.line);
    struct sb changed = { .arena = p->arena };
    sb_put(&changed, str_slice(line, 0, from.byte));
    sb_put(&changed, f->text);
    sb_put(&changed, str_slice(line, to.byte, line.n));
    const char *what = f->text.n == 0 ? "remove it" : f->span.to == f->span.from ? "add it" : "replace it";
    remark(p, "help", str_printf(p->arena, "%s:", what));
    if (f->text.n == 0 && str_trim(sb_str(&changed)).n == 0) { return; } /* nothing is left to show */
    bar(p, 0);
    sb_char(p->out, '\n');
    bar(p, from.line);
    sb_char(p->out, ' ');
    draw_line(p->out, sb_str(&changed), (struct window){ 0, WIDEST_LINE });
    sb_char(p->out, '\n');
    if (f->text.n > 0) {
        bar(p, 0);
        sb_char(p->out, ' ');
        size_t start = column_of(sb_str(&changed), from.byte);
        size_t end = column_of(sb_str(&changed), from.byte + f->text.n);
        sb_fill(p->out, ' ', start);
        colour(p->out, p->ink, GREEN);
        sb_fill(p->out, f->span.to == f->span.from ? '+' : '~', end > start ? end - start : 1);
        colour(p->out, p->ink, PLAIN);
        sb_char(p->out, '\n');
    }
}

static int digits(uint32_t v)
{
    int n = 1;
    while (v >= 10) {
        v /= 10;
        n++;
    }
    return n;
}

static void render(struct sb *out, const struct diag *m, const struct sources *s, struct ink ink, struct arena *a)
{
    marks all = { 0 };
    struct str main_label = STR("");
    for (const struct diag_part *p = m->parts; p != NULL; p = p->next) {
        if (p->kind == DIAG_LABEL && p->span.from == m->span.from && p->span.to == m->span.to) {
            if (main_label.n == 0) { main_label = p->text; }
        }
    }
    add_mark(&all, a, s, m->span, true, main_label);
    bool remarks = false;
    for (const struct diag_part *p = m->parts; p != NULL; p = p->next) {
        bool at_main = p->span.from == m->span.from && p->span.to == m->span.to;
        if (p->kind == DIAG_LABEL && !(at_main && str_eq(p->text, main_label))) { add_mark(&all, a, s, p->span, false, p->text); }
        if (p->kind != DIAG_LABEL) { remarks = true; }
    }
    uint32_t highest = 0;
    for (size_t i = 0; i < all.n; i++) { highest = all.p[i].line > highest ? all.p[i].line : highest; }
    struct pen pen = { .out = out, .ink = ink, .arena = a, .margin = digits(highest) + 1, .main = severity_colour(m) };
    if (all.n == 0) { pen.margin = 2; }

    colour(out, ink, pen.main);
    sb_printf(out, "%s[%s]", severity_word(m), diag_info(m->code)->code);
    colour(out, ink, PLAIN);
    colour(out, ink, BOLD);
    sb_puts(out, ": ");
    sb_visible(out, m->headline);
    colour(out, ink, PLAIN);
    sb_char(out, '\n');

    struct place at = source_place(s, m->span.from);
    if (at.file != NULL) {
        coloured(out, ink, BLUE, str_printf(a, "%*s--> ", pen.margin, ""));
        sb_visible(out, at.file->name);
        sb_printf(out, ":%u:%u\n", at.line, at.column);
    }
    if (all.n > 0) {
        /* Lines of the main file first, then those of others. */
        qsort(all.p, all.n, sizeof *all.p, by_place);
        marks ordered = { 0 };
        for (int others = 0; others < 2; others++) {
            for (size_t i = 0; i < all.n; i++) {
                if ((all.p[i].file != at.file) == (others == 1)) { vec_push(&ordered, a, all.p[i]); }
            }
        }
        bar(&pen, 0);
        sb_char(out, '\n');
        draw_marks(&pen, ordered.p, ordered.n, at.file ? at.file : ordered.p[0].file);
        if (remarks) {
            bar(&pen, 0);
            sb_char(out, '\n');
        }
    }
    for (const struct diag_part *p = m->parts; p != NULL; p = p->next) {
        switch (p->kind) {
        case DIAG_LABEL: break;
        case DIAG_NOTE: remark(&pen, "note", p->text); break;
        case DIAG_HELP: remark(&pen, "help", p->text); break;
        case DIAG_FIX: fix(&pen, s, p); break;
        }
    }
}

void diag_text_one(struct sb *out, const struct diag *m, const struct sources *s, bool in_colour)
{
    if (out->arena) { /* a jump out of it when memory ends must find all of it */
        render(out, m, s, (struct ink){ in_colour }, out->arena);
        return;
    }
    struct arena scratch;
    arena_init(&scratch, NULL);
    render(out, m, s, (struct ink){ in_colour }, &scratch);
    arena_free(&scratch);
}

static void count_of(struct sb *out, size_t n, const char *what)
{
    sb_printf(out, "%zu %s%s", n, what, n == 1 ? "" : "s");
}

void diag_text(struct sb *out, struct diags *d, bool in_colour)
{
    size_t count, shown_errors = 0;
    const struct diag *const *list = diags_sorted(d, &count);
    for (size_t i = 0; i < count; i++) {
        diag_text_one(out, list[i], diags_sources(d), in_colour);
        sb_char(out, '\n');
        shown_errors += list[i]->severity == DIAG_ERROR;
    }
    size_t errors = diags_errors(d), warnings = diags_warnings(d);
    if (errors + warnings == 0) { return; }
    if (errors > 0) { count_of(out, errors, "error"); }
    if (errors > 0 && warnings > 0) { sb_puts(out, ", "); }
    if (warnings > 0) { count_of(out, warnings, "warning"); }
    if (shown_errors < errors) { sb_printf(out, " (the first %zu errors are shown)", shown_errors); }
    sb_char(out, '\n');
}
