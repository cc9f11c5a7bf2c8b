/* SPDX-License-Identifier: MIT */
/* The filter, amounts: numbers with their units, times of day and business days, also as people write them elsewhere. */
#include "grammar/filter.h"
#include "msa.tab.h"
#include <string.h>

/* --- units --- */
struct unit { const char *word, *one; int64_t exact; };
static const struct unit units[] = {
    { "s", "s", USEC }, { "min", "min", MINUTE_US }, { "h", "h", HOUR_US }, { "day", "day", NONE }, { "days", "day", NONE },
    { "week", "week", NONE }, { "weeks", "week", NONE }, { "month", "month", NONE }, { "months", "month", NONE },
    { "year", "year", NONE }, { "years", "year", NONE },
};
enum { ENGLISH_UNITS = 26 };
static const struct { const char *typed, *meant; } wrong_units[] = {
    { "mins", "min" }, { "minute", "min" }, { "minutes", "min" }, { "m", "min" }, { "sec", "s" }, { "secs", "s" }, { "second", "s" },
    { "seconds", "s" }, { "hour", "h" }, { "hours", "h" }, { "hr", "h" }, { "hrs", "h" }, { "d", "days" }, { "Days", "days" },
    { "wk", "weeks" }, { "wks", "weeks" }, { "mo", "months" }, { "mos", "months" }, { "yr", "years" }, { "yrs", "years" },
    { "Min", "min" }, { "MIN", "min" }, { "H", "h" }, { "S", "s" }, { "Hours", "h" }, { "Minutes", "min" },
    /* those of other languages: ENGLISH_UNITS stand before them */
    { "Sekunde", "s" }, { "Sekunden", "s" }, { "Sek", "s" }, { "Minute", "min" }, { "Minuten", "min" }, { "Stunde", "h" }, { "Stunden", "h" },
    { "Std", "h" }, { "std", "h" }, { "Tag", "day" }, { "Tage", "days" }, { "Tagen", "days" }, { "Woche", "week" }, { "Wochen", "weeks" },
    { "Monat", "month" }, { "Monate", "months" }, { "Monaten", "months" }, { "Jahr", "year" }, { "Jahre", "years" },
    { "Werktag", "business day" }, { "Werktage", "business days" }, { "Werktagen", "business days" }, { "Arbeitstag", "business day" },
    { "Arbeitstage", "business days" }, { "Arbeitstagen", "business days" }, { "workday", "business day" }, { "workdays", "business days" },
    { "weekday", "business day" }, { "weekdays", "business days" }, { "jours ouvrés", "business days" }, { "jour ouvré", "business day" },
    { "jours ouvrables", "business days" }, { "jour ouvrable", "business day" }, { "heure", "h" }, { "heures", "h" }, { "seconde", "s" },
    { "secondes", "s" }, { "jour", "day" }, { "jours", "days" }, { "semaine", "week" }, { "semaines", "weeks" }, { "mois", "months" },
    { "an", "year" }, { "ans", "years" }, { "días hábiles", "business days" }, { "día hábil", "business day" },
    { "días laborables", "business days" }, { "día laborable", "business day" }, { "segundo", "s" }, { "segundos", "s" }, { "minuto", "min" },
    { "minutos", "min" }, { "hora", "h" }, { "horas", "h" }, { "día", "day" }, { "dia", "day" }, { "días", "days" }, { "dias", "days" },
    { "semana", "week" }, { "semanas", "weeks" }, { "mes", "month" }, { "meses", "months" }, { "año", "year" }, { "años", "years" },
};

