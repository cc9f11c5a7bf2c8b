/* SPDX-License-Identifier: MIT */
#include "runtime/vm.h"
#include "base/checked.h"
#include "base/utf8.h"
#include "bytecode/opcode.h"
#include "runtime/state.h"
#include <assert.h>
#include <string.h>

void vm_open(struct engine *e)
{
    struct vm *vm = &e->vm;
    vm->max_scalars = e->facts->max_scalars;
    vm->max_texts = e->facts->max_texts;
    vm->scalars = heap_block(e->heap, size_of_array((size_t)vm->max_scalars * VM_DEPTH + 1, sizeof *vm->scalars));
    vm->texts = heap_block(e->heap, size_of_array((size_t)vm->max_texts * VM_DEPTH + 1, sizeof *vm->texts));
}

/* ---- numbers ---- */

static noreturn void trap(struct engine *e, size_t pc, const char *what)
{
    const struct module *m = e->module;
    const struct m_place *p = &m->place[module_place(m, (uint32_t)pc)];
    struct str file = module_str(m, m->file[p->file].name);
    uint32_t clause = engine_clause_at(e, module_place(m, (uint32_t)pc));
    if (clause == NO_REF) { engine_fail(e, MSA_TRAP, "%.*s:%u:%u: %s", STR_ARG(file), p->line, p->column, what); }
    engine_fail(e, MSA_TRAP, "clause %.*s (%.*s:%u:%u): %s", STR_ARG(result_clause_name(e, clause)), STR_ARG(file), p->line, p->column, what);
}

static int64_t fitting(struct engine *e, size_t pc, wide_int v)
{
    if (v > INT64_MAX || v <= INT64_MIN) { trap(e, pc, "a number is too large"); }
    return (int64_t)v;
}

/* Multiples of b > 0. Half up is away from zero at the tie (A1). */
static wide_int rounded(int64_t a, int64_t b, uint32_t how)
{
    wide_int down = (wide_int)a / b - (a % b < 0), low = down * b, over = a - low;
    switch (how) {
    case 1: return over ? low + b : low;
    case 2: return over * 2 > b || (over * 2 == b && a > 0) ? low + b : low;
    case 3: return over * 2 > b || (over * 2 == b && down % 2 != 0) ? low + b : low;
    default: return low;
    }
}

/* ---- tables ---- */

static int64_t class_of_number(const struct module *m, const struct m_classifier *k, int64_t v)
{
    int64_t missing = (int64_t)k->classes - 1;
    if (v == NONE) { return missing; }
    if (k->kind == CLASS_SCALE) { return v >= 0 && v < missing ? v : missing; }
    int64_t n = 0;
    while (n < k->n_breaks && m->class_break[k->breaks + n].at <= v) { n++; }
    return n;
}

static int64_t class_of_text(const struct module *m, const struct m_classifier *k, struct str s)
{
    if (!s.p) { return (int64_t)k->classes - 1; }
    uint32_t from = 0, to = k->n_texts;
    while (from < to) {
        uint32_t middle = from + (to - from) / 2;
        const struct m_class_text *t = &m->class_text[k->texts + middle];
        int order = str_cmp(module_str(m, t->text), s);
        if (order == 0) { return t->class; }
        if (order < 0) {
            from = middle + 1;
        } else {
            to = middle;
        }
    }
    return (int64_t)k->classes - 2;
}

static int64_t outcome(const struct module *m, const struct m_table *t, const int64_t *classes)
{
    uint64_t cell = 0;
    for (uint32_t i = 0; i < t->n_inputs; i++) {
        uint32_t n = m->classifier[m->table_input[t->inputs + i].classifier].classes;
        if (classes[i] < 0 || classes[i] >= n) { return NONE; }
        cell = cell * n + (uint64_t)classes[i];
    }
    if (cell >= t->n_cells) { return NONE; }
    uint32_t found = m->table_cell[t->cells + cell].outcome;
    return found == NO_REF ? NONE : (int64_t)(found - t->outcomes);
}

