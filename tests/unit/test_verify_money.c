/* SPDX-License-Identifier: MIT */
/* Every rule of the verifier about money, broken once in a module that is otherwise good: a fee of a quantity by tiers, a
 * credit for each fact, a cap, terms, a right and a limit. */
#include "bytecode/verify.h"
#include "module_sample.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static uint32_t node(struct module_builder *mb, enum exact_op op, uint32_t a, uint32_t b, uint32_t ref) {
    return mb_add_exact(mb, (struct m_exact){ .op = op, .a = a, .b = b, .c = NO_REF, .ref = ref });
}
static void number(struct module_builder *mb, const char *text) { uint32_t i = node(mb, EX_CONST, NO_REF, NO_REF, NO_REF); mb_at_exact(mb, i)->value = sample_text(mb, text); }
enum { FIVE, LEVEL, UNITS, PRODUCT, ZERO, TIERS, VALUE, SUM, LESS };

static struct m_charge charge(uint32_t clause) {
    return (struct m_charge){ .clause = clause, .period = PERIOD_MONTH, .period_n = 1, .on = NONE, .first = NONE, .last = NONE, .fact = NO_REF, .entity = NO_REF, .part_of = NO_REF, .when = NO_REF,
        .units = NO_REF, .price = NO_REF, .amount = NO_REF, .factor = NO_REF, .each_min = NO_REF, .each_max = NO_REF, .sum_min = NO_REF, .sum_max = NO_REF, .sum_period = PERIOD_MONTH, .sum_period_n = 1,
        .unless_above = NO_REF, .free = NO_REF, .free_period = PERIOD_MONTH, .free_period_n = 1, .claim_days = NONE, .lines = NO_REF, .measure = NO_REF, .asked = NO_REF, .required = NO_REF, .account = NO_REF };
}