const char *unit_meant(struct str word)
{
    for (size_t i = 0; i < countof(wrong_units); i++) {
        if (str_eq(word, str_of(wrong_units[i].typed))) { return wrong_units[i].meant; }
    }
    return NULL;
}
static const struct unit *unit_of(struct str word)
{
    for (size_t i = 0; i < countof(units); i++) {
        if (str_eq(word, str_of(units[i].word))) { return &units[i]; }
    }
    return NULL;
}
bool is_unit(struct str word)
{
    return unit_of(word) != NULL || unit_meant(word) != NULL;
}
/* The unit behind a number; *used: words it takes. */
static const struct unit *unit_ahead(struct filter *f, size_t at, size_t *used, const char **prefix)
{
    const struct token *t = raw(f, at);
    *used = 1;
    *prefix = NULL;
    if (t->kind != TK_NAME) { return NULL; }
    struct str word = token_text(f->p, t);
    const struct unit *u = unit_of(word);
    if (u != NULL) {
        if (t->flags & TOKEN_POINT) {
            struct span all = span_make(t->span.from, t->span.to + 1);
            diag_fix(diag(f->p->diags, E0110_UNIT, all, "the unit `%.*s` has no point", STR_ARG(word)), all, "%.*s", STR_ARG(word));
            f->in.p[at].flags |= TOKEN_SPOKEN_OF;
        }
        return u;
    }
    bool business = str_eq(word, STR("business")), service = str_eq(word, STR("service")), working = str_eq(word, STR("working"));
    if (business || service || working) {
        const struct token *next = raw(f, at + 1);
        if (!is_word(f->p, next, "day") && !is_word(f->p, next, "days")) { return NULL; }
        *used = 2;
        *prefix = service ? "service day" : "business day";
        if (working) {
            struct span both = span_join(t->span, next->span);
            struct diag *m = diag(f->p->diags, E0110_UNIT, both, "a working day can be two things");
            diag_help(m, "`business days` count dates; `service days` are amounts of open time that the calendar declares");
            f->in.p[at].flags |= TOKEN_SPOKEN_OF;
        }
        return unit_of(STR("day"));
    }
    for (size_t i = 0; i < countof(wrong_units); i++) {
        struct str second, first = str_cut(str_of(wrong_units[i].typed), ' ', &second); /* `jours ouvrés` stands before `jours` */
        if (!str_eq(word, first) || (second.n > 0 && !str_eq(token_text(f->p, raw(f, at + 1)), second))) { continue; }
        *used = second.n > 0 ? 2 : 1;
        struct str meant = str_of(wrong_units[i].meant);
        bool two = meant.n > 8 && memcmp(meant.p, "business ", 9) == 0;
        if (two) { *prefix = "business day"; }
        struct span span = span_join(t->span, raw(f, at + *used - 1)->span);
        if (raw(f, at + *used - 1)->flags & TOKEN_POINT) { span.to++; }
        bool told = at > 0 && (raw(f, at - 1)->flags & TOKEN_SPOKEN_OF); /* `4hrs` */
        if (!told) {
            struct diag *m = diag(f->p->diags, E0110_UNIT, span, "the unit `%.*s` is written `%.*s`", STR_ARG(token_text(f->p, &(struct token){ .span = span })), STR_ARG(meant));
            diag_fix(m, span, "%.*s", STR_ARG(meant));
            if (i >= ENGLISH_UNITS) { diag_note(m, "units are `s`, `min`, `h`, `business days`, `days`, `weeks` and `months`"); }
        }
        f->in.p[at].flags |= TOKEN_SPOKEN_OF;
        return unit_of(two ? str_slice(meant, 9, meant.n) : meant);
    }
    return NULL;
}

bool take_amount(struct filter *f, uint16_t flags)
{
    const struct token *n = raw(f, f->at);
    size_t used;
    const char *prefix;
    const struct unit *u = unit_ahead(f, f->at + 1, &used, &prefix);
    if (u == NULL) { return false; }
    struct token t = { .kind = TK_COUNTED, .flags = flags, .span = span_join(n->span, raw(f, f->at + used)->span), .number = n->number };
    t.flags |= (raw(f, f->at + 1)->flags | n->flags) & TOKEN_SPOKEN_OF;
    t.number2 = NONE;
    if (u->exact != NONE) {
        /* millionths times µs: exact whenever the result is whole microseconds */
        wide v = (wide)n->number * u->exact / 1000000;
        t.number2 = v > INT64_MAX / 4 ? NONE : (int64_t)v;
        if (t.number2 == NONE) {
            diag(f->p->diags, E0111_NUMBER, t.span, "this is longer than any agreement");
            t.flags |= TOKEN_SPOKEN_OF;
            t.number2 = u->exact;
        }
    }
    f->at += 1 + used;
    emit(f, t);
    /* a smaller unit right behind */
    const struct token *more = raw(f, f->at);
    if (u->exact != NONE && u->exact > USEC && more->kind == TK_NUMBER) {
        const struct unit *v = raw(f, f->at + 1)->kind == TK_NAME ? unit_of(token_text(f->p, raw(f, f->at + 1))) : NULL;
        if (v != NULL && v->exact != NONE && v->exact < u->exact) {
            size_t mine = f->out.n - 1;
            if (take_amount(f, 0)) {
                struct token small = f->out.p[mine + 1];
                struct token *whole = &f->out.p[mine];
                f->out.n = mine + 1;
                whole->number2 += small.number2;
                whole->span = span_join(whole->span, small.span);
                whole->number = (int64_t)((wide)whole->number2 * 1000000 / v->exact);
            }
        }
    }
    return true;
}

