/* SPDX-License-Identifier: MIT */
/* Exports become events: rows in the shapes of the logs in shared/data, against the engine that takes notes. */
#include "tests/unit/input_notes.h"

static uint32_t pattern(struct made *k, const char *s) { return mb_add_adapter_pattern(k->mb, (struct m_adapter_pattern){ .pattern = S(k, s) }); }

static uint32_t column(struct made *k, const char *name, uint32_t position)
{
    return mb_add_adapter_column(k->mb, (struct m_adapter_column){ .name = S(k, name), .position = position });
}

static uint32_t value(struct made *k, const char *name, uint32_t col, const char *text, uint32_t map)
{
    return mb_add_adapter_value(k->mb, (struct m_adapter_value){ .field = S(k, name), .column = col, .text = S(k, text), .map = map, .time = NO_REF, .unit = NONE });
}

static uint32_t condition(struct made *k, uint32_t kind, uint32_t col, const char *text)
{
    uint32_t t = text ? pattern(k, text) : 0;
    return mb_add_adapter_condition(k->mb, (struct m_adapter_condition){ .kind = kind, .column = col, .texts = t, .n_texts = text != NULL });
}

static const struct m_adapter_rule no_rule = { .event = NO_REF, .end_event = NO_REF, .attr = NO_REF, .clock = NO_REF, .time_column = NO_COLUMN, .time = NO_REF,
                                               .end_column = NO_COLUMN, .end_time = NO_REF, .map = NO_REF, .column = NO_COLUMN, .unit = NONE, .tolerance = NONE };
#define RULE(...) mb_add_adapter_rule(k->mb, (__extension__({ struct m_adapter_rule r_ = no_rule; __VA_ARGS__; r_; })))

struct timing { const char *pattern, *zone, *shown_in, *taken_as; uint32_t repeated, skipped; };
static uint32_t reading(struct made *k, struct timing t)
{
    uint32_t p = pattern(k, t.pattern);
    return mb_add_adapter_time(k->mb, (struct m_adapter_time){ .name = S(k, "shown"), .patterns = p, .n_patterns = 1, .zone = S(k, t.zone), .shown_in = S(k, t.shown_in ? t.shown_in : ""),
                                                               .taken_as = S(k, t.taken_as ? t.taken_as : ""), .repeated = t.repeated, .skipped = t.skipped });
}

static const struct m_adapter no_adapter = { .entity = NO_REF, .key_column = 0, .sequence_column = NO_COLUMN };

