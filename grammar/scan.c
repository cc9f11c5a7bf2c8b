/* SPDX-License-Identifier: MIT */
/* Judges lexemes: what a number, date, time, amount or text is worth, and what is wrong with it. The scanner (msa.l) has
 * taken the widest plausible one; here people are told what they should have written, and the token goes on repaired. */
#include "base/civil.h"
#include "base/utf8.h"
#include "grammar/parser.h"
#include "msa.tab.h"
#include <string.h>

struct diag *scan_diag(struct scan *s, enum diag_code code, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    struct diag *m = diag_v(s->p->diags, code, span_make(s->from, s->at), fmt, args);
    va_end(args);
    s->spoken_of = true;
    return m;
}
static struct span here(const struct scan *s)
{
    return span_make(s->from, s->at);
}
static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}
/* A run of digits; saturates far above all that is asked of it. */
static int64_t digits(const char *p, size_t n, size_t *i)
{
    int64_t v = 0;
    for (; *i < n && is_digit(p[*i]); (*i)++) {
        if (v < INT64_MAX / 100) { v = v * 10 + (p[*i] - '0'); }
    }
    return v;
}

/* Reads `12`, `4_500`, `0.7`, skipping _ and group commas, into millionths. False: does not fit. */
static bool decimal(const char *p, size_t n, int64_t *value, int64_t *decimals)
{
    int64_t v = 0;
    int64_t places = -1;
    for (size_t i = 0; i < n; i++) {
        if (p[i] == '.') {
            places = 0;
        } else if (is_digit(p[i])) {
            if (ckd_mul(&v, v, (int64_t)10) || ckd_add(&v, v, (int64_t)(p[i] - '0'))) { return false; }
            if (places >= 0 && ++places > 6) { return false; }
        }
    }
    *decimals = places < 0 ? 0 : places;
    for (int64_t i = *decimals; i < 6; i++) {
        if (ckd_mul(&v, v, (int64_t)10)) { return false; }
    }
    *value = v;
    return true;
}
static void judge_decimal(struct scan *s, const char *p, size_t n)
{
    if (decimal(p, n, &s->number, &s->number2)) { return; }
    s->number = 1000000;
    s->number2 = 0;
    const char *point = memchr(p, '.', n);
    if (point != NULL && (size_t)(p + n - point) > 7) {
        scan_diag(s, E0111_NUMBER, "`%.*s` has more than six decimals", (int)n, p);
    } else {
        scan_diag(s, E0111_NUMBER, "`%.*s` is too large", (int)n, p);
    }
}

/* One message about a date on a line: `1.7.2026 to 31.8.2026` is one mistake. NULL: it was given. */
static struct diag *date_diag(struct scan *s, const char *what)
{
    const char *text = s->p->source->text - s->p->source->base;
    bool again = s->dated != 0;
    for (uint32_t i = s->dated; again && i < s->from; i++) { again = text[i] != '\n'; }
    s->dated = s->from;
    if (!again) { return scan_diag(s, E0112_DATE, "%s", what); }
    s->spoken_of = true;
    return NULL;
}
/* The text of the line before the lexeme, as far as LOOK_BACK bytes: looking at all of a long line each time would take its square. */
enum { LOOK_BACK = 40 };
static struct str line_before(const struct scan *s)
{
    const char *text = s->p->source->text - s->p->source->base;
    uint32_t from = s->from;
    while (from > s->p->source->base && text[from - 1] != '\n' && s->from - from < LOOK_BACK) { from--; }
    return str_trim(str_make(text + from, s->from - from));
}
static bool ends_in_word(struct str line, const char *word)
{
    struct str w = str_of(word);
    return line.n >= w.n && str_eq(str_slice(line, line.n - w.n, line.n), w) && (line.n == w.n || line.p[line.n - w.n - 1] == ' ');
}

