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
/* explain --measure: the list behind a figure; an exit status. */
struct options;
int explain_measure(const struct options *o);
/* explain --line, --charge, --invoice: lines of invoices; an exit status. */
int explain_money(const struct options *o);
#endif
