/* SPDX-License-Identifier: MIT */
#include "base/utf8.h"
#include <string.h>

/* Bytes of the well-formed sequence at p, 0 when there is none. The table is Unicode's table 3-7. */
static size_t sequence(const unsigned char *p, size_t n)
{
    unsigned char a = p[0];
    if (a < 0x80) { return 1; }
    if (a < 0xC2) { return 0; }
    if (a < 0xE0) { return n >= 2 && (p[1] & 0xC0) == 0x80 ? 2 : 0; }
    unsigned char low = 0x80, high = 0xBF;
    if (a == 0xE0) { low = 0xA0; }
    if (a == 0xED) { high = 0x9F; }
    if (a == 0xF0) { low = 0x90; }
    if (a == 0xF4) { high = 0x8F; }
    size_t length = a < 0xF0 ? 3 : a < 0xF5 ? 4 : 0;
    if (length == 0 || n < length || p[1] < low || p[1] > high) { return 0; }
    for (size_t i = 2; i < length; i++) {
        if ((p[i] & 0xC0) != 0x80) { return 0; }
    }
    return length;
}

size_t utf8_check(const char *text, size_t n)
{
    const unsigned char *p = (const unsigned char *)text;
    size_t i = 0;
    while (i < n) {
        /* Agreements are mostly ASCII: eight bytes a step. */
        uint64_t word;
        while (n - i >= sizeof word && (memcpy(&word, p + i, sizeof word), (word & 0x8080808080808080u) == 0)) {
            i += sizeof word;
        }
        if (i == n) { break; }
        size_t length = sequence(p + i, n - i);
        if (length == 0) { return i; }
        i += length;
    }
    return n;
}

uint32_t utf8_decode(const char *text, size_t n, size_t *length)
{
    const unsigned char *p = (const unsigned char *)text;
    *length = sequence(p, n);
    switch (*length) {
    case 1: return p[0];
    case 2: return (uint32_t)(p[0] & 0x1F) << 6 | (p[1] & 0x3Fu);
    case 3: return (uint32_t)(p[0] & 0x0F) << 12 | (uint32_t)(p[1] & 0x3F) << 6 | (p[2] & 0x3Fu);
    case 4:
        return (uint32_t)(p[0] & 0x07) << 18 | (uint32_t)(p[1] & 0x3F) << 12 | (uint32_t)(p[2] & 0x3F) << 6 |
               (p[3] & 0x3Fu);
    default: *length = 1; return 0xFFFD;
    }
}

size_t utf8_count(struct str s)
{
    size_t count = 0;
    for (size_t i = 0, length; i < s.n; i += length, count++) { (void)utf8_decode(s.p + i, s.n - i, &length); }
    return count;
}

struct range { uint32_t from, to; };

/* Unicode 15, general categories Mn, Me, Cf (soft hyphen and Arabic number signs left out: they are shown), coarse
 * where blocks are all marks. Good enough to put a caret under the right character. */
static const struct range zero_width[] = {
    { 0x0300, 0x036F }, { 0x0483, 0x0489 }, { 0x0591, 0x05BD }, { 0x05BF, 0x05BF }, { 0x05C1, 0x05C2 },
    { 0x05C4, 0x05C5 }, { 0x05C7, 0x05C7 }, { 0x0610, 0x061A }, { 0x064B, 0x065F }, { 0x0670, 0x0670 },
    { 0x06D6, 0x06DC }, { 0x06DF, 0x06E4 }, { 0x06E7, 0x06E8 }, { 0x06EA, 0x06ED }, { 0x0711, 0x0711 },
    { 0x0730, 0x074A }, { 0x07A6, 0x07B0 }, { 0x07EB, 0x07F3 }, { 0x0816, 0x0819 }, { 0x081B, 0x0823 },
    { 0x0825, 0x0827 }, { 0x0829, 0x082D }, { 0x0859, 0x085B }, { 0x0898, 0x089F }, { 0x08CA, 0x08E1 },
    { 0x08E3, 0x0902 }, { 0x093A, 0x093A }, { 0x093C, 0x093C }, { 0x0941, 0x0948 }, { 0x094D, 0x094D },
    { 0x0951, 0x0957 }, { 0x0962, 0x0963 }, { 0x0E31, 0x0E31 }, { 0x0E34, 0x0E3A }, { 0x0E47, 0x0E4E },
    { 0x0EB1, 0x0EB1 }, { 0x0EB4, 0x0EBC }, { 0x0EC8, 0x0ECE }, { 0x1AB0, 0x1ACE }, { 0x1DC0, 0x1DFF },
    { 0x200B, 0x200F }, { 0x202A, 0x202E }, { 0x2060, 0x206F }, { 0x20D0, 0x20F0 }, { 0x302A, 0x302D },
    { 0x3099, 0x309A }, { 0xFE00, 0xFE0F }, { 0xFE20, 0xFE2F }, { 0xFEFF, 0xFEFF }, { 0x1F3FB, 0x1F3FF },
    { 0xE0001, 0xE007F }, { 0xE0100, 0xE01EF },
};

