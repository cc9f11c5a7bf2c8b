/* SPDX-License-Identifier: MIT */
/* "Did you mean": edit distance with transpositions, cut off at a third of the length. */
#include "compiler/unit.h"
#include "base/stdlib_data.h"
#include <string.h>

#define SUGGEST_MAX 40

static uint32_t least(uint32_t a, uint32_t b) { return a < b ? a : b; }
static char lower(char c) { return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c; }

static uint32_t distance(struct str a, struct str b)
{
    uint32_t before[SUGGEST_MAX + 1], last[SUGGEST_MAX + 1], now[SUGGEST_MAX + 1];
    for (uint32_t j = 0; j <= b.n; j++) { last[j] = j; before[j] = 0; }
    for (uint32_t i = 1; i <= a.n; i++) {
        now[0] = i;
        for (uint32_t j = 1; j <= b.n; j++) {
            char x = lower(a.p[i - 1]), y = lower(b.p[j - 1]);
            now[j] = least(least(last[j] + 1, now[j - 1] + 1), last[j - 1] + (x != y));
            if (i > 1 && j > 1 && x == lower(b.p[j - 2]) && y == lower(a.p[i - 2])) { now[j] = least(now[j], before[j - 2] + 1); }
        }
        for (uint32_t j = 0; j <= b.n; j++) { before[j] = last[j]; last[j] = now[j]; }
    }
    return last[b.n];
}

/* Characters that occur, folded to 32 classes: each class of one word that the other lacks costs an edit. */
static uint32_t classes_in(struct str s)
{
    uint32_t set = 0;
    for (size_t i = 0; i < s.n; i++) { set |= (uint32_t)1 << ((unsigned char)lower(s.p[i]) & 31); }
    return set;
}

static uint32_t count_bits(uint32_t x)
{
    uint32_t n = 0;
    for (; x != 0; x &= x - 1) { n++; }
    return n;
}

void suggest_start(struct suggestion *s, struct str wanted)
{
    *s = (struct suggestion){ .wanted = wanted, .distance = ((uint32_t)wanted.n + 2) / 3 + 1 };
}

void suggest_offer(struct suggestion *s, struct str candidate)
{
    if (s->wanted.n > SUGGEST_MAX || candidate.n > SUGGEST_MAX || candidate.n == 0) { return; }
    size_t longer = s->wanted.n > candidate.n ? s->wanted.n - candidate.n : candidate.n - s->wanted.n;
    if (longer >= s->distance || count_bits(classes_in(s->wanted) & ~classes_in(candidate)) >= s->distance) { return; }
    uint32_t d = distance(s->wanted, candidate);
    if (d < s->distance) { s->distance = d; s->best = candidate; }
}

bool suggest_found(const struct suggestion *s) { return s->best.n > 0; }

bool node_broken(const struct node *n)
{
    if (n == NULL) { return false; }
    bool broken = n->kind == N_BROKEN;
    for (uint32_t i = 0; i < n->n && !broken; i++) { broken = node_broken(n->kid[i]); }
    return broken;
}

static bool is_letter(char c) { return c == '_' || (c >= '0' && c <= '9') || (lower(c) >= 'a' && lower(c) <= 'z') || (unsigned char)c >= 0x80; }

/* `time to fix`, `Time-to-fix` and `time_to_fix` are one word to somebody who has yet to learn what a name is. */
static bool same_name(struct str a, struct str b)
{
    for (size_t i = 0; i < a.n; i++) {
        char x = lower(a.p[i]), y = lower(b.p[i]);
        if (x != y && !(y == '_' && (x == ' ' || x == '-'))) { return false; }
    }
    return true;
}

static bool has_word(struct str text, struct str word)
{
    for (size_t i = 0; word.n > 0 && i + word.n <= text.n; i++) {
        bool alone = (i == 0 || !is_letter(text.p[i - 1])) && (i + word.n == text.n || !is_letter(text.p[i + word.n]));
        if (alone && same_name(str_slice(text, i, i + word.n), word)) { return true; }
    }
    return false;
}

/* The lines of what could not be read: what it declares stands before the place of the mistake, or behind it. */
static bool broken_has(struct unit *u, const struct node *n, struct str name)
{
    if (n == NULL) { return false; }
    bool found = false;
    for (uint32_t i = 0; i < n->n && !found; i++) { found = broken_has(u, n->kid[i], name); }
    if (n->kind != N_BROKEN || found) { return found; }
    const struct source *f = source_of(u->sources, n->span.from);
    if (f == NULL) { return false; }
    size_t from = n->span.from - f->base, to = n->span.to - f->base;
    while (from > 0 && f->text[from - 1] != '\n') { from--; }
    while (to < f->n && f->text[to] != '\n') { to++; }
    struct str lines = str_make(f->text + from, to - from);
    if (has_word(lines, name)) { return true; }
    for (size_t i = 0; i < stdlib_module_count; i++) { found |= has_word(lines, str_of(stdlib_modules[i].name)); } /* `us itil` */
    return found;
}

size_t unit_mistakes(const struct unit *u) { return diags_errors(u->diags) + u->untold; }

bool name_unreadable(struct unit *u, struct str name)
{
    if (unit_mistakes(u) > 200) { return false; } /* nobody reads so far */
    size_t n;
    const struct diag *const *said = diags_sorted(u->diags, &n);
    bool words = false;
    for (size_t i = 0; i < n; i++) {
        if (said[i]->code == E0201_NO_MODULE) { u->untold++; return true; }
        words |= strncmp(diag_info(said[i]->code)->code, "E01", 3) == 0;
    }
    for (size_t i = 0; words && i < u->modules.n; i++) {
        if (broken_has(u, u->modules.p[i]->file, name)) { u->untold++; return true; }
    }
    return false;
}
