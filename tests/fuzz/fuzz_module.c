/* SPDX-License-Identifier: MIT */
/* Modules from strangers: what the verifier lets pass runs without harm. An input is either the bytes of a file, whose
 * header and checksums are put right, or a list of changes to the records of a good module (the first byte is not that of a
 * file's mark): those come through module_check far more often. */
#include "tests/fuzz/kit.h"
#include "base/hash.h"
#include "bytecode/file.h"

static void put32(uint8_t *p, uint32_t v)
{
    for (int i = 0; i < 4; i++) { p[i] = (uint8_t)(v >> 8 * i); }
}

static uint32_t get32(const uint8_t *p)
{
    return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static const size_t head = HEADER_BYTES + (size_t)TABLE_ENTRY_BYTES * FILE_SECTIONS;

/* Sections follow each other; the last one that is too long is cut. */
static void put_right(uint8_t *file, size_t n)
{
    memcpy(file, MODULE_MAGIC, 8);
    put32(file + 8, MODULE_MAJOR | (uint32_t)MODULE_MINOR << 16);
    put32(file + 12, FILE_SECTIONS);
    put32(file + 16, (uint32_t)n);
    size_t at = head;
    for (int s = 0; s < FILE_SECTIONS; s++) {
        uint8_t *entry = file + HEADER_BYTES + TABLE_ENTRY_BYTES * s;
        uint32_t wire = s ? section_info[s - 1].wire : 1, length = get32(entry + 12);
        memcpy(entry, s ? section_info[s - 1].tag : "text", 4);
        if (length > n - at || s == FILE_SECTIONS - 1) { length = (uint32_t)(n - at); }
        length -= length % wire;
        put32(entry + 4, length / wire);
        put32(entry + 8, (uint32_t)at);
        put32(entry + 12, length);
        put32(entry + 16, hash_crc32(0, file + at, length));
        at += length;
    }
    put32(file + HEADER_CRC_AT, hash_crc32(hash_crc32(0, file, HEADER_CRC_AT), file + HEADER_BYTES, head - HEADER_BYTES));
}

/* Each 8 bytes: section, what to do, record, field, value. */
static void change(uint8_t *file, const uint8_t *script, size_t n)
{
    for (; n >= 8; script += 8, n -= 8) {
        unsigned section = script[0] % SEC_COUNT;
        const uint8_t *entry = file + HEADER_BYTES + TABLE_ENTRY_BYTES * (section + 1);
        uint32_t count = get32(entry + 4), words = section_info[section].wire / 4u;
        if (!count) { continue; }
        uint32_t record = (script[2] | (uint32_t)script[3] << 8) % count;
        uint8_t *word = file + get32(entry + 8) + (size_t)record * section_info[section].wire + 4 * (script[4] % words);
        uint32_t value = script[6] | (uint32_t)script[7] << 8;
        switch (script[1] % 6) {
        case 0: put32(word, value); break;
        case 1: put32(word, get32(word) + value); break;
        case 2: put32(word, get32(word) - value); break;
        case 3: put32(word, get32(word) ^ UINT32_C(1) << value % 32); break;
        case 4: word[value % 4] = script[7]; break;
        default: put32(word, value % 2 ? UINT32_MAX - (value >> 1) : UINT32_C(0x80000000) + (value >> 1)); break;
        }
    }
}

static const char *const based_on[] = {
    "examples/acme/agreement.msa", "examples/uptime/agreement.msa", "examples/volvo/agreement.msa", "examples/helpdesk/agreement.msa",
};
enum { BASES = sizeof based_on / sizeof *based_on };
static struct { uint8_t *bytes; size_t n; } base[BASES];

static void make_bases(void)
{
    for (int i = 0; i < BASES && !base[i].bytes; i++) {
        struct msa_compilation *c = msa_compile_file(based_on[i], NULL);
        const void *bytes = c ? msa_compilation_module(c, &base[i].n) : NULL;
        promise(bytes != NULL, "a base does not compile");
        base[i].bytes = malloc(base[i].n);
        memcpy(base[i].bytes, bytes, base[i].n);
        msa_compilation_free(c);
    }
}

static void listed(void *ctx, const char *p, size_t n)
{
    struct msa_text t = {p, n};
    *(uint64_t *)ctx ^= touch(t);
}

/* Exports for the adapters of two bases. */
static const struct { const char *adapter, *rows; } export[] = {
    {"vinst", "case_id,time,status,sub_status,impact,product,org_country,org_group,owner\n"
              "1-23,2012-04-01T10:00:00+01:00,Accepted,In Progress,Medium,PROD1,se,G1,Ann\n"
              "1-23,2012-04-02T10:00:00+01:00,Accepted,Wait - User,Medium,PROD1,se,G1,Ann\n"
              "1-23,2012-04-03T10:00:00+01:00,Completed,Resolved,Medium,PROD1,se,G2,Bob\n"},
    {"helpdesk_italian", "Case ID,Activity,Resource,Complete Timestamp,service_level,customer,product\n"
                         "Case 1,Assign seriousness,Value 1,2011/09/29 09:51:55.000,Value 2,Value 3,Value 4\n"
                         "Case 1,Take in charge ticket,Value 1,2011/09/29 10:51:55.000,Value 2,Value 3,Value 4\n"
                         "Case 1,Wait,Value 1,2011/09/30 10:51:55.000,Value 2,Value 3,Value 4\n"
                         "Case 1,Resolve ticket,Value 1,2011/10/03 10:51:55.000,Value 2,Value 3,Value 4\n"
                         "Case 1,Closed,Value 1,2011/10/13 10:51:55.000,Value 2,Value 3,Value 4\n"},
};

static void ask(const struct msa_module *m)
{
    struct msa_text name;
    bool local;
    for (size_t i = 0; i < 8 && msa_module_calendar_at(m, i, &name, &local); i++) {
        struct msa_calendar *c;
        struct msa_fault fault;
        if (local || msa_calendar_open(m, name, NULL, &c, &fault)) { continue; }
        int64_t from = INT64_C(1772800000000000), due = msa_calendar_due(c, from, INT64_C(36000000000));
        if (due != MSA_NEVER && due != MSA_NONE) { promise(msa_calendar_elapsed(c, from, due) == INT64_C(36000000000), "elapsed of due (T3)"); }
        (void)msa_calendar_days(c, from, 5, MSA_DAY_END, 0);
        msa_calendar_close(c);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    make_bases();
    size_t size = n;
    uint8_t *file;
    if (n >= 8 && data[0] == 0x8d) {
        if (n < head) { return 0; }
        file = malloc(n);
        memcpy(file, data, n);
        put_right(file, n);
    } else {
        if (n < 9) { return 0; }
        int which = data[0] % BASES;
        size = base[which].n;
        file = malloc(size);
        memcpy(file, base[which].bytes, size);
        change(file, data + 1, n - 1);
        put_right(file, size);
    }
    struct msa_module *m = NULL;
    struct msa_fault fault = {MSA_OK, ""};
    enum msa_status s = msa_module_load(file, size, &m, &fault);
    free(file);
    if (s) {
        promise(fault.text[0] != 0, "a refusal without a reason");
        return 0;
    }
    uint64_t sum = 0;
    struct seen seen;
    msa_module_listing(m, listed, &sum);
    struct msa_options o = {.as_of = INT64_C(1775000000000000), .memory_limit = (size_t)64 << 20};
    (void)run_bytes(m, &o, some_events, sizeof some_events - 1, "e.ndjson", &seen, NULL);
    for (size_t i = 0; i < sizeof export / sizeof *export; i++) {
        o.adapter = export[i].adapter;
        (void)run_bytes(m, &o, export[i].rows, strlen(export[i].rows), "r.csv", &seen, NULL);
    }
    ask(m);
    msa_module_free(m);
    return 0;
}
