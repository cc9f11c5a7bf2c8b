/* SPDX-License-Identifier: MIT */
/* Between verify.c (records) and verify_code.c (functions); nobody else includes this. */
#ifndef MSA_BYTECODE_VERIFY_CODE_H
#define MSA_BYTECODE_VERIFY_CODE_H
#include "bytecode/verify.h"

struct verifier {
    const struct module *m;
    struct arena *a;                    /* facts */
    struct slot_counts *entity, *event; /* as in module_facts */
    uint32_t *attr_entity, *column_table;
    struct verify_error *e;
};

/* Fills *v->e; false. The place goes into the text and into e->place. */
printf_like(5, 6) bool verify_refuse(struct verifier *v, uint32_t section, uint32_t index, uint32_t place, const char *fmt, ...);
/* Type and scale belong together. */
bool verify_good_type(uint32_t type, uint32_t scale);
/* What may run for an entity (NO_REF: for none in particular) when there is no event at hand. */
bool verify_runs_for(const struct module *m, uint32_t func, uint32_t entity);
bool verify_gives(const struct module *m, uint32_t func, uint32_t type);
/* verify_money.c: everything about money but instructions. */
bool verify_money(struct verifier *v);
/* All functions, CODE and CODE_PLACE. The records they name have been verified. */
bool verify_code(struct verifier *v);
#endif
