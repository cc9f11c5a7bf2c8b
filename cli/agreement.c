/* SPDX-License-Identifier: MIT */
/* Agreements from files: source or compiled, told apart by their first bytes. */
#include "cli/cli.h"
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MOST ((size_t)256 << 20)

struct msa_compilation *agreement_compile(const char *path, const struct msa_compile_options *co, struct arena *memory, struct str *module)
{
    struct str text;
    struct stat st;
    *module = (struct str){0};
    int error = io_read_file(memory, path, 0, MOST, &text);
    if (error) {
        cli_error("cannot open %s: %s", path, strerror(error));
        return NULL;
    }
    if (msa_module_is(text.p, text.n)) {
        *module = text;
        return NULL;
    }
    /* A pipe can be read once only; a file is read again so that what it uses is looked for beside it. */
    bool file = strcmp(path, "-") != 0 && stat(path, &st) == 0 && S_ISREG(st.st_mode);
    struct msa_compilation *c = file ? msa_compile_file(path, co) : msa_compile_text(strcmp(path, "-") == 0 ? "<stdin>" : path, text.p, text.n, co);
    if (!c) { MSA_BUG("out of memory"); }
    return c;
}

int agreement_messages(struct msa_compilation *c, const struct options *o)
{
    size_t n;
    const char *text = msa_compilation_messages(c, cli_colour(o, STDERR_FILENO) ? MSA_MESSAGES_COLOUR : MSA_MESSAGES_TEXT, &n);
    if (n) { fwrite(text, 1, n, stderr); }
    if (msa_compilation_unreadable(c)) { return EXIT_NO_INPUT; }
    return msa_compilation_errors(c) ? EXIT_BAD_DATA : EXIT_FINE;
}

int agreement_open(struct agreement *a, const struct options *o, const char *path)
{
    *a = (struct agreement){0};
    struct str name = str_of(path);
    if (str_ends(name, STR(".ndjson")) || str_ends(name, STR(".csv")) || str_ends(name, STR(".json"))) {
        cli_error("%s looks like events; the agreement comes first: msa %s %s", path, command_info[o->command].word, command_info[o->command].arguments);
        return EXIT_BAD_USAGE;
    }
    struct arena memory;
    struct str bytes;
    arena_init(&memory, NULL);
    struct msa_compile_options co = {.warnings_are_errors = o->value[OPT_WARNINGS_AS_ERRORS] != NULL};
    a->compilation = agreement_compile(path, &co, &memory, &bytes);
    int status = EXIT_FINE;
    if (a->compilation) {
        status = agreement_messages(a->compilation, o);
        if (!status) { bytes.p = msa_compilation_module(a->compilation, &bytes.n); }
    } else if (!bytes.p) {
        status = EXIT_NO_INPUT;
    }
    struct msa_fault fault;
    if (!status) {
        enum msa_status s = msa_module_load(bytes.p, bytes.n, &a->module, &fault);
        if (s) {
            status = cli_status(s);
            if (a->compilation) { /* what we compile ourselves must load */
                cli_error("a mistake of this program: the module of %s is refused: %s", path, fault.text);
                status = EXIT_BUG;
            } else {
                cli_error("%s: %s", path, fault.text);
            }
        }
    }
    arena_free(&memory);
    if (!status) {
        struct str zone = text_str(msa_module_zone(a->module));
        char own_zone[128];
        snprintf(own_zone, sizeof own_zone, "%.*s", STR_ARG(zone));
        a->zone = zone_load(*own_zone ? own_zone : "UTC");
        if (!a->zone) {
            cli_error("%s: the system has no time zone \"%s\"", path, own_zone);
            status = EXIT_BAD_DATA;
        }
    }
    if (status) { agreement_close(a); }
    return status;
}

void agreement_close(struct agreement *a)
{
    if (a->module) { msa_module_free(a->module); }
    if (a->compilation) { msa_compilation_free(a->compilation); }
    *a = (struct agreement){0};
}