static struct module_builder *good(struct arena *a) {
    struct module_builder *mb = sample_builder(a);
    uint32_t value = mb_add_fact_value(mb, (struct m_fact_value){ .name = sample_text(mb, "amount"), .type = VT_MONEY, .scale = NO_REF, .value = NO_REF });
    mb_add_fact(mb, (struct m_fact){ .name = sample_text(mb, "paid"), .role = ROLE_PAYMENT, .clock = NO_REF, .when = NO_REF, .text = NO_REF, .values = value, .n_values = 1, .clause = 1 });
    value = mb_add_fact_value(mb, (struct m_fact_value){ .name = sample_text(mb, "amount"), .type = VT_MONEY, .scale = NO_REF, .value = NO_REF });
    mb_add_fact(mb, (struct m_fact){ .name = sample_text(mb, "extra"), .clock = NO_REF, .when = NO_REF, .text = NO_REF, .values = value, .n_values = 1, .clause = 1 });
    number(mb, "5.25");
    mb_at_exact(mb, node(mb, EX_LEVEL, NO_REF, NO_REF, 0))->mode = LEVEL_BY_DAY;
    node(mb, EX_UNITS, NO_REF, NO_REF, NO_REF);
    node(mb, EX_MUL, FIVE, UNITS, NO_REF);
    number(mb, "0");
    uint32_t rows = mb_add_exact_row(mb, (struct m_exact_row){ .from = ZERO, .to = FIVE, .flags = ROW_FROM_IN | ROW_TO_IN, .amount = PRODUCT, .flat = NO_REF });
    mb_add_exact_row(mb, (struct m_exact_row){ .from = FIVE, .to = NO_REF, .amount = NO_REF, .flat = FIVE });
    node(mb, EX_GRADUATED, UNITS, NO_REF, NO_REF);
    mb_at_exact(mb, TIERS)->rows = rows;
    mb_at_exact(mb, TIERS)->n_rows = 2;
    node(mb, EX_FACT, NO_REF, NO_REF, 0);
    node(mb, EX_LINES, NO_REF, NO_REF, 0);
    node(mb, EX_LT, SUM, FIVE, NO_REF);
    uint32_t source = mb_add_quantity_source(mb, (struct m_quantity_source){ 1, QUANTITY_SETS, 0 });
    mb_add_quantity(mb, (struct m_quantity){ .name = sample_text(mb, "seats"), .clause = 1, .sources = source, .n_sources = 1, .initial = sample_text(mb, "3/2"), .minimum = FIVE, .may_fall = FIVE,
        .fall_period = PERIOD_QUARTER, .fall_period_n = 1, .may_rise = NO_REF, .notice = NO_REF, .requires = NO_REF });
    uint32_t point = mb_add_series_point(mb, (struct m_series_point){ 100, sample_text(mb, "1/20"), 0 });
    mb_add_series_point(mb, (struct m_series_point){ 200, sample_text(mb, "0.04"), 0 });
    mb_add_series(mb, (struct m_series){ .name = sample_text(mb, "base"), .clause = 1, .fact = NO_REF, .points = point, .n_points = 2 });
    uint32_t of = mb_add_lines_charge(mb, (struct m_lines_charge){ 0, 0, 0 });
    mb_add_lines(mb, (struct m_lines){ .charges = of, .n_charges = 1, .window = WINDOW_MONTH });
    struct m_charge c = charge(1);
    c.units = LEVEL;
    c.amount = TIERS;
    mb_add_charge(mb, c);
    c = charge(1);
    c.kind = CHARGE_CREDIT;
    c.trigger = TRIGGER_FACT;
    c.fact = 1;
    c.amount = VALUE;
    c.when = LESS;
    c.exceptions = mb_add_charge_exception(mb, (struct m_charge_exception){ 1, NO_REF, EFFECT_FACTOR, FIVE });
    c.n_exceptions = 1;
    mb_add_charge(mb, c);
    uint32_t lots = mb_add_account_source(mb, (struct m_account_source){ .kind = LOT_PERIOD, .amount = FIVE, .fact = NO_REF, .expires = NO_REF, .period = PERIOD_MONTH, .period_n = 1 });
    mb_add_account(mb, (struct m_account){ .name = sample_text(mb, "hours"), .clause = 1, .unit = sample_text(mb, "h"), .sources = lots, .n_sources = 1, .carry_share = NO_REF, .rest = NO_REF });
    mb_add_cap(mb, (struct m_cap){ .clause = 1, .limit = FIVE, .window = WINDOW_MONTH });
    mb_add_terms(mb, (struct m_terms){ .clause = 1, .period = PERIOD_MONTH, .period_n = 1, .due_n = 30, .calendar = NO_REF, .interest = FIVE });
    uint32_t settles = mb_add_settles(mb, (struct m_settles){ .clause = 1, .kind = SETTLE_UNPAID, .amount = NO_REF, .when = NO_REF });
    mb_add_right(mb, (struct m_right){ .clause = 1, .kind = RIGHT_TERMINATE, .when = LESS, .requires = NO_REF, .notice = 30, .notice_in = NO_REF, .first = NONE, .last = NONE, .until = NO_REF, .event = NO_REF, .settles = settles, .n_settles = 1 });
    mb_add_limit(mb, (struct m_limit){ .clause = 1, .amount = FIVE, .credits = NO_REF, .first = NONE, .last = NONE });
    return mb;
}

