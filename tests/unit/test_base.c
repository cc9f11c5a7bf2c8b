/* SPDX-License-Identifier: MIT */
/* The floor: memory, text, names, sources, files, digests. */
#include "base/checked.h"
#include "base/hash.h"
#include "base/io.h"
#include "base/source.h"
#include "base/utf8.h"
#include "base/vec.h"
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

/* ---- arenas ---- */

static void arena_memory_is_zeroed_and_aligned(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, NULL);
    struct arena_mark m = arena_mark(&a);
    for (int round = 0; round < 2; round++) { /* the second round reuses what the first dirtied */
        for (size_t n = 0; n < 300; n++) {
            unsigned char *p = arena_alloc(&a, n);
            assert_int_equal((uintptr_t)p % ARENA_ALIGN, 0);
            for (size_t i = 0; i < n; i++) { assert_int_equal(p[i], 0); }
            memset(p, 0xAA, n);
        }
        arena_release(&a, m);
    }
    assert_int_equal(arena_footprint(&a), 0);
    arena_free(&a);
}

static void arena_release_gives_back_what_came_after_the_mark(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, NULL);
    char *kept = arena_strdup(&a, "kept");
    struct arena_mark m = arena_mark(&a);
    char *first = arena_alloc(&a, 16);
    (void)arena_alloc(&a, (size_t)5 * 1024 * 1024); /* a block of its own */
    size_t large = arena_footprint(&a);
    arena_release(&a, m);
    assert_true(arena_footprint(&a) < large);
    assert_ptr_equal(arena_alloc(&a, 16), first);
    assert_string_equal(kept, "kept");
    arena_free(&a);
}

static void arena_grows_in_place_at_its_end_only(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, NULL);
    char *p = arena_grow(&a, NULL, 0, 8);
    memcpy(p, "1234567", 8);
    assert_ptr_equal(arena_grow(&a, p, 8, 64), p);
    assert_int_equal(p[63], 0);
    (void)arena_alloc(&a, 1);
    char *q = arena_grow(&a, p, 64, 128);
    assert_ptr_not_equal(q, p);
    assert_string_equal(q, "1234567");
    arena_free(&a);
}

struct scarce { size_t left; jmp_buf back; };

static void *scarce_resize(void *ctx, void *p, size_t n)
{
    struct scarce *s = ctx;
    if (n == 0) {
        free(p);
        return NULL;
    }
    return s->left == 0 ? NULL : (s->left--, realloc(p, n));
}

static void scarce_out(void *ctx)
{
    struct scarce *s = ctx;
    longjmp(s->back, 1);
}

static void arena_calls_the_handler_when_memory_runs_out(void **state)
{
    (void)state;
    struct scarce s = { .left = 3 };
    const struct memory memory = { scarce_resize, scarce_out, &s };
    struct arena a;
    arena_init(&a, &memory);
    volatile bool reached = false;
    if (setjmp(s.back) == 0) {
        for (;;) { (void)arena_alloc(&a, 4000); }
    } else {
        reached = true;
    }
    assert_true(reached);
    assert_null(arena_try(&a, 100000));
    if (setjmp(s.back) == 0) {
        s.left = 1000;
        (void)arena_alloc(&a, SIZE_MAX - 4); /* no size is so large that it becomes small */
        fail();
    }
    if (setjmp(s.back) == 0) {
        (void)ARENA_ARRAY(&a, uint64_t, SIZE_MAX / 4);
        fail();
    }
    arena_free(&a);
}

static void vectors_grow_in_both_flavours(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, NULL);
    VEC(int) in_arena = { 0 }, in_heap = { 0 };
    for (int i = 0; i < 1000; i++) {
        vec_push(&in_arena, &a, i);
        vec_push(&in_heap, NULL, i);
    }
    for (size_t i = 0; i < 1000; i++) {
        assert_int_equal(in_arena.p[i], (int)i);
        assert_int_equal(in_heap.p[i], (int)i);
    }
    assert_int_equal(vec_pop(&in_heap), 999);
    assert_int_equal(vec_last(&in_heap), 998);
    *vec_add(&in_heap, NULL) = 7;
    assert_int_equal(vec_last(&in_heap), 7);
    vec_free(&in_heap);
    assert_int_equal(in_heap.n, 0);
    arena_free(&a);
}

static void checked_arithmetic_says_when_it_does_not_fit(void **state)
{
    (void)state;
    int64_t r;
    assert_false(ckd_add(&r, INT64_MAX - 1, 1));
    assert_int_equal(r, INT64_MAX);
    assert_true(ckd_add(&r, INT64_MAX, 1));
    assert_true(ckd_mul(&r, INT64_MIN, -1));
    assert_int_equal(size_of_array(3, 4), 12);
    assert_true(size_of_array(SIZE_MAX / 2, 3) == SIZE_MAX);
}

