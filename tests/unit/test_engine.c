/* SPDX-License-Identifier: MIT */
/* Clocks: C1 to C9, T7, T8, E1. Times are UTC; `support` is mon to fri 08:00 to 18:00, sat 09:00 to 13:00. 2026-03-02 is a
 * monday. */
#include "engine_kit.h"

#define OPEN_TARGET(hours, calendar) {TARGET_OPEN, (hours) * HOUR_US, calendar, 0, 0}

/* A stop exactly at due is met; the timer of a `below` target comes before it (C1, T7). */
static void exactly_at_due(void **state)
{
    (void)state;
    struct kit k = {.target = {OPEN_TARGET(1, KIT_24X7), {TARGET_OPEN, HOUR_US, KIT_24X7, TARGET_BELOW, 0}}};
    kit_open(&k);
    kit_event(&k, "2026-03-02T10:00:00Z", OPENED, "A", 0);
    kit_event(&k, "2026-03-02T10:00:00Z", OPENED, "B", 1);
    kit_event(&k, "2026-03-02T11:00:00Z", RESOLVED, "A", -1);
    kit_event(&k, "2026-03-02T11:00:00Z", RESOLVED, "B", -1);
    kit_expect(&k, NULL,
               "breach 4.2/B/fix/1/breach at=2026-03-02T11:00:00Z due=2026-03-02T11:00:00Z\n"
               "clock 4.2/A/fix/1 at=2026-03-02T11:00:00Z met due=2026-03-02T11:00:00Z elapsed=3600 left=0\n"
               "clock 4.2/B/fix/1 at=2026-03-02T11:00:00Z breached due=2026-03-02T11:00:00Z breached=2026-03-02T11:00:00Z elapsed=3600 over=0\n");
}

/* Friday 17:56 in New York, one hour of support: saturday 09:56. The breach is stamped there although nothing happens then (C8). */
static void stamped_at_due(void **state)
{
    (void)state;
    struct kit k = {.zone = "America/New_York", .target = {OPEN_TARGET(1, KIT_SUPPORT)}};
    kit_open(&k);
    kit_event(&k, "2026-03-06T22:50:00Z", OPENED, "T1", 0);
    kit_event(&k, "2026-03-06T22:55:00Z", RESOLVED, "T1", -1);
    kit_event(&k, "2026-03-06T22:56:00Z", OPENED, "T2", 0);
    kit_expect(&k, "2026-03-10T22:50:00Z",
               "clock 4.2/T1/fix/1 at=2026-03-06T22:55:00Z met due=2026-03-07T14:50:00Z elapsed=300 left=3300\n"
               "breach 4.2/T2/fix/1/breach at=2026-03-07T14:56:00Z due=2026-03-07T14:56:00Z\n"
               "clock 4.2/T2/fix/1 at=2026-03-10T22:50:00Z breached due=2026-03-07T14:56:00Z breached=2026-03-07T14:56:00Z elapsed=86640 over=83040\n");
}

/* Overlapping waits count once; one that ends in the second in which another begins leaves no gap (C4). */
static void waits_overlap(void **state)
{
    (void)state;
    struct kit k = {.target = {OPEN_TARGET(4, KIT_SUPPORT)}};
    kit_open(&k);
    kit_event(&k, "2026-03-02T09:00:00Z", OPENED, "T", 0);
    kit_wait(&k, "2026-03-02T10:00:00Z", WAITING, "T", 1, NULL);
    kit_wait(&k, "2026-03-02T11:00:00Z", WAITING, "T", 2, "vendor");
    kit_wait(&k, "2026-03-02T11:30:00Z", WAITING, "T", 1, NULL);
    kit_wait(&k, "2026-03-02T12:00:00Z", RESUMED, "T", NONE, "vendor");
    kit_wait(&k, "2026-03-02T12:00:00Z", RESUMED, "T", NONE, "nobody");
    kit_wait(&k, "2026-03-03T09:00:00Z", RESUMED, "T", NONE, NULL);
    kit_wait(&k, "2026-03-03T09:00:00Z", WAITING, "T", 3, NULL);
    kit_wait(&k, "2026-03-03T10:00:00Z", RESUMED, "T", NONE, NULL);
    kit_expect(&k, "2026-03-03T11:00:00Z",
               "clock 4.2/T/fix/1 at=2026-03-03T11:00:00Z running due=2026-03-03T13:00:00Z first=2026-03-02T13:00:00Z elapsed=7200 paused=86400 left=7200\n");
}

