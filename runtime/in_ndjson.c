/* SPDX-License-Identifier: MIT */
/* Lines of JSON. Blocks of whole lines are scanned at once; when something is wrong in a block its lines are scanned one by
 * one, so that the fault is that of its line alone. Every line is checked to its end, skipped values included; a field that
 * the agreement reads and that is given twice rejects the record. */
#include "runtime/input.h"
#include "base/civil.h"
#include "base/utf8.h"

static const char *last_lf(const char *p, size_t n)
{
    while (n > 0) {
        if (p[--n] == '\n') { return p + n; }
    }
    return NULL;
}

/* Where the first backslash from `from` on is, or n. */
static uint32_t backslash(const char *p, uint32_t from, uint32_t n)
{
    const char *found = memchr(p + from, '\\', n - from);
    return found ? (uint32_t)(found - p) : n;
}

/* A line longer than anything sensible: rejected, and stepped over in constant memory. */
static void skip_long_line(struct input *s)
{
    struct feed *f = &s->feed;
    if (s->cap_scratch < VERBATIM_MAX) { s->scratch = run_grow(s->run, s->scratch, &s->cap_scratch, VERBATIM_MAX, 1); }
    memcpy(s->scratch, feed_at(f), VERBATIM_MAX);
    s->place = (struct place){ .offset = feed_offset(f), .p = s->scratch, .line = ++s->line };
    for (;;) {
        const char *lf = memchr(feed_at(f), '\n', feed_unread(f));
        size_t n = lf ? (size_t)(lf - feed_at(f)) : feed_unread(f);
        s->place.n += n;
        f->from += lf ? n + 1 : n;
        if (lf || !feed_more(f)) { break; }
    }
    s->run->counts.records++;
    reject(s, 0, "the line is longer than 16 MiB");
}

/* The next block of whole lines, scanned; or a line that is too long, rejected: then block_to stays 0. */
static enum read_status next_block(struct input *s)
{
    struct feed *f = &s->feed;
    const char *lf;
    for (size_t searched = 0;;) {
        size_t unread = feed_unread(f), look = unread < FEED_BLOCK ? unread : FEED_BLOCK;
        if (unread > 0 && (lf = last_lf(feed_at(f) + searched, look > searched ? look - searched : 0)) != NULL) { break; }
        if (searched < look) { searched = look; }
        lf = unread > searched ? memchr(feed_at(f) + searched, '\n', unread - searched) : NULL;
        searched = unread;
        /* Whether a line is too long must not depend on how its bytes arrive. */
        if (lf ? (size_t)(lf - feed_at(f)) > RECORD_MAX : unread > RECORD_MAX) {
            skip_long_line(s);
            return READ_SOME;
        }
        if (lf) { break; }
        if (feed_more(f)) { continue; }
        if (feed_unread(f) == 0 || f->error) { return READ_END; }
        lf = feed_at(f) + feed_unread(f) - 1; /* the last line has no line end */
        break;
    }
    s->block_from = f->from;
    s->block_to = (size_t)(lf + 1 - f->buffer);
    s->token = 0;
    s->escape_at = backslash(feed_at(f), 0, (uint32_t)(s->block_to - s->block_from));
    enum json_scanned scanned = json_scan(s->json, feed_at(f), s->block_to - s->block_from);
    if (scanned == JSON_NO_MEMORY) {
        run_fail(s->run, MSA_NO_MEMORY, "out of memory");
        return READ_FAILED;
    }
    s->line_by_line = scanned != JSON_SCANNED;
    return READ_SOME;
}

static const char *scan_words(enum json_scanned scanned)
{
    switch (scanned) {
    case JSON_NOT_UTF8: return "the line is not UTF-8";
    case JSON_CONTROL: return "the line holds a control character inside a text, or a text has no closing quote";
    case JSON_OPEN_STRING: return "a text has no closing quote";
    case JSON_SCANNED: case JSON_NO_MEMORY: case JSON_NOTHING: case JSON_ODD: break;
    }
    return "the line is not JSON";
}

static cold void reject_walk(struct input *s, const struct json_walk *w)
{
    const char *p = w->text + w->fault_at;
    size_t before = p > s->place.p ? (size_t)(p - s->place.p) : 0;
    if (before > s->place.n) { before = s->place.n; }
    reject(s, (uint32_t)utf8_count(str_make(s->place.p, before)) + 1, "%s", w->fault);
}

