/* SPDX-License-Identifier: MIT */
/* Braces that balance: where one is missing or too much is guessed from indentation and from what starts a line. */
#include "grammar/filter.h"
#include "msa.tab.h"
#include <string.h>

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
                                         "chain", "measure", "rule", "exception", "notwithstanding", "manual", "adapter", "fee", "credit", "discount",
                                         "tax", "rate", "quantity", "series", "amount", "cap", "amendment", NULL };
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

void balance_braces(struct parse *p)
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
