/* SPDX-License-Identifier: MIT */
/* Results: what is the same in all of them, their ids, and values as texts. */
#include "runtime/state.h"
#include <string.h>

struct msa_text result_text(struct str s)
{
    return (struct msa_text){s.p, s.n};
}

static struct str string_at(const struct engine *e, uint32_t i)
{
    return module_str(e->module, i);
}

struct msa_result *result_new(struct engine *e, enum msa_result_kind kind, instant at, uint32_t clause)
{
    struct msa_result *r = &e->result;
    const struct event *ev = e->event;
    *r = (struct msa_result){.kind = kind, .at = at, .clause = clause, .target_index = UINT32_MAX, .target_clause = UINT32_MAX, .target_changed_at = MSA_NONE, .clock_index = UINT32_MAX};
    r->started = r->due = r->due_first = r->stopped = r->breached_at = MSA_NONE;
    r->elapsed = r->elapsed_plain = r->paused = r->target_amount = r->overrun = r->remaining = MSA_NONE;
    r->period_from = r->period_to = r->part = r->whole = r->value = MSA_NONE;
    r->amount = r->total = r->net = r->open = MSA_NONE;
    r->day = r->issued = r->payable = r->day_from = r->day_to = r->last_day = INT32_MIN;
    r->money_ref = UINT32_MAX;
    if (ev) {
        r->line = ev->line;
        if (ev->file < e->n_files) { r->file = result_text(e->files[ev->file]); }
        if (ev->type < e->module->n_event) { r->cause = result_text(string_at(e, e->module->event[ev->type].name)); }
    }
    return r;
}

void result_give(struct engine *e)
{
    if (e->undo.on) {
        undo_result(e);
        return;
    }
    e->counts.results++;
    if (e->options.sink.result && e->options.sink.result(e->options.sink.ctx, &e->result)) {
        engine_fail(e, MSA_IO, "the results could not be given");
    }
}

void result_entity(struct engine *e, struct msa_result *r, const struct entity *n)
{
    if (!n) { return; }
    r->entity = result_text(string_at(e, e->kind[n->kind].record->name));
    r->key = result_text(n->key);
}

/* ---- ids ---- */

struct str result_clause_name(const struct engine *e, uint32_t clause)
{
    const struct m_clause *c = &e->module->clause[clause];
    return string_at(e, c->number ? c->number : c->name);
}

/* Written by hand: there is an id in every result, and printf costs more than all the rest of one. */
static char *put(char *to, struct str s)
{
    if (s.n) { memcpy(to, s.p, s.n); }
    return to + s.n;
}

#define PART_MOST 3 /* bytes that one byte of a part can take */

static char *put_part(char *to, struct str s)
{
    if (!s.n || (!memchr(s.p, '/', s.n) && !memchr(s.p, '%', s.n))) { return put(to, s); }
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '/' || s.p[i] == '%') {
            to = put(to, s.p[i] == '/' ? STR("%2F") : STR("%25"));
        } else {
            *to++ = s.p[i];
        }
    }
    return to;
}

void result_id_part(struct sb *b, struct str s)
{
    sb_reserve(b, s.n * PART_MOST);
    b->n = (size_t)(put_part(b->p + b->n, s) - b->p);
    b->p[b->n] = '\0';
}

void result_id_key(struct sb *b, const struct entity *n)
{
    result_id_part(b, n->key);
    if (n->lives_before) { sb_printf(b, "/~%u", n->lives_before + 1); }
}

static char *put_number(char *to, uint32_t v)
{
    char digits[10];
    size_t n = 0;
    do {
        digits[n++] = (char)('0' + v % 10);
    } while (v /= 10);
    while (n) { *to++ = digits[--n]; }
    return to;
}

