/* SPDX-License-Identifier: MIT */
/* The run library's face: modules loaded and read, runs opened, fed and closed. What an input is and how its records become
 * events is in input.c; in which order they are applied, in order.c. */
#include "runtime/input.h"
#include "base/calendar.h"
#include "base/zone.h"
#include "bytecode/file.h"
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

const char *const msa_result_kind_name[MSA_RESULT_KIND_COUNT] = {
    [MSA_CLOCK] = "clock", [MSA_BREACH] = "breach", [MSA_ESCALATION] = "escalation", [MSA_NOTICE] = "notice", [MSA_MEASURE] = "measure",
    [MSA_CORRECTION] = "correction", [MSA_DIFFERENCE] = "difference", [MSA_REJECT] = "reject", [MSA_DUPLICATE] = "duplicate",
    [MSA_LINE] = "line", [MSA_INVOICE] = "invoice", [MSA_PAYMENT] = "payment", [MSA_CREDIT] = "credit", [MSA_STATE] = "state", [MSA_RIGHT] = "right",
    [MSA_DEADLINE] = "deadline", [MSA_REFUSED] = "refused", [MSA_LIABILITY] = "limit", [MSA_ACCOUNT] = "account", [MSA_SETTLEMENT] = "settlement",
};
const char *const msa_clock_state_name[MSA_CLOCK_STATE_COUNT] = {
    [MSA_MET] = "met", [MSA_BREACHED] = "breached", [MSA_CANCELLED] = "cancelled", [MSA_RUNNING] = "running", [MSA_PAUSED] = "paused",
    [MSA_STOPPED] = "stopped", [MSA_NO_TARGET] = "no target",
};

static void *resize(void *ctx, void *p, size_t n)
{
    (void)ctx;
    if (n == 0) {
        free(p);
        return NULL;
    }
    return n == SIZE_MAX ? NULL : realloc(p, n);
}

/* ---- modules ---- */

struct jump { jmp_buf to; };

static void jump_out(void *ctx)
{
    longjmp(((struct jump *)ctx)->to, 1);
}

static enum msa_status load_fault(struct msa_fault *fault, enum msa_status status, const char *text)
{
    if (fault) {
        fault->status = status;
        snprintf(fault->text, sizeof fault->text, "%.*s", (int)sizeof fault->text - 1, text);
    }
    return status;
}

static enum msa_status load(const void *bytes, size_t n, struct msa_module *m, struct msa_fault *fault)
{
    struct module_error read_error = { .section = SEC_COUNT };
    m->m = module_read(&m->arena, bytes, n, &read_error);
    if (m->m == NULL) { return load_fault(fault, MSA_BAD_MODULE, read_error.text); }
    struct verify_error verify_error = { .section = SEC_COUNT };
    m->vm = module_verify(&m->arena, m->m, &verify_error);
    if (m->vm == NULL) { return load_fault(fault, MSA_BAD_MODULE, verify_error.text); }
    return MSA_OK;
}

enum msa_status msa_module_load(const void *bytes, size_t n, struct msa_module **out, struct msa_fault *fault)
{
    *out = NULL;
    struct jump jump;
    struct memory memory = { .resize = resize, .out_of_memory = jump_out, .ctx = &jump };
    struct msa_module *m = malloc(sizeof *m);
    if (m == NULL) { return load_fault(fault, MSA_NO_MEMORY, "out of memory"); }
    *m = (struct msa_module){ .m = NULL };
    arena_init(&m->arena, &memory);
    if (setjmp(jump.to)) {
        arena_free(&m->arena);
        free(m);
        return load_fault(fault, MSA_NO_MEMORY, "out of memory");
    }
    enum msa_status status = load(bytes, n, m, fault);
    if (status != MSA_OK) {
        arena_free(&m->arena);
        free(m);
        return status;
    }
    m->arena.memory = &memory_default; /* nothing more is taken; freeing needs no jump */
    *out = m;
    return MSA_OK;
}

void msa_module_free(struct msa_module *m)
{
    if (m == NULL) { return; }
    arena_free(&m->arena);
    free(m);
}

