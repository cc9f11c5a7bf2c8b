/* SPDX-License-Identifier: MIT */
/* An adapter once its names are settled: what adapter.c, adapter_read.c and adapter_rule.c find out and adapter_emit.c
 * writes down. Inside the compiler/adapter*.c files only. */
#ifndef MSA_COMPILER_ADAPTER_H
#define MSA_COMPILER_ADAPTER_H
#include "compiler/unit.h"

struct adapter_column {
    struct str name;              /* of the header */
    uint32_t position;            /* from 0, or NO_COLUMN: found by name */
    struct str local;             /* the adapter's own name for it; n = 0: none */
    struct span read;             /* where it is first used; none: nowhere */
    uint32_t index;               /* once emitted, else NO_COLUMN */
};
struct adapter_time {
    struct str name; const struct node *node;
    VEC(struct str) patterns;
    struct str zone, shown_in, taken_as;
    uint32_t repeated, index;
};
struct map_row { VEC(struct str) from; struct str to; const struct node *value; };
struct adapter_map {
    struct str name; const struct node *node;
    VEC(struct map_row) rows; struct names *from; /* all that is mapped */
    bool complete;                /* it has its `otherwise` */
    uint32_t otherwise; struct str otherwise_text; const struct node *otherwise_value;
    uint32_t index;
};
struct adapter_at { struct adapter_column *column; struct adapter_time *time; int64_t shift; };
struct adapter_condition { uint32_t kind; struct adapter_column *column; VEC(struct str) texts; };
struct adapter_value {
    struct field_info *field, *end_field;   /* of the event made; of the event that ends the interval */
    struct adapter_column *column;          /* NULL: text */
    struct str text;
    struct adapter_map *map; struct adapter_time *time; int64_t unit;
};
struct adapter_rule {
    uint32_t kind; const struct node *node;
    VEC(struct adapter_condition) conditions;
    VEC(struct adapter_value) values;
    struct event_info *event, *end_event;
    struct attr_info *attr;
    struct clock_info *clock; uint32_t aspect;
    struct adapter_at at, end_at;
    struct adapter_column *column;
    struct adapter_map *map;
    struct adapter_time *time;    /* of a recorded instant */
    int64_t unit, tolerance; uint32_t flags;
};
struct adapter_info {
    struct symbol *symbol; const struct node *node;
    struct entity_info *entity;
    bool said_format, said_entity; uint32_t format, flags;
    VEC(struct str) missing;
    struct adapter_column *key, *sequence;
    VEC(struct adapter_column *) columns; VEC(struct adapter_time *) times; VEC(struct adapter_map *) maps; VEC(struct adapter_rule *) rules;
    uint32_t index;
};

/* The column that a COLUMN node means. */
struct adapter_column *adapter_column(struct unit *u, struct adapter_info *a, const struct node *n);
bool adapter_is_missing(const struct adapter_info *a, struct str text);

/* adapter_read.c: readings of times, and maps. */
void adapter_time_check(struct unit *u, struct adapter_info *a, const struct node *n);
/* NULL after a message, and where the adapter has no reading at all: ISO 8601 with an offset. */
struct adapter_time *adapter_time_need(struct unit *u, struct adapter_info *a, struct str name, struct span at);
struct adapter_map *adapter_map_check(struct unit *u, struct adapter_info *a, const struct node *at, struct str name, struct node *const *row, uint32_t n, bool recorded);
struct adapter_map *adapter_map_find(struct adapter_info *a, struct str name);
struct adapter_map *adapter_map_need(struct unit *u, struct adapter_info *a, struct str name, struct span at);
/* Are the values of the map values of type t? */
void adapter_map_fits(struct unit *u, struct adapter_info *a, struct adapter_map *m, struct type t);

/* adapter_rule.c */
void adapter_rule_check(struct unit *u, struct adapter_info *a, const struct node *n);

/* adapter_emit.c */
void adapter_emit(struct unit *u, struct adapter_info *a);
#endif
