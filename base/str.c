/* SPDX-License-Identifier: MIT */
/* Views and the builder. Names are in names.c. */
#include "base/str.h"
#include "base/utf8.h"
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <xxhash.h>

struct str str_of(const char *c)
{
    return c ? (struct str){ c, strlen(c) } : STR("");
}

/* memcmp and memcpy do not allow NULL even for no bytes; empty views may hold it. */
bool str_eq(struct str a, struct str b)
{
    return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

int str_cmp(struct str a, struct str b)
{
    size_t n = a.n < b.n ? a.n : b.n;
    int c = n == 0 ? 0 : memcmp(a.p, b.p, n);
    return c != 0 ? c : (a.n > b.n) - (a.n < b.n);
}

uint64_t str_hash(struct str s)
{
    return XXH3_64bits(s.p, s.n);
}

bool str_starts(struct str s, struct str prefix)
{
    return s.n >= prefix.n && str_eq(str_make(s.p, prefix.n), prefix);
}

bool str_ends(struct str s, struct str suffix)
{
    return s.n >= suffix.n && str_eq(str_slice(s, s.n - suffix.n, s.n), suffix);
}

struct str str_slice(struct str s, size_t from, size_t to)
{
    if (to > s.n) { to = s.n; }
    if (from > to) { from = to; }
    return from == 0 ? str_make(s.p, to) : str_make(s.p + from, to - from);
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

struct str str_trim(struct str s)
{
    size_t from = 0, to = s.n;
    while (from < to && is_space(s.p[from])) { from++; }
    while (to > from && is_space(s.p[to - 1])) { to--; }
    return str_slice(s, from, to);
}

size_t str_find(struct str s, char c)
{
    const char *q = s.n == 0 ? NULL : memchr(s.p, c, s.n);
    return q ? (size_t)(q - s.p) : s.n;
}

struct str str_cut(struct str s, char c, struct str *rest)
{
    size_t at = str_find(s, c);
    *rest = str_slice(s, at < s.n ? at + 1 : s.n, s.n);
    return str_slice(s, 0, at);
}

char *str_c(struct arena *a, struct str s)
{
    char *p = arena_alloc(a, s.n + 1);
    if (s.n > 0) { memcpy(p, s.p, s.n); }
    return p;
}

struct str str_dup(struct arena *a, struct str s)
{
    return str_make(str_c(a, s), s.n);
}

struct str str_vprintf(struct arena *a, const char *fmt, va_list args)
{
    va_list again;
    va_copy(again, args);
    int n = vsnprintf(NULL, 0, fmt, args);
    if (n < 0) { MSA_BUG("a message could not be formatted"); }
    char *p = arena_alloc(a, (size_t)n + 1);
    vsnprintf(p, (size_t)n + 1, fmt, again);
    va_end(again);
    return str_make(p, (size_t)n);
}

struct str str_printf(struct arena *a, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    struct str s = str_vprintf(a, fmt, args);
    va_end(args);
    return s;
}

/* ---- builder ---- */

void sb_reserve(struct sb *b, size_t more)
{
    size_t need;
    if (ckd_add(&need, b->n, more) || ckd_add(&need, need, (size_t)1)) { need = SIZE_MAX; }
    if (need <= b->cap) { return; }
    size_t cap = b->cap < 64 ? 64 : b->cap;
    while (cap < need) {
        if (ckd_mul(&cap, cap, (size_t)2)) { cap = SIZE_MAX; }
    }
    b->p = b->arena ? arena_grow(b->arena, b->p, b->cap, cap) : memory_resize(NULL, b->p, cap);
    b->cap = cap;
}

void sb_put(struct sb *b, struct str s)
{
    sb_reserve(b, s.n);
    if (s.n > 0) { memcpy(b->p + b->n, s.p, s.n); }
    b->n += s.n;
    b->p[b->n] = '\0';
}

void sb_puts(struct sb *b, const char *c)
{
    sb_put(b, str_of(c));
}

void sb_char(struct sb *b, char c)
{
    sb_put(b, str_make(&c, 1));
}

void sb_fill(struct sb *b, char c, size_t count)
{
    sb_reserve(b, count);
    memset(b->p + b->n, c, count);
    b->n += count;
    b->p[b->n] = '\0';
}

void sb_rune(struct sb *b, uint32_t c)
{
    char t[4];
    size_t n;
    if (c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF)) { c = 0xFFFD; }
    if (c < 0x80) {
        t[0] = (char)c;
        n = 1;
    } else if (c < 0x800) {
        t[0] = (char)(0xC0 | c >> 6);
        t[1] = (char)(0x80 | (c & 0x3F));
        n = 2;
    } else if (c < 0x10000) {
        t[0] = (char)(0xE0 | c >> 12);
        t[1] = (char)(0x80 | (c >> 6 & 0x3F));
        t[2] = (char)(0x80 | (c & 0x3F));
        n = 3;
    } else {
        t[0] = (char)(0xF0 | c >> 18);
        t[1] = (char)(0x80 | (c >> 12 & 0x3F));
        t[2] = (char)(0x80 | (c >> 6 & 0x3F));
        t[3] = (char)(0x80 | (c & 0x3F));
        n = 4;
    }
    sb_put(b, str_make(t, n));
}

void sb_u64(struct sb *b, uint64_t v)
{
    char t[20];
    size_t at = sizeof t;
    do {
        t[--at] = (char)('0' + v % 10);
        v /= 10;
    } while (v > 0);
    sb_put(b, str_make(t + at, sizeof t - at));
}

void sb_i64(struct sb *b, int64_t v)
{
    if (v < 0) { sb_char(b, '-'); }
    sb_u64(b, v < 0 ? 0 - (uint64_t)v : (uint64_t)v);
}

void sb_vprintf(struct sb *b, const char *fmt, va_list args)
{
    va_list again;
    va_copy(again, args);
    sb_reserve(b, 0);
    int n = vsnprintf(b->p + b->n, b->cap - b->n, fmt, args);
    if (n < 0) { MSA_BUG("a text could not be formatted"); }
    if ((size_t)n >= b->cap - b->n) {
        sb_reserve(b, (size_t)n);
        vsnprintf(b->p + b->n, b->cap - b->n, fmt, again);
    }
    b->n += (size_t)n;
    va_end(again);
}

void sb_printf(struct sb *b, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    sb_vprintf(b, fmt, args);
    va_end(args);
}

void sb_json_string(struct sb *b, struct str s)
{
    sb_char(b, '"');
    size_t plain = 0, i = 0; /* s.p[plain..i) needs no change and is copied in one go */
    while (i < s.n) {
        unsigned char c = (unsigned char)s.p[i];
        size_t length = 1;
        if (c >= 0x80) {
            uint32_t rune = utf8_decode(s.p + i, s.n - i, &length);
            if (rune != 0xFFFD || length == 3) {
                i += length;
                continue;
            }
        } else if (c >= 0x20 && c != '"' && c != '\\' && c != 0x7F) {
            i++;
            continue;
        }
        sb_put(b, str_slice(s, plain, i));
        switch (c) {
        case '"': sb_puts(b, "\\\""); break;
        case '\\': sb_puts(b, "\\\\"); break;
        case '\n': sb_puts(b, "\\n"); break;
        case '\r': sb_puts(b, "\\r"); break;
        case '\t': sb_puts(b, "\\t"); break;
        default:
            if (c < 0x80) { sb_printf(b, "\\u%04x", (unsigned)c); } else { sb_rune(b, 0xFFFD); }
        }
        i += length;
        plain = i;
    }
    sb_put(b, str_slice(s, plain, s.n));
    sb_char(b, '"');
}

void sb_visible(struct sb *b, struct str s)
{
    for (size_t i = 0, length; i < s.n; i += length) {
        uint32_t c = utf8_decode(s.p + i, s.n - i, &length);
        if (c < 0x20 || (c >= 0x7F && c < 0xA0) || utf8_is_bidi_control(c)) {
            sb_printf(b, "\\u{%" PRIx32 "}", c);
        } else {
            sb_rune(b, c);
        }
    }
}

struct str sb_str(const struct sb *b)
{
    return b->p ? str_make(b->p, b->n) : STR("");
}

void sb_clear(struct sb *b)
{
    b->n = 0;
    if (b->p) { b->p[0] = '\0'; }
}

void sb_free(struct sb *b)
{
    if (b->arena == NULL) { memory_resize(NULL, b->p, 0); }
    *b = (struct sb){ .arena = b->arena };
}
