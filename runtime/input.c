/* SPDX-License-Identifier: MIT */
/* One input file: what it is, and how the values read from a record become an event. */
#include "runtime/input.h"
#include "base/civil.h"
#include "base/utf8.h"

/* ---- records ---- */

struct record *record_start(struct input *s, uint32_t n_scalars, uint32_t n_texts, size_t bytes, char **text)
{
    struct msa_run *r = s->run;
    size_t raw = s->keep_raw ? (s->place.n < VERBATIM_MAX ? s->place.n : VERBATIM_MAX) : 0;
    size_t slots = n_scalars * sizeof(int64_t) + n_texts * sizeof(struct str);
    struct record *rec = pool_room(&r->pool, sizeof *rec + slots + bytes + raw);
    struct str *texts = (struct str *)(void *)(rec + 1);
    int64_t *scalars = (int64_t *)(void *)(texts + n_texts);
    for (uint32_t i = 0; i < n_texts; i++) { texts[i] = (struct str){ NULL, 0 }; }
    for (uint32_t i = 0; i < n_scalars; i++) { scalars[i] = NONE; }
    *rec = (struct record){
        .ev = { .at = NONE, .type = NO_REF, .rule = NO_REF, .line = s->place.line, .file = s->file, .scalar = scalars, .text = texts },
        .raw_at = s->place.offset, .raw_n = s->place.n, .rank = 2,
    };
    *text = (char *)(scalars + n_scalars);
    return rec;
}

void record_done(struct input *s, struct record *rec, char *end)
{
    if (s->keep_raw) {
        size_t n = s->place.n < VERBATIM_MAX ? s->place.n : VERBATIM_MAX;
        if (n > 0) { memcpy(end, s->place.p, n); }
        rec->raw = end;
        end += n;
    }
    rec->ev.order = (uint64_t)s->file << 40 | s->count++;
    rec->chunk = pool_keep(&s->run->pool, (size_t)(end - (char *)rec));
}

void input_push(struct input *s, struct record *rec)
{
    if (s->q_from == s->q_to) { s->q_from = s->q_to = 0; }
    if (s->q_to == s->q_cap) { s->queue = run_grow(s->run, s->queue, &s->q_cap, s->q_to + 1, sizeof(struct record *)); }
    s->queue[s->q_to++] = rec;
}

/* ---- standard events ---- */

void input_fresh(struct input *s)
{
    s->n_scratch = 0;
    if (++s->stamp == 0) {
        memset(s->seen, 0, s->run->schema.n_keys * sizeof *s->seen);
        s->stamp = 1;
    }
}

/* NULL when the record does not give it: not there, null, or an empty cell. */
static inline const struct json_value *given(const struct input *s, uint32_t key)
{
    if (s->seen[key] != s->stamp) { return NULL; }
    const struct json_value *v = &s->value[key];
    return v->kind == 'n' || (v->kind == 'x' && v->n == 0) ? NULL : v;
}

static uint32_t column_of(const struct input *s, const struct json_value *v)
{
    if (s->shape != SHAPE_NDJSON_EVENTS || v->p < s->place.p || v->p > s->place.p + s->place.n) { return 0; }
    size_t before = (size_t)(v->p - s->place.p) - (v->kind == '"');
    return (uint32_t)utf8_count(str_make(s->place.p, before)) + 1;
}

/* Room for n more bytes. Texts handed out before must stay where they are, so the room of a whole record is made at once. */
bool input_text(struct input *s, const struct json_value *v, struct str *out)
{
    *out = str_make(v->p, v->n);
    if (!v->escaped) { return true; }
    if (s->cap_scratch < s->place.n) { s->scratch = run_grow(s->run, s->scratch, &s->cap_scratch, s->place.n, 1); }
    char *p = s->scratch + s->n_scratch;
    if (!json_unescape(v, p, &out->n)) {
        reject(s, column_of(s, v), "a text holds \\u0000, which no text here may");
        return false;
    }
    out->p = p;
    s->n_scratch += out->n;
    return true;
}

static cold void bad_field(struct input *s, const char *name, size_t n, const struct json_value *v, const char *why)
{
    reject(s, column_of(s, v), "`%.*s`: %s", (int)n, name, why);
}

static bool text_like(const struct json_value *v)
{
    return v->kind == '"' || v->kind == 'x' || v->kind == '0';
}

