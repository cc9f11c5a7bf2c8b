/* SPDX-License-Identifier: MIT */
/* Results as rows of named values: what every writer of results starts from. */
#ifndef MSA_CLI_FIELDS_H
#define MSA_CLI_FIELDS_H
#include "base/io.h"
#include "cli/when.h"
#include "msa/run.h"

enum field {
#define FIELD(NAME, name, doc) FIELD_##NAME,
#include "cli/fields.def"
#undef FIELD
    FIELD_COUNT
};
extern const char *const field_name[FIELD_COUNT];

enum form { IS_ABSENT, IS_TEXT, IS_PLAIN /* text that needs no escapes */, IS_INSTANT, IS_SECONDS /* of microseconds */, IS_NUMBER, IS_HUNDREDTHS, IS_MILLIONTHS,
            IS_FLAG, IS_TEXTS, IS_NAMED };
struct value {
    enum form form;
    struct str text;
    int64_t number;
    const struct msa_text *texts;
    const struct msa_named *named;
    size_t n;
};

/* What is the same for all results of an agreement. */
struct field_context {
    const struct msa_module *module;
    struct when when;
    struct str agreement;
    struct arena arena;
    struct clause_text { struct str clause, source; struct str json; /* the three fields, ready */ } *clause;
    size_t n_clauses;
    struct target_text { struct str source, json; } *target; /* by target, made when first asked for */
    size_t n_targets;
    struct sb line;             /* being written */
    struct msa_text lacking[16]; /* of not_told */
    struct sb scratch;          /* the text of the field last asked for, where it had to be made */
};
void fields_open(struct field_context *c, const struct msa_module *m, const struct zone *zone);
void fields_close(struct field_context *c);

/* Has the target changed since the clock began? */
static inline bool target_changed(const struct msa_result *r) { return r->clock.n && r->started != MSA_NONE && r->target_changed_at > r->started; }

/* A text in value.text may live only until the next call. */
struct value field_get(struct field_context *c, const struct msa_result *r, enum field f);
/* What is the same for all results under one target; empty without one. */
const struct target_text *field_target(struct field_context *c, const struct msa_result *r);
/* A share in hundredths of a per cent, cut: 99.999 % is 9999, and only a full share is 10000. */
int64_t share_hundredths(int64_t part, int64_t whole);

/* A column somebody asked for: a field, the key of things of one kind (`ticket`), or one of the values under `by`. */
struct column { enum field field; struct str entity, by, name; };
struct columns { struct column *p; size_t n; };
/* `list`: names with commas. False: *unknown is a name that nothing has, *near one like it or NULL. */
bool columns_parse(struct arena *a, const struct msa_module *m, const char *list, struct columns *out, const char **unknown, const char **near);
struct value column_get(struct field_context *c, const struct msa_result *r, const struct column *column);

/* `exception 4.4`; without a number `exception "The board"` or `exception at line 12`. */
void exception_name(struct sb *b, struct msa_clause k);
/* FIELD_NOT_TOLD; the texts live until the next call. */
struct value not_told(struct field_context *c, const struct msa_result *r);
/* Who is told, with commas, and behind them what is missing: `Bob (`assignee` is missing)`, `nobody: `assignee` is missing`.
 * In a sentence: `Bob is told (…)`. */
void recipients_text(struct field_context *c, struct sb *b, const struct msa_result *r, bool sentence);
/* The figure of a measure with its parts and goal: `50.00 % (1 of 2), goal at least 95%: missed`. */
void measure_text(struct field_context *c, struct sb *b, const struct msa_result *r);

/* ---- writers of results ---- */
struct out {
    struct io_writer *to;
    struct field_context *fields;
    struct columns columns;     /* n = 0: all */
    bool colour;
    bool begun;                 /* CSV: the heading is written */
    size_t width;               /* table: columns of the screen; 0: no row is cut */
    struct table *table;
};
void out_ndjson(struct out *o, const struct msa_result *r);
/* A result as one JSON object, without a line end. */
void result_json(struct field_context *c, struct sb *b, const struct msa_result *r);
void out_csv(struct out *o, const struct msa_result *r);
void out_table(struct out *o, const struct msa_result *r);
void out_csv_heading(struct out *o);
/* Would a spreadsheet run the text as a formula? It gets a ' in front. */
bool csv_like_a_formula(struct str s);
/* Writes what is held back. */
void out_table_end(struct out *o);
/* One value as JSON; not for IS_ABSENT. */
void value_json(struct field_context *c, struct sb *b, const struct value *v);
/* A value as plain text, for CSV and tables; instants are readable when `people`. */
void value_text(struct field_context *c, struct sb *b, const struct value *v, bool people);
#endif
