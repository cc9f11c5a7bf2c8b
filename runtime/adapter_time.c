/* SPDX-License-Identifier: MIT */
/* Times as exports write them: patterns, zones, hours that occur twice or never, and conversions done once too often. */
#include "runtime/input.h"
#include "base/civil.h"
#include "base/zone.h"
#include <stdio.h>

enum op_kind {
    OP_LITERAL, OP_YEAR, OP_YEAR2, OP_MONTH, OP_MONTH_NAME, OP_DAY, OP_HOUR, OP_HOUR12, OP_HALF, OP_MINUTE, OP_SECOND, OP_FRACTION, OP_WEEKDAY,
    OP_ABBREVIATION, OP_OFFSET, OP_ISO,
};
struct op { uint8_t kind, min, max; char literal; };
struct pattern { struct str text; const struct op *op; size_t n; };
struct time_plan {
    struct str name;
    size_t n_patterns;
    const struct pattern *pattern;
    const struct zone *zone, *shown_in, *taken_as;
    uint32_t repeated, skipped;
};

static bool add_op(struct op *op, size_t *n, char letter, size_t run)
{
    static const struct { char letter; uint8_t kind; } letters[] = {
        { 'y', OP_YEAR }, { 'u', OP_YEAR }, { 'M', OP_MONTH }, { 'd', OP_DAY }, { 'H', OP_HOUR }, { 'h', OP_HOUR12 }, { 'a', OP_HALF },
        { 'm', OP_MINUTE }, { 's', OP_SECOND }, { 'S', OP_FRACTION }, { 'E', OP_WEEKDAY }, { 'z', OP_ABBREVIATION }, { 'Z', OP_OFFSET },
        { 'X', OP_OFFSET }, { 'x', OP_OFFSET },
    };
    for (size_t i = 0; i < countof(letters); i++) {
        if (letters[i].letter != letter) { continue; }
        struct op o = { .kind = letters[i].kind, .min = run >= 2 ? 2 : 1, .max = 2 };
        if (letter == 'y' || letter == 'u') {
            o.kind = run == 2 ? OP_YEAR2 : OP_YEAR;
            o.min = o.max = run == 2 ? 2 : 4;
        }
        if (letter == 'M' && run >= 3) { o.kind = OP_MONTH_NAME; }
        op[(*n)++] = o;
        return true;
    }
    return false;
}

static bool compile(struct pattern *out, struct str text, struct arena *a, struct why *why)
{
    struct op *op = ARENA_ARRAY(a, struct op, text.n + 1);
    size_t n = 0;
    if (str_eq(text, STR("iso")) || str_eq(text, STR("ISO"))) {
        op[n++] = (struct op){ .kind = OP_ISO };
    }
    for (size_t i = 0; n == 0 || (i < text.n && op[0].kind != OP_ISO);) {
        if (i >= text.n) { break; }
        char c = text.p[i];
        if (c == '\'') {
            size_t j = i + 1;
            if (j < text.n && text.p[j] == '\'') {
                op[n++] = (struct op){ .kind = OP_LITERAL, .literal = '\'' };
                i = j + 1;
                continue;
            }
            for (; j < text.n && text.p[j] != '\''; j++) { op[n++] = (struct op){ .kind = OP_LITERAL, .literal = text.p[j] }; }
            i = j + 1;
            continue;
        }
        if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) {
            size_t j = i;
            while (j < text.n && text.p[j] == c) { j++; }
            if (!add_op(op, &n, c, j - i)) {
                snprintf(why->text, sizeof why->text, "the time pattern `%.*s` has the letter `%c`, which means nothing there; quote it with '", STR_ARG(text), c);
                return false;
            }
            i = j;
            continue;
        }
        op[n++] = (struct op){ .kind = OP_LITERAL, .literal = c };
        i++;
    }
    *out = (struct pattern){ .text = text, .op = op, .n = n };
    return true;
}

