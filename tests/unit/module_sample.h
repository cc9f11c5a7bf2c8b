/* SPDX-License-Identifier: MIT */
/* A small module made by hand that uses nearly every kind of record. Tests copy it, break it, or change it while it is built. */
#ifndef MSA_TESTS_MODULE_SAMPLE_H
#define MSA_TESTS_MODULE_SAMPLE_H
#include "base/calendar.h"
#include "bytecode/builder.h"

/* Indexes that the tests speak of. */
enum {
    SAMPLE_TICKET = 0, SAMPLE_SITE = 1,                             /* entities */
    SAMPLE_OPENED = 0, SAMPLE_MOVED = 1,                            /* events */
    SAMPLE_HANDLER = 0, SAMPLE_TARGET = 1, SAMPLE_PREDICATE = 2, SAMPLE_WHO = 3, SAMPLE_SITE_VALUE = 4, SAMPLE_SITE_HANDLER = 5, SAMPLE_FLAG = 6,
    SAMPLE_SUPPORT = 2, SAMPLE_BOTH = 3, SAMPLE_LOCAL = 4,          /* calendars */
};

static inline uint32_t sample_text(struct module_builder *mb, const char *s) { return mb_string(mb, str_of(s)); }

static inline uint32_t sample_func(struct module_builder *mb, const char *name, uint32_t kind, uint32_t entity, uint32_t event, uint32_t scalars, uint32_t texts,
                                   const uint32_t *words, uint32_t n) {
    struct m_func f = { .name = sample_text(mb, name), .kind = kind, .code = mb_count(mb, SEC_CODE), .length = n, .scalars = scalars, .texts = texts, .entity = entity, .event = event };
    for (uint32_t i = 0; i < n; i++) mb_add_code(mb, (struct m_code){ words[i] });
    return mb_add_func(mb, f);
}
#define SAMPLE_FUNC(mb, name, kind, entity, event, scalars, texts, ...) \
    sample_func(mb, name, kind, entity, event, scalars, texts, (const uint32_t[]){ __VA_ARGS__ }, sizeof((const uint32_t[]){ __VA_ARGS__ }) / sizeof(uint32_t))

static inline void sample_calendars(struct module_builder *mb, uint32_t clause) {
    uint32_t hours = mb_add_hour_range(mb, (struct m_hour_range){ 28800, 64800 }), noon = mb_add_hour_range(mb, (struct m_hour_range){ 43200, INT32_MAX });
    uint32_t observed = mb_add_observed_rule(mb, (struct m_observed_rule){ 6, 0, 0, 0 }), unless = mb_add_year(mb, (struct m_year){ 2018 });
    uint32_t july = mb_add_date_rule(mb, (struct m_date_rule){ .kind = DR_FIXED, .month = 7, .day = 4, .observed = observed, .n_observed = 1, .unless = unless, .n_unless = 1, .name = sample_text(mb, "Independence Day") });
    uint32_t fourth = mb_add_date_rule(mb, (struct m_date_rule){ .kind = DR_NTH, .month = 11, .weekday = 3, .nth = 4, .from_year = 2000, .to_year = 2090 });
    uint32_t rules = mb_add_calendar_rule(mb, (struct m_calendar_rule){ .kind = CR_WEEKLY, .weekdays = 31, .hours = hours, .n_hours = 1 });
    mb_add_calendar_rule(mb, (struct m_calendar_rule){ .kind = CR_CLOSED, .weekdays = 127, .dates = july, .n_dates = 2 });
    mb_add_calendar_rule(mb, (struct m_calendar_rule){ .kind = CR_CLOSED, .hours = noon, .n_hours = 1, .dates = fourth, .n_dates = 1 });
    mb_add_calendar_rec(mb, (struct m_calendar_rec){ .name = sample_text(mb, "support"), .kind = CAL_RULES, .zone = sample_text(mb, "America/New_York"), .service_day = 8 * HOUR_US, .rules = rules, .n_rules = 3, .a = NO_REF, .b = NO_REF, .clause = clause });
    mb_add_calendar_rec(mb, (struct m_calendar_rec){ .name = sample_text(mb, "both"), .kind = CAL_AND, .a = 0, .b = SAMPLE_SUPPORT, .clause = clause });
    mb_add_calendar_rec(mb, (struct m_calendar_rec){ .name = sample_text(mb, "local"), .kind = CAL_RULES, .local = 1, .rules = rules, .n_rules = 1, .a = NO_REF, .b = NO_REF, .clause = clause });
}

