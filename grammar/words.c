/* SPDX-License-Identifier: MIT */
/* The keywords of the language: read from the aliases of msa.y, found by their first word. And how near two words are. */
#include "grammar/parser.h"
#include "msa.tab.h"
#include <string.h>

enum { BUCKETS = 1024 };
struct keywords { const struct phrase *bucket[BUCKETS]; };

static size_t first_word(const char *text)
{
    size_t n = 0;
    while (text[n] != '\0' && text[n] != ' ' && text[n] != '-') { n++; }
    return n;
}
static size_t bucket_of(struct str word)
{
    return str_hash(word) % BUCKETS;
}

struct keywords *keywords_make(struct arena *a)
{
    struct keywords *k = ARENA_NEW(a, struct keywords);
    for (int symbol = 0; symbol < grammar_symbols(); symbol++) {
        enum word_class class = grammar_word_class(symbol);
        if (class == NOT_A_WORD) { continue; }
        struct phrase *new = ARENA_NEW(a, struct phrase);
        new->text = grammar_symbol_name(symbol);
        new->kind = grammar_token_of(symbol);
        new->starter = class != PLAIN_WORD;
        new->pieces = 1;
        for (const char *c = new->text; *c != '\0'; c++) { new->pieces += *c == ' ' ? 1 : *c == '-' ? 2 : 0; }
        /* longest first, so that `is not missing` comes before `is not` */
        const struct phrase **place = &k->bucket[bucket_of(str_make(new->text, first_word(new->text)))];
        while (*place != NULL && (*place)->pieces > new->pieces) { place = (const struct phrase **)(uintptr_t)&(*place)->next; }
        new->next = *place;
        *place = new;
    }
    return k;
}

const struct phrase *keywords_find(const struct keywords *k, struct str word)
{
    const struct phrase *p = k->bucket[bucket_of(word)];
    while (p != NULL && !(first_word(p->text) == word.n && memcmp(p->text, word.p, word.n) == 0)) { p = p->next; }
    return p;
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

unsigned word_distance(struct str a, struct str b, unsigned limit)
{
    enum { LONGEST = 48 };
    if (a.n > LONGEST || b.n > LONGEST) { return limit + 1; }
    if ((a.n > b.n ? a.n - b.n : b.n - a.n) > limit) { return limit + 1; }
    unsigned rows[3][LONGEST + 1];
    unsigned *before = rows[0], *last = rows[1], *now = rows[2];
    for (size_t j = 0; j <= b.n; j++) { last[j] = (unsigned)j; }
    for (size_t i = 1; i <= a.n; i++) {
        now[0] = (unsigned)i;
        for (size_t j = 1; j <= b.n; j++) {
            unsigned same = lower(a.p[i - 1]) != lower(b.p[j - 1]);
            unsigned best = last[j - 1] + same;
            if (last[j] + 1 < best) { best = last[j] + 1; }
            if (now[j - 1] + 1 < best) { best = now[j - 1] + 1; }
            if (i > 1 && j > 1 && lower(a.p[i - 1]) == lower(b.p[j - 2]) && lower(a.p[i - 2]) == lower(b.p[j - 1]) &&
                before[j - 2] + 1 < best) {
                best = before[j - 2] + 1;
            }
            now[j] = best;
        }
        unsigned *free_row = before;
        before = last, last = now, now = free_row;
    }
    return last[b.n] <= limit ? last[b.n] : limit + 1;
}
