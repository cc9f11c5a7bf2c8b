/* SPDX-License-Identifier: MIT */
/* Modules for people to read. The module has passed module_check; it need not be verified. */
#ifndef MSA_BYTECODE_DISASM_H
#define MSA_BYTECODE_DISASM_H
#include "bytecode/opcode.h"

/* The whole module: header, clauses, every section that has records, and the code of each function with its places. */
void disasm_module(struct sb *b, const struct module *m);
/* One function of it. */
void disasm_function(struct sb *b, const struct module *m, uint32_t func);
/* The instruction at pc, without a line end: `ld.attr s1, priority`. `end` is the end of its function; `func` gives the names of slots,
 * NO_REF when unknown. Any bytes are fine: what cannot be decoded is shown as a number. */
void disasm_instruction(struct sb *b, const struct module *m, uint32_t func, uint32_t pc, uint32_t end);
/* `agreement.msa:12:5`; nothing for place 0. */
void disasm_place(struct sb *b, const struct module *m, uint32_t place);
/* Name of an enum value type ("duration"); "?" out of range. */
const char *value_type_name(uint32_t type);
#endif
