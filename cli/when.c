/* SPDX-License-Identifier: MIT */
#include "cli/when.h"
#include "base/checked.h"
#include <ctype.h>
#include <stdio.h>
#include <string.h>

static const char *const weekday_long[7] = {"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"};
static const char *const month_long[12] = {"January", "February", "March",     "April",   "May",      "June",
                                           "July",    "August",   "September", "October", "November", "December"};

void when_init(struct when *w, const struct zone *zone)
{
    *w = (struct when){.zone = zone};
    for (size_t i = 0; i < countof(w->stretch); i++) { w->stretch[i].from = w->stretch[i].until = NONE; }
}

static const char digit_pair[] =
    "000102030405060708091011121314151617181920212223242526272829303132333435363738394041424344454647484950515253545556575859";

static inline void two(char *out, uint32_t v)
{
    memcpy(out, digit_pair + 2 * v, 2);
}

/* The text of a day, "2026-03-06"; NULL when it has another length. */
static const char *day_text(struct when *w, date d)
{
    size_t slot = (uint32_t)d % countof(w->day);
    if (!w->day[slot].set || w->day[slot].day != d) {
        char text[CIVIL_TEXT_MAX];
        if (civil_write_date(text, d) != 10) { return NULL; }
        memcpy(w->day[slot].text, text, 10);
        w->day[slot].day = d;
        w->day[slot].set = true;
    }
    return w->day[slot].text;
}

int when_iso(struct when *w, char *out, instant t)
{
    int i = w->newest;
    if (t < w->stretch[i].from || t >= w->stretch[i].until) {
        i = !i;
        if (t < w->stretch[i].from || t >= w->stretch[i].until) {
            if (t == NONE || t == NEVER) { return civil_write_instant(out, t, 0, false); }
            w->stretch[i].offset = zone_offset(w->zone, t, &w->stretch[i].from, &w->stretch[i].until);
            char all[CIVIL_TEXT_MAX];
            int n = civil_write_instant(all, 0, w->stretch[i].offset, false);
            w->stretch[i].n = n - 19 < (int)sizeof w->stretch[i].text ? n - 19 : 0;
            memcpy(w->stretch[i].text, all + 19, (size_t)w->stretch[i].n);
        }
        w->newest = i;
    }
    int64_t wall, of_day;
    if (ckd_add(&wall, t, (int64_t)w->stretch[i].offset * USEC)) { return civil_write_instant(out, t, 0, false); }
    date d = civil_split(wall, &of_day);
    uint32_t s = (uint32_t)(of_day / USEC);
    const char *day = day_text(w, d);
    if (!day || of_day != s * USEC || !w->stretch[i].n) { return civil_write_instant(out, t, w->stretch[i].offset, false); }
    memcpy(out, day, 10);
    out[10] = 'T';
    two(out + 11, s / 3600);
    out[13] = ':';
    two(out + 14, s / 60 % 60);
    out[16] = ':';
    two(out + 17, s % 60);
    memcpy(out + 19, w->stretch[i].text, sizeof w->stretch[i].text); /* more than needed: one move */
    return 19 + w->stretch[i].n;
}

/* "never" or "none" for those two. */
static bool special(struct sb *b, instant t)
{
    if (t != NONE && t != NEVER) { return false; }
    sb_puts(b, t == NEVER ? "never" : "none");
    return true;
}

static void clock_time(struct sb *b, int64_t of_day)
{
    int s = (int)(of_day / USEC);
    sb_printf(b, "%02d:%02d", s / 3600, s / 60 % 60);
    if (s % 60 || of_day % USEC) { sb_printf(b, ":%02d", s % 60); }
    if (of_day % USEC) {
        char f[8];
        int n = snprintf(f, sizeof f, "%06d", (int)(of_day % USEC));
        while (n > 0 && f[n - 1] == '0') { n--; }
        sb_printf(b, ".%.*s", n, f);
    }
}

/* Behind a time that comes twice, when the clocks go back: which of the two. */
static void which(struct sb *b, const struct zone *z, instant t)
{
    if (zone_instant(z, zone_wall(z, t), NULL, NULL, NULL) != WALL_REPEATED) { return; }
    int32_t offset = zone_offset(z, t, NULL, NULL);
    int minutes = (offset < 0 ? -offset : offset) / 60;
    sb_printf(b, " %c%02d:%02d", offset < 0 ? '-' : '+', minutes / 60, minutes % 60);
}

void when_time(struct sb *b, const struct zone *z, instant t)
{
    int64_t of_day;
    if (special(b, t)) { return; }
    (void)civil_split(zone_wall(z, t), &of_day);
    clock_time(b, of_day);
    which(b, z, t);
}

void when_short(struct sb *b, const struct zone *z, instant t)
{
    int64_t of_day;
    char text[CIVIL_TEXT_MAX];
    if (special(b, t)) { return; }
    date d = civil_split(zone_wall(z, t), &of_day);
    const char *name = weekday_long[civil_weekday(d)];
    int n = civil_write_date(text, d);
    sb_printf(b, "%.3s %.*s ", name, n, text);
    clock_time(b, of_day);
    which(b, z, t);
}

