/* SPDX-License-Identifier: MIT */
/* Quantities that change in time (A4, A6, A8): the level of a date is that at its end, so who comes on a day is there that
 * day, unless the text has another day on which a change counts. A level below a commitment counts as the commitment; a fall or
 * rise beyond what a clause allows goes as far as it allows, and is told as refused. */
#include "base/hash.h"
#include "runtime/ledger_state.h"
#include <string.h>

/* In millionths; false: beyond 64 bits. */
static bool source_units(const struct ledger *l, const struct fact *f, const struct m_quantity_source *s, int64_t *units)
{
    *units = 1000000;
    if (s->mode >= QUANTITY_ONE_MORE) { return true; }
    const struct m_fact *kind = &l->m->fact[f->kind];
    *units = s->value >= kind->n_values || f->value[s->value] == NONE ? 0 : f->value[s->value];
    return l->m->fact_value[kind->values + s->value].type != VT_COUNT || !ckd_mul(units, *units, INT64_C(1000000));
}

#define UNITS_MAX INT64_C(1000000000000000000) /* 10^12 units, in millionths */

/* The level under a key of the fact's. */
static struct keyed *keyed_of(struct ledger *l, struct levels *v, struct str key)
{
    if ((v->keyed.n + 1) * 2 > v->n_slots) {
        v->n_slots = v->n_slots ? v->n_slots * 2 : 16;
        v->slot = ARENA_ARRAY(l->arena, uint32_t, v->n_slots);
        for (size_t i = 0; i < v->keyed.n; i++) {
            size_t at = hash_64(v->keyed.p[i].key.p, v->keyed.p[i].key.n) & (v->n_slots - 1);
            while (v->slot[at]) { at = (at + 1) & (v->n_slots - 1); }
            v->slot[at] = (uint32_t)i + 1;
        }
    }
    size_t at = hash_64(key.p, key.n) & (v->n_slots - 1);
    for (; v->slot[at]; at = (at + 1) & (v->n_slots - 1)) {
        struct keyed *k = &v->keyed.p[v->slot[at] - 1];
        if (str_eq(k->key, key)) { return k; }
    }
    vec_push(&v->keyed, l->arena, ((struct keyed){key, 0}));
    v->slot[at] = (uint32_t)v->keyed.n;
    return &vec_last(&v->keyed);
}

static void apply(struct ledger *l, uint32_t clause, struct levels *to, const struct change *x)
{
    int64_t v;
    if (!source_units(l, x->fact, x->source, &v)) { v = INT64_MAX; } /* a quantity_check came before */
    if (v < 0) { return; } /* refused when it came */
    struct keyed *of = keyed_of(l, to, x->fact->text);
    int64_t before = of->units;
    switch ((enum quantity_mode)x->source->mode) {
    case QUANTITY_SETS: of->units = v; break;
    case QUANTITY_ADDS:
    case QUANTITY_ONE_MORE: if (ckd_add(&of->units, of->units, v)) { of->units = INT64_MAX; } break;
    case QUANTITY_TAKES:
    case QUANTITY_ONE_LESS: of->units -= v; break;
    case QUANTITY_COMES: of->units = 1000000; break;
    case QUANTITY_GOES: of->units = 0; break;
    }
    if (of->units < 0) { of->units = 0; }
    if (of->units > UNITS_MAX || ckd_add(&to->total, to->total, of->units - before) || to->total > UNITS_MAX) { ledger_trap(l, NULL, clause, "a quantity is larger than 10^12"); }
}

static int64_t node_units(struct ledger *l, uint32_t node, date day, int64_t base)
{
    size_t mark = l->temp.n;
    mpq_ptr units = ledger_number(l), out = ledger_number(l);
    exact_set(units, base, 1000000);
    struct at_hand h = {.period = {day, day}, .nominal = {day, day}, .day = day, .horizon = NEVER, .time = NONE, .units = units};
    bool there = formula(l, &h, node, out);
    int64_t whole = 0;
    mpq_ptr million = ledger_number(l);
    mpq_set_ui(million, 1000000, 1);
    mpq_mul(out, out, million);
    if (there) { exact_floor(&whole, out); }
    l->temp.n = mark;
    return whole;
}

/* Index of the level of a day: the last that begins on it or before. */
static size_t index_at(const struct levels *v, date day)
{
    size_t lo = 0, hi = v->p.n;
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        if (v->p.p[mid].from <= day) {
            lo = mid + 1;
        } else {
            hi = mid;
        }
    }
    return lo ? lo - 1 : 0;
}

static int64_t at_day(const struct levels *v, date day) { return v->p.p[index_at(v, day)].units; }