/* While paused there is time left and no due; nothing is missed, not even a target used up where the pause begins (C4). */
static void paused_cannot_breach(void **state)
{
    (void)state;
    struct kit k = {.target = {OPEN_TARGET(1, KIT_24X7)}, .step = {{STEP_PERCENT, 90, 100, 0}}, .n_steps = 1};
    kit_open(&k);
    kit_event(&k, "2026-03-02T09:00:00Z", OPENED, "A", 0);
    kit_event(&k, "2026-03-02T09:00:00Z", OPENED, "B", 0);
    kit_event(&k, "2026-03-02T09:30:00Z", OPENED, "C", 0);
    kit_wait(&k, "2026-03-02T10:00:00Z", WAITING, "A", 1, NULL);
    kit_wait(&k, "2026-03-02T10:00:00Z", WAITING, "B", 1, NULL);
    kit_wait(&k, "2026-03-02T10:10:00Z", WAITING, "C", 1, NULL);
    kit_event(&k, "2026-03-02T12:00:00Z", RESOLVED, "A", -1);
    kit_wait(&k, "2026-03-02T12:00:00Z", RESUMED, "B", NONE, NULL);
    kit_expect(&k, "2026-03-02T13:00:00Z",
               "escalation 4.2/A/fix/1/step/1 at=2026-03-02T09:54:00Z\n"
               "escalation 4.2/B/fix/1/step/1 at=2026-03-02T09:54:00Z\n"
               "clock 4.2/A/fix/1 at=2026-03-02T12:00:00Z met first=2026-03-02T10:00:00Z elapsed=3600 paused=7200 left=0\n"
               "breach 4.2/B/fix/1/breach at=2026-03-02T10:00:00Z due=2026-03-02T10:00:00Z\n"
               "clock 4.2/B/fix/1 at=2026-03-02T13:00:00Z breached due=2026-03-02T10:00:00Z breached=2026-03-02T10:00:00Z elapsed=7200 paused=7200 over=3600\n"
               "clock 4.2/C/fix/1 at=2026-03-02T13:00:00Z paused first=2026-03-02T10:30:00Z elapsed=2400 paused=10200 left=1200\n");
}

/* A breach before the pause stands and no later pause moves it (C4). */
static void breach_stands(void **state)
{
    (void)state;
    struct kit k = {.target = {OPEN_TARGET(1, KIT_24X7), OPEN_TARGET(9, KIT_24X7)}, .step = {{STEP_AFTER_DUE, 2 * HOUR_US, 1, 0}}, .n_steps = 1};
    kit_open(&k);
    kit_event(&k, "2026-03-02T09:00:00Z", OPENED, "A", 0);
    kit_wait(&k, "2026-03-02T11:00:00Z", WAITING, "A", 1, NULL);
    kit_wait(&k, "2026-03-02T12:00:00Z", RESUMED, "A", NONE, NULL);
    kit_event(&k, "2026-03-02T12:30:00Z", CHANGED, "A", 1);
    kit_event(&k, "2026-03-02T14:00:00Z", RESOLVED, "A", -1);
    kit_expect(&k, NULL,
               "breach 4.2/A/fix/1/breach at=2026-03-02T10:00:00Z due=2026-03-02T10:00:00Z\n"
               "escalation 4.2/A/fix/1/step/1 at=2026-03-02T13:00:00Z\n"
               "clock 4.2/A/fix/1 at=2026-03-02T14:00:00Z breached due=2026-03-02T10:00:00Z breached=2026-03-02T10:00:00Z elapsed=14400 paused=3600 over=10800\n");
}

