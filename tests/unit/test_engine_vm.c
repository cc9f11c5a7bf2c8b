/* SPDX-License-Identifier: MIT */
/* Instructions, one after another: each case is a function made of constants, what it gives, or where it traps. */
#include "engine_kit.h"
#include "runtime/state.h"

#define M 1000000
struct op_case { enum opcode op; int64_t a, b, result; int64_t word; };
#define TRAPS (INT64_MIN + 1)

/* s2 = op s0 s1 [word] */
static const struct op_case scalar_ops[] = {
    {INS_AND, 1, 1, 1, -1}, {INS_AND, 1, NONE, 0, -1}, {INS_OR, 0, 1, 1, -1}, {INS_OR, NONE, 0, 0, -1},
    {INS_EQ, 3, 3, 1, -1}, {INS_EQ, NONE, NONE, 0, -1}, {INS_LT, 2, 3, 1, -1}, {INS_LT, 3, 3, 0, -1}, {INS_LT, NONE, 3, 0, -1},
    {INS_LE, 3, 3, 1, -1}, {INS_LE, 3, NONE, 0, -1},
    {INS_ADD, 2, 3, 5, -1}, {INS_ADD, NONE, 3, NONE, -1}, {INS_ADD, INT64_MAX, 1, TRAPS, -1},
    {INS_SUB, 2, 3, -1, -1}, {INS_SUB, INT64_MIN + 1, 1, TRAPS, -1},
    {INS_MUL, 6, 7, 42, -1}, {INS_MUL, INT64_MAX, 2, TRAPS, -1}, {INS_MUL, 2, NONE, NONE, -1},
    {INS_MULDEC, 10, 15 * M / 10, 15, -1}, {INS_MULDEC, -10, M / 3, -3, -1},
    {INS_DIVDEC, 1, 3, 333333, -1}, {INS_DIVDEC, 1, 0, TRAPS, -1}, {INS_DIVDEC, NONE, 2, NONE, -1},
    {INS_MIN, 2, 3, 2, -1}, {INS_MIN, NONE, 3, NONE, -1}, {INS_MAX, 2, 3, 3, -1},
    {INS_ROUND, 17, 10, 10, 0}, {INS_ROUND, 17, 10, 20, 1}, {INS_ROUND, 20, 10, 20, 1}, {INS_ROUND, 15, 10, 20, 2}, {INS_ROUND, -15, 10, -20, 2},
    {INS_ROUND, -14, 10, -10, 2}, {INS_ROUND, 25, 10, 20, 3}, {INS_ROUND, 35, 10, 40, 3}, {INS_ROUND, -5, 10, -10, 0}, {INS_ROUND, -25, 10, -20, 3},
    {INS_ROUND, 5, 0, TRAPS, 0}, {INS_ROUND, NONE, 10, NONE, 0},
    {INS_CALOPEN, 0, 5, 1, -1}, {INS_CALOPEN, 1, 5, 0, -1}, {INS_CALOPEN, 99, 5, NONE, -1}, {INS_CALOPEN, NONE, 5, NONE, -1},
    {INS_CALNEXT, 0, 5, 5, -1}, {INS_CALNEXT, 1, 5, NEVER, -1}, {INS_CALNEXT, KIT_SUPPORT, 0, 8 * HOUR_US, -1}, {INS_CALNEXT, -1, 0, NONE, -1},
    {INS_CALELA, KIT_SUPPORT, 0, 0, 1}, {INS_CALDUE, KIT_SUPPORT, HOUR_US, 9 * HOUR_US, 1}, {INS_CALDUE, KIT_SUPPORT, NONE, NONE, 1},
    {INS_BDAYS, KIT_SUPPORT, 3, 6, 1}, {INS_BDAYS, KIT_SUPPORT, NONE, NONE, 1},
};

/* s2 = op s0 */
static const struct op_case unary_ops[] = {
    {INS_NOT, 1, 0, 0, -1}, {INS_NOT, 0, 0, 1, -1}, {INS_NOT, NONE, 0, 1, -1}, {INS_MISS, NONE, 0, 1, -1}, {INS_MISS, 0, 0, 0, -1},
    {INS_NEG, 5, 0, -5, -1}, {INS_NEG, NONE, 0, NONE, -1}, {INS_MOV, 7, 0, 7, -1},
    {INS_DATEOF, -1, 0, -1, -1}, {INS_DATEOF, NONE, 0, NONE, -1}, {INS_TIMEOF, 90061 * (int64_t)M, 0, 3661, -1}, {INS_TIMEOF, -1, 0, 86399, -1},
    {INS_WDAYOF, 0, 0, 3, -1}, {INS_WDAYOF, NONE, 0, NONE, -1},
};