/* ---- keys seen before ----
 * Exporters use few names, those that nobody asked for included: a small table of the last ones is asked before the hash.
 * Reads up to 16 bytes from the name on, which the padding of the buffer allows. */

static inline void key_words(const char *p, uint64_t *a, uint64_t *b)
{
    memcpy(a, p, 8);
    memcpy(b, p + 8, 8);
}

static uint32_t learn_key(struct input *s, struct key_seen *g, struct str name)
{
    uint32_t key = lookup_get(&s->run->schema.key, name.p, name.n);
    if (name.n == 0 || name.n > 16) { return key; }
    size_t first = name.n < 8 ? name.n : 8, second = name.n - first;
    *g = (struct key_seen){ .n = (uint32_t)name.n, .key = key };
    memset(&g->mask_a, 0xff, first);
    memset(&g->mask_b, 0xff, second);
    key_words(name.p, &g->a, &g->b);
    return key;
}

static inline uint32_t key_number(struct input *s, struct str name)
{
    uint64_t a, b;
    key_words(name.p, &a, &b);
    struct key_seen *g = &s->key_seen[(((uint32_t)a << 8) + (uint32_t)name.n) * UINT32_C(0x9e3779b1) >> 23]; /* three bytes, one may be the quote */
    bool same = g->n == name.n && (((a ^ g->a) & g->mask_a) | ((b ^ g->b) & g->mask_b)) == 0;
    return same && g->n ? g->key : learn_key(s, g, name);
}

static inline void note_value(struct input *s, uint32_t key, const struct json_value *v, uint32_t *twice)
{
    if (key == LOOKUP_NONE) { return; }
    if (s->seen[key] == s->stamp) { *twice = key; }
    s->seen[key] = s->stamp;
    s->value[key] = *v;
}

/* As many pairs as stand there as `"name" : "text"` without spaces or escapes, by their four tokens. What stands behind
 * the last one is for the grammar to judge. Measured: 90 instructions a field, by the grammar 290. */
static void plain_pairs(struct input *s, struct json_walk *w, bool *first, uint32_t *twice)
{
    const char *const t = w->text;
    const uint32_t limit = w->limit < w->escape_at ? w->limit : w->escape_at;
    const uint32_t *at = w->at;
    if (at == w->end || *at >= limit || (!*first && t[*at++] != ',')) { return; }
    for (; w->end - at > 3 && at[3] < limit; at += 4) {
        uint32_t name = at[0], colon = at[1], text = at[2], end = at[3];
        bool plain = t[name] == '"' && t[colon] == ':' && t[colon - 1] == '"' && colon - name >= 2 && t[text] == '"' && t[end - 1] == '"' && end - text >= 2;
        if (!plain) { break; }
        struct str key = { t + name + 1, colon - name - 2 };
        note_value(s, key_number(s, key), &(struct json_value){ .p = t + text + 1, .n = end - text - 2, .kind = '"' }, twice);
        w->at = at + 3;
        *first = false;
        if (t[end] != ',') { break; }
    }
}

static void event_line(struct input *s, struct json_walk *w)
{
    bool first = true;
    int more;
    uint32_t twice = LOOKUP_NONE;
    struct json_value key, value;
    input_fresh(s);
    if (!json_open_object(w)) {
        reject_walk(s, w);
        return;
    }
    for (;;) {
        plain_pairs(s, w, &first, &twice);
        if ((more = json_next_pair(w, &first, &key, &value)) <= 0) { break; }
        struct str name = { key.p, key.n };
        if (key.escaped && !input_text(s, &key, &name)) { return; }
        note_value(s, key.escaped ? lookup_get(&s->run->schema.key, name.p, name.n) : key_number(s, name), &value, &twice);
    }
    if (more < 0 || !json_end(w)) {
        reject_walk(s, w);
        return;
    }
    if (twice != LOOKUP_NONE) {
        struct str name = s->run->schema.key_name[twice];
        reject(s, 0, "`%.*s` is given twice", STR_ARG(name));
        return;
    }
    input_event(s);
}

static void row_line(struct input *s, struct json_walk *w)
{
    struct json_walk check = *w;
    struct json_value whole;
    input_fresh(s);
    if (check.at < check.end && *check.at < check.limit && check.text[*check.at] != '{') {
        check.fault = "a row is one JSON object, from { to }";
        check.fault_at = *check.at;
        reject_walk(s, &check);
        return;
    }
    if (!json_read(&check, &whole) || !json_end(&check)) {
        reject_walk(s, &check);
        return;
    }
    adapter_object(s, w);
}

