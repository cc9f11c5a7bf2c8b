/* SPDX-License-Identifier: MIT */
#include "bytecode/opcode.h"
#include <string.h>

const struct op_info op_info[INS_COUNT] = {
#define OP(NAME, mnemonic, shape, flags, doc) [INS_##NAME] = { #NAME, mnemonic, shape, OPF_##flags, doc },
#include "bytecode/opcodes.def"
#undef OP
};

#define OP(NAME, mnemonic, shape, flags, doc) static_assert(sizeof(shape) - 1 <= MAX_OPERANDS, "too many operands: " mnemonic);
#include "bytecode/opcodes.def"
#undef OP

enum operand_place operand_place(char kind) {
    if (strchr("ikzfeaxj", kind)) return PLACE_IMM;
    if (strchr("AXrRCLODKZUME", kind)) return PLACE_WORD;
    return PLACE_BYTE;
}

uint32_t op_length(enum opcode op) {
    const char *s = op_info[op].shape;
    return s[0] && operand_place(s[strlen(s) - 1]) == PLACE_WORD ? 2 : 1;
}

enum decode_status op_decode(const struct m_code *p, size_t left, struct decoded *out) {
    uint32_t w = p[0].word, used = 0xff;
    if (op_of(w) >= INS_COUNT) return DECODE_UNKNOWN;
    *out = (struct decoded){ .op = (enum opcode)op_of(w), .length = (uint8_t)op_length((enum opcode)op_of(w)) };
    if (out->length > left) return DECODE_CUT;
    unsigned shift = 8;
    for (const char *s = op_info[out->op].shape; *s; s++) {
        struct operand *o = &out->operand[out->n++];
        o->kind = *s;
        switch (operand_place(*s)) {
        case PLACE_BYTE:
            o->value = w >> shift & 0xff;
            used |= UINT32_C(0xff) << shift;
            shift += 8;
            break;
        case PLACE_IMM:
            o->value = *s == 'i' ? op_simm(w) : (int64_t)op_imm(w);
            used |= 0xffff0000;
            break;
        case PLACE_WORD:
            o->value = p[1].word;
            break;
        }
    }
    return w & ~used ? DECODE_JUNK : DECODE_OK;
}
