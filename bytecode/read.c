/* SPDX-License-Identifier: MIT */
/* Bytes to module. Trusts nothing: every length is compared with what is there before it is used, counts are bounded by the
 * bytes that hold the records before anything is allocated, and module_check follows every index at the end. */
#include "bytecode/file.h"
#include "base/hash.h"
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static uint32_t get16(const unsigned char *p) { return p[0] | (uint32_t)p[1] << 8; }
static uint32_t get32(const unsigned char *p) { return get16(p) | get16(p + 2) << 16; }
static int64_t get64(const unsigned char *p) {
    uint64_t v = get32(p) | (uint64_t)get32(p + 4) << 32;
    int64_t r;
    memcpy(&r, &v, sizeof r);
    return r;
}

printf_like(4, 5) static const struct module *refuse(struct module_error *e, uint32_t section, uint32_t offset, const char *fmt, ...) {
    va_list args;
    va_start(args, fmt);
    vsnprintf(e->text, sizeof e->text, fmt, args);
    va_end(args);
    e->section = section;
    e->index = NO_REF;
    e->offset = offset;
    return NULL;
}

bool module_is_one(const void *bytes, size_t n) { return n >= 8 && !memcmp(bytes, MODULE_MAGIC, 8); }

static void *get_records(struct arena *a, enum section_id s, const unsigned char *p, uint32_t n) {
    const struct section_info *info = &section_info[s];
    const struct section_field *fields = info->fields();
    char *records = arena_alloc(a, size_of_array(n, info->size));
    for (uint32_t i = 0; i < n; i++) {
        char *r = records + (size_t)i * info->size;
        for (const struct section_field *f = fields; f < fields + info->n_fields; f++) {
            if (f->kind == FK_I64) {
                int64_t v = get64(p);
                memcpy(r + f->offset, &v, sizeof v);
                p += 8;
                continue;
            }
            uint32_t v = get32(p);
            memcpy(r + f->offset, &v, sizeof v);
            p += 4;
            if (f->kind == FK_ARR) {
                v = get32(p);
                memcpy(r + f->count, &v, sizeof v);
                p += 4;
            }
        }
    }
    return records;
}

/* The table against the bytes; *e on refusal. After this every section lies inside the file and is undamaged. */
static bool check_table(const unsigned char *file, uint32_t total, struct module_error *e) {
    uint64_t at = HEADER_BYTES + (uint64_t)TABLE_ENTRY_BYTES * FILE_SECTIONS;
    for (int s = -1; s < SEC_COUNT; s++) {
        uint32_t here = HEADER_BYTES + (uint32_t)TABLE_ENTRY_BYTES * (uint32_t)(s + 1), id = s < 0 ? SEC_COUNT : (uint32_t)s;
        const unsigned char *entry = file + here;
        const char *tag = s < 0 ? "text" : section_info[s].tag;
        uint32_t n = get32(entry + 4), offset = get32(entry + 8), length = get32(entry + 12), wire = s < 0 ? 1 : section_info[s].wire;
        if (memcmp(entry, tag, 4)) return refuse(e, id, here, "section %d of the table is not `%s`", s + 1, tag), false;
        if (offset != at) return refuse(e, id, here, "section `%s` begins at byte %u, expected %llu", tag, offset, (unsigned long long)at), false;
        if (length > total - at) return refuse(e, id, here, "section `%s` has %u bytes, only %llu are left in the file", tag, length, (unsigned long long)(total - at)), false;
        if ((uint64_t)n * wire != length) return refuse(e, id, here, "section `%s` has %u bytes for %u records of %u", tag, length, n, wire), false;
        if (hash_crc32(0, file + offset, length) != get32(entry + 16)) return refuse(e, id, offset, "section `%s` is damaged: its checksum does not agree", tag), false;
        at += length;
    }
    if (at != total) return refuse(e, SEC_COUNT, (uint32_t)at, "%llu bytes stand behind the last section", (unsigned long long)(total - at)), false;
    return true;
}

const struct module *module_read(struct arena *a, const void *bytes, size_t n, struct module_error *e) {
    const unsigned char *file = bytes;
    const size_t head = HEADER_BYTES + (size_t)TABLE_ENTRY_BYTES * FILE_SECTIONS;
    if (!module_is_one(bytes, n)) return refuse(e, SEC_COUNT, 0, "this is not a compiled agreement: it does not begin with the mark of one");
    if (n < HEADER_BYTES) return refuse(e, SEC_COUNT, (uint32_t)n, "the file ends in its header, after %zu bytes", n);
    if (n > MODULE_MAX_BYTES) return refuse(e, SEC_COUNT, 16, "the file has %zu bytes; at most %u are allowed", n, MODULE_MAX_BYTES);
    uint32_t major = get16(file + 8), minor = get16(file + 10);
    if (major != MODULE_MAJOR || minor > MODULE_MINOR)
        return refuse(e, SEC_COUNT, 8, "the file has format %u.%u; this program reads %u.0 to %u.%u: compile the agreement again", major, minor, MODULE_MAJOR, MODULE_MAJOR, MODULE_MINOR);
    if (get32(file + 12) != FILE_SECTIONS) return refuse(e, SEC_COUNT, 12, "the file has %u sections; format %u.%u has %d", get32(file + 12), major, minor, FILE_SECTIONS);
    uint32_t total = get32(file + 16);
    if (total != n) return refuse(e, SEC_COUNT, 16, "the file says that it has %u bytes and has %zu", total, n);
    if (n < head) return refuse(e, SEC_COUNT, (uint32_t)n, "the file ends in its table of sections, after %zu bytes", n);
    if (hash_crc32(hash_crc32(0, file, HEADER_CRC_AT), file + HEADER_BYTES, head - HEADER_BYTES) != get32(file + HEADER_CRC_AT))
        return refuse(e, SEC_COUNT, HEADER_CRC_AT, "the header is damaged: its checksum does not agree");
    if (!check_table(file, total, e)) return NULL;

    struct arena_mark mark = arena_mark(a);
    struct module *m = ARENA_NEW(a, struct module);
    const unsigned char *entry = file + HEADER_BYTES;
    m->n_text = get32(entry + 4);
    m->text = arena_copy(a, file + get32(entry + 8), m->n_text);
    for (enum section_id s = SEC_STRING; s < SEC_COUNT; s = (enum section_id)(s + 1)) {
        entry += TABLE_ENTRY_BYTES;
        module_set_records(m, s, get_records(a, s, file + get32(entry + 8), get32(entry + 4)), get32(entry + 4));
    }
    if (module_check(m, e)) return m;
    arena_release(a, mark);
    return NULL;
}
