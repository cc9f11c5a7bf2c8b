/* SPDX-License-Identifier: MIT */
#include "base/exact.h"
#include <stdio.h>
#include <string.h>

static bool read_decimal(mpq_ptr q, const char *p, size_t n)
{
    char digits[512];
    size_t k = 0, decimals = 0, group = 0;
    bool negative = n && *p == '-', point = false, grouped = false;
    if (negative) { p++, n--; }
    mpq_set_ui(q, 0, 1);
    if (!n) { return false; }
    for (size_t i = 0; i < n; i++) {
        if (p[i] == ',') {
            if (point || !k || (grouped && group != 3) || group > 3) { return false; }
            grouped = true;
            group = 0;
        } else if (p[i] == '.') {
            if (point || !k || (grouped && group != 3)) { return false; }
            point = true;
        } else if (p[i] >= '0' && p[i] <= '9') {
            if (k + 1 >= sizeof digits) { return false; }
            digits[k++] = p[i];
            decimals += point;
            group += !point;
        } else {
            return false;
        }
    }
    if (!k || (point && !decimals) || (grouped && group != 3)) { return false; }
    digits[k] = 0;
    mpz_set_str(mpq_numref(q), digits, 10);
    mpz_ui_pow_ui(mpq_denref(q), 10, decimals);
    mpq_canonicalize(q);
    if (negative) { mpq_neg(q, q); }
    return true;
}

bool exact_read(mpq_ptr q, struct str s)
{
    const char *slash = s.n ? memchr(s.p, '/', s.n) : NULL;
    if (!slash) { return read_decimal(q, s.p, s.n); }
    mpq_t d;
    mpq_init(d);
    size_t left = (size_t)(slash - s.p);
    bool ok = read_decimal(d, slash + 1, s.n - left - 1) && mpq_sgn(d) > 0 && read_decimal(q, s.p, left);
    if (ok) {
        mpq_div(q, q, d);
    } else {
        mpq_set_ui(q, 0, 1);
    }
    mpq_clear(d);
    return ok;
}

static void set_z(mpz_ptr z, int64_t v)
{
    uint64_t u = v < 0 ? -(uint64_t)v : (uint64_t)v;
    mpz_set_ui(z, (unsigned long)(u >> 32));
    mpz_mul_2exp(z, z, 32);
    mpz_add_ui(z, z, (unsigned long)(u & UINT32_MAX));
    if (v < 0) { mpz_neg(z, z); }
}

void exact_set(mpq_ptr q, int64_t numerator, int64_t denominator)
{
    set_z(mpq_numref(q), numerator);
    set_z(mpq_denref(q), denominator);
    mpq_canonicalize(q);
}

bool exact_fits(mpq_srcptr q)
{
    return mpz_sizeinbase(mpq_numref(q), 2) <= EXACT_BITS && mpz_sizeinbase(mpq_denref(q), 2) <= EXACT_BITS;
}

/* q to a whole number, in place. */
static void round_whole(mpq_ptr q, enum exact_rounding how)
{
    mpz_t whole, rest;
    int sign = mpq_sgn(q);
    mpz_inits(whole, rest, NULL);
    mpz_tdiv_qr(whole, rest, mpq_numref(q), mpq_denref(q));
    if (mpz_sgn(rest)) {
        mpz_mul_2exp(rest, rest, 1);
        int half = mpz_cmpabs(rest, mpq_denref(q));
        bool away = how == EXACT_UP || (how == EXACT_HALF_UP && half >= 0) || (how == EXACT_HALF_EVEN && (half > 0 || (half == 0 && mpz_odd_p(whole))));
        if (away && sign < 0) { mpz_sub_ui(whole, whole, 1); }
        if (away && sign > 0) { mpz_add_ui(whole, whole, 1); }
    }
    mpq_set_z(q, whole);
    mpz_clears(whole, rest, NULL);
}

void exact_round(mpq_ptr q, mpq_srcptr step, enum exact_rounding how)
{
    mpq_div(q, q, step);
    round_whole(q, how);
    mpq_mul(q, q, step);
}

static bool to_int64(int64_t *out, mpz_srcptr z)
{
    if (mpz_sizeinbase(z, 2) > 62) { return false; }
    uint64_t u = 0;
    mpz_export(&u, NULL, -1, sizeof u, 0, 0, z);
    *out = mpz_sgn(z) < 0 ? -(int64_t)u : (int64_t)u;
    return true;
}

bool exact_minor(int64_t *minor, mpq_srcptr q, unsigned places, enum exact_rounding how)
{
    mpq_t x;
    mpq_init(x);
    mpq_set_ui(x, 1, 1);
    mpz_ui_pow_ui(mpq_numref(x), 10, places);
    mpq_mul(x, x, q);
    round_whole(x, how);
    bool ok = to_int64(minor, mpq_numref(x)) && *minor <= MINOR_MAX && *minor >= -MINOR_MAX;
    if (!ok) { *minor = 0; }
    mpq_clear(x);
    return ok;
}

