/* SPDX-License-Identifier: MIT */
/* The grammar of JSON over the positions that json_scan gave. Iterative: depth costs bits, not stack. */
#include "runtime/json.h"
#include <string.h>

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static inline bool is_digit(char c)
{
    return (unsigned)(c - '0') < 10;
}

static cold bool fault(struct json_walk *w, uint32_t at, const char *what)
{
    w->fault = what;
    w->fault_at = at < w->limit ? at : w->limit;
    return false;
}

/* Position of the next token, or the limit. */
static inline uint32_t here(const struct json_walk *w)
{
    return w->at < w->end && *w->at < w->limit ? *w->at : w->limit;
}

static inline char now(const struct json_walk *w)
{
    uint32_t i = here(w);
    return i < w->limit ? w->text[i] : '\0';
}

bool json_number_ok(const char *p, size_t n)
{
    size_t i = 0;
    if (i < n && p[i] == '-') { i++; }
    if (i >= n || !is_digit(p[i])) { return false; }
    if (p[i++] != '0') {
        while (i < n && is_digit(p[i])) { i++; }
    }
    if (i < n && p[i] == '.') {
        size_t first = ++i;
        while (i < n && is_digit(p[i])) { i++; }
        if (i == first) { return false; }
    }
    if (i < n && (p[i] == 'e' || p[i] == 'E')) {
        i++;
        if (i < n && (p[i] == '+' || p[i] == '-')) { i++; }
        size_t first = i;
        while (i < n && is_digit(p[i])) { i++; }
        if (i == first) { return false; }
    }
    return i == n;
}

/* Four hex digits, -1 when they are not. */
static int32_t hex4(const char *p, const char *end)
{
    int32_t v = 0;
    if (end - p < 4) { return -1; }
    for (int i = 0; i < 4; i++) {
        char c = p[i], low = (char)(c | 0x20);
        int d = is_digit(c) ? c - '0' : low >= 'a' && low <= 'f' ? low - 'a' + 10 : -1;
        if (d < 0) { return -1; }
        v = v * 16 + d;
    }
    return v;
}

static size_t put_rune(char *o, uint32_t c)
{
    if (c < 0x80) { return o[0] = (char)c, 1; }
    if (c < 0x800) {
        o[0] = (char)(0xc0 | c >> 6);
        o[1] = (char)(0x80 | (c & 0x3f));
        return 2;
    }
    if (c < 0x10000) {
        o[0] = (char)(0xe0 | c >> 12);
        o[1] = (char)(0x80 | (c >> 6 & 0x3f));
        o[2] = (char)(0x80 | (c & 0x3f));
        return 3;
    }
    o[0] = (char)(0xf0 | c >> 18);
    o[1] = (char)(0x80 | (c >> 12 & 0x3f));
    o[2] = (char)(0x80 | (c >> 6 & 0x3f));
    o[3] = (char)(0x80 | (c & 0x3f));
    return 4;
}

/* One escape at p (behind the backslash) into *rune; the bytes it takes, 0 when it is bad. */
static size_t read_escape(const char *p, const char *end, uint32_t *rune)
{
    if (p >= end) { return 0; }
    switch (*p) {
    case '"': case '\\': case '/': *rune = (unsigned char)*p; return 1;
    case 'b': *rune = '\b'; return 1;
    case 'f': *rune = '\f'; return 1;
    case 'n': *rune = '\n'; return 1;
    case 'r': *rune = '\r'; return 1;
    case 't': *rune = '\t'; return 1;
    case 'u': break;
    default: return 0;
    }
    int32_t c = hex4(p + 1, end);
    if (c < 0 || (c >= 0xdc00 && c < 0xe000)) { return 0; }
    *rune = (uint32_t)c;
    if (c < 0xd800 || c >= 0xdc00) { return 5; }
    if (end - p < 11 || p[5] != '\\' || p[6] != 'u') { return 0; }
    int32_t d = hex4(p + 7, end);
    if (d < 0xdc00 || d > 0xdfff) { return 0; }
    *rune = 0x10000 + ((uint32_t)(c - 0xd800) << 10) + (uint32_t)(d - 0xdc00);
    return 11;
}

bool json_unescape(const struct json_value *v, char *out, size_t *n)
{
    const char *p = v->p, *end = v->p + v->n;
    char *o = out;
    while (p < end) {
        if (*p != '\\') {
            *o++ = *p++;
            continue;
        }
        uint32_t rune;
        size_t used = read_escape(p + 1, end, &rune);
        if (used == 0 || rune == 0) { return false; }
        p += 1 + used;
        o += put_rune(o, rune);
    }
    *n = (size_t)(o - out);
    return true;
}

/* The text's escapes, the first of them at w->escape_at or before the text. */
static bool escapes_ok(struct json_walk *w, const char *p, const char *end, bool *any)
{
    const char *q = p, *limit = w->text + w->limit;
    if (w->escape_at > (uint32_t)(p - w->text)) { q = w->text + w->escape_at; }
    while ((q = memchr(q, '\\', (size_t)(limit - q))) != NULL && q < end) {
        uint32_t rune;
        size_t used = read_escape(q + 1, end, &rune);
        *any = true;
        if (used == 0) { return fault(w, (uint32_t)(q - w->text), "a backslash here must begin one of \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX"); }
        q += 1 + used;
    }
    w->escape_at = q ? (uint32_t)(q - w->text) : w->limit;
    return true;
}