struct text_case { enum opcode op; const char *a, *b; int64_t result; };
/* s2 = op t0 t1 */
static const struct text_case text_ops[] = {
    {INS_EQT, "a", "a", 1}, {INS_EQT, "a", "b", 0}, {INS_EQT, "", "", 0},
    {INS_CONTAINS, "helpdesk", "pde", 1}, {INS_CONTAINS, "helpdesk", "x", 0}, {INS_CONTAINS, "a", "ab", 0}, {INS_CONTAINS, "", "a", 0},
    {INS_STARTS, "helpdesk", "help", 1}, {INS_STARTS, "helpdesk", "desk", 0}, {INS_ENDS, "helpdesk", "desk", 1}, {INS_ENDS, "helpdesk", "help", 0},
};

static uint32_t finish_func(struct kit *k, uint32_t from, bool text)
{
    mb_op(k->mb, text ? INS_RETT : INS_RETV, text ? 0 : 2, 0, 0);
    return kit_func(k, text ? FUNC_VALUE_TEXT : FUNC_VALUE, from, NO_REF);
}

/* kit_open builds and verifies; functions of a case are added before by this hook. */
static struct { uint32_t scalar[countof(scalar_ops)], unary[countof(unary_ops)], text[countof(text_ops)], jump, absent, table[4], tabletext, length, local, local_bad, key, at; } made;

static void load_text(struct kit *k, uint32_t reg, const char *s)
{
    mb_op_imm(k->mb, INS_LDT, reg, (int)mb_string(k->mb, str_of(s)));
}

static void make_tables(struct kit *k)
{
    struct module_builder *mb = k->mb;
    uint32_t texts = mb_add_class_text(mb, (struct m_class_text){mb_string(mb, STR("HQ")), 0});
    mb_add_class_text(mb, (struct m_class_text){mb_string(mb, STR("Plant")), 1});
    uint32_t breaks = mb_add_class_break(mb, (struct m_class_break){10});
    mb_add_class_break(mb, (struct m_class_break){20});
    uint32_t by_text = mb_add_classifier(mb, (struct m_classifier){.kind = CLASS_TEXTS, .classes = 4, .texts = texts, .n_texts = 2});
    uint32_t by_number = mb_add_classifier(mb, (struct m_classifier){.kind = CLASS_BREAKS, .classes = 4, .breaks = breaks, .n_breaks = 2});
    uint32_t rows = mb_add_table_row(mb, (struct m_table_row){mb_string(mb, STR("row")), 0});
    uint32_t outcomes = mb_add_table_outcome(mb, (struct m_table_outcome){rows, 1});
    mb_add_table_outcome(mb, (struct m_table_outcome){rows, 1});
    uint32_t inputs = mb_add_table_input(mb, (struct m_table_input){mb_string(mb, STR("site")), by_text, VT_TEXT, NO_REF});
    mb_add_table_input(mb, (struct m_table_input){mb_string(mb, STR("number")), by_number, VT_COUNT, NO_REF});
    uint32_t cells = 0;
    for (uint32_t i = 0; i < 16; i++) {
        uint32_t cell = mb_add_table_cell(mb, (struct m_table_cell){i == 15 ? NO_REF : outcomes + (i == 5)});
        if (!i) { cells = cell; }
    }
    uint32_t values = mb_add_output_value(mb, (struct m_output_value){100, 0});
    mb_add_output_value(mb, (struct m_output_value){200, 0});
    uint32_t names = mb_add_output_value(mb, (struct m_output_value){NONE, mb_string(mb, STR("one"))});
    mb_add_output_value(mb, (struct m_output_value){NONE, mb_string(mb, STR("two"))});
    uint32_t scalar = mb_add_table_output(mb, (struct m_table_output){mb_string(mb, STR("n")), VT_COUNT, NO_REF, values, 2});
    uint32_t text = mb_add_table_output(mb, (struct m_table_output){mb_string(mb, STR("t")), VT_TEXT, NO_REF, names, 2});
    uint32_t table = mb_add_table(mb, (struct m_table){.name = mb_string(mb, STR("t")), .clause = 0, .inputs = inputs, .n_inputs = 2, .cells = cells, .n_cells = 16,
                                                       .outcomes = outcomes, .n_outcomes = 2, .outputs = scalar, .n_outputs = 2, .hit = HIT_UNIQUE});
    static const struct { const char *site; int n; } ask[4] = {{"Plant", 15}, {"HQ", 15}, {"", 30}, {"", -1}};
    for (int i = 0; i < 5; i++) {
        uint32_t from = mb_count(mb, SEC_CODE);
        load_text(k, 0, ask[i % 4].site);
        if (ask[i % 4].n < 0) {
            mb_op(mb, INS_LDNONE, 1, 0, 0);
        } else {
            mb_op_imm(mb, INS_LDI, 1, ask[i % 4].n);
        }
        mb_op_word(mb, INS_CLST, 0, 0, 0, by_text);
        mb_op_word(mb, INS_CLS, 1, 1, 0, by_number);
        mb_op_word(mb, INS_TBL, 3, 0, 0, table);
        mb_op_word(mb, i == 4 ? INS_OUTT : INS_OUT, i == 4 ? 0 : 2, 3, 0, i == 4 ? text : scalar);
        *(i == 4 ? &made.tabletext : &made.table[i]) = finish_func(k, from, i == 4);
    }
}

