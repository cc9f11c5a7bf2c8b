/* SPDX-License-Identifier: MIT */
/* What an agreement means once names and types are settled: the product of checking, the input of emitting.
 *
 * Checking fills these structures from the syntax tree and reports every mistake; emitting reads them and writes module
 * records. Nothing is emitted when anything was wrong. Everything lives in the arena of the unit. */
#ifndef MSA_COMPILER_MODEL_H
#define MSA_COMPILER_MODEL_H
#include "base/calendar.h"
#include "base/diag.h"
#include "base/vec.h"
#include "bytecode/builder.h"
#include "bytecode/module.h"
#include "grammar/ast.h"

struct unit;

/* ---- types ---- */
enum { VT_ERROR = 100, VT_FREE /* no expectation */, VT_MISSING };
struct type { uint8_t vt; struct scale_info *scale; };
#define TYPE(v) ((struct type){ .vt = (v) })
static inline bool type_is_text(struct type t) { return t.vt == VT_TEXT; }

/* ---- symbols ---- */
enum symbol_kind {
    SYM_SCALE, SYM_ENTITY, SYM_EVENT, SYM_SPANS, SYM_CALENDAR, SYM_HOLIDAYS, SYM_TABLE, SYM_VALUE, SYM_CLOCK, SYM_MEASURE,
    SYM_ADAPTER, SYM_PARTY, SYM_RATE, SYM_QUANTITY, SYM_SERIES, SYM_CHARGE, SYM_AMOUNT, SYM_ACCOUNT, SYM_KIND_COUNT
};
extern const char *const symbol_kind_word[SYM_KIND_COUNT];

struct source_module {            /* one file: the agreement or something it uses */
    struct str path;              /* "holidays.us"; the agreement: empty */
    struct str qualifier;         /* "us" */
    const struct node *file;
    const struct source *source;
    VEC(struct source_module *) uses;
    bool is_library;
};
struct symbol {
    enum symbol_kind kind;
    struct str name;
    struct source_module *module;
    const struct node *node;
    const struct node *section;   /* or NULL */
    void *info;                   /* the *_info of its kind, once declared */
    struct symbol *next_same;     /* same kind and name in another module */
    uint8_t state;                /* 0 untouched, 1 being checked, 2 done: circular definitions */
    uint32_t clause;              /* CLAUSE record, once asked for */
};

/* ---- typed expressions ---- */
enum tex_kind {
    X_ERROR, X_CONST, X_TEXT, X_MISSING, X_FIELD, X_ATTR, X_AT, X_KEY, X_TABLE, X_CALENDAR, X_LOCAL, X_SPANS, X_NOT, X_AND, X_OR,
    X_EQ, X_LT, X_LE, X_EQT, X_CONTAINS, X_STARTS, X_ENDS, X_GIVEN, X_ADD, X_SUB, X_MUL, X_MULDEC, X_DIVDEC, X_NEG, X_MIN, X_MAX,
    X_ROUND, X_IF, X_OPEN, X_ELAPSED, X_DUE, X_NEXT, X_BDAYS, X_DATEOF, X_TIMEOF, X_WDAYOF, X_TEXTLEN, X_OUTCOME, X_EXACT, X_CLOCK
};
struct tex {
    uint8_t kind;                 /* enum tex_kind */
    struct type type;
    struct span span;
    int64_t number;               /* X_CONST; X_SPANS: bit set of reasons, -1 any; X_ROUND: mode; X_TABLE: output column; X_CLOCK: enum clock_question */
    struct str text;              /* X_TEXT */
    void *ref;                    /* field_info, attr_info, table_info, calendar_info, spans_info, clock_info; X_EXACT: amount */
    struct tex **kid; uint32_t n;
    /* A value's expression stands wherever the value is named: one node, many parents. What walks expressions keeps here what it
     * found out, or it would walk some of them 2^40 times. */
    uint16_t depth, uses;         /* expressions inside each other; how often it is named */
    const struct tex *same;       /* was found to be the same as this */
    const struct tex *no_part;    /* was found not to have this in it */
    const struct event_info *asked; bool touched; /* handler.c: can this event change it? */
};
/* How far names may lead: values, tables, calendars and exceptions that are made of each other. */
enum { CHAIN_DEPTH = 500, CALENDAR_PARTS = 1000, STACK_DEPTH = 4000 };