enum read_status ndjson_read(struct input *s)
{
    struct feed *f = &s->feed;
    if (!s->begun) { input_skip_bom(s); }
    for (;;) {
        if (f->from >= s->block_to || s->block_to == 0) {
            s->block_to = 0;
            enum read_status status = next_block(s);
            if (status != READ_SOME || s->block_to == 0) { return status; }
        }
        const char *line = feed_at(f), *end = f->buffer + s->block_to;
        const char *lf = memchr(line, '\n', (size_t)(end - line));
        size_t n = (size_t)((lf ? lf : end) - line);
        s->place = (struct place){ .offset = feed_offset(f), .p = line, .line = ++s->line };
        f->from = lf ? (size_t)(lf + 1 - f->buffer) : s->block_to;
        s->place.n = n > 0 && line[n - 1] == '\r' ? n - 1 : n;
        struct json_walk w = { .text = NULL };
        uint32_t n_tokens;
        if (s->line_by_line) {
            enum json_scanned scanned = json_scan(s->json, line, n);
            if (scanned == JSON_NOTHING) { continue; }
            s->run->counts.records++;
            if (scanned != JSON_SCANNED) {
                if (scanned == JSON_CONTROL && memchr(line, '\0', n)) {
                    reject(s, 0, "the line holds a NUL byte");
                } else {
                    reject(s, 0, "%s", scan_words(scanned));
                }
                return READ_SOME;
            }
            w.text = line;
            w.at = json_places(s->json, &n_tokens);
            w.end = w.at + n_tokens;
            w.limit = (uint32_t)n;
            w.escape_at = backslash(line, 0, (uint32_t)n);
        } else {
            const uint32_t *places = json_places(s->json, &n_tokens);
            w.text = f->buffer + s->block_from;
            w.at = places + s->token;
            w.end = places + n_tokens;
            w.limit = (uint32_t)((size_t)(line - w.text) + n);
            if (w.at == w.end || *w.at >= w.limit) { continue; } /* nothing but spaces */
            uint32_t from = (uint32_t)(line - w.text);
            if (s->escape_at < from) { s->escape_at = backslash(w.text, from, (uint32_t)(s->block_to - s->block_from)); }
            w.escape_at = s->escape_at;
            s->run->counts.records++;
        }
        const uint32_t *from = w.at;
        uint32_t token = s->token;
        if (s->shape == SHAPE_NDJSON_EVENTS) {
            event_line(s, &w);
        } else {
            s->run->counts.rows++;
            row_line(s, &w);
            w.at = from;
        }
        if (!s->line_by_line) {
            token += (uint32_t)(w.at - from);
            const uint32_t *places = json_places(s->json, &n_tokens);
            while (token < n_tokens && places[token] < w.limit) { token++; }
            s->token = token;
        }
        return READ_SOME;
    }
}

/* ---- does `at` ever step back? ---- */

struct sorted { struct json *json; char text[20]; bool has_text; instant at; };

/* One more time stamp; false when it is before the one before. */
static bool not_back(struct sorted *o, const char *p, size_t n)
{
    /* Of one form, letters compare as times do: a quarter of the cost of reading them. */
    if (n == 20 && p[10] == 'T' && p[19] == 'Z') {
        if (o->has_text) {
            if (memcmp(p, o->text, 20) < 0) { return false; }
            memcpy(o->text, p, 20);
            return true;
        }
        instant t = civil_read_instant(p, n, NULL);
        if (t == NONE) { return true; }
        if (o->at != NONE && t < o->at) { return false; }
        memcpy(o->text, p, 20);
        o->has_text = true;
        return true;
    }
    instant t = civil_read_instant(p, n, NULL);
    if (t == NONE) { return true; } /* this record will be rejected */
    if (o->has_text) {
        instant before = civil_read_instant(o->text, 20, NULL);
        if (before == NONE) { return false; }
        o->at = before;
        o->has_text = false;
    }
    if (o->at != NONE && t < o->at) { return false; }
    o->at = t;
    return true;
}

