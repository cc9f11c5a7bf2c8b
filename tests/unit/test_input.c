/* SPDX-License-Identifier: MIT */
/* The readers of events: both forms, types, rejects, order, and input that means harm. */
#include "tests/unit/input_notes.h"

static void events_of_both_forms(void **state)
{
    struct made *k = *state;
    expect(k->m, OPTIONS, "a.ndjson",
           "\xef\xbb\xbf{\"at\":\"2026-03-02T09:00:00Z\",\"event\":\"opened\",\"ticket\":\"T1\",\"priority\":\"P2\",\"category\":\"net\\u0020work\",\"extra\":{\"a\":[1,{}]}}\r\n"
           "\n  \n"
           "{ \"event\" : \"changed\" , \"ticket\":17, \"priority\":\"P1\", \"at\":\"2026-03-02T10:00:00.5+01:00\" }\n"
           "{\"at\":\"2026-03-02T11:00:00Z\",\"event\":\"closed\",\"ticket\":\"T1\",\"agreement\":\"Other\"}\n"
           "{\"at\":\"2026-03-02T11:00:00Z\",\"event\":\"closed\",\"ticket\":\"T1\",\"agreement\":\"Test\"}",
           "2026-03-02T09:00:00Z opened T1 priority=1 category='net work' vip=0\n"
           "2026-03-02T09:00:00.5Z changed 17 priority=0\n"
           "2026-03-02T11:00:00Z closed T1\n"
           "2026-03-02T11:00:00Z finish\n");
    expect(k->m, OPTIONS, "a.csv",
           "at,event,ticket,priority,category,more\r\n"
           "2026-03-02T09:00:00Z,opened,T1,P2,\"two\nlines, \"\"quoted\"\"\",x\r\n"
           "2026-03-02T08:00:00Z,opened,T2,,,\r\n",
           "2026-03-02T08:00:00Z opened T2 vip=0\n"
           "2026-03-02T09:00:00Z opened T1 priority=1 category='two\nlines, \"quoted\"' vip=0\n"
           "2026-03-02T09:00:00Z finish\n");
}

/* What Excel writes in other countries. */
static void separators(void **state)
{
    struct made *k = *state;
    static const char one[] = "2026-03-02T09:00:00Z opened T1 category='a,b' vip=0\n2026-03-02T09:00:00Z finish\n";
    expect(k->m, OPTIONS, "a.csv", "at;event;ticket;category\n2026-03-02T09:00:00Z;opened;T1;a,b\n", one);
    expect(k->m, OPTIONS, "a.csv", "\xef\xbb\xbf" "at\tevent\tticket\tcategory\r\n2026-03-02T09:00:00Z\topened\tT1\ta,b\r\n", one);
    expect(k->m, OPTIONS, "a.csv", "sep=;\r\nat;event;ticket;category\r\n2026-03-02T09:00:00Z;opened;T1;a,b\r\n", one);
    expect(k->m, OPTIONS, "a.csv", "\"sep=|\"\nat|event|ticket|category\n2026-03-02T09:00:00Z|opened|T1|a,b\n", one);
    expect(k->m, OPTIONS, "a.csv", "at,event,ticket,\"x;y;z;z;z\",category\n2026-03-02T09:00:00Z,opened,T1,,\"a,b\"\n", one); /* quoted ones do not count */
    expect(k->m, OPTIONS, "a.csv", "\n\nat;event;ticket;category\n2026-03-02T09:00:00Z;opened;T1;a,b\n", one);
    expect(k->m, OPTIONS, "a.csv", "at;event;ticket;category\n2026-03-02T09:00:00Z;opened;T1;M\xfcnchen\n",
           "reject 2:0 the record is not UTF-8; save the file as `CSV UTF-8` | 2026-03-02T09:00:00Z;opened;T1;M\xfcnchen\n");
    expect(k->m, OPTIONS, "a.csv", "at;event;ticket;Priorit\xe4t\n", "status 7: a.csv: the header is not UTF-8; save the file as `CSV UTF-8`\n");
    static const char utf16[] = "\xff\xfe" "a\0t\0;\0e\0\n\0";
    run(k->m, OPTIONS, MEMORY, "a.csv", NULL, utf16, sizeof utf16 - 1, NULL);
    assert_string_equal(notes.p, "status 7: a.csv: the file is UTF-16, not UTF-8; save it as `CSV UTF-8`\n");
    expect(k->m, OPTIONS, "a.csv", "sep=;", "status 7: a.csv: the file is empty; the first line names the columns\n");
}

