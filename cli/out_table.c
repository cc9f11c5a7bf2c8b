/* SPDX-License-Identifier: MIT */
/* Results as a table for people: a fact a line, times by the clock of the agreement's zone. The first rows are held back
 * to find widths; later ones are laid out by the same widths. */
#include "cli/fields.h"
#include "base/utf8.h"
#include "base/vec.h"
#include "cli/cli.h"
#include <string.h>

enum { HELD = 1000, MOST_CELLS = FIELD_COUNT + 8, NARROWEST_LAST = 20, WIDEST_CELL = 28 };
enum ink { INK_NONE, INK_RED, INK_GREEN, INK_YELLOW };
static const char *const ink_code[] = {[INK_NONE] = "", [INK_RED] = "\033[31m", [INK_GREEN] = "\033[32m", [INK_YELLOW] = "\033[33m"};

struct row { struct str *cell; enum ink ink; };
struct table {
    struct arena arena;
    VEC(struct row) rows;
    size_t n_cells;
    struct str heading[MOST_CELLS];
    size_t width[MOST_CELLS];
    bool laid_out;
};

static const char *const usual[] = {"what", "clause", "thing", "clock", "when", "details"};

static struct table *table_of(struct out *o)
{
    if (o->table) { return o->table; }
    struct table *t = memory_resize(NULL, NULL, sizeof *t);
    *t = (struct table){0};
    arena_init(&t->arena, NULL);
    t->n_cells = o->columns.n ? o->columns.n : countof(usual);
    if (t->n_cells > MOST_CELLS) { t->n_cells = MOST_CELLS; }
    for (size_t i = 0; i < t->n_cells; i++) { t->heading[i] = o->columns.n ? o->columns.p[i].name : str_of(usual[i]); }
    o->table = t;
    return t;
}

/* Cut to a width, with an ellipsis; 0: as it is. */
static struct str cut(struct arena *a, struct str s, size_t width)
{
    if (!width || utf8_text_width(s) <= width) { return s; }
    size_t used = 0, i = 0;
    while (i < s.n) {
        size_t n;
        int w = utf8_width(utf8_decode(s.p + i, s.n - i, &n));
        if (used + (size_t)w + 1 > width) { break; }
        used += (size_t)w;
        i += n;
    }
    return str_printf(a, "%.*s\xe2\x80\xa6", (int)i, s.p);
}

static void write_row(struct out *o, const struct row *r)
{
    struct table *t = o->table;
    struct sb b = {.arena = &t->arena};
    for (size_t i = 0; i < t->n_cells; i++) {
        bool last = i + 1 == t->n_cells;
        struct str s = cut(&t->arena, r->cell[i], o->width ? t->width[i] : 0);
        const char *ink = i == 0 && o->colour ? ink_code[r->ink] : "";
        sb_puts(&b, ink);
        sb_put(&b, s);
        if (*ink) { sb_puts(&b, "\033[0m"); }
        size_t used = utf8_text_width(s);
        if (!last) { sb_fill(&b, ' ', (used < t->width[i] ? t->width[i] - used : 0) + 2); }
    }
    while (b.n && b.p[b.n - 1] == ' ') { b.n--; }
    sb_char(&b, '\n');
    io_write_str(o->to, sb_str(&b));
}

/* Columns get what they need where the screen has room for all of it; else the last one gets what the others leave. */
static void find_widths(struct out *o)
{
    struct table *t = o->table;
    size_t all = 0;
    for (size_t i = 0; i < t->n_cells; i++) {
        size_t w = utf8_text_width(t->heading[i]);
        for (size_t k = 0; k < t->rows.n; k++) {
            size_t n = utf8_text_width(t->rows.p[k].cell[i]);
            if (n > w) { w = n; }
        }
        t->width[i] = w;
        all += w + 2;
    }
    size_t last = t->n_cells - 1, used = 0;
    bool fits = all <= o->width + 2;
    for (size_t i = 0; i < last; i++) {
        if (o->width && !fits && t->width[i] > WIDEST_CELL) { t->width[i] = WIDEST_CELL; }
        used += t->width[i] + 2;
    }
    size_t room = o->width > used + NARROWEST_LAST ? o->width - used : NARROWEST_LAST;
    if (o->width && (!fits || !o->columns.n)) { t->width[last] = room; }
}

static void lay_out(struct out *o)
{
    struct table *t = o->table;
    find_widths(o);
    t->laid_out = true;
    struct row heading = {.cell = t->heading};
    write_row(o, &heading);
    for (size_t k = 0; k < t->rows.n; k++) { write_row(o, &t->rows.p[k]); }
    vec_free(&t->rows);
}

