/* SPDX-License-Identifier: MIT */
/* B1: an event is applied whole or not at all. A handler that can trap (a division, a sum that may become too large) keeps
 * what it changes, and gives its results only when it is through; if it traps, all is as it was and the event is rejected.
 * Handlers that cannot trap, and that is nearly all, pay one look at a table. */
#ifndef MSA_RUNTIME_UNDO_H
#define MSA_RUNTIME_UNDO_H
#include "base/vec.h"
#include "msa/run.h"
#include "runtime/measure.h"

struct engine;
struct entity;

struct undo_cell { uint32_t measure, cell; bool made; struct cell was; };
struct undo {
    bool *can_trap;            /* by EVENT: its handler, or what that makes the engine ask, can */
    bool on;
    bool began, made;          /* the event was the first of all; its thing is new */
    struct entity *entity;     /* NULL: an event of no thing */
    char *image;               /* the entity as it was; a block, so that its texts are kept */
    struct msa_segment **stretches; /* by clock slot; what follows lies in scratch */
    struct wait **waits;
    struct outage *outages;    /* by MEASURE: of events of no thing */
    uint64_t notices;
    size_t trail;              /* entries of the trail */
    VEC(struct undo_cell) cells;
    VEC(struct str) dropped;
    VEC(struct msa_result) results;
};

void undo_open(struct engine *e);
/* From here on what the handler changes is kept. `n` may be NULL. */
void undo_begin(struct engine *e, struct entity *n, bool made, bool began);
/* It is through: results are given. */
void undo_keep(struct engine *e);
/* It trapped: everything is as before, a thing that is new is gone. */
void undo_back(struct engine *e);

/* To be called while undo.on: before a cell is changed (or when it was just made), instead of dropping a text, instead of
 * giving the engine's result. */
void undo_cell(struct engine *e, const struct measure *m, uint32_t cell, bool made);
void undo_drop(struct engine *e, struct str s);
void undo_result(struct engine *e);
#endif
