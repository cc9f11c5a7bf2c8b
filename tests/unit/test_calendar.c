/* SPDX-License-Identifier: MIT */
#include "base/calendar.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define H(h) ((int32_t)((h) * 3600))
enum { MON_FRI = 0x1f, ALL = 0x7f, WEEKEND = 0x60 };

static instant at(const char *text)
{
    instant t = civil_read_instant(text, strlen(text), NULL);
    if (t == NONE)
        fail_msg("unreadable: %s", text);
    return t;
}

/* A wall reading such as "2026-03-06 17:00" in a zone. */
static instant local(const struct zone *z, const char *text)
{
    char full[40];
    instant earlier, later, jump;
    snprintf(full, sizeof full, "%sZ", text);
    return zone_instant(z, at(full), &earlier, &later, &jump) == WALL_SKIPPED ? jump : earlier;
}

static const char *show(const struct zone *z, instant t)
{
    static char out[4][CIVIL_TEXT_MAX + 1];
    static int turn;
    char *o = out[turn++ & 3];
    o[civil_write_instant(o, t, t == NONE || t == NEVER ? 0 : zone_offset(z, t, NULL, NULL), false)] = '\0';
    return o;
}

#define SAME(got, want) do { instant g_ = (got), w_ = (want); \
    if (g_ != w_) fail_msg("line %d: got %s, want %s", __LINE__, show(calendar_zone(c), g_), show(calendar_zone(c), w_)); } while (0)
/* A result written as a local reading of the calendar's zone. */
#define LOCAL(got, text) SAME(got, local(calendar_zone(c), text))

/* ---- a small generator ---- */

static uint64_t seed;

static uint32_t pick(uint32_t below)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return below ? (uint32_t)((seed >> 16) % below) : 0;
}

static const char *const zones[] = { "America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "Pacific/Apia", "America/Sao_Paulo",
    "Asia/Tehran", "Asia/Kathmandu", "UTC" };

#define MAX_RULES 12
struct random_calendar {
    struct calendar_def def;
    struct calrule rules[MAX_RULES];
    struct hours hours[MAX_RULES][3];
    struct daterule dates[MAX_RULES][3];
};

static void random_rule(struct random_calendar *r, enum calrule_kind kind, int weekdays, date around, int grain)
{
    int i = r->def.n_rules++;
    struct calrule *rule = &r->rules[i];
    *rule = (struct calrule){ .kind = (uint8_t)kind, .weekdays = (uint8_t)weekdays, .hours = r->hours[i], .dates = r->dates[i] };
    rule->n_hours = (uint16_t)(kind == CR_CLOSED ? pick(3) / 2 : kind == CR_OPEN ? pick(3) : 1 + pick(3));
    for (int k = 0; k < rule->n_hours; k++) {
        int32_t from = (int32_t)pick((uint32_t)(86400 / grain)) * grain, len = (int32_t)(1 + pick((uint32_t)(54000 / grain))) * grain;
        r->hours[i][k] = (struct hours){ from, pick(6) ? from + len : from + 86400 };
        if (kind == CR_CLOSED && pick(2))
            r->hours[i][k].to = INT32_MAX;
    }
    if (kind == CR_CLOSED)
        rule->cut_tail = pick(2);
    if (kind == CR_WEEKLY)
        return;
    rule->n_dates = (uint16_t)(1 + pick(3));
    for (int k = 0; k < rule->n_dates; k++) {
        date d = around - 4 + (date)pick(9);
        struct ymd c = civil_ymd(d);
        switch (pick(3)) {
        case 0: r->dates[i][k] = (struct daterule){ .kind = DR_FIXED, .month = (uint8_t)c.month, .day = (uint8_t)c.day }; break;
        case 1: r->dates[i][k] = (struct daterule){ .kind = DR_DATE, .first = d }; break;
        default: r->dates[i][k] = (struct daterule){ .kind = DR_RANGE, .first = d, .last = d + (date)pick(4) }; break;
        }
    }
}

static void random_calendar(struct random_calendar *r, date around, int grain, const char *zone)
{
    memset(r, 0, sizeof *r);
    r->def = (struct calendar_def){ .kind = CAL_RULES, .rules = r->rules, .zone = zone };
    int days = pick(4) ? (int)(1 + pick(127)) : ALL;
    random_rule(r, CR_WEEKLY, days, around, grain);
    if (pick(2))
        random_rule(r, CR_WEEKLY, ALL & ~days, around, grain);
    static const enum calrule_kind kinds[] = { CR_CLOSED, CR_CLOSED, CR_OPEN, CR_ALSO_OPEN, CR_DURING };
    for (uint32_t n = pick(8); n > 0; n--)
        random_rule(r, kinds[pick(5)], (int)pick(128) | 1, around, grain);
}

/* ---- the same questions answered slowly, from the sentences of T2 ---- */

static date sought;
static bool hit;

static void compare(void *ctx, date d, const struct daterule *rule)
{
    (void)ctx;
    (void)rule;
    hit |= d == sought;
}

static bool named(const struct calrule *r, date d)
{
    sought = d;
    hit = false;
    for (int i = 0; i < r->n_dates; i++)
        daterule_year(&r->dates[i], civil_ymd(d).year, compare, NULL);
    return hit;
}

static bool within(const struct calrule *r, int64_t s)
{
    for (int i = 0; i < r->n_hours; i++)
        if (s >= r->hours[i].from && s < r->hours[i].to)
            return true;
    return false;
}