/* `24.12.`, `24.12.2026`: days as they are written in Europe. Clause numbers look alike: `4.1.` at the start of a line. */
static bool dotted_date(struct scan *s, const char *p, size_t n, bool point)
{
    size_t i = 0;
    int64_t a = digits(p, n, &i);
    size_t first = i++;
    int64_t b = i <= n ? digits(p, n, &i) : 0;
    bool zero = p[0] == '0' || (first + 1 < n && p[first + 1] == '0');
    if (first > 2 || a < 1 || b < 1 || a > 31 || b > 31 || (a > 12 && b > 12)) { return false; }
    int64_t month = b > 12 ? a : b, day = b > 12 ? b : a;
    struct diag *m;
    if (i == n) { /* `24.12.` */
        struct str before = line_before(s);
        bool clause = before.n == 0 || ends_in_word(before, "to") || ends_in_word(before, "notwithstanding");
        if (!point || b > 12 || (clause && a <= 12 && !zero)) { return false; }
        m = date_diag(s, "a day without its year is written with the name of the month");
        if (m != NULL) { diag_fix(m, here(s), "%s %d", civil_month_name[month - 1], (int)day); }
        s->number = civil_date(2000, 1, 1);
        return true;
    }
    size_t start = ++i;
    int64_t c = digits(p, n, &i);
    bool full = i - start == 4 && c >= 1900 && c <= 2200;
    if (i != n || !(full || (i - start == 2 && zero))) { return false; }
    m = date_diag(s, "a date is written with `-`, its year first");
    if (m != NULL && full) { diag_fix(m, here(s), "%04d-%02d-%02d", (int)c, (int)month, (int)day); }
    else if (m != NULL) { diag_help(m, "write year-month-day, such as `2026-03-06`"); }
    s->number = civil_date(full ? (int)c : 2000, (int)month, 1);
    return true;
}

int scan_number(struct scan *s, const char *p, size_t n)
{
    if (memchr(p, '.', n) != NULL && dotted_date(s, p, p[n - 1] == '.' ? n - 1 : n, p[n - 1] == '.')) { return TK_DATE; }
    if (p[n - 1] == '.') {
        n--;
        diag_fix(scan_diag(s, E0111_NUMBER, "a number cannot end in a point"), here(s), "%.*s", (int)n, p);
    }
    const char *point = memchr(p, '.', n);
    if (point != NULL && memchr(point + 1, '.', (size_t)(p + n - point - 1)) != NULL) { return TK_CLAUSE; }
    judge_decimal(s, p, n);
    return TK_NUMBER;
}

int scan_percent(struct scan *s, const char *p, size_t n)
{
    judge_decimal(s, p, n - 1);
    return TK_PERCENT;
}

int scan_money(struct scan *s, const char *p, size_t n)
{
    size_t start = 3;
    while (p[start] == ' ' || p[start] == '\t') { start++; }
    const char *comma = memchr(p, ',', n);
    if (comma != NULL) { /* groups of three, the first of one to three */
        bool good = comma - (p + start) <= 3;
        size_t run = 0;
        for (size_t i = (size_t)(comma - p) + 1; i < n && p[i] != '.'; i++) {
            if (p[i] == ',') { good = good && run == 3, run = 0; } else { run++; }
        }
        good = good && run == 3;
        if (!good) {
            struct diag *m = scan_diag(s, E0114_MONEY, "the commas in `%.*s` do not group by thousands", (int)n, p);
            diag_help(m, "write `%.3s 4,500.00` or `%.3s 4500.00`; the point comes before the decimals", p, p);
        }
    }
    /* Any number of digits and decimals: those who need more than fits read the text. */
    if (!decimal(p + start, n - start, &s->number, &s->number2)) { s->number = NONE, s->number2 = 0; }
    return TK_MONEY;
}

/* ------------------------------------------------------------------------------------------------- dates and times */
static const char *const long_months[13] = { "", "January", "February", "March", "April", "May", "June", "July", "August",
                                             "September", "October", "November", "December" };