/* `advance` takes the place of an event where time goes by without one. */
static cold void no_event(struct input *s)
{
    const struct json_value *v = given(s, KEY_ADVANCE);
    struct why why;
    char *text;
    int64_t at;
    if (v == NULL) {
        reject(s, 0, "the record has no `event`");
    } else if (!decode_scalar(&s->run->schema, (struct value_kind){ VT_INSTANT, NO_REF }, v, &at, &why)) {
        bad_field(s, "advance", 7, v, why.text);
    } else {
        struct record *rec = record_start(s, 0, 0, 0, &text);
        rec->ev.type = RECORD_ADVANCE;
        rec->ev.at = s->last_at = at;
        rec->rank = 0;
        record_done(s, rec, text);
        input_push(s, rec);
    }
}

/* The kind of event: of several with one name, the one whose entity the record names. */
static const struct schema_event *event_of(struct input *s)
{
    const struct schema *sc = &s->run->schema;
    const struct json_value *v = given(s, KEY_EVENT);
    struct str name;
    struct why why;
    if (v == NULL) { return no_event(s), NULL; }
    if (v->kind != '"' && v->kind != 'x') {
        (void)decode_is_text(v, &why);
        return bad_field(s, "event", 5, v, v->kind == '0' ? "a number where the kind of event was expected" : why.text), NULL;
    }
    if (!input_text(s, v, &name)) { return NULL; }
    uint32_t i = lookup_get(&sc->event, name.p, name.n);
    if (i == LOOKUP_NONE) {
        char text[72];
        struct str near = schema_nearest_event(sc, name);
        if (near.n) {
            reject(s, column_of(s, v), "there is no event `%s` in this agreement; did you mean `%.*s`?", shown(text, name), STR_ARG(near));
        } else {
            reject(s, column_of(s, v), "there is no event `%s` in this agreement", shown(text, name));
        }
        return NULL;
    }
    const struct schema_event *e = &sc->events[i];
    for (uint32_t j = i; j != NO_REF; j = sc->events[j].next) {
        if (sc->events[j].entity == NO_REF || given(s, sc->events[j].entity_key)) { return &sc->events[j]; }
    }
    return e;
}

static bool key_of_record(struct input *s, const struct schema_event *e, struct str *key)
{
    *key = STR("");
    if (e->entity == NO_REF) { return true; }
    const struct json_value *v = given(s, e->entity_key);
    struct str name = s->run->schema.key_name[e->entity_key];
    struct why why;
    if (v == NULL || (text_like(v) && v->n == 0)) {
        reject(s, 0, "`%.*s` needs `%.*s`, which this record does not give", STR_ARG(e->name), STR_ARG(name));
        return false;
    }
    if (!decode_is_text(v, &why)) { return bad_field(s, name.p, name.n, v, why.text), false; }
    return input_text(s, v, key);
}

/* Fills the slots; false: rejected. */
static bool read_fields(struct input *s, const struct schema_event *e, struct record *rec, char **text)
{
    int64_t *scalar = (int64_t *)(uintptr_t)rec->ev.scalar; /* ours until the record is done */
    struct str *texts = (struct str *)(uintptr_t)rec->ev.text;
    for (uint32_t i = 0; i < e->n_fields; i++) {
        const struct schema_field *f = &e->field[i];
        const struct json_value *v = given(s, f->key);
        struct why why;
        if (v == NULL) {
            if (f->flags & FIELD_REQUIRED) {
                reject(s, 0, "`%.*s` needs `%.*s`, which this record does not give", STR_ARG(e->name), STR_ARG(f->name));
                return false;
            }
            if (f->type != VT_TEXT) {
                scalar[f->slot] = f->initial;
            } else if (f->initial_text.n) {
                texts[f->slot] = f->initial_text;
            }
            continue;
        }
        struct json_value plain = *v;
        if (v->escaped) {
            struct str t;
            if (!input_text(s, v, &t)) { return false; }
            plain.p = t.p;
            plain.n = (uint32_t)t.n;
        }
        if (f->type != VT_TEXT) {
            if (!decode_scalar(&s->run->schema, (struct value_kind){ f->type, f->scale }, &plain, &scalar[f->slot], &why)) {
                return bad_field(s, f->name.p, f->name.n, v, why.text), false;
            }
            continue;
        }
        if (!decode_is_text(&plain, &why)) { return bad_field(s, f->name.p, f->name.n, v, why.text), false; }
        if (plain.n > 0) { memcpy(*text, plain.p, plain.n); }
        texts[f->slot] = str_make(*text, plain.n);
        *text += plain.n;
    }
    return true;
}

