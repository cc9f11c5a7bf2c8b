/* SPDX-License-Identifier: MIT */
/* The proof over code. Jumps go forward only, so one walk in order of pc sees every edge into an instruction before the
 * instruction: no fixed point is needed, and the cost is linear. */
#include "bytecode/verify_code.h"
#include "bytecode/disasm.h"
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define MAX_REGISTERS 256

/* Which registers are set on every path to here. */
struct bank { uint64_t bits[MAX_REGISTERS / 64]; };
struct flow { struct bank scalar, text; };

struct walk {
    struct verifier *v;
    const struct module *m;
    const struct m_func *f;
    uint32_t func, end;
    uint8_t *starts;            /* of the function's words: 1 an instruction begins here */
    struct flow **arriving;     /* by word: what jumps bring; NULL: no jump comes here */
    struct arena *scratch;
    uint32_t pc, next;          /* the instruction at hand */
    struct flow now;
};

printf_like(2, 3) static bool refuse(struct walk *w, const char *fmt, ...) {
    struct verify_error *e = w->v->e;
    char what[512];
    va_list args;
    va_start(args, fmt);
    vsnprintf(what, sizeof what, fmt, args);
    va_end(args);
    struct sb line = { .arena = w->scratch };
    disasm_instruction(&line, w->m, w->func, w->pc, w->end);
    uint32_t place = module_place(w->m, w->pc);
    verify_refuse(w->v, SEC_FUNC, w->func, place ? place : w->f->place, "function %u `%.80s`, instruction at %u `%.200s`: %s", w->func,
                  module_str(w->m, w->f->name).p, w->pc, line.p ? line.p : "", what);
    e->func = w->func;
    e->pc = w->pc;
    return false;
}

static bool is_set(const struct bank *b, uint32_t r) { return b->bits[r / 64] >> (r % 64) & 1; }
static void set(struct bank *b, uint32_t r) { b->bits[r / 64] |= UINT64_C(1) << (r % 64); }
static void meet(struct bank *b, const struct bank *other) {
    for (size_t i = 0; i < countof(b->bits); i++) b->bits[i] &= other->bits[i];
}

static bool read_register(struct walk *w, bool text, uint32_t r) {
    if (r >= (text ? w->f->texts : w->f->scalars))
        return refuse(w, "%s register %u is read, the function has %u", text ? "text" : "scalar", r, text ? w->f->texts : w->f->scalars);
    if (!is_set(text ? &w->now.text : &w->now.scalar, r)) return refuse(w, "%s register %u is read, but not set on every path to here", text ? "text" : "scalar", r);
    return true;
}

static bool in_pool(struct walk *w, enum section_id s, int64_t i) {
    uint32_t n;
    module_records(w->m, s, &n);
    return i < n || refuse(w, "%s %lld is named, the module has %u", section_info[s].name, (long long)i, n);
}

static bool need_entity(struct walk *w) { return w->f->entity != NO_REF || refuse(w, "the function has no entity"); }
static bool need_event(struct walk *w) { return w->f->event != NO_REF || refuse(w, "the function has no event"); }

static bool slot(struct walk *w, int64_t i, uint32_t n, const char *what) {
    return i < n || refuse(w, "%s slot %lld is named, there are %u", what, (long long)i, n);
}

