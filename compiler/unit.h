/* SPDX-License-Identifier: MIT */
/* The passes, in the order in which compile.c calls them, and what they share. Each reports mistakes to u->diags. */
#ifndef MSA_COMPILER_UNIT_H
#define MSA_COMPILER_UNIT_H
#include "compiler/model.h"

/* 1. load.c: parses the agreement and everything it uses. */
void unit_load(struct unit *u, struct source *main);
/* 2. symbol.c: every declaration gets a symbol; clause numbers are checked. */
void unit_collect(struct unit *u);
/* duty_clock.c: duties become the declarations that they are. */
void unit_write_out_duties(struct unit *u);
/* 3. declare.c: scales, entities, events, spans. */
void unit_declare(struct unit *u);
/* 4. the rest, each checked once whoever asks first (circles are found on the way). */
void unit_check_calendars(struct unit *u);     /* calendar.c */
void unit_check_tables(struct unit *u);        /* table.c */
void unit_check_values(struct unit *u);        /* value.c */
void unit_declare_clocks(struct unit *u);      /* clock.c: names; before what may ask how they stand */
void unit_check_clocks(struct unit *u);        /* clock.c */
void unit_check_measures(struct unit *u);      /* measure.c */
void unit_check_rules(struct unit *u);         /* rule.c */
void unit_declare_money(struct unit *u);       /* charge.c: names, rates; before tables */
void unit_check_money(struct unit *u);         /* charge.c */
void money_doubts(struct unit *u);              /* doubts.c: warnings about all of it; without errors */
void hours_covered(struct unit *u);             /* cover.c: of fees that divide work by hours */
void unit_check_adapters(struct unit *u);      /* adapter.c: checks, then adds records directly */
void unit_check_examples(struct unit *u);      /* example.c */
/* 5. emit.c: everything to records and code; only without errors. */
void unit_emit(struct unit *u);
void unit_emit_adapters(struct unit *u);
void unit_emit_examples(struct unit *u);
void emit_handlers(struct unit *u);            /* handler.c */

/* ---- symbols ---- */
/* The symbol that `name` (may be dotted) means for code of module m; NULL when there is none or it is ambiguous. */
struct symbol *symbol_find(struct unit *u, const struct source_module *m, enum symbol_kind kind, struct str name);
/* The same, with a message when it is missing or ambiguous. `what` is the word for it ("calendar"). */
struct symbol *symbol_need(struct unit *u, const struct source_module *m, enum symbol_kind kind, struct str name, struct span at);
/* Declares n; a second of its name gets a message. */
void symbol_add(struct unit *u, struct source_module *m, const struct node *n, const struct node *section);
struct symbol *symbol_of(struct unit *u, const struct node *decl);
const char *symbol_word(const struct symbol *s);          /* "clock", "fee", "credit" */
/* CLAUSE record of a declaration; of any node inside section and module. */
uint32_t clause_of(struct unit *u, struct symbol *s);
uint32_t clause_for(struct unit *u, const struct node *decl, const struct node *section, const char *word, struct str name);
uint32_t place_of(struct unit *u, struct span span);
struct source_module *module_at(struct unit *u, struct span span);

/* suggest.c: the name nearest to what was written among candidates, if near enough. */
struct suggestion { struct str wanted, best; uint32_t distance; };
void suggest_start(struct suggestion *s, struct str wanted);
void suggest_offer(struct suggestion *s, struct str candidate);
bool suggest_found(const struct suggestion *s);
/* Whether what is missing may be declared in a line that could not be read, or in a module that was not found: the message
 * about that is enough. */
bool name_unreadable(struct unit *u, struct str name);
size_t unit_mistakes(const struct unit *u);   /* told or not */
bool node_broken(const struct node *n);   /* it, or something in it, could not be read */

