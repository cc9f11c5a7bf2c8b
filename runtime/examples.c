/* SPDX-License-Identifier: MIT */
/* The examples of an agreement, run: the events of each in a run of its own, then what came out against what is expected.
 *
 * What the fields of EXPECT mean; an instant or span that is NONE and a text that is empty were not written:
 *   CLOCK, NO_CLOCK  clock; entity: key; state; cycle 0: the last one; due, due_first, stopped, elapsed, paused
 *   NOTIFY           text: who; at; entity; EXPECT_NOT: nobody of that name is told
 *   OPEN             calendar, at; EXPECT_CLOSED
 *   MEASURE          measure; text: the period's name; reading: the group's values in order, ", " between; state: the value as
 *                    written; EXPECT_NO_DATA, or part of whole, or (whole NONE) part in the unit of the measure's type: of a
 *                    share millionths of one per cent
 *   VALUE            func: a predicate, which has to say yes; entity: key
 *   REJECT           at least one record is rejected
 *   CHARGE           charge; entity: key; amount is the sum of its lines of the period named in text, or of those from day to
 *                    day_last
 *   INVOICE          text: the name of its period; amount: total; due
 *   OWED, SETTLEMENT, LIMIT   day, amount
 *   STATE            state; day
 *   LEVEL            quantity, day; amount in millionths
 *   RIGHT            right, day; EXPECT_NOT
 *   REFUSED          at least one event is refused by a clause
 * reading is the expectation as written (but of measures). A record that is rejected unexpectedly fails the example as well. */
#include "msa/run.h"
#include "runtime/examples_money.h"
#include "runtime/input.h"
#include "runtime/state.h"
#include <stdio.h>

struct seen_clock {
    uint32_t clock, cycle;
    struct str key;
    enum msa_clock_state state;
    instant due, due_first, stopped;
    micros elapsed, paused;
};
struct seen_notice { struct str key, who; instant at; };
struct seen_measure { struct str measure, period, group; bool no_data, is_share; int64_t part, whole, value; uint8_t type; };

struct trial {
    struct arena arena;
    struct memory memory;        /* running out jumps to `no_memory` */
    jmp_buf no_memory;
    const struct module *m;
    struct msa_run *run;
    VEC(struct seen_clock) clocks;
    VEC(struct seen_notice) notices;
    VEC(struct seen_measure) measures;
    VEC(struct str) rejects;
    struct seen_money money;
    struct sb expected, got;
    const struct zone *zone;
};

static struct str copy(struct trial *t, struct msa_text s) { return str_dup(&t->arena, (struct str){s.p, s.n}); }

static struct str group_of(struct trial *t, const struct msa_result *r)
{
    struct sb b = {.arena = &t->arena};
    for (size_t i = 0; i < r->n_by; i++) {
        if (i) { sb_puts(&b, ", "); }
        sb_put(&b, (struct str){r->by[i].value.p, r->by[i].value.n});
    }
    return sb_str(&b);
}

/* The last word about a cycle replaces what was said before. */
static void take_clock(struct trial *t, const struct msa_result *r)
{
    struct seen_clock c = {.clock = r->clock_index, .cycle = r->cycle, .key = copy(t, r->key), .state = r->state, .due = r->due,
                           .due_first = r->due_first, .stopped = r->stopped, .elapsed = r->elapsed, .paused = r->paused};
    for (size_t i = 0; i < t->clocks.n; i++) {
        struct seen_clock *old = &t->clocks.p[i];
        if (old->clock == c.clock && old->cycle == c.cycle && str_eq(old->key, c.key)) {
            *old = c;
            return;
        }
    }
    vec_push(&t->clocks, &t->arena, c);
}

static void take_measure(struct trial *t, const struct msa_result *r)
{
    struct seen_measure k = {.measure = copy(t, r->measure), .period = copy(t, r->period), .group = group_of(t, r), .no_data = r->no_data,
                             .is_share = r->is_share, .part = r->part, .whole = r->whole, .value = r->value, .type = r->value_type};
    if (!k.group.n) { k.group = copy(t, r->key); }
    for (size_t i = 0; i < t->measures.n; i++) {
        struct seen_measure *old = &t->measures.p[i];
        if (str_eq(old->measure, k.measure) && str_eq(old->period, k.period) && str_eq(old->group, k.group)) {
            *old = k;
            return;
        }
    }
    vec_push(&t->measures, &t->arena, k);
}

