/* SPDX-License-Identifier: MIT */
/* Questions to a calendar of an agreement. */
#include "cli/cli.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MOST_WORDS = 8, MOST_OPEN = 64 };

struct asking {
    struct msa_calendar *calendar;
    const struct zone *zone;
    struct when when;
    struct str name;
    bool json, words;   /* as JSON; with the answer in words behind it */
};

/* ---- answers ---- */

static void json_member(struct sb *b, const char *name, struct str value)
{
    sb_printf(b, ",\"%s\":", name);
    sb_json_string(b, value);
}

static void json_begin(struct sb *b, const struct asking *k, const char *question)
{
    sb_puts(b, "{\"calendar\":");
    sb_json_string(b, k->name);
    json_member(b, "question", str_of(question));
}

static void put_iso(struct sb *b, struct asking *k, instant t)
{
    char text[CIVIL_TEXT_MAX];
    sb_put(b, str_make(text, (size_t)when_iso(&k->when, text, t)));
}

static void put_seconds(struct sb *b, micros d)
{
    char text[CIVIL_TEXT_MAX];
    sb_put(b, str_make(text, (size_t)civil_write_seconds(text, d)));
}

static void answer_instant(struct asking *k, struct sb *b, const char *question, instant t)
{
    if (t == NONE) { t = NEVER; }
    if (k->json) {
        json_begin(b, k, question);
        sb_puts(b, ",\"answer\":\"");
        put_iso(b, k, t);
        sb_puts(b, "\"}");
        return;
    }
    put_iso(b, k, t);
    if (k->words && t != NEVER) {
        sb_puts(b, "  ");
        when_long(b, k->zone, t);
    }
}

static void answer_span(struct asking *k, struct sb *b, const char *question, micros d)
{
    if (k->json) {
        json_begin(b, k, question);
        sb_puts(b, ",\"answer\":");
        put_seconds(b, d);
        sb_char(b, '}');
        return;
    }
    put_seconds(b, d);
    if (k->words) {
        sb_puts(b, "  ");
        when_span(b, d);
    }
}

static void answer_flag(struct asking *k, struct sb *b, const char *question, bool yes)
{
    if (k->json) {
        json_begin(b, k, question);
        sb_printf(b, ",\"answer\":%s}", yes ? "true" : "false");
        return;
    }
    sb_puts(b, yes ? "yes" : "no");
    if (k->words) { sb_puts(b, yes ? "  open" : "  closed"); }
}

/* ---- a month ---- */

static const char *const why_word[] = {
    [MSA_WHY_DURING] = "season", [MSA_WHY_CLOSED] = "closed", [MSA_WHY_OPEN] = "other hours", [MSA_WHY_ALSO_OPEN] = "also open",
};

static void hours(struct asking *k, struct sb *b, const struct msa_open *p, size_t n, date d, bool json)
{
    bool any = false;
    for (size_t i = 0; i < n; i++) {
        if (p[i].day != d) { continue; }
        if (json) {
            sb_puts(b, any ? ",{\"from\":\"" : "{\"from\":\"");
            put_iso(b, k, p[i].from);
            sb_puts(b, "\",\"to\":\"");
            put_iso(b, k, p[i].to);
            sb_puts(b, "\"}");
        } else {
            if (any) { sb_puts(b, ", "); }
            when_time(b, k->zone, p[i].from);
            sb_puts(b, " to ");
            date ends = civil_split(zone_wall(k->zone, p[i].to), NULL);
            int64_t of_day;
            (void)civil_split(zone_wall(k->zone, p[i].to), &of_day);
            if (ends == d + 1 && of_day == 0) {
                sb_puts(b, "24:00");
            } else {
                when_time(b, k->zone, p[i].to);
                if (ends > d) { sb_printf(b, " (+%d)", ends - d); }
            }
        }
        any = true;
    }
    if (!any && !json) { sb_puts(b, "-"); }
}

static micros open_on(const struct msa_open *p, size_t n, date d)
{
    micros sum = 0;
    for (size_t i = 0; i < n; i++) { sum += p[i].day == d ? p[i].to - p[i].from : 0; }
    return sum;
}

