/* SPDX-License-Identifier: MIT */
/* Text: views by value, a builder, and the table that turns names into small numbers. */
#ifndef MSA_BASE_STR_H
#define MSA_BASE_STR_H
#include "base/arena.h"
#include <stdarg.h>

MSA_EXTERN_C_BEGIN

/* A view of bytes; no NUL is promised behind it. Nobody frees a str: its lifetime is that of what it looks at. */
struct str { const char *p; size_t n; };
#ifdef __cplusplus
#define STR(literal) (str{(literal), sizeof(literal) - 1})
#else
#define STR(literal) ((struct str){ .p = ("" literal), .n = sizeof(literal) - 1 })
#endif
/* For static tables: struct str t[] = { STR_INIT("a") }. */
#define STR_INIT(literal) { ("" literal), sizeof(literal) - 1 }
/* printf("%.*s", STR_ARG(s)) */
#define STR_ARG(s) (int)(s).n, (s).p

struct str str_of(const char *c);                       /* NULL gives the empty text */
static inline struct str str_make(const char *p, size_t n)
{
    struct str s = { p, n };
    return s;
}
bool str_eq(struct str a, struct str b);
int str_cmp(struct str a, struct str b);                /* by bytes, which for UTF-8 is by code point */
uint64_t str_hash(struct str s);                        /* in memory only: not for files */
bool str_starts(struct str s, struct str prefix);
bool str_ends(struct str s, struct str suffix);
struct str str_slice(struct str s, size_t from, size_t to); /* clamped */
struct str str_trim(struct str s);                      /* spaces, tabs, CR, LF at both ends */
/* Offset of the first c, or s.n. */
size_t str_find(struct str s, char c);
/* Splits at the first `c`: returns what is before, *rest gets what is behind (empty when there is none). */
struct str str_cut(struct str s, char c, struct str *rest);
struct str str_dup(struct arena *a, struct str s);      /* the copy has a NUL behind it */
char *str_c(struct arena *a, struct str s);             /* copy as a C string */
struct str str_printf(struct arena *a, const char *fmt, ...) printf_like(2, 3);
struct str str_vprintf(struct arena *a, const char *fmt, va_list args) printf_like(2, 0);

/* Builder. `struct sb b = {.arena = a}` or `{0}` for malloc, which ends with sb_free. p[n] is always NUL once p is set. */
struct sb { char *p; size_t n, cap; struct arena *arena; };
void sb_reserve(struct sb *b, size_t more);
void sb_put(struct sb *b, struct str s);
void sb_puts(struct sb *b, const char *c);
void sb_char(struct sb *b, char c);
void sb_fill(struct sb *b, char c, size_t count);
void sb_rune(struct sb *b, uint32_t code_point);        /* as UTF-8 */
void sb_i64(struct sb *b, int64_t v);
void sb_u64(struct sb *b, uint64_t v);
void sb_printf(struct sb *b, const char *fmt, ...) printf_like(2, 3);
void sb_vprintf(struct sb *b, const char *fmt, va_list args) printf_like(2, 0);
/* With quotes. Bytes that are not UTF-8 become U+FFFD, so the output is always valid JSON. */
void sb_json_string(struct sb *b, struct str s);
/* For people: control characters and bidi controls as \u{..}, so that text of others cannot move the cursor. */
void sb_visible(struct sb *b, struct str s);
struct str sb_str(const struct sb *b);
void sb_clear(struct sb *b);
void sb_free(struct sb *b);

/* Names: equal text, equal id. Ids count from 1; 0 is no name. */
struct names;
struct names *names_make(struct arena *a);
uint32_t names_id(struct names *t, struct str s);       /* adds it when new */
uint32_t names_find(const struct names *t, struct str s); /* 0 when it is not there */
struct str names_text(const struct names *t, uint32_t id); /* NUL behind it; empty for 0 */
uint32_t names_count(const struct names *t);            /* ids are 1..count */

MSA_EXTERN_C_END
#endif