static void types(void **state)
{
    struct made *k = *state;
    expect(k->m, OPTIONS, "a.ndjson",
           "{\"at\":\"2026-03-02T09:00:00Z\",\"event\":\"worked\",\"ticket\":\"T1\",\"time\":\"2 h 15 min\",\"cost\":12.345678,\"count\":3e2,\"share\":99.5,"
           "\"until\":\"2026-03-02T09:00:00+01:00\",\"on\":\"1970-01-02\",\"by\":\"16:30\"}\n"
           "{\"at\":\"2026-03-02T09:00:01Z\",\"event\":\"worked\",\"ticket\":\"T1\",\"time\":0.25,\"cost\":\"-0.10\",\"count\":null}\n",
           "2026-03-02T09:00:00Z worked T1 time=8100000000 cost=12345678 count=300 share=99500000 until=1772438400000000 on=1 by=59400\n"
           "2026-03-02T09:00:01Z worked T1 time=250000 cost=-100000\n"
           "2026-03-02T09:00:01Z finish\n");
}

static void one_bad(const struct msa_module *m, const char *record, const char *reason)
{
    run(m, OPTIONS, FILE_, "a.ndjson", NULL, record, strlen(record), NULL);
    if (n_rejects != 1 || strstr(notes.p, reason) == NULL || strncmp(notes.p, "reject 1:", 9) != 0) { fail_msg("%s\ngave %s\nnot %s", record, notes.p, reason); }
    char *bar = strstr(notes.p, " | ");
    assert_non_null(bar);
    assert_memory_equal(bar + 3, record, strlen(record) < 200 ? strlen(record) : 200);
}

