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
    MSA_REJECTED,                /* records were rejected (B1) during this call, each a result MSA_REJECT; the run goes on */
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
    MSA_LINE,                    /* a line of an invoice: fee, credit, discount, tax, interest; not final: not billed yet */
    MSA_INVOICE,                 /* an invoice was issued, or how it stands at the end of the run (final: nothing is open) */
    MSA_PAYMENT,                 /* money came in, or was set against an invoice */
    MSA_CREDIT,                  /* what became of a credit: lapsed, carried over, paid out, forfeited */
    MSA_STATE,                   /* of the agreement: suspended, restored, terminated, ended, renewed */
    MSA_RIGHT,                   /* a power arose, lapsed, or was used */
    MSA_DEADLINE,                /* what falls due next: `day` the last day, `reason` for what */
    MSA_REFUSED,                 /* a valid event that a clause does not allow */
    MSA_LIABILITY,               /* what a limit of liability is worth at an incident, and what of it is left */
    MSA_ACCOUNT,                 /* an account that fees draw from: how it stands beside an invoice, what of it lapsed */
    MSA_SETTLEMENT,              /* one item of the final account; without `charge` its sum */
    MSA_RESULT_KIND_COUNT
};
enum msa_clock_state {
    MSA_MET, MSA_BREACHED, MSA_CANCELLED, MSA_RUNNING, MSA_PAUSED, MSA_STOPPED /* measured only */, MSA_NO_TARGET,
    MSA_CLOCK_STATE_COUNT
};
enum msa_goal { MSA_GOAL_NONE, MSA_GOAL_KEPT, MSA_GOAL_MISSED, MSA_GOAL_NO_DATA };
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
    bool outside_term;           /* the cycle began, or the period lies, before the agreement takes effect or after its term */
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
    uint32_t target_clause;      /* clause of the exception that gave the target; UINT32_MAX: the clock's own */
    int64_t target_changed_at;   /* when the target last changed while the clock ran; MSA_NONE: never */
    /* measures */
    struct msa_text measure, period; int64_t period_from, period_to; int64_t part, whole; bool no_data;
    bool is_share; uint8_t value_type; int64_t value;           /* share = part / whole exactly */
    struct msa_text goal;        /* as written, "at least 95%"; n = 0: none */
    enum msa_goal goal_state;
    int64_t n_met, n_breached, n_running, n_paused, n_cancelled, n_excused;
    /* differences */
    struct msa_text aspect, recorded, computed;
    /* the input record that caused it: line in its file, 0 none; file as given */
    uint32_t line; struct msa_text file; struct msa_text cause;  /* kind of event */
    /* money: amounts in minor units of `currency`, of which `places` are decimals; days are local dates since 1970, INT32_MIN
     * none. What the customer owes is positive. */
    struct msa_text charge;      /* name of the fee, credit, …, or what else the line is: "interest", "carried over" */
    struct msa_text line_kind;   /* fee, credit, discount, tax, interest, correction, carried, settlement */
    struct msa_text invoice, currency, quantity, unit, price, note;
    unsigned places;
    int64_t amount, total, net, open; /* MSA_NONE: none. total: of an invoice; net: before tax */
    int32_t day, issued, payable, day_from, day_to, last_day; /* payable: due date; last_day: of a deadline or notice */
    struct msa_text standing;    /* of the agreement, a right, a credit: in a word */
    uint32_t money_ref;          /* for msa_explain_money; UINT32_MAX: none */
    /* rejects: the record verbatim, and where in it */
    struct msa_text verbatim; uint32_t column;
};

/* Where results go. A result and all it points to live only during the call. A return value other than 0 stops the run. */
struct msa_sink { void *ctx; int (*result)(void *ctx, const struct msa_result *r); };

/* What a sink does not read need not be made: it is absent from results of clocks. */
enum msa_leave_out {
    MSA_LEAVE_OUT_IDS = 1,       /* id and withdraws */
    MSA_LEAVE_OUT_FIGURES = 2,   /* elapsed, elapsed_plain, paused; remaining, and overrun unless it was missed */
};

/* The final account without the event having happened: as if on the day of as_of a party gave notice with this last day. The
 * results of that day follow, or one MSA_REFUSED with `standing` "settle", the reason, and in last_day the first day on which it
 * can end (INT32_MIN: none). */