static const struct m_output_value *output(const struct module *m, const struct m_table_output *o, int64_t which)
{
    return which >= 0 && which < o->n_values ? &m->output_value[o->values + which] : NULL;
}

/* ---- texts ---- */

static bool contains(struct str a, struct str b)
{
    if (b.n > a.n) { return false; }
    for (size_t i = 0; i + b.n <= a.n; i++) {
        if (!memcmp(a.p + i, b.p, b.n)) { return true; }
    }
    return false;
}

/* ---- calendars: numbers in registers are checked, the absent is contagious ---- */

#define HAS(calendar) calendars_has(e->calendars, calendar)

static int64_t wall_part(struct engine *e, int64_t at, bool day)
{
    if (at == NONE || at == NEVER) { return NONE; }
    int64_t of_day;
    date d = civil_split(zone_wall(calendars_zone(e->calendars), at), &of_day);
    return day ? d : of_day / USEC;
}

static int64_t business_date(struct engine *e, int64_t calendar, int64_t d, int64_t n)
{
    if (!HAS(calendar) || d < INT32_MIN || d > INT32_MAX || n < INT32_MIN || n > INT32_MAX) { return NONE; }
    return calendar_next_business_date(calendars_at(e->calendars, (uint32_t)calendar), (date)d, (int32_t)n);
}

/* ---- the loop ---- */

/* What verification has proven: debugging builds look again, others build on it. Measured: a sixth of the loop. */
#ifdef MSA_DEBUG
#define PROVEN(condition) assert(condition)
#else
#define PROVEN(condition) ((condition) ? (void)0 : __builtin_unreachable())
#endif
#define YES(r) (s[r] == 1)
#define ABSENT(a, b) ((a) == NONE || (b) == NONE)

