/* SPDX-License-Identifier: MIT */
/* Typed conversion. Numbers are read exactly from their text; there is no binary floating point anywhere. */
#include "runtime/input.h"
#include "base/civil.h"
#include <stdio.h>

static inline bool is_digit(char c)
{
    return (unsigned)(c - '0') < 10;
}

const char *shown(char out[72], struct str s)
{
    size_t n = s.n < 60 ? s.n : 60;
    while (n < s.n && n > 0 && ((unsigned char)s.p[n] & 0xc0) == 0x80) { n--; } /* not in the middle of a letter */
    if (n > 0) { memcpy(out, s.p, n); }
    for (size_t i = 0; i < n; i++) {
        if ((unsigned char)out[i] < 0x20) { out[i] = ' '; }
    }
    strcpy(out + n, n < s.n ? "…" : "");
    return out;
}

__extension__ typedef __int128 wide;

/* Compared by address where it matters which one it was. */
static const char not_a_number[] = "is not a number", too_large[] = "is too large", too_fine[] = "has more than six decimals";

/* digits × 10^exponent, in millionths. The digits are counted so that a number of any length costs no memory. */
bool decode_decimal(const char *p, size_t n, int64_t *millionths, const char **why)
{
    size_t i = 0;
    bool minus = n > 0 && p[0] == '-', point = false, any = false, large_digits = false;
    uint64_t value = 0;
    int64_t decimals = 0, zeros = 0; /* digits behind the point that are in value; zeros read but not yet in it */
    if (minus || (n > 0 && p[0] == '+')) { i = 1; }
    for (; i < n; i++) {
        char c = p[i];
        if (c == '.' && !point) {
            point = true;
            continue;
        }
        if (c == '_' && any && i + 1 < n && is_digit(p[i + 1])) { continue; }
        if (!is_digit(c)) { break; }
        any = true;
        zeros++;
        if (point) { decimals++; }
        if (c == '0') { continue; }
        for (; zeros > 0; zeros--) {
            uint64_t digit = zeros == 1 ? (uint64_t)(c - '0') : 0;
            if (value > (UINT64_MAX - digit) / 10) {
                large_digits = true;
            } else {
                value = value * 10 + digit;
            }
        }
    }
    decimals -= zeros; /* zeros at the end were not taken in; negative when they stand before the point */
    if (!any) { return *why = not_a_number, false; }
    int64_t exponent = 0;
    if (i < n && (p[i] == 'e' || p[i] == 'E')) {
        bool down = ++i < n && p[i] == '-';
        if (i < n && (p[i] == '-' || p[i] == '+')) { i++; }
        if (i == n) { return *why = not_a_number, false; }
        for (; i < n && is_digit(p[i]); i++) {
            if (exponent < 1000000000) { exponent = exponent * 10 + (p[i] - '0'); }
        }
        if (down) { exponent = -exponent; }
    }
    if (i != n) { return *why = not_a_number, false; }
    if (large_digits) { return *why = decimals - exponent > 6 ? too_fine : too_large, false; }
    if (value == 0) { return *millionths = 0, true; }
    int64_t shift = 6 + exponent - decimals;
    if (shift < 0) { return *why = too_fine, false; }
    for (; shift > 0; shift--) {
        if (value > (uint64_t)INT64_MAX / 10) { return *why = too_large, false; }
        value *= 10;
    }
    if (value > (uint64_t)INT64_MAX - 1) { return *why = too_large, false; }
    *millionths = minus ? -(int64_t)value : (int64_t)value;
    return true;
}

static int64_t unit_us(struct str u)
{
    static const struct { const char *name; int64_t us; } unit[] = {
        { "h", HOUR_US }, { "hour", HOUR_US }, { "hours", HOUR_US }, { "hr", HOUR_US }, { "hrs", HOUR_US },
        { "min", MINUTE_US }, { "minute", MINUTE_US }, { "minutes", MINUTE_US }, { "mins", MINUTE_US }, { "m", MINUTE_US },
        { "s", USEC }, { "sec", USEC }, { "second", USEC }, { "seconds", USEC }, { "ms", USEC / 1000 },
    };
    for (size_t i = 0; i < countof(unit); i++) {
        if (str_eq(u, str_of(unit[i].name))) { return unit[i].us; }
    }
    return 0;
}

