/* SPDX-License-Identifier: MIT */
/* Functions in the making: registers are handed out upwards and given back after each statement; expressions become
 * instructions without branches but for `if`. */
#ifndef MSA_COMPILER_CODE_H
#define MSA_COMPILER_CODE_H
#include "compiler/unit.h"

struct code_known { const struct tex *value; uint32_t reg; };
struct code {
    struct unit *u;
    struct entity_info *entity;
    struct event_info *event;
    uint32_t kind, start, place;
    uint32_t scalar, text, max_scalar, max_text;   /* next free register of each bank; high-water marks */
    const char *name;
    VEC(struct code_known) known;                  /* values that are in registers now, and are named several times */
    bool refused;                                  /* E0701 was said */
};
struct code_mark { uint32_t scalar, text; size_t known; };

void code_begin(struct code *c, struct unit *u, enum func_kind kind, struct entity_info *e, struct event_info *ev, const char *name, struct span span);
uint32_t code_end(struct code *c);                          /* FUNC index */
struct code_mark code_mark(const struct code *c);
void code_release(struct code *c, struct code_mark m);
uint32_t code_scalar(struct code *c);
uint32_t code_text(struct code *c);
uint32_t code_const(struct code *c, int64_t v);             /* register that holds v */
/* Register with the value: of the text bank when the type is text. */
uint32_t code_expr(struct code *c, const struct tex *t);
uint32_t code_literal_text(struct code *c, struct str s);   /* n = 0: absent */
/* Jump over what follows when t is not yes; NULL: nothing is added and NO_REF returned. */
uint32_t code_unless(struct code *c, const struct tex *t);
void code_land(struct code *c, uint32_t jump);              /* NO_REF: nothing */
struct fact_info;
void fact_tell(struct code *c, const struct fact_info *f, size_t phrase);   /* money_emit.c */
#endif
