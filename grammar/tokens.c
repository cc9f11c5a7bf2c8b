/* SPDX-License-Identifier: MIT */
/* The filter between scanner and parser. From bytes' tokens it makes the language's: keywords out of words (several words
 * can be one token), amounts with their units, one separator between statements, a mark before each row of a table, and
 * braces that balance. It looks at neighbours only, and never asks the parser. */
#include "grammar/parser.h"
#include "msa.tab.h"
#include <string.h>

struct str token_text(const struct parse *p, const struct token *t)
{
    return str_make(p->source->text + (t->span.from - p->source->base), t->span.to - t->span.from);
}
static bool is_word(const struct parse *p, const struct token *t, const char *word)
{
    return t->kind == TK_NAME && str_eq(token_text(p, t), str_of(word));
}
static bool one_of(const struct parse *p, const struct token *t, const char *const *words)
{
    for (; *words != NULL; words++) {
        if (is_word(p, t, *words)) { return true; }
    }
    return false;
}

/* ----------------------------------------------------------------------------------------------------------- braces */
/* An opener that is never closed, and a brace too many, are put right here, so that the parser sees balanced braces and the
 * rest of the file is understood. Where a brace is missing is guessed by indentation; the message points at the opener. */
struct opener { size_t token; uint32_t indent; bool indented; size_t statement; };
typedef VEC(struct opener) opener_list;

static uint32_t indent_at(const struct parse *p, const struct token *t)
{
    const char *text = p->source->text;
    size_t at = t->span.from - p->source->base;
    while (at > 0 && text[at - 1] != '\n') { at--; }
    uint32_t n = 0;
    for (; text[at] == ' ' || text[at] == '\t'; at++) { n = text[at] == '\t' ? (n / 8 + 1) * 8 : n + 1; }
    return n;
}
static void say_unclosed(struct parse *p, const struct token *opener, const struct token *before)
{
    struct diag *m = diag(p->diags, E0104_UNCLOSED, opener->span, "this `{` is never closed");
    if (before->kind != TK_EOF) { diag_label(m, span_make(before->span.from, before->span.from + 1), "a `}` seems to be missing before this"); }
    diag_help(m, "write `}` on a line of its own behind what belongs inside");
}

/* In text without indentation: does a declaration start at raw token i, which cannot stand inside of what `opener` opens? */
static bool starts_outside(const struct parse *p, const token_list *raw, const struct opener *o, size_t i)
{
    static const char *const words[] = { "agreement", "section", "scale", "choice", "party", "event", "calendar", "holidays", "table", "value", "clock",
                                         "chain", "measure", "rule", "exception", "notwithstanding", "manual", "adapter", NULL };
    static const char *const lists[] = { "section", "use", NULL };
    bool clause = raw->p[i].kind == TK_NUMBER || raw->p[i].kind == TK_CLAUSE;
    size_t at = i + clause;
    if (at + 1 >= raw->n || !one_of(p, &raw->p[at], words)) { return false; }
    int next = raw->p[at + 1].kind;
    if (next != TK_NAME && next != TK_TEXT && next != TK_NUMBER) { return false; }
    for (size_t k = at; k < raw->n && raw->p[k].kind != TK_SEP; k++) {
        if (raw->p[k].kind == '|') { return false; }
    }
    if (!one_of(p, &raw->p[o->statement], lists)) { return true; }
    return is_word(p, &raw->p[at], "agreement") || is_word(p, &raw->p[at], "section");
}
/* One brace too many: is it the one at raw token i, which would close a section although clauses of it follow? The clause. */
static const struct token *closes_too_much(const struct parse *p, const token_list *raw, const struct opener *o, size_t i)
{
    if (!is_word(p, &raw->p[o->statement], "section") || raw->p[o->statement + 1].kind != TK_NUMBER) { return NULL; }
    size_t next = i + 1;
    while (next < raw->n && raw->p[next].kind == TK_SEP) { next++; }
    if (next >= raw->n || (raw->p[next].kind != TK_NUMBER && raw->p[next].kind != TK_CLAUSE)) { return NULL; }
    struct str section = token_text(p, &raw->p[o->statement + 1]), clause = token_text(p, &raw->p[next]);
    bool inside = clause.n > section.n && memcmp(clause.p, section.p, section.n) == 0 && clause.p[section.n] == '.';
    return inside ? &raw->p[next] : NULL;
}