/* Dates: the date first, then the paused open time (T6, T8). */
static void business_days(void **state)
{
    (void)state;
    struct kit k = {.target = {{TARGET_BUSINESS_DAYS, 1, KIT_SUPPORT, 0, DAY_END}, {TARGET_DAYS, 2, KIT_24X7, 0, DAY_SAME_TIME}},
                    .step = {{STEP_PERCENT, 50, 100, 0}}, .n_steps = 1};
    kit_open(&k);
    kit_event(&k, "2026-03-02T10:00:00Z", OPENED, "A", 0);
    kit_event(&k, "2026-03-02T10:00:00Z", OPENED, "B", 1);
    kit_wait(&k, "2026-03-02T16:00:00Z", WAITING, "A", 1, NULL);
    kit_wait(&k, "2026-03-03T09:00:00Z", RESUMED, "A", NONE, NULL);
    kit_wait(&k, "2026-03-03T09:00:00Z", WAITING, "B", 1, NULL);
    kit_wait(&k, "2026-03-03T10:00:00Z", RESUMED, "B", NONE, NULL);
    /* A: due tuesday 18:00 and 3 h of pause inside the hours: wednesday 11:00. Half of 18 h is used on tuesday at 12:00. */
    kit_expect(&k, "2026-03-05T00:00:00Z",
               "escalation 4.2/B/fix/1/step/1 at=2026-03-03T11:00:00Z\n"
               "escalation 4.2/A/fix/1/step/1 at=2026-03-03T12:00:00Z\n"
               "breach 4.2/A/fix/1/breach at=2026-03-04T11:00:00Z due=2026-03-04T11:00:00Z\n"
               "breach 4.2/B/fix/1/breach at=2026-03-04T11:00:00Z due=2026-03-04T11:00:00Z\n"
               "clock 4.2/A/fix/1 at=2026-03-05T00:00:00Z breached due=2026-03-04T11:00:00Z first=2026-03-03T18:00:00Z breached=2026-03-04T11:00:00Z elapsed=90000 paused=61200 over=25200\n"
               "clock 4.2/B/fix/1 at=2026-03-05T00:00:00Z breached due=2026-03-04T11:00:00Z first=2026-03-04T10:00:00Z breached=2026-03-04T11:00:00Z elapsed=219600 paused=3600 over=46800\n");
}

static const char *changed_to(enum change_policy policy, uint32_t flags, int from, int to, char *out, size_t n)
{
    struct kit k = {.flags = flags, .policy = policy, .target = {OPEN_TARGET(2, KIT_24X7), OPEN_TARGET(4, KIT_SUPPORT), OPEN_TARGET(8, KIT_24X7)}};
    kit_open(&k);
    kit_event(&k, "2026-03-02T07:00:00Z", OPENED, "T", from);
    kit_wait(&k, "2026-03-02T08:30:00Z", WAITING, "T", 1, NULL);
    kit_wait(&k, "2026-03-02T09:00:00Z", RESUMED, "T", NONE, NULL);
    kit_event(&k, "2026-03-02T10:00:00Z", CHANGED, "T", to);
    struct msa_fault fault;
    assert_int_equal(engine_finish(k.engine, kit_time("2026-03-02T10:00:00Z"), &fault), MSA_OK);
    snprintf(out, n, "%s", k.out.p);
    kit_close(&k);
    return out;
}

