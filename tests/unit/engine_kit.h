/* SPDX-License-Identifier: MIT */
/* A small world for tests of the engine: one kind of ticket with one clock, made with the builder, and results as lines. */
#ifndef ENGINE_KIT_H
#define ENGINE_KIT_H
#include "base/calendar.h"
#include "bytecode/builder.h"
#include "bytecode/verify.h"
#include "runtime/engine.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

enum { OPENED, CHANGED, WAITING, RESUMED, RESOLVED, REOPENED, CANCELLED, CLOSED, DOWN, UP, SEATS, KIT_EVENTS };
static const char *const kit_event_name[KIT_EVENTS] = {"opened",    "changed", "waiting", "resumed", "resolved", "reopened",
                                                       "cancelled", "closed",  "down",    "up",      "seats"};
enum { KIT_24X7 = 0, KIT_SUPPORT = 2, KIT_LOCAL = 3 };

struct kit_target { enum target_kind kind; int64_t amount; uint32_t calendar, flags, mode; };
struct kit_step { enum step_kind kind; int64_t amount, per; uint32_t flags; };
struct kit {
    const char *zone;
    uint32_t flags;                 /* of the clock */
    enum change_policy policy;
    struct kit_target target[4];    /* by priority 0 to 3; amount 0: none */
    struct kit_step step[4];
    unsigned n_steps;
    int64_t forget_after;           /* 0: never */
    bool restarts;                  /* `changed` restarts the clock */
    bool share, count, uptime, mean;
    bool by;                        /* results show the priority that chose the target; measures of the clock are by it */
    int64_t at_least;
    void (*before_finish)(struct kit *k);
    /* private */
    struct arena arena;
    struct module_builder *mb;
    const struct module *module;
    struct engine *engine;
    struct sb out;
    uint64_t order;
};

static uint32_t kit_func(struct kit *k, enum func_kind kind, uint32_t from, uint32_t event)
{
    struct m_func f = {.kind = kind, .code = from, .length = mb_count(k->mb, SEC_CODE) - from, .scalars = 6, .texts = 2, .entity = 0, .event = event};
    return mb_add_func(k->mb, f);
}

static uint32_t kit_target_func(struct kit *k)
{
    struct module_builder *mb = k->mb;
    uint32_t from = mb_op_imm(mb, INS_LDA, 0, 0), none = NO_REF;
    mb_op(mb, INS_LDNONE, 4, 0, 0);
    for (unsigned i = 0; i < 4; i++) {
        const struct kit_target *t = &k->target[i];
        if (!t->amount && t->kind != TARGET_RECORD) { continue; }
        char text[32];
        snprintf(text, sizeof text, "target %u", i);
        struct m_target r = {.kind = t->kind, .flags = t->flags, .amount = t->amount, .mode = t->mode, .by = -1, .cutoff = -1,
                             .calendar = t->kind != TARGET_OPEN && t->calendar == KIT_24X7 ? NO_REF : t->calendar, .attr = t->kind == TARGET_RECORD ? 1 : NO_REF,
                             .text = mb_string(mb, str_of(text))};
        uint32_t number = mb_add_target(mb, r);
        mb_op_imm(mb, INS_LDI, 1, (int)i);
        mb_op(mb, INS_EQ, 2, 0, 1);
        uint32_t jump = mb_op_imm(mb, INS_JF, 2, 0);
        mb_op_imm(mb, INS_LDI, 3, (int)number);
        mb_op(mb, INS_RETG, 3, 4, 0);
        assert_true(mb_land(mb, jump));
    }
    (void)none;
    mb_op(mb, INS_RETG, 4, 4, 0);
    return kit_func(k, FUNC_TARGET, from, NO_REF);
}

static void kit_pause(struct module_builder *mb)
{
    mb_op(mb, INS_WAITS, 1, 0, 0);
    mb_op(mb, INS_CPAUSE, 0, 1, 0);
}

