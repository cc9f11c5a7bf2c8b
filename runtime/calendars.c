/* SPDX-License-Identifier: MIT */
#include "runtime/calendars.h"
#include "runtime/state.h"
#include <string.h>

struct instance {
    struct calendar *calendar; /* NULL: not built yet */
    uint32_t record;
    bool always;      /* 24x7: needs no table */
    struct str local; /* zone asked for; p NULL: the agreement's */
    const struct zone *zone;
};
struct calendars {
    struct engine *engine;
    const struct zone *zone;
    struct calendar_def *defs; /* by record */
    VEC(struct instance) at;
};

/* ---- from records to definitions ---- */

static struct daterule date_rule(struct engine *e, const struct m_date_rule *r)
{
    const struct module *m = e->module;
    struct daterule d = {.kind = (uint8_t)r->kind, .month = (uint8_t)r->month, .day = (uint8_t)r->day, .month2 = (uint8_t)r->month2};
    d.day2 = (uint8_t)r->day2;
    d.weekday = (uint8_t)r->weekday;
    d.nth = (int8_t)r->nth;
    d.offset = (int16_t)r->offset;
    d.first = (date)r->first;
    d.last = (date)r->last;
    d.from_year = (int16_t)r->from_year;
    d.to_year = (int16_t)r->to_year;
    if (r->n_observed > countof(d.observed) || r->n_unless > countof(d.unless)) {
        engine_fail(e, MSA_LIMIT, "a holiday has more than %zu substitutions or %zu exceptions", countof(d.observed), countof(d.unless));
    }
    d.n_observed = (uint8_t)r->n_observed;
    for (uint32_t i = 0; i < r->n_observed; i++) {
        const struct m_observed_rule *o = &m->observed_rule[r->observed + i];
        d.observed[i] = (struct observed){(uint8_t)o->from, (uint8_t)o->to, o->back != 0, o->instead != 0};
    }
    d.n_unless = (uint8_t)r->n_unless;
    for (uint32_t i = 0; i < r->n_unless; i++) { d.unless[i] = (int16_t)m->year[r->unless + i].year; }
    d.name = r->name;
    return d;
}

static struct calrule calendar_rule(struct engine *e, const struct m_calendar_rule *r)
{
    const struct module *m = e->module;
    struct hours *hours = ARENA_ARRAY(&e->arena, struct hours, r->n_hours);
    struct daterule *dates = ARENA_ARRAY(&e->arena, struct daterule, r->n_dates);
    for (uint32_t i = 0; i < r->n_hours; i++) {
        const struct m_hour_range *h = &m->hour_range[r->hours + i];
        hours[i] = (struct hours){(int32_t)h->from, (int32_t)(h->to > INT32_MAX ? INT32_MAX : h->to)};
    }
    for (uint32_t i = 0; i < r->n_dates; i++) { dates[i] = date_rule(e, &m->date_rule[r->dates + i]); }
    if (r->n_hours > UINT16_MAX || r->n_dates > UINT16_MAX || r->group > UINT16_MAX) {
        engine_fail(e, MSA_LIMIT, "a line of a calendar has more than %d dates", UINT16_MAX);
    }
    return (struct calrule){.kind = (uint8_t)r->kind, .weekdays = (uint8_t)r->weekdays, .cut_tail = r->cut_tail != 0,
                            .group = (uint16_t)r->group, .n_hours = (uint16_t)r->n_hours, .hours = hours,
                            .n_dates = (uint16_t)r->n_dates, .dates = dates};
}

static void define(struct calendars *c, uint32_t record)
{
    struct engine *e = c->engine;
    const struct m_calendar_rec *r = &e->module->calendar_rec[record];
    struct calrule *rules = ARENA_ARRAY(&e->arena, struct calrule, r->n_rules);
    for (uint32_t i = 0; i < r->n_rules; i++) { rules[i] = calendar_rule(e, &e->module->calendar_rule[r->rules + i]); }
    if (r->n_rules > UINT16_MAX) { engine_fail(e, MSA_LIMIT, "a calendar has more than %d lines", UINT16_MAX); }
    struct str zone = module_str(e->module, r->zone);
    c->defs[record] = (struct calendar_def){
        .kind = (uint8_t)r->kind,
        .local = r->local != 0,
        .zone = zone.n ? zone.p : NULL,
        .service_day = r->service_day,
        .n_rules = (uint16_t)r->n_rules,
        .rules = rules,
        .a = r->a == NO_REF ? NULL : &c->defs[r->a],
        .b = r->b == NO_REF ? NULL : &c->defs[r->b],
        .name = module_str(e->module, r->name).p,
    };
    vec_push(&c->at, &e->arena, ((struct instance){.record = record, .always = r->kind == CAL_ALWAYS, .zone = c->zone}));
}