static void balance_braces(struct parse *p)
{
    opener_list open = { 0 };
    const token_list raw = p->tokens;
    size_t opened = 0, closed = 0, extra = 0;
    for (size_t i = 0; i < raw.n; i++) {
        if (raw.p[i].kind == '{') { opened++; }
        if (raw.p[i].kind == '}') {
            if (closed == opened) { extra++; } else { closed++; }
        }
    }
    if (opened == closed && extra == 0) { return; }
    size_t missing = opened - closed;
    token_list out = { 0 };
    vec_reserve(&out, p->arena, raw.n + missing);
    uint32_t indent = 0; /* of the line */
    size_t statement = 0;
    for (size_t i = 0; i < raw.n; i++) {
        struct token t = raw.p[i];
        bool first = (t.flags & TOKEN_LINE_FIRST) && t.kind != TK_SEP && t.kind != TK_EOF;
        if (first) { indent = indent_at(p, &t); }
        if (first && open.n > 0) {
            while (missing > 0 && open.n > 0) {
                struct opener *top = &vec_last(&open);
                bool outside = t.kind == '}' ? indent < top->indent : indent <= top->indent;
                bool flat = !top->indented && t.kind != '}' && indent <= top->indent && starts_outside(p, &raw, top, i);
                if (!(outside && top->indented) && !flat) { break; }
                say_unclosed(p, &raw.p[top->token], &t);
                struct token brace = { .kind = '}', .flags = TOKEN_SPOKEN_OF, .span = span_make(t.span.from, t.span.from) };
                vec_push(&out, p->arena, brace);
                brace.kind = TK_SEP;
                if (t.kind != '}') { vec_push(&out, p->arena, brace); }
                open.n--;
                missing--;
            }
            if (open.n > 0 && indent > vec_last(&open).indent) { vec_last(&open).indented = true; }
        }
        bool number = t.kind == TK_NUMBER || t.kind == TK_CLAUSE;
        if (i == 0 || raw.p[i - 1].kind == TK_SEP || raw.p[i - 1].kind == '{') { statement = i + (number && i + 1 < raw.n); }
        if (t.kind == '{') {
            struct opener o = { .token = i, .indent = indent, .statement = statement };
            vec_push(&open, p->arena, o);
        } else if (t.kind == '}') {
            const struct token *clause = extra > 0 && open.n > 0 ? closes_too_much(p, &raw, &vec_last(&open), i) : NULL;
            if (clause != NULL) {
                extra--;
                struct diag *m = diag(p->diags, E0105_UNOPENED, t.span, "this `}` is one too many");
                diag_label(m, clause->span, "this clause still belongs to the section");
                continue;
            }
            if (open.n == 0) {
                if (extra > 0) { extra--; }
                struct diag *m = diag(p->diags, E0105_UNOPENED, t.span, "this `}` closes nothing");
                diag_help(m, "take it away, or look for a `}` too many before it");
                continue;
            }
            open.n--;
        } else if (t.kind == TK_EOF) {
            while (open.n > 0) {
                say_unclosed(p, &raw.p[vec_pop(&open).token], &t);
                p->unclosed = true;
                struct token brace = { .kind = '}', .flags = TOKEN_SPOKEN_OF, .span = t.span };
                vec_push(&out, p->arena, brace);
            }
        }
        vec_push(&out, p->arena, t);
    }
    p->tokens = out;
}

/* ------------------------------------------------------------------------------------------------------------ filter */
enum block { BLOCK_PLAIN, BLOCK_CONDITIONS, BLOCK_FIELDS, BLOCK_TABLE, BLOCK_MAP };
struct level { enum block block; bool headed; int first; };

struct filter {
    struct parse *p;
    token_list in, out;
    size_t at;                    /* in the raw tokens */
    VEC(struct level) levels;     /* one for each open brace, and the file */
    uint32_t parens;
    bool start;                   /* a statement starts at the next token */
    bool row;                     /* inside a row of a table */
    int first;                    /* the token that says what the statement is */
    struct diag *dash;            /* what was said about a dash in this statement */
};

static struct token *raw(const struct filter *f, size_t i)
{
    return &f->in.p[i < f->in.n ? i : f->in.n - 1];
}
static struct token *emit(struct filter *f, struct token t)
{
    vec_push(&f->out, f->p->arena, t);
    return &vec_last(&f->out);
}
static struct token *last_out(struct filter *f)
{
    return f->out.n > 0 ? &vec_last(&f->out) : NULL;
}