static bool load_zone(const struct module *m, uint32_t string, const struct zone **out, struct why *why)
{
    struct str name = module_str(m, string);
    *out = NULL;
    if (name.n == 0 || (*out = zone_load(name.p)) != NULL) { return true; }
    snprintf(why->text, sizeof why->text, "there is no time zone `%.*s` in the zone data of this system", STR_ARG(name));
    return false;
}

struct time_plan *time_plan_make(const struct module *m, uint32_t time, struct arena *a, struct why *why)
{
    const struct m_adapter_time *t = &m->adapter_time[time];
    struct time_plan *p = ARENA_NEW(a, struct time_plan);
    struct pattern *pattern = ARENA_ARRAY(a, struct pattern, t->n_patterns);
    *p = (struct time_plan){ .name = module_str(m, t->name), .n_patterns = t->n_patterns, .pattern = pattern, .repeated = t->repeated, .skipped = t->skipped };
    for (uint32_t i = 0; i < t->n_patterns; i++) {
        if (!compile(&pattern[i], module_str(m, m->adapter_pattern[t->patterns + i].pattern), a, why)) { return NULL; }
    }
    if (!load_zone(m, t->zone, &p->zone, why) || !load_zone(m, t->shown_in, &p->shown_in, why) || !load_zone(m, t->taken_as, &p->taken_as, why)) { return NULL; }
    return p;
}

/* ---- reading ---- */

struct parts {
    int year, month, day, hour, minute, second, weekday;
    int64_t us, offset;
    bool has_offset, pm, am;
    struct str abbreviation;
};

static inline bool is_digit(char c)
{
    return (unsigned)(c - '0') < 10;
}

static bool letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool number(struct str s, size_t *i, const struct op *o, int *out)
{
    size_t from = *i;
    int v = 0;
    while (*i < s.n && *i - from < o->max && is_digit(s.p[*i])) { v = v * 10 + (s.p[(*i)++] - '0'); }
    *out = v;
    return *i - from >= o->min;
}

static struct str word(struct str s, size_t *i)
{
    size_t from = *i;
    while (*i < s.n && letter(s.p[*i])) { (*i)++; }
    return str_slice(s, from, *i);
}

/* The name, or its first letters, at least three. */
static bool name_is(struct str w, const char *name)
{
    size_t n = strlen(name);
    if (w.n < 3 || w.n > n) { return false; }
    for (size_t i = 0; i < w.n; i++) {
        if ((w.p[i] | 0x20) != name[i]) { return false; }
    }
    return true;
}

static bool read_offset(struct str s, size_t *i, struct parts *p)
{
    if (*i < s.n && (s.p[*i] == 'Z' || s.p[*i] == 'z')) {
        (*i)++;
        p->has_offset = true;
        return true;
    }
    static const struct op two = { .min = 2, .max = 2 };
    int hours, minutes = 0;
    if (*i >= s.n || (s.p[*i] != '+' && s.p[*i] != '-')) { return false; }
    bool minus = s.p[(*i)++] == '-';
    if (!number(s, i, &two, &hours)) { return false; }
    if (*i < s.n && s.p[*i] == ':') { (*i)++; }
    if (*i < s.n && is_digit(s.p[*i]) && !number(s, i, &two, &minutes)) { return false; }
    if (hours > 23 || minutes > 59) { return false; }
    p->offset = (hours * 60 + minutes) * MINUTE_US * (minus ? -1 : 1);
    p->has_offset = true;
    return true;
}

static bool read_month(struct str s, size_t *i, struct parts *p)
{
    struct str w = word(s, i);
    for (int m = 0; m < 12; m++) {
        if (name_is(w, civil_month_name[m])) { return p->month = m + 1, true; }
    }
    return false;
}

static bool read_weekday(struct str s, size_t *i, struct parts *p)
{
    static const char *const day[7] = { "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday" };
    struct str w = word(s, i);
    for (int d = 0; d < 7; d++) {
        if (name_is(w, day[d])) { return p->weekday = d, true; }
    }
    return false;
}

