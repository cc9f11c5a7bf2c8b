/* SPDX-License-Identifier: MIT */
/* The program: finds the command and calls it. */
#include "cli/cli.h"
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int (*const run_command[CMD_COUNT])(const struct options *o) = {
    [CMD_CHECK] = cmd_check, [CMD_COMPILE] = cmd_compile, [CMD_EVAL] = cmd_eval, [CMD_EXPLAIN] = cmd_explain, [CMD_INVOICE] = cmd_invoice, [CMD_SETTLE] = cmd_settle, [CMD_DATES] = cmd_dates, [CMD_EXPOSURE] = cmd_exposure, [CMD_TEST] = cmd_test,
    [CMD_CALENDAR] = cmd_calendar, [CMD_DISASM] = cmd_disasm, [CMD_EXPLAIN_ERROR] = cmd_explain_error, [CMD_VERSION] = cmd_version, [CMD_HELP] = cmd_help,
};

int cmd_version(const struct options *o)
{
    struct sb b = {0};
    (void)o;
    sb_printf(&b, "msa %s\nmodule format %s\ntime zone data %s\n", MSA_VERSION, msa_module_format(), msa_zone_data_version());
    int status = cli_print(sb_str(&b));
    sb_free(&b);
    return status;
}

static int help(enum command c)
{
    struct sb b = {0};
    if (c == CMD_COUNT) {
        help_all(&b);
    } else {
        help_command(&b, c);
    }
    int status = cli_print(sb_str(&b));
    sb_free(&b);
    return status;
}

static int no_command(const char *word)
{
    const char *words[CMD_COUNT];
    for (int i = 0; i < CMD_COUNT; i++) { words[i] = command_info[i].word; }
    const char *near = nearest_word(word, words, CMD_COUNT);
    if (near) {
        cli_error("there is no command `%s`; did you mean `%s`?", word, near);
    } else {
        cli_error("there is no command `%s`; see `msa help`", word);
    }
    return EXIT_BAD_USAGE;
}

int cmd_help(const struct options *o)
{
    if (!o->n_args) { return help(CMD_COUNT); }
    enum command c = command_find(o->args[0]);
    return c == CMD_COUNT ? no_command(o->args[0]) : help(c);
}

static void on_bug(const char *file, int line, const char *what)
{
    cli_error("a mistake of this program (%s:%d: %s)", file, line, what);
    cli_error("please report it with the agreement and the events that led to it; version %s", MSA_VERSION);
    exit(EXIT_BUG);
}

static bool one_of(const char *value, const char *const *words, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (strcmp(value, words[i]) == 0) { return true; }
    }
    return false;
}

/* A file must not be opened in the place of a standard descriptor that is closed: results would go into it. What stands
 * there instead fails like a closed one: it is opened the other way round. */
static void hold_descriptors(void)
{
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
        if (fcntl(fd, F_GETFD) == -1 && errno == EBADF) { (void)!open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY); }
    }
}

int main(int argc, char **argv)
{
    static const char *const colours[] = {"always", "never", "auto"};
    msa_bug_hook = on_bug;
    hold_descriptors();
    if (argc < 2) {
        struct sb b = {0};
        help_all(&b);
        fputs(b.p, stderr);
        sb_free(&b);
        return EXIT_BAD_USAGE;
    }
    const char *word = argv[1];
    if (strcmp(word, "--version") == 0 || strcmp(word, "-V") == 0) { word = "version"; }
    if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0) { word = "help"; }
    enum command c = command_find(word);
    if (c == CMD_COUNT) { return no_command(word); }
    struct options o;
    if (!options_parse(&o, c, argc - 1, argv + 1)) { return EXIT_BAD_USAGE; }
    if (o.value[OPT_HELP]) { return help(c); }
    if (o.value[OPT_COLOR] && !one_of(o.value[OPT_COLOR], colours, countof(colours))) {
        cli_error("--color is always, never or auto");
        return EXIT_BAD_USAGE;
    }
    return run_command[c](&o);
}
