/* SPDX-License-Identifier: MIT */
/* Modules as bytes and back; the builder; the listing; and that no bytes at all make the reader or the verifier fall over. */
#include "bytecode/disasm.h"
#include "bytecode/file.h"
#include "bytecode/verify.h"
#include "base/hash.h"
#include "module_sample.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static struct str written(struct arena *a, const struct module *m) {
    struct str bytes;
    struct module_error e;
    assert_true(module_write(a, m, &bytes, &e));
    return bytes;
}

/* Equal, field by field. */
static void assert_same(const struct module *x, const struct module *y) {
    assert_int_equal(x->n_text, y->n_text);
    assert_memory_equal(x->text, y->text, x->n_text);
    for (int s = 0; s < SEC_COUNT; s++) {
        uint32_t n, k;
        const void *a = module_records(x, (enum section_id)s, &n), *b = module_records(y, (enum section_id)s, &k);
        assert_int_equal(n, k);
        for (uint32_t i = 0; i < n; i++)
            for (const struct section_field *f = section_info[s].fields(); f < section_info[s].fields() + section_info[s].n_fields; f++) {
                const void *p = record_at(a, (enum section_id)s, i), *q = record_at(b, (enum section_id)s, i);
                if (f->kind == FK_I64) assert_int_equal(field_i64(p, f->offset), field_i64(q, f->offset));
                else assert_int_equal(field_u32(p, f->offset), field_u32(q, f->offset));
                if (f->kind == FK_ARR) assert_int_equal(field_u32(p, f->count), field_u32(q, f->count));
            }
    }
}

static void read_after_write_is_identity(void **state) {
    (void)state;
    struct arena a;
    struct module_error e = { { 0 }, 0, 0, 0 };
    struct verify_error why;
    arena_init(&a, NULL);
    const struct module *m = mb_finish(sample_builder(&a));
    struct str bytes = written(&a, m), again = written(&a, m);
    assert_true(str_eq(bytes, again));
    const struct module *back = module_read(&a, bytes.p, bytes.n, &e);
    assert_string_equal(e.text, "");
    assert_non_null(back);
    assert_same(m, back);
    assert_true(str_eq(bytes, written(&a, back)));
    assert_non_null(module_verify(&a, back, &why));
    assert_true(str_eq(module_str(back, back->agreement[0].name), STR("Acme – managed services")));
    arena_free(&a);
}

static void builder_merges(void **state) {
    (void)state;
    struct arena a;
    arena_init(&a, NULL);
    struct module_builder *mb = mb_new(&a);
    assert_int_equal(mb_string(mb, STR("")), 0);
    assert_int_equal(mb_string(mb, STR("x")), mb_string(mb, STR("x")));
    assert_true(str_eq(mb_text(mb, mb_string(mb, STR("x"))), STR("x")));
    for (int round = 0; round < 2; round++)
        for (int64_t i = 0; i < 1000; i++) {
            assert_int_equal(mb_const(mb, i * i), i);
            assert_int_equal(mb_place(mb, (struct m_place){ 0, (uint32_t)i, (uint32_t)i, 0, 0 }), i);
        }
    assert_int_equal(mb_count(mb, SEC_CONST), 1000);
    assert_int_equal(mb_count(mb, SEC_CALENDAR), 2);
    uint32_t jump = mb_op_imm(mb, INS_JMP, 0, 0);
    for (int i = 0; i < 0xffff; i++) mb_op(mb, INS_NOP, 0, 0, 0);
    assert_true(mb_land(mb, jump));
    assert_int_equal(op_imm(mb_at_code(mb, jump)->word), 0xffff);
    mb_op(mb, INS_NOP, 0, 0, 0);
    assert_false(mb_land(mb, jump));
    arena_free(&a);
}