/* Everything about an operand but writing, which comes after all reads. */
static bool operand(struct walk *w, const struct decoded *d, const struct operand *o) {
    const struct module *m = w->m;
    uint32_t entity = w->f->entity, event = w->f->event;
    int64_t v = o->value;
    switch (o->kind) {
    case 'S':
        return v < w->f->scalars || refuse(w, "scalar register %lld is written, the function has %u", (long long)v, w->f->scalars);
    case 'T':
        return v < w->f->texts || refuse(w, "text register %lld is written, the function has %u", (long long)v, w->f->texts);
    case 't': return read_register(w, true, (uint32_t)v);
    case 's':
    case 'r':
        return read_register(w, false, (uint32_t)v);
    case 'B':
        for (uint32_t i = 0, table = (uint32_t)d->operand[d->n - 1].value; d->op == INS_TBL && table < m->n_table && i < m->table[table].n_inputs; i++)
            if (!read_register(w, false, (uint32_t)v + i)) return false;
        if (d->op != INS_FACT) return true;
        for (uint32_t i = 0, fact = (uint32_t)d->operand[d->n - 1].value; fact < m->n_fact && i < FACT_SLOTS + m->fact[fact].n_values; i++)
            if (!read_register(w, false, (uint32_t)v + i)) return false;
        return true;
    case 'i': return true;
    case 'j': return true; /* with the flow */
    case 'k': case 'K': return in_pool(w, SEC_CONST, v);
    case 'z': case 'Z': return in_pool(w, SEC_STRING, v);
    case 'C': return in_pool(w, SEC_CLASSIFIER, v);
    case 'L': return in_pool(w, SEC_TABLE, v);
    case 'O':
        if (!in_pool(w, SEC_TABLE_OUTPUT, v)) return false;
        if ((m->table_output[v].type == VT_TEXT) != (d->op == INS_OUTT)) return refuse(w, "the column's type is %s", value_type_name(m->table_output[v].type));
        return true;
    case 'D':
        if (!in_pool(w, SEC_CALENDAR, v)) return false;
        return m->calendar_rec[v].local || refuse(w, "the calendar is not local to anything");
    case 'U': return in_pool(w, SEC_CLAUSE, v);
    case 'M': return in_pool(w, SEC_MEASURE, v);
    case 'E': return in_pool(w, SEC_FACT, v);
    case 'R': return v < 4 || refuse(w, "%lld is no way of rounding", (long long)v);
    case 'p': return v <= STOP_CANCEL || refuse(w, "%lld is no kind of stop", (long long)v);
    case 'y': return v <= CLOCK_EVER_LATE || refuse(w, "%lld is no question to a clock", (long long)v);
    case 'h': return v <= CHANGE_DEFAULT || refuse(w, "%lld is no policy of change", (long long)v);
    case 'f': return need_event(w) && slot(w, v, w->v->event[event].scalars, "scalar field");
    case 'e': return need_event(w) && slot(w, v, w->v->event[event].texts, "text field");
    case 'a': case 'A': return need_entity(w) && slot(w, v, w->v->entity[entity].scalars, "scalar attribute");
    case 'x': case 'X': return need_entity(w) && slot(w, v, w->v->entity[entity].texts, "text attribute");
    case 'c': return need_entity(w) && slot(w, v, m->entity[entity].n_clocks, "clock");
    case 'q': return need_entity(w) && slot(w, v, m->entity[entity].n_spans, "spans");
    default: return refuse(w, "operand `%c` is not known to the verifier", o->kind);
    }
}

/* A function that a measure calls while it is fed must be able to run on what is at hand then. */
static bool fed_function(struct walk *w, uint32_t func) {
    if (func == NO_REF) return true;
    const struct m_func *f = &w->m->func[func];
    if (f->event != NO_REF && f->event != w->f->event) return refuse(w, "function %u of the measure is about another event", func);
    if (f->entity != NO_REF && f->entity != w->f->entity) return refuse(w, "function %u of the measure is about another entity", func);
    return true;
}

static bool feeds(struct walk *w, uint32_t measure, enum measure_source source) {
    const struct m_measure *me = &w->m->measure[measure];
    if (me->source != (uint32_t)source) return refuse(w, "measure %u is not fed from %s", measure, source == SOURCE_EVENT ? "events" : "spans");
    if (me->entity != NO_REF && me->entity != w->f->entity) return refuse(w, "measure %u is about another entity", measure);
    if (!fed_function(w, me->where) || !fed_function(w, me->part) || !fed_function(w, me->whole)) return false;
    for (uint32_t i = 0; i < me->n_by; i++)
        if (!fed_function(w, w->m->value_of[me->by + i].value)) return false;
    return true;
}