/* Is second s (counted from the midnight of d, may pass 86400) open by the intervals that start on d? */
static bool open_on(const struct calendar_def *def, date d, int64_t s)
{
    bool replaced = false, reopened = false, open = false, closed = false, also = false;
    int day = 1 << civil_weekday(d), group = -1;
    for (int i = 0; i < def->n_rules; i++) {
        const struct calrule *r = &def->rules[i];
        bool on = r->kind != CR_WEEKLY && named(r, d);
        if (r->kind == CR_OPEN && on) {
            reopened = true;
            replaced |= r->n_hours > 0;
        }
        if (r->kind == CR_DURING && on && group < 0)
            group = r->group;
        if (r->kind == CR_CLOSED && on)
            closed |= r->n_hours == 0 || within(r, s);
        if (r->kind == CR_ALSO_OPEN && on && (r->weekdays & day))
            also |= within(r, s);
    }
    for (int i = 0; i < def->n_rules; i++) {
        const struct calrule *r = &def->rules[i];
        if (replaced ? r->kind == CR_OPEN && named(r, d)
                     : (r->weekdays & day) && (group < 0 ? r->kind == CR_WEEKLY : r->kind == CR_DURING && r->group == group && named(r, d)))
            open |= within(r, s);
    }
    if (!replaced && !reopened && closed)
        open = false;
    return open || also;
}

static bool cut_on(const struct calendar_def *def, date d)
{
    bool cut = false;
    for (int i = 0; i < def->n_rules; i++) {
        const struct calrule *r = &def->rules[i];
        if (r->kind == CR_OPEN && named(r, d))
            return false;
        cut |= r->kind == CR_CLOSED && r->cut_tail && named(r, d);
    }
    return cut;
}

static bool open_slowly(const struct calendar_def *def, const struct zone *z, instant t)
{
    int64_t of_day;
    switch (def->kind) {
    case CAL_AND: return open_slowly(def->a, def->a->zone ? zone_load(def->a->zone) : z, t) && open_slowly(def->b, def->b->zone ? zone_load(def->b->zone) : z, t);
    case CAL_OR: return open_slowly(def->a, def->a->zone ? zone_load(def->a->zone) : z, t) || open_slowly(def->b, def->b->zone ? zone_load(def->b->zone) : z, t);
    case CAL_EXCEPT: return open_slowly(def->a, def->a->zone ? zone_load(def->a->zone) : z, t) && !open_slowly(def->b, def->b->zone ? zone_load(def->b->zone) : z, t);
    case CAL_ALWAYS: return true;
    case CAL_NEVER: return false;
    default: break;
    }
    date d = civil_split(zone_wall(z, t), &of_day);
    bool cut = false;
    for (int k = 0; k <= 2; k++) {
        if (!cut && open_on(def, d - k, of_day / USEC + k * 86400))
            return true;
        cut |= cut_on(def, d - k);
    }
    return false;
}

/* Minute by minute (all hours and offsets are whole minutes) around changes of clocks, against the table. */
static void brute_force(void **state)
{
    static const char *const spots[] = { "2026-03-08T07:00:00Z", "2026-11-01T06:00:00Z", "2026-03-29T01:00:00Z", "2026-10-25T01:00:00Z",
        "2026-04-04T15:00:00Z", "2026-10-03T15:30:00Z", "2011-12-30T10:00:00Z", "2018-11-04T03:00:00Z", "2018-02-18T02:00:00Z",
        "2021-03-21T20:30:00Z", "2021-09-21T19:30:00Z", "2026-12-31T23:00:00Z", "2026-01-01T05:00:00Z" };
    (void)state;
    seed = 20260306;
    for (int round = 0; round < 208; round++) {
        struct random_calendar r, r2;
        struct calendar_def both;
        uint64_t began = seed;
        instant spot = at(spots[(size_t)round % countof(spots)]);
        date around = civil_split(spot, NULL);
        random_calendar(&r, around, 900, zones[pick(countof(zones))]);
        random_calendar(&r2, around, 900, zones[pick(countof(zones))]);
        both = (struct calendar_def){ .kind = (uint8_t)(CAL_AND + pick(3)), .a = &r.def, .b = &r2.def };
        const struct calendar_def *def = round % 3 == 2 ? &both : &r.def;
        const struct zone *z = zone_load(def->zone ? def->zone : zones[pick(countof(zones))]);
        struct calendar *c = calendar_open(def, z);
        instant from = spot - 40 * HOUR_US - pick(600) * MINUTE_US, sum_to = 0;
        micros open = 0;
        for (int m = 0; m < 80 * 60; m++) {
            instant t = from + m * MINUTE_US;
            bool now = open_slowly(def, z, t);
            if (now != calendar_is_open(c, t))
                fail_msg("seed %llu: %s is %s", (unsigned long long)began, show(z, t), now ? "open" : "closed");
            open += now ? MINUTE_US : 0;
            if (m % 61 == 0) {
                sum_to = t + MINUTE_US;
                if (calendar_elapsed(c, from, sum_to) != open)
                    fail_msg("seed %llu: elapsed to %s is %lld, not %lld", (unsigned long long)began, show(z, sum_to),
                        (long long)calendar_elapsed(c, from, sum_to), (long long)open);
            }
        }
        struct open_interval list[200];
        size_t n = calendar_intervals(c, from, sum_to, list, countof(list));
        micros sum = 0;
        assert_in_range(n, 0, countof(list));
        for (size_t i = 0; i < n; i++) {
            assert_true(list[i].from < list[i].to && (i == 0 || list[i].from >= list[i - 1].to));
            sum += list[i].to - list[i].from;
        }
        assert_true(sum == calendar_elapsed(c, from, sum_to));
        calendar_close(c);
    }
}