/* ServiceNow audit rows, cut to their bones. */
static void audit_rows(void **state)
{
    (void)state;
    struct made made, *k = &made;
    begin(k);
    uint32_t c = column(k, "number", NO_COLUMN);
    column(k, "state", NO_COLUMN);
    column(k, "made_sla", NO_COLUMN);
    column(k, "opened_at", NO_COLUMN);
    column(k, "updated_at", NO_COLUMN);
    column(k, "priority", NO_COLUMN);
    uint32_t t = reading(k, (struct timing){ .pattern = "d/M/yyyy HH:mm", .zone = "Etc/GMT+3" });
    uint32_t row = mb_add_adapter_map_row(k->mb, (struct m_adapter_map_row){ .from = S(k, "1 - Critical"), .to = S(k, "P1") });
    mb_add_adapter_map_row(k->mb, (struct m_adapter_map_row){ .from = S(k, "3 - Moderate"), .to = S(k, "P3") });
    uint32_t map = mb_add_adapter_map(k->mb, (struct m_adapter_map){ .name = S(k, "priority"), .rows = row, .n_rows = 2, .otherwise = OTHERWISE_REJECT });
    row = mb_add_adapter_map_row(k->mb, (struct m_adapter_map_row){ .from = S(k, "true"), .to = S(k, "met or running") });
    uint32_t sla = mb_add_adapter_map(k->mb, (struct m_adapter_map){ .name = S(k, "sla"), .rows = row, .n_rows = 1, .otherwise = OTHERWISE_REJECT });
    uint32_t v = value(k, "priority", 5, "", map);
    value(k, "unused_here", 1, "", NO_REF);
    uint32_t differs = condition(k, COND_DIFFERS, 5, NULL), closed = condition(k, COND_BECOMES, 1, "Closed");
    uint32_t was = condition(k, COND_WAS, 1, "Wait");
    condition(k, COND_DIFFERS, 1, NULL);
    uint32_t becomes = condition(k, COND_BECOMES, 1, "Wait");
    uint32_t w = value(k, "wait", NO_COLUMN, "user", NO_REF);
    uint32_t r = RULE(r_.kind = RULE_ONCE, r_.event = k->opened, r_.time_column = 3, r_.time = t, r_.values = v, r_.n_values = 2);
    RULE(r_.kind = RULE_WHEN, r_.event = k->changed, r_.time_column = 4, r_.time = t, r_.values = v, r_.n_values = 2, r_.conditions = differs, r_.n_conditions = 1);
    RULE(r_.kind = RULE_WHEN, r_.event = k->resumed, r_.time_column = 4, r_.time = t, r_.values = w, r_.n_values = 1, r_.conditions = was, r_.n_conditions = 2);
    RULE(r_.kind = RULE_WHEN, r_.event = k->waiting, r_.time_column = 4, r_.time = t, r_.values = w, r_.n_values = 1, r_.conditions = becomes, r_.n_conditions = 1);
    RULE(r_.kind = RULE_WHEN, r_.event = k->closed, r_.time_column = 4, r_.time = t, r_.shift = 60 * MINUTE_US, r_.conditions = closed, r_.n_conditions = 1);
    RULE(r_.kind = RULE_RECORDED, r_.column = 2, r_.map = sla, r_.flags = RECORDED_AS_OF_EACH_ROW);
    struct m_adapter a = no_adapter;
    a.name = S(k, "audit"), a.missing = S(k, "?\nNULL"), a.entity = k->ticket, a.columns = c, a.n_columns = 6, a.times = t, a.n_times = 1, a.maps = map, a.n_maps = 2;
    a.rules = r, a.n_rules = 6, a.flags = ADAPTER_SKIP_DUPLICATE_ROWS;
    uint32_t ad = mb_add_adapter(k->mb, a);
    mb_add_inputs(k->mb, (struct m_inputs){ .adapter = ad });
    end(k);
    expect(k->m, OPTIONS, "rows.csv",
           "number,state,made_sla,opened_at,updated_at,priority,more\n"
           "I1,New,true,29/2/2016 06:10,29/2/2016 06:05,3 - Moderate,x\n"       /* stamped before the opening */
           "I1,Wait,true,29/2/2016 06:10,29/2/2016 06:08,1 - Critical,x\n"      /* folds into it */
           "I1,Active,?,29/2/2016 06:10,1/3/2016 06:38,1 - Critical,x\n"
           "I2,New,true,29/2/2016 06:11,29/2/2016 06:26,7 - Odd,x\n"            /* the whole row is rejected */
           "I2,New,true,29/2/2016 06:11,29/2/2016 06:27,NULL,x\n"                  /* so this is the first */
           "I1,Closed,true,29/2/2016 06:10,1/3/2016 07:00,1 - Critical,x\n"
           "I1,Closed,true,29/2/2016 06:10,1/3/2016 07:00,1 - Critical,x\n"
           "I1,Closed,true,29/2/2016 06:10,31/2/2016 07:00,1 - Critical,x\n",
           "2016-02-29T09:10:00Z opened I1 priority=2 vip=0\n"
           "2016-02-29T09:10:00Z RECORDED I1 'met or running'\n"
           "2016-02-29T09:10:00Z changed I1 priority=0\n"
           "2016-02-29T09:10:00Z waiting I1 wait='user'\n"
           "2016-02-29T09:10:00Z RECORDED I1 'met or running'\n"
           "2016-02-29T09:11:00Z opened I2 vip=0\n"
           "2016-02-29T09:27:00Z RECORDED I2 'met or running'\n"
           "2016-03-01T09:38:00Z resumed I1 wait='user'\n"
           "reject 5:0 `priority`: the map `priority` has no row for `7 - Odd` | I2,New,true,29/2/2016 06:11,29/2/2016 06:26,7 - Odd,x\n"
           "2016-03-01T11:00:00Z closed I1\n"
           "2016-03-01T11:00:00Z RECORDED I1 'met or running'\n"
           "duplicate 8:0 this row is the same as an earlier one | I1,Closed,true,29/2/2016 06:10,1/3/2016 07:00,1 - Critical,x\n"
           "reject 9:0 `updated_at`: `31/2/2016 07:00` is a date that does not exist | I1,Closed,true,29/2/2016 06:10,31/2/2016 07:00,1 - Critical,x\n"
           "2016-03-01T11:00:00Z finish\n");
    expect(k->m, OPTIONS, "rows.csv", "number,state,made_sla,opened_at,update_at,priority\n",
           "status 7: rows.csv: there is no column `updated_at`, which adapter `audit` reads; there is `update_at`\n");
    expect(k->m, OPTIONS, "rows.csv", "number,state,state,made_sla,opened_at,update_at,priority\n",
           "status 7: rows.csv: the column `state` occurs twice, as number 2 and 3; the adapter has to say which, by its number\n");
    /* a file of events is a file of events */
    expect(k->m, OPTIONS, "a.ndjson", "{\"at\":\"2026-03-02T09:00:00Z\",\"event\":\"closed\",\"ticket\":\"T1\"}\n", "2026-03-02T09:00:00Z closed T1\n2026-03-02T09:00:00Z finish\n");
    drop(k);
}