/* What one opcode asks for that its shape does not say. */
static bool beyond_shape(struct walk *w, const struct decoded *d) {
    static const enum opcode fitting[] = {
        [FUNC_HANDLER] = INS_RET, [FUNC_PREDICATE] = INS_RETV, [FUNC_VALUE] = INS_RETV, [FUNC_VALUE_TEXT] = INS_RETT, [FUNC_TARGET] = INS_RETG,
    };
    uint8_t flags = op_info[d->op].flags;
    uint32_t last = d->n ? (uint32_t)d->operand[d->n - 1].value : 0;
    if (flags & OPF_E && w->f->kind != FUNC_HANDLER) return refuse(w, "only handlers change state");
    if (flags & OPF_R && d->op != fitting[w->f->kind]) return refuse(w, "this kind of function ends in `%s`", op_info[fitting[w->f->kind]].mnemonic);
    if (d->op == INS_LDKEY) return need_entity(w);
    if (d->op == INS_MEVENT) return feeds(w, last, SOURCE_EVENT);
    if (d->op == INS_MSPAN) return feeds(w, last, SOURCE_SPANS);
    if (d->op == INS_CLST && w->m->classifier[last].kind != CLASS_TEXTS) return refuse(w, "classifier %u is not one of texts", last);
    if (d->op == INS_CLS && w->m->classifier[last].kind == CLASS_TEXTS) return refuse(w, "classifier %u is one of texts", last);
    return true;
}

static bool jump(struct walk *w, uint32_t distance) {
    uint32_t left = w->end - w->next;
    if (distance >= left) return refuse(w, "it jumps to %llu, the function ends at %u", (unsigned long long)w->next + distance, w->end);
    uint32_t to = w->next + distance - w->f->code;
    if (!w->starts[to]) return refuse(w, "it jumps to %u, which is the extension word of an instruction", w->next + distance);
    if (w->arriving[to]) {
        meet(&w->arriving[to]->scalar, &w->now.scalar);
        meet(&w->arriving[to]->text, &w->now.text);
        return true;
    }
    w->arriving[to] = ARENA_NEW(w->scratch, struct flow);
    *w->arriving[to] = w->now;
    return true;
}

/* Decodes all of the function and marks where instructions begin. */
static bool mark_starts(struct walk *w) {
    for (w->pc = w->f->code; w->pc < w->end; w->pc = w->next) {
        struct decoded d;
        switch (op_decode(&w->m->code[w->pc], w->end - w->pc, &d)) {
        case DECODE_UNKNOWN: return refuse(w, "there is no instruction %u", op_of(w->m->code[w->pc].word));
        case DECODE_CUT: return refuse(w, "its extension word lies behind the function's end");
        case DECODE_JUNK: return refuse(w, "bits that it does not use are set");
        case DECODE_OK: break;
        }
        w->starts[w->pc - w->f->code] = 1;
        w->next = w->pc + d.length;
    }
    return true;
}

static bool follow(struct walk *w) {
    bool falls = true; /* the instruction before goes on to this one */
    for (w->pc = w->f->code; w->pc < w->end; w->pc = w->next) {
        struct decoded d;
        if (op_decode(&w->m->code[w->pc], w->end - w->pc, &d) != DECODE_OK) return refuse(w, "it cannot be decoded"); /* not reached: mark_starts */
        w->next = w->pc + d.length;
        const struct flow *arriving = w->arriving[w->pc - w->f->code];
        if (!falls && !arriving) return refuse(w, "nothing leads here");
        if (arriving && falls) {
            meet(&w->now.scalar, &arriving->scalar);
            meet(&w->now.text, &arriving->text);
        } else if (arriving) w->now = *arriving;
        /* The table before the registers it needs: 'L' stands behind 'B'. */
        for (int i = d.n; i-- > 0;)
            if (!operand(w, &d, &d.operand[i])) return false;
        if (!beyond_shape(w, &d)) return false;
        for (int i = 0; i < d.n; i++) {
            if (d.operand[i].kind == 'S') set(&w->now.scalar, (uint32_t)d.operand[i].value);
            if (d.operand[i].kind == 'T') set(&w->now.text, (uint32_t)d.operand[i].value);
            if (d.operand[i].kind == 'j' && !jump(w, (uint32_t)d.operand[i].value)) return false;
        }
        falls = !(op_info[d.op].flags & OPF_R) && d.op != INS_JMP;
        if (falls && w->next >= w->end) return refuse(w, "the function goes on behind its end");
    }
    return true;
}

