/* SPDX-License-Identifier: MIT */
/* The parts of the grammar that files of examples do not reach: every keyword, limits, names, broken text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "grammar/parser.h"
#include "msa.tab.h"
#include <stdlib.h>
#include <string.h>

struct parsed { struct arena arena; struct diags *diags; struct node *file; uint32_t nodes; };

static struct parsed *parse_bytes(const char *text, size_t n)
{
    struct parsed *r = malloc(sizeof *r);
    arena_init(&r->arena, NULL);
    struct sources *s = sources_make(&r->arena);
    r->diags = diags_make(&r->arena, s);
    struct parse_ctx c = { .arena = &r->arena, .diags = r->diags, .source = source_add(s, STR("t.msa"), str_make(text, n)), .nodes = 7 };
    r->file = parse_file(&c);
    r->nodes = c.nodes;
    return r;
}
static struct parsed *parse_text(const char *text)
{
    return parse_bytes(text, strlen(text));
}
static void done(struct parsed *r)
{
    arena_free(&r->arena);
    free(r);
}
static enum diag_code only_code(struct parsed *r)
{
    size_t n;
    const struct diag *const *list = diags_sorted(r->diags, &n);
    assert_int_equal(n, 1);
    return list[0]->code;
}

/* The token of `word` in a line that starts with `before` and ends with `behind`: is it there? */
static bool scans_to(const char *before, const char *word, const char *behind, int token)
{
    struct arena a;
    arena_init(&a, NULL);
    struct sources *s = sources_make(&a);
    struct str text = str_printf(&a, "%s%s%s", before, word, behind);
    struct parse p = { .arena = &a, .diags = diags_make(&a, s), .source = source_add(s, STR("t"), text), .keywords = keywords_make(&a) };
    scan_all(&p);
    filter_tokens(&p);
    bool found = false;
    for (size_t i = 0; i < p.tokens.n; i++) { found = found || p.tokens.p[i].kind == token; }
    arena_free(&a);
    return found;
}
/* Words that are keywords only among certain others, and those others. */
static const struct { const char *word, *before, *behind; } in_their_place[] = {
    { "next", "name ", " 5" }, { "remaining", "name ", " hours" }, { "less", "name (charges ", " name)" },
    { "earned in", "name (charges less name, ", " name)" }, { "invoiced in", "name (charges less name, ", " name)" },
    { "paid in", "name (charges less name, ", " name)" }, { "scheduled in", "name (charges less name, ", " name)" },
};
/* Each keyword scans to its own token where a statement starts; those of the first two ranges are names elsewhere. */
static void keywords(void **state)
{
    (void)state;
    int words = 0;
    size_t placed = 0;
    for (int symbol = 0; symbol < grammar_symbols(); symbol++) {
        enum word_class class = grammar_word_class(symbol);
        if (class == NOT_A_WORD) { continue; }
        words++;
        const char *word = grammar_symbol_name(symbol);
        int token = grammar_token_of(symbol);
        assert_int_equal(grammar_symbol_of(token), symbol);
        size_t i = 0;
        while (i < countof(in_their_place) && strcmp(in_their_place[i].word, word) != 0) { i++; }
        if (i < countof(in_their_place)) {
            placed++;
            assert_int_equal(class, PLAIN_WORD);
            if (!scans_to(in_their_place[i].before, word, in_their_place[i].behind, token)) { fail_msg("`%s` in its place", word); }
            if (scans_to("", word, "", token) || scans_to("name ", word, "", token)) { fail_msg("`%s` is a name elsewhere", word); }
            continue;
        }
        if (!scans_to("", word, "", token) || !scans_to("4.1.2 ", word, "", token)) { fail_msg("`%s` is not scanned to its token", word); }
        if (scans_to("name ", word, "", token) != (class == PLAIN_WORD)) { fail_msg("`%s` in the middle of a line", word); }
    }
    assert_int_equal(placed, countof(in_their_place));
    assert_true(words > 200);
}

static void ids_go_on(void **state)
{
    (void)state;
    struct parsed *r = parse_text("scale a: b, c\n");
    assert_int_equal(r->file->kind, N_FILE);
    assert_int_equal(r->file->id, 10);
    assert_int_equal(r->file->kid[0]->kid[0]->id, 7);
    assert_int_equal(r->nodes, 11);
    done(r);
}

static void empty_files(void **state)
{
    (void)state;
    static const char *const texts[] = { "", "\n", "# only words\n", ";\n;;", "\r\n\r\n", "   ", "\xEF\xBB\xBFscale a: b" };
    for (size_t i = 0; i < countof(texts); i++) {
        struct parsed *r = parse_text(texts[i]);
        assert_int_equal(r->file->kind, N_FILE);
        assert_int_equal(diags_errors(r->diags), 0);
        done(r);
    }
}

