/* SPDX-License-Identifier: MIT */
/* What the readers of events share: records on their way to the engine, the schema of the module, typed decoding, order. */
#ifndef MSA_RUNTIME_INPUT_H
#define MSA_RUNTIME_INPUT_H
#include "bytecode/verify.h"
#include "msa/run.h"
#include "runtime/ledger.h"
#include "runtime/engine.h"
#include "runtime/event.h"
#include "runtime/feed.h"
#include "runtime/json.h"
#include "runtime/lookup.h"
#include <setjmp.h>

#define RECORD_MAX ((size_t)16 << 20)      /* a longer line or row is rejected and stepped over */
#define VERBATIM_MAX ((size_t)64 << 10)    /* of a rejected record so much is shown */

struct msa_module {
    struct arena arena;
    const struct module *m;
    const struct verified_module *vm;
};

/* ---- schema.c: the module's names and fields, arranged for look-up ---- */

enum { KEY_AT, KEY_EVENT, KEY_ID, KEY_AGREEMENT, KEY_ADVANCE, KEY_FIRST_FREE };

struct schema_field {
    struct str name, initial_text;
    int64_t initial;
    uint32_t key, type, scale, slot, flags;
};
struct schema_event {
    struct str name;
    uint32_t index;              /* of EVENT */
    uint32_t entity;             /* ENTITY or NO_REF */
    uint32_t entity_key;         /* key number of the entity's key, when it has one */
    uint32_t next;               /* another kind of event of the same name (another entity), or NO_REF */
    uint8_t rank;                /* 1 creation, 2 others (C1) */
    uint32_t n_fields, n_scalars, n_texts;
    uint32_t n_checked;          /* fields behind those: only their type is looked at */
    const struct schema_field *field;
};
struct schema_scale { struct str name; uint32_t n; const struct str *value; struct lookup lookup; };
struct schema {
    const struct module *m;
    struct lookup key, event, calendar;
    uint32_t n_keys, n_events, n_scales;
    struct str *key_name;
    struct schema_event *events;
    struct schema_scale *scales;
};
void schema_make(struct schema *s, const struct verified_module *vm, struct arena *a);
/* The name of the list nearest to `s`, or an empty text when none is near. */
struct str nearest(struct str s, const struct str *names, size_t n);
struct str schema_nearest_event(const struct schema *s, struct str name);

/* ---- decode.c: texts and JSON values to typed slots ---- */

struct value_kind { uint32_t type, scale; };
struct why { char text[400]; };
/* Exact, in millionths; false: `why` says what is wrong. */
bool decode_decimal(const char *p, size_t n, int64_t *millionths, const char **why);
bool decode_duration(struct str s, int64_t *us, const char **why);
/* Everything but VT_TEXT. v is a JSON value (strings unescaped) or an untyped text. */
bool decode_scalar(const struct schema *s, struct value_kind k, const struct json_value *v, int64_t *out, struct why *why);
/* VT_TEXT: whether this kind of value can be one. */
bool decode_is_text(const struct json_value *v, struct why *why);

/* ---- records in chunks ---- */

struct chunk { struct chunk *next, *before; size_t size, used; uint32_t live; };
struct pool { const struct memory *memory; struct chunk *all, *current, *spare; size_t footprint; };
void pool_free(struct pool *p);
/* Room for n bytes, to be kept by pool_keep; nothing else may be taken in between. */
void *pool_room(struct pool *p, size_t n);
struct chunk *pool_keep(struct pool *p, size_t n);
void pool_release(struct pool *p, struct chunk *c);

/* Kinds of record that never reach the engine: they wait for their turn, so that pipes and files give the same bytes. */
#define RECORD_REJECT (UINT32_MAX - 2)
#define RECORD_DUPLICATE (UINT32_MAX - 3)
/* And the one that says that time has come so far. */
#define RECORD_ADVANCE (UINT32_MAX - 4)

