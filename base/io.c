/* SPDX-License-Identifier: MIT */
#include "base/io.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* read(2) that goes on after signals; -1 sets *error. */
static ssize_t read_some(int fd, char *p, size_t n, int *error)
{
    for (;;) {
        ssize_t got = read(fd, p, n);
        if (got >= 0) { return got; }
        if (errno != EINTR) {
            *error = errno;
            return -1;
        }
    }
}

static int write_all(int fd, const char *p, size_t n)
{
    while (n > 0) {
        ssize_t put = write(fd, p, n);
        if (put < 0) {
            if (errno == EINTR) { continue; }
            return errno;
        }
        p += put;
        n -= (size_t)put;
    }
    return 0;
}

/* Reads a descriptor into malloc'd memory that the caller frees. The arena is not touched while a descriptor is open:
 * its out-of-memory handler may jump away and would leave it open. */
static int read_fd(int fd, size_t most, char **bytes, size_t *count)
{
    struct stat st;
    if (fstat(fd, &st) != 0) { return errno; }
    if (S_ISDIR(st.st_mode)) { return EISDIR; }
    size_t cap = S_ISREG(st.st_mode) && st.st_size > 0 ? (size_t)st.st_size + 1 : 64 * 1024;
    if (cap > most) { cap = most + 1; }
    char *p = malloc(cap);
    size_t n = 0;
    int error = p ? 0 : ENOMEM;
    while (error == 0) {
        ssize_t got = read_some(fd, p + n, cap - n, &error);
        if (got <= 0) { break; }
        n += (size_t)got;
        if (n > most) { error = EFBIG; }
        if (n == cap && error == 0) {
            char *q = realloc(p, size_of_array(cap, 2));
            if (q == NULL) { error = ENOMEM; } else { p = q; }
            cap *= 2;
        }
    }
    if (error != 0) {
        free(p);
        return error;
    }
    *bytes = p;
    *count = n;
    return 0;
}

int io_read_file(struct arena *a, const char *path, size_t zeros, size_t most, struct str *out)
{
    *out = STR("");
    bool standard = strcmp(path, "-") == 0;
    int fd = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) { return errno; }
    char *bytes = NULL;
    size_t n = 0;
    int error = read_fd(fd, most, &bytes, &n);
    if (!standard) { close(fd); }
    if (error != 0) { return error; }
    char *p = arena_try(a, n + zeros);
    if (p != NULL) {
        memcpy(p, bytes, n);
        *out = str_make(p, n);
    }
    free(bytes);
    return p ? 0 : ENOMEM;
}

/* ---- reader ---- */

void io_reader_init(struct io_reader *r, int fd)
{
    *r = (struct io_reader){ .fd = fd };
}

bool io_fill(struct io_reader *r, size_t want)
{
    size_t unread = r->to - r->from;
    if (want == 0) { want = unread + 1; }
    while (unread < want && !r->at_end && r->error == 0) {
        if (r->from > 0 && (unread == 0 || r->to == r->cap)) {
            if (unread > 0) { memmove(r->buffer, r->buffer + r->from, unread); }
            r->from = 0;
            r->to = unread;
        }
        if (r->to == r->cap) {
            size_t cap = r->cap == 0 ? IO_BLOCK : size_of_array(r->cap, 2);
            r->buffer = memory_resize(NULL, r->buffer, cap);
            r->cap = cap;
        }
        ssize_t got = read_some(r->fd, r->buffer + r->to, r->cap - r->to, &r->error);
        if (got == 0) { r->at_end = true; }
        if (got > 0) { r->to += (size_t)got; }
        unread = r->to - r->from;
    }
    return unread >= want;
}

void io_consume(struct io_reader *r, size_t n)
{
    if (n > r->to - r->from) { MSA_BUG("more consumed than was read"); }
    r->from += n;
    r->offset += n;
}

