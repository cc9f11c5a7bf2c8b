/* SPDX-License-Identifier: MIT */
/* An engine that only takes notes, and modules made by hand: what the tests of the readers share. */
#ifndef MSA_TESTS_INPUT_NOTES_H
#define MSA_TESTS_INPUT_NOTES_H
#include "bytecode/builder.h"
#include "bytecode/file.h"
#include "base/civil.h"
#include "msa/run.h"
#include "runtime/input.h"
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* ---- an engine that writes down what it is given ---- */

struct engine { struct engine_options o; const struct module *m; struct engine_counts counts; };
static struct sb notes;
static size_t applied;
static bool quiet;

static void note_event(const struct module *m, const struct event *ev)
{
    char at[CIVIL_TEXT_MAX];
    int n = civil_write_instant(at, ev->at, 0, true);
    sb_printf(&notes, "%.*s ", n, at);
    if (ev->type == EVENT_SET || ev->type == EVENT_RECORDED) {
        sb_printf(&notes, "%s %.*s", ev->type == EVENT_SET ? "SET" : "RECORDED", STR_ARG(ev->key));
        if (ev->text[0].p) { sb_printf(&notes, " '%.*s'", STR_ARG(ev->text[0])); }
        if (ev->scalar[0] != NONE) { sb_printf(&notes, " %lld", (long long)ev->scalar[0]); }
        sb_char(&notes, '\n');
        return;
    }
    const struct m_event *e = &m->event[ev->type];
    struct str name = module_str(m, e->name);
    sb_printf(&notes, "%.*s %.*s", STR_ARG(name), STR_ARG(ev->key));
    for (uint32_t i = 0; i < e->n_fields; i++) {
        const struct m_event_field *f = &m->event_field[e->fields + i];
        struct str field = module_str(m, f->name);
        if (f->type == VT_TEXT) {
            if (ev->text[f->slot].p) { sb_printf(&notes, " %.*s='%.*s'", STR_ARG(field), STR_ARG(ev->text[f->slot])); }
        } else if (ev->scalar[f->slot] != NONE) {
            sb_printf(&notes, " %.*s=%lld", STR_ARG(field), (long long)ev->scalar[f->slot]);
        }
    }
    sb_char(&notes, '\n');
}

enum msa_status engine_open(const struct verified_module *vm, const struct engine_options *o, struct engine **out, struct msa_fault *fault)
{
    (void)fault;
    struct engine *e = calloc(1, sizeof *e);
    assert_non_null(e);
    e->o = *o;
    e->m = verified_get(vm);
    *out = e;
    return MSA_OK;
}
void engine_close(struct engine *e) { free(e); }
void engine_files(struct engine *e, const struct str *names, size_t n) { (void)e; (void)names; (void)n; }
bool engine_knows(const struct engine *e, const struct event *ev) { (void)e; (void)ev; return false; }
void engine_expect(const struct engine *e, const struct event *ev) { (void)e; (void)ev; }
enum msa_status engine_apply(struct engine *e, const struct event *ev, bool *duplicate, struct msa_fault *why)
{
    *duplicate = false;
    applied++;
    if (quiet) { return MSA_OK; }
    if (str_eq(ev->key, STR("UNKNOWN"))) {
        snprintf(why->text, sizeof why->text, "there is no ticket UNKNOWN");
        return MSA_REJECTED;
    }
    note_event(e->m, ev);
    return MSA_OK;
}
enum msa_status engine_wait(struct engine *e, instant t, struct msa_fault *fault)
{
    (void)e;
    (void)fault;
    char at[CIVIL_TEXT_MAX];
    int n = civil_write_instant(at, t, 0, true);
    if (!quiet) { sb_printf(&notes, "%.*s so far\n", n, at); }
    return MSA_OK;
}
enum msa_status engine_advance(struct engine *e, instant t, struct msa_fault *fault) { (void)e; (void)t; (void)fault; return MSA_OK; }
enum msa_status engine_finish(struct engine *e, instant as_of, struct msa_fault *fault)
{
    (void)e;
    (void)fault;
    char at[CIVIL_TEXT_MAX];
    int n = civil_write_instant(at, as_of, 0, true);
    if (!quiet) { sb_printf(&notes, "%.*s finish\n", n, at); }
    return MSA_OK;
}
struct engine_counts engine_counts(const struct engine *e) { return e->counts; }