struct record {
    struct event ev;             /* for a reject: scalar[0] = column, text[0] = reason */
    struct chunk *chunk;
    int64_t sequence;            /* the export's own, 0 without */
    uint64_t raw_at;             /* where its text is in its file */
    size_t raw_n;
    const char *raw;             /* its text, when the file cannot be read again; at most VERBATIM_MAX of it */
    struct fold *fold;           /* adapters: what is known of its entity's opening; NULL */
    struct row_end *row;         /* adapters: shared by the records of one row; NULL: it is the only one */
    uint8_t rank;                /* 0 facts set, 1 creations, 2 others */
};

/* A row is counted once, whatever becomes of the events that it made. */
struct row_end { struct chunk *chunk; uint32_t left; bool applied, rejected; };

/* Where an input record lies. */
struct place {
    uint64_t offset;
    size_t n;
    const char *p;               /* its bytes, while it is being read; the first VERBATIM_MAX at least */
    uint32_t line;
};

/* ---- sources: one for each input file ---- */

struct input_file { struct str name; int fd; /* our own duplicate for reading again, -1 */ };

enum shape { SHAPE_NDJSON_EVENTS, SHAPE_CSV_EVENTS, SHAPE_NDJSON_ROWS, SHAPE_CSV_ROWS };

struct adapter;
struct csv;

struct input {
    struct msa_run *run;
    struct feed feed;
    enum shape shape;
    uint32_t file;
    uint32_t line;               /* lines handed out so far */
    uint64_t count;              /* records made, for `order` */
    int64_t last_at;             /* of the last event read here: rejects take their turn after it */
    bool keep_raw;
    bool begun;                  /* byte order mark and header are behind us */
    bool ended;
    struct place place;          /* of the record being read */
    /* what was read of the current record, by key number */
    struct json_value *value;
    uint32_t *seen, stamp;
    char *scratch;               /* unescaped texts */
    size_t n_scratch, cap_scratch;
    /* NDJSON */
    struct json *json;
    size_t block_from, block_to; /* in feed.buffer: what is scanned; tokens count from block_from */
    uint32_t token;
    uint32_t escape_at;          /* the first backslash of the block that is not behind us */
    bool line_by_line;
    struct key_seen { uint64_t a, b, mask_a, mask_b; uint32_t n, key; } key_seen[512]; /* names of fields, see in_ndjson.c */
    /* CSV */
    struct csv *csv;
    uint32_t *column_key;        /* CSV events: key number by column */
    uint32_t n_columns;
    struct adapter *adapter;
    /* records ready, in input order */
    struct record **queue;
    size_t q_from, q_to, q_cap;
    /* streaming: a group of one instant, and the first record of the next */
    struct record **group, *ahead;
    size_t g_from, g_to, g_cap;
};

enum read_status { READ_SOME, READ_END, READ_FAILED /* run->fault */ };

enum msa_status input_open(struct msa_run *r, struct input *s, const char *format);
void input_close(struct input *s);
/* Reads one input record; what comes of it (nothing, one or more records) is in the queue. */
enum read_status input_read(struct input *s);
enum read_status ndjson_read(struct input *s);
enum read_status csv_read(struct input *s);
void csv_close(struct csv *c);
/* Steps over the byte order mark. */
void input_skip_bom(struct input *s);
/* Starts a record: forgets the values of the one before. */
void input_fresh(struct input *s);
/* The text of a value, unescaped in scratch when need be; false: rejected. */
bool input_text(struct input *s, const struct json_value *v, struct str *out);
/* One standard event from s->value; queued or rejected. */
void input_event(struct input *s);
void input_push(struct input *s, struct record *rec);
/* A record with room for its slots and `bytes` of text; finished by record_done, which takes back what was not used. */
struct record *record_start(struct input *s, uint32_t n_scalars, uint32_t n_texts, size_t bytes, char **text);
void record_done(struct input *s, struct record *rec, char *text_end);
/* 1: `at` never steps back in this file of standard events; 0: it may; conservative. */
bool ndjson_sorted(struct msa_run *r, int fd);

/* ---- reject.c ---- */

