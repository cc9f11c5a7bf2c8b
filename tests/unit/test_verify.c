/* SPDX-License-Identifier: MIT */
/* Every rule of the verifier, broken once by a change to a module that is otherwise good. A row says: name, what the refusal
 * must say, and the change. */
#include "bytecode/verify.h"
#include "module_sample.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define T SAMPLE_TICKET
/* One more function, of the ticket; handlers are of `opened`. */
#define CODE(kind, scalars, texts, ...) SAMPLE_FUNC(mb, "extra", kind, T, (kind) == FUNC_HANDLER ? SAMPLE_OPENED : NO_REF, scalars, texts, __VA_ARGS__)
#define HANDLER(scalars, texts, ...) CODE(FUNC_HANDLER, scalars, texts, __VA_ARGS__)
#define O(op, a, b, c) op_word(INS_##op, a, b, c)
#define I(op, a, imm) op_word_imm(INS_##op, a, imm)
#define RET O(RET, 0, 0, 0)

#define BREAKS(X)                                                                                                                                         \
    /* what stands in every module */                                                                                                                     \
    X(two_agreements, "a module has one", mb_add_agreement(mb, *mb_at_agreement(mb, 0)))                                                                    \
    X(agreement_date, "effective 5000000", mb_at_agreement(mb, 0)->effective = 5000000)                                                                   \
    X(agreement_term, "renews -12001", mb_at_agreement(mb, 0)->term_renews = -TERM_MONTHS_MAX - 1)                                                        \
    X(agreement_notice, "notice 0", mb_at_agreement(mb, 0)->term_notice = 0)                                                                              \
    X(agreement_no_term, "of no term", mb_at_agreement(mb, 0)->term_last = 20500)                                                                         \
    X(file_0, "FILE 0: it is not the empty one", mb_at_file(mb, 0)->name = 1)                                                                             \
    X(clause_0, "CLAUSE 0: it is not the empty one", mb_at_clause(mb, 0)->flags = 1)                                                                      \
    X(calendar_0, "calendars 0 and 1", mb_at_calendar_rec(mb, 0)->kind = CAL_NEVER)                                                                       \
    X(place_line, "both count from 1", mb_at_place(mb, 1)->line = 0)                                                                                      \
    X(place_end, "it ends before it begins", mb_at_place(mb, 1)->end_line = 3)                                                                            \
    X(clause_flags, "CLAUSE 1: flags 8", mb_at_clause(mb, 1)->flags = 8)                                                                                  \
    X(scale_empty, "SCALE 0: it has 0 values", mb_at_scale(mb, 0)->n_values = 0)                                                                          \
    X(scale_ordered, "ordered is 2", mb_at_scale(mb, 0)->ordered = 2)                                                                                     \
    /* structure, in a module that never was a file */                                                                                                    \
    X(index, "ENTITY 0: clause is 99", mb_at_entity(mb, 0)->clause = 99)                                                                                  \
    X(run, "attrs is a run of 9", mb_at_entity(mb, 0)->n_attrs = 9)                                                                                       \
    X(nul, "holds a NUL byte", mb_string(mb, str_make("a\0b", 3)))                                                                                        \
    X(utf8, "is not UTF-8 at its byte 1", mb_string(mb, str_make("a\xff", 2)))                                                                            \
    /* entities and events */                                                                                                                             \
    X(attr_type, "ATTR 0: type 99", mb_at_attr(mb, 0)->type = 99)                                                                       \
    X(attr_scale, "type 1 with scale -1", mb_at_attr(mb, 0)->scale = NO_REF)                                                                              \
    X(attr_initial, "the initial value 2 is no scale", mb_at_attr(mb, 0)->initial = 2)                                                                    \
    X(attr_flags, "ATTR 0: flags 4", mb_at_attr(mb, 0)->flags = 4)                                                                                        \
    X(attr_slot_twice, "ATTR 2: slot 0 is out of order or taken", mb_at_attr(mb, 2)->slot = 0)                                                            \
    X(attr_slot_far, "slot 2 is out of order", mb_at_attr(mb, 2)->slot = 2)                                                                               \
    X(attr_shared, "belongs to two entities", (mb_at_entity(mb, 1)->attrs = 0, mb_at_entity(mb, 1)->n_attrs = 1))                                         \
    X(attr_alone, "belongs to none", mb_add_attr(mb, (struct m_attr){ .type = VT_COUNT, .scale = NO_REF, .initial = NONE }))                               \
    X(forget, "forgotten after -1", mb_at_entity(mb, 0)->forget_after = -1)                                                                               \
    X(field_slot, "EVENT_FIELD 1: slot 1", mb_at_event_field(mb, 1)->slot = 1)                                                                            \
    X(field_initial, "the initial value 5 is no scale", mb_at_event_field(mb, 0)->initial = 5)                                                            \
    X(field_shared, "belongs to two events", (mb_at_event(mb, 1)->fields = 0, mb_at_event(mb, 1)->n_fields = 1))                                          \
    X(event_flags, "EVENT 0: flags 16", mb_at_event(mb, 0)->flags = 16)                                                                                   \
    X(event_no_entity, "speak of an entity", (mb_at_event(mb, 0)->entity = NO_REF))                                                                       \
    X(handler_kind, "function 2 is not a handler of this event", mb_at_event(mb, 0)->handler = SAMPLE_PREDICATE)                                          \
    X(handler_other, "function 5 is not a handler of this event", mb_at_event(mb, 0)->handler = SAMPLE_SITE_HANDLER)                                      \
    X(handler_entity, "a handler has the entity of its event", mb_at_func(mb, SAMPLE_SITE_HANDLER)->entity = T)                                           \
    /* calendars */                                                                                                                                       \
    X(calendar_kind, "CALENDAR 2: kind 9", mb_at_calendar_rec(mb, SAMPLE_SUPPORT)->kind = 9)                                                              \
    X(calendar_cycle, "which do not come before it", mb_at_calendar_rec(mb, SAMPLE_BOTH)->a = SAMPLE_BOTH)                                                \
    X(calendar_operand, "with operands -1 and 2", mb_at_calendar_rec(mb, SAMPLE_BOTH)->a = NO_REF)                                                        \
    X(calendar_rules, "CALENDAR 3: kind 3 with rules", mb_at_calendar_rec(mb, SAMPLE_BOTH)->n_rules = 1)                                                  \
    X(calendar_zone, "neither it nor the agreement names a zone", mb_at_calendar_rec(mb, SAMPLE_SUPPORT)->zone = mb_at_agreement(mb, 0)->zone = 0)        \
    X(calendar_local_zone, "and it names a zone", mb_at_calendar_rec(mb, SAMPLE_LOCAL)->zone = 1)                                                         \
    X(hours_order, "seconds 64800 to 64800", mb_at_hour_range(mb, 0)->from = 64800)                                                                       \
    X(hours_length, "of a day", mb_at_hour_range(mb, 0)->to = 28800 + 86401)                                                                              \
    X(rule_kind, "CALRULE 0: kind 7", mb_at_calendar_rule(mb, 0)->kind = 7)                                                                               \
    X(rule_weekdays, "weekdays 128", mb_at_calendar_rule(mb, 0)->weekdays = 128)                                                                          \
    X(rule_no_hours, "weekly hours on weekdays 31, 0 hours", mb_at_calendar_rule(mb, 0)->n_hours = 0)                                                     \
    X(rule_no_dates, "kind 2 with 0 dates", mb_at_calendar_rule(mb, 1)->n_dates = 0)                                                                      \
    X(date_kind, "DATERULE 0: kind 42", mb_at_date_rule(mb, 0)->kind = 42)                                                                                \
    X(date_day, "no day 31 in month 6", (mb_at_date_rule(mb, 0)->month = 6, mb_at_date_rule(mb, 0)->day = 31))                                            \
    X(date_nth, "number 6 of a weekday", mb_at_date_rule(mb, 1)->nth = 6)                                                                                 \
    X(date_years, "from 2000 to 1999", mb_at_date_rule(mb, 1)->to_year = 1999)                                                                            \
    X(date_range, "before it begins", (mb_at_date_rule(mb, 0)->kind = DR_RANGE, mb_at_date_rule(mb, 0)->first = 2, mb_at_date_rule(mb, 0)->last = 1))     \
    X(observed, "OBSERVED 0: from 7", mb_at_observed_rule(mb, 0)->from = 7)                                                                               \
    X(unless, "YEAR 0: year 10000", mb_at_year(mb, 0)->year = 10000)                                                                                      \
    /* tables */                                                                                                                                          \
    X(class_kind, "CLASSIFIER 2: kind 3", mb_at_classifier(mb, 2)->kind = 3)                                                                              \
    X(class_none, "1 classes", mb_at_classifier(mb, 0)->classes = 1)                                                                                      \
    X(class_breaks, "5 classes for 2 breaks", mb_at_classifier(mb, 2)->classes = 5)                                                                       \
    X(breaks_order, "the breaks of classifier 2", mb_at_class_break(mb, 1)->at = 10)                                                                      \
    X(texts_order, "the texts of classifier 1", mb_at_class_text(mb, 1)->text = mb_at_class_text(mb, 0)->text)                                            \
    X(text_class, "class 3 of 4", mb_at_class_text(mb, 1)->class = 3)                                                                                     \
    X(class_mixed, "with texts or breaks of another", mb_at_classifier(mb, 0)->n_texts = 1)                                                               \
    X(input_kind, "a text classified by kind 0", mb_at_table_input(mb, 1)->classifier = 0)                                                                \
    X(input_scale, "4 classes for 2 values", (mb_at_classifier(mb, 0)->classes = 4))                                                                      \
    X(cells, "11 cells", mb_at_table(mb, 0)->n_cells = 11)                                                                                                \
    X(cells_more, "13 cells for 12", (mb_add_table_cell(mb, (struct m_table_cell){ NO_REF }), mb_at_table(mb, 0)->n_cells = 13))                           \
    X(cell_outcome, "outcome 2 is not one of table 0", (mb_add_table_outcome(mb, (struct m_table_outcome){ 0, 1 }), mb_at_table_cell(mb, 3)->outcome = 2)) \
    X(outcome_rows, "no row gives it", mb_at_table_outcome(mb, 1)->n_rows = 0)                                                                            \
    X(output_values, "1 values for 2 outcomes", mb_at_table_output(mb, 1)->n_values = 1)                                                                  \
    X(output_type, "OUTPUT_VALUE 1: 7 is no scale", mb_at_output_value(mb, 1)->scalar = 7)                                                                \
    X(output_alone, "belongs to none of 1 tables", mb_at_table(mb, 0)->n_outputs = 1)                                                                     \
    X(hit, "hit policy 3", mb_at_table(mb, 0)->hit = 3)                                                                                                   \
    /* targets, clocks, steps */                                                                                                                          \
    X(target_kind, "TARGET 0: kind 5", mb_at_target(mb, 0)->kind = 5)                                                                                     \
    X(target_flags, "TARGET 0: flags 4", mb_at_target(mb, 0)->flags = 4)                                                                                  \
    X(target_mode, "TARGET 1: mode 3", mb_at_target(mb, 1)->mode = 3)                                                                                     \
    X(target_by, "TARGET 1: by second -1", mb_at_target(mb, 1)->by = -1)                                                                                  \
    X(target_amount, "an amount of -1", mb_at_target(mb, 0)->amount = -1)                                                                                 \
    X(target_calendar, "kind 0 without a calendar", mb_at_target(mb, 0)->calendar = NO_REF)                                                               \
    X(target_attr, "kind 4 with attribute -1", mb_at_target(mb, 2)->attr = NO_REF)                                                                        \
    X(target_attr_type, "attribute 0 is no instant", mb_at_target(mb, 2)->attr = 0)                                                                       \
    X(clock_entity, "entity 1 does not have it", mb_at_clock(mb, 0)->entity = SAMPLE_SITE)                                                                \
    X(clock_slot, "CLOCK 0: slot 1", mb_at_clock(mb, 0)->slot = 1)                                                                                        \
    X(clock_flags, "CLOCK 0: flags 64", mb_at_clock(mb, 0)->flags = 64)                                                                                   \
    X(clock_twice, "entity 1 has it among its clocks", mb_at_entity(mb, 1)->n_clocks = 1)                                                                 \
    X(clock_target, "function 2 does not give targets", mb_at_clock(mb, 0)->target = SAMPLE_PREDICATE)                                                    \
    X(clock_target_entity, "does not give targets for its entity", mb_at_clock(mb, 0)->target = SAMPLE_FUNC(mb, "t", FUNC_TARGET, SAMPLE_SITE, NO_REF, 1, 0, I(LDI, 0, 0), O(RETG, 0, 0, 0))) \
    X(clock_no_target, "is not measured only", mb_at_clock(mb, 0)->target = NO_REF)                                                                       \
    X(clock_excused, "function 1 is no condition", mb_at_clock(mb, 0)->excused = SAMPLE_TARGET)                                                           \
    X(clock_by, "is not about the clock's entity", (mb_at_value_of(mb, 0)->value = SAMPLE_SITE_VALUE, mb_at_value_of(mb, 0)->type = VT_COUNT))            \
    X(value_type, "does not give a text", mb_at_value_of(mb, 0)->type = VT_TEXT)                                                                          \
    X(step_kind, "STEP 0: kind 4", mb_at_step(mb, 0)->kind = 4)                                                                                           \
    X(step_flags, "STEP 1: flags 3", mb_at_step(mb, 1)->flags = 3)                                                                                        \
    X(step_share, "a share of 0", mb_at_step(mb, 0)->per = 0)                                                                                             \
    X(step_amount, "an amount of -3", mb_at_step(mb, 1)->amount = -3)                                                                                     \
    X(step_when, "function 3 is no condition", mb_at_step(mb, 0)->when = SAMPLE_WHO)                                                                      \
    X(step_no_target, "has no target to count it from", (mb_at_clock(mb, 0)->target = NO_REF, mb_at_clock(mb, 0)->flags = CLOCK_CHAIN))                   \
    X(recipient_both, "it is one of them", mb_at_recipient(mb, 1)->text = 1)                                                                              \
    X(recipient_kind, "function 2 does not give a text", mb_at_recipient(mb, 1)->value = SAMPLE_PREDICATE)                                                \
    X(recipient_entity, "RECIPIENT 1: function 7", mb_at_recipient(mb, 1)->value = SAMPLE_FUNC(mb, "w", FUNC_VALUE_TEXT, SAMPLE_SITE, NO_REF, 0, 1, O(LDKEY, 0, 0, 0), O(RETT, 0, 0, 0))) \
    /* measures */                                                                                                                                        \
    X(measure_kind, "MEASURE 0: kind 9", mb_at_measure(mb, 0)->kind = 9)                                                                                  \
    X(measure_clock, "source 0 with clock -1", mb_at_measure(mb, 0)->clock = NO_REF)                                                                      \
    X(measure_flags, "source 1 has no verdicts", mb_at_measure(mb, 1)->flags = MEASURE_MET)                                                               \
    X(measure_spans, "spans of no entity", mb_at_measure(mb, 2)->entity = NO_REF)                                                                         \
    X(measure_uptime, "uptime from source 1", mb_at_measure(mb, 1)->kind = MEASURE_UPTIME)                                                                \
    X(measure_period, "taken 0 times", mb_at_measure(mb, 0)->period_n = 0)                                                                                \
    X(measure_part, "nothing says what of them", mb_at_measure(mb, 1)->kind = MEASURE_SUM)                                                                \
    X(measure_type, "type 11", mb_at_measure(mb, 0)->type = VT_TEXT)                                                                                      \
    X(measure_whole, "kind 2 with a whole", mb_at_measure(mb, 0)->whole = SAMPLE_PREDICATE)                                                               \
    X(measure_ratio, "without a whole", (mb_at_measure(mb, 1)->kind = MEASURE_RATIO, mb_at_measure(mb, 1)->part = SAMPLE_FLAG))                           \
    X(measure_where, "function 3 is no condition", mb_at_measure(mb, 0)->where = SAMPLE_WHO)                                                              \
    X(measure_where_entity, "is not about its entity", mb_at_measure(mb, 0)->where = SAMPLE_FUNC(mb, "w", FUNC_PREDICATE, SAMPLE_SITE, NO_REF, 1, 0, I(LDI, 0, 1), O(RETV, 0, 0, 0))) \
    X(measure_entity, "entity 1 is not that of its clock", mb_at_measure(mb, 0)->entity = SAMPLE_SITE)                                                    \
    X(measure_fed, "function 7 of the measure is about another event", mb_at_measure(mb, 1)->where = SAMPLE_FUNC(mb, "w", FUNC_PREDICATE, SAMPLE_SITE, SAMPLE_MOVED, 1, 0, I(LDI, 0, 1), O(RETV, 0, 0, 0))) \
    /* adapters and examples */                                                                                                                           \
    X(adapter_format, "ADAPTER 0: format 2", mb_at_adapter(mb, 0)->format = 2)                                                                            \
    X(adapter_key, "a column that is none of 2", mb_at_adapter(mb, 0)->key_column = 2)                                                                    \
    X(adapter_map, "otherwise 4", mb_at_adapter_map(mb, 0)->otherwise = 4)                                                                                \
    X(adapter_rule, "ADAPTER_RULE 0: kind 8", mb_at_adapter_rule(mb, 0)->kind = 8)                                                                        \
    X(adapter_event, "event 1 is about another entity", mb_at_adapter_rule(mb, 0)->event = SAMPLE_MOVED)                                                  \
    X(adapter_time, "a time or map that is none", (mb_at_adapter(mb, 0)->n_times = 0))                                                                    \
    X(adapter_condition, "kind 0, column 7", (mb_at_adapter_condition(mb, 0)->column = 7, mb_at_adapter_condition(mb, 0)->kind = 0))                      \
    X(adapter_value, "names no field", mb_at_adapter_value(mb, 0)->field = 0)                                                                             \
    X(expect_kind, "EXPECT 0: kind 7", mb_at_expect(mb, 0)->kind = 7)                                                                                     \
    X(expect_clock, "kind 0 without a clock", mb_at_expect(mb, 0)->clock = NO_REF)                                                                        \
    X(expect_func, "gives no value outside an event", mb_at_expect(mb, 1)->func = SAMPLE_TARGET)                                                          \
    /* functions */                                                                                                                                       \
    X(func_kind, "5 is no kind of function", mb_at_func(mb, SAMPLE_SITE_VALUE)->kind = 5)                                                                       \
    X(func_registers, "257 scalar", mb_at_func(mb, SAMPLE_FLAG)->scalars = 257)                                                                           \
    X(func_code, "the module has", mb_at_func(mb, SAMPLE_FLAG)->length = 900)                                                                             \
    X(func_empty, "its code is 0 words", mb_at_func(mb, SAMPLE_FLAG)->length = 0)                                                                         \
    X(func_overlap, "overlaps that of another", (mb_at_func(mb, SAMPLE_FLAG)->code -= 1, mb_at_func(mb, SAMPLE_FLAG)->length += 1))                       \
    X(func_event, "is not about its entity", SAMPLE_FUNC(mb, "x", FUNC_PREDICATE, SAMPLE_SITE, SAMPLE_OPENED, 1, 0, I(LDI, 0, 1), O(RETV, 0, 0, 0)))       \
    X(handler_event, "a handler without an event", SAMPLE_FUNC(mb, "x", FUNC_HANDLER, T, NO_REF, 0, 0, RET))                                              \
    X(code_owner, "belongs to no function", mb_add_code(mb, (struct m_code){ RET }))                                                                      \
    X(code_place_order, "does not come after", (mb_add_code_place(mb, (struct m_code_place){ 0, 1 })))                                                    \
    X(code_place_start, "no instruction begins at 3", mb_at_code_place(mb, 1)->pc = 3)                                                                    \
    /* instructions */                                                                                                                                    \
    X(unknown, "there is no instruction 255", HANDLER(0, 0, 255, RET))                                                                                    \
    X(cut, "its extension word lies behind", HANDLER(0, 1, I(LDT, 0, 0), O(NOTIFY, 0, 0, 0)))                                                              \
    X(junk, "bits that it does not use", HANDLER(0, 0, RET | 1U << 8))                                                                                    \
    X(read_bank, "scalar register 3 is read, the function has 1", HANDLER(1, 0, O(MOV, 0, 3, 0), RET))                                                    \
    X(write_bank, "scalar register 1 is written, the function has 1", HANDLER(1, 0, I(LDI, 1, 0), RET))                                                   \
    X(write_text_bank, "text register 0 is written, the function has 0", HANDLER(0, 0, I(LDT, 0, 0), RET))                                                \
    X(read_text_bank, "text register 9 is read", HANDLER(1, 1, O(MISST, 0, 9, 0), RET))                                                                   \
    X(unset, "scalar register 1 is read, but not set", HANDLER(2, 0, O(MOV, 0, 1, 0), RET))                                                               \
    X(unset_text, "text register 1 is read, but not set", HANDLER(1, 2, O(MISST, 0, 1, 0), RET))                                                          \
    X(unset_self, "is read, but not set", HANDLER(1, 0, O(NOT, 0, 0, 0), RET))                                                                            \
    X(unset_extension, "scalar register 2 is read, but not set", HANDLER(3, 0, I(LDI, 0, 0), I(LDI, 1, 0), O(CALELA, 0, 0, 1), 2, RET))                    \
    X(extension_bank, "scalar register 300 is read", HANDLER(3, 0, I(LDI, 0, 0), I(LDI, 1, 0), O(CALELA, 0, 0, 1), 300, RET))                              \
    X(unset_one_branch, "scalar register 1 is read, but not set on every path", HANDLER(2, 0, I(LDI, 0, 0), I(JF, 0, 1), I(LDI, 1, 0), O(MOV, 0, 1, 0), RET)) \
    X(unset_other_branch, "scalar register 1 is read, but not set on every path", HANDLER(2, 0, I(LDI, 0, 0), I(JF, 0, 2), I(LDI, 1, 0), I(JMP, 0, 1), O(NOP, 0, 0, 0), O(MOV, 0, 1, 0), RET)) \
    X(unset_inputs, "scalar register 1 is read, but not set", HANDLER(3, 0, I(LDI, 0, 0), O(TBL, 2, 0, 0), 0, RET))                                        \
    X(inputs_bank, "scalar register 1 is read, the function has 1", HANDLER(1, 0, I(LDI, 0, 0), O(TBL, 0, 0, 0), 0, RET))                                  \
    X(jump_out, "the function ends at", HANDLER(0, 0, I(JMP, 0, 1), RET))                                                                                 \
    X(jump_extension, "which is the extension word", HANDLER(1, 1, I(LDT, 0, 0), I(LDI, 0, 0), I(JF, 0, 1), O(NOTIFY, 0, 0, 0), 1, RET))                    \
    X(no_end, "goes on behind its end", HANDLER(1, 0, I(LDI, 0, 0)))                                                                                      \
    X(no_end_branch, "goes on behind its end", HANDLER(1, 0, I(LDI, 0, 0), I(JF, 0, 1), RET, O(NOP, 0, 0, 0)))                                            \
    X(unreachable, "nothing leads here", HANDLER(0, 0, RET, RET))                                                                                         \
    X(unreachable_jump, "nothing leads here", HANDLER(0, 0, I(JMP, 0, 1), O(NOP, 0, 0, 0), RET))                                                          \
    X(constant, "CONST 9 is named", HANDLER(1, 0, I(LDK, 0, 9), RET))                                                                                     \
    X(string, "STRING 9999 is named", HANDLER(0, 1, I(LDT, 0, 9999), RET))                                                                                \
    X(string_far, "STRING 70000 is named", HANDLER(0, 1, O(LDTX, 0, 0, 0), 70000, RET))                                                                   \
    X(classifier, "CLASSIFIER 3 is named", HANDLER(1, 0, I(LDI, 0, 0), O(CLS, 0, 0, 0), 3, RET))                                                          \
    X(classifier_text, "classifier 1 is one of texts", HANDLER(1, 0, I(LDI, 0, 0), O(CLS, 0, 0, 0), 1, RET))                                               \
    X(classifier_scalar, "classifier 0 is not one of texts", HANDLER(1, 1, I(LDT, 0, 0), O(CLST, 0, 0, 0), 0, RET))                                        \
    X(table, "TABLE 1 is named", HANDLER(1, 0, I(LDI, 0, 0), O(TBL, 0, 0, 0), 1, RET))                                                                    \
    X(column, "TABLE_OUTPUT 2 is named", HANDLER(1, 0, I(LDI, 0, 0), O(OUT, 0, 0, 0), 2, RET))                                                            \
    X(column_bank, "the column's type is text", HANDLER(1, 0, I(LDI, 0, 0), O(OUT, 0, 0, 0), 1, RET))                                                     \
    X(column_text_bank, "the column's type is scale", HANDLER(1, 1, I(LDI, 0, 0), O(OUTT, 0, 0, 0), 0, RET))                                              \
    X(calendar, "CALENDAR 5 is named", HANDLER(1, 1, I(LDT, 0, 0), O(CALIN, 0, 0, 0), 5, RET))                                                            \
    X(calendar_local, "is not local to anything", HANDLER(1, 1, I(LDT, 0, 0), O(CALIN, 0, 0, 0), SAMPLE_SUPPORT, RET))                                     \
    X(clause, "CLAUSE 2 is named", HANDLER(0, 1, I(LDT, 0, 0), O(NOTIFY, 0, 0, 0), 2, RET))                                                               \
    X(measure, "MEASURE 3 is named", HANDLER(0, 0, O(MEVENT, 0, 0, 0), 3, RET))                                                                           \
    X(measure_source, "measure 2 is not fed from events", HANDLER(0, 0, O(MEVENT, 0, 0, 0), 2, RET))                                                      \
    X(measure_span, "measure 0 is not fed from spans", HANDLER(1, 0, I(LDI, 0, 0), O(MSPAN, 0, 0, 0), 0, RET))                                            \
    X(measure_other, "measure 2 is about another entity", SAMPLE_FUNC(mb, "x", FUNC_HANDLER, SAMPLE_SITE, SAMPLE_MOVED, 1, 0, I(LDI, 0, 0), O(MSPAN, 0, 0, 0), 2, RET)) \
    X(rounding, "4 is no way of rounding", HANDLER(1, 0, I(LDI, 0, 0), O(ROUND, 0, 0, 0), 4, RET))                                                        \
    X(stop_kind, "2 is no kind of stop", HANDLER(0, 0, O(CSTOP, 0, 2, 0), RET))                                                                           \
    X(policy, "7 is no policy", HANDLER(1, 0, I(LDI, 0, 0), O(CRETARGET, 0, 7, 0), RET))                                                                  \
    X(clock, "clock slot 1 is named, there are 1", HANDLER(0, 0, O(CSTART, 1, 0, 0), RET))                                                                \
    X(clock_of_other, "clock slot 0 is named, there are 0", SAMPLE_FUNC(mb, "x", FUNC_HANDLER, SAMPLE_SITE, SAMPLE_MOVED, 0, 0, O(CSTART, 0, 0, 0), RET))  \
    X(spans, "spans slot 1 is named", HANDLER(1, 0, O(WAITS, 0, 1, 0), RET))                                                                              \
    X(attribute, "scalar attribute slot 2 is named, there are 2", HANDLER(1, 0, I(LDA, 0, 2), RET))                                                       \
    X(attribute_text, "text attribute slot 1 is named, there are 1", HANDLER(0, 1, I(LDAT, 0, 1), RET))                                                   \
    X(attribute_stored, "scalar attribute slot 9", HANDLER(1, 0, I(LDI, 0, 0), O(STAC, 0, 0, 0), 9, RET))                                                 \
    X(attribute_text_stored, "text attribute slot 9", HANDLER(1, 1, I(LDT, 0, 0), O(STATC, 0, 0, 0), 9, RET))                                             \
    X(field, "scalar field slot 1 is named, there are 1", HANDLER(1, 0, I(LDF, 0, 1), RET))                                                               \
    X(field_text, "text field slot 1 is named, there are 1", HANDLER(0, 1, I(LDFT, 0, 1), RET))                                                           \
    X(no_event, "the function has no event", CODE(FUNC_PREDICATE, 1, 0, I(LDF, 0, 0), O(RETV, 0, 0, 0)))                                                  \
    X(no_entity, "the function has no entity", SAMPLE_FUNC(mb, "x", FUNC_VALUE_TEXT, NO_REF, NO_REF, 0, 1, O(LDKEY, 0, 0, 0), O(RETT, 0, 0, 0)))           \
    X(no_entity_attr, "the function has no entity", SAMPLE_FUNC(mb, "x", FUNC_VALUE, NO_REF, NO_REF, 1, 0, I(LDA, 0, 0), O(RETV, 0, 0, 0)))                \
    X(impure, "only handlers change state", CODE(FUNC_PREDICATE, 1, 0, O(CSTART, 0, 0, 0), I(LDI, 0, 0), O(RETV, 0, 0, 0)))                               \
    X(impure_attr, "only handlers change state", CODE(FUNC_VALUE, 1, 0, I(LDI, 0, 0), I(STA, 0, 0), O(RETV, 0, 0, 0)))                                    \
    X(end_handler, "ends in `ret`", HANDLER(1, 0, I(LDI, 0, 0), O(RETV, 0, 0, 0)))                                                                        \
    X(end_predicate, "ends in `ret.value`", CODE(FUNC_PREDICATE, 0, 0, RET))                                                                              \
    X(end_text, "ends in `ret.text`", CODE(FUNC_VALUE_TEXT, 1, 0, I(LDI, 0, 0), O(RETV, 0, 0, 0)))                                                        \
    X(end_target, "ends in `ret.target`", CODE(FUNC_TARGET, 1, 0, I(LDI, 0, 0), O(RETV, 0, 0, 0)))