/* ---- text ---- */

static void views_compare_cut_and_trim(void **state)
{
    (void)state;
    assert_true(str_eq(STR("a"), str_of("a")));
    assert_true(str_eq((struct str){ NULL, 0 }, STR("")));
    assert_true(str_cmp(STR("ab"), STR("b")) < 0);
    assert_true(str_cmp(STR("ab"), STR("a")) > 0);
    assert_int_equal(str_cmp(STR(""), (struct str){ NULL, 0 }), 0);
    assert_true(str_starts(STR("clock"), STR("cl")) && !str_starts(STR("c"), STR("cl")));
    assert_true(str_ends(STR("a.msa"), STR(".msa")) && !str_ends(STR("sa"), STR("msa")));
    assert_true(str_eq(str_trim(STR(" \t a b\r\n")), STR("a b")));
    assert_true(str_eq(str_slice(STR("abc"), 2, 99), STR("c")));
    assert_true(str_eq(str_slice(STR("abc"), 9, 1), STR("")));
    struct str rest;
    assert_true(str_eq(str_cut(STR("k=v=w"), '=', &rest), STR("k")) && str_eq(rest, STR("v=w")));
    assert_true(str_eq(str_cut(STR("k"), '=', &rest), STR("k")) && rest.n == 0);
}

static void builders_print_numbers_and_formats(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, NULL);
    struct sb heap = { 0 }, arena = { .arena = &a };
    struct sb *both[] = { &heap, &arena };
    for (size_t i = 0; i < 2; i++) {
        struct sb *b = both[i];
        sb_i64(b, INT64_MIN);
        sb_char(b, ' ');
        sb_u64(b, UINT64_MAX);
        sb_printf(b, " %0200d|", 7);
        sb_rune(b, 0x20AC);
        assert_int_equal(b->n, 20 + 1 + 20 + 1 + 200 + 1 + 3);
        assert_int_equal(strncmp(b->p, "-9223372036854775808 18446744073709551615 000", 45), 0);
        assert_int_equal(strlen(b->p), b->n);
    }
    sb_free(&heap);
    assert_true(str_eq(str_printf(&a, "%d-%s", 1, "x"), STR("1-x")));
    arena_free(&a);
}

static void json_strings_are_always_valid(void **state)
{
    (void)state;
    struct sb b = { 0 };
    sb_json_string(&b, STR("a\"b\\\n\t\r\001é€\xF0\x9F\x98\x80\xFF\xC3"));
    assert_string_equal(b.p, "\"a\\\"b\\\\\\n\\t\\r\\u0001é€\xF0\x9F\x98\x80\xEF\xBF\xBD\xEF\xBF\xBD\"");
    sb_clear(&b);
    sb_json_string(&b, (struct str){ "\0\x7F\xEF\xBF\xBD", 5 }); /* a real U+FFFD stays what it is */
    assert_string_equal(b.p, "\"\\u0000\\u007f\xEF\xBF\xBD\"");
    sb_free(&b);
}

static void names_are_numbers(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, NULL);
    struct names *t = names_make(&a);
    assert_int_equal(names_find(t, STR("x")), 0);
    for (int round = 0; round < 2; round++) {
        for (uint32_t i = 1; i <= 5000; i++) {
            assert_int_equal(names_id(t, str_printf(&a, "name%u", i)), i);
        }
    }
    assert_int_equal(names_count(t), 5000);
    assert_string_equal(names_text(t, 4711).p, "name4711");
    assert_int_equal(names_find(t, STR("name4711")), 4711);
    assert_int_equal(names_text(t, 0).n, 0);
    arena_free(&a);
}

static void utf8_finds_the_first_bad_byte(void **state)
{
    (void)state;
    static const struct { const char *text; size_t at; } cases[] = {
        { "", 0 }, { "plain text of many words", 24 }, { "é€\xF0\x9F\x98\x80", 9 },
        { "12345678\x80", 8 },        /* continuation alone, behind a whole word */
        { "\xC0\xAF", 0 },            /* overlong */
        { "a\xE0\x9F\xBF", 1 },       /* overlong, three bytes */
        { "a\xED\xA0\x80", 1 },       /* surrogate */
        { "\xF4\x90\x80\x80", 0 },    /* above U+10FFFF */
        { "\xF4\x8F\xBF\xBF", 4 },    /* the last one */
        { "ab\xE2\x82", 2 },          /* cut off */
        { "\xF5\x80\x80\x80", 0 },
    };
    for (size_t i = 0; i < countof(cases); i++) {
        assert_int_equal(utf8_check(cases[i].text, strlen(cases[i].text)), cases[i].at);
    }
}