static void changes(struct asking *k, struct sb *b, instant from, instant to)
{
    instant until;
    for (instant t = from; (void)zone_offset(k->zone, t, NULL, &until), until < to; t = until) {
        int32_t before = zone_offset(k->zone, t, NULL, NULL), after = zone_offset(k->zone, until, NULL, NULL);
        if (before == after) { continue; }
        sb_puts(b, "the clocks go ");
        sb_puts(b, after > before ? "forward " : "back ");
        when_span(b, (micros)llabs((long long)after - before) * USEC);
        sb_puts(b, " on ");
        when_change(b, until, before, after);
        sb_char(b, '\n');
    }
}

/* Open stretches of the dates first to last. An interval belongs to the date on which it starts, so it may reach beyond them. */
static struct msa_open *stretches(struct asking *k, date first, date last, size_t *n)
{
    instant from, to;
    (void)zone_instant(k->zone, (int64_t)first * DAY_US, &from, NULL, NULL);
    (void)zone_instant(k->zone, ((int64_t)last + 1) * DAY_US, &to, NULL, NULL);
    *n = msa_calendar_intervals(k->calendar, from, to + 40 * DAY_US, NULL, 0);
    struct msa_open *p = memory_resize(NULL, NULL, (*n + 1) * sizeof *p);
    *n = msa_calendar_intervals(k->calendar, from, to + 40 * DAY_US, p, *n);
    return p;
}

/* The first opening and the last closing of a date, by the clock; false: it does not open. */
static bool edges(struct asking *k, date d, int64_t *from, int64_t *to)
{
    size_t n;
    bool any = false;
    struct msa_open *p = stretches(k, d, d, &n);
    for (size_t i = 0; i < n; i++) {
        if (p[i].day != d) { continue; }
        if (!any) { *from = zone_wall(k->zone, p[i].from) - (int64_t)d * DAY_US; }
        *to = zone_wall(k->zone, p[i].to) - (int64_t)d * DAY_US;
        any = true;
    }
    memory_resize(NULL, p, 0);
    return any;
}

static void of_day(struct sb *b, const char *before, int64_t t) { sb_printf(b, "%s%02d:%02d", before, (int)(t / HOUR_US), (int)(t / MINUTE_US % 60)); }

/* What of a date is closed: against the same weekday of a week without anything particular. */
static void closed_in_part(struct asking *k, struct sb *b, date d)
{
    static const int weeks[] = {-7, 7, -14, 14, -21, 21, -28, 28};
    int64_t from, to, usual_from, usual_to;
    enum msa_why why;
    struct msa_text name;
    bool known = edges(k, d, &from, &to);
    size_t i = 0;
    while (i < countof(weeks) && msa_calendar_why(k->calendar, d + weeks[i], &why, &name) && why != MSA_WHY_DURING) { i++; }
    known = known && i < countof(weeks) && edges(k, d + weeks[i], &usual_from, &usual_to);
    sb_puts(b, "closed");
    if (known && from > usual_from) { of_day(b, " until ", from); }
    if (known && to < usual_to) { of_day(b, from > usual_from ? " and from " : " from ", to); }
    if (!known || (from <= usual_from && to >= usual_to)) { sb_puts(b, " in part"); }
}

/* Why a date has not its weekly hours; nothing where it has. */
static void reason(struct asking *k, struct sb *b, date d, micros open, enum msa_why why, struct str name)
{
    sb_visible(b, name);
    if (name.n && why == MSA_WHY_CLOSED && open == 0) { return; }
    if (name.n) { sb_puts(b, " ("); }
    if (why == MSA_WHY_CLOSED && open > 0) {
        closed_in_part(k, b, d);
    } else {
        sb_puts(b, why_word[why]);
    }
    if (name.n) { sb_char(b, ')'); }
}

