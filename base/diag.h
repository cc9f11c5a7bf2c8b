/* SPDX-License-Identifier: MIT */
/* Messages about an agreement: made where the mistake is seen, collected here, shown by diag_text and diag_json.
 *
 *     struct diag *m = diag(d, E0301_CURRENCY, e->span, "cannot add `%s` to `%s`", got, want);
 *     diag_label(m, e->span, "this is in `%s`", got);          label at the main span: shown at its carets
 *     diag_label(m, fee->span, "the fee is in `%s`", want);     any other span: a second place
 *     diag_note(m, "a sum has one currency");                   a fact
 *     diag_help(m, "convert it first: `%s in %s`", x, want);    advice; never in the headline
 *     diag_fix(m, e->span, "%s in %s", x, want);                replacement of a span, shown as a suggestion
 */
#ifndef MSA_BASE_DIAG_H
#define MSA_BASE_DIAG_H
#include "base/source.h"

MSA_EXTERN_C_BEGIN

enum diag_code {
#define DIAG(kind, number, name, slug, title) kind##number##_##name,
#include "base/diag.def"
#undef DIAG
    DIAG_COUNT
};
enum diag_severity { DIAG_ERROR, DIAG_WARNING, DIAG_SEVERITY_COUNT };

struct diag_info { const char *code, *slug, *title; enum diag_severity severity; };
const struct diag_info *diag_info(enum diag_code code);
/* By "E0301", "e0301" or slug; NULL when there is none. */
const struct diag_info *diag_info_find(struct str code_or_slug);

enum diag_part_kind { DIAG_LABEL, DIAG_NOTE, DIAG_HELP, DIAG_FIX };
struct diag_part {
    struct diag_part *next;
    enum diag_part_kind kind;
    struct span span;         /* labels and fixes */
    struct str text;          /* of a fix: the replacement */
};
struct diag {
    enum diag_code code;
    enum diag_severity severity;
    struct span span;         /* may be none */
    struct str headline;
    struct diag_part *parts;  /* in the order they were given */
    /* private */
    struct diag_part **tail;
    struct diags *owner;
    uint32_t order;
    bool dropped;             /* a duplicate, or beyond the limit: takes parts but is never shown */
};

struct diags;
struct diags *diags_make(struct arena *a, const struct sources *s);
/* Errors kept; further ones are only counted. Starts at 20; 0 = no limit. */
void diags_limit(struct diags *d, size_t errors);
void diags_warnings_as_errors(struct diags *d, bool on);
/* Never NULL. A second error at the same span is dropped: the first is the cause. */
struct diag *diag(struct diags *d, enum diag_code code, struct span span, const char *fmt, ...) printf_like(4, 5);
struct diag *diag_v(struct diags *d, enum diag_code code, struct span span, const char *fmt, va_list args) printf_like(4, 0);
void diag_label(struct diag *m, struct span span, const char *fmt, ...) printf_like(3, 4);
void diag_note(struct diag *m, const char *fmt, ...) printf_like(2, 3);
void diag_help(struct diag *m, const char *fmt, ...) printf_like(2, 3);
void diag_fix(struct diag *m, struct span span, const char *fmt, ...) printf_like(3, 4);

size_t diags_errors(const struct diags *d);    /* counted, shown or not; duplicates not */
size_t diags_warnings(const struct diags *d);
const struct sources *diags_sources(const struct diags *d);
/* What is to be shown, ordered by position (messages without a place first). The array lives until the next message. */
const struct diag *const *diags_sorted(struct diags *d, size_t *count);

/* Checks a whole text before it is scanned: UTF-8, control characters, bidi controls. True when nothing was found. */
bool diag_check_text(struct diags *d, const struct source *f);
/* source_read with E0001/E0005 and diag_check_text; `from` is the import that asked (or none). NULL when it cannot be used. */
struct source *diag_load(struct diags *d, struct sources *s, const char *path, struct span from);

/* For people, with source lines and carets, and a summary line when there was anything. Colour only when asked for. */
void diag_text(struct sb *out, struct diags *d, bool colour);
void diag_text_one(struct sb *out, const struct diag *m, const struct sources *s, bool colour);
/* One JSON object per line; stable fields. */
void diag_json(struct sb *out, struct diags *d);
void diag_json_one(struct sb *out, const struct diag *m, const struct sources *s);
/* One SARIF 2.1.0 document. */
void diag_sarif(struct sb *out, struct diags *d, const char *program_version);

MSA_EXTERN_C_END
#endif
