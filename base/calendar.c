/* SPDX-License-Identifier: MIT */
/* Questions about open time (T3, E1): two look-ups in the table of rows. Opening and closing of calendars. */
#include "base/calendar.h"
#include "base/calendar_build.h"

#include <stdlib.h>

static bool node_open(struct node *n, const struct calendar_def *def, const struct zone *zone)
{
    n->def = def;
    n->zone = def->zone ? zone_load(def->zone) : zone ? zone : zone_load("UTC");
    if (!n->zone)
        return false;
    n->reach = 1;
    if (def->kind == CAL_RULES) {
        for (int i = 0; i < def->n_rules; i++)
            for (int k = 0; k < def->rules[i].n_hours && def->rules[i].kind != CR_CLOSED; k++) {
                int32_t days = def->rules[i].hours[k].to / 86400 + 1;
                if (days > n->reach)
                    n->reach = days < 32 ? days : 32;
            }
    } else if (def->kind == CAL_AND || def->kind == CAL_OR || def->kind == CAL_EXCEPT) {
        n->a = calloc(1, sizeof *n->a);
        n->b = calloc(1, sizeof *n->b);
        if (!n->a || !n->b || !node_open(n->a, def->a, zone) || !node_open(n->b, def->b, zone))
            return false;
        n->reach = (n->a->reach > n->b->reach ? n->a->reach : n->b->reach) + 2;
    }
    return true;
}

static void node_close(struct node *n)
{
    if (!n)
        return;
    node_close(n->a);
    node_close(n->b);
    free(n->a);
    free(n->b);
}

struct calendar *calendar_open(const struct calendar_def *def, const struct zone *zone)
{
    struct calendar *c = calloc(1, sizeof *c);
    if (c && !node_open(&c->root, def, zone)) {
        calendar_close(c);
        return NULL;
    }
    return c; /* nothing is laid out before the first question */
}

void calendar_close(struct calendar *c)
{
    if (!c)
        return;
    node_close(&c->root);
    free(c->rows);
    free(c->index);
    free(c->days);
    free(c->day_at);
    free(c->pieces);
    free(c);
}

const struct zone *calendar_zone(const struct calendar *c)
{
    return c->root.zone;
}

static inline instant limit(instant t)
{
    return t < CAL_LOW ? CAL_LOW : t > CAL_HIGH ? CAL_HIGH : t;
}

static inline void cover(struct calendar *c, instant t)
{
    if (__builtin_expect(!calendar_covers(c, t), 0))
        calendar_cover(c, t);
}

/* The last row that starts at or before t. The index leaves a step or two; a calendar of many short intervals, a search. */
static inline size_t row_at(const struct calendar *c, instant t)
{
    size_t slot = (size_t)((t >> CAL_SLOT) - c->index_base), i = c->index[slot];
    if (__builtin_expect(c->dense, 0)) {
        size_t end = (size_t)c->index[slot + 1] + 1;
        while (end - i > 1) {
            size_t mid = i + (end - i) / 2;
            if (c->rows[mid].from <= t)
                i = mid;
            else
                end = mid;
        }
        return i;
    }
    i += c->rows[i + 1].from <= t;
    while (__builtin_expect(c->rows[i + 1].from <= t, 0))
        i++;
    return i;
}

/* Open time from the first row to t. */
static inline micros sum_at(const struct calendar *c, instant t)
{
    const struct row *r = &c->rows[row_at(c, t)];
    return r->before + ((t < r->to ? t : r->to) - r->from);
}

micros calendar_elapsed(struct calendar *c, instant a, instant b)
{
    if (b <= a || a == NONE || b == NONE)
        return 0;
    a = limit(a);
    b = limit(b);
    cover(c, a);
    cover(c, b);
    return sum_at(c, b) - sum_at(c, a);
}

bool calendar_is_open(struct calendar *c, instant t)
{
    if (t < CAL_LOW || t >= CAL_HIGH)
        return false;
    cover(c, t);
    return t < c->rows[row_at(c, t)].to;
}

/* The first row whose end brings the sum to `target`, from row i on, by doubling steps and then halving; there is one.
 * A target of some hours is one to three rows away. */
static const struct row *row_of_sum(const struct calendar *c, size_t i, micros target)
{
    /* rows[k].before >= target  <=>  the row before k reached it */
    size_t step = 1, low = i, high;
    while ((high = low + step) < c->n_rows && c->rows[high].before < target) {
        low = high;
        step *= 2;
    }
    if (high > c->n_rows)
        high = c->n_rows; /* the row at the end of time holds the whole sum */
    while (high - low > 1) {
        size_t mid = low + (high - low) / 2;
        if (c->rows[mid].before < target)
            low = mid;
        else
            high = mid;
    }
    return &c->rows[low];
}

