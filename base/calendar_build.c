/* SPDX-License-Identifier: MIT */
/* From rules to dated pieces, and from pieces to the table of rows and days. Answers no questions. */
#include "base/calendar_build.h"

#include <stdlib.h>
#include <string.h>

#define DAY_S 86400

/* A table grows in the middle of a question, which has no way to refuse: memory that is gone ends in the host's hook. */
void *calendar_memory(void *old, size_t n, size_t size)
{
    size_t bytes;
    void *p = __builtin_mul_overflow(n ? n : 1, size, &bytes) ? NULL : realloc(old, bytes);
    if (!p)
        MSA_BUG("no memory for a calendar");
    return p;
}

void pieces_add(struct pieces *p, instant from, instant to, date on)
{
    if (p->n == p->cap) {
        p->cap = p->cap ? p->cap * 2 : 512;
        p->v = calendar_memory(p->v, p->cap, sizeof *p->v);
    }
    p->v[p->n++] = (struct piece){ from, to, on };
}

static int by_start(const void *a, const void *b)
{
    const struct piece *x = a, *y = b;
    return x->from != y->from ? (x->from < y->from ? -1 : 1) : (x->on > y->on) - (x->on < y->on);
}

static int by_date(const void *a, const void *b)
{
    const struct piece *x = a, *y = b;
    return x->on != y->on ? (x->on < y->on ? -1 : 1) : (x->from > y->from) - (x->from < y->from);
}

/* Pieces come nearly always in order already. */
static void sort(struct piece *v, size_t n, int (*order)(const void *, const void *))
{
    for (size_t i = 1; i < n; i++)
        if (order(&v[i - 1], &v[i]) > 0) {
            qsort(v, n, sizeof *v, order);
            return;
        }
}

/* Joins neighbours that touch or overlap; with `within`, only those of one date. Returns how many are left. */
static size_t join(struct piece *v, size_t n, bool within)
{
    size_t k = 0;
    for (size_t i = 0; i < n; i++) {
        if (k && v[i].from <= v[k - 1].to && (!within || v[i].on == v[k - 1].on)) {
            if (v[i].to > v[k - 1].to)
                v[k - 1].to = v[i].to;
        } else {
            v[k++] = v[i];
        }
    }
    return k;
}

void pieces_unite(struct pieces *p)
{
    sort(p->v, p->n, by_start);
    p->n = join(p->v, p->n, false);
}

/* ---- the hours of one date ---- */

struct hour_list { struct hours *v; size_t n, cap; };

static void hours_add(struct hour_list *l, int32_t from, int32_t to)
{
    if (from >= to)
        return;
    if (l->n == l->cap) {
        l->cap = l->cap ? l->cap * 2 : 16;
        l->v = calendar_memory(l->v, l->cap, sizeof *l->v);
    }
    l->v[l->n++] = (struct hours){ from, to };
}

static void hours_of(struct hour_list *l, const struct calrule *r)
{
    for (int i = 0; i < r->n_hours; i++)
        hours_add(l, r->hours[i].from, r->hours[i].to);
}

static void hours_take_out(struct hour_list *l, struct hours x)
{
    size_t n = l->n;
    for (size_t i = 0; i < n; i++) {
        struct hours h = l->v[i];
        if (x.to <= h.from || x.from >= h.to)
            continue;
        l->v[i].to = x.from > h.from ? x.from : h.from; /* an empty one is dropped by `hours_unite` */
        hours_add(l, x.to, h.to);
    }
}

static void hours_unite(struct hour_list *l)
{
    size_t k = 0;
    for (size_t i = 1; i < l->n; i++) /* a handful */
        for (size_t j = i; j > 0 && l->v[j].from < l->v[j - 1].from; j--) {
            struct hours t = l->v[j];
            l->v[j] = l->v[j - 1];
            l->v[j - 1] = t;
        }
    for (size_t i = 0; i < l->n; i++) {
        struct hours h = l->v[i];
        if (h.from >= h.to)
            continue;
        if (k && h.from <= l->v[k - 1].to) {
            if (h.to > l->v[k - 1].to)
                l->v[k - 1].to = h.to;
        } else {
            l->v[k++] = h;
        }
    }
    l->n = k;
}