enum msa_party { MSA_BY_ANYONE, MSA_BY_PROVIDER, MSA_BY_CUSTOMER };
enum msa_reason_to_leave { MSA_FOR_ANY_REASON, MSA_FOR_CONVENIENCE, MSA_FOR_CAUSE };

struct msa_options {
    int64_t as_of;               /* evaluate up to this instant, it included; MSA_NONE: the last event's */
    const char *adapter;         /* name of the adapter for row input, or NULL */
    bool strict;                 /* stop at the first reject */
    bool stream;                 /* events arrive in time order but for `lateness`; otherwise all are taken and sorted (R1) */
    int64_t lateness;
    const char *only_key;        /* explain: events of other entities are skipped, or NULL */
    const char *explain_key;     /* keep what msa_explain tells of this thing beyond its results: earlier targets, reasons of pauses; or NULL */
    size_t memory_limit;         /* bytes; 0: none */
    unsigned leave_out;          /* enum msa_leave_out, or'ed */
    bool settle;                 /* the final account as of settle_on, a date in days since 1970 */
    int32_t settle_on;
    enum msa_party settle_by;
    enum msa_reason_to_leave settle_for;
    void (*idle)(void *ctx);     /* stream: called with the sink's ctx when a read of msa_run_file would have to wait, so that
                                  * what was given so far can be passed on; or NULL */
};

enum msa_status msa_run_open(const struct msa_module *m, const struct msa_options *o, struct msa_sink sink, struct msa_run **out, struct msa_fault *fault);
/* The next four return MSA_REJECTED when nothing worse came than records that were rejected during the call. What waits to be
 * sorted is judged later: without `stream`, that is mostly in msa_run_finish. */
/* One input file: NDJSON events, CSV events (header line), or rows for an adapter. `fd` is read to its end.
 * format: NULL = by name and first byte. */
enum msa_status msa_run_file(struct msa_run *r, int fd, const char *name, const char *format, struct msa_fault *fault);
/* The same from memory. */
enum msa_status msa_run_bytes(struct msa_run *r, const void *p, size_t n, const char *name, const char *format, struct msa_fault *fault);
/* Time goes by without an event, like a record `{"advance":"…"}` (docs/events.md): with `stream`, what is certain when time has
 * reached `at`, give or take the lateness, happens now; otherwise it takes its turn among the events. What is due at this very
 * instant after its events waits for the next. MSA_LIMIT: outside the years that calendars know. */
enum msa_status msa_run_advance(struct msa_run *r, int64_t at, struct msa_fault *fault);
/* Ends the input: fires what is due until `as_of`, reports open clocks and open periods. */
enum msa_status msa_run_finish(struct msa_run *r, struct msa_fault *fault);
void msa_run_close(struct msa_run *r);

struct msa_counts {
    uint64_t records, events, rejects, duplicates, ignored, results, entities_open, entities_seen, peak_entities, state_bytes, rows;
    int64_t first_at, last_at;
    /* Each record is counted once: records = applied + rejects + duplicates + ignored, whatever number of events a row makes. */
    uint64_t applied;
    uint64_t before_term, after_term; /* cycles of clocks that began before the agreement took effect, after its term; judged like all */
    uint64_t rows_back;          /* rows older than the row of their thing before them, where changes are read in the order of the file */
};
struct msa_counts msa_run_counts(const struct msa_run *r);

/* What adapters noticed, once the run is finished: in words, with the place. */
enum msa_note_kind {
    MSA_NOTE_ROWS_BACK,          /* a warning: rows step back in time (rows_back); the place is in the input */
    MSA_NOTE_RULE_NEVER,         /* a rule of an adapter held for no row; the place is in the agreement */
};
struct msa_note;
void msa_run_adapter_notes(const struct msa_run *r, void (*note)(void *ctx, const struct msa_note *n), void *ctx);

