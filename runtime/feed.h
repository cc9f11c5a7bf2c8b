/* SPDX-License-Identifier: MIT */
/* Bytes of one input, from a descriptor (read or pread) or from memory, through a buffer with readable padding behind it. */
#ifndef MSA_RUNTIME_FEED_H
#define MSA_RUNTIME_FEED_H
#include "base/str.h"

#define FEED_PADDING 64          /* readable bytes behind `to`; what simdjson wants */
#define FEED_BLOCK ((size_t)128 * 1024)

struct feed {
    const struct memory *memory;
    int fd;                      /* -1: from memory */
    bool positioned;             /* pread at `next`: the descriptor's own position is not used */
    const char *source;          /* the memory to read from */
    size_t n_source;
    uint64_t next;               /* offset in the input of the next byte to be read into the buffer */
    char *buffer;
    size_t from, to, cap;        /* unread bytes are buffer[from..to) */
    void (*idle)(void *ctx);     /* called before a read that would wait; NULL: nobody wants to know */
    void *idle_ctx;
    bool at_end;
    int error;                   /* errno's number of a failed read; sticky */
};

void feed_fd(struct feed *f, const struct memory *m, int fd, bool positioned);
void feed_memory(struct feed *f, const struct memory *m, const void *p, size_t n);
void feed_free(struct feed *f);
/* Reads on: at least one more unread byte, or at_end. The buffer may move. */
bool feed_more(struct feed *f);
static inline const char *feed_at(const struct feed *f) { return f->buffer + f->from; }
static inline size_t feed_unread(const struct feed *f) { return f->to - f->from; }
/* Offset in the input of the first unread byte. */
static inline uint64_t feed_offset(const struct feed *f) { return f->next - (f->to - f->from); }
#endif
