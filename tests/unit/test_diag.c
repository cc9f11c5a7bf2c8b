/* SPDX-License-Identifier: MIT */
/* What people and programs see of a message: whole texts, compared as they are. */
#include "base/diag.h"
#include "base/prelude.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

struct desk { struct arena arena; struct sources *sources; struct diags *diags; struct sb out; };

static int open_desk(void **state)
{
    static struct desk desk;
    desk = (struct desk){ 0 };
    arena_init(&desk.arena, NULL);
    desk.sources = sources_make(&desk.arena);
    desk.diags = diags_make(&desk.arena, desk.sources);
    *state = &desk;
    return 0;
}

static int close_desk(void **state)
{
    struct desk *k = *state;
    sb_free(&k->out);
    arena_free(&k->arena);
    return 0;
}

/* Span of the first (or nth) occurrence of a word in a file. */
static struct span find(const struct source *f, const char *word, int nth)
{
    const char *p = f->text - 1;
    do { p = strstr(p + 1, word); } while (p && nth-- > 0);
    assert_non_null(p);
    uint32_t from = f->base + (uint32_t)(p - f->text);
    return span_make(from, from + (uint32_t)strlen(word));
}

static struct source *file(struct desk *k, const char *text)
{
    return source_add(k->sources, STR("acme.msa"), str_of(text));
}

static const char *shown(struct desk *k)
{
    sb_clear(&k->out);
    diag_text(&k->out, k->diags, false);
    return k->out.p ? k->out.p : "";
}

static void labels_stand_at_every_place(void **state)
{
    struct desk *k = *state;
    struct source *f = file(k, "service backup\n  fee 100 USD per month\n\n  credit 10 EUR on breach\n");
    struct diag *m = diag(k->diags, E0002_NOT_UTF8, find(f, "10 EUR", 0), "cannot add `%s` to `%s`", "EUR", "USD");
    diag_label(m, find(f, "10 EUR", 0), "this is in `EUR`");
    diag_label(m, find(f, "100 USD", 0), "the fee is in `USD`");
    diag_note(m, "a sum has one currency");
    diag_help(m, "convert it first:\n`10 EUR in USD`");
    assert_string_equal(shown(k),
        "error[E0002]: cannot add `EUR` to `USD`\n"
        "  --> acme.msa:4:10\n"
        "   |\n"
        " 2 |   fee 100 USD per month\n"
        "   |       ------- the fee is in `USD`\n"
        " 3 |\n"
        " 4 |   credit 10 EUR on breach\n"
        "   |          ^^^^^^ this is in `EUR`\n"
        "   |\n"
        "   = note: a sum has one currency\n"
        "   = help: convert it first:\n"
        "           `10 EUR in USD`\n"
        "\n"
        "1 error\n");
}

static void tabs_and_wide_characters_keep_carets_in_place(void **state)
{
    struct desk *k = *state;
    struct source *f = file(k, "\tparty \"東京\" owes nothing\n");
    struct diag *m = diag(k->diags, E0002_NOT_UTF8, find(f, "owes", 0), "unrecognised `owes`");
    diag_label(m, find(f, "東京", 0), "wide");
    /* The tab is four columns, each of the two characters two; the column counts characters. */
    assert_string_equal(shown(k),
        "error[E0002]: unrecognised `owes`\n"
        "  --> acme.msa:1:13\n"
        "   |\n"
        " 1 |     party \"東京\" owes nothing\n"
        "   |            ----  ^^^^\n"
        "   |            wide\n"
        "\n"
        "1 error\n");
}

static void combining_marks_take_no_column(void **state)
{
    struct desk *k = *state;
    struct source *f = file(k, "e\xCC\x81\xCC\x81 x\n");
    diag(k->diags, E0002_NOT_UTF8, find(f, "x", 0), "here");
    assert_non_null(strstr(shown(k), " 1 | e\xCC\x81\xCC\x81 x\n   |   ^\n"));
    assert_non_null(strstr(shown(k), "acme.msa:1:5\n"));
}

static void two_labels_on_a_line_are_stacked(void **state)
{
    struct desk *k = *state;
    struct source *f = file(k, "respond within 4 h of 2 days\n");
    struct diag *m = diag(k->diags, E0002_NOT_UTF8, find(f, "within", 0), "odd");
    diag_label(m, find(f, "within", 0), "this");
    diag_label(m, find(f, "4 h", 0), "hours");
    diag_label(m, find(f, "2 days", 0), "days");
    assert_string_equal(shown(k),
        "error[E0002]: odd\n"
        "  --> acme.msa:1:9\n"
        "   |\n"
        " 1 | respond within 4 h of 2 days\n"
        "   |         ^^^^^^ ---    ------ days\n"
        "   |         |      hours\n"
        "   |         this\n"
        "\n"
        "1 error\n");
}

