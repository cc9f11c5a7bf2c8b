/* SPDX-License-Identifier: MIT */
/* Questions about the definition, not about time: which rule decided a date, and which two rules disagree.
 * For the compiler and for explanations; nothing here is fast. */
#include "base/calendar_build.h"

#include <stdlib.h>
#include <string.h>

struct search { date d; const struct daterule *found; };

static void match(void *ctx, date d, const struct daterule *rule)
{
    struct search *s = ctx;
    if (d == s->d)
        s->found = rule;
}

/* The date rule by which r names d, or NULL. */
static const struct daterule *names(const struct calrule *r, date d)
{
    struct search s = { d, NULL };
    int year = civil_ymd(d).year;
    for (int i = 0; i < r->n_dates && !s.found; i++)
        daterule_year(&r->dates[i], year, match, &s);
    return s.found;
}

static const struct calrule *first_of(const struct calendar_def *def, date d, enum calrule_kind kind, int hours, bool weekday, const struct daterule **named)
{
    for (int i = 0; i < def->n_rules; i++) {
        const struct calrule *r = &def->rules[i];
        if (r->kind != kind || (hours >= 0 && hours != (r->n_hours > 0)) || (weekday && !(r->weekdays >> civil_weekday(d) & 1)))
            continue;
        if ((*named = names(r, d)))
            return r;
    }
    return NULL;
}

/* In the order of precedence; an opening without hours counts only where a closure would hold. */
static const struct calrule *why(const struct calendar_def *def, date d, const struct daterule **named)
{
    const struct calrule *r, *closed;
    const struct daterule *by;
    if (def->kind == CAL_AND || def->kind == CAL_OR || def->kind == CAL_EXCEPT)
        return (r = why(def->a, d, named)) ? r : why(def->b, d, named);
    if (def->kind != CAL_RULES)
        return NULL;
    if ((r = first_of(def, d, CR_OPEN, true, false, named)))
        return r;
    closed = first_of(def, d, CR_CLOSED, false, false, &by);
    if (!closed)
        closed = first_of(def, d, CR_CLOSED, true, false, &by);
    if (closed) {
        if ((r = first_of(def, d, CR_OPEN, false, false, named)))
            return r;
        *named = by;
        return closed;
    }
    if ((r = first_of(def, d, CR_DURING, -1, true, named)) || (r = first_of(def, d, CR_DURING, -1, false, named)))
        return r;
    return first_of(def, d, CR_ALSO_OPEN, -1, true, named);
}

const struct calrule *calendar_why(struct calendar *c, date d, const struct daterule **named)
{
    const struct daterule *by = NULL;
    const struct calrule *r = why(c->root.def, d, &by);
    if (named)
        *named = r ? by : NULL;
    return r;
}

/* The first rule (number + 1) of the kind asked that named each date of a year; a later one that disagrees is the find. */
struct claims {
    const struct calendar_def *def;
    date first;
    int rule, other;
    date on;
    uint16_t by[366];
};

static bool disagree(const struct calrule *a, const struct calrule *b)
{
    if (a->kind == CR_DURING)
        return a->group != b->group;
    return a->n_hours != b->n_hours || (a->n_hours && memcmp(a->hours, b->hours, a->n_hours * sizeof *a->hours));
}

static void claim(void *ctx, date d, const struct daterule *rule)
{
    struct claims *s = ctx;
    uint16_t *by = &s->by[d - s->first];
    (void)rule;
    if (*by == 0)
        *by = (uint16_t)(s->rule + 1);
    else if (disagree(&s->def->rules[*by - 1], &s->def->rules[s->rule]) && (s->other < 0 || d < s->on)) {
        s->other = *by - 1;
        s->on = d;
    }
}

static bool found(const struct calendar_def *def, int a, int b, date d, const struct calrule **r1, const struct calrule **r2, date *on)
{
    *r1 = &def->rules[a];
    *r2 = &def->rules[b];
    *on = d;
    return true;
}

static bool weekly_conflict(const struct calendar_def *def, int year, const struct calrule **r1, const struct calrule **r2, date *on)
{
    for (int i = 0; i < def->n_rules; i++)
        for (int j = i + 1; j < def->n_rules && def->rules[i].kind == CR_WEEKLY; j++) {
            int both = def->rules[i].weekdays & def->rules[j].weekdays;
            date d = civil_date(year, 1, 1);
            if (def->rules[j].kind != CR_WEEKLY || !(both & 0x7f))
                continue;
            while (!(both >> civil_weekday(d) & 1))
                d++;
            return found(def, i, j, d, r1, r2, on);
        }
    return false;
}

bool calendar_conflict(const struct calendar_def *def, int first_year, int last_year, const struct calrule **r1, const struct calrule **r2, date *on)
{
    static const enum calrule_kind kinds[] = { CR_OPEN, CR_DURING };
    if (def->kind == CAL_AND || def->kind == CAL_OR || def->kind == CAL_EXCEPT)
        return calendar_conflict(def->a, first_year, last_year, r1, r2, on) || calendar_conflict(def->b, first_year, last_year, r1, r2, on);
    if (def->kind != CAL_RULES)
        return false;
    if (weekly_conflict(def, first_year, r1, r2, on))
        return true;
    for (int year = first_year; year <= last_year; year++)
        for (size_t k = 0; k < countof(kinds); k++) {
            struct claims s = { .def = def, .first = civil_date(year, 1, 1), .other = -1 };
            for (s.rule = 0; s.rule < def->n_rules; s.rule++) {
                const struct calrule *r = &def->rules[s.rule];
                for (int i = 0; i < r->n_dates && r->kind == kinds[k]; i++)
                    daterule_year(&r->dates[i], year, claim, &s);
                if (s.other >= 0)
                    return found(def, s.other, s.rule, s.on, r1, r2, on);
            }
        }
    return false;
}