#define EX(i) mb_at_exact(mb, i)
#define ROW(i) mb_at_exact_row(mb, i)
#define CHARGE(i) mb_at_charge(mb, i)
#define BREAKS(X)                                                                                                 \
    X(op, "EXACT 3: op 99", EX(PRODUCT)->op = 99)                                                                 \
    X(operand, "`times` with operand b -1", EX(PRODUCT)->b = NO_REF)                                              \
    X(operand_extra, "`units` with operand a 0", EX(UNITS)->a = FIVE)                                             \
    X(order, "it reads node 5, which does not come before it", EX(PRODUCT)->a = TIERS)                            \
    X(itself, "it reads node 3, which does not come before it", EX(PRODUCT)->a = PRODUCT)                         \
    X(number, "`five` is no number", EX(FIVE)->value = sample_text(mb, "five"))                                   \
    X(number_zero, "`1/0` is no number", EX(FIVE)->value = sample_text(mb, "1/0"))                                \
    X(number_point, "`1.` is no number", EX(FIVE)->value = sample_text(mb, "1."))                                 \
    X(number_two, "`1.5/2` is no number", EX(FIVE)->value = sample_text(mb, "1.5/2"))                             \
    X(quantity, "`level` of record 1, there are 1", EX(LEVEL)->ref = 1)                                           \
    X(lines, "`lines` of record 4, there are 1", EX(SUM)->ref = 4)                                                \
    X(mode, "`level` with mode 5", EX(LEVEL)->mode = 5)                                                           \
    X(rows_none, "with 0 rows", EX(TIERS)->n_rows = 0)                                                            \
    X(rows_extra, "`times` with 2 rows", (EX(PRODUCT)->rows = 0, EX(PRODUCT)->n_rows = 2))                        \
    X(row_order, "EXACT_ROW 1: it reads node 6", ROW(1)->flat = VALUE)                                            \
    X(row_flags, "EXACT_ROW 0: flags 16", ROW(0)->flags = 16)                                                     \
    X(row_nothing, "it gives no amount", ROW(1)->flat = NO_REF)                                                   \
    X(row_open, "a tier from node 0 to 0", ROW(1)->to = FIVE)                                                     \
    X(role, "FACT 0: role 9", mb_at_fact(mb, 0)->role = ROLE_COUNT)                                               \
    X(role_type, "role 1 does not have a count there", mb_at_fact_value(mb, 0)->type = VT_COUNT)                  \
    X(role_values, "role 1 with 0 values", mb_at_fact(mb, 0)->n_values = 0)                                       \
    X(verdict, "verdict 1 of clock -1", mb_at_fact(mb, 1)->verdict = FACT_ON_BREACHED)                            \
    X(value_text, "FACT_VALUE 1: type 11", mb_at_fact_value(mb, 1)->type = VT_TEXT)                               \
    X(value_func, "of a fact of clock -1", mb_at_fact_value(mb, 1)->value = SAMPLE_PREDICATE)                     \
    X(fact_when, "is no condition on its clock's entity", mb_at_fact(mb, 1)->when = SAMPLE_PREDICATE)             \
    X(source_mode, "QUANTITY_SOURCE 0: mode 9", mb_at_quantity_source(mb, 0)->mode = 9)                           \
    X(source_value, "value 1 of a fact that has 1", mb_at_quantity_source(mb, 0)->value = 1)                      \
    X(initial, "it starts at `many`", mb_at_quantity(mb, 0)->initial = sample_text(mb, "many"))                   \
    X(fall, "it may fall in period 2 taken 0 times", (mb_at_quantity(mb, 0)->fall_period = 2, mb_at_quantity(mb, 0)->fall_period_n = 0)) \
    X(points, "the dates of series 0 do not rise", mb_at_series_point(mb, 1)->from = 100)                         \
    X(counted, "LINES 0: counted 9", mb_at_lines(mb, 0)->counted = 9)                                             \
    X(less, "less is 2", mb_at_lines_charge(mb, 0)->less = 2)                                                     \
    X(kind, "CHARGE 0: kind 9", CHARGE(0)->kind = 9)                                                              \
    X(trigger, "trigger 3 with fact -1", CHARGE(1)->fact = NO_REF)                                                \
    X(periods, "CHARGE 0: periods", CHARGE(0)->period_n = 0)                                                      \
    X(part, "flags 8 with calendar -1", CHARGE(0)->flags = CHARGE_PART_INSIDE)                                    \
    X(once, "flags 512 with trigger 0", CHARGE(0)->flags = CHARGE_ONCE)                            \
    X(shares, "flags 1024 with trigger 3", CHARGE(1)->flags = CHARGE_SHARES)                                      \
    X(together, "flags 2048 with trigger 0", CHARGE(0)->flags = CHARGE_DAY_TOGETHER)                              \
    X(account_trigger, "trigger 5 with account -1", CHARGE(0)->trigger = TRIGGER_ACCOUNT)                         \
    X(draws, "it draws from account 0 with trigger 0", (CHARGE(0)->draws = mb_add_charge_draw(mb, (struct m_charge_draw){ 0 }), CHARGE(0)->n_draws = 1)) \
    X(account_order, "ACCOUNT 0: order 9", mb_at_account(mb, 0)->order = 9)                                       \
    X(lot_kind, "kind 1 with fact -1", mb_at_account_source(mb, 0)->kind = LOT_ADDED)                             \
    X(lot_value, "node 6 reads value 0 of its fact, which has 0", mb_at_account_source(mb, 0)->amount = VALUE)    \
    X(lot_period, "taken 0 times", mb_at_account_source(mb, 0)->period_n = 0)                                     \
    X(amount, "it has no amount", CHARGE(0)->amount = NO_REF)                                                     \
    X(floor, "a minimum over no lines", CHARGE(0)->kind = CHARGE_FLOOR)                                           \
    X(foreign_value, "node 6 reads value 0 of its fact, which has 0", CHARGE(0)->amount = VALUE)                  \
    X(no_such_value, "node 6 reads value 1 of its fact, which has 1", EX(VALUE)->ref = 1)                         \
    X(exception, "effect 0 with value 0", mb_at_charge_exception(mb, 0)->effect = EFFECT_NO_CHARGE)               \
    X(exception_value, "node 6 reads value 0 of its fact", (CHARGE(0)->exceptions = 0, CHARGE(0)->n_exceptions = 1, mb_at_charge_exception(mb, 0)->value = VALUE)) \
    X(circle, "charges are shares of themselves", CHARGE(0)->when = LESS)                                         \
    X(places, "40 places", mb_at_agreement(mb, 0)->places = 40)                                                   \
    X(cap, "CAP 0: window 99", mb_at_cap(mb, 0)->window = 99)                                                     \
    X(terms_two, "there are 2; an agreement has one", mb_add_terms(mb, *mb_at_terms(mb, 0)))                      \
    X(due, "due on day 32", (mb_at_terms(mb, 0)->due = DUE_DAY_OF_MONTH, mb_at_terms(mb, 0)->due_n = 32))         \
    X(due_calendar, "30 business days of no calendar", mb_at_terms(mb, 0)->due = DUE_BUSINESS_DAYS)               \
    X(interest, "compound 9", mb_at_terms(mb, 0)->compound = 9)                                                   \
    X(right, "RIGHT 0: kind 5", mb_at_right(mb, 0)->kind = 5)                                                     \
    X(settles, "SETTLES 0: kind 0, amount -1", mb_at_settles(mb, 0)->kind = SETTLE_AMOUNT)                        \
    X(limit, "LIMIT 0: party 0, flags 1", mb_at_limit(mb, 0)->flags = LIMIT_NONE)