int scan_date(struct scan *s, const char *p, size_t n)
{
    size_t i = 0;
    int64_t a = digits(p, n, &i);
    size_t first = i++;
    int64_t b = digits(p, n, &i);
    size_t second = i - first - 1;
    i++;
    int64_t c = digits(p, n, &i);
    size_t third = i - first - second - 2;
    s->number = civil_date(2000, 1, 1);
    struct diag *m;
    if (first <= 2 && third == 4) {
        m = scan_diag(s, E0112_DATE, "a date starts with its year");
        if (a >= 1 && a <= 12 && b > 12 && b <= 31) {
            diag_fix(m, here(s), "%04d-%02d-%02d", (int)c, (int)a, (int)b);
        } else if (b >= 1 && b <= 12 && a > 12 && a <= 31) {
            diag_fix(m, here(s), "%04d-%02d-%02d", (int)c, (int)b, (int)a);
        } else {
            diag_help(m, "write year-month-day, such as `2026-03-06`");
        }
    } else if (first != 4 || second > 2 || third > 2) {
        m = scan_diag(s, E0112_DATE, "`%.*s` is not a date", (int)n, p);
        diag_help(m, "write year-month-day, such as `2026-03-06`");
    } else if (b < 1 || b > 12) {
        m = scan_diag(s, E0112_DATE, "there is no month %d", (int)b);
        if (c >= 1 && c <= 12 && b <= 31) { diag_help(m, "the month comes before the day: `%04d-%02d-%02d`", (int)a, (int)c, (int)b); }
        else { diag_help(m, "months are 01 to 12"); }
    } else if (c < 1 || c > civil_days_in_month((int)a, (int)b)) {
        m = scan_diag(s, E0112_DATE, "%s %d has no day %d", long_months[b], (int)a, (int)c);
        diag_help(m, "its last day is `%04d-%02d-%02d`", (int)a, (int)b, civil_days_in_month((int)a, (int)b));
    } else if (a < 1900 || a > 2200) {
        scan_diag(s, E0112_DATE, "the year %d is outside 1900 to 2200", (int)a);
    } else {
        s->number = civil_date((int)a, (int)b, (int)c);
        if (second != 2 || third != 2) {
            m = scan_diag(s, E0112_DATE, "months and days of a date have two digits");
            diag_fix(m, here(s), "%04d-%02d-%02d", (int)a, (int)b, (int)c);
        }
    }
    return TK_DATE;
}

/* Numbers joined by one `-`: 2026-03 is a month, 07-04 a date that can be read in two ways, 9-17 a difference. */
int scan_dashed(struct scan *s, const char *p, size_t n, size_t *take)
{
    size_t i = 0;
    int64_t a = digits(p, n, &i);
    size_t first = i++;
    int64_t b = digits(p, n, &i);
    *take = n;
    if (first == 4 && n - first - 1 <= 2 && a >= 1900 && a <= 2200) {
        if (n - first - 1 != 2) {
            diag_fix(scan_diag(s, E0112_DATE, "the month has two digits"), here(s), "%04d-%02d", (int)a, (int)b);
        } else if (b < 1 || b > 12) {
            diag_help(scan_diag(s, E0112_DATE, "there is no month %d", (int)b), "months are 01 to 12");
        }
        s->number = a * 100 + b;
        return TK_YEARMONTH;
    }
    if ((p[0] == '0' || p[first + 1] == '0') && a >= 1 && a <= 12 && b >= 1 && b <= 31) {
        struct diag *m = scan_diag(s, E0112_DATE, "a day without its year is written with the name of the month");
        diag_help(m, "write `%s %d`", civil_month_name[a - 1], (int)b);
    }
    *take = first;
    return scan_number(s, p, first);
}

int scan_slashed(struct scan *s, const char *p, size_t n)
{
    if (n == 4) {
        struct diag *m = scan_diag(s, E0125_ALWAYS, "around the clock is written `24x7`");
        diag_fix(m, here(s), "24x7");
        return TK_ALWAYS;
    }
    size_t i = 0;
    int64_t a = digits(p, n, &i);
    size_t first = i++;
    int64_t b = digits(p, n, &i);
    i++;
    int64_t c = digits(p, n, &i);
    struct diag *m = scan_diag(s, E0112_DATE, "a date is written with `-`, its year first");
    if (first == 4 && b >= 1 && b <= 12 && c >= 1 && c <= 31) {
        diag_fix(m, here(s), "%04d-%02d-%02d", (int)a, (int)b, (int)c);
    } else if (a >= 1 && a <= 12 && b > 12 && b <= 31 && c >= 1900 && c <= 2200) {
        diag_fix(m, here(s), "%04d-%02d-%02d", (int)c, (int)a, (int)b);
    } else if (b >= 1 && b <= 12 && a > 12 && a <= 31 && c >= 1900 && c <= 2200) {
        diag_fix(m, here(s), "%04d-%02d-%02d", (int)c, (int)b, (int)a);
    } else {
        diag_help(m, "write year-month-day, such as `2026-03-06`");
    }
    s->number = civil_date(2000, 1, 1);
    return TK_DATE;
}

