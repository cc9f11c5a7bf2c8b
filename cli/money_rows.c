/* SPDX-License-Identifier: MIT */
/* Lines of invoices and sums under one another, for people: clause, text, quantity, price, amount. */
#include "cli/money.h"
#include "base/exact.h"
#include "base/utf8.h"
#include <string.h>

enum { COLUMNS = 4, GAP = 2 };

struct str rows_text(struct books *b, struct sb *s)
{
    struct str t = str_dup(&b->arena, sb_str(s));
    sb_clear(s);
    return t;
}

struct str line_section(const struct books *b, const struct msa_result *r)
{
    struct str s = text_str(msa_module_clause(b->agreement.module, r->clause).section);
    return s.n ? s : STR("");
}

/* A fraction is cut to four decimals, and "…" says so; a price has the decimals of its currency at least. */
static void number_words(struct sb *b, struct str s, unsigned least)
{
    mpq_t q, scale;
    size_t slash = str_find(s, '/'), point = str_find(s, '.');
    if (slash >= s.n) {
        sb_put(b, s);
        size_t have = point < s.n ? s.n - point - 1 : 0;
        if (least && point >= s.n) { sb_char(b, '.'); }
        for (; have < least; have++) { sb_char(b, '0'); }
        return;
    }
    mpq_inits(q, scale, NULL);
    if (exact_read(q, s)) {
        mpq_set_ui(scale, 10000, 1);
        mpq_mul(q, q, scale);
        mpz_tdiv_q(mpq_numref(q), mpq_numref(q), mpq_denref(q));
        mpz_set_ui(mpq_denref(q), 1);
        mpq_div(q, q, scale);
        struct arena a;
        arena_init(&a, NULL);
        sb_put(b, exact_text(&a, q));
        arena_free(&a);
        sb_puts(b, "…");
    }
    mpq_clears(q, scale, NULL);
}

void rows_account(struct books *b, rows *out, const struct msa_result *r)
{
    struct sb s = {0};
    bool money = str_eq(text_str(r->unit), text_str(r->currency));
    sb_visible(&s, text_str(r->title.n ? r->title : r->charge));
    sb_puts(&s, ": ");
    if (money) {
        sb_visible(&s, text_str(r->currency));
        sb_char(&s, ' ');
    }
    number_words(&s, text_str(r->quantity), money ? r->places : 0);
    if (!money) {
        sb_char(&s, ' ');
        sb_visible(&s, text_str(r->unit));
    }
    sb_puts(&s, " left");
    vec_push(out, &b->arena, ((struct row){.cell = {clause_text(b, r), rows_text(b, &s)}}));
    if (r->note.n) {
        sb_visible(&s, text_str(r->note));
        vec_push(out, &b->arena, ((struct row){.cell = {[1] = rows_text(b, &s)}, .note = true}));
    }
    sb_free(&s);
}

void rows_line(struct books *b, rows *out, const struct msa_result *r)
{
    struct sb s = {0};
    struct row row = {.cell = {[0] = clause_text(b, r)}};
    line_title(b, &s, r);
    struct str title = rows_text(b, &s);
    sb_visible(&s, title);
    row.cell[1] = rows_text(b, &s);
    if (r->quantity.n && !str_is(r->line_kind, "correction")) {
        number_words(&s, text_str(r->quantity), 0);
        if (r->unit.n) { sb_char(&s, ' '), sb_visible(&s, text_str(r->unit)); }
        row.cell[2] = rows_text(b, &s);
        if (r->price.n) { number_words(&s, text_str(r->price), r->places); }
        row.cell[3] = rows_text(b, &s);
    }
    amount_grouped(&s, r->amount, r->places);
    row.cell[4] = rows_text(b, &s);
    vec_push(out, &b->arena, row);
    if (r->note.n) {
        sb_visible(&s, text_str(r->note));
        vec_push(out, &b->arena, ((struct row){.cell = {[1] = rows_text(b, &s)}, .note = true}));
    }
    if (str_is(r->line_kind, "correction") && origin_text(&s, r)) {
        struct str place = rows_text(b, &s);
        sb_printf(&s, "because of %.*s at ", (int)(r->cause.n ? r->cause.n : 5), r->cause.n ? r->cause.p : "event");
        sb_put(&s, place);
        vec_push(out, &b->arena, ((struct row){.cell = {[1] = rows_text(b, &s)}, .note = true}));
    }
    sb_free(&s);
}

void rows_sum(struct books *b, rows *out, const char *text, int64_t minor, unsigned places)
{
    struct sb s = {0};
    amount_grouped(&s, minor, places);
    vec_push(out, &b->arena, ((struct row){.cell = {[1] = str_of(text), [4] = rows_text(b, &s)}}));
    sb_free(&s);
}

static size_t width_of(const rows *r, int cell)
{
    size_t most = 0;
    for (size_t i = 0; i < r->n; i++) {
        size_t w = r->p[i].heading ? 0 : utf8_text_width(r->p[i].cell[cell]);
        most = w > most ? w : most;
    }
    return most;
}

static void right(struct sb *b, struct str s, size_t width)
{
    size_t w = utf8_text_width(s);
    sb_fill(b, ' ', w < width ? width - w : 0);
    sb_put(b, s);
}

void rows_print(struct books *b, struct sb *out, const rows *r)
{
    size_t width[COLUMNS + 1];
    for (int c = 0; c <= COLUMNS; c++) { width[c] = width_of(r, c); }
    for (size_t i = 0; i < r->n; i++) {
        const struct row *x = &r->p[i];
        if (x->heading) {
            sb_printf(out, "\n%s", b->colour ? "\033[1m" : "");
            sb_visible(out, x->cell[0]);
            sb_printf(out, "%s\n", b->colour ? "\033[0m" : "");
            continue;
        }
        if (x->note && !x->cell[1].n) {
            sb_char(out, '\n');
            continue;
        }
        sb_puts(out, "  ");
        sb_put(out, x->cell[0]);
        sb_fill(out, ' ', width[0] - utf8_text_width(x->cell[0]) + GAP + (x->note ? 2 : 0));
        sb_put(out, x->cell[1]);
        if (!x->note && (x->cell[2].n || x->cell[3].n || x->cell[4].n)) {
            sb_fill(out, ' ', width[1] - utf8_text_width(x->cell[1]));
            int last = COLUMNS;
            while (last > 1 && !x->cell[last].n) { last--; }
            for (int c = 2; c <= last; c++) {
                if (!width[c]) { continue; }
                sb_fill(out, ' ', GAP);
                right(out, x->cell[c], width[c]);
            }
        }
        sb_char(out, '\n');
    }
}