bool decode_duration(struct str s, int64_t *us, const char **why)
{
    static const char *const form = "is not a duration such as `4 h`, `30 min` or a number of seconds";
    s = str_trim(s);
    int64_t total = 0;
    if (s.n == 0) { return *why = form, false; }
    for (bool first = true; s.n > 0; first = false) {
        size_t n = 0;
        while (n < s.n && (is_digit(s.p[n]) || s.p[n] == '.' || s.p[n] == '_' || (n == 0 && (s.p[0] == '-' || s.p[0] == '+')))) { n++; }
        int64_t number;
        if (!decode_decimal(s.p, n, &number, why)) { return *why = form, false; }
        s = str_trim(str_slice(s, n, s.n));
        if (s.n == 0 && first) { return *us = number, true; } /* seconds: a millionth is a microsecond */
        for (n = 0; n < s.n && ((s.p[n] >= 'a' && s.p[n] <= 'z') || (s.p[n] >= 'A' && s.p[n] <= 'Z'));) { n++; }
        struct str unit = str_slice(s, 0, n);
        int64_t size = unit_us(unit), part;
        if (size == 0) {
            bool day = n > 0 && (unit.p[0] == 'd' || unit.p[0] == 'w');
            return *why = day ? "is in days, which can mean 24 hours or working time; give it in hours" : form, false;
        }
        wide exact = (wide)number * size;
        if (exact % USEC != 0) { return *why = "has more than six decimals of a second", false; }
        exact /= USEC;
        if (exact > INT64_MAX - 1 || exact < -INT64_MAX) { return *why = too_large, false; }
        part = (int64_t)exact;
        if (ckd_add(&total, total, part)) { return *why = too_large, false; }
        s = str_trim(str_slice(s, n, s.n));
    }
    *us = total;
    return true;
}

static bool same_word(struct str s, const char *word)
{
    size_t n = strlen(word);
    if (s.n != n) { return false; }
    for (size_t i = 0; i < n; i++) {
        char c = s.p[i] >= 'A' && s.p[i] <= 'Z' ? (char)(s.p[i] + 32) : s.p[i];
        if (c != word[i]) { return false; }
    }
    return true;
}

static bool read_date(struct str s, int64_t *out, const char **why)
{
    static const char shape[] = "dddd-dd-dd";
    *why = "is not a date such as 2026-03-06";
    if (s.n != 10) { return false; }
    for (size_t i = 0; i < 10; i++) {
        if (shape[i] == 'd' ? !is_digit(s.p[i]) : s.p[i] != shape[i]) { return false; }
    }
    int year = (s.p[0] - '0') * 1000 + (s.p[1] - '0') * 100 + (s.p[2] - '0') * 10 + (s.p[3] - '0');
    int month = (s.p[5] - '0') * 10 + (s.p[6] - '0'), day = (s.p[8] - '0') * 10 + (s.p[9] - '0');
    if (!civil_valid(year, month, day)) { return *why = "is a date that does not exist", false; }
    *out = civil_date(year, month, day);
    return true;
}

static bool read_time(struct str s, int64_t *out, const char **why)
{
    static const char shape[] = "dd:dd:dd";
    *why = "is not a time of day such as 16:00";
    if (s.n != 5 && s.n != 8) { return false; }
    for (size_t i = 0; i < s.n; i++) {
        if (shape[i] == 'd' ? !is_digit(s.p[i]) : s.p[i] != shape[i]) { return false; }
    }
    int hour = (s.p[0] - '0') * 10 + (s.p[1] - '0'), minute = (s.p[3] - '0') * 10 + (s.p[4] - '0');
    int second = s.n == 8 ? (s.p[6] - '0') * 10 + (s.p[7] - '0') : 0;
    if (hour > 24 || minute > 59 || second > 59 || (hour == 24 && (minute || second))) { return *why = "is a time of day that does not exist", false; }
    *out = hour * 3600 + minute * 60 + second;
    return true;
}

