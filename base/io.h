/* SPDX-License-Identifier: MIT */
/* Files. Functions that can fail return 0 or errno's number; nothing is printed here. */
#ifndef MSA_BASE_IO_H
#define MSA_BASE_IO_H
#include "base/str.h"

MSA_EXTERN_C_BEGIN

/* Whole file, "-" = standard input. The text has `zeros` NULs behind it (not counted). EFBIG above `most` bytes. */
nodiscard int io_read_file(struct arena *a, const char *path, size_t zeros, size_t most, struct str *out);

#define IO_BLOCK ((size_t)256 * 1024)

/* Buffered reader. The buffer grows when one line or one record is longer than it. */
struct io_reader {
    int fd;
    int error;             /* errno's number of a failed read; sticky */
    bool at_end;
    char *buffer;
    size_t from, to, cap;  /* unread bytes are buffer[from..to) */
    uint64_t offset;       /* of buffer[from] in the stream */
    uint64_t line;         /* lines handed out by io_read_line */
};
void io_reader_init(struct io_reader *r, int fd);
/* Reads on until at least `want` unread bytes are there (0: one more block). False at the end or on error. */
bool io_fill(struct io_reader *r, size_t want);
/* Next line without its LF or CR LF; a last line without LF counts. The view holds until the next call.
 * False at the end or on error (see error). */
bool io_read_line(struct io_reader *r, struct str *line);
void io_consume(struct io_reader *r, size_t n);
void io_reader_free(struct io_reader *r);   /* does not close fd */

/* Buffered writer; the first error is kept and later writes do nothing. */
struct io_writer { int fd; int error; char *buffer; size_t n; uint64_t written; };
void io_writer_init(struct io_writer *w, int fd);
void io_write(struct io_writer *w, const void *p, size_t n);
static inline void io_write_str(struct io_writer *w, struct str s) { io_write(w, s.p, s.n); }
nodiscard int io_flush(struct io_writer *w);
nodiscard int io_writer_free(struct io_writer *w);   /* flushes; does not close fd */

/* Replaces or makes a file so that a reader sees the old or the new one, never half; on disk when it returns 0. */
nodiscard int io_write_file(const char *path, struct str content);

MSA_EXTERN_C_END
#endif