/* Intervals, facts, lists, positions, nested JSON. */
static void other_rules(void **state)
{
    (void)state;
    struct made made, *k = &made;
    begin(k);
    uint32_t c = column(k, "key", NO_COLUMN);
    column(k, "", 2);
    column(k, "from", NO_COLUMN);
    column(k, "to", NO_COLUMN);
    column(k, "seen", NO_COLUMN);
    column(k, "fields.priority.name", NO_COLUMN);
    column(k, "spent", NO_COLUMN);
    uint32_t t = reading(k, (struct timing){ .pattern = "yyyy-MM-dd'T'HH:mm:ss.SSSZ", .zone = "" });
    uint32_t given = condition(k, COND_GIVEN, 2, NULL);
    uint32_t v = value(k, "priority", 5, "", NO_REF);
    uint32_t w = mb_add_adapter_value(k->mb, (struct m_adapter_value){ .field = S(k, "time"), .column = 6, .map = NO_REF, .time = NO_REF, .unit = HOUR_US });
    uint32_t r = RULE(r_.kind = RULE_SET, r_.attr = 1, r_.column = 1);
    RULE(r_.kind = RULE_INTERVAL, r_.event = k->waiting, r_.end_event = k->resumed, r_.time_column = 2, r_.time = t, r_.end_column = 3, r_.conditions = given, r_.n_conditions = 1);
    RULE(r_.kind = RULE_EACH, r_.event = k->worked, r_.column = 4, r_.time_column = 4, r_.values = w, r_.n_values = 1);
    struct m_adapter a = no_adapter;
    a.name = S(k, "csv"), a.entity = k->ticket, a.columns = c, a.n_columns = 5, a.times = t, a.n_times = 1, a.rules = r, a.n_rules = 2;
    uint32_t first = mb_add_adapter(k->mb, a);
    a.name = S(k, "json"), a.format = ADAPTER_NDJSON, a.n_columns = 7, a.rules = RULE(r_.kind = RULE_ROW, r_.event = k->opened, r_.time_column = 2, r_.values = v, r_.n_values = 1);
    RULE(r_.kind = RULE_EACH, r_.event = k->worked, r_.column = 4, r_.time_column = 4, r_.values = w, r_.n_values = 1);
    mb_add_adapter(k->mb, a);
    mb_add_inputs(k->mb, (struct m_inputs){ .adapter = first });
    end(k);
    expect(k->m, OPTIONS, "rows.csv",
           "key,x,x,from,to,seen\n"
           "T1,a,office,2021-01-08T16:38:15.5+0000,2021-01-08T18:38:15.000+0100,\n"
           "T1,b,office,2021-01-08T17:38:15.000Z,,\n"
           "T1,b,office,2021-01-08T17:38:15.000Z,2020-01-08T17:38:15.000Z,\n"
           "T2,b,,,2020-01-08T17:38:15.000Z,\n",
           "2021-01-08T16:38:15.5Z SET T1 'office'\n"
           "2021-01-08T16:38:15.5Z waiting T1 wait='row 1:2'\n"
           "2021-01-08T17:38:15Z resumed T1 wait='row 1:2'\n"
           "2021-01-08T17:38:15Z waiting T1 wait='row 1:3'\n"
           "reject 4:0 `to`: the interval ends before it begins | T1,b,office,2021-01-08T17:38:15.000Z,2020-01-08T17:38:15.000Z,\n"
           "2021-01-08T17:38:15Z finish\n");
    expect(k->m, (struct msa_options){ .as_of = MSA_NONE, .adapter = "json" }, "rows.json",
           "{\"key\":\"T1\",\"from\":\"2021-01-08T16:38:15.5+0000\",\"fields\":{\"priority\":{\"id\":4,\"name\":\"P2\"}},\"spent\":1.5,"
           "\"seen\":[\"2021-01-08T16:40:00.0Z\", \"2021-01-08T16:39:00.0Z\"]}\n"
           "{\"key\":2,\"from\":null,\"seen\":\"\"}\n{\"key\":3,\"from\":{\"seen\":1}\n",
           "2021-01-08T16:38:15.5Z opened T1 priority=1 vip=0\n"
           "2021-01-08T16:39:00Z worked T1 time=5400000000\n"
           "2021-01-08T16:40:00Z worked T1 time=5400000000\n"
           "reject 3:27 `,` or `}` was expected here | {\"key\":3,\"from\":{\"seen\":1}\n"
           "2021-01-08T16:40:00Z finish\n");
    drop(k);
}