static void a_span_of_several_lines_shows_both_ends(void **state)
{
    struct desk *k = *state;
    struct source *f = file(k, "clock c {\n  a\n  b\n  c\n}\n");
    struct diag *m = diag(k->diags, E0002_NOT_UTF8, span_make(f->base + 8, f->base + 23), "never closed");
    diag_label(m, m->span, "this block");
    assert_string_equal(shown(k),
        "error[E0002]: never closed\n"
        "  --> acme.msa:1:9\n"
        "   |\n"
        " 1 | clock c {\n"
        "   |         ^...\n"
        "...\n"
        " 5 | }\n"
        "   | ^ this block\n"
        "\n"
        "1 error\n");
}

static void a_fix_shows_the_line_after_it(void **state)
{
    struct desk *k = *state;
    struct source *f = file(k, "calender office\n");
    struct diag *m = diag(k->diags, E0002_NOT_UTF8, find(f, "calender", 0), "unrecognised `calender`");
    diag_fix(m, find(f, "calender", 0), "calendar");
    assert_string_equal(shown(k),
        "error[E0002]: unrecognised `calender`\n"
        "  --> acme.msa:1:1\n"
        "   |\n"
        " 1 | calender office\n"
        "   | ^^^^^^^^\n"
        "   |\n"
        "   = help: replace it:\n"
        "   |\n"
        " 1 | calendar office\n"
        "   | ~~~~~~~~\n"
        "\n"
        "1 error\n");
}

static void a_place_in_another_file_is_named(void **state)
{
    struct desk *k = *state;
    struct source *f = file(k, "use itil\n");
    struct source *g = source_add(k->sources, STR("<stdlib>/itil.msa"), STR("# itil\nclock c\n"));
    assert_true(g->builtin);
    struct diag *m = diag(k->diags, E0002_NOT_UTF8, find(f, "itil", 0), "`c` is there twice");
    diag_label(m, find(g, "c", 1), "first here");
    const char *text = shown(k);
    assert_non_null(strstr(text, "  ::: <stdlib>/itil.msa:2\n"));
    assert_non_null(strstr(text, " 2 | clock c\n   |    - first here\n"));
}

static void the_end_of_a_file_is_a_place(void **state)
{
    struct desk *k = *state;
    struct source *f = file(k, "clock");
    diag(k->diags, E0002_NOT_UTF8, span_make(f->base + f->n, f->base + f->n), "the file ends here");
    assert_non_null(strstr(shown(k), "acme.msa:1:6\n   |\n 1 | clock\n   |      ^\n"));
}

static void long_lines_are_cut_around_the_place(void **state)
{
    struct desk *k = *state;
    struct sb line = { .arena = &k->arena };
    sb_fill(&line, 'a', 1000);
    sb_puts(&line, " here ");
    sb_fill(&line, 'b', 1000);
    struct source *f = file(k, line.p);
    diag(k->diags, E0002_NOT_UTF8, find(f, "here", 0), "far out");
    const char *text = shown(k);
    const char *source = strstr(text, " 1 | ...a");
    assert_non_null(source);
    const char *carets = strstr(source, "^^^^");
    const char *word = strstr(source, "here");
    const char *second = strchr(source, '\n') + 1;
    assert_int_equal(word - source, carets - second);
    assert_true(strlen(text) < 500);
}

static void control_characters_of_others_do_not_reach_the_terminal(void **state)
{
    struct desk *k = *state;
    struct source *f = file(k, "a\033[2Jb\n");
    diag(k->diags, E0004_CONTROL_BYTE, span_make(f->base + 1, f->base + 2), "saw `%s`", "\033[2J");
    assert_null(strchr(shown(k), '\033'));
    assert_non_null(strstr(shown(k), "saw `\\u{1b}[2J`"));
}

static void colour_only_when_asked(void **state)
{
    struct desk *k = *state;
    struct source *f = file(k, "x\n");
    diag(k->diags, E0002_NOT_UTF8, find(f, "x", 0), "m");
    assert_null(strchr(shown(k), '\033'));
    sb_clear(&k->out);
    diag_text(&k->out, k->diags, true);
    assert_non_null(strstr(k->out.p, "\033[1;31merror[E0002]\033[0m"));
}

