/* SPDX-License-Identifier: MIT */
/* Parses the agreement and, breadth first, every file it uses: `use plans.gold` is plans/gold.msa beside the agreement,
 * otherwise a module of the standard library. */
#include "compiler/unit.h"
#include "base/stdlib_data.h"
#include "grammar/parse.h"
#include <string.h>
#include <unistd.h>

static struct source_module *module_new(struct unit *u, struct str path, struct source *source, bool library)
{
    struct source_module *m = ARENA_NEW(u->arena, struct source_module);
    m->path = path;
    m->qualifier = path;
    for (size_t i = path.n; i > 0; i--) {
        if (path.p[i - 1] == '.') { m->qualifier = str_slice(path, i, path.n); break; }
    }
    m->source = source;
    m->is_library = library;
    struct parse_ctx p = { .arena = u->arena, .diags = u->diags, .source = source, .nodes = u->nodes, .text_checked = true };
    m->file = parse_file(&p);
    u->nodes = p.nodes;
    vec_push(&u->modules, u->arena, m);
    return m;
}

static struct source_module *module_known(struct unit *u, struct str path)
{
    for (size_t i = 0; i < u->modules.n; i++) {
        if (u->modules.p[i] != u->main && str_eq(u->modules.p[i]->path, path)) { return u->modules.p[i]; }
    }
    return NULL;
}

static struct source *beside(struct unit *u, struct str path)
{
    if (u->path == NULL || strcmp(u->path, "-") == 0) { return NULL; }
    const char *slash = strrchr(u->path, '/');
    struct sb b = { .arena = u->arena };
    if (slash != NULL) { sb_put(&b, (struct str){ u->path, (size_t)(slash - u->path) + 1 }); }
    for (size_t i = 0; i < path.n; i++) { sb_char(&b, path.p[i] == '.' ? '/' : path.p[i]); }
    sb_puts(&b, ".msa");
    if (access(b.p, R_OK) != 0) { return NULL; }
    int error = 0;
    return source_read(u->sources, b.p, &error);
}

static struct source *builtin(struct unit *u, struct str path)
{
    for (size_t i = 0; i < stdlib_module_count; i++) {
        if (!str_eq(str_of(stdlib_modules[i].name), path)) { continue; }
        struct sb b = { .arena = u->arena };
        sb_puts(&b, "<stdlib>/");
        for (size_t k = 0; k < path.n; k++) { sb_char(&b, path.p[k] == '.' ? '/' : path.p[k]); }
        sb_puts(&b, ".msa");
        struct source *s = source_add(u->sources, sb_str(&b), (struct str){ stdlib_modules[i].text, stdlib_modules[i].n });
        if (s != NULL) { s->builtin = true; }
        return s;
    }
    return NULL;
}

static void use(struct unit *u, struct source_module *from, const struct node *n)
{
    struct source_module *m = module_known(u, n->text);
    if (m == NULL) {
        bool own = true;
        struct source *s = beside(u, n->text);
        if (s == NULL) { s = builtin(u, n->text); own = false; }
        if (s == NULL) {
            struct suggestion g;
            suggest_start(&g, n->text);
            for (size_t i = 0; i < stdlib_module_count; i++) { suggest_offer(&g, str_of(stdlib_modules[i].name)); }
            struct diag *d = diag(u->diags, E0201_NO_MODULE, n->span, "there is no module `%.*s`", STR_ARG(n->text));
            if (suggest_found(&g)) { diag_help(d, "did you mean `use %.*s`?", STR_ARG(g.best)); }
            diag_note(d, "looked beside the agreement and in the standard library");
            return;
        }
        if (own && !diag_check_text(u->diags, s)) { return; }
        m = module_new(u, n->text, s, true);
    }
    vec_push(&from->uses, u->arena, m);
}

void unit_load(struct unit *u, struct source *main)
{
    u->main = module_new(u, (struct str){ "", 0 }, main, false);
    for (size_t i = 0; i < u->modules.n; i++) {
        struct source_module *m = u->modules.p[i];
        for (uint32_t k = 0; m->file != NULL && k < m->file->n; k++) {
            const struct node *n = m->file->kid[k];
            if (n->kind == N_USE) { use(u, m, n); }
            if (n->kind == N_AGREEMENT && m->is_library) {
                struct diag *d = diag(u->diags, E0202_AGREEMENT_IN_MODULE, n->span, "a module that is used cannot have an agreement of its own");
                diag_help(d, "take the header out of this file, or compile it by itself");
            } else if (n->kind == N_AGREEMENT && u->agreement != NULL) {
                struct diag *d = diag(u->diags, E0203_TWO_AGREEMENTS, n->span, "a file has one agreement");
                diag_label(d, u->agreement->span, "the first is here");
            diag_help(d, "write a second file for the second agreement; what both need goes into a module that both `use`");
            } else if (n->kind == N_AGREEMENT) {
                u->agreement = n;
            }
        }
    }
}