static void put_span(struct sb *b, const char *before, int64_t d, const char *after)
{
    sb_puts(b, before);
    when_span(b, d);
    sb_puts(b, after);
}

static void named(struct sb *b, const struct msa_named *p, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (!p[i].value.n) { continue; }
        if (b->n) { sb_puts(b, ", "); }
        sb_visible(b, text_str(p[i].name));
        sb_char(b, ' ');
        sb_visible(b, text_str(p[i].value));
    }
}

/* What matters most comes first: the end may be cut. */
static void clock_details(struct out *o, struct sb *b, const struct msa_result *r)
{
    bool open = r->state == MSA_RUNNING || r->state == MSA_PAUSED;
    if (r->overrun != MSA_NONE && r->overrun > 0) { put_span(b, "", r->overrun, " over, "); }
    if (open && r->remaining != MSA_NONE) { put_span(b, "", r->remaining, " left, "); }
    if (r->state == MSA_RUNNING && r->due != MSA_NONE) {
        sb_puts(b, "due ");
        when_short(b, o->fields->when.zone, r->due);
        sb_puts(b, ", ");
    }
    if (r->state == MSA_CANCELLED && r->reason.n && !str_eq(text_str(r->reason), STR("cancelled"))) {
        sb_puts(b, "by ");
        sb_visible(b, text_str(r->reason));
        sb_puts(b, ", ");
    }
    if (r->excused) { sb_puts(b, "excused, "); }
    if (r->outside_term) { sb_puts(b, "outside the term, "); }
    if (r->elapsed != MSA_NONE) {
        when_span(b, r->elapsed);
        if (r->target.n) {
            sb_puts(b, " of ");
            sb_visible(b, text_str(r->target));
        }
    }
    named(b, r->by, r->n_by);
    for (size_t i = 0; i < r->n_by && r->state == MSA_NO_TARGET; i++) {
        if (r->by[i].value.n) { continue; }
        if (b->n) { sb_puts(b, ", "); }
        sb_visible(b, text_str(r->by[i].name));
        sb_puts(b, " missing");
    }
    if (r->target_clause < o->fields->n_clauses) {
        sb_puts(b, ", ");
        exception_name(b, msa_module_clause(o->fields->module, r->target_clause));
    }
}

static void measure_details(struct out *o, struct sb *b, const struct msa_result *r)
{
    sb_visible(b, text_str(r->period));
    sb_puts(b, ": ");
    measure_text(o->fields, b, r);
    named(b, r->by, r->n_by);
    if (r->outside_term) { sb_puts(b, ", outside the term"); }
    if (!r->final) { sb_puts(b, ", so far"); }
}

static void word(struct out *o, struct sb *b, const struct msa_result *r, enum field f, const char *before)
{
    struct value v = field_get(o->fields, r, f);
    if (v.form == IS_ABSENT) { return; }
    if (b->n) { sb_puts(b, ", "); }
    sb_puts(b, before);
    sb_visible(b, v.text);
}

static void sum(struct out *o, struct sb *b, const struct msa_result *r, enum field f, const char *before)
{
    struct value v = field_get(o->fields, r, f);
    if (v.form == IS_ABSENT) { return; }
    if (b->n) { sb_puts(b, ", "); }
    sb_puts(b, before);
    sb_visible(b, text_str(r->currency));
    sb_char(b, ' ');
    sb_visible(b, v.text);
}

static void money_details(struct out *o, struct sb *b, const struct msa_result *r)
{
    word(o, b, r, FIELD_CHARGE, "");
    word(o, b, r, FIELD_STATE, "");
    if (r->kind == MSA_LINE) { word(o, b, r, FIELD_PERIOD, ""); }
    if (r->quantity.n) {
        word(o, b, r, FIELD_QUANTITY, "");
        sb_char(b, ' ');
        sb_visible(b, text_str(r->unit));
    }
    sum(o, b, r, FIELD_AMOUNT, "");
    word(o, b, r, FIELD_INVOICE, "invoice ");
    sum(o, b, r, FIELD_TOTAL, "");
    if (r->payable != INT32_MIN) { word(o, b, r, FIELD_DUE, "due "); }
    if (r->kind != MSA_LINE && r->kind != MSA_PAYMENT) { sum(o, b, r, FIELD_OPEN, "open "); }
    word(o, b, r, FIELD_LAST_DAY, "last day ");
    word(o, b, r, FIELD_REASON, "");
    word(o, b, r, FIELD_NOTE, "");
    if (r->kind == MSA_LINE && !r->final) { sb_puts(b, ", not billed yet"); }
}