/* T3's law, and the laws of `before`, over random calendars, zones and spans to the microsecond. */
static void laws(void **state)
{
    (void)state;
    for (int round = 0; round < 400; round++) {
        struct random_calendar r, r2;
        seed = 977 + (uint64_t)round * 7919;
        uint64_t began = seed;
        date around = civil_date(1995 + (int)pick(60), 1, 1) + (date)pick(365);
        if (pick(3) == 0)
            around = civil_date(2011, 12, 30);
        random_calendar(&r, around, 60, zones[pick(countof(zones))]);
        random_calendar(&r2, around, 60, zones[pick(countof(zones))]);
        struct calendar_def both = { .kind = (uint8_t)(CAL_AND + pick(3)), .a = &r.def, .b = &r2.def };
        const struct calendar_def *def = round % 4 == 3 ? &both : &r.def;
        struct calendar *c = calendar_open(def, zone_load(zones[pick(countof(zones))]));
        if (calendar_is_never(c)) {
            assert_true(calendar_due(c, 0, 1) == NEVER);
            calendar_close(c);
            continue;
        }
        for (int k = 0; k < 60; k++) {
            instant a = (int64_t)around * DAY_US + ((int64_t)pick(20 * 86400) - 10 * 86400) * USEC + pick(1000000);
            micros d = 1 + (micros)pick(1u << (4 + pick(27))) * (pick(2) ? USEC : 997);
            instant due = calendar_due(c, a, d), first = calendar_due(c, a, 0);
            if (due == NEVER)
                continue; /* an algebra of two weeks that never meet again */
            if (calendar_elapsed(c, a, due) != d || calendar_elapsed(c, a, due - 1) != d - 1)
                fail_msg("seed %llu: elapsed(%s, %s) is %lld, not %lld", (unsigned long long)began, show(calendar_zone(c), a), show(calendar_zone(c), due),
                    (long long)calendar_elapsed(c, a, due), (long long)d);
            assert_true(first >= a && calendar_is_open(c, first) && calendar_elapsed(c, a, first) == 0);
            SAME(calendar_due(c, a, 1), first + 1);
            instant b = calendar_before(c, due, d);
            if (b != NONE) { /* the earliest: a microsecond sooner, more has elapsed */
                assert_true(b <= a || calendar_elapsed(c, a, b) == 0);
                assert_true(calendar_elapsed(c, b, due) == d);
                assert_true(b < at("1701-01-01T00:00:00Z") || calendar_elapsed(c, b - 1, due) == d + 1 || calendar_elapsed(c, at("1700-01-01T00:00:00Z"), b) == 0);
            }
            instant mid = a + pick(5000000) * USEC; /* additive */
            assert_true(calendar_elapsed(c, a, mid) + calendar_elapsed(c, mid, mid + 77 * HOUR_US) == calendar_elapsed(c, a, mid + 77 * HOUR_US));
        }
        /* The order of questions does not matter: a fresh calendar asked far away first gives the same. */
        struct calendar *fresh = calendar_open(def, calendar_zone(c));
        instant a = (int64_t)around * DAY_US, far = a + ((int64_t)pick(60) - 30) * 366 * DAY_US;
        (void)calendar_is_open(fresh, far);
        assert_true(calendar_elapsed(fresh, a, a + 90 * DAY_US) == calendar_elapsed(c, a, a + 90 * DAY_US));
        assert_true(calendar_elapsed(fresh, far, a) == calendar_elapsed(c, far, a));
        calendar_close(fresh);
        calendar_close(c);
    }
}

/* ---- examples ---- */

static const struct hours nine_five[] = { { H(9), H(17) } }, split_day[] = { { H(9), H(12) }, { H(13), H(17) } }, night[] = { { H(22), H(30) } };
static const struct daterule christmas[] = { { .kind = DR_FIXED, .month = 12, .day = 25 } }, march4[] = { { .kind = DR_DATE, .first = 20516 } }; /* 2026-03-04, wednesday */