/* ---- expressions (expr.c) ---- */
struct scope { struct source_module *module; struct entity_info *entity; struct event_info *event; };
/* Checks e; want VT_FREE: whatever it is. A mistake gives a tex of VT_ERROR, which agrees with everything. */
struct tex *expr_check(struct unit *u, const struct scope *sc, const struct node *e, struct type want);
struct tex *condition_check(struct unit *u, const struct scope *sc, const struct node *e);
struct tex *calendar_check(struct unit *u, const struct scope *sc, const struct node *e);
/* The calendar that a constant calendar expression names; NULL when it is chosen at run time. */
struct calendar_info *tex_calendar(const struct tex *t);
/* A literal of type t from a node: used by cells, defaults, examples. False after a message. */
bool literal_check(struct unit *u, struct source_module *m, const struct node *e, struct type t, int64_t *scalar, struct str *text);
struct tex *tex_new(struct unit *u, enum tex_kind k, struct type t, struct span span);
struct tex *tex_const(struct unit *u, struct type t, int64_t v, struct span span);
struct tex *tex_all(struct unit *u, struct tex *a, struct tex *b);   /* a and b; NULL is neutral */
/* Says that names lead to one another too far (E0213), once for all that follows from it. */
void chain_too_long(struct unit *u, struct span span);
bool type_eq(struct type a, struct type b);
struct str type_word(struct unit *u, struct type t);      /* "a duration", "a value of `priority`" */
struct str value_words(struct unit *u, struct type t, int64_t v);
struct type type_named(struct unit *u, struct source_module *m, const struct node *name);
struct phrase *phrase_check(struct unit *u, struct source_module *m, struct entity_info *entity, const struct node *p, const struct node *when);
bool tex_same(struct tex *a, const struct tex *b);  /* do they read and do the same? (exclude.c) */
/* Do two conditions (NULL: none, which always holds) exclude each other for certain? One comparison of one thing with different
 * constants is enough. Is one of them never true, for the same reason? */
bool conditions_exclude(struct tex *a, struct tex *b);
bool condition_never(struct tex *t);
/* The first part of x that asks how a clock stands (`late(x)`), or NULL. (clock_asked.c) */
const struct tex *tex_asks_clock(struct tex *x);
/* What is looked at when events happen would not see a clock becoming late: refuses it, with what `x` is. */
void tex_no_clock(struct unit *u, struct tex *x, const char *what);

/* Things checked on demand. */
struct table_info *table_get(struct unit *u, struct symbol *s);
struct value_info *value_get(struct unit *u, struct symbol *s);
struct calendar_info *calendar_get(struct unit *u, struct symbol *s);
struct calendar_info *calendar_always(struct unit *u);
/* The same hours read in the zone of a thing: `office local to site`. */
struct calendar_info *calendar_local_twin(struct unit *u, struct calendar_info *c);
/* NULL: it has none of that name, or e is NULL. */
struct attr_info *attr_named(const struct entity_info *e, struct str name);
struct attr_info *attr_hidden(struct unit *u, struct entity_info *e, struct str name, struct type t);
/* An anonymous table (a clock's target); node is N_TABLE. */
struct table_info *table_check(struct unit *u, const struct scope *sc, const struct node *node, struct symbol *symbol);
/* Target words of a cell or slot; false after a message. */
bool target_check(struct unit *u, const struct scope *sc, const struct node *cell, struct target_val *out);
/* Exact microseconds of a COUNTED, or NONE when its unit is a date unit. */
struct calendar_info *calendar_expr_info(struct unit *u, struct source_module *m, const struct node *e);

/* ---- emitting ---- */
uint32_t emit_str(struct unit *u, struct str s);
/* Functions: returns the FUNC index. */
uint32_t emit_predicate(struct unit *u, struct entity_info *e, struct event_info *ev, struct tex *t, const char *name);
uint32_t emit_value(struct unit *u, struct entity_info *e, struct event_info *ev, struct tex *t, const char *name);
void emit_tables(struct unit *u);
void emit_calendars(struct unit *u);
bool calendar_never_opens(struct unit *u, struct calendar_info *c);
#endif