static const char *kind_words(char kind)
{
    switch (kind) {
    case '"': case 'x': return "a text";
    case '0': return "a number";
    case 't': return "true";
    case 'f': return "false";
    case '{': return "an object";
    case '[': return "a list";
    default: return "nothing";
    }
}

/* "`P9` is not one of …", "a list where … was expected" */
static cold bool wrong(struct why *why, const struct json_value *v, const char *expected)
{
    char text[72];
    if (v->kind == '"' || v->kind == 'x' || v->kind == '0') {
        snprintf(why->text, sizeof why->text, "%s`%s` where %s was expected", v->kind == '"' ? "the text " : "",
                 shown(text, str_make(v->p, v->n)), expected);
    } else {
        snprintf(why->text, sizeof why->text, "%s where %s was expected", kind_words(v->kind), expected);
    }
    return false;
}

static cold bool wrong_because(struct why *why, const struct json_value *v, const char *reason)
{
    char text[72];
    snprintf(why->text, sizeof why->text, "`%s` %s", shown(text, str_make(v->p, v->n)), reason);
    return false;
}

static cold bool not_of(struct why *why, const struct json_value *v, const struct str *names, uint32_t n)
{
    char text[72];
    struct str got = str_make(v->p, v->n), near = nearest(got, names, n);
    int at = snprintf(why->text, sizeof why->text, "`%s` is not one of ", shown(text, got));
    for (uint32_t i = 0; i < n && at < (int)sizeof why->text - 80; i++) {
        at += snprintf(why->text + at, sizeof why->text - (size_t)at, "%s%.*s", i ? ", " : "", (int)(names[i].n < 40 ? names[i].n : 40), names[i].p);
        if (i + 1 < n && at >= (int)sizeof why->text - 80) { at += snprintf(why->text + at, sizeof why->text - (size_t)at, ", and %u more", n - i - 1); }
    }
    if (near.n && at < (int)sizeof why->text - 60) {
        snprintf(why->text + at, sizeof why->text - (size_t)at, "; did you mean `%.*s`?", (int)near.n, near.p);
    }
    return false;
}

/* An amount in the agreement's currency, as number or text, `USD` before it or not, groups of three or none. In thousandths
 * of the minor unit; up to 10^15 minor units. */
static bool decode_money(const struct module *m, struct str s, int64_t *out, const char **because)
{
    const struct m_agreement *a = &m->agreement[0];
    struct str currency = module_str(m, a->currency);
    if (currency.n && str_starts(s, currency)) {
        s = str_trim(str_slice(s, currency.n, s.n));
    } else if (s.n > 3 && s.p[0] >= 'A' && s.p[0] <= 'Z') {
        *because = "it is in another currency than the agreement";
        return false;
    }
    bool minus = s.n && s.p[0] == '-', point = false, any = false;
    uint64_t v = 0;
    unsigned decimals = 0, most = a->places + 3;
    for (size_t i = minus; i < s.n; i++) {
        char c = s.p[i];
        if (c == '.' && any && !point) {
            point = true;
        } else if (c == ',' && any && !point && i + 3 < s.n && is_digit(s.p[i + 1]) && is_digit(s.p[i + 2]) && is_digit(s.p[i + 3]) && (i + 4 == s.n || !is_digit(s.p[i + 4]))) {
            continue;
        } else if (is_digit(c)) {
            any = true;
            if (point && decimals == most && c != '0') { return *because = "it is finer than a thousandth of the smallest unit of the currency", false; }
            if (point && decimals == most) { continue; }
            v = v * 10 + (uint64_t)(c - '0');
            decimals += point;
            if (v > UINT64_C(1000000000000000000)) { return *because = "it is larger than 10^15 of the smallest unit of the currency", false; }
        } else {
            return *because = not_a_number, false;
        }
    }
    if (!any || (point && s.p[s.n - 1] == '.')) { return *because = not_a_number, false; }
    for (; decimals < most; decimals++) {
        v *= 10;
        if (v > UINT64_C(1000000000000000000)) { return *because = "it is larger than 10^15 of the smallest unit of the currency", false; }
    }
    *out = minus ? -(int64_t)v : (int64_t)v;
    return true;
}