static void details(struct out *o, struct sb *b, const struct msa_result *r)
{
    switch (r->kind) {
    case MSA_CLOCK: clock_details(o, b, r); break;
    case MSA_BREACH:
        sb_puts(b, "not within ");
        sb_visible(b, text_str(r->target));
        if (r->calendar.n) {
            sb_puts(b, " in ");
            sb_visible(b, text_str(r->calendar));
        }
        break;
    case MSA_ESCALATION:
    case MSA_NOTICE:
        sb_visible(b, text_str(r->step));
        if (r->step.n) { sb_puts(b, ": "); }
        recipients_text(o->fields, b, r, false);
        if (r->late) { sb_puts(b, " (late)"); }
        break;
    case MSA_MEASURE: measure_details(o, b, r); break;
    case MSA_CORRECTION:
        sb_puts(b, "withdraws ");
        sb_visible(b, text_str(r->withdraws));
        if (r->reason.n) {
            sb_puts(b, ": ");
            sb_visible(b, text_str(r->reason));
        }
        if (r->measure.n) {
            sb_puts(b, ", now ");
            measure_details(o, b, r);
        }
        break;
    case MSA_DIFFERENCE:
        sb_visible(b, text_str(r->aspect));
        sb_puts(b, " recorded ");
        sb_visible(b, text_str(r->recorded));
        sb_puts(b, ", computed ");
        sb_visible(b, field_get(o->fields, r, FIELD_COMPUTED).text);
        break;
    case MSA_REJECT:
    case MSA_DUPLICATE: {
        struct value in = field_get(o->fields, r, FIELD_INPUT);
        sb_visible(b, in.text);
        sb_puts(b, ": ");
        sb_visible(b, text_str(r->reason));
        break;
    }
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
        money_details(o, b, r);
        break;
    case MSA_RESULT_KIND_COUNT: break;
    }
}

static enum ink ink_of(const struct msa_result *r)
{
    if (r->kind == MSA_BREACH || r->kind == MSA_REJECT) { return INK_RED; }
    if (r->kind != MSA_CLOCK) { return r->kind == MSA_DIFFERENCE || r->kind == MSA_CORRECTION ? INK_YELLOW : INK_NONE; }
    if (r->state == MSA_MET) { return INK_GREEN; }
    return r->state == MSA_BREACHED ? INK_RED : INK_YELLOW;
}

static void usual_row(struct out *o, struct arena *a, struct str *cell, const struct msa_result *r)
{
    struct sb b = {.arena = a};
    cell[0] = r->kind == MSA_CLOCK ? str_of(msa_clock_state_name[r->state]) : str_of(msa_result_kind_name[r->kind]);
    cell[1] = str_dup(a, field_get(o->fields, r, FIELD_CLAUSE).text);
    sb_visible(&b, text_str(r->key));
    cell[2] = sb_str(&b);
    b = (struct sb){.arena = a};
    sb_visible(&b, text_str(r->clock.n ? r->clock : r->measure.n ? r->measure : r->cause));
    if (r->clock.n && r->cycle > 1) { sb_printf(&b, " %u", r->cycle); }
    cell[3] = sb_str(&b);
    b = (struct sb){.arena = a};
    if (r->at != MSA_NONE) { when_short(&b, o->fields->when.zone, r->at); }
    cell[4] = sb_str(&b);
    b = (struct sb){.arena = a};
    details(o, &b, r);
    cell[5] = sb_str(&b);
}

void out_table(struct out *o, const struct msa_result *r)
{
    struct table *t = table_of(o);
    struct arena_mark mark = arena_mark(&t->arena);
    struct row row = {.cell = ARENA_ARRAY(&t->arena, struct str, t->n_cells), .ink = ink_of(r)};
    if (!o->columns.n) {
        usual_row(o, &t->arena, row.cell, r);
    } else {
        for (size_t i = 0; i < t->n_cells; i++) {
            struct value v = column_get(o->fields, r, &o->columns.p[i]);
            struct sb raw = {.arena = &t->arena}, b = {.arena = &t->arena};
            value_text(o->fields, &raw, &v, true);
            sb_visible(&b, sb_str(&raw));
            row.cell[i] = sb_str(&b);
        }
    }
    if (!t->laid_out) {
        vec_push(&t->rows, NULL, row);
        if (t->rows.n >= HELD) { lay_out(o); }
        return;
    }
    write_row(o, &row);
    arena_release(&t->arena, mark);
}

void out_table_end(struct out *o)
{
    struct table *t = o->table;
    if (!t) { return; }
    if (!t->laid_out) { lay_out(o); }
    arena_free(&t->arena);
    vec_free(&t->rows);
    memory_resize(NULL, t, 0);
    o->table = NULL;
}
