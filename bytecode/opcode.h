/* SPDX-License-Identifier: MIT */
/* Instructions: numbers, names, and decoding by shape. Everything comes from opcodes.def. */
#ifndef MSA_BYTECODE_OPCODE_H
#define MSA_BYTECODE_OPCODE_H
#include "bytecode/module.h"

enum opcode {
#define OP(NAME, mnemonic, shape, flags, doc) INS_##NAME,
#include "bytecode/opcodes.def"
#undef OP
    INS_COUNT
};
/* Opcodes share their word's byte with nothing, and released numbers stay. */
static_assert(INS_COUNT <= 256, "an opcode is one byte");
static_assert(INS_NOP == 0 && INS_RET == 64 && INS_BDAYS == 73 && INS_LDTX == 74, "opcode numbers are append-only");

enum op_flag { OPF_P = 1 /* pure */, OPF_E = 2 /* changes state */, OPF_J = 4 /* jumps */, OPF_R = 8 /* ends the function */ };

struct op_info { const char *name, *mnemonic, *shape; uint8_t flags; const char *doc; };
extern const struct op_info op_info[INS_COUNT];

/* One word. */
static inline uint32_t op_word(enum opcode op, uint32_t a, uint32_t b, uint32_t c) {
    return (uint32_t)op | (a & 0xff) << 8 | (b & 0xff) << 16 | (c & 0xff) << 24;
}
static inline uint32_t op_word_imm(enum opcode op, uint32_t a, int32_t imm) {
    return (uint32_t)op | (a & 0xff) << 8 | ((uint32_t)imm & 0xffff) << 16;
}
static inline uint32_t op_of(uint32_t w) { return w & 0xff; }
static inline uint32_t op_a(uint32_t w) { return w >> 8 & 0xff; }
static inline uint32_t op_b(uint32_t w) { return w >> 16 & 0xff; }
static inline uint32_t op_c(uint32_t w) { return w >> 24; }
static inline uint32_t op_imm(uint32_t w) { return w >> 16; }                       /* index, slot, distance */
static inline int32_t op_simm(uint32_t w) { return (int32_t)(w >> 16 ^ 0x8000) - 0x8000; } /* ld.imm */

/* Words of an instruction: 1, or 2 with an extension word. op < INS_COUNT. */
uint32_t op_length(enum opcode op);
/* Where an operand of this shape letter lies. */
enum operand_place { PLACE_BYTE, PLACE_IMM, PLACE_WORD };
enum operand_place operand_place(char kind);

#define MAX_OPERANDS 4
struct operand { char kind; /* the shape letter */ int64_t value; };
struct decoded { enum opcode op; uint8_t length, n; struct operand operand[MAX_OPERANDS]; };

enum decode_status {
    DECODE_OK,
    DECODE_UNKNOWN,     /* no such opcode */
    DECODE_CUT,         /* the extension word lies outside */
    DECODE_JUNK,        /* bits that no operand uses are not zero */
};
/* Decodes the instruction at p[0]; `left` words are readable there, at least 1. `out` is complete unless DECODE_UNKNOWN or DECODE_CUT. */
enum decode_status op_decode(const struct m_code *p, size_t left, struct decoded *out);
#endif
