/* SPDX-License-Identifier: MIT */
/* Table columns cut into classes: values that no cell tells apart. A table is then a dense array over classes, in which gaps
 * and overlaps are empty and double cells, each with a witness (language.md 8). The last class is "missing" (C10). */
#ifndef MSA_COMPILER_CLASSES_H
#define MSA_COMPILER_CLASSES_H
#include "compiler/literal.h"

struct classes {
    struct type type;
    uint32_t n;                                  /* with "missing" */
    struct str *text; uint32_t n_texts;          /* text columns: class i is text[i]; class n_texts is any other text */
    int64_t *start;                              /* number columns: class i is [start[i], start[i + 1]) */
};
/* `cells` are those of a column: what they name is what the classes tell apart. NULL after a message. */
struct classes *classes_make(struct unit *u, struct source_module *m, struct type t, const struct node *const *cells, uint32_t n);
/* The classes from..to - 1. */
struct class_range { uint32_t from, to; };
/* Classes that a cell accepts: ascending, none twice. Their number goes with what is written in the cell, not with that of the
 * classes. */
struct accepted { struct class_range *p; uint32_t n; };
bool classes_accept(struct unit *u, struct source_module *m, const struct classes *c, const struct node *cell, struct accepted *out);
/* A value of the class in words, for a witness. */
struct str classes_witness(struct unit *u, const struct classes *c, uint32_t class_);
uint32_t classes_emit(struct unit *u, const struct classes *c);
#endif
