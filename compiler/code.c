/* SPDX-License-Identifier: MIT */
#include "compiler/code.h"
#include "compiler/charge.h"
#include "compiler/classes.h"

/* Instructions of a function: beyond it conditions are not looked at further. Values in the arms of `if` can double with each
 * line of the agreement. */
#define CODE_MAX (1u << 20)

void code_begin(struct code *c, struct unit *u, enum func_kind kind, struct entity_info *e, struct event_info *ev, const char *name, struct span span)
{
    *c = (struct code){ .u = u, .entity = e, .event = ev, .kind = kind, .name = name, .place = place_of(u, span) };
    c->start = mb_count(u->mb, SEC_CODE);
    mb_set_place(u->mb, c->place);
}

uint32_t code_end(struct code *c)
{
    struct m_func f = {
        .name = mb_string(c->u->mb, str_of(c->name)), .kind = c->kind, .code = c->start, .length = mb_count(c->u->mb, SEC_CODE) - c->start,
        .scalars = c->max_scalar, .texts = c->max_text, .entity = c->entity != NULL ? c->entity->index : NO_REF,
        .event = c->event != NULL ? c->event->index : NO_REF, .place = c->place,
    };
    return mb_add_func(c->u->mb, f);
}

struct code_mark code_mark(const struct code *c) { return (struct code_mark){ c->scalar, c->text, c->known.n }; }
void code_release(struct code *c, struct code_mark m)
{
    c->scalar = m.scalar;
    c->text = m.text;
    c->known.n = m.known;
}
/* What an instruction read is free for its result, unless values in it may be wanted again. */
static void code_read(struct code *c, struct code_mark m)
{
    if (c->known.n == m.known) { code_release(c, m); }
}

static uint32_t refuse(struct code *c, const char *what, const char *help)
{
    if (!c->refused) {
        struct diag *d = diag(c->u->diags, E0701_TOO_COMPLEX, SPAN_NONE, "`%s` %s", c->name, what);
        if (help != NULL) { diag_help(d, "%s", help); }
    }
    c->refused = true;
    return 254;
}

static uint32_t take(struct code *c, uint32_t *next, uint32_t *max)
{
    if (*next == 255) { return refuse(c, "needs more intermediate results than there is room for", "say it with fewer values that are used several times, or decide parts of it in a table"); }
    uint32_t r = (*next)++;
    if (*next > *max) { *max = *next; }
    return r;
}

uint32_t code_scalar(struct code *c) { return take(c, &c->scalar, &c->max_scalar); }
uint32_t code_text(struct code *c) { return take(c, &c->text, &c->max_text); }

uint32_t code_const(struct code *c, int64_t v)
{
    uint32_t d = code_scalar(c);
    if (v == NONE) { mb_op(c->u->mb, INS_LDNONE, d, 0, 0); }
    else if (v >= INT16_MIN && v <= INT16_MAX) { mb_op_imm(c->u->mb, INS_LDI, d, (int32_t)v); }
    else { mb_op_imm(c->u->mb, INS_LDK, d, (int32_t)mb_const(c->u->mb, v)); }
    return d;
}

uint32_t code_literal_text(struct code *c, struct str s)
{
    uint32_t d = code_text(c), i = s.n == 0 ? 0 : emit_str(c->u, s);
    if (i <= 0xffff) { mb_op_imm(c->u->mb, INS_LDT, d, (int32_t)i); } else { mb_op_word(c->u->mb, INS_LDTX, d, 0, 0, i); }
    return d;
}

void code_land(struct code *c, uint32_t jump)
{
    if (jump != NO_REF && !mb_land(c->u->mb, jump)) { (void)refuse(c, "is too long", NULL); }
}

uint32_t code_unless(struct code *c, const struct tex *t)
{
    if (t == NULL) { return NO_REF; }
    struct code_mark m = code_mark(c);
    uint32_t r = code_expr(c, t);
    code_release(c, m);
    return mb_op_imm(c->u->mb, INS_JF, r, 0);
}

static uint32_t binary(struct code *c, enum opcode op, const struct tex *t)
{
    struct code_mark m = code_mark(c);
    uint32_t a = code_expr(c, t->kid[0]), b = code_expr(c, t->kid[1]);
    code_read(c, m);
    uint32_t d = code_scalar(c);
    mb_op(c->u->mb, op, d, a, b);
    return d;
}

static uint32_t ternary(struct code *c, enum opcode op, const struct tex *t)
{
    struct code_mark m = code_mark(c);
    uint32_t a = code_expr(c, t->kid[0]), b = code_expr(c, t->kid[1]), x = code_expr(c, t->kid[2]);
    code_read(c, m);
    uint32_t d = code_scalar(c);
    mb_op_word(c->u->mb, op, d, a, b, x);
    return d;
}