/* What a change does is said: each policy from the same start (C5). 2.5 h are used by the clock on the wall, 1.5 h in support. */
static void changes(void **state)
{
    char out[1024];
    (void)state;
    assert_string_equal(changed_to(CHANGE_RECOMPUTE, 0, 2, 1, out, sizeof out),
                        "clock 4.2/T/fix/1 at=2026-03-02T10:00:00Z running due=2026-03-02T12:30:00Z first=2026-03-02T15:00:00Z elapsed=5400 paused=1800 left=9000\n");
    assert_string_equal(changed_to(CHANGE_KEEP_TIME, 0, 2, 1, out, sizeof out),
                        "clock 4.2/T/fix/1 at=2026-03-02T10:00:00Z running due=2026-03-02T11:30:00Z first=2026-03-02T15:00:00Z elapsed=9000 paused=1800 left=5400\n");
    assert_string_equal(changed_to(CHANGE_RESTART, 0, 2, 1, out, sizeof out),
                        "clock 4.2/T/fix/1 at=2026-03-02T10:00:00Z running due=2026-03-02T14:00:00Z first=2026-03-02T15:00:00Z elapsed=0 left=14400\n");
    /* 2.5 of 8 h are 1.25 of 4 h */
    assert_string_equal(changed_to(CHANGE_KEEP_SHARE, 0, 2, 1, out, sizeof out),
                        "clock 4.2/T/fix/1 at=2026-03-02T10:00:00Z running due=2026-03-02T12:45:00Z first=2026-03-02T15:00:00Z elapsed=9000 paused=1800 left=9900\n");
    assert_string_equal(changed_to(CHANGE_NEVER_LENGTHEN, 0, 1, 2, out, sizeof out),
                        "clock 4.2/T/fix/1 at=2026-03-02T10:00:00Z running due=2026-03-02T12:30:00Z first=2026-03-02T12:00:00Z elapsed=5400 paused=1800 left=9000\n");
    assert_string_equal(changed_to(CHANGE_NEVER_LENGTHEN, 0, 2, 1, out, sizeof out),
                        "clock 4.2/T/fix/1 at=2026-03-02T10:00:00Z running due=2026-03-02T12:30:00Z first=2026-03-02T15:00:00Z elapsed=5400 paused=1800 left=9000\n");
    /* Already past: the breach is the change itself, the record shows due. */
    assert_string_equal(changed_to(CHANGE_RECOMPUTE, 0, 2, 0, out, sizeof out),
                        "breach 4.2/T/fix/1/breach at=2026-03-02T10:00:00Z due=2026-03-02T09:30:00Z late\n"
                        "clock 4.2/T/fix/1 at=2026-03-02T10:00:00Z breached due=2026-03-02T09:30:00Z first=2026-03-02T15:00:00Z breached=2026-03-02T10:00:00Z elapsed=9000 paused=1800 over=1800\n");
    assert_string_equal(changed_to(CHANGE_RECOMPUTE, CLOCK_JUDGED_AT_STOP, 2, 0, out, sizeof out),
                        "clock 4.2/T/fix/1 at=2026-03-02T10:00:00Z running due=2026-03-02T09:30:00Z first=2026-03-02T15:00:00Z elapsed=9000 paused=1800 over=1800\n");
    /* No target any more (C6). */
    assert_string_equal(changed_to(CHANGE_RECOMPUTE, 0, 2, 3, out, sizeof out),
                        "clock 4.2/T/fix/1 at=2026-03-02T10:00:00Z cancelled due=2026-03-02T15:30:00Z first=2026-03-02T15:00:00Z elapsed=9000 paused=1800 left=19800 because no target applies any more\n");
    /* A target that comes later counts from the start, or from here (C9). */
    assert_string_equal(changed_to(CHANGE_RECOMPUTE, 0, 3, 0, out, sizeof out),
                        "breach 4.2/T/fix/1/breach at=2026-03-02T10:00:00Z due=2026-03-02T09:30:00Z late\n"
                        "clock 4.2/T/fix/1 at=2026-03-02T10:00:00Z breached due=2026-03-02T09:30:00Z breached=2026-03-02T10:00:00Z elapsed=9000 paused=1800 over=1800\n");
    assert_string_equal(changed_to(CHANGE_RECOMPUTE, CLOCK_FROM_ATTACHMENT, 3, 0, out, sizeof out),
                        "clock 4.2/T/fix/1 at=2026-03-02T10:00:00Z running due=2026-03-02T12:00:00Z elapsed=0 left=7200\n");
    assert_string_equal(changed_to(CHANGE_RECOMPUTE, 0, 3, 3, out, sizeof out),
                        "clock 4.2/T/fix/1 at=2026-03-02T10:00:00Z no target elapsed=9000 paused=1800\n");
}