/* ---- declared things ---- */
struct scale_info { struct str name; struct str *value; struct names *place; /* of value i: i + 1 */ uint32_t n; bool ordered, is_party; struct symbol *symbol; uint32_t index; };

struct attr_info {
    struct str name; struct type type; struct entity_info *entity; const struct node *node;
    struct tex *initial; bool hidden, used; uint32_t slot, index;
    const struct event_info *changed_by; /* handler.c: by the event at hand */
};
/* `message from provider when public`: an event and the condition under which it counts. */
struct phrase { struct event_info *event; struct tex *when; struct attr_info *seen /* `first`: counts once */; struct span span; bool running; /* `while running` */ };
typedef VEC(struct phrase *) phrases;
struct spans_info {
    struct str name; struct entity_info *entity; struct symbol *symbol; const struct node *node;
    phrases from, to; struct str matched_by, reason; struct scale_info *reason_scale;
    struct tex *except; bool used; uint32_t slot, index;
};
struct entity_info {
    struct str name, key; struct symbol *symbol;
    VEC(struct attr_info *) attrs; struct names *attr_names; VEC(struct attr_info *) by_name; /* those not hidden, by name - 1 */
    VEC(struct spans_info *) spans; VEC(struct clock_info *) clocks;
    int64_t forget_after; uint32_t index, scalars, texts;
};
struct field_info {
    struct str name, prep; struct type type; struct event_info *event; const struct node *node;
    struct attr_info *sets; struct tex *initial; bool required, used; uint32_t slot;
};
struct event_info {
    struct str name; struct symbol *symbol; struct entity_info *entity; uint32_t flags; bool sets_any;
    VEC(struct field_info *) fields, own /* those that set nothing */; struct names *field_names, *own_names; uint32_t index, scalars, texts;
};

struct calendar_info {
    struct str name; struct symbol *symbol; const struct node *node; uint32_t index;
    struct calendar_def *def; struct span *rule_span;         /* of each of def's rules */
    struct calendar_info *a, *b;                              /* set algebra */
    const struct node *local;                                 /* `local to site`: the expression that gives the zone */
    uint8_t never;                                            /* 0 not asked, 1 opens at times, 2 never */
    uint32_t parts;                                           /* calendars that it is made of, with itself; as often as they occur */
};

/* A decision table laid out over classes of its inputs. */
struct column_info { struct str name; struct type type; struct tex *input; uint32_t n_classes; struct classes *classes; };
struct outcome { VEC(uint32_t) rows; };
struct output_info { struct str name; struct type type; const struct node *heading; struct amount *amount /* VT_EXACT: of a row, for its type */; bool is_target, is_counted_in; struct cell_value *value; /* by row */ uint32_t index; /* TABLE_OUTPUT */ };
struct cell_value {               /* a cell of an output column */
    bool given, none; int64_t scalar; struct str text; struct target_val *target; struct tex *expr; struct amount *amount; struct span span;
};
struct table_info {
    struct str name; struct symbol *symbol; const struct node *node; struct entity_info *entity;
    uint32_t n_inputs, n_outputs, n_rows; struct column_info *input; struct output_info *output; const struct node **row;
    uint8_t hit; uint16_t collect; bool from_event;
    uint32_t n_cells; uint32_t *cell; /* outcome or NO_REF */ VEC(struct outcome) outcomes;
    VEC(struct target_info *) uses; /* clocks that take a column as their target */
    uint32_t index;
};
struct value_info { struct str name; struct symbol *symbol; struct entity_info *entity; struct tex *expr; };