static uint32_t unary(struct code *c, enum opcode op, const struct tex *t)
{
    struct code_mark m = code_mark(c);
    uint32_t a = code_expr(c, t->kid[0]);
    code_read(c, m);
    uint32_t d = code_scalar(c);
    mb_op(c->u->mb, op, d, a, 0);
    return d;
}

/* Outcome of a table for the values of its inputs. */
static uint32_t outcome(struct code *c, const struct tex *t)
{
    const struct table_info *table = t->ref;
    struct module_builder *mb = c->u->mb;
    struct code_mark m = code_mark(c);
    uint32_t *value = ARENA_ARRAY(c->u->arena, uint32_t, table->n_inputs), first = 0;
    for (uint32_t i = 0; i < table->n_inputs; i++) { value[i] = code_expr(c, t->kid[i]); }
    for (uint32_t i = 0; i < table->n_inputs; i++) {
        uint32_t d = code_scalar(c);
        if (i == 0) { first = d; }
        uint32_t classifier = mb_at_table_input(mb, mb_at_table(mb, table->index)->inputs + i)->classifier;
        mb_op_word(mb, table->input[i].type.vt == VT_TEXT ? INS_CLST : INS_CLS, d, value[i], 0, classifier);
    }
    code_read(c, m);
    uint32_t d = code_scalar(c);
    mb_op_word(mb, INS_TBL, d, first, 0, table->index);
    return d;
}

static uint32_t table_output(struct code *c, const struct tex *t)
{
    const struct output_info *o = &((const struct table_info *)t->ref)->output[t->number];
    uint32_t r = outcome(c, t);
    bool text = t->type.vt == VT_TEXT;
    uint32_t d = text ? code_text(c) : code_scalar(c);
    mb_op_word(c->u->mb, text ? INS_OUTT : INS_OUT, d, r, 0, o->index);
    return d;
}

static uint32_t either(struct code *c, const struct tex *t)
{
    bool text = t->type.vt == VT_TEXT;
    enum opcode move = text ? INS_MOVT : INS_MOV;
    uint32_t d = text ? code_text(c) : code_scalar(c);
    struct code_mark m = code_mark(c);
    uint32_t no = code_unless(c, t->kid[0]);
    mb_op(c->u->mb, move, d, code_expr(c, t->kid[1]), 0);
    code_release(c, m);
    uint32_t end = mb_op_imm(c->u->mb, INS_JMP, 0, 0);
    code_land(c, no);
    mb_op(c->u->mb, move, d, code_expr(c, t->kid[2]), 0);
    code_release(c, m);
    code_land(c, end);
    return d;
}

static uint32_t spans(struct code *c, const struct tex *t)
{
    const struct spans_info *p = t->ref;
    uint32_t d = code_scalar(c);
    if (t->number == -1) { mb_op(c->u->mb, INS_WAITS, d, p->slot, 0); }
    else { mb_op_word(c->u->mb, INS_WAITSIN, d, p->slot, 0, mb_const(c->u->mb, t->number)); }
    if (p->except == NULL) { return d; }
    uint32_t x = code_expr(c, p->except), no = code_scalar(c), both = code_scalar(c);
    mb_op(c->u->mb, INS_NOT, no, x, 0);
    mb_op(c->u->mb, INS_AND, both, d, no);
    return both;
}

static uint32_t attribute(struct code *c, const struct tex *t)
{
    const struct attr_info *a = t->ref;
    bool text = a->type.vt == VT_TEXT;
    uint32_t d = text ? code_text(c) : code_scalar(c);
    mb_op_imm(c->u->mb, text ? INS_LDAT : INS_LDA, d, (int32_t)a->slot);
    return d;
}

static uint32_t field(struct code *c, const struct tex *t)
{
    const struct field_info *f = t->ref;
    bool text = f->type.vt == VT_TEXT;
    uint32_t d = text ? code_text(c) : code_scalar(c);
    mb_op_imm(c->u->mb, text ? INS_LDFT : INS_LDF, d, (int32_t)f->slot);
    return d;
}

static uint32_t given(struct code *c, const struct tex *t)
{
    bool text = t->kid[0]->type.vt == VT_TEXT;
    struct code_mark m = code_mark(c);
    uint32_t a = code_expr(c, t->kid[0]);
    code_read(c, m);
    uint32_t d = code_scalar(c);
    mb_op(c->u->mb, text ? INS_MISST : INS_MISS, d, a, 0);
    mb_op(c->u->mb, INS_NOT, d, d, 0);
    return d;
}