/* What the compiler would make of the contract's slots. Fields: scalar 0 priority or number, scalar 1 reason; text 0 id. */
static uint32_t kit_handler(struct kit *k, int event)
{
    struct module_builder *mb = k->mb;
    uint32_t from = mb_count(mb, SEC_CODE), measure = 0;
    if (k->share) { measure++; }
    if (k->mean) { measure++; }
    uint32_t count = measure, uptime = measure + (k->count ? 1 : 0);
    switch (event) {
    case OPENED:
        mb_op_imm(mb, INS_LDF, 0, 0);
        mb_op_imm(mb, INS_STA, 0, 0);
        mb_op(mb, INS_CSTART, 0, 0, 0);
        break;
    case CHANGED:
        mb_op_imm(mb, INS_LDF, 0, 0);
        mb_op_word(mb, INS_STAC, 1, 0, 0, 0);
        if (k->restarts) {
            mb_op(mb, INS_CRESTART, 0, 0, 0);
        } else {
            mb_op(mb, INS_CRETARGET, 0, k->policy, 1);
        }
        break;
    case WAITING:
        mb_op_imm(mb, INS_LDF, 0, 1);
        mb_op_imm(mb, INS_LDFT, 0, 0);
        mb_op(mb, INS_WBEGIN, 0, 0, 0);
        kit_pause(mb);
        break;
    case RESUMED:
        mb_op_imm(mb, INS_LDFT, 0, 0);
        mb_op(mb, INS_WEND, 0, 0, 0);
        kit_pause(mb);
        break;
    case RESOLVED: mb_op(mb, INS_CSTOP, 0, STOP_STOP, 0); break;
    case REOPENED: mb_op(mb, INS_CCONT, 0, 0, 0); break;
    case CANCELLED: mb_op(mb, INS_CSTOP, 0, STOP_CANCEL, 0); break;
    case SEATS:
        if (k->count) { mb_op_word(mb, INS_MEVENT, 0, 0, 0, count); }
        break;
    case DOWN:
    case UP:
        mb_op_imm(mb, INS_LDI, 0, event == DOWN);
        if (k->uptime) { mb_op_word(mb, INS_MSPAN, 0, 0, 0, uptime); }
        break;
    default: break;
    }
    mb_op(mb, INS_RET, 0, 0, 0);
    return kit_func(k, FUNC_HANDLER, from, (uint32_t)event);
}

static void kit_calendar(struct module_builder *mb, const char *name, uint32_t local)
{
    uint32_t week = mb_add_hour_range(mb, (struct m_hour_range){8 * 3600, 18 * 3600});
    uint32_t saturday = mb_add_hour_range(mb, (struct m_hour_range){9 * 3600, 13 * 3600});
    uint32_t rules = mb_add_calendar_rule(mb, (struct m_calendar_rule){.kind = CR_WEEKLY, .weekdays = 0x1f, .hours = week, .n_hours = 1});
    mb_add_calendar_rule(mb, (struct m_calendar_rule){.kind = CR_WEEKLY, .weekdays = 0x20, .hours = saturday, .n_hours = 1});
    struct m_calendar_rec support = {.name = mb_string(mb, str_of(name)), .kind = CAL_RULES, .local = local, .rules = rules, .n_rules = 2, .a = NO_REF, .b = NO_REF};
    mb_add_calendar_rec(mb, support);
}

static uint32_t kit_priority(struct kit *k)
{
    uint32_t from = mb_op_imm(k->mb, INS_LDA, 0, 0);
    mb_op(k->mb, INS_RETV, 0, 0, 0);
    return mb_add_value_of(k->mb, (struct m_value_of){mb_string(k->mb, STR("priority")), VT_SCALE, 0, kit_func(k, FUNC_VALUE, from, NO_REF)});
}

static void kit_clock(struct kit *k)
{
    struct module_builder *mb = k->mb;
    uint32_t who = mb_add_recipient(mb, (struct m_recipient){mb_string(mb, STR("lead")), NO_REF}), steps = 0;
    for (unsigned i = 0; i < k->n_steps; i++) {
        char text[32];
        snprintf(text, sizeof text, "step %u", i);
        struct m_step s = {.kind = k->step[i].kind, .amount = k->step[i].amount, .per = k->step[i].per, .flags = k->step[i].flags, .calendar = NO_REF,
                           .held = NO_REF, .when = NO_REF, .recipients = who, .n_recipients = 1, .text = mb_string(mb, str_of(text)), .clause = 1};
        uint32_t at = mb_add_step(mb, s);
        if (!i) { steps = at; }
    }
    struct m_clock c = {.name = mb_string(mb, STR("fix")), .clause = 1, .flags = k->flags, .target = kit_target_func(k), .excused = NO_REF,
                        .steps = steps, .n_steps = k->n_steps, .pause_place = NO_REF, .pause = NO_REF};
    if (k->by) {
        c.by = kit_priority(k);
        c.n_by = 1;
    }
    mb_add_clock(mb, c);
}

static struct m_measure kit_measure(struct module_builder *mb, const char *name, enum measure_kind kind, enum measure_source source)
{
    return (struct m_measure){.name = mb_string(mb, str_of(name)), .clause = 1, .kind = kind, .source = source, .clock = NO_REF, .entity = NO_REF,
                              .calendar = NO_REF, .where = NO_REF, .part = NO_REF, .period = PERIOD_MONTH, .period_n = 1, .fixed = NONE, .whole = NO_REF, .less = NO_REF };
}

