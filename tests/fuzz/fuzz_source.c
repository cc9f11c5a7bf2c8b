/* SPDX-License-Identifier: MIT */
/* Any text is compiled or refused with messages; what was compiled loads, its examples run, and it judges some events. */
#include "tests/fuzz/kit.h"

static void ignore_begin(void *ctx, const struct msa_example *e) { *(uint64_t *)ctx ^= touch(e->name); }
static void ignore_expectation(void *ctx, const struct msa_expectation *x) { *(uint64_t *)ctx ^= touch(x->expected) ^ touch(x->got); }
static void ignore_end(void *ctx, const struct msa_example *e, size_t failed, const struct msa_fault *fault)
{
    (void)e;
    (void)fault;
    *(uint64_t *)ctx += failed;
}

static void listed(void *ctx, const char *p, size_t n)
{
    struct msa_text t = {p, n};
    *(uint64_t *)ctx ^= touch(t);
}

static void use(const void *bytes, size_t n)
{
    struct msa_module *m;
    struct msa_fault fault;
    uint64_t sum = 0;
    promise(msa_module_load(bytes, n, &m, &fault) == MSA_OK, "what the compiler made is refused");
    msa_module_listing(m, listed, &sum);
    struct msa_example_sink sink = {&sum, ignore_begin, ignore_expectation, ignore_end};
    for (size_t i = 0; i < msa_module_examples(m) && i < 50; i++) { (void)msa_example_run(m, i, sink, &fault); }
    struct seen seen;
    struct msa_counts counts;
    struct msa_options o = {.as_of = INT64_C(1775000000000000), .memory_limit = (size_t)256 << 20};
    if (run_bytes(m, &o, some_events, sizeof some_events - 1, "e.ndjson", &seen, &counts) == MSA_OK) { conserved(&counts, &seen); }
    msa_module_free(m);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct msa_compilation *c = msa_compile_text("-", (const char *)data, n, NULL);
    if (!c) { return 0; }
    size_t length;
    for (int form = MSA_MESSAGES_TEXT; form <= MSA_MESSAGES_SARIF; form++) {
        const char *p = msa_compilation_messages(c, (enum msa_message_form)form, &length);
        struct msa_text t = {p, length};
        (void)touch(t);
    }
    const void *bytes = msa_compilation_module(c, &length);
    promise((bytes == NULL) == (msa_compilation_errors(c) > 0), "a module or errors, never both or neither");
    if (bytes) { use(bytes, length); }
    msa_compilation_free(c);
    return 0;
}