static int take(void *ctx, const struct msa_result *r)
{
    struct trial *t = ctx;
    switch (r->kind) {
    case MSA_CLOCK: take_clock(t, r); break;
    case MSA_ESCALATION:
    case MSA_NOTICE:
        for (size_t i = 0; i < r->n_recipients; i++) {
            vec_push(&t->notices, &t->arena, ((struct seen_notice){copy(t, r->key), copy(t, r->recipients[i]), r->at}));
        }
        break;
    case MSA_MEASURE: take_measure(t, r); break;
    case MSA_CORRECTION:
        if (r->measure.n) { take_measure(t, r); }
        break;
    case MSA_REJECT: vec_push(&t->rejects, &t->arena, copy(t, r->reason)); break;
    case MSA_BREACH:
    case MSA_DIFFERENCE:
    case MSA_DUPLICATE:
    case MSA_PAYMENT:
    case MSA_CREDIT:
    case MSA_DEADLINE:
    case MSA_ACCOUNT:
    case MSA_RESULT_KIND_COUNT: break;
    case MSA_LINE:
    case MSA_INVOICE:
    case MSA_STATE:
    case MSA_RIGHT:
    case MSA_REFUSED:
    case MSA_LIABILITY:
    case MSA_SETTLEMENT: seen_money(&t->money, r); break;
    }
    return 0;
}

/* ---- words ---- */

static void put_instant(struct trial *t, struct sb *b, instant at)
{
    char text[CIVIL_TEXT_MAX];
    if (at == NONE || at == NEVER) {
        sb_puts(b, at == NONE ? "none" : "never");
        return;
    }
    int n = civil_write_instant(text, at, zone_offset(t->zone, at, NULL, NULL), false);
    if (n > 16) { /* as people write it: 2026-03-06 17:50, seconds where there are any */
        text[10] = ' ';
        n = text[17] == '0' && text[18] == '0' && text[19] != '.' ? 16 : 19;
    }
    sb_put(b, (struct str){text, (size_t)n});
}

static void put_span(struct sb *b, micros d)
{
    char text[CIVIL_TEXT_MAX];
    if (d == NONE) {
        sb_puts(b, "none");
    } else if (d == 0) {
        sb_puts(b, "0 min");
    } else {
        sb_put(b, (struct str){text, (size_t)civil_write_hms(text, d)});
    }
}

static void instant_pair(struct trial *t, const char *name, instant wanted, instant found, bool *ok)
{
    if (wanted == NONE) { return; }
    *ok &= wanted == found;
    sb_printf(&t->expected, ", %s ", name);
    sb_printf(&t->got, ", %s ", name);
    put_instant(t, &t->expected, wanted);
    put_instant(t, &t->got, found);
}

static void span_pair(struct trial *t, const char *name, micros wanted, micros found, bool *ok)
{
    if (wanted == NONE) { return; }
    *ok &= wanted == found;
    sb_printf(&t->expected, ", %s ", name);
    sb_printf(&t->got, ", %s ", name);
    put_span(&t->expected, wanted);
    put_span(&t->got, found);
}

/* ---- kinds of expectation: true when it holds; words in expected and got ---- */

static const struct seen_clock *find_clock(const struct trial *t, const struct m_expect *x)
{
    const struct seen_clock *best = NULL;
    struct str key = module_str(t->m, x->entity);
    for (size_t i = 0; i < t->clocks.n; i++) {
        const struct seen_clock *c = &t->clocks.p[i];
        if (c->clock != x->clock || (key.n && !str_eq(c->key, key)) || (x->cycle && c->cycle != x->cycle)) { continue; }
        if (!best || c->cycle >= best->cycle) { best = c; }
    }
    return best;
}