/* Every prefix and every changed byte of an export ends in a result, never in a crash; nothing is half applied. */
static void changed_exports(void **state)
{
    (void)state;
    struct made made, *k = &made;
    begin(k);
    uint32_t c = column(k, "key", NO_COLUMN);
    column(k, "from", NO_COLUMN);
    column(k, "to", NO_COLUMN);
    column(k, "a.b", NO_COLUMN);
    column(k, "n", NO_COLUMN);
    uint32_t t = reading(k, (struct timing){ .pattern = "EEE d MMM yyyy h:mm:ss.S a z", .zone = "America/New_York", .shown_in = "UTC", .taken_as = "Europe/Berlin", .repeated = 2, .skipped = 1 });
    uint32_t v = value(k, "category", 3, "", NO_REF);
    uint32_t r = RULE(r_.kind = RULE_ONCE, r_.event = k->opened, r_.time_column = 1, r_.time = t, r_.values = v, r_.n_values = 1);
    RULE(r_.kind = RULE_SET, r_.attr = 1, r_.column = 3);
    RULE(r_.kind = RULE_INTERVAL, r_.event = k->waiting, r_.end_event = k->resumed, r_.time_column = 1, r_.time = t, r_.end_column = 2);
    RULE(r_.kind = RULE_RECORDED, r_.column = 4, r_.aspect = ASPECT_ELAPSED, r_.unit = HOUR_US);
    RULE(r_.kind = RULE_RECORDED, r_.column = 2, r_.aspect = ASPECT_DUE, r_.time = t);
    struct m_adapter a = no_adapter;
    a.name = S(k, "csv"), a.missing = S(k, "-"), a.entity = k->ticket, a.columns = c, a.n_columns = 5, a.times = t, a.n_times = 1, a.rules = r, a.n_rules = 5;
    a.sequence_column = 4, a.flags = ADAPTER_SKIP_DUPLICATE_ROWS;
    mb_add_adapter(k->mb, a);
    a.name = S(k, "json"), a.format = ADAPTER_NDJSON;
    mb_add_adapter(k->mb, a);
    end(k);
    static const char *const good[] = {
        "key,from,to,a.b,n\nT,Fri 22 Apr 2022 4:14:40.5 AM EDT,Fri 22 Apr 2022 4:15:40.25 PM EDT,office,3.5\nT,Fri 22 Apr 2022 4:14:40.5 AM EDT,-,home,4\n",
        "{\"key\":\"T\",\"from\":\"Fri 22 Apr 2022 4:14:40.5 AM EDT\",\"a\":{\"b\":[\"x\\n\",1],\"c\":{}},\"n\":3.5}\n{\"key\":1,\"a.b\":null}\n",
    };
    static const char bytes[] = "\"{}[],:\\\n\r\0 9-\xff";
    quiet = true;
    for (size_t g = 0; g < countof(good); g++) {
        size_t n = strlen(good[g]);
        struct msa_options o = { .as_of = MSA_NONE, .adapter = g == 0 ? "csv" : "json" };
        for (size_t i = 0; i <= n; i++) {
            char *copy = malloc(n + 1);
            assert_non_null(copy);
            memcpy(copy, good[g], n + 1);
            run(k->m, o, MEMORY, g == 0 ? "a.csv" : "a.ndjson", NULL, copy, i, NULL);
            for (size_t b = 0; i < n && b < sizeof bytes - 1; b++) {
                copy[i] = bytes[b];
                run(k->m, o, MEMORY, g == 0 ? "a.csv" : "a.ndjson", NULL, copy, n, NULL);
            }
            free(copy);
        }
        run(k->m, o, MEMORY, g == 0 ? "a.csv" : "a.ndjson", NULL, good[g], n, NULL);
        assert_true(applied > 3);
    }
    quiet = false;
    drop(k);
}