struct calendars *calendars_open(struct engine *e)
{
    const struct module *m = e->module;
    struct calendars *c = ARENA_NEW(&e->arena, struct calendars);
    e->calendars = c; /* at once, so that a failure later on finds what has to be closed */
    c->engine = e;
    struct str name = m->n_agreement ? module_str(m, m->agreement[0].zone) : (struct str){0};
    c->zone = zone_load(name.n ? name.p : "UTC");
    if (!c->zone) { engine_fail(e, MSA_BAD_MODULE, "the system has no time zone \"%.*s\"", STR_ARG(name)); }
    c->defs = ARENA_ARRAY(&e->arena, struct calendar_def, m->n_calendar_rec);
    for (uint32_t i = 0; i < m->n_calendar_rec; i++) {
        struct str zone = module_str(m, m->calendar_rec[i].zone);
        if (zone.n && !zone_load(zone.p)) {
            engine_fail(e, MSA_BAD_MODULE, "the system has no time zone \"%.*s\"", STR_ARG(zone));
        }
        define(c, i);
    }
    return c;
}

void calendars_close(struct calendars *c)
{
    if (!c) { return; }
    for (size_t i = 0; i < c->at.n; i++) {
        if (c->at.p[i].calendar) { calendar_close(c->at.p[i].calendar); }
    }
}

/* ---- by number ---- */

const struct zone *calendars_zone(const struct calendars *c)
{
    return c->zone;
}

bool calendars_has(const struct calendars *c, int64_t number)
{
    return number >= 0 && (uint64_t)number < c->at.n;
}

int64_t calendars_local(struct calendars *c, uint32_t record, struct str zone)
{
    for (size_t i = c->engine->module->n_calendar_rec; i < c->at.n; i++) {
        if (c->at.p[i].record == record && str_eq(c->at.p[i].local, zone)) { return (int64_t)i; }
    }
    struct str copy = str_dup(&c->engine->arena, zone);
    const struct zone *z = memchr(zone.p, 0, zone.n) ? NULL : zone_load(copy.p);
    if (!z) { return NONE; }
    struct instance made = c->at.p[record];
    made.calendar = NULL;
    made.local = copy;
    made.zone = z;
    vec_push(&c->at, &c->engine->arena, made);
    return (int64_t)c->at.n - 1;
}

struct str calendars_name(const struct calendars *c, uint32_t number)
{
    return module_str(c->engine->module, c->engine->module->calendar_rec[c->at.p[number].record].name);
}

struct calendar *calendars_at(struct calendars *c, uint32_t number)
{
    struct instance *i = &c->at.p[number];
    if (!i->calendar) {
        i->calendar = calendar_open(&c->defs[i->record], i->zone);
        if (!i->calendar) { engine_fail(c->engine, MSA_NO_MEMORY, "out of memory"); }
    }
    return i->calendar;
}

const struct zone *calendars_zone_of(struct calendars *c, uint32_t number)
{
    return c->at.p[number].always ? c->at.p[number].zone : calendar_zone(calendars_at(c, number));
}

micros calendars_elapsed(struct calendars *c, uint32_t number, instant a, instant b)
{
    if (b <= a) { return 0; }
    return c->at.p[number].always ? b - a : calendar_elapsed(calendars_at(c, number), a, b);
}

instant calendars_due(struct calendars *c, uint32_t number, instant a, micros d)
{
    instant due;
    if (a == NEVER) { return NEVER; }
    if (!c->at.p[number].always) { return calendar_due(calendars_at(c, number), a, d); }
    return ckd_add(&due, a, d) ? NEVER : due;
}
