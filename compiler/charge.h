/* SPDX-License-Identifier: MIT */
/* Money once names and units are settled: what amount*.c, charge*.c and terms.c find out and money_emit.c writes down. */
#ifndef MSA_COMPILER_CHARGE_H
#define MSA_COMPILER_CHARGE_H
#include "compiler/unit.h"

/* ---- types of amounts ---- */
enum amount_base { AMOUNT_ERROR, AMOUNT_NUMBER, AMOUNT_TIME, AMOUNT_UNIT, AMOUNT_MONEY, AMOUNT_FLAG };
struct amount_type {
    uint8_t base;
    struct str unit;              /* AMOUNT_UNIT: of what it is a count, by the name of its quantity */
    struct str per;               /* n = 0: of none; "h": per hour; a unit by the name of its quantity */
};

/* ---- formulas: a node of EXACT with what it refers to ---- */
struct amount_row { struct amount *from, *to, *amount, *flat; uint32_t flags; struct span span; };
struct amount {
    uint8_t op;                   /* enum exact_op */
    struct amount_type type;
    struct span span;
    struct amount *a, *b, *c;
    uint32_t mode, value;         /* value: number of the FACT's value */
    int64_t number, per;          /* EX_CONST: number / per, when `decimal` is empty; always set for literals that fit */
    struct str decimal, text;
    void *ref;                    /* quantity_info, measure_info, lines_info, series_info, fact_info, charge_info */
    struct amount_row *row; uint32_t n_rows;
    uint32_t index;               /* EXACT record, NO_REF before it is emitted */
};

/* ---- facts ---- */
struct fact_value { struct str name; struct type type; struct tex **by; /* for each phrase; one for clocks */ };
struct fact_info {
    struct str name; uint8_t role; struct source_module *module; struct symbol *symbol; const struct node *node, *section;
    phrases on; struct clock_info *clock; uint32_t verdict; struct tex *when;
    struct entity_info *entity;
    VEC(struct fact_value) values; struct tex **text; /* for each phrase, or NULL */
    struct tex **from, **to, **known; /* for each phrase; an entry may be NULL */
    bool has_time; uint32_t index, clause;
};

/* What an amount may read. */
struct amount_scope {
    struct source_module *module;
    struct fact_info *fact;       /* values of the event or verdict; NULL: none */
    struct charge_info *charge;   /* that is being worked out; NULL */
    struct str units; struct amount_type units_type; /* within tiers: the name of the quantity; n = 0: outside */
    uint32_t level;               /* enum level_mode of quantities */
    bool settling;                /* `remaining …` has a meaning */
};

/* ---- declared things ---- */
struct rate_info { struct symbol *symbol; struct amount *amount; };
struct quantity_source { struct fact_info *fact; uint32_t mode, value; };
struct quantity_info {
    struct symbol *symbol; struct str unit, initial; VEC(struct quantity_source) sources;
    struct amount *minimum, *may_fall, *may_rise, *notice, *requires;
    uint32_t fall_period, fall_period_n, rise_period, rise_period_n, flags, index;
    bool share;                   /* a percentage: its level is in points, and formulas read the share */
    const struct node *by;        /* its levels are those of each value of that field, and it is their sum */
};
struct series_point { int64_t from; struct str value; struct span span; };
struct series_info { struct symbol *symbol; struct fact_info *fact; VEC(struct series_point) points; uint32_t index; };
struct lines_charge { struct charge_info *charge; bool less, of_thing; };
struct lines_info {
    struct str name; VEC(struct lines_charge) charges; uint32_t counted, window, window_n, index;
    bool all_fees, all_credits, less_credits, less_discounts, of_thing;   /* `charges`, `credits`: filled in when all are known */
    struct span span;
};
struct named_amount { struct symbol *symbol; struct amount *amount; };
struct account_source { uint8_t kind; struct amount *amount; struct fact_info *fact; uint32_t expires, period, period_n; struct span span; };
struct account_notice { struct amount *share; struct str who; };
struct account_info {
    struct symbol *symbol; struct source_module *module; struct amount_type type; struct str unit; uint32_t order, flags, expire_months, expire_days, carry_months, group, index;
    struct amount *carry_share, *rest; VEC(struct account_source) sources; VEC(struct account_notice) notices; bool refills;
};
struct charge_exception { const struct node *node, *section; struct amount *when, *value; uint32_t effect; };
struct charge_info {
    struct symbol *symbol; const struct node *node; struct entity_info *entity; uint8_t kind, trigger;
    uint32_t period, period_n, flags; int64_t on, first, last;
    struct fact_info *fact; struct calendar_info *part_of; const struct node *part_node;
    struct str unit;
    struct amount *asked, *required; /* of a fee on events; `when` is both */
    struct amount *when, *units, *price, *amount, *factor, *each_min, *each_max, *sum_min, *sum_max, *unless_above, *free;
    uint32_t sum_period, sum_period_n, free_period, free_period_n, free_carry, spread, leftover; int64_t claim_days;
    struct lines_info *lines; struct measure_info *measure; const struct node *survives; struct account_info *account; VEC(struct account_info *) draws;
    VEC(struct charge_exception) exceptions;
    struct charge_info *successor; /* by an amendment, or the next row of a rate card */
    bool amended;                  /* it is one of the texts of a clause that was replaced */
    const struct node *paid_back; /* of a waived fee */
    struct charge_info *part_of_first; /* the fee of the first row of its rate card; NULL */
    bool broken;
    uint32_t level, index, clause; bool said_when, said_what, said_proration, said_level;
};
struct cap_info { const struct node *node, *section; struct lines_info *lines; struct amount *limit; uint32_t window, window_n, flags; };