/* Which rules name which dates: a row of bits for each date of first..last. */
struct marks {
    const struct calendar_def *def;
    date first, last;
    size_t words;
    uint64_t *bits;
    uint8_t *any; /* a date that some rule names */
    int rule;
};

static void mark(void *ctx, date d, const struct daterule *rule)
{
    struct marks *m = ctx;
    (void)rule;
    if (d < m->first || d > m->last)
        return;
    size_t i = (size_t)(d - m->first);
    m->bits[i * m->words + (size_t)m->rule / 64] |= UINT64_C(1) << (m->rule % 64);
    m->any[i] = 1;
}

static void marks_make(struct marks *m, const struct calendar_def *def, date first, date last)
{
    size_t n = (size_t)(last - first) + 1;
    *m = (struct marks){ .def = def, .first = first, .last = last, .words = ((size_t)def->n_rules + 63) / 64 };
    m->bits = calendar_memory(NULL, n * m->words, sizeof *m->bits);
    m->any = calendar_memory(NULL, n, 1);
    memset(m->bits, 0, n * m->words * sizeof *m->bits);
    memset(m->any, 0, n);
    int from = civil_ymd(first).year, to = civil_ymd(last).year;
    for (m->rule = 0; m->rule < def->n_rules; m->rule++)
        for (int k = 0; k < def->rules[m->rule].n_dates; k++)
            for (int y = from; y <= to; y++)
                daterule_year(&def->rules[m->rule].dates[k], y, mark, m);
}

static bool marked(const struct marks *m, date d, int rule)
{
    size_t i = (size_t)(d - m->first);
    return m->bits[i * m->words + (size_t)rule / 64] >> (rule % 64) & 1;
}

static bool on_weekday(const struct calrule *r, int weekday)
{
    return r->weekdays >> weekday & 1;
}

/* T2's order: open beats closed beats during beats weekly; also-open is added last. */
static void resolve(const struct marks *m, date d, struct hour_list *out)
{
    const struct calrule *rules = m->def->rules;
    int n = m->def->n_rules, weekday = civil_weekday(d), group = -1;
    bool replaced = false, reopened = false, any = m->any[d - m->first];
    out->n = 0;
    for (int i = 0; any && i < n; i++) {
        if (rules[i].kind == CR_OPEN && marked(m, d, i)) {
            reopened = true;
            replaced |= rules[i].n_hours > 0;
            hours_of(out, &rules[i]);
        } else if (rules[i].kind == CR_DURING && group < 0 && marked(m, d, i)) {
            group = rules[i].group;
        }
    }
    if (!replaced) {
        for (int i = 0; i < n; i++)
            if (on_weekday(&rules[i], weekday)
                && (group < 0 ? rules[i].kind == CR_WEEKLY : rules[i].kind == CR_DURING && rules[i].group == group && marked(m, d, i)))
                hours_of(out, &rules[i]);
        for (int i = 0; any && !reopened && i < n; i++) {
            if (rules[i].kind != CR_CLOSED || !marked(m, d, i))
                continue;
            if (rules[i].n_hours == 0)
                out->n = 0;
            for (int k = 0; k < rules[i].n_hours; k++)
                hours_take_out(out, rules[i].hours[k]);
        }
    }
    for (int i = 0; any && i < n; i++)
        if (rules[i].kind == CR_ALSO_OPEN && on_weekday(&rules[i], weekday) && marked(m, d, i))
            hours_of(out, &rules[i]);
    hours_unite(out);
}

/* A closure on d that also cuts what began before. */
static bool cuts(const struct marks *m, date d)
{
    bool cut = false;
    if (d > m->last || !m->any[d - m->first])
        return false;
    for (int i = 0; i < m->def->n_rules; i++) {
        if (m->def->rules[i].kind == CR_OPEN && marked(m, d, i))
            return false;
        cut |= m->def->rules[i].kind == CR_CLOSED && m->def->rules[i].cut_tail && marked(m, d, i);
    }
    return cut;
}

/* ---- local hours to instants ---- */

/* The stretch of constant offset last used. */
struct cursor { const struct zone *zone; instant from, until; micros offset; };

static void cursor_to(struct cursor *k, instant t)
{
    if (t < k->from || t >= k->until)
        k->offset = zone_offset(k->zone, t, &k->from, &k->until) * USEC;
}