static size_t n_rejects;
static int take_result(void *ctx, const struct msa_result *r)
{
    (void)ctx;
    n_rejects += r->kind == MSA_REJECT;
    if (!quiet) {
        sb_printf(&notes, "%s %u:%u %.*s | %.*s\n", msa_result_kind_name[r->kind], r->line, r->column, (int)r->reason.n, r->reason.p,
                  (int)(r->verbatim.n < 200 ? r->verbatim.n : 200), r->verbatim.p ? r->verbatim.p : "");
    }
    return 0;
}

/* ---- a module by hand ---- */

struct made { struct arena arena; struct module_builder *mb; struct msa_module *m; uint32_t scale, ticket, opened, closed, changed, waiting, resumed, worked; };

static uint32_t S(struct made *k, const char *s) { return mb_string(k->mb, str_of(s)); }

static uint32_t field(struct made *k, const char *name, uint32_t type, uint32_t scale, uint32_t slot, int64_t initial, uint32_t flags)
{
    return mb_add_event_field(k->mb, (struct m_event_field){ .name = S(k, name), .type = type, .scale = scale, .slot = slot, .initial = initial, .flags = flags });
}

static void begin(struct made *k)
{
    memset(k, 0, sizeof *k);
    arena_init(&k->arena, NULL);
    k->mb = mb_new(&k->arena);
    struct module_builder *mb = k->mb;
    mb_add_agreement(mb, (struct m_agreement){ .name = S(k, "Test"), .provider = S(k, "P"), .customer = S(k, "C"), .effective = NONE, .term_last = NONE, .term_length = NONE, .term_renews = NONE, .term_notice = NONE,
                                               .zone = S(k, "Europe/Berlin"), .digest = S(k, "d") });
    uint32_t first = mb_add_scale_value(mb, (struct m_scale_value){ .name = S(k, "P1") });
    mb_add_scale_value(mb, (struct m_scale_value){ .name = S(k, "P2") });
    mb_add_scale_value(mb, (struct m_scale_value){ .name = S(k, "P3") });
    k->scale = mb_add_scale(mb, (struct m_scale){ .name = S(k, "priority"), .ordered = 1, .values = first, .n_values = 3 });
    uint32_t attr = mb_add_attr(mb, (struct m_attr){ .name = S(k, "priority"), .type = VT_SCALE, .scale = k->scale, .initial = NONE, .slot = 0 });
    mb_add_attr(mb, (struct m_attr){ .name = S(k, "schedule"), .type = VT_TEXT, .scale = NO_REF, .initial = NONE, .slot = 0 });
    k->ticket = mb_add_entity(mb, (struct m_entity){ .name = S(k, "ticket"), .key = S(k, "ticket"), .attrs = attr, .n_attrs = 2, .forget_after = NONE });
    uint32_t f = field(k, "priority", VT_SCALE, k->scale, 0, NONE, 0);
    field(k, "category", VT_TEXT, NO_REF, 0, NONE, 0);
    field(k, "vip", VT_FLAG, NO_REF, 1, 0, 0);
    k->opened = mb_add_event(mb, (struct m_event){ .name = S(k, "opened"), .entity = k->ticket, .flags = EVENT_CREATES, .fields = f, .n_fields = 3, .handler = NO_REF });
    k->closed = mb_add_event(mb, (struct m_event){ .name = S(k, "closed"), .entity = k->ticket, .flags = EVENT_ENDS, .fields = 0, .n_fields = 0, .handler = NO_REF });
    f = field(k, "priority", VT_SCALE, k->scale, 0, NONE, FIELD_REQUIRED);
    k->changed = mb_add_event(mb, (struct m_event){ .name = S(k, "changed"), .entity = k->ticket, .fields = f, .n_fields = 1, .handler = NO_REF });
    f = field(k, "wait", VT_TEXT, NO_REF, 0, NONE, 0);
    k->waiting = mb_add_event(mb, (struct m_event){ .name = S(k, "waiting"), .entity = k->ticket, .fields = f, .n_fields = 1, .handler = NO_REF });
    f = field(k, "wait", VT_TEXT, NO_REF, 0, NONE, 0);
    k->resumed = mb_add_event(mb, (struct m_event){ .name = S(k, "resumed"), .entity = k->ticket, .fields = f, .n_fields = 1, .handler = NO_REF });
    f = field(k, "time", VT_DURATION, NO_REF, 0, NONE, 0);
    field(k, "cost", VT_NUMBER, NO_REF, 1, NONE, 0);
    field(k, "count", VT_COUNT, NO_REF, 2, NONE, 0);
    field(k, "share", VT_PERCENT, NO_REF, 3, NONE, 0);
    field(k, "until", VT_INSTANT, NO_REF, 4, NONE, 0);
    field(k, "on", VT_DATE, NO_REF, 5, NONE, 0);
    field(k, "by", VT_TIME, NO_REF, 6, NONE, 0);
    k->worked = mb_add_event(mb, (struct m_event){ .name = S(k, "worked"), .entity = k->ticket, .fields = f, .n_fields = 7, .handler = NO_REF });
}