/* A ticket's rows newest first: three events a row at most, one row of a ticket nobody opened. */
static struct msa_counts history(bool sorted, bool by_position, struct msa_options o, const char *rows, const char *expected)
{
    struct made made, *k = &made;
    begin(k);
    uint32_t c = column(k, "key", NO_COLUMN);
    column(k, "state", NO_COLUMN);
    column(k, "changed", NO_COLUMN);
    column(k, "count", NO_COLUMN);
    uint32_t t = reading(k, (struct timing){ .pattern = "dd.MM.yyyy HH:mm", .zone = "UTC" });
    uint32_t opened = condition(k, COND_BECOMES, 1, "New"), waiting = condition(k, COND_BECOMES, 1, "Wait"), resumed = condition(k, COND_WAS, 1, "Wait"), never = condition(k, COND_BECOMES, 1, "Done");
    condition(k, COND_DIFFERS, 1, NULL);
    uint32_t r = RULE(r_.kind = RULE_WHEN, r_.event = k->opened, r_.time_column = 2, r_.time = t, r_.conditions = opened, r_.n_conditions = 1);
    RULE(r_.kind = RULE_WHEN, r_.event = k->waiting, r_.time_column = 2, r_.time = t, r_.conditions = waiting, r_.n_conditions = 1);
    RULE(r_.kind = RULE_WHEN, r_.event = k->resumed, r_.time_column = 2, r_.time = t, r_.conditions = resumed, r_.n_conditions = 1);
    RULE(r_.kind = RULE_WHEN, r_.event = k->closed, r_.time_column = 2, r_.time = t, r_.conditions = never, r_.n_conditions = 1);
    RULE(r_.kind = RULE_ROW, r_.event = k->worked, r_.time_column = 2, r_.time = t);
    struct m_adapter a = no_adapter;
    a.name = S(k, "history"), a.missing = S(k, ""), a.entity = k->ticket, a.columns = c, a.n_columns = 4, a.times = t, a.n_times = 1, a.rules = r, a.n_rules = 5;
    if (sorted) { a.sequence_column = by_position ? 3 : 2; }
    uint32_t ad = mb_add_adapter(k->mb, a);
    mb_add_inputs(k->mb, (struct m_inputs){ .adapter = ad });
    end(k);
    struct msa_counts n;
    run(k->m, o, FILE_, "a.csv", NULL, rows, strlen(rows), &n);
    assert_string_equal(notes.p, expected);
    run(k->m, o, MEMORY, "a.csv", NULL, rows, strlen(rows), &n);
    assert_string_equal(notes.p, expected);
    drop(k);
    return n;
}

