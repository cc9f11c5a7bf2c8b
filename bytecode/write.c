/* SPDX-License-Identifier: MIT */
#include "bytecode/file.h"
#include "base/hash.h"
#include <stdio.h>
#include <string.h>

static char *put16(char *p, uint32_t v) {
    p[0] = (char)(v & 0xff);
    p[1] = (char)(v >> 8 & 0xff);
    return p + 2;
}

static char *put32(char *p, uint32_t v) { return put16(put16(p, v & 0xffff), v >> 16); }

static char *put_records(char *p, const struct module *m, enum section_id s) {
    uint32_t n;
    const void *records = module_records(m, s, &n);
    const struct section_field *fields = section_info[s].fields();
    for (uint32_t i = 0; i < n; i++) {
        const void *r = record_at(records, s, i);
        for (const struct section_field *f = fields; f < fields + section_info[s].n_fields; f++) {
            if (f->kind == FK_I64) {
                uint64_t v = (uint64_t)field_i64(r, f->offset);
                p = put32(put32(p, (uint32_t)v), (uint32_t)(v >> 32));
                continue;
            }
            p = put32(p, field_u32(r, f->offset));
            if (f->kind == FK_ARR) p = put32(p, field_u32(r, f->count));
        }
    }
    return p;
}

bool module_write(struct arena *a, const struct module *m, struct str *bytes, struct module_error *e) {
    const size_t head = HEADER_BYTES + (size_t)TABLE_ENTRY_BYTES * FILE_SECTIONS;
    uint64_t total = head + m->n_text;
    for (int s = 0; s < SEC_COUNT; s++) {
        uint32_t n;
        module_records(m, (enum section_id)s, &n);
        total += (uint64_t)n * section_info[s].wire;
    }
    if (total > MODULE_MAX_BYTES) {
        snprintf(e->text, sizeof e->text, "the module would have %llu bytes; at most %u are allowed", (unsigned long long)total, MODULE_MAX_BYTES);
        e->section = SEC_COUNT;
        e->index = e->offset = NO_REF;
        return false;
    }
    char *file = arena_alloc(a, (size_t)total), *p = file + head, *entry = file + HEADER_BYTES;
    for (int s = -1; s < SEC_COUNT; s++) {
        char *from = p;
        uint32_t n;
        if (s < 0) {
            n = m->n_text;
            if (n) memcpy(p, m->text, n);
            p += n;
            memcpy(entry, "text", 4);
        } else {
            module_records(m, (enum section_id)s, &n);
            p = put_records(p, m, (enum section_id)s);
            memcpy(entry, section_info[s].tag, 4);
        }
        entry = put32(entry + 4, n);
        entry = put32(entry, (uint32_t)(from - file));
        entry = put32(entry, (uint32_t)(p - from));
        entry = put32(entry, hash_crc32(0, from, (size_t)(p - from)));
    }
    memcpy(file, MODULE_MAGIC, 8);
    put32(put32(put16(put16(file + 8, MODULE_MAJOR), MODULE_MINOR), FILE_SECTIONS), (uint32_t)total);
    put32(file + HEADER_CRC_AT, hash_crc32(hash_crc32(0, file, HEADER_CRC_AT), file + HEADER_BYTES, head - HEADER_BYTES));
    *bytes = str_make(file, (size_t)total);
    return true;
}
