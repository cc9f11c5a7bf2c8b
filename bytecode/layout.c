/* SPDX-License-Identifier: MIT */
#include "bytecode/layout.h"
#include "base/utf8.h"
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* FIELDS_X(F) does not hand the record's type on, so the tables stand in functions in which REC names it. */
#define INFO_U32(name, arg) { FK_U32, SEC_COUNT, offsetof(REC, name), 0, #name },
#define INFO_I64(name, arg) { FK_I64, SEC_COUNT, offsetof(REC, name), 0, #name },
#define INFO_STR(name, arg) { FK_STR, SEC_STRING, offsetof(REC, name), 0, #name },
#define INFO_IDX(name, arg) { FK_IDX, SEC_##arg, offsetof(REC, name), 0, #name },
#define INFO_REF(name, arg) { FK_REF, SEC_##arg, offsetof(REC, name), 0, #name },
#define INFO_ARR(name, arg) { FK_ARR, SEC_##arg, offsetof(REC, name), offsetof(REC, n_##name), #name },
#define INFO(kind, name, arg) INFO_##kind(name, arg)
#define SECTION(NAME, name, tag, doc)                                               \
    static const struct section_field *fields_##name(void) {                           \
        typedef struct m_##name REC;                                                \
        static const struct section_field f[] = { FIELDS_##NAME(INFO) };               \
        return f;                                                                   \
    }
#include "bytecode/sections.def"
#undef SECTION