/* B2: a value that does not fit is a reject also where no clause reads the field. False: rejected. */
static bool check_fields(struct input *s, const struct schema_event *e)
{
    for (const struct schema_field *f = e->field + e->n_fields, *end = f + e->n_checked; f < end; f++) {
        const struct json_value *v = given(s, f->key);
        struct why why;
        int64_t nowhere;
        if (v == NULL) { continue; }
        struct json_value plain = *v;
        struct str t;
        if (v->escaped) {
            if (!input_text(s, v, &t)) { return false; }
            plain.p = t.p;
            plain.n = (uint32_t)t.n;
        }
        bool good = f->type == VT_TEXT ? decode_is_text(&plain, &why) : decode_scalar(&s->run->schema, (struct value_kind){ f->type, f->scale }, &plain, &nowhere, &why);
        if (!good) { return bad_field(s, f->name.p, f->name.n, v, why.text), false; }
    }
    return true;
}

/* What a record with an id says, as far as the agreement looks: the same event again says the same, however it is written. */
static uint64_t content_of(const struct record *rec, const struct schema_event *e, const char *end)
{
    uint64_t h = hash_64(rec->ev.scalar, (size_t)(end - (const char *)rec->ev.scalar));
    const uint64_t parts[] = { (uint64_t)rec->ev.at, rec->ev.type, rec->ev.key.n };
    for (size_t i = 0; i < countof(parts); i++) { h = (h ^ parts[i]) * UINT64_C(0x9e3779b97f4a7c15); }
    for (uint32_t i = 0; i < e->n_texts; i++) { h = (h ^ (rec->ev.text[i].p ? rec->ev.text[i].n + 1 : 0)) * UINT64_C(0x9e3779b97f4a7c15); }
    return h;
}

void input_event(struct input *s)
{
    struct msa_run *r = s->run;
    const struct json_value *v = given(s, KEY_AGREEMENT);
    if (v && text_like(v)) {
        struct str name;
        if (!input_text(s, v, &name)) { return; }
        if (!str_eq(name, r->agreement)) {
            r->counts.ignored++;
            return;
        }
    }
    const struct schema_event *e = event_of(s);
    if (e == NULL) { return; }
    const struct json_value *at = given(s, KEY_AT);
    if (at == NULL) {
        reject(s, 0, "the record has no `at`, the time of the event");
        return;
    }
    int64_t when;
    struct why why;
    if (!decode_scalar(&r->schema, (struct value_kind){ VT_INSTANT, NO_REF }, at, &when, &why)) {
        bad_field(s, "at", 2, at, why.text);
        return;
    }
    struct str key;
    if (!key_of_record(s, e, &key)) { return; }
    s->last_at = when;
    if ((r->o.as_of != MSA_NONE && when > r->o.as_of && !r->o.stream) || (r->only_key.p && key.n && !str_eq(key, r->only_key))) {
        r->counts.ignored++;
        return;
    }
    size_t bytes = key.n;
    for (uint32_t i = 0; i < e->n_fields; i++) {
        const struct json_value *f = e->field[i].type == VT_TEXT ? given(s, e->field[i].key) : NULL;
        if (f) { bytes += f->n; }
    }
    char *text;
    struct record *rec = record_start(s, e->n_scalars, e->n_texts, bytes, &text);
    rec->ev.type = e->index;
    rec->ev.at = when;
    rec->rank = e->rank;
    if (key.n) { memcpy(text, key.p, key.n); }
    rec->ev.key = str_make(text, key.n);
    text += key.n;
    const struct json_value *id = given(s, KEY_ID);
    if (id) {
        struct str t;
        if (!decode_is_text(id, &why)) {
            bad_field(s, "id", 2, id, why.text);
            return;
        }
        if (!input_text(s, id, &t)) { return; }
        rec->ev.has_id = true;
        rec->ev.id = hash_128(t.p, t.n);
    }
    if (read_fields(s, e, rec, &text) && check_fields(s, e)) {
        if (id) { rec->ev.content = content_of(rec, e, text); }
        record_done(s, rec, text);
        input_push(s, rec);
    }
}

/* ---- what a file is ---- */

void input_skip_bom(struct input *s)
{
    struct feed *f = &s->feed;
    while (feed_unread(f) < 3 && feed_more(f)) { }
    if (feed_unread(f) >= 3 && memcmp(feed_at(f), "\xef\xbb\xbf", 3) == 0) { f->from += 3; }
    s->begun = true;
}

static char first_byte(struct feed *f)
{
    size_t i = 0;
    for (;; i++) {
        if (i == feed_unread(f) && (i > 4096 || !feed_more(f))) { return '\0'; }
        char c = feed_at(f)[i];
        if (!memchr(" \t\r\n\xef\xbb\xbf", c, 7)) { return c; }
    }
}