static bool expect_clock(struct trial *t, const struct m_expect *x)
{
    const struct seen_clock *c = find_clock(t, x);
    struct str name = module_str(t->m, t->m->clock[x->clock].name), key = module_str(t->m, x->entity), state = module_str(t->m, x->state);
    bool no = x->kind == EXPECT_NO_CLOCK || (x->flags & EXPECT_NOT), ok = true;
    sb_printf(&t->expected, "%s%.*s of \"%.*s\"", no ? "no " : "", STR_ARG(name), STR_ARG(key));
    sb_printf(&t->got, "%.*s of \"%.*s\"", STR_ARG(name), STR_ARG(key));
    if (x->cycle) { sb_printf(&t->expected, ", cycle %u", x->cycle); }
    if (!c || c->state == MSA_NO_TARGET) {
        if (!no) {
            sb_clear(&t->got);
            sb_printf(&t->got, "no %.*s of \"%.*s\" has started", STR_ARG(name), STR_ARG(key));
        }
        return no || (c && str_eq(state, str_of("no target")));
    }
    if (no && !state.n) {
        sb_printf(&t->got, " %s", msa_clock_state_name[c->state]);
        return false;
    }
    if (c->cycle > 1) { sb_printf(&t->got, ", cycle %u", c->cycle); }
    if (state.n) {
        ok = str_eq(state, str_of(msa_clock_state_name[c->state]));
        sb_printf(&t->expected, " %.*s", STR_ARG(state));
        sb_printf(&t->got, " %s", msa_clock_state_name[c->state]);
    }
    instant_pair(t, "due", x->due, c->due, &ok);
    instant_pair(t, "first due", x->due_first, c->due_first, &ok);
    instant_pair(t, "stopped", x->stopped, c->stopped, &ok);
    span_pair(t, "elapsed", x->elapsed, c->elapsed, &ok);
    span_pair(t, "paused", x->paused, c->paused, &ok);
    return no ? !ok : ok;
}

static bool expect_notify(struct trial *t, const struct m_expect *x)
{
    struct str who = module_str(t->m, x->text), key = module_str(t->m, x->entity);
    bool no = (x->flags & EXPECT_NOT) != 0, any = false;
    sb_printf(&t->expected, "%snotify \"%.*s\"", no ? "no " : "", STR_ARG(who));
    if (x->at != NONE) {
        sb_puts(&t->expected, " at ");
        put_instant(t, &t->expected, x->at);
    }
    if (key.n) { sb_printf(&t->expected, " for \"%.*s\"", STR_ARG(key)); }
    for (size_t i = 0; i < t->notices.n; i++) {
        const struct seen_notice *n = &t->notices.p[i];
        if (!str_eq(n->who, who) || (key.n && !str_eq(n->key, key))) { continue; }
        if (x->at == NONE || n->at == x->at) { any = true; }
        sb_puts(&t->got, t->got.n ? ", " : "told ");
        put_instant(t, &t->got, n->at);
        if (!key.n && n->key.n) { sb_printf(&t->got, " for \"%.*s\"", STR_ARG(n->key)); }
    }
    if (!t->got.n) { sb_puts(&t->got, "not told"); }
    return any != no;
}

static bool expect_open(struct trial *t, const struct m_expect *x)
{
    struct engine *e = t->run->engine;
    struct str name = calendars_name(e->calendars, x->calendar);
    bool open = x->calendar == 0 || calendar_is_open(calendars_at(e->calendars, x->calendar), x->at);
    bool wanted = !(x->flags & EXPECT_CLOSED);
    sb_printf(&t->expected, "%.*s %s at ", STR_ARG(name), wanted ? "open" : "closed");
    put_instant(t, &t->expected, x->at);
    sb_puts(&t->got, open ? "open" : "closed");
    return open == wanted;
}

static void put_decimal(struct sb *b, int64_t v, int64_t unit)
{
    sb_printf(b, "%s%lld", v < 0 ? "-" : "", (long long)(v < 0 ? -(v / unit) : v / unit));
    int64_t fraction = v % unit < 0 ? -(v % unit) : v % unit;
    if (fraction) { sb_printf(b, ".%06lld", (long long)fraction); }
}

static void put_measure(struct trial *t, const struct seen_measure *k, bool of_time)
{
    if (k->no_data) {
        sb_puts(&t->got, "no data");
    } else if (k->is_share) {
        __extension__ typedef __int128 int128;
        int64_t cut = k->whole > 0 ? (int64_t)((int128)k->part * 10000 / k->whole) : 0; /* cut, so that a miss is never 100.00 */
        if (!of_time) { sb_printf(&t->got, "%lld of %lld, ", (long long)k->part, (long long)k->whole); }
        sb_printf(&t->got, "%lld.%02lld%%", (long long)(cut / 100), (long long)(cut % 100));
        if (k->whole > 0 && (int128)k->part * 10000 % k->whole) { sb_puts(&t->got, " and a bit"); }
    } else if (k->type == VT_DURATION) {
        put_span(&t->got, k->value);
    } else {
        put_decimal(&t->got, k->value, k->type == VT_NUMBER || k->type == VT_PERCENT ? 1000000 : 1);
    }
}

/* a/b = c/d without a division. */
static bool same_share(int64_t a, int64_t b, int64_t c, int64_t d)
{
    __extension__ typedef __int128 int128;
    return b > 0 && d > 0 && (int128)a * d == (int128)c * b;
}