/* End of the token at `from`: the last byte before the next one that is not space. */
static inline uint32_t token_end(const struct json_walk *w, uint32_t from)
{
    uint32_t e = here(w); /* the token itself has been stepped over */
    while (e > from + 1 && is_space(w->text[e - 1])) { e--; }
    return e;
}

static inline bool read_string(struct json_walk *w, struct json_value *v)
{
    uint32_t from = *w->at++;
    uint32_t e = token_end(w, from);
    if (e < from + 2 || w->text[e - 1] != '"') { return fault(w, from, "this text has no closing quote"); }
    v->p = w->text + from + 1;
    v->n = e - from - 2;
    v->kind = '"';
    v->escaped = false;
    return w->escape_at >= e || escapes_ok(w, v->p, v->p + v->n, &v->escaped);
}

static inline bool read_scalar(struct json_walk *w, struct json_value *v)
{
    uint32_t from = here(w);
    if (from >= w->limit) { return fault(w, from, "the record ends where a value was expected"); }
    char c = w->text[from];
    if (c == '"') { return read_string(w, v); }
    w->at++;
    uint32_t e = token_end(w, from);
    v->p = w->text + from;
    v->n = e - from;
    v->escaped = false;
    switch (c) {
    case 't': v->kind = 't'; if (v->n == 4 && memcmp(v->p, "true", 4) == 0) { return true; } break;
    case 'f': v->kind = 'f'; if (v->n == 5 && memcmp(v->p, "false", 5) == 0) { return true; } break;
    case 'n': v->kind = 'n'; if (v->n == 4 && memcmp(v->p, "null", 4) == 0) { return true; } break;
    default:
        v->kind = '0';
        if (json_number_ok(v->p, v->n)) { return true; }
        if (is_digit(c) || c == '-') { return fault(w, from, "this is not a number as JSON writes it"); }
        break;
    }
    return fault(w, from, "a value was expected here: a text in double quotes, a number, true, false, null, { or [");
}

/* key and colon */
static inline bool read_key(struct json_walk *w, struct json_value *key)
{
    if (now(w) != '"') { return fault(w, here(w), "a name in double quotes was expected here"); }
    if (!read_string(w, key)) { return false; }
    if (now(w) != ':') { return fault(w, here(w), "`:` was expected here"); }
    w->at++;
    return true;
}

/* A bit a level: set for objects. */
static bool step_over(struct json_walk *w)
{
    uint64_t object[JSON_DEPTH / 64] = { 0 };
    size_t depth = 0;
    struct json_value v;
    for (;;) {
        char c = now(w);
        if (c == '{' || c == '[') {
            if (depth == JSON_DEPTH) { return fault(w, here(w), "values are nested more than 512 deep"); }
            uint64_t bit = UINT64_C(1) << (depth % 64);
            object[depth / 64] = c == '{' ? object[depth / 64] | bit : object[depth / 64] & ~bit;
            depth++;
            w->at++;
            if (now(w) != (c == '{' ? '}' : ']')) {
                if (c == '{' && !read_key(w, &v)) { return false; }
                continue;
            }
        } else if (!read_scalar(w, &v)) {
            return false;
        }
        /* a value has ended, or an empty container stands at its closing bracket */
        for (;;) {
            if (depth == 0) { return true; }
            bool in_object = object[(depth - 1) / 64] >> ((depth - 1) % 64) & 1;
            c = now(w);
            if (c == (in_object ? '}' : ']')) {
                w->at++;
                depth--;
                continue;
            }
            if (c != ',') { return fault(w, here(w), in_object ? "`,` or `}` was expected here" : "`,` or `]` was expected here"); }
            w->at++;
            if (in_object && !read_key(w, &v)) { return false; }
            break;
        }
    }
}

bool json_read(struct json_walk *w, struct json_value *v)
{
    uint32_t from = here(w);
    char c = now(w);
    if (c != '{' && c != '[') { return read_scalar(w, v); }
    if (!step_over(w)) { return false; }
    v->p = w->text + from;
    v->n = token_end(w, from) - from;
    v->kind = c;
    v->escaped = false;
    return true;
}

bool json_open_object(struct json_walk *w)
{
    if (now(w) != '{') { return fault(w, here(w), "a record is one JSON object, from { to }"); }
    w->at++;
    return true;
}

int json_next_key(struct json_walk *w, bool *first, struct json_value *key)
{
    char c = now(w);
    if (c == '}') {
        w->at++;
        return 0;
    }
    if (!*first) {
        if (c != ',') { return fault(w, here(w), "`,` or `}` was expected here") - 1; }
        w->at++;
    }
    *first = false;
    return read_key(w, key) ? 1 : -1;
}

int json_next_pair_slowly(struct json_walk *w, bool *first, struct json_value *key, struct json_value *value)
{
    int more = json_next_key(w, first, key);
    return more > 0 && !json_read(w, value) ? -1 : more;
}

bool json_end(struct json_walk *w)
{
    return here(w) >= w->limit || fault(w, here(w), "the line goes on after the record's closing }");
}
