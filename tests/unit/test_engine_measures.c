/* SPDX-License-Identifier: MIT */
/* Measures (M1, M2), values that the input recorded, and what a failure leaves behind. */
#include "engine_kit.h"

#define OPEN_TARGET(hours, calendar) {TARGET_OPEN, (hours) * HOUR_US, calendar, 0, 0}

/* A month has what was decided in it: met at the stop, breached at due; the others are shown beside it. A month without
 * anything is no data, and a met that is withdrawn later corrects the month that was reported (M1, C7). */
static void attainment(void **state)
{
    (void)state;
    struct kit k = {.target = {OPEN_TARGET(24, KIT_24X7)}, .share = true};
    kit_open(&k);
    kit_event(&k, "2026-01-30T09:00:00Z", OPENED, "A", 0);
    kit_event(&k, "2026-01-30T10:00:00Z", OPENED, "B", 0);
    kit_event(&k, "2026-01-30T11:00:00Z", OPENED, "C", 0);
    kit_event(&k, "2026-01-30T12:00:00Z", RESOLVED, "A", -1);
    kit_event(&k, "2026-01-30T12:00:00Z", CANCELLED, "C", -1);
    kit_event(&k, "2026-01-31T12:00:00Z", OPENED, "D", 0);
    kit_wait(&k, "2026-01-31T13:00:00Z", WAITING, "D", 1, NULL);
    kit_event(&k, "2026-01-31T14:00:00Z", OPENED, "E", 0);
    kit_event(&k, "2026-02-01T00:00:00Z", RESOLVED, "E", -1);
    kit_event(&k, "2026-04-01T09:00:00Z", REOPENED, "A", -1);
    sb_clear(&k.out);
    kit_expect(&k, NULL,
               "clock 4.2/A/fix/1.2 at=2026-04-01T09:00:00Z running due=2026-04-02T06:00:00Z first=2026-01-31T09:00:00Z elapsed=10800 left=75600 withdraws 4.2/A/fix/1\n"
               "clock 4.2/B/fix/1 at=2026-04-01T09:00:00Z breached due=2026-01-31T10:00:00Z breached=2026-01-31T10:00:00Z elapsed=5266800 over=5180400\n"
               "clock 4.2/D/fix/1 at=2026-04-01T09:00:00Z paused first=2026-02-01T12:00:00Z elapsed=3600 paused=5169600 left=82800\n"
               "measure 4.2/attainment/2026-04 no data 0/0 running=1 paused=1 open\n");
}

