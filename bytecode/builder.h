/* SPDX-License-Identifier: MIT */
/* How the emitter makes a module: records are added one by one, can be changed until the end, and become a module at once.
 *
 * A run (ARR) is records added one after another, so children come before their parent, or the parent is added first and
 * patched later through mb_at_<record>. Pointers from mb_at_ are valid until the next record of that section is added. */
#ifndef MSA_BYTECODE_BUILDER_H
#define MSA_BYTECODE_BUILDER_H
#include "bytecode/opcode.h"

struct module_builder;

/* All memory comes from `a`. The records that stand in every module (module.h) are already there; AGREEMENT is not. */
struct module_builder *mb_new(struct arena *a);

/* Index of the text, equal text giving equal index; 0 is the empty text. UTF-8 without NUL, else module_verify refuses. */
uint32_t mb_string(struct module_builder *mb, struct str s);
struct str mb_text(const struct module_builder *mb, uint32_t string);
/* Equal ones are added once. */
uint32_t mb_const(struct module_builder *mb, int64_t v);
uint32_t mb_place(struct module_builder *mb, struct m_place p);

/* For every section: mb_add_clock(mb, (struct m_clock){…}) gives the index, mb_at_clock(mb, i) the record, to patch.
 * STRING has neither (mb_string); mb_add_place and mb_add_constant never merge (mb_place and mb_const do). */
#define SECTION(NAME, name, tag, doc)                                                   \
    uint32_t mb_add_##name(struct module_builder *mb, struct m_##name r);               \
    struct m_##name *mb_at_##name(struct module_builder *mb, uint32_t i);
#include "bytecode/sections.def"
#undef SECTION
uint32_t mb_count(const struct module_builder *mb, enum section_id s);

/* Code: each gives the pc of the word added. Where a jump goes is set when its target is known. */
uint32_t mb_op(struct module_builder *mb, enum opcode op, uint32_t a, uint32_t b, uint32_t c);
uint32_t mb_op_imm(struct module_builder *mb, enum opcode op, uint32_t a, int32_t imm);
/* With an extension word; the pc of the first word. */
uint32_t mb_op_word(struct module_builder *mb, enum opcode op, uint32_t a, uint32_t b, uint32_t c, uint32_t w);
/* The jump at pc goes to the next word to be added. False when that is too far for its 16 bits. */
nodiscard bool mb_land(struct module_builder *mb, uint32_t pc);
/* What is added from here on comes from this place; called again for the same pc, the later place counts. */
void mb_set_place(struct module_builder *mb, uint32_t place);

/* The module, in the builder's arena; the builder can be used no more. Empty runs are moved to 0. It still has to pass
 * module_verify. */
const struct module *mb_finish(struct module_builder *mb);
#endif