static bool expect_measure(struct trial *t, const struct m_expect *x)
{
    const struct m_measure *k = &t->m->measure[x->measure];
    struct str name = module_str(t->m, k->name), period = module_str(t->m, x->text), written = module_str(t->m, x->state);
    struct str group = k->n_by || measure_of_things(t->m, x->measure) ? module_str(t->m, x->reading) : (struct str){0};
    const struct seen_measure *found = NULL;
    size_t groups = 0;
    for (size_t i = 0; i < t->measures.n; i++) {
        const struct seen_measure *s = &t->measures.p[i];
        if (!str_eq(s->measure, name) || (period.n && !str_eq(s->period, period))) { continue; }
        groups++;
        if (!group.n || str_eq(s->group, group)) { found = s; }
    }
    sb_printf(&t->expected, "%.*s", STR_ARG(name));
    if (group.n) { sb_printf(&t->expected, " of %.*s", STR_ARG(group)); }
    if (period.n) { sb_printf(&t->expected, " in %.*s", STR_ARG(period)); }
    sb_printf(&t->expected, " is %.*s", STR_ARG(written));
    if (!found) {
        sb_puts(&t->got, groups ? "no data for that group" : "no data: nothing happened in that period");
        return (x->flags & EXPECT_NO_DATA) != 0;
    }
    put_measure(t, found, k->source == SOURCE_SPANS);
    if (x->flags & EXPECT_NO_DATA) { return found->no_data; }
    if (found->no_data) { return false; }
    if (!found->is_share) { return found->value == x->part; }
    return x->whole == NONE ? same_share(found->part, found->whole, x->part, 100 * (int64_t)1000000) : same_share(found->part, found->whole, x->part, x->whole);
}

static bool expect_value(struct trial *t, const struct m_expect *x)
{
    struct engine *e = t->run->engine;
    const struct m_func *f = &t->m->func[x->func];
    struct str key = module_str(t->m, x->entity), text = module_str(t->m, x->text);
    struct entity *n = f->entity == NO_REF ? NULL : entity_find(e, f->entity, key);
    if (f->entity != NO_REF && !n) {
        sb_printf(&t->got, "there is no \"%.*s\"", STR_ARG(key));
        return false;
    }
    struct vm_result v = vm_run(e, x->func, n, e->now == NONE ? 0 : e->now);
    if (f->kind == FUNC_PREDICATE) {
        sb_puts(&t->got, v.scalar == 1 ? "yes" : v.scalar == 0 ? "no" : "missing");
        return v.scalar == 1;
    }
    if (f->kind == FUNC_VALUE_TEXT) {
        sb_printf(&t->got, "%.*s", STR_ARG(v.text));
        return v.text.p ? str_eq(v.text, text) : !text.n;
    }
    if (v.scalar == NONE) {
        sb_puts(&t->got, "missing");
    } else {
        sb_i64(&t->got, v.scalar);
    }
    return v.scalar == x->part;
}

static bool expect_reject(struct trial *t)
{
    sb_puts(&t->expected, "reject");
    sb_puts(&t->got, t->rejects.n ? "" : "no record was rejected");
    return t->rejects.n > 0;
}

static bool holds(struct trial *t, const struct m_expect *x)
{
    switch ((enum expect_kind)x->kind) {
    case EXPECT_CLOCK:
    case EXPECT_NO_CLOCK: return expect_clock(t, x);
    case EXPECT_NOTIFY: return expect_notify(t, x);
    case EXPECT_OPEN: return expect_open(t, x);
    case EXPECT_MEASURE: return expect_measure(t, x);
    case EXPECT_VALUE: return expect_value(t, x);
    case EXPECT_REJECT: return expect_reject(t);
    case EXPECT_CHARGE: case EXPECT_INVOICE: case EXPECT_OWED: case EXPECT_STATE: case EXPECT_LIMIT: case EXPECT_CLAIM: case EXPECT_SETTLEMENT: case EXPECT_LEVEL:
    case EXPECT_RIGHT: case EXPECT_REFUSED: return money_holds(&t->money, t->run->engine, x, &t->got);
    }
    return false;
}

/* ---- running ---- */

static struct msa_place place_of(const struct module *m, uint32_t i)
{
    const struct m_place *p = &m->place[i];
    struct str file = module_str(m, m->file[p->file].name);
    return (struct msa_place){.file = {file.p, file.n}, .line = p->line, .column = p->column};
}

static struct msa_text view(const struct sb *b) { return (struct msa_text){b->p, b->n}; }