struct target_val {
    uint8_t kind; bool none, below, missing_none; int64_t amount; uint8_t mode; int64_t by, cutoff; struct attr_info *attr;
    struct str text; struct span span;
};
enum target_form { FORM_NONE, FORM_TABLE, FORM_SINGLE, FORM_COLUMN };
struct target_info {
    uint8_t form; const struct node *node; struct table_info *table; uint32_t column, counted_in; /* output columns; NO_REF */
    struct target_val *single; struct tex *calendar; /* for all rows, or NULL */
    uint32_t first, output; /* TARGET record of row 0; TABLE_OUTPUT of this use */
    uint32_t clause; /* of the exception that gives it; 0: the clock's own */
};
struct recipient_info { struct str text; struct tex *value; };
struct step_info {
    uint8_t kind; uint32_t flags; int64_t amount, per; struct tex *calendar, *held, *when; VEC(struct recipient_info) recipients; struct str text;
    const struct node *node;
};
struct exception_info { struct exception_info *tie; /* the one before it, to the same clause */ struct symbol *to; const struct node *node; const struct node *section; struct tex *when; struct target_info *target; bool excused; VEC(struct step_info *) steps; bool no_steps; };
struct change_info { struct tex *watched; uint8_t policy; struct attr_info *memory; struct span span; };
struct clock_info {
    struct str name, title; struct symbol *symbol; const struct node *node; struct entity_info *entity;
    phrases starts, stops, restarts, continues, cancels, pauses_on, resumes_on, closes; /* closes: `on closed pause` */
    VEC(struct tex *) pauses; VEC(struct tex *) hidden; VEC(struct tex *) excused;
    struct attr_info *paused_flag, *closed_flag;
    VEC(struct event_info *) closing_said;
    VEC(struct change_info) changes;
    struct target_info target; struct tex *measured_calendar;
    VEC(struct step_info *) steps; VEC(struct exception_info *) exceptions;
    const struct node *from_start; /* `counts from opened` */
    uint32_t flags, slot, index; struct span pause_span;
};
struct measure_info {
    struct str name, title; struct symbol *symbol; const struct node *node; struct entity_info *entity; uint8_t kind, source; uint32_t flags;
    struct clock_info *clock; phrases events; struct tex *where, *part, *whole, *outside; struct tex *calendar; VEC(struct tex *) by; VEC(struct str) by_name;
    uint8_t period; uint32_t period_n; struct str zone; int64_t at_least, round, fixed;
    int64_t goal_from, goal_to; uint32_t goal_flags; struct str goal; uint32_t index;
    struct measure_info *less;    /* hidden: time that is taken off the whole */
};
struct action_info { bool set; struct attr_info *attr; struct tex *value; struct recipient_info recipient; };
struct rule_info { const struct node *node; const struct node *section; struct source_module *module; phrases on; VEC(struct action_info) actions; struct str title; uint32_t clause; };

/* What duties are written out as (duty_clock.c), beside declarations of their own: lines of other clocks, and rules. */
struct added_slot { struct symbol *clock; const struct node *slot; };
struct made_rule { struct source_module *module; const struct node *node, *section; };

/* ---- the unit: one compilation ---- */
/* What has a clause number: a clock, or an exception to it; the last exception to it. */
struct numbered { struct clock_info *clock; struct exception_info *through, *last; };
struct unit {
    struct arena *arena;
    uint32_t nodes;               /* ids given to nodes so far */
    struct sources *sources;
    struct diags *diags;
    uint32_t deep;                /* what is being checked, one because of the other: four for a name, one for an expression */
    bool chain_said;              /* E0213: once */
    size_t untold;                /* mistakes that need no message, because that about their cause is enough */
    const char *path;             /* of the agreement, for files beside it; NULL */
    VEC(struct source_module *) modules;
    struct source_module *main;
    const struct node *agreement; /* N_AGREEMENT or NULL */
    struct symbol_table *symbols;
    VEC(struct symbol *) all;
    VEC(struct added_slot) added_slots; VEC(struct made_rule) made_rules;
    struct str zone, currency; uint32_t places, rounding; /* of the currency; as EX_ROUND's mode */
    int64_t effective, term_last; /* dates or NONE */
    int64_t term_length, term_renews, term_notice; /* as in AGREEMENT */
    VEC(struct entity_info *) entities; VEC(struct event_info *) events; VEC(struct scale_info *) scales;
    VEC(struct calendar_info *) calendars; VEC(struct table_info *) tables; VEC(struct clock_info *) clocks;
    struct names *clause_numbers; VEC(struct numbered) numbered; /* by number - 1: clocks and exceptions to them */
    VEC(struct measure_info *) measures; VEC(struct rule_info *) rules; VEC(struct value_info *) values;
    struct scale_info *party, *flag_scale;
    struct money *money;          /* charge.h */
    struct module_builder *mb;
};
#endif
