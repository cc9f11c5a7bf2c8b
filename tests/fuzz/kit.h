/* SPDX-License-Identifier: MIT */
/* What the fuzz targets share. They run from the root of the repository; a broken promise ends in abort(). */
#ifndef MSA_TESTS_FUZZ_KIT_H
#define MSA_TESTS_FUZZ_KIT_H
#include "msa/compile.h"
#include "msa/run.h"
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static inline void promise(int kept, const char *what)
{
    if (kept) { return; }
    fprintf(stderr, "a promise is broken: %s\n", what);
    abort();
}

/* Reads every byte of a text, so that the sanitizer sees it. */
static inline uint64_t touch(struct msa_text t)
{
    uint64_t sum = t.n;
    for (size_t i = 0; i < t.n; i++) { sum = sum * 31 + (unsigned char)t.p[i]; }
    return sum;
}

struct seen { uint64_t results, rejects, duplicates, sum; struct msa_run *run; };

static inline int touch_step(void *ctx, const struct msa_step *s)
{
    ((struct seen *)ctx)->sum ^= touch(s->calendar) ^ touch(s->zone) ^ touch(s->text) ^ touch(s->event);
    return 0;
}

static inline int touch_result(void *ctx, const struct msa_result *r)
{
    struct seen *seen = ctx;
    const struct msa_text all[] = {r->id, r->entity, r->key, r->clock, r->title, r->target, r->calendar, r->step, r->reason, r->withdraws,
                                   r->measure, r->period, r->aspect, r->recorded, r->computed, r->file, r->cause, r->verbatim};
    uint64_t sum = (uint64_t)r->at + r->line;
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) { sum = sum * 131 + touch(all[i]); }
    for (size_t i = 0; i < r->n_by; i++) { sum = sum * 131 + touch(r->by[i].name) + touch(r->by[i].value); }
    for (size_t i = 0; i < r->n_recipients; i++) { sum = sum * 131 + touch(r->recipients[i]); }
    for (size_t i = 0; i < r->n_segments; i++) { sum = sum * 131 + (uint64_t)r->segments[i].from; }
    seen->sum = seen->sum * 131 + sum;
    seen->results++;
    if (r->kind == MSA_REJECT) {
        seen->rejects++;
        promise(r->reason.n > 0, "a reject has no reason");
    }
    if (r->kind == MSA_DUPLICATE) { seen->duplicates++; }
    /* A century is explained holiday by holiday: right, but not for a fuzzer's patience. */
    if (seen->run && r->kind == MSA_CLOCK && r->at - r->started < INT64_C(5) * 366 * 86400 * 1000000) { promise(msa_explain(seen->run, r, touch_step, seen) == 0, "an explanation was cut"); }
    return 0;
}

static inline struct msa_module *load_agreement(const char *path)
{
    struct msa_compilation *c = msa_compile_file(path, NULL);
    size_t n;
    struct msa_fault fault;
    struct msa_module *m = NULL;
    const void *bytes = c ? msa_compilation_module(c, &n) : NULL;
    if (!bytes && c) {
        fputs(msa_compilation_messages(c, MSA_MESSAGES_TEXT, &n), stderr);
        fprintf(stderr, "%s does not compile\n", path);
        exit(1);
    }
    promise(bytes && msa_module_load(bytes, n, &m, &fault) == MSA_OK, "an agreement of ours does not load");
    msa_compilation_free(c);
    return m;
}

/* One run over bytes, or (p NULL) over a file. *counts may be NULL. The status of the first call that failed. */
static inline enum msa_status run_input(const struct msa_module *m, const struct msa_options *o, const void *p, size_t n, int fd, const char *name,
                                        struct seen *seen, struct msa_counts *counts)
{
    struct msa_run *run;
    struct msa_fault fault;
    *seen = (struct seen){0};
    enum msa_status s = msa_run_open(m, o, (struct msa_sink){seen, touch_result}, &run, &fault);
    if (s) { return s; }
    seen->run = run;
    s = p ? msa_run_bytes(run, p, n, name, NULL, &fault) : msa_run_file(run, fd, name, NULL, &fault);
    if (!s || s == MSA_REJECTED) { s = msa_run_finish(run, &fault); }
    if (s == MSA_REJECTED) { s = MSA_OK; } /* each of them was seen */
    if (counts) { *counts = msa_run_counts(run); }
    msa_run_close(run);
    return s;
}

static inline enum msa_status run_bytes(const struct msa_module *m, const struct msa_options *o, const void *p, size_t n, const char *name,
                                        struct seen *seen, struct msa_counts *counts)
{
    return run_input(m, o, p ? p : "", n, -1, name, seen, counts);
}

/* B1: nothing is dropped silently. For standard events, of which a record is one. */
static inline void conserved(const struct msa_counts *n, const struct seen *seen)
{
    promise(n->records == n->events + n->rejects + n->duplicates + n->ignored, "records = events + rejects + duplicates + ignored");
    promise(n->rejects == seen->rejects && n->duplicates == seen->duplicates && n->results == seen->results, "counts are what the sink got");
}

static const char some_events[] =
    "{\"at\":\"2026-03-06T17:50:00-05:00\",\"event\":\"opened\",\"ticket\":\"T1\",\"impact\":\"high\",\"urgency\":\"high\",\"site\":\"HQ\"}\n"
    "{\"at\":\"2026-03-06T18:03:00-05:00\",\"event\":\"message\",\"ticket\":\"T1\",\"sender\":\"provider\",\"public\":true}\n"
    "{\"at\":\"2026-03-07T09:00:00-05:00\",\"event\":\"waiting\",\"ticket\":\"T1\",\"awaiting\":\"customer\"}\n"
    "{\"at\":\"2026-03-08T09:00:00-05:00\",\"event\":\"resumed\",\"ticket\":\"T1\"}\n"
    "{\"at\":\"2026-03-09T09:00:00-05:00\",\"event\":\"changed\",\"ticket\":\"T1\",\"impact\":\"low\",\"priority\":\"P2\"}\n"
    "{\"at\":\"2026-03-10T09:00:00-05:00\",\"event\":\"resolved\",\"ticket\":\"T1\"}\n"
    "{\"at\":\"2026-03-11T09:00:00-05:00\",\"event\":\"reopened\",\"ticket\":\"T1\"}\n"
    "{\"at\":\"2026-03-12T09:00:00-05:00\",\"event\":\"opened\",\"ticket\":\"T2\",\"priority\":\"P1\"}\n"
    "{\"at\":\"2026-03-12T10:00:00-05:00\",\"event\":\"worked\",\"ticket\":\"T2\",\"time\":\"80 min\",\"minutes\":80}\n"
    "{\"at\":\"2026-03-29T01:30:00+01:00\",\"event\":\"closed\",\"ticket\":\"T1\"}\n"
    "{\"at\":\"2026-03-29T03:30:00+01:00\",\"event\":\"cancelled\",\"ticket\":\"T2\"}\n";
#endif
