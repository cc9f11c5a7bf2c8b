/* SPDX-License-Identifier: MIT */
#include "bytecode/builder.h"
#include "base/calendar.h"
#include "base/hash.h"
#include "base/vec.h"
#include "bytecode/layout.h"
#include <string.h>

/* Which records of a section are there already, by content: open addressing, at most half full; 0 is an empty slot. */
struct merge { uint32_t *slot; size_t size, n; };

struct module_builder {
    struct arena *a;
    struct names *texts;                /* their ids are the indexes: both count from 1, 0 is the empty text */
    struct merge consts, places;
    uint32_t place_now;                 /* of the instructions that follow */
#define SECTION(NAME, name, tag, doc) VEC(struct m_##name) name;
#include "bytecode/sections.def"
#undef SECTION
};

#define SECTION(NAME, name, tag, doc)                                                   \
    uint32_t mb_add_##name(struct module_builder *mb, struct m_##name r) {              \
        if (mb->name.n >= NO_REF) MSA_BUG("too many records: " #NAME);                  \
        vec_push(&mb->name, mb->a, r);                                                  \
        return (uint32_t)(mb->name.n - 1);                                              \
    }                                                                                   \
    struct m_##name *mb_at_##name(struct module_builder *mb, uint32_t i) {              \
        if (i >= mb->name.n) MSA_BUG("no such record: " #NAME);                         \
        return &mb->name.p[i];                                                          \
    }
#include "bytecode/sections.def"
#undef SECTION

uint32_t mb_count(const struct module_builder *mb, enum section_id s) {
    switch (s) {
#define SECTION(NAME, name, tag, doc) case SEC_##NAME: return (uint32_t)mb->name.n;
#include "bytecode/sections.def"
#undef SECTION
    case SEC_COUNT: break;
    }
    return 0;
}

struct module_builder *mb_new(struct arena *a) {
    struct module_builder *mb = ARENA_NEW(a, struct module_builder);
    mb->a = a;
    mb->texts = names_make(a);
    mb_add_string(mb, (struct m_string){ 0 });
    mb_add_file(mb, (struct m_file){ 0 });
    mb_place(mb, (struct m_place){ 0 });
    mb_add_clause(mb, (struct m_clause){ 0 });
    mb_add_calendar_rec(mb, (struct m_calendar_rec){ .name = mb_string(mb, STR("24x7")), .kind = CAL_ALWAYS, .a = NO_REF, .b = NO_REF });
    mb_add_calendar_rec(mb, (struct m_calendar_rec){ .name = mb_string(mb, STR("never")), .kind = CAL_NEVER, .a = NO_REF, .b = NO_REF });
    return mb;
}

uint32_t mb_string(struct module_builder *mb, struct str s) {
    if (!s.n) return 0;
    uint32_t id = names_id(mb->texts, s);
    if (s.n >= UINT32_MAX) MSA_BUG("a text of 4 GiB");
    if (id == mb->string.n) mb_add_string(mb, (struct m_string){ 0, (uint32_t)s.n });
    return id;
}

struct str mb_text(const struct module_builder *mb, uint32_t string) { return names_text(mb->texts, string); }

/* The slot that holds an equal record or should. */
static uint32_t *merge_slot(const struct merge *g, const void *records, size_t size, const void *key) {
    size_t i = hash_64(key, size) & (g->size - 1);
    while (g->slot[i] && memcmp((const char *)records + (size_t)(g->slot[i] - 1) * size, key, size)) i = (i + 1) & (g->size - 1);
    return &g->slot[i];
}

static uint32_t *merge_find(struct module_builder *mb, struct merge *g, const void *records, size_t size, const void *key) {
    if (g->n * 2 >= g->size) {
        struct merge bigger = { .size = g->size ? g->size * 2 : 64, .n = g->n };
        bigger.slot = ARENA_ARRAY(mb->a, uint32_t, bigger.size);
        for (size_t i = 0; i < g->size; i++)
            if (g->slot[i]) *merge_slot(&bigger, records, size, (const char *)records + (size_t)(g->slot[i] - 1) * size) = g->slot[i];
        *g = bigger;
    }
    uint32_t *slot = merge_slot(g, records, size, key);
    if (!*slot) g->n++;
    return slot;
}

