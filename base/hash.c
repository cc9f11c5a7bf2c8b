/* SPDX-License-Identifier: MIT */
#include "base/hash.h"
#include <string.h>
#include <sys/types.h>
#include <sha2.h>
#include <xxhash.h>
#include <zlib.h>

static_assert(sizeof(SHA2_CTX) <= sizeof(struct hash_sha256), "the digest's state does not fit");

/* The library's state is copied in and out so that its header stays here. */
void hash_sha256_start(struct hash_sha256 *h)
{
    SHA2_CTX c;
    memset(h, 0, sizeof *h);
    SHA256Init(&c);
    memcpy(h, &c, sizeof c);
}

void hash_sha256_add(struct hash_sha256 *h, const void *p, size_t n)
{
    if (n == 0) { return; }
    SHA2_CTX c;
    memcpy(&c, h, sizeof c);
    SHA256Update(&c, p, n);
    memcpy(h, &c, sizeof c);
}

void hash_sha256_end(struct hash_sha256 *h, uint8_t out[32])
{
    SHA2_CTX c;
    memcpy(&c, h, sizeof c);
    SHA256Final(out, &c);
}

void hash_sha256(const void *p, size_t n, uint8_t out[32])
{
    struct hash_sha256 h;
    hash_sha256_start(&h);
    hash_sha256_add(&h, p, n);
    hash_sha256_end(&h, out);
}

void hash_sha256_hex(const void *p, size_t n, char out[65])
{
    static const char digit[] = "0123456789abcdef";
    uint8_t sum[32];
    hash_sha256(p, n, sum);
    for (size_t i = 0; i < sizeof sum; i++) {
        out[2 * i] = digit[sum[i] >> 4];
        out[2 * i + 1] = digit[sum[i] & 15];
    }
    out[64] = '\0';
}

uint32_t hash_crc32(uint32_t crc, const void *p, size_t n)
{
    return n == 0 ? crc : (uint32_t)crc32_z(crc, p, n);
}

struct hash128 hash_128(const void *p, size_t n)
{
    XXH128_hash_t h = XXH3_128bits(p, n);
    return (struct hash128){ .high = h.high64, .low = h.low64 };
}

uint64_t hash_64(const void *p, size_t n)
{
    return XXH3_64bits(p, n);
}