static struct msa_text text_at(const struct msa_module *m, uint32_t string)
{
    struct str s = module_str(m->m, string);
    return (struct msa_text){ s.p, s.n };
}

size_t msa_module_clauses(const struct msa_module *m)
{
    return m->m->n_clause;
}

struct msa_clause msa_module_clause(const struct msa_module *m, uint32_t i)
{
    if (i >= m->m->n_clause) { i = 0; } /* "none" */
    const struct m_clause *c = &m->m->clause[i];
    const struct m_place *p = &m->m->place[c->place];
    return (struct msa_clause){ .number = text_at(m, c->number), .name = text_at(m, c->name), .title = text_at(m, c->title),
                                .section = text_at(m, c->section), .word = text_at(m, c->word), .file = text_at(m, m->m->file[p->file].name),
                                .line = p->line, .column = p->column, .manual = (c->flags & CLAUSE_MANUAL) != 0 };
}

struct msa_place msa_module_target_place(const struct msa_module *m, uint32_t target)
{
    if (target >= m->m->n_target) { return (struct msa_place){ .line = 0 }; }
    const struct m_target *t = &m->m->target[target];
    const struct m_place *p = &m->m->place[t->place];
    return (struct msa_place){ .file = text_at(m, m->m->file[p->file].name), .line = p->line, .column = p->column, .text = text_at(m, t->text) };
}

struct msa_text msa_module_agreement(const struct msa_module *m)
{
    return text_at(m, m->m->agreement[0].name);
}

void msa_module_parties(const struct msa_module *m, struct msa_text *provider, struct msa_text *customer)
{
    *provider = text_at(m, m->m->agreement[0].provider);
    *customer = text_at(m, m->m->agreement[0].customer);
}

struct msa_text msa_module_zone(const struct msa_module *m)
{
    return text_at(m, m->m->agreement[0].zone);
}

struct msa_text msa_module_digest(const struct msa_module *m)
{
    return text_at(m, m->m->agreement[0].digest);
}

const char *msa_zone_data_version(void)
{
    return zone_data_version();
}

/* ---- runs ---- */

enum msa_status run_fail(struct msa_run *r, enum msa_status status, const char *fmt, ...)
{
    if (r->failed) { return r->fault.status; } /* the first fault is the one to tell */
    r->failed = true;
    r->fault.status = status;
    va_list args;
    va_start(args, fmt);
    vsnprintf(r->fault.text, sizeof r->fault.text, fmt, args);
    va_end(args);
    return status;
}

static void out_of_memory(void *ctx)
{
    struct msa_run *r = ctx;
    longjmp(r->no_memory, 1);
}

void *run_grow(struct msa_run *r, void *p, size_t *cap, size_t want, size_t size)
{
    size_t n = *cap ? size_of_array(*cap, 2) : 16;
    if (n < want) { n = want; }
    p = memory_resize(&r->memory, p, size_of_array(n, size));
    *cap = n;
    return p;
}

static enum msa_status tell(struct msa_run *r, struct msa_fault *fault)
{
    if (fault) { *fault = r->fault; }
    return r->fault.status;
}

/* What a call that takes input returns: the run's fault, or that records were rejected since the call before. */
static enum msa_status outcome(struct msa_run *r, enum msa_status status, struct msa_fault *fault)
{
    uint64_t n = r->counts.rejects - r->rejects_told;
    r->rejects_told = r->counts.rejects;
    if (status != MSA_OK) { return tell(r, fault); }
    if (n == 0) { return MSA_OK; }
    if (fault) {
        fault->status = MSA_REJECTED;
        snprintf(fault->text, sizeof fault->text, n == 1 ? "a record was rejected" : "%llu records were rejected", (unsigned long long)n);
    }
    return MSA_REJECTED;
}

static enum msa_status no_memory(struct msa_run *r, struct msa_fault *fault)
{
    run_fail(r, MSA_NO_MEMORY, "out of memory");
    return tell(r, fault);
}

