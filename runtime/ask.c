/* SPDX-License-Identifier: MIT */
/* Questions to the calendars of a module without a run, and what a module is in text. */
#include "msa/run.h"
#include "bytecode/disasm.h"
#include "bytecode/file.h"
#include "runtime/input.h"
#include "runtime/state.h"
#include <stdio.h>
#include <stdlib.h>

/* The converter from records to calendars is the engine's, so this is an engine of nothing but calendars. */
struct msa_calendar {
    struct engine engine;
    struct memory memory;
    jmp_buf guard;
    struct calendar *calendar; /* the engine's */
    const struct module *m;
};

bool msa_module_calendar_at(const struct msa_module *m, size_t i, struct msa_text *name, bool *local)
{
    if (i >= m->m->n_calendar_rec) { return false; }
    struct str s = module_str(m->m, m->m->calendar_rec[i].name);
    *name = (struct msa_text){s.p, s.n};
    *local = m->m->calendar_rec[i].local != 0;
    return true;
}

static uint32_t find(const struct module *m, struct str name)
{
    for (uint32_t i = 0; i < m->n_calendar_rec; i++) {
        if (str_eq(module_str(m, m->calendar_rec[i].name), name)) { return i; }
    }
    return NO_REF;
}

static void out_of_memory(void *ctx) { engine_fail(ctx, MSA_NO_MEMORY, "out of memory"); }

/* False: c->engine.fault says why. What is set here survives a jump because it lies in *c. */
static bool open_guarded(struct msa_calendar *c, uint32_t record, const char *zone)
{
    if (setjmp(c->guard)) { return false; }
    struct calendars *all = calendars_open(&c->engine);
    int64_t number = record;
    if (zone) {
        number = calendars_local(all, record, str_of(zone));
        if (number == NONE) { engine_fail(&c->engine, MSA_REJECTED, "there is no time zone \"%s\"", zone); }
    }
    c->calendar = calendars_at(all, (uint32_t)number);
    return true;
}

enum msa_status msa_calendar_open(const struct msa_module *m, struct msa_text name, const char *zone, struct msa_calendar **out,
                                  struct msa_fault *fault)
{
    *out = NULL;
    uint32_t record = find(m->m, (struct str){name.p, name.n});
    if (record == NO_REF) {
        fault->status = MSA_REJECTED;
        snprintf(fault->text, sizeof fault->text, "there is no calendar \"%.*s\" in this agreement", (int)name.n, name.p);
        return fault->status;
    }
    struct msa_calendar *c = calloc(1, sizeof *c);
    if (!c) {
        fault->status = MSA_NO_MEMORY;
        snprintf(fault->text, sizeof fault->text, "out of memory");
        return fault->status;
    }
    c->m = m->m;
    c->memory = (struct memory){.resize = memory_default.resize, .out_of_memory = out_of_memory, .ctx = &c->engine};
    arena_init(&c->engine.arena, &c->memory);
    c->engine.module = m->m;
    c->engine.guard = &c->guard;
    if (open_guarded(c, record, zone)) {
        *out = c;
        return MSA_OK;
    }
    *fault = c->engine.fault;
    msa_calendar_close(c);
    return fault->status;
}

void msa_calendar_close(struct msa_calendar *c)
{
    if (!c) { return; }
    calendars_close(c->engine.calendars);
    arena_free(&c->engine.arena);
    free(c);
}

const char *msa_calendar_zone(const struct msa_calendar *c) { return zone_name(calendar_zone(c->calendar)); }

int64_t msa_calendar_elapsed(struct msa_calendar *c, int64_t from, int64_t to) { return calendar_elapsed(c->calendar, from, to); }

int64_t msa_calendar_due(struct msa_calendar *c, int64_t from, int64_t span) { return calendar_due(c->calendar, from, span); }

int64_t msa_calendar_before(struct msa_calendar *c, int64_t due, int64_t span) { return calendar_before(c->calendar, due, span); }

bool msa_calendar_is_open(struct msa_calendar *c, int64_t at) { return calendar_is_open(c->calendar, at); }