static void make(struct kit *k)
{
    struct module_builder *mb = k->mb;
    for (size_t i = 0; i < countof(scalar_ops); i++) {
        const struct op_case *c = &scalar_ops[i];
        uint32_t from = mb_op_imm(mb, INS_LDK, 0, (int)mb_const(mb, c->a));
        mb_op_imm(mb, INS_LDK, 1, (int)mb_const(mb, c->b));
        if (c->word < 0) {
            mb_op(mb, c->op, 2, 0, 1);
        } else {
            mb_op_word(mb, c->op, 2, 0, 1, (uint32_t)c->word);
        }
        made.scalar[i] = finish_func(k, from, false);
    }
    for (size_t i = 0; i < countof(unary_ops); i++) {
        uint32_t from = mb_op_imm(mb, INS_LDK, 0, (int)mb_const(mb, unary_ops[i].a));
        mb_op(mb, unary_ops[i].op, 2, 0, 0);
        made.unary[i] = finish_func(k, from, false);
    }
    for (size_t i = 0; i < countof(text_ops); i++) {
        uint32_t from = mb_count(mb, SEC_CODE);
        load_text(k, 0, text_ops[i].a);
        load_text(k, 1, text_ops[i].b);
        mb_op(mb, text_ops[i].op, 2, 0, 1);
        made.text[i] = finish_func(k, from, false);
    }
    make_tables(k);
    uint32_t from = mb_op_imm(mb, INS_LDI, 2, 5), to_end;
    mb_op(mb, INS_LDNONE, 0, 0, 0);
    uint32_t not_taken = mb_op_imm(mb, INS_JT, 0, 0);
    uint32_t taken = mb_op_imm(mb, INS_JF, 0, 0);
    assert_true(mb_land(mb, not_taken));
    mb_op_imm(mb, INS_LDI, 2, 6);
    to_end = mb_op_imm(mb, INS_JMP, 0, 0);
    assert_true(mb_land(mb, taken));
    mb_op_imm(mb, INS_LDI, 2, 7);
    assert_true(mb_land(mb, to_end));
    mb_op(mb, INS_NOP, 0, 0, 0);
    made.jump = finish_func(k, from, false);
    from = mb_count(mb, SEC_CODE);
    mb_op_word(mb, INS_LDTX, 0, 0, 0, mb_string(mb, STR("größer")));
    mb_op(mb, INS_MOVT, 1, 0, 0);
    mb_op(mb, INS_TEXTLEN, 2, 1, 0);
    made.length = finish_func(k, from, false);
    from = mb_count(mb, SEC_CODE);
    load_text(k, 0, "");
    mb_op(mb, INS_MISST, 2, 0, 0);
    made.absent = finish_func(k, from, false);
    for (int i = 0; i < 2; i++) {
        from = mb_count(mb, SEC_CODE);
        load_text(k, 0, i ? "Nowhere/Land" : "Asia/Tokyo");
        mb_op_word(mb, INS_CALIN, 0, 0, 0, KIT_LOCAL);
        mb_op_imm(mb, INS_LDI, 1, 0);
        mb_op(mb, INS_CALNEXT, 2, 0, 1);
        *(i ? &made.local_bad : &made.local) = finish_func(k, from, false);
    }
    from = mb_op(mb, INS_LDKEY, 0, 0, 0);
    made.key = finish_func(k, from, true);
    from = mb_op(mb, INS_LDAT_AT, 2, 0, 0);
    made.at = finish_func(k, from, false);
}