static void newest_first(void **state)
{
    (void)state;
    static const char rows[] =
        "key;state;changed;count\n"
        "A;Busy;02.03.2026 12:00;3\n"
        "A;Wait;02.03.2026 11:00;2\n"
        "UNKNOWN;New;02.03.2026 10:30;1\n"
        "A;New;02.03.2026 10:00;1\n";
    static const char right[] =
        "2026-03-02T10:00:00Z opened A vip=0\n"
        "2026-03-02T10:00:00Z worked A\n"
        "reject 4:0 there is no ticket UNKNOWN | UNKNOWN;New;02.03.2026 10:30;1\n" /* one, of two events */
        "2026-03-02T11:00:00Z waiting A\n"
        "2026-03-02T11:00:00Z worked A\n"
        "2026-03-02T12:00:00Z resumed A\n"
        "2026-03-02T12:00:00Z worked A\n"
        "2026-03-02T12:00:00Z finish\n";
    struct msa_counts n = history(true, false, OPTIONS, rows, right);
    assert_int_equal(n.rows_back, 0);
    assert_int_equal(n.applied, 3);
    assert_int_equal(n.rejects, 1);
    assert_int_equal(history(true, true, OPTIONS, rows, right).rows_back, 0);
    /* in the order of the file the wait never ends, and that is told */
    n = history(false, false, OPTIONS, rows,
                "2026-03-02T10:00:00Z opened A vip=0\n"
                "2026-03-02T10:00:00Z resumed A\n"
                "2026-03-02T10:00:00Z worked A\n"
                "reject 4:0 there is no ticket UNKNOWN | UNKNOWN;New;02.03.2026 10:30;1\n"
                "2026-03-02T11:00:00Z waiting A\n"
                "2026-03-02T11:00:00Z worked A\n"
                "2026-03-02T12:00:00Z worked A\n"
                "2026-03-02T12:00:00Z finish\n");
    assert_int_equal(n.rows_back, 2);
    /* later than asked for: whole rows are passed over */
    struct msa_options until = { .as_of = INT64_C(1772449200) * USEC }; /* 11:00 */
    n = history(true, false, until, rows,
                "2026-03-02T10:00:00Z opened A vip=0\n"
                "2026-03-02T10:00:00Z worked A\n"
                "reject 4:0 there is no ticket UNKNOWN | UNKNOWN;New;02.03.2026 10:30;1\n"
                "2026-03-02T11:00:00Z waiting A\n"
                "2026-03-02T11:00:00Z worked A\n"
                "2026-03-02T11:00:00Z finish\n");
    assert_int_equal(n.ignored, 1);
    n = history(true, true, OPTIONS, "key\tstate\tchanged\tcount\nA\tNew\t02.03.2026 10:00\tx\nA\tNew\t02.03.2026 10:00\t\nA\tNew\t02.03.2026 11:00\t2\n",
                "reject 2:0 `count`: `x` is not a number; rows are sorted by this column, which holds a number in each row, or a time as the adapter reads it | A\tNew\t02.03.2026 10:00\tx\n"
                "reject 3:0 `count`: rows are sorted by this column, and here it is missing | A\tNew\t02.03.2026 10:00\t\n"
                "2026-03-02T11:00:00Z opened A vip=0\n"
                "2026-03-02T11:00:00Z worked A\n"
                "2026-03-02T11:00:00Z finish\n");
    assert_int_equal(n.rejects, 2);
}

