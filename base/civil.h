/* SPDX-License-Identifier: MIT */
/* Days and seconds to civil dates and back, and their text forms. No zones, no libc time. */
#ifndef MSA_BASE_CIVIL_H
#define MSA_BASE_CIVIL_H
#include "base/daterule.h"

struct ymd { int32_t year; int32_t month, day; };   /* month 1..12, day 1..31 */

date civil_date(int year, int month, int day);       /* no check; see civil_valid */
bool civil_valid(int year, int month, int day);
struct ymd civil_ymd(date d);
int civil_weekday(date d);                           /* 0 = monday */
int civil_days_in_month(int year, int month);
bool civil_leap(int year);
/* Calendar months: 31 january + 1 month is the last day of february. */
date civil_add_months(date d, int months);
/* A length as terms and notices have it: days, less than zero: that many calendar months. Forward, and back to the day with
 * which what lasts so long and ends before d begins. */
date civil_add_length(date d, int64_t length);
date civil_before_length(date d, int64_t length);
/* Floor division of a wall time into its date and microseconds of that day. */
date civil_split(int64_t wall, int64_t *of_day);
extern const char *const civil_weekday_name[7];      /* "mon" .. "sun" */
extern const char *const civil_month_name[12];       /* "january" .. */

/* Writers return the number of bytes written (no NUL); the buffer must hold CIVIL_TEXT_MAX. */
#define CIVIL_TEXT_MAX 40
int civil_write_date(char *out, date d);                       /* 2026-03-06 */
/* 2026-03-06T17:50:00-05:00; a fraction only when there is one; Z when offset is 0 and `zulu`.
 * Years outside 0..9999 get a sign; seconds of an offset are written when there are any; "none" and "never" for those two. */
int civil_write_instant(char *out, instant t, int32_t offset, bool zulu);
int civil_write_seconds(char *out, micros d);                  /* 3600, 0.25 : exact decimal seconds */
int civil_write_hms(char *out, micros d);                      /* "27 h 15 min 0.5 s"; parts that are zero left out; no days */

/* ISO 8601 with offset or Z, any fraction (digits beyond microseconds are cut); seconds may be missing, a space may stand for the T.
 * Fast path for the usual layout. 24:00 and leap seconds are refused. `why` may be NULL.
 * Returns NONE for anything else, impossible dates included; `why` then names the fault. */
instant civil_read_instant(const char *p, size_t n, const char **why);
#endif
