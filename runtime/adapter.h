/* SPDX-License-Identifier: MIT */
/* An adapter at work: its plan (adapter_plan.c), what is known of things and rows so far (adapter_state.c), rows
 * (adapter.c) and the events they make (adapter_event.c). Inside the runtime/adapter*.c files only. */
#ifndef MSA_RUNTIME_ADAPTER_H
#define MSA_RUNTIME_ADAPTER_H
#include "runtime/input.h"

/* ---- plans ---- */

struct plan_condition { uint32_t kind, column; const struct str *text; uint32_t n; };
struct plan_value {
    struct str name, text;
    uint32_t column;             /* NO_COLUMN: the text */
    bool identity;               /* the wait's own name, made up */
    const struct map_plan *map;
    const struct time_plan *time;
    int64_t unit;
    const struct schema_field *field, *end_field;   /* NULL: the agreement does not use it */
};
struct plan_rule {
    const struct m_adapter_rule *r;
    uint32_t index;              /* of ADAPTER_RULE */
    const struct plan_condition *condition;
    const struct schema_event *event, *end_event;
    const struct time_plan *time, *end_time;
    const struct map_plan *map;
    const struct plan_value *value;
    uint32_t n_conditions, n_values;
    uint32_t column;             /* SET and RECORDED: where the value is */
    int64_t unit;
};
struct plan_column { struct str name; uint32_t position, at /* column of the file */, tracked /* or NO_COLUMN */, same_as; };


/* A column that conditions compare with words: which of its words no rule names. */
#define UNNAMED_MAX 64           /* different words that are remembered */
struct unnamed { struct str text; uint64_t n; };
struct plan_words { uint32_t column; struct lookup named; struct unnamed *unnamed; uint32_t n; uint64_t others; };

/* ---- rows that wait to be sorted ---- */

struct waiting_row { int64_t at; struct str *cell; const char *raw; uint64_t offset; size_t n; uint32_t line; };

/* ---- things ---- */

struct past { char *p; uint32_t n, cap; bool missing; };
struct state { uint64_t hash; struct fold *fold; struct past *past; int64_t last, row_at; /* of the row before */ };

struct adapter {
    struct msa_run *run;
    const struct m_adapter *a;
    struct arena arena;
    struct str name;
    struct str *missing;         /* texts that mean: not given */
    uint32_t n_missing;
    struct plan_column *column;
    uint32_t n_columns, n_tracked, n_header;
    struct plan_rule *rule;
    uint32_t n_rules;
    uint32_t row_time_column;    /* when a row has no event of its own */
    const struct time_plan *row_time;
    struct str *row;             /* cells of the current row by column; p NULL: missing */
    struct state *state;         /* open addressing by hash of the key; hash 0: free */
    size_t n_states, cap_states;
    struct hash128 *seen;        /* rows seen, for duplicates; 0,0: free */
    size_t n_seen, cap_seen;
    int64_t sequence;
    struct str *resolved;        /* texts of the values of the rule at hand */
    struct state *now;
    int64_t row_at;              /* latest event of this row */
    bool compares;               /* the order of rows decides what their changes are */
    uint32_t order_column;       /* the time of a row, by which it is seen that rows step back */
    const struct time_plan *order_time;
    bool sorts;                  /* rows wait and are sorted by the sequence column */
    bool sort_decided, sort_is_time; /* whether its cells are times */
    const struct time_plan *sort_time;
    struct waiting_row *waiting;
    size_t n_waiting, cap_waiting;
    struct arena waiting_arena;
    struct plan_words *words;
    uint32_t n_words;
    uint64_t *held;              /* rows by rule: those for which it held and made something */
    uint64_t rows_back;
    uint32_t rows_back_line;
    uint64_t n_rows;             /* applied */
};

/* ---- adapter_state.c ---- */

struct state *state_of(struct adapter *a, struct str key);
/* True when this very row was seen before. */
bool row_seen_before(struct adapter *a, struct hash128 h);
/* Keeps the cells of the row for the next one of the same thing. */
void state_remember(struct adapter *a, struct state *st);
/* What the row before said; *first: there was none. */
struct str state_before(const struct adapter *a, uint32_t column, bool *first);
/* Counts words that no rule names. */
void words_seen(struct adapter *a);
/* Leaves what was noticed with the run. */
void adapter_leave_notes(struct input *s);

/* ---- adapter_event.c ---- */

/* Rejects the row for this cell; false. */
bool bad_cell(struct input *s, uint32_t column, const char *why);
struct str adapter_column_name(const struct adapter *a, uint32_t column, char number[24]);
/* False: rejected. */
bool adapter_read_time(struct input *s, const struct time_plan *t, uint32_t column, struct str text, int64_t shift, instant *out);
/* All rules, on the row at hand. False: rejected. */
bool adapter_apply_rules(struct input *s, struct str key);
#endif