static void rejects(void **state)
{
    const struct msa_module *m = ((struct made *)*state)->m;
#define EV "{\"at\":\"2026-03-02T09:00:00Z\",\"event\":\"worked\",\"ticket\":\"T\","
    one_bad(m, EV "\"cost\":1.2345678}", "1:67 `cost`: `1.2345678` has more than six decimals");
    one_bad(m, EV "\"cost\":1e400}", "`1e400` is too large");
    one_bad(m, EV "\"cost\":true}", "`cost`: true where a number was expected");
    one_bad(m, EV "\"count\":1.5}", "`1.5` where a whole number was expected");
    one_bad(m, EV "\"count\":\"5\"}", "the text `5` where a whole number was expected");
    one_bad(m, EV "\"time\":\"2 d\"}", "is in days");
    one_bad(m, EV "\"on\":\"2026-02-30\"}", "a date that does not exist");
    one_bad(m, EV "\"by\":\"25:00\"}", "a time of day that does not exist");
    one_bad(m, EV "\"until\":\"2026-03-02T09:00:00\"}", "needs its offset");
    one_bad(m, EV "\"cost\":[1]}", "a list where a number was expected");
    one_bad(m, EV "\"cost\":1,\"cost\":1}", "`cost` is given twice");
    one_bad(m, EV "\"other\":tru}", "1:68 a value was expected here");
    one_bad(m, EV "\"other\":01}", "not a number as JSON writes it");
    one_bad(m, EV "\"other\":\"\\q\"}", "a backslash here must begin");
    one_bad(m, EV "\"other\":\"\\ud800\"}", "a backslash here must begin");
    one_bad(m, EV "\"cost\":1", "`,` or `}` was expected here");
    one_bad(m, EV "\"cost\":1}}", "goes on after the record's closing }");
    one_bad(m, EV "\"cost\":1,}", "a name in double quotes was expected here");
    one_bad(m, EV "\"a\":[1,]}", "a value was expected here");
    one_bad(m, EV "\"a\":{\"b\" 1}}", "`:` was expected here");
    one_bad(m, EV "\"a\":\"open}", "no closing quote");
    one_bad(m, EV "\"a\":\"tab\there\"}", "control character");
    one_bad(m, EV "\"a\":\"\xff\"}", "not UTF-8");
    one_bad(m, "[]", "a record is one JSON object");
    one_bad(m, "{}", "the record has no `event`");
    one_bad(m, "{\"event\":\"opened\",\"ticket\":\"T\"}", "no `at`");
    one_bad(m, "{\"at\":\"2026-13-02T09:00:00Z\",\"event\":\"opened\",\"ticket\":\"T\"}", "a year has 12 months");
    one_bad(m, "{\"at\":\"2026-03-02T09:00:00Z\",\"event\":\"opend\",\"ticket\":\"T\"}", "there is no event `opend` in this agreement; did you mean `opened`?");
    one_bad(m, "{\"at\":\"2026-03-02T09:00:00Z\",\"event\":\"opened\"}", "`opened` needs `ticket`");
    one_bad(m, "{\"at\":\"2026-03-02T09:00:00Z\",\"event\":\"changed\",\"ticket\":\"T\"}", "`changed` needs `priority`");
    one_bad(m, "{\"at\":\"2026-03-02T09:00:00Z\",\"event\":\"changed\",\"ticket\":\"T\",\"priority\":\"P9\"}", "`P9` is not one of P1, P2, P3");
    one_bad(m, "{\"at\":\"2026-03-02T09:00:00Z\",\"event\":\"opened\",\"ticket\":\"UNKNOWN\"}", "there is no ticket UNKNOWN");
    one_bad(m, "{\"at\":\"2026-03-02T09:00:00Z\",\"event\":\"opened\",\"ticket\":\"a\\u0000b\"}", "\\u0000");
}

static void reading_goes_on(void **state)
{
    struct made *k = *state;
    /* Whichever way it comes, a reject stands where its line is. */
    expect(k->m, OPTIONS, "a.ndjson",
           "{\"at\":\"2026-03-02T09:00:00Z\",\"event\":\"opened\",\"ticket\":\"T1\"}\n"
           "{\"at\":\"2026-03-02T09:30:00Z\",\"event\":\"opened\n"
           "{\"at\":\"2026-03-02T10:00:00Z\",\"event\":\"closed\",\"ticket\":\"T1\"}\n",
           "2026-03-02T09:00:00Z opened T1 vip=0\n"
           "reject 2:0 a text has no closing quote | {\"at\":\"2026-03-02T09:30:00Z\",\"event\":\"opened\n"
           "2026-03-02T10:00:00Z closed T1\n"
           "2026-03-02T10:00:00Z finish\n");
}

