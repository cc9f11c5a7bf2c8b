/* SPDX-License-Identifier: MIT */
/* Clocks at the edges that comparing with the oracle brought up: C1, C4 to C7, E1, T3, T8. Times are UTC; `support` is mon to
 * fri 08:00 to 18:00, sat 09:00 to 13:00. 2026-03-02 is a monday. */
#include "engine_kit.h"

#define OPEN_TARGET(hours, calendar) {TARGET_OPEN, (hours) * HOUR_US, calendar, 0, 0}

/* Another row with the same target in the same calendar changes nothing: what P1's calendar counted stays counted (C5). */
static void same_target_changes_nothing(void **state)
{
    (void)state;
    struct kit k = {.policy = CHANGE_DEFAULT, .target = {OPEN_TARGET(10, KIT_SUPPORT), OPEN_TARGET(10, KIT_24X7), OPEN_TARGET(10, KIT_24X7)}};
    kit_open(&k);
    kit_event(&k, "2026-03-02T06:00:00Z", OPENED, "A", 0);
    kit_event(&k, "2026-03-02T09:00:00Z", CHANGED, "A", 1);
    kit_event(&k, "2026-03-02T10:00:00Z", CHANGED, "A", 2);
    kit_expect(&k, "2026-03-02T11:00:00Z",
               "clock 4.2/A/fix/1 at=2026-03-02T11:00:00Z running due=2026-03-02T18:00:00Z elapsed=10800 left=25200\n");
}

/* A change while the clock stands still is a change of the reopening, by the policy that the text says (C5, C7). */
static void changed_while_ended(void **state)
{
    (void)state;
    struct kit k = {.policy = CHANGE_KEEP_TIME, .target = {OPEN_TARGET(10, KIT_24X7), OPEN_TARGET(10, KIT_SUPPORT)}};
    kit_open(&k);
    kit_event(&k, "2026-03-02T02:00:00Z", OPENED, "A", 0);
    kit_event(&k, "2026-03-02T06:00:00Z", RESOLVED, "A", -1);
    kit_event(&k, "2026-03-02T07:00:00Z", CHANGED, "A", 1);
    kit_event(&k, "2026-03-02T09:00:00Z", REOPENED, "A", -1);
    kit_expect(&k, "2026-03-02T10:00:00Z",
               "clock 4.2/A/fix/1 at=2026-03-02T06:00:00Z met due=2026-03-02T12:00:00Z elapsed=14400 left=21600\n"
               "correction 4.2/A/fix/1/withdrawn at=2026-03-02T09:00:00Z because reopened withdraws 4.2/A/fix/1\n"
               "clock 4.2/A/fix/1.2 at=2026-03-02T10:00:00Z running due=2026-03-02T15:00:00Z first=2026-03-02T12:00:00Z elapsed=18000 left=18000 withdraws 4.2/A/fix/1\n");
}

/* A clock that was cancelled because no target applies goes on at a reopening only when one applies again (C6, C7). */
static void reopened_without_target(void **state)
{
    (void)state;
    struct kit k = {.target = {OPEN_TARGET(10, KIT_24X7)}};
    kit_open(&k);
    kit_event(&k, "2026-03-02T02:00:00Z", OPENED, "A", 0);
    kit_event(&k, "2026-03-02T02:00:00Z", OPENED, "B", 0);
    kit_event(&k, "2026-03-02T02:00:00Z", OPENED, "C", 0);
    kit_event(&k, "2026-03-02T03:00:00Z", CHANGED, "A", 3);
    kit_event(&k, "2026-03-02T03:00:00Z", CHANGED, "B", 3);
    kit_event(&k, "2026-03-02T04:00:00Z", RESOLVED, "C", -1);
    kit_event(&k, "2026-03-02T05:00:00Z", CHANGED, "B", 0);
    kit_event(&k, "2026-03-02T05:00:00Z", CHANGED, "C", 3);
    kit_event(&k, "2026-03-02T06:00:00Z", REOPENED, "A", -1);
    kit_event(&k, "2026-03-02T06:00:00Z", REOPENED, "B", -1);
    kit_event(&k, "2026-03-02T06:00:00Z", REOPENED, "C", -1);
    kit_expect(&k, "2026-03-02T07:00:00Z",
               "clock 4.2/A/fix/1 at=2026-03-02T03:00:00Z cancelled due=2026-03-02T12:00:00Z elapsed=3600 left=32400 because no target applies any more\n"
               "clock 4.2/B/fix/1 at=2026-03-02T03:00:00Z cancelled due=2026-03-02T12:00:00Z elapsed=3600 left=32400 because no target applies any more\n"
               "clock 4.2/C/fix/1 at=2026-03-02T04:00:00Z met due=2026-03-02T12:00:00Z elapsed=7200 left=28800\n"
               "correction 4.2/C/fix/1/withdrawn at=2026-03-02T06:00:00Z because reopened withdraws 4.2/C/fix/1\n"
               "clock 4.2/C/fix/1.2 at=2026-03-02T06:00:00Z cancelled first=2026-03-02T12:00:00Z elapsed=7200 left=28800 because no target applies any more withdraws 4.2/C/fix/1\n"
               "clock 4.2/B/fix/1.2 at=2026-03-02T07:00:00Z running due=2026-03-02T15:00:00Z first=2026-03-02T12:00:00Z elapsed=7200 left=28800 withdraws 4.2/B/fix/1\n");
}