/* Table priority by impact (scale of 2) and site (text): 3 × 4 cells. */
static inline void sample_tables(struct module_builder *mb, uint32_t clause) {
    uint32_t scale_classes = mb_add_classifier(mb, (struct m_classifier){ .kind = CLASS_SCALE, .classes = 3 });
    uint32_t texts = mb_add_class_text(mb, (struct m_class_text){ sample_text(mb, "HQ"), 0 });
    mb_add_class_text(mb, (struct m_class_text){ sample_text(mb, "Plant"), 1 });
    uint32_t text_classes = mb_add_classifier(mb, (struct m_classifier){ .kind = CLASS_TEXTS, .classes = 4, .texts = texts, .n_texts = 2 });
    uint32_t breaks = mb_add_class_break(mb, (struct m_class_break){ 10 });
    mb_add_class_break(mb, (struct m_class_break){ 20 });
    mb_add_classifier(mb, (struct m_classifier){ .kind = CLASS_BREAKS, .classes = 4, .breaks = breaks, .n_breaks = 2 });
    uint32_t inputs = mb_add_table_input(mb, (struct m_table_input){ sample_text(mb, "impact"), scale_classes, VT_SCALE, 0 });
    mb_add_table_input(mb, (struct m_table_input){ sample_text(mb, "site"), text_classes, VT_TEXT, NO_REF });
    uint32_t rows = mb_add_table_row(mb, (struct m_table_row){ sample_text(mb, "high | HQ"), 0 });
    mb_add_table_row(mb, (struct m_table_row){ sample_text(mb, "otherwise"), 0 });
    uint32_t outcomes = mb_add_table_outcome(mb, (struct m_table_outcome){ rows, 1 });
    mb_add_table_outcome(mb, (struct m_table_outcome){ rows + 1, 1 });
    uint32_t cells = mb_count(mb, SEC_TABLE_CELL);
    for (uint32_t i = 0; i < 12; i++) mb_add_table_cell(mb, (struct m_table_cell){ i == 11 ? NO_REF : outcomes + (i != 0) });
    uint32_t values = mb_add_output_value(mb, (struct m_output_value){ 0, 0 });
    mb_add_output_value(mb, (struct m_output_value){ 1, 0 });
    mb_add_output_value(mb, (struct m_output_value){ NONE, sample_text(mb, "desk") });
    mb_add_output_value(mb, (struct m_output_value){ NONE, 0 });
    uint32_t outputs = mb_add_table_output(mb, (struct m_table_output){ sample_text(mb, "priority"), VT_SCALE, 0, values, 2 });
    mb_add_table_output(mb, (struct m_table_output){ sample_text(mb, "who"), VT_TEXT, NO_REF, values + 2, 2 });
    mb_add_table(mb, (struct m_table){ .name = sample_text(mb, "priority"), .clause = clause, .inputs = inputs, .n_inputs = 2, .cells = cells, .n_cells = 12, .outcomes = outcomes, .n_outcomes = 2, .outputs = outputs, .n_outputs = 2 });
}