static void order(void **state)
{
    struct made *k = *state;
    /* at one instant the creation comes first; a step back in time is sorted */
    expect(k->m, OPTIONS, "a.ndjson",
           "{\"at\":\"2026-03-02T10:00:00Z\",\"event\":\"closed\",\"ticket\":\"T1\"}\n"
           "{\"at\":\"2026-03-02T10:00:00Z\",\"event\":\"opened\",\"ticket\":\"T1\"}\n"
           "{\"at\":\"2026-03-02T10:00:00Z\",\"event\":\"changed\",\"ticket\":\"T1\",\"priority\":\"P1\"}\n",
           "2026-03-02T10:00:00Z opened T1 vip=0\n2026-03-02T10:00:00Z closed T1\n2026-03-02T10:00:00Z changed T1 priority=0\n2026-03-02T10:00:00Z finish\n");
    expect(k->m, (struct msa_options){ .as_of = 1772445600 * USEC, .only_key = "T1" }, "a.ndjson",
           "{\"ticket\":\"T1\",\"at\":\"2026-03-02T11:00:00+01:00\",\"event\":\"closed\"}\n"
           "{\"at\":\"2026-03-02T09:00:00Z\",\"event\":\"opened\",\"ticket\":\"T1\"}\n"
           "{\"at\":\"2026-03-02T09:00:00Z\",\"event\":\"opened\",\"ticket\":\"T2\"}\n"
           "{\"at\":\"2026-03-02T10:00:00.000001Z\",\"event\":\"changed\",\"ticket\":\"T1\",\"priority\":\"P1\"}\n",
           "2026-03-02T09:00:00Z opened T1 vip=0\n2026-03-02T10:00:00Z closed T1\n2026-03-02T10:00:00Z finish\n");
    expect(k->m, (struct msa_options){ .as_of = MSA_NONE, .stream = true, .lateness = 60 * USEC }, "a.ndjson",
           "{\"at\":\"2026-03-02T10:00:00Z\",\"event\":\"closed\",\"ticket\":\"T1\"}\n"
           "{\"at\":\"2026-03-02T09:59:30Z\",\"event\":\"opened\",\"ticket\":\"T1\"}\n"
           "{\"at\":\"2026-03-02T09:58:59Z\",\"event\":\"opened\",\"ticket\":\"T2\"}\n",
           "reject 3:0 came later than the lateness of 1 min allows: time has reached 2026-03-02T10:00:00Z | {\"at\":\"2026-03-02T09:58:59Z\",\"event\":\"opened\",\"ticket\":\"T2\"}\n"
           "2026-03-02T09:59:30Z opened T1 vip=0\n2026-03-02T10:00:00Z closed T1\n2026-03-02T10:00:00Z finish\n");
}

static void many_shuffled(void **state)
{
    struct made *k = *state;
    struct sb in = { 0 };
    uint32_t x = 1;
    for (int i = 0; i < 5000; i++) {
        x = x * 1664525 + 1013904223;
        sb_printf(&in, "{\"at\":\"2026-03-%02u\x54%02u:%02u:00Z\",\"event\":\"closed\",\"ticket\":\"T%d\"}\n", 1 + (x >> 8) % 28, (x >> 16) % 24, (x >> 21) % 60, i);
    }
    run(k->m, OPTIONS, FILE_, "a.ndjson", NULL, in.p, in.n, NULL);
    assert_int_equal(applied, 5000);
    const char *before = NULL;
    for (char *p = notes.p; *p; p = strchr(p, '\n') + 1) {
        if (before) { assert_true(memcmp(before, p, 20) <= 0); }
        before = p;
    }
    sb_free(&in);
}

static void strict(void **state)
{
    struct made *k = *state;
    static const char in[] = "{\"at\":\"2026-03-02T09:00:00Z\",\"event\":\"opened\",\"ticket\":\"T1\"}\nnonsense\n{}\n";
    struct msa_options o = { .as_of = MSA_NONE, .strict = true };
    assert_int_equal(run(k->m, o, MEMORY, "a.ndjson", NULL, in, sizeof in - 1, NULL), MSA_STRICT_STOP);
    assert_int_equal(n_rejects, 1);
    assert_int_equal(run(k->m, o, FILE_, "a.ndjson", NULL, in, sizeof in - 1, NULL), MSA_STRICT_STOP);
    assert_int_equal(n_rejects, 1);
}

