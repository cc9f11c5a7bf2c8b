/* SPDX-License-Identifier: MIT */
/* Fees that divide the hours of work between them: `the part inside weekend` beside `the part outside support`. An hour that
 * belongs to none is worked for nothing, one that belongs to two is charged twice. Their calendars are put together as sets, so
 * that holidays, half days and the changes of clocks are seen as they will be charged. */
#include "base/civil.h"
#include "compiler/target.h"
#include "compiler/terms.h"

enum { LOOKED_AT = 366 * 4, MOST_PIECES = 4096, MOST_FEES = 24 };

/* One fee of an event, as far as it divides time. */
struct hours_of { const struct charge_info *charge; const struct calendar_def *def; struct tex *when; struct span span; };
typedef VEC(struct hours_of) classes_of_hours;

static const struct calendar_def *set(struct unit *u, enum calendar_kind kind, const struct calendar_def *a, const struct calendar_def *b)
{
    struct calendar_def *d = ARENA_NEW(u->arena, struct calendar_def);
    *d = (struct calendar_def){ .kind = (uint8_t)kind, .a = a, .b = b, .name = "" };
    return d;
}

static bool is_local(const struct calendar_info *c) { return c != NULL && (c->local != NULL || is_local(c->a) || is_local(c->b)); }

/* ---- the witness ---- */

static struct str clock_words(struct unit *u, int64_t of_day)
{
    int64_t s = of_day / 1000000;
    return str_printf(u->arena, "%02d:%02d", (int)(s / 3600), (int)(s / 60 % 60));
}

static struct str day_words(struct unit *u, date d, bool dated)
{
    static const char *const long_name[7] = { "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday" };
    char text[CIVIL_TEXT_MAX];
    int n = civil_write_date(text, d);
    return dated ? str_printf(u->arena, "%s %.*s", long_name[civil_weekday(d)], n, text) : str_of(long_name[civil_weekday(d)]);
}

/* `Friday from 00:00 to 08:00`, `Thursday 22:00 to Friday 08:00`. */
static struct str piece_words(struct unit *u, const struct zone *z, struct open_interval p, bool dated)
{
    int64_t from, to;
    date d = civil_split(zone_wall(z, p.from), &from), e = civil_split(zone_wall(z, p.to), &to);
    if (to == 0) { e--; to = INT64_C(86400) * 1000000; }
    if (e == d) { return str_printf(u->arena, "%.*s from %.*s to %.*s", STR_ARG(day_words(u, d, dated)), STR_ARG(clock_words(u, from)), STR_ARG(clock_words(u, to))); }
    return str_printf(u->arena, "%.*s %.*s to %.*s %.*s", STR_ARG(day_words(u, d, dated)), STR_ARG(clock_words(u, from)), STR_ARG(day_words(u, e, dated)), STR_ARG(clock_words(u, to)));
}

static bool same_hours(const struct zone *z, struct open_interval a, struct open_interval b)
{
    int64_t x, y;
    date d = civil_split(zone_wall(z, a.from), &x), e = civil_split(zone_wall(z, b.from), &y);
    return x == y && civil_weekday(d) == civil_weekday(e) && a.to - a.from == b.to - b.from;
}

/* Is def ever open in the first years of the agreement? Then `words` says when: by weekday where that comes again, else by date. */
static bool opens(struct unit *u, const struct calendar_def *def, struct str *words)
{
    const struct zone *z = zone_load(str_c(u->arena, u->zone));
    struct calendar *c = z != NULL ? calendar_open(def, z) : NULL;
    if (c == NULL) { return false; }
    date first = u->effective != NONE ? (date)u->effective : civil_date(2024, 1, 1);
    instant from = NONE, to = NONE;
    (void)zone_instant(z, (int64_t)first * DAY_US, &from, NULL, NULL);
    (void)zone_instant(z, (int64_t)(first + LOOKED_AT) * DAY_US, &to, NULL, NULL);
    struct open_interval *p = ARENA_ARRAY(u->arena, struct open_interval, MOST_PIECES);
    size_t n = calendar_intervals(c, from, to, p, MOST_PIECES), best = 0, most = 0;
    n = n < MOST_PIECES ? n : MOST_PIECES;
    calendar_close(c);
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) { /* what was cut at midnight is one piece again */
        if (kept > 0 && p[kept - 1].to == p[i].from) { p[kept - 1].to = p[i].to; } else { p[kept++] = p[i]; }
    }
    for (size_t i = 0; i < kept && i < 14 * 4; i++) {
        size_t times = 0;
        for (size_t k = i; k < kept; k++) { times += same_hours(z, p[i], p[k]); }
        if (times > most) { most = times; best = i; }
    }
    if (kept > 0) { *words = piece_words(u, z, p[best], most < 20); }
    return kept > 0;
}

/* ---- fees of one event ---- */

static bool charges_time(const struct charge_info *c)
{
    return c->kind == CHARGE_FEE && c->fact != NULL && c->fact->clock == NULL && c->fact->has_time && !(c->flags & (CHARGE_WAIVED | CHARGE_ONCE)) && c->units != NULL && c->units->type.base == AMOUNT_TIME;
}

static bool never_together(const struct charge_info *a, const struct charge_info *b)
{
    return (a->last != NONE && b->first != NONE && a->last < b->first) || (b->last != NONE && a->first != NONE && b->last < a->first);
}