int scan_time(struct scan *s, const char *p, size_t n)
{
    size_t i = 0;
    int64_t h = digits(p, n, &i);
    size_t h_digits = i++;
    size_t m_start = i;
    int64_t min = digits(p, n, &i);
    size_t m_digits = i - m_start;
    int64_t sec = 0;
    size_t s_digits = 2;
    if (i < n && p[i] == ':') {
        size_t s_start = ++i;
        sec = digits(p, n, &i);
        s_digits = i - s_start;
        if (i < n && p[i] == '.') {
            scan_diag(s, E0113_TIME, "times have whole seconds");
            i++;
            (void)digits(p, n, &i);
        }
    }
    struct str rest = { p + i, n - i };
    bool am = str_eq(rest, STR("am")) || str_eq(rest, STR("AM"));
    bool pm = str_eq(rest, STR("pm")) || str_eq(rest, STR("PM"));
    if ((am || pm) && h >= 1 && h <= 12 && min < 60) {
        h = h % 12 + (pm ? 12 : 0);
        diag_fix(scan_diag(s, E0113_TIME, "times are written with 24 hours"), here(s), "%02d:%02d", (int)h, (int)min);
    } else if (rest.n > 0) {
        scan_diag(s, E0113_TIME, "`%.*s` is not a time of day", (int)n, p);
        h = min = sec = 0;
    } else if (h > 24) {
        diag_help(scan_diag(s, E0113_TIME, "there is no hour %d", (int)h), "hours are 00 to 24");
        h = 0;
    } else if (min > 59 || sec > 59) {
        scan_diag(s, E0113_TIME, "there is no %s %d", min > 59 ? "minute" : "second", (int)(min > 59 ? min : sec));
        min = sec = 0;
    } else if (h == 24 && (min != 0 || sec != 0)) {
        diag_help(scan_diag(s, E0113_TIME, "the day ends at 24:00"), "after midnight it is the next day: `00:%02d`", (int)min);
        min = sec = 0;
    } else if (h_digits != 2 || m_digits != 2 || s_digits != 2) {
        struct diag *m = scan_diag(s, E0113_TIME, "hours and minutes have two digits");
        if (m_digits == 2) { diag_fix(m, here(s), "%02d:%02d", (int)h, (int)min); }
        else { diag_help(m, "write `%02d:%02d`", (int)h, (int)min); }
    }
    s->number = h * 3600 + min * 60 + sec;
    return TK_TIME;
}

/* `12,5` is a decimal comma, `4,500` a group, `2018,2022` and `1,2,3` are lists. */
int scan_commas(struct scan *s, const char *p, size_t n, size_t *take)
{
    size_t first = (size_t)((const char *)memchr(p, ',', n) - p);
    size_t commas = 0;
    bool threes = first <= 3;
    size_t run = 0;
    bool percent = p[n - 1] == '%';
    size_t end = n;
    for (size_t i = first; i < n; i++) {
        if (p[i] == ',') { threes = threes && (commas == 0 || run == 3), run = 0, commas++; }
        else if (p[i] == '.') { end = i; break; }
        else if (is_digit(p[i])) { run++; }
    }
    threes = threes && run == 3;
    *take = n;
    if (n > 80) { /* giving it back number by number would take the square of its length */
        diag_help(scan_diag(s, E0111_NUMBER, "this list has no spaces"), "write a space behind each comma");
        s->number = 1000000;
        return TK_NUMBER;
    }
    if (threes) {
        struct diag *m = scan_diag(s, E0111_NUMBER, "only amounts of money have commas between thousands");
        struct sb plain = { .arena = s->p->arena };
        for (size_t i = 0; i < end - (percent && end == n); i++) { sb_char(&plain, p[i] == ',' ? '_' : p[i]); }
        diag_help(m, "write `%s`, or the currency in front: `USD %.*s`", plain.p, (int)end, p);
    } else if (commas == 1 && end == n && run <= 2 && first <= 3) {
        struct diag *m = scan_diag(s, E0111_NUMBER, "decimals stand behind a point, not a comma");
        diag_fix(m, here(s), "%.*s.%.*s", (int)first, p, (int)(n - first - 1), p + first + 1);
        diag_help(m, "a list has a space behind its comma: `%.*s, %.*s`", (int)first, p, (int)(n - first - 1), p + first + 1);
    } else {
        *take = first;
        return scan_number(s, p, first);
    }
    s->number = 1000000;
    return percent ? TK_PERCENT : TK_NUMBER;
}

