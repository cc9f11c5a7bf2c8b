/* SPDX-License-Identifier: MIT */
/* UTF-8: validated once for a whole text; afterwards everyone may assume it. */
#ifndef MSA_BASE_UTF8_H
#define MSA_BASE_UTF8_H
#include "base/str.h"

MSA_EXTERN_C_BEGIN

/* Offset of the first byte that is not part of well-formed UTF-8 (no surrogates, no overlong forms); n when all is well. */
size_t utf8_check(const char *p, size_t n);
/* Decodes one code point; *length is its bytes (1 for a bad byte, which gives U+FFFD). n > 0. */
uint32_t utf8_decode(const char *p, size_t n, size_t *length);
/* Code points in a text. */
size_t utf8_count(struct str s);
/* Columns a terminal uses: 0 for combining and other zero-width marks, 2 for wide East Asian and emoji. */
int utf8_width(uint32_t code_point);
/* Width of a text; a tab counts as one (callers expand tabs first). */
size_t utf8_text_width(struct str s);
/* Controls that reorder or hide text (Trojan source): refused in agreements, shown as \u{..} in output. */
bool utf8_is_bidi_control(uint32_t code_point);
/* Offset of the first bidi control, or s.n. */
size_t utf8_find_bidi(struct str s);

MSA_EXTERN_C_END
#endif
