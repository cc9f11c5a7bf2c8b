/* SPDX-License-Identifier: MIT */
/* Results as CSV (RFC 4180) with a heading line: the fields of fields.def in their order, or the columns asked for. A text
 * that a spreadsheet would run as a formula gets a ' in front. */
#include "cli/fields.h"
#include <string.h>

/* A spreadsheet takes what begins like this for a formula, and the texts of a ticket come from anybody. */
bool csv_like_a_formula(struct str s)
{
    if (s.n < 2 || !memchr("=+-@\t\r", s.p[0], 6)) { return false; }
    size_t i = 1;
    while (i < s.n && ((s.p[i] >= '0' && s.p[i] <= '9') || s.p[i] == '.')) { i++; }
    return i < s.n || s.p[0] == '=' || s.p[0] == '@';
}

static void cell(struct out *o, struct str s, bool first, bool text)
{
    bool quote = false;
    for (size_t i = 0; i < s.n && !quote; i++) { quote = s.p[i] == ',' || s.p[i] == '"' || s.p[i] == '\n' || s.p[i] == '\r'; }
    if (!first) { io_write(o->to, ",", 1); }
    if (quote) { io_write(o->to, "\"", 1); }
    if (text && csv_like_a_formula(s)) { io_write(o->to, "'", 1); }
    if (!quote) {
        io_write_str(o->to, s);
        return;
    }
    for (size_t from = 0; from < s.n;) {
        size_t to = from;
        while (to < s.n && s.p[to] != '"') { to++; }
        io_write(o->to, s.p + from, to - from);
        if (to < s.n) { io_write(o->to, "\"\"", 2); }
        from = to + 1;
    }
    io_write(o->to, "\"", 1);
}

static void end_row(struct out *o) { io_write(o->to, "\r\n", 2); }

void out_csv_heading(struct out *o)
{
    if (o->begun) { return; }
    o->begun = true;
    size_t n = o->columns.n ? o->columns.n : FIELD_COUNT;
    for (size_t i = 0; i < n; i++) { cell(o, o->columns.n ? o->columns.p[i].name : str_of(field_name[i]), i == 0, false); }
    end_row(o);
}

void out_csv(struct out *o, const struct msa_result *r)
{
    struct sb b = {0};
    out_csv_heading(o);
    size_t n = o->columns.n ? o->columns.n : FIELD_COUNT;
    for (size_t i = 0; i < n; i++) {
        struct value v = o->columns.n ? column_get(o->fields, r, &o->columns.p[i]) : field_get(o->fields, r, (enum field)i);
        if (v.form == IS_TEXT || v.form == IS_PLAIN || v.form == IS_ABSENT) {
            cell(o, v.text, i == 0, v.form == IS_TEXT);
            continue;
        }
        sb_clear(&b);
        value_text(o->fields, &b, &v, false);
        cell(o, sb_str(&b), i == 0, v.form == IS_TEXTS || v.form == IS_NAMED);
    }
    end_row(o);
    sb_free(&b);
}