static void hostile(void **state)
{
    struct made *k = *state;
    struct msa_counts c;
    /* a line longer than the limit costs constant memory and itself only */
    size_t n = RECORD_MAX * 2 + 100;
    char *p = malloc(n + 200);
    assert_non_null(p);
    memset(p, 'x', n);
    p[n] = '\n';
    static const char good[] = "{\"at\":\"2026-03-02T09:00:00Z\",\"event\":\"opened\",\"ticket\":\"T1\"}";
    memcpy(p + n + 1, good, sizeof good);
    for (int way = MEMORY; way <= FILE_; way++) {
        run(k->m, OPTIONS, (enum way)way, "a.ndjson", NULL, p, n + sizeof good, &c);
        assert_int_equal(c.rejects, 1);
        assert_int_equal(c.events, 1);
        assert_non_null(strstr(notes.p, "longer than 16 MiB (the record has 33554532 bytes; the first 65536 are shown)"));
    }
    memcpy(p, "at,event\n", 9);
    run(k->m, OPTIONS, FILE_, "a.csv", NULL, p, n, &c);
    assert_int_equal(c.rejects, 1);
    /* nesting */
    static const char start[] = "{\"at\":\"2026-03-02T09:00:00Z\",\"event\":\"opened\",\"ticket\":\"T1\",\"x\":";
    memcpy(p, start, sizeof start - 1);
    memset(p + sizeof start - 1, '[', 100000);
    run(k->m, OPTIONS, FILE_, "a.ndjson", NULL, p, sizeof start - 1 + 100000, &c);
    assert_non_null(strstr(notes.p, "nested more than 512 deep"));
    free(p);
    /* NUL bytes, everywhere */
    static const char nul[] = "{\"at\":\"2026-03-02T09:00:00Z\",\0\"event\":\"opened\",\"ticket\":\"T1\"}\n\0\0\n{\"event\":\"op\0ned\"}\n";
    run(k->m, OPTIONS, MEMORY, "a.ndjson", NULL, nul, sizeof nul - 1, &c);
    assert_int_equal(c.rejects, 3);
    static const char csv[] = "at,event,ticket\n2026-03-02T09:00:00Z,opened,T\0001\n2026-03-02T09:00:00Z,opened,\"T1\n2026-03-02T09:00:00Z,opened,T2\n"
                              "2026-03-02T09:00:00Z,op\"ened,T3\n2026-03-02T09:00:00Z,opened\n2026-03-02T09:00:00Z,opened,T\xff\n2026-03-02T09:00:00Z,opened,T4";
    run(k->m, OPTIONS, MEMORY, "a.csv", NULL, csv, sizeof csv - 1, &c);
    assert_int_equal(c.events, 2); /* T2, T4 */
    assert_int_equal(c.rejects, 5);
    assert_non_null(strstr(notes.p, "reject 3:0 a quote is opened here"));
    assert_non_null(strstr(notes.p, "reject 5:0 a quote stands inside a value"));
    assert_non_null(strstr(notes.p, "reject 6:0 the row has 2 values where the header names 3"));
    assert_non_null(strstr(notes.p, "reject 7:0 the record is not UTF-8"));
}

/* Every prefix and every changed byte of a good input ends in a result, never in a crash. */
static void every_prefix_and_byte(void **state)
{
    struct made *k = *state;
    static const char *const good[] = {
        "{\"at\":\"2026-03-02T09:00:00Z\",\"event\":\"opened\",\"ticket\":\"T1\",\"priority\":\"P2\",\"category\":\"a\\n\\u00e9\",\"x\":{\"a\":[1,-2.5e3,true,null]}}\n"
        "{\"event\":\"closed\",\"ticket\":1,\"at\":\"2026-03-02T09:00:00+01:00\"}\r\n",
        "at,event,ticket,category\n2026-03-02T09:00:00Z,opened,T1,\"a \"\"b\"\",\n c\"\n2026-03-02T10:00:00Z,closed,T1,\n",
    };
    static const char bytes[] = "\"{}[],:\\\n\r\0 x0-\xff\xc3";
    quiet = true;
    for (size_t g = 0; g < countof(good); g++) {
        size_t n = strlen(good[g]);
        const char *name = g == 0 ? "a.ndjson" : "a.csv";
        for (size_t i = 0; i <= n; i++) {
            char *copy = malloc(n + 1);
            assert_non_null(copy);
            memcpy(copy, good[g], n + 1);
            run(k->m, OPTIONS, MEMORY, name, NULL, copy, i, NULL);
            for (size_t b = 0; i < n && b < sizeof bytes - 1; b++) {
                copy[i] = bytes[b];
                run(k->m, OPTIONS, MEMORY, name, NULL, copy, n, NULL);
            }
            free(copy);
        }
    }
    quiet = false;
}