static inline void sample_functions(struct module_builder *mb, uint32_t place) {
    uint32_t code = mb_count(mb, SEC_CODE), skip;
    mb_set_place(mb, place);
    mb_op_imm(mb, INS_LDF, 0, 0);
    mb_op_imm(mb, INS_LDFT, 0, 0);
    mb_op_word(mb, INS_STAC, 1, 0, 0, 0);
    mb_op_imm(mb, INS_STAT, 0, 0);
    mb_op_word(mb, INS_CLS, 2, 0, 0, 0);
    mb_op_word(mb, INS_CLST, 3, 0, 0, 1);
    mb_set_place(mb, 0);
    mb_op_word(mb, INS_TBL, 4, 2, 0, 0);
    mb_op_word(mb, INS_OUT, 5, 4, 0, 0);
    mb_op_word(mb, INS_OUTT, 1, 4, 0, 1);
    mb_op(mb, INS_CRETARGET, 0, CHANGE_KEEP_TIME, 1);
    skip = mb_op_imm(mb, INS_JF, 1, 0);
    mb_op_word(mb, INS_NOTIFY, 1, 0, 0, 1);
    mb_op(mb, INS_WBEGIN, 0, 0, 0);
    if (!mb_land(mb, skip)) MSA_BUG("a short jump");
    mb_op(mb, INS_CSTART, 0, 0, 0);
    mb_op_word(mb, INS_MEVENT, 0, 0, 0, 1);
    mb_op_word(mb, INS_MSPAN, 1, 0, 0, 2);
    mb_op(mb, INS_RET, 0, 0, 0);
    mb_add_func(mb, (struct m_func){ .name = sample_text(mb, "opened"), .kind = FUNC_HANDLER, .code = code, .length = mb_count(mb, SEC_CODE) - code, .scalars = 6, .texts = 2, .entity = SAMPLE_TICKET, .event = SAMPLE_OPENED, .place = place });
    SAMPLE_FUNC(mb, "target", FUNC_TARGET, SAMPLE_TICKET, NO_REF, 2, 1, op_word_imm(INS_LDA, 0, 0), op_word_imm(INS_LDAT, 0, 0), op_word(INS_CALIN, 1, 0, 0), SAMPLE_LOCAL, op_word(INS_RETG, 0, 1, 0));
    SAMPLE_FUNC(mb, "urgent", FUNC_PREDICATE, SAMPLE_TICKET, NO_REF, 3, 0, op_word_imm(INS_LDA, 0, 0), op_word_imm(INS_LDK, 1, (int32_t)mb_const(mb, 1)), op_word(INS_EQ, 2, 0, 1), op_word(INS_RETV, 2, 0, 0));
    SAMPLE_FUNC(mb, "who", FUNC_VALUE_TEXT, SAMPLE_TICKET, NO_REF, 0, 1, op_word_imm(INS_LDAT, 0, 0), op_word(INS_RETT, 0, 0, 0));
    SAMPLE_FUNC(mb, "site value", FUNC_VALUE, SAMPLE_SITE, NO_REF, 1, 0, op_word_imm(INS_LDI, 0, -5), op_word(INS_RETV, 0, 0, 0));
    SAMPLE_FUNC(mb, "moved", FUNC_HANDLER, SAMPLE_SITE, SAMPLE_MOVED, 0, 0, op_word(INS_RET, 0, 0, 0));
    SAMPLE_FUNC(mb, "always", FUNC_PREDICATE, NO_REF, NO_REF, 1, 0, op_word_imm(INS_LDI, 0, 1), op_word(INS_RETV, 0, 0, 0));
}

static inline void sample_clocks(struct module_builder *mb, uint32_t clause, uint32_t place) {
    mb_add_target(mb, (struct m_target){ .kind = TARGET_OPEN, .amount = 4 * HOUR_US, .by = -1, .cutoff = -1, .calendar = SAMPLE_SUPPORT, .attr = NO_REF, .text = sample_text(mb, "4 h"), .place = place });
    mb_add_target(mb, (struct m_target){ .kind = TARGET_BUSINESS_DAYS, .amount = 3, .mode = DAY_BY, .by = 57600, .cutoff = -1, .calendar = SAMPLE_SUPPORT, .attr = NO_REF });
    mb_add_target(mb, (struct m_target){ .kind = TARGET_RECORD, .by = -1, .cutoff = -1, .calendar = NO_REF, .attr = 2 });
    uint32_t who = mb_add_recipient(mb, (struct m_recipient){ sample_text(mb, "Director of operations"), NO_REF });
    mb_add_recipient(mb, (struct m_recipient){ 0, SAMPLE_WHO });
    uint32_t steps = mb_add_step(mb, (struct m_step){ .kind = STEP_PERCENT, .amount = 80, .per = 100, .calendar = NO_REF, .held = NO_REF, .when = SAMPLE_PREDICATE, .recipients = who, .n_recipients = 2, .clause = clause, .place = place });
    mb_add_step(mb, (struct m_step){ .kind = STEP_AFTER_DUE, .calendar = NO_REF, .flags = STEP_PLAIN, .held = NO_REF, .when = NO_REF, .recipients = who, .n_recipients = 1, .clause = clause });
    uint32_t by = mb_add_value_of(mb, (struct m_value_of){ sample_text(mb, "urgent"), VT_FLAG, NO_REF, SAMPLE_PREDICATE });
    mb_add_clock(mb, (struct m_clock){ .name = sample_text(mb, "response"), .clause = clause, .entity = SAMPLE_TICKET, .target = SAMPLE_TARGET, .excused = SAMPLE_PREDICATE, .steps = steps, .n_steps = 2, .by = by, .n_by = 1, .pause_place = NO_REF, .pause = NO_REF });
    mb_add_measure(mb, (struct m_measure){ .name = sample_text(mb, "attainment"), .clause = clause, .kind = MEASURE_SHARE, .source = SOURCE_CLOCK, .clock = 0, .entity = NO_REF, .calendar = NO_REF, .where = SAMPLE_PREDICATE, .part = NO_REF, .by = by, .n_by = 1, .period = PERIOD_MONTH, .period_n = 1, .whole = NO_REF, .at_least = NONE, .round = NONE, .flags = MEASURE_MET, .fixed = NONE, .less = NO_REF });
    mb_add_measure(mb, (struct m_measure){ .name = sample_text(mb, "opened"), .clause = clause, .kind = MEASURE_COUNT, .source = SOURCE_EVENT, .clock = NO_REF, .entity = NO_REF, .calendar = NO_REF, .where = SAMPLE_FLAG, .part = NO_REF, .period = PERIOD_ALL, .whole = NO_REF, .at_least = NONE, .round = NONE, .fixed = NONE, .less = NO_REF });
    mb_add_measure(mb, (struct m_measure){ .name = sample_text(mb, "uptime"), .clause = clause, .kind = MEASURE_UPTIME, .source = SOURCE_SPANS, .clock = NO_REF, .entity = SAMPLE_TICKET, .calendar = SAMPLE_SUPPORT, .where = NO_REF, .part = NO_REF, .period = PERIOD_MONTH, .period_n = 3, .whole = NO_REF, .at_least = NONE, .round = NONE, .fixed = NONE, .less = NO_REF });
}

