/* SPDX-License-Identifier: MIT */
/* Digests and checksums, by well-kept libraries. */
#ifndef MSA_BASE_HASH_H
#define MSA_BASE_HASH_H
#include "base/str.h"

MSA_EXTERN_C_BEGIN

/* SHA-256: identifies modules, inputs and results to others. */
void hash_sha256(const void *p, size_t n, uint8_t out[32]);
/* 64 hex digits and a NUL. */
void hash_sha256_hex(const void *p, size_t n, char out[65]);
/* In pieces: start, add…, end. */
struct hash_sha256 { uint64_t opaque[32]; };
void hash_sha256_start(struct hash_sha256 *h);
void hash_sha256_add(struct hash_sha256 *h, const void *p, size_t n);
void hash_sha256_end(struct hash_sha256 *h, uint8_t out[32]);

/* CRC-32 (zlib's), continued from `crc`; 0 to start. Guards sections of our own files against damage, not malice. */
uint32_t hash_crc32(uint32_t crc, const void *p, size_t n);

/* XXH3: fast, stable across machines and versions; names records by content. */
struct hash128 { uint64_t high, low; };
struct hash128 hash_128(const void *p, size_t n);
uint64_t hash_64(const void *p, size_t n);

MSA_EXTERN_C_END
#endif
