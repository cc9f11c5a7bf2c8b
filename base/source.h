/* SPDX-License-Identifier: MIT */
/* The texts of one compilation, laid end to end in one space of 32-bit offsets, so that a span is eight bytes and says
 * its file as well. Lines and columns are worked out only when somebody asks. */
#ifndef MSA_BASE_SOURCE_H
#define MSA_BASE_SOURCE_H
#include "base/str.h"

MSA_EXTERN_C_BEGIN

/* Offsets [from, to) in the common space. {0,0} is no place: the first file starts at 1. */
struct span { uint32_t from, to; };
#ifndef __cplusplus
#define SPAN_NONE ((struct span){ 0, 0 })
#endif
static inline bool span_is_none(struct span s) { return s.from == 0; }
static inline struct span span_make(uint32_t from, uint32_t to)
{
    struct span s = { from, to };
    return s;
}
/* From the start of a to the end of b; none is neutral. */
static inline struct span span_join(struct span a, struct span b)
{
    if (a.from == 0) { return b; }
    if (b.from == 0) { return a; }
    return span_make(a.from < b.from ? a.from : b.from, a.to > b.to ? a.to : b.to);
}

struct source {
    struct str name;      /* for messages: a path as given, "<stdin>", "<stdlib>/itil.msa" */
    char *text;           /* n bytes and two NULs, writable: flex scans it in place and restores what it touches */
    uint32_t n;
    uint32_t base;        /* text[i] has offset base + i; base + n is the end of the file */
    uint32_t index;       /* 0, 1, … in order of addition */
    bool builtin;         /* part of the program (standard library) */
    struct source_lines *lines; /* private: where lines start, found when first asked for */
};

struct sources;
struct sources *sources_make(struct arena *a);
/* Copies the text. A byte order mark at its start is left out. NULL when the offset space (4 GiB) is used up. */
struct source *source_add(struct sources *s, struct str name, struct str text);
/* Reads a file ("-": standard input, named <stdin>). NULL, and errno's number in *error, when that fails (EFBIG: too large). */
struct source *source_read(struct sources *s, const char *path, int *error);
size_t sources_count(const struct sources *s);
struct source *sources_at(const struct sources *s, size_t index);
/* The file that holds an offset; NULL for no place. */
struct source *source_of(const struct sources *s, uint32_t offset);

/* line and column count from 1; column counts characters (code points), byte bytes from 0 in the line. */
struct place { const struct source *file; uint32_t line, column, byte; };
struct place source_place(const struct sources *s, uint32_t offset);
/* Text of a line without its end (LF or CR LF); empty beyond the end. Lines count from 1. */
struct str source_line(const struct source *f, uint32_t line);
uint32_t source_line_count(const struct source *f);
/* Offset (common space) at which a line starts. */
uint32_t source_line_start(const struct source *f, uint32_t line);
/* The bytes a span covers, cut at its file's end. */
struct str source_text(const struct sources *s, struct span span);

MSA_EXTERN_C_END
#endif
