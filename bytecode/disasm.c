/* SPDX-License-Identifier: MIT */
#include "bytecode/disasm.h"
#include "bytecode/disasm_money.h"
#include "bytecode/layout.h"
#include <string.h>

static const char *const type_names[] = {
    [VT_FLAG] = "flag", [VT_SCALE] = "scale", [VT_COUNT] = "count", [VT_NUMBER] = "number", [VT_PERCENT] = "percent", [VT_DURATION] = "duration",
    [VT_INSTANT] = "instant", [VT_DATE] = "date", [VT_TIME] = "time", [VT_CALENDAR] = "calendar", [VT_TARGET] = "target", [VT_TEXT] = "text",
    [VT_MONEY] = "money", [VT_EXACT] = "exact",
};
static_assert(countof(type_names) == VT_COUNT_, "a type has no name");

static const char *const func_kinds[] = {
    [FUNC_HANDLER] = "handler", [FUNC_PREDICATE] = "predicate", [FUNC_VALUE] = "value", [FUNC_VALUE_TEXT] = "text", [FUNC_TARGET] = "target",
};
static const char *const policies[] = {
    [CHANGE_RECOMPUTE] = "recompute", [CHANGE_KEEP_TIME] = "keep-time", [CHANGE_RESTART] = "restart", [CHANGE_KEEP_SHARE] = "keep-share",
    [CHANGE_NEVER_LENGTHEN] = "never-lengthen", [CHANGE_AS_IN_FORCE] = "as-in-force", [CHANGE_DEFAULT] = "default",
};
static const char *const stops[] = { [STOP_STOP] = "stop", [STOP_CANCEL] = "cancel" };
static const char *const questions[] = { [CLOCK_IS_LATE] = "late", [CLOCK_WAS_MISSED] = "missed", [CLOCK_EVER_LATE] = "was-late" };
static const char *const roundings[] = { "down", "up", "half-up", "half-even" };

const char *value_type_name(uint32_t type) { return type < VT_COUNT_ ? type_names[type] : "?"; }

static void put_quoted(struct sb *b, struct str s) {
    sb_char(b, '"');
    sb_visible(b, s);
    sb_char(b, '"');
}

/* A word from a list, or the number. */
static void put_word(struct sb *b, const char *const *words, size_t n, int64_t v) {
    if (v >= 0 && (uint64_t)v < n) sb_puts(b, words[v]);
    else sb_printf(b, "?%lld", (long long)v);
}

/* The text of a record's STR field called `name`; empty when it has none. */
static struct str record_name(const struct module *m, enum section_id s, uint32_t i) {
    uint32_t n;
    const void *records = module_records(m, s, &n);
    const struct section_field *f = section_info[s].fields();
    if (i < n)
        for (int k = 0; k < section_info[s].n_fields; k++)
            if (f[k].kind == FK_STR && !strcmp(f[k].name, s == SEC_CLAUSE ? "number" : "name")) return module_str(m, field_u32(record_at(records, s, i), f[k].offset));
    return (struct str){ "", 0 };
}

void disasm_place(struct sb *b, const struct module *m, uint32_t place) {
    if (!place || place >= m->n_place) return;
    const struct m_place *p = &m->place[place];
    sb_visible(b, module_str(m, m->file[p->file].name));
    sb_printf(b, ":%u:%u", p->line, p->column);
}

/* `clock 2 "response"`, shortened to the name where it has one and `short_form` is asked. */
static void put_record(struct sb *b, const struct module *m, enum section_id s, uint32_t i, bool with_kind) {
    struct str name = record_name(m, s, i);
    if (with_kind || !name.n) sb_printf(b, "%s%s%u", with_kind ? section_info[s].member : "#", with_kind ? " " : "", i);
    if (with_kind && name.n) sb_char(b, ' ');
    if (name.n) put_quoted(b, name);
}

/* The record of a run that has this slot in the bank of texts or scalars. */
static bool put_slot(struct sb *b, const struct module *m, uint32_t slot, bool text, bool event, uint32_t owner) {
    if (owner >= (event ? m->n_event : m->n_entity)) return false;
    uint32_t first = event ? m->event[owner].fields : m->entity[owner].attrs, n = event ? m->event[owner].n_fields : m->entity[owner].n_attrs;
    for (uint32_t i = first; i < first + n; i++) {
        uint32_t type = event ? m->event_field[i].type : m->attr[i].type, at = event ? m->event_field[i].slot : m->attr[i].slot;
        if (at != slot || (type == VT_TEXT) != text) continue;
        sb_visible(b, module_str(m, event ? m->event_field[i].name : m->attr[i].name));
        return true;
    }
    return false;
}