/* A number with letters at once behind it. */
int scan_stuck(struct scan *s, const char *p, size_t n, size_t *take)
{
    *take = n;
    if (n == 4 && memcmp(p, "24x7", 4) == 0) { return TK_ALWAYS; }
    size_t i = 0;
    while (is_digit(p[i]) || p[i] == '.' || p[i] == '_') { i++; }
    struct str word = { p + i, n - i };
    bool am = str_eq(word, STR("am")) || str_eq(word, STR("AM"));
    bool pm = str_eq(word, STR("pm")) || str_eq(word, STR("PM"));
    size_t j = 0;
    int64_t h = digits(p, i, &j);
    if ((am || pm) && j == i && h >= 1 && h <= 12) {
        h = h % 12 + (pm ? 12 : 0);
        diag_fix(scan_diag(s, E0113_TIME, "times are written with 24 hours"), here(s), "%02d:00", (int)h);
        s->number = h * 3600;
        return TK_TIME;
    }
    if (str_eq(word, STR("st")) || str_eq(word, STR("nd")) || str_eq(word, STR("rd")) || str_eq(word, STR("th"))) {
        diag_fix(scan_diag(s, E0111_NUMBER, "`%.*s` is written without letters", (int)n, p), here(s), "%.*s", (int)i, p);
        return scan_number(s, p, i);
    }
    /* What the letters are is seen by the filter: `4h` is also a wrong `4 h`. */
    struct diag *m = scan_diag(s, E0111_NUMBER, "a space stands between a number and its unit");
    const char *meant = unit_meant(word);
    diag_fix(m, here(s), "%.*s %.*s", (int)i, p, meant != NULL ? (int)strlen(meant) : (int)word.n, meant != NULL ? meant : word.p);
    *take = i;
    return scan_number(s, p, i);
}

/* ------------------------------------------------------------------------------------------------------------ texts */
int scan_text(struct scan *s, const char *p, size_t n, size_t *take)
{
    *take = n;
    bool open = n < 2 || p[n - 1] != '"';
    if (!open && p[n - 2] == '\\') { /* is the last quote itself escaped? */
        size_t slashes = 0;
        while (n - 2 - slashes > 0 && p[n - 2 - slashes] == '\\') { slashes++; }
        open = slashes % 2 == 1;
    }
    size_t end = open ? n : n - 1;
    if (open) {
        struct diag *m = diag(s->p->diags, E0106_UNTERMINATED, span_make(s->from, s->from + 1), "this text does not end");
        s->spoken_of = true;
        /* `agreement "A {`: the brace is not meant to be part of it, and the block behind it shall be read */
        size_t last = n;
        while (last > 1 && (p[last - 1] == ' ' || p[last - 1] == '\t' || p[last - 1] == '\r')) { last--; }
        if (last > 2 && (p[last - 1] == '{' || p[last - 1] == '}') && p[last - 2] == ' ') {
            *take = end = last - 1;
            while (end > 2 && p[end - 1] == ' ') { end--; }
            diag_help(m, "close it with `\"`");
        } else {
            diag_label(m, span_make(s->at, s->at), "the line ends here");
            diag_help(m, "close it with `\"`; a text stands on one line");
        }
    }
    for (size_t i = 1; i + 1 < end; i++) {
        if (p[i] != '\\') { continue; }
        i++;
        if (p[i] != '"' && p[i] != '\\' && p[i] != 'n' && p[i] != 't') {
            struct diag *m = diag(s->p->diags, E0108_ESCAPE, span_make(s->from + (uint32_t)i - 1, s->from + (uint32_t)i + 1),
                                  "`\\%c` means nothing in a text", (unsigned char)p[i] < 0x80 ? p[i] : '?');
            diag_help(m, "a backslash itself is written `\\\\`; there are also `\\\"`, `\\n` and `\\t`");
            s->spoken_of = true;
        }
    }
    s->number = s->from + 1;
    s->number2 = s->from + (int64_t)end;
    return TK_TEXT;
}