static const struct module *broken_module(struct arena *a, void (*change)(struct module_builder *mb)) {
    struct module_builder *mb = sample_builder(a);
    change(mb);
    return mb_finish(mb);
}

#define BREAK_FUNCTION(name, says, ...) static void break_##name(struct module_builder *mb) { (void)(__VA_ARGS__); }
BREAKS(BREAK_FUNCTION)
struct broken { const char *name, *says; void (*change)(struct module_builder *mb); };
#define BREAK_ROW(name, says, ...) { #name, says, break_##name },
static const struct broken broken[] = { BREAKS(BREAK_ROW) };

static void every_rule_refuses(void **state) {
    (void)state;
    int wrong = 0;
    for (size_t i = 0; i < countof(broken); i++) {
        struct arena a;
        struct verify_error e;
        arena_init(&a, NULL);
        const struct module *m = broken_module(&a, broken[i].change);
        if (module_verify(&a, m, &e)) wrong++, print_message("# %s: accepted\n", broken[i].name);
        else if (!strstr(e.text, broken[i].says)) wrong++, print_message("# %s: refused for another reason: %s\n", broken[i].name, e.text);
        if (getenv("MSA_SHOW_REFUSALS")) print_message("%-20s %s\n", broken[i].name, e.text);
        arena_free(&a);
    }
    assert_int_equal(wrong, 0);
}

