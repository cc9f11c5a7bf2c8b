/* SPDX-License-Identifier: MIT */
/* The pages of docs/errors, put into the program by the build (tools/embed_errors.sh). */
#ifndef MSA_CLI_ERROR_PAGES_H
#define MSA_CLI_ERROR_PAGES_H
#include <stddef.h>

struct error_page { const char *code; const char *text; size_t n; };
extern const struct error_page error_pages[]; /* ascending codes; ends with a NULL code */
extern const size_t error_page_count;
#endif
