/* SPDX-License-Identifier: MIT */
/* The standard library's texts, put into the program by the build (tools/embed_stdlib.sh). */
#ifndef MSA_BASE_STDLIB_DATA_H
#define MSA_BASE_STDLIB_DATA_H
#include <stddef.h>

/* stdlib/holidays/us.msa is "holidays.us". */
struct stdlib_module { const char *name; const char *text; size_t n; };
extern const struct stdlib_module stdlib_modules[]; /* ascending names; ends with a NULL name */
extern const size_t stdlib_module_count;
#endif