#define BREAK_FUNCTION(name, says, ...) static void break_##name(struct module_builder *mb) { (void)(__VA_ARGS__); }
BREAKS(BREAK_FUNCTION)
static const struct { const char *name, *says; void (*change)(struct module_builder *mb); } broken[] = {
#define BREAK_ROW(name, says, ...) { #name, says, break_##name },
    BREAKS(BREAK_ROW)
};

static void every_rule_refuses(void **state) {
    (void)state;
    int wrong = 0;
    for (size_t i = 0; i < countof(broken); i++) {
        struct arena a;
        arena_init(&a, NULL);
        struct module_builder *mb = good(&a);
        broken[i].change(mb);
        struct verify_error e;
        bool refused = module_verify(&a, mb_finish(mb), &e) == NULL;
        if (!refused || !strstr(e.text, broken[i].says)) {
            print_error("%s: %s\n", broken[i].name, refused ? e.text : "accepted");
            wrong++;
        }
        arena_free(&a);
    }
    assert_int_equal(wrong, 0);
}

static void good_money_is_accepted(void **state) {
    (void)state;
    struct arena a;
    arena_init(&a, NULL);
    struct verify_error e;
    bool ok = module_verify(&a, mb_finish(good(&a)), &e) != NULL;
    if (!ok) print_error("%s\n", e.text);
    assert_true(ok);
    arena_free(&a);
}

int main(void) {
    const struct CMUnitTest tests[] = { cmocka_unit_test(good_money_is_accepted), cmocka_unit_test(every_rule_refuses) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