#define OPEN(name_, zone_, ...) \
    static const struct calrule name_##_rules[] = { __VA_ARGS__ }; \
    static const struct calendar_def name_ = { .kind = CAL_RULES, .zone = zone_, .n_rules = countof(name_##_rules), .rules = name_##_rules }
#define WEEKLY(days_, h_) { .kind = CR_WEEKLY, .weekdays = days_, .n_hours = countof(h_), .hours = h_ }
#define ON(kind_, dates_) { .kind = kind_, .weekdays = ALL, .n_dates = countof(dates_), .dates = dates_ }
#define ON_HOURS(kind_, dates_, h_) { .kind = kind_, .weekdays = ALL, .n_dates = countof(dates_), .dates = dates_, .n_hours = countof(h_), .hours = h_ }

OPEN(office, "America/New_York", WEEKLY(MON_FRI, nine_five), ON(CR_CLOSED, christmas));
OPEN(lunch, "Europe/Berlin", WEEKLY(MON_FRI, split_day));
OPEN(nights, "America/New_York", WEEKLY(MON_FRI, night), ON(CR_CLOSED, march4));
static const struct calendar_def always = { .kind = CAL_ALWAYS, .zone = "America/New_York" }, never = { .kind = CAL_NEVER };

static void targets(void **state)
{
    (void)state;
    struct calendar *c = calendar_open(&office, NULL);
    instant friday = local(calendar_zone(c), "2026-03-06T16:30:00");
    /* New York changes its clocks on sunday 8 march 2026. */
    LOCAL(calendar_due(c, friday, HOUR_US), "2026-03-09T09:30:00");
    LOCAL(calendar_due(c, friday, 30 * MINUTE_US), "2026-03-06T17:00:00"); /* used up at closing: due at closing */
    LOCAL(calendar_due(c, friday, 0), "2026-03-06T16:30:00");
    LOCAL(calendar_due(c, local(calendar_zone(c), "2026-03-06T17:00:00"), 0), "2026-03-09T09:00:00");
    SAME(calendar_due(c, at("2026-12-25T15:00:00Z"), HOUR_US), at("2026-12-28T15:00:00Z"));
    LOCAL(calendar_before(c, local(calendar_zone(c), "2026-03-09T09:30:00"), HOUR_US), "2026-03-06T16:30:00");
    LOCAL(calendar_before(c, local(calendar_zone(c), "2026-03-09T17:00:00"), 8 * HOUR_US), "2026-03-06T17:00:00"); /* the earliest */
    assert_true(calendar_elapsed(c, friday, friday - 1) == 0);
    /* Outside all years. */
    SAME(calendar_due(c, NEVER, 1), NEVER);
    SAME(calendar_due(c, NONE, 1), NONE);
    SAME(calendar_due(c, friday, NEVER - 1), NEVER);
    SAME(calendar_before(c, friday, NEVER - 1), NONE);
    assert_true(calendar_elapsed(c, NONE + 1, NEVER) > 0);
    assert_true(calendar_elapsed(c, at("2600-01-01T00:00:00Z"), NEVER) == 0);
    calendar_close(c);

    c = calendar_open(&always, NULL); /* local days of 23 and 25 hours */
    assert_true(calendar_elapsed(c, local(calendar_zone(c), "2026-03-08T00:00:00"), local(calendar_zone(c), "2026-03-09T00:00:00")) == 23 * HOUR_US);
    assert_true(calendar_elapsed(c, local(calendar_zone(c), "2026-11-01T00:00:00"), local(calendar_zone(c), "2026-11-02T00:00:00")) == 25 * HOUR_US);
    SAME(calendar_due(c, friday, 1000 * HOUR_US), friday + 1000 * HOUR_US);
    calendar_close(c);

    c = calendar_open(&never, NULL);
    SAME(calendar_due(c, friday, 0), NEVER);
    SAME(calendar_due(c, friday, 1), NEVER);
    SAME(calendar_before(c, friday, 1), NONE);
    SAME(calendar_business_days(c, friday, 1, DAY_END, 0, -1), NEVER);
    assert_int_equal(calendar_next_business_date(c, 20000, 1), INT32_MAX);
    assert_int_equal(calendar_next_business_date(c, 20000, -1), INT32_MIN);
    assert_true(calendar_is_never(c));
    calendar_close(c);
}

/* Open on dates of 2026 only: it closes for good, and it had a beginning. */
static void for_good(void **state)
{
    static const struct daterule days[] = { { .kind = DR_RANGE, .first = 20515, .last = 20516 } };
    static const struct calrule rules[] = { ON_HOURS(CR_OPEN, days, nine_five) };
    static const struct calendar_def def = { .kind = CAL_RULES, .n_rules = 1, .rules = rules };
    struct calendar *c = calendar_open(&def, zone_load("UTC"));
    (void)state;
    assert_false(calendar_is_never(c));
    SAME(calendar_due(c, at("2026-01-01T00:00:00Z"), 16 * HOUR_US), at("2026-03-04T17:00:00Z"));
    SAME(calendar_due(c, at("2026-01-01T00:00:00Z"), 16 * HOUR_US + 1), NEVER);
    SAME(calendar_due(c, at("2026-03-04T17:00:00Z"), 0), NEVER);
    SAME(calendar_due(c, at("1990-01-01T00:00:00Z"), 0), at("2026-03-03T09:00:00Z"));
    SAME(calendar_before(c, at("2026-03-04T12:00:00Z"), 11 * HOUR_US), at("2026-03-03T09:00:00Z"));
    SAME(calendar_before(c, at("2026-03-04T12:00:00Z"), 11 * HOUR_US + 1), NONE);
    assert_int_equal(calendar_next_business_date(c, 20516, 1), INT32_MAX);
    calendar_close(c);
}

static void nights_and_closures(void **state)
{
    struct calendar *c = calendar_open(&nights, NULL);
    const struct zone *z = calendar_zone(c);
    (void)state;
    /* Closed on wednesday 4 march: tuesday's tail runs on, wednesday's night does not start. */
    assert_true(calendar_is_open(c, local(z, "2026-03-04T05:59:59")));
    assert_false(calendar_is_open(c, local(z, "2026-03-04T06:00:00")));
    assert_false(calendar_is_open(c, local(z, "2026-03-04T23:00:00")));
    assert_false(calendar_is_open(c, local(z, "2026-03-05T01:00:00")));
    /* From 01:00 on thursday 12 march (the night of wednesday, day zero): 25:00 of day N. */
    LOCAL(calendar_business_days(c, local(z, "2026-03-12T01:00:00"), 1, DAY_SAME_TIME, 0, -1), "2026-03-13T01:00:00");
    LOCAL(calendar_business_days(c, local(z, "2026-03-12T01:00:00"), 1, DAY_END, 0, -1), "2026-03-13T06:00:00");
    /* Friday's night, day one monday. */
    LOCAL(calendar_business_days(c, local(z, "2026-03-14T01:00:00"), 1, DAY_SAME_TIME, 0, -1), "2026-03-17T01:00:00");
    calendar_close(c);

    static const struct calrule cut_rules[] = { WEEKLY(MON_FRI, night), { .kind = CR_CLOSED, .cut_tail = true, .n_dates = 1, .dates = march4 } };
    static const struct calendar_def cut = { .kind = CAL_RULES, .zone = "America/New_York", .n_rules = 2, .rules = cut_rules };
    c = calendar_open(&cut, NULL);
    assert_true(calendar_is_open(c, local(z, "2026-03-03T23:59:59")));
    assert_false(calendar_is_open(c, local(z, "2026-03-04T00:00:00")));
    calendar_close(c);

    static const struct hours from_noon[] = { { H(12), INT32_MAX } }, morning[] = { { H(10), H(11) } };
    static const struct calrule part_rules[] = { WEEKLY(MON_FRI, nine_five), ON_HOURS(CR_CLOSED, march4, from_noon), ON_HOURS(CR_ALSO_OPEN, march4, night) };
    static const struct calendar_def part = { .kind = CAL_RULES, .zone = "America/New_York", .n_rules = 3, .rules = part_rules };
    c = calendar_open(&part, NULL);
    assert_true(calendar_elapsed(c, local(z, "2026-03-04T00:00:00"), local(z, "2026-03-05T00:00:00")) == 5 * HOUR_US);
    const struct daterule *by = NULL;
    assert_ptr_equal(calendar_why(c, 20516, &by), &part_rules[1]);
    assert_ptr_equal(by, march4);
    assert_null(calendar_why(c, 20517, &by));
    calendar_close(c);

    /* open > closed > during > weekly */
    static const struct calrule rank_rules[] = { WEEKLY(MON_FRI, nine_five), ON_HOURS(CR_DURING, march4, split_day), ON(CR_CLOSED, march4), ON(CR_OPEN, march4), ON_HOURS(CR_OPEN, march4, morning) };
    static const micros want[] = { 8 * HOUR_US, 7 * HOUR_US, 0, 7 * HOUR_US, HOUR_US };
    for (uint16_t n = 1; n <= countof(rank_rules); n++) {
        struct calendar_def def = { .kind = CAL_RULES, .zone = "America/New_York", .n_rules = n, .rules = rank_rules };
        c = calendar_open(&def, NULL);
        assert_true(calendar_elapsed(c, local(z, "2026-03-04T00:00:00"), local(z, "2026-03-05T00:00:00")) == want[n - 1]);
        assert_ptr_equal(calendar_why(c, 20516, NULL), n == 1 ? NULL : &rank_rules[n - 1]);
        calendar_close(c);
    }
}

static void business_days(void **state)
{
    struct calendar *c = calendar_open(&office, NULL);
    const struct zone *z = calendar_zone(c);
    (void)state;
    instant thursday = local(z, "2026-03-05T14:30:00"), saturday = local(z, "2026-03-07T11:00:00"), closing = local(z, "2026-03-05T17:00:00");
    LOCAL(calendar_business_days(c, thursday, 1, DAY_SAME_TIME, 0, -1), "2026-03-06T14:30:00");
    LOCAL(calendar_business_days(c, thursday, 2, DAY_SAME_TIME, 0, -1), "2026-03-09T14:30:00");
    LOCAL(calendar_business_days(c, thursday, 0, DAY_END, 0, -1), "2026-03-05T17:00:00");
    LOCAL(calendar_business_days(c, thursday, 3, DAY_END, 0, -1), "2026-03-10T17:00:00");
    LOCAL(calendar_business_days(c, thursday, 2, DAY_BY, H(20), -1), "2026-03-09T20:00:00");
    LOCAL(calendar_business_days(c, saturday, 1, DAY_END, 0, -1), "2026-03-09T17:00:00"); /* the next open date is day one */
    LOCAL(calendar_business_days(c, saturday, 3, DAY_END, 0, -1), "2026-03-11T17:00:00");
    LOCAL(calendar_business_days(c, saturday, 1, DAY_SAME_TIME, 0, -1), "2026-03-10T09:00:00"); /* monday's opening, one open date later */
    LOCAL(calendar_business_days(c, saturday, 1, DAY_BY, H(16), -1), "2026-03-09T16:00:00");
    LOCAL(calendar_business_days(c, closing, 1, DAY_END, 0, -1), "2026-03-06T17:00:00"); /* closed at closing: friday is day one */
    LOCAL(calendar_business_days(c, closing, 1, DAY_SAME_TIME, 0, -1), "2026-03-09T09:00:00");
    LOCAL(calendar_business_days(c, local(z, "2026-12-24T10:00:00"), 1, DAY_SAME_TIME, 0, -1), "2026-12-28T10:00:00");
    /* The cut-off of needs-money 1.1. */
    LOCAL(calendar_business_days(c, thursday, 3, DAY_END, 0, H(14)), "2026-03-11T17:00:00");
    LOCAL(calendar_business_days(c, local(z, "2026-03-05T14:00:00"), 3, DAY_END, 0, H(14)), "2026-03-10T17:00:00");
    LOCAL(calendar_business_days(c, local(z, "2026-03-05T14:00:00") + 1, 3, DAY_END, 0, H(14)), "2026-03-11T17:00:00");
    LOCAL(calendar_business_days(c, saturday, 3, DAY_END, 0, H(14)), "2026-03-12T17:00:00");
    LOCAL(calendar_business_days(c, local(z, "2026-03-05T07:00:00"), 1, DAY_END, 0, H(14)), "2026-03-06T17:00:00");
    /* Steps in days (E1). */
    LOCAL(calendar_shift_days(c, closing, -1), "2026-03-04T17:00:00");
    LOCAL(calendar_shift_days(c, closing, 4), "2026-03-11T17:00:00");
    LOCAL(calendar_shift_days(c, local(z, "2026-03-09T20:00:00"), -1), "2026-03-06T17:00:00");
    LOCAL(calendar_shift_days(c, local(z, "2026-03-09T10:00:00"), -2), "2026-03-05T10:00:00");
    LOCAL(calendar_shift_days(c, saturday, -1), "2026-03-06T11:00:00");
    LOCAL(calendar_shift_days(c, saturday, 1), "2026-03-09T11:00:00");
    assert_int_equal(calendar_next_business_date(c, civil_date(2026, 3, 6), 1), civil_date(2026, 3, 9));
    assert_int_equal(calendar_next_business_date(c, civil_date(2026, 3, 7), 0), civil_date(2026, 3, 9));
    assert_int_equal(calendar_next_business_date(c, civil_date(2026, 3, 9), -1), civil_date(2026, 3, 6));
    assert_int_equal(calendar_next_business_date(c, civil_date(2026, 3, 7), -2), civil_date(2026, 3, 5));
    calendar_close(c);

    c = calendar_open(&lunch, NULL);
    z = calendar_zone(c);
    /* In the gap of a date the start counts as at its end; so later starts never have earlier dues. */
    LOCAL(calendar_business_days(c, local(z, "2026-03-05T12:30:00"), 1, DAY_SAME_TIME, 0, -1), "2026-03-06T13:00:00");
    LOCAL(calendar_business_days(c, local(z, "2026-03-05T12:30:00"), 1, DAY_END, 0, -1), "2026-03-06T17:00:00");
    LOCAL(calendar_business_days(c, local(z, "2026-03-05T11:59:00"), 1, DAY_END, 0, -1), "2026-03-06T17:00:00");
    LOCAL(calendar_shift_days(c, local(z, "2026-03-05T12:00:00"), 1), "2026-03-06T12:00:00");
    calendar_close(c);

    /* Noon is open on fridays; on monday it is the first instant of the gap, so the next opening. A step keeps it. */
    static const struct calrule friday_rules[] = { WEEKLY(0x0f, split_day), WEEKLY(0x10, nine_five) };
    static const struct calendar_def fridays = { .kind = CAL_RULES, .zone = "Europe/Berlin", .n_rules = 2, .rules = friday_rules };
    c = calendar_open(&fridays, NULL);
    LOCAL(calendar_business_days(c, local(z, "2026-03-06T12:00:00"), 1, DAY_SAME_TIME, 0, -1), "2026-03-09T13:00:00");
    LOCAL(calendar_business_days(c, local(z, "2026-03-06T11:59:59"), 1, DAY_SAME_TIME, 0, -1), "2026-03-09T11:59:59");
    LOCAL(calendar_shift_days(c, local(z, "2026-03-06T12:00:00"), 1), "2026-03-09T12:00:00");
    LOCAL(calendar_shift_days(c, local(z, "2026-03-06T12:30:00"), 1), "2026-03-09T13:00:00");
    calendar_close(c);

    c = calendar_open(&always, NULL); /* cut at local midnight */
    z = calendar_zone(c);
    LOCAL(calendar_business_days(c, local(z, "2026-03-07T02:30:00"), 1, DAY_SAME_TIME, 0, -1), "2026-03-08T03:00:00"); /* skipped: the change */
    LOCAL(calendar_business_days(c, local(z, "2026-03-07T02:30:00"), 1, DAY_END, 0, -1), "2026-03-09T00:00:00");
    LOCAL(calendar_business_days(c, local(z, "2026-10-31T01:30:00"), 1, DAY_SAME_TIME, 0, -1), "2026-11-01T01:30:00"); /* the earlier */
    LOCAL(calendar_shift_days(c, local(z, "2026-03-09T00:00:00"), -1), "2026-03-08T00:00:00");
    calendar_close(c);
}

/* Monotone: a later start is never due earlier, whatever the calendar. */
static void days_in_order(void **state)
{
    (void)state;
    for (int round = 0; round < 150; round++) {
        struct random_calendar r;
        seed = 31 + (uint64_t)round * 104729;
        date around = round % 2 ? civil_date(2011, 12, 30) : civil_date(2026, 3, 8);
        random_calendar(&r, around, 900, zones[pick(countof(zones))]);
        r.def.n_rules = 1; /* one week, same hours on each of its days: nothing to clamp */
        r.rules[0].n_hours = 1;
        r.hours[0][0].to = r.hours[0][0].to > r.hours[0][0].from + 86400 ? r.hours[0][0].from + 86400 : r.hours[0][0].to;
        struct calendar *c = calendar_open(&r.def, NULL);
        instant last_end = NONE;
        for (int k = 0; k < 300; k++) {
            instant a = (int64_t)(around - 6) * DAY_US + k * (HOUR_US - 7 * USEC);
            int n = 1 + round % 3;
            instant end = calendar_business_days(c, a, n, DAY_END, 0, -1), same = calendar_business_days(c, a, n, DAY_SAME_TIME, 0, -1);
            if (end < last_end || end <= a || same <= a)
                fail_msg("seed %llu: %s gives %s and %s, before it %s", (unsigned long long)(31 + (uint64_t)round * 104729), show(calendar_zone(c), a), show(calendar_zone(c), end),
                    show(calendar_zone(c), same), show(calendar_zone(c), last_end));
            last_end = end;
        }
        calendar_close(c);
    }
}

/* Business days found by quarters of an hour (all hours, offsets and changes of clocks here are whole quarters). */
#define QUARTER (15 * MINUTE_US)
#define SLOW_DAYS 60

struct slow_day { instant open, close; };

/* Is t open by the intervals of date d? */
static bool belongs(const struct calendar_def *def, const struct zone *z, date d, instant t)
{
    int64_t s = (zone_wall(z, t) - (int64_t)d * DAY_US) / USEC;
    if (s < 0 || s >= 2 * 86400 || !open_on(def, d, s)) {
        return false;
    }
    return s < 86400 || !cut_on(def, d + 1);
}

static void slow_days(const struct calendar_def *def, const struct zone *z, date first, struct slow_day *out)
{
    for (int i = 0; i < SLOW_DAYS; i++) {
        instant noon = (int64_t)(first + i) * DAY_US + 12 * HOUR_US;
        out[i] = (struct slow_day){ NONE, NONE };
        for (instant t = noon - 40 * HOUR_US; t < noon + 64 * HOUR_US; t += QUARTER) {
            if (belongs(def, z, first + i, t)) {
                out[i].open = out[i].open == NONE ? t : out[i].open;
                out[i].close = t + QUARTER;
            }
        }
    }
}

static instant slow_due(const struct calendar_def *def, const struct zone *z, date first, const struct slow_day *days, instant a, int n,
                        enum day_mode mode)
{
    int zero = -1;
    bool opening = false;
    for (int i = 0; i < SLOW_DAYS; i++) {
        if (days[i].open != NONE && belongs(def, z, first + i, a)) {
            zero = i;
        }
    }
    instant start = a;
    for (int i = 0; i < SLOW_DAYS && start == a; i++) { /* a gap of a date: its next opening */
        int k = SLOW_DAYS - 1 - i;
        if (zero < 0 && days[k].open != NONE && a >= days[k].open && a < days[k].close) {
            for (start = a; !belongs(def, z, first + k, start);) {
                start += QUARTER - (start % QUARTER);
            }
            zero = k;
        }
    }
    if (zero < 0) {
        instant next = NEVER;
        for (int i = 0; i < SLOW_DAYS; i++) {
            if (days[i].open > a && days[i].open <= next) {
                next = days[i].open;
                zero = i;
            }
        }
        opening = true;
        n -= mode == DAY_END;
    }
    int on = zero;
    while (n > 0 && on < SLOW_DAYS - 1) {
        n -= days[++on].open != NONE;
    }
    if (zero < 0 || n > 0) {
        return NONE; /* beyond what was looked at */
    }
    if (mode == DAY_END) {
        return days[on].close;
    }
    if (opening) {
        return days[on].open;
    }
    int64_t wall = zone_wall(z, start) + (int64_t)(on - zero) * DAY_US;
    instant earlier, later, jump, t = zone_instant(z, wall, &earlier, &later, &jump) == WALL_SKIPPED ? jump : earlier;
    if (t < days[on].open) {
        return days[on].open;
    }
    if (t >= days[on].close) {
        return days[on].close;
    }
    while (!belongs(def, z, first + on, t)) {
        t += QUARTER - (t % QUARTER);
    }
    return t;
}

static void business_days_slowly(void **state)
{
    (void)state;
    for (int round = 0; round < 80; round++) {
        struct random_calendar r;
        struct slow_day days[SLOW_DAYS];
        seed = 5 + (uint64_t)round * 15485863;
        uint64_t began = seed;
        date around = round % 4 == 0   ? civil_date(2011, 12, 30)
                      : round % 4 == 1 ? civil_date(2026, 3, 8)
                      : round % 4 == 2 ? civil_date(2026, 11, 1)
                                       : civil_date(2018, 11, 4);
        random_calendar(&r, around, 900, zones[pick(countof(zones))]);
        struct calendar *c = calendar_open(&r.def, NULL);
        const struct zone *z = calendar_zone(c);
        slow_days(&r.def, z, around - 15, days);
        for (int k = 0; k < 60; k++) {
            instant a = (int64_t)(around - 5) * DAY_US + (int64_t)pick(12 * 96) * QUARTER + pick(2) * pick(900) * USEC;
            enum day_mode mode = pick(2) ? DAY_END : DAY_SAME_TIME;
            int n = 1 + (int)pick(5);
            instant want = slow_due(&r.def, z, around - 15, days, a, n, mode), got = calendar_business_days(c, a, n, mode, 0, -1);
            if (want != NONE && got != want) {
                fail_msg("seed %llu: %d days (mode %d) from %s: %s, not %s", (unsigned long long)began, n, mode, show(z, a), show(z, got),
                         show(z, want));
            }
        }
        calendar_close(c);
    }
}

static void algebra(void **state)
{
    static const struct calendar_def berlin_always = { .kind = CAL_ALWAYS }, both = { .kind = CAL_AND, .zone = "America/New_York", .a = &office, .b = &lunch };
    static const struct calendar_def outside = { .kind = CAL_EXCEPT, .a = &berlin_always, .b = &lunch }, either = { .kind = CAL_OR, .a = &office, .b = &lunch };
    struct calendar *c = calendar_open(&both, NULL);
    (void)state;
    /* New York 09:00-17:00 is Berlin 15:00-23:00: two hours shared; three when the clocks differ by five hours. */
    assert_true(calendar_elapsed(c, at("2026-03-02T00:00:00Z"), at("2026-03-03T00:00:00Z")) == 2 * HOUR_US);
    assert_true(calendar_elapsed(c, at("2026-03-10T00:00:00Z"), at("2026-03-11T00:00:00Z")) == 3 * HOUR_US);
    SAME(calendar_business_days(c, at("2026-03-02T15:00:00Z"), 1, DAY_END, 0, -1), at("2026-03-03T16:00:00Z"));
    calendar_close(c);

    c = calendar_open(&outside, zone_load("Europe/Berlin"));
    LOCAL(calendar_due(c, local(calendar_zone(c), "2026-03-02T08:00:00"), 2 * HOUR_US), "2026-03-02T13:00:00");
    struct open_interval list[4];
    instant monday = local(calendar_zone(c), "2026-03-02T00:00:00");
    assert_int_equal(calendar_intervals(c, monday, monday + DAY_US, list, 4), 3);
    assert_true(list[0].from == monday && list[0].to == monday + 9 * HOUR_US && list[0].on == civil_date(2026, 3, 2));
    assert_int_equal(calendar_intervals(c, monday, monday + 7 * DAY_US, list, 2), 17);
    calendar_close(c);

    c = calendar_open(&either, zone_load("UTC"));
    assert_true(calendar_elapsed(c, at("2026-03-02T00:00:00Z"), at("2026-03-03T00:00:00Z")) == 13 * HOUR_US);
    calendar_close(c);
}

static void conflicts(void **state)
{
    static const struct hours morning[] = { { H(9), H(12) } };
    static const struct daterule march[] = { { .kind = DR_RANGE, .first = 20514, .last = 20520 } };
    static const struct calrule week[] = { WEEKLY(MON_FRI, nine_five), WEEKLY(0x70, morning) };
    static const struct calrule during[] = { ON_HOURS(CR_DURING, march4, morning), { .kind = CR_DURING, .weekdays = ALL, .group = 1, .n_dates = 1, .dates = march } };
    static const struct calrule open[] = { ON_HOURS(CR_OPEN, march4, morning), ON_HOURS(CR_OPEN, march, morning), ON_HOURS(CR_OPEN, march4, nine_five) };
    static const struct calrule closed[] = { ON_HOURS(CR_CLOSED, march4, morning), ON_HOURS(CR_CLOSED, march, nine_five), ON(CR_CLOSED, march4) };
    const struct calrule *r1, *r2;
    date on;
    (void)state;
    struct calendar_def def = { .kind = CAL_RULES, .n_rules = 2, .rules = week }, both = { .kind = CAL_OR, .a = &always, .b = &def };
    assert_true(calendar_conflict(&def, 2026, 2030, &r1, &r2, &on));
    assert_true(r1 == &week[0] && r2 == &week[1] && civil_weekday(on) == 4);
    assert_true(calendar_conflict(&both, 2026, 2030, &r1, &r2, &on));
    def.rules = during;
    assert_true(calendar_conflict(&def, 2020, 2030, &r1, &r2, &on));
    assert_true(r1 == &during[0] && r2 == &during[1] && on == 20516);
    assert_false(calendar_conflict(&def, 2027, 2030, &r1, &r2, &on));
    def.rules = open;
    assert_false(calendar_conflict(&def, 2020, 2030, &r1, &r2, &on)); /* the same hours */
    def.n_rules = 3;
    assert_true(calendar_conflict(&def, 2020, 2030, &r1, &r2, &on));
    assert_true(r1 == &open[0] && r2 == &open[2]);
    def.rules = closed;
    assert_false(calendar_conflict(&def, 2020, 2030, &r1, &r2, &on));
    assert_false(calendar_conflict(&office, 2020, 2030, &r1, &r2, &on));
}

/* Many short intervals a day take the searching branch of the look-up. */
static void many_intervals(void **state)
{
    static struct hours minutes[720];
    for (int i = 0; i < 720; i++)
        minutes[i] = (struct hours){ i * 120, i * 120 + 60 };
    struct calrule rule = { .kind = CR_WEEKLY, .weekdays = ALL, .n_hours = 720, .hours = minutes };
    struct calendar_def def = { .kind = CAL_RULES, .n_rules = 1, .rules = &rule };
    struct calendar *c = calendar_open(&def, zone_load("UTC"));
    instant a = at("2026-06-01T00:00:00Z");
    (void)state;
    for (int m = 0; m < 3000; m++) {
        assert_true(calendar_elapsed(c, a, a + m * MINUTE_US) == (m + 1) / 2 * MINUTE_US);
        assert_true(calendar_is_open(c, a + m * MINUTE_US) == (m % 2 == 0));
    }
    SAME(calendar_due(c, a, 100 * HOUR_US), a + 200 * HOUR_US - MINUTE_US);
    calendar_close(c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(targets), cmocka_unit_test(for_good), cmocka_unit_test(nights_and_closures), cmocka_unit_test(business_days),
        cmocka_unit_test(algebra), cmocka_unit_test(conflicts), cmocka_unit_test(many_intervals), cmocka_unit_test(brute_force),
        cmocka_unit_test(laws), cmocka_unit_test(days_in_order),
        cmocka_unit_test(business_days_slowly),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    zone_unload_all();
    return failed;
}
