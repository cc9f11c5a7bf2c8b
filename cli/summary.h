/* SPDX-License-Identifier: MIT */
/* Attainment by clock, values and month; the figures of measures; the worst misses; what was wrong with the input. */
#ifndef MSA_CLI_SUMMARY_H
#define MSA_CLI_SUMMARY_H
#include "cli/fields.h"

struct summary;
struct summary *summary_open(struct field_context *fields, bool json);
void summary_add(struct summary *s, const struct msa_result *r);
void summary_print(struct summary *s, struct sb *b, const struct msa_run *run);
/* The same as one JSON object. */
void summary_print_json(struct summary *s, struct sb *b, const struct msa_run *run);
void summary_close(struct summary *s);
#endif