/* Every shape fits its word: no two operands in the same bits, extension words last. */
static void shapes_are_sound(void **state) {
    (void)state;
    for (int op = 0; op < INS_COUNT; op++) {
        int bytes = 0, words = 0, imms = 0;
        for (const char *s = op_info[op].shape; *s; s++) {
            assert_non_null(strchr("SsTtBcqphikzfeaxjAXrRCLODKZUMEy", *s));
            assert_int_equal(words, 0);
            switch (operand_place(*s)) {
            case PLACE_BYTE: bytes++; assert_int_equal(imms, 0); break;
            case PLACE_IMM: imms++; break;
            case PLACE_WORD: words++; break;
            }
        }
        assert_true(bytes <= (imms ? 1 : 3) && imms <= 1);
        for (int other = 0; other < op; other++) assert_string_not_equal(op_info[op].mnemonic, op_info[other].mnemonic);
    }
    struct m_code code[2] = { { op_word_imm(INS_LDI, 7, -32768) }, { 0 } };
    struct decoded d;
    assert_int_equal(op_decode(code, 1, &d), DECODE_OK);
    assert_int_equal(d.operand[0].value, 7);
    assert_int_equal(d.operand[1].value, -32768);
    code[0].word = op_word(INS_CLS, 1, 2, 0);
    code[1].word = 99;
    assert_int_equal(op_decode(code, 1, &d), DECODE_CUT);
    assert_int_equal(op_decode(code, 2, &d), DECODE_OK);
    assert_int_equal(d.operand[2].value, 99);
    code[0].word |= 1U << 24;
    assert_int_equal(op_decode(code, 2, &d), DECODE_JUNK);
    code[0].word = 255;
    assert_int_equal(op_decode(code, 2, &d), DECODE_UNKNOWN);
}

static void places_are_found(void **state) {
    (void)state;
    struct arena a;
    arena_init(&a, NULL);
    const struct module *m = mb_finish(sample_builder(&a));
    assert_int_equal(module_place(m, 0), 1);
    assert_int_equal(module_place(m, 4), 1);
    assert_int_equal(module_place(m, m->n_code - 1), 0);
    struct m_code_place only[] = { { 5, 1 } };
    struct module other = *m;
    other.code_place = only;
    other.n_code_place = 1;
    assert_int_equal(module_place(&other, 4), 0);
    assert_int_equal(module_place(&other, 5), 1);
    arena_free(&a);
}

static void listing_names_things(void **state) {
    (void)state;
    struct arena a;
    arena_init(&a, NULL);
    struct sb b = { .arena = &a };
    disasm_module(&b, mb_finish(sample_builder(&a)));
    static const char *const wanted[] = {
        "\"Acme – managed services\"", "ENTITY:", "name \"ticket\"", "acme.msa:12:5", "table s4, s2..., \"priority\"", "output s5, s4, \"priority\".\"priority\"",
        "clk.start response", "clk.target response, keep-time, s1", "ld.field s0, impact", "ld.attrt t0, customer", "notify t1, \"4.1\"", "cal.local s1, t0, \"local\"",
        "ld.imm s0, -5", "spans.begin waiting, s0, t0", "handler of event 0 \"opened\" of entity 0 \"ticket\"", "jump.no s1, -> ", "ld.const s1, 1", "st.attr.ch s1, s0, priority",
    };
    for (size_t i = 0; i < countof(wanted); i++)
        if (!strstr(b.p, wanted[i])) fail_msg("the listing lacks: %s\n%s", wanted[i], b.p);
    if (getenv("MSA_SHOW_LISTING")) print_message("%s", b.p);
    arena_free(&a);
}

/* Reads, and when that went well verifies and lists. Nothing may fall over; what is accepted must write the same bytes. */
static bool accepted(const char *p, size_t n, bool *verified) {
    struct arena a;
    struct module_error e;
    struct verify_error why;
    arena_init(&a, NULL);
    char *copy = malloc(n ? n : 1); /* of exactly this size, so that the sanitizer sees a read behind it */
    assert_non_null(copy);
    if (n) memcpy(copy, p, n);
    const struct module *m = module_read(&a, copy, n, &e);
    free(copy);
    *verified = false;
    if (m) {
        struct str again = written(&a, m);
        assert_true(again.n == n && !memcmp(again.p, p, n));
        why.text[0] = 0;
        *verified = module_verify(&a, m, &why) != NULL;
        assert_true(*verified || why.text[0]);
        struct sb b = { .arena = &a };
        disasm_module(&b, m);
    } else assert_true(e.text[0]);
    arena_free(&a);
    return m;
}