static void attainment_lines(void **state)
{
    (void)state;
    struct kit k = {.target = {OPEN_TARGET(24, KIT_24X7)}, .share = true};
    kit_open(&k);
    kit_event(&k, "2026-01-30T09:00:00Z", OPENED, "A", 0);
    kit_event(&k, "2026-01-30T10:00:00Z", OPENED, "B", 0);
    kit_event(&k, "2026-01-30T11:00:00Z", OPENED, "C", 0);
    kit_event(&k, "2026-01-30T12:00:00Z", RESOLVED, "A", -1);
    kit_event(&k, "2026-01-30T12:00:00Z", CANCELLED, "C", -1);
    kit_event(&k, "2026-01-31T12:00:00Z", OPENED, "D", 0);
    kit_wait(&k, "2026-01-31T13:00:00Z", WAITING, "D", 1, NULL);
    kit_event(&k, "2026-01-31T14:00:00Z", OPENED, "E", 0);
    kit_event(&k, "2026-02-01T00:00:00Z", RESOLVED, "E", -1);
    kit_event(&k, "2026-03-31T09:00:00Z", REOPENED, "A", -1);
    kit_event(&k, "2026-03-31T09:30:00Z", RESOLVED, "A", -1);
    kit_expect(&k, NULL,
               "clock 4.2/A/fix/1 at=2026-01-30T12:00:00Z met due=2026-01-31T09:00:00Z elapsed=10800 left=75600\n"
               "clock 4.2/C/fix/1 at=2026-01-30T12:00:00Z cancelled due=2026-01-31T11:00:00Z elapsed=3600 left=82800 because cancelled\n"
               "breach 4.2/B/fix/1/breach at=2026-01-31T10:00:00Z due=2026-01-31T10:00:00Z\n"
               "measure 4.2/attainment/2026-01 1/2 running=1 paused=1 cancelled=1 excused=0\n"
               "clock 4.2/E/fix/1 at=2026-02-01T00:00:00Z met due=2026-02-01T14:00:00Z elapsed=36000 left=50400\n"
               "measure 4.2/attainment/2026-02 1/1 running=0 paused=1\n"
               "correction 4.2/attainment/2026-01/correction/1 0/1 running=1 paused=1 cancelled=1 excused=0 withdraws 4.2/attainment/2026-01\n"
               "correction 4.2/A/fix/1/withdrawn at=2026-03-31T09:00:00Z because reopened withdraws 4.2/A/fix/1\n"
               "clock 4.2/A/fix/1.2 at=2026-03-31T09:30:00Z met due=2026-04-01T06:00:00Z first=2026-01-31T09:00:00Z elapsed=12600 left=73800 withdraws 4.2/A/fix/1\n"
               "clock 4.2/B/fix/1 at=2026-03-31T09:30:00Z breached due=2026-01-31T10:00:00Z breached=2026-01-31T10:00:00Z elapsed=5182200 over=5095800\n"
               "clock 4.2/D/fix/1 at=2026-03-31T09:30:00Z paused first=2026-02-01T12:00:00Z elapsed=3600 paused=5085000 left=82800\n"
               "measure 4.2/attainment/2026-03 1/1 running=0 paused=1 open\n");
}

static void means_and_counts(void **state)
{
    (void)state;
    struct kit k = {.target = {OPEN_TARGET(24, KIT_24X7)}, .mean = true, .count = true};
    kit_open(&k);
    kit_event(&k, "2026-01-30T09:00:00Z", OPENED, "A", 0);
    kit_event(&k, "2026-01-30T09:00:00Z", OPENED, "B", 0);
    kit_event(&k, "2026-01-30T10:00:00Z", RESOLVED, "A", -1);
    kit_event(&k, "2026-01-30T11:00:00Z", RESOLVED, "B", -1);
    kit_event(&k, "2026-01-30T11:00:00Z", SEATS, "B", -1);
    kit_event(&k, "2026-02-10T11:00:00Z", SEATS, "B", -1);
    kit_event(&k, "2026-02-10T11:00:00Z", SEATS, "B", -1);
    sb_clear(&k.out);
    kit_expect(&k, "2026-03-01T00:00:00Z",
               "measure 4.2/mean/2026-02 no data\n"
               "measure 4.2/seats/2026-02 value=2\n"); /* march has only just begun */
}

/* Downtime by months of their true length; an outage over the end of a month counts in both, also when it is long enough
 * only thanks to the second (M2). */
static void uptime(void **state)
{
    (void)state;
    struct kit k = {.target = {OPEN_TARGET(24, KIT_24X7)}, .flags = CLOCK_CHAIN, .uptime = true, .at_least = 6 * MINUTE_US, .forget_after = 1};
    kit_open(&k);
    kit_event(&k, "2026-01-01T00:00:00Z", OPENED, "S", 0);
    kit_event(&k, "2026-01-10T00:00:00Z", DOWN, "S", -1);
    kit_event(&k, "2026-01-10T00:01:00Z", DOWN, "S", -1);
    kit_event(&k, "2026-01-10T00:10:00Z", UP, "S", -1);
    kit_event(&k, "2026-01-11T00:00:00Z", DOWN, "S", -1);
    kit_event(&k, "2026-01-11T00:05:59Z", UP, "S", -1);
    kit_event(&k, "2026-01-31T23:58:00Z", DOWN, "S", -1);
    kit_event(&k, "2026-02-01T00:05:00Z", UP, "S", -1);
    kit_event(&k, "2026-02-28T23:00:00Z", DOWN, "S", -1);
    kit_expect(&k, "2026-03-01T01:00:00Z",
               "measure 4.2/uptime/2026-01/S 2677800000000/2678400000000\n"
               "correction 4.2/uptime/2026-01/S/correction 2677680000000/2678400000000 withdraws 4.2/uptime/2026-01/S\n"
               "measure 4.2/uptime/2026-02/S 2415300000000/2419200000000\n"
               "measure 4.2/uptime/2026-03/S 0/3600000000 open\n");
}