/* Continues with the closed time left out; a met is withdrawn, a breach stands (C7). */
static void reopening(void **state)
{
    (void)state;
    struct kit k = {.target = {OPEN_TARGET(2, KIT_24X7)}};
    kit_open(&k);
    kit_event(&k, "2026-03-02T09:00:00Z", OPENED, "A", 0);
    kit_event(&k, "2026-03-02T10:00:00Z", RESOLVED, "A", -1);
    kit_event(&k, "2026-03-02T10:30:00Z", OPENED, "A", 0); /* an update, no second cycle */
    kit_event(&k, "2026-03-03T09:00:00Z", REOPENED, "A", -1);
    kit_event(&k, "2026-03-03T12:00:00Z", RESOLVED, "A", -1);
    kit_event(&k, "2026-03-03T13:00:00Z", REOPENED, "A", -1);
    kit_event(&k, "2026-03-03T14:00:00Z", CANCELLED, "A", -1);
    kit_expect(&k, NULL,
               "clock 4.2/A/fix/1 at=2026-03-02T10:00:00Z met due=2026-03-02T11:00:00Z elapsed=3600 left=3600\n"
               "correction 4.2/A/fix/1/withdrawn at=2026-03-03T09:00:00Z because reopened withdraws 4.2/A/fix/1\n"
               "breach 4.2/A/fix/1.2/breach at=2026-03-03T10:00:00Z due=2026-03-03T10:00:00Z\n"
               "clock 4.2/A/fix/1.2 at=2026-03-03T12:00:00Z breached due=2026-03-03T10:00:00Z first=2026-03-02T11:00:00Z breached=2026-03-03T10:00:00Z elapsed=14400 over=7200 withdraws 4.2/A/fix/1\n"
               "clock 4.2/A/fix/1.3 at=2026-03-03T14:00:00Z breached due=2026-03-03T10:00:00Z first=2026-03-02T11:00:00Z breached=2026-03-03T10:00:00Z elapsed=18000 over=10800 because cancelled withdraws 4.2/A/fix/1.2\n");
}

/* Each message ends one cycle and opens the next (C3). */
static void cycles(void **state)
{
    (void)state;
    struct kit k = {.target = {OPEN_TARGET(2, KIT_24X7), OPEN_TARGET(2, KIT_24X7)}, .restarts = true};
    kit_open(&k);
    kit_event(&k, "2026-03-02T09:00:00Z", OPENED, "A", 0);
    kit_event(&k, "2026-03-02T10:00:00Z", CHANGED, "A", 1);
    kit_event(&k, "2026-03-02T13:00:00Z", CHANGED, "A", 0);
    kit_expect(&k, NULL,
               "clock 4.2/A/fix/1 at=2026-03-02T10:00:00Z met due=2026-03-02T11:00:00Z elapsed=3600 left=3600\n"
               "breach 4.2/A/fix/2/breach at=2026-03-02T12:00:00Z due=2026-03-02T12:00:00Z\n"
               "clock 4.2/A/fix/2 at=2026-03-02T13:00:00Z breached due=2026-03-02T12:00:00Z breached=2026-03-02T12:00:00Z elapsed=10800 over=3600\n"
               "clock 4.2/A/fix/3 at=2026-03-02T13:00:00Z running due=2026-03-02T15:00:00Z elapsed=0 left=7200\n");
}

/* Steps by share, before and after due; each once, moving with due, several at once when due moves back (E1). */
static void steps(void **state)
{
    (void)state;
    struct kit k = {.target = {OPEN_TARGET(2, KIT_24X7), OPEN_TARGET(8, KIT_24X7)},
                    .step = {{STEP_PERCENT, 50, 100, 0}, {STEP_BEFORE_DUE, HOUR_US / 2, 1, 0}, {STEP_AFTER_DUE, 0, 1, 0}, {STEP_AFTER_DUE, 2 * HOUR_US, 1, 0}}, .n_steps = 4};
    kit_open(&k);
    kit_event(&k, "2026-03-02T09:00:00Z", OPENED, "A", 0);
    kit_event(&k, "2026-03-02T20:00:00Z", OPENED, "B", 1);
    kit_event(&k, "2026-03-02T21:45:00Z", CHANGED, "B", 0);
    kit_event(&k, "2026-03-02T21:50:00Z", RESOLVED, "B", -1);
    kit_expect(&k, NULL,
               "escalation 4.2/A/fix/1/step/1 at=2026-03-02T10:00:00Z\n"
               "escalation 4.2/A/fix/1/step/2 at=2026-03-02T10:30:00Z\n"
               "breach 4.2/A/fix/1/breach at=2026-03-02T11:00:00Z due=2026-03-02T11:00:00Z\n"
               "escalation 4.2/A/fix/1/step/3 at=2026-03-02T11:00:00Z\n"
               "escalation 4.2/A/fix/1/step/4 at=2026-03-02T13:00:00Z\n"
               "escalation 4.2/B/fix/1/step/1 at=2026-03-02T21:45:00Z late\n"
               "escalation 4.2/B/fix/1/step/2 at=2026-03-02T21:45:00Z late\n"
               "clock 4.2/B/fix/1 at=2026-03-02T21:50:00Z met due=2026-03-02T22:00:00Z first=2026-03-03T04:00:00Z elapsed=6600 left=600\n"
               "clock 4.2/A/fix/1 at=2026-03-02T21:50:00Z breached due=2026-03-02T11:00:00Z breached=2026-03-02T11:00:00Z elapsed=46200 over=39000\n");
}