void when_day(struct sb *b, date d)
{
    struct ymd y = civil_ymd(d);
    sb_printf(b, "%s %d %s %d", weekday_long[civil_weekday(d)], y.day, month_long[y.month - 1], y.year);
}

void when_long(struct sb *b, const struct zone *z, instant t)
{
    int64_t of_day;
    if (special(b, t)) { return; }
    when_day(b, civil_split(zone_wall(z, t), &of_day));
    sb_puts(b, ", ");
    clock_time(b, of_day);
    which(b, z, t);
}

void when_change(struct sb *b, instant t, int32_t before, int32_t after)
{
    int64_t from, to;
    date d = civil_split(t + before * USEC, &from);
    (void)civil_split(t + after * USEC, &to);
    when_day(b, d);
    sb_puts(b, ", when ");
    clock_time(b, from);
    sb_puts(b, " becomes ");
    clock_time(b, to);
}

void when_span(struct sb *b, micros d)
{
    char text[CIVIL_TEXT_MAX];
    if (d == 0) {
        sb_puts(b, "0 min");
    } else {
        sb_put(b, str_make(text, (size_t)civil_write_hms(text, d)));
    }
}

/* ---- reading ---- */

static const struct { const char *word; micros unit; } units[] = {
    {"s", USEC}, {"min", MINUTE_US}, {"h", HOUR_US},
};

const char *read_span(struct str s, micros *out)
{
    micros total = 0;
    size_t i = 0, parts = 0;
    s = str_trim(s);
    while (i < s.n) {
        int64_t whole = 0, fraction = 0, scale = 1;
        size_t from = i;
        for (; i < s.n && isdigit((unsigned char)s.p[i]); i++) {
            if (ckd_mul(&whole, whole, 10) || ckd_add(&whole, whole, s.p[i] - '0')) { return "the number is too large"; }
        }
        if (i == from) { return "a duration is a number with a unit, such as `2 h 30 min`"; }
        if (i < s.n && s.p[i] == '.') {
            size_t dot = ++i;
            for (; i < s.n && isdigit((unsigned char)s.p[i]); i++) {
                if (scale < 1000000) {
                    fraction = fraction * 10 + (s.p[i] - '0');
                    scale *= 10;
                }
            }
            if (i == dot) { return "digits are missing behind the point"; }
        }
        while (i < s.n && s.p[i] == ' ') { i++; }
        size_t word = i, u = 0;
        while (i < s.n && isalpha((unsigned char)s.p[i])) { i++; }
        struct str name = str_slice(s, word, i);
        while (u < countof(units) && !str_eq(name, str_of(units[u].word))) { u++; }
        if (u == countof(units)) { return "the units are `h`, `min` and `s`"; }
        micros part;
        if (ckd_mul(&part, whole, units[u].unit) || ckd_add(&part, part, fraction * (units[u].unit / scale)) ||
            (fraction && units[u].unit % scale && ckd_add(&part, part, fraction * (units[u].unit % scale) / scale)) || ckd_add(&total, total, part)) {
            return "the duration is too long";
        }
        parts++;
        while (i < s.n && s.p[i] == ' ') { i++; }
    }
    if (!parts) { return "a duration is missing"; }
    *out = total;
    return NULL;
}

static int digits(struct str s, size_t at, int n)
{
    int v = 0;
    for (int i = 0; i < n; i++) {
        if (at + (size_t)i >= s.n || !isdigit((unsigned char)s.p[at + (size_t)i])) { return -1; }
        v = v * 10 + (s.p[at + (size_t)i] - '0');
    }
    return v;
}

const char *read_when(struct str s, const struct zone *z, bool dates, instant *out)
{
    const char *why = NULL;
    s = str_trim(s);
    size_t zone_at = s.n > 10 ? 10 : s.n;
    while (zone_at < s.n && s.p[zone_at] != 'Z' && s.p[zone_at] != 'z' && s.p[zone_at] != '+' && s.p[zone_at] != '-') { zone_at++; }
    if (zone_at < s.n) {
        *out = civil_read_instant(s.p, s.n, &why);
        return *out == NONE ? (why ? why : "this is no instant") : NULL;
    }
    int y = digits(s, 0, 4), mo = digits(s, 5, 2), d = digits(s, 8, 2);
    if (y < 0 || mo < 0 || d < 0 || s.p[4] != '-' || s.p[7] != '-' || (s.n == 10 && !dates)) {
        return "a time is written 2026-03-06T17:50, with an offset such as -05:00 if wanted";
    }
    if (!civil_valid(y, mo, d)) { return "there is no such date"; }
    char full[CIVIL_TEXT_MAX];
    int n;
    if (s.n == 10) {
        n = snprintf(full, sizeof full, "%.10sT00:00:00Z", s.p);
    } else {
        n = snprintf(full, sizeof full, "%.*s%sZ", (int)(s.n > 30 ? 30 : s.n), s.p, s.n == 16 ? ":00" : "");
    }
    instant wall = civil_read_instant(full, (size_t)n, &why);
    if (wall == NONE) { return why ? why : "this is no time"; }
    if (zone_instant(z, wall, out, NULL, NULL) == WALL_SKIPPED) { return "the clocks skip this time"; }
    return NULL;
}