enum msa_status msa_run_open(const struct msa_module *m, const struct msa_options *o, struct msa_sink sink, struct msa_run **out, struct msa_fault *fault)
{
    *out = NULL;
    if (o && o->as_of != MSA_NONE && (o->as_of < CAL_LOW || o->as_of >= CAL_HIGH)) {
        return load_fault(fault, MSA_LIMIT, "the instant to evaluate at is outside the years that calendars know, 1700 to 2500");
    }
    struct msa_run *r = calloc(1, sizeof *r);
    if (r == NULL) { return load_fault(fault, MSA_NO_MEMORY, "out of memory"); }
    r->module = m;
    r->m = m->m;
    r->o = o ? *o : (struct msa_options){ .as_of = MSA_NONE };
    r->sink = sink;
    r->memory = (struct memory){ .resize = resize, .out_of_memory = out_of_memory, .ctx = r };
    r->pool.memory = &r->memory;
    r->newest = NONE;
    r->counts.first_at = r->counts.last_at = MSA_NONE;
    arena_init(&r->arena, &r->memory);
    if (setjmp(r->no_memory)) {
        enum msa_status status = no_memory(r, fault);
        msa_run_close(r);
        return status;
    }
    if (r->o.lateness < 0) { r->o.lateness = 0; }
    if (r->o.only_key) {
        r->only_key = str_dup(&r->arena, str_of(r->o.only_key));
        r->o.only_key = r->only_key.p;
    }
    if (r->o.adapter) { r->o.adapter = str_dup(&r->arena, str_of(r->o.adapter)).p; }
    r->agreement = module_str(m->m, m->m->agreement[0].name);
    schema_make(&r->schema, m->vm, &r->arena);
    r->settle = (struct settle_question){ r->o.settle_on, r->o.settle_by, r->o.settle_for };
    struct engine_options eo = { .settle = r->o.settle ? &r->settle : NULL, .sink = sink, .memory_limit = r->o.memory_limit, .leave_out = r->o.leave_out, .explain_key = r->o.explain_key };
    struct msa_fault why = { .status = MSA_OK };
    enum msa_status status = engine_open(m->vm, &eo, &r->engine, &why);
    if (status != MSA_OK) {
        if (fault) { *fault = why; }
        msa_run_close(r);
        return status;
    }
    *out = r;
    return MSA_OK;
}

/* The file's number, its name known to the engine. */
static uint32_t new_file(struct msa_run *r, const char *name)
{
    if (r->n_files == r->cap_files) {
        uint32_t cap = r->cap_files ? r->cap_files * 2 : 8;
        struct input_file *file = ARENA_ARRAY(&r->arena, struct input_file, cap);
        struct str *names = ARENA_ARRAY(&r->arena, struct str, cap);
        if (r->n_files) {
            memcpy(file, r->file, r->n_files * sizeof *file);
            memcpy(names, r->file_name, r->n_files * sizeof *names);
        }
        r->file = file;
        r->file_name = names;
        r->cap_files = cap;
    }
    uint32_t i = r->n_files++;
    r->file_name[i] = str_dup(&r->arena, str_of(name ? name : ""));
    r->file[i] = (struct input_file){ .name = r->file_name[i], .fd = -1 };
    engine_files(r->engine, r->file_name, r->n_files);
    return i;
}

/* Reads a source to its end; every record goes to order_put. */
static enum msa_status drain(struct msa_run *r, struct input *s)
{
    enum read_status read;
    do {
        read = input_read(s);
        while (s->q_from < s->q_to) {
            enum msa_status status = order_put(r, s->queue[s->q_from++]);
            if (status != MSA_OK) { return status; }
        }
        if (r->failed) { return r->fault.status; }
    } while (read == READ_SOME);
    return read == READ_FAILED ? r->fault.status : MSA_OK;
}

static enum msa_status take(struct msa_run *r, struct input *s, const char *format)
{
    r->open_input = s;
    enum msa_status status = input_open(r, s, format);
    int fd = r->file[s->file].fd;
    if (status == MSA_OK && s->shape == SHAPE_NDJSON_EVENTS && fd >= 0 && !r->o.stream && ndjson_sorted(r, fd)) {
        if (r->n_streams == r->cap_streams) { r->stream = run_grow(r, r->stream, &r->cap_streams, r->n_streams + 1, sizeof(struct input *)); }
        r->stream[r->n_streams++] = s;
        r->open_input = NULL;
        return MSA_OK;
    }
    if (status == MSA_OK) { status = drain(r, s); }
    input_close(s);
    memory_resize(NULL, s, 0);
    r->open_input = NULL;
    return status;
}

