/* SPDX-License-Identifier: MIT */
/* The command line's parts: times and spans as people write them, and the writers of results. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include "cli/cli.h"
#include "cli/fields.h"
#include <string.h>
#include <unistd.h>

static const char agreement_text[] =
    "agreement \"Ac\\\"me, Ltd\" { provider \"P\" ; customer \"C\" ; effective 2026-01-01 ; timezone \"America/New_York\" }\n"
    "use itil\n"
    "section 4 \"S\" {\n"
    "4.1 clock response of ticket { starts on opened ; stops on responded ; on closed stop ; target 4 h in 24x7 }\n"
    "}\n";

static struct msa_compilation *compilation;
static struct msa_module *module;
static struct field_context fields;
static uint32_t clause;

static int begin(void **state)
{
    size_t n;
    struct msa_fault fault;
    (void)state;
    compilation = msa_compile_text("a.msa", agreement_text, sizeof agreement_text - 1, &(struct msa_compile_options){0});
    const void *bytes = msa_compilation_module(compilation, &n);
    if (!bytes || msa_module_load(bytes, n, &module, &fault)) { return 1; }
    fields_open(&fields, module, zone_load("America/New_York"));
    for (uint32_t i = 0; i < msa_module_clauses(module); i++) {
        if (str_eq(text_str(msa_module_clause(module, i).number), STR("4.1"))) { clause = i; }
    }
    return 0;
}

static int end(void **state)
{
    (void)state;
    fields_close(&fields);
    msa_module_free(module);
    msa_compilation_free(compilation);
    return 0;
}

static instant at(const char *s)
{
    instant t;
    assert_null(read_when(str_of(s), fields.when.zone, true, &t));
    return t;
}

static void absent(struct msa_result *r, enum msa_result_kind kind)
{
    *r = (struct msa_result){.kind = kind, .clause = clause, .target_index = UINT32_MAX, .at = MSA_NONE, .started = MSA_NONE, .due = MSA_NONE,
        .due_first = MSA_NONE, .stopped = MSA_NONE, .breached_at = MSA_NONE, .elapsed = MSA_NONE, .elapsed_plain = MSA_NONE, .paused = MSA_NONE,
        .overrun = MSA_NONE, .remaining = MSA_NONE, .period_from = MSA_NONE, .period_to = MSA_NONE, .value = MSA_NONE, .part = MSA_NONE, .whole = MSA_NONE};
}

static struct msa_text text(const char *s) { return (struct msa_text){s, strlen(s)}; }

typedef void writer(struct out *o, const struct msa_result *r);

/* What a writer makes of one result, or of none. */
static struct str written(writer *w, const struct msa_result *r, const char *columns, struct arena *a)
{
    int pipes[2];
    static char room[65536];
    struct io_writer to;
    const char *unknown, *near;
    assert_int_equal(pipe(pipes), 0);
    io_writer_init(&to, pipes[1]);
    struct out o = {.to = &to, .fields = &fields, .width = 100};
    if (columns) { assert_true(columns_parse(a, module, columns, &o.columns, &unknown, &near)); }
    w(&o, r);
    out_table_end(&o);
    assert_int_equal(io_writer_free(&to), 0);
    close(pipes[1]);
    ssize_t n = read(pipes[0], room, sizeof room);
    close(pipes[0]);
    return str_make(room, n > 0 ? (size_t)n : 0);
}

static void same(struct str got, const char *want)
{
    char room[65536];
    snprintf(room, sizeof room, "%.*s", STR_ARG(got));
    assert_string_equal(room, want);
}

static void spans_are_read(void **state)
{
    static const struct { const char *text; micros d; } good[] = {
        {"4 h", 4 * HOUR_US}, {"4h", 4 * HOUR_US}, {"90 min", 90 * MINUTE_US}, {"2 h 30 min", 150 * MINUTE_US}, {" 45 s ", 45 * USEC},
        {"0.5 h", 30 * MINUTE_US}, {"0.000001 s", 1}, {"1.25 min", 75 * USEC}, {"0 s", 0},
    };
    static const char *const bad[] = {"", "4", "h", "4 hours", "4 h 3", "-4 h", "1. h", "99999999999999999 h", "9999999999999999999999 s", "4 H"};
    micros d;
    (void)state;
    for (size_t i = 0; i < countof(good); i++) {
        assert_null(read_span(str_of(good[i].text), &d));
        assert_int_equal(d, good[i].d);
    }
    for (size_t i = 0; i < countof(bad); i++) { assert_non_null(read_span(str_of(bad[i]), &d)); }
}