/* What the level may not fall below on a day (whole units, up), or not rise above (down); -1: nothing is said. */
static int64_t least_allowed(struct ledger *l, const struct m_quantity *q, const struct levels *v, date day)
{
    if (q->may_fall == NO_REF) { return -1; }
    struct days p = period_of_kind(l, q->fall_period, q->fall_period_n, day);
    int64_t base = at_day(v, p.first - 1), fall = node_units(l, q->may_fall, day, base), least = base - fall;
    return (least + 999999) / 1000000 * 1000000;
}

static int64_t most_allowed(struct ledger *l, const struct m_quantity *q, const struct levels *v, date day)
{
    if (q->may_rise == NO_REF) { return -1; }
    struct days p = period_of_kind(l, q->rise_period, q->rise_period_n, day);
    int64_t base = at_day(v, p.first - 1);
    return (base + node_units(l, q->may_rise, day, base)) / 1000000 * 1000000;
}

static struct str units_words(struct ledger *l, int64_t units)
{
    mpq_t x;
    mpq_init(x);
    exact_set(x, units, 1000000);
    struct str s = exact_text(&l->e->scratch, x);
    mpq_clear(x);
    return s;
}

static void refuse(struct ledger *l, const struct m_quantity *q, const struct fact *f, int64_t asked, int64_t allowed)
{
    struct str name = module_str(l->m, q->name);
    const char *stays = asked < allowed && q->flags & QUANTITY_STAYS ? "; a reduction is not a termination" : "";
    ledger_refuse(l, f, q->clause, name, str_printf(&l->e->scratch, "%.*s may not %s to %.*s in this period: it is counted as %.*s%s", STR_ARG(name), asked < allowed ? "fall" : "rise",
                                                    STR_ARG(units_words(l, asked)), STR_ARG(units_words(l, allowed)), stays));
}

/* ---- when a change counts ---- */

/* The first day on which a change of a day counts: after its notice, which is by the size of the change (the day of the request is
 * day zero, A7), then as the text says for the month. */
static date takes_effect(struct ledger *l, const struct m_quantity *q, const struct levels *v, date day, int64_t units)
{
    int64_t now = at_day(v, day);
    bool falls = units < now;
    date from = day;
    if (q->notice != NO_REF && units != now && (falls || !(q->flags & QUANTITY_NOTICE_OF_FALLS))) {
        size_t mark = l->temp.n;
        mpq_ptr share = ledger_number(l), days = ledger_number(l);
        exact_set(share, now ? (falls ? now - units : units - now) : 1, now ? now : 1);
        struct at_hand h = {.period = {day, day}, .nominal = {day, day}, .day = day, .horizon = NEVER, .time = NONE, .units = share};
        int64_t n = 0;
        if (formula(l, &h, q->notice, days) && exact_floor(&n, days) && n > 0) { from = day + (date)n + 1; }
        l->temp.n = mark;
    }
    struct days month = period_of_kind(l, PERIOD_MONTH, 1, from);
    if (q->flags & (falls ? QUANTITY_FALL_NEXT : QUANTITY_RISE_NEXT) && from > month.first) { return month.last + 1; }
    return q->flags & (falls ? QUANTITY_FALL_FIRST : QUANTITY_RISE_FIRST) ? month.first : from;
}

/* The level from a day on. One that is reported takes the place of what was asked for and does not count yet; what is added or taken
 * comes on top of that. */
static void place_level(struct ledger *l, struct levels *v, date from, date day, int64_t units, bool reported)
{
    int64_t delta = units - vec_last(&v->p).units;
    while (reported && v->p.n > 1 && vec_last(&v->p).from > day) { v->p.n--; }
    size_t i = v->p.n;
    while (i > 1 && v->p.p[i - 1].from >= from) { i--; }
    bool there = i < v->p.n && v->p.p[i].from == from;
    if (!there) {
        struct level x = {from, v->p.p[i - 1].units};
        vec_push(&v->p, l->arena, x);
        for (size_t k = v->p.n - 1; k > i; k--) { v->p.p[k] = v->p.p[k - 1]; }
        v->p.p[i] = x;
    }
    for (; i < v->p.n; i++) {
        int64_t now = v->p.p[i].units;
        v->p.p[i].units = reported ? units : now + delta > 0 ? now + delta : 0;
    }
}

/* Whether the text allows the change at all on that day. */
static bool may_change(struct ledger *l, const struct m_quantity *q, const struct fact *f, const struct levels *v, bool tell)
{
    struct at_hand h = {.period = {f->day, f->day}, .nominal = {f->day, f->day}, .day = f->day, .horizon = v->horizon, .time = NONE};
    const char *why = q->flags & QUANTITY_ONLY_ONCE && v->accepted ? "may change only once" : q->requires != NO_REF && !formula_yes(l, &h, q->requires) ? "may not change: what the clause requires does not hold" : NULL;
    struct str name = module_str(l->m, q->name);
    if (why && tell) { ledger_refuse(l, f, q->clause, name, str_printf(&l->e->scratch, "%.*s %s", STR_ARG(name), why)); }
    return !why;
}

