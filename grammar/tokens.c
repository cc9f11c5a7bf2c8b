/* SPDX-License-Identifier: MIT */
/* The filter between scanner and parser. From bytes' tokens it makes the language's: keywords out of words (several words
 * can be one token), amounts with their units (amounts.c), one separator between statements, a mark before each row of a
 * table, and braces that balance (braces.c). It looks at neighbours only, and never asks the parser. */
#include "grammar/filter.h"
#include "msa.tab.h"
#include <string.h>

struct str token_text(const struct parse *p, const struct token *t)
{
    return str_make(p->source->text + (t->span.from - p->source->base), t->span.to - t->span.from);
}

bool is_word(const struct parse *p, const struct token *t, const char *word)
{
    return t->kind == TK_NAME && str_eq(token_text(p, t), str_of(word));
}
bool one_of(const struct parse *p, const struct token *t, const char *const *words)
{
    for (; *words != NULL; words++) {
        if (is_word(p, t, *words)) { return true; }
    }
    return false;
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
            i = next - 1;
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

const struct phrase *phrase_ahead(const struct filter *f, size_t at, bool start, size_t *used)
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
    if (vec_last(&f->levels).block == BLOCK_CHARGE) { return f->first == TK_EXAMPLE || f->first == TK_TEST ? BLOCK_PLAIN : BLOCK_TABLE; }
    switch (f->first) {
    case TK_TABLE:
    case TK_SERIES:
    case TK_NOTICE_BY:
    case TK_NOTICE_OF_A_REDUCTION_BY:
    case TK_AMOUNT:
    case TK_TARGET: case TK_WITHIN: case TK_BACK_WITHIN: return BLOCK_TABLE;
    case TK_FEE:
    case TK_CREDIT:
    case TK_DISCOUNT:
    case TK_TAX: return BLOCK_CHARGE;
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
        if (i > 0 && f->in.p[i - 1].kind == TK_NUMBER && is_unit(word)) { continue; }
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
    static const char *const alone[] = { "calendar", "holidays", "adapter", "fee", "credit", "discount", "tax", "amount", NULL };
    const struct token *behind = end->kind == TK_TEXT ? raw(f, i + n + 1) : end; /* a title */
    bool joint = is_word(f->p, behind, "of") || is_word(f->p, behind, "by") || end->kind == ':';
    bool brace = (end->kind == '{' || end->kind == '=' || end->kind == TK_TEXT) && one_of(f->p, raw(f, i - 1), alone);
    return n < 2 || n > 15 || !(joint || hyphens || (brace && !doubtful)) ? 0 : n;
}
static void join_names(struct filter *f)
{
    static const char *const words[] = { "clock", "measure", "calendar", "entity", "event", "table", "value", "scale", "choice", "party",
                                         "holidays", "spans", "chain", "adapter", "fee", "credit", "discount", "tax", "amount", NULL };
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
    f->steps = false;
    f->lines = 0;
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
    /* `limit liability of provider to … ; for data_loss to …` */
    bool limits = f->first == TK_LIMIT_LIABILITY_OF || f->first == TK_LIABILITY_OF;
    if (limits && is_word(f->p, raw(f, f->at), "for")) {
        sep.kind = ',';
        emit(f, sep);
        return;
    }
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
    /* `value : percent` declares a field called value; `closed = a or b` a calendar; `rate(role)` is a function */
    if (k != NULL && used == 1 && (next == ':' || (next == '(' && k->kind == TK_RATE) || (next == '=' && !(flags & TOKEN_START)))) { k = NULL; }
    if (k != NULL) { k = keyword_here(f, k); }
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
    if (t.kind == TK_PER_WHOLE || t.kind == TK_PER_STARTED || t.kind == TK_PER_EXACT) { f->steps = true; }
    if (t.kind == TK_BELOW && f->steps) { t.kind = TK_STEP_BELOW; }
    if (t.kind == TK_AND || t.kind == TK_OR || t.kind == TK_WHEN || t.kind == TK_THEN || t.kind == TK_ELSE || t.kind == TK_STEP_BELOW) { f->steps = false; }
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
            if (flags == 0 && (take_next_day(&f) || take_ledger_words(&f))) { continue; }
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
        case '(':
            f.parens += f.levels.n + f.parens < PARSE_DEPTH;
            if (f.lines == 0 && lines_ahead(&f)) { t.kind = TK_LINES, f.lines = f.parens; }
            break;
        case ')':
            if (f.lines == f.parens) { f.lines = 0; }
            f.parens -= f.parens > 0;
            break;
        case ',':
            f.steps = false;
            if (tail_ahead(&f)) { t.kind = TK_TAIL; }
            break;
        default: break;
        }
        if ((t.kind == '{' && !f.start) || ((t.kind == '(' || t.kind == TK_LINES) && f.levels.n + f.parens >= PARSE_DEPTH)) {
            /* the rest is left out, what is open is closed: the parser relies on balance */
            say_too_deep(p, t.span);
            t.kind = '}';
            for (; f.levels.n > 1; f.levels.n--) { emit(&f, t); }
            t.kind = TK_EOF;
            emit(&f, t);
            break;
        }
        t.flags |= flags;
        /* `replace 5.3 fee flat { … }`: behind the number a statement starts as well */
        bool amends = before != NULL && (before->kind == TK_REPLACE || before->kind == TK_ADD);
        if ((flags || amends) && (t.kind == TK_NUMBER || t.kind == TK_CLAUSE)) { f.start = raw(&f, f.at + 1)->kind == TK_NAME; }
        emit(&f, t);
        f.at++;
        if (t.kind == TK_TAIL) { take_word(&f, TOKEN_START), f.out.p[f.out.n - 1].flags &= (uint16_t)~TOKEN_START; }
        if (f.start && (t.kind == TK_NUMBER || t.kind == TK_CLAUSE) && raw(&f, f.at)->kind == TK_NAME) {
            /* the word behind a clause number starts the statement as well */
            f.start = false;
            take_word(&f, TOKEN_START);
            f.out.p[f.out.n - 1].flags &= (uint16_t)~TOKEN_START;
        }
    }
    p->tokens = f.out;
}