struct heard { struct sb text; };
static void hear(void *ctx, const struct msa_note *n)
{
    sb_printf(&((struct heard *)ctx)->text, "%d %.*s\n", n->kind, (int)n->text.n, n->text.p);
}

/* Rules that held for no row, with words that none names. */
static void rules_never(void **state)
{
    (void)state;
    struct made made, *k = &made;
    begin(k);
    uint32_t c = column(k, "key", NO_COLUMN);
    column(k, "state", NO_COLUMN);
    column(k, "at", NO_COLUMN);
    uint32_t t = reading(k, (struct timing){ .pattern = "yyyy-MM-dd HH:mm", .zone = "UTC" });
    uint32_t done = condition(k, COND_BECOMES, 1, "Done"), new = condition(k, COND_BECOMES, 1, "New");
    uint32_t r = RULE(r_.kind = RULE_WHEN, r_.event = k->closed, r_.time_column = 2, r_.time = t, r_.conditions = done, r_.n_conditions = 1);
    RULE(r_.kind = RULE_WHEN, r_.event = k->opened, r_.time_column = 2, r_.time = t, r_.conditions = new, r_.n_conditions = 1);
    struct m_adapter a = no_adapter;
    a.name = S(k, "x"), a.missing = S(k, ""), a.entity = k->ticket, a.columns = c, a.n_columns = 3, a.times = t, a.n_times = 1, a.rules = r, a.n_rules = 2;
    uint32_t ad = mb_add_adapter(k->mb, a);
    mb_add_inputs(k->mb, (struct m_inputs){ .adapter = ad });
    end(k);
    struct sb rows = { 0 };
    sb_puts(&rows, "key,state,at\nA,New,2026-03-02 10:00\nA,done,2026-03-02 11:00\nA,R\xc3\xbc" "ck,2026-03-02 12:00\nA,done,2026-03-02 13:00\n");
    for (int i = 0; i < 200; i++) { sb_printf(&rows, "A,x%d,2026-03-02 14:00\n", i); }
    struct msa_run *run_;
    struct msa_fault fault;
    struct msa_options o = OPTIONS;
    struct heard heard = { { 0 } };
    assert_int_equal(msa_run_open(k->m, &o, (struct msa_sink){ NULL, take_result }, &run_, &fault), MSA_OK);
    assert_int_equal(msa_run_bytes(run_, rows.p, rows.n, "a.csv", NULL, &fault), MSA_OK);
    assert_int_equal(msa_run_finish(run_, &fault), MSA_OK);
    msa_run_adapter_notes(run_, hear, &heard);
    msa_run_close(run_);
    assert_string_equal(heard.text.p, "1 this rule held for none of 204 rows; `state` has `done` (2 rows), `R\xc3\xbc" "ck` (1 row), `x0` (1 row), `x1` (1 row), `x10` (1 row) and more, which no rule names\n");
    sb_free(&heard.text);
    sb_free(&rows);
    drop(k);
}