static uint32_t made(struct code *c, const struct tex *t)
{
    struct module_builder *mb = c->u->mb;
    switch ((enum tex_kind)t->kind) {
    case X_CONST: return code_const(c, t->number);
    case X_TEXT: return code_literal_text(c, t->text);
    case X_MISSING: return t->type.vt == VT_TEXT ? code_literal_text(c, (struct str){ "", 0 }) : code_const(c, NONE);
    case X_FIELD: return field(c, t);
    case X_ATTR: return attribute(c, t);
    case X_AT: { uint32_t d = code_scalar(c); mb_op(mb, INS_LDAT_AT, d, 0, 0); return d; }
    case X_KEY: { uint32_t d = code_text(c); mb_op(mb, INS_LDKEY, d, 0, 0); return d; }
    case X_TABLE: return table_output(c, t);
    case X_OUTCOME: return outcome(c, t);
    case X_CALENDAR: return code_const(c, ((const struct calendar_info *)t->ref)->index);
    case X_LOCAL: {
        uint32_t z = code_expr(c, t->kid[1]), d = code_scalar(c);
        mb_op_word(mb, INS_CALIN, d, z, 0, ((const struct calendar_info *)t->kid[0]->ref)->index);
        return d;
    }
    case X_SPANS: return spans(c, t);
    case X_NOT: return unary(c, INS_NOT, t);
    case X_AND: return binary(c, INS_AND, t);
    case X_OR: return binary(c, INS_OR, t);
    case X_EQ: return binary(c, INS_EQ, t);
    case X_LT: return binary(c, INS_LT, t);
    case X_LE: return binary(c, INS_LE, t);
    case X_EQT: return binary(c, INS_EQT, t);
    case X_CONTAINS: return binary(c, INS_CONTAINS, t);
    case X_STARTS: return binary(c, INS_STARTS, t);
    case X_ENDS: return binary(c, INS_ENDS, t);
    case X_GIVEN: return given(c, t);
    case X_ADD: return binary(c, INS_ADD, t);
    case X_SUB: return binary(c, INS_SUB, t);
    case X_MUL: return binary(c, INS_MUL, t);
    case X_MULDEC: return binary(c, INS_MULDEC, t);
    case X_DIVDEC: return binary(c, INS_DIVDEC, t);
    case X_NEG: return unary(c, INS_NEG, t);
    case X_MIN: return binary(c, INS_MIN, t);
    case X_MAX: return binary(c, INS_MAX, t);
    case X_ROUND: {
        struct code_mark m = code_mark(c);
        uint32_t a = code_expr(c, t->kid[0]), b = code_expr(c, t->kid[1]);
        code_read(c, m);
        uint32_t d = code_scalar(c);
        mb_op_word(mb, INS_ROUND, d, a, b, (uint32_t)t->number);
        return d;
    }
    case X_IF: return either(c, t);
    case X_OPEN: return binary(c, INS_CALOPEN, t);
    case X_ELAPSED: return ternary(c, INS_CALELA, t);
    case X_DUE: return ternary(c, INS_CALDUE, t);
    case X_NEXT: return binary(c, INS_CALNEXT, t);
    case X_BDAYS: return ternary(c, INS_BDAYS, t);
    case X_DATEOF: return unary(c, INS_DATEOF, t);
    case X_TIMEOF: return unary(c, INS_TIMEOF, t);
    case X_WDAYOF: return unary(c, INS_WDAYOF, t);
    case X_TEXTLEN: return unary(c, INS_TEXTLEN, t);
    case X_EXACT: return code_const(c, amount_emit(c->u, t->ref));
    case X_CLOCK: {
        uint32_t d = code_scalar(c);
        mb_op(mb, INS_CASK, d, ((const struct clock_info *)t->ref)->slot, (uint32_t)t->number);
        return d;
    }
    case X_ERROR: break;
    }
    MSA_BUG("an expression with a mistake reached the emitter");
}

/* A value that is named several times is worked out once, while its register is its own. */
uint32_t code_expr(struct code *c, const struct tex *t)
{
    for (size_t i = c->known.n; t->uses > 1 && i > 0; i--) {
        if (c->known.p[i - 1].value == t) { return c->known.p[i - 1].reg; }
    }
    if (mb_count(c->u->mb, SEC_CODE) - c->start > CODE_MAX) { return refuse(c, "is too long", NULL); }
    if (c->refused) { return 0; }
    uint32_t r = made(c, t);
    if (t->uses > 1 && !c->refused) { vec_push(&c->known, c->u->arena, ((struct code_known){ t, r })); }
    return r;
}

uint32_t emit_predicate(struct unit *u, struct entity_info *e, struct event_info *ev, struct tex *t, const char *name)
{
    struct code c;
    code_begin(&c, u, FUNC_PREDICATE, e, ev, name, t->span);
    mb_op(u->mb, INS_RETV, code_expr(&c, t), 0, 0);
    return code_end(&c);
}

uint32_t emit_value(struct unit *u, struct entity_info *e, struct event_info *ev, struct tex *t, const char *name)
{
    struct code c;
    bool text = t->type.vt == VT_TEXT;
    code_begin(&c, u, text ? FUNC_VALUE_TEXT : FUNC_VALUE, e, ev, name, t->span);
    mb_op(u->mb, text ? INS_RETT : INS_RETV, code_expr(&c, t), 0, 0);
    return code_end(&c);
}