static void verdict_at_stop(void **state)
{
    (void)state;
    struct kit k = {.flags = CLOCK_JUDGED_AT_STOP, .target = {OPEN_TARGET(2, KIT_24X7), OPEN_TARGET(8, KIT_24X7)}};
    kit_open(&k);
    kit_event(&k, "2026-03-02T09:00:00Z", OPENED, "A", 0);
    kit_event(&k, "2026-03-02T09:00:00Z", OPENED, "B", 1);
    kit_event(&k, "2026-03-02T12:00:00Z", CHANGED, "A", 1);
    kit_event(&k, "2026-03-02T12:00:00Z", CHANGED, "B", 0);
    kit_event(&k, "2026-03-02T13:00:00Z", RESOLVED, "A", -1);
    kit_event(&k, "2026-03-02T13:00:00Z", RESOLVED, "B", -1);
    kit_expect(&k, NULL,
               "clock 4.2/A/fix/1 at=2026-03-02T13:00:00Z met due=2026-03-02T17:00:00Z first=2026-03-02T11:00:00Z elapsed=14400 left=14400\n"
               "clock 4.2/B/fix/1 at=2026-03-02T13:00:00Z breached due=2026-03-02T11:00:00Z first=2026-03-02T17:00:00Z breached=2026-03-02T11:00:00Z elapsed=14400 over=7200\n");
}

static void measured_only(void **state)
{
    (void)state;
    struct kit k = {.flags = CLOCK_MEASURED_ONLY, .target = {OPEN_TARGET(1, KIT_SUPPORT)}, .step = {{STEP_AFTER_START, HOUR_US, 1, 0}}, .n_steps = 1};
    kit_open(&k);
    kit_event(&k, "2026-03-02T17:00:00Z", OPENED, "A", 0);
    kit_event(&k, "2026-03-02T17:00:00Z", OPENED, "B", 3);
    kit_event(&k, "2026-03-03T09:00:00Z", RESOLVED, "A", -1);
    kit_event(&k, "2026-03-03T09:00:00Z", RESOLVED, "B", -1);
    kit_expect(&k, NULL,
               "escalation 4.2/A/fix/1/step/1 at=2026-03-02T18:00:00Z\n"
               "escalation 4.2/B/fix/1/step/1 at=2026-03-02T18:00:00Z\n"
               "clock 4.2/A/fix/1 at=2026-03-03T09:00:00Z stopped elapsed=7200 over=3600\n"
               "clock 4.2/B/fix/1 at=2026-03-03T09:00:00Z stopped elapsed=57600\n");
}

/* ---- entities ---- */

static void unknown_and_duplicate(void **state)
{
    (void)state;
    struct kit k = {.target = {OPEN_TARGET(1, KIT_24X7)}, .forget_after = HOUR_US};
    struct msa_fault why = {MSA_OK, {0}};
    bool duplicate;
    kit_open(&k);
    assert_int_equal(kit_send(&k, "2026-03-02T09:00:00Z", RESOLVED, "T9", -1, NONE, NULL, &why, &duplicate), MSA_REJECTED);
    assert_string_equal(why.text, "there is no ticket \"T9\": no event that opens it came before");
    int64_t scalars[2] = {0, NONE};
    struct str texts[1] = {{0}};
    struct event ev = {.at = kit_time("2026-03-02T09:00:00Z"), .type = OPENED, .has_id = true, .id = {0, 0}, .key = STR("T"), .scalar = scalars, .text = texts};
    for (uint64_t i = 0; i < 100; i++) {
        ev.id.low = i * 7;
        assert_int_equal(engine_apply(k.engine, &ev, &duplicate, &why), MSA_OK);
        assert_false(duplicate);
    }
    for (uint64_t i = 0; i < 100; i++) {
        ev.id.low = i * 7;
        assert_int_equal(engine_apply(k.engine, &ev, &duplicate, &why), MSA_OK);
        assert_true(duplicate);
    }
    kit_event(&k, "2026-03-02T09:10:00Z", RESOLVED, "T", -1);
    kit_event(&k, "2026-03-02T09:20:00Z", CLOSED, "T", -1);
    kit_event(&k, "2026-03-02T10:20:00Z", CHANGED, "T", 1); /* at the very instant it is still known, and stays another hour */
    assert_int_equal(engine_counts(k.engine).entities_open, 1);
    assert_int_equal(kit_send(&k, "2026-03-02T11:21:00Z", CHANGED, "T", 1, NONE, NULL, &why, &duplicate), MSA_REJECTED);
    assert_int_equal(engine_counts(k.engine).entities_open, 0);
    assert_int_equal(kit_send(&k, "2026-03-02T08:00:00Z", OPENED, "T", 1, NONE, NULL, &why, &duplicate), MSA_REJECTED);
    kit_expect(&k, NULL, "clock 4.2/T/fix/1 at=2026-03-02T09:10:00Z met due=2026-03-02T10:00:00Z elapsed=600 left=3000\n");
}

