/* SPDX-License-Identifier: MIT */
/* "Did you mean": edit distance with transpositions, cut off at a third of the length. */
#include "compiler/unit.h"

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

void suggest_start(struct suggestion *s, struct str wanted)
{
    *s = (struct suggestion){ .wanted = wanted, .distance = ((uint32_t)wanted.n + 2) / 3 + 1 };
}

void suggest_offer(struct suggestion *s, struct str candidate)
{
    if (s->wanted.n > SUGGEST_MAX || candidate.n > SUGGEST_MAX || candidate.n == 0) { return; }
    uint32_t d = distance(s->wanted, candidate);
    if (d < s->distance) { s->distance = d; s->best = candidate; }
}

bool suggest_found(const struct suggestion *s) { return s->best.n > 0; }