/* What begins in a pause has been promised to nobody, neither has a due that does not outlast its instant. */
static void first_due_outlasts_its_instant(void **state)
{
    (void)state;
    struct kit k = {.target = {OPEN_TARGET(10, KIT_24X7), OPEN_TARGET(4, KIT_24X7)}};
    kit_open(&k);
    kit_event(&k, "2026-03-02T02:00:00Z", OPENED, "A", 0);
    kit_wait(&k, "2026-03-02T02:00:00Z", WAITING, "A", 1, NULL);
    kit_event(&k, "2026-03-02T02:00:00Z", OPENED, "B", 0);
    kit_event(&k, "2026-03-02T02:00:00Z", CHANGED, "B", 1);
    kit_wait(&k, "2026-03-02T03:00:00Z", RESUMED, "A", NONE, NULL);
    kit_event(&k, "2026-03-02T04:00:00Z", CHANGED, "A", 1);
    kit_expect(&k, "2026-03-02T05:00:00Z",
               "clock 4.2/A/fix/1 at=2026-03-02T05:00:00Z running due=2026-03-02T07:00:00Z first=2026-03-02T13:00:00Z elapsed=7200 paused=3600 left=7200\n"
               "clock 4.2/B/fix/1 at=2026-03-02T05:00:00Z running due=2026-03-02T06:00:00Z elapsed=10800 left=3600\n");
}

/* Paused time is out of every calendar in which something behind the breach is counted; days are found first (C4, T8). */
static void behind_the_breach(void **state)
{
    (void)state;
    struct kit k = {.target = {OPEN_TARGET(2, KIT_SUPPORT)},
                    .step = {{STEP_AFTER_DUE, 3 * HOUR_US, 1, STEP_PLAIN}, {STEP_AFTER_DUE, 1, 1, STEP_IN_DAYS}}, .n_steps = 2};
    kit_open(&k);
    kit_event(&k, "2026-03-02T08:00:00Z", OPENED, "A", 0);
    kit_wait(&k, "2026-03-02T11:00:00Z", WAITING, "A", 1, NULL);
    kit_wait(&k, "2026-03-02T15:00:00Z", RESUMED, "A", NONE, NULL);
    kit_expect(&k, "2026-03-04T00:00:00Z",
               "breach 4.2/A/fix/1/breach at=2026-03-02T10:00:00Z due=2026-03-02T10:00:00Z\n"
               "escalation 4.2/A/fix/1/step/1 at=2026-03-02T17:00:00Z\n"
               "escalation 4.2/A/fix/1/step/2 at=2026-03-03T14:00:00Z\n"
               "clock 4.2/A/fix/1 at=2026-03-04T00:00:00Z breached due=2026-03-02T10:00:00Z breached=2026-03-02T10:00:00Z elapsed=57600 paused=14400 over=50400\n");
}

