/* SPDX-License-Identifier: MIT */
/* test: the examples of agreements are their tests. One line each, `ok` or `not ok`, and for a failure what was expected. */
#include "cli/cli.h"
#include <string.h>
#include <unistd.h>

struct testing {
    struct sb lines;             /* of the example being run */
    struct sb out;
    size_t passed, failed, expectations;
    bool colour;
};

static void place(struct sb *b, struct msa_place p) { sb_printf(b, "%.*s:%u", (int)p.file.n, p.file.p, p.line); }

static void begin(void *ctx, const struct msa_example *e)
{
    struct testing *t = ctx;
    (void)e;
    sb_clear(&t->lines);
}

static void expectation(void *ctx, const struct msa_expectation *x)
{
    struct testing *t = ctx;
    t->expectations++;
    if (x->ok) { return; }
    sb_puts(&t->lines, "    ");
    place(&t->lines, x->place);
    sb_puts(&t->lines, "\n      expected  ");
    sb_visible(&t->lines, text_str(x->expected));
    sb_puts(&t->lines, "\n      got       ");
    sb_visible(&t->lines, text_str(x->got));
    sb_char(&t->lines, '\n');
}

static void end(void *ctx, const struct msa_example *e, size_t failed, const struct msa_fault *fault)
{
    struct testing *t = ctx;
    const char *ink = !t->colour ? "" : failed ? "\033[31m" : "\033[32m", *off = t->colour ? "\033[0m" : "";
    sb_printf(&t->out, "%s%s%s ", ink, failed ? "not ok" : "ok", off);
    sb_visible(&t->out, text_str(e->name));
    sb_puts(&t->out, " (");
    place(&t->out, e->place);
    sb_puts(&t->out, ")\n");
    if (fault) { sb_printf(&t->out, "    it could not be run: %s\n", fault->text); }
    if (t->lines.n) { sb_put(&t->out, sb_str(&t->lines)); }
    t->passed += !failed;
    t->failed += failed > 0;
}

static int test_one(struct testing *t, const struct options *o, const char *path)
{
    struct agreement a;
    struct msa_fault fault;
    int status = agreement_open(&a, o, path);
    if (status) { return status; }
    size_t n = msa_module_examples(a.module);
    if (!n) { sb_printf(&t->out, "%s has no examples\n", path); }
    for (size_t i = 0; i < n; i++) {
        (void)msa_example_run(a.module, i, (struct msa_example_sink){t, begin, expectation, end}, &fault);
    }
    agreement_close(&a);
    return EXIT_FINE;
}

int cmd_test(const struct options *o)
{
    struct testing t = {.colour = cli_colour(o, STDOUT_FILENO)};
    int status = EXIT_FINE;
    for (int i = 0; i < o->n_args; i++) {
        int one = test_one(&t, o, o->args[i]);
        if (one > status) { status = one; }
    }
    sb_printf(&t.out, "%zu passed, %zu failed; %zu expectations\n", t.passed, t.failed, t.expectations);
    int written = cli_print(sb_str(&t.out));
    sb_free(&t.out);
    sb_free(&t.lines);
    if (written) { return written; }
    return status ? status : t.failed ? EXIT_NO : EXIT_FINE;
}
