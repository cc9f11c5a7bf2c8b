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

/* ---- texts ---- */

/* High bits where a byte of the eight needs more than copying in JSON: a control, DEL, a quote, a backslash, no ASCII. */
static inline uint64_t odd_bytes(uint64_t w)
{
    const uint64_t ones = UINT64_C(0x0101010101010101);
    uint64_t control = w - ones * 0x20, quote = (w ^ ones * '"') - ones, backslash = (w ^ ones * '\\') - ones, del = (w ^ ones * 0x7f) - ones;
    return (control | quote | backslash | del | w) & ones * 0x80;
}

static inline bool odd_byte(unsigned char c)
{
    return c < 0x20 || c >= 0x7f || c == '"' || c == '\\';
}

/* Copies a text that needs no escape, as nearly every one; false: it needs some, and nothing counts of what was copied. */
static inline bool copy_plain(char *o, struct str s)
{
    uint64_t w, odd = 0;
    if (s.n < 8) {
        for (size_t i = 0; i < s.n; i++) {
            odd |= odd_byte((unsigned char)s.p[i]);
            o[i] = s.p[i];
        }
        return !odd;
    }
    for (size_t i = 0; i + 8 < s.n; i += 8) {
        memcpy(&w, s.p + i, 8);
        memcpy(o + i, &w, 8);
        odd |= odd_bytes(w);
    }
    memcpy(&w, s.p + s.n - 8, 8);
    memcpy(o + s.n - 8, &w, 8);
    return !(odd | odd_bytes(w));
}

static void json_text(struct sb *b, struct str s)
{
    sb_reserve(b, s.n + 2);
    char *o = b->p + b->n;
    if (!copy_plain(o + 1, s)) {
        sb_json_string(b, s);
        return;
    }
    o[0] = o[s.n + 1] = '"';
    b->n += s.n + 2;
}

