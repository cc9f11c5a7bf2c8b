/* SPDX-License-Identifier: MIT */
#include "runtime/period.h"
#include <stdio.h>

static int64_t floor_to(int64_t a, int64_t n)
{
    int64_t r = a % n;
    return a - (r < 0 ? r + n : r);
}

instant period_day_start(const struct zone *z, date d)
{
    instant earlier, later, jump;
    switch (zone_instant(z, (int64_t)d * DAY_US, &earlier, &later, &jump)) {
    case WALL_SKIPPED: return jump;
    case WALL_UNIQUE:
    case WALL_REPEATED: break;
    }
    return earlier;
}

static int64_t month_number(date d)
{
    struct ymd x = civil_ymd(d);
    return (int64_t)x.year * 12 + x.month - 1;
}

static date month_start(int64_t number)
{
    int64_t year = floor_to(number, 12) / 12;
    return civil_date((int)year, (int)(number - year * 12) + 1, 1);
}

/* First days of the period that holds d and of the next: n months counted from month `base`. */
static void months(date d, int64_t n, int64_t base, date *from, date *to)
{
    int64_t first = base + floor_to(month_number(d) - base, n);
    *from = month_start(first);
    *to = month_start(first + n);
}

/* n contract months counted from the anchor: the k-th begins k months after it, on its last day where the month is short. */
static void contract_months(date d, int64_t n, date anchor, date *from, date *to)
{
    int64_t k = floor_to(month_number(d) - month_number(anchor), n);
    while (civil_add_months(anchor, (int)k) > d) { k -= n; }
    while (civil_add_months(anchor, (int)(k + n)) <= d) { k += n; }
    *from = civil_add_months(anchor, (int)k);
    *to = civil_add_months(anchor, (int)(k + n));
}

struct period period_at(const struct period_rule *r, instant t)
{
    int64_t of_day;
    date d = civil_split(zone_wall(r->zone, t), &of_day), from = d, to = d + 1;
    bool early = r->begins && d < r->anchor, over = r->ends && d > r->last;
    if (r->kind == PERIOD_ALL) {
        return (struct period){
            early ? NONE : over ? period_day_start(r->zone, r->last + 1) : r->begins ? period_day_start(r->zone, r->anchor) : NONE,
            early ? period_day_start(r->zone, r->anchor) : !over && r->ends ? period_day_start(r->zone, r->last + 1) : NEVER,
            .first = r->anchor, .last = r->last, .early = early, .outside = early || over};
    }
    switch (r->kind) {
    case PERIOD_DAY:
        from = (date)floor_to(d, r->n);
        to = from + r->n;
        break;
    case PERIOD_WEEK: /* from monday; day 0 was a thursday */
        from = (date)(floor_to((int64_t)d + 3, 7 * (int64_t)r->n) - 3);
        to = from + 7 * r->n;
        break;
    case PERIOD_MONTH: months(d, r->n, 0, &from, &to); break;
    case PERIOD_QUARTER: months(d, 3 * (int64_t)r->n, 0, &from, &to); break;
    case PERIOD_YEAR: months(d, 12 * (int64_t)r->n, 0, &from, &to); break;
    case PERIOD_CONTRACT_MONTH: contract_months(d, r->n, r->anchor, &from, &to); break;
    case PERIOD_CONTRACT_YEAR: contract_months(d, 12 * (int64_t)r->n, r->anchor, &from, &to); break;
    case PERIOD_ALL: break;
    }
    struct period p = {.first = from, .last = to - 1, .begun = from, .early = early, .outside = early || over};
    if (early && p.last >= r->anchor) { p.last = r->anchor - 1; }
    if (r->begins && !early && p.first < r->anchor) { p.first = r->anchor; }
    if (over && p.first <= r->last) { p.first = r->last + 1; }
    if (r->ends && !over && p.last > r->last) { p.last = r->last; }
    p.cut = p.first != from || p.last != to - 1;
    p.from = period_day_start(r->zone, p.first);
    p.to = period_day_start(r->zone, p.last + 1);
    return p;
}

/* ISO 8601: the year and week of the thursday. */
static int week_name(date monday, char *out)
{
    struct ymd thursday = civil_ymd(monday + 3);
    int week = (monday + 3 - civil_date(thursday.year, 1, 1)) / 7 + 1;
    return snprintf(out, PERIOD_NAME_MAX, "%04d-W%02d", (int)thursday.year, week);
}

int period_name(const struct period_rule *r, const struct period *p, char out[PERIOD_NAME_MAX])
{
    struct ymd a = civil_ymd(p->first), z = civil_ymd(p->last);
    if (r->kind == PERIOD_ALL) {
        if (!p->outside) { return snprintf(out, PERIOD_NAME_MAX, "all"); }
        if (!p->early) { a = z; }
        return snprintf(out, PERIOD_NAME_MAX, "%s %04d-%02d-%02d", p->early ? "before" : "after", (int)a.year, (int)a.month, (int)a.day);
    }
    if (r->n == 1 && !(p->cut && p->outside)) {
        switch (r->kind) {
        case PERIOD_DAY: return civil_write_date(out, p->first);
        case PERIOD_WEEK: return week_name(p->begun, out);
        case PERIOD_MONTH: return snprintf(out, PERIOD_NAME_MAX, "%04d-%02d", (int)a.year, (int)a.month);
        case PERIOD_QUARTER: return snprintf(out, PERIOD_NAME_MAX, "%04d-Q%d", (int)a.year, (int)(a.month + 2) / 3);
        case PERIOD_YEAR: return snprintf(out, PERIOD_NAME_MAX, "%04d", (int)a.year);
        case PERIOD_CONTRACT_MONTH:
        case PERIOD_CONTRACT_YEAR:
        case PERIOD_ALL: break;
        }
    }
    return snprintf(out, PERIOD_NAME_MAX, "%04d-%02d-%02d to %04d-%02d-%02d", (int)a.year, (int)a.month, (int)a.day, (int)z.year, (int)z.month,
                    (int)z.day);
}