/* Text in single or curly quotes: from s->quote to s->at, its inside from s->inner to inner_to. */
int scan_odd_text(struct scan *s, uint32_t inner_to, bool closed)
{
    const char *text = s->p->source->text - s->p->source->base;
    bool single = text[s->quote] == '\'';
    s->number = s->inner;
    s->number2 = inner_to;
    s->from = s->quote;
    struct diag *m = scan_diag(s, E0107_QUOTES, single ? "texts stand in double quotes" : "texts stand in straight quotes");
    if (closed) { diag_fix(m, here(s), "\"%.*s\"", (int)(inner_to - s->inner), text + s->inner); }
    else { diag_help(m, "write `\"` at its start and its end"); }
    return TK_TEXT;
}

/* `4.1 manual The provider …`: `manual` starts the statement, and words follow. Not `manual: flag`, not a row of a table, not
 * `manual from column`. */
bool scan_prose_ahead(const struct scan *s)
{
    struct str before = line_before(s);
    if (before.n > LOOK_BACK / 2) { return false; } /* no clause number */
    for (size_t i = 0; i < before.n; i++) {
        if (!is_digit(before.p[i]) && before.p[i] != '.') { return false; }
    }
    const char *p = s->p->source->text + (s->at - s->p->source->base);
    size_t n = 1, words = 1; /* the first byte is a blank, and flex holds it */
    while (p[n] == ' ' || p[n] == '\t') { n++; }
    struct str first = str_make(p + n, 0);
    if (!((p[n] | 32) >= 'a' && (p[n] | 32) <= 'z') && ((unsigned char)p[n] < 0xC3 || (unsigned char)p[n] == 0xE2)) { return false; }
    for (; p[n] != '\n' && p[n] != '\0'; n++) {
        if (p[n] == '|') { return false; }
        if (p[n] == ' ' && p[n - 1] != ' ') { words++; }
        if (words == 1) { first.n++; }
    }
    return words >= (before.n > 0 ? 2 : 3) && !str_eq(first, STR("from")) && !str_eq(first, STR("is"));
}
/* The rest of the line as the text that it was meant to be. */
int scan_prose(struct scan *s, const char *p, size_t n)
{
    size_t from = 0;
    while (from < n && (p[from] == ' ' || p[from] == '\t')) { from++; }
    while (n > from && (p[n - 1] == ' ' || p[n - 1] == '\t' || p[n - 1] == '\r')) { n--; }
    size_t end = n > from && p[n - 1] == '"' ? n - 1 : n;
    s->number = s->from + (int64_t)from;
    s->number2 = s->from + (int64_t)end;
    s->from += (uint32_t)from;
    struct diag *m = diag(s->p->diags, E0107_QUOTES, span_make(s->from, s->from + 1), "a text stands in double quotes");
    if (memchr(p + from, '"', end - from) == NULL) { diag_fix(m, span_make(s->from, s->from + (uint32_t)(n - from)), "\"%.*s\"", (int)(end - from), p + from); }
    else { diag_help(m, "write `\"` at its start and its end, `\\\"` inside"); }
    s->spoken_of = true;
    return TK_TEXT;
}

int scan_operator(struct scan *s, const char *p, int kind, const char *word)
{
    struct diag *m = scan_diag(s, kind == TK_TO ? E0115_RANGE_WORD : E0109_OPERATOR, "`%.*s` is written `%s`", (int)(s->at - s->from), p, word);
    bool tight = kind == TK_TO && s->from > s->p->source->base && p[-1] != ' ' && p[-1] != '\t'; /* `mon..fri` */
    size_t next = s->at - s->from + 1; /* flex holds the byte at `at` */
    while (p[next] == ' ') { next++; }
    bool size = kind == TK_AT_LEAST || kind == TK_AT_MOST || kind == TK_ABOVE || kind == TK_BELOW;
    if (size && ((p[next] | 32) >= 'a' && (p[next] | 32) <= 'z')) { /* `priority >= P2`: which way a scale runs is not for a sign to say */
        diag_help(m, "of numbers and lengths of time write `%s`; on a scale name both ends: `in P1 to P2`", word);
    } else {
        diag_fix(m, here(s), tight ? " %s " : "%s", word);
    }
    return kind;
}

