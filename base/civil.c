/* SPDX-License-Identifier: MIT */
/* Civil dates by arithmetic on days, and the reading and writing of their text forms.
 * Owns no state, knows no zones; everything here can run on any thread. */
#include "base/civil.h"

#include <string.h>

const char *const civil_weekday_name[7] = { "mon", "tue", "wed", "thu", "fri", "sat", "sun" };
const char *const civil_month_name[12] = { "january", "february", "march", "april", "may", "june", "july",
    "august", "september", "october", "november", "december" };

#define DAYS_400 146097 /* days in 400 Gregorian years */
#define DAYS_TO_1970 719468 /* from 0000-03-01 to 1970-01-01 */

static inline int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

/* Years are counted from march, so that the leap day comes last: day of year = (153 m + 2) / 5. */
date civil_date(int year, int month, int day)
{
    int64_t y = (int64_t)year - (month <= 2);
    int64_t era = floor_div(y, 400);
    int64_t yoe = y - era * 400;
    int64_t doy = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return (date)(era * DAYS_400 + yoe * 365 + yoe / 4 - yoe / 100 + doy - DAYS_TO_1970);
}

bool civil_leap(int year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

int civil_days_in_month(int year, int month)
{
    static const uint8_t days[12] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    return days[month - 1] + (month == 2 && civil_leap(year));
}

bool civil_valid(int year, int month, int day)
{
    return month >= 1 && month <= 12 && day >= 1 && day <= civil_days_in_month(year, month);
}

struct ymd civil_ymd(date d)
{
    int64_t z = (int64_t)d + DAYS_TO_1970;
    int64_t era = floor_div(z, DAYS_400);
    uint32_t doe = (uint32_t)(z - era * DAYS_400);
    uint32_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    uint32_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    uint32_t mp = (5 * doy + 2) / 153;
    int32_t month = (int32_t)(mp < 10 ? mp + 3 : mp - 9);
    return (struct ymd){ .year = (int32_t)(yoe + era * 400) + (month <= 2), .month = month,
        .day = (int32_t)(doy - (153 * mp + 2) / 5 + 1) };
}

int civil_weekday(date d)
{
    int r = (int)(((int64_t)d + 3) % 7); /* 1970-01-01 was a thursday */
    return r < 0 ? r + 7 : r;
}

date civil_add_months(date d, int months)
{
    struct ymd c = civil_ymd(d);
    int64_t m = (int64_t)c.year * 12 + c.month - 1 + months;
    int year = (int)floor_div(m, 12);
    int month = (int)(m - (int64_t)year * 12) + 1;
    int last = civil_days_in_month(year, month);
    return civil_date(year, month, c.day < last ? c.day : last);
}

date civil_add_length(date d, int64_t length) { return length >= 0 ? d + (date)length : civil_add_months(d, (int)-length); }

date civil_before_length(date d, int64_t length) { return length >= 0 ? d - (date)length : civil_add_months(d, (int)length); }

date civil_split(int64_t wall, int64_t *of_day)
{
    int64_t d = wall / DAY_US, rest = wall % DAY_US;
    if (rest < 0) {
        rest += DAY_US;
        d--;
    }
    if (of_day)
        *of_day = rest;
    return (date)d;
}

/* ---- writing ---- */

static const char two_digits[] =
    "00010203040506070809101112131415161718192021222324252627282930313233343536373839404142434445464748495051525354555657585960"
    "616263646566676869707172737475767778798081828384858687888990919293949596979899";

static inline char *put2(char *o, unsigned v)
{
    memcpy(o, two_digits + 2 * v, 2);
    return o + 2;
}

static char *put_u64(char *o, uint64_t v)
{
    char tmp[20];
    int n = 0;
    do
        tmp[n++] = (char)('0' + v % 10);
    while (v /= 10);
    while (n)
        *o++ = tmp[--n];
    return o;
}

static char *put_text(char *o, const char *s)
{
    size_t n = strlen(s);
    memcpy(o, s, n);
    return o + n;
}

/* ".25": six digits without the zeros at the end; nothing when there is no fraction. */
static char *put_fraction(char *o, uint32_t us)
{
    if (!us)
        return o;
    *o++ = '.';
    o = put2(o, us / 10000);
    o = put2(o, us / 100 % 100);
    o = put2(o, us % 100);
    while (o[-1] == '0')
        o--;
    return o;
}

/* Years outside 0..9999 get a sign, as ISO 8601 asks. */
static char *put_date(char *o, date d)
{
    struct ymd c = civil_ymd(d);
    if (c.year >= 0 && c.year <= 9999) {
        o = put2(o, (unsigned)c.year / 100);
        o = put2(o, (unsigned)c.year % 100);
    } else {
        uint32_t y = (uint32_t)(c.year < 0 ? -(int64_t)c.year : c.year);
        *o++ = c.year < 0 ? '-' : '+';
        for (uint32_t p = 1000; p > y && p > 1; p /= 10)
            *o++ = '0';
        o = put_u64(o, y);
    }
    *o++ = '-';
    o = put2(o, (unsigned)c.month);
    *o++ = '-';
    return put2(o, (unsigned)c.day);
}

int civil_write_date(char *out, date d)
{
    return (int)(put_date(out, d) - out);
}

int civil_write_instant(char *out, instant t, int32_t offset, bool zulu)
{
    char *o = out;
    int64_t wall, us;
    if (t == NONE)
        return (int)(put_text(o, "none") - out);
    if (t == NEVER)
        return (int)(put_text(o, "never") - out);
    if (__builtin_add_overflow(t, offset * USEC, &wall)) { /* the last hours of the time line: as UTC */
        wall = t;
        offset = 0;
    }
    o = put_date(o, civil_split(wall, &us));
    uint32_t s = (uint32_t)(us / USEC);
    *o++ = 'T';
    o = put2(o, s / 3600);
    *o++ = ':';
    o = put2(o, s / 60 % 60);
    *o++ = ':';
    o = put2(o, s % 60);
    o = put_fraction(o, (uint32_t)(us % USEC));
    if (offset == 0 && zulu) {
        *o++ = 'Z';
    } else {
        uint32_t a = (uint32_t)(offset < 0 ? -(int64_t)offset : offset);
        *o++ = offset < 0 ? '-' : '+';
        o = put2(o, a / 3600 % 100);
        *o++ = ':';
        o = put2(o, a / 60 % 60);
        if (a % 60) { /* local mean times before standard time */
            *o++ = ':';
            o = put2(o, a % 60);
        }
    }
    return (int)(o - out);
}

static char *put_seconds(char *o, uint64_t us)
{
    return put_fraction(put_u64(o, us / (uint64_t)USEC), (uint32_t)(us % (uint64_t)USEC));
}

static char *put_sign(char *o, micros d, uint64_t *magnitude)
{
    *magnitude = d < 0 ? 0 - (uint64_t)d : (uint64_t)d;
    if (d < 0)
        *o++ = '-';
    return o;
}

int civil_write_seconds(char *out, micros d)
{
    uint64_t u;
    char *o = put_sign(out, d, &u);
    return (int)(put_seconds(o, u) - out);
}

int civil_write_hms(char *out, micros d)
{
    uint64_t u;
    char *o = put_sign(out, d, &u), *first = o;
    uint64_t h = u / (uint64_t)HOUR_US, m = u / (uint64_t)MINUTE_US % 60, s = u % (uint64_t)MINUTE_US;
    if (h)
        o = put_text(put_u64(o, h), " h");
    if (m) {
        if (o != first)
            *o++ = ' ';
        o = put_text(put_u64(o, m), " min");
    }
    if (s || o == first) {
        if (o != first)
            *o++ = ' ';
        o = put_text(put_seconds(o, s), " s");
    }
    return (int)(o - out);
}

/* ---- reading ---- */

static inline bool is_digit(char c)
{
    return (unsigned)(c - '0') < 10;
}

static inline int two(const char *p)
{
    return (p[0] - '0') * 10 + (p[1] - '0');
}

/* Z, +HH:MM, +HHMM or +HH at the very end. */
static instant read_offset(const char *p, size_t n, int64_t seconds, int64_t us, const char **why)
{
    int hours, minutes = 0;
    if (n == 0)
        return *why = "a time needs its offset, such as Z or +01:00", NONE;
    if (n == 1 && (*p == 'Z' || *p == 'z'))
        return seconds * USEC + us;
    if ((*p != '+' && *p != '-') || n < 3 || !is_digit(p[1]) || !is_digit(p[2]))
        return *why = "expected Z or an offset such as +01:00 after the time", NONE;
    hours = two(p + 1);
    if (n == 6 && p[3] == ':' && is_digit(p[4]) && is_digit(p[5]))
        minutes = two(p + 4);
    else if (n == 5 && is_digit(p[3]) && is_digit(p[4]))
        minutes = two(p + 3);
    else if (n != 3)
        return *why = "expected Z or an offset such as +01:00 after the time", NONE;
    if (hours > 23 || minutes > 59)
        return *why = "there is no such offset from UTC", NONE;
    int64_t off = hours * 3600 + minutes * 60;
    return (seconds - (*p == '-' ? -off : off)) * USEC + us;
}

/* What follows the seconds: an optional fraction, then the offset. */
static instant read_tail(const char *p, size_t n, int64_t seconds, const char **why)
{
    int64_t us = 0;
    if (n && (*p == '.' || *p == ',')) {
        size_t i = 1;
        for (int64_t unit = USEC / 10; i < n && is_digit(p[i]); i++, unit /= 10)
            us += (p[i] - '0') * unit;
        if (i == 1)
            return *why = "expected digits after the decimal point of the seconds", NONE;
        p += i;
        n -= i;
    }
    return read_offset(p, n, seconds, us, why);
}

/* The fault of a date or time of day whose digits are in place; NULL when there is none. */
static const char *fault_of(int year, int month, int day, int hour, int minute, int second)
{
    if (month < 1)
        return "there is no month 00";
    if (month > 12)
        return "a year has 12 months";
    if (day < 1)
        return "there is no day 00";
    if (day > civil_days_in_month(year, month))
        return month == 2 ? (civil_leap(year) ? "february of that year has 29 days" : "february of that year has 28 days")
             : civil_days_in_month(year, month) == 30 ? "that month has 30 days" : "that month has 31 days";
    if (hour > 23)
        return "hours go from 00 to 23";
    if (minute > 59)
        return "minutes go from 00 to 59";
    if (second == 60)
        return "leap seconds have no place on this time line";
    if (second > 60)
        return "seconds go from 00 to 59";
    return NULL;
}

static cold instant read_slowly(const char *p, size_t n, const char **why)
{
    static const char shape[] = "dddd-dd-ddTdd:dd";
    const char *fault = NULL;
    for (size_t i = 0; i < sizeof shape - 1; i++) {
        bool fits = i < n && (shape[i] == 'd' ? is_digit(p[i]) : shape[i] == 'T' ? p[i] == 'T' || p[i] == 't' || p[i] == ' ' : p[i] == shape[i]);
        if (fits)
            continue;
        if (i == 10 && n == 10)
            return *why = "this is a date without a time", NONE;
        return *why = "expected a time such as 2026-03-06T17:50:00Z", NONE;
    }
    int year = two(p) * 100 + two(p + 2), month = two(p + 5), day = two(p + 8);
    int hour = two(p + 11), minute = two(p + 14), second = 0;
    size_t at = 16;
    if (n > 16 && p[16] == ':') {
        if (n < 19 || !is_digit(p[17]) || !is_digit(p[18]))
            return *why = "expected two digits of seconds", NONE;
        second = two(p + 17);
        at = 19;
    } else if (n > 16 && (p[16] == '.' || p[16] == ',')) {
        return *why = "a fraction of a minute is not read; write seconds", NONE;
    }
    if ((fault = fault_of(year, month, day, hour, minute, second)))
        return *why = fault, NONE;
    int64_t seconds = (int64_t)civil_date(year, month, day) * 86400 + hour * 3600 + minute * 60 + second;
    return read_tail(p + at, n - at, seconds, why);
}

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
static inline uint64_t word(const char *p)
{
    uint64_t w;
    memcpy(&w, p, 8);
    return w;
}

/* Byte k becomes ten times itself plus its neighbour k + 1. */
static inline uint64_t pairs(uint64_t x)
{
    return x * 10 + (x >> 8);
}
#define BYTE(x, k) ((unsigned)((x) >> (8 * (k))) & 0xff)
#endif

/* As civil_date, for years from 0 on: no signed divisions. */
static inline int64_t days_of(unsigned year, unsigned month, unsigned day)
{
    static const uint16_t before[13] = { 0, 306, 337, 0, 31, 61, 92, 122, 153, 184, 214, 245, 275 }; /* from march on */
    unsigned y = year + 400 - (month <= 2), c = y / 100;
    return (int64_t)(365 * y + y / 4 - c + c / 4 + before[month] + day - 1) - DAYS_400 - DAYS_TO_1970;
}

/* Three overlapping words. XOR with the expected text leaves 0..9 in places of digits and 0 elsewhere; adding 0x76
 * (digits) or 0x7f (others) sets a top bit where that does not hold. */
instant civil_read_instant(const char *p, size_t n, const char **why)
{
    const char *unread;
    if (!why)
        why = &unread;
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    if (n >= 20) {
        uint64_t a = word(p) ^ word("0000-00-"), b = word(p + 8) ^ word("00T00:00");
        uint64_t c = (word(p + 12) ^ word("0:00:00Z")) & 0x00ffffffffffffffu;
        uint64_t bad = a | (a + 0x7f76767f76767676u) | b | (b + 0x76767f76767f7676u) | c | (c + 0x0076767f76767f76u);
        if (!(bad & 0x8080808080808080u)) {
            a = pairs(a);
            b = pairs(b);
            c = pairs(c);
            unsigned year = BYTE(a, 0) * 100 + BYTE(a, 2), month = BYTE(a, 5), day = BYTE(b, 0);
            unsigned hour = BYTE(b, 3), minute = BYTE(b, 6), second = BYTE(c, 5);
            /* Days after the 28th are looked at more closely; the rest is a range check. */
            if ((month - 1 < 12) & (hour < 24) & (minute < 60) & (second < 60) & (day - 1 < 31)
                && (day <= 28 || (int)day <= civil_days_in_month((int)year, (int)month))) {
                int64_t seconds = days_of(year, month, day) * 86400 + hour * 3600 + minute * 60 + second;
                if (n == 20 && p[19] == 'Z')
                    return seconds * USEC;
                return read_tail(p + 19, n - 19, seconds, why);
            }
        }
    }
#endif
    return read_slowly(p, n, why);
}