static bool verify_function(struct verifier *v, uint32_t func, uint8_t *starts, struct arena *scratch) {
    const struct module *m = v->m;
    const struct m_func *f = &m->func[func];
    if (f->kind > FUNC_TARGET) return verify_refuse(v, SEC_FUNC, func, f->place, "function %u: %u is no kind of function", func, f->kind);
    if (f->scalars > MAX_REGISTERS || f->texts > MAX_REGISTERS)
        return verify_refuse(v, SEC_FUNC, func, f->place, "function %u: it has %u scalar and %u text registers; %d are allowed", func, f->scalars, f->texts, MAX_REGISTERS);
    if (!f->length || f->length > m->n_code || f->code > m->n_code - f->length)
        return verify_refuse(v, SEC_FUNC, func, f->place, "function %u: its code is %u words from %u, the module has %u", func, f->length, f->code, m->n_code);
    if (f->kind == FUNC_HANDLER && f->event == NO_REF) return verify_refuse(v, SEC_FUNC, func, f->place, "function %u: a handler without an event", func);
    if (f->kind == FUNC_HANDLER && m->event[f->event].entity != f->entity)
        return verify_refuse(v, SEC_FUNC, func, f->place, "function %u: a handler has the entity of its event", func);
    if (f->event != NO_REF && f->entity != NO_REF && m->event[f->event].entity != f->entity)
        return verify_refuse(v, SEC_FUNC, func, f->place, "function %u: its event %u is not about its entity %u", func, f->event, f->entity);
    for (uint32_t i = 0; i < f->length; i++)
        if (starts[f->code + i]) return verify_refuse(v, SEC_FUNC, func, f->place, "function %u: its code overlaps that of another at %u", func, f->code + i);
    struct walk w = { .v = v, .m = m, .f = f, .func = func, .end = f->code + f->length, .starts = starts + f->code, .scratch = scratch };
    w.arriving = ARENA_ARRAY(scratch, struct flow *, f->length);
    if (!mark_starts(&w) || !follow(&w)) return false;
    for (uint32_t i = 0; i < f->length; i++)
        if (!w.starts[i]) w.starts[i] = 2; /* taken: an extension word */
    return true;
}

static bool verify_code_places(struct verifier *v, const uint8_t *starts) {
    for (uint32_t i = 0; i < v->m->n_code_place; i++) {
        const struct m_code_place *p = &v->m->code_place[i];
        if (p->pc >= v->m->n_code || starts[p->pc] != 1)
            return verify_refuse(v, SEC_CODE_PLACE, i, p->place, "CODE_PLACE %u: no instruction begins at %u", i, p->pc);
        if (i && p[-1].pc >= p->pc) return verify_refuse(v, SEC_CODE_PLACE, i, p->place, "CODE_PLACE %u: pc %u does not come after %u", i, p->pc, p[-1].pc);
    }
    return true;
}

bool verify_code(struct verifier *v) {
    struct arena_mark all = arena_mark(v->a);
    uint8_t *starts = ARENA_ARRAY(v->a, uint8_t, v->m->n_code);
    bool ok = true;
    for (uint32_t i = 0; ok && i < v->m->n_func; i++) {
        struct arena_mark mark = arena_mark(v->a);
        ok = verify_function(v, i, starts, v->a);
        arena_release(v->a, mark);
    }
    for (uint32_t pc = 0; ok && pc < v->m->n_code; pc++)
        if (!starts[pc]) ok = verify_refuse(v, SEC_CODE, pc, module_place(v->m, pc), "CODE %u belongs to no function", pc);
    ok = ok && verify_code_places(v, starts);
    arena_release(v->a, all);
    return ok;
}