uint32_t mb_const(struct module_builder *mb, int64_t v) {
    uint32_t *slot = merge_find(mb, &mb->consts, mb->constant.p, sizeof(struct m_constant), &v);
    static_assert(sizeof(struct m_constant) == sizeof v, "constants are compared as bytes");
    if (!*slot) *slot = mb_add_constant(mb, (struct m_constant){ v }) + 1;
    return *slot - 1;
}

uint32_t mb_place(struct module_builder *mb, struct m_place p) {
    static_assert(sizeof p == 5 * sizeof(uint32_t), "places are compared as bytes");
    uint32_t *slot = merge_find(mb, &mb->places, mb->place.p, sizeof p, &p);
    if (!*slot) *slot = mb_add_place(mb, p) + 1;
    return *slot - 1;
}

void mb_set_place(struct module_builder *mb, uint32_t place) { mb->place_now = place; }

/* The first word of an instruction. CODE_PLACE has an entry only where the place changes. */
static uint32_t add_word(struct module_builder *mb, uint32_t word) {
    uint32_t pc = mb_add_code(mb, (struct m_code){ word });
    if (mb->place_now != (mb->code_place.n ? vec_last(&mb->code_place).place : 0)) mb_add_code_place(mb, (struct m_code_place){ pc, mb->place_now });
    return pc;
}

uint32_t mb_op(struct module_builder *mb, enum opcode op, uint32_t a, uint32_t b, uint32_t c) { return add_word(mb, op_word(op, a, b, c)); }

uint32_t mb_op_imm(struct module_builder *mb, enum opcode op, uint32_t a, int32_t imm) { return add_word(mb, op_word_imm(op, a, imm)); }

uint32_t mb_op_word(struct module_builder *mb, enum opcode op, uint32_t a, uint32_t b, uint32_t c, uint32_t w) {
    uint32_t pc = add_word(mb, op_word(op, a, b, c));
    mb_add_code(mb, (struct m_code){ w });
    return pc;
}

bool mb_land(struct module_builder *mb, uint32_t pc) {
    size_t distance = mb->code.n - pc - 1; /* jumps have one word */
    if (distance > 0xffff) return false;
    uint32_t *word = &mb_at_code(mb, pc)->word;
    *word = op_word_imm((enum opcode)op_of(*word), op_a(*word), (int32_t)distance);
    return true;
}

static void settle_runs(void *records, enum section_id s, uint32_t n) {
    const struct section_field *fields = section_info[s].fields();
    for (const struct section_field *f = fields; f < fields + section_info[s].n_fields; f++) {
        if (f->kind != FK_ARR) continue;
        for (uint32_t i = 0; i < n; i++) {
            char *r = (char *)records + (size_t)i * section_info[s].size;
            if (!field_u32(r, f->count)) memset(r + f->offset, 0, sizeof(uint32_t));
        }
    }
}

static void lay_texts(struct module_builder *mb, struct module *m) {
    uint64_t total = 0;
    for (uint32_t i = 0; i < mb->string.n; i++) total += (uint64_t)mb->string.p[i].length + 1;
    if (total >= UINT32_MAX) MSA_BUG("more than 4 GiB of text");
    char *text = arena_alloc(mb->a, (size_t)total);
    uint32_t at = 0;
    for (uint32_t i = 0; i < mb->string.n; i++) {
        struct m_string *s = &mb->string.p[i];
        s->offset = at;
        if (i) memcpy(text + at, names_text(mb->texts, i).p, s->length);
        at += s->length + 1;
    }
    m->text = text;
    m->n_text = at;
}

const struct module *mb_finish(struct module_builder *mb) {
    struct module *m = ARENA_NEW(mb->a, struct module);
    lay_texts(mb, m);
#define SECTION(NAME, name, tag, doc)                                   \
    settle_runs(mb->name.p, SEC_##NAME, (uint32_t)mb->name.n);          \
    m->name = mb->name.p;                                               \
    m->n_##name = (uint32_t)mb->name.n;
#include "bytecode/sections.def"
#undef SECTION
    return m;
}
