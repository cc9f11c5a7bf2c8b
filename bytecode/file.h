/* SPDX-License-Identifier: MIT */
/* Modules as bytes. One module has exactly one encoding, so a digest of the file names it.
 *
 *   magic      8 bytes: 8D 'M' 'S' 'A' CR LF ^Z LF       (shows at once when a transfer treated it as text)
 *   major, minor        u16 each
 *   sections            u32: number of entries in the table
 *   length              u32: of the whole file
 *   crc                 u32: CRC-32 of all that stands before it and of the table behind it
 *   table               for each section: tag[4], count u32, offset u32, length u32, crc u32
 *   sections            in the order of the table, without gaps: "text" (the blob) first, then those of sections.def
 *
 * Numbers are little-endian; a record is its fields in order, u32 or i64, a run as first and count. Every section is there,
 * empty ones too. */
#ifndef MSA_BYTECODE_FILE_H
#define MSA_BYTECODE_FILE_H
#include "bytecode/layout.h"

#define MODULE_MAGIC "\x8dMSA\r\n\x1a\n"
#define MODULE_MAX_BYTES (UINT32_C(256) << 20)     /* larger files are refused before anything is allocated */

/* The bytes of m, in `a`. m has passed module_check. False when it would pass MODULE_MAX_BYTES. */
nodiscard bool module_write(struct arena *a, const struct module *m, struct str *bytes, struct module_error *e);
/* Structural checks only; what it gives goes to module_verify. NULL: refused, see *e. The bytes are copied into `a`, which
 * grows by at most about three times n. */
nodiscard const struct module *module_read(struct arena *a, const void *bytes, size_t n, struct module_error *e);
/* True when bytes begin like a module, for telling files apart. */
bool module_is_one(const void *bytes, size_t n);

/* Positions in the header, for tools and tests. */
enum { HEADER_CRC_AT = 20, HEADER_BYTES = 24, TABLE_ENTRY_BYTES = 20, FILE_SECTIONS = SEC_COUNT + 1 };
#endif