static void truncation_is_refused(void **state) {
    (void)state;
    struct arena a;
    bool verified;
    arena_init(&a, NULL);
    struct str bytes = written(&a, mb_finish(sample_builder(&a)));
    for (size_t n = 0; n < bytes.n; n++) assert_false(accepted(bytes.p, n, &verified));
    assert_true(accepted(bytes.p, bytes.n, &verified) && verified);
    char *longer = arena_alloc(&a, bytes.n + 1);
    memcpy(longer, bytes.p, bytes.n);
    assert_false(accepted(longer, bytes.n + 1, &verified));
    arena_free(&a);
}

static void every_damaged_byte_is_seen(void **state) {
    (void)state;
    static const unsigned char flips[] = { 0x01, 0x80, 0xff };
    struct arena a;
    bool verified;
    arena_init(&a, NULL);
    struct str bytes = written(&a, mb_finish(sample_builder(&a)));
    char *p = arena_copy(&a, bytes.p, bytes.n);
    for (size_t i = 0; i < bytes.n; i++)
        for (size_t k = 0; k < countof(flips); k++) {
            p[i] = (char)((unsigned char)p[i] ^ flips[k]);
            assert_false(accepted(p, bytes.n, &verified));
            p[i] = bytes.p[i];
        }
    arena_free(&a);
}

/* ---- damage behind good checksums ---- */

static uint32_t get32(const char *s) {
    const unsigned char *p = (const unsigned char *)s;
    return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}
static void put32(char *p, uint32_t v) {
    for (int i = 0; i < 4; i++) p[i] = (char)(v >> 8 * i & 0xff);
}

/* Makes the checksums true again wherever the table still points into the file. */
static void fix_checksums(char *p, size_t n) {
    const size_t head = HEADER_BYTES + (size_t)TABLE_ENTRY_BYTES * FILE_SECTIONS;
    for (size_t at = HEADER_BYTES; at < head; at += TABLE_ENTRY_BYTES) {
        uint32_t offset = get32(p + at + 8), length = get32(p + at + 12);
        if (offset <= n && length <= n - offset) put32(p + at + 16, hash_crc32(0, p + offset, length));
    }
    put32(p + HEADER_CRC_AT, hash_crc32(hash_crc32(0, p, HEADER_CRC_AT), p + HEADER_BYTES, head - HEADER_BYTES));
}