/* ---- what exports say without a time, and what they recorded ---- */

static void make_rules(struct kit *k)
{
    struct module_builder *mb = k->mb;
    struct m_adapter_rule none = {.event = NO_REF, .end_event = NO_REF, .attr = NO_REF, .clock = NO_REF, .time_column = NO_COLUMN, .time = NO_REF,
                                  .end_column = NO_COLUMN, .end_time = NO_REF, .map = NO_REF, .column = 0, .unit = 1, .place = 0};
    struct m_adapter_rule r = none;
    r.kind = RULE_SET;
    r.attr = 1;
    uint32_t rules = mb_add_adapter_rule(mb, r);
    for (int i = 0; i < 3; i++) {
        r = none;
        r.kind = RULE_RECORDED;
        r.clock = 0;
        r.aspect = i == 0 ? ASPECT_STATE : i == 1 ? ASPECT_DUE : ASPECT_ELAPSED;
        r.tolerance = MINUTE_US;
        if (i == 2) { r.flags = RECORDED_AS_OF_EACH_ROW; }
        mb_add_adapter_rule(mb, r);
    }
    uint32_t column = mb_add_adapter_column(mb, (struct m_adapter_column){mb_string(mb, STR("x")), 0, 0});
    mb_add_adapter(mb, (struct m_adapter){.name = mb_string(mb, STR("export")), .format = ADAPTER_CSV, .entity = 0, .key_column = 0, .columns = column, .n_columns = 1,
                                          .rules = rules, .n_rules = 4, .sequence_column = NO_COLUMN});
}

static enum msa_status recorded(struct kit *k, const char *at, uint32_t type, uint32_t rule, const char *key, int64_t scalar, const char *text)
{
    struct msa_fault why;
    bool duplicate;
    struct str texts[1] = {text ? str_of(text) : (struct str){0}};
    struct event ev = {.at = kit_time(at), .type = type, .rule = rule, .line = 7, .key = str_of(key), .scalar = &scalar, .text = texts};
    return engine_apply(k->engine, &ev, &duplicate, &why);
}

static void recorded_values(void **state)
{
    (void)state;
    struct kit k = {.target = {{TARGET_RECORD, 0, KIT_24X7, 0, 0}}, .forget_after = HOUR_US, .before_finish = make_rules};
    kit_open(&k);
    /* set comes before the ticket does; opening it keeps what was set */
    assert_int_equal(recorded(&k, "2026-03-02T09:00:00Z", EVENT_SET, 0, "A", kit_time("2026-03-02T12:00:00Z"), NULL), MSA_OK);
    assert_int_equal(recorded(&k, "2026-03-02T09:00:00Z", EVENT_RECORDED, 1, "A", NONE, "met"), MSA_REJECTED);
    kit_event(&k, "2026-03-02T09:00:00Z", OPENED, "B", 0);
    kit_event(&k, "2026-03-02T10:00:00Z", OPENED, "A", 0);
    assert_int_equal(recorded(&k, "2026-03-02T10:30:00Z", EVENT_RECORDED, 3, "A", 30 * MINUTE_US, NULL), MSA_OK);
    assert_int_equal(recorded(&k, "2026-03-02T10:30:00Z", EVENT_RECORDED, 3, "A", 32 * MINUTE_US, NULL), MSA_OK);
    assert_int_equal(recorded(&k, "2026-03-02T11:00:00Z", EVENT_RECORDED, 1, "A", NONE, "breached"), MSA_OK);
    kit_event(&k, "2026-03-02T11:00:00Z", RESOLVED, "A", -1);
    assert_int_equal(recorded(&k, "2026-03-02T11:00:00Z", EVENT_RECORDED, 1, "A", NONE, "running or met"), MSA_OK);
    assert_int_equal(recorded(&k, "2026-03-02T11:00:00Z", EVENT_RECORDED, 2, "A", kit_time("2026-03-02T12:05:00Z"), NULL), MSA_OK);
    assert_int_equal(recorded(&k, "2026-03-02T11:00:00Z", EVENT_RECORDED, 1, "B", NONE, "no target or met"), MSA_OK);
    kit_event(&k, "2026-03-02T11:00:00Z", CLOSED, "A", -1);
    struct msa_fault why;
    assert_int_equal(engine_finish(k.engine, kit_time("2026-03-03T00:00:00Z"), &why), MSA_OK);
    assert_int_equal(engine_counts(k.engine).recorded, 5);
    assert_int_equal(engine_counts(k.engine).recorded_equal, 3);
    kit_expect(&k, NULL,
               "difference 4.2/A/fix/1/recorded/elapsed/7 at=2026-03-02T10:30:00Z\n"
               "clock 4.2/A/fix/1 at=2026-03-02T11:00:00Z met due=2026-03-02T12:00:00Z elapsed=3600 left=3600\n"
               "difference 4.2/A/fix/1/recorded/due at=2026-03-02T12:00:00Z\n"
               "clock 4.2/B/fix/1 at=2026-03-03T00:00:00Z no target elapsed=54000\n");
}