/* Nothing is breached before the stop, so steps behind the breach go by due, or by the change that put it into the past. */
static void judged_at_the_stop(void **state)
{
    (void)state;
    struct kit k = {.flags = CLOCK_JUDGED_AT_STOP, .share = true, .target = {OPEN_TARGET(10, KIT_24X7), OPEN_TARGET(1, KIT_24X7), OPEN_TARGET(2, KIT_24X7)},
                    .step = {{STEP_AFTER_DUE, 2 * HOUR_US, 1, 0}}, .n_steps = 1};
    kit_open(&k);
    kit_event(&k, "2026-03-02T02:00:00Z", OPENED, "A", 0);
    kit_event(&k, "2026-03-02T05:00:00Z", CHANGED, "A", 1);
    kit_event(&k, "2026-03-02T06:00:00Z", CHANGED, "A", 2); /* past as before: it is late since 05:00 */
    kit_event(&k, "2026-03-02T08:00:00Z", RESOLVED, "A", -1);
    kit_event(&k, "2026-03-02T09:00:00Z", REOPENED, "A", -1); /* judged again at the next stop */
    kit_event(&k, "2026-03-02T09:00:00Z", CHANGED, "A", 0);
    kit_event(&k, "2026-03-02T10:00:00Z", RESOLVED, "A", -1);
    kit_expect(&k, NULL,
               "escalation 4.2/A/fix/1/step/1 at=2026-03-02T07:00:00Z\n"
               "clock 4.2/A/fix/1 at=2026-03-02T08:00:00Z breached due=2026-03-02T04:00:00Z first=2026-03-02T12:00:00Z breached=2026-03-02T04:00:00Z elapsed=21600 over=14400\n"
               "correction 4.2/A/fix/1/withdrawn at=2026-03-02T09:00:00Z because reopened withdraws 4.2/A/fix/1\n"
               "clock 4.2/A/fix/1.2 at=2026-03-02T10:00:00Z met due=2026-03-02T13:00:00Z first=2026-03-02T12:00:00Z elapsed=25200 left=10800 withdraws 4.2/A/fix/1\n"
               "measure 4.2/attainment/2026-03 1/1 open\n");
}

/* A target used up exactly where a pause begins is met at a stop in it, also after a reopening into the same pause (T3, C4). */
static void stopped_while_paused(void **state)
{
    (void)state;
    struct kit k = {.target = {OPEN_TARGET(2, KIT_24X7)}};
    kit_open(&k);
    kit_event(&k, "2026-03-02T02:00:00Z", OPENED, "A", 0);
    kit_wait(&k, "2026-03-02T04:00:00Z", WAITING, "A", 1, NULL);
    kit_event(&k, "2026-03-02T05:00:00Z", RESOLVED, "A", -1);
    kit_event(&k, "2026-03-02T06:00:00Z", REOPENED, "A", -1);
    kit_wait(&k, "2026-03-02T06:00:00Z", WAITING, "A", 1, "again");
    kit_event(&k, "2026-03-02T07:00:00Z", RESOLVED, "A", -1);
    kit_expect(&k, NULL,
               "clock 4.2/A/fix/1 at=2026-03-02T05:00:00Z met first=2026-03-02T04:00:00Z elapsed=7200 paused=3600 left=0\n"
               "correction 4.2/A/fix/1/withdrawn at=2026-03-02T06:00:00Z because reopened withdraws 4.2/A/fix/1\n"
               "clock 4.2/A/fix/1.2 at=2026-03-02T07:00:00Z met first=2026-03-02T04:00:00Z elapsed=7200 paused=7200 left=0 withdraws 4.2/A/fix/1\n");
}

/* What an event brings comes after all events of its instant, also with a `below` target (C1). */
static void after_the_events_of_its_instant(void **state)
{
    (void)state;
    struct kit k = {.target = {OPEN_TARGET(10, KIT_24X7), {TARGET_OPEN, HOUR_US, KIT_24X7, TARGET_BELOW, 0}}, .step = {{STEP_AFTER_DUE, 0, 1, 0}}, .n_steps = 1};
    kit_open(&k);
    kit_event(&k, "2026-03-02T02:00:00Z", OPENED, "A", 0);
    kit_event(&k, "2026-03-02T05:00:00Z", CHANGED, "A", 1);
    kit_wait(&k, "2026-03-02T05:00:00Z", WAITING, "A", 1, NULL);
    kit_wait(&k, "2026-03-02T06:00:00Z", RESUMED, "A", NONE, NULL);
    kit_expect(&k, "2026-03-02T07:00:00Z",
               "breach 4.2/A/fix/1/breach at=2026-03-02T06:00:00Z due=2026-03-02T03:00:00Z late\n"
               "escalation 4.2/A/fix/1/step/1 at=2026-03-02T06:00:00Z\n"
               "clock 4.2/A/fix/1 at=2026-03-02T07:00:00Z breached due=2026-03-02T03:00:00Z first=2026-03-02T12:00:00Z breached=2026-03-02T06:00:00Z elapsed=14400 paused=3600 over=10800\n");
}