struct str result_clock_id(struct engine *e, const struct m_clock *record, const struct entity *n, uint32_t cycle, uint32_t revision, const char *tail, uint32_t number)
{
    if (e->options.leave_out & MSA_LEAVE_OUT_IDS) { return (struct str){0}; }
    struct str clause = result_clause_name(e, record->clause), name = string_at(e, record->name), end = str_of(tail);
    char *id = arena_alloc(&e->scratch, clause.n + n->key.n * PART_MOST + name.n + end.n + 60), *p = put(id, clause);
    *p++ = '/';
    p = put_part(p, n->key);
    *p++ = '/';
    if (n->lives_before) {
        *p++ = '~';
        p = put_number(p, n->lives_before + 1);
        *p++ = '/';
    }
    p = put(p, name);
    *p++ = '/';
    p = put_number(p, cycle);
    if (revision > 1) {
        *p++ = '.';
        p = put_number(p, revision);
    }
    p = put(p, end);
    if (number) { p = put_number(p, number); }
    *p = 0;
    return (struct str){id, (size_t)(p - id)};
}

/* ---- values as texts ---- */

struct str result_instant(struct engine *e, instant t)
{
    if (t == NONE) { return (struct str){0}; }
    char text[CIVIL_TEXT_MAX];
    int n = civil_write_instant(text, t, zone_offset(calendars_zone(e->calendars), t, NULL, NULL), false);
    return str_dup(&e->scratch, (struct str){text, (size_t)n});
}

/* Millionths as a decimal without zeros at its end. */
static struct str decimal(struct engine *e, int64_t v, const char *unit)
{
    uint64_t positive = v < 0 ? 0 - (uint64_t)v : (uint64_t)v;
    uint64_t fraction = positive % 1000000;
    const char *sign = v < 0 ? "-" : "";
    if (!fraction) { return str_printf(&e->scratch, "%s%llu%s", sign, (unsigned long long)(positive / 1000000), unit); }
    int digits = 6;
    for (; fraction % 10 == 0; fraction /= 10) { digits--; }
    return str_printf(&e->scratch, "%s%llu.%0*llu%s", sign, (unsigned long long)(positive / 1000000), digits, (unsigned long long)fraction, unit);
}

static struct str scale_value(const struct engine *e, uint32_t scale, int64_t v)
{
    const struct m_scale *s = scale < e->module->n_scale ? &e->module->scale[scale] : NULL;
    return s && v >= 0 && v < s->n_values ? string_at(e, e->module->scale_value[s->values + (uint32_t)v].name) : (struct str){0};
}

static struct str time_of_day(struct engine *e, int64_t v)
{
    int h = (int)(v / 3600 % 100), m = (int)(v / 60 % 60), s = (int)(v % 60);
    return s ? str_printf(&e->scratch, "%02d:%02d:%02d", h, m, s) : str_printf(&e->scratch, "%02d:%02d", h, m);
}

static struct str date_text(struct engine *e, int64_t v)
{
    char text[CIVIL_TEXT_MAX];
    if (v < INT32_MIN || v > INT32_MAX) { return (struct str){0}; }
    int n = civil_write_date(text, (date)v);
    return str_dup(&e->scratch, (struct str){text, (size_t)n});
}

static struct str duration_text(struct engine *e, int64_t v)
{
    char text[CIVIL_TEXT_MAX];
    int n = civil_write_hms(text, v);
    return str_dup(&e->scratch, (struct str){text, (size_t)n});
}

struct str result_value(struct engine *e, uint32_t type, uint32_t scale, int64_t v)
{
    if (v == NONE) { return (struct str){0}; }
    switch ((enum value_type)type) {
    case VT_FLAG: return v ? STR("yes") : STR("no");
    case VT_SCALE: return scale_value(e, scale, v);
    case VT_COUNT: return str_printf(&e->scratch, "%lld", (long long)v);
    case VT_NUMBER: return decimal(e, v, "");
    case VT_PERCENT: return decimal(e, v, "%");
    case VT_DURATION: return duration_text(e, v);
    case VT_INSTANT: return result_instant(e, v);
    case VT_DATE: return date_text(e, v);
    case VT_TIME: return time_of_day(e, v);
    case VT_CALENDAR: return calendars_has(e->calendars, v) ? calendars_name(e->calendars, (uint32_t)v) : (struct str){0};
    case VT_TARGET: return v >= 0 && v < e->module->n_target ? string_at(e, e->module->target[v].text) : (struct str){0};
    case VT_MONEY:
    case VT_EXACT:
    case VT_TEXT:
    case VT_COUNT_: break;
    }
    return (struct str){0};
}