static void every_code_point_survives(void **state)
{
    (void)state;
    struct sb b = { 0 };
    for (uint32_t c = 0; c <= 0x10FFFF; c++) {
        if (c >= 0xD800 && c <= 0xDFFF) { continue; }
        sb_clear(&b);
        sb_rune(&b, c);
        size_t length;
        if (utf8_decode(b.p, b.n, &length) != c || length != b.n || utf8_check(b.p, b.n) != b.n) { fail(); }
    }
    sb_free(&b);
}

static void widths_are_those_of_terminals(void **state)
{
    (void)state;
    assert_int_equal(utf8_width('a'), 1);
    assert_int_equal(utf8_width(0x301), 0);
    assert_int_equal(utf8_width(0x6771), 2);
    assert_int_equal(utf8_width(0x1F600), 2);
    assert_int_equal(utf8_width(0x20AC), 1);
    assert_int_equal(utf8_text_width(STR("東é")), 3);
    assert_int_equal(utf8_count(STR("東é")), 2);
    assert_int_equal(utf8_find_bidi(STR("a\xE2\x81\xA6")), 1);
    assert_int_equal(utf8_find_bidi(STR("añ")), 3);
}

/* ---- sources ---- */

static void offsets_know_file_line_and_column(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, NULL);
    struct sources *s = sources_make(&a);
    struct source *f = source_add(s, STR("f"), STR("one\r\nzwé x\n\nlast"));
    struct source *empty = source_add(s, STR("empty"), STR(""));
    struct source *g = source_add(s, STR("g"), STR("\xEF\xBB\xBF" "bom\n"));
    assert_int_equal(sources_count(s), 3);
    assert_ptr_equal(source_of(s, f->base), f);
    assert_ptr_equal(source_of(s, f->base + f->n), f);
    assert_ptr_equal(source_of(s, empty->base), empty);
    assert_ptr_equal(source_of(s, g->base + 4), g);
    assert_null(source_of(s, 0));
    assert_null(source_of(s, g->base + g->n + 1));
    assert_int_equal(g->n, 4);

    struct place p = source_place(s, f->base + 10); /* the x: é is two bytes and one column */
    assert_ptr_equal(p.file, f);
    assert_int_equal(p.line, 2);
    assert_int_equal(p.column, 5);
    assert_int_equal(p.byte, 5);
    p = source_place(s, f->base + f->n);
    assert_int_equal(p.line, 4);
    assert_int_equal(p.column, 5);
    p = source_place(s, empty->base);
    assert_int_equal(p.line, 1);
    assert_int_equal(p.column, 1);

    assert_true(str_eq(source_line(f, 1), STR("one")));
    assert_true(str_eq(source_line(f, 3), STR("")));
    assert_true(str_eq(source_line(f, 4), STR("last")));
    assert_true(str_eq(source_line(f, 5), STR("")));
    assert_int_equal(source_line_count(f), 4);
    assert_int_equal(source_line_start(f, 2), f->base + 5);
    assert_true(str_eq(source_text(s, span_make(f->base + 5, f->base + 9)), STR("zwé")));
    assert_int_equal(f->text[f->n], 0);
    assert_int_equal(f->text[f->n + 1], 0);
    struct span j = span_join(span_make(4, 6), span_make(2, 5));
    assert_int_equal(j.from, 2);
    assert_int_equal(j.to, 6);
    arena_free(&a);
}

/* ---- files ---- */

static void files_are_replaced_whole(void **state)
{
    (void)state;
    char folder[] = "/tmp/msa-test-XXXXXX";
    assert_non_null(mkdtemp(folder));
    struct arena a;
    arena_init(&a, NULL);
    const char *path = str_printf(&a, "%s/file", folder).p;
    assert_int_equal(io_write_file(path, STR("first")), 0);
    assert_int_equal(chmod(path, 0640), 0);
    assert_int_equal(io_write_file(path, STR("second")), 0);
    struct stat st;
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0640);
    struct str text;
    assert_int_equal(io_read_file(&a, path, 2, 100, &text), 0);
    assert_true(str_eq(text, STR("second")));
    assert_int_equal(text.p[text.n + 1], 0);
    assert_int_equal(io_read_file(&a, path, 0, 6, &text), 0);
    assert_int_equal(io_read_file(&a, path, 0, 5, &text), EFBIG);
    assert_int_equal(io_read_file(&a, folder, 0, 100, &text), EISDIR);
    assert_int_equal(io_read_file(&a, "/nonexistent/x", 0, 100, &text), ENOENT);
    assert_int_equal(io_write_file("/nonexistent/x", STR("")), ENOENT);
    int error = 0;
    struct sources *s = sources_make(&a);
    assert_non_null(source_read(s, path, &error));
    assert_null(source_read(s, "/nonexistent/x", &error));
    assert_int_equal(error, ENOENT);
    unlink(path);
    assert_int_equal(rmdir(folder), 0); /* nothing else was left there */
    arena_free(&a);
}