/* An amount of nothing is reached at the first opening in which the clock counts, not at one inside a pause (T3, C4). */
static void nothing_is_reached_when_it_counts(void **state)
{
    (void)state;
    struct kit k = {.target = {OPEN_TARGET(20, KIT_SUPPORT)}, .step = {{STEP_AFTER_START, 0, 1, 0}}, .n_steps = 1};
    kit_open(&k);
    kit_event(&k, "2026-03-01T10:00:00Z", OPENED, "A", 0); /* a sunday */
    kit_wait(&k, "2026-03-01T12:00:00Z", WAITING, "A", 1, NULL);
    kit_wait(&k, "2026-03-02T20:00:00Z", RESUMED, "A", NONE, NULL);
    kit_expect(&k, "2026-03-03T09:00:00Z",
               "escalation 4.2/A/fix/1/step/1 at=2026-03-03T08:00:00Z\n"
               "clock 4.2/A/fix/1 at=2026-03-03T09:00:00Z running due=2026-03-04T18:00:00Z first=2026-03-03T18:00:00Z elapsed=3600 paused=115200 left=68400\n");
}

/* A pause and the closed time that follows it at once are one: the date moves by both (C4, T8). */
static void pause_and_closing_are_one(void **state)
{
    (void)state;
    struct kit k = {.target = {{TARGET_BUSINESS_DAYS, 1, KIT_SUPPORT, 0, DAY_SAME_TIME}}};
    kit_open(&k);
    kit_event(&k, "2026-03-01T10:00:00Z", OPENED, "A", 0); /* a sunday: due on tuesday at the opening */
    kit_wait(&k, "2026-03-02T20:00:00Z", WAITING, "A", 1, NULL);
    kit_event(&k, "2026-03-03T10:00:00Z", RESOLVED, "A", -1);
    kit_event(&k, "2026-03-03T12:00:00Z", REOPENED, "A", -1);
    kit_expect(&k, "2026-03-03T13:00:00Z",
               "clock 4.2/A/fix/1 at=2026-03-03T10:00:00Z met first=2026-03-03T08:00:00Z elapsed=36000 paused=50400\n"
               "correction 4.2/A/fix/1/withdrawn at=2026-03-03T12:00:00Z because reopened withdraws 4.2/A/fix/1\n"
               "breach 4.2/A/fix/1.2/breach at=2026-03-03T12:00:00Z due=2026-03-03T12:00:00Z\n"
               "clock 4.2/A/fix/1.2 at=2026-03-03T13:00:00Z breached due=2026-03-03T12:00:00Z first=2026-03-03T08:00:00Z breached=2026-03-03T12:00:00Z elapsed=39600 paused=50400 over=3600 withdraws 4.2/A/fix/1\n");
}

/* A change that makes it late and an end without a verdict in one instant: missed when it goes on (C4, C5, C7). */
static void late_and_ended_at_once(void **state)
{
    (void)state;
    struct kit k = {.target = {OPEN_TARGET(10, KIT_24X7), OPEN_TARGET(1, KIT_24X7)}};
    kit_open(&k);
    kit_event(&k, "2026-03-02T02:00:00Z", OPENED, "A", 0);
    kit_event(&k, "2026-03-02T05:00:00Z", CHANGED, "A", 1);
    kit_event(&k, "2026-03-02T05:00:00Z", CANCELLED, "A", -1);
    kit_event(&k, "2026-03-02T06:00:00Z", REOPENED, "A", -1);
    kit_expect(&k, "2026-03-02T07:00:00Z",
               "clock 4.2/A/fix/1 at=2026-03-02T05:00:00Z cancelled due=2026-03-02T03:00:00Z first=2026-03-02T12:00:00Z elapsed=10800 over=7200 because cancelled\n"
               "breach 4.2/A/fix/1.2/breach at=2026-03-02T06:00:00Z due=2026-03-02T03:00:00Z late\n"
               "clock 4.2/A/fix/1.2 at=2026-03-02T07:00:00Z breached due=2026-03-02T03:00:00Z first=2026-03-02T12:00:00Z breached=2026-03-02T06:00:00Z elapsed=14400 over=10800 withdraws 4.2/A/fix/1\n");
}