/* `Thu 2026-12-24  08:00 to 12:00    closed from 12:00` */
static void day_line(struct asking *k, struct sb *b, const struct msa_open *p, size_t n, date d)
{
    enum msa_why why;
    struct msa_text name;
    char text[CIVIL_TEXT_MAX];
    int length = civil_write_date(text, d);
    const char *weekday = civil_weekday_name[civil_weekday(d)];
    size_t start = b->n;
    sb_printf(b, "  %c%.2s %.*s  ", weekday[0] - 'a' + 'A', weekday + 1, length, text);
    hours(k, b, p, n, d, false);
    if (msa_calendar_why(k->calendar, d, &why, &name) && why != MSA_WHY_DURING) {
        size_t used = b->n - start;
        sb_fill(b, ' ', used < 36 ? 36 - used : 2);
        reason(k, b, d, open_on(p, n, d), why, text_str(name));
    }
    sb_char(b, '\n');
}

static void day_json(struct asking *k, struct sb *b, const struct msa_open *p, size_t n, date d)
{
    enum msa_why why;
    struct msa_text name;
    char text[CIVIL_TEXT_MAX];
    int length = civil_write_date(text, d);
    sb_printf(b, "{\"date\":\"%.*s\",\"open\":[", length, text);
    hours(k, b, p, n, d, true);
    sb_puts(b, "],\"seconds\":");
    put_seconds(b, open_on(p, n, d));
    if (msa_calendar_why(k->calendar, d, &why, &name)) {
        json_member(b, "why", str_of(why_word[why]));
        if (name.n) { json_member(b, "name", text_str(name)); }
    }
    sb_char(b, '}');
}

static void title(struct asking *k, struct sb *b, const char *question, const char *unit, struct str of)
{
    if (k->json) {
        json_begin(b, k, question);
        json_member(b, unit, of);
        json_member(b, "zone", str_of(zone_name(k->zone)));
    } else {
        sb_printf(b, "%.*s, ", STR_ARG(k->name));
        sb_printf(b, "%.*s, by the clock of %s\n\n", STR_ARG(of), zone_name(k->zone));
    }
}

static void totals(struct asking *k, struct sb *b, date first, date last, micros all, size_t days)
{
    if (k->json) {
        sb_puts(b, ",\"seconds\":");
        put_seconds(b, all);
        sb_printf(b, ",\"business_days\":%zu}", days);
        return;
    }
    instant from, to;
    (void)zone_instant(k->zone, (int64_t)first * DAY_US, &from, NULL, NULL);
    (void)zone_instant(k->zone, ((int64_t)last + 1) * DAY_US, &to, NULL, NULL);
    changes(k, b, from, to);
    sb_puts(b, "open ");
    when_span(b, all);
    sb_printf(b, " on %zu business days", days);
}

static const char *show(struct asking *k, struct str month, struct sb *b)
{
    if (month.n == 4 && strspn(month.p, "0123456789") == 4) { return "a month is written 2026-03; the question for a year is `year 2026`"; }
    if (month.n != 7 || month.p[4] != '-') { return "a month is written 2026-03"; }
    int year = atoi(month.p), number = atoi(month.p + 5);
    if (strspn(month.p, "0123456789") != 4 || year < 1700 || year > 2500 || number < 1 || number > 12) { return "a month is written 2026-03"; }
    date first = civil_date(year, number, 1), last = first + civil_days_in_month(year, number) - 1;
    size_t n, days = 0;
    struct msa_open *p = stretches(k, first, last, &n);
    micros week = 0, all = 0;
    title(k, b, "show", "month", month);
    if (k->json) { sb_puts(b, ",\"days\":["); }
    for (date d = first; d <= last; d++) {
        micros open = open_on(p, n, d);
        week += open;
        all += open;
        days += open > 0;
        if (k->json) {
            if (d > first) { sb_char(b, ','); }
            day_json(k, b, p, n, d);
            continue;
        }
        day_line(k, b, p, n, d);
        if (civil_weekday(d) == 6 || d == last) {
            sb_puts(b, "      week open ");
            when_span(b, week);
            sb_puts(b, "\n\n");
            week = 0;
        }
    }
    if (k->json) { sb_char(b, ']'); }
    totals(k, b, first, last, all, days);
    memory_resize(NULL, p, 0);
    return NULL;
}