static void put_operand(struct sb *b, const struct module *m, const struct m_func *f, uint32_t next, const struct operand *o) {
    uint32_t v = (uint32_t)o->value, entity = f ? f->entity : NO_REF, event = f ? f->event : NO_REF;
    switch (o->kind) {
    case 'S': case 's': case 'r': sb_printf(b, "s%u", v); return;
    case 'T': case 't': sb_printf(b, "t%u", v); return;
    case 'B': sb_printf(b, "s%u...", v); return;
    case 'i': sb_i64(b, o->value); return;
    case 'j': sb_printf(b, "-> %llu", (unsigned long long)next + v); return;
    case 'p': put_word(b, stops, countof(stops), o->value); return;
    case 'y': put_word(b, questions, countof(questions), o->value); return;
    case 'h': put_word(b, policies, countof(policies), o->value); return;
    case 'R': put_word(b, roundings, countof(roundings), o->value); return;
    case 'k': case 'K':
        if (v < m->n_constant) sb_i64(b, m->constant[v].value);
        else sb_printf(b, "constant ?%u", v);
        return;
    case 'z': case 'Z':
        if (!v) sb_puts(b, "absent");
        else if (v < m->n_string) put_quoted(b, module_str(m, v));
        else sb_printf(b, "string ?%u", v);
        return;
    case 'f': case 'e':
        if (!put_slot(b, m, v, o->kind == 'e', true, event)) sb_printf(b, "field ?%u", v);
        return;
    case 'a': case 'x': case 'A': case 'X':
        if (!put_slot(b, m, v, o->kind == 'x' || o->kind == 'X', false, entity)) sb_printf(b, "attribute ?%u", v);
        return;
    case 'c': case 'q': {
        bool clock = o->kind == 'c';
        if (entity < m->n_entity && v < (clock ? m->entity[entity].n_clocks : m->entity[entity].n_spans))
            sb_visible(b, clock ? module_str(m, m->clock[m->entity[entity].clocks + v].name) : module_str(m, m->spans[m->entity[entity].spans + v].name));
        else sb_printf(b, "%s ?%u", clock ? "clock" : "spans", v);
        return;
    }
    case 'O':
        for (uint32_t t = 0; v < m->n_table_output && t < m->n_table; t++)
            if (v >= m->table[t].outputs && v - m->table[t].outputs < m->table[t].n_outputs) {
                put_record(b, m, SEC_TABLE, t, false);
                sb_char(b, '.');
                break;
            }
        put_record(b, m, SEC_TABLE_OUTPUT, v, false);
        return;
    case 'C': put_record(b, m, SEC_CLASSIFIER, v, false); return;
    case 'L': put_record(b, m, SEC_TABLE, v, false); return;
    case 'D': put_record(b, m, SEC_CALENDAR, v, false); return;
    case 'U': put_record(b, m, SEC_CLAUSE, v, false); return;
    case 'M': put_record(b, m, SEC_MEASURE, v, false); return;
    case 'E': put_record(b, m, SEC_FACT, v, false); return;
    default: sb_printf(b, "?%u", v); return;
    }
}

/* Gives the words taken. */
static uint32_t put_instruction(struct sb *b, const struct module *m, uint32_t func, uint32_t pc, uint32_t end) {
    struct decoded d;
    if (end > m->n_code) end = m->n_code;
    if (pc >= end) return sb_puts(b, "?"), 1;
    enum decode_status status = op_decode(&m->code[pc], end - pc, &d);
    if (status == DECODE_UNKNOWN || status == DECODE_CUT) {
        sb_printf(b, "word 0x%08x", m->code[pc].word);
        if (status == DECODE_CUT) sb_printf(b, " (%s, cut off)", op_info[op_of(m->code[pc].word)].mnemonic);
        return 1;
    }
    sb_puts(b, op_info[d.op].mnemonic);
    for (int i = 0; i < d.n; i++) {
        sb_puts(b, i ? ", " : " ");
        put_operand(b, m, func < m->n_func ? &m->func[func] : NULL, pc + d.length, &d.operand[i]);
    }
    if (status == DECODE_JUNK) sb_printf(b, " (unused bits in 0x%08x)", m->code[pc].word);
    return d.length;
}

void disasm_instruction(struct sb *b, const struct module *m, uint32_t func, uint32_t pc, uint32_t end) { put_instruction(b, m, func, pc, end); }

void disasm_function(struct sb *b, const struct module *m, uint32_t func) {
    const struct m_func *f = &m->func[func];
    sb_printf(b, "function %u ", func);
    put_quoted(b, module_str(m, f->name));
    sb_puts(b, ", ");
    put_word(b, func_kinds, countof(func_kinds), f->kind);
    if (f->event != NO_REF) sb_puts(b, " of "), put_record(b, m, SEC_EVENT, f->event, true);
    if (f->entity != NO_REF) sb_puts(b, " of "), put_record(b, m, SEC_ENTITY, f->entity, true);
    sb_printf(b, ", %u scalar and %u text registers", f->scalars, f->texts);
    if (f->place) sb_puts(b, ", at "), disasm_place(b, m, f->place);
    sb_char(b, '\n');
    uint32_t end = f->code < m->n_code ? f->code + (f->length < m->n_code - f->code ? f->length : m->n_code - f->code) : 0, shown = f->place;
    for (uint32_t pc = f->code; pc < end;) {
        size_t line = b->n;
        sb_printf(b, "  %6u  ", pc);
        uint32_t next = pc + put_instruction(b, m, func, pc, end), place = module_place(m, pc);
        if (place != shown && place) {
            size_t width = b->n - line;
            sb_fill(b, ' ', width < 58 ? 58 - width : 1);
            sb_puts(b, "; ");
            disasm_place(b, m, place);
            shown = place;
        }
        sb_char(b, '\n');
        pc = next;
    }
}

