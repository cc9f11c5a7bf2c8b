/* SPDX-License-Identifier: MIT */
/* Explanations of clocks in sentences and as JSON. */
#ifndef MSA_CLI_EXPLAIN_H
#define MSA_CLI_EXPLAIN_H
#include "base/vec.h"
#include "cli/fields.h"

typedef VEC(struct msa_step) steps;
/* Sentences, one a line. `file`: of the input, where there was more than one. */
void explain_text(struct sb *b, struct field_context *fields, const struct msa_result *r, const steps *s);
/* One step as a JSON object. */
void explain_step_json(struct sb *b, struct field_context *fields, const struct msa_step *s);

/* ---- what all kinds of `msa explain` do alike ---- */

struct options;
struct agreement;
/* --format; false, with the message given: it is another one. */
bool explain_format(const struct options *o, bool *json);
/* Opens a run over the agreement and reads all events of the command line; an exit status, with the message given. *run stays
 * for questions and is the caller's to close, also when this failed; NULL when it could not be opened. */
int explain_run(const struct options *o, const struct agreement *a, const struct msa_options *ro, struct msa_sink sink, struct msa_run **run);

/* explain --measure: the list behind a figure; an exit status. */
int explain_measure(const struct options *o);
/* explain --line, --charge, --invoice: lines of invoices; an exit status. */
int explain_money(const struct options *o);
#endif