static inline void sample_adapter(struct module_builder *mb, uint32_t clause) {
    uint32_t columns = mb_add_adapter_column(mb, (struct m_adapter_column){ sample_text(mb, "Number"), NO_COLUMN, 0 });
    mb_add_adapter_column(mb, (struct m_adapter_column){ sample_text(mb, "Opened"), NO_COLUMN, 0 });
    uint32_t pattern = mb_add_adapter_pattern(mb, (struct m_adapter_pattern){ sample_text(mb, "yyyy-MM-dd HH:mm:ss") });
    uint32_t is = mb_add_adapter_pattern(mb, (struct m_adapter_pattern){ sample_text(mb, "INC") });
    uint32_t time = mb_add_adapter_time(mb, (struct m_adapter_time){ .name = sample_text(mb, "stamp"), .patterns = pattern, .n_patterns = 1, .zone = sample_text(mb, "UTC") });
    uint32_t from = mb_add_adapter_map_row(mb, (struct m_adapter_map_row){ sample_text(mb, "1 - high"), sample_text(mb, "high") });
    uint32_t map = mb_add_adapter_map(mb, (struct m_adapter_map){ .name = sample_text(mb, "impact"), .rows = from, .n_rows = 1, .otherwise = OTHERWISE_REJECT });
    uint32_t condition = mb_add_adapter_condition(mb, (struct m_adapter_condition){ COND_IS, 0, is, 1 });
    uint32_t value = mb_add_adapter_value(mb, (struct m_adapter_value){ .field = sample_text(mb, "impact"), .column = 0, .map = map, .time = NO_REF, .unit = NONE });
    uint32_t rule = mb_add_adapter_rule(mb, (struct m_adapter_rule){ .kind = RULE_WHEN, .conditions = condition, .n_conditions = 1, .event = SAMPLE_OPENED, .end_event = NO_REF, .attr = 0, .clock = 0, .time_column = 1, .time = time, .end_column = NO_COLUMN, .end_time = NO_REF, .values = value, .n_values = 1, .map = NO_REF, .column = NO_COLUMN });
    uint32_t adapter = mb_add_adapter(mb, (struct m_adapter){ .name = sample_text(mb, "export"), .clause = clause, .format = ADAPTER_CSV, .entity = SAMPLE_TICKET, .key_column = 0, .columns = columns, .n_columns = 2, .times = time, .n_times = 1, .maps = map, .n_maps = 1, .rules = rule, .n_rules = 1, .sequence_column = NO_COLUMN });
    mb_add_inputs(mb, (struct m_inputs){ adapter });
}