static void begin(struct ledger *l, const struct m_quantity *q, struct levels *v)
{
    mpq_t initial, million;
    mpq_inits(initial, million, NULL);
    exact_read(initial, module_str(l->m, q->initial));
    mpq_set_ui(million, 1000000, 1);
    mpq_mul(initial, initial, million);
    v->total = 0;
    exact_floor(&v->total, initial);
    mpq_clears(initial, million, NULL);
    v->seen = 0;
    v->accepted = 0;
    v->latest_in = NONE;
    v->earliest_out = NEVER;
    vec_clear(&v->keyed);
    if (v->n_slots) { memset(v->slot, 0, v->n_slots * sizeof *v->slot); }
    keyed_of(l, v, STR(""))->units = v->total;
    vec_clear(&v->p);
    vec_push(&v->p, l->arena, ((struct level){NO_DATE, v->total}));
}

/* One more change, behind all others. `tell`: its refusal is to be told. */
static void add(struct ledger *l, const struct m_quantity *q, struct levels *v, const struct change *x, bool tell)
{
    if (!may_change(l, q, x->fact, v, tell)) { return; }
    v->accepted++;
    apply(l, q->clause, v, x);
    int64_t units = v->total, last = vec_last(&v->p).units;
    date from = takes_effect(l, q, v, x->fact->day, units);
    int64_t least = least_allowed(l, q, v, from), most = most_allowed(l, q, v, from), kept = units;
    if (units < least && units < last) { kept = least < last ? least : last; }
    if (most >= 0 && units > most && units > last) { kept = most > last ? most : last; }
    if (kept != units && tell) { refuse(l, q, x->fact, units, kept); }
    place_level(l, v, from, x->fact->day, kept, x->source->mode == QUANTITY_SETS);
}

/* All days' levels as known at a horizon. `tell`: the fact whose refusal is to be told. */
static const struct levels *levels_told(struct ledger *l, uint32_t quantity, instant horizon, const struct fact *tell)
{
    struct changes *c = &l->changes[quantity];
    struct levels *v = horizon == NEVER ? &c->all : &c->at;
    const struct m_quantity *q = &l->m->quantity[quantity];
    bool stale = q->requires != NO_REF && v->of_facts != l->n_facts; /* what it requires may be another quantity */
    v->of_facts = l->n_facts;
    if (v->broken || stale || !v->p.n || !(v->horizon == horizon || (v->latest_in < horizon && v->earliest_out >= horizon))) { begin(l, q, v); }
    v->horizon = horizon;
    v->broken = true; /* until it is whole: what is added may trap */
    for (; v->seen < c->p.n; v->seen++) {
        const struct change *x = &c->p.p[v->seen];
        bool counts = fact_visible(x->fact, horizon);
        instant in = counts ? x->fact->known : x->fact->gone < horizon ? x->fact->gone : NONE, out = counts ? x->fact->gone : x->fact->known;
        if (in > v->latest_in) { v->latest_in = in; }
        if (out >= horizon && out < v->earliest_out) { v->earliest_out = out; }
        if (counts) { add(l, q, v, x, x->fact == tell); }
    }
    v->broken = false;
    return v;
}

static const struct levels *levels_of(struct ledger *l, uint32_t quantity, instant horizon) { return levels_told(l, quantity, horizon, NULL); }

void quantity_take(struct ledger *l, uint32_t quantity, const struct fact *f)
{
    struct changes *c = &l->changes[quantity];
    const struct m_quantity *q = &l->m->quantity[quantity];
    for (uint32_t s = 0; s < q->n_sources; s++) {
        if (l->m->quantity_source[q->sources + s].fact != f->kind) { continue; }
        vec_push(&c->p, l->arena, ((struct change){f, &l->m->quantity_source[q->sources + s]}));
        size_t i = c->p.n - 1;
        for (; i && c->p.p[i - 1].fact->at > f->at; i--) { /* by time; those of an instant as they came */
            struct change x = c->p.p[i];
            c->p.p[i] = c->p.p[i - 1];
            c->p.p[i - 1] = x;
        }
        c->all.broken = c->all.broken || i < c->all.seen;
        c->at.broken = c->at.broken || i < c->at.seen;
    }
}

void quantity_withdrawn(struct ledger *l)
{
    for (uint32_t i = 0; i < l->m->n_quantity; i++) { l->changes[i].all.broken = l->changes[i].at.broken = true; }
}