/* The call that lets time pass, in order and in a stream; instants that calendars do not know end the run. */
static void time_passes(void **state)
{
    struct made *k = *state;
    static const char one[] = "{\"at\":\"2026-03-06T09:00:00Z\",\"event\":\"opened\",\"ticket\":\"A\"}\n";
    static const char two[] = "{\"at\":\"2026-03-06T09:30:00Z\",\"event\":\"closed\",\"ticket\":\"A\"}\n";
    const instant ten = civil_read_instant("2026-03-06T10:00:00Z", 20, NULL);
    for (int stream = 0; stream < 2; stream++) {
        struct msa_options o = { .as_of = MSA_NONE, .stream = stream, .lateness = stream * 1800 * USEC };
        struct msa_run *r;
        struct msa_fault fault = { 0 };
        sb_free(&notes);
        sb_puts(&notes, "");
        assert_int_equal(msa_run_open(k->m, &o, (struct msa_sink){ NULL, take_result }, &r, &fault), MSA_OK);
        assert_int_equal(msa_run_bytes(r, one, strlen(one), "a.ndjson", NULL, &fault), MSA_OK);
        assert_int_equal(msa_run_advance(r, ten, &fault), MSA_OK);
        assert_int_equal(msa_run_bytes(r, two, strlen(two), "b.ndjson", NULL, &fault), MSA_OK);
        assert_int_equal(msa_run_finish(r, &fault), MSA_OK);
        struct msa_counts c = msa_run_counts(r);
        assert_int_equal(c.records, 3);
        assert_int_equal(c.applied, 3);
        assert_true(c.last_at == ten);
        assert_int_equal(msa_run_advance(r, INT64_C(1) << 62, &fault), MSA_LIMIT);
        msa_run_close(r);
        assert_string_equal(notes.p, stream ? "2026-03-06T09:00:00Z opened A vip=0\n"
                                              "2026-03-06T09:30:00Z so far\n"
                                              "2026-03-06T09:30:00Z closed A\n"
                                              "2026-03-06T10:00:00Z finish\n"
                                            : "2026-03-06T09:00:00Z opened A vip=0\n"
                                              "2026-03-06T09:30:00Z closed A\n"
                                              "2026-03-06T10:00:00Z so far\n"
                                              "2026-03-06T10:00:00Z finish\n");
    }
}

static int set_up(void **state)
{
    static struct made k;
    begin(&k);
    end(&k);
    *state = &k;
    return 0;
}

static int tear_down(void **state)
{
    drop(*state);
    sb_free(&notes);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(events_of_both_forms, set_up, tear_down),
        cmocka_unit_test_setup_teardown(separators, set_up, tear_down),
        cmocka_unit_test_setup_teardown(types, set_up, tear_down),
        cmocka_unit_test_setup_teardown(rejects, set_up, tear_down),
        cmocka_unit_test_setup_teardown(reading_goes_on, set_up, tear_down),
        cmocka_unit_test_setup_teardown(order, set_up, tear_down),
        cmocka_unit_test_setup_teardown(many_shuffled, set_up, tear_down),
        cmocka_unit_test_setup_teardown(time_passes, set_up, tear_down),
        cmocka_unit_test_setup_teardown(strict, set_up, tear_down),
        cmocka_unit_test_setup_teardown(hostile, set_up, tear_down),
        cmocka_unit_test_setup_teardown(every_prefix_and_byte, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
