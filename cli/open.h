/* SPDX-License-Identifier: MIT */
/* What is open at the end of a run, most urgent first. */
#ifndef MSA_CLI_OPEN_H
#define MSA_CLI_OPEN_H
#include "cli/fields.h"

struct open_list;
struct open_list *open_list_make(struct field_context *fields);
void open_list_close(struct open_list *l);
/* Keeps a cycle that is open; anything else is left alone. */
void open_add(struct open_list *l, const struct msa_result *r);
/* Missed ones by how late they are, running ones by due, those without due, paused ones by the time left. */
const struct msa_result *open_list_sorted(struct open_list *l, size_t *n);
/* key, clock, state, due, what is left or over, and a column for each value that chooses rows. */
struct columns open_list_columns(struct open_list *l);
void open_list_table(struct open_list *l, struct io_writer *to, instant as_of);
#endif