/* --- what is written for a time of day, and for the next business day --- */
static bool is_oclock(const struct parse *p, const struct token *t)
{
    static const char *const words[] = { "Uhr", "uhr", "am", "pm", "AM", "PM", "h", "oclock", "heures", "horas", NULL };
    return one_of(p, t, words);
}
/* The time of day at raw token i, also `10 Uhr`, `10:00 Uhr`: how many tokens it takes; 0: there is none. */
static size_t time_ahead(const struct filter *f, size_t i, int64_t *seconds)
{
    const struct token *t = raw(f, i), *word = raw(f, i + 1);
    size_t more = is_oclock(f->p, word) && !is_word(f->p, word, "h") ? 1 : 0;
    if (t->kind == TK_TIME) {
        *seconds = t->number + (more && t->number < 43200 && (token_text(f->p, word).p[0] | 32) == 'p' ? 43200 : 0);
        return 1 + more;
    }
    int64_t h = t->number / 1000000;
    if (t->kind != TK_NUMBER || t->number % 1000000 != 0 || h > 24 || !is_oclock(f->p, word)) { return 0; }
    struct str text = token_text(f->p, word);
    if ((text.p[0] | 32) == 'p' && h < 12) { h += 12; }
    *seconds = h * 3600;
    return 2;
}
static void emit_time(struct filter *f, struct span span, int64_t seconds)
{
    struct token t = { .kind = TK_TIME, .flags = TOKEN_SPOKEN_OF, .span = span, .number = seconds };
    emit(f, t);
}

bool take_by(struct filter *f, struct span amount, const char *anew)
{
    struct parse *p = f->p;
    const struct token *by = raw(f, f->at);
    int64_t seconds;
    size_t used = is_word(p, by, "by") ? time_ahead(f, f->at + 1, &seconds) : 0;
    if (used == 0) { return false; }
    struct span time = span_join(raw(f, f->at + 1)->span, raw(f, f->at + used)->span);
    struct span span = span_make(*anew ? amount.from : amount.to, time.to);
    struct diag *m = *anew ? diag(p->diags, E0110_UNIT, amount, "`%.*s` is written `%s`", STR_ARG(token_text(p, &(struct token){ .span = amount })), anew)
                           : diag(p->diags, E0120_COMMA, by->span, "a comma stands before `by`");
    diag_fix(m, span, "%s, by %02d:%02d", anew, (int)(seconds / 3600), (int)(seconds / 60 % 60));
    struct token comma = { .kind = ',', .flags = TOKEN_SPOKEN_OF, .span = by->span };
    emit(f, comma);
    struct token word = *by;
    word.kind = TK_BY;
    emit(f, word);
    f->at += 1 + used;
    emit_time(f, time, seconds);
    return true;
}

bool take_oclock(struct filter *f)
{
    int64_t seconds;
    size_t used = time_ahead(f, f->at, &seconds);
    if (used < 2) { return false; }
    struct span span = span_join(raw(f, f->at)->span, raw(f, f->at + used - 1)->span);
    struct diag *m = diag(f->p->diags, E0113_TIME, span, "a time of day is written `%02d:%02d`", (int)(seconds / 3600), (int)(seconds / 60 % 60));
    diag_fix(m, span, "%02d:%02d", (int)(seconds / 3600), (int)(seconds / 60 % 60));
    f->at += used;
    emit_time(f, span, seconds);
    return true;
}

bool take_next_day(struct filter *f)
{
    static const char *const kinds[] = { "business", "working", "service", NULL }, *const days[] = { "day", "days", NULL };
    struct parse *p = f->p;
    const struct token *next = raw(f, f->at);
    if (!is_word(p, next, "next") || !one_of(p, raw(f, f->at + 1), kinds) || !one_of(p, raw(f, f->at + 2), days)) { return false; }
    bool service = is_word(p, raw(f, f->at + 1), "service");
    const char *anew = service ? "1 service day" : "1 business day";
    struct token t = { .kind = TK_COUNTED, .flags = TOKEN_SPOKEN_OF, .span = span_join(next->span, raw(f, f->at + 2)->span), .number = 1000000, .number2 = NONE };
    f->at += 3;
    emit(f, t);
    if (take_by(f, t.span, anew)) { return true; }
    struct diag *m = diag(p->diags, E0110_UNIT, t.span, "`%.*s` is written `%s`", STR_ARG(token_text(p, &t)), anew);
    if (raw(f, f->at)->kind == ',' || service) { diag_fix(m, t.span, "%s", anew); }
    else { diag_help(m, "write `1 business day, end of day`, or with a time of day `1 business day, by 10:00`"); }
    return true;
}