void exact_from_minor(mpq_ptr q, int64_t minor, unsigned places)
{
    set_z(mpq_numref(q), minor);
    mpz_ui_pow_ui(mpq_denref(q), 10, places);
    mpq_canonicalize(q);
}

bool exact_floor(int64_t *n, mpq_srcptr q)
{
    mpz_t z;
    mpz_init(z);
    mpz_fdiv_q(z, mpq_numref(q), mpq_denref(q));
    bool ok = to_int64(n, z);
    mpz_clear(z);
    return ok;
}

bool exact_ceiling(int64_t *n, mpq_srcptr q)
{
    mpz_t z;
    mpz_init(z);
    mpz_cdiv_q(z, mpq_numref(q), mpq_denref(q));
    bool ok = to_int64(n, z);
    mpz_clear(z);
    return ok;
}

static int written(char out[MINOR_TEXT_MAX], int64_t minor, unsigned places, bool groups)
{
    char digits[24];
    uint64_t u = minor < 0 ? -(uint64_t)minor : (uint64_t)minor;
    int n = snprintf(digits, sizeof digits, "%0*llu", (int)places + 1, (unsigned long long)u), k = 0, whole = n - (int)places;
    if (minor < 0) { out[k++] = '-'; }
    for (int i = 0; i < n; i++) {
        if (i == whole) { out[k++] = '.'; }
        if (groups && i && i < whole && (whole - i) % 3 == 0) { out[k++] = ','; }
        out[k++] = digits[i];
    }
    out[k] = 0;
    return k;
}

int minor_text(char out[MINOR_TEXT_MAX], int64_t minor, unsigned places)
{
    return written(out, minor, places, false);
}

int minor_grouped(char out[MINOR_TEXT_MAX], int64_t minor, unsigned places)
{
    return written(out, minor, places, true);
}

/* Decimal places that end the fraction; -1: none within 12. */
static int places_of(mpq_srcptr q)
{
    mpz_t d;
    mpz_init_set(d, mpq_denref(q));
    unsigned long twos = mpz_scan1(d, 0), fives = 0;
    mpz_tdiv_q_2exp(d, d, twos);
    while (mpz_divisible_ui_p(d, 5)) {
        mpz_divexact_ui(d, d, 5);
        fives++;
    }
    unsigned long most = twos > fives ? twos : fives;
    int places = mpz_cmp_ui(d, 1) == 0 && most <= 12 ? (int)most : -1;
    mpz_clear(d);
    return places;
}

struct str exact_text(struct arena *a, mpq_srcptr q)
{
    int places = places_of(q);
    size_t room = mpz_sizeinbase(mpq_numref(q), 10) + mpz_sizeinbase(mpq_denref(q), 10) + 24;
    char *out = arena_alloc(a, room);
    if (places < 0) {
        mpq_get_str(out, 10, q);
        return (struct str){out, strlen(out)};
    }
    mpz_t z;
    mpz_init(z);
    mpz_ui_pow_ui(z, 10, (unsigned long)places);
    mpz_mul(z, z, mpq_numref(q));
    mpz_divexact(z, z, mpq_denref(q));
    bool negative = mpz_sgn(z) < 0;
    mpz_abs(z, z);
    char *p = out;
    if (negative) { *p++ = '-'; }
    mpz_get_str(p, 10, z);
    size_t n = strlen(p), decimals = (size_t)places;
    if (n <= decimals) {
        size_t zeros = decimals + 1 - n;
        memmove(p + zeros, p, n + 1);
        memset(p, '0', zeros);
        n += zeros;
    }
    if (decimals) {
        memmove(p + n - decimals + 1, p + n - decimals, decimals + 1);
        p[n - decimals] = '.';
    }
    mpz_clear(z);
    return (struct str){out, strlen(out)};
}

void exact_allocate(int64_t total, const int64_t *weight, size_t n, int64_t *part)
{
    __extension__ typedef __int128 wide;
    wide sum = 0;
    for (size_t i = 0; i < n; i++) { sum += weight[i]; }
    int64_t sign = total < 0 ? -1 : 1, left = total * sign;
    int64_t all = left;
    for (size_t i = 0; i < n; i++) {
        part[i] = (int64_t)((wide)all * weight[i] / sum);
        left -= part[i];
    }
    /* Few units are left, at most one for each part: each goes to the largest remainder that has none yet. */
    for (; left > 0; left--) {
        size_t best = n;
        wide most = -1;
        for (size_t i = 0; i < n; i++) {
            wide cut = (wide)all * weight[i] % sum, floor = (wide)all * weight[i] / sum;
            if (part[i] == (int64_t)floor && cut > most) {
                most = cut;
                best = i;
            }
        }
        if (best == n) { break; }
        part[best]++;
    }
    for (size_t i = 0; i < n; i++) { part[i] *= sign; }
}
