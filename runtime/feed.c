/* SPDX-License-Identifier: MIT */
#include "runtime/feed.h"
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

void feed_fd(struct feed *f, const struct memory *m, int fd, bool positioned)
{
    *f = (struct feed){ .memory = m, .fd = fd, .positioned = positioned };
}

void feed_memory(struct feed *f, const struct memory *m, const void *p, size_t n)
{
    *f = (struct feed){ .memory = m, .fd = -1, .source = p, .n_source = n };
}

void feed_free(struct feed *f)
{
    f->buffer = memory_resize(f->memory, f->buffer, 0);
    f->from = f->to = f->cap = 0;
}

static size_t take(struct feed *f, char *to, size_t room)
{
    if (f->fd < 0) {
        size_t left = f->n_source - (size_t)f->next;
        size_t n = left < room ? left : room;
        if (n > 0) { memcpy(to, f->source + f->next, n); }
        return n;
    }
    if (f->idle && !f->positioned && poll(&(struct pollfd){ .fd = f->fd, .events = POLLIN }, 1, 0) == 0) { f->idle(f->idle_ctx); }
    for (;;) {
        ssize_t got = f->positioned ? pread(f->fd, to, room, (off_t)f->next) : read(f->fd, to, room);
        if (got >= 0) { return (size_t)got; }
        if (errno != EINTR) {
            f->error = errno;
            return 0;
        }
    }
}

bool feed_more(struct feed *f)
{
    if (f->at_end) { return false; }
    size_t unread = feed_unread(f);
    if (f->from > 0) {
        memmove(f->buffer, f->buffer + f->from, unread);
        f->from = 0;
        f->to = unread;
    }
    if (f->cap - f->to < FEED_BLOCK / 2) {
        size_t cap = f->cap == 0 ? FEED_BLOCK : size_of_array(f->cap, 2);
        f->buffer = memory_resize(f->memory, f->buffer, cap + FEED_PADDING);
        memset(f->buffer + f->to, 0, cap + FEED_PADDING - f->to);
        f->cap = cap;
    }
    size_t got = take(f, f->buffer + f->to, f->cap - f->to);
    if (got == 0) {
        f->at_end = true;
        return false;
    }
    f->to += got;
    f->next += got;
    return true;
}
