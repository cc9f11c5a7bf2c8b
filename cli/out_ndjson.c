/* SPDX-License-Identifier: MIT */
/* Results as NDJSON: an object a line, fields in the order of fields.def. */
#include "cli/fields.h"
#include "cli/cli.h"
#include <string.h>

/* Nearly every text needs no escape: then it goes out in one piece. */
static void json_text(struct io_writer *w, struct str s)
{
    size_t i = 0;
    while (i < s.n && (unsigned char)s.p[i] >= 0x20 && (unsigned char)s.p[i] < 0x7f && s.p[i] != '"' && s.p[i] != '\\') { i++; }
    if (i == s.n) {
        io_write(w, "\"", 1);
        io_write_str(w, s);
        io_write(w, "\"", 1);
        return;
    }
    struct sb b = {0};
    sb_json_string(&b, s);
    io_write_str(w, sb_str(&b));
    sb_free(&b);
}

void value_json(struct field_context *c, struct io_writer *w, const struct value *v)
{
    char text[CIVIL_TEXT_MAX + 2];
    switch (v->form) {
    case IS_ABSENT: io_write(w, "null", 4); break;
    case IS_TEXT: json_text(w, v->text); break;
    case IS_PLAIN:
        io_write(w, "\"", 1);
        io_write_str(w, v->text);
        io_write(w, "\"", 1);
        break;
    case IS_INSTANT: {
        text[0] = '"';
        int n = when_iso(&c->when, text + 1, v->number);
        text[n + 1] = '"';
        io_write(w, text, (size_t)n + 2);
        break;
    }
    case IS_SECONDS: io_write(w, text, (size_t)civil_write_seconds(text, v->number)); break;
    case IS_NUMBER:
    case IS_HUNDREDTHS:
    case IS_MILLIONTHS:
    case IS_FLAG:
    case IS_TEXTS:
    case IS_NAMED:
        sb_clear(&c->scratch);
        value_json_text(c, &c->scratch, v);
        io_write_str(w, sb_str(&c->scratch));
        break;
    }
}

void value_json_text(struct field_context *c, struct sb *b, const struct value *v)
{
    switch (v->form) {
    case IS_TEXT:
    case IS_PLAIN: sb_json_string(b, v->text); break;
    case IS_INSTANT:
        sb_char(b, '"');
        value_text(c, b, v, false);
        sb_char(b, '"');
        break;
    case IS_TEXTS:
        for (size_t i = 0; i < v->n; i++) {
            sb_char(b, i ? ',' : '[');
            sb_json_string(b, text_str(v->texts[i]));
        }
        sb_char(b, ']');
        break;
    case IS_NAMED:
        for (size_t i = 0; i < v->n; i++) {
            sb_char(b, i ? ',' : '{');
            sb_json_string(b, text_str(v->named[i].name));
            sb_char(b, ':');
            sb_json_string(b, text_str(v->named[i].value));
        }
        sb_char(b, '}');
        break;
    case IS_ABSENT: sb_puts(b, "null"); break;
    case IS_SECONDS:
    case IS_NUMBER:
    case IS_HUNDREDTHS:
    case IS_MILLIONTHS:
    case IS_FLAG: value_text(c, b, v, false); break;
    }
}

static void chosen(struct out *o, const struct msa_result *r)
{
    bool any = false;
    for (size_t i = 0; i < o->columns.n; i++) {
        struct value v = column_get(o->fields, r, &o->columns.p[i]);
        if (v.form == IS_ABSENT) { continue; }
        io_write(o->to, any ? "," : "{", 1);
        any = true;
        json_text(o->to, o->columns.p[i].name);
        io_write(o->to, ":", 1);
        value_json(o->fields, o->to, &v);
    }
    io_write_str(o->to, any ? STR("}\n") : STR("{}\n"));
}

/* `,"name":` of every field, ready. */
#define FIELD(NAME, name, doc) [FIELD_##NAME] = STR_INIT(",\"" name "\":"),
static const struct str intro[FIELD_COUNT] = {
#include "cli/fields.def"
};
#undef FIELD

void out_ndjson(struct out *o, const struct msa_result *r)
{
    struct field_context *c = o->fields;
    if (o->columns.n) {
        chosen(o, r);
        return;
    }
    io_write_str(o->to, STR("{\"kind\":\""));
    io_write_str(o->to, str_of(msa_result_kind_name[r->kind]));
    io_write(o->to, "\"", 1);
    if (r->clause < c->n_clauses) { io_write_str(o->to, c->clause[r->clause].json); }
    for (int f = r->clause < c->n_clauses ? FIELD_AT : FIELD_AGREEMENT; f < FIELD_COUNT; f++) {
        struct value v = field_get(c, r, (enum field)f);
        if (v.form == IS_ABSENT) { continue; }
        if (f == FIELD_KEY && r->entity.n) {
            io_write(o->to, ",", 1);
            json_text(o->to, text_str(r->entity));
            io_write(o->to, ":", 1);
        } else {
            io_write_str(o->to, intro[f]);
        }
        value_json(c, o->to, &v);
    }
    io_write_str(o->to, STR("}\n"));
}