static inline struct module_builder *sample_builder(struct arena *a) {
    struct module_builder *mb = mb_new(a);
    uint32_t file = mb_add_file(mb, (struct m_file){ sample_text(mb, "acme.msa"), sample_text(mb, "0123abcd") });
    uint32_t place = mb_place(mb, (struct m_place){ file, 12, 5, 12, 40 });
    uint32_t clause = mb_add_clause(mb, (struct m_clause){ .number = sample_text(mb, "4.1"), .name = sample_text(mb, "response"), .word = sample_text(mb, "clock"), .place = place });
    mb_add_agreement(mb, (struct m_agreement){ .name = sample_text(mb, "Acme – managed services"), .effective = 20454, .term_last = NONE, .term_length = NONE, .term_renews = NONE, .term_notice = NONE, .zone = sample_text(mb, "America/New_York"), .place = place });
    uint32_t values = mb_add_scale_value(mb, (struct m_scale_value){ sample_text(mb, "high") });
    mb_add_scale_value(mb, (struct m_scale_value){ sample_text(mb, "low") });
    mb_add_scale(mb, (struct m_scale){ sample_text(mb, "level"), 1, values, 2 });
    uint32_t attrs = mb_add_attr(mb, (struct m_attr){ .name = sample_text(mb, "priority"), .type = VT_SCALE, .scale = 0, .initial = NONE, .slot = 0 });
    mb_add_attr(mb, (struct m_attr){ .name = sample_text(mb, "customer"), .type = VT_TEXT, .scale = NO_REF, .initial = NONE, .initial_text = sample_text(mb, "Acme"), .slot = 0 });
    mb_add_attr(mb, (struct m_attr){ .name = sample_text(mb, "due_at"), .type = VT_INSTANT, .scale = NO_REF, .initial = NONE, .slot = 1 });
    uint32_t spans = mb_add_spans(mb, (struct m_spans){ sample_text(mb, "waiting"), clause, 0 });
    mb_add_entity(mb, (struct m_entity){ .name = sample_text(mb, "ticket"), .key = sample_text(mb, "ticket"), .attrs = attrs, .n_attrs = 3, .spans = spans, .n_spans = 1, .clocks = 0, .n_clocks = 1, .forget_after = NONE, .clause = clause });
    mb_add_entity(mb, (struct m_entity){ .name = sample_text(mb, "site"), .key = sample_text(mb, "site"), .attrs = 7, .n_attrs = 0, .forget_after = NONE });
    uint32_t fields = mb_add_event_field(mb, (struct m_event_field){ .name = sample_text(mb, "impact"), .type = VT_SCALE, .scale = 0, .slot = 0, .initial = 1, .flags = FIELD_REQUIRED });
    mb_add_event_field(mb, (struct m_event_field){ .name = sample_text(mb, "site"), .type = VT_TEXT, .scale = NO_REF, .slot = 0, .initial = NONE });
    mb_add_event(mb, (struct m_event){ .name = sample_text(mb, "opened"), .entity = SAMPLE_TICKET, .flags = EVENT_CREATES, .fields = fields, .n_fields = 2, .handler = SAMPLE_HANDLER, .clause = clause });
    mb_add_event(mb, (struct m_event){ .name = sample_text(mb, "moved"), .entity = SAMPLE_SITE, .handler = SAMPLE_SITE_HANDLER, .clause = clause });
    sample_calendars(mb, clause);
    sample_tables(mb, clause);
    sample_functions(mb, place);
    sample_clocks(mb, clause, place);
    sample_adapter(mb, clause);
    uint32_t expect = mb_add_expect(mb, (struct m_expect){ .kind = EXPECT_CLOCK, .entity = sample_text(mb, "T1"), .clock = 0, .measure = NO_REF, .calendar = NO_REF, .func = NO_REF, .state = sample_text(mb, "met"), .at = NONE, .due = 5, .due_first = NONE, .stopped = NONE, .elapsed = NONE, .paused = NONE, .part = NONE, .whole = NONE, .charge = NO_REF, .quantity = NO_REF, .right = NO_REF, .amount = NONE, .day = NONE, .day_last = NONE, .account = NO_REF });
    mb_add_expect(mb, (struct m_expect){ .kind = EXPECT_VALUE, .clock = NO_REF, .measure = NO_REF, .calendar = NO_REF, .func = SAMPLE_PREDICATE, .at = NONE, .due = NONE, .due_first = NONE, .stopped = NONE, .elapsed = NONE, .paused = NONE, .part = NONE, .whole = NONE, .charge = NO_REF, .quantity = NO_REF, .right = NO_REF, .amount = NONE, .day = NONE, .day_last = NONE, .account = NO_REF });
    mb_add_example(mb, (struct m_example){ .name = sample_text(mb, "Friday evening"), .clause = clause, .events = sample_text(mb, "{\"at\":\"2026-03-06T22:50:00Z\"}\n"), .as_of = NONE, .expects = expect, .n_expects = 2, .place = place });
    return mb;
}
#endif
