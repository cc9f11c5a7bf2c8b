/* SPDX-License-Identifier: MIT */
/* check, compile, disasm, explain-error: what the compiler has to say. */
#include "cli/cli.h"
#include "cli/error_pages.h"
#include <ctype.h>
#include <string.h>
#include <unistd.h>

static int check_one(const struct options *o, const char *path, const char *format)
{
    struct arena memory;
    struct str module;
    arena_init(&memory, NULL);
    bool tree = o->value[OPT_DUMP] != NULL;
    struct msa_compile_options co = {.warnings_are_errors = o->value[OPT_WARNINGS_AS_ERRORS] != NULL, .parse_only = tree};
    struct msa_compilation *c = agreement_compile(path, &co, &memory, &module);
    int status = EXIT_NO_INPUT;
    if (module.p) { /* compiled: it is in order when it loads */
        struct msa_module *m = NULL;
        struct msa_fault fault;
        enum msa_status s = msa_module_load(module.p, module.n, &m, &fault);
        status = cli_status(s);
        if (s) {
            cli_error("%s: %s", path, fault.text);
        } else {
            msa_module_free(m);
        }
    }
    if (c) {
        size_t n;
        bool text = strcmp(format, "text") == 0;
        if (text) {
            status = agreement_messages(c, o);
        } else {
            const char *p = msa_compilation_messages(c, strcmp(format, "json") == 0 ? MSA_MESSAGES_JSON : MSA_MESSAGES_SARIF, &n);
            status = cli_print(str_make(p, n));
            if (!status) { status = msa_compilation_unreadable(c) ? EXIT_NO_INPUT : msa_compilation_errors(c) ? EXIT_BAD_DATA : EXIT_FINE; }
        }
        if (tree && !status) {
            const char *p = msa_compilation_tree(c, &n);
            status = cli_print(str_make(p, n));
        } else if (text && !status) {
            struct sb b = {0};
            size_t warnings = msa_compilation_warnings(c);
            sb_printf(&b, "%s: ", strcmp(path, "-") == 0 ? "<stdin>" : path);
            if (warnings) {
                sb_printf(&b, "%zu %s, no mistakes\n", warnings, warnings == 1 ? "warning" : "warnings");
            } else {
                sb_puts(&b, "no mistakes\n");
            }
            status = cli_print(sb_str(&b));
            sb_free(&b);
        }
        msa_compilation_free(c);
    }
    arena_free(&memory);
    return status;
}

int cmd_check(const struct options *o)
{
    const char *format = o->value[OPT_FORMAT] ? o->value[OPT_FORMAT] : "text";
    if (strcmp(format, "text") != 0 && strcmp(format, "json") != 0 && strcmp(format, "sarif") != 0) {
        cli_error("--format of check is text, json or sarif");
        return EXIT_BAD_USAGE;
    }
    if (strcmp(format, "sarif") == 0 && o->n_args > 1) {
        cli_error("one file at a time with --format sarif: it is one document");
        return EXIT_BAD_USAGE;
    }
    if (o->value[OPT_DUMP] && strcmp(o->value[OPT_DUMP], "ast") != 0) {
        cli_error("--dump knows `ast`");
        return EXIT_BAD_USAGE;
    }
    int status = EXIT_FINE;
    for (int i = 0; i < o->n_args; i++) {
        int one = check_one(o, o->args[i], format);
        if (one > status) { status = one; }
    }
    return status;
}

int cmd_compile(const struct options *o)
{
    const char *to = o->value[OPT_OUTPUT];
    if (!to || !*to) {
        cli_error("where to? msa compile %s -o OUT", o->args[0]);
        return EXIT_BAD_USAGE;
    }
    struct arena memory;
    struct str bytes;
    arena_init(&memory, NULL);
    struct msa_compile_options co = {.warnings_are_errors = o->value[OPT_WARNINGS_AS_ERRORS] != NULL};
    struct msa_compilation *c = agreement_compile(o->args[0], &co, &memory, &bytes);
    int status = c ? agreement_messages(c, o) : EXIT_NO_INPUT;
    if (bytes.p) {
        cli_error("%s is compiled already", o->args[0]);
        status = EXIT_BAD_DATA;
    }
    if (!status) {
        bytes.p = msa_compilation_module(c, &bytes.n);
        if (strcmp(to, "-") == 0) {
            status = cli_print(bytes);
        } else if (!output_apart(o, c, "-o", to)) {
            status = EXIT_BAD_USAGE;
        } else {
            int error = io_write_file(to, bytes);
            if (error) {
                cli_error("cannot write %s: %s", to, strerror(error));
                status = EXIT_IO;
            }
        }
    }
    if (c) { msa_compilation_free(c); }
    arena_free(&memory);
    return status;
}

static void put(void *ctx, const char *p, size_t n) { sb_put(ctx, str_make(p, n)); }

int cmd_disasm(const struct options *o)
{
    struct agreement a;
    int status = agreement_open(&a, o, o->args[0]);
    if (status) { return status; }
    struct sb b = {0};
    msa_module_listing(a.module, put, &b);
    status = cli_print(sb_str(&b));
    sb_free(&b);
    agreement_close(&a);
    return status;
}

static bool same_word(const char *a, const char *b)
{
    while (*a && toupper((unsigned char)*a) == toupper((unsigned char)*b)) {
        a++;
        b++;
    }
    return !*a && !*b;
}

static const struct error_page *page_of(const char *code)
{
    for (size_t i = 0; i < error_page_count; i++) {
        if (same_word(error_pages[i].code, code)) { return &error_pages[i]; }
    }
    return NULL;
}

static int list_codes(void)
{
    struct sb b = {0};
    struct msa_code k;
    for (size_t i = 0; msa_code_at(i, &k); i++) { sb_printf(&b, "%s  %-28s %s\n", k.code, k.slug, k.title); }
    int status = cli_print(sb_str(&b));
    sb_free(&b);
    return status;
}

int cmd_explain_error(const struct options *o)
{
    if (!o->n_args) { return list_codes(); }
    struct msa_code k;
    const char *near = NULL;
    for (size_t i = 0; msa_code_at(i, &k); i++) {
        if (!same_word(k.code, o->args[0]) && !same_word(k.slug, o->args[0])) {
            const char *words[] = {k.code, k.slug};
            if (!near) { near = nearest_word(o->args[0], words, 2); }
            continue;
        }
        struct sb b = {0};
        const struct error_page *page = page_of(k.code);
        sb_printf(&b, "%s (%s): %s\n", k.code, k.slug, k.title);
        if (page) { /* its heading says the same */
            struct str rest;
            (void)str_cut(str_make(page->text, page->n), '\n', &rest);
            sb_put(&b, rest);
        }
        int status = cli_print(sb_str(&b));
        sb_free(&b);
        return status;
    }
    if (near) {
        cli_error("there is no message %s; did you mean %s?", o->args[0], near);
    } else {
        cli_error("there is no message %s; `msa explain-error` lists all", o->args[0]);
    }
    return EXIT_BAD_USAGE;
}