int scan_stray(struct scan *s, const char *p, size_t n)
{
    struct diag *m = scan_diag(s, E0117_CHARACTER, "`%.*s` has no meaning here", (int)n, p);
    if (p[0] == '\'') { diag_help(m, "texts stand in double quotes"); }
    else if (p[0] == '[' || p[0] == ']') { diag_help(m, "brackets are round"); }
    else if (p[0] == '@') { diag_help(m, "an address is a text: put it in double quotes"); }
    return 0;
}

/* Which code points beyond ASCII may be part of a name: letters, marks and digits; not signs, not spaces. */
static bool is_letter(uint32_t c)
{
    static const struct { uint32_t from, to; } others[] = {
        { 0xD7, 0xD7 }, { 0xF7, 0xF7 }, { 0x37E, 0x37E }, { 0x387, 0x387 }, { 0x60C, 0x60D }, { 0x61B, 0x61F }, { 0x66A, 0x66D },
        { 0x1680, 0x1680 }, { 0x180E, 0x180E }, { 0x2E00, 0x2FFF }, { 0x3000, 0x3004 }, { 0x3008, 0x3020 }, { 0x3030, 0x3030 },
        { 0x303D, 0x303F }, { 0xE000, 0xF8FF }, { 0xFD3E, 0xFD3F }, { 0xFE00, 0xFE1F }, { 0xFE30, 0xFE6F }, { 0xFEFF, 0xFF0F },
        { 0xFF1A, 0xFF20 }, { 0xFF3B, 0xFF40 }, { 0xFF5B, 0xFF65 }, { 0xFFE0, 0xFFFF }, { 0x1F000, 0x1FAFF }, { 0xE0000, 0x10FFFF },
    };
    for (size_t i = 0; i < countof(others); i++) {
        if (c >= others[i].from && c <= others[i].to) { return false; }
    }
    return true;
}

/* The whole of it is the name, even when a sign in it is refused. */
void scan_name(struct scan *s, const char *p, size_t n)
{
    size_t length = 1;
    for (size_t i = 0; i < n; i += length) {
        length = 1;
        if ((unsigned char)p[i] < 0x80) { continue; }
        uint32_t c = utf8_decode(p + i, n - i, &length);
        if (is_letter(c)) { continue; }
        struct span span = span_make(s->from + (uint32_t)i, s->from + (uint32_t)(i + length));
        diag(s->p->diags, E0117_CHARACTER, span, "`%.*s` cannot be part of a name", (int)length, p + i);
        s->spoken_of = true;
        return;
    }
}

bool scan_sign(struct scan *s, const char *p, size_t n, int *kind)
{
    size_t length;
    *kind = 0;
    switch (utf8_decode(p, n, &length)) {
    case 0xA0: case 0x2002: case 0x2003: case 0x2007: case 0x2009: case 0x202F: break; /* spaces */
    case 0x2018: case 0x2019: case 0x201A: case 0x201C: case 0x201D: case 0x201E: return true;
    case 0x2010: case 0x2011: case 0x2012: case 0x2013: case 0x2014: case 0x2212: s->flags |= TOKEN_DASH, *kind = '-'; break;
    case 0xA3: case 0xA5: case 0x20AC: *kind = TK_SIGN; break;
    case 0x2265: *kind = scan_operator(s, p, TK_AT_LEAST, "at least"); break;
    case 0x2264: *kind = scan_operator(s, p, TK_AT_MOST, "at most"); break;
    case 0x2260: *kind = scan_operator(s, p, TK_IS_NOT, "is not"); break;
    case 0xA7: diag_help(scan_diag(s, E0117_CHARACTER, "`§` has no meaning here"), "a clause number stands alone: `4.1`"); break;
    default: scan_stray(s, p, n); break;
    }
    return false;
}