/* One expectation with the engine's failures caught: it is at rest between calls, so it may be asked. */
static bool checked(struct trial *t, const struct m_expect *x)
{
    struct engine *e = t->run->engine;
    jmp_buf guard;
    volatile bool ok = false;
    e->guard = &guard;
    if (setjmp(guard) == 0) {
        ok = holds(t, x);
    } else {
        sb_clear(&t->got);
        sb_puts(&t->got, e->fault.text);
    }
    e->guard = NULL;
    return ok;
}

static size_t compare(struct trial *t, const struct m_example *x, struct msa_example_sink sink)
{
    size_t failed = 0;
    bool reject_expected = false;
    for (uint32_t i = x->expects; i < x->expects + x->n_expects; i++) {
        const struct m_expect *w = &t->m->expect[i];
        sb_clear(&t->expected);
        sb_clear(&t->got);
        reject_expected |= w->kind == EXPECT_REJECT;
        struct msa_expectation out = {.ok = checked(t, w), .place = place_of(t->m, w->place)};
        struct str reading = module_str(t->m, w->reading);
        bool as_written = reading.n && w->kind != EXPECT_MEASURE;
        out.expected = as_written ? (struct msa_text){reading.p, reading.n} : view(&t->expected);
        if (!out.ok) { out.got = view(&t->got); }
        failed += !out.ok;
        sink.expectation(sink.ctx, &out);
    }
    for (size_t i = 0; i < t->rejects.n && !reject_expected; i++) {
        struct str reason = t->rejects.p[i];
        struct msa_expectation out = {.expected = {"every record is taken", 21}, .place = place_of(t->m, x->place)};
        sb_clear(&t->got);
        sb_printf(&t->got, "one was rejected: %.*s", STR_ARG(reason));
        out.got = view(&t->got);
        failed++;
        sink.expectation(sink.ctx, &out);
    }
    return failed;
}

static enum msa_status feed(struct trial *t, const struct msa_module *m, const struct m_example *x, struct msa_fault *fault)
{
    struct msa_options o = {.as_of = x->as_of};
    struct str events = module_str(t->m, x->events), name = module_str(t->m, x->name);
    enum msa_status s = msa_run_open(m, &o, (struct msa_sink){t, take}, &t->run, fault);
    if (s == MSA_OK) { s = msa_run_bytes(t->run, events.p, events.n, name.n ? name.p : "example", "ndjson", fault); }
    if (s == MSA_OK || s == MSA_REJECTED) { s = msa_run_finish(t->run, fault); }
    return s == MSA_REJECTED ? MSA_OK : s;
}

size_t msa_module_examples(const struct msa_module *m) { return m->m->n_example; }

static void out_of_memory(void *ctx) { longjmp(((struct trial *)ctx)->no_memory, 1); }

/* Feeds and compares; what it made is the trial's, wherever it ends. */
static __attribute__((noinline)) enum msa_status judge(struct trial *t, const struct msa_module *m, const struct m_example *x, struct msa_example_sink sink,
                                                       size_t *failed, struct msa_fault *fault)
{
    if (setjmp(t->no_memory)) {
        *fault = (struct msa_fault){MSA_NO_MEMORY, "out of memory"};
        *failed = 1;
        return MSA_NO_MEMORY;
    }
    enum msa_status s = feed(t, m, x, fault);
    *failed = s == MSA_OK ? compare(t, x, sink) : 1;
    return s;
}

enum msa_status msa_example_run(const struct msa_module *m, size_t i, struct msa_example_sink sink, struct msa_fault *fault)
{
    const struct m_example *x = &m->m->example[i];
    struct trial t = {.m = m->m};
    struct str name = module_str(m->m, x->name), zone = m->m->n_agreement ? module_str(m->m, m->m->agreement[0].zone) : (struct str){0};
    struct msa_example about = {.name = {name.p, name.n}, .clause = x->clause, .place = place_of(m->m, x->place)};
    t.memory = (struct memory){.resize = memory_default.resize, .out_of_memory = out_of_memory, .ctx = &t};
    arena_init(&t.arena, &t.memory);
    t.expected.arena = t.got.arena = t.money.arena = &t.arena;
    t.zone = zone.n ? zone_load(zone.p) : NULL;
    if (!t.zone) { t.zone = zone_load("UTC"); }
    sink.begin(sink.ctx, &about);
    size_t failed = 1;
    enum msa_status s = judge(&t, m, x, sink, &failed, fault);
    sink.end(sink.ctx, &about, failed, s == MSA_OK ? NULL : fault);
    if (t.run) { msa_run_close(t.run); }
    arena_free(&t.arena);
    return s;
}