static bool goes_on_after(int kind)
{
    return kind == '{' || kind == ',' || kind == '(' || kind == '=' || kind == '+' || kind == '*' || kind == '/' ||
           kind == TK_AND || kind == TK_OR || kind == TK_NOT;
}
static bool goes_on_before(const struct parse *p, const struct token *t)
{
    return t->kind == '{' || t->kind == '}' || t->kind == ')' || t->kind == ',' || t->kind == TK_EOF || is_word(p, t, "and") ||
           is_word(p, t, "or");
}

/* Is there a bar between here and the end of the statement? Is there a slash before it (a cross table)? */
static bool row_ahead(const struct filter *f, bool *slash)
{
    *slash = false;
    int before = 0;
    for (size_t i = f->at; i < f->in.n; i++) {
        const struct token *t = &f->in.p[i];
        switch (t->kind) {
        case '|': return true;
        case TK_OROR:
            if (vec_last(&f->levels).block == BLOCK_TABLE || vec_last(&f->levels).block == BLOCK_MAP) { return true; }
            break;
        case '/': *slash = true; break;
        case '{':
        case '}':
        case TK_EOF: return false;
        case TK_SEP: {
            size_t next = i;
            while (raw(f, next)->kind == TK_SEP) { next++; }
            if (!goes_on_after(before) && !goes_on_before(f->p, raw(f, next))) { return false; }
            break;
        }
        default: break;
        }
        if (t->kind != TK_SEP) {
            before = is_word(f->p, t, "and") || is_word(f->p, t, "or") || is_word(f->p, t, "not") ? TK_AND : t->kind;
        }
    }
    return false;
}

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
/* NUMBER at f->at with its unit becomes COUNTED; `7 h 30 min` is one amount. True when it was one. */
static bool take_amount(struct filter *f, uint16_t flags)
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

/* --- what people write between two times or days --- */
static bool is_weekday(const struct parse *p, const struct token *t)
{
    static const char *const days[] = { "mon", "tue", "wed", "thu", "fri", "sat", "sun", NULL };
    return one_of(p, t, days);
}
static void say_to(struct filter *f, struct token *dash, const char *what)
{
    if (f->dash == NULL) { f->dash = diag(f->p->diags, E0115_RANGE_WORD, dash->span, "from one %s `to` the other, not `%.*s`", what, STR_ARG(token_text(f->p, dash))); }
    struct str around = str_make(f->p->source->text + (dash->span.from - f->p->source->base) - 1, 1);
    diag_fix(f->dash, dash->span, "%s", around.p[0] == ' ' ? "to" : " to ");
}

/* The keyword that starts at the raw token `at`; NULL: a name. *used: how many raw tokens it takes. */
static const struct phrase *phrase_ahead(const struct filter *f, size_t at, bool start, size_t *used)
{
    struct parse *p = f->p;
    for (const struct phrase *k = keywords_find(p->keywords, token_text(p, raw(f, at))); k != NULL; k = k->next) {
        if (k->starter && !start) { continue; }
        const char *text = k->text;
        size_t i = at;
        bool all = true;
        while (*text != '\0' && all) {
            if (*text == ' ') { text++; }
            size_t n = 0;
            if (*text == '-') { n = 1; }
            else { while (text[n] != '\0' && text[n] != ' ' && text[n] != '-') { n++; } }
            const struct token *t = raw(f, i);
            all = (t->kind == TK_NAME || t->kind == '-') && str_eq(token_text(p, t), str_make(text, n));
            text += n;
            i++;
        }
        if (!all) { continue; }
        *used = i - at;
        return k;
    }
    return NULL;
}

static enum block block_of(const struct filter *f, const struct token *before)
{
    if (before != NULL && (before->kind == TK_ALL_OF || before->kind == TK_ANY_OF || before->kind == TK_NONE_OF)) { return BLOCK_CONDITIONS; }
    switch (f->first) {
    case TK_TABLE:
    case TK_TARGET: return BLOCK_TABLE;
    case TK_MAP:
    case TK_RECORDED:
    case TK_SET: return BLOCK_MAP;
    case TK_ONCE:
    case TK_ROW_WORD:
    case TK_EACH_OF:
    case TK_WHEN:
    case TK_INTERVAL: return BLOCK_FIELDS;
    default: return BLOCK_PLAIN;
    }
}
static bool in_rows(const struct filter *f)
{
    enum block b = vec_last(&f->levels).block;
    return b == BLOCK_TABLE || b == BLOCK_MAP;
}