/* The union over the stretches S of [from - offset, to - offset) cut to S. Pieces of a date are ordered and joined. */
static void emit(struct cursor *k, date d, const struct hours *h, size_t n, struct pieces *out)
{
    const micros reach = 26 * HOUR_US;
    size_t mark_at = out->n;
    bool split = false;
    for (size_t i = 0; i < n; i++) {
        int64_t from = (int64_t)d * DAY_US + h[i].from * USEC, to = (int64_t)d * DAY_US + h[i].to * USEC;
        cursor_to(k, from - reach);
        for (;;) {
            instant a = from - k->offset, b = to - k->offset;
            a = a < k->from ? k->from : a;
            b = b > k->until ? k->until : b;
            if (a < b)
                pieces_add(out, a, b, d);
            if (k->until > to + reach)
                break;
            cursor_to(k, k->until);
            split = true;
        }
    }
    if (split) {
        sort(out->v + mark_at, out->n - mark_at, by_start);
        out->n = mark_at + join(out->v + mark_at, out->n - mark_at, true);
    }
}

static void generate_rules(const struct node *node, date first, date last, struct pieces *out)
{
    struct cursor k = { .zone = node->zone, .from = 1, .until = 0 };
    struct hour_list plain[7] = { 0 }, list = { 0 }, *l;
    struct marks m;
    marks_make(&m, node->def, first, last + node->reach);
    bool made[7] = { false };
    for (date d = first; d <= last; d++) {
        int weekday = civil_weekday(d);
        if (m.any[d - first]) {
            resolve(&m, d, l = &list);
        } else {
            l = &plain[weekday]; /* most dates: the weekly hours */
            if (!made[weekday])
                resolve(&m, d, l);
            made[weekday] = true;
        }
        size_t n = l->n;
        if (n && l->v[n - 1].to > DAY_S) {
            int32_t cut = INT32_MAX;
            for (int32_t j = 1; j <= node->reach && cut == INT32_MAX; j++)
                if (cuts(&m, d + j))
                    cut = j * DAY_S;
            if (cut != INT32_MAX || l->v[n - 1].to > node->reach * DAY_S) {
                int32_t end = cut < node->reach * DAY_S ? cut : node->reach * DAY_S;
                if (l != &list) {
                    list.n = 0;
                    for (size_t i = 0; i < n; i++)
                        hours_add(&list, l->v[i].from, l->v[i].to);
                    l = &list;
                }
                hours_take_out(l, (struct hours){ end, INT32_MAX });
                hours_unite(l);
                n = l->n;
            }
        }
        emit(&k, d, l->v, n, out);
    }
    for (int i = 0; i < 7; i++)
        free(plain[i].v);
    free(list.v);
    free(m.bits);
    free(m.any);
}

/* ---- set algebra ---- */

static void keep(const struct node *node, const struct piece *p, instant from, instant to, date first, date last, struct pieces *out)
{
    if (from >= to)
        return;
    date on = from == p->from ? p->on : calendar_local_date(node->zone, from);
    if (on >= first && on <= last)
        pieces_add(out, from, to, on);
}

/* The dated pieces of the left operand, cut by the united set of the right one. */
static void generate_cut(const struct node *node, date first, date last, struct pieces *out)
{
    struct pieces left = { 0 }, right = { 0 };
    bool except = node->def->kind == CAL_EXCEPT;
    date early = first - 3 - node->a->reach, late = last + 3;
    calendar_generate(node->a, early, late, &left);
    calendar_generate(node->b, early - 3 - node->b->reach, late + 3 + node->a->reach, &right);
    sort(left.v, left.n, by_start);
    pieces_unite(&right);
    size_t j = 0;
    for (size_t i = 0; i < left.n; i++) {
        const struct piece *p = &left.v[i];
        while (j < right.n && right.v[j].to <= p->from)
            j++;
        instant at = p->from;
        for (size_t k = j; k < right.n && right.v[k].from < p->to; k++) {
            instant a = right.v[k].from > p->from ? right.v[k].from : p->from;
            instant b = right.v[k].to < p->to ? right.v[k].to : p->to;
            if (except)
                keep(node, p, at, a, first, last, out);
            else
                keep(node, p, a, b, first, last, out);
            at = b;
        }
        if (except)
            keep(node, p, at, p->to, first, last, out);
    }
    free(left.v);
    free(right.v);
}