static void one_time(struct timing t, const char *text, const char *expected)
{
    struct made made, *k = &made;
    begin(k);
    (void)reading(k, t);
    end(k);
    struct arena a;
    struct why why = { "" };
    arena_init(&a, NULL);
    const struct time_plan *p = time_plan_make(k->m->m, 0, &a, &why);
    if (p == NULL) { fail_msg("%s", why.text); }
    instant at = time_plan_read(p, str_of(text), &why);
    char out[CIVIL_TEXT_MAX] = "";
    if (at != NONE) { out[civil_write_instant(out, at, 0, true)] = '\0'; }
    if (at != NONE ? strcmp(out, expected) != 0 : strstr(why.text, expected) == NULL) { fail_msg("%s gave %s%s", text, out, why.text); }
    arena_free(&a);
    drop(k);
}

static void times(void **state)
{
    (void)state;
    struct timing boston = { .pattern = "yyyy-MM-dd HH:mm:ss", .zone = "America/New_York", .shown_in = "UTC", .taken_as = "America/New_York" };
    one_time(boston, "2022-01-17 11:20:00", "2022-01-17T21:20:00Z"); /* shown 11:20, was 16:20 in Boston */
    one_time(boston, "2022-04-21 06:16:59", "2022-04-21T14:16:59Z");
    struct timing ny = { .pattern = "yyyy-MM-dd HH:mm", .zone = "America/New_York" };
    one_time(ny, "2026-11-01 01:30", "2026-11-01T05:30:00Z");
    one_time(ny, "2026-03-08 02:30", "2026-03-08T07:30:00Z");
    ny.repeated = 1;
    one_time(ny, "2026-11-01 01:30", "2026-11-01T06:30:00Z");
    ny.repeated = 2, ny.skipped = 1;
    one_time(ny, "2026-11-01 01:30", "occurs twice in America/New_York");
    one_time(ny, "2026-03-08 02:30", "does not occur in America/New_York");
    one_time((struct timing){ .pattern = "EEE MMM dd HH:mm:ss z yyyy", .zone = "America/New_York" }, "Fri Apr 22 04:14:40 EDT 2022", "2022-04-22T08:14:40Z");
    one_time((struct timing){ .pattern = "EEE MMM dd HH:mm:ss z yyyy", .zone = "America/New_York" }, "Fri Nov 06 04:14:40 QQQ 2022", "names another day");
    one_time((struct timing){ .pattern = "MM/dd/yy h:mm a", .zone = "UTC" }, "03/02/26 12:05 PM", "2026-03-02T12:05:00Z");
    one_time((struct timing){ .pattern = "MM/dd/yy h:mm a", .zone = "UTC" }, "03/02/26 12:05 am", "2026-03-02T00:05:00Z");
    one_time((struct timing){ .pattern = "yyyy-MM-dd", .zone = "Europe/Berlin" }, "2026-07-01", "2026-06-30T22:00:00Z");
    one_time((struct timing){ .pattern = "yyyy/MM/dd HH:mm:ss.SSS", .zone = "Europe/Rome" }, "2012/10/09 14:50:17.123456789", "2012-10-09T12:50:17.123456Z");
    one_time((struct timing){ .pattern = "yyyy-MM-dd'T'HH:mm:ssXXX", .zone = "" }, "2010-03-31T16:59:42+02:00", "2010-03-31T14:59:42Z");
    one_time((struct timing){ .pattern = "iso", .zone = "" }, "2010-03-31T16:59:42+02:00", "2010-03-31T14:59:42Z");
    one_time((struct timing){ .pattern = "d/M/yyyy HH:mm", .zone = "UTC" }, "3.2.2016 10:00", "is not a time written as `d/M/yyyy HH:mm`");
    one_time((struct timing){ .pattern = "d/M/yyyy HH:mm", .zone = "" }, "3/2/2016 10:00", "names no zone");
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(audit_rows), cmocka_unit_test(other_rules), cmocka_unit_test(changed_exports), cmocka_unit_test(newest_first), cmocka_unit_test(rules_never), cmocka_unit_test(times) };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    sb_free(&notes);
    return failed;
}
