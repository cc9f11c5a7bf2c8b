/* SPDX-License-Identifier: MIT */
/* Dates by rule. A rule is read for the years around the one asked, because offsets and observation can move a date over
 * new year; what lands elsewhere is dropped. */
#include "base/daterule.h"
#include "base/civil.h"

/* Western easter (Meeus, Jones, Butcher). */
static date easter(int year)
{
    int a = year % 19, b = year / 100, c = year % 100;
    int h = (19 * a + b - b / 4 - (b - (b + 8) / 25 + 1) / 3 + 15) % 30;
    int l = (32 + 2 * (b % 4) + 2 * (c / 4) - h - c % 4) % 7;
    int m = (a + 11 * h + 22 * l) / 451;
    int n = h + l - 7 * m + 114;
    return civil_date(year, n / 31, n % 31 + 1);
}

/* Orthodox easter: reckoned in the Julian calendar (Meeus), given as a Gregorian date. */
static date orthodox_easter(int year)
{
    int d = (19 * (year % 19) + 15) % 30;
    int e = (2 * (year % 4) + 4 * (year % 7) - d + 34) % 7;
    int n = d + e + 114;
    int behind = year / 100 - year / 400 - 2; /* days the Julian calendar is behind, from march of a century year on */
    return civil_date(year, n / 31, n % 31 + 1) + behind;
}

static date on_or_after(date d, int weekday)
{
    return d + (weekday - civil_weekday(d) + 7) % 7;
}

static date on_or_before(date d, int weekday)
{
    return d - (civil_weekday(d) - weekday + 7) % 7;
}

struct reading {
    const struct daterule *rule;
    date first, last; /* the year asked */
    void (*emit)(void *ctx, date d, const struct daterule *rule);
    void *ctx;
};

/* The year of a rule is that of its date before observation; a range's dates each have their own. */
static bool holds_in(const struct daterule *rule, int year)
{
    if ((rule->from_year && year < rule->from_year) || (rule->to_year && year > rule->to_year))
        return false;
    for (int i = 0; i < rule->n_unless; i++)
        if (rule->unless[i] == year)
            return false;
    return true;
}

static void give(const struct reading *r, date d)
{
    if (d >= r->first && d <= r->last)
        r->emit(r->ctx, d, r->rule);
}

/* A nominal date with its offset, then observation: every matching line adds a date, one with `instead` drops the first. */
static void observe(const struct reading *r, date d)
{
    int weekday = civil_weekday(d += r->rule->offset);
    bool keep = true;
    for (int i = 0; i < r->rule->n_observed; i++) {
        const struct observed *o = &r->rule->observed[i];
        if (o->from != weekday)
            continue;
        date to = o->back ? on_or_before(d - 1, o->to) : on_or_after(d + 1, o->to);
        if (o->instead)
            keep = false;
        give(r, to);
    }
    if (keep)
        give(r, d);
}

/* Nominal dates from..to, both in, that can reach the year asked. */
static void span(const struct reading *r, date from, date to, int year)
{
    date low = r->first - r->rule->offset - 7, high = r->last - r->rule->offset + 7;
    if (from < low)
        from = low;
    if (to > high)
        to = high;
    for (date d = from; d <= to; d++)
        if (holds_in(r->rule, year ? year : civil_ymd(d).year))
            observe(r, d);
}

static void nominal(const struct reading *r, int year)
{
    const struct daterule *rule = r->rule;
    int month = rule->month, day = rule->day;
    switch ((enum daterule_kind)rule->kind) {
    case DR_FIXED:
        if (civil_valid(year, month, day))
            observe(r, civil_date(year, month, day));
        break;
    case DR_NTH: {
        int days = civil_days_in_month(year, month);
        if (rule->nth < 0) {
            date d = on_or_before(civil_date(year, month, days), rule->weekday) + 7 * (rule->nth + 1);
            if (d >= civil_date(year, month, 1))
                observe(r, d);
        } else {
            date d = on_or_after(civil_date(year, month, 1), rule->weekday) + 7 * (rule->nth > 0 ? rule->nth - 1 : 0);
            if (d <= civil_date(year, month, days))
                observe(r, d);
        }
        break;
    }
    case DR_ON_OR_AFTER:
        observe(r, on_or_after(civil_date(year, month, day), rule->weekday) + 7 * (rule->nth > 0 ? rule->nth - 1 : 0));
        break;
    case DR_BEFORE:
        observe(r, on_or_before(civil_date(year, month, day) - 1, rule->weekday));
        break;
    case DR_EASTER:
        observe(r, easter(year));
        break;
    case DR_ORTHODOX:
        observe(r, orthodox_easter(year));
        break;
    case DR_YEARLY: {
        bool wraps = rule->month2 < month || (rule->month2 == month && rule->day2 < day);
        int year2 = year + wraps, days = civil_days_in_month(year2, rule->month2);
        span(r, civil_date(year, month, day), civil_date(year2, rule->month2, rule->day2 < days ? rule->day2 : days), year);
        break;
    }
    case DR_DATE:
    case DR_RANGE:
    case DR_KIND_COUNT:
        break;
    }
}

void daterule_year(const struct daterule *rule, int year, void (*emit)(void *ctx, date d, const struct daterule *rule), void *ctx)
{
    struct reading r = { rule, civil_date(year, 1, 1), civil_date(year, 12, 31), emit, ctx };
    if (rule->kind == DR_DATE || rule->kind == DR_RANGE) {
        span(&r, rule->first, rule->kind == DR_DATE ? rule->first : rule->last, 0);
        return;
    }
    int from = civil_ymd(r.first - rule->offset - 7).year, to = civil_ymd(r.last - rule->offset + 7).year;
    if (rule->kind == DR_YEARLY)
        from--; /* one that began the year before */
    for (int y = from; y <= to; y++)
        if (holds_in(rule, y))
            nominal(&r, y);
}