/* Everything of an agreement that is about money. */
struct money {
    VEC(struct rate_info *) rates; VEC(struct quantity_info *) quantities; VEC(struct series_info *) series; VEC(struct lines_info *) lines;
    VEC(struct named_amount *) named; VEC(struct charge_info *) charges; VEC(struct fact_info *) facts; VEC(struct cap_info *) caps;
    const struct node *not_capped; /* `credits are not capped` */
    VEC(struct account_info *) accounts;
    struct terms_info *terms; VEC(struct floor_info *) floors; VEC(struct right_info *) rights; VEC(struct limit_info *) limits;
};

/* ---- amount.c ---- */
/* Checks e; a mistake gives an amount of AMOUNT_ERROR, which agrees with everything. Never NULL. */
struct amount *amount_check(struct unit *u, const struct amount_scope *sc, const struct node *e);
/* The same, and it must be money (per nothing), or of base. */
struct amount *amount_want(struct unit *u, const struct amount_scope *sc, const struct node *e, enum amount_base base);
struct amount *amount_condition(struct unit *u, const struct amount_scope *sc, const struct node *e);
struct amount *amount_all(struct unit *u, struct amount *a, struct amount *b);   /* a and b; NULL is neutral */
struct amount *amount_new(struct unit *u, enum exact_op op, struct amount_type t, struct span span);
struct amount *amount_two(struct unit *u, enum exact_op op, struct amount_type t, struct span span, struct amount *a, struct amount *b);
struct amount *amount_const(struct unit *u, struct amount_type t, int64_t number, int64_t per, struct span span);
/* A literal as a constant, NULL when e is none. */
struct amount *amount_literal(struct unit *u, const struct node *e);
struct amount *amount_product(struct unit *u, struct span span, struct amount *a, struct amount *b);
bool amount_reads(const struct amount *a, enum exact_op op);
struct str amount_word(struct unit *u, struct amount_type t);
#define AMOUNT(b) ((struct amount_type){ .base = (b), .unit = { "", 0 }, .per = { "", 0 } })
uint32_t exact_period(int64_t op);   /* enum period_kind of OP_DAY … OP_TERM_PERIOD */

/* ---- amount_name.c ---- */
struct amount *amount_name(struct unit *u, const struct amount_scope *sc, const struct node *e);
struct amount *amount_call(struct unit *u, const struct amount_scope *sc, const struct node *e);
/* e worked out by the handler: a value of the fact. */
struct amount *amount_of_fact(struct unit *u, const struct amount_scope *sc, const struct node *e, struct type want);
/* Does e read nothing but the event and its entity? */
bool amount_is_of_fact(struct unit *u, const struct amount_scope *sc, const struct node *e);
struct type amount_leaf_type(struct unit *u, const struct amount_scope *sc, const struct node *e);
/* A decision table (N_TABLE) whose result is an amount, asked by the handler. */
struct amount *amount_of_table(struct unit *u, const struct amount_scope *sc, const struct node *table);
/* Does a name mean anything in an amount? */
bool amount_name_known(struct unit *u, const struct amount_scope *sc, struct str name);
/* lone_word.c: a line of a charge or of an exception to one that is a misspelt word and no amount; true after a message. */
bool lone_word(struct unit *u, const struct amount_scope *sc, const struct node *e, bool of_exception);
/* Is e a text, a value of a scale or a flag of the event or its entity? */
bool amount_is_kind(struct unit *u, const struct amount_scope *sc, const struct node *e);
/* The unit that a word means, by the name of its quantity; the word itself where it is none's. */
struct str amount_unit(struct unit *u, struct str word);
struct quantity_info *amount_quantity(struct unit *u, struct str unit);

