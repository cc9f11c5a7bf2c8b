/* SPDX-License-Identifier: MIT */
/* The compile library: source text in, module bytes and messages out. No globals, no exit, no printing. */
#ifndef MSA_COMPILE_H
#define MSA_COMPILE_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct msa_compilation;          /* one compilation: its messages and, when there were no errors, its module */

struct msa_compile_options {
    bool warnings_are_errors;
    size_t error_limit;          /* messages kept; 0: 20 */
    bool parse_only;             /* stop after the syntax tree (msa_compilation_tree) */
};

/* Compiles one agreement with all that it uses: `use plans.gold` is plans/gold.msa beside the file, else a library module.
 * `path` "-" reads standard input. Never fails by itself: ask msa_compilation_errors. NULL only without memory. */
struct msa_compilation *msa_compile_file(const char *path, const struct msa_compile_options *o);
/* The same from memory; `name` stands in messages. */
struct msa_compilation *msa_compile_text(const char *name, const char *text, size_t n, const struct msa_compile_options *o);
void msa_compilation_free(struct msa_compilation *c);

size_t msa_compilation_errors(const struct msa_compilation *c);
size_t msa_compilation_warnings(const struct msa_compilation *c);
/* True when the file itself could not be read (exit status 66 rather than 65). */
bool msa_compilation_unreadable(const struct msa_compilation *c);
/* The files that were read, the agreement first, then what it uses: `path` is as given, n bytes, no NUL behind it. What the
 * program itself brings along is left out. False beyond the last. */
bool msa_compilation_file_at(const struct msa_compilation *c, size_t i, const char **path, size_t *n);
/* The module's bytes; NULL when there were errors. They live as long as the compilation. */
const void *msa_compilation_module(const struct msa_compilation *c, size_t *n);

enum msa_message_form { MSA_MESSAGES_TEXT, MSA_MESSAGES_COLOUR, MSA_MESSAGES_JSON, MSA_MESSAGES_SARIF };
/* All messages, in order of place. They live as long as the compilation. */
const char *msa_compilation_messages(struct msa_compilation *c, enum msa_message_form form, size_t *n);
/* The syntax tree as s-expressions, for tests and the curious. */
const char *msa_compilation_tree(struct msa_compilation *c, size_t *n);

/* Every message code, for `msa explain-error` and documentation: returns false beyond the last. */
struct msa_code { const char *code, *slug, *title; bool warning; };
bool msa_code_at(size_t i, struct msa_code *out);

#ifdef __cplusplus
}
#endif
#endif
