/* SPDX-License-Identifier: MIT */
/* B1: what could not be read is handed on word for word, with the place and the reason. */
#include "runtime/input.h"
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

static struct record *waiting(struct input *s, uint32_t type, struct str reason, uint32_t column)
{
    char *text;
    struct record *rec = record_start(s, 1, 1, reason.n + 1, &text);
    rec->ev.type = type;
    rec->ev.at = s->last_at;
    memcpy(text, reason.p, reason.n);
    text[reason.n] = '\0';
    ((int64_t *)(uintptr_t)rec->ev.scalar)[0] = column;
    ((struct str *)(uintptr_t)rec->ev.text)[0] = str_make(text, reason.n);
    record_done(s, rec, text + reason.n + 1);
    return rec;
}

void reject(struct input *s, uint32_t column, const char *fmt, ...)
{
    char reason[700];
    va_list args;
    va_start(args, fmt);
    int n = vsnprintf(reason, sizeof reason, fmt, args);
    va_end(args);
    size_t length = n < 0 ? 0 : (size_t)n < sizeof reason ? (size_t)n : sizeof reason - 1;
    if (s->place.n > VERBATIM_MAX && length < sizeof reason - 80) {
        n = snprintf(reason + length, sizeof reason - length, " (the record has %zu bytes; the first %zu are shown)", s->place.n, VERBATIM_MAX);
        if (n > 0) { length += (size_t)n; }
    }
    input_push(s, waiting(s, RECORD_REJECT, str_make(reason, length), column));
}

void duplicate_row(struct input *s)
{
    input_push(s, waiting(s, RECORD_DUPLICATE, STR(""), 0));
}

/* The record's own text again; from its file when it was not kept. */
static struct str verbatim_of(struct msa_run *r, const struct record *rec, char **taken)
{
    size_t n = rec->raw_n < VERBATIM_MAX ? rec->raw_n : VERBATIM_MAX;
    if (rec->raw) { return str_make(rec->raw, n); }
    int fd = r->file[rec->ev.file].fd;
    if (fd < 0 || n == 0) { return STR(""); }
    char *p = *taken = memory_resize(&r->memory, NULL, n);
    size_t got = 0;
    while (got < n) {
        ssize_t some = pread(fd, p + got, n - got, (off_t)(rec->raw_at + got));
        if (some < 0 && errno == EINTR) { continue; }
        if (some <= 0) { break; }
        got += (size_t)some;
    }
    return str_make(p, got);
}

static struct msa_text text_of(struct str s)
{
    return (struct msa_text){ s.p, s.n };
}

enum msa_status reject_emit(struct msa_run *r, const struct record *rec, enum msa_result_kind kind, const char *reason, uint32_t column)
{
    char *taken = NULL;
    struct str raw = verbatim_of(r, rec, &taken);
    bool event = rec->ev.type < r->m->n_event;
    struct msa_result result = {
        .amount = MSA_NONE, .total = MSA_NONE, .net = MSA_NONE, .open = MSA_NONE, .day = INT32_MIN, .issued = INT32_MIN, .payable = INT32_MIN,
        .day_from = INT32_MIN, .day_to = INT32_MIN, .last_day = INT32_MIN, .money_ref = UINT32_MAX,
        .kind = kind, .at = event ? rec->ev.at : MSA_NONE, .clause = NO_REF, .target_index = UINT32_MAX, .key = text_of(rec->ev.key),
        .started = MSA_NONE, .due = MSA_NONE, .due_first = MSA_NONE, .stopped = MSA_NONE, .breached_at = MSA_NONE,
        .elapsed = MSA_NONE, .elapsed_plain = MSA_NONE, .paused = MSA_NONE, .target_amount = MSA_NONE, .overrun = MSA_NONE,
        .remaining = MSA_NONE, .period_from = MSA_NONE, .period_to = MSA_NONE, .value = MSA_NONE, .part = MSA_NONE, .whole = MSA_NONE,
        .final = true, .line = rec->ev.line, .column = column, .file = text_of(r->file[rec->ev.file].name),
        .reason = text_of(str_of(reason)), .verbatim = text_of(raw),
    };
    if (event) {
        const struct m_event *e = &r->m->event[rec->ev.type];
        result.cause = text_of(module_str(r->m, e->name));
        if (e->entity != NO_REF) { result.entity = text_of(module_str(r->m, r->m->entity[e->entity].name)); }
        result.clause = e->clause;
    }
    /* The same input gives the same id: what it is, where, and the bytes. */
    struct { uint64_t kind, file, line, order, raw, reason; } about = {
        kind, rec->ev.file, rec->ev.line, rec->ev.order, hash_64(raw.p ? raw.p : "", raw.n), hash_64(reason, strlen(reason)),
    };
    char id[20];
    int n = snprintf(id, sizeof id, "%c%016llx", kind == MSA_REJECT ? 'x' : 'd', (unsigned long long)hash_64(&about, sizeof about));
    result.id = (struct msa_text){ id, (size_t)n };
    if (kind == MSA_REJECT) {
        r->counts.rejects++;
    } else {
        r->counts.duplicates++;
    }
    r->counts.results++;
    int stop = r->sink.result(r->sink.ctx, &result);
    if (taken) { memory_resize(&r->memory, taken, 0); }
    if (stop) { return run_fail(r, MSA_IO, "the receiver of results stopped the run"); }
    if (kind == MSA_REJECT && r->o.strict) {
        return run_fail(r, MSA_STRICT_STOP, "%.*s:%u: %s", (int)r->file[rec->ev.file].name.n, r->file[rec->ev.file].name.p, rec->ev.line, reason);
    }
    return MSA_OK;
}
