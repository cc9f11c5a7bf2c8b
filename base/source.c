/* SPDX-License-Identifier: MIT */
#include "base/source.h"
#include "base/io.h"
#include "base/utf8.h"
#include "base/vec.h"
#include <errno.h>
#include <string.h>

struct source_lines {
    struct arena *arena;
    uint32_t *start; /* offset in the text of each line's first byte; NULL until asked for */
    uint32_t count;
};

struct sources {
    struct arena *arena;
    VEC(struct source *) files; /* ascending base */
    uint32_t next;              /* base of the next file */
};

struct sources *sources_make(struct arena *a)
{
    struct sources *s = ARENA_NEW(a, struct sources);
    s->arena = a;
    s->next = 1; /* 0 is no place */
    return s;
}

/* `text` is in the arena with two NULs behind it. */
static struct source *enter(struct sources *s, struct str name, char *text, size_t n)
{
    if (n >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0) {
        text += 3;
        n -= 3;
    }
    /* One offset more than bytes: the end of a file is a place in it. */
    if (n >= UINT32_MAX - s->next) { return NULL; }
    struct source *f = ARENA_NEW(s->arena, struct source);
    struct source_lines *lines = ARENA_NEW(s->arena, struct source_lines);
    lines->arena = s->arena;
    *f = (struct source){
        .name = str_dup(s->arena, name), .text = text, .n = (uint32_t)n, .base = s->next,
        .index = (uint32_t)s->files.n, .builtin = str_starts(name, STR("<stdlib>/")),
        .lines = lines,
    };
    s->next += (uint32_t)n + 1;
    vec_push(&s->files, s->arena, f);
    return f;
}

struct source *source_add(struct sources *s, struct str name, struct str text)
{
    if (text.n >= UINT32_MAX) { return NULL; }
    char *copy = arena_alloc(s->arena, text.n + 2);
    if (text.n > 0) { memcpy(copy, text.p, text.n); }
    return enter(s, name, copy, text.n);
}

struct source *source_read(struct sources *s, const char *path, int *error)
{
    /* Flex counts in int. */
    enum { MOST = INT32_MAX - 16 };
    struct str content;
    *error = io_read_file(s->arena, path, 2, MOST, &content);
    if (*error != 0) { return NULL; }
    char *text = (char *)(uintptr_t)content.p; /* arena memory that was made for us: may be written */
    struct source *f = enter(s, strcmp(path, "-") == 0 ? STR("<stdin>") : str_of(path), text, content.n);
    if (f == NULL) { *error = EFBIG; }
    return f;
}

size_t sources_count(const struct sources *s)
{
    return s->files.n;
}

struct source *sources_at(const struct sources *s, size_t index)
{
    return s->files.p[index];
}

struct source *source_of(const struct sources *s, uint32_t offset)
{
    if (offset == 0 || offset >= s->next) { return NULL; }
    size_t low = 0, high = s->files.n; /* the last file whose base is <= offset is in [low, high) */
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (s->files.p[middle]->base <= offset) { low = middle; } else { high = middle; }
    }
    return s->files.p[low];
}

static const struct source_lines *lines_of(const struct source *f)
{
    struct source_lines *t = f->lines;
    if (t->start != NULL) { return t; }
    uint32_t count = 1;
    for (uint32_t i = 0; i < f->n; i++) { count += f->text[i] == '\n'; }
    t->start = ARENA_ARRAY(t->arena, uint32_t, count);
    t->count = 1; /* the first starts at 0 */
    for (uint32_t i = 0; i < f->n; i++) {
        if (f->text[i] == '\n') { t->start[t->count++] = i + 1; }
    }
    return t;
}

struct place source_place(const struct sources *s, uint32_t offset)
{
    const struct source *f = source_of(s, offset);
    if (f == NULL) { return (struct place){ 0 }; }
    const struct source_lines *t = lines_of(f);
    uint32_t at = offset - f->base;
    uint32_t low = 0, high = t->count;
    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;
        if (t->start[middle] <= at) { low = middle; } else { high = middle; }
    }
    uint32_t byte = at - t->start[low];
    return (struct place){
        .file = f, .line = low + 1, .byte = byte,
        .column = (uint32_t)utf8_count(str_make(f->text + t->start[low], byte)) + 1,
    };
}

struct str source_line(const struct source *f, uint32_t line)
{
    const struct source_lines *t = lines_of(f);
    if (line == 0 || line > t->count) { return STR(""); }
    uint32_t from = t->start[line - 1];
    uint32_t to = line < t->count ? t->start[line] - 1 : f->n;
    if (to > from && f->text[to - 1] == '\r') { to--; }
    return str_make(f->text + from, to - from);
}

uint32_t source_line_count(const struct source *f)
{
    return lines_of(f)->count;
}

uint32_t source_line_start(const struct source *f, uint32_t line)
{
    const struct source_lines *t = lines_of(f);
    if (line == 0 || line > t->count) { return f->base + f->n; }
    return f->base + t->start[line - 1];
}

struct str source_text(const struct sources *s, struct span span)
{
    const struct source *f = source_of(s, span.from);
    if (f == NULL || span.to <= span.from) { return STR(""); }
    uint32_t from = span.from - f->base, to = span.to - f->base;
    return str_slice(str_make(f->text, f->n), from, to);
}