void calendar_generate(const struct node *node, date first, date last, struct pieces *out)
{
    size_t start = out->n;
    switch ((enum calendar_kind)node->def->kind) {
    case CAL_RULES:
        generate_rules(node, first, last, out);
        return;
    case CAL_ALWAYS: {
        struct cursor k = { .zone = node->zone, .from = 1, .until = 0 };
        for (date d = first; d <= last; d++)
            emit(&k, d, &(struct hours){ 0, DAY_S }, 1, out);
        return;
    }
    case CAL_NEVER:
    case CAL_KIND_COUNT:
        return;
    case CAL_AND:
    case CAL_EXCEPT:
        generate_cut(node, first, last, out);
        break;
    case CAL_OR:
        calendar_generate(node->a, first, last, out);
        calendar_generate(node->b, first, last, out);
        break;
    }
    if (out->n == start)
        return;
    sort(out->v + start, out->n - start, by_date);
    out->n = start + join(out->v + start, out->n - start, true);
}

/* ---- the table ---- */

/* Where a year's part of the table begins: its first local midnight. */
static instant year_start(const struct calendar *c, int year)
{
    return calendar_local_instant(c->root.zone, (int64_t)civil_date(year, 1, 1) * DAY_US);
}

static void make_index(struct calendar *c)
{
    c->index_base = c->valid_from >> CAL_SLOT;
    c->n_index = (size_t)((c->valid_to >> CAL_SLOT) - c->index_base) + 2;
    c->index = calendar_memory(c->index, c->n_index, sizeof *c->index);
    size_t r = 0;
    c->dense = false;
    for (size_t i = 0; i < c->n_index; i++) {
        instant t = (c->index_base + (int64_t)i) * (INT64_C(1) << CAL_SLOT);
        while (r + 1 < c->n_rows && c->rows[r + 1].from <= t)
            r++;
        c->index[i] = (uint32_t)r;
        c->dense |= i && r - c->index[i - 1] > 8;
    }
}

static size_t append_rows(struct row *to, size_t n, const struct row *v, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (v[i].from == v[i].to)
            continue;
        if (n > 1 && to[n - 1].to == v[i].from)
            to[n - 1].to = v[i].to;
        else
            to[n++] = v[i];
    }
    return n;
}

/* New rows go before or after those there are; sums are counted anew from the first row. */
static void join_rows(struct calendar *c, const struct row *v, size_t n, bool front)
{
    struct row *rows = calendar_memory(NULL, c->n_rows + n + 2, sizeof *rows);
    size_t k = 1;
    rows[0] = (struct row){ c->valid_from, c->valid_from, 0 };
    if (front)
        k = append_rows(rows, k, v, n);
    if (c->n_rows)
        k = append_rows(rows, k, c->rows + 1, c->n_rows - 1);
    if (!front)
        k = append_rows(rows, k, v, n);
    micros sum = 0;
    for (size_t i = 0; i < k; i++) {
        rows[i].before = sum;
        sum += rows[i].to - rows[i].from;
    }
    rows[k] = (struct row){ INT64_MAX, INT64_MAX, sum };
    free(c->rows);
    c->rows = rows;
    c->n_rows = k;
    make_index(c);
}

static void join_days(struct calendar *c, const struct piece *v, size_t n, bool front)
{
    c->pieces = calendar_memory(c->pieces, c->n_pieces + n, sizeof *c->pieces);
    if (front)
        memmove(c->pieces + n, c->pieces, c->n_pieces * sizeof *c->pieces);
    if (n)
        memcpy(c->pieces + (front ? 0 : c->n_pieces), v, n * sizeof *v);
    c->n_pieces += n;
    c->days = calendar_memory(c->days, c->n_pieces + 1, sizeof *c->days);
    c->n_days = 0;
    for (size_t i = 0; i < c->n_pieces; i++) {
        const struct piece *p = &c->pieces[i];
        if (c->n_days == 0 || c->days[c->n_days - 1].on != p->on)
            c->days[c->n_days++] = (struct day){ p->from, p->to, p->on, (uint32_t)i };
        else if (p->to > c->days[c->n_days - 1].close)
            c->days[c->n_days - 1].close = p->to;
    }
    c->days[c->n_days] = (struct day){ NEVER, NEVER, INT32_MAX, (uint32_t)c->n_pieces };
    c->day_at = calendar_memory(c->day_at, (size_t)(c->end_date - c->first_date) + 1, sizeof *c->day_at);
    uint32_t i = 0;
    for (date d = c->first_date; d <= c->end_date; d++) {
        while (c->days[i].on < d)
            i++;
        c->day_at[d - c->first_date] = i;
    }
}