/* The hours that the fees of ev divide; false: they do not, or not by calendars that are known here. */
static bool hours_divided(struct unit *u, const struct event_info *ev, classes_of_hours *out)
{
    for (size_t i = 0; i < u->money->charges.n; i++) {
        const struct charge_info *c = u->money->charges.p[i];
        for (size_t k = 0; charges_time(c) && k < c->fact->on.n; k++) {
            const struct phrase *p = c->fact->on.p[k];
            if (p->event != ev) { continue; }
            if (c->part_of == NULL || is_local(c->part_of)) { return false; } /* all of it: others come on top */
            const struct calendar_def *def = c->part_of->def;
            if (c->flags & CHARGE_PART_OUTSIDE) { def = set(u, CAL_EXCEPT, calendar_always(u)->def, def); }
            vec_push(out, u->arena, ((struct hours_of){ c, def, p->when, c->part_node->span }));
        }
    }
    return out->n >= 2 && out->n <= MOST_FEES;
}

static void charged_twice(struct unit *u, const struct event_info *ev, const classes_of_hours *all)
{
    for (size_t i = 1; i < all->n; i++) {
        for (size_t k = 0; k < i; k++) {
            const struct hours_of *a = &all->p[k], *b = &all->p[i];
            bool maybe = a->when != NULL && b->when != NULL && !tex_same(a->when, b->when); /* who knows */
            struct str words;
            if (a->charge == b->charge || maybe || conditions_exclude(a->when, b->when) || never_together(a->charge, b->charge)) { continue; }
            if (!opens(u, set(u, CAL_AND, a->def, b->def), &words)) { continue; }
            struct diag *d = diag(u->diags, W1012_HOURS_TWICE, b->span, "two fees charge for `%.*s` on %.*s", STR_ARG(ev->name), STR_ARG(words));
            diag_label(d, a->span, "`%.*s` takes these hours, too", STR_ARG(a->charge->symbol->name));
            diag_help(d, "let each hour belong to one: `calendar late = %.*s except …`, or `the part outside` what the other takes inside", STR_ARG(b->charge->part_of->name.n > 0 ? b->charge->part_of->name : STR("all")));
            return;
        }
    }
}

struct paid { const struct calendar_info *p[64]; uint32_t n; };
static void keep(struct unit *u, struct paid *all, const struct calendar_info *c)
{
    if (c == NULL || c == calendar_always(u) || is_local(c) || all->n == countof(all->p)) { return; }
    for (uint32_t i = 0; i < all->n; i++) {
        if (all->p[i] == c) { return; }
    }
    all->p[all->n++] = c;
}

/* Hours in which the flat rate is at work: what is named as outside of a fee, and what targets are counted in. */
static const struct calendar_def *otherwise_paid(struct unit *u, const classes_of_hours *all)
{
    struct paid paid = { .n = 0 };
    for (size_t i = 0; i < all->n; i++) {
        if (all->p[i].charge->flags & CHARGE_PART_OUTSIDE) { keep(u, &paid, all->p[i].charge->part_of); }
    }
    for (size_t i = 0; i < u->clocks.n; i++) {
        const struct target_info *t = &u->clocks.p[i]->target;
        uint32_t rows = t->table != NULL && t->counted_in != NO_REF ? t->table->n_rows : 1;
        for (uint32_t r = 0; r < rows; r++) {
            const struct tex *x = target_row_calendar(t, r);
            if (x != NULL) { keep(u, &paid, tex_calendar(x)); }
        }
    }
    const struct calendar_def *def = set(u, CAL_NEVER, NULL, NULL);
    for (uint32_t i = 0; i < paid.n; i++) {
        bool by_fees = false; /* hours that a fee takes inside are charged by the hour */
        struct str words;
        for (size_t k = 0; k < all->n && !by_fees; k++) {
            by_fees = (all->p[k].charge->flags & CHARGE_PART_INSIDE) && opens(u, set(u, CAL_AND, all->p[k].def, paid.p[i]->def), &words);
        }
        if (!by_fees) { def = set(u, CAL_OR, def, paid.p[i]->def); }
    }
    return def;
}

static void not_charged(struct unit *u, const struct event_info *ev, const classes_of_hours *all)
{
    const struct calendar_def *in = otherwise_paid(u, all);
    for (size_t i = 0; i < all->n; i++) { in = set(u, CAL_OR, in, all->p[i].def); }
    struct str words;
    if (!opens(u, set(u, CAL_EXCEPT, calendar_always(u)->def, in), &words)) { return; }
    const struct hours_of *last = &all->p[all->n - 1];
    struct diag *d = diag(u->diags, W1011_HOURS_LEFT, last->span, "no fee charges for `%.*s` on %.*s", STR_ARG(ev->name), STR_ARG(words));
    for (size_t i = 0; i + 1 < all->n; i++) { diag_label(d, all->p[i].span, "`%.*s` does not take these hours either", STR_ARG(all->p[i].charge->symbol->name)); }
    diag_help(d, "let one of them take what the others leave: `the part outside …`; where such work is free, say so with a fee at 0.00");
}

void hours_covered(struct unit *u)
{
    for (size_t i = 0; i < u->events.n; i++) {
        classes_of_hours all = { 0 };
        if (!hours_divided(u, u->events.p[i], &all)) { continue; }
        charged_twice(u, u->events.p[i], &all);
        not_charged(u, u->events.p[i], &all);
    }
}
