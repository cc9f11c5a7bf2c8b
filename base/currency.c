/* SPDX-License-Identifier: MIT */
#include "base/currency.h"
#include <string.h>

static const struct { char code[4]; int places; } currencies[] = {
#define CURRENCY(code, digits) { #code, digits },
#include "base/currency.def"
#undef CURRENCY
};

int currency_places(struct str code)
{
    size_t lo = 0, hi = countof(currencies);
    while (code.n == 3 && lo < hi) {
        size_t at = lo + (hi - lo) / 2;
        int c = memcmp(code.p, currencies[at].code, 3);
        if (c == 0) { return currencies[at].places; }
        if (c < 0) { hi = at; } else { lo = at + 1; }
    }
    return -1;
}

const char *currency_near(struct str code)
{
    for (size_t i = 0; code.n == 3 && i < countof(currencies); i++) {
        const char *c = currencies[i].code;
        int same = (c[0] == code.p[0]) + (c[1] == code.p[1]) + (c[2] == code.p[2]);
        if (same == 2) { return c; }
    }
    return NULL;
}