static void lines_longer_than_the_buffer_are_read(void **state)
{
    (void)state;
    FILE *t = tmpfile();
    assert_non_null(t);
    int fd = fileno(t);
    struct io_writer w;
    io_writer_init(&w, fd);
    struct sb big = { 0 };
    sb_fill(&big, 'x', 3 * IO_BLOCK + 5);
    for (int i = 0; i < 50000; i++) {
        char line[32];
        io_write(&w, line, (size_t)snprintf(line, sizeof line, "line %d%s\n", i, i % 2 ? "\r" : ""));
    }
    io_write_str(&w, sb_str(&big));
    io_write_str(&w, STR("\n\nend"));
    assert_int_equal(io_writer_free(&w), 0);
    assert_int_equal(lseek(fd, 0, SEEK_SET), 0);

    struct io_reader r;
    io_reader_init(&r, fd);
    struct str line;
    for (int i = 0; i < 50000; i++) {
        char want[32];
        snprintf(want, sizeof want, "line %d", i);
        assert_true(io_read_line(&r, &line));
        if (!str_eq(line, str_of(want))) { fail(); }
    }
    assert_true(io_read_line(&r, &line));
    assert_int_equal(line.n, big.n);
    assert_true(io_read_line(&r, &line));
    assert_int_equal(line.n, 0);
    assert_true(io_read_line(&r, &line));
    assert_true(str_eq(line, STR("end")));
    assert_int_equal(r.line, 50003);
    assert_false(io_read_line(&r, &line));
    assert_int_equal(r.error, 0);
    assert_int_equal(r.offset, (uint64_t)lseek(fd, 0, SEEK_END));
    io_reader_free(&r);
    sb_free(&big);
    fclose(t);
}

static void errors_of_files_are_kept(void **state)
{
    (void)state;
    struct io_reader r;
    io_reader_init(&r, -1);
    struct str line;
    assert_false(io_read_line(&r, &line));
    assert_int_equal(r.error, EBADF);
    io_reader_free(&r);
    struct io_writer w;
    io_writer_init(&w, -1);
    io_write_str(&w, STR("x"));
    assert_int_equal(io_flush(&w), EBADF);
    assert_int_equal(io_writer_free(&w), EBADF);
}

/* ---- digests ---- */

static void digests_have_their_published_values(void **state)
{
    (void)state;
    char hex[65];
    hash_sha256_hex("abc", 3, hex);
    assert_string_equal(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    hash_sha256_hex("", 0, hex);
    assert_string_equal(hex, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    struct hash_sha256 h;
    uint8_t whole[32], pieces[32];
    hash_sha256("abc", 3, whole);
    hash_sha256_start(&h);
    hash_sha256_add(&h, "a", 1);
    hash_sha256_add(&h, "bc", 2);
    hash_sha256_end(&h, pieces);
    assert_memory_equal(whole, pieces, 32);
    assert_int_equal(hash_crc32(0, "123456789", 9), 0xCBF43926);
    assert_int_equal(hash_crc32(hash_crc32(0, "1234", 4), "56789", 5), 0xCBF43926);
    assert_true(hash_64("", 0) == 0x2D06800538D394C2u);
    struct hash128 x = hash_128("", 0);
    assert_true(x.high == 0x99AA06D3014798D8u && x.low == 0x6001C324468D497Fu);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(arena_memory_is_zeroed_and_aligned),
        cmocka_unit_test(arena_release_gives_back_what_came_after_the_mark),
        cmocka_unit_test(arena_grows_in_place_at_its_end_only),
        cmocka_unit_test(arena_calls_the_handler_when_memory_runs_out),
        cmocka_unit_test(vectors_grow_in_both_flavours),
        cmocka_unit_test(checked_arithmetic_says_when_it_does_not_fit),
        cmocka_unit_test(views_compare_cut_and_trim),
        cmocka_unit_test(builders_print_numbers_and_formats),
        cmocka_unit_test(json_strings_are_always_valid),
        cmocka_unit_test(names_are_numbers),
        cmocka_unit_test(utf8_finds_the_first_bad_byte),
        cmocka_unit_test(every_code_point_survives),
        cmocka_unit_test(widths_are_those_of_terminals),
        cmocka_unit_test(offsets_know_file_line_and_column),
        cmocka_unit_test(files_are_replaced_whole),
        cmocka_unit_test(lines_longer_than_the_buffer_are_read),
        cmocka_unit_test(errors_of_files_are_kept),
        cmocka_unit_test(digests_have_their_published_values),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