static void kit_measures(struct kit *k)
{
    struct m_measure m;
    if (k->share) {
        m = kit_measure(k->mb, "attainment", MEASURE_SHARE, SOURCE_CLOCK);
        m.clock = 0;
        m.flags = MEASURE_MET;
        if (k->by) {
            m.by = kit_priority(k);
            m.n_by = 1;
        }
        mb_add_measure(k->mb, m);
    }
    if (k->mean) {
        m = kit_measure(k->mb, "mean", MEASURE_MEAN, SOURCE_CLOCK);
        m.clock = 0;
        mb_add_measure(k->mb, m);
    }
    if (k->count) { mb_add_measure(k->mb, kit_measure(k->mb, "seats", MEASURE_COUNT, SOURCE_EVENT)); }
    if (k->uptime) {
        m = kit_measure(k->mb, "uptime", MEASURE_UPTIME, SOURCE_SPANS);
        m.entity = 0;
        m.at_least = k->at_least;
        mb_add_measure(k->mb, m);
    }
}

static int kit_sink(void *ctx, const struct msa_result *r);

static struct kit *kit_open(struct kit *k)
{
    arena_init(&k->arena, NULL);
    struct module_builder *mb = k->mb = mb_new(&k->arena);
    uint32_t clause = mb_add_clause(mb, (struct m_clause){.number = mb_string(mb, STR("4.2")), .name = mb_string(mb, STR("fix"))});
    assert_int_equal(clause, 1);
    mb_add_agreement(mb, (struct m_agreement){.name = mb_string(mb, STR("test")), .term_last = NONE, .term_length = NONE, .term_renews = NONE, .term_notice = NONE, .zone = mb_string(mb, str_of(k->zone ? k->zone : "UTC"))});
    uint32_t scale = mb_add_scale(mb, (struct m_scale){.name = mb_string(mb, STR("priority")), .ordered = 1, .n_values = 4});
    for (int i = 0; i < 4; i++) {
        char name[] = {'P', (char)('1' + i), 0};
        mb_add_scale_value(mb, (struct m_scale_value){mb_string(mb, str_of(name))});
    }
    kit_calendar(mb, "support", 0);
    kit_calendar(mb, "office", 1);
    mb_add_attr(mb, (struct m_attr){.name = mb_string(mb, STR("priority")), .type = VT_SCALE, .scale = scale, .initial = NONE, .slot = 0});
    mb_add_attr(mb, (struct m_attr){.name = mb_string(mb, STR("planned")), .type = VT_INSTANT, .scale = NO_REF, .initial = NONE, .slot = 1});
    mb_add_spans(mb, (struct m_spans){.name = mb_string(mb, STR("waiting")), .clause = 1, .reason_scale = NO_REF});
    struct m_entity ticket = {.name = mb_string(mb, STR("ticket")), .key = mb_string(mb, STR("ticket")), .n_attrs = 2, .n_spans = 1, .n_clocks = 1,
                              .forget_after = k->forget_after ? k->forget_after : NONE, .clause = 1};
    mb_add_entity(mb, ticket);
    kit_clock(k);
    kit_measures(k);
    for (int i = 0; i < KIT_EVENTS; i++) {
        uint32_t fields = mb_add_event_field(mb, (struct m_event_field){.name = mb_string(mb, STR("priority")), .type = VT_SCALE, .scale = scale, .initial = NONE});
        mb_add_event_field(mb, (struct m_event_field){.name = mb_string(mb, STR("number")), .type = VT_COUNT, .scale = NO_REF, .slot = 1, .initial = NONE});
        mb_add_event_field(mb, (struct m_event_field){.name = mb_string(mb, STR("wait")), .type = VT_TEXT, .scale = NO_REF, .slot = 0, .initial = NONE});
        uint32_t flags = i == OPENED ? EVENT_CREATES : i == CLOSED ? EVENT_ENDS : 0;
        mb_add_event(mb, (struct m_event){.name = mb_string(mb, str_of(kit_event_name[i])), .entity = 0, .flags = flags, .fields = fields, .n_fields = 3,
                                          .handler = NO_REF, .clause = 1});
    }
    for (int i = 0; i < KIT_EVENTS; i++) {
        uint32_t handler = kit_handler(k, i);
        mb_at_event(mb, (uint32_t)i)->handler = handler;
    }
    if (k->before_finish) { k->before_finish(k); }
    k->module = mb_finish(mb);
    struct verify_error why = {{0}, 0, 0, 0, 0, 0};
    const struct verified_module *v = module_verify(&k->arena, k->module, &why);
    if (!v) { fail_msg("%s", why.text); }
    struct msa_fault fault;
    struct engine_options o = {.sink = {k, kit_sink}};
    if (engine_open(v, &o, &k->engine, &fault) != MSA_OK) { fail_msg("%s", fault.text); }
    return k;
}

static void kit_close(struct kit *k)
{
    engine_close(k->engine);
    arena_free(&k->arena);
    sb_free(&k->out);
}