static struct kit world;

static int open_world(void **state)
{
    (void)state;
    world = (struct kit){.before_finish = make, .target = {{TARGET_OPEN, HOUR_US, KIT_24X7, 0, 0}}};
    kit_open(&world);
    kit_event(&world, "1970-01-01T00:00:00Z", OPENED, "T1", 0);
    return 0;
}

static int close_world(void **state)
{
    (void)state;
    kit_close(&world);
    return 0;
}

static struct vm_result ask(uint32_t func)
{
    return vm_run(world.engine, func, entity_find(world.engine, 0, STR("T1")), 77);
}

/* True when it traps; the engine is brought back to life for the next case, which nobody but this test may do. */
static bool traps(uint32_t func)
{
    struct engine *e = world.engine;
    jmp_buf guard;
    uint32_t depth = e->vm.depth;
    e->guard = &guard;
    if (setjmp(guard) == 0) {
        ask(func);
        e->guard = NULL;
        return false;
    }
    e->guard = NULL;
    e->failed = false;
    e->vm.depth = depth;
    return e->fault.status == MSA_TRAP;
}

static void numbers(void **state)
{
    (void)state;
    for (size_t i = 0; i < countof(scalar_ops); i++) {
        if (scalar_ops[i].result == TRAPS) {
            if (!traps(made.scalar[i])) { fail_msg("case %zu does not trap", i); }
            continue;
        }
        int64_t got = ask(made.scalar[i]).scalar;
        if (got != scalar_ops[i].result) { fail_msg("case %zu, %s: %lld", i, op_info[scalar_ops[i].op].mnemonic, (long long)got); }
    }
    for (size_t i = 0; i < countof(unary_ops); i++) {
        int64_t got = ask(made.unary[i]).scalar;
        if (got != unary_ops[i].result) { fail_msg("unary case %zu, %s: %lld", i, op_info[unary_ops[i].op].mnemonic, (long long)got); }
    }
}

static void texts(void **state)
{
    (void)state;
    for (size_t i = 0; i < countof(text_ops); i++) {
        int64_t got = ask(made.text[i]).scalar;
        if (got != text_ops[i].result) { fail_msg("text case %zu, %s: %lld", i, op_info[text_ops[i].op].mnemonic, (long long)got); }
    }
    assert_int_equal(ask(made.length).scalar, 6);
    assert_int_equal(ask(made.absent).scalar, 1);
    assert_true(str_eq(ask(made.key).text, STR("T1")));
    assert_int_equal(ask(made.at).scalar, 77);
}

static void tables_and_jumps(void **state)
{
    (void)state;
    assert_int_equal(ask(made.table[0]).scalar, 200);  /* Plant and 10 to 20: class 1, class 1 */
    assert_int_equal(ask(made.table[1]).scalar, 100);
    assert_int_equal(ask(made.table[2]).scalar, 100);  /* site missing */
    assert_int_equal(ask(made.table[3]).scalar, NONE); /* both missing: no row */
    assert_true(str_eq(ask(made.tabletext).text, STR("two")));
    assert_int_equal(ask(made.jump).scalar, 7);
}

static void places(void **state)
{
    (void)state;
    assert_int_equal(ask(made.local).scalar, 0); /* it is thursday 09:00 in Tokyo: open */
    assert_int_equal(ask(made.local_bad).scalar, NONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(numbers), cmocka_unit_test(texts), cmocka_unit_test(tables_and_jumps), cmocka_unit_test(places)};
    return cmocka_run_group_tests_name("engine vm", tests, open_world, close_world);
}