static void refusal_names_all(void **state) {
    (void)state;
    struct arena a;
    struct verify_error e;
    arena_init(&a, NULL);
    struct module_builder *mb = sample_builder(&a);
    uint32_t words = mb_count(mb, SEC_CODE);
    mb_add_code_place(mb, (struct m_code_place){ words, 1 });
    HANDLER(2, 0, I(LDI, 0, 0), O(MOV, 0, 1, 0), RET);
    assert_null(module_verify(&a, mb_finish(mb), &e));
    assert_non_null(strstr(e.text, "function 7 `extra`, instruction at "));
    assert_non_null(strstr(e.text, "`mov s0, s1`: scalar register 1 is read, but not set on every path to here (from acme.msa:12:5)"));
    assert_int_equal(e.func, 7);
    assert_int_equal(e.pc, words + 1);
    assert_int_equal(e.place, 1);
    assert_int_equal(e.section, SEC_FUNC);
    arena_free(&a);
}

static void good_code_is_accepted(void **state) {
    (void)state;
    struct arena a;
    struct verify_error e = { .text = "" };
    arena_init(&a, NULL);
    struct module_builder *mb = sample_builder(&a);
    /* Set on both branches; a jump to the next instruction; two jumps to one place; a register set after the jump is not asked of it. */
    HANDLER(3, 0, I(LDI, 0, 0), I(JF, 0, 2), I(LDI, 1, 0), I(JMP, 0, 1), I(LDI, 1, 1), O(MOV, 2, 1, 0), RET);
    HANDLER(1, 0, I(LDI, 0, 0), I(JF, 0, 0), RET);
    HANDLER(2, 0, I(LDI, 0, 0), I(JT, 0, 2), I(JF, 0, 1), I(LDI, 1, 0), O(NOT, 0, 0, 0), RET);
    CODE(FUNC_VALUE, 256, 256, I(LDI, 255, -1), I(LDT, 255, 0), O(MISST, 0, 255, 0), O(ADD, 1, 0, 255), O(CALELA, 1, 1, 1), 255, O(RETV, 1, 0, 0));
    CODE(FUNC_PREDICATE, 1, 0, I(LDI, 0, 1), I(JF, 0, 1), O(RETV, 0, 0, 0), O(RETV, 0, 0, 0));
    CODE(FUNC_VALUE_TEXT, 0, 1, O(LDTX, 0, 0, 0), 1, O(RETT, 0, 0, 0));
    const struct module *m = mb_finish(mb);
    const struct verified_module *v = module_verify(&a, m, &e);
    assert_string_equal(e.text, "");
    assert_non_null(v);
    assert_ptr_equal(verified_get(v), m);
    const struct module_facts *facts = verified_facts(v);
    assert_int_equal(facts->entity[SAMPLE_TICKET].scalars, 2);
    assert_int_equal(facts->entity[SAMPLE_TICKET].texts, 1);
    assert_int_equal(facts->entity[SAMPLE_SITE].scalars, 0);
    assert_int_equal(facts->event[SAMPLE_OPENED].scalars, 1);
    assert_int_equal(facts->event[SAMPLE_OPENED].texts, 1);
    assert_int_equal(facts->attr_entity[2], SAMPLE_TICKET);
    assert_int_equal(facts->column_table[1], 0);
    assert_int_equal(facts->max_scalars, 256);
    assert_int_equal(facts->max_texts, 256);
    arena_free(&a);
}

/* The cost is linear: a handler of a hundred thousand words with a jump to each of its ends. */
static void long_functions_are_quick(void **state) {
    (void)state;
    struct arena a;
    struct verify_error e = { .text = "" };
    arena_init(&a, NULL);
    struct module_builder *mb = sample_builder(&a);
    uint32_t code = mb_count(mb, SEC_CODE);
    mb_op_imm(mb, INS_LDI, 0, 0);
    for (int i = 0; i < 50000; i++) {
        mb_op_imm(mb, INS_JF, 0, 1);
        mb_op(mb, INS_NOT, 0, 0, 0);
    }
    mb_op(mb, INS_RET, 0, 0, 0);
    mb_add_func(mb, (struct m_func){ .kind = FUNC_HANDLER, .code = code, .length = mb_count(mb, SEC_CODE) - code, .scalars = 1, .entity = T, .event = SAMPLE_OPENED });
    assert_non_null(module_verify(&a, mb_finish(mb), &e));
    arena_free(&a);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(good_code_is_accepted), cmocka_unit_test(every_rule_refuses), cmocka_unit_test(refusal_names_all), cmocka_unit_test(long_functions_are_quick),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