bool io_read_line(struct io_reader *r, struct str *line)
{
    size_t searched = 0; /* of the unread bytes, known to hold no LF */
    for (;;) {
        size_t unread = r->to - r->from;
        const char *start = r->buffer ? r->buffer + r->from : "";
        const char *lf = unread > searched ? memchr(start + searched, '\n', unread - searched) : NULL;
        bool last = lf == NULL && (r->at_end || r->error != 0);
        if (lf == NULL && !last) {
            searched = unread;
            (void)io_fill(r, 0);
            continue;
        }
        if (last && (unread == 0 || r->error != 0)) { return false; }
        size_t n = lf ? (size_t)(lf - start) : unread;
        io_consume(r, lf ? n + 1 : n);
        r->line++;
        if (n > 0 && start[n - 1] == '\r') { n--; }
        *line = str_make(start, n);
        return true;
    }
}

void io_reader_free(struct io_reader *r)
{
    memory_resize(NULL, r->buffer, 0);
    *r = (struct io_reader){ .fd = -1, .at_end = true };
}

/* ---- writer ---- */

void io_writer_init(struct io_writer *w, int fd)
{
    *w = (struct io_writer){ .fd = fd, .buffer = memory_resize(NULL, NULL, IO_BLOCK) };
}

void io_write(struct io_writer *w, const void *p, size_t n)
{
    if (w->error != 0 || n == 0) { return; }
    if (n > IO_BLOCK - w->n) {
        if (io_flush(w) != 0) { return; }
        if (n >= IO_BLOCK) {
            w->error = write_all(w->fd, p, n);
            if (w->error == 0) { w->written += n; }
            return;
        }
    }
    memcpy(w->buffer + w->n, p, n);
    w->n += n;
}

int io_flush(struct io_writer *w)
{
    if (w->error == 0 && w->n > 0) {
        w->error = write_all(w->fd, w->buffer, w->n);
        if (w->error == 0) { w->written += w->n; }
    }
    w->n = 0;
    return w->error;
}

int io_writer_free(struct io_writer *w)
{
    int error = io_flush(w);
    memory_resize(NULL, w->buffer, 0);
    *w = (struct io_writer){ .fd = -1, .error = error };
    return error;
}

/* A rename is on disk only when its folder is. */
static int sync_folder_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    struct sb folder = { 0 };
    sb_put(&folder, slash == NULL ? STR(".") : slash == path ? STR("/") : str_make(path, (size_t)(slash - path)));
    int fd = open(folder.p, O_RDONLY | O_CLOEXEC);
    sb_free(&folder);
    if (fd < 0) { return errno; }
    int error = fsync(fd) == 0 || errno == EINVAL ? 0 : errno; /* some file systems cannot sync folders */
    close(fd);
    return error;
}

/* A device, a pipe, a link: written through, never replaced. */
static int write_through(const char *path, struct str content)
{
    int fd = open(path, O_WRONLY | O_TRUNC | O_CLOEXEC);
    if (fd < 0) { return errno; }
    int error = write_all(fd, content.p, content.n);
    if (close(fd) != 0 && error == 0) { error = errno; }
    return error;
}

int io_write_file(const char *path, struct str content)
{
    struct stat there;
    if (lstat(path, &there) == 0 && !S_ISREG(there.st_mode)) { return write_through(path, content); }
    struct sb temporary = { 0 };
    sb_printf(&temporary, "%s.XXXXXX", path);
    int error = 0;
    int fd = mkstemp(temporary.p);
    if (fd < 0) {
        error = errno;
        sb_free(&temporary);
        return error;
    }
    /* mkstemp makes a private file; keep the old file's permissions, or what a plain open would have given. */
    struct stat st;
    mode_t mask = umask(0);
    umask(mask);
    mode_t mode = stat(path, &st) == 0 ? st.st_mode & 0777 : 0666 & ~mask;
    error = write_all(fd, content.p, content.n);
    if (error == 0 && fchmod(fd, mode) != 0) { error = errno; }
    if (error == 0 && fsync(fd) != 0) { error = errno; }
    if (close(fd) != 0 && error == 0) { error = errno; }
    if (error == 0 && rename(temporary.p, path) != 0) { error = errno; }
    if (error != 0) { unlink(temporary.p); }
    if (error == 0) { error = sync_folder_of(path); }
    sb_free(&temporary);
    return error;
}