/* A point behind a word means nothing, unless the word is a unit (`4 Std.`): that is looked at with the number. */
static void judge_points(struct filter *f)
{
    for (size_t i = 0; i < f->in.n; i++) {
        struct token *t = &f->in.p[i];
        if (!(t->flags & TOKEN_POINT)) { continue; }
        struct str word = token_text(f->p, t);
        if (i > 0 && f->in.p[i - 1].kind == TK_NUMBER && (unit_of(word) != NULL || unit_meant(word) != NULL)) { continue; }
        diag(f->p->diags, E0117_CHARACTER, span_make(t->span.to, t->span.to + 1), "`.` has no meaning here");
        raw(f, i + 1)->flags |= TOKEN_SPOKEN_OF;
    }
}

/* --- names with blanks or hyphens: `clock time-to-fix of ticket`, `clock time to fix of ticket` ---
 * Said once, where the name is declared; it is one name then wherever these words stand, so that nothing is missed. */
struct odd_name { size_t at, n; };
typedef VEC(struct odd_name) odd_names;

static bool same_words(const struct filter *f, size_t a, size_t b, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const struct token *s = raw(f, a + i), *t = raw(f, b + i);
        if (b + i >= f->in.n || s->kind != t->kind || !str_eq(token_text(f->p, s), token_text(f->p, t))) { return false; }
    }
    return true;
}
/* Behind the word at i that declares something: how many tokens its name has, when they are too many. */
static size_t odd_name_ahead(const struct filter *f, size_t i)
{
    static const char *const joints[] = { "of", "by", NULL };
    size_t n = 1;
    bool hyphens = false, doubtful = false;
    if (raw(f, i)->kind != TK_NAME || one_of(f->p, raw(f, i), joints)) { return 0; }
    for (;; n++) {
        const struct token *t = raw(f, i + n);
        if (t->kind == '-' && raw(f, i + n + 1)->kind == TK_NAME && t->span.from == raw(f, i + n - 1)->span.to && raw(f, i + n + 1)->span.from == t->span.to) {
            hyphens = true;
            n++;
        } else if (t->kind == TK_NAME && !one_of(f->p, t, joints)) {
            struct str word = token_text(f->p, t);
            doubtful = doubtful || word_distance(word, STR("of"), 1) <= 1 || word_distance(word, STR("by"), 1) <= 1 || str_eq(word, STR("for")) || str_eq(word, STR("per"));
        } else {
            break;
        }
    }
    const struct token *end = raw(f, i + n);
    /* `clock response ticket {` lacks an `of`, and is no name of two words */
    static const char *const alone[] = { "calendar", "holidays", "adapter", NULL };
    const struct token *behind = end->kind == TK_TEXT ? raw(f, i + n + 1) : end; /* a title */
    bool joint = is_word(f->p, behind, "of") || is_word(f->p, behind, "by") || end->kind == ':';
    bool brace = (end->kind == '{' || end->kind == '=' || end->kind == TK_TEXT) && one_of(f->p, raw(f, i - 1), alone);
    return n < 2 || n > 15 || !(joint || hyphens || (brace && !doubtful)) ? 0 : n;
}
static void join_names(struct filter *f)
{
    static const char *const words[] = { "clock", "measure", "calendar", "entity", "event", "table", "value", "scale", "choice", "party",
                                         "holidays", "spans", "chain", "adapter", NULL };
    odd_names odd = { 0 };
    struct parse *p = f->p;
    bool start = true;
    for (size_t i = 0; i < f->in.n; i++) {
        const struct token *t = raw(f, i);
        if (start && one_of(p, t, words)) {
            struct odd_name o = { .at = i + 1, .n = odd_name_ahead(f, i + 1) };
            bool again = false;
            for (size_t k = 0; k < odd.n; k++) { again = again || (odd.p[k].n == o.n && same_words(f, odd.p[k].at, o.at, o.n)); }
            if (o.n > 0 && !again && odd.n < 20) { vec_push(&odd, p->arena, o); }
        }
        start = t->kind == '{' || t->kind == TK_SEP || (start && (t->kind == TK_NUMBER || t->kind == TK_CLAUSE));
    }
    if (odd.n == 0) { return; }
    for (size_t k = 0; k < odd.n; k++) {
        struct span span = span_join(raw(f, odd.p[k].at)->span, raw(f, odd.p[k].at + odd.p[k].n - 1)->span);
        struct sb name = { .arena = p->arena };
        for (size_t i = 0; i < odd.p[k].n; i++) {
            if (raw(f, odd.p[k].at + i)->kind != TK_NAME) { continue; }
            if (i > 0) { sb_char(&name, '_'); }
            sb_put(&name, token_text(p, raw(f, odd.p[k].at + i)));
        }
        diag_fix(diag(p->diags, E0101_UNEXPECTED, span, "a name has no blanks and no hyphens"), span, "%.*s", STR_ARG(sb_str(&name)));
    }
    token_list out = { 0 };
    vec_reserve(&out, p->arena, f->in.n);
    for (size_t i = 0; i < f->in.n; i++) {
        struct token t = f->in.p[i];
        size_t n = 1;
        for (size_t k = 0; t.kind == TK_NAME && k < odd.n; k++) {
            if (odd.p[k].n > n && same_words(f, odd.p[k].at, i, odd.p[k].n)) { n = odd.p[k].n; }
        }
        if (n > 1) {
            t.span = span_join(t.span, raw(f, i + n - 1)->span);
            t.flags |= TOKEN_SPOKEN_OF;
        }
        vec_push(&out, p->arena, t);
        i += n - 1;
    }
    f->in = out;
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
/* Behind an amount: `1 business day by 10:00` lacks a comma. `amount` is told to be written anew when it is not "". */
static bool take_by(struct filter *f, struct span amount, const char *anew)
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
/* `by 10 Uhr`, `10:00 Uhr` */
static bool take_oclock(struct filter *f)
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
/* `next business day` */
static bool take_next_day(struct filter *f)
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

/* The cells of a heading, each one token whatever its words are. Ends at the end of the row. */
static void take_heading(struct filter *f)
{
    for (;;) {
        struct token cell = { .kind = TK_HEADCELL, .span = span_make(raw(f, f->at)->span.from, raw(f, f->at)->span.from) };
        int before = '|';
        for (;; f->at++) {
            const struct token *t = raw(f, f->at);
            if (t->kind == '|' || t->kind == TK_OROR || t->kind == '{' || t->kind == '}' || t->kind == TK_EOF) { break; }
            if (t->kind == TK_SEP && before != ',') { break; }
            if (t->kind != TK_SEP) {
                if (before == '|') { cell.span.from = t->span.from; }
                cell.span.to = t->span.to;
                before = t->kind;
            }
        }
        emit(f, cell);
        const struct token *t = raw(f, f->at);
        if (t->kind == TK_OROR) {
            struct token empty = { .kind = '|', .span = t->span };
            emit(f, empty);
            empty.kind = TK_HEADCELL;
            emit(f, empty);
            empty.kind = '|';
            emit(f, empty);
        } else if (t->kind == '|') {
            emit(f, *t);
        } else {
            return;
        }
        f->at++;
    }
}

/* What starts a statement: the mark of a row before it, when it is one. */
static void start_statement(struct filter *f)
{
    bool slash;
    f->first = 0;
    f->row = row_ahead(f, &slash);
    f->dash = NULL;
    if (!f->row) { return; }
    struct level *l = &vec_last(&f->levels);
    struct token mark = { .kind = TK_ROW, .flags = TOKEN_START, .span = span_make(raw(f, f->at)->span.from, raw(f, f->at)->span.from) };
    bool heading = l->block == BLOCK_TABLE && !l->headed;
    l->headed = true;
    if (heading) { mark.kind = slash ? TK_CROSS : TK_HEADING; }
    f->start = false;
    emit(f, mark);
    if (!heading) { return; }
    if (!slash) {
        take_heading(f);
        return;
    }
    /* a cross table: its first cell names both inputs, the others are tests */
    struct token cell = { .kind = TK_HEADCELL, .span = raw(f, f->at)->span };
    for (; raw(f, f->at)->kind != '|' && raw(f, f->at)->kind != TK_OROR; f->at++) { cell.span = span_join(cell.span, raw(f, f->at)->span); }
    emit(f, cell);
}

static void take_separator(struct filter *f)
{
    struct token sep = *raw(f, f->at);
    while (raw(f, f->at)->kind == TK_SEP) { f->at++; }
    const struct token *before = last_out(f);
    if (before == NULL || goes_on_after(before->kind) || goes_on_before(f->p, raw(f, f->at))) { return; }
    sep.kind = TK_SEP;
    emit(f, sep);
    f->start = true;
    f->row = false;
}

static void take_word(struct filter *f, uint16_t flags)
{
    struct parse *p = f->p;
    struct token t = *raw(f, f->at);
    bool start = (flags & TOKEN_START) && !f->row && vec_last(&f->levels).block != BLOCK_CONDITIONS && vec_last(&f->levels).block != BLOCK_FIELDS;
    size_t used = 1;
    const struct phrase *k = phrase_ahead(f, f->at, start, &used);
    int next = raw(f, f->at + used)->kind;
    /* `value : percent` declares a field called value; `closed = a or b` a calendar */
    if (k != NULL && used == 1 && (next == ':' || (next == '=' && !(flags & TOKEN_START)))) { k = NULL; }
    if (k == NULL) { used = 1; }
    /* `mon - fri` */
    const struct token *dash = raw(f, f->at + 1);
    if (is_weekday(p, &t) && dash->kind == '-' && is_weekday(p, raw(f, f->at + 2))) {
        say_to(f, raw(f, f->at + 1), "day");
        f->in.p[f->at + 1].kind = TK_TO;
        f->in.p[f->at + 1].flags |= TOKEN_SPOKEN_OF;
    }
    t.flags |= flags;
    for (size_t i = 1; i < used; i++) { t.flags |= raw(f, f->at + i)->flags & TOKEN_SPOKEN_OF; }
    if (k != NULL) {
        t.kind = (uint16_t)k->kind;
        t.span = span_join(t.span, raw(f, f->at + used - 1)->span);
    }
    f->at += used;
    if ((flags & TOKEN_START) && k != NULL) { f->first = t.kind; }
    emit(f, t);
}

void say_too_deep(struct parse *p, struct span span)
{
    if (p->too_deep) { return; }
    p->too_deep = true;
    struct diag *m = diag(p->diags, E0119_TOO_DEEP, span, "things stand inside each other more than %d deep", PARSE_DEPTH);
    diag_help(m, "name a part of it with `value` and use the name");
}

void filter_tokens(struct parse *p)
{
    balance_braces(p);
    struct filter f = { .p = p, .in = p->tokens, .start = true };
    vec_reserve(&f.out, p->arena, f.in.n);
    struct level outermost = { .block = BLOCK_PLAIN };
    vec_push(&f.levels, p->arena, outermost);
    judge_points(&f);
    join_names(&f);
    for (;;) {
        if (raw(&f, f.at)->kind == TK_SEP) {
            take_separator(&f);
            continue;
        }
        if (f.start) { start_statement(&f); }
        if (raw(&f, f.at)->kind == TK_SEP) { continue; }
        struct token t = *raw(&f, f.at);
        uint16_t flags = f.start ? TOKEN_START : 0;
        struct token *before = last_out(&f);
        f.start = false;
        if (t.kind == TK_EOF) {
            emit(&f, t);
            break;
        }
        switch (t.kind) {
        case TK_NAME:
            if (flags == 0 && take_next_day(&f)) { continue; }
            take_word(&f, flags);
            continue;
        case TK_NUMBER:
            if (before != NULL && before->kind == TK_BY && take_oclock(&f)) { continue; }
            if (take_amount(&f, flags)) {
                if (flags) { f.first = TK_COUNTED; }
                else { (void)take_by(&f, vec_last(&f.out).span, ""); }
                continue;
            }
            if (take_oclock(&f)) { continue; }
            break;
        case TK_TIME:
            if (flags == 0 && take_oclock(&f)) { continue; }
            break;
        case TK_SIGN: {
            const struct token *n = raw(&f, f.at + 1);
            struct str sign = token_text(p, &t);
            const char *code = sign.p[0] == '$' ? "USD" : sign.n == 3 ? "EUR" : (unsigned char)sign.p[1] == 0xA3 ? "GBP" : "JPY";
            struct diag *m = diag(p->diags, E0114_MONEY, t.span, "currencies are written with three letters");
            if (n->kind == TK_NUMBER) {
                diag_fix(m, span_make(t.span.from, n->span.from), "%s ", code);
                t = (struct token){ .kind = TK_MONEY, .span = span_join(t.span, n->span), .number = n->number, .number2 = n->number2 };
                f.at++;
            } else {
                t.kind = TK_NAME;
            }
            t.flags |= TOKEN_SPOKEN_OF;
            break;
        }
        case '%': {
            struct diag *m = diag(p->diags, E0117_CHARACTER, t.span, "`%%` has no meaning here");
            if (before != NULL && before->kind == TK_NUMBER) {
                diag_help(m, "a percentage has no space before its sign: `%.*s%%`", STR_ARG(token_text(p, before)));
                before->kind = TK_PERCENT;
                before->span.to = t.span.to;
                before->flags |= TOKEN_SPOKEN_OF;
            } else {
                f.in.p[f.at + 1].flags |= TOKEN_SPOKEN_OF;
            }
            f.at++;
            f.start = flags != 0;
            continue;
        }
        case TK_OROR:
            if (f.row && in_rows(&f)) {
                t.kind = '|';
                emit(&f, t);
            } else {
                struct diag *m = diag(p->diags, E0109_OPERATOR, t.span, "`||` is written `or`");
                diag_fix(m, t.span, "or");
                t.kind = TK_OR;
                t.flags |= TOKEN_SPOKEN_OF;
                f.row = false;
            }
            break;
        case '-':
        case '+':
            if (before != NULL && before->kind == TK_TIME && raw(&f, f.at + 1)->kind == TK_TIME) {
                const struct token *time = raw(&f, f.at + 1);
                bool dated = f.out.n >= 2 && f.out.p[f.out.n - 2].kind == TK_DATE;
                if (dated) {
                    t = (struct token){ .kind = TK_OFFSET, .span = span_join(t.span, time->span), .number = t.kind == '-' ? -time->number : time->number };
                    f.at++;
                } else if (t.kind == '-') {
                    say_to(&f, &t, "time");
                    t.kind = TK_TO;
                    t.flags |= TOKEN_SPOKEN_OF;
                }
            } else if (t.flags & TOKEN_DASH) {
                struct diag *m = diag(p->diags, E0117_CHARACTER, t.span, "`%.*s` has no meaning here", STR_ARG(token_text(p, &t)));
                diag_help(m, "minus is `-`; a range is written with `to`");
                t.flags |= TOKEN_SPOKEN_OF;
            }
            break;
        case '{': {
            struct level inner = { .block = block_of(&f, before), .first = f.first };
            if (f.levels.n + f.parens >= PARSE_DEPTH) { break; }
            vec_push(&f.levels, p->arena, inner);
            f.start = true;
            break;
        }
        case '}':
            if (f.levels.n > 1) { f.first = vec_pop(&f.levels).first; }
            flags = 0;
            f.row = false;
            f.parens = 0;
            break;
        case '(': f.parens += f.levels.n + f.parens < PARSE_DEPTH; break;
        case ')': f.parens -= f.parens > 0; break;
        default: break;
        }
        if ((t.kind == '{' && !f.start) || (t.kind == '(' && f.levels.n + f.parens >= PARSE_DEPTH)) {
            /* the rest is left out, what is open is closed: the parser relies on balance */
            say_too_deep(p, t.span);
            t.kind = '}';
            for (; f.levels.n > 1; f.levels.n--) { emit(&f, t); }
            t.kind = TK_EOF;
            emit(&f, t);
            break;
        }
        t.flags |= flags;
        if (flags && (t.kind == TK_NUMBER || t.kind == TK_CLAUSE)) { f.start = raw(&f, f.at + 1)->kind == TK_NAME; }
        emit(&f, t);
        f.at++;
        if (f.start && (t.kind == TK_NUMBER || t.kind == TK_CLAUSE) && raw(&f, f.at)->kind == TK_NAME) {
            /* the word behind a clause number starts the statement as well */
            f.start = false;
            take_word(&f, TOKEN_START);
            f.out.p[f.out.n - 1].flags &= (uint16_t)~TOKEN_START;
        }
    }
    p->tokens = f.out;
}