static void times_are_read_by_the_zones_clock(void **state)
{
    static const char *const bad[] = {"", "2026", "2026-13-01", "2026-02-29", "2026-03-06T25:00", "2026-03-06 17", "tomorrow", "2026-03-08T02:30", "2026/03/06T10:00"};
    instant t;
    (void)state;
    assert_int_equal(at("2026-03-06T17:50"), at("2026-03-06T22:50:00Z"));
    assert_int_equal(at("2026-03-06 17:50:30"), at("2026-03-06T17:50:30-05:00"));
    assert_int_equal(at("2026-07-01"), at("2026-07-01T00:00:00-04:00"));
    assert_int_equal(at("2026-11-01T01:30"), at("2026-11-01T01:30:00-04:00")); /* comes twice: the earlier */
    for (size_t i = 0; i < countof(bad); i++) { assert_non_null(read_when(str_of(bad[i]), fields.when.zone, true, &t)); }
    assert_non_null(read_when(STR("2026-03-06"), fields.when.zone, false, &t));
}

static void instants_are_written_like_the_slow_way(void **state)
{
    char fast[CIVIL_TEXT_MAX], slow[CIVIL_TEXT_MAX];
    uint64_t seed = 1;
    (void)state;
    for (int i = 0; i < 200000; i++) {
        seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407u;
        instant t = (instant)(seed >> 12) % (200 * 366 * DAY_US) - 100 * 366 * DAY_US;
        if (i % 4) { t -= t % USEC; }
        int n = when_iso(&fields.when, fast, t), m = civil_write_instant(slow, t, zone_offset(fields.when.zone, t, NULL, NULL), false);
        if (n != m || memcmp(fast, slow, (size_t)n) != 0) { fail_msg("%.*s is not %.*s", n, fast, m, slow); }
    }
    static const instant ends[] = {NONE, NEVER, NONE + 1, NEVER - 1, 0, -1};
    for (size_t i = 0; i < countof(ends); i++) { assert_true(when_iso(&fields.when, fast, ends[i]) <= CIVIL_TEXT_MAX); }
}

static void shares_are_cut(void **state)
{
    (void)state;
    assert_int_equal(share_hundredths(99999999, 100000000), 9999);
    assert_int_equal(share_hundredths(INT64_MAX - 1, INT64_MAX), 9999);
    assert_int_equal(share_hundredths(3, 3), 10000);
    assert_int_equal(share_hundredths(2, 3), 6666);
    assert_int_equal(share_hundredths(0, 3), 0);
    assert_int_equal(share_hundredths(0, 0), 0);
}

static void ndjson_has_one_order_and_leaves_out_what_is_absent(void **state)
{
    struct arena a;
    struct msa_result r;
    struct msa_named by[] = {{text("priority"), text("P1")}, {text("a\"b"), text("")}};
    struct msa_text who[] = {text("Desk"), text("Boss \"B\"")};
    (void)state;
    arena_init(&a, NULL);
    absent(&r, MSA_ESCALATION);
    r.at = at("2026-03-06T17:50");
    r.id = text("x/1");
    r.entity = text("ticket");
    r.key = text("T\n1");
    r.clock = text("response");
    r.cycle = 1;
    r.state = MSA_RUNNING;
    r.elapsed = 90500000;
    r.due = MSA_NEVER;
    r.by = by;
    r.n_by = 2;
    r.recipients = who;
    r.n_recipients = 2;
    r.late = true;
    same(written(out_ndjson, &r, NULL, &a),
         "{\"kind\":\"escalation\",\"agreement\":\"Ac\\\"me, Ltd\",\"clause\":\"4.1\",\"source\":\"a.msa:4:11\",\"at\":\"2026-03-06T17:50:00-05:00\",\"id\":\"x/1\","
         "\"entity\":\"ticket\",\"ticket\":\"T\\n1\",\"clock\":\"response\",\"cycle\":1,\"state\":\"running\",\"due\":\"never\",\"elapsed\":90.5,\"late\":true,"
         "\"by\":{\"priority\":\"P1\",\"a\\\"b\":\"\"},\"recipients\":[\"Desk\",\"Boss \\\"B\\\"\"]}\n");
    same(written(out_ndjson, &r, "ticket,by.priority,stopped,elapsed", &a), "{\"ticket\":\"T\\n1\",\"by.priority\":\"P1\",\"elapsed\":90.5}\n");
    same(written(out_ndjson, &r, "stopped", &a), "{}\n");
    arena_free(&a);
}

