/* SPDX-License-Identifier: MIT */
/* Bytes as events and as rows of an export. The last byte chooses how they are read, so that seeds stay readable. */
#include "tests/fuzz/kit.h"
#include <unistd.h>

struct how { const char *name; bool stream, only, as_of; const char *adapter; };

static inline struct msa_options options_of(struct how h)
{
    struct msa_options o = {.as_of = h.as_of ? INT64_C(1773000000000000) : MSA_NONE, .stream = h.stream, .lateness = h.stream ? INT64_C(3600000000) : 0,
                            .only_key = h.only ? "T1" : NULL, .adapter = h.adapter, .memory_limit = (size_t)512 << 20};
    return o;
}

/* The same twice, as bytes and as a file, and nothing lost where a record is an event. */
static inline void both(const struct msa_module *m, struct how h, const uint8_t *p, size_t n, bool standard)
{
    struct msa_options o = options_of(h);
    struct seen one, two;
    struct msa_counts counts;
    enum msa_status s = run_bytes(m, &o, p, n, h.name, &one, &counts);
    if (s == MSA_OK && standard) { conserved(&counts, &one); }
    /* The second time as a file: one that is in order is not collected but read as it is needed. */
    static FILE *file;
    if (!file) { file = tmpfile(); }
    int fd = fileno(file);
    promise(ftruncate(fd, 0) == 0 && pwrite(fd, p, n, 0) == (ssize_t)n && lseek(fd, 0, SEEK_SET) == 0, "a file can be written");
    promise(run_input(m, &o, NULL, 0, fd, h.name, &two, NULL) == s, "as a file it ends otherwise");
    if (s == MSA_OK) { promise(one.sum == two.sum, "the second run differs (R1)"); }
}
