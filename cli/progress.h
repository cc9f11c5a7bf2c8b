/* SPDX-License-Identifier: MIT */
/* How far long work has come, on standard error and only where that is a terminal. */
#ifndef MSA_CLI_PROGRESS_H
#define MSA_CLI_PROGRESS_H
#include <stdint.h>

void progress_begin(void);
/* The file being read now; -1: none. */
void progress_file(int fd);
extern volatile uint64_t progress_count;
static inline void progress_results(uint64_t n) { progress_count = n; }
/* Takes the line away. */
void progress_end(void);
#endif