/* ---- figures.c ---- */
struct amount *amount_measure(struct unit *u, const struct amount_scope *sc, const struct node *e, struct symbol *measure);
struct amount *amount_figures(struct unit *u, const struct amount_scope *sc, const struct node *e);
/* One figure for each thing or value? */
bool measure_is_keyed(const struct measure_info *m);
/* The first node that asks for the figure of the thing at hand; NULL. */
const struct amount *amount_keyed(const struct amount *a);
/* Settles of which things a charge is, by the figures that it asks for. */
void charge_figures(struct unit *u, struct charge_info *c);

/* ---- rises.c ---- */
struct amount *amount_raised(struct unit *u, const struct amount_scope *sc, const struct node *e);
struct amount *amount_before(struct unit *u, const struct amount_scope *sc, const struct node *e);
/* `rise of price over the last 12 months`: a share of what it was. */
struct amount *amount_over_time(struct unit *u, const struct amount_scope *sc, const struct node *e);
/* `reduction of seats`, `addition of seats`: units, in the period at hand. NULL: it is none. */
struct amount *amount_changes(struct unit *u, const struct amount_scope *sc, const struct node *e);

/* ---- lines.c ---- */
struct lines_info *lines_check(struct unit *u, const struct amount_scope *sc, const struct node *list, struct span span);
struct amount *amount_lines(struct unit *u, const struct amount_scope *sc, const struct node *e);
struct amount *amount_remaining(struct unit *u, const struct amount_scope *sc, const struct node *e);
struct amount *amount_named(struct unit *u, struct symbol *s, struct span span);

/* never.c: a condition of c, or the part of time that it takes, leaves nothing to be charged (E1008). */
void charge_never(struct unit *u, const struct charge_info *c);
/* Is a charge a share of itself? */
void circles_check(struct unit *u);

/* ---- facts.c ---- */
struct fact_info *fact_new(struct unit *u, struct source_module *m, struct str name, struct symbol *s, const struct node *node, const struct node *section);
/* From phrases: times and the values that a ledger wants of all. */
void fact_events(struct unit *u, struct fact_info *f, const struct node *slot);
struct field_info *fact_field(const struct event_info *ev, const char *name);

/* ---- quantity.c ---- */
void quantity_define(struct unit *u, struct quantity_info *q);
/* How many things of an entity there are, by the events that create and end them; NULL: no event creates one. */
struct quantity_info *quantity_of_things(struct unit *u, struct entity_info *entity);
void series_check(struct unit *u, struct series_info *x);
void quantity_circles(struct unit *u); /* a level that limits itself; once all are checked */

/* ---- account.c ---- */
void account_declare(struct unit *u, struct symbol *s);
void account_groups(struct unit *u);
/* What the accounts hold and how, before any fee is checked. */
void accounts_check(struct unit *u);
/* The slots of a fee that are about accounts: `drawn from hours`, `10 h free in each month`, `on hours refilled`. */
void account_draw(struct unit *u, struct charge_info *c, const struct node *slot);
void account_free(struct unit *u, struct charge_info *c, const struct node *slot);
void account_refilled(struct unit *u, struct charge_info *c, const struct node *slot);
/* Its balance; in the fee for its refilling, what is refilled. */
struct amount *account_amount(struct unit *u, const struct amount_scope *sc, struct account_info *a, struct span span);
/* The account that counts such units; NULL. */
struct account_info *account_of_unit(struct unit *u, struct str word);

/* ---- amend.c ---- */
/* Charges, rates and amounts, before anything is checked; the rest, once it is. */
void amend_declarations(struct unit *u);
void amend_terms(struct unit *u);
struct charge_info *charge_declare(struct unit *u, struct symbol *s);
/* parts.c: the same; a rate card by parts of the time is one fee for each row, the first is given. */
struct charge_info *charge_declare_parts(struct unit *u, struct symbol *s);

/* ---- tiers.c ---- */
struct amount *tiers_check(struct unit *u, const struct amount_scope *sc, struct charge_info *c, const struct node *slot);
struct amount *bands_check(struct unit *u, const struct amount_scope *sc, const struct node *slot);

/* ---- money_emit.c ---- */
uint32_t amount_emit(struct unit *u, struct amount *a);     /* EXACT record; NO_REF for NULL */
void money_number(struct unit *u);     /* before anything is emitted: indices of what formulas refer to */
void emit_money(struct unit *u);       /* behind clocks and measures, before handlers */

/* terms.c: caps, minimums over several fees, invoices, interest, rights, limits, events with a role. */
void terms_check(struct unit *u);
/* charge.c */
void each_declaration(struct unit *u, void (*f)(struct unit *, struct source_module *, const struct node *, const struct node *section));
bool exception_is_to_charge(struct unit *u, const struct node *n);
/* money_emit.c: number / per as EXACT.value has it, "3/2"; a literal as such a text. */
struct str fraction_text(struct unit *u, int64_t number, int64_t per);
struct str money_number_text(struct unit *u, const struct node *literal);
#endif