/* ---- reading a module ---- */
struct msa_clause { struct msa_text number, name, title, section, word, file; uint32_t line, column; bool manual; };
size_t msa_module_clauses(const struct msa_module *m);
struct msa_clause msa_module_clause(const struct msa_module *m, uint32_t i);
struct msa_place { struct msa_text file; uint32_t line, column; struct msa_text text; };
struct msa_note { enum msa_note_kind kind; struct msa_place place; struct msa_text text; };
struct msa_place msa_module_target_place(const struct msa_module *m, uint32_t target);
struct msa_text msa_module_agreement(const struct msa_module *m);
/* Names as the agreement gives them; empty where it gives none. */
void msa_module_parties(const struct msa_module *m, struct msa_text *provider, struct msa_text *customer);
struct msa_text msa_module_zone(const struct msa_module *m);
struct msa_text msa_module_digest(const struct msa_module *m);      /* SHA-256 of the agreement's text, hex */
const char *msa_zone_data_version(void);

/* ---- what a module is, for programs that show it ---- */
/* Meaning of msa_result.value_type: a number is in millionths, a percentage in millionths of one per cent, a duration in
 * microseconds, a date in days since 1970, a time in seconds of the day. */
enum msa_value_type {
    MSA_VALUE_FLAG, MSA_VALUE_SCALE, MSA_VALUE_COUNT, MSA_VALUE_NUMBER, MSA_VALUE_PERCENT, MSA_VALUE_DURATION,
    MSA_VALUE_INSTANT, MSA_VALUE_DATE, MSA_VALUE_TIME,
};
/* True when bytes begin like a module: tells a compiled agreement from its source. */
bool msa_module_is(const void *bytes, size_t n);
const char *msa_module_format(void);                                /* version of the file format, "1.0" */
/* Kinds of thing, "ticket"; false beyond the last. */
bool msa_module_entity_at(const struct msa_module *m, size_t i, struct msa_text *name);
/* Adapters, by the names that msa_options.adapter takes; false beyond the last. */
bool msa_module_adapter_at(const struct msa_module *m, size_t i, struct msa_text *name);
/* What a measure's part and whole count: microseconds, or things. False when there is no measure of this name. */
bool msa_module_measure_units(const struct msa_module *m, struct msa_text measure, bool *part_is_time, bool *whole_is_time);
/* The listing of records and code. `put` is called with pieces of text, in order. */
void msa_module_listing(const struct msa_module *m, void (*put)(void *ctx, const char *p, size_t n), void *ctx);
/* Values that the input itself recorded and that were compared, and how many of them were equal. */
void msa_run_recorded(const struct msa_run *r, uint64_t *compared, uint64_t *equal);

/* ---- explanations (R3): runtime/explain.c ---- */
enum msa_step_kind {
    MSA_STEP_START,              /* the cycle began: event, line */
    MSA_STEP_TARGET,             /* the row that set the target: text, place, clause, by; span where it is open time */
    MSA_STEP_EARLIER,            /* the target that it had in from..to (text empty: none yet): the same; event, line: what changed it, how: policy */
    MSA_STEP_REFUSED,            /* the target that a change would have given at `from`; never lengthen kept the other */
    MSA_STEP_COUNTED,            /* open time counted in from..to: span, total, calendar; `day` is the date it belongs to */
    MSA_STEP_NOT_OPEN,           /* outside the calendar's hours in from..to (nights, weekends) */
    MSA_STEP_HOLIDAY,            /* the date `day` is closed by a line of the calendar: text is its name when it has one */
    MSA_STEP_OTHER_HOURS,        /* the date `day` has hours of its own */
    MSA_STEP_PAUSED,             /* from..to; span is the open time left out; event, line; text: the reason; end_event, end_line */
    MSA_STEP_STILL,              /* the same pause goes on for another reason from here on: text; event, line */
    MSA_STEP_CLOSED,             /* the same, between a stop and going on */
    MSA_STEP_CALENDAR,           /* from here on it counts in another calendar */
    MSA_STEP_ZONE,               /* the clocks of the calendar's zone change: offset_before, offset_after in seconds */
    MSA_STEP_DUE,                /* the target is used up; behind MSA_STEP_STOP when it lies later; at_closing */
    MSA_STEP_BREACH,             /* the breach, where it is not at due */
    MSA_STEP_STOP,               /* the cycle ended */
    MSA_STEP_NOW,                /* it is still open: as it stands at the end of the run */
    MSA_STEP_KIND_COUNT
};
extern const char *const msa_step_kind_name[MSA_STEP_KIND_COUNT];
struct msa_step {
    enum msa_step_kind kind;
    int64_t from, to;            /* the same instant twice where there is only one */
    int64_t span, total;         /* MSA_NONE where they say nothing */
    int32_t day;                 /* days since 1970; INT32_MIN: none */
    int32_t offset_before, offset_after;
    struct msa_text calendar, zone, text, event;
    uint32_t line;               /* of the input record, 0: none */
    struct msa_place place;      /* file empty: none */
    uint32_t clause;             /* of the exception that gave a target; UINT32_MAX: none */
    const struct msa_named *by; size_t n_by; /* the values that chose a target */
    struct msa_text policy;      /* as it is written: "keep the time used"; empty: the clock's first target */
    struct msa_text end_event; uint32_t end_line; /* what ended a pause; empty, 0: the end of the cycle, or it goes on */
    bool at_closing;             /* due in the instant in which the calendar closes */
};
/* Expands the compact record of one result of a clock into steps in order of time. Earlier targets, refused ones and the reasons
 * of pauses are known of the things of msa_options.explain_key. Only inside the call of the sink, with
 * the result given there. A value other than 0 from `step` ends it and is returned. */