/* A sink that has had enough stops the run; the engine says so from then on. */
static int full(void *ctx, const struct msa_result *r)
{
    (void)ctx;
    (void)r;
    return 1;
}

static void sink_stops(void **state)
{
    (void)state;
    struct kit k = {.target = {OPEN_TARGET(1, KIT_24X7)}};
    struct msa_fault why = {MSA_OK, {0}};
    bool duplicate;
    kit_open(&k);
    struct verify_error refused;
    struct engine_options o = {.sink = {NULL, full}};
    engine_close(k.engine);
    assert_int_equal(engine_open(module_verify(&k.arena, k.module, &refused), &o, &k.engine, &why), MSA_OK);
    kit_event(&k, "2026-03-02T09:00:00Z", OPENED, "A", 0);
    assert_int_equal(kit_send(&k, "2026-03-02T12:00:00Z", RESOLVED, "A", -1, NONE, NULL, &why, &duplicate), MSA_IO);
    assert_int_equal(kit_send(&k, "2026-03-02T13:00:00Z", OPENED, "B", 0, NONE, NULL, &why, &duplicate), MSA_IO);
    assert_int_equal(engine_advance(k.engine, 0, &why), MSA_IO);
    kit_close(&k);
}

static void memory_is_limited(void **state)
{
    (void)state;
    struct kit k = {.target = {OPEN_TARGET(1, KIT_24X7)}};
    struct msa_fault why = {MSA_OK, {0}};
    bool duplicate;
    enum msa_status status = MSA_OK;
    struct verify_error refused;
    kit_open(&k);
    engine_close(k.engine);
    struct engine_options o = {.sink = {NULL, NULL}, .memory_limit = 2000000};
    assert_int_equal(engine_open(module_verify(&k.arena, k.module, &refused), &o, &k.engine, &why), MSA_OK);
    for (int i = 0; i < 100000 && status == MSA_OK; i++) {
        char key[32];
        snprintf(key, sizeof key, "T%d", i);
        status = kit_send(&k, "2026-03-02T09:00:00Z", OPENED, key, 0, NONE, NULL, &why, &duplicate);
    }
    assert_int_equal(status, MSA_LIMIT);
    assert_string_equal(why.text, "the limit of 2000000 bytes is reached");
    kit_close(&k);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(attainment), cmocka_unit_test(attainment_lines), cmocka_unit_test(means_and_counts),
        cmocka_unit_test(uptime),     cmocka_unit_test(recorded_values), cmocka_unit_test(sink_stops),       cmocka_unit_test(memory_is_limited),
    };
    return cmocka_run_group_tests_name("engine measures", tests, NULL, NULL);
}
