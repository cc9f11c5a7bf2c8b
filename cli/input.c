/* SPDX-License-Identifier: MIT */
/* Events from files and standard input into a run. */
#include "base/calendar.h"
#include "cli/cli.h"
#include "cli/progress.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

/* False: a message has been printed. */
static bool adapter_known(const struct agreement *a, const char *given)
{
    struct msa_text name;
    struct sb all = {0};
    char names[32][48];
    const char *words[32];
    size_t n = 0;
    for (size_t i = 0; msa_module_adapter_at(a->module, i, &name); i++) {
        if (str_eq(text_str(name), str_of(given))) {
            sb_free(&all);
            return true;
        }
        sb_puts(&all, i ? ", " : "");
        sb_put(&all, text_str(name));
        if (n < countof(words)) {
            snprintf(names[n], sizeof names[n], "%.*s", (int)name.n, name.p);
            words[n] = names[n];
            n++;
        }
    }
    const char *near = nearest_word(given, words, n);
    if (near) {
        cli_error("this agreement has no adapter `%s`; did you mean `%s`?", given, near);
    } else if (all.n) {
        cli_error("this agreement has no adapter `%s`; it has %s", given, all.p);
    } else {
        cli_error("this agreement has no adapters, so no `%s`: `use adapters...` brings them in", given);
    }
    sb_free(&all);
    return false;
}

bool input_options(const struct options *o, const struct agreement *a, struct msa_options *out)
{
    *out = (struct msa_options){.as_of = MSA_NONE, .adapter = o->value[OPT_ADAPTER], .strict = o->value[OPT_STRICT] != NULL};
    const char *why = NULL, *as_of = o->value[OPT_AS_OF], *stream = o->value[OPT_STREAM], *input = o->value[OPT_INPUT];
    if (as_of && (why = read_when(str_of(as_of), a->zone, true, &out->as_of))) {
        cli_error("--as-of %s: %s", as_of, why);
        return false;
    }
    if (as_of && (out->as_of < CAL_LOW || out->as_of >= CAL_HIGH)) {
        cli_error("--as-of %s: calendars know the years %d to %d", as_of, CAL_FIRST_YEAR, CAL_LAST_YEAR);
        return false;
    }
    if (out->adapter && !adapter_known(a, out->adapter)) { return false; }
    out->stream = stream != NULL;
    if (stream && *stream && (why = read_span(str_of(stream), &out->lateness))) {
        cli_error("--stream=%s: %s", stream, why);
        return false;
    }
    if (input && strcmp(input, "ndjson") != 0 && strcmp(input, "csv") != 0) {
        cli_error("--input is ndjson or csv");
        return false;
    }
    return true;
}

static int one_file(const struct options *o, struct msa_run *run, const char *path)
{
    bool standard = strcmp(path, "-") == 0;
    struct msa_fault fault;
    int fd = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        cli_error("cannot open %s: %s", path, strerror(errno));
        return EXIT_NO_INPUT;
    }
    progress_file(fd);
    enum msa_status s = msa_run_file(run, fd, standard ? "<stdin>" : path, o->value[OPT_INPUT], &fault);
    progress_file(-1);
    if (!standard) { close(fd); }
    if (s && s != MSA_REJECTED) {
        cli_error("%s", fault.text);
        return cli_status(s);
    }
    return EXIT_FINE;
}

int input_run(const struct options *o, struct msa_run *run)
{
    struct msa_fault fault;
    int status = EXIT_FINE, n = 0;
    for (int i = 1; i < o->n_args; i++) { n += strcmp(o->args[i], "-") == 0; }
    if (n + (strcmp(o->args[0], "-") == 0) + (o->n_args == 1) > 1) {
        cli_error("standard input can be read once only");
        return EXIT_BAD_USAGE;
    }
    if (o->n_args == 1 && isatty(STDIN_FILENO)) {
        cli_error("which events? Name files, or `-` for standard input: msa %s %s", command_info[o->command].word, command_info[o->command].arguments);
        return EXIT_BAD_USAGE;
    }
    if (!output_standard_apart(o)) { return EXIT_BAD_USAGE; }
    if (o->n_args == 1) { status = one_file(o, run, "-"); }
    for (int i = 1; i < o->n_args && !status; i++) { status = one_file(o, run, o->args[i]); }
    if (status) { return status; }
    enum msa_status s = msa_run_finish(run, &fault);
    if (s && s != MSA_REJECTED) {
        cli_error("%s", fault.text);
        return cli_status(s);
    }
    return EXIT_FINE;
}
