/* SPDX-License-Identifier: MIT */
/* The engine: entities, their clocks, spans and measures, moved forward by events in event time. It knows nothing of files,
 * JSON or CSV. Events come in order of (at, creation first, order); whoever calls has sorted them. */
#ifndef MSA_RUNTIME_ENGINE_H
#define MSA_RUNTIME_ENGINE_H
#include "bytecode/verify.h"
#include "msa/run.h"
#include "runtime/event.h"

struct engine;

struct settle_question;
struct engine_options { struct msa_sink sink; size_t memory_limit; unsigned leave_out; const char *explain_key /* or NULL; see trail.h */; const struct str *files; /* names by file number; may grow, see engine_files */ const struct settle_question *settle; /* NULL: not asked */ };

enum msa_status engine_open(const struct verified_module *vm, const struct engine_options *o, struct engine **out, struct msa_fault *fault);
void engine_close(struct engine *e);
void engine_files(struct engine *e, const struct str *names, size_t n);

/* Fires every timer before ev->at (and those at ev->at that come first, C1), then applies the event.
 * MSA_OK; MSA_REJECTED: nothing was changed, `why` says the reason in the reader's words (unknown ticket, …);
 * ev already seen (same id and content): MSA_OK and *duplicate = true. */
enum msa_status engine_apply(struct engine *e, const struct event *ev, bool *duplicate, struct msa_fault *why);
/* This event comes soon: has the memory fetched that finding its entity will need. */
void engine_expect(const struct engine *e, const struct event *ev);
/* It was applied before, id and content. */
bool engine_knows(const struct engine *e, const struct event *ev);
/* Time passes up to t without an event; of t itself happens only what comes before its events. */
enum msa_status engine_wait(struct engine *e, instant t, struct msa_fault *fault);
/* The same, and all that is due at t: no event of t is to come. */
enum msa_status engine_advance(struct engine *e, instant t, struct msa_fault *fault);
/* Advances to as_of, then reports every open cycle as it stands, the last recorded values that differ, and the open periods. */
/* ledger_explain_charge, with what goes wrong as a fault. */
struct explained_charge { struct str charge, period; int (*step)(void *ctx, const struct msa_money_step *s); void *ctx; bool found; };
enum msa_status engine_explain_charge(struct engine *e, struct explained_charge *what, struct msa_fault *fault);
enum msa_status engine_finish(struct engine *e, instant as_of, struct msa_fault *fault);

struct engine_counts { uint64_t entities_open, entities_seen, peak_entities, state_bytes, results, recorded, recorded_equal, before_term, after_term; };
struct engine_counts engine_counts(const struct engine *e);
#endif