bool quantity_thing(struct ledger *l, uint32_t quantity, size_t *at, instant horizon, struct str *key, uint32_t *first)
{
    const struct changes *c = &l->changes[quantity];
    for (; *at < c->p.n; (*at)++) {
        const struct fact *f = c->p.p[*at].fact;
        bool new = fact_visible(f, horizon);
        for (size_t i = 0; new && i < *at; i++) { new = !fact_visible(c->p.p[i].fact, horizon) || !str_eq(c->p.p[i].fact->text, f->text); }
        if (!new) { continue; }
        *key = f->text;
        *first = f->sequence;
        (*at)++;
        return true;
    }
    return false;
}

/* Whether the thing is there at the end of the day. */
int64_t quantity_level_of(struct ledger *l, uint32_t quantity, struct str key, date day, instant horizon)
{
    const struct changes *c = &l->changes[quantity];
    int64_t units = 0;
    if (!(l->m->quantity[quantity].flags & QUANTITY_OF_THINGS) || !key.n) { return quantity_level(l, quantity, day, horizon); }
    for (size_t i = 0; i < c->p.n; i++) {
        const struct fact *f = c->p.p[i].fact;
        if (f->day <= day && fact_visible(f, horizon) && str_eq(f->text, key)) { units = c->p.p[i].source->mode == QUANTITY_COMES ? 1000000 : 0; }
    }
    return units;
}

date quantity_until(struct ledger *l, uint32_t quantity, date day, date to, instant horizon)
{
    const struct levels *v = levels_of(l, quantity, horizon);
    size_t next = index_at(v, day) + 1;
    return next < v->p.n && v->p.p[next].from - 1 < to ? v->p.p[next].from - 1 : to;
}

int64_t quantity_level(struct ledger *l, uint32_t quantity, date day, instant horizon)
{
    const struct m_quantity *q = &l->m->quantity[quantity];
    int64_t units = at_day(levels_of(l, quantity, horizon), day);
    if (q->minimum != NO_REF) {
        int64_t least = node_units(l, q->minimum, day, units);
        if (units < least) { units = least; }
    }
    return units;
}

void quantity_check(struct ledger *l, uint32_t quantity, const struct fact *f)
{
    const struct m_quantity *q = &l->m->quantity[quantity];
    int64_t now = vec_last(&levels_of(l, quantity, NEVER)->p).units;
    for (uint32_t i = 0; i < q->n_sources; i++) {
        const struct m_quantity_source *s = &l->m->quantity_source[q->sources + i];
        int64_t v, sum;
        if (s->fact != f->kind) { continue; }
        bool fits = source_units(l, f, s, &v) && !(s->mode == QUANTITY_TAKES || s->mode == QUANTITY_ONE_LESS ? ckd_sub(&sum, now, v) : ckd_add(&sum, s->mode == QUANTITY_SETS && !f->text.n ? 0 : now, v));
        if (!fits || sum > UNITS_MAX) {
            struct at_hand h = {.fact = f};
            ledger_trap(l, &h, q->clause, "a quantity is larger than 10^12");
        }
    }
}

void quantity_fact(struct ledger *l, uint32_t quantity, const struct fact *f)
{
    const struct m_quantity *q = &l->m->quantity[quantity];
    const struct m_fact *kind = &l->m->fact[f->kind];
    for (uint32_t i = 0; i < q->n_sources; i++) {
        const struct m_quantity_source *s = &l->m->quantity_source[q->sources + i];
        if (s->fact == f->kind && s->mode <= QUANTITY_TAKES && s->value < kind->n_values && f->value[s->value] != NONE && f->value[s->value] < 0) {
            ledger_refuse(l, f, q->clause, module_str(l->m, q->name), str_printf(&l->e->scratch, "%.*s cannot be below zero", STR_ARG(module_str(l->m, q->name))));
            return;
        }
    }
    if (q->may_fall == NO_REF && q->may_rise == NO_REF && q->requires == NO_REF && !(q->flags & QUANTITY_ONLY_ONCE)) { return; }
    levels_told(l, quantity, NEVER, f);
}

void quantity_report(struct ledger *l, date today)
{
    for (uint32_t i = 0; i < l->m->n_quantity; i++) {
        const struct m_quantity *q = &l->m->quantity[i];
        const struct levels *v = levels_of(l, i, NEVER);
        for (size_t k = index_at(v, today) + 1; k < v->p.n; k++) {
            date from = v->p.p[k].from;
            if (v->p.p[k].units == v->p.p[k - 1].units || from > l->end) { continue; }
            struct str name = module_str(l->m, q->name), what = str_printf(&l->e->scratch, "%.*s are %.*s from this day on", STR_ARG(name), STR_ARG(units_words(l, v->p.p[k].units)));
            ledger_deadline(l, q->clause, from, what, str_printf(&l->e->scratch, "%.*s/%.*s", STR_ARG(name), STR_ARG(date_words(l, from))));
        }
    }
}