bool decode_scalar(const struct schema *s, struct value_kind k, const struct json_value *v, int64_t *out, struct why *why)
{
    struct str text = str_make(v->p, v->n);
    bool string = v->kind == '"' || v->kind == 'x', number = v->kind == '0' || v->kind == 'x';
    const char *because = "";
    switch ((enum value_type)k.type) {
    case VT_FLAG:
        if (v->kind == 't' || v->kind == 'f') { return *out = v->kind == 't', true; }
        if (string && (same_word(text, "yes") || same_word(text, "true"))) { return *out = 1, true; }
        if (string && (same_word(text, "no") || same_word(text, "false"))) { return *out = 0, true; }
        return wrong(why, v, "true, false, \"yes\" or \"no\"");
    case VT_SCALE: {
        const struct schema_scale *sc = &s->scales[k.scale];
        uint32_t i = string || number ? lookup_get(&sc->lookup, text.p, text.n) : LOOKUP_NONE;
        if (i != LOOKUP_NONE) { return *out = i, true; }
        if (!string && !number) { return wrong(why, v, "a text"); }
        return not_of(why, v, sc->value, sc->n);
    }
    case VT_COUNT:
        if (!number) { return wrong(why, v, "a whole number"); }
        if (!decode_decimal(text.p, text.n, out, &because)) {
            return because == too_large ? wrong_because(why, v, because) : wrong(why, v, "a whole number");
        }
        if (*out % 1000000 != 0) { return wrong(why, v, "a whole number"); }
        *out /= 1000000;
        return true;
    case VT_NUMBER:
    case VT_PERCENT:
        if (!number && !string) { return wrong(why, v, "a number"); }
        if (k.type == VT_PERCENT && text.n > 0 && text.p[text.n - 1] == '%') { text = str_trim(str_slice(text, 0, text.n - 1)); }
        if (decode_decimal(text.p, text.n, out, &because)) { return true; }
        return because == not_a_number ? wrong(why, v, "a number") : wrong_because(why, v, because);
    case VT_DURATION:
        if (!number && !string) { return wrong(why, v, "a duration such as \"4 h\" or a number of seconds"); }
        if (v->kind == '0' ? decode_decimal(text.p, text.n, out, &because) : decode_duration(text, out, &because)) { return true; }
        return wrong_because(why, v, because);
    case VT_INSTANT:
        if (!string) { return wrong(why, v, "an instant such as \"2026-03-06T17:50:00Z\""); }
        *out = civil_read_instant(text.p, text.n, &because);
        if (*out != NONE) { return true; }
        snprintf(why->text, sizeof why->text, "`%.60s`: %s", shown((char[72]){ 0 }, text), because);
        return false;
    case VT_DATE:
        if (!string) { return wrong(why, v, "a date such as \"2026-03-06\""); }
        return read_date(text, out, &because) || wrong_because(why, v, because);
    case VT_TIME:
        if (!string) { return wrong(why, v, "a time of day such as \"16:00\""); }
        return read_time(text, out, &because) || wrong_because(why, v, because);
    case VT_CALENDAR: {
        uint32_t i = string ? lookup_get(&s->calendar, text.p, text.n) : LOOKUP_NONE;
        if (i != LOOKUP_NONE) { return *out = i, true; }
        return wrong(why, v, "the name of a calendar of this agreement");
    }
    case VT_TARGET: return wrong(why, v, "something that an event cannot carry, a target,");
    case VT_MONEY:
        if (!number && !string) { return wrong(why, v, "an amount of money such as \"4500.00\""); }
        return decode_money(s->m, text, out, &because) || wrong_because(why, v, because);
    case VT_EXACT:
    case VT_TEXT:
    case VT_COUNT_: break;
    }
    return wrong(why, v, "another type");
}

bool decode_is_text(const struct json_value *v, struct why *why)
{
    return v->kind == '"' || v->kind == 'x' || v->kind == '0' || wrong(why, v, "a text");
}
