/* SPDX-License-Identifier: MIT */
/* The run library: module bytes and events in, results out. No globals, no exit, no printing. One `msa_run` is used by one
 * thread at a time; several may live side by side. Instants and spans are microseconds (see MSA_NONE). */
#ifndef MSA_RUN_H
#define MSA_RUN_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define MSA_NONE INT64_MIN
#define MSA_NEVER INT64_MAX

struct msa_text { const char *p; size_t n; };
struct msa_module;               /* verified; immutable; may be shared by any number of runs */
struct msa_run;

enum msa_status {
    MSA_OK = 0,
    MSA_REJECTED,                /* the record was rejected (B1); it has been handed to `reject` with the reason */
    MSA_BAD_MODULE, MSA_NO_MEMORY, MSA_TRAP, MSA_LIMIT, MSA_STRICT_STOP, MSA_IO,
};

/* A fault in words, filled by functions that return a status other than MSA_OK. */
struct msa_fault { enum msa_status status; char text[512]; };

/* Reads and verifies a module. `bytes` are copied. */
enum msa_status msa_module_load(const void *bytes, size_t n, struct msa_module **out, struct msa_fault *fault);
void msa_module_free(struct msa_module *m);

enum msa_result_kind {
    MSA_CLOCK,                   /* one cycle of a clock, when it ended, or as it stands at the end of the run */
    MSA_BREACH,                  /* the due instant passed */
    MSA_ESCALATION,              /* a step of a clock was reached */
    MSA_NOTICE,                  /* a rule told someone */
    MSA_MEASURE,                 /* a measure for one period (and group) */
    MSA_CORRECTION,              /* an earlier result is withdrawn or changed; `withdraws` names its id */
    MSA_DIFFERENCE,              /* what the input itself recorded differs from what was computed */
    MSA_REJECT, MSA_DUPLICATE,
    MSA_RESULT_KIND_COUNT
};
enum msa_clock_state {
    MSA_MET, MSA_BREACHED, MSA_CANCELLED, MSA_RUNNING, MSA_PAUSED, MSA_STOPPED /* measured only */, MSA_NO_TARGET,
    MSA_CLOCK_STATE_COUNT
};
extern const char *const msa_result_kind_name[MSA_RESULT_KIND_COUNT];   /* "clock", "breach", … */
extern const char *const msa_clock_state_name[MSA_CLOCK_STATE_COUNT];   /* "met", "breached", … "running", "paused", "stopped" */

/* A stretch of a clock's life; the compact record of why. Stretches follow each other from `started` without gaps. */
enum msa_stretch { MSA_COUNTING, MSA_STRETCH_PAUSED, MSA_STRETCH_CLOSED /* between a stop and going on */ };
struct msa_segment {
    int64_t from;
    uint32_t calendar;           /* calendar number counted in (msa_run_calendar…) */
    uint32_t line;               /* input line of the event that began the stretch, 0: none */
    uint16_t event;              /* kind of that event, UINT16_MAX: none */
    uint8_t what;                /* enum msa_stretch */
};
struct msa_named { struct msa_text name, value; };