int msa_explain(struct msa_run *r, const struct msa_result *result, int (*step)(void *ctx, const struct msa_step *s), void *ctx);

/* One step of the arithmetic of a line, from the inside out: `text` what it is, `value` what it comes to. */
struct msa_money_step { unsigned depth; struct msa_text text, value; struct msa_place place; };
/* Expands a line (MSA_LINE) into its arithmetic. Only inside the call of the sink, with the result given there. */
int msa_explain_money(struct msa_run *r, const struct msa_result *result, int (*step)(void *ctx, const struct msa_money_step *s), void *ctx);

/* The same for what a charge comes to in a period ("2026-03") with what is known at the end of the run, also where that is nothing
 * and there is no line. *found: it has such a period. After msa_run_finish. */
enum msa_status msa_explain_charge(struct msa_run *r, struct msa_text charge, struct msa_text period, int (*step)(void *ctx, const struct msa_money_step *s), void *ctx,
                                   bool *found, struct msa_fault *fault);

/* ---- the worst case: runtime/exposure.c ---- */
/* What is known of a value that formulas read, by its name: a quantity, measure, series, field of an event, `time` in hours; of the
 * name of a fee that events bring about, how often it comes in a month; `owed` is what is open at a time, `overdue` how many invoices. Ends are decimals or, with %, percentages; an empty one is open. */
struct msa_bound { struct msa_text name, from, to; };
enum msa_exposed_what { MSA_EXPOSED_FEE, MSA_EXPOSED_DISCOUNT, MSA_EXPOSED_TAX, MSA_EXPOSED_INTEREST, MSA_EXPOSED_CREDIT, MSA_EXPOSED_LIABILITY };
struct msa_exposed {
    enum msa_exposed_what what;
    enum msa_party party;        /* who would pay */
    uint32_t clause, capped_by;  /* capped_by: clause of the cap that bounds it; 0: none */
    struct msa_text name, title; /* of a liability: the kind of incident, empty for all others */
    struct msa_text period, formula; /* "each month"; the formula in words, long ones cut; empty: a fixed sum */
    bool unbounded;              /* then `why` names the value that has no bound */
    int64_t most;                /* minor units; MSA_NONE when unbounded */
    struct msa_text why, currency;
    unsigned places;
};
/* The largest fee, tax and credit of each period, and liability: no case within the bounds comes to more. All texts live during
 * the call. */
void msa_exposure(const struct msa_module *m, const struct msa_bound *bounds, size_t n, void (*each)(void *ctx, const struct msa_exposed *e), void *ctx);
/* Names that bounds can be given for; false beyond the last. The same may come twice. */
bool msa_exposure_reads(const struct msa_module *m, size_t i, struct msa_text *name);

