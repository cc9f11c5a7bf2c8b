/* SPDX-License-Identifier: MIT */
/* A token, as the scanner writes it and the filter (tokens.c) rewrites it before the parser sees it. */
#ifndef MSA_GRAMMAR_TOKEN_H
#define MSA_GRAMMAR_TOKEN_H
#include "base/source.h"

__extension__ typedef __int128 wide; /* products of amounts and units */

enum token_flag {
    TOKEN_SPOKEN_OF = 1,  /* a message was given about it, or about something left out right before it */
    TOKEN_LINE_FIRST = 2, /* first of its line */
    TOKEN_START = 4,      /* first of its statement (behind a clause number, too) */
    TOKEN_DASH = 8,       /* `-` written as a longer dash */
    TOKEN_SEMICOLON = 16, /* a separator that was written, not a line end */
    TOKEN_POINT = 32,     /* a word with a point at once behind it, which is not part of it: `4 Std.` */
};

struct token {
    uint16_t kind;        /* a TK_ constant of msa.tab.h or a character */
    uint16_t flags;       /* enum token_flag */
    struct span span;
    /* NUMBER, PERCENT, MONEY, COUNTED: value in millionths (MONEY: NONE when it does not fit); number2: decimals written
     * (COUNTED: µs or NONE).
     * TEXT: where its inside starts and ends. DATE: the date. TIME: seconds. OFFSET: seconds. */
    int64_t number, number2;
};
#endif