static void text_that_is_none(void **state)
{
    (void)state;
    static const struct { const char *text; enum diag_code code; } bad[] = {
        { "scale a: \xFF", E0002_NOT_UTF8 }, { "text \"\xE2\x80\xAE\"", E0003_BIDI_CONTROL }, { "scale a: \x01", E0004_CONTROL_BYTE },
    };
    for (size_t i = 0; i < countof(bad); i++) {
        struct parsed *r = parse_text(bad[i].text);
        assert_int_equal(r->file->kind, N_FILE);
        assert_int_equal(r->file->kid[0]->kind, N_BROKEN);
        assert_int_equal(only_code(r), bad[i].code);
        done(r);
    }
    struct parsed *r = parse_bytes("scale a: b\0c", 12);
    assert_int_equal(only_code(r), E0004_CONTROL_BYTE);
    done(r);
}

static unsigned depth(const struct node *n)
{
    unsigned deepest = 0;
    for (uint32_t i = 0; i < n->n; i++) {
        unsigned d = n->kid[i] != NULL ? depth(n->kid[i]) : 0;
        if (d > deepest) { deepest = d; }
    }
    return deepest + 1;
}
/* Whatever is piled up: one message at most about depth, and no tree deeper than promised. */
static void nesting(void **state)
{
    (void)state;
    static const struct { const char *start, *more, *end; bool fits; unsigned times; } piles[] = {
        { "value a = ", "(", "1", false, 20000 }, { "value a = ", "-", "1", false, 20000 }, { "value a = ", "not ", "x", false, 20000 },
        { "value a = 1", " + 1", "", false, 20000 }, { "value a = 1", " + 1", "", true, 150 }, { "value a = x", " and x", "", true, 20000 },
        { "value a = ", "x of ", "y", false, 20000 }, { "value a = ", "if a then b else ", "c", false, 20000 },
        { "value a = ", "if ", "c", false, 20000 }, { "value a = ", "f(", "c", false, 20000 }, { "", "all of {", "", false, 20000 },
        { "value a = ", "any of {", "", false, 20000 }, { "value a = x", " rounded down to 1", "", false, 20000 },
        { "value a = x", " local to y", "", false, 20000 }, { "scale a: x", ", x", "", true, 20000 }, { "", "section 1 {", "", false, 20000 },
        { "", "}", "", false, 20000 }, { "", "x\n", "", false, 20000 }, { "table t by a {\n", "|", "\n}", true, 20000 },
        { "", "(", "", false, 20000 }, { "calendar c = a", " except b", "", false, 20000 }, { "", "\"", "", false, 20001 },
        { "", "\xE2\x80\x9C", "", false, 20000 }, { "", "1,1", "", false, 20000 }, { "", "1-", "", false, 20000 }, { "", "$", "", false, 20000 },
    };
    for (size_t i = 0; i < countof(piles); i++) {
        struct sb text = { 0 };
        sb_puts(&text, piles[i].start);
        for (unsigned k = 0; k < piles[i].times; k++) { sb_puts(&text, piles[i].more); }
        sb_puts(&text, piles[i].end);
        struct parsed *r = parse_bytes(text.p, text.n);
        assert_int_equal(r->file->kind, N_FILE);
        if (depth(r->file) > PARSE_DEPTH + 1) { fail_msg("pile %zu is %u deep", i, depth(r->file)); }
        if ((diags_errors(r->diags) == 0) != piles[i].fits) { fail_msg("pile %zu: %zu errors", i, diags_errors(r->diags)); }
        done(r);
        sb_free(&text);
    }
}

/* Every single byte of a small agreement taken away, doubled or replaced ends in a tree or messages. */
static void one_byte_wrong(void **state)
{
    (void)state;
    static const char text[] = "agreement \"A\" { term 12 months }\nsection 4 \"B\" {\n  4.1 clock r of t {\n    starts on o by c when x is 2\n"
        "    target by p { p | within ; P1 to P2 | 15 min ; otherwise | none }\n    at 50% of target notify \"L\", x\n  }\n"
        "  4.2 calendar c { mon to fri 08:00 to 18:00 ; closed july 4, 2026-01-01 from 12:00 }\n}\n";
    static const char others[] = "{}()|,;:=\"'#\n 0a.-%$\\";
    for (size_t at = 0; at < sizeof text - 1; at++) {
        for (size_t o = 0; o < sizeof others; o++) {
            char copy[sizeof text];
            memcpy(copy, text, sizeof text);
            size_t n = sizeof text - 1;
            if (others[o] == '\0') { memmove(copy + at, copy + at + 1, n - at), n--; } else { copy[at] = others[o]; }
            struct parsed *r = parse_bytes(copy, n);
            assert_int_equal(r->file->kind, N_FILE);
            done(r);
        }
    }
}

static void distances(void **state)
{
    (void)state;
    assert_int_equal(word_distance(STR("calender"), STR("calendar"), 3), 1);
    assert_int_equal(word_distance(STR("clcok"), STR("clock"), 3), 1);
    assert_int_equal(word_distance(STR("Clock"), STR("clock"), 3), 0);
    assert_int_equal(word_distance(STR("abc"), STR("xyz"), 2), 3);
    assert_int_equal(word_distance(STR(""), STR("ab"), 2), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keywords), cmocka_unit_test(ids_go_on), cmocka_unit_test(empty_files), cmocka_unit_test(text_that_is_none),
        cmocka_unit_test(nesting), cmocka_unit_test(one_byte_wrong), cmocka_unit_test(distances),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