struct msa_result {
    enum msa_result_kind kind;
    int64_t at;                  /* when the fact happened (a breach: the due instant, C8) */
    uint32_t clause;             /* index for msa_module_clause */
    struct msa_text id;          /* stable: the same inputs give the same id */
    struct msa_text entity;      /* kind of entity, "ticket" */
    struct msa_text key;         /* its key, "T1" */
    /* clocks, breaches, escalations */
    struct msa_text clock, title;
    uint32_t clock_index;
    uint32_t cycle, revision;    /* from 1 */
    enum msa_clock_state state;
    bool late;                   /* a step reached only because due moved back past it (E1), a breach at the change (C5) */
    bool hidden, excused, judged_at_stop, final; /* final: will not change any more */
    int64_t started, due, due_first, stopped, breached_at;
    int64_t elapsed, elapsed_plain, paused, target_amount /* open time; NONE for dates */, overrun, remaining;
    struct msa_text target;      /* the target as written, "4 h" */
    struct msa_text calendar;    /* name of the calendar counted in, "support", "24x7" */
    uint32_t target_index;       /* for the row: msa_module_target_place; UINT32_MAX: none */
    const struct msa_segment *segments; size_t n_segments;
    const struct msa_named *by; size_t n_by;                   /* the values that chose the row, or the group of a measure */
    struct msa_text step;        /* "80% of target", "2 h after breach" */
    const struct msa_text *recipients; size_t n_recipients;
    struct msa_text reason;      /* cancelled: by what; correction, difference, reject: in words */
    struct msa_text withdraws;
    /* measures */
    struct msa_text measure, period; int64_t period_from, period_to; int64_t part, whole; bool no_data;
    bool is_share; uint8_t value_type; int64_t value;           /* share = part / whole exactly */
    int64_t n_met, n_breached, n_running, n_paused, n_cancelled, n_excused;
    /* differences */
    struct msa_text aspect, recorded, computed;
    /* the input record that caused it: line in its file, 0 none; file as given */
    uint32_t line; struct msa_text file; struct msa_text cause;  /* kind of event */
    /* rejects: the record verbatim, and where in it */
    struct msa_text verbatim; uint32_t column;
};

/* Where results go. A result and all it points to live only during the call. A return value other than 0 stops the run. */
struct msa_sink { void *ctx; int (*result)(void *ctx, const struct msa_result *r); };

struct msa_options {
    int64_t as_of;               /* evaluate up to this instant, it included; MSA_NONE: the last event's */
    const char *adapter;         /* name of the adapter for row input, or NULL */
    bool strict;                 /* stop at the first reject */
    bool stream;                 /* events arrive in time order but for `lateness`; otherwise all are taken and sorted (R1) */
    int64_t lateness;
    const char *only_key;        /* explain: events of other entities are skipped, or NULL */
    size_t memory_limit;         /* bytes; 0: none */
};

enum msa_status msa_run_open(const struct msa_module *m, const struct msa_options *o, struct msa_sink sink, struct msa_run **out, struct msa_fault *fault);
/* One input file: NDJSON events, CSV events (header line), or rows for an adapter. `fd` is read to its end.
 * format: NULL = by name and first byte. */
enum msa_status msa_run_file(struct msa_run *r, int fd, const char *name, const char *format, struct msa_fault *fault);
/* The same from memory. */
enum msa_status msa_run_bytes(struct msa_run *r, const void *p, size_t n, const char *name, const char *format, struct msa_fault *fault);
/* Ends the input: fires what is due until `as_of`, reports open clocks and open periods. */
enum msa_status msa_run_finish(struct msa_run *r, struct msa_fault *fault);
void msa_run_close(struct msa_run *r);

struct msa_counts {
    uint64_t records, events, rejects, duplicates, ignored, results, entities_open, entities_seen, peak_entities, state_bytes, rows;
    int64_t first_at, last_at;
};
struct msa_counts msa_run_counts(const struct msa_run *r);

/* ---- reading a module ---- */
struct msa_clause { struct msa_text number, name, title, section, word, file; uint32_t line, column; bool manual; };
size_t msa_module_clauses(const struct msa_module *m);
struct msa_clause msa_module_clause(const struct msa_module *m, uint32_t i);
struct msa_place { struct msa_text file; uint32_t line, column; struct msa_text text; };
struct msa_place msa_module_target_place(const struct msa_module *m, uint32_t target);
struct msa_text msa_module_agreement(const struct msa_module *m);
struct msa_text msa_module_zone(const struct msa_module *m);
struct msa_text msa_module_digest(const struct msa_module *m);      /* SHA-256 of the agreement's text, hex */
const char *msa_zone_data_version(void);

#ifdef __cplusplus
}
#endif
#endif
