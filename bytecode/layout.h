/* SPDX-License-Identifier: MIT */
/* sections.def as tables: what writer, reader, verifier and listing loop over instead of naming every field. */
#ifndef MSA_BYTECODE_LAYOUT_H
#define MSA_BYTECODE_LAYOUT_H
#include "bytecode/module.h"

enum field_kind { FK_U32, FK_I64, FK_STR, FK_IDX, FK_REF, FK_ARR };
struct section_field {
    uint8_t kind, section;      /* enum field_kind; the section that IDX, REF and ARR point into */
    uint16_t offset, count;     /* in the struct; for ARR also of n_name */
    const char *name;
};
struct section_info {
    const char *name, *member, *tag, *doc;
    uint16_t size, wire, n_fields;      /* bytes of the struct, bytes in the file */
    const struct section_field *(*fields)(void);
};
extern const struct section_info section_info[SEC_COUNT];

/* The records of a section, as bytes, and their number. */
/* Accounts that one charge draws from belong together; group[i] is the same number for all of them. */
void module_account_groups(const struct module *m, uint32_t *group);
const void *module_records(const struct module *m, enum section_id s, uint32_t *n);
void module_set_records(struct module *m, enum section_id s, const void *records, uint32_t n);
static inline const void *record_at(const void *records, enum section_id s, uint32_t i) {
    return (const char *)records + (size_t)i * section_info[s].size;
}
uint32_t field_u32(const void *record, uint16_t offset);
int64_t field_i64(const void *record, uint16_t offset);

/* Why a module is refused, in words, with the section and record it is about. */
struct module_error {
    char text[512];
    uint32_t section, index;    /* enum section_id or SEC_COUNT; record or NO_REF */
    uint32_t offset;            /* byte of the file, NO_REF when it is not about one */
};

/* Every index, run and text of m lies where it may: after this every record can be followed. Needs no memory. */
nodiscard bool module_check(const struct module *m, struct module_error *e);
/* The place of the instruction at pc, from CODE_PLACE; 0 when there is none. */
uint32_t module_place(const struct module *m, uint32_t pc);
#endif
