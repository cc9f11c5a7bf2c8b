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
    uint32_t escape_at;          /* first backslash from here on, or beyond: most texts need no search of their own */
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

/* Both steps at once: key and value; 0 at `}`, -1 fault, 1 pair. */
int json_next_pair_slowly(struct json_walk *w, bool *first, struct json_value *key, struct json_value *value);

static inline void json_text_at(const struct json_walk *w, uint32_t quote, uint32_t end, struct json_value *v)
{
    v->p = w->text + quote + 1;
    v->n = end - quote - 2;
    v->kind = '"';
    v->escaped = false;
}

/* `"name":"text"` and `"name":` without spaces or escapes are taken here, by four tokens; all else goes the long way. */
static inline int json_next_pair(struct json_walk *w, bool *first, struct json_value *key, struct json_value *value)
{
    const char *t = w->text;
    const uint32_t *at = w->at;
    if (w->end - at > 4 && at[4] < w->limit && (*first || t[*at++] == ',')) {
        uint32_t name = at[0], colon = at[1], v = at[2];
        bool quick = t[name] == '"' && t[colon] == ':' && t[colon - 1] == '"' && colon - 1 > name && w->escape_at >= at[3];
        if (quick) {
            *first = false;
            json_text_at(w, name, colon, key);
            if (t[v] == '"' && t[at[3] - 1] == '"' && at[3] - 1 > v) {
                json_text_at(w, v, at[3], value);
                w->at = at + 3;
                return 1;
            }
            w->at = at + 2;
            return json_read(w, value) ? 1 : -1;
        }
    }
    return json_next_pair_slowly(w, first, key, value);
}

/* Writes the text of an escaped string (never longer than v->n); false: it holds a bad escape or U+0000. */
bool json_unescape(const struct json_value *v, char *out, size_t *n);
bool json_number_ok(const char *p, size_t n);
#endif