static instant kit_time(const char *text)
{
    const char *why = NULL;
    instant t = civil_read_instant(text, strlen(text), &why);
    if (t == NONE) { fail_msg("%s: %s", text, why); }
    return t;
}

static void kit_put_time(struct sb *b, const char *name, int64_t t)
{
    char text[CIVIL_TEXT_MAX];
    if (t == NONE) { return; }
    if (t == NEVER) {
        sb_printf(b, " %s=never", name);
        return;
    }
    sb_printf(b, " %s=%.*s", name, civil_write_instant(text, t, 0, true), text);
}

static void kit_put_span(struct sb *b, const char *name, int64_t v)
{
    if (v != NONE) { sb_printf(b, " %s=%lld", name, (long long)(v / USEC)); }
}

/* One line for each result, with what tells it apart. */
static int kit_sink(void *ctx, const struct msa_result *r)
{
    struct kit *k = ctx;
    struct sb *b = &k->out;
    sb_printf(b, "%s %.*s", msa_result_kind_name[r->kind], (int)r->id.n, r->id.p);
    if (r->measure.n) {
        if (r->no_data) { sb_puts(b, " no data"); }
        if (r->is_share) { sb_printf(b, " %lld/%lld", (long long)r->part, (long long)r->whole); }
        if (!r->is_share && !r->no_data) { sb_printf(b, " value=%lld", (long long)r->value); }
        if (r->n_running || r->n_paused) { sb_printf(b, " running=%lld paused=%lld", (long long)r->n_running, (long long)r->n_paused); }
        if (r->n_cancelled || r->n_excused) { sb_printf(b, " cancelled=%lld excused=%lld", (long long)r->n_cancelled, (long long)r->n_excused); }
        sb_puts(b, r->final ? "" : " open");
    } else {
        kit_put_time(b, "at", r->at);
        if (r->kind == MSA_CLOCK) {
            sb_printf(b, " %s", msa_clock_state_name[r->state]);
            kit_put_time(b, "due", r->due);
            if (r->due_first != r->due) { kit_put_time(b, "first", r->due_first); }
            kit_put_time(b, "breached", r->breached_at);
            kit_put_span(b, "elapsed", r->elapsed);
            if (r->paused) { kit_put_span(b, "paused", r->paused); }
            kit_put_span(b, "left", r->remaining);
            kit_put_span(b, "over", r->overrun);
        }
        if (r->kind == MSA_BREACH) { kit_put_time(b, "due", r->due); }
        if (r->late && r->kind != MSA_CLOCK) { sb_puts(b, " late"); }
        if (r->reason.n) { sb_printf(b, " because %.*s", (int)r->reason.n, r->reason.p); }
    }
    for (size_t i = 0; i < r->n_by && !r->measure.n; i++) { sb_printf(b, " by %.*s", (int)r->by[i].value.n, r->by[i].value.p); }
    if (r->withdraws.n) { sb_printf(b, " withdraws %.*s", (int)r->withdraws.n, r->withdraws.p); }
    sb_char(b, '\n');
    return 0;
}

static enum msa_status kit_send(struct kit *k, const char *at, int event, const char *key, int64_t priority, int64_t number, const char *text, struct msa_fault *why, bool *duplicate)
{
    int64_t scalars[2] = {priority < 0 ? NONE : priority, number};
    struct str texts[1] = {text ? str_of(text) : (struct str){0}};
    struct event ev = {.at = kit_time(at), .order = k->order++, .type = (uint32_t)event, .line = (uint32_t)k->order, .key = str_of(key), .scalar = scalars, .text = texts};
    return engine_apply(k->engine, &ev, duplicate, why);
}

unused static void kit_event(struct kit *k, const char *at, int event, const char *key, int64_t priority)
{
    struct msa_fault why = {MSA_OK, {0}};
    bool duplicate;
    if (kit_send(k, at, event, key, priority, NONE, NULL, &why, &duplicate) != MSA_OK) { fail_msg("%s", why.text); }
}

unused static void kit_wait(struct kit *k, const char *at, int event, const char *key, int64_t reason, const char *id)
{
    struct msa_fault why = {MSA_OK, {0}};
    bool duplicate;
    if (kit_send(k, at, event, key, -1, reason, id, &why, &duplicate) != MSA_OK) { fail_msg("%s", why.text); }
}

/* Finishes, compares all results and closes. */
unused static void kit_expect(struct kit *k, const char *as_of, const char *expected)
{
    struct msa_fault fault = {MSA_OK, {0}};
    if (engine_finish(k->engine, as_of ? kit_time(as_of) : NONE, &fault) != MSA_OK) { fail_msg("%s", fault.text); }
    assert_string_equal(k->out.p ? k->out.p : "", expected);
    kit_close(k);
}
#endif