/* ---- calendars of a module, for questions: runtime/ask.c ---- */
struct msa_calendar;             /* one calendar in one zone; used by one thread; the module must outlive it */
/* Names in order of the module, "24x7" and "never" first; false beyond the last. `local`: its zone comes from a thing. */
bool msa_module_calendar_at(const struct msa_module *m, size_t i, struct msa_text *name, bool *local);
/* zone NULL: the calendar's own, else the agreement's. */
enum msa_status msa_calendar_open(const struct msa_module *m, struct msa_text name, const char *zone, struct msa_calendar **out, struct msa_fault *fault);
void msa_calendar_close(struct msa_calendar *c);
const char *msa_calendar_zone(const struct msa_calendar *c);
int64_t msa_calendar_elapsed(struct msa_calendar *c, int64_t from, int64_t to);
/* MSA_NEVER when it never comes; span 0: the first open instant at or after. */
int64_t msa_calendar_due(struct msa_calendar *c, int64_t from, int64_t span);
/* The earliest instant from which `span` is left until `due`; MSA_NONE when there is none. */
int64_t msa_calendar_before(struct msa_calendar *c, int64_t due, int64_t span);
bool msa_calendar_is_open(struct msa_calendar *c, int64_t at);
enum msa_day_mode { MSA_DAY_SAME_TIME, MSA_DAY_END, MSA_DAY_BY };
/* n business days from an instant; `by`: second of the day for MSA_DAY_BY. */
int64_t msa_calendar_days(struct msa_calendar *c, int64_t from, int32_t n, enum msa_day_mode mode, int32_t by);
/* Open stretches in [from, to), at most `most`; returns how many there are in all. `day`: the date one belongs to. */
struct msa_open { int64_t from, to; int32_t day; };
size_t msa_calendar_intervals(struct msa_calendar *c, int64_t from, int64_t to, struct msa_open *out, size_t most);
/* Why a date differs from the weekly hours; false: it does not. */
enum msa_why { MSA_WHY_DURING, MSA_WHY_CLOSED, MSA_WHY_OPEN, MSA_WHY_ALSO_OPEN };
bool msa_calendar_why(struct msa_calendar *c, int32_t day, enum msa_why *why, struct msa_text *name);

/* ---- the examples of an agreement, which are its tests: runtime/examples.c ---- */
struct msa_expectation {
    bool ok;
    struct msa_text expected, got;       /* in words; got is empty when ok */
    struct msa_place place;
};
struct msa_example { struct msa_text name; uint32_t clause; struct msa_place place; };
struct msa_example_sink {
    void *ctx;
    void (*begin)(void *ctx, const struct msa_example *e);
    void (*expectation)(void *ctx, const struct msa_expectation *x);
    void (*end)(void *ctx, const struct msa_example *e, size_t failed, const struct msa_fault *fault /* NULL: it could be run */);
};
size_t msa_module_examples(const struct msa_module *m);
/* Runs example i. MSA_OK also when expectations failed. */
enum msa_status msa_example_run(const struct msa_module *m, size_t i, struct msa_example_sink sink, struct msa_fault *fault);

/* ---- more for explanations ---- */
/* Of whom recipient i of an escalation or a notice was to be where there is nobody: the attribute it is taken from,
 * "assignee". False: not known. */
bool msa_module_recipient(const struct msa_module *m, const struct msa_result *r, size_t i, struct msa_text *attribute);
/* Measures, and what they look at; false beyond the last. */
enum msa_measure_source { MSA_OF_CLOCKS, MSA_OF_EVENTS, MSA_OF_STATES };
bool msa_module_measure_at(const struct msa_module *m, size_t i, struct msa_text *name, enum msa_measure_source *source);
/* Where a measure of a clock puts a cycle, by its result (clock or breach). Only inside the call of the sink, with the result
 * given there. False: it looks at another clock, its `where` says no, or it takes elapsed times and there is none. */
struct msa_counted { struct msa_text period; const struct msa_named *by; size_t n_by; bool elapsed /* of elapsed times, not of verdicts */; };
bool msa_measure_takes(struct msa_run *r, struct msa_text measure, const struct msa_result *result, struct msa_counted *out);
/* Where a value stands in the scale of what is called `name` in `by`, from 0; UINT32_MAX: it has no scale. */
uint32_t msa_module_value_order(const struct msa_module *m, struct msa_text name, struct msa_text value);

#ifdef __cplusplus
}
#endif
#endif