/* By the grammar, for lines that the short way does not understand. */
static bool check_slowly(struct sorted *o, const char *line, size_t n)
{
    enum json_scanned scanned = json_scan(o->json, line, n);
    if (scanned == JSON_NO_MEMORY) { return false; }
    if (scanned != JSON_SCANNED) { return true; } /* empty or rejected */
    uint32_t n_tokens;
    struct json_walk w = { .text = line, .at = json_places(o->json, &n_tokens), .limit = (uint32_t)n, .escape_at = backslash(line, 0, (uint32_t)n) };
    w.end = w.at + n_tokens;
    bool first = true;
    struct json_value key, value;
    if (!json_open_object(&w)) { return true; }
    while (json_next_key(&w, &first, &key) > 0 && json_read(&w, &value)) {
        if (key.escaped || value.escaped) {
            if (key.escaped) { return false; } /* may spell `at`: take the careful way for the file */
            if (key.n == 2 && memcmp(key.p, "at", 2) == 0) { return false; }
        }
        if (key.n == 2 && memcmp(key.p, "at", 2) == 0 && value.kind == '"') { return not_back(o, value.p, value.n); }
    }
    return true;
}

static const char *text_end(const char *p, const char *end)
{
    const char *q = memchr(p, '"', (size_t)(end - p));
    return q && !memchr(p, '\\', (size_t)(q - p)) ? q : NULL;
}

/* `at` is the first or the last field of nearly every line, in this form: where these bytes stand there, a line of JSON can
 * mean nothing else. NULL: it is neither. Measured: 750 instructions a line come down to 230. */
static const char *at_the_edge(const char *line, size_t n)
{
    enum { TEXT = 20, FIRST = 7 + TEXT, LAST = 7 + TEXT + 2 };
    const char *p = NULL;
    if (n > FIRST && memcmp(line, "{\"at\":\"", 7) == 0 && line[FIRST] == '"') {
        p = line + 7;
    } else if (n > LAST && memcmp(line + n - LAST, ",\"at\":\"", 7) == 0 && line[n - 2] == '"' && line[n - 1] == '}') {
        p = line + n - 2 - TEXT;
    }
    return p && p[10] == 'T' && p[TEXT - 1] == 'Z' && !memchr(p, '\\', TEXT) && !memchr(p, '"', TEXT) ? p : NULL;
}

static bool check_line(struct sorted *o, const char *line, size_t n)
{
    const char *p = at_the_edge(line, n), *end = line + n;
    if (p) { return not_back(o, p, 20); }
    p = line;
    if (p == end || *p++ != '{') { return check_slowly(o, line, n); }
    while (p < end && *p == '"') {
        const char *key = p + 1, *key_end = text_end(key, end);
        if (key_end == NULL || end - key_end < 3 || key_end[1] != ':') { break; }
        p = key_end + 2;
        if (*p == ' ') { p++; }
        if (p == end) { break; }
        const char *value = p;
        if (*p == '"') {
            const char *q = text_end(++p, end);
            if (q == NULL) { break; }
            if (key_end - key == 2 && key[0] == 'a' && key[1] == 't') { return not_back(o, p, (size_t)(q - p)); }
            p = q + 1;
        } else {
            while (p < end && ((*p >= '0' && *p <= '9') || (*p >= 'a' && *p <= 'z') || *p == '-' || *p == '.' || *p == '+' || *p == 'E')) { p++; }
            if (p == value) { break; }
        }
        if (p == end || *p != ',') { break; }
        p++;
        if (p < end && *p == ' ') { p++; }
    }
    return check_slowly(o, line, n);
}

bool ndjson_sorted(struct msa_run *r, int fd)
{
    struct feed f;
    struct sorted o = { .at = NONE, .json = json_new() };
    bool sorted = o.json != NULL, first = true;
    feed_fd(&f, &r->memory, fd, true);
    while (sorted) {
        if (!feed_more(&f) && feed_unread(&f) == 0) { break; }
        if (first && feed_unread(&f) >= 3 && memcmp(feed_at(&f), "\xef\xbb\xbf", 3) == 0) { f.from += 3; }
        first = false;
        while (sorted && feed_unread(&f) > 0) {
            const char *line = feed_at(&f), *lf = memchr(line, '\n', feed_unread(&f));
            if (lf == NULL && !f.at_end) { break; }
            size_t n = lf ? (size_t)(lf - line) : feed_unread(&f);
            sorted = check_line(&o, line, n);
            f.from += lf ? n + 1 : n;
        }
        if (feed_unread(&f) > RECORD_MAX || f.error) { sorted = false; }
    }
    feed_free(&f);
    json_free(o.json);
    return sorted;
}
