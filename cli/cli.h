/* SPDX-License-Identifier: MIT */
/* What the commands share. The command line is an ordinary client of the two libraries. */
#ifndef MSA_CLI_CLI_H
#define MSA_CLI_CLI_H
#include "base/io.h"
#include "cli/options.h"
#include "cli/when.h"
#include "msa/compile.h"
#include "msa/run.h"
#include <stdio.h>

/* sysexits, as far as they fit. */
enum exit_status { EXIT_FINE = 0, EXIT_NO = 1, EXIT_BAD_USAGE = 64, EXIT_BAD_DATA = 65, EXIT_NO_INPUT = 66, EXIT_BUG = 70, EXIT_IO = 74 };
struct exit_meaning { int status; const char *meaning; };
extern const struct exit_meaning cli_exits[];
extern const size_t cli_n_exits;

/* One line on standard error: `msa: ...`. */
void cli_error(const char *fmt, ...) printf_like(1, 2);
/* Is colour wanted on this descriptor? */
bool cli_colour(const struct options *o, int fd);
/* The status that a status of the run library comes to. */
int cli_status(enum msa_status s);
/* Writes a text to standard output; an exit status. */
int cli_print(struct str s);
static inline struct str text_str(struct msa_text t) { return str_make(t.p, t.n); }
static inline struct msa_text str_text(struct str s)
{
    struct msa_text t = {s.p, s.n};
    return t;
}

/* ---- agreement.c ---- */
struct agreement {
    struct msa_module *module;   /* NULL: see the status */
    struct msa_compilation *compilation;
    const struct zone *zone;     /* the agreement's */
};
/* Source or compiled; messages go to standard error. An exit status. */
int agreement_open(struct agreement *a, const struct options *o, const char *path);
void agreement_close(struct agreement *a);
/* Compiles, whatever way the text comes; NULL when the file cannot be read (a message has been printed). *module gets the bytes
 * of a file that is a module already, in `memory`. */
struct msa_compilation *agreement_compile(const char *path, const struct msa_compile_options *co, struct arena *memory, struct str *module);
/* Prints what the compiler had to say on standard error; an exit status. */
int agreement_messages(struct msa_compilation *c, const struct options *o);

/* ---- input.c: what eval and explain share ---- */
/* Fills the options of a run; false: a message has been printed. */
bool input_options(const struct options *o, const struct agreement *a, struct msa_options *out);
/* Feeds the files args[1..] (or standard input) to a run and finishes it; an exit status. */
int input_run(const struct options *o, struct msa_run *run);

/* ---- output.c ---- */
/* Whether the file that `option` names may be written: it is none of those that the command reads (of `c`, or NULL, and among
 * its arguments), whatever its name or link, and not where the results go. False: a message has been printed, EXIT_BAD_USAGE. */
bool output_apart(const struct options *o, const struct msa_compilation *c, const char *option, const char *path);
/* The same for standard output and the arguments: results appended to a file that is read would be read without end. */
bool output_standard_apart(const struct options *o);

/* ---- fields.c ---- */
void fields_help(struct sb *b);

int cmd_check(const struct options *o);
int cmd_compile(const struct options *o);
int cmd_disasm(const struct options *o);
int cmd_explain_error(const struct options *o);
int cmd_eval(const struct options *o);
int cmd_explain(const struct options *o);
int cmd_invoice(const struct options *o);
int cmd_settle(const struct options *o);
int cmd_dates(const struct options *o);
int cmd_exposure(const struct options *o);
int cmd_test(const struct options *o);
int cmd_calendar(const struct options *o);
int cmd_version(const struct options *o);
int cmd_help(const struct options *o);
#endif
