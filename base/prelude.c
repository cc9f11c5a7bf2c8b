/* SPDX-License-Identifier: MIT */
#include "base/prelude.h"
#include <stdio.h>
#include <stdlib.h>

/* A program that hosts the library replaces this; the one variable of the library that is not const. */
static void print_and_exit(const char *file, int line, const char *what)
{
    fprintf(stderr, "internal error at %s:%d: %s\nThis is a mistake in msa, not in your agreement; please report it.\n",
            file, line, what);
    exit(70);
}

void (*msa_bug_hook)(const char *file, int line, const char *what) = print_and_exit;

void msa_bug(const char *file, int line, const char *what)
{
    msa_bug_hook(file, line, what);
    abort(); /* a hook that comes back broke its promise */
}