/* A clock that never got a target does not keep a ticket alive. */
static void pending_is_forgotten(void **state)
{
    (void)state;
    struct kit k = {.target = {OPEN_TARGET(1, KIT_24X7)}, .forget_after = HOUR_US};
    kit_open(&k);
    kit_event(&k, "2026-03-02T09:00:00Z", OPENED, "A", 3);
    kit_event(&k, "2026-03-02T10:00:00Z", CLOSED, "A", -1);
    kit_event(&k, "2026-03-02T12:00:00Z", OPENED, "B", 3);
    assert_int_equal(engine_counts(k.engine).entities_open, 1);
    kit_expect(&k, NULL,
               "clock 4.2/A/fix/1 at=2026-03-02T11:00:00Z no target elapsed=7200\n"
               "clock 4.2/B/fix/1 at=2026-03-02T12:00:00Z no target elapsed=0\n");
}

/* Many come and go: the table keeps finding the others. */
static void many_entities(void **state)
{
    (void)state;
    struct kit k = {.target = {OPEN_TARGET(1, KIT_24X7)}, .forget_after = 1};
    struct msa_fault why = {MSA_OK, {0}};
    kit_open(&k);
    for (int round = 0; round < 20; round++) {
        for (int i = 0; i < 2000; i++) {
            char key[64];
            bool duplicate;
            snprintf(key, sizeof key, i % 3 ? "T%d" : "a key that is too long to lie in the entity itself %d", i);
            int64_t scalars[2] = {0, NONE};
            struct str texts[1] = {{0}};
            struct event ev = {.at = ((int64_t)round * 2000 + i) * USEC, .key = str_of(key), .scalar = scalars, .text = texts};
            for (int type = OPENED; type <= CLOSED; type++) {
                if (type != OPENED && type != RESOLVED && !(type == CLOSED && i % 7)) { continue; }
                ev.type = (uint32_t)type;
                assert_int_equal(engine_apply(k.engine, &ev, &duplicate, &why), MSA_OK);
            }
        }
    }
    assert_int_equal(engine_counts(k.engine).entities_open, 286 + 1); /* those never closed, and the last one that was */
    assert_true(engine_counts(k.engine).peak_entities < 300);
    sb_clear(&k.out);
    kit_expect(&k, "1971-01-01T00:00:00Z", "");
}

/* ---- any order of events ---- */

struct life { struct kit *k; size_t lines; bool shares; };

/* What holds for every line about a cycle, whatever happened to it. */
static int check_life(void *ctx, const struct msa_result *r)
{
    struct life *l = ctx;
    l->lines++;
    if (r->kind != MSA_CLOCK) { return 0; }
    assert_true(r->n_segments > 0);
    assert_int_equal(r->segments[0].from, r->started);
    for (size_t i = 1; i < r->n_segments; i++) {
        assert_true(r->segments[i].from > r->segments[i - 1].from);
    }
    assert_true(r->elapsed >= 0 && r->paused >= 0 && r->elapsed + r->paused <= r->elapsed_plain);
    assert_true((r->state == MSA_BREACHED) == (r->breached_at != NONE));
    if (r->breached_at != NONE) { assert_true(r->breached_at >= r->due && r->breached_at <= r->at); }
    if (r->state == MSA_PAUSED) { assert_int_equal(r->due, NONE); }
    if (r->state == MSA_RUNNING) { assert_true(r->due > r->at || r->judged_at_stop); }
    if (r->target_amount != NONE && !l->shares) {
        int64_t left = r->remaining != NONE ? r->remaining : -r->overrun;
        if (left != 0) { assert_int_equal(r->elapsed + left, r->target_amount); }
    }
    if (r->state == MSA_MET && r->remaining != NONE) { assert_true(r->remaining >= 0); }
    return 0;
}

