/* SPDX-License-Identifier: MIT */
/* RFC 4180 by libcsv, a record at a time. Only this seam's .c file includes <csv.h>. */
#ifndef MSA_RUNTIME_CSV_H
#define MSA_RUNTIME_CSV_H
#include "base/str.h"

struct csv;
struct csv *csv_open(void);      /* NULL: no memory */
/* What stands between cells, a comma without this. Before the first line. */
void csv_separator(struct csv *c, char separator);
void csv_close(struct csv *c);
enum csv_fed { CSV_MORE /* the record goes on in the next line */, CSV_RECORD, CSV_STRAY_QUOTE, CSV_NO_MEMORY };
/* One line with its line end, or the last one without (`last`). After CSV_RECORD the cells hold until the next call. */
enum csv_fed csv_feed(struct csv *c, const char *p, size_t n, bool last);
/* Forgets a record that was begun. */
void csv_reset(struct csv *c);
/* The cells of the record; for CSV_RECORD. */
const struct str *csv_cells(struct csv *c, size_t *n);
#endif