static struct input *new_input(struct msa_run *r, const char *name)
{
    struct input *s = memory_resize(&r->memory, NULL, sizeof *s);
    *s = (struct input){ .run = r, .feed = { .fd = -1 } };
    r->open_input = s;
    s->file = new_file(r, name);
    return s;
}

enum msa_status msa_run_file(struct msa_run *r, int fd, const char *name, const char *format, struct msa_fault *fault)
{
    if (r->failed) { return tell(r, fault); }
    if (setjmp(r->no_memory)) { return no_memory(r, fault); }
    struct input *s = new_input(r, name);
    struct stat st;
    /* A regular file can be read again: rejected records are shown from it, and it need not be held in memory. */
    if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && lseek(fd, 0, SEEK_CUR) == 0) { r->file[s->file].fd = fcntl(fd, F_DUPFD_CLOEXEC, 3); }
    int own = r->file[s->file].fd;
    feed_fd(&s->feed, &r->memory, own >= 0 ? own : fd, own >= 0);
    s->keep_raw = own < 0;
    if (r->o.stream) {
        s->feed.idle = r->o.idle;
        s->feed.idle_ctx = r->sink.ctx;
    }
    return outcome(r, take(r, s, format), fault);
}

enum msa_status msa_run_bytes(struct msa_run *r, const void *p, size_t n, const char *name, const char *format, struct msa_fault *fault)
{
    if (r->failed) { return tell(r, fault); }
    if (setjmp(r->no_memory)) { return no_memory(r, fault); }
    struct input *s = new_input(r, name);
    feed_memory(&s->feed, &r->memory, p, n);
    s->keep_raw = true;
    return outcome(r, take(r, s, format), fault);
}

enum msa_status msa_run_advance(struct msa_run *r, int64_t at, struct msa_fault *fault)
{
    if (r->failed) { return tell(r, fault); }
    if (setjmp(r->no_memory)) { return no_memory(r, fault); }
    if (at < CAL_LOW || at >= CAL_HIGH) {
        run_fail(r, MSA_LIMIT, "the instant to advance to is outside the years that calendars know, 1700 to 2500");
        return tell(r, fault);
    }
    return outcome(r, order_advance(r, at), fault);
}

enum msa_status msa_run_finish(struct msa_run *r, struct msa_fault *fault)
{
    if (r->failed) { return tell(r, fault); }
    if (setjmp(r->no_memory)) { return no_memory(r, fault); }
    if (order_finish(r) != MSA_OK) { return tell(r, fault); }
    int64_t as_of = r->o.as_of != MSA_NONE ? r->o.as_of : r->counts.last_at;
    if (as_of == MSA_NONE) { return outcome(r, MSA_OK, fault); } /* no events and no instant asked for: there is nothing to report */
    struct msa_fault why = { .status = MSA_OK };
    enum msa_status status = engine_finish(r->engine, as_of, &why);
    if (status != MSA_OK) { run_fail(r, status, "%s", why.text); }
    return outcome(r, status, fault);
}

void msa_run_close(struct msa_run *r)
{
    if (r == NULL) { return; }
    if (r->open_input) {
        input_close(r->open_input);
        free(r->open_input);
    }
    order_close(r);
    folds_free(r->folds);
    if (r->engine) { engine_close(r->engine); }
    for (uint32_t i = 0; i < r->n_files; i++) {
        if (r->file[i].fd >= 0) { close(r->file[i].fd); }
    }
    arena_free(&r->arena);
    free(r);
}

struct msa_counts msa_run_counts(const struct msa_run *r)
{
    struct msa_counts c = r->counts;
    struct engine_counts e = engine_counts(r->engine);
    c.results += e.results;
    c.entities_open = e.entities_open;
    c.entities_seen = e.entities_seen;
    c.peak_entities = e.peak_entities;
    c.before_term = e.before_term;
    c.after_term = e.after_term;
    c.state_bytes = e.state_bytes;
    return c;
}