/* `restarts` begins a new cycle of what has ended, in whatever way (C7). */
static void restart_after_any_end(void **state)
{
    (void)state;
    struct kit k = {.restarts = true, .target = {OPEN_TARGET(10, KIT_24X7)}};
    kit_open(&k);
    kit_event(&k, "2026-03-02T02:00:00Z", OPENED, "A", 0);
    kit_event(&k, "2026-03-02T03:00:00Z", CANCELLED, "A", -1);
    kit_event(&k, "2026-03-02T04:00:00Z", CHANGED, "A", 0);
    kit_expect(&k, "2026-03-02T05:00:00Z",
               "clock 4.2/A/fix/1 at=2026-03-02T03:00:00Z cancelled due=2026-03-02T12:00:00Z elapsed=3600 left=32400 because cancelled\n"
               "clock 4.2/A/fix/2 at=2026-03-02T05:00:00Z running due=2026-03-02T14:00:00Z elapsed=3600 left=32400\n");
}

/* The values shown are those that chose the target in force: not those that came after the breach, not those that a clock which
 * is never lengthened refused, and a verdict that is withdrawn keeps its own (R3). The groups of measures are the same (M1). */
static void values_that_chose(void **state)
{
    (void)state;
    struct kit k = {.by = true, .share = true, .policy = CHANGE_NEVER_LENGTHEN, .target = {OPEN_TARGET(1, KIT_24X7), OPEN_TARGET(4, KIT_24X7), OPEN_TARGET(4, KIT_24X7)}};
    kit_open(&k);
    kit_event(&k, "2026-03-02T09:00:00Z", OPENED, "A", 0);
    kit_event(&k, "2026-03-02T09:00:00Z", OPENED, "B", 0);
    kit_event(&k, "2026-03-02T09:00:00Z", OPENED, "C", 1);
    kit_event(&k, "2026-03-02T09:10:00Z", CHANGED, "B", 1);
    kit_event(&k, "2026-03-02T09:10:00Z", CHANGED, "C", 2);
    kit_event(&k, "2026-03-02T09:30:00Z", RESOLVED, "B", -1);
    kit_event(&k, "2026-03-02T11:00:00Z", CHANGED, "A", 2);
    kit_event(&k, "2026-03-02T12:00:00Z", RESOLVED, "A", -1);
    kit_event(&k, "2026-03-02T12:00:00Z", CHANGED, "B", 2);
    kit_event(&k, "2026-03-02T12:30:00Z", REOPENED, "B", -1);
    kit_event(&k, "2026-03-02T12:40:00Z", CHANGED, "C", 3);
    kit_expect(&k, "2026-03-02T12:45:00Z",
               "clock 4.2/B/fix/1 at=2026-03-02T09:30:00Z met due=2026-03-02T10:00:00Z elapsed=1800 left=1800 by P1\n"
               "breach 4.2/A/fix/1/breach at=2026-03-02T10:00:00Z due=2026-03-02T10:00:00Z by P1\n"
               "clock 4.2/A/fix/1 at=2026-03-02T12:00:00Z breached due=2026-03-02T10:00:00Z breached=2026-03-02T10:00:00Z elapsed=10800 over=7200 by P1\n"
               "correction 4.2/B/fix/1/withdrawn at=2026-03-02T12:30:00Z because reopened by P1 withdraws 4.2/B/fix/1\n"
               "clock 4.2/C/fix/1 at=2026-03-02T12:40:00Z cancelled due=2026-03-02T13:00:00Z elapsed=13200 left=1200 because no target applies any more by P3\n"
               "clock 4.2/B/fix/1.2 at=2026-03-02T12:45:00Z running due=2026-03-02T13:00:00Z first=2026-03-02T10:00:00Z elapsed=2700 left=900 by P1 withdraws 4.2/B/fix/1\n"
               "measure 4.2/attainment/2026-03/P1 0/1 running=1 paused=0 open\n"
               "measure 4.2/attainment/2026-03/P3 no data 0/0 cancelled=1 excused=0 open\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(same_target_changes_nothing), cmocka_unit_test(changed_while_ended), cmocka_unit_test(reopened_without_target),
        cmocka_unit_test(first_due_outlasts_its_instant), cmocka_unit_test(behind_the_breach), cmocka_unit_test(judged_at_the_stop),
        cmocka_unit_test(stopped_while_paused), cmocka_unit_test(after_the_events_of_its_instant), cmocka_unit_test(restart_after_any_end),
        cmocka_unit_test(nothing_is_reached_when_it_counts), cmocka_unit_test(pause_and_closing_are_one), cmocka_unit_test(late_and_ended_at_once),
        cmocka_unit_test(values_that_chose),
    };
    return cmocka_run_group_tests_name("engine: clocks at the edges", tests, NULL, NULL);
}