/* Lays out the years from..to-1, which border on those there are (or are the first). */
static void extend(struct calendar *c, int from, int to)
{
    date first = civil_date(from, 1, 1), last = civil_date(to, 1, 1) - 1;
    bool front = c->end_year && to == c->first_year;
    struct pieces p = { 0 };
    calendar_generate(&c->root, first - c->root.reach - 2, last + 2, &p);
    size_t i = 0, j;
    while (i < p.n && p.v[i].on < first)
        i++;
    for (j = i; j < p.n && p.v[j].on <= last; j++)
        ;
    if (!c->end_year || front)
        c->first_date = first;
    if (!front)
        c->end_date = last + 1;
    join_days(c, p.n ? p.v + i : NULL, j - i, front);

    instant low = year_start(c, from), high = year_start(c, to);
    pieces_unite(&p);
    struct row *rows = calendar_memory(NULL, p.n, sizeof *rows);
    size_t n = 0;
    for (i = 0; i < p.n; i++) {
        instant a = p.v[i].from < low ? low : p.v[i].from, b = p.v[i].to > high ? high : p.v[i].to;
        if (a < b)
            rows[n++] = (struct row){ a, b, 0 };
    }
    if (!c->end_year || front) {
        c->valid_from = low;
        c->first_year = from;
    }
    if (!front) {
        c->valid_to = high;
        c->end_year = to;
    }
    join_rows(c, rows, n, front);
    free(rows);
    free(p.v);
}

/* A year more than was asked for on either side at first, and ahead later on: questions come in clusters. */
static void cover_year(struct calendar *c, int year)
{
    year = year < CAL_FIRST_YEAR ? CAL_FIRST_YEAR : year > CAL_LAST_YEAR ? CAL_LAST_YEAR : year;
    if (!c->end_year)
        extend(c, year - 1, year + 2);
    else if (year < c->first_year)
        extend(c, year - 1, c->first_year);
    else if (year >= c->end_year)
        extend(c, c->end_year, year + 2);
}

void calendar_cover_date(struct calendar *c, date d)
{
    if (!c->end_year || d < c->first_date || d >= c->end_date)
        cover_year(c, civil_ymd(d).year);
}

void calendar_cover(struct calendar *c, instant t)
{
    int year = civil_ymd(calendar_local_date(c->root.zone, t)).year;
    cover_year(c, year);
    if (t < c->valid_from && c->first_year >= CAL_FIRST_YEAR)
        extend(c, c->first_year - 1, c->first_year);
    if (t >= c->valid_to && c->end_year <= CAL_LAST_YEAR + 1)
        extend(c, c->end_year, c->end_year + 1);
}

#define YEAR_US (INT64_C(31556952) * USEC)

bool calendar_forward(struct calendar *c, instant asked, int32_t *step)
{
    instant last = c->rows[c->n_rows - 1].to;
    if (last < asked)
        last = asked;
    if (c->end_year > CAL_LAST_YEAR + 1 || c->valid_to - last > CAL_HORIZON_YEARS * YEAR_US)
        return false;
    int to = c->end_year + *step;
    extend(c, c->end_year, to > CAL_LAST_YEAR + 2 ? CAL_LAST_YEAR + 2 : to);
    *step = *step < 32 ? *step * 2 : 64;
    return true;
}

bool calendar_backward(struct calendar *c, instant asked, int32_t *step)
{
    instant first = c->n_rows > 1 ? c->rows[1].from : c->valid_to;
    if (first > asked)
        first = asked;
    if (c->first_year < CAL_FIRST_YEAR || first - c->valid_from > CAL_HORIZON_YEARS * YEAR_US)
        return false;
    int from = c->first_year - *step;
    extend(c, from < CAL_FIRST_YEAR - 1 ? CAL_FIRST_YEAR - 1 : from, c->first_year);
    *step = *step < 32 ? *step * 2 : 64;
    return true;
}