static bool match(const struct pattern *pat, struct str s, struct parts *p)
{
    size_t i = 0;
    *p = (struct parts){ .month = 1, .day = 1, .weekday = -1 };
    for (size_t k = 0; k < pat->n; k++) {
        const struct op *o = &pat->op[k];
        bool fits = true;
        switch ((enum op_kind)o->kind) {
        case OP_LITERAL: fits = i < s.n && s.p[i] == o->literal; i++; break;
        case OP_YEAR: fits = number(s, &i, o, &p->year); break;
        case OP_YEAR2: fits = number(s, &i, o, &p->year); p->year += p->year < 70 ? 2000 : 1900; break;
        case OP_MONTH: fits = number(s, &i, o, &p->month); break;
        case OP_MONTH_NAME: fits = read_month(s, &i, p); break;
        case OP_DAY: fits = number(s, &i, o, &p->day); break;
        case OP_HOUR: fits = number(s, &i, o, &p->hour); break;
        case OP_HOUR12: fits = number(s, &i, o, &p->hour) && p->hour >= 1 && p->hour <= 12; break;
        case OP_HALF: {
            struct str w = word(s, &i);
            p->am = w.n == 2 && (w.p[0] | 0x20) == 'a' && (w.p[1] | 0x20) == 'm';
            p->pm = w.n == 2 && (w.p[0] | 0x20) == 'p' && (w.p[1] | 0x20) == 'm';
            fits = p->am || p->pm;
            break;
        }
        case OP_MINUTE: fits = number(s, &i, o, &p->minute); break;
        case OP_SECOND: fits = number(s, &i, o, &p->second); break;
        case OP_FRACTION: {
            size_t from = i;
            for (int64_t unit = USEC / 10; i < s.n && is_digit(s.p[i]); i++, unit /= 10) { p->us += (s.p[i] - '0') * unit; }
            fits = i > from;
            break;
        }
        case OP_WEEKDAY: fits = read_weekday(s, &i, p); break;
        case OP_ABBREVIATION: p->abbreviation = word(s, &i); fits = p->abbreviation.n > 0; break;
        case OP_OFFSET: fits = read_offset(s, &i, p); break;
        case OP_ISO: fits = false; break;
        }
        if (!fits) { return false; }
    }
    if (p->am || p->pm) { p->hour = p->hour % 12 + (p->pm ? 12 : 0); }
    return i == s.n;
}

static bool possible(const struct parts *p, struct why *why)
{
    const char *what = NULL;
    if (!civil_valid(p->year, p->month, p->day)) {
        what = "is a date that does not exist";
    } else if (p->hour > 23 || p->minute > 59 || p->second > 59) {
        what = "is a time of day that does not exist";
    } else if (p->weekday >= 0 && civil_weekday(civil_date(p->year, p->month, p->day)) != p->weekday) {
        what = "names another day of the week than its date has";
    }
    if (what) { snprintf(why->text, sizeof why->text, "%s", what); }
    return what == NULL;
}

static bool same_letters(struct str s, const char *name)
{
    return name && str_eq(s, str_of(name));
}

/* "EDT": an offset of the zone itself when it has one of that name, else a name known everywhere. */
static bool abbreviation_instant(const struct time_plan *t, struct str name, int64_t wall, instant *out)
{
    static const struct { const char *name; int hours; } known[] = {
        { "UTC", 0 }, { "GMT", 0 }, { "Z", 0 }, { "EST", -5 }, { "EDT", -4 }, { "CDT", -5 }, { "MST", -7 }, { "MDT", -6 }, { "PST", -8 }, { "PDT", -7 },
        { "WET", 0 }, { "WEST", 1 }, { "CET", 1 }, { "CEST", 2 }, { "EET", 2 }, { "EEST", 3 }, { "BRT", -3 }, { "JST", 9 },
    };
    if (t->zone) {
        instant earlier, later;
        (void)zone_instant(t->zone, wall, &earlier, &later, NULL);
        if (same_letters(name, zone_abbreviation(t->zone, earlier))) { return *out = earlier, true; }
        if (same_letters(name, zone_abbreviation(t->zone, later))) { return *out = later, true; }
    }
    for (size_t i = 0; i < countof(known); i++) {
        if (same_letters(name, known[i].name)) { return *out = wall - known[i].hours * HOUR_US, true; }
    }
    return false;
}