struct msa_named *result_values(struct engine *e, struct entity *n, uint32_t first, uint32_t count, instant at)
{
    struct msa_named *out = ARENA_ARRAY(&e->scratch, struct msa_named, count);
    for (uint32_t i = 0; i < count; i++) {
        const struct m_value_of *v = &e->module->value_of[first + i];
        struct vm_result got = vm_run(e, v->value, n, at);
        struct str text = v->type == VT_TEXT ? str_dup(&e->scratch, got.text) : result_value(e, v->type, v->scale, got.scalar);
        out[i] = (struct msa_named){result_text(string_at(e, v->name)), result_text(text)};
    }
    return out;
}

/* ---- clocks ---- */

static void times(struct engine *e, struct msa_result *r, struct clock *c, instant at)
{
    r->elapsed = clock_counted(e, c, NO_REF, c->started, at);
    r->elapsed_plain = at > c->started ? at - c->started : 0;
    r->paused = clock_paused_plain(c, at);
}

/* Open time left or over, as far as the cycle has come. For a target of dates counted on the clock's calendar. */
static void amounts(struct engine *e, struct msa_result *r, struct clock *c, instant at)
{
    const struct m_target *t = &e->module->target[c->target];
    micros left;
    if (t->kind == TARGET_OPEN) {
        const struct msa_segment *s = clock_stretches(c);
        micros since = c->base_stretch < c->n_stretches ? clock_counted(e, c, NO_REF, s[c->base_stretch].from, at) : 0;
        r->target_amount = t->amount;
        left = t->amount - c->base - since;
    } else if (c->due == NONE || c->due == NEVER) {
        return;
    } else if (c->due >= at) {
        left = calendars_elapsed(e->calendars, c->calendar, at, c->due);
    } else {
        left = -clock_counted(e, c, c->calendar, c->due, at);
    }
    if (c->breached || left < 0) {
        r->overrun = left < 0 ? -left : 0;
    } else {
        r->remaining = left;
    }
}

void result_clock(struct engine *e, struct msa_result *r, struct entity *n, uint32_t slot, instant at, const char *tail, uint32_t number)
{
    const struct entity_kind *k = &e->kind[n->kind];
    struct clock *c = &entity_clocks(k, n)[slot];
    uint32_t index = k->clock_of_slot[slot];
    const struct m_clock *record = &e->module->clock[index];
    result_entity(e, r, n);
    r->clock = result_text(string_at(e, record->name));
    r->title = result_text(string_at(e, record->title));
    r->clock_index = index;
    r->cycle = c->cycle;
    r->revision = c->revision;
    r->state = clock_state(c);
    r->hidden = c->hidden;
    r->excused = c->excused;
    r->outside_term = c->started < e->begins || c->started >= e->ends;
    r->late = c->late;
    r->judged_at_stop = (record->flags & CLOCK_JUDGED_AT_STOP) != 0;
    r->started = c->started;
    r->due = c->hidden && c->phase == CLOCK_LIVE ? MSA_NONE : c->due;
    r->due_first = c->due_first;
    r->stopped = c->stopped;
    r->breached_at = c->breached_at;
    bool figures = !(e->options.leave_out & MSA_LEAVE_OUT_FIGURES);
    if (figures) { times(e, r, c, at); }
    r->calendar = result_text(calendars_name(e->calendars, c->calendar));
    if (c->target != NO_REF) {
        const struct m_target *t = &e->module->target[c->target];
        r->target = result_text(string_at(e, t->text));
        r->target_index = c->target;
        if (t->clause) { r->target_clause = t->clause; }
        r->target_changed_at = c->moved_at;
        if (figures || c->breached) { amounts(e, r, c, at); }
    }
    r->segments = clock_stretches(c);
    r->n_segments = c->n_stretches;
    r->by = chosen_values(e, n, slot, record->by, record->n_by, at);
    r->n_by = record->n_by;
    r->id = result_text(result_clock_id(e, record, n, c->cycle, c->revision, tail, number));
}
