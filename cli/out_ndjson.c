/* SPDX-License-Identifier: MIT */
/* Results as NDJSON: an object a line, fields in the order of fields.def. */
#include "cli/fields.h"
#include "cli/cli.h"
#include <string.h>

/* A line is put together in memory and written in one piece. */
static inline void put(struct sb *b, const char *p, size_t n)
{
    if (b->cap - b->n <= n) { sb_reserve(b, n + 1024); }
    memcpy(b->p + b->n, p, n);
    b->n += n;
}
static inline void put_str(struct sb *b, struct str s) { put(b, s.p, s.n); }

/* Nearly every text needs no escape. */
static void json_text(struct sb *b, struct str s)
{
    size_t i = 0;
    while (i < s.n && (unsigned char)s.p[i] >= 0x20 && (unsigned char)s.p[i] < 0x7f && s.p[i] != '"' && s.p[i] != '\\') { i++; }
    if (i < s.n) {
        sb_json_string(b, s);
        return;
    }
    put(b, "\"", 1);
    if (s.n) { put_str(b, s); }
    put(b, "\"", 1);
}

void value_json(struct field_context *c, struct sb *b, const struct value *v)
{
    char text[CIVIL_TEXT_MAX + 2];
    switch (v->form) {
    case IS_ABSENT: put(b, "null", 4); break;
    case IS_TEXT: json_text(b, v->text); break;
    case IS_PLAIN:
        put(b, "\"", 1);
        put_str(b, v->text);
        put(b, "\"", 1);
        break;
    case IS_INSTANT: {
        text[0] = '"';
        int n = when_iso(&c->when, text + 1, v->number);
        text[n + 1] = '"';
        put(b, text, (size_t)n + 2);
        break;
    }
    case IS_SECONDS: put(b, text, (size_t)civil_write_seconds(text, v->number)); break;
    case IS_NUMBER:
    case IS_HUNDREDTHS:
    case IS_MILLIONTHS:
    case IS_FLAG: value_text(c, b, v, false); break;
    case IS_TEXTS:
        for (size_t i = 0; i < v->n; i++) {
            put(b, i ? "," : "[", 1);
            json_text(b, text_str(v->texts[i]));
        }
        put(b, "]", 1);
        break;
    case IS_NAMED:
        for (size_t i = 0; i < v->n; i++) {
            put(b, i ? "," : "{", 1);
            json_text(b, text_str(v->named[i].name));
            put(b, ":", 1);
            json_text(b, text_str(v->named[i].value));
        }
        put(b, "}", 1);
        break;
    }
}

static void chosen(struct out *o, struct sb *b, const struct msa_result *r)
{
    char sign = '{';
    for (size_t i = 0; i < o->columns.n; i++) {
        struct value v = column_get(o->fields, r, &o->columns.p[i]);
        if (v.form == IS_ABSENT) { continue; }
        put(b, &sign, 1);
        sign = ',';
        json_text(b, o->columns.p[i].name);
        put(b, ":", 1);
        value_json(o->fields, b, &v);
    }
    if (sign == '{') { put(b, "{", 1); }
    put(b, "}\n", 2);
}

/* `,"name":` of every field, ready. */
#define FIELD(NAME, name, doc) [FIELD_##NAME] = STR_INIT(",\"" name "\":"),
static const struct str intro[FIELD_COUNT] = {
#include "cli/fields.def"
};
#undef FIELD

static void all(struct field_context *c, struct sb *b, const struct msa_result *r)
{
    bool ready = r->clause < c->n_clauses;
    put_str(b, STR("{\"kind\":\""));
    put_str(b, str_of(msa_result_kind_name[r->kind]));
    put(b, "\"", 1);
    if (ready) { put_str(b, c->clause[r->clause].json); }
    for (int f = ready ? FIELD_AT : FIELD_AGREEMENT; f < FIELD_COUNT; f++) {
        struct value v = field_get(c, r, (enum field)f);
        if (v.form == IS_ABSENT) { continue; }
        if (f == FIELD_KEY && r->entity.n) {
            put(b, ",", 1);
            json_text(b, text_str(r->entity));
            put(b, ":", 1);
        } else {
            put_str(b, intro[f]);
        }
        value_json(c, b, &v);
    }
    put(b, "}\n", 2);
}

void out_ndjson(struct out *o, const struct msa_result *r)
{
    struct sb *b = &o->fields->line;
    b->n = 0;
    if (o->columns.n) {
        chosen(o, b, r);
    } else {
        all(o->fields, b, r);
    }
    io_write(o->to, b->p, b->n);
}