/* Queues the rejection of the record at s->place. column 0: not known. */
void reject(struct input *s, uint32_t column, const char *fmt, ...) __attribute__((__format__(__printf__, 3, 4)));
void duplicate_row(struct input *s);
/* Hands a waiting reject or duplicate, or one the engine refused, to the sink. */
enum msa_status reject_emit(struct msa_run *r, const struct record *rec, enum msa_result_kind kind, const char *reason, uint32_t column);
/* A quoted view of a value for messages: long ones are cut. */
const char *shown(char out[72], struct str s);

/* ---- adapter*.c ---- */

/* What is known of an entity across the rows of all adapters: changes stamped before the opening fold into it. */
struct fold { int64_t opened, first; };
struct folds;

struct time_plan;
struct time_plan *time_plan_make(const struct module *m, uint32_t time, struct arena *a, struct why *why);
/* NONE: why. */
instant time_plan_read(const struct time_plan *t, struct str text, struct why *why);

struct map_plan;
struct map_plan *map_plan_make(const struct module *m, uint32_t map, struct arena *a);
enum mapped { MAPPED, MAPPED_ABSENT, MAPPED_BAD };
/* `text` with p NULL is missing. */
enum mapped map_plan_get(const struct map_plan *t, struct str text, struct str *out);
struct str map_plan_name(const struct map_plan *t);

/* NULL with run->fault when the adapter cannot be. Made once a run and file. */
struct adapter *adapter_make(struct input *s, uint32_t index);
void adapter_free(struct adapter *a);
/* Binds columns to the header's names. False: run->fault. */
bool adapter_header(struct input *s, const struct str *names, size_t n);
/* One row; cells by column of the file. */
void adapter_cells(struct input *s, const struct str *cells, size_t n);
/* One row from a JSON object (checked already). */
void adapter_object(struct input *s, const struct json_walk *w);
/* The file is at its end: rows that waited for it are applied, and what was noticed is left with the run. */
void adapter_end(struct input *s);
/* Whether a rule held in any file of the run, and the words that nothing names. */
struct rule_note { uint64_t rows, held; struct str words; };
struct folds *folds_make(struct msa_run *r);
void folds_free(struct folds *f);

/* ---- order.c ---- */

struct order_key { int64_t at; uint64_t tie; struct record *rec; };
enum msa_status order_put(struct msa_run *r, struct record *rec);
/* Time has reached `at`, though no event says so. */
enum msa_status order_advance(struct msa_run *r, instant at);
enum msa_status order_finish(struct msa_run *r);
void order_close(struct msa_run *r);
int record_compare(const struct record *a, const struct record *b);
void records_sort(struct msa_run *r, struct record **p, size_t n);

struct msa_run {
    const struct msa_module *module;
    const struct module *m;
    struct msa_options o;
    struct settle_question settle;
    struct str only_key;
    struct msa_sink sink;
    struct memory memory;        /* running out jumps to `no_memory` */
    jmp_buf no_memory;
    struct arena arena;
    struct schema schema;
    struct str agreement;
    struct engine *engine;
    bool failed;                 /* no more input is taken */
    struct msa_fault fault;
    struct input_file *file;
    struct str *file_name;
    uint32_t n_files, cap_files;
    struct input *open_input;  /* being read: closed when the run is */
    struct pool pool;
    struct record **batch;       /* everything that waits for the end of input */
    size_t n_batch, cap_batch;
    struct record **heap;        /* streams: what waits for `lateness` */
    size_t n_heap, cap_heap;
    int64_t newest;              /* streams */
    struct input **stream;      /* files in time order, read at the end */
    size_t n_streams, cap_streams;
    struct folds *folds;
    bool any_folds;
    struct rule_note *rule_notes; /* by ADAPTER_RULE; NULL: no adapter */
    uint32_t back_file, back_line; /* the first row that steps back in time */
    struct str back_entity, back_column, back_adapter;
    struct msa_counts counts;
    uint64_t rejects_told;       /* so many were in the status of calls before */
};
enum msa_status run_fail(struct msa_run *r, enum msa_status status, const char *fmt, ...) __attribute__((__format__(__printf__, 3, 4)));
/* Growth of a plain array from the run's memory. */
void *run_grow(struct msa_run *r, void *p, size_t *cap, size_t want, size_t size);
#endif