int64_t msa_calendar_days(struct msa_calendar *c, int64_t from, int32_t n, enum msa_day_mode mode, int32_t by)
{
    static const enum day_mode modes[] = {[MSA_DAY_SAME_TIME] = DAY_SAME_TIME, [MSA_DAY_END] = DAY_END, [MSA_DAY_BY] = DAY_BY};
    return calendar_business_days(c->calendar, from, n, modes[mode], by, -1);
}

size_t msa_calendar_intervals(struct msa_calendar *c, int64_t from, int64_t to, struct msa_open *out, size_t most)
{
    struct open_interval *got = most ? calloc(most, sizeof *got) : NULL;
    if (most && !got) { return 0; }
    size_t n = calendar_intervals(c->calendar, from, to, got, most);
    for (size_t i = 0; i < n && i < most; i++) { out[i] = (struct msa_open){got[i].from, got[i].to, got[i].on}; }
    free(got);
    return n;
}

bool msa_calendar_why(struct msa_calendar *c, int32_t day, enum msa_why *why, struct msa_text *name)
{
    const struct daterule *named = NULL;
    const struct calrule *rule = calendar_why(c->calendar, day, &named);
    *name = (struct msa_text){0};
    if (!rule || rule->kind == CR_WEEKLY) { return false; }
    *why = rule->kind == CR_CLOSED ? MSA_WHY_CLOSED : rule->kind == CR_OPEN ? MSA_WHY_OPEN
         : rule->kind == CR_DURING ? MSA_WHY_DURING : MSA_WHY_ALSO_OPEN;
    if (named) {
        struct str s = module_str(c->m, named->name);
        *name = (struct msa_text){s.p, s.n};
    }
    return true;
}

/* ---- modules ---- */

#define SAME(x) static_assert((int)MSA_VALUE_##x == (int)VT_##x, "the public list of types follows that of modules")
SAME(FLAG); SAME(SCALE); SAME(COUNT); SAME(NUMBER); SAME(PERCENT); SAME(DURATION); SAME(INSTANT); SAME(DATE); SAME(TIME);
#undef SAME

bool msa_module_is(const void *bytes, size_t n) { return module_is_one(bytes, n); }

#define TEXT_OF(x) TEXT_OF_(x)
#define TEXT_OF_(x) #x
const char *msa_module_format(void) { return TEXT_OF(MODULE_MAJOR) "." TEXT_OF(MODULE_MINOR); }

bool msa_module_entity_at(const struct msa_module *m, size_t i, struct msa_text *name)
{
    if (i >= m->m->n_entity) { return false; }
    struct str s = module_str(m->m, m->m->entity[i].name);
    *name = (struct msa_text){s.p, s.n};
    return true;
}

bool msa_module_adapter_at(const struct msa_module *m, size_t i, struct msa_text *name)
{
    if (i >= m->m->n_adapter) { return false; }
    struct str s = module_str(m->m, m->m->adapter[i].name);
    *name = (struct msa_text){s.p, s.n};
    return true;
}

bool msa_module_measure_units(const struct msa_module *m, struct msa_text measure, bool *part_is_time, bool *whole_is_time)
{
    for (uint32_t i = 0; i < m->m->n_measure; i++) {
        const struct m_measure *k = &m->m->measure[i];
        if (!str_eq(module_str(m->m, k->name), (struct str){measure.p, measure.n})) { continue; }
        bool spans = k->source == SOURCE_SPANS;
        *part_is_time = spans || (k->source == SOURCE_EVENT && k->type == VT_DURATION && k->kind != MEASURE_SHARE);
        *whole_is_time = spans ? k->kind != MEASURE_MEAN : *part_is_time && k->kind == MEASURE_RATIO;
        return true;
    }
    return false;
}

void msa_module_listing(const struct msa_module *m, void (*put)(void *ctx, const char *p, size_t n), void *ctx)
{
    struct sb b = {0};
    disasm_module(&b, m->m);
    put(ctx, b.p, b.n);
    sb_free(&b);
}
