/* SPDX-License-Identifier: MIT */
/* The proof that a module can be run. The VM takes nothing but a verified_module, and only module_verify makes one: also for
 * a module that the compiler has made a moment ago. Shares nothing with the compiler.
 *
 * Proven: every index and text is good (module_check); records agree with each other; every function holds known
 * instructions only, with operands inside its registers and the pools, and slots of its own entity and event in the right
 * bank; jumps go forward, to instructions; every path sets a register before it reads it and ends in the return that fits the
 * kind of function; nothing is unreachable; only handlers change state; whoever refers to a function gets the right kind, of
 * the right entity and event; calendars made of calendars are acyclic; tables are complete.
 * Not proven: numbers in registers (opcodes.def), zone names (the system's zone data decides), texts that other parsers
 * read (time patterns, NDJSON of examples, file digests). */
#ifndef MSA_BYTECODE_VERIFY_H
#define MSA_BYTECODE_VERIFY_H
#include "bytecode/layout.h"

struct verified_module;

struct verify_error {
    char text[1024];            /* one line: what, where, the instruction, the place in the source */
    uint32_t section, index;    /* the record it is about: enum section_id or SEC_COUNT; NO_REF */
    uint32_t func, pc;          /* FUNC and absolute CODE index, NO_REF when it is not about code */
    uint32_t place;             /* PLACE, 0: unknown */
};

/* NULL: refused, see *e. What it gives lives in `a` and looks at *m, which must live as long. */
nodiscard const struct verified_module *module_verify(struct arena *a, const struct module *m, struct verify_error *e);

const struct module *verified_get(const struct verified_module *v);

/* Worked out on the way, for those who lay out memory. */
struct slot_counts { uint32_t scalars, texts; };
struct module_facts {
    const struct slot_counts *entity;   /* attribute slots of each ENTITY */
    const struct slot_counts *event;    /* field slots of each EVENT */
    const uint32_t *attr_entity;        /* the ENTITY that each ATTR belongs to */
    const uint32_t *column_table;       /* the TABLE that each TABLE_OUTPUT belongs to */
    uint32_t max_scalars, max_texts;    /* registers of the function that has most */
};
const struct module_facts *verified_facts(const struct verified_module *v);
#endif