instant calendar_due(struct calendar *c, instant a, micros d)
{
    int32_t step = 1;
    micros target;
    if (a == NONE || a >= CAL_HIGH)
        return a == NONE ? NONE : NEVER;
    a = limit(a);
    cover(c, a);
    size_t i = row_at(c, a);
    if (d <= 0) { /* the first open instant */
        if (a < c->rows[i].to)
            return a;
        while (i + 1 == c->n_rows) /* a row that is lengthened begins where it did, so i stays */
            if (!calendar_forward(c, a, &step))
                return NEVER;
            else if (a < c->rows[i].to)
                return a;
        return c->rows[i + 1].from;
    }
    const struct row *r = &c->rows[i];
    if (__builtin_add_overflow(r->before + ((a < r->to ? a : r->to) - r->from), d, &target))
        return NEVER;
    while (c->rows[c->n_rows].before < target)
        if (!calendar_forward(c, a, &step))
            return NEVER;
    r = row_of_sum(c, i, target);
    instant t = r->from + (target - r->before);
    return t > CAL_HIGH ? NEVER : t;
}

instant calendar_before(struct calendar *c, instant due, micros d)
{
    int32_t step = 1;
    if (due == NONE || due == NEVER || due < CAL_LOW || due > CAL_HIGH)
        return NONE;
    if (d <= 0)
        return due;
    cover(c, due);
    micros target;
    while ((target = sum_at(c, due) - d) <= 0)
        if (!calendar_backward(c, due, &step)) {
            if (target < 0 || c->n_rows == 1)
                return NONE;
            return c->rows[1].from; /* all the open time there ever was */
        }
    size_t i = row_at(c, due); /* back from here, by doubling steps */
    for (size_t step_back = 1; c->rows[i].before >= target; step_back *= 2)
        i = i > step_back ? i - step_back : 0;
    const struct row *r = row_of_sum(c, i, target);
    instant t = r->from + (target - r->before);
    return t < CAL_LOW ? NONE : t;
}

bool calendar_is_never(struct calendar *c)
{
    struct pieces p = { 0 };
    bool found = false;
    if (c->n_rows > 1)
        return false;
    /* Outwards from the present, a few years at a time; only a calendar that is never open is read to the end. */
    for (int n = 0; n <= CAL_LAST_YEAR - 2020 && !found; n += 8) {
        int after = 2020 + n, before = 2020 - n - 8;
        if (after <= CAL_LAST_YEAR)
            calendar_generate(&c->root, civil_date(after, 1, 1), civil_date(after + 8, 1, 1) - 1, &p);
        if (p.n == 0 && before + 8 > CAL_FIRST_YEAR)
            calendar_generate(&c->root, civil_date(before, 1, 1), civil_date(before + 8, 1, 1) - 1, &p);
        found = p.n > 0;
    }
    free(p.v);
    return !found;
}

/* Pieces in order of time, each shortened by what earlier ones covered, so that lengths add up to `elapsed`. */
size_t calendar_intervals(struct calendar *c, instant a, instant b, struct open_interval *out, size_t max)
{
    size_t count = 0, i = 0, end = 0;
    if (b <= a || a == NONE)
        return 0;
    a = limit(a);
    b = limit(b);
    cover(c, a);
    cover(c, b);
    date first = calendar_local_date(c->root.zone, a) - c->root.reach - 2, last = calendar_local_date(c->root.zone, b) + 2;
    calendar_cover_date(c, first);
    calendar_cover_date(c, last);
    for (size_t high = c->n_pieces; i < high;) {
        size_t mid = i + (high - i) / 2;
        if (c->pieces[mid].on < first)
            i = mid + 1;
        else
            high = mid;
    }
    struct pieces p = { 0 };
    for (end = i; end < c->n_pieces && c->pieces[end].on <= last; end++) {
        const struct piece *x = &c->pieces[end];
        if (x->to <= a || x->from >= b)
            continue;
        pieces_add(&p, x->from, x->to, x->on);
        for (size_t k = p.n - 1; k > 0 && p.v[k].from < p.v[k - 1].from; k--) { /* hardly ever */
            struct piece t = p.v[k];
            p.v[k] = p.v[k - 1];
            p.v[k - 1] = t;
        }
    }
    instant covered = a;
    for (i = 0; i < p.n; i++) {
        instant from = p.v[i].from > covered ? p.v[i].from : covered, to = p.v[i].to < b ? p.v[i].to : b;
        if (from >= to)
            continue;
        if (count < max)
            out[count] = (struct open_interval){ from, to, p.v[i].on };
        count++;
        covered = to;
    }
    free(p.v);
    return count;
}
