/* SPDX-License-Identifier: MIT */
/* The one place for attributes, C23 shims and the "this is our own mistake" macro.
 * Every other header may assume that this one has been included. */
#ifndef MSA_BASE_PRELUDE_H
#define MSA_BASE_PRELUDE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
#define MSA_EXTERN_C_BEGIN extern "C" {
#define MSA_EXTERN_C_END }
#else
#include <assert.h> /* static_assert */
#define MSA_EXTERN_C_BEGIN
#define MSA_EXTERN_C_END
#endif

/* Attributes are spelled with underscores inside, so that these words as macros do not meet themselves. The words that
 * C++ libraries use in attributes of their own are for C only. */
#define nodiscard __attribute__((__warn_unused_result__))
#define printf_like(fmt, first) __attribute__((__format__(__printf__, fmt, first)))
#ifndef __cplusplus
#define cold __attribute__((__cold__))
#define unused __attribute__((__unused__))
#define noreturn __attribute__((__noreturn__))
#define fallthrough __attribute__((__fallthrough__))
#endif
#define countof(a) (sizeof(a) / sizeof((a)[0]))

MSA_EXTERN_C_BEGIN
/* Called for a mistake of ours, in release builds too: the hook prints where and does not come back. */
extern void (*msa_bug_hook)(const char *file, int line, const char *what);
__attribute__((__noreturn__, __cold__)) void msa_bug(const char *file, int line, const char *what);
MSA_EXTERN_C_END
#define MSA_BUG(what) msa_bug(__FILE__, __LINE__, what)

/* An instant: microseconds since 1970-01-01T00:00:00Z on the UTC time line without leap seconds (T1).
 * A span of time uses the same unit. NONE means absent (C10), NEVER means "not in any future" (T4). */
typedef int64_t instant;
typedef int64_t micros;
#define NONE INT64_MIN
#define NEVER INT64_MAX
#define USEC ((int64_t)1000000)
#define MINUTE_US (60 * USEC)
#define HOUR_US (3600 * USEC)
#define DAY_US (86400 * USEC)

#endif
