/* SPDX-License-Identifier: MIT */
#include "cli/cli.h"
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const struct exit_meaning cli_exits[] = {
    {EXIT_FINE, "fine"},
    {EXIT_NO, "the agreement says no: an example failed, or, with --fail-on-breach, a clock was breached"},
    {EXIT_BAD_USAGE, "the command line is wrong"},
    {EXIT_BAD_DATA, "the agreement has mistakes, or records of the input were rejected"},
    {EXIT_NO_INPUT, "a file cannot be opened"},
    {EXIT_BUG, "a mistake of this program; please report it"},
    {EXIT_IO, "reading or writing failed"},
};
const size_t cli_n_exits = countof(cli_exits);

void cli_error(const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    fputs("msa: ", stderr);
    vfprintf(stderr, fmt, args);
    fputc('\n', stderr);
    va_end(args);
}

bool cli_colour(const struct options *o, int fd)
{
    const char *when = o->value[OPT_COLOR], *none = getenv("NO_COLOR"), *term = getenv("TERM");
    if (when && strcmp(when, "always") == 0) { return true; }
    if (when && strcmp(when, "never") == 0) { return false; }
    return isatty(fd) && !(none && *none) && !(term && strcmp(term, "dumb") == 0);
}

int cli_status(enum msa_status s)
{
    switch (s) {
    case MSA_OK: return EXIT_FINE;
    case MSA_REJECTED:
    case MSA_BAD_MODULE:
    case MSA_TRAP:
    case MSA_LIMIT:
    case MSA_STRICT_STOP: return EXIT_BAD_DATA;
    case MSA_NO_MEMORY: return EXIT_BUG;
    case MSA_IO: return EXIT_IO;
    }
    return EXIT_BUG;
}

int cli_print(struct str s)
{
    struct io_writer w;
    io_writer_init(&w, STDOUT_FILENO);
    io_write_str(&w, s);
    int error = io_writer_free(&w);
    if (!error) { return EXIT_FINE; }
    cli_error("cannot write: %s", strerror(error));
    return EXIT_IO;
}