static void the_first_error_at_a_place_is_kept(void **state)
{
    struct desk *k = *state;
    struct source *f = file(k, "b a\n");
    diag(k->diags, E0002_NOT_UTF8, find(f, "a", 0), "second in the file");
    diag(k->diags, E0002_NOT_UTF8, find(f, "b", 0), "first in the file");
    struct diag *dropped = diag(k->diags, E0003_BIDI_CONTROL, find(f, "a", 0), "follows from the other");
    diag_note(dropped, "nobody sees this");
    size_t n;
    const struct diag *const *list = diags_sorted(k->diags, &n);
    assert_int_equal(n, 2);
    assert_string_equal(list[0]->headline.p, "first in the file");
    assert_int_equal(diags_errors(k->diags), 2);
}

static void errors_beyond_the_limit_are_counted(void **state)
{
    struct desk *k = *state;
    struct sb text = { .arena = &k->arena };
    sb_fill(&text, 'x', 50);
    struct source *f = file(k, text.p);
    for (uint32_t i = 0; i < 50; i++) {
        diag(k->diags, E0002_NOT_UTF8, span_make(f->base + i, f->base + i + 1), "no %u", (unsigned)i);
    }
    size_t n;
    (void)diags_sorted(k->diags, &n);
    assert_int_equal(n, 20);
    assert_int_equal(diags_errors(k->diags), 50);
    assert_non_null(strstr(shown(k), "50 errors (the first 20 errors are shown)\n"));
}

static void json_has_bytes_and_columns(void **state)
{
    struct desk *k = *state;
    struct source *f = file(k, "é \"x\"\n");
    struct diag *m = diag(k->diags, E0002_NOT_UTF8, find(f, "\"x\"", 0), "saw `%s`", "\"x\"");
    diag_label(m, m->span, "here");
    diag_help(m, "h");
    diag_fix(m, m->span, "y");
    diag_json(&k->out, k->diags);
    const char *span = "{\"file\":\"acme.msa\",\"from\":{\"line\":1,\"column\":3,\"byte\":3},"
                       "\"to\":{\"line\":1,\"column\":6,\"byte\":6}}";
    struct str want = str_printf(&k->arena,
        "{\"code\":\"E0002\",\"slug\":\"not-utf8\",\"severity\":\"error\",\"message\":\"saw `\\\"x\\\"`\",\"span\":%s,"
        "\"labels\":[{\"span\":%s,\"text\":\"here\"}],\"notes\":[],\"help\":[\"h\"],"
        "\"fixes\":[{\"span\":%s,\"replacement\":\"y\"}]}\n", span, span, span);
    assert_string_equal(k->out.p, want.p);
}

static void sarif_names_rule_region_and_fix(void **state)
{
    struct desk *k = *state;
    struct source *f = source_add(k->sources, STR("a b/ü.msa"), STR("é x\n"));
    struct diag *m = diag(k->diags, E0003_BIDI_CONTROL, find(f, "x", 0), "m");
    diag_fix(m, m->span, "y");
    diag(k->diags, E0001_CANNOT_READ, SPAN_NONE, "no place");
    diag_sarif(&k->out, k->diags, "1.2.3");
    assert_non_null(strstr(k->out.p, "\"version\":\"2.1.0\""));
    assert_non_null(strstr(k->out.p, "\"columnKind\":\"unicodeCodePoints\""));
    assert_non_null(strstr(k->out.p, "\"uri\":\"a%20b/%C3%BC.msa\""));
    assert_non_null(strstr(k->out.p, "{\"startLine\":1,\"startColumn\":3,\"endLine\":1,\"endColumn\":4}"));
    assert_non_null(strstr(k->out.p, "\"insertedContent\":{\"text\":\"y\"}"));
    assert_non_null(strstr(k->out.p, "{\"ruleId\":\"E0001\",\"ruleIndex\":0,\"level\":\"error\",\"message\":{\"text\":\"no place\"}}"));
}

static void codes_are_found_by_number_and_slug(void **state)
{
    (void)state;
    assert_ptr_equal(diag_info_find(STR("e0003")), diag_info(E0003_BIDI_CONTROL));
    assert_ptr_equal(diag_info_find(STR("bidi-control")), diag_info(E0003_BIDI_CONTROL));
    assert_null(diag_info_find(STR("E00031")));
    assert_null(diag_info_find(STR("")));
    /* Numbers and slugs are never used twice. */
    for (enum diag_code a = 0; a < DIAG_COUNT; a++) {
        for (enum diag_code b = 0; b < a; b++) {
            assert_string_not_equal(diag_info(a)->code, diag_info(b)->code);
            assert_string_not_equal(diag_info(a)->slug, diag_info(b)->slug);
        }
    }
}