static bool differs(struct asking *k, date d)
{
    enum msa_why why;
    struct msa_text name;
    return msa_calendar_why(k->calendar, d, &why, &name) && why != MSA_WHY_DURING;
}

/* A year: what each month comes to, and the dates that have not their weekly hours. */
static const char *show_year(struct asking *k, struct str word, struct sb *b)
{
    static const char *const months[] = {"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"};
    if (word.n != 4 || strspn(word.p, "0123456789") != 4 || atoi(word.p) < 1700 || atoi(word.p) > 2500) { return "a year is written 2026"; }
    int year = atoi(word.p);
    date first = civil_date(year, 1, 1), last = civil_date(year, 12, 31);
    size_t n, days = 0;
    struct msa_open *p = stretches(k, first, last, &n);
    micros all = 0;
    title(k, b, "year", "year", word);
    if (k->json) { sb_puts(b, ",\"months\":["); }
    for (int m = 1; m <= 12; m++) {
        date begin = civil_date(year, m, 1);
        micros open = 0;
        size_t on = 0;
        for (date d = begin; d < begin + civil_days_in_month(year, m); d++) {
            open += open_on(p, n, d);
            on += open_on(p, n, d) > 0;
        }
        all += open;
        days += on;
        if (k->json) {
            sb_printf(b, "%s{\"month\":\"%04d-%02d\",\"seconds\":", m > 1 ? "," : "", year, m);
            put_seconds(b, open);
            sb_printf(b, ",\"business_days\":%zu}", on);
        } else {
            sb_printf(b, "  %-10s %3zu business days  ", months[m - 1], on);
            when_span(b, open);
            sb_char(b, '\n');
        }
    }
    sb_puts(b, k->json ? "],\"days\":[" : "\n");
    bool any = false;
    for (date d = first; d <= last; d++) {
        if (!differs(k, d)) { continue; }
        if (k->json) {
            if (any) { sb_char(b, ','); }
            day_json(k, b, p, n, d);
        } else {
            day_line(k, b, p, n, d);
        }
        any = true;
    }
    if (k->json) {
        sb_char(b, ']');
    } else if (any) {
        sb_char(b, '\n');
    }
    totals(k, b, first, last, all, days);
    memory_resize(NULL, p, 0);
    return NULL;
}

/* ---- questions ---- */

/* `end`, `same`, `16:00`. */
static const char *read_mode(struct str s, enum msa_day_mode *mode, int32_t *by)
{
    *by = -1;
    *mode = str_eq(s, STR("same")) ? MSA_DAY_SAME_TIME : MSA_DAY_END;
    if (str_eq(s, STR("same")) || str_eq(s, STR("end"))) { return NULL; }
    *mode = MSA_DAY_BY;
    for (size_t i = 0; i < 5; i++) {
        if (s.n != 5 || (i == 2 ? s.p[i] != ':' : s.p[i] < '0' || s.p[i] > '9')) { return "the last word is `same`, `end` or a time such as 16:00"; }
    }
    int h = (s.p[0] - '0') * 10 + s.p[1] - '0', m = (s.p[3] - '0') * 10 + s.p[4] - '0';
    if (h > 24 || m > 59 || h * 60 + m > 1440) { return "there is no such time"; }
    *by = h * 3600 + m * 60;
    return NULL;
}

static const struct { const char *word; int arguments; const char *usage; } questions[] = {
    {"show", 1, "show 2026-03"},          {"elapsed", 2, "elapsed FROM TO"}, {"due", 2, "due FROM DURATION"},
    {"before", 2, "before DUE DURATION"}, {"open", 1, "open AT"},            {"days", 3, "days FROM N same|end|HH:MM"},
    {"year", 1, "year 2026"},
};
enum { ASK_SHOW, ASK_ELAPSED, ASK_DUE, ASK_BEFORE, ASK_OPEN, ASK_DAYS, ASK_YEAR };