/* ---- any field ---- */

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
        put(b, "[", 1);
        for (size_t i = 0, n = 0; i < v->n; i++) {
            if (!v->texts[i].n) { continue; }
            if (n++) { put(b, ",", 1); }
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

static void fields(struct field_context *c, struct sb *b, const struct msa_result *r, enum field from)
{
    for (int f = (int)from; f < FIELD_COUNT; f++) {
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
}

/* ---- results about clocks ----
 * Nearly all results. Field by field as above one costs 9,400 instructions, written straight down 2,900: no choice of form
 * for every field, no look at fields that such results cannot have. */

/* Behind every text there is room for all that comes between two texts. */
enum { ROOM = 1024 };
#define FIXED(o, literal) (memcpy((o), (literal), sizeof (literal) - 1), (o) + sizeof (literal) - 1)

static char *make_room(struct sb *b, char *o, size_t n)
{
    if ((size_t)(b->p + b->cap - o) >= n + ROOM) { return o; }
    b->n = (size_t)(o - b->p);
    sb_reserve(b, n + ROOM);
    return b->p + b->n;
}

static inline char *add_ready(struct sb *b, char *o, struct str s)
{
    o = make_room(b, o, s.n);
    if (s.n) { memcpy(o, s.p, s.n); }
    return o + s.n;
}

static char *add_text(struct sb *b, char *o, struct msa_text t)
{
    struct str s = text_str(t);
    o = make_room(b, o, s.n);
    if (copy_plain(o + 1, s)) {
        o[0] = o[s.n + 1] = '"';
        return o + s.n + 2;
    }
    b->n = (size_t)(o - b->p);
    sb_json_string(b, s);
    return make_room(b, b->p + b->n, 0);
}

static char *add_number(char *o, uint64_t v)
{
    char digits[20];
    size_t at = sizeof digits;
    do { digits[--at] = (char)('0' + v % 10); } while (v /= 10);
    memcpy(o, digits + at, sizeof digits - at);
    return o + sizeof digits - at;
}

static char *add_seconds(char *o, micros d)
{
    return d >= 0 && d % USEC == 0 ? add_number(o, (uint64_t)(d / USEC)) : o + civil_write_seconds(o, d);
}

static char *add_instant(struct field_context *c, char *o, instant t)
{
    *o++ = '"';
    o += when_iso(&c->when, o, t);
    *o++ = '"';
    return o;
}

#define INSTANT(name, t) if ((t) != MSA_NONE) { o = add_instant(c, FIXED(o, ",\"" name "\":"), t); }
#define SECONDS(name, d) if ((d) != MSA_NONE) { o = add_seconds(FIXED(o, ",\"" name "\":"), d); }
#define TEXT(name, t) if ((t).n) { o = add_text(b, FIXED(o, ",\"" name "\":"), t); }
#define FLAG(name, on) if (on) { o = FIXED(o, ",\"" name "\":true"); }

static char *add_by(struct sb *b, char *o, const struct msa_result *r)
{
    if (!r->n_by) { return o; }
    o = FIXED(o, ",\"by\":");
    for (size_t i = 0; i < r->n_by; i++) {
        *o++ = i ? ',' : '{';
        o = add_text(b, o, r->by[i].name);
        *o++ = ':';
        o = add_text(b, o, r->by[i].value);
    }
    *o++ = '}';
    return o;
}

static char *add_recipients(struct field_context *c, struct sb *b, char *o, const struct msa_result *r)
{
    size_t told = 0;
    if (r->kind != MSA_ESCALATION) { return o; }
    o = FIXED(o, ",\"recipients\":[");
    for (size_t i = 0; i < r->n_recipients; i++) {
        if (!r->recipients[i].n) { continue; }
        if (told++) { *o++ = ','; }
        o = add_text(b, o, r->recipients[i]);
    }
    *o++ = ']';
    struct value lacking = told < r->n_recipients || !told ? not_told(c, r) : (struct value){0};
    for (size_t i = 0; i < lacking.n; i++) {
        o = i ? FIXED(o, ",") : FIXED(o, ",\"not_told\":[");
        o = add_text(b, o, lacking.texts[i]);
    }
    if (lacking.n) { *o++ = ']'; }
    return o;
}

/* What identifies it. */
static char *add_cycle(struct field_context *c, struct sb *b, char *o, const struct msa_result *r)
{
    INSTANT("at", r->at)
    TEXT("id", r->id)
    TEXT("entity", r->entity)
    if (r->key.n && r->entity.n) {
        *o++ = ',';
        o = add_text(b, o, r->entity);
        *o++ = ':';
        o = add_text(b, o, r->key);
    } else {
        TEXT("key", r->key)
    }
    TEXT("clock", r->clock)
    if (r->cycle) { o = add_number(FIXED(o, ",\"cycle\":"), r->cycle); }
    if (r->revision > 1) { o = add_number(FIXED(o, ",\"revision\":"), r->revision); }
    o = FIXED(o, ",\"state\":\"");
    o = add_ready(b, o, str_of(msa_clock_state_name[r->state]));
    *o++ = '"';
    return o;
}

/* FIELD_AT to FIELD_WITHDRAWS of a result that has a clock. */
static void clock_fields(struct field_context *c, struct sb *b, const struct msa_result *r)
{
    char *o = add_cycle(c, b, make_room(b, b->p + b->n, 0), r);
    INSTANT("started", r->started)
    INSTANT("due", r->due)
    INSTANT("due_first", r->due_first)
    INSTANT("stopped", r->stopped)
    INSTANT("breached_at", r->breached_at)
    SECONDS("elapsed", r->elapsed)
    SECONDS("elapsed_plain", r->elapsed_plain)
    o = add_ready(b, o, field_target(c, r)->json);
    if (r->target_clause < c->n_clauses && c->clause[r->target_clause].clause.n) {
        o = add_text(b, FIXED(o, ",\"exception\":"), str_text(c->clause[r->target_clause].clause));
    }
    if (target_changed(r)) { o = add_instant(c, FIXED(o, ",\"target_changed_at\":"), r->target_changed_at); }
    TEXT("calendar", r->calendar)
    SECONDS("paused", r->paused)
    SECONDS("overrun", r->overrun)
    SECONDS("remaining", r->remaining)
    FLAG("late", r->late)
    FLAG("hidden", r->hidden)
    FLAG("excused", r->excused)
    FLAG("judged_at_stop", r->judged_at_stop)
    FLAG("outside_term", r->outside_term)
    o = add_by(b, o, r);
    TEXT("step", r->step)
    o = add_recipients(c, b, o, r);
    TEXT("reason", r->reason)
    TEXT("withdraws", r->withdraws)
    b->n = (size_t)(o - b->p);
}

/* FIELD_EVENT and FIELD_INPUT. */
static void origin(struct sb *b, const struct msa_result *r)
{
    char *o = make_room(b, b->p + b->n, 0);
    TEXT("event", r->cause)
    if (r->file.n) {
        o = add_text(b, FIXED(o, ",\"input\":"), r->file);
        if (r->line) {
            o[-1] = ':'; /* inside the quotes */
            o = add_number(o, r->line);
            if (r->column) {
                *o++ = ':';
                o = add_number(o, r->column);
            }
            *o++ = '"';
        }
    }
    b->n = (size_t)(o - b->p);
}

static void all(struct field_context *c, struct sb *b, const struct msa_result *r)
{
    bool ready = r->clause < c->n_clauses;
    put_str(b, STR("{\"kind\":\""));
    put_str(b, str_of(msa_result_kind_name[r->kind]));
    put(b, "\"", 1);
    if (ready) { put_str(b, c->clause[r->clause].json); }
    if (ready && (r->kind == MSA_CLOCK || r->kind == MSA_BREACH || r->kind == MSA_ESCALATION)) {
        clock_fields(c, b, r);
        origin(b, r);
    } else {
        fields(c, b, r, ready ? FIELD_AT : FIELD_AGREEMENT);
    }
    put(b, "}\n", 2);
}

void result_json(struct field_context *c, struct sb *b, const struct msa_result *r)
{
    all(c, b, r);
    b->n--;
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