struct vm_result vm_run(struct engine *e, uint32_t func, struct entity *n, instant at)
{
    const struct module *const m = e->module;
    const struct m_func *const f = &m->func[func];
    const struct event *const ev = e->event;
    const struct entity_kind *const k = n ? &e->kind[n->kind] : NULL;
    const struct m_code *const code = m->code;
    struct vm *const vm = &e->vm;
    if (vm->depth >= VM_DEPTH) { MSA_BUG("functions nest too deep"); }
    int64_t *const s = vm->scalars + (size_t)vm->depth * vm->max_scalars;
    struct str *const t = vm->texts + (size_t)vm->depth * vm->max_texts;
    int64_t *const attr = n ? entity_scalars(k, n) : NULL;
    struct vm_result out = {.scalar = NONE, .calendar = NONE};
    size_t pc = f->code;
    vm->depth++;
    for (;;) {
        const size_t here = pc;
        const uint32_t w = code[pc++].word;
        const uint32_t a = op_a(w), b = op_b(w), c = op_c(w), imm = op_imm(w);
        PROVEN(here < (size_t)f->code + f->length && op_of(w) < INS_COUNT);
        switch ((enum opcode)op_of(w)) {
        case INS_NOP: break;
        case INS_LDI: s[a] = op_simm(w); break;
        case INS_LDK: s[a] = m->constant[imm].value; break;
        case INS_LDNONE: s[a] = NONE; break;
        case INS_LDT: t[a] = imm ? module_str(m, imm) : (struct str){0}; break;
        case INS_LDTX: {
            uint32_t string = code[pc++].word;
            t[a] = string ? module_str(m, string) : (struct str){0};
            break;
        }
        case INS_LDF: s[a] = ev->scalar[imm]; break;
        case INS_LDFT: t[a] = ev->text[imm]; break;
        case INS_LDA: s[a] = attr[imm]; break;
        case INS_LDAT: t[a] = entity_texts(k, n)[imm]; break;
        case INS_LDAT_AT: s[a] = at; break;
        case INS_LDKEY: t[a] = n ? n->key : (struct str){0}; break;
        case INS_MOV: s[a] = s[b]; break;
        case INS_MOVT: t[a] = t[b]; break;
        case INS_STA: attr[imm] = s[a]; break;
        case INS_STAT: entity_set_text(e, n, imm, t[a]); break;
        case INS_STAC: {
            uint32_t slot = code[pc++].word;
            int64_t v = s[b];
            s[a] = attr[slot] != v;
            attr[slot] = v;
            break;
        }
        case INS_STATC: s[a] = entity_set_text(e, n, code[pc++].word, t[b]); break;
        case INS_NOT: s[a] = !YES(b); break;
        case INS_AND: s[a] = YES(b) && YES(c); break;
        case INS_OR: s[a] = YES(b) || YES(c); break;
        case INS_EQ: s[a] = !ABSENT(s[b], s[c]) && s[b] == s[c]; break;
        case INS_LT: s[a] = !ABSENT(s[b], s[c]) && s[b] < s[c]; break;
        case INS_LE: s[a] = !ABSENT(s[b], s[c]) && s[b] <= s[c]; break;
        case INS_EQT: s[a] = t[b].p && t[c].p && str_eq(t[b], t[c]); break;
        case INS_MISS: s[a] = s[b] == NONE; break;
        case INS_MISST: s[a] = !t[b].p; break;
        case INS_ADD: s[a] = ABSENT(s[b], s[c]) ? NONE : fitting(e, here, (wide_int)s[b] + s[c]); break;
        case INS_SUB: s[a] = ABSENT(s[b], s[c]) ? NONE : fitting(e, here, (wide_int)s[b] - s[c]); break;
        case INS_MUL: s[a] = ABSENT(s[b], s[c]) ? NONE : fitting(e, here, (wide_int)s[b] * s[c]); break;
        case INS_MULDEC: s[a] = ABSENT(s[b], s[c]) ? NONE : fitting(e, here, (wide_int)s[b] * s[c] / 1000000); break;
        case INS_DIVDEC:
            if (s[c] == 0) { trap(e, here, "division by zero"); }
            s[a] = ABSENT(s[b], s[c]) ? NONE : fitting(e, here, (wide_int)s[b] * 1000000 / s[c]);
            break;
        case INS_NEG: s[a] = s[b] == NONE ? NONE : -s[b]; break;
        case INS_MIN: s[a] = ABSENT(s[b], s[c]) ? NONE : s[b] < s[c] ? s[b] : s[c]; break;
        case INS_MAX: s[a] = ABSENT(s[b], s[c]) ? NONE : s[b] > s[c] ? s[b] : s[c]; break;
        case INS_ROUND: {
            uint32_t how = code[pc++].word;
            if (!ABSENT(s[b], s[c]) && s[c] <= 0) { trap(e, here, "rounding to a step that is not above zero"); }
            s[a] = ABSENT(s[b], s[c]) ? NONE : fitting(e, here, rounded(s[b], s[c], how));
            break;
        }
        case INS_JMP: pc += imm; break;
        case INS_JF: pc += YES(a) ? 0 : imm; break;
        case INS_JT: pc += YES(a) ? imm : 0; break;
        case INS_CLS: s[a] = class_of_number(m, &m->classifier[code[pc++].word], s[b]); break;
        case INS_CLST: s[a] = class_of_text(m, &m->classifier[code[pc++].word], t[b]); break;
        case INS_TBL: s[a] = outcome(m, &m->table[code[pc++].word], s + b); break;
        case INS_OUT: {
            const struct m_output_value *v = output(m, &m->table_output[code[pc++].word], s[b]);
            s[a] = v ? v->scalar : NONE;
            break;
        }
        case INS_OUTT: {
            const struct m_output_value *v = output(m, &m->table_output[code[pc++].word], s[b]);
            t[a] = v && v->text ? module_str(m, v->text) : (struct str){0};
            break;
        }
        case INS_CALIN: {
            uint32_t record = code[pc++].word;
            s[a] = t[b].p ? calendars_local(e->calendars, record, t[b]) : NONE;
            break;
        }
        case INS_CALOPEN:
            s[a] = HAS(s[b]) && s[c] != NONE ? calendar_is_open(calendars_at(e->calendars, (uint32_t)s[b]), s[c]) : NONE;
            break;
        case INS_CALELA: {
            int64_t to = s[code[pc++].word];
            s[a] = HAS(s[b]) && !ABSENT(s[c], to) ? calendars_elapsed(e->calendars, (uint32_t)s[b], s[c], to) : NONE;
            break;
        }
        case INS_CALDUE: {
            int64_t d = s[code[pc++].word];
            s[a] = HAS(s[b]) && s[c] != NONE && d >= 0 ? calendars_due(e->calendars, (uint32_t)s[b], s[c], d) : NONE;
            break;
        }
        case INS_CALNEXT: s[a] = HAS(s[b]) && s[c] != NONE ? calendars_due(e->calendars, (uint32_t)s[b], s[c], 0) : NONE; break;
        case INS_BDAYS: {
            int64_t days = s[code[pc++].word];
            s[a] = business_date(e, s[b], s[c], days);
            break;
        }
        case INS_DATEOF: s[a] = wall_part(e, s[b], true); break;
        case INS_TIMEOF: s[a] = wall_part(e, s[b], false); break;
        case INS_WDAYOF: s[a] = s[b] < INT32_MIN || s[b] > INT32_MAX ? NONE : civil_weekday((date)s[b]); break;
        case INS_WAITS:
            s[a] = wait_any(e, n, b);
            if (s[a]) { trail_waits(e, n, b, UINT64_MAX); }
            break;
        case INS_WAITSIN: {
            uint64_t reasons = (uint64_t)m->constant[code[pc++].word].value;
            s[a] = wait_any_of(e, n, b, reasons);
            if (s[a]) { trail_waits(e, n, b, reasons); }
            break;
        }
        case INS_WBEGIN: wait_begin(e, n, a, s[b], t[c]); break;
        case INS_WEND: wait_end(e, n, a, t[b]); break;
        case INS_CSTART: clock_start(e, n, a); break;
        case INS_CRESTART: clock_restart(e, n, a, false); break;
        case INS_CRENEW: clock_restart(e, n, a, true); break;
        case INS_CSTOP: clock_stop(e, n, a, b == STOP_CANCEL ? STOP_CANCEL : STOP_STOP); break;
        case INS_CCONT: clock_continue(e, n, a); break;
        case INS_CPAUSE:
            clock_pause(e, n, a, YES(b));
            trail_paused(e, n, a, YES(b));
            break;
        case INS_CHIDE:
            clock_hide(e, n, a, YES(b));
            trail_forget(e);
            break;
        case INS_CRETARGET:
            if (YES(c)) { clock_retarget(e, n, a, (enum change_policy)b); }
            break;
        case INS_NOTIFY: engine_notify(e, n, t[a], code[pc++].word); break;
        case INS_MEVENT: measure_event(e, n, code[pc++].word); break;
        case INS_MSPAN: measure_state(e, n, code[pc++].word, YES(a)); break;
        case INS_RET: vm->depth--; return out;
        case INS_RETV:
            out.scalar = s[a];
            vm->depth--;
            return out;
        case INS_RETT:
            out.text = t[a];
            vm->depth--;
            return out;
        case INS_RETG:
            out.scalar = s[a] >= 0 && s[a] < m->n_target ? s[a] : NONE;
            out.calendar = HAS(s[b]) ? s[b] : NONE;
            vm->depth--;
            return out;
        case INS_CONTAINS: s[a] = t[b].p && t[c].p && contains(t[b], t[c]); break;
        case INS_STARTS: s[a] = t[b].p && t[c].p && str_starts(t[b], t[c]); break;
        case INS_ENDS: s[a] = t[b].p && t[c].p && str_ends(t[b], t[c]); break;
        case INS_TEXTLEN: s[a] = t[b].p ? (int64_t)utf8_count(t[b]) : NONE; break;
        case INS_CASK:
            s[a] = clock_asked(e, n, b, (enum clock_question)c, at);
            if (s[a]) { trail_late(e, n, b); }
            break;
        case INS_FACT: engine_fact(e, n, code[pc++].word, s + a, t[b]); break;
        case INS_COUNT: MSA_BUG("no such instruction");
        }
    }
}