static void csv_quotes_what_needs_quotes(void **state)
{
    struct arena a;
    struct msa_result r;
    (void)state;
    arena_init(&a, NULL);
    absent(&r, MSA_REJECT);
    r.clause = UINT32_MAX;
    r.file = text("e.csv");
    r.line = 7;
    r.column = 3;
    r.reason = text("no, \"really\"");
    r.verbatim = text("a\r\nb");
    same(written(out_csv, &r, "kind,input,reason,verbatim,clause", &a), "kind,input,reason,verbatim,clause\r\nreject,e.csv:7:3,\"no, \"\"really\"\"\",\"a\r\nb\",\r\n");
    arena_free(&a);
}

static void tables_are_aligned_and_hide_control_characters(void **state)
{
    struct arena a;
    struct msa_result r;
    (void)state;
    arena_init(&a, NULL);
    absent(&r, MSA_CLOCK);
    r.key = text("T\033[31m1");
    r.clock = text("response");
    r.state = MSA_MET;
    r.elapsed = 13 * MINUTE_US;
    same(written(out_table, &r, "key,state,elapsed", &a), "key           state  elapsed\nT\\u{1b}[31m1  met    13 min\n");
    arena_free(&a);
}

static void measures_say_no_data(void **state)
{
    struct arena a;
    struct msa_result r;
    (void)state;
    arena_init(&a, NULL);
    absent(&r, MSA_MEASURE);
    r.measure = text("attainment");
    r.is_share = true;
    r.part = 0;
    r.whole = 0;
    r.no_data = true;
    same(written(out_ndjson, &r, "measure,value,no_data,part,whole", &a), "{\"measure\":\"attainment\",\"no_data\":true,\"part\":0,\"whole\":0}\n");
    r.no_data = false;
    r.part = 9999;
    r.whole = 10000;
    same(written(out_ndjson, &r, "value,unit", &a), "{\"value\":99.99,\"unit\":\"%\"}\n");
    arena_free(&a);
}

static void unknown_columns_are_named(void **state)
{
    struct arena a;
    struct columns c;
    const char *unknown, *near;
    (void)state;
    arena_init(&a, NULL);
    assert_false(columns_parse(&a, module, "kind,elapsd", &c, &unknown, &near));
    assert_string_equal(unknown, "elapsd");
    assert_string_equal(near, "elapsed");
    assert_false(columns_parse(&a, module, "", &c, &unknown, &near));
    assert_true(columns_parse(&a, module, "kind, ticket ,by.x", &c, &unknown, &near));
    assert_int_equal(c.n, 3);
    arena_free(&a);
}

static bool parsed(struct options *o, enum command c, const char *const *words, int n)
{
    static char *argv[16];
    static char copies[16][64];
    for (int i = 0; i < n; i++) {
        snprintf(copies[i], sizeof copies[i], "%s", words[i]);
        argv[i] = copies[i];
    }
    return options_parse(o, c, n, argv);
}

static void options_stand_anywhere(void **state)
{
    struct options o;
    (void)state;
    assert_true(parsed(&o, CMD_EVAL, (const char *const[]){"eval", "a.msa", "--as-of", "2026-01-01", "-fcsv", "-", "--stream", "--", "--odd"}, 9));
    assert_int_equal(o.n_args, 3);
    assert_string_equal(o.args[1], "-");
    assert_string_equal(o.args[2], "--odd");
    assert_string_equal(o.value[OPT_AS_OF], "2026-01-01");
    assert_string_equal(o.value[OPT_FORMAT], "csv");
    assert_string_equal(o.value[OPT_STREAM], "");
    assert_true(parsed(&o, CMD_EVAL, (const char *const[]){"eval", "a.msa", "--stream=5min"}, 3));
    assert_string_equal(o.value[OPT_STREAM], "5min");
    assert_false(parsed(&o, CMD_EVAL, (const char *const[]){"eval"}, 1));
    assert_false(parsed(&o, CMD_EVAL, (const char *const[]){"eval", "a", "--format"}, 3));
    assert_false(parsed(&o, CMD_EVAL, (const char *const[]){"eval", "a", "--summary=3"}, 3));
    assert_false(parsed(&o, CMD_CHECK, (const char *const[]){"check", "a", "--summary"}, 3));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(spans_are_read),
        cmocka_unit_test(times_are_read_by_the_zones_clock),
        cmocka_unit_test(instants_are_written_like_the_slow_way),
        cmocka_unit_test(shares_are_cut),
        cmocka_unit_test(ndjson_has_one_order_and_leaves_out_what_is_absent),
        cmocka_unit_test(csv_quotes_what_needs_quotes),
        cmocka_unit_test(tables_are_aligned_and_hide_control_characters),
        cmocka_unit_test(measures_say_no_data),
        cmocka_unit_test(unknown_columns_are_named),
        cmocka_unit_test(options_stand_anywhere),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