#define WIRE_U32 4
#define WIRE_I64 8
#define WIRE_STR 4
#define WIRE_IDX 4
#define WIRE_REF 4
#define WIRE_ARR 8
#define WIRE(kind, name, arg) +WIRE_##kind
#define ONE(kind, name, arg) +1
const struct section_info section_info[SEC_COUNT] = {
#define SECTION(NAME, name, tag, doc)                                                       \
    [SEC_##NAME] = { #NAME, #name, tag, doc, sizeof(struct m_##name), 0 FIELDS_##NAME(WIRE), 0 FIELDS_##NAME(ONE), fields_##name },
#include "bytecode/sections.def"
#undef SECTION
};
#define SECTION(NAME, name, tag, doc) static_assert(sizeof(tag) == 5, "a tag has four letters: " tag);
#include "bytecode/sections.def"
#undef SECTION

const void *module_records(const struct module *m, enum section_id s, uint32_t *n) {
    switch (s) {
#define SECTION(NAME, name, tag, doc) case SEC_##NAME: *n = m->n_##name; return m->name;
#include "bytecode/sections.def"
#undef SECTION
    case SEC_COUNT: break;
    }
    *n = 0;
    return NULL;
}

void module_set_records(struct module *m, enum section_id s, const void *records, uint32_t n) {
    switch (s) {
#define SECTION(NAME, name, tag, doc) case SEC_##NAME: m->name = records; m->n_##name = n; return;
#include "bytecode/sections.def"
#undef SECTION
    case SEC_COUNT: break;
    }
}

uint32_t field_u32(const void *record, uint16_t offset) {
    uint32_t v;
    memcpy(&v, (const char *)record + offset, sizeof v);
    return v;
}

int64_t field_i64(const void *record, uint16_t offset) {
    int64_t v;
    memcpy(&v, (const char *)record + offset, sizeof v);
    return v;
}

printf_like(4, 5) static bool refuse(struct module_error *e, uint32_t section, uint32_t index, const char *fmt, ...) {
    va_list args;
    va_start(args, fmt);
    vsnprintf(e->text, sizeof e->text, fmt, args);
    va_end(args);
    e->section = section;
    e->index = index;
    e->offset = NO_REF;
    return false;
}

static bool check_texts(const struct module *m, struct module_error *e) {
    uint64_t at = 0;
    if (m->n_text && !m->text) return refuse(e, SEC_STRING, NO_REF, "the text blob is missing");
    for (uint32_t i = 0; i < m->n_string; i++) {
        const struct m_string *s = &m->string[i];
        if (s->offset != at || at + s->length >= m->n_text)
            return refuse(e, SEC_STRING, i, "string %u does not lie where the one before it ends: offset %u, length %u, expected offset %llu in a blob of %u bytes",
                          i, s->offset, s->length, (unsigned long long)at, m->n_text);
        const char *p = m->text + at;
        if (memchr(p, 0, s->length)) return refuse(e, SEC_STRING, i, "string %u holds a NUL byte", i);
        if (p[s->length]) return refuse(e, SEC_STRING, i, "string %u is not followed by a NUL byte", i);
        size_t bad = utf8_check(p, s->length);
        if (bad != s->length) return refuse(e, SEC_STRING, i, "string %u is not UTF-8 at its byte %zu", i, bad);
        at += (uint64_t)s->length + 1;
    }
    if (at != m->n_text) return refuse(e, SEC_STRING, NO_REF, "the text blob has %u bytes, its strings use %llu", m->n_text, (unsigned long long)at);
    if (!m->n_string || m->string[0].length) return refuse(e, SEC_STRING, m->n_string ? 0 : NO_REF, "string 0 is not the empty text");
    return true;
}

static bool check_field(const struct module *m, enum section_id s, uint32_t i, const void *record, const struct section_field *f, struct module_error *e) {
    uint32_t n, v = field_u32(record, f->offset);
    switch ((enum field_kind)f->kind) {
    case FK_U32:
    case FK_I64:
        return true;
    case FK_REF:
        if (v == NO_REF) return true;
        fallthrough;
    case FK_STR:
    case FK_IDX:
        module_records(m, f->section, &n);
        if (v < n) return true;
        return refuse(e, s, i, "%s %u: %s is %u, but there are %u records in %s", section_info[s].name, i, f->name, v, n, section_info[f->section].name);
    case FK_ARR: {
        uint32_t run = field_u32(record, f->count);
        module_records(m, f->section, &n);
        if (run > n || v > n - run)
            return refuse(e, s, i, "%s %u: %s is a run of %u from %u, but there are %u records in %s", section_info[s].name, i, f->name, run, v, n,
                          section_info[f->section].name);
        if (!run && v) return refuse(e, s, i, "%s %u: %s is an empty run that starts at %u, not at 0", section_info[s].name, i, f->name, v);
        return true;
    }
    }
    return false;
}

bool module_check(const struct module *m, struct module_error *e) {
    if (!check_texts(m, e)) return false;
    for (enum section_id s = SEC_STRING; s < SEC_COUNT; s = (enum section_id)(s + 1)) {
        uint32_t n;
        const struct section_info *info = &section_info[s];
        const struct section_field *fields = info->fields();
        const void *records = module_records(m, s, &n);
        if (n && !records) return refuse(e, s, NO_REF, "%s: the records are missing", info->name);
        for (uint32_t i = 0; i < n; i++)
            for (int k = 0; k < info->n_fields; k++)
                if (!check_field(m, s, i, record_at(records, s, i), &fields[k], e)) return false;
    }
    return true;
}

uint32_t module_place(const struct module *m, uint32_t pc) {
    uint32_t low = 0, high = m->n_code_place; /* the last entry at or before pc */
    while (low < high) {
        uint32_t mid = low + (high - low) / 2;
        if (m->code_place[mid].pc <= pc) low = mid + 1;
        else high = mid;
    }
    return low ? m->code_place[low - 1].place : 0;
}

void module_account_groups(const struct module *m, uint32_t *group) {
    for (uint32_t i = 0; i < m->n_account; i++) group[i] = i;
    for (uint32_t i = 0; i < m->n_charge; i++) {
        const struct m_charge *c = &m->charge[i];
        for (uint32_t k = 1; k < c->n_draws; k++) {
            uint32_t to = group[m->charge_draw[c->draws].account], from = group[m->charge_draw[c->draws + k].account];
            for (uint32_t j = 0; j < m->n_account; j++)
                if (group[j] == from) group[j] = to;
        }
    }
}
