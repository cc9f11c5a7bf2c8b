/* SPDX-License-Identifier: MIT */
#ifndef MSA_BYTECODE_DISASM_MONEY_H
#define MSA_BYTECODE_DISASM_MONEY_H
#include "bytecode/layout.h"
#include "bytecode/module.h"

/* Appends the field `name` of a record of money, whose value is v, by the name of its enum; false: it has none, and nothing is
 * appended. */
bool disasm_money_field(struct sb *b, const struct module *m, enum section_id s, const char *name, const void *record, uint32_t v);
#endif