static void end(struct made *k)
{
    struct str bytes;
    struct module_error e;
    struct msa_fault fault;
    if (!module_write(&k->arena, mb_finish(k->mb), &bytes, &e)) { fail_msg("%s", e.text); }
    if (msa_module_load(bytes.p, bytes.n, &k->m, &fault) != MSA_OK) { fail_msg("%s", fault.text); }
}

static void drop(struct made *k)
{
    msa_module_free(k->m);
    arena_free(&k->arena);
}

enum way { MEMORY, FILE_, PIPE };

static int as_file(const char *p, size_t n)
{
    char path[] = "/tmp/msa-input-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    unlink(path);
    assert_int_equal(write(fd, p, n), (ssize_t)n);
    lseek(fd, 0, SEEK_SET);
    return fd;
}

static enum msa_status run(const struct msa_module *m, struct msa_options o, enum way way, const char *name, const char *format, const char *p, size_t n, struct msa_counts *counts)
{
    struct msa_run *r;
    struct msa_fault fault = { 0 };
    sb_free(&notes);
    sb_puts(&notes, "");
    n_rejects = applied = 0;
    assert_int_equal(msa_run_open(m, &o, (struct msa_sink){ NULL, take_result }, &r, &fault), MSA_OK);
    enum msa_status status;
    if (way == MEMORY) {
        status = msa_run_bytes(r, p, n, name, format, &fault);
    } else {
        int fd = as_file(p, n);
        status = msa_run_file(r, fd, name, format, &fault);
        close(fd);
    }
    bool rejected = status == MSA_REJECTED;
    if (status == MSA_OK || rejected) { status = msa_run_finish(r, &fault); }
    if (status == MSA_REJECTED) { assert_non_null(strstr(fault.text, "rejected")); }
    rejected |= status == MSA_REJECTED;
    if (status == MSA_REJECTED) { status = MSA_OK; } /* tests look at each reject */
    if (status != MSA_OK) { sb_printf(&notes, "status %d: %s\n", status, fault.text); }
    struct msa_counts c = msa_run_counts(r);
    if (status == MSA_OK) { assert_int_equal(c.records, c.applied + c.rejects + c.duplicates + c.ignored); } /* nothing is lost */
    if (status == MSA_OK) { assert_int_equal(rejected, c.rejects > 0); }
    if (counts) { *counts = c; }
    msa_run_close(r);
    return status;
}

#define OPTIONS ((struct msa_options){ .as_of = MSA_NONE })

static void expect(const struct msa_module *m, struct msa_options o, const char *name, const char *input, const char *expected)
{
    for (int way = MEMORY; way <= FILE_; way++) { /* the same notes, whichever way the bytes come */
        run(m, o, (enum way)way, name, NULL, input, strlen(input), NULL);
        assert_string_equal(notes.p, expected);
    }
}
#endif