static uint32_t adapter_named(const struct module *m, struct str name)
{
    for (uint32_t i = 0; i < m->n_adapter; i++) {
        if (str_eq(module_str(m, m->adapter[i].name), name)) { return i; }
    }
    return NO_REF;
}

/* Which adapter reads this file; NO_REF: it holds standard events. */
static bool choose_adapter(struct input *s, bool ndjson, bool events, struct str format, uint32_t *adapter)
{
    struct msa_run *r = s->run;
    const struct module *m = r->m;
    *adapter = NO_REF;
    if (events) { return true; }
    if (format.n) { *adapter = adapter_named(m, format); }
    if (*adapter != NO_REF) { return true; }
    if (r->o.adapter) {
        *adapter = adapter_named(m, str_of(r->o.adapter));
        if (*adapter == NO_REF) {
            run_fail(r, MSA_IO, "this agreement has no adapter `%s`", r->o.adapter);
            return false;
        }
        return true;
    }
    if (s->file < m->n_inputs) {
        uint32_t a = m->inputs[s->file].adapter;
        /* A file of the other form holds standard events. */
        if ((m->adapter[a].format == ADAPTER_NDJSON) == ndjson) { *adapter = a; }
    }
    return true;
}

enum msa_status input_open(struct msa_run *r, struct input *s, const char *format_name)
{
    struct str format = str_of(format_name), name = r->file[s->file].name;
    bool events = str_eq(format, STR("events"));
    bool csv = str_eq(format, STR("csv")), ndjson = str_eq(format, STR("ndjson")) || str_eq(format, STR("jsonl"));
    if (format.n && !events && !csv && !ndjson && adapter_named(r->m, format) == NO_REF) {
        return run_fail(r, MSA_IO, "there is no format `%s`: ndjson, csv, events, or the name of an adapter", format_name);
    }
    if (!csv && !ndjson) {
        csv = str_ends(name, STR(".csv"));
        ndjson = str_ends(name, STR(".ndjson")) || str_ends(name, STR(".jsonl")) || str_ends(name, STR(".json"));
        char c = first_byte(&s->feed);
        if (!csv && !ndjson) { ndjson = c == '{' || c == '\0'; }
    }
    if (s->feed.error) { return run_fail(r, MSA_IO, "%.*s: %s", STR_ARG(name), strerror(s->feed.error)); }
    uint32_t a;
    if (!choose_adapter(s, ndjson, events, format, &a)) { return r->fault.status; }
    if (a != NO_REF) { ndjson = r->m->adapter[a].format == ADAPTER_NDJSON; }
    s->shape = a == NO_REF ? (ndjson ? SHAPE_NDJSON_EVENTS : SHAPE_CSV_EVENTS) : (ndjson ? SHAPE_NDJSON_ROWS : SHAPE_CSV_ROWS);
    s->last_at = NONE;
    uint32_t n = r->schema.n_keys;
    s->value = memory_resize(&r->memory, NULL, n * sizeof *s->value);
    s->seen = memory_resize(&r->memory, NULL, n * sizeof *s->seen);
    memset(s->seen, 0, n * sizeof *s->seen);
    if (ndjson && (s->json = json_new()) == NULL) { return run_fail(r, MSA_NO_MEMORY, "out of memory"); }
    if (a != NO_REF && (s->adapter = adapter_make(s, a)) == NULL) { return r->fault.status; }
    return MSA_OK;
}

/* Records still in its queues stay in the run's pool until the run is closed. */
void input_close(struct input *s)
{
    feed_free(&s->feed);
    json_free(s->json);
    if (s->csv) { csv_close(s->csv); }
    if (s->adapter) { adapter_free(s->adapter); }
    memory_resize(NULL, s->value, 0);
    memory_resize(NULL, s->seen, 0);
    memory_resize(NULL, s->scratch, 0);
    memory_resize(NULL, s->column_key, 0);
    memory_resize(NULL, s->queue, 0);
    memory_resize(NULL, s->group, 0);
    *s = (struct input){ .run = s->run, .feed = { .fd = -1 } };
}

enum read_status input_read(struct input *s)
{
    if (s->ended) { return READ_END; }
    enum read_status status = s->shape == SHAPE_NDJSON_EVENTS || s->shape == SHAPE_NDJSON_ROWS ? ndjson_read(s) : csv_read(s);
    if (s->feed.error) {
        run_fail(s->run, MSA_IO, "%.*s: %s", STR_ARG(s->run->file[s->file].name), strerror(s->feed.error));
        return READ_FAILED;
    }
    if (status == READ_END) {
        s->ended = true;
        if (s->adapter) { adapter_end(s); }
    }
    return status;
}
