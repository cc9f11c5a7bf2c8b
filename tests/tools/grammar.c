/* SPDX-License-Identifier: MIT */
/* The grammar alone, for its tests: grammar tree|messages FILE…; grammar prefixes MOST FILE… parses each prefix of each file, of a
 * longer one MOST of them. */
#include "grammar/parse.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void say(struct sb *b, FILE *to)
{
    if (b->n > 0) { fwrite(b->p, 1, b->n, to); }
    sb_free(b);
}

static int show(const char *path, bool tree)
{
    struct arena a;
    arena_init(&a, NULL);
    struct sources *s = sources_make(&a);
    struct diags *d = diags_make(&a, s);
    struct source *f = diag_load(d, s, path, SPAN_NONE);
    struct sb out = { 0 };
    if (f != NULL) {
        struct parse_ctx c = { .arena = &a, .diags = d, .source = f, .text_checked = true };
        struct node *n = parse_file(&c);
        if (tree) { ast_print(&out, n); }
    }
    if (!tree || diags_errors(d) > 0) { diag_text(&out, d, false); }
    say(&out, stdout);
    int bad = diags_errors(d) > 0;
    arena_free(&a);
    return bad;
}

/* Counts BROKEN nodes and looks at every span. */
static size_t broken(const struct node *n, const struct source *f)
{
    size_t count = n->kind == N_BROKEN;
    if (n->span.from < f->base || n->span.to > f->base + f->n || n->span.from > n->span.to) { printf("span outside of the file\n"), count++; }
    for (uint32_t i = 0; i < n->n; i++) { count += n->kid[i] != NULL ? broken(n->kid[i], f) : 0; }
    return count;
}

static int prefixes(const char *path, uint32_t most)
{
    struct arena whole;
    arena_init(&whole, NULL);
    struct sources *all = sources_make(&whole);
    int error;
    struct source *f = source_read(all, path, &error);
    if (f == NULL) { return 1; }
    int bad = 0;
    uint32_t step = f->n / most + 1; /* of a long file a sample */
    for (uint32_t n = 0; n <= f->n; n += step) {
        struct arena a;
        arena_init(&a, NULL);
        struct sources *s = sources_make(&a);
        struct diags *d = diags_make(&a, s);
        struct source *part = source_add(s, STR("prefix"), str_make(f->text, n));
        struct parse_ctx c = { .arena = &a, .diags = d, .source = part };
        struct node *tree = parse_file(&c);
        if (tree == NULL || (broken(tree, part) > 0 && diags_errors(d) == 0)) {
            printf("%s: broken without a message after %u bytes\n", path, n);
            bad = 1;
        }
        if (n > 0 && memcmp(part->text, f->text, n) != 0) { printf("%s: the text was changed\n", path), bad = 1; }
        struct sb out = { 0 };
        diag_text(&out, d, false);
        sb_free(&out);
        arena_free(&a);
    }
    arena_free(&whole);
    return bad;
}

int main(int argc, char **argv)
{
    bool cut = argc > 3 && strcmp(argv[1], "prefixes") == 0;
    uint32_t most = cut ? (uint32_t)strtoul(argv[2], NULL, 10) : 0;
    int bad = 0;
    for (int i = cut ? 3 : 2; i < argc; i++) {
        bad |= cut ? prefixes(argv[i], most ? most : 1) : show(argv[i], strcmp(argv[1], "tree") == 0);
    }
    return bad;
}