static void put_field(struct sb *b, const struct module *m, enum section_id s, const struct section_field *f, const void *r) {
    if (f->kind == FK_I64) {
        int64_t v = field_i64(r, f->offset);
        if (v == NONE) return;
        sb_printf(b, ", %s ", f->name);
        if (v == NEVER) sb_puts(b, "never");
        else sb_i64(b, v);
        return;
    }
    uint32_t v = field_u32(r, f->offset);
    switch ((enum field_kind)f->kind) {
    case FK_U32:
        if (disasm_money_field(b, m, s, f->name, r, v)) return;
        if (!strcmp(f->name, "type")) sb_printf(b, ", %s", value_type_name(v));
        else if (v == NO_COLUMN) return; /* columns of adapters */
        else sb_printf(b, ", %s %u", f->name, v);
        return;
    case FK_STR:
        if (!v) return;
        sb_printf(b, ", %s ", f->name);
        put_quoted(b, module_str(m, v));
        return;
    case FK_REF:
        if (v == NO_REF) return;
        fallthrough;
    case FK_IDX:
        if (f->section == SEC_PLACE) {
            if (v) sb_puts(b, ", at "), disasm_place(b, m, v);
            return;
        }
        if (f->section == SEC_CLAUSE && !v) return;
        sb_printf(b, ", %s ", f->name);
        if (strcmp(f->name, section_info[f->section].member)) put_record(b, m, f->section, v, true);
        else {
            sb_u64(b, v);
            struct str name = record_name(m, f->section, v);
            if (name.n) sb_char(b, ' '), put_quoted(b, name);
        }
        return;
    case FK_ARR: {
        uint32_t n = field_u32(r, f->count);
        if (n == 1) sb_printf(b, ", %s %u", f->name, v);
        else if (n) sb_printf(b, ", %s %u..%u", f->name, v, v + n - 1);
        return;
    }
    case FK_I64: return;
    }
}

static void put_section(struct sb *b, const struct module *m, enum section_id s) {
    uint32_t n;
    const void *records = module_records(m, s, &n);
    const struct section_field *fields = section_info[s].fields();
    sb_printf(b, "\n%s: %s (%u)\n", section_info[s].name, section_info[s].doc, n);
    for (uint32_t i = 0; i < n; i++) {
        if (s == SEC_TABLE_CELL) { /* dense: sixteen to a line */
            if (i % 16 == 0) sb_printf(b, "%s  %6u ", i ? "\n" : "", i);
            if (m->table_cell[i].outcome == NO_REF) sb_puts(b, "  -");
            else sb_printf(b, " %2u", m->table_cell[i].outcome);
            if (i + 1 == n) sb_char(b, '\n');
            continue;
        }
        sb_printf(b, "  %6u  ", i);
        size_t from = b->n;
        for (int k = 0; k < section_info[s].n_fields; k++) put_field(b, m, s, &fields[k], record_at(records, s, i));
        if (b->n > from) memmove(b->p + from, b->p + from + 2, b->n - from - 1), b->n -= 2; /* the first comma; the NUL moves along */
        sb_char(b, '\n');
    }
}

void disasm_module(struct sb *b, const struct module *m) {
    sb_printf(b, "compiled agreement, format %d.%d", MODULE_MAJOR, MODULE_MINOR);
    if (m->n_agreement) sb_puts(b, ": "), put_quoted(b, module_str(m, m->agreement[0].name));
    if (m->n_agreement && module_str(m, m->agreement[0].digest).n) sb_printf(b, "\nagreement sha256 %.*s", STR_ARG(module_str(m, m->agreement[0].digest)));
    sb_printf(b, "\n%u texts in %u bytes, %u places, %u words of code\n", m->n_string, m->n_text, m->n_place, m->n_code);
    sb_puts(b, "absent fields are left out; runs are shown as first..last\n");
    for (enum section_id s = SEC_STRING; s < SEC_COUNT; s = (enum section_id)(s + 1)) {
        uint32_t n;
        module_records(m, s, &n);
        if (n && s != SEC_STRING && s != SEC_PLACE && s != SEC_CODE && s != SEC_CODE_PLACE) put_section(b, m, s);
    }
    for (uint32_t i = 0; i < m->n_func; i++) {
        sb_char(b, '\n');
        disasm_function(b, m, i);
    }
}
