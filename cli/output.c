/* SPDX-License-Identifier: MIT */
/* Files that are written: none that is read. */
#include "cli/cli.h"
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Devices, terminals and pipes lose nothing by being written. */
static bool plain(const struct stat *a) { return S_ISREG(a->st_mode); }

static bool same(const struct stat *a, const struct stat *b) { return a->st_dev == b->st_dev && a->st_ino == b->st_ino; }

static bool look(const char *path, struct stat *out)
{
    return strcmp(path, "-") == 0 ? fstat(STDIN_FILENO, out) == 0 : stat(path, out) == 0;
}

/* True: it is one of the files that this command reads, and which. */
static bool is_read(const struct options *o, const struct msa_compilation *c, const struct stat *to, char *which, size_t room)
{
    struct stat st;
    const char *p;
    size_t n;
    bool events = o->command != CMD_COMPILE;
    for (int i = 0; i < o->n_args + (events && o->n_args == 1); i++) {
        const char *path = i < o->n_args ? o->args[i] : "-"; /* without files, events come from standard input */
        snprintf(which, room, "%s", strcmp(path, "-") == 0 ? "standard input" : path);
        if (look(path, &st) && same(&st, to)) { return true; }
    }
    for (size_t i = 0; c && msa_compilation_file_at(c, i, &p, &n); i++) {
        if (n >= room) { continue; }
        snprintf(which, room, "%.*s", (int)n, p);
        if (stat(which, &st) == 0 && same(&st, to)) { return true; }
    }
    return false;
}

bool output_apart(const struct options *o, const struct msa_compilation *c, const char *option, const char *path)
{
    struct stat to, out;
    char which[4096];
    if (stat(path, &to) || !plain(&to)) { return true; }
    if (is_read(o, c, &to, which, sizeof which)) {
        bool named = strcmp(which, path) == 0;
        cli_error("%s %s would write over a file that is read here%s%s; name another one", option, path, named ? "" : ": it is the same as ", named ? "" : which);
        return false;
    }
    if (o->command == CMD_EVAL && fstat(STDOUT_FILENO, &out) == 0 && same(&to, &out)) {
        cli_error("%s %s: the results on standard output go into this file; name another one", option, path);
        return false;
    }
    return true;
}

bool output_standard_apart(const struct options *o)
{
    struct stat out;
    char which[4096];
    if (fstat(STDOUT_FILENO, &out) || !plain(&out) || !is_read(o, NULL, &out, which, sizeof which)) { return true; }
    cli_error("standard output goes into a file that is read here, %s; send it into another one", which);
    return false;
}