static uint64_t next_random(uint64_t *s) { /* splitmix64 */
    uint64_t z = *s += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

static void mutants_never_fall_over(void **state) {
    (void)state;
    static const uint32_t telling[] = { 0, 1, 2, 3, 255, 256, 0xffff, 0x10000, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff };
    const char *given = getenv("MSA_SEED"), *rounds_given = getenv("MSA_ROUNDS");
    uint64_t seed = given ? strtoull(given, NULL, 10) : 20260306, counts[3] = { 0 };
    long rounds = rounds_given ? strtol(rounds_given, NULL, 10) : 30000;
    struct arena a;
    arena_init(&a, NULL);
    struct str bytes = written(&a, mb_finish(sample_builder(&a)));
    const size_t head = HEADER_BYTES + (size_t)TABLE_ENTRY_BYTES * FILE_SECTIONS;
    char *p = arena_alloc(&a, bytes.n);
    for (long i = 0; i < rounds; i++) {
        memcpy(p, bytes.p, bytes.n);
        for (uint64_t k = 1 + next_random(&seed) % 3; k > 0; k--) {
            /* Seldom the header; mostly a field of a random section, so that the text blob does not take all hits. */
            uint64_t r = next_random(&seed), section = r % FILE_SECTIONS;
            const char *entry = p + HEADER_BYTES + section * TABLE_ENTRY_BYTES;
            uint32_t offset = get32(entry + 8), length = get32(entry + 12);
            if (r >> 32 & 15 && (length < 4 || offset > bytes.n - 4 || length > bytes.n - offset)) continue;
            size_t at = r >> 32 & 15 ? offset + next_random(&seed) % (length / 4) * 4 : 8 + next_random(&seed) % (head - 12);
            uint64_t how = next_random(&seed);
            switch (how % 4) {
            case 0: put32(p + at, telling[(how >> 8) % countof(telling)]); break;
            case 1: put32(p + at, get32(p + at) + ((how >> 8 & 1) ? 1U : UINT32_MAX)); break;
            case 2: p[at + (how >> 8 & 3)] = (char)(how >> 16 & 0xff); break;
            case 3: put32(p + at, get32(p + at) ^ 1U << (how >> 8 & 31)); break;
            default: break;
            }
        }
        fix_checksums(p, bytes.n);
        bool verified, again, read = accepted(p, bytes.n, &verified);
        if (i % 16 == 0) { /* the answer does not depend on the day */
            assert_int_equal(accepted(p, bytes.n, &again), read);
            assert_int_equal(again, verified);
        }
        counts[verified ? 2 : read ? 1 : 0]++;
    }
    /* A loop that never gets past the door, or through it, tests nothing. */
    print_message("# refused by the reader %llu, by the verifier %llu, accepted %llu\n", (unsigned long long)counts[0], (unsigned long long)counts[1], (unsigned long long)counts[2]);
    if (!given && !rounds_given) assert_true(counts[0] > 1000 && counts[1] > 1000 && counts[2] > 1000);
    arena_free(&a);
}

static void reader_says_why(void **state) {
    (void)state;
    struct arena a;
    struct module_error e;
    arena_init(&a, NULL);
    struct str bytes = written(&a, mb_finish(sample_builder(&a)));
    char *p = arena_copy(&a, bytes.p, bytes.n);
    assert_false(module_is_one("agreement", 9));
    assert_true(module_is_one(p, bytes.n));
    assert_null(module_read(&a, "agreement \"x\" {}", 16, &e));
    assert_non_null(strstr(e.text, "not a compiled agreement"));
    p[8] = 2;
    assert_null(module_read(&a, p, bytes.n, &e));
    assert_non_null(strstr(e.text, "format 2.0"));
    p[8] = 1;
    p[10] = 1;
    assert_null(module_read(&a, p, bytes.n, &e));
    assert_non_null(strstr(e.text, "format 1.1"));
    p[10] = 0;
    p[bytes.n - 1] ^= 1;
    assert_null(module_read(&a, p, bytes.n, &e));
    assert_non_null(strstr(e.text, "section `expe` is damaged"));
    p[bytes.n - 1] ^= 1;
    p[bytes.n - 4] = 1; /* EXPECT's place */
    p[bytes.n - 1] = 1;
    fix_checksums(p, bytes.n);
    assert_null(module_read(&a, p, bytes.n, &e));
    assert_non_null(strstr(e.text, "EXPECT 1: place is 16777217, but there are 2 records in PLACE"));
    memcpy(p, bytes.p, bytes.n);
    uint32_t text = get32(p + HEADER_BYTES + 8);
    p[text + 1] = (char)0xff;
    fix_checksums(p, bytes.n);
    assert_null(module_read(&a, p, bytes.n, &e));
    assert_non_null(strstr(e.text, "string 1 is not UTF-8"));
    p[text + 1] = 0;
    fix_checksums(p, bytes.n);
    assert_null(module_read(&a, p, bytes.n, &e));
    assert_non_null(strstr(e.text, "string 1 holds a NUL byte"));
    arena_free(&a);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(read_after_write_is_identity), cmocka_unit_test(builder_merges),        cmocka_unit_test(shapes_are_sound),
        cmocka_unit_test(places_are_found),             cmocka_unit_test(listing_names_things),  cmocka_unit_test(reader_says_why),
        cmocka_unit_test(truncation_is_refused),        cmocka_unit_test(every_damaged_byte_is_seen), cmocka_unit_test(mutants_never_fall_over),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