static void any_life(void **state)
{
    (void)state;
    uint64_t seed = 88172645463325252u;
    for (int round = 0; round < 120; round++) {
        struct kit k = {.policy = (enum change_policy)(round % 6), .flags = round / 6 % 4 == 1 ? CLOCK_JUDGED_AT_STOP : round / 6 % 4 == 2 ? CLOCK_REPEATS : round / 6 % 4 == 3 ? CLOCK_FROM_ATTACHMENT : 0,
                        .target = {OPEN_TARGET(2, KIT_24X7), OPEN_TARGET(4, KIT_SUPPORT), {TARGET_BUSINESS_DAYS, 1, KIT_SUPPORT, round & 1 ? TARGET_BELOW : 0, DAY_END}},
                        .step = {{STEP_PERCENT, 50, 100, 0}, {STEP_BEFORE_DUE, HOUR_US, 1, 0}, {STEP_AFTER_DUE, 0, 1, 0}, {STEP_AFTER_START, HOUR_US, 1, 0}}, .n_steps = 4,
                        .restarts = round % 5 == 4, .forget_after = round % 3 ? DAY_US : 0, .share = true, .mean = true};
        struct life l = {&k, 0, k.policy == CHANGE_KEEP_SHARE};
        struct verify_error refused;
        struct msa_fault why = {MSA_OK, {0}};
        kit_open(&k);
        engine_close(k.engine);
        struct engine_options o = {.sink = {&l, check_life}};
        assert_int_equal(engine_open(module_verify(&k.arena, k.module, &refused), &o, &k.engine, &why), MSA_OK);
        instant now = kit_time("2026-03-02T07:00:00Z");
        for (int i = 0; i < 1500; i++) {
            seed ^= seed << 13;
            seed ^= seed >> 7;
            seed ^= seed << 17;
            char key[8];
            bool duplicate;
            snprintf(key, sizeof key, "T%d", (int)(seed % 8));
            now += seed >> 8 & 1 ? (int64_t)(seed >> 16 & 7) * 15 * MINUTE_US : 0;
            int64_t scalars[2] = {(int64_t)(seed >> 24 & 3), (int64_t)(seed >> 26 & 1)};
            struct str texts[1] = {seed >> 30 & 1 ? STR("wait") : (struct str){0}};
            struct event ev = {.at = now, .order = (uint64_t)i, .type = (uint32_t)(seed >> 32) % (CLOSED + 1), .line = (uint32_t)i + 1, .key = str_of(key), .scalar = scalars, .text = texts};
            enum msa_status s = engine_apply(k.engine, &ev, &duplicate, &why);
            if (s != MSA_OK && s != MSA_REJECTED) { fail_msg("%s", why.text); }
        }
        assert_int_equal(engine_finish(k.engine, NONE, &why), MSA_OK);
        assert_true(l.lines > 100);
        kit_close(&k);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(exactly_at_due),  cmocka_unit_test(stamped_at_due), cmocka_unit_test(waits_overlap),
        cmocka_unit_test(paused_cannot_breach), cmocka_unit_test(breach_stands), cmocka_unit_test(business_days),
        cmocka_unit_test(changes),         cmocka_unit_test(reopening),      cmocka_unit_test(cycles),
        cmocka_unit_test(steps),           cmocka_unit_test(verdict_at_stop), cmocka_unit_test(measured_only),
        cmocka_unit_test(unknown_and_duplicate), cmocka_unit_test(many_entities), cmocka_unit_test(any_life), cmocka_unit_test(pending_is_forgotten),
    };
    return cmocka_run_group_tests_name("engine", tests, NULL, NULL);
}