/* `5 business days` is not so much open time. */
static bool of_days(struct str s)
{
    for (size_t i = 0; i + 3 <= s.n; i++) {
        if (memcmp(s.p + i, "day", 3) == 0) { return true; }
    }
    return false;
}

/* Appends the answer without a line end; NULL, or what is wrong with the question. */
static const char *ask(struct asking *k, const struct str *word, size_t n, struct sb *b, struct sb *trouble)
{
    size_t q = 0;
    while (q < countof(questions) && !str_eq(word[0], str_of(questions[q].word))) { q++; }
    if (q == countof(questions)) {
        const char *words[countof(questions)];
        char given[24];
        for (size_t i = 0; i < countof(questions); i++) { words[i] = questions[i].word; }
        snprintf(given, sizeof given, "%.*s", (int)(word[0].n < 23 ? word[0].n : 23), word[0].p);
        const char *near = nearest_word(given, words, countof(questions));
        sb_puts(trouble, "there is no question `");
        sb_visible(trouble, word[0]);
        if (near) {
            sb_printf(trouble, "`; did you mean `%s`?", near);
        } else {
            sb_puts(trouble, "`: show, year, elapsed, due, before, open or days");
        }
        return trouble->p;
    }
    if (n != (size_t)questions[q].arguments + 1) {
        sb_printf(trouble, "the question is `%s`", questions[q].usage);
        return trouble->p;
    }
    const char *why;
    instant a, to;
    micros d;
    if (q == ASK_SHOW) { return show(k, word[1], b); }
    if (q == ASK_YEAR) { return show_year(k, word[1], b); }
    if ((why = read_when(word[1], k->zone, true, &a))) { return why; }
    switch (q) {
    case ASK_ELAPSED:
        if ((why = read_when(word[2], k->zone, true, &to))) { return why; }
        answer_span(k, b, "elapsed", msa_calendar_elapsed(k->calendar, a, to));
        return NULL;
    case ASK_DUE:
    case ASK_BEFORE:
        if (of_days(word[2])) { return q == ASK_DUE ? "days are no length of open time; business days are asked for by `days FROM 5 same|end|HH:MM`" : "days are no length of open time"; }
        if ((why = read_span(word[2], &d))) { return why; }
        answer_instant(k, b, questions[q].word, q == ASK_DUE ? msa_calendar_due(k->calendar, a, d) : msa_calendar_before(k->calendar, a, d));
        return NULL;
    case ASK_OPEN: answer_flag(k, b, "open", msa_calendar_is_open(k->calendar, a)); return NULL;
    default: break;
    }
    enum msa_day_mode mode;
    int32_t by;
    char number[16], *end;
    snprintf(number, sizeof number, "%.*s", (int)(word[2].n < 15 ? word[2].n : 15), word[2].p);
    long days = strtol(number, &end, 10);
    if (end == number || *end || days < 0 || days > 100000) { return "the number of days is 0 to 100000"; }
    if ((why = read_mode(word[3], &mode, &by))) { return why; }
    answer_instant(k, b, "days", msa_calendar_days(k->calendar, a, (int32_t)days, mode, by));
    return NULL;
}

static int from_standard_input(struct asking *k)
{
    struct io_reader in;
    struct io_writer out;
    struct str line;
    struct sb b = {0}, trouble = {0};
    bool terminal = isatty(STDIN_FILENO);
    io_reader_init(&in, STDIN_FILENO);
    io_writer_init(&out, STDOUT_FILENO);
    if (terminal) { fprintf(stderr, "questions, one a line, words separated by tabs (`msa help calendar`); end with Ctrl-D\n"); }
    while (io_read_line(&in, &line)) {
        struct str word[MOST_WORDS + 1], rest = line;
        size_t n = 0;
        do { word[n++] = str_trim(str_cut(rest, '\t', &rest)); } while (rest.n && n < MOST_WORDS);
        sb_clear(&b);
        sb_clear(&trouble);
        const char *why = ask(k, word, n, &b, &trouble);
        if (why) {
            sb_clear(&b);
            if (k->json) {
                sb_puts(&b, "{\"error\":");
                sb_json_string(&b, str_of(why));
                sb_char(&b, '}');
            } else {
                sb_printf(&b, "error: %s", why);
            }
        }
        sb_char(&b, '\n');
        io_write_str(&out, sb_str(&b));
        if (terminal && io_flush(&out)) { break; }
    }
    int error = in.error;
    io_reader_free(&in);
    sb_free(&b);
    sb_free(&trouble);
    if (error) { cli_error("cannot read: %s", strerror(error)); }
    int written = io_writer_free(&out);
    if (written) { cli_error("cannot write: %s", strerror(written)); }
    return error || written ? EXIT_IO : EXIT_FINE;
}