static instant from_wall(const struct time_plan *t, const struct zone *z, int64_t wall, struct why *why)
{
    instant earlier, later;
    switch (zone_instant(z, wall, &earlier, &later, NULL)) {
    case WALL_UNIQUE: return earlier;
    case WALL_REPEATED:
        if (t->repeated < 2) { return t->repeated == 0 ? earlier : later; }
        snprintf(why->text, sizeof why->text, "occurs twice in %s, where the clocks went back", zone_name(z));
        return NONE;
    case WALL_SKIPPED:
        if (t->skipped == 0) { return later; } /* by the offset before the gap: shifted forward by its length */
        snprintf(why->text, sizeof why->text, "does not occur in %s, where the clocks went forward", zone_name(z));
        return NONE;
    }
    return NONE;
}

static instant resolve(const struct time_plan *t, const struct parts *p, struct why *why)
{
    int64_t wall = (int64_t)civil_date(p->year, p->month, p->day) * DAY_US + (p->hour * 3600 + p->minute * 60 + p->second) * USEC + p->us;
    instant at = NONE;
    if (p->has_offset) {
        at = wall - p->offset;
    } else if (p->abbreviation.n) {
        if (!abbreviation_instant(t, p->abbreviation, wall, &at)) {
            snprintf(why->text, sizeof why->text, "names a zone, %.*s, that is not known here", (int)(p->abbreviation.n < 20 ? p->abbreviation.n : 20), p->abbreviation.p);
            return NONE;
        }
    } else if (t->zone) {
        at = from_wall(t, t->zone, wall, why);
    } else {
        snprintf(why->text, sizeof why->text, "has no offset, and its reading `%.*s` names no zone", STR_ARG(t->name));
    }
    if (at == NONE || (!t->shown_in && !t->taken_as)) { return at; }
    wall = t->shown_in ? zone_wall(t->shown_in, at) : t->zone ? zone_wall(t->zone, at) : wall;
    const struct zone *taken = t->taken_as ? t->taken_as : t->zone;
    return taken ? from_wall(t, taken, wall, why) : wall;
}

instant time_plan_read(const struct time_plan *t, struct str text, struct why *why)
{
    char view[72];
    struct str s = str_trim(text);
    struct why inner = { "" };
    for (size_t i = 0; i < t->n_patterns; i++) {
        struct parts p;
        instant at = NONE;
        if (t->pattern[i].n && t->pattern[i].op[0].kind == OP_ISO) {
            const char *reason = "";
            at = civil_read_instant(s.p, s.n, &reason);
            if (at == NONE) { continue; }
        } else if (!match(&t->pattern[i], s, &p)) {
            continue;
        }
        if (at == NONE && possible(&p, &inner)) { at = resolve(t, &p, &inner); }
        if (at != NONE) { return at; }
    }
    if (inner.text[0]) {
        snprintf(why->text, sizeof why->text, "`%s` %.200s", shown(view, s), inner.text);
        return NONE;
    }
    int n = snprintf(why->text, sizeof why->text, "`%s` is not a time written as ", shown(view, s));
    for (size_t i = 0; i < t->n_patterns && n < (int)sizeof why->text - 60; i++) {
        struct str p = str_slice(t->pattern[i].text, 0, 40);
        n += snprintf(why->text + n, sizeof why->text - (size_t)n, "%s`%.*s`", i ? " or " : "", STR_ARG(p));
    }
    return NONE;
}