static void texts_are_checked_before_they_are_scanned(void **state)
{
    struct desk *k = *state;
    static const struct { const char *text; enum diag_code code; uint32_t at; } bad[] = {
        { "ok \xC3( no", E0002_NOT_UTF8, 3 },
        { "fee \xE2\x80\xAE", E0003_BIDI_CONTROL, 4 },
        { "a\001b", E0004_CONTROL_BYTE, 1 },
        { "a\rb", E0004_CONTROL_BYTE, 1 },
    };
    for (size_t i = 0; i < countof(bad); i++) {
        struct source *f = file(k, bad[i].text);
        assert_false(diag_check_text(k->diags, f));
        size_t n;
        const struct diag *const *list = diags_sorted(k->diags, &n);
        assert_int_equal(n, i + 1);
        assert_int_equal(list[i]->code, bad[i].code);
        assert_int_equal(list[i]->span.from, f->base + bad[i].at);
    }
    assert_true(diag_check_text(k->diags, file(k, "\xEF\xBB\xBF" "fine\r\n\tü\n")));
    assert_non_null(shown(k)); /* a text that is not UTF-8 can be shown, too */
}

static void a_missing_file_is_a_message(void **state)
{
    struct desk *k = *state;
    assert_null(diag_load(k->diags, k->sources, "/nonexistent/a.msa", SPAN_NONE));
    assert_string_equal(shown(k),
        "error[E0001]: could not read `/nonexistent/a.msa`: No such file or directory\n\n1 error\n");
}

/* Whatever the spans are, something is drawn and nothing is touched that is not there (the sanitizer build looks). */
static void any_spans_can_be_drawn(void **state)
{
    struct desk *k = *state;
    struct source *f = file(k, "\ta 東京 b\r\n\n  e\xCC\x81\n\xFF\xC3 x\n\t\tlong long long long line\nlast");
    struct source *empty = source_add(k->sources, STR("empty.msa"), STR(""));
    uint32_t all = empty->base + 3, seed = 1; /* a little beyond the last file */
    for (int round = 0; round < 3000; round++) {
        struct diags *d = diags_make(&k->arena, k->sources);
        struct span s[4];
        for (size_t i = 0; i < countof(s); i++) {
            seed = seed * 1664525u + 1013904223u;
            s[i].from = (seed >> 8) % all;
            seed = seed * 1664525u + 1013904223u;
            s[i].to = s[i].from + (seed >> 8) % (i % 2 ? 6 : f->n);
        }
        struct diag *m = diag(d, E0002_NOT_UTF8, s[0], "m");
        diag_label(m, s[1], "one");
        diag_label(m, s[2], "two");
        if (round % 2) { diag_label(m, s[0], "main"); }
        if (round % 3) { diag_label(m, s[3], "%s", ""); }
        diag_fix(m, s[3], "%s", round % 5 ? "fix" : "");
        sb_clear(&k->out);
        diag_text(&k->out, d, round % 7 == 0);
        assert_non_null(strstr(k->out.p, "E0002"));
        if (round % 3 == 0 && !span_is_none(s[1]) && source_of(k->sources, s[1].from)) { assert_non_null(strstr(k->out.p, "one")); }
        sb_clear(&k->out);
        diag_json(&k->out, d);
        diag_sarif(&k->out, d, "1");
    }
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, open_desk, close_desk)
    const struct CMUnitTest tests[] = {
        TEST(labels_stand_at_every_place),
        TEST(tabs_and_wide_characters_keep_carets_in_place),
        TEST(combining_marks_take_no_column),
        TEST(two_labels_on_a_line_are_stacked),
        TEST(a_span_of_several_lines_shows_both_ends),
        TEST(a_fix_shows_the_line_after_it),
        TEST(a_place_in_another_file_is_named),
        TEST(the_end_of_a_file_is_a_place),
        TEST(long_lines_are_cut_around_the_place),
        TEST(control_characters_of_others_do_not_reach_the_terminal),
        TEST(colour_only_when_asked),
        TEST(the_first_error_at_a_place_is_kept),
        TEST(errors_beyond_the_limit_are_counted),
        TEST(json_has_bytes_and_columns),
        TEST(sarif_names_rule_region_and_fix),
        TEST(codes_are_found_by_number_and_slug),
        TEST(texts_are_checked_before_they_are_scanned),
        TEST(a_missing_file_is_a_message),
        TEST(any_spans_can_be_drawn),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