static int list(const struct agreement *a)
{
    struct sb b = {0};
    struct msa_text name;
    bool local;
    for (size_t i = 0; msa_module_calendar_at(a->module, i, &name, &local); i++) {
        if (!name.n || memchr(name.p, ' ', name.n)) { continue; } /* `office or weekend` in a target has no name of its own */
        sb_printf(&b, "%.*s%s\n", (int)name.n, name.p, local ? "  (its zone comes from the thing: --zone)" : "");
    }
    int status = cli_print(sb_str(&b));
    sb_free(&b);
    return status;
}

static int no_calendar(const struct agreement *a, const char *given, const char *why)
{
    const char *near = NULL;
    struct msa_text name;
    bool local;
    char names[64][40];
    const char *words[64];
    size_t n = 0;
    for (size_t i = 0; n < 64 && msa_module_calendar_at(a->module, i, &name, &local); i++) {
        snprintf(names[n], sizeof names[n], "%.*s", (int)name.n, name.p);
        words[n] = names[n];
        n++;
    }
    near = nearest_word(given, words, n);
    cli_error("%s%s%s%s", why, near ? "; did you mean `" : "", near ? near : "", near ? "`?" : "");
    return EXIT_BAD_USAGE;
}

int cmd_calendar(const struct options *o)
{
    const char *format = o->value[OPT_FORMAT];
    if (format && strcmp(format, "text") != 0 && strcmp(format, "json") != 0) {
        cli_error("--format of calendar is text or json");
        return EXIT_BAD_USAGE;
    }
    if (o->value[OPT_ZONE] && !zone_load(o->value[OPT_ZONE])) {
        cli_error("the system has no time zone \"%s\"; zones are named like Europe/Berlin", o->value[OPT_ZONE]);
        return EXIT_BAD_USAGE;
    }
    struct agreement a;
    int status = agreement_open(&a, o, o->args[0]);
    if (status) { return status; }
    if (o->n_args == 1) {
        status = list(&a);
        agreement_close(&a);
        return status;
    }
    struct asking k = {.name = str_of(o->args[1]), .json = format && strcmp(format, "json") == 0, .words = o->n_args > 2};
    struct msa_fault fault;
    enum msa_status s = msa_calendar_open(a.module, str_text(k.name), o->value[OPT_ZONE], &k.calendar, &fault);
    if (s) {
        status = s == MSA_REJECTED ? no_calendar(&a, o->args[1], fault.text) : (cli_error("%s", fault.text), cli_status(s));
        agreement_close(&a);
        return status;
    }
    k.zone = zone_load(msa_calendar_zone(k.calendar));
    when_init(&k.when, k.zone);
    if (o->n_args > 2) {
        struct str word[MOST_WORDS];
        struct sb b = {0}, trouble = {0};
        size_t n = 0;
        for (int i = 2; i < o->n_args && n < MOST_WORDS; i++) { word[n++] = str_of(o->args[i]); }
        const char *why = ask(&k, word, n, &b, &trouble);
        if (why) {
            cli_error("%s", why);
            status = EXIT_BAD_USAGE;
        } else {
            sb_char(&b, '\n');
            status = cli_print(sb_str(&b));
        }
        sb_free(&b);
        sb_free(&trouble);
    } else {
        status = from_standard_input(&k);
    }
    msa_calendar_close(k.calendar);
    agreement_close(&a);
    return status;
}
