/* SPDX-License-Identifier: MIT */
/* JSON by simdjson's first stage: where the structure of a text is. The walk over it (json_walk.c) checks the grammar
 * itself, so that nothing of a record goes unread, skipped values included. */
#ifndef MSA_RUNTIME_JSON_H
#define MSA_RUNTIME_JSON_H
#include "base/prelude.h"

MSA_EXTERN_C_BEGIN

struct json;                     /* the scanner: its index grows to the longest text scanned */
struct json *json_new(void);     /* NULL: no memory */
void json_free(struct json *j);

enum json_scanned { JSON_SCANNED, JSON_NO_MEMORY, JSON_NOTHING, JSON_NOT_UTF8, JSON_CONTROL, JSON_OPEN_STRING, JSON_ODD };
/* Positions of { } [ ] : , and of the first byte of every string and other token, in order; behind the last come two
 * positions that are n. UTF-8 is checked. A string that is open at the end or holds a raw control character (a line's end,
 * too) is a fault of the whole text. */
enum json_scanned json_scan(struct json *j, const char *p, size_t n);
const uint32_t *json_places(const struct json *j, uint32_t *n);
bool json_utf8(const char *p, size_t n);

MSA_EXTERN_C_END

/* One value: a view of the text. */
struct json_value {
    const char *p;               /* strings: between the quotes */
    uint32_t n;
    char kind;                   /* '"', '0' number, 't', 'f', 'n', '{', '['; 'x' for an untyped text (CSV); 0 absent */
    bool escaped;                /* a string with backslashes */
};

/* A walk over the tokens of one line. */
struct json_walk {
    const char *text;            /* what was scanned; positions count from here */
    const uint32_t *at;          /* next token */
    const uint32_t *end;
    uint32_t limit;              /* tokens from this position on are not of this line */
    bool escapes;                /* the line has a backslash somewhere */
    const char *fault;           /* in words, with its position */
    uint32_t fault_at;
};
#define JSON_DEPTH 512
/* Reads one value and steps over it, its inside checked. False: see fault. */
bool json_read(struct json_walk *w, struct json_value *v);
/* After `{` was seen by json_read: next key; 0 at `}`, -1 fault, 1 key. `first` starts true. */
bool json_open_object(struct json_walk *w);
int json_next_key(struct json_walk *w, bool *first, struct json_value *key);
/* Nothing may follow. */
bool json_end(struct json_walk *w);

/* Writes the text of an escaped string (never longer than v->n); false: it holds a bad escape or U+0000. */
bool json_unescape(const struct json_value *v, char *out, size_t *n);
bool json_number_ok(const char *p, size_t n);
#endif