/* East Asian Width W and F, and what terminals show as emoji. */
static const struct range wide[] = {
    { 0x1100, 0x115F }, { 0x231A, 0x231B }, { 0x2329, 0x232A }, { 0x23E9, 0x23EC }, { 0x23F0, 0x23F0 },
    { 0x23F3, 0x23F3 }, { 0x25FD, 0x25FE }, { 0x2614, 0x2615 }, { 0x2648, 0x2653 }, { 0x267F, 0x267F },
    { 0x2693, 0x2693 }, { 0x26A1, 0x26A1 }, { 0x26AA, 0x26AB }, { 0x26BD, 0x26BE }, { 0x26C4, 0x26C5 },
    { 0x26CE, 0x26CE }, { 0x26D4, 0x26D4 }, { 0x26EA, 0x26EA }, { 0x26F2, 0x26F3 }, { 0x26F5, 0x26F5 },
    { 0x26FA, 0x26FA }, { 0x26FD, 0x26FD }, { 0x2705, 0x2705 }, { 0x270A, 0x270B }, { 0x2728, 0x2728 },
    { 0x274C, 0x274C }, { 0x274E, 0x274E }, { 0x2753, 0x2755 }, { 0x2757, 0x2757 }, { 0x2795, 0x2797 },
    { 0x27B0, 0x27B0 }, { 0x27BF, 0x27BF }, { 0x2B1B, 0x2B1C }, { 0x2B50, 0x2B50 }, { 0x2B55, 0x2B55 },
    { 0x2E80, 0x303E }, { 0x3041, 0x33FF }, { 0x3400, 0x4DBF }, { 0x4E00, 0xA4CF }, { 0xA960, 0xA97F },
    { 0xAC00, 0xD7A3 }, { 0xF900, 0xFAFF }, { 0xFE10, 0xFE19 }, { 0xFE30, 0xFE6F }, { 0xFF00, 0xFF60 },
    { 0xFFE0, 0xFFE6 }, { 0x16FE0, 0x18CFF }, { 0x1AFF0, 0x1B2FF }, { 0x1F004, 0x1F004 }, { 0x1F0CF, 0x1F0CF },
    { 0x1F18E, 0x1F18E }, { 0x1F191, 0x1F19A }, { 0x1F200, 0x1F320 }, { 0x1F32D, 0x1F335 }, { 0x1F337, 0x1F37C },
    { 0x1F37E, 0x1F393 }, { 0x1F3A0, 0x1F3CA }, { 0x1F3CF, 0x1F3D3 }, { 0x1F3E0, 0x1F3F0 }, { 0x1F3F4, 0x1F3F4 },
    { 0x1F3F8, 0x1F43E }, { 0x1F440, 0x1F440 }, { 0x1F442, 0x1F4FC }, { 0x1F4FF, 0x1F53D }, { 0x1F54B, 0x1F54E },
    { 0x1F550, 0x1F567 }, { 0x1F57A, 0x1F57A }, { 0x1F595, 0x1F596 }, { 0x1F5A4, 0x1F5A4 }, { 0x1F5FB, 0x1F64F },
    { 0x1F680, 0x1F6C5 }, { 0x1F6CC, 0x1F6CC }, { 0x1F6D0, 0x1F6D2 }, { 0x1F6D5, 0x1F6D7 }, { 0x1F6DC, 0x1F6DF },
    { 0x1F6EB, 0x1F6EC }, { 0x1F6F4, 0x1F6FC }, { 0x1F7E0, 0x1F7EB }, { 0x1F7F0, 0x1F7F0 }, { 0x1F90C, 0x1F93A },
    { 0x1F93C, 0x1F945 }, { 0x1F947, 0x1F9FF }, { 0x1FA70, 0x1FAFF }, { 0x20000, 0x3FFFD },
};

static bool in_ranges(const struct range *r, size_t count, uint32_t c)
{
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (c > r[middle].to) { low = middle + 1; } else { high = middle; }
    }
    return low < count && c >= r[low].from;
}

int utf8_width(uint32_t c)
{
    if (c < 0x300) { return 1; }
    if (in_ranges(zero_width, countof(zero_width), c)) { return 0; }
    return in_ranges(wide, countof(wide), c) ? 2 : 1;
}

size_t utf8_text_width(struct str s)
{
    size_t width = 0;
    for (size_t i = 0, length; i < s.n; i += length) {
        width += (size_t)utf8_width(utf8_decode(s.p + i, s.n - i, &length));
    }
    return width;
}

bool utf8_is_bidi_control(uint32_t c)
{
    return c == 0x061C || c == 0x200E || c == 0x200F || (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
}

size_t utf8_find_bidi(struct str s)
{
    for (size_t i = 0, length; i < s.n; i += length) {
        if ((unsigned char)s.p[i] < 0x80) {
            length = 1;
        } else if (utf8_is_bidi_control(utf8_decode(s.p + i, s.n - i, &length))) {
            return i;
        }
    }
    return s.n;
}
