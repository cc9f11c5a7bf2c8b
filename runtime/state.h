/* SPDX-License-Identifier: MIT */
/* The engine's state, for the files of this folder that make up the engine. */
#ifndef MSA_RUNTIME_STATE_H
#define MSA_RUNTIME_STATE_H
#include "base/vec.h"
#include "runtime/calendars.h"
#include "runtime/chosen.h"
#include "runtime/engine.h"
#include "runtime/entity.h"
#include "runtime/heap.h"
#include "runtime/ledger.h"
#include "runtime/ids.h"
#include "runtime/measure.h"
#include "runtime/timer.h"
#include "runtime/trail.h"
#include "runtime/undo.h"
#include "runtime/vm.h"
#include <setjmp.h>

/* Between two checks of what fits. */
__extension__ typedef __int128 wide_int;

struct engine {
    const struct module *module;
    const struct module_facts *facts;
    struct engine_options options;
    const struct str *files;
    size_t n_files;

    struct arena arena;   /* lives as long as the engine */
    struct arena scratch; /* emptied after each event and each timer */
    struct arena_mark scratch_empty;
    struct memory memory; /* of both arenas: fails the engine instead of giving NULL */
    struct heap *heap;
    struct calendars *calendars;
    struct chosen chosen;
    struct vm vm;
    struct entity_kind *kind;
    struct measure *measure;
    uint32_t **clock_measures; /* by CLOCK: MEASURE indexes, ends in NO_REF */
    uint32_t *clock_n_measures, *clock_counted; /* how many; where they start in the entity's array */
    uint32_t *recorded_slot;   /* by ADAPTER_RULE: position in the entity, or NO_REF */

    struct ledger *ledger;     /* NULL: no money in the agreement */
    struct trail *trail;       /* NULL: nothing is explained */
    struct timers timers;
    instant now;               /* NONE: nothing happened yet */
    instant period_end;        /* first end of an open period of any measure */
    const struct event *event; /* being applied, NULL: time passes */
    bool begun, finished;
    bool telling;              /* measures talk to the ledger alone */
    struct ids ids, lives;     /* of events; of things that were forgotten */
    instant begins, ends;      /* the agreement's term in its zone; NONE, NEVER: not bounded there */
    uint64_t sequence, notices, unmade; /* things made; told of no thing; made by an event that was then rejected */
    struct undo undo;
    struct entity **order;
    size_t cap_order;

    struct msa_result result;
    struct engine_counts counts;
    size_t n_open;
    bool failed, told;         /* told: what a trap came of is in its text */
    struct msa_fault fault;
    jmp_buf *guard;            /* where a failure goes */
};

/* Ends the engine: nothing more can be done with it but engine_close. */
noreturn void engine_fail(struct engine *e, enum msa_status status, const char *fmt, ...) printf_like(3, 4);
/* A number that a contract or its data brought did not fit. */
noreturn void engine_overflow(struct engine *e, uint32_t clause, const char *what);
/* The clause in whose text a place lies; NO_REF: in none. */
uint32_t engine_clause_at(const struct engine *e, uint32_t place);
/* A handler or a clock tells the ledger: values as the FACT says, behind FACT_SLOTS. */
void engine_fact(struct engine *e, struct entity *n, uint32_t fact, const int64_t *value, struct str text);
/* A suspension pauses a clock, or does so no more: every running one of its kind is told. */
void engine_suspend(struct engine *e, uint32_t clock, bool on);
/* One line for someone who has to know, by a clause. */
void engine_notify(struct engine *e, struct entity *n, struct str who, uint32_t clause);
/* The entity's timers have changed: puts it in the queue where it belongs. */
void engine_queue(struct engine *e, struct entity *n);

/* ---- result.c ---- */
/* A result with everything absent, its cause the event being applied. */
struct msa_result *result_new(struct engine *e, enum msa_result_kind kind, instant at, uint32_t clause);
void result_entity(struct engine *e, struct msa_result *r, const struct entity *n);
/* What is the same in every result about a cycle. `at`: as of when the amounts are. Tail and number end its id. */
void result_clock(struct engine *e, struct msa_result *r, struct entity *n, uint32_t slot, instant at, const char *tail, uint32_t number);
void result_give(struct engine *e);
struct msa_text result_text(struct str s);
/* "4.1/T1/response/2.3" + tail + number (0: none), in scratch. */
struct str result_clock_id(struct engine *e, const struct m_clock *record, const struct entity *n, uint32_t cycle, uint32_t revision, const char *tail, uint32_t number);
/* Puts a text into an id as one of its parts. A `/` inside would end the part: it stands as %2F, and % as %25. */
void result_id_part(struct sb *b, struct str s);
/* The key of a thing as a part of an id, "T1"; from its second life on "T1/~2". */
void result_id_key(struct sb *b, const struct entity *n);
struct str result_clause_name(const struct engine *e, uint32_t clause);
/* The values of functions, as texts in scratch. */
struct msa_named *result_values(struct engine *e, struct entity *n, uint32_t first, uint32_t count, instant at);
struct str result_value(struct engine *e, uint32_t type, uint32_t scale, int64_t v);
struct str result_instant(struct engine *e, instant t);

/* ---- recorded.c ---- */
void recorded_take(struct engine *e, struct entity *n, const struct event *ev);
/* Compares everything that the input recorded for the entity. */
void recorded_compare(struct engine *e, struct entity *n);
#endif
